"""A page as it was received: what it says, its tables, its links, and what is wrong with its HTML."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

from django.db import connection
from django.http import HttpResponse
from django.test import Client

Attributes = Mapping[str, str]

VOID = {"meta", "link", "input", "br", "hr", "img", "wbr"}
BLOCKS = {
    "p",
    "ul",
    "ol",
    "dl",
    "div",
    "table",
    "figure",
    "form",
    "section",
    "h1",
    "h2",
    "h3",
    "h4",
    "details",
}
"""What ends a paragraph that it stands in, so that the closing tag closes nothing."""

INLINE = {"a", "span", "strong"}
"""What stands within a word or a sentence; every other element parts the words before it from those after."""


@dataclass
class Table:
    """A table of figures: the words of its cells, row by row, headings first."""

    rows: list[list[str]] = field(default_factory=list)

    def column(self, heading: str) -> list[str]:
        """The cells under a heading, those of the foot left out where the table has one."""
        at = self.rows[0].index(heading)
        return [row[at] for row in self.rows[1:]]

    def __iter__(self) -> Iterator[dict[str, str]]:
        return (dict(zip(self.rows[0], row, strict=True)) for row in self.rows[1:])


class Page(HTMLParser):
    """A page taken apart. ``problems`` is empty when its structure is sound."""

    def __init__(self, path: str, html: str) -> None:
        super().__init__()
        self.path = path
        self.html = html
        self.title = ""
        self.elements: list[tuple[str, Attributes]] = []
        self.tables: dict[str, Table] = {}
        self.problems: list[str] = []
        self._open: list[tuple[str, Attributes]] = []
        self._words: list[tuple[str, tuple[str, ...]]] = []
        self._table: Table | None = None
        self.feed(html)
        self.close()
        self.problems += [f"<{tag}> is never closed" for tag, _ in self._open]
        self.problems += self._lint()

    # Reading

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, and that it is open."""
        self.handle_startendtag(tag, attrs)
        if tag in BLOCKS and any(opened == "p" for opened, _ in self._open):
            self.problems.append(f"<{tag}> stands in a paragraph")
        if tag not in INLINE:
            self._words.append((" ", self._inside))
        if tag not in VOID:
            self._open.append((tag, self.elements[-1][1]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element without content."""
        attributes = {name: value or "" for name, value in attrs}
        if len(attributes) < len(attrs):
            self.problems.append(f"<{tag}> has an attribute twice")
        self.elements.append((tag, attributes))
        if tag == "table":
            self._table = self.tables[attributes.get("id", "")] = Table()
        elif tag == "tr" and self._table is not None:
            self._table.rows.append([])
        elif tag in {"td", "th"} and self._table is not None:
            self._table.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        """Close an element, which must be the one opened last."""
        if tag == "table":
            self._table = None
        if not self._open or self._open[-1][0] != tag:
            self.problems.append(f"</{tag}> closes <{self._open[-1][0] if self._open else 'nothing'}>")
            return
        if tag not in INLINE:
            self._words.append((" ", self._inside))
        self._open.pop()

    def handle_data(self, data: str) -> None:
        """Keep the words with where they stand; those hidden from assistive technology are no words of a cell."""
        inside = self._inside
        if inside == ("html", "head", "title"):
            self.title += data
        self._words.append((data, inside))
        hidden = any(attributes.get("aria-hidden") for _, attributes in self._open)
        if self._table is not None and not hidden and {"td", "th"} & set(inside):
            self._table.rows[-1][-1] += data

    @property
    def _inside(self) -> tuple[str, ...]:
        return tuple(tag for tag, _ in self._open)

    # Asking

    @cached_property
    def text(self) -> str:
        """The words of the body, on one line."""
        return " ".join("".join(words for words, inside in self._words if "body" in inside).split())

    def text_of(self, tag: str) -> str:
        """The words of every element of a kind, on one line."""
        return " ".join("".join(words for words, inside in self._words if tag in inside).split())

    def find(self, tag: str, **wanted: str) -> list[Attributes]:
        """The elements of a kind that have these attributes."""
        return [
            attributes
            for each, attributes in self.elements
            if each == tag and all(attributes.get(name) == value for name, value in wanted.items())
        ]

    @cached_property
    def ids(self) -> Counter[str]:
        """Every id, with how often it is given."""
        return Counter(attributes["id"] for _, attributes in self.elements if "id" in attributes)

    @cached_property
    def links(self) -> set[tuple[str, str]]:
        """Where links, forms and style sheets lead, within the page left out: path and fragment."""
        named = [(each, name) for _, each in self.elements for name in ("href", "action") if name in each]
        leads = (urljoin(self.path, each[name]) for each, name in named if not each[name].startswith("#"))
        return {tuple(urldefrag(each)) for each in leads}  # type: ignore[misc]

    # Judging

    def _lint(self) -> Iterator[str]:
        if not self.html.startswith("<!DOCTYPE html>"):
            yield "it does not begin with <!DOCTYPE html>"
        if [attributes.get("lang") for attributes in self.find("html")] != ["en-GB"]:
            yield "its language is not stated"
        if not re.fullmatch(r".{3,} – carepool", self.title.strip()):
            yield f"its title is “{self.title.strip()}”"
        for tag in ("h1", "main"):
            if len(self.find(tag)) != 1:
                yield f"it has {len(self.find(tag))} <{tag}>"
        yield from (f"id {name} is given {number} times" for name, number in self.ids.items() if number > 1)
        yield from self._lint_headings()
        yield from self._lint_references()
        yield from self._lint_fields()
        yield from self._lint_safety()

    def _lint_headings(self) -> Iterator[str]:
        before = 1
        for tag, _ in self.elements:
            if re.fullmatch("h[1-6]", tag):
                if int(tag[1]) > before + 1:
                    yield f"{tag} follows h{before}"
                before = int(tag[1])

    def _lint_references(self) -> Iterator[str]:
        for tag, attributes in self.elements:
            for name in ("for", "aria-labelledby", "aria-describedby"):
                for wanted in attributes.get(name, "").split():
                    if wanted not in self.ids:
                        yield f"<{tag} {name}> names {wanted}, which is not there"
            href = attributes.get("href", "")
            if href.startswith("#") and href[1:] not in self.ids:
                yield f"<{tag}> leads to {href}, which is not there"

    def _lint_fields(self) -> Iterator[str]:
        labelled = {attributes.get("for") for attributes in self.find("label")}
        for tag, attributes in self.elements:
            typed = tag in {"input", "select", "textarea"} and attributes.get("type") != "hidden"
            if typed and attributes.get("id") not in labelled:
                yield f"<{tag} name={attributes.get('name')}> has no label"

    def _lint_safety(self) -> Iterator[str]:
        for tag, attributes in self.elements:
            if tag == "script" and attributes.get("src") == "/static/carepool/autosave.js":
                continue  # the one script: it keeps drafts, and nothing depends on it
            if tag in {"script", "style", "iframe", "object", "embed", "base"}:
                yield f"it has <{tag}>"
            for name, value in attributes.items():
                if name == "style" or name.startswith("on"):
                    yield f"<{tag}> has the attribute {name}"
                fetched = name in {"src", "srcset", "poster", "data"} or (name == "href" and tag != "a")
                if fetched and not re.match(r"/(?!/)|#", value):
                    yield f"<{tag} {name}> fetches {value}"


def of_a_plan(path: str) -> bool:
    """Whether an address is that of a page of a plan, which is not for everybody."""
    return bool(re.match(r"/(plans/(?!new$)|pools/)", path.partition("?")[0]))


def of_somebody(path: str) -> bool:
    """Whether an address is only for whoever is signed in."""
    return of_a_plan(path.removeprefix("/api/v1")) or bool(
        re.match(
            r"/(me|plans/new|portfolio|rules/draft|stays)\b|/(assurance|calendar(\.\w+)?|bodies/[^/]+/offices)$",
            path.partition("?")[0].removeprefix("/api/v1"),
        )
    )


@contextmanager
def nothing_written() -> Iterator[list[str]]:
    """The statements meanwhile that change the database."""
    seen: list[str] = []

    def watch(execute, sql, parameters, many, context):  # type: ignore[no-untyped-def]
        if re.match(r"\s*(INSERT|UPDATE|DELETE|REPLACE)", sql, re.IGNORECASE):
            seen.append(sql)
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(watch):
        yield seen


class Reader:
    """Reads pages through a client, those of plans through another that may read them, each address once; none writes."""

    def __init__(self, client: Client, insider: Client) -> None:
        self._client, self._insider = client, insider
        self._answers: dict[str, HttpResponse] = {}
        self._pages: dict[str, Page] = {}

    def answer(self, path: str) -> HttpResponse:
        """What the service answers."""
        if path not in self._answers:
            with nothing_written() as written:
                self._answers[path] = (self._insider if of_somebody(path) else self._client).get(path)
            assert written == [], path
        return self._answers[path]

    def __call__(self, path: str) -> Page:
        """The page at an address, taken apart."""
        if path not in self._pages:
            self._pages[path] = Page(path, self.answer(path).content.decode())
        return self._pages[path]
