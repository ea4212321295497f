"""The pages of signing in: held back when it fails too often, with a code, sessions that their owner ends, passwords."""

import io
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, override_settings

from carepool.actions.demonstration import PASSWORD
from carepool.actions.outbox import Message
from carepool.basics.refusals import Unusable
from carepool.signin import passwords, second_factor
from carepool.signin.models import Account, OpenSession, RecoveryCode, SecondFactor
from carepool.store.models import Notice
from carepool.wiring.logs import WithoutTokens
from carepool.wiring.notices import one_round
from tests.web.signing_in import (  # fmt: skip
    FIREFOX,
    GOOD,
    PHONE,
    Service,
    Written,
    browser,
    is_in,
    link_in,
    on_terms,
    page_of,
    sign_in,
)
from tests.web.test_pages import POLICY


@pytest.fixture
def ann(service: Service) -> Account:
    """An account with a password."""
    return service.account()


@pytest.fixture
def client(ann: Account) -> Client:
    """A browser in which Ann is signed in."""
    made = browser()
    assert sign_in(made).status_code == 302
    return made


def secret_on(client: Client) -> str:
    """The secret that the page shows."""
    page = page_of(client.get("/me/second-factor"))
    found = re.search(r'id="secret"[^>]*>([A-Z2-7 ]+)<', page.html)
    assert found
    return found[1].replace(" ", "")


def code_now(secret: str, service: Service, later: int = 0) -> str:
    """The code that an app shows."""
    return pyotp.TOTP(secret).at(service.clock.at + timedelta(seconds=later))


def enrol(client: Client, service: Service) -> tuple[str, list[str]]:
    """Set up a second factor; its secret and its recovery codes. A minute later another code is there."""
    client.post("/me/second-factor", {"do": "begin"})
    secret = secret_on(client)
    answer = client.post("/me/second-factor", {"do": "confirm", "code": code_now(secret, service)})
    codes = re.findall(r'<li class="carepool-digest">([-A-Z0-9]+)</li>', page_of(answer).html)
    assert len(codes) == 10
    service.clock.goes_on(minutes=1)
    return secret, codes


def test_every_character_of_a_password_counts(service: Service, ann: Account) -> None:
    """The longest that may be chosen opens the account, and nothing that only begins like it; nothing is made small or cut off."""
    longest = "Otter lamp quarry " * 55 + "ten more,,"
    assert len(longest) == passwords.LONGEST
    passwords.change(ann, longest)
    client = browser()
    assert sign_in(client, password=f"{longest}x").status_code == 400
    assert sign_in(client, password=longest.lower()).status_code == 400
    assert sign_in(client, password=longest).status_code == 302
    new = {"new": "another lamp quarry", "again": "another lamp quarry"}
    assert client.post("/me/password", {"old": f"{longest}x", **new}).status_code == 400
    assert client.post("/me/password", {"old": longest, **new}).status_code == 302


@pytest.mark.parametrize(
    ("path", "fields"),
    [("/sign-in", {"password": "current-password"}), ("/me/password", {"old": "current-password", "new": "new-password", "again": "new-password"})],
)  # fmt: skip
def test_a_password_is_masked_and_a_keeper_of_passwords_may_fill_it_in(
    service: Service, ann: Account, path: str, fields: dict[str, str]
) -> None:
    """Each field hides what is typed, says to the browser what it is for, takes what is pasted, and has no length of its own."""
    visitor = browser()
    if path != "/sign-in":
        sign_in(visitor)
    found = {each["name"]: each for tag, each in page_of(visitor.get(path)).elements if tag == "input" and "password" in each.get("type", "")}  # fmt: skip
    assert {name: each["autocomplete"] for name, each in found.items()} == fields
    assert not [each for each in found.values() if {"maxlength", "pattern", "readonly"} & set(each)]


# Held back


def test_six_wrong_passwords_and_the_next_must_wait(service: Service, ann: Account) -> None:
    """It is told when to try again, the right password is not tried meanwhile, and then it gets in."""
    client = browser()
    for _ in range(6):
        assert sign_in(client, password="wrong").status_code == 400
    answer = sign_in(client)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "15"
    page = page_of(answer)
    assert "There have been too many attempts, so this one was not made. Try again after" in page.text
    assert not is_in(client)
    service.clock.goes_on(seconds=15)
    assert sign_in(client).status_code == 302
    assert is_in(client)


