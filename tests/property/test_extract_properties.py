"""Whatever a ledger holds: nothing of it is lost on the way, the year to date comes to its months, and no file ends in a traceback."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carepool.basics.money import Pence
from carepool.basics.refusals import Unusable
from carepool.journal.commands import Done
from carepool.pool.accounts import Heading
from carepool.pool.actuals import Part
from carepool.pool.extracts import NoAmount, pence_of, read_extract
from carepool.pool.importing import Importing, clear_suspense, import_extract
from carepool.pool.maps import ReadMap, read_map
from carepool.workbooks.ledgers import grid_of
from tests.spec.test_books import COUNCIL, NHS, Pool

D, E, WHY = "d" * 64, "e" * 64, "f" * 64
TODAY = date(2016, 4, 20)
RULES = [
    f"{{cost_centre: '1*', scheme: s1, source: {NHS}}}",
    f"{{cost_centre: 12..13, scheme: s2, source: {NHS}}}",
    "{cost_centre: '13', subjective: '9*', ignore: Not the pool's}",
    f"{{cost_centre: '21', scheme: s3, source: {NHS}}}",
]
LINE = st.tuples(
    st.sampled_from(["11", "12", "13", "21", "22", "31"]), st.sampled_from(["", "10", "91"]), st.integers(-10**7, 10**7)
)  # fmt: skip
YEAR = st.lists(st.lists(LINE, max_size=8), min_size=1, max_size=6)
KNOWN = [st.booleans()] * len(RULES)


def mapped(kind: str, known: tuple[bool, ...]) -> ReadMap:
    rules = [rule for rule, there in zip(RULES, known, strict=True) if there] or RULES[:1]
    text = (
        f"says: x\nname: x\nbody: {COUNCIL}\nkind: {kind}\ncolumns: {{cost_centre: CC, subjective: S, amount: Net}}\nrules:\n"
        + "".join(f"  - {each}\n" for each in rules)
    )
    by, findings = read_map("m.yaml", text.encode())
    assert by, findings
    return by


def spelt(pence: Pence, style: int) -> str:
    """An amount as one ledger or another writes it."""
    size = Decimal(abs(pence)) / 100
    plain = (f"{size:,.2f}", f"{size:.2f}", f"£{size:,.2f}")[style % 3]
    if pence >= 0:
        return plain
    return (f"({plain})", f"-{plain}", f"{plain}-", f"{plain} CR")[style % 4]


@given(YEAR, st.tuples(*KNOWN), st.integers(0, 11))
@pytest.mark.slow
def test_nothing_of_a_ledger_is_lost(
    year: list[list[tuple[str, str, int]]], known: tuple[bool, ...], style: int
) -> None:
    """Mapped, in suspense and ignored together are the control total; the year to date month by month comes to what its months come to."""
    pools = {"monthly": Pool(), "cumulative": Pool()}
    so_far: list[tuple[str, str, int]] = []
    ignored = 0
    for number, lines in enumerate(year):
        so_far += lines
        for kind, pool in pools.items():
            by, these = mapped(kind, known), lines if kind == "monthly" else so_far
            text = "CC,S,Net\n" + "".join(f'{cc},{s},"{spelt(pence, style)}"\n' for cc, s, pence in these)
            total = sum(pence for *_, pence in these)
            month = f"2015-{number + 4:02}"
            found, _ = read_extract(
                grid_of("l.csv", text.encode(), by), by, year="2015-16", period=month, control=total
            )
            if not these:
                assert found is None
                continue
            assert found
            assert found.of(Part.SPENT) + found.of(Part.SUSPENSE) + found.ignored == total
            ignored = found.ignored
            done = pool.do(lambda books, f=found, b=by: import_extract(books, f, b, Importing(E, D, TODAY)))
            assert isinstance(done, Done), done
            assert pool.books.trial_balance() == 0
    one, other = (pool.books for pool in pools.values())
    for heading in (Heading.SPENT, Heading.SUSPENSE, Heading.OWED):
        for books in (one, other):
            assert books.amount(heading) == one.amount(heading)
    assert {a: b for a, b in one.balances.items() if b} == {a: b for a, b in other.balances.items() if b}
    if so_far:
        assert one.amount(Heading.OWED) == sum(pence for *_, pence in so_far) - ignored
    _cleared(pools["monthly"])


def _cleared(pool: Pool) -> None:
    """By a map that knows every code but two, what stays in suspense is theirs."""
    by = mapped("monthly", (True,) * len(RULES))
    pool.do(lambda books: clear_suspense(books, by, E, WHY, today=TODAY))
    left: dict[str, int] = defaultdict(int)
    for (_, code, _other), pence in pool.books.actuals.ledger(COUNCIL).unknown().items():
        left[code] += pence
    assert set(left) <= {"22", "31"}
    assert pool.of(Heading.SUSPENSE) == sum(left.values())


@given(st.integers(-(10**12), 10**12), st.integers(0, 11))
def test_an_amount_is_read_as_it_was_written(pence: Pence, style: int) -> None:
    """However a ledger writes it, it is the same pence."""
    assert pence_of(spelt(pence, style)) == pence


@given(st.text(max_size=30))
@pytest.mark.slow
def test_any_text_is_an_amount_or_is_none(text: str) -> None:
    """No text ends in anything but whole pence or a plain sentence."""
    try:
        assert isinstance(pence_of(text), int)
    except NoAmount as error:
        assert str(error).startswith("“")


@given(
    st.binary(max_size=300)
    | st.text(alphabet="CSNet,;\t\r\n\"'0123456789.-()£ 12\0\ufeff", max_size=300).map(str.encode)
)
def test_any_file_is_read_or_refused(content: bytes) -> None:
    """No file ends in a traceback: it is an extract, or there are findings, or one plain sentence."""
    by = mapped("monthly", (True,) * len(RULES))
    if content.startswith(b"PK"):
        return
    try:
        found, findings = read_extract(
            grid_of("l.csv", content, by), by, year="2015-16", period="2015-06", control=0
        )
    except Unusable as error:
        assert "l.csv" in str(error) or "file" in str(error)
    else:
        assert found or findings


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode(errors="replace")))
def test_any_map_is_read_or_refused(content: bytes) -> None:
    """No file ends in a traceback where a map is asked for."""
    by, findings = read_map("m.yaml", content)
    assert by or findings
