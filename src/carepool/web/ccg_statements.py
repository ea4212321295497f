"""One CCG's statement of a plan's performance money: page, PDF and CSV, the same for who pays and who is paid."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render

from carepool.actions.releasing import money_of
from carepool.basics.refusals import unknown
from carepool.places.bodies import BodyKind, body_id
from carepool.render.ccg_statements import CcgStatement, csv, paper
from carepool.render.pdf import pdf
from carepool.web.asking import HouseRequest, csv_answer
from carepool.web.frame import PlanPage
from carepool.web.marks import marked_csv


def _found(shown: PlanPage, ccg: str) -> CcgStatement:
    """The statement. NotHere before the plan is signed off, and for a CCG that puts nothing at stake in it."""
    on = shown.when.day or shown.house.today
    money = money_of(shown.house, shown.view.history.id, on, shown.when.upto)
    if ccg not in money.statement.by_ccg:
        raise unknown("CCG of this plan", ccg, money.statement.by_ccg, "The page of its money lists them.")
    payer, payee = shown.name(body_id(BodyKind.CCG, ccg)), shown.name(money.agreed.host)
    return CcgStatement(money, ccg, payer, payee, on, money.agreed.area.illustrative)


def page(request: HouseRequest, plan: str, ccg: str) -> HttpResponse:
    """The statement as a page."""
    shown = PlanPage(request, plan)
    found = _found(shown, ccg)
    context = {
        **shown.frame("plan-money"),
        "paper": paper(found),
        "payer": found.payer,
        "take_away": [
            ("This statement as PDF", shown.href("plan-ccg-pdf", ccg=ccg)),
            ("This statement as CSV", shown.href("plan-ccg-csv", ccg=ccg)),
        ],
    }
    status = HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, "web/plan_ccg.jinja", context, status=status)


def as_pdf(request: HouseRequest, plan: str, ccg: str) -> HttpResponse:
    """The same as a tagged PDF."""
    shown = PlanPage(request, plan)
    answer = HttpResponse(pdf(paper(_found(shown, ccg))), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{plan}-{ccg}.pdf"'
    return answer


def as_csv(request: HouseRequest, plan: str, ccg: str) -> HttpResponse:
    """The same as CSV, in pence."""
    found = _found(PlanPage(request, plan), ccg)
    return csv_answer(f"carepool-{plan}-{ccg}.csv", marked_csv(csv(found), found.fictitious))
