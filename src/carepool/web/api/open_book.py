"""Operations of the open book: releases with their parts, exceptions, and plans as the public reads them."""

from django.http import HttpResponse
from ninja import Query

from carepool.actions.waiving import every_waiver
from carepool.web import open_book, public, published
from carepool.web.api.asked import (
    AsAt,
    Exact,
    Held,
    MetricName,
    Paged,
    PlanName,
    ReleaseNumber,
    SchemeName,
    Word,
)
from carepool.web.api.pages import of_page
from carepool.web.api.paging import listed, named, only
from carepool.web.api.service import reads
from carepool.web.api.shapes import releases as shapes
from carepool.web.api.shapes.parts import Free, Page
from carepool.web.asking import HouseRequest

TAG = "The open book"


class Releases(Paged):
    """A page of releases."""

    q: Word = None
    plan: Exact = None
    corrects: Exact = None


class Exceptions(Paged):
    """A page of exceptions."""

    rule: Exact = None
    body: Exact = None
    stands: Held = None


class OpenRows(Paged):
    """A page of what stands in the open book."""

    q: Word = None
    release: Exact = None


@reads("/open", of="open-json", answers=shapes.OpenBook, tag=TAG)
def opened(request: HouseRequest) -> HttpResponse:
    """Where the money went: promised, spent and achieved, over the latest release of every plan."""
    return open_book.as_json(request)


@reads("/open/money", of="open-money-json", answers=Page[shapes.OpenMoney], tag=TAG)
def open_money(request: HouseRequest, asked: Query[OpenRows]) -> HttpResponse:
    """The money of every release that stands."""
    return _open(request, asked, "money", "plan", "boards")


@reads("/open/schemes", of="open-schemes-json", answers=Page[shapes.OpenScheme], tag=TAG)
def open_schemes(request: HouseRequest, asked: Query[OpenRows]) -> HttpResponse:
    """The schemes of every release that stands."""
    return _open(request, asked, "schemes", "plan", "name", "what")


@reads("/open/metrics", of="open-metrics-json", answers=Page[shapes.OpenMetric], tag=TAG)
def open_metrics(request: HouseRequest, asked: Query[OpenRows]) -> HttpResponse:
    """The metrics of every release that stands."""
    return _open(request, asked, "metrics", "plan", "boards", "metric")


def _open(request: HouseRequest, asked: OpenRows, part: str, *fields: str) -> HttpResponse:
    rows = only(of_page(open_book.part_json(request, part))[part], release=asked.release)
    return listed(request, named(rows, asked.q, *fields), asked)


@reads("/releases", of="releases-json", answers=Page[shapes.ReleaseListed], tag=TAG)
def releases(request: HouseRequest, asked: Query[Releases]) -> HttpResponse:
    """Every release, the latest first, or those whose title, body or scheme holds a word. A release never changes."""
    rows = published.listed(request.house, asked.q or "")
    if asked.plan is not None:
        rows = [each for each in rows if each["release"].rpartition("/")[0] == asked.plan]
    return listed(request, only(rows, corrects=asked.corrects), asked)


@reads("/releases/{plan}/{number}", of="release-json", answers=shapes.Release, tag=TAG)
def release(request: HouseRequest, plan: PlanName, number: ReleaseNumber) -> HttpResponse:
    """The file of a release with its proofs: the same bytes for ever, which “carepool verify” checks."""
    return published.as_json(request, plan, number)


@reads("/releases/{plan}/{number}/plan", of="release-json", answers=shapes.PlanOfRelease, tag=TAG)
def release_plan(request: HouseRequest, plan: PlanName, number: ReleaseNumber) -> HttpResponse:
    """The plan as it was published, by the plan standard, with the digest of what is withheld in its place."""
    found = published.opened(request.house, plan, number)
    return published.part_answer(found, "plan", found.documents["plan.json"])


@reads("/releases/{plan}/{number}/money", of="release-money-json", answers=shapes.MoneyOfRelease, tag=TAG)
def release_money(request: HouseRequest, plan: PlanName, number: ReleaseNumber) -> HttpResponse:
    """What was promised, spent and achieved, as it was known when the release was published."""
    return published.part_json(request, plan, number, "money")


@reads(
    "/releases/{plan}/{number}/schemes", of="release-money-json", answers=Page[shapes.ReleaseScheme], tag=TAG
)
def release_schemes(
    request: HouseRequest, plan: PlanName, number: ReleaseNumber, asked: Query[Paged]
) -> HttpResponse:
    """The schemes of a release."""
    money = of_page(published.part_json(request, plan, number, "money"))["money"]
    return listed(request, money.get("schemes", []), asked)


@reads(
    "/releases/{plan}/{number}/schemes/{name}",
    of="release-scheme-json",
    answers=shapes.SchemeOfRelease,
    tag=TAG,
)
def release_scheme(
    request: HouseRequest, plan: PlanName, number: ReleaseNumber, name: SchemeName
) -> HttpResponse:
    """A scheme of a release."""
    return published.part_json(request, plan, number, "scheme", name)


@reads("/releases/{plan}/{number}/metrics", of="release-json", answers=Page[Free], tag=TAG)
def release_metrics(
    request: HouseRequest, plan: PlanName, number: ReleaseNumber, asked: Query[Paged]
) -> HttpResponse:
    """The metrics of a release."""
    return listed(request, published.metrics(published.opened(request.house, plan, number)), asked)


@reads(
    "/releases/{plan}/{number}/metrics/{name}",
    of="release-metric-json",
    answers=shapes.MetricOfRelease,
    tag=TAG,
)
def release_metric(
    request: HouseRequest, plan: PlanName, number: ReleaseNumber, name: MetricName
) -> HttpResponse:
    """A metric of a release."""
    return published.part_json(request, plan, number, "metric", name)


@reads("/exceptions", of="exceptions-json", answers=Page[shapes.Exempted], tag=TAG)
def exceptions(request: HouseRequest, asked: Query[Exceptions]) -> HttpResponse:
    """Exceptions from the rules: of which, for whom, why, by whom and until when; the latest first."""
    rows = [each.as_data() for each in every_waiver(request.house)]
    return listed(request, only(rows, rule=asked.rule, body=asked.body, stands=asked.stands), asked)


@reads("/plans/{plan}/public", of="public-json", answers=shapes.PublicPlan, tag=TAG)
def public_plan(request: HouseRequest, plan: PlanName, asked: Query[AsAt]) -> HttpResponse:
    """A plan that ministers have signed off, as everybody may read it."""
    return public.as_json(request, plan)
