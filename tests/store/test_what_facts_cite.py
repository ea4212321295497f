"""What a fact cites must be there, a guard must be the one that was made, and a stray queue entry must not stop sealing."""

from datetime import UTC, datetime

import pytest
from django.db import connections

from carepool.basics.refusals import Unusable
from carepool.journal.facts import NewFact
from carepool.journal.folding import Kind
from carepool.journal.verify import verify
from carepool.store.guard import check_guards, create_guards, drop_guards
from tests.store.houses import House

AT = datetime(2015, 1, 1, tzinfo=UTC)
KINDS = [Kind("NoteKept", 1, cites=("document",))]


def keep(house: House) -> str:
    """A document, and a fact that cites it."""
    digest = house.journal.put(b"words", kind="note", media_type="text/plain")
    house.journal.append(
        [NewFact("note/1", "NoteKept", 1, {"document": digest})], expecting={"note/1": 0}, by="ann", at=AT
    )
    return digest


def test_a_cited_document_that_is_gone_is_named(sql_house: House) -> None:
    """A document destroyed by other means is missed, with the first fact that cites it; a withdrawn one is not."""
    digest = keep(sql_house)
    assert verify(sql_house.journal, kinds=KINDS).clean
    sql_house.journal.withdraw(digest)
    assert verify(sql_house.journal, kinds=KINDS).clean
    drop_guards(sql_house.alias)
    sql_house.sql("DELETE FROM store_document")
    create_guards(sql_house.alias)
    (finding,) = verify(sql_house.journal, kinds=KINDS).findings
    assert (finding.code, finding.where) == ("document-missing", "log/1")
    assert digest in finding.says


def test_a_queue_entry_of_a_sealed_fact_does_not_stop_sealing(sql_house: House) -> None:
    """The application's role may insert into the queue; an entry of a fact that has its position is done with."""
    keep(sql_house)
    assert sql_house.journal.seal() == 1
    sql_house.sql("INSERT INTO store_unsealed (fact_id) SELECT fact_id FROM store_seal")
    assert sql_house.journal.seal() == 1
    assert sql_house.sql("SELECT count(*) FROM store_unsealed") == [(0,)]
    assert verify(sql_house.journal, kinds=KINDS).clean


def test_a_guard_that_guards_nothing(sqlite_house: House) -> None:
    """A trigger of the right name with another text is found at start-up."""
    check_guards(sqlite_house.alias)
    with connections[sqlite_house.alias].cursor() as cursor:
        cursor.execute("DROP TRIGGER store_fact_guard_update")
        cursor.execute(
            "CREATE TRIGGER store_fact_guard_update BEFORE UPDATE ON store_fact WHEN 0 BEGIN SELECT 1; END"
        )
    with pytest.raises(Unusable, match="store_fact_guard_update missing or altered"):
        check_guards(sqlite_house.alias)
