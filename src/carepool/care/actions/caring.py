"""What is done about a person's care: who is responsible, offered, accepted and handed over; each once, and by whoever may."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from carepool.basics.periods import parse_date
from carepool.basics.refusals import Refused
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Role
from carepool.care.actions.recording import Unlocked, recorded
from carepool.care.actions.writing import Writing, write
from carepool.care.planning import deciding, facts
from carepool.care.planning.care import Care, care_of
from carepool.care.planning.facts import Why
from carepool.care.planning.packages import Absence, Accountable, Alarm, Package, accountable, timeline
from carepool.care.planning.plan import read_plan
from carepool.journal.commands import Decision, Done

A_YEAR = timedelta(days=366)
Decide = Callable[[Care, datetime], Decision | Refused]
RESPONSIBLE = Writing("direct_care", "accountable")
A_PRACTITIONER = "Choose a practitioner who has an account here."


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who is responsible for a package now, and who was asked."""

    package: Package
    integrated: bool
    now: Accountable | Alarm | None
    asked: str | None
    """The account that was asked and has not answered."""

    absences: tuple[tuple[int, Absence], ...] = ()
    """Those that are not over, each with its number."""
    gap: datetime | None = None
    """When, after now, nobody will be where somebody must be, as it stands."""

    @property
    def alarm(self) -> bool:
        """Whether nobody is, where somebody must be."""
        return isinstance(self.now, Alarm)

    def waits_for(self, account: str) -> bool:
        """Whether an account was asked to be responsible, or to stand in, and has not answered."""
        return self.asked == account or any(
            each.deputy == account and each.accepted is None for _, each in self.absences
        )


def care(house: CareHouse, person: str) -> Care:
    """What is so of a person's care."""
    return care_of(person, recorded(house, person).facts)


def review_due(said: Unlocked, found: Care) -> date | None:
    """When the next review is due: by the last that was held, and before the first by the plan that was agreed."""
    agreed = found.plan()
    if found.reviews or agreed is None:
        return found.review_due()
    return read_plan(said.documents[agreed.document]).review_on


def responsible(found: Care, at: datetime) -> tuple[Responsible, ...]:
    """Who is responsible, package by package, for those that have not ended."""
    return tuple(_responsible(each, at) for each in found.packages.values() if not each.over(at))


def _responsible(package: Package, at: datetime) -> Responsible:
    waiting = deciding.open_offer(package, at)
    alarms = (each.first for each in timeline(package) if each.first > at and isinstance(each.answer, Alarm))
    return Responsible(
        package, package.is_integrated(at), accountable(package, at), waiting.professional if waiting else None,
        tuple((n, each) for n, each in enumerate(package.absences, 1) if each.until > max(at, each.first)), next(alarms, None),
    )  # fmt: skip


def offer(
    house: CareHouse, role: Role, person: str, package: str, professional: str, key: str
) -> Done | Refused:
    """Ask a professional to be accountable, who joins the person's team by being asked."""
    theirs = house.people.role(professional)
    if theirs is None or professional not in house.people.practitioners():
        return Refused(A_PRACTITIONER)
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


def tell_absence(
    house: CareHouse,
    role: Role,
    person: str,
    package: str,
    first: datetime,
    until: datetime,
    deputy: str,
    key: str,
) -> Done | Refused:
    """The accountable professional is away for a time; whoever is asked to stand in joins the team by being asked."""
    if deputy and deputy not in house.people.practitioners():
        return Refused(A_PRACTITIONER)

    def decide(found: Care, at: datetime) -> Decision | Refused:
        whole = found.packages.get(package)
        held = whole.tenure(at) if whole else None
        if held is None:
            return Refused("Nobody is the accountable professional of this package, so nobody can be away from it.")  # fmt: skip
        return deciding.tell_absence(found, package, held.professional, first, until, deputy or None, at)

    request = {"absence": package, "from": first, "until": until, "deputy": deputy}
    done = act(house, role, person, decide, key, request)
    if isinstance(done, Done) and deputy:
        house.people.take_on(deputy, person)
    return done


def stand_in(house: CareHouse, role: Role, person: str, package: str, absence: int, key: str) -> Done | Refused:  # fmt: skip
    """A deputy accepts to stand in."""

    def decide(found: Care, at: datetime) -> Decision | Refused:
        return deciding.accept_deputy(found, package, absence, role.account, at)

    return act(house, role, person, decide, key, {"stand_in": package, "absence": absence})


def end_absence(house: CareHouse, role: Role, person: str, package: str, absence: int, key: str) -> Done | Refused:  # fmt: skip
    """Somebody is back before their time, or an absence is called off."""

    def decide(found: Care, at: datetime) -> Decision | Refused:
        return deciding.end_absence(found, package, absence, at)

    return act(house, role, person, decide, key, {"end_absence": package, "absence": absence})


def leave(house: CareHouse, role: Role, person: str, on: datetime, key: str) -> Done | Refused:
    """Whoever says so leaves at an instant, and holds nothing of this person's care from then on."""

    def decide(found: Care, at: datetime) -> Decision | Refused:
        return deciding.leave(found, role.account, on, at)

    return act(house, role, person, decide, key, {"leave": on})


def act(house: CareHouse, role: Role, person: str, decide: Decide, key: str, request: object) -> Done | Refused:  # fmt: skip
    """Record what is decided about who is responsible for a person's care, by a practitioner of their team."""
    return write(house, role, person, RESPONSIBLE, lambda _said, found, at: decide(found, at), key, request)
