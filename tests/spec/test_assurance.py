"""Assurance: two reviewers who do not see each other, one judgement, an outcome that replays, and what is credible."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from carepool.actions import demonstration_assurance as said
from carepool.actions.appointing import retire
from carepool.actions.assurance_rollup import followed_of, national, pairs
from carepool.actions.assurances import (
    Assured,
    Wanted,
    assured,
    judged_in,
    opened,
    parties_of,
    review_for,
)
from carepool.actions.assuring import (
    Unfinished,
    ask_resubmission,
    assign_reviewer,
    close_condition,
    decide_outcome,
    declare_conflict,
    direct_money,
    draft_key,
    keep_judgement,
    kept_judgement,
    lift_direction,
    moderate,
    reopen_review,
    section_of,
    step_down,
    submit_review,
    take_step,
)
from carepool.actions.deciding import reach_stage
from carepool.actions.demonstration import Stage, begin, decide, draft_all, go_on, people
from carepool.actions.editing import save_version
from carepool.actions.house import House
from carepool.actions.permits import Actor, offices_to_end
from carepool.actions.planning import view
from carepool.actions.ports import MemoryDrafts
from carepool.actions.standings import standing_of, trusts_of
from carepool.assurance.agreement import agreement
from carepool.assurance.facts import stream_of
from carepool.assurance.judgement import QUALITY, RISK, Judged, Judgement
from carepool.assurance.outcome import suggest, would_change
from carepool.assurance.record import Closed, State, active_directions
from carepool.assurance.replay import replay
from carepool.assurance.rollup import by_region, roll_up
from carepool.assurance.savings import credible, delivered_by, plausibility, promised
from carepool.basics.canonical import canonical
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Done
from carepool.journal.documents import Document
from carepool.journal.memory import MemoryJournal
from carepool.measures.variation import AmongPast, Stands, among_past, explain_among
from carepool.offices.holdings import give
from carepool.offices.holdings import stream_of as office_stream
from carepool.plans.document import Plan, sections_asked
from carepool.rules.rulebook import Rulebook
from carepool.signoff.standing import Status
from carepool.wiring import disk

PLAN = "wolds"
NHS, COUNCILS = "nhs", "local_government"
DECIDER = "nhs.director"


@pytest.fixture
def stage(house: House) -> Stage:
    """The people of the county in office, and the Wolds' plan saved once and agreed by all."""
    made = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(disk.county_files()))
    made.on(2014, 9, 1)
    for handle in made.cast:
        made.office(handle)
    made.plan = begin(made, PLAN, "ZZ2", "The Wolds", "wolds.lead", "Z2A", "3.5")  # type: ignore[attr-defined]
    decide(made, PLAN, "eastwold.chief", "westwold.chief", "wolds.officer", "wolds.chair")
    return made


def now(stage: Stage) -> Assured:
    return assured(stage.house, PLAN)


def says(refused: object) -> str:
    assert isinstance(refused, Refused), refused
    return refused.says


def account(stage: Stage, handle: str) -> str:
    return stage.cast[handle].account


def new_version(stage: Stage, words: str = "Rapid response, days only") -> None:
    plan: Plan = stage.plan  # type: ignore[attr-defined]
    first, *others = plan.schemes.schemes
    schemes = plan.schemes.model_copy(update={"schemes": (first.model_copy(update={"name": words}), *others)})
    draft_all(stage, PLAN, "wolds.lead", plan.with_section("schemes", schemes))
    assert isinstance(save_version(stage.house, stage.actor("wolds.lead"), PLAN), Done)


def hand_in(stage: Stage, side: str, changed: said.Said | None = None, handle: str = "", digest: str = "") -> object:  # fmt: skip
    found = now(stage)
    actor = stage.actor(handle or said.REVIEWERS[side])
    return submit_review(stage.house, actor, PLAN, side, digest or found.digest, said.judgement(found, changed or {}))  # fmt: skip


def reviewed(stage: Stage, nhs: said.Said | None = None, councils: said.Said | None = None) -> None:
    """Both reviews in."""
    said.choose(stage, PLAN)
    said.review(stage, PLAN, NHS, nhs or {})
    said.review(stage, PLAN, COUNCILS, councils or {})


def reads(stage: Stage, side: str, handle: str, upto: int | None = None) -> Judgement | None:
    found = assured(stage.house, PLAN, upto)
    review = found.record.on(found.digest).get(side)
    return review_for(stage.house, found, review, account(stage, handle)) if review else None


# Rules


def test_questions_are_ours_and_say_so(rulebook: Rulebook) -> None:
    """The official grid is not at hand: every question is marked as derived, cites what it is written from, and belongs to a condition or none."""
    asking = [rules for rules in rulebook.sets.values() if rules.assures]
    assert {each.name for each in asking} >= {"bcf-2014-08", "bcf-2015-03"}
    for rules in asking:
        conditions = {each.id for each in rules.conditions.conditions}
        for each in rules.enquiries.enquiries:
            assert each.confidence == "derived"
            assert "no official grid is at hand" in each.source
            assert not each.belongs_to or each.belongs_to in conditions
        assert conditions == {each.belongs_to for each in rules.enquiries.enquiries} - {""}


def test_evidence_is_a_section_of_the_plan(rulebook: Rulebook) -> None:
    """A question points to sections of the plan that its rules ask for: that is where a reviewer looks."""
    for rules in rulebook.sets.values():
        if rules.assures:
            wanted = {name for each in rules.enquiries.enquiries for name in each.evidence}
            assert wanted <= set(sections_asked(rules))


def test_approval_goes_by_way_of_an_outcome(stage: Stage) -> None:
    """Where rules ask questions, nobody approves a plan directly: the refusal says where it is done. Without questions it stays as it was."""
    seen = view(stage.house, PLAN)
    assert seen.history.current
    shown = seen.history.current.digest, seen.findings_digest
    refused = says(reach_stage(stage.house, stage.actor(DECIDER), PLAN, "approved", *shown))
    assert "two reviews, their moderation and an outcome" in refused
    assert "page “Assurance”" in refused
    said.assure(stage, PLAN, DECIDER)
    assert standing_of(stage.house, view(stage.house, PLAN)).status is Status.APPROVED


def test_rules_without_questions_have_no_assurance(house: House) -> None:
    """Under rules that ask reviewers nothing there is no assurance here, and the page says so."""
    assert not house.rulebook.named("bcf-2016-17").assures
    stage = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(disk.county_files()))
    stage.office("wolds.lead")
    from carepool.actions.planning import start_plan

    start_plan(stage.house, stage.actor("wolds.lead"), "later", "bcf-2016-17", ("ZZ2",), "Later")
    with pytest.raises(Unusable, match="lay down no questions"):
        assured(stage.house, "later")


