"""Releases: one statement for both sides, two approvers, disputes with reasons, corrections by the rule, and what was never earned."""

import copy
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import RLock

import pytest

from carepool.actions.demonstration import Stage, build, people
from carepool.actions.house import House
from carepool.actions.opening_pools import open_from
from carepool.actions.pools import books_now, close_month_of, end_year_of
from carepool.actions.ports import MemoryDrafts
from carepool.actions.releasing import (
    agreed_plan,
    approve_release_of,
    keep_money_of,
    money_of,
    pool_books,
    propose_release_of,
    settling_of,
    statement_document,
)
from carepool.actions.reported import claims_on
from carepool.actions.returning import (
    keep_part,
    put_forward_of,
    return_of,
    sign_return_of,
    working_of,
)
from carepool.actions.settling import (
    answer_dispute_of,
    approve_correction_of,
    books_after,
    confirm_use_of,
    differences,
    dispute_of,
    end_dispute_of,
    propose_correction_of,
    record_use_of,
    statement_for,
)
from carepool.actions.settling_by_agreement import approve_earned, propose_earned
from carepool.basics.money import Pence
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Decision, Done
from carepool.journal.memory import MemoryJournal
from carepool.offices.holdings import give
from carepool.plans.document import as_data
from carepool.plans.parts import Part
from carepool.pool.accounts import Event, Heading
from carepool.pool.approving import Side
from carepool.pool.balances import balances_of
from carepool.pool.books import Books, stream_of
from carepool.pool.facts import approved, books_of, opened, year_ended
from carepool.pool.releases import approve_release, dues
from carepool.pool.settled import Dispute, Said, Settled
from carepool.pool.settled_facts import approved as correction_approved
from carepool.pool.settling import approve_correction, end_dispute, moved, payment_of, unused
from carepool.render.release_answers import statement_text
from carepool.rules.parse import parse
from carepool.web.release_acts import Sides, acts_of
from carepool.wiring import disk

PLAN, CCG, HOST, CCG_OFFICER, LEAD, CHAIR = (
    "carrowby", "Z6A", "carrowby.finance", "carrowby.ccg.finance", "carrowby.lead", "carrowby.chair",
)  # fmt: skip
Q1, Q2, Q3 = Quarter(2015, 1), Quarter(2015, 2), Quarter(2015, 3)
WAITING = "release/2015-16Q2/Z6A"
PAID = "release/2015-16Q1/Z6A"


@pytest.fixture
def stage(house: House) -> Stage:
    """The county in March 2016: two quarters released, the third approved by the CCG and waiting for the host."""
    made = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(disk.county_files()))
    build(made.house, disk.county_files())
    made.on(2016, 3, 1)
    made.count = 10_000
    return made


def says(refused: object) -> str:
    assert isinstance(refused, Refused), refused
    return refused.says


def must(done: object) -> Done:
    assert isinstance(done, Done), done
    return done


def approve(stage: Stage, handle: str, side: Side, quarter: Quarter = Q2) -> object:
    return approve_release_of(stage.house, stage.actor(handle), PLAN, quarter, CCG, side)


def correct(
    stage: Stage, quarter: Quarter, agreed: dict[Quarter, Pence], why: str = "Counted again."
) -> None:
    """Have a return corrected: other payments are agreed locally for some quarters."""
    working = working_of(stage.house, return_of(stage.house, PLAN, quarter)).content.performance
    rows = tuple(
        each.model_copy(update={"agreed": agreed[each.quarter], "reason": why}) if each.quarter in agreed else each
        for each in working.payments
    )  # fmt: skip
    part = working.model_copy(update={"payments": rows})
    assert isinstance(
        keep_part(stage.house, stage.actor(LEAD), PLAN, quarter, "performance", as_data(part), ""), Part
    )
    must(put_forward_of(stage.house, stage.actor(LEAD), PLAN, quarter, why))
    waiting = return_of(stage.house, PLAN, quarter).filed.waiting
    assert waiting
    must(sign_return_of(stage.house, stage.actor(CHAIR), PLAN, quarter, waiting.digest))


