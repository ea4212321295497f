"""Facts: what was decided, written once in streams, each chained to the fact before it in its stream."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from carepool.basics.canonical import Digest, digest_of_bytes, plain
from carepool.basics.refusals import Unusable

LONGEST_NAME = 200
"""Characters in the name of a stream, an account, a body or a key."""

_PART = r"[A-Za-z0-9][A-Za-z0-9._~:+-]*"
_STREAM = re.compile(rf"{_PART}(/{_PART})*")
_KIND = re.compile(r"[A-Z][A-Za-z0-9]{0,99}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")

Body = Mapping[str, object]
"""What a fact says: a mapping that has a canonical form (no floats, no bytes)."""


class Unreadable(Unusable):
    """A stored entry that does not have the shape of a fact: the journal was changed by other means."""


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact to be written. Unusable when a name in it is not one; its body is judged when it is written."""

    stream: str
    """Names with slashes between them: ``plan/2014-08.E09000001``, ``series/non_elective_admissions``."""
    kind: str
    """What happened, in the past tense: ``PlanSigned``."""
    schema: int
    """The version of the body's shape, from 1."""
    body: Body
    effective_on: date | None = None
    """The day from which it counts, where that is not the day it was written."""
    on_behalf_of: str | None = None
    """The body for which the account acted."""

    def __post_init__(self) -> None:
        check_stream(self.stream)
        if not _KIND.fullmatch(self.kind):
            raise Unusable(f"“{self.kind}” is not a kind of fact. Write it like PlanSigned.")
        if isinstance(self.schema, bool) or not 1 <= self.schema < 2**31:
            raise Unusable(f"{self.kind} has schema {self.schema}. Schemas count from 1.")
        if isinstance(self.effective_on, datetime):
            raise Unusable(f"{self.kind} is effective on a day, not at an instant: {self.effective_on}.")
        if self.on_behalf_of is not None:
            check_name("body acted for", self.on_behalf_of)

    def content(self) -> "Content":
        """The body in plain shapes and as it is stored. Unusable when it has no canonical form."""
        try:
            body = plain(self.body)
            if not isinstance(body, dict):
                raise ValueError("its body is not a mapping")
            return Content(body, to_json(body).decode())
        except ValueError as error:
            raise Unusable(f"{self.kind} cannot be written to {self.stream}: {error}.") from error


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as written. Nothing in it ever changes."""

    stream: str
    version: int
    """Its number in its stream, from 1, without gaps."""
    kind: str
    schema: int
    body: Body
    by: str
    """The account that wrote it."""
    on_behalf_of: str | None
    at: datetime
    """When it was written: UTC, never earlier than the fact before it in the stream."""
    effective_on: date | None
    previous: Digest | None
    """The digest of the fact before it in its stream; None for the first."""
    digest: Digest


class Content(NamedTuple):
    """What a fact says."""

    body: dict[str, object]
    text: str
    """In canonical form."""


class Row(NamedTuple):
    """A fact as a store keeps it: the body as canonical text, times and dates as ISO text."""

    stream: str
    version: int
    kind: str
    schema: int
    body: str
    by: str
    on_behalf_of: str | None
    at: str
    effective_on: str | None
    previous: str | None
    digest: str


def check_stream(stream: str) -> None:
    """Unusable when this is not the name of a stream."""
    if len(stream) > LONGEST_NAME or not _STREAM.fullmatch(stream):
        raise Unusable(
            f"“{stream}” is not a stream. Write names with slashes between them, like plan/E09000001."
        )


def check_name(what: str, name: str) -> None:
    """Unusable when the name is empty, too long, not composed (NFC), or holds what cannot be printed."""
    if (
        not 0 < len(name) <= LONGEST_NAME
        or not name.isprintable()
        or not (name.isascii() or unicodedata.normalize("NFC", name) == name)
    ):
        raise Unusable(f"{name!r} cannot name the {what}. Use 1 to {LONGEST_NAME} printable characters.")


def contents_of(writes: Sequence[NewFact], expecting: Mapping[str, object], by: str) -> list[Content]:
    """The bodies of facts about to be written, before anything is. What ``append`` refuses, it refuses."""
    check_name("account", by)
    for new in writes:
        if new.stream not in expecting:
            raise ValueError(f"{new.stream} is written to, so the versions expected must name it")
    return [new.content() for new in writes]


class Last(NamedTuple):
    """What a new fact must know of the one before it in its stream."""

    version: int
    at: str
    digest: str


def row_of(new: NewFact, content: Content, last: Last | None, by: str, at: str) -> Row:
    """The row to store for a new fact.

    ``content`` is ``new.content()``; ``last`` is what stands before it in its stream; ``at`` is an
    instant as canonical text.
    """
    version, previous = (last.version + 1, last.digest) if last else (1, None)
    at = max(at, last.at) if last else at  # two of this form compare as the instants do
    effective_on = new.effective_on.isoformat() if new.effective_on else None
    signed = (
        new.stream, version, new.kind, new.schema, content.text, by, new.on_behalf_of, at, effective_on, previous,
    )  # fmt: skip
    return Row(*signed, _digest(*signed))


def digest_of_row(row: Row) -> Digest:
    """The digest that a stored row must have: ``digest_of("fact", 1, every field but the digest)``.

    The body goes in as the bytes stored, unparsed, so that a change of a single byte shows.
    """
    return _digest(*row[:-1])


def _digest(
    stream: str, version: int, kind: str, schema: int, body: str, by: str, on_behalf_of: str | None, at: str,
    effective_on: str | None, previous: str | None,
) -> Digest:  # fmt: skip
    # A fact's fields are texts and whole numbers in the order that canonical form has them: written straight, in a third of the time.
    rest = to_json(
        {
            "by": by, "effective_on": effective_on, "kind": kind, "on_behalf_of": on_behalf_of,
            "previous": previous, "schema": schema, "stream": stream, "version": version,
        }
    )  # fmt: skip
    return digest_of_bytes("fact", 1, b'{"at":%b,"body":%b,%b' % (to_json(at), body.encode(), rest[1:]))


def fact_of(row: Row | tuple[Any, ...], body: dict[str, object] | None = None) -> Fact:
    """The fact in a stored row, its digest taken as stored. Unreadable when the row is not a fact's.

    Any tuple of a row's fields will do. ``body`` is what its text says, where that is known already.
    """
    try:
        stream, version, kind, schema, text, by, on_behalf_of, at, effective_on, previous, digest = row
        return Fact(
            stream, version, kind, schema, body_of(text) if body is None else body, by, on_behalf_of, instant_of(at),
            date.fromisoformat(effective_on) if effective_on else None,
            Digest(previous) if previous else None, Digest(digest),
        )  # fmt: skip
    except ValueError as error:
        raise Unreadable(f"Version {row[1]} of {row[0]} cannot be read: {error}.") from error


def said_in(row: Row) -> tuple[dict[str, object], datetime]:
    """What a stored row says and when it was written, without the fact made of it: for walking over very many.

    Unreadable when the row is not a fact's.
    """
    try:
        if row.effective_on:
            date.fromisoformat(row.effective_on)
        return body_of(row.body), instant_of(row.at)
    except ValueError as error:
        raise Unreadable(f"Version {row.version} of {row.stream} cannot be read: {error}.") from error


def body_of(text: str) -> dict[str, object]:
    """The body that a fact's canonical text says. ValueError when it says none."""
    body = from_json(text)  # three times as quick as the library's own reader, for the same JSON
    if not isinstance(body, dict):
        raise ValueError("its body is not a mapping")
    return body


def instant_of(text: str) -> datetime:
    """The instant that canonical text stands for. ValueError when it is written in any other way."""
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"{text} is not an instant as facts write it")
    return datetime.fromisoformat(text)