# Reviewers


def test_a_reviewer_is_chosen_for_each_side(stage: Stage) -> None:
    """The moderator chooses one reviewer for the NHS and one for local government; each must hold an office that reviews for that side."""
    assert now(stage).state is State.NOT_ASSIGNED
    assert "one must be its moderator" in says(assign_reviewer(stage.house, stage.actor("nhs.reviewer"), PLAN, NHS, account(stage, "nhs.reviewer")))  # fmt: skip
    assert "hold no office that reviews" in says(assign_reviewer(stage.house, stage.actor("moderator"), PLAN, NHS, account(stage, "lga.assurer")))  # fmt: skip
    said.choose(stage, PLAN)
    assert now(stage).state is State.AWAITING
    chosen = [
        each for each in stage.house.journal.read(f"assurance/{PLAN}") if each.kind == "ReviewerAssigned"
    ]
    assert {each.body["action"] for each in chosen} == {"assign_reviewers"}
    assert all(each.on_behalf_of and each.body["rules"] for each in chosen)
    with pytest.raises(NotHere, match="no side"):
        assign_reviewer(stage.house, stage.actor("moderator"), PLAN, "trusts", account(stage, "lga.assurer"))


def test_nobody_reviews_the_plan_of_their_own_body(stage: Stage) -> None:
    """Who holds an office in a party of the plan is not chosen, and cannot review, moderate or decide."""
    stream = office_stream("council:ZZ21")
    journal = stage.house.journal
    for handle in ("lga.assurer", "moderator"):
        journal.append(
            [give("council:ZZ21", "plan_lead", account(stage, handle), date(2013, 4, 1))],
            expecting={stream: journal.version(stream)}, by="carepool", at=stage._clock(),
        )  # fmt: skip
    assert "council:ZZ21" in parties_of(now(stage).plan)
    refused = says(assign_reviewer(stage.house, stage.actor("moderator"), PLAN, COUNCILS, account(stage, "lga.assurer")))  # fmt: skip
    assert "holds an office in a party" in refused or "have an interest" in refused


def hold(stage: Stage, handle: str, office: str, body: str, first: date = date(2013, 4, 1)) -> None:
    """Somebody of the county holds another office too."""
    stream, journal = office_stream(body), stage.house.journal
    journal.append(
        [give(body, office, account(stage, handle), first)], expecting={stream: journal.version(stream)}, by="carepool",
        at=stage._clock(),
    )  # fmt: skip


def test_nobody_of_a_trust_that_the_plan_concerns_judges_it(stage: Stage) -> None:
    """The chief of a trust of the plan's boards is neither chosen to review it, nor decides on it, though the trust is no party."""
    trusts = trusts_of(now(stage).plan)
    assert trusts
    assert not set(trusts) & set(parties_of(now(stage).plan))
    for handle in ("lga.assurer", DECIDER):
        hold(stage, handle, "provider_chief_executive", trusts[0])
    refused = assign_reviewer(
        stage.house, stage.actor("moderator"), PLAN, COUNCILS, account(stage, "lga.assurer")
    )
    assert "have an interest" in says(refused)
    assert "in a trust of its boards" in says(take_step(stage.house, stage.actor(DECIDER), PLAN, "support", "Nothing moved."))  # fmt: skip


def test_who_could_read_the_other_review_is_no_replacement(stage: Stage) -> None:
    """After both were in, only somebody who held no office of assurance then reviews in place of who stood down: they are blind."""
    reviewed(stage, councils={"answers/agreed": ("no", "LGA SECRET")})
    assert reads(stage, COUNCILS, "nhs.assurer") is not None
    retired, of = account(stage, "nhs.assurer"), "nhs_england:ENG"
    at_once = retire(stage.house, Actor("carepool", "away"), of, "assurer", retired, stage.house.today)
    assert isinstance(at_once, Done)
    stage.on(2014, 9, 2)
    assert isinstance(
        declare_conflict(stage.house, stage.actor("nhs.reviewer"), PLAN, NHS, "My brother."), Done
    )
    moderator = stage.actor("moderator")
    refused = assign_reviewer(stage.house, moderator, PLAN, NHS, account(stage, "nhs.director"))
    assert "hold no office that reviews" in says(refused)
    hold(stage, "nhs.director", "assurer", of, date(2014, 9, 2))
    refused = assign_reviewer(stage.house, moderator, PLAN, NHS, account(stage, "nhs.director"))
    assert "could read them" in says(refused), "a director reads reviews too"
    stage.on(2014, 9, 5)
    hold(stage, "nhs.assurer", "assurer", of, date(2014, 9, 5))
    refused = assign_reviewer(stage.house, moderator, PLAN, NHS, retired)
    assert "could read them" in says(refused), "an office that is given anew makes nobody forget"
    person = stage.cast["wolds.lead"]
    stage.cast["fresh"] = replace(person, handle="fresh", account="1dc5d2a25f0c4a0e8f5f4d1f0e3a9b77")
    hold(stage, "fresh", "assurer", "nhs_england:ENG", date(2014, 9, 4))
    fresh = account(stage, "fresh")
    assert isinstance(assign_reviewer(stage.house, stage.actor("moderator"), PLAN, NHS, fresh), Done)
    assert isinstance(hand_in(stage, NHS, handle="fresh"), Done)
    assert now(stage).state is State.BOTH_IN
    assert "are in" in says(hand_in(stage, NHS, handle="fresh"))


def test_who_set_a_condition_does_not_say_that_it_is_met(stage: Stage) -> None:
    """Whoever decided the outcome asks a colleague whether its condition is met."""
    reviewed(stage)
    found = now(stage)
    assert isinstance(moderate(stage.house, stage.actor("moderator"), PLAN, found.digest, said.judgement(found, {})), Done)  # fmt: skip
    wanted = (Wanted("Settle it.", date(2014, 9, 20)),)
    made = decide_outcome(stage.house, stage.actor(DECIDER), PLAN, found.digest, "approved_with_conditions", wanted, "One thing.")  # fmt: skip
    assert isinstance(made, Done)
    alone = close_condition(stage.house, stage.actor(DECIDER), PLAN, "C1", "Trust me.", met=True)
    assert "whose outcome they decided" in says(alone)
    assert isinstance(
        close_condition(stage.house, stage.actor("nhs.assurer"), PLAN, "C1", "Seen.", met=True), Done
    )
    hold(stage, "moderator", "ministers_office", "ministers:ENG")
    seen = view(stage.house, PLAN)
    assert seen.history.current
    off = reach_stage(stage.house, stage.actor("moderator"), PLAN, "signed_off", seen.history.current.digest, seen.findings_digest)  # fmt: skip
    assert "whose reviews they moderated" in says(off)


