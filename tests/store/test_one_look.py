"""A page looks once: what was fetched is not fetched again, by whichever way it was asked for."""

from django.db import connections
from django.test.utils import CaptureQueriesContext

from carepool.actions.england import England
from carepool.actions.house import House
from carepool.actions.permits import offices_in, offices_of
from carepool.actions.ports import MemoryDrafts
from carepool.journal.port import Journal
from carepool.offices.holdings import give
from carepool.offices.holdings import stream_of as office_stream
from carepool.rules.rulebook import Rulebook
from carepool.store.journal import OneLook
from carepool.wiring import disk
from tests.store.houses import House as Base
from tests.store.samples import AT, append

BODIES = tuple(f"council:E{number:08}" for number in range(30))


def in_office(journal: Journal) -> None:
    """One account in thirty bodies."""
    for body in BODIES:
        new = give(body, "chief_executive", "account-1", AT.date())
        journal.append([new], expecting={office_stream(body): 0}, by="carepool", at=AT)


def test_the_offices_of_an_account_are_one_query(
    sql_house: Base, england: England, rulebook: Rulebook
) -> None:
    """However many bodies there are, whoever asks for somebody's offices asks the database once, and a page once for all."""
    in_office(sql_house.journal)
    asked = House(disk.areas(england), rulebook, OneLook(sql_house.alias), MemoryDrafts(), lambda: AT)
    with CaptureQueriesContext(connections[sql_house.alias]) as queries:
        found = offices_of(asked, "account-1")
        assert [each.body for each in found] == sorted(BODIES)
        assert len(queries) == 1
        assert offices_of(asked, "account-1") == found
        assert list(offices_in(asked, "account-1", BODIES)) == list(found)
        assert len(queries) == 1


def test_what_is_written_is_seen(sql_house: Base) -> None:
    """What was read, gathered or not there yet is read afresh after this look has written."""
    look = OneLook(sql_house.alias)
    append(look, "plan/a")
    assert (len(look.read("plan/a")), len(look.gather("plan/"))) == (1, 1)
    append(look, "plan/a")
    append(look, "plan/b")
    assert len(look.read("plan/a")) == 2
    assert {stream: len(facts) for stream, facts in look.gather("plan/").items()} == {
        "plan/a": 2,
        "plan/b": 1,
    }


def test_documents_read_together_are_fetched_once(sql_house: Base) -> None:
    """Many documents are one query, and asking for one of them afterwards, or for one that never was here, is none."""
    look = OneLook(sql_house.alias)
    made = [look.put(f"said {n}".encode(), kind="reason", media_type="text/plain") for n in range(40)]
    with CaptureQueriesContext(connections[sql_house.alias]) as queries:
        assert sorted(look.kept([*made, "0" * 64])) == sorted(made)
        assert len(queries) == 1
        assert look.document(made[3]) is not None
        assert look.document("0" * 64) is None
        assert len(look.kept(made[:5])) == 5
        assert len(queries) == 1