def put_right(stage: Stage, quarter: Quarter, pence: Pence) -> None:
    """Have a correction proposed by the host and approved by both sides."""
    done = must(propose_correction_of(stage.house, stage.actor(HOST), PLAN, quarter, CCG, pence, Side.HOST))
    assert isinstance(done.answer, dict)
    number = str(done.answer["correction"])
    must(approve_correction_of(stage.house, stage.actor(HOST), PLAN, number, Side.HOST))
    must(approve_correction_of(stage.house, stage.actor(CCG_OFFICER), PLAN, number, Side.CCG))


def ruled(stage: Stage, rule_files: dict[str, bytes], **options: str) -> None:
    """The same county under rules with other options."""
    path = "bcf-2015-03/payment/settling.yaml"
    text = rule_files[path].decode()
    for name, word in options.items():
        line = next(each for each in text.splitlines() if each.startswith(f"{name}:"))
        text = text.replace(line, f"{name}: {word}")
    stage.house = replace(stage.house, rulebook=parse({**rule_files, path: text.encode()})[0])


# The statement


@pytest.mark.slow
def test_both_sides_see_one_statement(stage: Stage) -> None:
    """The statement has one digest whoever looks; what a release rests on is printed to the byte before and after."""
    release = money_of(stage.house, PLAN).books.releases[Q2, CCG]
    digest, content = statement_for(stage.house, PLAN, release.statement)
    before = statement_text(digest, content, PLAN)
    must(approve(stage, HOST, Side.HOST))
    assert statement_text(*statement_for(stage.house, PLAN, release.statement), PLAN) == before
    assert b"Of it from Z6A" in before
    assert statement_for(stage.house, PLAN)[0] == statement_document(money_of(stage.house, PLAN)).digest
    with pytest.raises(NotHere, match="no such statement"):
        statement_for(stage.house, PLAN, "0" * 64)


@pytest.mark.slow
def test_a_payment_follows_the_return_that_was_sent_last(stage: Stage) -> None:
    """The outturn is the return's, with its digest; a payment agreed locally with a reason is what is proposed; both stand."""
    money = money_of(stage.house, PLAN)
    assert set(money.reported) == {Quarter(2014, 4), Q1, Q2}
    assert money.payments[Q1] == next(each.payment for each in money.statement.quarters if each.quarter == Q1)
    computed = money.payments[Q3]
    assert computed
    row = json.loads(statement_document(money).content)["quarters"][1]
    assert row["return"] == return_of(stage.house, PLAN, Q2).filed.sent[-1].digest, "the last that reports it"
    before = money.payments[Q1]
    assert before
    correct(stage, Q2, {Q1: before - 100_00})
    again = money_of(stage.house, PLAN)
    assert again.payments[Q1] == before - 100_00
    found = json.loads(statement_document(again).content)["quarters"][1]
    assert (found["computed_pence"], found["payment_pence"]) == (before, before - 100_00)


@pytest.mark.slow
def test_whoever_claims_money_does_not_release_it(stage: Stage) -> None:
    """An officer who signed the return of a quarter does not approve its release, whatever their office."""
    journal, body = stage.house.journal, "council:ZZ6"
    stream = f"office/{body}"
    chair = stage.cast[CHAIR]
    journal.append(
        [give(body, "section_151_officer", chair.account, date(2014, 8, 1))],
        expecting={stream: journal.version(stream)}, by="carepool", at=stage.house.clock(),
    )  # fmt: skip
    assert "Nobody releases money that a return signed by them claims" in says(
        approve(stage, CHAIR, Side.HOST)
    )
    must(approve(stage, HOST, Side.HOST))


