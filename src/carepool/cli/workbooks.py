"""The commands about workbooks: export, check, import and annotate; checking needs no database."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.areas import MARK
from carepool.actions.house import House
from carepool.actions.nation import RULES
from carepool.actions.permits import Actor
from carepool.actions.planning import all_plans, area_of, begun, view, why_no_plan
from carepool.basics.refusals import NotHere, Refused, Unusable, printable
from carepool.cli.commands import Json, read_file, say
from carepool.cli.texts import many
from carepool.plans.document import Plan
from carepool.plans.versions import PlanHistory
from carepool.workbooks.annotating import annotate as annotated
from carepool.workbooks.checking import Checked, check_template, check_workbook
from carepool.workbooks.drawing import write_map
from carepool.workbooks.fitting import read_drawing
from carepool.workbooks.importing import Imported, import_workbook
from carepool.workbooks.issued import read_issued
from carepool.workbooks.layout import sheets_of
from carepool.workbooks.maps import TemplateMap, parse_map
from carepool.workbooks.offers import offers
from carepool.workbooks.proposing import propose
from carepool.workbooks.reading import Book, read_workbook
from carepool.workbooks.templates import fill
from carepool.workbooks.writing import origin_of, write_workbook

Rules = Annotated[str, typer.Option(help="A set of rules, like bcf-2014-08.")]
PlanOption = Annotated[str, typer.Option("--plan", help="A plan's address, like carrowby.")]
Map = Annotated[Path | None, typer.Option("--map", help="A map of somebody else's template, as YAML.")]
Board = Annotated[str, typer.Option("--board", help="A board whose plan a template is, where there is none yet.")]  # fmt: skip
In = Annotated[Path, typer.Argument(help="A workbook.")]


def add_workbooks(app: typer.Typer, shipped: Callable[[], House], held: Callable[[], House], latest: Callable[[], House]) -> None:  # fmt: skip
    """Add the commands; ``held`` gives the house of the database, ``latest`` it where there is one."""
    group = typer.Typer(help="A plan as an Excel workbook.", no_args_is_help=True)
    app.add_typer(group, name="workbook")

    @group.command()
    def export(
        board: Annotated[str, typer.Argument(help="A board's code, like E10000016.")],
        out: Annotated[Path, typer.Argument(help="The workbook to write.")],
        plan: PlanOption = "",
        rules: Rules = "",
        template: Annotated[
            Path | None, typer.Option("--template", help="An issued template to fill.")
        ] = None,
        map: Map = None,
    ) -> None:
        """Write the plan of a board as a workbook, or into an issued template by its map."""
        if bool(template) != bool(map):
            raise Unusable("A template is filled by a map. Give both --template and --map.")
        house = held() if plan else latest()
        mapped = read_map(house, map) if map else None
        found, history = plan_of(house, board, plan, rules or (mapped.rules if mapped else ""))
        version = history.current.digest if history.current else ""
        if mapped and template:
            if found.rules != mapped.rules:
                raise Unusable(f"The map is for the rules {mapped.rules}, and the plan is under {found.rules}. Use a map for them.")  # fmt: skip
            content = fill(read_file(template), found, mapped, origin_of(found, history.id, version))
        else:
            area = area_of(house, history)
            named = house.rulebook.named(found.rules)
            content = write_workbook(found, named, origin_of(found, history.id, version), offers(named, area, found))  # fmt: skip
        write_file(out, content)
        whose = f"plan {history.id}" if history.id else "a new plan"
        say(f"{out}: {whose} for {', '.join(history.boards)} under {found.rules}.\n")

    @group.command("map")
    def map_(
        template: Annotated[Path, typer.Argument(help="An issued template.")],
        out: Annotated[Path, typer.Argument(help="The map to write, as YAML.")],
        rules: Rules = RULES,
    ) -> None:
        """Propose a map of an issued template, each guess with what it rests on. Read it through: it is only a guess."""
        house = shipped()
        issued, sheets = read_issued(read_file(template)), sheets_of(house.rulebook.named(rules))
        drawing = propose(issued, sheets, rules, f"A proposal for {printable(template.name)}")
        mapped, found = read_drawing(drawing, house.rulebook, issued)
        write_file(out, write_map(drawing)[0].encode())
        cells, lists = len(drawing.cells), len(drawing.tables)
        told = [f"{out}: {cells} {many(cells, 'answer')} and {lists} {many(lists, 'list')} have a likely place. Read it through: it is only a guess."]  # fmt: skip
        told += [f"{each.severity.capitalize()}: {each.about}: {each.says} {each.remedy}" for each in found]
        say("\n".join(told) + "\n")
        if mapped is None:
            raise typer.Exit(1)

    @group.command()
    def check(file: In, rules: Rules = "", map: Map = None, plan: PlanOption = "", board: Board = "", json: Json = False) -> None:  # fmt: skip
        """Check a workbook: every fault with its cell, all at once. Exit 1 when one blocks."""
        house = held() if plan else shipped()
        _, checked = checked_file(house, read_file(file), rules, map, plan, board)
        say(told(checked) if json else in_words(checked))
        if checked.blocked:
            raise typer.Exit(1)

    @group.command("import")
    def import_(
        file: In,
        handle: Annotated[str, typer.Option("--as", help="The account into whose drafts it goes.")],
        plan: PlanOption = "",
        map: Map = None,
        json: Json = False,
    ) -> None:
        """Merge a workbook into somebody's drafts, and give a receipt for every row and cell. Nothing is saved as a version."""
        if map and not plan:
            raise Unusable("A template does not say which plan it is of. Name it: --plan ADDRESS.")
        house, content = held(), read_file(file)
        book, checked = checked_file(house, content, "", map, plan, "")
        done = import_workbook(house, actor_called(handle), content, book, checked, plan, mapped=map is not None, file=file.name)  # fmt: skip
        if isinstance(done, Refused):
            raise Unusable(done.says)
        say(receipt(done) if json else receipt_in_words(done))
        if checked.blocked or done.receipt.conflicts:
            raise typer.Exit(1)

    @group.command()
    def annotate(file: In, out: Annotated[Path, typer.Argument(help="The workbook to write.")], rules: Rules = "", map: Map = None, plan: PlanOption = "", board: Board = "") -> None:  # fmt: skip
        """Write a workbook's faults into a copy of it, each as a comment at its cell, with a sheet that lists them."""
        house, content = held() if plan else shipped(), read_file(file)
        _, checked = checked_file(house, content, rules, map, plan, board)
        write_file(out, annotated(content, checked.faults))
        say(f"{out}: {len(checked.faults)} {many(len(checked.faults), 'comment')}.\n")


