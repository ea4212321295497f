"""What a set of rules may hold: the shape, unit and type of every file in its folder.

Every value carries its source and how sure we are of it. A list's entries have a ``key`` by which two sets of rules
are compared: what has the same key is the same thing, however it is worded.
"""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from carepool.basics.money import Pence
from carepool.basics.periods import in_words
from carepool.basics.refusals import Unusable
from carepool.rules.assurance import Assurance, Credibility, Enquiries
from carepool.rules.caring import AssessmentQuestions, CareCounts, Eligibility, VoiceQuestions
from carepool.rules.delivery import Delivering
from carepool.rules.measuring import Alarms, ChartRules, Definitions
from carepool.rules.paying import OutOfHospital, Rebasing, Release, Settling, Tranches
from carepool.rules.planning import Assumptions
from carepool.rules.procedure import Procedure
from carepool.rules.returns import Returns
from carepool.rules.scalars import (
    AllocationMethod,
    Checked,
    Cited,
    Day,
    Entry,
    InLondon,
    InPence,
    Name,
    Number,
    Span,
    Text,
    YesNo,
)
from carepool.rules.section75 import Section75
from carepool.rules.sharing import NumberStatuses, Sharing

BodyWord = Literal["council", "ccg", "icb", "board", "trust", "nhs_england", "local_government", "ministers"]


class NotKnown(Entry):
    """Days of which nobody at hand knows what held."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    says: Text

    def tells(self, first: date, last: date) -> bool:
        """Whether it covers all the days from one to another."""
        return self.first <= first and last <= self.last


class About(Cited):
    """``set.yaml``: what the set is, who issued it, when it governs, and between which bodies."""

    title: Text
    says: Text
    status: Literal["proposed", "operated", "draft", "standing"]
    """``standing``: no set of the fund, but rules that hold beside all of them."""
    issued: Day
    years: tuple[Text, ...] = ()
    """The financial years that a plan under these rules covers."""
    governs: Span
    follows: str = ""
    """The set that it took the place of."""
    places: Literal["england-2015", "england-2025"] = "england-2015"
    """Which register of boards, councils and NHS commissioners it is for."""
    not_known: tuple[NotKnown, ...] = ()
    """Days between the set that it follows and this one, whose rules are not held."""
    notes: tuple[Text, ...] = ()
    checked: Checked


class Stream(Cited):
    """A part of the fund, and who receives it."""

    name: Name
    says: Text
    received_by: Literal["ccg", "icb", "council"]
    pence: InPence = Field(alias="pounds")

    @property
    def key(self) -> str:
        """Its name."""
        return self.name

    @property
    def of_the_nhs(self) -> bool:
        """Whether NHS commissioners receive it, and so contribute it."""
        return self.received_by != "council"


class OfWhich(Cited):
    """Money inside a stream, or inside all that commissioners receive: never a stream of its own."""

    name: Name
    says: Text
    within: Name
    pence: InPence = Field(alias="pounds")

    @property
    def key(self) -> str:
        """Its name."""
        return self.name


class Stated(Cited):
    """A total as somebody stated it, kept beside the sum of its parts."""

    name: Name
    says: Text
    pence: InPence = Field(alias="pounds")
    of: tuple[Name, ...]

    @property
    def key(self) -> str:
        """Its name."""
        return self.name


class Composition(Entry):
    """``composition.yaml``: the streams, what is inside them, and the totals as stated."""

    says: Text
    year: Text
    streams: tuple[Stream, ...] = Field(min_length=1)
    of_which: tuple[OfWhich, ...] = ()
    stated: tuple[Stated, ...] = ()

    @property
    def total(self) -> Pence:
        """The sum of the streams."""
        return sum(stream.pence for stream in self.streams)

    def sum_of(self, names: tuple[str, ...]) -> Pence:
        """The sum of some of the streams."""
        return sum(stream.pence for stream in self.streams if stream.name in names)

    def inside(self, name: str) -> OfWhich | None:
        """The money of that name inside the streams, or None."""
        return next((part for part in self.of_which if part.name == name), None)


class TransferPart(Cited):
    """A part of a transfer."""

    name: Name
    says: Text
    pence: InPence = Field(alias="pounds")

    @property
    def key(self) -> str:
        """Its name."""
        return self.name


class Said(Cited):
    """Something that has a source of its own."""

    says: Text


class Transfer(Cited):
    """``transfer.yaml``: money that is transferred from one body to another and not pooled."""

    says: Text
    year: Text
    payer: Text
    payee: Text
    under: Text
    """The power that it is paid under."""
    parts: tuple[TransferPart, ...] = Field(min_length=1)
    conditions: tuple[Text, ...]
    certificate: Said

    @property
    def total(self) -> Pence:
        """The sum of its parts."""
        return sum(part.pence for part in self.parts)


class Condition(Cited):
    """A national condition."""

    id: Name
    title: Text
    says: Text
    evidence: tuple[Text, ...] = ()
    """What would show that it is met; ours unless the source says so."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Conditions(Entry):
    """``conditions.yaml``."""

    says: Text
    conditions: tuple[Condition, ...] = Field(min_length=1)


