"""What holds of every route: forms prove where they came from, nothing runs, looking writes nothing, the log names nobody."""

import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, reverse
from django.utils.module_loading import import_string

from carepool.actions.house import House
from carepool.offices.holdings import end, stream_of
from carepool.signin.models import Account
from carepool.wiring import serving
from carepool.wiring.logs import WithoutTokens
from carepool.wiring.middleware import LARGEST_REQUEST
from tests.web.access import EXAMPLES, OTHERS, ROUTES, Answer, of_a_plan, parts_of, seen
from tests.web.conftest import State
from tests.web.reading import Page, nothing_written
from tests.web.visiting import Person

FILES = {"plan-paper-pdf", "plan-paper-docx", "plan-dossier", "plan-workbook-xlsx"}
POLICY_PARTS = (
    "default-src 'none'",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)

TEXT = r"(text/[a-z-]+|application/(json|yaml|atom\+xml))"
BINARY = r"(application/(pdf|zip|json|problem\+json|vnd\.openxmlformats[\w.-]+)|image/svg\+xml)"
"""JSON is of one encoding by its own rule; all other texts say theirs."""


def path_of(route: URLPattern, plan: str = "stonebeck", **more: str) -> str:
    """An example of a route's address."""
    known = {
        **OTHERS,
        **more,
        "signed": "0" * 64,
        "section": "schemes",
        "which": "0" * 16,
        "side": "nhs",
        "item": "quality",
    }
    known |= {"plan": plan, "pool": "carrowby", **EXAMPLES.get(str(route.name), {})}
    return reverse(str(route.name), kwargs={each: known[each] for each in parts_of(route)})


def browser(handle: str, *, careful: bool = False) -> Client:
    """Somebody signed in."""
    made = Client(SERVER_NAME="localhost", enforce_csrf_checks=careful, raise_request_exception=False)
    made.force_login(Account.objects.get(handle=handle))
    return made


@dataclass
class Look:
    """What every route answered to somebody who looked, by its name, and what was written meanwhile, by address."""

    answers: dict[str, Answer] = field(default_factory=dict)
    written: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def look(loaded: State) -> Callable[[str], Look]:
    """Has somebody look at every route, at whichever plan, as at today and an earlier day; each once for all tests that ask."""
    kept: dict[str, Look] = {}

    def has_looked(handle: str) -> Look:
        if handle not in kept:
            with transaction.atomic():
                kept[handle] = looked(browser(handle) if handle else Client(SERVER_NAME="localhost"))
                transaction.set_rollback(True)
        return kept[handle]

    return has_looked


def looked(visitor: Client) -> Look:
    """All that a visitor sees by looking."""
    found = Look()
    for name, route in ROUTES.items():
        several = of_a_plan(route) and name not in FILES
        plans = (
            ("stonebeck", "carrowby", "merrow") if several and "plan" in parts_of(route) else ("stonebeck",)
        )
        asked = {
            path_of(route, plan) + query for plan in plans for query in ("", *["?as_at=2015-06-01"][:several])
        }
        for path in sorted(asked):
            with nothing_written() as written:
                answer = visitor.get(path)
            found.written[path] = written
            if path == path_of(route):
                found.answers[name] = seen(answer, "\0")
    return found


# Forms


@pytest.mark.slow
def test_every_form_proves_where_it_came_from(undone: None) -> None:
    """
    Whatever is sent to any route without the token of its page is refused, signed in or not, before anything is read, and
    to the API whatever comes without a token of its own; nothing answers TRACE.
    """
    visitors = [
        Client(SERVER_NAME="localhost", enforce_csrf_checks=True),
        browser("stonebeck.lead", careful=True),
    ]
    for name, route in ROUTES.items():
        assert not getattr(route.callback, "csrf_exempt", False), name
        for visitor in visitors:
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                refused = 401 if name.startswith("api-") else 403
                assert visitor.generic(method, path_of(route)).status_code == refused, (method, name)
            assert visitor.generic("TRACE", path_of(route)).status_code in {401, 403, 404, 405}, name


# Answers


