"""Writes payment statements as a workbook of live formulas: whoever changes an input sees every penny follow.

White cells are inputs, grey cells formulas that hold our answer until they are calculated again. Money is whole pence.
Differences are rounded to six decimals before they are valued, because a spreadsheet's numbers are binary.
"""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from carepool.basics.workings import Working
from carepool.payment.instead import AsideStatement
from carepool.payment.methods import AnyStatement
from carepool.payment.release import Statement, pence_for
from carepool.payment.tranches import Judged, PartPaid, TrancheStatement
from carepool.workbooks.cells import letters

_EPOCH = datetime(2013, 8, 8)  # noqa: DTZ001  (a workbook's own date has no zone; the same statement is the same to the byte)
FICTITIOUS = "Illustrative: none of this is of a real place."
NOTE = "White cells are inputs; grey cells are formulas. Money is in whole pence; admissions have six decimals at most."
HEAD = 4
"""Rows above a statement's first."""


def write_statements(
    statements: Sequence[AnyStatement],
    people: Mapping[str, Mapping[str, int]],
    workings: Sequence[Working],
    rules: str,
    *,
    illustrative: bool = False,
) -> bytes:
    """A sheet a statement, and one of what they rest on. The same statements give the same bytes.

    ``people`` are, by board, the weights by which its figures are split among its CCGs.
    """
    import xlsxwriter

    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )  # fmt: skip
    book.set_properties({"title": "Payment statements", "created": _EPOCH, "author": "carepool"})
    sheets = [book.add_worksheet(f"{number} {name_of(each)}") for number, each in enumerate(statements, 1)]
    for sheet, each in zip(sheets, statements, strict=True):
        writer = _Sheet(book, sheet)
        writer.words(0, f"{each.board} under {rules}", bold=True)
        writer.words(1, NOTE)
        writer.words(2, FICTITIOUS if illustrative else "")
        _write(writer, each, people[each.board])
    _rests_on(book, workings)
    book.close()
    return held.getvalue()


def name_of(statement: AnyStatement) -> str:
    """What a statement's sheet is called after its number: short, and with no sign that a sheet's name cannot have."""
    return "".join(sign if sign.isalnum() or sign in "_-" else " " for sign in statement.board)[:25]


def _write(writer: "_Sheet", statement: AnyStatement, people: Mapping[str, int]) -> None:
    match statement:
        case TrancheStatement():
            _tranches(writer, statement, people)
        case AsideStatement():
            _aside(writer, statement, people)
        case Statement():
            _release(writer, statement, people)


def _rests_on(book: Any, workings: Sequence[Working]) -> None:
    sheet = book.add_worksheet("Rests on")
    sheet.set_column(0, 0, 120)
    said = dict.fromkeys(each for working in workings for each in working.rests_on)
    for row, each in enumerate(said or ("Nothing recalled.",)):
        sheet.write_string(row, 0, each)


