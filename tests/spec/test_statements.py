"""A pool's statements: what came in and what was made of it, month by month, each figure with the postings that it is from."""

import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

import docx as word
import openpyxl
import pytest

from carepool.actions.areas import MARK
from carepool.actions.demonstration import Stage, people
from carepool.actions.house import House
from carepool.actions.importing_ledgers import forecast_of_officer
from carepool.actions.pool_log import enter_in_log
from carepool.actions.pools import enter_of
from carepool.actions.statements import StatementOf, give_statement_of, given_content, statement_of
from carepool.basics.money import in_pounds
from carepool.basics.periods import parse_as_at
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Decision, Done
from carepool.journal.memory import MemoryJournal
from carepool.pool import facts
from carepool.pool.accounts import Account, Entry, Event, Heading, Posting
from carepool.pool.books import Books, Contribution, Grant, Opening, Partner, Scheme
from carepool.pool.cash import Instalment
from carepool.pool.division import COMMISSIONED, PRINCIPAL, PRO_RATA, PUT_IN, WHOLE
from carepool.pool.events import Asked
from carepool.pool.facts import books_of
from carepool.pool.giving import give
from carepool.pool.outlook import Progress
from carepool.pool.periods import Period
from carepool.pool.releases import open_pool
from carepool.pool.statement_data import listed
from carepool.pool.statements import Known, Matter, Statement, statement
from carepool.render.csvs import write_csv
from carepool.render.docx_papers import docx
from carepool.render.paper_shape import Paragraph
from carepool.render.pdf import pdf
from carepool.render.statement_files import FILES
from carepool.render.statement_papers import paper
from carepool.render.statement_sheets import pence, sheets
from carepool.wiring import disk
from tests.reading_pdf import Pdf
from tests.spec.test_books import Pool
from tests.spec.test_money import county

COUNCIL, CCG, DISTRICT = "ZZ1", "Z1A", "ZZ11"
NHS, DFG = "additional_nhs", "disabled_facilities_grant"

OPENING = Opening(
    agreement="Merrow better care fund (fictitious)",
    host=COUNCIL,
    partners=(Partner(COUNCIL, "council"), Partner(CCG, "ccg")),
    plan="merrow",
    plan_digest="b" * 64,
    contributions=(Contribution(COUNCIL, DFG, 40_000_00), Contribution(CCG, NHS, 130_000_00, 10_000_00)),
    schemes=(
        Scheme("s1", "Rapid response", {NHS: 60_000_00}, lead=CCG),
        Scheme("s2", "Reablement", {NHS: 36_000_00}, social_care=True, commissioning="joint", accounting="net",
               commissioned={COUNCIL: 60, CCG: 40}),
        Scheme("s3", "Adaptations", {DFG: 10_000_00}, social_care=True, commissioning="joint"),
        Scheme("s4", "Named professional", {NHS: 24_000_00}, lead=COUNCIL, commissioning="agent", accounting="net"),
    ),
    grants=(
        Grant(DFG, "Disabled facilities grant 2015-16 (fictitious)", "DCLG", COUNCIL, 40_000_00, "", {DISTRICT: 30_000_00}),
    ),
)  # fmt: skip
INSTALMENTS = tuple(
    Instalment(CCG, day, 30_000_00, "7.2")
    for day in (date(2015, 4, 15), date(2015, 7, 15), date(2015, 10, 15), date(2016, 1, 15))
)
APRIL, MAY, JUNE = (Period.month(f"2015-0{each}") for each in (4, 5, 6))
FIRST = Period.quarter("2015-16Q1")
JULY_TENTH = date(2015, 7, 10)


def on(month: int, day: int) -> dict[str, date]:
    return {"on": date(2015, month, day)}


