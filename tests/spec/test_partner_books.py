"""Each partner's own books of a pool: what its statutory ledger shows, balanced, and nothing left over between partners."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from carepool.basics.money import Pence
from carepool.pool.accounts import Account, Entry, Event, Heading, Posting
from carepool.pool.books import Books, Contribution, Opening, Partner, Scheme, release_lines
from carepool.pool.borne import settled_between
from carepool.pool.own import MIRRORS, Own
from carepool.pool.partners import NOT_IN_LEDGERS, Partners, explain, partners_of, places_of, treatment
from tests.spec.test_books import CCG, COUNCIL, DFG, DISTRICT, JUNE, NHS, OPENING, Pool

SECOND = "Z1B"
THREE = replace(
    OPENING,
    partners=(*OPENING.partners, Partner(SECOND, "ccg")),
    contributions=(*OPENING.contributions, Contribution(SECOND, NHS, 50_000_00)),
)


def of(pool: Pool, day: date | None = None) -> Partners:
    """Every partner's books, each held to its promises."""
    found = partners_of(pool.books, day)
    assert all(own.trial_balance == 0 for own in found.books.values())
    assert all(each.difference == 0 for each in found.eliminations)
    assert sum(own.net_expenditure for own in found.books.values()) == found.net_expenditure
    return found


def shows(found: Partners, partner: str) -> dict[str, Pence]:
    """A partner's balances by the names of its accounts."""
    return {str(account): pence for account, pence in found.books[partner].balances.items()}


def _opening(pool: Pool) -> Opening:
    assert pool.books.opening
    return pool.books.opening


def scheme(**about: object) -> Opening:
    """Three partners with one scheme, of some treatment."""
    made = Scheme("s1", "Rapid response", {NHS: 60_000_00}, **about)  # type: ignore[arg-type]
    return replace(THREE, schemes=(made,))


def test_a_contribution_is_the_payers_debt_and_the_hosts_claim() -> None:
    """Promised, a contribution is due to the host; paid in it is the host's money for the pool, and the payer's share of what is in it."""
    pool = Pool()
    pool.enter(Event.RECEIVED, 30_000_00, party=CCG, source=NHS)
    found = of(pool)
    assert shows(found, CCG) == {
        "money": -30_000_00, "due_to/ZZ1/contributions": -70_000_00, "left_with/ZZ1": 100_000_00,
    }  # fmt: skip
    assert shows(found, COUNCIL)["due_from/Z1A/contributions"] == 70_000_00
    assert shows(found, COUNCIL)["held_for/Z1A"] == -100_000_00
    assert shows(found, COUNCIL)["pooled"] == 30_000_00


def test_gross_the_lead_shows_the_whole_scheme() -> None:
    """Under gross accounting the lead shows all that a scheme costs, and as income what the other partners bear of it."""
    pool = Pool(scheme(lead=CCG))
    pool.enter(Event.SPENT, 30_000_00, scheme="s1", source=NHS, payee="provider")
    found = of(pool)
    assert shows(found, CCG)["expenditure/s1"] == 30_000_00
    assert (
        shows(found, CCG)["from_partner/Z1B/s1"]
        == shows(found, SECOND)["to_partner/Z1A/s1"] * -1
        == -10_000_00
    )
    assert [found.books[each].net_expenditure for each in (COUNCIL, CCG, SECOND)] == [0, 20_000_00, 10_000_00]
    assert shows(found, COUNCIL)["creditor/provider"] == -30_000_00


def test_net_each_partner_shows_its_own_part() -> None:
    """Under net accounting each partner shows the part that it commissions; where the money comes from others, the difference is between them."""
    pool = Pool(scheme(accounting="net", commissioning="joint", commissioned={CCG: 2, SECOND: 1}))
    pool.enter(Event.SPENT, 10_000_01, scheme="s1", source=NHS, payee="provider", irrecoverable=1)
    found = of(pool)
    assert (shows(found, CCG)["expenditure/s1"], shows(found, SECOND)["expenditure/s1"]) == (
        6_666_67,
        3_333_34,
    )
    assert shows(found, CCG)["irrecoverable/s1"] == 1
    assert found.books[CCG].net_expenditure + found.books[SECOND].net_expenditure == 10_000_02
    assert "expenditure/s1" not in shows(found, COUNCIL)
    assert treatment(pool.books, "s1") == "net: Z1A shows 2 of 3 parts, Z1B shows 1 of 3 parts"


