"""What every DOCX of ours shares: an A4 page in British English, tables with a heading row, the foot with page numbers."""

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from carepool.render.paper_shape import Table

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.run import Run

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def clean(words: str) -> str:
    """The words without what no XML may hold."""
    return _UNPRINTABLE.sub("", words)


def begin(title: str, day: str) -> "Document":
    """An empty document: A4, Arial, British English, with a title and the day that it is of."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    made = docx.Document()
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3"):
        font = made.styles[name].font
        font.name = "Arial"
        fonts = made.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for key in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(key), None)
    made.styles["Normal"].font.size = Pt(11)
    language = made.styles["Normal"].element.get_or_add_rPr()
    spoken = language.makeelement(qn("w:lang"), {qn("w:val"): "en-GB"})
    language.append(spoken)
    about = made.core_properties
    about.title, about.author, about.language, about.comments = clean(title), "carepool", "en-GB", ""
    about.created = about.modified = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return made


def close(made: "Document") -> None:
    """Set small and close, for what has to fit on so many pages."""
    from docx.shared import Cm, Pt

    page = made.sections[0]
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(1.5)
    page.footer_distance = Cm(0.8)
    for name, size, before, after in (
        ("Normal", 9, 0, 2), ("Title", 15, 0, 4), ("Heading 1", 10.5, 6, 2), ("Caption", 8, 2, 2), ("List Bullet", 9, 0, 1),
    ):  # fmt: skip
        style = made.styles[name]
        style.font.size = Pt(size)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.line_spacing = 1.0


def table(made: "Document", found: Table, size: float = 9) -> None:
    """A table under its caption, whose heading row is repeated on each page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    caption = made.add_paragraph(style="Caption")
    caption.add_run(clean(found.caption))
    caption.paragraph_format.keep_with_next = True
    rows = [found.columns, *found.rows, *([found.foot] if found.foot else [])]
    grid = made.add_table(len(rows), len(found.columns), style="Table Grid")
    properties = grid.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    for at, (row, cells) in enumerate(zip(grid.rows, rows, strict=True)):
        for column, (cell, words) in enumerate(zip(row.cells, cells, strict=True)):
            line = cell.paragraphs[0]
            run = line.add_run(clean(words))
            run.font.size = Pt(7 if len(words) == 64 and " " not in words else size)
            run.bold = at == 0 or (bool(found.foot) and at == len(rows) - 1)
            if column in found.figures:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    made.add_paragraph()


def page_numbers(made: "Document", lines: Sequence[str]) -> None:
    """The lines at the foot of every page, and the number of the page."""
    from docx.shared import Pt

    foot = made.sections[0].footer
    for line in lines:
        run = foot.paragraphs[0].add_run(clean(line)) if not foot.paragraphs[0].text else foot.add_paragraph().add_run(clean(line))  # fmt: skip
        run.font.size = Pt(8)
    last = foot.add_paragraph().add_run("Page ")
    last.font.size = Pt(8)
    _field(last, "PAGE")


def _field(run: "Run", code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "", "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = code
        run._r.append(part)


def save(made: "Document", into: io.BytesIO) -> bytes:
    """The bytes of a document."""
    made.save(into)
    return into.getvalue()
