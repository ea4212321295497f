"""What does not fit between the files of assurance and the others of a set: a scale's names, a condition, a power, a stage."""

from collections.abc import Iterable, Mapping

from carepool.basics.findings import Finding
from carepool.basics.refusals import nearest
from carepool.rules.assurance import Assurance, Credibility, Enquiries
from carepool.rules.schema import Conditions, Decisions, Redeployment, Section
from carepool.rules.text import Lines, Place, fault

AllLines = Mapping[str, Lines]
SIDES = 2
"""Reviewers that look at a plan without seeing each other's answers."""


def assurance_fits(name: str, sections: Mapping[str, Section], lines: AllLines) -> list[Finding]:
    """Enquiries have their two sides, scales and outcomes; what one file names is there in the other."""
    assurance, enquiries = sections.get("assurance"), sections.get("enquiries")
    credibility = sections.get("savings/credibility")
    findings: list[Finding] = []
    if isinstance(assurance, Assurance):
        findings += _outcomes(name, assurance, lines)
        findings += _elsewhere(name, assurance, sections, lines)
    if isinstance(enquiries, Enquiries):
        findings += _enquiries(name, enquiries, assurance, sections, lines)
    if isinstance(credibility, Credibility):
        findings += _credibility(name, credibility, enquiries, lines)
    return findings


def _named(
    file: str, lines: AllLines, uses: Iterable[tuple[Place, str, str]], known: Iterable[str]
) -> list[Finding]:
    """A fault for each name that is not among those known: where, how it is used, and the name."""
    held = sorted(known)
    return [
        fault(file, lines[file].at(where), f"{says} {word}, which is not there", _hint(word, held))
        for where, says, word in uses
        if word not in held
    ]


def _hint(word: str, held: list[str]) -> str:
    near = nearest(word, held)
    return f"Did you mean {near}?" if near else f"Name one of {', '.join(held)}."


def _outcomes(name: str, assurance: Assurance, lines: AllLines) -> list[Finding]:
    file = f"{name}/assurance.yaml"
    quality, risk = [each.id for each in assurance.quality], [each.id for each in assurance.risk]
    findings = []
    for number, each in enumerate(assurance.outcomes):
        where = ("outcomes", number)
        last = number == len(assurance.outcomes) - 1
        if each.requires is None and not last and any(one.requires for one in assurance.outcomes):
            says = f"demands nothing for {each.id}, so that no later outcome is ever suggested"
            findings.append(fault(file, lines[file].at(where), says, "Say what it requires, or put it last."))
        if each.requires:
            findings += _named(
                file,
                lines,
                [(where, f"{each.id} asks for the quality", each.requires.worst_quality)],
                quality,
            )
            findings += _named(
                file, lines, [(where, f"{each.id} asks for the risk", each.requires.worst_risk)], risk
            )
    return findings


def _elsewhere(
    name: str, assurance: Assurance, sections: Mapping[str, Section], lines: AllLines
) -> list[Finding]:
    """The powers of the ladder are those of redeployment, and what waits for conditions are stages."""
    file = f"{name}/assurance.yaml"
    redeployment, decisions = sections.get("redeployment"), sections.get("decisions")
    powers = {each.id for each in redeployment.powers} if isinstance(redeployment, Redeployment) else set()
    stages = {each.name for each in decisions.stages} if isinstance(decisions, Decisions) else set()
    rungs: list[tuple[Place, str, str]] = [
        (("ladder", number), "uses the power", power)
        for number, rung in enumerate(assurance.ladder)
        for power in rung.powers
    ]
    waits: list[tuple[Place, str, str]] = [
        (("open_conditions_stop",), "stops the stage", stage) for stage in assurance.open_conditions_stop
    ]
    return [*_named(file, lines, rungs, powers), *_named(file, lines, waits, stages)]


def _enquiries(
    name: str, enquiries: Enquiries, assurance: object, sections: Mapping[str, Section], lines: AllLines
) -> list[Finding]:
    file = f"{name}/enquiries.yaml"
    findings = []
    if not isinstance(assurance, Assurance) or not (
        len(assurance.sides) == SIDES and assurance.quality and assurance.risk and assurance.outcomes
    ):
        says = "asks questions, and assurance.yaml lacks two sides, levels of quality and risk, or outcomes"
        findings.append(fault(file, 1, says, "Add them, so that the answers come to something."))
    worth = [each.worth for each in enquiries.answers]
    if worth != sorted(set(worth), reverse=True):
        says = "has answers that are not in order, the best first"
        findings.append(
            fault(file, lines[file].at(("answers",)), says, "Put them in the order of their worth.")
        )
    conditions = sections.get("conditions")
    known = {each.id for each in conditions.conditions} if isinstance(conditions, Conditions) else set()
    belongs: list[tuple[Place, str, str]] = [
        (("enquiries", number), "belongs to the condition", each.belongs_to)
        for number, each in enumerate(enquiries.enquiries)
        if each.belongs_to
    ]
    return [*findings, *_named(file, lines, belongs, known)]


def _credibility(name: str, credibility: Credibility, enquiries: object, lines: AllLines) -> list[Finding]:
    file = f"{name}/savings/credibility.yaml"
    if not isinstance(enquiries, Enquiries) or enquiries.of_savings is None:
        says = "grades savings, and no question of enquiries.yaml is about the evidence behind them"
        return [fault(file, 1, says, "Mark one question with “grades_savings: yes”.")]
    answers = {each.id for each in enquiries.answers}
    uses: list[tuple[Place, str, str]] = [
        (("grades", number), f"{each.id} asks for the answer", each.answer)
        for number, each in enumerate(credibility.grades)
        if each.answer
    ]
    findings = _named(file, lines, uses, answers)
    last = credibility.grades[-1]
    if last.needs or last.answer:
        says = "leaves savings without a grade: the last one asks for something"
        findings.append(fault(file, lines[file].at(("grades",)), says, "Let the last grade need nothing."))
    return findings
