"""The audit of what is published together: between which bounds each hidden count lies, by linear programming over every sum at once.

Tables published at different times, or by different cuts, share counts: each was protected by itself, and together they can
say more. Here every table and every earlier one is one set of equations.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

from carepool.basics.refusals import Unusable
from carepool.disclosure.cells import HIDDEN, Cell, readings_of
from carepool.disclosure.reach import TOTAL, Key
from carepool.disclosure.tables import with_totals
from carepool.rules.schema import Suppression

NEAR = 1e-6
"""How near to a whole number a bound of the programme is taken for it."""
PASSES = 100
"""Times that more is hidden and all is looked at again, before whoever publishes is told that it is not enough."""

Count = tuple[str, str, str]
"""A count by its table's subject, its row and its column: two tables of one subject share the counts of the same name."""


@dataclass(frozen=True, slots=True)
class Output:
    """One table as it is published: of a subject, with its true counts, which the audit knows, and what is shown of them."""

    name: str
    subject: str
    """What is counted, and when: tables of one subject share their counts."""
    counts: Mapping[Key, int]
    cells: Mapping[Key, Cell]

    @property
    def shown(self) -> set[Key]:
        """The rows and columns of what is not hidden."""
        return {key for key, cell in self.cells.items() if cell.value is not None}


