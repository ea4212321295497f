"""Comments and queries on the places of a plan: the facts in ``comments/PLAN``, what they come to, and what a place is.

A place is written with slashes: ``plan`` for the whole of it, a section, a list, a row, or a field, ``spend/spend/0/year_1``.
A row's number is its number in one version; ``follow`` finds the same row in another, by what it holds and what names it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import get_origin

from carepool.basics.canonical import Digest
from carepool.basics.periods import parse_date
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold
from carepool.plans.describe import FieldAbout, ListAbout, fields_of
from carepool.plans.document import EVERY, Part, Plan

KINDS = Kinds([Kind("CommentMade", 1, cites=("words",)), Kind("QueryClosed", 1), Kind("CommentWithdrawn", 1)])
DOCUMENT_KIND = "comment"
WHOLE = "plan"
"""The place that is the whole plan."""
TITLE = FieldAbout("title", "Title of the plan", "", "line", {}, "", "", required=False)
"""What is known of the one field that is in no section."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said of a place in a version, or in answer to that; a query where somebody is to answer it."""

    number: int
    """From 1, in the order in which they were made."""
    where: str
    version: int
    """The version that it was made on; 0 before the first."""
    words: Digest
    """Of the salted document that holds them."""
    by: str
    on_behalf_of: str | None
    at: datetime
    answers: int | None = None
    """The number of the comment that it answers."""
    to: str | None = None
    """The account that a query is put to."""
    due: date | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_query(self) -> bool:
        """Whether somebody is asked."""
        return self.to is not None

    @property
    def open(self) -> bool:
        """Whether it is a query that waits: neither closed, nor its words withdrawn."""
        return self.is_query and self.closed_at is None and self.withdrawn_at is None


def stream_of(plan: str) -> str:
    """The stream of the comments on a plan."""
    return f"comments/{plan}"


def made(
    plan: str, where: str, version: int, words: Digest, body: str, *,
    answers: int | None = None, to: str | None = None, due: date | None = None,
) -> NewFact:  # fmt: skip
    """The fact that a comment is made on a place in a version, for a body; a query where it is put to somebody."""
    return NewFact(
        stream_of(plan),
        "CommentMade",
        1,
        {"where": where, "version": version, "words": words, "answers": answers, "to": to, "due": due},
        on_behalf_of=body,
    )


def closed(plan: str, number: int, body: str) -> NewFact:
    """The fact that a query is closed."""
    return NewFact(stream_of(plan), "QueryClosed", 1, {"query": number}, on_behalf_of=body)


def withdrawn(plan: str, number: int) -> NewFact:
    """The fact that a comment's words are withdrawn by who wrote them."""
    return NewFact(stream_of(plan), "CommentWithdrawn", 1, {"comment": number})


def comments(facts: Iterable[Fact]) -> tuple[Comment, ...]:
    """Every comment that the facts of a stream come to, in order; a withdrawn one keeps its place."""
    none: tuple[Comment, ...] = ()
    return fold(facts, none, _apply, KINDS)


def _apply(held: tuple[Comment, ...], fact: Fact) -> tuple[Comment, ...]:
    body = fact.body
    if fact.kind == "CommentMade":
        new = Comment(
            len(held) + 1,
            str(body["where"]),
            _whole_number(body["version"]),
            Digest(str(body["words"])),
            fact.by,
            fact.on_behalf_of,
            fact.at,
            _whole_number(body["answers"]) if body["answers"] is not None else None,
            str(body["to"]) if body["to"] else None,
            parse_date(str(body["due"])) if body["due"] else None,
        )
        return (*held, new)
    if fact.kind == "QueryClosed":
        number = _whole_number(body["query"])
        return _with(held, number, lambda each: replace(each, closed_by=fact.by, closed_at=fact.at))
    return _with(held, _whole_number(body["comment"]), lambda each: replace(each, withdrawn_at=fact.at))


