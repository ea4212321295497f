"""A command decided on what is remembered is written only where it still stands, and else as if nothing had been remembered."""

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connections

from carepool.actions.house import House as Answering
from carepool.actions.permits import Actor
from carepool.actions.pools import enter_of
from carepool.basics.canonical import instant
from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision, Done
from carepool.journal.facts import Last, NewFact
from carepool.journal.port import Command, Journal, SameKey
from carepool.journal.verify import verify
from carepool.offices.holdings import end
from carepool.pool.accounts import Event
from carepool.pool.books import stream_of
from carepool.pool.entering import enter
from carepool.pool.events import Asked
from tests.store.houses import House
from tests.store.pooling import (
    COUNCIL,
    NOW,
    POUND,
    YEAR,
    books_in,
    client_of,
    open_pool_with,
    spend,
    spending,
    spent_of,
)
from tests.store.samples import AT, append, signed


def end_of(journal: Journal, *streams: str) -> dict[str, Last]:
    """The last fact of each stream, as the journal has it."""
    last = {stream: journal.read(stream)[-1] for stream in streams}
    return {stream: Last(each.version, instant(each.at), each.digest) for stream, each in last.items()}


def at_once(journal: Journal, standing: dict[str, Last], *writes: NewFact, key: str = "key-1") -> object:
    """Write so; what was written, or None."""
    command = Command("account-1", key, "0" * 64, {"done": True})  # type: ignore[arg-type]
    return journal.append_at_once(writes, standing=standing, by="account-1", at=AT, command=command)


def test_what_is_written_at_once_is_what_append_writes(journal: Journal):
    for stream in ("plan/a", "plan/b"):
        append(journal, stream)
    odd = {"says": "it's 100% \\ “naïve” \u0000 😀", "none": None}
    writes = [signed("plan/a", odd), signed("plan/a"), signed("plan/b")]
    written = at_once(journal, end_of(journal, "plan/a", "plan/b"), *writes)
    assert written == (*journal.read("plan/a", after=1), *journal.read("plan/b", after=1))
    assert journal.read("plan/a")[1].body == odd
    assert [each.version for each in journal.read("plan/a")] == [1, 2, 3]
    assert journal.command("account-1", "key-1") == Command("account-1", "key-1", "0" * 64, {"done": True})  # type: ignore[arg-type]
    assert journal.seal() == 5
    assert verify(journal).clean
    assert journal.strays() == ()


def test_nothing_is_written_where_a_stream_that_was_read_ends_otherwise(journal: Journal):
    for stream in ("plan/a", "office/b"):
        append(journal, stream)
    standing = end_of(journal, "plan/a", "office/b")
    append(journal, "office/b")
    assert at_once(journal, standing, signed("plan/a")) is None
    assert journal.version("plan/a") == 1
    assert journal.command("account-1", "key-1") is None
    forked = standing["plan/a"]._replace(digest="f" * 64)
    assert at_once(journal, {"plan/a": forked}, signed("plan/a")) is None
    assert at_once(journal, {"plan/new": forked}, signed("plan/new")) is None
    assert journal.streams() == ("office/b", "plan/a")


def test_nothing_is_written_under_a_key_that_was_used_or_inside_another_transaction(journal: Journal):
    append(journal, "plan/a")
    assert at_once(journal, end_of(journal, "plan/a"), signed("plan/a"))
    assert at_once(journal, end_of(journal, "plan/a"), signed("plan/a")) is None
    with journal.transaction():
        assert at_once(journal, end_of(journal, "plan/a"), signed("plan/a"), key="key-2") is None
    assert journal.version("plan/a") == 2


@pytest.mark.postgres
def test_what_the_server_refuses_undoes_all_of_it_and_the_connection_goes_on(postgres_house: House):
    """What is sent together fails together: the facts are not there without their command, and the next is written."""
    journal = postgres_house.journal
    append(journal, "plan/a")
    at_once(journal, end_of(journal, "plan/a"), signed("plan/a"), key="key-0")  # the statements are ready now
    standing = end_of(journal, "plan/a")
    postgres_house.sql("ALTER TABLE store_command RENAME TO elsewhere")
    with pytest.raises(DatabaseError, match="store_command"):
        at_once(journal, standing, signed("plan/a"))
    postgres_house.sql("ALTER TABLE elsewhere RENAME TO store_command")
    assert journal.version("plan/a") == 2
    assert at_once(journal, standing, signed("plan/a"))


