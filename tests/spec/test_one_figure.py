"""One figure everywhere: a year's statement, its end, its outturn and the partners' own books say the same of the same thing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import yaml

from carepool.actions.agreements import parsed
from carepool.actions.house import House
from carepool.actions.opening_pools import attach_agreement
from carepool.actions.partnering import partners_now
from carepool.actions.pool_years import assert_balance_of, confirm_balance_of
from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision, Done
from carepool.partnership.opening import opening_from
from carepool.pool import facts
from carepool.pool.accounts import MOST, Entry, Event, Heading, Posting
from carepool.pool.assertions import check
from carepool.pool.books import Books, Contribution, Partner, Scheme, keeping_lines
from carepool.pool.forecasting import by_scheme
from carepool.pool.glance import glance
from carepool.pool.outturn import outturn
from carepool.pool.partners import explain_cost, partners_of, treatment
from carepool.pool.periods import Period
from carepool.pool.records import Matter
from carepool.pool.statements import Known, Statement, statement
from carepool.pool.variances import explain_forecast, straight_line, variances
from carepool.pool.yearend import note, standing_of, unspent
from tests.spec.test_bearing_over_a_year import close
from tests.spec.test_books import CCG, COUNCIL, DFG, DISTRICT, JUNE, NHS, OPENING, Pool
from tests.spec.test_opening_from_agreement import CARROWBY, Desk, changed, says
from tests.spec.test_opening_from_agreement import CCG as CARROWBY_CCG
from tests.spec.test_opening_from_agreement import COUNCIL as CARROWBY_COUNCIL

END, APRIL = date(2016, 3, 31), date(2016, 4, 1)
YEAR = Period.year("2015-16")


def of_year(books: Books) -> Statement:
    return statement(books, YEAR, Known(date(2016, 5, 1)))


def figures(books: Books) -> dict[str, object]:
    """What each paper says of the year."""
    stated, made, out, partners = of_year(books), note(books), outturn(books), partners_of(books)
    assert not isinstance(made, Refused)
    return {
        "statement": (stated.income_total.to_date.pence, stated.expenditure_total.to_date.pence),
        "costs": {each.partner: each.cost for each in stated.partners},
        "note": (made.funded, made.spent, made.surplus, [each.pence for each in made.treatment]),
        "outturn": [(each.scheme, each.cost, each.expected) for each in out.lines],
        "standing": [standing_of(books, code) for code in (COUNCIL, CCG)],
        "unspent": unspent(books),
        "partners": (partners.cost, partners.left, partners.net_expenditure),
        "glance": [(each.scheme, each.cost) for each in glance(books).schemes],
    }


def test_nothing_entered_in_the_next_year_changes_the_years_figures() -> None:
    """An accrual of 31 March that books of before let be reversed in April stays in the year, in every paper of it; what is paid then too."""
    pool = Pool()
    pool.enter(Event.RECEIVED, 50_000_00, party=CCG, source=NHS)
    pool.enter(Event.SPENT, 4_000_00, scheme="s2", source=NHS, payee="home-care")
    held = pool.enter(Event.ACCRUED, 9_000_00, scheme="s1", source=NHS, payee="trust", on=END)
    before = figures(pool.books)
    assert before["note"][1] == before["statement"][1] == 13_000_00  # type: ignore[index]
    pool.enter(Event.SETTLED, 4_000_00, payee="home-care", on=APRIL)
    pool.enter(Event.RECEIVED, 10_000_00, party=CCG, source=NHS, on=APRIL)
    first = pool.books.posting(held)
    assert first
    lines = tuple(replace(each, debit=each.credit, credit=each.debit) for each in first.lines)
    back = Posting("", "Accrual reversed", APRIL, lines, event=Event.UNACCRUED, of=held)
    assert isinstance(pool.do(lambda _: Decision((facts.posted("merrow", "2015-16", back),))), Done)
    assert pool.of(Heading.SPENT) == 4_000_00
    assert figures(pool.books) == before
    assert pool.books.cash == 56_000_00


def test_a_figure_of_the_year_is_changed_by_what_is_dated_in_it_alone() -> None:
    """A cost or an accrual of the year is not taken back in the next: it would be in no year's statement. A payment is."""
    pool = Pool()
    pool.enter(Event.RECEIVED, 50_000_00, party=CCG, source=NHS)
    held = pool.enter(Event.ACCRUED, 9_000_00, scheme="s1", source=NHS, payee="trust", on=END)
    spent = pool.enter(Event.SPENT, 4_000_00, scheme="s2", source=NHS, payee="home-care", on=END)
    for event, of in ((Event.UNACCRUED, held), (Event.REVERSED, spent)):
        words = pool.refused(event, of=of, on=APRIL)
        assert f"posting {of} is of that year" in words
        assert "as a late adjustment" in words
    for event in (Event.CARRIED, Event.CONTRIBUTED):
        assert "is the next year's" in pool.refused(event, 1, party=CCG, source=NHS, on=APRIL)
    paid = pool.enter(Event.SETTLED, 4_000_00, payee="home-care", on=APRIL)
    pool.enter(Event.REVERSED, of=paid, on=APRIL)
    pool.enter(Event.UNACCRUED, of=held, on=END)


