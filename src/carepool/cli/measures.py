"""The commands of measures: one of a board with its uncertainty, its chart, all boards beside each other, and the list."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from carepool.actions import measuring
from carepool.actions.care_counts import take_care_counts
from carepool.actions.house import House
from carepool.actions.measuring import Answer
from carepool.actions.own_figures import ask_own
from carepool.actions.vintages import house_then
from carepool.basics.findings import blocks
from carepool.basics.periods import parse_as_at
from carepool.cli import texts
from carepool.cli.commands import Json, read_file, say
from carepool.cli.workbooks import actor_called
from carepool.measures.loading import read_map
from carepool.pool.tabular import Grid, read_text
from carepool.render import measure_answers as answers
from carepool.workbooks.ledgers import of_book
from carepool.workbooks.packages import is_package
from carepool.workbooks.reading import read_workbook

Metric = Annotated[
    str, typer.Argument(metavar="METRIC", help="A measure's name; “carepool measure list” shows all.")
]
BoardOption = Annotated[str, typer.Option("--board", help="A board's code, or “england”.")]


class Measures(TyperGroup):
    """A group whose first word may be a measure: ``carepool measure delayed_transfers`` shows it."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # of Typer's own copy of click
        """Put ``show`` before what is no subcommand and no option."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["show", *args]
        return super().parse_args(ctx, args)


def add_measures(app: typer.Typer, latest: Callable[[], House]) -> typer.Typer:
    """Add ``carepool measure``; ``latest`` gives the house of the database where there is one, else of the shipped files."""
    group = typer.Typer(cls=Measures, help="Measures of a board: values, uncertainty, charts and peers.", no_args_is_help=True)  # fmt: skip
    app.add_typer(group, name="measure")

    @group.command("list")
    def list_(json: Json = False) -> None:
        """List every measure, with the plans that set targets for it."""
        house = latest()
        found = measuring.definitions(house)
        families = [
            tuple(family.title for family in house.rulebook.definitions.families_of(each.id))
            for each in found
        ]
        say(answers.listed(found, families) if json else answers.list_text(found))

    @group.command()
    def show(
        metric: Metric,
        board: BoardOption = measuring.ENGLAND,
        as_at: Annotated[
            str,
            typer.Option(
                "--as-at",
                help="What was known by this day: the figures loaded then, else those published by then.",
            ),
        ] = "",
        json: Json = False,
    ) -> None:
        """A measure of a board by period: what was counted, out of what, its limits, its source and vintage."""
        house = latest()
        day, upto = _instant(house, as_at)
        then = house_then(house, upto)
        own = _own(house, metric, board, upto)
        found = own or measuring.ask(then or house, metric, board, None if then else day)
        say(answers.one(found) if json else answers.text(found))

    @group.command()
    def chart(
        metric: Metric,
        board: BoardOption = measuring.ENGLAND,
        rules: Annotated[str, typer.Option(help="A version of the chart rules, like plot_the_dots_6.")] = "",
        json: Json = False,
    ) -> None:
        """Whether a measure has changed: mean, limits, and the periods that say so, in one sentence."""
        found = measuring.chart_of(latest(), metric, board, rules)
        say(answers.charted(found) if json else answers.charted_text(found))

    @group.command()
    def beside(
        metric: Metric,
        period: Annotated[str, typer.Option(help="A period, like 2015-12, 2015-16Q3 or 2020-21.")],
        board: Annotated[str, typer.Option("--board", help="A board, whose neighbours are shown too.")] = "",
        json: Json = False,
    ) -> None:
        """All boards beside each other: a funnel that allows for more than chance, and ranks with their intervals."""
        found = measuring.beside(latest(), metric, period, board)
        say(answers.beside(found) if json else answers.beside_text(found))

    @group.command()
    def load(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="A table of figures: CSV or XLSX.")],
        mapping: Annotated[Path, typer.Option("--map", metavar="MAP", help="A map of it, as YAML.")],
        out: Annotated[Path | None, typer.Option(help="Write the figures as series,month,value.")] = None,
        json: Json = False,
    ) -> None:
        """Read anybody's table by a map: what is wrong in it by row, what is doubted, and the figures. Nothing is recorded.

        Exit 1 when a row is wrong; the figures of the others are written all the same.
        """
        by, faults = read_map(mapping.name, read_file(mapping))
        if by is None:
            say({"findings": [each.as_data() for each in faults]} if json else texts.findings(faults))
            raise typer.Exit(1)
        grid = _grid(file, by.sheet)
        found = measuring.load_table(latest(), file.name, grid.rows, by)
        if out is not None:
            out.write_bytes(answers.loaded_csv(found).encode())
        say(answers.loaded(found) if json else answers.loaded_text(found) + texts.findings(found.findings))
        if blocks(found.findings):
            raise typer.Exit(1)

    @group.command()
    def counts(
        file: Annotated[Path, typer.Argument(metavar="FILE.json", help="What “carepool care counts” wrote.")],
        handle: Annotated[str, typer.Option("--as", help="The account whose office it is done by.")],
        check: Annotated[bool, typer.Option("--check", help="Say that you read the wordings that wait, and that they count from now on.")] = False,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Take in counts of people's care that passed the rules for small numbers, as measures of the board's own.

        The first time they are defined; a second person checks them; then figures are loaded. Hidden is hidden, and never zero.
        Exit 1 when something is refused.
        """
        house = latest()
        found, steps = take_care_counts(house, actor_called(handle), read_file(file), check=check)
        say(answers.counts_taken(found, steps) if json else answers.counts_text(found, steps))
        if any(each.refused for each in steps):
            raise typer.Exit(1)

    return group


def _instant(house: House, as_at: str) -> tuple[date | None, int | None]:
    """The day asked for and its position in the journal; neither where none is."""
    if not as_at:
        return None, None
    day, moment = parse_as_at(as_at)
    return day, house.journal.as_at(moment)


def _own(house: House, metric: str, board: str, upto: int | None) -> Answer | None:
    """A board's own measure, where the name is none of everybody's and the board has one."""
    name = metric.strip().replace("-", "_")
    if board == measuring.ENGLAND or any(each.id == name for each in house.rulebook.definitions.measures):
        return None
    return ask_own(house, board, name, upto)


def _grid(path: Path, sheet: str) -> Grid:
    """The rows of a file, by what it is and not by its name."""
    content = read_file(path)
    return (
        of_book(path.name, read_workbook(content), sheet)
        if is_package(content)
        else read_text(path.name, content)
    )
