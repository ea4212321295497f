"""What the forms of an assessment ask: the questions of the rules, and the fields of each part that is written as a whole."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel

from carepool.basics.periods import in_words
from carepool.care.actions.house import CareHouse
from carepool.care.planning.assessment import Answer, Assessment
from carepool.care.planning.eligibility import Judgement
from carepool.care.web.fields import Field, Typed
from carepool.rules.caring import AssessmentQuestion, AssessmentQuestions, EligibilityRule

DAY = "Year-month-day, for example 2026-08-17"
FIVE = tuple((str(each), str(each)) for each in range(1, 6))
YES_NO = (("yes", "Yes"), ("no", "No"))
ACTING = (
    ("attorney_for_health", "Attorney for health and welfare"), ("attorney_for_money", "Attorney for property and money"),
    ("deputy_for_health", "Deputy for health and welfare"), ("deputy_for_money", "Deputy for property and money"),
    ("advocate", "Advocate"), ("mental_capacity_advocate", "Independent mental capacity advocate"),
)  # fmt: skip
FieldsOf = Callable[[CareHouse, str, Mapping[str, str]], tuple[Field, ...]]


@dataclass(frozen=True, slots=True)
class PartPage:
    """A part of an assessment that is written as a whole."""

    title: str
    says: str
    one: str
    """What a row is."""
    fields: FieldsOf
    blank: int = 1
    """Empty rows at the end."""


def _risks(_house: CareHouse, _person: str, _carers: Mapping[str, str]) -> tuple[Field, ...]:
    return (
        Field("what", "What can go wrong", "words", required=True),
        Field("likely", "How likely, from 1 to 5", "pick", required=True, choices=FIVE),
        Field("grave", "How grave, from 1 to 5", "pick", required=True, choices=FIVE),
        Field("done", "What is done about it", "words", required=True),
        Field("accepted", "The person knows this risk and takes it", "yes"),
    )


def _capacity(house: CareHouse, _person: str, _carers: Mapping[str, str]) -> tuple[Field, ...]:
    return (
        Field("decision", "Which decision", "words", required=True, hint="One decision at one time: nobody lacks capacity as such"),
        Field("on", "Day", "day", required=True, hint=DAY, default=house.today.isoformat()),
        Field("capable", "Could the person decide it?", "choice", required=True, choices=YES_NO),
        Field("helped", "What was done to help them decide", "words", required=True),
        Field("best_interests", "If they could not: what was decided, and why it is in their best interests", "words"),
    )  # fmt: skip


def _acting(_house: CareHouse, _person: str, _carers: Mapping[str, str]) -> tuple[Field, ...]:
    return (
        Field("kind", "As what they act", "pick", required=True, choices=ACTING),
        Field("name", "Name", required=True),
        Field("reference", "Registration or order", hint="With the Office of the Public Guardian, or of the court"),
        Field("seen_on", "The document was seen on", "day", hint=DAY),
        Field("telephone", "Telephone"),
    )  # fmt: skip


def _alerts(house: CareHouse, _person: str, _carers: Mapping[str, str]) -> tuple[Field, ...]:
    return (
        Field("on", "Day", "day", required=True, hint=DAY, default=house.today.isoformat()),
        Field("concern", "What worries you", "words", required=True),
        Field("told_on", "The council’s safeguarding team was told on", "day", hint=DAY),
        Field("enquiry", "Reference of the enquiry"),
    )


def _carers(_house: CareHouse, _person: str, carers: Mapping[str, str]) -> tuple[Field, ...]:
    account = (Field("account", "Their account here", "pick", choices=tuple(carers.items()), hint="With it they write their own part themselves"),) if carers else (Field("account", "", "hidden"),)  # fmt: skip
    return (
        Field("id", "", "hidden"),
        Field("name", "Name", required=True),
        Field("relation", "What they are to the person", required=True),
        Field("offered_on", "An assessment of their own was offered on", "day", hint=DAY),
        Field("declined", "They do not want one", "yes"),
        *account,
    )


PART_PAGES: Mapping[str, PartPage] = {
    "risks": PartPage("Risks", "What can go wrong, how likely and how grave, and what is done about it.", "Risk", _risks),
    "capacity": PartPage("Capacity", "Decisions that the person could or could not take at that time.", "Decision", _capacity),
    "acting": PartPage("Who acts for the person", "Attorneys, deputies and advocates.", "Person", _acting),
    "alerts": PartPage("Safety", "Concerns that somebody is abused or neglected. In danger now, ring 999.", "Concern", _alerts),
    "carers": PartPage("Carers", "Who cares unpaid. Each is offered an assessment of their own.", "Carer", _carers),
}  # fmt: skip


def rows_of(part: str, assessment: Assessment) -> list[Typed]:
    """The rows of a part as they would be typed."""
    return [typed_of(each) for each in getattr(assessment, part)]


def typed_of(thing: BaseModel) -> Typed:
    """A thing's values as they would be typed."""
    data = thing.model_dump(mode="json")
    return {name: as_typed(value) for name, value in data.items()}


