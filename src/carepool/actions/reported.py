"""What a plan's returns report of each quarter that is paid: its outturn, and the payment that was agreed locally."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from carepool.actions.house import House
from carepool.basics.money import Pence
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable
from carepool.journal.documents import Document
from carepool.returns.document import Return, read_return
from carepool.returns.facts import Sent, filed


@dataclass(frozen=True, slots=True)
class Reported:
    """A quarter's outturn as the return that was sent last has it."""

    quarter: Quarter
    actual: Decimal
    agreed: Pence | None
    """The payment that was agreed locally, where it is not the one that was suggested then."""
    of: Quarter
    """The quarter whose return says so."""
    sent: Sent


def reported_of(house: House, plan: str, upto: int | None = None) -> dict[Quarter, Reported]:
    """What was reported of each quarter, by the return that was sent last, or was by then. What was withdrawn reports nothing."""
    found: dict[Quarter, Reported] = {}
    for quarter, sent in sorted(_sent(house, plan, upto), key=lambda each: each[1].at):
        content = _content(house, sent)
        for row in content.performance.payments if content else ():
            if row.actual is not None:
                agreed = None if row.agreed == row.suggested else row.agreed
                found[row.quarter] = Reported(row.quarter, row.actual, agreed, quarter, sent)
    return found


def last_sent(house: House, plan: str, upto: int | None = None) -> tuple[Quarter, Return] | None:
    """The return of the latest quarter that was sent, as it was sent last; None where none was, or its content was withdrawn."""
    sent = sorted(_sent(house, plan, upto), key=lambda each: each[0])
    content = _content(house, sent[-1][1]) if sent else None
    return (sent[-1][0], content) if content else None


def claimed_by(
    house: House, plan: str, quarter: Quarter, account: str, upto: int | None = None
) -> frozenset[str]:
    """What an account did for a quarter's money to be claimed: put a return that reports it forward, or sign one."""
    return claims_on(house, plan, quarter, upto).get(account, frozenset())


def claims_on(
    house: House, plan: str, quarter: Quarter, upto: int | None = None
) -> Mapping[str, frozenset[str]]:
    """Who claims a quarter's money, and how: whoever put forward or signed, for any board, a return that reports it.

    A return whose content was withdrawn may have reported every quarter up to its own, so it claims each of them.
    """
    done: dict[str, set[str]] = {}
    for of, sent in _sent(house, plan, upto, every=True):
        content = _content(house, sent)
        rows = content.performance.payments if content else ()
        if any(row.quarter == quarter for row in rows) if content else quarter <= of:
            done.setdefault(sent.put_forward_by, set()).add("submit_return")
            for account in (sent.signed_by, *sent.signed_before.values()):
                done.setdefault(account, set()).add("sign_return")
    return {account: frozenset(deeds) for account, deeds in done.items()}


def _sent(
    house: House, plan: str, upto: int | None, *, every: bool = False
) -> Iterator[tuple[Quarter, Sent]]:
    for stream, facts in house.journal.gather(f"return/{plan}/", upto=upto).items():
        quarter = Quarter.parse(stream.rpartition("/")[2])
        held = filed(plan, quarter, facts)
        for each in held.sent if every else held.sent[-1:]:
            yield quarter, each


def _content(house: House, sent: Sent) -> Return | None:
    found = house.journal.document(sent.document)
    if not isinstance(found, Document):
        return None
    try:
        return read_return(json.loads(found.content))
    except Unusable:
        return None
