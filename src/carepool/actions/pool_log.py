"""The partners of a pool keep its log of risks and actions."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.pools import authorities, named, partner_bodies
from carepool.basics.canonical import Digest, canonical
from carepool.basics.money import Pence
from carepool.basics.refusals import Refused
from carepool.basics.words import seen
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document, Withdrawn
from carepool.offices.holdings import Permit, holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.pool.log import Entry, change, enter, log_of, stream_of

LONGEST = 2_000
"""Characters that an entry may have."""


def log_now(house: House, pool: str, upto: int | None = None) -> tuple[Entry, ...]:
    """The log of a pool."""
    return log_of(house.journal.read(stream_of(pool), upto=upto))


def words_in(house: House, log: Iterable[Entry]) -> dict[str, str]:
    """What entries say, or that it was withdrawn, by the digest of the words: all of them, and of their changes, in one read."""
    asked = {digest for each in log for digest in (each.words, *(words for _, _, words in each.changes))}
    held = house.journal.kept(asked)
    return {each: _said(held.get(Digest(each))) for each in asked}


def _said(found: Document | Withdrawn | None) -> str:
    if not isinstance(found, Document):
        return "Its words were withdrawn; their digest stands."
    return str(json.loads(found.content)["words"])


def enter_in_log(
    house: House, actor: Actor, pool: str, body: str, sort: str, words: str, owner: str, *, likelihood: int = 0,
    impact: int = 0, pence: Pence = 0, due: date | None = None,
) -> Done | Refused:  # fmt: skip
    """An officer of a partner enters a risk or an action."""
    document = _document(house, words)
    if isinstance(document, Refused):
        return document

    def decide(_: tuple[Entry, ...]) -> Decision | Refused:
        owners = partner_bodies(house, pool)
        decided = enter(
            pool, sort, document.digest, owner, owners=owners, likelihood=likelihood, impact=impact, pence=pence,
            due=due, on_behalf_of=body,
        )  # fmt: skip
        return _with(decided, document)

    request = {"sort": sort, "words": words, "owner": owner, "likelihood": likelihood, "impact": impact, "pence": pence, "due": due}  # fmt: skip
    return _perform(house, actor, pool, body, decide, request)


def change_in_log(
    house: House, actor: Actor, pool: str, body: str, entry: str, words: str, *, likelihood: int = 0,
    impact: int = 0, due: date | None = None, close: bool = False,
) -> Done | Refused:  # fmt: skip
    """An officer of a partner changes an entry, or closes it, saying why."""
    document = _document(house, words)
    if isinstance(document, Refused):
        return document

    def decide(log: tuple[Entry, ...]) -> Decision | Refused:
        decided = change(
            log, pool, entry, document.digest, likelihood=likelihood, impact=impact, due=due, close=close, on_behalf_of=body
        )  # fmt: skip
        return _with(decided, document)

    request = {"of": entry, "words": words, "likelihood": likelihood, "impact": impact, "due": due, "close": close}  # fmt: skip
    return _perform(house, actor, pool, body, decide, request)


def _with(decided: Decision | Refused, document: Document) -> Decision | Refused:
    return Decision(decided.facts, decided.answer, (document,)) if isinstance(decided, Decision) else decided


def _document(house: House, words: str) -> Document | Refused:
    said = seen(words)
    if not said:
        return Refused("Say in words what it is.")
    if len(said) > LONGEST:
        return Refused(f"This is longer than {LONGEST:,} characters. Shorten it.")
    return Document("pool-log", "application/json", canonical({"words": said}), house.salt())


def _perform(
    house: House, actor: Actor, pool: str, body: str, decide: Callable[[tuple[Entry, ...]], Decision | Refused],
    request: Mapping[str, object],
) -> Done | Refused:  # fmt: skip
    named(house, pool)  # NotHere where there is no such pool
    authority = authorities(house).of("keep_log")
    if body not in partner_bodies(house, pool):
        return Refused("The log is kept by the partners of the pool. Ask one of them to enter it.")

    def load(reading: Reading) -> tuple[tuple[Entry, ...], Permit | Refused]:
        held = holdings(reading.read(office_stream(body)))
        return log_of(reading.read(stream_of(pool))), may(authority, held, actor.account, body, house.today)

    def allowed(state: tuple[tuple[Entry, ...], Permit | Refused]) -> Decision | Refused:
        log, permit = state
        return permit if isinstance(permit, Refused) else decide(log)

    asked = {"action": "keep_log", "pool": pool, "body": body, **request}
    return perform(
        house.journal, allowed, load=load, by=actor.account, key=actor.key, request=asked, clock=house.clock
    )
