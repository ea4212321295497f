"""What an event rests on: a refund on what was put in, a grant passed on what has come, a payment on what was owed that day."""

from datetime import date

from carepool.basics.refusals import Refused
from carepool.pool.accounts import Event, Heading
from carepool.pool.entering import enter
from carepool.pool.events import Asked
from tests.spec.test_books import CCG, COUNCIL, DFG, DISTRICT, JUNE, NHS, Pool

APRIL, MAY, JULY = date(2015, 4, 20), date(2015, 5, 20), date(2015, 7, 20)


def test_a_refund_is_of_what_the_party_itself_put_in() -> None:
    """A party has back no more of a source than it paid in of it, less what it had back before: never another's money."""
    pool = Pool()
    pool.enter(Event.RECEIVED, 50_000_00, party=CCG, source=NHS)
    pool.enter(Event.RECEIVED, 40_000_00, party=COUNCIL, source=DFG)
    assert "By 15 June 2015 ZZ1 has put in £0 of additional_nhs" in pool.refused(
        Event.REFUNDED, 1, party=COUNCIL, source=NHS
    )
    pool.enter(Event.REFUNDED, 20_000_00, party=CCG, source=NHS)
    says = pool.refused(Event.REFUNDED, 30_000_01, party=CCG, source=NHS)
    assert "Z1A has put in £50,000 of additional_nhs and had back £20,000" in says
    assert says.endswith("Refund no more than £30,000.")
    pool.enter(Event.REFUNDED, 30_000_00, party=CCG, source=NHS)


def test_a_refund_leaves_what_is_spent_of_the_source() -> None:
    """What is spent of a source is not there to be given back."""
    pool = Pool()
    pool.enter(Event.RECEIVED, 50_000_00, party=CCG, source=NHS)
    pool.enter(Event.SPENT, 45_000_00, scheme="s1", source=NHS, payee=CCG)
    says = pool.refused(Event.REFUNDED, 5_000_01, party=CCG, source=NHS)
    assert "of that source £45,000 is used. Refund no more than £5,000." in says
    pool.enter(Event.REFUNDED, 5_000_00, party=CCG, source=NHS)


def test_a_refund_rests_on_its_day() -> None:
    """A refund is not dated before what it gives back was there."""
    pool = Pool()
    pool.enter(Event.RECEIVED, 50_000_00, party=CCG, source=NHS)
    pool.enter(Event.RECEIVED, 1_000_00, party=COUNCIL, source=DFG, on=APRIL)
    assert "Refund no more than £0." in pool.refused(Event.REFUNDED, 500_00, party=CCG, source=NHS, on=MAY)


def test_a_receipt_is_not_taken_back_from_under_a_refund() -> None:
    """What was refunded or passed on rests on what was paid in, which is reversed only after it."""
    pool = Pool()
    receipt = pool.enter(Event.RECEIVED, 50_000_00, party=CCG, source=NHS)
    pool.enter(Event.RECEIVED, 40_000_00, party=COUNCIL, source=DFG)
    refund = pool.enter(Event.REFUNDED, 10_000_00, party=CCG, source=NHS)
    assert "£10,000 of what Z1A put in of additional_nhs was refunded" in pool.refused(
        Event.REVERSED, of=receipt
    )
    pool.enter(Event.REVERSED, of=refund)
    pool.enter(Event.REVERSED, of=receipt)


def test_a_capital_grant_is_spent_or_passed_on_and_not_both() -> None:
    """Each pound of a capital grant is spent once: what is spent, ordered or passed on of it is never more than the grant."""
    pool = Pool()
    pool.enter(Event.RECEIVED, 40_000_00, party=COUNCIL, source=DFG)
    pool.enter(Event.RECEIVED, 100_000_00, party=CCG, source=NHS)
    pool.enter(Event.SPENT, 30_000_00, scheme="s3", source=DFG, payee=COUNCIL)
    says = pool.refused(Event.PASSED_ON, 10_000_01, party=DISTRICT, source=DFG)
    assert (
        "£10,000 is left, and this takes £10,000.01. A pound of a grant is spent or passed on, not both."
        in says
    )
    pool.enter(Event.PASSED_ON, 10_000_00, party=DISTRICT, source=DFG)
    for event in (Event.SPENT, Event.ACCRUED, Event.COMMITTED):
        assert "£0 is left" in pool.refused(event, 1, scheme="s3", source=DFG, payee=COUNCIL)


