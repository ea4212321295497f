"""Random pools: agreements of every treatment, and years of whatever events fall, for tests of what holds for any of them."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from carepool.basics.money import Pence
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision
from carepool.journal.memory import MemoryJournal
from carepool.pool.accounts import Event, Heading
from carepool.pool.approving import Side
from carepool.pool.books import Books, Contribution, Grant, Opening, Partner, Scheme, stream_of
from carepool.pool.entering import enter
from carepool.pool.events import Asked
from carepool.pool.facts import books_of
from carepool.pool.partners import Partners, partners_of
from carepool.pool.releases import approve_release, keep_money, open_pool, propose_release

GRANT = "disabled_facilities_grant"
SOURCES = ("additional_nhs", "carers_breaks", "additional", GRANT)


@dataclass(frozen=True)
class Year:
    """A pool's year as chance had it."""

    books: Books
    before: Mapping[str, Pence]
    """What the year before left each partner."""
    partners: Partners


def years(seed: int, number: int = 5, events: int = 40) -> Iterator[Year]:
    """A pool's years, one after another, what one leaves brought forward to the next."""
    chance = random.Random(seed)
    opening = _opening(chance)
    before: Mapping[str, Pence] = {}
    for year in range(2014, 2014 + number):
        pool = _Pool(f"p{seed}", f"{year}-{(year + 1) % 100:02}", opening, chance)
        for _ in range(events):
            pool.something()
        pool.money_is_earned()
        holder = chance.choice([each.code for each in opening.partners])
        over = _surplus(pool.books)
        if over > 0:
            pool.ask(Asked(Event.CARRIED, pool.books.last_day, over, party=holder))
        found = partners_of(pool.books, before=before)
        yield Year(pool.books, before, found)
        before = found.left
        opening = replace(opening, brought={holder: over} if over > 0 else {})


def _surplus(books: Books) -> Pence:
    add = (Heading.CONTRIBUTED, Heading.RELEASED, Heading.CHARGES, Heading.BROUGHT)
    less = (Heading.SPENT, Heading.IRRECOVERABLE, Heading.PASSED, Heading.RETURNED, Heading.SUSPENSE)
    return sum(map(books.amount, add)) - sum(map(books.amount, less))


