"""Words that were said about something are read together, however many there are of them."""

from collections.abc import Iterable

from carepool.actions.house import House
from carepool.basics.canonical import Digest
from carepool.journal.documents import Document

WITHDRAWN = "The words were withdrawn; their digest stands."


def words_under(house: House, digests: Iterable[str]) -> dict[str, str]:
    """What was said under each digest, or that it was withdrawn; nothing under none."""
    asked = list(dict.fromkeys(digests))
    kept = house.journal.kept(each for each in asked if each)
    found = {each: kept.get(Digest(each)) for each in asked if each}
    said = {each: held.content.decode() if isinstance(held, Document) else WITHDRAWN for each, held in found.items()}  # fmt: skip
    return {"": "", **said}
