"""As at: a measure is shown with the figures that had been loaded by then; before any were, with what had been published."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from carepool.actions.exploring import NotKnownThen, explore
from carepool.actions.house import House
from carepool.actions.series import held_england, load_england
from carepool.actions.vintages import house_then
from carepool.journal.memory import MemoryJournal
from carepool.measures.values import Status
from tests.spec.test_england import edited

TITLE = "Measures as at an earlier instant"
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SOLIHULL = "E08000029"


@pytest.fixture
def corrected(house: House, england_files: dict[str, bytes]) -> tuple[House, int, int]:
    """A house whose figures were loaded, and then corrected: Solihull's commissioner is known to lack nothing. With positions before each."""
    journal = MemoryJournal()
    nothing = journal.seal()
    load_england(journal, england_files, by="carepool", clock=lambda: AT)
    first = journal.seal()
    gaps = edited(england_files, "known_gaps.csv", "\n05P,", "\n99P,")
    load_england(journal, gaps, by="carepool", clock=lambda: AT)
    area = replace(house.areas.england, england=held_england(journal))
    return replace(house, journal=journal, areas=replace(house.areas, england=area)), nothing, first


@pytest.mark.slow
def test_an_earlier_instant_has_the_vintage_of_then(corrected: tuple[House, int, int]) -> None:
    """What was corrected since is still as it was known; now it is as corrected, under another vintage."""
    house, _, first = corrected
    then = house_then(house, first)
    assert then
    found = {each.vintage: each for each in (explore(one, "non_elective_admissions", [SOLIHULL]) for one in (house, then))}  # fmt: skip
    assert len(found) == 2

    def doubted(one: House) -> bool:
        values = explore(one, "non_elective_admissions", [SOLIHULL]).chosen[0].part.trend.measured.values
        return any(each.status is Status.INCOMPLETE for each in values)

    assert doubted(then)
    assert not doubted(house)
    assert house_then(house, None) is house
    assert house_then(house, house.journal.seal()) is house
    assert house_then(house, first).england is then.england  # type: ignore[union-attr]


def test_before_anything_was_loaded_it_is_what_had_been_published(corrected: tuple[House, int, int]) -> None:
    """There is no vintage of then; periods first published later are left out, and a day before all has none."""
    house, nothing, _ = corrected
    assert house_then(house, nothing) is None
    found = explore(house, "delayed_transfers", [SOLIHULL], known=date(2015, 8, 10))
    assert found.last < "2015-07"
    assert found.chosen[0].part.trend.measured.values[-1].period == found.last
    with pytest.raises(NotKnownThen, match="published by 1 January 2010"):
        explore(house, "delayed_transfers", known=date(2010, 1, 1))
