"""Signing in with a provider, from the button to the way back: only who is linked gets in, and a way back works once."""

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings

from carepool.offices.holdings import holdings, stream_of
from carepool.signin import identities, invitations, openid
from carepool.signin.models import Account, Identity, OpenSession
from tests.provider import FakeProvider, running
from tests.web.signing_in import Service, Written, browser, is_in, on_terms, page_of, sign_in

START, BACK = "/sign-in/with/council", "/sign-in/with/council/back"


@pytest.fixture
def provider(service: Service) -> Iterator[FakeProvider]:
    """A provider that the service accepts, by the clock of the test."""
    openid.forget_descriptions()
    with running(service.clock) as made, on_terms(providers={"council": made.for_us()}):
        yield made


@pytest.fixture
def ann(service: Service, provider: FakeProvider) -> Account:
    """An account that is linked with the provider's subject-1."""
    made = service.account()
    identities.link(made, provider.issuer, "subject-1", "council", service.clock())
    return made


def go(client: Client, provider: FakeProvider, path: str = START) -> str:
    """Off to the provider, and to the address that it sends the browser back to."""
    answer = client.get(path)
    assert answer.status_code == 302, page_of(answer).text
    return provider.authorize(answer["Location"])


def there_and_back(client: Client, provider: FakeProvider, path: str = START) -> HttpResponse:
    """Off and back."""
    return client.get(go(client, provider, path))


def test_from_the_button_to_being_signed_in(service: Service, provider: FakeProvider, ann: Account) -> None:
    """The page offers the provider by its label; back from there one is signed in, and goes on to where one wanted to be."""
    client = browser()
    page = page_of(client.get("/sign-in?next=/plans"))
    (button,) = page.find("a", role="button")
    assert "Sign in with Merrow Council" in page.text
    answer = there_and_back(client, provider, button["href"])
    assert answer["Location"] == "/plans"
    assert is_in(client)
    assert OpenSession.objects.get().way == "Merrow Council"