def test_a_name_that_nobody_has_is_answered_alike(service: Service, ann: Account) -> None:
    """The same words, the same status and the same statements, at each attempt, for a name that somebody has and for one that nobody has."""

    def tried(handle: str) -> list[tuple[int, str, list[str]]]:
        client, answers = Client(SERVER_NAME="localhost", REMOTE_ADDR=f"192.0.2.{len(handle)}"), []
        for _ in range(7):
            with Written() as written:
                answer = sign_in(client, handle=handle, password="wrong")
            said = page_of(answer).text.replace(handle, "NAME")
            answers.append((answer.status_code, said, written.all))
        return answers

    assert tried("ann.lee") == tried("nobody")


@override_settings(PASSWORD_HASHERS=settings.PASSWORD_HASHERS)
@pytest.mark.slow
def test_a_name_that_nobody_has_costs_a_hash_too(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The work of argon2 is done once for every attempt, whoever it is for: time tells nothing."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    service.account("off.duty", is_active=False)
    unusable = service.account("by.provider")
    unusable.set_unusable_password()
    unusable.save()
    hashed: list[str] = []
    encode, verify = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *a: hashed.append("encode") or encode(*a))
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *a: hashed.append("verify") or verify(*a))
    service.account()
    hashed.clear()
    for handle in ("ann.lee", "nobody", "off.duty", "by.provider"):
        assert sign_in(browser(), handle=handle, password="wrong").status_code == 400
        assert len(hashed) == 1, handle
        hashed.clear()


@pytest.mark.slow
def test_one_address_is_held_back_whatever_names_it_tries(service: Service, ann: Account) -> None:
    """After thirty failures on many names even a name never tried waits there, and gets in from elsewhere."""
    client = browser()
    for number in range(31):
        assert sign_in(client, handle=f"guess{number}", password="wrong").status_code == 400
    assert sign_in(client).status_code == 429
    elsewhere = Client(SERVER_NAME="localhost", REMOTE_ADDR="192.0.2.7")
    assert sign_in(elsewhere).status_code == 302


@pytest.mark.slow
def test_looking_writes_nothing(service: Service, ann: Account, client: Client) -> None:
    """No page of signing in or of one's account writes when it is only looked at, signed in or not, while waiting or not."""
    client.post("/me/second-factor", {"do": "begin"})
    for _ in range(7):
        sign_in(browser(), password="wrong")
    pages = ["/sign-in", "/sign-in?said=late", "/sign-in/code", "/sign-in/forgotten", "/sign-in/new-password/x", "/invitations/x",
             "/me", "/me/password", "/me/second-factor", "/me/second-factor/picture.svg", "/me/sessions", "/me/sign-ins"]  # fmt: skip
    for each in (client, browser()):
        for path in pages:
            with Written() as written:
                each.get(path)
                each.head(path)
            assert written.seen == [], path


@pytest.mark.slow
def test_the_demonstrations_accounts_are_refused_in_production(service: Service) -> None:
    """Neither a new sign-in nor a session from before opens one."""
    client = browser()
    sign_in(client, "merrow.lead", PASSWORD)
    assert is_in(client)
    with on_terms(production=True):
        assert not is_in(client)
        assert sign_in(browser(), "merrow.lead", PASSWORD).status_code == 400


# The second factor


