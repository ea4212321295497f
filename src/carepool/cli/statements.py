"""The command that makes a pool's statement: in the terminal, as data, or as a file to hand out."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.house import House
from carepool.actions.pools import named
from carepool.actions.statements import StatementOf, statement_of
from carepool.basics.periods import parse_as_at
from carepool.basics.refusals import Unusable
from carepool.cli import texts
from carepool.cli.commands import Json, read_file, say
from carepool.cli.plans import AsAt
from carepool.cli.pools import Name, Year
from carepool.partnership.agreement import Agreement
from carepool.partnership.reading import read_agreement
from carepool.pool.periods import Period
from carepool.render import statement_answers as answers
from carepool.render.statement_files import FILES


def add_statements(group: typer.Typer, held: Callable[[], House]) -> None:
    """Add ``carepool pool statement`` to the commands of pools; ``held`` gives the house with a database."""

    @group.command("statement")
    def statement(
        pool: Name,
        quarter: Annotated[str, typer.Option(help="A quarter, like 2015-16Q2: the quarterly report.")] = "",
        month: Annotated[str, typer.Option(help="A month, like 2015-06: the month's highlight.")] = "",
        annual: Annotated[bool, typer.Option("--annual", help="The whole year: the annual return.")] = False,
        year: Year = "",
        agreement: Annotated[Path | None, typer.Option(help="The agreement as YAML, for its instalments, where it is not kept with the pool.")] = None,
        out: Annotated[Path | None, typer.Option(help=f"Where to write it: a name that ends in {', '.join(FILES)}.")] = None,
        as_at: AsAt = "",
        json: Json = False,
    ) -> None:  # fmt: skip
        """The pool manager's statement of a month, a quarter or a year: what came in, what was made of it, what to look at."""
        if sum(map(bool, (quarter, month, annual))) != 1:
            raise Unusable("Ask for one period: --month 2015-06, --quarter 2015-16Q2 or --annual.")
        ending = out.suffix.lower() if out else ""
        if out and ending not in FILES:
            raise Unusable(f"{out} ends in none of {', '.join(FILES)}. Choose one of them.")
        house = held()
        day, moment = parse_as_at(as_at) if as_at else (None, None)
        upto = house.journal.as_at(moment) if moment else None
        period = _period(house, pool, quarter, month, year, upto)
        agreed = _read(agreement) if agreement else None
        found = _made(house, pool, period, upto, day, agreed)
        if out:
            content = FILES[ending].make(found)
            out.write_bytes(content)
            say(f"Written: {out} ({len(content):,} bytes).\n")
        else:
            say(answers.answer(found) if json else answers.text(found))


def _period(house: House, pool: str, quarter: str, month: str, year: str, upto: int | None) -> Period:
    if quarter:
        return Period.quarter(quarter)
    return Period.month(month) if month else Period.year(named(house, pool, year, upto).year)


def _made(
    house: House, pool: str, period: Period, upto: int | None, day: date | None, agreed: Agreement | None
) -> StatementOf:
    return statement_of(house, pool, period, upto=upto, on=day, agreement=agreed)


def _read(path: Path) -> Agreement:
    found, _, findings = read_agreement(path.name, read_file(path))
    if found is None:
        raise Unusable(f"{path} is no agreement that can be used. {texts.findings(findings)}")
    return found
