"""The house of the running service: England as the journal holds it, read again when another vintage is loaded."""

import secrets
from datetime import UTC, datetime
from functools import partial
from threading import Lock

from django.conf import settings

from carepool.actions.house import House
from carepool.actions.series import STREAM, held_england
from carepool.store.drafts import SqlDrafts, SqlRuleDrafts
from carepool.store.journal import SqlJournal
from carepool.store.notices import SqlNotices
from carepool.wiring import disk
from carepool.wiring.outbox import outbox

_lock = Lock()
_held: tuple[int, House] | None = None


def now() -> datetime:
    """The one clock."""
    return datetime.now(UTC)


def clock() -> datetime:
    """What the clock of the house says, without asking whether another vintage is loaded."""
    return (_held[1].clock if _held else now)()


def current_house() -> House:
    """The house at the journal's present vintage of England; the same object while that stands."""
    global _held  # noqa: PLW0603  (one value a process, replaced whole under the lock)
    journal = SqlJournal()
    version = journal.version(STREAM)
    held = _held
    if held is None or held[0] != version:
        with _lock:
            if _held is None or _held[0] != version:
                areas = disk.areas(held_england(journal))
                _held = (
                    version,
                    House(
                        areas,
                        disk.rulebook(),
                        journal,
                        SqlDrafts(),
                        now,
                        partial(secrets.token_bytes, 32),
                        SqlRuleDrafts(),
                        outbox(settings.CONFIG),
                        SqlNotices(),
                    ),
                )
            held = _held
    return held[1]
