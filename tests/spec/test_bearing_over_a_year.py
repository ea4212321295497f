"""Who bears a pool's year: every over-spend, missed pound and under-spend through the agreement, with what was borne before."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from carepool.actions.house import House
from carepool.actions.pool_years import (
    enter_bearing,
    findings_of,
    make_plan_of,
    reckoning_of,
    tell_progress_of,
)
from carepool.actions.pools import close_month_of
from carepool.basics.findings import Finding
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.commands import Decision, Done, perform
from carepool.journal.documents import Document
from carepool.partnership.bearing import Before, Happening, Kind, after, bear
from carepool.partnership.reckoning import Given, Reckoning
from carepool.pool import facts
from carepool.pool.accounts import Account, Entry, Event, Heading, Posting
from carepool.pool.glance import glance
from carepool.pool.outturn import Basis, outturn
from tests.spec.test_opening_from_agreement import CCG, COUNCIL, POOL, YEAR, Desk, changed, says
from tests.spec.test_partnership import base, pence, read

GOLDEN: dict[str, Any] = yaml.load(
    (Path(__file__).parent.parent / "golden" / "riskshare_year.yaml").read_text(), Loader=yaml.BaseLoader
)
BY_CONTRIBUTION = {"overspend": {"cover": [{"by": "underspends", "clause": "9a"}], "bears": [{"by": "contribution", "clause": "9"}]}, "underspend": {"bears": [{"by": "contribution", "clause": "9b"}]}}  # fmt: skip


@pytest.fixture
def desk(house: House) -> Desk:
    """A desk with an open pool."""
    found = Desk(house)
    assert isinstance(found.open(), Done)
    return found


def ledger(desk: Desk, scheme: str, amount: int, on: date = date(2015, 6, 1)) -> None:
    """What a ledger shows was spent, whatever the budget."""
    line = Entry(Account(Heading.SPENT, scheme, "pooled"), Account(Heading.OWED, CCG), amount)
    posting = Posting("", "From a ledger", on, (line,), event=Event.IMPORTED)
    done = perform(
        desk.house.journal,
        lambda _: Decision((facts.posted(POOL, YEAR, posting),)),
        load=lambda reading: desk.house.shelf.now(POOL, YEAR, reading.after),
        by="ledger", key=f"{scheme}-{amount}-{on}", request=[scheme, amount], clock=desk.house.clock,
    )  # fmt: skip
    assert isinstance(done, Done)


def reckoned(desk: Desk, **given: Any) -> Reckoning:
    return reckoning_of(desk.house, desk.books(), Given(**given)).reckoning


def enter(desk: Desk, **given: Any) -> Done | Refused:
    return enter_bearing(desk.house, desk.actor("finance"), POOL, YEAR, Given(**given))


def close(desk: Desk) -> None:
    desk.at = datetime(2016, 4, 20, 9, tzinfo=UTC)
    for month in [f"2015-{each:02}" for each in range(4, 13)] + ["2016-01", "2016-02", "2016-03"]:
        assert isinstance(close_month_of(desk.house, desk.actor("finance"), POOL, YEAR, month), Done)


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda each: each["name"])
def test_golden_years(case: dict[str, Any]) -> None:
    """The cases of tests/golden/riskshare_year.yaml: caps, the risk pool and first pounds are for the year, worked by hand."""
    agreement, before = read(base(risk_share=case["risk_share"])), Before()
    for each in case["happens"]:
        happening = Happening(Kind[each["kind"].upper()], pence(each["pounds"]), YEAR, each.get("scheme", ""))
        found = bear(agreement, happening, before)
        before = after(before, found)
        assert found.shares == {code: pence(pounds) for code, pounds in each["shares"].items()}, each
        assert [gap.pence for gap in found.uncovered] == [pence(gap) for gap in each.get("uncovered", [])]
        assert [part.pence for part in found.cover] == [pence(part) for part in each.get("cover", [])]


def test_so_far_only_what_is_over_is_known(desk: Desk) -> None:
    """Before March is closed, and without a forecast, a scheme that has spent half has not under-spent."""
    ledger(desk, "s2", 900_000_00)
    found = reckoned(desk)
    assert (found.outturn.basis, found.bearings) == (Basis.TO_DATE, ())
    ledger(desk, "s2", 936_878_229, date(2015, 6, 2))
    (over,) = reckoned(desk).bearings
    assert over.happening.pence == 90_000_000
    assert [(each.by, each.pence) for each in over.cover] == [
        ("underspends", 0), ("risk_pool", 25_000_000), ("uncommitted_schemes", 20_000_000), ("outside", 0),
    ]  # fmt: skip
    assert over.shares == {COUNCIL: 27_000_000, CCG: 18_000_000}, (
        "60% and 40% of the rest, as each commissions"
    )


def test_a_scheme_that_is_ordered_out_cannot_be_cut(desk: Desk) -> None:
    """What a scheme may be cut by is what nobody has spent or ordered of it."""
    ledger(desk, "s2", 936_878_229 + 90_000_000)
    order = {"scheme": "s1", "source": "pooled"}
    assert isinstance(desk.ask("finance", Event.COMMITTED, 677_741_698 - 5_000_00, **order), Done)
    (over,) = reckoned(desk).bearings
    assert over.cover[2].pence == 5_000_00


def test_forecasts_are_worked_the_same_way(desk: Desk) -> None:
    """By forecast an under-spend elsewhere covers an over-spend, and is not had back a second time."""
    found = reckoned(desk, forecasts={"s2": 946_878_229, "s3": 358_738_008})
    over, under = found.bearings
    assert (over.happening.pence, over.cover[0].pence) == (10_000_000, 10_000_000)
    assert (under.happening.kind, under.happening.pence) == (Kind.UNDERSPEND, 10_000_000)
    assert "A forecast has not happened" in says(enter(desk, forecasts={"s2": 946_878_229}))
    with pytest.raises(Unusable, match="has no scheme s9"):
        reckoned(desk, forecasts={"s9": 1})


def test_what_is_borne_is_entered_with_its_working(desk: Desk) -> None:
    """A finance officer enters it; each posting cites the working; what is entered is not borne again."""
    ledger(desk, "s2", 936_878_229 + 90_000_000)
    assert "must be its section 151 officer" in says(
        enter_bearing(desk.house, desk.actor("manager"), POOL, YEAR, Given())
    )
    assert isinstance(enter(desk), Done)
    books = desk.books()
    posting = books.postings[-1]
    document = desk.house.journal.document(posting.cites[0])
    assert isinstance(document, Document)
    content = json.loads(document.content)
    assert (posting.event, content["kind"], content["shares"]) == (Event.BORNE, "overspend", {COUNCIL: 27_000_000, CCG: 18_000_000})  # fmt: skip
    assert content["working"]["steps"][0]["value"] == 90_000_000
    assert books.balances[Account(Heading.PROMISED, COUNCIL, "risk_share")] == 27_000_000
    assert {books.trial_balance(each) for each in (None, "pool", "budget", CCG)} == {0}
    assert "nothing to enter" in says(enter(desk))
    line = outturn(books).line("s2")
    assert line
    assert (line.over, line.borne) == (90_000_000, 45_000_000), "that it was over can still be seen"


def test_the_cap_counts_what_was_borne_before(desk: Desk) -> None:
    """The council bears no more than it contributes in the year, over two entries; what is above is nobody's."""
    ledger(desk, "s2", 936_878_229 + 190_000_000)
    assert isinstance(enter(desk), Done)
    first = desk.books().amount(Heading.CONTRIBUTED, COUNCIL) - 92_369_907
    assert first == 87_000_000, "60% of what the risk pool and the cut leave"
    ledger(desk, "s2", 20_000_000, date(2015, 6, 3))
    (again,) = reckoned(desk).bearings
    assert again.shares[COUNCIL] == 92_369_907 - first
    assert again.uncovered[0].pence == 12_000_000 - again.shares[COUNCIL]
    assert "£870,000 of it earlier in the year" in again.uncovered[0].says
    (agreed,) = reckoned(desk, officers_agreed=True).bearings
    assert (agreed.shares, agreed.left_open) == ({COUNCIL: 12_000_000, CCG: 8_000_000}, 0)


