"""The commands of releases: one statement for both sides, approvals, corrections, disputes, and the use of what was never earned."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from carepool.actions.areas import MARK
from carepool.actions.house import House
from carepool.actions.releasing import agreed_plan, approve_release_of, money_of, propose_release_of
from carepool.actions.settling import (
    answer_dispute_of,
    approve_correction_of,
    confirm_use_of,
    differences,
    dispute_of,
    end_dispute_of,
    propose_correction_of,
    record_use_of,
    statement_for,
)
from carepool.actions.wordings import words_under
from carepool.basics.periods import Quarter, parse_as_at, parse_date
from carepool.basics.refusals import Refused, Unusable
from carepool.cli.commands import Json, say
from carepool.cli.plans import AsAt
from carepool.cli.workbooks import actor_called
from carepool.journal.commands import Done
from carepool.pool.approving import Side
from carepool.render import release_answers as answers

Plan = Annotated[str, typer.Argument(metavar="PLAN", help="A plan's address, like carrowby.")]
InQuarter = Annotated[str, typer.Option("--quarter", help="A quarter, like 2015-16Q2.")]
Ccg = Annotated[str, typer.Option("--ccg", help="The CCG that pays, by its code.")]
As = Annotated[str, typer.Option("--as", help="The account whose office it is done by.")]
ForSide = Annotated[str, typer.Option("--side", help="For which side: ccg or host.")]
Payment = Annotated[
    str, typer.Option("--of", help="A payment as the list names it, like release/2015-16Q2/Z6A.")
]
Number = Annotated[str, typer.Option("--dispute", help="The number of the dispute.")]
Words = Annotated[str, typer.Option("--words", help="What is said, in words.")]


def add_releases(app: typer.Typer, held: Callable[[], House]) -> None:
    """Add ``carepool release``; ``held`` gives the house with a database."""
    group = typer.Typer(help="Releases of performance money.", no_args_is_help=True)
    app.add_typer(group, name="release")

    @group.command()
    def show(plan: Plan, as_at: AsAt = "", json: Json = False) -> None:
        """Every payment of a plan's pool: where it stands, what is disputed, what is to be put right, what was used."""
        house = held()
        day, moment = parse_as_at(as_at) if as_at else (None, None)
        upto = house.journal.as_at(moment) if moment else None
        money = money_of(house, plan, day, upto)
        digest, content = statement_for(house, plan, "", upto, day)
        words = words_under(house, answers.words_named(money.books))
        found = answers.whole(money, digest, content, differences(house, money), words)
        say(found if json else answers.as_text(found))

    @group.command()
    def statement(
        plan: Plan,
        digest: Annotated[str, typer.Option(help="One that a payment rests on; as it stands now without it.")] = "",
        out: Annotated[Path | None, typer.Option(help="Where to write it.")] = None,
        json: Json = False,
    ) -> None:  # fmt: skip
        """The statement that both sides see, to the byte: as it stands, or as a payment rests on it."""
        house = held()
        named, content = statement_for(house, plan, digest)
        agreed = agreed_plan(house, plan)
        mark = MARK if agreed.area.illustrative else ""
        printed = answers.statement_text(named, content, agreed.plan.title, mark)
        if out:
            out.write_bytes(printed)
            say(f"Written: {out}.\n")
        else:
            say({"digest": named, **content} if json else printed.decode())

    _add_moving(group, held)
    _add_disputing(group, held)
    _add_uses(group, held)


