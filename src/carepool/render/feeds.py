"""An Atom feed (RFC 4287), made of values alone: its addresses are the service's own, without the name of a host."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

_ATOM = "http://www.w3.org/2005/Atom"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was published."""

    id: str
    title: str
    at: datetime
    href: str
    summary: str


def atom(id: str, title: str, href: str, entries: Iterable[Entry]) -> bytes:
    """The feed, with the entries in the order given; it was updated when the latest of them was."""
    held = tuple(entries)
    feed = Element("feed", xmlns=_ATOM)
    for name, text in (
        ("id", id),
        ("title", title),
        ("updated", _at(max((each.at for each in held), default=_NEVER))),
    ):
        SubElement(feed, name).text = text
    SubElement(SubElement(feed, "author"), "name").text = "carepool"
    SubElement(feed, "link", rel="self", href=href)
    for each in held:
        entry = SubElement(feed, "entry")
        for name, text in (
            ("id", each.id),
            ("title", each.title),
            ("updated", _at(each.at)),
            ("summary", each.summary),
        ):
            SubElement(entry, name).text = text
        SubElement(entry, "link", rel="alternate", href=each.href)
    made: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return made


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