@pytest.mark.parametrize("handle", ["", "stonebeck.lead", "nhs.assurer"])
@pytest.mark.slow
def test_every_answer_bears_the_policy(undone: None, look: Callable[[str], Look], handle: str) -> None:
    """Pages, data, files, redirects and refusals of every route: nothing is fetched from elsewhere, and no inline script runs."""
    visitor = browser(handle) if handle else Client(SERVER_NAME="localhost")
    for name, route in ROUTES.items():
        bears_the_policy(look(handle).answers[name], name)
        for method in ("POST", "PUT"):
            with transaction.atomic():
                bears_the_policy(seen(visitor.generic(method, path_of(route)), "\0"), f"{method} {name}")
                transaction.set_rollback(True)
        if name == "sign-out" and handle:
            visitor = browser(handle)


def bears_the_policy(answer: Answer, name: str) -> None:
    """Its headers say it, and nothing in a page goes against it."""
    headers = dict(answer.headers)
    policy = headers["Content-Security-Policy"]
    assert all(each in policy for each in POLICY_PARTS), name
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert not [each for each in headers if each.startswith("Access-Control-")], name
    if answer.body:
        assert re.fullmatch(f"{TEXT}; charset=utf-8|{BINARY}", headers["Content-Type"]), name
    if "html" in headers.get("Content-Type", ""):
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|<style|\sstyle=", answer.body), name


@pytest.mark.parametrize(
    "path", ["/static/carepool/carepool.css", "/static/nothing.css", "/nowhere", "/%ff", "/plans/%00"]
)
def test_so_does_what_is_no_route(loaded: State, path: str) -> None:
    """A style sheet, a file that is not there, and an address of nothing."""
    answer = Client(SERVER_NAME="localhost").get(path)
    answer.close()
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_so_does_a_request_for_another_host(loaded: State) -> None:
    """Refused before any of ours looks at it."""
    answer = Client(SERVER_NAME="elsewhere.example").get("/")
    assert answer.status_code == 400
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.slow
def test_cookies_go_over_https_alone_in_production(tmp_path: Path) -> None:
    """Session and token: secure in production, never read by a script or sent from another site; both live in their own names."""
    key = tmp_path / "secret-key"
    key.write_text("k" * 60)
    key.chmod(0o600)
    asked = "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE CSRF_COOKIE_SAMESITE"
    command = f"import django; from django.conf import settings as s; django.setup(); print([getattr(s, each) for each in '{asked}'.split()])"
    given = {name: value for name, value in os.environ.items() if not name.startswith("CAREPOOL_")}
    given |= {"CAREPOOL_HOME": str(tmp_path), "CAREPOOL_PRODUCTION": "yes", "CAREPOOL_ADDRESS": "https://fund.example", "CAREPOOL_HOSTS": "fund.example"}  # fmt: skip
    made = subprocess.run(
        [sys.executable, "-c", command], env=given, capture_output=True, text=True, check=False
    )
    assert made.stdout.strip() == "[True, True, True, 'Lax', 'Lax']", made.stderr[-500:]
    assert settings.SESSION_COOKIE_NAME != "sessionid"


@pytest.mark.parametrize(
    "path", ["/.git/HEAD", "/.env", "/static/", "/static/../wiring/settings_fund.py", "/static/carepool/", "/var/secret-key", "/admin/", "/server-status"]
)  # fmt: skip
def test_nothing_lies_about(loaded: State, path: str) -> None:
    """No file of the service's own, no list of files, and no page for keepers of the machine is behind any address."""
    assert Client(SERVER_NAME="localhost").get(path).status_code == 404


def test_what_is_larger_than_any_page_takes_is_not_read(loaded: State) -> None:
    """Refused by its length, signed in or not: reading the token of a form would read its files first, to the last byte."""

    class Unread:
        def read(self, *_: object) -> bytes:
            raise AssertionError("it was read")

        readline = read

    visitor = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    sent = {"CONTENT_LENGTH": str(LARGEST_REQUEST + 1), "CONTENT_TYPE": "multipart/form-data; boundary=x", "wsgi.input": Unread()}  # fmt: skip
    answer = visitor.generic("POST", "/sign-in", **sent)
    assert answer.status_code == 413
    assert "That is too much at once" in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    just = visitor.generic("POST", "/sign-in", b"x" * 1000, content_type="application/x-www-form-urlencoded")
    assert just.status_code == 403


@pytest.mark.parametrize("length", ["", "-1", "many"])
def test_a_length_that_is_none(loaded: State, length: str) -> None:
    """What says no length that can be is refused or read as empty, and is no fault of ours."""
    visitor = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    assert visitor.generic("POST", "/sign-in", CONTENT_LENGTH=length).status_code in {400, 403, 413}


