"""The pooled account: every event of a year entered in double entry, or refused with what to do instead."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from carepool.basics.money import Pence
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.commands import Decision, Done, perform
from carepool.journal.memory import MemoryJournal
from carepool.journal.port import Said
from carepool.pool import facts
from carepool.pool.accounts import THE_POOL, Account, Entry, Event, Heading, Posting
from carepool.pool.assertions import check
from carepool.pool.balances import WITHOUT_LINES, balances_of
from carepool.pool.books import Books, Contribution, Grant, Opening, Partner, Scheme, stream_of
from carepool.pool.entering import close_month, end_year, enter
from carepool.pool.events import Asked
from carepool.pool.facts import books_of
from carepool.pool.releases import open_pool
from carepool.pool.shelf import Shelf

START = datetime(2015, 4, 1, 9, tzinfo=UTC)
COUNCIL, CCG, DISTRICT = "ZZ1", "Z1A", "ZZ11"
STREAM = stream_of("merrow", "2015-16")
JUNE = date(2015, 6, 15)
NHS, DFG = "additional_nhs", "disabled_facilities_grant"

OPENING = Opening(
    agreement="Merrow better care fund (fictitious)",
    host=COUNCIL,
    partners=(Partner(COUNCIL, "council"), Partner(CCG, "ccg")),
    plan="merrow",
    plan_digest="b" * 64,
    contributions=(Contribution(COUNCIL, DFG, 40_000_00), Contribution(CCG, NHS, 100_000_00)),
    schemes=(
        Scheme("s1", "Rapid response", {NHS: 60_000_00}, lead=CCG),
        Scheme("s2", "Reablement", {NHS: 40_000_00}, social_care=True, lead=COUNCIL),
        Scheme("s3", "Adaptations", {DFG: 40_000_00}, social_care=True, lead=COUNCIL),
    ),
    grants=(
        Grant(DFG, "Disabled facilities grant 2015-16 (fictitious)", "DCLG", COUNCIL, 40_000_00, "", {DISTRICT: 30_000_00}),
    ),
)  # fmt: skip


class Pool:
    """An open pool in a journal of its own."""

    def __init__(self, opening: Opening = OPENING) -> None:
        self.journal, self.requests, self.shelf = MemoryJournal(), 0, Shelf()
        self.today = JUNE
        assert isinstance(self.do(lambda books: open_pool(books, opening)), Done)

    @property
    def books(self) -> Books:
        return books_of("merrow", "2015-16", self.journal.read(STREAM))

    def do(self, decide: Callable[[Books], Decision | Refused]) -> Done | Refused:
        self.requests += 1
        return perform(
            self.journal,
            decide,
            load=lambda reading: self.shelf.now("merrow", "2015-16", reading.after),
            by="ann",
            key=f"key-{self.requests}",
            request=self.requests,
            clock=lambda: START + timedelta(minutes=self.requests),
        )

    def ask(
        self, event: Event, pence: Pence = 0, up_to: Pence | None = None, **about: object
    ) -> Done | Refused:
        on = about.pop("on", JUNE)
        asked = Asked(event, on, pence, **about)
        return self.do(lambda books: enter(books, asked, up_to=up_to))

    def enter(self, event: Event, pence: Pence = 0, **about: object) -> str:
        """Enters what must be accepted, and gives its number."""
        done = self.ask(event, pence, **about)
        assert isinstance(done, Done), done
        assert isinstance(done.answer, dict)
        return str(done.answer["posting"])

    def refused(self, event: Event, pence: Pence = 0, up_to: Pence | None = None, **about: object) -> str:
        before = self.books
        found = self.ask(event, pence, up_to, **about)
        assert isinstance(found, Refused), found
        assert self.books == before
        return found.says

    def close(self, month: str) -> Done | Refused:
        return self.do(lambda books: close_month(books, month, today=self.today))

    def of(self, heading: Heading, party: str | None = None) -> Pence:
        return self.books.amount(heading, party)


def test_a_contribution_is_promised_invoiced_and_received() -> None:
    """What the partners agree is promised; an invoice asks for it; what is received is in the pool, with its host."""
    pool = Pool()
    assert (pool.of(Heading.PROMISED, CCG), pool.books.cash) == (100_000_00, 0)
    pool.enter(Event.INVOICED, 25_000_00, party=CCG, source=NHS)
    pool.enter(Event.RECEIVED, 20_000_00, party=CCG, source=NHS)
    assert (pool.of(Heading.PROMISED, CCG), pool.of(Heading.INVOICED, CCG), pool.books.cash) == (
        75_000_00, 5_000_00, 20_000_00,
    )  # fmt: skip
    assert pool.books.position(CCG).contributed == 100_000_00


def test_an_invoice_of_vat_alone_uses_nothing_of_a_commitment() -> None:
    """VAT that comes back is no cost: it is owed and had back, and what was ordered stays ordered."""
    pool = Pool()
    order = pool.enter(Event.COMMITTED, 1_000_00, scheme="s1", source=NHS)
    vat = pool.enter(Event.SPENT, 0, vat=200_00, scheme="s1", source=NHS, payee="trust", of=order)
    assert (pool.books.open[order], pool.of(Heading.VAT), pool.of(Heading.OWED, "trust")) == (
        1_000_00,
        200_00,
        200_00,
    )
    pool.enter(Event.REVERSED, of=vat)
    assert (pool.books.open[order], pool.of(Heading.VAT)) == (1_000_00, 0)
    assert "moves nothing" in pool.refused(Event.SPENT, 0, scheme="s1", source=NHS, payee="trust", of=order)


def test_an_instalment_is_received_without_an_invoice_too() -> None:
    """What is paid in beyond what was invoiced comes off what was promised, and no more than that."""
    pool = Pool()
    pool.enter(Event.INVOICED, 5_000_00, party=CCG, source=NHS)
    pool.enter(Event.RECEIVED, 25_000_00, party=CCG, source=NHS)
    assert (pool.of(Heading.PROMISED, CCG), pool.of(Heading.INVOICED, CCG)) == (75_000_00, 0)
    assert "It would take £80,000.01 out of promised/Z1A/additional_nhs, which has £75,000." in pool.refused(
        Event.RECEIVED, 80_000_01, party=CCG, source=NHS
    )


def test_a_contribution_is_varied_as_the_partners_agree() -> None:
    """A contribution is raised or lowered by an event of its own; what is invoiced already is refunded and not lowered."""
    pool = Pool()
    pool.enter(Event.CONTRIBUTED, 10_000_00, party=COUNCIL, source="additional")
    pool.enter(Event.LOWERED, 1_000_00, party=COUNCIL, source="additional")
    assert pool.books.position(COUNCIL).contributed == 49_000_00
    assert "no partner of the agreement" in pool.refused(
        Event.CONTRIBUTED, 1, party="07K", source="additional"
    )


def test_spending_is_net_with_vat_apart() -> None:
    """What is spent is net; VAT that comes back is owed by the tax office, and VAT that does not is a cost of the scheme."""
    pool = Pool()
    pool.enter(Event.SPENT, 10_000_00, scheme="s1", source=NHS, payee=CCG, irrecoverable=2_000_00)
    pool.enter(Event.SPENT, 5_000_00, scheme="s2", source=NHS, payee="care-at-home", vat=1_000_00)
    assert (pool.of(Heading.SPENT), pool.of(Heading.IRRECOVERABLE), pool.of(Heading.VAT)) == (
        15_000_00, 2_000_00, 1_000_00,
    )  # fmt: skip
    assert (pool.of(Heading.OWED, CCG), pool.of(Heading.OWED, "care-at-home")) == (12_000_00, 6_000_00)
    assert (pool.books.left("s1", NHS), pool.books.left("s2", NHS)) == (48_000_00, 35_000_00)


def test_what_is_owed_is_paid_or_set_off() -> None:
    """The pool pays what it owes from what is in it; a partner that spent for the pool can pay that much less in."""
    pool = Pool()
    pool.enter(Event.SPENT, 10_000_00, scheme="s1", source=NHS, payee=CCG)
    assert "which has £0" in pool.refused(Event.SETTLED, 4_000_00, payee=CCG)
    pool.enter(Event.RECEIVED, 5_000_00, party=CCG, source=NHS)
    pool.enter(Event.SETTLED, 4_000_00, payee=CCG)
    pool.enter(Event.OFFSET, 6_000_00, party=CCG, source=NHS)
    assert (pool.of(Heading.OWED, CCG), pool.of(Heading.PROMISED, CCG), pool.books.cash) == (
        0,
        89_000_00,
        1_000_00,
    )
    assert "is owed £0. Pay no more than that" in pool.refused(Event.SETTLED, 1, payee=CCG)


def test_a_commitment_is_used_by_what_is_spent_on_it() -> None:
    """Committed money is set aside; spending on it uses it up; what is over at the end is released."""
    pool = Pool()
    order = pool.enter(Event.COMMITTED, 30_000_00, scheme="s1", source=NHS)
    assert pool.books.left("s1", NHS) == 30_000_00
    pool.enter(Event.SPENT, 28_000_00, scheme="s1", source=NHS, payee=CCG, irrecoverable=1_000_00, of=order)
    assert (pool.books.open[order], pool.books.left("s1", NHS)) == (1_000_00, 30_000_00)
    assert "£1,000 is left of posting" in pool.refused(Event.UNCOMMITTED, 1_000_01, of=order)
    pool.enter(Event.UNCOMMITTED, of=order)
    assert (order in pool.books.open, pool.of(Heading.COMMITTED), pool.books.left("s1", NHS)) == (
        False,
        0,
        31_000_00,
    )


def test_an_accrual_counts_until_it_is_reversed() -> None:
    """What was had and not invoiced by the month's end is accrued, and reversed in the next when the invoice comes."""
    pool = Pool()
    accrual = pool.enter(
        Event.ACCRUED, 7_000_00, scheme="s2", source=NHS, payee="care-at-home", on=date(2015, 6, 30)
    )
    assert (pool.of(Heading.SPENT), pool.of(Heading.ACCRUED)) == (7_000_00, 7_000_00)
    pool.enter(Event.UNACCRUED, of=accrual, on=date(2015, 7, 1))
    pool.enter(Event.SPENT, 6_900_00, scheme="s2", source=NHS, payee="care-at-home", on=date(2015, 7, 3))
    assert (pool.of(Heading.SPENT), pool.of(Heading.ACCRUED)) == (6_900_00, 0)
    assert "Nothing is left of posting" in pool.refused(Event.UNACCRUED, of=accrual)


