"""One person, one plan, one accountable professional: the joint assessment, eligibility, the plan, who answers for it, and the person's voice.

Everybody here is fictitious.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from pydantic import ValidationError

from carepool.basics.findings import Severity, blocks
from carepool.basics.refusals import Refused, Unusable
from carepool.care.people.person import NumberStatus, Person
from carepool.care.planning import agreeing, deciding
from carepool.care.planning.assessment import (
    Acting,
    Alert,
    Answer,
    Assessment,
    CapacityDecision,
    Carer,
    Contributor,
    Risk,
    begun,
    missing,
    read_assessment,
)
from carepool.care.planning.care import Care, care_of
from carepool.care.planning.counts import Placed, leaving
from carepool.care.planning.discharge import first_start, kind_of, who_can_start
from carepool.care.planning.eligibility import Judgement, judge_eligibility
from carepool.care.planning.facts import Why, stream_of
from carepool.care.planning.packages import Accountable, Alarm, Gap, accountable, timeline
from carepool.care.planning.plan import (
    CarePlan,
    Consent,
    DayWord,
    Goal,
    Member,
    Need,
    Payer,
    Payment,
    PlanFile,
    Readiness,
    Service,
    SharedWith,
    Window,
    lacking,
    read_plan,
)
from carepool.journal.commands import Decision
from carepool.journal.memory import MemoryJournal
from carepool.rules.caring import AssessmentQuestions, Eligibility, VoiceQuestions
from carepool.rules.rulebook import Rulebook, RuleSet
from carepool.rules.schema import Disclosure, Suppression

TITLE = "Care planning"
DAY = date(2015, 8, 10)
NINE = datetime(2015, 8, 10, 8, tzinfo=UTC)
PLAN, OTHER = "1" * 64, "2" * 64


@pytest.fixture(scope="module")
def rules(rulebook: Rulebook) -> RuleSet:
    return rulebook.caring(DAY)


@pytest.fixture(scope="module")
def questions(rules: RuleSet) -> AssessmentQuestions:
    found = rules.find("questions", AssessmentQuestions)
    assert found
    return found


@pytest.fixture(scope="module")
def asked(rules: RuleSet) -> VoiceQuestions:
    found = rules.find("voice", VoiceQuestions)
    assert found
    return found


@pytest.fixture(scope="module")
def people_in_care(rulebook: Rulebook) -> Suppression:
    held = rulebook.measuring.find("disclosure", Disclosure)
    assert held
    return next(each for each in held.suppressions if each.data == "people_in_care")


class Told:
    """A person's care as it is told, an hour after another."""

    def __init__(self, person: str = "7f3a") -> None:
        self.journal, self.care, self.now = MemoryJournal(), Care(person), NINE

    def tell(self, found: Decision | Refused, hours: int = 1) -> None:
        assert isinstance(found, Decision), found
        stream = stream_of(self.care.person)
        self.journal.append(found.facts, expecting={stream: self.care.version}, by="ann", at=self.now)
        self.care = care_of(self.care.person, self.journal.read(stream, after=self.care.version), self.care)
        self.now += timedelta(hours=hours)

    def begin(self, *, integrated: bool = True) -> None:
        self.tell(agreeing.save_plan(self.care, "plan", PLAN))
        self.tell(agreeing.agree_plan(self.care, "plan", PLAN, []))
        self.tell(deciding.start_package(self.care, "home", PLAN, self.now, integrated=integrated))

    def offer(self, who: str) -> None:
        self.tell(deciding.offer(self.care, "home", who, "council:ZZ7", self.now))

    def accept(self, who: str) -> None:
        self.tell(deciding.accept(self.care, "home", who, self.now))

    def who(self, at: datetime | None = None) -> Accountable | Alarm | None:
        return accountable(self.care.packages["home"], at or self.now)


# Who is accountable


def test_nobody_is_accountable_who_has_not_accepted() -> None:
    """From its start an integrated package is in alarm until somebody accepts; being asked is not enough."""
    told = Told()
    told.begin()
    started = told.care.packages["home"].starts
    told.offer("ann")
    assert told.who() == Alarm(Gap.NOBODY, started)
    accepted = told.now
    told.accept("ann")
    assert told.who() == Accountable("ann", accepted)
    assert told.who(accepted - timedelta(minutes=1)) == Alarm(Gap.NOBODY, started)


