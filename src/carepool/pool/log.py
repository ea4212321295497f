"""The risk and action log of a pool: what could go wrong, what is done about it, by whom and by when; nothing is erased.

Words are documents; facts hold what is counted. The stream is ``pool-log/ID``, one for all years of a pool.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from carepool.basics.money import Pence
from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold

KINDS = Kinds((Kind("LogEntered", cites=("words",)), Kind("LogChanged", cites=("words",))))

Sort = Literal["risk", "action"]
SORTS: tuple[Sort, ...] = ("risk", "action")
SCALE = range(1, 6)
"""How likely, and how bad: from 1, hardly, to 5, almost certain or as bad as can be."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A risk or an action, as it stands."""

    id: str
    sort: Sort
    words: str
    """The digest of what it says."""
    owner: str
    """The body whose it is."""
    by: str
    at: datetime
    likelihood: int = 0
    impact: int = 0
    pence: Pence = 0
    """What it could cost, or costs."""
    due: date | None = None
    closed_at: datetime | None = None
    changes: tuple[tuple[datetime, str, str], ...] = ()
    """When, by whom, and the digest of the words, of each change."""

    @property
    def score(self) -> int:
        """How likely times how bad."""
        return self.likelihood * self.impact

    def late(self, day: date) -> bool:
        """Whether it is open past its day."""
        return self.closed_at is None and self.due is not None and self.due < day


def stream_of(pool: str) -> str:
    """The stream of a pool's log."""
    return f"pool-log/{pool}"


def enter(
    pool: str, sort: str, words: str, owner: str, *, owners: Iterable[str], likelihood: int = 0, impact: int = 0,
    pence: Pence = 0, due: date | None = None, on_behalf_of: str | None = None,
) -> Decision | Refused:  # fmt: skip
    """Enter a risk or an action, whose words are kept under a digest."""
    if sort not in SORTS:
        return Refused(f"“{sort}” is neither a risk nor an action. Choose one of {', '.join(SORTS)}.")
    having = tuple(owners)
    if owner not in having:
        return Refused(f"{owner or 'Nobody'} is no partner of the pool. Name whose it is: {', '.join(having)}.")  # fmt: skip
    if sort == "risk" and not (likelihood in SCALE and impact in SCALE):
        return Refused("Say from 1 to 5 how likely the risk is, and how bad it would be.")
    if sort == "action" and due is None:
        return Refused("An action has a day by which it is done. Write it.")
    body = {
        "sort": sort, "words": words, "owner": owner, "likelihood": likelihood, "impact": impact, "pence": pence,
        "due": due.isoformat() if due else None,
    }  # fmt: skip
    new = NewFact(stream_of(pool), "LogEntered", 1, body, on_behalf_of=on_behalf_of)
    return Decision((new,), {"entered": sort})


def change(
    log: tuple[Entry, ...], pool: str, id: str, words: str, *, likelihood: int = 0, impact: int = 0,
    due: date | None = None, close: bool = False, on_behalf_of: str | None = None,
) -> Decision | Refused:  # fmt: skip
    """Change an entry, or close it; what it was before stays in its history."""
    found = next((each for each in log if each.id == id), None)
    if found is None:
        return Refused(f"There is no entry {id} in this log. Look at its page.")
    if found.closed_at is not None:
        return Refused("This entry is closed. Enter another.")
    if found.sort == "risk" and not close and not (likelihood in SCALE and impact in SCALE):
        return Refused("Say from 1 to 5 how likely the risk is, and how bad it would be.")
    body = {
        "of": id, "words": words, "likelihood": likelihood, "impact": impact,
        "due": due.isoformat() if due else None, "closed": close,
    }  # fmt: skip
    new = NewFact(stream_of(pool), "LogChanged", 1, body, on_behalf_of=on_behalf_of)
    return Decision((new,), {"of": id, "closed": close})


def log_of(facts: Iterable[Fact]) -> tuple[Entry, ...]:
    """Every entry, in the order in which they were entered."""
    start: dict[str, Entry] = {}
    return tuple(fold(facts, start, _apply, KINDS).values())


def _apply(log: dict[str, Entry], fact: Fact) -> dict[str, Entry]:
    body = fact.body
    due = date.fromisoformat(str(body["due"])) if body["due"] else None
    if fact.kind == "LogEntered":
        entry = Entry(
            str(fact.version), "risk" if body["sort"] == "risk" else "action", str(body["words"]), str(body["owner"]),
            fact.by, fact.at, int(str(body["likelihood"])), int(str(body["impact"])), int(str(body["pence"])), due,
        )  # fmt: skip
        return {**log, entry.id: entry}
    before = log[str(body["of"])]
    after = replace(
        before,
        likelihood=int(str(body["likelihood"])) or before.likelihood,
        impact=int(str(body["impact"])) or before.impact,
        due=due or before.due,
        closed_at=fact.at if body["closed"] else None,
        changes=(*before.changes, (fact.at, fact.by, str(body["words"]))),
    )
    return {**log, before.id: after}


def in_order(log: Iterable[Entry]) -> tuple[Entry, ...]:
    """Open before closed; then risks by score, the worst first, and actions by their day."""

    def place(each: Entry) -> tuple[bool, bool, int, date]:
        return each.closed_at is not None, each.sort != "risk", -each.score, each.due or date.max

    return tuple(sorted(log, key=place))
