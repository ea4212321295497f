"""A backup is one file of the whole database at one instant, readable on either kind of database; and its restoring.

A zip of a manifest and a file a table, a row a line. Everything is read in one transaction, so nothing half written is
in it. Who is signed in, who was throttled and which process holds what are no part of it: they end with the machine.
Keys are not in it either: what is sealed in it is read with the keys of the home, which are kept apart.
"""

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import connections, models, transaction

from carepool.basics.canonical import Digest
from carepool.basics.refusals import Unusable
from carepool.journal.epochs import STREAM, epoch_opened
from carepool.journal.merkle import Growing, leaf_of
from carepool.journal.verify import Checkpoint
from carepool.signin import models as signin
from carepool.store import models as store
from carepool.store.journal import SqlJournal

FORM = "carepool-backup/1"
MANIFEST = "manifest.json"
TABLES: tuple[type[models.Model], ...] = (
    store.Fact, store.Seal, store.Command, store.Document, store.DocumentBytes, store.Draft, store.RuleDraft, store.Notice,
    store.Reader, signin.Account, signin.SecondFactor, signin.RecoveryCode, signin.Identity, signin.Invitation, signin.PasswordLink,
)  # fmt: skip
"""In the order in which they can be written again."""


@dataclass(frozen=True, slots=True)
class Whole:
    """What a backup of a service holds: one of another service is none."""

    form: str = FORM
    tables: tuple[type[models.Model], ...] = TABLES
    command: str = "carepool backup"
    """What writes it."""