def test_from_setting_it_up_to_signing_in_with_a_code(service: Service, ann: Account, client: Client) -> None:
    """Secret and picture, a code that confirms, ten codes shown once; then nobody is signed in until the code is written too."""
    page = page_of(client.get("/me/second-factor"))
    assert "signing in also asks for a code" in page.text
    assert client.get("/me/second-factor/picture.svg").status_code == 404
    client.post("/me/second-factor", {"do": "begin"})
    secret = secret_on(client)
    picture = client.get("/me/second-factor/picture.svg")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/svg+xml")
    assert "no-store" in picture["Cache-Control"]
    answer = client.post("/me/second-factor", {"do": "confirm", "code": "000000"})
    assert answer.status_code == 400
    assert secret_on(client) == secret
    answer = client.post("/me/second-factor", {"do": "confirm", "code": code_now(secret, service)})
    assert "Your recovery codes" in page_of(answer).text
    assert "no-store" in answer["Cache-Control"]
    again = page_of(client.get("/me/second-factor")).html
    assert "It is set up" in again
    assert secret not in again.replace(" ", "")
    assert 'class="carepool-digest"' not in again
    assert client.get("/me/second-factor/picture.svg").status_code == 404
    assert is_in(client)

    other = browser()
    answer = sign_in(other, next="/plans")
    assert answer["Location"] == "/sign-in/code"
    assert not is_in(other)
    assert "Write your code" in page_of(other.get("/sign-in/code")).text_of("h1")
    answer = other.post("/sign-in/code", {"code": code_now(secret, service)})
    assert answer.status_code == 400  # the code that confirmed it, a second time
    assert "has been used" in page_of(answer).text
    service.clock.goes_on(seconds=30)
    assert other.post("/sign-in/code", {"code": code_now(secret, service)})["Location"] == "/plans"
    assert is_in(other)
    (latest, *_) = OpenSession.objects.order_by("-signed_in_at")
    assert latest.way == "a password and a code"


def test_codes_are_held_back_like_passwords(service: Service, ann: Account, client: Client) -> None:
    """Six wrong codes and the right one must wait, in any browser; a recovery code no less."""
    secret, codes = enrol(client, service)
    other = browser()
    sign_in(other)
    for _ in range(6):
        assert other.post("/sign-in/code", {"code": "123456"}).status_code == 400
    third = browser()
    sign_in(third)
    for typed in (code_now(secret, service), codes[0]):
        answer = third.post("/sign-in/code", {"code": typed})
        assert (answer.status_code, answer["Retry-After"]) == (429, "15")
        assert "too many attempts" in page_of(answer).text
    service.clock.goes_on(seconds=15)
    assert third.post("/sign-in/code", {"code": codes[0]}).status_code == 302
    assert is_in(third)


def test_a_password_without_its_code_is_worth_nothing_after_ten_minutes(
    service: Service, ann: Account, client: Client
) -> None:
    """Who dawdles begins again, and is told so."""
    secret, _ = enrol(client, service)
    other = browser()
    sign_in(other)
    service.clock.goes_on(minutes=11)
    answer = other.post("/sign-in/code", {"code": code_now(secret, service)})
    assert answer["Location"] == "/sign-in?said=late"
    assert "It took longer than ten minutes" in page_of(other.get(answer["Location"])).text
    assert not is_in(other)
    assert browser().get("/sign-in/code")["Location"] == "/sign-in"


def test_setting_it_up_ends_the_sessions_that_began_without_it(service: Service, ann: Account) -> None:
    """Whoever else holds a session of the account has not shown a code."""
    desk, phone = browser(), browser(PHONE)
    for each in (desk, phone):
        sign_in(each)
    enrol(desk, service)
    assert is_in(desk)
    assert not is_in(phone)
    assert [each.subject for each in service.letters] == ["Your carepool account was changed"]


def test_it_is_taken_away_only_with_a_code(service: Service, ann: Account, client: Client) -> None:
    """Neither without a code nor with a wrong one; new recovery codes cost a code too; the owner is told of each by letter."""
    secret, codes = enrol(client, service)
    for do in ("remove", "codes"):
        answer = client.post("/me/second-factor", {"do": do, "code": "123456"})
        assert answer.status_code == 400
        assert second_factor.has(ann.pk)
    answer = client.post("/me/second-factor", {"do": "codes", "code": code_now(secret, service)})
    renewed = re.findall(r'<li class="carepool-digest">([-A-Z0-9]+)</li>', page_of(answer).html)
    assert len(renewed) == 10
    assert not set(renewed) & set(codes)
    answer = client.post("/me/second-factor", {"do": "remove", "code": renewed[0]}, follow=True)
    assert "was taken away" in page_of(answer).text
    assert not SecondFactor.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert len(service.letters) == 3
    other = browser()
    assert sign_in(other)["Location"] == "/me"


