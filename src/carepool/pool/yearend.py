"""The end of a pool's year: each partner's statement, what came after its ledger closed, the note to the accounts, what was not spent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from carepool.basics.canonical import canonical
from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, in_pounds, share
from carepool.basics.periods import in_words
from carepool.basics.refusals import Refused
from carepool.basics.workings import Step, Working
from carepool.journal.commands import Decision
from carepool.journal.documents import Document
from carepool.pool import record_facts
from carepool.pool.accounts import Account, Heading, Posting, beyond, moved
from carepool.pool.books import Books, stream_of
from carepool.pool.borne import funding
from carepool.pool.division import costs
from carepool.pool.glance import glance, paid_in
from carepool.pool.outturn import outturn, passed_on
from carepool.pool.releases import not_open

RULE = "docs/adr/0028"


# What a partner confirms.


@dataclass(frozen=True, slots=True)
class Standing:
    """What a partner's accountant compares with their own ledger."""

    party: str
    contributed: Pence
    """For the year, earned performance money among it."""
    paid_in: Pence
    """Of that, and of what it held of the year before; what people paid is not among it."""
    returned: Pence
    owes: Pence
    """Promised or invoiced, and not paid in; of a council what people were charged among it."""
    owed: Pence
    """What the pool owes it, invoiced or accrued."""
    cost: Pence
    """Its part of what schemes have cost and of grants passed on, by the agreement: see ``division``."""

    @property
    def balance(self) -> Pence:
        """What it owes the pool; below zero what it is owed."""
        return self.owes - self.owed


def standing_of(books: Books, party: str) -> Standing:
    """A partner's money as the year ended, whatever has been paid since."""
    books = books.of_year
    amount = books.amount
    owes = amount(Heading.PROMISED, party) + amount(Heading.INVOICED, party)
    contributed = amount(Heading.CONTRIBUTED, party) + amount(Heading.RELEASED, party)
    return Standing(
        party,
        contributed,
        paid_in(books, party) + amount(Heading.RELEASED, party),
        amount(Heading.RETURNED, party),
        owes,
        amount(Heading.OWED, party) + amount(Heading.ACCRUED, party),
        costs(books).get(party, 0),
    )


def statement_of(books: Books, party: str) -> Document:
    """The statement that a partner confirms: the same figures give the same document."""
    found = standing_of(books, party)
    content = {
        "pool": books.pool, "year": books.year, "partner": party, "contributed_pence": found.contributed,
        "paid_in_pence": found.paid_in, "returned_pence": found.returned, "owes_pence": found.owes,
        "owed_pence": found.owed, "cost_pence": found.cost, "balance_pence": found.balance,
    }  # fmt: skip
    return Document("partner-balance", "application/json", canonical(content))


def confirm_balance(
    books: Books, party: str, pence: Pence, statement: str, on_behalf_of: str
) -> Decision | Refused:
    """A partner confirms its balance, as it has it: other figures than the books' are taken down, and are a finding."""
    if books.opening is None:
        return not_open(books)
    if books.opening.partner(party) is None:
        having = ", ".join(each.code for each in books.opening.partners)
        return Refused(f"{party or 'Nobody'} is no partner of the agreement. Name one of {having}.")
    if isinstance(pence, bool) or not isinstance(pence, int):
        return Refused(f"“{pence}” is no amount. Write whole pence; below zero where the pool owes you.")
    if refused := beyond(pence):
        return refused
    fact = record_facts.balance_confirmed(books.pool, books.year, party, pence, statement, on_behalf_of)
    return Decision((fact,), {"stream": stream_of(books.pool, books.year), "partner": party, "pence": pence})


def set_cut_off(books: Books, party: str, on: date, on_behalf_of: str | None = None) -> Decision | Refused:
    """Say on which day a partner's own ledger takes the last of the year: the CCG's earlier than the council's."""
    if books.opening is None:
        return not_open(books)
    if books.opening.partner(party) is None:
        having = ", ".join(each.code for each in books.opening.partners)
        return Refused(f"{party or 'Nobody'} is no partner of the agreement. Name one of {having}.")
    if on < books.last_day:
        return Refused(
            f"{in_words(on)} is before the year ends, on {in_words(books.last_day)}. A ledger is cut off then or after."
        )
    fact = record_facts.cut_off_set(books.pool, books.year, party, on, on_behalf_of)
    return Decision((fact,), {"stream": stream_of(books.pool, books.year), "partner": party, "on": on})


