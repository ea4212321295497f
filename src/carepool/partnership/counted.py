"""What counts against a limit of the schedule: what is asked for, with all that the same authority has let be entered before.

Parts need the authority of the whole. A reversal counts as what it takes back would; spending that uses an order counts
against the limit of the order, and not again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from carepool.basics.money import Pence
from carepool.basics.refusals import Refused
from carepool.partnership.agreement import Agreement, Limit
from carepool.partnership.limits import JOINT_BOARD, Ceiling, ceiling, word_of
from carepool.pool.accounts import Entry, Event, Heading, Posting
from carepool.pool.books import Books
from carepool.pool.events import Asked, lines_of, taken_of

TAKES_BACK = frozenset({Event.REVERSED, Event.UNCOMMITTED})
"""What undoes something by hand, and needs the authority of that. An accrual is taken out by the month's routine."""
_USES_ORDER = frozenset({Event.SPENT, Event.ACCRUED})
_WHOSE: Mapping[Heading, str] = {
    Heading.COMMITTED: "for {}", Heading.SPENT: "for {}", Heading.IRRECOVERABLE: "for {}", Heading.CONTRIBUTED: "of what {} puts in",
    Heading.RETURNED: "to {}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """What is asked for, as a limit sees it."""

    event: Event
    """What it is, or what it takes back."""
    pence: Pence
    about: frozenset[str]
    """What it is of, in words that are equal where two entries add up: from s1, to s2, for s1."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What is asked for beside the limits of it."""

    ceiling: Ceiling
    counted: Counted
    before: Mapping[str, Pence]
    """What counts already, by the clause and holder of each limit."""
    taken_back: Asked | None = None
    """What a reversal undoes, as if that were asked for the other way round."""

    def of(self, limit: Limit) -> Pence:
        """What counts already against a limit."""
        return self.before[_name(limit)]

    def beyond(self, offices: Collection[str]) -> Refused | None:
        """Why it is beyond whoever holds these offices, with who may; None where it is not."""
        if not self.counted.pence:
            return None
        says = self.ceiling.beyond(
            self.counted.pence, offices, self.of, " or ".join(sorted(self.counted.about))
        )
        return Refused(says) if says else None

    def lets(self, by: str) -> bool:
        """Whether a decision of the joint board, or of all partners, reaches so far."""
        return self.ceiling.lets(by, self.counted.pence, self.of)

    @property
    def who(self) -> str:
        """Who may enter it, as a sentence."""
        return self.ceiling.who(self.counted.pence, self.of)


def judged(
    agreement: Agreement, books: Books, asked: Asked, offices: Collection[str], holders: Mapping[str, Collection[str]]
) -> Judged | None:  # fmt: skip
    """What limits what is asked for; None where nothing does. ``holders`` has the accounts that have ever held each office."""
    lines = lines_of(books, asked)
    if isinstance(lines, Refused):
        return None
    found = books.posting(asked.of) if asked.event in TAKES_BACK else None
    counted = _asked(asked, lines, found)
    most = ceiling(agreement, counted.event, offices)
    if most is None:
        return None
    events = {each for each in Event if word_of(agreement, each) == most.word}
    history = _History(books, frozenset(events), asked.of if found else "")
    before = {
        _name(each): history.before(each, counted.about, frozenset(holders.get(each.office, ()))) for each in most.limits
    }  # fmt: skip
    return Judged(most, counted, before, _the_other_way(asked, counted, lines) if found else None)


def _name(limit: Limit) -> str:
    return f"{limit.office or limit.by}/{limit.clause}"


def _asked(asked: Asked, lines: tuple[Entry, ...], found: Posting | None) -> Counted:
    if found is None:
        used = _used(lines) if asked.event in _USES_ORDER else 0
        largest = max((each.pence for each in lines), default=0)
        pence = max(0, asked.amount - used) if asked.event in _USES_ORDER else max(asked.amount, largest)
        return Counted(asked.event, pence, _about(asked.event, lines))
    if asked.event is Event.REVERSED:
        return Counted(found.event, _direct(found), _about(found.event, lines))
    return Counted(Event.COMMITTED, lines[0].pence, _about(Event.COMMITTED, lines))


def _used(lines: tuple[Entry, ...]) -> Pence:
    return sum(each.pence for each in lines if each.credit.heading is Heading.COMMITTED)


def _direct(posting: Posting) -> Pence:
    """What a posting came to beyond the order that it uses."""
    if posting.event not in _USES_ORDER:
        return posting.total
    had = sum(each.pence for each in posting.lines if each.credit.heading in {Heading.OWED, Heading.ACCRUED})
    return max(0, had - taken_of(posting))


def _about(event: Event, lines: tuple[Entry, ...]) -> frozenset[str]:
    """What a posting is of. A reversal's lines go the other way, and so do the words for budget that moves."""
    if event is Event.REDEPLOYED:
        return frozenset({f"from {lines[0].credit.party}", f"to {lines[0].debit.party}"})
    if event is Event.SETTLED:
        return frozenset(
            f"to {account.party}" for line in lines for account in (line.debit, line.credit) if account.heading is Heading.OWED
        )  # fmt: skip
    found = set()
    for line in lines:
        for account in (line.debit, line.credit):
            if account.heading in _WHOSE:
                found.add(_WHOSE[account.heading].format(account.party))
            elif account.heading is Heading.BUDGET:
                found.add(f"to the budget of {account.party}" if account is line.debit else f"from the budget of {account.party}")  # fmt: skip
    return frozenset(found)


def _the_other_way(asked: Asked, counted: Counted, lines: tuple[Entry, ...]) -> Asked:
    """What a reversal does, said as a request of its own, so that a mandate can be about it."""
    line = lines[0]
    party = source = scheme = to_scheme = ""
    for account in (line.debit, line.credit):
        if account.heading in {Heading.CONTRIBUTED, Heading.RETURNED}:
            party, source = account.party, account.source
        elif account.heading in {Heading.BUDGET, Heading.COMMITTED, Heading.SPENT, Heading.IRRECOVERABLE}:
            scheme, source = account.party, account.source
    if counted.event is Event.REDEPLOYED:
        scheme, to_scheme = line.credit.party, line.debit.party
    return Asked(
        asked.event, asked.on, counted.pence, party=party, source=source, scheme=scheme, to_scheme=to_scheme, of=asked.of
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _History:
    """What was entered before of some events, but for one posting that is about to be taken back."""

    books: Books
    events: frozenset[Event]
    but: str

    def before(self, limit: Limit, about: frozenset[str], holders: frozenset[str]) -> Pence:
        """What counts against a limit already: of one scheme or body, whichever comes to most, or of the pool's whole year."""
        if limit.over == "once":
            return 0
        by_mandate = {
            posting: each.by for each in self.books.records.mandates.values() for posting in each.used.values()
        }  # fmt: skip
        released = self._released()
        sums: dict[str, Pence] = {}
        whole = 0
        for posting in self.books.postings:
            by = by_mandate.get(posting.id)
            own = by is None and posting.by in holders if limit.office else by == limit.by == JOINT_BOARD
            counted = self._counted(posting, released, holders, by_mandate) if own else None
            if counted is None:
                continue
            whole += counted.pence
            for each in counted.about & about:
                sums[each] = sums.get(each, 0) + counted.pence
        return whole if limit.over == "pool" else max(sums.values(), default=0)

    def _counted(
        self, posting: Posting, released: Mapping[str, Pence], holders: frozenset[str], by_mandate: Mapping[str, str]
    ) -> Counted | None:  # fmt: skip
        if posting.id == self.but or posting.id in self.books.reversed:
            return None
        if posting.event in TAKES_BACK:
            first = self.books.posting(posting.of)
            if first is None or first.event not in self.events:
                return None
            # Undoing what the same authority has entered gives it back to that authority, and counts no more.
            if first.by in holders and first.id not in by_mandate:
                return None
            pence = posting.lines[0].pence if posting.event is Event.UNCOMMITTED else _direct(first)
            return Counted(first.event, pence, _about(first.event, posting.lines))
        if posting.event not in self.events:
            return None
        return Counted(posting.event, self._still(posting, released), _about(posting.event, posting.lines))

    def _still(self, posting: Posting, released: Mapping[str, Pence]) -> Pence:
        """What stands of a posting: an order less what was released of it, an accrual less what was taken out."""
        if posting.event is Event.COMMITTED:
            return posting.lines[0].pence - released.get(posting.id, 0)
        if posting.event is Event.ACCRUED:
            left = self.books.open.get(posting.id, 0)
            used = _used(posting.lines)
            return left - max(0, used - (posting.lines[0].pence - left))
        return _direct(posting)

    def _released(self) -> Mapping[str, Pence]:
        found: dict[str, Pence] = {}
        for each in self.books.postings:
            if each.event is Event.UNCOMMITTED:
                found[each.of] = found.get(each.of, 0) + each.lines[0].pence
        return found