def test_an_agent_shows_a_debtor_alone() -> None:
    """Who commissions as agent shows no cost: its principal does. What the agent has paid is owed to it."""
    pool = Pool(scheme(commissioning="agent", lead=SECOND, commissioned={CCG: 1}))
    pool.enter(Event.SPENT, 9_000_00, scheme="s1", source=NHS, payee=SECOND)
    found = of(pool)
    assert shows(found, CCG)["expenditure/s1"] == 9_000_00
    assert "expenditure/s1" not in shows(found, SECOND)
    assert shows(found, SECOND)["due_from/ZZ1/spending"] == 9_000_00
    assert treatment(pool.books, "s1") == (
        "Z1B is agent and shows a debtor or creditor alone; Z1A shows the cost"
    )


def test_an_agents_principal_is_the_other_partner() -> None:
    """Where the agreement does not divide what an agent commissions and there is one other partner, that one is the principal."""
    pool = Pool(
        replace(OPENING, schemes=(Scheme("s1", "Rapid response", {NHS: 60_000_00}, False, "agent", COUNCIL),))
    )
    pool.enter(Event.SPENT, 9_000_00, scheme="s1", source=NHS, payee="provider")
    assert shows(of(pool), CCG)["expenditure/s1"] == 9_000_00


def test_vat_comes_back_to_the_host_or_is_a_cost() -> None:
    """VAT that can be had back is the host's claim and nobody's cost; VAT that cannot is a cost of who shows the scheme."""
    pool = Pool()
    pool.enter(
        Event.SPENT, 10_000_00, scheme="s1", source=NHS, payee="provider", vat=1_500_00, irrecoverable=500_00
    )
    found = of(pool)
    assert (shows(found, COUNCIL)["vat"], shows(found, CCG)["irrecoverable/s1"]) == (1_500_00, 500_00)
    assert found.books[CCG].net_expenditure == 10_500_00


def test_an_accrual_is_between_who_had_the_service_and_the_host() -> None:
    """What a partner has had for the pool and not invoiced is accrued in its books and in the host's, and goes when it is reversed."""
    pool = Pool()
    accrual = pool.enter(Event.ACCRUED, 7_000_00, scheme="s1", source=NHS, payee=CCG, on=date(2015, 6, 30))
    found = of(pool)
    assert shows(found, CCG)["accrued_from/ZZ1"] == -shows(found, COUNCIL)["accrued_to/Z1A"] == 7_000_00
    pool.enter(Event.UNACCRUED, of=accrual, on=date(2015, 7, 1))
    after = of(pool)
    assert not {each.heading for own in after.books.values() for each in own.balances} & {
        Own.ACCRUED,
        Own.ACCRUED_TO,
    }
    assert "accrued_from/ZZ1" in shows(of(pool, date(2015, 6, 30)), CCG)


def test_what_a_partner_spends_for_the_pool_is_owed_to_it() -> None:
    """A partner that pays for the pool has the host as debtor, until it is paid or sets it off against what it owes."""
    pool = Pool()
    pool.enter(Event.SPENT, 10_000_00, scheme="s1", source=NHS, payee=CCG)
    assert shows(of(pool), CCG)["due_from/ZZ1/spending"] == 10_000_00
    pool.enter(Event.OFFSET, 10_000_00, party=CCG, source=NHS)
    found = shows(of(pool), CCG)
    assert "due_from/ZZ1/spending" not in found
    assert (found["money"], found["due_to/ZZ1/contributions"]) == (-10_000_00, -90_000_00)


def test_charges_are_the_councils_income() -> None:
    """What people are charged is income of the council that charges them, and lowers what the partners bear together."""
    pool = Pool()
    pool.enter(Event.SPENT, 5_000_00, scheme="s2", source=NHS, payee="care-at-home")
    pool.enter(Event.CHARGED, 500_00, party=COUNCIL, scheme="s2")
    found = of(pool)
    assert (shows(found, COUNCIL)["charges/s2"], shows(found, COUNCIL)["people/s2"]) == (-500_00, 500_00)
    assert found.net_expenditure == 4_500_00


def test_a_grant_is_the_payees_income_and_goes_on() -> None:
    """A capital grant is income of its payee from outside; what is passed on to a district is the payee's expenditure."""
    pool = Pool()
    pool.enter(Event.RECEIVED, 40_000_00, party=COUNCIL, source=DFG)
    pool.enter(Event.PASSED_ON, 29_000_00, party=DISTRICT, source=DFG)
    found = shows(of(pool), COUNCIL)
    assert found[f"grant/DCLG/{DFG}"] == -40_000_00
    assert found[f"passed/{DISTRICT}/{DFG}"] == 29_000_00