def _add_moving(group: typer.Typer, held: Callable[[], House]) -> None:
    @group.command()
    def propose(plan: Plan, quarter: InQuarter, ccg: Ccg, handle: As, json: Json = False) -> None:
        """Propose that a CCG releases what the statement says a quarter earned. Exit 1 when it is refused."""
        house, at = held(), Quarter.parse(quarter)
        owed = money_of(house, plan).due.get(ccg, {}).get(at)
        done = propose_release_of(house, actor_called(handle), plan, at, ccg, owed or 0)
        _tell(done, "It is proposed, and waits for two approvers.\n", json=json)

    @group.command()
    def correct(
        plan: Plan,
        quarter: InQuarter,
        ccg: Ccg,
        handle: As,
        side: ForSide,
        after: Annotated[
            str,
            typer.Option(
                metavar="POOL/YEAR",
                help="The later books that it is entered in, once the year's accounts are closed. Needed where several can be.",
            ),
        ] = "",
        json: Json = False,
    ) -> None:
        """Propose what a quarter that was paid is put right by. Exit 1 when it is refused."""
        house, at = held(), Quarter.parse(quarter)
        money = money_of(house, plan)
        owed = [each.pence for each in differences(house, money) if (each.quarter, each.ccg) == (at, ccg)]
        done = propose_correction_of(
            house, actor_called(handle), plan, at, ccg, owed[0] if owed else 0, _side(side), after
        )
        _tell(done, "The correction is proposed, and waits for two approvers.\n", json=json)

    @group.command()
    def approve(
        plan: Plan,
        handle: As,
        side: ForSide,
        quarter: Annotated[str, typer.Option(help="The quarter of a release.")] = "",
        ccg: Annotated[str, typer.Option(help="The CCG of a release.")] = "",
        correction: Annotated[str, typer.Option(help="The number of a correction instead.")] = "",
        json: Json = False,
    ) -> None:
        """Approve a release or a correction for one side; the second approval moves the money. Exit 1 when it is refused."""
        house, actor = held(), actor_called(handle)
        if bool(correction) == bool(quarter and ccg):
            raise Unusable("Give --quarter and --ccg of a release, or --correction with its number.")
        if correction:
            done = approve_correction_of(house, actor, plan, correction, _side(side))
        else:
            done = approve_release_of(house, actor, plan, Quarter.parse(quarter), ccg, _side(side))
        _tell(done, "It is approved.\n", json=json)


def _add_disputing(group: typer.Typer, held: Callable[[], House]) -> None:
    @group.command()
    def dispute(plan: Plan, of: Payment, side: ForSide, words: Words, handle: As, json: Json = False) -> None:
        """Dispute a payment that is proposed or made, with reasons. Exit 1 when it is refused."""
        done = dispute_of(held(), actor_called(handle), plan, of, _side(side), words)
        _tell(done, "It is disputed.\n", json=json)

    @group.command()
    def answer(plan: Plan, number: Number, side: ForSide, words: Words, handle: As, json: Json = False) -> None:  # fmt: skip
        """Answer in a dispute. Exit 1 when it is refused."""
        done = answer_dispute_of(held(), actor_called(handle), plan, number, _side(side), words)
        _tell(done, "The answer is recorded.\n", json=json)

    @group.command()
    def settle(
        plan: Plan,
        number: Number,
        side: ForSide,
        outcome: Annotated[str, typer.Option(help="Whether the payment stands or falls.")],
        words: Words,
        handle: As,
        on: Annotated[str, typer.Option(help="The day of the joint board's decision, where the agreement has it decide.")] = "",
        json: Json = False,
    ) -> None:  # fmt: skip
        """Say for one side how a dispute ends; it is settled once both say the same. Exit 1 when it is refused."""
        day = parse_date(on) if on else None
        done = end_dispute_of(held(), actor_called(handle), plan, number, _side(side), outcome, words, day)
        _tell(done, "It is recorded; the list says whether it is settled.\n", json=json)


def _add_uses(group: typer.Typer, held: Callable[[], House]) -> None:
    @group.command()
    def use(
        plan: Plan,
        ccg: Ccg,
        pence: Annotated[int, typer.Option(help="How much, in whole pence.")],
        purpose: Annotated[str, typer.Option(help="What for, as the returns call it, like community_care.")],
        board: Annotated[str, typer.Option(help="The board that decided, by its code.")],
        minute: Annotated[str, typer.Option(help="What it decided, in the words of its minute.")],
        on: Annotated[str, typer.Option(help="The day on which it decided.")],
        handle: As,
        json: Json = False,
    ) -> None:
        """Record what the board decided on money that was never earned. Exit 1 when it is refused."""
        done = record_use_of(
            held(), actor_called(handle), plan, ccg, pence, purpose, board, minute, parse_date(on)
        )
        _tell(done, "It is recorded, and waits for the board to confirm it.\n", json=json)

    @group.command()
    def confirm(
        plan: Plan,
        number: Annotated[str, typer.Option("--use", help="The number of the use.")],
        handle: As,
        json: Json = False,
    ) -> None:
        """Confirm for the board that it decided so. Exit 1 when it is refused."""
        _tell(confirm_use_of(held(), actor_called(handle), plan, number), "It is confirmed.\n", json=json)


def _side(word: str) -> Side:
    try:
        return Side.of(word)
    except KeyError as error:
        raise Unusable(f"“{word}” is no side of a payment. Write ccg or host.") from error


def _tell(done: Done | Refused, says: str, *, json: bool) -> None:
    if isinstance(done, Refused):
        say({"refused": done.says} if json else f"{done.says}\n")
        raise typer.Exit(1)
    say(done.answer if json else says)
