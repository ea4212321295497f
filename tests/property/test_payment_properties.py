"""Payment by a second, independent implementation, and what must hold whatever the numbers."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from carepool.payment.release import Line, Statement, Terms, paid_in_all, release
from tests.spec.test_payment import QUARTERS

counts = st.decimals(min_value=0, max_value=200_000, places=1)
rows = st.tuples(counts, counts, st.one_of(st.none(), counts))
terms = st.builds(Terms, st.integers(1, 500_000), st.sampled_from(["quarter", "year"]), st.booleans())
shares = st.one_of(st.none(), st.integers(0, 10**11))
people = st.dictionaries(
    st.text("ABCDEFG", min_size=3, max_size=3), st.integers(1, 10**6), min_size=1, max_size=7
)


def statement(
    quarters: list[tuple[object, object, object]], rule: Terms, share: int | None, of: dict[str, int]
) -> Statement:
    lines = [Line(q, *row) for q, row in zip(QUARTERS, quarters, strict=True)]  # type: ignore[arg-type]
    return release("X", lines, rule, of, share)


def to_the_penny(exact: Fraction) -> int:
    """Half up, in exact fractions: nothing of the implementation under test is used."""
    return 0 if exact <= 0 else int(exact + Fraction(1, 2))


def by_hand(
    quarters: list[tuple[object, object, object]], rule: Terms, share: int | None
) -> tuple[int, list[int | None]]:
    """Fund and payments, quarter by quarter, from the words of the rule."""
    b, t = ([Fraction(str(row[n])) for row in quarters] for n in (0, 1))
    fund = to_the_penny(rule.unit_value * (sum(b) - sum(t)))
    fund = fund if share is None else min(fund, share)
    payments: list[int | None] = []
    for n in range(4):
        actual = [row[2] for row in quarters[: n + 1]]
        if None in actual:
            payments.append(None)
            continue
        earned = rule.unit_value * (sum(b[: n + 1]) - sum(Fraction(str(a)) for a in actual))
        planned = rule.unit_value * (sum(b[: n + 1]) - sum(t[: n + 1]))
        limits = [Fraction(fund), max(Fraction(0), earned)]
        if rule.cap == "quarter":
            limits.append(max(Fraction(0), planned))
        due = to_the_penny(min(limits)) - sum(each for each in payments if each)
        payments.append(due if rule.clawback else max(0, due))
    return fund, payments


@given(st.lists(rows, min_size=4, max_size=4), terms, shares)
def test_two_implementations_agree_to_the_penny(quarters, rule, share) -> None:  # type: ignore[no-untyped-def]
    found = statement(quarters, rule, share, {"A": 1})
    assert (found.money.fund, [q.payment for q in found.quarters]) == by_hand(quarters, rule, share)


@given(st.lists(rows, min_size=4, max_size=4), shares, people)
def test_what_always_holds(quarters, share, of) -> None:  # type: ignore[no-untyped-def]
    found = statement(quarters, Terms(149_000), share, of)
    money = found.money
    assert 0 <= money.paid <= money.fund
    assert money.paid + money.withheld + money.at_stake == money.fund
    assert (money.unreleased is None) == any(row[2] is None for row in quarters)
    assert money.unreleased in {None, money.fund - money.paid}
    assert all(q.payment is None or q.payment >= 0 for q in found.quarters)
    for name in ("fund", "paid", "withheld", "at_stake"):
        parts = [getattr(part, name) for part in found.by_ccg.values()]
        assert sum(parts) == getattr(money, name)
        exact = [Fraction(getattr(money, name) * of[ccg], sum(of.values())) for ccg in found.by_ccg]
        assert all(abs(part - whole) < 1 for part, whole in zip(parts, exact, strict=True))


@given(st.lists(rows, min_size=4, max_size=4), terms, shares)
def test_what_is_paid_in_all_is_the_statements(quarters, rule, share) -> None:  # type: ignore[no-untyped-def]
    lines = [Line(q, *row) for q, row in zip(QUARTERS, quarters, strict=True)]
    assert paid_in_all(lines, rule, share) == statement(quarters, rule, share, {"A": 1}).money.paid
