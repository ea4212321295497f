"""A map of a body's ledger: which column holds what, and which scheme and source a cost centre and a subjective are of."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from carepool.basics.findings import Finding, blocks
from carepool.rules.parse import MOST_FINDINGS, typed
from carepool.rules.scalars import ChangeInPence, Entry, Name, Text, YesNo
from carepool.rules.text import Lines, compose, fault

RULE = "docs/adr/0027"
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$")]
MONTHS = 12
LONGEST_CODE = 40
"""Characters of a cost centre or a subjective."""
_LOWEST, _HIGHEST = "\0", "\x7f"


def _whole(text: object) -> object:
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 8:
        return int(text)
    raise ValueError("is no whole number: write it like 3")


Whole = Annotated[int, BeforeValidator(_whole)]


class Skip(Entry):
    """Rows that are no lines of the ledger: a column of theirs begins so."""

    column: Text
    begins: Text


class Control(Entry):
    """Where the extract says what it comes to; or what that is."""

    row: str = ""
    """How a cell begins of the row whose amount is the total."""
    cell: Annotated[str, Field(pattern=r"^([A-Z]{1,3}[1-9][0-9]{0,6})?$")] = ""
    """The cell that holds the total, like D2."""
    pence: ChangeInPence | None = Field(alias="pounds", default=None)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum((bool(self.row), bool(self.cell), self.pence is not None)) != 1:
            raise ValueError("is given in one way: by row, by cell or in pounds")
        return self


class Columns(Entry):
    """Which column holds what: by its heading, or by its letter where ``heading`` is 0."""

    cost_centre: Text
    subjective: str = ""
    amount: str = ""
    """Net of VAT that can be had back."""
    debit: str = ""
    credit: str = ""
    irrecoverable: str = ""
    """VAT that cannot be had back, where it is not in the amount."""
    vat: str = ""
    """VAT that can be had back: read and told, and no cost."""
    period: str = ""
    description: str = ""
    reference: str = ""

    @model_validator(mode="after")
    def _amounts(self) -> Self:
        if bool(self.amount) == bool(self.debit and self.credit) or bool(self.debit) != bool(self.credit):
            raise ValueError("needs either amount, or debit and credit")
        return self

    @property
    def named(self) -> dict[str, str]:
        """Every column that is named, by what it holds."""
        return {what: str(name) for what, name in self if name}


class MapRule(Entry):
    """What a cost centre and a subjective are of: a scheme and a source, or nothing of the pool."""

    cost_centre: str = ""
    """A code, ``412*`` for all that begin so, ``41000..41999`` for a range; all where empty."""
    subjective: str = ""
    scheme: Code | Literal[""] = ""
    source: Code | Literal[""] = ""
    ignore: str = ""
    """Why such lines are no spending of the pool."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if bool(self.ignore) == bool(self.scheme or self.source):
            raise ValueError("needs either scheme and source, or ignore with the reason")
        if bool(self.scheme) != bool(self.source):
            raise ValueError(
                "names a scheme or a source alone: a pound is spent for a scheme, out of a source"
            )
        if not (self.cost_centre or self.subjective):
            raise ValueError(
                "names neither a cost centre nor a subjective, and so would take every line there is"
            )
        Pattern.of(self.cost_centre)
        Pattern.of(self.subjective)
        return self


