"""Measures of a board's own: defined by its officers, checked by somebody else, versioned, and never a national one's double."""

from dataclasses import replace
from datetime import date

import pytest

from carepool.actions.defining import check_measure, define_measure, own_of, shown
from carepool.actions.demonstration import Stage, people
from carepool.actions.house import House
from carepool.actions.ports import MemoryDrafts
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Done
from carepool.journal.memory import MemoryJournal
from carepool.journal.verify import verify
from carepool.wiring import disk
from carepool.wiring.kinds import KINDS

BOARD, LEAD, CHAIR = "ZZ2", "wolds.lead", "wolds.board"
FALLS = {
    "id": "falls_at_home", "title": "Falls at home", "says": "People of 65 and over who fell at home and were seen by the falls team.",
    "unit": "per 100,000 people aged 65 and over", "better": "lower", "period": "month", "numerator": "People seen for a fall at home",
    "denominator": "People aged 65 and over, mid-year", "scale": "100000", "from": "2014-10-01", "data": "The falls team's own list",
}  # fmt: skip


@pytest.fixture
def stage(house: House) -> Stage:
    """The people of the county in office, and nothing defined."""
    made = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(disk.county_files()))
    made.on(2014, 9, 1)
    for handle in made.cast:
        made.office(handle)
    return made


def define(stage: Stage, handle: str = LEAD, **more: str) -> Done | Refused:
    """Somebody defines falls at home, or changes it."""
    return define_measure(stage.house, stage.actor(handle), BOARD, {**FALLS, **more})


def check(stage: Stage, handle: str) -> Done | Refused:
    """Somebody checks the wording that stands last."""
    last = own_of(stage.house, BOARD)["falls_at_home"].versions[-1]
    return check_measure(stage.house, stage.actor(handle), BOARD, "falls_at_home", last.document)


def says(refused: object) -> str:
    assert isinstance(refused, Refused), refused
    return refused.says


def checker(stage: Stage) -> str:
    """Somebody of the board's bodies, other than the lead, who may check."""
    bodies = {"board:ZZ2", "council:ZZ21", "council:ZZ22", "ccg:Z2A"}
    offices = {"board_chair", "section_151_officer", "chief_finance_officer"}
    return next(handle for handle, each in stage.cast.items() if each.body in bodies and each.office in offices)  # fmt: skip


def test_a_measure_counts_once_somebody_else_has_checked_it(stage: Stage) -> None:
    """Defined by the lead it waits; whoever wrote it cannot check it; checked by another it counts from its day."""
    assert isinstance(define(stage), Done)
    assert own_of(stage.house, BOARD)["falls_at_home"].waiting
    with pytest.raises(NotHere, match="that counts then"):
        shown(stage.house, BOARD, "falls_at_home", date(2014, 12, 1))
    assert "A second person checks it" in says(check(stage, LEAD))
    assert isinstance(check(stage, checker(stage)), Done)
    found = shown(stage.house, BOARD, "falls_at_home", date(2014, 12, 1))
    assert (found.version.number, found.definition.numerator) == (1, "People seen for a fall at home")
    with pytest.raises(NotHere):
        shown(stage.house, BOARD, "falls_at_home", date(2014, 9, 30))
    assert "Somebody has checked this wording already" in says(check(stage, checker(stage)))


def test_a_change_is_another_version(stage: Stage) -> None:
    """A new wording leaves the old one to the days before it, and counts only once it is checked as well."""
    define(stage)
    check(stage, checker(stage))
    assert isinstance(define(stage, numerator="People seen for a fall at home or outside", **{"from": "2015-04-01"}), Done)  # fmt: skip
    assert shown(stage.house, BOARD, "falls_at_home", date(2015, 5, 1)).version.number == 1
    check(stage, checker(stage))
    assert shown(stage.house, BOARD, "falls_at_home", date(2015, 3, 31)).version.number == 1
    assert shown(stage.house, BOARD, "falls_at_home", date(2015, 4, 1)).version.number == 2
    assert verify(stage.house.journal, kinds=KINDS).clean


def test_what_is_refused(stage: Stage) -> None:
    """The name of a national measure, the same words again, a version that begins before the last, a wording of yesterday."""
    assert "is a measure of everybody's" in says(define(stage, id="delayed_transfers"))
    assert "is a measure of everybody's" in says(define(stage, title="delayed transfers of care"))
    define(stage)
    first = own_of(stage.house, BOARD)["falls_at_home"].versions[0].document
    assert "word for word" in says(define(stage))
    assert "at the earliest" in says(define(stage, says="Otherwise.", **{"from": "2014-09-30"}))
    define(stage, says="Otherwise.")
    actor = stage.actor(checker(stage))
    assert "A newer wording" in says(check_measure(stage.house, actor, BOARD, "falls_at_home", first))
    actor = stage.actor(checker(stage))
    assert "no such wording" in says(check_measure(stage.house, actor, BOARD, "falls_at_home", "0" * 64))


def test_whose_board_it_is(stage: Stage) -> None:
    """Officers of another board's council may not define it, nor may NHS England; the refusal says whose office can."""
    for handle in ("merrow.lead", "nhs.assurer"):
        assert isinstance(define(stage, handle), Refused)
    assert own_of(stage.house, BOARD) == {}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("scale", "many", "not a number"), ("better", "smaller", "known are lower, higher, neither"), ("title", " ", "title"), ("from", "soon", "not a date"), ("numerator", "", "numerator")],
)  # fmt: skip
def test_what_cannot_be_read_names_its_field(stage: Stage, field: str, value: str, words: str) -> None:
    """A scale that is no number, a direction that is none, an empty title: the field is named and nothing is kept."""
    with pytest.raises(Unusable, match=words):
        define(stage, **{field: value})
    assert own_of(stage.house, BOARD) == {}


def test_the_same_request_is_carried_out_once(stage: Stage) -> None:
    """A request that comes twice under one key defines one version."""
    actor = stage.actor(LEAD)
    first = define_measure(stage.house, actor, BOARD, FALLS)
    second = define_measure(stage.house, actor, BOARD, FALLS)
    assert isinstance(first, Done)
    assert isinstance(second, Done)
    assert second.again
    assert len(own_of(stage.house, BOARD)["falls_at_home"].versions) == 1
