"""What is published together gives no small count away: bounds by linear programming, on random tables that share their counts."""

import os
import random
from decimal import Decimal
from itertools import product

import pytest

from carepool.disclosure.audit import Interval, Output, audit, hold_together
from carepool.disclosure.reach import TOTAL
from carepool.disclosure.tables import protect, with_totals
from tests.property.test_disclosure_properties import rule

SEED = 55
TABLES = 100_000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 500
RULE = rule(1, 7, 1)
Counts = dict[tuple[str, str], int]


def drawn(chance: random.Random) -> dict[str, tuple[str, Counts]]:
    """One table, or two cuts of the same people: by age and board, and by sex and board."""
    boards = [f"b{each}" for each in range(chance.randint(2, 3))]
    ages = [f"age {each}" for each in range(2)]
    people = {
        (age, sex, board): chance.choice(
            (0, chance.randint(0, 9), chance.randint(5, 60), chance.randint(5, 60))
        )
        for age, sex, board in product(ages, ("f", "m"), boards)
    }
    by_age = {(age, board): sum(people[age, sex, board] for sex in ("f", "m")) for age, board in product(ages, boards)}  # fmt: skip
    by_sex = {(sex, board): sum(people[age, sex, board] for age in ages) for sex, board in product(("f", "m"), boards)}  # fmt: skip
    tables = {"by age": ("stays", by_age)}
    return tables if chance.random() < 0.5 else {**tables, "by sex": ("stays", by_sex)}


def alone(tables: dict[str, tuple[str, Counts]], *, beside: bool) -> list[Output]:
    """Each table protected as if it were the only one, or its small counts hidden and nothing beside them."""
    return [
        Output(name, subject, counts, protect(RULE, counts, beside=beside).cells)
        for name, (subject, counts) in tables.items()
    ]


@pytest.mark.slow
def test_no_hidden_count_is_pinned() -> None:
    """In so many random tables, published together; hiding the small ones alone leaks, and so does each table for itself."""
    chance = random.Random(SEED)
    seen = plain = apart = 0
    while seen < TABLES:
        tables = drawn(chance)
        found = hold_together(RULE, alone(tables, beside=True))
        seen, evidence = seen + len(tables), found.evidence
        assert evidence.narrow == (), f"seed {SEED}, after {seen} tables: {tables}"
        for each in evidence.intervals:
            true = with_totals(next(counts for _, counts in tables.values() if each.count[1:] in with_totals(counts)))[each.count[1:]]  # fmt: skip
            assert each.least <= true, each
            assert each.greatest is None or true <= each.greatest, each
        if seen <= 120:
            plain += bool(audit(RULE, alone(tables, beside=False)).narrow)
            apart += bool(len(tables) > 1 and audit(RULE, alone(tables, beside=True)).narrow)
    assert plain > 10, "the control leaks"
    assert apart > 0, "tables that are protected one by one leak together"


def test_a_table_that_is_published_later_can_give_a_count_away() -> None:
    """Protected by itself each is safe; together the second tells what the first hides, and the audit names it."""
    by_age = {("young", "a"): 3, ("old", "a"): 20, ("young", "b"): 30, ("old", "b"): 40}
    first = protect(rule(1, 7, 1), by_age)
    assert first.cells["young", "a"].value is None
    again = protect(rule(1, 7, 1), by_age, beside=False).cells
    exact = rule(1, 7, 1)
    earlier = Output("first", "stays", by_age, first.cells)
    assert audit(exact, [earlier]).narrow == ()
    found = audit(exact, [earlier, Output("later", "stays", by_age, again)])
    assert found.narrow == (Interval(("stays", "young", "a"), 3, 3),)
    assert found.as_data()["narrow"] == [
        {"subject": "stays", "row": "young", "column": "a", "least": 3, "greatest": 3}
    ]


@pytest.mark.slow
def test_bounds_are_those_of_an_exact_search() -> None:
    """On one small table the bounds are those that a walk over every filling finds."""
    chance, exact = random.Random(SEED), rule(1, 3, 1)
    for _ in range(8):
        counts = {(row, column): chance.randint(0, 5) for row, column in product("rs", "ab")}
        found = protect(exact, counts)
        evidence = audit(exact, [Output("one", "x", counts, found.cells)])
        for each in evidence.intervals:
            seen = sorted({filling[each.count[1:]] for filling in _fillings(found.cells, with_totals(counts), counts)})  # fmt: skip
            if seen and each.greatest is not None and each.greatest <= 8:
                assert (each.least, each.greatest) == (seen[0], seen[-1]), (counts, each)


def _fillings(cells, whole, counts):  # type: ignore[no-untyped-def]
    """Every filling of the parts up to 8 that the totals shown allow."""
    ranges = [
        [int(cells[key].value)] if cells[key].value is not None else range(0 if whole[key] < 1 else 1, 9)
        for key in counts
    ]
    for values in product(*ranges):
        filled = with_totals(dict(zip(counts, values, strict=True)))
        if all(
            cell.value is None or Decimal(filled[key]) == cell.value for key, cell in cells.items()
        ) and all(
            filled[key] >= 1
            for key, cell in cells.items()
            if cell.value is None and TOTAL in key and whole[key] >= 1
        ):
            yield filled
