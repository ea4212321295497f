"""No hidden count can be worked out: a reader who tries every table finds at least two that fit, for each.

The reader here shares no code with ``disclosure``: it writes down every way to fill the hidden cells, row by row, and
keeps those whose sums agree with the totals shown. The control hides the small counts only, and leaks.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from carepool.disclosure.cells import HIDDEN
from carepool.disclosure.reach import TOTAL, Reach
from carepool.disclosure.tables import Protected, protect, with_totals
from carepool.rules.scalars import Confidence
from carepool.rules.schema import Suppression

Counts = dict[tuple[str, str], int]


def rule(low: int, high: int, nearest: int) -> Suppression:
    """A rule made for a test."""
    return Suppression.model_construct(
        data="test", says="", hide_from=Decimal(low), hide_to=Decimal(high), nearest=Decimal(nearest),
        possible=Decimal(2), source="", confidence=Confidence.DERIVED,
    )  # fmt: skip


RULES = [rule(1, 3, 1), rule(1, 2, 5), rule(1, 3, 3)]


@st.composite
def tables(draw: st.DrawFn) -> Counts:
    """A small table of small counts, so that every filling of it can be written down."""
    rows, columns = draw(st.sampled_from([(1, 3), (1, 4), (2, 2), (2, 3), (3, 2)]))
    return {
        (f"r{row}", f"c{column}"): draw(st.integers(0, 7)) for row in range(rows) for column in range(columns)
    }


def shown_as(nearest: int, count: int) -> int:
    """A count rounded as the rule says, worked out anew."""
    return int((Decimal(count) / nearest).quantize(Decimal(1), ROUND_HALF_UP)) * nearest


def fillings(found: Protected, counts: Counts, rules: Suppression, tells: bool = True) -> Iterator[Counts]:
    """Every table that a reader cannot rule out, who knows the rule and perhaps which cells were small."""
    low, high, nearest = int(rules.hide_from), int(rules.hide_to), int(rules.nearest)
    greatest = max(counts.values(), default=0) + 3
    rows = sorted({row for row, _ in counts})
    columns = sorted({column for _, column in counts})

    def unseen(key: tuple[str, str], count: int) -> bool:
        """Whether a hidden count could be so much."""
        if not tells:
            return count >= low
        return low <= count <= high if key in found.small else not low <= count <= high

    def could(key: tuple[str, str]) -> list[int]:
        shown = found.cells[key].value if key in found.cells else None
        if shown is None:
            return [each for each in range(greatest + 1) if unseen(key, each)]
        return [
            each
            for each in range(int(shown) + nearest + 1)
            if shown_as(nearest, each) == shown and not low <= each <= high
        ]

    def fits(key: tuple[str, str], total: int) -> bool:
        if key not in found.cells:
            return True
        shown = found.cells[key].value
        if shown is None:
            return unseen(key, total)
        return shown_as(nearest, total) == shown and not low <= total <= high

    by_row = [
        [
            values
            for values in product(*(could((row, column)) for column in columns))
            if fits((row, TOTAL), sum(values))
        ]
        for row in rows
    ]
    for table in product(*by_row):
        sums = [sum(each) for each in zip(*table, strict=True)]
        if fits((TOTAL, TOTAL), sum(sums)) and all(
            fits((TOTAL, column), total) for column, total in zip(columns, sums, strict=True)
        ):
            yield {
                (row, column): value
                for row, values in zip(rows, table, strict=True)
                for column, value in zip(columns, values, strict=True)
            }


def worked_out(
    found: Protected, counts: Counts, rules: Suppression, tells: bool = True
) -> set[tuple[str, str]]:
    """The small counts, totals among them, for which the reader is left with one value."""
    seen: dict[tuple[str, str], set[int]] = {key: set() for key in found.small}
    for number, table in enumerate(fillings(found, counts, rules, tells)):
        whole = with_totals(table)
        for key, values in seen.items():
            values.add(whole[key])
        if number > 2 and all(len(values) > 1 for values in seen.values()):
            break
        if number >= 20_000:
            reject()
    return {key for key, values in seen.items() if len(values) < 2}


def all_hidden(found: Protected) -> Protected:
    """The same table with nothing shown but what is zero, which hides nothing."""
    cells = {key: cell if cell.value == 0 else HIDDEN for key, cell in found.cells.items()}
    return Protected(cells, found.small, found.beside)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(tables(), st.sampled_from(RULES), st.sampled_from([(True, True), (True, False), (False, True)]))
@pytest.mark.slow
def test_no_small_count_can_be_worked_out(
    counts: Counts, rules: Suppression, totals: tuple[bool, bool]
) -> None:
    """Whatever the table, the rule and the totals shown, every small count has two values or more.

    So it has for a reader who can tell which counts are small, unless it would have one with nothing but zeros shown.
    """
    found = protect(rules, counts, totals_of_rows=totals[0], totals_of_columns=totals[1])
    assert worked_out(found, counts, rules, tells=False) == set()
    if rest := worked_out(found, counts, rules):
        assert rest <= worked_out(all_hidden(found), counts, rules)


def test_the_control_leaks() -> None:
    """Without hiding anything beside the small counts, the reader finds them: the property above can fail."""
    rules = RULES[0]
    counts = {("r0", "c0"): 2, ("r0", "c1"): 7, ("r0", "c2"): 6}
    alone = protect(rules, counts, beside=False)
    assert ("r0", "c0") in worked_out(alone, counts, rules)
    assert worked_out(protect(rules, counts), counts, rules) == set()


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(tables(), st.booleans())
def test_the_range_is_exact(counts: Counts, columns: bool) -> None:
    """The least and greatest that the network gives a small count are those of every filling written down."""
    rules = rule(1, 3, 1)
    found = protect(rules, counts, totals_of_columns=columns, beside=False)
    whole = with_totals(counts)
    known = dict.fromkeys(whole, (0, 1 << 30))
    for key, cell in found.cells.items():
        known[key] = (1, 3) if key in found.small else (int(cell.value or 0), int(cell.value or 0))
    reach = Reach(whole, known)
    seen: dict[tuple[str, str], set[int]] = {key: set() for key in found.small}
    for table in fillings(found, counts, rules):
        filled = with_totals(table)
        for key, values in seen.items():
            values.add(filled[key])
    for key, values in seen.items():
        assert reach.range(key) == (min(values), max(values)), key


@settings(max_examples=100, deadline=None)
@given(tables(), st.sampled_from(RULES))
def test_what_is_shown_is_true(counts: Counts, rules: Suppression) -> None:
    """A shown count is the true one, rounded as the rule says; a small one is never shown."""
    found = protect(rules, counts)
    whole = with_totals(counts)
    for key, cell in found.cells.items():
        if cell.value is not None:
            assert cell.value == shown_as(int(rules.nearest), whole[key])
            assert key not in found.small