def test_nobody_who_reviewed_and_nobody_of_a_trust_signs_off(stage: Stage) -> None:
    """Review and sign-off are two people's; and the plan is about the trusts' money, so their chiefs sign off none for ministers."""
    said.assure(stage, PLAN, DECIDER)
    trust = trusts_of(now(stage).plan)[0]
    hold(stage, "minister.office", "provider_chief_executive", trust)
    hold(stage, "lga.assurer", "ministers_office", "ministers:ENG")
    for handle, words in (
        ("minister.office", f"chief executive of the trust of {stage.house.areas.body(trust).name}"),
        ("lga.assurer", "Nobody signs off a plan that they reviewed"),
    ):
        seen = view(stage.house, PLAN)
        assert seen.history.current
        off = reach_stage(stage.house, stage.actor(handle), PLAN, "signed_off", seen.history.current.digest, seen.findings_digest)  # fmt: skip
        assert words in says(off)


def test_an_interest_is_declared_and_the_review_set_aside(stage: Stage) -> None:
    """A reviewer with an interest says so in words; their review does not count, they review no more, and another is chosen, who is as blind as before."""
    reviewed(stage, nhs={"answers/agreed": ("no", "NHS SECRET")})
    assert now(stage).state is State.BOTH_IN
    assert reads(stage, NHS, "lga.assurer") is not None
    assert "Say why" in says(declare_conflict(stage.house, stage.actor("lga.assurer"), PLAN, COUNCILS, " "))
    assert isinstance(declare_conflict(stage.house, stage.actor("lga.assurer"), PLAN, COUNCILS, "My brother works there."), Done)  # fmt: skip
    assert now(stage).state is State.ONE_IN
    before = stage.house.journal.seal() and stage.house.journal.as_at(stage.now)
    for handle in ("lga.assurer", "moderator", DECIDER):
        assert reads(stage, NHS, handle) is None, "what was open is hidden again from all but its author"
        assert reads(stage, NHS, handle, before) is None
    assert "have an interest" in says(assign_reviewer(stage.house, stage.actor("moderator"), PLAN, COUNCILS, account(stage, "lga.assurer")))  # fmt: skip


# Reviews


def test_what_is_begun_is_kept_for_its_author_alone(stage: Stage) -> None:
    """A review is kept as it is written, whole or not, apart from the drafts of the plan; only who writes it gets it back."""
    said.choose(stage, PLAN)
    half = Judgement({"answers/agreed": Judged("partly", "Boundaries?")})
    actor = stage.actor("nhs.reviewer")
    section = section_of(NHS)
    assert keep_judgement(stage.house, actor, PLAN, section, now(stage).digest, half) is None
    assert kept_judgement(stage.house, PLAN, section, actor.account) == (half, now(stage).digest)
    assert kept_judgement(stage.house, PLAN, section, account(stage, "lga.assurer")) is None
    assert stage.house.drafts.of_plan(PLAN) == (), "the plan's editors see nothing of it"
    assert len(stage.house.drafts.of_plan(draft_key(PLAN))) == 1
    other = keep_judgement(stage.house, stage.actor("lga.assurer"), PLAN, section, now(stage).digest, half)
    assert isinstance(other, Refused)


def test_a_review_is_whole(stage: Stage) -> None:
    """Every question has an answer, quality, risk and each saving a level, and an answer below the best says what is missing."""
    said.choose(stage, PLAN)
    found = now(stage)
    open_ = submit_review(stage.house, stage.actor("nhs.reviewer"), PLAN, NHS, found.digest, Judgement())
    assert isinstance(open_, Unfinished)
    assert {each.where.rpartition("/")[0] for each in open_.findings} == {each.key for each in found.items}
    bare = hand_in(stage, NHS, {"answers/agreed": ("partly", " ")})
    assert isinstance(bare, Unfinished)
    assert [each.where for each in bare.findings] == ["answers/agreed/words"]
    assert "Write what you looked for" in bare.findings[0].remedy
    assert isinstance(hand_in(stage, NHS), Done)


def test_a_review_is_of_one_digest(stage: Stage) -> None:
    """The fact cites the plan's digest and the review's; a newer version has no review until it is reviewed itself."""
    reviewed(stage)
    (fact, _) = [each for each in stage.house.journal.read(stream_of(PLAN)) if each.kind == "ReviewSubmitted"]
    assert fact.body["plan"] == now(stage).digest
    document = stage.house.journal.document(str(fact.body["review"]))  # type: ignore[arg-type]
    assert isinstance(document, Document)
    assert document.salt, "a review could be guessed from its digest otherwise"
    assert json.loads(document.content)["digest"] == now(stage).digest
    old = now(stage).digest
    new_version(stage)
    assert now(stage).record.on(now(stage).digest) == {}
    assert now(stage).state is State.AWAITING
    assert "stands now" in says(hand_in(stage, NHS, digest=old))
    assert "Both reviews of this version have to be in" in says(moderate(stage.house, stage.actor("moderator"), PLAN, now(stage).digest, said.judgement(now(stage), {})))  # fmt: skip


def test_nobody_but_its_author_reads_a_review_before_both_are_in(stage: Stage) -> None:
    """Until both sides are in, a review is read by its author alone: not by the other reviewer, the moderator, the decider, ministers, or a plan's lead."""
    said.choose(stage, PLAN)
    said.review(stage, PLAN, NHS, {"answers/evidence": ("no", "SECRET")})
    assert now(stage).state is State.ONE_IN
    mine = reads(stage, NHS, "nhs.reviewer")
    assert mine is not None
    assert mine.level("answers/evidence") == "no"
    for handle in stage.cast:
        if handle != "nhs.reviewer":
            assert reads(stage, NHS, handle) is None, handle
    assert pairs(stage.house, now(stage), now(stage).digest, 3) == ()