def test_an_accrual_reversed_gives_back_the_commitment_that_it_used() -> None:
    """The invoice that comes then uses the commitment: the first pounds reversed are set aside again, and no pound twice."""
    pool = Pool()
    order = pool.enter(Event.COMMITTED, 5_000_00, scheme="s1", source=NHS)
    accrual = pool.enter(Event.ACCRUED, 6_000_00, scheme="s1", source=NHS, payee=CCG, of=order)
    assert (order in pool.books.open, pool.books.left("s1", NHS)) == (False, 54_000_00)
    pool.enter(Event.UNACCRUED, 4_000_00, of=accrual)
    assert (pool.books.open[order], pool.of(Heading.COMMITTED), pool.books.left("s1", NHS)) == (
        4_000_00,
        4_000_00,
        54_000_00,
    )
    pool.enter(Event.UNACCRUED, of=accrual)
    assert (pool.books.open[order], pool.of(Heading.SPENT), pool.books.left("s1", NHS)) == (
        5_000_00,
        0,
        55_000_00,
    )
    pool.enter(Event.SPENT, 6_000_00, scheme="s1", source=NHS, payee=CCG, of=order)
    assert (pool.books.open, pool.books.left("s1", NHS)) == ({}, 54_000_00)


def test_an_event_names_another_posting_only_where_it_uses_one() -> None:
    """A contribution that names a commitment is refused: what is written would otherwise be read as using it."""
    pool = Pool()
    order = pool.enter(Event.COMMITTED, 1_00, scheme="s1", source=NHS)
    assert "uses no other posting" in pool.refused(Event.CONTRIBUTED, 1, party=CCG, source=NHS, of=order)


