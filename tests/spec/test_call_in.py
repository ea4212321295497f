"""Key decisions: from when one counts, by which urgency route it does not wait, and the notice that is given of it."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from carepool.actions.afterwards import call_in, withdraw_decision
from carepool.actions.calendar import PlanAgenda, agenda_of, enter_own_days, give_notice, plan_meetings
from carepool.actions.deciding import decide_plan
from carepool.actions.delegating import delegate_decision
from carepool.actions.demonstration import Stage, begin, draft_all, people
from carepool.actions.editing import save_version
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import view
from carepool.actions.ports import MemoryDrafts
from carepool.actions.recording import confirm_record, record_decision, send_link, sign_by_link, token_digest
from carepool.actions.standings import standing_of
from carepool.basics.refusals import Refused, Unusable
from carepool.calendar.agenda import agenda
from carepool.calendar.meetings import Diary, Given, Meeting, MeetingKind
from carepool.calendar.parts import Agenda, Line, Party, StepKind
from carepool.journal.commands import Done
from carepool.journal.documents import Document
from carepool.journal.facts import NewFact
from carepool.journal.memory import MemoryJournal
from carepool.render import plan_answers
from carepool.rules.rulebook import Rulebook
from carepool.rules.schema import WayWord
from carepool.signoff.call_in import Urgency
from carepool.signoff.decisions import Decision, said
from carepool.signoff.standing import Outcome
from carepool.signoff.ways import How
from carepool.signoff.ways import Meeting as Held
from carepool.wiring import disk
from tests.spec.test_calendar import due

PLAN, COUNCIL, CHIEF, CLERK = "thornmere", "council:ZZ7", "thornmere.chief", "thornmere.clerk"
WORKING = "clear working days"
URGENT = Urgency("urgent_decision", "The money moves on Monday.", "The chair of the council, on 29 August")
CABINET = Held(date(2014, 9, 1), "Cabinet", True, "none", "CAB 14/1")


@pytest.fixture
def stage(house: House) -> Stage:
    """A plan of two councils, saved on Monday 1 September 2014; its rules' next deadline is Friday 19 September."""
    made = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(disk.county_files()))
    made.on(2014, 9, 1)
    for handle in made.cast:
        made.office(handle)
    begin(made, PLAN, ("ZZ7", "ZZ8"), "Thornmere and Aldersea", "thornmere.lead", "ZZ7", "3.5")
    return made


def sign(stage: Stage, how: How, handle: str = CHIEF, actor: Actor | None = None, **more: object) -> object:
    """Decide for one's body as the page is shown."""
    seen = view(stage.house, PLAN)
    assert seen.history.current
    asked: dict[str, object] = {"agrees": True, **more}
    return decide_plan(
        stage.house, actor or stage.actor(handle), PLAN, stage.cast[handle].body, seen.history.current.digest,
        seen.findings_digest, how=how, **asked,
    )  # type: ignore[arg-type]  # fmt: skip


def done(answer: object) -> Done:
    assert isinstance(answer, Done), answer
    return answer


def says(answer: object) -> str:
    assert isinstance(answer, Refused), answer
    return answer.says


def outcome(stage: Stage, body: str = COUNCIL) -> Outcome:
    found = standing_of(stage.house, view(stage.house, PLAN)).of(body)
    assert found
    return found.outcome


def made(stage: Stage, body: str = COUNCIL) -> Decision:
    found = standing_of(stage.house, view(stage.house, PLAN)).of(body)
    assert found
    assert found.decision
    return found.decision


# From when it counts


def test_whether_it_is_a_key_decision_is_asked_of_who_takes_them(stage: Stage) -> None:
    """The rules of procedure know key decisions of councils: a council that agrees says whether it is one; nobody else is asked."""
    assert "Say whether it is a key decision" in says(sign(stage, How()))
    done(sign(stage, How(), "thornmere.chair"))
    assert "takes no key decision" in says(sign(stage, How(key=True), "thornmere.officer"))
    done(sign(stage, How(), agrees=False, reasons="Not this."))


