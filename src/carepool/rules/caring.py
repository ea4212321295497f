"""Joint assessment and care planning as data: who is eligible by which rules on which day, what is asked, and the person's voice."""

from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from carepool.basics.periods import in_words
from carepool.basics.refusals import Unusable, unknown
from carepool.rules.scalars import Checked, Cited, Day, Entry, Name, Number, Text, YesNo

PeopleOfCare = Literal["adult", "carer"]
SideWord = Literal["health", "social_care", "person", "carer"]
"""Whose word an answer is."""
EligibilityMethod = Literal["bands", "outcomes"]
"""How eligibility is judged. Each has exactly one implementation, in ``carepool.care.planning``."""
AnswerWord = Literal["words", "yes_no", "choice", "number"]


class Band(Cited):
    """A band of need, or of risk to a carer's part."""

    id: Name
    title: Text
    says: Text

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class LifeOutcome(Cited):
    """Something that people do in their lives and may be unable to do."""

    id: Name
    title: Text

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class EligibilityRule(Cited):
    """By what an adult, or a carer, is eligible from one day to another."""

    id: Name
    title: Text
    says: Text
    people: PeopleOfCare
    method: EligibilityMethod
    first: Day = Field(alias="from")
    last: Day | None = Field(alias="to", default=None)
    arises: Text
    """What the needs have to arise from."""
    bands: tuple[Band, ...] = ()
    """The greatest need first; each council decides from which band on it helps."""
    outcomes: tuple[LifeOutcome, ...] = ()
    at_least: Number = Field(ge=0, multiple_of=1, default=Decimal(0))
    """How many outcomes somebody has to be unable to achieve."""
    or_health: YesNo = False
    """Whether health that gets worse, or may, stands for the outcomes."""
    wellbeing: YesNo = False
    """Whether there also has to be a significant effect on wellbeing."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not (self.bands if self.method == "bands" else self.outcomes):
            raise ValueError(f"“{self.id}” goes by {self.method} and names none")
        if self.last and self.last < self.first:
            raise ValueError(f"“{self.id}” ends before it begins")
        return self


class Eligibility(Entry):
    """``eligibility.yaml``: the rules of each time, for adults and for carers."""

    says: Text
    rules: tuple[EligibilityRule, ...] = Field(min_length=1)
    known_until: Day
    checked: Checked

    @model_validator(mode="after")
    def _apart(self) -> Self:
        for number, one in enumerate(self.rules):
            for other in self.rules[number + 1 :]:
                ends = [each.last or self.known_until for each in (one, other)]
                if one.people == other.people and max(one.first, other.first) <= min(ends):
                    raise ValueError(f"“{one.id}” and “{other.id}” hold on the same days")
        return self

    def on(self, people: PeopleOfCare, day: date) -> EligibilityRule:
        """The rule for an adult or a carer on a day. Unusable where none is known."""
        for each in self.rules:
            ends = each.last or self.known_until
            if each.people == people and each.first <= day <= ends:
                return each
        raise Unusable(
            f"No rule says whether {'an adult' if people == 'adult' else 'a carer'} is eligible on {in_words(day)}. "
            f"Rules are known until {in_words(self.known_until)}."
        )


class AssessmentQuestion(Cited):
    """A question of the joint assessment; an answer is kept under its id and used again."""

    id: Name
    asks: Text
    people: PeopleOfCare
    answer: AnswerWord
    choices: tuple[Text, ...] = ()
    sides: tuple[SideWord, ...] = Field(min_length=1)
    """Who may answer it."""
    reuse_days: Number = Field(ge=0, multiple_of=1)
    """For how many days an answer stands for the next assessment; 0 for a question that is asked anew each time."""
    required: YesNo = False
    outcome: str = ""
    """The outcome of eligibility that it bears on."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id

    @model_validator(mode="after")
    def _choices(self) -> Self:
        if (self.answer == "choice") != bool(self.choices):
            raise ValueError(f"“{self.id}” needs choices if, and only if, its answer is a choice")
        return self


class AssessmentQuestions(Entry):
    """``questions.yaml``."""

    says: Text
    questions: tuple[AssessmentQuestion, ...] = Field(min_length=1)
    checked: Checked

    def named(self, id_: str) -> AssessmentQuestion:
        """The question of that id. NotHere otherwise."""
        for each in self.questions:
            if each.id == id_:
                return each
        raise unknown("question", id_, [each.id for each in self.questions], "Look at questions.yaml.")


class VoiceStep(Entry):
    """A step of the scale."""

    value: Number = Field(ge=1, multiple_of=1)
    says: Text


class VoiceQuestion(Cited):
    """A statement that the person or a carer agrees with or not."""

    id: Name
    asks: Text
    of: tuple[Literal["person", "carer"], ...] = Field(min_length=1)
    experience: YesNo = False
    """Whether it is the one that the experience metric counts."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class VoiceQuestions(Entry):
    """``voice.yaml``."""

    says: Text
    scale: tuple[VoiceStep, ...] = Field(min_length=2)
    agrees_from: Number = Field(ge=1, multiple_of=1)
    """The first step that counts as agreeing."""
    questions: tuple[VoiceQuestion, ...] = Field(min_length=1)
    checked: Checked

    def of(self, who: str) -> tuple[VoiceQuestion, ...]:
        """What the person, or a carer, is asked."""
        return tuple(each for each in self.questions if who in each.of)


class CareCount(Cited):
    """What the person wing counts for a board: a measure of the board's own, and what it is evidence of."""

    id: Name
    title: Text
    says: Text
    numerator: Text
    denominator: Text
    conditions: tuple[Name, ...] = ()
    """The national conditions that it is evidence of."""
    metrics: tuple[Name, ...] = ()
    """The metrics of a plan that it is the local measure of."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class CareCounts(Entry):
    """``counts.yaml``: what comes through the wall between people and money, and nothing else does."""

    says: Text
    unit: Text
    scale: Number = Field(gt=0)
    first: Day = Field(alias="from")
    """The day from which the wordings hold."""
    data: Text
    """Where the figures come from."""
    care_counts: tuple[CareCount, ...] = Field(min_length=1)
    checked: Checked

    def find(self, id_: str) -> CareCount | None:
        """A count by its id."""
        return next((each for each in self.care_counts if each.id == id_), None)
