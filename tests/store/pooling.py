"""A pool in a journal, with an officer who enters what happens in it: what races, kills and power cuts are tried on."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from carepool.actions.areas import Areas
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.pools import enter_of
from carepool.actions.ports import MemoryDrafts
from carepool.basics.money import Pence
from carepool.basics.refusals import Refused
from carepool.journal.commands import Done
from carepool.journal.port import Journal
from carepool.offices.holdings import give
from carepool.pool import facts
from carepool.pool.accounts import Event
from carepool.pool.books import Books, Contribution, Opening, Partner, Scheme, stream_of
from carepool.pool.events import Asked
from carepool.pool.facts import books_of
from carepool.rules.rulebook import Rulebook

YEAR = "2015-16"
START = datetime(2015, 4, 1, 9, tzinfo=UTC)
NOW = datetime(2015, 6, 15, 12, tzinfo=UTC)
SOURCE = "additional_nhs"
COUNCIL, CCG = "ZZ1", "Z1A"
POUND = 100


def open_pool_with(
    journal: Journal, schemes: Iterable[str], budget: Pence = POUND, pool: str = "last"
) -> str:
    """Open a pool whose schemes may each spend so much, and give two accounts the office that enters it; its stream."""
    stream = stream_of(pool, YEAR)
    named = tuple(schemes)
    opening = Opening(
        "Agreement (fictitious)", COUNCIL, (Partner(COUNCIL, "council"), Partner(CCG, "ccg")), "plan", "0" * 64,
        (Contribution(CCG, SOURCE, budget * len(named)),), tuple(Scheme(each, each, {SOURCE: budget}) for each in named),
    )  # fmt: skip
    journal.append([facts.opened(pool, YEAR, opening)], expecting={stream: 0}, by="ann", at=START)
    body = f"council:{COUNCIL}"
    office = f"office/{body}"
    if not journal.version(office):
        given = [give(body, "pool_manager", account, date(2015, 4, 1)) for account in ("ann", "bob")]
        journal.append(given, expecting={office: 0}, by="ann", at=START)
    return stream


def client_of(journal: Journal, areas: Areas, rulebook: Rulebook) -> House:
    """A house of one's own, as another process has it: with its own shelf of books."""
    return House(areas, rulebook, journal, MemoryDrafts(), lambda: NOW)


def spending(scheme: str, pence: Pence = POUND, says: str = "") -> Asked:
    """That so much is spent of a scheme."""
    return Asked(Event.SPENT, NOW.date(), pence, says, scheme=scheme, source=SOURCE, payee=CCG)


def spend(
    house: House,
    account: str,
    key: str,
    scheme: str,
    pence: Pence = POUND,
    says: str = "",
    pool: str = "last",
) -> Done | Refused:
    """An officer enters it."""
    return enter_of(house, Actor(account, key), pool, YEAR, spending(scheme, pence, says))


def books_in(journal: Journal, pool: str = "last") -> Books:
    """The books, folded from the first fact."""
    return books_of(pool, YEAR, journal.read(stream_of(pool, YEAR)))


def spent_of(journal: Journal, scheme: str, pool: str = "last") -> Pence:
    """What the journal says was spent of a scheme, whether or not it may have been."""
    account = f"spent/{scheme}/{SOURCE}"
    total = 0
    for fact in journal.read(stream_of(pool, YEAR)):
        lines = fact.body.get("lines", ())
        assert isinstance(lines, (list, tuple))
        total += sum(line["pence"] for line in lines if line["debit"] == account)
    return total