@pytest.mark.parametrize(
    ("today", "counts"),
    [
        pytest.param((2014, 9, 1), (2014, 9, 9), id="Monday: 2, 3, 4, 5 and 8 September are the five"),
        pytest.param((2014, 12, 22), (2015, 1, 1), id="over Christmas: 23, 24, 29, 30 and 31 December"),
        pytest.param((2015, 4, 1), (2015, 4, 11), id="over Easter: 2, 7, 8, 9 and 10 April"),
    ],
)
def test_a_key_decision_counts_once_it_can_no_longer_be_called_in(
    stage: Stage, today: tuple[int, int, int], counts: tuple[int, int, int]
) -> None:
    """Five clear working days lie between, bank holidays left out; until that day in London the council has decided and not agreed."""
    stage.on(*today)
    done(sign(stage, How(key=True)))
    assert made(stage).effective_on == date(*counts)
    before = date(*counts) - timedelta(days=1)
    stage.now = datetime(before.year, before.month, before.day, 22, 50, tzinfo=UTC)
    assert outcome(stage) is Outcome.NOT_YET
    stage.on(*counts)
    assert outcome(stage) is Outcome.AGREED


def test_the_days_are_counted_from_the_meeting(stage: Stage) -> None:
    """What the cabinet decided on 1 September and somebody enters on the 3rd counts from the 9th."""
    stage.on(2014, 9, 3)
    done(sign(stage, How("meeting", CABINET, key=True)))
    assert made(stage).effective_on == date(2014, 9, 9)


def test_no_earlier_day_is_taken(stage: Stage) -> None:
    """A day before the reckoned one is refused with the rule; a later one stands; what is no key decision counts at once."""
    early = says(sign(stage, How(key=True, effective_on=date(2014, 9, 8))))
    assert "takes effect on 9 September 2014 at the earliest: 5 clear working days" in early
    assert "decision-making/procedure: Local Government Act 2000, section 9F" in early
    done(sign(stage, How(key=True, effective_on=date(2014, 9, 12))))
    assert made(stage).effective_on == date(2014, 9, 12)
    done(sign(stage, How(key=False), "aldersea.chief"))
    assert outcome(stage, "council:ZZ8") is Outcome.AGREED


def test_the_rule_is_cited_in_the_fact_and_in_what_is_signed(stage: Stage) -> None:
    """The fact names the set of rules by its digest, the value in it, and the days; the signed document says the same."""
    fact = done(sign(stage, How(key=True))).facts[0]
    rules = stage.house.rulebook.procedure(date(2014, 9, 1))[0]
    cited = {
        "days": 5, "unit": WORKING, "rules": "decision-making", "digest": rules.digest, "rule": "call_in",
        "own": False, "decided_on": "2014-09-01",
    }  # fmt: skip
    assert (fact.body["key"], fact.body["call_in"], fact.body["urgency"]) == (True, cited, "")
    document = stage.house.journal.document(str(fact.body["signed"]))
    assert isinstance(document, Document)
    held = json.loads(document.content)
    assert held["takes_effect"] == {"on": "2014-09-09", "key": True, "call_in": cited, "urgency": ""}


def test_a_councils_own_number_of_days(stage: Stage) -> None:
    """Where the constitution of a council lays down three days, three are left, and the fact says that they are its own."""
    entered = enter_own_days(
        stage.house, stage.actor(CLERK), COUNCIL, "call_in", 3, WORKING, "Part 4, rule 9."
    )
    (fact,) = done(entered).facts
    assert (fact.on_behalf_of, fact.body["rules"], fact.body["action"]) == (
        COUNCIL,
        "bcf-2014-08",
        "lay_down_days",
    )
    document = stage.house.journal.document(str(fact.body["words"]))
    assert isinstance(document, Document)
    assert json.loads(document.content)["reasons"] == "Part 4, rule 9."
    stage.on(2014, 9, 2)
    done(sign(stage, How(key=True)))
    found = made(stage)
    assert found.call_in
    assert (found.effective_on, found.call_in.days, found.call_in.own) == (date(2014, 9, 6), 3, True)