@pytest.mark.slow
def test_the_books_hold_whoever_claims_money_from_approving_it(stage: Stage) -> None:
    """A proposal and an approval name whose return claims it by then; an approval by one of them could not have been decided, so no books hold it."""
    (lead, chair) = (stage.cast[each].account for each in (LEAD, CHAIR))
    paid = money_of(stage.house, PLAN).books.releases[Q1, CCG].pence
    correct(stage, Q2, {Q1: paid - 1_00})
    must(propose_correction_of(stage.house, stage.actor(HOST), PLAN, Q1, CCG, -1_00, Side.HOST))
    books = money_of(stage.house, PLAN).books
    (correction,) = books.settled.corrections.values()
    assert correction.claimed_by == {lead, chair}
    _, rule = settling_of(stage.house, agreed_plan(stage.house, PLAN), Q1)
    assert rule
    assert "A return that you put forward or signed claims this payment" in says(
        approve_release(books, Q2, CCG, Side.HOST, chair, rule, {lead, chair})
    )
    assert "Ask another officer of the host" in says(
        approve_correction(books, correction.id, Side.HOST, chair, rule)
    )
    for fact in (
        approved(PLAN, "2015-16", Q2, CCG, Side.HOST, "council:ZZ6", [lead]),
        correction_approved(stream_of(PLAN, "2015-16"), correction.id, Side.HOST, "council:ZZ6"),
    ):
        forged = copy.deepcopy(stage.house.journal, {id(stage.house.journal._lock): RLock()})  # type: ignore[attr-defined]
        stream = stream_of(PLAN, "2015-16")
        forged.append([fact], expecting={stream: forged.version(stream)}, by=lead, at=stage.house.clock())
        with pytest.raises(Unusable, match="whose return claims a payment does not approve it"):
            books_of(PLAN, "2015-16", forged.read(stream))
    must(approve(stage, HOST, Side.HOST))
    assert money_of(stage.house, PLAN).books.releases[Q2, CCG].claimed_by == {lead, chair}, "by then"


@pytest.mark.slow
def test_a_pool_of_its_own_holds_the_claimants_of_its_plan_off(stage: Stage) -> None:
    """Where an agreement carries out a plan, whoever signed that plan's return does not approve what it claims by the agreement either."""
    house, journal = stage.house, stage.house.journal
    opening = money_of(house, PLAN).books.opening
    assert opening
    first = opened("other", "2015-16", opening, "council:ZZ6")
    journal.append([first], expecting={"pool/other/2015-16": 0}, by="x", at=house.clock())
    office = "office/council:ZZ6"
    journal.append(
        [give("council:ZZ6", "section_151_officer", stage.cast[CHAIR].account, date(2014, 8, 1))],
        expecting={office: journal.version(office)}, by="carepool", at=house.clock(),
    )  # fmt: skip
    for quarter, owed in sorted(money_of(house, PLAN).due[CCG].items()):
        if owed and quarter <= Q1:
            must(propose_earned(house, stage.actor(HOST), "other", "2015-16", quarter, CCG, owed, b"By it."))
    refused = approve_earned(house, stage.actor(CHAIR), "other", "2015-16", Q1, CCG, Side.HOST)
    assert "A return that you put forward or signed claims this payment" in says(refused)
    must(approve_earned(house, stage.actor(HOST), "other", "2015-16", Q1, CCG, Side.HOST))


@pytest.mark.slow
def test_a_return_that_was_withdrawn_still_claims(stage: Stage) -> None:
    """Whoever signed a return does not come to approve its money by having its content withdrawn."""
    sent = return_of(stage.house, PLAN, Q2).filed.current
    assert sent
    stage.house.journal.withdraw(sent.document)
    claims = claims_on(stage.house, PLAN, Q2)
    assert claims[stage.cast[CHAIR].account] == {"sign_return"}
    assert claims[stage.cast[LEAD].account] == {"submit_return"}
    assert Q3 not in {q for q in (Q1, Q2, Q3) if claims_on(stage.house, PLAN, q)}


@pytest.mark.slow
def test_rules_may_have_a_payment_wait_for_its_return(stage: Stage, rule_files: dict[str, bytes]) -> None:
    """With ``return_first`` a quarter whose return was not sent pays nothing yet; with ``agreed: told`` what is computed is paid."""
    ruled(stage, rule_files, return_first="yes", agreed="told")
    money = money_of(stage.house, PLAN)
    assert money.payments[Q3] is None
    before = money.payments[Q1]
    assert before
    correct(stage, Q2, {Q1: before - 1_00})
    assert money_of(stage.house, PLAN).payments[Q1] == before


# Disputes