class Metric(Cited):
    """Something that the plan sets a target for, or that the nation watches."""

    id: Name
    title: Text
    says: Text
    unit: Text
    better: Literal["lower", "higher"]
    pays: YesNo
    """Whether performance money depends on it."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Metrics(Entry):
    """``metrics.yaml``."""

    says: Text
    metrics: tuple[Metric, ...] = Field(min_length=1)


class Office(Entry):
    """An office, and the kinds of body that have one."""

    name: Name
    says: Text
    of: tuple[BodyWord, ...]

    @property
    def key(self) -> str:
        """Its name."""
        return self.name


class Authority(Cited):
    """Which offices may do an action, in the name of the body that the office is in."""

    action: Name
    says: Text
    offices: tuple[Name, ...]
    delegable: YesNo = False
    """Whether whoever may do it can let somebody else do it, in writing."""

    @property
    def key(self) -> str:
        """The action."""
        return self.action


class Apart(Cited):
    """Two actions that no one person may both do on one plan."""

    actions: tuple[Name, Name]
    says: Text

    @property
    def key(self) -> str:
        """Both actions."""
        return " and ".join(self.actions)


class Impartial(Cited):
    """Actions that are refused to whoever is on another side: holds an office in a party, or has acted for another one."""

    actions: tuple[Name, ...] = Field(min_length=1)
    says: Text


class Authorities(Entry):
    """``authority.yaml``."""

    says: Text
    offices: tuple[Office, ...]
    actions: tuple[Authority, ...]
    apart: tuple[Apart, ...] = ()
    impartial: Impartial | None = None
    """What is refused to whoever holds an office in a party of the plan, or in a trust of its boards."""
    one_party: Impartial | None = None
    """What nobody does on one plan for two of its parties, but for a named lead beside its own commissioner."""

    def of(self, action: str) -> Authority:
        """The authority for an action. KeyError for an action that the rules do not know."""
        for each in self.actions:
            if each.action == action:
                return each
        raise KeyError(action)

    def title(self, office: str) -> str:
        """An office as people call it."""
        return next((each.says for each in self.offices if each.name == office), office)


class Required(Cited):
    """A kind of party whose every member must decide."""

    kind: Literal["council", "contributing_ccg", "contributing_icb", "board"]
    says: Text
    signed_by: tuple[Name, ...] = ()
    """Offices that must each sign for the body; none where one signature of any office that may decide is enough."""

    @property
    def key(self) -> str:
        """The kind of party."""
        return self.kind


class Stage(Cited):
    """What follows once all have agreed, in order."""

    name: Name
    action: Name
    says: Text

    @property
    def key(self) -> str:
        """Its name."""
        return self.name


class Contributing(Cited):
    """Which NHS commissioners count as contributing, and so must decide."""

    says: Text
    smallest_share: Number = Field(ge=0, le=100)
    """Per cent of the people of the plan's boards; a commissioner with a smaller share need not decide."""
    lead_may_decide: YesNo
    """Whether one commissioner may decide for others by the rules alone, without a delegation in writing."""
    lead_below: Number = Field(ge=0, le=100, default=Decimal(0))
    """Per cent of the people: a commissioner with a smaller share may let a named lead of another decide, in writing.

    One with this share or more of a board for which the plan was started decides on every version, named in it or not.
    """


