"""Signing in: held back when it fails too often, with a second factor, with a provider, by invitation; and sessions to end.

Accounts, sessions and attempts are no facts: they are ordinary rows, and the journal says nothing of them.
"""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from django.conf import settings
from django.test import RequestFactory, override_settings
from joserfc.jwk import OctKey

from carepool.actions.appointing import appoint
from carepool.actions.house import House
from carepool.actions.outbox import Message
from carepool.actions.permits import Actor, offices_of, offices_to_end
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.memory import MemoryJournal
from carepool.signin import (
    guessable,
    identities,
    invitations,
    openid,
    passwords,
    second_factor,
    sessions,
    throttling,
)
from carepool.signin.backends import admitted
from carepool.signin.browsers import in_words
from carepool.signin.ending import end_account
from carepool.signin.keeping import LETTERS, digest, seal, unseal
from carepool.signin.letters import opened, sealed
from carepool.signin.models import Account, Attempts, Invitation, PasswordLink, RecoveryCode, SecondFactor
from carepool.signin.openid import Departure, Identified
from carepool.signin.throttling import FORGOTTEN, LONGEST, Wait, Watched, attempt
from carepool.wiring.config import Config
from carepool.wiring.providers import providers_of
from tests.accounts import ann, rows, tables  # noqa: F401  (fixtures)
from tests.provider import SECRET as CLIENT_SECRET
from tests.provider import FakeProvider, new_key, running

NOW = datetime(2026, 11, 28, 12, 0, 10, tzinfo=UTC)
ANN = Watched("ann", 5, clears=True)
GOOD = "otter lamp quarry nine"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def fail(*watched: Watched, at: datetime = NOW) -> Wait | None:
    answer = attempt(watched, at, lambda: None)
    assert answer is None or isinstance(answer, Wait)
    return answer


# Attempts


@pytest.mark.slow
def test_five_failures_are_free_and_then_each_costs_a_longer_wait() -> None:
    """The sixth failure makes the next attempt wait 15 seconds, the seventh 30, and so on: but never more than 15 minutes."""
    assert [fail(ANN) for _ in range(6)] == [None] * 6
    waits, at = [], NOW
    for _ in range(9):
        held = fail(ANN, at=at)
        assert isinstance(held, Wait)
        waits.append((held.until - at).total_seconds())
        at = held.until
        assert fail(ANN, at=at) is None
    assert waits == [15, 30, 60, 120, 240, 480, 900, 900, 900]
    assert timedelta(minutes=15) == LONGEST


@pytest.mark.slow
def test_an_attempt_while_waiting_is_not_made_and_costs_nothing() -> None:
    """While an account waits nothing is tried, the right password no more than a wrong one, and the wait ends when it was to end."""
    for _ in range(6):
        fail(ANN)
    tried: list[str] = []
    held = [attempt((ANN,), NOW, lambda: tried.append("right")) for _ in range(20)]
    assert held == [Wait(NOW + timedelta(seconds=15))] * 20
    assert tried == []
    assert attempt((ANN,), NOW + timedelta(seconds=15), lambda: "in") == "in"


def test_a_success_wipes_off_what_failed_of_an_account_but_not_of_an_address() -> None:
    """Who gets in begins anew; the address that they came from keeps what others there have failed."""
    here = Watched("here", 5, clears=False)
    for _ in range(5):
        fail(ANN, here)
    assert attempt((ANN, here), NOW, lambda: True) is True
    assert [fail(ANN) for _ in range(5)] == [None] * 5
    assert fail(here) is None
    assert isinstance(fail(here), Wait)


def test_failures_are_forgotten_after_a_day() -> None:
    """What nobody has added to for a day counts no more, and its row goes when somebody gets in."""
    for _ in range(6):
        fail(ANN)
    later = NOW + FORGOTTEN + timedelta(seconds=1)
    assert [fail(ANN, at=later) for _ in range(5)] == [None] * 5
    fail(Watched("old", 5, clears=True))
    attempt((ANN,), later, lambda: True)
    assert not Attempts.objects.exists()