def test_performance_money_settled_after_the_year_is_named_and_still_missed(house: House) -> None:
    """What was never earned is known only then, and is missed all the same."""
    desk = Desk(house)
    assert isinstance(desk.open(), Done)
    books = desk.books()
    kept = Posting("money/kept", "Never earned", APRIL, books_kept(books), event=Event.KEPT)
    after = dict(books.balances)
    for line in kept.lines:
        after[line.debit] = after.get(line.debit, 0) + line.pence
        after[line.credit] = after.get(line.credit, 0) - line.pence
    found = outturn(replace(books, balances=after, postings=(*books.postings, kept)))
    assert found.missed == {CARROWBY_CCG: 156_003_000}
    assert found.unbudgeted == outturn(books).unbudgeted


def books_kept(books: Books) -> tuple[Entry, ...]:
    return keeping_lines({CARROWBY_CCG: books.amount(Heading.CONTINGENT, CARROWBY_CCG)})


def test_contributions_are_of_the_years_first_day_whenever_they_are_entered(house: House) -> None:
    """The books are opened in June; what the agreement has each partner contribute is of 1 April, and its entry is of June."""
    desk = Desk(house)
    desk.at = datetime(2015, 6, 15, 9, tzinfo=UTC)
    assert isinstance(desk.open(), Done)
    first = desk.books().postings[0]
    assert (first.on, first.entered) == (date(2015, 4, 1), date(2015, 6, 15))
    april = statement(desk.books(), Period.month("2015-04"), Known(JUNE))
    assert april.income_total.in_period.pence == 1_837_354_935
    assert desk.books().until(date(2015, 4, 1))


def test_contributions_of_an_agreement_that_begins_in_the_year_are_of_its_first_day(house: House) -> None:
    """Where the agreement holds from July, so do its contributions."""
    desk = Desk(house)
    later = {"from": "2015-07-01", "to": "2017-03-31"}
    assert isinstance(desk.open(changed(duration=later)), Done)
    assert desk.books().postings[0].on == date(2015, 7, 1)
    agreement = parsed(changed(duration=later))
    found = opening_from(agreement, "2016-17", "f" * 64, functions={})
    assert not isinstance(found, Refused)
    assert found.first is None