WayWord = Literal["officer", "meeting", "sub_committee", "delegated_officer", "link", "document"]


class Way(Cited):
    """A way in which a body comes to its decision."""

    kind: WayWord
    says: Text
    of: tuple[BodyWord, ...] = Field(min_length=1)
    ratified: YesNo = False
    """Whether the body has to ratify it later."""

    @property
    def key(self) -> str:
        """The way."""
        return self.kind


class Tolerances(Cited):
    """Whether a party may agree within limits of its own."""

    says: Text
    allowed: YesNo


class Decisions(Entry):
    """``decisions.yaml``."""

    says: Text
    required: tuple[Required, ...]
    contributing: Contributing
    stages: tuple[Stage, ...]
    ways: tuple[Way, ...] = ()
    """How a body may come to its decision, the most usual first."""
    tolerance: Tolerances | None = None
    due: str = ""
    """The deadline of the timetable by which all are to have decided; empty where none is known."""

    def ways_of(self, kind: str) -> tuple[Way, ...]:
        """The ways open to a kind of body."""
        return tuple(each for each in self.ways if kind in each.of)


class Event(Cited):
    """A day in the round, or the last moment for something."""

    id: Name
    says: Text
    kind: Literal["deadline", "event"]
    at: InLondon
    """Local time in London; a bare date means the end of that day."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Timetable(Entry):
    """``timetable.yaml``: when what is due."""

    says: Text
    events: tuple[Event, ...] = Field(min_length=1)

    @property
    def deadlines(self) -> tuple[Event, ...]:
        """What is due, the earliest first."""
        return tuple(
            sorted((e for e in self.events if e.kind == "deadline"), key=lambda each: each.at.instant)
        )


class Power(Cited):
    """Who may redeploy, withhold or direct money: when, how much, and to whom."""

    id: Name
    says: Text
    who: Text
    when: Text
    how_much: Text
    to_whom: Text
    moves: YesNo = False
    """Whether money goes to somebody else by it, rather than being kept back or taken back."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Redeployment(Entry):
    """``redeployment.yaml``: what happens to money where agreement or performance fails."""

    says: Text
    powers: tuple[Power, ...] = Field(min_length=1)


class PassOn(Cited):
    """Capital that is paid to one body and must go on to another."""

    stream: Name
    says: Text
    paid_to: Text
    passed_to: Text
    unless: Text = ""
    latest: InLondon | None = None

    @property
    def key(self) -> str:
        """The stream."""
        return self.stream


class Capital(Entry):
    """``capital.yaml``: how capital grants are passed on."""

    says: Text
    grants: tuple[PassOn, ...] = Field(min_length=1)


class Suppression(Cited):
    """How small numbers of one kind of data are hidden before anybody else sees them."""

    data: Name
    says: Text
    hide_from: Number = Field(ge=0)
    hide_to: Number = Field(ge=0)
    """Counts from ``hide_from`` to ``hide_to``, both included, are hidden; equal to zero hides none."""
    nearest: Number = Field(ge=1, multiple_of=1)
    """Other counts are shown to the nearest of these."""
    possible: Number = Field(default=Decimal(2), ge=2, le=100, multiple_of=1)
    """How many values a hidden count must be able to have for a reader who knows all that is shown."""

    @property
    def key(self) -> str:
        """The kind of data."""
        return self.data