def test_what_is_watched_cannot_be_read() -> None:
    """Neither the name that was typed, which may be a password, nor an address stands in the database."""
    watched = throttling.account("password", "My-Secret-Typed-Here")
    assert watched == throttling.account("password", " my-secret-typed-here ")
    assert watched.key != throttling.account("code", "My-Secret-Typed-Here").key
    assert len(watched.key) == 64
    assert "secret" not in watched.key


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (2, "203.0.113.9", "192.0.2.1"),
    ],
)
def test_a_caller_cannot_choose_the_address_that_is_watched(proxies: int, forwarded: str, found: str) -> None:
    """Only what our own proxies have added to a request is believed; what a caller writes before it counts for nothing."""
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
    with override_settings(SIGN_IN=replace(settings.SIGN_IN, proxies=proxies)):
        assert throttling.caller(request) == found


def test_one_network_of_the_sixth_version_is_one_caller() -> None:
    """Who has a whole network of addresses is watched as one."""
    assert throttling.network("2001:db8:1:2::5") == throttling.network("2001:db8:1:2:ffff::9")
    assert throttling.network("2001:db8:1:2::5") != throttling.network("2001:db8:1:3::5")
    assert throttling.network("::ffff:192.0.2.1") == throttling.network("192.0.2.1") == "192.0.2.1"
    assert throttling.network("a socket") == "unknown"


# The second factor


def secret_of(account: Account) -> str:
    secret = second_factor.pending(account.pk, NOW)
    assert secret
    return secret


def enrolled(account: Account, at: datetime = NOW) -> tuple[str, tuple[str, ...]]:
    second_factor.begin(account, at)
    secret = secret_of(account)
    codes = second_factor.confirm(account.pk, pyotp.TOTP(secret).at(at), at)
    assert codes
    return secret, codes


def test_a_second_factor_counts_once_a_code_has_confirmed_it(ann: Account) -> None:
    """Until the owner has written a code of the secret, nothing asks for codes; a wrong one confirms nothing."""
    assert second_factor.begin(ann, NOW)
    secret = secret_of(ann)
    assert second_factor.confirm(ann.pk, "000000", NOW) is None
    assert not second_factor.has(ann.pk)
    codes = second_factor.confirm(ann.pk, pyotp.TOTP(secret).at(NOW), NOW)
    assert codes
    assert (len(codes), len(set(codes))) == (10, 10)
    assert second_factor.has(ann.pk)
    assert second_factor.pending(ann.pk, NOW) is None
    assert not second_factor.begin(ann, NOW)


def test_a_code_is_taken_once(ann: Account) -> None:
    """Neither the code that confirmed, nor any code after it has been taken, nor an earlier one, works again."""
    secret, _ = enrolled(ann)
    totp, next_at = pyotp.TOTP(secret), NOW + timedelta(seconds=30)
    assert second_factor.prove(ann.pk, totp.at(NOW), NOW) is None
    assert second_factor.prove(ann.pk, totp.at(next_at), next_at) == second_factor.BY_CODE
    assert second_factor.prove(ann.pk, totp.at(next_at), next_at) is None
    assert second_factor.prove(ann.pk, totp.at(NOW), next_at) is None


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_phones_clock_may_be_half_a_minute_off(ann: Account, seconds: int, taken: bool) -> None:
    """The code of the half-minute before and of the one after are taken, and none further off."""
    secret, _ = enrolled(ann)
    at = NOW + timedelta(minutes=5)
    typed = pyotp.TOTP(secret).at(at + timedelta(seconds=seconds))
    assert (second_factor.prove(ann.pk, f" {typed[:3]} {typed[3:]} ", at) is not None) is taken


def test_a_recovery_code_works_once_however_it_is_typed(ann: Account) -> None:
    """Each of the ten signs in once, in small letters and without hyphens too."""
    _, codes = enrolled(ann)
    typed = codes[3].lower().replace("-", " ")
    assert second_factor.prove(ann.pk, typed, NOW) == second_factor.BY_RECOVERY
    assert second_factor.prove(ann.pk, codes[3], NOW) is None
    assert second_factor.codes_left(ann.pk) == 9
    renewed = second_factor.renew_codes(ann.pk)
    assert second_factor.prove(ann.pk, codes[4], NOW) is None
    assert second_factor.prove(ann.pk, renewed[4], NOW) == second_factor.BY_RECOVERY


