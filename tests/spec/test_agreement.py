"""Agreement: how a body decides, within which limits, for how long, and what can become of its decision."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from carepool.actions.afterwards import (
    call_in,
    end_call_in,
    open_dispute,
    pass_deadline,
    pass_deadlines,
    ratify_decision,
    settle_dispute,
    withdraw_decision,
)
from carepool.actions.assuring import direct_money, lift_direction, reopen_review, take_step
from carepool.actions.deciding import decide_plan, reach_stage
from carepool.actions.delegating import delegate_decision, delegations_for, end_decision_delegation
from carepool.actions.demonstration import Stage, begin, build, decide, draft_all, go_on, people
from carepool.actions.editing import save_version
from carepool.actions.house import House
from carepool.actions.planning import read_history, view
from carepool.actions.ports import MemoryDrafts
from carepool.actions.recording import (
    confirm_record,
    link_of,
    record_decision,
    send_link,
    sign_by_link,
    token_digest,
)
from carepool.actions.redeploying import (
    bodies_of,
    contingencies_of,
    directions_of,
    follow_direction,
    redeploy_money,
)
from carepool.actions.standings import standing_of
from carepool.actions.waiting import what_waits
from carepool.basics.canonical import Digest, digest_of
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Done
from carepool.journal.documents import Document
from carepool.journal.facts import NewFact
from carepool.journal.memory import MemoryJournal
from carepool.offices.holdings import end, give
from carepool.offices.holdings import stream_of as office_stream
from carepool.plans.document import Parties, Plan
from carepool.signoff.decisions import Decision, Said, by_link, said
from carepool.signoff.facts import decided, stream_of
from carepool.signoff.facts import sign_by_link as sign_fact
from carepool.signoff.redeployment import decider_of
from carepool.signoff.standing import Outcome, Own, Party, Standing, Status, required
from carepool.signoff.tolerance import Limit, Measure, Tolerance
from carepool.signoff.ways import How, Meeting
from carepool.wiring import disk

PLAN = "thornmere"
EVERYBODY = (
    "thornmere.chief", "aldersea.chief", "thornmere.officer", "aldersea.officer", "sands.officer",
    "thornmere.chair", "aldersea.chair",
)  # fmt: skip
PLAIN = How(key=False)
PAGE = b"%PDF-1.7 the signed page"


@pytest.fixture
def stage(house: House) -> Stage:
    """A plan of two councils, three CCGs and two boards, saved once; everybody of the county in office."""
    made = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(disk.county_files()))
    made.on(2014, 9, 1)
    for handle in made.cast:
        made.office(handle)
    made.plan = begin(made, PLAN, ("ZZ7", "ZZ8"), "Thornmere and Aldersea", "thornmere.lead", "ZZ7", "3.5")  # type: ignore[attr-defined]
    return made


def now(stage: Stage) -> Standing:
    return standing_of(stage.house, view(stage.house, PLAN))


def party(stage: Stage, body: str) -> Party:
    found = now(stage).of(body)
    assert found
    return found


def decision(stage: Stage, body: str) -> Decision:
    found = party(stage, body).decision
    assert found
    return found


def shown(stage: Stage) -> tuple[str, str]:
    """The digest and findings that the page shows."""
    seen = view(stage.house, PLAN)
    assert seen.history.current
    return seen.history.current.digest, seen.findings_digest


def sign(
    stage: Stage, handle: str, body: str = "", *, agrees: bool = True, reasons: str = "", how: How = PLAIN
) -> object:
    body = body or stage.cast[handle].body
    return decide_plan(
        stage.house, stage.actor(handle), PLAN, body, *shown(stage), agrees=agrees, reasons=reasons, how=how
    )


def says(refused: object) -> str:
    assert isinstance(refused, Refused), refused
    return refused.says


def done(answer: object) -> None:
    assert isinstance(answer, Done), answer


def new_version(stage: Stage, **change: object) -> None:
    """Save the plan with one spend line's amount of the last year moved, or a scheme renamed."""
    plan: Plan = view(stage.house, PLAN).plan
    if "name" in change:
        first, *others = plan.schemes.schemes
        schemes = plan.schemes.model_copy(
            update={"schemes": (first.model_copy(update={"name": change["name"]}), *others)}
        )
        plan = plan.with_section("schemes", schemes)
    if "pence" in change:
        pence = int(str(change["pence"]))
        one, two, *rest = plan.spend.spend
        moved = (
            one.model_copy(update={"year_2": one.year_2 + pence}),
            two.model_copy(update={"year_2": two.year_2 - pence}),
            *rest,
        )
        plan = plan.with_section("spend", plan.spend.model_copy(update={"spend": moved}))
    draft_all(stage, PLAN, "thornmere.lead", plan)
    done(save_version(stage.house, stage.actor("thornmere.lead"), PLAN))


MEETING = Meeting(date(2014, 9, 1), "Health and Wellbeing Board", True, "none", "HWB 14/45")

# Who must decide


def test_every_council_ccg_and_board_of_a_plan_for_several(stage: Stage) -> None:
    """A plan for two boards is agreed when both councils, all three CCGs and both boards have decided on this version."""
    assert {each.body for each in now(stage).parties} == {
        "council:ZZ7", "council:ZZ8", "ccg:Z7A", "ccg:Z8A", "ccg:Z8B", "board:ZZ7", "board:ZZ8",
    }  # fmt: skip
    for handle in EVERYBODY:
        assert now(stage).status is Status.AWAITING
        decide(stage, PLAN, handle)
    assert now(stage).status is Status.AGREED


# How a body decides


def test_a_meeting_decides_with_quorum_interests_and_minute(stage: Stage) -> None:
    """A meeting's decision says when it met, that it had its quorum, which interests were declared and where the minute is."""
    for wrong, words in (
        (None, "needs the day of the meeting"),
        (replace(MEETING, quorate=False), "without its quorum decides nothing"),
        (replace(MEETING, interests=" "), "which interests were declared"),
        (replace(MEETING, minute=""), "where the minute is"),
        (replace(MEETING, on=date(2014, 9, 30)), "has not been held yet"),
    ):
        assert words in says(sign(stage, "thornmere.chair", how=How("meeting", wrong)))
    done(sign(stage, "thornmere.chair", how=How("meeting", MEETING)))
    made = decision(stage, "board:ZZ7")
    assert (made.way, party(stage, "board:ZZ7").outcome) == ("meeting", Outcome.AGREED)
    document = stage.house.journal.document(made.signed)
    assert b"HWB 14/45" in document.content  # type: ignore[union-attr]


def test_a_way_that_the_rules_do_not_know_for_such_a_body(stage: Stage) -> None:
    """A sub-committee decides for a board, not for a council: the rules say which ways are open to whom."""
    assert "Choose one of" in says(sign(stage, "thornmere.chief", how=How("sub_committee", MEETING)))
    done(sign(stage, "thornmere.chair", how=How("sub_committee", MEETING)))


def test_a_key_decision_takes_effect_after_call_in(stage: Stage) -> None:
    """Until the day that it takes effect a council's decision is there, and the plan is not agreed."""
    decide(stage, PLAN, *EVERYBODY[1:])
    done(sign(stage, "thornmere.chief", how=How(key=True, effective_on=date(2014, 9, 9))))
    assert party(stage, "council:ZZ7").outcome is Outcome.NOT_YET
    assert now(stage).status is Status.AWAITING
    assert "has not agreed to this version" in says(
        reach_stage(stage.house, stage.actor("nhs.assurer"), PLAN, "approved", *shown(stage))
    )
    stage.on(2014, 9, 8)
    assert now(stage).status is Status.AWAITING
    stage.on(2014, 9, 9)
    assert now(stage).status is Status.AGREED


def test_a_decision_that_is_called_in_does_not_count_until_that_ends(stage: Stage) -> None:
    """Called in before it takes effect, it waits; it then stands from a day on, or is set aside and the council is awaited."""
    done(sign(stage, "thornmere.chief", how=How(key=True, effective_on=date(2014, 9, 9))))
    name = decision(stage, "council:ZZ7").signed
    clerk = "thornmere.clerk"
    done(call_in(stage.house, stage.actor(clerk), PLAN, name, "Five members of scrutiny."))
    stage.on(2014, 9, 12)
    assert party(stage, "council:ZZ7").outcome is Outcome.CALLED_IN
    assert "called in already" in says(call_in(stage.house, stage.actor(clerk), PLAN, name, "Again."))
    done(
        end_call_in(
            stage.house,
            stage.actor(clerk),
            PLAN,
            name,
            stands=True,
            reasons="Upheld.",
            effective_on=date(2014, 9, 15),
        )
    )
    assert party(stage, "council:ZZ7").outcome is Outcome.NOT_YET
    stage.on(2014, 9, 15)
    assert party(stage, "council:ZZ7").outcome is Outcome.AGREED
    assert "has taken effect" in says(call_in(stage.house, stage.actor(clerk), PLAN, name, "Too late."))


