"""The plan standard: a JSON Schema, code lists and an example, made from the description that the product itself reads plans by."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carepool.actions.house import House
from carepool.actions.planning import check_plan
from carepool.basics.findings import Severity
from carepool.plans.document import EVERY, as_data, filled, read_plan
from carepool.plans.redaction import REASONS
from carepool.plans.standard import code_lists, plan_schema
from carepool.render.answers import to_json
from tests.spec.test_commands import Run, run

__all__ = ["run"]

STANDARD = Path(__file__).parents[2] / "docs" / "standard"
SCHEMA: Any = plan_schema()
EXAMPLE: Any = json.loads((STANDARD / "example.json").read_text(encoding="utf-8"))

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "null": (type(None),),
}
TYPED: list[object] = [
        5, 124_000_000, 10**13, 10**13 + 1, -1, True, None, "", "1240000", "£1,240,000", "1,240,000.50", "£ 5", "1 240",
        "1,24", "12.345", "-5", "a lot", "£", [], {}, "5%", "101", "100", "100.0000", "99.99999", "0.5", "7332", "1,370.251",
        "2015-04-01", "2015-13-01", "1 April", "yes", "no", "perhaps", "2014-15Q4", "2014-15Q5", "14-15Q4", "new", "newer",
        *("x" * length for length in (40, 41, 300, 301, 10_000, 10_001)),
    ]  # fmt: skip
KNOWN = {
    "$schema", "$id", "$defs", "$ref", "title", "description", "x-of", "type", "properties", "additionalProperties",
    "required", "items", "anyOf", "enum", "const", "pattern", "minimum", "maximum", "minLength", "maxLength",
}  # fmt: skip


def same(one: object, other: object) -> bool:
    """JSON's equality: true is not 1."""
    return type(one) is type(other) and one == other


