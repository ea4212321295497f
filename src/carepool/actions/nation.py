"""The nation at one stated, uniform ambition: what it would have put at stake and released on the real outturn."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from carepool.actions.england import England
from carepool.allocation.indicative import Allocation, share_of_performance
from carepool.basics.money import Pence
from carepool.basics.periods import Quarter, in_words
from carepool.basics.refusals import Unusable
from carepool.basics.workings import Working
from carepool.measures.admissions import Flag, whole_target
from carepool.payment.methods import RELEASES
from carepool.payment.release import Line, Statement, Terms
from carepool.payment.working import explain
from carepool.places.england import Board
from carepool.rules.paying import Rebasing
from carepool.rules.rulebook import RuleSet

_CUT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
RULES = "bcf-2014-08"
"""The set of rules that was operated in 2015-16."""


@dataclass(frozen=True, slots=True)
class BoardYear:
    """A board's year under the what-if: real admissions, a uniform target, and the money that follows."""

    board: Board
    statement: Statement
    flags: tuple[Flag, ...]
    """Doubts about any quarter that the figures rest on, the gravest first."""

    baseline: Decimal
    """Admissions in the baseline quarters."""
    planned: Decimal
    """The uniform target, all quarters."""
    outturn: Decimal | None
    """Admissions in the performance quarters, once all are known."""

    @property
    def change(self) -> Decimal | None:
        """Outturn on baseline, in per cent."""
        return change_of(self.baseline, self.outturn)


@dataclass(frozen=True, slots=True)
class Totals:
    """Some boards added up; money in pence, None while a quarter is not known."""

    says: str
    boards: int
    baseline: Decimal
    outturn: Decimal | None
    fund: Pence
    paid: Pence
    withheld: Pence
    at_stake: Pence
    unreleased: Pence | None
    fell: int | None
    """Boards whose outturn is below their baseline."""

    @property
    def change(self) -> Decimal | None:
        """Outturn on baseline, in per cent."""
        return change_of(self.baseline, self.outturn)


def change_of(baseline: Decimal, outturn: Decimal | None) -> Decimal | None:
    """Outturn on baseline, in per cent; None while the outturn is not known, or without a baseline."""
    return None if outturn is None or not baseline else (outturn / baseline - 1) * 100


@dataclass(frozen=True, slots=True)
class Nation:
    """The answer for England."""

    rules: RuleSet
    ambition: Decimal
    as_at: date | None
    quarters: tuple[Quarter, ...]
    known: tuple[Quarter, ...]
    """The performance quarters whose outturn had been published."""
    boards: tuple[BoardYear, ...]
    totals: tuple[Totals, ...]
    """All boards; without those that rest on an incomplete return; without any flagged."""
    rests_on: tuple[str, ...]
    official: str = ""
    """Where the boards' shares of the performance money are from, once official pounds are loaded."""

    def of_region(self, region: str) -> "Nation":
        """The same of the boards of one region."""
        boards = tuple(each for each in self.boards if each.board.region == region)
        return replace(self, boards=boards, totals=_totals(boards))

    @property
    def shares(self) -> str:
        """What a reader must know of the boards' shares."""
        return official_words(self.official) if self.official else INDICATIVE


def official_words(source: str) -> str:
    """What is said of shares that rest on official pounds."""
    return f"The board's share of the performance money follows from official pounds: {source}."


def parse_ambition(text: str) -> Decimal:
    """A cut in per cent, 0 to 100 with at most two decimals. Unusable otherwise."""
    cleaned = text.strip().removesuffix("%").strip()
    if not _CUT.fullmatch(cleaned):
        raise Unusable(f"“{text}” is not a cut in per cent. Write a number from 0 to 100, like 3.5.")
    ambition = Decimal(cleaned)
    if ambition > 100:
        raise Unusable(f"The cut is “{text}” per cent. Write a number from 0 to 100, like 3.5.")
    if ambition != round(ambition, 2):
        raise Unusable(f"The cut is “{text}” per cent. Write at most two decimals, like 3.07.")
    return ambition.normalize() + 0


def terms_of(rules: RuleSet, unit_value: Pence | None = None) -> Terms:
    """What a set of rules lays down, its values looked up at the first day of the performance it pays for."""
    release = rules.release
    value = rules.value("payment/unit_value", release.performance_quarters[0].first_day).value
    rebasing = rules.find("payment/rebasing", Rebasing)
    beyond = rebasing.points if rebasing else None
    return Terms(unit_value or int(value * 100), release.cap, release.clawback, beyond)


def guideline(rules: RuleSet) -> Decimal:
    """The cut in per cent that the rules expect at least: the ambition that is stated first."""
    return rules.value("payment/guideline", rules.release.performance_quarters[0].first_day).value


def cautions(rules: RuleSet, *extra: str) -> tuple[str, ...]:
    """What a reader must be told of a payment under these rules: its recalled values, and whatever else is said."""
    day = rules.release.performance_quarters[0].first_day
    said = [rules.recalled("payment/unit_value", day), rules.recalled("payment/release"), *extra]
    return tuple(each for each in said if each)


