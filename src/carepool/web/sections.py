"""One section of a plan: to read, or, for those who may, to write; what is typed is kept as a draft, right or wrong."""

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render

from carepool.actions.editing import Met, drop_draft, keep_draft, met_by, section_base, with_drafts
from carepool.actions.expecting import known_for
from carepool.actions.planning import PlanView
from carepool.actions.ports import Draft
from carepool.basics.canonical import Digest
from carepool.basics.findings import Finding, Severity
from carepool.basics.refusals import NotHere, Refused
from carepool.conditions.checks import check
from carepool.offices.holdings import Permit
from carepool.plans.document import EVERY, Plan, as_data, read_section
from carepool.plans.versions import Change
from carepool.web.asking import HouseRequest
from carepool.web.frame import PlanPage, looking
from carepool.web.people import names_of
from carepool.web.places_in_plan import TITLES, Wording, field_id, parsed, section_of, wording
from carepool.web.plan_tasks import HINTS, section_after
from carepool.web.section_beside import beside as figures_beside
from carepool.web.section_beside import peers
from carepool.web.section_conflicts import chosen_in, meeting, settle
from carepool.web.section_forms import address_in, adds_up, form_of, put_findings
from carepool.web.section_links import put_links
from carepool.web.section_pasting import PasteReport, paste_into
from carepool.web.section_shapes import Content, Ground, first_list, named, rows_in
from carepool.web.section_tables import shown
from carepool.web.section_typed import content_typed, pressed_on
from carepool.web.signing_in import to_sign_in

_DIGEST = re.compile(r"[0-9a-f]{64}")


def page(request: HouseRequest, plan: str, section: str) -> HttpResponse:
    """The section, and what comes of sending its form."""
    page = PlanPage(request, plan)
    if section not in EVERY:
        raise NotHere(f"A plan has no section “{section}”. It has {', '.join(EVERY)}.")
    if request.method == "POST":
        return _sent(page, section)
    return _form(page, section) if page.may_edit else _reading(page, section)


# To read


def _reading(page: PlanPage, section: str, refused: str = "", typed: Content | None = None) -> HttpResponse:
    """The section as it was saved; with words and what was typed when a form was refused."""
    found = page.view
    words = wording(found)
    here = [each for each in found.findings if section_of(each.where) == section]
    context = page.frame("plan-check") | {
        "name": section,
        "title": TITLES[section],
        "shown": shown(found, found.plan, section, words) if found.history.current else None,
        "findings": here if found.history.current else [],
        "why": _why_not(page),
        "leads": page.leads() if not page.when.day else [],
        "sign_in": to_sign_in(page.request).url if page.account is None and not page.when.day else "",
        "refused": refused,
        "typed": _listed(words, section, typed) if typed else [],
        "next": section_after(found, section),
        "history_href": page.href("plan-history", section=section) if found.history.current else "",
        "TITLES": TITLES,
    }
    if refused:
        context["errors"] = [("refused", refused)]
    status = HTTPStatus.FORBIDDEN if refused else HTTPStatus.BAD_REQUEST if page.when.error else HTTPStatus.OK
    return render(page.request, "web/section_read.jinja", context, status=status)


def _why_not(page: PlanPage) -> str:
    """Why this page has no form."""
    if page.when.day:
        return "This is the section as it was. A past day cannot be changed."
    if page.account is None:
        return "Only the plan's leads can change it, and you are not signed in."
    return page.said(page.permit.says) if isinstance(page.permit, Refused) else ""


def _listed(words: Wording, section: str, content: object, where: str = "") -> list[tuple[str, str]]:
    """What was typed, place by place, so that it can be copied."""
    place = where or section
    if isinstance(content, Mapping):
        return [
            row for key, each in content.items() for row in _listed(words, section, each, f"{place}/{key}")
        ]
    if isinstance(content, list):
        return [
            row for at, each in enumerate(content) for row in _listed(words, section, each, f"{place}/{at}")
        ]
    return [(words.place(place), words.value(place, content))] if content not in ("", None) else []


# To write


@dataclass(frozen=True, slots=True)
class Mine:
    """What an editor has in a section: their draft, if any, with what others saved since; and what the form is made from."""

    draft: Draft | None
    met: Met | None
    content: Content


def mine_in(page: PlanPage, section: str) -> Mine:
    """What who is signed in has in a section."""
    found = page.view
    held = page.house.drafts.of_editor(found.history.id, page.account.id) if page.account else ()
    draft = next((each for each in held if each.section == section), None)
    if draft is None:
        return Mine(None, None, as_data(found.plan.section(section)))
    met = met_by(page.house, found, draft)
    content = met.merged.content if met else draft.content
    return Mine(draft, met, deepcopy(dict(content)) if isinstance(content, Mapping) else {})


