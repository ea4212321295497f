"""Measures as answers: one JSON document, and lines for a terminal; what has no value says why, and is never a zero."""

from collections.abc import Iterable

from carepool.actions.measuring import Answer
from carepool.basics.money import in_figures
from carepool.basics.periods import in_words
from carepool.measures.values import HELD, Status, Value
from carepool.render.answers import Data
from carepool.rules.measuring import Break, Definition


def one(answer: Answer) -> Data:
    """A measure of an area with all its periods."""
    measured, definition = answer.measured, answer.measured.definition
    return {
        "measure": definition.id,
        "title": definition.title,
        "area": answer.area,
        "name": answer.name,
        "unit": definition.unit,
        "better": definition.better,
        "pays": definition.pays,
        "periods": definition.period,
        "values": [value(each) for each in measured.values],
        "breaks": [_break(each) for each in measured.breaks],
        "rests_on": list(measured.rests_on),
        "definition": _definition(definition),
        "families": list(answer.families),
        "sources": [
            {"file": each.file, "title": each.title, "source": each.source, "licence": each.licence, "as_known": each.as_known}
            for each in answer.sources
        ],
        "vintage": answer.vintage,
        "illustrative": answer.illustrative,
    }  # fmt: skip


def value(each: Value) -> Data:
    """One period."""
    return {
        "period": each.period, "status": each.status, "numerator": each.numerator, "denominator": each.denominator,
        "value": each.value, "low": each.low, "high": each.high, "interval": each.interval or None,
        "version": each.version, "published": each.published, "because": list(each.because),
    }  # fmt: skip


def _break(each: Break) -> Data:
    return {"on": each.on, "says": each.says, "stops_comparison": each.stops, "source": each.source, "confidence": each.confidence}  # fmt: skip


def _definition(each: Definition) -> Data:
    return {
        "says": each.says, "author": each.author, "checked_by": each.checked.by, "checked_on": each.checked.on,
        "review_by": each.checked.again_by, "source": each.source, "confidence": each.confidence,
        "versions": [
            {
                "version": version.version, "from": version.since, "numerator": version.numerator,
                "denominator": version.denominator, "scale": version.scale, "source": version.source,
                "confidence": version.confidence,
            }
            for version in each.versions
        ],
    }  # fmt: skip


def listed(definitions: Iterable[Definition], families: Iterable[tuple[str, ...]]) -> list[Data]:
    """Every measure, with the plans that it is for and whether figures are held."""
    return [
        {
            "measure": each.id, "title": each.title, "unit": each.unit, "better": each.better, "pays": each.pays,
            "periods": each.period, "held": each.series != "none", "without": each.without or None,
            "also": list(each.also), "families": list(of),
        }
        for each, of in zip(definitions, families, strict=True)
    ]  # fmt: skip


def list_text(definitions: Iterable[Definition]) -> str:
    """The list for a terminal."""
    lines = []
    for each in definitions:
        held = "" if each.series != "none" else "  (no figures held)"
        paid = "  (the one that paid)" if each.pays else ""
        lines.append(f"{each.id:34} {each.title}, {each.unit}{paid}{held}")
    return "\n".join(lines) + "\n"


def text(answer: Answer) -> str:
    """A measure of an area for a terminal."""
    measured, definition = answer.measured, answer.measured.definition
    lines = [f"{definition.title}: {answer.name} ({answer.area}), {definition.unit}", ""]
    for each in measured.values:
        lines.append(f"{each.period:10} {value_words(each)}")
        lines += [f"{'':10}   {why}" for why in each.because if each.status is not Status.AVAILABLE]
    if not measured.values:
        lines.append("No figures are held.")
    lines.append("")
    for each_break in measured.breaks:
        stops = "Nothing is compared across it." if each_break.stops else "Compare across it with care."
        lines.append(f"Break on {in_words(each_break.on)}: {each_break.says} {stops}")
    lines += measured.rests_on
    worked = {why for each in measured.values if each.status is Status.AVAILABLE for why in each.because}
    lines += sorted(worked)
    lines += [f"From {each.title}. {each.source}, {each.as_known}." for each in answer.sources]
    version = definition.versions[-1]
    lines.append(
        f"Definition {version.version}, reviewed by {definition.checked.by} on {in_words(definition.checked.on)}: "
        f"{version.numerator}, of {version.denominator}."
    )
    return "\n".join(lines) + "\n"


def value_words(each: Value) -> str:
    """A value as one reads it: the rate, its limits and its parts, or what there is instead."""
    if each.status not in HELD or each.value is None:
        return str(each.status)
    limits = f" ({in_figures(each.low)} to {in_figures(each.high)}, {each.interval})" if each.low is not None and each.high is not None else ""  # fmt: skip
    parts = f", {in_figures(round(each.numerator, 1))} of {in_figures(round(each.denominator, 1))}" if each.numerator is not None and each.denominator is not None else ""  # fmt: skip
    doubt = f"  [{each.status}]" if each.status is Status.INCOMPLETE else ""
    return f"{in_figures(each.value)}{limits}{parts}{doubt}"
