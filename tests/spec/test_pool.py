"""The pool: its books in double entry, and performance money that stays the CCG's until two approvers release it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from carepool.basics.money import Pence
from carepool.basics.periods import Quarter, quarters_between
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.commands import Decision, Done, perform
from carepool.journal.facts import NewFact
from carepool.journal.memory import MemoryJournal
from carepool.journal.port import Conflict, SameKey
from carepool.pool import facts
from carepool.pool.accounts import Account, Entry, Heading, Posting, faulty
from carepool.pool.approving import Side
from carepool.pool.books import Books, Contribution, Opening, Partner, Stage, stream_of
from carepool.pool.facts import books_of
from carepool.pool.releases import (
    approve_release,
    dues,
    keep_money,
    open_pool,
    propose_release,
)

START = datetime(2015, 4, 1, 9, tzinfo=UTC)
Q4, Q1, Q2, Q3 = quarters_between(Quarter(2014, 4), Quarter(2015, 3))
STATEMENT, PLAN = "5" * 64, "b" * 64
KENT, NORTH, SOUTH = "E10000016", "09C", "10A"

OPENING = Opening(
    agreement="Kent better care fund",
    host=KENT,
    partners=(Partner(KENT, "council"), Partner(NORTH, "ccg"), Partner(SOUTH, "ccg")),
    plan="2014-08.E10000016",
    plan_digest=PLAN,
    contributions=(
        Contribution(KENT, "disabled_facilities_grant", 200_000_00),
        Contribution(NORTH, "additional_nhs", 1_000_000_00, contingent=521_500_00),
        Contribution(NORTH, "carers_breaks", 50_000_00),
        Contribution(SOUTH, "additional_nhs", 300_000_00, contingent=100_00),
    ),
)
HALF: dict[Quarter, Pence | None] = {Q4: 64_070_00, Q1: 65_560_00, Q2: 0, Q3: 131_120_00}
"""What a statement asks of the CCG in the north, once all is known."""
NOTHING: dict[Quarter, Pence | None] = {Q4: 0, Q1: 0, Q2: 0, Q3: 0}


class Pool:
    """A pool in a journal of its own, where every command is a day later than the one before."""

    def __init__(self, opening: Opening | None = OPENING) -> None:
        self.journal = MemoryJournal()
        self.day = 0
        if opening:
            assert isinstance(self.open(opening), Done)

    @property
    def books(self) -> Books:
        return books_of("kent", "2015-16", self.journal.read(stream_of("kent", "2015-16")))

    def do(
        self, decide: Callable[[Books], Decision | Refused], by: str = "ann", key: str = ""
    ) -> Done | Refused:
        self.day += 1
        return perform(
            self.journal,
            decide,
            load=lambda reading: books_of("kent", "2015-16", reading.read(stream_of("kent", "2015-16"))),
            by=by,
            key=key or f"key-{self.day}",
            request=key or self.day,
            clock=lambda: START + timedelta(days=self.day),
        )

    def open(self, opening: Opening = OPENING) -> Done | Refused:
        return self.do(lambda books: open_pool(books, opening))

    def propose(
        self, quarter: Quarter = Q4, pence: Pence | None = None, due: dict[Quarter, Pence | None] = HALF
    ) -> Done | Refused:
        asked = due.get(quarter, 0) if pence is None else pence
        return self.do(lambda books: propose_release(books, quarter, NORTH, asked or 0, STATEMENT, due=due))

    def approve(self, side: Side, by: str, quarter: Quarter = Q4, key: str = "") -> Done | Refused:
        return self.do(lambda books: approve_release(books, quarter, NORTH, side, by), by, key)

    def release(self, quarter: Quarter) -> None:
        assert isinstance(self.propose(quarter), Done)
        assert isinstance(self.approve(Side.CCG, "carol", quarter), Done)
        assert isinstance(self.approve(Side.HOST, "harry", quarter), Done)

    def keep(self, north: dict[Quarter, Pence | None] = HALF) -> Done | Refused:
        return self.do(lambda books: keep_money(books, {NORTH: north, SOUTH: NOTHING}, STATEMENT))


def said(found: Done | Refused) -> str:
    assert isinstance(found, Refused), found
    return found.says


def with_(**changes: object) -> Opening:
    fields = {name: getattr(OPENING, name) for name in Opening.__slots__}
    return Opening(**{**fields, **changes})  # type: ignore[arg-type]


def test_performance_money_opens_off_the_pool() -> None:
    """A pool opens with what its partners put in, by source; performance money stays with each CCG, contingent on being earned.

    Of 1,050,000 pounds from the CCG in the north, 521,500 are performance money: 528,500 are in the pool.
    """
    books = Pool().books
    north = books.by_party[NORTH]
    assert (north.contributed, north.contingent, north.held) == (528_500_00, 521_500_00, 521_500_00)
    assert books.amount(Heading.CONTRIBUTED, NORTH) == 528_500_00
    assert books.in_pool() == 200_000_00 + 528_500_00 + 299_900_00
    totals = books.totals
    assert (totals.contingent, totals.released, totals.kept) == (521_600_00, 0, 0)
    assert totals.in_pool + totals.contingent == sum(each.pence for each in OPENING.contributions)


def test_two_sets_of_books_balance_each_by_itself() -> None:
    """The pool's books hold what was put in, each CCG's what it still holds; debits less credits is zero in every one."""
    pool = Pool()
    pool.release(Q4)
    assert [pool.books.trial_balance(book) for book in (None, "pool", NORTH, SOUTH)] == [0, 0, 0, 0]
    assert {account.book for account in pool.books.balances} == {"pool", NORTH, SOUTH}


def test_a_pool_is_opened_once_for_an_agreement() -> None:
    """Opening again is refused, and so is an agreement without a title, without a council or a CCG, or with one twice."""
    assert said(Pool().open()) == (
        "The pool kent of 2015-16 is open already. Go to its books; a year is opened once."
    )
    new = Pool(None)
    assert "section 75 agreement" in said(new.open(with_(agreement=" ")))
    assert "a board is no partner" in said(new.open(with_(partners=(Partner(KENT, "council"),), host=KENT)))
    assert "named twice" in said(new.open(with_(partners=(*OPENING.partners, Partner(NORTH, "ccg")))))
    assert new.books == Books("kent", "2015-16")


def test_the_host_is_a_council_or_a_ccg_never_the_board() -> None:
    """Who holds the pooled account is a partner of the agreement: a council, or a CCG that may then also release to itself."""
    assert said(Pool(None).open(with_(host="HWB_BP"))) == (
        "The host, HWB_BP, is no partner of the agreement. The host is a council or a CCG, never the board: "
        "choose one of E10000016, 09C, 10A."
    )
    assert isinstance(Pool(None).open(with_(host=NORTH)), Done)


@pytest.mark.parametrize(
    ("contribution", "says"),
    [
        (Contribution("07K", "carers_breaks", 1), "07K is no partner"),
        (Contribution(NORTH, "carers_breaks", -1), "zero or more"),
        (Contribution(NORTH, "carers_breaks", 0.5), "whole pence"),  # type: ignore[arg-type]
        (Contribution(KENT, "social_care_capital", 5, contingent=5), "only a CCG has performance money"),
        (Contribution(NORTH, "additional_nhs", 500, contingent=501), "£5.01 of performance money is more"),
        (Contribution(NORTH, "carers/breaks", 5), "no account"),
    ],
)
def test_a_contribution_that_does_not_fit_is_refused(contribution: Contribution, says: str) -> None:
    """Contributions come from partners, in whole pence, and performance money is a part of what a CCG puts in."""
    assert says in said(Pool(None).open(with_(contributions=(contribution,))))


def test_a_release_needs_two_approvers() -> None:
    """A release is proposed, approved for the CCG and approved for the host, in either order; with the second it is posted."""
    for first, second, stage in [
        (Side.CCG, Side.HOST, Stage.APPROVED_BY_CCG),
        (Side.HOST, Side.CCG, Stage.APPROVED_BY_HOST),
    ]:
        pool = Pool()
        pool.propose()
        assert pool.books.releases[Q4, NORTH].stage is Stage.PROPOSED
        pool.approve(first, "carol")
        assert pool.books.releases[Q4, NORTH].stage is stage
        assert pool.books.position(NORTH).released == 0
        done = pool.approve(second, "harry")
        assert isinstance(done, Done)
        assert [fact.kind for fact in done.facts] == ["ReleaseApproved", "ReleasePosted"]
        assert [fact.on_behalf_of for fact in done.facts] == [NORTH if second is Side.CCG else KENT, None]
        assert pool.books.releases[Q4, NORTH].stage is Stage.RELEASED
        assert pool.books.awaiting() == ()


def test_a_release_moves_money_from_the_ccg_to_the_pool() -> None:
    """What was contingent and held by the CCG is released into the pool, to the penny, citing the statement it was earned by."""
    pool = Pool()
    pool.release(Q4)
    north = pool.books.by_party[NORTH]
    assert (north.contingent, north.released, north.kept) == (457_430_00, 64_070_00, 0)
    assert north.in_pool == 592_570_00
    assert pool.books.held(NORTH) == 457_430_00
    (posting,) = [each for each in pool.books.postings if each.id == "release/2014-15Q4/09C"]
    assert posting.cites == (STATEMENT,)
    assert posting.on == date(2015, 4, 5)


def test_the_page_says_whom_a_release_awaits() -> None:
    """Each release says where it stands in words: awaiting whom since when, or released on which day."""
    pool = Pool()
    pool.propose()
    assert pool.books.awaiting()[0].says == "awaiting the CCG and the host since 3 April 2015"
    pool.approve(Side.CCG, "carol")
    assert pool.books.awaiting()[0].says == "awaiting the host since 3 April 2015"
    pool.approve(Side.HOST, "harry")
    assert pool.books.releases[Q4, NORTH].says == "released on 5 April 2015"


@pytest.mark.parametrize("host", [KENT, NORTH])
def test_nobody_approves_for_both_sides(host: str) -> None:
    """One account never approves for the CCG and for the host, also where the host is that CCG itself."""
    pool = Pool(with_(host=host))
    pool.propose()
    pool.approve(Side.CCG, "carol")
    assert said(pool.approve(Side.HOST, "carol")) == (
        "You approved the release of £64,070 from 09C for 2014-15Q4 for the CCG, and nobody approves for both sides. "
        "Ask another officer of the host to approve it."
    )
    assert isinstance(pool.approve(Side.HOST, "harry"), Done)


def test_a_side_approves_once() -> None:
    """A second approval for the same side is refused, whoever gives it, and says whom the release awaits."""
    pool = Pool()
    pool.propose()
    pool.approve(Side.CCG, "carol")
    assert said(pool.approve(Side.CCG, "cyril")) == (
        "The CCG approved the release of £64,070 from 09C for 2014-15Q4 on 4 April 2015. "
        "It is awaiting the host since 3 April 2015: ask them."
    )


def test_a_quarter_is_released_once() -> None:
    """After a release neither another proposal nor another approval of that quarter and CCG moves anything."""
    pool = Pool()
    pool.release(Q4)
    before = pool.books
    says = (
        "The release of £64,070 from 09C for 2014-15Q4 was made on 5 April 2015. A quarter is released once"
    )
    assert says in said(pool.propose())
    assert says in said(pool.approve(Side.HOST, "hilda"))
    assert pool.books == before


def test_a_request_sent_twice_is_carried_out_once() -> None:
    """The same request with the same key is answered as before; the key with another request is a conflict."""
    pool = Pool()
    pool.propose()
    pool.approve(Side.CCG, "carol", key="k")
    again = pool.approve(Side.CCG, "carol", key="k")
    assert isinstance(again, Done)
    assert again.again
    assert again.answer == {
        "stream": "pool/kent/2015-16", "quarter": "2014-15Q4", "ccg": NORTH, "pence": 64_070_00, "stage": "Approved by the CCG",
    }  # fmt: skip
    with pytest.raises(SameKey):
        perform(
            pool.journal, lambda _: Refused(""), load=lambda _: None, by="carol", key="k", request="other", clock=lambda: START
        )  # fmt: skip


def test_of_two_approvals_on_the_same_books_one_is_written() -> None:
    """Two who decide on the same version of the books cannot both write: the later reads again, and sees the release made."""
    pool = Pool()
    pool.propose()
    pool.approve(Side.CCG, "carol")
    seen, version = pool.books, pool.journal.version(stream_of("kent", "2015-16"))
    decided = [approve_release(seen, Q4, NORTH, Side.HOST, by) for by in ("harry", "hilda")]
    append = lambda each, by: pool.journal.append(
        each.facts, expecting={stream_of("kent", "2015-16"): version}, by=by, at=START
    )
    append(decided[0], "harry")
    with pytest.raises(Conflict):
        append(decided[1], "hilda")
    assert "was made on" in said(pool.approve(Side.HOST, "hilda"))
    assert pool.books.position(NORTH).released == 64_070_00


def test_proposing_the_same_again_writes_nothing() -> None:
    """Before anybody has approved, an equal proposal is accepted and writes nothing; any other, or a later one, is refused."""
    pool = Pool()
    pool.propose()
    again = pool.propose()
    assert isinstance(again, Done)
    assert again.facts == ()
    assert "what approvers may have seen is not changed" in said(pool.propose(pence=1))
    pool.approve(Side.HOST, "harry")
    assert said(pool.propose()) == (
        "The release of £64,070 from 09C for 2014-15Q4 has been proposed, and what approvers may have seen is not changed. "
        "It is awaiting the CCG since 3 April 2015: have it decided first."
    )


def test_a_proposal_is_what_the_statement_asks() -> None:
    """The amount proposed is the one due by the statement; a quarter without outturn, or not in it, or below zero, cannot be proposed."""
    pool = Pool()
    assert said(pool.propose(pence=64_070_01)) == (
        "The statement asks £64,070 of 09C for 2014-15Q4, not £64,070.01. "
        "Look at the statement again and propose what it says."
    )
    assert "not known yet" in said(pool.propose(due={**HALF, Q4: None}))
    assert "is not in the statement" in said(pool.propose(Q4.plus(4)))
    assert "What goes back is no release" in said(pool.propose(pence=-5, due={Q4: -5}))
    assert "£64,070 of 09C for 2014-15Q4, not £0." in said(pool.propose(pence=0))


def test_zero_pence_is_said_not_posted() -> None:
    """A quarter that has earned nothing needs no release and no approver."""
    assert said(Pool().propose(Q2)) == (
        "2015-16Q2 has earned nothing from 09C. There is nothing to release or to approve."
    )


def test_quarters_are_proposed_in_order() -> None:
    """A quarter waits for every earlier one that has money due; one that earned nothing is passed over."""
    pool = Pool()
    assert said(pool.propose(Q1)) == (
        "2014-15Q4 comes before 2015-16Q1, and £64,070 that it earned from 09C is not proposed yet. "
        "Propose 2014-15Q4 first."
    )
    pool.propose(Q4)
    assert isinstance(pool.propose(Q1), Done)
    assert isinstance(pool.propose(Q3), Done)


def test_no_more_is_proposed_than_is_held() -> None:
    """Proposals still waiting have spoken for their money: together they never come to more than the CCG holds."""
    pool = Pool()
    due: dict[Quarter, Pence | None] = {Q4: 500_000_00, Q1: 21_500_01}
    pool.propose(Q4, due=due)
    assert pool.books.free(NORTH) == 21_500_00
    assert "09C has £21,500 off the pool" in said(pool.propose(Q1, due=due))
    assert isinstance(pool.propose(Q1, due={**due, Q1: 21_500_00}), Done)


def test_what_is_approved_has_been_proposed() -> None:
    """An approval without a proposal, of another CCG, or in a pool that is not open, is refused with what to do."""
    assert said(Pool().approve(Side.CCG, "carol")) == (
        "No release of 2014-15Q4 from 09C is proposed. Propose it first, with its statement."
    )
    new = Pool(None)
    for each in (new.propose(), new.approve(Side.CCG, "carol"), new.keep()):
        assert said(each) == (
            "The pool kent of 2015-16 is not open. Open it first, from the signed-off plan."
        )
    other = Pool().do(lambda books: propose_release(books, Q4, KENT, 1, STATEMENT, due={Q4: 1}))
    assert said(other) == "E10000016 is no CCG of this pool. Choose one of 09C, 10A."


def test_what_is_never_earned_stays_with_the_ccg() -> None:
    """When all outturns are known and all that was earned is released, the rest is kept by the CCGs and nothing is contingent."""
    pool = Pool()
    for quarter in (Q4, Q1, Q3):
        pool.release(quarter)
    done = pool.keep()
    assert isinstance(done, Done)
    north = pool.books.by_party[NORTH]
    assert (north.contingent, north.released, north.kept) == (0, 260_750_00, 260_750_00)
    assert pool.books.held(NORTH) == 260_750_00
    assert pool.books.by_party[SOUTH].kept == 100_00
    assert pool.books.trial_balance() == 0


def test_money_is_not_kept_while_it_may_be_earned() -> None:
    """The year is not closed before every outturn is known, and everything due is proposed, approved and released."""
    pool = Pool()
    assert "The outturn of 2015-16Q3 is not known for 09C" in said(pool.keep({**HALF, Q3: None}))
    assert "The outturn of every quarter is not known" in said(pool.keep({}))
    assert "£64,070 that 2014-15Q4 earned from 09C is not released" in said(pool.keep())
    pool.release(Q4)
    pool.propose(Q1)
    pool.propose(Q3)
    assert said(pool.keep()) == (
        "The release of £65,560 from 09C for 2015-16Q1 is awaiting the CCG and the host since 9 April 2015. "
        "Have it approved before the year is closed."
    )


def test_a_closed_year_stays_closed() -> None:
    """Once money is kept, nothing more is proposed or kept."""
    pool = Pool()
    pool.keep(NOTHING)
    says = "The pool kent of 2015-16 was closed on 3 April 2015: what was not earned by then stays with the CCGs."
    assert says in said(pool.propose())
    assert says in said(pool.keep(NOTHING))


def test_a_year_that_earned_everything_closes_with_nothing_kept() -> None:
    """Where all was earned the year closes too, and no posting of nothing is made."""
    only = with_(contributions=OPENING.contributions[1:3])
    pool = Pool(only)
    due: dict[Quarter, Pence | None] = {Q4: 521_500_00, Q1: 0, Q2: 0, Q3: 0}
    pool.propose(Q4, due=due)
    pool.approve(Side.CCG, "carol")
    pool.approve(Side.HOST, "harry")
    assert isinstance(pool.keep(due), Done)
    assert pool.books.kept_at is not None
    assert [each.id for each in pool.books.postings] == ["pool/opened", "release/2014-15Q4/09C"]


def test_an_account_shows_its_lines() -> None:
    """The ledger of an account has a line for every entry, with debit, credit and what is then in the account."""
    pool = Pool()
    pool.release(Q4)
    lines = pool.books.ledger(Account(Heading.HELD, NORTH))
    assert [(line.debit, line.credit, line.balance) for line in lines] == [
        (521_500_00, 0, 521_500_00),
        (0, 64_070_00, 457_430_00),
    ]
    assert [line.says for line in lines] == [
        "Contributions of the year, performance money off the pool",
        "2014-15Q4 earned: released by 09C",
    ]


IN_POOL = Account(Heading.POOL, KENT)
ADDED = Account(Heading.CONTRIBUTED, KENT, "additional")


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ((), "A posting without a line moves nothing"),
        ((Entry(IN_POOL, ADDED, 0),), "Line 1 has an amount of £0. Write one above zero"),
        ((Entry(IN_POOL, ADDED, -1),), "Write one above zero; to take back, exchange the accounts"),
        ((Entry(IN_POOL, ADDED, 2.5),), "Write it in whole pence"),  # type: ignore[arg-type]
        ((Entry(IN_POOL, ADDED, True),), "Write it in whole pence"),
        ((Entry(ADDED, ADDED, 1),), "to itself. Name two accounts"),
        ((Entry(IN_POOL, Account(Heading.CONTRIBUTED, "0/7K"), 1),), "no account"),
        ((Entry(ADDED, IN_POOL, 1),), "It would take £0.01 out of contributed/E10000016/additional, which has £0"),
        ((Entry(IN_POOL, Account(Heading.HELD, NORTH), 1),), "out of one set of books into another"),
    ],
)  # fmt: skip
def test_lines_that_are_wrong_are_refused(lines: tuple[Entry, ...], why: str) -> None:
    """Amounts are whole pence above zero, no account falls below zero, and an entry stays in one set of books."""
    refused = faulty({}, lines)
    assert refused
    assert why in refused.says


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ([facts.opened("kent", "2015-16", OPENING)], "the pool opens once"),
        ([facts.released("kent", "2015-16", Q4, NORTH, 1)], "no such release is proposed"),
        ([facts.proposed("kent", "2015-16", Q4, NORTH, 5, STATEMENT),
          facts.released("kent", "2015-16", Q4, NORTH, 5)], "two accounts on two sides"),
        ([facts.proposed("kent", "2015-16", Q4, NORTH, 5, STATEMENT),
          facts.approved("kent", "2015-16", Q4, NORTH, Side.CCG, NORTH),
          facts.approved("kent", "2015-16", Q4, NORTH, Side.HOST, KENT),
          facts.released("kent", "2015-16", Q4, NORTH, 5)], "two accounts on two sides"),
        ([facts.posted("kent", "2015-16", Posting("", "x", START.date(), (Entry(IN_POOL, Account(Heading.HELD, NORTH), 1),)))],
         "out of one set of books into another, so neither would balance"),
        ([facts.kept("kent", "2015-16", {NORTH: 1}, STATEMENT)], "exactly what is contingent"),
    ],
)  # fmt: skip
def test_books_that_are_wrong_are_not_shown(new: list[NewFact], why: str) -> None:
    """Facts that no decision could have written, all by one account here, are an error to look into and never a balance."""
    pool, stream = Pool(), stream_of("kent", "2015-16")
    pool.journal.append(new, expecting={stream: 1}, by="ann", at=START)
    with pytest.raises(Unusable, match=why):
        _ = pool.books


def test_a_payment_is_split_by_what_each_ccg_still_has() -> None:
    """Each quarter's payment is split exactly by what is left off the pool, so no CCG is ever asked for a penny too many.

    Splitting the sum paid so far by people does not promise that. Of eleven pence at weights 6, 6 and 2 the third has one;
    of ten paid, it would be asked for two.
    """
    split = dues({Q4: 10, Q1: 1, Q2: None}, {"A": 5, "B": 5, "C": 1})
    assert split == {
        "A": {Q4: 5, Q1: 0, Q2: None},
        "B": {Q4: 4, Q1: 1, Q2: None},
        "C": {Q4: 1, Q1: 0, Q2: None},
    }
    with pytest.raises(Unusable, match="for 2014-15Q4 cannot be split: the CCGs have"):
        dues({Q4: 12}, {"A": 5, "B": 5, "C": 1})
