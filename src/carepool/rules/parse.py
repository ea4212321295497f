"""Turns files into a rulebook: every fault found at once, each with file, line and remedy, and never a traceback."""

from collections.abc import Mapping
from enum import Enum
from typing import Literal, TypeVar, get_args, get_origin

from pydantic import ValidationError

from carepool.basics.canonical import digest_of
from carepool.basics.findings import Finding, blocks
from carepool.basics.refusals import nearest, printable
from carepool.rules.consistency import across_sets, within_file, within_set
from carepool.rules.rulebook import Rulebook, RuleSet
from carepool.rules.scalars import Entry
from carepool.rules.schema import KINDS, Parameter, Section
from carepool.rules.text import Lines, compose, fault

E = TypeVar("E", bound=Entry)

MOST_FINDINGS = 100
"""Findings of one file beyond which the rest are only counted."""
MOST_FILES = 2_000
"""Files beyond which a rulebook is refused; ours has some two hundred."""


def parse(files: Mapping[str, bytes], known: Rulebook | None = None) -> tuple[Rulebook, list[Finding]]:
    """A rulebook from files named ``SET/PATH.yaml``. A set with a blocking finding is left out of it.

    ``known`` are other sets that these may follow: what is handed in is a draft beside them.
    """
    findings: list[Finding] = []
    if len(files) > MOST_FILES:
        return Rulebook({}), [
            fault(next(iter(files)), 1, f"is one of {len(files):,} files", f"Hand in at most {MOST_FILES:,}.")
        ]
    by_set: dict[str, dict[str, bytes]] = {}
    for path, content in sorted(files.items()):
        name, _, rest = path.partition("/")
        if not rest.endswith(".yaml"):
            findings.append(
                fault(path, 1, "is not a rule file", "Rules are SET/NAME.yaml; move or remove it.")
            )
            continue
        by_set.setdefault(name, {})[rest.removesuffix(".yaml")] = content
    sets: dict[str, RuleSet] = {}
    lines: dict[str, Lines] = {}
    for name, contents in by_set.items():
        sections, faults = _sections(name, contents, lines)
        findings += faults
        if not blocks(faults):
            digest = digest_of("rules", 1, {path: content.decode() for path, content in contents.items()})
            sets[name] = RuleSet(name, digest, sections, contents)
    findings += across_sets(sets, known, lines)
    blocked = {each.where.partition("/")[0] for each in findings if blocks([each])}
    return Rulebook({name: each for name, each in sets.items() if name not in blocked}), findings


def _sections(
    name: str, contents: Mapping[str, bytes], lines: dict[str, Lines]
) -> tuple[dict[str, Section], list[Finding]]:
    sections: dict[str, Section] = {}
    findings: list[Finding] = []
    for path, content in contents.items():
        file = f"{name}/{path}.yaml"
        data, lines[file], faults = compose(file, content)
        findings += faults
        if not blocks(faults):
            section, faults = typed(file, KINDS.get(path, Parameter), data, lines[file])
            if section is None and path not in KINDS and not _is_value(data):
                near = nearest(path, KINDS)
                hint = (
                    f"Did you mean {near}.yaml?"
                    if near
                    else "Give it says, unit, values, known_until and checked."
                )
                faults.insert(0, fault(file, 1, "is no file of a set, nor one dated value", hint))
            if len(faults) > MOST_FINDINGS:
                says = f"has {len(faults) - MOST_FINDINGS:,} more faults, which are not listed"
                faults = [*faults[:MOST_FINDINGS], fault(file, 1, says, "Put these right first.")]
            findings += faults
            if section:
                sections[path] = section  # type: ignore[assignment]  # every kind in KINDS is a Section
                findings += within_file(file, sections[path], lines[file])
    if "set" not in contents:
        findings.append(
            fault(f"{name}/set.yaml", 1, "is missing", "Add it: title, status, dates and source of the set.")
        )
    if not blocks(findings):
        findings += within_set(name, sections, lines)
    return sections, findings


def _is_value(data: object) -> bool:
    """Whether somebody meant a dated value, however wrong it is."""
    return isinstance(data, dict) and bool({"unit", "values"} & data.keys())


