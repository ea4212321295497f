"""The API's description: one OpenAPI 3.1 document made from the operations, and a page of ours that is made from that."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from itertools import count
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from carepool.signin.terms import terms
from carepool.signin.tokens import PREFIX
from carepool.web.api import acting, england, me, open_book, plans, pools, rules
from carepool.web.api.problems import KINDS, MEDIA
from carepool.web.api.service import PAGES, VERSION, api, routes
from carepool.web.asking import HouseRequest
from carepool.web.audiences import AUDIENCES, Audience
from carepool.web.words import about_page

ROOMS = (open_book, england, rules, plans, pools, acting, me)
"""Whose operations there are: importing them enters each."""
AT = "api/v1/"
ABOUT = (
    "What the pages of carepool say, and some of what they let be done, for programs. "
    "Everything public is open to everybody; everything else to whoever shows a token, with the same authority as its owner "
    "has at a page, looked up at each request. Money is whole pence in fields that end in _pence; a figure that is not known is null. "
    "What may not be read is answered like what does not exist. Every answer to a look has an ETag; with If-None-Match the same is "
    "not sent twice. Lists come a page at a time, with the address of the next in “next” and in the Link header. "
    "What went wrong is a problem by RFC 9457. Unknown parameters are refused. RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset say how "
    "often one may ask within the minute. "
    "This is version 1. Fields and operations are only added to it: whoever reads an answer passes over what it does not know. What must change "
    "otherwise comes as /api/v2; version 1 then goes on for at least twelve months, each answer of it saying so in the headers Deprecation and Sunset."
)
TAGS = {
    "The open book": "Releases, exceptions, and plans as the public reads them.",
    "England": "The nation, boards, trusts, measures and observations.",
    "Rules": "Sets of rules, value by value with their sources.",
    "Plans": "Plans that whoever asks may know of.",
    "Pools": "Books of pools that whoever asks may read.",
    "Oneself": "Whose the token is, and what waits for them.",
}
PACE = {
    "RateLimit-Limit": "Requests that may be made in a minute.",
    "RateLimit-Remaining": "How many are left of them.",
    "RateLimit-Reset": "Seconds until the next minute begins.",
}
SAID = {
    **PACE,
    "ETag": "A tag of what was answered, for If-None-Match.",
    "WWW-Authenticate": "Bearer.",
    "Allow": "The methods that this address takes.",
    "Retry-After": "Seconds to wait.",
}
MORE = {
    "200": ("ETag",),
    "304": ("ETag",),
    "401": ("WWW-Authenticate",),
    "405": ("Allow",),
    "429": ("Retry-After",),
}


TAG_SHOWN = {
    "in": "header", "name": "If-None-Match", "schema": {"type": "string"}, "required": False,
    "description": "The tag of what the program has already.", "example": '"0"',
}  # fmt: skip
_USED = re.compile(r'"#/components/schemas/([^"]+)"')


@cache
def document() -> Mapping[str, Any]:
    """The description of every operation, as OpenAPI 3.1."""
    made: dict[str, Any] = {**api.get_openapi_schema(path_prefix=AT)}
    made["info"] = {"title": "carepool", "version": VERSION, "summary": "The pooled health and social care fund", "description": ABOUT, "license": {"name": "MIT", "identifier": "MIT"}}  # fmt: skip
    made["servers"] = [{"url": "/"}]
    made["tags"] = [{"name": name, "description": says} for name, says in TAGS.items()]
    made["components"]["headers"] = {
        name: {"description": says, "schema": {"type": "string"}} for name, says in SAID.items()
    }
    made["components"]["responses"] = {f"Problem{int(status)}": _problem(status) for status in KINDS}
    made["components"]["responses"]["Unchanged"] = {
        "description": "What the program has already.",
        "headers": _headers("304"),
    }
    made["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": f"A token, which begins with {PREFIX}; its owner makes it at /me/tokens."}
    }  # fmt: skip
    private = _private()
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            # Who shows no token is asked for one where the page asks who is signed in.
            operation["security"] = [{"token": []}] if path in private else [{}, {"token": []}]
            _tidy(operation)
            if method == "get":
                operation["parameters"].append(TAG_SHOWN)
    _share_parameters(made)
    _without_unused(made)
    return made


def _without_unused(made: dict[str, Any]) -> None:
    """Leave out what nothing in the description refers to, and names that say a field's own once more."""
    schemas = made["components"]["schemas"]
    for each in schemas.values():
        for field in each.get("properties", {}).values():
            field.pop("title", None)
    while unused := schemas.keys() - set(_USED.findall(json.dumps(made))):
        for name in unused:
            del schemas[name]


def _share_parameters(made: dict[str, Any]) -> None:
    """Say once what several operations ask alike."""
    asked = [operation["parameters"] for methods in made["paths"].values() for operation in methods.values()]
    counted = Counter(json.dumps(each) for parameters in asked for each in parameters)
    shared: dict[str, str] = {}
    for said in (said for said, times in counted.items() if times > 1):
        name = str(json.loads(said)["name"]).replace("-", "")
        shared[said] = next(
            each for number in count() if (each := f"{name}{number or ''}") not in shared.values()
        )
    made["components"]["parameters"] = {name: json.loads(said) for said, name in shared.items()}
    for parameters in asked:
        parameters[:] = [
            {"$ref": f"#/components/parameters/{shared[said]}"}
            if (said := json.dumps(each)) in shared
            else each
            for each in parameters
        ]


