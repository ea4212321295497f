"""Offices: who holds which office in which body for which period, and what that lets them do."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from carepool.actions.appointing import appoint, retire
from carepool.actions.house import House
from carepool.actions.inviting import invite_to, offers_of, still_invited
from carepool.actions.permits import Actor, offices_to_end
from carepool.basics.canonical import Digest
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Done
from carepool.journal.documents import Document
from carepool.journal.facts import NewFact
from carepool.journal.memory import MemoryJournal
from carepool.offices.holdings import Holding, Permit, end, give, holdings, may, stream_of
from carepool.rules.rulebook import Rulebook
from carepool.rules.schema import Authority

COUNCIL = "council:E10000016"
AT = datetime(2014, 8, 18, tzinfo=UTC)


@pytest.fixture
def decide(rulebook: Rulebook) -> Authority:
    """The authority to agree or refuse a plan."""
    return rulebook.named("bcf-2014-08").authorities.of("decide_plan")


def held(*facts: object) -> tuple[Holding, ...]:
    journal = MemoryJournal()
    for fact in facts:
        stream = stream_of(COUNCIL)
        journal.append([fact], expecting={stream: journal.version(stream)}, by="carepool", at=AT)  # type: ignore[list-item]
    return holdings(journal.read(stream_of(COUNCIL)))


def test_an_office_is_held_from_a_day_to_a_day(decide: Authority) -> None:
    """A permit names the office by which an account may act in a body's name on a day, both ends included."""
    offices = held(give(COUNCIL, "chief_executive", "ann", date(2014, 4, 1), date(2014, 9, 30)))
    for day in (date(2014, 4, 1), date(2014, 9, 30)):
        found = may(decide, offices, "ann", COUNCIL, day)
        assert isinstance(found, Permit)
        assert (found.action, found.holding.office) == ("decide_plan", "chief_executive")


def test_an_office_that_ended_yesterday(decide: Authority) -> None:
    """An office that has ended lets nothing be done any more, and the refusal says when it ended and whom to ask."""
    offices = held(
        give(COUNCIL, "chief_executive", "ann", date(2014, 4, 1)),
        end(COUNCIL, "chief_executive", "ann", date(2014, 9, 30)),
    )
    assert isinstance(may(decide, offices, "ann", COUNCIL, date(2014, 9, 30)), Permit)
    refused = may(decide, offices, "ann", COUNCIL, date(2014, 10, 1))
    assert isinstance(refused, Refused)
    assert refused.says == (
        "Your office of chief executive in council:E10000016 ended on 30 September 2014. "
        "To agree or refuse the plan, ask whoever holds it now."
    )


@pytest.mark.parametrize(
    ("office", "account", "body"),
    [
        ("plan_lead", "ann", COUNCIL),
        ("chief_executive", "bob", COUNCIL),
        ("chief_executive", "ann", "council:E10000030"),
    ],
)
def test_another_office_account_or_body_does_not_do(
    decide: Authority, office: str, account: str, body: str
) -> None:
    """Authority is of an office in a body: not of another office, another person, or another body; it says who can."""
    offices = held(give(COUNCIL, office, "ann", date(2014, 4, 1)))
    refused = may(decide, offices, account, body, date(2014, 9, 1))
    assert isinstance(refused, Refused)
    assert "chief executive or accountable officer or board chair" in refused.says


def test_an_office_cannot_end_before_it_begins() -> None:
    """A period that is the wrong way round is refused."""
    with pytest.raises(Unusable, match="before it begins"):
        give(COUNCIL, "chief_executive", "ann", date(2014, 4, 1), date(2014, 3, 31))


