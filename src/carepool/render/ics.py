"""A calendar as RFC 5545 has it, for whatever people keep their dates in; what is called off is sent as cancelled."""

from collections.abc import Callable, Iterable
from datetime import UTC, timedelta

from carepool.calendar.events import Entry

AGAIN_AFTER = timedelta(hours=6)
"""How long a subscriber's calendar may wait before it looks again."""


def calendar(title: str, entries: Iterable[Entry], url: Callable[[Entry], str]) -> bytes:
    """The calendar's bytes, the same for the same entries. Instants are in UTC, so that no time zone need be sent along."""
    import icalendar  # takes a fifth of a second, and few requests ask for it

    made = icalendar.Calendar()
    made.add("prodid", "-//carepool//calendar//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", title)
    made.add("x-wr-calname", title)
    made.add("refresh-interval", AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT6H")
    for each in entries:
        event = icalendar.Event()
        event.add("uid", each.uid)
        event.add("dtstamp", each.changed.astimezone(UTC).replace(microsecond=0))
        event.add("sequence", each.sequence)
        event.add("dtstart", each.instant.astimezone(UTC) if each.instant else each.on)
        event.add("summary", each.title)
        event.add("description", each.says)
        event.add("url", url(each))
        event.add("status", "CANCELLED" if each.cancelled else "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    content: bytes = made.to_ical()
    return content
