"""The command that judges NHS numbers."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from carepool.basics.refusals import Unusable, printable
from carepool.care.people.nhs_number import judge, shown
from carepool.render.answers import to_json

Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON document.")]
LARGEST_FILE = 200_000_000


def add_nhs_numbers(app: typer.Typer, production: Callable[[], bool]) -> None:
    """Add ``carepool nhs-number``; ``production`` says whether the range for demonstration and test is refused."""

    @app.command("nhs-number")
    def nhs_number(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="One number a line, with or without spaces in it.")],
        issued_only: Annotated[bool, typer.Option("--issued-only", help="Refuse also what is in no range issued in England, Wales and the Isle of Man.")] = False,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Judge NHS numbers by form and check digit. In production (CAREPOOL_PRODUCTION=yes) those that begin with 999 are refused."""
        found = [judge(line, issued_only=issued_only, production=production()) for line in lines_of(file)]
        if json:
            sys.stdout.write(to_json([asdict(each) for each in found]))
            return
        for each in found:
            what = shown(each.number) if each.number else printable(each.input.strip()) or "(nothing)"
            sys.stdout.write(f"{what}  {each.reason or 'valid'}\n")


def lines_of(file: Path) -> list[str]:
    """The lines of a text file. Unusable when it cannot be read as one."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise Unusable(f"{file} has more than {LARGEST_FILE:,} bytes. Hand in fewer lines.")
        return file.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise Unusable(f"There is no file {file}. Check the name and the folder.") from None
    except UnicodeDecodeError:
        raise Unusable(f"{file} is not text in UTF-8. Save it as plain text, one number a line.") from None
    except OSError as error:
        raise Unusable(f"{file} cannot be read: {error.strerror}.") from None
