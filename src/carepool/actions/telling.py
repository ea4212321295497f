"""Notices are made from the journal in its one order, none lost and none twice; they and letters are delivered at least once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from carepool.actions.afterwards import pass_deadlines
from carepool.actions.house import House
from carepool.actions.notices import Addresses, Kept, NoticeStore, Opens
from carepool.actions.noticing import closing, notices_ahead, notices_of
from carepool.actions.outbox import Message, Outbox
from carepool.basics.refusals import Unusable, printable

FACTS, DAYS = "facts", "days"
"""The two readers: of the journal by position, and of the calendar by day."""
AT_ONCE = 200
"""Facts told of in one transaction, and messages sent in one go."""
WAITS = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60, 6 * 60))
"""How long to wait after each failure."""
AT_MOST = timedelta(days=1)
"""How long to wait after any further one: it is never given up."""


AT_FIRST = timedelta(minutes=1)
"""How long a round leaves a letter to who posts it, and tries to send it at once."""
UNREADABLE = "It cannot be read any more: the service's key was changed."


def nobody_opens(letter: str) -> Message | None:  # noqa: ARG001  (asked as the others are)
    """For a round that has no key at hand: no letter is read."""
    return None


@dataclass(frozen=True, slots=True)
class Told:
    """What one round came to."""

    made: int
    sent: int
    failed: int
    unaddressed: int
    """Notices to accounts without an address, which are shown when they sign in."""


def make_notices(house: House, store: NoticeStore) -> int:
    """Make the notices of every fact that nobody has been told of, and of the deadlines ahead; how many are new.

    The notices and how far the reader has come are written together: whatever stops it, none is lost or made twice.
    """
    house.journal.seal()
    made = 0
    while True:
        before = store.position(FACTS)
        # Worked out outside the transaction; if another reader was quicker, this one's work is thrown away.
        entries = list(house.journal.sealed(before, AT_ONCE))
        if not entries:
            return made + _made_ahead(house, store)
        notices = [notice for each in entries for notice in notices_of(house, each)]
        with store.transaction():
            if store.advance(FACTS, before, entries[-1].position):
                made += sum(store.add(notice, house.clock()) for notice in notices)


def _made_ahead(house: House, store: NoticeStore) -> int:
    """The notices of the deadlines ahead, once a day; a deadline that has passed is recorded first, and told of as a fact."""
    before, today = store.position(DAYS), house.today.toordinal()
    if before >= today:
        return 0
    pass_deadlines(house)
    notices = notices_ahead(house, house.today)
    with store.transaction():
        if store.advance(DAYS, before, today):
            return sum(store.add(notice, house.clock()) for notice in notices)
    return 0


def deliver(
    house: House, store: NoticeStore, addresses: Addresses, outbox: Outbox, address: str,
    opens: Opens = nobody_opens,
) -> Told:  # fmt: skip
    """Send what is due. What is sent and not noted as sent, because the machine stopped in between, is sent again under the same id."""
    sent = failed = unaddressed = 0
    for each in store.due(house.clock(), AT_ONCE):
        if each.letter:
            message = _letter(store, each, house.clock(), opens)
            if message is None:
                continue
        else:
            to = addresses(each.account)
            if not to:
                store.put_off(each.id, "The account has no address.", None)
                unaddressed += 1
                continue
            text = each.text + closing(address, each.link, each.created.date())
            message = Message(each.id, to, printable(each.subject), text)
        if _sent(house, store, outbox, message, each.attempts):
            sent += 1
        else:
            failed += 1
    return Told(0, sent, failed, unaddressed)


def _letter(store: NoticeStore, kept: Kept, now: datetime, opens: Opens) -> Message | None:
    """What a letter says; None, and it is tried no more, where that holds no longer or cannot be read."""
    if kept.expires is not None and kept.expires <= now:
        store.forget(kept.id)
        return None
    message = opens(kept.letter)
    if message is None:
        store.put_off(kept.id, UNREADABLE, None)
    return message


def keep_letter(house: House, message: Message, sealed: str, expires: datetime | None = None) -> bool:
    """Keep a letter until it is delivered, in the transaction of what it tells of; False when it was kept already."""
    now = house.clock()
    return house.notices.post(message.id, sealed, now, now + AT_FIRST, expires)


def send_letter(house: House, message: Message) -> bool:
    """Send a letter that is kept; whether it went. Where it did not, rounds try it again under the same id."""
    return _sent(house, house.notices, house.outbox, message, 0)


def _sent(house: House, store: NoticeStore, outbox: Outbox, message: Message, attempts: int) -> bool:
    try:
        outbox.put(message)
    except (Unusable, OSError) as error:
        store.put_off(message.id, _why(error), _again(attempts, house.clock()))
        return False
    store.delivered(message.id, house.clock())
    return True


def _why(error: Exception) -> str:
    """What went wrong, without anybody's address."""
    return str(error) if isinstance(error, Unusable) else f"It could not be written ({type(error).__name__})."


def _again(attempts: int, now: datetime) -> datetime:
    return now + (WAITS[attempts] if attempts < len(WAITS) else AT_MOST)


def tell(
    house: House, store: NoticeStore, addresses: Addresses, outbox: Outbox, address: str,
    opens: Opens = nobody_opens,
) -> Told:  # fmt: skip
    """One round: make what is to be told, and deliver what is due."""
    made = make_notices(house, store)
    done = deliver(house, store, addresses, outbox, address, opens)
    return Told(made, done.sent, done.failed, done.unaddressed)
