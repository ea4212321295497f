"""Turns files into a rulebook: every fault found at once, each with file, line and remedy, and never a traceback."""

from collections.abc import Mapping
from datetime import date

from pydantic import ValidationError

from carepool.basics.canonical import digest_of
from carepool.basics.findings import Finding, Severity, blocks
from carepool.basics.refusals import nearest
from carepool.rules.rulebook import Rulebook, RuleSet, Section
from carepool.rules.schema import (
    About,
    Authorities,
    Composition,
    Conditions,
    Decisions,
    Entry,
    Methods,
    Parameter,
    Release,
    Tranches,
)
from carepool.rules.text import Lines, compose, fault

KINDS: Mapping[str, type[Entry]] = {
    "set": About,
    "composition": Composition,
    "conditions": Conditions,
    "authority": Authorities,
    "decisions": Decisions,
    "payment/tranches": Tranches,
    "payment/release": Release,
    "allocation/methods": Methods,
}
"""What stands at each path of a set; anything else is a parameter."""


def parse(files: Mapping[str, bytes]) -> tuple[Rulebook, list[Finding]]:
    """A rulebook from files named ``SET/PATH.yaml``. A set with a blocking finding is left out of it."""
    findings: list[Finding] = []
    by_set: dict[str, dict[str, bytes]] = {}
    for path, content in sorted(files.items()):
        name, _, rest = path.partition("/")
        if not rest.endswith(".yaml"):
            findings.append(
                fault(path, 1, "is not a rule file", "Rules are SET/NAME.yaml; move or remove it.")
            )
            continue
        by_set.setdefault(name, {})[rest.removesuffix(".yaml")] = content
    sets = {}
    for name, contents in by_set.items():
        sections, faults = _sections(name, contents)
        findings += faults
        if not blocks(faults):
            digest = digest_of("rules", 1, {path: content.decode() for path, content in contents.items()})
            sets[name] = RuleSet(name, digest, sections)
    return Rulebook(sets), findings


def _sections(name: str, contents: Mapping[str, bytes]) -> tuple[dict[str, Section], list[Finding]]:
    sections: dict[str, Section] = {}
    findings: list[Finding] = []
    for path, content in contents.items():
        file = f"{name}/{path}.yaml"
        data, lines, faults = compose(file, content)
        findings += faults
        if not blocks(faults):
            section, faults = _typed(file, KINDS.get(path, Parameter), data, lines)
            findings += faults
            if section:
                sections[path] = section
                findings += _consistent(file, section, lines)
    if "set" not in contents:
        findings.append(
            fault(f"{name}/set.yaml", 1, "is missing", "Add it: title, status, dates and source of the set.")
        )
    composition, methods = sections.get("composition"), sections.get("allocation/methods")
    if isinstance(composition, Composition) and isinstance(methods, Methods):
        shared = {method.stream for method in methods.methods}
        for stream in composition.streams:
            if stream.name not in shared:
                findings.append(
                    fault(
                        f"{name}/allocation/methods.yaml",
                        1,
                        f"says nothing of {stream.name}",
                        "Add its method.",
                    )
                )
    authority, decisions = sections.get("authority"), sections.get("decisions")
    if isinstance(authority, Authorities):
        findings += _offices(name, authority, decisions if isinstance(decisions, Decisions) else None)
    return sections, findings


def _offices(name: str, authority: Authorities, decisions: Decisions | None) -> list[Finding]:
    """Every office that an action names exists, and every action that a stage names."""
    offices = {office.name for office in authority.offices}
    findings = [
        fault(
            f"{name}/authority.yaml",
            1,
            f"lets {office} {each.says}, which is no office",
            "Name one of its offices.",
        )
        for each in authority.actions
        for office in each.offices
        if office not in offices
    ]
    actions = {each.action for each in authority.actions}
    findings += [
        fault(
            f"{name}/decisions.yaml",
            1,
            f"names the action {stage.action}, which has no authority",
            "Add it to authority.yaml.",
        )
        for stage in (decisions.stages if decisions else ())
        if stage.action not in actions
    ]
    return findings


def _typed(file: str, kind: type[Entry], data: object, lines: Lines) -> tuple[Section | None, list[Finding]]:
    try:
        return kind.model_validate(data), []  # type: ignore[return-value]  # every kind in KINDS is a Section
    except ValidationError as error:
        findings = []
        for each in error.errors(include_url=False):
            where = tuple(each["loc"])
            line = lines.at(where)
            place = ".".join(str(part) for part in where) or "the file"
            if each["type"] == "extra_forbidden":
                near = nearest(str(where[-1]), _keys(kind, where))
                hint = f"Did you mean “{near}”?" if near else "Remove it."
                findings.append(fault(file, line, f"has an unknown key “{where[-1]}”", hint))
            elif each["type"] == "missing":
                remedy = "Cite where the value is from." if where[-1] == "source" else "Add it."
                findings.append(fault(file, line, f"lacks “{place}”", remedy))
            else:
                said = each["msg"].removeprefix("Value error, ")
                findings.append(fault(file, line, f"“{place}”: {said}", "Correct the value."))
        return None, findings


