"""The sections of a plan as forms: what was typed becomes a draft as it was typed, and findings return to its fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import QueryDict

from carepool.actions.planning import PlanView
from carepool.basics.findings import Finding, Severity
from carepool.basics.money import in_pounds
from carepool.conditions.known import YEAR_KEYS
from carepool.plans.document import Plan, pence_typed
from carepool.render.words import count, quarter_words
from carepool.web.places_in_plan import Wording, code_named, field_id
from carepool.web.section_tables import NO_TARGET, stream_named

MOST_ROWS = 150
"""Rows of one section that a form carries; Django refuses a form of more than a thousand fields."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "schemes": ("id", "name", "what", "who_for"),
    "sources": ("contributor", "source", *YEAR_KEYS),
    "spend": ("scheme", "commissioner", "provider", *YEAR_KEYS),
}
NOUNS = {"schemes": "Scheme", "sources": "Source", "spend": "Line of spend"}

Choice = tuple[str, str]
Content = dict[str, object]


@dataclass(slots=True)
class Field:
    """A field as the form shows it."""

    id: str
    label: str
    value: str
    kind: str = "text"
    """``text``, ``money``, ``number``, ``long``, ``choice``."""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """What the money of a plan comes to so far."""

    columns: list[tuple[str, str]]
    rows: list[tuple[str, ...]]


@dataclass(slots=True)
class Row:
    """A row of fields."""

    id: str
    legend: str
    fields: list[Field]
    removable: int | None = None
    """Its number among the rows that a button can take away."""
    error: str = ""


@dataclass(slots=True)
class Ticks:
    """A group of boxes or of radio buttons."""

    id: str
    legend: str
    kind: str
    """``checkbox`` or ``radio``."""
    choices: list[tuple[str, str, str, bool]]
    """Id, value, label, and whether it is chosen."""
    hint: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    """By the id of a choice, or of the group."""


@dataclass(slots=True)
class Form:
    """A section's form."""

    section: str
    ticks: list[Ticks]
    rows: list[Row]
    after: list[Field]
    errors: list[tuple[str, str]]
    """Id and words, for the summary."""
    words: str = ""
    """What is said where there is nothing to fill in."""

    @property
    def fields(self) -> Iterable[Field]:
        """Every field, in order."""
        yield from (each for row in self.rows for each in row.fields)
        yield from self.after


# What was typed


def content_typed(section: str, typed: QueryDict, saved: Plan, without: str = "") -> Content:
    """The draft in a form that was sent. Rows in which nothing stands are left out; empty fields are not there.

    ``without``: the number, in the form, of a row to take away.
    """
    if section == "parties":
        return {
            "boards": list(saved.parties.boards),
            "councils": _codes(typed, "parties-councils"),
            "ccgs": _codes(typed, "parties-ccgs"),
            "host": (typed.get("parties-host") or "").strip(),
        }
    if section == "target":
        rows = _rows(typed, "target-quarters", ("quarter", "baseline", "planned"))
        return {"quarters": rows, "case": _text(typed, "target-case")}
    return {section: _rows(typed, section, COLUMNS[section], without)}


def _rows(typed: QueryDict, prefix: str, names: tuple[str, ...], without: str = "") -> list[dict[str, str]]:
    number = typed.get("rows") or ""
    many = min(int(number), MOST_ROWS) if number.isascii() and number.isdecimal() and len(number) < 6 else 0
    rows = []
    for at in range(many):
        row = {name: _text(typed, f"{prefix}-{at}-{name}") for name in names}
        row = {name: text for name, text in row.items() if text.strip()}
        if row and str(at) != without:
            rows.append(row)
    return rows


def _text(typed: QueryDict, name: str) -> str:
    # A browser sends the ends of lines as two characters, which would make a change of what nobody changed.
    return (typed.get(name) or "").replace("\r\n", "\n")


def _codes(typed: QueryDict, name: str) -> list[str]:
    more = (typed.get(f"{name}-more") or "").replace(",", " ").split()
    ticked = [code.strip() for code in typed.getlist(name) if code.strip()]
    return list(dict.fromkeys([*ticked, *(code.upper() if len(code) < 12 else code for code in more)]))[
        :MOST_ROWS
    ]


# The form


@dataclass(frozen=True, slots=True)
class Ground:
    """What a form stands on."""

    found: PlanView
    plan: Plan
    """With the editor's drafts, as far as they can be read."""
    wording: Wording


