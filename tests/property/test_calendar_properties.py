"""What holds of any agenda: clear days as a slow count of our own finds them, and days in the order of what is done."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from carepool.basics.periods import end_of_day
from carepool.calendar.agenda import agenda
from carepool.calendar.days import first_after, last_before, last_in_time
from carepool.calendar.meetings import Diary, Meeting, MeetingKind, OwnDays
from carepool.calendar.parts import Due, Party, StepKind
from carepool.rules.scalars import Moment
from carepool.wiring import disk

PROCEDURE = disk.rulebook().procedure(date(2014, 9, 1))[1]
CLOSED = {each.on for each in PROCEDURE.holidays}
AT = datetime(2014, 1, 1, tzinfo=UTC)
days = st.dates(date(2013, 6, 1), date(2027, 6, 30))
numbers = st.integers(0, 40)
units = st.sampled_from(["clear days", "clear working days"])


def open_on(day: date) -> bool:
    """Whether offices are open, told by the name of the weekday."""
    return f"{day:%a}" not in {"Sat", "Sun"} and day not in CLOSED


def between(first: date, last: date, unit: str) -> int:
    """How many days lie between two, counted one by one."""
    inside = (date.fromordinal(each) for each in range(first.toordinal() + 1, last.toordinal()))
    return sum(1 for day in inside if unit == "clear days" or open_on(day))


@given(days, numbers, units)
def test_the_last_day_before(day: date, number: int, unit: str) -> None:
    """It is a working day that leaves enough days, and no later working day does."""
    found = last_before(day, number, unit, CLOSED)
    later = [date.fromordinal(each) for each in range(found.toordinal() + 1, day.toordinal())]
    assert open_on(found)
    assert between(found, day, unit) >= number
    assert not any(open_on(each) and between(each, day, unit) >= number for each in later)


@given(days, st.integers(1, 40), units)
def test_the_first_day_after(day: date, number: int, unit: str) -> None:
    """It leaves enough days, and the day before it does not."""
    found = first_after(day, number, unit, CLOSED)
    assert between(day, found, unit) == number
    assert between(day, found - timedelta(1), unit) < number


@given(days, numbers, units)
def test_the_last_day_in_time(day: date, number: int, unit: str) -> None:
    """What is decided then counts by the day, and what is decided on the next working day does not."""
    found = last_in_time(day, number, unit, CLOSED)
    after = found + timedelta(1)
    while not open_on(after):
        after += timedelta(1)
    assert first_after(found, number, unit, CLOSED) <= day < first_after(after, number, unit, CLOSED)


@given(
    st.sampled_from(["council", "ccg", "board", "icb"]),
    days,
    st.lists(st.integers(-90, 30), max_size=6),
    st.integers(-120, 20),
    st.none() | st.tuples(st.integers(0, 15), units),
)
def test_an_agendas_days_are_in_order(
    kind: str, last: date, meetings: list[int], today: int, own: tuple[int, str] | None
) -> None:
    """Papers come before the meeting, the meeting before its effect, and that by the deadline; a notice comes before all."""
    body = f"{kind}:X"
    held = tuple(
        Meeting(str(n), body, last + timedelta(each), "Meeting", MeetingKind.FULL, None, False, 0, AT)
        for n, each in enumerate(sorted(meetings), 1)
    )
    own_days = {step: OwnDays(*own, AT) for step in ("call_in", "papers")} if own else {}
    due = Due("d", "Due", Moment(written=last.isoformat(), instant=end_of_day(last), day=last), "a rule")
    party = Party(body, "The body", kind, "Awaited", False, AT, "Chief", "Clerk")
    now = end_of_day(last + timedelta(today)) - timedelta(hours=8)
    made = agenda("p", due, now, [party], {body: Diary(body, held, own_days)}, PROCEDURE, "r")
    (line,) = made.lines
    order = [line.by(kind) for kind in StepKind]
    stood = [day for day in order if day is not None]
    assert stood == sorted(stood)
    assert stood[-1] <= last
    in_time = [
        each.on
        for each in held
        if each.on >= made.today and (kind != "council" or first_after(each.on, *(own or (5, "clear working days")), CLOSED) <= last) and each.on <= last
    ]  # fmt: skip
    assert (line.meeting.on if line.meeting else None) == (max(in_time) if in_time else None)
    assert all(each.until >= made.today for each in line.routes)
    assert made.passed == (today > 0)
