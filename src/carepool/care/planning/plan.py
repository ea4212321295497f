"""A care plan: goals, needs, services with who pays each, contingency, review, consent and sharing; and what it lacks."""

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from carepool.basics.canonical import Digest, canonical, digest_of_bytes
from carepool.basics.findings import Finding, Severity
from carepool.basics.periods import in_words
from carepool.care.people.person import Held, OpaqueId, Person, Short, Words

KIND, SCHEMA, MEDIA_TYPE = "care-plan", 1, "application/json"
WHOLE = Decimal(100)


class Payer(StrEnum):
    """Who pays; the words are those on the page."""

    CONTINUING_CARE = "NHS continuing healthcare"
    SECTION_117 = "After-care under section 117"
    NHS = "The NHS"
    COUNCIL = "The council"
    DIRECT_PAYMENT = "Direct payment from the council"
    PERSONAL_HEALTH_BUDGET = "Personal health budget"
    SELF = "The person"


OF_THE_NHS = frozenset({Payer.CONTINUING_CARE, Payer.NHS, Payer.PERSONAL_HEALTH_BUDGET})
OF_THE_COUNCIL = frozenset({Payer.COUNCIL, Payer.DIRECT_PAYMENT})
FREE = frozenset({Payer.CONTINUING_CARE, Payer.SECTION_117})
"""What nobody is charged for."""


class DayWord(StrEnum):
    """The days of the week, and the bank holiday, which is a day of its own."""

    MONDAY = "Monday"
    TUESDAY = "Tuesday"
    WEDNESDAY = "Wednesday"
    THURSDAY = "Thursday"
    FRIDAY = "Friday"
    SATURDAY = "Saturday"
    SUNDAY = "Sunday"
    BANK_HOLIDAY = "Bank holiday"


class Payment(Held):
    """A payer's share of a service."""

    payer: Payer
    body: Short | None = None
    """Which body, where it is one."""
    share: Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2)] = WHOLE
    """Per cent, without zeros at its end."""

    @field_validator("share")
    @classmethod
    def _short(cls, share: Decimal) -> Decimal:
        return Decimal(f"{share.normalize():f}")


class Window(Held):
    """When a service can start: on which days, between which hours."""

    days: tuple[DayWord, ...] = Field(min_length=1)
    opens: time
    closes: time

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.closes <= self.opens or any(
            each.tzinfo or each.microsecond for each in (self.opens, self.closes)
        ):
            raise ValueError("a window opens before it closes, on one day, in London's time")
        if len(set(self.days)) != len(self.days):
            raise ValueError("a day is named twice")
        return self


class Readiness(Held):
    """When a service can start, and how much notice it needs."""

    windows: tuple[Window, ...] = Field(min_length=1)
    notice_hours: int = Field(ge=0, le=24 * 60, default=0)
    needed: Literal["before", "same_day", "after"] = "same_day"
    """Before the person comes home, on that day, or later."""


class Goal(Held):
    """Something that the person wants to reach, in their words."""

    id: OpaqueId
    says: Words
    by: date | None = None
    status: Literal["proposed", "active", "completed", "cancelled"] = "active"


class Need(Held):
    """A need for care, and the question of the assessment that it shows in."""

    id: OpaqueId
    says: Words
    question: Short | None = None


class Service(Held):
    """A service: what for, by whom, and who pays."""

    id: OpaqueId
    says: Words
    provider: Short | None = None
    telephone: Short | None = None
    needs: tuple[OpaqueId, ...] = ()
    goals: tuple[OpaqueId, ...] = ()
    often: Short | None = None
    """How often, like “twice a day”."""
    paid_by: tuple[Payment, ...] = ()
    ready: Readiness | None = None

    @property
    def joint(self) -> bool:
        """Whether several pay."""
        return len(self.paid_by) > 1


class Consent(Held):
    """Whether the person consents to the plan and to its being shared, or who decided for them."""

    given: Literal["yes", "no", "best_interests"]
    on: date
    by: Short
    """Who consented or decided: the person, an attorney or deputy, or who decided in their best interests."""


class SharedWith(Held):
    """Somebody with whom the plan is shared."""

    name: Short
    what: Literal["whole", "summary"]
    since: date


