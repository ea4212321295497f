"""A partner's own ledger held against what the pool says stands in it, to the penny: what agrees, what does not, and why.

The pool's balance less the partner's is always the sum of the differences listed; a difference that only the day explains,
because the other side has it on the other side of the cut-off, is told apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, in_pounds
from carepool.basics.periods import in_words, parse_date
from carepool.basics.refusals import Unusable, nearest
from carepool.basics.tables import read_table
from carepool.pool.own import Own, OwnBooks

RULE = "docs/adr/0030"
DAYS = 5
"""How far apart two days may be for the same amount to be taken for the same thing, where references do not say it."""
_MOST = 10**15


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a partner's listing."""

    number: int
    """As a spreadsheet counts; 0 for what the pool says."""
    account: str
    """The account that it is of, by the name that the pool's list of this partner's accounts has, or part of one."""
    on: date | None
    """None where the file gives totals only."""
    reference: str
    says: str
    pence: Pence
    """Debits above zero."""


class How(StrEnum):
    """How something compares; the words are those on the page."""

    MATCHED = "in both"
    TIMING = "in both, on either side of the day"
    AMOUNT = "another amount"
    ONLY_POOL = "in the pool's books alone"
    ONLY_LEDGER = "in the partner's ledger alone"
    AFTER = "after the day"
    """In one or both, and dated after the day up to which they are compared: no difference yet."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What the pool says beside what the partner's ledger says of it."""

    how: How
    account: str
    pool: tuple[Row, ...]
    ledger: tuple[Row, ...]
    difference: Pence
    """What it adds to the pool's balance less the partner's, up to the day."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A partner's ledger held against the pool."""

    partner: str
    upto: date
    lines: tuple[Compared, ...]
    pool: Mapping[str, Pence]
    """What the pool says is in each account compared, up to the day."""
    ledger: Mapping[str, Pence]
    """What the partner's ledger says."""
    left_out: Mapping[str, Pence]
    """Accounts in which the pool has something, and the file nothing."""

    def of(self, how: How) -> tuple[Compared, ...]:
        """All that compare so."""
        return tuple(each for each in self.lines if each.how is how)

    @property
    def difference(self) -> Pence:
        """The pool's balance less the partner's, over all accounts compared."""
        return sum(self.pool.values()) - sum(self.ledger.values())

    @property
    def explained(self) -> Pence:
        """The sum of the differences listed."""
        return sum(each.difference for each in self.lines)

    @property
    def agrees(self) -> bool:
        """Whether nothing differs but by the day."""
        return all(each.how in {How.MATCHED, How.TIMING, How.AFTER} for each in self.lines)

    @property
    def rows_after(self) -> tuple[Row, ...]:
        """The rows of the partner's listing that are dated after the day, and that nothing before it explains."""
        return tuple(row for each in self.of(How.AFTER) for row in each.ledger)


# Reading a partner's file.


def read_listing(file: str, content: bytes, own: OwnBooks, account: str = "") -> tuple[Row, ...]:
    """The rows of a partner's listing, or its totals by account.

    Columns: ``amount`` in pounds, or ``debit`` and ``credit``; ``date`` and ``reference`` of a listing; ``account``, unless
    ``account`` says what all rows are of; ``description``. Unusable where a cell cannot be read, with its row.
    """
    rows = list(read_table(file, content, ()))
    columns = set(rows[0][1]) if rows else set()
    if "amount" not in columns and not {"debit", "credit"} <= columns:
        raise Unusable(
            f"{file} has no amounts. It needs a column “amount”, or “debit” and “credit”, in pounds."
        )
    if "account" not in columns and not account:
        raise Unusable(f"{file} does not say what its rows are of. Give it a column “account”, or name one with --account; {_known(own)}")  # fmt: skip
    found = tuple(_row(file, number, cells, account) for number, cells in rows)
    _check_accounts(file, found, own)
    return found


def _row(file: str, number: int, cells: Mapping[str, str], account: str) -> Row:
    where = f"{file}, row {number}"
    if "amount" in cells:
        pence = _pence(where, cells["amount"])
    else:
        pence = _pence(where, cells["debit"] or "0") - _pence(where, cells["credit"] or "0")
    day = cells.get("date", "")
    try:
        on = parse_date(day) if day else None
    except ValueError as error:
        raise Unusable(f"{where}: {error}") from None
    return Row(
        number, account or cells["account"], on, cells.get("reference", ""), cells.get("description", ""), pence
    )  # fmt: skip


def _pence(where: str, cell: str) -> Pence:
    """An amount as ledgers write it: 1,234.50, £1,234.50, (1,234.50) or -1234.5."""
    text = cell.replace(",", "").replace("£", "").replace("−", "-").strip()
    sign = 1
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1, text[1:-1].strip()
    try:
        pence = Decimal(text) * 100
        whole = pence.is_finite() and abs(pence) < _MOST and pence == pence.to_integral_value()
    except InvalidOperation:
        whole = False
    if not whole:
        raise Unusable(
            f"{where}: “{cell}” is no amount. Write pounds with at most two decimals, like 1234.50."
        )
    return sign * int(pence)


