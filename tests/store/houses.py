"""A journal in a test, and what a test may do around it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.core.management import call_command
from django.db import connections

from carepool.journal.port import Journal
from tests.cluster import Cluster

_numbers = count(1)


@dataclass
class House:
    """A journal and what a test may do around it."""

    journal: Journal
    vendor: str
    """memory, sqlite or postgresql."""
    alias: str = ""
    cluster: Cluster | None = None

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run a statement on the database behind the journal, as its owner."""
        with connections[self.alias].cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def together(self, *works: Callable[[], object]) -> list[object]:
        """Do all the works at the same time, each in a thread of its own; their results, or what they raised."""

        def one(work: Callable[[], object]) -> object:
            try:
                return work()
            except Exception as error:
                return error
            finally:
                if self.alias:
                    connections[self.alias].close()

        with ThreadPoolExecutor(len(works)) as pool:
            return list(pool.map(one, works))


@contextmanager
def standing_for_the_services_own(alias: str) -> Iterator[None]:
    """A database in the place of the service's own, which nothing then opens: looked at, an empty file would be made."""
    connections["default"].close()
    del connections["default"]
    held = connections.settings["default"]
    connections.settings["default"] = connections.settings[alias]
    try:
        yield
    finally:
        connections["default"].close()
        del connections["default"]
        connections.settings["default"] = held


def models_agree(alias: str, app: str) -> None:
    """That no table of an app is other than its migrations make it; SystemExit where one is."""
    with standing_for_the_services_own(alias):
        call_command("makemigrations", app, check=True, dry_run=True, verbosity=0)


def add_database(settings: dict[str, object]) -> str:
    """Tell Django of another database; its alias."""
    alias = f"tests{next(_numbers)}"
    connections.settings[alias] = connections.configure_settings({"default": {}, alias: settings})[alias]
    return alias


def remove_database(alias: str) -> None:
    """Close a database that was added, and forget it."""
    connections[alias].close()
    del connections[alias]
    del connections.settings[alias]