@pytest.fixture(scope="module")
def merrow() -> Pool:
    """The first quarter of a fictitious pool, worked by hand below."""
    pool = Pool(OPENING)
    pool.today = JULY_TENTH
    pool.enter(Event.RECEIVED, 30_000_00, party=CCG, source=NHS, **on(4, 15))  # 2
    pool.enter(Event.COMMITTED, 12_000_00, scheme="s2", source=NHS, says="Home care", **on(4, 20))  # 3
    pool.enter(
        Event.SPENT, 5_000_00, scheme="s1", source=NHS, payee=CCG, irrecoverable=1_000_00, **on(4, 30)
    )  # 4
    pool.enter(Event.ACCRUED, 2_000_00, scheme="s2", source=NHS, payee="care", of="3", **on(4, 30))  # 5
    pool.enter(Event.INVOICED, 40_000_00, party=COUNCIL, source=DFG, **on(5, 1))  # 6
    pool.enter(Event.RECEIVED, 40_000_00, party=COUNCIL, source=DFG, **on(5, 20))  # 7
    pool.enter(Event.PASSED_ON, 10_000_00, party=DISTRICT, source=DFG, **on(5, 21))  # 8
    pool.enter(Event.UNACCRUED, of="5", **on(5, 22))  # 9
    pool.enter(
        Event.SPENT, 2_100_00, scheme="s2", source=NHS, payee="care", vat=420_00, of="3", **on(5, 22)
    )  # 10
    pool.enter(Event.CHARGED, 300_00, party=COUNCIL, scheme="s2", **on(5, 25))  # 11
    pool.enter(Event.SETTLED, 2_520_00, payee="care", **on(5, 28))  # 12
    pool.enter(Event.OFFSET, 6_000_00, party=CCG, source=NHS, **on(6, 1))  # 13
    pool.enter(Event.SPENT, 600_01, scheme="s4", source=NHS, payee=COUNCIL, **on(6, 10))  # 14
    pool.enter(Event.SPENT, 1_000_00, scheme="s3", source=DFG, payee=COUNCIL, **on(6, 11))  # 15
    pool.enter(Event.RECEIVED, 300_00, party=COUNCIL, source="client_contributions", **on(6, 12))  # 16
    pool.enter(Event.TRANSFERRED, 9_000_00, party=COUNCIL, payee="nhs_england", **on(6, 15))  # 17
    pool.enter(Event.APPLIED, 4_000_00, party=COUNCIL, scheme="protecting", **on(6, 16))  # 18
    return pool  # fmt: skip


def known(on: date = JULY_TENTH, **about: object) -> Known:
    return Known(on, INSTALMENTS, **about)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def quarter(merrow: Pool) -> Statement:
    return statement(merrow.books, FIRST, known())


def scheme(found: Statement, name: str) -> Progress:
    return next(each for each in found.schemes if each.scheme == name)


def test_income_is_shown_by_heading_in_the_period_and_since_the_year_began(merrow: Pool) -> None:
    """What partners agreed, what was earned, what people were charged: each sum names the postings that it is from."""
    found = statement(merrow.books, MAY, known())
    assert {
        each.of: (each.in_period.pence, each.to_date.pence, listed(each.to_date.postings))
        for each in found.income
    } == {
        "agreed": (0, 160_000_00, "pool/opened"),
        "released": (0, 0, ""),
        "charged to people": (300_00, 300_00, "11"),
        "brought forward": (0, 0, ""),
        "in all": (300_00, 160_300_00, "pool/opened 11"),
    }


def test_contributions_are_shown_as_agreed_invoiced_received_and_set_off(quarter: Statement) -> None:
    """By partner and source; what was set off counts as paid in, and what people are charged is no contribution."""
    assert [
        (each.party, each.source, each.agreed.pence, each.invoiced.pence, each.received.pence, each.offset.pence, each.outstanding)
        for each in quarter.contributions
    ] == [
        (CCG, NHS, 120_000_00, 0, 30_000_00, 6_000_00, 84_000_00),
        (COUNCIL, DFG, 40_000_00, 40_000_00, 40_000_00, 0, 0),
    ]  # fmt: skip


def test_expenditure_is_shown_net_with_accruals_and_vat_apart(merrow: Pool, quarter: Statement) -> None:
    """An accrual counts in its month and its reversal in the next, so a quarter that has both shows what was invoiced."""
    april, may = (scheme(statement(merrow.books, each, known()), "s2") for each in (APRIL, MAY))
    assert (april.spent.pence, april.accrued.pence, listed(april.accrued.postings)) == (
        2_000_00,
        2_000_00,
        "5",
    )
    assert (may.spent.pence, may.accrued.pence, listed(may.spent.postings)) == (100_00, -2_000_00, "9-10")
    assert (scheme(quarter, "s2").spent.pence, scheme(quarter, "s2").accrued.pence) == (2_100_00, 0)
    one = scheme(quarter, "s1")
    assert (one.spent.pence, one.irrecoverable.pence, one.to_date.pence) == (5_000_00, 1_000_00, 6_000_00)
    total = quarter.expenditure_total.to_date.pence
    assert total == 6_000_00 + 2_100_00 + 600_01 + 1_000_00 + 10_000_00
    assert quarter.surplus == 160_300_00 - total