def test_browsers_come_back_encrypted_for_a_year(loaded: State) -> None:
    """Every answer that went out encrypted says so, refusals too, for the host and whatever stands below it."""
    with override_settings(SECURE_HSTS_SECONDS=31_536_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True):
        visitor = Client(SERVER_NAME="localhost")
        for path in ("/about", "/nowhere", "/static/carepool/carepool.css", "/me"):
            answer = visitor.get(path, secure=True)
            answer.close()
            assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", path


def test_what_comes_in_the_clear_is_answered_nothing_but_where_to_go(loaded: State) -> None:
    """In production, whoever gets past the proxy is led to the same address encrypted, pages, files and forms alike; encrypted, it is answered."""
    with override_settings(SECURE_SSL_REDIRECT=True):
        visitor = Client(SERVER_NAME="localhost")
        for path in ("/about", "/boards/E10000016.json", "/static/carepool/carepool.css", "/nowhere?a=b"):
            answer = visitor.get(path)
            assert (answer.status_code, answer["Location"]) == (301, f"https://localhost{path}")
            assert answer.content == b""
        sent = visitor.post("/sign-in", {"handle": "stonebeck.lead", "password": "otter lamp quarry nine"})
        assert (sent.status_code, sent["Location"], dict(sent.cookies)) == (
            301,
            "https://localhost/sign-in",
            {},
        )
        assert visitor.get("/about", secure=True).status_code == 200


# Looking


@pytest.mark.parametrize(
    "handle", ["", "stonebeck.lead", "carrowby.finance", "nhs.assurer", "minister.office"]
)
@pytest.mark.slow
def test_looking_writes_nothing(look: Callable[[str], Look], handle: str) -> None:
    """No GET of any route changes the database, whoever looks at whichever plan, as at today or any day."""
    written = look(handle).written
    assert len(written) > len(ROUTES)
    assert [path for path, statements in written.items() if statements] == []


# Offices


@pytest.mark.slow
def test_a_revoked_office_is_refused_on_the_next_request(someone: Callable[..., Person], now: House) -> None:
    """
    The page stands open and the form is filled in; the office is ended; whatever is asked next, of any route of the plan,
    is answered as if there were no plan, and the form that was open records nothing.
    """
    who, here, path = someone("stonebeck.chief"), "/plans/stonebeck/decisions", "/plans/stonebeck/decide"
    sent = who.form(here, path) | {"agrees": "no", "reasons": "My last words"}
    stream, account = stream_of("council:ZZ4"), Account.objects.get(handle="stonebeck.chief").pk
    now.journal.append(
        [end("council:ZZ4", "chief_executive", account, now.today - timedelta(1))],
        expecting={stream: now.journal.version(stream)}, by="carepool", at=now.clock(),
    )  # fmt: skip
    before = now.journal.version("signoff/stonebeck")
    answer = who.send(path, sent)
    assert answer.status_code == 404
    assert "My last words" in answer.content.decode()
    assert now.journal.version("signoff/stonebeck") == before
    for name, route in ROUTES.items():
        if of_a_plan(route):
            mine, none = (who.browser.get(path_of(route, plan)) for plan in ("stonebeck", "nothing-s"))
            assert mine.status_code == none.status_code == 404, name
            assert seen(mine, "stonebeck") == seen(none, "nothing-s")
    for path in ("/me", "/plans", "/calendar", "/county"):
        assert "Stonebeck joint plan" not in who.page(path).text


# The log


