"""Operations about plans, for whoever may read them: where they stand, their way to a deadline, assurance, delivery, returns."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from carepool.actions.areas import MARK
from carepool.actions.planning import area_of
from carepool.actions.reading import known_plans
from carepool.web import (
    assurance,
    assurance_nation,
    calendar,
    delivery,
    meetings,
    overview,
    releases,
    returns,
)
from carepool.web.api.asked import AsAt, BodyId, Exact, PagedAsAt, PlanName, QuarterName
from carepool.web.api.pages import of_page
from carepool.web.api.paging import listed, only
from carepool.web.api.problems import Stopped
from carepool.web.api.service import reads
from carepool.web.api.shapes import plans as shapes
from carepool.web.api.shapes.parts import Page
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of, read_when
from carepool.web.plans import stands

TAG = "Plans"
Area = Annotated[str | None, Field(pattern="^county$", description="“county” for the illustrative county; else England.")]  # fmt: skip


class Plans(PagedAsAt):
    """A page of plans."""

    board: Exact = None
    rules: Exact = None
    status: Exact = None


class Calendars(PagedAsAt):
    """A page of ways to a deadline."""

    plan: Exact = None


class OfPlan(AsAt):
    """A plan's way to one of its deadlines."""

    deadline: Annotated[
        str | None, Field(pattern=r"^[a-z0-9_]{1,60}$", description="Which; else the next.")
    ] = None


class OfArea(AsAt):
    """England, or the illustrative county."""

    area: Area = None


@reads("/plans", of="plans", answers=Page[shapes.PlanListed], tag=TAG)
def plans(request: HouseRequest, asked: Query[Plans]) -> HttpResponse:
    """The plans that one may know of: those of one's bodies, and those that ministers have signed off."""
    house, when, account = request.house, read_when(request), account_of(request)
    if when.error:
        raise Stopped.of_field("as_at", when.error)
    rows = []
    for each, mine, public in known_plans(house, account.id if account else None, when.upto):
        status, since = stands(house, each, when)
        rows.append({
            "plan": each.id, "title": each.title, "boards": list(each.boards), "rules": each.rules, "status": status, "since": since,
            "version": each.current.number if each.current else None, "mine": mine, "public": public,
            "mark": MARK if area_of(house, each).illustrative else "",
        })  # fmt: skip
    return listed(request, only(rows, boards=asked.board, rules=asked.rules, status=asked.status), asked)


@reads("/plans/{plan}", of="plan-json", answers=shapes.Plan, tag=TAG)
def one_plan(request: HouseRequest, plan: PlanName, asked: Query[AsAt]) -> HttpResponse:
    """A plan: its current version with its digest, its findings, and where it stands."""
    return overview.as_json(request, plan)


@reads("/plans/{plan}/calendar", of="plan-calendar-json", answers=shapes.PlanCalendar, tag=TAG)
def plan_calendar(request: HouseRequest, plan: PlanName, asked: Query[OfPlan]) -> HttpResponse:
    """A plan's way to a deadline, worked backwards: each party's steps with their last days."""
    return calendar.plan_as_json(request, plan)


@reads("/plans/{plan}/assurance", of="plan-assurance-json", answers=shapes.PlanAssurance, tag=TAG)
def plan_assurance(request: HouseRequest, plan: PlanName, asked: Query[AsAt]) -> HttpResponse:
    """Where a plan's assurance stands. Nothing of one review is in it, only what both together became."""
    return assurance.as_json(request, plan)


@reads("/plans/{plan}/delivery", of="plan-delivery-json", answers=shapes.PlanDelivery, tag=TAG)
def plan_delivery(request: HouseRequest, plan: PlanName, asked: Query[AsAt]) -> HttpResponse:
    """Each promise of a plan beside what was told, its milestones, what is off track, and recovery plans."""
    return delivery.as_json(request, plan)


@reads("/plans/{plan}/payments", of="plan-releases-json", answers=shapes.PlanPayments, tag=TAG)
def plan_payments(request: HouseRequest, plan: PlanName, asked: Query[AsAt]) -> HttpResponse:
    """A plan's payments to its pool: one statement for both sides, where each stands, disputes and uses."""
    return releases.as_json(request, plan)


@reads("/plans/{plan}/returns/{quarter}", of="plan-return-json", answers=shapes.QuarterlyReturn, tag=TAG)
def plan_return(
    request: HouseRequest, plan: PlanName, quarter: QuarterName, asked: Query[AsAt]
) -> HttpResponse:
    """A quarter's return, in whole pence."""
    return returns.as_json(request, plan, quarter)


@reads("/calendar", of="calendar-json", answers=Page[shapes.PlanCalendar], tag=TAG)
def calendars(request: HouseRequest, asked: Query[Calendars]) -> HttpResponse:
    """The way to the next deadline of every plan of one's bodies."""
    return listed(request, only(of_page(calendar.as_json(request)), plan=asked.plan), asked)


@reads("/bodies/{body}/meetings", of="meetings-json", answers=shapes.Meetings, tag=TAG)
def body_meetings(request: HouseRequest, body: BodyId, asked: Query[AsAt]) -> HttpResponse:
    """A body's meetings, with the days by which papers must be in, and its own days."""
    return meetings.as_json(request, body)


@reads("/assurance", of="assurance-national-json", answers=shapes.NationalAssurance, tag=TAG)
def national_assurance(request: HouseRequest, asked: Query[OfArea]) -> HttpResponse:
    """Assurance from the nation to each plan that one may know of."""
    return assurance_nation.as_json(request)


@reads("/delivery", of="delivery-national-json", answers=shapes.NationalDelivery, tag=TAG)
def national_delivery(request: HouseRequest, asked: Query[OfArea]) -> HttpResponse:
    """Delivery from the nation to each scheme of a plan that one may know of."""
    return delivery.nation_json(request)
