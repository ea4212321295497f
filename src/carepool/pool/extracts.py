"""A monthly extract of a body's ledger, read by its map: what each line comes to, what the whole must come to, and what is wrong.

Nothing is guessed: an amount that is not whole pence, a row that looks like a total, a control total that does not match,
each stops the import with its row and column.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from carepool.basics.canonical import LARGEST_INTEGER
from carepool.basics.findings import Finding, Severity, blocks
from carepool.basics.money import Pence, in_pounds
from carepool.basics.refusals import nearest
from carepool.pool.actuals import Key, Kind, Part, total
from carepool.pool.maps import LONGEST_CODE, RULE, Control, MapRule, ReadMap
from carepool.pool.tabular import Grid, letters, number_of

MOST_FINDINGS = 100
"""Findings of one extract beyond which the rest are only counted."""
MOST_UNKNOWN = 1_000
"""Pairs of cost centre and subjective that no rule knows, beyond which it is the wrong map."""
_CODE = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_./ -]{{0,{LONGEST_CODE - 1}}}")
_AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,13})?(?:\.[0-9]+)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})(?:[-/][0-9]{1,2})?")
_BRITISH = re.compile(r"(?:[0-9]{1,2}/)?([0-9]{1,2})/([0-9]{4})")
_NAMED = re.compile(r"(?:[0-9]{1,2}[- ])?([A-Za-z]{3,9})[- ']+([0-9]{2}|[0-9]{4})")
_NUMBERED = re.compile(r"(?:([0-9]{4})(?:[-/][0-9]{2})?[-/ ]?)?[Pp]?0*([1-9]|1[0-2])")


class NoAmount(ValueError):
    """Why a text is no amount of money, in the words of a finding."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line of the ledger."""

    row: int
    cost_centre: str
    subjective: str
    pence: Pence
    irrecoverable: Pence
    vat: Pence
    description: str = ""
    reference: str = ""
    rule: MapRule | None = None
    """None where no rule is for it: it goes to suspense."""


@dataclass(frozen=True)
class Extract:
    """An extract as it was read, before anything is entered."""

    file: str
    body: str
    kind: Kind
    period: str
    lines: tuple[LedgerLine, ...]
    totals: Mapping[Key, Pence]
    """What it comes to by scheme and source, and by code in suspense."""
    ignored: Pence
    vat: Pence
    """VAT that can be had back: told, and no cost."""
    control: Pence

    def of(self, *parts: Part) -> Pence:
        """What it comes to in some parts."""
        return sum(pence for key, pence in self.totals.items() if key[0] in parts)

    @property
    def unmapped(self) -> tuple[LedgerLine, ...]:
        """The lines that no rule is for."""
        return tuple(each for each in self.lines if each.rule is None)


def read_extract(
    grid: Grid, by: ReadMap, *, year: str, period: str = "", control: Pence | None = None
) -> tuple[Extract | None, list[Finding]]:
    """An extract by its map, and every finding; None in its place where a finding blocks.

    ``period`` and ``control`` are what whoever hands it in says; the extract must agree with both.
    """
    reader = _Reader(grid, by, year)
    found = reader.read(period, control)
    findings = sorted(reader.findings, key=lambda each: each.severity is not Severity.BLOCKER)
    if len(findings) > MOST_FINDINGS:
        says = f"{grid.file} has {len(findings) - MOST_FINDINGS:,} more findings, which are not listed."
        gravest = Severity.BLOCKER if blocks(findings) else Severity.WARNING
        more = Finding("ledger-extract", gravest, grid.file, says, "Put these right first.", RULE)
        findings = [*findings[:MOST_FINDINGS], more]
    return (None if blocks(findings) else found), findings


