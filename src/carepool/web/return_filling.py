"""Filling a return in: its parts as forms, by workbook, the check, and the acts by which it is put forward, signed and closed."""

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render

from carepool.actions.importing import XLSX
from carepool.actions.permits import Actor
from carepool.actions.return_imports import OUTCOMES, REJECTED, bring_back, imports_of, receipt_of
from carepool.actions.returning import (
    close_return_of,
    content_of,
    keep_part,
    prefill,
    put_forward_of,
    sign_return_of,
    unsigned,
    working_of,
)
from carepool.basics.findings import Finding, Severity
from carepool.basics.money import in_figures
from carepool.basics.refusals import NotHere, Refused
from carepool.journal.commands import Done
from carepool.plans.describe import FieldAbout
from carepool.plans.parts import Part
from carepool.render.return_papers import pdf_of_print
from carepool.render.words import day
from carepool.returns.document import GIVEN, PARTS, merged, return_digest
from carepool.returns.printing import row_title, worded
from carepool.web.acts import (
    Act,
    Answers,
    Ask,
    Kind,
    Wrong,
    act_page,
    answers_of,
    carry_out_act,
    unknown_act,
)
from carepool.web.asking import HouseRequest
from carepool.web.people import names_of
from carepool.web.return_frame import ReturnPage
from carepool.web.returns import tables
from carepool.workbooks.reading import read_workbook
from carepool.workbooks.returns import read_return_workbook, write_return

LARGEST = 10_000_000
KINDS: Mapping[str, Kind] = {"words": "words", "day": "day", "money": "money", "choice": "choice", "yesno": "choice"}  # fmt: skip


def page(request: HouseRequest, plan: str, quarter: str) -> HttpResponse:
    """What is left to do: each part with what its checks find, and the acts that are open to who is signed in."""
    shown = ReturnPage(request, plan, quarter)
    answers, problem, sent = Answers({}, {}), None, ""

    def do(actor: Actor, act: str, answers: Answers) -> Done | Refused:
        return _do(shown, actor, act, answers)

    if request.method == "POST":
        answers = answers_of(request)
        sent = answers.text("act")
        problem = carry_out_act(request, sent, answers, do, shown.said)
        if problem is None:
            return redirect(f"{shown.href('plan-return-fill')}?done={sent}")
    working = working_of(shown.house, shown.found)
    waiting = shown.found.filed.waiting
    frame = shown.frame("plan-returns")
    errors = frame["errors"]
    assert isinstance(errors, list)  # noqa: S101 (every frame's)
    context = {
        **frame,
        "done": _done(shown, request.GET.get("done", "")) if problem is None else "",
        "parts": [
            _part(shown, name, working.findings, name in working.typed) for name in shown.found.asking.names
        ]
        if shown.may_fill
        else [],
        "findings": working.findings if shown.may_fill else (),
        "href_of": lambda where: (
            shown.href("plan-return-part", part=where.partition("/")[0]) if shown.may_fill else None
        ),
        "tables": tables(shown, content_of(shown.house, waiting.document))
        if waiting and shown.may_sign
        else [],
        "acts": _acts(shown, return_digest(working.content)),
        "typed": answers.typed if problem else {},
        "sent": sent if problem else "",
        "problem": problem,
        "errors": [*errors, *([(f"{sent}-{problem.field}", problem.says)] if problem else [])],
        "nothing": _nothing(shown),
        "workbook_href": shown.href("plan-return-xlsx"),
        **(_brought(shown) if shown.may_fill else {}),
    }
    status = problem.status if problem else HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, "web/return_fill.jinja", context, status=status)


_DONE = {
    "prefill": "The return begins from last quarter's answers and the account.",
    "workbook": "The workbook is in: look at what the checks find.",
    "forward": "It is put forward. It is sent once the chair of the board has signed.",
    "sign": "It is signed and sent.",
    "close": "It is closed, and its print is kept, as text and as PDF.",
}


def _done(shown: ReturnPage, act: str) -> str:
    """What was just done; a signature that is not the last says for whom it waits."""
    if act == "sign" and shown.found.filed.waiting:
        missing = " and ".join(shown.name(each) for each in unsigned(shown.house, shown.found))
        return f"It is signed for the board. It is sent once {missing} has signed too."
    return _DONE.get(act, "")


def _do(shown: ReturnPage, actor: Actor, act: str, answers: Answers) -> Done | Refused:
    plan, quarter = shown.found.asking.plan, shown.found.quarter
    match act:
        case "prefill":
            begun = prefill(shown.house, actor, plan, quarter)
            return begun if isinstance(begun, Refused) else Done(None)
        case "workbook":
            return _bring_back(shown, actor, answers)
        case "forward":
            return put_forward_of(shown.house, actor, plan, quarter, answers.text("why"), answers.text("seen"))  # fmt: skip
        case "sign":
            return sign_return_of(shown.house, actor, plan, quarter, answers.text("digest"))
        case "close":
            return close_return_of(shown.house, actor, plan, quarter, pdf_of_print)
    raise unknown_act(act)


