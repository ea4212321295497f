"""Verifying finds what was done to a journal behind its back, and names the first entry that is not as it was."""

import zlib
from collections.abc import Iterator
from datetime import timedelta

import pytest

from carepool.journal.facts import digest_of_row
from carepool.journal.verify import Checkpoint, verify
from carepool.store import guard
from tests.store.houses import House
from tests.store.samples import AT, append


@pytest.fixture
def broken(sql_house: House) -> Iterator[House]:
    """A journal of three facts in each of two streams, in turn (plan/a has positions 1, 3 and 5), its guards down."""
    for number in range(3):
        append(sql_house.journal, "plan/a", {"number": number}, AT + timedelta(hours=number))
        append(sql_house.journal, "plan/b", {"number": number}, AT + timedelta(hours=number))
    sql_house.journal.seal()
    guard.drop_guards(sql_house.alias)
    foreign_keys = {
        "sqlite": "PRAGMA foreign_keys = OFF",
        "postgresql": "SET session_replication_role = replica",
    }
    sql_house.sql(foreign_keys[sql_house.vendor])
    return sql_house


A2 = "stream = 'plan/a' AND version = 2"
ID_OF_A2 = f"SELECT id FROM store_fact WHERE {A2}"
CLOSE_GAP = (
    "UPDATE store_seal SET position = -position WHERE position > 3",
    "UPDATE store_seal SET position = -position - 1 WHERE position < 0",
)
SWAP = (
    "UPDATE store_seal SET position = -{0} WHERE position = {0}",
    "UPDATE store_seal SET position = {0} WHERE position = {1}",
    "UPDATE store_seal SET position = {1} WHERE position = -{0}",
)
CUT = (
    "DELETE FROM store_fact WHERE id IN (SELECT fact_id FROM store_seal WHERE position > 4)",
    "DELETE FROM store_seal WHERE position > 4",
)
CASES = {
    "a body edited": (
        ["UPDATE store_fact SET body = '{\"number\":7}' WHERE " + A2],
        "digest-differs",
        "log/3",
    ),
    "a space added": (
        ["UPDATE store_fact SET body = '{\"number\": 1}' WHERE " + A2],
        "digest-differs",
        "log/3",
    ),
    "a body spoilt": (["UPDATE store_fact SET body = 'gone' WHERE " + A2], "fact-unreadable", "log/3"),
    "a body emptied": (["UPDATE store_fact SET body = '[]' WHERE " + A2], "fact-unreadable", "log/3"),
    "another signer": (["UPDATE store_fact SET \"by\" = 'account-2' WHERE " + A2], "digest-differs", "log/3"),
    "another time": (
        ["UPDATE store_fact SET at = '2014-08-18T09:30:00.000000Z' WHERE " + A2],
        "digest-differs",
        "log/3",
    ),
    "a time in another form": (
        ["UPDATE store_fact SET at = '2014-08-18T10:00:00Z' WHERE " + A2],
        "fact-unreadable",
        "log/3",
    ),
    "a fact deleted": (["DELETE FROM store_fact WHERE " + A2], "position-missing", "log/3"),
    "a fact and its seal deleted": (
        [f"DELETE FROM store_seal WHERE fact_id = ({ID_OF_A2})", "DELETE FROM store_fact WHERE " + A2],
        "position-missing",
        "log/3",
    ),
    "a fact deleted and the gap closed": (
        [
            f"DELETE FROM store_seal WHERE fact_id = ({ID_OF_A2})",
            "DELETE FROM store_fact WHERE " + A2,
            *CLOSE_GAP,
        ],
        "version-missing",
        "log/4",
    ),
    "a stream reordered": ([step.format(3, 5) for step in SWAP], "version-missing", "log/3"),
    "a time of recording changed": (
        ["UPDATE store_seal SET recorded = '2014-08-18T09:00:00.000000Z' WHERE position = 4"],
        "recorded-differs",
        "log/4",
    ),
    "a seal lost": (["DELETE FROM store_seal WHERE position = 6"], "fact-not-in-log", "facts/plan/b/3"),
}


def test_before_anything_was_done_it_verifies(broken: House):
    assert verify(broken.journal).clean