def test_own_days_free_nothing_that_is_decided_the_same_day(stage: Stage) -> None:
    """They count from the day after they were entered: what is decided today waits as long as before."""
    done(enter_own_days(stage.house, stage.actor(CLERK), COUNCIL, "call_in", 1, WORKING, "Part 4, rule 9."))
    done(sign(stage, How(key=True)))
    found = made(stage)
    assert found.call_in
    assert (found.effective_on, found.call_in.days, found.call_in.own) == (date(2014, 9, 9), 5, False)


def test_no_call_in_is_laid_down_away(stage: Stage) -> None:
    """No days at all, no reasons, and anybody but the clerk are refused, the plan's lead among them."""
    house = stage.house
    with pytest.raises(Unusable, match="at least 1"):
        enter_own_days(house, stage.actor(CLERK), COUNCIL, "call_in", 0, WORKING, "Part 4.")
    assert "Write where" in says(
        enter_own_days(house, stage.actor(CLERK), COUNCIL, "call_in", 3, WORKING, " ")
    )
    lead = stage.actor("thornmere.lead")
    assert "one must be its clerk" in says(
        enter_own_days(house, lead, COUNCIL, "call_in", 3, WORKING, "Part 4.")
    )


def test_days_that_no_rules_hold(stage: Stage) -> None:
    """In a year whose holidays are not held no key decision is reckoned; who takes none decides as before."""
    stage.on(2028, 1, 4)
    with pytest.raises(Unusable, match="2028-01-04"):
        sign(stage, How(key=True))
    done(sign(stage, How(), "thornmere.chair"))


def test_the_same_request_again_another_day(stage: Stage) -> None:
    """A form that arrives twice is answered alike, and the day is not reckoned anew."""
    actor, findings = stage.actor(CHIEF), view(stage.house, PLAN).findings_digest

    def send() -> Done:
        digest = made_digest(stage)
        return done(decide_plan(stage.house, actor, PLAN, COUNCIL, digest, findings, agrees=True, how=How(key=True)))  # fmt: skip

    first = send()
    stage.on(2014, 9, 3)
    again = send()
    assert (again.again, again.answer, made(stage).effective_on) == (True, first.answer, date(2014, 9, 9))


# What does not wait


def test_an_urgent_decision_does_not_wait(stage: Stage) -> None:
    """By the route that the rules hold a key decision counts at once: with the reason, and who agreed that it cannot wait."""
    for wrong, words in (
        (replace(URGENT, route="haste"), "They know Urgent decision."),
        (replace(URGENT, because=" "), "why the decision cannot wait"),
        (replace(URGENT, agreed_by=""), "have the agreement of the chair of the council"),
    ):
        assert words in says(sign(stage, How(key=True, urgency=wrong)))
    assert "is for a key decision" in says(sign(stage, How(key=False, urgency=URGENT)))
    fact = done(sign(stage, How(key=True, urgency=URGENT))).facts[0]
    assert outcome(stage) is Outcome.AGREED
    assert fact.body["urgency"] == "urgent_decision"
    assert URGENT.because not in str(fact.body), "words stand in what is signed, and can be withdrawn"
    document = stage.house.journal.document(str(fact.body["signed"]))
    assert isinstance(document, Document)
    assert json.loads(document.content)["urgency"] == URGENT.as_data()
    assert "has taken effect" in says(
        call_in(stage.house, stage.actor(CLERK), PLAN, str(fact.body["signed"]), "Scrutiny.")
    )