@pytest.mark.parametrize("event", [Event.SPENT, Event.COMMITTED, Event.ACCRUED])
def test_the_last_pound_is_spent_once(event: Event) -> None:
    """Nobody spends, commits or accrues more of a source than the scheme's budget leaves."""
    pool = Pool()
    pool.enter(Event.COMMITTED, 59_999_00, scheme="s1", source=NHS)
    assert pool.refused(event, 1_01, scheme="s1", source=NHS, payee=CCG) == (
        "It would take £1.01 of additional_nhs for the scheme s1, which has £1 left. "
        "Take no more than that, or have budget moved to the scheme first."
    )
    pool.enter(event, 1_00, scheme="s1", source=NHS, payee=CCG)
    assert pool.books.left("s1", NHS) == 0


def test_budget_is_moved_within_a_source_and_a_limit() -> None:
    """Budget moves from scheme to scheme within its source, up to what is left and up to who asks may move."""
    pool = Pool()
    pool.enter(Event.REDEPLOYED, 10_000_00, scheme="s1", to_scheme="s2", source=NHS)
    assert (pool.books.left("s1", NHS), pool.books.left("s2", NHS)) == (50_000_00, 50_000_00)
    assert "is beyond your authority, which ends at £5,000" in pool.refused(
        Event.REDEPLOYED, 5_000_01, 5_000_00, scheme="s1", to_scheme="s2", source=NHS
    )
    pool.enter(Event.COMMITTED, 1_00, scheme="s1", source=NHS)
    assert (
        "It would take £50,000 of additional_nhs for the scheme s1, which has £49,999 left"
        in pool.refused(Event.REDEPLOYED, 50_000_00, scheme="s1", to_scheme="s2", source=NHS)
    )
    assert "The pool has no scheme s9. It has: s1, s2, s3." in pool.refused(
        Event.REDEPLOYED, 1, scheme="s1", to_scheme="s9", source=NHS
    )


