"""Allocation conserves every penny at every level, for every set that has a composition and for random weights."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carepool.actions.house import House
from carepool.allocation.indicative import Needs, allocate, share_of_performance
from carepool.places.england import Places
from carepool.rules.rulebook import RuleSet

WEIGHTS = st.integers(min_value=0, max_value=10**12)


@st.composite
def needs_of(draw: st.DrawFn, places: Places) -> Needs:
    """Random weights for the commissioners and boards of some places, at least one of each above zero."""
    ccgs = sorted({each.ccg for each in places.shares})
    numbers = draw(st.lists(WEIGHTS, min_size=8, max_size=8).filter(any))
    spread = draw(st.integers(min_value=1, max_value=97))
    return Needs(
        {ccg: numbers[n * spread % 8] for n, ccg in enumerate(ccgs)},
        {board: numbers[n * spread % 8] for n, board in enumerate(sorted(places.boards))},
    )


def holds(rules: RuleSet, places: Places, needs: Needs) -> None:
    """Streams, commissioners, boards and the whole all add to the same pence."""
    found = allocate(rules, places, needs)
    streams = rules.composition.streams
    for stream in streams:
        assert sum(found.streams[stream.name].values()) == stream.pence
        assert all(pence >= 0 for pence in found.streams[stream.name].values())
    nhs = sum(each.pence for each in streams if each.of_the_nhs)
    boards = found.by_board()
    assert sum(found.contributions().values()) == nhs
    assert sum(sum(found.contributions(board).values()) for board in places.boards) == nhs
    assert sum(sum(parts.values()) for parts in boards.values()) == found.total == rules.composition.total
    for stream in streams:
        assert sum(parts[stream.name] for parts in boards.values()) == stream.pence


def of_sets(house: House) -> list[tuple[RuleSet, Places]]:
    """Every set with its places."""
    return [(rules, house.areas.real(rules.about.places).england.places) for rules in house.rulebook.in_order]


@given(data=st.data())
@pytest.mark.slow
def test_no_penny_is_lost_whatever_the_weights(house: House, data: st.DataObject) -> None:
    """Any weights, any set of rules: every level adds to the same total, and nobody's part is below zero."""
    rules, places = data.draw(st.sampled_from(of_sets(house)))
    holds(rules, places, data.draw(needs_of(places)))


@given(data=st.data())
@pytest.mark.slow
def test_no_penny_is_lost_whatever_the_amounts(house: House, data: st.DataObject) -> None:
    """Any amounts of the streams, down to nothing, under the real weights."""
    rules, places = data.draw(st.sampled_from(of_sets(house)))
    amounts = data.draw(st.lists(st.integers(0, 10**13), min_size=len(rules.composition.streams), max_size=len(rules.composition.streams)))  # fmt: skip
    streams = tuple(
        stream.model_copy(update={"pence": pence})
        for stream, pence in zip(rules.composition.streams, amounts, strict=True)
    )
    changed = replace(
        rules,
        sections={**rules.sections, "composition": rules.composition.model_copy(update={"streams": streams})},
    )
    area = house.areas.real(rules.about.places)
    holds(changed, places, area.england.needs)
    if changed.composition.inside("performance"):
        found = allocate(changed, places, area.england.needs)
        shares = share_of_performance(changed, found)
        assert all(pence >= 0 for pence in shares.values())


def test_every_set_adds_up_under_the_real_weights(house: House) -> None:
    """The shipped sets, each in its own places."""
    for rules, places in of_sets(house):
        holds(rules, places, house.areas.real(rules.about.places).england.needs)