def _sent(page: PlanPage, section: str) -> HttpResponse:
    """Keep what was typed first, whatever is wrong; then what the button says."""
    found, typed = page.view, page.request.POST.copy()
    pressed = str(typed.get("do", "keep"))
    here = page.href("plan-section", section=section)
    mine = mine_in(page, section)
    other = _kept_elsewhere(page, mine)
    base = str(typed.get("base", ""))
    base = base if _DIGEST.fullmatch(base) else section_base(found, section)
    # A choice counts only between the two that were shown.
    choosing = mine.met is not None and pressed != "autosave" and base == section_base(found, section)
    chosen = chosen_in(typed, mine.met) if mine.met and choosing else {}
    if mine.met and not other:
        settle(typed, mine.content, mine.met, chosen)
    removed = pressed_on(section, pressed, "remove")
    content = content_typed(found, section, typed, mine.content, removed)
    if page.account is None:
        return _reading(page, section, "You are not signed in any more, so this was not kept. Copy it from below, sign in, and send it again.", content)  # fmt: skip
    actor = looking(page.account)
    if pressed == "drop":
        if not isinstance(page.permit, Permit):
            return _reading(page, section, page.said(page.permit.says) if page.permit else "")
        drop_draft(page.house, actor, found.history.id, section)
        return _go(f"{here}?dropped=yes")
    if other is not None and other.content != content:
        return (
            HttpResponse(status=HTTPStatus.CONFLICT)
            if pressed == "autosave"
            else _form(page, section, typed=content, other=other)
        )
    pasted = paste_into(found, with_mine(page), section, typed, content, pressed) if pressed != "autosave" else None  # fmt: skip
    open_ = len(mine.met.merged.conflicts) - len(chosen) if mine.met else 0
    if mine.met and mine.draft and (open_ or base != section_base(found, section)):
        base = mine.draft.base
    refused = keep_draft(page.house, actor, found.history.id, section, content, base)
    if isinstance(refused, Refused):
        return _reading(page, section, page.said(refused.says), content)
    if pressed == "autosave":
        token = _token(mine_in(page, section).draft)
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"X-Draft": token})
    if pasted is not None:
        return _form(page, section, pasted=pasted)
    if open_ and choosing and pressed in {"keep", "return"}:
        return _form(page, section, choosing=typed)
    return _go(_onward(page, section, Digest(base), content, pressed))


def with_mine(page: PlanPage) -> Plan:
    """The plan with the drafts of who is signed in."""
    return with_drafts(page.house, page.view, page.account.id)[0] if page.account else page.view.plan


def _token(draft: Draft | None) -> str:
    """Which draft a form was made from: the instant at which it was kept."""
    return draft.at.isoformat() if draft else ""


def _kept_elsewhere(page: PlanPage, mine: Mine) -> Draft | None:
    """What the same person kept in another window since this form was made."""
    if mine.draft is None or page.request.POST.get("draft") in {None, _token(mine.draft)}:
        return None
    return mine.draft


def _onward(page: PlanPage, section: str, base: Digest, content: Content, pressed: str) -> str:
    """Where a button leads: a new row, this section again while something in it is wrong, the list, or the next section."""
    here = page.href("plan-section", section=section)
    if (row := pressed_on(section, pressed, "row")) is not None:
        id_ = f"{field_id(f'{section}/{row[0]}')}-{len(rows_in(content, row[0]))}"
        return f"{here}?add={'1' if row[0] == first_list(section) else row[0]}#{id_}"
    if pressed_on(section, pressed, "remove") is not None:
        return f"{here}?removed=yes#{section}"
    if pressed.startswith("page-"):
        _, listed, number = (*pressed.split("-"), "", "")[:3]
        return f"{here}?{named(section, 'page', listed)}={number}#{field_id(f'{section}/{listed}')}"
    if pressed == "return":
        return f"{page.href('plan')}?kept={section}#sections"
    if base != section_base(page.view, section):
        return here
    part, wrong = read_section(section, content)
    if part is None or wrong:
        return f"{here}?checked=yes"
    if any(
        each.severity is Severity.BLOCKER and section_of(each.where) == section
        for each in checked(page.view, with_mine(page), page)
    ):
        return f"{here}?checked=yes"
    following = section_after(page.view, section)
    return page.href("plan-section", section=following) if following else page.href("plan-check")


def checked(found: PlanView, plan: Plan, page: PlanPage) -> list[Finding]:
    """What the checks find in a plan that is not saved, against what is known for its own parties."""
    if plan is found.plan:
        return list(found.findings)
    known = known_for(page.house, found.rules, found.area, plan.parties, started_for=found.history.boards)
    return check(plan, known)


def _go(where: str) -> HttpResponse:
    return HttpResponseRedirect(where, status=HTTPStatus.SEE_OTHER)


