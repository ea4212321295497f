"""Sign-off: who must say yes, to exactly what, and where a plan stands."""

from dataclasses import replace
from decimal import Decimal

import pytest

from carepool.actions.assurance_queue import queue_of
from carepool.actions.deciding import decide_plan, reach_stage
from carepool.actions.demonstration import Person, Stage, begin, decide, draft_all, go_on, people
from carepool.actions.editing import Stale, save_version
from carepool.actions.house import House
from carepool.actions.planning import start_plan, view
from carepool.actions.ports import MemoryDrafts
from carepool.actions.releasing import (
    agreed_plan,
    approve_release_of,
    host_id,
    keep_money_of,
    money_of,
    open_pool_of,
    pool_of,
    propose_release_of,
)
from carepool.actions.standings import signed_off_version, standing_of
from carepool.actions.waiting import what_waits
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.commands import Done
from carepool.journal.documents import Document
from carepool.journal.memory import MemoryJournal
from carepool.offices.holdings import end
from carepool.offices.holdings import stream_of as office_stream
from carepool.plans.document import Parties, Plan
from carepool.pool.approving import Side
from carepool.signoff.standing import Outcome, Status, required
from carepool.signoff.ways import How
from carepool.wiring import disk

COUNCILS, CCG, BOARD = ("eastwold.chief", "westwold.chief"), "wolds.officer", "wolds.chair"


@pytest.fixture
def stage(house: House) -> Stage:
    """The people of the county in office, and the Wolds' plan saved once: two councils, a CCG and a board."""
    made = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(disk.county_files()))
    made.on(2014, 9, 1)
    for handle in made.cast:
        made.office(handle)
    made.plan = begin(made, "wolds", "ZZ2", "The Wolds", "wolds.lead", "Z2A", "3.5")  # type: ignore[attr-defined]
    return made


def status(stage: Stage) -> Status:
    return standing_of(stage.house, view(stage.house, "wolds")).status


def outcomes(stage: Stage) -> dict[str, Outcome]:
    found = standing_of(stage.house, view(stage.house, "wolds"))
    return {party.body: party.outcome for party in found.parties}


def new_version(stage: Stage, words: str = "Rapid response, days only") -> None:
    plan: Plan = stage.plan  # type: ignore[attr-defined]
    first, *others = plan.schemes.schemes
    schemes = plan.schemes.model_copy(update={"schemes": (first.model_copy(update={"name": words}), *others)})
    draft_all(stage, "wolds", "wolds.lead", plan.with_section("schemes", schemes))
    assert isinstance(save_version(stage.house, stage.actor("wolds.lead"), "wolds"), Done)


def sign(stage: Stage, handle: str, body: str | None = None, **more: object) -> object:
    """Decide as that person would from the page as it is, or with something changed."""
    seen = view(stage.house, "wolds")
    assert seen.history.current
    asked: dict[str, object] = {
        "digest": seen.history.current.digest,
        "findings": seen.findings_digest,
        "agrees": True,
        "reasons": "",
        "how": How(key=False),
        **more,
    }
    actor = stage.actor(handle)
    return decide_plan(stage.house, actor, "wolds", body or stage.cast[handle].body, **asked)  # type: ignore[arg-type]


def says(refused: object) -> str:
    assert isinstance(refused, Refused), refused
    return refused.says


def test_each_council_each_contributing_ccg_and_the_board_decide(stage: Stage) -> None:
    """A plan of two councils, a CCG and a board is agreed when all four have agreed to this version, not before."""
    assert set(outcomes(stage)) == {"council:ZZ21", "council:ZZ22", "ccg:Z2A", "board:ZZ2"}
    for handle in (*COUNCILS, CCG):
        decide(stage, "wolds", handle)
        assert status(stage) is Status.AWAITING
    decide(stage, "wolds", BOARD)
    assert status(stage) is Status.AGREED


def test_standing_says_who_is_awaited_since_when(stage: Stage) -> None:
    """Who has not decided is awaited since the version was saved; who has, is named with the instant."""
    decide(stage, "wolds", "eastwold.chief")
    found = standing_of(stage.house, view(stage.house, "wolds"))
    current = view(stage.house, "wolds").history.current
    assert current
    assert {party.body for party in found.awaited} == {"council:ZZ22", "ccg:Z2A", "board:ZZ2"}
    assert {party.since for party in found.awaited} == {current.at}
    eastwold = found.of("council:ZZ21")
    assert eastwold
    assert eastwold.decision
    assert eastwold.decision.by == stage.cast["eastwold.chief"].account