def faults(schema: Any, data: Any, where: str = "") -> Iterator[str]:
    """What is wrong with data by a JSON Schema, as far as the keywords of ours go."""
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        yield from faults(SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")], data, where)
        return
    if "anyOf" in schema and all(list(faults(each, data)) for each in schema["anyOf"]):
        yield f"{where}: none of its ways"
    if "enum" in schema and not any(same(each, data) for each in schema["enum"]):
        yield f"{where}: no such code"
    if "const" in schema and not same(schema["const"], data):
        yield f"{where}: another value"
    kind = schema.get("type")
    if kind and (
        not isinstance(data, TYPES[kind]) or (isinstance(data, bool) and bool not in TYPES.get(kind, ()))
    ):
        yield f"{where}: no {kind}"
        return
    if isinstance(data, dict) and kind == "object":
        known = schema["properties"]
        closed = schema.get("additionalProperties") is False
        yield from (f"{where}/{key}: unknown" for key in data if closed and key not in known)
        yield from (f"{where}/{key}: missing" for key in schema.get("required", ()) if key not in data)
        for key in data.keys() & known.keys():
            yield from faults(known[key], data[key], f"{where}/{key}")
    elif isinstance(data, list) and kind == "array":
        for number, each in enumerate(data):
            yield from faults(schema["items"], each, f"{where}/{number}")
    elif isinstance(data, str):
        if not schema.get("minLength", 0) <= len(data) <= schema.get("maxLength", len(data)):
            yield f"{where}: its length"
        if "pattern" in schema and not re.search(schema["pattern"], data):
            yield f"{where}: not like {schema['pattern']}"
    elif isinstance(data, int) and not schema.get("minimum", data) <= data <= schema.get("maximum", data):
        yield f"{where}: its size"


def valid(data: object) -> bool:
    """Whether the schema accepts it."""
    return not list(faults(SCHEMA, data))


def reads(data: object) -> bool:
    """Whether carepool reads it."""
    return read_plan(data)[0] is not None


def test_the_published_files_are_what_the_code_makes(run: Run) -> None:
    """``carepool plan schema`` prints docs/standard/plan.schema.json. To make them again: python -m tests.spec.test_plan_standard."""
    assert (STANDARD / "plan.schema.json").read_text(encoding="utf-8") == to_json(plan_schema())
    assert (STANDARD / "codes.json").read_text(encoding="utf-8") == to_json(code_lists())
    code, out, err = run("plan", "schema")
    assert (code, out, err) == (0, to_json(plan_schema()), "")


def test_the_example_is_whole(house: House) -> None:
    """Something stands in every section of the example, it is written as carepool writes it, and no check stops it."""
    plan, findings = read_plan(EXAMPLE)
    assert plan is not None, findings
    assert [name for name in EVERY if not filled(plan.section(name))] == []
    assert to_json(filled(plan)) == (STANDARD / "example.json").read_text(encoding="utf-8")
    _, found, _ = check_plan(house, EXAMPLE)
    assert [each.says for each in found if each.severity is Severity.BLOCKER] == []


def test_the_example_validates() -> None:
    """The shipped example fits the schema, with what nobody has filled in left out or written as empty."""
    assert list(faults(SCHEMA, EXAMPLE)) == []
    plan, _ = read_plan(EXAMPLE)
    assert plan is not None
    assert list(faults(SCHEMA, as_data(plan))) == []


def test_every_field_is_described() -> None:
    """Every section of the task list and every field of it is in the schema with its title; nothing else is."""
    assert set(SCHEMA["properties"]) == {"rules", "title", *EVERY}
    for name, about in EVERY.items():
        section = SCHEMA["$defs"][name]["properties"]
        assert set(section) == set(about.part.model_fields)
        for each in about.fields:
            assert section[each.name]["title"] == each.title
        for rows in about.lists:
            assert set(section[rows.name]["items"]["properties"]) == set(rows.row.model_fields)
            assert set(section[rows.name]["items"].get("required", ())) == {
                each.name for each in rows.fields if each.required
            }


def test_the_code_lists_are_those_of_the_schema() -> None:
    """Each list of codes stands with its words under the place that it is for, and the reasons for withholding beside them."""
    lists: Any = code_lists()
    assert lists["withheld"] == REASONS
    assert lists["fields"]["schemes/schemes/buys"]["sustaining"] == "Keeps up what would have been cut"
    for place, codes in lists["fields"].items():
        section, *rest = place.split("/")
        found = SCHEMA["$defs"][section]["properties"][rest[0]]
        shape = found["items"]["properties"][rest[1]] if len(rest) > 1 else found
        assert [each for each in shape["enum"] if each] == list(codes), place


@pytest.mark.parametrize(
    "place",
    [
        ("spend", "spend", 0, "year_2"), ("freed", "freed", 0, "pence"), ("target", "quarters", 0, "baseline"),
        ("target", "quarters", 0, "operating_plan"), ("sharing", "coverage"), ("freed", "freed", 0, "start"),
        ("sharing", "primary"), ("target", "quarters", 0, "quarter"), ("schemes", "schemes", 0, "buys"),
        ("earmarks", "earmarks", 0, "name"), ("parties", "boards", 0), ("vision", "case"), ("spend", "spend", 0, "scheme"),
        ("seven_days", "services", 0, "name"),
    ],
)  # fmt: skip
def test_schema_and_reader_agree_on_a_value(place: tuple[str | int, ...]) -> None:
    """For each kind of field, what the schema accepts is what is read, spelling by spelling."""
    data = copy.deepcopy(EXAMPLE)
    for typed in TYPED:
        put(data, place, typed)
        assert valid(data) == reads(data), (typed, list(faults(SCHEMA, data)))


def put(data: Any, place: tuple[str | int, ...], value: object) -> None:
    """Put a value at a place."""
    for each in place[:-1]:
        data = data[each]
    data[place[-1]] = value


def places(data: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in JSON's shapes."""
    if place:
        yield place
    if isinstance(data, dict):
        for key, each in data.items():
            yield from places(each, (*place, key))
    elif isinstance(data, list):
        for number, each in enumerate(data):
            yield from places(each, (*place, number))


ANYTHING = st.sampled_from(
    [None, 5, -5, True, "", "words", "12", [], {}, [5], ["words"], [{}], {"words": 5}, "x" * 41, "x" * 301]
)


@given(data=st.data())
@pytest.mark.slow
def test_schema_and_reader_agree_on_shapes(data: st.DataObject) -> None:
    """Whatever is taken out, put in or replaced, and wherever: either both accept the plan or both refuse it."""
    changed = copy.deepcopy(EXAMPLE)
    for _ in range(data.draw(st.integers(1, 2))):
        place = data.draw(st.sampled_from(sorted(places(changed), key=str)))
        around = changed
        for each in place[:-1]:
            around = around[each]
        how = data.draw(st.sampled_from(["replace", "take out", "add"]))
        if how == "replace":
            around[place[-1]] = data.draw(ANYTHING)
        elif how == "take out":
            del around[place[-1]]
        elif isinstance(around, dict):
            around[data.draw(st.sampled_from(["extra", "id", "pence", "year_1"]))] = data.draw(ANYTHING)
        else:
            around.append(data.draw(ANYTHING))
    assert valid(changed) == reads(changed), (list(faults(SCHEMA, changed)), read_plan(changed)[1])


@given(data=st.data())
@pytest.mark.slow
def test_what_carepool_writes_the_schema_accepts(data: st.DataObject) -> None:
    """A plan that is read, however it was spelled, is written so that the schema accepts it."""
    changed = copy.deepcopy(EXAMPLE)
    for place, spelled in (
        (("schemes", "schemes", 0, "buys"), ["Something new", "NEW", " new "]),
        (("freed", "freed", 0, "start"), ["1 April 2015", "01/04/2015", ""]),
        (("sharing", "primary"), ["Y", "true", "No"]),
        (("sharing", "coverage"), ["12.5 %", 12.5]),
        (("spend", "spend", 0, "year_2"), [" £1 240 000 "]),
    ):  # fmt: skip
        if data.draw(st.booleans()):
            put(changed, place, data.draw(st.sampled_from(spelled)))
    plan, findings = read_plan(changed)
    assert plan is not None, findings
    assert list(faults(SCHEMA, filled(plan))) == []
    assert list(faults(SCHEMA, as_data(plan))) == []


if __name__ == "__main__":
    (STANDARD / "plan.schema.json").write_text(to_json(plan_schema()), encoding="utf-8")
    (STANDARD / "codes.json").write_text(to_json(code_lists()), encoding="utf-8")