@pytest.mark.slow
def test_a_disputed_proposal_stands_still_until_both_say_how_it_ends(stage: Stage) -> None:
    """Either side disputes with reasons; nobody approves meanwhile; answered, and withdrawn, it goes on."""
    assert "Say why" in says(dispute_of(stage.house, stage.actor(HOST), PLAN, WAITING, Side.HOST, " "))
    must(dispute_of(stage.house, stage.actor(HOST), PLAN, WAITING, Side.HOST, "The ward count is wrong."))
    assert "so it stands still" in says(approve(stage, HOST, Side.HOST))
    number = next(iter(pool_books(stage.house, money_of(stage.house, PLAN).agreed).settled.disputes))
    must(answer_dispute_of(stage.house, stage.actor(CCG_OFFICER), PLAN, number, Side.CCG, "It is right."))
    done = must(
        end_dispute_of(stage.house, stage.actor(CCG_OFFICER), PLAN, number, Side.CCG, "stands", "It is right.")
    )  # fmt: skip
    assert isinstance(done.answer, dict)
    assert not done.answer["settled"], "whoever opened it holds that it falls"
    assert "so it stands still" in says(approve(stage, HOST, Side.HOST))
    must(end_dispute_of(stage.house, stage.actor(HOST), PLAN, number, Side.HOST, "stands", "We counted again."))  # fmt: skip
    must(approve(stage, HOST, Side.HOST))
    assert "settled on" in says(
        answer_dispute_of(stage.house, stage.actor(HOST), PLAN, number, Side.HOST, "More")
    )


@pytest.mark.slow
def test_a_proposal_that_falls_is_taken_back_and_made_anew_from_a_corrected_return(stage: Stage) -> None:
    """Where the other side agrees that it falls the proposal is gone, and not the fact of it; the same is not proposed again."""
    owed = money_of(stage.house, PLAN).books.releases[Q2, CCG].pence
    must(dispute_of(stage.house, stage.actor(CCG_OFFICER), PLAN, WAITING, Side.CCG, "Ward 4 was counted twice."))  # fmt: skip
    must(end_dispute_of(stage.house, stage.actor(HOST), PLAN, str(_last(stage)), Side.HOST, "falls", "So it was."))  # fmt: skip
    books = pool_books(stage.house, money_of(stage.house, PLAN).agreed)
    assert (Q2, CCG) not in books.releases
    assert books.settled.fallen[0].pence == owed
    correct(stage, Q2, {Q2: owed - 50_00})
    due = money_of(stage.house, PLAN).due[CCG][Q2]
    assert due == owed - 50_00
    must(propose_release_of(stage.house, stage.actor(HOST), PLAN, Q2, CCG, due))
    must(approve(stage, CCG_OFFICER, Side.CCG))
    must(approve(stage, HOST, Side.HOST))


def _last(stage: Stage) -> str:
    return list(pool_books(stage.house, money_of(stage.house, PLAN).agreed).settled.disputes)[-1]


@pytest.mark.slow
def test_what_was_paid_stands_as_paid_and_disputed(stage: Stage) -> None:
    """A release that was made is disputed too; it is never erased, and a dispute that falls is put right by a correction."""
    must(dispute_of(stage.house, stage.actor(CCG_OFFICER), PLAN, PAID, Side.CCG, "Too much."))
    must(end_dispute_of(stage.house, stage.actor(HOST), PLAN, _last(stage), Side.HOST, "falls", "Agreed."))
    books = pool_books(stage.house, money_of(stage.house, PLAN).agreed)
    assert books.releases[Q1, CCG].released_at
    assert payment_of(books, PAID)
    assert "no payment" in says(
        dispute_of(stage.house, stage.actor(HOST), PLAN, "release/2015-16Q3/Z6A", Side.HOST, "Why")
    )


def test_the_joint_board_ends_a_dispute_where_the_agreement_names_it() -> None:
    """Neither side ends it alone then: both record what the board decided, with the day."""
    books = in_dispute()
    assert "Give the day" in says(end_dispute(books, "2", Side.CCG, "falls", "w", "ccg:09C", "b", by_board="15.1"))  # fmt: skip
    on = date(2015, 9, 1)
    one = end_dispute(books, "2", Side.CCG, "falls", "w", "ccg:09C", "b", decided_on=on, by_board="15.1")
    assert isinstance(one, Decision)
    assert not one.facts[0].body["settled"], "the host has yet to record it"
    own = end_dispute(books, "2", Side.CCG, "falls", "w", "ccg:09C", "b")
    assert isinstance(own, Decision)
    assert own.facts[0].body["settled"], "between the partners it is settled once both hold the same"
    assert "nobody settles it for both sides" in says(end_dispute(books, "2", Side.CCG, "falls", "w", "ccg:09C", "a"))  # fmt: skip