def test_where_it_is_required_nothing_comes_before_it(service: Service, ann: Account) -> None:
    """Whoever has none is led to set it up, from every page; then everything is open. Signing out always is."""
    with on_terms(second_factor=True):
        client = browser()
        assert sign_in(client)["Location"] == "/me"
        for path in ("/me", "/plans", "/me/sessions", "/me/password", "/", "/plans/merrow.json"):
            answer = client.get(path)
            assert (answer.status_code, answer["Location"]) == (302, "/me/second-factor"), path
        assert client.post("/plans/merrow/save", {})["Location"] == "/me/second-factor"
        page = page_of(client.get("/me/second-factor"))
        assert "This service asks everybody who signs in by password" in page.text
        secret, _ = enrol(client, service)
        assert is_in(client)
        other = browser()
        sign_in(other)
        other.post("/sign-in/code", {"code": code_now(secret, service)})
        assert is_in(other)
        assert client.post("/sign-out").status_code == 302
        assert browser().get("/plans").status_code == 200


# Sessions


def test_an_owner_sees_their_sessions_and_ends_one(service: Service, ann: Account, client: Client) -> None:
    """Since when, how and in which browser, never its key; ended, the other browser is out at its next request."""
    phone = browser(PHONE)
    service.clock.goes_on(minutes=5)
    sign_in(phone)
    page = page_of(client.get("/me/sessions"))
    assert "You have 2 sessions open." in page.text
    assert "Firefox on Linux, this session" in page.text_of("h2")
    assert "Safari on an iPhone" in page.text_of("h2")
    assert ", with a password" in page.text
    for key in Session.objects.values_list("session_key", flat=True):
        assert key not in page.html
    (which,) = page.find("input", name="session")
    answer = client.post("/me/sessions", {"session": which["value"]}, follow=True)
    assert "The session was ended." in page_of(answer).text
    assert not is_in(phone)
    assert is_in(client)
    assert "You are signed in here and nowhere else." in page_of(client.get("/me/sessions")).text
    answer = client.post("/me/sessions", {"session": which["value"]}, follow=True)
    assert "had ended already" in page_of(answer).text


def test_nobody_ends_anothers_session(service: Service, ann: Account, client: Client) -> None:
    """The id of somebody else's session ends nothing."""
    service.account("bob.day")
    bob = browser()
    sign_in(bob, "bob.day")
    theirs = OpenSession.objects.get(account="account-bob.day").id
    client.post("/me/sessions", {"session": theirs})
    client.post("/me/sessions", {"do": "others"})
    assert is_in(bob)


def test_all_other_sessions_end_at_once(service: Service, ann: Account, client: Client) -> None:
    """The one that asks stays."""
    others = [browser(), browser(PHONE)]
    for each in others:
        sign_in(each)
    client.post("/me/sessions", {"do": "others"})
    assert [is_in(each) for each in (client, *others)] == [True, False, False]


def test_signing_in_changes_the_sessions_key(service: Service, ann: Account, client: Client) -> None:
    """Also for who is signed in already: a key that somebody planted or saw before is worth nothing after."""
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    begun = OpenSession.objects.get().made_at
    service.clock.goes_on(minutes=5)
    sign_in(client)
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert after != before
    assert not Session.objects.filter(session_key=before).exists()
    listed = OpenSession.objects.get()
    assert (listed.key, listed.made_at, listed.signed_in_at) == (after, begun, service.clock.at)


def test_signing_out_takes_the_session_off_the_list(service: Service, ann: Account, client: Client) -> None:
    """And off the database."""
    client.post("/sign-out")
    assert not OpenSession.objects.exists()
    assert not is_in(client)


def test_signing_out_empties_what_the_browser_kept(service: Service, ann: Account, client: Client) -> None:
    """Pages of a plan that it kept to go back to are gone with the session; its cookies of other services stay."""
    assert client.post("/sign-out")["Clear-Site-Data"] == '"cache", "storage"'