def test_a_recovery_code_is_too_long_to_be_guessed(ann: Account) -> None:
    """Each has 112 bits of chance or more, so that its plain digest cannot be turned back by trying."""
    _, codes = enrolled(ann)
    for each in codes:
        assert len(each.replace("-", "")) * math.log2(len(LETTERS)) >= 112


def test_neither_secret_nor_recovery_codes_can_be_read_in_the_database(ann: Account) -> None:
    """The secret is sealed under the service's key, and of the codes there are digests: a copy of the database signs nobody in."""
    secret, codes = enrolled(ann)
    held = SecondFactor.objects.get(account=ann)
    assert secret not in held.secret
    assert set(RecoveryCode.objects.values_list("digest", flat=True)) == {digest(each) for each in codes}
    with override_settings(SECRET_KEY="another"):
        assert second_factor.prove(ann.pk, pyotp.TOTP(secret).at(NOW + timedelta(minutes=1)), NOW) is None


def test_taking_it_away_forgets_it(ann: Account) -> None:
    """Once it is taken away nothing is asked for, and a new one has another secret."""
    secret, codes = enrolled(ann)
    second_factor.remove(ann.pk)
    assert not second_factor.has(ann.pk)
    assert second_factor.prove(ann.pk, codes[0], NOW) is None
    second_factor.begin(ann, NOW)
    assert secret_of(ann) != secret


def test_the_picture_is_a_drawing_and_nothing_more() -> None:
    """The square for an app's camera is SVG with shapes alone: no style, no script, nothing fetched."""
    drawn = second_factor.picture(second_factor.address_of("ann.lee", SECRET)).decode()
    assert drawn.count("<path") == 2
    for never in ("style", "script", "href", "class", SECRET):
        assert never not in drawn


# Passwords


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "at least 12 characters"),
        ("password1234", "too common"),
        ("Ann@council.example", "too similar"),
        ("qwertyuiop2015", "follows a pattern"),
        ("iloveyou2015!", "too common"),
        ("P@ssw0rd1234", "too common"),
        ("football-dragon", "too common"),
        ("scandinavian", "too common"),
        ("Scandinavian2015!", "too common"),
        ("passwordpassword", "follows a pattern"),
        ("123456789012", "follows a pattern"),
        ("1q2w3e4r5t6y", "follows a pattern"),
        ("zaqxswcdevfr!", "follows a pattern"),
        ("aaaaaaaaaaab", "follows a pattern"),
        ("12345612345612", "follows a pattern"),
        ("08051945 1400", "follows a pattern"),
        ("x" * 1001, "at most 1,000"),
    ],
)
def test_a_password_that_would_be_guessed_is_refused(ann: Account, password: str, says: str) -> None:
    """Twelve characters at least, no common one, nothing made of common ones or of a pattern, and nothing like the account's own names."""
    assert any(says in each for each in passwords.faults(password, ann))


@pytest.mark.parametrize(
    "password",
    [
        "carepool2015!",
        "BetterCareFund",
        "better-care-fund-1",
        "NHS council pool 26",
        "p.a.s.s.w.o.r.d.carepool",
    ],
)
def test_words_of_the_service_make_no_password(ann: Account, password: str) -> None:
    """Without the words that anybody would try here first, with figures and signs between them, too little is left."""
    assert any("words that anybody would try here" in each for each in passwords.faults(password, ann))


@pytest.mark.parametrize("password", ["the pool of otters sang", "our council wears striped hats", GOOD])
def test_a_word_of_the_service_among_others_does_no_harm(ann: Account, password: str) -> None:
    """What counts is what is left without it."""
    assert passwords.faults(password, ann) == []


def test_three_words_are_a_good_password(ann: Account) -> None:
    """No digits, capitals or signs are asked for."""
    assert passwords.faults(GOOD, ann) == []


@pytest.mark.parametrize(
    "password",
    [
        "938475610293",
        "846120395527 61",
        "żółć gęślą jaźń",
        "🦦🪔⛏️🦦🍎🌊⚓🎺🧭🪁🧵🪕",
        "?!;:+=~§%&/(",
        "correct horse battery staple",
    ],
)
def test_any_characters_will_do(ann: Account, password: str) -> None:
    """Figures alone, signs alone, letters of any language and pictures make a password, where nobody would guess them."""
    assert passwords.faults(password, ann) == []


