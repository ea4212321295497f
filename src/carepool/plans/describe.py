"""What a section asks, as a list of its fields: the one description from which forms, sheets, the schema and papers are made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_origin

from carepool.plans.parts import About, Kind, Part, about

_YEAR = re.compile(r"([0-9]{4})-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class FieldAbout:
    """One field of a section or of a row."""

    name: str
    title: str
    hint: str
    kind: Kind
    codes: Mapping[str, str]
    of: str
    unit: str
    required: bool
    """Whether a row without it is no row."""

    def titled(self, years: tuple[str, ...]) -> str:
        """Its title with the years of the plan in it."""
        return _with_years(self.title, years)

    def hinted(self, years: tuple[str, ...]) -> str:
        """Its hint with the years of the plan in it."""
        return _with_years(self.hint, years)


@dataclass(frozen=True, slots=True)
class ListAbout:
    """A list of rows in a section."""

    name: str
    row: type[Part]
    says: str
    fields: tuple[FieldAbout, ...]


@dataclass(frozen=True, slots=True)
class SectionAbout:
    """A section: its single fields, and its lists of rows."""

    name: str
    title: str
    says: str
    part: type[Part]
    fields: tuple[FieldAbout, ...]
    lists: tuple[ListAbout, ...]


def year_before(year: str) -> str:
    """The financial year before one, ``2015-16`` before ``2016-17``."""
    found = _YEAR.fullmatch(year)
    return f"{int(found[1]) - 1}-{(int(found[1])) % 100:02}" if found else f"the year before {year}"


def _with_years(text: str, years: tuple[str, ...]) -> str:
    first, last = (years[0], years[-1]) if years else ("first year", "last year")
    # A plan of one year is compared with the year before it.
    first = year_before(last) if len(years) == 1 else first
    return text.replace("{year_1}", first).replace("{year_2}", last)


@cache
def describe(name: str, title: str, part: type[Part]) -> SectionAbout:
    """The description of a section."""
    fields, lists = [], []
    for key, found in part.model_fields.items():
        row = _row_of(found.annotation)
        if row is not None:
            lists.append(ListAbout(key, row, (row.__doc__ or "").strip(), fields_of(row)))
        elif (one := _field(key, found)) is not None:
            fields.append(one)
    return SectionAbout(name, title, (part.__doc__ or "").strip(), part, tuple(fields), tuple(lists))


@cache
def fields_of(part: type[Part]) -> tuple[FieldAbout, ...]:
    """The single fields of a row or section, in order."""
    found = (_field(key, each) for key, each in part.model_fields.items())
    return tuple(each for each in found if each is not None)


def _row_of(annotation: Any) -> type[Part] | None:
    if get_origin(annotation) is tuple:
        first = get_args(annotation)[0]
        if isinstance(first, type) and issubclass(first, Part):
            return first
    return None


def _field(key: str, found: Any) -> FieldAbout | None:
    if get_origin(found.annotation) is tuple:
        return None
    known = about(found.metadata) or About("line")
    # A column of a row that must be there names the row, or is what the row is about.
    return FieldAbout(
        key, found.title or key.replace("_", " ").capitalize(), found.description or "", known.kind, known.codes,
        known.of, known.unit, found.is_required(),
    )  # fmt: skip