def test_every_action_has_offices_of_the_rules(rulebook: Rulebook) -> None:
    """Authority is a value of the rulebook: who may edit, decide, approve, sign off, open a pool, release."""
    authorities = rulebook.named("bcf-2014-08").authorities
    assert {each.action for each in authorities.actions} == {
        "edit_plan", "decide_plan", "approve_plan", "sign_off_plan", "open_pool", "propose_release", "approve_release",
        "appoint", "invite", "delegate", "ratify_decision", "record_decision", "confirm_record", "send_link", "call_in",
        "redeploy_money", "set_meetings", "lay_down_days", "give_notice", "comment_as_provider", "assign_reviewers", "review_plan", "moderate_review",
        "meet_condition", "escalate_plan", "direct_money", "tell_delivery", "dispute_release", "record_use", "confirm_use", "publish_plan", "grant_waiver",
    }  # fmt: skip
    assert authorities.of("sign_off_plan").offices == ("ministers_office",)


def test_an_operator_gives_and_ends_an_office(house: House) -> None:
    """``carepool office give`` and ``end`` write facts; the same office twice, an unknown one and one of another kind of body are refused."""
    empty = replace(house, journal=MemoryJournal())
    operator = Actor("carepool", "one")
    assert isinstance(
        appoint(empty, operator, "bcf-2014-08", COUNCIL, "plan_lead", "ann", date(2014, 4, 1)), Done
    )
    again = appoint(
        empty, Actor("carepool", "two"), "bcf-2014-08", COUNCIL, "plan_lead", "ann", date(2014, 5, 1)
    )
    assert isinstance(again, Refused)
    assert "already" in again.says
    with pytest.raises(NotHere, match="Did you mean plan_lead"):
        appoint(
            empty, Actor("carepool", "three"), "bcf-2014-08", COUNCIL, "plan_led", "ann", date(2014, 4, 1)
        )
    with pytest.raises(Unusable, match="A board has no plan lead"):
        appoint(
            empty,
            Actor("carepool", "four"),
            "bcf-2014-08",
            "board:E10000016",
            "plan_lead",
            "ann",
            date(2014, 4, 1),
        )
    with pytest.raises(NotHere, match="Did you mean council:E10000016"):
        appoint(
            empty,
            Actor("carepool", "five"),
            "bcf-2014-08",
            "council:E1000016",
            "plan_lead",
            "ann",
            date(2014, 4, 1),
        )
    assert isinstance(
        retire(empty, Actor("carepool", "six"), COUNCIL, "plan_lead", "ann", date(2014, 9, 30)), Done
    )
    with pytest.raises(NotHere, match="is not plan lead"):
        retire(empty, Actor("carepool", "seven"), COUNCIL, "plan_lead", "ann", date(2014, 10, 1))


def by_ann(house: House, first: date, last: date | None = None) -> Done | Refused:
    """Ann is given the office of plan lead."""
    actor = Actor("carepool", f"give {first}")
    return appoint(house, actor, "bcf-2014-08", COUNCIL, "plan_lead", "ann", first, last)


def days_of(house: House) -> list[Holding]:
    """Every time that Ann holds, held or is to hold that office."""
    found = holdings(house.journal.read(stream_of(COUNCIL)))
    return [each for each in found if (each.account, each.office) == ("ann", "plan_lead") and not each.never]


def test_an_office_revoked_today_is_refused_at_once(house: House) -> None:
    """Whatever day it began, today itself too: the next request finds nothing, and the fact says for whom and by which rule."""
    for first in (date(2014, 4, 1), date(2014, 9, 1)):
        kent = answering(house, "plan_lead", first)
        done = retire(kent, Actor("carepool", "two"), COUNCIL, "plan_lead", "ann", date(2014, 9, 1))
        assert isinstance(done, Done)
        assert not [each for each in days_of(kent) if each.on(kent.today)]
        (fact,) = done.facts
        assert fact.on_behalf_of == COUNCIL
        assert (fact.body["rules"], fact.body["action"]) == ("bcf-2014-08", "appoint")
        with pytest.raises(NotHere, match="nothing to end"):
            retire(kent, Actor("carepool", "three"), COUNCIL, "plan_lead", "ann", date(2014, 9, 1))