def test_the_commonest_passwords_of_our_length_are_refused(ann: Account) -> None:
    """
    The 15,542 commonest passwords of twelve characters or more, those that occurred more than once among ten million that became
    known, are shipped in their order, and none of the first 3,000 is taken, however its letters are written.
    """
    known = guessable.long_common()
    assert len(known) == len(set(known)) == 15_542
    assert all(len(each) >= 12 and each == each.casefold() for each in known)
    assert [each for each in known[:3_000] if not passwords.faults(each.title(), ann)] == []


@pytest.mark.slow
def test_long_common_passwords_are_mostly_refused_without_being_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    Of the 190 passwords of twelve characters or more in Django's list, more than half are made of shorter ones or follow a
    pattern: so of the common ones that are in no list of ours, much is refused as well.
    """
    listed = guessable._common()
    long = {each for each in listed if len(each) >= 12}
    monkeypatch.setattr(guessable, "_common", lambda: listed - long)
    refused = [each for each in long if guessable.made_of_common(each) or guessable.of_a_pattern(each)]
    assert len(long) == 190
    assert len(refused) > 100


@pytest.mark.slow
def test_a_link_for_a_new_password_works_once_and_not_for_long(ann: Account) -> None:
    """The link sets a password once; used, run out, or overtaken by a change of the password, it opens nothing."""
    first, second = (passwords.make_link(ann, NOW, passwords.BY_LETTER) for _ in range(2))
    assert not PasswordLink.objects.filter(token__in=[first, second]).exists()
    assert passwords.of_link(first, NOW + timedelta(minutes=59)) == ann
    assert passwords.of_link(first, NOW + timedelta(minutes=61)) is None
    assert passwords.use_link(first, GOOD, NOW)
    assert Account.objects.get(pk=ann.pk).check_password(GOOD)
    assert not passwords.use_link(first, "another good one", NOW)
    assert not passwords.use_link(second, "another good one", NOW)


@pytest.mark.slow
def test_a_letter_goes_only_to_accounts_that_have_a_password(ann: Account) -> None:
    """An account that signs in with a provider gets no link, and an empty address is nobody's."""
    assert passwords.of_email("ANN@council.example ") == []
    ann.set_password(GOOD)
    ann.save()
    assert passwords.of_email("ANN@council.example ") == [ann]
    assert passwords.of_email("") == []
    ann.is_active = False
    ann.save()
    assert passwords.of_email("ann@council.example") == []


# Invitations


@pytest.mark.slow
def test_an_invitation_makes_one_account_within_a_week() -> None:
    """Its link is accepted once, within seven days; the account has the name and the address that were invited."""
    made = invitations.invite("Bo@Council.Example", " Bo  Day ", "account-ann", NOW)
    assert made.token not in str(list(Invitation.objects.values()))
    found = invitations.of_link(made.token, NOW + timedelta(days=6, hours=23))
    assert found == made.invitation
    assert invitations.of_link(made.token, NOW + timedelta(days=7)) is None
    bo = invitations.accept(made.invitation.id, "bo.day", GOOD, NOW)
    assert isinstance(bo, Account)
    assert (bo.handle, bo.name, bo.email, bo.check_password(GOOD)) == ("bo.day", "Bo Day", "bo@council.example", True)  # fmt: skip
    assert isinstance(invitations.accept(made.invitation.id, "bo.two", GOOD, NOW), Refused)
    assert invitations.standing(Invitation.objects.get(id=made.invitation.id), NOW) == "Accepted"


def test_only_who_made_an_invitation_takes_it_back() -> None:
    """Taken back, its link opens nothing; somebody else cannot, and what was accepted stays so."""
    made = invitations.invite("bo@council.example", "Bo Day", "account-ann", NOW)
    assert not invitations.revoke(made.invitation.id, "account-bob", NOW)
    assert invitations.revoke(made.invitation.id, "account-ann", NOW)
    assert invitations.of_link(made.token, NOW) is None
    assert isinstance(invitations.accept(made.invitation.id, "bo.day", GOOD, NOW), Refused)
    assert not invitations.revoke(made.invitation.id, "account-ann", NOW)


