"""One section of a plan: to read, or, for those who may, to write; what is typed is kept as a draft, right or wrong."""

import re
from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from carepool.actions.planning import (
    PlanView,
    Stale,
    compare_sections,
    drop_draft,
    keep_draft,
    known_for,
    section_base,
    with_drafts,
)
from carepool.actions.ports import Draft
from carepool.basics.canonical import Digest
from carepool.basics.findings import Finding, Severity
from carepool.basics.refusals import NotHere, Refused
from carepool.conditions.checks import check
from carepool.offices.holdings import Permit
from carepool.plans.document import SECTIONS, Plan, as_data, read_section
from carepool.plans.versions import Change
from carepool.web.asking import HouseRequest
from carepool.web.frame import PlanPage, actor_of
from carepool.web.people import names_of
from carepool.web.places_in_plan import TITLES, Wording, field_id, section_of, wording
from carepool.web.section_forms import (
    MOST_ROWS,
    NOUNS,
    Content,
    Ground,
    adds_up,
    content_typed,
    form_of,
    nearest_place,
    put_findings,
)
from carepool.web.section_tables import shown
from carepool.web.signing_in import to_sign_in

_DIGEST = re.compile(r"[0-9a-f]{64}")


def page(request: HouseRequest, plan: str, section: str) -> HttpResponse:
    """The section, and what comes of sending its form."""
    page = PlanPage(request, plan)
    if section not in SECTIONS:
        raise NotHere(f"A plan has no section “{section}”. It has {', '.join(SECTIONS)}.")
    if request.method == "POST":
        return _sent(page, section)
    return _form(page, section) if page.may_edit else _reading(page, section)


def after(section: str) -> str | None:
    """The section after one; None after the last."""
    names = list(SECTIONS)
    at = names.index(section) + 1
    return names[at] if at < len(names) else None


# To read


