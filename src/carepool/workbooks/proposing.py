"""Proposes a map of an unknown template: for each field of a plan the place whose label has most of its words.

Nothing is learnt and nothing is random: the same template gets the same map, and each guess says what it rests on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from carepool.plans.describe import FieldAbout
from carepool.workbooks.cells import letters, reference
from carepool.workbooks.drawing import Drawing, Rows, Spot
from carepool.workbooks.issued import At, Issued, IssuedSheet
from carepool.workbooks.layout import Sheet, Table
from carepool.workbooks.places import MOST_LABELS, Grid, Label, Likely, is_words, places
from carepool.workbooks.wording import (
    Wanted,
    Weights,
    Words,
    in_thousands,
    says_pounds,
    wanted,
    weights,
    words_of,
)

NEAR, NEAR_ALONE = 0.5, 0.6
"""How near the heading of a column must be to be proposed, and a label, which has no other columns to bear it out."""
AT_HOME = 0.2
"""What it adds that a column stands under the title of its own section; a label it only puts before others as near."""
MOST_PAIRS = 100_000
"""Labels and fields that share a word; of a template with more, what comes later is left for a person to find."""


@dataclass(frozen=True, slots=True)
class _Guess:
    near: float
    shared: Words


def propose(issued: Issued, sheets: tuple[Sheet, ...], rules: str, says: str = "") -> Drawing:
    """The map that seems likeliest. A field whose words are nowhere is left out, and so is a list without what names its rows."""
    return _Proposal(issued, sheets).drawing(rules, says)


class _Proposal:
    """Matches lists with tables first, then single fields with the labels that are left."""

    def __init__(self, issued: Issued, sheets: tuple[Sheet, ...]) -> None:
        self.issued, self.sheets = issued, sheets
        self.likely: Likely = places(issued)
        abouts = [each for sheet in sheets for each in (*sheet.fields, *(one for table in sheet.tables for one in table.columns))]  # fmt: skip
        self.wanted = {id(each): wanted(each) for each in abouts}
        self.weights: Weights = weights(self.wanted.values())
        self.sections = {sheet.section: Wanted((words_of(sheet.title),), words_of(sheet.says)) for sheet in sheets}  # fmt: skip
        self.weights_of_sections = weights(self.sections.values())
        self.homes = {name: self._homes(sheet) for name, sheet in issued.sheets.items() if sheet.page.visible}
        self.thousands = {name: any(_all_in_thousands(cell.text) for cell in sheet.page.cells) for name, sheet in issued.sheets.items()}  # fmt: skip
        self.taken: set[tuple[str, int, int]] = set()

    def drawing(self, rules: str, says: str) -> Drawing:
        """The whole of it, in the plan's order."""
        tables = self._tables()
        cells = self._cells()
        return Drawing(
            rules,
            says,
            {name: cells[name] for sheet in self.sheets for each in sheet.fields if (name := f"{sheet.section}/{each.name}") in cells},
            {name: tables[name] for sheet in self.sheets for each in sheet.tables if (name := f"{sheet.section}/{each.name}") in tables},
        )  # fmt: skip

    # Whose section a row is

    def _homes(self, sheet: IssuedSheet) -> Mapping[int, str]:
        """For each row the section whose title stands last above it, or else is the sheet's name."""
        now, found = self._section(sheet.name), {}
        for row, cells in islice(sheet.page.rows.items(), MOST_LABELS):
            texts = [cell for cell in islice(cells.values(), 3) if is_words(cell)]
            if len(texts) == 1 and (section := self._section(texts[0].text)):
                now = section
            found[row] = now
        return found

    def _section(self, text: str) -> str:
        label = words_of(text)
        near = [(self.weights_of_sections.nearness(each, label)[0], name) for name, each in self.sections.items()]  # fmt: skip
        best = max(near, key=lambda each: each[0], default=(0.0, ""))
        return best[1] if best[0] >= NEAR else ""

    # Lists

    def _tables(self) -> dict[str, Rows]:
        found = [
            (sum(each.near for each in columns.values()), -number, -order, grid, table, columns)
            for number, grid in enumerate(self.likely.grids)
            for order, table in enumerate(one for sheet in self.sheets for one in sheet.tables)
            if (columns := self._columns(grid, table))
        ]
        chosen: dict[str, Rows] = {}
        grids: set[int] = set()
        for _, number, _, grid, table, columns in sorted(found, key=lambda each: each[:3], reverse=True):
            name = f"{table.section}/{table.name}"
            if name not in chosen and number not in grids:
                grids.add(number)
                chosen[name] = self._rows(grid, table, columns)
        return chosen

    def _columns(self, grid: Grid, table: Table) -> dict[str, "_Column"]:
        """Which column of a template's table is which of a list; none where what names a row is missing, or little else fits."""
        home = self.homes[grid.sheet].get(grid.heading, "") == table.section
        near = [
            (guess.near + (AT_HOME if home else 0), -number, about, column, guess.shared)
            for number, about in enumerate(table.columns)
            for column, words in grid.columns.items()
            if (guess := self._nearness(about, words)).near + (AT_HOME if home else 0) >= NEAR
            and guess.shared
        ]
        found: dict[str, _Column] = {}
        for score, _, about, column, shared in sorted(near, key=lambda each: (each[0], each[1], -each[3]), reverse=True):  # fmt: skip
            if about.name not in found and all(each.column != column for each in found.values()):
                found[about.name] = _Column(column, score, shared)
        needed = [each.name for each in table.columns if each.required]
        fits = 2 * len(found) >= len(grid.columns) and (len(found) > 1 or len(table.columns) == 1)
        return found if fits and all(each in found for each in needed) else {}

    def _rows(self, grid: Grid, table: Table, columns: "Mapping[str, _Column]") -> Rows:
        sheet = self.issued.sheets[grid.sheet]
        spots = {}
        for about in table.columns:
            if about.name not in columns:
                continue
            column, words = columns[about.name].column, grid.columns[columns[about.name].column]
            at = (grid.first, column)
            why = _why(words, (grid.heading, column), columns[about.name].shared)
            spots[about.name] = Spot(letters(column), "", self._unit(about, grid.sheet, words), self._words(about, sheet, at), why)  # fmt: skip
        self.taken |= {(grid.sheet, row, column) for row in range(grid.heading, grid.last + 1) for column in grid.columns}  # fmt: skip
        why = f"rows {grid.first} to {grid.last} of “{_short(grid.sheet)}”, under the headings in row {grid.heading}"
        return Rows(grid.sheet, str(grid.first), str(grid.last), spots, why)

    # Single fields

    def _cells(self) -> dict[str, Spot]:
        fields = [(sheet.section, each) for sheet in self.sheets for each in sheet.fields]
        by_word: dict[str, list[int]] = {}
        for number, (_, about) in enumerate(fields):
            for word in sorted(frozenset[str]().union(*self.wanted[id(about)].titles)):
                by_word.setdefault(word, []).append(number)
        near = sorted(self._pairs(fields, by_word), key=lambda each: (-each[0], each[1], each[2]))
        found: dict[str, Spot] = {}
        for _, number, order, shared in near:
            section, about = fields[number]
            label = self.likely.labels[order]
            name = f"{section}/{about.name}"
            free = next((at for at in label.places if (label.sheet, *at) not in self.taken), None)
            if name in found or free is None or label.cell.place in self.taken:
                continue
            self.taken |= {(label.sheet, *free), label.cell.place}
            found[name] = self._spot(about, label, free, shared)
        return found

    def _pairs(self, fields: list[tuple[str, FieldAbout]], by_word: Mapping[str, list[int]]) -> Iterator[tuple[float, int, int, Words]]:  # fmt: skip
        many = 0
        for order, label in enumerate(self.likely.labels):
            home = self.homes[label.sheet].get(label.cell.row, "")
            for number in sorted({each for word in words_of(label.cell.text) for each in by_word.get(word, ())}):  # fmt: skip
                many += 1
                if many > MOST_PAIRS:
                    return
                section, about = fields[number]
                guess = self._nearness(about, label.cell.text)
                if guess.near >= NEAR_ALONE:
                    yield guess.near + (AT_HOME if home == section else 0), number, order, guess.shared

    def _spot(self, about: FieldAbout, label: Label, at: At, shared: Words) -> Spot:
        sheet = self.issued.sheets[label.sheet]
        why = _why(label.cell.text, (label.cell.row, label.cell.column), shared)
        return Spot(reference(*at), label.sheet, self._unit(about, label.sheet, label.cell.text), self._words(about, sheet, at), why)  # fmt: skip

    # Both

    def _nearness(self, about: FieldAbout, text: str) -> _Guess:
        return _Guess(*self.weights.nearness(self.wanted[id(about)], words_of(text)))

    def _unit(self, about: FieldAbout, sheet: str, words: str) -> str:
        if about.kind != "money":
            return ""
        if in_thousands(words) or (self.thousands[sheet] and not says_pounds(words)):
            return "thousands"
        return ""

    def _words(self, about: FieldAbout, sheet: IssuedSheet, at: At) -> Mapping[str, str]:
        """What the template's drop-down calls our codes, where that is not what we call them."""
        if not about.codes:
            return {}
        own = {code: Wanted((words_of(says),)) for code, says in about.codes.items()}
        weighed = weights(own.values())
        near = sorted(
            (
                (-weighed.nearness(each, words_of(offered))[0], code, offered)
                for offered in self.issued.offered(sheet, at)
                for code, each in own.items()
            ),
            key=lambda each: each[0],
        )
        found: dict[str, str] = {}
        for less, code, offered in near:
            if -less >= NEAR and code not in found and offered not in found.values():
                found[code] = offered
        return {code: word for code, word in found.items() if word.casefold() != about.codes[code].casefold()}


@dataclass(frozen=True, slots=True)
class _Column:
    column: int
    near: float
    shared: Words


def _all_in_thousands(text: str) -> bool:
    """Whether a text says of a whole sheet that its amounts are in thousands."""
    told = words_of(text) if in_thousands(text) else frozenset()
    return bool(told & {"all", "figure", "amount", "value", "sum"})


def _why(label: str, at: At, shared: Words) -> str:
    return f"“{_short(label)}” in {reference(*at)}: {', '.join(sorted(shared))}"


def _short(text: str) -> str:
    told = " ".join(text.split())
    return told if len(told) <= 60 else f"{told[:59]}…"
