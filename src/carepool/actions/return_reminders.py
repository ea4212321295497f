"""Reminders of quarterly returns that are due: to those who fill one in, and once it is put forward to who signs it."""

from collections.abc import Iterator
from datetime import date

from carepool.actions.house import House
from carepool.actions.notices import Notice
from carepool.actions.planning import all_plans
from carepool.actions.returning import bodies_of, quarters_of, return_of
from carepool.basics.refusals import NotHere, Unusable
from carepool.offices.holdings import holdings
from carepool.offices.holdings import stream_of as office_stream
from carepool.returns.asking import Asking
from carepool.returns.facts import Filed

RETURNS_AHEAD = (14, 7, 2)
"""How many days before a return is due those are told of it whom it waits for."""


def returns_ahead(house: House, today: date) -> Iterator[Notice]:
    """Each return that is due soon and was not sent, told once at each step to whom it waits for."""
    for plan in all_plans(house):
        try:
            asked = quarters_of(house, plan.id)
        except (NotHere, Unusable):  # no return is asked before ministers have signed the plan off
            continue
        for _, asking, filed in asked:
            left = (asking.due.at.day - today).days
            step = min((each for each in RETURNS_AHEAD if 0 <= left <= each), default=None)
            if step is not None and not filed.sent and today > asking.quarter.last_day:
                yield from _of(house, plan.title, asking, filed, step, left)


def _of(house: House, title: str, asking: Asking, filed: Filed, step: int, left: int) -> Iterator[Notice]:
    plan, quarter, day = asking.plan, asking.quarter, house.today
    found = return_of(house, plan, quarter)
    action = "sign_return" if filed.waiting else "submit_return"
    done = filed.waiting.signed if filed.waiting else {}
    said = "today" if not left else f"in {left} {'day' if left == 1 else 'days'}"
    waits = "It waits for a signature." if filed.waiting else "It is not put forward yet."
    text = f"The return of {quarter} for “{title}” is due at {asking.due.at}, {said}. {waits}"
    about = f"{step} days to the return of {quarter} of plan {plan}{' signed' if filed.waiting else ''}"
    offices = set(found.rules.authorities.of(action).offices)
    told = [
        each.account
        for body in bodies_of(house, found, action)
        if body not in done
        for each in holdings(house.journal.read(office_stream(body)))
        if each.office in offices and each.on(day)
    ]
    for account in dict.fromkeys(told):
        yield Notice(about, account, f"{title}: the return of {quarter} is due {said}", text, f"/plans/{plan}/returns/{quarter}")  # fmt: skip
