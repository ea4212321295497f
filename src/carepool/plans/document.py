"""The plan as a document: parties, schemes, sources, spend for both years, and the admissions target.

A digest is a tree over the sections, so that a copy with one section withheld still verifies. Money is whole pence.
What people type is coerced here and nowhere else: pounds with signs, commas and spaces are fine.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from carepool.basics.canonical import Digest, digest_of
from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, pence_from_pounds
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable, nearest

_GROUPED = r"([0-9]+|[0-9]{1,3}([,\s][0-9]{3})+)"
_POUNDS = re.compile(rf"-?£?\s*-?{_GROUPED}(\.[0-9]{{1,2}})?")
_COUNT = re.compile(rf"{_GROUPED}(\.[0-9]{{1,6}})?")
LARGEST = 10**13
"""Pence in one row beyond which an amount is a slip: a hundred billion pounds."""

MOST_ADMISSIONS = 10**7
"""Admissions in a quarter beyond which a number is a slip: England had under 1.5 million."""


def pence_typed(text: object) -> Pence:
    """Pence from what a person typed in pounds, ``£1,240,000`` or ``1240000.50``. ValueError with what to do."""
    if isinstance(text, bool) or not isinstance(text, str | int):
        raise ValueError("is not an amount: write pounds, like 1,240,000")
    if isinstance(text, int):
        pence = text
    else:
        cleaned = text.strip().replace("−", "-")
        if not _POUNDS.fullmatch(cleaned):
            raise ValueError(f"“{text}” is not an amount: write pounds, like 1,240,000")
        pence = pence_from_pounds(Decimal(re.sub(r"[£,\s]", "", cleaned)))
    if pence < 0:
        raise ValueError("is below zero: write an amount of zero or more")
    if pence > LARGEST:
        raise ValueError("is more than the whole fund of England: check the unit")
    return pence


def count_typed(text: object) -> Decimal:
    """A number of admissions from what a person typed. ValueError with what to do."""
    written = str(text).strip()
    if written.startswith(("-", "−")):
        raise ValueError("is below zero: write a number of zero or more")
    if isinstance(text, bool) or not _COUNT.fullmatch(written):
        raise ValueError(f"“{written}” is not a number of admissions: write a number like 2,520")
    found = Decimal(re.sub(r"[,\s]", "", written))
    if found > MOST_ADMISSIONS:
        raise ValueError("is more than the admissions of all England: check the number")
    return found


def _quarter(text: object) -> Quarter:
    if isinstance(text, Quarter):
        return text
    try:
        return Quarter.parse(str(text))
    except Unusable as error:
        raise ValueError(str(error)) from error


Words = Annotated[
    str,
    Field(max_length=10_000),
    BeforeValidator(lambda text: text.strip() if isinstance(text, str) else text),
]
Code = Annotated[
    str,
    Field(min_length=1, max_length=40),
    BeforeValidator(lambda text: text.strip() if isinstance(text, str) else text),
]
Money = Annotated[Pence, BeforeValidator(pence_typed)]
Count = Annotated[Decimal, BeforeValidator(count_typed)]
InQuarter = Annotated[Quarter, BeforeValidator(_quarter)]


class Part(BaseModel):
    """Anything in a plan: frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Parties(Part):
    """Whose plan it is."""

    boards: tuple[Code, ...] = ()
    councils: tuple[Code, ...] = ()
    ccgs: tuple[Code, ...] = ()
    """The CCGs that contribute."""
    host: Code | Literal[""] = ""
    """The partner that holds the pooled account: a council or a CCG, never the board."""


class Scheme(Part):
    """Something that the money does."""

    id: Code
    name: Words = ""
    what: Words = ""
    who_for: Words = ""


class Schemes(Part):
    """All schemes."""

    schemes: tuple[Scheme, ...] = ()


class Source(Part):
    """Money that a party puts in."""

    contributor: Code
    source: Code
    """A stream of the fund, or ``additional`` for what a party adds of its own accord."""
    year_1: Money = 0
    year_2: Money = 0


class Sources(Part):
    """All money in."""

    sources: tuple[Source, ...] = ()


class SpendLine(Part):
    """What a scheme costs, and who provides it."""

    scheme: Code
    commissioner: Code
    provider: Words = ""
    year_1: Money = 0
    year_2: Money = 0


class Spend(Part):
    """All money out."""

    spend: tuple[SpendLine, ...] = ()


class QuarterTarget(Part):
    """A quarter's baseline and target."""

    quarter: InQuarter
    baseline: Count
    planned: Count


class Target(Part):
    """The admissions target, and the case for it where it is below the guideline."""

    quarters: tuple[QuarterTarget, ...] = ()
    case: Words = ""


SECTIONS: Mapping[str, type[Part]] = {
    "parties": Parties,
    "schemes": Schemes,
    "sources": Sources,
    "spend": Spend,
    "target": Target,
}
"""The sections in the order of the task list."""