def test_who_never_came_is_forgotten(ann: Account) -> None:
    """A month after an invitation has run out, its name and address go, when somebody else is invited."""
    made = invitations.invite("bo@council.example", "Bo Day", ann.pk, NOW)
    invitations.invite("cy@council.example", "Cy Dee", ann.pk, NOW + timedelta(days=36))
    assert Invitation.objects.filter(id=made.invitation.id).exists()
    invitations.invite("cy@council.example", "Cy Dee", ann.pk, NOW + timedelta(days=38))
    assert not Invitation.objects.filter(id=made.invitation.id).exists()


@pytest.mark.slow
def test_a_name_that_somebody_has_is_refused_and_the_invitation_stands(ann: Account) -> None:
    """Two people never sign in by one name."""
    made = invitations.invite("bo@council.example", "Bo Day", ann.pk, NOW)
    refused = invitations.accept(made.invitation.id, "ann.lee", GOOD, NOW)
    assert refused == Refused(invitations.TAKEN)
    with pytest.raises(Unusable, match="Somebody has that name"):
        invitations.checked_handle("ann.lee")
    assert isinstance(invitations.accept(made.invitation.id, "bo.day", GOOD, NOW), Account)


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "a b@c.example", "a@b.example\nBcc: x@y.example", "a,b@c.example"])  # fmt: skip
def test_what_is_no_address_is_refused(email: str) -> None:
    """Nothing that could stand for several addresses, or for another line of a letter's head."""
    with pytest.raises(Unusable, match="not an e-mail address"):
        invitations.invite(email, "Bo Day", "account-ann", NOW)


@pytest.mark.parametrize("handle", ["Bo", "bo day", "Bo.Day", "../bo", "b\0o", "-bo", "bö"])
def test_a_name_to_sign_in_with_is_plain(handle: str) -> None:
    """Small letters, digits, dots and hyphens, which nobody mistakes for another's."""
    with pytest.raises(Unusable, match="small letters"):
        invitations.checked_handle(handle)


# Providers


@pytest.fixture(scope="module")
def served() -> Iterator[FakeProvider]:
    """A provider that is up while this chapter runs."""
    with running(lambda: NOW) as provider:
        yield provider


@pytest.fixture
def provider(served: FakeProvider) -> FakeProvider:
    """The provider as it is at first."""
    openid.forget_descriptions()
    served.__init__(served.clock, served.issuer)  # type: ignore[misc]
    return served


BACK = "http://localhost/sign-in/with/council/back"


def come_back(provider: FakeProvider) -> Identified | Refused:
    """Send somebody off, and take them back with the code that the provider gave them."""
    sent = openid.send_off(provider.for_us(), BACK, "sign-in")
    assert not isinstance(sent, Refused), sent.says
    address, kept = sent
    code = provider.authorize(address).partition("code=")[2].partition("&")[0]
    return openid.come_back(provider.for_us(), BACK, code, kept, NOW)


def test_a_provider_says_who_somebody_is(provider: FakeProvider) -> None:
    """Issuer and subject, from a token that one of the provider's keys has signed, for us, now, in answer to this request."""
    assert come_back(provider) == Identified(provider.issuer, "subject-1")


@pytest.mark.parametrize("keys", [1, 3])
def test_a_token_that_names_no_key_is_tried_with_each(provider: FakeProvider, keys: int) -> None:
    """Some providers name no key in their tokens; it must be one that they publish all the same."""
    provider.published += [new_key(f"key-{number}") for number in range(keys - 1)]
    provider.header = {"kid": None}
    assert isinstance(come_back(provider), Identified)
    provider.signs_with = new_key("stranger")
    assert isinstance(come_back(provider), Refused)


def test_a_provider_may_change_its_keys(provider: FakeProvider) -> None:
    """A key that is not known is asked for once more before a token is refused."""
    assert isinstance(come_back(provider), Identified)
    provider.published = [new_key("new")]
    assert isinstance(come_back(provider), Identified)