def test_what_is_signed_names_the_digest_the_findings_and_the_office(stage: Stage) -> None:
    """The signed document has the plan's digest, that of the findings shown, the body, the office and the name."""
    decide(stage, "wolds", "eastwold.chief")
    seen = view(stage.house, "wolds")
    party = standing_of(stage.house, seen).of("council:ZZ21")
    assert party
    assert party.decision
    document = stage.house.journal.document(party.decision.signed)
    assert isinstance(document, Document)
    for words in (party.decision.digest, seen.findings_digest, "Nia Ford", "Chief executive", "council:ZZ21"):
        assert words in document.content.decode()
    assert document.salt, "a name can be forgotten"


def test_a_newer_version_lapses_what_was_agreed(stage: Stage) -> None:
    """Nobody has agreed to what they have not seen: a new version awaits everybody again, and the old yes is lapsed."""
    decide(stage, "wolds", "eastwold.chief", CCG)
    new_version(stage)
    assert outcomes(stage) == {"council:ZZ21": Outcome.LAPSED, "council:ZZ22": Outcome.AWAITED, "ccg:Z2A": Outcome.LAPSED, "board:ZZ2": Outcome.AWAITED}  # fmt: skip


def test_a_superseded_digest_shows_the_difference(stage: Stage) -> None:
    """Who decides on what they were shown, after a newer version was saved, is shown what changed; nothing is written."""
    seen = view(stage.house, "wolds")
    assert seen.history.current
    new_version(stage)
    stale = sign(stage, BOARD, digest=seen.history.current.digest)
    assert isinstance(stale, Stale)
    assert [(each.where, each.after) for each in stale.changes] == [
        ("schemes/schemes/S1/name", "Rapid response, days only")
    ]
    assert "Version 2 has been saved since you were shown version 1" in stale.says
    assert outcomes(stage)["board:ZZ2"] is Outcome.AWAITED


def test_a_refusal_has_its_reasons(stage: Stage) -> None:
    """A body may refuse, with reasons; then the plan is refused until another version or another word."""
    assert "needs its reasons" in says(sign(stage, BOARD, agrees=False))
    assert "needs its reasons" in says(sign(stage, BOARD, agrees=False, reasons="\u200b \u2060\ufeff\u3164"))
    assert isinstance(sign(stage, BOARD, agrees=False, reasons="No nights."), Done)
    assert status(stage) is Status.REFUSED
    assert isinstance(sign(stage, BOARD), Done)
    assert status(stage) is Status.AWAITING


def test_a_body_that_is_no_party(stage: Stage) -> None:
    """A body that is none of the parties has nothing to decide."""
    assert "no party to this plan" in says(sign(stage, "farrowdale.chief"))


def test_nobody_signs_for_another_body(stage: Stage) -> None:
    """A chief executive decides for their own council, not for the neighbour's; a plan lead for none."""
    assert "Westwold council" in says(sign(stage, "eastwold.chief", "council:ZZ22"))
    assert "chief executive" in says(sign(stage, "wolds.lead", "council:ZZ21"))


def test_an_office_that_ended_yesterday_does_not_sign(stage: Stage) -> None:
    """The office is looked up as the decision is made: one that ended yesterday is refused on the next request."""
    body, account = "council:ZZ21", stage.cast["eastwold.chief"].account
    stream = office_stream(body)
    yesterday = stage.now.date().replace(day=stage.now.day - 1) if stage.now.day > 1 else None
    stage.on(2014, 9, 10)
    ended = end(body, "chief_executive", account, yesterday or stage.now.date().replace(day=9))
    journal = stage.house.journal
    journal.append([ended], expecting={stream: journal.version(stream)}, by="carepool", at=stage.now)
    assert "ended on" in says(sign(stage, "eastwold.chief"))