def plan_of(house: House, board: str, plan: str, rules: str) -> tuple[Plan, PlanHistory]:
    """A plan as it stands: that named, else the only one of a board, else what a new one begins from."""
    if not plan:
        mine = [each for each in all_plans(house) if board in each.boards and rules in {"", each.rules}]
        if len(mine) > 1:
            raise Unusable(f"Board {board} has several plans: {', '.join(each.id for each in mine)}. Name one: --plan {mine[0].id}.")  # fmt: skip
        plan = mine[0].id if mine else ""
    if plan:
        found = view(house, plan)
        if board not in found.history.boards:
            raise Unusable(f"Plan {plan} is for {', '.join(found.history.boards)}, not for {board}. Name its board.")  # fmt: skip
        if rules not in {"", found.rules.name}:
            raise Unusable(f"Plan {plan} is under {found.rules.name}, not {rules}. Leave out --rules.")
        return found.plan, found.history
    named = house.rulebook.named(rules or RULES)
    if why := why_no_plan(named):
        raise Unusable(f"{why} Choose another set of rules.")
    area = house.areas.of_boards((board,), named.about.places)
    name = area.england.places.board(board).name
    new = PlanHistory("", named.name, (board,), f"{name} joint plan", "", house.clock())
    return begun(house, new, area), new


