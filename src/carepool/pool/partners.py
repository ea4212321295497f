"""Each partner's own books of a pool: what its statutory ledger shows, derived from the pool's postings and from nothing else.

They are a function of the pool's balances: what a posting enters in a partner's books is what it changes in them. So each
partner's books balance, what stands between two partners is the same in both, and a reversal takes back what was entered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from carepool.basics.money import Pence, in_figures, in_pounds, share
from carepool.basics.workings import Step, Working
from carepool.pool.accounts import Account, Balances, Entry, Heading, Posting, moved
from carepool.pool.books import Books, Opening, Treated
from carepool.pool.borne import Cost, brought, codes_of, costs, funding, settled_between
from carepool.pool.division import PRO_RATA, Divided, basis, contributed, divided
from carepool.pool.own import MIRRORS, Elimination, Own, OwnAccount, OwnBalances, OwnBooks, OwnEntry

CONTRIBUTIONS, SPENDING, CARRIED = "contributions", "spending", "carried_forward"
"""What is due between partners: what was promised and not paid in, what one spent for the pool, what one holds for it."""
NOT_IN_LEDGERS = frozenset({Heading.BUDGET, Heading.ALLOTTED, Heading.COMMITTED, Heading.RESERVED})
"""What may be spent and what is ordered stand in no statutory ledger."""
OF_A_PARTNER = frozenset(
    {
        Heading.PROMISED, Heading.INVOICED, Heading.CONTRIBUTED, Heading.RELEASED, Heading.RETURNED, Heading.CHARGES,
        Heading.HELD, Heading.CONTINGENT, Heading.KEPT, Heading.TRANSFER, Heading.APPLIED, Heading.CARRIED, Heading.FORWARD,
    }
)  # fmt: skip
"""What only a body with books of the pool has."""

Given = Mapping[tuple[str, str], Pence]
"""What each council had of each payer under section 256, by council and payer."""


@dataclass(frozen=True, slots=True)
class Partners:
    """All partners' own books of a pool's year, up to a day."""

    host: str
    books: Mapping[str, OwnBooks]
    left: Mapping[str, Pence]
    """Each partner's share of what is left in the pool, the host's too; below zero its share of a deficit."""
    costs: tuple[Cost, ...]
    """By whose money paid for each."""
    divided: tuple[Divided, ...]
    """By whose cost each is."""
    net_expenditure: Pence
    """The pool's: spent and passed on to others than partners, less what people were charged."""
    contributed: Mapping[str, Pence]
    """What each has put in or promised, less what it was given back; what was brought forward is not in it."""

    @property
    def cost(self) -> dict[str, Pence]:
        """Each partner's part of what the pool costs, as every statement of it says."""
        found = dict.fromkeys(self.books, 0)
        for each in self.divided:
            for code, pence in each.parts.items():
                found[code] += pence
        return found

    @property
    def eliminations(self) -> tuple[Elimination, ...]:
        """Everything between two partners, as each shows it."""
        return eliminations(self.books)


def partners_of(
    books: Books, upto: date | None = None, before: Mapping[str, Pence] = MappingProxyType({}), *,
    entries: bool | range = True,
) -> Partners:  # fmt: skip
    """Every partner's own books, of what is dated up to a day: without one up to the year's last.

    ``before`` is each partner's share of what the year before left: whose that is which was brought forward. Without
    ``entries`` they are balances alone, which is much quicker for a year with very many postings; a range has the entries of
    those places alone in the order of their days (see ``places_of``), which is quicker in the same way.
    """
    opening, upto = books.opening_on(books.first_day), upto or books.last_day
    if opening is None:
        return Partners("", {}, {}, (), (), 0, {})
    state = _State(opening, before)
    made: dict[str, list[OwnEntry]] = {code: [] for code in codes_of(opening)}
    if not entries:
        state.begin(books, upto)
        state.treat(books.opening_on(upto) or opening)
        return state.partners(made)
    steps, before_it, after_it = _in_order(books, upto), [], []
    if isinstance(entries, range):
        before_it, steps, after_it = (
            steps[: entries.start],
            steps[entries.start : entries.stop],
            steps[entries.stop :],
        )
        state.go_on(books, before_it)
    for each in steps:
        if isinstance(each, Posting):
            name, on, says, changed = each.id, each.on, each.says, state.enter(each.lines)
        else:
            name, on, says = (
                f"agreement/{each.first}",
                each.first,
                "Schemes treated as the agreement from this day has them",
            )
            changed = state.treat(books.opening_on(on) or opening)
        for code, changes in changed.items():
            made.setdefault(code, []).append(OwnEntry(name, on, says, changes))
    if after_it:
        state.go_on(books, after_it)
    return state.partners(made)


