"""The commands that show the rulebook."""

from collections.abc import Callable
from typing import Annotated

import typer

from carepool.basics.periods import in_words, parse_date
from carepool.cli.commands import Json, say
from carepool.cli.texts import table
from carepool.rules.rulebook import Rulebook
from carepool.rules.schema import Parameter


def add_rules(app: typer.Typer, rulebook: Callable[[], Rulebook]) -> None:
    """Add ``carepool rules``."""
    group = typer.Typer(help="Show the sets of rules.", no_args_is_help=True)
    app.add_typer(group, name="rules")

    @group.command("list")
    def list_(json: Json = False) -> None:
        """List the sets of rules."""
        sets = rulebook().sets.values()
        data = [
            {
                "rules": each.name,
                "title": each.about.title,
                "status": each.about.status,
                "from": each.about.governs.first,
                "to": each.about.governs.last,
                "digest": each.digest,
            }
            for each in sets
        ]
        rows = [[each.name, each.about.status, each.about.title] for each in sets]
        say(data if json else table(["rules", "status", "title"], rows))

    @group.command()
    def value(
        rules: Annotated[str, typer.Argument(help="A set of rules, like bcf-2014-08.")],
        path: Annotated[str, typer.Argument(help="A value in it, like payment/unit_value.")],
        on: Annotated[str, typer.Option(help="The day of the thing ruled on, like 2015-06-30.")],
        json: Json = False,
    ) -> None:
        """Show one value of a set of rules on a day. Refused outside the days for which it is known."""
        parameter: Parameter = rulebook().named(rules).parameter(path)
        day = parse_date(on)
        held = parameter.on(day)
        data = {
            "rules": rules, "path": path, "on": day, "says": parameter.says, "value": held.value,
            "unit": parameter.unit, "from": held.since, "source": held.source, "confidence": held.confidence,
            "known_until": parameter.known_until,
        }  # fmt: skip
        text = f"{parameter.says}: {held.value} {parameter.unit} on {in_words(day)} ({held.confidence}; {held.source})\n"
        say(data if json else text)