class _Sheet:
    """One sheet: writes an input or a formula, and gives the cell's reference back."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self.sheet = sheet
        self.bold = book.add_format({"bold": True})
        self.head = book.add_format({"bold": True, "bg_color": "#E8EDEE", "text_wrap": True, "valign": "top", "border": 1})  # fmt: skip
        self.input = book.add_format({"num_format": "#,##0.######", "border": 4})
        self.sum = book.add_format({"num_format": "#,##0.######", "bg_color": "#F0F4F5"})
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 30, 16)

    def words(self, row: int, says: str, column: int = 0, *, bold: bool = False) -> None:
        """Words that stand by themselves."""
        self.sheet.write_string(row, column, says, self.bold if bold else None)

    def heading(self, row: int, names: Sequence[str], column: int = 0) -> None:
        """The headings of a table."""
        for number, name in enumerate(names, column):
            self.sheet.write_string(row, number, name, self.head)

    def give(self, row: int, column: int, value: Decimal | int | str | None) -> str:
        """An input; None is an empty cell."""
        if value is None:
            self.sheet.write_blank(row, column, None, self.input)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, value, self.input)
        else:
            self.sheet.write_number(row, column, value, self.input)
        return at(row, column)

    def work(self, row: int, column: int, formula: str, answer: Decimal | int | str | None) -> str:
        """A formula, and what we answer: it stands there until the sheet is calculated."""
        value = "" if answer is None else float(answer) if isinstance(answer, Decimal) else answer
        self.sheet.write_formula(row, column, f"={formula}", self.sum, value)
        return at(row, column)

    def named(self, row: int, says: str, value: Decimal | int | str | None) -> str:
        """An input with its words before it."""
        self.words(row, says)
        return self.give(row, 1, value)

    def worked(self, row: int, says: str, formula: str, answer: Decimal | int | str | None) -> str:
        """A formula with its words before it."""
        self.words(row, says)
        return self.work(row, 1, formula, answer)

    def shared(
        self, row: int, column: int, total: str, weights: "Weights", answers: Sequence[int | None]
    ) -> None:
        """Three columns that divide a total by largest remainder, ties by order: rounded down, left over, and the parts."""
        last = row + len(answers) - 1
        whole, over, down = f"SUM({weights.span})", span(at(row, column + 1), at(last, column + 1)), span(at(row, column), at(last, column))  # fmt: skip
        times, rest_of = f"INT({total}/{whole})", f"({total}-INT({total}/{whole})*{whole})"
        amount = None if None in answers else sum(each or 0 for each in answers)
        for number, answer in enumerate(answers):
            here = row + number
            weight, order = at(here, weights.column), at(here, weights.column + 1)
            held = None if amount is None else divmod(amount * weights.numbers[number], sum(weights.numbers))
            floor = self.work(here, column, f'IF({total}="","",{times}*{weight}+INT({rest_of}*{weight}/{whole}))', held and held[0])  # fmt: skip
            left = self.work(here, column + 1, f'IF({total}="","",{rest_of}*{weight}-{whole}*INT({rest_of}*{weight}/{whole}))', held and held[1])  # fmt: skip
            rank = f"SUMPRODUCT(({over}>{left})*1)+SUMPRODUCT(({over}={left})*({weights.orders}<{order}))"
            self.work(
                here, column + 2, f'IF({total}="","",{floor}+IF({rank}<{total}-SUM({down}),1,0))', answer
            )

    def weights(self, row: int, column: int, numbers: Sequence[int], orders: Sequence[int]) -> "Weights":
        """Two columns of inputs: weights, and the order in which ties are broken."""
        for here, (number, order) in enumerate(zip(numbers, orders, strict=True), row):
            self.give(here, column, number)
            self.give(here, column + 1, order)
        return Weights(row, column, numbers)


@dataclass(frozen=True, slots=True)
class Weights:
    """Where weights stand, with the order beside them."""

    row: int
    column: int
    numbers: Sequence[int]

    @property
    def span(self) -> str:
        """The cells of the weights."""
        return span(at(self.row, self.column), at(self.row + len(self.numbers) - 1, self.column))

    @property
    def orders(self) -> str:
        """The cells of their order."""
        return span(at(self.row, self.column + 1), at(self.row + len(self.numbers) - 1, self.column + 1))


def at(row: int, column: int) -> str:
    """A cell that stays where it is when a formula is copied."""
    return f"${letters(column + 1)}${row + 1}"


def span(first: str, last: str) -> str:
    """The cells from one to another."""
    return f"{first}:{last}"


def whole_weights(weights: Sequence[Decimal | int]) -> list[int]:
    """Weights as the smallest whole numbers that stand to each other as they do: small enough for a spreadsheet."""
    numbers = [Decimal(weight) for weight in weights]
    places = max(0, *(-int(each.as_tuple().exponent) for each in numbers))
    whole = [int(each.scaleb(places)) for each in numbers]
    common = math.gcd(*whole) or 1
    return [each // common for each in whole]


def _valued(unit: str, reduction: str) -> str:
    return f"MAX(0,ROUND(ROUND({unit}*{reduction},6),0))"


# By quarter


def _release(writer: _Sheet, found: Statement, people: Mapping[str, int]) -> None:
    terms, row = found.terms, HEAD
    unit = writer.named(row, "Value of one admission avoided", terms.unit_value)
    cap = writer.named(row + 1, "Earnings to a quarter are capped by the plan to the quarter, or only by the year", terms.cap)  # fmt: skip
    back = writer.named(row + 2, "Paid back when a quarter falls behind", "yes" if terms.clawback else "no")
    share = writer.named(row + 3, "The board's share of the performance money, at most; empty for none", found.share_of_performance)  # fmt: skip
    row += 5
    writer.heading(row, QUARTERS)
    first, last = row + 1, row + len(found.lines)
    fund = at(last + 2, 1)
    _targets(writer, found, row, share, unit)
    for number, (line, quarter) in enumerate(zip(found.lines, found.quarters, strict=True)):
        here = first + number
        writer.give(here, 0, str(line.quarter))
        writer.give(here, 1, line.baseline)
        writer.give(here, 3, line.actual)
        base, plan, done = (span(at(first, column), at(here, column)) for column in (1, 2, 3))
        planned = writer.work(here, 4, f"ROUND(SUM({base})-SUM({plan}),6)", quarter.planned_cumulative)
        achieved = writer.work(here, 5, f'IF(COUNT({done})<ROWS({done}),"",ROUND(SUM({base})-SUM({done}),6))', quarter.achieved_cumulative)  # fmt: skip
        worth = writer.work(here, 6, _valued(unit, planned), pence_for(terms, quarter.planned_cumulative))
        reached = quarter.achieved_cumulative
        earned = writer.work(here, 7, f'IF({achieved}="","",{_valued(unit, achieved)})', None if reached is None else pence_for(terms, reached))  # fmt: skip
        most, paid = (span(at(row, column), at(here - 1, column)) for column in (8, 9))
        due = f"MIN({fund},{worth})-SUM({most})"
        # Capped by the year alone, what the plan so far is worth is itself the most that is due.
        writer.work(here, 8, f'IF({back}="yes",{due},MAX(0,{due}))', quarter.maximum_payment)
        due = f'MIN({fund},{earned},IF({cap}="quarter",{worth},{fund}))-SUM({paid})'
        writer.work(here, 9, f'IF({earned}="","",IF({back}="yes",{due},MAX(0,{due})))', quarter.payment)
    money, row = found.money, last + 2
    most, earned, paid, done = (span(at(first, column), at(last, column)) for column in (8, 7, 9, 3))
    worth = at(last, 6)
    writer.worked(
        row, "Fund: the most that can be earned", f'IF({share}="",{worth},MIN({worth},{share}))', money.fund
    )
    total = writer.worked(row + 1, "Paid", f"SUM({paid})", money.paid)
    due = f'SUMPRODUCT(({earned}<>"")*{most})'
    writer.worked(row + 2, "Withheld so far", f"MAX(0,{due}-{total})", money.withheld)
    writer.worked(row + 3, "Still at stake", f"{fund}-MAX({due},{total})", money.at_stake)
    writer.worked(row + 4, "Not released: stays with the CCGs", f'IF(COUNT({done})<ROWS({done}),"",{fund}-{total})', money.unreleased)  # fmt: skip
    _by_ccg(writer, row + 6, people, found.by_ccg, [(at(row + n, 1), says, name) for n, (says, name) in enumerate(FIGURES)])  # fmt: skip


QUARTERS = (
    "Quarter", "Baseline", "Planned", "Actual", "Planned cut so far", "Achieved cut so far", "Planned cut is worth",
    "Achieved cut is worth", "At most in the quarter", "Payment",
)  # fmt: skip
FIGURES = (("Fund", "fund"), ("Paid", "paid"), ("Withheld", "withheld"), ("At stake", "at_stake"), ("Not released", "unreleased"))  # fmt: skip


def _targets(writer: _Sheet, found: Statement, row: int, share: str, unit: str) -> None:
    """The planned column: inputs, or where a target may be changed what follows from it and the operational plans."""
    first, last, rebased = row + 1, row + len(found.lines), found.rebased
    if rebased is None:
        for here, line in enumerate(found.lines, first):
            writer.give(here, 2, line.planned)
        return
    writer.heading(row, ("Agreed target", "Operational plans", "Changed target"), 11)
    writer.words(HEAD, "Points that a target may be above the operational plans'", 11)
    beyond = writer.give(HEAD, 14, found.terms.rebase_beyond)
    base, agreed, other, new = (span(at(first, column), at(last, column)) for column in (1, 11, 12, 13))
    writer.words(HEAD + 1, "May it be changed?", 11)
    may = writer.work(HEAD + 1, 14, f'IF(ROUND((SUM({other})-SUM({agreed}))*100-{beyond}*SUM({base}),6)>0,"yes","no")', "yes" if rebased.may_change else "no")  # fmt: skip
    writer.words(HEAD + 2, "What the agreed target put at stake", 11)
    worth = _valued(unit, f"ROUND(SUM({base})-SUM({agreed}),6)")
    writer.work(HEAD + 2, 14, f'IF({share}="",{worth},MIN({worth},{share}))', rebased.before)
    for here, (line, before) in enumerate(zip(found.lines, rebased.agreed, strict=True), first):
        writer.give(here, 11, before)
        writer.give(here, 12, line.operational)
        writer.give(here, 13, line.changed)
        use = f'AND({may}="yes",COUNT({new})=ROWS({new}))'
        writer.work(here, 2, f"IF({use},{at(here, 13)},{at(here, 11)})", line.planned)


def _by_ccg(writer: _Sheet, row: int, people: Mapping[str, int], parts: Mapping[str, Any], figures: Sequence[tuple[str, str, str]]) -> None:  # fmt: skip
    """Each CCG's part of each figure, on its own by largest remainder. The weights are the people of each."""
    codes = sorted(parts)
    writer.heading(row, ["CCG", "People", "Order"])
    for number, code in enumerate(codes, 1):
        writer.give(row + number, 0, code)
    weights = writer.weights(row + 1, 1, [people[code] for code in codes], range(1, len(codes) + 1))
    for number, (total, says, name) in enumerate(figures):
        column = 3 + 3 * number
        writer.heading(row, [f"{says}, rounded down", "Left over", says], column)
        writer.shared(row + 1, column, total, weights, [getattr(parts[code], name) for code in codes])