def test_charges_are_shown_gross_and_net(quarter: Statement) -> None:
    """What people pay stands against the scheme of social care that it is for: cost gross, charged, cost net."""
    (found,) = quarter.charges
    assert (found.scheme, found.gross.to_date.pence, found.charged.to_date.pence, found.net) == (
        "s2", 2_100_00, 300_00, 1_800_00,
    )  # fmt: skip


def test_a_grant_is_shown_with_what_went_on_and_what_is_still_to(quarter: Statement) -> None:
    """Received by its payee, passed on to each district, and what its determination has still to go on."""
    (found,) = quarter.grants
    assert (found.received.to_date.pence, [each.to_date.pence for each in found.passed], found.still) == (
        40_000_00, [10_000_00], 20_000_00,
    )  # fmt: skip


def test_the_transfer_of_2014_is_in_no_sum_of_the_pool(quarter: Statement) -> None:
    """The section 256 transfer is shown apart: what was given, and what the council has used of it."""
    assert [(each.of, each.source, each.to_date.pence) for each in quarter.transfers] == [
        ("nhs_england", "transferred under section 256", 9_000_00),
        (COUNCIL, "protecting", 4_000_00),
    ]
    names = {name for line in (*quarter.income, *quarter.expenditure) for name in line.to_date.postings}
    assert not names & {"17", "18"}


def test_what_was_brought_in_and_what_moved_is_what_a_period_ends_with(merrow: Pool) -> None:
    """Of every heading; the months of a quarter add to it."""
    for period in (APRIL, MAY, JUNE, FIRST, Period.year("2015-16")):
        for each in statement(merrow.books, period, known()).balances:
            assert each.brought + each.moved.pence == each.closing, (period, each.heading)
    cash = {each.heading: each for each in statement(merrow.books, MAY, known()).balances}[Heading.POOL]
    assert (cash.brought, cash.moved.pence, listed(cash.moved.postings)) == (30_000_00, 27_480_00, "7-8 12")


def test_a_budget_to_date_falls_evenly_on_the_months(merrow: Pool) -> None:
    """A twelfth a month to the penny, unless a profile says otherwise; variance is cost less that."""
    found = scheme(statement(merrow.books, JUNE, known()), "s1")
    assert (found.budget, found.due, found.variance) == (60_000_00, 15_000_00, -9_000_00)
    profiles = {"s1": (1, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0)}
    assert scheme(statement(merrow.books, JUNE, known(profiles=profiles)), "s1").due == 15_000_00
    assert scheme(statement(merrow.books, Period.quarter("2015-16Q2"), known(profiles=profiles)), "s1").due == 60_000_00  # fmt: skip


def test_a_forecast_is_a_straight_line_unless_one_is_given(merrow: Pool) -> None:
    """Cost to date over the months gone by, for twelve, and never below what is spent and committed; the working says which."""
    one = scheme(statement(merrow.books, JUNE, known()), "s1")
    assert (one.forecast, one.method, one.year_variance) == (24_000_00, "straight line", -36_000_00)
    two = scheme(statement(merrow.books, JUNE, known()), "s2")
    assert (two.committed, two.forecast) == (9_900_00, 12_000_00)
    assert [step.value for step in two.working.steps] == [2_100_00, 8_400_00, 12_000_00, 12_000_00]
    given = scheme(statement(merrow.books, JUNE, known(forecasts={("s1", NHS): 61_000_00})), "s1")
    assert (given.forecast, given.method, given.year_variance) == (61_000_00, "given", 1_000_00)


def test_each_partner_has_its_part_of_each_schemes_cost(merrow: Pool, quarter: Statement) -> None:
    """A lead that accounts gross shows all; a joint scheme goes by what each commissions, or pro rata to what each puts in; an
    agent spends its principal's money; a grant passed on is the cost of who put it in. The parts add to the cost."""
    assert {each.scheme: (each.how, dict(each.to_date)) for each in quarter.scheme_shares} == {
        "s1": (WHOLE, {CCG: 6_000_00}),
        "s2": (COMMISSIONED, {COUNCIL: 1_260_00, CCG: 840_00}),
        "s3": (PRO_RATA, {COUNCIL: 250_00, CCG: 750_00}),
        "s4": (PRINCIPAL, {CCG: 600_01}),
        "disabled_facilities_grant/ZZ11": (PUT_IN, {COUNCIL: 10_000_00}),
    }
    assert {each.partner: (each.cost, each.paid.pence, each.outstanding) for each in quarter.partners} == {
        COUNCIL: (11_510_00, 40_000_00, 0),
        CCG: (8_190_01, 36_000_00, 84_000_00),
    }
    months = [statement(merrow.books, each, known()) for each in (APRIL, MAY, JUNE)]
    for place, partner in enumerate(quarter.partners):
        assert partner.cost_in_period == sum(each.partners[place].cost_in_period for each in months)