def confirmations(books: Books) -> tuple[Finding, ...]:
    """Whose balance is not confirmed, or confirmed on other figures than the books have now, with the difference."""
    found = []
    for partner in books.opening.partners if books.opening else ():
        said = books.records.confirmations.get(partner.code)
        now = standing_of(books, partner.code)
        where = f"partners/{partner.code}"
        if said is None:
            found.append(
                Finding(
                    "pool-not-confirmed", Severity.NOTE, where,
                    f"{partner.code} has not confirmed its balance of {in_pounds(now.balance)}.",
                    "Send it its statement, and ask its finance officer to confirm.", RULE,
                )
            )  # fmt: skip
        elif said.pence != now.balance:
            found.append(
                Finding(
                    "pool-confirmed-otherwise", Severity.WARNING, where,
                    f"{partner.code} confirmed {in_pounds(said.pence)} on {in_words(said.on)}, and the books have "
                    f"{in_pounds(now.balance)}: {in_pounds(now.balance - said.pence)} apart.",
                    "Compare its ledger with the statement line by line; put right whichever is wrong, and confirm again.", RULE,
                )
            )  # fmt: skip
        elif said.statement != statement_of(books, partner.code).digest:
            found.append(
                Finding(
                    "pool-confirmed-before", Severity.WARNING, where,
                    f"{partner.code} confirmed its balance on {in_words(said.on)} on a statement whose other figures have changed since.",
                    "Send it the statement of today, and ask it to confirm again.", RULE,
                )
            )  # fmt: skip
    return tuple(found)


# What came after a partner's ledger closed.


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A posting of the year that was entered after a partner's ledger closed, and what it does to each partner."""

    posting: Posting
    effects: Mapping[str, Pence]
    """What each partner owes the pool more; below zero, less."""
    cost: Pence
    """What schemes cost more."""


def after_cut_off(books: Books, party: str) -> tuple[Adjustment, ...]:
    """What was entered of the year after a partner's own ledger closed, so that it is in the pool's and not in theirs."""
    closes = books.records.cut_offs.get(party)
    if closes is None or books.opening is None:
        return ()
    codes = [each.code for each in books.opening.partners]
    return tuple(
        Adjustment(each, _effects(each, codes), _cost(each))
        for each in books.postings
        if each.entered is not None and each.entered > closes and each.on <= books.last_day
    )


_WITH_A_PARTNER = frozenset({Heading.PROMISED, Heading.INVOICED, Heading.OWED, Heading.ACCRUED})


def _effects(posting: Posting, codes: list[str]) -> dict[str, Pence]:
    found = dict.fromkeys(codes, 0)
    for account, change in moved(posting.lines).items():
        if account.party in found and account.heading in _WITH_A_PARTNER:
            found[account.party] += change
    return found


def _cost(posting: Posting) -> Pence:
    costly = {Heading.SPENT, Heading.IRRECOVERABLE, Heading.PASSED}
    return sum(change for account, change in moved(posting.lines).items() if account.heading in costly)


# What was not spent, traced back.


@dataclass(frozen=True, slots=True)
class Unspent:
    """What a scheme did not spend of a source, and whose money it was."""

    scheme: str
    source: str
    pence: Pence
    of: Mapping[str, Pence]
    """By partner; empty where nobody put anything into the source."""


def unspent(books: Books) -> tuple[Unspent, ...]:
    """Every under-spend by scheme and source, and back to who put it in: as much of each source as each has put into it."""
    books, found = books.of_year, []
    if books.opening is None:
        return ()
    put_in = funding(books.opening, books.balances, {})
    for account, balance in sorted(books.balances.items()):
        if account.heading is not Heading.BUDGET:
            continue
        used = sum(
            books.balances.get(Account(heading, account.party, account.source), 0)
            for heading in (Heading.SPENT, Heading.IRRECOVERABLE)
        )
        left = balance - used - passed_on(books, account.source).get(account.party, 0)
        if left > 0:
            weights, _ = put_in.of(account.source)
            found.append(
                Unspent(account.party, account.source, left, share(left, weights) if weights else {})
            )
    return tuple(found)


# The note to the accounts.


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A line of the memorandum account."""

    says: str
    pence: Pence
    working: Working | None = None
    """How it was reached, posting by posting, where it was worked out."""


@dataclass(frozen=True, slots=True)
class Note:
    """The memorandum account as a note to a partner's statutory accounts, in words and figures."""

    title: str
    text: tuple[str, ...]
    funding: tuple[NoteLine, ...]
    """By partner, gross of what people are charged, which is a line of its own. They add to ``funded``."""
    spending: tuple[NoteLine, ...]
    """By scheme, what is in suspense among it. They add to ``spent``."""
    costs: tuple[NoteLine, ...]
    """By partner, whose cost it is by the agreement, and what is nobody's yet. They add to ``spent``."""
    treatment: tuple[NoteLine, ...]
    """What was done with the surplus: given back, carried forward, and what is still open. They add to ``surplus``."""
    working: Working

    @property
    def funded(self) -> Pence:
        """All funding."""
        return sum(each.pence for each in self.funding)

    @property
    def spent(self) -> Pence:
        """All expenditure."""
        return sum(each.pence for each in self.spending)

    @property
    def surplus(self) -> Pence:
        """Funding less expenditure; below zero for a deficit."""
        return self.funded - self.spent


