"""The sections of a plan as one reads them: tables of what was saved, or would be, and the answers in words below them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from carepool.actions.planning import PlanView
from carepool.basics.money import in_figures, in_pounds
from carepool.conditions.known import YEAR_KEYS
from carepool.plans.describe import FieldAbout, ListAbout
from carepool.plans.document import EVERY, Part, Plan, as_data, filled
from carepool.web.places_in_plan import NOUNS, TITLES, Wording, board_named, code_named, wording

NO_TARGET = "These rules compute no payment from admissions, so the plan sets no target for them. There is nothing to write here."
"""What stands in the place of the target where the rules pay nothing by it."""

ONE_LINE = {"name", "provider"}
"""Fields of words that are a line in a table."""
SUMMED = {*YEAR_KEYS, "pence", "saving", "baseline", "planned", "reduction"}
"""Columns that have a sum, in the lists of amounts and of the target."""
NOT_SUMMED = {"metrics", "contingencies"}
_RIGHT = {"money", "count", "percent"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A table of a section."""

    caption: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[object, ...], ...]
    id: str
    foot: tuple[object, ...] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in words: what was asked, and what stands there."""

    asked: str
    says: str


@dataclass(frozen=True, slots=True)
class Told:
    """The answers in words of one row, or of the section."""

    of: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A section to read: its tables, the answers in words, and a sentence where there is nothing else."""

    tables: tuple[Shown, ...]
    told: tuple[Told, ...] = ()
    words: str = ""


def used(found: PlanView, field: FieldAbout) -> bool:
    """Whether a column of a list has a year of these rules; a plan of one year is written in the last field."""
    return len(found.known.years) > 1 or field.name not in {YEAR_KEYS[0], "plan_1"}


def compact(field: FieldAbout) -> bool:
    """Whether a field fits into a cell of a table."""
    return field.kind != "words" or field.name in ONE_LINE


def shown(found: PlanView, plan: Plan, section: str, words: Wording | None = None) -> SectionShown:
    """A section of a plan to read."""
    words = words or wording(found)
    if section == "target" and not found.rules.pays:
        return SectionShown((), words=NO_TARGET)
    about, part = EVERY[section], plan.section(section)
    tables, told = [], []
    if section == "parties":
        tables.append(_parties(found, plan))
    for number, each in enumerate(about.lists):
        rows = getattr(part, each.name)
        if rows:
            id_ = f"{section}-table" if not number else f"{section}-{each.name}-table"
            tables.append(_table(found, words, section, each, rows, id_))
            told += _rows_told(words, each, rows)
    held = filled(part)
    answers = tuple(
        Answer(words.title(each), words.said_of(each, as_data(part)[each.name]))
        for each in about.fields
        if each.name in held and each.name != "host"
    )
    if answers:
        told.insert(0, Told("", answers)) if not tables else told.append(Told("", answers))
    if not tables and not told:
        return SectionShown((), words="Nothing is written here yet.")
    no_host = section == "parties" and not plan.parties.host
    return SectionShown(tuple(tables), tuple(told), "No partner is named as host of the pooled account." * no_host)  # fmt: skip


def _table(
    found: PlanView, words: Wording, section: str, about: ListAbout, rows: Sequence[Part], id_: str
) -> Shown:
    fields = [each for each in about.fields if compact(each) and used(found, each)]
    columns = [(words.title(each), "number" if each.kind in _RIGHT else "text") for each in fields]
    cells = []
    for row in rows:
        data = as_data(row)
        cells.append(tuple("" if data[each.name] in ("", None) else words.said_of(each, data[each.name]) for each in fields))  # fmt: skip
    caption = TITLES[section] if about.name == section else NOUNS[about.name]
    return Shown(caption, tuple(columns), tuple(cells), id_, _foot(about, fields, rows))


def _foot(about: ListAbout, fields: Sequence[FieldAbout], rows: Sequence[Part]) -> tuple[object, ...] | None:
    if about.name in NOT_SUMMED or not any(each.name in SUMMED for each in fields) or len(rows) < 2:
        return None
    sums: list[object] = []
    for each in fields:
        held = [value for row in rows if (value := getattr(row, each.name)) is not None]
        if each.name not in SUMMED:
            sums.append("")
        elif each.kind == "money":
            sums.append(in_pounds(sum(held)))
        else:
            sums.append(in_figures(sum(held, Decimal(0))))
    return ("All" if sums[0] == "" else sums[0], *sums[1:])


def _rows_told(words: Wording, about: ListAbout, rows: Sequence[Part]) -> list[Told]:
    """What the long answers of each row say, under what names it."""
    fields = [each for each in about.fields if not compact(each)]
    names = [each for each in about.fields if each.required or each.name in {"name", "title"}]
    made = []
    for number, row in enumerate(rows):
        data = as_data(row)
        answers = tuple(Answer(words.title(each), str(data[each.name])) for each in fields if data[each.name])
        if answers:
            named = ", ".join(words.said_of(each, data[each.name]) for each in names if compact(each) and data[each.name])  # fmt: skip
            made.append(Told(f"{NOUNS[about.name]} {number + 1}" + (f": {named}" if named else ""), answers))
    return made


def _parties(found: PlanView, plan: Plan) -> Shown:
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
    return Shown("Parties", columns, tuple(rows), "parties-table")


def _host(plan: Plan, code: str) -> str:
    return "Host" if code == plan.parties.host else ""
