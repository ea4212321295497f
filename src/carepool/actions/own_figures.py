"""Figures of a board's own measures: loaded from its own file with what is wrong by row, and answered like every measure's."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from carepool.actions.areas import MARK
from carepool.actions.defining import Held, carried_out, own_of, words_of
from carepool.actions.disclosing import disclosed, suppression
from carepool.actions.england import Source
from carepool.actions.house import House
from carepool.actions.measuring import Answer
from carepool.actions.permits import Actor
from carepool.basics.canonical import canonical
from carepool.basics.findings import Finding, Severity, blocks
from carepool.basics.periods import in_words
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Decision, Done
from carepool.journal.documents import Document
from carepool.measures.loading import Rows
from carepool.measures.observing import Measured
from carepool.measures.own import OwnFigures, OwnMeasure, OwnVersion, figures_loaded, may_load
from carepool.measures.own_figures import Headings, OwnRow, merged, own_values, read_own_figures
from carepool.measures.values import Status
from carepool.rules.measuring import Alarms, Definition, OwnDefinition

LOAD = "load_own_figures"
ROWS_KIND, UPLOAD_KIND, DATA = "own-figures", "own-figures-upload", "own_measures"
CHECKER = "a second person of the board's bodies"
NO_LIMITS = "What is counted is the board's own, so no limits are known."
MOST_SAID = 5
"""Findings that a refusal repeats; a page shows all."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A file of figures that somebody hands in."""

    name: str
    content: bytes
    rows: Rows
    by: Headings


def definition_of(house: House, found: OwnMeasure) -> Definition | None:
    """A board's own measure as every other is defined, from its checked wordings; None where none is checked, or its words are withdrawn."""
    checked = [each for each in found.versions if each.checked_by]
    by_day = {each.first: each for each in checked}
    worded = [(each, words_of(house, each)) for _, each in sorted(by_day.items())]
    held = [(version, own, author) for version, (own, author) in worded if own]
    if not held:
        return None
    version, own, author = held[-1]
    return Definition.model_validate(
        {
            "id": own.id, "title": own.title, "says": own.says, "unit": own.unit, "better": own.better, "period": own.period, "series": "none",
            "without": "No figures have been loaded.", "people": "none", "interval": "none", "author": author or "an officer of the board's bodies",
            "checked": {"by": CHECKER, **_checked(version)}, "source": own.data, "confidence": "derived",
            "versions": tuple(_version(each, wording) for each, wording, _ in held),
        }
    )  # fmt: skip


def _checked(version: OwnVersion) -> dict[str, str]:
    """The days of the check and of the next review, as rules write them."""
    at, again = version.checked_at, version.review_by
    assert at is not None and again is not None  # noqa: S101 (only checked versions come here)
    return {"on": at.date().isoformat(), "again_by": again.isoformat()}


def _version(version: OwnVersion, own: OwnDefinition) -> dict[str, str]:
    return (
        {"version": f"v{version.number}", "from": version.first.isoformat(), "numerator": own.numerator, "denominator": own.denominator,
         "scale": f"{own.scale:f}", "says": own.says, "source": own.data, "confidence": "derived"}
    )  # fmt: skip


def read_handed(house: House, board: str, measure: str, handed: Handed) -> tuple[tuple[OwnRow, ...], tuple[Finding, ...]]:  # fmt: skip
    """A file as it would be taken in, and what is wrong or doubted. NotHere for no such measure, Unusable for no such columns."""
    found = own_of(house, board).get(measure)
    definition = definition_of(house, found) if found else None
    if definition is None:
        raise NotHere(f"The board {board} has no measure “{measure[:80]}” of its own that somebody has checked.")  # fmt: skip
    alarms = house.rulebook.measuring.find("alarms", Alarms)
    if alarms is None:
        raise Unusable("The rules say nothing of when a figure is doubted: alarms.yaml is missing.")
    places = house.areas.of_board(board).england.places
    return read_own_figures(handed.name, handed.rows, handed.by, definition, board, places, alarms)