def test_a_blocker_stops_agreement_but_not_refusal(stage: Stage) -> None:
    """A plan with a blocking finding cannot be agreed; it can be refused."""
    plan: Plan = stage.plan  # type: ignore[attr-defined]
    spend = plan.spend.model_copy(update={"spend": plan.spend.spend[1:]})
    draft_all(stage, "wolds", "wolds.lead", plan.with_section("spend", spend))
    save_version(stage.house, stage.actor("wolds.lead"), "wolds")
    assert "A blocker stands in the plan" in says(sign(stage, BOARD))
    assert isinstance(sign(stage, BOARD, agrees=False, reasons="It does not add up."), Done)


def test_other_findings_than_were_shown(stage: Stage) -> None:
    """A decision names the findings that its signer saw; if they are not those of now, they look again."""
    stale = sign(stage, BOARD, findings="0" * 64)
    assert isinstance(stale, Stale)
    assert "Look again before you sign" in stale.says


def test_the_same_decision_twice(stage: Stage) -> None:
    """Deciding the same again is refused; the same request again is answered as before, and written once."""
    seen = view(stage.house, "wolds")
    assert seen.history.current
    actor = stage.actor(BOARD)
    digest, findings = seen.history.current.digest, seen.findings_digest
    first, again = (
        decide_plan(stage.house, actor, "wolds", "board:ZZ2", digest, findings, agrees=True) for _ in range(2)
    )
    assert isinstance(first, Done)
    assert isinstance(again, Done)
    assert again.again
    assert len(stage.house.journal.read("signoff/wolds")) == 1
    assert "has already decided to agree to" in says(sign(stage, BOARD))


def test_nhs_england_then_ministers(stage: Stage) -> None:
    """An agreed plan is approved by NHS England, an approved one signed off for ministers; out of turn is refused."""
    seen = view(stage.house, "wolds")
    assert seen.history.current
    shown = (seen.history.current.digest, seen.findings_digest)
    assert "has not agreed to this version" in says(
        reach_stage(stage.house, stage.actor("nhs.assurer"), "wolds", "approved", *shown)
    )
    decide(stage, "wolds", *COUNCILS, CCG, BOARD)
    assert "First: NHS England approves" in says(
        reach_stage(stage.house, stage.actor("minister.office"), "wolds", "signed_off", *shown)
    )
    assert "assurer" in says(
        reach_stage(stage.house, stage.actor("minister.office"), "wolds", "approved", *shown)
    )
    go_on(stage, "wolds", "approved", "nhs.assurer")
    assert status(stage) is Status.APPROVED
    go_on(stage, "wolds", "signed_off", "minister.office")
    assert status(stage) is Status.SIGNED_OFF
    assert "To change it, save another version" in says(sign(stage, BOARD, agrees=False, reasons="Too late?"))


def test_a_version_after_sign_off_starts_again_and_leaves_what_was_signed(stage: Stage) -> None:
    """A signed plan can be edited: that is another version. The one that ministers signed off stays what it was."""
    decide(stage, "wolds", *COUNCILS, CCG, BOARD)
    go_on(stage, "wolds", "approved", "nhs.assurer")
    go_on(stage, "wolds", "signed_off", "minister.office")
    signed = view(stage.house, "wolds").history.current
    new_version(stage)
    assert status(stage) is Status.AWAITING
    reached = signed_off_version(stage.house, "wolds")
    assert reached
    assert signed
    assert reached.digest == signed.digest


def test_what_waits_for_me(stage: Stage) -> None:
    """A person sees what waits for their offices, and no longer what they have done."""
    chair = stage.cast[BOARD].account
    assert [each.says for each in what_waits(stage.house, chair)] == ["Decide on version 1 of “The Wolds”"]
    decide(stage, "wolds", BOARD)
    assert what_waits(stage.house, chair) == ()
    assert what_waits(stage.house, stage.cast["nhs.assurer"].account) == ()
    decide(stage, "wolds", *COUNCILS, CCG)
    assert what_waits(stage.house, stage.cast["nhs.assurer"].account) == (), "approval goes by way of reviews"
    assert [each.says for each in queue_of(stage.house, stage.cast["moderator"].account)] == [
        "Choose reviewers"
    ]