def test_what_a_partner_pays_meets_its_earliest_instalment_first(merrow: Pool) -> None:
    """An instalment is late once its day is over and not all of it is in, as known on the day asked."""
    by_july = statement(merrow.books, Period.quarter("2015-16Q2"), known(date(2015, 9, 30)))
    assert [(each.received, each.short, each.late) for each in by_july.instalments] == [
        (30_000_00, 0, False), (6_000_00, 24_000_00, True), (0, 30_000_00, False), (0, 30_000_00, False),
    ]  # fmt: skip
    on_the_day = statement(merrow.books, Period.quarter("2015-16Q2"), known(date(2015, 7, 15)))
    assert not any(each.late for each in on_the_day.instalments)
    (finding,) = [each for each in by_july.findings if each.code == "instalment-late"]
    assert finding.says == "Z1A was to pay £30,000 on 15 July 2015; £24,000 of it is not in."
    assert finding.rule == "the section 75 agreement, clause 7.2"
    named = statement(merrow.books, Period.quarter("2015-16Q2"), known(date(2015, 9, 30), names=NAMES))
    assert "NHS Vale CCG was to pay £30,000 on 15 July 2015; £24,000 of it is not in." in {each.says for each in named.findings}  # fmt: skip


def test_cash_is_what_was_and_then_what_is_expected(merrow: Pool) -> None:
    """Months gone by show the books; those to come instalments on their days and what is forecast to be spent, evenly."""
    found = statement(merrow.books, JUNE, known()).cash
    assert [(each.month, each.receipts.pence, each.payments.pence, each.balance) for each in found.months[:3]] == [
        ("2015-04", 30_000_00, 0, 30_000_00),
        ("2015-05", 40_000_00, 12_520_00, 57_480_00),
        ("2015-06", 300_00, 0, 57_780_00),
    ]  # fmt: skip
    assert [each.actual for each in found.months] == [True] * 3 + [False] * 9
    expected = {each.month: each.receipts.pence for each in found.months[3:]}
    assert (expected["2015-07"], expected["2015-08"], expected["2016-01"]) == (24_000_00, 0, 30_000_00)
    in_all = sum(each.payments.pence for each in found.months[3:])
    forecast = 24_000_00 + 12_000_00 + 4 * 1_000_00 + 2_400_04
    spent, owed, passing = 9_700_01, 1_600_01, 20_000_00
    assert in_all == forecast - spent + owed + passing


def test_commitments_and_accruals_open_at_the_end_of_a_period(merrow: Pool) -> None:
    """What is left of each by what is dated by then, whatever has used it since."""
    at = {
        str(each): [
            (one.posting, one.event, one.pence) for one in statement(merrow.books, each, known()).open
        ]
        for each in (APRIL, MAY)
    }
    assert at == {
        "2015-04": [("3", Event.COMMITTED, 10_000_00), ("5", Event.ACCRUED, 2_000_00)],
        "2015-05": [("3", Event.COMMITTED, 9_900_00)],
    }


def test_a_reversal_takes_back_what_it_was_and_is_nothing_of_its_own() -> None:
    """A receipt entered twice and reversed is no payment, an invoice reversed is not asked for, and what spending used is committed again."""
    pool = Pool(OPENING)
    pool.enter(Event.RECEIVED, 500_00, party=CCG, source=NHS, **on(4, 15))  # 2
    pool.enter(Event.RECEIVED, 500_00, party=CCG, source=NHS, **on(4, 15))  # 3
    pool.enter(Event.REVERSED, of="3", **on(5, 4))  # 4
    pool.enter(Event.INVOICED, 70_00, party=CCG, source=NHS, **on(5, 4))  # 5
    pool.enter(Event.REVERSED, of="5", **on(5, 5))  # 6
    pool.enter(Event.COMMITTED, 90_00, scheme="s1", source=NHS, **on(5, 6))  # 7
    pool.enter(Event.SPENT, 40_00, scheme="s1", source=NHS, payee=CCG, of="7", **on(5, 7))  # 8
    pool.enter(Event.REVERSED, of="8", **on(5, 8))  # 9
    found = statement(pool.books, MAY, known())
    (paid, _) = found.contributions
    assert (paid.received.pence, paid.invoiced.pence, paid.paid_to_date) == (-500_00, 0, 500_00)
    assert [(each.receipts.pence, each.payments.pence) for each in found.cash.months[:2]] == [
        (1_000_00, 0), (-500_00, 0),
    ]  # fmt: skip
    assert [(each.posting, each.pence) for each in found.open] == [("7", 90_00)]
    assert found.expenditure_total.in_period.pence == 0


