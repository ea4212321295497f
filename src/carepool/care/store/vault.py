"""The vault: a key for each person in a file of its own, each wrapped under the service's master key, and gone once destroyed.

A copy of the database without this file says nothing of anybody, and a copy of this file without the master key neither.
What is locked is bound to the person and to the stream that it stands in, so that it can be moved to no other.
"""

import base64
import hmac
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from carepool.basics.canonical import instant
from carepool.basics.refusals import Unusable
from carepool.care.actions.ports import Locked

FILE = "keys.sqlite3"
MASTER = "master-key"
DEMONSTRATION = "demonstration:"
"""What a master key made on the spot begins with: production takes none such."""
NONCE = 12
_TABLES = (
    "CREATE TABLE IF NOT EXISTS person_key (person TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS destroyed (person TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID",
)


def master_key(home: Path, production: bool) -> bytes:
    """The key that wraps all others, in a file that its owner alone reads. Outside production it is made at first run.

    Unusable in production where there is none, or one of a demonstration.
    """
    path = home / MASTER
    try:
        held = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        if production:
            raise Unusable(
                f"There is no {path}. In production the master key is made by hand, before the start: 32 random bytes in base64."
            ) from None
        home.mkdir(parents=True, exist_ok=True)
        held = DEMONSTRATION + base64.b64encode(secrets.token_bytes(32)).decode()
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(held + "\n")
        except FileExistsError:  # another worker made it in the meantime, and theirs is the one
            held = path.read_text(encoding="utf-8").strip()
    if production and held.startswith(DEMONSTRATION):
        raise Unusable(
            f"{path} was made for a demonstration. Production needs a key and a home that never held one."
        )
    try:
        key = base64.b64decode(held.removeprefix(DEMONSTRATION), validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise Unusable(f"{path} is no master key. It must be 32 random bytes in base64.")
    return key


class FileVault:
    """The port ``Vault`` on a file of SQLite."""

    def __init__(self, home: Path, master: bytes) -> None:
        self._file = home / FILE
        self._master = AESGCM(master)
        home.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600))
        with self._open(writing=True) as link:
            for each in _TABLES:
                link.execute(each)

    def make(self, person: str) -> None:
        """See ``Vault.make``."""
        self.make_many([person])

    def make_many(self, people: list[str]) -> None:
        """Make the keys of very many people together."""
        with self._open(writing=True) as link:
            for person in people:
                if link.execute("SELECT 1 FROM destroyed WHERE person = ?", (person,)).fetchone():
                    raise Unusable(f"{person} was erased. Nothing can be recorded under that id any more.")
                nonce = secrets.token_bytes(NONCE)
                wrapped = nonce + self._master.encrypt(nonce, AESGCM.generate_key(256), person.encode())
                link.execute("INSERT INTO person_key VALUES (?, ?) ON CONFLICT DO NOTHING", (person, wrapped))

    def holds(self, people: Iterable[str]) -> frozenset[str]:
        """See ``Vault.holds``."""
        with self._open() as link:
            return frozenset(
                person
                for person in people
                if link.execute("SELECT 1 FROM person_key WHERE person = ?", (person,)).fetchone()
            )

    def lock(self, person: str, content: bytes, about: str) -> Locked:
        """See ``Vault.lock``."""
        key = self._key(person)
        if key is None:
            raise Unusable(f"There is no key of {person}, so nothing can be recorded.")
        nonce = secrets.token_bytes(NONCE)
        cipher = AESGCM(key).encrypt(nonce, content, _bound(person, about))
        return {"cipher": base64.b64encode(cipher).decode(), "nonce": base64.b64encode(nonce).decode()}

    def unlock(self, person: str, locked: Sequence[Locked], about: str) -> list[bytes] | None:
        """See ``Vault.unlock``."""
        key = self._key(person)
        return None if key is None else [_unlock(AESGCM(key), person, each, about) for each in locked]

    def mark(self, person: str, content: bytes) -> str:
        """See ``Vault.mark``."""
        key = self._key(person)
        if key is None:
            raise Unusable(f"There is no key of {person}, so nothing can be recorded.")
        return hmac.new(key, b"carepool/mark\n" + content, "sha256").hexdigest()

    def destroy(self, person: str, at: datetime) -> None:
        """See ``Vault.destroy``."""
        with self._open(writing=True) as link:
            link.execute("INSERT INTO destroyed VALUES (?, ?) ON CONFLICT DO NOTHING", (person, instant(at)))
            link.execute("DELETE FROM person_key WHERE person = ?", (person,))

    def destroyed(self) -> Mapping[str, str]:
        """See ``Vault.destroyed``."""
        with self._open() as link:
            return dict(link.execute("SELECT person, at FROM destroyed ORDER BY person").fetchall())

    def check(self) -> None:
        """Unusable where the keys were wrapped under another master key."""
        with self._open() as link:
            row = link.execute("SELECT person FROM person_key LIMIT 1").fetchone()
        if row is not None:
            self._key(row[0])

    def _key(self, person: str) -> bytes | None:
        with self._open() as link:
            row = link.execute("SELECT wrapped FROM person_key WHERE person = ?", (person,)).fetchone()
        if row is None:
            return None
        try:
            return self._master.decrypt(row[0][:NONCE], row[0][NONCE:], person.encode())
        except InvalidTag:
            raise Unusable(
                f"The key of {person} was wrapped under another master key. Put the {MASTER} back that belongs to {self._file}."
            ) from None

    @contextmanager
    def _open(self, *, writing: bool = False) -> Iterator[sqlite3.Connection]:
        link = sqlite3.connect(self._file, timeout=20, isolation_level=None)
        try:
            # What is deleted is overwritten, in this file and in no log beside it.
            link.execute("PRAGMA secure_delete = ON")
            link.execute("PRAGMA synchronous = FULL")
            link.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
            yield link
            link.execute("COMMIT")
        finally:
            link.close()


def _unlock(key: AESGCM, person: str, locked: Locked, about: str) -> bytes:
    try:
        cipher, nonce = (base64.b64decode(str(locked[name]), validate=True) for name in ("cipher", "nonce"))
        return key.decrypt(nonce, cipher, _bound(person, about))
    except (InvalidTag, KeyError, ValueError):
        raise Unusable(f"Something in {about} was not locked by the key of {person}.") from None


def _bound(person: str, about: str) -> bytes:
    return f"carepool/{person}/{about}".encode()
