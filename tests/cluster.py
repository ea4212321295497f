"""A throw-away PostgreSQL server for tests: in a temporary folder, on a socket there, gone at the end."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest

UNAVAILABLE = "PostgreSQL suite could not run:"
"""What the reason for skipping these tests begins with. With CI=true they fail instead."""


class Unavailable(Exception):
    """The server cannot be started on this machine; ``str()`` says why."""


class Cluster:
    """A running server that nobody else can reach. Unless it is durable it does not sync to disk, and proves nothing of power cuts."""

    def __init__(self, folder: Path, user: str) -> None:
        self.folder = folder
        self.user = user
        self._numbers = count(1)

    def settings(self, name: str) -> dict[str, object]:
        """Django's settings for one of its databases."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "USER": self.user,
            "HOST": str(self.folder),
            "OPTIONS": {},
        }

    def address(self, name: str) -> str:
        """The address of one of its databases, as ``CAREPOOL_DATABASE`` takes it."""
        return f"postgresql://{self.user}@{quote(str(self.folder), safe='')}/{name}"

    def create(self, template: str = "template0") -> str:
        """Make a database, a copy of the template, which nobody may be connected to; returns its name."""
        name = f"carepool_{next(self._numbers)}"
        self.run(f'CREATE DATABASE {name} TEMPLATE {template} ENCODING "UTF8"')
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def run(self, sql: str, database: str = "postgres") -> None:
        """Run one statement as the server's owner."""
        import psycopg

        with psycopg.connect(
            host=str(self.folder), user=self.user, dbname=database, autocommit=True
        ) as connection:
            connection.execute(sql)  # type: ignore[arg-type]


@contextmanager
def running_cluster(durable: bool = False) -> Iterator[Cluster]:
    """Start a server and stop it at the end. Unavailable when PostgreSQL is not installed or will not start."""
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    found = shutil.which("initdb")
    if not tools and not found:
        raise Unavailable("initdb is not installed (on Debian: postgresql)")
    binaries = tools[-1] if tools else Path(str(found)).parent
    owner = _ordinary_user()
    folder = Path(
        tempfile.mkdtemp(prefix="carepool-pg-", dir="/tmp")
    )  # the path of a socket may be 107 bytes long
    if os.geteuid() == 0:
        shutil.chown(folder, owner)
    data = folder / "data"
    options = f"-c fsync={'on' if durable else 'off'} -c listen_addresses='' -c unix_socket_directories={folder} -c max_connections=60"
    try:
        _run_as(
            owner,
            [
                str(binaries / "initdb"),
                "-D",
                str(data),
                "-A",
                "trust",
                "--no-sync",
                "-U",
                "owner",
                "-E",
                "UTF8",
            ],
        )
        _run_as(
            owner,
            [
                str(binaries / "pg_ctl"),
                "-D",
                str(data),
                "-l",
                str(folder / "log"),
                "-o",
                options,
                "-w",
                "start",
            ],
        )
        try:
            yield Cluster(folder, "owner")
        finally:
            _run_as(owner, [str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ordinary_user() -> str:
    """Whom the server runs as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    names = {each.pw_name for each in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in names and shutil.which("runuser"):
            return name
    raise Unavailable("this is root, and there is no ordinary user to run the server as")


def _run_as(user: str, command: list[str]) -> None:
    if os.geteuid() == 0:
        command = ["runuser", "-u", user, "--", *command]
    try:
        # Not a pipe: the server would inherit it and hold it open.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(command, stdout=said, stderr=said, cwd="/", timeout=60)
            said.seek(0)
            if done.returncode:
                raise Unavailable(f"{Path(command[-1]).name}: {said.read().strip()[-300:]}")
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(str(error)) from error


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One server for the whole run. Tests that need it are skipped where it cannot start, but fail with CI=true."""
    try:
        context = running_cluster()
        started = context.__enter__()
    except Unavailable as error:
        message = f"{UNAVAILABLE} {error}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    try:
        yield started
    finally:
        context.__exit__(None, None, None)
