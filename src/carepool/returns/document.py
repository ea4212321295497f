"""A return as a document of parts, read from whatever people typed, with the digest that a signature names.

Each part is described like a section of a plan, so forms, sheets and maps of issued templates are made of it alike.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field, ValidationError

from carepool.basics.canonical import Digest, canonical, digest_of
from carepool.basics.findings import Finding, Severity
from carepool.basics.refusals import Unusable
from carepool.journal.documents import Document
from carepool.plans.describe import SectionAbout, describe
from carepool.plans.document import as_data, filled
from carepool.plans.parts import (
    Choice,
    Code,
    InQuarter,
    Line,
    MaybeDay,
    MaybeMoney,
    MaybeNumber,
    Of,
    Part,
    Words,
    YesNo,
)

KIND = "return"
INCOME, SPEND = "income", "spend"
WAYS = {INCOME: "Income", SPEND: "Expenditure"}
ANSWERS = {"met": "Met", "in_progress": "In progress", "not_met": "Not met"}
STATUSES = {"on_track": "On track", "not_on_track": "Not on track", "no_data": "Data not available"}
NO_DATA = {
    "not_published": "Not published yet", "system": "A system or its feed failed", "definition": "The definition changed",
    "not_collected": "Not collected here", "other": "Another reason",
}  # fmt: skip


class Agreement(Part):
    """Whether the pooled fund has its section 75 agreement."""

    in_place: Annotated[YesNo, Field(title="Is the section 75 agreement in place?")] = ""
    since: Annotated[MaybeDay, Field(title="Since when", description="Where it is in place")] = None
    expected: Annotated[MaybeDay, Field(title="When it is expected", description="Where it is not in place")] = None  # fmt: skip
    comment: Annotated[Words, Field(title="Commentary")] = ""


class ConditionAnswer(Part):
    """A national condition."""

    id: Annotated[Code, Of("conditions"), Field(title="Condition")]
    answer: Annotated[str, Choice(**ANSWERS), Field(title="Is it met?")] = ""
    by: Annotated[MaybeDay, Field(title="By when", description="Where it is not met yet")] = None
    reason: Annotated[Words, Field(title="Why", description="Where it is not met yet, and what is done")] = ""


class Conditions(Part):
    """Each national condition: met, in progress or not met."""

    conditions: tuple[ConditionAnswer, ...] = ()


class Flow(Part):
    """A quarter's income or expenditure."""

    way: Annotated[str, Choice(**WAYS), Field(title="Income or expenditure")]
    quarter: Annotated[InQuarter, Field(title="Quarter")]
    planned: Annotated[MaybeMoney, Field(title="Planned")] = None
    forecast: Annotated[MaybeMoney, Field(title="Forecast")] = None
    actual: Annotated[MaybeMoney, Field(title="Actual", description="Once the quarter is over")] = None


class Money(Part):
    """Income and expenditure of each quarter: planned, forecast and actual."""

    flows: tuple[Flow, ...] = ()
    comment: Annotated[Words, Field(title="Commentary", description="What differs from the plan, and why a figure is less than it was")] = ""  # fmt: skip


class Payment(Part):
    """What a quarter's outturn pays."""

    quarter: Annotated[InQuarter, Field(title="Quarter")]
    planned: Annotated[MaybeNumber, Field(title="Planned admissions")] = None
    actual: Annotated[MaybeNumber, Field(title="Actual admissions")] = None
    most: Annotated[MaybeMoney, Field(title="At most")] = None
    suggested: Annotated[MaybeMoney, Field(title="Suggested payment", description="As the statement of the rules computes it")] = None  # fmt: skip
    agreed: Annotated[MaybeMoney, Field(title="Payment agreed locally")] = None
    reason: Annotated[Words, Field(title="Why it differs", description="Where it is not the suggested payment")] = ""  # fmt: skip


class Performance(Part):
    """What each quarter's outturn pays as it is computed, and what was agreed."""

    payments: tuple[Payment, ...] = ()