def test_what_was_entered_before_the_year_began_counts_on_its_first_day() -> None:
    """An agreement opened in March is of April: nothing was brought in, and the year's statement has all of it."""
    opened = open_pool(Books("merrow", "2015-16"), OPENING)
    assert isinstance(opened, Decision)
    journal, stream = MemoryJournal(), "pool/merrow/2015-16"
    journal.append(opened.facts, expecting={stream: 0}, by="ann", at=datetime(2015, 3, 20, 9, tzinfo=UTC))
    books = books_of("merrow", "2015-16", journal.read(stream))
    for period in (APRIL, Period.year("2015-16")):
        found = statement(books, period, known())
        assert found.income_total.in_period.pence == 160_000_00
        assert {each.brought for each in found.balances} == {0}


def test_a_scheme_far_off_its_budget_is_pointed_out(merrow: Pool) -> None:
    """More over than the threshold is to act on, more under is to know; a scheme near its budget is not named."""

    def codes(forecast: int, **about: object) -> set[str]:
        forecasts = {
            ("s1", NHS): forecast,
            ("s2", NHS): 36_000_00,
            ("s3", DFG): 10_000_00,
            ("s4", NHS): 24_000_00,
        }
        found = statement(merrow.books, JUNE, known(forecasts=forecasts, **about))
        return {each.code for each in found.findings if each.where == "schemes/s1"}

    assert codes(63_000_00) == {"scheme-over"}
    assert codes(62_999_99) == codes(57_000_01) == set()
    assert codes(57_000_00) == {"scheme-under"}
    assert codes(60_000_01, threshold=Decimal(0)) == {"scheme-over"}


def test_suspense_and_what_is_not_certain_is_said(merrow: Pool) -> None:
    """Lines of ledgers for no known scheme, a period that is not over or not closed, and postings after the year's last day."""
    pool = Pool(OPENING)
    lines = (Entry(Account(Heading.SUSPENSE, COUNCIL), Account(Heading.OWED, COUNCIL), 77_00),)
    new = facts.posted("merrow", "2015-16", Posting("", "Ledger of June", date(2015, 6, 30), lines))  # fmt: skip
    pool.journal.append([new], expecting={"pool/merrow/2015-16": 1}, by="ann", at=datetime(2015, 7, 1, tzinfo=UTC))  # fmt: skip
    pool.enter(Event.RECEIVED, 1_00, party=CCG, source=NHS, on=date(2016, 4, 2))
    found = statement(pool.books, JUNE, Known(date(2015, 6, 20)))
    assert found.suspense == 77_00
    assert {"suspense", "period-not-over", "after-the-year"} <= {each.code for each in found.findings}
    assert "June 2015 is not over: this is what was known on 20 June 2015." in {each.says for each in found.findings}  # fmt: skip
    assert "period-open" in {each.code for each in statement(pool.books, JUNE, Known(JULY_TENTH)).findings}
    for month in ("2015-04", "2015-05", "2015-06"):
        pool.today = JULY_TENTH
        assert isinstance(pool.close(month), Done)
    closed = statement(pool.books, JUNE, Known(JULY_TENTH))
    assert closed.closed
    assert not {"period-open", "period-not-over"} & {each.code for each in closed.findings}


def test_what_was_entered_late_for_earlier_months_is_named(merrow: Pool) -> None:
    """A posting of May that came in on 5 June counts in May, and June's statement names it with both days."""
    entered = {"10": datetime(2015, 6, 5, 9, tzinfo=UTC), "8": datetime(2015, 5, 21, 9, tzinfo=UTC)}
    found = statement(merrow.books, JUNE, known(entered=entered))
    assert [(each.posting, each.on, each.entered) for each in found.entered_late] == [
        ("10", date(2015, 5, 22), date(2015, 6, 5))
    ]


