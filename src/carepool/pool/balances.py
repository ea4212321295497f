"""Balances of very many pools, added up from what the journal says without folding their books.

It takes the journal at its word: whether what is written could have been decided is what ``facts.books_of`` looks at. The
balances are the same.
"""

from collections import defaultdict
from collections.abc import Iterable

from carepool.basics.building import building
from carepool.basics.money import Pence
from carepool.basics.refusals import Unusable
from carepool.journal.facts import Body, body_of
from carepool.journal.port import Said
from carepool.pool.accounts import Account, Balances, Entry
from carepool.pool.actual_facts import KINDS as ACTUAL_KINDS
from carepool.pool.books import correction_lines, keeping_lines, opening_lines, release_lines
from carepool.pool.facts import KINDS, lines_in, opening_of
from carepool.pool.record_facts import KINDS as RECORD_KINDS
from carepool.pool.settled_facts import KINDS as SETTLED_KINDS
from carepool.pool.settled_facts import POSTS

WITHOUT_LINES = frozenset(
    {"ReleaseProposed", "ReleaseApproved", "MonthClosed", "YearEnded", "StatementGiven"}
    | {each.name for each in (*RECORD_KINDS, *ACTUAL_KINDS)}
    | {each.name for each in SETTLED_KINDS if each.name != POSTS}
)
"""The kinds of fact that move no money."""


def balances_of(said: Iterable[Said]) -> dict[str, Balances]:
    """Debits less credits of every account used, by the stream of the pool's year; ``said`` comes by stream and version.

    Unusable for a kind of fact, or a schema of one, that is not known here.
    """
    found: dict[str, dict[str, Pence]] = {}
    hosts: dict[str, str] = {}
    with building():
        for stream, version, kind, schema, text in said:
            if version == 1:
                found[stream] = defaultdict(int)
            now = found[stream]
            if kind in WITHOUT_LINES:
                continue
            body = body_of(text)
            if kind == "Posted" and schema <= _POSTED:
                for line in lines_in(body):
                    pence = line["pence"]
                    now[line["debit"]] += pence
                    now[line["credit"]] -= pence
            else:
                for entry in _entries(hosts, stream, kind, KINDS.body(kind, schema, body)):
                    now[str(entry.debit)] += entry.pence
                    now[str(entry.credit)] -= entry.pence
    return {
        stream: {Account.parse(account): pence for account, pence in each.items()}
        for stream, each in found.items()
    }


_POSTED = next(each.schema for each in KINDS if each.name == "Posted")
"""Lines have been written in one way since there are postings."""


def _entries(hosts: dict[str, str], stream: str, kind: str, body: Body) -> tuple[Entry, ...]:
    """The lines that follow from a fact without standing in it."""
    match kind:
        case "PoolOpened":
            opening = opening_of(body)
            hosts[stream] = opening.host
            return opening_lines(opening)
        case "ReleasePosted":
            return release_lines(hosts[stream], str(body["ccg"]), _pence(body["pence"]))
        case "CorrectionPosted":
            kept = body["kept"] is True
            return correction_lines(hosts[stream], str(body["ccg"]), _pence(body["pence"]), kept=kept)
        case "MoneyKept":
            of_ccg = body["kept"]
            assert isinstance(of_ccg, dict)  # noqa: S101 (written so by facts.kept)
            return keeping_lines(of_ccg)
        case _:
            raise Unusable(
                f"{stream} has a {kind}, of which balances do not know what it moves. Fold the books."
            )


def _pence(value: object) -> Pence:
    assert isinstance(value, int)  # noqa: S101 (written so by facts.released)
    return value
