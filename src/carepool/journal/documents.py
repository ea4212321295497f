"""Documents: whole contents kept once under their digest, whose bytes can be withdrawn without breaking a chain."""

import re
from dataclasses import dataclass

from carepool.basics.canonical import Digest, digest_of_bytes
from carepool.basics.refusals import Unusable

LARGEST_DOCUMENT = 10 * 1024 * 1024
"""Bytes in a document, before compression."""

SALT_BYTES = 32
"""A salt has this length or is empty: a fixed length, so that salt and content cannot be divided in two ways."""

_KIND = re.compile(r"[a-z][a-z0-9-]{0,99}")
_MEDIA_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9.+-]+(; ?[a-z]+=[A-Za-z0-9.+-]+)*")


def document_digest(content: bytes, *, kind: str, schema: int = 1, salt: bytes = b"") -> Digest:
    """The digest that a document is kept under; with no salt, ``digest_of_bytes(kind, schema, content)``.

    A salt makes the digest say nothing about a content that could be guessed. Salted documents are
    digested as of another kind, ``KIND+salt``, over the salt and the content.
    """
    if not salt:
        return digest_of_bytes(kind, schema, content)
    return digest_of_bytes(f"{kind}+salt", schema, salt + content)


@dataclass(frozen=True, slots=True)
class Document:
    """A document with its bytes. Unusable when it is too large, or its kind, media type or salt is not one."""

    kind: str
    """What it is, in lower-case-with-hyphens: ``plan``, ``reason``, ``data-vintage``."""
    media_type: str
    content: bytes
    salt: bytes = b""
    """Empty, or 32 random bytes from the caller where the content may have to be forgotten."""
    schema: int = 1

    def __post_init__(self) -> None:
        if len(self.content) > LARGEST_DOCUMENT:
            raise Unusable(
                f"A document has at most 10 MB; this one has {len(self.content):,} bytes. Split it."
            )
        if not _KIND.fullmatch(self.kind):
            raise Unusable(f"“{self.kind}” is not a kind of document. Write it like data-vintage.")
        if len(self.media_type) > 200 or not _MEDIA_TYPE.fullmatch(self.media_type):
            raise Unusable(f"“{self.media_type}” is not a media type. Write it like text/csv.")
        if len(self.salt) not in {0, SALT_BYTES}:
            raise Unusable(f"A salt has {SALT_BYTES} bytes; this one has {len(self.salt)}.")

    @property
    def digest(self) -> Digest:
        """What facts cite."""
        return document_digest(self.content, kind=self.kind, schema=self.schema, salt=self.salt)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What is left of a document whose bytes were withdrawn: that it was here, and how long it was."""

    digest: Digest
    kind: str
    schema: int
    media_type: str
    length: int
    salted: bool


def withdrawn_already(digest: Digest) -> Unusable:
    """The refusal to keep a withdrawn document again."""
    return Unusable(
        f"The document {digest} was withdrawn and cannot be put back. Ask whoever withdrew it why."
    )
