"""The journal: what was decided is written once, in streams of facts, and what is so is a fold over them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from carepool.basics.canonical import digest_of
from carepool.basics.refusals import Unusable
from carepool.journal import merkle
from carepool.journal.commands import ATTEMPTS, Decision, Done, Reading, perform
from carepool.journal.documents import Document, Withdrawn, document_digest
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold
from carepool.journal.memory import MemoryJournal
from carepool.journal.port import Conflict, SameKey
from carepool.journal.verify import Checkpoint, verify

AT = datetime(2014, 8, 18, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_fact_goes_to_the_end_of_its_stream():
    """A stream holds the facts about one thing, numbered from 1. A fact names what happened in the past tense,
    says it in a body, and bears who wrote it, for which body, when, and from which day it counts."""
    journal = MemoryJournal()
    signed = NewFact(
        "plan/E09000001",
        "PlanSigned",
        1,
        {"plan": "5f" * 32},
        effective_on=date(2014, 9, 19),
        on_behalf_of="E09000001",
    )
    (fact,) = journal.append([signed], expecting={"plan/E09000001": 0}, by="account-7", at=AT)
    assert journal.read("plan/E09000001") == (fact,)
    assert (fact.version, fact.kind, fact.by, fact.at) == (1, "PlanSigned", "account-7", AT)


def test_each_fact_is_chained_to_the_one_before_it_in_its_stream():
    """A fact's digest is over the canonical form of everything else in it, the digest of its predecessor included.
    Streams do not cite each other, so that writers to different streams need not wait for one another."""
    journal = MemoryJournal()
    first, second = journal.append(
        [NewFact("plan/a", "PlanBegun", 1, {}), NewFact("plan/a", "PlanSigned", 1, {})],
        expecting={"plan/a": 0},
        by="account-7",
        at=AT,
    )
    assert (first.previous, second.previous) == (None, first.digest)
    assert second.digest == digest_of(
        "fact",
        1,
        {
            "stream": "plan/a",
            "version": 2,
            "kind": "PlanSigned",
            "schema": 1,
            "body": {},
            "by": "account-7",
            "on_behalf_of": None,
            "at": "2014-08-18T09:00:00.000000Z",
            "effective_on": None,
            "previous": first.digest,
        },
    )


def test_a_decision_names_every_stream_it_read():
    """Whoever writes says at which version each stream was that the decision rests on, also those only read. If
    one has moved on since, it is a conflict and nothing is written."""
    journal = MemoryJournal()
    journal.append(
        [NewFact("plan/a", "PlanWithdrawn", 1, {})], expecting={"plan/a": 0}, by="account-7", at=AT
    )
    approval = NewFact("approval/a", "PlanApproved", 1, {})
    with pytest.raises(Conflict, match="plan/a was read at version 0 and is now at 1"):
        journal.append([approval], expecting={"approval/a": 0, "plan/a": 0}, by="account-8", at=AT)
    assert journal.read("approval/a") == ()


def test_names_and_bodies_that_cannot_be_kept_are_refused():
    """A stream is names with slashes between them, a kind is one word, a body has a canonical form: no floats, no
    bytes, no number that some language cannot hold. The refusal says which fact, and nothing is written."""
    for stream in ("", "/plan", "plan/", "plan//a", "plan a", "plän", "plan/a" * 40):
        with pytest.raises(Unusable, match="is not a stream"):
            NewFact(stream, "PlanSigned", 1, {})
    for kind in ("", "planSigned", "Plan signed"):
        with pytest.raises(Unusable, match="is not a kind of fact"):
            NewFact("plan/a", kind, 1, {})
    with pytest.raises(Unusable, match="count from 1"):
        NewFact("plan/a", "PlanSigned", 0, {})
    with pytest.raises(Unusable, match="on a day"):
        NewFact("plan/a", "PlanSigned", 1, {}, effective_on=AT)
    with pytest.raises(Unusable, match="body acted for"):
        NewFact("plan/a", "PlanSigned", 1, {}, on_behalf_of="")
    journal = MemoryJournal()
    for by in ("", "two\nlines", "x" * 201, "e\u0301"):
        with pytest.raises(Unusable, match="cannot name the account"):
            journal.append([], expecting={}, by=by, at=AT)
    half = NewFact("plan/a", "PlanSigned", 1, {"share": 0.5})
    with pytest.raises(
        Unusable, match=r"PlanSigned cannot be written to plan/a: a float has no canonical form\."
    ):
        journal.append([half], expecting={"plan/a": 0}, by="account-7", at=AT)
    assert journal.streams() == ()


def test_time_never_runs_backwards_in_a_stream():
    """A fact bears the instant it was written, or that of its predecessor if the clock was behind it."""
    journal = MemoryJournal()
    note = NewFact("plan/a", "Noted", 1, {})
    journal.append([note], expecting={"plan/a": 0}, by="account-7", at=AT)
    (late,) = journal.append([note], expecting={"plan/a": 1}, by="account-7", at=AT - HOUR)
    assert late.at == AT


def test_sealing_gives_every_fact_one_position_for_ever():
    """Facts of different streams have no order until they are sealed: then each has a position, from 1 and without
    gaps, that never changes. Whoever follows the log asks for what is after the last position seen."""
    journal = MemoryJournal()
    for stream in ("plan/a", "plan/b"):
        journal.append([NewFact(stream, "Noted", 1, {})], expecting={stream: 0}, by="account-7", at=AT)
    assert [entry.position for entry in journal.sealed()] == []
    assert journal.seal() == 2
    assert [(entry.position, entry.fact.stream) for entry in journal.sealed()] == [
        (1, "plan/a"),
        (2, "plan/b"),
    ]


def test_as_at_means_what_had_been_recorded_by_then():
    """An instant is resolved once into a position, and everything is read as at that position. What was written
    later is not there, whatever day it counts from; what a slow clock dated earlier does not slip in before facts
    that were already recorded."""
    journal = MemoryJournal()
    for stream, at in (("plan/a", AT), ("plan/b", AT - HOUR), ("plan/c", AT + HOUR)):
        journal.append([NewFact(stream, "Noted", 1, {})], expecting={stream: 0}, by="account-7", at=at)
    assert [journal.as_at(moment) for moment in (AT - HOUR, AT, AT + HOUR)] == [0, 2, 3]
    assert journal.streams(upto=2) == ("plan/a", "plan/b")
    assert journal.read("plan/c", upto=2) == ()


def a_signature(journal: MemoryJournal, key: str, request: object) -> Done | str:
    """Sign plan/a, unless it is signed."""
    return perform(
        journal,
        lambda facts: (
            "It is signed already." if facts else Decision((NewFact("plan/a", "PlanSigned", 1, {}),), 42)
        ),
        load=lambda reading: reading.read("plan/a"),
        by="account-7",
        key=key,
        request=request,
        clock=lambda: AT,
    )


def test_a_command_reads_decides_and_writes_once():
    """A command's facts and its answer are written together, under the account's own key. The same request with
    the same key is answered the same and does nothing again; another request with that key is refused."""
    journal = MemoryJournal()
    first = a_signature(journal, "key-1", {"plan": "a"})
    assert isinstance(first, Done)
    assert (first.answer, [fact.kind for fact in first.facts], first.again) == (42, ["PlanSigned"], False)
    assert a_signature(journal, "key-1", {"plan": "a"}) == Done(42, again=True)
    with pytest.raises(SameKey, match="account-7 has already used the key key-1 for another request"):
        a_signature(journal, "key-1", {"plan": "b"})


def test_a_refusal_is_a_value_and_writes_nothing():
    """What decides may return anything that is not a decision: that is the refusal, and it goes back as it is."""
    journal = MemoryJournal()
    a_signature(journal, "key-1", {})
    assert a_signature(journal, "key-2", {}) == "It is signed already."
    assert journal.version("plan/a") == 1
    assert journal.command("account-7", "key-2") is None


def test_a_conflict_reads_and_decides_again_at_most_five_times():
    """Another was quicker: the command reads and decides anew, in a new transaction. After five times it gives up."""

    class Busy(MemoryJournal):
        quicker = 0

        def append(self, writes, *, expecting, by, at, command=None):  # type: ignore[no-untyped-def]
            if self.quicker:
                self.quicker -= 1
                raise Conflict("plan/a", 0, 1)
            return super().append(writes, expecting=expecting, by=by, at=at)

    journal = Busy()
    journal.quicker = ATTEMPTS - 1
    assert isinstance(a_signature(journal, "key-1", {}), Done)
    journal = Busy()
    journal.quicker = ATTEMPTS
    with pytest.raises(Conflict):
        a_signature(journal, "key-1", {})
    assert (journal.quicker, journal.streams()) == (0, ())


def test_a_decision_knows_the_instant_that_its_facts_will_bear():
    """A deadline is compared with the instant of the attempt, not with one taken before waiting for another."""
    journal = MemoryJournal()

    def load(reading: Reading) -> datetime:
        reading.version("plan/a")
        return reading.at

    done = perform(
        journal,
        lambda at: Decision((NewFact("plan/a", "PlanSigned", 1, {"seen": at}),)),
        load=load,
        by="account-7",
        key="key-1",
        request={},
        clock=lambda: AT,
    )
    (fact,) = done.facts
    assert fact.body["seen"] == "2014-08-18T09:00:00.000000Z"
    assert fact.at == AT


def test_an_older_body_is_raised_to_todays_schema_at_reading():
    """What was written is never rewritten. Each kind says how to raise a body of one schema to the next, and a fold
    sees today's shape only; the fact keeps the digest of what was written."""
    journal = MemoryJournal()
    journal.append(
        [NewFact("pool/a", "Paid", 1, {"pounds": 5}), NewFact("pool/a", "Paid", 2, {"pence": 250})],
        expecting={"pool/a": 0},
        by="account-7",
        at=AT,
    )
    kinds = Kinds([Kind("Paid", 2, {1: lambda body: {"pence": int(str(body["pounds"])) * 100}})])

    def add(total: int, fact: Fact) -> int:
        return total + int(str(fact.body["pence"]))

    assert fold(journal.read("pool/a"), 0, add, kinds) == 750
    first = journal.read("pool/a")[0]
    assert (first.schema, kinds.raised(first).schema, kinds.raised(first).digest) == (1, 2, first.digest)
    with pytest.raises(ValueError, match="one upcast for every schema before"):
        Kind("Paid", 3, {1: lambda body: body})
    with pytest.raises(ValueError, match="two kinds of fact are called Paid"):
        Kinds([Kind("Paid"), Kind("Paid")])


