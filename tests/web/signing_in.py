"""The service as its tests of signing in find it: a clock that they set, letters that they read, and browsers."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings

from carepool.actions.house import House
from carepool.actions.outbox import MemoryOutbox, Message
from carepool.signin.models import Account
from carepool.signin.terms import Terms
from tests.web.reading import Page

GOOD = "otter lamp quarry nine"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ARGON = "django.contrib.auth.hashers.Argon2PasswordHasher"
QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"


@dataclass
class Clock:
    """A clock that stands until a test moves it."""

    at: datetime

    def __call__(self) -> datetime:
        """The instant."""
        return self.at

    def goes_on(self, **by: int) -> None:
        """Move it."""
        self.at += timedelta(**by)


@dataclass
class Service:
    """The service, whose clock and letters are a test's."""

    house: House
    clock: Clock
    outbox: MemoryOutbox = field(default_factory=MemoryOutbox)

    @property
    def letters(self) -> list[Message]:
        """Every letter so far."""
        return list(self.outbox.held.values())

    def account(self, handle: str = "ann.lee", password: str = GOOD, **more: object) -> Account:
        """A new account."""
        made = Account(
            id=f"account-{handle}", handle=handle, name=handle.replace(".", " ").title(),
            **{"email": f"{handle}@council.example", **more},
        )  # fmt: skip
        made.set_password(password)
        made.save()
        return made


def browser(agent: str = FIREFOX, careful: bool = False) -> Client:
    """A browser in which nobody is signed in."""
    return Client(
        SERVER_NAME="localhost", headers={"User-Agent": agent}, enforce_csrf_checks=careful,
        raise_request_exception=True,
    )  # fmt: skip


def sign_in(client: Client, handle: str = "ann.lee", password: str = GOOD, **more: str) -> HttpResponse:
    """Send the form of the first page."""
    return client.post("/sign-in", {"handle": handle, "password": password, **more})


def is_in(client: Client) -> bool:
    """Whether somebody is signed in."""
    return client.get("/me").status_code == 200


def page_of(answer: HttpResponse) -> Page:
    """An answer taken apart, once its HTML is found sound, and every error said where the summary leads."""
    page = Page("/", answer.content.decode())
    assert page.problems == []
    assert page.title.startswith("Error:") is (answer.status_code in {400, 409, 429} and "There is a problem" in page.text)  # fmt: skip
    return page


def on_terms(**changed: object) -> override_settings:
    """The service on other terms."""
    found: Terms = settings.SIGN_IN
    return override_settings(SIGN_IN=replace(found, **changed))  # type: ignore[arg-type]


def link_in(message: Message) -> str:
    """The path of the link in a letter."""
    found = re.search(r"http://localhost(/\S+)", message.text)
    assert found
    return found[1]


class Written:
    """The statements that write, while it is entered."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.all: list[str] = []
        self._watching = connection.execute_wrapper(self._note)

    def __enter__(self) -> Self:
        self._watching.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._watching.__exit__(None, None, None)

    def _note(self, execute, sql, parameters, many, context):  # type: ignore[no-untyped-def]
        if not sql.startswith(("SAVEPOINT", "RELEASE")):
            self.all.append(sql)
        if sql.split()[0] in {"INSERT", "UPDATE", "DELETE", "REPLACE"}:
            self.seen.append(sql)
        return execute(sql, parameters, many, context)