class Unreleased(Part):
    """Performance money that was not released so far, and what was made of it."""

    suggested: Annotated[MaybeMoney, Field(title="Suggested: not released so far", description="As the statement of the rules computes it")] = None  # fmt: skip
    agreed: Annotated[MaybeMoney, Field(title="Agreed: not released so far")] = None
    used: Annotated[MaybeMoney, Field(title="Used so far")] = None
    use: Annotated[str, Of("uses"), Field(title="What it was used for", max_length=40)] = ""
    decision: Annotated[Line, Field(title="Decision of the board", description="The number of the mandate in the pool's books by which it was decided")] = ""  # fmt: skip
    reason: Annotated[Words, Field(title="Commentary", description="Why agreed and suggested differ, and what the money does")] = ""  # fmt: skip


class MetricAnswer(Part):
    """A metric."""

    id: Annotated[Code, Of("metrics"), Field(title="Metric")]
    status: Annotated[str, Choice(**STATUSES), Field(title="Is it on track?")] = ""
    no_data: Annotated[str, Choice(**NO_DATA), Field(title="Why there are no data")] = ""
    value: Annotated[MaybeNumber, Field(title="Latest figure")] = None
    narrative: Annotated[Words, Field(title="Narrative")] = ""


class Metrics(Part):
    """Each metric: on track, not on track, or no data."""

    metrics: tuple[MetricAnswer, ...] = ()


class Count(Part):
    """Something else that is counted."""

    id: Annotated[Code, Of("counted"), Field(title="Measure")]
    value: Annotated[MaybeNumber, Field(title="Number")] = None
    comment: Annotated[Words, Field(title="Commentary")] = ""


class Measures(Part):
    """What else is counted every quarter."""

    counts: tuple[Count, ...] = ()


class YearEnd(Part):
    """How the year went."""

    delivery: Annotated[Words, Field(title="Delivery", description="What the fund did for working together")] = ""  # fmt: skip
    successes: Annotated[Words, Field(title="Successes")] = ""
    challenges: Annotated[Words, Field(title="Challenges")] = ""


class Narrative(Part):
    """Progress, wider integration, and what differs from the plan."""

    progress: Annotated[Words, Field(title="Progress and wider integration")] = ""
    variances: Annotated[Words, Field(title="What differs from the plan")] = ""


class Return(Part):
    """A whole return; a part that the quarter's rules do not ask for stays empty."""

    plan: Line
    quarter: InQuarter
    rules: Line
    agreement: Agreement = Agreement()
    conditions: Conditions = Conditions()
    money: Money = Money()
    performance: Performance = Performance()
    unreleased: Unreleased = Unreleased()
    metrics: Metrics = Metrics()
    measures: Measures = Measures()
    year_end: YearEnd = YearEnd()
    narrative: Narrative = Narrative()

    def part(self, name: str) -> Part:
        """One part. KeyError for one that no return has."""
        PARTS[name]
        found: Part = getattr(self, name)
        return found

    def with_part(self, name: str, content: Part) -> "Return":
        """The return with one part replaced."""
        PARTS[name]
        return self.model_copy(update={name: content})


PARTS: Mapping[str, SectionAbout] = {
    name: describe(name, title, part)
    for name, title, part in (
        ("agreement", "Budget arrangements", Agreement),
        ("conditions", "National conditions", Conditions),
        ("money", "Income and expenditure", Money),
        ("performance", "Payment for performance", Performance),
        ("unreleased", "Money that was not released", Unreleased),
        ("metrics", "Supporting metrics", Metrics),
        ("measures", "Additional measures", Measures),
        ("year_end", "Year-end feedback", YearEnd),
        ("narrative", "Narrative", Narrative),
    )
}
"""Every part that a return can have."""
GIVEN: Mapping[str, frozenset[str]] = {
    "conditions": frozenset({"id"}),
    "money": frozenset({"way", "quarter"}),
    "performance": frozenset({"quarter", "planned", "actual", "most", "suggested"}),
    "unreleased": frozenset({"suggested"}),
    "metrics": frozenset({"id"}),
    "measures": frozenset({"id"}),
}
"""What of each part nobody types: what a row is about, and what is computed."""