FUND = Whole()
PAGE = 2_000
LONGEST_LINE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Held:
    """What a backup says of itself."""

    at: str
    """The latest instant recorded in it."""
    checkpoint: Checkpoint
    rows: Mapping[str, int]
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore came to."""

    kept: Checkpoint
    backed_up: Checkpoint
    facts_cut: int
    requests_forgotten: bool
    """Where the log was cut, nobody can tell which requests were answered by what is gone."""


def write_backup(path: Path, using: str = "default", whole: Whole = FUND) -> Held:
    """Write the whole database of a service into a file that must not exist. All of it is there or no file is."""
    journal = SqlJournal(using)
    journal.seal()
    part = path.with_name(f".{path.name}.part")
    if path.exists():
        raise Unusable(f"{path} exists already. Name another file: a backup never replaces one.")
    rows: dict[str, int] = {}
    digests: dict[str, str] = {}
    try:
        # It holds accounts, and the wing's holds people: its owner alone reads it, from the first byte.
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with _one_look(using), zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            checkpoint, at = _checkpoint(journal)
            for table in whole.tables:
                name = f"{table._meta.db_table}.jsonl"
                digest, number = hashlib.sha256(), 0
                with archive.open(name, "w", force_zip64=True) as out:
                    for row in _rows(table, using):
                        line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                        out.write(line)
                        digest.update(line)
                        number += 1
                rows[name], digests[name] = number, digest.hexdigest()
            held = Held(at, checkpoint, rows, digests)
            archive.writestr(MANIFEST, json.dumps(_told(held, whole), indent=1, sort_keys=True))
        _to_disk(part)
        part.rename(path)
        _to_disk(path.parent)
    finally:
        part.unlink(missing_ok=True)
    return held


def read_backup(path: Path, whole: Whole = FUND) -> Held:
    """What a backup says of itself, when every file in it is as it was written. Unusable when one is not."""
    try:
        with zipfile.ZipFile(path) as archive:
            told = json.loads(archive.read(MANIFEST))
            if told.get("form") != whole.form:
                raise Unusable(f"{path} is not a backup of this form ({whole.form}), which “{whole.command}” writes. Restore it with the carepool, and into the service, that wrote it.")  # fmt: skip
            held = Held(told["at"], Checkpoint.from_data(told["checkpoint"]), told["rows"], told["digests"])
            for table in whole.tables:
                name = f"{table._meta.db_table}.jsonl"
                digest = hashlib.sha256()
                with archive.open(name) as lines:
                    while chunk := lines.read(1 << 20):
                        digest.update(chunk)
                if digest.hexdigest() != held.digests[name]:
                    raise Unusable(f"{path} is damaged: {name} is not as it was written. Use another backup.")
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError) as error:
        if isinstance(error, Unusable):
            raise
        raise Unusable(f"{path} is no backup of carepool, or is damaged. Use the file that “{whole.command}” wrote.") from None  # fmt: skip
    return held


def restore(
    path: Path, now: datetime, using: str = "default", to: datetime | None = None, whole: Whole = FUND
) -> Restored:
    """Write a backup into an empty, migrated database: all of it, or the journal as it stood at an instant.

    All or nothing. Unusable when the database holds facts, or the backup is not whole. The log goes on with a fact
    that names the checkpoint it forks from.
    """
    held = read_backup(path, whole)
    journal = SqlJournal(using)
    if store.Fact.objects.using(using).exists() or signin.Account.objects.using(using).exists():
        raise Unusable("The database holds something already, and a restore replaces nothing. Restore into an empty one.")  # fmt: skip
    with transaction.atomic(using=using), zipfile.ZipFile(path) as archive:
        upto = _upto(archive, to)
        cut = upto is not None and upto < held.checkpoint.size
        seals = [each for each in _lines(archive, store.Seal) if upto is None or each["position"] <= upto]
        kept = {each["fact"] for each in seals}
        for table in whole.tables:
            rows: Iterable[Mapping[str, Any]] = seals if table is store.Seal else _lines(archive, table)
            if cut and table is store.Command:
                continue
            if cut and table is store.Fact:
                rows = (each for each in rows if each["id"] in kept)
            elif table is store.Fact:
                # What was written after the last sealing waits for its position here as it did there.
                waiting = [{"fact": each["id"]} for each in _lines(archive, table) if each["id"] not in kept]
                _insert(store.Unsealed, waiting, using)
            if cut and table is store.Reader:
                rows = ({**each, "position": min(each["position"], upto or 0)} for each in rows)
            _insert(table, rows, using)
        _sequences(using, whole)
        checkpoint, _ = _checkpoint(journal)
        if not cut and checkpoint != held.checkpoint:
            raise Unusable(f"{path} does not hold the log that it says it holds. Nothing was restored; use another backup.")  # fmt: skip
        version = journal.version(STREAM)
        journal.append(
            [epoch_opened(checkpoint, held.checkpoint, to)],
            expecting={STREAM: version},
            by="carepool",
            at=now,
        )
    journal.seal()
    return Restored(checkpoint, held.checkpoint, held.checkpoint.size - checkpoint.size, cut)


def _told(held: Held, whole: Whole) -> dict[str, object]:
    return {
        "form": whole.form, "at": held.at, "checkpoint": held.checkpoint.as_data(), "rows": dict(held.rows), "digests": dict(held.digests),
        "not_in_it": "sessions, throttles, leases, and the keys of the home",
    }  # fmt: skip


@contextmanager
def _one_look(using: str) -> Iterator[None]:
    """Everything read inside is of one instant."""
    with transaction.atomic(using=using):
        if connections[using].vendor == "postgresql":
            with connections[using].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _checkpoint(journal: SqlJournal) -> tuple[Checkpoint, str]:
    """The head of the log, and the latest instant recorded."""
    tree, recorded = Growing(), ""
    for entry in journal.sealed():
        tree.add(leaf_of(Digest(entry.row.digest)))
        recorded = entry.recorded.isoformat()
    return Checkpoint(tree.size, tree.root().hex()), recorded


def _rows(table: type[models.Model], using: str) -> Iterator[dict[str, object]]:
    fields = table._meta.concrete_fields
    names = [each.attname for each in fields]
    found = table._default_manager.using(using).order_by("pk").values_list(*names)
    for row in found.iterator(chunk_size=PAGE):
        yield {each.name: _plain(value) for each, value in zip(fields, row, strict=True)}


def _plain(value: object) -> object:
    if isinstance(value, (bytes, memoryview)):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    return value.isoformat() if isinstance(value, (datetime, date)) else value


def _lines(archive: zipfile.ZipFile, table: type[models.Model]) -> Iterator[dict[str, Any]]:
    with archive.open(f"{table._meta.db_table}.jsonl") as lines:
        while line := lines.readline(LONGEST_LINE):
            yield json.loads(line)


def _insert(table: type[models.Model], rows: Iterable[Mapping[str, Any]], using: str) -> None:
    fields = {each.name: each for each in table._meta.concrete_fields}
    page: list[models.Model] = []

    def write() -> None:
        table._default_manager.using(using).bulk_create(page)
        page.clear()

    for row in rows:
        page.append(
            table(**{fields[name].attname: _typed(fields[name], value) for name, value in row.items()})
        )
        if len(page) >= PAGE:
            write()
    write()


def _typed(field: "models.Field[Any, Any]", value: Any) -> Any:
    if isinstance(value, dict):
        return base64.b64decode(value["bytes"])
    return field.to_python(value) if isinstance(field, models.DateField) else value


def _upto(archive: zipfile.ZipFile, to: datetime | None) -> int | None:
    """The position that had been reached at an instant; None for all. Unusable when nothing had been recorded by then."""
    if to is None:
        return None
    found = [each["position"] for each in _lines(archive, store.Seal) if datetime.fromisoformat(each["recorded"]) <= to]  # fmt: skip
    if not found:
        raise Unusable(f"Nothing had been recorded by {to.isoformat()}. Name a later instant.")
    return int(max(found))


def _sequences(using: str, whole: Whole) -> None:
    """Numbers given from now on come after those restored."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(whole.tables)):
            cursor.execute(statement)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