def test_a_decision_set_aside_leaves_the_council_awaited(stage: Stage) -> None:
    """A decision that scrutiny has set aside is nobody's word any more, and no earlier one revives."""
    done(sign(stage, "thornmere.chief"))
    done(sign(stage, "thornmere.chief", agrees=False, reasons="Not yet."))
    done(sign(stage, "thornmere.chief", how=How(key=True, effective_on=date(2014, 9, 9))))
    name = decision(stage, "council:ZZ7").signed
    done(call_in(stage.house, stage.actor("thornmere.clerk"), PLAN, name, "Scrutiny."))
    done(
        end_call_in(
            stage.house, stage.actor("thornmere.clerk"), PLAN, name, stands=False, reasons="Think again."
        )
    )
    assert party(stage, "council:ZZ7").outcome is Outcome.AWAITED


def test_a_call_in_is_not_escaped(stage: Stage) -> None:
    """While a decision is called in the council neither decides anew nor takes it back, and who decided does not end the call-in."""
    done(sign(stage, "thornmere.chief", how=How(key=True, effective_on=date(2014, 9, 9))))
    name = decision(stage, "council:ZZ7").signed
    done(call_in(stage.house, stage.actor("thornmere.clerk"), PLAN, name, "Scrutiny."))
    assert "is called in" in says(
        sign(stage, "thornmere.chief", how=How(key=True, effective_on=date(2014, 9, 1)))
    )
    assert "is called in" in says(
        withdraw_decision(stage.house, stage.actor("thornmere.chief"), PLAN, name, "Well.")
    )
    own = end_call_in(stage.house, stage.actor("thornmere.chief"), PLAN, name, stands=True, reasons="Fine.")
    assert "how the call-in of the decision ended" in says(own)


def test_a_meeting_before_the_version_cannot_have_decided_on_it(stage: Stage) -> None:
    """What was not yet saved was not decided on: neither here nor in a record from a minute."""
    before = How("meeting", replace(MEETING, on=date(2014, 8, 28)))
    assert "before version 1 was saved" in says(sign(stage, "thornmere.chair", how=before))
    assert "before version 1 was saved" in says(record(stage, how=before))


def test_paper_and_links_have_their_own_ways(stage: Stage) -> None:
    """A decision on paper is recorded and confirmed, one by a link is signed by it: neither is simply said."""
    for way in ("document", "link"):
        assert "recorded from its document" in says(sign(stage, "thornmere.chief", how=How(way)))  # type: ignore[arg-type]


# Within limits


def within(pounds: int, until: date = date(2014, 10, 31)) -> How:
    limit = Limit("spend", "year_2", Measure.POUNDS, Decimal(pounds * 100))
    return How(key=False, tolerance=Tolerance((limit,), until))


def test_a_change_within_its_limits_keeps_a_decision_and_lapses_the_others(stage: Stage) -> None:
    """A party that agreed within limits need not be asked again for a version that stays within them; the others are."""
    done(sign(stage, "thornmere.chief", how=within(10_000)))
    done(sign(stage, "aldersea.chief"))
    new_version(stage, pence=400_000)
    mine, theirs = party(stage, "council:ZZ7"), party(stage, "council:ZZ8")
    assert (mine.outcome, mine.kept) == (Outcome.AGREED, True)
    assert (theirs.outcome, theirs.kept) == (Outcome.LAPSED, False)


def test_small_steps_do_not_add_up_unseen(stage: Stage) -> None:
    """Each version is held against the one that was decided on: three small moves are one large one."""
    done(sign(stage, "thornmere.chief", how=within(10_000)))
    new_version(stage, pence=400_000)
    assert party(stage, "council:ZZ7").outcome is Outcome.AGREED
    new_version(stage, pence=400_000)
    lapsed = party(stage, "council:ZZ7")
    assert lapsed.outcome is Outcome.LAPSED
    assert lapsed.outside == (
        "The movements add to £16,000, more than “year 2 in spend, by £10,000 in all”.",
    )


def test_any_other_change_is_outside(stage: Stage) -> None:
    """What no limit covers is outside, however small; so is a version saved after the day that the limits name."""
    done(sign(stage, "thornmere.chief", how=within(10_000)))
    new_version(stage, name="Rapid response, days only")
    assert party(stage, "council:ZZ7").outside == ("schemes/schemes/S1/name changed, which no limit covers.",)
    done(sign(stage, "aldersea.chief", how=within(10_000, until=date(2014, 9, 10))))
    stage.on(2014, 9, 11)
    new_version(stage, pence=100)
    assert "saved after 10 September 2014" in party(stage, "council:ZZ8").outside[0]


def test_going_back_is_within_again(stage: Stage) -> None:
    """A lapsed decision within limits counts again when a later version is within them: nobody has taken it back."""
    done(sign(stage, "thornmere.chief", how=within(10_000)))
    new_version(stage, pence=4_000_000)
    assert party(stage, "council:ZZ7").outcome is Outcome.LAPSED
    new_version(stage, pence=-4_000_000 + 100)
    assert party(stage, "council:ZZ7").outcome is Outcome.AGREED


@pytest.mark.parametrize(
    ("tolerance", "words"),
    [
        (Tolerance((), date(2014, 10, 1)), "at least one limit"),
        (Tolerance((Limit("nowhere", "", Measure.ANY),), date(2014, 10, 1)), "no section of a plan"),
        (Tolerance((Limit("spend", "colour", Measure.ANY),), date(2014, 10, 1)), "no field of"),
        (Tolerance((Limit("spend", "year_2", Measure.POUNDS),), date(2014, 10, 1)), "a figure above zero"),
        (Tolerance((Limit("spend", "year_2", Measure.NUMBER, Decimal(5)),), date(2014, 10, 1)), "cannot be measured"),
        (Tolerance((Limit("spend", "", Measure.ANY),), date(2014, 8, 1)), "from today on"),
    ],
)  # fmt: skip
def test_limits_that_mean_nothing_are_refused(stage: Stage, tolerance: Tolerance, words: str) -> None:
    """Limits name a section, perhaps a field of it, how far it may move, and a day; anything else is refused."""
    assert words in says(sign(stage, "thornmere.chief", how=How(key=False, tolerance=tolerance)))


def test_a_blocked_version_keeps_no_decision(stage: Stage) -> None:
    """A version with a blocking finding is within nobody's limits: nobody could agree to it."""
    done(sign(stage, "thornmere.chief", how=within(1_000_000)))
    plan = view(stage.house, PLAN).plan
    one, *rest = plan.spend.spend
    spend = plan.spend.model_copy(
        update={"spend": (one.model_copy(update={"year_2": one.year_2 + 100_000}), *rest)}
    )
    draft_all(stage, PLAN, "thornmere.lead", plan.with_section("spend", spend))
    done(save_version(stage.house, stage.actor("thornmere.lead"), PLAN))
    assert view(stage.house, PLAN).blocked
    assert party(stage, "council:ZZ7").outcome is Outcome.LAPSED


# Delegation


def let(stage: Stage, by: str, to: str, **more: object) -> object:
    asked: dict[str, object] = {
        "to_body": stage.cast[to].body, "first": date(2014, 9, 1), "last": date(2014, 9, 30),
        "words": "I am away; decide for the council.", "pence": None, **more,
    }  # fmt: skip
    return delegate_decision(
        stage.house, stage.actor(by), PLAN, stage.cast[by].body, stage.cast[to].account,
        asked["to_body"], asked["first"], asked["last"], asked["words"], asked["pence"],  # type: ignore[arg-type]
    )  # fmt: skip


def test_an_officer_decides_by_delegation_and_the_body_ratifies(stage: Stage) -> None:
    """Let in writing, with an end, an officer decides for the council; the decision counts, and waits to be ratified."""
    director = "thornmere.director"
    assert "chief executive" in says(sign(stage, director)).lower()
    done(let(stage, "thornmere.chief", director))
    done(sign(stage, director))
    made = decision(stage, "council:ZZ7")
    assert (made.way, made.to_ratify, party(stage, "council:ZZ7").outcome) == (
        "delegated_officer",
        True,
        Outcome.AGREED,
    )
    waiting = what_waits(stage.house, stage.cast["thornmere.cabinet"].account)
    assert [each.says for each in waiting] == ["Ratify what was decided on “Thornmere and Aldersea”"]
    done(
        ratify_decision(
            stage.house, stage.actor("thornmere.cabinet"), PLAN, made.signed, stands=True, minute="CAB 14/9"
        )
    )
    assert decision(stage, "council:ZZ7").ratified
    assert "does not wait to be ratified" in says(
        ratify_decision(
            stage.house, stage.actor("thornmere.cabinet"), PLAN, made.signed, stands=True, minute="CAB 14/9"
        )
    )