def test_after_both_are_in_reviewers_moderator_and_decider_read_both(stage: Stage) -> None:
    """Then both reviewers, the moderator and whoever decides read both; the parties of the plan read what both became."""
    reviewed(stage)
    for side in (NHS, COUNCILS):
        for handle in ("nhs.reviewer", "lga.assurer", "moderator", DECIDER):
            assert reads(stage, side, handle) is not None, (side, handle)
        for handle in ("wolds.lead", "eastwold.chief", "minister.office", "merrow.lead"):
            assert reads(stage, side, handle) is None, (side, handle)


def test_a_reviewer_whose_office_is_revoked_reads_their_own_review_alone(stage: Stage) -> None:
    """Having written one opens that one: the other's is for who holds an office today."""
    reviewed(stage)
    assert reads(stage, COUNCILS, "nhs.reviewer") is not None
    for body, office in offices_to_end(stage.house, account(stage, "nhs.reviewer")):
        retire(
            stage.house, Actor("carepool", f"{body} {office}"), body, office, account(stage, "nhs.reviewer"),
            stage.house.today,
        )  # fmt: skip
    assert reads(stage, COUNCILS, "nhs.reviewer") is None
    assert reads(stage, NHS, "nhs.reviewer") is not None


def test_an_earlier_day_tells_nothing_that_is_hidden_today(stage: Stage) -> None:
    """A page as at a day on which both reviews were in hides them while one has been set aside since."""
    reviewed(stage)
    stage.house.journal.seal()
    both = stage.house.journal.as_at(stage.now)
    assert reads(stage, NHS, "moderator", both) is not None
    declare_conflict(stage.house, stage.actor("lga.assurer"), PLAN, COUNCILS, "A friend.")
    assert reads(stage, NHS, "moderator", both) is None


def test_who_has_read_the_other_review_does_not_change_their_own(stage: Stage) -> None:
    """When a reviewer declares an interest after both were in, the other has read both: their review stands as it was handed in."""
    reviewed(stage)
    declare_conflict(stage.house, stage.actor("lga.assurer"), PLAN, COUNCILS, "A friend.")
    assert "you could read the other" in says(hand_in(stage, NHS))


def test_who_declared_an_interest_judges_nothing_of_the_plan(stage: Stage) -> None:
    """An interest once declared keeps an account from moderating and approving too, whatever offices it holds."""
    reviewed(stage)
    declare_conflict(stage.house, stage.actor("lga.assurer"), PLAN, COUNCILS, "A friend.")
    person = stage.cast["lga.assurer"]
    stage.cast["turned"] = replace(person, handle="turned", office="moderator", body="nhs_england:ENG")
    stage.office("turned")
    found = now(stage)
    answer = moderate(stage.house, stage.actor("turned"), PLAN, found.digest, said.judgement(found, {}))
    assert "declared an interest" in says(answer)


def test_a_review_may_be_handed_in_anew_until_the_other_is_in(stage: Stage) -> None:
    """Who has not seen the other's review may still correct their own; once both are in, neither changes any more."""
    said.choose(stage, PLAN)
    assert isinstance(hand_in(stage, NHS), Done)
    assert isinstance(hand_in(stage, NHS, {RISK: ("high", "")}), Done)
    found = reads(stage, NHS, "nhs.reviewer")
    assert found
    assert found.level(RISK) == "high"
    assert isinstance(hand_in(stage, COUNCILS), Done)
    assert "neither can be changed" in says(hand_in(stage, NHS))


def test_only_the_side_s_own_reviewer_hands_in(stage: Stage) -> None:
    """Another officer of the same body, however able, is not the reviewer who was chosen."""
    said.choose(stage, PLAN)
    assert "not this side's reviewer" in says(hand_in(stage, NHS, handle="nhs.assurer"))
    assert "one must be its" in says(hand_in(stage, COUNCILS, handle="nhs.reviewer"))


def test_a_review_that_is_sent_twice_is_in_once(stage: Stage) -> None:
    """The same form pressed twice writes one fact."""
    said.choose(stage, PLAN)
    actor, found = stage.actor("nhs.reviewer"), now(stage)
    for again in (False, True):
        done = submit_review(stage.house, actor, PLAN, NHS, found.digest, said.judgement(found, {}))
        assert isinstance(done, Done)
        assert done.again is again
    assert len(now(stage).record.reviews) == 1


# Agreement


def test_agreement_is_raw_and_weighted(stage: Stage) -> None:
    """Raw agreement is the part of answers that are the same. Weighted kappa counts a no against a yes four times what a partly against a yes does, and takes off what chance would give.

    Twelve questions: both say yes to eight, both no to one; one yes against partly, one partly against no, one yes against no.
    By hand: observed (1 + 1 + 4) ÷ (12 × 4) = 0.125; expected 44 ÷ 96 of the margins 10-1-1 and 8-1-3: kappa 1 − 0.125 ÷ 0.302.
    """
    answers = [(0, 0)] * 8 + [(2, 2)] + [(0, 1)] + [(1, 2)] + [(0, 2)]
    found = agreement(answers, 3)
    assert (found.answers, found.same) == (12, 9)
    assert found.raw == Decimal("75.0")
    assert found.observed == Fraction(6, 48)
    rows, columns = (10, 1, 1), (8, 1, 3)
    by_hand = sum(Fraction((i - j) ** 2, 4) * rows[i] * columns[j] for i in range(3) for j in range(3)) / 144
    assert found.expected == by_hand
    assert found.exact == 1 - Fraction(6, 48) / by_hand
    reviewed(stage, nhs=said.WOLDS_BOTH, councils=said.WOLDS_BOTH)
    held = pairs(stage.house, now(stage), now(stage).digest, 3)
    assert len(held) == len(now(stage).rules.enquiries.enquiries)
    assert agreement(held, 3).kappa == 1


def test_where_kappa_is_not_defined_it_says_so() -> None:
    """Where both give one and the same answer throughout, chance would too: kappa is not defined, and raw agreement stands alone."""
    found = agreement([(0, 0)] * 5, 3)
    assert found.raw == 100
    assert found.kappa is None
    assert agreement([], 3).raw is None
    assert agreement([(0, 2), (2, 0)], 3).kappa == -1
    assert agreement([(0, 0), (2, 2)], 3).kappa == 1
    with pytest.raises(ValueError, match="scale"):
        agreement([(0, 3)], 3)


# Moderation


def test_a_moderator_gives_a_reason_wherever_they_differ(stage: Stage) -> None:
    """A moderated level that is not a reviewer's needs its reason; where both reviewers and the moderator agree, none."""
    reviewed(stage, nhs={"answers/evidence": ("no", "Nothing.")})
    found = now(stage)
    bare = moderate(
        stage.house, stage.actor("moderator"), PLAN, found.digest,
        said.judgement(found, {"answers/evidence": ("partly", "")}),
    )  # fmt: skip
    assert isinstance(bare, Unfinished)
    assert [each.where for each in bare.findings] == ["answers/evidence/words"]
    said.settle(stage, PLAN, {"answers/evidence": ("partly", "One study is there.")})
    assert now(stage).state is State.MODERATED


