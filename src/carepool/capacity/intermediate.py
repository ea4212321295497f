"""Intermediate care by pathway, service and month: places and people, the gap, who waits, and the hospital beds that they wait in.

Who is not served in a month waits into the next. The beds are the mean of those who wait at its start and at its end.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import in_figures, round_half_up
from carepool.basics.periods import parse_date
from carepool.basics.refusals import Unusable, printable
from carepool.basics.tables import read_table
from carepool.basics.workings import Step, Working
from carepool.measures.cells import read_cell

COLUMNS = ("pathway", "service", "month", "places", "demand", "stay_days")
RULE = "planning/assumptions"
MOST = Decimal(1_000_000)
MOST_STAY = Decimal(365)
MOST_ROWS = 20_000
Service = tuple[str, str]
"""Pathway and service."""


@dataclass(frozen=True, slots=True)
class Need:
    """A service in a month."""

    month: str
    places: Decimal
    demand: Decimal
    """People who are to begin."""
    stay_days: Decimal

    @property
    def days(self) -> int:
        """The days of the month."""
        return monthrange(int(self.month[:4]), int(self.month[5:]))[1]

    def can_serve(self, more: Decimal = Decimal(0)) -> Decimal:
        """The people who can begin, with so many more places, to one decimal."""
        return round_half_up((self.places + more) * self.days / self.stay_days, 1)


@dataclass(frozen=True, slots=True)
class Month:
    """What a month comes to."""

    need: Need
    can_serve: Decimal
    gap: Decimal
    """More people than can be served; below nothing, places to spare."""
    waiting: Decimal
    """Those who wait at its end."""
    beds: Decimal
    """Hospital beds that they wait in, on a mean night."""


def run_months(needs: Sequence[Need], in_hospital: Decimal, more: Decimal = Decimal(0)) -> tuple[Month, ...]:
    """The months of a service in order, with so many more places; ``in_hospital`` is per cent of those who wait."""
    made, waiting = [], Decimal(0)
    for each in needs:
        before, able = waiting, each.can_serve(more)
        waiting = max(before + each.demand - able, Decimal(0))
        beds = round_half_up((before + waiting) / 2 * in_hospital / 100, 1)
        made.append(Month(each, able, each.demand - able, waiting, beds))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class All:
    """All services in a month together."""

    month: str
    demand: Decimal
    can_serve: Decimal
    waiting: Decimal
    beds: Decimal

    @property
    def gap(self) -> Decimal:
        """More people than can be served; below nothing, places to spare, which need not be where they are wanted."""
        return self.demand - self.can_serve


def together(services: Iterable[Sequence[Month]]) -> tuple[All, ...]:
    """Services added up, month by month."""
    by_month: dict[str, list[Month]] = {}
    for months in services:
        for each in months:
            by_month.setdefault(each.need.month, []).append(each)
    zero = Decimal(0)
    return tuple(
        All(
            month, sum((one.need.demand for one in each), zero), sum((one.can_serve for one in each), zero),
            sum((one.waiting for one in each), zero), sum((one.beds for one in each), zero),
        )
        for month, each in sorted(by_month.items())
    )  # fmt: skip


def explain_last(service: Service, months: Sequence[Month], in_hospital: Decimal) -> Working:
    """How the waiting and the beds of a service's last month were reached."""
    last = months[-1]
    before = months[-2].waiting if len(months) > 1 else Decimal(0)
    steps = (
        Step("Waiting at the start", before, "people"),
        Step("To begin in the month", last.need.demand, "people"),
        Step("Can begin", -last.can_serve, "people", f"{in_figures(last.need.places)} places × {last.need.days} days ÷ {in_figures(last.need.stay_days)} days"),
        Step("The remainder: waiting at the end, or places to spare", before + last.need.demand - last.can_serve, "people"),
    )  # fmt: skip
    how = f"Hospital beds in {last.need.month}: {' · '.join(service)}, the mean of start and end × {in_figures(in_hospital)}%"
    return Working(how, last.beds, "beds", steps)


def read_needs(name: str, content: bytes) -> tuple[Mapping[Service, tuple[Need, ...]], list[Finding]]:
    """The services of a CSV table, each with its months in order. Unusable with the row for what cannot be read.

    A month that is missing between others is a finding that blocks: it is not taken for one without demand.
    """
    found: dict[Service, dict[str, Need]] = {}
    for row, cells in read_table(name, content, COLUMNS):
        where = f"{name}, row {row}"
        if row > MOST_ROWS:
            raise Unusable(f"{name} has more than {MOST_ROWS:,} rows. Hand in fewer.")
        service = printable(cells["pathway"][:100]), printable(cells["service"][:100])
        if not all(service):
            raise Unusable(f"{where} has no pathway or no service. Name both.")
        month = _month(where, cells["month"])
        if month in found.setdefault(service, {}):
            raise Unusable(f"{where} gives {' · '.join(service)} in {month} twice. Keep one.")
        places, demand = (_number(where, each, cells[each], MOST) for each in ("places", "demand"))
        stay = _number(where, "stay_days", cells["stay_days"], MOST_STAY)
        if not stay:
            raise Unusable(
                f"{where}: a stay of zero days needs no place. Write how long people stay, like 21."
            )
        found[service][month] = Need(month, places, demand, stay)
    if not found:
        raise Unusable(f"{name} has no rows. Write one for each service and month.")
    services = {each: tuple(found[each][month] for month in sorted(found[each])) for each in sorted(found)}
    return services, [fault for each, needs in services.items() for fault in _faults(each, needs)]


def _faults(service: Service, needs: Sequence[Need]) -> list[Finding]:
    """Months that are missing, and a service without any place though people come."""
    made, says_who = [], " · ".join(service)
    numbers = [int(each.month[:4]) * 12 + int(each.month[5:]) - 1 for each in needs]
    lacking = sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers))
    if lacking:
        months = ", ".join(f"{each // 12}-{each % 12 + 1:02}" for each in lacking[:6])
        says = f"{says_who} lacks {months}{' and more' if len(lacking) > 6 else ''}."
        made.append(Finding("month-missing", Severity.BLOCKER, says_who, says, "Write its row, with a zero where there was none.", RULE))  # fmt: skip
    if not any(each.places for each in needs) and any(each.demand for each in needs):
        says = f"{says_who} has no places, and people are to begin."
        made.append(Finding("no-places", Severity.WARNING, says_who, says, "Write its places, or count its people where they go.", RULE))  # fmt: skip
    return made


def _month(where: str, cell: str) -> str:
    try:
        return parse_date(f"{cell}-01").isoformat()[:7]
    except Unusable:
        raise Unusable(f"{where}: “{printable(cell[:40])}” is no month. Write it like 2015-04.") from None


def _number(where: str, column: str, cell: str, most: Decimal) -> Decimal:
    read = read_cell(cell)
    if read is None or read.number is None or not 0 <= read.number <= most:
        raise Unusable(f"{where}: {column} “{printable(cell[:40])}” cannot be used. Write a number from 0 to {most:,}.")  # fmt: skip
    return read.number