def places_of(books: Books, upto: date | None = None) -> int:
    """How many things enter something in partners' books: each posting up to a day, and each agreement that treats schemes otherwise."""
    return len(_in_order(books, upto or books.last_day))


def _in_order(books: Books, upto: date) -> list[Posting | Treated]:
    """What enters something in partners' books by its day: an agreement that treats schemes otherwise before the postings of its day."""
    found: list[tuple[date, int, Posting | Treated]] = [(each.first, 0, each) for each in books.treated[1:]]
    found += [(each.on, 1, each) for each in books.postings]
    return [each for on, _, each in sorted(found, key=lambda one: one[:2]) if on <= upto]


class _State:
    """The pool's balances on the way, and each partner's books as they then are."""

    def __init__(self, opening: Opening, before: Mapping[str, Pence]) -> None:
        self.opening, self.before = opening, before
        self.balances: dict[Account, Pence] = {}
        self.given: dict[tuple[str, str], Pence] = {}
        self.now = _Ledgers(opening, {}, {}, before)

    def enter(self, lines: Iterable[Entry]) -> dict[str, OwnBalances]:
        """What lines change in each partner's books. Lines of budgets and commitments change nothing."""
        if not self.take(lines):
            return {}
        return self._changed()

    def take(self, lines: Iterable[Entry]) -> bool:
        """Enter lines in the pool's balances; whether any of them is in a ledger."""
        lines = [each for each in lines if each.debit.heading not in NOT_IN_LEDGERS]
        for account, change in moved(lines).items():
            self.balances[account] = self.balances.get(account, 0) + change
        for line in lines:
            for council, payer, pence in (
                (line.debit, line.credit, line.pence),
                (line.credit, line.debit, -line.pence),
            ):
                if council.heading is Heading.TRANSFER and payer.heading is Heading.GIVEN:
                    key = council.party, payer.party
                    self.given[key] = self.given.get(key, 0) + pence
        return bool(lines)

    def begin(self, books: Books, upto: date) -> None:
        """The pool's balances of what is dated up to a day, whoever entered what in them."""
        held = {
            each: pence for each, pence in books.until(upto).items() if each.heading not in NOT_IN_LEDGERS
        }
        if any(each.heading is Heading.TRANSFER for each in held):  # who gave it stands in the lines alone
            self.take(line for each in books.postings if each.on <= upto for line in each.lines)
        else:
            self.balances = held

    def go_on(self, books: Books, steps: Iterable["Posting | Treated"]) -> None:
        """Enter what nobody asks the entries of."""
        lines: list[Entry] = []
        for each in steps:
            if isinstance(each, Posting):
                lines += each.lines
            else:
                self.opening = books.opening_on(each.first) or self.opening
        self.take(lines)
        self._changed()

    def treat(self, opening: Opening) -> dict[str, OwnBalances]:
        """What another treatment of schemes changes in each partner's books."""
        self.opening = opening
        return self._changed()

    def _changed(self) -> dict[str, OwnBalances]:
        after = _Ledgers(self.opening, self.balances, self.given, self.before)
        changes = _changes(self.now.books, after.books)
        self.now = after
        return changes

    def partners(self, entries: Mapping[str, list[OwnEntry]]) -> Partners:
        """What all that was entered comes to."""
        now = self.now
        found = {
            code: OwnBooks(code, {each: pence for each, pence in sorted(own.items()) if pence}, tuple(entries.get(code, ())))
            for code, own in now.books.items()
        }  # fmt: skip
        codes = set(now.books)
        net = sum(
            balance
            for account, balance in self.balances.items()
            if account.heading in {Heading.SPENT, Heading.IRRECOVERABLE, Heading.CHARGES}
            or (account.heading is Heading.PASSED and account.party not in codes)
        )
        return Partners(self.opening.host, found, now.left, now.costs, now.divided, net, now.put)