class CarePlan(Held):
    """A care plan in one version."""

    person: OpaqueId
    id: OpaqueId
    title: Short
    begun_on: date
    status: Literal["draft", "active", "on-hold", "revoked", "completed"] = "draft"
    assessment: Digest | None = None
    """The assessment that it rests on."""
    matters: Words | None = None
    """What matters to the person, in their own words."""
    goals: tuple[Goal, ...] = ()
    needs: tuple[Need, ...] = ()
    services: tuple[Service, ...] = ()
    integrated: bool = False
    """Whether health and social care give it as one package, so that exactly one professional is accountable."""
    contingency: Words | None = None
    """What happens when something fails, and whom to ring."""
    review_on: date | None = None
    consent: Consent | None = None
    shared_with: tuple[SharedWith, ...] = ()

    @model_validator(mode="after")
    def _names(self) -> Self:
        for name, things in (("goal", self.goals), ("need", self.needs), ("service", self.services)):
            ids = [each.id for each in things]
            if len(set(ids)) != len(ids):
                raise ValueError(f"two of its {name}s have the same id")
        needs, goals = {each.id for each in self.needs}, {each.id for each in self.goals}
        for each in self.services:
            if not set(each.needs) <= needs or not set(each.goals) <= goals:
                raise ValueError(f"the service {each.id} is for a need or a goal that the plan does not have")
            if len(set(each.needs)) != len(each.needs) or len(set(each.goals)) != len(each.goals):
                raise ValueError(f"the service {each.id} names a need or a goal twice")
        return self

    def content(self) -> bytes:
        """As it is kept."""
        return canonical(self.model_dump(mode="json"))

    @property
    def digest(self) -> Digest:
        """What names this version, where it is kept without a salt."""
        return digest_of_bytes(KIND, SCHEMA, self.content())

    @property
    def joint(self) -> bool:
        """Whether both the NHS and the council pay for it, in one service or in several."""
        payers = {each.payer for service in self.services for each in service.paid_by}
        return bool(payers & (OF_THE_NHS | {Payer.SECTION_117})) and bool(payers & (OF_THE_COUNCIL | {Payer.SECTION_117}))  # fmt: skip


class Member(Held):
    """Somebody of the team around the person."""

    id: OpaqueId
    name: Short
    role: Short
    body: Short | None = None
    telephone: Short | None = None
    accountable: bool = False
    """Whether this is the accountable professional."""


class TeamList(Held):
    """The team around a plan, as it is kept."""

    members: tuple[Member, ...] = ()

    def content(self) -> bytes:
        """As it is kept."""
        return canonical(self.model_dump(mode="json"))


