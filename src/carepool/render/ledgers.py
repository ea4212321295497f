"""A pool's books as other programs read them: Beancount, hledger, CSV and a workbook.

An account's name is written so that it can be read back; books stay apart, each transaction within one; every amount has two
decimals; and balances are asserted at each month's end and at the end, so that a program that accepts the file has come to ours.
"""

import io
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from carepool.basics.money import Pence
from carepool.basics.refusals import printable
from carepool.pool.accounts import (
    BUDGETS,
    COMMITMENTS,
    THE_POOL,
    TRANSFERS,
    Account,
    Entry,
    Heading,
    Posting,
    moved,
)
from carepool.pool.books import Books
from carepool.render.csvs import write_csv

_ROOTS = {
    "Assets": (
        Heading.POOL, Heading.PROMISED, Heading.INVOICED, Heading.VAT, Heading.SUSPENSE, Heading.BUDGET, Heading.COMMITTED,
        Heading.TRANSFER, Heading.HELD,
    ),
    "Liabilities": (Heading.OWED, Heading.ACCRUED, Heading.FORWARD),
    "Equity": (Heading.ALLOTTED, Heading.RESERVED, Heading.CONTINGENT, Heading.KEPT, Heading.BROUGHT),
    "Income": (Heading.CONTRIBUTED, Heading.RELEASED, Heading.CHARGES, Heading.GIVEN),
    "Expenses": (
        Heading.SPENT, Heading.IRRECOVERABLE, Heading.PASSED, Heading.RETURNED, Heading.CARRIED, Heading.APPLIED,
    ),
}  # fmt: skip
_ROOT = {heading: root for root, headings in _ROOTS.items() for heading in headings}
_TYPES = {"Assets": "A", "Liabilities": "L", "Equity": "E", "Income": "R", "Expenses": "X"}
_EPOCH = datetime(2013, 8, 8)  # noqa: DTZ001  (a workbook's own date has no zone; the same export is the same to the byte)
_ASSERTED = "Balances at the month's end"


# Names of accounts.


def legal(account: Account) -> str:
    """An account's name in Beancount and hledger: ``Income:Pool:Contributed:Z1A:Additional--nhs-``."""
    book = account.book.capitalize() if account.book in _NOT_OF_A_CCG else "Off-the-pool"
    parts = (_part(each) for each in (account.party, account.source) if each)
    return ":".join([_ROOT[account.heading], book, account.heading.value.capitalize(), *parts])


_NOT_OF_A_CCG = frozenset({THE_POOL, BUDGETS, COMMITMENTS, TRANSFERS})


def account_of(name: str) -> Account:
    """The account of such a name. ValueError when it is none."""
    _, _, heading, *parts = name.split(":")
    party, source = [*map(_read, parts), ""][:2]
    return Account(Heading(heading.lower()), party, source)


def _part(code: str) -> str:
    """A code as a part of a name, which begins with a capital or a digit and has no dot and no underline.

    An underline is two hyphens; another such sign a hyphen and two hexadecimal digits; a hyphen at the end says that the first
    letter is small.
    """
    written = "".join(
        each if each.isalnum() else "--" if each == "_" else f"-{ord(each):02x}" for each in code
    )
    return f"{written[0].upper()}{written[1:]}-" if written[0].islower() else written


def _read(part: str) -> str:
    small = re.sub(r"--|-[0-9a-f]{2}", "", part).endswith("-")
    body = part[:-1] if small else part
    code = re.sub(r"--|-([0-9a-f]{2})", lambda found: chr(int(found[1], 16)) if found[1] else "_", body)
    return f"{code[0].lower()}{code[1:]}" if small else code


def amount(pence: Pence) -> str:
    """Pounds with two decimals, as those programs read them: ``-1240.05``."""
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02}"


# Both programs' books.


def _dated(books: Books, upto: date | None) -> list[Posting]:
    found = [each for each in books.postings if upto is None or each.on <= upto]
    return sorted(found, key=lambda each: each.on)