def test_a_decision_that_is_not_ratified_comes_to_nothing(stage: Stage) -> None:
    """The body may decline to ratify, with reasons; then it is awaited again, and the plan is not agreed."""
    done(let(stage, "thornmere.chief", "thornmere.director"))
    done(sign(stage, "thornmere.director"))
    decide(stage, PLAN, *EVERYBODY[1:])
    assert now(stage).status is Status.AGREED
    name = decision(stage, "council:ZZ7").signed
    cabinet = stage.actor("thornmere.cabinet")
    assert "needs its reasons" in says(
        ratify_decision(stage.house, cabinet, PLAN, name, stands=False, minute="CAB 14/9")
    )
    done(
        ratify_decision(
            stage.house,
            stage.actor("thornmere.cabinet"),
            PLAN,
            name,
            stands=False,
            minute="CAB 14/9",
            reasons="No.",
        )
    )
    assert party(stage, "council:ZZ7").outcome is Outcome.AWAITED
    assert now(stage).status is Status.AWAITING


def test_a_delegation_has_limits_and_an_end(stage: Stage) -> None:
    """Past its end, above its amount, ended early, or when an office that it rests on has ended, it lets nobody decide."""
    director = "thornmere.director"
    done(let(stage, "thornmere.chief", director, pence=100))
    assert "up to £1; here it is" in says(sign(stage, director))
    done(let(stage, "thornmere.chief", director))
    stage.on(2014, 10, 1)
    assert "one must be its" in says(sign(stage, director))
    stage.on(2014, 9, 2)
    given = delegations_for(stage.house, view(stage.house, PLAN))[-1]
    ended = end_decision_delegation(
        stage.house, stage.actor("thornmere.chief"), PLAN, "council:ZZ7", given.signed, "I am back."
    )
    done(ended)
    assert isinstance(ended, Done)
    (fact,) = ended.facts
    why = stage.house.journal.document(Digest(str(fact.body["words"])))
    assert isinstance(why, Document)
    assert json.loads(why.content)["reasons"] == "I am back."
    assert (fact.on_behalf_of, fact.body["action"]) == ("council:ZZ7", "delegate")
    assert "up to £1" in says(sign(stage, director)), "the other one still runs"


def test_a_delegation_ends_with_the_office_that_it_rests_on(stage: Stage) -> None:
    """When whoever gave it, or whoever has it, holds their office no longer, it is refused on the next request."""
    done(let(stage, "thornmere.chief", "thornmere.director"))
    stage.on(2014, 9, 5)
    ended = end("council:ZZ7", "chief_executive", stage.cast["thornmere.chief"].account, date(2014, 9, 4))
    stream, journal = office_stream("council:ZZ7"), stage.house.journal
    journal.append([ended], expecting={stream: journal.version(stream)}, by="carepool", at=stage.now)
    assert "does not hold that office any more" in says(sign(stage, "thornmere.director"))


def test_a_named_lead_decides_for_a_ccg_with_few_of_the_people(stage: Stage) -> None:
    """Below the rules' share of the people a CCG may let another's officer decide, in writing; above it, it may not."""
    done(let(stage, "sands.officer", "aldersea.officer"))
    done(sign(stage, "aldersea.officer", "ccg:Z8B"))
    assert decision(stage, "ccg:Z8B").by == stage.cast["aldersea.officer"].account
    assert party(stage, "ccg:Z8B").outcome is Outcome.AGREED
    assert "can let only its own officers decide" in says(let(stage, "thornmere.officer", "aldersea.officer"))


def test_a_named_lead_is_a_party_of_the_plan(stage: Stage) -> None:
    """A CCG that is no party of the plan decides on it for nobody, however few the people; nor does one that was left out since."""
    assert "another party of the plan" in says(let(stage, "sands.officer", "carrowby.officer"))
    assert "one must be its" in says(sign(stage, "carrowby.officer", "ccg:Z8B"))
    assert party(stage, "ccg:Z8B").outcome is Outcome.AWAITED
    done(let(stage, "sands.officer", "aldersea.officer"))
    plan = view(stage.house, PLAN).plan
    parties = plan.parties.model_copy(update={"ccgs": tuple(c for c in plan.parties.ccgs if c != "Z8A")})
    draft_all(stage, PLAN, "thornmere.lead", plan.with_section("parties", parties))
    done(save_version(stage.house, stage.actor("thornmere.lead"), PLAN))
    refused = sign(stage, "aldersea.officer", "ccg:Z8B", agrees=False, reasons="No.")
    assert "no party to this plan" in says(refused)


def in_office(stage: Stage, handle: str, office: str, body: str) -> None:
    """Somebody of the county holds another office too."""
    stream, journal = office_stream(body), stage.house.journal
    given = give(body, office, stage.cast[handle].account, date(2013, 4, 1))
    journal.append([given], expecting={stream: journal.version(stream)}, by="carepool", at=stage.now)


def test_nobody_decides_for_two_parties_of_one_plan(stage: Stage) -> None:
    """Whoever decided for the council decides on the plan for no CCG, no board and no other council, while that decision stands."""
    others = {"accountable_officer": "ccg:Z7A", "board_chair": "board:ZZ7", "chief_executive": "council:ZZ8"}
    for office, body in others.items():
        in_office(stage, "thornmere.chief", office, body)
    done(sign(stage, "thornmere.chief", "council:ZZ7"))
    for body in others.values():
        refused = says(
            sign(stage, "thornmere.chief", body, how=PLAIN if body.startswith("council") else How())
        )
        assert "Nobody decides on a plan for two of its parties" in refused
        assert "Thornmere council" in refused
        assert party(stage, body).outcome is Outcome.AWAITED
    name = decision(stage, "council:ZZ7").signed
    done(withdraw_decision(stage.house, stage.actor("thornmere.chief"), PLAN, name, "For the board instead."))
    done(sign(stage, "thornmere.chief", "board:ZZ7", how=How()))
    assert "Thornmere Health and Wellbeing Board" in says(sign(stage, "thornmere.chief", "council:ZZ7"))


def test_a_colleague_who_was_let_decide_is_another_person(stage: Stage) -> None:
    """Two CCGs with one accountable officer: the officer decides for one, and lets somebody decide for the other; nobody whom it would make two."""
    in_office(stage, "thornmere.officer", "accountable_officer", "ccg:Z8A")
    in_office(stage, "sands.officer", "analyst", "ccg:Z8A")
    done(sign(stage, "thornmere.officer", "ccg:Z7A", how=How()))
    assert "two of its parties" in says(sign(stage, "thornmere.officer", "ccg:Z8A", how=How()))
    person = stage.cast["thornmere.officer"]
    stage.cast["both"] = replace(person, handle="both", body="ccg:Z8A")
    stage.cast["analyst"] = replace(stage.cast["sands.officer"], handle="analyst", body="ccg:Z8A")
    done(let(stage, "both", "analyst"))
    done(sign(stage, "sands.officer", "ccg:Z8B", how=How()))
    assert "Sands CCG" in says(sign(stage, "analyst", "ccg:Z8A", how=How()))
    name = decision(stage, "ccg:Z8B").signed
    done(withdraw_decision(stage.house, stage.actor("sands.officer"), PLAN, name, "For the other."))
    done(sign(stage, "analyst", "ccg:Z8A", how=How()))


def test_a_named_lead_decides_for_its_own_beside_the_small_one(stage: Stage) -> None:
    """In either order, for a commissioner that the rules let be led; not for a board as well."""
    in_office(stage, "aldersea.officer", "board_chair", "board:ZZ8")
    done(let(stage, "sands.officer", "aldersea.officer"))
    done(sign(stage, "aldersea.officer", "ccg:Z8B", how=How()))
    done(sign(stage, "aldersea.officer", "ccg:Z8A", how=How()))
    assert "two of its parties" in says(sign(stage, "aldersea.officer", "board:ZZ8", how=How()))
    done(sign(stage, "aldersea.officer", "ccg:Z8B", agrees=False, reasons="Not so."))


