"""Merging: two edits of one content are put together field by field, and nothing of either is lost."""

from collections.abc import Mapping

from carepool.plans.matching import match
from carepool.plans.merging import Conflict, Manner, Merged, Place, by_name, differences, merge

NAME_OF = by_name({"spend": ("scheme", "commissioner"), "schemes": ("id",), "risks": ("what",)})


def line(scheme: str, provider: str, pence: int = 0, commissioner: str = "Z1A") -> dict[str, object]:
    """A line of spend."""
    return {"scheme": scheme, "commissioner": commissioner, "provider": provider, "year_1": pence}


def merged(base: Mapping[str, object], mine: Mapping[str, object], theirs: Mapping[str, object]) -> Merged:
    """Mine and theirs in one."""
    return merge(base, mine, theirs, NAME_OF)


def test_what_one_side_changed_stands() -> None:
    """A field that only one of two changed merges by itself; what was theirs is listed, with what it was."""
    base = {"vision": "Better", "case": "Falls"}
    found = merged(base, {"vision": "Best", "case": "Falls"}, {"vision": "Better", "case": "Falls at night"})
    assert found.content == {"vision": "Best", "case": "Falls at night"}
    assert found.conflicts == ()
    assert [(each.place.where, each.before, each.after) for each in found.merged] == [
        ("case", "Falls", "Falls at night")
    ]


def test_what_both_changed_differently_is_a_conflict() -> None:
    """Mine stands in the content until somebody chooses; the conflict has mine, theirs and what both began from."""
    found = merged({"vision": "Better"}, {"vision": "Best"}, {"vision": "Good"})
    assert found.content == {"vision": "Best"}
    assert found.conflicts == (Conflict(Place(field="vision"), "Better", "Best", "Good"),)


def test_the_same_change_on_both_sides_is_none() -> None:
    """Two who write the same agree."""
    assert merged({"vision": ""}, {"vision": "Best"}, {"vision": "Best"}).conflicts == ()


def test_empty_is_empty_however_it_is_written() -> None:
    """Nothing, an empty text and a field that is not there are the same."""
    found = merged({"vision": None}, {"vision": ""}, {})
    assert (found.content, found.conflicts, found.merged) == ({}, (), ())
    emptied = merged({"vision": "Better"}, {"vision": ""}, {"vision": "Best"})
    assert [(each.mine, each.theirs) for each in emptied.conflicts] == [("", "Best")]


def test_rows_are_matched_by_what_names_them() -> None:
    """Rows in another order, or with new ones among them, are the same rows."""
    base = {"spend": [line("S1", "Trust"), line("S2", "Council")]}
    mine = {"spend": [line("S2", "Council", 7), line("S1", "Trust")]}
    theirs = {"spend": [line("S0", "New"), line("S1", "Charity"), line("S2", "Council")]}
    found = merged(base, mine, theirs)
    assert found.conflicts == ()
    assert found.content["spend"] == [line("S0", "New"), line("S2", "Council", 7), line("S1", "Charity")]


def test_rows_of_one_name_are_told_apart_by_what_they_hold() -> None:
    """Two lines of one scheme and commissioner: taking the first out does not make the second another."""
    first, second = line("S1", "Trust", 1), line("S1", "Charity", 2)
    found = merged(
        {"spend": [first, second]}, {"spend": [second]}, {"spend": [first, {**second, "year_1": 3}]}
    )
    assert found.content["spend"] == [line("S1", "Charity", 3)]
    assert found.conflicts == ()


def test_a_row_of_another_name_is_still_that_row() -> None:
    """Somebody words a risk anew while somebody else rates it: one risk, with both."""
    risk = {"what": "Staff leave", "likelihood": "3", "impact": "4", "owner": "HR"}
    found = merged({"risks": [risk]}, {"risks": [{**risk, "what": "Too few nurses"}]}, {"risks": [{**risk, "impact": "5"}]})  # fmt: skip
    assert found.content["risks"] == [{**risk, "what": "Too few nurses", "impact": "5"}]
    assert found.conflicts == ()


def test_a_row_taken_out_by_one_and_changed_by_the_other() -> None:
    """It stays, as changed, and is a conflict of the whole row, whoever took it out; one that nobody changed goes."""
    base = {"spend": [line("S1", "Trust"), line("S2", "Council")]}
    changed = {"spend": [line("S1", "Charity"), line("S2", "Council")]}
    for mine, theirs in (({"spend": []}, changed), (changed, {"spend": []})):
        found = merged(base, mine, theirs)
        assert found.content["spend"] == [line("S1", "Charity")]
        [conflict] = found.conflicts
        assert conflict.of_row
        assert (conflict.place.where, conflict.place.locator) == ("spend/S1, Z1A", "spend/0")
        assert {conflict.mine is None, conflict.theirs is None} == {True, False}
        assert conflict.base == line("S1", "Trust")


