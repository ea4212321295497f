"""Merging two edits loses nothing of either, whatever they are."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from carepool.plans.merging import Merged, by_name, differences, merge

NAME_OF = by_name({"rows": ("id",)})
VALUES = st.sampled_from(["", "a", "b", "c", 1, 2])
ROW = st.fixed_dictionaries({"id": st.sampled_from(["S1", "S2", "S3"])}, optional={"name": VALUES, "pence": VALUES, "what": VALUES})  # fmt: skip
CONTENT = st.fixed_dictionaries({"rows": st.lists(ROW, max_size=5)}, optional={"case": VALUES, "plan": VALUES})  # fmt: skip


def values(content: object) -> list[object]:
    """Every value that stands anywhere in some content, or in a conflict's side."""
    if isinstance(content, Mapping):
        return [each for value in content.values() for each in values(value)]
    if isinstance(content, list):
        return [each for value in content for each in values(value)]
    return [] if content in {"", None} else [content]


def kept(found: Merged) -> list[object]:
    """Every value that the answer still shows, once for each place at which it does."""
    sides = [side for each in found.conflicts for side in (each.mine, each.theirs)]
    return [*values(found.content), *values(sides)]


def changed(base: dict[str, object], side: dict[str, object]) -> list[object]:
    """What a side wrote: the values of every field that it changed and every row that it added."""
    return [value for each in differences(base, side, NAME_OF) for value in values(each.after)]


@given(base=CONTENT, mine=CONTENT, theirs=CONTENT)
def test_nothing_that_either_wrote_is_lost(
    base: dict[str, object], mine: dict[str, object], theirs: dict[str, object]
) -> None:
    """Each value that a side wrote stands in the content or in a conflict, as often as the side wrote it."""
    found = merge(base, mine, theirs, NAME_OF)
    shown = kept(found)
    for side in (mine, theirs):
        wrote = changed(base, side)
        assert all(shown.count(each) >= wrote.count(each) for each in wrote)


@given(base=CONTENT, side=CONTENT)
def test_an_edit_beside_none_is_that_edit(base: dict[str, object], side: dict[str, object]) -> None:
    """Where one side changed nothing, the other's content comes out, rows in its order, and there is no conflict."""
    for found in (merge(base, side, base, NAME_OF), merge(base, base, side, NAME_OF)):
        assert found.conflicts == ()
        assert differences(side, found.content, NAME_OF) == ()
        assert [row["id"] for row in found.content.get("rows", [])] == [row["id"] for row in side["rows"]]  # type: ignore[attr-defined]


@given(base=CONTENT, side=CONTENT)
def test_the_same_edit_on_both_sides_is_no_conflict(base: dict[str, object], side: dict[str, object]) -> None:
    """Two who write the same agree."""
    found = merge(base, side, side, NAME_OF)
    assert found.conflicts == ()
    assert differences(side, found.content, NAME_OF) == ()


@given(base=CONTENT, mine=CONTENT, theirs=CONTENT)
def test_conflicts_are_the_same_whoever_is_asked(
    base: dict[str, object], mine: dict[str, object], theirs: dict[str, object]
) -> None:
    """From the other side, the same places are in conflict, with the sides exchanged."""

    def sides(found: Merged) -> list[str]:
        return sorted(repr((each.base, *sorted((repr(each.mine), repr(each.theirs))))) for each in found.conflicts)  # fmt: skip

    assert sides(merge(base, mine, theirs, NAME_OF)) == sides(merge(base, theirs, mine, NAME_OF))
