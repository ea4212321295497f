"""A workbook says by which layout it was written; an older one is raised step by step, a newer one is refused."""

from copy import deepcopy

import pytest

from carepool.actions.house import House
from carepool.basics.refusals import Unusable
from carepool.workbooks.checking import check_workbook
from carepool.workbooks.layout import LAYOUT
from carepool.workbooks.raising import STEPS, raised
from carepool.workbooks.reading import Book
from tests.workbooks.making import export, grid_of, read, written


def test_there_is_a_step_for_every_older_layout() -> None:
    """Whoever makes another layout writes the step to it; today there is one layout and no step."""
    assert set(STEPS) == set(range(1, LAYOUT))


def test_older_layouts_are_raised_one_by_one() -> None:
    """From layout 1 to 3 goes through 2, each step once, in order."""
    seen = []

    def step(number: int) -> object:
        def raise_it(book: Book) -> Book:
            seen.append(number)
            return book

        return raise_it

    raised(Book(()), 1, {1: step(1), 2: step(2)}, 3)  # type: ignore[dict-item]
    assert seen == [1, 2]


@pytest.mark.slow
def test_a_newer_layout_is_refused(county: House) -> None:
    """A workbook of a later carepool is not guessed at."""
    grid = deepcopy(grid_of(read(export(county, "carrowby"))))
    grid["carepool"][1, 2] = str(LAYOUT + 1)
    with pytest.raises(Unusable, match="written by a newer carepool"):
        check_workbook(county, read(written(grid)))
    del grid["carepool"]
    with pytest.raises(Unusable, match="Name them: --rules"):
        check_workbook(county, read(written(grid)))
    assert check_workbook(county, read(written(grid)), "bcf-2014-08").contents.sections