def load_own_figures(house: House, actor: Actor, board: str, measure: str, handed: Handed) -> Done | Refused:
    """Take in a file of figures, whole or not at all; they stand in the place of earlier ones of the same periods.

    Unusable, with the file and row of each, where a row is wrong.
    """
    rows, findings = read_handed(house, board, measure, handed)
    wrong = [f"{each.says} {each.remedy}" for each in findings if each.severity is Severity.BLOCKER]
    if blocks(findings):
        more = f" {len(wrong) - MOST_SAID} more are wrong." if len(wrong) > MOST_SAID else ""
        raise Unusable(f"{' '.join(wrong[:MOST_SAID])}{more}")
    if not rows:
        raise Unusable(f"{handed.name} has no row of the board {board}. Write one for each period.")
    content = {"file": handed.name[:200], "rows": [_kept(each) for each in rows]}
    document = Document(ROWS_KIND, "application/json", canonical(content), house.salt())
    upload = Document(UPLOAD_KIND, "application/octet-stream", handed.content, house.salt())

    def decide(held: Held, body: str) -> Decision | Refused:
        refusal = may_load(held, measure)
        if refusal:
            return refusal
        fact = figures_loaded(board, measure, document.digest, upload.digest, body)
        return Decision((fact,), {"measure": measure, "periods": len(rows)}, (document, upload))

    asked = {"measure": measure, "rows": content["rows"]}
    return carried_out(house, actor, board, LOAD, decide, asked)


def _kept(row: OwnRow) -> dict[str, object]:
    return {
        "period": row.period, "status": str(row.status), "counted": None if row.counted is None else f"{row.counted:f}",
        "out_of": None if row.out_of is None else f"{row.out_of:f}", "because": list(row.because),
    }  # fmt: skip


def _rows(house: House, figures: OwnFigures) -> tuple[str, tuple[OwnRow, ...]]:
    """The file's name and its rows; none where they were withdrawn."""
    document = house.journal.document(figures.document)
    if not isinstance(document, Document):
        return "", ()
    content = json.loads(document.content)
    rows = tuple(
        OwnRow(each["period"], Status(each["status"]), _number(each["counted"]), _number(each["out_of"]), tuple(each["because"]))
        for each in content["rows"]
    )  # fmt: skip
    return content["file"], rows


def _number(kept: str | None) -> Decimal | None:
    return None if kept is None else Decimal(kept)


@dataclass(frozen=True)
class OwnSeries:
    """A board's own measure with its figures, as others may see them."""

    measured: Measured
    sources: tuple[Source, ...]
    since: datetime | None
    """When figures were last loaded."""


def own_series(house: House, board: str, measure: str, upto: int | None = None) -> OwnSeries | None:
    """A board's own measure as it stands, or stood at a position; None where there is none that somebody has checked."""
    found = own_of(house, board, upto).get(measure)
    definition = definition_of(house, found) if found else None
    if found is None or definition is None:
        return None
    files = [(each, *_rows(house, each)) for each in found.figures]
    values = own_values(merged([rows for _, _, rows in files]), definition)
    illustrative = house.areas.of_board(board).illustrative
    marks = (f"{MARK}.",) if illustrative else ()
    rests = (*marks, NO_LIMITS) if values else (*marks, definition.without)
    measured = disclosed(Measured(definition, board, values, (), (), rests), suppression(house, DATA))
    sources = tuple(
        Source(name, figures.upload, len(rows), definition.title, definition.source, "The board's own", "", f"loaded on {in_words(figures.at.date())}", "")
        for figures, name, rows in files
        if rows
    )  # fmt: skip
    return OwnSeries(measured, sources, found.figures[-1].at if found.figures else None)


def all_own(house: House, board: str, upto: int | None = None) -> tuple[OwnSeries, ...]:
    """Every measure of a board's own that somebody has checked, by title."""
    found = (own_series(house, board, each, upto) for each in own_of(house, board, upto))
    return tuple(sorted((each for each in found if each), key=lambda each: each.measured.definition.title))


def ask_own(house: House, board: str, measure: str, upto: int | None = None) -> Answer | None:
    """A board's own measure, answered like every other; None where it has none of that name."""
    found = own_series(house, board, measure.strip().replace("-", "_"), upto)
    if found is None:
        return None
    area = house.areas.of_board(board)
    name = area.england.places.board(board).name
    return Answer(found.measured, board, name, found.sources, house.england.digest, (), area.illustrative)