def test_people_are_charged_for_social_care_alone() -> None:
    """Client contributions are the council's income against chargeable social care: never for what the NHS does."""
    pool = Pool()
    pool.enter(Event.CHARGED, 500_00, party=COUNCIL, scheme="s2")
    pool.enter(Event.RECEIVED, 500_00, party=COUNCIL, source="client_contributions")
    assert (pool.of(Heading.CHARGES), pool.books.cash) == (500_00, 500_00)
    assert "what the NHS does is free" in pool.refused(Event.CHARGED, 1, party=COUNCIL, scheme="s1")
    assert "Only a council charges people" in pool.refused(Event.CHARGED, 1, party=CCG, scheme="s2")


def test_a_capital_grant_goes_on_to_its_districts() -> None:
    """A grant is passed on as its determination says: to the districts named, and no more than their part."""
    pool = Pool()
    pool.enter(Event.RECEIVED, 40_000_00, party=COUNCIL, source=DFG)
    pool.enter(Event.PASSED_ON, 29_000_00, party=DISTRICT, source=DFG)
    assert (pool.of(Heading.PASSED, DISTRICT), pool.books.cash) == (29_000_00, 11_000_00)
    assert "Pass on no more than £1,000" in pool.refused(
        Event.PASSED_ON, 1_000_01, party=DISTRICT, source=DFG
    )
    assert "and not to ZZ12" in pool.refused(Event.PASSED_ON, 1, party="ZZ12", source=DFG)
    assert "no capital grant called additional_nhs" in pool.refused(
        Event.PASSED_ON, 1, party=DISTRICT, source=NHS
    )