@pytest.mark.postgres
def test_a_server_that_is_gone_is_an_error_and_nobody_waits_for_it(postgres_house: House):
    """A connection that the server has ended raises at once; a new one writes."""
    journal = postgres_house.journal
    append(journal, "plan/a")
    standing = end_of(journal, "plan/a")
    at_once(journal, standing, signed("plan/a"), key="key-0")
    connection = connections[journal.using]
    with psycopg.connect(
        **connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}, autocommit=True
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    with pytest.raises(OperationalError):
        at_once(journal, standing, signed("plan/a"))
    connection.close()
    assert at_once(journal, end_of(journal, "plan/a"), signed("plan/a"))


@pytest.mark.postgres
def test_a_statement_that_the_server_has_forgotten_is_said_in_full(postgres_house: House):
    """As behind a pooler, which gives each transaction whatever connection is free."""
    journal = postgres_house.journal
    append(journal, "plan/a")
    for number in range(3):
        assert at_once(journal, end_of(journal, "plan/a"), signed("plan/a"), key=f"key-{number}")
        postgres_house.sql("DEALLOCATE ALL")
    assert journal.version("plan/a") == 4


def client(house: House, england: Answering) -> Answering:
    return client_of(house.journal, england.areas, england.rulebook)


def counted(house: House, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each attempt to write at once was taken."""
    taken: list[bool] = []
    really = house.journal.append_at_once

    def watched(*args: object, **named: object) -> object:
        found = really(*args, **named)  # type: ignore[arg-type]
        taken.append(found is not None)
        return found

    monkeypatch.setattr(house.journal, "append_at_once", watched, raising=True)
    return taken


def test_who_alone_writes_writes_at_once(
    house: House, house_of_england: Answering, monkeypatch: pytest.MonkeyPatch
):
    open_pool_with(house.journal, ["s"])
    taken, officer = counted(house, monkeypatch), client(house, house_of_england)
    for number in range(5):
        done = spend(officer, "ann", f"key-{number}", "s", 1)
        assert isinstance(done, Done)
        assert done.answer == {
            "stream": stream_of("last", YEAR),
            "posting": str(number + 2),
            "event": "spent",
        }
    assert taken == [True] * 4
    assert spent_of(house.journal, "s") == 5
    assert verify(house.journal).clean


def test_a_refusal_rests_on_what_the_journal_says_and_not_on_memory(
    house: House, house_of_england: Answering
):
    """One remembers a scheme with nothing left; the other has taken the spending back."""
    open_pool_with(house.journal, ["s"])
    one, other = client(house, house_of_england), client(house, house_of_england)
    assert isinstance(spend(one, "ann", "a", "s"), Done)
    assert isinstance(spend(one, "ann", "b", "s", 1), Refused)
    back = Asked(Event.REVERSED, NOW.date(), of="2")
    assert isinstance(enter_of(other, Actor("bob", "c"), "last", YEAR, back), Done)
    assert isinstance(spend(one, "ann", "b", "s", 1), Done)


def test_an_office_that_ends_counts_at_once(house: House, house_of_england: Answering):
    """Whoever remembers it meets the fact that ended it."""
    open_pool_with(house.journal, ["s"])
    one = client(house, house_of_england)
    for number in range(2):
        assert isinstance(spend(one, "ann", f"key-{number}", "s", 1), Done)
    body = f"council:{COUNCIL}"
    ended = end(body, "pool_manager", "ann", NOW.date().replace(day=1))
    office = f"office/{body}"
    house.journal.append([ended], expecting={office: house.journal.version(office)}, by="bob", at=NOW)
    assert isinstance(spend(one, "ann", "key-3", "s", 1), Refused)
    assert spent_of(house.journal, "s") == 2


def test_a_key_given_again_acts_once(house: House, house_of_england: Answering):
    open_pool_with(house.journal, ["s"])
    one = client(house, house_of_england)
    first = [spend(one, "ann", f"key-{number}", "s", 1) for number in range(3)]
    again = spend(one, "ann", "key-2", "s", 1)
    assert isinstance(again, Done) and isinstance(first[2], Done)
    assert (again.answer, again.again) == (first[2].answer, True)
    with pytest.raises(SameKey):
        spend(one, "ann", "key-2", "s", 2)
    assert spent_of(house.journal, "s") == 3


def test_without_the_comparison_what_is_remembered_would_overspend(house: House):
    """The control: two decide on the same books, and the second is handed the end of the stream as if they had known it."""
    stream = open_pool_with(house.journal, ["s"])
    books = books_in(house.journal)
    for key in ("one", "other"):
        decided = enter(books, spending("s"))
        assert isinstance(decided, Decision)
        assert at_once(house.journal, end_of(house.journal, stream), *decided.facts, key=key)
    assert spent_of(house.journal, "s") == 2 * POUND
