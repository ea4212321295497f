"""The service as a user runs it, and a browser to look at it: shared by the journeys and by the README's pictures."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

UNAVAILABLE = "browser suite could not run:"
"""What the reason for skipping these tests begins with. With CI=true they fail instead."""

CHROMIUM = Path("/usr/bin/chromium")
SHELL = Path("/usr/bin/chromium-headless-shell")
"""
Chromium as programs use it, the same engine of pages without a desk of windows around it: a window of it costs a fifth. Used
where it is installed.
"""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-device-scale-factor=1",
    "--font-render-hinting=none",
]
SAYS = "carepool is at "
"""What a service says before its address."""
PATIENCE = 30
"""Seconds within which the service must say where it is."""


class Unavailable(Exception):
    """There is no browser on this machine; ``str()`` says why."""


def browser_options() -> dict[str, object]:
    """How Chromium is started. Unavailable when it is not installed."""
    installed = next((each for each in (SHELL, CHROMIUM) if each.exists()), None)
    if installed is None:
        raise Unavailable(f"{CHROMIUM} is not installed (on Debian: chromium fonts-liberation)")
    return {"executable_path": str(installed), "args": FLAGS}


@contextmanager
def serving(
    *orders: tuple[str, ...], log: Path | None = None, wing: bool = False, **more: str
) -> Iterator[str]:
    """Run ``carepool serve`` on a free port with a home of its own; its address, without the slash at its end.

    With ``wing`` it is ``carepool care serve``, the person wing alone.
    ``orders`` are commands that its operator gives once it runs, like ``("office", "give", …)``; ``more`` are settings by
    name, such as ``CAREPOOL_HOME``, which then is kept. What it writes to its error output is kept in ``log``.
    """
    home = tempfile.mkdtemp(prefix="carepool-served-")
    settings = plain_environment() | {"CAREPOOL_HOME": str(Path(home, "var"))} | more
    carepool = [sys.executable, "-m", "carepool.wiring.main"]
    command = [*carepool, *(["care"] if wing else []), "serve", "--port", str(free_port()), "--workers", "1"]
    with log.open("w+") if log else tempfile.TemporaryFile("w+") as complaints:
        service = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=complaints, text=True, cwd=home,
            env=settings,
        )  # fmt: skip
        try:
            says = "carepool care is at " if wing else SAYS
            said = first_line(service, says)
            if says not in said:
                complaints.seek(0)
                raise RuntimeError(f"carepool serve did not start: {said!r} {complaints.read()[-2000:]}")
            for order in orders:
                subprocess.run([*carepool, *order], cwd=home, env=settings, check=True, capture_output=True)
            yield said.split(says)[1].split()[0].rstrip("/")
        finally:
            service.terminate()
            service.wait(PATIENCE)
            assert service.stdout
            service.stdout.close()
            shutil.rmtree(home, ignore_errors=True)


def plain_environment() -> dict[str, str]:
    """The environment of the tests without what it says to carepool."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("CAREPOOL_", "DJANGO_"))
    }


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def first_line(service: subprocess.Popen[str], says: str = SAYS) -> str:
    """The line that says where the service is; without one in good time, it has not started."""
    lines: Queue[str] = Queue()
    assert service.stdout
    spoken = service.stdout
    Thread(
        target=lambda: lines.put(next((line for line in spoken if says in line), "")),
        daemon=True,
    ).start()
    try:
        return lines.get(timeout=PATIENCE)
    except Empty:
        return ""