def test_who_hands_over_stays_until_the_other_accepts() -> None:
    """A refusal leaves things as they are, and the reason is one of a few, so that no fact holds free text."""
    told = Told()
    told.begin()
    told.offer("ann")
    told.accept("ann")
    told.offer("bob")
    assert isinstance(told.who(), Accountable) and told.who().professional == "ann"  # type: ignore[union-attr]
    told.tell(deciding.decline(told.care, "home", "bob", Why.CASELOAD, told.now))
    told.offer("cy")
    handed = told.now
    told.accept("cy")
    assert told.who() == Accountable("cy", handed)
    assert [each.answer for each in timeline(told.care.packages["home"])][-2:] == [
        Accountable("ann", told.who(handed - timedelta(minutes=1)).since),  # type: ignore[union-attr]
        Accountable("cy", handed),
    ]


def test_a_deputy_stands_in_once_they_accept() -> None:
    """An absence without a deputy who has accepted is an alarm; afterwards who was away answers again."""
    told = Told()
    told.begin()
    told.offer("ann")
    told.accept("ann")
    first, until = told.now + timedelta(hours=10), told.now + timedelta(hours=30)
    told.tell(deciding.tell_absence(told.care, "home", "ann", first, until, "bob", told.now))
    assert told.who(first) == Alarm(Gap.NOT_YET, first)
    told.tell(deciding.accept_deputy(told.care, "home", 1, "bob", told.now))
    assert told.who(first) == Accountable("bob", first, acting_for="ann")
    assert told.who(until) == Accountable("ann", until)
    told.tell(deciding.leave(told.care, "bob", first + timedelta(hours=5), told.now))
    assert told.who(first + timedelta(hours=6)) == Alarm(Gap.DEPUTY_LEFT, first + timedelta(hours=5))


def test_who_leaves_is_revoked_from_that_instant() -> None:
    """Also where it is recorded days later: then the gap shows, as one alarm since they left."""
    told = Told()
    told.begin()
    told.offer("ann")
    told.accept("ann")
    left = told.now
    told.now += timedelta(days=3)
    told.tell(deciding.leave(told.care, "ann", left, told.now))
    assert told.who() == Alarm(Gap.LEFT, left)
    told.offer("bob")
    told.accept("bob")
    assert isinstance(told.who(), Accountable)
    assert told.who(left + timedelta(days=1)) == Alarm(Gap.LEFT, left)


def test_only_an_integrated_package_that_runs_needs_somebody() -> None:
    """Not before its start, not after its end, and not while it is no integrated one."""
    told = Told()
    told.begin(integrated=False)
    assert told.who() is None
    changed = told.now
    told.tell(deciding.change_package(told.care, "home", told.now, integrated=True))
    assert told.who() == Alarm(Gap.NOBODY, changed)
    ends = told.now + timedelta(days=1)
    told.tell(deciding.end_package(told.care, "home", ends, told.now))
    assert isinstance(told.who(ends - timedelta(minutes=1)), Alarm)
    assert told.who(ends) is None


def test_a_refusal_says_what_to_do() -> None:
    """Two offers at once, an answer to no offer, a package without an agreed plan, somebody who holds nothing."""
    told = Told()
    not_agreed = deciding.start_package(told.care, "home", PLAN, told.now, integrated=True)
    assert isinstance(not_agreed, Refused) and "Agree it first" in not_agreed.says
    told.begin()
    told.offer("ann")
    for found, words in (
        (deciding.offer(told.care, "home", "bob", "council:ZZ7", told.now), "take that offer back first"),
        (deciding.accept(told.care, "home", "bob", told.now), "never made"),
        (deciding.leave(told.care, "dee", told.now, told.now), "holds nothing"),
        (deciding.offer(told.care, "away", "bob", "council:ZZ7", told.now), "no package away"),
    ):
        assert isinstance(found, Refused) and words in found.says, found


# Assessment

