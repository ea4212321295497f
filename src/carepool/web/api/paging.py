"""Lists a page at a time, with the addresses of the pages before and after, and filters that are exact."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from carepool.web.api.asked import Paged
from carepool.web.asking import json_answer


def listed(
    request: HttpRequest, rows: Sequence[Any], asked: Paged, beside: Mapping[str, Any] = MappingProxyType({})
) -> HttpResponse:
    """A page of some rows; ``beside`` stands beside them."""
    start = (asked.page - 1) * asked.size
    more = start + asked.size < len(rows)
    links = {
        "next": _address(request, asked.page + 1) if more else None,
        "previous": _address(request, asked.page - 1) if asked.page > 1 and rows else None,
    }
    data = {
        **beside,
        "items": rows[start : start + asked.size],
        "total": len(rows),
        "page": asked.page,
        "size": asked.size,
        **links,
    }
    answer = json_answer(data)
    if said := ", ".join(f'<{each}>; rel="{ {"previous": "prev"}.get(name, name) }"' for name, each in links.items() if each):  # fmt: skip
        answer["Link"] = said
    return answer


def _address(request: HttpRequest, page: int) -> str:
    kept = [(name, each) for name, values in request.GET.lists() for each in values if name != "page"]
    return f"{request.path}?{urlencode([*kept, ('page', page)])}"


def only(rows: Sequence[Mapping[str, Any]], **wanted: object) -> list[Mapping[str, Any]]:
    """The rows that have what is asked for: a value, or one among several; what is not asked for is None."""

    def fits(row: Mapping[str, Any]) -> bool:
        return all(
            want in row[name] if isinstance(row[name], list | tuple) else row[name] == want
            for name, want in wanted.items()
            if want is not None
        )

    return [row for row in rows if fits(row)]


def named(rows: Sequence[Mapping[str, Any]], word: str | None, *fields: str) -> list[Mapping[str, Any]]:
    """The rows that have a word in one of some fields."""
    if word is None:
        return list(rows)
    return [row for row in rows if any(word.casefold() in str(row[name]).casefold() for name in fields)]
