"""Invitations in the browser and from the command: made by who may, accepted once, and what comes with the account."""

import re
from itertools import count

import pytest
from django.test import Client

from carepool.actions.outbox import Message
from carepool.basics.refusals import NotHere, Unusable
from carepool.offices.holdings import give, holdings, stream_of
from carepool.signin import invitations, passwords, second_factor
from carepool.signin.models import Account, Invitation
from carepool.signin.subscribing import calendar_token
from carepool.store.models import Notice
from carepool.web.people import names_of
from carepool.wiring.main import application
from tests.web.signing_in import GOOD, Service, browser, is_in, link_in, on_terms, page_of, sign_in

KENT = "council:E10000016"
KEYS = count(1)
"""Each form has a key of its own, as a page gives it."""


@pytest.fixture
def inviter(service: Service) -> Client:
    """The browser of somebody who may invite."""
    service.account()
    in_office(service, "ann.lee", "chief_executive")
    made = browser()
    sign_in(made)
    return made


def in_office(service: Service, handle: str, office: str, body: str = KENT) -> None:
    """Give an account an office in a body."""
    stream, journal = stream_of(body), service.house.journal
    given = give(body, office, f"account-{handle}", service.house.today)
    journal.append([given], expecting={stream: journal.version(stream)}, by="carepool", at=service.clock())
    journal.seal()


def invite(
    client: Client, name: str = "Bo Day", email: str = "bo@council.example", office: str = "", **more: str
):  # type: ignore[no-untyped-def]
    """Send the form of inviting, for Kent."""
    sent = {"name": name, "email": email, "gives": f"{KENT} {office}", "key": f"key-{next(KEYS)}", **more}
    return client.post("/me/invitations", sent, follow=True)


def accept(client: Client, link: str, handle: str = "bo.day", password: str = GOOD):  # type: ignore[no-untyped-def]
    """Send the form of an invitation."""
    return client.post(link, {"handle": handle, "new": password, "again": password})


def run(*words: str) -> None:
    """Run a command as the operator does."""
    application()(list(words), standalone_mode=False)


def test_from_the_invitation_to_the_account(service: Service, inviter: Client) -> None:
    """A letter with a link, a page that asks for a name and a password, and then one is signed in; the link works no more."""
    page = page_of(invite(inviter, email="Bo.Day@council.example"))
    assert "The invitation was sent." in page.text
    assert "bo.day@council.example" in page.text
    (letter,) = service.letters
    assert (letter.to, letter.subject) == ("bo.day@council.example", "You are invited to carepool")
    assert "Ann Lee invites you" in letter.text
    link = link_in(letter)
    client = browser()
    page = page_of(client.get(link))
    assert "Ann Lee invites you to have an account" in page.text
    assert page.find("input", id="handle")[0]["value"] == "bo.day"
    assert accept(client, link)["Location"] == "/me"
    assert is_in(client)
    bo = Account.objects.get(handle="bo.day")
    assert (bo.name, bo.email, bo.check_password(GOOD)) == ("Bo Day", "bo.day@council.example", True)
    for again in (client.get(link), accept(browser(), link, "bo.two")):
        assert again.status_code == 404
        assert "This invitation no longer works" in page_of(again).text_of("h1")
    assert "Accepted" in page_of(inviter.get("/me/invitations")).text


def test_what_is_wrong_is_said_at_its_field_and_the_invitation_stands(
    service: Service, inviter: Client
) -> None:
    """A name that somebody has, a weak password, two that are not alike."""
    invite(inviter)
    link = link_in(service.letters[0])
    answer = browser().post(link, {"handle": "ann.lee", "new": "bo.day.bo.day", "again": "x"})
    page = page_of(answer)
    assert answer.status_code == 400
    for field in ("handle", "again"):
        assert page.find("a", href=f"#{field}")
    assert page.find("input", id="handle")[0]["value"] == "ann.lee"
    assert accept(browser(), link).status_code == 302


def test_an_invitation_needs_a_name_and_an_address(service: Service, inviter: Client) -> None:
    """Without them nothing is sent, and what was typed stays."""
    answer = inviter.post("/me/invitations", {"name": " ", "email": "nobody"})
    page = page_of(answer)
    assert (answer.status_code, service.letters) == (400, [])
    assert page.find("a", href="#name")
    assert page.find("input", id="email")[0]["value"] == "nobody"