def nation(
    england: England, rules: RuleSet, allocation: Allocation, ambition: Decimal, as_at: date | None = None
) -> Nation:
    """Every board at the same ambition. ``as_at`` leaves out outturns first published after that day.

    Unusable when the baseline itself had not been published by then, or the rules compute no payment.
    """
    release = rules.release
    check_quarters(england, rules)
    known = nation_known(england, rules, as_at)
    shares = share_of_performance(rules, allocation)
    terms = terms_of(rules)
    boards = tuple(
        board_year(england, rules, board, ambition, known, terms, shares[board.code])
        for board in england.places.boards.values()
    )
    return Nation(
        rules, ambition, as_at, release.performance_quarters, known, boards, _totals(boards), cautions(rules),
        allocation.source,
    )  # fmt: skip


def check_quarters(england: England, rules: RuleSet) -> None:
    """Unusable when the rules pay by a quarter of which no admissions are held."""
    board = next(iter(england.places.boards))
    for quarter in (*rules.release.baseline_quarters, *rules.release.performance_quarters):
        if (board, quarter) not in england.admissions.by_board:
            raise Unusable(
                f"{rules.name} pays by {quarter}, and no admissions of that quarter are held. Choose other quarters."
            )


def board_year(
    england: England,
    rules: RuleSet,
    board: Board,
    ambition: Decimal,
    known: Iterable[Quarter],
    terms: Terms,
    share: Pence | None,
) -> BoardYear:
    """One board's year at an ambition, from its real baseline and, for the quarters known, its real outturn."""
    release = rules.release
    lines: list[Line] = []
    flags: set[Flag] = set()
    seen = england.admissions.by_board
    for quarter in release.performance_quarters:
        base = seen[board.code, quarter.year_before]
        actual = seen[board.code, quarter] if quarter in known else None
        target = whole_target(base.count, ambition)
        lines.append(Line(quarter, base.count, target, actual.count if actual else None))
        # Of a baseline only what is missing matters; whether it differs from 2013 is no question of this payment.
        flags.update(flag for flag in base.flags if flag is Flag.INCOMPLETE)
        flags.update(actual.flags if actual else ())
    people = {each.ccg: each.people for each in england.places.by_board[board.code]}
    statement = RELEASES[release.method](board.code, lines, terms, people, share)
    actuals = [line.actual for line in lines if line.actual is not None]
    return BoardYear(
        board,
        statement,
        tuple(flag for flag in Flag if flag in flags),
        sum((line.baseline for line in lines), Decimal(0)),
        sum((line.planned for line in lines), Decimal(0)),
        sum(actuals, Decimal(0)) if len(actuals) == len(lines) else None,
    )


def explain_year(year: BoardYear, rules: RuleSet, official: str = "") -> Working:
    """The working of a board's what-if, with the doubts that it rests on."""
    extra = [
        "The target is a uniform what-if, not the board's own plan.",
        official_words(official) if official else INDICATIVE,
    ]
    if Flag.INCOMPLETE in year.flags:
        extra.insert(0, RESTS_ON_INCOMPLETE)
    elif Flag.UNLIKE in year.flags:
        extra.insert(0, RESTS_ON_UNLIKE)
    data = f"Monthly Activity Return, apportioned to {year.board.code}"
    return explain(year.statement, rules.name, data, cautions(rules, *extra))


RESTS_ON_INCOMPLETE = (
    "It rests on an incomplete return: one provider's activity is missing from the published figures "
    "of July 2014 to March 2015, so a rise or a fall here may not be real."
)
RESTS_ON_UNLIKE = (
    "A commissioner's quarter is more than 25% from the same quarter a year before; "
    "its return may be incomplete or counted in another way."
)
INDICATIVE = (
    "The board's share of the performance money is indicative: the official weights were not published."
)


def nation_known(england: England, rules: RuleSet, as_at: date | None) -> tuple[Quarter, ...]:
    """The performance quarters published by the end of a day. Unusable when the baseline itself was not."""
    release = rules.release
    if as_at is None:
        return release.performance_quarters
    published = england.admissions.known_by(as_at)
    missing = [quarter for quarter in release.baseline_quarters if quarter not in published]
    if missing:
        complete = max(day for day in map(england.admissions.published_on, release.baseline_quarters) if day)
        raise Unusable(
            f"On {in_words(as_at)} the baseline was not complete: {missing[0]} had not been published. "
            f"Ask for {in_words(complete)} or later."
        )
    return tuple(quarter for quarter in release.performance_quarters if quarter in published)


def _totals(boards: tuple[BoardYear, ...]) -> tuple[Totals, ...]:
    sound = [year for year in boards if Flag.INCOMPLETE not in year.flags]
    return (
        total("All boards", boards),
        total("Without boards that rest on an incomplete return", sound),
        total("Without any flagged board", [year for year in boards if not year.flags]),
    )


def total(says: str, boards: Iterable[BoardYear]) -> Totals:
    """Some boards' years added up."""
    years = list(boards)
    outturns = [year.outturn for year in years]
    known = None not in outturns
    money = [year.statement.money for year in years]
    return Totals(
        says,
        len(years),
        sum((year.baseline for year in years), Decimal(0)),
        sum((each for each in outturns if each is not None), Decimal(0)) if known else None,
        sum(each.fund for each in money),
        sum(each.paid for each in money),
        sum(each.withheld for each in money),
        sum(each.at_stake for each in money),
        sum(each.unreleased or 0 for each in money) if known else None,
        sum(year.outturn is not None and year.outturn < year.baseline for year in years) if known else None,
    )


def by_code(answer: Nation) -> Mapping[str, BoardYear]:
    """The board years by board code."""
    return {year.board.code: year for year in answer.boards}
