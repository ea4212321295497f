"""Every payment under every regime a second time, in SQL, from the words of the rules: equal to the penny, board by board."""

import os
import random
import sqlite3
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path

import pytest

from carepool.payment.instead import out_of_hospital
from carepool.payment.methods import METHODS, AnyStatement
from carepool.payment.rebasing import rebased_release
from carepool.payment.release import Statement, release
from carepool.payment.tranches import TrancheStatement, nothing_withheld, own_measures, passed_tests
from carepool.rules.scalars import PaymentMethod
from tests.scenarios import BOARDS, PARTS, PEOPLE, Scenario, scenario

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
SCENARIOS = int(os.environ.get("SECOND_OPINION_SCENARIOS", "10000")) if SOAK else 60
"""Of every board; by soak so many as SECOND_OPINION_SCENARIOS says."""
FEW = 5
"""Scenarios of every board in the quick part."""
BATCH = 10
SQL = (Path(__file__).parent / "second_opinion.sql").read_text(encoding="utf-8")
RELEASES = {"release": release, "rebased": rebased_release}
TRANCHES = {"passed_tests": passed_tests, "nothing_withheld": nothing_withheld, "own_measures": own_measures}
TABLES = """
CREATE TABLE scenario (id INTEGER PRIMARY KEY, board TEXT, unit, cap, back, beyond, share, below, partly, whole);
CREATE TABLE quarter (id INTEGER, n INTEGER, b, t, a, o, c, PRIMARY KEY (id, n));
CREATE TABLE part (part TEXT PRIMARY KEY, weight, together);
CREATE TABLE test (part TEXT, n INTEGER, kind, weight, better, PRIMARY KEY (part, n));
CREATE TABLE seen (id INTEGER, part TEXT, n INTEGER, met, b, t, a, said, PRIMARY KEY (id, part, n));
CREATE TABLE commitment (id INTEGER PRIMARY KEY, spent, held, t, a, value);
CREATE TABLE ccg (board TEXT, code TEXT, people, PRIMARY KEY (board, code));
"""
Row = tuple[object, ...]


def thousandths(number: Decimal | None) -> int | None:
    """A number of admissions as a whole number; no scenario has more than three decimals."""
    if number is None:
        return None
    assert number * 1000 == int(number * 1000)
    return int(number * 1000)