def test_a_grant_passed_on_to_a_partner_is_its_income() -> None:
    """Where the district is a partner, one partner's expenditure is the other's income, and no pound has left them."""
    grants = (replace(OPENING.grants[0]),)
    pool = Pool(replace(OPENING, partners=(*OPENING.partners, Partner(DISTRICT, "council")), grants=grants))
    pool.enter(Event.RECEIVED, 40_000_00, party=COUNCIL, source=DFG)
    pool.enter(Event.PASSED_ON, 29_000_00, party=DISTRICT, source=DFG)
    found = of(pool)
    assert shows(found, COUNCIL)[f"to_partner/{DISTRICT}/{DFG}"] == 29_000_00
    assert shows(found, DISTRICT)["money"] == 29_000_00
    assert found.net_expenditure == 0


def test_performance_money_is_the_ccgs_until_it_is_released() -> None:
    """Unearned money stands in the CCG's books alone and is nobody's debt; released it is a contribution like any other."""
    waiting = Contribution(CCG, NHS, 100_000_00, 12_000_00)
    pool = Pool(replace(OPENING, contributions=(OPENING.contributions[0], waiting)))
    before = of(pool)
    assert (shows(before, CCG)["held"], shows(before, CCG)["contingent"]) == (12_000_00, -12_000_00)
    assert before.left[CCG] == 88_000_00
    released = Posting("release", "Earned", JUNE, release_lines(COUNCIL, CCG, 5_000_00), event=Event.RELEASED)
    after = partners_of(replace(pool.books, postings=(*pool.books.postings, released)))
    assert (shows(after, CCG)["held"], after.left[CCG]) == (7_000_00, 93_000_00)


def test_the_section_256_transfer_is_council_income_and_no_part_of_the_pool() -> None:
    """The transfer is the council's income, and the payer's expenditure where the payer is a partner; no share of the pool is touched by it."""
    pool = Pool()
    left = of(pool).left
    pool.enter(Event.TRANSFERRED, 9_000_00, party=COUNCIL, payee=CCG)
    pool.enter(Event.APPLIED, 4_000_00, party=COUNCIL, scheme="protecting-services")
    found = of(pool)
    assert (
        shows(found, COUNCIL)[f"transfer_from/{CCG}"]
        == -shows(found, CCG)[f"transfer_to/{COUNCIL}"]
        == -9_000_00
    )
    assert (shows(found, COUNCIL)["transfer"], shows(found, COUNCIL)["applied/protecting-services"]) == (
        5_000_00,
        4_000_00,
    )
    assert (found.left, found.net_expenditure) == (left, 0)


def test_what_is_left_is_shared_and_a_deficit_too() -> None:
    """Each partner's share of a surplus is what it put in less what it bears; of a deficit it owes its share."""
    pool = Pool(THREE)
    pool.enter(Event.SPENT, 60_000_00, scheme="s1", source=NHS, payee="provider")
    pool.enter(Event.LOWERED, 70_000_00, party=CCG, source=NHS)
    found = of(pool)
    assert found.left == {COUNCIL: 40_000_00, CCG: 7_500_00, SECOND: 12_500_00}
    assert shows(found, COUNCIL)["held_for/Z1B"] == -12_500_00
    pool.enter(Event.LOWERED, 30_000_00, party=CCG, source=NHS)
    pool.enter(Event.LOWERED, 45_000_00, party=SECOND, source=NHS)
    assert of(pool).left[SECOND] == -55_000_00


def test_what_was_brought_forward_is_whose_it_was() -> None:
    """What the year before left is carried by one partner and is still each partner's own: by the shares of what was left then."""
    pool = Pool(replace(THREE, brought={COUNCIL: 9_000_00}))
    found = partners_of(pool.books, before={CCG: 2_00, SECOND: 1_00, COUNCIL: -5_00})
    assert (shows(found, CCG)["brought"], shows(found, SECOND)["brought"]) == (-6_000_00, -3_000_00)
    assert all(own.trial_balance == 0 for own in found.books.values())
    assert partners_of(pool.books).left[COUNCIL] == 49_000_00


def test_budgets_and_commitments_are_in_no_ledger() -> None:
    """What may be spent and what is ordered enters nothing in any partner's books."""
    pool = Pool()
    before = of(pool)
    pool.enter(Event.COMMITTED, 30_000_00, scheme="s1", source=NHS)
    assert of(pool).books == before.books
    assert len(NOT_IN_LEDGERS) == 4


def test_a_reversal_takes_back_what_was_entered() -> None:
    """A posting and its reversal leave every partner's books as they were, to the penny."""
    pool = Pool(THREE)
    pool.enter(Event.SPENT, 1_00, scheme="s1", source=NHS, payee=CCG)
    before = {code: own.balances for code, own in of(pool).books.items()}
    spent = pool.enter(Event.SPENT, 33_33, scheme="s1", source=NHS, payee="provider", irrecoverable=1)
    pool.enter(Event.REVERSED, of=spent)
    assert {code: own.balances for code, own in of(pool).books.items()} == before