def test_whose_cost_a_scheme_is_does_not_go_by_who_put_money_in() -> None:
    """The CCG puts in all the money; a scheme that both commission is the council's cost for its part, in every paper the same."""
    joint = Scheme("s1", "Joint", {NHS: 60_000_00}, True, "joint", COUNCIL, "net", {COUNCIL: 3, CCG: 1})
    pool = Pool(replace(OPENING, schemes=(joint, *OPENING.schemes[1:])))
    pool.enter(Event.SPENT, 10_000_01, scheme="s1", source=NHS, payee="trust", irrecoverable=1)
    pool.enter(Event.CHARGED, 3_000_00, party=COUNCIL, scheme="s1")
    pool.enter(Event.RECEIVED, 40_000_00, party=COUNCIL, source=DFG)
    pool.enter(Event.PASSED_ON, 1_000_00, party=DISTRICT, source=DFG)
    books = pool.books
    expected = {COUNCIL: 8_500_01, CCG: 2_500_01}
    assert {each.partner: each.cost for each in of_year(books).partners} == expected
    assert {code: standing_of(books, code).cost for code in expected} == expected
    partners = partners_of(books)
    assert partners.cost == expected
    assert {each.party: each.cost for each in glance(books).partners} == expected
    made = note(books)
    assert not isinstance(made, Refused)
    assert {each.says: each.pence for each in made.costs} == expected
    working = explain_cost(partners, COUNCIL)
    assert (
        working.value == sum(step.value for step in working.steps if isinstance(step.value, int)) == 8_500_01
    )
    assert working.steps[0].how == "£10,000.02 × 3 ÷ 4, by what each commissions"


def test_what_people_are_charged_does_not_pay_for_what_nobody_named_a_source_of() -> None:
    """Charges are the council's income; a cost of no source that anybody put in is paid for by what partners contribute, and by that alone."""
    plain = Scheme("s2", "Reablement", {"unstated": 40_000_00}, True, "lead", COUNCIL)
    pool = Pool(replace(OPENING, schemes=(plain,), contributions=(Contribution(COUNCIL, DFG, 40_000_00), Contribution(CCG, NHS, 40_000_00))))  # fmt: skip
    pool.enter(Event.SPENT, 10_000_00, scheme="s2", source="unstated", payee="care")
    pool.enter(Event.CHARGED, 5_000_00, party=COUNCIL, scheme="s2")
    found = partners_of(pool.books)
    assert [found.books[code].net_expenditure for code in (COUNCIL, CCG)] == [0, 5_000_00]


def test_what_a_partner_has_paid_in_is_one_figure() -> None:
    """What people are charged is no contribution of the council's, and not having been paid takes nothing from what it has paid in."""
    pool = Pool()
    pool.enter(Event.RECEIVED, 40_000_00, party=COUNCIL, source=DFG)
    pool.enter(Event.CHARGED, 3_000_00, party=COUNCIL, scheme="s2")
    (stated,) = (each for each in of_year(pool.books).partners if each.partner == COUNCIL)
    (line,) = (each for each in glance(pool.books).partners if each.party == COUNCIL)
    assert stated.paid.pence == line.paid_in == standing_of(pool.books, COUNCIL).paid_in == 40_000_00
    assert (stated.outstanding, standing_of(pool.books, COUNCIL).owes) == (0, 3_000_00)


def test_money_of_a_source_that_nobody_agreed_to_is_a_finding() -> None:
    """What neither the agreement nor the plan has is told wherever it is put in or budgeted; sources with an event of their own are refused."""
    pool = Pool()
    assert not [each for each in check(pool.books, JUNE) if each.code == "pool-source-unknown"]
    pool.enter(Event.CONTRIBUTED, 5_00, party=CCG, source="made_up")
    pool.enter(Event.BUDGETED, 4_00, scheme="s1", source="made_up")
    (found,) = (each for each in check(pool.books, JUNE) if each.code == "pool-source-unknown")
    assert found.says.startswith(
        "£5 is put in and £4 is budgeted of made_up, which neither the agreement nor the plan has."
    )
    for source, words in (
        ("client_contributions", "entered as a charge for social care"),
        ("risk_share", "worked out from the agreement"),
        ("brought_forward", "what the year before left"),
        ("", "From which source"),
    ):
        assert words in pool.refused(Event.CONTRIBUTED, 5_00, party=CCG, source=source)


