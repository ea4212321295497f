"""Tokens on their owner's page and at the API: made and shown once, the authority of their owner and no more, never in a log."""

import json
import logging
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils.module_loading import import_string

from carepool.actions.house import House
from carepool.offices.holdings import end, stream_of
from carepool.signin.models import Account, Token
from carepool.signin.tokens import SHAPE
from carepool.web.frame import new_key
from tests.web.access import ROUTES, of_a_plan
from tests.web.signing_in import Service
from tests.web.visiting import Person, sound

People = Callable[..., Person]
PRIVATE = sorted(name for name, each in ROUTES.items() if name.startswith("api-") and of_a_plan(each))


def made(who: Person, scope: str = "read", **more: str) -> HttpResponse:
    """What the form of a token answers."""
    return who.send(
        "/me/tokens", {"name": "Our ledger", "scope": scope, "days": "30", "key": new_key(), **more}
    )


def secret_of(who: Person, scope: str = "read") -> str:
    """A token that somebody has just made."""
    [found] = SHAPE.findall(made(who, scope).content.decode())
    return str(found)


def asked(path: str, token: str = "", method: str = "GET", body: str = "") -> HttpResponse:
    """What a program is answered."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client(SERVER_NAME="localhost").generic(
        method, f"/api/v1{path}", body, "application/json", headers=headers
    )


def test_it_is_shown_once(someone: People) -> None:
    """The page that answers the form shows it; the page as it is opened again, and the form that arrives again, do not."""
    who, key = someone("stonebeck.lead"), new_key()
    first = made(who, key=key)
    sound("/me/tokens", first)
    [secret] = SHAPE.findall(first.content.decode())
    assert "no-store" in first["Cache-Control"]
    again = made(who, key=key)
    assert "was made before" in again.content.decode()
    listed = who.page("/me/tokens").html
    assert not SHAPE.search(again.content.decode() + listed)
    assert "Our ledger" in listed
    assert "Never" in listed
    assert asked("/me", secret).json()["token"]["name"] == "Our ledger"
    assert "In the hour from" in who.page("/me/tokens").text


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "\0 \n"}, {"scope": "all"}, {"days": "3650"}, {"days": "soon"}]
)
def test_what_the_form_lacks_is_said(someone: People, wrong: dict[str, str]) -> None:
    """With what was typed kept, and no token made."""
    answer = made(someone("stonebeck.lead"), **wrong)
    page = sound("/me/tokens", answer)
    assert answer.status_code == 400
    assert page.title.startswith("Error")
    assert not Token.objects.exists()


def test_it_is_ended_by_its_owner(someone: People) -> None:
    """Refused from the next request on; to anybody else it is none that they could end."""
    who, other = someone("stonebeck.lead"), someone("merrow.lead")
    secret = secret_of(who)
    which = str(Token.objects.get().pk)
    assert "had ended already" in other.browser.post("/me/tokens", {"do": "end", "token": which}, follow=True).content.decode()  # fmt: skip
    assert asked("/me", secret).status_code == 200
    assert (
        "was ended"
        in who.browser.post("/me/tokens", {"do": "end", "token": which}, follow=True).content.decode()
    )
    assert asked("/me", secret).status_code == 401


def test_a_token_that_reads_does_nothing(someone: People) -> None:
    """Whatever is sent with it is refused before it is read; the same token goes on reading."""
    secret = secret_of(someone("stonebeck.lead"))
    for method in ("PUT", "POST", "DELETE"):
        assert asked("/plans/stonebeck/drafts/vision", secret, method, "{").status_code == 403
    assert asked("/plans/stonebeck/drafts/vision", secret).status_code == 200


@pytest.mark.parametrize(
    "shown", ["Bearer", "Bearer ", "Bearer carepool_" + "A" * 43, "Basic YTpi", "Bearer \x7f", "x" * 5000]
)
def test_what_is_no_token_is_refused_even_where_everybody_may_read(someone: People, shown: str) -> None:
    """Whoever shows something and is mistaken learns it at once, though signed in beside it, and is not taken for nobody."""
    who = someone("stonebeck.lead")
    answer = who.browser.get("/api/v1/releases", headers={"Authorization": shown})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_session_looks_and_does_not_act(someone: People) -> None:
    """A browser sends its session by itself, so that it lets nothing be done here: another site could have asked."""
    who = someone("stonebeck.lead")
    assert who.browser.get("/api/v1/plans/stonebeck").status_code == 200
    for method in ("PUT", "POST", "PATCH", "DELETE"):
        answer = who.browser.generic(
            method, "/api/v1/plans/stonebeck/drafts/vision", "{}", "application/json"
        )
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "handle",
    ["stonebeck.lead", "stonebeck.chief", "carrowby.finance", "nhs.analyst", "merrow.lead", "lga.assurer"],
)
@pytest.mark.parametrize("plan", ["stonebeck", "carrowby"])
def test_it_opens_what_its_owners_page_opens(someone: People, handle: str, plan: str) -> None:
    """For each office and plan the API answers where the page answers, and where the page says that there is no such plan so does it."""
    who = someone(handle)
    secret = secret_of(who)
    for page in (f"/plans/{plan}", f"/pools/{plan}"):
        shown = who.browser.get(f"{page}.json")
        there = asked(page, secret)
        assert there.status_code == shown.status_code, page
        if shown.status_code == 200 and page.startswith("/plans"):
            assert there.content == shown.content  # byte for byte
    listed = {each["plan"] for each in asked("/plans?size=200", secret).json()["items"] if each["mine"]}
    assert (plan in listed) is (who.browser.get(f"/plans/{plan}").status_code == 200)


def test_whoever_loses_the_office_loses_what_it_gave_at_once(someone: People, now: House) -> None:
    """The token stays, and is its owner's; from the next request on every address of the plan is as if there were none."""
    who = someone("stonebeck.chief")
    secret = secret_of(who, "act")
    assert asked("/plans/stonebeck", secret).status_code == 200
    stream, account = stream_of("council:ZZ4"), Account.objects.get(handle="stonebeck.chief").pk
    now.journal.append(
        [end("council:ZZ4", "chief_executive", account, now.today - timedelta(1))],
        expecting={stream: now.journal.version(stream)}, by="carepool", at=now.clock(),
    )  # fmt: skip
    found = asked("/me", secret).json()
    assert found["offices"] == []
    for page in ("", "/calendar", "/assurance", "/payments", "/drafts/vision"):
        mine, none = (asked(f"/plans/{plan}{page}", secret) for plan in ("stonebeck", "nothing-s"))
        assert mine.status_code == none.status_code == 404
        assert mine.content.replace(b"stonebeck", b"nothing-s") == none.content
    assert asked("/plans/stonebeck/versions", secret, "POST", "{}").status_code == 404


