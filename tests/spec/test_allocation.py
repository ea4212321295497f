"""Allocation: the national pot shared by stream to CCGs, councils and boards, no penny lost at any level."""

from decimal import Decimal

import pytest

from carepool.actions.house import House
from carepool.allocation.indicative import METHODS, share_of_performance
from carepool.rules.scalars import AllocationMethod

SETS = [("itf-2013-08", 378_000_000_000), ("bcf-2014-08", 378_364_100_000)]


@pytest.mark.parametrize(("rules", "total"), SETS)
def test_the_pot_is_the_sum_of_its_parts(house: House, rules: str, total: int) -> None:
    """The parts of August 2013 add to 3,780 million pounds, those of 2014 to 3,783.641; both are called 3.8 billion."""
    composition = house.rulebook.named(rules).composition
    assert composition.total == total
    assert next(each.pence for each in composition.stated if each.name == "fund") == 380_000_000_000
    assert sum(each.pence for each in composition.streams if each.received_by == "ccg") == 343_000_000_000


@pytest.mark.parametrize(("rules", "total"), SETS)
def test_every_level_adds_to_the_same_total(house: House, rules: str, total: int) -> None:
    """CCG contributions and council streams together are the boards' parts, are the streams, are the total."""
    found, named = house.allocation(rules), house.rulebook.named(rules)
    councils = sum(each.pence for each in named.composition.streams if each.received_by == "council")
    for stream in named.composition.streams:
        assert sum(found.streams[stream.name].values()) == stream.pence
    assert sum(found.contributions().values()) + councils == total
    assert sum(sum(parts.values()) for parts in found.by_board().values()) == found.total == total
    for board, parts in found.by_board().items():
        council_part = sum(parts[s.name] for s in named.composition.streams if s.received_by == "council")
        assert sum(found.contributions(board).values()) + council_part == sum(parts.values())
    assert len(found.by_board()) == 150
    assert len(found.contributions()) == 209


def test_performance_and_care_act_are_inside_and_no_streams(house: House) -> None:
    """A billion for performance is inside the additional money, 135 million for the Care Act inside the CCGs'."""
    parts = {
        each.name: (each.within, each.pence)
        for each in house.rulebook.named("bcf-2014-08").composition.of_which
    }
    assert parts == {"performance": ("additional_nhs", 100_000_000_000), "care_act": ("ccg", 13_500_000_000)}


def test_the_method_against_a_published_plan(house: House) -> None:
    """Dorset with Bournemouth and Poole comes to 54.594m against a published 54.565m; its transfer to 15.934m against 15.843m."""
    boards = house.allocation("bcf-2014-08").by_board()
    both = [boards["HWB_BP"], boards["E10000009"]]
    assert round(Decimal(sum(sum(each.values()) for each in both)) / 10**8, 3) == Decimal("54.594")
    assert round(Decimal(sum(each["social_care_transfer"] for each in both)) / 10**8, 3) == Decimal("15.934")


def test_allocations_are_indicative(house: House) -> None:
    """The true weights were not published with the sums: every allocation says that it is indicative."""
    assert all(house.allocation(rules).indicative for rules, _ in SETS)


def test_scilly_rests_on_cornwall(house: House) -> None:
    """The finance file lacks the Isles of Scilly: their board's need is Cornwall's alone, 142.72061 million pounds."""
    assert house.england.needs.board_need["HWB_CS"] == 14_272_061_000


def test_a_ccg_that_merged_is_counted_in_its_successor(house: House) -> None:
    """Allocations were published on 211 codes; answers are on the 209 of April 2015."""
    contributions = house.allocation("bcf-2014-08").contributions()
    assert "13T" in contributions
    assert not {"00F", "00G", "00H"} & set(contributions)


def test_a_boards_share_of_the_performance_money(house: House) -> None:
    """The billion is shared in proportion to the additional money that it is inside, and adds to a billion."""
    shares = share_of_performance(house.rulebook.named("bcf-2014-08"), house.allocation("bcf-2014-08"))
    assert sum(shares.values()) == 100_000_000_000
    boards = house.allocation("bcf-2014-08").by_board()
    assert all(abs(shares[b] - Decimal(boards[b]["additional_nhs"]) * 10 / 19) < 1 for b in boards)


def test_every_method_has_one_implementation() -> None:
    """The rulebook names a method for each stream; each has exactly one implementation."""
    assert set(METHODS) == set(AllocationMethod)
    assert len(set(METHODS.values())) == len(METHODS)