NURSE = Contributor(id="nurse", side="health", name="Nora Nurse", role="Community nurse")
WORKER = Contributor(id="worker", side="social_care", name="Will Worker", role="Social worker")
SELF = Contributor(id="self", side="person", name="Ada Example", role="Herself")
SAYS = {
    "matters": ("My garden.", "self"), "lives_with": ("My son, on weekdays.", "self"), "conditions": ("Heart failure.", "nurse"),
    "medicines": ("With help", "nurse"), "eating": ("With help", "worker"), "washing": ("Alone", "self"), "toilet": ("Alone", "self"),
    "dressing": ("Alone", "self"), "moving": ("With help", "worker"), "home": ("Not at all", "worker"), "people": ("As I wish", "self"),
    "going_out": ("With help", "self"), "speaks": ("English.", "self"), "emergency": ("Ring my son.", "self"), "falls": ("2", "nurse"),
}  # fmt: skip


def assessed(**more: object) -> Assessment:
    """A whole assessment, but for what is changed."""
    answers = tuple(Answer(question=id_, says=says, by=by, on=DAY) for id_, (says, by) in SAYS.items())
    risk = Risk(what="Falls at night", likely=3, grave=3, done="A light and an alarm", by="nurse")
    judged = Judgement(people="adult", on=DAY, by="worker", arises=True, unable=("nutrition", "habitable_home"), wellbeing=True)  # fmt: skip
    fields: dict[str, object] = {
        "person": "7f3a", "id": "a1", "begun_on": DAY, "contributors": (NURSE, WORKER, SELF), "answers": answers,
        "risks": (risk,), "eligibility": judged,
    }  # fmt: skip
    return Assessment.model_validate(fields | more)


def codes(assessment: Assessment, questions: AssessmentQuestions, on: date = DAY) -> set[str]:
    return {each.code for each in missing(assessment, questions, on, "care-planning")}


def test_one_assessment_is_by_health_social_care_and_the_person(questions: AssessmentQuestions) -> None:
    """It says who contributed what; without health, or without social care, it is not joint and cannot be completed."""
    whole = assessed()
    assert whole.joint and codes(whole, questions) == set()
    assert read_assessment(whole.content()) == whole
    alone = assessed(
        contributors=(WORKER, SELF), risks=(), answers=tuple(a for a in whole.answers if a.by != "nurse")
    )
    assert {"not-joint", "unanswered"} <= codes(alone, questions)
    with pytest.raises(ValidationError, match="nurse said something and is no contributor"):
        assessed(contributors=(WORKER, SELF))


def test_an_answer_is_used_again_until_it_is_too_old(questions: AssessmentQuestions) -> None:
    """By the question's code, with who said it when; what matters to the person is asked each time."""
    again = begun(
        assessed(), questions, person="7f3a", id_="a2", on=DAY + timedelta(days=100), contributors=[WORKER]
    )
    kept = {each.question: each for each in again.answers}
    assert kept["conditions"].by == "nurse" and kept["conditions"].on == DAY and kept["conditions"].taken_over
    assert "matters" not in kept and "eating" not in kept  # asked each time; answered more than 90 days ago
    assert {each.id for each in again.contributors} == {"worker", "nurse", "self"}
    assert again.eligibility is None
    assert "too-old" in codes(again, questions, DAY + timedelta(days=200))


def test_an_answer_has_to_be_one_and_by_whom_it_is_asked(questions: AssessmentQuestions) -> None:
    """A choice is one of the choices, a number a number, and illnesses are for health to tell."""

    def changed(id_: str, says: str, by: str) -> Assessment:
        return assessed(answers=(*(a for a in assessed().answers if a.question != id_), Answer(question=id_, says=says, by=by, on=DAY)))  # fmt: skip

    assert codes(changed("eating", "Sometimes", "self"), questions) == {"no-such-answer"}
    assert codes(changed("falls", "often", "nurse"), questions) == {"no-such-answer"}
    assert codes(changed("conditions", "Gout", "worker"), questions) == {"not-theirs-to-answer"}
    assert codes(changed("shoe_size", "7", "self"), questions) == {"unknown-question"}