WRONG: dict[str, dict[str, object]] = {
    "another's audience": {"claims": {"aud": "somebody-else"}},
    "another's audience, in our name": {"claims": {"aud": "somebody-else", "azp": "carepool"}},
    "an audience of several, of another party": {
        "claims": {"aud": ["carepool", "somebody-else"], "azp": "somebody-else"}
    },
    "no audience": {"claims": {"aud": None}},
    "another issuer": {"claims": {"iss": "https://elsewhere.example"}},
    "no issuer": {"claims": {"iss": None}},
    "run out": {"claims": {"exp": 1_000_000_000}},
    "never running out": {"claims": {"exp": None}},
    "of the future": {"claims": {"iat": 9_000_000_000, "exp": 9_000_000_300}},
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "no subject": {"claims": {"sub": None}},
    "an empty subject": {"claims": {"sub": ""}},
    "a number for a subject": {"claims": {"sub": 7}},
    "a subject that is too long": {"claims": {"sub": "s" * 256}},
    "another access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "signed by nobody": {"unsigned": True},
    "signed by a stranger": {"signs_with": new_key("stranger")},
    "signed by a stranger under a known name": {"signs_with": new_key("one")},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_token_that_is_wrong_in_any_way_is_refused(provider: FakeProvider, what: str) -> None:
    """Signature, issuer, audience, times, nonce, subject and the access token it came with: each is checked, and each wrong one tried here."""
    for name, value in WRONG[what].items():
        setattr(provider, name, value)
    refused = come_back(provider)
    assert isinstance(refused, Refused)
    assert refused.says == "What Merrow Council answered could not be relied on, so nobody was signed in. Begin again."  # fmt: skip


@pytest.mark.parametrize("published", [False, True])
def test_a_key_that_others_have_too_signs_nothing(provider: FakeProvider, published: bool) -> None:
    """A token signed with a secret that is shared, ours or one that the provider publishes by mistake, is refused."""
    shared = OctKey.import_key(CLIENT_SECRET.encode() + b" and more so that it is long", {"kid": "shared"})
    provider.signs_with = shared
    provider.published += [shared] if published else []
    assert isinstance(come_back(provider), Refused)


def test_another_verifier_buys_nothing(provider: FakeProvider) -> None:
    """A code that was caught on its way is worth nothing without what only this browser's request knows (PKCE)."""
    sent = openid.send_off(provider.for_us(), BACK, "sign-in")
    assert not isinstance(sent, Refused)
    code = provider.authorize(sent[0]).partition("code=")[2].partition("&")[0]
    kept = replace(sent[1], verifier="x" * 48)
    assert isinstance(openid.come_back(provider.for_us(), BACK, code, kept, NOW), Refused)


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
)
def test_a_description_that_leads_elsewhere_is_refused(
    provider: FakeProvider, described: dict[str, object]
) -> None:
    """It must be the issuer's own, and every address in it encrypted."""
    provider.described = described
    assert isinstance(openid.send_off(provider.for_us(), BACK, "sign-in"), Refused)


def test_no_question_follows_a_provider_elsewhere(provider: FakeProvider) -> None:
    """An answer that sends the question on is not followed: nothing is asked but what the description names."""
    provider.redirects = True
    assert isinstance(openid.send_off(provider.for_us(), BACK, "sign-in"), Refused)
    assert provider.asked == ["/.well-known/openid-configuration"]


def test_production_speaks_with_encrypted_providers_only(provider: FakeProvider) -> None:
    """Outside production a provider on this machine may answer without; in production none may."""
    with override_settings(SIGN_IN=replace(settings.SIGN_IN, production=True)):
        assert isinstance(openid.send_off(provider.for_us(), BACK, "sign-in"), Refused)
    assert provider.asked == []
    with pytest.raises(openid.NotSafe):
        openid.check_address("http://login.example/")


def test_a_provider_that_is_away_is_said_to_be(provider: FakeProvider) -> None:
    """Nothing waits for it longer than a few seconds, and the page says what to do."""
    gone = replace(provider.for_us(), issuer="http://127.0.0.1:9")
    refused = openid.send_off(gone, BACK, "sign-in")
    assert isinstance(refused, Refused)
    assert "does not answer at the moment" in refused.says


def test_what_a_browser_carries_meanwhile_is_sealed() -> None:
    """It cannot read what must come back with it, change it, or bring it after ten minutes."""
    kept = Departure("council", "state", "nonce", "verifier", "sign-in", next="/plans")
    carried = openid.pack(kept, NOW)
    assert "verifier" not in carried
    assert openid.unpack(carried, NOW + timedelta(minutes=9)) == kept
    assert openid.unpack(carried, NOW + timedelta(minutes=11)) is None
    assert openid.unpack(carried[:-4] + "AAA=", NOW) is None
    assert openid.unpack("", NOW) is None
    assert unseal("second-factor", seal("openid", "a secret", NOW), NOW) is None