@dataclass
class _Reader:
    grid: Grid
    by: ReadMap
    year: str
    findings: list[Finding] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)

    def say(
        self, row: int, column: int, says: str, remedy: str, severity: Severity = Severity.BLOCKER
    ) -> None:
        """A finding at a cell, at a row where there is no column, or of the whole file."""
        at = f", row {row}" if row else ""
        at += f", column {letters(column)}" if column else ""
        where = f"{self.grid.file}:{row}:{letters(column)}" if column else f"{self.grid.file}:{row}"
        self.findings.append(
            Finding("ledger-extract", severity, where, f"{self.grid.file}{at}: {says}.", remedy, RULE)
        )

    def read(self, period: str, control: Pence | None) -> Extract | None:
        if not self._find_columns():
            return None
        lines, stated, months = self._lines()
        chosen = self._period(period, months)
        # A ledger that shows spending below zero shows its total so too.
        told = [
            each for each in (stated, None if control is None else self._signed(control)) if each is not None
        ]
        net = sum(each.pence for each in lines)
        if not lines and not blocks(self.findings):
            self.say(0, 0, "holds no line of a ledger", "Look at the heading and the columns in the map.")
        self._control(told, net)
        if blocks(self.findings):
            return None
        return self._sum(lines, chosen, net)

    # Columns.

    def _find_columns(self) -> bool:
        ledger = self.by.map
        heading = next((cells for number, cells in self.grid.rows if number == ledger.heading), ())
        if ledger.heading and not any(heading):
            self.say(
                ledger.heading, 0, "is empty, and should hold the headings", "Correct heading: in the map."
            )
            return False
        for what, name in ledger.columns.named.items():
            at = self._column(heading, what, name)
            if at:
                self.columns[what] = at
        twice = [what for what, at in self.columns.items() if list(self.columns.values()).count(at) > 1]
        if twice:
            self.say(
                ledger.heading,
                self.columns[twice[0]],
                f"is to hold {' and '.join(twice)}",
                "Name two columns in the map.",
            )
        return not blocks(self.findings)

    def _column(self, heading: tuple[str, ...], what: str, name: str) -> int:
        if not self.by.map.heading:
            at = number_of(name)
            if not at:
                self.say(
                    0,
                    0,
                    f"has no column {name}, in which {what} should be",
                    "Name columns by letters, like D, where there is no heading.",
                )
            return at
        places = [n for n, cell in enumerate(heading, 1) if cell.casefold() == name.strip().casefold()]
        if len(places) == 1:
            return places[0]
        row = self.by.map.heading
        if places:
            self.say(
                row,
                places[1],
                f"“{name}” stands twice in the heading",
                "Rename one of the columns in the extract.",
            )
            return 0
        near = nearest(name, [cell for cell in heading if cell])
        hint = (
            f"Is it the one called “{near}”? Correct the map."
            if near
            else "Look at the heading, and correct the map."
        )
        self.say(row, 0, f"has no column “{name}”, in which {what} should be", hint)
        return 0

    def _text(self, cells: tuple[str, ...], what: str) -> str:
        at = self.columns.get(what, 0)
        return cells[at - 1] if 0 < at <= len(cells) else ""

    # Rows.

    def _lines(self) -> tuple[list[LedgerLine], Pence | None, dict[str, int]]:
        lines: list[LedgerLine] = []
        control = self.by.map.control
        stated = self._signed(control.pence) if control and control.pence is not None else None
        months: dict[str, int] = {}
        held = set(self.columns.values())
        skips = self._skips()
        corner = _corner(control)
        if corner[0]:
            stated = self._cell_total(corner)
        for number, cells in self.grid.rows:
            if number <= self.by.map.heading or not any(cells[at - 1] for at in held if at <= len(cells)):
                continue
            if control and control.row and self._is_total(cells, control.row.casefold()):
                if stated is not None:
                    self.say(
                        number,
                        0,
                        "is a second control total",
                        "Say in the map more exactly how the row begins.",
                    )
                stated = self._net(number, cells)
                continue
            if number == corner[0] and not self._text(cells, "cost_centre"):
                continue
            if any(at <= len(cells) and cells[at - 1].casefold().startswith(begins) for at, begins in skips):
                continue
            line = self._line(number, cells, months)
            if line:
                lines.append(line)
        if control and control.row and stated is None:
            self.say(
                0,
                0,
                f"has no row that begins “{control.row}”, which should hold the control total",
                "Extract it whole, or correct control: in the map.",
            )
        return lines, stated, months

    def _is_total(self, cells: tuple[str, ...], begins: str) -> bool:
        """Whether a row is the control total, and not a line whose words happen to begin so."""
        first = self._text(cells, "cost_centre")
        return (
            first.casefold().startswith(begins)
            if first
            else any(each.casefold().startswith(begins) for each in cells)
        )

    def _skips(self) -> list[tuple[int, str]]:
        heading = next((cells for number, cells in self.grid.rows if number == self.by.map.heading), ())
        found = [
            (self._column(heading, "what is passed over", each.column), each.begins.strip().casefold())
            for each in self.by.map.skip
        ]
        return [(at, begins) for at, begins in found if at and begins]

    def _cell_total(self, corner: tuple[int, int]) -> Pence | None:
        found = self._amount(*corner, self.grid.cell(*corner))
        return None if found is None else self._signed(found)

    def _line(self, number: int, cells: tuple[str, ...], months: dict[str, int]) -> LedgerLine | None:
        before = len(self.findings)
        codes = [self._code(number, cells, what) for what in ("cost_centre", "subjective")]
        net = self._net(number, cells)
        extra = [
            self._amount(number, self.columns[what], self._text(cells, what))
            if self._text(cells, what)
            else 0
            for what in ("irrecoverable", "vat")
        ]
        if not codes[0] and len(self.findings) == before:
            if not (net or any(extra)):
                return None
            self.say(
                number,
                self.columns["cost_centre"],
                f"{in_pounds(net or 0)} without a cost centre",
                "If it is a total, name it in the map under control: or skip:; else correct the extract.",
            )
        if "period" in self.columns and codes[0]:
            self._month(number, cells, months)
        if len(self.findings) > before or net is None:
            return None
        irrecoverable, vat = (each or 0 for each in extra)
        rule = self.by.rule(codes[0], codes[1])
        words = self._text(cells, "description"), self._text(cells, "reference")
        return LedgerLine(
            number, codes[0], codes[1], net, self._signed(irrecoverable), self._signed(vat), *words, rule
        )

    def _code(self, number: int, cells: tuple[str, ...], what: str) -> str:
        text = self._text(cells, what)
        if text and (not _CODE.fullmatch(text) or (number, self.columns[what]) in self.grid.odd):
            name = what.replace("_", " ")
            self.say(
                number,
                self.columns[what],
                f"“{text[:60]}” is no {name}",
                f"A code has at most {LONGEST_CODE} letters, digits and . _ / -. Look whether the map names the right column.",
            )
            return ""
        return text

    def _net(self, number: int, cells: tuple[str, ...]) -> Pence | None:
        """The amount of a row; spending above zero whatever the ledger's own sign."""
        if "amount" in self.columns:
            text = self._text(cells, "amount")
            if not text:
                codes = self._text(cells, "cost_centre")
                if codes:
                    self.say(number, self.columns["amount"], "no amount", "Write 0 where it is nothing.")
                return 0 if not codes else None
            found = self._amount(number, self.columns["amount"], text)
            return None if found is None else self._signed(found)
        sides = [
            self._amount(number, self.columns[what], self._text(cells, what) or "0")
            for what in ("debit", "credit")
        ]
        return None if None in sides else (sides[0] or 0) - (sides[1] or 0)

    def _signed(self, pence: Pence) -> Pence:
        return -pence if self.by.map.sign == "spending_negative" else pence

    def _amount(self, number: int, column: int, text: str) -> Pence | None:
        odd = self.grid.odd.get((number, column))
        if odd:
            self.say(
                number,
                column,
                "shows an error" if odd == "error" else "holds a formula that was never calculated",
                "Open the workbook, let it calculate, and save it.",
            )
            return None
        try:
            return pence_of(text, self.by.map.decimal)
        except NoAmount as error:
            self.say(
                number,
                column,
                str(error),
                "Correct the amount in the ledger and extract it again; write pounds and pence, like 1,234.50.",
            )
            return None

    # The month.

    def _month(self, number: int, cells: tuple[str, ...], months: dict[str, int]) -> None:
        text = self._text(cells, "period")
        found = month_of(text, self.by.map.period_as, self.year)
        if not found:
            like = "2015-06 or Jun-15" if self.by.map.period_as == "month" else "3 for June"
            self.say(
                number,
                self.columns["period"],
                f"“{text[:40]}” is no period",
                f"Write it like {like}, or correct period_as: in the map.",
            )
        else:
            months.setdefault(found, number)

    def _period(self, asked: str, months: Mapping[str, int]) -> str:
        """The month of the extract: that asked for, or else the last that its lines name."""
        chosen = asked or max(months, default="")
        if not chosen:
            if not blocks(self.findings):
                self.say(0, 0, "does not say of which month it is", "Give the period, like 2015-06.")
            return ""
        for month, row in months.items():
            if month > chosen or (month != chosen and self.by.map.kind == "monthly"):
                holds = "only that month" if self.by.map.kind == "monthly" else "no later month"
                self.say(
                    row,
                    self.columns["period"],
                    f"is of {month}, and an extract of {chosen} should hold {holds}",
                    "Extract the right month, or name the period.",
                )
        if asked and months and asked not in months and not blocks(self.findings):
            self.say(
                0,
                0,
                f"has no line of {asked}",
                "Name the month that it is of, or extract it again.",
                Severity.WARNING,
            )
        return chosen

    # What it comes to.

    def _control(self, told: list[Pence], net: Pence) -> None:
        if blocks(self.findings):
            return
        if not told:
            self.say(
                0,
                0,
                "has no control total",
                "Give what the ledger says that it comes to, or say in the map where it stands.",
            )
        for each in told:
            if each != net:
                self.say(
                    0,
                    0,
                    f"its lines come to {in_pounds(net)}, and the control total is {in_pounds(each)}, so {in_pounds(abs(each - net))} {'is missing' if each > net else 'is too much'}",
                    "Extract the ledger again, whole.",
                )

    def _sum(self, lines: list[LedgerLine], period: str, net: Pence) -> Extract | None:
        parts: list[dict[Key, Pence]] = []
        ignored = 0
        for line in lines:
            rule = line.rule
            if rule and rule.ignore:
                ignored += line.pence
                continue
            names = (
                (rule.scheme, rule.source) if rule else (line.cost_centre.upper(), line.subjective.upper())
            )
            kinds = (Part.SPENT, Part.IRRECOVERABLE) if rule else (Part.SUSPENSE, Part.SUSPENSE_VAT)
            parts.append({(kinds[0], *names): line.pence, (kinds[1], *names): line.irrecoverable})
        totals, vat = total(parts), sum(line.vat for line in lines)
        unknown = {key[1:] for key in totals if key[0] in {Part.SUSPENSE, Part.SUSPENSE_VAT}}
        if len(unknown) > MOST_UNKNOWN:
            self.say(
                0,
                0,
                f"has {len(unknown):,} cost centres and subjectives that no rule is for",
                "Look whether it is the right map.",
            )
        if max(map(abs, (net, ignored, vat, *totals.values()))) > LARGEST_INTEGER:
            self.say(0, 0, "comes to more than any fund has", "Look whether the amounts are in pounds.")
        if not blocks(self.findings):
            self._note_unknown(lines)
        return Extract(
            self.grid.file,
            self.by.map.body,
            self.by.map.kind,
            period,
            tuple(lines),
            totals,
            ignored,
            vat,
            net,
        )

    def _note_unknown(self, lines: list[LedgerLine]) -> None:
        """Each pair of codes that goes to suspense, once, with its first row; and where leading zeros were lost."""
        first: dict[tuple[str, str], LedgerLine] = {}
        amounts: dict[tuple[str, str], Pence] = {}
        for line in lines:
            if line.rule is None:
                key = line.cost_centre, line.subjective
                first.setdefault(key, line)
                amounts[key] = amounts.get(key, 0) + line.pence + line.irrecoverable
        for key, line in first.items():
            codes = " ".join(each for each in key if each)
            padded = [each.zfill(len(each) + more) for more in (1, 2, 3) for each in (key[0],)]
            lost = next((each for each in padded if self.by.rule(each, key[1])), "")
            remedy = (
                f"Is it {lost}, which lost its zeros in a spreadsheet? Keep codes as text."
                if lost
                else "Add a rule for it to the map, then clear the suspense."
            )
            self.say(
                line.row,
                self.columns["cost_centre"],
                f"no rule is for {codes}: {in_pounds(amounts[key])} goes to suspense",
                remedy,
                Severity.WARNING,
            )


