"""The commands that show, check and compare sets of rules, and show what a draft of them would do."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.house import House
from carepool.actions.nation import RULES, parse_ambition
from carepool.actions.simulating import first_ambition, simulate
from carepool.basics.findings import Finding, Severity, blocks
from carepool.basics.periods import LONDON, in_words, parse_date
from carepool.basics.refusals import Unusable, printable
from carepool.cli import texts
from carepool.cli.commands import Json, say
from carepool.cli.folders import read_rules
from carepool.cli.texts import table
from carepool.render import answers, csvs, difference_words
from carepool.rules.consistency import overdue
from carepool.rules.difference import difference
from carepool.rules.parse import parse
from carepool.rules.rulebook import Rulebook, RuleSet
from carepool.rules.schema import Parameter


def add_rules(
    app: typer.Typer,
    rulebook: Callable[[], Rulebook],
    shipped: Callable[[], House],
    now: Callable[[], datetime],
) -> None:
    """Add ``carepool rules`` and ``carepool simulate``."""
    group = typer.Typer(help="Show, check and compare sets of rules.", no_args_is_help=True)
    app.add_typer(group, name="rules")
    _add_readings(group, rulebook)
    _add_checking(group, rulebook, now)
    _add_simulating(app, shipped)


def _add_readings(group: typer.Typer, rulebook: Callable[[], Rulebook]) -> None:

    @group.command("list")
    def list_(json: Json = False) -> None:
        """List the sets of rules."""
        sets = rulebook().in_order
        data = [
            {
                "rules": each.name,
                "title": each.about.title,
                "status": each.about.status,
                "places": each.about.places,
                "from": each.about.governs.first,
                "to": each.about.governs.last,
                "digest": each.digest,
            }
            for each in sets
        ]
        rows = [
            [each.name, each.about.status, str(each.about.governs.first), str(each.about.governs.last), each.about.title]
            for each in sets
        ]  # fmt: skip
        say(data if json else table(["rules", "status", "from", "to", "title"], rows))

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

    @group.command()
    def diff(
        before: Annotated[str, typer.Argument(metavar="A", help="A set of rules, like itf-2013-08.")],
        after: Annotated[str, typer.Argument(metavar="B", help="Another, like bcf-2014-08.")],
        json: Json = False,
    ) -> None:
        """Show what differs from one set of rules to another, and what a plan made under the first then needs.

        A and B are shipped sets, or folders of your own.
        """
        book = rulebook()
        found = difference(_named_or_read(before, book), _named_or_read(after, book))
        text = difference_words.difference_text(found)
        say(answers.difference(found) if json else "\n".join(map(printable, text.split("\n"))))


def _add_checking(group: typer.Typer, rulebook: Callable[[], Rulebook], now: Callable[[], datetime]) -> None:
    @group.command()
    def check(
        path: Annotated[
            Path | None, typer.Argument(help="A folder that holds set.yaml, or folders of sets.")
        ] = None,
        json: Json = False,
    ) -> None:
        """Check a set of rules, ours or your own draft. Exit 1 when something blocks; without PATH, the shipped sets."""
        if path is None:
            book = rulebook()
            files = {f"{each.name}/{p}.yaml": c for each in book.sets.values() for p, c in each.files.items()}
            found, findings = parse(files)
        else:
            found, findings = parse(read_rules(path), rulebook())
        findings += overdue(found, now().astimezone(LONDON).date())
        order = list(Severity)
        findings.sort(key=lambda each: (order.index(each.severity), each.where.partition(":")[0]))
        sets = [{"rules": each.name, "digest": each.digest} for each in found.in_order]
        data = {"sets": sets, "findings": [each.as_data() for each in findings]}
        say(data if json else _checked(found, findings))
        if blocks(findings):
            raise typer.Exit(1)


def _checked(found: Rulebook, findings: list[Finding]) -> str:
    whole = ", ".join(each.name for each in found.in_order) or "none"
    number = {each: sum(one.severity is each for one in findings) for each in Severity}
    counted = ", ".join(f"{count} {texts.many(count, each)}" for each, count in number.items())
    return texts.findings(findings) + f"Whole and usable: {whole}. {counted[:1].upper()}{counted[1:]}.\n"


def _named_or_read(text: str, book: Rulebook) -> RuleSet:
    """A shipped set by its name, or the one set in a folder. Unusable when the folder's set has a blocking finding."""
    path = Path(text)
    if text in book.sets or not path.is_dir():
        return book.named(text)
    found, findings = parse(read_rules(path), book)
    if blocks(findings):
        first = next(each for each in findings if each.severity is Severity.BLOCKER)
        raise Unusable(f"{first.says} {first.remedy} “carepool rules check {text}” lists all that is wrong.")
    if len(found.sets) != 1:
        raise Unusable(f"{text} holds {len(found.sets)} sets of rules. Name the folder of one of them.")
    return next(iter(found.sets.values()))


def _add_simulating(app: typer.Typer, shipped: Callable[[], House]) -> None:
    @app.command("simulate")
    def simulate_(
        draft: Annotated[
            str, typer.Argument(help="A folder that holds a draft's set.yaml, or a shipped set.")
        ],
        against: Annotated[str, typer.Option(help="The set of rules to hold it against.")] = RULES,
        ambition: Annotated[str | None, typer.Option(help="A uniform cut in per cent.")] = None,
        csv: Annotated[bool, typer.Option("--csv", help="Answer as CSV, a row for each board.")] = False,
        json: Json = False,
    ) -> None:
        """Show what a draft of rules would do to every board: money moved, and payments on the real outturn."""
        house = shipped()
        new, old = (_named_or_read(each, house.rulebook) for each in (draft, against))
        cut = parse_ambition(ambition) if ambition is not None else first_ambition(new, old)
        found = simulate(house, new, old, cut)
        if csv:
            say(csvs.simulation(found))
        else:
            say(answers.simulation(found) if json else texts.simulation(found))
