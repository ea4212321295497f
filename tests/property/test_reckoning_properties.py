"""Whatever happens in a pool's year, in whatever order: what is worked adds up, no cap is passed, and what is entered balances."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from carepool.basics.money import Pence
from carepool.partnership.agreement import Agreement
from carepool.partnership.bearing import Before, Happening, Kind, after, bear
from carepool.partnership.reckoning import Given, as_document, asked_of, read_document, reckon
from carepool.pool.accounts import Account, Entry, Event, Heading, Posting, moved
from carepool.pool.books import Books, Contribution, Opening, Partner, Scheme, opening_lines
from carepool.pool.events import lines_of
from carepool.pool.glance import glance
from carepool.pool.outturn import outturn
from tests.property.test_partnership_properties import CODES, SCHEMES, YEAR, agreement, rule

MARCH = date(2016, 3, 31)


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    """An agreement with any schedule, for an under-spend and for missed money too."""
    data = draw(agreement())
    codes = [each["code"] for each in data["partners"]]
    data["risk_share"]["underspend"] = {
        "uses": [{"to": word, "clause": "8"} | ({"pounds": "500"} if draw(st.booleans()) else {}) for word in draw(st.lists(st.sampled_from(["overspends", "risk_pool", "new_schemes"]), unique=True))],
        "bears": draw(st.lists(rule(codes), max_size=2)),
        **({"carry_forward": {"held_by": codes[0], "clause": "9"}} if draw(st.booleans()) else {}),
    }  # fmt: skip
    if draw(st.booleans()):
        over = data["risk_share"]["overspend"]
        data["risk_share"]["missed"] = {**over, "pounds": "5000", "of": codes[0], "depends_on": "D", "clause": "9"}  # fmt: skip
    return Agreement.model_validate(data)


def books_for(found: Agreement, spent: list[Pence], kept: Pence) -> Books:
    """Books of a year that is over, in which schemes have spent so much."""
    ccg = found.codes[0]
    opening = Opening(
        "T", ccg, tuple(Partner(code, "ccg") for code in found.codes), "", "",
        (Contribution(ccg, "pooled", 2_700_000), Contribution(ccg, "performance", kept, kept)),
        tuple(Scheme(each, each, {"pooled": 900_000}) for each in SCHEMES),
    )  # fmt: skip
    books = entered(Books("p", YEAR, opening, closed_through=MARCH), Event.OPENED, opening_lines(opening))
    for scheme, pence in zip(SCHEMES, spent, strict=True):
        if pence:
            line = Entry(Account(Heading.SPENT, scheme, "pooled"), Account(Heading.OWED, ccg), pence)
            books = entered(books, Event.IMPORTED, (line,))
    if kept:
        line = Entry(Account(Heading.CONTINGENT, ccg), Account(Heading.KEPT, ccg), kept)
        books = entered(books, Event.KEPT, (line,))
    return books


def entered(books: Books, event: Event, lines: tuple[Entry, ...], cites: tuple[str, ...] = ()) -> Books:
    """The books with a posting."""
    balances = dict(books.balances)
    for account, change in moved(lines).items():
        balances[account] = balances.get(account, 0) + change
    posting = Posting(str(len(books.postings) + 1), "x", MARCH, lines, cites, event)
    return replace(books, postings=(*books.postings, posting), balances=balances)


amounts = st.lists(st.integers(0, 1_800_000), min_size=3, max_size=3)


@given(agreements(), amounts, st.integers(0, 500_000), st.booleans())
def test_a_year_adds_up_and_is_entered_once(found, spent, kept, agreed) -> None:  # type: ignore[no-untyped-def]
    """Each amount is cover, shares, carried and uncovered; entered, the books balance; worked again, only what nobody bears is left."""
    books = books_for(found, spent, kept)
    first = reckon(found, books, (), Given(officers_agreed=agreed))
    for each in first.bearings:
        carried = each.carried.pence if each.carried else 0
        cover = sum(part.pence for part in each.cover)
        assert cover + each.borne + carried + each.left_open == each.happening.pence
    year = outturn(books)
    assert glance(books).surplus == sum(each.under - each.over for each in year.lines) + year.unbudgeted - kept  # fmt: skip
    earlier = []
    for scheme, each in zip(first.schemes, first.bearings, strict=True):
        document = as_document(found, "d" * 64, books, scheme, each)
        for asked in asked_of(books, found, scheme, each, document.digest, MARCH):
            lines = lines_of(books, asked)
            assert isinstance(lines, tuple)
            books = entered(books, asked.event, lines, asked.cites)
            assert {books.trial_balance(book) for book in (None, "pool", "budget", found.codes[0])} == {0}
            if document.digest not in [digest for digest, _ in earlier]:
                earlier.append((document.digest, read_document(loaded(document.content))))
    again = reckon(found, books, [each for _, each in earlier], Given(officers_agreed=agreed))
    assert again.net == dict.fromkeys(found.codes, 0) or not earlier or left(first)


def left(found) -> bool:  # type: ignore[no-untyped-def]
    """Whether something stayed open, which a later reckoning may find money for."""
    return bool(found.uncovered) or any(each.cover for each in found.bearings)


def loaded(content: bytes) -> dict[str, object]:
    """A document as it is read back."""
    import json

    found: dict[str, object] = json.loads(content)
    return found


happened = st.lists(
    st.tuples(st.sampled_from(list(Kind)), st.integers(1, 400_000), st.sampled_from(["", *SCHEMES])), max_size=6
)  # fmt: skip


@given(agreements(), happened)
def test_any_sequence_adds_up_within_the_caps(found, sequence) -> None:  # type: ignore[no-untyped-def]
    """Shares, cover, carried and uncovered are the amount each time, and over the year nobody bears more than the cap."""
    before = Before()
    risk = found.risk_share
    for kind, pence, scheme in sequence:
        amount = min(pence, risk.missed.pence) if kind is Kind.MISSED and risk.missed else pence
        done = bear(found, Happening(kind, amount, YEAR, "" if kind is Kind.MISSED else scheme), before)
        before = after(before, done)
        carried = done.carried.pence if done.carried else 0
        assert sum(each.pence for each in done.cover) + done.borne + carried + done.left_open == amount
        assert min(done.shares.values()) >= 0
    if risk.overspend.cap:
        for each in found.contributions:
            assert before.borne.get(each.partner, 0) <= (each.pence or 0)
    for step in risk.overspend.cover:
        if step.pence is not None and step.by in {"risk_pool", "outside", "underspends"}:
            assert before.drawn.get(step.by, 0) <= step.pence
    assert set(CODES) >= set(found.codes)