def given(pool: Pool, period: Period, on: date = JULY_TENTH, **about: object) -> Done | Refused:
    """The statement of a period, given."""
    return pool.do(
        lambda books: give(books, statement(books, period, known(on, **about)), today=on, salt=bytes(32))
    )


def test_a_statement_given_is_a_fact_and_one_that_differs_later_is_explained() -> None:
    """What was given is kept by its digest. What is entered since, of days that it spoke of, is named when it is made again."""
    pool = Pool(OPENING)
    assert "June 2015 is not over. Give its statement from 1 July 2015 on." in str(given(pool, JUNE, date(2015, 6, 30)))  # fmt: skip
    pool.enter(Event.SPENT, 5_000_00, scheme="s1", source=NHS, payee=CCG, **on(6, 2))
    done = given(pool, JUNE)
    assert isinstance(done, Done)
    assert isinstance(done.answer, Mapping)
    document = pool.journal.document(str(done.answer["document"]))
    assert document
    assert document.kind == "pool-statement"
    assert pool.books.given[0].document == document.digest
    assert isinstance(given(pool, FIRST), Done)
    assert isinstance(given(pool, APRIL), Done)
    assert "was given on 1 April 2015, and nothing was entered since" in str(given(pool, JUNE))
    pool.enter(Event.SPENT, 70_00, scheme="s1", source=NHS, payee=CCG, **on(6, 3))
    pool.enter(Event.SPENT, 80_00, scheme="s1", source=NHS, payee=CCG, **on(7, 3))
    again = statement(pool.books, JUNE, known(entered={"6": datetime(2015, 7, 9, 9, tzinfo=UTC)}))
    assert [(each.posting, each.on, each.entered) for each in again.since_given] == [
        ("6", date(2015, 6, 3), date(2015, 7, 9))
    ]
    assert "A statement of June 2015 was given before. 1 posting was entered since: 6." in {
        each.says for each in again.findings
    }
    one = scheme(again, "s1")
    assert again.last_given
    assert again.last_given.period == "2015-16Q1"
    assert (one.to_date.pence, one.cost_before) == (5_070_00, 5_000_00)
    assert isinstance(given(pool, JUNE), Done)
    (say,) = [
        item.text
        for each in paper(of(statement(pool.books, FIRST, known()))).chapters
        for item in each.items
        if isinstance(item, Paragraph) and "given last" in item.text and "moved" in item.text
    ]
    assert say == "Cost to date has moved by £0 since the statement given last."


def test_a_period_is_read_from_what_people_write() -> None:
    """A month, a quarter or a year of the pool's own; anything else is refused with how to write it."""
    assert [Period.parse(each).title for each in ("2015-06", "2015-16Q4", "2015-16")] == [
        "June 2015", "January to March 2016", "2015-16",
    ]  # fmt: skip
    for text in ("2015-13", "June", "2015-6", "2015-6-1"):
        with pytest.raises(Unusable, match="Write it like 2015-06"):
            Period.month(text)
    with pytest.raises(Unusable, match="June 2016 is not in 2015-16"):
        statement(Pool(OPENING).books, Period.month("2016-06"), known())
    with pytest.raises(Unusable, match="nothing to state"):
        statement(Books("merrow", "2015-16"), JUNE, known())


# Who gives it, and what it knows beside the books.


@pytest.fixture(scope="module")
def carrowby(house: House) -> Stage:
    """The illustrative county in December 2015, when ten pounds that Carrowby spent in June were entered at last."""
    stage = Stage(county(house), people(disk.county_files()))
    stage.count = 30_000
    stage.on(2015, 12, 2)
    line = named_scheme(stage.house, JUNE)
    asked = Asked(Event.SPENT, date(2015, 6, 1), 10_00, scheme=line.scheme, source=line.source, payee="Z6A")
    done = enter_of(stage.house, stage.actor("carrowby.finance"), "carrowby", "2015-16", asked)
    assert isinstance(done, Done), done
    return stage


def named_scheme(house: House, period: Period, **about: object) -> Progress:
    """The scheme of Carrowby that spends least."""
    return statement_of(house, "carrowby", period, **about).statement.schemes[-1]  # type: ignore[arg-type]