def _check_accounts(file: str, rows: Sequence[Row], own: OwnBooks) -> None:
    """Every account named is one of the partner's or begins one, and none lies within another."""
    named = sorted({each.account for each in rows})
    words = {each.value for each in Own}
    for name in named:
        if name not in words and not any(each.within(name) for each in own.balances):
            known = sorted({str(each) for each in own.balances} | words)
            near = nearest(name, known)
            hint = f" Did you mean {near}?" if near else ""
            row = next(each.number for each in rows if each.account == name)
            raise Unusable(f"{file}, row {row}: {own.partner} has no account “{name}”.{hint} {_known(own)}")
    for first in named:
        for second in named:
            if first != second and f"{second}/".startswith(f"{first}/"):
                raise Unusable(f"{file} has rows of {first} and of {second}, which is part of it. Name all rows in one way.")  # fmt: skip


def _known(own: OwnBooks) -> str:
    return (
        f"its accounts in the pool's books are {', '.join(str(each) for each in own.balances) or 'none yet'}."
    )


# Comparing.


def reconcile(own: OwnBooks, rows: Sequence[Row], upto: date, days: int = DAYS) -> Reconciled:
    """A partner's rows held against its books as the pool says they are, up to a day.

    ``own`` is of the whole year, so that what is entered after the day can explain what is before it on the other side.
    """
    names = sorted({each.account for each in rows})
    lines: list[Compared] = []
    pool: dict[str, Pence] = {}
    ledger: dict[str, Pence] = {}
    for name in names:
        theirs = [each for each in rows if each.account == name]
        ours = _ours(own, name)
        totals = all(each.on is None for each in theirs)
        lines += (
            _totals(name, ours, theirs, upto) if totals else _Matching(name, upto, days).run(ours, theirs)
        )
        pool[name] = sum(each.pence for each in ours if _counts(each, upto))
        ledger[name] = sum(each.pence for each in theirs if _counts(each, upto))
    out = {
        str(account): pence
        for account, pence in own.balances.items()
        if not any(account.within(name) for name in names)
    }
    return Reconciled(own.partner, upto, tuple(lines), pool, ledger, out)


def _ours(own: OwnBooks, name: str) -> list[Row]:
    """What each posting of the pool enters in an account of the partner's."""
    found = []
    for entry in own.entries:
        pence = sum(change for account, change in entry.changes.items() if account.within(name))
        if pence:
            found.append(Row(0, name, entry.on, entry.posting, entry.says, pence))
    return found


def _counts(row: Row, upto: date) -> bool:
    return row.on is None or row.on <= upto


def _totals(name: str, ours: Sequence[Row], theirs: Sequence[Row], upto: date) -> list[Compared]:
    """Where the file gives totals alone, total is held against total."""
    counted = tuple(each for each in ours if _counts(each, upto))
    difference = sum(each.pence for each in counted) - sum(each.pence for each in theirs)
    how = How.AMOUNT if difference else How.MATCHED
    return [Compared(how, name, counted, tuple(theirs), difference)]


class _Matching:
    """The rows of one account, matched step by step; each row is used once."""

    def __init__(self, name: str, upto: date, days: int) -> None:
        self.name, self.upto, self.days = name, upto, days
        self.found: list[Compared] = []

    def run(self, ours: Sequence[Row], theirs: Sequence[Row]) -> list[Compared]:
        """By reference; then by amount and day on the same side of the cut-off; then across it; then what is left."""
        first, second = self._by_reference(list(ours), list(theirs))
        for across in (False, True):
            first, second = self._by_amount(first, second, across=across)
        for row in first:
            self._add(How.ONLY_POOL, (row,), ())
        for row in second:
            self._add(How.ONLY_LEDGER, (), (row,))
        return self.found

    def _by_reference(self, ours: list[Row], theirs: list[Row]) -> tuple[list[Row], list[Row]]:
        """All rows of the partner's that name a posting stand for it, several together too."""
        naming: dict[str, list[Row]] = {}
        for row in theirs:
            naming.setdefault(row.reference.casefold(), []).append(row)
        left = []
        for row in ours:
            rows = tuple(naming.pop(row.reference.casefold(), ()))
            if not rows:
                left.append(row)
            elif sum(each.pence for each in rows) == row.pence:
                self._add(How.MATCHED, (row,), rows)
            else:
                self._add(How.AMOUNT, (row,), rows)
        return left, [row for rows in naming.values() for row in rows]

    def _by_amount(
        self, ours: Sequence[Row], theirs: Sequence[Row], *, across: bool
    ) -> tuple[list[Row], list[Row]]:
        """The same amount within so many days: taken from the earliest on, which matches as many as can be."""
        left: list[Row] = []
        rest: list[Row] = [row for row in theirs if row.on is None]
        groups: dict[tuple[Pence, bool], tuple[list[Row], list[Row]]] = {}
        for place, rows in ((0, ours), (1, [row for row in theirs if row.on is not None])):
            for row in rows:
                key = row.pence, across or _counts(row, self.upto)
                groups.setdefault(key, ([], []))[place].append(row)
        for mine, yours in groups.values():
            mine.sort(key=_day)
            yours.sort(key=_day)
            while mine and yours:
                apart = (_day(mine[0]) - _day(yours[0])).days
                if abs(apart) <= self.days:
                    self._add(How.MATCHED, (mine.pop(0),), (yours.pop(0),))
                else:
                    (left if apart < 0 else rest).append((mine if apart < 0 else yours).pop(0))
            left += mine
            rest += yours
        return left, rest

    def _add(self, how: How, pool: tuple[Row, ...], ledger: tuple[Row, ...]) -> None:
        """What it adds to the difference at the day; what is after it on both sides adds nothing, and is told as such."""
        counted = [each for each in (*pool, *ledger) if _counts(each, self.upto)]
        if not counted:
            self.found.append(Compared(How.AFTER, self.name, pool, ledger, 0))
            return
        difference = _sum(pool, self.upto) - _sum(ledger, self.upto)
        if how is How.MATCHED and len(counted) < len(pool) + len(ledger):
            how = How.TIMING
        self.found.append(Compared(how, self.name, pool, ledger, difference))


