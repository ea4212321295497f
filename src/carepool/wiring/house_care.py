"""The house of the person wing's running service."""

import secrets
from datetime import UTC, datetime
from functools import lru_cache

from django.conf import settings

from carepool.care.actions.demonstration import BOARD
from carepool.care.actions.house import CareHouse
from carepool.care.store.people import SqlPeople
from carepool.care.store.vault import FileVault, master_key
from carepool.store.journal import SqlJournal
from carepool.wiring import disk


def now() -> datetime:
    """The one clock."""
    return datetime.now(UTC)


def new_id() -> str:
    """An opaque id for a person."""
    return f"p{secrets.token_hex(8)}"


@lru_cache(maxsize=1)
def vault() -> FileVault:
    """The keys of this service."""
    config = settings.CONFIG
    return FileVault(config.home, master_key(config.home, config.production))


def current_wing() -> CareHouse:
    """The wing."""
    production = settings.CONFIG.production
    return CareHouse(
        SqlJournal(), SqlPeople(), vault(), now, new_id, disk.rulebook(), production, "" if production else BOARD
    )  # fmt: skip
