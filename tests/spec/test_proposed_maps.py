"""
A map of somebody else's template is proposed by the words of its labels. Nothing is learnt and nothing is random: a label is
as near to a field as the words that they share, rare words counting for more than common ones.
"""

from collections.abc import Callable
from typing import Any

import pytest

from carepool.basics.findings import Severity
from carepool.rules.rulebook import Rulebook
from carepool.workbooks.drawing import Drawing, Rows, Spot, of_map, write_map
from carepool.workbooks.fitting import read_drawing
from carepool.workbooks.issued import Issued, read_issued
from carepool.workbooks.layout import Sheet, sheets_of
from carepool.workbooks.proposing import propose
from carepool.workbooks.wording import words_of
from tests.workbooks.issuing import LAYOUTS, boxes, plain, protected

RULES = "bcf-2014-08"

EXPECTED = {
    "plain": (
        {
            "vision/vision": "B3", "vision/outcomes": "B4", "vision/case": "B5", "vision/changes": "B6",
            "protection/definition": "B2", "protection/eligibility_now": "B3", "protection/eligibility_next": "B4",
            "protection/budget_before": "B5",
        },
        {"spend/spend": {"scheme": "A", "commissioner": "B", "provider": "C", "area": "D", "source": "E", "year_1": "F", "year_2": "G"}},
    ),
    "boxes": (
        {"vision/vision": "A3", "vision/case": "A7", "vision/changes": "A11", "action/milestones": "A15", "sharing/primary": "D2", "sharing/primary_by": "D3", "sharing/open_apis": "B6", "sharing/governance": "E8"},
        {},
    ),
    "protected": (
        {"protection/pence": "D3", "protection/budget_before": "D4", "protection/budget_after": "D5", "protection/care_act": "D6"},
        {"spend/spend": {"scheme": "B", "area": "C", "commissioner": "D", "provider": "E", "source": "F", "year_1": "G", "year_2": "H"}},
    ),
    "crowded": (
        {"engagement/primary_care": "B2", "engagement/nhs_providers": "D2", "alignment/primary_care": "B5", "alignment/initiatives": "D5"},
        {
            "risks/risks": {"what": "A", "likelihood": "B", "impact": "C", "owner": "D", "mitigation": "E"},
            "risks/contingencies": {"trigger": "A", "decider": "B", "pence": "C", "destination": "D"},
        },
    ),
}  # fmt: skip
"""What is proposed for each layout: the cell of each field, and the columns of each list. Nothing else is."""


@pytest.fixture(scope="module")
def sheets(rulebook: Rulebook) -> tuple[Sheet, ...]:
    """The sheets of a plan."""
    return sheets_of(rulebook.named(RULES))


@pytest.fixture(scope="module")
def drawings(sheets: tuple[Sheet, ...]) -> dict[str, tuple[bytes, Issued, Drawing]]:
    """Each layout, as it is read, with the map that is proposed for it."""
    found = {}
    for name, draw in LAYOUTS.items():
        content = draw()
        issued = read_issued(content)
        found[name] = (content, issued, propose(issued, sheets, RULES, name))
    return found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Councils' budgets, 2014/15 (£000)", {"council", "budget", "2014-15", "pound"}),
        ("Expenditure 2014-2015", {"spend", "2014-15"}),
        ("Name", {"name"}),
        ("", set()),
        ("%  of activities", {"cent", "activity"}),
    ],
)
def test_words_are_compared_plainly(text: str, words: set[str]) -> None:
    """Small, singular, years alike, without words that say nothing unless there are no others."""
    assert words_of(text) == words


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.slow
def test_what_is_proposed(drawings: dict[str, Any], layout: str) -> None:
    """Each field stands at the cell whose label has its words, beside it or below; each list under the headings that have its columns."""
    _, _, drawing = drawings[layout]
    cells, tables = EXPECTED[layout]
    assert {name: spot.at for name, spot in drawing.cells.items()} == cells
    assert {name: {key: spot.at for key, spot in rows.columns.items()} for name, rows in drawing.tables.items()} == tables  # fmt: skip


@pytest.mark.slow
def test_rows_units_and_words(drawings: dict[str, Any]) -> None:
    """A table ends where the template's does; thousands and the template's own words for our codes are seen."""
    rows = drawings["protected"][2].tables["spend/spend"]
    assert (rows.sheet, rows.first, rows.last) == ("4. Expenditure plan", "5", "30")
    assert (rows.columns["year_1"].unit, rows.columns["scheme"].unit) == ("thousands", "")
    assert drawings["protected"][2].cells["protection/pence"].unit == "thousands"
    assert drawings["plain"][2].cells["protection/budget_before"].unit == ""
    assert rows.columns["area"].words == {}, "they differ in capitals alone"
    risks = drawings["crowded"][2].tables["risks/risks"]
    assert (risks.first, risks.last) == ("10", "21")


def test_each_guess_says_what_it_rests_on(drawings: dict[str, Any]) -> None:
    """A comment before each: the label, its cell, and the words that they share."""
    text, lines = write_map(drawings["plain"][2])
    told = text.splitlines()
    at = next(number for number, about in lines.items() if about == "vision/case")
    assert told[at - 2] == "  # “The case for change” in A5: case, change"
    assert all(each.why for each in drawings["plain"][2].cells.values())