def test_going_off_writes_nothing(service: Service, provider: FakeProvider) -> None:
    """What must come back is in a cookie that the browser cannot read; the database knows nothing of it."""
    client = browser()
    with Written() as written:
        answer = client.get(START)
    assert written.seen == []
    cookie = answer.cookies["carepool_fund_openid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 600)
    assert "no-store" in answer["Cache-Control"]
    for told in ("state=", "nonce=", "code_challenge=", "code_challenge_method=S256"):
        assert told in answer["Location"]
        assert told not in cookie.value


def test_an_identity_that_nobody_is_linked_with_is_told_how_to_be_invited(
    service: Service, provider: FakeProvider
) -> None:
    """No account is made, and an account with the same verified e-mail address is not opened."""
    account = service.account("merrow.person", email="merrow.lead@example.test")
    provider.claims = {"email": account.email, "email_verified": True}
    client = browser()
    answer = there_and_back(client, provider)
    page = page_of(answer)
    assert answer.status_code == 403
    assert "no account here is linked with that" in page.text
    assert "to invite you" in page.text
    assert not is_in(client)
    assert not Identity.objects.exists()


def test_a_way_back_works_once_and_in_its_own_browser(
    service: Service, provider: FakeProvider, ann: Account
) -> None:
    """Again in the same browser, with the cookie put back, in another browser, or for another state: nobody is signed in."""
    client = browser()
    back = go(client, provider)
    carried = client.cookies["carepool_fund_openid"].value
    assert browser().get(back).status_code == 400
    assert client.get(back).status_code == 302
    client.post("/sign-out")
    assert client.get(back).status_code == 400
    client.cookies["carepool_fund_openid"] = carried
    answer = client.get(back)
    assert answer.status_code == 400
    assert "has been used already" in page_of(answer).text
    go(client, provider)
    assert client.get(f"{BACK}?code=x&state=another").status_code == 400
    assert not is_in(client)


def test_a_way_back_is_too_late_after_ten_minutes(
    service: Service, provider: FakeProvider, ann: Account
) -> None:
    """What the browser carries opens nothing then."""
    client = browser()
    back = go(client, provider)
    service.clock.goes_on(minutes=11)
    assert client.get(back).status_code == 400


def test_a_way_back_to_another_provider_is_none(
    service: Service, provider: FakeProvider, ann: Account
) -> None:
    """What began with one provider is not ended with another, whose word it would then take for the first's."""
    both = {"council": provider.for_us(), "trust": provider.for_us("trust")}
    with on_terms(providers=both):
        client = browser()
        back = go(client, provider)
        assert client.get(back.replace("/council/", "/trust/")).status_code == 400


WRONG: list[Callable[[FakeProvider], None]] = [
    lambda it: it.claims.update(nonce="another"),
    lambda it: it.claims.update(aud="another"),
    lambda it: it.claims.update(exp=1_000_000_000),
    lambda it: setattr(it, "unsigned", True),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_word_that_does_not_stand_up_signs_nobody_in(
    service: Service, provider: FakeProvider, ann: Account, wrong: Callable[[FakeProvider], None]
) -> None:
    """The page says that it could not be relied on, and nothing of what it was."""
    wrong(provider)
    client = browser()
    answer = there_and_back(client, provider)
    assert answer.status_code == 502
    assert "could not be relied on" in page_of(answer).text
    assert not is_in(client)


def test_what_a_provider_says_of_a_refusal_is_not_repeated(service: Service, provider: FakeProvider) -> None:
    """Anybody could have written it into the address."""
    client = browser()
    state = go(client, provider).partition("state=")[2]
    answer = client.get(f"{BACK}?error=access_denied&error_description=Call+0800+SCAM&state={state}")
    assert answer.status_code == 403
    page = page_of(answer)
    assert "did not let you through" in page.text
    assert "SCAM" not in page.html


def test_a_provider_that_is_away_is_said_to_be(service: Service, provider: FakeProvider) -> None:
    """With what to do about it."""
    provider.described = {"issuer": "https://elsewhere.example"}
    answer = browser().get(START)
    assert answer.status_code == 502
    assert "Merrow Council does not answer" in page_of(answer).text_of("h1")


def test_a_provider_that_there_is_none_of(service: Service, provider: FakeProvider) -> None:
    """Its addresses are those of nothing."""
    for path in ("/sign-in/with/other", "/sign-in/with/other/back"):
        assert browser().get(path).status_code == 404


def test_no_code_is_asked_after_a_provider(service: Service, provider: FakeProvider, ann: Account) -> None:
    """A second factor is the provider's matter there, also where ours is required."""
    with on_terms(second_factor=True, providers={"council": provider.for_us()}):
        client = browser()
        there_and_back(client, provider)
        assert is_in(client)


def test_an_account_that_is_out_of_use_stays_shut(
    service: Service, provider: FakeProvider, ann: Account
) -> None:
    """Whoever vouches for its owner."""
    Account.objects.filter(pk=ann.pk).update(is_active=False)
    client = browser()
    assert there_and_back(client, provider).status_code == 403
    assert not is_in(client)


# Linking


def test_an_owner_links_a_provider_and_signs_in_with_it(service: Service, provider: FakeProvider) -> None:
    """It is linked by who is signed in, they are told by letter, and it can be taken away again."""
    service.account()
    client = browser()
    sign_in(client)
    page = page_of(client.get("/me/sign-ins"))
    (button,) = page.find("a", role="button")
    answer = there_and_back(client, provider, button["href"])
    assert answer["Location"] == "/me/sign-ins?done=linked"
    assert "Merrow Council" in page_of(client.get("/me/sign-ins")).text_of("dl")
    assert len(service.letters) == 1
    other = browser()
    there_and_back(other, provider)
    assert is_in(other)
    (which,) = page_of(client.get("/me/sign-ins")).find("input", name="identity")
    client.post("/me/sign-ins", {"identity": which["value"]})
    assert there_and_back(browser(), provider).status_code == 403


def test_anothers_identity_is_not_linked(service: Service, provider: FakeProvider, ann: Account) -> None:
    """It stays with the account that it belongs to."""
    service.account("bob.day")
    client = browser()
    sign_in(client, "bob.day")
    answer = there_and_back(client, provider, "/me/sign-ins/with/council")
    assert answer.status_code == 409
    assert "belongs to another account" in page_of(answer).text
    assert Identity.objects.get().account_id == ann.pk


def test_a_link_that_one_person_began_is_not_ended_by_another(
    service: Service, provider: FakeProvider
) -> None:
    """Signed out or signed in as somebody else meanwhile: nothing is linked."""
    service.account()
    service.account("bob.day")
    for then in ("out", "bob.day"):
        client = browser()
        sign_in(client)
        back = go(client, provider, "/me/sign-ins/with/council")
        client.post("/sign-out")
        if then != "out":
            sign_in(client, then)
        assert client.get(back).status_code == 409
    assert not Identity.objects.exists()


def test_nobody_links_without_signing_in(service: Service, provider: FakeProvider) -> None:
    """They are asked to sign in first."""
    assert browser().get("/me/sign-ins/with/council")["Location"].startswith("/sign-in?next=")


def test_the_last_way_in_stays(service: Service, provider: FakeProvider, ann: Account) -> None:
    """An account without a password is told why its only link is not taken away, and that it has no password to change."""
    ann.set_unusable_password()
    ann.save()
    client = browser()
    there_and_back(client, provider)
    answer = client.post("/me/sign-ins", {"identity": str(Identity.objects.get().pk)})
    assert answer.status_code == 409
    assert "only way in" in page_of(answer).text
    assert "Your account has no password" in page_of(client.get("/me/password")).text
    assert client.post("/me/password", {"old": "", "new": "x", "again": "x"}).status_code == 200


# Invited


def test_an_invitation_is_accepted_with_a_provider(service: Service, provider: FakeProvider) -> None:
    """The account and its office are made at once, without a password; the link works no more."""
    gives = '{"body": "council:E10000016", "office": "plan_lead", "first": "", "last": ""}'
    made = invitations.invite("bo@council.example", "Bo Day", "carepool", service.clock(), gives)
    link = f"/invitations/{made.token}"
    client = browser()
    page = page_of(client.get(link))
    assert "Accept with Merrow Council" in page.text
    (button,) = page.find("a", role="button")
    assert there_and_back(client, provider, button["href"])["Location"] == "/me"
    bo = Account.objects.get(handle="bo.day")
    assert not bo.has_usable_password()
    assert "Bo Day" in page_of(client.get("/me")).text
    held = holdings(service.house.journal.read(stream_of("council:E10000016")))
    assert [(each.office, each.first) for each in held if each.account == bo.pk] == [("plan_lead", service.house.today)]  # fmt: skip
    assert client.get(link).status_code == 404
    assert client.get(f"{link}/with/council").status_code == 404
    other = browser()
    there_and_back(other, provider)
    assert is_in(other)


def test_who_has_an_account_does_not_accept_another(
    service: Service, provider: FakeProvider, ann: Account
) -> None:
    """They are told to sign in with the one that they have, and the invitation stands."""
    made = invitations.invite("bo@council.example", "Bo Day", "carepool", service.clock())
    answer = there_and_back(browser(), provider, f"/invitations/{made.token}/with/council")
    assert answer.status_code == 409
    assert "You have an account here already" in page_of(answer).text
    assert invitations.of_link(made.token, service.clock())


def test_an_invitation_taken_back_meanwhile_makes_nothing(service: Service, provider: FakeProvider) -> None:
    """Also for who is at the provider just then."""
    made = invitations.invite("bo@council.example", "Bo Day", "account-x", service.clock())
    client = browser()
    back = go(client, provider, f"/invitations/{made.token}/with/council")
    invitations.revoke(made.invitation.id, "account-x", service.clock())
    assert client.get(back).status_code == 409
    assert not Account.objects.filter(handle="bo.day").exists()


@override_settings(SESSION_COOKIE_SECURE=True)
def test_the_cookie_of_production(service: Service, provider: FakeProvider) -> None:
    """It is secure, and of this host alone."""
    https = provider.for_us()
    with on_terms(production=True, providers={"council": https}):
        # Production asks no provider without encryption, so that there is no cookie from this one.
        assert browser().get(START).status_code == 502
    from carepool.web.openid import cookie_name

    with on_terms(production=True):
        assert cookie_name() == "__Host-carepool_fund_openid"
    answer = browser().get(START)
    assert answer.cookies["carepool_fund_openid"]["secure"] is True