class Plan(Part):
    """A whole plan."""

    rules: Code
    title: Words = ""
    parties: Parties = Parties()
    schemes: Schemes = Schemes()
    sources: Sources = Sources()
    spend: Spend = Spend()
    target: Target = Target()

    def section(self, name: str) -> Part:
        """One section. KeyError for one that a plan does not have."""
        SECTIONS[name]
        found: Part = getattr(self, name)
        return found

    def with_section(self, name: str, content: Part) -> "Plan":
        """The plan with one section replaced."""
        SECTIONS[name]
        return self.model_copy(update={name: content})

    def total(self, which: Literal["sources", "spend"], year: str) -> Pence:
        """All money in, or all money out, of ``year_1`` or ``year_2``, in pence."""
        rows: tuple[Source | SpendLine, ...] = (
            self.sources.sources if which == "sources" else self.spend.spend
        )
        return sum(int(getattr(row, year)) for row in rows)


def as_data(part: Part) -> dict[str, object]:
    """A plan or section in the shapes of JSON: money whole pence, counts strings, quarters as written."""
    return {name: _plain(getattr(part, name)) for name in type(part).model_fields}


def _plain(value: object) -> object:
    match value:
        case Part():
            return as_data(value)
        case tuple():
            return [_plain(each) for each in value]
        case Quarter():
            return str(value)
        case Decimal():
            return format(value, "f")
        case _:
            return value


def section_digest(name: str, content: Part) -> Digest:
    """The digest of one section."""
    return digest_of("plan-section", 1, {"section": name, "content": as_data(content)})


def plan_digest(plan: Plan) -> Digest:
    """The digest of a plan: over those of its sections, its rules and its title."""
    sections = {name: section_digest(name, plan.section(name)) for name in SECTIONS}
    return digest_of("plan-tree", 1, {"rules": plan.rules, "title": plan.title, "sections": sections})


def read_section(name: str, data: object) -> tuple[Part | None, list[Finding]]:
    """A section from JSON's shapes, or a blocking finding for each thing that is wrong in it."""
    return _read(SECTIONS[name], data, name)


def read_plan(data: object) -> tuple[Plan | None, list[Finding]]:
    """A plan from JSON's shapes, or a blocking finding for each thing that is wrong in it."""
    if not isinstance(data, Mapping):
        raise Unusable(
            "The plan is not a JSON object. Begin it with { and give it rules, parties, schemes, sources, spend and target."
        )
    found, findings = _read(Plan, data, "")
    return (found if isinstance(found, Plan) else None), findings


def _read(kind: type[Part], data: object, prefix: str) -> tuple[Part | None, list[Finding]]:
    try:
        return kind.model_validate(data), []
    except ValidationError as error:
        findings = []
        for each in error.errors(include_url=False):
            place = tuple(each["loc"])
            where = "/".join(str(part) for part in ((prefix, *place) if prefix else place)) or "plan"
            says, remedy = _words(kind, each["type"], each["msg"], place)
            findings.append(
                Finding(
                    "plan-shape",
                    Severity.BLOCKER,
                    where,
                    f"{_spoken(where)} {says}.",
                    remedy,
                    "plan document",
                )
            )
        return None, findings


def _words(kind: type[Part], fault: str, message: str, place: tuple[int | str, ...]) -> tuple[str, str]:
    if fault == "extra_forbidden":
        near = nearest(str(place[-1]), _every_key(kind))
        return "is not part of a plan", f"Did you mean “{near}”?" if near else "Remove it."
    if fault == "missing":
        return "is missing", "Add it."
    if fault == "string_too_short":
        return "is empty", "Fill it in."
    if fault == "string_too_long":
        return "is too long", "Shorten it."
    said, _, remedy = message.removeprefix("Value error, ").partition(": ")
    return (said if said.startswith(("is", "“")) else f"cannot be used ({said})"), (
        f"{remedy[:1].upper()}{remedy[1:]}." if remedy else "Correct it."
    )


def _every_key(kind: type[BaseModel]) -> set[str]:
    keys: set[str] = set()
    waiting: list[object] = [kind]
    seen: set[object] = set()
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        if isinstance(each, type) and issubclass(each, BaseModel):
            keys |= set(each.model_fields)
            waiting += [field.annotation for field in each.model_fields.values()]
        else:
            waiting += list(getattr(each, "__args__", ()))
    return keys


def _spoken(where: str) -> str:
    """A locator as a person says it: ``spend/2/year_1`` is Spend, row 3, year 1."""
    words = []
    for part in dict.fromkeys(where.split("/")):
        words.append(f"row {int(part) + 1}" if part.isdecimal() else part.replace("_", " "))
    spoken = ", ".join(words)
    return spoken[:1].upper() + spoken[1:]
