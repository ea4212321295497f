"""What planning takes for granted unless it is told otherwise: each value with its bounds, cited, and open to be replaced."""

from typing import Self

from pydantic import Field, model_validator

from carepool.basics.refusals import unknown
from carepool.rules.scalars import Cited, Entry, Name, Number, Text


class Assumption(Cited):
    """A value that stands until whoever asks gives their own."""

    id: Name
    says: Text
    unit: Text
    value: Number
    least: Number
    """What is below it is a slip."""
    most: Number
    """What is above it is absurd."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id

    @model_validator(mode="after")
    def _within(self) -> Self:
        if not self.least <= self.value <= self.most:
            raise ValueError(f"“{self.id}” must lie from {self.least} to {self.most}")
        return self


class Assumptions(Entry):
    """``assumptions.yaml``."""

    says: Text
    assumptions: tuple[Assumption, ...] = Field(min_length=1)

    def named(self, id_: str) -> Assumption:
        """The assumption of that id. NotHere for one that the rules lack."""
        for each in self.assumptions:
            if each.id == id_:
                return each
        raise unknown("assumption", id_, [each.id for each in self.assumptions], "Look at assumptions.yaml.")