def test_what_is_given_back_and_carried_forward_explains_itself() -> None:
    """Each is made up of its postings, with the working that each rests on; one without, and more than is left over, are findings."""
    pool = Pool()
    worked = "c" * 64
    pool.enter(Event.GIVEN_BACK, parts={COUNCIL: 2_00, CCG: 3_00}, source="underspend", cites=(worked,))
    pool.enter(Event.CARRIED, 7_00, party=COUNCIL, cites=(worked,))
    made = note(pool.books)
    assert not isinstance(made, Refused)
    back, carried, _ = made.treatment
    assert (back.pence, carried.pence) == (5_00, 7_00)
    for each in (back, carried):
        assert each.working
        assert (each.working.value, each.working.steps[0].how) == (
            each.pence,
            f"by the working {worked[:12]}",
        )
    codes = {"pool-not-worked", "pool-beyond-surplus"}
    assert not codes & {each.code for each in check(pool.books, JUNE)}
    pool.enter(Event.CARRIED, 1_000_000_00, party=COUNCIL)
    assert codes <= {each.code for each in check(pool.books, JUNE)}


def test_sums_that_would_not_be_exact_everywhere_are_refused(desk: Desk) -> None:
    """No sum of a year's books can pass what a browser and a workbook hold to the penny, nor can an amount that is asked for."""
    pool = Pool()
    half = MOST // 2
    pool.enter(Event.CONTRIBUTED, half, party=CCG, source=NHS)
    words = pool.refused(Event.CONTRIBUTED, half, party=CCG, source=NHS)
    assert "sums beyond £500,000,000,000 would not be exact everywhere" in words
    assert pool.books.turned == sum(line.pence for each in pool.books.postings for line in each.lines)
    assert pool.books.turned <= MOST
    assert MOST * 12 < 10**15
    assert int(float(Decimal(MOST * 12 - 1) / 100) * 100 + 0.5) == MOST * 12 - 1
    for amount in (2**53, 10**30):
        assert "would not be exact" in says(
            desk.ask("finance", Event.CONTRIBUTED, amount, party=CARROWBY_CCG, source="pooled")
        )
        assert "would not be exact" in says(
            assert_balance_of(
                desk.house, desk.actor("manager"), "joint", "2015-16", "s1", "budget", amount, JUNE
            )
        )
        assert "would not be exact" in says(
            confirm_balance_of(desk.house, desk.actor("ccg"), "joint", "2015-16", CARROWBY_CCG, -amount)
        )


def test_what_is_ordered_is_in_every_forecast() -> None:
    """An order for most of the year is forecast to come, in the statement, beside the actuals and at a glance alike."""
    pool = Pool()
    pool.enter(Event.SPENT, 1_000_00, scheme="s1", source=NHS, payee="trust", on=date(2015, 4, 20))
    pool.enter(Event.COMMITTED, 50_000_00, scheme="s1", source=NHS, on=date(2015, 4, 21))
    books = pool.books
    (stated,) = (
        each for each in statement(books, Period.month("2015-04"), Known(JUNE)).schemes if each.scheme == "s1"
    )
    (beside,) = (each for each in variances(books, "2015-04") if each.scheme == "s1")
    assert stated.forecast == beside.forecast == by_scheme(books, "2015-04")["s1"] == 51_000_00
    assert explain_forecast(books, "s1", NHS, "2015-04") == straight_line(books, "s1", NHS, "2015-04")


def test_an_agent_that_is_named_with_its_principal_spends_the_principals_money() -> None:
    """Of what an agent commissions nothing is its own cost; where several could be its principal, it is by what they contribute."""
    third = Partner("Z1B", "ccg")
    agent = Scheme("s1", "Agency", {NHS: 60_000_00}, False, "agent", COUNCIL)
    pool = Pool(
        replace(
            OPENING, partners=(*OPENING.partners, third), schemes=(agent,),
            contributions=(*OPENING.contributions, Contribution("Z1B", NHS, 50_000_00)),
        )
    )  # fmt: skip
    pool.enter(Event.SPENT, 9_000_00, scheme="s1", source=NHS, payee="trust")
    assert {each.partner: each.cost for each in of_year(pool.books).partners} == {COUNCIL: 0, CCG: 6_000_00, "Z1B": 3_000_00}  # fmt: skip
    assert partners_of(pool.books).cost[COUNCIL] == 0