def _reading(page: PlanPage, section: str, refused: str = "", typed: Content | None = None) -> HttpResponse:
    """The section as it was saved; with words and what was typed when a form was refused."""
    found = page.view
    words = wording(found)
    here = [each for each in found.findings if section_of(each.where) == section]
    context = page.frame("plan-check") | {
        "name": section,
        "title": TITLES[section],
        "shown": shown(found, found.plan, section) if found.history.current else None,
        "findings": here if found.history.current else [],
        "why": _why_not(page),
        "leads": page.leads() if not page.when.day else [],
        "sign_in": to_sign_in(page.request).url if page.account is None and not page.when.day else "",
        "refused": refused,
        "typed": _listed(words, section, typed) if typed else [],
        "next": after(section),
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
    return [(words.place(place), str(content))] if str(content) else []


# To write


def _sent(page: PlanPage, section: str) -> HttpResponse:
    """Keep what was typed first, whatever is wrong; then what the button says."""
    request, found = page.request, page.view
    pressed = request.POST.get("do", "keep")
    removed = pressed.removeprefix("remove-") if pressed.startswith("remove-") else ""
    content = content_typed(section, request.POST, found.plan, removed)
    here = page.href("plan-section", section=section)
    if page.account is None:
        return _reading(page, section, "You are not signed in any more, so this was not kept. Copy it from below, sign in, and send it again.", content)  # fmt: skip
    actor = actor_of(request, page.account)
    if pressed == "drop":
        if not isinstance(page.permit, Permit):
            return _reading(page, section, page.said(page.permit.says) if page.permit else "")
        drop_draft(page.house, actor, found.history.id, section)
        return _go(f"{here}?dropped=yes")
    base = request.POST.get("base", "")
    if not _DIGEST.fullmatch(base):
        base = section_base(found, section)
    other = _kept_elsewhere(page, section, content)
    if other is not None:
        return (
            HttpResponse(status=HTTPStatus.CONFLICT)
            if pressed == "autosave"
            else _form(page, section, content, other)
        )
    refused = keep_draft(page.house, actor, found.history.id, section, content, base)
    if isinstance(refused, Refused):
        return _reading(page, section, page.said(refused.says), content)
    if pressed == "autosave":
        return HttpResponse(
            status=HTTPStatus.NO_CONTENT, headers={"X-Draft": _token(_my_draft(page, section))}
        )
    if pressed == "row":
        rows = content.get(section)
        at = len(rows) if isinstance(rows, list) else 0
        return _go(f"{here}?add=1#{section}-{at}")
    if removed:
        return _go(f"{here}?removed=yes#{section}")
    return _go(_onward(page, section, Digest(base), content))


def _my_draft(page: PlanPage, section: str) -> Draft | None:
    """The draft that who is signed in has of a section."""
    if page.account is None:
        return None
    mine = page.house.drafts.of_editor(page.view.history.id, page.account.id)
    return next((each for each in mine if each.section == section), None)


def _token(draft: Draft | None) -> str:
    """Which draft a form was made from: the instant at which it was kept."""
    return draft.at.isoformat() if draft else ""


def _kept_elsewhere(page: PlanPage, section: str, content: Content) -> Draft | None:
    """What the same person kept in another window since this form was made, where it differs from what was sent."""
    held = _my_draft(page, section)
    if held is None or "draft" not in page.request.POST or page.request.POST["draft"] == _token(held):
        return None
    return held if held.content != content else None


def _onward(page: PlanPage, section: str, base: Digest, content: Content) -> str:
    """The next section, or the check; this one again while something in it is wrong or others were quicker."""
    here = page.href("plan-section", section=section)
    if base != section_base(page.view, section):
        return here
    mine, wrong = read_section(section, content)
    if mine is None or wrong:
        return f"{here}?checked=yes"
    assert page.account is not None  # noqa: S101  (only who is signed in keeps a draft)
    plan, _, _ = with_drafts(page.house, page.view, page.account.id)
    if any(
        each.severity is Severity.BLOCKER and section_of(each.where) == section
        for each in checked(page.view, plan, page)
    ):
        return f"{here}?checked=yes"
    following = after(section)
    return page.href("plan-section", section=following) if following else page.href("plan-check")


def checked(found: PlanView, plan: Plan, page: PlanPage) -> list[Finding]:
    """What the checks find in a plan that is not saved, against what is known for its own parties."""
    if plan is found.plan:
        return list(found.findings)
    return check(plan, known_for(page.house, found.rules, found.area, plan.parties))


def _go(where: str) -> HttpResponse:
    return HttpResponseRedirect(where, status=HTTPStatus.SEE_OTHER)


def _form(
    page: PlanPage, section: str, typed: Content | None = None, other: Draft | None = None
) -> HttpResponse:
    """The form: what was just typed, where ``other`` was kept in another window; my draft; or what was saved."""
    assert page.account is not None  # noqa: S101  (only who is signed in may edit)
    request, found = page.request, page.view
    plan, drafts, wrong = with_drafts(page.house, found, page.account.id)
    draft = next((each for each in drafts if each.section == section), None)
    content: object = (
        typed if typed is not None else draft.content if draft else as_data(found.plan.section(section))
    )
    ground = Ground(found, plan, wording(found))
    form = form_of(ground, section, content if isinstance(content, Mapping) else {}, saved=draft is None, extra="add" in request.GET)  # fmt: skip
    shape = [each for each in wrong if section_of(each.where) == section]
    checks = [each for each in checked(found, plan, page) if section_of(each.where) == section and not shape]
    beside = put_findings(form, shape, checks, ground.wording, all_blockers="checked" in request.GET)
    stale = stale_of(found, draft)
    others = [
        each for each in page.house.drafts.of_plan(found.history.id)
        if each.section == section and each.editor != page.account.id
    ]  # fmt: skip
    names = names_of(each.editor for each in others)
    frame = page.frame("plan-check")
    context = frame | {
        "name": section,
        "title": TITLES[section],
        "form": form,
        "errors": form.errors or frame["errors"],
        # What belongs to no field, such as a year's sum, is said at the head of the form.
        "of_section": [words for id_, words in form.errors if id_ == section],
        "beside": beside,
        "href_of": lambda where: f"#{nearest_place(form, where)}",
        "draft": draft,
        "token": _token(draft),
        "other": _listed(ground.wording, section, other.content) if other else [],
        # Whoever has been shown the difference begins from what others saved.
        "base": section_base(found, section),
        "stale": stale,
        "stale_rows": changes_said(ground.wording, stale.changes) if stale else [],
        "others": [(names[each.editor], each.at) for each in others],
        "years": found.known.years,
        "totals": adds_up(ground, form),
        "unread": bool(shape),
        "noun": NOUNS.get(section, ""),
        "full": len(form.rows) >= MOST_ROWS,
        "next": after(section),
        "TITLES": TITLES,
        "dropped": "dropped" in request.GET and draft is None,
        "removed": "removed" in request.GET,
    }
    status = HTTPStatus.CONFLICT if other else HTTPStatus.BAD_REQUEST if page.when.error else HTTPStatus.OK
    return render(request, "web/section_form.jinja", context, status=status)


def stale_of(found: PlanView, draft: Draft | None) -> Stale | None:
    """What others have saved in the section since the draft was begun."""
    if draft is None or draft.base == section_base(found, draft.section):
        return None
    mine, _ = read_section(draft.section, draft.content)
    changes = compare_sections(draft.section, found.plan.section(draft.section), mine)
    return Stale(
        f"Somebody saved another version of “{TITLES[draft.section]}” after you began. What you typed is below, as you typed it.",
        changes,
    )


def changes_said(words: Wording, changes: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    """Where, before and after, in words."""
    return [
        (words.place(each.where), words.value(each.where, each.before), words.value(each.where, each.after))
        for each in changes
    ]


def link_to(page: PlanPage, where: str) -> str | None:
    """The address of the field at a place, for one who may edit; else of its section."""
    section = section_of(where)
    if section is None:
        return None
    address = page.href("plan-section", section=section)
    return f"{address}#{field_id(where)}" if page.may_edit else address