def test_capacity_advocate_and_safeguarding_are_not_left_half_done(questions: AssessmentQuestions) -> None:
    """What was decided for somebody needs its reason, a concern has to be told, and who acts has to show by what."""
    lacks = CapacityDecision(
        decision="Where to live", on=DAY, by="worker", capable=False, helped="Pictures, in the morning"
    )
    alert = Alert(on=DAY, by="nurse", concern="Bruises")
    son = Acting(kind="attorney_for_health", name="Sam Example")
    found = missing(assessed(capacity=(lacks,), alerts=(alert,), acting=(son,), needs_advocate=True), questions, DAY, "care-planning")  # fmt: skip
    assert [each.code for each in found] == [
        "no-best-interests",
        "no-advocate",
        "alert-not-told",
        "authority-not-seen",
    ]
    assert [each.severity for each in found].count(Severity.BLOCKER) == 3


def test_a_carer_has_an_assessment_of_their_own(questions: AssessmentQuestions) -> None:
    """It has to be offered; a carer may decline it, and is otherwise asked their own questions."""
    son = Carer(id="son", name="Sam Example", relation="Son")
    assert codes(assessed(carers=(son,)), questions) == {"carer-not-offered"}
    offered = son.model_copy(update={"offered_on": DAY})
    assert codes(assessed(carers=(offered,)), questions) == {"unanswered", "carer-no-eligibility"}
    assert codes(assessed(carers=(offered.model_copy(update={"declined": True}),)), questions) == set()


# Eligibility


def test_eligibility_is_by_the_rule_of_the_day(rules: RuleSet) -> None:
    """Four bands until 31 March 2015, from which each council chose; then two outcomes and wellbeing, for all of England."""
    band = Judgement(
        people="adult",
        on=date(2015, 3, 31),
        by="worker",
        arises=True,
        band="moderate",
        threshold="substantial",
    )
    found = judge_eligibility(rules, band)
    assert (found.of, found.value) == ("Fair Access to Care Services", "not eligible")
    assert judge_eligibility(rules, band.model_copy(update={"threshold": "low"})).value == "eligible"
    outcomes = Judgement(
        people="adult",
        on=date(2015, 4, 1),
        by="worker",
        arises=True,
        unable=("hygiene", "work"),
        wellbeing=True,
    )
    found = judge_eligibility(rules, outcomes)
    assert (found.of, found.value) == ("Care Act 2014, adults", "eligible")
    assert found.steps[1].how == "2: Maintaining personal hygiene; Work, training, education or volunteering"
    assert "(SI 2015/313), regulation 2" in found.steps[1].source and "recalled" in found.rests_on[0]
    for change in ({"unable": ("hygiene",)}, {"wellbeing": False}, {"arises": False}):
        assert judge_eligibility(rules, outcomes.model_copy(update=change)).value == "not eligible", change


def test_a_carer_is_eligible_by_health_or_by_one_outcome(rules: RuleSet) -> None:
    """And only with a significant effect on wellbeing."""
    carer = Judgement(people="carer", on=DAY, by="worker", arises=True, health=True, wellbeing=True)
    assert judge_eligibility(rules, carer).value == "eligible"
    by_outcome = carer.model_copy(update={"health": False, "unable": ("recreation",)})
    assert judge_eligibility(rules, by_outcome).value == "eligible"
    assert judge_eligibility(rules, by_outcome.model_copy(update={"unable": ()})).value == "not eligible"


def test_what_the_rule_of_the_day_does_not_know_is_refused(rules: RuleSet) -> None:
    """A band after March 2015 is none, an outcome of another rule is none, and past the rules there is no answer."""
    with pytest.raises(Unusable, match="goes by a band, and none is given"):
        judge_eligibility(rules, Judgement(people="adult", on=date(2014, 1, 1), by="w", arises=True))
    with pytest.raises(Unusable, match="There is no outcome “recreation”"):
        judge_eligibility(
            rules, Judgement(people="adult", on=DAY, by="w", arises=True, unable=("recreation",))
        )
    with pytest.raises(Unusable, match="known until 31 December 2027"):
        judge_eligibility(rules, Judgement(people="adult", on=date(2030, 1, 1), by="w", arises=True))


def test_two_rules_of_one_day_are_refused(rules: RuleSet) -> None:
    """Whoever lets one rule end later than the next begins is told which two."""
    held = rules.find("eligibility", Eligibility)
    assert held
    longer = held.rules[0].model_copy(update={"last": date(2015, 4, 1)})
    with pytest.raises(ValidationError, match="“fair_access” and “care_act_adult” hold on the same days"):
        Eligibility.model_validate(
            dict(held) | {"known_until": "2027-12-31", "rules": (longer, *held.rules[1:])}
        )