def test_reversing_what_was_entered_opens_it_again(desk: Desk) -> None:
    """An entry that is taken back was never borne: the next reckoning has it again."""
    ledger(desk, "s2", 936_878_229 + 90_000_000)
    before = reckoned(desk)
    done = enter(desk)
    assert isinstance(done, Done)
    assert isinstance(done.answer, dict)
    (number,) = done.answer["postings"]
    assert isinstance(desk.ask("finance", Event.REVERSED, of=number, on=date(2015, 6, 15)), Done)
    assert reckoned(desk).bearings == before.bearings


def test_the_outturn_is_shared_back_or_carried_forward(house: House) -> None:
    """At the year's end what was not spent covers what was over; the rest goes back by the agreement, or into the next year."""
    desk = Desk(house)
    assert isinstance(desk.open(changed(risk_share={**BY_CONTRIBUTION})), Done)
    ledger(desk, "s1", 600_000_000)
    ledger(desk, "s2", 950_000_000)
    ledger(desk, "s3", 278_738_008)
    close(desk)
    found = reckoned(desk)
    surplus = glance(desk.books()).surplus
    # Without a schedule for missed money the agreement sets nothing aside, so the budgets are of more than is put in.
    short = desk.books().opening.performance[CCG] if desk.books().opening else 0
    assert surplus == 1_837_354_935 - (600_000_000 + 950_000_000 + 278_738_008)
    assert short == 0
    assert sum(each.value for each in found.workings.values() if isinstance(each.value, int)) == -surplus
    assert isinstance(enter(desk), Done)
    books = desk.books()
    assert glance(books).surplus == 0
    assert books.postings[-1].late
    assert "nothing to enter" in says(enter(desk))
    assert books.trial_balance() == 0


