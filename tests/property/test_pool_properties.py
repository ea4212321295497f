"""Whoever does what in a pool, in whatever order, twice or at once: its books balance and no money is released twice.

Beside the books goes a model that knows no accounts: per CCG three numbers in pence, and who has approved what.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from carepool.basics.money import Pence
from carepool.basics.periods import Quarter, quarters_between
from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision, Done, perform
from carepool.journal.memory import MemoryJournal
from carepool.journal.port import Conflict
from carepool.pool.accounts import Account, Entry, Event, Heading, faulty, moved
from carepool.pool.approving import Side
from carepool.pool.books import Books, Contribution, Opening, Partner, stream_of
from carepool.pool.entering import enter
from carepool.pool.events import Asked
from carepool.pool.facts import books_of
from carepool.pool.releases import (
    approve_release,
    dues,
    keep_money,
    open_pool,
    propose_release,
)

AT = datetime(2015, 9, 1, tzinfo=UTC)
STREAM = stream_of("p", "2015-16")
QUARTERS = quarters_between(Quarter(2014, 4), Quarter(2015, 2))
CCGS = ("A", "B")
PEOPLE = st.sampled_from(["carol", "harry", "zoe"])
MONEY = st.integers(0, 500) | st.integers(400, 600)
ASKED = st.one_of(
    st.lists(st.integers(0, 150), min_size=3, max_size=3),
    st.lists(st.sampled_from([0, 90, 110]), min_size=3, max_size=3),
    st.lists(st.none() | st.integers(0, 250), min_size=3, max_size=3),
)
"""What each quarter asks of a CCG: mostly something that it can have."""

Decide = Callable[[Books], Decision | Refused]
Command = tuple[str, Decide, bool, Callable[[], None]]
"""Who, what, whether the model says that it is done, and what it then does to the model."""


class Promises(RuleBasedStateMachine):
    """Any account tries anything at any time, against a model in pence."""

    def __init__(self) -> None:
        super().__init__()
        self.journal = MemoryJournal()
        self.requests = 0
        self.is_open = self.closed = False
        self.put_in = 0
        self.contingent: dict[str, Pence] = dict.fromkeys(CCGS, 0)
        self.released: dict[str, Pence] = dict.fromkeys(CCGS, 0)
        self.kept: dict[str, Pence] = dict.fromkeys(CCGS, 0)
        self.proposed: dict[tuple[Quarter, str], Pence] = {}
        self.approved: dict[tuple[Quarter, str], dict[Side, str]] = {}

    @initialize(
        host=st.sampled_from(["council", "A"]),
        performance=st.tuples(MONEY, MONEY),
        own=st.integers(1, 500),
        asked=st.tuples(ASKED, ASKED),
    )
    def agree(
        self,
        host: str,
        performance: tuple[Pence, Pence],
        own: Pence,
        asked: tuple[list[Pence | None], list[Pence | None]],
    ) -> None:
        """What the agreement and the statements say; whether they fit each other is left to chance."""
        self.host = host
        self.performance = dict(zip(CCGS, performance, strict=True))
        self.own = own
        self.due = {
            ccg: dict(zip(QUARTERS, each, strict=True)) for ccg, each in zip(CCGS, asked, strict=True)
        }
        self.opening = Opening(
            "Agreement", host, (Partner("council", "council"), Partner("A", "ccg"), Partner("B", "ccg")), "plan", "0" * 64,
            (Contribution("council", "grant", own),
             *(Contribution(ccg, "additional", own + each, each) for ccg, each in self.performance.items())),
        )  # fmt: skip

    @property
    def books(self) -> Books:
        """As read from the journal."""
        return books_of("p", "2015-16", self.journal.read(STREAM))

    def send(self, command: Command, times: int = 1) -> None:
        """Sends a request, perhaps more often than once, under one key."""
        by, decide, accepted, then = command
        self.requests += 1
        for turn in range(times):
            found = perform(
                self.journal,
                decide,
                load=lambda reading: books_of("p", "2015-16", reading.read(STREAM)),
                by=by,
                key=f"key-{self.requests}",
                request=self.requests,
                clock=lambda: AT,
            )
            assert isinstance(found, Done) is accepted, found
            assert not isinstance(found, Done) or found.again is (turn > 0)
        if accepted:
            then()

    # What may be tried, each with what the model expects of it.

    def opening_it(self, by: str) -> Command:
        """Somebody opens the pool."""

        def then() -> None:
            self.is_open = True
            self.put_in = 3 * self.own
            self.contingent = dict(self.performance)

        return by, lambda books: open_pool(books, self.opening), not self.is_open, then

    def proposing(self, by: str, quarter: Quarter, ccg: str, off: int) -> Command:
        """Somebody proposes what is due, or a penny beside it."""
        pence, key = (self.due[ccg][quarter] or 0) + off, (quarter, ccg)
        waiting = sum(
            pence for each, pence in self.proposed.items() if each[1] == ccg and len(self.approved[each]) < 2
        )
        earlier = all(
            (each, ccg) in self.proposed for each in QUARTERS if each < quarter and self.due[ccg][each]
        )
        fits = off == 0 < pence <= self.contingent[ccg] - waiting and earlier and not self.closed
        equal = self.proposed.get(key) == pence and not self.approved[key]
        accepted = self.is_open and (equal if key in self.proposed else fits)

        def then() -> None:
            self.proposed[key] = pence
            self.approved.setdefault(key, {})

        def decide(books: Books) -> Decision | Refused:
            return propose_release(books, quarter, ccg, pence, "5" * 64, due=self.due[ccg])

        return by, decide, accepted, then

    def approving(self, by: str, quarter: Quarter, ccg: str, side: Side) -> Command:
        """Somebody approves for a side."""
        key = (quarter, ccg)
        given = self.approved.get(key, {})
        accepted = key in self.proposed and side not in given and by not in given.values()

        def then() -> None:
            given[side] = by
            if len(given) == 2:
                self.contingent[ccg] -= self.proposed[key]
                self.released[ccg] += self.proposed[key]

        return by, lambda books: approve_release(books, quarter, ccg, side, by), accepted, then

    def keeping(self, by: str) -> Command:
        """Somebody closes the year."""
        settled = all(
            pence == 0 or (pence is not None and len(self.approved.get((quarter, ccg), {})) == 2)
            for ccg in CCGS
            if self.performance[ccg]
            for quarter, pence in self.due[ccg].items()
        )

        def then() -> None:
            self.closed = True
            self.kept = self.contingent
            self.contingent = dict.fromkeys(CCGS, 0)

        return (
            by,
            lambda books: keep_money(books, self.due, "5" * 64),
            self.is_open and settled and not self.closed,
            then,
        )

    def adding(self, by: str, pence: Pence) -> Command:
        """Somebody adds to a contribution, or takes back."""
        event = Event.CONTRIBUTED if pence > 0 else Event.LOWERED
        asked = Asked(event, AT.date(), abs(pence), party="council", source="grant")
        accepted = self.is_open and pence != 0 and self.put_in - 2 * self.own + pence >= 0

        def then() -> None:
            self.put_in += pence

        return by, lambda books: enter(books, asked), accepted, then

    def tried(self, draw: st.DataObject) -> Command:
        """Any of these, with anything in it; what leads on is drawn more often."""
        by = draw.draw(PEOPLE)
        match draw.draw(st.sampled_from("aaaaapppkkco")) if self.is_open else "o":
            case "o":
                return self.opening_it(by)
            case "k":
                return self.keeping(by)
            case "c":
                return self.adding(by, draw.draw(st.integers(-600, 600)))
            case "p":
                ccg = draw.draw(st.sampled_from(CCGS))
                following = [
                    each for each in QUARTERS if self.due[ccg][each] and (each, ccg) not in self.proposed
                ]
                quarter = draw.draw(st.sampled_from(following[:1] * 3 + list(QUARTERS)))
                return self.proposing(by, quarter, ccg, draw.draw(st.sampled_from([0, 0, 0, 0, 1, -1])))
            case _:
                every = [(quarter, ccg) for quarter in QUARTERS for ccg in CCGS]
                waiting = [key for key, given in self.approved.items() if len(given) < 2]
                quarter, ccg = draw.draw(st.sampled_from(waiting * 4 + every))
                return self.approving(by, quarter, ccg, draw.draw(st.sampled_from(Side)))

    @rule(draw=st.data(), times=st.sampled_from([1, 1, 2]))
    def somebody_tries_something(self, draw: st.DataObject, times: int) -> None:
        """A command, sent once or twice."""
        self.send(self.tried(draw), times)

    @precondition(lambda self: self.requests > 5)
    @rule(keeper=PEOPLE)
    def the_year_ends(self, keeper: str) -> None:
        """All that is due is proposed and approved as far as it goes, and the year closed if that went all the way."""
        for quarter in QUARTERS:
            for ccg in CCGS:
                self.send(self.proposing("zoe", quarter, ccg, 0))
                for side, by in zip(Side, ("carol", "harry"), strict=True):
                    self.send(self.approving(by, quarter, ccg, side))
        self.send(self.keeping(keeper))

    @rule(draw=st.data())
    def two_race(self, draw: st.DataObject) -> None:
        """Two decide on the same books: if the first writes, the second conflicts and would have to decide again."""
        commands = [self.tried(draw), self.tried(draw)]
        books, version = self.books, self.journal.version(STREAM)
        wrote = False
        for by, decide, accepted, then in commands:
            decided = decide(books)
            assert isinstance(decided, Decision) is accepted, decided
            if isinstance(decided, Decision) and decided.facts:
                try:
                    self.journal.append(decided.facts, expecting={STREAM: version}, by=by, at=AT)
                except Conflict:
                    assert wrote
                else:
                    assert not wrote
                    wrote = True
                    then()

    # What always holds.

    @invariant()
    def the_books_balance(self) -> None:
        """Over all accounts, in each set of books, and again from the ledgers; no account is below zero."""
        books = self.books
        assert sum(books.balances.values()) == books.trial_balance() == 0
        for book in {account.book for account in books.balances}:
            assert books.trial_balance(book) == 0
        for account, balance in books.balances.items():
            lines = books.ledger(account)
            assert sum(line.debit - line.credit for line in lines) == balance
            assert all(line.balance >= 0 for line in lines)

    @invariant()
    def the_books_say_what_the_model_says(self) -> None:
        """To the penny: contingent, released and kept of each CCG, what it holds, and what is in the pool."""
        books = self.books
        for ccg in CCGS:
            each = books.position(ccg)
            assert (each.contingent, each.released, each.kept) == (
                self.contingent[ccg],
                self.released[ccg],
                self.kept[ccg],
            )
            assert books.held(ccg) == each.held
            if self.is_open:
                assert each.contingent + each.released + each.kept == self.performance[ccg]
        assert books.in_pool() == self.put_in + sum(self.released.values()) == books.totals.in_pool

    @invariant()
    def nothing_is_released_twice_or_by_one(self) -> None:
        """Each release in the journal is the only one of its quarter and CCG, after two accounts on two sides."""
        made: set[tuple[object, object]] = set()
        approved: dict[tuple[object, object], dict[object, str]] = {}
        for fact in self.journal.read(STREAM):
            key = (fact.body.get("quarter"), fact.body.get("ccg"))
            if fact.kind == "ReleaseApproved":
                assert key not in made
                approved.setdefault(key, {})[fact.body["side"]] = fact.by
            if fact.kind == "ReleasePosted":
                assert key not in made
                made.add(key)
                assert len(approved[key]) == len(set(approved[key].values())) == 2


TestPromises = Promises.TestCase
TestPromises.settings = settings(stateful_step_count=40)

PAYMENTS = st.lists(st.one_of(st.just(0), st.integers(0, 10_000)), min_size=1, max_size=4)
WEIGHTS = st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 2_000), min_size=1)


@given(PAYMENTS, WEIGHTS, st.booleans())
def test_what_is_due_is_exact_and_never_more_than_a_ccg_has(
    payments: list[Pence], performance: dict[str, Pence], everything: bool
):
    """Parts add to the payment of each quarter, none is below zero, and at the end nobody has paid more than it had."""
    left, quarters = sum(performance.values()), quarters_between(Quarter(2014, 4), Quarter(2015, 3))
    paid = {}
    for quarter, payment in zip(quarters, payments, strict=False):
        paid[quarter] = min(payment, left)
        left -= paid[quarter]
    if everything:
        paid[quarters[len(payments) - 1]] += left
    split = dues(paid, performance)
    for quarter, payment in paid.items():
        assert sum(split[ccg][quarter] or 0 for ccg in performance) == payment
    for ccg, had in performance.items():
        parts = [each or 0 for each in split[ccg].values()]
        assert min(parts) >= 0
        assert sum(parts) <= had
        if everything:
            assert sum(parts) == had


EITHER = {Heading.SPENT, Heading.IRRECOVERABLE, Heading.SUSPENSE, Heading.OWED}
"""What may be below zero for a while."""
ACCOUNTS = st.builds(Account, st.sampled_from(Heading), st.sampled_from(["A", "B"]))
LINES = st.lists(st.builds(Entry, ACCOUNTS, ACCOUNTS, st.integers(-5, 200)), max_size=4).map(tuple)


@given(st.lists(LINES, max_size=12))
def test_any_lines_are_entered_in_balance_or_refused(postings: list[tuple[Entry, ...]]):
    """Whatever lines are tried between whatever accounts, those let in balance in each set of books, none below zero."""
    balances: dict[Account, Pence] = {}
    entered: list[Entry] = []
    for lines in postings:
        if faulty(balances, lines) is None:
            entered += lines
            for account, change in moved(lines).items():
                balances[account] = balances.get(account, 0) + change
    books = Books("p", "2015-16", balances=balances)
    for book in {account.book for account in balances}:
        assert books.trial_balance(book) == 0
    assert all(
        account.amount(balance) >= 0 for account, balance in balances.items() if account.heading not in EITHER
    )
    assert all(line.pence > 0 for line in entered)
