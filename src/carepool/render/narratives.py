"""The narrative part of a plan under a template's headings, which are data: which section or field stands under which."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from carepool.actions.papers import PaperOf
from carepool.basics.refusals import Unusable, nearest
from carepool.plans.describe import FieldAbout, ListAbout
from carepool.plans.document import EVERY, Part, as_data
from carepool.plans.withholding import reason_words
from carepool.render.paper_shape import Table
from carepool.render.paper_words import Wording, withheld_in
from carepool.rules.text import compose

SHIPPED = Path(__file__).parent / "narrative-2014-07.yaml"
_PLACE = re.compile(r"([a-z_]+)(?:/([a-z_]+))?(?:\(([a-z_0-9, ]+)\))?")
_WIDEST = 5
"""Columns of a table of short words; a list with more is written row by row."""
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A section, one of its fields, or one of its lists with the fields that are wanted."""

    section: str
    name: str = ""
    wanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a template."""

    title: str
    level: int
    places: tuple[Place, ...]
    each: Place | None
    inner: tuple["Heading", ...]


@dataclass(frozen=True, slots=True)
class Part1:
    """What stands under a heading: labelled words, and tables."""

    title: str
    level: int
    items: tuple[tuple[str, str] | Table, ...]


def read_headings(file: str, content: bytes) -> tuple[str, tuple[Heading, ...]]:
    """A template's name and headings. Unusable, with the line or the heading, for what names nothing in a plan."""
    data, _, findings = compose(file, content)
    if findings:
        raise Unusable(f"{findings[0].says} {findings[0].remedy}")
    if not isinstance(data, Mapping) or not isinstance(data.get("headings"), list):
        raise Unusable(f"{file} has no list of headings. Begin like the shipped {SHIPPED.name}.")
    return str(data.get("says", "")), tuple(_heading(file, each, 1) for each in data["headings"])


def shipped_headings() -> tuple[str, tuple[Heading, ...]]:
    """The headings of the template of July 2014."""
    return read_headings(SHIPPED.name, SHIPPED.read_bytes())


def _heading(file: str, data: object, level: int) -> Heading:
    if not isinstance(data, Mapping) or not str(data.get("title", "")).strip():
        raise Unusable(f"A heading in {file} has no title. Give each a title.")
    title = str(data["title"])
    if more := set(data) - {"title", "of", "each", "headings"}:
        raise Unusable(f"“{title}” in {file} has the unknown key “{min(map(str, more))}”. A heading has title, of, each, headings.")  # fmt: skip
    of, inner = data.get("of", []), data.get("headings", [])
    if not isinstance(of, list) or not isinstance(inner, list) or level > _DEEPEST:
        raise Unusable(f"“{title}” in {file}: of and headings are lists, at most {_DEEPEST} deep.")
    each = _place(file, title, str(data["each"])) if "each" in data else None
    if each and _list(each) is None:
        raise Unusable(f"“{title}” in {file} repeats {data['each']}, which is no list of a plan.")
    places = tuple(_place(file, title, str(one)) for one in of)
    return Heading(title, level, places, each, tuple(_heading(file, one, level + 1) for one in inner))


def _place(file: str, title: str, written: str) -> Place:
    found = _PLACE.fullmatch(written.strip())
    section, name, wanted = found.groups() if found else ("", None, None)
    if section not in EVERY:
        near = nearest(written, EVERY)
        raise Unusable(f"“{title}” in {file} names “{written}”, which is nothing in a plan.{f' Did you mean {near}?' if near else ''}")  # fmt: skip
    about = EVERY[section]
    known = (
        [each.name for each in about.fields]
        + [each.name for each in about.lists]
        + [each for each in about.part.model_fields if section == "parties"]
    )
    if name and name not in known:
        near = nearest(name, known)
        raise Unusable(f"“{title}” in {file} names “{written}”; the section {section} has {', '.join(known)}.{f' Did you mean {near}?' if near else ''}")  # fmt: skip
    place = Place(section, name or "", tuple(each.strip() for each in (wanted or "").split(",") if each.strip()))  # fmt: skip
    rows = _list(place)
    for each in place.wanted:
        if rows is None or each not in {field.name for field in rows.fields}:
            raise Unusable(f"“{title}” in {file} asks for “{each}” of {section}/{name}, which has no such field.")  # fmt: skip
    return place


def _list(place: Place) -> ListAbout | None:
    return next((each for each in EVERY[place.section].lists if each.name == place.name), None)


