"""The service as its users run it, to be killed, and somebody signed in who sends its forms."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from html import unescape
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from carepool.actions.demonstration import PASSWORD
from tests.journeys.running import first_line, free_port, plain_environment

CAREPOOL = [sys.executable, "-m", "carepool.wiring.main"]
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
Unanswered = (OSError, HTTPException)
"""What becomes of a question whose server died."""


class Service:
    """``carepool serve``, which can be killed and started again with the same home and database."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        # Python keeps what it has compiled, as it does for users, beside the home and not in our folders.
        compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(home.with_name("compiled"))}
        self.environment = plain_environment() | compiled | {"CAREPOOL_HOME": str(home)} | settings
        self.port = free_port()
        self._process: subprocess.Popen[str] | None = None

    def command(self, *words: str) -> str:
        """Give a command as its operator; what it says."""
        return subprocess.run(
            [*CAREPOOL, *words], env=self.environment, cwd=self.home.parent, check=True, capture_output=True, text=True
        ).stdout  # fmt: skip

    def start(self) -> None:
        """Start it, with all its processes in one group, and wait until it says where it is."""
        with Path(self.home.parent, "complaints").open("w+") as complaints:
            self._process = subprocess.Popen(
                [*CAREPOOL, "serve", "--port", str(self.port)], env=self.environment, cwd=self.home.parent,
                stdout=subprocess.PIPE, stderr=complaints, text=True, start_new_session=True,
            )  # fmt: skip
            if not first_line(self._process):
                complaints.seek(0)
                raise RuntimeError(f"carepool serve did not start: {complaints.read()[-2000:]}")

    def kill(self) -> None:
        """kill -9 of every process of it at once: the one that listens, those that answer, and that of notices."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            if self._process.stdout:
                self._process.stdout.close()
            self._process = None


class Visitor:
    """Somebody with a browser: their cookies, and the token that each of their forms bears."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._cookies: dict[str, str] = {}
        self._token = ""

    def ask(self, method: str, path: str, typed: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        """Ask once: the status, where it leads, and the page. One of ``Unanswered`` where no whole answer came."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
            body = None
            if typed is not None:
                body = urlencode({**typed, "csrfmiddlewaretoken": self._token})
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
            for each in answer.headers.get_all("Set-Cookie", ()):
                self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(each).items()}
            return answer.status, urlsplit(answer.headers.get("Location", "")).path, page
        finally:
            connection.close()

    def open(self, path: str) -> str:
        """Look at a page, with the form that may stand on it."""
        status, _, page = self.ask("GET", path)
        assert status == 200, (status, page[:500])
        found = _TOKEN.search(page)
        self._token = unescape(found[1]) if found else self._token
        return page

    def sign_in(self, handle: str) -> None:
        """Sign in by the form, as a person of the illustrative county."""
        self.open("/sign-in")
        status, _, page = self.ask("POST", "/sign-in", {"handle": handle, "password": PASSWORD})
        assert status == 302, page[:500]