def test_the_reasons_of_an_office_are_a_document_that_its_fact_names(house: House) -> None:
    """Given, ended or handed over: the fact says for whom, under which rules, and in which document why."""
    kent = answering(house, "clerk")
    actor = Actor("carepool", "why")
    given = appoint(
        kent, actor, "bcf-2014-08", COUNCIL, "analyst", "bob", kent.today, reasons="She counts for us."
    )
    ended = retire(
        kent, Actor("carepool", "end"), COUNCIL, "analyst", "bob", kent.today, reasons="She has moved on."
    )
    for done, why in ((given, "She counts for us."), (ended, "She has moved on.")):
        assert isinstance(done, Done)
        (fact,) = done.facts
        document = kent.journal.document(Digest(str(fact.body["words"])))
        assert isinstance(document, Document)
        assert json.loads(document.content)["reasons"] == why
        assert (fact.schema, fact.on_behalf_of, fact.body["rules"]) == (2, COUNCIL, "bcf-2014-08")


def test_an_office_to_come_is_called_off(house: House) -> None:
    """One that begins later can be ended before it begins; and with the office of today goes what was given for later."""
    kent = answering(house, "clerk")
    by_ann(kent, date(2014, 10, 1))
    assert isinstance(retire(kent, Actor("carepool", "2"), COUNCIL, "plan_lead", "ann", kent.today), Done)
    assert days_of(kent) == []
    by_ann(kent, date(2014, 8, 1), date(2014, 9, 30))
    assert isinstance(by_ann(kent, date(2014, 11, 1)), Done)
    retire(kent, Actor("carepool", "3"), COUNCIL, "plan_lead", "ann", kent.today)
    assert [(each.first, each.last) for each in days_of(kent)] == [(date(2014, 8, 1), date(2014, 8, 31))]


def test_the_same_office_is_held_once_at_a_time(house: House) -> None:
    """Days that overlap are refused, on either side; what an older journal holds twice is ended together."""
    kent = answering(house, "clerk")
    assert isinstance(by_ann(kent, date(2014, 9, 10)), Done)
    assert isinstance(by_ann(kent, date(2014, 9, 1)), Refused)
    assert isinstance(by_ann(kent, date(2014, 9, 20)), Refused)
    assert isinstance(by_ann(kent, date(2014, 9, 1), date(2014, 9, 9)), Done)
    twice = held(
        give(COUNCIL, "clerk", "bob", date(2014, 4, 1)),
        give(COUNCIL, "clerk", "bob", date(2014, 9, 1)),
        give(COUNCIL, "clerk", "bob", date(2015, 4, 1)),
        end(COUNCIL, "clerk", "bob", date(2014, 9, 5)),
    )
    assert [each.last for each in twice] == [date(2014, 9, 5)] * 3
    assert not [each for each in twice if each.on(date(2015, 5, 1))]


def test_an_end_of_the_older_shape_ends_what_it_ended(house: House) -> None:
    """It was of the one holding that covered its day: raised, it still leaves what was given for later."""
    kent = answering(house, "clerk")
    by_ann(kent, date(2014, 8, 1), date(2014, 9, 30))
    by_ann(kent, date(2014, 10, 1))
    old = NewFact(
        stream_of(COUNCIL),
        "OfficeEnded",
        1,
        {"account": "ann", "office": "plan_lead", "last": date(2014, 9, 5)},
    )
    version = kent.journal.version(stream_of(COUNCIL))
    kent.journal.append([old], expecting={stream_of(COUNCIL): version}, by="carepool", at=kent.clock())
    assert [(each.first, each.last) for each in days_of(kent)] == [
        (date(2014, 8, 1), date(2014, 9, 5)), (date(2014, 10, 1), None),
    ]  # fmt: skip


def test_offices_to_end_are_those_of_today_and_to_come(house: House) -> None:
    """What an account that is ended leaves behind: each office of each body once."""
    kent = answering(house, "clerk")
    by_ann(kent, date(2014, 10, 1))
    appoint(
        kent,
        Actor("carepool", "x"),
        "bcf-2014-08",
        COUNCIL,
        "analyst",
        "ann",
        date(2013, 4, 1),
        date(2013, 5, 1),
    )
    assert offices_to_end(kent, "ann") == ((COUNCIL, "clerk"), (COUNCIL, "plan_lead"))