def _changes(
    before: Mapping[str, Mapping[OwnAccount, Pence]], after: Mapping[str, Mapping[OwnAccount, Pence]]
) -> dict[str, OwnBalances]:
    found: dict[str, OwnBalances] = {}
    for code, own in after.items():
        was = before.get(code, {})
        changes = {
            each: own.get(each, 0) - was.get(each, 0)
            for each in {**was, **own}
            if own.get(each, 0) != was.get(each, 0)
        }
        if changes:
            found[code] = changes
    return found


class _Ledgers:
    """What the pool's balances come to in each partner's books."""

    def __init__(
        self, opening: Opening, balances: Balances, given: Given, before: Mapping[str, Pence]
    ) -> None:
        self.opening, self.host = opening, opening.host
        parties = (each.party for each in balances if each.heading in OF_A_PARTNER)
        self.codes = tuple(dict.fromkeys([*codes_of(opening), *parties]))
        self.books: dict[str, dict[OwnAccount, Pence]] = {code: {} for code in self.codes}
        self.put = dict.fromkeys(self.codes, 0)
        self.due = dict.fromkeys(self.codes, 0)
        self.carried = dict.fromkeys(self.codes, 0)
        for account, balance in balances.items():
            if balance:
                self._account(account, balance)
        for (council, payer), pence in given.items():
            self._given(council, payer, pence)
        self._grants(balances)
        self.divided = divided(opening, balances)
        self.costs = costs(balances, funding(opening, balances, before), self.divided)
        own = brought(balances, before)
        borne = dict.fromkeys(self.codes, 0)
        for cost in self.costs:
            for code, pence in cost.borne.items():
                borne[code] += pence
        self.left = {code: self.put[code] + own.get(code, 0) - borne[code] for code in self.codes}
        for code in self.codes:
            self._between(code, own.get(code, 0))
        self._costs(balances)

    def _enter(self, code: str, heading: Own, pence: Pence, other: str = "", about: str = "") -> None:
        if pence:
            account = OwnAccount(heading, other, about)
            own = self.books[code]
            own[account] = own.get(account, 0) + pence

    def _account(self, account: Account, balance: Pence) -> None:
        """What follows from one account by itself."""
        party, host = account.party, self.host
        match account.heading:
            case Heading.POOL:
                self._enter(host, Own.POOLED, balance)
            case Heading.VAT:
                self._enter(host, Own.VAT, balance)
            case Heading.SUSPENSE:
                self._enter(host, Own.SUSPENSE, balance, party)
            case Heading.PROMISED | Heading.INVOICED:
                self.due[party] += balance
            case Heading.CONTRIBUTED | Heading.RELEASED:
                self.put[party] -= balance
            case Heading.RETURNED:
                self.put[party] -= balance
            case Heading.CHARGES:
                self.put[party] -= balance
                self._enter(party, Own.CHARGES, balance, about=account.source)
                self._enter(party, Own.PEOPLE, -balance, about=account.source)
            case Heading.OWED:
                self._owed(party, balance)
            case Heading.ACCRUED:
                self._accrued(party, balance)
            case Heading.CARRIED | Heading.FORWARD:
                self.carried[party] += balance
            case Heading.HELD | Heading.CONTINGENT | Heading.KEPT:
                self._enter(party, Own(account.heading.value), balance)
            case Heading.TRANSFER:
                self._enter(party, Own.TRANSFER, balance)
            case Heading.APPLIED:
                self._enter(party, Own.APPLIED, balance, about=account.source)
            case _:  # costs, what was brought forward and the transfer's payers follow from several accounts together
                pass

    def _owed(self, party: str, balance: Pence) -> None:
        """Whoever spends for the pool has paid from its own money, and is the host's creditor for it."""
        if party not in self.books:
            self._enter(self.host, Own.CREDITOR, balance, party)
            return
        self._enter(party, Own.MONEY, balance)
        if party != self.host:
            self._enter(self.host, Own.DUE_TO, balance, party, SPENDING)
            self._enter(party, Own.DUE_FROM, -balance, self.host, SPENDING)

    def _accrued(self, party: str, balance: Pence) -> None:
        by = party if party in self.books else self.host
        self._enter(by, Own.ACCRUED, balance, party)
        if by != self.host:
            self._enter(self.host, Own.ACCRUED_TO, balance, party)
            self._enter(party, Own.ACCRUED_FROM, -balance, self.host)

    def _given(self, council: str, payer: str, pence: Pence) -> None:
        """Council income; where the payer is a partner, its expenditure."""
        self._enter(council, Own.TRANSFER_FROM, -pence, payer)
        if payer in self.books:
            self._enter(payer, Own.TRANSFER_TO, pence, council)
            self._enter(payer, Own.MONEY, -pence)

    def _grants(self, balances: Balances) -> None:
        """The payee has had of a grant what it puts into the pool of it."""
        for grant in self.opening.grants:
            if grant.payee not in self.books or grant.payer in self.books:
                continue
            put = -balances.get(Account(Heading.CONTRIBUTED, grant.payee, grant.id), 0)
            had = min(put, grant.pence)
            self._enter(grant.payee, Own.GRANT, -had, grant.payer, grant.id)
            self._enter(grant.payee, Own.MONEY, had)

    def _between(self, code: str, own: Pence) -> None:
        """What a partner has paid in, still owes, holds for the pool, and has left in it."""
        host, due, held = self.host, self.due[code], self.carried[code]
        self._enter(code, Own.MONEY, due - self.put[code] + held)
        self._enter(code, Own.BROUGHT, -own)
        if code == host:
            return
        for about, pence in ((CONTRIBUTIONS, due), (CARRIED, held)):
            self._enter(host, Own.DUE_FROM, pence, code, about)
            self._enter(code, Own.DUE_TO, -pence, host, about)
        self._enter(code, Own.LEFT_WITH, self.left[code], host)
        self._enter(host, Own.HELD_FOR, -self.left[code], code)

    def _costs(self, balances: Balances) -> None:
        """What each shows of each scheme, and what the partners pay each other so that each bears its share."""
        nets: dict[str, dict[str, Pence]] = {}
        for cost in self.costs:
            if cost.district:
                self._passed(cost)
                continue
            net = nets.setdefault(cost.scheme, dict.fromkeys(self.codes, 0))
            for code, pence in cost.borne.items():
                net[code] += pence
        for each in self.divided:
            if each.district:
                continue
            vat = share(_irrecoverable(balances, each.scheme), each.weights)
            for code, pence in each.parts.items():
                self._enter(code, Own.EXPENDITURE, pence - vat[code], about=each.scheme)
                self._enter(code, Own.IRRECOVERABLE, vat[code], about=each.scheme)
                if pence:
                    nets.setdefault(each.scheme, dict.fromkeys(self.codes, 0))[code] -= pence
        for scheme, net in nets.items():
            for payer, payee, pence in settled_between(net):
                self._pay(payer, payee, scheme, pence)

    def _passed(self, cost: Cost) -> None:
        """A grant passed on is the expenditure of those who put it in; to a partner, that partner's income."""
        for code, pence in cost.borne.items():
            if cost.district not in self.books:
                self._enter(code, Own.PASSED, pence, cost.district, cost.source)
            elif code != cost.district:
                self._pay(code, cost.district, cost.source, pence)
        if cost.district in self.books:
            self._enter(cost.district, Own.MONEY, cost.pence)

    def _pay(self, payer: str, payee: str, about: str, pence: Pence) -> None:
        self._enter(payer, Own.TO_PARTNER, pence, payee, about)
        self._enter(payee, Own.FROM_PARTNER, -pence, payer, about)


