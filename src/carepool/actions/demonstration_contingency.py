"""Carrowby's contingency comes about in November 2015: a quarter missed its target, and the board sends the money where the plan says. All of it is invented."""

from carepool.actions.demonstration_pool_life import Stage
from carepool.actions.planning import view
from carepool.actions.redeploying import contingencies_of, redeploy_money
from carepool.actions.releasing import money_of
from carepool.basics.periods import Quarter
from carepool.journal.commands import Done

PLAN, BOARD, CHAIR = "carrowby", "board:ZZ6", "carrowby.chair"
MISSED = Quarter(2015, 2)


def send_on(stage: Stage) -> None:
    """The board's chair declares that the trigger has come about, for what was not released of the quarter."""
    stage.on(2015, 11, 27)
    version, (contingency,) = contingencies_of(stage.house, view(stage.house, PLAN))
    assert version is not None  # noqa: S101 (signed off before)
    quarter = next(each for each in money_of(stage.house, PLAN).statement.quarters if each.quarter == MISSED)
    assert quarter.payment is not None  # noqa: S101 (published by then)
    done = redeploy_money(
        stage.house, stage.actor(CHAIR), PLAN, BOARD, 0, quarter.maximum_payment - quarter.payment, contingency.destination,
        "From July to September 7,178 people were admitted, 76 above the target of 7,102. Their care is paid for from what was not released.",
        version.digest,
    )  # fmt: skip
    if not isinstance(done, Done):
        raise AssertionError(getattr(done, "says", done))
