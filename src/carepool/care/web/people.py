"""What pages about a person share: who is responsible, in words, and what an assessment asked."""

from dataclasses import dataclass
from datetime import date

from carepool.basics.periods import LONDON, in_words
from carepool.care.actions.caring import Responsible
from carepool.care.actions.writing import numbered
from carepool.care.planning.care import Care
from carepool.care.planning.packages import Absence, Accountable, Alarm
from carepool.care.web.frame import WingRequest, moment, names_of
from carepool.rules.caring import AssessmentQuestions


@dataclass(frozen=True, slots=True)
class Line:
    """Who is responsible for one package, in words."""

    package: str
    says: str
    alarm: bool
    asked: str
    """Whom an offer waits for, by name; empty where none does."""
    for_me: bool
    """Whether the offer waits for whoever looks."""
    mine: bool = False
    """Whether whoever looks holds it: they are responsible, or away from it."""
    held: bool = False
    """Whether somebody holds it, who can be away."""
    absences: tuple["Away", ...] = ()
    gap: str = ""
    """When nobody will be responsible, as it stands, in words."""


@dataclass(frozen=True, slots=True)
class Away:
    """An absence that is not over, in words."""

    number: int
    says: str
    for_me: bool
    """Whether whoever looks was asked to stand in and has not answered."""


def lines(found: tuple[Responsible, ...], account: str) -> list[Line]:
    """Each package's answer, for whoever looks."""
    ids = [each.now.professional for each in found if isinstance(each.now, Accountable)]
    ids += [
        each.now.acting_for for each in found if isinstance(each.now, Accountable) and each.now.acting_for
    ]
    ids += [who for each in found for _, one in each.absences for who in (one.professional, one.deputy) if who]  # fmt: skip
    names = names_of((*ids, *(each.asked for each in found if each.asked)))
    return [_line(each, names, account) for each in found]


def _away(number: int, absence: Absence, names: dict[str, str], account: str) -> Away:
    who, deputy = names.get(absence.professional, "Somebody"), names.get(absence.deputy or "", "somebody")
    cover = "nobody stands in" if not absence.deputy else f"{deputy} stands in" if absence.accepted else f"{deputy} was asked to stand in and has not answered"  # fmt: skip
    says = f"{who} is away from {moment(absence.first)} until {moment(absence.until)}; {cover}."
    return Away(number, says, absence.deputy == account and absence.accepted is None)


def _line(each: Responsible, names: dict[str, str], account: str) -> Line:
    match each.now:
        case Accountable(who, since, None):
            says = f"{names.get(who, 'Somebody whose account is gone')} has been responsible since {moment(since)}."
        case Accountable(who, since, absent):
            away = names.get(absent or "", "somebody")
            says = f"{names.get(who, 'Somebody')} stands in for {away}, who is away, since {moment(since)}."
        case Alarm(why, since):
            says = f"{why.value}, since {moment(since)}."
        case _:
            says = "Nobody has to be the one accountable professional: this package is not integrated."
    asked = names.get(each.asked, "Somebody") if each.asked else ""
    tenure = each.package.tenures[-1] if each.package.tenures else None
    held = tenure is not None and tenure.until is None
    return Line(
        each.package.id, says, each.alarm, asked, each.asked == account,
        mine=held and tenure is not None and tenure.professional == account, held=held,
        absences=tuple(_away(number, one, names, account) for number, one in each.absences),
        gap=moment(each.gap) if each.gap else "",
    )  # fmt: skip


def questions(request: WingRequest) -> dict[str, str]:
    """What each question of an assessment asks, by its id."""
    house = request.house
    found = house.rulebook.caring(house.today).find("questions", AssessmentQuestions)
    return {each.id: each.asks for each in found.questions} if found else {}


@dataclass(frozen=True, slots=True)
class Standing:
    """Which plan is shown, and whether it is still to be relied on, in words."""

    says: str
    """Its version and the day on which it was agreed."""
    due: date | None
    overdue: bool
    changed: bool
    """Whether it was changed since, and waits to be agreed again."""


def standing(care: Care, due: date | None, today: date) -> Standing | None:
    """The plan that was agreed last, as every page and print of it says on top. None where none is agreed."""
    agreed = care.plan()
    if agreed is None or agreed.settled is None:
        return None
    of = numbered(care.plans, agreed.of)
    says = f"version {of.index(agreed) + 1}, agreed on {in_words(agreed.settled.astimezone(LONDON).date())}"
    return Standing(says, due, due is not None and due < today, of[-1] != agreed)