def test_an_underspend_is_carried_forward(desk: Desk) -> None:
    """The illustrative agreement keeps it: for the risk pool up to its clause, then carried forward, held by the host."""
    ledger(desk, "s1", 677_741_698 - 60_000_000)
    ledger(desk, "s2", 936_878_229)
    ledger(desk, "s3", 378_738_008)
    close(desk)
    (under,) = [each for each in reckoned(desk).bearings if each.happening.kind is Kind.UNDERSPEND]
    assert under.carried
    assert (under.cover[1].pence, under.carried.pence, under.carried.by) == (25_000_000, 35_000_000, COUNCIL)
    assert isinstance(enter(desk), Done)
    assert desk.books().amount(Heading.FORWARD, COUNCIL) == 60_000_000, "what is in the risk pool stays too"


def test_a_scheme_off_track_needs_an_action_plan(desk: Desk) -> None:
    """Past the agreement's threshold there is a finding until a plan is made; then until it is told of, and done by its day."""
    forecasts = {"s2": 936_878_229 + 30_000_000}
    codes = lambda **at: [each.code for each in findings(desk, forecasts) if each.where == "schemes/s2"]
    assert [each.rule for each in findings(desk, forecasts) if each.code == "pool-off-track"] == [
        "clause 12.1"
    ]
    made = make_plan_of(desk.house, desk.actor("manager"), POOL, YEAR, "s2", "Fewer long stays.", date(2015, 9, 30), "pool_manager")  # fmt: skip
    assert isinstance(made, Done)
    assert codes() == []
    desk.at = datetime(2015, 8, 1, 9, tzinfo=UTC)
    assert codes() == ["pool-progress-due"]
    told = tell_progress_of(desk.house, desk.actor("manager"), POOL, YEAR, "s2", "Half of it.", done=False)
    assert isinstance(told, Done)
    assert codes() == []
    desk.at = datetime(2015, 10, 1, 9, tzinfo=UTC)
    assert codes() == ["pool-plan-overdue"]
    assert isinstance(tell_progress_of(desk.house, desk.actor("manager"), POOL, YEAR, "s2", "Done.", done=True), Done)  # fmt: skip
    assert codes() == ["pool-off-track"], "done, and still off track: another plan is needed"
    assert "is over. Give a day" in says(make_plan_of(desk.house, desk.actor("manager"), POOL, YEAR, "s2", "x", date(2015, 9, 1), "pool_manager"))  # fmt: skip


def findings(desk: Desk, forecasts: dict[str, int] | None = None) -> tuple[Finding, ...]:
    return findings_of(desk.house, desk.books(), forecasts)


def test_an_underspend_only_to_what_does_not_recur(house: House) -> None:
    """Where the agreement says so, budget that was moved to a scheme that goes on next year is a finding."""
    desk = Desk(house)
    track = {"per_cent": "2", "due_in_days": "28", "underspend_only_to": "non_recurrent", "clause": "12.1"}
    assert isinstance(desk.open(changed(off_track=track)), Done)
    about = {"scheme": "s1", "to_scheme": "s2", "source": "pooled"}
    assert isinstance(desk.ask("manager", Event.REDEPLOYED, 100, **about), Done)
    assert [each.code for each in findings(desk)] == ["pool-recurrent-use"]


def test_a_pool_without_an_agreement_is_told_so(house: House) -> None:
    """Who bears it cannot be said where no agreement is on file."""
    from dataclasses import replace

    desk = Desk(house)
    assert isinstance(desk.open(), Done)
    books = desk.books()
    bare = replace(books, records=replace(books.records, agreements=()))
    with pytest.raises(Unusable, match="has no agreement on file"):
        reckoning_of(desk.house, bare, Given())
