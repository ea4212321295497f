"""What a workbook was made from, as its hidden sheet says: the plan, its version, the rules and the layout."""

from dataclasses import dataclass

from carepool.workbooks.layout import LAYOUT, ORIGIN
from carepool.workbooks.reading import Book


@dataclass(frozen=True, slots=True)
class Origin:
    """What a workbook was made from: what an import merges against."""

    rules: str
    boards: tuple[str, ...] = ()
    title: str = ""
    plan: str = ""
    """The plan's address; empty where there is none yet."""
    version: str = ""
    """The digest of the version; empty before the first."""
    layout: int = LAYOUT


def told(origin: Origin) -> dict[str, str]:
    """The lines of the hidden sheet."""
    return {
        "layout": str(origin.layout), "rules": origin.rules, "plan": origin.plan, "version": origin.version,
        "title": origin.title, **{f"board:{number}": code for number, code in enumerate(origin.boards)},
    }  # fmt: skip


def read_origin(book: Book) -> Origin:
    """What the hidden sheet says; nothing but the layout where it is gone."""
    sheet = book.by_name.get(ORIGIN)
    said = {}
    for row in sheet.rows.values() if sheet else ():
        texts = [cell.text for _, cell in sorted(row.items())]
        if len(texts) > 1:
            said[texts[0]] = texts[1]
    number = said.get("layout", "")
    return Origin(
        said.get("rules", ""),
        tuple(code for name, code in said.items() if name.startswith("board:")),
        said.get("title", ""),
        said.get("plan", ""),
        said.get("version", ""),
        int(number) if number.isdecimal() and len(number) < 6 else LAYOUT,
    )