def test_nobody_moderates_or_decides_what_they_reviewed(stage: Stage) -> None:
    """A reviewer with the office of a moderator, or of a decider, is refused for this plan."""
    reviewed(stage)
    stream = office_stream("nhs_england:ENG")
    journal = stage.house.journal
    journal.append(
        [give("nhs_england:ENG", "moderator", account(stage, "nhs.reviewer"), date(2013, 4, 1))],
        expecting={stream: journal.version(stream)}, by="carepool", at=stage._clock(),
    )  # fmt: skip
    whole = said.judgement(now(stage), {})
    assert "Nobody moderates a review of their own" in says(moderate(stage.house, stage.actor("nhs.reviewer"), PLAN, now(stage).digest, whole))  # fmt: skip
    said.settle(stage, PLAN, {})
    assert "Nobody approves a plan that they reviewed" in says(decide_outcome(stage.house, stage.actor("nhs.reviewer"), PLAN, now(stage).digest, "approved"))  # fmt: skip


# Outcome


def test_the_rules_suggest_the_first_outcome_whose_demands_are_met(rulebook: Rulebook, stage: Stage) -> None:
    """Score, worst answers, none of those critical, quality and risk: each outcome asks for less than the one before, and the last for nothing."""
    found = now(stage)

    def suggested(changed: said.Said) -> str:
        return suggest(found.rules, said.judgement(found, changed)).outcome

    assert suggested({}) == "approved"
    assert suggested({"answers/data_shared": ("no", "")}) == "approved_with_support"
    assert suggested({RISK: ("high", "")}) == "approved_with_support"
    assert suggested({QUALITY: ("low", "")}) == "approved_with_conditions"
    assert suggested({"answers/agreed": ("no", "")}) == "not_approved", "a critical question"
    every = {f"answers/{each.id}": ("partly", "") for each in found.rules.enquiries.enquiries}
    assert suggested(every) == "approved_with_conditions"
    missed = dict(suggest(found.rules, said.judgement(found, every)).missed)
    assert missed["approved"] == ("its score is 50.0 per cent, and 85 are asked for",)


def test_what_would_have_changed_it_is_every_single_answer_that_would(stage: Stage) -> None:
    """Each answer is changed alone to each other level, and those that give another outcome are listed; no other would."""
    found = now(stage)
    judged = said.judgement(found, said.WOLDS_BOTH)
    listed = {(each.item, each.after): each.outcome for each in would_change(found.rules, found.items, judged)}  # fmt: skip
    assert listed
    was = suggest(found.rules, judged).outcome
    for item in found.items:
        for level in item.scale:
            changed = Judgement({**judged.items, item.key: Judged(level.id)})
            then = suggest(found.rules, changed).outcome
            assert listed.get((item.key, level.id), was) == then


def test_a_decider_who_decides_otherwise_gives_reasons(stage: Stage) -> None:
    """The rules suggest, a person decides; where the two differ the reasons are signed with it."""
    reviewed(stage)
    said.settle(stage, PLAN, {})
    digest = now(stage).digest
    refused = says(decide_outcome(stage.house, stage.actor(DECIDER), PLAN, digest, "not_approved"))
    assert "The rules suggest “approved”" in refused
    done = decide_outcome(stage.house, stage.actor(DECIDER), PLAN, digest, "not_approved", (), "The trust has written today.")  # fmt: skip
    assert isinstance(done, Done)
    assert standing_of(stage.house, view(stage.house, PLAN)).status is Status.AGREED, "it does not go on"
    assert "has its outcome already" in says(decide_outcome(stage.house, stage.actor(DECIDER), PLAN, digest, "approved"))  # fmt: skip
    with pytest.raises(NotHere, match="no outcome"):
        decide_outcome(stage.house, stage.actor(DECIDER), PLAN, digest, "crowned")


def test_only_what_is_agreed_is_approved(stage: Stage) -> None:
    """An outcome that lets a plan go on needs the agreement of every party to this very version, in the same breath."""
    new_version(stage)
    said.choose(stage, PLAN)
    said.review(stage, PLAN, NHS, {})
    said.review(stage, PLAN, COUNCILS, {})
    said.settle(stage, PLAN, {})
    refused = says(decide_outcome(stage.house, stage.actor(DECIDER), PLAN, now(stage).digest, "approved"))
    assert "The plan is not agreed" in refused
    assert now(stage).record.decided == ()


def test_an_outcome_and_the_approval_are_written_together(stage: Stage) -> None:
    """The outcome stands on the plan's assurance and the approval on its sign-off, both citing one signed decision."""
    said.assure(stage, PLAN, DECIDER)
    decided = now(stage).record.decided[-1]
    reached = standing_of(stage.house, view(stage.house, PLAN)).reached
    assert [(each.stage, each.digest, each.signed) for each in reached] == [
        ("approved", decided.plan, decided.document)
    ]


def with_conditions(stage: Stage) -> None:
    """Approved with two conditions."""
    reviewed(stage)
    said.settle(stage, PLAN, {})
    said.outcome(
        stage, PLAN, DECIDER, "approved_with_conditions",
        {"Name the studies.": date(2014, 12, 12), "Agree the beds.": date(2015, 1, 9)}, "Two gaps.",
    )  # fmt: skip


def test_conditions_have_words_and_a_day_to_come(stage: Stage) -> None:
    """An outcome with conditions has at least one; an outcome without has none; each says what is to be done by when."""
    reviewed(stage)
    said.settle(stage, PLAN, {})
    digest, reasons = now(stage).digest, "Two gaps."

    def tried(outcome: str, *conditions: Wanted) -> str:
        return says(decide_outcome(stage.house, stage.actor(DECIDER), PLAN, digest, outcome, conditions, reasons))  # fmt: skip

    later = date(2015, 1, 9)
    assert "at least one condition" in tried("approved_with_conditions")
    assert "comes without conditions" in tried("approved", Wanted("Do it.", later))
    assert "says in words" in tried("approved_with_conditions", Wanted(" ", later))
    assert "a day to come" in tried("approved_with_conditions", Wanted("Do it.", date(2014, 1, 1)))