def test_a_call_in_is_not_escaped_by_saying_that_it_is_no_key_decision(stage: Stage) -> None:
    """While a key decision can be called in, another that would count at once is refused; taken back first, with reasons, it is not."""
    done(sign(stage, How(key=True)))
    assert "take that decision back first" in says(sign(stage, How(key=False)))
    assert "already decided" in says(sign(stage, How(key=True)))
    done(
        withdraw_decision(
            stage.house, stage.actor(CHIEF), PLAN, made(stage).signed, "It is none: under £250,000."
        )
    )
    done(sign(stage, How(key=False)))
    assert outcome(stage) is Outcome.AGREED


@pytest.mark.parametrize("later", ["refused", "other version", "after the days"])
def test_what_is_key_stays_key_for_the_plan(stage: Stage, later: str) -> None:
    """Neither a refusal in between, nor another version, nor both makes a key decision one that counts at once."""
    done(sign(stage, How(key=True)))
    if later != "other version":
        done(sign(stage, How(), agrees=False, reasons="Not so."))
    if later == "after the days":
        stage.on(2014, 9, 15)
    if later != "refused":
        other_version(stage)
    assert "that it is one; or take" in says(sign(stage, How(key=False)))
    assert "that it is one; or take" in says(
        record(stage, How("meeting", replace(CABINET, on=stage.house.today), key=False))
    )
    done(sign(stage, How(key=True)))
    assert outcome(stage) is Outcome.NOT_YET


def test_another_version_after_the_days_may_be_none(stage: Stage) -> None:
    """Once a key decision could be called in for all its days, what is decided on a later version is asked of that version."""
    done(sign(stage, How(key=True)))
    stage.on(2014, 9, 15)
    assert outcome(stage) is Outcome.AGREED
    other_version(stage)
    done(sign(stage, How(key=False)))
    assert outcome(stage) is Outcome.AGREED


def other_version(stage: Stage) -> None:
    """The plan with one word changed."""
    plan = view(stage.house, PLAN).plan
    first, *others = plan.schemes.schemes
    schemes = (first.model_copy(update={"name": "Both"}), *others)
    changed = plan.with_section("schemes", plan.schemes.model_copy(update={"schemes": schemes}))
    draft_all(stage, PLAN, "thornmere.lead", changed)
    done(save_version(stage.house, stage.actor("thornmere.lead"), PLAN))


def test_an_officer_decides_on_the_day_whatever_day_is_typed(stage: Stage) -> None:
    """The days for a call-in of an officer's decision run from the deciding, not from a meeting that the form held."""
    stage.on(2014, 9, 15)
    done(sign(stage, How("officer", CABINET, key=True)))
    assert outcome(stage) is Outcome.NOT_YET
    held = made(stage).call_in
    assert held
    assert held.decided_on == date(2014, 9, 15)


def test_who_was_let_decide_does_so_on_the_day(stage: Stage) -> None:
    """A delegate decides as an officer, so the days for a call-in run from the deciding, whatever meeting the form names."""
    first, last = date(2014, 9, 1), date(2014, 9, 30)
    deputy = stage.cast["thornmere.director"].account
    done(
        delegate_decision(
            stage.house, stage.actor(CHIEF), PLAN, COUNCIL, deputy, COUNCIL, first, last, "I am away."
        )
    )
    stage.on(2014, 9, 15)
    done(sign(stage, How("meeting", CABINET, key=True), "thornmere.director"))
    decided = made(stage)
    assert (decided.way, outcome(stage)) == ("delegated_officer", Outcome.NOT_YET)
    assert decided.call_in
    assert decided.call_in.decided_on == date(2014, 9, 15)


def test_nothing_is_recorded_that_is_to_come_or_was_a_link(stage: Stage) -> None:
    """A document tells of a day that was, whatever way it names; and what is signed by a link is not recorded from paper."""
    ways: tuple[tuple[WayWord, str], ...] = (("officer", "is to come"), ("meeting", "has not been held"))
    for way, words in ways:
        held = How(way, replace(CABINET, on=date(2014, 12, 1)), key=False)
        assert words in says(record(stage, held))
    assert "is not recorded from a document" in says(record(stage, How("link", CABINET, key=False)))
    assert outcome(stage) is Outcome.AWAITED


