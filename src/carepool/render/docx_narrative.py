"""The narrative part of a plan as DOCX, under the headings of a template."""

import io
from collections.abc import Iterable

from carepool.actions.areas import MARK
from carepool.actions.papers import PaperOf
from carepool.render.docx_parts import begin, clean, page_numbers, save, table
from carepool.render.narratives import Heading, narrative
from carepool.render.paper_shape import Table
from carepool.render.words import day


def docx_narrative(found: PaperOf, says: str, headings: Iterable[Heading]) -> bytes:
    """The DOCX: every heading in the template's order, and under it what the plan says of it."""
    title = found.plan.title or found.history.title
    made = begin(f"{title}: narrative", found.day.isoformat())
    made.add_heading(clean(title), 0)
    if says:
        made.add_paragraph(clean(says))
    mark = f"{MARK}." if found.area.illustrative else ""
    if mark:
        made.add_paragraph().add_run(mark).bold = True
    for part in narrative(found, headings):
        made.add_heading(clean(part.title), min(part.level, 9))
        for item in part.items:
            if isinstance(item, Table):
                table(made, item)
                continue
            label, words = item
            first, *more = clean(words).splitlines() or [""]
            line = made.add_paragraph()
            if label:
                line.add_run(f"{clean(label)}: ").bold = True
            line.add_run(first)
            for each in more:
                made.add_paragraph(each)
    version = found.version
    lines = [
        f"{title}, version {version.number}. {day(found.day)}.",
        f"Digest of the plan {version.digest}",
    ]
    page_numbers(made, [*([mark] if mark else []), *lines])
    return save(made, io.BytesIO())
