"""Makes docs/safety/hazards.md from the hazard log's data: python -m tests.hazards, with --check to compare only."""

import ast
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
LOG = ROOT / "docs" / "safety" / "hazards.yaml"
PAGE = ROOT / "docs" / "safety" / "hazards.md"
SEVERITIES = ("catastrophic", "major", "considerable", "significant", "minor")
PARTS = ("person wing", "counts", "money")
ABOUT = """# Hazard log

What could hurt somebody or lose public money here, and what stands against it. A hazard is *controlled* where a module or rule stands against it and a
test goes red without that; a test of ours fails when either is not there. What is still to be built is *open*, and nothing controls it. Severity is by the words
of the clinical risk standard ISB 0129 (recalled), before any control; how likely each is, and whether what is left can be borne, is for a clinical safety
officer to say of a real installation, and nobody has yet.
"""


@dataclass(frozen=True, slots=True)
class Hazard:
    """What can go wrong, and what stands against it."""

    id: str
    part: str
    hazard: str
    cause: str
    effect: str
    severity: str
    controls: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    open: str = ""

    @property
    def faults(self) -> list[str]:
        """What is wrong with it, each as a sentence."""
        found = []
        if self.severity not in SEVERITIES or self.part not in PARTS:
            found.append(f"{self.id} has a severity or part that is not known.")
        if not all(each.endswith(".") for each in (self.hazard, self.cause, self.effect)):
            found.append(f"{self.id} is not told in sentences.")
        if self.open and (self.controls or self.tests):
            found.append(f"{self.id} is open and names a control or a test: one of the two.")
        if not self.open and not (self.controls and self.tests):
            found.append(f"{self.id} is neither open nor linked to a control and a test.")
        found += [f"{self.id}: there is no control {each}." for each in self.controls if not stands(each)]
        found += [f"{self.id}: there is no test {each}." for each in self.tests if not runs(each)]
        return found


def stands(where: str) -> bool:
    """Whether a module or rule file is there, and what is named in it."""
    path, _, name = where.partition("::")
    file = ROOT / "src" / "carepool" / path
    if not file.is_file():
        return False
    if file.suffix == ".yaml":
        return not name or name in named_in(yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader))
    return file.suffix == ".py" and (not name or name in defined_in(file))


def runs(node: str) -> bool:
    """Whether a test is there by its node id, and is not one that is skipped or expected to fail."""
    path, _, name = node.partition("::")
    file = ROOT / path
    if not (path.startswith("tests/") and file.is_file() and name.startswith("test_")):
        return False
    for each in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(each, ast.FunctionDef) and each.name == name:
            return not any("skip" in (said := ast.unparse(mark)) or "xfail" in said for mark in each.decorator_list)  # fmt: skip
    return False


def named_in(data: object) -> set[str]:
    """The keys at the top of a rule file, and the ids of the entries in its lists."""
    assert isinstance(data, dict)
    ids = {
        each["id"]
        for part in data.values()
        if isinstance(part, list)
        for each in part
        if isinstance(each, dict) and "id" in each
    }
    return {*data, *ids}


def defined_in(file: Path) -> set[str]:
    """The functions, classes and values at the top of a module."""
    found: set[str] = set()
    for each in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(each, ast.FunctionDef | ast.ClassDef):
            found.add(each.name)
        elif isinstance(each, ast.Assign | ast.AnnAssign):
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def hazards(text: str) -> tuple[Hazard, ...]:
    """The log as it is written. TypeError for a key that no hazard has."""
    return tuple(
        Hazard(**{key: tuple(value) if isinstance(value, list) else value for key, value in each.items()})
        for each in yaml.safe_load(text)
    )


def page(log: tuple[Hazard, ...]) -> str:
    """The log as Markdown: by part, the worst first."""
    counts = Counter(bool(each.open) for each in log)
    lines = [
        "<!-- Made from docs/safety/hazards.yaml by “make reference”. Change that, not this page. -->",
        ABOUT,
    ]
    lines += [f"{len(log)} hazards: {counts[False]} controlled, {counts[True]} open.\n"]
    for part in PARTS:
        lines += [f"## {part[0].upper()}{part[1:]}\n"]
        of_part = [each for each in log if each.part == part]
        for each in sorted(of_part, key=lambda one: (SEVERITIES.index(one.severity), one.id)):
            lines += [f"### {each.hazard}\n", f"`{each.id}`, {each.severity}, {'**open**' if each.open else 'controlled'}. Cause: {each.cause} Effect: {each.effect}\n"]  # fmt: skip
            if each.open:
                lines += [f"- To be built: {each.open}\n"]
            else:
                lines += [f"- Control: {', '.join(f'`{where}`' for where in each.controls)}"]
                lines += [f"- Test: {', '.join(f'`{node}`' for node in each.tests)}\n"]
    return "\n".join(lines)


def main(check: bool) -> int:
    """Write the page, or say that it differs. 0 when all is as it should be, 1 otherwise."""
    wanted = page(hazards(LOG.read_text(encoding="utf-8")))
    if check:
        return int(not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != wanted)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