def test_who_made_it_takes_it_back(service: Service, inviter: Client) -> None:
    """Then its link opens nothing. Somebody else's cannot be taken back."""
    invite(inviter)
    (which,) = page_of(inviter.get("/me/invitations")).find("input", name="invitation")
    service.account("bob.day")
    in_office(service, "bob.day", "clerk")
    bob = browser()
    sign_in(bob, "bob.day")
    bob.post("/me/invitations", {"do": "revoke", "invitation": which["value"]})
    link = link_in(service.letters[0])
    assert browser().get(link).status_code == 200
    answer = inviter.post("/me/invitations", {"do": "revoke", "invitation": which["value"]}, follow=True)
    assert "The invitation was taken back." in page_of(answer).text
    assert browser().get(link).status_code == 404


def test_for_who_may_not_invite_there_is_no_such_page(service: Service) -> None:
    """It looks like an address of nothing, whether it is opened or sent to."""
    service.account()
    client = browser()
    sign_in(client)
    assert "My invitations" not in page_of(client.get("/me")).text
    nothing = page_of(client.get("/me/nothing")).text
    for answer in (
        client.get("/me/invitations"),
        client.post("/me/invitations", {"name": "B", "email": "b@c.example"}),
    ):
        assert answer.status_code == 404
        assert page_of(answer).text == nothing
    assert service.letters == []


