"""What becomes of a form that was sent: it was done, or a problem in words with what was typed kept."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.care.actions.house import CareHouse
from carepool.care.web.frame import names_of
from carepool.journal.commands import Done
from carepool.journal.port import Conflict, SameKey

SENT_BEFORE = "This form was sent before with something else in it, and that was recorded. Look at what stands here now; to change it, send the form below."
OTHERS_WRITING = "Others were writing at the same moment, so nothing was recorded. Send the form again."
_ACCOUNT = re.compile(r"\b(?:care-\d+|account-[0-9a-f]{16})\b")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing was recorded, and what to do about it."""

    errors: tuple[tuple[str, str], ...]
    """The id of an element and what is wrong there."""
    status: HTTPStatus = HTTPStatus.CONFLICT


def carry_out(
    house: CareHouse, field: str, act: Callable[[], Done | Refused | list[tuple[str, str]]]
) -> Done | Problem:
    """Do what a form asks. What was written is sealed at once."""
    try:
        answer = act()
    except SameKey:
        return Problem(((field, SENT_BEFORE),))
    except Conflict:
        return Problem(((field, OTHERS_WRITING),))
    except NotHere:
        raise
    except Unusable as error:
        return Problem(((field, str(error)),), HTTPStatus.BAD_REQUEST)
    if isinstance(answer, list):
        return Problem(tuple(answer), HTTPStatus.BAD_REQUEST)
    if isinstance(answer, Refused):
        return Problem(((field, spoken(answer.says)),))
    house.journal.seal()
    return answer


def spoken(says: str) -> str:
    """A sentence with the names of accounts in place of their ids."""
    ids = set(_ACCOUNT.findall(says))
    names = names_of(ids) if ids else {}
    return _ACCOUNT.sub(lambda found: names.get(found[0], "somebody whose account is gone"), says)
