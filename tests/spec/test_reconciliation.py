"""A partner's own ledger held against the pool's books: to the penny, and every difference named."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carepool.basics.findings import Severity
from carepool.basics.refusals import Unusable
from carepool.pool.accounts import Event
from carepool.pool.own import Own, OwnAccount, OwnBooks, OwnEntry
from carepool.pool.partners import partners_of
from carepool.pool.reconciling import How, Reconciled, Row, findings, read_listing, reconcile
from tests.spec.test_books import CCG, COUNCIL, NHS, Pool
from tests.spec.test_pool_commands import Ask, ask

__all__ = ["ask"]
END = date(2016, 3, 31)


def paid_in(*amounts: tuple[int, date]) -> OwnBooks:
    """The CCG's books of a pool into which it has paid these amounts, the first of them posting 2."""
    pool = Pool()
    for pence, on in amounts:
        pool.enter(Event.RECEIVED, pence, party=CCG, source=NHS, on=on)
    return partners_of(pool.books).books[CCG]


def held(own: OwnBooks, *rows: str, upto: date = END, days: int = 5) -> Reconciled:
    """A listing of the CCG's money held against the pool, with its promise checked."""
    content = "\n".join(["date,reference,description,amount", *rows]).encode()
    found = reconcile(own, read_listing("ccg.csv", content, own, "money"), upto, days)
    assert found.difference == found.explained
    return found


APRIL, JULY = date(2015, 4, 15), date(2015, 7, 15)


def test_the_same_to_the_penny_is_matched() -> None:
    """A row that names the posting, or has the same amount within a few days, is the same thing."""
    own = paid_in((25_000_00, APRIL), (25_000_00, JULY))
    found = held(own, "2015-07-13,,Second instalment,-25000.00", "2015-04-20,2,First instalment,-25000")
    assert [each.how for each in found.lines] == [How.MATCHED] * 2
    assert (found.difference, found.agrees) == (0, True)


def test_what_is_in_one_alone_is_named() -> None:
    """What only the pool has, and what only the partner has, are differences; together they are the whole of it."""
    own = paid_in((25_000_00, APRIL), (10_00, JULY))
    found = held(own, "2015-04-15,,First instalment,-25000.00", "2015-09-01,,Somebody else's,-7.00")
    assert (found.difference, found.agrees) == (-3_00, False)
    assert [(each.how, each.difference) for each in found.lines[1:]] == [
        (How.ONLY_POOL, -10_00),
        (How.ONLY_LEDGER, 7_00),
    ]
    said = [each for each in findings(found) if each.severity is Severity.WARNING]
    assert [each.code for each in said] == ["only-in-the-pool", "only-in-the-ledger"]
    assert (
        said[0].says
        == "The pool has £10 credit in posting 3 on 15 July 2015, and the partner's ledger nothing like it."
    )


def test_another_amount_is_told_with_both() -> None:
    """A row that names a posting and has another amount is one thing and not two."""
    own = paid_in((25_000_00, APRIL))
    found = held(own, "2015-04-15,2,First instalment,-24999.99")
    assert [(each.how, each.difference) for each in found.lines] == [(How.AMOUNT, -1)]
    assert findings(found)[0].says == (
        "The pool has £25,000 credit in posting 2 on 15 April 2015, "
        "the partner's ledger £24,999.99 credit in row 2 on 15 April 2015."
    )


def test_several_rows_can_stand_for_one_posting() -> None:
    """Where a partner enters a payment in parts, the rows that name the posting are held against it together."""
    own = paid_in((25_000_00, APRIL))
    assert held(own, "2015-04-15,2,Part,-20000.00", "2015-04-16,2,Rest,-5000.00").agrees
    assert held(own, "2015-04-15,2,Part,-20000.00", "2015-04-16,2,Rest,-5000.01").difference == 1


def test_what_only_the_day_explains_is_told_apart() -> None:
    """What one side has by the day and the other just after it is a difference of cut-off, a note and not a mistake."""
    own = paid_in((25_000_00, date(2015, 6, 30)), (5_00, date(2015, 7, 1)))
    found = held(own, "2015-07-02,,Paid,-25000.00", "2015-06-29,,Paid,-5.00", upto=date(2015, 6, 30))
    assert {each.how for each in found.lines} == {How.TIMING}
    assert (found.difference, found.agrees) == (-25_000_00 + 5_00, True)
    assert {(each.code, each.severity) for each in findings(found) if each.where.startswith("Z1A/money")} == {
        ("cut-off", Severity.NOTE)
    }


