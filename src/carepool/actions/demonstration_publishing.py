"""Carrowby's plan is published: one release, and a second that puts it right."""

from carepool.actions.demonstration_pool_life import Stage
from carepool.actions.publishing import prepare, publish
from carepool.journal.commands import Done


def tell(stage: Stage) -> None:
    """The risks are withheld at first, and shown in the second release."""
    stage.on(2015, 12, 1)
    _publish(stage, None, "", {"risks": "commercial"})
    stage.on(2015, 12, 2)
    _publish(stage, 1, "The risks name no provider's prices, and are shown.", {})


def _publish(stage: Stage, correct: int | None, says: str, withheld: dict[str, str]) -> None:
    found = prepare(stage.house, "carrowby", withheld=withheld, correct=correct, says=says)
    done = publish(stage.house, stage.actor("carrowby.chief"), found, found.audit_digest)
    if not isinstance(done, Done):
        raise AssertionError(done.says)