def checked_file(house: House, content: bytes, rules: str, map: Path | None, plan: str, board: str) -> tuple[Book, Checked]:  # fmt: skip
    """A file as it was read, and its check: one of ours, or a template by its map."""
    book = read_workbook(content)
    if map is None:
        return book, check_workbook(house, book, rules)
    mapped = read_map(house, map)
    if not plan and not board:
        raise Unusable("A template does not say whose plan it is. Name the board or the plan: --board BOARD or --plan ADDRESS.")  # fmt: skip
    beneath = view(house, plan).plan if plan else plan_of(house, board, "", mapped.rules)[0]
    return book, check_template(house, book, mapped, beneath)


def read_map(house: House, path: Path) -> TemplateMap:
    """A map. Unusable with everything that is wrong with it, each with file and line."""
    mapped, findings = parse_map(path.name, read_file(path), house.rulebook)
    if mapped is None:
        raise Unusable(" ".join(f"{each.says} {each.remedy}" for each in findings))
    return mapped


def actor_called(handle: str) -> Actor:
    """The account of a handle, with the key of a request made now. NotHere for none."""
    from carepool.signin.models import Account

    found = Account.objects.filter(handle=handle).first()
    if found is None:
        raise NotHere(f"There is no account {handle}. Make it: carepool account make {handle} --name NAME.")
    return Actor(found.id, secrets.token_hex(16), found.name)


def write_file(path: Path, content: bytes) -> None:
    """Write a whole file, over an earlier one."""
    path.write_bytes(content)


def told(checked: Checked) -> dict[str, object]:
    """A check's answer for JSON."""
    read = sum(how == "read" for how, _ in checked.contents.found.claimed.values())
    data: dict[str, object] = {
        "rules": checked.origin.rules,
        "exported_from": {"plan": checked.origin.plan, "version": checked.origin.version, "layout": checked.origin.layout},
        "plan": checked.plan,
        "seen": {"cells": checked.contents.seen, "read": read, "ignored": checked.contents.seen - read},
        "faults": [fault.as_data() for fault in checked.faults],
    }  # fmt: skip
    return {"mark": f"{MARK}.", **data} if checked.area and checked.area.illustrative else data


def in_words(checked: Checked) -> str:
    """A check's answer for a terminal."""
    if not checked.faults:
        return f"Nothing is wrong. The plan in it has the digest {checked.plan}.\n"
    lines = [f"{fault.severity.capitalize()}: “{fault.sheet}”, {fault.cell}: {fault.says} {fault.remedy}" for fault in checked.faults]  # fmt: skip
    return "\n".join(lines) + "\n"


def receipt(done: Imported) -> dict[str, object]:
    """An import's answer for JSON."""
    return {"plan": done.plan, **done.receipt.as_data(), "documents": dict(done.documents), "faults": [fault.as_data() for fault in done.checked.faults]}  # fmt: skip


def receipt_in_words(done: Imported) -> str:
    """An import's answer for a terminal; what was ignored is only counted."""
    counts = done.receipt.counts()
    lines = [f"Plan {done.plan}: {counts['accepted']} cells accepted, {counts['rejected']} rejected, {counts['ignored']} ignored."]  # fmt: skip
    changed = ", ".join(done.receipt.sections)
    lines.append(f"Drafts changed: {changed}. Look at them, then save a version." if changed else "No draft was changed.")  # fmt: skip
    lines += [f"Rejected: “{line.sheet}”, {line.at}: {line.why}" for line in done.receipt.cells if line.outcome == "rejected"]  # fmt: skip
    for each in done.receipt.conflicts:
        lines.append(f"Conflict at {each.where}: exported {each.base!r}, in the workbook {each.mine!r}, now {each.theirs!r}.")  # fmt: skip
    lines += [f"Row {row}: {outcome}." for row, outcome in done.receipt.removed]
    return "\n".join(lines) + "\n"
