"""What watches the service: health, readiness, metrics for whoever bears the token, a number and a line for each request."""

import json
import logging
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from carepool.basics.refusals import Unusable
from carepool.wiring.config import Config
from carepool.wiring.logs import REQUEST, ROUTE, Lines
from carepool.wiring.state import check_production
from carepool.wiring.watching import Environ, Start, Watch, Watched
from tests.asking import carepool, county_home
from tests.journeys.running import free_port, serving

TOKEN = "a-token-of-the-tests-and-of-nobody-else"
SECRET = "/plans/SECRET-0123"
CHECKS = {"database": True, "guards": True}
Ask = Callable[..., tuple[str, dict[str, str], bytes]]


def django(environ: Environ, start: Start) -> Iterable[bytes]:
    """Stands for the application: knows one route, and breaks at another."""
    if environ["PATH_INFO"] == "/breaks":
        raise RuntimeError("a fault")
    if environ["PATH_INFO"].startswith("/plans/"):
        environ[ROUTE] = "plan"
        start("200 OK", [("Content-Type", "text/plain")])
        return [REQUEST.get().encode()]
    start("404 Not Found", [])
    return [b"not here"]


def asking(**more: Any) -> Ask:
    """Asks the watched application."""
    watched = Watched(django, Watch(**{"checks": lambda: CHECKS, "levels": lambda: {"facts_sealed": 12}, "token": TOKEN} | more))  # fmt: skip

    def ask(path: str, method: str = "GET", **headers: str) -> tuple[str, dict[str, str], bytes]:
        told: list[Any] = []
        environ = {"PATH_INFO": path, "REQUEST_METHOD": method, **{f"HTTP_{name}": value for name, value in headers.items()}}  # fmt: skip
        body = b"".join(watched(environ, lambda status, had, *_: told.extend((status, dict(had)))))
        return told[0], told[1], body

    return ask


def test_it_lives_and_is_ready() -> None:
    """``/health`` says that the process answers; ``/ready`` that all it needs is there, and 503 names what is not."""
    status, headers, body = asking()("/health")
    assert (status, headers["Cache-Control"], json.loads(body)) == ("200 OK", "no-store", {"alive": True})
    status, _, body = asking()("/ready")
    assert (status, json.loads(body)["ready"]) == ("200 OK", True)
    status, _, body = asking(checks=lambda: CHECKS | {"guards": False})("/ready")
    assert status.startswith("503")
    assert json.loads(body) == {"ready": False, "checks": {"database": True, "guards": False}}


def test_metrics_are_for_whoever_bears_the_token() -> None:
    """Counted by route, method and status; without the token, with another, or where none is set, there is no such page."""
    ask = asking()
    ask(SECRET)
    ask(SECRET, "BREW")
    status, headers, body = ask("/metrics", AUTHORIZATION=f"Bearer {TOKEN}")
    said = body.decode()
    assert (status, headers["Content-Type"].partition(";")[0]) == ("200 OK", "text/plain")
    assert 'carepool_requests_total{method="GET",route="plan",status="200"}' in said
    assert 'carepool_requests_total{method="other",route="plan",status="200"}' in said
    assert "carepool_facts_sealed 12.0" in said
    assert "SECRET" not in said
    for given in ({}, {"AUTHORIZATION": "Bearer other"}, {"AUTHORIZATION": TOKEN}):
        assert ask("/metrics", **given)[0] == "404 Not Found"
    assert asking(token="")("/metrics", AUTHORIZATION="Bearer ")[0] == "404 Not Found"