class PlanFile(Held):
    """What goes out of the wing together and comes in together: a person, the plan, and the team."""

    person: Person
    plan: CarePlan
    team: tuple[Member, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.plan.person != self.person.id:
            raise ValueError("the plan is of another person")
        ids = [each.id for each in self.team]
        if len(set(ids)) != len(ids):
            raise ValueError("somebody stands in the team twice")
        if sum(each.accountable for each in self.team) > 1:
            raise ValueError("two of the team are accountable: exactly one is")
        return self


def read_plan(content: bytes | str) -> CarePlan:
    """The plan that was kept."""
    return CarePlan.model_validate_json(content)


def lacking(plan: CarePlan, on: date) -> list[Finding]:
    """What stands in the way of agreeing a plan, and what is to be looked at."""
    found: list[Finding] = []
    if plan.matters is None:
        found.append(_finding("no-voice", Severity.BLOCKER, "matters", "It does not say what matters to the person.", "Ask them, and write it in their own words.", "National condition: a joint approach to assessment and care planning"))  # fmt: skip
    if plan.assessment is None:
        found.append(_finding("no-assessment", Severity.BLOCKER, "assessment", "It rests on no assessment.", "Complete the joint assessment first.", "National condition: a joint approach to assessment and care planning"))  # fmt: skip
    if not plan.goals:
        found.append(_finding("no-goal", Severity.BLOCKER, "goals", "It has no goal.", "Write at least one, in the person's words.", "Care Act 2014, section 25"))  # fmt: skip
    found += _unmet(plan)
    for number, service in enumerate(plan.services, 1):
        found += _of_service(service, f"services/{number}")
    if plan.joint and not plan.integrated:
        found.append(_finding("joint-not-integrated", Severity.WARNING, "integrated", "The NHS and the council both pay, and it is not said to be integrated.", "Say that it is, so that one professional is accountable, or be sure that it is not.", "National condition: an accountable professional where packages are integrated"))  # fmt: skip
    if plan.contingency is None:
        found.append(_finding("no-contingency", Severity.BLOCKER, "contingency", "It does not say what happens when something fails.", "Write whom to ring, by day and by night, and what is done.", "Care Act 2014, section 25"))  # fmt: skip
    found += _reviewed_and_consented(plan, on)
    return found


def _unmet(plan: CarePlan) -> Iterable[Finding]:
    met = {need for service in plan.services for need in service.needs}
    for number, need in enumerate(plan.needs, 1):
        if need.id not in met:
            yield _finding("need-unmet", Severity.WARNING, f"needs/{number}", f"No service is for “{need.says}”.", "Name a service for it, or say in the need how it is met.", "Care Act 2014, section 25")  # fmt: skip
    if not plan.services:
        yield _finding("no-service", Severity.BLOCKER, "services", "It has no service.", "Write what is done, by whom, and who pays.", "Care Act 2014, section 25")  # fmt: skip


def _of_service(service: Service, where: str) -> Iterable[Finding]:
    title = f"“{service.says}”"
    payers = [each.payer for each in service.paid_by]
    if not payers:
        yield _finding("nobody-pays", Severity.BLOCKER, f"{where}/paid_by", f"Nobody pays for {title}.", "Say who pays, even where it is the person.", "Care plan: who pays each service")  # fmt: skip
    total = sum((each.share for each in service.paid_by), Decimal(0))
    if payers and total != WHOLE:
        yield _finding("shares", Severity.BLOCKER, f"{where}/paid_by", f"The shares of {title} add to {total:f} per cent.", "Change them so that they add to 100.", "Care plan: who pays each service")  # fmt: skip
    if len({(each.payer, each.body) for each in service.paid_by}) != len(payers):
        yield _finding("payer-twice", Severity.BLOCKER, f"{where}/paid_by", f"A payer of {title} is named twice.", "Add the two shares together.", "Care plan: who pays each service")  # fmt: skip
    if Payer.SELF in payers and FREE & set(payers):
        yield _finding("charged-for-free-care", Severity.BLOCKER, f"{where}/paid_by", f"The person pays for part of {title}, which is NHS continuing healthcare or after-care and free of charge.", "Take the person's share out, or make what they buy beside it a service of its own.", "NHS Act 2006, section 1; Mental Health Act 1983, section 117")  # fmt: skip
    if Payer.CONTINUING_CARE in payers and OF_THE_COUNCIL & set(payers):
        yield _finding("council-pays-continuing-care", Severity.BLOCKER, f"{where}/paid_by", f"The council pays for part of {title}, which is NHS continuing healthcare and wholly the NHS's.", "Let the NHS pay all of it, or make it a joint package.", "National Framework for NHS Continuing Healthcare")  # fmt: skip
    for each in service.paid_by:
        if each.payer is not Payer.SELF and each.body is None:
            yield _finding("which-body", Severity.WARNING, f"{where}/paid_by", f"{each.payer} pays for {title}, and which body that is is not said.", "Name the body.", "Care plan: who pays each service")  # fmt: skip
    if service.provider is None:
        yield _finding("no-provider", Severity.WARNING, f"{where}/provider", f"Nobody is named for {title}.", "Name who does it.", "Care plan: what is done, by whom")  # fmt: skip


def _reviewed_and_consented(plan: CarePlan, on: date) -> Iterable[Finding]:
    if plan.review_on is None:
        yield _finding("no-review", Severity.BLOCKER, "review_on", "No review is planned.", "Enter the day of the first review.", "Care Act 2014, section 27")  # fmt: skip
    elif plan.review_on < on:
        yield _finding("review-overdue", Severity.WARNING, "review_on", f"The review was due on {in_words(plan.review_on)}.", "Hold it, and enter the next.", "Care Act 2014, section 27")  # fmt: skip
    if plan.consent is None:
        yield _finding("no-consent", Severity.BLOCKER, "consent", "Nobody has consented.", "Ask the person, or who may decide for them, and enter the answer.", "Mental Capacity Act 2005; common law of confidentiality")  # fmt: skip
    elif plan.consent.given == "no":
        yield _finding("consent-refused", Severity.BLOCKER, "consent", f"Consent was refused on {in_words(plan.consent.on)}.", "Change the plan with the person. It cannot be agreed as it stands.", "Mental Capacity Act 2005; common law of confidentiality")  # fmt: skip
        if plan.shared_with:
            yield _finding("shared-without-consent", Severity.BLOCKER, "shared_with", "Consent was refused, and the plan is shared.", "End the sharing, or name the law that asks for it.", "Common law of confidentiality")  # fmt: skip


def _finding(code: str, severity: Severity, where: str, says: str, remedy: str, rule: str) -> Finding:
    return Finding(code, severity, where, says, remedy, rule)
