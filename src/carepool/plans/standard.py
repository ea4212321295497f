"""The plan standard: a JSON Schema and code lists for a plan's file, made from the one description of its sections.

The schema is how to write a plan so that any program reads it alike. carepool reads some spellings more (words for
codes, days as people say them); docs/how-to/plan-standard.md lists them.
"""

from collections.abc import Mapping
from typing import Any, get_args, get_origin

from carepool.plans.describe import FieldAbout, fields_of
from carepool.plans.document import EVERY
from carepool.plans.parts import LARGEST, LONGEST, Part
from carepool.plans.redaction import REASONS

Data = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAME = "urn:carepool:plan:2"
"""The name of the standard; its number is that of the digests of sections."""

_GROUPED = "([0-9]+|[0-9]{1,3}([,\\s][0-9]{3})+)"
MONEY = f"^£?\\s*{_GROUPED}(\\.[0-9]{{1,2}})?$"
NUMBER = f"^{_GROUPED}(\\.[0-9]{{1,6}})?$"
PERCENT = "^(100(\\.0{1,4})?|[0-9]{1,2}(\\.[0-9]{1,4})?)%?$"
DAY = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
QUARTER = "^[0-9]{4}-[0-9]{2}Q[1-4]$"
_SOMETHING = "\\S"


def plan_schema() -> Data:
    """The JSON Schema of a plan's file."""
    sections = {name: {"$ref": f"#/$defs/{name}"} for name in EVERY}
    return {
        "$schema": DIALECT,
        "$id": NAME,
        "title": "A joint plan",
        "description": (
            "A plan as carepool reads it. Money: a whole number is pence, a text is pounds. What nobody has filled in is "
            "left out, or empty, or null. The digest of each section is over its content: see docs/how-to/plan-standard.md."
        ),
        **_object(
            {
                "rules": {
                    **_required_text(40),
                    "title": "Rules",
                    "description": "The set of rules, like bcf-2014-08.",
                },
                "title": {"type": "string", "maxLength": LONGEST, "title": "Title"},
                **sections,
            },
            ["rules"],
        ),
        "$defs": {name: _section(name) for name in EVERY},
    }


def code_lists() -> Data:
    """Every list of codes with its words: those of fields, by place, and the reasons for withholding a section."""
    found: Data = {}
    for name, about in EVERY.items():
        for field in about.fields:
            if field.kind == "choice":
                found[f"{name}/{field.name}"] = dict(field.codes)
        for rows in about.lists:
            for field in rows.fields:
                if field.kind == "choice":
                    found[f"{name}/{rows.name}/{field.name}"] = dict(field.codes)
    return {
        "fields": found,
        "withheld": dict(REASONS),
        "sections": {name: each.title for name, each in EVERY.items()},
    }


def _section(name: str) -> Data:
    about = EVERY[name]
    by_name = {each.name: each for each in fields_of(about.part)}
    properties: Data = {}
    for key, found in about.part.model_fields.items():
        rows = next((each for each in about.lists if each.name == key), None)
        if rows is not None:
            properties[key] = {"type": "array", "description": rows.says, "items": _row(rows.row)}
        elif get_origin(found.annotation) is tuple:
            properties[key] = {"type": "array", "items": _code_of(get_args(found.annotation)[0])}
        else:
            properties[key] = _field(by_name[key], found)
    return {"title": about.title, "description": about.says, **_object(properties, [])}


def _row(row: type[Part]) -> Data:
    by_name = {each.name: each for each in fields_of(row)}
    properties = {key: _field(by_name[key], found) for key, found in row.model_fields.items()}
    return _object(properties, [key for key, found in row.model_fields.items() if found.is_required()])


def _object(properties: Mapping[str, object], required: list[str]) -> Data:
    data: Data = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return {**data, "required": required} if required else data


def _code_of(annotation: Any) -> Data:
    """An item of a list of codes, with the lengths that it may have."""
    lengths = _lengths(get_args(annotation)[1:])
    return _required_text(lengths.get("maxLength", 40))


def _required_text(longest: int) -> Data:
    return {"type": "string", "minLength": 1, "maxLength": longest, "pattern": _SOMETHING}


def _field(about: FieldAbout, found: Any) -> Data:
    says: Data = {"title": about.title}
    if about.hint:
        says["description"] = about.hint
    if about.of:
        says["x-of"] = about.of
    empty = not found.is_required()
    return {**says, **_shape(about, found, empty)}


def _shape(about: FieldAbout, found: Any, empty: bool) -> Data:
    """What may stand in a field; ``empty`` where it may be left without anything."""
    lengths = _lengths(found.metadata)
    must = lengths.get("minLength", 0) > 0
    nullable = type(None) in get_args(found.annotation)
    match about.kind:
        case "money":
            return _number(MONEY, {"type": "integer", "minimum": 0, "maximum": LARGEST}, nullable)
        case "count":
            return _number(NUMBER, {"type": "integer", "minimum": 0, "maximum": 10**12 if nullable else 10**7}, nullable)  # fmt: skip
        case "percent":
            return _number(PERCENT, {"type": "integer", "minimum": 0, "maximum": 100}, nullable)
        case "day":
            return _number(DAY, None, nullable)
        case "quarter":
            return {"type": "string", "pattern": QUARTER}
        case "choice":
            return {"enum": [*([] if must else [""]), *about.codes]}
        case "yesno":
            return {"enum": ["", "yes", "no", True, False]}
        case _:
            longest = lengths.get("maxLength", LONGEST)
            # A code that stands for nothing is empty only where the field may be left out.
            return (
                _required_text(longest)
                if must or (about.kind == "code" and not empty)
                else {"type": "string", "maxLength": longest}
            )


def _number(pattern: str, whole: Data | None, nullable: bool) -> Data:
    ways: list[Data] = [{"type": "string", "pattern": pattern}]
    if whole is not None:
        ways.insert(0, whole)
    if nullable:
        ways += [{"type": "null"}, {"const": ""}]
    return {"anyOf": ways}


def _lengths(metadata: Any) -> dict[str, int]:
    """The lengths that a field's metadata ask for; of several the last counts, as it does when read."""
    found: dict[str, int] = {}
    for each in metadata:
        inner = getattr(each, "metadata", None)
        if isinstance(inner, list):
            found |= _lengths(inner)
        for name, key in (("min_length", "minLength"), ("max_length", "maxLength")):
            if isinstance(length := getattr(each, name, None), int):
                found[key] = length
    return found
