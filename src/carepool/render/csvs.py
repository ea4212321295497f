"""Answers as CSV: one heading, one row a thing, money in pence, and no cell that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from carepool.actions.boards import BoardPage
from carepool.actions.nation import Nation
from carepool.actions.simulating import Simulation

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\0")


def write_csv(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV text. None is empty; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    written = str(value)
    return f"'{written}" if isinstance(value, str) and written.startswith(_RUNS) else written


def nation(found: Nation) -> str:
    """A row a board."""
    heading = [
        "board", "name", "ambition_percent", "as_at", "baseline_admissions", "planned_admissions",
        "outturn_admissions", "change_percent", "fund_pence", "paid_pence", "withheld_pence", "at_stake_pence",
        "unreleased_pence", "flags", "rules", "rests_on",
    ]  # fmt: skip
    return write_csv(
        heading,
        (
            [
                year.board.code, year.board.name, found.ambition, found.as_at, year.baseline, year.planned,
                year.outturn, None if year.change is None else round(year.change, 2), money.fund, money.paid,
                money.withheld, money.at_stake, money.unreleased, " ".join(year.flags), found.rules.name, " ".join(found.rests_on),
            ]
            for year in found.boards
            for money in [year.statement.money]
        ),
    )  # fmt: skip


def board(page: BoardPage) -> str:
    """A row a quarter of admissions; those that the fund pays by have their payment."""
    paid = {each.quarter: each for each in page.year.statement.quarters}
    lines = {each.quarter: each for each in page.year.statement.lines}
    heading = [
        "board", "quarter", "admissions", "flags", "ambition_percent", "planned", "planned_cumulative",
        "achieved_cumulative", "maximum_payment_pence", "payment_pence", "rests_on",
    ]  # fmt: skip
    rows = []
    for seen in page.observations:
        row: list[object] = [page.members.board.code, seen.quarter, seen.count, " ".join(seen.flags)]
        if seen.quarter in paid:
            each = paid[seen.quarter]
            row += [
                page.nation.ambition, lines[seen.quarter].planned, each.planned_cumulative,
                each.achieved_cumulative, each.maximum_payment, each.payment,
                " ".join(page.nation.rests_on),
            ]  # fmt: skip
        rows.append([*row, *[None] * (len(heading) - len(row))])
    return write_csv(heading, rows)


def simulation(found: Simulation) -> str:
    """A row a board: the pot and the payments under both sets."""
    figures = (
        "before",
        "after",
        "moved",
        "fund_before",
        "fund_after",
        "paid_before",
        "paid_after",
        "paid_moved",
    )
    heading = ["board", "name", *(f"{name}_pence" for name in figures), "flags", "draft", "against", "ambition_percent", "rests_on"]  # fmt: skip
    rests_on = " ".join(found.rests_on)
    return write_csv(
        heading,
        (
            [
                each.board.code, each.board.name, *(getattr(each, name) for name in figures), " ".join(each.flags),
                found.draft.rules.name, found.against.rules.name, found.ambition, rests_on,
            ]
            for each in found.boards
        ),
    )  # fmt: skip
