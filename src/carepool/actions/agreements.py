"""The agreements that pools belong to, as documents: read once, looked up by the day that they hold on."""

from datetime import date
from functools import lru_cache

from carepool.actions.house import House
from carepool.basics.refusals import NotHere, Unusable
from carepool.journal.documents import Document
from carepool.partnership.agreement import Agreement
from carepool.partnership.reading import read_agreement
from carepool.pool.books import Books


def as_document(content: bytes) -> Document:
    """An agreement's file as it is kept. It is published, so it has no salt, and the same file is the same document."""
    return Document("agreement", "application/yaml", content)


@lru_cache(maxsize=64)
def parsed(content: bytes, file: str = "agreement.yaml") -> Agreement:
    """An agreement from its file. Unusable with the first thing that stops it."""
    found, _, findings = read_agreement(file, content)
    if found is None:
        raise Unusable(f"{findings[0].says} {findings[0].remedy}")
    return found


def agreement_of(house: House, digest: str) -> Agreement:
    """An agreement by its digest. NotHere for a document that is not kept any more."""
    found = house.journal.document(digest)
    if not isinstance(found, Document):
        raise NotHere(
            f"The agreement {digest[:12]} is not kept here any more. Attach the one that holds now."
        )
    return parsed(found.content)


def agreement_for(house: House, books: Books, on: date) -> Agreement | None:
    """The agreement of a pool that holds on a day; None where it has none on file."""
    digest = books.records.agreement_on(on)
    return agreement_of(house, digest) if digest else None


def day_within(books: Books, day: date) -> date:
    """The day itself, or the year's first or last where it is outside."""
    return min(max(day, books.first_day), books.last_day)