def _bring_back(shown: ReturnPage, actor: Actor, answers: Answers) -> Done | Refused:
    content = answers.files.get("file", b"")
    if not content:
        raise Wrong("file", "Choose the workbook to bring back.")
    if len(content) > LARGEST:
        raise Wrong("file", f"The file has {len(content):,} bytes; a workbook of at most {LARGEST:,} is read. Is it the right file?")  # fmt: skip
    read = read_return_workbook(read_workbook(content), shown.found.rules, shown.found.asking)
    if (read.plan, read.quarter) != (shown.found.asking.plan, shown.quarter):
        raise Wrong("file", "This is not a workbook of this return. Take it away from this page, and bring that one back.")  # fmt: skip
    blocked = [each for each in read.faults if each.severity is Severity.BLOCKER]
    if blocked:
        # Nothing is kept of half a workbook here: whoever brings it sees at once which cell it is.
        more = f" {len(blocked) - 1} more cells cannot be read." if len(blocked) > 1 else ""
        raise Wrong(
            "file", f"{blocked[0].sheet}, {blocked[0].cell}: {blocked[0].says} {blocked[0].remedy}{more}"
        )
    name = getattr(shown.request.FILES.get("file"), "name", "") or "workbook"
    brought = read.brought(content, name[:200])
    done = bring_back(shown.house, actor, shown.found.asking.plan, shown.found.quarter, brought)
    if isinstance(done, Refused):
        return done
    if done.findings:
        raise Wrong("file", f"{done.findings[0].says} {done.findings[0].remedy}")
    return Done(None)


_TOLD = ("Taken", "Not taken", "Not read")
_MOST = 50
"""Cells that were not taken, as the page tells them; the command tells all."""


def _brought(shown: ReturnPage) -> dict[str, object]:
    """The workbooks that were brought back, and which cells of the last were not taken."""
    made = imports_of(shown.house, shown.found.asking.plan, shown.found.quarter)
    names = names_of(each.by for each in made)
    last = receipt_of(shown.house, made[-1]) if made else None
    cells = last.get("cells") if last else None
    refused = [each for each in (cells if isinstance(cells, list) else []) if each["outcome"] == REJECTED]
    return {
        "brought": [
            (day(each.at), names[each.by], *(str(each.counts[one]) for one in OUTCOMES), each.workbook, each.receipt)
            for each in made
        ],
        "brought_columns": [("When", "text"), ("By", "text"), *((each, "number") for each in _TOLD), ("Digest of the file", "text"), ("Digest of its receipt", "text")],
        "refused_cells": [(f"{each['sheet']}, {each['cell']}", each.get("why", "")) for each in refused[:_MOST]],
    }  # fmt: skip


def _acts(shown: ReturnPage, seen: str) -> list[Act]:
    acts = []
    filed = shown.found.filed
    if shown.may_fill:
        why = (Ask("why", "What was wrong, and how it came to light", "words"),) if filed.sent else ()
        title = "Put the correction forward" if filed.sent else "Put it forward"
        acts += [
            Act("forward", title, title, why, ("The chair of the board then signs it, which sends it.",), (("seen", seen),)),
            Act("workbook", "Bring a workbook back", "Bring it back", (Ask("file", "The workbook", "file", "An .xlsx file of at most 10 MB"),)),
            Act("prefill", "Begin again", "Prefill it again", (), ("From last quarter's answers and the account. What was typed and not put forward is dropped.",), warns=True),
        ]  # fmt: skip
    if shown.may_sign and filed.waiting:
        acts.append(Act("sign", "Sign and send", "Sign and send", (), ("You sign what stands above, in the name of the board.",), (("digest", filed.waiting.digest),)))  # fmt: skip
    if shown.may_close and filed.sent and not filed.waiting:
        acts.append(Act("close", "Close it", "Close it", (), ("Nothing in it is corrected any more, and it is printed as it is now for ever.",), warns=True))  # fmt: skip
    return acts


def _nothing(shown: ReturnPage) -> str:
    if shown.found.filed.closed:
        return "It is closed, so nothing in it is changed any more."
    return "The plan leads of its partners and the pool manager fill a return in, and the chair of the board signs it."  # fmt: skip


def _part(
    shown: ReturnPage, name: str, findings: tuple[Finding, ...], typed: bool
) -> tuple[object, ...]:  # fmt: skip
    own = [each for each in findings if each.where.partition("/")[0] == name]
    blocked = sum(each.severity is Severity.BLOCKER for each in own)
    title = PARTS[name].title
    state = f"{blocked} to answer" if blocked else "Ready"
    cell: object = (title, shown.href("plan-return-part", part=name)) if shown.may_fill else title
    return (cell, f"{state}, typed and not put forward" if typed else state)


