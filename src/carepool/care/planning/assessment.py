"""One assessment by health, social care, the person and carers: who said what, what stands from the last one, and what is missing."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from carepool.basics.canonical import Digest, canonical, digest_of_bytes
from carepool.basics.findings import Finding, Severity
from carepool.basics.periods import in_words
from carepool.care.people.person import Held, OpaqueId, Short, Words
from carepool.care.planning.eligibility import Judgement
from carepool.rules.caring import AssessmentQuestion, AssessmentQuestions, PeopleOfCare, SideWord

KIND, SCHEMA, MEDIA_TYPE = "assessment", 1, "application/json"


class Contributor(Held):
    """Somebody who contributes: a professional by their account, the person, or a carer."""

    id: OpaqueId
    side: SideWord
    name: Short
    role: Short


class Contributed(Held):
    """Anything that a contributor has said."""

    by: OpaqueId


class Answer(Contributed):
    """An answer to a question of the rulebook."""

    question: str
    says: Words
    on: date
    taken_over: bool = False
    """Whether it stands from an earlier assessment."""


class Risk(Contributed):
    """A risk that was weighed, and what is done about it."""

    what: Words
    likely: Literal[1, 2, 3, 4, 5]
    grave: Literal[1, 2, 3, 4, 5]
    done: Words
    accepted: bool = False
    """Whether the person knows it and takes it."""


class CapacityDecision(Contributed):
    """Whether the person could take one decision, at one time: capacity is never lacking as such."""

    decision: Words
    on: date
    capable: bool
    helped: Words
    """What was done to help the person decide."""
    best_interests: Words | None = None
    """What was decided for them, and why it is in their best interests."""


class Acting(Held):
    """An attorney, a deputy, or an advocate."""

    kind: Literal[
        "attorney_for_health", "attorney_for_money", "deputy_for_health", "deputy_for_money", "advocate", "mental_capacity_advocate"
    ]  # fmt: skip
    name: Short
    reference: Short | None = None
    """The registration with the Office of the Public Guardian, or the order of the court."""
    seen_on: date | None = None
    """When the document itself was seen."""
    telephone: Short | None = None


class Alert(Contributed):
    """A concern that somebody is abused or neglected."""

    on: date
    concern: Words
    told_on: date | None = None
    """When the council's safeguarding team was told."""
    enquiry: Short | None = None
    """The reference of the enquiry."""


class Carer(Held):
    """A carer, and whether their own needs were assessed."""

    id: OpaqueId
    name: Short
    relation: Short
    offered_on: date | None = None
    """When an assessment of their own was offered."""
    declined: bool = False
    answers: tuple[Answer, ...] = ()
    eligibility: Judgement | None = None


class Assessment(Held):
    """One joint assessment of a person, in one version."""

    person: OpaqueId
    id: OpaqueId
    begun_on: date
    contributors: tuple[Contributor, ...] = Field(min_length=1)
    answers: tuple[Answer, ...] = ()
    risks: tuple[Risk, ...] = ()
    capacity: tuple[CapacityDecision, ...] = ()
    acting: tuple[Acting, ...] = ()
    alerts: tuple[Alert, ...] = ()
    needs_advocate: bool = False
    """Whether the person would have substantial difficulty in taking part, with nobody to support them."""
    carers: tuple[Carer, ...] = ()
    eligibility: Judgement | None = None

    @model_validator(mode="after")
    def _names(self) -> Self:
        known = {each.id for each in self.contributors}
        if len(known) != len(self.contributors):
            raise ValueError("a contributor is named twice")
        said = {
            each.by
            for each in (*self.contributed, *(each for carer in self.carers for each in carer.answers))
        }
        if strangers := sorted(said - known):
            raise ValueError(f"{', '.join(strangers)} said something and is no contributor: add who that is")
        for answers in (self.answers, *(each.answers for each in self.carers)):
            if len({each.question for each in answers}) != len(answers):
                raise ValueError("a question is answered twice: keep one answer of it")
        return self

    def content(self) -> bytes:
        """As it is kept."""
        return canonical(self.model_dump(mode="json"))

    @property
    def digest(self) -> Digest:
        """What names this version, where it is kept without a salt."""
        return digest_of_bytes(KIND, SCHEMA, self.content())

    def side_of(self, by: str) -> SideWord:
        """On whose side a contributor is."""
        return next(each.side for each in self.contributors if each.id == by)

    @property
    def contributed(self) -> tuple[Contributed, ...]:
        """All that was said of the person."""
        return (*self.answers, *self.risks, *self.capacity, *self.alerts)

    @property
    def sides(self) -> set[SideWord]:
        """On whose sides something was said."""
        return {self.side_of(each.by) for each in self.contributed}

    @property
    def joint(self) -> bool:
        """Whether both health and social care have contributed."""
        return {"health", "social_care"} <= self.sides


