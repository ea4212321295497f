"""A plan as a workbook in the browser: take it away, bring it back, and read what became of every cell."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render

from carepool.actions.house import House
from carepool.actions.importing import XLSX, Import, imports, stream_of
from carepool.actions.permits import Actor
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.documents import Document
from carepool.plans.document import EVERY
from carepool.web.asking import HouseRequest
from carepool.web.frame import PlanPage, actor_of, carried_out
from carepool.web.signing_in import to_sign_in
from carepool.workbooks.annotating import annotate
from carepool.workbooks.checking import Checked, check_workbook
from carepool.workbooks.importing import Imported, import_workbook
from carepool.workbooks.offers import offers
from carepool.workbooks.reading import read_workbook
from carepool.workbooks.writing import origin_of, write_workbook

LARGEST = 10_000_000
MOST_SHOWN = 200
"""Lines of a receipt that a page shows; the whole of it is in the annotated copy and in the journal."""


def page(request: HouseRequest, plan: str) -> HttpResponse:
    """The page: what a workbook is for, the link to take it away, and the form to bring it back."""
    shown = PlanPage(request, plan)
    context = shown.frame("plan") | {"done": None, "problem": "", "faults": [], "earlier": _earlier(shown)}
    status = HTTPStatus.OK
    if request.method == "POST":
        if shown.account is None:
            return to_sign_in(request)
        outcome = _bring_back(request, shown)
        if isinstance(outcome, str):
            context |= {"problem": outcome, "errors": [("file", outcome)]}
            status = HTTPStatus.BAD_REQUEST
        else:
            context |= _told(shown, outcome)
    return render(request, "web/workbook.jinja", context, status=status)


def download(request: HouseRequest, plan: str) -> HttpResponse:
    """The plan's current version, or what a new plan begins from, as a workbook."""
    shown = PlanPage(request, plan)
    found = shown.view
    version = found.history.current.digest if found.history.current else ""
    content = write_workbook(
        found.plan,
        found.rules,
        origin_of(found.plan, plan, version),
        offers(found.rules, found.area, found.plan),
    )
    return _file(content, f"{plan}.xlsx")


def annotated(request: HouseRequest, plan: str, which: str) -> HttpResponse:
    """A workbook that somebody brought back, with each problem as a comment at its cell. Only for who may edit the plan."""
    shown = PlanPage(request, plan)
    if shown.account is None:
        return to_sign_in(request)
    known = {each.workbook for each in _imports(shown.house, plan)}
    document = shown.house.journal.document(which) if which in known and shown.may_edit else None
    if not isinstance(document, Document):
        raise NotHere("There is no such workbook of this plan, or its bytes were withdrawn.")
    checked = check_workbook(shown.house, read_workbook(document.content))
    return _file(annotate(document.content, checked.faults), f"{plan}-with-comments.xlsx")


def _bring_back(request: HouseRequest, shown: PlanPage) -> Imported | str:
    """Import the workbook that was sent; else why not, in a sentence."""
    assert shown.account is not None  # noqa: S101 (asked before)
    sent = request.FILES.get("file")
    if sent is None:
        return "Choose the workbook to bring back."
    if (sent.size or 0) > LARGEST:
        return f"The file has {sent.size:,} bytes; a workbook of at most {LARGEST:,} is read. Is it the right file?"
    actor = actor_of(request, shown.account)
    try:
        done = carried_out(
            shown.house,
            lambda: _import(
                shown.house, actor, sent.read(), (sent.name or "workbook")[:200], shown.view.history.id
            ),
        )
    except Unusable as error:
        return str(error)
    if isinstance(done, Refused):
        return shown.said(done.says)
    shown.house.journal.seal()
    return done


def _import(house: House, actor: Actor, content: bytes, name: str, plan: str) -> Imported | Refused:
    book = read_workbook(content)
    checked = check_workbook(house, book)
    if checked.origin.plan not in {"", plan}:
        return Refused(
            f"This workbook is of the plan “{checked.origin.plan}”. Bring it back on the page of that plan."
        )
    return import_workbook(house, actor, content, book, checked, plan, file=name)


def _told(shown: PlanPage, done: Imported) -> dict[str, object]:
    """What became of a workbook, for the page."""
    receipt = done.receipt
    counts = receipt.counts()
    rejected = [(each.sheet, each.at, each.why) for each in receipt.cells if each.outcome == "rejected"]
    return {
        "done": done,
        "counts": counts,
        "sections": [(EVERY[name].title, shown.href("plan-section", section=name)) for name in receipt.sections],
        "rejected": rejected[:MOST_SHOWN],
        "conflicts": [
            (each.where, _shown(each.base), _shown(each.mine), _shown(each.theirs)) for each in receipt.conflicts
        ][:MOST_SHOWN],
        "faults": _faults(done.checked),
        "more": max(0, len(rejected) - MOST_SHOWN),
        "document": str(done.documents.get("workbook", "")),
    }  # fmt: skip


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _faults(checked: Checked) -> list[tuple[str, ...]]:
    return [
        (each.sheet, each.cell, str(each.severity).capitalize(), each.says, each.remedy)
        for each in checked.faults[:MOST_SHOWN]
    ]


def _imports(house: House, plan: str) -> tuple[Import, ...]:
    return imports(house.journal.read(stream_of(plan)))


def _earlier(shown: PlanPage) -> list[tuple[object, ...]]:
    """The workbooks that were brought back, the latest first; for who may edit."""
    if not shown.may_edit:
        return []
    return [(each.at, each.by, ", ".join(EVERY[name].title for name in each.sections), each.workbook) for each in reversed(_imports(shown.house, shown.view.history.id))]  # fmt: skip


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