@pytest.mark.slow
def test_the_same_template_gets_the_same_map(drawings: dict[str, Any], sheets: tuple[Sheet, ...]) -> None:
    """Nothing is learnt and nothing is random."""
    for content, _, drawing in drawings.values():
        assert propose(read_issued(content), sheets, RULES, drawing.says) == drawing


@pytest.mark.parametrize("layout", LAYOUTS)
def test_it_is_a_map_that_fits(rulebook: Rulebook, drawings: dict[str, Any], layout: str) -> None:
    """What is proposed is read as a map, and nothing of it blocks: no formula, no locked cell, none twice."""
    _, issued, drawing = drawings[layout]
    mapped, found = read_drawing(drawing, rulebook, issued)
    assert mapped is not None
    assert [each for each in found if each.severity is Severity.BLOCKER] == []
    assert of_map(mapped, layout) == _without_whys(drawing)


def _without_whys(drawing: Drawing) -> Drawing:
    def bare(spot: Spot) -> Spot:
        return Spot(spot.at, spot.sheet, spot.unit, spot.words)

    tables = {name: Rows(rows.sheet, rows.first, rows.last, {key: bare(spot) for key, spot in rows.columns.items()}) for name, rows in drawing.tables.items()}  # fmt: skip
    return Drawing(drawing.rules, drawing.says, {name: bare(spot) for name, spot in drawing.cells.items()}, tables)  # fmt: skip


def drawn(**cells: str) -> Drawing:
    """A drawing of single fields, each as ``Sheet!B4``."""
    spots = {}
    for name, place in cells.items():
        sheet, _, at = place.rpartition("!")
        spots[name.replace("__", "/")] = Spot(at, sheet)
    return Drawing(RULES, "", spots, {})


@pytest.mark.parametrize(
    ("layout", "place", "severity", "says"),
    [
        (protected, "4. Expenditure plan!I5", "blocker", "I5 of “4. Expenditure plan” holds a formula"),
        (protected, "4. Expenditure plan!H3", "blocker", "H3 of “4. Expenditure plan” is hidden by a merged cell"),
        (protected, "5. Social care!C3", "blocker", "C3 of “5. Social care” is locked"),
        (protected, "5. Social Care!D3", "blocker", "The template has no sheet “5. Social Care”"),
        (protected, "Drop downs!B1", "warning", "The sheet “Drop downs” is hidden"),
        (plain, "Expenditure!A2", "warning", "A2 of “Expenditure” holds “Scheme”, which would be written over"),
        (plain, "Expenditure!ZZ900", "warning", "ZZ900 of “Expenditure” is far from everything"),
        (plain, "Expenditure!4B", "blocker", "“4B” is not a cell"),
        (boxes, "Data sharing!D3", "", ""),
    ],
)  # fmt: skip
def test_a_place_that_does_not_fit(rulebook: Rulebook, layout: Callable[[], bytes], place: str, severity: str, says: str) -> None:  # fmt: skip
    """A formula, a cell under merged ones, one that is locked or not there blocks; what only looks like a slip is to be looked at."""
    mapped, found = read_drawing(drawn(vision__vision=place), rulebook, read_issued(layout()))
    assert [str(each.severity) for each in found] == ([severity] if severity else [])
    assert all(says in each.says and each.about == "vision/vision" and each.remedy.endswith((".", "?")) for each in found)  # fmt: skip
    assert (mapped is None) == (severity == "blocker")


def test_all_at_once_and_none_hides_another(rulebook: Rulebook) -> None:
    """A cell taken twice, a missing column, an unknown address and a locked cell are all said, each at its own field."""
    drawing = drawn(vision__vision="5. Social care!D3", vision__case="5. Social care!D3", vision__changes="5. Social care!A9", vision__outcomes="Nowhere!A1")  # fmt: skip
    tables = {"spend/spend": Rows("4. Expenditure plan", "5", "30", {"provider": Spot("E")})}
    mapped, found = read_drawing(Drawing(RULES, "", drawing.cells, tables), rulebook, read_issued(protected()))  # fmt: skip
    assert mapped is None
    told = {each.about: each.says for each in found}
    assert told["vision/case"] == "D3 of “5. Social care” is taken already, by “Vision” of Vision and case for change."  # fmt: skip
    assert "is locked" in told["vision/changes"]
    assert "no sheet “Nowhere”" in told["vision/outcomes"]
    assert told["spend/spend/scheme"] == "Without the column “Scheme” of Money out a row is none."
    assert "spend/spend/commissioner" in told


def test_words_that_a_drop_down_does_not_offer(rulebook: Rulebook) -> None:
    """Where the template's list has other words than ours, the map must say them; Y and N it cannot guess."""
    issued = read_issued(boxes())
    _, found = read_drawing(drawn(sharing__primary="Data sharing!D2"), rulebook, issued)
    assert [each.says for each in found] == ["The template's list does not offer “Yes”, “No”."]
    said = Drawing(RULES, "", {"sharing/primary": Spot("D2", "Data sharing", "", {"yes": "Y", "no": "N"})}, {})  # fmt: skip
    assert read_drawing(said, rulebook, issued)[1] == []
