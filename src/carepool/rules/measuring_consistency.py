"""What does not fit within the files that define measures: a family of what is undefined, versions out of order, silence."""

from carepool.basics.findings import Finding
from carepool.basics.refusals import nearest
from carepool.rules.measuring import ChartRules, Definition, Definitions
from carepool.rules.text import Lines, fault


def of_definitions(file: str, section: Definitions, lines: Lines) -> list[Finding]:
    """Every measure of a family is defined; versions and breaks are in order; what has no figures says why."""
    known = [each.id for each in section.measures]
    findings: list[Finding] = []
    for number, family in enumerate(section.families):
        for each in family.measures:
            if each not in known:
                near = nearest(each, known)
                hint = f"Did you mean {near}?" if near else "Define it, or leave it out."
                says = f"has “{each}” in the family {family.id}, and does not define it"
                findings.append(fault(file, lines.at(("families", number)), says, hint))
    for number, measure in enumerate(section.measures):
        findings += _of_one(file, measure, lines.at(("measures", number)))
    return findings


def _of_one(file: str, measure: Definition, line: int) -> list[Finding]:
    findings = []
    days = [each.since for each in measure.versions]
    if days != sorted(set(days)):
        findings.append(
            fault(file, line, f"has versions of {measure.id} out of order", "Put the earliest first, each from a day of its own.")
        )  # fmt: skip
    names = [each.version for each in measure.versions]
    if len(set(names)) < len(names):
        findings.append(
            fault(file, line, f"names two versions of {measure.id} alike", "Give each a name of its own.")
        )
    breaks = [each.on for each in measure.breaks]
    if breaks != sorted(set(breaks)):
        findings.append(
            fault(file, line, f"has breaks of {measure.id} out of order", "Put the earliest first.")
        )
    if measure.author.casefold() == measure.checked.by.casefold():
        findings.append(
            fault(file, line, f"has {measure.id} checked by whoever wrote it", "Let a second person check the definition, and name them.")
        )  # fmt: skip
    if (measure.series == "none") != bool(measure.without):
        says = f"gives no reason why {measure.id} has no figures" if measure.series == "none" else f"says why {measure.id} has no figures, and names a series"  # fmt: skip
        findings.append(
            fault(file, line, says, "Write “without” where the series is none, and nowhere else.")
        )
    return findings


def of_chart_rules(file: str, section: ChartRules, lines: Lines) -> list[Finding]:
    """The version in use is there."""
    if section.used in [each.id for each in section.rules]:
        return []
    return [
        fault(
            file, lines.at(("used",)), f"uses “{section.used}”, which is not there", "Name one of its rules."
        )
    ]
