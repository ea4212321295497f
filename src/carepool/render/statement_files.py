"""The files that a statement can be taken away as: PDF, DOCX, workbook, CSV and JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from carepool.actions.statements import StatementOf
from carepool.render.answers import to_json
from carepool.render.docx_papers import docx
from carepool.render.pdf import pdf
from carepool.render.statement_answers import answer
from carepool.render.statement_papers import paper
from carepool.render.statement_sheets import csv
from carepool.render.statement_workbook import xlsx


@dataclass(frozen=True, slots=True)
class File:
    """A kind of file, and how a statement becomes one."""

    says: str
    media_type: str
    make: Callable[[StatementOf], bytes]


FILES: Mapping[str, File] = {
    ".pdf": File("PDF", "application/pdf", lambda found: pdf(paper(found))),
    ".docx": File(
        "DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", lambda found: docx(paper(found))
    ),
    ".xlsx": File("Excel workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
    ".csv": File("CSV", "text/csv; charset=utf-8", lambda found: csv(found).encode()),
    ".json": File("JSON", "application/json", lambda found: to_json(answer(found)).encode()),
}  # fmt: skip
"""By how the file's name ends."""