def test_a_row_that_both_added_is_one() -> None:
    """Two who add a scheme of one number are asked about what they wrote differently."""
    found = merged(
        {}, {"schemes": [{"id": "S1", "name": "Mine"}]}, {"schemes": [{"id": "S1", "name": "Theirs"}]}
    )
    assert found.content["schemes"] == [{"id": "S1", "name": "Mine"}]
    assert [(each.place.where, each.base, each.mine, each.theirs) for each in found.conflicts] == [
        ("schemes/S1/name", None, "Mine", "Theirs")
    ]


def test_without_a_base_every_difference_is_a_conflict() -> None:
    """Where nobody knows what both began from, nothing is overwritten, and no row of either is lost."""
    found = merged({}, {"spend": [line("S1", "Mine"), line("S2", "Same")]}, {"spend": [line("S1", "Theirs"), line("S2", "Same"), line("S3", "New")]})  # fmt: skip
    assert [each.place.where for each in found.conflicts] == ["spend/S1, Z1A/provider"]
    assert [row["provider"] for row in found.content["spend"]] == ["Mine", "Same", "New"]  # type: ignore[attr-defined]


def test_codes_in_a_list_are_added_and_taken_out_one_by_one() -> None:
    """Parties that either side named are named; those that either took out are not."""
    found = merged({"ccgs": ["A", "B", "C"]}, {"ccgs": ["A", "B", "D"]}, {"ccgs": ["B", "C", "E"]})
    assert found.content["ccgs"] == ["B", "D", "E"]
    assert found.conflicts == ()


def test_a_conflict_says_where_it_stands_in_the_content() -> None:
    """By what names the row, for people, and by its number, for the field of a form or the cell of a sheet."""
    base = {"spend": [line("S1", "Trust"), line("S1", "Trust", 5)]}
    mine = {"spend": [line("S1", "Trust"), line("S1", "Mine", 5)]}
    theirs = {"spend": [line("S9", "New"), line("S1", "Trust"), line("S1", "Theirs", 5)]}
    [conflict] = merged(base, mine, theirs).conflicts
    assert conflict.place.where == "spend/S1, Z1A (2)/provider"
    assert conflict.place.locator == "spend/2/provider"


def test_the_difference_of_two_contents_is_by_field_and_row() -> None:
    """A row added on top does not change those below it; a number that became a text has changed."""
    before = {"case": "Falls", "spend": [line("S1", "Trust", 1), line("S2", "Council")]}
    after = {"spend": [line("S0", "New"), line("S1", "Trust", 2)], "case": "Falls"}
    said = [(each.place.where, each.before, each.after) for each in differences(before, after, NAME_OF)]
    assert said == [
        ("spend/S0, Z1A", None, line("S0", "New")),
        ("spend/S1, Z1A/year_1", 1, 2),
        ("spend/S2, Z1A", line("S2", "Council"), None),
    ]
    assert len(differences({"a": 1}, {"a": "1"}, NAME_OF)) == 1


def test_a_side_that_knows_its_rows() -> None:
    """Whoever knows which row is which says so, as a workbook does by its keys: no row is guessed then."""
    base = {"spend": [line("S1", "Trust"), line("S1", "Council")]}
    mine = {"spend": [line("S1", "Council", 7), line("S1", "Trust", 8)]}
    told = Manner(NAME_OF, {"spend": ({0: 0, 1: 1}, {0: 0, 1: 1})})
    found = merge(base, mine, base, told)
    assert found.content == mine
    assert found.rows == {"spend": {0: 0, 1: 1}}
    assert merge(base, mine, base, NAME_OF).rows == {"spend": {0: 0, 1: 1}}


def test_where_nobody_chooses_theirs_stands() -> None:
    """What both changed is in the content as they have it, and in a conflict; a row that they took out stays out."""
    base = {"vision": "Better", "spend": [line("S1", "Trust"), line("S2", "Council")]}
    mine = {"vision": "Best", "spend": [line("S1", "Trust", 7), line("S2", "Council")]}
    theirs = {"vision": "Good", "spend": [line("S2", "Council")]}
    found = merge(base, mine, theirs, Manner(NAME_OF, theirs_stand=True))
    assert found.content == theirs
    assert [(each.place.where, each.mine, each.theirs) for each in found.conflicts] == [
        ("vision", "Best", "Good"), ("spend/S1, Z1A", line("S1", "Trust", 7), None),
    ]  # fmt: skip


def test_keys_decide_between_rows_that_are_alike() -> None:
    """A key decides where rows have as much in common, and where a row has nothing in common with any; else what they hold does."""
    base = [line("S1", "Trust"), line("S1", "Trust")]
    assert match(base, base, lambda row: str(row["scheme"]), {0: 1, 1: 0}) == {0: 1, 1: 0}
    other = [line("S1", "Trust", 1), line("S2", "Council", 2)]
    assert match(other, [other[1], other[0]], lambda row: str(row["scheme"]), {0: 0, 1: 1}) == {0: 1, 1: 0}
    assert match(other, [line("S9", "Nobody", 9, "Z9Z")], lambda row: str(row["scheme"]), {0: 1}) == {0: 1}
    assert match(other, [line("S9", "Nobody", 9, "Z9Z")], lambda row: str(row["scheme"])) == {}
