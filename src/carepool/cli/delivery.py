"""The commands of delivery: what was told by scheme beside what was promised, milestones, and recovery plans."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from carepool.actions.delivering import (
    delivery_of,
    make_recovery_of,
    national_delivery,
    set_milestone_of,
    tell_delivery_of,
    tell_milestone_of,
    tell_recovery_of,
)
from carepool.actions.house import House
from carepool.actions.wordings import words_under
from carepool.basics.money import in_pounds
from carepool.basics.periods import Quarter, parse_as_at, parse_date
from carepool.basics.refusals import Refused, Unusable
from carepool.cli import texts
from carepool.cli.commands import Json, say
from carepool.cli.plans import AsAt
from carepool.cli.workbooks import actor_called
from carepool.journal.commands import Done
from carepool.render import delivery_answers as answers

Plan = Annotated[str, typer.Argument(metavar="PLAN", help="A plan's address, like carrowby.")]
As = Annotated[str, typer.Option("--as", help="The account whose office it is done by.")]
Words = Annotated[str, typer.Option("--words", help="What is said, in words.")]
Scheme = Annotated[str, typer.Option("--scheme", help="A scheme of the plan, like S1.")]
Of = Annotated[
    str,
    typer.Option("--of", help="What it is for: scheme/S1, or a metric like metric/non_elective_admissions."),
]
On = Annotated[str, typer.Option("--on", help="The day, like 2015-12-01.")]


def add_delivery(app: typer.Typer, held: Callable[[], House]) -> None:
    """Add ``carepool delivery``; ``held`` gives the house with a database."""
    group = typer.Typer(help="Delivery of a plan by scheme.", no_args_is_help=True)
    app.add_typer(group, name="delivery")

    @group.command()
    def show(plan: Plan, as_at: AsAt = "", json: Json = False) -> None:
        """Each promise beside what was told, milestones, what is off track, and recovery plans."""
        house = held()
        day, moment = parse_as_at(as_at) if as_at else (None, None)
        upto = house.journal.as_at(moment) if moment else None
        found = delivery_of(house, plan, upto, day)
        words = words_under(house, answers.words_named(found))
        today = day or house.today
        say(answers.whole(found, words, today) if json else answers.as_text(found, words, today))

    @group.command()
    def national(
        county: Annotated[bool, typer.Option("--county", help="The illustrative county in place of England.")] = False,
        json: Json = False,
    ) -> None:  # fmt: skip
        """What schemes promise, what is credible, and what was told as delivered, from each scheme to the nation."""
        found = national_delivery(held(), illustrative=county)
        rows = [
            (each.name, in_pounds(each.promised), in_pounds(each.credible), in_pounds(each.planned), in_pounds(each.told), str(each.off))
            for each in (found.nation, *found.regions, *found.boards)
        ]  # fmt: skip
        head = ("where", "promised", "credible", "planned so far", "delivered", "off track")
        say(answers.national(found) if json else texts.table(head, rows))

    _add_telling(group, held)


def _add_telling(group: typer.Typer, held: Callable[[], House]) -> None:
    @group.command()
    def milestone(plan: Plan, scheme: Scheme, words: Words, on: On, handle: As, json: Json = False) -> None:
        """Say what a scheme does by a day. Exit 1 when it is refused."""
        done = set_milestone_of(held(), actor_called(handle), plan, scheme, words, parse_date(on))
        _tell(done, "The milestone is set.\n", json=json)

    @group.command()
    def progress(
        plan: Plan,
        number: Annotated[str, typer.Option("--milestone", help="The number of the milestone.")],
        on: On,
        handle: As,
        words: Annotated[str, typer.Option(help="What is said of it.")] = "",
        done: Annotated[bool, typer.Option("--done", help="It is done; forecast for that day without it.")] = False,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Tell that a milestone is done, or for when it is forecast. Exit 1 when it is refused."""
        told = tell_milestone_of(held(), actor_called(handle), plan, number, parse_date(on), words, done=done)  # fmt: skip
        _tell(told, "It is told.\n", json=json)

    @group.command()
    def tell(
        plan: Plan,
        quarter: Annotated[str, typer.Option(help="A quarter, like 2015-16Q2.")],
        scheme: Scheme,
        kind: Annotated[str, typer.Option(help="The kind of benefit, like admissions.")],
        pence: Annotated[int, typer.Option(help="What it saved, in whole pence.")],
        handle: As,
        activity: Annotated[str, typer.Option(help="The change in activity, as a number.")] = "",
        words: Annotated[str, typer.Option(help="What is said of it; the reasons, where it corrects what was told.")] = "",
        json: Json = False,
    ) -> None:  # fmt: skip
        """Tell what a scheme did in a quarter; again, with reasons, to correct it. Exit 1 when it is refused."""
        try:
            number = Decimal(activity) if activity else None
        except InvalidOperation as error:
            raise Unusable(f"“{activity}” is no number. Write one like 120.") from error
        done = tell_delivery_of(held(), actor_called(handle), plan, Quarter.parse(quarter), (scheme, kind), number, pence, words)  # fmt: skip
        _tell(done, "It is told.\n", json=json)

    @group.command()
    def recover(
        plan: Plan,
        of: Of,
        words: Words,
        on: On,
        office: Annotated[str, typer.Option(help="Which office answers for it, like plan_lead.")],
        handle: As,
        json: Json = False,
    ) -> None:
        """Make a recovery plan for what is off track, to be done by a day. Exit 1 when it is refused."""
        done = make_recovery_of(held(), actor_called(handle), plan, of, words, parse_date(on), office)
        _tell(done, "The recovery plan is made.\n", json=json)

    @group.command()
    def recovering(
        plan: Plan,
        of: Of,
        words: Words,
        handle: As,
        done: Annotated[bool, typer.Option("--done", help="It is done.")] = False,
        json: Json = False,
    ) -> None:
        """Tell how a recovery plan gets on. Exit 1 when it is refused."""
        told = tell_recovery_of(held(), actor_called(handle), plan, of, words, done=done)
        _tell(told, "It is told.\n", json=json)


def _tell(done: Done | Refused, says: str, *, json: bool) -> None:
    if isinstance(done, Refused):
        say({"refused": done.says} if json else f"{done.says}\n")
        raise typer.Exit(1)
    say(done.answer if json else says)