# In parts, by tests

TESTS = (
    "Part", "Test", "Weight", "Order", "Worth, rounded down", "Left over", "Worth", "Kind", "Met", "Baseline", "Planned", "Actual",
    "Better", "Ambition", "Achieved", "Came to", "Earned", "To recovery", "Kept", "Still at stake",
)  # fmt: skip
_BECOMES = {"earned": 16, "recovery": 17, "kept": 18, "open": 19}


def _tranches(writer: _Sheet, found: TrancheStatement, people: Mapping[str, int]) -> None:
    terms, row = found.terms, HEAD
    whole = writer.named(row, "The board's share of the performance money", found.money.fund)
    below = writer.named(row + 1, "A metric falls short below so many per cent of its ambition; empty for never", terms.recovery_below)  # fmt: skip
    partly = writer.named(
        row + 2, "A metric delivered in part earns the whole, or the share delivered", terms.partly
    )
    every = writer.named(
        row + 3, "All is paid whatever the performance", "yes" if found.whatever_comes else "no"
    )
    row += 5
    writer.heading(row, ("Part", "Weight", "Order", "Rounded down", "Left over", "Fund", "Only together"))
    parts = terms.parts
    order = {name: number for number, name in enumerate(sorted(part.name for part in parts), 1)}
    weights = writer.weights(row + 1, 1, whole_weights([part.weight for part in parts]), [order[part.name] for part in parts])  # fmt: skip
    for number, part in enumerate(parts, 1):
        writer.give(row + number, 0, part.name)
        writer.give(row + number, 6, "yes" if part.together else "no")
    writer.shared(row + 1, 3, whole, weights, [part.fund for part in found.parts])
    funds, row = [(at(row + n, 5), at(row + n, 6)) for n in range(1, len(parts) + 1)], row + len(parts) + 2
    writer.heading(row, TESTS)
    first = here = row + 1
    terms_at = _TermsAt(below, partly, every)
    for (fund, together), paid in zip(funds, found.parts, strict=True):
        _part(writer, here, fund, together, paid, terms_at)
        here += len(paid.tests)
    row = here + 1
    earned, recovery, kept, still = (f"SUM({span(at(first, column), at(here - 1, column))})" for column in _BECOMES.values())  # fmt: skip
    money = found.money
    writer.worked(row, "Fund", whole, money.fund)
    total = writer.worked(row + 1, "Paid", earned, money.paid)
    writer.worked(row + 2, "Withheld", f"{recovery}+{kept}", money.withheld)
    rest = writer.worked(row + 3, "Still at stake", still, money.at_stake)
    writer.worked(
        row + 4, "Not released: stays with the CCGs", f'IF({rest}>0,"",{whole}-{total})', money.unreleased
    )
    writer.worked(
        row + 5, "Of what is withheld, for recovery plans or the contingency", recovery, found.to_recovery
    )
    _by_ccg(writer, row + 7, people, found.by_ccg, [(at(row + n, 1), says, name) for n, (says, name) in enumerate(FIGURES)])  # fmt: skip