@pytest.mark.slow
def test_the_host_gives_the_statement_and_nobody_else(carrowby: Stage) -> None:
    """By the authority of an office in the host; what was given is kept, and the next says what has moved since."""
    house = carrowby.house
    before = named_scheme(house, JUNE)
    line = (before.scheme, before.source)
    entered = forecast_of_officer(
        house, carrowby.actor("carrowby.finance"), "carrowby", "2015-16", *line, 90_00
    )
    assert isinstance(entered, Done), entered
    assert (named_scheme(house, JUNE).forecast, named_scheme(house, JUNE).method) == (90_00, "given")
    refused = give_statement_of(house, carrowby.actor("carrowby.ccg.finance"), "carrowby", JUNE)
    assert isinstance(refused, Refused)
    done = give_statement_of(
        house, carrowby.actor("carrowby.pool"), "carrowby", JUNE, forecasts={line: 100_00}
    )
    assert isinstance(done, Done)
    assert isinstance(done.answer, Mapping)
    kept = given_content(house, str(done.answer["document"]))
    assert (kept["period"], kept["known_on"]) == ("2015-06", "2015-12-02")
    with pytest.raises(NotHere, match="no such statement"):
        given_content(house, "0" * 64)
    after = statement_of(house, "carrowby", Period.month("2015-07"), forecasts={line: 130_00})
    now = after.statement.schemes[-1]
    assert (now.forecast_before, now.cost_before) == (100_00, before.to_date.pence)
    assert "forecast-changed" in {each.code for each in after.statement.findings}
    assert after.names == {"ZZ6": "Carrowby Council", "Z6A": "NHS Carrowby CCG"}
    assert after.fictitious


@pytest.mark.slow
def test_a_statement_as_at_a_day_knows_what_was_entered_by_then(carrowby: Stage) -> None:
    """And what was entered afterwards for days before is named as late, with the day that it came in."""
    house = carrowby.house
    day, moment = parse_as_at("2015-11-30")
    upto = house.journal.as_at(moment)
    assert named_scheme(house, JUNE).to_date.pence - named_scheme(house, JUNE, upto=upto, on=day).to_date.pence == 10_00  # fmt: skip
    december = statement_of(house, "carrowby", Period.month("2015-12"))
    assert [(each.on, each.entered) for each in december.statement.entered_late] == [(date(2015, 6, 1), date(2015, 12, 2))]  # fmt: skip


def test_a_statement_knows_the_agreement_and_the_log(carrowby: Stage) -> None:
    """Instalments are those of the agreement that holds at the end of the period; risks and actions that are open come from the log."""
    house, actor = carrowby.house, carrowby.actor
    for words, likelihood, impact in (("A ward closes early", 2, 2), ("Carers cannot be found", 4, 5)):
        done = enter_in_log(
            house, actor("carrowby.finance"), "carrowby", "council:ZZ6", "risk", words, "council:ZZ6", likelihood=likelihood,
            impact=impact,
        )  # fmt: skip
        assert isinstance(done, Done), done
    found = statement_of(house, "carrowby", JUNE)
    assert found.manager == "Head of integrated commissioning"
    assert {each.instalment.clause for each in found.statement.instalments} == {"7.2"}
    assert [each.says for each in found.statement.matters] == [
        "Carers cannot be found",
        "A ward closes early",
    ]


# As files.


NAMES = {COUNCIL: "Merrow Council", CCG: "NHS Vale CCG"}


def of(found: Statement) -> StatementOf:
    return StatementOf(found, NAMES, "Head of integration", fictitious=True)


def hard(merrow: Pool) -> StatementOf:
    """A statement with more of everything, and longer names, than two pages hold."""
    long = (
        "A scheme whose name does not end before the line does, for people with several long-term conditions "
    )
    many = tuple(Scheme(f"x{each}", f"{long}{each}", {NHS: 1_000_00}) for each in range(60))
    partners = tuple(Partner(f"C{each}", "council") for each in range(40))
    pool = Pool(replace(OPENING, schemes=(*OPENING.schemes, *many), partners=(*OPENING.partners, *partners)))
    matters = [Matter("risk", "=HYPERLINK(1) " + "words " * 90, "owner " * 30, JULY_TENTH) for _ in range(50)]
    due = [Instalment(f"C{each}", date(2015, 4, 2), 1_000_000_000_00) for each in range(40)]
    found = statement(pool.books, JUNE, Known(JULY_TENTH, due, matters=matters))
    return StatementOf(found, {f"C{each}": "The council of " + "somewhere " * 20 for each in range(40)}, "", fictitious=True)  # fmt: skip


