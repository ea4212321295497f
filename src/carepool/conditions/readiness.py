"""Whether the plan is all there: sections that nobody has filled in, risks without a contingency, days that are near."""

from carepool.basics.findings import Finding
from carepool.basics.money import in_pounds
from carepool.basics.periods import in_words
from carepool.conditions.known import Known, blocker, note, warning
from carepool.plans.document import EVERY, Plan, holds_anything, sections_asked
from carepool.rules.schema import Timetable

BASIS = frozenset({"parties", "schemes", "sources", "spend", "target"})
"""Sections that checks of their own look at."""


def sections_are_filled_in(plan: Plan, known: Known) -> list[Finding]:
    """Each section that the rules ask for holds something."""
    empty = [
        name
        for name in sections_asked(known.rules)
        if name not in BASIS and name != "conditions" and not holds_anything(plan.section(name))
    ]
    if not empty:
        return []
    titles = ", ".join(f"“{EVERY[name].title}”" for name in empty)
    says = f"{len(empty)} {'section is' if len(empty) == 1 else 'sections are'} empty: {titles}."
    remedy = "Fill them in; assurers read the whole plan."
    return [note("sections-empty", empty[0], says, remedy, "plan document: completeness")]


def risks_can_be_read(plan: Plan, known: Known) -> list[Finding]:
    """Likelihood and impact are from 1 to 5, and money at stake has a contingency: when, who decides, how much, where to."""
    rule, findings = f"{known.rules.cite('conditions')}: risk sharing and contingency", []
    for number, risk in enumerate(plan.risks.risks):
        for name in ("likelihood", "impact"):
            value = getattr(risk, name)
            if value is not None and not (1 <= value <= 5 and value == int(value)):
                says = f"Row {number + 1} of risks: the {name} is {value}."
                remedy = "Write a whole number from 1 (low) to 5 (high)."
                findings.append(blocker("risk-scale", f"risks/risks/{number}/{name}", says, remedy, rule))
    at_stake = known.worth_of(plan)
    if plan.risks.risks and at_stake and not plan.risks.contingencies:
        says = (
            f"{in_pounds(at_stake)} depends on performance, and the plan has no contingency for missing it."
        )
        findings.append(
            warning("no-contingency", "risks/contingencies", says, "Write when it applies, who decides, how much, and where it goes.", rule)
        )  # fmt: skip
    for number, each in enumerate(plan.risks.contingencies):
        missing = [words for name, words in (("decider", "who decides"), ("destination", "where the money goes")) if not str(getattr(each, name)).strip()]  # fmt: skip
        if each.pence is None:
            missing.append("how much it is")
        if missing:
            says = f"Row {number + 1} of contingencies does not say {' nor '.join(missing)}."
            findings.append(
                warning("contingency-open", f"risks/contingencies/{number}", says, "A contingency that leaves this open will be argued over.", rule)
            )  # fmt: skip
    return findings


def deadlines_are_near(plan: Plan, known: Known) -> list[Finding]:
    """The last day on which something was due under these rules, and the next."""
    timetable = known.rules.find("timetable", Timetable)
    if timetable is None or known.on is None:
        return []
    rule, passed = known.rules.cite("timetable"), []
    past = max((each for each in timetable.deadlines if each.at.day < known.on), key=lambda each: each.at.day, default=None)  # fmt: skip
    if past is not None:
        says = f"Was due on {in_words(past.at.day)}, which has passed: {past.says}."
        passed = [note("deadline-passed", "parties", says, "If it was not done by then, tell whoever awaits it.", rule)]  # fmt: skip
    for event in timetable.deadlines:
        if event.at.day >= known.on:
            days = (event.at.day - known.on).days
            left = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
            says = f"Due {left}, on {in_words(event.at.day)}: {event.says}."
            return [*passed, note("deadline", "parties", says, "Leave time for the board's papers.", rule)]
    return passed


def numbers_are_shared(plan: Plan, known: Known) -> list[Finding]:
    """Where the NHS number is not yet the main identifier, a day is given by which it will be."""
    said, rule = plan.sharing, f"{known.rules.cite('conditions')} data_sharing"
    if said.primary == "no" and said.primary_by is None:
        says = "The NHS number is not the main identifier yet, and no day is given by which it will be."
        return [warning("nhs-number-without-day", "sharing/primary_by", says, "Write the day.", rule)]
    return []


def weekends_are_covered(plan: Plan, known: Known) -> list[Finding]:
    """A service that rests at weekends says from when it will not."""
    rule = f"{known.rules.cite('conditions')} seven_days"
    return [
        note("rests-at-weekends", f"seven_days/services/{number}", f"{each.name} does not work on all seven days, and no day is given from which it will.", "Write the day, or why it need not.", rule)
        for number, each in enumerate(plan.seven_days.services)
        if "no" in {each.saturday, each.sunday} and each.since is None
    ]  # fmt: skip
