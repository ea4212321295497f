"""The commands that keep the person wing from being lost: its database in one file, its keys in another, and both back again.

The keys are never in the file of the database, so that erasing a person reaches every backup: what cannot be opened is nobody's.
"""

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carepool.basics.refusals import Unusable
from carepool.care.store.vault import FILE, MASTER
from carepool.cli.commands import Json, say
from carepool.wiring.config_care import care_config
from carepool.wiring.operations import DATABASE
from carepool.wiring.operations_care import start_care

if TYPE_CHECKING:
    from carepool.wiring.backup import Whole

FORM = "carepool-care-backup/1"
ENCODING = b"SQLite format 3\0"


def add_backing_up_care(care: typer.Typer) -> None:
    """Add ``carepool care backup`` and ``carepool care restore``."""

    @care.command("backup")
    def backup(
        file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="The file to write; it must not exist.")],
        keys: Annotated[Path | None, typer.Option(help="Where to write a copy of the people's keys, wrapped under the master key. Keep it apart from FILE.zip.")] = None,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Write the wing's whole database into one file, while it runs: people, facts, looks and accounts.

        Without the keys nothing that was recorded of anybody can be read from it; names and numbers can, so guard it as you guard
        the database. The master key is in neither file.
        """
        start_care(prepared=True)
        if keys is not None and keys.exists():
            raise Unusable(f"{keys} exists already. Name another file: a backup never replaces one.")
        from carepool.wiring.backup import write_backup

        held = write_backup(file, whole=whole_wing())
        if keys is not None:
            copy_keys(_keys(), keys)
        data = {"file": str(file), "bytes": file.stat().st_size, "recorded": held.at, "checkpoint": held.checkpoint.as_data(), "rows": dict(held.rows), "keys": str(keys) if keys else None}  # fmt: skip
        told = (
            f" {keys} holds the keys." if keys else " The keys are not in it: keep the home, or name --keys."
        )
        say(
            data
            if json
            else f"{file} holds {held.checkpoint.size:,} facts, the last recorded {held.at}. Checkpoint: {held.checkpoint.root}\n{told.strip()} Keep the master key apart from both.\n"
        )

    @care.command("restore")
    def restore(
        file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="What “carepool care backup” wrote.")],
        keys: Annotated[Path | None, typer.Option(help="What “--keys” wrote, where the home has no keys any more.")] = None,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Restore a backup into an empty database. Whoever was erased since, as far as the keys or the journal know, is erased again."""
        config = care_config()
        for each in (file, *([keys] if keys else [])):
            if not each.is_file():
                raise Unusable(f"There is no file {each}. Name what “carepool care backup” wrote.")
        if not (config.home / MASTER).is_file():
            raise Unusable(f"There is no {config.home / MASTER}, without which no key opens anything. Put it back first; it is in no backup.")  # fmt: skip
        if not config.database and (config.home / DATABASE).exists():
            raise Unusable(f"{config.home} has a database already, and a restore replaces nothing. Move it away, or use another home.")  # fmt: skip
        start_care()
        from carepool.care.actions.erasing import settle
        from carepool.store.guard import check_database, migrate
        from carepool.wiring.backup import read_backup
        from carepool.wiring.backup import restore as restore_
        from carepool.wiring.house_care import current_wing, now, vault

        read_backup(file, whole_wing())  # what is damaged leaves no database behind
        if keys is not None:
            put_keys(keys, _keys())
        elif not _keys().exists():
            raise Unusable(f"There is no {_keys()}, so nobody's record could be opened. Put the file of keys back, or name --keys.")  # fmt: skip
        vault().check()
        migrate("default")
        check_database("default")
        done = restore_(file, now(), whole=whole_wing())
        house = current_wing()
        before = house.people.count()
        settle(house)
        house.journal.seal()
        count = house.people.count()
        openable = len(house.vault.holds(each.person for each in house.people.everybody()))
        data = {"forks_from": done.kept.as_data(), "people": count, "erased_again": before - count, "without_a_key": count - openable}  # fmt: skip
        say(
            data
            if json
            else f"{done.kept.size:,} facts and {count:,} people are restored; {before - count} who had been erased are erased again. {count - openable} have no key, and are nobody.\nThe log goes on from {done.kept.root}.\n"
        )


def whole_wing() -> "Whole":
    """What a backup of the wing holds: what every service has, and each table of the wing's own."""
    from django.apps import apps

    from carepool.wiring.backup import TABLES, Whole

    return Whole(FORM, (*TABLES, *apps.get_app_config("care").get_models()), "carepool care backup")


def _keys() -> Path:
    return care_config().home / FILE


def copy_keys(held: Path, to: Path) -> None:
    """A copy of the file of keys at one instant, which its owner alone reads; whole, or none."""
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with sqlite3.connect(held) as source, sqlite3.connect(to) as copy:
            source.backup(copy)
        copy.close()
        source.close()
    except BaseException:
        to.unlink(missing_ok=True)
        raise


def put_keys(copy: Path, to: Path) -> None:
    """Put a copy of the keys where there are none. Unusable where there are some, or the file is none of keys."""
    if to.exists():
        raise Unusable(f"{to} is there already, and a restore replaces no keys. Restore without --keys.")
    content = copy.read_bytes()
    if not content.startswith(ENCODING):
        raise Unusable(f"{copy} is no file of keys. Name what “carepool care backup --keys” wrote.")
    to.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
