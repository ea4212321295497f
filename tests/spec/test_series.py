"""Series: loading a vintage of England is a fact about documents, done once, and never half."""

from datetime import UTC, datetime

import pytest

from carepool.actions.series import STREAM, held_england, load_england, vintage
from carepool.basics.refusals import Unusable
from carepool.journal.memory import MemoryJournal
from tests.spec.test_england import edited

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def load(journal: MemoryJournal, files: dict[str, bytes]) -> tuple[str, ...]:
    return load_england(journal, files, by="carepool", clock=lambda: AT)


def test_loading_writes_a_fact_and_a_document_for_each_file(england_files: dict[str, bytes]) -> None:
    """Each file is kept as a document under its digest, and the fact names file, rows, source and licence."""
    journal = MemoryJournal()
    loaded = load(journal, england_files)
    facts = journal.read(STREAM)
    assert len(loaded) == len(facts) == 28
    assert {fact.kind for fact in facts} == {"SeriesLoaded"}
    admissions = next(fact.body for fact in facts if fact.body["file"] == "admissions.csv")
    assert admissions["rows"] == 7656
    assert admissions["licence"] == "Open Government Licence v3.0"


@pytest.mark.slow
def test_what_is_held_is_what_was_loaded(england_files: dict[str, bytes]) -> None:
    """England is rebuilt from the documents, equal to the files."""
    journal = MemoryJournal()
    load(journal, england_files)
    held = held_england(journal)
    assert held.digest == held_england(journal, journal.seal()).digest
    assert held.admissions.of_boards(held.admissions.known_by(AT.date())[0]) > 0


def test_loading_again_writes_nothing(england_files: dict[str, bytes]) -> None:
    """The same files again change nothing."""
    journal = MemoryJournal()
    load(journal, england_files)
    before = journal.version(STREAM)
    assert load(journal, england_files) == ()
    assert journal.version(STREAM) == before


@pytest.mark.slow
def test_a_correction_is_another_vintage(england_files: dict[str, bytes]) -> None:
    """A changed file is loaded beside the old one; as at an earlier position the old one still answers."""
    journal = MemoryJournal()
    load(journal, england_files)
    position = journal.seal()
    corrected = edited(england_files, "known_gaps.csv", "high", "higher")
    assert load(journal, corrected) == ("known_gaps.csv", "sources.csv")
    assert held_england(journal).admissions.gaps[0].confidence == "higher"
    assert held_england(journal, position).admissions.gaps[0].confidence == "high"
    assert load(journal, england_files) == ("known_gaps.csv", "sources.csv"), "and back again"


def test_a_damaged_file_loads_nothing(england_files: dict[str, bytes]) -> None:
    """Everything is verified before anything is written."""
    journal = MemoryJournal()
    with pytest.raises(Unusable, match=r"england/districts\.csv is damaged"):
        load(journal, {**england_files, "districts.csv": b"x"})
    assert journal.version(STREAM) == 0
    with pytest.raises(Unusable, match="England has not been loaded"):
        held_england(journal)


def test_a_document_that_is_gone_is_said(england_files: dict[str, bytes]) -> None:
    """When a document's bytes were withdrawn, the refusal names the file."""
    journal = MemoryJournal()
    load(journal, england_files)
    journal.withdraw(vintage(journal.read(STREAM))["districts.csv"])
    with pytest.raises(Unusable, match=r"england/districts\.csv is no longer in the database"):
        held_england(journal)