def test_a_lead_needs_it_in_writing_unless_the_rules_say_otherwise(stage: Stage) -> None:
    """By these rules no commissioner decides for another by the rules alone; where rules let it, only a larger party does, for a small one."""
    assert "one must be its" in says(sign(stage, "aldersea.officer", "ccg:Z8B", how=How()))
    stage.house = with_unwritten_leads(stage.house)
    for handle, body in (
        ("carrowby.officer", "ccg:Z8B"),
        ("aldersea.officer", "ccg:Z7A"),
        ("sands.officer", "ccg:Z8A"),
    ):
        assert "one must be its" in says(sign(stage, handle, body, how=How()))
    done(sign(stage, "aldersea.officer", "ccg:Z8A", how=How()))
    done(sign(stage, "aldersea.officer", "ccg:Z8B", how=How()))
    assert party(stage, "ccg:Z8B").outcome is Outcome.AGREED
    name = decision(stage, "ccg:Z8B").signed
    lead = stage.actor("aldersea.officer")
    assert "one must be its" in says(withdraw_decision(stage.house, lead, PLAN, name, "Not so."))


def with_unwritten_leads(house: House) -> House:
    """The house under rules that let a commissioner decide for a small one without a delegation in writing."""
    rules = house.rulebook.named(read_history(house, PLAN).rules)
    contributing = rules.decisions.contributing.model_copy(update={"lead_may_decide": True})
    decisions = rules.decisions.model_copy(update={"contributing": contributing})
    changed = replace(rules, sections={**rules.sections, "decisions": decisions})
    book = replace(house.rulebook, sets={**house.rulebook.sets, rules.name: changed})
    return replace(house, rulebook=book)


def test_nobody_signs_off_for_ministers_what_they_approved(stage: Stage) -> None:
    """Approval and sign-off are two people's; who signed an earlier version off may sign a later one off."""
    decide(stage, PLAN, *EVERYBODY)
    in_office(stage, "nhs.assurer", "ministers_office", "ministers:ENG")
    go_on(stage, PLAN, "approved", "nhs.assurer")
    refused = reach_stage(stage.house, stage.actor("nhs.assurer"), PLAN, "signed_off", *shown(stage))
    assert "Nobody signs off a plan that they approved" in says(refused)
    done(reach_stage(stage.house, stage.actor("minister.office"), PLAN, "signed_off", *shown(stage)))
    new_version(stage, name="Other")
    decide(stage, PLAN, *EVERYBODY)
    done(reopen_review(stage.house, stage.actor("moderator"), PLAN, shown(stage)[0]))
    go_on(stage, PLAN, "approved", "nhs.assurer")
    done(reach_stage(stage.house, stage.actor("minister.office"), PLAN, "signed_off", *shown(stage)))


def test_a_delegate_does_not_settle_the_bodys_dispute(stage: Stage) -> None:
    """A dispute is settled by an office of the body that opened it, and by nobody who was let decide up to an amount."""
    decide(stage, PLAN, *EVERYBODY)
    done(open_dispute(stage.house, stage.actor("thornmere.chief"), PLAN, "council:ZZ7", "Who pays?"))
    done(let(stage, "thornmere.chief", "thornmere.director", pence=1))
    (held,) = now(stage).disputes
    refused = settle_dispute(stage.house, stage.actor("thornmere.director"), PLAN, held.signed, "Settled.")
    assert "one must be its" in says(refused)
    assert now(stage).status is Status.DISPUTED


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"words": " "}, "in writing"),
        ({"last": date(2014, 8, 1)}, "does not run"),
        ({"last": date(2020, 1, 1)}, "does not run"),
        ({"to_body": "council:ZZ8"}, "can let only its own officers"),
    ],
)
def test_a_delegation_without_words_or_end_is_refused(
    stage: Stage, change: dict[str, object], words: str
) -> None:
    """A delegation is in writing, to somebody with an office, and ends."""
    assert words in says(let(stage, "thornmere.chief", "thornmere.director", **change))


def test_a_delegate_agrees_to_exactly_this_and_no_longer_than_let(stage: Stage) -> None:
    """Limits would outlast a delegation; a body's own refusal is not a delegate's to take back; what was not ratified is not tried again."""
    done(let(stage, "thornmere.chief", "thornmere.director"))
    assert "without limits" in says(sign(stage, "thornmere.director", how=within(10_000)))
    done(sign(stage, "thornmere.chief", agrees=False, reasons="No."))
    refused = decision(stage, "council:ZZ7").signed
    assert "one must be its" in says(
        withdraw_decision(stage.house, stage.actor("thornmere.director"), PLAN, refused, "Yes.")
    )
    assert "has itself refused this version" in says(sign(stage, "thornmere.director"))
    assert now(stage).status is Status.REFUSED
    done(withdraw_decision(stage.house, stage.actor("thornmere.chief"), PLAN, refused, "We looked again."))
    done(sign(stage, "thornmere.director"))
    name = decision(stage, "council:ZZ7").signed
    cabinet = stage.actor("thornmere.cabinet")
    done(ratify_decision(stage.house, cabinet, PLAN, name, stands=False, minute="CAB 1", reasons="No."))
    assert "did not ratify" in says(sign(stage, "thornmere.director"))


def test_a_delegate_does_not_agree_over_the_refusal_of_a_meeting(stage: Stage) -> None:
    """What the board refused at its meeting nobody agrees to for it, from the day that its minute is recorded; a later version they may."""
    done(let(stage, "thornmere.chair", "thornmere.board.clerk"))
    done(record(stage, agrees=False, reasons="The board refused."))
    deputy = "thornmere.board.clerk"
    assert "has itself refused this version" in says(sign(stage, deputy, how=How()))
    (waiting,) = now(stage).said.records
    done(confirm_record(stage.house, stage.actor("thornmere.chair"), PLAN, waiting, shown(stage)[0][:8]))
    assert party(stage, "board:ZZ7").outcome is Outcome.REFUSED
    assert "has itself refused this version" in says(sign(stage, deputy, how=How("meeting", MEETING)))
    new_version(stage, name="Other")
    done(sign(stage, deputy, how=How()))


def test_a_lapsed_decision_can_be_taken_back_so_that_it_never_revives(stage: Stage) -> None:
    """Outside its limits a decision has lapsed; taken back then, it does not count when a later version is within them again."""
    done(sign(stage, "thornmere.chief", how=within(10_000)))
    name = decision(stage, "council:ZZ7").signed
    new_version(stage, pence=4_000_000)
    done(withdraw_decision(stage.house, stage.actor("thornmere.chief"), PLAN, name, "Not any more."))
    new_version(stage, pence=-4_000_000)
    assert party(stage, "council:ZZ7").outcome is Outcome.AWAITED


# On paper, and by a link


def record(
    stage: Stage, handle: str = "thornmere.board.clerk", content: bytes = PAGE, **more: object
) -> object:
    asked: dict[str, object] = {"agrees": True, "how": How("meeting", MEETING), "reasons": "", **more}
    return record_decision(
        stage.house, stage.actor(handle), PLAN, "board:ZZ7", *shown(stage), content, **asked
    )  # type: ignore[arg-type]


def test_a_decision_recorded_from_a_minute_counts_once_another_confirms_it(stage: Stage) -> None:
    """The clerk uploads the minute; the chair holds it against the digest that it prints. Until then it does not count."""
    done(record(stage))
    (waiting,) = now(stage).said.records.values()
    assert party(stage, "board:ZZ7").outcome is Outcome.RECORDED
    clerk, chair = "thornmere.board.clerk", "thornmere.chair"
    digest = shown(stage)[0]
    assert "does not confirm" in says(
        confirm_record(stage.house, stage.actor(clerk), PLAN, waiting.signed, digest[:8])
    )
    assert "is not how the digest" in says(
        confirm_record(stage.house, stage.actor(chair), PLAN, waiting.signed, "00000000")
    )
    assert "is not how the digest" in says(
        confirm_record(stage.house, stage.actor(chair), PLAN, waiting.signed, digest[:7])
    )
    done(confirm_record(stage.house, stage.actor(chair), PLAN, waiting.signed, digest[:8]))
    made = decision(stage, "board:ZZ7")
    assert (made.way, made.record, party(stage, "board:ZZ7").outcome) == (
        "meeting",
        waiting.signed,
        Outcome.AGREED,
    )
    assert stage.house.journal.document(waiting.document).content == PAGE  # type: ignore[union-attr]
    with pytest.raises(NotHere):
        confirm_record(stage.house, stage.actor(chair), PLAN, waiting.signed, digest[:8])


