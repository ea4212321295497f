"""The command of intermediate care: places and people by pathway, service and month, and what more places do."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.intermediate_care import CareAnswer, ask_care
from carepool.cli import texts
from carepool.cli.commands import Json, read_file, say
from carepool.render.intermediate_answers import of_care, shown_rows
from carepool.rules.rulebook import Rulebook

HEADING = ("Month", "Places", "To begin", "Can begin", "Gap", "Waiting", "Hospital beds")


def add_intermediate(app: typer.Typer, rulebook: Callable[[], Rulebook]) -> None:
    """Add ``carepool intermediate``."""

    @app.command()
    def intermediate(
        file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Columns pathway, service, month, places, demand (people who begin), stay_days.")],
        more: Annotated[str, typer.Option(help="So many more places in each service, to see what they do.")] = "",
        in_hospital: Annotated[str, typer.Option(help="Per cent of those who wait that wait in a hospital bed.")] = "",
        json: Json = False,
    ) -> None:  # fmt: skip
        """Intermediate care: the gap between places and people, who waits, the hospital beds they wait in, and what more does.

        Exit 1 when a month is missing.
        """
        answer = ask_care(
            rulebook(), file.name, read_file(file), more=more, in_hospital=in_hospital, called=("--more", "--in-hospital")
        )  # fmt: skip
        if not answer.found:
            say(
                {"findings": [each.as_data() for each in answer.findings]}
                if json
                else texts.findings(list(answer.findings))
            )
            raise typer.Exit(1)
        say(of_care(answer) if json else _text(answer))


def _text(answer: CareAnswer) -> str:
    more = ("With more places",) if answer.then else ()
    text = texts.findings(list(answer.findings))
    for service in answer.found:
        heading = (*HEADING, *more)
        text += f"{' · '.join(service)}\n{texts.table(heading, shown_rows(answer, service), tuple(range(1, len(heading))))}\n"
    return f"{text}{' '.join(answer.rests_on)}\n"