def test_no_less_of_a_grant_is_put_in_than_was_taken_of_it() -> None:
    """What is spent, ordered or passed on of a grant stays put in, whether its contribution is lowered or reversed."""
    pool = Pool()
    pool.enter(Event.CONTRIBUTED, 5_000_00, party=COUNCIL, source=DFG)
    raised = pool.books.postings[-1].id
    pool.enter(Event.RECEIVED, 30_000_00, party=COUNCIL, source=DFG)
    pool.enter(Event.PASSED_ON, 29_000_00, party=DISTRICT, source=DFG)
    pool.enter(Event.COMMITTED, 12_000_00, scheme="s3", source=DFG)
    for refused in (
        pool.refused(Event.LOWERED, 4_000_01, party=COUNCIL, source=DFG),
        pool.refused(Event.REVERSED, of=raised),
    ):
        assert "Lower it by no more than £4,000" in refused
    pool.enter(Event.LOWERED, 4_000_00, party=COUNCIL, source=DFG)


def test_a_source_of_which_more_is_spent_than_agreed_is_found() -> None:
    """A contribution lowered below what was spent of it is pointed out, also where another source has more than its budget."""
    pool = Pool()
    pool.enter(Event.CONTRIBUTED, 70_000_00, party=COUNCIL, source="additional")
    pool.enter(Event.SPENT, 55_000_00, scheme="s1", source=NHS, payee="trust")
    assert "pool-source-short" not in {each.code for each in check(pool.books, JUNE)}
    pool.enter(Event.LOWERED, 70_000_00, party=CCG, source=NHS)
    (found,) = (each for each in check(pool.books, JUNE) if each.code == "pool-source-short")
    assert "£55,000 of additional_nhs is spent, passed on or given back" in found.says
    assert "£30,000: £25,000 is nobody’s" in found.says.replace("'", "’")


def test_the_transfer_of_2014_stands_apart() -> None:
    """The section 256 transfer goes from the NHS to the council in books of its own: no pound of it is in the pool."""
    pool = Pool()
    before = pool.books.trial_balance(THE_POOL), pool.books.cash
    pool.enter(Event.TRANSFERRED, 9_000_00, party=COUNCIL, payee="nhs_england")
    pool.enter(Event.APPLIED, 4_000_00, party=COUNCIL, scheme="protecting-services")
    assert (pool.of(Heading.TRANSFER), pool.of(Heading.APPLIED)) == (5_000_00, 4_000_00)
    assert (pool.books.trial_balance("section-256"), pool.books.trial_balance(THE_POOL), pool.books.cash) == (
        0,
        *before,
    )


def test_a_mistake_is_reversed_once_and_never_erased() -> None:
    """A reversal exchanges the accounts of what it takes back; both stay, and what had been used is there again."""
    pool = Pool()
    order = pool.enter(Event.COMMITTED, 10_000_00, scheme="s1", source=NHS)
    spent = pool.enter(Event.SPENT, 4_000_00, scheme="s1", source=NHS, payee=CCG, of=order)
    assert "has been used. Reverse first what used it" in pool.refused(Event.REVERSED, of=order)
    taken = pool.enter(Event.REVERSED, of=spent, says="Entered for the wrong scheme")
    assert (pool.of(Heading.SPENT), pool.of(Heading.OWED), pool.books.open[order]) == (0, 0, 10_000_00)
    assert f"was reversed by posting {taken}" in pool.refused(Event.REVERSED, of=spent)
    assert "which a reversal cannot take back" in pool.refused(Event.REVERSED, of=taken)
    assert "which a reversal cannot take back" in pool.refused(Event.REVERSED, of="pool/opened")
    pool.enter(Event.REVERSED, of=order)
    assert (pool.books.open, pool.books.left("s1", NHS)) == ({}, 60_000_00)


