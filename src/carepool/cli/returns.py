"""The commands of quarterly returns: shown, prefilled, checked, put forward, signed, closed, and by workbook."""

import json as json_text
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.house import House
from carepool.actions.return_imports import bring_back, imports_of, receipt_of
from carepool.actions.returning import (
    ReturnView,
    close_return_of,
    findings_of,
    keep_part,
    pdf_of,
    prefill,
    print_of,
    put_forward_of,
    quarters_of,
    return_of,
    sent_content,
    sign_return_of,
    working_of,
)
from carepool.basics.canonical import digest_of_bytes
from carepool.basics.findings import Finding, Severity, blocks
from carepool.basics.periods import Quarter, parse_as_at
from carepool.basics.refusals import Refused, Unusable
from carepool.cli import texts
from carepool.cli.commands import Json, read_file, say
from carepool.cli.plans import AsAt
from carepool.cli.workbooks import actor_called, write_file
from carepool.journal.commands import Done
from carepool.plans.parts import Part
from carepool.render import return_answers as answers
from carepool.render.return_papers import pdf_of_print
from carepool.workbooks.maps import TemplateMap, parse_map
from carepool.workbooks.origin import Origin
from carepool.workbooks.reading import read_workbook
from carepool.workbooks.returns import read_return_workbook, sheets_of_return, write_return
from carepool.workbooks.templates import fill

Plan = Annotated[str, typer.Argument(metavar="PLAN", help="A plan's address, like carrowby.")]
InQuarter = Annotated[str, typer.Option("--quarter", help="A quarter, like 2015-16Q2.")]
As = Annotated[str, typer.Option("--as", help="The account whose office it is done by.")]
Map = Annotated[Path | None, typer.Option("--map", help="A map of an issued template, as YAML.")]
Out = Annotated[
    Path | None, typer.Option(help="Where to write the print: text, or a PDF for a name that ends in .pdf.")
]


def add_returns(app: typer.Typer, held: Callable[[], House]) -> typer.Typer:
    """Add ``carepool return``, and give the group so that others can add to it; ``held`` gives the house with a database."""
    group = typer.Typer(help="Quarterly returns of a plan.", no_args_is_help=True)
    app.add_typer(group, name="return")

    @group.command("list")
    def list_(plan: Plan, as_at: AsAt = "", json: Json = False) -> None:
        """Every quarter that a return is asked of, when it is due, and where it stands."""
        house = held()
        upto = _upto(house, as_at)
        rows = [
            (str(asking.quarter), str(asking.due.at), answers.state(filed), asking.rules)
            for _, asking, filed in quarters_of(house, plan, upto)
        ]
        head = ("quarter", "due", "state", "rules")
        say([dict(zip(head, row, strict=True)) for row in rows] if json else texts.table(head, rows))

    @group.command()
    def show(plan: Plan, quarter: InQuarter, as_at: AsAt = "", out: Out = None, json: Json = False) -> None:
        """A return as it was sent last, or was sent by then; a closed one reprints what was kept, byte for byte."""
        house = held()
        day, moment = parse_as_at(as_at) if as_at else (None, None)
        upto = house.journal.as_at(moment) if moment else None
        found = return_of(house, plan, Quarter.parse(quarter), upto, day)
        content = sent_content(house, found.filed.current)
        if out:
            out.write_bytes(pdf_of(house, found, pdf_of_print) if out.suffix.lower() == ".pdf" else print_of(house, found))  # fmt: skip
            say(f"Written: {out}.\n")
        elif json:
            say(answers.whole(found, content, findings_of(house, found, content) if content else ()))
        else:
            say(print_of(house, found).decode() if content else answers.standing_text(found))

    _add_filling(group, held)
    _add_sending(group, held)
    _add_workbooks(group, held)
    return group


