"""The command that lets counts out of the person wing: one file, through the rules for small numbers, with its checksum."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from carepool.basics.refusals import Unusable
from carepool.cli.commands import Json, say
from carepool.measures.monthly import after
from carepool.render.answers import to_json
from carepool.wiring.operations_care import start_care

MOST_MONTHS = 60


def add_counts(care: typer.Typer) -> None:
    """Add ``carepool care counts``."""

    @care.command("counts")
    def counts(
        file: Annotated[Path, typer.Argument(metavar="FILE.json", help="The file to write; it must not exist.")],
        board: Annotated[str, typer.Option(help="The code of the board whose people the wing holds.")],
        until: Annotated[str, typer.Option(help="The last month, like 2015-04; the last that is over, without.")] = "",
        months: Annotated[int, typer.Option(help="How many months.", min=1, max=MOST_MONTHS)] = 12,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Count what the fund may know of people's care, by month, and write it for “carepool measure counts”.

        Small counts are marked as hidden, and so is what would give them away; the others are rounded. No person is in it.
        """
        if file.exists():
            raise Unusable(f"{file} exists already. Name another file, or remove it.")
        start_care(prepared=True)
        from carepool.care.actions.counting import count
        from carepool.wiring.house_care import current_wing

        house = current_wing()
        last = _last(until, house.today)
        found = count(house, board, [after(last, -each) for each in reversed(range(months))])
        file.write_text(to_json(found.document), encoding="utf-8")
        data = {
            "file": str(file),
            "shown": found.shown,
            "hidden": found.hidden,
            "digest": found.document["digest"],
            "elsewhere": list(found.elsewhere),
        }
        others = f"Answers that were given for {', '.join(found.elsewhere)} are not in it. Was another board meant?\n" if found.elsewhere else ""  # fmt: skip
        say(
            data
            if json
            else f"{file} holds {found.shown} counts that are shown and {found.hidden} that are hidden because they, or what is left beside them, are small.\nIts checksum is {found.document['digest']}\n{others}"
        )


def _last(until: str, today: date) -> str:
    """The last month that is counted. Unusable for one that is none, or is not over."""
    over = after(f"{today:%Y-%m}", -1)
    if not until:
        return over
    try:
        asked = f"{date.fromisoformat(f'{until}-01'):%Y-%m}"
    except ValueError:
        raise Unusable(f"“{until}” is no month. Write it like 2015-04.") from None
    if asked > over:
        raise Unusable(f"{until} is not over. The last month that can be counted is {over}.")
    return asked