def as_typed(value: object) -> str | list[str]:
    """A value as it would be typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return [str(each) for each in value]
    return "" if value is None else str(value)


def answer_fields(
    asked: Iterable[AssessmentQuestion], answers: Sequence[Answer], whose: Callable[[str], str], mine: str
) -> tuple[Field, ...]:
    """A field for each question, saying whose the answer is that stands there, and of which day."""
    held = {each.question: each for each in answers}
    return tuple(_answer_field(each, held.get(each.id), whose, mine) for each in asked)


def _answer_field(
    question: AssessmentQuestion, answer: Answer | None, whose: Callable[[str], str], mine: str
) -> Field:
    hint = ""
    if answer and (answer.by != mine or answer.taken_over):
        again = "Used again from an earlier assessment. " if answer.taken_over else ""
        hint = f"{again}{whose(answer.by)}, on {in_words(answer.on)}"
    match question.answer:
        case "choice":
            return Field(question.id, question.asks, "choice", hint=hint, choices=tuple((each, each) for each in question.choices))  # fmt: skip
        case "yes_no":
            return Field(question.id, question.asks, "choice", hint=hint, choices=YES_NO)
        case "number":
            return Field(question.id, question.asks, "number", hint=hint)
        case _:
            return Field(question.id, question.asks, "words", hint=hint)


def answers_of(row: Mapping[str, object]) -> dict[str, str]:
    """What was answered, by question; a number in digits."""
    return {name: f"{value:f}" if isinstance(value, Decimal) else str(value or "") for name, value in row.items()}  # fmt: skip


def judgement_fields(
    rule: EligibilityRule, questions: AssessmentQuestions, answers: Sequence[Answer]
) -> tuple[Field, ...]:
    """What an assessor finds, as the rule of the day asks; beside each outcome, what was answered that bears on it."""
    held = {each.question: each.says for each in answers}
    bears: dict[str, list[str]] = {}
    for each in questions.questions:
        if each.people == rule.people and each.outcome and each.id in held:
            bears.setdefault(each.outcome, []).append(f"{each.asks} {held[each.id]}")
    found = [Field("arises", f"The needs arise from: {rule.arises[0].lower()}{rule.arises[1:]}", "yes")]
    if rule.bands:
        bands = tuple((each.id, f"{each.title}: {each.says}") for each in rule.bands)
        titles = tuple((each.id, each.title) for each in rule.bands)
        found += [
            Field("band", "Band of need", "choice", required=True, choices=bands),
            Field("threshold", "The council helps from this band on", "pick", required=True, choices=titles),
        ]
    else:
        outcomes = tuple(
            (each.id, f"{each.title}{' – ' + '; '.join(bears[each.id]) if each.id in bears else ''}")
            for each in rule.outcomes
        )
        found.append(Field("unable", "Which of these cannot be achieved, or only with pain, danger or far more time?", "checks", choices=outcomes))  # fmt: skip
    if rule.or_health:
        found.append(Field("health", "The carer’s health gets worse, or may", "yes"))
    if rule.wellbeing:
        found.append(Field("wellbeing", "There is a significant effect on wellbeing", "yes"))
    return tuple(found)


def judgement_of(rule: EligibilityRule, row: Mapping[str, object]) -> dict[str, object]:
    """What was found, as a judgement holds it."""
    names = {"arises", "band", "threshold", "unable", "health", "wellbeing"}
    assert rule.bands or rule.outcomes  # noqa: S101  (so says the rule itself)
    return {name: value for name, value in row.items() if name in names and value is not None}


def judgement_typed(judgement: Judgement | None) -> Typed:
    """What was found, as it would be typed."""
    return typed_of(judgement) if judgement else {}
