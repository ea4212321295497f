"""Operations about England: the nation, boards, trusts, and measures with their observations."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from carepool.web import board, explorer, nation, regions, trusts
from carepool.web.api.asked import (
    Ambition,
    AsAt,
    BoardCode,
    Exact,
    Held,
    Known,
    MetricName,
    Paged,
    PagedAsAt,
    Period,
    RegionCode,
    TrustCode,
    WhatIf,
    Word,
)
from carepool.web.api.pages import of_page
from carepool.web.api.paging import listed, named, only
from carepool.web.api.service import reads
from carepool.web.api.shapes import england as shapes
from carepool.web.api.shapes.parts import Page
from carepool.web.asking import HouseRequest

TAG = "England"


class Boards(Paged):
    """A page of boards."""

    q: Word = None
    ambition: Ambition = None
    as_at: Known = None


class Measures(Paged):
    """A page of measures."""

    q: Word = None
    family: Exact = None
    held: Held = None


class Observations(PagedAsAt):
    """A page of observations."""

    board: Annotated[
        list[str], Field(max_length=4, description="Only those of these boards, by code or name.")
    ] = Field(default=[])
    first: Annotated[Period, Field(alias="from", description="From this period on.")] = None
    last: Annotated[Period, Field(alias="to", description="Up to this period.")] = None


class ObservationsPage(shapes.MeasureAbout, Page[shapes.Observation]):
    """A page of observations, and of which measure they are."""


@reads("/nation", of="nation-json", answers=shapes.Nation, tag=TAG)
def nation_year(request: HouseRequest, asked: Query[WhatIf]) -> HttpResponse:
    """The nation in a what-if year: totals and every board."""
    return nation.as_json(request)


@reads("/regions/{region}", of="region-json", answers=shapes.NationOfRegion, tag=TAG)
def one_region(request: HouseRequest, region: RegionCode, asked: Query[WhatIf]) -> HttpResponse:
    """A region in a what-if year: totals and its boards."""
    return regions.as_json(request, region)


@reads("/boards", of="nation-json", answers=Page[shapes.BoardYear], tag=TAG)
def boards(request: HouseRequest, asked: Query[Boards]) -> HttpResponse:
    """Every board with its what-if year."""
    rows = of_page(nation.as_json(request))["boards"]
    return listed(request, named(rows, asked.q, "name", "board"), asked)


@reads("/boards/{code}", of="board-json", answers=shapes.Board, tag=TAG)
def one_board(request: HouseRequest, code: BoardCode, asked: Query[WhatIf]) -> HttpResponse:
    """A board: its bodies, its part of the pot, its admissions, and its what-if year with the working."""
    return board.as_json(request, code)


@reads("/boards/{code}/measures/{metric}", of="board-measure-json", answers=shapes.BoardMeasure, tag=TAG)
def board_measure(
    request: HouseRequest, code: BoardCode, metric: MetricName, asked: Query[AsAt]
) -> HttpResponse:
    """A measure of a board over time, as its page charts it."""
    return explorer.board_json(request, code, metric)


@reads("/trusts/{code}", of="trust-json", answers=shapes.Trust, tag=TAG)
def trust(request: HouseRequest, code: TrustCode) -> HttpResponse:
    """A trust: what plans take from it, and what that means for its beds and money.

    Among the plans are those that whoever asks may know of.
    """
    return trusts.as_json(request, code)


@reads("/measures", of="measures-json", answers=Page[shapes.Measure], tag=TAG)
def measures(request: HouseRequest, asked: Query[Measures]) -> HttpResponse:
    """Every measure, what it is for, and whether figures are held."""
    rows = only(of_page(explorer.index_json(request)), families=asked.family, held=asked.held)
    return listed(request, named(rows, asked.q, "title", "measure"), asked)


@reads("/measures/{metric}/observations", of="measure-json", answers=ObservationsPage, tag=TAG)
def observations(request: HouseRequest, metric: MetricName, asked: Query[Observations]) -> HttpResponse:
    """The values of a measure by board and period; what has no value says why.

    Without boards it is all of them, at the latest period or in the periods that are asked for.
    """
    found = of_page(explorer.as_json(request, metric))
    rows = [
        {"board": each["board"], "name": each["name"], **value} for each in found.pop("boards") for value in each["values"]
    ]  # fmt: skip
    periods = {"first": found.pop("from") or None, "last": found.pop("to") or None}
    return listed(request, rows, asked, found | periods)