def merged(name: str, now: Part, typed: Mapping[str, object]) -> dict[str, object]:
    """A part with what was typed over it: its rows stay, found again by what they are about, and what is given stays."""
    data = as_data(now)
    given = GIVEN.get(name, frozenset())
    data |= {each.name: typed[each.name] for each in PARTS[name].fields if each.name in typed and each.name not in given}  # fmt: skip
    for one in PARTS[name].lists:
        rows = typed.get(one.name)
        handed = {_about(row): row for row in (rows if isinstance(rows, list) else []) if isinstance(row, Mapping)}  # fmt: skip
        made: list[dict[str, object]] = []
        for row in getattr(now, one.name):
            over = handed.get(_about(as_data(row)), {})
            made.append(as_data(row) | {key: value for key, value in over.items() if key not in given})
        data[one.name] = made
    return data


def row_over(name: str, now: Part, typed: Mapping[str, object], rows: str, number: int) -> int | None:
    """Which row of a part a row that was typed is laid over; None where the part has none of it, or a later one is laid over the same."""
    given = typed.get(rows)
    about = [_about(each) if isinstance(each, Mapping) else () for each in (given if isinstance(given, list) else [])]  # fmt: skip
    if about[number] in about[number + 1 :] or rows not in {each.name for each in PARTS[name].lists}:
        return None
    return next((n for n, each in enumerate(getattr(now, rows)) if _about(as_data(each)) == about[number]), None)  # fmt: skip


def _about(row: Mapping[str, object]) -> tuple[str, ...]:
    """What a row is about."""
    return tuple(str(row.get(each, "")) for each in ("id", "way", "quarter"))


def return_digest(found: Return) -> Digest:
    """The digest of a return: over what is filled in, so that a field which it learns later changes none that was sent."""
    return digest_of(KIND, 1, filled(found))


def part_digest(name: str, content: Part) -> Digest:
    """The digest of one part, by which a change of it in the meantime is noticed."""
    return digest_of("return-part", 1, {"part": name, "content": filled(content)})


def document_of(found: Return, salt: bytes) -> Document:
    """A return as it is kept. It holds words, so it can be withdrawn without anybody guessing it from its digest."""
    return Document(KIND, "application/json", canonical(as_data(found)), salt)


def read_part(name: str, data: object) -> tuple[Part | None, list[Finding]]:
    """A part from JSON's shapes, or a blocking finding for each thing that is wrong in it."""
    return _read(PARTS[name].part, data, name)


def read_return(data: object) -> Return:
    """A return from JSON's shapes. Unusable with the first thing that is wrong in it."""
    found, findings = _read(Return, data, "")
    if not isinstance(found, Return):
        raise Unusable(f"{findings[0].says} {findings[0].remedy}")
    return found


def _read(kind: type[Part], data: object, prefix: str) -> tuple[Part | None, list[Finding]]:
    try:
        return kind.model_validate(data), []
    except (ValidationError, UnicodeEncodeError) as error:
        return None, list(_faults(error, prefix))


def _faults(error: ValidationError | UnicodeEncodeError, prefix: str) -> Iterator[Finding]:
    if isinstance(error, UnicodeEncodeError):
        yield _fault(prefix or "return", "holds half of a character, which is not text", "Write it anew.")
        return
    for each in error.errors(include_url=False):
        place = [str(part) for part in each["loc"]]
        where = "/".join([prefix, *place] if prefix else place) or "return"
        says, _, remedy = _SAID.get(each["type"], each["msg"].removeprefix("Value error, ")).partition(": ")
        yield _fault(where, says, f"{remedy[:1].upper()}{remedy[1:]}." if remedy else "Correct it.")


_SAID = {
    "extra_forbidden": "is not part of a return: take it out",
    "missing": "is missing: add it",
    "string_too_short": "is empty: fill it in",
    "string_too_long": "is too long: shorten it",
}


def _fault(where: str, says: str, remedy: str) -> Finding:
    words = [f"row {int(each) + 1}" if each.isdecimal() else each.replace("_", " ") for each in where.split("/")]  # fmt: skip
    spoken = ", ".join(words)
    return Finding("return-shape", Severity.BLOCKER, where, f"{spoken[:1].upper()}{spoken[1:]}: {says}.", remedy, "return document")  # fmt: skip