def test_rows_after_the_day_are_counted_and_named() -> None:
    """What is dated after the day is no difference yet, and no row that was handed in disappears: it is told how many there are."""
    own = paid_in((25_000_00, APRIL), (10_00, JULY))
    rows = ("2015-04-15,2,First instalment,-25000.00", "2015-07-15,,Second,-10.00", "2016-08-01,,Sundry,5.00", "2030-05-01,,Sundry,999999999.00")  # fmt: skip
    found = held(own, *rows, upto=date(2015, 6, 30))
    assert [(each.how, len(each.pool), len(each.ledger)) for each in found.lines] == [
        (How.MATCHED, 1, 1), (How.AFTER, 1, 1), (How.AFTER, 0, 1), (How.AFTER, 0, 1),
    ]  # fmt: skip
    assert sum(len(each.ledger) for each in found.lines) == len(rows)
    assert [row.number for row in found.rows_after] == [3, 4, 5]
    assert found.agrees
    note = next(each for each in findings(found) if each.code == "after-the-day")
    assert (
        note.says
        == "3 rows of the file are dated after 30 June 2015, £999,999,994 debit together, and not compared."
    )


def test_the_tolerance_of_days_is_the_askers() -> None:
    """Beyond so many days the same amount is two things."""
    own = paid_in((25_000_00, APRIL))
    row = "2015-04-23,,Paid,-25000.00"
    assert not held(own, row).agrees
    assert held(own, row, days=8).agrees


def test_totals_are_held_against_totals() -> None:
    """A file of totals by account is enough to see whether there is a difference; then the listing finds it."""
    own = paid_in((25_000_00, APRIL))
    content = b'account,amount\nmoney,-25000.00\ndue_to,"(75,000.00)"\nleft_with/ZZ1,99999.99\n'
    found = reconcile(own, read_listing("ccg.csv", content, own), END)
    assert [(each.account, each.how, each.difference) for each in found.lines] == [
        ("due_to", How.MATCHED, 0), ("left_with/ZZ1", How.AMOUNT, 1), ("money", How.MATCHED, 0),
    ]  # fmt: skip
    assert "Hand in the listing of the account" in findings(found)[0].remedy


def test_both_partners_books_agree() -> None:
    """The host's listing and the CCG's, each as its books say, reconcile with the pool in every account."""
    pool = Pool()
    pool.enter(Event.RECEIVED, 40_000_00, party=CCG, source=NHS)
    pool.enter(Event.SPENT, 9_000_00, scheme="s1", source=NHS, payee="provider", vat=100_00)
    for code in (COUNCIL, CCG):
        own = partners_of(pool.books).books[code]
        rows = [
            f"{entry.on},{account},{entry.posting},{pence / 100:.2f}"
            for entry in own.entries
            for account, pence in entry.changes.items()
        ]
        content = "\n".join(["date,account,reference,amount", *rows]).encode()
        found = reconcile(own, read_listing("ledger.csv", content, own), END)
        assert found.agrees
        assert (found.difference, found.left_out) == (0, {})
        assert findings(found) == ()