def _irrecoverable(balances: Balances, scheme: str) -> Pence:
    return sum(
        balance
        for account, balance in balances.items()
        if account.heading is Heading.IRRECOVERABLE and account.party == scheme
    )


def eliminations(books: Mapping[str, OwnBooks]) -> tuple[Elimination, ...]:
    """Everything between two partners, as each shows it: what one has that the other has not is a difference."""
    found: dict[tuple[Own, str, str, str], list[Pence]] = {}
    back = {second: first for first, second in MIRRORS.items()}
    for code, own in books.items():
        for account, pence in own.balances.items():
            heading = account.heading
            if account.other not in books:
                continue
            if heading in MIRRORS:
                found.setdefault((heading, code, account.other, account.about), [0, 0])[0] += pence
            elif heading in back:
                found.setdefault((back[heading], account.other, code, account.about), [0, 0])[1] += pence
    return tuple(Elimination(*key, *amounts) for key, amounts in sorted(found.items()))


# Figures that explain themselves.


def explain_cost(found: Partners, partner: str) -> Working:
    """How a partner's part of the cost is reached: scheme by scheme, and grants passed on."""
    steps = [
        Step(
            each.title, each.parts[partner], "pence",
            f"{in_pounds(each.pence)} × {in_figures(each.weights[partner])} ÷ {in_figures(sum(each.weights.values()))}, {each.how}",
            "docs/adr/0037",
        )
        for each in found.divided
        if each.pence and partner in each.parts
    ]  # fmt: skip
    return Working(f"Part of {partner} in the cost", found.cost[partner], "pence", tuple(steps))