@dataclass(frozen=True, slots=True)
class _TermsAt:
    """Where the terms stand."""

    below: str
    partly: str
    every: str


def _part(writer: _Sheet, row: int, fund: str, together: str, paid: PartPaid, terms: _TermsAt) -> None:
    """The tests of one part."""
    last = row + len(paid.tests) - 1
    numbers = whole_weights([each.test.weight for each in paid.tests])
    weights = writer.weights(row, 2, numbers, range(1, len(numbers) + 1))
    writer.shared(row, 4, fund, weights, [each.worth for each in paid.tests])
    outcomes = span(at(row, 15), at(last, 15))
    failed, unknown = (
        f'COUNTIF({outcomes},"short")+COUNTIF({outcomes},"not met")',
        f'COUNTIF({outcomes},"not known")',
    )
    for here, each in enumerate(paid.tests, row):
        seen = each.seen
        for column, text in ((0, paid.part.name), (1, each.test.id), (7, each.test.kind)):
            writer.give(here, column, text)
        writer.give(here, 8, None if seen.met is None else "yes" if seen.met else "no")
        for column, value in ((9, seen.baseline), (10, seen.planned), (11, seen.actual)):
            writer.give(here, column, value)
        writer.give(here, 12, seen.better or each.test.better)
        outcome = _outcome(writer, here, each, terms)
        alone = f'IF({outcome}="passed","earned",IF({outcome}="short","recovery",IF({outcome}="not met","kept","open")))'
        state = f'IF({together}="yes",IF({failed}>0,IF({outcome}="short","recovery","kept"),IF({unknown}>0,"open","earned")),{alone})'
        _amounts(writer, here, each, terms, together, state)


