"""A release as the answer to whoever asks for information: what is held of it, what is withheld and why, and how to check it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from textwrap import fill
from typing import Any

from carepool.actions.open_book import Book
from carepool.basics.canonical import canonical
from carepool.basics.periods import LONDON, in_words
from carepool.render.open_tables import TABLES

WIDE = 100
"""Characters of a line of the letter."""


def answer_of(book: Book, bundle: bytes, script: bytes) -> Mapping[str, bytes]:
    """The files of the answer by name: the letter first, the release as it verifies, each document and table, and the script."""
    documents = {each["path"]: each["what"] for each in book.about["documents"]}
    tables = {name: each for name, each in TABLES.items() if next(each.rows([book]), None) is not None}
    files: list[tuple[str, str, bytes]] = [
        ("release.json", "the release with its proofs: “carepool verify” and the script take it, or this whole zip", bundle),
        *((f"documents/{path}", f"{what[:1].lower()}{what[1:]}", canonical(book.documents[path])) for path, what in documents.items()),
        *((f"tables/{name}.csv", each.title[:1].lower() + each.title[1:], each.csv([book]).encode()) for name, each in tables.items()),
        ("verify_release.py", "the script that checks it with nothing but Python: python3 verify_release.py release.json", script),
    ]  # fmt: skip
    letter = "\n".join(_letter(book, [(name, what) for name, what, _ in files]))
    return {"answer.txt": f"{letter}\n".encode(), **{name: content for name, _, content in files}}


def _letter(book: Book, files: Sequence[tuple[str, str]]) -> Iterator[str]:
    about, release = book.about, book.release
    yield f"{about['title']}: what is held and published"
    if about.get("mark"):
        yield f"{about['mark']}."
    yield ""
    yield _line(f"This answers a request for information about {about['title']}. It is release {release.name}, published on {in_words(release.on)}, and it never changes. It holds version {about['version']} of the plan, which ministers signed off, under the rules {about['rules']['name']}.")  # fmt: skip
    yield ""
    if about["corrects"]:
        yield _line(f"It puts release {about['corrects']['release']} right: {about['corrects']['says']}")
        yield ""
    yield "WHO DECIDED"
    for each in about["parties"]:
        yield f"- {each['name']} agreed on {_day(each)}"
    for each in about["stages"]:
        yield f"- {each['name']}: {str(each['stage']).replace('_', ' ')} on {_day(each)}"
    yield ""
    yield "WHAT IS WITHHELD, AND WHY"
    for each in about["withheld"]:
        yield _line(f"- {each['where']}: {each['says']}. Of its section the digest is given alone: {each['digest']}")  # fmt: skip
    if not about["withheld"]:
        yield "Nothing of this version is withheld."
    hidden = sum(row[f"{name}_status"] == "hidden" for row in TABLES["counts"].rows([book]) for name in ("part", "rest", "whole"))  # fmt: skip
    if hidden:
        yield _line(f"{hidden} counts of people are hidden, so that nobody can be told from them; counts.csv says which.")  # fmt: skip
    yield ""
    yield "WHAT IS IN THIS ANSWER"
    yield from (_line(f"- {name}: {what}") for name, what in files)
    yield ""
    yield "HOW TO CHECK IT"
    names = {each["body"]: each["name"] for each in about["parties"]}
    publisher = names.get(about["by"]["body"], about["by"]["body"])
    yield _line(f"Its digest is {release.digest}; whoever publishes it can tell you that by another way. The digest of the plan that was signed is {release.of}. No name of a person is in it: bodies and offices are.")  # fmt: skip
    yield _line(f"Drafts, and versions that were not signed off, are not part of a release. Whoever wants more, or thinks that a reason does not hold, writes to {publisher}, which published it.")  # fmt: skip


def _line(text: str) -> str:
    return fill(text, WIDE, subsequent_indent="  " if text.startswith("- ") else "", break_long_words=False, break_on_hyphens=False)  # fmt: skip


def _day(each: Mapping[str, Any]) -> str:
    return in_words(datetime.fromisoformat(each["at"]).astimezone(LONDON).date())
