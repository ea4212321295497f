"""What is recorded of a person is unreadable without their key, and with the key it is gone for good, while every chain verifies."""

import base64
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from carepool.basics.findings import blocks
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.care.actions.caring import care
from carepool.care.actions.erasing import erase, kept_until, settle
from carepool.care.actions.house import CareHouse
from carepool.care.actions.opening import identity_of
from carepool.care.actions.ports import Identity
from carepool.care.actions.recording import KINDS, recorded, stream_of
from carepool.care.store.vault import DEMONSTRATION, FILE, MASTER, FileVault, master_key
from carepool.journal.commands import Done
from carepool.journal.verify import verify

AT = datetime(2026, 11, 28, 9, tzinfo=UTC)
MASTER_KEY = bytes(range(32))


@pytest.fixture
def vault(tmp_path: Path) -> FileVault:
    """A vault with the keys of two people."""
    made = FileVault(tmp_path, MASTER_KEY)
    made.make_many(["p1", "p2"])
    return made


def test_what_is_locked_opens_with_its_own_key_in_its_own_place_and_nowhere_else(vault: FileVault):
    kept = vault.lock("p1", b"something", "person/p1")
    assert vault.unlock("p1", [kept], "person/p1") == [b"something"]
    with pytest.raises(Unusable):
        vault.unlock("p2", [kept], "person/p1")
    with pytest.raises(Unusable):
        vault.unlock("p1", [kept], "looks/p1")
    changed = bytearray(base64.b64decode(str(kept["cipher"])))
    changed[0] ^= 1
    with pytest.raises(Unusable):
        vault.unlock("p1", [{**kept, "cipher": base64.b64encode(changed).decode()}], "person/p1")


def test_the_same_is_never_locked_the_same_twice_and_its_mark_is_the_persons_own(vault: FileVault):
    assert vault.lock("p1", b"x", "s") != vault.lock("p1", b"x", "s")
    assert vault.mark("p1", b"x") == vault.mark("p1", b"x") != vault.mark("p2", b"x")


def test_a_destroyed_key_is_gone_from_every_byte_and_is_never_made_again(vault: FileVault, tmp_path: Path):
    link = sqlite3.connect(tmp_path / FILE)
    (wrapped,) = link.execute("SELECT wrapped FROM person_key WHERE person = 'p1'").fetchone()
    link.close()
    assert wrapped in (tmp_path / FILE).read_bytes()
    kept = vault.lock("p1", b"something", "s")
    vault.destroy("p1", AT)
    assert b"".join(each.read_bytes() for each in tmp_path.iterdir()).find(wrapped) == -1
    assert vault.unlock("p1", [kept], "s") is None
    assert list(vault.destroyed()) == ["p1"]
    for refused in (lambda: vault.make("p1"), lambda: vault.lock("p1", b"x", "s")):
        with pytest.raises(Unusable):
            refused()
    assert vault.unlock("p2", [vault.lock("p2", b"y", "s")], "s") == [b"y"]


def test_the_files_are_their_owners_alone(vault: FileVault, tmp_path: Path):
    master_key(tmp_path, production=False)
    assert {each.stat().st_mode & 0o777 for each in tmp_path.iterdir()} == {0o600}


def test_production_takes_no_master_key_of_a_demonstration_and_makes_none(tmp_path: Path):
    with pytest.raises(Unusable, match="made by hand"):
        master_key(tmp_path, production=True)
    made = master_key(tmp_path, production=False)
    assert (tmp_path / MASTER).read_text().startswith(DEMONSTRATION)
    assert master_key(tmp_path, production=False) == made
    with pytest.raises(Unusable, match="demonstration"):
        master_key(tmp_path, production=True)
    (tmp_path / MASTER).write_text(base64.b64encode(MASTER_KEY).decode())
    assert master_key(tmp_path, production=True) == MASTER_KEY


def test_another_master_key_opens_nothing(vault: FileVault, tmp_path: Path):
    with pytest.raises(Unusable, match="another master key"):
        FileVault(tmp_path, bytes(32)).lock("p1", b"x", "s")


def test_the_journal_says_nothing_of_anybody_without_keys(wing: CareHouse, invented: tuple[Identity, ...]):
    with connection.cursor() as cursor:
        cursor.execute("SELECT stream, kind, body FROM store_fact")
        rows = cursor.fetchall()
        cursor.execute("SELECT request, answer FROM store_command")
        commands = cursor.fetchall()
    assert len(rows) > 100
    assert {kind for _, kind, _ in rows} <= {"CareRecorded", "PersonErased"}
    assert {frozenset(json.loads(body)) for _, _, body in rows} <= {
        frozenset({"cipher", "nonce"}),
        frozenset({"ground"}),
    }
    written = json.dumps([rows, commands])
    for who in invented:
        assert not [each for each in (who.family, who.number or who.family, f"{who.born}") if each in written]


def test_an_erased_person_is_unreadable_and_every_chain_still_verifies(
    wing: CareHouse, invented: tuple[Identity, ...]
):
    who = invented[22]
    guardian = wing.people.role("care-4")
    assert guardian is not None
    assert care(wing, who.person).plan()
    before = wing.journal.read(stream_of(who.person))
    refused = erase(wing, guardian, who.person, "no_longer_needed", "k0")
    assert isinstance(refused, Refused)
    assert kept_until(wing, who.person) > wing.today
    for _ in range(2):
        assert isinstance(erase(wing, guardian, who.person, "unlawful", "k1"), Done)
    assert wing.people.person(who.person) is None
    assert wing.people.caseload("care-1").count(who.person) == 0
    assert recorded(wing, who.person).facts == ()
    assert wing.journal.read(stream_of(who.person)) == before
    assert not blocks(verify(wing.journal, kinds=KINDS).findings)
    assert isinstance(erase(wing, guardian, who.person, "unlawful", "k2"), Refused)


def test_a_person_who_comes_back_with_a_backup_is_erased_again(
    wing: CareHouse, invented: tuple[Identity, ...]
):
    who = invented[23]
    guardian = wing.people.role("care-4")
    assert guardian is not None
    erase(wing, guardian, who.person, "unlawful", "k1")
    wing.people.put(who)
    with pytest.raises(NotHere):
        identity_of(wing, who.person)
    settle(wing)
    assert wing.people.person(who.person) is None
