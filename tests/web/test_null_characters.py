"""A null character in what is asked or sent: PostgreSQL refuses a question that holds one, so none ever gets so far."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from tests.web.visiting import Person

People = Callable[..., Person]
T = "/plans/thornmere/decisions"
LETTING = {
    "act": "delegate", "to": "a\0", "to_body": "council:ZZ8", "body": "council:ZZ8", "first": "2026-01-01", "last": "2026-12-01",
    "words": "Decide.", "key": "k",
}  # fmt: skip
FORMS = [
    ("thornmere.chief", "/me/read", {"notice": "\0"}, 302),
    ("thornmere.chief", "/me/sessions", {"session": "\0"}, 302),
    ("thornmere.chief", "/me/invitations", {"name": "a\0b", "email": "\0", "gives": "\0", "key": "k"}, 400),
    ("aldersea.chief", f"{T}/delegations", LETTING, 400),
    ("aldersea.chief", "/bodies/council:ZZ8/offices", {"office": "analyst", "handle": "a\0", "first": "2026-01-01", "key": "k"}, 400),
    (None, "/sign-in", {"handle": "nhs\0.director", "password": "\0"}, 400),
    (None, "/sign-in/forgotten", {"email": "a\0@council.example"}, 200),
]  # fmt: skip


class Refused(Exception):
    """PostgreSQL text fields cannot contain NUL (0x00) bytes."""


@pytest.fixture
def as_postgresql(undone: None) -> Iterator[None]:
    """SQLite, which takes null characters, refuses them as PostgreSQL does."""

    def ask(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        given = params if isinstance(params, list | tuple) else ()
        if any(isinstance(each, str) and "\0" in each for each in given):
            raise Refused(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(ask):
        yield


@pytest.mark.parametrize(("handle", "path", "form", "status"), FORMS)
def test_a_null_character_in_a_form(
    someone: People, as_postgresql: None, handle: str | None, path: str, form: dict[str, str], status: int
) -> None:
    """It is taken out, and what is left is judged like any other form."""
    assert someone(handle).browser.post(path, form).status_code == status


def test_a_null_character_in_a_question_or_a_cookie(someone: People, as_postgresql: None) -> None:
    """A page is answered as without it, and a cookie that holds one is none."""
    who = someone("nhs.director")
    assert who.browser.get("/plans/thornmere/comments?show=%00&at=%00").status_code == 200
    who.browser.cookies["carepool_fund_session"] = "aaaaaaaa\0aaaa"
    assert who.browser.get("/me").status_code == 302


@pytest.mark.parametrize("handle", [None, "nhs.director"])
@pytest.mark.parametrize(
    "path", ["/pools/a%00b/log", "/rules/draft/a%00b", "/plans/a%00b", f"{T}/a%00b", "/sign/a%00b"]
)
def test_nothing_has_an_address_with_one(
    someone: People, as_postgresql: None, handle: str | None, path: str
) -> None:
    """It is as missing as anything else that is not there."""
    assert someone(handle).browser.get(path).status_code == 404


def test_a_null_character_is_no_reason(someone: People, as_postgresql: None) -> None:
    """Reasons of nothing that can be seen are none."""
    who = someone("aldersea.officer")
    form = who.form(f"{T}/disputes", f"{T}/disputes")
    answer = who.send(f"{T}/disputes", {**form, "body": "ccg:Z8A", "reasons": "\0 \0"})
    assert answer.status_code == 409
    assert "Write what the dispute is about" in answer.content.decode()