def test_what_was_said_to_be_none_is_put_right(stage: Stage) -> None:
    """A council that finds that its decision is a key one says so, and is held to the day; the urgency route may still follow."""
    done(sign(stage, How(key=False)))
    done(sign(stage, How(key=True)))
    assert outcome(stage) is Outcome.NOT_YET
    done(sign(stage, How(key=True, urgency=URGENT)))
    assert outcome(stage) is Outcome.AGREED


# In every way of deciding


def record(stage: Stage, how: How) -> object:
    """The council's clerk records the cabinet's minute."""
    seen = view(stage.house, PLAN)
    assert seen.history.current
    return record_decision(
        stage.house, stage.actor(CLERK), PLAN, COUNCIL, seen.history.current.digest, seen.findings_digest,
        b"%PDF-1.7 the minute", agrees=True, how=how,
    )  # fmt: skip


def test_a_decision_recorded_from_a_minute(stage: Stage) -> None:
    """The record is asked the same, its days are counted from the meeting, and the confirmed decision keeps day and rule."""
    assert "Say whether" in says(record(stage, How("meeting", CABINET)))
    kept = str(done(record(stage, How("meeting", CABINET, key=True))).facts[0].body["signed"])
    stage.on(2014, 9, 4)
    done(confirm_record(stage.house, stage.actor(CHIEF), PLAN, kept, made_digest(stage)[:8]))
    found = made(stage)
    assert found.call_in
    assert (found.key, found.effective_on, found.call_in.decided_on) == (
        True, date(2014, 9, 9), date(2014, 9, 1),
    )  # fmt: skip


def test_a_record_that_is_confirmed_after_its_day(stage: Stage) -> None:
    """Confirmed once it could no longer be called in, the decision counts at once."""
    kept = str(done(record(stage, How("meeting", CABINET, key=True))).facts[0].body["signed"])
    stage.on(2014, 9, 10)
    done(confirm_record(stage.house, stage.actor(CHIEF), PLAN, kept, made_digest(stage)[:8]))
    assert (outcome(stage), made(stage).effective_on) == (Outcome.AGREED, None)


def made_digest(stage: Stage) -> str:
    current = view(stage.house, PLAN).history.current
    assert current
    return current.digest


def test_a_delegated_officer_and_a_link(stage: Stage) -> None:
    """Whoever is let decide in writing, and whoever signs by a link, is asked the same and waits alike."""
    house, cast = stage.house, stage.cast
    done(
        delegate_decision(
            house, stage.actor(CHIEF), PLAN, COUNCIL, cast["thornmere.director"].account, COUNCIL,
            date(2014, 9, 1), date(2014, 9, 5), "While I am away.",
        )
    )  # fmt: skip
    assert "Say whether" in says(sign(stage, How(), "thornmere.director"))
    done(sign(stage, How(key=True), "thornmere.director"))
    assert (made(stage).way, made(stage).effective_on) == ("delegated_officer", date(2014, 9, 9))
    seen, secret = view(house, PLAN), "a secret"
    done(withdraw_decision(house, stage.actor(CHIEF), PLAN, made(stage).signed, "I am back."))
    done(linked(stage, secret))
    assert "Say whether" in says(
        sign_by_link(house, secret, "Sol Tarn", seen.findings_digest, "one", agrees=True)
    )
    done(sign_by_link(house, secret, "Sol Tarn", seen.findings_digest, "two", agrees=True, key_decision=True))
    (waiting,) = standing_of(house, view(house, PLAN)).said.records.values()
    assert (waiting.effect.key, outcome(stage)) == (True, Outcome.BY_LINK)
    why = "I asked her in the room."
    done(confirm_record(house, stage.actor(CHIEF), PLAN, waiting.signed, "", reasons=why))
    assert (made(stage).way, outcome(stage)) == ("link", Outcome.NOT_YET)