def _opening(chance: random.Random) -> Opening:
    councils = [f"C{each}" for each in range(chance.randint(1, 3))]
    ccgs = [f"G{each}" for each in range(chance.randint(1, 3))]
    codes = [*councils, *ccgs]
    contributions = [
        Contribution(code, source, pence, chance.choice([0, pence // 3]) if code in ccgs else 0)
        for code in codes
        for source in chance.sample(SOURCES[:3], 2)
        for pence in [chance.randint(1, 10**9)]
    ]
    contributions.append(Contribution(councils[0], GRANT, 10_000_00))
    district = chance.choice(["D1", councils[-1]])
    grant = Grant(GRANT, "A grant (fictitious)", "DCLG", councils[0], 9_000_00, "", {district: 8_000_00})
    schemes = [_scheme(chance, f"s{each}", codes) for each in range(chance.randint(1, 5))]
    partners = [Partner(each, "council") for each in councils] + [Partner(each, "ccg") for each in ccgs]
    return Opening(
        "Agreement", chance.choice(codes), tuple(partners), "plan", "0" * 64, tuple(contributions), tuple(schemes),
        grants=(grant,),
    )  # fmt: skip


def _scheme(chance: random.Random, name: str, codes: list[str]) -> Scheme:
    weights = {code: chance.randint(0, 7) for code in chance.sample(codes, chance.randint(0, len(codes)))}
    return Scheme(
        name, name, {each: chance.randint(0, 10**8) for each in chance.sample(SOURCES, 2)}, chance.random() < 0.5,
        chance.choice(["lead", "joint", "agent"]), chance.choice(["", *codes]), chance.choice(["gross", "net"]), weights,
    )  # fmt: skip


class _Pool:
    """A pool's year on its way."""

    def __init__(self, pool: str, year: str, opening: Opening, chance: random.Random) -> None:
        self.chance, self.books, self.opening = chance, Books(pool, year), opening
        self.journal, self.stream = MemoryJournal(), stream_of(pool, year)
        self.at = datetime(int(year[:4]), 4, 1, 9, tzinfo=UTC)
        found = open_pool(self.books, opening)
        assert isinstance(found, Decision), found
        self.keep(found)
        self.codes = [each.code for each in opening.partners]

    def keep(self, decision: Decision, by: str = "ann") -> None:
        """Written, and the books folded on."""
        before = self.books.version
        self.journal.append(decision.facts, expecting={self.stream: before}, by=by, at=self.at)
        self.at += timedelta(minutes=1)
        written = self.journal.read(self.stream, after=before)
        self.books = books_of(self.books.pool, self.books.year, written, self.books)

    def ask(self, asked: Asked) -> bool:
        """Whether it was entered."""
        found = enter(self.books, asked)
        if isinstance(found, Refused):
            return False
        self.keep(found)
        return True

    def something(self) -> None:
        """An event that chance brings; what is refused is left."""
        chance, codes = self.chance, self.codes
        scheme = chance.choice(self.opening.schemes)
        event = chance.choice(
            [*LIKELY, Event.SPENT, Event.SPENT, Event.ACCRUED, Event.RECEIVED, Event.REVERSED]
        )
        party = chance.choice(codes)
        pence = chance.randint(1, 10 ** chance.randint(2, 8))
        of = ""
        if event is Event.REVERSED:
            of = chance.choice(self.books.postings).id
        elif event in {Event.UNACCRUED, Event.UNCOMMITTED} and self.books.open:
            of, pence = chance.choice(list(self.books.open)), 0
        parts = {code: chance.randint(0, 10_000) for code in codes}
        source = chance.choice([*SOURCES, "risk_share", "client_contributions", "brought_forward"])
        if event in {Event.SPENT, Event.ACCRUED, Event.COMMITTED}:
            source = chance.choice(list(scheme.budgets))
        payee = chance.choice([*codes, "provider", "nhs_england"])
        owed = {
            each.party: -pence for each, pence in self.books.balances.items() if each.heading is Heading.OWED
        }
        if event is Event.SETTLED and max(owed.values(), default=0) > 0:
            payee = max(owed, key=lambda each: owed[each])
            pence = chance.randint(1, max(1, min(owed[payee], self.books.cash)))
        given = {
            each.party: pence
            for each, pence in self.books.balances.items()
            if each.heading is Heading.TRANSFER and pence
        }
        if event is Event.APPLIED and given:
            party = chance.choice(sorted(given))
            pence = chance.randint(1, given[party])
        on = self.books.first_day + timedelta(days=chance.randrange(365))
        if event in {Event.PASSED_ON, Event.REFUNDED}:
            # What goes out again must have come in: it mostly comes in on the same day.
            grant = self.opening.grants[0]
            of_grant = event is Event.PASSED_ON
            given_by = next(
                each for each in self.opening.contributions if each.source == GRANT or not of_grant
            )
            source, party, pence = given_by.source, given_by.party, chance.randint(1, 1_000_00)
            self.ask(Asked(Event.RECEIVED, on, pence, party=party, source=source))
            if of_grant:
                party = next(iter(grant.pass_on))
        self.ask(
            Asked(
                event, on, pence, party=party, source=source,
                scheme=scheme.id, to_scheme=chance.choice(self.opening.schemes).id,
                payee=payee, vat=chance.choice([0, pence // 5]),
                irrecoverable=chance.choice([0, pence // 7]), of=of, parts=parts,
            )
        )  # fmt: skip

    def money_is_earned(self) -> None:
        """Part of the performance money is released, and the rest is kept."""
        quarter = Quarter(int(self.books.year[:4]), 4)
        due = {
            ccg: {quarter: self.chance.randint(0, pence)} for ccg, pence in self.opening.performance.items()
        }
        for ccg, of in due.items():
            found = propose_release(self.books, quarter, ccg, of[quarter], "5" * 64, due=of)
            if isinstance(found, Decision):
                self.keep(found)
                for side, by in zip(Side, ("carol", "harry"), strict=True):
                    approved = approve_release(self.books, quarter, ccg, side, by)
                    assert isinstance(approved, Decision), approved
                    self.keep(approved, by)
        found = keep_money(self.books, due, "5" * 64)
        assert isinstance(found, Decision), found
        self.keep(found)


LIKELY = tuple(
    each for each in Event if each not in {Event.OPENED, Event.POSTED, Event.RELEASED, Event.KEPT, Event.IMPORTED, Event.CORRECTED}
)  # fmt: skip
"""What can be asked for by name."""
