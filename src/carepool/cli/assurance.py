"""The commands about a plan's assurance: where it stands, and each decision replayed from its facts."""

from collections.abc import Callable
from typing import Annotated

import typer

from carepool.actions.assurance_rollup import Followed, followed_of, pairs
from carepool.actions.assurances import assured, opened
from carepool.actions.house import House
from carepool.actions.planning import read_history
from carepool.assurance.agreement import Agreement, agreement
from carepool.assurance.facts import stream_of
from carepool.assurance.replay import Replayed, replay
from carepool.basics.money import in_pounds
from carepool.basics.periods import end_of_day, parse_date
from carepool.basics.refusals import Unusable
from carepool.cli.commands import Json, say
from carepool.render import assurance_answers

Plan = Annotated[str, typer.Argument(help="A plan's address, like carrowby.")]
AsAt = Annotated[str, typer.Option("--as-at", help="As at the end of a day, like 2014-10-20.")]


def add_assurance(app: typer.Typer, held: Callable[[], House]) -> None:
    """Add the commands; ``held`` gives the house that answers from the database."""
    group = typer.Typer(help="See how a plan was assured, and replay its outcome.", no_args_is_help=True)
    app.add_typer(group, name="assurance")

    @group.command()
    def show(plan: Plan, as_at: AsAt = "", json: Json = False) -> None:
        """Show where a plan's assurance stands. What a review says is not in it, whoever asks."""
        house = held()
        day = parse_date(as_at) if as_at else None
        upto = house.journal.as_at(end_of_day(day)) if day else None
        found = assured(house, plan, upto, day)
        followed = followed_of(house, found, day)
        if followed is None:
            raise Unusable(f"“{found.plan.history.title}” has no version yet, so there is nothing to assure.")
        levels = len(found.rules.enquiries.answers)
        agreed = agreement(pairs(house, found, followed.version.digest, len(followed.savings)), levels)
        data = assurance_answers.shown(followed, agreed, day or house.today)
        say(data if json else _shown(followed, agreed))

    @group.command("replay")
    def replay_plan(plan: Plan, json: Json = False) -> None:
        """Make every outcome of a plan again from its facts, and say what would have changed it. Exit 1 when one differs."""
        house = held()
        illustrative = assured(house, plan).plan.area.illustrative
        found = replay(
            house.journal.read(stream_of(plan)), lambda digest: opened(house, digest), house.rulebook
        )
        say(assurance_answers.replayed(plan, found, illustrative) if json else _replayed(house, plan, found))
        if not all(each.same for each in found):
            raise typer.Exit(1)


def _shown(followed: Followed, agreed: Agreement) -> str:
    found, row = followed.found, followed.row
    outcomes = {each.id: each.title for each in found.rules.assurance.outcomes}
    lines = [
        f"{row.title}, version {row.version}: {outcomes.get(row.outcome, row.state)}.",
        f"Quality {row.quality or 'not moderated'}, risk {row.risk or 'not moderated'}.",
        f"Reviewers: {agreed.same} of {agreed.answers} answers the same; weighted kappa {_number(agreed.kappa)}.",
        f"Promised {_money(row.promised)}, credible {_money(row.credible)}, delivered {_money(row.delivered)}.",
    ]
    lines += [f"{each.id}: {each.state.lower()}, due {each.due}." for each in found.record.conditions]
    if found.record.rung:
        lines.append(f"Escalation: {found.record.rung.replace('_', ' ')}.")
    return "\n".join(lines) + "\n"


def _number(value: object) -> str:
    return "not defined" if value is None else str(value)


def _money(pence: int | None) -> str:
    return "not known yet" if pence is None else in_pounds(pence)


def _replayed(house: House, plan: str, found: tuple[Replayed, ...]) -> str:
    lines = [] if found else ["No outcome has been decided yet."]
    history = read_history(house, plan)
    for each in found:
        version = history.with_digest(each.plan)
        number = version.number if version else "unknown"
        word = "the same" if each.same else "DIFFERENT"
        lines.append(
            f"Version {number}, {each.at.date()}: {each.outcome}; replayed: {each.replayed} ({word})."
        )
        lines.append(f"  The rules suggested {each.suggested.outcome}.")
        lines += [f"  {one}" for one in each.differs]
        lines += [
            f"  Were {one.item} “{one.after}” and not “{one.before}”: {one.outcome}." for one in each.changes
        ]
    return "\n".join(lines) + "\n"
