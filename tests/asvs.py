"""OWASP ASVS 5.0, levels 1 and 2, against the service: python -m tests.asvs makes docs/safety/asvs.md from asvs.yaml."""

import ast
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
DATA = ROOT / "docs" / "safety" / "asvs.yaml"
PAGE = DATA.with_suffix(".md")
Row = Mapping[str, Any]

CHAPTERS = {
    1: "Encoding and what is handed to interpreters", 2: "Validation and the order of steps", 3: "Browsers", 4: "HTTP and interfaces",
    5: "Files", 6: "Signing in", 7: "Sessions", 8: "Who may do what", 9: "Tokens that carry their content", 10: "OAuth and OpenID Connect",
    11: "Cryptography", 12: "Connections", 13: "Configuration", 14: "Data", 15: "Code and what it is built on", 16: "Logs and faults", 17: "WebRTC",
}  # fmt: skip
"""The chapters of the standard, in our words."""

LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223", "6.7": "33", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22", "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip
"""The level of each requirement of a section, in order, as version 5.0.0 of the standard lists them: 70 of level 1, 183 of 2, 92 of 3."""


def wanted() -> dict[str, int]:
    """The requirements of levels 1 and 2, each with its level, in the standard's order."""
    return {
        f"{section}.{at}": int(level)
        for section, levels in LEVELS.items()
        for at, level in enumerate(levels, 1)
        if level in "12"
    }


def rows() -> list[Row]:
    """The rows of the data."""
    found: list[Row] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return found


def faults(found: Sequence[Row]) -> list[str]:
    """All that is wrong with the rows, each in a sentence that begins with the requirement's number."""
    told = list(_missing(found))
    for row in found:
        told += [f"{row['number']}: {each}" for each in _of_row(row)]
    return told


def stands(row: Row) -> str:
    """Where a requirement stands, in a word or two."""
    if not row["applies"]:
        return "does not apply"
    return ("part, gap" if row.get("control") else "gap") if row.get("gap") else "control"


def page(found: Sequence[Row]) -> str:
    """The rows as a page to read."""
    counts = Counter(stands(each) for each in found)
    gaps = [each for each in found if each.get("gap")]
    ones = [each["number"] for each in gaps if each["level"] == 1]
    parts = [
        "<!-- Made from docs/safety/asvs.yaml by “make reference”. Change that, not this page. -->\n",
        "# OWASP ASVS 5.0, levels 1 and 2\n",
        "Each requirement of the [Application Security Verification Standard](https://owasp.org/www-project-application-security-verification-standard/) "
        "5.0.0 by its number, with what it asks in our words, and what answers it in the fund's service. A control is a module, a setting or a "
        "document that exists; a test is run by `make test`. The standard's own words are OWASP's (CC BY-SA 4.0), and hold where ours say less.\n",
        f"{len(found)} requirements: **{counts['control']}** have a control, **{counts['part, gap']}** one in part, **{counts['gap']}** none, "
        f"and {counts['does not apply']} do not apply.\n",
        f"**{len(gaps)} gaps**, {len(ones)} of them of level 1 ({', '.join(ones)}).\n",
        "| gap | level | what is missing |",
        "|---|---|---|",
        *(f"| [{each['number']}](#v{each['number'].replace('.', '')}) | {each['level']} | {_cell(each['gap'])} |" for each in gaps),
        "",
    ]  # fmt: skip
    for number, title in CHAPTERS.items():
        parts.append(f"## V{number} {title}\n")
        for row in found:
            if row["number"].startswith(f"{number}."):
                parts.append(_told(row))
    return "\n".join(parts)


def _missing(found: Sequence[Row]) -> Iterator[str]:
    numbers = Counter(str(row["number"]) for row in found)
    known = wanted()
    yield from (f"{each}: it is missing" for each in known if each not in numbers)
    yield from (f"{each}: it is there {times} times" for each, times in numbers.items() if times > 1)
    yield from (f"{each}: the standard has no such requirement of level 1 or 2" for each in numbers if each not in known)  # fmt: skip
    order = [str(row["number"]) for row in found if row["number"] in known]
    if order != sorted(order, key=list(known).index):
        yield f"{order[0]}: the rows are not in the standard's order"


def _of_row(row: Row) -> Iterator[str]:
    known = {"number", "level", "asks", "applies", "money", "control", "tests", "gap", "note"}
    yield from (f"{each} is no part of a row" for each in row if each not in known)
    if row["level"] != wanted().get(row["number"], row["level"]):
        yield f"its level is {wanted()[row['number']]}"
    if not str(row.get("asks", "")).strip():
        yield "it does not say what is asked"
    control, tests = row.get("control", []), row.get("tests", [])
    if not row["applies"]:
        if not row.get("note"):
            yield "there is no reason why it does not apply"
        if control or tests or row.get("gap"):
            yield "it does not apply and has something all the same"
        return
    if not control and not row.get("gap"):
        yield "it has neither a control nor a gap"
    if control and not tests and (row["level"] == 1 or row.get("money")):
        yield "it is of level 1, or touches money, and has no test"
    yield from (f"there is no control {each}" for each in control if not _is_there(each))
    yield from (f"there is no test {each}" for each in tests if not _is_test(each))


def _is_there(control: str) -> bool:
    name, _, part = control.partition("::")
    path = ROOT / name
    if not path.is_file():
        return False
    if path.suffix == ".py":
        return not part or part in _names(path)
    return part in path.read_text(encoding="utf-8")


def _is_test(node: str) -> bool:
    name, _, function = node.partition("::")
    path = ROOT / name
    return (
        path.is_file()
        and name.startswith("tests/")
        and function.startswith("test_")
        and function in _names(path)
    )


@cache
def _names(path: Path) -> frozenset[str]:
    """What a module defines on its first level."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {each.id for each in node.targets if isinstance(each, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return frozenset(found)


def _told(row: Row) -> str:
    anchor = f'<a id="v{row["number"].replace(".", "")}"></a>'
    money = ", money" if row.get("money") else ""
    lines = [f"{anchor}**{row['number']}** (level {row['level']}{money}) {row['asks']} **{stands(row).capitalize()}.**"]  # fmt: skip
    if row.get("note"):
        lines.append(f"  {row['note']}")
    if row.get("gap"):
        lines.append(f"  *Missing:* {row['gap']}")
    if row.get("control"):
        lines.append(f"  *Control:* {', '.join(f'`{each}`' for each in row['control'])}")
    if row.get("tests"):
        lines.append(f"  *Tests:* {', '.join(f'`{each}`' for each in row['tests'])}")
    return "- " + "\\\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Make the page, or say what is wrong with the rows."""
    found = rows()
    if wrong := faults(found):
        raise SystemExit("\n".join(wrong))
    PAGE.write_text(page(found), encoding="utf-8")
    gaps = sum(1 for each in found if each.get("gap"))
    sys.stdout.write(f"docs/safety/asvs.md: {len(found)} requirements, {gaps} gaps.\n")


if __name__ == "__main__":
    main()
