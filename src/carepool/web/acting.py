"""What becomes of a form that was sent: it was done, or a problem in words with what was typed kept."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from carepool.actions.editing import Stale
from carepool.actions.house import House
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Done
from carepool.journal.port import Conflict, SameKey
from carepool.plans.versions import Change

NOT_SIGNED_IN = "You are not signed in, so nothing was recorded. Sign in, then send the form again."
SENT_BEFORE = (
    "This form was sent before with something else in it, and that was recorded. "
    "Look at what stands here now; to change it, send the form below."
)
OTHERS_WRITING = "Others were writing at the same moment, so nothing was recorded. Send the form again."


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing was recorded, and what to do about it."""

    says: str
    field: str
    """The id of the element that the summary leads to."""
    status: HTTPStatus = HTTPStatus.CONFLICT
    changes: tuple[Change, ...] | None = None
    """What others changed meanwhile; None when that is not the reason."""


def carry_out(house: House, field: str, act: Callable[[], Done | Refused | Stale]) -> Done | Problem:
    """Do what a form asks. What was written is sealed at once, so that a later look writes nothing."""
    try:
        answer = act()
    except SameKey:
        return Problem(SENT_BEFORE, field)
    except Conflict:
        return Problem(OTHERS_WRITING, field)
    except NotHere:
        raise
    except Unusable as error:
        return Problem(str(error), field, HTTPStatus.BAD_REQUEST)
    if isinstance(answer, Done):
        house.journal.seal()
        return answer
    if isinstance(answer, Stale):
        return Problem(answer.says, field, changes=answer.changes)
    return Problem(answer.says, field)
