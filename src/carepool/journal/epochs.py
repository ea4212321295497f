"""What a journal that was restored says of itself: from which checkpoint it goes on, and what it no longer holds.

A restore is no secret: whoever kept a later checkpoint sees that the log was cut, and here reads when, to where and why.
"""

from datetime import datetime

from carepool.basics.canonical import instant
from carepool.journal.facts import NewFact
from carepool.journal.folding import Kind, Kinds
from carepool.journal.verify import Checkpoint

STREAM = "journal/epochs"
KINDS = Kinds([Kind("EpochOpened")])
"""The kind of fact that this room owns; one of every shape ever written is kept in tests/facts."""


def epoch_opened(kept: Checkpoint, backed_up: Checkpoint, to: datetime | None) -> NewFact:
    """That the log goes on from ``kept``, restored from a backup that held ``backed_up``."""
    body = {
        "forks_from": kept.as_data(),
        "backed_up": backed_up.as_data(),
        "to": instant(to) if to else None,
    }  # fmt: skip
    return NewFact(STREAM, "EpochOpened", 1, body)
