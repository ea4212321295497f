"""The end of a pool's year: cut-off, late adjustments, confirmed balances, the note, what was not spent, and assertions."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from carepool.actions.house import House
from carepool.actions.pool_years import assert_balance_of, confirm_balance_of, findings_of, set_cut_off_of
from carepool.basics.refusals import Refused
from carepool.journal.commands import Done
from carepool.pool.accounts import Event, Heading
from carepool.pool.division import costs
from carepool.pool.yearend import after_cut_off, note, standing_of, unspent
from tests.spec.test_bearing_over_a_year import close, ledger
from tests.spec.test_opening_from_agreement import CCG, COUNCIL, POOL, YEAR, Desk, says

LATE = {"on": date(2016, 3, 31), "late": True}


@pytest.fixture
def desk(house: House) -> Desk:
    """A desk with an open pool."""
    found = Desk(house)
    assert isinstance(found.open(), Done)
    return found


def codes(desk: Desk) -> list[str]:
    return [each.code for each in findings_of(desk.house, desk.books())]


def confirm(desk: Desk, who: str, party: str, pence: int, statement: str = "") -> Done | Refused:
    return confirm_balance_of(desk.house, desk.actor(who), POOL, YEAR, party, pence, statement)


def test_what_comes_after_a_partners_close_is_listed_apart(desk: Desk) -> None:
    """The CCG's ledger closes before the council's: what is entered after is in the pool's books and not in its own, with the effect."""
    for party, day in ((CCG, date(2016, 4, 22)), (COUNCIL, date(2016, 5, 31))):
        assert isinstance(set_cut_off_of(desk.house, desk.actor("finance"), POOL, YEAR, party, day), Done)
    assert "is before the year ends" in says(set_cut_off_of(desk.house, desk.actor("finance"), POOL, YEAR, CCG, date(2016, 3, 1)))  # fmt: skip
    close(desk)
    about = {"scheme": "s1", "source": "pooled", "payee": CCG, **LATE}
    assert isinstance(desk.ask("finance", Event.SPENT, 100_00, **about), Done)
    desk.at = datetime(2016, 5, 3, 9, tzinfo=UTC)
    assert isinstance(desk.ask("finance", Event.SPENT, 40_00, **about), Done)
    (late,) = after_cut_off(desk.books(), CCG)
    assert (late.cost, late.effects) == (40_00, {COUNCIL: 0, CCG: -40_00})
    assert after_cut_off(desk.books(), COUNCIL) == ()


def test_each_partner_confirms_its_balance(desk: Desk) -> None:
    """A confirmation is the partner's own; on other figures than the books' it is a finding with the difference."""
    close(desk)
    assert codes(desk).count("pool-not-confirmed") == 2
    owes = standing_of(desk.books(), CCG).balance
    assert owes == 1_744_985_028
    assert "must be its section 151 officer" in says(confirm(desk, "finance", CCG, owes))
    assert isinstance(confirm(desk, "ccg", CCG, owes - 5_00), Done)
    found = next(each for each in findings_of(desk.house, desk.books()) if each.code == "pool-confirmed-otherwise")  # fmt: skip
    assert "£5 apart" in found.says
    assert isinstance(confirm(desk, "ccg", CCG, owes), Done)
    assert "pool-confirmed-otherwise" not in codes(desk)
    assert isinstance(desk.ask("finance", Event.CHARGED, 9_00, party=COUNCIL, scheme="s2", **LATE), Done)
    assert "pool-confirmed-before" not in codes(desk), "the council's charge is no figure of the CCG's"
    assert isinstance(desk.ask("finance", Event.SPENT, 9_00, scheme="s1", source="pooled", payee="trust", **LATE), Done)  # fmt: skip
    assert "pool-confirmed-before" in codes(desk), "its part of what was spent has changed"
    assert "has changed since" in says(confirm(desk, "ccg", CCG, owes, "f" * 64))