def linked(stage: Stage, secret: str) -> object:
    """The council's clerk sends its chief executive a link."""
    return send_link(
        stage.house, stage.actor(CLERK), PLAN, COUNCIL, "chief_executive", "Sol Tarn", "sol@thornmere.example",
        token_digest(secret), made_digest(stage), view(stage.house, PLAN).findings_digest, date(2014, 9, 10),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("confirmed", "then", "counts"),
    [
        pytest.param((2014, 9, 4), Outcome.NOT_YET, date(2014, 9, 9), id="within its call-in"),
        pytest.param((2014, 9, 10), Outcome.AGREED, None, id="after its call-in"),
    ],
)
def test_what_was_signed_by_a_link_is_reckoned_from_the_signing(
    stage: Stage, confirmed: tuple[int, int, int], then: Outcome, counts: date | None
) -> None:
    """Whoever confirms a link days later does not move the day: the call-in runs from when the officer signed."""
    done(linked(stage, "a secret"))
    findings = view(stage.house, PLAN).findings_digest
    done(sign_by_link(stage.house, "a secret", "Sol Tarn", findings, "one", agrees=True, key_decision=True))
    stage.on(*confirmed)
    (waits,) = standing_of(stage.house, view(stage.house, PLAN)).said.records
    done(confirm_record(stage.house, stage.actor(CHIEF), PLAN, waits, "", reasons="I asked her in the room."))
    found = made(stage)
    assert found.call_in
    assert (outcome(stage), found.effective_on, found.key) == (then, counts, True)
    assert found.call_in.decided_on == date(2014, 9, 1)


def test_decisions_of_before_the_question_was_asked(stage: Stage) -> None:
    """A decision of an older shape counts from the day that was typed, or at once, and is said to be neither."""
    old = {
        "plan": made_digest(stage), "findings": "f", "signed": "a" * 64, "way": "officer", "office": "chief_executive",
        "tolerance": None, "delegation": None, "late_for": "", "to_ratify": False, "record": None,
    }  # fmt: skip
    stream = f"signoff/{PLAN}"
    fact = NewFact(stream, "PlanAgreed", 2, old, on_behalf_of=COUNCIL)
    stage.house.journal.append([fact], expecting={stream: 0}, by="somebody", at=stage.house.clock())
    (found,) = said(stage.house.journal.read(stream)).decisions
    assert (found.key, found.call_in, found.urgency) == (None, None, "")
    assert outcome(stage) is Outcome.AGREED


def test_where_a_plan_stands_says_from_when(stage: Stage) -> None:
    """The answer as JSON says of each party whether it was a key decision, from when it counts, and by which rule."""
    done(sign(stage, How(key=True)))
    seen = view(stage.house, PLAN)
    answer = plan_answers.standing(seen, standing_of(stage.house, seen))
    (party,) = [each for each in answer["parties"] if each["body"] == COUNCIL]  # type: ignore[union-attr]
    assert party["takes_effect"] == "Decided, takes effect on 9 September 2014"
    assert (party["key_decision"], party["outcome"]) == (True, "Agreed, not yet in effect")
    assert party["call_in"]["rule"] == "call_in"
    assert answer["agreed"] is False


# After the deadline


def way(stage: Stage, deadline: str = "resubmission") -> PlanAgenda:
    return agenda_of(stage.house, PLAN, deadline)


def test_a_decision_that_counts_after_the_deadline(stage: Stage) -> None:
    """It is found, and blocks: with the day, and with the urgency route by which it would still count in time."""
    stage.on(2014, 9, 12)
    done(sign(stage, How(key=True)))
    found = way(stage)
    (finding,) = [each for each in found.agenda.findings if each.code == "effect-too-late"]
    assert finding.where == COUNCIL
    assert "takes effect on 20 September 2014, after the deadline (19 September 2014" in finding.says
    assert (
        "Decide again by the urgency route (urgent decision: have the agreement of the chair"
        in finding.remedy
    )
    (blocker,) = [each for each in found.blockers if each.body == COUNCIL]
    assert "after the deadline" in blocker.next
    assert blocker.by == date(2014, 9, 20)
    done(sign(stage, How(key=True, urgency=URGENT)))
    assert [each for each in way(stage).agenda.findings if each.where == COUNCIL] == []


