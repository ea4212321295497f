"""The command that moves an outturn: the same question as the page's, by the same words."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import parse_qsl

import typer

from carepool.actions.areas import MARK
from carepool.actions.house import House
from carepool.actions.planning import view
from carepool.actions.stake_questions import as_query, fields_of, read_question
from carepool.actions.staking import (
    Stake,
    Subject,
    board_subject,
    first_cut,
    first_rules,
    nation_subject,
    plan_subject,
    quarters_of,
    region_subject,
    says_most,
    stake,
)
from carepool.basics.money import in_pounds
from carepool.basics.refusals import Unusable
from carepool.cli import texts
from carepool.cli.commands import Json, say
from carepool.render import stake_answers


def add_stakes(app: typer.Typer, latest: Callable[[], House]) -> None:
    """Add the command; ``latest`` gives the house of the database where there is one."""

    @app.command("stake")
    def at_stake(
        of: Annotated[str, typer.Argument(help="england, region:E12000008, board:E10000016 or plan:PLAN.")],
        moved: Annotated[
            list[str] | None,
            typer.Argument(help="What is moved, as in the page's address: cut=3.5 q-2015-16Q1=-1 cap=year."),
        ] = None,
        working: Annotated[bool, typer.Option("--working", help="Show how each figure was reached.")] = False,
        json: Json = False,
    ) -> None:
        """Move an expected outturn, and see what is paid, what is not, and which single change would matter most."""
        house = latest()
        subject = _subject(house, of)
        pairs = [pair for each in moved or [] for pair in _pairs(each)]
        typed = dict(pairs)
        if twice := next((name for name in typed if sum(each == name for each, _ in pairs) > 1), None):
            raise Unusable(f"{twice} is moved twice, and only one of the two could count. Name it once.")
        rules = house.rulebook.named(typed.get("rules", first_rules(house, subject).name))
        counts = subject.kind in {"plan", "board"}
        question, wrong = read_question(
            rules, quarters_of(house), typed, first_cut(house, subject), counts=counts
        )
        unknown = sorted(set(typed) - fields_of(rules, quarters_of(house), plan=subject.kind == "plan"))
        if wrong or unknown:
            said = [f"{name}: {says}" for name, says in wrong] + [f"{name}: nothing of that name moves anything here." for name in unknown]  # fmt: skip
            raise Unusable("\n".join(said))
        found = stake(house, subject, question)
        say(stake_answers.stake(found) if json else text(found, with_working=working))


def _pairs(text_: str) -> list[tuple[str, str]]:
    """What stands between the marks of an address, or one such pair."""
    pairs = parse_qsl(text_.rpartition("?")[2], keep_blank_values=True)
    if not pairs:
        raise Unusable(f"“{text_}” moves nothing. Write it like cut=3.5, or give the page's address.")
    return pairs


def _subject(house: House, of: str) -> Subject:
    kind, _, code = of.partition(":")
    match kind:
        case "england":
            return nation_subject(house)
        case "region":
            return region_subject(house, code)
        case "board":
            return board_subject(house, code)
        case "plan":
            return plan_subject(view(house, code))
    raise Unusable(
        f"“{of}” is nothing that can be asked of. Write england, region:CODE, board:CODE or plan:PLAN."
    )


def text(found: Stake, *, with_working: bool) -> str:
    """The answer as plain text."""
    said = f"{MARK}.\n\n" if found.subject.area.illustrative else ""
    marks = [*(["proposed"] if found.proposed else []), *(["hypothetical"] if found.hypothetical else [])]
    tagged = f" ({', '.join(marks)})" if marks else ""
    said += f"{found.subject.says} under {found.regime.rules.name}{tagged}\n"
    said += texts.table(
        ["", "at stake", "released", "to recovery", "kept", "not known", "out of hospital"],
        [_row(found, "as asked", frozenset())] + ([_row(found, "without incomplete returns", found.incomplete)] if found.incomplete and len(found.cases) > 1 else []),
        (1, 2, 3, 4, 5, 6),
    )  # fmt: skip
    if found.by_quarter:
        rows = [[each.says, in_pounds(each.most), in_pounds(each.paid), in_pounds(each.left), in_pounds(each.open)] for each in found.by_quarter]  # fmt: skip
        said += "\n" + texts.table(
            ["when", "at most", "released", "not earned", "not known"], rows, (1, 2, 3, 4)
        )
    said += f"\n{says_most(found)}\n"
    if found.levers:
        rows = [
            [f"{each.says}, {each.step}", in_pounds(each.paid), in_pounds(each.change)]
            for each in found.levers
        ]
        said += texts.table(["step", "released", "change"], rows, (1, 2))
    rows = [[each.ccg, each.name, *map(in_pounds, (each.fund, each.paid, each.kept, each.open))] for each in found.by_ccg]  # fmt: skip
    said += "\n" + texts.table(
        ["CCG", "", "at stake", "released", "not earned", "not known"], rows, (2, 3, 4, 5)
    )
    if with_working and len(found.cases) == 1:
        said += texts.working(found.working(found.cases[0]))
    said += "".join(f"Note: {each}\n" for each in found.rests_on)
    asked = "&".join(f"{name}={value}" for name, value in as_query(found.question).items())
    return said + f"Question: {asked} ({found.digest[:12]})\n"


def _row(found: Stake, says: str, leave_out: frozenset[str]) -> list[str]:
    names = ("fund", "paid", "to_recovery", "kept", "open", "aside")
    return [says, *(in_pounds(found.total(name, leave_out)) for name in names)]
