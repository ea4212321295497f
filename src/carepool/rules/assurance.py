"""What a set of rules may hold about assurance: what reviewers ask and answer, the outcomes, the ladder, and what is credible.

Every scale stands in its order, the best first, so that answers can be compared and not only counted.
"""

from collections.abc import Sequence
from typing import Literal, Protocol, TypeVar

from pydantic import Field

from carepool.rules.scalars import Cited, Entry, Name, Number, Text, YesNo


class _Named(Protocol):
    @property
    def id(self) -> str: ...


Level = TypeVar("Level", bound=_Named)


class Answer(Cited):
    """An answer that a reviewer can give."""

    id: Name
    title: Text
    says: Text
    worth: Number = Field(ge=0, le=100)
    """Per cent of a question's weight."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Enquiry(Cited):
    """One key line of enquiry: a question that is asked of every plan."""

    id: Name
    question: Text
    looks_for: tuple[Text, ...] = Field(min_length=1)
    """What would show it."""
    belongs_to: str = ""
    """The national condition that it is about, if any."""
    evidence: tuple[Name, ...] = Field(min_length=1)
    """The sections of a plan where a reviewer looks."""
    weight: Number = Field(gt=0)
    """How much it counts beside the others."""
    critical: YesNo = False
    """Whether the worst answer to it alone keeps a plan from going on."""
    grades_savings: YesNo = False
    """Whether its answer is about the evidence behind promised savings."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Enquiries(Entry):
    """``enquiries.yaml``: what reviewers ask of every plan."""

    says: Text
    answers: tuple[Answer, ...] = Field(min_length=2)
    enquiries: tuple[Enquiry, ...] = Field(min_length=1)

    @property
    def worst(self) -> Answer:
        """The worst answer."""
        return self.answers[-1]

    def of(self, enquiry: str) -> Enquiry:
        """A question by its id. KeyError for an unknown one."""
        return {each.id: each for each in self.enquiries}[enquiry]

    @property
    def of_savings(self) -> Enquiry | None:
        """The question about the evidence behind promised savings, if one is asked."""
        return next((each for each in self.enquiries if each.grades_savings), None)


class Side(Cited):
    """One of the two sides that review a plan, each without seeing the other's answers."""

    id: Name
    title: Text
    says: Text
    body: Literal["nhs_england", "local_government"]
    """Whose officers review for it."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Rated(Cited):
    """A level of quality or of risk."""

    id: Name
    title: Text
    says: Text

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Requires(Entry):
    """What the moderated answers must meet before an outcome is suggested."""

    least_score: Number = Field(ge=0, le=100)
    """Per cent of all weights."""
    most_worst: Number = Field(ge=0)
    """Questions with the worst answer, at most; none of them critical."""
    worst_quality: Name
    worst_risk: Name


class AssuranceOutcome(Cited):
    """A result of assurance."""

    id: Name
    title: Text
    says: Text
    goes_on: YesNo = False
    """Whether the plan is approved by it."""
    conditional: YesNo = False
    """Whether it comes with conditions, each with a day."""
    requires: Requires | None = None
    """None for the outcome that is left when no other fits."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Rung(Cited):
    """A step of the escalation ladder."""

    id: Name
    title: Text
    says: Text
    powers: tuple[Name, ...] = ()
    """Powers of redeployment.yaml that may be used on it."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class SuggestedBy(Cited):
    """How an outcome is suggested."""

    says: Text


class Assurance(Cited):
    """``assurance.yaml``: who looks at a plan before it is approved, and what the outcome can be."""

    says: Text
    by: Text
    stages: tuple[Text, ...] = ()
    """Its steps in order, where they are known."""
    sides: tuple[Side, ...] = ()
    reviewers_named: YesNo = False
    """Whether the parties of a plan are told who reviewed it."""
    quality: tuple[Rated, ...] = ()
    risk: tuple[Rated, ...] = ()
    outcomes: tuple[AssuranceOutcome, ...] = ()
    suggested_by: SuggestedBy | None = None
    open_conditions_stop: tuple[Name, ...] = ()
    """Stages after approval that wait until every condition is met."""
    ladder: tuple[Rung, ...] = ()
    """The steps of escalation, in order."""

    def outcome(self, id: str) -> AssuranceOutcome:
        """An outcome by its id. KeyError for an unknown one."""
        return {each.id: each for each in self.outcomes}[id]

    def side(self, id: str) -> Side:
        """A side by its id. KeyError for an unknown one."""
        return {each.id: each for each in self.sides}[id]


class Weighted(Cited):
    """A level with its weight."""

    id: Name
    title: Text
    says: Text
    weight: Number = Field(ge=0, le=100)
    """Per cent of a promised saving that is left by it."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Grade(Weighted):
    """A grade of evidence behind a promised saving."""

    needs: tuple[Literal["evidence", "feedback", "how", "monitored"], ...] = ()
    """What must be written: the scheme's evidence and feedback, how the saving was worked out and how it is followed."""
    answer: str = ""
    """The worst moderated answer to the question about savings with which the grade is reached; empty for any."""


class Plausible(Weighted):
    """What the outturn says of a promised saving."""

    id: Literal["not_known", "beyond_chance", "within_chance", "against"]


class Credibility(Entry):
    """``savings/credibility.yaml``: how much of a promised saving is credible."""

    says: Text
    grades: tuple[Grade, ...] = Field(min_length=2)
    confidences: tuple[Weighted, ...] = Field(min_length=2)
    plausibility: tuple[Plausible, ...] = Field(min_length=4)

    def verdict(self, id: str) -> Plausible:
        """A verdict on plausibility. KeyError for an unknown one."""
        found: dict[str, Plausible] = {each.id: each for each in self.plausibility}
        return found[id]


def place_of(scale: Sequence[Level], id: str) -> int:
    """The place of a level on a scale, the best being nought. KeyError for a level that is not on it."""
    return {each.id: place for place, each in enumerate(scale)}[id]