# The plan

WEEKDAYS = tuple(DayWord)[:5]


def ready(days: tuple[DayWord, ...], opens: int, closes: int, **more: object) -> Readiness:
    window = Window(days=days, opens=time(opens), closes=time(closes))
    return Readiness.model_validate({"windows": (window,), **more})


CARE = Service(
    id="care", says="Help with meals", provider="Carrow Home Care (fictitious)", needs=("meals",), goals=("garden",), often="twice a day",
    paid_by=(Payment(payer=Payer.COUNCIL, body="Carrowby", share=Decimal("62.50")), Payment(payer=Payer.NHS, body="Carrow CCG", share=Decimal("37.5"))),
    ready=ready((*WEEKDAYS, DayWord.SATURDAY), 8, 18, notice_hours=24),
)  # fmt: skip
NURSING = Service(id="nursing", says="Heart nurse", provider="Carrow Community (fictitious)", paid_by=(Payment(payer=Payer.NHS, body="Carrow CCG"),), ready=ready(tuple(DayWord), 9, 17))  # fmt: skip
RAIL = Service(id="rail", says="A rail by the stairs", provider="Stores (fictitious)", paid_by=(Payment(payer=Payer.COUNCIL, body="Carrowby"),), ready=ready(WEEKDAYS, 9, 12, needed="before"))  # fmt: skip


def planned(**more: object) -> CarePlan:
    """A whole plan, but for what is changed."""
    fields: dict[str, object] = {
        "person": "7f3a", "id": "p1", "title": "Home again", "begun_on": DAY, "assessment": OTHER, "matters": "My garden.",
        "goals": (Goal(id="garden", says="To be in my garden by May."),), "needs": (Need(id="meals", says="Meals", question="eating"),),
        "services": (CARE, NURSING, RAIL), "integrated": True, "contingency": "Ring 0123 day and night.",
        "review_on": DAY + timedelta(days=42), "consent": Consent(given="yes", on=DAY, by="Ada Example"),
    }  # fmt: skip
    return CarePlan.model_validate(fields | more)


def test_a_plan_says_what_it_lacks() -> None:
    """A whole one lacks nothing; an empty one is told everything, each with what to do."""
    assert lacking(planned(), DAY) == []
    assert read_plan(planned().content()) == planned()
    empty = CarePlan(person="7f3a", id="p1", title="Home again", begun_on=DAY)
    found = lacking(empty, DAY)
    assert {each.code for each in found} == {"no-voice", "no-assessment", "no-goal", "no-service", "no-contingency", "no-review", "no-consent"}  # fmt: skip
    assert blocks(found) and all(each.remedy for each in found)


def test_who_pays_for_each_service_adds_to_all_of_it() -> None:
    """Shares of a joint service add to 100, what is free is charged to nobody, and continuing healthcare is the NHS's alone."""

    def with_payers(*paid_by: Payment) -> set[str]:
        return {
            each.code
            for each in lacking(planned(services=(CARE.model_copy(update={"paid_by": paid_by}),)), DAY)
        }

    council, nhs = Payment(payer=Payer.COUNCIL, body="C", share=Decimal(60)), Payment(payer=Payer.NHS, body="G", share=Decimal(30))  # fmt: skip
    assert with_payers(council, nhs) == {"shares"}
    assert with_payers() == {"nobody-pays"}
    part = {"share": Decimal(50), "body": "G"}
    person = Payment(payer=Payer.SELF, share=Decimal(50))
    assert with_payers(Payment(payer=Payer.SECTION_117, **part), person) == {"charged-for-free-care"}
    half = Payment(payer=Payer.COUNCIL, **part)
    assert with_payers(Payment(payer=Payer.CONTINUING_CARE, **part), half) == {"council-pays-continuing-care"}
    assert with_payers(Payment(payer=Payer.DIRECT_PAYMENT, **part), Payment(payer=Payer.PERSONAL_HEALTH_BUDGET, **part)) == set()  # fmt: skip


def test_what_health_and_social_care_pay_together_asks_whether_it_is_integrated() -> None:
    """Because then one professional has to be accountable."""
    assert planned().joint
    assert {each.code for each in lacking(planned(integrated=False), DAY)} == {"joint-not-integrated"}


