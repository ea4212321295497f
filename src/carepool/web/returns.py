"""A plan's quarterly returns: which are due and where each stands, and one as it was sent, with last quarter beside it."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render

from carepool.actions.returning import (
    findings_of,
    pdf_of,
    print_of,
    quarters_of,
    sent_content,
    unsigned,
    words_of,
)
from carepool.basics.periods import LONDON
from carepool.basics.refusals import NotHere, Unusable
from carepool.render import return_answers as answers
from carepool.render.return_papers import pdf_of_print
from carepool.render.words import day
from carepool.returns.document import PARTS, Return
from carepool.web.acts import Table
from carepool.web.asking import HouseRequest, csv_answer, json_answer
from carepool.web.frame import PlanPage
from carepool.web.people import names_of
from carepool.web.return_frame import ReturnPage

COLUMNS = [("About", "text"), ("Question", "text"), ("Answer", "text"), ("Last quarter", "text")]


def every(request: HouseRequest, plan: str) -> HttpResponse:
    """Every quarter that a return is asked of."""
    shown = PlanPage(request, plan)
    try:
        found = quarters_of(shown.house, plan, shown.when.upto)
        why = ""
    except NotHere as error:
        found, why = (), str(error)
    rows = [
        ((str(asking.quarter), shown.href("plan-return", quarter=str(asking.quarter))), str(asking.due.at), answers.state(filed))
        for _, asking, filed in found
    ]  # fmt: skip
    next_due = next((asking for _, asking, filed in found if not filed.sent), None)
    context = {
        **shown.frame("plan-returns"),
        "rows": rows,
        "why": why,
        "sentence": f"The return of {next_due.quarter} is due at {next_due.due.at}." if next_due else "Every return that is known of was sent.",
    }  # fmt: skip
    return render(request, "web/returns.jinja", context, status=_status(shown))


def page(request: HouseRequest, plan: str, quarter: str) -> HttpResponse:
    """A return as it was sent last, or was by then."""
    shown = ReturnPage(request, plan, quarter)
    found, sent = shown.found, shown.found.filed.sent
    content, withdrawn = _content(shown)
    named = names_of([*(each.signed_by for each in sent), *(each.put_forward_by for each in sent)])
    context = {
        **shown.frame("plan-returns"),
        "sentence": _sentence(shown),
        "recalled": answers.rests_on(found),
        "withdrawn": withdrawn,
        "tables": tables(shown, content) if content else [],
        "findings": findings_of(shown.house, found, content) if content else [],
        "sent": [
            (
                day(each.at.astimezone(LONDON)), "Corrected" if number else "Sent", named[each.put_forward_by], named[each.signed_by],
                words_of(shown.house, each.reasons) if each.reasons else "", each.digest,
            )
            for number, each in enumerate(sent)
        ],
        "take_away": [
            ("This return as PDF", shown.href("plan-return-pdf")),
            ("This return as text, as it is printed", shown.href("plan-return-txt")),
            ("This return as CSV", shown.href("plan-return-csv")),
            ("This return as JSON", shown.href("plan-return-json")),
        ]
        if content
        else [],
    }  # fmt: skip
    return render(request, "web/return.jinja", context, status=_status(shown))


def tables(shown: ReturnPage, content: Return) -> list[Table]:
    """A table for each part, last quarter beside each answer."""
    cells = list(answers.cells(shown.found.asking, content, shown.found.last))
    return [
        Table(
            PARTS[name].title,
            COLUMNS,
            [
                (each.row or PARTS[name].title, each.field.title, each.now, each.last)
                for each in cells
                if each.part == name
            ],
            name,
        )
        for name in shown.found.asking.names
    ]


def as_json(request: HouseRequest, plan: str, quarter: str) -> HttpResponse:
    """The same as JSON, in whole pence."""
    shown = ReturnPage(request, plan, quarter)
    if shown.when.error:
        return _not_a_day(shown)
    content, _ = _content(shown)
    findings = findings_of(shown.house, shown.found, content) if content else ()
    return json_answer(answers.whole(shown.found, content, findings))


def as_csv(request: HouseRequest, plan: str, quarter: str) -> HttpResponse:
    """The same as CSV. NotHere before it was sent."""
    shown = ReturnPage(request, plan, quarter)
    if shown.when.error:
        return _not_a_day(shown)
    content, _ = _content(shown)
    if content is None:
        raise NotHere(f"The return of {quarter} was not sent yet. Its page says who can send it.")
    return csv_answer(f"{plan}-{quarter}.csv", answers.as_csv(shown.found, content))


def as_text(request: HouseRequest, plan: str, quarter: str) -> HttpResponse:
    """The return as it is printed: once it is closed, what was kept then, byte for byte."""
    shown = ReturnPage(request, plan, quarter)
    if shown.when.error:
        return _not_a_day(shown)
    return HttpResponse(print_of(shown.house, shown.found), content_type="text/plain; charset=utf-8")


def as_pdf(request: HouseRequest, plan: str, quarter: str) -> HttpResponse:
    """The same print set as a tagged PDF: once it is closed, what was kept then, byte for byte."""
    shown = ReturnPage(request, plan, quarter)
    if shown.when.error:
        return _not_a_day(shown)
    made = pdf_of(shown.house, shown.found, pdf_of_print)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{plan}-{quarter}.pdf"'
    return answer


def _not_a_day(shown: ReturnPage) -> HttpResponse:
    return json_answer({"problems": [{"field": "as_at", "says": shown.when.error}]}, status=400)


def _content(shown: ReturnPage) -> tuple[Return | None, str]:
    try:
        return sent_content(shown.house, shown.found.filed.current), ""
    except NotHere:
        raise
    except Unusable as error:
        return None, str(error)


def _sentence(shown: ReturnPage) -> str:
    filed, due = shown.found.filed, shown.found.asking.due
    if not filed.sent:
        waits = _waits(shown) if filed.waiting else ""
        return f"Not sent yet; due at {due.at}.{waits}"
    first, last = (day(each.at.astimezone(LONDON)) for each in (filed.sent[0], filed.sent[-1]))
    late = ", after it was due" if filed.sent[0].late else ", in time"
    corrected = f", and corrected on {last}" if len(filed.sent) > 1 else ""
    waits = " A correction waits for signature." if filed.waiting else ""
    closed = f" It was closed on {day(filed.closed.at.astimezone(LONDON))}." if filed.closed else ""
    return f"Sent on {first}{late}{corrected}.{waits}{closed}"


def _waits(shown: ReturnPage) -> str:
    """For whose signature it waits, where the plan has several boards by name."""
    signed = filed.signed if (filed := shown.found.filed.waiting) else {}
    missing = unsigned(shown.house, shown.found)
    if len(missing) + len(signed) == 1:
        return " It waits for the signature of the board's chair."
    return f" It waits for the signature of the chair of {' and of '.join(shown.name(each) for each in missing)}."


def _status(shown: PlanPage) -> HTTPStatus:
    return HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
