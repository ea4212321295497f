"""The command that takes a plan's file from one set of rules to another; it needs no database."""

import json as json_writer
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.carrying import as_report, carried_content
from carepool.actions.house import House
from carepool.basics.refusals import Unusable
from carepool.cli.commands import Json, say
from carepool.cli.files import read_json
from carepool.plans.carry_over import Fate
from carepool.plans.document import filled, plan_digest, read_plan


def add_carrying(app: typer.Typer, shipped: Callable[[], House]) -> None:
    """Add ``carepool plan carry``."""
    group = next(each.typer_instance for each in app.registered_groups if each.name == "plan")
    assert group is not None  # noqa: S101 (the plan commands are added before)

    @group.command()
    def carry(
        file: Annotated[Path, typer.Argument(help="A plan as JSON.")],
        to: Annotated[str, typer.Option("--to", help="The set of rules to carry it over to.")],
        out: Annotated[Path | None, typer.Option(help="Where to write the new plan as JSON.")] = None,
        json: Json = False,
    ) -> None:
        """Carry a plan over to another set of rules, and list what is new, changed or has no place any more."""
        house = shipped()
        plan, findings = read_plan(read_json(file))
        if plan is None:
            raise Unusable(f"{findings[0].says} {findings[0].remedy}")
        found = carried_content(house, plan, house.rulebook.named(plan.rules), to, plan.title)
        if out:
            if out.exists():
                raise Unusable(f"{out} exists already. Name another file, or remove it.")
            out.write_text(
                json_writer.dumps(filled(found.plan), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
            )
        data = {
            "rules": to,
            "plan": plan_digest(found.plan),
            "items": as_report(found),
            "content": filled(found.plan),
        }
        text = "".join(
            f"{fate.value} ({len(items)})\n" + "".join(f"  {each.says}\n" for each in items) + "\n"
            for fate in (Fate.LOST, Fate.CHANGED, Fate.NEW, Fate.KEPT)
            if (items := found.of(fate))
        )
        say(data if json else text)
