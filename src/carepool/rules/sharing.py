"""Who may see what of a person, as data: the law by date, the fields of a person, and one table of every case; and what a traced number is called."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Literal, Self, get_args

from pydantic import Field, model_validator

from carepool.basics.periods import in_words
from carepool.basics.refusals import Unusable
from carepool.rules.scalars import Checked, Cited, Day, Entry, Name, Number, Text, YesNo

PurposeWord = Literal[
    "direct_care", "carers_assessment", "safeguarding", "vital_interests", "court_order", "subject_access",
    "oversight", "matching", "audit", "research", "commissioning", "payment",
]  # fmt: skip
"""What somebody wants to see a person's record for."""
RoleWord = Literal[
    "practitioner", "support_staff", "governance_lead", "person", "representative", "carer", "researcher",
    "commissioner", "finance_officer", "analyst",
]  # fmt: skip
"""In what capacity somebody asks."""
RelationWord = Literal["self", "acts_for", "cares_for", "team", "organisation", "none"]
"""What the asker is to the person: acts for them with proven authority, cares for them unpaid, is in the team of their plan, works for one of its organisations only."""
ObjectionWord = Literal["none", "care", "beyond_care"]
"""What the person objects to: that this organisation sees it for their care, or any use beyond care."""
ConsentWord = Literal["not_asked", "given", "refused", "no_capacity"]
"""What the person said to this use; ``no_capacity`` where it was decided in their best interests, and recorded."""
AnswerWord = Literal["allow", "part", "refuse", "glass"]
"""``part``: less than the purpose could ask for. ``glass``: refused, unless the asker breaks the glass with a reason."""
StatusWord = Literal[
    "verified", "not_traced", "trace_required", "no_match", "conflict", "in_progress", "not_required", "postponed",
]  # fmt: skip


class Law(Cited):
    """A stretch of time with one state of the law, both days included."""

    id: Name
    says: Text
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Basis(Cited):
    """What makes it lawful to see or share, from a day and, where it ended, to a day."""

    id: Name
    says: Text
    first: Day = Field(alias="from")
    last: Day | None = Field(alias="to", default=None)

    @property
    def key(self) -> str:
        """Its id."""
        return self.id

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


class PersonField(Entry):
    """A part of what is held of a person, in the words in which they read that it was seen."""

    id: Name
    says: Text
    identifies: YesNo
    """Whether who sees it can know whom it is about."""
    of_many: YesNo = False
    """Whether it is of many people at once, so that nobody's record was seen."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Extent(Entry):
    """The least that a purpose needs: some of the fields."""

    id: Name
    says: Text
    fields: tuple[Name, ...] = Field(min_length=1)

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Case(Cited):
    """A row of the table. What it does not name may be anything; the first row that fits decides."""

    id: Name
    purpose: tuple[PurposeWord, ...] = ()
    role: tuple[RoleWord, ...] = ()
    relation: tuple[RelationWord, ...] = ()
    objection: tuple[ObjectionWord, ...] = ()
    consent: tuple[ConsentWord, ...] = ()
    opted_out: YesNo | None = None
    """Whether the person has the national data opt-out."""
    approved: YesNo | None = None
    """Whether this use has support under section 251."""
    law: tuple[Name, ...] = ()
    answer: AnswerWord
    extent: Name | None = None
    basis: tuple[Name, ...] = ()
    because: Text
    say: Text
    """What is said to whoever asks: why, and what they can do."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.answer in {"allow", "part"}) != bool(self.extent and self.basis):
            raise ValueError(f"“{self.id}” must name an extent and a basis where it lets somebody see, and only there")  # fmt: skip
        return self


class Glass(Cited):
    """What whoever breaks the glass sees, and what it takes."""

    says: Text
    extent: Name
    basis: tuple[Name, ...] = Field(min_length=1)
    reason_at_least: Number = Field(ge=1, le=200, multiple_of=1)
    """Characters."""
    say: Text


class Duty(Cited):
    """A duty to share, and with the NHS number: where it holds, who keeps back must have a reason in law."""

    says: Text
    purpose: tuple[PurposeWord, ...] = Field(min_length=1)
    role: tuple[RoleWord, ...] = Field(min_length=1)
    basis: tuple[Name, ...] = Field(min_length=1)