def test_a_month_is_closed_once_it_is_over_and_in_order() -> None:
    """A closed month takes no posting; months are closed in order, and not before they are over."""
    pool = Pool()
    assert "Months are closed in order. Close April 2015 first." in str(pool.close("2015-05"))
    for month in ("2015-04", "2015-05"):
        assert isinstance(pool.close(month), Done)
    assert "June 2015 is not over. Close it from 1 July 2015 on." in str(pool.close("2015-06"))
    assert "closed already" in str(pool.close("2015-05"))
    assert pool.refused(Event.CONTRIBUTED, 1, party=CCG, source=NHS, on=date(2015, 5, 31)) == (
        "May 2015 is closed: its statement has been given. Date it in the first open month, June 2015, "
        "or after the last month is closed enter it as a late adjustment."
    )
    pool.enter(Event.CONTRIBUTED, 1, party=CCG, source=NHS, on=date(2015, 6, 1))


def test_a_late_adjustment_comes_between_the_last_month_and_the_end_of_the_year() -> None:
    """After March is closed the year takes late adjustments alone, marked as such, until its accounts are closed."""
    pool = Pool()
    march = {"on": date(2016, 3, 31), "late": True}
    assert "comes after March is closed" in pool.refused(Event.CONTRIBUTED, 1, party=CCG, source=NHS, **march)
    pool.today = date(2016, 4, 20)
    for month in [f"2015-{each:02}" for each in range(4, 13)] + ["2016-01", "2016-02", "2016-03"]:
        assert isinstance(pool.close(month), Done)
    late = pool.enter(Event.CONTRIBUTED, 1, party=CCG, source=NHS, **march)
    found = pool.books.posting(late)
    assert found
    assert found.late
    assert isinstance(pool.do(end_year), Done)
    assert "The accounts of 2015-16 are closed" in pool.refused(
        Event.CONTRIBUTED, 1, party=CCG, source=NHS, **march
    )


def test_what_is_due_of_a_year_is_paid_after_it() -> None:
    """Money for the year can come, and debts be paid, after 31 March until its accounts are closed; spending then is the next year's."""
    pool = Pool()
    april = date(2016, 4, 11)
    assert "is after 2015-16. What is spent then is the next year's" in pool.refused(
        Event.SPENT, 1, scheme="s1", source=NHS, payee=CCG, on=april
    )
    pool.enter(Event.RECEIVED, 1_00, party=CCG, source=NHS, on=april)
    assert (pool.books.cash, sum(pool.books.until(date(2016, 3, 31)).values())) == (1_00, 0)


@pytest.mark.parametrize("event", [Event.INVOICED, Event.RECEIVED, Event.SETTLED, Event.REFUNDED])
def test_what_moved_within_the_year_is_taken_back_within_it(event: Event) -> None:
    """A receipt or a payment of March is not reversed in April, or the year's cash would be wrong; one of April is."""
    pool, march, april = Pool(), date(2016, 3, 20), date(2016, 4, 11)
    pool.enter(Event.RECEIVED, 50_00, party=CCG, source=NHS)
    pool.enter(Event.SPENT, 9_00, scheme="s1", source=NHS, payee=CCG)
    of = {"payee": CCG} if event is Event.SETTLED else {"party": CCG, "source": NHS}
    within, after = (pool.enter(event, 1_00, on=each, **of) for each in (march, april))
    refused = pool.refused(Event.REVERSED, of=within, on=april)
    assert f"posting {within} is of that year. If its figure is wrong, date this 31 March 2016" in refused
    pool.enter(Event.REVERSED, of=after, on=april)
    pool.enter(Event.REVERSED, of=within, on=date(2016, 3, 31))
    assert {within, after} <= set(pool.books.reversed)


