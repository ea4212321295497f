"""Whether the books are as they should be: what was asserted of them, and what is always asked at a month's or a year's end."""

from collections.abc import Iterable
from datetime import date

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import in_pounds
from carepool.basics.periods import in_words
from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision
from carepool.pool import record_facts
from carepool.pool.accounts import Account, Balances, Event, Heading, beyond
from carepool.pool.books import Books, stream_of
from carepool.pool.events import OF_THEIR_OWN
from carepool.pool.outturn import UNDERSPEND, outturn
from carepool.pool.records import Assertion
from carepool.pool.releases import not_open

RULE = "docs/adr/0028"
KINDS = ("balance", "budget", "at_most")


def assert_balance(
    books: Books, of: str, kind: str, pence: int, on: date, on_behalf_of: str | None = None
) -> Decision | Refused:
    """Assert that an account is so much on a day, or no more, or that a scheme's budget is."""
    opening = books.opening
    if opening is None:
        return not_open(books)
    if kind not in KINDS:
        return Refused(f"“{kind}” is nothing that can be asserted. Choose one of {', '.join(KINDS)}.")
    if isinstance(pence, bool) or not isinstance(pence, int):
        return Refused(f"“{pence}” is no amount. Write whole pence.")
    if refused := beyond(pence):
        return refused
    if kind == "budget" and opening.scheme(of) is None:
        having = ", ".join(each.id for each in opening.schemes) or "none"
        return Refused(f"The pool has no scheme {of}. It has: {having}.")
    if kind != "budget" and opening.scheme(of) is None and _account(of) is None:
        return Refused(f"“{of}” is neither an account nor a scheme. Write it like pool/{opening.host}.")
    if not books.first_day <= on <= books.last_day:
        return Refused(f"{in_words(on)} is not in {books.year}. Assert it of a day of the year.")
    fact = record_facts.asserted(books.pool, books.year, of, kind, pence, on, on_behalf_of)
    return Decision((fact,), {"stream": stream_of(books.pool, books.year), "assertion": str(books.version + 1)})  # fmt: skip


def check(books: Books, today: date) -> tuple[Finding, ...]:
    """Every assertion that does not hold, then what stands open: warnings, and notes until the year's end."""
    if books.opening is None:
        return ()
    return (
        *(each for assertion in books.records.assertions if (each := _failed(books, assertion, today))),
        *_overspent(books),
        *_funding(books),
        *_sources(books),
        *_short(books),
        *_unworked(books),
        *_suspense(books),
        *_cash(books),
        *_open(books, today),
    )


def value_of(balances: Balances, books: Books, assertion: Assertion) -> int:
    """What is asserted of, on these balances: an account's amount, a scheme's budget, or what a scheme has spent."""
    account = _account(assertion.of)
    if assertion.kind == "budget":
        return _sum(balances, (Heading.BUDGET,), assertion.of)
    if books.opening and books.opening.scheme(assertion.of):
        return _sum(balances, (Heading.SPENT, Heading.IRRECOVERABLE), assertion.of)
    return account.amount(balances.get(account, 0)) if account else 0


def _failed(books: Books, assertion: Assertion, today: date) -> Finding | None:
    if assertion.on > today:
        return None
    there = value_of(books.until(assertion.on), books, assertion)
    most = assertion.kind == "at_most"
    if there == assertion.pence or (most and there < assertion.pence):
        return None
    than = "at most " if most else ""
    return Finding(
        "pool-assertion", Severity.WARNING, f"assertions/{assertion.id}",
        f"{assertion.of} was asserted to be {than}{in_pounds(assertion.pence)} on {in_words(assertion.on)}, and is "
        f"{in_pounds(there)}: {in_pounds(there - assertion.pence)} off.",
        "Look at the account's postings, and reverse what is wrong; or assert what is right.", RULE,
    )  # fmt: skip


def _overspent(books: Books) -> Iterable[Finding]:
    """A scheme that has cost more than its budget and what partners bear of it."""
    for each in outturn(books).lines:
        over = each.cost - each.budget - each.borne
        if over > 0:
            yield Finding(
                "pool-overspent", Severity.WARNING, f"schemes/{each.scheme}",
                f"{each.title} has cost {in_pounds(each.cost)}, which is {in_pounds(over)} over its budget.",
                "Move budget to it, or work out who bears it: carepool pool bears.", RULE,
            )  # fmt: skip


def _funding(books: Books) -> Iterable[Finding]:
    rest = outturn(books).unbudgeted
    if rest:
        says = f"{in_pounds(rest)} of what is put in is in no scheme's budget" if rest > 0 else (
            f"Budgets are of {in_pounds(-rest)} more than is put in"
        )  # fmt: skip
        yield Finding(
            "pool-not-budgeted", Severity.WARNING if rest < 0 else Severity.NOTE, "budgets", f"{says}.",
            "Add or cut budget, or vary a contribution, as the partners agree.", RULE,
        )  # fmt: skip


def _sources(books: Books) -> Iterable[Finding]:
    """Money put in, budgeted, spent or refunded of a source that neither the agreement nor the plan has, and nobody agreed to."""
    opening = books.opening
    assert opening is not None  # noqa: S101 (asked before)
    known = {each.source for each in opening.contributions} | {each.id for each in opening.grants}
    known |= {source for each in opening.schemes for source in each.budgets} | {UNDERSPEND, *OF_THEIR_OWN}
    known |= {each.matter.source for each in books.records.mandates.values()}
    odd: dict[str, dict[str, int]] = {}
    for account, balance in books.balances.items():
        what = _OF_A_SOURCE.get(account.heading)
        if what and balance and account.source not in known:
            found = odd.setdefault(account.source, {})
            found[what] = found.get(what, 0) + account.amount(balance)
    having = ", ".join(sorted(known - {UNDERSPEND, ""})) or "none"
    for source, amounts in sorted(odd.items()):
        said = " and ".join(f"{in_pounds(pence)} {what}" for what, pence in amounts.items())
        yield Finding(
            "pool-source-unknown", Severity.WARNING, f"sources/{source or 'none'}",
            f"{said} of {source or 'no source'}, which neither the agreement nor the plan has. Sources that they have: {having}.",
            "Reverse it and name the source that it is, or have the partners agree to it by a mandate.", RULE,
        )  # fmt: skip


