"""What Carrowby's lead told of its schemes by November 2015: one is off track and has its recovery plan. All of it is invented."""

from datetime import date
from decimal import Decimal

from carepool.actions.delivering import (
    make_recovery_of,
    promises_of,
    set_milestone_of,
    tell_delivery_of,
    tell_milestone_of,
)
from carepool.actions.demonstration_pool_life import Stage
from carepool.actions.releasing import agreed_plan
from carepool.basics.periods import Quarter
from carepool.journal.commands import Done

PLAN, LEAD = "carrowby", "carrowby.lead"
QUARTERS = (Quarter(2015, 1), Quarter(2015, 2))
PER_CENT = {"S1": (96, 88), "S2": (61, 58), "S3": (102, 97)}
"""What each scheme delivered of a quarter's part of its promise."""


def tell(stage: Stage) -> None:
    """Tell of the first two quarters, set milestones, and make the recovery plan."""
    stage.on(2015, 11, 30)
    for scheme, words, due in (
        ("S1", "Rapid response works all week", date(2015, 7, 1)),
        ("S2", "Reablement takes 40 people a week", date(2015, 12, 1)),
        ("S3", "Every practice has a named professional", date(2016, 3, 1)),
    ):
        _must(set_milestone_of(stage.house, stage.actor(LEAD), PLAN, scheme, words, due))
    numbers = ("1", "2")
    _must(tell_milestone_of(stage.house, stage.actor(LEAD), PLAN, numbers[0], date(2015, 7, 20), "", done=True))  # fmt: skip
    _must(tell_milestone_of(stage.house, stage.actor(LEAD), PLAN, numbers[1], date(2016, 2, 15), "Home care agencies are short of staff.", done=False))  # fmt: skip
    for promise in promises_of(agreed_plan(stage.house, PLAN).plan, None):
        for quarter, part in zip(QUARTERS, PER_CENT.get(promise.scheme, (90, 90)), strict=True):
            activity = None if promise.activity is None else (promise.activity * part / 400).quantize(Decimal(1))  # fmt: skip
            line = promise.scheme, promise.kind
            _must(tell_delivery_of(stage.house, stage.actor(LEAD), PLAN, quarter, line, activity, promise.pence * part // 400, ""))  # fmt: skip
    _must(
        make_recovery_of(
            stage.house, stage.actor(LEAD), PLAN, "scheme/S2", "Two more agencies are engaged; the board looks at it each month.",
            date(2016, 1, 31), "plan_lead",
        )
    )  # fmt: skip


def _must(done: object) -> None:
    """Every step is allowed; one that is not is a bug of ours."""
    if not isinstance(done, Done):
        raise AssertionError(getattr(done, "says", done))
