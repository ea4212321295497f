"""The command that chooses schemes under a budget, and shows what is proven of the choice."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carepool.basics.findings import Finding
from carepool.basics.money import in_pounds
from carepool.basics.refusals import Unusable
from carepool.capacity.candidates import MOST, read_candidates, read_sources
from carepool.cli import texts
from carepool.cli.commands import Json, read_file, say

if TYPE_CHECKING:
    from carepool.capacity.portfolio import Candidate, Choice, Limits


def add_portfolio(app: typer.Typer) -> None:
    """Add ``carepool portfolio``."""

    @app.command()
    def portfolio(
        file: Annotated[Path, typer.Argument(metavar="SCHEMES.csv", help="Columns scheme, cost_pence, benefit; and any of benefit_low, source, social_care_pence, out_of_hospital_pence, risk, must, excludes, requires, overlaps.")],
        budget: Annotated[int, typer.Option(min=0, max=MOST, help="Pence that may be spent.")],
        source: Annotated[list[str] | None, typer.Option("--source", metavar="SOURCE=PENCE", help="The budget of one source; may be given again.")] = None,
        social_care: Annotated[int, typer.Option(min=0, max=MOST, help="Pence that must protect social care.")] = 0,
        out_of_hospital: Annotated[int, typer.Option(min=0, max=MOST, help="Pence that must be spent out of hospital.")] = 0,
        risk: Annotated[float, typer.Option(min=0, max=1, help="The share of the money that may be at risk.")] = 1.0,
        cautious: Annotated[bool, typer.Option("--cautious", help="Maximise the benefit that is sure (benefit_low).")] = False,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Choose the schemes with the most benefit under the budget, and show the bound that is proven.

        Exit 1 when limits cannot be kept together: the answer names which.
        """
        try:
            from carepool.capacity.portfolio import STEPS, Choice, Limits, choose
            from carepool.engines.programmes import solve
        except ModuleNotFoundError as error:
            raise Unusable(f"Choosing schemes needs more than the first install holds ({error.name} is missing). Install it: pip install “carepool[planning]”.") from None  # fmt: skip
        candidates = read_candidates(file.name, read_file(file))
        limits = Limits(
            budget, read_sources(source or [], candidates), social_care, out_of_hospital, risk, cautious
        )
        found = choose(candidates, limits, solve)
        if not isinstance(found, Choice):
            say({"findings": [each.as_data() for each in found]} if json else _wrong(found))
            raise typer.Exit(1)
        from dataclasses import replace

        others = {
            step: choose(candidates, replace(limits, budget=int(budget * step)), solve)
            for step in STEPS
            if step != 1
        }
        frontier = {1.0: found} | {step: each for step, each in others.items() if isinstance(each, Choice)}
        data = _data(candidates, limits, found) | {
            "frontier": [
                {"budget_pence": int(budget * step), "cost_pence": each.cost, "benefit": each.benefit, "bound": each.bound}
                for step, each in sorted(frontier.items())
            ]
        }  # fmt: skip
        say(data if json else _text(candidates, limits, found, frontier))


def _data(candidates: "Sequence[Candidate]", limits: "Limits", found: "Choice") -> dict[str, object]:
    chosen = set(found.chosen)
    return {
        "budget_pence": limits.budget, "cost_pence": found.cost, "left_pence": limits.budget - found.cost,
        "benefit": found.benefit, "bound": found.bound, "gap": max(0.0, found.bound - found.benefit), "proven": found.proven,
        "one_more_pound_buys": found.per_more_pound, "chosen": list(found.chosen),
        "schemes": [
            {"scheme": each.name, "chosen": each.name in chosen, "cost_pence": each.cost, "benefit": each.benefit,
             "benefit_per_pound": each.benefit * 100 / each.cost if each.cost else None}
            for each in candidates
        ],
        "findings": [],
    }  # fmt: skip


def _wrong(findings: Sequence[Finding]) -> str:
    return "".join(f"{each.says} {each.remedy}\n" for each in findings)


def _text(candidates: "Sequence[Candidate]", limits: "Limits", found: "Choice", frontier: "Mapping[float, Choice]") -> str:  # fmt: skip
    chosen = set(found.chosen)
    rows = [
        (each.name, "yes" if each.name in chosen else "", in_pounds(each.cost), f"{each.benefit:,.6g}")
        for each in candidates
    ]
    proof = (
        "Nothing better exists: that is proven."
        if found.proven
        else f"Nothing above {found.bound:,.6g} exists; better than this may."
    )
    steps = [
        (
            in_pounds(int(limits.budget * step)),
            in_pounds(each.cost),
            f"{each.benefit:,.6g}",
            f"{each.bound:,.6g}",
        )
        for step, each in sorted(frontier.items())
    ]
    return (
        f"{len(chosen)} of {len(candidates)} schemes for {in_pounds(found.cost)} of {in_pounds(limits.budget)}, benefit {found.benefit:,.6g}. {proof}\n"
        f"Were schemes divisible, one more pound would buy {found.per_more_pound:,.4g}.\n\n"
        + texts.table(("Scheme", "Chosen", "Cost", "Benefit"), rows, (2, 3))
        + "\n"
        + texts.table(("Budget", "Cost", "Benefit", "Proven bound"), steps, (0, 1, 2, 3))
    )