def test_going_back_to_what_was_agreed(stage: Stage) -> None:
    """A version with the content of an earlier one has its digest: who agreed to that has agreed, who refused since may agree again."""
    decide(stage, "wolds", *COUNCILS, CCG, BOARD)
    go_on(stage, "wolds", "approved", "nhs.assurer")
    new_version(stage)
    assert isinstance(sign(stage, "eastwold.chief", agrees=False, reasons="Not this."), Done)
    draft_all(stage, "wolds", "wolds.lead", stage.plan)  # type: ignore[attr-defined]
    assert isinstance(save_version(stage.house, stage.actor("wolds.lead"), "wolds"), Done)
    assert outcomes(stage)["council:ZZ21"] is Outcome.AWAITED
    assert isinstance(sign(stage, "eastwold.chief"), Done)
    assert status(stage) is Status.APPROVED


def test_a_blocked_or_refused_plan_waits_for_its_lead(stage: Stage) -> None:
    """A refused plan waits for its leads to change it, and no longer for those who would have to decide."""
    lead, chair = stage.cast["wolds.lead"].account, stage.cast[BOARD].account
    assert what_waits(stage.house, lead) == ()
    sign(stage, "eastwold.chief", agrees=False, reasons="Not this.")
    assert [each.says for each in what_waits(stage.house, lead)] == [
        "“The Wolds” was refused, with reasons: change it"
    ]
    plan: Plan = stage.plan  # type: ignore[attr-defined]
    spend = plan.spend.model_copy(update={"spend": plan.spend.spend[1:]})
    draft_all(stage, "wolds", "wolds.lead", plan.with_section("spend", spend))
    save_version(stage.house, stage.actor("wolds.lead"), "wolds")
    assert [each.page for each in what_waits(stage.house, lead)] == ["check"]
    assert what_waits(stage.house, chair) == ()


# Under the rules of 2025-26

NORTH_YORKSHIRE = "E06000065"


@pytest.fixture
def yorkshire(house: House) -> Stage:
    """North Yorkshire's plan of 2025-26, saved once: a council, three ICBs and a board; and their people in office."""
    cast = tuple(
        Person(f"person-{number}", handle, handle.title(), office, body)
        for number, (handle, office, body) in enumerate(
            [
                ("lead", "plan_lead", f"council:{NORTH_YORKSHIRE}"),
                ("chief", "chief_executive", f"council:{NORTH_YORKSHIRE}"),
                ("finance", "section_151_officer", f"council:{NORTH_YORKSHIRE}"),
                ("humber", "accountable_officer", "icb:QOQ"),
                ("leeds", "accountable_officer", "icb:QWO"),
                ("preston", "accountable_officer", "icb:QE1"),
                ("chair", "board_chair", f"board:{NORTH_YORKSHIRE}"),
                ("assurer", "assurer", "nhs_england:ENG"),
                ("minister", "ministers_office", "ministers:ENG"),
            ]
        )
    )
    made = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), cast)
    made.on(2025, 3, 1)
    for handle in made.cast:
        made.office(handle)
    started = start_plan(
        made.house, made.actor("lead"), "york", "bcf-2025-26", (NORTH_YORKSHIRE,), "North Yorkshire"
    )
    assert isinstance(started, Done)
    plan = view(made.house, "york").plan
    parties = plan.parties.model_copy(update={"host": NORTH_YORKSHIRE})
    draft_all(made, "york", "lead", plan.with_section("parties", parties))
    assert isinstance(save_version(made.house, made.actor("lead"), "york"), Done)
    return made


def of_york(stage: Stage) -> dict[str, Outcome]:
    found = standing_of(stage.house, view(stage.house, "york"))
    return {party.body: party.outcome for party in found.parties}


def with_smallest_share(stage: Stage, per_cent: str) -> House:
    """The house under rules that leave out commissioners with so few of the plan's people."""
    rules = stage.house.rulebook.named("bcf-2025-26")
    contributing = rules.decisions.contributing.model_copy(update={"smallest_share": Decimal(per_cent)})
    decisions = rules.decisions.model_copy(update={"contributing": contributing})
    changed = replace(rules, sections={**rules.sections, "decisions": decisions})
    book = replace(stage.house.rulebook, sets={**stage.house.rulebook.sets, rules.name: changed})
    return replace(stage.house, rulebook=book)


