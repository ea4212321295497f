"""Small facts for the tests of journals."""

from datetime import UTC, datetime

from carepool.journal.facts import Fact, NewFact
from carepool.journal.port import Journal

AT = datetime(2014, 8, 18, 9, tzinfo=UTC)
"""The instant at which tests write, unless they say otherwise."""


def signed(stream: str, body: dict[str, object] | None = None, kind: str = "PlanSigned") -> NewFact:
    """A fact about nothing much."""
    return NewFact(stream, kind, 1, {} if body is None else body)


def append(journal: Journal, stream: str, body: dict[str, object] | None = None, at: datetime = AT) -> Fact:
    """Write one fact at the end of a stream."""
    (fact,) = journal.append(
        [signed(stream, body)], expecting={stream: journal.version(stream)}, by="account-1", at=at
    )
    return fact
