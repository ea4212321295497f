"""Forms of rows as data: what each field asks, what was typed into it, and what that comes to or what is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Literal

from django.http import HttpRequest

from carepool.basics.periods import parse_date
from carepool.basics.refusals import Unusable

MOST_ROWS = 150
TOO_MANY = f"A form holds at most {MOST_ROWS} rows. Nothing was recorded."
NO_ROWS = (
    "This form came without its rows, so nothing was recorded. Open its page again, and send it from there."
)
LONGEST: Mapping[str, int] = {"words": 10_000, "line": 200}
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")

Kind = Literal["words", "line", "day", "time", "number", "choice", "pick", "checks", "yes", "hidden"]
"""A choice is made among radios, a pick from a list that drops down; checks are any of several, yes is one box."""
Typed = Mapping[str, str | list[str]]
"""A row as it was typed, or as it would have to be."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a row."""

    name: str
    asks: str
    kind: Kind = "line"
    required: bool = False
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    """Value and words of each."""
    within: str = ""
    """The words over it and the fields after it, where they belong together."""
    default: str = ""
    """What stands in a row that is still empty; such a row is empty all the same."""


@dataclass(frozen=True, slots=True)
class Form:
    """The rows of a form, as they were typed, what they come to, and what is wrong."""

    typed: tuple[Typed, ...]
    rows: tuple[dict[str, object], ...] = ()
    errors: tuple[tuple[str, str], ...] = ()
    numbers: tuple[int, ...] = ()
    """Which of the typed rows each of the rows came of."""


def id_of(row: int, name: str) -> str:
    """The id, and the name, of a field in a row."""
    return f"r{row}-{name}"


def sent(request: HttpRequest, fields: Sequence[Field], *, one: bool = False) -> Form:
    """What was sent: rows in which nothing was typed are left out, unless there is only ``one``. Unusable for no form of ours."""
    told = request.POST.get("rows", "")
    if not (told.isascii() and told.isdecimal() and len(told) < 5):
        raise Unusable(NO_ROWS)
    count = int(told)
    if count > MOST_ROWS:
        raise Unusable(TOO_MANY)
    typed: list[Typed] = []
    rows: list[dict[str, object]] = []
    errors: list[tuple[str, str]] = []
    numbers: list[int] = []
    for number in range(1 if one else count):
        row = {each.name: _sent(request, each, id_of(number, each.name)) for each in fields}
        typed.append(row)
        if one or any(_counts(each, row[each.name]) for each in fields):
            found, wrong = _coerced(fields, row, number)
            rows.append(found)
            numbers.append(number)
            errors += wrong
    return Form(tuple(typed), tuple(rows), tuple(errors), tuple(numbers))


def _sent(request: HttpRequest, field: Field, name: str) -> str | list[str]:
    if field.kind == "checks":
        known = {value for value, _ in field.choices}
        return [each for each in request.POST.getlist(name) if each in known]
    text = request.POST.get(name, "").replace("\r\n", "\n").strip()
    return text if field.kind == "words" else " ".join(text.split())


def _counts(field: Field, typed: str | list[str]) -> bool:
    """Whether something typed makes a row more than an empty one."""
    return field.kind not in {"hidden", "yes"} and bool(typed) and typed != field.default


def _coerced(
    fields: Sequence[Field], row: Typed, number: int
) -> tuple[dict[str, object], list[tuple[str, str]]]:
    found: dict[str, object] = {}
    wrong: list[tuple[str, str]] = []
    for each in fields:
        typed = row[each.name]
        try:
            found[each.name] = _value(each, typed)
        except Unusable as error:
            wrong.append((id_of(number, each.name), str(error)))
    return found, wrong


def _value(field: Field, typed: str | list[str]) -> object:
    """What a field comes to. Unusable in words where it comes to nothing it could."""
    if isinstance(typed, list):
        return typed
    if field.kind == "yes":
        return typed == "yes"
    if not typed:
        if field.required:
            raise Unusable(f"{field.asks}: {'choose one' if field.choices else 'write something'}.")
        return None
    if len(typed) > LONGEST.get(field.kind, LONGEST["line"]):
        raise Unusable(f"{field.asks}: write at most {LONGEST.get(field.kind, LONGEST['line']):,} characters.")  # fmt: skip
    match field.kind:
        case "day":
            return parse_date(typed)
        case "time":
            return _time(typed)
        case "number":
            return _number(field, typed)
        case "choice" | "pick":
            if typed not in {value for value, _ in field.choices}:
                raise Unusable(f"{field.asks}: choose one of those that are there.")
            return typed
        case _:
            return typed


def _time(typed: str) -> str:
    found = _TIME.fullmatch(typed)
    if found is None:
        raise Unusable(f"“{typed}” is no time of day. Write it like 08:30.")
    return f"{time(int(found[1]), int(found[2])):%H:%M}"


def _number(field: Field, typed: str) -> Decimal:
    try:
        found = Decimal(typed.replace(",", "").removesuffix("%").strip())
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or not 0 <= found < 10**6:
        raise Unusable(f"{field.asks}: “{typed}” is no number that fits here. Write digits.")
    return found


def told(fields: Sequence[Field], rows: Sequence[Typed]) -> list[list[tuple[str, str]]]:
    """Rows as they are read: what each field asks, and what stands there in words; what is empty is left out."""
    return [[(each.asks, words) for each in fields if (words := _in_words(each, row.get(each.name, "")))] for row in rows]  # fmt: skip


def added(now: Sequence[Typed], seen: Sequence[Typed], mine: Sequence[Typed]) -> list[Typed]:
    """The rows that somebody else added since a form was filled: neither what was seen then, nor what is typed in the form."""
    known = {each["id"] for each in (*seen, *mine) if each.get("id")}
    return [each for each in now if each not in seen and (not each.get("id") or each["id"] not in known)]


def _in_words(field: Field, value: str | list[str]) -> str:
    if field.kind == "hidden" or not value or (field.kind == "yes" and value != "yes"):
        return ""
    words = dict(field.choices) | ({"yes": "Yes"} if field.kind == "yes" else {})
    return "; ".join(words.get(each, each) for each in ([value] if isinstance(value, str) else value))
