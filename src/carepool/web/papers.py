"""A board's paper of a plan: as a page, as tagged PDF, as DOCX and as a copy that verifies, with or without sections withheld."""

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carepool.actions.areas import MARK
from carepool.actions.papers import WITHHOLDABLE, PaperOf, paper_of
from carepool.actions.tracing import place_in
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.offices.holdings import Permit
from carepool.plans.document import EVERY, filled
from carepool.plans.redaction import REASONS
from carepool.render import pdf as pdfs
from carepool.render.docx_papers import docx
from carepool.render.papers import paper
from carepool.render.words import day
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.frame import PlanPage
from carepool.web.signing_in import to_sign_in
from carepool.web.tracing import place_said

DOSSIER = "All of it with who has decided, for people who never sign in: a dossier, which can be checked without carepool"
LONGEST, MOST = 120, 60
"""Characters that name what is withheld with its reason, and how many may be."""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def page(request: HouseRequest, plan: str) -> HttpResponse:
    """The page, printed as the paper; before the first version, what will be here."""
    page = PlanPage(request, plan)
    if refused := stopped(page):
        return refused
    context = page.frame("plan-versions") | {"paper": None, "take_away": [], "withhold_href": ""}
    if page.view.history.current:
        asked = _asked(page)
        context |= {
            "paper": paper(_found(page)),
            "take_away": [
                (words, _with(page, name, asked))
                for words, name in (
                    ("This paper as tagged PDF", "plan-paper-pdf"), ("As DOCX", "plan-paper-docx"),
                    ("The plan's content as JSON, from which its digest can be worked out again", "plan-paper-json"),
                )
            ]
            + ([(DOSSIER, _with(page, "plan-dossier", asked))] if page.account else []),
            "withhold_href": _with(page, "plan-paper-withhold", asked) if page.may_edit else "",
            "asking": asked,
        }  # fmt: skip
    status = HTTPStatus.BAD_REQUEST if page.when.error else HTTPStatus.OK
    return render(request, "web/paper.jinja", context, status=status)


def as_pdf(request: HouseRequest, plan: str) -> HttpResponse:
    """The same as tagged PDF."""
    page = PlanPage(request, plan)
    return stopped(page, file=True) or _file(page, pdfs.pdf(paper(_found(page))), "application/pdf", "pdf")


def as_docx(request: HouseRequest, plan: str) -> HttpResponse:
    """The same as DOCX."""
    page = PlanPage(request, plan)
    return stopped(page, file=True) or _file(page, docx(paper(_found(page))), WORD, "docx")


def as_json(request: HouseRequest, plan: str) -> HttpResponse:
    """The content of the version, its withheld sections as digest and reason: what “carepool plan verify” checks."""
    page = PlanPage(request, plan)
    if refused := stopped(page, file=True):
        return refused
    found = _found(page)
    mark = {"mark": MARK} if found.area.illustrative else {}
    return json_answer(found.copy.as_data() | mark)


def as_css(request: HouseRequest, plan: str) -> HttpResponse:
    """What a browser prints at the foot of every page of the paper: its date, and the digest of the plan."""
    page = PlanPage(request, plan)
    version = page.view.history.current
    if version is None or page.when.error:
        raise NotHere("There is no paper to print.")
    mark = [f"{MARK}."] if page.view.area.illustrative else []
    made = f"Version {version.number}. Paper of {day(page.when.day or page.house.today)}."
    words = "\\A ".join([*mark, made, f"Digest of the plan {version.digest}"])
    style = 'white-space: pre; text-align: left; color: #4c6272; font: 7.5pt arial, "Liberation Sans", sans-serif;'
    sheet = f'@page {{ @bottom-left {{ content: "{words}"; {style} }} }}\n'
    return HttpResponse(sheet, content_type="text/css; charset=utf-8")


