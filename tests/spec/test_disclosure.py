"""Small numbers: which counts are hidden before others see them, and how none of them follows from the rest."""

from decimal import Decimal

import pytest

from carepool.basics.refusals import Unusable
from carepool.disclosure.cells import MARK, Shown, cell_of, rate_of
from carepool.disclosure.reach import TOTAL
from carepool.disclosure.tables import proportion, protect
from carepool.rules.rulebook import Rulebook
from carepool.rules.scalars import Confidence
from carepool.rules.schema import Disclosure, Suppression


def rule(hide: tuple[int, int] = (1, 7), nearest: int = 5, possible: int = 2) -> Suppression:
    """A rule made for a test."""
    return Suppression.model_construct(
        data="test", says="", hide_from=Decimal(hide[0]), hide_to=Decimal(hide[1]), nearest=Decimal(nearest),
        possible=Decimal(possible), source="", confidence=Confidence.DERIVED,
    )  # fmt: skip


def text(rules: Suppression, *counts: int) -> list[str]:
    """Counts of one row with their total, as they are shown."""
    found = protect(
        rules, {("all", f"{number}"): count for number, count in enumerate(counts)}, totals_of_columns=False
    )
    return [
        str(found.cells["all", each]) for each in [*(f"{number}" for number in range(len(counts))), TOTAL]
    ]


def test_small_counts_are_hidden_and_others_rounded(rulebook: Rulebook) -> None:
    """Of hospital episodes counts from 1 to 7 are hidden and others shown to the nearest 5; of the monthly return none is."""
    table = rulebook.named("bcf-2014-08").find("disclosure", Disclosure)
    assert table
    episodes, monthly = (
        next(each for each in table.suppressions if each.data == data)
        for data in ("hospital_episodes", "monthly_activity_return")
    )
    assert [str(cell_of(episodes, count)) for count in (0, 1, 7, 8, 12, 13)] == ["0", "*", "*", "10", "10", "15"]  # fmt: skip
    assert [str(cell_of(monthly, count)) for count in (0, 1, 7, 8)] == ["0", "1", "7", "8"]


def test_hidden_is_never_zero() -> None:
    """A hidden count has a status and no value; zero is a value."""
    assert cell_of(rule(), 3).as_data() == {"value": None, "status": "suppressed"}
    assert cell_of(rule(), 0).as_data() == {"value": "0", "status": "shown"}
    assert MARK == "*"


def test_one_hidden_part_of_a_sum_takes_another_with_it() -> None:
    """3 of 103 would follow from 100 and the total, so the smallest other part is hidden too."""
    assert text(rule(nearest=1), 3, 40, 60) == ["*", "*", "60", "103"]
    assert text(rule(nearest=1), 40, 60) == ["40", "60", "100"]


def test_two_hidden_parts_that_can_only_be_one_way_take_a_third() -> None:
    """7 and 7 of 14, each known to be 7 at most, can be nothing else; 3 and 4 of 7 can."""
    assert text(rule(nearest=1), 7, 7, 30, 50) == ["*", "*", "*", "50", "94"]
    assert text(rule(nearest=1), 3, 4, 30, 50) == ["*", "*", "30", "50", "87"]


def test_rounding_may_be_enough() -> None:
    """Where others and the total are rounded, a hidden part has several values already; nothing more is hidden than must be."""
    assert text(rule(), 3, 41, 61) == ["*", "40", "60", "105"]


def test_totals_in_two_directions_are_both_watched() -> None:
    """A hidden count in a table with totals of rows and of columns needs a rectangle of hidden ones."""
    counts = {
        (row, column): value
        for row, values in {"a": (2, 30, 40), "b": (20, 35, 45), "c": (25, 50, 60)}.items()
        for column, value in zip("xyz", values, strict=True)
    }
    found = protect(rule(nearest=1), counts)
    assert found.small == {("a", "x")}
    hidden = sorted(key for key, cell in found.cells.items() if cell.shown is Shown.HIDDEN)
    assert hidden == [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")]
    assert found.cells[TOTAL, TOTAL].value == 307


def test_a_rate_is_made_of_what_is_shown() -> None:
    """The rate of a hidden count is hidden; that of a rounded one is made from the rounded figure, or it would give it back."""
    assert rate_of(cell_of(rule(), 3), Decimal(2000), Decimal(100_000)).shown is Shown.HIDDEN
    assert rate_of(cell_of(rule(), 12), Decimal(2000), Decimal(100_000)).value == Decimal("500.0")


def test_a_proportion_gives_the_rest_away() -> None:
    """Who is told that 50 of 52 were at home knows that two were not: the part and the rate are hidden, the people are not."""
    part, whole, rate = proportion(rule(nearest=1), 50, 52)
    assert (str(part), str(whole), str(rate)) == ("*", "52", "*")
    assert [str(each) for each in proportion(rule(nearest=1), 40, 52)] == ["40", "52", "76.9"]
    assert str(proportion(rule(nearest=1), 0, 0)[2]) == "*"


def test_what_is_no_table_of_counts_is_refused() -> None:
    """A count below zero, or a part greater than its whole, is refused with what to do."""
    with pytest.raises(Unusable, match="zero or more"):
        protect(rule(), {("a", "x"): -1})
    with pytest.raises(Unusable, match="which of the two is the whole"):
        proportion(rule(), 5, 4)
    with pytest.raises(Unusable, match="without them"):
        protect(rule(), {("a", TOTAL): 4})