def _outcome(writer: _Sheet, row: int, each: Judged, terms: _TermsAt) -> str:
    """The ambition, what was achieved of it, and what the test came to."""
    kind, met, base, plan, actual, better = (at(row, column) for column in range(7, 13))
    sign = f'IF({better}="higher",-1,IF({better}="lower",1,SIGN({base}-{plan})))'
    known = f'AND({kind}="metric",COUNT({span(base, actual)})=3,OR({better}<>"",{base}<>{plan}))'
    ambition = writer.work(
        row, 13, f'IF({known},ROUND({sign}*({base}-{plan}),6),"")', _signed(each, "planned")
    )
    done = writer.work(row, 14, f'IF({known},ROUND({sign}*({base}-{actual}),6),"")', _signed(each, "actual"))
    condition = f'IF({met}="yes","passed",IF({met}="no","not met","not known"))'
    short = (
        f'IF({terms.below}="",FALSE,AND({done}<{ambition},ROUND({done}*100-{terms.below}*{ambition},6)<0))'
    )
    metric = f'IF({done}="","not known",IF({short},"short","passed"))'
    return writer.work(row, 15, f'IF({kind}="condition",{condition},{metric})', each.outcome.value)


def _signed(each: Judged, name: str) -> Decimal | None:
    """How far a plan or an outturn goes from its baseline in the way that is better; None where it is not told."""
    seen, value = each.seen, getattr(each.seen, name)
    if each.delivered is None or seen.baseline is None or seen.planned is None or value is None:
        return None
    better = seen.better or each.test.better or ("lower" if seen.planned < seen.baseline else "higher")
    gone: Decimal = seen.baseline - value
    return gone if better == "lower" else -gone


