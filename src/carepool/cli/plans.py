"""The commands about plans and pools; checking a file needs no database."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.house import House
from carepool.actions.planning import check_plan, view
from carepool.actions.standings import standing_of
from carepool.basics.findings import blocks
from carepool.basics.periods import parse_as_at
from carepool.cli import texts
from carepool.cli.commands import Json, read_file, say
from carepool.cli.files import json_in
from carepool.cli.papers import add_papers
from carepool.cli.workbooks import checked_file, in_words, told
from carepool.render import plan_answers
from carepool.workbooks.packages import is_package

AsAt = Annotated[str, typer.Option("--as-at", help="As at the end of a day, like 2015-06-01.")]


def add_plans(app: typer.Typer, shipped: Callable[[], House], held: Callable[[], House]) -> None:
    """Add the commands; ``held`` gives the house that answers from the database."""
    group = typer.Typer(help="Check plans, and see where they stand.", no_args_is_help=True)
    app.add_typer(group, name="plan")
    add_papers(group, held)

    @group.command()
    def check(
        file: Annotated[Path, typer.Argument(help="A plan as JSON, or as a workbook of ours.")],
        json: Json = False,
    ) -> None:
        """Check a plan's file against its rules, JSON or workbook, told by its content. Exit 1 when a finding blocks."""
        content = read_file(file)
        if is_package(content):
            _, checked = checked_file(shipped(), content, "", None, "", "")
            say(told(checked) if json else in_words(checked))
            if checked.blocked:
                raise typer.Exit(1)
            return
        digest, findings, area = check_plan(shipped(), json_in(file, content))
        say(plan_answers.checked(digest, findings, area) if json else texts.checked(digest, findings))
        if blocks(findings):
            raise typer.Exit(1)

    @group.command()
    def standing(
        plan: Annotated[str, typer.Argument(help="A plan's address, like carrowby.")],
        as_at: AsAt = "",
        json: Json = False,
    ) -> None:
        """Show who has decided on a plan, and who is awaited since when."""
        house = held()
        day, moment = parse_as_at(as_at) if as_at else (None, None)
        upto = house.journal.as_at(moment) if moment else None
        seen = view(house, plan, upto, day)
        found = standing_of(house, seen, upto)
        say(plan_answers.standing(seen, found) if json else texts.standing(seen, found))