def test_a_decision_that_counts_in_time_only_has_to_be_waited_for(stage: Stage) -> None:
    """Before its day it is named among those who are waited for, with nothing to do; no finding speaks of it."""
    done(sign(stage, How(key=True)))
    found = way(stage)
    (blocker,) = [each for each in found.blockers if each.body == COUNCIL]
    assert blocker.next == (
        "Nothing: its decision takes effect on 9 September 2014, once it can no longer be called in."
    )
    assert [each for each in found.agenda.findings if each.where == COUNCIL] == []
    stage.on(2014, 9, 20)
    assert COUNCIL not in {each.body for each in way(stage).blockers}


def worked(rulebook: Rulebook, held: Diary, today: date, **more: object) -> tuple[Agenda, Line]:
    """The way of one council to 19 September 2014, as it looks on a morning."""
    now = datetime(today.year, today.month, today.day, 9, tzinfo=UTC)
    since = datetime(2014, 7, 1, tzinfo=UTC)
    party = replace(
        Party("council:X", "The council", "council", "Awaited", False, since, "Chief executive", "Clerk"),
        **more,  # type: ignore[arg-type]
    )
    procedure = rulebook.procedure(today)[1]
    found = agenda("p", due("2014-09-19"), now, [party], {party.body: held}, procedure, "r/procedure")
    return found, found.lines[0]


def meets(*days: date, notice: date | None = None) -> Diary:
    at = datetime(2014, 7, 1, tzinfo=UTC)
    kept = tuple(
        Meeting(str(n), "council:X", day, "Cabinet", MeetingKind.FULL, None, False, 0, at)
        for n, day in enumerate(days, 1)
    )
    return Diary("council:X", kept, {}, {"p": Given(notice, at)} if notice else {})


def test_a_meeting_whose_decision_would_count_after_the_deadline(rulebook: Rulebook) -> None:
    """A cabinet of 17 September is before the deadline, and its key decision counts after it: it is brought forward, or decides by the urgency route."""
    found, _ = worked(rulebook, meets(date(2014, 9, 17)), date(2014, 9, 3))
    (finding,) = found.findings
    assert finding.code == "meeting-too-late"
    assert finding.says == (
        "What The council decides on 17 September 2014 takes effect on 25 September 2014, after the deadline "
        "(19 September 2014)."
    )
    assert finding.remedy.startswith(
        "Bring the meeting forward to Thursday 11 September 2014 or before; or decide at that meeting by the urgency "
        "route (urgent decision: have the agreement of the chair of the council"
    )
    found, line = worked(rulebook, meets(date(2014, 9, 17)), date(2014, 9, 12))
    (finding,) = found.findings
    assert finding.code == "meeting-too-late"
    assert finding.remedy.startswith("Decide at that meeting by the urgency route")
    assert line.next is None


def test_a_decision_that_counts_late_once_the_deadline_has_passed(rulebook: Rulebook) -> None:
    """Nothing can be hurried any more: it is said from when it counts."""
    late = date(2014, 9, 25)
    found, _ = worked(rulebook, meets(), date(2014, 9, 20), decided=True, effect=late)
    (finding,) = found.findings
    assert (finding.code, finding.remedy) == (
        "effect-too-late", "Tell the others: it counts from that day, and not before.",
    )  # fmt: skip


# Notice


def test_notice_of_a_key_decision_is_recorded(stage: Stage) -> None:
    """A council's clerk or plan lead records the day on which it was published; recorded again, the later word stands."""
    house = stage.house
    done(give_notice(house, stage.actor(CLERK), PLAN, COUNCIL, date(2014, 8, 11)))
    fact = house.journal.read(f"meetings/{COUNCIL}")[-1]
    assert (fact.kind, fact.body) == ("KeyNoticePublished", {"on": "2014-08-11", "plan": PLAN})
    assert "recorded already" in says(
        give_notice(house, stage.actor(CLERK), PLAN, COUNCIL, date(2014, 8, 11))
    )
    done(give_notice(house, stage.actor("thornmere.lead"), PLAN, COUNCIL, date(2014, 8, 12)))
    line = next(each for each in way(stage).agenda.lines if each.party.body == COUNCIL)
    assert line.notice == date(2014, 8, 12)