def test_each_entry_follows_from_one_posting() -> None:
    """A partner's entries name the pool's postings, in the order of their days, and each adds to nothing."""
    pool = Pool(THREE)
    for day in range(5):
        pool.enter(
            Event.SPENT,
            7,
            scheme="s1",
            source=NHS,
            payee="provider",
            on=date(2015, 9, 9) - timedelta(days=day),
        )
    own = of(pool).books[SECOND]
    assert [each.on for each in own.entries] == sorted(each.on for each in own.entries)
    assert all(pool.books.posting(each.posting) and sum(each.changes.values()) == 0 for each in own.entries)
    assert own.amount(Own.TO_PARTNER) == 12


def test_a_share_explains_itself() -> None:
    """A partner's net expenditure is worked out cost by cost, each with its weights, and the steps add to it."""
    pool = Pool(THREE)
    pool.enter(Event.SPENT, 30_000_00, scheme="s1", source=NHS, payee="provider")
    pool.enter(Event.CHARGED, 500_00, party=COUNCIL, scheme="s2")
    found = of(pool)
    working = explain(found, _opening(pool), SECOND)
    assert working.steps[0].says == "Rapid response, from additional_nhs"
    assert working.steps[0].how == "£30,000 × 5,000,000 ÷ 15,000,000, by what each put in of additional_nhs"
    for code in found.books:
        working = explain(found, _opening(pool), code)
        assert sum(step.value for step in working.steps if isinstance(step.value, int)) == working.value


@pytest.mark.parametrize(
    ("net", "pays"),
    [
        ({"a": 5, "b": -5}, [("a", "b", 5)]),
        ({"a": 5, "b": 3, "c": -8}, [("a", "c", 5), ("b", "c", 3)]),
        ({"a": -2, "b": 6, "c": -4}, [("b", "a", 2), ("b", "c", 4)]),
        ({"a": 0}, []),
    ],
)
def test_who_pays_whom(net: dict[str, Pence], pays: list[tuple[str, str, Pence]]) -> None:
    """Between partners everybody's net is paid once, in the order of their codes."""
    assert settled_between(net) == pays


@pytest.mark.parametrize("heading", sorted(set(Heading) - NOT_IN_LEDGERS))
def test_no_account_of_the_pool_is_forgotten(heading: Heading) -> None:
    """Money in any account of the pool stands in some partner's books: what each heading comes to is entered, and balances."""
    party, source = (COUNCIL if heading in {Heading.TRANSFER, Heading.APPLIED} else CCG), NHS
    if heading in {Heading.SPENT, Heading.IRRECOVERABLE}:
        party = "s1"
    against = {
        Heading.TRANSFER: Account(Heading.GIVEN, CCG), Heading.GIVEN: Account(Heading.TRANSFER, COUNCIL),
        Heading.APPLIED: Account(Heading.TRANSFER, COUNCIL), Heading.HELD: Account(Heading.CONTINGENT, CCG),
        Heading.CONTINGENT: Account(Heading.HELD, CCG), Heading.KEPT: Account(Heading.HELD, CCG),
        Heading.POOL: Account(Heading.OWED, "provider"),
    }.get(heading, Account(Heading.POOL, COUNCIL))  # fmt: skip
    lines = (Entry(Account(heading, party, source), against, 7_00),)
    posting = Posting("1", "x", date(2015, 5, 5), lines)
    found = partners_of(Books("merrow", "2015-16", OPENING, (posting,)))
    assert any(own.entries for own in found.books.values())
    assert all(own.trial_balance == 0 for own in found.books.values())
    assert all(each.difference == 0 for each in found.eliminations)


def test_each_mirror_has_its_other_side() -> None:
    """What mirrors another partner's account is not itself mirrored, so that every pair is compared once."""
    assert set(MIRRORS) & set(MIRRORS.values()) == set()


def test_entries_of_some_places_are_those_of_all() -> None:
    """However the order of days is cut, the parts have the entries that the whole has, and the same balances."""
    pool = Pool()
    for day, pence in ((9, 5_00), (3, 7_00), (3, 11_00), (8, 2_00)):
        pool.enter(Event.RECEIVED, pence, party=COUNCIL, source=DFG, on=date(2015, 6, day))
    whole, places = of(pool), places_of(pool.books)
    for size in (1, 2, places):
        parts = [
            partners_of(pool.books, entries=range(at, min(at + size, places)))
            for at in range(0, places, size)
        ]
        for code, own in whole.books.items():
            assert [each for part in parts for each in part.books[code].entries] == list(own.entries)
            assert {str(part.books[code].balances) for part in parts} == {str(own.balances)}