def _whole_number(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101 (written so by made)
    return value


def _with(
    held: tuple[Comment, ...], number: int, change: Callable[[Comment], Comment]
) -> tuple[Comment, ...]:
    return tuple(change(each) if each.number == number else each for each in held)


# Places


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a plan taken apart, as far as it goes."""

    section: str = ""
    list: str = ""
    row: int | None = None
    field: str = ""

    @property
    def where(self) -> str:
        """As it is written."""
        row = "" if self.row is None else str(self.row)
        return "/".join(part for part in (self.section, self.list, row, self.field) if part) or WHOLE

    @property
    def about(self) -> FieldAbout | None:
        """What is known of the field; None where it is no field."""
        if not self.field:
            return None
        if not self.section:
            return TITLE
        rows = self.rows_about
        fields = rows.fields if rows else EVERY[self.section].fields
        return next((each for each in fields if each.name == self.field), None)

    @property
    def single(self) -> bool:
        """Whether one thing stands there: a field, or one code of a list of codes."""
        return bool(self.field) or (self.row is not None and self.rows_about is None)

    @property
    def rows_about(self) -> ListAbout | None:
        """What is known of the list; None where it is in none."""
        lists = EVERY[self.section].lists if self.section else ()
        return next((each for each in lists if each.name == self.list), None)


def place_of(where: str) -> Place | None:
    """A place from what is written, ``sources/3/year_1`` meaning ``sources/sources/3/year_1``; None where there can be none."""
    first, *rest = where.split("/")
    if where in {"", WHOLE}:
        return Place()
    if where == TITLE.name:
        return Place(field=where)
    if first not in EVERY:
        return None
    lists = {each.name: each for each in EVERY[first].lists}
    if not rest:
        return Place(first)
    if _is_number(rest[0]) and lists:
        rest = [next(iter(lists)), *rest]
    name, *rest = rest
    if name not in lists:
        if len(rest) == 1 and _is_number(rest[0]) and name in _code_lists(first):
            return Place(first, name, int(rest[0]))
        return Place(first, field=name) if name in EVERY[first].part.model_fields and not rest else None
    if not rest:
        return Place(first, name)
    number, *field = rest
    known = not field or (len(field) == 1 and field[0] in lists[name].row.model_fields)
    return Place(first, name, int(number), "".join(field)) if _is_number(number) and known else None


def _code_lists(section: str) -> set[str]:
    """The lists of plain codes in a section, such as its boards."""
    about = EVERY[section]
    lists = {each.name for each in about.lists}
    fields = about.part.model_fields.items()
    return {name for name, each in fields if get_origin(each.annotation) is tuple and name not in lists}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 6


def part_at(plan: Plan, place: Place) -> object:
    """What stands at a place: the plan, a section, the rows of a list, a row, or a field. LookupError where no row is."""
    if not place.section:
        return plan.title if place.field else plan
    part: object = plan.section(place.section)
    if place.list:
        part = getattr(part, place.list)
    if place.row is not None:
        assert isinstance(part, tuple)  # noqa: S101 (a list of rows)
        part = part[place.row]
    return getattr(part, place.field) if place.field else part


def stands(plan: Plan, place: Place) -> bool:
    """Whether a plan has such a place: the row, where it is in a row."""
    try:
        part_at(plan, place)
    except LookupError:
        return False
    return True


def follow(before: Plan, after: Plan, place: Place) -> Place | None:
    """The same place in another version, or None where its row is not there."""
    if place.row is None:
        return place
    row = rows_followed(before, after, place).get(place.row)
    return None if row is None else replace(place, row=row)


def rows_followed(before: Plan, after: Plan, place: Place) -> Mapping[int, int]:
    """Which row of a list is which in another version, for every row at once; ``place`` is in the list."""
    rows = [part_at(plan, replace(place, row=None, field="")) for plan in (before, after)]
    old, new = (each if isinstance(each, tuple) else () for each in rows)
    if place.rows_about is None:
        return {number: new.index(each) for number, each in enumerate(old) if each in new}
    return _matched(old, new)


def _matched(before: tuple[Part, ...], after: tuple[Part, ...]) -> Mapping[int, int]:
    """Which row of a list is which in another version: the same content, else the same codes, else those that it must have.

    Last, a row that has stayed at its place with most of what it held.
    """
    found: dict[int, int] = {}
    for name in (_filled, _codes, _required):
        waiting: dict[object, list[int]] = {}
        for number, row in enumerate(after):
            if number not in found.values():
                waiting.setdefault(name(row), []).append(number)
        for number, row in enumerate(before):
            if number not in found and (same := waiting.get(name(row))):
                found[number] = same.pop(0)
    for number, (old, new) in enumerate(zip(before, after, strict=False)):
        shared = len(set(_filled(old)) & set(_filled(new)))
        if number not in found and number not in found.values() and 2 * shared > len(_filled(old)):
            found[number] = number
    return found


def _filled(row: Part) -> tuple[tuple[str, object], ...]:
    return tuple((name, getattr(row, name)) for name in type(row).model_fields if getattr(row, name))


def _codes(row: Part) -> tuple[tuple[str, object], ...]:
    names = {each.name for each in fields_of(type(row)) if each.kind in {"code", "quarter"}}
    return tuple(pair for pair in _filled(row) if pair[0] in names) or (("", id(row)),)


def _required(row: Part) -> tuple[tuple[str, object], ...]:
    names = {each.name for each in fields_of(type(row)) if each.required}
    return tuple(pair for pair in _filled(row) if pair[0] in names) or (("", id(row)),)
