"""What a set of rules may hold: the shape, unit and type of every file in its folder.

Scalars arrive as the text that stands in the file and are typed here, so that ``12:00`` stays a time and ``no`` a
word. Every value carries its source and how sure we are of it.
"""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from carepool.basics.money import Pence, pence_from_pounds
from carepool.basics.periods import Quarter, in_words
from carepool.basics.refusals import Unusable


class Confidence(StrEnum):
    """How sure we are of a value."""

    PUBLISHED = "published"
    """A published document at hand says so."""
    RECALLED = "recalled"
    """Known from the official documents, whose text is not at hand: shown as such wherever it is used."""
    DERIVED = "derived"
    """Our arithmetic, or our method, on published values."""


class PaymentMethod(StrEnum):
    """How performance money is computed. Each has exactly one implementation, in ``carepool.payment``."""

    CUMULATIVE_RELEASE = "cumulative_release"


class AllocationMethod(StrEnum):
    """How a stream is shared out. Each has exactly one implementation, in ``carepool.allocation``."""

    CCG_ALLOCATION = "ccg_allocation"
    """National to CCGs by their programme allocation, each CCG's part to boards by where its people live."""
    NEED_THEN_PEOPLE = "need_then_people"
    """National to boards by need, each board's part to the CCGs of its people."""
    NEED = "need"
    """National to boards by need; received by councils."""


_WHOLE = re.compile(r"-?[0-9]+(_[0-9]+)*")
_NUMBER = re.compile(r"-?[0-9]+(_[0-9]+)*(\.[0-9]+)?")


def _pence(text: object) -> object:
    if isinstance(text, str) and _NUMBER.fullmatch(text):
        return pence_from_pounds(Decimal(text))
    raise ValueError("is not an amount of pounds: write it like 1_900_000_000 or 133.50")


def _decimal(text: object) -> object:
    if isinstance(text, str) and _NUMBER.fullmatch(text):
        return Decimal(text)
    raise ValueError("is not a number: write it like 1490 or 3.5")


def _quarter(text: object) -> object:
    try:
        return Quarter.parse(str(text))
    except Unusable as error:
        raise ValueError(str(error)) from error


