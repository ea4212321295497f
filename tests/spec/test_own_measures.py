"""Measures of a board's own: defined by its officers, checked by somebody else, versioned, and never a national one's double."""

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from carepool.actions.defining import check_measure, define_measure, own_of, shown
from carepool.actions.demonstration import Stage, people
from carepool.actions.house import House
from carepool.actions.own_figures import Handed, ask_own, load_own_figures
from carepool.actions.packing import gather, own_digest, pack_of
from carepool.actions.ports import MemoryDrafts
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.cli.measures import add_measures
from carepool.journal.commands import Done
from carepool.journal.memory import MemoryJournal
from carepool.journal.verify import verify
from carepool.measures.monthly import after
from carepool.measures.own_figures import Headings
from carepool.pool.tabular import read_text
from carepool.render.pack_figures import sections
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


ROWS = "area,period,counted,out of\nZZ2,2014-10,120,4000\nZZ2,2014-11,*,4000\nZZ2,2015-01,132,4100\n"


def handed(text: str = ROWS, **columns: str) -> Handed:
    """A file of figures."""
    content = text.encode()
    return Handed("falls.csv", content, read_text("falls.csv", content).rows, Headings(**columns))


def load(stage: Stage, text: str = ROWS, handle: str = LEAD) -> Done | Refused:
    """Somebody loads figures of falls at home."""
    return load_own_figures(stage.house, stage.actor(handle), BOARD, "falls_at_home", handed(text))


@pytest.fixture
def measured(stage: Stage) -> Stage:
    """Falls at home, defined and checked."""
    define(stage)
    check(stage, checker(stage))
    return stage


def test_figures_are_answered_like_every_measure_s(measured: Stage) -> None:
    """By the wording of their day, with its version; a hidden month and one without a row are marked, and neither is zero."""
    assert isinstance(load(measured), Done)
    answer = ask_own(measured.house, BOARD, "falls-at-home")
    assert answer
    values = answer.measured.values
    assert [(each.period, str(each.status), each.value) for each in values] == [
        ("2014-10", "available", Decimal("3000.0")),
        ("2014-11", "suppressed", None),
        ("2014-12", "not available", None),
        ("2015-01", "available", Decimal("3170.7")),
    ]
    assert (values[0].numerator, values[3].numerator, values[0].version) == (120, 130, "v1")
    assert values[2].because == ("No row was loaded.",)
    definition = answer.measured.definition
    assert definition.author != definition.checked.by
    assert definition.checked.again_by == date(2015, 9, 1)
    assert verify(measured.house.journal, kinds=KINDS).clean


def test_small_counts_of_a_board_are_hidden(measured: Stage) -> None:
    """From 1 to 7, with the rate that would give them away; others are to the nearest five."""
    load(measured, "area,period,counted,out of\nZZ2,2014-10,3,4000\nZZ2,2014-11,13,4000\n")
    answer = ask_own(measured.house, BOARD, "falls_at_home")
    assert answer
    assert [(str(each.status), each.numerator) for each in answer.measured.values] == [("suppressed", None), ("available", 15)]  # fmt: skip