@pytest.fixture
def desk(house: House) -> Desk:
    """A desk with the county's pool, whose first scheme the CCG leads and shows in full."""
    found = Desk(house)
    assert isinstance(found.open(), Done)
    return found


def vary(desk: Desk, first: date) -> None:
    """All partners agree to another agreement, in which they commission the first scheme together."""
    schemes = yaml.load(CARROWBY.read_text(), Loader=yaml.BaseLoader)["schemes"]
    schemes[0] |= {
        "commissioning": "joint",
        "accounting": "net",
        "commissioned": {"per_cent": {"ZZ6": "25", "Z6A": "75"}},
    }
    schemes[0].pop("lead")
    content = changed(schemes=schemes)
    mandate = desk.mandate("partners", Matter("vary_agreement"), content)
    for who, party in (("finance", CARROWBY_COUNCIL), ("ccg", CARROWBY_CCG)):
        assert isinstance(desk.agree(who, mandate, party), Done)
    done = attach_agreement(desk.house, desk.actor("finance"), "joint", "2015-16", content, first, mandate)
    assert isinstance(done, Done), done


def test_schemes_that_stand_already_are_treated_as_a_later_agreement_has_them(desk: Desk) -> None:
    """From its day on a scheme is whose the agreement says; before, whose it was; and the month that it comes in makes good what shifts."""
    october = date(2015, 10, 1)
    assert isinstance(
        desk.ask("manager", Event.SPENT, 100_00, scheme="s1", source="pooled", payee="trust"), Done
    )
    vary(desk, october)
    books = desk.books()
    assert (treatment(books, "s1", october - timedelta(days=1)), treatment(books, "s1")) == (
        "gross: Z6A shows the whole of it",
        "net: Z6A shows 75 of 100 parts, ZZ6 shows 25 of 100 parts",
    )
    for period, council in (("2015-09", 0), ("2015-10", 25_00), ("2015-11", 25_00)):
        found = statement(books, Period.month(period), Known(date(2016, 5, 1)))
        assert {each.partner: each.cost for each in found.partners}[CARROWBY_COUNCIL] == council
        assert partners_of(books, found.period.last).cost[CARROWBY_COUNCIL] == council
    moved = statement(books, Period.month("2015-10"), Known(date(2016, 5, 1)))
    assert {each.partner: each.cost_in_period for each in moved.partners} == {CARROWBY_COUNCIL: 25_00, CARROWBY_CCG: -25_00}  # fmt: skip
    own = partners_now(desk.house, books).books[CARROWBY_COUNCIL]
    (entry,) = (each for each in own.entries if each.posting == "agreement/2015-10-01")
    assert (entry.on, sum(entry.changes.values())) == (october, 0)
    assert standing_of(books, CARROWBY_COUNCIL).cost == 25_00


def test_late_adjustments_are_in_every_paper_of_the_year(desk: Desk) -> None:
    """What is entered in May as of 31 March is in the year, and the note and the statement say so alike."""
    close(desk)
    late = {"scheme": "s1", "source": "pooled", "payee": "trust", "on": END, "late": True}
    desk.at = datetime(2016, 5, 3, 9, tzinfo=UTC)
    assert isinstance(desk.ask("finance", Event.SPENT, 40_00, **late), Done)
    made = note(desk.books())
    assert not isinstance(made, Refused)
    assert made.spent == of_year(desk.books()).expenditure_total.to_date.pence == 40_00
    assert "is after 2015-16" in says(desk.ask("finance", Event.SPENT, 1, **{**late, "late": False, "on": APRIL}))  # fmt: skip
