"""Invented assessments, plans and packages of the invented people: enough of each state to look at, and nothing of anybody."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from carepool.basics.periods import LONDON
from carepool.care.actions.demonstration import BOARD, CARER_OF_FIRST, DISTRICT_NURSE, PLAYERS, SOCIAL_WORKER
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Identity
from carepool.care.actions.recording import locked, stream_of
from carepool.care.planning import facts
from carepool.care.planning.assessment import Answer, Assessment, Carer, Contributor, Risk
from carepool.care.planning.plan import (
    CarePlan,
    Consent,
    DayWord,
    Goal,
    Need,
    Payer,
    Payment,
    Readiness,
    Service,
    Window,
)
from carepool.journal.documents import Document
from carepool.journal.facts import NewFact

WISHES = ("To sleep in my own bed and to hear the birds.", "To walk to the corner shop by myself.", "That nobody calls me dear.", "To see my sister on Sundays.")  # fmt: skip
GOALS = ("To get up and wash without help by spring", "To cook one warm meal a day", "Not to fall again", "To go to the choir on Thursdays")  # fmt: skip
SILENT = 6
"""The first people, who have not answered after their review yet."""
EVERY_DAY = tuple(DayWord)
WEEKDAYS = tuple(DayWord)[:5]


class Told(NamedTuple):
    """Something of a person's story."""

    at: datetime
    by: str
    fact: NewFact
    documents: tuple[Document, ...] = ()


def tell(house: CareHouse, who: Identity, number: int) -> None:
    """Write the story of one person, the number in the list, into the journal."""
    stream = stream_of(who.person)
    for version, told in enumerate(story(who, number, house.clock())):
        house.journal.append(
            [locked(house, who.person, told.fact, told.documents)],
            expecting={stream: version}, by=told.by, at=told.at,
        )  # fmt: skip


def story(who: Identity, number: int, now: datetime) -> Iterator[Told]:
    """Assessed, planned, agreed, begun; responsible or not; reviewed or overdue: by the number in the list."""
    person, lead = who.person, SOCIAL_WORKER if number % 2 == 0 else DISTRICT_NURSE
    begun = now - timedelta(days=5 if number % 6 == 1 else 120 + number)
    assessment, plan = _assessment(who, number, begun), _plan(who, number, begun, now)
    plan = plan.model_copy(update={"assessment": assessment.digest})
    assessed = Document("assessment", "application/json", assessment.content())
    kept = Document("care-plan", "application/json", plan.content())
    yield Told(begun, SOCIAL_WORKER, facts.assessment_saved(person, assessment.id, assessed.digest), (assessed,))  # fmt: skip
    yield Told(begun + timedelta(hours=1), SOCIAL_WORKER, facts.assessment_completed(person, assessment.id, assessed.digest))  # fmt: skip
    yield Told(begun + timedelta(hours=2), lead, facts.plan_saved(person, plan.id, kept.digest), (kept,))
    yield Told(begun + timedelta(hours=3), lead, facts.plan_agreed(person, plan.id, kept.digest))
    started = facts.package_started(person, "home-care", kept.digest, begun + timedelta(days=1), integrated=True)  # fmt: skip
    yield Told(begun + timedelta(hours=4), lead, started)
    offered = facts.offered(person, "home-care", lead, _organisation(lead))
    if number % 7 == 5:
        return  # nobody was ever asked: the alarm
    yield Told(begun + timedelta(hours=5), lead, offered)
    if number % 7 == 3:
        return  # asked, and not answered
    yield Told(begun + timedelta(hours=6), lead, facts.accepted(person, "home-care", lead))
    if number % 6 != 1:
        held = (begun + timedelta(days=40)).astimezone(LONDON).date()
        due = now.astimezone(LONDON).date() + timedelta(days=-9 if number % 4 == 0 else 30 + number)
        yield Told(begun + timedelta(days=40), lead, facts.review_held(person, "review-1", kept.digest, held, due))  # fmt: skip
        if number >= SILENT:
            answers = {"plan_my_care": 2 if number % 5 in {1, 3} else 4, "one_person": 4, "asked_once": 3, "my_decisions": None, "when_things_change": 4}  # fmt: skip
            yield Told(begun + timedelta(days=41), person, facts.voice_heard(person, "review-1", "person", BOARD, answers))  # fmt: skip


def _assessment(who: Identity, number: int, begun: datetime) -> Assessment:
    on = begun.astimezone(LONDON).date()
    said = {
        "matters": (who.person, WISHES[number % len(WISHES)]), "lives_with": (who.person, "Alone; a neighbour looks in."),
        "conditions": (DISTRICT_NURSE, "Heart failure; arthritis of both hands."), "medicines": (DISTRICT_NURSE, "With help"),
        "eating": (SOCIAL_WORKER, "With help"), "washing": (SOCIAL_WORKER, "With help"), "toilet": (SOCIAL_WORKER, "Alone"),
        "moving": (DISTRICT_NURSE, "With help"), "emergency": (who.person, "Ring the neighbour, then the number on the fridge."),
    }  # fmt: skip
    return Assessment(
        person=who.person, id="assessment-1", begun_on=on,
        contributors=(
            Contributor(id=who.person, side="person", name=who.name, role="The person"),
            *(
                Contributor(id=each.role.account, side="health" if each.role.sector == "health" else "social_care", name=each.name, role=each.role.title)
                for each in PLAYERS if each.role.account in {SOCIAL_WORKER, DISTRICT_NURSE}
            ),
        ),
        answers=tuple(Answer(question=question, says=says, by=by, on=on) for question, (by, says) in said.items()),
        risks=(Risk(what="Falls at night on the way to the bathroom", likely=3, grave=4, done="Rail fitted, light with a sensor", by=DISTRICT_NURSE),),
        carers=(Carer(id=CARER_OF_FIRST, name="Carola Carewell", relation="Daughter", offered_on=on, declined=True),) if number == 0 else (),
    )  # fmt: skip


def _plan(who: Identity, number: int, begun: datetime, now: datetime) -> CarePlan:
    on = begun.astimezone(LONDON).date()
    days = EVERY_DAY if number % 3 else WEEKDAYS
    ready = Readiness(windows=(Window(days=days, opens="08:00", closes="20:00"),), notice_hours=4)
    return CarePlan(
        person=who.person, id="plan-1", title="At home with help", begun_on=on, status="active",
        matters=WISHES[number % len(WISHES)],
        goals=(Goal(id="g1", says=GOALS[number % len(GOALS)]),),
        needs=(Need(id="n1", says="Help with washing and breakfast", question="washing"), Need(id="n2", says="A nurse’s eye on the heart", question="conditions")),
        services=(
            Service(id="s1", says="Help at home", provider="Invented Home Help", telephone="01632 960001", needs=("n1",), goals=("g1",), often="Every morning", paid_by=(Payment(payer=Payer.COUNCIL, body="Illustrative County Council"),), ready=ready),
            Service(id="s2", says="District nurse", provider="Illustrative Community NHS Trust", telephone="01632 960002", needs=("n2",), often="Once a week", paid_by=(Payment(payer=Payer.NHS, body="Illustrative CCG"),), ready=ready),
        ),
        integrated=True, contingency="If nobody comes by 10, ring 01632 960001. At night ring 111; in danger 999.",
        review_on=(now + timedelta(days=30)).astimezone(LONDON).date(),
        consent=Consent(given="yes", on=on, by=who.name),
    )  # fmt: skip


def _organisation(account: str) -> str:
    return next(each.role.organisation for each in PLAYERS if each.role.account == account)
