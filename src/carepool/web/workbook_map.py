"""Drawing a map of an unknown template: guesses to correct, checked as it is drawn, tried on this plan, and taken away.

Nothing is kept here. The template and all that was typed go along in the form, so that nothing is lost from one press
to the next, and nobody's template lies about.
"""

import base64
import binascii
from dataclasses import dataclass, replace
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render

from carepool.actions.importing import XLSX
from carepool.basics.findings import Severity
from carepool.basics.refusals import Refused, Unusable, printable
from carepool.web.asking import HouseRequest
from carepool.web.frame import PlanPage
from carepool.web.map_form import Filled, drawn, groups, id_of, sheets_shown, typed_of, whys_of
from carepool.web.signing_in import to_sign_in
from carepool.workbooks.drawing import Drawing, of_map, write_map
from carepool.workbooks.fitting import Misfit, left, placed, read_drawing
from carepool.workbooks.issued import Issued, read_issued
from carepool.workbooks.layout import sheets_of
from carepool.workbooks.maps import TemplateMap, parse_map
from carepool.workbooks.places import places
from carepool.workbooks.proposing import propose
from carepool.workbooks.templates import fill

LARGEST = 10_000_000
CARRIED = 1_500_000
"""Bytes of a template that goes along in the form; a larger one is chosen anew at each press."""
LARGEST_MAP = 200_000
MOST_SHOWN, BEGUN = 300, 100
"""Lines of the trial that the page shows, and characters of a value in them."""
YAML = "application/yaml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Work:
    """A template, and what is drawn of it."""

    template: bytes
    name: str
    issued: Issued | None
    """None where the template did not come along; what was typed is kept all the same."""
    guessed: Drawing
    now: Drawing
    typed: dict[str, str]
    mapped: TemplateMap | None
    """The map, when nothing blocks."""
    misfits: list[Misfit]


def page(request: HouseRequest, plan: str) -> HttpResponse:
    """The page: a template is handed in, its map is drawn, tried and taken away. For who may edit the plan."""
    shown = PlanPage(request, plan)
    if shown.account is None:
        return to_sign_in(request)
    if not shown.may_edit:
        why = shown.said(shown.permit.says) if isinstance(shown.permit, Refused) else ""
        context = shown.frame("plan") | {"why": why, "leads": shown.leads(), "work": None}
        return render(request, "web/workbook_map.jinja", context, status=HTTPStatus.FORBIDDEN)
    if request.method != "POST":
        return _answer(request, shown, None, [])
    asked = request.POST.get("do", "read")
    try:
        work = _work(request, shown)
    except Unusable as error:
        without = None if asked == "read" else _without_template(request, shown)
        return _answer(request, shown, without, [("file", str(error))])
    if work.mapped and asked == "download":
        return _file(write_map(_explained(work))[0].encode(), f"{plan}-map.yaml", YAML)
    problem = ""
    if work.mapped and asked in {"try", "fill"}:
        try:
            filled = fill(work.template, shown.view.plan, work.mapped)
            if asked == "fill":
                return _file(filled, f"{plan}-filled.xlsx", XLSX)
        except Unusable as error:
            problem = str(error).partition(": ")[2] or str(error)
            problem = f"{problem[:1].upper()}{problem[1:]}"
    return _answer(request, shown, work, _errors(work, problem), tried=bool(asked == "try" and work.mapped and not problem))  # fmt: skip


def _work(request: HouseRequest, shown: PlanPage) -> Work:
    """What the form has. Unusable for a template that cannot be read, and for an earlier map that is none."""
    template, name = _template(request)
    issued = read_issued(template)
    sheets, rules = sheets_of(shown.view.rules), shown.view.rules.name
    says = f"{shown.view.rules.about.title}: {name}"[:200]
    guessed = propose(issued, sheets, rules, says)
    wrong: list[Misfit] = []
    if request.POST.get("do", "read") == "read":
        now = replace(_earlier(request, shown) or guessed, rules=rules, says=says)
        typed = typed_of(now)
    else:
        typed = _typed(request)
        now, wrong = drawn(typed, sheets, issued.sheets, rules, says)
    mapped, found = read_drawing(now, shown.house.rulebook, issued)
    return Work(template, name, issued, guessed, now, typed, None if wrong else mapped, [*wrong, *found])


def _without_template(request: HouseRequest, shown: PlanPage) -> Work:
    """What was typed, where the template is not there to look at."""
    nothing = Drawing(shown.view.rules.name, "", {}, {})
    return Work(b"", printable(request.POST.get("name", "")[:100]), None, nothing, nothing, _typed(request), None, [])  # fmt: skip


