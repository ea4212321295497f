"""The plan as a document of sections, each with a digest of its own, read from whatever people typed.

A digest is a tree over the sections that hold anything, so that a copy with one section withheld still verifies, and
over the fields that are filled in, so that a field which the document learns later changes no earlier digest. Money is
whole pence.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from pydantic import BaseModel, ValidationError

from carepool.basics.canonical import Digest, digest_of
from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable, nearest
from carepool.plans import sections as asked
from carepool.plans.describe import SectionAbout, describe
from carepool.plans.parts import Code, Part, Words, count_typed, pence_typed
from carepool.plans.sections import (
    Parties,
    QuarterTarget,
    Scheme,
    Schemes,
    Source,
    Sources,
    Spend,
    SpendLine,
    Target,
)
from carepool.rules.rulebook import RuleSet
from carepool.rules.schema import Composition

__all__ = [
    "EVERY",
    "Part",
    "Parties",
    "Plan",
    "QuarterTarget",
    "Scheme",
    "Schemes",
    "Source",
    "Sources",
    "Spend",
    "SpendLine",
    "Target",
    "as_data",
    "count_typed",
    "filled",
    "holds_anything",
    "pence_typed",
    "plan_digest",
    "read_plan",
    "read_section",
    "section_digest",
    "section_digests", "sections_asked",
]  # fmt: skip

EVERY: Mapping[str, SectionAbout] = {
    name: describe(name, title, part)
    for name, title, part in (
        ("parties", "Parties", Parties),
        ("vision", "Vision and case for change", asked.Vision),
        ("action", "Plan of action", asked.Action),
        ("schemes", "Schemes", Schemes),
        ("sources", "Money in", Sources),
        ("spend", "Money out", Spend),
        ("freed", "Where the money is freed", asked.FreedFrom),
        ("benefits", "Benefits", asked.Benefits),
        ("target", "Admissions target", Target),
        ("metrics", "Metrics", asked.Metrics),
        ("flows", "Hospitals", asked.Flows),
        ("conditions", "National conditions", asked.Conditions),
        ("protection", "Protecting social care services", asked.Protection),
        ("seven_days", "Seven-day services", asked.SevenDays),
        ("sharing", "Sharing data", asked.Sharing),
        ("assessment", "Joint assessment", asked.Assessment),
        ("earmarks", "Money meant for something", asked.Earmarks),
        ("risks", "Risks and contingency", asked.Risks),
        ("commentaries", "What providers say", asked.Commentaries),
        ("alignment", "Fit with other plans", asked.Alignment),
        ("engagement", "Who was heard", asked.Engagement),
        ("transfer", "The first year's transfer", asked.TransferUses),
    )
}
"""Every section in the order of the task list, with what it asks."""


def sections_asked(rules: RuleSet) -> tuple[str, ...]:
    """The sections that a set of rules has anything to ask about, in order."""
    without = {
        "target": not rules.pays,
        "flows": not rules.pays,
        "freed": (composition := rules.find("composition", Composition)) is None
        or composition.inside("performance") is None,
        "metrics": "metrics" not in rules.sections,
        "transfer": "transfer" not in rules.sections,
    }
    return tuple(name for name in EVERY if not without.get(name, False))


class Plan(Part):
    """A whole plan."""

    rules: Code
    title: Words = ""
    parties: Parties = Parties()
    vision: asked.Vision = asked.Vision()
    action: asked.Action = asked.Action()
    schemes: Schemes = Schemes()
    sources: Sources = Sources()
    spend: Spend = Spend()
    freed: asked.FreedFrom = asked.FreedFrom()
    benefits: asked.Benefits = asked.Benefits()
    target: Target = Target()
    metrics: asked.Metrics = asked.Metrics()
    flows: asked.Flows = asked.Flows()
    conditions: asked.Conditions = asked.Conditions()
    protection: asked.Protection = asked.Protection()
    seven_days: asked.SevenDays = asked.SevenDays()
    sharing: asked.Sharing = asked.Sharing()
    assessment: asked.Assessment = asked.Assessment()
    earmarks: asked.Earmarks = asked.Earmarks()
    risks: asked.Risks = asked.Risks()
    commentaries: asked.Commentaries = asked.Commentaries()
    alignment: asked.Alignment = asked.Alignment()
    engagement: asked.Engagement = asked.Engagement()
    transfer: asked.TransferUses = asked.TransferUses()

    def section(self, name: str) -> Part:
        """One section. KeyError for one that a plan does not have."""
        EVERY[name]
        found: Part = getattr(self, name)
        return found

    def with_section(self, name: str, content: Part) -> "Plan":
        """The plan with one section replaced."""
        EVERY[name]
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
        case date():
            return value.isoformat()
        case _:
            return value


def filled(part: Part) -> dict[str, object]:
    """A plan or section in the shapes of JSON, without the fields that nobody has filled in."""
    found, held = {}, part.__dict__
    for name, required, default in _defaults(type(part)):
        value = held[name]
        if required or value != default:
            found[name] = value if type(value) in _AS_THEY_ARE else filled(value) if isinstance(value, Part) else _filled(value)  # fmt: skip
    return found


_AS_THEY_ARE = {str, int}
"""Types of values that stand in JSON as they stand in a plan."""


@cache
def _defaults(kind: type[Part]) -> tuple[tuple[str, bool, object], ...]:
    return tuple((name, about.is_required(), about.default) for name, about in kind.model_fields.items())


def holds_anything(part: Part) -> bool:
    """Whether anybody has filled in anything in a section."""
    return any(required or part.__dict__[name] != default for name, required, default in _defaults(type(part)))  # fmt: skip


def _filled(value: object) -> object:
    if isinstance(value, tuple):
        return [filled(each) if isinstance(each, Part) else _plain(each) for each in value]
    return _plain(value)


def section_digest(name: str, content: Part) -> Digest:
    """The digest of one section."""
    return digest_of("plan-section", 2, {"section": name, "content": filled(content)})


def plan_digest(plan: Plan) -> Digest:
    """The digest of a plan: over those of the sections that hold anything, its rules and its title."""
    return digest_of(
        "plan-tree", 2, {"rules": plan.rules, "title": plan.title, "sections": section_digests(plan)}
    )


def section_digests(plan: Plan) -> dict[str, Digest]:
    """The digest of every section that holds anything."""
    return {name: section_digest(name, plan.section(name)) for name in EVERY if holds_anything(plan.section(name))}  # fmt: skip


def read_section(name: str, data: object) -> tuple[Part | None, list[Finding]]:
    """A section from JSON's shapes, or a blocking finding for each thing that is wrong in it."""
    return _read(EVERY[name].part, data, name)


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
    except UnicodeEncodeError:
        return None, [
            Finding("plan-shape", Severity.BLOCKER, where, f"{_spoken(where)} holds half of a character, which is not text.", "Write it anew.", "plan document")
            for where in _half_characters(data, prefix)
        ]  # fmt: skip
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


def _half_characters(data: object, where: str) -> Iterator[str]:
    """Where a text holds half of a surrogate pair, which pydantic cannot even speak of."""
    if isinstance(data, Mapping):
        pairs: Iterable[tuple[object, object]] = data.items()
    else:
        pairs = enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        yield from _half_characters(value, f"{where}/{key}" if where else str(key))
        if isinstance(key, str) and _is_half(key):
            yield where or "plan"
    if isinstance(data, str) and _is_half(data):
        yield where or "plan"


def _is_half(text: str) -> bool:
    return any("\ud800" <= each <= "\udfff" for each in text)


def _words(kind: type[Part], fault: str, message: str, place: tuple[int | str, ...]) -> tuple[str, str]:
    if fault == "extra_forbidden":
        near = _near(kind, str(place[-1]))
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


@lru_cache(maxsize=1_000)
def _near(kind: type[Part], word: str) -> str | None:
    return nearest(word, _every_key(kind))


@cache
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
