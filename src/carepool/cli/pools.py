"""The commands of a pooled account: at a glance, and what else is asked of it."""

from collections.abc import Callable
from typing import Annotated

import typer
from typer.core import TyperGroup

from carepool.actions.house import House
from carepool.actions.pools import mark_of, named
from carepool.basics.periods import parse_as_at
from carepool.cli.commands import Json, say
from carepool.cli.partners import add_partners
from carepool.cli.plans import AsAt
from carepool.pool.books import stream_of
from carepool.render import pool_answers as answers

Name = Annotated[str, typer.Argument(metavar="POOL", help="A pool's address, like carrowby.")]
Year = Annotated[
    str, typer.Option(help="The financial year, like 2015-16; the last that there are books of without it.")
]


class Pools(TyperGroup):
    """A group whose first word may be a pool: ``carepool pool carrowby`` shows it."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # of Typer's own copy of click
        """Put ``show`` before what is no subcommand and no option."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["show", *args]
        return super().parse_args(ctx, args)


def add_pools(app: typer.Typer, held: Callable[[], House]) -> typer.Typer:
    """Add ``carepool pool``, and give the group so that others can add to it; ``held`` gives the house with a database."""
    group = typer.Typer(cls=Pools, help="A pooled account: at a glance, statements, imports and exports.", no_args_is_help=True)  # fmt: skip
    app.add_typer(group, name="pool")

    @group.command()
    def show(pool: Name, year: Year = "", as_at: AsAt = "", json: Json = False) -> None:
        """A pool at a glance: what each partner puts in, what each scheme spends, and what is left."""
        house = held()
        day, moment = parse_as_at(as_at) if as_at else (None, None)
        upto = house.journal.as_at(moment) if moment else None
        books = named(house, pool, year, upto)
        mark = mark_of(house, books)
        facts = house.journal.read(stream_of(pool, books.year), upto=upto)
        say(answers.whole(books, facts, mark, day) if json else answers.at_a_glance_text(books, mark))

    add_partners(group, held)
    return group
