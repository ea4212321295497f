"""Accounts of the wing are made by the operator: who somebody is, for whom they work, whom they work with, and what is refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import override_settings
from typer.testing import CliRunner

from carepool.basics.refusals import NotHere, Unusable
from carepool.care.actions.caring import care, responsible
from carepool.care.actions.demonstration import PASSWORD
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Identity
from carepool.care.planning.packages import Alarm
from carepool.signin.models import Account
from carepool.wiring.main import application

GOOD = "four wet herons over Stonebeck"
NURSE = ("--as", "practitioner", "--title", "District nurse", "--organisation", "Merrow Community Trust", "--sector", "health")  # fmt: skip
Ask = Callable[..., str]


@pytest.fixture
def ask(wing: CareHouse, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask the wing's account command, and have what it says."""
    monkeypatch.setenv("PASSWORD", GOOD)

    def asked(*words: str) -> str:
        ran = CliRunner().invoke(application(), ["care", "account", *words], catch_exceptions=False)
        assert ran.exit_code == 0, ran.output
        return ran.stdout

    return asked


def test_a_practitioner_signs_in_and_has_the_people_they_work_with(ask: Ask, come, invented: tuple[Identity, ...]):  # fmt: skip
    who, other = invented[30], invented[31]
    said = ask("make", "ann.lee", "--name", "Ann Lee", *NURSE, "--works-with", who.person)
    assert said == "ann.lee can sign in as a practitioner.\n"
    visitor = come()
    visitor.browser.get("/sign-in")
    assert visitor.send("/sign-in", handle="ann.lee", password=GOOD).status_code == 302
    day = visitor.page("/day").text
    assert who.name in day
    assert ask("works-with", "ann.lee", other.person) == "ann.lee works with 2 people now.\n"
    assert other.name in visitor.page("/day").text
    assert visitor.status(f"/people/{invented[33].person}") == 403


def test_a_governance_lead_a_person_and_a_carer_see_what_is_theirs(ask: Ask, come, invented: tuple[Identity, ...]):  # fmt: skip
    who = invented[5]
    ask("make", "lead.two", "--name", "Leda Two", "--as", "governance_lead", "--title", "Caldicott guardian", "--organisation", "Illustrative Community NHS Trust")  # fmt: skip
    ask("make", "own.self", "--name", who.name, "--as", "person", "--person", who.person)
    ask("make", "her.son", "--name", "Hal Son", "--as", "carer", "--person", who.person)
    assert come("lead.two").status("/log") == 200
    assert come("own.self").status("/mine/log") == 200
    assert come("her.son").status("/mine") in {200, 403}
    with pytest.raises(Unusable, match="has an account already"):
        ask("make", "own.again", "--name", who.name, "--as", "person", "--person", who.person)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--as", "practicioner"), "There is no kind of account “practicioner”. Did you mean practitioner"),
        (("--as", "practitioner"), "Give a practitioner a --title"),
        ((*NURSE[:-1], "space"), "health or social_care"),
        ((*NURSE, "--person", "p1"), "Leave --person out"),
        ((*NURSE, "--works-with", "nobody"), "There is no such person here"),
        (("--as", "person"), "Name with --person whose record it is"),
        (("--as", "carer", "--person", "nobody"), "There is no such person here"),
        (("--as", "carer", "--organisation", "Trust"), "act for themselves"),
        (("--as", "governance_lead", "--title", "Guardian", "--organisation", "Trust", "--sector", "health"), "Only a practitioner has a --sector"),
    ],
)  # fmt: skip
def test_an_account_that_would_be_nobodys_is_not_made(ask: Ask, words: tuple[str, ...], says: str):
    with pytest.raises(Unusable, match=says):
        ask("make", "ann.lee", "--name", "Ann Lee", *words)
    assert not Account.objects.filter(handle="ann.lee").exists()


def test_what_is_unsafe_is_refused_in_plain_words(ask: Ask, wing: CareHouse, monkeypatch: pytest.MonkeyPatch):
    make = ("make", "ann.lee", "--name", "Ann Lee", *NURSE)
    for password, says in ((PASSWORD, "password of the demonstration"), ("short", "too short"), ("carepool-nhs-2026", "words that anybody would try")):  # fmt: skip
        monkeypatch.setenv("PASSWORD", password)
        with pytest.raises(Unusable, match=says):
            ask(*make)
    monkeypatch.setenv("PASSWORD", GOOD)
    with pytest.raises(Unusable, match="Somebody has that name already"):
        ask("make", "social.worker", "--name", "Ann Lee", *NURSE)
    production = override_settings(
        CONFIG=replace(settings.CONFIG, production=True),
        SIGN_IN=replace(settings.SIGN_IN, production=True, second_factor=False),
    )
    with production, pytest.raises(Unusable, match="a password alone"):
        ask(*make)
    with override_settings(SIGN_IN=replace(settings.SIGN_IN, second_factor=True)):
        assert "They set up a second factor when they first do." in ask(*make)


def test_a_new_password_ends_every_session_and_the_old_one_is_none(ask: Ask, come, monkeypatch: pytest.MonkeyPatch):  # fmt: skip
    ask("make", "ann.lee", "--name", "Ann Lee", *NURSE)
    visitor = come()
    visitor.send("/sign-in", handle="ann.lee", password=GOOD)
    monkeypatch.setenv("PASSWORD", "three dry herons over Carrowby")
    assert "signed in nowhere now" in ask("password", "ann.lee", "--second-factor")
    assert visitor.browser.get("/day")["Location"].startswith("/sign-in")
    assert come().send("/sign-in", handle="ann.lee", password=GOOD).status_code == 400
    with pytest.raises(NotHere, match="There is no account nobody"):
        ask("password", "nobody")


def test_an_account_that_ends_leaves_its_teams_and_the_alarm_rings(ask: Ask, wing: CareHouse, come, invented: tuple[Identity, ...]):  # fmt: skip
    who = invented[0]
    said = ask("end", "social.worker", "--why", "Left the council")
    assert said.startswith("Nobody signs in as social.worker any more.")
    assert wing.people.caseload("care-1") == ()
    assert "care-1" not in wing.people.practitioners()
    (found,) = responsible(care(wing, who.person), wing.clock())
    assert isinstance(found.now, Alarm)
    assert come().send("/sign-in", handle="social.worker", password=PASSWORD).status_code == 400
    with pytest.raises(Unusable, match=r"The account social\.worker was ended"):
        ask("end", "social.worker", "--why", "Again")
    answer = come("district.nurse").send(f"/people/{who.person}/responsible", act="offer", package="home-care", professional="care-1", key="k")  # fmt: skip
    assert answer.status_code == 409