def test_ministers_wait_until_every_condition_is_met(stage: Stage) -> None:
    """While the rules say so, a plan with an open condition is not signed off; met one by one, it is."""
    with_conditions(stage)
    seen = view(stage.house, PLAN)
    assert seen.history.current
    shown = seen.history.current.digest, seen.findings_digest
    refused = says(reach_stage(stage.house, stage.actor("minister.office"), PLAN, "signed_off", *shown))
    assert "2 conditions of its approval are not met yet (C1, C2)" in refused
    assert isinstance(close_condition(stage.house, stage.actor("nhs.assurer"), PLAN, "C1", "Named.", met=True), Done)  # fmt: skip
    assert isinstance(close_condition(stage.house, stage.actor("nhs.assurer"), PLAN, "C2", "No answer.", met=False), Done)  # fmt: skip
    first, second = now(stage).record.conditions
    assert (first.state, second.state) == (Closed.MET, Closed.NOT_MET)
    assert second.overdue(date(2015, 1, 10))
    assert not second.overdue(date(2015, 1, 9))
    assert "(C2)" in says(reach_stage(stage.house, stage.actor("minister.office"), PLAN, "signed_off", *shown))  # fmt: skip
    assert isinstance(close_condition(stage.house, stage.actor("nhs.assurer"), PLAN, "C2", "A letter.", met=True), Done)  # fmt: skip
    go_on(stage, PLAN, "signed_off", "minister.office")
    assert "is met already" in says(close_condition(stage.house, stage.actor("nhs.assurer"), PLAN, "C2", "x", met=True))  # fmt: skip


def test_a_resubmitted_version_is_opened_and_reviewed_anew(stage: Stage) -> None:
    """After an outcome the plan is due again; its new version is opened for review, and no open condition is forgotten by a later approval."""
    with_conditions(stage)
    assert isinstance(ask_resubmission(stage.house, stage.actor(DECIDER), PLAN, date(2015, 1, 9), "With the studies."), Done)  # fmt: skip
    assert now(stage).record.again
    new_version(stage)
    assert "opens the new version for review first" in says(hand_in(stage, NHS))
    decide(stage, PLAN, "eastwold.chief", "westwold.chief", "wolds.officer", "wolds.chair")
    assert isinstance(reopen_review(stage.house, stage.actor("moderator"), PLAN, now(stage).digest), Done)
    for side in (NHS, COUNCILS):
        assert isinstance(hand_in(stage, side), Done)
    said.settle(stage, PLAN, {})
    digest = now(stage).digest
    assert "Conditions of an earlier outcome are open (C1, C2)" in says(decide_outcome(stage.house, stage.actor(DECIDER), PLAN, digest, "approved"))  # fmt: skip
    for condition in ("C1", "C2"):
        close_condition(stage.house, stage.actor("nhs.assurer"), PLAN, condition, "Done.", met=True)
    assert isinstance(decide_outcome(stage.house, stage.actor(DECIDER), PLAN, digest, "approved"), Done)
    assert now(stage).record.again is None


# Replay


def replayed(stage: Stage) -> tuple[object, ...]:
    return replay(stage.house.journal.read(stream_of(PLAN)), lambda digest: opened(stage.house, digest), stage.house.rulebook)  # fmt: skip


def test_a_decision_replays_to_the_same_outcome(stage: Stage) -> None:
    """From the facts, the documents that they cite and the rules, each outcome comes out again, with what was suggested and what would have changed it."""
    with_conditions(stage)
    (found,) = replayed(stage)
    assert found.same  # type: ignore[attr-defined]
    assert found.outcome == found.replayed == "approved_with_conditions"  # type: ignore[attr-defined]
    assert found.suggested.outcome == "approved"  # type: ignore[attr-defined]
    assert found.rules_same  # type: ignore[attr-defined]
    assert ("answers/agreed", "no") in {(each.item, each.after) for each in found.changes}  # type: ignore[attr-defined]


def test_a_decision_that_was_tampered_with_does_not_replay(stage: Stage) -> None:
    """A fact that names another outcome than the signed decision is found; a withdrawn document is said to be gone."""
    reviewed(stage)
    said.settle(stage, PLAN, {})
    found = now(stage)
    moderated = found.record.moderated_on(found.digest)
    assert moderated
    said.outcome(stage, PLAN, DECIDER, "approved")
    facts = list(stage.house.journal.read(stream_of(PLAN)))
    forged = replace(facts[-1], body={**facts[-1].body, "outcome": "not_approved"})
    (told,) = replay([*facts[:-1], forged], lambda digest: opened(stage.house, digest), stage.house.rulebook)
    assert not told.same
    assert "comes out as approved" in told.differs[0]
    stage.house.journal.withdraw(moderated.document)
    with pytest.raises(Unusable, match="was withdrawn"):
        replayed(stage)


# Escalation


def test_escalation_goes_one_step_at_a_time_and_down_to_any(stage: Stage) -> None:
    """The ladder is the rules': each step up is the next, each has its reasons, and stepping down may end it."""
    lead = "nhs.reviewer"
    assert "one step at a time" in says(take_step(stage.house, stage.actor(lead), PLAN, "letter", "Now."))
    assert "Say why" in says(take_step(stage.house, stage.actor(lead), PLAN, "informal_support", ""))
    for rung in ("informal_support", "formal_support"):
        assert isinstance(take_step(stage.house, stage.actor(lead), PLAN, rung, "They do not meet."), Done)
    assert now(stage).record.rung == "formal_support"
    assert "not below" in says(step_down(stage.house, stage.actor(lead), PLAN, "letter", "No."))
    assert isinstance(step_down(stage.house, stage.actor("lga.assurer"), PLAN, "", "They meet."), Done)
    assert now(stage).record.rung == ""
    assert "stands on no step" in says(step_down(stage.house, stage.actor(lead), PLAN, "", "Again."))


def climb(stage: Stage) -> None:
    for each in now(stage).rules.assurance.ladder:
        take_step(stage.house, stage.actor(DECIDER), PLAN, each.id, "Nothing has moved.")