# Inviting


def answering(house: House, office: str, first: date = date(2014, 4, 1)) -> House:
    """Kent, where Ann holds an office, on 1 September 2014."""
    made = replace(house, journal=MemoryJournal(), clock=lambda: datetime(2014, 9, 1, 9, tzinfo=UTC))
    appoint(made, Actor("carepool", "one"), "bcf-2014-08", COUNCIL, office, "ann", first)
    return made


def test_who_answers_for_a_body_invites_to_any_of_its_offices(house: House) -> None:
    """The chief executive's invitation is a fact: who invited, for which body, to which office and days, under which rules."""
    kent = answering(house, "chief_executive")
    offered = {(each.body.id, each.office) for each in offers_of(kent, "ann")}
    assert {(COUNCIL, ""), (COUNCIL, "plan_lead"), (COUNCIL, "section_151_officer")} <= offered
    assert (COUNCIL, "accountable_officer") not in offered, "a council has none"
    done = invite_to(kent, Actor("ann", "two"), COUNCIL, "0123", "plan_lead", None, date(2015, 3, 31))
    assert isinstance(done, Done)
    (fact,) = done.facts
    assert (fact.kind, fact.by, fact.on_behalf_of) == ("PersonInvited", "ann", COUNCIL)
    assert fact.body == {
        "invitation": "0123", "office": "plan_lead", "first": None, "last": "2015-03-31", "rules": "bcf-2014-08",
    }  # fmt: skip
    again = invite_to(kent, Actor("ann", "two"), COUNCIL, "0123", "plan_lead", None, date(2015, 3, 31))
    assert isinstance(again, Done)
    assert again.again
    assert [each.account for each in holdings(kent.journal.read(stream_of(COUNCIL)))] == ["ann"]


def test_nobody_invites_to_more_than_they_may_give(house: House) -> None:
    """A clerk lets somebody in and gives no office; a plan lead invites nobody; neither does it for another body."""
    kent = answering(house, "clerk")
    assert [(each.body.id, each.office) for each in offers_of(kent, "ann")] == [(COUNCIL, "")]
    assert isinstance(invite_to(kent, Actor("ann", "two"), COUNCIL, "1", "", None, None), Done)
    refused = invite_to(kent, Actor("ann", "three"), COUNCIL, "2", "clerk", None, None)
    assert isinstance(refused, Refused)
    assert "give and end offices in the name of Kent" in refused.says
    assert isinstance(invite_to(kent, Actor("ann", "four"), "ccg:09C", "3", "", None, None), Refused)
    lead = answering(house, "plan_lead")
    assert offers_of(lead, "ann") == ()
    assert isinstance(invite_to(lead, Actor("ann", "five"), COUNCIL, "4", "", None, None), Refused)
    with pytest.raises(Unusable, match="before it begins"):
        invite_to(kent, Actor("ann", "six"), COUNCIL, "5", "", None, date(2014, 8, 31))


def test_an_invitation_rests_on_the_office_of_whoever_made_it(house: House) -> None:
    """It is void once that office has ended, whether or not an office comes along with it."""
    kent = answering(house, "chief_executive")
    assert still_invited(kent, "ann", COUNCIL, "plan_lead") is None
    retire(kent, Actor("carepool", "two"), COUNCIL, "chief_executive", "ann", date(2014, 8, 31))
    for office in ("", "plan_lead"):
        void = still_invited(kent, "ann", COUNCIL, office)
        assert void
        assert "does not hold the office any more" in void.says
    appoint(kent, Actor("carepool", "three"), "bcf-2014-08", COUNCIL, "clerk", "ann", date(2014, 9, 1))
    assert still_invited(kent, "ann", COUNCIL, "") is None
    assert still_invited(kent, "ann", COUNCIL, "plan_lead"), "a clerk gives no office"
    assert still_invited(kent, "ann", "council:E99999999", "")
