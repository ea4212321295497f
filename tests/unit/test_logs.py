"""What the service writes to its log while it serves: which page, never what opens it."""

import logging
import socket
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from gunicorn.config import Config

from carepool.wiring.logs import ServerLog
from tests.journeys.running import serving

SECRETS = ("TOKEN-0123", "CODE-0123", "STATE-0123", "COOKIE-0123")
TOKEN, CODE, STATE, COOKIE = SECRETS
OPENING = (
    f"/sign/{TOKEN}", f"/invitations/{TOKEN}", f"/invitations/{TOKEN}/with/council", f"/sign-in/new-password/{TOKEN}",
    f"/calendar/{TOKEN}.ics", f"/sign-in/with/council/back?code={CODE}&state={STATE}",
    f"/plans/none-such?next=%2Fsign%2F{TOKEN}",
)  # fmt: skip
"""Every address that opens something, and one that leads on to it."""


def status_of(address: str) -> int:
    """What is answered."""
    try:
        with urlopen(address) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def sent_raw(address: str, *lines: str) -> bytes:
    """What is answered to a request that no browser would send."""
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as talk:
        talk.sendall("\r\n".join([*lines, "", ""]).encode())
        return talk.recv(200)


@pytest.mark.slow
def test_no_code_state_or_token_is_in_what_the_service_writes(tmp_path: Path) -> None:
    """The output of “carepool serve” itself: Django's lines and gunicorn's, also of what cannot be read as a request."""
    log = tmp_path / "log"
    with serving(log=log) as address:
        assert {status_of(address + each) for each in OPENING} <= {200, 400, 403, 404, 410}
        for path in OPENING:
            assert b" 400 " in sent_raw(address, f"GET {path} NO-HTTP/1.1", "Host: localhost")
        assert b" 400 " in sent_raw(address, "GET / HTTP/1.1", f"Cookie\x01: {COOKIE}")
    said = log.read_text()
    assert "Not Found: /sign/…" in said
    assert "A request could not be read" in said
    for each in SECRETS:
        assert each not in said, each


def test_a_fault_of_the_server_is_told_without_them(capsys: pytest.CaptureFixture[str]) -> None:
    """gunicorn writes the whole address where the application breaks: with ours, neither address nor fault tells a token."""
    config = Config()
    config.set("errorlog", "-")
    config.set("accesslog", "-")
    before = {name: list(logging.getLogger(name).handlers) for name in ("gunicorn.error", "gunicorn.access")}
    try:
        log = ServerLog(config)
        for path in OPENING:
            try:
                raise RuntimeError(f"at {path}")
            except RuntimeError:
                log.exception("Error handling request %s %s", "GET", path)
            log.access_log.info("GET %s HTTP/1.1", path)
        sys.stdout.flush()
    finally:
        for name, handlers in before.items():
            logging.getLogger(name).handlers = handlers
    said = "".join(capsys.readouterr())
    assert "RuntimeError: at /sign/…" in said
    assert "GET /sign-in/with/council/back?… HTTP/1.1" in said
    for each in SECRETS:
        assert each not in said, each