def form_of(ground: Ground, section: str, content: Mapping[str, object], *, saved: bool, extra: bool) -> Form:
    """The form of a section. ``saved``: the content is a version's, and amounts are set in order; ``extra``: one empty row more."""
    if section == "parties":
        return Form(section, _party_ticks(ground, content), [], _more_parties(ground.found), [])
    if section == "target":
        return _target_form(ground, content, saved)
    rows = _list_of(content.get(section))
    many = len(rows) + int((extra or not rows) and len(rows) < MOST_ROWS)
    choices = _choices(ground, section)
    return Form(section, [], [_row(ground, section, at, rows[at] if at < len(rows) else {}, choices) for at in range(many)], [], [])  # fmt: skip


def _list_of(value: object) -> list[Mapping[str, object]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _choices(ground: Ground, section: str) -> dict[str, tuple[Choice, ...]]:
    found, plan = ground.found, ground.plan
    parties = tuple((code, code_named(found, code)) for code in (*plan.parties.councils, *plan.parties.ccgs))
    if section == "sources":
        streams = (*(each.name for each in found.rules.composition.streams), "additional")
        return {
            "contributor": parties,
            "source": tuple((each, stream_named(found, each)) for each in streams),
        }
    if section == "spend":
        schemes = tuple(
            (each.id, f"{each.id}: {each.name}" if each.name else each.id) for each in plan.schemes.schemes
        )
        return {"scheme": schemes, "commissioner": parties}
    return {}


def _row(
    ground: Ground,
    section: str,
    at: int,
    row: Mapping[str, object],
    choices: Mapping[str, tuple[Choice, ...]],
) -> Row:
    fields = []
    unused = set(YEAR_KEYS) - ground.found.known.year_fields.keys()
    for name in (each for each in COLUMNS[section] if each not in unused):
        label, kind, value = ground.wording.words[name], "text", _as_typed(name, row.get(name))
        if name in choices:
            fields.append(_select(f"{section}-{at}-{name}", label, value, choices[name]))
            continue
        if name in YEAR_KEYS:
            label, kind = f"{label}, pounds", "money"
        elif name in {"what", "who_for"}:
            kind = "long"
        fields.append(Field(f"{section}-{at}-{name}", label, value, kind))
    return Row(f"{section}-{at}", f"{NOUNS[section]} {at + 1}", fields, at)


def _select(id: str, label: str, value: str, choices: tuple[Choice, ...]) -> Field:  # noqa: A002  (what HTML calls it)
    known = {each for each, _ in choices}
    offered = choices if not value or value in known else (*choices, (value, f"{value} (not one of them)"))
    return Field(id, label, value, "choice", choices=(("", "Choose"), *offered))


def _as_typed(name: str, value: object) -> str:
    if value is None:
        return ""
    return in_pounds(value) if name in YEAR_KEYS and isinstance(value, int) else str(value)


def _target_form(ground: Ground, content: Mapping[str, object], saved: bool) -> Form:
    if not ground.found.rules.pays:
        return Form("target", [], [], [], [], NO_TARGET)
    rows = _list_of(content.get("quarters"))
    held = {str(row.get("quarter")) for row in rows}
    wanted = [str(each) for each in ground.found.rules.release.performance_quarters]
    rows += [{"quarter": each} for each in wanted if each not in held]
    made = []
    for at, row in enumerate(rows):
        where, quarter = f"target-quarters-{at}", str(row.get("quarter", ""))
        fields = [Field(f"{where}-quarter", "Quarter", quarter, "hidden")]
        for name in ("baseline", "planned"):
            value = "" if row.get(name) is None else str(row[name])
            shown = count(Decimal(value)) if saved and value else value
            fields.append(Field(f"{where}-{name}", ground.wording.words[name], shown, "number"))
        words = f"{quarter} ({quarter_words(quarter)})" if quarter in wanted else quarter
        made.append(Row(where, words, fields))
    case = Field(
        "target-case", "The case for a target below the guideline", str(content.get("case") or ""), "long",
        "Leave it empty when the target meets the guideline.",
    )  # fmt: skip
    return Form("target", [], made, [case], [])


def _party_ticks(ground: Ground, content: Mapping[str, object]) -> list[Ticks]:
    found, groups = ground.found, []
    commissioner = found.known.commissioner
    members = [found.known.members.get(board, ((), ())) for board in found.history.boards]
    chosen: list[str] = []
    for at, (name, legend) in enumerate(
        (("councils", "Councils"), ("ccgs", f"{commissioner.words} that contribute"))
    ):
        held = content.get(name)
        codes = [str(each) for each in held] if isinstance(held, list) else []
        chosen += codes
        others = [code for each in members for code in each[at] if code not in codes]
        choices = [
            (f"parties-{name}-{n}", code, _party(found, code), code in codes)
            for n, code in enumerate((*codes, *dict.fromkeys(others)))
        ]
        groups.append(Ticks(f"parties-{name}", legend, "checkbox", choices))
    host = str(content.get("host") or "")
    hosts = [*dict.fromkeys(chosen), *([host] if host and host not in chosen else [])]
    options = [
        ("parties-host" if not n else f"parties-host-{n}", code, _party(found, code), code == host)
        for n, code in enumerate(hosts)
    ]
    groups.append(
        Ticks("parties-host-group", "Who holds the pooled account?", "radio", options, f"A council or {commissioner.a_word} of the plan; a board cannot.")
    )  # fmt: skip
    return groups


def _party(found: PlanView, code: str) -> str:
    name = code_named(found, code)
    return f"{name} ({code})" if name != code else f"{code}: no body that carepool knows"


def _more_parties(found: PlanView) -> list[Field]:
    hint = "By code, several with spaces between. They are added to the boxes above when you press a button."
    return [
        Field("parties-councils-more", "Another council", "", hint=hint),
        Field("parties-ccgs-more", f"Another {found.known.commissioner.word}", "", hint=hint),
    ]


# Findings at their fields


def put_findings(
    form: Form, shape: Iterable[Finding], checks: Iterable[Finding], wording: Wording, *, all_blockers: bool
) -> list[Finding]:
    """Put what is wrong at its field, and return what stands beside the form instead.

    What cannot be read is always an error at its field. A blocker is one where there is something to correct, or
    when the form was sent (``all_blockers``). Warnings and notes stand beside.
    """
    beside: list[Finding] = []
    filled = {each.id for each in form.fields if each.value} | {
        each[0] for group in form.ticks for each in group.choices
    }
    for finding in shape:
        _at_field(form, field_id(finding.where), wording.finding(finding))
    for finding in checks:
        id_ = field_id(finding.where)
        if finding.severity is Severity.BLOCKER and (all_blockers or id_ in filled):
            _at_field(form, id_, wording.finding(finding))
        else:
            beside.append(finding)
    return beside


def nearest_place(form: Form, where: str) -> str:
    """The id of the field at a place, or of the nearest thing around it that the form has."""
    return _nearest(form, _places(form), field_id(where))


def _places(form: Form) -> dict[str, Field | Row | Ticks]:
    places: dict[str, Field | Row | Ticks] = {each.id: each for each in form.fields if each.kind != "hidden"}
    places |= {row.id: row for row in form.rows}
    for group in form.ticks:
        places |= {each[0]: group for each in group.choices} | {group.id: group}
    return places


def _nearest(form: Form, places: Mapping[str, object], wanted: str) -> str:
    if wanted == "parties-host" and wanted not in places:
        return "parties-host-group"
    while wanted not in places and "-" in wanted:
        wanted = wanted.rpartition("-")[0]
    return wanted if wanted in places else form.section


def _at_field(form: Form, wanted: str, words: str) -> None:
    places = _places(form)
    at = _nearest(form, places, wanted)
    place = places.get(at)
    if isinstance(place, Ticks):
        place.errors[at] = f"{place.errors.get(at, '')} {words}".strip()
    elif place is not None:
        place.error = f"{place.error} {words}".strip()
    form.errors.append((at, words))


# What it comes to so far


def adds_up(ground: Ground, form: Form) -> Sums | None:
    """Money in and money out by year with what this form holds, and their difference; None where no money stands."""
    if form.section not in {"sources", "spend"}:
        return None
    years = ground.found.known.year_fields
    totals = {
        "sources": [ground.plan.total("sources", field) for field in years],
        "spend": [ground.plan.total("spend", field) for field in years],
    }
    totals[form.section] = [_sum(form, field) for field in years]
    left = [a - b for a, b in zip(totals["sources"], totals["spend"], strict=True)]
    named = [("Sources", totals["sources"]), ("Spend", totals["spend"]), ("Sources less spend", left)]
    return Sums(
        [("Money", "text"), *((year, "money") for year in years.values())],
        [(name, *map(in_pounds, amounts)) for name, amounts in named],
    )


def _sum(form: Form, year: str) -> int:
    """The amounts that can be read; the others are said to be left out."""
    total = 0
    for each in form.fields:
        if each.id.endswith(f"-{year}") and each.value.strip():
            try:
                total += pence_typed(each.value)
            except ValueError:
                continue
    return total
