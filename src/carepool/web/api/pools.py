"""Operations about pools, for whoever may read them: the account, its postings and balances, partners' books, statements."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from carepool.web import pool, pool_partners, pool_statements
from carepool.web.api.asked import AsAt, Exact, PagedAsAt, PeriodName, PoolName
from carepool.web.api.pages import of_page
from carepool.web.api.paging import listed, only
from carepool.web.api.service import reads
from carepool.web.api.shapes import pools as shapes
from carepool.web.api.shapes.parts import Page
from carepool.web.asking import HouseRequest, json_answer

TAG = "Pools"
Year = Annotated[
    str | None, Field(pattern=r"^\d{4}-\d{2}$", description="Which year of the pool; else the latest.")
]


class OfYear(AsAt):
    """A pool's year as at an instant."""

    year: Year = None


class Postings(PagedAsAt):
    """A page of postings."""

    year: Year = None
    event: Exact = None
    since: Annotated[date | None, Field(description="Only those of this day or later.")] = None


class Accounts(PagedAsAt):
    """A page of accounts."""

    year: Year = None
    book: Exact = None


@reads("/pools/{pool}", of="pool-json", answers=shapes.Pool, tag=TAG)
def one_pool(request: HouseRequest, pool: PoolName, asked: Query[OfYear]) -> HttpResponse:
    """A pool's account at a glance, in whole pence."""
    found = _pool(request, pool)
    if found["open"]:
        found |= {"postings": len(found["postings"])}
    return json_answer({name: each for name, each in found.items() if name != "accounts"})


@reads("/pools/{pool}/postings", of="pool-json", answers=Page[shapes.Posting], tag=TAG)
def postings(request: HouseRequest, pool: PoolName, asked: Query[Postings]) -> HttpResponse:
    """Every posting of a pool's year with the fact that entered it, the first first."""
    rows = only(_pool(request, pool).get("postings", []), event=asked.event)
    since = asked.since.isoformat() if asked.since else ""
    return listed(request, [each for each in rows if each["on"] >= since], asked)


@reads("/pools/{pool}/accounts", of="pool-json", answers=Page[shapes.Balance], tag=TAG)
def accounts(request: HouseRequest, pool: PoolName, asked: Query[Accounts]) -> HttpResponse:
    """Every account of a pool's year and its balance; together they balance."""
    return listed(request, only(_pool(request, pool).get("accounts", []), book=asked.book), asked)


@reads("/pools/{pool}/partners", of="pool-partners-json", answers=shapes.PoolPartners, tag=TAG)
def partners(request: HouseRequest, pool: PoolName, asked: Query[OfYear]) -> HttpResponse:
    """What each partner's own ledger shows of the pool, and what is eliminated between them."""
    return pool_partners.as_json(request, pool)


@reads("/pools/{pool}/statements/{period}", of="pool-statement-json", answers=shapes.PoolStatement, tag=TAG)
def statement(
    request: HouseRequest, pool: PoolName, period: PeriodName, asked: Query[OfYear]
) -> HttpResponse:
    """A pool's statement of a month, a quarter or a year, every sum with its postings."""
    return pool_statements.as_json(request, pool, period)


def _pool(request: HouseRequest, name: str) -> dict[str, Any]:
    found: dict[str, Any] = of_page(pool.as_json(request, name))
    return found
