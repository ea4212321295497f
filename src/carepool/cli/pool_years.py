"""The commands of a pool's agreement and year: opened from an agreement, who bears it, what to look at, the year's end."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.house import House
from carepool.actions.opening_pools import attach_agreement, open_from
from carepool.actions.pool_years import enter_bearing, findings_of, reckoning_of
from carepool.actions.pools import named
from carepool.actions.settling_by_agreement import approve_earned, keep_unearned, propose_earned
from carepool.basics.findings import Severity
from carepool.basics.money import Pence
from carepool.basics.periods import Quarter, parse_as_at, parse_date
from carepool.basics.refusals import Refused, Unusable
from carepool.cli import texts
from carepool.cli.commands import Json, read_file, say
from carepool.cli.plans import AsAt
from carepool.cli.pools import Name, Year
from carepool.cli.workbooks import actor_called
from carepool.journal.commands import Done
from carepool.partnership.reckoning import Given
from carepool.pool.approving import Side
from carepool.pool.books import Books
from carepool.pool.yearend import note
from carepool.render import pool_year_answers as answers

File = Annotated[Path, typer.Argument(metavar="AGREEMENT", help="An agreement as YAML.")]
Handle = Annotated[str, typer.Option("--as", help="The account whose office it is done by.")]
_PENCE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.-]*)=([0-9]{1,15})")
_WORD = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.-]*)=([A-Za-z0-9][A-Za-z0-9_.-]*)")


def add_pool_years(group: typer.Typer, held: Callable[[], House]) -> None:
    """Add ``carepool pool open``, ``agreement``, ``bears``, ``check``, ``year-end`` and ``settle``."""

    @group.command("open")
    def open_(
        file: File,
        pool: Annotated[str, typer.Option("--pool", help="The pool's address, like carrowby-joint.")],
        year: Annotated[str, typer.Option("--year", help="The financial year, like 2015-16.")],
        handle: Handle,
        plan: Annotated[str, typer.Option("--plan", help="The signed-off plan that it carries out.")] = "",
        json: Json = False,
    ) -> None:
        """Open a pool's books of a year from its agreement. Exit 1 when it is refused."""
        done = open_from(held(), actor_called(handle), pool, year, read_file(file), plan, file.name)
        _tell(done, f"The books of {pool}, {year}, are open.\n", json=json)

    @group.command()
    def agreement(
        pool: Name,
        file: File,
        handle: Handle,
        year: Year = "",
        first: Annotated[str, typer.Option("--from", help="The first day that it holds on; the year's first without it.")] = "",
        mandate: Annotated[str, typer.Option(help="The mandate by which all partners agreed, where another holds already.")] = "",
        json: Json = False,
    ) -> None:  # fmt: skip
        """Attach the agreement that a pool belongs to, or another that holds from a day; earlier ones stay."""
        house = held()
        books = named(house, pool, year)
        day = parse_date(first) if first else None
        done = attach_agreement(house, actor_called(handle), pool, books.year, read_file(file), day, mandate)
        _tell(done, f"{pool} has its agreement.\n", json=json)

    @group.command()
    def bears(
        pool: Name,
        year: Year = "",
        as_at: AsAt = "",
        forecast: Annotated[list[str] | None, typer.Option(metavar="SCHEME=PENCE", help="What a scheme will have cost by the year's end; may be given again.")] = None,
        missed: Annotated[int, typer.Option(help="Pence of performance money that is expected to be missed.")] = 0,
        at_hand: Annotated[list[str] | None, typer.Option("--at-hand", metavar="STEP=PENCE", help="What the books do not know: outside=PENCE, new_schemes=PENCE.")] = None,
        line: Annotated[list[str] | None, typer.Option("--line", metavar="SCHEME=LINE", help="The line of a scheme that its variance is in.")] = None,
        officers_agreed: Annotated[bool, typer.Option("--officers-agreed", help="Both finance officers agreed, before it was spent, to more than the cap.")] = False,
        ending: Annotated[bool, typer.Option("--ending", help="The agreement ends with the year.")] = False,
        enter: Annotated[str, typer.Option("--enter", metavar="HANDLE", help="Enter it in the books, as this account.")] = "",
        json: Json = False,
    ) -> None:  # fmt: skip
        """Who bears a pool's year by its agreement: by the outturn once March is closed, else by forecasts, else so far.

        Each partner's part has its working. Exit 1 when entering is refused.
        """
        house = held()
        books = _books(house, pool, year, as_at)
        given = Given(_amounts(forecast), missed, _amounts(at_hand), _words(line), officers_agreed, ending)
        if enter:
            done = enter_bearing(house, actor_called(enter), pool, books.year, given)
            _tell(done, "Entered, each posting with its working.\n", json=json)
            return
        found = reckoning_of(house, books, given)
        say(answers.reckoned(found) if json else answers.reckoned_text(found))

    @group.command()
    def check(
        pool: Name,
        year: Year = "",
        as_at: AsAt = "",
        forecast: Annotated[list[str] | None, typer.Option(metavar="SCHEME=PENCE", help="What a scheme will have cost by the year's end; may be given again.")] = None,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Whether a pool's books are as they should be: assertions, what stands open, schemes off track, balances confirmed.

        Exit 1 when something warns.
        """
        house = held()
        books = _books(house, pool, year, as_at)
        findings = findings_of(house, books, _amounts(forecast))
        say(answers.checked(books, findings) if json else texts.findings(findings) or "Nothing to look at.\n")
        if any(each.severity is not Severity.NOTE for each in findings):
            raise typer.Exit(1)

    @group.command("year-end")
    def year_end(pool: Name, year: Year = "", as_at: AsAt = "", json: Json = False) -> None:
        """The memorandum account as a note, partners' balances, what came after a ledger closed, what was not spent."""
        books = _books(held(), pool, year, as_at)
        found = note(books)
        if isinstance(found, Refused):
            raise Unusable(found.says)
        say(answers.year_end(books, found) if json else answers.year_end_text(books, found))

    @group.command()
    def settle(
        pool: Name,
        handle: Handle,
        year: Year = "",
        propose: Annotated[str, typer.Option(metavar="QUARTER", help="Propose what this quarter earned, like 2015-16Q2.")] = "",
        approve: Annotated[str, typer.Option(metavar="QUARTER", help="Approve what was proposed of this quarter.")] = "",
        keep: Annotated[bool, typer.Option("--keep", help="Close the year: what was never earned stays with the CCGs.")] = False,
        ccg: Annotated[str, typer.Option("--of", help="The CCG whose money it is.")] = "",
        pence: Annotated[int, typer.Option(help="What was earned, in pence.", min=0)] = 0,
        side: Annotated[str, typer.Option(help="For whom it is approved: ccg or host.")] = "",
        statement: Annotated[Path | None, typer.Option(help="The statement that says so, as text; it is kept with the release.")] = None,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Settle the performance money of a pool opened from its agreement: propose, approve on both sides, keep the rest."""
        house, actor = held(), actor_called(handle)
        of = named(house, pool, year).year
        words = read_file(statement) if statement else b""
        if [bool(propose), bool(approve), keep].count(True) != 1:
            raise Unusable("Say one thing: --propose QUARTER, --approve QUARTER or --keep.")
        if propose:
            done = propose_earned(house, actor, pool, of, Quarter.parse(propose), ccg, pence, words)
        elif approve:
            done = approve_earned(house, actor, pool, of, Quarter.parse(approve), ccg, _side(side))
        else:
            done = keep_unearned(house, actor, pool, of, words)
        _tell(done, "Done, and it stands in the books.\n", json=json)


def _side(code: str) -> Side:
    try:
        return Side.of(code)
    except KeyError:
        raise Unusable(f"“{code}” is no side. Approve with --side ccg or --side host.") from None


def _books(house: House, pool: str, year: str, as_at: str) -> Books:
    _, moment = parse_as_at(as_at) if as_at else (None, None)
    return named(house, pool, year, house.journal.as_at(moment) if moment else None)


def _tell(done: Done | Refused, says: str, *, json: bool) -> None:
    if isinstance(done, Refused):
        say({"refused": done.says} if json else f"{done.says}\n")
        raise typer.Exit(1)
    say(done.answer if json else says)


def _amounts(given: list[str] | None) -> dict[str, Pence]:
    found: dict[str, Pence] = {}
    for each in given or []:
        match = _PENCE.fullmatch(each)
        if match is None or match[1] in found:
            raise Unusable(f"“{each}” is no amount. Write each once, like s1=2000000, in pence.")
        found[match[1]] = int(match[2])
    return found


def _words(given: list[str] | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in given or []:
        match = _WORD.fullmatch(each)
        if match is None or match[1] in found:
            raise Unusable(f"“{each}” is no line of a scheme. Write each once, like s2=spot.")
        found[match[1]] = match[2]
    return found