@pytest.mark.parametrize("case", CASES)
def test_the_first_bad_entry_is_named(broken: House, case: str):
    statements, code, where = CASES[case]
    for statement in statements:
        broken.sql(statement)
    result = verify(broken.journal)
    assert [(finding.code, finding.where) for finding in result.findings] == [(code, where)]
    assert not result.clean
    if where.startswith("log/"):
        assert result.facts == int(where.removeprefix("log/")) - 1


def test_a_fact_edited_and_digested_anew_breaks_the_chain_at_the_next(broken: House):
    (row,) = [entry.row for entry in broken.journal.sealed(2, 1)]
    forged = row._replace(body='{"number":7}')
    broken.sql(f"UPDATE store_fact SET body = %s, digest = %s WHERE {A2}", forged.body, digest_of_row(forged))
    (finding,) = verify(broken.journal).findings
    assert (finding.code, finding.where) == ("chain-broken", "log/5")
    assert finding.says == (
        "The fact at position 5, version 3 of plan/a, does not cite the fact before it in its stream."
    )


def test_a_fact_forged_with_all_that_follow_it_needs_a_checkpoint_to_be_seen(broken: House):
    published = verify(broken.journal).head
    (last,) = [entry.row for entry in broken.journal.sealed(5, 1)]
    forged = last._replace(body='{"number":7}')
    broken.sql(
        "UPDATE store_fact SET body = %s, digest = %s WHERE stream = 'plan/b' AND version = 3",
        forged.body,
        digest_of_row(forged),
    )
    assert verify(broken.journal).clean
    (finding,) = verify(broken.journal, checkpoint=published).findings
    assert (finding.code, finding.where) == ("history-rewritten", "log/6")


def test_a_last_fact_dated_back_and_digested_anew_is_earlier_than_the_one_before_it(broken: House):
    (last,) = [entry.row for entry in broken.journal.sealed(5, 1)]
    forged = last._replace(at="2014-08-18T09:30:00.000000Z")
    broken.sql(
        "UPDATE store_fact SET at = %s, digest = %s WHERE stream = 'plan/b' AND version = 3",
        forged.at,
        digest_of_row(forged),
    )
    (finding,) = verify(broken.journal).findings
    assert (finding.code, finding.where) == ("time-runs-back", "log/6")


def test_a_cut_tail_needs_a_checkpoint_to_be_seen(broken: House):
    published = verify(broken.journal).head
    assert published.size == 6
    for statement in CUT:
        broken.sql(statement)
    assert verify(broken.journal).clean
    (finding,) = verify(broken.journal, checkpoint=published).findings
    assert (finding.code, finding.where) == ("tail-cut", "log/5")
    assert finding.says == "The log ends at position 4, and the checkpoint saw 6: its tail was cut."


def test_two_streams_exchanged_in_the_order_need_a_checkpoint_to_be_seen(broken: House):
    published = verify(broken.journal).head
    for step in SWAP:
        broken.sql(step.format(1, 2))
    assert verify(broken.journal).clean
    (finding,) = verify(broken.journal, checkpoint=published).findings
    assert finding.code == "history-rewritten"


def test_a_journal_that_grew_fits_its_earlier_checkpoints(broken: House):
    published = verify(broken.journal).head
    append(broken.journal, "plan/c")
    result = verify(broken.journal, checkpoint=published)
    assert result.clean
    assert result.head.size == 7
    wrong = Checkpoint(published.size, "0" * 64)
    assert [finding.code for finding in verify(broken.journal, checkpoint=wrong).findings] == [
        "history-rewritten"
    ]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE store_document_bytes SET content = {other}",
        "UPDATE store_document_bytes SET content = {rubbish}",
        "UPDATE store_document_bytes SET salt = {rubbish}",
        "UPDATE store_document SET kind = 'release'",
        "UPDATE store_document SET length = 3",
        "UPDATE store_document SET length = 300",
    ],
)
def test_a_changed_document_is_named(broken: House, change: str):
    digest = broken.journal.put(b"the content", kind="plan", media_type="text/plain")
    literal = {"sqlite": "X'{}'", "postgresql": "'\\x{}'::bytea"}[broken.vendor]
    other = zlib.compress(b"other bytes").hex()  # as long as the ones that were put
    broken.sql(change.format(other=literal.format(other), rubbish=literal.format("00ff")))
    (finding,) = verify(broken.journal).findings
    assert (finding.code, finding.where) == ("document-changed", f"documents/{digest}")