def in_dispute() -> Books:
    """Books with a dispute of the host that is open, numbered 2."""
    opened = Said(Side.HOST, "d" * 64, "a", datetime(2015, 8, 20, tzinfo=UTC), "falls")
    return Books("merrow", "2015-16", settled=Settled(disputes={"2": Dispute("2", PAID, opened)}))


@pytest.mark.slow
def test_a_dispute_goes_on_where_the_rule_says_so(stage: Stage, rule_files: dict[str, bytes]) -> None:
    """With ``disputed: goes_on`` a proposal that is disputed can be approved, and stands as paid and disputed."""
    ruled(stage, rule_files, disputed="goes_on")
    must(dispute_of(stage.house, stage.actor(HOST), PLAN, WAITING, Side.HOST, "Too little."))
    must(approve(stage, HOST, Side.HOST))
    books = pool_books(stage.house, money_of(stage.house, PLAN).agreed)
    assert books.settled.disputed(WAITING)


# Corrections


@pytest.mark.slow
def test_what_was_overpaid_is_clawed_back_by_two_again(stage: Stage) -> None:
    """A corrected return says less: the difference is worked out, proposed, approved by both sides and posted; the release stays."""
    money = money_of(stage.house, PLAN)
    paid = money.books.releases[Q1, CCG].pence
    correct(stage, Q1, {Q1: paid - 1_000_00})
    found = differences(stage.house, money_of(stage.house, PLAN))
    assert [(each.quarter, each.pence, each.ruled) for each in found] == [(Q1, -1_000_00, True)]
    assert "not −£9" in says(
        propose_correction_of(stage.house, stage.actor(HOST), PLAN, Q1, CCG, -9_00, Side.HOST)
    )
    before = money.books
    put_right(stage, Q1, -1_000_00)
    after = money_of(stage.house, PLAN).books
    assert after.releases[Q1, CCG].pence == paid
    assert moved(after, Q1, CCG) == paid - 1_000_00
    assert before.cash - after.cash == 1_000_00
    assert after.amount(Heading.CONTINGENT) - before.amount(Heading.CONTINGENT) == 1_000_00
    assert after.trial_balance() == 0
    assert not differences(stage.house, money_of(stage.house, PLAN))
    written = {fact.version: fact.at for fact in stage.house.journal.read(stream_of(PLAN, "2015-16"))}
    assert [each.at for each in after.postings] == [written[each.version] for each in after.postings]
    assert balances_of(stage.house.journal.said(f"pool/{PLAN}/"))[f"pool/{PLAN}/2015-16"] == after.balances


def test_rules_that_pay_back_have_money_go_back_by_what_each_paid() -> None:
    """A payment below zero is shared by what each CCG had paid; more than was paid cannot go back."""
    found = dues({Q1: 90, Q2: -30, Q3: 60}, {"A": 100, "B": 50})
    assert [found["A"][each] for each in (Q1, Q2, Q3)] == [60, -20, 40]
    assert [found["B"][each] for each in (Q1, Q2, Q3)] == [30, -10, 20]
    with pytest.raises(Unusable, match="cannot be split"):
        dues({Q1: 90, Q2: -91}, {"A": 100})


@pytest.mark.slow
def test_what_was_underpaid_is_released_further(stage: Stage) -> None:
    """One person does not approve a correction for both sides; the second approval moves what was owed."""
    money = money_of(stage.house, PLAN)
    paid, before = money.books.releases[Q1, CCG].pence, money.books.totals.released
    correct(stage, Q2, {Q1: paid + 2_000_00})
    done = must(
        propose_correction_of(stage.house, stage.actor(CCG_OFFICER), PLAN, Q1, CCG, 2_000_00, Side.CCG)
    )
    assert isinstance(done.answer, dict)
    number = str(done.answer["correction"])
    must(approve_correction_of(stage.house, stage.actor(HOST), PLAN, number, Side.HOST))
    assert "must be its" in says(
        approve_correction_of(stage.house, stage.actor(HOST), PLAN, number, Side.CCG)
    )
    assert "It waits for the CCG" in says(
        approve_correction_of(stage.house, stage.actor(HOST), PLAN, number, Side.HOST)
    )
    actor = stage.actor(CCG_OFFICER)
    first, again = (approve_correction_of(stage.house, actor, PLAN, number, Side.CCG) for _ in range(2))
    assert (must(first).again, must(again).again) == (False, True)
    assert money_of(stage.house, PLAN).books.totals.released == before + 2_000_00


