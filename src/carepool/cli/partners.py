"""The commands about partners' own books: what each shows, a ledger held against the pool, every pound once, and exports."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.house import House
from carepool.actions.partnering import count_once, partner_in, partners_now, reconcile_now, wrote
from carepool.actions.pools import named
from carepool.basics.findings import blocks
from carepool.basics.periods import parse_as_at
from carepool.basics.refusals import Unusable, unknown
from carepool.cli.commands import Json, read_file, say
from carepool.cli.plans import AsAt
from carepool.pool.reconciling import DAYS
from carepool.render import ledgers
from carepool.render import partner_answers as answers

Name = Annotated[str, typer.Argument(metavar="POOL", help="A pool's address, like carrowby.")]
Year = Annotated[
    str, typer.Option(help="The financial year, like 2015-16; the last that there are books of without it.")
]
OUT = "-"


def add_partners(group: typer.Typer, held: Callable[[], House]) -> None:
    """Add the commands to ``carepool pool``; ``held`` gives the house with a database."""

    @group.command()
    def partners(
        pool: Name,
        partner: Annotated[
            str, typer.Option(help="One partner's code, with its entries; all without it.")
        ] = "",
        year: Year = "",
        as_at: AsAt = "",
        json: Json = False,
    ) -> None:
        """Each partner's own books of a pool: what its statutory ledger shows, and what is eliminated between partners."""
        house = held()
        day, moment = parse_as_at(as_at) if as_at else (None, None)
        upto = house.journal.as_at(moment) if moment else None
        books = named(house, pool, year, upto)
        found = partners_now(house, books, day, upto)
        if partner:
            partner_in(found, pool, partner)
        say(answers.partners(books, found, partner, day) if json else answers.partners_text(books, found, partner))  # fmt: skip

    @group.command()
    def reconcile(
        pool: Name,
        partner: Annotated[str, typer.Option(help="The partner's code.")],
        ledger: Annotated[Path, typer.Option(help="Its listing or totals as CSV: date,account,reference,description,amount in pounds, debits above zero.")],
        account: Annotated[str, typer.Option(help="What all rows are of, like money, where the file has no column account.")] = "",
        days: Annotated[int, typer.Option(help="How far apart two days may be for one thing.")] = DAYS,
        year: Year = "",
        as_at: AsAt = "",
        json: Json = False,
    ) -> None:  # fmt: skip
        """Hold a partner's own ledger against the pool, to the penny. Exit 1 when more than the day differs."""
        house = held()
        # What was entered after the day can explain what is before it in the other's books, so only what counts is cut.
        day = parse_as_at(as_at)[0] if as_at else None
        books, found = reconcile_now(
            house, pool, year, partner, ledger.name, read_file(ledger), account=account, day=day, days=days
        )
        say(answers.reconciled(books, found) if json else answers.reconciled_text(books, found))
        if not found.agrees:
            raise typer.Exit(1)

    @group.command("once")
    def once(
        place: Annotated[str, typer.Option("--in", help="Only of a board or a region, by its code.")] = "",
        as_at: AsAt = "",
        json: Json = False,
    ) -> None:
        """Every pound of every pool once: bodies' totals, what is in two of them, and alarms. Exit 1 when one blocks."""
        house = held()
        upto = house.journal.as_at(parse_as_at(as_at)[1]) if as_at else None
        found = count_once(house, place, upto)
        say(answers.counted(found) if json else answers.counted_text(found))
        if blocks(found.findings):
            raise typer.Exit(1)

    @group.command()
    def export(
        pool: Name,
        form: Annotated[str, typer.Option("--format", help="beancount, hledger, csv or xlsx.")] = "csv",
        out: Annotated[str, typer.Option(help="The file to write; standard output without it.")] = OUT,
        year: Year = "",
        as_at: AsAt = "",
    ) -> None:
        """A pool's books for another program, balances asserted at each month's end; no JSON."""
        if form not in ledgers.FORMATS:
            raise unknown("format", form, ledgers.FORMATS, f"Choose one of {', '.join(ledgers.FORMATS)}.")
        house = held()
        day, moment = parse_as_at(as_at) if as_at else (None, None)
        upto = house.journal.as_at(moment) if moment else None
        books = named(house, pool, year, upto)
        _write(out, ledgers.FORMATS[form](books, wrote(house, books, upto), day))


def _write(out: str, content: bytes) -> None:
    if out == OUT:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        Path(out).write_bytes(content)
    except OSError as error:
        raise Unusable(f"{out} cannot be written: {error.strerror}.") from None