def _amounts(writer: _Sheet, row: int, each: Judged, terms: _TermsAt, together: str, state: str) -> None:
    """What becomes of a test's worth."""
    worth, kind, ambition, done = (at(row, column) for column in (6, 7, 13, 14))
    part = f"ROUND(ROUND({worth}*{done}/{ambition},6),0)"
    delivered = f"IF({done}>={ambition},{worth},IF({done}<=0,0,{part}))"
    partly = f'IF(AND({terms.partly}="share",{kind}="metric",{together}<>"yes"),{delivered},{worth})'
    earned = writer.work(row, 16, f'IF({terms.every}="yes",{worth},IF({state}="earned",{partly},0))', each.amounts.earned)  # fmt: skip
    writer.work(
        row, 17, f'IF({terms.every}="yes",0,IF({state}="recovery",{worth},0))', each.amounts.to_recovery
    )
    recovery = at(row, 17)
    still = at(row, 19)
    writer.work(row, 18, f"{worth}-{earned}-{recovery}-{still}", each.amounts.kept)
    writer.work(row, 19, f'IF({terms.every}="yes",0,IF({state}="open",{worth},0))', each.amounts.open)


# In its place


def _aside(writer: _Sheet, found: AsideStatement, people: Mapping[str, int]) -> None:
    money, given, row = found.money, found.commitment, HEAD
    required = writer.named(row, "The board's part of what is spent out of hospital or held", money.required)
    spent = writer.named(row + 1, "Spent out of hospital", money.spent)
    held = writer.named(row + 2, "Held against admissions above the plan", money.held)
    planned = writer.named(row + 3, "Planned admissions of the year", given.planned)
    actual = writer.named(row + 4, "Admissions of the year", given.actual)
    unit = writer.named(row + 5, "What one admission above the plan costs", given.unit_value)
    row += 7
    short = writer.worked(row, "Still to commit", f"MAX(0,{required}-{spent}-{held})", money.short)
    excess = writer.worked(row + 1, "Admissions above the plan", f'IF(COUNT({planned},{actual})<2,"",MAX(0,ROUND({actual}-{planned},6)))', found.excess)  # fmt: skip
    unknown = f'OR({excess}="",AND({excess}<>0,{unit}=""))'
    cost = f'ROUND(ROUND({excess}*IF({unit}="",0,{unit}),6),0)'
    drawn = writer.worked(row + 2, "Drawn for admissions above the plan", f'IF({held}=0,0,IF({unknown},"",MIN({held},{cost})))', money.drawn)  # fmt: skip
    back = writer.worked(
        row + 3, "Back to be spent out of hospital", f'IF({drawn}="","",{held}-{drawn})', money.back
    )
    writer.words(row + 4, "Nothing depends on performance.")
    figures = (
        (required, "Part", "required"), (spent, "Spent", "spent"), (held, "Held", "held"), (short, "To commit", "short"),
        (drawn, "Drawn", "drawn"), (back, "Back", "back"),
    )  # fmt: skip
    _by_ccg(writer, row + 6, people, found.by_ccg, figures)
