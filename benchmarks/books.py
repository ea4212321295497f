"""Balances rebuilt from the journal, and books checked beside hledger and bean-check, each from its own stored form."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from benchmarks.measuring import Figure, once
from benchmarks.postings import AT, JUNE, SOURCE, YEAR, open_a_pool
from carepool.basics.building import building
from carepool.journal.facts import NewFact
from carepool.pool import facts
from carepool.pool.accounts import Account, Entry, Event, Heading, Posting
from carepool.pool.balances import balances_of
from carepool.pool.books import Books, stream_of
from carepool.pool.facts import books_of
from carepool.store.guard import migrate
from carepool.store.journal import SqlJournal
from carepool.wiring.config import database_settings
from tests.store.houses import add_database, remove_database

POSTINGS = 1_000_000
EACH = 10_000
"""In one pool's year."""
CHECKED = 100_000
"""Transactions that other programs check too."""
TURNS = 3


def measure(home: Path) -> list[Figure]:
    """The figures: how long a million takes, how it grows, and the same books in three programs."""
    alias = add_database(database_settings(f"sqlite:///{home / 'million.sqlite3'}"))
    migrate(alias)
    journal = SqlJournal(alias)
    figures: list[Figure] = []
    rebuilt = 0.0
    for pool in range(POSTINGS // EACH):
        _fill(journal, f"p{pool:03}")
        if (pool + 1) * EACH == CHECKED:
            figures += _beside_others(journal, home)
            rebuilt = _rebuild(journal, CHECKED)
            figures.append(Figure(f"Balances of {CHECKED:,} postings from the journal", rebuilt, "s", TURNS))
    million = _rebuild(journal, POSTINGS, turns=1)
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
    open_a_pool(journal, pool)
    new: list[NewFact] = [facts.posted(pool, YEAR, _posting(number)) for number in range(EACH)]
    journal.append(new, expecting={stream_of(pool, YEAR): 1}, by="ann", at=AT)


def _rebuild(journal: SqlJournal, postings: int, turns: int = TURNS) -> float:
    def work() -> None:
        found = balances_of(journal.said("pool/"))
        assert len(found) == postings // EACH
        assert not any(sum(each.values()) for each in found.values())

    return min(once(work) for _ in range(turns))


def _check(journal: SqlJournal) -> dict[str, Books]:
    """Every posting held to all that the books promise, and the balances."""
    found = {}
    with building():
        for stream in journal.streams("pool/"):
            _, pool, year = stream.split("/")
            found[stream] = books_of(pool, year, journal.walk(stream))
    assert sum(len(each.postings) for each in found.values()) == CHECKED + len(found)
    return found


def _beside_others(journal: SqlJournal, home: Path) -> list[Figure]:
    """The same books: ours from the journal, theirs from a file; the programs are whole processes, as one runs them."""
    books = _check(journal)
    files = {"hledger": home / "books.journal", "bean-check": home / "books.beancount"}
    with files["hledger"].open("w") as ledger, files["bean-check"].open("w") as bean:
        _write(books, ledger.write, bean.write)
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
    measured = sorted(ours)[TURNS // 2]
    found = []
    for name, each in theirs.items():
        peer = sorted(each)[TURNS // 2]
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


def _write(books: dict[str, Books], ledger: Callable[[str], object], bean: Callable[[str], object]) -> None:
    accounts = sorted({(stream, str(account)) for stream, each in books.items() for account in each.balances})
    ledger("commodity GBP 1000.00\n")
    for stream, account in accounts:
        ledger(f"account {stream}:{account}\n")
        bean(f"2015-04-01 open {_named(stream, account)} GBP\n")
    for stream, each in books.items():
        for posting in each.postings:
            ledger(f"\n{posting.on} {posting.says}\n")
            bean(f'\n{posting.on} * "{posting.says}"\n')
            for line in posting.lines:
                amount = f"{line.pence / 100:.2f}"
                ledger(
                    f"    {stream}:{line.debit}  GBP {amount}\n    {stream}:{line.credit}  GBP -{amount}\n"
                )
                bean(
                    f"  {_named(stream, str(line.debit))}  {amount} GBP\n  {_named(stream, str(line.credit))}  -{amount} GBP\n"
                )


def _named(stream: str, account: str) -> str:
    """An account as Beancount can read it."""
    return "Assets:" + ":".join(
        part.capitalize().replace("_", "-") for part in f"{stream}/{account}".split("/")
    )
