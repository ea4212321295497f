"""The commands that read a section 75 agreement: whether it holds what the law asks, and who bears what; no database."""

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from carepool.basics.findings import Severity, blocks
from carepool.basics.money import Pence
from carepool.basics.periods import LONDON
from carepool.basics.refusals import Unusable
from carepool.cli import texts
from carepool.cli.commands import Json, read_file, say
from carepool.partnership.agreement import Agreement
from carepool.partnership.bearing import Happening, Kind, bear
from carepool.partnership.reading import read_agreement
from carepool.partnership.regulations import check as check_regulations
from carepool.render import agreement_answers as answers
from carepool.rules.rulebook import Rulebook

File = Annotated[Path, typer.Argument(metavar="AGREEMENT", help="An agreement as YAML.")]
_STEP = re.compile(r"([a-z_]+)=([0-9]{1,15})")
LARGEST = 10**15
"""Pence: a thousand times the whole fund of England. More is a slip of the hand."""


def add_agreements(app: typer.Typer, rulebook: Callable[[], Rulebook], now: Callable[[], datetime]) -> None:
    """Add ``carepool agreement check`` and ``carepool riskshare``."""
    group = typer.Typer(help="Read and check a section 75 agreement.", no_args_is_help=True)
    app.add_typer(group, name="agreement")

    @group.callback()
    def agreement() -> None:
        """Read and check a section 75 agreement."""

    @group.command()
    def check(file: File, json: Json = False) -> None:
        """Check an agreement: whether its parts fit, and whether it specifies what the regulations ask. Exit 1 when something blocks."""
        found, lines, findings = read_agreement(file.name, read_file(file))
        today = now().astimezone(LONDON).date()
        rules, asked = rulebook().section_75(_day(found) or today)
        if found:
            findings += check_regulations(file.name, found, lines, rules, asked)
        findings.sort(key=lambda each: list(Severity).index(each.severity))
        text = texts.findings(findings) + (answers.checked_text(found) if found else "")
        say(answers.checked(found, rules.cite("section_75"), findings) if json else text)
        if blocks(findings):
            raise typer.Exit(1)

    @app.command()
    def riskshare(
        file: File,
        overspend: Annotated[int | None, typer.Option(help="Pence spent over the plan.")] = None,
        underspend: Annotated[int | None, typer.Option(help="Pence spent under the plan.")] = None,
        missed: Annotated[int | None, typer.Option(help="Pence of performance money not earned.")] = None,
        scheme: Annotated[str, typer.Option(help="The scheme that it is in; the pool as a whole without it.")] = "",
        line: Annotated[str, typer.Option(help="The line of the scheme.")] = "",
        year: Annotated[str, typer.Option(help="The financial year, like 2015-16; the first without it.")] = "",
        at_hand: Annotated[list[str] | None, typer.Option("--at-hand", metavar="STEP=PENCE", help="What there is to draw on, like underspends=2000000; may be given again.")] = None,
        officers_agreed: Annotated[bool, typer.Option("--officers-agreed", help="Both finance officers agreed, before it was spent, to more than the cap.")] = False,
        ending: Annotated[bool, typer.Option("--ending", help="The agreement ends, and what is left is split.")] = False,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Work an over-spend, an under-spend or missed performance money through an agreement to each partner, to the penny.

        What no clause covers is named, and given to nobody. Exit 1 when the agreement cannot be followed.
        """
        found, _, findings = read_agreement(file.name, read_file(file))
        if found is None:
            say(answers.checked(None, None, findings) if json else texts.findings(findings))
            raise typer.Exit(1)
        kind, pence = _asked(overspend, underspend, missed)
        happening = Happening(
            kind, pence, year or _first(found), scheme, line, _at_hand(at_hand or []), officers_agreed, ending
        )
        done = bear(found, happening)
        data = answers.bearing(found, done) | {"findings": [each.as_data() for each in findings]}
        text = texts.findings(findings) + answers.bearing_text(found, done)
        say(data if json else text)


def _asked(overspend: Pence | None, underspend: Pence | None, missed: Pence | None) -> tuple[Kind, Pence]:
    given = [
        (kind, pence)
        for kind, pence in ((Kind.OVERSPEND, overspend), (Kind.UNDERSPEND, underspend), (Kind.MISSED, missed))
        if pence is not None
    ]
    if len(given) != 1:
        raise Unusable("Ask of one amount: --overspend, --underspend or --missed, in pence.")
    if given[0][1] > LARGEST:
        raise Unusable(f"{given[0][1]} pence is more than the whole fund of England. Check the amount.")
    return given[0]


def _first(agreement: Agreement) -> str:
    if not agreement.years:
        raise Unusable("The agreement has no contributions, so no year can be asked of. Write them under contributions:.")  # fmt: skip
    return agreement.years[0]


def _at_hand(given: list[str]) -> dict[str, Pence]:
    found: dict[str, Pence] = {}
    for each in given:
        match = _STEP.fullmatch(each)
        if match is None or match[1] in found:
            raise Unusable(f"“{each}” is not what a step has at hand. Write each step once, like underspends=2000000, in pence.")  # fmt: skip
        found[match[1]] = int(match[2])
    return found


def _day(agreement: Agreement | None) -> date | None:
    """The day by whose rules an agreement is checked: the first that it holds on."""
    return agreement.duration.first if agreement and agreement.duration else None