@pytest.mark.slow
def test_a_rule_may_let_what_was_overpaid_stand(stage: Stage, rule_files: dict[str, bytes]) -> None:
    """With ``overpaid: stands`` the difference is shown, and nobody can propose it; the refusal cites the rule."""
    ruled(stage, rule_files, overpaid="stands")
    paid = money_of(stage.house, PLAN).books.releases[Q1, CCG].pence
    correct(stage, Q2, {Q1: paid - 5_00})
    assert [each.ruled for each in differences(stage.house, money_of(stage.house, PLAN))] == [False]
    refused = says(propose_correction_of(stage.house, stage.actor(HOST), PLAN, Q1, CCG, -5_00, Side.HOST))
    assert "bcf-2015-03/payment/settling" in refused
    assert (
        "It stays in the pool, and no later payment is less for it: there is nothing to propose." in refused
    )
    money = money_of(stage.house, PLAN)
    assert (
        differences(stage.house, money)[0].says
        == "Stands, by the rule. It stays in the pool, and no later payment is less for it: there is nothing to propose."
    )
    computed = {each.quarter: each.payment for each in money.statement.quarters}
    assert (money.due[CCG][Q2], money.due[CCG][Q3]) == (computed[Q2], computed[Q3]), "later ones are not less"


@pytest.mark.slow
def test_a_correction_can_be_disputed_and_taken_back(stage: Stage) -> None:
    """A correction that waits and falls in a dispute is gone; the difference is there to be proposed again."""
    paid = money_of(stage.house, PLAN).books.releases[Q1, CCG].pence
    correct(stage, Q2, {Q1: paid + 7_00})
    done = must(propose_correction_of(stage.house, stage.actor(HOST), PLAN, Q1, CCG, 7_00, Side.HOST))
    assert isinstance(done.answer, dict)
    number = str(done.answer["correction"])
    must(dispute_of(stage.house, stage.actor(CCG_OFFICER), PLAN, f"correction/{number}", Side.CCG, "No."))
    assert "stands still" in says(
        approve_correction_of(stage.house, stage.actor(HOST), PLAN, number, Side.HOST)
    )
    must(end_dispute_of(stage.house, stage.actor(HOST), PLAN, _last(stage), Side.HOST, "falls", "Agreed."))
    assert not money_of(stage.house, PLAN).books.settled.corrections


# What was never earned


def kept(stage: Stage) -> Pence:
    """Have everything that was earned released and the year settled: what was never earned."""
    must(approve(stage, HOST, Side.HOST))
    money = money_of(stage.house, PLAN)
    for quarter, owed in sorted(money.due[CCG].items()):
        if owed and (quarter, CCG) not in money.books.releases:
            must(propose_release_of(stage.house, stage.actor(HOST), PLAN, quarter, CCG, owed))
            must(approve(stage, HOST, Side.HOST, quarter))
            must(approve(stage, CCG_OFFICER, Side.CCG, quarter))
    must(keep_money_of(stage.house, stage.actor(HOST), PLAN))
    return money_of(stage.house, PLAN).books.totals.kept


@pytest.mark.slow
def test_the_use_of_what_was_never_earned_is_recorded_by_the_boards_decision(stage: Stage) -> None:
    """The CCG records body, minute, amount and purpose; somebody of the board confirms; no more than was left is used."""

    def use(pence: Pence, on: date = date(2016, 2, 20)) -> object:
        minute = "Minute 9: two more nurses."
        return record_use_of(stage.house, stage.actor(CCG_OFFICER), PLAN, CCG, pence, "community_care", "ZZ6", minute, on)  # fmt: skip

    assert "once the year is settled" in says(use(100))
    left = kept(stage)
    assert left
    assert "No more than" in says(use(left + 1))
    assert "still to come" in says(use(100, date(2017, 1, 1)))
    done = must(use(left - 100))
    assert isinstance(done.answer, dict)
    number = str(done.answer["use"])
    assert "No more than £1 can be used" in says(use(101))
    assert "must be its board chair or clerk" in says(
        confirm_use_of(stage.house, stage.actor(HOST), PLAN, number)
    )
    must(confirm_use_of(stage.house, stage.actor(CHAIR), PLAN, number))
    books = money_of(stage.house, PLAN).books
    assert books.settled.uses[number].confirmed_by == stage.cast[CHAIR].account
    assert unused(books, CCG) == 100
    assert number in return_of(stage.house, PLAN, Quarter(2015, 4)).account.decisions, "a return can name it"