def _add_filling(group: typer.Typer, held: Callable[[], House]) -> None:
    @group.command("prefill")
    def prefill_(plan: Plan, quarter: InQuarter, handle: As, json: Json = False) -> None:
        """Begin a return from last quarter's and the account; what was typed and not put forward is dropped."""
        house = held()
        done = prefill(house, actor_called(handle), plan, Quarter.parse(quarter))
        if isinstance(done, Refused):
            _refuse(done, json=json)
        _tell_working(house, return_of(house, plan, Quarter.parse(quarter)), json=json)

    @group.command()
    def fill(
        plan: Plan,
        quarter: InQuarter,
        part: Annotated[str, typer.Argument(help="A part, like conditions.")],
        file: Annotated[Path, typer.Argument(help="The part as JSON, amounts in whole pence or as text in pounds.")],
        handle: As,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Keep a part of a return from a JSON file. Exit 1 when it cannot be read or is refused."""
        house = held()
        try:
            data = json_text.loads(read_file(file))
        except ValueError as error:
            raise Unusable(f"{file} is no JSON: {error}. Write it anew.") from error
        done = keep_part(house, actor_called(handle), plan, Quarter.parse(quarter), part, data, "")
        if isinstance(done, Refused):
            _refuse(done, json=json)
        elif not isinstance(done, Part):
            _say_findings(done, json=json)
            raise typer.Exit(1)
        _tell_working(house, return_of(house, plan, Quarter.parse(quarter)), json=json)

    @group.command()
    def check(plan: Plan, quarter: InQuarter, json: Json = False) -> None:
        """Check the return that the leads are filling in: what is wanting, what is questioned. Exit 1 when something blocks."""
        house = held()
        _tell_working(house, return_of(house, plan, Quarter.parse(quarter)), json=json, strict=True)


def _add_sending(group: typer.Typer, held: Callable[[], House]) -> None:
    @group.command()
    def submit(
        plan: Plan,
        quarter: InQuarter,
        handle: As,
        why: Annotated[str, typer.Option(help="The reasons, where it corrects what was sent.")] = "",
        json: Json = False,
    ) -> None:
        """Put a return forward for the board's signature; it is sent once the chair has signed. Exit 1 when it is refused."""
        _tell(put_forward_of(held(), actor_called(handle), plan, Quarter.parse(quarter), why), "It waits for the board's signature.\n", json=json)  # fmt: skip

    @group.command()
    def sign(
        plan: Plan,
        quarter: InQuarter,
        handle: As,
        digest: Annotated[str, typer.Option(help="The digest of what is signed; of what waits without it.")] = "",
        json: Json = False,
    ) -> None:  # fmt: skip
        """Sign what was put forward, which sends it. Exit 1 when it is refused."""
        house = held()
        waiting = return_of(house, plan, Quarter.parse(quarter)).filed.waiting
        named = digest or (waiting.digest if waiting else "")
        _tell(sign_return_of(house, actor_called(handle), plan, Quarter.parse(quarter), named), "It is signed and sent.\n", json=json)  # fmt: skip

    @group.command()
    def close(plan: Plan, quarter: InQuarter, handle: As, json: Json = False) -> None:
        """Close a return: nothing is corrected any more, and its print is kept, as text and as PDF. Exit 1 when it is refused."""
        _tell(close_return_of(held(), actor_called(handle), plan, Quarter.parse(quarter), pdf_of_print), "It is closed.\n", json=json)  # fmt: skip


def _add_workbooks(group: typer.Typer, held: Callable[[], House]) -> None:
    @group.command()
    def export(
        plan: Plan,
        out: Annotated[Path, typer.Argument(help="The workbook to write.")],
        quarter: InQuarter,
        template: Annotated[Path | None, typer.Option(help="An issued template to fill.")] = None,
        map: Map = None,
    ) -> None:
        """Write a return as it stands as a workbook, or into an issued template by its map."""
        if bool(template) != bool(map):
            raise Unusable("A template is filled by a map. Give both --template and --map.")
        house = held()
        found = return_of(house, plan, Quarter.parse(quarter))
        content = working_of(house, found).content
        mapped = _map(house, map)
        if template and mapped:
            written = fill(read_file(template), content, mapped, Origin(mapped.rules, (), "", plan, quarter))
        else:
            written = write_return(found.rules, found.asking, content, found.last, found.title, found.mark)
        write_file(out, written)
        say(f"Written: {out} ({len(written):,} bytes).\n")

    @group.command("import")
    def import_(
        plan: Plan,
        workbook: Annotated[Path, typer.Argument(help="The workbook that comes back.")],
        quarter: InQuarter,
        handle: As,
        map: Map = None,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Bring a workbook back into the return that is being filled in. Exit 1 when a cell cannot be read; the rest is kept."""
        house = held()
        found = return_of(house, plan, Quarter.parse(quarter))
        read = read_return_workbook(
            read_workbook(read_file(workbook)), found.rules, found.asking, _map(house, map)
        )
        if (read.plan, read.quarter) not in {("", ""), (plan, quarter)}:
            raise Unusable(f"{workbook} is of the return {read.plan} {read.quarter}. Bring it back to that one.")  # fmt: skip
        brought = read.brought(
            read_file(workbook),
            workbook.name,
            digest_of_bytes("return-map", 1, read_file(map)) if map else "",
        )
        done = bring_back(house, actor_called(handle), plan, Quarter.parse(quarter), brought)
        if isinstance(done, Refused):
            _refuse(done, json=json)
            return
        faults = [{"sheet": each.sheet, "cell": each.cell, "says": each.says, "remedy": each.remedy} for each in read.faults]  # fmt: skip
        if json:
            say(
                {
                    "parts": list(done.parts),
                    "faults": faults,
                    "findings": [each.as_data() for each in done.findings],
                    **done.recorded,
                }
            )
        else:
            say("".join(f"{each['sheet']}, {each['cell']}: {each['says']} {each['remedy']}\n" for each in faults) + texts.findings(list(done.findings)) * bool(done.findings) + f"Read: {', '.join(read.parts)}. Changed: {', '.join(done.parts) or 'nothing'}. Receipt {done.recorded['receipt']}.\n")  # fmt: skip
        if done.findings or any(each.severity is Severity.BLOCKER for each in read.faults):
            raise typer.Exit(1)

    @group.command()
    def receipts(plan: Plan, quarter: InQuarter, as_at: AsAt = "", json: Json = False) -> None:
        """The workbooks that were brought back into a return, and what became of every cell that was not taken."""
        house = held()
        upto = _upto(house, as_at)
        made = imports_of(house, plan, return_of(house, plan, Quarter.parse(quarter), upto).quarter, upto)
        told = [(each, receipt_of(house, each)) for each in made]
        say([answers.import_data(*each) for each in told] if json else answers.imports_text(told))


def _map(house: House, path: Path | None) -> TemplateMap | None:
    if path is None:
        return None
    mapped, findings = parse_map(path.name, read_file(path), house.rulebook, sheets_of_return)
    if mapped is None:
        raise Unusable(f"{findings[0].says} {findings[0].remedy}")
    return mapped


def _upto(house: House, as_at: str) -> int | None:
    return house.journal.as_at(parse_as_at(as_at)[1]) if as_at else None


def _tell_working(house: House, found: ReturnView, *, json: bool, strict: bool = False) -> None:
    working = working_of(house, found)
    if json:
        say(answers.whole(found, working.content, working.findings))
    else:
        say(answers.standing_text(found) + texts.findings(list(working.findings)))
    if strict and blocks(working.findings):
        raise typer.Exit(1)


def _say_findings(findings: list[Finding], *, json: bool) -> None:
    say({"findings": [each.as_data() for each in findings]} if json else texts.findings(findings))


def _refuse(refused: Refused, *, json: bool) -> None:
    say({"refused": refused.says} if json else f"{refused.says}\n")
    raise typer.Exit(1)


def _tell(done: Done | Refused, says: str, *, json: bool) -> None:
    if isinstance(done, Refused):
        _refuse(done, json=json)
        return
    say(done.answer if json else says)