class LedgerMap(Entry):
    """The whole map."""

    says: Text
    name: Name
    """How the pool calls it, so that next month needs no file."""
    body: Code
    """The partner whose ledger it is."""
    pool: str = ""
    kind: Literal["monthly", "cumulative"]
    """Whether an extract holds one month, or the year to date."""
    sheet: str = ""
    """The sheet of a workbook; the first that is shown where empty."""
    separator: Literal["", "comma", "semicolon", "tab", "bar"] = ""
    """What separates the columns of a text file; found out where empty."""
    heading: Whole = 1
    """The row of the headings; 0 where there are none and columns are named by letters."""
    columns: Columns
    period_as: Literal["month", "number"] = "month"
    """How periods are written: as months or days, or by their number in the financial year, April being 1."""
    decimal: Literal["point", "comma"] = "point"
    sign: Literal["spending_positive", "spending_negative"] = "spending_positive"
    skip: tuple[Skip, ...] = ()
    control: Control | None = None
    rules: tuple[MapRule, ...] = Field(min_length=1)
    profiles: dict[Code, tuple[Whole, ...]] = Field(default_factory=dict)
    """Twelve weights from April on by which a scheme's budget falls due; twelfths where there are none."""
    fictitious: YesNo = False

    @model_validator(mode="after")
    def _profiles(self) -> Self:
        for scheme, weights in self.profiles.items():
            if len(weights) != MONTHS or not sum(weights):
                raise ValueError(
                    f"the profile of {scheme} needs twelve weights, April first, not all of them 0"
                )
        return self


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which codes a rule is for."""

    first: str = ""
    last: str = ""
    begins: bool = False

    @staticmethod
    def of(text: str) -> "Pattern":
        """Read a pattern. ValueError when it is none."""
        text = text.strip().upper()
        if len(text) > 2 * LONGEST_CODE + 2:
            raise ValueError(f"a pattern has at most {LONGEST_CODE} characters a code")
        if ".." in text:
            first, _, last = (part.strip() for part in text.partition(".."))
            if not first or len(first) != len(last) or last < first or "*" in text:
                raise ValueError(
                    f"“{text}” is no range: write two codes of the same length, the lower first, like 3000..3999"
                )
            return Pattern(first, last)
        if "*" in text:
            if text.index("*") != len(text) - 1 or len(text) == 1:
                raise ValueError(f"“{text}” is no beginning: write it with one * at its end, like 412*")
            return Pattern(text[:-1], begins=True)
        return Pattern(text, text)

    @property
    def rank(self) -> tuple[int, int]:
        """Of what kind it is, and how much it says: two of another rank are never as specific as each other."""
        if not self.first:
            return 3, 0
        if self.begins:
            return 2, len(self.first)
        return (0, 0) if self.first == self.last else (1, _width(self.first, self.last))

    def breadth(self, code: str) -> tuple[float, int]:
        """How many codes like one that it fits it is for; of as many, a code before a range before a beginning."""
        if not self.first:
            return inf, 3
        if self.begins:
            left = len(code) - len(self.first)
            return (10**left - 1 if code.isdecimal() else _width(_LOWEST * left, _HIGHEST * left)), 2
        return _width(self.first, self.last), self.rank[0]

    def fits(self, code: str) -> bool:
        """Whether it is for a code."""
        code = code.upper()
        if self.begins:
            return code.startswith(self.first)
        return not self.first or (len(code) == len(self.first) and self.first <= code <= self.last)

    def meets(self, other: "Pattern") -> bool:
        """Whether a code can be of both; asked of two of the same rank."""
        if self.rank[0] == 1:
            return (
                len(self.first) == len(other.first) and self.first <= other.last and other.first <= self.last
            )
        return self.first == other.first


def _width(first: str, last: str) -> int:
    """How far apart two codes of one length are, each character a digit of a number to the base of 128."""
    found = 0
    for one, other in zip(first, last, strict=True):
        found = found * 128 + ord(other) - ord(one)
    return int(last) - int(first) if first.isdecimal() and last.isdecimal() else found


@dataclass(frozen=True)
class ReadMap:
    """A map as it was read, with the lines of its file and what its rules come to."""

    file: str
    content: bytes
    map: LedgerMap
    lines: Lines
    rules: tuple[tuple[Pattern, Pattern, MapRule], ...] = ()
    _found: dict[tuple[str, str], MapRule | None] = field(default_factory=dict)

    def rule(self, cost_centre: str, subjective: str) -> MapRule | None:
        """The rule for a line, which is the one for the fewest codes; the cost centre counts before the subjective."""
        key = cost_centre, subjective
        if key not in self._found:
            fitting = [each for each in self.rules if each[0].fits(cost_centre) and each[1].fits(subjective)]
            fitting.sort(key=lambda each: (each[0].breadth(cost_centre), each[1].breadth(subjective)))
            self._found[key] = fitting[0][2] if fitting else None
        return self._found[key]

    def line(self, rule: MapRule) -> int:
        """The line of a rule in the file."""
        return self.lines.at(("rules", next(n for n, each in enumerate(self.map.rules) if each is rule)))


def read_map(file: str, content: bytes) -> tuple[ReadMap | None, list[Finding]]:
    """The map in a YAML file, or everything that is wrong with it, each with its line."""
    data, lines, findings = compose(file, content)
    found: LedgerMap | None = None
    if not blocks(findings):
        found, findings = typed(file, LedgerMap, data, lines)
    findings = [replace(each, code="ledger-map", rule=RULE) for each in findings]
    if found is None:
        return None, findings[:MOST_FINDINGS]
    rules = [(Pattern.of(each.cost_centre), Pattern.of(each.subjective), each) for each in found.rules]
    read = ReadMap(file, content, found, lines, tuple(rules))
    findings += _twice(read, rules) + _without_column(read)
    return (None if blocks(findings) else read), findings[:MOST_FINDINGS]


def map_fault(file: str, line: int, says: str, remedy: str) -> Finding:
    """A blocking finding in a map."""
    return replace(fault(file, line, says, remedy), code="ledger-map", rule=RULE)


def _twice(read: ReadMap, rules: list[tuple[Pattern, Pattern, MapRule]]) -> list[Finding]:
    """Rules between which nothing decides: as specific as each other, and for the same code."""
    by_rank: Mapping[object, list[int]] = defaultdict(list)
    for number, (cc, sj, _) in enumerate(rules):
        # Ranges may overlap; all else of one rank meets only where it is the same.
        same = [each.first if each.rank[0] != 1 else "" for each in (cc, sj)]
        by_rank[cc.rank, sj.rank, *same].append(number)
    found = []
    for alike in by_rank.values():
        for place, number in enumerate(alike):
            for earlier in alike[:place]:
                one, other = rules[earlier], rules[number]
                if one[0].meets(other[0]) and one[1].meets(other[1]):
                    line = read.lines.at(("rules", earlier))
                    says = f"is as specific as line {line}, and both are for the same code"
                    found.append(
                        map_fault(
                            read.file,
                            read.lines.at(("rules", number)),
                            says,
                            "Keep one, or make one of them say more.",
                        )
                    )
                    break
        if len(found) > MOST_FINDINGS:
            break
    return found


def _without_column(read: ReadMap) -> list[Finding]:
    if read.map.columns.subjective:
        return []
    return [
        map_fault(read.file, read.line(each), "names a subjective, and no column holds one", "Name the column, or take it out.")
        for each in read.map.rules
        if each.subjective
    ]  # fmt: skip