def test_a_fold_never_skips_a_fact_it_does_not_understand():
    """An unknown kind, or a schema newer than this program knows, refuses to fold and says which fact it is."""
    journal = MemoryJournal()
    journal.append(
        [NewFact("pool/a", "Paid", 2, {}), NewFact("pool/a", "Lent", 1, {})],
        expecting={"pool/a": 0},
        by="account-7",
        at=AT,
    )
    paid, lent = journal.read("pool/a")
    with pytest.raises(
        Unusable, match=r"Version 1 of pool/a is a Paid of schema 2, and this carepool reads up to 1"
    ):
        fold([paid], None, lambda state, fact: state, Kinds([Kind("Paid")]))
    with pytest.raises(Unusable, match=r"Version 2 of pool/a is a Lent, a kind that cannot be read here"):
        fold([lent], None, lambda state, fact: state, Kinds([Kind("Paid")]))


def test_a_document_is_kept_under_its_digest_and_facts_cite_that():
    """A plan, a workbook, a reason is stored once under the digest of its kind, schema and bytes, so nothing that
    was decided upon can change: a changed document is another document."""
    journal = MemoryJournal()
    digest = journal.put(b"{}", kind="plan", media_type="application/json", schema=2)
    assert digest == digest_of("plan", 2, {})
    assert journal.document(digest) == Document("plan", "application/json", b"{}", schema=2)
    for kind, media_type, salt, says in (
        ("Plan", "text/plain", b"", "is not a kind of document"),
        ("plan", "text", b"", "is not a media type"),
        ("plan", "text/plain", b"short", "A salt has 32 bytes"),
    ):
        with pytest.raises(Unusable, match=says):
            journal.put(b"", kind=kind, media_type=media_type, salt=salt)


