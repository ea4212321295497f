"""Measures as answers: one JSON document, and lines for a terminal; what has no value says why, and is never a zero."""

from collections.abc import Iterable

from carepool.actions.care_counts import Step
from carepool.actions.measuring import Answer, Beside, Charted
from carepool.basics.money import in_figures
from carepool.basics.periods import in_words
from carepool.measures.care_counts import CareCountsFile
from carepool.measures.funnels import Rank
from carepool.measures.loading import LoadedSeries
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


def charted(found: Charted) -> Data:
    """A chart: its sentence, and the points of each stretch with its mean and limits."""
    return {
        "measure": found.answer.measured.definition.id,
        "area": found.answer.area,
        "name": found.answer.name,
        "says": found.says,
        "rules": found.chart.rule.id,
        "rules_source": found.chart.rule.source,
        "left_out": list(found.chart.left_out),
        "stretches": [
            {
                "mean": round(each.mean, 4), "low": _rounded(each.low), "high": _rounded(each.high), "why": each.why or None,
                "points": [
                    {"period": point.period, "value": point.value, "signals": list(point.signals), "change": point.change}
                    for point in each.points
                ],
            }
            for each in found.chart.stretches
        ],
        "breaks": [_break(each) for each in found.answer.measured.breaks],
        "vintage": found.answer.vintage,
    }  # fmt: skip


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)


def charted_text(found: Charted) -> str:
    """A chart for a terminal: its sentence, then the periods that say something."""
    lines = [found.says, ""]
    for each in found.chart.points:
        if each.signals:
            lines.append(f"{each.period:10} {each.value:>12,.1f}  {', '.join(each.signals)}: {each.change}")
    if found.chart.left_out:
        lines.append(f"Not drawn, for want of a whole return: {', '.join(found.chart.left_out)}.")
    lines.append(f"By the rules {found.chart.rule.id}: {found.chart.rule.says}.")
    return "\n".join(lines) + "\n"


def beside(found: Beside) -> Data:
    """All boards in a period."""
    funnel = found.funnel
    scale = float(found.definition.versions[-1].scale)
    return {
        "measure": found.definition.id,
        "period": found.period,
        "funnel": funnel
        and {
            "middle": round(funnel.middle * scale, 4), "dispersion": round(funnel.dispersion, 4),
            "between": round(funnel.between * scale, 4), "more_than_chance": funnel.is_dispersed,
            "outliers": list(funnel.outliers()), "outliers_multiplicative": list(funnel.outliers(additive=False)),
            "beyond_chance_alone": sorted(code for code, each in funnel.places.items() if abs(each.z) > P998_POINT),
        },
        "boards": [
            {
                "board": code, "numerator": each.numerator, "denominator": each.denominator, "value": each.value,
                "low": each.low, "high": each.high, "rank": _rank(found.ranks.get(code)),
                "z": funnel and code in funnel.places and round(funnel.places[code].z_additive, 4),
            }
            for code, each in found.values.items()
        ],
        "without": list(found.without),
        "rests_on": list(found.rests_on),
        "board": found.board or None,
        "peers": [{"board": each.board, "distance": round(each.distance, 4), "differs": each.differs} for each in found.peers],
    }  # fmt: skip


P998_POINT = 3.0902


def _rank(rank: Rank | None) -> Data | None:
    return None if rank is None else {"rank": rank.rank, "low": rank.low, "high": rank.high, "of": rank.of}


def beside_text(found: Beside) -> str:
    """All boards in a period for a terminal: the funnel in a sentence, then who stands out, and a board with its neighbours."""
    lines = [f"{found.definition.title}, {found.period}: {len(found.values)} boards, {found.definition.unit}"]
    if found.funnel:
        scale = float(found.definition.versions[-1].scale)
        more = "more than chance" if found.funnel.is_dispersed else "no more than chance"
        lines.append(
            f"Together {found.funnel.middle * scale:,.1f}. Boards differ by {more}: {found.funnel.dispersion:,.1f} times its variance."
        )
        outliers = ", ".join(found.funnel.outliers()) or "nobody"
        lines.append(f"Beyond 99.8% limits that allow for it: {outliers}.")
    if found.without:
        lines.append(
            f"Without a value, or with one that rests on an incomplete return: {', '.join(found.without)}."
        )
    shown = [found.board, *(each.board for each in found.peers)] if found.board else []
    for code in shown:
        value, rank = found.values.get(code), found.ranks.get(code)
        place = f"  rank {rank.rank}, between {rank.low} and {rank.high} of {rank.of}" if rank else ""
        lines.append(f"{code:10} {value_words(value) if value else 'not available'}{place}")
    lines += found.rests_on
    return "\n".join(lines) + "\n"


def loaded(found: LoadedSeries) -> Data:
    """A table as it was read."""
    return {
        "measure": found.map.measure,
        "values": [
            {"area": area, "period": period, "value": each.number, "status": each.status}
            for (area, period), each in sorted(found.cells.items())
        ],
        "findings": [each.as_data() for each in found.findings],
    }


def loaded_text(found: LoadedSeries) -> str:
    """What a table holds, in a sentence."""
    areas = {area for area, _ in found.cells}
    periods = sorted({period for _, period in found.cells})
    span = f", {periods[0]} to {periods[-1]}" if periods else ""
    return f"{len(found.numbers):,} figures of {found.map.measure}: {len(areas)} areas{span}.\n"


def loaded_csv(found: LoadedSeries) -> str:
    """The figures as “carepool forecast” reads them; what is hidden or missing has no row."""
    rows = [f"{area},{period},{number}" for (area, period), number in found.numbers.items()]
    return "\n".join(["series,month,value", *rows]) + "\n"


def counts_taken(file: CareCountsFile, steps: Iterable[Step]) -> Data:
    """A file of counts that was handed in, and what was done about each."""
    return {
        "board": file.board,
        "counted": file.counted,
        "digest": file.digest,
        "counts": [
            {"count": each.count.id, "says": each.says, "refused": each.refused, "loaded": each.loaded, "wording": each.count.says}
            for each in steps
        ],
    }  # fmt: skip


def counts_text(file: CareCountsFile, steps: Iterable[Step]) -> str:
    """The same in sentences, each with its wording where somebody has to read it."""
    lines = [f"Counts of board {file.board} of {file.counted}. The checksum fits: {file.digest}"]
    for each in steps:
        lines.append(f"{each.count.title}: {each.says}")
        if not each.loaded:
            lines.append(f"  {each.count.says}")
            lines.append(f"  Counted: {each.count.numerator}. Out of: {each.count.denominator}.")
    return "\n".join(lines) + "\n"