class Withholding(Cited):
    """Which looks may be kept from the person's own page where they would do serious harm, and for how long at most."""

    says: Text
    purpose: tuple[PurposeWord, ...] = Field(min_length=1)
    days_at_most: Number = Field(ge=1, le=366, multiple_of=1)
    """Until somebody looks at it again; it stays kept back until they have."""


class Sharing(Entry):
    """``sharing.yaml``."""

    says: Text
    law: tuple[Law, ...] = Field(min_length=1)
    bases: tuple[Basis, ...] = Field(min_length=1)
    fields: tuple[PersonField, ...] = Field(min_length=1)
    extents: tuple[Extent, ...] = Field(min_length=1)
    cases: tuple[Case, ...] = Field(min_length=1)
    glass: Glass
    duty: Duty
    withholding: Withholding
    checked: Checked

    @model_validator(mode="after")
    def _known(self) -> Self:
        used_bases = {name for case in self.cases for name in case.basis}
        used_extents = {case.extent for case in self.cases if case.extent}
        named = {
            "law": ({each.id for each in self.law}, {name for case in self.cases for name in case.law}),
            "basis": ({each.id for each in self.bases}, used_bases | {*self.glass.basis, *self.duty.basis}),
            "field": ({each.id for each in self.fields}, {name for each in self.extents for name in each.fields}),
            "extent": ({each.id for each in self.extents}, used_extents | {self.glass.extent}),
        }  # fmt: skip
        for what, (known, used) in named.items():
            if used - known:
                raise ValueError(f"the {what} “{min(used - known)}” is named in it and not laid down")
        for before, after in zip(self.law, self.law[1:], strict=False):
            if (after.first - before.last).days != 1:
                raise ValueError(f"“{after.id}” must begin the day after “{before.id}” ends")
        return self

    @cached_property
    def by_purpose(self) -> Mapping[tuple[PurposeWord, RoleWord], tuple[Case, ...]]:
        """The rows for each purpose and role, in the table's order."""
        return {
            (purpose, role): tuple(
                each
                for each in self.cases
                if (not each.purpose or purpose in each.purpose) and (not each.role or role in each.role)
            )
            for purpose in get_args(PurposeWord)
            for role in get_args(RoleWord)
        }

    @cached_property
    def by_extent(self) -> Mapping[str, tuple[PersonField, ...]]:
        """The fields of each extent, in the order in which fields stand."""
        return {
            extent.id: tuple(each for each in self.fields if each.id in extent.fields)
            for extent in self.extents
        }

    @cached_property
    def by_basis(self) -> Mapping[str, Basis]:
        """Each basis by its id."""
        return {each.id: each for each in self.bases}

    def law_on(self, day: date) -> Law:
        """The state of the law on a day. Unusable outside the days that are held: never a stale answer."""
        for each in self.law:
            if each.first <= day <= each.last:
                return each
        raise Unusable(
            f"The law of sharing is held from {in_words(self.law[0].first)} to {in_words(self.law[-1].last)}, "
            f"and {in_words(day)} is outside. Add it to sharing.yaml first."
        )

    def in_force(self, names: tuple[str, ...], day: date) -> tuple[Basis, ...]:
        """Those of the bases that hold on a day, in the order in which they are named."""
        return tuple(each for name in names if (each := self.by_basis[name]).holds(day))


class NumberStatus(Cited):
    """What a person's NHS number is worth, by the standard's code."""

    id: StatusWord
    code: Text
    says: Text

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class NumberStatuses(Entry):
    """``sharing_numbers.yaml``."""

    says: Text
    statuses: tuple[NumberStatus, ...] = Field(min_length=1)
    checked: Checked

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len({each.code for each in self.statuses}) < len(self.statuses):
            raise ValueError("a code stands twice")
        return self

    def named(self, id_: str) -> NumberStatus:
        """The status of that id. KeyError for one that is not laid down."""
        return {str(each.id): each for each in self.statuses}[id_]

    def coded(self, code: str) -> NumberStatus | None:
        """The status of that code, or None."""
        return next((each for each in self.statuses if each.code == code), None)