BOUNDS = {
    "greater_than": ("gt", "above"), "greater_than_equal": ("ge", "of at least"), "less_than": ("lt", "below"), "less_than_equal": ("le", "of at most"),
}  # fmt: skip
"""How a bound that a value does not keep is called, and how people say it."""


def typed(file: str, kind: type[E], data: object, lines: Lines) -> tuple[E | None, list[Finding]]:
    """What was composed as an entry of a kind, or None with every fault: its line, what is wrong, what to do."""
    try:
        return kind.model_validate(data), []
    except ValidationError as error:
        findings = []
        for each in error.errors(include_url=False):
            where = tuple(each["loc"])
            line = lines.at(where)
            place = printable(".".join(str(part) for part in where) or "the file")
            last = printable(str(where[-1])) if where else place
            if each["type"] == "extra_forbidden":
                near = nearest(str(where[-1]), _keys(kind, where))
                hint = f"Did you mean “{near}”?" if near else "Remove it."
                findings.append(fault(file, line, f"has an unknown key “{last}”", hint))
            elif each["type"] == "missing":
                remedy = "Cite where the value is from." if where[-1] == "source" else "Add it."
                findings.append(fault(file, line, f"lacks “{place}”", remedy))
            elif each["type"] in {"literal_error", "enum"}:
                known = _words_at(kind, where)
                near = nearest(str(each["input"]), known)
                hint = f"Did you mean “{near}”?" if near else f"Write one of: {', '.join(known)}."
                given = printable(str(each["input"]))[:80]
                findings.append(
                    fault(
                        file,
                        line,
                        f"“{place}”: “{given}” is not known here; known are {', '.join(known)}",
                        hint,
                    )
                )
            elif each["type"] in BOUNDS:
                name, words = BOUNDS[each["type"]]
                bound = f"{words} {each['ctx'][name]}"
                given = printable(str(each["input"]))[:80]
                findings.append(
                    fault(file, line, f"“{place}”: {given} cannot be meant", f"Write a number {bound}.")
                )
            elif each["type"] in {"model_type", "dict_type"}:
                findings.append(
                    fault(file, line, f"“{place}” is one value, where keys with values belong", "Write each key on a line of its own, as key: value.")
                )  # fmt: skip
            else:
                said = each["msg"].removeprefix("Value error, ")
                findings.append(fault(file, line, f"“{place}”: {said}", "Correct the value."))
        return None, findings


def _field(kind: type[Entry], part: str | int) -> object:
    field = next((f for name, f in kind.model_fields.items() if part in {name, f.alias}), None)
    return field.annotation if field else None


def _inner(annotation: object) -> list[object]:
    """An annotation and everything inside it: tuple[X, ...], X | None, Annotated[X, ...]."""
    found, waiting = [], [annotation]
    while waiting:
        each = waiting.pop()
        found.append(each)
        if get_origin(each) is not Literal:
            waiting += list(get_args(each))
    return found


def _at(kind: type[Entry], where: tuple[str | int, ...]) -> tuple[type[Entry], object]:
    """The entry that a place's last key is in, and that key's annotation."""
    annotation: object = None
    for part in where:
        if isinstance(part, int):
            continue
        inner = next(
            (each for each in _inner(annotation) if isinstance(each, type) and issubclass(each, Entry)), None
        )
        kind = inner or kind
        annotation = _field(kind, part)
    return kind, annotation


def _keys(kind: type[Entry], where: tuple[str | int, ...]) -> list[str]:
    """The keys that could stand where an unknown one does."""
    return [field.alias or name for name, field in _at(kind, where)[0].model_fields.items()]


def _words_at(kind: type[Entry], where: tuple[str | int, ...]) -> list[str]:
    """The words that could stand at a place."""
    words: list[str] = []
    for each in _inner(_at(kind, where)[1]):
        if get_origin(each) is Literal:
            words += [str(word) for word in get_args(each)]
        elif isinstance(each, type) and issubclass(each, Enum):
            words += [str(word) for word in each]
    return words