def test_a_plan_is_not_agreed_against_the_person() -> None:
    """Refused consent stops it, and sharing beside a refusal stops it too."""
    refused = planned(consent=Consent(given="no", on=DAY, by="Ada Example"), shared_with=(SharedWith(name="GP", what="whole", since=DAY),))  # fmt: skip
    assert {each.code for each in lacking(refused, DAY)} == {"consent-refused", "shared-without-consent"}
    told = Told()
    told.tell(agreeing.save_plan(told.care, "plan", PLAN))
    found = agreeing.agree_plan(told.care, "plan", PLAN, lacking(refused, DAY))
    assert isinstance(found, Refused) and "Consent was refused on 10 August 2015." in found.says


def test_a_team_has_one_accountable_professional_at_most() -> None:
    """A file that names two is refused."""
    person = Person(id="7f3a", nhs_number="9990000018", status=NumberStatus.VERIFIED, family_name="Example")
    two = tuple(Member(id=each, name=each, role="Nurse", accountable=True) for each in ("ann", "bob"))
    with pytest.raises(ValidationError, match="exactly one is"):
        PlanFile(person=person, plan=planned(), team=two)
    with pytest.raises(ValidationError, match="check digit is wrong"):
        Person(id="7f3a", nhs_number="9990000019", family_name="Example")


def test_only_the_last_version_is_agreed_and_a_complete_assessment_stands() -> None:
    """What is decided on is what was read last."""
    told = Told()
    told.tell(agreeing.save_plan(told.care, "plan", PLAN))
    told.tell(agreeing.save_plan(told.care, "plan", OTHER))
    assert isinstance(agreeing.agree_plan(told.care, "plan", PLAN, []), Refused)
    told.tell(agreeing.agree_plan(told.care, "plan", OTHER, []))
    told.tell(agreeing.save_assessment(told.care, "a1", PLAN))
    told.tell(agreeing.complete_assessment(told.care, "a1", PLAN, []))
    again = agreeing.save_assessment(told.care, "a1", OTHER)
    assert isinstance(again, Refused) and "Begin another from it" in again.says


# Seven days


def test_who_can_start_a_package_on_a_sunday() -> None:
    """Each service answers for itself; one of which nothing is said cannot."""
    silent = Service(id="taxi", says="A lift")
    found = {each.service: each for each in who_can_start((CARE, NURSING, silent), DayWord.SUNDAY)}
    assert (found["care"].can, found["care"].why) == (False, "It does not start on a Sunday.")
    assert (found["nursing"].can, found["nursing"].hours) == (True, ("09:00 to 17:00",))
    assert not found["taxi"].can and "Ask the provider" in found["taxi"].why
    saturday = who_can_start((CARE,), DayWord.SATURDAY)[0]
    assert saturday.why == "It can start from 08:00 to 18:00, with 24 hours' notice."


def test_a_package_first_starts_when_all_of_it_can() -> None:
    """Ready on Saturday afternoon: the rail has to wait for Monday, and home care is the last that day."""
    saturday = datetime(2015, 8, 8, 14, tzinfo=UTC)  # 15:00 in London
    found = first_start((CARE, NURSING, RAIL), saturday)
    assert found.day == date(2015, 8, 10) and found.held_up_by == ("care", "rail")
    assert found.says == "Everything can be in place on Monday 10 August 2015 from 09:00."
    assert {each.service: f"{each.at:%a %H:%M}" for each in found.services if each.at} == {"care": "Mon 08:00", "nursing": "Sat 15:00", "rail": "Mon 09:00"}  # fmt: skip
    assert first_start((NURSING,), saturday).day == date(2015, 8, 8)


def test_a_bank_holiday_is_a_day_of_its_own() -> None:
    """A service that starts on Mondays does not for that start on one."""
    monday = date(2015, 8, 31)
    assert kind_of(monday, {monday}) is DayWord.BANK_HOLIDAY
    at = datetime(2015, 8, 31, 7, tzinfo=UTC)
    assert first_start((RAIL,), at, {monday}).day == date(2015, 9, 1)
    assert first_start((NURSING,), at, {monday}).day == monday
    never = Service(id="x", says="Nothing is known")
    assert first_start((RAIL, never), at).held_up_by == ("x",)


