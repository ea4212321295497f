"""A workbook of an older layout of ours, raised step by step to today's before it is read."""

from collections.abc import Callable, Mapping

from carepool.basics.refusals import Unusable
from carepool.workbooks.layout import LAYOUT
from carepool.workbooks.reading import Book

STEPS: dict[int, Callable[[Book], Book]] = {}
"""For each layout but today's: what makes of its cells those of the next. There is one layout yet, and so no step."""


def raised(book: Book, layout: int, steps: Mapping[int, Callable[[Book], Book]] | None = None, today: int = LAYOUT) -> Book:  # fmt: skip
    """The workbook as today's layout would have it. Unusable for a layout from which no step leads on."""
    known = STEPS if steps is None else steps
    for number in range(layout, today):
        if number not in known:
            raise Unusable(f"The workbook says that it is of layout {layout}, which there never was. Export it again, and copy what was written into that.")  # fmt: skip
        book = known[number](book)
    return book