@pytest.mark.parametrize("name", PRIVATE)
def test_without_a_token_what_is_private_is_not_told(loaded: object, name: str) -> None:
    """A plan that exists and one that does not are answered alike: a token is needed."""
    if name.startswith("api-releases") or name == "api-plans-plan-public-json":
        return
    path = str(ROUTES[name].pattern).removeprefix("api/v1")
    for word in ("section", "quarter", "period"):
        path = path.replace(
            f"<{word}>", {"section": "vision", "quarter": "2015-16Q1", "period": "2015-06"}[word]
        )
    mine, none = (asked(re.sub("<(plan|pool)>", each, path)) for each in ("carrowby", "nothing-"))
    assert mine.status_code == none.status_code == 401
    assert mine.content.replace(b"carrowby", b"nothing-") == none.content


def test_who_asks_too_often_waits(someone: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """By token and by address apart: the headers count down, then a problem says how many seconds to wait."""
    from dataclasses import replace

    who = someone("stonebeck.lead")
    secret = secret_of(who)
    held = settings.SIGN_IN
    with override_settings(
        SIGN_IN=replace(
            held, pace_file=held.pace_file.with_name("pace-of-a-test"), pace_of_token=3, pace_of_address=2
        )
    ):
        answers = [asked("/releases", secret) for _ in range(4)]
        assert [each["RateLimit-Remaining"] for each in answers] == ["2", "1", "0", "0"]
        assert [each.status_code for each in answers] == [200, 200, 200, 429]
        found = json.loads(answers[-1].content)
        assert found["type"] == "/api#too-often"
        assert 1 <= int(answers[-1]["Retry-After"]) <= 60
        assert answers[-1]["RateLimit-Limit"] == "3"
        assert [asked("/releases").status_code for _ in range(3)] == [200, 200, 429]
        assert who.browser.get("/releases").status_code == 200  # pages are not counted


def test_no_token_is_in_a_log(someone: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not of a request that is answered, refused, malformed or broken, and not in what is told of a fault."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.extend(each.format(record) for each in formatters)

    formatters = [import_string(each["()"])() for each in settings.LOGGING["formatters"].values()]
    kept, root = Kept(logging.DEBUG), logging.getLogger()
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    try:
        secret = secret_of(someone("stonebeck.lead"), "act")
        client = Client(SERVER_NAME="localhost", raise_request_exception=False)
        for path in ("/me", "/nowhere", f"/releases?token={secret}", f"/rules/{secret}", "/plans/none"):
            client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {secret}"})
        client.generic("PUT", "/api/v1/plans/stonebeck/drafts/vision", f'"{secret}', "application/json", headers={"Authorization": f"Bearer {secret}"})  # fmt: skip

        def breaks(*_: object) -> None:
            raise RuntimeError(f"inside {secret}")

        monkeypatch.setattr(House, "nation", breaks)
        client.get("/api/v1/nation", headers={"Authorization": f"Bearer {secret}"})
    finally:
        root.removeHandler(kept)
        root.setLevel(level)
    said = "\n".join(lines)
    assert "Internal Server Error: /api/v1/nation" in said
    assert secret not in said
    assert secret.removeprefix("carepool_")[:20] not in said


def test_its_owner_is_told_by_letter(service: Service) -> None:
    """A letter that says so, without the token: whoever did not make it can end it."""
    account = service.account()
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(account)
    secret = secret_of(Person(browser))
    [letter] = service.letters
    assert "token" in letter.text
    assert secret not in letter.text
