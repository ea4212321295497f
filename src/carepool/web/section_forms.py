"""The sections of a plan as forms, made from their description; findings return to their fields."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import in_figures, in_pounds
from carepool.plans.describe import FieldAbout, ListAbout
from carepool.plans.document import EVERY, pence_typed
from carepool.web.places_in_plan import NOUNS, Wording, field_id, parsed
from carepool.web.plan_codes import choices
from carepool.web.section_given import KEYS, given, with_given
from carepool.web.section_parties import party_ticks
from carepool.web.section_shapes import (
    MOST_ROWS,
    Choice,
    Field,
    Form,
    Ground,
    Listed,
    Row,
    Sums,
    Ticks,
    columns,
    list_id,
    named,
    rows_a_page,
    rows_in,
)
from carepool.web.section_tables import NO_TARGET, compact

NEAR = 5
"""How many pages before and after the one that is shown have a button."""
_KINDS = {"money": "money", "count": "number", "percent": "number"}
_DAY = "For example, 1 April 2015"


def form_of(
    ground: Ground, section: str, content: Mapping[str, object], *,
    saved: bool, extra: str = "", pages: Mapping[str, int] | None = None,
) -> Form:  # fmt: skip
    """A section's form with what was typed or saved.

    ``extra``: the list that an empty row is added to. ``pages``: which page of each long list is shown, from 1.
    """
    form = Form(section)
    if section == "target" and not ground.found.rules.pays:
        form.words = NO_TARGET
        return form
    if section == "parties":
        form.ticks = party_ticks(ground, content)
    for each in EVERY[section].lists:
        page = (pages or {}).get(each.name, 0)
        form.lists.append(
            _list(ground, section, each, content, saved=saved, extra=extra == each.name, page=page)
        )
    for one in EVERY[section].fields:
        if (section, one.name) != ("parties", "host"):
            field = _field(ground, f"{section}-{one.name}", one, content.get(one.name), saved, hints=True)
            field.beside = ground.beside.get(section, {}).get(one.name, "")
            form.after.append(field)
    return form


# Lists


def _list(
    ground: Ground, section: str, about: ListAbout, content: Mapping[str, object], *, saved: bool, extra: bool, page: int
) -> Listed:  # fmt: skip
    found = ground.found
    rows, order = with_given(found, about.name, rows_in(content, about.name))
    is_given = bool(given(found, about.name))
    held = len(rows)
    if not is_given and (extra or not rows) and held < MOST_ROWS:
        order.append(held)
        rows = [*rows, {}]
    fields = columns(found, about)
    lists = {each.name: _choices(ground, each) for each in fields}
    each_page = rows_a_page(fields, lists, len(EVERY[section].lists))
    many = (len(rows) + each_page - 1) // each_page
    page = many if extra else min(max(page, 1), many)
    first = (page - 1) * each_page
    shown = [
        _row(ground, section, about, fields, lists, at, rows[at], saved=saved)
        for at in order
        if first <= at < first + each_page
    ]
    return Listed(
        about.name, list_id(section, about.name), NOUNS[about.name], about.says, shown,
        named(section, "rows", about.name), first,
        [(number, number == page) for number in range(1, many + 1) if number in {1, many} or abs(number - page) <= NEAR]
        if many > 1
        else [],
        named(section, "page", about.name),
        named(section, "row", about.name) if not is_given and held < MOST_ROWS else "",
        named(section, "paste", about.name) if not is_given and held < MOST_ROWS else "",
        tuple(ground.wording.title(each) for each in fields),
        _full(held) if not is_given and held >= MOST_ROWS else "",
    )  # fmt: skip


def _full(held: int) -> str:
    return (
        f"There are {held:,} rows here, and a form adds none beyond {MOST_ROWS:,}. All of them are kept; bring more with "
        "the workbook."
    )


def _row(
    ground: Ground, section: str, about: ListAbout, fields: tuple[FieldAbout, ...],
    lists: Mapping[str, tuple[Choice, ...]], at: int, row: Mapping[str, object], *, saved: bool,
) -> Row:  # fmt: skip
    id_ = f"{list_id(section, about.name)}-{at}"
    legend, says, removable = f"{NOUNS[about.name]} {at + 1}", (), named(section, "remove", about.name)
    key = KEYS.get(about.name, "")
    one = next((each for each in given(ground.found, about.name) if each.code == str(row.get(key))), None)
    made = Row(id_, legend, [], [], f"{removable}-{at}", says)
    if one is not None:
        made.legend, made.says, made.removable = one.legend, one.says, ""
    beside = ground.beside.get(_about_row(row, about), {})
    for each in fields:
        field = _field(
            ground, f"{id_}-{each.name}", each, row.get(each.name), saved, lists.get(each.name, ())
        )
        if one is not None and each.name == key:
            field.kind = "hidden"
        field.beside = beside.get(each.name, "")
        (made.fields if compact(each) else made.long).append(field)
    return made


def _about_row(row: Mapping[str, object], about: ListAbout) -> str:
    """What a row is about, by which figures to compare with are found."""
    return "/".join([about.name, *(str(row.get(each.name, "")) for each in about.fields if each.required and each.kind != "count")])  # fmt: skip


# Fields


def _choices(ground: Ground, about: FieldAbout) -> tuple[Choice, ...]:
    if about.of:
        return choices(ground.found, ground.plan, about.of)
    return tuple(about.codes.items()) if about.kind in {"choice", "yesno"} else ()


def _field(
    ground: Ground, id_: str, about: FieldAbout, value: object, saved: bool,
    offered: tuple[Choice, ...] | None = None, *, hints: bool = False,
) -> Field:  # fmt: skip
    """One field with what stands in it. Where a list that a code must be of is not held, the code is written."""
    found = ground.found
    label, written = about.titled(found.known.years), as_typed(about, value, saved)
    hint = about.hinted(found.known.years)
    if offered is None:
        offered = _choices(ground, about)
    if offered:
        known = {each for each, _ in offered}
        code = next((each for each, words in offered if written and written.casefold() == words.casefold()), written)  # fmt: skip
        more = () if not code or code in known else ((code, f"{code} (not one of them)"),)
        none = ("", "–" if about.kind == "yesno" and not hints else "Choose")
        return Field(id_, label, code, "choice", hint, (none, *offered, *more))
    kind = "long" if not compact(about) else _KINDS.get(about.kind, "text")  # fmt: skip
    if about.kind == "day" and not hint:
        hint = _DAY if hints else ""
    return Field(id_, label, written, kind, hint)


def as_typed(about: FieldAbout, value: object, saved: bool) -> str:
    """What stands in a field: as it was typed, or, of what was saved, as people write it."""
    if value is None:
        return ""
    if about.kind == "money" and isinstance(value, int):
        return in_pounds(value)
    if about.kind == "count" and saved:
        try:
            return in_figures(Decimal(str(value)))
        except InvalidOperation:
            return str(value)
    return str(value)


# Findings at their fields


def put_findings(
    form: Form, shape: Iterable[Finding], checks: Iterable[Finding], wording: Wording, *, all_blockers: bool
) -> list[Finding]:
    """Put what is wrong at its field, and return what stands beside the form instead.

    What cannot be read is always an error at its field. A blocker is one where there is something to correct, or
    when the form was sent (``all_blockers``). Warnings and notes stand beside, and so does what is on another page.
    """
    beside: list[Finding] = []
    places = _places(form)
    filled = {each.id for each in form.fields if each.value} | {
        each[0] for group in form.ticks for each in group.choices
    }
    for finding in shape:
        if page_of(form, finding.where):
            beside.append(finding)
        else:
            _at_field(form, places, field_id(finding.where), wording.finding(finding))
    for finding in checks:
        id_ = field_id(finding.where)
        wrong = finding.severity is Severity.BLOCKER and (all_blockers or id_ in filled)
        if wrong and not page_of(form, finding.where):
            _at_field(form, places, id_, wording.finding(finding))
        else:
            beside.append(finding)
    return beside


def address_in(form: Form, where: str) -> str:
    """The address, in this form, of the field at a place or of the nearest thing around it; on another page of a long list, there."""
    wanted = field_id(where)
    if page := page_of(form, where):
        return f"?{page}#{wanted}"
    return f"#{_nearest(form, _places(form), wanted)}"


def page_of(form: Form, where: str) -> str:
    """The query that leads to the page of a list on which a row is; empty where that is shown, or it is no row."""
    place = parsed(where)
    listed = next((each for each in form.lists if place.list is not None and each.name == place.list.name), None)  # fmt: skip
    if listed is None or not listed.pages or not place.row.isdecimal():
        return ""
    if any(row.id == f"{listed.id}-{place.row}" for row in listed.rows):
        return ""
    here = next(number for number, this in listed.pages if this)
    size = (listed.first // (here - 1)) if here > 1 else len(listed.rows)
    return f"{listed.page_name}={int(place.row) // size + 1}"


def _places(form: Form) -> dict[str, Field | Row | Ticks | Listed]:
    places: dict[str, Field | Row | Ticks | Listed] = {}
    places |= {each.id: each for each in form.fields if each.kind != "hidden"}
    places |= {row.id: row for row in form.rows}
    places |= {each.id: each for each in form.lists if each.id != form.section}
    for group in form.ticks:
        places |= {each[0]: group for each in group.choices} | {group.id: group}
    return places


def _nearest(form: Form, places: Mapping[str, object], wanted: str) -> str:
    if wanted == "parties-host" and wanted not in places:
        return "parties-host-group"
    while wanted not in places and "-" in wanted:
        wanted = wanted.rpartition("-")[0]
    return wanted if wanted in places else form.section


def _at_field(
    form: Form, places: Mapping[str, Field | Row | Ticks | Listed], wanted: str, words: str
) -> None:
    at = _nearest(form, places, wanted)
    place = places.get(at)
    if isinstance(place, Ticks):
        place.errors[at] = f"{place.errors.get(at, '')} {words}".strip()
    elif place is not None:
        place.error = f"{place.error} {words}".strip()
    form.errors.append((at, words))


# What it comes to so far


def adds_up(ground: Ground, section: str, content: Mapping[str, object]) -> Sums | None:
    """Money in and money out by year with what this form holds, and their difference; None where no money stands."""
    if section not in {"sources", "spend"}:
        return None
    years = ground.found.known.year_fields
    totals = {
        "sources": [ground.plan.total("sources", field) for field in years],
        "spend": [ground.plan.total("spend", field) for field in years],
    }
    totals[section] = [_sum(content, section, field) for field in years]
    left = [a - b for a, b in zip(totals["sources"], totals["spend"], strict=True)]
    named_ = [("Money in", totals["sources"]), ("Money out", totals["spend"]), ("In less out", left)]
    return Sums(
        [("Money", "text"), *((year, "money") for year in years.values())],
        [(name, *map(in_pounds, amounts)) for name, amounts in named_],
    )


def _sum(content: Mapping[str, object], listed: str, year: str) -> int:
    """The amounts that can be read; the others are said to be left out."""
    total = 0
    for row in rows_in(content, listed):
        if str(row.get(year) or "").strip():
            try:
                total += pence_typed(row[year])
            except ValueError:
                continue
    return total
