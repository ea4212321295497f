"""One way to write a value as bytes, so that equal values have equal digests on any machine, for ever.

It is RFC 8785 (JSON Canonicalization Scheme), restricted: no floats, so that no two languages can
disagree about a number. Decimals are strings, money whole pence, dates ISO 8601, instants UTC.
The published vectors are ``tests/golden/canonical.json``.
"""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import NewType

from pydantic_core import to_json

Digest = NewType("Digest", str)
"""A SHA-256 as 64 lower-case hexadecimal digits."""

LARGEST_INTEGER = 2**53 - 1
"""RFC 8785 numbers are IEEE doubles; beyond this two whole numbers can share one double."""


def instant(moment: datetime) -> str:
    """An instant as facts write it: UTC, microseconds, ``2014-08-18T09:00:00.000000Z``."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    there = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return there.isoformat(timespec="microseconds")[:26] + "Z"


def plain(value: object) -> object:
    """The value in the five shapes that JSON shares with every language; ValueError for anything else."""
    # Nearly all that is written is one of these four as it is, and telling them by type takes a fifth of the time.
    if type(value) is str and value.isascii():
        return value
    if type(value) is dict:
        return _plain_mapping(value)
    if type(value) is list or type(value) is tuple:
        return [plain(each) for each in value]
    if type(value) is int and -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
        return value
    if type(value) is bool or value is None:
        return value
    return value.isoformat() if type(value) is date else _plain_by_pattern(value)


def _plain_by_pattern(value: object) -> object:
    match value:
        case Enum():
            return plain(value.value)
        case int():
            if abs(value) > LARGEST_INTEGER:
                raise ValueError(
                    f"{value} is too large to be written exactly everywhere: write it as a string"
                )
            return value
        case str():
            try:
                value.encode()
            except UnicodeEncodeError as error:
                raise ValueError("a string holds half of a surrogate pair, which is not text") from error
            return value
        case Decimal():
            if not value.is_finite():
                raise ValueError(f"{value} is not a number that can be written")
            return format(value, "f")
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case Mapping():
            return _plain_mapping(value)
        case bytes() | bytearray():
            raise ValueError("bytes are a document: keep them as one and write their digest")
        case Sequence():
            return [plain(each) for each in value]
        case _:
            raise ValueError(f"a {type(value).__name__} has no canonical form")


def _plain_mapping(value: Mapping[object, object]) -> dict[str, object]:
    """A mapping in the order in which its keys are written. Most of what there is are plain texts, which stand as they are."""
    return {
        key: each if type(each := value[key]) is str and each.isascii() else plain(each)
        for key in _in_order(tuple(value))
    }


@lru_cache(maxsize=4_096)
def _in_order(keys: tuple[object, ...]) -> tuple[str, ...]:
    """Keys as they are written; the rows of a list all have the same."""
    written: list[str] = []
    for key in keys:
        if not isinstance(key, str):
            raise ValueError(f"the key {key!r} is not a string")
        if unicodedata.normalize("NFC", key) != key:
            raise ValueError(f"the key {key!r} is not in Unicode's composed form (NFC)")
        written.append(key)
    # RFC 8785 sorts by UTF-16 code units, which differs from code points above U+FFFF.
    return tuple(sorted(written, key=lambda key: key.encode("utf-16-be")))


def canonical(value: object) -> bytes:
    """The one canonical way to write the value, as UTF-8 bytes. ValueError when it has none."""
    return to_json(
        plain(value)
    )  # which writes each character as RFC 8785 does, and takes a fifth of the time


def digest_of_bytes(kind: str, schema: int, content: bytes) -> Digest:
    """SHA-256 over ``carepool/KIND/SCHEMA``, a line feed, and the content: a digest never fits another kind."""
    return Digest(hashlib.sha256(_prefix(kind, schema) + content).hexdigest())


@lru_cache(maxsize=256)
def _prefix(kind: str, schema: int) -> bytes:
    return f"carepool/{kind}/{schema}\n".encode()


def digest_of(kind: str, schema: int, value: object) -> Digest:
    """The digest of a value's canonical form."""
    return digest_of_bytes(kind, schema, canonical(value))
