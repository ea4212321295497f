"""Delivery: milestones, activity and benefits against plan by scheme, recovery plans, and from each scheme to the nation."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from carepool.actions.delivering import (
    Delivery,
    delivery_of,
    make_recovery_of,
    national_delivery,
    set_milestone_of,
    tell_delivery_of,
    tell_milestone_of,
    tell_recovery_of,
    told_of,
)
from carepool.actions.demonstration import Stage, build, people
from carepool.actions.house import House
from carepool.actions.ports import MemoryDrafts
from carepool.basics.money import Pence
from carepool.basics.periods import Quarter, end_of_day
from carepool.basics.refusals import NotHere, Refused
from carepool.journal.commands import Done
from carepool.journal.memory import MemoryJournal
from carepool.returns.delivery import Line, Milestone, MilestoneSaid, Promise, Stands, Told, lines_of
from carepool.rules.delivery import Delivering
from carepool.wiring import disk

PLAN, LEAD, MANAGER = "carrowby", "carrowby.lead", "carrowby.pool"
Q1, Q2, Q3, Q4 = (Quarter(2015, number) for number in (1, 2, 3, 4))


@pytest.fixture
def stage(house: House) -> Stage:
    """The county in March 2016: two quarters were told, one scheme is off track and has its recovery plan."""
    made = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(disk.county_files()))
    build(made.house, disk.county_files())
    made.on(2016, 3, 2)
    made.count = 10_000
    return made


def says(refused: object) -> str:
    assert isinstance(refused, Refused), refused
    return refused.says


def must(done: object) -> Done:
    assert isinstance(done, Done), done
    return done


def line(found: Delivery, scheme: str) -> Line:
    return next(each for each in found.lines if each.promise.scheme == scheme)


def tell(stage: Stage, quarter: Quarter, scheme: str, pence: Pence, words: str = "", handle: str = LEAD) -> object:  # fmt: skip
    return tell_delivery_of(
        stage.house, stage.actor(handle), PLAN, quarter, (scheme, "admissions"), Decimal(10), pence, words
    )


@pytest.mark.slow
def test_what_was_told_stands_beside_a_quarter_of_the_promise(stage: Stage) -> None:
    """Planned so far is of the quarters that something was told of; the year is taken in four equal parts to the penny."""
    found = delivery_of(stage.house, PLAN)
    first = line(found, "S1")
    assert (first.quarters, first.planned * 2) == (2, first.promise.pence)
    assert first.promise.credible is not None, "as assurance weighs it"
    third = tell(stage, Q3, "S1", 100_00)
    must(third)
    again = line(delivery_of(stage.house, PLAN), "S1")
    assert (again.quarters, again.delivered - first.delivered) == (3, 100_00)
    assert "must be its plan lead or pool manager" in says(
        tell(stage, Q3, "S2", 1, handle="carrowby.finance")
    )
    must(tell(stage, Q3, "S2", 1, handle=MANAGER))


@pytest.mark.slow
def test_only_what_was_promised_is_told_once_its_quarter_is_over(stage: Stage) -> None:
    """A quarter to come, a quarter of another year, a scheme that promises nothing of the kind are refused; twice acts once."""
    assert "is not over" in says(tell(stage, Q4, "S1", 1))
    assert "is no quarter of that" in says(tell(stage, Quarter(2014, 4), "S1", 1))
    assert "promises nothing of the kind" in says(
        tell_delivery_of(stage.house, stage.actor(LEAD), PLAN, Q3, ("S1", "delays"), None, 1, "")
    )
    assert "digit too many" in says(tell(stage, Q3, "S1", 10**18))
    actor = stage.actor(LEAD)
    first, again = (
        tell_delivery_of(stage.house, actor, PLAN, Q3, ("S1", "admissions"), None, 5_00, "") for _ in range(2)
    )
    assert (must(first).again, must(again).again) == (False, True)


@pytest.mark.slow
def test_what_was_told_is_corrected_with_reasons_and_not_erased(stage: Stage) -> None:
    """Telling it again needs reasons; as at the day before, what was told then stands."""
    before = line(delivery_of(stage.house, PLAN), "S1").delivered
    assert "corrected with reasons" in says(tell(stage, Q1, "S1", 7_00))
    must(tell(stage, Q1, "S1", 7_00, "Counted twice."))
    key = (Q1, "S1", "admissions")
    assert told_of(stage.house, PLAN).outcomes[key].told == 2
    assert "what was told already" in says(
        tell_delivery_of(
            stage.house, stage.actor(LEAD), PLAN, Q1, ("S1", "admissions"), Decimal(10), 7_00, "Again"
        )
    )
    then = stage.house.journal.as_at(end_of_day(date(2016, 3, 1)))
    assert line(delivery_of(stage.house, PLAN, then), "S1").delivered == before


@pytest.mark.parametrize(("delivered", "off"), [(69_99, True), (70_00, False), (100_00, False), (0, True)])
@pytest.mark.slow
def test_exactly_at_the_mark_is_on_track(delivered: Pence, off: bool, stage: Stage) -> None:
    """Less than the per cent that the rules give is off track, compared as an exact fraction."""
    found = Line(Promise("S1", "admissions", None, 400_00, None), 1, None, None, 100_00, delivered)
    assert found.off(delivery_of(stage.house, PLAN).rule) is off


def test_without_money_activity_is_compared_and_nothing_told_is_not_off_track() -> None:
    """A promise without an amount is judged by its activity; one of which nothing was told is not judged."""
    values = {
        "says": "when",
        "off_track_below": "70",
        "recovery_due_in_days": "28",
        "note": "none",
        "source": "test",
    }
    rule = Delivering.model_validate({**values, "confidence": "derived"})
    promise = Promise("S1", "delays", Decimal(40), 0, None)
    [nothing] = lines_of([promise], Told("x"), (Q1, Q2, Q3, Q4))
    assert (nothing.share, nothing.off(rule)) == (None, False)
    some = replace(nothing, quarters=1, planned_activity=Decimal(10), activity=Decimal("6.9"))
    assert some.off(rule)


@pytest.mark.slow
def test_a_recovery_plan_is_asked_where_something_is_off_track(stage: Stage) -> None:
    """A scheme below the mark, and a metric that the last return says is not on track; a plan whose day has passed is late."""
    found = delivery_of(stage.house, PLAN)
    assert set(found.off) == {"scheme/S2", "metric/non_elective_admissions"}
    assert [each.code for each in found.findings if each.where in found.off] == ["recovery-late", "no-recovery-plan"]  # fmt: skip
    of = "metric/non_elective_admissions"

    def make(office: str = "plan_lead", due: date = date(2016, 4, 1)) -> object:
        return make_recovery_of(stage.house, stage.actor(LEAD), PLAN, of, "A second team.", due, office)

    assert "no office" in says(make("wizard"))
    assert "a day to come" in says(make(due=date(2016, 1, 1)))
    must(make())
    assert "no-recovery-plan" not in [each.code for each in delivery_of(stage.house, PLAN).findings]
    must(tell_recovery_of(stage.house, stage.actor(LEAD), PLAN, of, "It works.", done=True))
    assert "No recovery plan of it goes on" in says(
        tell_recovery_of(stage.house, stage.actor(LEAD), PLAN, of, "More.", done=False)
    )
    assert "no-recovery-plan" in [each.code for each in delivery_of(stage.house, PLAN).findings], "it is off track still"  # fmt: skip


@pytest.mark.parametrize(
    ("done", "on", "today", "stands"),
    [
        (None, None, date(2015, 7, 1), Stands.TO_COME),
        (None, None, date(2015, 7, 2), Stands.LATE),
        (False, date(2015, 8, 1), date(2015, 6, 1), Stands.FORECAST_LATE),
        (False, date(2015, 6, 30), date(2015, 6, 1), Stands.TO_COME),
        (True, date(2015, 7, 1), date(2015, 9, 1), Stands.DONE),
        (True, date(2015, 7, 2), date(2015, 9, 1), Stands.DONE_LATE),
    ],
)
def test_how_a_milestone_stands(done: bool | None, on: date | None, today: date, stands: Stands) -> None:
    """Done, done late, late, forecast late or to come, by what was told last and the day."""
    said = (MilestoneSaid(bool(done), on, "w", "a", datetime(2015, 5, 1, tzinfo=UTC)),) if on else ()
    assert Milestone("1", "S1", "w", date(2015, 7, 1), said).stands(today) is stands


@pytest.mark.slow
def test_milestones_are_set_and_told(stage: Stage) -> None:
    """A day to come is forecast and a day that was is done; what is done is not told again."""
    done = must(set_milestone_of(stage.house, stage.actor(LEAD), PLAN, "S1", "Nights too", date(2016, 5, 1)))
    assert isinstance(done.answer, dict)
    number = str(done.answer["number"])

    def tells(on: date, done: bool) -> object:
        return tell_milestone_of(stage.house, stage.actor(LEAD), PLAN, number, on, "", done=done)

    assert "still to come" in says(tells(date(2016, 6, 1), True))
    assert "is over" in says(tells(date(2016, 3, 1), False))
    must(tells(date(2016, 6, 1), False))
    assert told_of(stage.house, PLAN).milestones[number].stands(date(2016, 3, 2)) is Stands.FORECAST_LATE
    must(tells(date(2016, 3, 1), True))
    assert "told as done already" in says(tells(date(2016, 6, 1), False))
    assert "has no scheme" in says(
        set_milestone_of(stage.house, stage.actor(LEAD), PLAN, "S9", "What", date(2016, 5, 1))
    )


@pytest.mark.slow
def test_from_each_scheme_to_the_nation(stage: Stage) -> None:
    """Promised and credible are those of the roll-up of assurance; every sum is the sum of its schemes."""
    found = national_delivery(stage.house, illustrative=True)
    assert found.nation.promised == found.assured.nation.promised
    assert found.nation.credible == found.assured.nation.credible.pence
    assert sum(each.promised for each in found.regions) == found.nation.promised
    plan = delivery_of(stage.house, PLAN)
    own = [each for each in found.nation.schemes if each.plan == PLAN]
    assert sum(each.told for each in own) == sum(each.delivered for each in plan.lines)
    assert [each.scheme for each in own if each.off] == ["S2"]
    nobody = national_delivery(stage.house, illustrative=True, among=())
    assert nobody.nation.schemes == ()


@pytest.mark.slow
def test_nothing_before_sign_off(stage: Stage) -> None:
    """A plan that ministers have not signed off has no delivery to follow."""
    with pytest.raises(NotHere, match="Ministers have not signed off"):
        delivery_of(stage.house, "wolds")