def test_a_direction_comes_last_and_names_power_body_and_money(stage: Stage) -> None:
    """Only NHS England's director directs, on the last step, by a power that the rules have; a direction stands until it is lifted."""
    refused = direct_money(stage.house, stage.actor(DECIDER), PLAN, "direct", 100, "ccg:Z2A", "For nights.")
    assert "comes last" in says(refused)
    climb(stage)
    assert "no power “confiscate”" in says(direct_money(stage.house, stage.actor(DECIDER), PLAN, "confiscate", 100, "", "x"))  # fmt: skip
    assert "one must be its" in says(direct_money(stage.house, stage.actor("nhs.assurer"), PLAN, "direct", 100, "ccg:Z2A", "x"))  # fmt: skip
    with pytest.raises(NotHere):
        direct_money(stage.house, stage.actor(DECIDER), PLAN, "direct", 100, "ccg:NOBODY", "x")
    assert "above nothing" in says(direct_money(stage.house, stage.actor(DECIDER), PLAN, "direct", 0, "ccg:Z2A", "x"))  # fmt: skip
    assert isinstance(direct_money(stage.house, stage.actor(DECIDER), PLAN, "direct", 12_500_000, "ccg:Z2A", "For nights."), Done)  # fmt: skip
    (stands,) = active_directions(stage.house.journal.read(stream_of(PLAN)))
    assert (stands.power, stands.body, stands.pence, stands.destination) == ("direct", "nhs_england:ENG", 12_500_000, "ccg:Z2A")  # fmt: skip
    assert "Lift it before" in says(step_down(stage.house, stage.actor(DECIDER), PLAN, "", "Done."))
    assert isinstance(lift_direction(stage.house, stage.actor(DECIDER), PLAN, 1, "It was done."), Done)
    assert active_directions(stage.house.journal.read(stream_of(PLAN))) == ()


# Promised, credible, delivered


def told(stage: Stage) -> Plan:
    """The Wolds' plan with its savings and their evidence."""
    from carepool.actions.demonstration import filled
    from carepool.actions.demonstration_words import read_narrative

    return filled(stage.house, read_narrative(disk.county_files()), PLAN, "Z2A", Decimal("3.5"))


def assured_with_savings(stage: Stage, changed: said.Said | None = None) -> None:
    draft_all(stage, PLAN, "wolds.lead", told(stage))
    assert isinstance(save_version(stage.house, stage.actor("wolds.lead"), PLAN), Done)
    decide(stage, PLAN, "eastwold.chief", "westwold.chief", "wolds.officer", "wolds.chair")
    reviewed(stage, changed, changed)
    said.settle(stage, PLAN, changed or {})
    said.outcome(stage, PLAN, DECIDER, "approved", reasons="As it is.")


def test_a_saving_is_credible_by_evidence_confidence_and_outturn(stage: Stage) -> None:
    """Credible is what is promised, weighted by the grade of evidence, the assurers' confidence and what the outturn says; before moderation it is not known."""
    draft_all(stage, PLAN, "wolds.lead", told(stage))
    save_version(stage.house, stage.actor("wolds.lead"), PLAN)
    before = followed_of(stage.house, now(stage))
    assert before
    assert credible(before.savings) is None
    assert {each.grade for each in before.savings} == {None}
    decide(stage, PLAN, "eastwold.chief", "westwold.chief", "wolds.officer", "wolds.chair")
    reviewed(stage)
    said.settle(stage, PLAN, {"answers/evidence": ("partly", "Some."), "savings/0": ("medium", "Late.")})
    after = followed_of(stage.house, now(stage))
    assert after
    first, *others = after.savings
    assert first.grade
    assert first.confidence
    assert (first.grade.id, first.confidence.id, first.plausible.id) == ("some", "medium", "not_known")
    assert first.credible == first.promised * 60 * 50 // 10_000
    assert {each.confidence.id for each in others if each.confidence} == {"high"}
    assert after.row.promised == sum(promised(each) for each in after.plan.benefits.benefits)


def test_a_saving_without_evidence_is_graded_so(stage: Stage) -> None:
    """A grade needs what is written in the plan and what the reviewers found: without either the weakest is left."""
    reviewed(stage)
    plan: Plan = stage.plan  # type: ignore[attr-defined]
    found = now(stage)
    from carepool.assurance.savings import grade_of
    from carepool.plans.sections import Benefit

    best = said.judgement(found, {})
    bare = Benefit(scheme="S1", kind="admissions", saving=100)
    grade = grade_of(found.rules, plan, bare, best)
    assert grade
    assert grade.id == "none"
    summed = bare.model_copy(update={"how": "Ten at ten pounds", "monitored": "Monthly"})
    worked = grade_of(found.rules, plan, summed, best)
    assert worked
    assert worked.id == "weak"
    assert grade_of(found.rules, plan, summed, None) is None


def test_delivered_is_what_payment_computes(stage: Stage) -> None:
    """Delivered is the fall in admissions of the quarters published, at what the rules pay for one; unknown before, nothing below zero."""
    assured_with_savings(stage)
    early = followed_of(stage.house, now(stage), date(2015, 3, 1))
    late = followed_of(stage.house, now(stage), date(2016, 3, 1))
    assert early
    assert late
    assert early.delivered
    assert early.delivered.pence is None
    assert early.row.delivered is None
    assert late.delivered
    fell = late.delivered.baseline - late.delivered.actual
    assert late.delivered.pence == max(0, int(fell * late.delivered.unit + Decimal("0.5")))
    assert late.row.avoided == fell


def test_what_the_outturn_says_is_chance_or_more(rulebook: Rulebook) -> None:
    """Two counts of the same people: a change within 1.96 standard errors is chance; beyond it the outturn speaks for or against the saving."""
    from carepool.assurance.savings import Delivered

    rules = rulebook.named("bcf-2014-08").credibility
    assert rules

    def verdict(baseline: int, actual: int, quarters: int = 4, kind: str = "admissions") -> str:
        held = Delivered(quarters, Decimal(baseline), Decimal(actual), 149_000, 0)
        return plausibility(rules, kind, held).id

    assert verdict(400, 346) == "beyond_chance", "the worked example of the policy notes"
    assert verdict(400, 347) == "within_chance"
    assert verdict(346, 400) == "against"
    assert verdict(400, 346, quarters=0) == "not_known"
    assert verdict(400, 346, kind="delays") == "not_known", "nothing published measures it here"


