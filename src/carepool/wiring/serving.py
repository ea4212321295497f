"""Serves the pages with gunicorn, from the process that prepared them."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from gunicorn.app.base import BaseApplication

from carepool.actions.series import STREAM as STATISTICS
from carepool.basics.building import keep_for_ever
from carepool.publication.waivers import STREAM as EXCEPTIONS
from carepool.store.journal import SqlJournal
from carepool.wiring import disk
from carepool.wiring.kept_pages import KeptPages
from carepool.wiring.logs import ServerLog
from carepool.wiring.spreading import Spread

THREADS = 4
"""Of each worker. They share one lock, so that fewer would answer as many pages; but a few long documents at once would hold up all others."""


def address(host: str, port: int) -> str:
    """The address to open in a browser."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def announce(host: str, port: int, what: str) -> None:
    """Say where the pages are."""
    sys.stdout.write(f"{what} is at {address(host, port)}  (stop with Ctrl-C)\n")
    sys.stdout.flush()


class Service(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with its settings given by us, not by a file or the command line."""

    def __init__(self, options: dict[str, object], warm: Callable[[], object], *, public: bool) -> None:
        self.options, self.warm, self.public = options, warm, public
        super().__init__()

    def load_config(self) -> None:
        """Take our settings."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """The application. What all workers read is read before they part, so that they share it."""
        # It counts in files that all processes share, which it is told by the environment when it is imported.
        from carepool.wiring.state import checks, levels
        from carepool.wiring.watching import Watch, Watched

        config = settings.CONFIG
        application: Callable[..., Any] = get_wsgi_application()
        self.warm()
        connections.close_all()
        # The collector took a sixth of a second to look at all of it; and the processes that part here go on sharing it.
        keep_for_ever()
        if self.public:
            application = KeptPages(
                application, disk.build(), published, monotonic, settings.SESSION_COOKIE_NAME
            )
        watch = Watch(checks, levels, config.metrics_token, config.proxies > 0, config.logs_requests)
        return Watched(application, watch)


def published() -> str:
    """A word for what has been published so far: each plan with the number of its releases, exceptions and statistics."""
    journal = SqlJournal()
    try:
        streams = (*journal.streams("publication/"), EXCEPTIONS, STATISTICS)
        return " ".join(f"{each}:{journal.version(each)}" for each in streams)
    finally:
        connections.close_all()  # asked outside of any request, so nobody else closes it


class Beside:
    """A process of ours beside this one, while this one serves."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *words: str) -> None:
        """Start a command of ours with these words; it ends by itself when this process is gone."""
        command = [sys.executable, "-m", "carepool.wiring.main", *words, "--beside", str(os.getpid())]
        self._process = subprocess.Popen(command)  # noqa: S603  (our own command, and no word of it is anybody's)

    def stop(self) -> None:
        """Stop it, and wait until it has put down what it was at."""
        if self._process:
            self._process.terminate()
            self._process.wait()


def run(
    host: str,
    port: int,
    workers: int,
    warm: Callable[[], object],
    *,
    notices: bool = False,
    care: int = 0,
    what: str = "carepool",
    public: bool = True,
) -> None:
    """Serve until stopped, with the process of notices and that of the person wing beside where they are asked for.

    ``public`` keeps the pages of releases as they were rendered; the wing has nothing that anybody may keep.
    """
    notifier, wing = Beside(), Beside()
    spread = Spread(workers, THREADS, monotonic)
    counts = tempfile.mkdtemp(prefix="carepool-counts-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts

    def ready(_server: object) -> None:
        announce(host, port, what)
        if notices:
            notifier.start("notices", "run", "--address", address(host, port).rstrip("/"))
        if care:
            wing.start("care", "serve", "--host", host, "--port", str(care))

    def ended(_server: object, worker: Any) -> None:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # the package says no types
        spread.ended(worker)

    def stopped(_server: object) -> None:
        notifier.stop()
        wing.stop()
        shutil.rmtree(counts, ignore_errors=True)

    Service(
        {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "preload_app": True,
            "control_socket_disable": True,
            "loglevel": "warning",
            "logger_class": ServerLog,
            "timeout": 30,
            "when_ready": ready,
            "pre_request": spread,
            "child_exit": ended,
            "on_exit": stopped,
        },
        warm,
        public=public,
    ).run()