def _corner(control: Control | None) -> tuple[int, int]:
    """Row and column of the cell that holds the control total; zeros for none."""
    if control is None or not control.cell:
        return 0, 0
    column = control.cell.rstrip("0123456789")
    return int(control.cell[len(column) :]), number_of(column)


def pence_of(text: str, decimal: str = "point") -> Pence:
    """The pence of an amount as ledgers write it: £, separators, brackets, a minus before or after, CR. NoAmount for what is none."""
    bare = re.sub(r"[\s\u00a0\u202f£']", "", text).replace("−", "-").replace("–", "-").upper()
    if bare == "-":
        return 0
    sign, given = 1, bare
    for begins, ends, factor in (
        ("(", ")", -1),
        ("", "CR", -1),
        ("", "DR", 1),
        ("-", "", -1),
        ("", "-", -1),
        ("+", "", 1),
    ):
        if (
            len(bare) > len(begins + ends)
            and bare.startswith(begins)
            and bare.endswith(ends)
            and (begins or ends)
        ):
            bare, sign = bare[len(begins) : len(bare) - len(ends)], factor
            break
    if decimal == "comma":
        bare = bare.translate(str.maketrans(",.", ".,"))
    if not bare or not _AMOUNT.fullmatch(bare) or not any(each.isdigit() for each in bare):
        raise NoAmount(f"“{text[:40]}” is no amount")
    pence = Decimal(bare.replace(",", "")) * 100
    if pence != pence.to_integral_value():
        raise NoAmount(f"“{given[:40]}” has fractions of a penny")
    return sign * int(pence)


def month_of(text: str, written: str, year: str) -> str:
    """The month that a cell names, like 2015-06; empty for none. ``written`` is as in the map."""
    text, starts = text.strip(), int(year[:4])
    if written == "number":
        found = _NUMBERED.fullmatch(text)
        if not found or (found[1] and int(found[1]) != starts):
            return ""
        number = int(found[2]) + 3
        return f"{starts + (number > 12)}-{(number - 1) % 12 + 1:02}"
    for pattern, first in ((_ISO, 1), (_BRITISH, 2)):
        found = pattern.fullmatch(text)
        if found:
            return _month(int(found[first]), int(found[3 - first]))
    found = _NAMED.fullmatch(text)
    if found and found[1][:3].lower() in _MONTHS:
        named = int(found[2])
        return _month(named + 2000 if named < 100 else named, _MONTHS.index(found[1][:3].lower()) + 1)
    return ""


def _month(year: int, month: int) -> str:
    try:
        return f"{date(year, month, 1):%Y-%m}"
    except ValueError:
        return ""