def explain(found: Partners, opening: Opening, partner: str) -> Working:
    """How a partner's net expenditure is reached: its money in each cost, less what people were charged."""
    own = found.books[partner]
    steps = [
        Step(
            _title(opening, cost),
            cost.borne.get(partner, 0),
            "pence",
            f"{in_pounds(cost.pence)} × {in_figures(cost.weights.get(partner, 0))} ÷ {in_figures(sum(cost.weights.values()))}, {cost.how}",
            opening.agreement,
        )
        for cost in found.costs
        if cost.district != partner
    ]
    charges = own.amount(Own.CHARGES)
    had = sum(
        cost.borne.get(code, 0)
        for cost in found.costs
        for code in found.books
        if cost.district == partner != code
    )
    if charges:
        steps.append(Step("Charged to people, the council's income", charges, "pence"))
    if had:
        steps.append(Step("Grants passed on to it by partners", -had, "pence"))
    return Working(
        f"Net expenditure of {partner}",
        own.net_expenditure,
        "pence",
        tuple(steps),
        ("Shares are by largest remainder: the parts of each cost add to it.",),
    )


def treatment(books: Books, scheme: str, day: date | None = None) -> str:
    """How a scheme stands in the partners' accounts on a day, in words."""
    day = day or books.last_day
    opening = books.opening_on(day)
    assert opening is not None  # noqa: S101 (asked of open books)
    how, shows = basis(opening, scheme, contributed(opening, books.until(day)))
    found = opening.scheme(scheme)
    if found and found.commissioning == "agent" and found.lead not in shows:
        return f"{found.lead} is agent and shows a debtor or creditor alone; {' and '.join(shows)} shows the cost"
    if len(shows) == 1:
        return f"gross: {next(iter(shows))} shows the whole of it"
    whole = sum(shows.values())
    parts = ", ".join(
        f"{code} shows {in_figures(weight)} of {in_figures(whole)} parts" for code, weight in shows.items()
    )
    return f"net, {PRO_RATA}: {parts}" if how == PRO_RATA else f"net: {parts}"


def _title(opening: Opening, cost: Cost) -> str:
    if cost.district:
        return f"{cost.source} passed on to {cost.district}"
    scheme = opening.scheme(cost.scheme)
    return f"{scheme.title if scheme else cost.scheme}, from {cost.source}"