def test_a_session_that_ran_out_is_forgotten(service: Service, ann: Account, client: Client) -> None:
    """It is on the list no more, and goes from the database when anybody signs in."""
    service.account("bob.day")
    Session.objects.update(expire_date=service.clock() - timedelta(seconds=1))
    assert not is_in(client)
    bob = browser()
    sign_in(bob, "bob.day")
    assert [each.account_id for each in OpenSession.objects.all()] == ["account-bob.day"]
    assert Session.objects.count() == 1


def test_somebody_else_in_the_same_browser(service: Service, ann: Account, client: Client) -> None:
    """The first is signed out, and their session is on no list any more."""
    service.account("bob.day")
    sign_in(client, "bob.day")
    assert [each.account_id for each in OpenSession.objects.all()] == ["account-bob.day"]


# Passwords


def test_a_password_is_changed_by_who_knows_it_and_all_sessions_end(
    service: Service, ann: Account, client: Client
) -> None:
    """Every browser is out, this one too, and only the new password opens the account."""
    phone = browser(PHONE)
    sign_in(phone)
    new = "seven kettles and a moor"
    answer = client.post("/me/password", {"old": GOOD, "new": new, "again": new})
    assert answer["Location"] == "/sign-in?said=password"
    assert "Your password was changed" in page_of(client.get(answer["Location"])).text
    assert [is_in(each) for each in (client, phone)] == [False, False]
    assert not OpenSession.objects.exists()
    assert sign_in(browser()).status_code == 400
    assert sign_in(browser(), password=new).status_code == 302
    assert [each.subject for each in service.letters] == ["Your carepool account was changed"]


def test_what_is_wrong_with_a_new_password_is_said_at_its_field(
    service: Service, ann: Account, client: Client
) -> None:
    """The old one wrong, the new one weak, the two not alike: each in the summary and at its field, and nothing changed."""
    page = page_of(client.post("/me/password", {"old": "wrong", "new": "short", "again": "shirt"}))
    for field, says in (
        ("old", "That is not your password of now."),
        ("new", "at least 12 characters"),
        ("again", "not alike"),
    ):
        assert page.find("a", href=f"#{field}")
        assert "nhsuk-input--error" in page.find("input", id=field)[0]["class"]
        assert says in page.text
    assert is_in(client)


def test_guessing_the_password_of_now_is_held_back(service: Service, ann: Account, client: Client) -> None:
    """Who found a browser open does not find the password out."""
    for _ in range(6):
        client.post("/me/password", {"old": "wrong", "new": GOOD, "again": GOOD})
    answer = client.post("/me/password", {"old": GOOD, "new": "seven kettles", "again": "seven kettles"})
    assert answer.status_code == 429


def test_a_forgotten_password_is_answered_alike_for_everybody(service: Service, ann: Account) -> None:
    """One answer whether there is an account or not, with the same statements before it is sent; a letter for the account alone."""
    answers = []
    for email in ("ann.lee@council.example", "nobody@council.example", "not an address"):
        client = browser()
        client.handler.enforce_csrf_checks = False
        answer = client.post("/sign-in/forgotten", {"email": email})
        answers.append((answer.status_code, page_of(answer).text))
    assert len(set(answers)) == 1
    assert "If an account with a password has that address" in answers[0][1]
    (letter,) = service.letters
    assert letter.to == "ann.lee@council.example"