def _keys(kind: type[Entry], where: tuple[str | int, ...]) -> list[str]:
    """The keys that could stand where an unknown one does."""
    for part in where[:-1]:
        if isinstance(part, int):
            continue
        field = next((f for name, f in kind.model_fields.items() if part in {name, f.alias}), None)
        annotation = field.annotation if field else None
        inner = getattr(annotation, "__args__", None) or (annotation,)
        kind = next((arg for arg in inner if isinstance(arg, type) and issubclass(arg, Entry)), kind)
    return [field.alias or name for name, field in kind.model_fields.items()]


def _consistent(file: str, section: Section, lines: Lines) -> list[Finding]:
    """What types alone do not see."""
    match section:
        case Composition():
            return _composition(file, section, lines)
        case Parameter():
            days = [value.since for value in section.values]
            if days != sorted(set(days)):
                return [
                    fault(
                        file,
                        lines.at(("values",)),
                        "has values that overlap or stand out of order",
                        "Order them by date.",
                    )
                ]
            if not days or section.known_until < days[-1]:
                return [
                    fault(
                        file,
                        lines.at(("known_until",)),
                        "is known until before it begins",
                        "Correct the dates.",
                    )
                ]
        case Release() if len(section.baseline_quarters) != len(section.performance_quarters):
            return [
                fault(
                    file,
                    lines.at(("baseline_quarters",)),
                    "pairs unequal numbers of quarters",
                    "Give each its pair.",
                )
            ]
        case Release():
            for base, quarter in zip(section.baseline_quarters, section.performance_quarters, strict=True):
                if quarter.year_before != base:
                    return [fault(file, lines.at(("baseline_quarters",)), f"pairs {quarter} with {base}, not with {quarter.year_before}", "A quarter is paired with the same quarter a year before.")]  # fmt: skip
        case _:
            pass
    return []


def _composition(file: str, composition: Composition, lines: Lines) -> list[Finding]:
    findings = []
    names = [stream.name for stream in composition.streams]
    for number, stream in enumerate(composition.streams):
        if stream.name in names[:number]:
            findings.append(
                fault(
                    file, lines.at(("streams", number)), f"has the stream {stream.name} twice", "Remove one."
                )
            )
    for number, part in enumerate(composition.of_which):
        whole = {stream.name: stream.pence for stream in composition.streams}
        whole["ccg"] = sum(stream.pence for stream in composition.streams if stream.received_by == "ccg")
        line = lines.at(("of_which", number))
        if part.within not in whole:
            findings.append(
                fault(
                    file,
                    line,
                    f"puts {part.name} within {part.within}, which is no stream",
                    "Name a stream, or ccg.",
                )
            )
        elif part.pence > whole[part.within]:
            findings.append(
                fault(
                    file,
                    line,
                    f"has more {part.name} than {part.within} holds",
                    "Correct one of the amounts.",
                )
            )
    for number, stated in enumerate(composition.stated):
        line = lines.at(("stated", number))
        missing = [name for name in stated.of if name not in names]
        parts = composition.sum_of(stated.of)
        if missing:
            findings.append(
                fault(file, line, f"states a total of {missing[0]}, which is no stream", "Name streams only.")
            )
        elif parts != stated.pence:
            findings.append(
                Finding(
                    "stated-total", Severity.NOTE, f"{file}:{line}",
                    f"{file}, line {line} states “{stated.says}” as {stated.pence // 100:,} pounds; its parts add to {parts // 100:,}.",
                    "Both are kept. Amounts are shared from the parts.", stated.source,
                )
            )  # fmt: skip
    return findings


def overdue(rulebook: Rulebook, today: date) -> list[Finding]:
    """Parameters whose review is overdue on a day."""
    return [
        Finding(
            "review-overdue", Severity.WARNING, f"{rules.cite(path)}.yaml",
            f"{rules.cite(path)}.yaml was to be checked again by {section.checked.again_by}.",
            "Check the value against its source and write the new dates.", "docs/adr/0006",
        )
        for rules in rulebook.sets.values()
        for path, section in rules.sections.items()
        if isinstance(section, Parameter) and section.checked.again_by < today
    ]  # fmt: skip