def test_a_record_that_does_not_say_so_is_rejected(stage: Stage) -> None:
    """Held against its document and found wrong, with reasons, a record never counts."""
    done(record(stage))
    (waiting,) = now(stage).said.records.values()
    chair = stage.actor("thornmere.chair")
    assert "needs its reasons" in says(
        confirm_record(stage.house, chair, PLAN, waiting.signed, "", stands=False)
    )
    done(
        confirm_record(stage.house, chair, PLAN, waiting.signed, "", stands=False, reasons="Of another item.")
    )
    assert party(stage, "board:ZZ7").outcome is Outcome.AWAITED


@pytest.mark.parametrize(("content", "words"), [(b"", "empty"), (b"MZ program", "no PDF"), (b"%PDF-" + bytes(10_000_001), "larger")])  # fmt: skip
def test_what_is_no_document(stage: Stage, content: bytes, words: str) -> None:
    """A record needs a PDF, PNG or JPEG, by its content and not by its name."""
    with pytest.raises(Unusable, match=words):
        record(stage, content=content)


def test_a_record_of_a_version_that_was_changed_is_not_confirmed(stage: Stage) -> None:
    """Between record and confirmation another version was saved: the record is of the earlier one."""
    done(record(stage))
    (waiting,) = now(stage).said.records.values()
    digest = shown(stage)[0]
    new_version(stage, name="Other")
    answer = confirm_record(stage.house, stage.actor("thornmere.chair"), PLAN, waiting.signed, digest[:8])
    assert "Another version was saved" in says(answer)


def test_a_chief_officer_signs_once_by_a_link(stage: Stage) -> None:
    """An officer who has no account reads and signs by a link, once; it counts when a second person has confirmed it."""
    actor = stage.actor("thornmere.clerk")
    token = "a secret of the link"
    done(
        send_link(
            stage.house, actor, PLAN, "council:ZZ7", "chief_executive", "Sol Tarn", "sol@thornmere.example",
            token_digest(token), *shown(stage), date(2014, 9, 10),
        )
    )  # fmt: skip
    assert link_of(stage.house, "another secret") is None
    assert link_of(stage.house, token)
    findings = shown(stage)[1]
    done(sign_by_link(stage.house, token, "Sol Tarn", findings, "once", agrees=True, key_decision=False))
    assert party(stage, "council:ZZ7").outcome is Outcome.BY_LINK
    with pytest.raises(NotHere):
        sign_by_link(stage.house, token, "Sol Tarn", findings, "twice", agrees=False, reasons="No.")
    done(confirm_link(stage, "thornmere.finance"))
    made = decision(stage, "council:ZZ7")
    assert (made.way, made.office, party(stage, "council:ZZ7").outcome) == (
        "link",
        "chief_executive",
        Outcome.AGREED,
    )
    for stream in stage.house.journal.streams():
        assert token not in str(stage.house.journal.read(stream))


def confirm_link(
    stage: Stage, handle: str, reasons: str = "I asked her in the room.", *, stands: bool = True
) -> object:
    (waiting,) = now(stage).said.records.values()
    return confirm_record(
        stage.house, stage.actor(handle), PLAN, waiting.signed, "", stands=stands, reasons=reasons
    )


def test_whoever_sends_a_link_does_not_confirm_it(stage: Stage) -> None:
    """Whoever sends a link chose its address, and so never confirms; whoever confirms says how they made sure."""
    done(link_to(stage, "one"))
    done(
        sign_by_link(stage.house, "one", "Sol Tarn", shown(stage)[1], "once", agrees=True, key_decision=False)
    )
    waits = {
        handle: [
            each.says for each in what_waits(stage.house, stage.cast[handle].account) if "link" in each.says
        ]
        for handle in ("thornmere.clerk", "thornmere.finance")
    }
    assert [len(each) for each in waits.values()] == [0, 1]
    assert "Confirm the decision signed by a link" in waits["thornmere.finance"][0]
    assert "Whoever sent a link does not confirm" in says(confirm_link(stage, "thornmere.clerk"))
    assert "how you made sure" in says(confirm_link(stage, "thornmere.finance", " "))
    assert "one must be its" in says(confirm_link(stage, "aldersea.chief"))
    assert party(stage, "council:ZZ7").outcome is Outcome.BY_LINK


def test_a_signature_by_a_link_that_is_nobodys_never_counts(stage: Stage) -> None:
    """Rejected, with what was found, it is as if nobody had signed, and another link can be sent."""
    done(link_to(stage, "one"))
    done(
        sign_by_link(stage.house, "one", "Sol Tarn", shown(stage)[1], "once", agrees=True, key_decision=False)
    )
    assert "waits to be confirmed" in says(link_to(stage, "two"))
    assert "needs its reasons" in says(confirm_link(stage, "thornmere.finance", "", stands=False))
    done(confirm_link(stage, "thornmere.finance", "She was never asked.", stands=False))
    assert party(stage, "council:ZZ7").outcome is Outcome.AWAITED
    done(link_to(stage, "two"))


def test_a_refusal_by_a_link_counts_once_it_is_confirmed(stage: Stage) -> None:
    """A refusal waits as an agreement does: nobody refuses in an officer's name either."""
    done(link_to(stage, "one"))
    refused = sign_by_link(
        stage.house, "one", "Sol Tarn", shown(stage)[1], "once", agrees=False, reasons="Too little."
    )
    done(refused)
    assert party(stage, "council:ZZ7").outcome is Outcome.BY_LINK
    done(confirm_link(stage, "thornmere.cabinet"))
    assert party(stage, "council:ZZ7").outcome is Outcome.REFUSED


def test_what_changed_after_a_link_was_signed_is_not_confirmed(stage: Stage) -> None:
    """Another version, or another word of the body, takes the place of what waits: it is rejected, and asked for anew."""
    done(link_to(stage, "one"))
    done(
        sign_by_link(stage.house, "one", "Sol Tarn", shown(stage)[1], "once", agrees=True, key_decision=False)
    )
    stage.on(2014, 9, 3)
    done(sign(stage, "thornmere.chief", agrees=False, reasons="No."))
    assert "has decided again" in says(confirm_link(stage, "thornmere.finance"))
    new_version(stage, name="Other")
    assert "Another version was saved" in says(confirm_link(stage, "thornmere.finance"))


def heard(stage: Stage, *said_next: NewFact, by: str) -> Said:
    """What is said, once somebody has written some facts past every action."""
    stream, journal = stream_of(PLAN), stage.house.journal
    for fact in said_next:
        journal.append([fact], expecting={stream: journal.version(stream)}, by=by, at=stage.now)
    return said(journal.read(stream))


def test_no_fact_makes_a_link_count_by_itself(stage: Stage) -> None:
    """Read strictly: a decision by a link counts for nobody's sake who sent it, or where nobody signed by that link."""
    done(link_to(stage, "one"))
    digest, findings = shown(stage)
    signed = [digest_of("signed", 1, number) for number in range(5)]
    agree: dict[str, Any] = {"agrees": True, "way": "link", "office": "chief_executive"}
    sender, second = (stage.cast[each].account for each in ("thornmere.clerk", "thornmere.finance"))
    by_hand = decided(PLAN, "council:ZZ7", digest, findings, signed[0], record=signed[1], **agree)
    assert heard(stage, by_hand, by=second).decisions == ()
    no_link = sign_fact(PLAN, "council:ZZ7", digest, findings, "chief_executive", "none", signed[1], agrees=True)  # fmt: skip
    assert heard(stage, no_link, by="link-none").records == {}
    done(sign_by_link(stage.house, "one", "Sol Tarn", findings, "once", agrees=True, key_decision=False))
    (waiting,) = now(stage).said.records
    own = decided(PLAN, "council:ZZ7", digest, findings, signed[2], record=waiting, **agree)
    found = heard(stage, own, by=sender)
    assert (found.decisions, list(found.records)) == ((), [waiting])
    assert party(stage, "council:ZZ7").outcome is Outcome.BY_LINK


def test_a_link_signed_before_a_second_person_was_asked_for_waits_too(stage: Stage) -> None:
    """Facts of the older shape, a decision by the link alone, still fold: they wait to be confirmed like any other."""
    done(link_to(stage, "one"))
    digest, findings = shown(stage)
    signed = digest_of("signed", 1, 0)
    old = decided(PLAN, "council:ZZ7", digest, findings, signed, agrees=True, way="link", office="chief_executive")  # fmt: skip
    found = heard(stage, old, by=by_link(token_digest("one")))
    assert (found.decisions, list(found.records), found.links) == ((), [signed], {})
    assert party(stage, "council:ZZ7").outcome is Outcome.BY_LINK
    done(confirm_link(stage, "thornmere.finance"))
    assert party(stage, "council:ZZ7").outcome is Outcome.AGREED