def test_a_capital_grant_is_passed_on_once_it_has_come() -> None:
    """A grant that the pool does not have yet is not passed on out of others' money."""
    pool = Pool()
    pool.enter(Event.RECEIVED, 100_000_00, party=CCG, source=NHS, on=APRIL)
    pool.enter(Event.RECEIVED, 10_000_00, party=COUNCIL, source=DFG)
    says = pool.refused(Event.PASSED_ON, 10_000_01, party=DISTRICT, source=DFG)
    assert says.startswith("£10,000 of disabled_facilities_grant has been received")
    assert "by 20 May 2015 £0 is there to pass on" in pool.refused(
        Event.PASSED_ON, 1, party=DISTRICT, source=DFG, on=MAY
    )
    pool.enter(Event.PASSED_ON, 10_000_00, party=DISTRICT, source=DFG)


def test_nothing_is_dated_before_what_it_takes_back_or_uses() -> None:
    """A reversal, an accrual taken out and what uses a commitment come on the day of what they name, or after."""
    pool = Pool()
    spent = pool.enter(Event.SPENT, 10_00, scheme="s1", source=NHS, payee=CCG)
    accrued = pool.enter(Event.ACCRUED, 10_00, scheme="s1", source=NHS, payee=CCG)
    committed = pool.enter(Event.COMMITTED, 10_00, scheme="s1", source=NHS)
    line = {"scheme": "s1", "source": NHS, "payee": CCG}
    for event, of, about in (
        (Event.REVERSED, spent, {}), (Event.UNACCRUED, accrued, {}), (Event.UNCOMMITTED, committed, {}),
        (Event.SPENT, committed, line), (Event.ACCRUED, committed, line),
    ):  # fmt: skip
        pence = 5_00 if about else 0
        says = pool.refused(event, pence, of=of, on=MAY, **about)  # type: ignore[arg-type]
        assert f"Posting {of} " in says
        assert "is of 15 June 2015, and this would be before it, on 20 May 2015" in says
    pool.enter(Event.REVERSED, of=spent, on=JUNE)


def test_nothing_is_paid_before_it_is_owed() -> None:
    """A payment is dated when what it pays was owed, and takes nothing that a later payment has paid."""
    pool = Pool()
    pool.enter(Event.RECEIVED, 50_000_00, party=CCG, source=NHS, on=APRIL)
    pool.enter(Event.SPENT, 100_00, scheme="s1", source=NHS, payee="care-at-home", on=MAY)
    assert "On 20 April 2015 care-at-home was owed £0" in pool.refused(
        Event.SETTLED, 100_00, payee="care-at-home", on=APRIL
    )
    pool.enter(Event.SETTLED, 100_00, payee="care-at-home", on=JUNE)
    pool.enter(Event.SPENT, 50_00, scheme="s1", source=NHS, payee="care-at-home", on=JULY)
    assert "owed £0 that nothing later uses" in pool.refused(
        Event.SETTLED, 50_00, payee="care-at-home", on=date(2015, 6, 1)
    )
    pool.enter(Event.SETTLED, 50_00, payee="care-at-home", on=JULY)


def test_nothing_is_set_off_had_back_or_used_before_it_was_there() -> None:
    """So it is with what is set off, VAT that comes back, and the transfer under section 256."""
    pool = Pool()
    pool.enter(Event.SPENT, 100_00, scheme="s1", source=NHS, payee=CCG, vat=20_00)
    pool.enter(Event.TRANSFERRED, 100_00, party=COUNCIL, payee="Q99")
    assert "Z1A was owed £0" in pool.refused(Event.OFFSET, 1, party=CCG, source=NHS, on=MAY)
    assert "VAT" in pool.refused(Event.RECLAIMED, 1, on=MAY)
    assert "of the transfer £0" in pool.refused(Event.APPLIED, 1, party=COUNCIL, scheme="s2", on=MAY)
    pool.enter(Event.OFFSET, 120_00, party=CCG, source=NHS)
    pool.enter(Event.RECLAIMED, 20_00)
    pool.enter(Event.APPLIED, 100_00, party=COUNCIL, scheme="s2")
    assert pool.of(Heading.OWED) == 0


def test_nothing_is_dated_after_today() -> None:
    """The books hold what has happened: a receipt of 2099 is refused."""
    books = Pool().books
    for on in (date(2015, 6, 16), date(2099, 12, 31)):
        found = enter(books, Asked(Event.RECEIVED, on, 1, party=CCG, source=NHS), today=JUNE)
        assert isinstance(found, Refused)
        assert "is still to come" in found.says
    assert not isinstance(
        enter(books, Asked(Event.RECEIVED, JUNE, 1, party=CCG, source=NHS), today=JUNE), Refused
    )