def _date(text: object) -> object:
    try:
        if isinstance(text, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError("is not a date: write it like 2014-08-18")


def _yes_or_no(text: object) -> object:
    if text in {"yes", "no"}:
        return text == "yes"
    raise ValueError("is neither yes nor no")


Text = Annotated[str, Field(min_length=1)]
InPence = Annotated[Pence, BeforeValidator(_pence), Field(ge=0)]
Number = Annotated[Decimal, BeforeValidator(_decimal)]
InQuarters = Annotated[Quarter, BeforeValidator(_quarter)]
Day = Annotated[date, BeforeValidator(_date)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Entry(BaseModel):
    """Anything in a set of rules: frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Cited(Entry):
    """Anything that rests on a source."""

    source: Text
    confidence: Confidence


class Span(Entry):
    """From one day to another, both included."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")


class About(Cited):
    """``set.yaml``: what the set is, who issued it, and when it governs."""

    title: Text
    says: Text
    status: Literal["proposed", "operated"]
    issued: Day
    years: tuple[Text, ...] = ()
    """The financial years that a plan under these rules covers."""
    governs: Span
    notes: tuple[Text, ...] = ()


class Stream(Cited):
    """A part of the fund, and who receives it."""

    name: Name
    says: Text
    received_by: Literal["ccg", "council"]
    pence: InPence = Field(alias="pounds")


class OfWhich(Cited):
    """Money inside a stream, or inside all that CCGs receive: never a stream of its own."""

    name: Name
    says: Text
    within: Name
    pence: InPence = Field(alias="pounds")


class Stated(Cited):
    """A total as somebody stated it, kept beside the sum of its parts."""

    name: Name
    says: Text
    pence: InPence = Field(alias="pounds")
    of: tuple[Name, ...]


class Composition(Entry):
    """``composition.yaml``: the streams, what is inside them, and the totals as stated."""

    says: Text
    year: Text
    streams: tuple[Stream, ...]
    of_which: tuple[OfWhich, ...] = ()
    stated: tuple[Stated, ...] = ()

    @property
    def total(self) -> Pence:
        """The sum of the streams."""
        return sum(stream.pence for stream in self.streams)

    def sum_of(self, names: tuple[str, ...]) -> Pence:
        """The sum of some of the streams."""
        return sum(stream.pence for stream in self.streams if stream.name in names)


class Condition(Cited):
    """A national condition."""

    id: Name
    title: Text
    says: Text


class Conditions(Entry):
    """``conditions.yaml``."""

    says: Text
    conditions: tuple[Condition, ...]


class Office(Entry):
    """An office, and the kinds of body that have one."""

    name: Name
    says: Text
    of: tuple[Literal["council", "ccg", "board", "nhs_england", "ministers"], ...]


class Authority(Cited):
    """Which offices may do an action, in the name of the body that the office is in."""

    action: Name
    says: Text
    offices: tuple[Name, ...]


class Authorities(Entry):
    """``authority.yaml``."""

    says: Text
    offices: tuple[Office, ...]
    actions: tuple[Authority, ...]

    def of(self, action: str) -> Authority:
        """The authority for an action. KeyError for an action that the rules do not know."""
        return {each.action: each for each in self.actions}[action]

    def title(self, office: str) -> str:
        """An office as people call it."""
        return next((each.says for each in self.offices if each.name == office), office)


class Required(Cited):
    """A kind of party whose every member must decide."""

    kind: Literal["council", "contributing_ccg", "board"]
    says: Text


class Stage(Cited):
    """What follows once all have agreed, in order."""

    name: Name
    action: Name
    says: Text


class Decisions(Entry):
    """``decisions.yaml``."""

    says: Text
    required: tuple[Required, ...]
    stages: tuple[Stage, ...]


class Tranche(Cited):
    """A part of the performance money, as proposed."""

    name: Name
    says: Text
    on: Text
    pence: InPence = Field(alias="pounds")


class Tranches(Entry):
    """``payment/tranches.yaml``: performance money by tranche, where no computation is laid down."""

    says: Text
    tranches: tuple[Tranche, ...]
    note: Text


class Release(Cited):
    """``payment/release.yaml``: performance money by a named method and its options."""

    says: Text
    method: PaymentMethod
    metric: Name
    baseline_quarters: tuple[InQuarters, ...]
    performance_quarters: tuple[InQuarters, ...]
    cap: Literal["quarter", "year"]
    clawback: YesNo
    note: Text = ""


class Method(Cited):
    """How one stream is shared out."""

    stream: Name
    method: AllocationMethod


class Methods(Entry):
    """``allocation/methods.yaml``."""

    says: Text
    status: Literal["indicative", "official"]
    note: Text = ""
    methods: tuple[Method, ...]


class DatedValue(Cited):
    """A value from a day on."""

    since: Day = Field(alias="from")
    value: Number


class Checked(Entry):
    """Who last checked a file, when, and when it is due again."""

    by: Text
    on: Day
    again_by: Day


class Parameter(Entry):
    """Any other file: one number through time, in one unit."""

    says: Text
    unit: Literal["pounds per admission", "per cent", "pounds"]
    values: tuple[DatedValue, ...]
    known_until: Day
    checked: Checked

    def on(self, day: date) -> DatedValue:
        """The value on a day. Unusable before the first and past ``known_until``: never a stale answer."""
        if day > self.known_until:
            raise Unusable(
                f"“{self.says}” is known until {in_words(self.known_until)}, and {in_words(day)} is past it. "
                "Ask for a day up to then, or use the set of rules of that time."
            )
        held = [value for value in self.values if value.since <= day]
        if not held:
            first = min(value.since for value in self.values)
            raise Unusable(
                f"“{self.says}” has no value before {in_words(first)}, and {in_words(day)} is before it. "
                "Ask for a later day, or use the set of rules of that time."
            )
        return max(held, key=lambda value: value.since)