def read_assessment(content: bytes | str) -> Assessment:
    """The assessment that was kept."""
    return Assessment.model_validate_json(content)


def begun(
    before: Assessment | None,
    questions: AssessmentQuestions,
    *,
    person: str,
    id_: str,
    on: date,
    contributors: Iterable[Contributor],
) -> Assessment:
    """A new assessment with the answers of the last one that still stand, each marked as taken over, with who said it when.

    Who is named in what is taken over stays a contributor. Risks, acting persons and carers come along; capacity, alerts
    and eligibility are judged anew.
    """
    new = tuple(contributors)
    if before is None:
        return Assessment(person=person, id=id_, begun_on=on, contributors=new)
    answers = _standing(before.answers, questions, on)
    carers = tuple(
        Carer(
            id=each.id, name=each.name, relation=each.relation, answers=_standing(each.answers, questions, on)
        )
        for each in before.carers
    )
    kept: tuple[Contributed, ...] = (
        *answers,
        *before.risks,
        *(one for each in carers for one in each.answers),
    )
    said = {each.by for each in kept}
    known = {each.id for each in new}
    old = tuple(each for each in before.contributors if each.id in said - known)
    return Assessment(
        person=person, id=id_, begun_on=on, contributors=(*new, *old), answers=answers,
        risks=before.risks, acting=before.acting, carers=carers,
    )  # fmt: skip


def _standing(answers: Iterable[Answer], questions: AssessmentQuestions, on: date) -> tuple[Answer, ...]:
    days = {each.id: int(each.reuse_days) for each in questions.questions}
    return tuple(
        each.model_copy(update={"taken_over": True})
        for each in answers
        if days.get(each.question, 0) and each.on + timedelta(days=days[each.question]) >= on
    )


def missing(assessment: Assessment, questions: AssessmentQuestions, on: date, rules: str) -> list[Finding]:
    """What stands in the way of completing an assessment, and what is to be looked at. ``rules`` names the set."""
    found = [*_unanswered(assessment.answers, questions, "adult", on, "answers", rules)]
    found += _wrong_sides(assessment, questions, rules)
    if not assessment.joint:
        other = "health" if "health" not in assessment.sides else "social care"
        found.append(_finding("not-joint", Severity.BLOCKER, "contributors", f"Nobody of {other} has contributed.", f"Ask somebody of {other} to answer what is theirs.", f"{rules}/questions"))  # fmt: skip
    if not assessment.risks:
        found.append(_finding("no-risk", Severity.WARNING, "risks", "No risk is weighed.", "Weigh at least falls, medicines and being alone, or say that there is none.", f"{rules}/questions"))  # fmt: skip
    for number, each in enumerate(assessment.capacity, 1):
        if not each.capable and each.best_interests is None:
            found.append(_finding("no-best-interests", Severity.BLOCKER, f"capacity/{number}", f"The person could not decide on “{each.decision}”, and nothing is decided for them.", "Say what was decided in their best interests, and whom you asked.", "Mental Capacity Act 2005, section 4"))  # fmt: skip
    found += _nobody_acts(assessment)
    for number, alert in enumerate(assessment.alerts, 1):
        if alert.told_on is None:
            found.append(_finding("alert-not-told", Severity.BLOCKER, f"alerts/{number}", f"A concern of {in_words(alert.on)} was not told to the safeguarding team.", "Tell them now, and enter the day.", "Care Act 2014, section 42; before it No secrets, 2000"))  # fmt: skip
    for number, acting in enumerate(assessment.acting, 1):
        if not acting.kind.endswith("advocate") and acting.seen_on is None:
            found.append(_finding("authority-not-seen", Severity.WARNING, f"acting/{number}", f"{acting.name} acts for the person, and nobody has seen by what document.", "Ask for it, look whether it is registered, and enter the day.", "Mental Capacity Act 2005, sections 9 and 16"))  # fmt: skip
    if assessment.eligibility is None:
        found.append(_finding("no-eligibility", Severity.WARNING, "eligibility", "Whether the person is eligible is not judged.", "Judge it by the rule of the day.", f"{rules}/eligibility"))  # fmt: skip
    for number, carer in enumerate(assessment.carers, 1):
        found += _of_carer(carer, questions, on, f"carers/{number}", rules)
    return found


