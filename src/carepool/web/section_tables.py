"""The sections of a plan as one reads them: tables of what was saved, or would be."""

from collections.abc import Iterable
from dataclasses import dataclass

from carepool.actions.planning import PlanView
from carepool.basics.money import in_pounds
from carepool.plans.document import Plan, Source, SpendLine
from carepool.render.words import count, quarter_words
from carepool.web.places_in_plan import board_named, code_named

NO_TARGET = "These rules compute no payment from admissions, so the plan sets no target for them. There is nothing to write here."
"""What stands in the place of the target where the rules pay nothing by it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A table of a section."""

    caption: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[object, ...], ...]
    id: str
    foot: tuple[object, ...] | None = None


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A section to read: its tables, and words below them."""

    tables: tuple[Shown, ...]
    words: str = ""


def shown(found: PlanView, plan: Plan, section: str) -> SectionShown:
    """A section of a plan to read."""
    return {
        "parties": _parties, "schemes": _schemes, "sources": _sources, "spend": _spend, "target": _target,
    }[section](found, plan)  # fmt: skip


def _parties(found: PlanView, plan: Plan) -> SectionShown:
    parties = plan.parties
    rows = [
        *(("Health and Wellbeing Board", board_named(found, code), code, "") for code in parties.boards),
        *(("Council", code_named(found, code), code, _host(plan, code)) for code in parties.councils),
        *(
            (found.known.commissioner.word, code_named(found, code), code, _host(plan, code))
            for code in parties.ccgs
        ),
    ]
    columns = (("Kind", "text"), ("Body", "text"), ("Code", "text"), ("Holds the pool", "text"))
    words = "" if parties.host else "No partner is named as host of the pooled account."
    return SectionShown((Shown("Parties", columns, tuple(rows), "parties-table"),), words)


def _host(plan: Plan, code: str) -> str:
    return "Host" if code == plan.parties.host else ""


def _schemes(found: PlanView, plan: Plan) -> SectionShown:  # noqa: ARG001  (one shape for all sections)
    columns = (("Number", "text"), ("Scheme", "text"), ("What it does", "text"), ("Who it is for", "text"))
    rows = tuple((each.id, each.name, each.what, each.who_for) for each in plan.schemes.schemes)
    return _or_empty(Shown("Schemes", columns, rows, "schemes-table"), "No scheme is written yet.")


def _sources(found: PlanView, plan: Plan) -> SectionShown:
    fields = found.known.year_fields
    columns = (("Contributor", "text"), ("Stream", "text"), *((year, "money") for year in fields.values()))
    rows = tuple(
        (code_named(found, row.contributor), stream_named(found, row.source), *_amounts(row, fields))
        for row in plan.sources.sources
    )
    foot = ("All sources", "", *(in_pounds(plan.total("sources", field)) for field in fields))
    return _or_empty(Shown("Sources", columns, rows, "sources-table", foot), "No money is put in yet.")


def _spend(found: PlanView, plan: Plan) -> SectionShown:
    fields = found.known.year_fields
    schemes = {scheme.id: scheme.name for scheme in plan.schemes.schemes}
    columns = (
        ("Scheme", "text"), ("Commissioner", "text"), ("Provider", "text"), *((year, "money") for year in fields.values()),
    )  # fmt: skip
    rows = tuple(
        (f"{row.scheme} {schemes.get(row.scheme, '')}".strip(), code_named(found, row.commissioner), row.provider, *_amounts(row, fields))
        for row in plan.spend.spend
    )  # fmt: skip
    foot = ("All spend", "", "", *(in_pounds(plan.total("spend", field)) for field in fields))
    return _or_empty(Shown("Spend", columns, rows, "spend-table", foot), "Nothing is spent yet.")


def _amounts(row: Source | SpendLine, fields: Iterable[str]) -> tuple[str, ...]:
    return tuple(in_pounds(getattr(row, field)) for field in fields)


def _target(found: PlanView, plan: Plan) -> SectionShown:
    if not found.rules.pays:
        return SectionShown((), NO_TARGET)
    columns = (
        ("Quarter", "text"),
        ("Months", "text"),
        ("Baseline", "number"),
        ("Target", "number"),
        ("Fewer", "number"),
    )
    quarters = plan.target.quarters
    rows = tuple(
        (str(row.quarter), quarter_words(row.quarter), count(row.baseline), count(row.planned), count(row.baseline - row.planned))
        for row in quarters
    )  # fmt: skip
    baseline, planned = sum(row.baseline for row in quarters), sum(row.planned for row in quarters)
    foot = ("All quarters", "", count(baseline), count(planned), count(baseline - planned))
    table = Shown("Non-elective admissions", columns, rows, "target-table", foot)
    case = f"The case for a target below the guideline: {plan.target.case}" if plan.target.case else ""
    return SectionShown((table,), case) if rows else SectionShown((), "No target is written yet.")


def _or_empty(table: Shown, empty: str) -> SectionShown:
    return SectionShown((table,)) if table.rows else SectionShown((), empty)


def stream_named(found: PlanView, name: str) -> str:
    """A stream of the fund as people call it."""
    if name == "additional":
        return "Added of its own accord"
    return next((each.says for each in found.rules.composition.streams if each.name == name), name)
