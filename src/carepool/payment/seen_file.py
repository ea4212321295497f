"""Reads a file of what was seen of conditions and metrics: a fault costs its own board its figures, and no other."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence
from carepool.basics.refusals import Unusable, nearest
from carepool.basics.tables import read_table
from carepool.payment.faults import Faults, check_board_of, count_in, pence_in
from carepool.payment.tranches import Criterion, Part, Seen

REQUIRED = ("board", "tranche", "test", "met", "baseline", "planned", "actual")
OPTIONAL = ("weight", "better", "performance_share_pence")
"""``weight`` is needed where the rules leave the measures open."""
_WEIGHT = re.compile(r"\d{1,4}(\.\d{1,2})?")
Better = Literal["lower", "higher"]
_BETTER: Mapping[str, Better] = {"lower": "lower", "higher": "higher"}
Key = tuple[str, str]


@dataclass(slots=True)
class SeenClaim:
    """What a file says of one board."""

    board: str
    first_row: int = 0
    seen: dict[Key, Seen] = field(default_factory=dict)
    tests: dict[Key, Criterion] = field(default_factory=dict)
    rows: dict[Key, int] = field(default_factory=dict)
    share: Pence | None = None
    faulty: bool = False

    def own(self, parts: Sequence[Part]) -> tuple[Part, ...]:
        """The parts with the tests that the file gives, in its order."""
        return tuple(
            replace(part, tests=tuple(test for (name, _), test in self.tests.items() if name == part.name))
            for part in parts
        )


def parse_seen(
    name: str,
    content: bytes,
    parts: Sequence[Part],
    check_board: Callable[[str], object],
    rule: str,
    *,
    own: bool,
) -> tuple[list[SeenClaim], list[Finding]]:
    """The claims of a CSV file, those without a fault, in order of first row; and every finding.

    ``own`` is whether the rules leave the measures open, so that the file gives them with their weights.
    Unusable when the file as a whole cannot be used.
    """
    faults = Faults(rule)
    claims: dict[str, SeenClaim] = {}
    rows = list(read_table(name, content, (*REQUIRED, "weight") if own else REQUIRED))
    if not rows:
        raise Unusable(
            f"{name} has a heading but no rows. Add a row for each condition and metric of each board."
        )
    for row, cells in rows:
        claim = claims.setdefault(cells["board"], SeenClaim(cells["board"], row))
        if claim.first_row == row:
            check_board_of(claim, row, check_board, faults)
        _read_row(claim, row, cells, parts, faults, own=own)
    for claim in claims.values():
        if not claim.faulty:
            _complete(claim, parts, faults, own=own)
    return [claim for claim in claims.values() if not claim.faulty], faults.found


def _read_row(claim: SeenClaim, row: int, cells: Mapping[str, str], parts: Sequence[Part], faults: Faults, *, own: bool) -> None:  # fmt: skip
    if text := cells.get("performance_share_pence", ""):
        share = pence_in(claim, row, "performance_share_pence", text, faults)
        if None not in {share, claim.share} and share != claim.share:
            says = f"{claim.board} has {claim.share} before and {text} here"
            faults.add(claim, row, "performance_share_pence", says, "Give a board one value.")
        claim.share = share if claim.share is None else claim.share
    test = _test(claim, row, cells, parts, faults, own=own)
    if test is None:
        return
    key = (cells["tranche"], test.id)
    if key in claim.rows:
        says = f"{claim.board} has {test.id} of {key[0]} already in row {claim.rows[key]}"
        faults.add(claim, row, "test", says, "Keep one of the two rows.")
        return
    claim.rows[key], claim.tests[key] = row, test
    read = _condition if test.kind == "condition" else _metric
    claim.seen[key] = read(claim, row, cells, test, faults)


def _test(claim: SeenClaim, row: int, cells: Mapping[str, str], parts: Sequence[Part], faults: Faults, *, own: bool) -> Criterion | None:  # fmt: skip
    """The test that a row is of; None with a finding where there is none."""
    by_name = {part.name: part for part in parts}
    part = by_name.get(cells["tranche"])
    if part is None:
        faults.add(claim, row, "tranche", f"“{cells['tranche']}” is no part of the money under these rules", _of(cells["tranche"], list(by_name)))  # fmt: skip
        return None
    if own:
        return _own_test(claim, row, cells, faults)
    known = {test.id: test for test in part.tests}
    if cells["test"] not in known:
        faults.add(claim, row, "test", f"“{cells['test']}” is nothing that {part.name} depends on", _of(cells["test"], list(known)))  # fmt: skip
        return None
    return known[cells["test"]]


def _own_test(claim: SeenClaim, row: int, cells: Mapping[str, str], faults: Faults) -> Criterion | None:
    weight = cells.get("weight", "")
    if not cells["test"]:
        faults.add(claim, row, "test", "is empty", "Name the measure.")
    elif not _WEIGHT.fullmatch(weight) or not Decimal(weight):
        says = f"“{weight}” is no weight" if weight else "is empty, and these rules leave the weights open"
        faults.add(claim, row, "weight", says, "Write the measure's weight beside the others of its part, like 1 or 2.5.")  # fmt: skip
    else:
        return Criterion("condition" if cells["met"] else "metric", cells["test"], Decimal(weight))
    return None


def _of(word: str, known: Sequence[str]) -> str:
    near = nearest(word, known)
    return f"Did you mean {near}?" if near else f"Write one of {', '.join(known)}."


def _condition(claim: SeenClaim, row: int, cells: Mapping[str, str], test: Criterion, faults: Faults) -> Seen:
    if any(cells[column] for column in ("baseline", "planned", "actual")):
        faults.add(claim, row, "met", f"{test.id} is a condition, and has numbers", "Write yes or no in met, and no numbers.")  # fmt: skip
    if cells["met"] not in {"yes", "no", ""}:
        faults.add(claim, row, "met", f"“{cells['met']}” is neither yes nor no", "Write yes or no; leave it empty while it is not known.")  # fmt: skip
    return Seen(met=cells["met"] == "yes" if cells["met"] else None)


def _metric(claim: SeenClaim, row: int, cells: Mapping[str, str], test: Criterion, faults: Faults) -> Seen:
    if cells["met"]:
        faults.add(claim, row, "met", f"{test.id} is a metric, and is not met or unmet", "Leave met empty; write baseline, planned and actual.")  # fmt: skip
    baseline, planned, actual = (
        count_in(claim, row, column, cells[column], faults) if cells[column] else None
        for column in ("baseline", "planned", "actual")
    )
    for column, held in (("baseline", baseline), ("planned", planned)):
        if (
            held is None
            and not cells[column]
            and (actual is not None or cells["baseline"] or cells["planned"])
        ):
            faults.add(claim, row, column, "is empty", f"Write the {column} of {test.id}, or leave all its numbers empty.")  # fmt: skip
    text = cells.get("better", "")
    better = _BETTER.get(text)
    if text and better is None:
        faults.add(claim, row, "better", f"“{text}” is neither lower nor higher", "Write which way the measure is better.")  # fmt: skip
    seen = Seen(None, baseline, planned, actual, better)
    _check_direction(claim, row, test, seen, faults)
    return seen


def _check_direction(claim: SeenClaim, row: int, test: Criterion, seen: Seen, faults: Faults) -> None:
    """A plan says which way is better by where it goes from its baseline; it is asked where it goes nowhere, or the other way."""
    if seen.baseline is None or seen.planned is None:
        return
    better = seen.better or test.better
    goes = "lower" if seen.planned < seen.baseline else "higher"
    if seen.planned == seen.baseline:
        if better is None:
            faults.add(claim, row, "better", f"the plan for {test.id} is its baseline, so it does not say which way is better", "Write lower or higher in a column better.")  # fmt: skip
    elif better and goes != better:
        faults.add(
            claim, row, "planned",
            f"the plan for {test.id} is {goes} than its baseline, and {better} is better",
            "Check that the two are not exchanged; where the measure chosen is better the other way, say so in a column better.",
            Severity.WARNING, "plan-goes-back",
        )  # fmt: skip


def _complete(claim: SeenClaim, parts: Sequence[Part], faults: Faults, *, own: bool) -> None:
    """What a board's rows leave out: a part without measures cannot be paid, a test without a row is not known."""
    for part in parts:
        if own and not any(name == part.name for name, _ in claim.tests):
            faults.add(claim, claim.first_row, "tranche", f"{claim.board} has no measure for {part.name}", "Give its measures and their weights; these rules leave them open.")  # fmt: skip
        missing = [] if own else [test for test in part.tests if (part.name, test.id) not in claim.rows]
        for test in missing:
            give = (
                "say in met whether it is"
                if test.kind == "condition"
                else "give its baseline, plan and outturn"
            )
            faults.add(
                claim, claim.first_row, "test", f"{claim.board} says nothing of {test.id}, which {part.name} depends on",
                f"Add a row for it, and {give}; until then its money stays at stake.", Severity.WARNING, "not-seen",
            )  # fmt: skip