def test_a_way_back_is_used_once() -> None:
    """A return from a provider that is sent a second time is refused, by whomever."""
    assert identities.spend("state", NOW, openid.LASTS)
    assert not identities.spend("state", NOW, openid.LASTS)
    assert identities.spend("another", NOW + openid.LASTS * 2, openid.LASTS)


def test_an_identity_belongs_to_one_account(ann: Account) -> None:
    """Linked once, it cannot be linked with another account; issuer and subject together are the identity."""
    bob = Account.objects.create(id="account-bob", handle="bob", name="Bob")
    assert identities.link(ann, "https://one.example", "7", "one", NOW) is None
    assert identities.link(ann, "https://one.example", "7", "one", NOW) is None
    assert identities.link(bob, "https://one.example", "7", "one", NOW) == Refused(identities.ANOTHERS)
    assert identities.link(bob, "https://two.example", "7", "two", NOW) is None
    assert identities.account_of("https://one.example", "7") == ann
    assert identities.account_of("https://two.example", "7") == bob


@pytest.mark.slow
def test_the_last_way_in_is_not_taken_away(ann: Account) -> None:
    """An account without a password keeps one link; with a password it may give up every one."""
    identities.link(ann, "https://one.example", "7", "one", NOW)
    (only,) = identities.of_account(ann.pk)
    assert identities.unlink(ann, only.pk) == Refused(identities.LAST_WAY)
    ann.set_password(GOOD)
    ann.save()
    assert identities.unlink(ann, only.pk) is None
    assert identities.of_account(ann.pk) == []


def test_an_invitation_can_be_accepted_with_a_provider(ann: Account) -> None:
    """The identity is the account's only way in; one that has an account already makes no second."""
    made = invitations.invite("bo@council.example", "Ann Lee", ann.pk, NOW)
    bo = invitations.accept_by_identity(made.invitation.id, "https://one.example", "8", "one", NOW)
    assert isinstance(bo, Account)
    assert bo.handle == "ann.lee.2"
    assert not bo.has_usable_password()
    assert identities.account_of("https://one.example", "8") == bo
    again = invitations.invite("bo@council.example", "Bo Day", ann.pk, NOW)
    refused = invitations.accept_by_identity(again.invitation.id, "https://one.example", "8", "one", NOW)
    assert isinstance(refused, Refused)
    assert invitations.of_link(again.token, NOW) is not None


def settled(folder: Path, text: str, name: str = "providers.toml", **more: object) -> Config:
    file = folder / name
    file.write_text(text)
    (folder / "secret").write_text("shared\n")
    return Config(oidc=file, **more)  # type: ignore[arg-type]


TABLE = '[providers.council]\nlabel = "Kent"\nissuer = "https://login.example"\nclient_id = "us"\nsecret_file = "secret"\n'


def test_providers_are_named_in_a_file(tmp_path: Path) -> None:
    """Each has a name, what people call it, its issuer, our id there, and the file with our secret; TOML or JSON."""
    (found,) = providers_of(settled(tmp_path, TABLE)).values()
    assert (found.name, found.label, found.secret) == ("council", "Kent", "shared")
    assert found.described_at == "https://login.example/.well-known/openid-configuration"
    assert "shared" not in repr(found)
    data = '{"providers": {"council": {"label": "Kent", "issuer": "https://login.example", "client_id": "us", "secret_file": "secret"}}}'
    assert providers_of(settled(tmp_path, data, "providers.json")) == {"council": found}
    assert providers_of(Config()) == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names no provider"),
        ("[providers", "is not TOML"),
        (TABLE.replace("label", "lable"), "Did you mean label"),
        (TABLE.replace('label = "Kent"\n', ""), "has no label"),
        (TABLE.replace("https:", "http:"), "must begin with https"),
        (TABLE.replace('"secret"', '"nowhere"'), "cannot be read"),
        (TABLE.replace("providers.council", 'providers."The Council"'), "small letters"),
    ],
)
def test_a_file_of_providers_that_is_wrong_is_refused_at_the_start(
    tmp_path: Path, text: str, says: str
) -> None:
    """Before anybody is asked to sign in with it, with what is wrong and what to write."""
    with pytest.raises(Unusable, match=says):
        providers_of(settled(tmp_path, text))