def test_a_link_holds_for_its_days_and_its_version(stage: Stage) -> None:
    """Past its last day, or when another version was saved, a link signs nothing."""
    actor = stage.actor("thornmere.clerk")
    done(
        send_link(
            stage.house, actor, PLAN, "council:ZZ7", "chief_executive", "Sol Tarn", "sol@thornmere.example",
            token_digest("one"), *shown(stage), date(2014, 9, 10),
        )
    )  # fmt: skip
    stage.on(2014, 9, 11)
    assert link_of(stage.house, "one") is None
    stage.on(2014, 9, 2)
    assert link_of(stage.house, "one")
    new_version(stage, name="Other")
    assert link_of(stage.house, "one") is None


def link_to(stage: Stage, token: str) -> object:
    return send_link(
        stage.house, stage.actor("thornmere.clerk"), PLAN, "council:ZZ7", "chief_executive", "Sol Tarn",
        "sol@thornmere.example", token_digest(token), *shown(stage), date(2014, 9, 10),
    )  # fmt: skip


def test_an_office_that_has_decided_has_no_link_any_more(stage: Stage) -> None:
    """A link sent before the officer signed in and refused does not overrule the refusal; a newer link takes the place of an older."""
    done(link_to(stage, "one"))
    done(link_to(stage, "two"))
    assert link_of(stage.house, "one") is None
    done(sign(stage, "thornmere.chief", agrees=False, reasons="No."))
    assert link_of(stage.house, "two") is None


def test_a_link_ends_with_the_office_of_whoever_sent_it(stage: Stage) -> None:
    """A clerk's links sign nothing once the clerk's office has ended."""
    done(link_to(stage, "one"))
    stage.on(2014, 9, 5)
    ended = end("council:ZZ7", "clerk", stage.cast["thornmere.clerk"].account, date(2014, 9, 4))
    stream, journal = office_stream("council:ZZ7"), stage.house.journal
    journal.append([ended], expecting={stream: journal.version(stream)}, by="carepool", at=stage.now)
    assert link_of(stage.house, "one") is None, "it opens nothing"
    with pytest.raises(NotHere, match="does not hold any more"):
        sign_by_link(stage.house, "one", "Sol Tarn", shown(stage)[1], "once", agrees=True, key_decision=False)


def test_a_record_older_than_the_bodys_word_is_not_confirmed(stage: Stage) -> None:
    """A body that has refused since its decision was recorded has the last word; the record can only be rejected."""
    done(record(stage))
    (waiting,) = now(stage).said.records.values()
    done(sign(stage, "thornmere.chair", agrees=False, reasons="Not after all."))
    cabinet = "thornmere.chair"
    answer = confirm_record(stage.house, stage.actor(cabinet), PLAN, waiting.signed, shown(stage)[0][:8])
    assert "since this was recorded" in says(answer)
    assert party(stage, "board:ZZ7").outcome is Outcome.REFUSED


def test_the_record_on_the_current_version_is_the_one_that_waits(stage: Stage) -> None:
    """A record of an earlier version does not hide one of the current version."""
    done(record(stage))
    new_version(stage, name="Other")
    done(record(stage))
    assert party(stage, "board:ZZ7").outcome is Outcome.RECORDED
    assert party(stage, "board:ZZ7").record.digest == shown(stage)[0]  # type: ignore[union-attr]


# Afterwards


def test_a_body_takes_its_decision_back(stage: Stage) -> None:
    """With reasons, before approval, a body withdraws; it is awaited again and nothing earlier revives."""
    done(sign(stage, "thornmere.chief"))
    first = decision(stage, "council:ZZ7").signed
    assert "needs its reasons" in says(
        withdraw_decision(stage.house, stage.actor("thornmere.chief"), PLAN, first, "")
    )
    done(withdraw_decision(stage.house, stage.actor("thornmere.chief"), PLAN, first, "The budget fell."))
    assert party(stage, "council:ZZ7").outcome is Outcome.AWAITED
    assert "withdrawn already" in says(
        withdraw_decision(stage.house, stage.actor("thornmere.chief"), PLAN, first, "Again.")
    )
    decide(stage, PLAN, *EVERYBODY)
    go_on(stage, PLAN, "approved", "nhs.assurer")
    last = decision(stage, "council:ZZ7").signed
    assert "cannot be taken back" in says(
        withdraw_decision(stage.house, stage.actor("thornmere.chief"), PLAN, last, "Late.")
    )


def test_a_dispute_stops_an_agreed_plan_until_it_is_settled(stage: Stage) -> None:
    """A party opens a dispute with its reasons: an agreed plan does not go on until that party says how it was settled."""
    decide(stage, PLAN, *EVERYBODY)
    done(
        open_dispute(stage.house, stage.actor("sands.officer"), PLAN, "ccg:Z8B", "Who pays for the Care Act?")
    )
    assert now(stage).status is Status.DISPUTED
    assert "dispute" in says(
        reach_stage(stage.house, stage.actor("nhs.assurer"), PLAN, "approved", *shown(stage))
    )
    (opened,) = now(stage).disputes
    answer = settle_dispute(stage.house, stage.actor("thornmere.chief"), PLAN, opened.signed, "We agree.")
    assert "accountable officer" in says(answer)
    done(settle_dispute(stage.house, stage.actor("sands.officer"), PLAN, opened.signed, "The council pays."))
    assert now(stage).status is Status.AGREED


def test_a_decision_after_the_deadline_is_late(stage: Stage) -> None:
    """The rules name the day by which all are to have decided; a later decision counts, and is marked late."""
    done(sign(stage, "thornmere.chief"))
    assert decision(stage, "council:ZZ7").late_for == ""
    stage.on(2014, 9, 20)
    done(sign(stage, "aldersea.chief"))
    assert decision(stage, "council:ZZ8").late_for == "resubmission"


def test_a_deadline_that_passes_is_a_fact(stage: Stage) -> None:
    """Once it has passed with the plan not agreed, that is recorded, with who was awaited then; once."""
    decide(stage, PLAN, *EVERYBODY[:5])
    assert "has not passed" in says(pass_deadline(stage.house, PLAN))
    stage.on(2014, 9, 25)
    decide(stage, PLAN, "thornmere.chair")
    assert pass_deadlines(stage.house) == (PLAN,)
    assert pass_deadlines(stage.house) == ()
    (passed,) = now(stage).said.passed
    assert (passed.event, passed.awaited) == ("resubmission", ("board:ZZ7", "board:ZZ8"))


def test_the_deadline_of_a_withdrawn_plan_passes_too(stage: Stage) -> None:
    """That it passed is a fact, with the version's digest; who was awaited nobody can tell any more."""
    decide(stage, PLAN, *EVERYBODY[:5])
    current = read_history(stage.house, PLAN).current
    assert current is not None
    stage.house.journal.withdraw(current.document)
    assert "has not passed" in says(pass_deadline(stage.house, PLAN))
    stage.on(2014, 9, 25)
    assert pass_deadlines(stage.house) == (PLAN,)
    assert pass_deadlines(stage.house) == ()
    (passed,) = said(stage.house.journal.read(f"signoff/{PLAN}")).passed
    assert (passed.event, passed.digest, passed.awaited) == ("resubmission", current.digest, ())


def test_a_withdrawn_plan_that_had_gone_on_missed_no_deadline(stage: Stage) -> None:
    """Its stages are facts: what was approved by then had been agreed, whatever was withdrawn since."""
    decide(stage, PLAN, *EVERYBODY)
    go_on(stage, PLAN, "approved", "nhs.assurer")
    current = read_history(stage.house, PLAN).current
    assert current is not None
    stage.house.journal.withdraw(current.document)
    stage.on(2014, 9, 25)
    assert "was agreed by then" in says(pass_deadline(stage.house, PLAN))


def test_a_dispute_does_not_open_what_was_approved(stage: Stage) -> None:
    """While a dispute about an approved plan is open, no decision that it rests on is taken back, refused or declined."""
    decide(stage, PLAN, *EVERYBODY)
    go_on(stage, PLAN, "approved", "nhs.assurer")
    done(open_dispute(stage.house, stage.actor("sands.officer"), PLAN, "ccg:Z8B", "Who pays?"))
    name = decision(stage, "council:ZZ7").signed
    assert "has gone on" in says(
        withdraw_decision(stage.house, stage.actor("thornmere.chief"), PLAN, name, "Now.")
    )
    assert "approved" in says(sign(stage, "thornmere.chief", agrees=False, reasons="Now."))