def withhold(request: HouseRequest, plan: str) -> HttpResponse:
    """The form in which a plan lead chooses what a paper leaves out, and why; it leads to the paper so made."""
    page = PlanPage(request, plan)
    if page.account is None:
        return to_sign_in(request)
    if page.view.history.current is None:
        raise NotHere("No version of this plan has been saved yet, so there is nothing to withhold.")
    if not isinstance(page.permit, Permit):
        return _not_for_you(page)
    held = dict(each[:LONGEST].partition(":")[::2] for each in request.GET.getlist("withhold")[:MOST])
    seen = page.view
    context = page.frame("plan-versions") | {
        "sections": [
            (name, EVERY[name].title, held.get(name, ""))
            for name in WITHHOLDABLE
            if filled(seen.plan.section(name))
        ],
        "fields": [
            (where, place_said(seen, seen.plan, place_in(seen, where)), reason)
            for where, reason in held.items()
            if "/" in where
        ],
        "reasons": list(REASONS.items()),
        "since": _since(page),
    }
    status = HTTPStatus.BAD_REQUEST if page.when.error else HTTPStatus.OK
    return render(request, "web/paper_withhold.jinja", context, status=status)


# What is asked


def _since(page: PlanPage) -> int | None:
    typed = page.request.GET.get("since", "")[:10].strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal()):
        raise Unusable(f"“{typed}” is no version. Write its number, like 1.")
    return int(typed)


def reasons(page: PlanPage) -> Mapping[str, str]:
    """Each section or field with its reason; the form sends one with no reason for what is not withheld."""
    found = {}
    asked = page.request.GET.getlist("withhold")[:MOST]
    if more := page.request.GET.get("field", "").strip():
        reason = page.request.GET.get("reason", "").strip()
        asked.append(f"{more}:{reason}" if reason else more)
    for each in asked:
        where, _, reason = each[:LONGEST].partition(":")
        if reason:
            found[where.strip()] = reason.strip()
        elif ":" not in each and (where.strip() in EVERY or "/" in where):
            raise Unusable(f"“{each[:LONGEST]}” gives no reason. Write it like freed:commercial.")
    return found


def _asked(page: PlanPage) -> list[tuple[str, str]]:
    """What the address asks, to be carried along."""
    since = _since(page)
    held = [("withhold", f"{section}:{reason}") for section, reason in reasons(page).items()]
    return [*([("since", str(since))] if since is not None else []), *held]


def _with(page: PlanPage, name: str, asked: list[tuple[str, str]]) -> str:
    query = [*page.when.query().items(), *asked]
    lists = {key: [value for other, value in query if other == key] for key, _ in query}
    return reverse(name, kwargs={"plan": page.view.history.id}, query=lists or None)


def _found(page: PlanPage) -> PaperOf:
    return paper_of(
        page.house, page.view.history.id, since=_since(page), withheld=reasons(page),
        withheld_by=page.account.name if page.account else "", upto=page.when.upto, on=page.when.day, seen=page.view,
    )  # fmt: skip


def stopped(page: PlanPage, *, file: bool = False) -> HttpResponse | None:
    """The answer to one who may not withhold: it is a decision of a plan lead. A file of a day that is none is refused."""
    if file and page.when.error:
        raise Unusable(page.when.error)
    if not reasons(page) or isinstance(page.permit, Permit):
        return None
    return to_sign_in(page.request) if page.account is None else _not_for_you(page)


def _not_for_you(page: PlanPage) -> HttpResponse:
    says = page.said(page.permit.says) if isinstance(page.permit, Refused) else ""
    context = page.frame("plan-versions") | {"why": says, "leads": page.leads()}
    return render(page.request, "web/paper_refused.jinja", context, status=HTTPStatus.FORBIDDEN)


def _file(page: PlanPage, content: bytes, kind: str, ending: str) -> HttpResponse:
    """A file to save under the plan's name and the number of its version."""
    version = page.view.history.current
    name = f"{page.view.history.id}-paper-{version.number if version else 0}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