def test_costs_go_back_to_whose_money_it_was(desk: Desk) -> None:
    """What was spent and what was not are traced by source to who put it in, to the penny."""
    ledger(desk, "s1", 600_000_001)
    books = desk.books()
    assert sum(costs(books).values()) == 600_000_001
    left = {each.scheme: each for each in unspent(books)}
    assert left["s1"].pence == 77_741_697
    assert sum(left["s1"].of.values()) == 77_741_697
    assert left["s1"].of[COUNCIL] * 1_744_985_028 // 34_906_605 - left["s1"].of[CCG] in range(-20, 20)


def test_the_note_adds_up(desk: Desk) -> None:
    """Funding by partner, spending by scheme and what became of the surplus, in words and figures from the books."""
    ledger(desk, "s1", 600_000_000)
    assert isinstance(desk.ask("manager", Event.CHARGED, 5_000_00, party=COUNCIL, scheme="s2"), Done)
    assert isinstance(desk.ask("finance", Event.CARRIED, 100_00, party=COUNCIL), Done)
    found = note(desk.books())
    assert not isinstance(found, Refused)
    assert (found.funded, found.spent) == (1_837_354_935 + 5_000_00, 600_000_000)
    assert found.surplus == found.working.value == sum(each.pence for each in found.treatment)
    text = " ".join(found.text)
    for words in ("ZZ6 hosts a pooled budget with Z6A under section 75", "£5,000 of it is what people were charged", "£1,560,030 of performance money is not settled"):  # fmt: skip
        assert words in text
    assert [each.says for each in found.treatment] == ["Carried forward, held by ZZ6", "Not dealt with yet"]
    assert "is not open" in says(note(replace(desk.books(), opening=None)))


def test_an_assertion_that_fails_is_a_finding(desk: Desk) -> None:
    """What an account, a budget or a scheme's spending is said to be on a day is held against the books of that day."""

    def put(of: str, kind: str, pence: int) -> Done | Refused:
        on = date(2015, 6, 15)
        return assert_balance_of(desk.house, desk.actor("manager"), POOL, YEAR, of, kind, pence, on)

    for of, kind, pence in (("s1", "budget", 677_741_698), (f"pool/{COUNCIL}", "balance", 0), ("s1", "at_most", 100)):  # fmt: skip
        assert isinstance(put(of, kind, pence), Done)
    assert "pool-assertion" not in codes(desk)
    ledger(desk, "s1", 150, date(2015, 6, 15))
    failed = [each for each in findings_of(desk.house, desk.books()) if each.code == "pool-assertion"]
    assert [each.says for each in failed] == ["s1 was asserted to be at most £1 on 15 June 2015, and is £1.50: £0.50 off."]  # fmt: skip
    assert "is neither an account nor a scheme" in says(put("nothing", "balance", 1))
    assert "The pool has no scheme s9" in says(put("s9", "budget", 1))


def test_what_stands_open_is_told(desk: Desk) -> None:
    """An accrual not reversed in the month after, an order never had, cash short of what is owed, a scheme that is over."""
    held = desk.ask("manager", Event.ACCRUED, 10_00, scheme="s1", source="pooled", payee="trust")
    assert isinstance(held, Done)
    assert isinstance(desk.ask("manager", Event.COMMITTED, 10_00, scheme="s1", source="pooled"), Done)
    assert codes(desk) == []
    desk.at = datetime(2015, 8, 1, 9, tzinfo=UTC)
    assert codes(desk) == ["pool-accrual-open"]
    ledger(desk, "s2", 936_878_229 + 1_00)
    assert {"pool-overspent", "pool-cash-short"} <= set(codes(desk))
    close(desk)
    assert {"pool-commitment-open", "pool-accrual-open", "pool-not-confirmed"} <= set(codes(desk))
    assert desk.books().amount(Heading.ACCRUED) == 10_00
