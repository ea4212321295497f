"""Whatever is written in whatever order, a journal keeps its promises; hypothesis looks for an order in which it does not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from carepool.basics.canonical import digest_of
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold
from carepool.journal.memory import MemoryJournal
from carepool.journal.port import Command, Conflict
from carepool.journal.verify import Checkpoint, verify

START = datetime(2014, 8, 18, tzinfo=UTC)
STREAMS = st.sampled_from(["plan/a", "plan/b", "pool/a"])
MINUTES = st.integers(0, 100).map(lambda minutes: START + timedelta(minutes=minutes))
BODIES = st.dictionaries(st.sampled_from("xyz"), st.integers(-5, 5) | st.text(max_size=3), max_size=2)


class Promises(RuleBasedStateMachine):
    """Clients that read when they like and write on what they read, against a plain list of what must be there."""

    def __init__(self) -> None:
        super().__init__()
        self.journal = MemoryJournal()
        self.written: list[Fact] = []
        self.read: dict[str, int] = {}
        self.checkpoints: list[Checkpoint] = [verify(self.journal).head]
        self.answers: dict[datetime, int] = {}

    def now(self, stream: str) -> int:
        """The version that the model says a stream has."""
        return sum(fact.stream == stream for fact in self.written)

    @rule(stream=STREAMS)
    def read_a_stream(self, stream: str) -> None:
        """A client looks at a stream; it may write long after."""
        self.read[stream] = self.journal.version(stream)

    @precondition(lambda self: self.read)
    @rule(data=st.data(), body=BODIES, at=MINUTES, fails=st.booleans())
    def write(self, data: st.DataObject, body: dict[str, object], at: datetime, fails: bool) -> None:
        """A client writes on what it has read: a conflict if and only if something of that has moved on."""
        streams = data.draw(st.lists(st.sampled_from(sorted(self.read)), min_size=1, max_size=3))
        stale = any(version != self.now(stream) for stream, version in self.read.items())
        writes = [NewFact(stream, "Noted", 1, body) for stream in streams]
        try:
            with self.journal.transaction():
                facts = self.journal.append(writes, expecting=self.read, by="account-1", at=at)
                assert not stale
                if fails:
                    self.journal.seal()
                    raise KeyError
        except Conflict:
            assert stale
        except KeyError:
            pass
        else:
            self.written += facts
        self.read = {}

    @rule(at=MINUTES)
    def look_back(self, at: datetime) -> None:
        """As-at positions go up with the instant and, for one instant, with what is recorded."""
        self.answers[at] = max(self.answers.get(at, 0), self.journal.as_at(at))
        assert self.journal.as_at(at) == self.answers[at]
        positions = [self.journal.as_at(moment) for moment in sorted(self.answers)]
        assert positions == sorted(positions)

    @rule()
    def publish(self) -> None:
        """A checkpoint is made of the log as it is."""
        self.checkpoints.append(verify(self.journal).head)

    @rule(key=st.sampled_from("kl"), request=st.sampled_from("rs"))
    def remember(self, key: str, request: str) -> None:
        """A key is taken for ever by the first command that used it."""
        given = Command("account-1", key, digest_of("request", 1, request), request)
        earlier = self.journal.command("account-1", key)
        if earlier is None:
            self.journal.remember(given)
            earlier = given
        assert self.journal.command("account-1", key) == earlier

    @invariant()
    def every_stream_reads_as_written(self) -> None:
        """By version, and as at every position a beginning of that."""
        for stream in self.journal.streams():
            expected = tuple(fact for fact in self.written if fact.stream == stream)
            assert self.journal.read(stream) == expected
            for position in (0, len(self.written) // 2, len(self.written)):
                part = self.journal.read(stream, upto=position)
                assert part == expected[: len(part)]

    @invariant()
    def every_checkpoint_still_holds(self) -> None:
        """The log only ever grew."""
        for checkpoint in self.checkpoints[-3:]:
            assert verify(self.journal, checkpoint=checkpoint).clean

    @invariant()
    def the_log_is_what_was_written_in_that_order(self) -> None:
        """Each stream in the order of its versions, positions without gaps."""
        self.journal.seal()
        log = list(self.journal.sealed())
        assert [entry.position for entry in log] == list(range(1, len(self.written) + 1))
        assert [entry.fact for entry in log] == self.written


TestPromises = Promises.TestCase
TestPromises.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


@given(st.lists(st.tuples(STREAMS, st.integers(1, 3)), max_size=20), st.integers(0, 20))
@settings(max_examples=60, deadline=None)
def test_folding_a_beginning_and_then_the_rest_is_folding_the_whole(written: list[tuple[str, int]], cut: int):
    journal = MemoryJournal()
    kinds = Kinds(
        [
            Kind(
                "Noted",
                3,
                {1: lambda body: {"n": body["a"]}, 2: lambda body: {"n": body["n"], "by": "upcast"}},
            )
        ]
    )
    for stream, schema in written:
        body = {"a": 1} if schema == 1 else {"n": 1}
        expecting = {stream: journal.version(stream)}
        journal.append(
            [NewFact(stream, "Noted", schema, body)], expecting=expecting, by="account-1", at=START
        )
    journal.seal()
    facts = [entry.fact for entry in journal.sealed()]

    def count(state: int, fact: Fact) -> int:
        assert fact.schema == 3
        return state + int(str(fact.body["n"]))

    assert fold(facts, 0, count, kinds) == len(written)
    assert fold(facts[cut:], fold(facts[:cut], 0, count, kinds), count, kinds) == len(written)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_a_limit_holds_however_clients_take_turns(turns: list[tuple[int, int]]):
    """Three clients spend from one pool of ten; each decides on what it saw last, and none can overspend."""
    journal = MemoryJournal()
    seen: dict[int, tuple[int, int]] = {}

    def look() -> tuple[int, int]:
        facts = journal.read("pool/a")
        return len(facts), sum(int(str(fact.body["spent"])) for fact in facts)

    for client, amount in turns:
        version, spent = seen.setdefault(client, look())
        if spent + amount > 10:
            continue
        try:
            journal.append(
                [NewFact("pool/a", "Spent", 1, {"spent": amount})],
                expecting={"pool/a": version},
                by=f"account-{client}",
                at=START,
            )
        except Conflict:
            assert version != journal.version("pool/a")
        del seen[client]
    assert look()[1] <= 10


def test_this_file_would_notice_a_journal_that_does_not_compare(monkeypatch: pytest.MonkeyPatch):
    """A journal that writes whatever was expected overspends, so the property above can fail."""
    journal = MemoryJournal()
    monkeypatch.setattr(MemoryJournal, "version", lambda self, stream: 0)
    for _ in range(2):
        journal.append(
            [NewFact("pool/a", "Spent", 1, {"spent": 6})], expecting={"pool/a": 0}, by="account-1", at=START
        )
    assert sum(int(str(fact.body["spent"])) for fact in journal.read("pool/a")) == 12
