"""Every pound once: money counted on in two pools or plans raises an alarm, and a pound in two bodies' totals is taken out of one."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from carepool.basics.findings import Severity
from carepool.pool.accounts import Event
from carepool.pool.books import Contribution
from carepool.pool.once import Claim, Known, Near, Once, claims_of, counted_twice, once, opened_twice
from carepool.pool.partners import partners_of
from tests.spec.test_books import CCG, COUNCIL, DFG, NHS, OPENING, Pool
from tests.spec.test_pool_commands import Ask, ask

__all__ = ["ask"]
MONEY = (CCG, NHS, "2015-16")
KNOWN = {MONEY: Known(100_00, "Pounds of 2015 (fictitious)")}


def claim(pence: int, name: str, kind: str = "pool") -> Claim:
    """That a pool or plan counts on the CCG's money."""
    return Claim(*MONEY, kind, name, pence)  # type: ignore[arg-type]


def test_the_same_sum_in_two_pools_raises_an_alarm() -> None:
    """The same contribution of a party, from one source and for one year, in two pools is named with both."""
    (found,) = counted_twice([claim(70_00, "merrow"), claim(70_00, "wolds", "plan")], {})
    assert (found.code, found.severity, found.where) == (
        "counted-twice",
        Severity.WARNING,
        "Z1A/additional_nhs/2015-16",
    )
    assert found.says == (
        "The plan wolds and the pool merrow both count on £70 of additional_nhs from Z1A in 2015-16: the same sum to the penny."
    )
    assert counted_twice([claim(70_00, "merrow"), claim(30_00, "wolds")], {}) == ()


def test_nearly_the_same_sum_of_one_body_in_two_places_raises_an_alarm() -> None:
    """A few pounds apart it may be the same money still: how near is nearly is a value of the rules."""
    near = Near(Decimal(1), "section-75/section_75")
    (found,) = counted_twice([claim(100_000_00, "merrow"), claim(99_000_00, "wolds", "plan")], {}, near)
    assert (found.code, found.severity, found.rule) == ("counted-twice", Severity.WARNING, near.rule)
    assert (
        "count on £99,000 and £100,000 of additional_nhs from Z1A in 2015-16: they are £1,000 apart, which is within 1 per cent, "
        "and may be the same pounds."
    ) in found.says
    assert counted_twice([claim(100_000_00, "merrow"), claim(98_999_99, "wolds")], {}, near) == ()
    assert counted_twice([claim(40_00, "merrow"), claim(40_00, "wolds")], KNOWN, near) == (), (
        "an allocation says that both can be"
    )
    indicative = {key: Known(each.pence, "") for key, each in KNOWN.items()}
    (found,) = counted_twice([claim(40_00, "merrow"), claim(40_00, "wolds")], indicative, near)
    assert found.code == "counted-twice"


def test_more_than_there_is_raises_an_alarm() -> None:
    """Where it is known what a party has of a source, pools and plans that count on more together are named with all of them."""
    (found,) = counted_twice([claim(70_00, "merrow"), claim(40_00, "wolds")], KNOWN)
    assert (found.code, found.severity) == ("more-than-there-is", Severity.BLOCKER)
    assert found.says == (
        "the pool merrow (£70) and the pool wolds (£40) count on £110 of additional_nhs from Z1A in 2015-16, which has £100 "
        "as Pounds of 2015 (fictitious) says: £10 is counted twice or is not there."
    )
    assert counted_twice([claim(50_00, "merrow"), claim(50_00, "wolds")], KNOWN) == ()
    indicative = {MONEY: Known(100_00, "")}
    assert [each.severity for each in counted_twice([claim(100_01, "merrow")], indicative)] == [
        Severity.WARNING
    ]


def test_money_of_other_years_and_parties_is_other_money() -> None:
    """Only the same party, source and year can be the same pound."""
    other = [
        replace(claim(70_00, "wolds"), **each)
        for each in ({"party": "Z2A"}, {"source": DFG}, {"year": "2016-17"})
    ]  # type: ignore[arg-type]
    assert counted_twice([claim(70_00, "merrow"), *other], {}) == ()