def _unanswered(
    answers: Iterable[Answer],
    questions: AssessmentQuestions,
    people: PeopleOfCare,
    on: date,
    where: str,
    rules: str,
) -> Iterable[Finding]:
    held = {each.question: each for each in answers}
    for question in questions.questions:
        if question.people != people:
            continue
        answer = held.pop(question.id, None)
        place, rule = f"{where}/{question.id}", f"{rules}/questions/{question.id}"
        if answer is None:
            if question.required:
                yield _finding("unanswered", Severity.BLOCKER, place, f"“{question.asks}” has no answer.", "Ask it, or say why it cannot be answered.", rule)  # fmt: skip
            continue
        if not _fits(question, answer.says):
            yield _finding("no-such-answer", Severity.BLOCKER, place, f"“{answer.says}” is no answer to “{question.asks}”.", f"Answer with {_wanted(question)}.", rule)  # fmt: skip
        last = answer.on + timedelta(days=int(question.reuse_days))
        if answer.taken_over and last < on:
            yield _finding("too-old", Severity.WARNING, place, f"“{question.asks}” was answered on {in_words(answer.on)}.", "Ask whether it is still so.", rule)  # fmt: skip
    for id_ in held:
        yield _finding("unknown-question", Severity.BLOCKER, f"{where}/{id_}", f"The rules ask no question “{id_}” here.", "Move its answer to the question that it belongs to.", f"{rules}/questions")  # fmt: skip


def _fits(question: AssessmentQuestion, says: str) -> bool:
    match question.answer:
        case "choice":
            return says in question.choices
        case "yes_no":
            return says in {"yes", "no"}
        case "number":
            return says.isascii() and says.isdecimal() and len(says) <= 9
        case _:
            return True


def _wanted(question: AssessmentQuestion) -> str:
    match question.answer:
        case "choice":
            return ", or ".join(f"“{each}”" for each in question.choices)
        case "yes_no":
            return "“yes” or “no”"
        case _:
            return "a whole number in digits"


def _wrong_sides(assessment: Assessment, questions: AssessmentQuestions, rules: str) -> Iterable[Finding]:
    sides = {each.id: each.sides for each in questions.questions}
    for answer in assessment.answers:
        side = assessment.side_of(answer.by)
        if answer.question in sides and side not in sides[answer.question]:
            yield _finding("not-theirs-to-answer", Severity.BLOCKER, f"answers/{answer.question}", f"“{answer.question}” is answered by {side.replace('_', ' ')}, whose it is not.", f"Ask {' or '.join(sides[answer.question]).replace('_', ' ')}.", f"{rules}/questions/{answer.question}")  # fmt: skip


def _nobody_acts(assessment: Assessment) -> Iterable[Finding]:
    """Where the person needs somebody beside them and has nobody."""
    kinds = {each.kind for each in assessment.acting}
    if assessment.needs_advocate and not {"advocate", "mental_capacity_advocate"} & kinds:
        yield _finding("no-advocate", Severity.BLOCKER, "acting", "The person needs an advocate and has none.", "Ask the council for an independent advocate.", "Care Act 2014, section 67; before it Mental Capacity Act 2005, sections 37 to 39")  # fmt: skip


def _of_carer(
    carer: Carer, questions: AssessmentQuestions, on: date, where: str, rules: str
) -> Iterable[Finding]:
    if carer.offered_on is None:
        yield _finding("carer-not-offered", Severity.BLOCKER, where, f"{carer.name} cares for the person and was not offered an assessment of their own.", "Offer it, and enter the day.", "Care Act 2014, section 10; before it Carers (Equal Opportunities) Act 2004, section 1")  # fmt: skip
    elif not carer.declined:
        yield from _unanswered(carer.answers, questions, "carer", on, f"{where}/answers", rules)
        if carer.eligibility is None:
            yield _finding("carer-no-eligibility", Severity.WARNING, f"{where}/eligibility", f"Whether {carer.name} is eligible is not judged.", "Judge it by the rule of the day.", f"{rules}/eligibility")  # fmt: skip


def _finding(code: str, severity: Severity, where: str, says: str, remedy: str, rule: str) -> Finding:
    return Finding(code, severity, where, says, remedy, rule)