def test_production_refuses_a_provider_that_is_not_encrypted(tmp_path: Path) -> None:
    """One on this machine serves to try it out, outside production."""
    local = TABLE.replace("https://login.example", "http://127.0.0.1:9000")
    assert providers_of(settled(tmp_path, local))
    with pytest.raises(Unusable, match="must begin with https"):
        providers_of(settled(tmp_path, local, production=True))


# Letters


def test_a_letter_is_sealed_with_the_services_key() -> None:
    """Until it is delivered the database holds neither its link nor its address; with another key nobody reads it."""
    letter = Message("<invitation-1@carepool>", "bo@council.example", "You are invited", "https://x/invitations/token")  # fmt: skip
    kept = sealed(letter, NOW)
    assert "bo@council.example" not in kept
    assert opened(kept, NOW + timedelta(days=9)) == letter
    with override_settings(SECRET_KEY="another"):
        assert opened(kept, NOW) is None


# An account's end


KENT = "council:E10000016"


def test_an_account_is_ended_and_keeps_its_name(ann: Account, house: House) -> None:
    """Its offices, its sessions, its links to a password and the invitations it made die at once; the row stays, with when and why."""
    kent = replace(house, journal=MemoryJournal(), clock=lambda: NOW)
    for number, (office, first) in enumerate((("clerk", NOW.date()), ("plan_lead", date(2027, 4, 1)))):
        appoint(kent, Actor("carepool", str(number)), "bcf-2014-08", KENT, office, ann.pk, first)
    token = passwords.make_link(ann, NOW, passwords.BY_OPERATOR)
    waiting = invitations.invite("bo@council.example", "Bo Day", ann.pk, NOW, body=KENT)
    operator = Actor("carepool", "end")
    with pytest.raises(Unusable, match="Write why"):
        end_account(kent, operator, ann, " ")
    assert len(offices_to_end(kent, ann.pk)) == 2, "nothing ends without a reason"
    ended = end_account(kent, operator, ann, "She has left.")
    assert set(ended.offices) == {(KENT, "clerk"), (KENT, "plan_lead")}
    assert (ended.sessions, ended.invitations) == (0, (waiting.invitation.id,))
    assert offices_to_end(kent, ann.pk) == offices_of(kent, ann.pk) == ()
    found = Account.objects.get(pk=ann.pk)
    assert (found.name, found.is_active, found.ended_at, found.ended_why) == ("Ann Lee", False, NOW, "She has left.")  # fmt: skip
    assert not admitted(found)
    assert passwords.of_link(token, NOW) is None
    assert invitations.of_link(waiting.token, NOW) is None
    with pytest.raises(Unusable, match="was ended on 28 November 2026"):
        end_account(kent, operator, ann, "Again.")


def test_an_account_whose_end_was_cut_short_is_ended_again(
    ann: Account, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its offices end first: until the rest is done nobody says that the account was ended, and the end is asked for again."""
    kent = replace(house, journal=MemoryJournal(), clock=lambda: NOW)
    appoint(kent, Actor("carepool", "1"), "bcf-2014-08", KENT, "clerk", ann.pk, NOW.date())
    with monkeypatch.context() as cut, pytest.raises(RuntimeError):
        cut.setattr(sessions, "end_all", lambda _: (_ for _ in ()).throw(RuntimeError))
        end_account(kent, Actor("carepool", "end"), ann, "She has left.")
    ann.refresh_from_db()
    assert (ann.is_active, offices_of(kent, ann.pk)) == (True, ())
    assert end_account(kent, Actor("carepool", "end"), ann, "She has left.").offices == ()
    assert not admitted(Account.objects.get(pk=ann.pk))


# Sessions


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36", "Chrome on an Android device"),
        ("curl/8.0", "A browser that does not say what it is"),
    ],
)  # fmt: skip
def test_a_browser_is_said_in_plain_words(said: str, words: str) -> None:
    """Owners know their sessions by the browser and the machine; what the browser said of itself is not kept."""
    assert in_words(said) == words
