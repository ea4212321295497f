"""How a plan lies in a workbook, made from its description: a sheet a section, single answers first, then a table a list.

Layouts count up. A workbook says by which it was written; one of an older layout is raised step by step when it is read.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import get_args, get_origin

from carepool.conditions.known import YEAR_KEYS
from carepool.plans.describe import FieldAbout, SectionAbout
from carepool.plans.document import EVERY, sections_asked
from carepool.plans.parts import Part
from carepool.rules.rulebook import RuleSet

LAYOUT = 1
"""The layout that is written today."""
ORIGIN = "carepool"
"""The hidden sheet that says what the workbook was made from."""
LISTS = "Lists"
"""The hidden sheet with what drop-downs offer."""
CODES = "Codes"
"""The sheet with every code and its name."""
INSTRUCTIONS = "Instructions"
TOTALS = "Totals"
QUESTION, ANSWER, HELP = "Question", "Answer", "Help"
TOTAL = "Total"

SHEET_MARK = "carepool:sheet:"
ROWS_MARK = "carepool:rows:"
FIELDS_MARK = "carepool:fields"
TITLE_MARK = "carepool:title"
HEADING_MARK = "carepool:heading"
TOTAL_MARK = "carepool:total"
FIELD_KEY = "field:"
ROW_KEY = "row:"

_CODE_LISTS = {"boards": ("Boards", "boards"), "councils": ("Councils", "councils"), "ccgs": ("NHS commissioners", "commissioners")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A list of a section, as a table with a heading."""

    section: str
    name: str
    says: str
    columns: tuple[FieldAbout, ...]
    row: type[Part] | None
    """None for a list of plain codes, which has one column, ``code``."""

    def where(self, index: int, column: str = "") -> str:
        """The locator of a row, or of a cell in it."""
        place = f"{self.section}/{self.name}/{index}"
        return f"{place}/{column}" if column and self.row else place

    def column(self, name: str) -> FieldAbout | None:
        """A column by its name."""
        return next((each for each in self.columns if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A section, as a sheet."""

    section: str
    title: str
    says: str
    fields: tuple[FieldAbout, ...]
    tables: tuple[Table, ...]

    def table(self, name: str) -> Table | None:
        """A table by its name."""
        return next((each for each in self.tables if each.name == name), None)

    def field(self, name: str) -> FieldAbout | None:
        """A single answer by its name."""
        return next((each for each in self.fields if each.name == name), None)


def sheets_of(rules: RuleSet) -> tuple[Sheet, ...]:
    """The sheets of a plan under a set of rules, titles with its years."""
    return tuple(_sheet(name, rules.about.years) for name in sections_asked(rules))


@cache
def _sheet(name: str, years: tuple[str, ...]) -> Sheet:
    return sheet_from(EVERY[name], years)


def sheet_from(section: SectionAbout, years: tuple[str, ...] = ()) -> Sheet:
    """The sheet of a section, or of a part of any document that is described like one."""
    name = section.name
    tables = [*_code_lists(section)]
    tables += [
        Table(name, each.name, each.says, _titled(_used(each.fields, years), years), each.row)
        for each in section.lists
    ]
    order = list(section.part.model_fields)
    tables.sort(key=lambda each: order.index(each.name))
    return Sheet(name, _sheet_name(section.title), section.says, _titled(section.fields, years), tuple(tables))  # fmt: skip


def _sheet_name(title: str) -> str:
    """A name that Excel allows: 31 characters at most, none of ``[]:*?/\\``."""
    return "".join(" " if each in "[]:*?/\\" else each for each in title)[:31].strip().strip("'")


def _code_lists(section: SectionAbout) -> Iterable[Table]:
    """The lists of plain codes in a section, which the description passes over."""
    for key, found in section.part.model_fields.items():
        if get_origin(found.annotation) is not tuple:
            continue
        row = get_args(found.annotation)[0]
        if not (isinstance(row, type) and issubclass(row, Part)):
            title, of = _CODE_LISTS.get(key, (key.replace("_", " ").capitalize(), ""))
            column = FieldAbout("code", f"{title}: code", "", "code", {}, of, "", required=True)
            yield Table(section.name, key, title, (column,), None)


def _used(fields: tuple[FieldAbout, ...], years: tuple[str, ...]) -> tuple[FieldAbout, ...]:
    """Without the amounts of a year that the rules do not have; a plan of one year is written in the last."""
    unused = set(YEAR_KEYS[: len(YEAR_KEYS) - len(years)])
    return tuple(each for each in fields if each.name not in unused)


def _titled(fields: tuple[FieldAbout, ...], years: tuple[str, ...]) -> tuple[FieldAbout, ...]:
    """With the years in titles and hints, and no title twice."""
    titled = [replace(each, title=each.titled(years), hint=each.hinted(years)) for each in fields]
    often = Counter(each.title for each in titled)
    return tuple(
        replace(each, title=f"{each.title} ({each.name.replace('_', ' ')})")
        if often[each.title] > 1
        else each
        for each in titled
    )