def test_what_a_pool_counts_on() -> None:
    """Contributions as varied, and performance money whether it is earned or not; what arises within the pool is in no other."""
    waiting = Contribution(CCG, NHS, 100_000_00, 12_000_00)
    pool = Pool(replace(OPENING, contributions=(OPENING.contributions[0], waiting)))
    pool.enter(Event.CONTRIBUTED, 1_00, party=CCG, source=NHS)
    pool.enter(Event.BORNE, parts={CCG: 5_00})
    pool.enter(Event.CHARGED, 5_00, party=COUNCIL, scheme="s2")
    assert [(each.party, each.source, each.pence) for each in claims_of(pool.books)] == [
        (CCG, NHS, 100_001_00), (COUNCIL, DFG, 40_000_00),
    ]  # fmt: skip


def test_one_agreement_opened_under_two_names() -> None:
    """Two pools of one agreement in one year have all its money twice."""
    first = Pool(replace(OPENING, agreement_digest="a" * 64)).books
    (found,) = opened_twice(
        [first, replace(first, pool="again"), replace(first, pool="next", year="2016-17")]
    )
    assert found.severity is Severity.BLOCKER
    assert "The pools merrow and again of 2015-16 are of one agreement" in found.says


def counted(*pools: Pool) -> Once:
    """Totals over pools, which add up."""
    found = once([(each.books, partners_of(each.books)) for each in pools])
    assert found.adds_up
    assert found.gross_in - found.eliminated_in == found.net_in
    assert found.gross_out - found.eliminated_out == found.net_out
    return found


def test_a_pound_that_two_bodies_count_is_taken_out_of_one() -> None:
    """What a CCG pays to a council is in both their totals; net is what people outside put in, and the elimination is shown."""
    found = counted(Pool())
    council = next(each for each in found.bodies if each.body == COUNCIL)
    assert (council.put_in, council.received, council.gross_in) == (40_000_00, 100_000_00, 140_000_00)
    assert (found.gross_in, found.eliminated_in, found.net_in) == (240_000_00, 100_000_00, 140_000_00)
    assert [(each.payer, each.payee, each.kind, each.pence) for each in found.passages] == [
        (CCG, COUNCIL, "contributions", 100_000_00)
    ]


def test_a_cost_that_two_bodies_show_is_taken_out_of_one() -> None:
    """What one partner bears of a scheme that another shows gross is in both their expenditure, and nets to what was spent outside."""
    pool = Pool()
    pool.enter(Event.SPENT, 9_000_00, scheme="s2", source=NHS, payee="care-at-home", vat=100_00)
    found = counted(pool)
    assert (found.gross_out, found.eliminated_out, found.net_out) == (18_000_00, 9_000_00, 9_000_00)
    assert (CCG, COUNCIL, "costs of schemes") in [
        (each.payer, each.payee, each.kind) for each in found.passages
    ]


def test_a_section_256_transfer_is_counted_once() -> None:
    """A transfer between two bodies here is in both their totals; one from outside comes in once."""
    here, outside = Pool(), Pool()
    here.enter(Event.TRANSFERRED, 9_000_00, party=COUNCIL, payee=CCG)
    outside.enter(Event.TRANSFERRED, 9_000_00, party=COUNCIL, payee="nhs_england")
    assert counted(here).net_in == counted(outside).net_in == 140_000_00 + 9_000_00
    assert [each.kind for each in counted(here).passages] == ["contributions", "section 256"]
    assert counted(outside).eliminated_out == 0


def test_totals_are_over_all_pools() -> None:
    """A body that is a partner in several pools has one total over all of them."""
    second = Pool(replace(OPENING, host=CCG))
    second.enter(Event.SPENT, 1_00, scheme="s1", source=NHS, payee="provider", on=date(2015, 9, 1))
    found = counted(Pool(), second)
    assert [each.body for each in found.bodies] == [CCG, COUNCIL]
    assert found.net_in == 280_000_00
    assert found.eliminated_in == 140_000_00


@pytest.mark.slow
def test_every_pound_once_in_the_terminal(ask: Ask) -> None:
    """``carepool pool once --json`` counts every pool and plan there is; ``--in`` asks of one board or region."""
    code, said = ask("pool", "once", "--json")
    data = json.loads(said)
    assert (code, data["adds_up"]) == (0, True)
    assert data["gross_in_pence"] - data["eliminated_in_pence"] == data["net_in_pence"] > 0
    assert sum(each["gross_in_pence"] for each in data["bodies"]) == data["gross_in_pence"]
    assert json.loads(ask("pool", "once", "--in", "ZZ6", "--json")[1])["net_in_pence"] == data["net_in_pence"]
    assert "Taken out, because it is in two totals:" in ask("pool", "once")[1]
    assert "There is no board or region with a plan “XX”" in ask("pool", "once", "--in", "XX")[1]