def part(request: HouseRequest, plan: str, quarter: str, part: str) -> HttpResponse:
    """One part as a form, last quarter's answer under each question."""
    shown = ReturnPage(request, plan, quarter)
    if not shown.found.asking.asks(part):
        raise NotHere(f"The return of {quarter} has no part “{part}”. Its page has them all.")
    working = working_of(shown.house, shown.found)
    content = working.content.part(part)

    def do(actor: Actor, act: str, answers: Answers) -> Done | Refused:
        if act != "keep":
            raise unknown_act(act)
        data = merged(part, content, _typed(part, content, answers))
        done = keep_part(shown.house, actor, plan, shown.found.quarter, part, data, answers.text("seen"))
        if isinstance(done, Refused):
            return done
        if not isinstance(done, Part):
            raise Wrong("-".join(done[0].where.split("/")[1:]) or "form", f"{done[0].says} {done[0].remedy}")
        return Done(None)

    title = PARTS[part].title
    act = Act("keep", title, "Keep it", tuple(_asks(shown, part, content)), (), (("seen", working.seen(part)),))  # fmt: skip
    says = [each.says for each in shown.found.asking.parts if each.id == part]
    return act_page(
        request, shown, title, says, [act] if shown.may_fill else [], do, shown.href("plan-return-fill"), (), _nothing(shown),
        here="plan-returns",
    )  # fmt: skip


def _asks(shown: ReturnPage, name: str, content: Part) -> list[Ask]:
    before = shown.found.last.part(name) if shown.found.last else None
    asks = [_ask(shown, each.name, "", each, content, before) for each in PARTS[name].fields if each.name not in GIVEN.get(name, ())]  # fmt: skip
    for one in PARTS[name].lists:
        was = {row_title(shown.found.asking, name, row): row for row in (getattr(before, one.name) if before else ())}  # fmt: skip
        for number, row in enumerate(getattr(content, one.name)):
            title = row_title(shown.found.asking, name, row)
            asks += [_ask(shown, f"{one.name}-{number}-{each.name}", title, each, row, was.get(title)) for each in one.fields if each.name not in GIVEN.get(name, ())]  # fmt: skip
    return asks


def _ask(shown: ReturnPage, name: str, row: str, field: FieldAbout, now: Part, before: Part | None) -> Ask:
    asking = shown.found.asking
    last = worded(asking, field, getattr(before, field.name)) if before else ""
    hint = [f"{field.hint}." if field.hint else "", f"Last quarter: {last}" if last else ""]
    suggested = getattr(now, "suggested", None)
    if field.name == "agreed" and suggested is not None:
        hint.insert(0, f"Suggested: {worded(asking, field, suggested)}.")
    choices = tuple((asking.uses if field.of == "uses" else field.codes).items())
    kind: Kind = "choice" if field.of == "uses" else KINDS.get(field.kind, "line")
    label = f"{row}: {field.title[:1].lower()}{field.title[1:]}" if row else field.title
    return Ask(name, label, kind, " ".join(each for each in hint if each), choices, _value(field, getattr(now, field.name)))  # fmt: skip


def _value(field: FieldAbout, value: object) -> str:
    if value is None:
        return ""
    if field.kind == "money" and isinstance(value, int):
        pounds, pence = divmod(value, 100)
        return f"{in_figures(pounds)}.{pence:02}" if pence else in_figures(pounds)
    return str(value)


def _typed(name: str, content: Part, answers: Answers) -> dict[str, object]:
    typed: dict[str, object] = {each.name: answers.text(each.name) for each in PARTS[name].fields if each.name in answers.typed or each.codes}  # fmt: skip
    for one in PARTS[name].lists:
        rows = []
        for number, row in enumerate(getattr(content, one.name)):
            about = {
                each.name: getattr(row, each.name)
                for each in one.fields
                if each.name in {"id", "way", "quarter"}
            }
            named = {each.name: f"{one.name}-{number}-{each.name}" for each in one.fields}
            given = {key: answers.text(at) for key, at in named.items() if key not in GIVEN.get(name, ()) and at in answers.typed}  # fmt: skip
            rows.append(given | {key: str(value) for key, value in about.items()})
        typed[one.name] = rows
    return typed


def as_workbook(request: HouseRequest, plan: str, quarter: str) -> HttpResponse:
    """The return as it stands as a workbook, for who may fill it in; as it was sent, for others."""
    shown = ReturnPage(request, plan, quarter)
    found = shown.found
    if shown.may_fill:
        content = working_of(shown.house, found).content
    elif found.filed.current:
        content = content_of(shown.house, found.filed.current.document)
    else:
        raise NotHere(f"The return of {quarter} was not sent yet. Its page says who can send it.")
    written = write_return(found.rules, found.asking, content, found.last, found.title, found.mark)
    return HttpResponse(
        written, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{plan}-{quarter}.xlsx"'}
    )  # fmt: skip