@pytest.mark.slow
def test_a_letter_that_does_not_go_at_once_is_kept_sealed(
    service: Service, ann: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No table holds the link of a new password in clear; the letter waits until a round delivers it, within its hour."""

    def refuses(_: Message) -> None:
        raise Unusable("The mail server did not take the letter, so it was not sent. Try again later.")

    with monkeypatch.context() as away:
        away.setattr(service.outbox, "put", refuses)
        browser().post("/sign-in/forgotten", {"email": ann.email})
    (kept,) = Notice.objects.exclude(letter="")
    assert "new-password" not in kept.letter
    assert ann.email not in kept.letter
    assert service.letters == []
    service.clock.goes_on(minutes=5)
    one_round("a test", "")
    (letter,) = [each for each in service.letters if each.to == ann.email]
    assert letter.id == kept.message_id
    assert browser().get(link_in(letter)).status_code == 200
    assert not Notice.objects.exclude(letter="").exists()


def test_the_answer_to_a_forgotten_password_is_sent_before_anything_is_looked_up(
    service: Service, ann: Account
) -> None:
    """So that the time that it takes tells nothing: the account is sought, and the letter written, once the answer is closed."""
    from django.test.client import RequestFactory

    from carepool.web.passwords import forgotten

    request = RequestFactory().post("/sign-in/forgotten", {"email": ann.email}, SERVER_NAME="localhost")
    request.house = service.house  # type: ignore[attr-defined]
    request.user = None  # type: ignore[assignment]
    with Written() as written:
        answer = forgotten(request)  # type: ignore[arg-type]
    assert not any("signin_account" in sql for sql in written.all)
    assert service.letters == []
    answer.close()
    assert len(service.letters) == 1


def test_the_link_in_the_letter_sets_a_password_once(service: Service, ann: Account) -> None:
    """Then it opens nothing, for anybody; sessions from before are ended; a second factor is still asked for."""
    desk = browser()
    sign_in(desk)
    secret, _ = enrol(desk, service)
    client = browser()
    client.post("/sign-in/forgotten", {"email": "Ann.Lee@council.example"})
    link = link_in(service.letters[-1])
    assert link.startswith("/sign-in/new-password/")
    page = page_of(client.get(link))
    assert "You sign in as ann.lee" in page.text
    assert "not alike" in page_of(client.post(link, {"new": GOOD, "again": "x"})).text
    new = "seven kettles and a moor"
    answer = client.post(link, {"new": new, "again": new})
    assert answer["Location"] == "/sign-in?said=password"
    assert not is_in(desk)
    for sent in (client.get(link), client.post(link, {"new": GOOD, "again": GOOD})):
        assert sent.status_code == 404
        assert "This link no longer works" in page_of(sent).text_of("h1")
    assert sign_in(client, password=new)["Location"] == "/sign-in/code"
    service.clock.goes_on(seconds=30)
    assert client.post("/sign-in/code", {"code": code_now(secret, service)}).status_code == 302


def test_letters_are_held_back_too(service: Service, ann: Account) -> None:
    """Nobody fills anybody's letter box: after six letters the next must wait."""
    client = browser()
    answers = [client.post("/sign-in/forgotten", {"email": ann.email}).status_code for _ in range(8)]
    assert answers == [200] * 6 + [429] * 2
    assert len(service.letters) == 6


def test_who_has_no_address_gets_no_letter(service: Service) -> None:
    """An account without an e-mail address is changed without one, and an empty form writes to nobody."""
    service.account(email="")
    client = browser()
    client.post("/sign-in/forgotten", {"email": ""})
    sign_in(client)
    client.post("/me/password", {"old": GOOD, "new": "seven kettles", "again": "seven kettles"})
    assert service.letters == []


# What leaks nowhere


@pytest.mark.parametrize("path", ["/sign-in/new-password/a-token", "/invitations/a-token"])
def test_an_address_with_a_token_goes_nowhere_else(service: Service, path: str) -> None:
    """No cache keeps it, no link or picture tells it to another page, and the policy of every page holds."""
    answer = browser().get(path)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "strict-origin"
    assert answer["Content-Security-Policy"] == POLICY


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the service's log says meanwhile, as it is set up to say it."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(WithoutTokens())
    assert settings.LOGGING["handlers"]["stderr"]["formatter"] == "no_tokens"
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler.stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_no_password_code_token_or_name_is_in_a_log(
    service: Service, ann: Account, logged: io.StringIO
) -> None:
    """Not with the log at its most talkative, but for the statements that Django can be told to write."""
    logging.getLogger("django.db").setLevel(logging.WARNING)
    client = browser()
    sign_in(client, password="a wrong passphrase")
    sign_in(client)
    secret, codes = enrol(client, service)
    client.post("/me/second-factor", {"do": "remove", "code": "918273"})
    client.post("/sign-in/forgotten", {"email": ann.email})
    link = link_in(service.letters[-1])
    client.get(f"{link}x")
    client.post(link, {"new": "kettles", "again": "moor"})
    browser(careful=True).post(link, {"new": "kettles", "again": "moor"})
    said = logged.getvalue()
    assert "/sign-in/new-password/…" in said
    token = link.rpartition("/")[2]
    keys = list(Session.objects.values_list("session_key", flat=True))
    for never in (
        GOOD,
        "a wrong passphrase",
        "kettles",
        "918273",
        secret,
        token,
        *codes,
        *keys,
        "ann.lee",
        ann.email,
    ):
        assert never not in said, never


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/invitations/a-token/with/council", "/invitations/…/with/council"),
        ("/sign-in/new-password/a-token?x=1", "/sign-in/new-password/…?…"),
        ("/sign-in/with/council/back?code=a-code&state=a-state", "/sign-in/with/council/back?…"),
        ("/calendar/a-token.ics", "/calendar/…"),
        ("next=%2Fsign%2Fa-token", "next=%2Fsign%2F…"),
        ("/sign/a-token", "/sign/…"),
        ("/sign-in", "/sign-in"),
    ],
)
def test_a_log_says_which_page_and_not_which_token(path: str, said: str) -> None:
    """Of every address that opens something."""
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", (path,), None)
    assert WithoutTokens().format(record) == f"Not Found: {said}"