def test_figures_loaded_later_stand_in_the_place_of_earlier_ones(measured: Stage) -> None:
    """Of the same periods; what was known before is still known as it was."""
    load(measured)
    before = measured.house.journal.seal()
    load(measured, "area,period,counted,out of\nZZ2,2014-11,100,4000\n")
    now, then = (ask_own(measured.house, BOARD, "falls_at_home", upto) for upto in (None, before))
    assert now
    assert then
    assert [each.value for each in now.measured.values] == [3000, 2500, None, Decimal("3170.7")]
    assert then.measured.values[1].value is None
    assert len(now.sources) == 2


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("ZZ2,2014-10,many,10", "falls.csv/2: “many” is neither a number nor a mark"),
        ("ZZ2,2014-10,-1,10", "falls.csv/2: -1 is below zero"),
        ("ZZ2,2014-10,1,10\nZZ2,2014-10,2,10", "falls.csv/3: ZZ2 has 2014-10 twice"),
        ("ZZ9,2014-10,1,10", "falls.csv/2: “ZZ9” is no council and no board"),
        ("ZZ3,2014-10,1,10", "ZZ3 is not the board ZZ2"),
        ("ZZ2,2014-15Q3,1,10", "2014-15Q3 is no month"),
        ("ZZ2,2014-09,1,10", "2014-09 is before 2014-10-01"),
        ("ZZ2,2014-10,1,0", "counts 1 out of 0"),
        ("", "has no row of the board ZZ2"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_taken_in(measured: Stage, rows: str, says: str) -> None:
    """By file and row, or by period; the file is put right and handed in again."""
    with pytest.raises(Unusable, match=re.escape(says)):
        load(measured, f"area,period,counted,out of\n{rows}\n")
    assert own_of(measured.house, BOARD)["falls_at_home"].figures == ()


def test_a_wrong_unit_and_a_hole_of_a_board_are_kept_and_marked(measured: Stage) -> None:
    """A month in thousands, three months at a tenth: the figures stay, and say what is doubted of them."""
    months = [after("2014-10", number) for number in range(24)]
    counts = dict.fromkeys(months, 1000) | {months[5]: 1_000_000} | dict.fromkeys(months[12:15], 60)
    rows = "\n".join(f"ZZ2,{month},{counted},4000" for month, counted in counts.items())
    assert isinstance(load(measured, f"area,period,counted,out of\n{rows}\n"), Done)
    answer = ask_own(measured.house, BOARD, "falls_at_home")
    assert answer
    doubted = {each.period: " ".join(each.because) for each in answer.measured.values if each.because}
    assert "times out" in doubted[months[5]]
    assert "part of the return may be missing" in doubted[months[12]]


def test_figures_wait_for_a_checked_definition_and_for_the_right_people(stage: Stage) -> None:
    """Before the check there is nothing to count by; another board's lead may not load."""
    define(stage)
    with pytest.raises(NotHere, match="that somebody has checked"):
        load(stage)
    check(stage, checker(stage))
    assert isinstance(load(stage, handle="merrow.lead"), Refused)


def test_the_columns_are_those_that_are_named(measured: Stage) -> None:
    """A file with other headings is read by them; without them it is refused."""
    text = "board,month,falls,people\nZZ2,2014-10,120,4000\n"
    with pytest.raises(Unusable, match="has no row with the headings"):
        load(measured, text)
    file = handed(text, area="Board", period="Month", counted="falls", out_of="people")
    assert isinstance(load_own_figures(measured.house, measured.actor(LEAD), BOARD, "falls_at_home", file), Done)  # fmt: skip


@pytest.mark.slow
def test_a_pack_has_the_board_s_own_measures(measured: Stage) -> None:
    """Over time, with its sentence, its source and what is missing; its manifest changes with the figures."""
    every = gather(measured.house)
    assert own_digest(measured.house, "ZZ1") == ""
    before = pack_of(every, BOARD)
    load(measured)
    found = pack_of(every, BOARD)
    assert before.own != found.own
    [section] = [each for each in sections(found) if each.id == "falls_at_home"]
    [figure] = section.figures
    assert [row[0] for row in figure.rows] == ["2014-10", "2014-11", "2014-12", "2015-01"]
    assert figure.sources[0].file == "falls.csv"
    assert any("No row was loaded" in each for each in figure.gaps)
    assert "falls_at_home" not in {each.id for each in sections(pack_of(every, "ZZ1"))}


def test_the_command_answers_a_board_s_own_measure(measured: Stage) -> None:
    """``carepool measure falls_at_home --board ZZ2 --json``, with its status, source and review; as at a day before it has none."""
    load(measured)
    app = typer.Typer()
    add_measures(app, lambda: measured.house)

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["measure", "falls_at_home", "--board", BOARD, *words])

    data = json.loads(run("--json").stdout)
    assert [each["status"] for each in data["values"]] == ["available", "suppressed", "not available", "available"]  # fmt: skip
    assert data["sources"][0]["file"] == "falls.csv"
    assert data["definition"]["review_by"] == "2015-09-01"
    assert "not available" in run().stdout
    assert isinstance(run("--as-at", "2014-08-01").exception, NotHere)