def test_who_asks_for_the_head_gets_no_body() -> None:
    """Status and headers are those of the page, and what Django wrote beside them is put down unread."""
    closed: list[bool] = []

    class Body(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    def application(_environ: Environ, start: Start) -> Iterable[bytes]:
        start("200 OK", [("Content-Length", "4")])
        return Body([b"page"])

    watched = Watched(application, Watch(lambda: CHECKS, dict))
    told: list[Any] = []
    answers = [
        b"".join(watched({"PATH_INFO": "/", "REQUEST_METHOD": each}, lambda *had: told.append(had)))
        for each in ("GET", "HEAD")
    ]
    assert (answers, closed) == ([b"page", b""], [True])
    assert [had[0] for had in told] == ["200 OK", "200 OK"]
    assert [dict(had[1])["Content-Length"] for had in told] == ["4", "4"]


def test_each_request_has_a_number() -> None:
    """Its own each time; that of a proxy only where one of ours stands before the service, and only if it is one."""
    ask, behind = asking(), asking(trusted=True)
    first, second = ask(SECRET), ask(SECRET)
    assert first[1]["X-Request-ID"] == first[2].decode() != second[2].decode()
    given = {"X_REQUEST_ID": "abcdef-0123456789"}
    assert behind(SECRET, **given)[1]["X-Request-ID"] == "abcdef-0123456789"
    assert ask(SECRET, **given)[1]["X-Request-ID"] != "abcdef-0123456789"
    assert behind(SECRET, X_REQUEST_ID="a\nb: c, and much else")[1]["X-Request-ID"].isalnum()
    assert REQUEST.get() == ""


def test_a_line_says_nothing_of_whom_or_what(caplog: pytest.LogCaptureFixture) -> None:
    """A line of JSON for each request: number, route, method, status, time taken. No address, no question, no caller."""
    ask = asking(lines=True)
    with caplog.at_level(logging.INFO, "carepool.requests"):
        ask(SECRET, REMOTE_ADDR="10.1.2.3")
        with pytest.raises(RuntimeError):
            ask("/breaks")
    lines = [json.loads(Lines().format(record)) for record in caplog.records]
    assert [(each["route"], each["status"]) for each in lines] == [("plan", 200), ("none", 500)]
    assert set(lines[0]) == {"at", "level", "from", "route", "method", "status", "milliseconds"}
    assert "SECRET" not in caplog.text


def test_a_fault_is_a_line_too(caplog: pytest.LogCaptureFixture) -> None:
    """What Django says of a fault is one line with the number of its request, without tokens."""
    held = REQUEST.set("0123456789abcdef")
    with caplog.at_level(logging.ERROR, "django.request"):
        logging.getLogger("django.request").error("Not Found: /sign/TOKEN-0123?code=1")
    REQUEST.reset(held)
    formatter = Lines()
    held = REQUEST.set("0123456789abcdef")
    said = json.loads(formatter.format(caplog.records[-1]))
    REQUEST.reset(held)
    assert (said["request"], said["level"]) == ("0123456789abcdef", "error")
    assert "TOKEN" not in said["says"]


SAFE = {"CAREPOOL_PRODUCTION": "yes", "CAREPOOL_HOSTS": "fund.example", "CAREPOOL_ADDRESS": "https://fund.example"}  # fmt: skip
UNSAFE = {
    "any host": ({"CAREPOOL_HOSTS": "*"}, "lets any host be asked for"),
    "this machine": ({"CAREPOOL_HOSTS": "localhost"}, "names no host but this machine"),
    "no address": ({"CAREPOOL_ADDRESS": ""}, "CAREPOOL_ADDRESS is not set"),
    "a database elsewhere": (
        {"CAREPOOL_DATABASE": "postgresql://fund:secret@db.example/carepool?sslmode=require"},
        r"write \?sslmode=verify-full",
    ),
    "a short token": ({"CAREPOOL_METRICS_TOKEN": "short"}, "fewer than 32 characters"),
    "the token of deploy/": (
        {"CAREPOOL_METRICS_TOKEN": "CHANGE-ME-to-32-characters-or-more"},
        "CAREPOOL_METRICS_TOKEN still reads CHANGE-ME",
    ),
    "the password of deploy/": (
        {"CAREPOOL_SMTP": "smtp://carepool:CHANGE-ME@mail.example:587"},
        "CAREPOOL_SMTP still reads CHANGE-ME",
    ),
}


@pytest.mark.parametrize("case", UNSAFE)
def test_what_is_unsafe_in_production_is_refused(tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Each by its name, all at once, before anything is served."""
    monkeypatch.setattr("carepool.wiring.state._of_database", list)
    key = tmp_path / "secret-key"
    key.write_text("k" * 64)
    key.chmod(0o600)
    given, says = UNSAFE[case]
    check_production(Config.from_environment(SAFE | {"CAREPOOL_HOME": str(tmp_path)}))
    with pytest.raises(Unusable, match=says):
        check_production(Config.from_environment(SAFE | {"CAREPOOL_HOME": str(tmp_path)} | given))
    key.chmod(0o644)
    assert stat.S_IMODE(key.stat().st_mode) == 0o644
    with pytest.raises(Unusable, match="can be read by others"):
        check_production(Config.from_environment(SAFE | {"CAREPOOL_HOME": str(tmp_path)}))
    check_production(Config.from_environment({"CAREPOOL_HOME": str(tmp_path)} | given))


@pytest.mark.slow
def test_the_service_is_watched(tmp_path: Path) -> None:
    """“carepool serve” itself: ready, counted over its processes, a number on each answer, and lines of JSON."""
    log = tmp_path / "log"
    with serving(log=log, CAREPOOL_METRICS_TOKEN=TOKEN, CAREPOOL_LOG="requests") as address:
        with urlopen(f"{address}/ready") as answer:
            assert json.load(answer)["checks"] == dict.fromkeys(
                ("database", "tables", "guards", "rules"), True
            )
        with urlopen(f"{address}/boards/E10000016") as answer:
            assert answer.headers["X-Request-ID"]
        with urlopen(Request(f"{address}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})) as answer:
            said = answer.read().decode()
        assert 'carepool_requests_total{method="GET",route="board",status="200"} 1.0' in said
        assert "carepool_notices_waiting" in said
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{address}/metrics")
    lines = [json.loads(each) for each in log.read_text().splitlines() if each.startswith("{")]
    assert [each["status"] for each in lines if each.get("route") == "board"] == [200]
    assert "E10000016" not in log.read_text()


@pytest.mark.slow
def test_a_demonstration_is_not_served_in_production(tmp_path: Path) -> None:
    """Its accounts have a password that everybody knows: the start says so, and nothing listens."""
    home = county_home(tmp_path / "home")
    (home / "secret-key").write_text("k" * 64)
    (home / "secret-key").chmod(0o600)
    done = carepool("serve", "--port", str(free_port()), home=home, **SAFE)
    assert done.returncode == 2
    assert "accounts of the demonstration" in done.stderr
    assert done.stderr.count("\n") == 1