def test_an_account_that_the_file_leaves_out_is_noted() -> None:
    """Accounts in which the pool has something and the file nothing are noted, and no part of the difference."""
    found = held(paid_in((25_000_00, APRIL)), "2015-04-15,2,Paid,-25000")
    assert found.left_out == {"due_to/ZZ1/contributions": -75_000_00, "left_with/ZZ1": 100_000_00}
    assert [each.code for each in findings(found)] == ["not-in-the-file"] * 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("date,amount\n2015-04-15,1.001\n", "row 2: “1.001” is no amount"),
        ("date,amount\n15/04/2015,1\n", "row 2: “15/04/2015” is not a date"),
        ("date,amount\n2015-04-15,NaN\n", "“NaN” is no amount"),
        ("date,amount\n2015-04-15,1e30\n", "“1e30” is no amount"),
        (
            "date,reference\n2015-04-15,2\n",
            "has no amounts. It needs a column “amount”, or “debit” and “credit”",
        ),
        ("", "is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(content: str, says: str) -> None:
    """An amount or a day that cannot be read is refused with its row, and never taken for nothing."""
    with pytest.raises(Unusable, match=says):
        read_listing("ccg.csv", content.encode(), paid_in(), "money")


def test_an_account_that_there_is_not_is_refused() -> None:
    """Rows of an account that the partner has not are refused with the nearest that it has, and rows named in two ways too."""
    own = paid_in((25_000_00, APRIL))
    for content, says in (
        (b"account,amount\nmony,1\n", "row 2: Z1A has no account “mony”. Did you mean money?"),
        (
            b"account,amount\ndue_to,1\ndue_to/ZZ1,1\n",
            "rows of due_to and of due_to/ZZ1, which is part of it",
        ),
        (b"amount\n1\n", "does not say what its rows are of"),
    ):
        with pytest.raises(Unusable, match=says):
            read_listing("ccg.csv", content, own)


def test_debits_and_credits_may_stand_in_two_columns() -> None:
    """A listing with a debit and a credit column is read as well."""
    own = paid_in((25_000_00, APRIL))
    content = b'date,reference,debit,credit\n2015-04-15,2,,"25,000.00"\n'
    assert reconcile(own, read_listing("ccg.csv", content, own, "money"), END).agrees


ROWS = st.lists(
    st.tuples(st.integers(-3, 3).filter(bool), st.integers(0, 30), st.sampled_from(["", "1", "2", "x"])), max_size=12
)  # fmt: skip


@given(ROWS, ROWS, st.integers(0, 30), st.integers(0, 9))
@pytest.mark.slow
def test_the_differences_always_add_up(
    ours: Sequence[tuple[int, int, str]], theirs: Sequence[tuple[int, int, str]], upto: int, days: int
) -> None:
    """Whatever stands on either side, the pool's balance less the partner's is the sum of what is listed, and no row is used twice."""
    account, first = OwnAccount(Own.MONEY), date(2015, 6, 1)
    entries = tuple(
        OwnEntry(str(number), first + timedelta(days=day), "", {account: pence})
        for number, (pence, day, _) in enumerate(ours)
    )
    own = OwnBooks("Z1A", {account: sum(pence for pence, _, _ in ours)}, entries)
    rows = [
        Row(number, "money", first + timedelta(days=day), reference, "", pence)
        for number, (pence, day, reference) in enumerate(theirs, 2)
    ]
    found = reconcile(own, rows, first + timedelta(days=upto), days)
    assert found.difference == found.explained
    used = [row.number for each in found.lines for row in each.ledger]
    assert len(used) == len(set(used))
    assert {row.number for row in rows} == set(used)
    postings = [row.reference for each in found.lines for row in each.pool]
    assert len(postings) == len(set(postings))


@pytest.mark.slow
def test_a_ledger_is_reconciled_in_the_terminal(ask: Ask, tmp_path: Path) -> None:
    """``carepool pool reconcile POOL --partner CODE --ledger FILE --json``: exit 0 when both agree, and 1 when more than the day differs."""
    file = tmp_path / "ccg.csv"
    code, said = ask("pool", "partners", "carrowby", "--partner", "Z6A", "--json")
    assert code == 0
    (own,) = json.loads(said)["partners"]
    rows = [
        f"{entry['on']},{account},{entry['posting']},{pence / 100:.2f}"
        for entry in own["entries"]
        for account, pence in entry["changes"].items()
    ]
    file.write_text("\n".join(["date,account,reference,amount", *rows]))
    code, said = ask("pool", "reconcile", "carrowby", "--partner", "Z6A", "--ledger", str(file), "--json")
    data = json.loads(said)
    assert (code, data["agrees"], data["difference_pence"], data["findings"]) == (0, True, 0, [])
    file.write_text("\n".join(["date,account,reference,amount", *rows[:-1]]))
    code, said = ask("pool", "reconcile", "carrowby", "--partner", "Z6A", "--ledger", str(file))
    assert code == 1
    assert "and the partner's ledger nothing like it" in said
    assert (
        "There is no partner in the pool “Z6B”. Did you mean ZZ6?"
        in ask("pool", "reconcile", "carrowby", "--partner", "Z6B", "--ledger", str(file))[1]
    )