def test_nothing_personal_is_in_an_address(service: Service, ann: Account) -> None:
    """No redirection of signing in names a person, an e-mail address, a password or a code."""
    client = browser()
    answers = [
        sign_in(client),
        client.post("/me/second-factor", {"do": "begin"}),
        client.post("/me/sessions", {"do": "others"}),
        client.post("/me/password", {"old": GOOD, "new": "seven kettles", "again": "seven kettles"}),
    ]
    for answer in answers:
        assert answer.status_code == 302
        assert not re.search(r"ann|lee|council|kettles|otter", answer["Location"])


def in_production(tmp_path: Path) -> dict[str, object]:
    """The settings that a service in production starts with."""
    (tmp_path / "secret-key").write_text("a key that was made by hand\n")
    names = [name for name in dir(settings) if name.isupper() and name.startswith(("SESSION", "CSRF", "SECURE", "X_", "DEBUG"))]  # fmt: skip
    asks = f"from carepool.wiring import settings_fund as s; import json; print(json.dumps({{n: getattr(s, n) for n in {names!r} if hasattr(s, n)}} | {{'second_factor': s.SIGN_IN.second_factor}}, default=str))"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CAREPOOL_")}
    environment |= {"CAREPOOL_PRODUCTION": "yes", "CAREPOOL_HOME": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-c", asks], env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, object] = json.loads(said.stdout)
    return found


def test_production_keeps_its_cookies_to_itself(tmp_path: Path) -> None:
    """Secure, of this host alone, out of reach of scripts, not sent along from other sites; and browsers come back encrypted only."""
    found = in_production(tmp_path)
    for cookie in ("SESSION", "CSRF"):
        assert str(found[f"{cookie}_COOKIE_NAME"]).startswith("__Host-carepool_fund_")
        assert (found[f"{cookie}_COOKIE_SECURE"], found[f"{cookie}_COOKIE_HTTPONLY"]) == (True, True)
        assert found[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
        assert found.get(f"{cookie}_COOKIE_PATH", "/") == "/"
        assert found.get(f"{cookie}_COOKIE_DOMAIN") is None
    assert (found["SECURE_HSTS_SECONDS"], found["SECURE_HSTS_INCLUDE_SUBDOMAINS"]) == (31_536_000, True)
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["DEBUG"] is False
    assert found["second_factor"] is True


def test_the_sessions_cookie_is_out_of_reach(service: Service, ann: Account) -> None:
    """Of scripts, and of forms on other sites."""
    answer = sign_in(browser(FIREFOX))
    cookie = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


def test_a_form_from_elsewhere_is_refused(service: Service, ann: Account) -> None:
    """Every form of these pages proves that it came from a page of ours."""
    careful = browser(careful=True)
    for path in ("/sign-in", "/sign-in/code", "/sign-in/forgotten", "/sign-in/new-password/x", "/invitations/x", "/sign-out",
                 "/me/password", "/me/second-factor", "/me/sessions", "/me/sign-ins", "/me/invitations"):  # fmt: skip
        assert careful.post(path, {"handle": "ann.lee", "password": GOOD}).status_code == 403, path
    assert not connection.needs_rollback