def test_each_council_each_icb_and_the_board_decide_in_2025(yorkshire: Stage) -> None:
    """Three integrated care boards have people there, and with no smallest share all three decide."""
    assert set(of_york(yorkshire)) == {
        f"council:{NORTH_YORKSHIRE}", "icb:QE1", "icb:QOQ", "icb:QWO", f"board:{NORTH_YORKSHIRE}",
    }  # fmt: skip
    for handle in ("chief", "finance", "humber", "leeds", "preston", "chair"):
        assert standing_of(yorkshire.house, view(yorkshire.house, "york")).status is Status.AWAITING
        decide(yorkshire, "york", handle)
    assert standing_of(yorkshire.house, view(yorkshire.house, "york")).status is Status.AGREED


@pytest.mark.parametrize(
    ("per_cent", "left_out"),
    [("0", set()), ("1.25", set()), ("1.26", {"QE1"}), ("5", {"QE1", "QWO"}), ("100", {"QE1", "QOQ", "QWO"})],
)
def test_a_commissioner_with_few_of_the_people_need_not_decide(
    yorkshire: Stage, per_cent: str, left_out: set[str]
) -> None:
    """QE1 has 7,391 of the 590,982 people of the plan's board, 1.2506 per cent: the rules say what share is too small."""
    house = with_smallest_share(yorkshire, per_cent)
    found = standing_of(house, view(house, "york"))
    deciding = {party.body.removeprefix("icb:") for party in found.parties if party.body.startswith("icb:")}
    assert deciding == {"QE1", "QOQ", "QWO"} - left_out


def test_who_is_left_out_is_told_why(yorkshire: Stage) -> None:
    """A party whose decision is not needed is not called a stranger to the plan."""
    stage = yorkshire
    seen = view(stage.house, "york")
    assert seen.history.current
    done = decide_plan(
        with_smallest_share(stage, "5"), stage.actor("leeds"), "york", "icb:QWO",
        seen.history.current.digest, seen.findings_digest, agrees=True,
    )  # fmt: skip
    assert "NHS West Yorkshire ICB has too few of the people of the plan's boards to decide" in says(done)


def test_the_share_is_of_all_people_of_the_boards(stage: Stage) -> None:
    """People of a commissioner that is no party count too, so leaving one out does not make the others larger."""
    rules = stage.house.rulebook.named("bcf-2025-26").decisions
    halved = rules.model_copy(
        update={"contributing": rules.contributing.model_copy(update={"smallest_share": Decimal(50)})}
    )
    people = {"A": 40, "B": 60}
    assert "icb:A" not in required(halved, Parties(ccgs=("A",)), people)
    assert "icb:B" in required(halved, Parties(ccgs=("B",)), people)
    assert "icb:A" in required(rules, Parties(ccgs=("A",)), {})


def test_a_plan_of_2025_that_is_signed_off_moves_no_money(yorkshire: Stage) -> None:
    """Opening a pool, proposing, approving and closing are refused in a sentence: the rules compute no payment."""
    stage = yorkshire
    decide(stage, "york", "chief", "finance", "humber", "leeds", "preston", "chair")
    go_on(stage, "york", "approved", "assurer")
    go_on(stage, "york", "signed_off", "minister")
    actor, quarter = stage.actor("finance"), Quarter(2025, 1)
    for act in (
        lambda: open_pool_of(stage.house, actor, "york"),
        lambda: money_of(stage.house, "york"),
        lambda: propose_release_of(stage.house, actor, "york", quarter, "QOQ", 100),
        lambda: approve_release_of(stage.house, actor, "york", quarter, "QOQ", Side.HOST),
        lambda: keep_money_of(stage.house, actor, "york"),
    ):
        with pytest.raises(
            Unusable, match=r"lay down no computation of performance money.* No pool is opened"
        ):
            act()
    assert pool_of(stage.house, "york").books.opening is None
    agreed = agreed_plan(stage.house, "york")
    assert agreed.host == f"council:{NORTH_YORKSHIRE}"
    held_by_icb = agreed.plan.parties.model_copy(update={"host": "QOQ"})
    assert host_id(agreed.plan.with_section("parties", held_by_icb), agreed.area) == "icb:QOQ"
