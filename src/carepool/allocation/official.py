"""Official pounds by stream, NHS commissioner and board, read from a file and reconciled to the national sums.

Nothing is shared out here: what stands in the file is what counts, and where it does not add to the national sum
of a stream the difference is said, never spread.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from carepool.allocation.indicative import COUNCIL, Pairs
from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, in_pounds, pence_from_pounds
from carepool.basics.refusals import Unusable, nearest, printable
from carepool.basics.tables import read_table
from carepool.places.england import Places
from carepool.rules.rulebook import RuleSet
from carepool.rules.schema import Stream

COLUMNS = ("stream", "commissioner", "board", "pounds")
MOST_FINDINGS = 500
ROUNDED = 100_000
"""Pence to which published allocations are often rounded: whole thousands of pounds."""
_POUNDS = re.compile(r"£?([0-9]{1,13}|[0-9]{1,3}(,[0-9]{3}){1,4})(\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One stream of a file beside its national sum, in pence."""

    stream: str
    says: str
    rows: int
    found: Pence
    national: Pence

    @property
    def difference(self) -> Pence:
        """What the file holds more than the national sum."""
        return self.found - self.national


@dataclass(frozen=True)
class OfficialPounds:
    """A file as far as it could be read."""

    streams: Mapping[str, Pairs]
    reconciled: tuple[Reconciled, ...]
    findings: tuple[Finding, ...]


@dataclass
class _Reading:
    name: str
    rules: RuleSet
    places: Places
    findings: list[Finding] = field(default_factory=list)
    streams: dict[str, Pairs] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    seen: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def add(
        self, row: int, column: str, says: str, remedy: str, severity: Severity = Severity.BLOCKER
    ) -> None:
        if len(self.findings) == MOST_FINDINGS:
            says, remedy = (
                f"there are more than {MOST_FINDINGS} findings; the rest are not listed",
                "Put these right first.",
            )
        if len(self.findings) <= MOST_FINDINGS:
            rule, where = self.rules.cite("composition"), f"rows/{row}/{column}"
            said = f"{self.name}, row {row}: {printable(says)}."
            self.findings.append(Finding("allocation-row", severity, where, said, printable(remedy), rule))


def read_official(name: str, content: bytes, rules: RuleSet, places: Places) -> OfficialPounds:
    """Official pounds from a CSV file with the columns stream, commissioner, board and pounds.

    ``commissioner`` is empty in a stream that councils receive. A code that merged is counted in its successor.
    Unusable when the file as a whole cannot be read; what is wrong in a row, or in a sum, is a finding.
    """
    reading = _Reading(name, rules, places)
    for row, cells in read_table(name, content, COLUMNS):
        _read_row(reading, row, cells)
    found = _reconcile(reading)
    return OfficialPounds(reading.streams, found, tuple(reading.findings))


def _read_row(reading: _Reading, row: int, cells: dict[str, str]) -> None:
    known = {stream.name: stream for stream in reading.rules.composition.streams}
    stream = known.get(cells["stream"])
    if stream is None:
        near = nearest(cells["stream"], known)
        remedy = f"Did you mean {near}?" if near else f"Write one of {', '.join(known)}."
        reading.add(row, "stream", f"“{cells['stream']}” is no stream of {reading.rules.name}", remedy)
        return
    board = _board(reading, row, cells["board"])
    commissioner = _commissioner(reading, row, stream, cells["commissioner"])
    pence = _pence(reading, row, cells["pounds"])
    if board is None or commissioner is None or pence is None:
        return
    written = (stream.name, cells["commissioner"], board)
    if written in reading.seen:
        says = f"{stream.name} of {cells['commissioner'] or 'the councils'} for {board} stands in row {reading.seen[written]} too"
        reading.add(row, "pounds", says, "Keep one of the rows.")
        return
    reading.seen[written] = row
    if commissioner and all(each.ccg != commissioner for each in reading.places.by_board[board]):
        says = f"none of the people of {commissioner} live in {board}"
        reading.add(row, "board", says, "Check that the codes belong together.", Severity.WARNING)
    pairs = reading.streams.setdefault(stream.name, {})
    pairs[commissioner, board] = pairs.get((commissioner, board), 0) + pence
    reading.rows[stream.name] = reading.rows.get(stream.name, 0) + 1


def _board(reading: _Reading, row: int, code: str) -> str | None:
    try:
        return reading.places.board(code).code
    except Unusable as error:
        reading.add(row, "board", str(error).removesuffix("."), "Write the board's code.")
        return None


def _commissioner(reading: _Reading, row: int, stream: Stream, code: str) -> str | None:
    if not stream.of_the_nhs:
        if code:
            says = f"{stream.name} is received by councils, so it has no commissioner, and {code} is given"
            reading.add(row, "commissioner", says, "Leave the column empty.")
            return None
        return COUNCIL
    known = {each.ccg for each in reading.places.shares}
    current = reading.places.successors.get(code, code)
    if current in known:
        return current
    near = nearest(code, known) if code else None
    says = (
        f"“{code}” is no commissioner"
        if code
        else f"{stream.name} is contributed by a commissioner, and none is given"
    )
    reading.add(row, "commissioner", says, f"Did you mean {near}?" if near else "Write its code.")
    return None


def _pence(reading: _Reading, row: int, text: str) -> Pence | None:
    if _POUNDS.fullmatch(text):
        return pence_from_pounds(Decimal(re.sub("[£,]", "", text)))
    says = f"“{text}” is no amount of pounds" if text else "the amount is empty"
    if re.fullmatch(r"[-−(]\s*£?[\d,.]+\)?", text):
        says = f"“{text}” is below zero"
    reading.add(row, "pounds", says, "Write pounds, like 1,240,000 or 1240000.50.")
    return None


def _reconcile(reading: _Reading) -> tuple[Reconciled, ...]:
    found = []
    for stream in reading.rules.composition.streams:
        pairs = reading.streams.get(stream.name, {})
        each = Reconciled(
            stream.name, stream.says, reading.rows.get(stream.name, 0), sum(pairs.values()), stream.pence
        )
        found.append(each)
        missing = sorted(reading.places.boards.keys() - {board for _, board in pairs})
        if missing:
            listed = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
            says = f"holds no {stream.name} for {len(missing)} of the boards: {listed}"
            _of_file(
                reading, stream.name, says, "Add their rows, with 0 where there is nothing.", Severity.BLOCKER
            )
        elif each.difference:
            _differs(reading, each, pairs)
    return tuple(found)


def _differs(reading: _Reading, each: Reconciled, pairs: Pairs) -> None:
    """A sum that is off by no more than rounding to thousands could make it is said; any other stops the file."""
    rounded = all(pence % ROUNDED == 0 for pence in pairs.values())
    severity = Severity.BLOCKER
    remedy = f"Correct the rows, or the sum in {reading.rules.cite('composition')}."
    if rounded and abs(each.difference) <= ROUNDED // 2 * len(pairs):
        severity = Severity.WARNING
        remedy = "The rows are whole thousands, so rounding may explain it. They are kept as they stand."
    says = (
        f"holds {in_pounds(each.found)} of {each.stream}, and the national sum is {in_pounds(each.national)}: "
        f"a difference of {in_pounds(each.difference)}"
    )
    _of_file(reading, each.stream, says, remedy, severity)


def _of_file(reading: _Reading, stream: str, says: str, remedy: str, severity: Severity) -> None:
    rule = reading.rules.cite("composition")
    reading.findings.append(
        Finding("allocation-sum", severity, f"streams/{stream}", f"{reading.name} {says}.", remedy, rule)
    )
