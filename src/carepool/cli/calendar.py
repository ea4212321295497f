"""The command that works a plan's deadline backwards, and writes it as a calendar file."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.calendar import agenda_of, entries_of
from carepool.actions.house import House
from carepool.basics.periods import parse_as_at
from carepool.basics.refusals import Unusable
from carepool.cli.commands import Json, say
from carepool.cli.plans import AsAt
from carepool.render import calendar_answers, ics


def add_calendar(app: typer.Typer, held: Callable[[], House]) -> None:
    """Add ``carepool calendar``; ``held`` gives the house that answers from the database."""

    @app.command()
    def calendar(
        plan: Annotated[str, typer.Argument(help="A plan's address, like carrowby.")],
        deadline: Annotated[str, typer.Option(help="A deadline of its rules; the next one without it.")] = "",
        out: Annotated[Path | None, typer.Option("--ics", help="Write it as a calendar file.")] = None,
        as_at: AsAt = "",
        json: Json = False,
    ) -> None:
        """Work a plan's deadline backwards: papers, notices, meetings, delegations, and who blocks now."""
        house = held()
        moment = parse_as_at(as_at)[1] if as_at else None
        upto = house.journal.as_at(moment) if moment else None
        found = agenda_of(house, plan, deadline, upto, moment)
        if out:
            if out.exists():
                raise Unusable(f"{out} exists already. Name another file, or remove it.")
            title = found.view.history.title
            out.write_bytes(ics.calendar(title, entries_of([found]), lambda _: f"/plans/{plan}/calendar"))
        say(calendar_answers.plan(found) if json else calendar_answers.text(found))
