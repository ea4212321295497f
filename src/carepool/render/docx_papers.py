"""A paper as DOCX, with headings, lists and tables that are such, in British English."""

import io
from typing import TYPE_CHECKING

from carepool.render.docx_parts import begin, clean, close, page_numbers, save, table
from carepool.render.paper_shape import Paper, Paragraph

if TYPE_CHECKING:
    from docx.document import Document


def docx(found: Paper) -> bytes:
    """The DOCX."""
    made = begin(found.title, found.day)
    if found.compact:
        close(made)
    made.add_heading(clean(found.title), 0)
    if found.mark:
        made.add_paragraph().add_run(found.mark).bold = True
    for label, words in found.about:
        line = made.add_paragraph()
        line.add_run(f"{label}: ").bold = True
        line.add_run(clean(words))
    for number, title, items in found.numbered():
        heading = made.add_heading(clean(f"{number}. {title}"), 1)
        heading.paragraph_format.page_break_before = number in found.page_begins
        for label, item in items:
            if isinstance(item, Paragraph):
                _paragraph(made, label, item)
            else:
                table(made, item, 7.5 if found.compact else 9)
    page_numbers(made, [*([found.mark] if found.mark else []), *found.foot])
    return save(made, io.BytesIO())


def _paragraph(made: "Document", label: str, item: Paragraph) -> None:
    from docx.shared import Cm

    line = made.add_paragraph(clean(f"{label}\t{item.text}"))
    line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(1.25), Cm(-1.25)
    line.paragraph_format.tab_stops.add_tab_stop(Cm(1.25))
    for point in item.points:
        one = made.add_paragraph(clean(point), style="List Bullet")
        one.paragraph_format.left_indent = Cm(1.9)