@pytest.mark.slow
def test_a_correction_after_the_year_was_settled_moves_what_the_ccg_had_kept(stage: Stage) -> None:
    """What comes to be owed is taken from what was kept and not used; what goes back is kept; never more than there is."""
    left = kept(stage)
    paid = money_of(stage.house, PLAN).books.releases[Q1, CCG].pence
    correct(stage, Q2, {Q1: paid + 10_00})
    put_right(stage, Q1, 10_00)
    assert money_of(stage.house, PLAN).books.totals.kept == left - 10_00
    must(record_use_of(stage.house, stage.actor(CCG_OFFICER), PLAN, CCG, left - 10_00, "other", "ZZ6", "All of it.", date(2016, 2, 20)))  # fmt: skip
    correct(stage, Q2, {Q1: paid + 11_00}, "Counted once more.")
    assert "Have what waits decided first" in says(
        propose_correction_of(stage.house, stage.actor(HOST), PLAN, Q1, CCG, 1_00, Side.HOST)
    )


def ended(stage: Stage) -> None:
    """Have every month closed and the year's accounts closed."""
    stage.on(2016, 5, 10)
    for month in (*range(5, 13), 1, 2, 3):
        must(
            close_month_of(
                stage.house, stage.actor(HOST), PLAN, "2015-16", f"{2015 if month > 3 else 2016}-{month:02}"
            )
        )
    must(end_year_of(stage.house, stage.actor(HOST), PLAN, "2015-16"))


@pytest.mark.slow
def test_after_the_accounts_are_closed_it_is_entered_in_the_year_after(stage: Stage) -> None:
    """Nothing moves in a year that is closed: what is wrong is shown with what is entered where, and no act is offered that would be refused."""
    kept(stage)
    ended(stage)
    paid = money_of(stage.house, PLAN).books.releases[Q1, CCG].pence
    correct(stage, Q2, {Q1: paid - 3_00})
    refused = says(propose_correction_of(stage.house, stage.actor(HOST), PLAN, Q1, CCG, -3_00, Side.HOST))
    assert refused.startswith("The accounts of 2015-16 were closed on 10 May 2016")
    assert (
        "In the books of 2016-17 enter “contribution lowered” of £3 for Z6A, and cite the statement."
        in refused
    )
    assert [each.says for each in differences(stage.house, money_of(stage.house, PLAN))] == [refused]
    assert "nothing to put right" in says(
        propose_correction_of(stage.house, stage.actor(HOST), PLAN, Q2, CCG, 1_00, Side.HOST)
    )
    correct(stage, Q2, {Q1: paid + 3_00}, "Counted once more.")
    assert "enter “contribution agreed” of £3 for Z6A" in says(
        propose_correction_of(stage.house, stage.actor(CCG_OFFICER), PLAN, Q1, CCG, 3_00, Side.CCG)
    )


def opened_after(stage: Stage, pool: str) -> str:
    """The books of 2016-17 of a pool of the same partners, opened from the county's agreement."""
    content = disk.county_files()["carrowby_agreement.yaml"]
    must(open_from(stage.house, stage.actor(HOST), pool, "2016-17", content))
    return f"{pool}/2016-17"