def _private() -> set[str]:
    """The addresses that are open to nobody without a token."""
    return {
        _braced(f"/{AT}{each.pattern}")
        for each in routes()
        if AUDIENCES[PAGES[each.name or ""]] is not Audience.ANYBODY
    }


def _braced(pattern: str) -> str:
    """An address as OpenAPI writes it."""
    return pattern.replace("<path:", "<").replace("<str:", "<").replace("<int:", "<").replace("<", "{").replace(">", "}")  # fmt: skip


def _tidy(operation: dict[str, Any]) -> None:
    for each in operation["parameters"]:
        schema = each["schema"]
        if "examples" in each:  # a list in a schema; of a parameter they have names
            each["example"] = each.pop("examples")[0]
        # A parameter that is not there is left out: none is null.
        one = next((kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"), schema)
        each["schema"] = {
            name: kept for name, kept in one.items() if name not in {"title", "description", "examples"}
        }
        if schema.get("default") is not None:
            each["schema"]["default"] = schema["default"]
    operation["responses"] = {
        str(status): {"$ref": f"#/components/responses/Problem{status}"}
        if int(status) >= HTTPStatus.BAD_REQUEST
        else {"$ref": "#/components/responses/Unchanged"}
        if int(status) == HTTPStatus.NOT_MODIFIED
        else {**answer, "headers": _headers(str(status))}
        for status, answer in operation["responses"].items()
    }


def _problem(status: HTTPStatus) -> dict[str, object]:
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": KINDS[status][1], "headers": _headers(str(int(status))), "content": content}


def _headers(status: str) -> dict[str, object]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*PACE, *MORE.get(status, ()))}


def as_json(_request: HttpRequest) -> HttpResponse:
    """The description as a file."""
    return HttpResponse(
        json.dumps(document(), ensure_ascii=False, separators=(",", ":")),
        content_type="application/json; charset=utf-8",
    )


@dataclass(frozen=True, slots=True)
class Described:
    """An operation, as the page shows it."""

    id: str
    method: str
    path: str
    says: str
    more: str
    needs: str
    parameters: list[tuple[str, str, str]]
    answers: str
    statuses: str
    example: str


def page(request: HouseRequest) -> HttpResponse:
    """The description as a page."""
    made, held = document(), terms()
    context = {
        "section": "api",
        "about": ABOUT.split(". "),
        "groups": [(name, says, [each for each in _described(made, request) if each[0] == name]) for name, says in TAGS.items()],
        "kinds": [(name, int(status), title, about) for status, (name, title, about) in KINDS.items()],
        "limits": (held.pace_of_address, held.pace_of_token),
        "version": VERSION,
        "take_away": [("The description as OpenAPI 3.1", "/api/v1/openapi.json")],
        **about_page(request.house),
    }  # fmt: skip
    return render(request, "web/api.jinja", context)


def _described(made: Mapping[str, Any], request: HttpRequest) -> Iterator[tuple[str, Described]]:
    for path, methods in made["paths"].items():
        for method, each in methods.items():
            yield each["tags"][0], _one(made, path, method, each, request)


def _one(
    made: Mapping[str, Any], path: str, method: str, each: Mapping[str, Any], request: HttpRequest
) -> Described:
    shared = made["components"]["parameters"]
    own = [shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in each["parameters"]]
    own = [one for one in own if one != TAG_SHOWN]  # which is said of all
    answer = next(each["responses"][one] for one in ("200", "201") if one in each["responses"])
    shown = {one["name"]: str(one.get("example", "")) for one in own if one["in"] == "path"}
    address = request.build_absolute_uri(path.format(**shown))
    private = each["security"] == [{"token": []}]
    return Described(
        id=each["operationId"], method=method.upper(), path=path, says=each["summary"], more=each.get("description", ""),
        needs="a token that acts" if method != "get" else "a token" if private else "nothing",
        parameters=[(one["name"], _form(one["schema"]), one.get("description", "")) for one in own],
        answers=_named(answer["content"]["application/json"]["schema"]),
        statuses=", ".join(each["responses"]),
        example=" ".join([
            "curl", *(["-X", method.upper()] if method != "get" else []),
            *([f"-H 'Authorization: Bearer {PREFIX}…'"] if private else []), f"'{address}'",
        ]),
    )  # fmt: skip


def _named(schema: Mapping[str, Any]) -> str:
    name: str = schema.get("$ref", schema.get("title", "")).rpartition("/")[2]
    return name.replace("Page_", "a page of ").rstrip("_")


def _form(schema: Mapping[str, Any]) -> str:
    """Of which form a parameter is, in words."""
    kind = {"integer": "whole number", "boolean": "true or false", "array": "several"}.get(
        schema.get("type", ""), "text"
    )
    if "enum" in schema:
        kind = " or ".join(map(str, schema["enum"]))
    elif schema.get("format") == "date" or str(schema.get("pattern", "")).startswith(r"^\d{4}-\d{2}-\d{2}"):
        kind = "day"
    bounds = [
        f"{word} {schema[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in schema
    ]
    return " ".join([kind, *bounds])
