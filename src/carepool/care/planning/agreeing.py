"""What may be said of assessments, plans, reviews and the person's voice: each is decided from what is so, or refused."""

from collections.abc import Iterable, Mapping
from datetime import date

from carepool.basics.findings import Finding, Severity
from carepool.basics.periods import in_words
from carepool.basics.refusals import Refused, nearest
from carepool.care.planning import facts
from carepool.care.planning.care import Care, Version
from carepool.journal.commands import Decision
from carepool.journal.facts import NewFact
from carepool.rules.caring import VoiceQuestions

PERSON, CARER = "person", "carer:"


def save_assessment(care: Care, assessment: str, document: str) -> Decision | Refused:
    """A version of an assessment is kept. One that is complete is not changed; another is begun from it."""
    latest = care.latest(assessment)
    if latest and latest.settled:
        return Refused("This assessment is complete. Begin another from it; answers that still stand are taken over.")  # fmt: skip
    if latest and latest.document == document:
        return Refused("Nothing in it has changed since it was saved.")
    return _decided(facts.assessment_saved(care.person, assessment, document))


def complete_assessment(
    care: Care, assessment: str, document: str, findings: Iterable[Finding]
) -> Decision | Refused:
    """An assessment is complete as it stands, where nothing that was found stops it."""
    refused = _not_the_latest(care.latest(assessment), document, "assessment") or _stopped(findings)
    return refused or _decided(facts.assessment_completed(care.person, assessment, document))


def save_plan(care: Care, plan: str, document: str) -> Decision | Refused:
    """A version of a plan is kept; also of one that was agreed, which then waits to be agreed again."""
    latest = care.latest(plan)
    if latest and latest.document == document:
        return Refused("Nothing in it has changed since it was saved.")
    return _decided(facts.plan_saved(care.person, plan, document))


def agree_plan(care: Care, plan: str, document: str, findings: Iterable[Finding]) -> Decision | Refused:
    """A plan is agreed with the person in its last version, where nothing that was found stops it."""
    refused = _not_the_latest(care.latest(plan), document, "plan") or _stopped(findings)
    return refused or _decided(facts.plan_agreed(care.person, plan, document))


def hold_review(care: Care, review: str, on: date, next_on: date, today: date) -> Decision | Refused:
    """The plan that was agreed last was reviewed on a day, and the next review is due on another."""
    agreed = care.plan()
    if agreed is None:
        return Refused("No plan is agreed, so there is none to review.")
    if care.review(review):
        return Refused(f"There is a review {review} already. Give this one another name.")
    if on > today:
        return Refused(f"{in_words(on)} has not come. Enter a review once it was held.")
    if next_on <= on:
        return Refused("The next review has to come after this one.")
    return _decided(facts.review_held(care.person, review, agreed.document, on, next_on))


def hear_voice(
    care: Care, review: str, who: str, board: str, answers: Mapping[str, int | None], asked: VoiceQuestions
) -> Decision | Refused:
    """The person (``person``) or a carer (``carer:ID``) answers after a review, once. Whatever they do not answer, they decline."""
    held = care.review(review)
    if held is None:
        return Refused(f"There is no review {review} of this person.")
    if any(each.who == who for each in held.voices):
        return Refused("You have answered after this review. Thank you; nothing was changed.")
    kind = "carer" if who.startswith(CARER) and len(who) > len(CARER) else who
    questions = [each.id for each in asked.of(kind)]
    if not questions:
        return Refused("Only the person and a carer are asked. Write person, or carer: and the carer's id.")
    for id_, answer in answers.items():
        if id_ not in questions:
            near = nearest(id_, questions)
            return Refused(f"{kind.capitalize()}s are not asked “{id_}”.{f' Did you mean {near}?' if near else ''}")  # fmt: skip
        steps = {int(each.value) for each in asked.scale}
        if answer is not None and (isinstance(answer, bool) or answer not in steps):
            return Refused(f"“{id_}” is answered by a step from {min(steps)} to {max(steps)}, or declined. {answer} is none.")  # fmt: skip
    whole = {each: answers.get(each) for each in questions}
    return _decided(facts.voice_heard(care.person, review, who, board, whole))


def _decided(fact: NewFact) -> Decision:
    return Decision((fact,))


def _not_the_latest(latest: Version | None, document: str, what: str) -> Refused | None:
    if latest is None or latest.document != document:
        return Refused(f"This is not the last version of the {what}. Read that one, and decide on it.")
    if latest.settled:
        return Refused(f"This version of the {what} is settled already. Nothing was changed.")
    return None


def _stopped(findings: Iterable[Finding]) -> Refused | None:
    stops = [each for each in findings if each.severity is Severity.BLOCKER]
    if not stops:
        return None
    more = f" {len(stops) - 1} more also stop it." if len(stops) > 1 else ""
    return Refused(f"{stops[0].says} {stops[0].remedy}{more}")