def test_nobody_judges_a_plan_that_they_wrote_or_decided_on(stage: Stage) -> None:
    """Separation of duties is a list in the rules: who wrote or decided on a plan neither reviews, moderates nor approves it."""
    apart = {frozenset(each.actions) for each in stage.house.rulebook.named("bcf-2014-08").authorities.apart}
    for did in ("edit_plan", "decide_plan"):
        for judges in ("review_plan", "moderate_review", "approve_plan"):
            assert frozenset((did, judges)) in apart
    decide(stage, PLAN, *EVERYBODY)
    body, person = "nhs_england:ENG", stage.cast["thornmere.lead"]
    stage.cast["turned"] = replace(person, handle="turned", office="nhs_director", body=body)
    stage.office("turned")
    ended = end("council:ZZ7", "plan_lead", person.account, date(2014, 8, 31))
    stream, journal = office_stream("council:ZZ7"), stage.house.journal
    journal.append([ended], expecting={stream: journal.version(stream)}, by="carepool", at=stage.now)
    answer = reach_stage(stage.house, stage.actor("turned"), PLAN, "approved", *shown(stage))
    assert "Nobody approves a plan that they wrote" in says(answer)


# Redeployment


@pytest.fixture
def agreed(stage: Stage) -> Stage:
    """The plan with a contingency that the Thornmere board decides on, agreed by all."""
    plan = view(stage.house, PLAN).plan
    row = {
        "trigger": "The target is missed at the half-year",
        "decider": "Thornmere Health and Wellbeing Board",
        "pence": 25_000_000,
        "destination": "Rapid response",
    }
    risks = type(plan.risks).model_validate({**plan.risks.model_dump(), "contingencies": [row]})
    draft_all(stage, PLAN, "thornmere.lead", plan.with_section("risks", risks))
    done(save_version(stage.house, stage.actor("thornmere.lead"), PLAN))
    return stage


def move(stage: Stage, handle: str, pence: int, destination: str = "Rapid response") -> object:
    body = stage.cast[handle].body
    return redeploy_money(
        stage.house, stage.actor(handle), PLAN, body, 0, pence, destination, "It was missed."
    )


def test_money_is_redeployed_as_the_plan_says_and_in_no_other_way(agreed: Stage) -> None:
    """Trigger, decider, amount and destination are those of the agreed plan: no other body, sum or destination is accepted."""
    assert "No version of this plan was agreed" in says(move(agreed, "thornmere.chair", 1_000_000))
    decide(agreed, PLAN, *EVERYBODY)
    assert "decides, and no other body" in says(move(agreed, "thornmere.chief", 1_000_000))
    assert "nowhere else" in says(move(agreed, "thornmere.chair", 1_000_000, "The hospital"))
    assert "more than the £250,000" in says(move(agreed, "thornmere.chair", 25_000_001))
    done(move(agreed, "thornmere.chair", 20_000_000))
    assert "more than the £50,000 that is left" in says(move(agreed, "thornmere.chair", 5_000_001))
    done(move(agreed, "thornmere.chair", 5_000_000))
    assert sum(each.pence for each in now(agreed).said.redeployed) == 25_000_000


def test_a_contingency_pays_once_in_whatever_version_it_stands(agreed: Stage) -> None:
    """A later version with the same contingency has no more of it to give; who was shown another version looks again."""
    decide(agreed, PLAN, *EVERYBODY)
    was = shown(agreed)[0]
    done(move(agreed, "thornmere.chair", 25_000_000))
    new_version(agreed, name="Other")
    decide(agreed, PLAN, *EVERYBODY)
    assert "more than the £0 that is left" in says(move(agreed, "thornmere.chair", 1))
    body = agreed.cast["thornmere.chair"].body
    stale = redeploy_money(
        agreed.house, agreed.actor("thornmere.chair"), PLAN, body, 0, 1, "Rapid response", "Missed.", was
    )
    assert "you were shown another" in says(stale)


@pytest.mark.parametrize(
    "trigger", ["The target is missed at the half-year.", "The target is missed at a quarter"]
)
def test_a_contingency_that_was_reworded_pays_no_second_time(agreed: Stage, trigger: str) -> None:
    """Whatever its words became, what it paid counts; only where the parties agree to more is there more to give."""
    decide(agreed, PLAN, *EVERYBODY)
    done(move(agreed, "thornmere.chair", 25_000_000))
    change_contingencies(agreed, {"trigger": trigger})
    assert "more than the £0 that is left" in says(move(agreed, "thornmere.chair", 1))
    change_contingencies(agreed, {"trigger": trigger, "pence": 30_000_000})
    assert "more than the £50,000 that is left" in says(move(agreed, "thornmere.chair", 5_000_001))
    done(move(agreed, "thornmere.chair", 5_000_000))


def test_a_contingency_with_other_words_in_another_place_pays_no_second_time(agreed: Stage) -> None:
    """Not even where trigger and destination are other words and another stands before it; where the one that paid is kept, there is more."""
    decide(agreed, PLAN, *EVERYBODY)
    done(move(agreed, "thornmere.chair", 25_000_000))
    other = {"trigger": "A ward closes", "destination": "Home care", "pence": 25_000_000}
    reworded = {"trigger": "Too many come to hospital", "destination": "The rapid response team"}
    change_contingencies(agreed, other, reworded)
    for number, goes in ((0, "Home care"), (1, "The rapid response team")):
        assert "more than the £0 that is left" in says(pay(agreed, number, goes, 1))
    change_contingencies(
        agreed, {"trigger": "The target is missed at a quarter", "destination": "Rapid response"}, other
    )
    assert "more than the £0 that is left" in says(pay(agreed, 0, "Rapid response", 1))


def pay(stage: Stage, number: int, destination: str, pence: int) -> object:
    """The chair redeploys by a contingency."""
    chair, body = stage.actor("thornmere.chair"), stage.cast["thornmere.chair"].body
    return redeploy_money(stage.house, chair, PLAN, body, number, pence, destination, "It came about.")


def test_another_contingency_beside_one_that_was_paid(agreed: Stage) -> None:
    """One that stands before it now in other words is another one, and gives what it says; the one that was paid does not."""
    decide(agreed, PLAN, *EVERYBODY)
    done(move(agreed, "thornmere.chair", 25_000_000))
    change_contingencies(agreed, {"trigger": "A ward closes"}, {})
    done(move(agreed, "thornmere.chair", 25_000_000))
    assert "more than the £0 that is left" in says(pay(agreed, 1, "Rapid response", 1))


def change_contingencies(stage: Stage, *changes: dict[str, object]) -> None:
    """Save the plan with a contingency for each change of the first, and have all agree to it."""
    plan = view(stage.house, PLAN).plan
    last = plan.risks.contingencies[-1]
    rows = tuple(last.model_copy(update=each) for each in changes)
    risks = plan.risks.model_copy(update={"contingencies": rows})
    draft_all(stage, PLAN, "thornmere.lead", plan.with_section("risks", risks))
    done(save_version(stage.house, stage.actor("thornmere.lead"), PLAN))
    decide(stage, PLAN, *EVERYBODY)


@pytest.mark.slow
def test_the_county_shows_a_redeployment(house: House) -> None:
    """Carrowby's board sends on what a missed quarter did not release: by the trigger, decider, amount and destination of the plan that was signed off."""
    county = replace(house, journal=MemoryJournal(), drafts=MemoryDrafts())
    build(county, disk.county_files())
    found = view(county, "carrowby")
    (moved,) = standing_of(county, found).said.redeployed
    version, (contingency,) = contingencies_of(county, found)
    assert version
    assert (moved.body, moved.digest, moved.contingency) == ("board:ZZ6", version.digest, 0)
    assert contingency.decider == county.areas.body("board:ZZ6").name
    assert moved.pence == 76 * 149_000, "76 admissions above the target, at £1,490 each"
    document = county.journal.document(moved.signed)
    assert isinstance(document, Document)
    signed = json.loads(document.content)
    assert signed["trigger"] == contingency.trigger
    assert signed["destination"] == contingency.destination
    for plan in ("merrow", "wolds", "farrowdale", "stonebeck", "lindenmouth", "thornmere"):
        shown = view(county, plan)
        if shown.history.current:
            (each,) = shown.plan.risks.contingencies
            decider = decider_of(each, bodies_of(shown))
            assert decider is not None, plan
            assert decider.id in {f"board:{code}" for code in shown.plan.parties.boards}


