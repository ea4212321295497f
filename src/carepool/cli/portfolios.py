"""The command that chooses schemes under a budget, and shows what is proven of the choice."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carepool.basics.findings import Finding
from carepool.basics.money import in_pounds
from carepool.basics.refusals import Unusable, printable, unknown
from carepool.cli import texts
from carepool.cli.commands import Json, read_file, say

if TYPE_CHECKING:
    from carepool.capacity.portfolio import Candidate, Choice, Limits

COLUMNS = {
    "scheme": ("scheme", "name", "id"),
    "cost_pence": ("cost_pence", "cost"),
    "benefit": ("benefit", "value", "benefit_mean"),
    "benefit_low": ("benefit_low",),
    "source": ("source",),
    "social_care_pence": ("social_care_pence",),
    "out_of_hospital_pence": ("out_of_hospital_pence",),
    "risk": ("risk",),
    "must": ("must",),
    "excludes": ("excludes",),
    "requires": ("requires",),
    "overlaps": ("overlaps",),
}
NEEDED = ("scheme", "cost_pence", "benefit")
MOST = 10**15
MOST_SCHEMES = 2_000


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
            budget, _sources(source or [], candidates), social_care, out_of_hospital, risk, cautious
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


def read_candidates(name: str, content: bytes) -> "tuple[Candidate, ...]":
    """The schemes of a file. Unusable with the row and what to do, when one cannot be read."""
    from carepool.capacity.portfolio import Candidate

    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unusable(f"{name} is not CSV in UTF-8 ({type(error).__name__}). Save it so.") from None
    if not rows:
        raise Unusable(f"{name} is empty. It needs the columns {', '.join(NEEDED)}.")
    at = _columns(name, [each.strip().casefold() for each in rows[0]])
    found = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {column: row[place].strip() if place < len(row) else "" for column, place in at.items()}
        where = f"{name}, row {number}"
        if not cells["scheme"]:
            raise Unusable(f"{where} has no scheme. Name it.")
        benefit = _number(where, "benefit", cells["benefit"])
        low = _number(where, "benefit_low", cells["benefit_low"]) if cells.get("benefit_low") else benefit
        if low > benefit:
            raise Unusable(f"{where}: benefit_low is more than benefit. What is sure cannot be more than what is expected.")  # fmt: skip
        cost = _pence(where, "cost_pence", cells["cost_pence"])
        parts = {key: _pence(where, key, cells[key]) if cells.get(key) else 0 for key in ("social_care_pence", "out_of_hospital_pence")}  # fmt: skip
        if max(parts.values()) > cost:
            raise Unusable(f"{where}: a part of the cost is more than the cost of {in_pounds(cost)}. Correct one of them.")  # fmt: skip
        chance = _number(where, "risk", cells["risk"]) if cells.get("risk") else 0.0
        if not 0 <= chance <= 1:
            raise Unusable(f"{where}: risk is a chance from 0 to 1, and “{cells['risk']}” is none.")
        found.append(
            Candidate(
                printable(cells["scheme"][:200]), cost, benefit, low, cells.get("source", ""), parts["social_care_pence"],
                parts["out_of_hospital_pence"], chance, _yes(where, cells.get("must", "")), _names(cells.get("excludes", "")),
                _names(cells.get("requires", "")), _overlaps(where, cells.get("overlaps", "")),
            )
        )  # fmt: skip
    if not 0 < len(found) <= MOST_SCHEMES:
        raise Unusable(f"{name} has {len(found):,} schemes; it can have 1 to {MOST_SCHEMES:,}.")
    return tuple(found)


def _columns(name: str, heads: Sequence[str]) -> Mapping[str, int]:
    known = {alias: column for column, aliases in COLUMNS.items() for alias in aliases}
    at: dict[str, int] = {}
    for place, head in enumerate(heads):
        if head not in known:
            raise unknown("column", printable(head[:60]), known, f"Columns are {', '.join(COLUMNS)}.")
        if known[head] in at:
            raise Unusable(f"{name} has the column {known[head]} twice. Keep one.")
        at[known[head]] = place
    if lacking := [each for each in NEEDED if each not in at]:
        raise Unusable(f"{name} lacks the column {' and '.join(lacking)}. Name it in the first row.")
    return at


def _number(where: str, column: str, cell: str) -> float:
    try:
        value = float(cell.replace(",", ""))
    except ValueError:
        value = float("nan")
    if not isfinite(value) or abs(value) > MOST:
        raise Unusable(f"{where}: {column} “{printable(cell[:40])}” is no number that can be used. Write it like 120 or 3.5.")  # fmt: skip
    return value


def _pence(where: str, column: str, cell: str) -> int:
    text = cell.replace(",", "")
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise Unusable(
            f"{where}: {column} “{printable(cell[:40])}” is no whole number of pence. £1,250 is 125000."
        )
    return int(text)


def _yes(where: str, cell: str) -> bool:
    if cell.casefold() not in {"", "yes", "no"}:
        raise Unusable(f"{where}: must is yes or no, and “{printable(cell[:40])}” is neither.")
    return cell.casefold() == "yes"


def _names(cell: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in cell.split(";") if each.strip())


def _overlaps(where: str, cell: str) -> Mapping[str, float]:
    found = {}
    for each in _names(cell):
        name, _, share = each.rpartition(":")
        value = _number(where, "overlaps", share)
        if not name or not 0 <= value <= 1:
            raise Unusable(f"{where}: overlaps are written like “Falls service:0.3”, and “{printable(each[:60])}” is not.")  # fmt: skip
        found[name.strip()] = value
    return found


def _sources(given: Sequence[str], candidates: "Sequence[Candidate]") -> Mapping[str, int]:
    known = {each.source for each in candidates if each.source}
    found = {}
    for each in given:
        name, equals, pence = each.rpartition("=")
        if not equals or not re.fullmatch(r"[0-9]{1,15}", pence):
            raise Unusable(
                f"“{printable(each[:60])}” is no budget of a source. Write it like additional_nhs=125000."
            )
        if name not in known:
            raise unknown("source", name, known, f"The schemes name {', '.join(sorted(known)) or 'none'}.")
        found[name] = int(pence)
    return found


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