class Disclosure(Entry):
    """``disclosure.yaml``."""

    says: Text
    suppressions: tuple[Suppression, ...] = Field(min_length=1)


class Stricter(Cited):
    """A finding that only warns until a day, and stops a plan from then on."""

    code: Text
    says: Text
    blocks_from: InLondon

    @property
    def key(self) -> str:
        """The code of the finding."""
        return self.code


class Strictness(Entry):
    """``strictness.yaml``: from when which warnings block."""

    says: Text
    warnings: tuple[Stricter, ...] = Field(min_length=1)


class Method(Cited):
    """How one stream is shared out."""

    stream: Name
    method: AllocationMethod

    @property
    def key(self) -> str:
        """The stream."""
        return self.stream


class Calibration(Cited):
    """A published figure that the method is held against."""

    id: Name
    says: Text
    boards: tuple[Text, ...] = Field(min_length=1)
    streams: tuple[Name, ...] = Field(min_length=1)
    """The streams whose shares of those boards are added."""
    pence: InPence = Field(alias="pounds")

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Methods(Entry):
    """``allocation/methods.yaml``."""

    says: Text
    status: Literal["indicative"]
    """Always: only pounds that are loaded (``carepool allocate --allocations``) are official."""
    note: Text = ""
    methods: tuple[Method, ...] = Field(min_length=1)
    calibration: tuple[Calibration, ...] = ()


class DatedValue(Cited):
    """A value from a day on."""

    since: Day = Field(alias="from")
    value: Number

    @property
    def key(self) -> str:
        """The day."""
        return self.since.isoformat()


class Parameter(Entry):
    """Any other file: one number through time, in one unit."""

    says: Text
    unit: Literal["pounds per admission", "per cent", "percentage points", "pounds", "years"]
    values: tuple[DatedValue, ...]
    not_known: tuple[NotKnown, ...] = ()
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


Section = (
    About
    | Composition
    | Transfer
    | Conditions
    | Metrics
    | Authorities
    | Decisions
    | Timetable
    | Tranches
    | Release
    | Rebasing
    | OutOfHospital
    | Redeployment
    | Capital
    | Assurance
    | Enquiries
    | Credibility
    | Disclosure
    | Strictness
    | Methods
    | Procedure
    | Section75
    | Returns
    | Definitions
    | ChartRules
    | Alarms
    | Assumptions
    | Sharing
    | NumberStatuses
    | Eligibility
    | AssessmentQuestions
    | VoiceQuestions
    | CareCounts
    | Parameter
)
"""Any file of a set."""

KINDS: dict[str, type[Entry]] = {
    "set": About,
    "composition": Composition,
    "transfer": Transfer,
    "conditions": Conditions,
    "metrics": Metrics,
    "authority": Authorities,
    "decisions": Decisions,
    "timetable": Timetable,
    "payment/tranches": Tranches,
    "payment/release": Release,
    "payment/rebasing": Rebasing,
    "payment/settling": Settling,
    "payment/out_of_hospital": OutOfHospital,
    "redeployment": Redeployment,
    "capital": Capital,
    "assurance": Assurance,
    "enquiries": Enquiries,
    "savings/credibility": Credibility,
    "disclosure": Disclosure,
    "strictness": Strictness,
    "allocation/methods": Methods,
    "procedure": Procedure,
    "section_75": Section75,
    "returns": Returns,
    "delivery": Delivering,
    "definitions": Definitions,
    "chart_rules": ChartRules,
    "alarms": Alarms,
    "assumptions": Assumptions,
    "sharing": Sharing,
    "sharing_numbers": NumberStatuses,
    "eligibility": Eligibility,
    "questions": AssessmentQuestions,
    "voice": VoiceQuestions,
    "counts": CareCounts,
}
"""What stands at each path of a set, in the order that a reader meets them; anything else is a parameter."""