# The person's voice


def test_the_person_and_carers_answer_after_a_review_and_may_decline(asked: VoiceQuestions) -> None:
    """Once each, by a step of the scale; what is not answered is declined, and nothing else is taken."""
    told = Told()
    told.begin()
    told.tell(agreeing.hold_review(told.care, "r1", DAY, DAY + timedelta(days=90), DAY))
    assert told.care.review_due() == DAY + timedelta(days=90)

    def hear(who: str, **answers: int | None) -> Decision | Refused:
        return agreeing.hear_voice(told.care, "r1", who, "ZZ7", answers, asked)

    told.tell(hear("person", plan_my_care=5, one_person=None))
    (voice,) = told.care.reviews[0].voices
    assert voice.answers["plan_my_care"] == 5 and voice.answers["asked_once"] is None
    for found, words in (
        (hear("person", plan_my_care=1), "You have answered"),
        (hear("carer:son", plan_my_care=1), "are not asked “plan_my_care”"),
        (hear("carer:son", one_person=6), "from 1 to 5"),
        (hear("nurse", one_person=3), "Only the person and a carer"),
        (agreeing.hear_voice(told.care, "r9", "person", "ZZ7", {}, asked), "no review r9"),
    ):
        assert isinstance(found, Refused) and words in found.says, found


def test_only_counts_leave_and_small_ones_are_marked(
    asked: VoiceQuestions, people_in_care: Suppression
) -> None:
    """By board and month: of each metric the part and the whole, both hidden where either or the rest is small."""
    placed = []
    for number in range(60):
        told = Told(f"p{number}")
        told.begin()
        if number >= 20:
            told.offer("ann")
            told.accept("ann")
        told.tell(agreeing.hold_review(told.care, "r1", DAY, DAY + timedelta(days=90), DAY))
        told.tell(
            agreeing.hear_voice(
                told.care, "r1", "person", "ZZ7", {"plan_my_care": 2 if number < 3 else 4}, asked
            )
        )
        placed.append(
            Placed(
                told.care, "ZZ7", DAY, DAY if number % 2 else None, frozenset({PLAN} if number < 30 else ())
            )
        )
    found = leaving(placed, ["2015-08"], asked, people_in_care)
    assert found.csv.splitlines() == [
        "metric,board,month,numerator,denominator,status",
        "can_plan_my_care,ZZ7,2015-08,*,*,suppressed",  # three who do not agree would follow
        "accountable_professional,ZZ7,2015-08,40,60,shown",
        "joint_plans,ZZ7,2015-08,30,60,shown",
        "traced_numbers,ZZ7,2015-08,30,60,shown",
        "weekend_starts,ZZ7,2015-08,0,60,shown",
    ]
    assert (found.shown, found.hidden) == (4, 1)
    assert not any(f"p{number}" in found.csv for number in range(60))


def test_an_answer_counts_where_it_was_given(asked: VoiceQuestions, people_in_care: Suppression) -> None:
    """In the board of the time and the month of the answer, or of the person where none was said; one that was declined counts nowhere."""
    told = Told()
    told.begin()
    told.tell(agreeing.hold_review(told.care, "r1", DAY, DAY + timedelta(days=90), DAY))
    told.tell(agreeing.hear_voice(told.care, "r1", "person", "ZZ8", {}, asked))
    told.tell(agreeing.hear_voice(told.care, "r1", "carer:son", "ZZ8", {"plan_with_carer": 4}, asked))
    open_rule: Mapping[str, Decimal] = {"hide_from": Decimal(0), "hide_to": Decimal(0), "nearest": Decimal(1)}
    found = leaving(
        [Placed(told.care, "ZZ7", DAY)], ["2015-08"], asked, people_in_care.model_copy(update=open_rule)
    )
    assert "can_plan_my_care,ZZ8,2015-08,1,1,shown" in found.csv
    told.tell(agreeing.hear_voice(told.care, "r1", "carer:daughter", "", {"plan_with_carer": 2}, asked))
    found = leaving(
        [Placed(told.care, "ZZ7", DAY)], ["2015-08"], asked, people_in_care.model_copy(update=open_rule)
    )
    assert "can_plan_my_care,ZZ7,2015-08,0,1,shown" in found.csv
