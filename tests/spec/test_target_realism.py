"""How realistic a target is: the chance of such a change, what neighbours reached, and how the board moved."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from carepool.actions.exploring import everywhere
from carepool.actions.house import House
from carepool.actions.measuring import held
from carepool.measures.peers import peers
from carepool.measures.realism import Realism, moves, realism, sentence, yearly

TITLE = "Target realism"
KENT = "E10000016"


def asked(
    house: House, metric: str, baseline: str, target: str, years: int = 2, begins: int = 2014
) -> Realism | None:
    near = [each.board for each in peers(KENT, held(house).statistics.need)]
    return realism(
        everywhere(house, metric).boards, KENT, near, Decimal(baseline), Decimal(target), years, begins
    )


@pytest.mark.slow
def test_a_year_is_the_mean_of_its_months_and_a_gap_leaves_it_out(house: House) -> None:
    """Delayed days of 2013-14 are twelve months; without one of them the year has no level."""
    kent = everywhere(house, "delayed_transfers").boards[KENT]
    months = [each.value for each in kent.values if "2013-04" <= each.period <= "2014-03"]
    assert yearly(kent)[2013] == pytest.approx(float(sum(months)) / 12)  # type: ignore[arg-type]
    short = replace(kent, values=tuple(each for each in kent.values if each.period != "2013-09"))
    assert 2013 not in yearly(short)
    assert 2012 in yearly(short)


def test_only_changes_before_the_plan_count_where_they_are_held(house: House) -> None:
    """For a plan of 2014 the changes of delays end in 2013-14; of social care too few of that time are held, and that is said."""
    found = asked(house, "delayed_transfers", "200", "180")
    assert found
    assert (found.past, found.span, found.before) == (150, (2011, 2013), True)
    assert all(each.last < 2014 for each in found.moved)
    later = asked(house, "permanent_admissions", "500", "480")
    assert later
    assert not later.before
    assert "too few of earlier years are held" in sentence(later)


def test_no_change_is_counted_across_a_break(house: House) -> None:
    """Permanent admissions were counted anew in 2018-19: no change from before leads past it."""
    for measured in everywhere(house, "permanent_admissions").boards.values():
        assert not [each for each in moves("any", measured, 2) if each.first < 2018 <= each.last]


@pytest.mark.slow
def test_a_harder_target_never_has_a_better_chance(house: House) -> None:
    """Fewer delays are harder to reach than more; and the figures of the sentence are those that were counted."""
    found = [asked(house, "delayed_transfers", "200", str(each)) for each in range(20, 401, 20)]
    for hard, easy in pairwise(found):
        assert hard
        assert easy
        assert hard.reached <= easy.reached
        assert hard.peers[0] <= easy.peers[0]
        assert easy.chance.low - 1e-9 <= easy.reached / easy.past <= easy.chance.high + 1e-9
        assert f"{easy.reached} of {easy.past} changes" in sentence(easy)
    assert found[0]
    assert found[-1]
    assert found[0].reached < found[-1].reached


def test_what_has_no_better_or_no_baseline_has_no_chance(house: House) -> None:
    """Of spend neither way is better, and nothing is a share of nothing."""
    assert asked(house, "social_care_spend", "800", "700") is None
    assert asked(house, "delayed_transfers", "0", "10") is None
