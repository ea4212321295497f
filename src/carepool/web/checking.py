"""Check answers: the whole plan with my drafts in it, what the checks find, and saving it as a version on purpose."""

from dataclasses import dataclass, replace
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.editing import Met, Stale, Unreadable, met_by, save_version, with_drafts
from carepool.actions.ports import Draft
from carepool.actions.trust_plans import across_plans
from carepool.basics.findings import Finding
from carepool.basics.refusals import Refused
from carepool.journal.commands import Done
from carepool.plans.document import Plan
from carepool.web.asking import HouseRequest
from carepool.web.frame import PlanPage, actor_of, carried_out
from carepool.web.places_in_plan import TITLES, Wording, section_of, wording
from carepool.web.plan_tasks import groups, ordered
from carepool.web.section_tables import SectionShown, shown
from carepool.web.sections import changes_said, checked, link_to
from carepool.web.signing_in import to_sign_in


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it stands on the page."""

    name: str
    title: str
    href: str
    shown: SectionShown
    drafted: bool
    stale: bool
    """Whether somebody else changed what my draft changes, so that a choice is to be made."""
    taken: int
    """How many changes of others, that my draft does not touch, are in it."""
    unread: bool


def page(request: HouseRequest, plan: str) -> HttpResponse:
    """The page."""
    return _page(PlanPage(request, plan), None)


def save(request: HouseRequest, plan: str) -> HttpResponse:
    """Save my drafts as a version; nothing is lost when that cannot be."""
    page = PlanPage(request, plan)
    if page.account is None:
        return _page(
            page,
            Refused("You are not signed in any more, so nothing was saved. Sign in; your drafts are kept."),
        )
    actor = actor_of(request, page.account)
    done = carried_out(page.house, lambda: save_version(page.house, actor, plan))
    if isinstance(done, Done):
        query = {"saved": str(done.answer)} | ({"again": "yes"} if done.again else {})
        return redirect(reverse("plan", args=[plan], query=query))
    return _page(PlanPage(request, plan), done)


def _page(page: PlanPage, failed: Refused | Stale | Unreadable | None) -> HttpResponse:
    found, content = page.view, page.view.plan
    drafts: tuple[Draft, ...] = ()
    wrong: tuple[Finding, ...] = ()
    if page.account is not None and page.may_edit:
        content, drafts, wrong = with_drafts(page.house, found, page.account.id)
    words = wording(found)
    # Where a draft cannot be read, the checks would speak of what was saved before it: they wait until it can.
    findings = [replace(each, says=words.said(each)) for each in wrong] or checked(found, content, page)
    behind = {each.section: met for each in drafts if (met := met_by(page.house, found, each))}
    frame = page.frame("plan-check")
    context = frame | {
        "groups": [
            (title, [_part(page, content, name, drafts, behind.get(name), wrong, words) for name in names])
            for title, names in _groups(page)
        ],
        "drafts": drafts,
        "draft_names": ", ".join(TITLES[name].lower() for name in ordered(found) if any(each.section == name for each in drafts)),
        "nothing": found.history.current is None and not drafts,
        "findings": findings,
        "across": _across(page, content),
        "trust_href": lambda where: reverse("trust", args=[where]),
        "unread": bool(wrong),
        "said": [(words.finding(each), each) for each in wrong],
        "href_of": lambda where: link_to(page, where),
        "failed": failed,
        "why": page.said(failed.says) if failed else "",
        "changes": changes_said(words, failed.changes) if isinstance(failed, Stale) else [],
        "errors": _errors(page, failed) or frame["errors"],
        "sign_in": to_sign_in(page.request).url if page.account is None and not page.when.day and page.request.method == "GET" else "",
        "leads": page.leads() if isinstance(failed, Refused) and not page.may_edit else [],
    }  # fmt: skip
    return render(page.request, "web/plan_check.jinja", context, status=_status(page, failed))


def _across(page: PlanPage, content: Plan) -> tuple[Finding, ...]:
    """Where all plans together disagree with the own plan of a hospital of this one: every one of them says it."""
    if page.when.day:
        return ()
    return across_plans(page.house, page.account.id if page.account else None, content)


def _groups(page: PlanPage) -> list[tuple[str, list[str]]]:
    """The sections in groups; the target too where the rules ask for none, to say so."""
    found = groups(page.view)
    if any("target" in names for _, names in found):
        return found
    return [(title, [*(["target"] if title == "Targets" else []), *names]) for title, names in found]


def _part(
    page: PlanPage, content: Plan, name: str, drafts: tuple[Draft, ...], met: Met | None,
    wrong: tuple[Finding, ...], words: Wording,
) -> Part:  # fmt: skip
    return Part(
        name, TITLES[name], page.href("plan-section", section=name), shown(page.view, content, name, words),
        any(each.section == name for each in drafts), bool(met and met.merged.conflicts), len(met.merged.merged) if met else 0,
        any(section_of(each.where) == name for each in wrong),
    )  # fmt: skip


def _errors(page: PlanPage, failed: Refused | Stale | Unreadable | None) -> list[tuple[str, str]]:
    return [("not-saved", page.said(failed.says))] if failed else []


def _status(page: PlanPage, failed: Refused | Stale | Unreadable | None) -> HTTPStatus:
    if isinstance(failed, Refused):
        return HTTPStatus.CONFLICT if page.may_edit else HTTPStatus.FORBIDDEN
    if isinstance(failed, Stale):
        return HTTPStatus.CONFLICT
    return HTTPStatus.BAD_REQUEST if failed or page.when.error else HTTPStatus.OK
