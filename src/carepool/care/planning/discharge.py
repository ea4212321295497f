"""Coming home on any day of the week: which service can start when, and when the whole package first can."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from carepool.basics.periods import LONDON, in_words
from carepool.care.planning.plan import DayWord, Readiness, Service, Window

HORIZON = 21
"""Days beyond which nobody looks: a package that cannot start by then has another trouble than its days."""
_DAYS = tuple(DayWord)[:7]


@dataclass(frozen=True, slots=True)
class OnADay:
    """Whether a service can start on a kind of day, and between which hours."""

    service: str
    says: str
    can: bool
    hours: tuple[str, ...]
    why: str
    """A sentence for people."""


@dataclass(frozen=True, slots=True)
class FirstStart:
    """When a service can first start, after its notice."""

    service: str
    at: datetime | None
    """In London; None where it cannot within three weeks, or nothing is said of it."""


@dataclass(frozen=True, slots=True)
class HomeComing:
    """When everything can be in place, and what holds it up."""

    day: date | None
    at: datetime | None
    """When the last service of the day can start."""
    services: tuple[FirstStart, ...]
    held_up_by: tuple[str, ...]
    """Services without which it would be earlier, or whose days are not known."""
    says: str


def kind_of(day: date, holidays: Collection[date]) -> DayWord:
    """What a day is to a service: a bank holiday is no Monday."""
    return DayWord.BANK_HOLIDAY if day in holidays else _DAYS[day.weekday()]


def who_can_start(services: Collection[Service], day: DayWord) -> tuple[OnADay, ...]:
    """Of each service, whether it can start on such a day: “who can start this package on a Sunday?”"""
    return tuple(_on_a_day(each, day) for each in services)


def _on_a_day(service: Service, day: DayWord) -> OnADay:
    if service.ready is None:
        return OnADay(service.id, service.says, False, (), "Nobody has said on which days it can start. Ask the provider.")  # fmt: skip
    hours = tuple(f"{each.opens:%H:%M} to {each.closes:%H:%M}" for each in service.ready.windows if day in each.days)  # fmt: skip
    if not hours:
        return OnADay(service.id, service.says, False, (), f"It does not start on a {_lower(day)}.")
    notice = service.ready.notice_hours
    after = f", with {notice} hours' notice" if notice else ""
    return OnADay(service.id, service.says, True, hours, f"It can start from {' and '.join(hours)}{after}.")


def _lower(day: DayWord) -> str:
    return day.value.lower() if day is DayWord.BANK_HOLIDAY else day.value


def first_start(
    services: Collection[Service], ready_at: datetime, holidays: Collection[date] = frozenset()
) -> HomeComing:
    """When a person who is ready to leave at an instant can first come home with everything in place.

    That is the first day on which every service that is needed that day can start, and by which every one that is needed
    before has been able to. Notice runs from the instant given. What may come after holds nothing up.
    """
    found = tuple(
        FirstStart(each.id, next(_starts(each.ready, ready_at, holidays), None) if each.ready else None)
        for each in services
    )
    needed = [each for each in services if each.ready is None or each.ready.needed != "after"]
    first_day = ready_at.astimezone(LONDON).date()
    for after in range(HORIZON):
        day = first_day + timedelta(days=after)
        starts = [_in_place(each, day, ready_at, holidays) for each in needed]
        if all(starts):
            at = max([each for each in starts if each is not None], default=ready_at.astimezone(LONDON))
            held = tuple(
                each.id for each in needed if after and _in_place(each, day - timedelta(days=1), ready_at, holidays) is None
            )  # fmt: skip
            return HomeComing(day, at, found, held, f"Everything can be in place on {day:%A} {in_words(day)} from {at:%H:%M}.")  # fmt: skip
    never = tuple(
        each.id
        for each in needed
        if not any(
            _in_place(each, first_day + timedelta(days=after), ready_at, holidays) for after in range(HORIZON)
        )
    )
    return HomeComing(
        None, None, found, never or tuple(each.id for each in needed),
        "There is no day within three weeks on which everything can be in place. Ask the services that are named.",
    )  # fmt: skip


def _in_place(service: Service, day: date, ready_at: datetime, holidays: Collection[date]) -> datetime | None:
    """When a service is in place on a day: it starts then, or has been able to before."""
    if service.ready is None:
        return None
    for start in _starts(service.ready, ready_at, holidays):
        if start.date() == day or (start.date() < day and service.ready.needed == "before"):
            return start if start.date() == day else datetime.combine(day, time(), LONDON)
        if start.date() > day:
            return None
    return None


def _starts(ready: Readiness, ready_at: datetime, holidays: Collection[date]) -> Iterator[datetime]:
    """The first instant of each day on which a service can start, after its notice, in order."""
    earliest = (ready_at + timedelta(hours=ready.notice_hours)).astimezone(LONDON)
    for after in range(HORIZON + 60):
        day = earliest.date() + timedelta(days=after)
        instants = [
            max(_at(day, each, opens=True), earliest)
            for each in ready.windows
            if kind_of(day, holidays) in each.days and _at(day, each, opens=False) > earliest
        ]
        if instants:
            yield min(instants)


def _at(day: date, window: Window, *, opens: bool) -> datetime:
    return datetime.combine(day, window.opens if opens else window.closes, LONDON)
