"""Whatever the account says, a return that is prefilled passes its checks, unless a figure that counts from the year's start falls."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from carepool.basics.findings import Severity
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision
from carepool.journal.memory import MemoryJournal
from carepool.plans.document import as_data
from carepool.returns import filing
from carepool.returns.asking import Asking, asking_of
from carepool.returns.checks import check, cumulatives
from carepool.returns.document import INCOME, SPEND, Return, read_return, return_digest
from carepool.returns.facts import Filed, filed, stream_of
from carepool.returns.prefill import Account, Computed, Figures, prefilled, recomputed
from carepool.wiring import disk

RULES = disk.rulebook().named("bcf-2015-03")
PAID = (Quarter(2014, 4), *(Quarter(2015, number) for number in (1, 2, 3)))
FIRST, SECOND = (asking_of("plan", RULES, Quarter(2015, number), PAID) for number in (1, 2))
TODAY = date(2015, 11, 1)
AT = datetime(2015, 11, 1, 9, tzinfo=UTC)
PENCE = st.integers(0, 5_000_000_00)
SALT = bytes(32), bytes(range(32))


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    """An account with figures of every quarter, and payments of those whose outturn is known."""
    flows = {
        (way, quarter): Figures(draw(PENCE), draw(PENCE), draw(PENCE) if quarter <= SECOND.quarter else None)
        for way in (INCOME, SPEND)
        for quarter in SECOND.quarters
    }
    payments = {}
    for quarter in PAID:
        known = quarter <= SECOND.quarter
        payments[quarter] = Computed(Decimal(10), Decimal(9) if known else None, 500_000_00, draw(st.integers(0, 500_000_00)) if known else None)  # fmt: skip
    return Account(date(2015, 4, 1), flows, payments)


def answered(asking: Asking, account: Account) -> Return:
    """A first return, answered as nobody but people can."""
    found = prefilled(asking, account, None)
    conditions = tuple(each.model_copy(update={"answer": "met"}) for each in found.conditions.conditions)
    metrics = tuple(each.model_copy(update={"status": "on_track", "narrative": "Well"}) for each in found.metrics.metrics)  # fmt: skip
    counts = tuple(each.model_copy(update={"value": Decimal(3)}) for each in found.measures.counts)
    found = found.with_part("conditions", found.conditions.model_copy(update={"conditions": conditions}))
    found = found.with_part("metrics", found.metrics.model_copy(update={"metrics": metrics}))
    found = found.with_part("measures", found.measures.model_copy(update={"counts": counts}))
    return found.with_part("narrative", found.narrative.model_copy(update={"progress": "It began."}))


def blocking(asking: Asking, found: Return, last: Return | None, account: Account) -> list[str]:
    return [each.code for each in check(asking, found, last, account, TODAY) if each.severity is Severity.BLOCKER]  # fmt: skip


@given(before=accounts(), now=accounts())
def test_a_prefilled_return_blocks_only_where_a_cumulative_figure_falls(
    before: Account, now: Account
) -> None:
    """Falls are counted here anew, figure by figure; nothing else of what is prefilled blocks."""
    # What was computed for the first quarters is the same later: outturns are final revisions.
    now = replace(now, payments={**now.payments, **{each: before.payments[each] for each in PAID[:2]}})
    last = answered(FIRST, before)
    assert blocking(FIRST, last, None, before) == []
    found = prefilled(SECOND, now, last)
    falls = 0
    for way in (INCOME, SPEND):
        was = before.flows[way, FIRST.quarter].actual or 0
        is_ = sum(now.flows[way, each].actual or 0 for each in SECOND.quarters[:2])
        falls += is_ < was
    assert blocking(SECOND, found, last, now) == ["return-cumulative-falls"] * falls
    assert set(cumulatives(SECOND, found)) == {"money/income", "money/spend", "performance/agreed", "unreleased/used"}  # fmt: skip


@given(account=accounts(), other=accounts())
def test_what_is_computed_is_never_what_was_typed(account: Account, other: Account) -> None:
    """Suggested payments are those of the account whoever typed what; what was agreed stays as it was typed."""
    typed = answered(SECOND, other)
    now = recomputed(SECOND, account, typed)
    assert [each.suggested for each in now.performance.payments] == [account.payments[each].suggested for each in SECOND.paid]  # fmt: skip
    assert [each.agreed for each in now.performance.payments] == [each.agreed for each in typed.performance.payments]  # fmt: skip
    assert recomputed(SECOND, account, now) == now
    assert read_return(as_data(now)) == now
    assert return_digest(read_return(as_data(now))) == return_digest(now)


@given(first=accounts(), words=st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=6))
def test_whatever_is_corrected_what_was_sent_stays(first: Account, words: list[str]) -> None:
    """Each sending adds one, every earlier one stays as it was at its position, and nobody signs their own."""
    journal, stream = MemoryJournal(), stream_of("plan", SECOND.quarter)
    content, seen = answered(SECOND, first), []

    def held(upto: int | None = None) -> Filed:
        return filed("plan", SECOND.quarter, journal.read(stream, upto=upto))

    def write(done: Decision | Refused, by: str) -> None:
        assert isinstance(done, Decision), done
        for each in done.documents:
            journal.put(each.content, kind=each.kind, media_type=each.media_type, salt=each.salt, schema=each.schema)  # fmt: skip
        journal.append(done.facts, expecting={stream: journal.version(stream)}, by=by, at=AT)

    for number, word in enumerate(words):
        changed = content.with_part("narrative", content.narrative.model_copy(update={"progress": f"{number} {word}"}))  # fmt: skip
        why = word if held().sent else ""
        write(filing.put_forward(SECOND, held(), changed, [], why, SALT, TODAY, "council:X"), "lead")
        write(filing.sign(SECOND, held(), return_digest(changed), AT, "board:X", ("board:X",)), "chair")
        journal.seal()
        seen.append((journal.as_at(datetime(2030, 1, 1, tzinfo=UTC)), held().current))
    assert len(held().sent) == len(words)
    for position, sent in seen:
        assert held(position).current == sent


@given(account=accounts(), boards=st.integers(2, 4), order=st.randoms(use_true_random=False))
def test_the_last_boards_signature_sends_it(account: Account, boards: int, order: object) -> None:
    """In whatever order the chairs sign, the return is sent by the last of them, and nobody signs for one board twice."""
    journal, stream = MemoryJournal(), stream_of("plan", SECOND.quarter)
    names = [f"board:{number}" for number in range(boards)]
    content = answered(SECOND, account)

    def held() -> Filed:
        return filed("plan", SECOND.quarter, journal.read(stream))

    def write(done: Decision | Refused, by: str) -> None:
        assert isinstance(done, Decision), done
        for each in done.documents:
            journal.put(each.content, kind=each.kind, media_type=each.media_type, salt=each.salt, schema=each.schema)  # fmt: skip
        journal.append(done.facts, expecting={stream: journal.version(stream)}, by=by, at=AT)

    write(filing.put_forward(SECOND, held(), content, [], "", SALT, TODAY, "council:X"), "lead")
    order.shuffle(names)  # type: ignore[attr-defined]
    for number, board in enumerate(names):
        assert not held().sent
        if number:
            again = filing.sign(SECOND, held(), return_digest(content), AT, names[0], tuple(names))
            assert isinstance(again, Refused)
        write(filing.sign(SECOND, held(), return_digest(content), AT, board, tuple(names)), f"chair-{board}")
    (sent,) = held().sent
    assert {*sent.signed_before, sent.body} == set(names)
    assert held().waiting is None
