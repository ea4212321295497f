"""What every journal promises, in memory and on both databases: one suite, so that one may stand for another."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from carepool.basics.canonical import digest_of, digest_of_bytes, instant
from carepool.basics.refusals import NotHere, Unusable
from carepool.journal.commands import Decision, Done, perform
from carepool.journal.documents import LARGEST_DOCUMENT, Document, Withdrawn
from carepool.journal.facts import NewFact
from carepool.journal.port import Command, Conflict, Journal, SameKey
from carepool.journal.verify import Checkpoint, verify
from tests.store.samples import AT, append, signed

HOUR = timedelta(hours=1)


def test_a_fact_is_read_back_as_it_was_written(journal: Journal):
    new = NewFact(
        "plan/E09000001",
        "PlanSigned",
        2,
        {
            "plan": "ab" * 32,
            "amount": Decimal("1.50"),
            "note": "naïve \u0000 “quoted” 😀",
            "parts": [1, None, True],
        },
        effective_on=date(2014, 9, 19),
        on_behalf_of="E09000001",
    )
    (written,) = journal.append([new], expecting={new.stream: 0}, by="account-7", at=AT)
    (fact,) = journal.read(new.stream)
    assert fact == written
    assert (fact.stream, fact.version, fact.kind, fact.schema) == ("plan/E09000001", 1, "PlanSigned", 2)
    assert fact.body == {
        "plan": "ab" * 32,
        "amount": "1.50",
        "note": "naïve \u0000 “quoted” 😀",
        "parts": [1, None, True],
    }
    assert (fact.by, fact.on_behalf_of, fact.at) == ("account-7", "E09000001", AT)
    assert (fact.effective_on, fact.previous) == (date(2014, 9, 19), None)


def test_the_digest_is_over_every_other_field(journal: Journal):
    append(journal, "plan/a", {"x": 1})
    second = append(journal, "plan/a", {"x": {"é": [2]}})
    assert second.digest == digest_of(
        "fact",
        1,
        {
            "stream": "plan/a",
            "version": 2,
            "kind": "PlanSigned",
            "schema": 1,
            "body": {"x": {"é": [2]}},
            "by": "account-1",
            "on_behalf_of": None,
            "at": instant(AT),
            "effective_on": None,
            "previous": journal.read("plan/a")[0].digest,
        },
    )


def test_versions_count_from_one_in_each_stream(journal: Journal):
    assert journal.version("plan/a") == 0
    assert journal.read("plan/a") == ()
    for expected in (1, 2, 3):
        assert append(journal, "plan/a").version == expected
    append(journal, "plan/b")
    assert journal.version("plan/a") == 3
    assert [fact.version for fact in journal.read("plan/a", after=1)] == [2, 3]
    assert journal.streams() == ("plan/a", "plan/b")


def test_streams_are_found_by_how_they_begin(journal: Journal):
    for stream in ("plan/b", "plan/B", "plan/a", "plans/a", "pool/a/2014-15", "plan/a/1"):
        append(journal, stream)
    assert journal.streams("plan/") == ("plan/B", "plan/a", "plan/a/1", "plan/b")
    assert journal.streams("plan/a") == ("plan/a", "plan/a/1")
    assert journal.streams("nothing") == ()


def test_the_facts_of_many_streams_at_once(journal: Journal):
    """What is gathered is what reading each of the streams gives, as at a position too."""
    for stream in ("meetings/board:A", "meetings/board:B", "meetings/board:A", "office/board:A"):
        append(journal, stream)
    position = journal.seal()
    append(journal, "meetings/board:B")
    append(journal, "meetings/council:C")
    for upto in (None, 0, 1, position):
        wanted = {name: journal.read(name, upto=upto) for name in journal.streams("meetings/", upto=upto)}
        assert journal.gather("meetings/", upto=upto) == wanted
        assert list(wanted) == sorted(wanted)
    assert journal.gather("nothing/") == {}


def test_a_long_stream_is_walked_and_added_up_in_order(journal: Journal):
    """Page by page it is what it is at once, without the streams beside it; and so is what many streams say."""
    many = [signed("pool/a/2015-16", {"number": number}) for number in range(2_500)]
    journal.append(many, expecting={"pool/a/2015-16": 0}, by="account-1", at=AT)
    append(journal, "pool/a/2016-17")
    append(journal, "poolside/a")
    assert tuple(journal.walk("pool/a/2015-16")) == journal.read("pool/a/2015-16")
    assert list(journal.walk("pool/b/2015-16")) == []
    said = list(journal.said("pool/"))
    assert [(each.stream, each.version) for each in said] == [
        *(("pool/a/2015-16", version) for version in range(1, 2_501)), ("pool/a/2016-17", 1),
    ]  # fmt: skip
    assert (said[7].kind, said[7].schema, said[7].body) == ("PlanSigned", 1, '{"number":7}')


def test_a_command_is_remembered_with_its_facts_or_neither_is(journal: Journal):
    """One append writes both; where the key is taken, no fact is written either."""
    command = Command("account-1", "key-1", digest_of("request", 1, {}), {"done": True})
    journal.append([signed("plan/a")], expecting={"plan/a": 0}, by="account-1", at=AT, command=command)
    assert journal.command("account-1", "key-1") == command
    with pytest.raises(SameKey):
        journal.append([signed("plan/a")], expecting={"plan/a": 1}, by="account-1", at=AT, command=command)
    assert journal.version("plan/a") == 1
    with pytest.raises(Conflict):
        other = Command("account-1", "key-2", digest_of("request", 1, {}), None)
        journal.append([signed("plan/a")], expecting={"plan/a": 0}, by="account-1", at=AT, command=other)
    assert journal.command("account-1", "key-2") is None
    journal.append([], expecting={"plan/a": 1}, by="account-1", at=AT, command=other)
    assert journal.command("account-1", "key-2") == other


def test_a_stream_that_moved_on_is_a_conflict_and_nothing_is_written(journal: Journal):
    append(journal, "plan/a")
    with pytest.raises(Conflict) as raised:
        journal.append(
            [signed("plan/b"), signed("plan/a")], expecting={"plan/b": 0, "plan/a": 0}, by="account-1", at=AT
        )
    assert (raised.value.stream, raised.value.expected, raised.value.found) == ("plan/a", 0, 1)
    assert journal.version("plan/b") == 0
    assert journal.seal() == 1


def test_a_stream_only_read_is_compared_too(journal: Journal):
    append(journal, "plan/a")
    with pytest.raises(Conflict):
        journal.append(
            [signed("approval/a")], expecting={"approval/a": 0, "plan/a": 0}, by="account-1", at=AT
        )
    assert journal.version("approval/a") == 0


def test_a_stream_written_must_be_expected(journal: Journal):
    with pytest.raises(ValueError, match="plan/a is written to"):
        journal.append([signed("plan/a")], expecting={"plan/b": 0}, by="account-1", at=AT)


def test_a_time_is_never_earlier_than_the_streams_last(journal: Journal):
    append(journal, "plan/a", at=AT)
    assert append(journal, "plan/a", at=AT - HOUR).at == AT
    assert append(journal, "plan/b", at=AT - HOUR).at == AT - HOUR
    assert append(journal, "plan/a", at=AT + HOUR).at == AT + HOUR
    assert verify(journal).clean


def test_a_fact_without_a_canonical_form_is_refused_before_anything_is_written(journal: Journal):
    for body in ({"x": 1.5}, {"x": b"bytes"}, {"x": 2**53}, {"e\u0301": 1}, [1]):
        bad = NewFact("plan/b", "PlanSigned", 1, body)  # type: ignore[arg-type]
        with pytest.raises(Unusable, match="PlanSigned cannot be written to plan/b"):
            journal.append(
                [signed("plan/a"), bad], expecting={"plan/a": 0, "plan/b": 0}, by="account-1", at=AT
            )
    assert journal.streams() == ()
    with pytest.raises(ValueError, match="time zone"):
        append(journal, "plan/a", at=AT.replace(tzinfo=None))
    assert journal.streams() == ()


def test_an_exception_leaves_nothing_of_a_transaction(journal: Journal):
    append(journal, "plan/a")
    journal.seal()
    document = Document("reason", "text/plain", b"because")
    with pytest.raises(KeyError), journal.transaction():
        append(journal, "plan/a")
        append(journal, "plan/new")
        journal.remember(Command("account-1", "key", digest_of("request", 1, {}), "answer"))
        journal.put(document.content, kind="reason", media_type="text/plain")
        assert journal.version("plan/a") == 2  # a writer sees its own writing
        assert journal.seal() == 3
        append(journal, "plan/new")
        raise KeyError
    assert journal.version("plan/a") == 1
    assert journal.streams() == ("plan/a",)
    assert journal.seal() == 1
    assert journal.command("account-1", "key") is None
    assert journal.document(document.digest) is None
    append(journal, "plan/a")
    assert [entry.position for entry in journal.sealed()] == [1]
    assert journal.seal() == 2
    assert verify(journal).clean


def test_positions_are_given_by_sealing_and_without_gaps(journal: Journal):
    assert journal.seal() == 0
    for stream in ("plan/a", "plan/b", "plan/a"):
        append(journal, stream)
    assert list(journal.sealed()) == []
    assert journal.seal() == 3
    assert journal.seal() == 3
    log = list(journal.sealed())
    assert [entry.position for entry in log] == [1, 2, 3]
    assert [(entry.fact.stream, entry.fact.version) for entry in log] == [
        ("plan/a", 1),
        ("plan/b", 1),
        ("plan/a", 2),
    ]
    assert [entry.position for entry in journal.sealed(after=1)] == [2, 3]
    assert [entry.position for entry in journal.sealed(after=1, limit=1)] == [2]
    assert list(journal.sealed(limit=0)) == []


def test_as_at_is_what_had_been_recorded_by_then(journal: Journal):
    assert journal.as_at(AT) == 0
    append(journal, "plan/a", at=AT)
    append(journal, "plan/b", at=AT - HOUR)  # written after plan/a, by a clock that was slow
    append(journal, "plan/a", at=AT + HOUR)
    assert journal.as_at(AT - HOUR) == 0
    assert journal.as_at(AT - timedelta(microseconds=1)) == 0
    assert journal.as_at(AT) == 2
    assert journal.as_at(AT + HOUR - timedelta(microseconds=1)) == 2
    assert journal.as_at(AT + HOUR) == 3
    assert [entry.recorded for entry in journal.sealed()] == [AT, AT, AT + HOUR]


def test_reading_as_at_a_position_leaves_out_what_came_later(journal: Journal):
    append(journal, "plan/a")
    append(journal, "plan/b")
    position = journal.seal()
    append(journal, "plan/a")
    append(journal, "plan/c")
    for _ in range(2):
        assert [fact.version for fact in journal.read("plan/a", upto=position)] == [1]
        assert journal.read("plan/b", upto=1) == ()
        assert journal.read("plan/c", upto=position) == ()
        assert journal.streams("plan/", upto=position) == ("plan/a", "plan/b")
        assert [fact.version for fact in journal.read("plan/a")] == [1, 2]
        journal.seal()
    assert [fact.version for fact in journal.read("plan/a", after=1, upto=3)] == [2]


def test_a_command_is_carried_out_once(journal: Journal):
    def ask(amount: int) -> object:
        return perform(
            journal,
            lambda facts: Decision((signed("plan/a"),), {"version": len(facts) + 1, "amount": amount}),
            load=lambda reading: reading.read("plan/a"),
            by="account-1",
            key="key-1",
            request={"amount": amount},
            clock=lambda: AT,
        )

    first = ask(5)
    assert isinstance(first, Done)
    assert (first.answer, first.again, len(first.facts)) == ({"version": 1, "amount": 5}, False, 1)
    assert ask(5) == Done({"version": 1, "amount": 5}, again=True)
    with pytest.raises(SameKey):
        ask(6)
    assert journal.version("plan/a") == 1
    assert journal.command("account-2", "key-1") is None
    with pytest.raises(SameKey):
        journal.remember(Command("account-1", "key-1", digest_of("request", 1, {}), None))


def test_a_refusal_writes_nothing(journal: Journal):
    said = perform(
        journal,
        lambda facts: f"refused: {len(facts)}",
        load=lambda reading: reading.read("plan/a"),
        by="account-1",
        key="key-1",
        request={},
        clock=lambda: AT,
    )
    assert said == "refused: 0"
    assert journal.streams() == ()
    assert journal.command("account-1", "key-1") is None


def test_a_decision_keeps_its_documents_with_its_facts(journal: Journal):
    reason = Document("reason", "text/plain; charset=utf-8", b"Because.", salt=b"s" * 32)
    perform(
        journal,
        lambda _: Decision((signed("plan/a", {"reason": reason.digest}),), documents=(reason,)),
        load=lambda reading: reading.version("plan/a"),
        by="account-1",
        key="key-1",
        request={},
        clock=lambda: AT,
    )
    assert journal.document(reason.digest) == reason


def test_a_document_is_kept_once_under_its_digest(journal: Journal):
    content = bytes(range(256)) * 100
    digest = journal.put(content, kind="data-vintage", media_type="text/csv", schema=3)
    assert digest == digest_of_bytes("data-vintage", 3, content)
    assert journal.put(content, kind="data-vintage", media_type="text/csv", schema=3) == digest
    assert journal.document(digest) == Document("data-vintage", "text/csv", content, schema=3)
    assert journal.document("0" * 64) is None
    assert [each for each, _ in journal.documents()] == [digest]
    empty = journal.put(b"", kind="reason", media_type="text/plain")
    assert journal.document(empty) == Document("reason", "text/plain", b"")


def test_documents_are_read_together(journal: Journal):
    """As each alone: those that are kept, what is left of a withdrawn one, and nothing of what never was here."""
    made = [journal.put(f"said {n}".encode(), kind="reason", media_type="text/plain") for n in range(250)]
    journal.withdraw(made[7])
    found = journal.kept([*made, "0" * 64, made[0]])
    assert found == {each: journal.document(each) for each in made}
    assert isinstance(found[made[7]], Withdrawn)
    assert journal.kept([]) == {}


def test_a_salt_makes_the_digest_say_nothing_of_the_content(journal: Journal):
    plain = journal.put(b"yes", kind="reason", media_type="text/plain")
    salted = [
        journal.put(b"yes", kind="reason", media_type="text/plain", salt=bytes([n]) * 32) for n in (1, 2)
    ]
    assert len({plain, *salted}) == 3
    kept = journal.document(salted[0])
    assert isinstance(kept, Document)
    assert (kept.content, kept.salt) == (b"yes", b"\x01" * 32)
    joined = journal.put(b"\x01" * 32 + b"yes", kind="reason", media_type="text/plain")
    assert joined not in salted


def test_a_document_has_at_most_ten_megabytes(journal: Journal):
    journal.put(b"x" * LARGEST_DOCUMENT, kind="upload", media_type="text/plain")
    with pytest.raises(Unusable, match="at most 10 MB"):
        journal.put(b"x" * (LARGEST_DOCUMENT + 1), kind="upload", media_type="text/plain")
    assert len(list(journal.documents())) == 1


def test_a_withdrawn_document_leaves_every_chain_whole(journal: Journal):
    digest = journal.put(b"the name of a person", kind="reason", media_type="text/plain", salt=b"s" * 32)
    append(journal, "plan/a", {"reason": digest})
    before = verify(journal)
    journal.withdraw(digest)
    assert journal.document(digest) == Withdrawn(digest, "reason", 1, "text/plain", 20, salted=True)
    after = verify(journal, checkpoint=before.head)
    assert after.clean
    assert (after.documents, after.withdrawn) == (1, 1)
    journal.withdraw(digest)
    with pytest.raises(Unusable, match="was withdrawn"):
        journal.put(b"the name of a person", kind="reason", media_type="text/plain", salt=b"s" * 32)
    with pytest.raises(NotHere):
        journal.withdraw("0" * 64)


def test_a_whole_journal_verifies_and_its_root_only_depends_on_its_facts(journal: Journal):
    assert verify(journal).head == Checkpoint(
        0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
    for number in range(20):
        append(
            journal, f"plan/{number % 3}", {"number": number}, at=datetime(2014, 8, 18, number, tzinfo=UTC)
        )
    result = verify(journal)
    assert result.clean
    assert (result.facts, result.streams, result.head.size) == (20, 3, 20)
    assert result.head.root == "64c34712abd81f353767113f0abfd1ac740fe735b1fbb1eb9f95590f9f5dedb0"
    assert Checkpoint.from_data(result.head.as_data()) == result.head
    append(journal, "plan/0")
    assert verify(journal, checkpoint=result.head).clean