def _by_book(lines: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Lines by the set of books that they stand in: an entry never crosses from one to another."""
    found: dict[str, list[Entry]] = {}
    for line in lines:
        found.setdefault(line.debit.book, []).append(line)
    return found


def _months_end(day: date) -> date:
    first_of_next = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first_of_next - timedelta(days=1)


def _legs(lines: Iterable[Entry]) -> list[tuple[Account, Pence]]:
    return [leg for line in lines for leg in ((line.debit, line.pence), (line.credit, -line.pence))]


def _balances(balances: Mapping[Account, Pence]) -> list[tuple[str, Pence]]:
    return sorted((legal(account), pence) for account, pence in balances.items())


def _accounts(postings: Iterable[Posting]) -> list[Account]:
    return sorted(
        {account for each in postings for line in each.lines for account in (line.debit, line.credit)}
    )


def beancount(books: Books, facts: Mapping[str, str], upto: date | None = None) -> str:
    """The books as Beancount reads them. ``facts`` is the digest of the fact of each posting, by the posting's id."""
    postings = _dated(books, upto)
    title = _quoted(f"{books.opening.agreement if books.opening else books.pool}, {books.year}")
    out = [f'option "title" {title}', 'option "operating_currency" "GBP"', ""]
    if not postings:
        return "\n".join(out)
    out += [f"{postings[0].on} open {legal(each)} GBP" for each in _accounts(postings)]
    balances: dict[Account, Pence] = {}
    for number, posting in enumerate(postings):
        for book, lines in _by_book(posting.lines).items():
            out += ["", f"{posting.on} * {_quoted(posting.event.value)} {_quoted(posting.says)}"]
            out += [f"  {name}: {_quoted(value)}" for name, value in _about(posting, book, facts)]
            out += [f"  {legal(account)}  {amount(pence)} GBP" for account, pence in _legs(lines)]
        _add(balances, posting)
        end = _months_end(posting.on)
        if number + 1 == len(postings) or postings[number + 1].on > end:
            # Beancount asserts what there is when a day begins.
            day = end + timedelta(days=1)
            out += [
                "",
                *(f"{day} balance {name}  {amount(pence)} ~ 0.00 GBP" for name, pence in _balances(balances)),
            ]
    return "\n".join([*out, ""])


def _add(balances: dict[Account, Pence], posting: Posting) -> None:
    for account, change in moved(posting.lines).items():
        balances[account] = balances.get(account, 0) + change


def _about(posting: Posting, book: str, facts: Mapping[str, str]) -> list[tuple[str, str]]:
    found = [("posting", posting.id), ("event", posting.event.code), ("books", book)]
    found += [("fact", facts[posting.id])] if posting.id in facts else []
    found += [("of", posting.of)] if posting.of else []
    found += [("late", "yes")] if posting.late else []
    return found


def _quoted(text: str) -> str:
    """A Beancount text: a quote or a backslash in it would end it, or begin something else."""
    return '"' + printable(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def hledger(books: Books, facts: Mapping[str, str], upto: date | None = None) -> str:
    """The same as hledger reads them."""
    postings = _dated(books, upto)
    title = f"{books.opening.agreement if books.opening else books.pool}, {books.year}"
    out = [f"; {printable(title)}", "commodity 1000.00 GBP", "decimal-mark .", ""]
    for account in _accounts(postings):
        name = legal(account)
        out.append(f"account {name}  ; type:{_TYPES[name.partition(':')[0]]}")
    balances: dict[Account, Pence] = {}
    for number, posting in enumerate(postings):
        for book, lines in _by_book(posting.lines).items():
            out += ["", f"{posting.on} * ({posting.id}) {_plain(f'{posting.event.value}: {posting.says}')}"]
            out += [f"    ; {name}:{_plain(value)}" for name, value in _about(posting, book, facts)]
            out += [f"    {legal(account)}  {amount(pence)} GBP" for account, pence in _legs(lines)]
        _add(balances, posting)
        end = _months_end(posting.on)
        if number + 1 == len(postings) or postings[number + 1].on > end:
            out += ["", f"{end} * {_ASSERTED}"]
            out += [f"    {name}  0.00 GBP = {amount(pence)} GBP" for name, pence in _balances(balances)]
    return "\n".join([*out, ""])


def _plain(text: str) -> str:
    """An hledger text, which knows no quotes: what would begin a comment, a note or the next tag is written by its code."""
    return re.sub(r"[%;|,]", lambda found: f"%{ord(found[0]):02X}", printable(text)).strip()


# Tables.

HEADING = (
    "posting", "on", "event", "says", "books", "debit", "credit", "pence", "of", "late", "cites", "fact",
)  # fmt: skip


def _rows(books: Books, facts: Mapping[str, str], upto: date | None) -> list[list[object]]:
    return [
        [
            posting.id, posting.on, posting.event.code, posting.says, line.debit.book, str(line.debit), str(line.credit),
            line.pence, posting.of, "yes" if posting.late else "", " ".join(posting.cites), facts.get(posting.id, ""),
        ]
        for posting in _dated(books, upto)
        for line in posting.lines
    ]  # fmt: skip


def csv(books: Books, facts: Mapping[str, str], upto: date | None = None) -> str:
    """A row an entry, in the order of days."""
    return write_csv(HEADING, _rows(books, facts, upto))


def xlsx(books: Books, facts: Mapping[str, str], upto: date | None = None) -> bytes:
    """A sheet of entries and a sheet of balances. The same books give the same bytes."""
    import xlsxwriter

    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )  # fmt: skip
    book.set_properties({"title": books.pool, "created": _EPOCH, "author": "carepool"})
    bold, day, money = (book.add_format(each) for each in ({"bold": True}, {"num_format": "yyyy-mm-dd"}, {"num_format": "#,##0.00"}))  # fmt: skip
    sheet = book.add_worksheet("Entries")
    sheet.write_row(0, 0, (*HEADING, "pounds"), bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(1, 6, 24)
    for place, row in enumerate(_rows(books, facts, upto), start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(place, column, value, day)
            elif isinstance(value, int):
                sheet.write_number(place, column, value)
            else:
                sheet.write_string(place, column, str(value))
        sheet.write_number(place, len(row), Decimal(amount(_pence(row))), money)
    totals: dict[Account, Pence] = {}
    for posting in _dated(books, upto):
        _add(totals, posting)
    sheet = book.add_worksheet("Balances")
    sheet.write_row(0, 0, ("books", "account", "debits less credits, pence", "pounds"), bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 3, 28)
    for place, (account, pence) in enumerate(sorted(totals.items()), start=1):
        sheet.write_string(place, 0, account.book)
        sheet.write_string(place, 1, str(account))
        sheet.write_number(place, 2, pence)
        sheet.write_number(place, 3, Decimal(amount(pence)), money)
    book.close()
    return held.getvalue()


def _pence(row: list[object]) -> Pence:
    found = row[HEADING.index("pence")]
    assert isinstance(found, int)  # noqa: S101 (written so above)
    return found


FORMATS: Mapping[str, Callable[[Books, Mapping[str, str], date | None], bytes]] = {
    "beancount": lambda *asked: beancount(*asked).encode(),
    "hledger": lambda *asked: hledger(*asked).encode(),
    "csv": lambda *asked: csv(*asked).encode(),
    "xlsx": xlsx,
}
"""What a pool's books can be exported as, by name."""