@pytest.mark.parametrize(
    ("handle", "body", "on", "words"),
    [
        (CHIEF, COUNCIL, date(2014, 8, 11), "one must be its clerk or plan lead"),
        ("aldersea.lead", COUNCIL, date(2014, 8, 11), "in the name of Thornmere council"),
        (CLERK, COUNCIL, date(2014, 9, 2), "today or before, within a year"),
        (CLERK, COUNCIL, date(2013, 8, 1), "today or before, within a year"),
        ("thornmere.board.clerk", "board:ZZ7", date(2014, 8, 11), "gives no notice of a key decision"),
        ("carrowby.lead", "council:ZZ6", date(2014, 8, 11), "decides nothing on this plan"),
    ],
)  # fmt: skip
def test_a_notice_that_cannot_be_recorded(stage: Stage, handle: str, body: str, on: date, words: str) -> None:
    """By who may not, for a day to come or long past, for a body that gives none or is no party."""
    assert words in says(give_notice(stage.house, stage.actor(handle), PLAN, body, on))


def test_notice_that_was_given_in_time(rulebook: Rulebook) -> None:
    """Given by the last day for a meeting, the step is done: nothing is found, and the next step is the papers."""
    found, line = worked(rulebook, meets(date(2014, 9, 10), notice=date(2014, 8, 12)), date(2014, 8, 20))
    step = line.steps[0]
    assert (step.kind, step.done, step.in_time, step.passed) == (
        StepKind.NOTICE, date(2014, 8, 12), True, False,
    )  # fmt: skip
    assert "It was published" in {each.says for each in step.working.steps}
    assert line.next
    assert (line.next.kind, line.routes, found.findings) == (StepKind.PAPERS, (), ())


def test_notice_that_was_given_too_late(rulebook: Rulebook) -> None:
    """Given later than 28 clear days before the meeting, it is found with the route that is still open; and when none is."""
    held = meets(date(2014, 9, 10), notice=date(2014, 8, 13))
    for today, words in (
        (date(2014, 8, 20), "General exception, open until Thursday 4 September 2014: tell the chair"),
        (date(2014, 9, 5), "Special urgency, open until Tuesday 9 September 2014: have the agreement"),
        (date(2014, 9, 10), "No urgency route is open for this meeting any more"),
    ):
        found, line = worked(rulebook, held, today)
        (finding,) = [each for each in found.findings if each.code == "notice-late"]
        assert finding.says == (
            "Notice of the key decision of The council was published on 13 August 2014; for the meeting of "
            "10 September 2014 the last day was 12 August 2014."
        )
        assert words in finding.remedy
        assert not line.steps[0].in_time


def test_a_notice_whose_day_is_put_right(stage: Stage) -> None:
    """The later word stands, for what is found as for the calendars of subscribers: their sequence grows."""
    house = stage.house
    done(plan_meetings(house, stage.actor(CLERK), COUNCIL, (date(2014, 9, 10),), "Cabinet", MeetingKind.FULL))
    done(give_notice(house, stage.actor(CLERK), PLAN, COUNCIL, date(2014, 8, 12)))
    codes = {each.code for each in way(stage).agenda.findings if each.where == COUNCIL}
    assert "notice-late" not in codes
    before = way(stage).sequence
    done(give_notice(house, stage.actor(CLERK), PLAN, COUNCIL, date(2014, 8, 20)))
    found = way(stage)
    assert "notice-late" in {each.code for each in found.agenda.findings if each.where == COUNCIL}
    assert found.sequence > before
