"""Balances rebuilt from the journal, and books checked beside hledger and bean-check, each from its own stored form."""

import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.measuring import Figure, once
from benchmarks.postings import AT, JUNE, SOURCE, YEAR, open_a_pool
from carepool.journal.facts import NewFact
from carepool.pool import facts
from carepool.pool.accounts import Account, Entry, Event, Heading, Posting
from carepool.pool.balances import balances_of
from carepool.pool.books import Books, stream_of
from carepool.pool.facts import books_of
from carepool.render.ledgers import beancount, hledger
from carepool.store.guard import migrate
from carepool.store.journal import SqlJournal
from carepool.wiring.config import database_settings
from tests.store.houses import add_database, remove_database

POSTINGS = 1_000_000
EACH = 10_000
"""In one pool's year, but for the longest."""
LONGEST, CHECKED = "longest", 100_000
"""The pool whose transactions other programs check too, and how many they are."""
TURNS = 3


def measure(home: Path) -> list[Figure]:
    """The figures: how long a million takes, how it grows, and the same books in three programs."""
    alias = add_database(database_settings(f"sqlite:///{home / 'million.sqlite3'}"))
    migrate(alias)
    journal = SqlJournal(alias)
    open_a_pool(journal, LONGEST)
    for _ in range(CHECKED // EACH):
        _fill(journal, LONGEST)
    figures = _beside_others(journal, home)
    rebuilt = _rebuild(journal, TURNS)
    figures.append(Figure(f"Balances of {CHECKED:,} postings from the journal", rebuilt, "s", TURNS))
    for pool in range((POSTINGS - CHECKED) // EACH):
        open_a_pool(journal, f"p{pool:03}")
        _fill(journal, f"p{pool:03}")
    million = _rebuild(journal, 1)
    grown = f"{million / rebuilt:.1f} times what {CHECKED:,} take"
    figures.append(Figure(f"… of {POSTINGS:,}", million, "s", 1, bound=10, note=grown))
    remove_database(alias)
    return figures


def _posting(number: int) -> Posting:
    lines = (
        Entry(
            Account(Heading.SPENT, "s1", SOURCE), Account(Heading.OWED, f"Z{number % 50}"), number % 997 + 1
        ),
    )
    return Posting("", "Spent", JUNE, lines, (), Event.SPENT)


def _fill(journal: SqlJournal, pool: str) -> None:
    stream = stream_of(pool, YEAR)
    new: list[NewFact] = [facts.posted(pool, YEAR, _posting(number)) for number in range(EACH)]
    journal.append(new, expecting={stream: journal.version(stream)}, by="ann", at=AT)


def _rebuild(journal: SqlJournal, turns: int) -> float:
    def work() -> None:
        assert not any(sum(each.values()) for each in balances_of(journal.said("pool/")).values())

    return median(once(work) for _ in range(turns))


def _check(journal: SqlJournal) -> Books:
    """Every posting held to all that the books promise, and the balances."""
    found = books_of(LONGEST, YEAR, journal.walk(stream_of(LONGEST, YEAR)))
    assert len(found.postings) == CHECKED + 1
    return found


def _beside_others(journal: SqlJournal, home: Path) -> list[Figure]:
    """The same books: ours from the journal, theirs from a file; the programs are whole processes, as one runs them."""
    books = _check(journal)
    files = {"hledger": home / "books.journal", "bean-check": home / "books.beancount"}
    digests = {str(fact.version): fact.digest for fact in journal.walk(stream_of(LONGEST, YEAR))}
    files["hledger"].write_text(hledger(books, digests))
    files["bean-check"].write_text(beancount(books, digests))
    bean_check = Path(sys.executable).with_name("bean-check")
    programs: dict[str, list[str | Path]] = {}
    if shutil.which("hledger"):
        programs["hledger"] = ["hledger", "--strict", "-f", files["hledger"], "balance"]
    if bean_check.exists():
        programs["bean-check"] = [bean_check, "--no-cache", files["bean-check"]]
    ours: list[float] = []
    theirs: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(TURNS):  # in turns, so that all meet the same machine
        ours.append(once(lambda: _check(journal)))
        for name, command in programs.items():
            before = perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            theirs[name].append(perf_counter() - before)
    measured = median(ours)
    found = []
    for name, each in theirs.items():
        peer = median(each)
        found.append(
            Figure(
                f"Check and balance of {CHECKED:,} transactions, beside {name}",
                measured,
                "s",
                TURNS,
                bound=peer / 3,
                peer=peer,
            )
        )
    if not found:
        found.append(
            Figure(
                f"Check and balance of {CHECKED:,} transactions",
                measured,
                "s",
                TURNS,
                note="neither hledger nor bean-check is here",
            )
        )
    return found
