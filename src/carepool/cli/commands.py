"""The commands that answer from what ships with carepool; they need no database."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions import boards as reading_boards
from carepool.actions.allocations import load_allocations
from carepool.actions.house import House
from carepool.actions.nation import RULES, guideline, parse_ambition
from carepool.basics.findings import blocks
from carepool.basics.periods import Quarter, parse_date
from carepool.basics.refusals import Refused, Unusable
from carepool.cli import texts
from carepool.journal.commands import Done
from carepool.measures.admissions import Flag
from carepool.places.england import LAST_DAY
from carepool.render import answers

Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON document.")]
LARGEST_FILE = 20_000_000
OPERATOR = "carepool"
"""The account in whose name the machine's operator records what is loaded."""


def say(data: object) -> None:
    """Write one JSON document, or text, to standard output."""
    sys.stdout.write(data if isinstance(data, str) else answers.to_json(data))


def add_commands(
    app: typer.Typer, shipped: Callable[[], House], held: Callable[[], House], latest: Callable[[], House]
) -> None:
    """Add the commands.

    ``shipped`` gives the house that answers from the shipped files, ``held`` the one of the database, and ``latest``
    that of the database where there is one.
    """

    @app.command()
    def boards(
        on: Annotated[str, typer.Option(help="A day, like 2015-03-31.")] = LAST_DAY.isoformat(),
        json: Json = False,
    ) -> None:
        """List the boards with their councils and CCGs on a day."""
        found = reading_boards.members(shipped(), parse_date(on))
        say([answers.members(each) for each in found] if json else texts.boards(found))

    @app.command()
    def board(
        code: Annotated[str, typer.Argument(help="A board's code, like E10000016 or HWB_BP.")],
        on: Annotated[str, typer.Option(help="A day, like 2015-03-31.")] = LAST_DAY.isoformat(),
        json: Json = False,
    ) -> None:
        """Show one board: councils, districts, CCGs and their shares on a day."""
        found = reading_boards.members_of(shipped(), code, parse_date(on))
        say(answers.board(found) if json else texts.board(found))

    @app.command()
    def allocate(
        rules: Annotated[str, typer.Argument(help="A set of rules, like bcf-2014-08.")],
        board: Annotated[
            str | None, typer.Option(help="Only this board, and what is contributed to it.")
        ] = None,
        allocations: Annotated[
            Path | None,
            typer.Option(help="A CSV file of official pounds: stream,commissioner,board,pounds."),
        ] = None,
        json: Json = False,
    ) -> None:
        """Share the national pot of a set of rules to commissioners and boards, or load the official pounds.

        The shares are indicative until official pounds have been loaded. Exit 1, and nothing is recorded, when the
        file has a fault or does not add to the national sums.
        """
        if allocations is not None:
            _load(held(), rules, allocations, json=json)
            return
        house = latest()
        named, found = house.rulebook.named(rules), house.allocation(rules)
        places = house.areas.real(named.about.places).england.places
        code = places.board(board).code if board else None
        data = answers.allocation(found, named, code)
        say(data if json else texts.allocation(found, named, places, code))

    @app.command()
    def admissions(
        code: Annotated[str, typer.Argument(help="A board's code.")],
        first: Annotated[str, typer.Option("--from", help="A quarter, like 2013-14Q4.")] = "2013-14Q4",
        last: Annotated[str, typer.Option("--to", help="A quarter, like 2015-16Q3.")] = "2015-16Q3",
        json: Json = False,
    ) -> None:
        """Show a board's non-elective admissions by quarter, doubtful ones flagged."""
        house = shipped()
        found = reading_boards.observations(house, code, Quarter.parse(first), Quarter.parse(last))
        say([answers.observation(each) for each in found] if json else texts.admissions(found))

    @app.command()
    def national(
        ambition: Annotated[str | None, typer.Option(help="A uniform cut in per cent.")] = None,
        as_at: Annotated[
            str | None, typer.Option("--as-at", help="Only outturns published by this day.")
        ] = None,
        json: Json = False,
    ) -> None:
        """Show what one uniform ambition would have put at stake and released, nation and boards."""
        house = latest()
        found = house.nation(
            RULES,
            parse_ambition(ambition) if ambition is not None else guideline(house.rulebook.named(RULES)),
            parse_date(as_at) if as_at is not None else None,
        )
        unlike = [
            item
            for item in house.england.admissions.flagged.items()
            if Flag.UNLIKE in item[1] and item[0][1] in found.known
        ]
        extra = {"flagged_commissioner_quarters": answers.flagged(unlike)}
        say(answers.nation(found) | extra if json else texts.nation(found))


def read_file(path: Path) -> bytes:
    """A file's content. Unusable when it cannot be read or is far too large."""
    try:
        if path.is_dir():
            raise Unusable(f"{path} is a folder. Name the file in it.")
        if path.exists() and path.stat().st_size > LARGEST_FILE:
            raise Unusable(f"{path} has more than {LARGEST_FILE:,} bytes. Hand in fewer rows.")
        return path.read_bytes()
    except FileNotFoundError:
        raise Unusable(f"There is no file {path}. Check the name and the folder.") from None
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}.") from None


def _load(house: House, rules: str, path: Path, *, json: bool) -> None:
    """Load a file of official pounds, and say what it was reconciled to."""
    named = house.rulebook.named(rules)
    places = house.areas.real(named.about.places).england.places
    read, done = load_allocations(
        house.journal, named, places, path.name, read_file(path), by=OPERATOR, clock=house.clock
    )
    data = answers.reconciled(read, recorded=isinstance(done, Done))
    said = "" if done is None else f"{done.says}\n" if isinstance(done, Refused) else "Recorded: from now on these pounds are official.\n"  # fmt: skip
    say(data if json else texts.reconciled(read) + texts.findings(read.findings) + said)
    if blocks(read.findings):
        raise typer.Exit(1)