def test_words_that_may_have_to_be_forgotten_are_salted_documents():
    """Facts hold no free text. A reason or a comment is a document with a random salt, so that its digest tells
    nothing once its bytes are withdrawn; that it was there, and every chain, remains."""
    journal = MemoryJournal()
    digest = journal.put(b"A name.", kind="reason", media_type="text/plain", salt=b"\x07" * 32)
    assert digest == document_digest(b"A name.", kind="reason", salt=b"\x07" * 32)
    assert digest != document_digest(b"A name.", kind="reason")
    journal.append(
        [NewFact("plan/a", "PlanReturned", 1, {"reason": digest})],
        expecting={"plan/a": 0},
        by="account-7",
        at=AT,
    )
    published = verify(journal).head
    journal.withdraw(digest)
    assert journal.document(digest) == Withdrawn(digest, "reason", 1, "text/plain", 7, salted=True)
    assert verify(journal, checkpoint=published).clean


def test_the_log_has_one_root_as_in_rfc_6962():
    """The leaves are the facts' digests in the order of their positions. These are the eight entries, and the roots
    of their beginnings, that implementations of Certificate Transparency are tested with."""
    entries = (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
    roots = (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
    leaves = [merkle.leaf(bytes.fromhex(entry)) for entry in entries]
    assert [merkle.root(leaves[: size + 1]).hex() for size in range(8)] == list(roots)
    assert merkle.EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_short_proofs_show_that_the_log_holds_a_fact_and_only_grew():
    """Three hashes show that one of eight facts is in a published root, and as many that the log of eight begins
    with the log of six. These paths are the published ones, too."""
    entries = (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
    leaves = [merkle.leaf(bytes.fromhex(entry)) for entry in entries]
    proof = merkle.inclusion_proof(leaves, 0)
    assert [each.hex()[:16] for each in proof] == ["96a296d224f285c6", "5f083f0a1a33ca07", "6b47aaf29ee3c2af"]
    assert merkle.included(leaves[0], 0, 8, proof, merkle.root(leaves))
    proof = merkle.consistency_proof(leaves, 6)
    assert [each.hex()[:16] for each in proof] == ["0ebc5d3437fbe2db", "ca854ea128ed050b", "d37ee418976dd957"]
    assert merkle.consistent(6, merkle.root(leaves[:6]), 8, proof, merkle.root(leaves))


def test_verifying_walks_the_whole_log_and_gives_its_root():
    """The result counts what was checked and gives the log's length and root, which is what is published as a
    checkpoint. Kept elsewhere, a checkpoint shows later what chains cannot: that the tail was cut or all rewritten."""
    journal = MemoryJournal()
    (fact,) = journal.append(
        [NewFact("plan/a", "Noted", 1, {})], expecting={"plan/a": 0}, by="account-7", at=AT
    )
    result = verify(journal)
    assert result.clean
    root = merkle.leaf(bytes.fromhex(fact.digest)).hex()
    assert result.as_data() == {
        "facts": 1,
        "streams": 1,
        "documents": 0,
        "withdrawn": 0,
        "head": {"size": 1, "root": root},
        "findings": [],
    }
    (finding,) = verify(journal, checkpoint=Checkpoint(2, root)).findings
    assert finding.says == "The log ends at position 1, and the checkpoint saw 2: its tail was cut."
    (finding,) = verify(journal, checkpoint=Checkpoint(1, "0" * 64)).findings
    assert finding.says == "The first 1 facts are not those of the checkpoint: history was rewritten."
    with pytest.raises(Unusable, match="A checkpoint has a size and a root"):
        Checkpoint.from_data({"size": "2"})