def test_what_is_taken_back_of_a_closed_year_is_a_late_adjustment() -> None:
    """Once March is closed, a receipt of March is taken back as a late adjustment of its last day."""
    pool, march = Pool(), date(2016, 3, 20)
    within = pool.enter(Event.RECEIVED, 1_00, party=CCG, source=NHS, on=march)
    pool.today = date(2016, 4, 20)
    for month in [f"2015-{each:02}" for each in range(4, 13)] + ["2016-01", "2016-02", "2016-03"]:
        assert isinstance(pool.close(month), Done)
    assert "once March is closed as a late adjustment" in pool.refused(
        Event.REVERSED, of=within, on=pool.today
    )
    pool.enter(Event.REVERSED, of=within, on=date(2016, 3, 31), late=True)
    assert pool.books.of_year.cash == 0


def test_the_books_as_they_stood_on_a_day() -> None:
    """Balances up to a day are of what is dated by then, whenever it was entered."""
    pool = Pool(replace(OPENING))
    pool.enter(Event.RECEIVED, 1_00, party=CCG, source=NHS, on=date(2015, 6, 30))
    pool.enter(Event.RECEIVED, 2_00, party=CCG, source=NHS, on=date(2015, 5, 1))
    cash = Account(Heading.POOL, COUNCIL)
    assert [pool.books.until(day).get(cash, 0) for day in (date(2015, 4, 30), date(2015, 5, 1), date(2015, 6, 30))] == [
        0, 2_00, 3_00,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "about", "why"),
    [
        ((Entry(Account(Heading.SPENT, "s1", NHS), Account(Heading.OWED, CCG), 60_000_01),), {}, "which has £60,000 left"),
        ((Entry(Account(Heading.PROMISED, CCG, NHS), Account(Heading.CONTRIBUTED, CCG, NHS), 1),), {"of": "77"}, "no posting 77"),
    ],
)  # fmt: skip
def test_books_that_no_decision_made_are_not_shown(
    lines: tuple[Entry, ...], about: dict[str, str], why: str
) -> None:
    """Facts that overspend a budget or use what is not there are an error to look into, and never a balance."""
    pool = Pool()
    new = facts.posted("merrow", "2015-16", Posting("", "x", JUNE, lines, event=Event.SPENT, **about))
    pool.journal.append([new], expecting={STREAM: 1}, by="ann", at=START)
    with pytest.raises(Unusable, match=why):
        _ = pool.books


def test_books_folded_on_are_the_books_folded_whole() -> None:
    """What is kept folded and carried on from is equal to what all facts come to; another journal is noticed by its chain."""
    pool = Pool()
    for _ in range(3):
        pool.enter(Event.RECEIVED, 1_00, party=CCG, source=NHS)
        read = lambda stream, after: pool.journal.read(stream, after=after)
        assert pool.shelf.now("merrow", "2015-16", read) == pool.books
    other = Pool(replace(OPENING, agreement="Another"))
    other.shelf = pool.shelf
    other.enter(Event.RECEIVED, 5_00, party=CCG, source=NHS)
    assert other.books.cash == 5_00


def test_balances_of_many_pools_are_added_up_without_folding_them() -> None:
    """A million postings are added up in seconds, to the same balances; a kind of fact that it does not know is refused."""
    pool = Pool()
    pool.enter(Event.RECEIVED, 5_00, party=CCG, source=NHS)
    pool.close("2015-04")
    assert balances_of(pool.journal.said("pool/")) == {STREAM: pool.books.balances}
    assert {each.name for each in facts.KINDS} == WITHOUT_LINES | {
        "PoolOpened",
        "Posted",
        "ReleasePosted",
        "CorrectionPosted",
        "MoneyKept",
    }
    with pytest.raises(Unusable, match="a kind that cannot be read here"):
        balances_of([Said(STREAM, 1, "PoolPainted", 1, "{}")])
