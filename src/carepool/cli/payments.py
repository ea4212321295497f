"""The command that works out performance money: from a file, for a signed-off plan, or a year replayed under each regime."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.house import House
from carepool.actions.nation import RULES, parse_ambition
from carepool.actions.payments import Options, Paid, pay, pay_plan
from carepool.actions.replaying import replay
from carepool.basics.findings import blocks
from carepool.basics.periods import parse_date
from carepool.basics.refusals import Unusable
from carepool.cli import payment_texts
from carepool.cli.commands import Json, read_file, say
from carepool.render import payment_answers
from carepool.workbooks.statements import write_statements

WORKBOOK = "A new workbook to write, with the statements as live formulas."


def add_payments(app: typer.Typer, shipped: Callable[[], House], latest: Callable[[], House]) -> None:
    """Add the command; ``shipped`` gives the house of what ships, ``latest`` that of the database where there is one."""

    @app.command()
    def payment(
        file: Annotated[
            Path | None,
            typer.Argument(
                help="A CSV file: board,quarter,baseline,planned,actual; other regimes have other columns."
            ),
        ] = None,
        rules: Annotated[
            str | None, typer.Option(help=f"The set of rules to pay by; {RULES} if not given.")
        ] = None,
        plan: Annotated[
            str | None, typer.Option(help="A signed-off plan, on the outturns published by --on.")
        ] = None,
        on: Annotated[str | None, typer.Option(help="A day, like 2015-08-10; today if not given.")] = None,
        year: Annotated[
            str | None,
            typer.Option("--replay", help="A year, like 2015-16, on its real outturn under each regime."),
        ] = None,
        ambition: Annotated[
            str | None,
            typer.Option(help="With --replay: the cut in per cent; the published average if not given."),
        ] = None,
        operational: Annotated[
            str | None,
            typer.Option(help="With --replay: the cut in per cent that the CCGs' operational plans make."),
        ] = None,
        stand_in: Annotated[
            bool,
            typer.Option(
                "--stand-in", help="With --replay: let admissions stand for every measure (hypothetical)."
            ),
        ] = False,
        cap: Annotated[
            str | None,
            typer.Option(help="quarter or year: another limit on what is earned so far (hypothetical)."),
        ] = None,
        clawback: Annotated[
            bool | None,
            typer.Option("--clawback/--no-clawback", help="Pay back or not, whatever the rules have."),
        ] = None,
        working: Annotated[bool, typer.Option("--working", help="Show how each figure was reached.")] = False,
        workbook: Annotated[Path | None, typer.Option(help=WORKBOOK)] = None,
        json: Json = False,
    ) -> None:
        """Work out performance money from plans and outturns. Exit 1 when a row has a fault."""
        if sum(each is not None for each in (file, plan, year)) != 1:
            raise Unusable("Name one thing to pay: a file, a plan with --plan, or a year with --replay.")
        options = _options(cap, clawback)
        if options.asked and file is None:
            raise Unusable(
                "--cap and --clawback belong to a file. Of a plan ask carepool stake plan:PLAN cap=year."
            )
        if year is not None:
            if rules or workbook or working:
                raise Unusable(
                    "A replay is of every set of rules, and has no workbook or working of its own."
                )
            cuts = (parse_ambition(each) if each is not None else None for each in (ambition, operational))
            found = replay(latest(), year, *cuts, stand_in=stand_in)
            say(payment_answers.replayed(found) if json else payment_texts.replayed(found))
            return
        if ambition or operational or stand_in:
            raise Unusable("--ambition, --operational and --stand-in belong to --replay.")
        if plan is not None:
            if rules:
                raise Unusable("A plan is paid by its own rules. Leave --rules out.")
            paid, name = pay_plan(latest(), plan, parse_date(on) if on else None), f"plan {plan}"
        else:
            assert file is not None  # noqa: S101 (one of the three is given)
            content, house = read_file(file), shipped()
            # Where a board's part may be one that is shared out, official pounds count, and they are in the database.
            house = house if house.rulebook.named(rules or RULES).pays else latest()
            paid, name = pay(house, rules or RULES, file.name, content, options), file.name
        if workbook is not None:
            _write(workbook, paid, name)
        say(
            payment_answers.payment(paid, name, working)
            if json
            else payment_texts.payment(paid, name, with_working=working)
        )
        if blocks(paid.findings):
            raise typer.Exit(1)


def _options(cap: str | None, clawback: bool | None) -> Options:
    if cap is not None and cap not in {"quarter", "year"}:
        raise Unusable(f"“{cap}” is no cap. Write --cap quarter or --cap year.")
    return Options(cap, clawback)  # type: ignore[arg-type]  # one of the two


def _write(path: Path, paid: Paid, name: str) -> None:
    """Write the workbook. Unusable where there is nothing to write, or a file is there already."""
    if not paid.statements:
        raise Unusable("There is no statement to write: every board has a fault.")
    if path.exists():
        raise Unusable(f"{path} is there already. Name another file, or remove it.")
    workings = [paid.working(each, name) for each in paid.statements]
    path.write_bytes(
        write_statements(
            paid.statements, paid.people, workings, paid.rules.name, illustrative=paid.illustrative
        )
    )