@pytest.mark.slow
def test_an_invitation_whose_letter_cannot_be_sent(
    service: Service, inviter: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who invited is told; the letter is kept sealed, tried again by a round of notices, and kept no more once it went."""

    def refuses(_: Message) -> None:
        raise Unusable("The mail server did not take the letter, so it was not sent. Try again later.")

    with monkeypatch.context() as away:
        away.setattr(service.outbox, "put", refuses)
        assert "Its letter could not be sent yet" in page_of(invite(inviter)).text
    (kept,) = Notice.objects.all()
    assert "bo@council.example" not in kept.letter
    assert "The mail server did not take" in kept.last_error
    service.clock.goes_on(minutes=2)
    run("notices", "run")
    (letter,) = [each for each in service.letters if each.to == "bo@council.example"]
    kept.refresh_from_db()
    assert (kept.letter, kept.next_try) == ("", None), "what was delivered is kept no more"
    assert browser().get(link_in(letter)).status_code == 200


def test_accepting_where_a_second_factor_is_required(service: Service, inviter: Client) -> None:
    """The new account is led to set one up before anything else."""
    invite(inviter)
    with on_terms(second_factor=True):
        client = browser()
        accept(client, link_in(service.letters[0]))
        assert client.get("/me")["Location"] == "/me/second-factor"


# By office


def test_an_office_comes_along_from_who_may_give_it(service: Service, inviter: Client) -> None:
    """The chief executive invites a plan lead: accepting gives the office, in the inviter's name, for the days that were said."""
    today = service.house.today
    last = str(today.replace(year=today.year + 1))
    invite(inviter, office="plan_lead", last=last)
    link = link_in(service.letters[0])
    client = browser()
    assert "with an office that is yours once you accept" in page_of(client.get(link)).text
    accept(client, link)
    bo = Account.objects.get(handle="bo.day")
    facts = service.house.journal.read(stream_of(KENT))
    (held,) = [each for each in holdings(facts) if each.account == bo.pk]
    assert (held.office, held.first, str(held.last)) == ("plan_lead", today, last)
    said, given = facts[-2:]
    assert (said.kind, said.by, said.on_behalf_of, said.body["rules"]) == ("PersonInvited", "account-ann.lee", KENT, "bcf-2014-08")  # fmt: skip
    assert (given.kind, given.by) == ("OfficeGiven", "account-ann.lee")
    assert "bo@council.example" not in str(facts)


def test_a_clerk_invites_to_an_account_and_to_no_office(service: Service) -> None:
    """What is not among what they may give cannot be sent for either, nor anything of another body."""
    service.account("cy.dee")
    in_office(service, "cy.dee", "clerk")
    clerk = browser()
    sign_in(clerk, "cy.dee")
    assert [each["value"] for each in page_of(clerk.get("/me/invitations")).find("option") if each["value"]] == [f"{KENT} "]  # fmt: skip
    for gives in (f"{KENT} plan_lead", "council:E10000030 ", ""):
        answer = clerk.post("/me/invitations", {"name": "Bo Day", "email": "bo@council.example", "gives": gives})  # fmt: skip
        assert answer.status_code == 400
        assert page_of(answer).find("a", href="#gives")
    assert not Invitation.objects.exists()
    assert "The invitation was sent." in page_of(invite(clerk)).text


def test_days_of_an_office_that_cannot_be(service: Service, inviter: Client) -> None:
    """What is no day, and a period that is the wrong way round, are said at their fields, and nobody is invited."""
    answer = invite(inviter, office="plan_lead", first="soon")
    assert page_of(answer).find("a", href="#first")
    answer = invite(inviter, office="plan_lead", first="2030-02-01", last="2030-01-01")
    assert page_of(answer).find("a", href="#last")
    answer = invite(inviter, office="plan_lead", last="2001-01-01")
    assert "before it begins" in page_of(answer).text
    assert (Invitation.objects.count(), service.letters) == (0, [])


def test_who_has_lost_the_office_has_invited_nobody(service: Service, inviter: Client) -> None:
    """Between invitation and acceptance the inviter's office ended: a plain page says so, and no account is made."""
    invite(inviter, office="plan_lead")
    link = link_in(service.letters[0])
    assert browser().get(link).status_code == 200
    run("office", "end", "ann.lee", "chief_executive", KENT)
    service.clock.goes_on(days=1)
    for answer in (browser().get(link), accept(browser(), link)):
        assert answer.status_code == 403
        assert "does not hold the office any more" in page_of(answer).text
    assert not Account.objects.filter(handle="bo.day").exists()
    assert inviter.get("/me/invitations").status_code == 404


def test_an_invitation_of_before_offices_said_who_may(service: Service) -> None:
    """What an account sent in no body's name opens nothing; an operator's does."""
    service.account()
    made = invitations.invite("bo@council.example", "Bo Day", "account-ann.lee", service.clock())
    assert browser().get(f"/invitations/{made.token}").status_code == 403


# An account is ended


def test_an_account_that_is_ended_does_nothing_more_and_keeps_its_name(
    service: Service, inviter: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its sessions, links and invitations die at once, its offices end, and history still names it."""
    invite(inviter)
    link = link_in(service.letters[0])
    ann = Account.objects.get(handle="ann.lee")
    calendar = f"/calendar/{calendar_token(ann)}.ics"
    service.clock.goes_on(days=1)
    reset = passwords.make_link(ann, service.clock(), passwords.BY_LETTER)
    assert browser().get(calendar).status_code == 200
    run("account", "end", "ann.lee", "--why", "She has left the council.")
    assert "Sessions ended: 1; invitations taken back: 1." in capsys.readouterr().out
    assert not is_in(inviter)
    assert sign_in(browser()).status_code == 400
    assert [browser().get(each).status_code for each in (link, f"/sign-in/new-password/{reset}", calendar)] == [404] * 3  # fmt: skip
    facts = service.house.journal.read(stream_of(KENT))
    assert not [each for each in holdings(facts) if each.on(service.house.today)]
    ann.refresh_from_db()
    assert (ann.is_active, ann.ended_at, ann.ended_why) == (False, service.clock(), "She has left the council.")  # fmt: skip
    assert names_of(["account-ann.lee"]) == {"account-ann.lee": "Ann Lee"}
    with pytest.raises(Unusable, match="was ended on"):
        run("account", "end", "ann.lee", "--why", "Again.")


# From the command


def test_an_operator_invites_somebody_to_an_office(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    """The office is given once the invitation is accepted, from that day, in the operator's name; what was meant is checked before."""
    with pytest.raises(NotHere, match="Did you mean plan_lead"):
        run("account", "invite", "bo@council.example", "--name", "Bo Day", "--office", "plan_led", "--body", KENT)  # fmt: skip
    with pytest.raises(Unusable, match="both --office and --body"):
        run("account", "invite", "bo@council.example", "--name", "Bo Day", "--office", "plan_lead")
    assert not Invitation.objects.exists()
    run(
        "account", "invite", "bo@council.example", "--name", "Bo Day", "--office", "plan_lead", "--body", KENT
    )
    said = capsys.readouterr().out
    found = re.search(r"http://127\.0\.0\.1:8000(/invitations/\S+)", said)
    assert found
    assert service.letters[0].text.count(found[1]) == 1
    client = browser()
    assert "with an office that is yours once you accept" in page_of(client.get(found[1])).text
    accept(client, found[1])
    bo = Account.objects.get(handle="bo.day")
    facts = service.house.journal.read(stream_of(KENT))
    assert [each.office for each in holdings(facts) if each.account == bo.pk] == ["plan_lead"]
    assert facts[-1].by == "carepool"


def test_an_office_that_cannot_be_given_any_more(service: Service) -> None:
    """The account is made all the same, and its owner is told what is missing and whom to ask."""
    gives = '{"body": "council:E99999999", "office": "plan_lead", "first": "", "last": ""}'
    made = invitations.invite("bo@council.example", "Bo Day", "carepool", service.clock(), gives)
    client = browser()
    answer = accept(client, f"/invitations/{made.token}")
    page = page_of(answer)
    assert "Your account is made" in page.text_of("h1")
    assert "could not be given" in page.text
    assert is_in(client)


def test_an_operator_takes_invitations_back(service: Service) -> None:
    """By address, whoever made them."""
    ann = service.account()
    made = invitations.invite("bo@council.example", "Bo Day", ann.pk, service.clock())
    run("account", "uninvite", "bo@council.example")
    assert invitations.of_link(made.token, service.clock()) is None
    with pytest.raises(NotHere, match="No invitation"):
        run("account", "uninvite", "bo@council.example")


def test_an_operator_lets_somebody_in_again(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    """A link to choose a new password, within a day; and without a second factor for who has lost phone and codes."""
    ann = service.account()
    second_factor.begin(ann, service.clock())
    run("account", "reset", "ann.lee", "--second-factor")
    said = capsys.readouterr().out
    assert "ann.lee has no second factor any more." in said
    assert second_factor.pending(ann.pk, service.clock()) is None
    found = re.search(r"http://127\.0\.0\.1:8000(/sign-in/new-password/\S+)", said)
    assert found
    client = browser()
    new = "seven kettles and a moor"
    assert client.post(found[1], {"new": new, "again": new}).status_code == 302
    assert sign_in(client, password=new).status_code == 302
    with pytest.raises(NotHere, match="There is no account nobody"):
        run("account", "reset", "nobody")


@pytest.mark.slow
def test_an_operator_ends_sessions_and_no_account(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of one account, or of everybody; each signs in again as before. One or the other is to be said."""
    service.account()
    service.account("bob.day")
    ann, bob = browser(), browser()
    assert sign_in(ann).status_code == sign_in(bob, "bob.day").status_code == 302
    run("account", "sign-out", "ann.lee")
    assert (is_in(ann), is_in(bob)) == (False, True)
    assert "ann.lee is signed in nowhere any more. Sessions ended: 1." in capsys.readouterr().out
    assert sign_in(ann).status_code == 302
    run("account", "sign-out", "--everybody")
    assert (is_in(ann), is_in(bob)) == (False, False)
    assert "Nobody is signed in any more. Sessions ended: 2." in capsys.readouterr().out
    with pytest.raises(NotHere, match="There is no account nobody"):
        run("account", "sign-out", "nobody")
    for given in ([], ["ann.lee", "--everybody"]):
        with pytest.raises(Unusable, match="Name an account, or say --everybody"):
            run("account", "sign-out", *given)


def test_an_account_is_made_with_a_good_password(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command holds to the same rules as the pages."""
    monkeypatch.setenv("PASSWORD", "password1234")
    with pytest.raises(Unusable, match="too common"):
        run("account", "make", "bo.day", "--name", "Bo Day")
    monkeypatch.setenv("PASSWORD", GOOD)
    run("account", "make", "bo.day", "--name", "Bo Day", "--email", "Bo@council.example")
    assert Account.objects.get(handle="bo.day").email == "bo@council.example"
