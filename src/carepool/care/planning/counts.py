"""What leaves the wing of people's plans: counts by board and month, through the rules for small numbers, and nothing else."""

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from carepool.basics.periods import LONDON, end_of_day
from carepool.care.planning.care import Care
from carepool.care.planning.packages import Accountable, Package, accountable
from carepool.disclosure.cells import Cell, Shown
from carepool.disclosure.reach import Key
from carepool.disclosure.tables import shares
from carepool.rules.caring import VoiceQuestions
from carepool.rules.schema import Suppression

SATURDAY = 5


class Metric(StrEnum):
    """What is counted: a part of a whole, each by board and month."""

    EXPERIENCE = "can_plan_my_care"
    """Of answers to the statement after a review in the month, those that agree."""
    ACCOUNTABLE = "accountable_professional"
    """Of integrated packages that run at the month's end, those with an accountable professional then."""
    JOINT_PLANS = "joint_plans"
    """Of plans first agreed in the month, those that rest on an assessment by health and social care."""
    TRACED = "traced_numbers"
    """Of people known at the month's end, those whose NHS number was verified by then."""
    WEEKEND = "weekend_starts"
    """Of packages that start in the month, those that start on a Saturday, a Sunday or a bank holiday."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A person's care with what the wing knows beside the journal."""

    care: Care
    board: str
    known_since: date
    verified_on: date | None = None
    """When the NHS number was verified."""
    joint: Collection[str] = field(default=frozenset())
    """The digests of plans that rest on an assessment that is ``joint``."""


@dataclass(frozen=True, slots=True)
class Row:
    """A part and its whole as they may be shown; None where they are hidden."""

    metric: Metric
    board: str
    month: str
    numerator: int | None
    denominator: int | None
    status: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """What may be shown outside the wing."""

    csv: str
    shown: int
    hidden: int
    rows: tuple[Row, ...] = ()


def leaving(
    people: Iterable[Placed],
    months: Collection[str],
    asked: VoiceQuestions,
    rule: Suppression,
    holidays: Collection[date] = frozenset(),
) -> Leaving:
    """All metrics by board and month as CSV, in the columns metric, board, month, numerator, denominator and status.

    Where a part or the rest of it is small, both counts are hidden and marked; the others are rounded as the rule says.
    """
    parts: dict[Metric, dict[Key, int]] = defaultdict(lambda: defaultdict(int))
    wholes: dict[Metric, dict[Key, int]] = defaultdict(lambda: defaultdict(int))
    for each in people:
        for metric, board, month, yes in _counted(each, months, asked, holidays):
            wholes[metric][board, month] += 1
            parts[metric][board, month] += yes
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["metric", "board", "month", "numerator", "denominator", "status"])
    shown = hidden = 0
    rows = []
    for metric in Metric:
        for (board, month), (part, whole) in shares(rule, parts[metric], wholes[metric]).items():
            writer.writerow([metric, board, month, str(part), str(whole), str(part.shown)])
            rows.append(Row(metric, board, month, _number(part), _number(whole), str(part.shown)))
            shown += part.shown is Shown.SHOWN
            hidden += part.shown is Shown.HIDDEN
    return Leaving(out.getvalue(), shown, hidden, tuple(rows))


def _number(cell: Cell) -> int | None:
    return None if cell.value is None else int(cell.value)


def _counted(
    placed: Placed, months: Collection[str], asked: VoiceQuestions, holidays: Collection[date]
) -> Iterator[tuple[Metric, str, str, bool]]:
    for metric, board, month, yes in _in_time(placed, asked, holidays):
        if month in months:
            yield metric, board, month, yes
    for month in months:
        last = _last_day(month)
        at = end_of_day(last)
        if placed.known_since <= last:
            yield (
                Metric.TRACED,
                placed.board,
                month,
                placed.verified_on is not None and placed.verified_on <= last,
            )
        for package in placed.care.packages.values():
            if package.needs_one(at):
                yield (
                    Metric.ACCOUNTABLE,
                    placed.board,
                    month,
                    isinstance(accountable(package, at), Accountable),
                )


def _in_time(
    placed: Placed, asked: VoiceQuestions, holidays: Collection[date]
) -> Iterator[tuple[Metric, str, str, bool]]:
    """What happened on a day: answers, plans agreed, packages started."""
    experience = {each.id for each in asked.questions if each.experience}
    for review in placed.care.reviews:
        for voice in review.voices:
            for answer in _answers(voice.answers, experience):
                yield (
                    Metric.EXPERIENCE,
                    voice.board or placed.board,
                    _month(voice.at),
                    answer >= asked.agrees_from,
                )
    agreed: set[str] = set()
    for version in placed.care.plans:
        if version.settled and version.of not in agreed:
            agreed.add(version.of)
            yield Metric.JOINT_PLANS, placed.board, _month(version.settled), version.document in placed.joint
    for package in placed.care.packages.values():
        yield Metric.WEEKEND, placed.board, _month(package.starts), _on_a_weekend(package, holidays)


def _answers(answers: Mapping[str, int | None], of: Collection[str]) -> Iterator[int]:
    for id_, answer in answers.items():
        if id_ in of and answer is not None:
            yield answer


def _on_a_weekend(package: Package, holidays: Collection[date]) -> bool:
    day = package.starts.astimezone(LONDON).date()
    return day.weekday() >= SATURDAY or day in holidays


def _month(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%Y-%m}"


def _last_day(month: str) -> date:
    first = date.fromisoformat(f"{month}-01")
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