def _sum(rows: Iterable[Row], upto: date) -> Pence:
    return sum(each.pence for each in rows if _counts(each, upto))


def _day(row: Row) -> date:
    return row.on or date.max


# What it says.


def findings(found: Reconciled) -> tuple[Finding, ...]:
    """What differs, each with what to do about it; what only the day explains, and what is after it, is a note."""
    told = (each for each in found.lines if each.how not in {How.MATCHED, How.AFTER})
    left_out = (
        Finding(
            "not-in-the-file", Severity.NOTE, f"{found.partner}/{account}",
            f"The pool says that {account} of {found.partner} has {_signed(pence)}, and the file has no row of it.",
            "Hand in that account too, if the partner keeps one.", RULE,
        )
        for account, pence in found.left_out.items()
    )  # fmt: skip
    return (*(_finding(found, each) for each in told), *_after(found), *left_out)


def _after(found: Reconciled) -> tuple[Finding, ...]:
    """That rows of the file are after the day: without it they would be read and never heard of again."""
    rows = found.rows_after
    if not rows:
        return ()
    many = f"{len(rows)} rows of the file are" if len(rows) > 1 else "1 row of the file is"
    return (
        Finding(
            "after-the-day", Severity.NOTE, found.partner,
            f"{many} dated after {in_words(found.upto)}, {_signed(sum(row.pence for row in rows))} together, and not compared.",
            "Compare up to a later day, or see whether the dates are right.", RULE,
        ),
    )  # fmt: skip


def _finding(found: Reconciled, each: Compared) -> Finding:
    where = f"{found.partner}/{each.account}"
    where += f"/{each.pool[0].reference}" if len(each.pool) == 1 else ""
    ours, theirs = (" and ".join(map(_told, rows)) for rows in (each.pool, each.ledger))
    match each.how:
        case How.TIMING:
            return Finding(
                "cut-off", Severity.NOTE, where, f"The pool has {ours}, the partner's ledger {theirs}: {in_words(found.upto)} lies between.",
                "Agree in which period it belongs; it is in both.", RULE,
            )  # fmt: skip
        case How.AMOUNT if any(row.on for row in each.ledger):
            return Finding(
                "amount-differs", Severity.WARNING, where, f"The pool has {ours}, the partner's ledger {theirs}.",
                "See the document that the posting rests on, and put right whichever is wrong.", RULE,
            )  # fmt: skip
        case How.AMOUNT:
            return Finding(
                "total-differs", Severity.WARNING, where,
                f"The pool says {_signed(sum(row.pence for row in each.pool))} in {each.account}, the partner's ledger {_signed(sum(row.pence for row in each.ledger))}.",
                "Hand in the listing of the account, which finds the rows that differ.", RULE,
            )  # fmt: skip
        case How.ONLY_POOL:
            return Finding(
                "only-in-the-pool", Severity.WARNING, where, f"The pool has {ours}, and the partner's ledger nothing like it.",
                "Enter it in the partner's ledger, or reverse it in the pool if it was not so.", RULE,
            )  # fmt: skip
        case _:
            return Finding(
                "only-in-the-ledger", Severity.WARNING, where, f"The partner's ledger has {theirs}, and the pool nothing like it.",
                "Enter it in the pool, or take it out of the account in the partner's ledger.", RULE,
            )  # fmt: skip


def _told(row: Row) -> str:
    name = f"row {row.number}" if row.number else f"posting {row.reference}"
    day = f" on {in_words(row.on)}" if row.on else ""
    return f"{_signed(row.pence)} in {name}{day}"


def _signed(pence: Pence) -> str:
    return f"{in_pounds(abs(pence))} {'credit' if pence < 0 else 'debit'}" if pence else in_pounds(0)
