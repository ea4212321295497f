"""The wing's database is backed up and restored by one command each, its keys apart; erasure reaches every backup; what is kept long enough is listed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from django.apps import apps

from carepool.basics.refusals import Unusable
from carepool.care.actions.erasing import over
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Identity
from carepool.care.actions.recording import locked
from carepool.care.planning.facts import plan_saved
from carepool.care.store.vault import FILE, MASTER, FileVault, master_key
from carepool.wiring.backing_up_care import copy_keys, put_keys, whole_wing
from carepool.wiring.backup import FORM, read_backup, write_backup
from tests.asking import carepool

AT = datetime(2026, 11, 29, 9, tzinfo=UTC)


def test_a_backup_holds_every_table_of_the_wing_and_is_none_of_the_fund(wing: CareHouse, tmp_path: Path):
    file = tmp_path / "wing.zip"
    held = write_backup(file, whole=whole_wing())
    assert {f"{each._meta.db_table}.jsonl" for each in apps.get_app_config("care").get_models()} <= set(
        held.rows
    )
    assert held.rows["care_person.jsonl"] == wing.people.count()
    assert file.stat().st_mode & 0o077 == 0
    assert read_backup(file, whole_wing()) == held
    with pytest.raises(Unusable, match=f"not a backup of this form \\({FORM}\\)"):
        read_backup(file)


def test_keys_are_copied_whole_and_put_where_there_are_none(tmp_path: Path):
    vault = FileVault(tmp_path / "one", bytes(range(32)))
    vault.make("p1")
    locked = vault.lock("p1", b"something", "person/p1")
    copy_keys(tmp_path / "one" / FILE, tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
    put_keys(tmp_path / "copy", tmp_path / "two" / FILE)
    again = FileVault(tmp_path / "two", bytes(range(32)))
    again.check()
    assert again.unlock("p1", [locked], "person/p1") == [b"something"]
    with pytest.raises(Unusable, match="replaces no keys"):
        put_keys(tmp_path / "copy", tmp_path / "two" / FILE)
    with pytest.raises(Unusable, match="another master key"):
        FileVault(tmp_path / "two", bytes(32)).check()
    (tmp_path / "text").write_text("keys")
    with pytest.raises(Unusable, match="no file of keys"):
        put_keys(tmp_path / "text", tmp_path / "three" / FILE)


def test_whose_time_for_keeping_is_over_is_listed(wing: CareHouse, invented: tuple[Identity, ...]):
    assert list(over(wing)) == []
    long_ago = replace(invented[0], person="plongago", number=None, number_status="03")
    wing.vault.make(long_ago.person)
    wing.people.put(long_ago)
    said = locked(wing, long_ago.person, plan_saved(long_ago.person, "plan-1", "0" * 64))
    wing.journal.append([said], expecting={said.stream: 0}, by="care-1", at=datetime(2014, 8, 18, tzinfo=UTC))
    assert list(over(wing)) == [(long_ago.person, date(2022, 8, 18))]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home with the wing of the demonstration."""
    done = carepool("care", "prepare", home=tmp_path)
    assert done.returncode == 0, done.stderr
    yield tmp_path


@pytest.mark.slow
def test_who_was_erased_after_a_backup_is_erased_again_when_it_is_put_back(
    home: Path, invented: tuple[Identity, ...]
):
    def ask(*words: str) -> CompletedProcess[str]:
        return carepool("care", *words, home=home)

    file, keys = home / "wing.zip", home / "wing.keys"
    backed = json.loads(ask("backup", str(file), "--keys", str(keys), "--json").stdout)
    everybody = backed["rows"]["care_person.jsonl"]
    assert ask("backup", str(file)).returncode == 2
    database, vault = home / "care" / "carepool.sqlite3", home / "care" / FILE
    assert "replaces nothing" in ask("restore", str(file)).stderr
    who = invented[0].person
    FileVault(home / "care", master_key(home / "care", production=False)).destroy(
        who, AT - timedelta(minutes=1)
    )
    for each in home.glob("care/carepool.sqlite3*"):
        each.unlink()
    done = json.loads(ask("restore", str(file), "--json").stdout)
    assert (done["people"], done["erased_again"], done["without_a_key"]) == (everybody - 1, 1, 0)
    assert ask("verify").returncode == 0
    assert (
        "There is no such person"
        in carepool("fhir", "export", who, "--as", "social.worker", home=home).stderr
    )
    # Without the home's keys: the copy of them is put back, and nothing opens without the master key.
    for each in (*home.glob("care/carepool.sqlite3*"), vault):
        each.unlink()
    assert "nobody's record could be opened" in ask("restore", str(file)).stderr
    master = (home / "care" / MASTER).read_text()
    (home / "care" / MASTER).unlink()
    assert "without which no key opens" in ask("restore", str(file), "--keys", str(keys)).stderr
    (home / "care" / MASTER).write_text(master)
    done = json.loads(ask("restore", str(file), "--keys", str(keys), "--json").stdout)
    assert (done["people"], done["without_a_key"]) == (everybody, 0)
    assert database.is_file()