def _typed(request: HouseRequest) -> dict[str, str]:
    """What the form's own fields hold."""
    return {key: value for key, value in request.POST.items() if isinstance(value, str) and key.startswith(("at-", "unit-", "words-"))}  # fmt: skip


def _template(request: HouseRequest) -> tuple[bytes, str]:
    """The template that was chosen now, else the one that came along in the form."""
    sent = request.FILES.get("file")
    if sent is not None:
        if (sent.size or 0) > LARGEST:
            raise Unusable(f"The file has {sent.size:,} bytes; a template of at most {LARGEST:,} is read. Is it the right file?")  # fmt: skip
        return sent.read(), printable((sent.name or "template")[:100])
    try:
        carried = base64.b64decode(request.POST.get("template", ""), validate=True)
    except (binascii.Error, ValueError):
        raise Unusable("The template did not come along whole. Choose it again.") from None
    if not carried:
        raise Unusable("Choose the template, as it was issued.")
    return carried, printable(request.POST.get("name", "template")[:100])


def _earlier(request: HouseRequest, shown: PlanPage) -> Drawing | None:
    """A map that somebody began before."""
    sent = request.FILES.get("map")
    if sent is None:
        return None
    if (sent.size or 0) > LARGEST_MAP:
        raise Unusable(f"The map has {sent.size:,} bytes, more than {LARGEST_MAP:,}. Is it the right file?")
    mapped, findings = parse_map("map.yaml", sent.read(), shown.house.rulebook)
    if mapped is None:
        raise Unusable(" ".join(f"{each.says} {each.remedy}" for each in findings[:5]))
    if mapped.rules != shown.view.rules.name:
        raise Unusable(f"The map is for the rules {mapped.rules}, and this plan is under {shown.view.rules.name}. Use a map for them.")  # fmt: skip
    return of_map(mapped)


def _explained(work: Work) -> Drawing:
    """The drawing, with what each guess rests on that was left as it was."""
    whys = whys_of(work.guessed, work.now)
    tables = {
        name: replace(rows, why=whys.get(name, ""), columns={key: replace(spot, why=whys.get(f"{name}/{key}", "")) for key, spot in rows.columns.items()})
        for name, rows in work.now.tables.items()
    }  # fmt: skip
    cells = {name: replace(spot, why=whys.get(name, "")) for name, spot in work.now.cells.items()}
    return replace(work.now, cells=cells, tables=tables)


def _errors(work: Work, problem: str) -> list[tuple[str, str]]:
    """What blocks, with the id of its field."""
    blockers = [each for each in work.misfits if each.severity is Severity.BLOCKER]
    listed = [(id_of(each.about) if each.about else "map", f"{each.says} {each.remedy}") for each in blockers]
    return [*listed, *([("map", problem)] if problem else [])]


def _answer(request: HouseRequest, shown: PlanPage, work: Work | None, errors: list[tuple[str, str]], *, tried: bool = False) -> HttpResponse:  # fmt: skip
    context = shown.frame("plan") | {
        "errors": errors,
        "problem": dict(errors).get("file", ""),
        "of_map": [words for id_, words in errors if id_ == "map"],
        "work": work,
    }
    if work:
        context |= _drawn(shown, work)
    if work and tried and work.mapped:
        went, stayed = placed(work.mapped, shown.view.plan), left(work.mapped, shown.view.plan, sheets_of(shown.view.rules))  # fmt: skip
        context |= {
            "tried": True,
            "placed": [(f"{each.section}: {each.what}", f"{printable(each.sheet)}!{each.at}", _begun(each.shows)) for each in went[:MOST_SHOWN]],
            "left": [(f"{each.section}: {each.what}", _begun(each.holds)) for each in stayed[:MOST_SHOWN]],
        }  # fmt: skip
    return render(
        request,
        "web/workbook_map.jinja",
        context,
        status=HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK,
    )


def _drawn(shown: PlanPage, work: Work) -> dict[str, object]:
    """What the page shows of a map that is being drawn."""
    sheets = sheets_of(shown.view.rules)
    filled = Filled(work.typed, whys_of(work.guessed, work.now), tuple(work.misfits))
    shown_groups = groups(sheets, filled)
    return {
        "groups": shown_groups,
        "has": sum(each.has for each in shown_groups),
        "of": sum(each.of for each in shown_groups),
        "warnings": [(id_of(each.about), f"{each.says} {each.remedy}") for each in work.misfits if each.severity is Severity.WARNING],
        "sheets": sheets_shown(work.issued, places(work.issued)) if work.issued else [],
        "carried": base64.b64encode(work.template).decode() if len(work.template) <= CARRIED else "",
    }  # fmt: skip


def _begun(text: str) -> str:
    """How a text begins."""
    return text if len(text) <= BEGUN else f"{text[: BEGUN - 1]}…"


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})  # fmt: skip