@dataclass(frozen=True, slots=True)
class Interval:
    """Between which whole numbers a hidden count lies, for a reader of everything that is published."""

    count: Count
    least: int
    greatest: int | None
    """None where nothing bounds it."""

    def values(self) -> int | None:
        """How many values it can have; None where that is without bound."""
        return None if self.greatest is None else self.greatest - self.least + 1

    def as_data(self) -> dict[str, object]:
        """For JSON, without the true count."""
        subject, row, column = self.count
        return {"subject": subject, "row": row or "all", "column": column or "all", "least": self.least, "greatest": self.greatest}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the approver is shown: each hidden count that is small with its bounds, and the ones that are too narrow."""

    intervals: tuple[Interval, ...]
    possible: int
    """How many values a hidden count must be able to have, by the rule."""

    @property
    def narrow(self) -> tuple[Interval, ...]:
        """Those that can have fewer values than the rule asks for."""
        return tuple(
            each
            for each in self.intervals
            if (values := each.values()) is not None and values < self.possible
        )

    def as_data(self) -> dict[str, object]:
        """For JSON."""
        return {
            "possible": self.possible, "hidden": len(self.intervals),
            "intervals": [each.as_data() for each in self.intervals], "narrow": [each.as_data() for each in self.narrow],
        }  # fmt: skip


def audit(rule: Suppression, outputs: Iterable[Output]) -> Evidence:
    """The bounds of every hidden small count, given all outputs together.

    The reader knows the rule, and not why a count is hidden: it can be small, or hidden beside one. What is shown narrows to
    the numbers that are rounded to it. A count shown in one table is known in every other of its subject.
    """
    by_subject: dict[str, list[Output]] = {}
    for each in outputs:
        by_subject.setdefault(each.subject, []).append(each)
    return Evidence(
        tuple(one for subject in sorted(by_subject) for one in _intervals(rule, by_subject[subject])),
        int(rule.possible),
    )


def _intervals(rule: Suppression, outputs: Sequence[Output]) -> list[Interval]:
    """Those of one subject: others share no sum with it."""
    small = sorted(
        {
            (each.subject, *key)
            for each in outputs
            for key, cell in each.cells.items()
            if cell.value is None and rule.hide_from <= with_totals(each.counts)[key] <= rule.hide_to
        }
    )
    system = _System(rule, outputs)
    return [system.interval(each) for each in small]


class _System:
    """Every count as a variable with its bounds, and every sum as an equation."""

    def __init__(self, rule: Suppression, outputs: Sequence[Output]) -> None:
        from scipy.sparse import csr_matrix  # half a second, which no other command should wait for

        self.at: dict[Count, int] = {}
        self.low: list[float] = []
        self.high: list[float | None] = []
        sums: list[list[tuple[int, int]]] = []
        for output in outputs:
            whole = with_totals(output.counts)
            for key, count in whole.items():
                self._bound(rule, (output.subject, *key), count, output.cells.get(key))
            rows = sorted({row for row, _ in whole})
            columns = sorted({column for _, column in whole})
            # Each row is its columns' sum, and each column its rows'; the whole is the sum of either.
            for row in rows:
                parts = [(output.subject, row, each) for each in columns if each != TOTAL and (row, each) in whole]  # fmt: skip
                sums.append(self._sum((output.subject, row, TOTAL), parts))
            for column in columns:
                parts = [(output.subject, each, column) for each in rows if each != TOTAL and (each, column) in whole]  # fmt: skip
                sums.append(self._sum((output.subject, TOTAL, column), parts))
        entries = [(number, at, sign) for number, each in enumerate(sums) for at, sign in each]
        values, at = [sign for _, _, sign in entries], ([n for n, _, _ in entries], [at for _, at, _ in entries])  # fmt: skip
        self.equations = csr_matrix((values, at), shape=(len(sums), len(self.at)))

    def _bound(self, rule: Suppression, count: Count, true: int, cell: Cell | None) -> None:
        """What is known of a count from one table: what narrows it stands beside what another says."""
        at = self.at.setdefault(count, len(self.low))
        if at == len(self.low):
            self.low.append(0.0)
            self.high.append(None)
        if cell is not None and cell.value is not None:
            least, greatest = readings_of(rule, true)
            high = self.high[at]
            self.low[at] = max(self.low[at], float(least))
            self.high[at] = float(greatest) if high is None else min(high, float(greatest))
        elif cell is not None:
            # Whatever is hidden is at least what the rule hides from: nothing less is ever hidden for being small, but a zero beside it is.
            self.low[at] = max(self.low[at], 0.0 if true < rule.hide_from else float(rule.hide_from))

    def _sum(self, total: Count, parts: Iterable[Count]) -> list[tuple[int, int]]:
        return [(self.at[total], -1), *((self.at[each], 1) for each in parts)]

    def interval(self, count: Count) -> Interval:
        """The least and the greatest of one count, to whole numbers."""
        at = self.at[count]
        least, greatest = self._end(at, 1), self._end(at, -1)
        assert least is not None  # noqa: S101  (nothing counted is below zero)
        return Interval(count, ceil(least - NEAR), None if greatest is None else floor(-greatest + NEAR))

    def _end(self, at: int, sign: int) -> float | None:
        """The least of a count, or of its negative; None where it is without bound."""
        from scipy.optimize import linprog

        objective = [0.0] * len(self.low)
        objective[at] = sign
        found = linprog(
            objective, A_eq=self.equations, b_eq=[0.0] * self.equations.shape[0],
            bounds=list(zip(self.low, self.high, strict=True)), method="highs",
        )  # fmt: skip
        if found.status == 3:
            return None
        if found.status != 0:
            raise Unusable("The tables contradict each other: what one shows cannot be so if the others are right. Look which of them was revised.")  # fmt: skip
        return float(found.fun)


@dataclass(frozen=True, slots=True)
class Together:
    """Tables as they may be published together, and what their audit found."""

    outputs: tuple[Output, ...]
    evidence: Evidence


def hold_together(rule: Suppression, outputs: Iterable[Output], earlier: Iterable[Output] = ()) -> Together:
    """Tables protected one by one, with so much more hidden that no small count follows from all of them and the earlier ones.

    What one hides, every other of its subject hides too; then more is hidden, count after count, while one is too narrow. What was
    published earlier stays as it is, so it may not be enough: ``evidence`` has the last word.
    """
    held, before = list(outputs), tuple(earlier)
    for _ in range(PASSES):
        more = _elsewhere(held, before)
        evidence = Evidence((), int(rule.possible))
        if not more:
            evidence = audit(rule, (*held, *before))
            more = _wider(held, evidence.narrow)
        if not more:
            return Together(tuple(held), evidence)
        for at, keys in more.items():
            cells = {key: HIDDEN if key in keys else cell for key, cell in held[at].cells.items()}
            held[at] = replace(held[at], cells=cells)
    return Together(tuple(held), audit(rule, (*held, *before)))


def _elsewhere(held: Sequence[Output], before: Iterable[Output]) -> dict[int, set[Key]]:
    """What a table shows that another of its subject hides, by its place."""
    hidden: dict[str, set[Key]] = {}
    for each in (*held, *before):
        hidden.setdefault(each.subject, set()).update(each.cells.keys() - each.shown)
    found = {at: each.shown & hidden[each.subject] for at, each in enumerate(held)}
    return {at: keys for at, keys in found.items() if keys}


def _wider(held: Sequence[Output], narrow: Iterable[Interval]) -> dict[int, set[Key]]:
    """For the first count of each subject that is too narrow: the smallest that is still shown in its row or its column, or else anywhere.

    Where all of its row and column are hidden, it is another table's shown counts that give their totals away.
    """
    found: dict[str, tuple[int, Key]] = {}
    for each in narrow:
        subject, row, column = each.count
        choices = [
            (not (key[0] == row or key[1] == column), TOTAL in key, with_totals(output.counts)[key], at, key)
            for at, output in enumerate(held)
            if output.subject == subject and subject not in found
            for key in output.shown
        ]
        if choices:
            *_, at, key = min(choices)
            found[subject] = at, key
    return {at: {key} for at, key in found.values()}