@pytest.mark.parametrize("which", ["merrow", "hard", "empty"])
@pytest.mark.slow
def test_the_months_highlight_is_two_pages(merrow: Pool, which: str) -> None:
    """However much there is: lists are cut, and say how many more stand in the CSV. It is tagged as other papers are."""
    if which == "hard":
        found = hard(merrow)
    else:
        found = of(statement((merrow if which == "merrow" else Pool(OPENING)).books, JUNE, known()))
    made = Pdf(pdf(paper(found)))
    assert made.pages == 2
    assert {"H1", "H2", "P", "Table", "TH", "TD"} <= made.tags
    assert 'pdfuaid:part="1"' in made.xmp
    assert made.title == "Pool manager’s highlight, June 2015 – carepool"
    assert made.text.count(MARK) >= 2
    assert ("more, in the CSV" in made.text) is (which == "hard")


@pytest.mark.slow
def test_the_docx_is_a_document_with_the_same_figures(merrow: Pool) -> None:
    """Its parts are XML that opens; each table has the figures that the PDF has, and the second page begins with the partners."""
    made = paper(of(statement(merrow.books, JUNE, known())))
    content = docx(made)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        for name in packed.namelist():
            if name.endswith((".xml", ".rels")):
                ET.fromstring(packed.read(name))
    file = word.Document(io.BytesIO(content))
    cells = {cell.text for table in file.tables for row in table.rows for cell in row.cells}
    found = statement(merrow.books, JUNE, known())
    wanted = {in_pounds(each.in_period.pence) for each in found.income} | {
        in_pounds(each.balance) for each in found.cash.months
    }
    assert wanted <= cells
    printed = Pdf(pdf(made)).text
    assert all(each in printed for each in wanted)
    (page,) = [each for each in file.paragraphs if each.paragraph_format.page_break_before]
    assert page.text == "4. Partners"


@pytest.mark.slow
def test_the_workbook_has_the_same_pence_as_numbers_in_pounds(merrow: Pool) -> None:
    """Read back, each amount is the figure of the statement to the penny, and no cell runs."""
    found = hard(merrow)
    for one in (of(statement(merrow.books, FIRST, known())), found):
        book = openpyxl.load_workbook(io.BytesIO(FILES[".xlsx"].make(one)))
        assert book.sheetnames[1:] == [each.name for each in sheets(one)]
        for each in sheets(one):
            rows = list(book[each.name].iter_rows(min_row=2))
            assert len(rows) == len(each.rows)
            for cells, wanted in zip(rows, each.rows, strict=True):
                for cell, value in zip(cells, wanted, strict=False):
                    assert cell.data_type != "f"
                    if (amount := pence(value)) is not None:
                        assert isinstance(cell.value, int | float)
                        assert round(Decimal(str(cell.value)) * 100) == amount
                        assert cell.number_format.startswith("#,##0.00")
    assert FILES[".xlsx"].make(found) == FILES[".xlsx"].make(found)


def test_the_csv_has_a_row_for_each_figure_with_its_postings(merrow: Pool) -> None:
    """By RFC 4180; a text that a spreadsheet would run begins with an apostrophe."""
    text = FILES[".csv"].make(of(statement(merrow.books, FIRST, known()))).decode()
    assert text.endswith("\r\n")
    rows = list(csv.DictReader(io.StringIO(text)))
    cost = next(
        each for each in rows if each["table"] == "Schemes" and each["of"].startswith("Reablement") and each["figure"] == "Cost to date"
    )  # fmt: skip
    assert (cost["pence"], cost["postings"]) == ("210000", "5 9-10")
    hostile = FILES[".csv"].make(hard(merrow)).decode()
    assert write_csv(["a"], [["=1"]]) == "a\r\n'=1\r\n"
    assert not [each for each in csv.reader(io.StringIO(hostile)) for cell in each if cell.startswith(("=", "@", "+"))]  # fmt: skip


@pytest.mark.slow
def test_the_quarters_report_and_the_years_return_are_whole(merrow: Pool) -> None:
    """They cut nothing: every scheme by source, each share with how it was reached, every heading of the books."""
    for period, title in ((FIRST, "quarterly report, April to June 2015"), (Period.year("2015-16"), "annual return, 2015-16")):  # fmt: skip
        made = paper(of(statement(merrow.books, period, known())))
        assert made.title == f"Pool manager’s {title}"
        assert [each.title for each in made.chapters][-3:] == ["By source", "Shares", "The books"]
        assert len(docx(made)) > 10_000
    assert Pdf(FILES[".pdf"].make(of(statement(merrow.books, FIRST, known())))).pages > 2
