"""A share is exact: the parts add to the whole, each within a penny of its due, and the order of giving is fixed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carepool.allocation.indicative import Needs, allocate
from carepool.basics.money import share
from carepool.basics.periods import Quarter, quarters_between

codes = st.text("ABCDEF0123456789", min_size=1, max_size=4)
weights = st.dictionaries(codes, st.integers(0, 10**12), min_size=1, max_size=40).filter(
    lambda w: sum(w.values()) > 0
)


@given(st.integers(-(10**13), 10**13), weights)
def test_shares_add_to_the_whole(total: int, of: dict[str, int]) -> None:
    parts = share(total, of)
    assert sum(parts.values()) == total
    whole = sum(of.values())
    assert all(abs(part - Fraction(total * of[code], whole)) < 1 for code, part in parts.items())
    assert all(parts[code] == 0 for code, weight in of.items() if weight == 0)


@given(st.integers(0, 10**10), weights, st.randoms(use_true_random=False))
def test_the_order_of_the_weights_does_not_matter(total: int, of: dict[str, int], random) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(of.items())
    random.shuffle(shuffled)
    assert share(total, dict(shuffled)) == share(total, of)


@given(st.integers(0, 10**9), st.integers(1, 30))
def test_ties_go_by_code(total: int, number: int) -> None:
    of = {f"{n:02}": 1 for n in range(number)}
    parts = list(share(total, of).values())
    assert parts == sorted(parts, reverse=True)


@pytest.mark.parametrize("of", [{}, {"A": 0}, {"A": 2, "B": -1}])
def test_nothing_to_go_by(of: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="weights of zero or more"):
        share(100, of)


@given(st.data())
@pytest.mark.slow
def test_allocation_conserves_every_penny_for_random_weights(england, rulebook, data) -> None:  # type: ignore[no-untyped-def]
    """CCG contributions + council streams = boards = streams = total, whatever the weights are."""
    weight = st.integers(1, 10**9)
    needs = Needs(
        {
            ccg: data.draw(weight) if n % 40 == 0 else n + 1
            for n, ccg in enumerate(england.needs.ccg_allocation)
        },
        {
            board: data.draw(weight) if n % 40 == 0 else n + 1
            for n, board in enumerate(england.needs.board_need)
        },
    )
    for rules in rulebook.in_order:
        found = allocate(rules, england.places, needs)
        councils = sum(
            sum(found.streams[stream.name].values())
            for stream in rules.composition.streams
            if stream.received_by == "council"
        )
        assert found.total == rules.composition.total
        assert sum(found.contributions().values()) + councils == found.total
        assert sum(sum(parts.values()) for parts in found.by_board().values()) == found.total


@given(st.integers(1990, 2100), st.integers(1, 4), st.integers(-40, 40))
def test_quarters_count_on(year: int, number: int, steps: int) -> None:
    quarter = Quarter(year, number)
    assert Quarter.parse(str(quarter)) == quarter == quarter.plus(steps).plus(-steps)
    assert Quarter.of(quarter.first_day) == Quarter.of(quarter.last_day) == quarter
    assert len(quarters_between(quarter, quarter.plus(abs(steps)))) == abs(steps) + 1
    assert quarter.months[0] == f"{quarter.first_day:%Y-%m}"