def test_a_change_is_held_against_what_boards_did_by_themselves(house: House) -> None:
    """
    The change of the outturn is ranked among those of every board's quarter on the year before, ahead of any plan: plausible
    where at most one in twenty fell as far, uncertain where more did, implausible where it has not fallen. What rests on a
    doubtful figure is left out, and the working says how many were looked at.
    """
    admissions = house.areas.england.england.admissions
    first = Quarter(2014, 4)
    past = sorted(
        (now.count - then.count) / then.count
        for board in admissions.places.boards
        for number in (1, 2, 3)
        for now, then in [[admissions.of_board(board, Quarter(year, number)) for year in (2014, 2013)]]
        if not now.flags and not then.flags
    )
    assert len(past) > 400

    def stands(actual: str) -> AmongPast:
        found = among_past(admissions, first, Decimal(10_000), Decimal(actual))
        assert found
        return found

    edge = past[len(past) // 20 - 1]
    seldom = stands(f"{10_000 * (1 + edge):.1f}")
    assert (seldom.stands, seldom.past) == (Stands.PLAUSIBLE, len(past))
    often = stands(f"{10_000 * (1 + past[len(past) // 20 + 3]):.1f}")
    assert (often.stands, stands("9999").stands) == (Stands.UNCERTAIN, Stands.UNCERTAIN)
    assert (stands("10000").stands, stands("12000").stands) == (Stands.IMPLAUSIBLE, Stands.IMPLAUSIBLE)
    assert stands("9000").change == Decimal("-10.0")
    assert stands("9000").fell_as_far == sum(each <= Decimal("-0.1") for each in past)
    assert among_past(admissions, Quarter(2014, 1), Decimal(100), Decimal(90)) is None, (
        "nothing is held before"
    )
    working = explain_among(stands("9000"))
    assert [each.value for each in working.steps[:3]] == [
        Decimal("-10.0"),
        len(past),
        stands("9000").fell_as_far,
    ]


def test_a_plan_and_the_roll_up_say_how_the_outturn_stands(stage: Stage) -> None:
    """Nothing before a quarter is known; then the plan's word, counted once in the nation and its region."""
    assured_with_savings(stage)
    early = followed_of(stage.house, now(stage), date(2015, 3, 1))
    late = followed_of(stage.house, now(stage), date(2016, 3, 1))
    assert early
    assert late
    assert (early.among, early.row.stands) == (None, "")
    assert late.among
    assert late.row.stands == late.among.stands
    both = roll_up("Both", (early.row, late.row), 3)
    assert both.stands == {"": 1, late.row.stands: 1}


def test_board_region_and_nation_come_from_one_function(stage: Stage) -> None:
    """The nation is the sum of its regions and each region of its plans; what is not known of a plan is counted as not known."""
    assured_with_savings(stage)
    found = national(stage.house, illustrative=True)
    rows = found.nation.plans
    assert found.nation.promised == sum(each.promised for each in rows) > 0
    assert sum(each.promised for each in by_region(rows, 3)) == found.nation.promised
    assert found.nation.credible.plans == 1
    assert [each.name for each in found.boards] == ["Eastwold and Westwold"]
    assert roll_up("One", rows[:1], 3).promised == rows[0].promised
    assert national(stage.house, illustrative=False).nation.plans == (), "no real board has anything invented"


def test_facts_of_assurance_hold_no_words(stage: Stage) -> None:
    """Words stand in salted documents, so that they can be withdrawn; the facts have digests, ids, days and pence."""
    with_conditions(stage)
    climb(stage)
    for fact in stage.house.journal.read(stream_of(PLAN)):
        text = canonical(fact.body).decode()
        assert "Two gaps" not in text
        assert "Nothing has moved" not in text
    decided = now(stage).record.decided[-1]
    document = stage.house.journal.document(decided.document)
    assert isinstance(document, Document)
    assert document.salt
    moderated = now(stage).record.moderated[-1]
    assert judged_in(stage.house, moderated.document) is not None


def test_statement_of_what_was_delivered_stops_at_the_first_gap(stage: Stage) -> None:
    """Quarters after one that is not published yet do not count, as in payment."""
    from carepool.payment.release import Line, Terms, release

    lines = [
        Line(Quarter(2014, 4), Decimal(100), Decimal(90), Decimal(80)),
        Line(Quarter(2015, 1), Decimal(100), Decimal(90), None),
        Line(Quarter(2015, 2), Decimal(100), Decimal(90), Decimal(10)),
    ]
    found = delivered_by(release("ZZ2", lines, Terms(149_000), {"Z2A": 1}))
    assert (found.quarters, found.pence) == (1, 20 * 149_000)


def put(stage: Stage, handle: str, office: str, body: str) -> None:
    """Somebody holds an office that nobody of the county does."""
    stream, journal = office_stream(body), stage.house.journal
    given = give(body, office, account(stage, handle), date(2013, 4, 1))
    journal.append([given], expecting={stream: journal.version(stream)}, by="carepool", at=AT)


AT = datetime(2014, 9, 1, 8, tzinfo=UTC)


def test_who_could_read_a_review_does_not_replace_the_other_reviewer(stage: Stage) -> None:
    """Once both were in, everybody in assurance could read them: a reviewer who steps back is replaced by nobody of those."""
    reviewed(stage)
    assert isinstance(declare_conflict(stage.house, stage.actor("nhs.reviewer"), PLAN, NHS, "My sister works there."), Done)  # fmt: skip
    put(stage, "nhs.assurer", "assurer", "nhs_england:ENG")
    answer = assign_reviewer(stage.house, stage.actor("moderator"), PLAN, NHS, account(stage, "nhs.assurer"))
    assert "whoever held an office in assurance then could read them" in says(answer)
    new_version(stage)
    decide(stage, PLAN, "eastwold.chief", "westwold.chief", "wolds.officer", "wolds.chair")
    again = assign_reviewer(stage.house, stage.actor("moderator"), PLAN, NHS, account(stage, "nhs.assurer"))
    assert isinstance(again, Done), again


def test_nobody_signs_off_what_they_approved(stage: Stage) -> None:
    """Ministers' sign-off is by somebody else than who decided the outcome or moderated the reviews."""
    said.assure(stage, PLAN, DECIDER)
    put(stage, DECIDER, "ministers_office", "ministers:ENG")
    seen = view(stage.house, PLAN)
    assert seen.history.current
    answer = reach_stage(
        stage.house,
        stage.actor(DECIDER),
        PLAN,
        "signed_off",
        seen.history.current.digest,
        seen.findings_digest,
    )
    assert "Nobody signs off a plan that they approved" in says(answer)


def test_an_officer_of_the_plans_trust_does_not_review_it(stage: Stage) -> None:
    """Whom the plan takes admissions from has an interest in it, as its parties have."""
    put(stage, "lga.assurer", "provider_chief_executive", "trust:ZZT")
    answer = assign_reviewer(stage.house, stage.actor("moderator"), PLAN, COUNCILS, account(stage, "lga.assurer"))  # fmt: skip
    assert "they have an interest in it" in says(answer)
