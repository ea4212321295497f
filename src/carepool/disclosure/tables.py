"""A table of counts with its totals, as others may see it: small counts hidden, and with them what would give them away."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from carepool.basics.refusals import Unusable
from carepool.disclosure.cells import HIDDEN, Cell, Shown, is_small, rate_of, readings_of, rounded
from carepool.disclosure.reach import FREE, TOTAL, Key, Reach
from carepool.rules.schema import Suppression


@dataclass(frozen=True, slots=True)
class Protected:
    """What is shown of a table, totals included where they are shown at all."""

    cells: Mapping[Key, Cell]
    small: frozenset[Key]
    """Hidden because they are small. This and the next are for our own checks, and are never shown."""
    beside: frozenset[Key]
    """Hidden so that no small count follows."""


def protect(
    rule: Suppression,
    counts: Mapping[Key, int],
    *,
    totals_of_rows: bool = True,
    totals_of_columns: bool = True,
    beside: bool = True,
) -> Protected:
    """The counts by row and column, as a rule lets them be seen together with those totals that will be shown.

    No small count can be worked out from the others and the totals: a reader who knows the rule is left with at least
    ``rule.possible`` values for each. So is one who can even tell which counts are hidden for being small, wherever
    hiding more can bring that about (of 1 and 1, and a total of 2, it cannot: a small sum of small parts).
    ``beside=False`` hides the small ones only; it is there to be seen leaking. Unusable for a count below zero.
    """
    whole = with_totals(counts)
    shown = {key for key in whole if _is_shown(key, totals_of_rows, totals_of_columns)}
    small = frozenset(key for key in shown if is_small(rule, whole[key]))
    hidden = _hidden_beside(rule, whole, shown, small) if beside and small else frozenset[Key]()
    cells = {
        key: HIDDEN
        if key in small or key in hidden
        else Cell(Decimal(rounded(rule, whole[key])), Shown.SHOWN)
        for key in whole
        if key in shown
    }
    return Protected(cells, small, hidden)


def with_totals(counts: Mapping[Key, int]) -> dict[Key, int]:
    """The counts and the totals of each row, of each column, and of all."""
    whole: dict[Key, int] = {}
    for (row, column), count in counts.items():
        if count < 0:
            raise Unusable(f"{row}, {column} has a count of {count}. A count is zero or more.")
        if TOTAL in (row, column):
            raise Unusable("Totals are worked out here; hand in the counts without them.")
        for key in ((row, column), (row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            whole[key] = whole.get(key, 0) + count
    return whole


def _is_shown(key: Key, rows: bool, columns: bool) -> bool:
    row, column = key
    if row == TOTAL and column == TOTAL:
        return rows or columns
    return (rows or column != TOTAL) and (columns or row != TOTAL)


class _Readers:
    """Two readers of one table: one who can tell which counts are hidden for being small, and one who cannot."""

    def __init__(
        self, rule: Suppression, whole: Mapping[Key, int], shown: AbstractSet[Key], small: AbstractSet[Key]
    ) -> None:
        self.rule, self.whole = rule, whole
        free = dict.fromkeys(whole.keys() - shown, (0, FREE))
        seen = {key: readings_of(rule, whole[key]) for key in shown - small}
        least, greatest = int(rule.hide_from), int(rule.hide_to)
        self.one = {True: Reach(whole, free | seen | dict.fromkeys(small, (least, greatest))),
                    False: Reach(whole, free | seen | dict.fromkeys(small, (least, FREE)))}  # fmt: skip
        self.hopeless: frozenset[Key] = frozenset()

    def hide(self, key: Key) -> None:
        """Hide a count that is not small."""
        count, least, greatest = self.whole[key], int(self.rule.hide_from), int(self.rule.hide_to)
        # To who can tell, a hidden zero is zero or far more: a hole that a network cannot have, so hiding it is not counted on.
        self.one[True].known[key] = (greatest + 1, FREE) if count > greatest else (count, count)
        self.one[False].known[key] = (least if count >= least else 0, FREE)

    def show(self, key: Key) -> None:
        """Show it again."""
        for reach in self.one.values():
            reach.known[key] = readings_of(self.rule, self.whole[key])

    def work_out(self, key: Key) -> bool:
        """Whether either of them can work a small count out. One that nothing can keep from who can tell is left to the other."""
        enough = int(self.rule.possible)
        return self.one[False].values(key, enough) < enough or (
            key not in self.hopeless and self.one[True].values(key, enough) < enough
        )

    def give_up(self, small: AbstractSet[Key]) -> None:
        """Take note of what the first can work out though all that can be is hidden now."""
        enough = int(self.rule.possible)
        self.hopeless = frozenset(key for key in small if self.one[True].values(key, enough) < enough)


def _hidden_beside(
    rule: Suppression, whole: Mapping[Key, int], shown: AbstractSet[Key], small: frozenset[Key]
) -> frozenset[Key]:
    """The other counts that have to be hidden, few and small ones first. Hiding one never makes another easier to work out."""
    readers = _Readers(rule, whole, shown, small)
    for key in shown - small:
        readers.hide(key)
    readers.give_up(small)
    for key in shown - small:
        readers.show(key)
    beside: set[Key] = set()
    for key in sorted(small):
        while readers.work_out(key):
            free = shown - small - beside
            candidates = _candidates(whole, free, key) or _candidates(whole, free, None)
            if not candidates:
                break
            best = next((each for each in candidates if _helps(readers, each, key)), candidates[0])
            readers.hide(best)
            beside.add(best)
    for each in sorted(beside, key=lambda key: (-whole[key], key)):
        readers.show(each)
        if any(readers.work_out(key) for key in small):
            readers.hide(each)
        else:
            beside.discard(each)
    return frozenset(beside)


def _helps(readers: _Readers, candidate: Key, key: Key) -> bool:
    """Whether hiding one count more is enough for a small one."""
    readers.hide(candidate)
    found = not readers.work_out(key)
    readers.show(candidate)
    return found


def _candidates(whole: Mapping[Key, int], free: AbstractSet[Key], near: Key | None) -> list[Key]:
    """What can still be hidden, in the row or the column of a count if one is named: parts before totals, small before large."""
    return sorted(
        (key for key in free if near is None or key[0] == near[0] or key[1] == near[1]),
        key=lambda key: (TOTAL in key, whole[key] == 0, whole[key], key),
    )


def proportion(
    rule: Suppression, numerator: int, denominator: int, scale: Decimal = Decimal(100), places: int = 1
) -> tuple[Cell, Cell, Cell]:
    """A part of some people, those people, and the part as a rate: hidden where either the part or the rest is small.

    Who is told that 50 of 52 were at home has been told that two were not.
    """
    if not 0 <= numerator <= denominator:
        raise Unusable(f"{numerator} is no part of {denominator}. Check which of the two is the whole.")
    found = protect(
        rule, {("all", "part"): numerator, ("all", "rest"): denominator - numerator}, totals_of_columns=False
    )
    part, whole = found.cells["all", "part"], found.cells["all", TOTAL]
    if (
        part.value is None
        or whole.value is None
        or found.cells["all", "rest"].value is None
        or not whole.value
    ):
        return (part if whole.value is not None else HIDDEN), whole, HIDDEN
    return part, whole, rate_of(part, whole.value, scale, places)


def shares(
    rule: Suppression, parts: Mapping[Key, int], wholes: Mapping[Key, int]
) -> dict[Key, tuple[Cell, Cell]]:
    """Parts and their wholes by row and column, shown without totals: where either is hidden, or the rest would be, both are.

    Who is shown a whole and its rest could work the part out. Unusable where a part is larger than its whole.
    """
    rests = {key: whole - parts.get(key, 0) for key, whole in wholes.items()}
    if any(rest < 0 for rest in rests.values()) or parts.keys() - wholes.keys():
        raise Unusable("A part is larger than its whole, or has none. Check which of the two is the whole.")
    tables = [
        protect(rule, each, totals_of_rows=False, totals_of_columns=False)
        for each in ({key: parts.get(key, 0) for key in wholes}, wholes, rests)
    ]
    return {
        key: (HIDDEN, HIDDEN)
        if any(each.cells[key].value is None for each in tables)
        else (tables[0].cells[key], tables[1].cells[key])
        for key in sorted(wholes)
    }