def load(drawn: list[Scenario]) -> sqlite3.Connection:
    """The scenarios as tables, and the second opinion on them."""
    base = sqlite3.connect(":memory:")
    base.executescript(TABLES)

    def fill(table: str, rows: Iterable[Row]) -> None:
        held = list(rows)
        base.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(held[0]))})", held)

    fill("part", ((part.name, part.weight // 10**9, part.together) for part in PARTS))
    fill("test", ((part.name, n, test.kind, int(test.weight * 10), test.better) for part in PARTS for n, test in enumerate(part.tests)))  # fmt: skip
    fill("ccg", ((board, code, people) for board, of in PEOPLE.items() for code, people in of.items()))
    for table, rows_of in (
        ("scenario", _terms),
        ("quarter", _quarters),
        ("seen", _seen),
        ("commitment", _commitment),
    ):
        fill(table, (row for number, each in enumerate(drawn) for row in rows_of(number, each)))
    base.executescript(SQL)
    return base


def _terms(number: int, each: Scenario) -> Iterator[Row]:
    terms, tests = each.terms, each.tests
    below, beyond = int((tests.recovery_below or 0) * 10), int((terms.rebase_beyond or 0) * 10)
    yield (number, each.board, terms.unit_value, terms.cap, terms.clawback, beyond, each.share, below, tests.partly, each.whole)  # fmt: skip


def _quarters(number: int, each: Scenario) -> Iterator[Row]:
    for n, line in enumerate(each.lines, 1):
        yield (
            number,
            n,
            *map(thousandths, (line.baseline, line.planned, line.actual, line.operational, line.changed)),
        )


def _seen(number: int, each: Scenario) -> Iterator[Row]:
    for part in PARTS:
        for n, test in enumerate(part.tests):
            seen = each.seen.get((part.name, test.id))
            if seen:
                yield (number, part.name, n, seen.met, *map(thousandths, (seen.baseline, seen.planned, seen.actual)), seen.better)  # fmt: skip


def _commitment(number: int, each: Scenario) -> Iterator[Row]:
    given = each.commitment
    yield (
        number,
        given.spent,
        given.held,
        thousandths(given.planned),
        thousandths(given.actual),
        given.unit_value,
    )


def ours(each: Scenario) -> dict[str, AnyStatement]:
    """The statements under test, by what the second opinion calls their methods."""
    found: dict[str, AnyStatement] = {}
    for name, pays in RELEASES.items():
        found[name] = pays(each.board, each.lines, each.terms, each.people, each.share)
    for name, reads in TRANCHES.items():
        found[name] = reads(each.board, each.own if name == "own_measures" else each.tests, each.seen, each.people, each.whole)  # fmt: skip
    found["out_of_hospital"] = out_of_hospital(each.board, each.commitment, each.people, each.whole)
    return found


def compare(drawn: list[Scenario]) -> int:
    """Hold every figure, of the board and of each CCG, every quarter and every test against the second opinion."""
    base, figures = load(drawn), set[Row]()
    parts, quarters, tests, recovery = set[Row](), set[Row](), set[Row](), set[Row]()
    for number, each in enumerate(drawn):
        for method, found in ours(each).items():
            for name in type(found.money).__dataclass_fields__:
                figures.add((number, method, name, getattr(found.money, name)))
                parts.update(
                    (number, method, name, code, getattr(of, name)) for code, of in found.by_ccg.items()
                )
            if isinstance(found, Statement):
                before = due = 0
                for n, quarter in enumerate(found.quarters, 1):
                    due += quarter.maximum_payment
                    before += quarter.payment or 0
                    quarters.add((number, method, n, due, None if quarter.payment is None else before))
            if isinstance(found, TrancheStatement):
                recovery.add((number, method, found.to_recovery))
                tests.update(
                    (number, method, part.part.name, n, each.worth, each.outcome.value, each.amounts.earned)
                    for part in found.parts
                    for n, each in enumerate(part.tests)
                )
    for asked, mine in (
        ("SELECT id, method, name, pence FROM figure", figures),
        ("SELECT id, method, name, code, pence FROM ccg_figure", parts),
        ("SELECT id, method, n, due, paid FROM so_far", quarters),
        ("SELECT id, method, part, n, worth, outcome, earned FROM test_paid", tests),
        ("SELECT id, method, recovery FROM tests_paid", recovery),
    ):
        theirs = set(base.execute(asked))
        assert theirs == mine, (
            asked,
            sorted(theirs ^ mine, key=str)[:6],
            drawn[next(iter(theirs ^ mine))[0]],
        )  # type: ignore[call-overload]
    base.close()
    return len(figures)


def every_board(seed: int, number: int) -> int:
    """So many scenarios of every board, some at a time; how many figures were held against each other."""
    batches = [(seed + first, min(BATCH, number - first)) for first in range(0, number, BATCH)]
    if not SOAK:
        return sum(map(one_batch, batches))
    # A million and a half of scenarios: each core its own batches, each batch its own chance.
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("fork")) as cores:
        return sum(cores.map(one_batch, batches, chunksize=4))


def one_batch(batch: tuple[int, int]) -> int:
    """Some scenarios of every board, drawn from a seed."""
    seed, some = batch
    chance = random.Random(seed)
    return compare([scenario(chance, board) for _ in range(some) for board in PEOPLE])


@pytest.mark.slow
def test_a_second_opinion_on_every_regime() -> None:
    """A few scenarios of 150 boards: all six methods, every figure, quarter, test and CCG, equal to the penny."""
    assert every_board(20140818, FEW) == BOARDS * FEW * (5 * 5 + 6)


@pytest.mark.slow
def test_a_second_opinion_on_many_years() -> None:
    """150 boards, 60 scenarios of each, every regime; 10,000 of each by soak."""
    assert every_board(20150320, SCENARIOS) == BOARDS * SCENARIOS * (5 * 5 + 6)


def test_no_method_is_without_a_second_opinion() -> None:
    """As many methods are held against it as the rulebook can name."""
    held = {*RELEASES.values(), *TRANCHES.values(), out_of_hospital}
    assert held == set(METHODS.values())
    assert len(held) == len(PaymentMethod)


def test_the_scenarios_reach_every_case() -> None:
    """Changed targets, capped funds, unknown quarters, metrics that fall short, on the threshold, and drawn risk shares occur."""
    chance = random.Random(1)
    drawn = [scenario(chance, board) for board in PEOPLE]
    found = [ours(each) for each in drawn]
    rebased = [each["rebased"].rebased for each in found if isinstance(each["rebased"], Statement)]
    assert {None if each is None else (each.may_change, each.changed) for each in rebased} == {None, (False, False), (True, False), (True, True)}  # fmt: skip
    passed = [each["passed_tests"] for each in found]
    outcomes = {test.outcome for each in passed if isinstance(each, TrancheStatement) for part in each.parts for test in part.tests}  # fmt: skip
    assert len(outcomes) == 4
    released = [each["release"] for each in found]
    assert {each.capped for each in released if isinstance(each, Statement)} == {True, False}
    assert {each.money.unreleased is None for each in released if isinstance(each, Statement)} == {
        True,
        False,
    }