def note(books: Books) -> Note | Refused:
    """The note, with every figure from the books: it adds up, or the books would not."""
    opening, settled, books = books.opening, books, books.of_year
    if opening is None:
        return not_open(books)
    funding = [
        NoteLine(f"{each.code}", books.amount(Heading.CONTRIBUTED, each.code) + books.amount(Heading.RELEASED, each.code))
        for each in opening.partners
    ]  # fmt: skip
    for heading, says in ((Heading.CHARGES, "Client contributions"), (Heading.BROUGHT, "Brought forward")):
        if pence := books.amount(heading):
            funding.append(NoteLine(says, pence))
    spending = [NoteLine(each.title, each.cost) for each in outturn(books).lines]
    seen = sum(each.pence for each in spending)
    whole = sum(
        books.amount(each)
        for each in (Heading.SPENT, Heading.IRRECOVERABLE, Heading.PASSED, Heading.SUSPENSE)
    )
    if whole - seen:
        spending.append(NoteLine("In suspense, or of a grant that no scheme has a budget of", whole - seen))
    shares = [NoteLine(code, pence) for code, pence in costs(books).items() if pence]
    if pence := books.amount(Heading.SUSPENSE):
        shares.append(NoteLine("In suspense, and nobody’s until its scheme is known", pence))
    back, carried = books.amount(Heading.RETURNED), books.amount(Heading.CARRIED)
    surplus = sum(each.pence for each in funding) - whole
    treatment = [_worked(books, "Given back to partners", Heading.RETURNED, None)] if back else []
    treatment += [
        _worked(books, f"Carried forward, held by {account.party}", Heading.CARRIED, account.party)
        for account, balance in sorted(books.balances.items())
        if account.heading is Heading.CARRIED and balance
    ]
    rest = surplus - back - carried
    if rest or not treatment:
        treatment.append(NoteLine("Not dealt with yet" if rest else "Nothing is left over", rest))
    total = glance(books)
    steps = (
        Step("Funding", total.funded, "pence", source="contributed, released, charges, brought"),
        Step("Expenditure", whole, "pence", source="spent, irrecoverable, passed, suspense"),
    )
    working = Working(f"Surplus of {opening.agreement}, {books.year}", surplus, "pence", steps)
    return Note(
        f"Pooled budget: {opening.agreement}, {books.year}",
        (*_text(books, surplus, whole), *_performance(settled)),
        tuple(funding), tuple(spending), tuple(shares), tuple(treatment), working,
    )  # fmt: skip


def _worked(books: Books, says: str, heading: Heading, party: str | None) -> NoteLine:
    """What was given back or carried forward, with every posting that makes it up and the working that it cites."""
    steps = []
    for posting in books.postings:
        pence = sum(
            account.amount(change)
            for account, change in moved(posting.lines).items()
            if account.heading is heading and party in (None, account.party)
        )
        if pence and posting.on <= books.last_day:
            cited = ", ".join(each[:12] for each in posting.cites)
            how = f"by the working {cited}" if cited else "entered without a working"
            steps.append(Step(posting.says, pence, "pence", how, f"posting {posting.id}"))
    total = sum(step.value for step in steps if isinstance(step.value, int))
    return NoteLine(says, total, Working(says, total, "pence", tuple(steps)))


def _text(books: Books, surplus: Pence, whole: Pence) -> tuple[str, ...]:
    opening = books.opening
    assert opening is not None  # noqa: S101 (asked before)
    others = " and ".join(each.code for each in opening.partners if each.code != opening.host)
    said = [
        f"{opening.host} hosts a pooled budget with {others} under section 75 of the National Health Service Act 2006, "
        f"by the agreement “{opening.agreement}”. This is its memorandum account for the year that ended on {in_words(books.last_day)}; "
        "each partner shows its own part in its statutory accounts.",
        f"The partners funded {in_pounds(surplus + whole)}, of which {in_pounds(whole)} was spent, "
        + (
            f"leaving a surplus of {in_pounds(surplus)}."
            if surplus > 0
            else f"so that there is a deficit of {in_pounds(-surplus)}."
            if surplus < 0
            else "and nothing is left over."
        ),
    ]
    if charges := books.amount(Heading.CHARGES):
        said.append(
            f"Funding is shown gross: {in_pounds(charges)} of it is what people were charged for social care, which is the council's "
            f"income. Net of it expenditure was {in_pounds(whole - charges)}."
        )
    return tuple(said)


def _performance(books: Books) -> list[str]:
    """What became of performance money, which is settled after the year: what of it came in then is not in the figures."""
    said = []
    if kept := books.amount(Heading.KEPT):
        said.append(
            f"{in_pounds(kept)} of performance money was not earned. It stayed with the CCG and is no part of the pool."
        )
    if contingent := books.amount(Heading.CONTINGENT):
        said.append(
            f"{in_pounds(contingent)} of performance money is not settled, and is with the CCG off the pool."
        )
    since = books.amount(Heading.RELEASED) - books.of_year.amount(Heading.RELEASED)
    if since:
        said.append(
            f"{in_pounds(since)} of performance money was released after {in_words(books.last_day)}, and is not in these figures."
        )
    return said
