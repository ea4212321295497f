"""What is done about a person's care: who is responsible, offered, accepted and handed over; each once, and by whoever may."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from carepool.basics.periods import parse_date
from carepool.basics.refusals import Refused
from carepool.care.actions.house import CareHouse
from carepool.care.actions.opening import identity_of, judged
from carepool.care.actions.ports import Role, RoleKind
from carepool.care.actions.recording import Unlocked, record, recorded
from carepool.care.planning import deciding, facts
from carepool.care.planning.care import Care, care_of
from carepool.care.planning.facts import Why
from carepool.care.planning.packages import Accountable, Alarm, Package, accountable
from carepool.care.sharing.deciding import Refuse
from carepool.journal.commands import Decision, Done, Reading

A_YEAR = timedelta(days=366)
Decide = Callable[[Care, datetime], Decision | Refused]


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who is responsible for a package now, and who was asked."""

    package: Package
    integrated: bool
    now: Accountable | Alarm | None
    asked: str | None
    """The account that was asked and has not answered."""

    @property
    def alarm(self) -> bool:
        """Whether nobody is, where somebody must be."""
        return isinstance(self.now, Alarm)


def care(house: CareHouse, person: str) -> Care:
    """What is so of a person's care."""
    return care_of(person, recorded(house, person).facts)


def responsible(found: Care, at: datetime) -> tuple[Responsible, ...]:
    """Who is responsible, package by package, for those that have not ended."""
    return tuple(
        Responsible(
            each,
            each.is_integrated(at),
            accountable(each, at),
            waiting.professional if (waiting := deciding.open_offer(each, at)) else None,
        )
        for each in found.packages.values()
        if not each.over(at)
    )


def offer(
    house: CareHouse, role: Role, person: str, package: str, professional: str, key: str
) -> Done | Refused:
    """Ask a professional to be accountable, who joins the person's team by being asked."""
    theirs = house.people.role(professional)
    if theirs is None or theirs.kind is not RoleKind.PRACTITIONER:
        return Refused("Choose a practitioner who has an account here.")
    body = theirs.organisation

    def decide(found: Care, at: datetime) -> Decision | Refused:
        return deciding.offer(found, package, professional, body, at)

    done = act(house, role, person, decide, key, {"offer": package, "to": professional})
    if isinstance(done, Done):
        house.people.take_on(professional, person)
    return done


def answer(
    house: CareHouse, role: Role, person: str, package: str, why: Why | None, key: str
) -> Done | Refused:
    """Accept an offer, or decline it with a reason."""

    def decide(found: Care, at: datetime) -> Decision | Refused:
        if why is None:
            return deciding.accept(found, package, role.account, at)
        return deciding.decline(found, package, role.account, why, at)

    return act(house, role, person, decide, key, {"answer": package, "why": why})


def withdraw(house: CareHouse, role: Role, person: str, package: str, key: str) -> Done | Refused:
    """Take an offer back."""
    return act(
        house,
        role,
        person,
        lambda found, at: deciding.withdraw(found, package, at),
        key,
        {"withdraw": package},
    )


def hold_review(house: CareHouse, role: Role, person: str, on: str, following: str, key: str) -> Done | Refused:  # fmt: skip
    """Record that the plan agreed last was reviewed on a day, and when the next review is due. Unusable for what is no day."""
    held, due = parse_date(on), parse_date(following)

    def decide(found: Care, _at: datetime) -> Decision | Refused:
        plan = found.plan()
        if plan is None:
            return Refused("No plan is agreed, so there is none to review. Agree one with the person first.")
        if held > house.today:
            return Refused("A review is recorded once it was held. Write a day that is past, or today.")
        if found.reviews and held < found.reviews[-1].on:
            return Refused("A later review is recorded already. Write the day of this one.")
        if not held < due <= held + A_YEAR:
            return Refused("The next review is due after this one, and within a year.")
        review = f"review-{len(found.reviews) + 1}"
        return Decision((facts.review_held(person, review, plan.document, held, due),))

    return act(house, role, person, decide, key, {"review": on, "next": following})


def act(house: CareHouse, role: Role, person: str, decide: Decide, key: str, request: object) -> Done | Refused:  # fmt: skip
    """Record what is decided about a person's care, by a practitioner of their team."""
    identity_of(house, person)
    verdict = judged(house, role, person, "direct_care")
    if isinstance(verdict, Refuse):
        return Refused(verdict.says)
    if role.kind is not RoleKind.PRACTITIONER or verdict.asked.relation != "team":
        return Refused("Only a practitioner of the person’s team does this. Ask who is responsible for their care.")  # fmt: skip

    def then(said: Unlocked, reading: Reading) -> Decision | Refused:
        return decide(care_of(person, said.facts), reading.at)

    return record(house, person, then, by=role.account, key=key, request=request)