_OF_A_SOURCE = {
    Heading.CONTRIBUTED: "is put in", Heading.BUDGET: "is budgeted", Heading.SPENT: "is spent", Heading.IRRECOVERABLE: "is spent",
    Heading.COMMITTED: "is ordered", Heading.RETURNED: "is given back",
}  # fmt: skip


def _short(books: Books) -> Iterable[Finding]:
    """A source of which more is spent, passed on or given back than partners have agreed to put in of it."""
    agreed: dict[str, int] = {}
    taken: dict[str, int] = {}
    for account, balance in books.of_year.balances.items():
        found = (
            agreed if account.heading is Heading.CONTRIBUTED else taken if account.heading in _TAKEN else None
        )
        if found is not None:
            found[account.source] = found.get(account.source, 0) + account.amount(balance)
    earned = (
        {each.source for each in books.opening.contributions if each.contingent} if books.opening else set()
    )
    for source in sorted(set(agreed) & set(taken)):
        put = agreed[source] + (books.of_year.amount(Heading.RELEASED) if source in earned else 0)
        if taken[source] > put:
            yield Finding(
                "pool-source-short", Severity.WARNING, f"sources/{source}",
                f"{in_pounds(taken[source])} of {source} is spent, passed on or given back, and partners have agreed to put in "
                f"{in_pounds(put)}: {in_pounds(taken[source] - put)} is nobody's.",
                "Vary the contribution back, or name the source that it was spent of.", RULE,
            )  # fmt: skip


_TAKEN = frozenset({Heading.SPENT, Heading.IRRECOVERABLE, Heading.PASSED, Heading.RETURNED})


def _unworked(books: Books) -> Iterable[Finding]:
    """What was given back or carried forward without a working, and where both come to more than is left over."""
    year = books.of_year
    for posting in books.postings:
        if (
            posting.event in {Event.GIVEN_BACK, Event.CARRIED}
            and not posting.cites
            and posting.id not in books.reversed
        ):
            yield Finding(
                "pool-not-worked", Severity.WARNING, f"postings/{posting.id}",
                f"{in_pounds(sum(line.pence for line in posting.lines))} of posting {posting.id} is {posting.event.value}, and rests on no working.",
                "Reverse it, and have the under-spend worked through the agreement: carepool pool bears.", RULE,
            )  # fmt: skip
    funded = sum(map(year.amount, (Heading.CONTRIBUTED, Heading.RELEASED, Heading.CHARGES, Heading.BROUGHT)))
    used = sum(map(year.amount, (Heading.SPENT, Heading.IRRECOVERABLE, Heading.PASSED, Heading.SUSPENSE)))
    dealt = year.amount(Heading.RETURNED) + year.amount(Heading.CARRIED)
    if dealt > max(0, funded - used):
        yield Finding(
            "pool-beyond-surplus", Severity.WARNING, "surplus",
            f"{in_pounds(dealt)} is given back or carried forward, and {in_pounds(max(0, funded - used))} is left over.",
            "Reverse what goes beyond it.", RULE,
        )  # fmt: skip


def _suspense(books: Books) -> Iterable[Finding]:
    pence = books.amount(Heading.SUSPENSE)
    if pence:
        yield Finding(
            "pool-suspense", Severity.WARNING, "suspense",
            f"{in_pounds(pence)} is in suspense, and in no scheme.",
            "Map its lines to schemes, and enter them there.", RULE,
        )  # fmt: skip


def _cash(books: Books) -> Iterable[Finding]:
    """Whether what is in the account pays for what is owed."""
    short = books.amount(Heading.OWED) - books.cash
    if short > 0:
        yield Finding(
            "pool-cash-short", Severity.NOTE, "cash",
            f"{in_pounds(books.amount(Heading.OWED))} is owed, and {in_pounds(books.cash)} is in the account: "
            f"{in_pounds(short)} short.",
            "Ask for the instalments that are due, or set off what partners are owed.", RULE,
        )  # fmt: skip


def _open(books: Books, today: date) -> Iterable[Finding]:
    """Commitments left, and accruals of a month that is over, which the month after should have reversed."""
    ended = today > books.last_day
    for id_, pence in books.open.items():
        posting = books.posting(id_)
        if posting is None:
            continue
        accrual = posting.event is Event.ACCRUED
        months = (today.year - posting.on.year) * 12 + today.month - posting.on.month
        over = months > 1 or ended
        if not (over if accrual else ended):
            continue
        what, remedy = (
            ("is accrued and not reversed", "Reverse it, and enter the invoice.")
            if accrual
            else ("is committed and was never had", "Spend it, accrue it, or release the commitment.")
        )
        yield Finding(
            "pool-accrual-open" if accrual else "pool-commitment-open", Severity.WARNING, f"postings/{id_}",
            f"{in_pounds(pence)} of posting {id_}, {posting.says} of {in_words(posting.on)}, {what}.", remedy, RULE,
        )  # fmt: skip


def _account(text: str) -> Account | None:
    try:
        return Account.parse(text)
    except ValueError:
        return None


def _sum(balances: Balances, headings: tuple[Heading, ...], party: str) -> int:
    return sum(
        account.amount(balance)
        for account, balance in balances.items()
        if account.heading in headings and account.party == party
    )
