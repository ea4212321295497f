"""What is so of the running service: whether all that it needs is there, and how much waits in its database."""

from collections.abc import Callable
from dataclasses import fields
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db import close_old_connections, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from carepool.basics.refusals import Unusable
from carepool.signin.models import Account
from carepool.store.guard import check_guards, open_to_change
from carepool.store.models import Notice, Seal, Unsealed
from carepool.wiring import disk
from carepool.wiring.config import LOCAL, Config

SHORTEST_KEY = 32
"""Characters of the key that signs cookies."""
TO_CHANGE = "CHANGE-ME"
"""What stands in deploy/ where everybody is to write something of their own."""


def checks() -> dict[str, bool]:
    """Whether each thing that an answer needs is there."""
    close_old_connections()
    try:
        return {name: _holds(check) for name, check in _CHECKS.items()}
    finally:
        close_old_connections()


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _tables() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _guards() -> bool:
    check_guards()
    return True


def _rules() -> bool:
    return bool(disk.rulebook().sets)


_CHECKS = {"database": _database, "tables": _tables, "guards": _guards, "rules": _rules}


def levels() -> dict[str, float]:
    """How much there is and how much waits, by name."""
    close_old_connections()
    try:
        last = Seal.objects.order_by("-position").values_list("position", flat=True).first()
        due = Notice.objects.filter(next_try__isnull=False)
        return {
            "facts_sealed": last or 0,
            "facts_waiting_to_be_sealed": Unsealed.objects.count(),
            "notices_waiting": due.count(),
            "notices_overdue": due.filter(next_try__lt=timezone.now()).count(),
            "notices_tried_in_vain": due.filter(attempts__gt=0).count(),
        }
    finally:
        close_old_connections()


def check_production(config: Config) -> None:
    """Unusable, with all that is wrong, where a service in production has what only a demonstration may have."""
    if not config.production:
        return
    wrong = [*_of_settings(config), *_of_database()]
    if wrong:
        raise Unusable(
            f"This service is not safe to run in production: {'; '.join(wrong)}. See docs/how-to/deployment.md."
        )


def _of_settings(config: Config) -> list[str]:
    wrong = [
        f"CAREPOOL_{each.name.upper()} still reads {TO_CHANGE}"
        for each in fields(config)
        if TO_CHANGE in str(getattr(config, each.name))
    ]
    if any("*" in host for host in config.hosts):
        wrong.append("CAREPOOL_HOSTS lets any host be asked for")
    if set(config.hosts) <= set(LOCAL):
        wrong.append("CAREPOOL_HOSTS names no host but this machine")
    if not config.address:
        wrong.append("CAREPOOL_ADDRESS is not set, and letters would lead to whatever host was asked for")
    if config.metrics_token and len(config.metrics_token) < SHORTEST_KEY:
        wrong.append(f"CAREPOOL_METRICS_TOKEN has fewer than {SHORTEST_KEY} characters")
    if not _encrypted(config.database):
        wrong.append(
            "CAREPOOL_DATABASE is on another machine, and who answers there is not checked: write ?sslmode=verify-full after it"
        )
    if len(config.secret_key()) < SHORTEST_KEY:
        wrong.append(f"the secret key has fewer than {SHORTEST_KEY} characters")
    if (config.home / "secret-key").stat().st_mode & 0o077:
        wrong.append("the secret key can be read by others: give its file the mode 0600")
    return wrong


def _encrypted(database: str) -> bool:
    """Whether nobody between can read or answer what is asked of the database: it is on this machine, or shows its certificate."""
    parts = urlsplit(database)
    host = unquote(parts.hostname or "")
    here = not host or host.startswith("/") or host in {"127.0.0.1", "::1", "localhost"}
    return here or dict(parse_qsl(parts.query)).get("sslmode") == "verify-full"


def _of_database() -> list[str]:
    wrong = []
    if found := Account.objects.filter(demonstration=True).count():
        wrong.append(
            f"the database holds {found} accounts of the demonstration, whose password everybody knows: use another database"
        )
    if tables := open_to_change():
        wrong.append(
            f"its database role may change {', '.join(tables)}: run “carepool database grant ROLE” as the owner of the tables, and serve as that role"
        )
    return wrong