@pytest.fixture
def written() -> Iterator[list[str]]:
    """What the service writes to its log meanwhile, through what it is set up with."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.extend(each.format(record) for each in formatters)

    kept = Kept(logging.DEBUG)
    formatters = [import_string(each["()"])() for each in settings.LOGGING["formatters"].values()]
    assert formatters
    assert all(isinstance(each, WithoutTokens) for each in formatters)
    assert settings.LOGGING["handlers"]["stderr"]["formatter"] in settings.LOGGING["formatters"]
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(kept)
    root.setLevel(logging.INFO)
    yield lines
    root.removeHandler(kept)
    root.setLevel(level)


@pytest.mark.slow
def test_the_log_names_nobody(undone: None, written: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Names, addresses, passwords, words and tokens that were sent, in queries, forms, cookies and secret addresses, to every
    route, found or not, refused or broken: none of them is written.
    """
    secrets = (
        "Perdita Quill",
        "perdita@quill.example",
        "otter-lamp-quarry",
        "TOKEN0123456789TOKEN",
        "Mrs Smith falls at night",
    )
    name, email, password, token, words = secrets
    sent = {"handle": name, "name": name, "email": email, "password": password, "new": password, "again": password,
            "code": token, "words": words, "reasons": words, "to": email, "key": token, "spend-0-provider": words}  # fmt: skip
    query = {"q": name, "next": f"/plans/{email}", "email": email, "code": token, "state": token, "at": words}
    visitors = [Client(SERVER_NAME="localhost", raise_request_exception=False), browser("stonebeck.lead"), browser("merrow.lead")]  # fmt: skip
    for visitor in visitors:
        for each, route in ROUTES.items():
            if each in FILES or each == "sign-out":
                continue
            path = path_of(route, token=token)
            with transaction.atomic():
                visitor.get(path, query)
                visitor.post(path, sent)
                transaction.set_rollback(True)

    def breaks(*_: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr(House, "nation", breaks)
    visitors[0].get("/", query)
    said = "\n".join(written)
    assert "Not Found: /sign/…" in said
    assert "Internal Server Error: /" in said
    for each in (*secrets, "Perdita", "Vik Lowe", "stonebeck.lead"):
        assert each not in said, each


def test_the_service_keeps_no_log_of_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """gunicorn writes no line a request, so no query, referrer or address of anybody is kept by us."""
    served: list[serving.Service] = []

    def kept(service: serving.Service) -> None:
        served.append(service)

    monkeypatch.setattr(serving.Service, "run", kept)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")  # which it sets, and is put back
    serving.run("127.0.0.1", 8000, 1, lambda: None)
    [service] = served
    assert service.cfg.accesslog is None
    assert service.cfg.loglevel == "warning"


# Pages of everybody


ASSUMED = {
    "place",
    "also",
    "variable_share",
    "ward_share",
    "reduce",
    "occupancy",
    "stay",
    "ward_beds",
    "marginal_rate",
    "flow",
    "beds",
    "occupied",
    "price",
    "arrivals",
    "simulate",
    "seed",
    "boards",
    "from",
    "to",
    "areas",
    "board",
    "q",
}


@pytest.mark.slow
def test_no_address_of_ours_has_a_person_in_it(look: Callable[[str], Look]) -> None:
    """Addresses are made of plans, pools, accounts in books, bodies, sections, digests and tokens, and a form that is read asks for none but these."""
    assert {part for route in ROUTES.values() for part in parts_of(route)} == {
        "code", "before", "after", "which", "path", "plan", "section", "signed", "token", "side", "item", "body", "provider", "number", "name",
        "pool", "posting", "account", "event", "entry", "period", "partner", "mandate", "scheme", "source", "quarter", "part",
        "region", "ccg", "metric",
    }  # fmt: skip
    asked: set[str] = set()
    for handle in ("stonebeck.lead", "nhs.assurer", "carrowby.finance"):
        for name, answer in look(handle).answers.items():
            if answer.status == 200 and "html" in dict(answer.headers)["Content-Type"]:
                for form in re.findall(r"<form(?![^>]*method=\"post\").*?</form>", answer.body, re.DOTALL):
                    fields = Page(name, f"<!DOCTYPE html>{form}").elements
                    asked |= {each["name"] for _, each in fields if each.get("name")}
    what_if = {"through", "missed", "outside", "new_schemes", "by", "agreed", "ending"}
    what_if |= {"stand_in", "cap", "back", "cut", "further", "operational", "metric"}
    # Of a scheme, what is asked of the agreement; of a quarter, the outturn that is supposed.
    asked = {each for each in asked if not each.startswith(("line-", "q-"))}
    # Of beds, what is assumed of a place and its trusts; beside each number, where its slider stood and stands.
    asked = {re.sub("_(was|slid|at)$", "", each) for each in asked}
    what_if |= ASSUMED
    # Of intermediate care, counts by pathway, service and month, and what is supposed of them.
    what_if |= {
        "table",
        "more",
        "in_hospital",
        "law",
        "cv",
        "flows",
        "as",
    }  # the law of stays, and where a board's people go
    assert asked <= what_if | {"event", "ambition", "as_at", "rules", "against", "area", "board", "at", "show", "a", "b", "since", "withhold", "deadline", "path", "to", "field", "reason", "before", "after"}  # fmt: skip
