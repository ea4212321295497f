"""The command that turns admissions avoided into beds and money, by trust or by board, every step shown."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.hospitals import BoardAnswer, Given, TrustAnswer, about_board, about_trust, read_flows
from carepool.actions.house import House
from carepool.actions.nation import parse_ambition
from carepool.basics.findings import blocks
from carepool.basics.refusals import Unusable, printable
from carepool.cli import texts
from carepool.cli.commands import Json, read_file, say
from carepool.measures.cells import read_cell
from carepool.render import capacity_answers as answers


def add_capacity(app: typer.Typer, latest: Callable[[], House]) -> None:
    """Add ``carepool capacity``."""

    @app.command()
    def capacity(
        reduce: Annotated[str, typer.Option(help="Per cent of emergency admissions avoided, 0 to 100.")],
        trust: Annotated[str, typer.Option(help="A trust's code, like RWE.")] = "",
        board: Annotated[str, typer.Option(help="A board's code, instead of a trust.")] = "",
        stay: Annotated[str, typer.Option(help="Mean stay of an avoided admission, days.")] = "",
        occupancy: Annotated[str, typer.Option(help="Per cent at which beds are used; the trust's own without it.")] = "",
        price: Annotated[str, typer.Option(help="Full price of one admission, pounds.")] = "",
        marginal_rate: Annotated[str, typer.Option(help="Per cent of the price that is paid.")] = "",
        variable: Annotated[str, typer.Option(help="Per cent of cost that goes with each patient.")] = "",
        ward: Annotated[str, typer.Option(help="Per cent of cost that goes with a whole ward.")] = "",
        ward_beds: Annotated[str, typer.Option(help="Beds of a ward.")] = "",
        flows: Annotated[Path | None, typer.Option(metavar="FLOWS.csv", help="Where boards' people go: columns board, trust, share (per cent).")] = None,
        beds: Annotated[str, typer.Option(help="Beds open on a mean night, instead of KH03's.")] = "",
        occupied: Annotated[str, typer.Option(help="Beds occupied, with --beds.")] = "",
        json: Json = False,
    ) -> None:  # fmt: skip
        """Admissions avoided × length of stay ÷ occupancy = beds: by board, adding up, with the remainder named; and money.

        Exit 1 when there are no beds to close, or parts of the cost are more than the whole.
        """
        if bool(trust) == bool(board):
            raise Unusable("Name one trust (--trust) or one board (--board).")
        house = latest()
        options = {
            "stay": ("--stay", stay), "occupancy": ("--occupancy", occupancy), "price": ("--price", price),
            "marginal_rate": ("--marginal-rate", marginal_rate), "variable_share": ("--variable", variable),
            "ward_share": ("--ward", ward), "ward_beds": ("--ward-beds", ward_beds),
        }  # fmt: skip
        if bool(beds) != bool(occupied):
            raise Unusable(
                "--beds and --occupied go together: those open and those occupied on a mean night."
            )
        given = Given(
            parse_ambition(reduce),
            {name: _number(option, text) for name, (option, text) in options.items() if text},
            read_flows(house, flows.name, read_file(flows)) if flows else {},
            (_number("--beds", beds), _number("--occupied", occupied)) if beds else None,
        )
        if trust:
            of_trust = about_trust(house, trust, given)
            say(answers.of_trust(of_trust) if json else _trust_text(of_trust))
            wrong = blocks(of_trust.findings)
        else:
            of_board = about_board(house, board, given)
            say(answers.of_board(of_board) if json else _board_text(of_board))
            wrong = blocks(of_board.findings)
        if wrong:
            raise typer.Exit(1)


def _number(option: str, text: str) -> Decimal:
    found = read_cell(text)
    if found is None or found.number is None:
        raise Unusable(f"{option} “{printable(text[:40])}” is no number. Write it like 5 or 4.5.")
    return found.number


def _trust_text(found: TrustAnswer) -> str:
    said = f"{found.name} ({found.code}), {found.period}\n"
    said += "".join(f"{each.says} {each.remedy}\n" for each in found.findings)
    for each in answers.workings(found):
        said += f"\n{each.of}: {texts.amount(each.value, each.unit)}\n{texts.working(each)}"
    return said


def _board_text(found: BoardAnswer) -> str:
    said = f"{found.name} ({found.code}), {found.period}\n"
    said += "".join(f"{each.says} {each.remedy}\n" for each in found.findings)
    for each in (answers.board_working(found), answers.payment_working(found)):
        said += f"\n{each.of}: {texts.amount(each.value, each.unit)}\n{texts.working(each)}"
    return said