@pytest.mark.parametrize("pence", [-3_00, 4_00])
@pytest.mark.slow
def test_what_is_wrong_after_the_accounts_are_closed_is_one_act(stage: Stage, pence: Pence) -> None:
    """It is proposed from the year's own page and approved by two again; then it stands in the later books, naming what it is for."""
    left = kept(stage)
    ended(stage)
    name = opened_after(stage, "carrowby-fund")
    paid = money_of(stage.house, PLAN).books.releases[Q1, CCG].pence
    correct(stage, Q2, {Q1: paid + pence})
    before = books_now(stage.house, "carrowby-fund", "2016-17").position(CCG).contributed
    money = money_of(stage.house, PLAN)
    closed = money.books.balances
    sides = Sides(frozenset({("propose_release", Side.HOST, CCG)}), account="x")
    (act,) = acts_of(stage.house, money, sides, differences(stage.house, money), str)
    assert (act.id, dict(act.hidden)["after"]) == (f"correct-{Q1}-{CCG}", name)
    assert f"entered in the books {name}, since those of the year are closed" in act.says[0]
    put_right(stage, Q1, pence)
    money = money_of(stage.house, PLAN)
    (made,) = money.books.settled.corrections.values()
    assert (made.after, bool(made.posted_at)) == (name, True)
    assert money.books.balances == closed, "nothing moves in the closed year"
    assert not differences(stage.house, money), "it is put right"
    assert unused(money.books, CCG) == left - pence
    after = books_now(stage.house, "carrowby-fund", "2016-17")
    assert after.position(CCG).contributed == before + pence
    posting = after.postings[-1]
    assert posting.event is (Event.CONTRIBUTED if pence > 0 else Event.LOWERED)
    assert posting.says == "2015-16Q1 put right, whose accounts were closed"
    assert posting.cites == (made.statement,)
    assert after.trial_balance() == 0


@pytest.mark.slow
def test_later_books_are_named_where_several_can_be(stage: Stage) -> None:
    """With two pools of the same partners nobody guesses; books of others, or of the same year, are none that it can be entered in."""
    kept(stage)
    ended(stage)
    paid = money_of(stage.house, PLAN).books.releases[Q1, CCG].pence
    correct(stage, Q2, {Q1: paid - 3_00})
    name, other = opened_after(stage, "carrowby-fund"), opened_after(stage, "carrowby-second")
    asked = (stage.house, stage.actor(HOST), PLAN, Q1, CCG, -3_00, Side.HOST)
    assert books_after(stage.house, money_of(stage.house, PLAN).books, CCG) == (name, other)
    assert "propose it here" in says(propose_correction_of(*asked))
    with pytest.raises(NotHere, match="There are: carrowby-fund/2016-17, carrowby-second/2016-17"):
        propose_correction_of(*asked, "carrowby/2015-16")
    done = must(propose_correction_of(stage.house, stage.actor(HOST), *asked[2:], other))
    assert isinstance(done.answer, dict)
    number = str(done.answer["correction"])
    must(approve_correction_of(stage.house, stage.actor(HOST), PLAN, number, Side.HOST))
    assert len(books_now(stage.house, "carrowby-second", "2016-17").postings) == 1, "two approve it first"
    must(approve_correction_of(stage.house, stage.actor(CCG_OFFICER), PLAN, number, Side.CCG))
    assert len(books_now(stage.house, "carrowby-second", "2016-17").postings) == 2
    assert len(books_now(stage.house, "carrowby-fund", "2016-17").postings) == 1


@pytest.mark.slow
def test_accounts_are_not_closed_over_a_correction_that_waits(stage: Stage) -> None:
    """A correction that waits is decided first; one that waited when accounts were closed moves nothing, and the books can still be read."""
    kept(stage)
    paid = money_of(stage.house, PLAN).books.releases[Q1, CCG].pence
    correct(stage, Q2, {Q1: paid - 3_00})
    done = must(propose_correction_of(stage.house, stage.actor(HOST), PLAN, Q1, CCG, -3_00, Side.HOST))
    assert isinstance(done.answer, dict)
    number = str(done.answer["correction"])
    must(approve_correction_of(stage.house, stage.actor(HOST), PLAN, number, Side.HOST))
    with pytest.raises(AssertionError, match=r"waits for the CCG\. Have it approved, or taken back"):
        ended(stage)
    stream, journal = stream_of(PLAN, "2015-16"), stage.house.journal
    journal.append([year_ended(PLAN, "2015-16")], expecting={stream: journal.version(stream)}, by="x", at=stage.house.clock())  # fmt: skip
    assert "In the books of 2016-17" in says(
        approve_correction_of(stage.house, stage.actor(CCG_OFFICER), PLAN, number, Side.CCG)
    )
    assert books_of(PLAN, "2015-16", journal.read(stream)).ended_at
