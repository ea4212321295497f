"""What addresses of the API ask: parts of an address, and parameters, each of a form that is laid down and bounded."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated
from urllib.parse import parse_qsl

from django.http import HttpRequest
from ninja import Path
from pydantic import BaseModel, ConfigDict, Field

from carepool.web.api.problems import Stopped

DAY = r"^\d{4}-\d{2}-\d{2}$"
INSTANT = r"^\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?$"
CODE = r"^[A-Za-z0-9_]{1,20}$"
NAME = r"^[A-Za-z0-9_-]{1,60}$"

BoardCode = Annotated[str, Path(pattern=CODE, description="The code of a board.", examples=["E10000016"])]
RegionCode = Annotated[str, Path(pattern=CODE, description="The code of a region.", examples=["E12000008"])]
TrustCode = Annotated[str, Path(pattern=CODE, description="The code of a trust.", examples=["RWE"])]
BodyId = Annotated[str, Path(pattern=r"^[a-z_]{1,30}:[A-Za-z0-9_]{1,20}$", description="A body: its kind and code.", examples=["council:E10000016"])]  # fmt: skip
MetricName = Annotated[
    str, Path(pattern=NAME, description="The name of a measure.", examples=["delayed_transfers"])
]
SetName = Annotated[
    str, Path(pattern=NAME, description="The name of a set of rules.", examples=["bcf-2014-08"])
]
Later = Annotated[str, Path(pattern=NAME, description="The name of the set that it is held against.", examples=["bcf-2016-17"])]  # fmt: skip
FilePath = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,60}(/[a-z0-9_]{1,60}){0,3}$", description="The file's place in the set.", examples=["payment/unit_value"])]  # fmt: skip
PlanName = Annotated[str, Path(pattern=NAME, description="The name of a plan, as its address has it.", examples=["carrowby"])]  # fmt: skip
PoolName = Annotated[str, Path(pattern=NAME, description="The name of a pool, as its address has it.", examples=["carrowby"])]  # fmt: skip
ReleaseNumber = Annotated[
    int, Path(ge=1, le=2**31 - 1, description="Which release of the plan.", examples=[1])
]
SchemeName = Annotated[str, Path(pattern=NAME, description="A scheme of the plan.", examples=["S1"])]
SectionName = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$", description="A section of the plan.", examples=["vision"])]  # fmt: skip
QuarterName = Annotated[
    str, Path(pattern=r"^\d{4}-\d{2}Q[1-4]$", description="A quarter.", examples=["2015-16Q1"])
]
PeriodName = Annotated[str, Path(pattern=r"^\d{4}-\d{2}(Q[1-4])?$", description="A month, a quarter or a year.", examples=["2015-16Q2"])]  # fmt: skip

As = Annotated[str | None, Field(pattern=INSTANT, description="As at the end of a day, or an instant of it: what had been recorded by then.")]  # fmt: skip
Word = Annotated[str | None, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$", description="Only those whose name holds this word.")]  # fmt: skip
Ambition = Annotated[str | None, Field(pattern=r"^\d{1,3}(\.\d{1,2})?$", description="A what-if cut in per cent, 0 to 100.")]  # fmt: skip
Known = Annotated[str | None, Field(pattern=DAY, description="Only outturns first published by that day.")]
Exact = Annotated[str | None, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$", description="Only those of which this is so, word for word.")]  # fmt: skip
Held = Annotated[bool | None, Field(description="Only those of which this is so.")]
Period = Annotated[str | None, Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z-]+$")]


class Nothing(BaseModel):
    """No parameters. What is unknown is refused, so that a misspelt filter is never taken for none."""

    model_config = ConfigDict(extra="forbid")


class AsAt(Nothing):
    """As at an instant."""

    as_at: As = None


class WhatIf(Nothing):
    """A what-if cut, and what was known by a day."""

    ambition: Ambition = None
    as_at: Known = None


class Paged(Nothing):
    """A page of a list."""

    page: Annotated[int, Field(ge=1, le=1_000_000, description="Which page.")] = 1
    size: Annotated[int, Field(ge=1, le=200, description="The most that it has.")] = 50


class PagedAsAt(Paged):
    """A page of a list as at an instant."""

    as_at: As = None


def known(asked: type[BaseModel]) -> Mapping[str, bool]:
    """The names of parameters as an address has them, each with whether it may come several times."""
    return {
        field.alias or name: "list" in str(field.annotation) for name, field in asked.model_fields.items()
    }


def refuse_unknown(request: HttpRequest, names: Mapping[str, bool]) -> None:
    """Stopped for a parameter that the operation does not know, that came twice, or that held what was taken out of it."""
    sent = parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True)
    wrong = [
        (name.replace("\0", ""), "A null character is no part of it.")
        for name, each in sent
        if "\0" in name + each
    ]
    wrong += [(name, "There is no such parameter here.") for name in request.GET if name not in names]
    wrong += [
        (name, "This parameter was given more than once.")
        for name, several in names.items()
        if not several and len(request.GET.getlist(name)) > 1
    ]
    if wrong:
        lists = ", ".join(names) or "none"
        raise Stopped(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"A parameter cannot be used. Here there are: {lists}.", wrong
        )