def _form(
    page: PlanPage, section: str, *, typed: Content | None = None, other: Draft | None = None,
    pasted: PasteReport | None = None, choosing: QueryDict | None = None,
) -> HttpResponse:  # fmt: skip
    """The form: what was just typed, where ``other`` was kept in another window; my draft; or what was saved."""
    assert page.account is not None  # noqa: S101  (only who is signed in may edit)
    request, found = page.request, page.view
    plan, _drafts, wrong = with_drafts(page.house, found, page.account.id)
    mine = mine_in(page, section)
    content = typed if typed is not None else mine.content
    ground = Ground(found, plan, wording(found), figures_beside(page, section, plan))
    form = form_of(
        ground, section, content, saved=mine.draft is None,
        extra=_extra(request, section), pages=_pages(request, section, pasted),
    )  # fmt: skip
    shape = [each for each in wrong if section_of(each.where) == section]
    checks = [each for each in checked(found, plan, page) if section_of(each.where) == section and not shape]
    beside = put_findings(form, shape, checks, ground.wording, all_blockers="checked" in request.GET)
    put_links(page, form, ground)
    if pasted is not None:
        pasted.put_into(form)
    frame = page.frame("plan-check")
    met = meeting(page, mine.met, ground.wording, choosing) if mine.met else None
    errors = [(each.id, f"{each.where}: {each.error}") for each in met.choosing if each.error] if met else []
    context = (
        frame
        | _around(page, section)
        | {
            "form": form,
            "errors": [*errors, *form.errors] or frame["errors"],
            # What belongs to no field, such as a year's sum, is said at the head of the form.
            "of_section": [words for id_, words in form.errors if id_ == section],
            "beside": beside,
            "href_of": lambda where: address_in(form, where),
            "draft": mine.draft,
            "token": _token(mine.draft),
            "other": _listed(ground.wording, section, other.content) if other else [],
            "base": section_base(found, section),
            "met": met,
            "totals": adds_up(ground, section, content),
            "unread": bool(shape),
            "pasted": pasted,
            "dropped": "dropped" in request.GET and mine.draft is None,
            "removed": "removed" in request.GET,
        }
    )
    return render(request, "web/section_form.jinja", context, status=_status(page, other, errors))


def _around(page: PlanPage, section: str) -> dict[str, object]:
    """What a form's page says around the form."""
    found = page.view
    return {
        "name": section,
        "title": TITLES[section],
        "says": HINTS[section],
        "others": _others(page, section),
        "peers": peers(page) if section == "sources" else [],
        "official": found.known.minimum.official,
        "next": section_after(found, section),
        "history_href": page.href("plan-history", section=section) if found.history.current else "",
        "TITLES": TITLES,
    }


def _status(page: PlanPage, other: Draft | None, errors: list[tuple[str, str]]) -> HTTPStatus:
    if other:
        return HTTPStatus.CONFLICT
    return HTTPStatus.BAD_REQUEST if page.when.error or errors else HTTPStatus.OK


def _others(page: PlanPage, section: str) -> list[tuple[str, object]]:
    """Who else has a draft of the section, and since when."""
    account = page.account.id if page.account else ""
    held = page.house.drafts.of_plan(page.view.history.id)
    others = [each for each in held if each.section == section and each.editor != account]
    names = names_of(each.editor for each in others)
    return [(names[each.editor], each.at) for each in others]


def _extra(request: HouseRequest, section: str) -> str:
    """The list that an empty row is asked for."""
    asked = request.GET.get("add", "")
    lists = {each.name for each in EVERY[section].lists}
    return asked if asked in lists else first_list(section) if asked else ""


def _pages(request: HouseRequest, section: str, pasted: PasteReport | None) -> dict[str, int]:
    """Which page of each list is shown; the last of one to which rows were pasted."""
    asked = {
        each.name: request.GET.get(named(section, "page", each.name), "") for each in EVERY[section].lists
    }
    pages = {name: int(text) for name, text in asked.items() if text.isascii() and text.isdecimal() and len(text) < 6}  # fmt: skip
    return pages | ({pasted.listed: 99_999} if pasted else {})


def changes_said(words: Wording, changes: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    """Where, before and after, in words."""
    return [
        (words.place(each.where), side_said(words, each.where, each.before), side_said(words, each.where, each.after))
        for each in changes
    ]  # fmt: skip


def side_said(words: Wording, where: str, value: object, *, of_row: bool | None = None) -> str:
    """What stands on one side of a difference, in words: a field is empty, and a row is not there."""
    if value is None and of_row is None:
        place = parsed(where)
        of_row = place.list is not None and place.field is None
    if value is None or value == "":
        return "not there" if of_row else "empty"
    return words.value(where, value)


def link_to(page: PlanPage, where: str) -> str | None:
    """The address of the field at a place, for one who may edit; else of its section."""
    section = section_of(where)
    if section is None:
        return None
    address = page.href("plan-section", section=section)
    return f"{address}#{field_id(where)}" if page.may_edit else address