def narrative(found: PaperOf, headings: Iterable[Heading]) -> tuple[Part1, ...]:
    """What stands under each heading, in order; a heading under which nothing is filled in says so."""
    words = Wording(found)
    return tuple(part for each in headings for part in _under(found, words, each))


def _under(found: PaperOf, words: Wording, heading: Heading) -> Iterator[Part1]:
    if heading.each:
        rows = _list(heading.each)
        assert rows is not None  # noqa: S101  (read_headings has seen to it)
        if found.withholds(heading.each.section):
            title = re.sub(r"[:,]?\s*\{\w+\}", "", heading.title)
            yield Part1(title, heading.level, (("", _withheld(found, heading.each.section)),))
            return
        for number, row in enumerate(_rows(found, heading.each)):
            held = withheld_in(found, heading.each.section, heading.each.name, number)
            names = {field.name: held.get(field.name) or words.value(field, row.get(field.name)) for field in rows.fields}  # fmt: skip
            title = re.sub(r"\{(\w+)\}", lambda one, names=names: names.get(one[1], ""), heading.title)  # type: ignore[misc]  # mypy infers no lambda with a default
            fields = _wanted(rows, next((each for each in heading.places if each.wanted), heading.each))
            yield Part1(title, heading.level, tuple(_labelled(words, fields, row, held)) or (("", NOTHING),))
        return
    items = [item for place in heading.places for item in _items(found, words, place)]
    if heading.places and not items:
        items = [("", NOTHING)]
    yield Part1(heading.title, heading.level, tuple(items))
    for each in heading.inner:
        yield from _under(found, words, each)


NOTHING = "The plan says nothing of this."


def _withheld(found: PaperOf, section: str) -> str:
    return f"Withheld: {reason_words(found.withheld.sections[section])}."


def _rows(found: PaperOf, place: Place) -> list[dict[str, object]]:
    held: tuple[Part, ...] = getattr(found.plan.section(place.section), place.name)
    return [as_data(each) for each in held]


def _wanted(rows: ListAbout, place: Place) -> list[FieldAbout]:
    by_name = {each.name: each for each in rows.fields}
    return [by_name[each] for each in place.wanted] or list(rows.fields)


def _labelled(
    words: Wording, fields: Iterable[FieldAbout], row: Mapping[str, object], held: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for field in fields:
        if said := held.get(field.name) or words.value(field, row.get(field.name)):
            yield words.title(field), said


def _items(found: PaperOf, words: Wording, place: Place) -> Iterator[tuple[str, str] | Table]:
    about = EVERY[place.section]
    if found.withholds(place.section):
        yield "", _withheld(found, place.section)
        return
    if place.section == "parties":
        yield from _parties(found, words, place)
        return
    content = as_data(found.plan.section(place.section))
    single = [each for each in about.fields if place.name in {"", each.name}]
    for label, said in _labelled(words, single, content, withheld_in(found, place.section)):
        yield ("" if place.name else label), said
    for rows in about.lists:
        if place.name in {"", rows.name}:
            held = _rows(found, Place(place.section, rows.name))
            unsaid = [withheld_in(found, place.section, rows.name, number) for number in range(len(held))]
            yield from _listed(words, rows, _wanted(rows, place), list(zip(held, unsaid, strict=True)))


def _parties(found: PaperOf, words: Wording, place: Place) -> Iterator[tuple[str, str]]:
    parties = found.plan.parties
    said = {
        "boards": ("Health and Wellbeing Boards", ", ".join(map(words.board, parties.boards))),
        "councils": ("Local authorities", ", ".join(map(words.named, parties.councils))),
        "ccgs": ("NHS commissioners", ", ".join(map(words.named, parties.ccgs))),
        "host": ("Host of the pooled fund", words.named(parties.host) if parties.host else ""),
        "boundaries": ("Differences of boundary", parties.boundaries),
    }
    yield from (each for name, each in said.items() if place.name in {"", name} and each[1])


def _listed(
    words: Wording,
    about: ListAbout,
    fields: list[FieldAbout],
    rows: list[tuple[dict[str, object], dict[str, str]]],
) -> Iterator[tuple[str, str] | Table]:
    """A table where its columns are few; else row by row, each field labelled."""
    if not rows:
        return
    if len(fields) <= _WIDEST:
        cells = tuple(
            tuple(held.get(each.name) or words.value(each, row.get(each.name)) for each in fields)
            for row, held in rows
        )
        yield Table(about.says.rstrip("."), tuple(words.title(each) for each in fields), cells)
        return
    for number, (row, held) in enumerate(rows, 1):
        yield "", f"{number}."
        yield from _labelled(words, fields, row, held)