def test_a_direction_names_power_body_and_money(stage: Stage) -> None:
    """Without agreement only a direction by NHS England redeploys: what it names, up to its amount, to its destination."""
    director = "nhs.director"
    for rung in [each.id for each in stage.house.rulebook.named("bcf-2014-08").assurance.ladder]:
        done(take_step(stage.house, stage.actor(director), PLAN, rung, "Nothing moved."))
    done(
        direct_money(
            stage.house,
            stage.actor(director),
            PLAN,
            "direct",
            10_000,
            "council:ZZ8",
            "The partners do not agree.",
        )
    )
    (direction,) = directions_of(stage.house, PLAN)
    assert (direction.power, direction.pence, direction.destination) == ("direct", 10_000, "Aldersea council")

    def follow(handle: str, pence: int, to: str = "Aldersea council") -> object:
        body = stage.cast[handle].body
        actor = stage.actor(handle)
        return follow_direction(stage.house, actor, PLAN, body, direction.signed, pence, to, "As directed.")

    assert "nowhere else" in says(follow("thornmere.officer", 10_000, "Elsewhere"))
    assert "commissioners" in says(follow("thornmere.chief", 10_000))
    done(follow("thornmere.officer", 10_000))
    assert "is left of the direction" in says(follow("thornmere.officer", 1))
    done(lift_direction(stage.house, stage.actor(director), PLAN, 1, "They agree."))
    with pytest.raises(NotHere):
        follow("thornmere.officer", 1)


# Who writes the plan does not choose who decides


def rename(plan: Plan, old: str, new: str) -> Plan:
    """The plan with all that one party puts in or spends now another's."""
    for name in ("sources", "spend"):
        part = plan.section(name)
        text = part.model_dump_json().replace(f'"{old}"', f'"{new}"')
        plan = plan.with_section(name, type(part).model_validate_json(text))
    return plan


def without(plan: Plan, **left: tuple[str, ...]) -> Plan:
    """The plan with these parties alone, by kind."""
    return plan.with_section("parties", plan.parties.model_copy(update=left))


def save(stage: Stage, plan: Plan) -> None:
    draft_all(stage, PLAN, "thornmere.lead", plan)
    done(save_version(stage.house, stage.actor("thornmere.lead"), PLAN))


def blockers(stage: Stage) -> set[str]:
    return {each.code for each in view(stage.house, PLAN).findings if each.severity == "blocker"}


DROPPED: dict[str, tuple[str, str, Callable[[Plan], Plan], set[str]]] = {
    "a board": ("aldersea.chair", "board:ZZ8", lambda plan: without(plan, boards=("ZZ7",)), {"board-missing"}),
    "a commissioner with its money": ("sands.officer", "ccg:Z8B", lambda plan: rename(without(plan, ccgs=("Z7A", "Z8A")), "Z8B", "Z8A"), {"ccg-missing"}),
    "the largest commissioner with its money": ("thornmere.officer", "ccg:Z7A", lambda plan: rename(without(plan, ccgs=("Z8A", "Z8B")), "Z7A", "Z8A"), {"ccg-missing"}),
    "a council": ("aldersea.chief", "council:ZZ8", lambda plan: rename(without(plan, councils=("ZZ7",)), "ZZ8", "ZZ7"), {"council-missing"}),
    "all of a board's": (
        "aldersea.chief", "council:ZZ8",
        lambda plan: rename(rename(rename(without(plan, boards=("ZZ7",), councils=("ZZ7",), ccgs=("Z7A",)), "ZZ8", "ZZ7"), "Z8A", "Z7A"), "Z8B", "Z7A"),
        {"board-missing", "council-missing", "ccg-missing"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("dropped", DROPPED)
def test_who_refuses_is_not_written_out_of_the_plan(stage: Stage, dropped: str) -> None:
    """A version that no longer names who refused is blocked, awaits it, and is neither approved nor signed off."""
    who, body, drop, found = DROPPED[dropped]
    before = {each.body for each in now(stage).parties}
    done(
        sign(
            stage,
            who,
            agrees=False,
            reasons="It is too little.",
            how=How(key=False if body.startswith("council") else None),
        )
    )
    save(stage, drop(view(stage.house, PLAN).plan))
    assert {each.body for each in now(stage).parties} == before
    assert found <= blockers(stage)
    for handle in EVERYBODY:
        if handle != who:
            assert "A blocker stands in the plan" in says(sign(stage, handle))
    assert not now(stage).agreed
    assert now(stage).status is Status.AWAITING
    assert party(stage, body).outcome is Outcome.AWAITED
    done(
        sign(
            stage,
            who,
            agrees=False,
            reasons="It is left out.",
            how=How(key=False if body.startswith("council") else None),
        )
    )
    assert now(stage).status is Status.REFUSED
    for stage_name, official in (("approved", "nhs.assurer"), ("signed_off", "minister.office")):
        assert isinstance(
            reach_stage(stage.house, stage.actor(official), PLAN, stage_name, *shown(stage)), Refused
        )


def test_a_small_commissioner_once_heard_stays(stage: Stage) -> None:
    """One of too few people to be needed unnamed is let go while it is silent, and needed on every version once it spoke."""
    rules = stage.house.rulebook.named("bcf-2014-08").decisions
    own = Own({"ZZ7": ("ZZ7",)}, {"ZZ7": {"BIG": 96, "TINY": 4, "NONE": 0}})
    named = Parties(boards=("ZZ7",), councils=("ZZ7",), ccgs=("BIG",))
    silent = required(rules, named, {"BIG": 96, "TINY": 4}, own)
    heard = required(rules, named, {"BIG": 96, "TINY": 4}, own, {"ccg:TINY", "ccg:FAR", "ccg:NONE"})
    assert set(heard) - set(silent) == {"ccg:TINY"}
    assert set(silent) == {"council:ZZ7", "ccg:BIG", "board:ZZ7"}


def test_nobody_named_leaves_those_of_the_plans_boards(stage: Stage) -> None:
    """A version that names no party at all, or another board that makes them small, needs whom the plan's own boards bring."""
    rules = stage.house.rulebook.named("bcf-2014-08").decisions
    own = Own({"ZZ7": ("ZZ7",)}, {"ZZ7": {"A": 5, "B": 95}})
    wanted = {"council:ZZ7", "ccg:A", "ccg:B", "board:ZZ7"}
    assert set(required(rules, Parties(), {}, own)) == wanted
    crowd = required(rules, Parties(boards=("E1",), ccgs=("C",)), {"A": 5, "B": 95, "C": 9_900}, own)
    assert set(crowd) == wanted | {"board:E1", "ccg:C"}


# Editing, and as at


def test_editing_never_erases(stage: Stage) -> None:
    """A version with a scheme renamed lapses decisions and leaves each where it was: all of them are still facts."""
    decide(stage, PLAN, *EVERYBODY)
    go_on(stage, PLAN, "approved", "nhs.assurer")
    before = len(now(stage).said.decisions)
    new_version(stage, name="Other")
    after = now(stage)
    assert after.status is Status.AWAITING
    assert len(after.said.decisions) == before
    assert [each.stage for each in after.said.reached] == ["approved"]


def test_as_at_an_instant_a_plan_stands_as_it_stood(stage: Stage) -> None:
    """Standing is a fold over what had been recorded by an instant, on the day of that instant."""
    at: list[tuple[datetime, Status, int]] = []
    for handle in EVERYBODY:
        decide(stage, PLAN, handle)
        stage.now += timedelta(hours=6)
        at.append(
            (stage.now, now(stage).status, sum(each.outcome is Outcome.AGREED for each in now(stage).parties))
        )
    for moment, status, count in at:
        position = stage.house.journal.as_at(moment)
        seen = view(stage.house, PLAN, position, moment.date())
        then = standing_of(stage.house, seen, position)
        assert (then.status, sum(each.outcome is Outcome.AGREED for each in then.parties)) == (status, count)


def test_a_record_is_of_a_day_that_has_been(stage: Stage) -> None:
    """Nothing was decided on a day to come, and what is signed by a link is no record from a document."""
    digest, findings = shown(stage)
    for how, why in (
        (How("officer", replace(MEETING, on=date(2031, 1, 1))), "is to come, so nothing was decided then"),
        (How("link", MEETING), "not recorded from a document"),
    ):
        answer = record_decision(
            stage.house, stage.actor("thornmere.clerk"), PLAN, "council:ZZ7", digest, findings, b"%PDF-1.7 x", agrees=True, how=how
        )  # fmt: skip
        assert why in says(answer)
