"""The API: every operation by its description, lists, tags, problems, versions, and acts that act once."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.config import SchemathesisConfig

from carepool.actions.house import House
from carepool.actions.pools import books_now
from carepool.signin import tokens
from carepool.signin.models import Account
from carepool.web.api.described import document
from carepool.web.api.problems import KINDS, MEDIA
from carepool.web.frame import new_key
from tests.web.addresses import API
from tests.web.conftest import State
from tests.web.reading import Reader

EXAMPLES = 100 if settings.default.max_examples >= 5_000 else 2  # type: ignore[union-attr]
"""Requests of each operation by what its description allows, and as many by what it does not."""
EXPECTED: dict[str, Any] = {
    # A day that no calendar has, or a word that no measure knows, is of its form and cannot be used: 400 says why.
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 304, 400, 401, 403, 404, 409]}}
}
OPERATIONS = sorted(
    f"{method.upper()} {path}" for path, methods in document()["paths"].items() for method in methods
)


class Program:
    """A program with somebody's token, or with none."""

    def __init__(self, token: str = "") -> None:
        self.client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.client.get(f"/api/v1{path}", headers={**self.headers, **headers})

    def send(self, method: str, path: str, data: object, **headers: str) -> HttpResponse:
        body = data if isinstance(data, str) else json.dumps(data)
        return self.client.generic(method, f"/api/v1{path}", body, "application/json", headers={**self.headers, **headers})  # fmt: skip


Programs = Callable[..., Program]


def token_for(handle: str, house: House, *, acts: bool = True) -> str:
    """A token of somebody's, made as their page makes it."""
    account = Account.objects.get(handle=handle)
    made = tokens.make(account, "A test", 30, house.clock(), new_key(), acts=acts)
    assert isinstance(made, tokens.Made)
    assert made.secret
    return made.secret


@pytest.fixture
def program(now: House) -> Programs:
    """A program of somebody's by handle; of nobody's without one."""
    return lambda handle="", *, acts=True: Program(token_for(handle, now, acts=acts) if handle else "")


def problem(answer: HttpResponse, status: int) -> dict[str, Any]:
    """The problem in an answer, in the form of RFC 9457."""
    assert (answer.status_code, answer["Content-Type"]) == (status, MEDIA), answer.content
    found: dict[str, Any] = json.loads(answer.content)
    assert found["status"] == status
    assert found["type"].removeprefix("/api#") in {name for name, _, _ in KINDS.values()}
    assert found["title"]
    assert found["detail"]
    return found


# Its description


@pytest.fixture(scope="module")
def described(loaded: State) -> Iterator[dict[str, Any]]:
    """Every operation, as schemathesis reads it from the service in this process, with a lead's token."""
    from carepool.wiring.house import current_house

    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)  # the transaction that is rolled back is the connection's
    with transaction.atomic():
        schema = schemathesis.openapi.from_wsgi(
            "/api/v1/openapi.json", get_wsgi_application(), config=SchemathesisConfig.from_dict(EXPECTED)
        )
        secret = token_for("carrowby.lead", current_house())

        @schema.auth()
        class Borne:
            def get(self, case: Any, context: Any) -> str:
                return secret

            def set(self, case: Any, data: str, context: Any) -> None:
                case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}

        found = [each.ok() for each in schema.get_all_operations()]
        yield {each.label: each for each in found}
        transaction.set_rollback(True)
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("label", OPERATIONS)
@pytest.mark.slow
def test_every_operation_does_what_its_description_says(described: dict[str, Any], label: str) -> None:
    """
    Asked what its description allows, and what it does not: never a fault of ours, never a status, type or shape that is
    not declared, nothing malformed let in, nothing well-formed called malformed, and no invalid token accepted.
    """
    assert set(described) == set(OPERATIONS)
    for mode in schemathesis.GenerationMode:

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate], print_blob=True,
        )  # fmt: skip
        @given(case=described[label].as_strategy(generation_mode=mode))
        def tried(case: Any) -> None:
            with transaction.atomic():
                answer = case.call()
                transaction.set_rollback(True)
            case.validate_response(answer)

        with suppress(*([Unsatisfiable] if mode is schemathesis.GenerationMode.NEGATIVE else [])):
            tried()  # what takes nothing cannot be asked wrongly


@pytest.mark.parametrize(
    "path", [path for name, paths in API.items() for path in paths if name != "api-openapi-json"]
)
def test_what_it_answers_of_the_county_is_what_is_described(read: Reader, path: str) -> None:
    """Every example, of England and the illustrative county, field by field: none more, none less, none of another kind."""
    route = resolve(path.partition("?")[0]).route
    described = "/" + route.replace("path:", "").replace("<", "{").replace(">", "}")
    made = document()
    schema = made["paths"][described]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    whole = {**schema, "components": made["components"]}
    validator = jsonschema_rs.validator_for(whole, validate_formats=True)
    found = json.loads(read.answer(path).content)
    assert [
        f"{list(each.instance_path)}: {each.message[:200]}" for each in validator.iter_errors(found)
    ] == []


def test_each_shape_has_a_name_of_its_own() -> None:
    """Two shapes of one name would be described as one."""
    from carepool.web.api.shapes import england, parts, people, plans, pools, releases, rules

    rooms = (england, parts, people, plans, pools, releases, rules)
    names = [
        name
        for room in rooms
        for name, each in vars(room).items()
        if isinstance(each, type) and issubclass(each, parts.BaseModel) and each.__module__ == room.__name__
    ]
    assert len(names) == len(set(names))
    assert document()["openapi"] == "3.1.0"


def test_every_operation_says_what_it_needs() -> None:
    """A summary, its problems, and whether a token is needed: of what is private always, of what acts always."""
    for path, methods in document()["paths"].items():
        for method, each in methods.items():
            assert each["summary"], path
            assert {"401", "404", "405", "422", "429", "500"} <= set(each["responses"])
            if method != "get" or path.startswith(("/api/v1/me/", "/api/v1/pools/")):
                assert each["security"] == [{"token": []}], (method, path)


# Lists


def test_a_list_comes_a_page_at_a_time(program: Programs) -> None:
    """Followed from page to page it is whole, each row once, in the same order as in one; Link says the same as next."""
    whole = program().get("/boards?size=200").json()["items"]
    path, rows = "/boards?size=40", []
    for number in range(1, 5):
        answer = program().get(path)
        found = answer.json()
        assert (found["total"], found["page"], found["size"]) == (150, number, 40)
        rows += found["items"]
        if found["next"] is None:
            assert 'rel="next"' not in answer.get("Link", "")
            break
        assert f'<{found["next"]}>; rel="next"' in answer["Link"]
        path = found["next"].removeprefix("/api/v1")
    assert rows == whole
    assert program().get("/boards?page=9&size=200").json()["items"] == []


@pytest.mark.parametrize(
    "asked", ["size=201", "size=0", "page=0", "page=x", "size=1e9", "page=1%00", "page=99999999999999999999"]
)
def test_a_page_is_bounded(program: Programs, asked: str) -> None:
    """No page is larger than two hundred rows, and what is no number is no page."""
    found = problem(program().get(f"/boards?{asked}"), 422)
    assert found["errors"][0]["field"] == asked.partition("=")[0]


def test_filters_are_exact_and_others_are_refused(program: Programs) -> None:
    """A filter leaves what has it; a misspelt one is refused by name, with those that there are, and never passed over."""
    assert {each["status"] for each in program().get("/rules?status=proposed").json()["items"]} == {
        "proposed"
    }
    assert program().get("/releases?plan=carrowby&corrects=carrowby/1").json()["total"] == 1
    assert program().get("/measures?held=false").json()["total"] < program().get("/measures").json()["total"]
    found = problem(program().get("/releases?Plan=carrowby&size=1&size=2"), 422)
    assert [each["field"] for each in found["errors"]] == ["Plan", "size"]
    assert "plan" in found["detail"]


# Tags, methods, versions, problems


def test_what_a_program_has_is_not_sent_twice(program: Programs) -> None:
    """The tag that came with an answer brings nothing until it changes; as at another day it is another."""
    answer = program().get("/releases")
    same = program().get("/releases", **{"If-None-Match": f'"other", W/{answer["ETag"]}'})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", answer["ETag"])
    assert program().get("/nation", **{"If-None-Match": answer["ETag"]}).status_code == 200
    assert program().get("/nation").headers["ETag"] != program().get("/nation?as_at=2015-02-13")["ETag"]
    assert "Authorization" in answer["Vary"]


def test_a_program_that_only_looks_whether_it_is_there(program: Programs) -> None:
    """HEAD answers like GET, without what it would have said."""
    looked = program("carrowby.lead").client.head("/api/v1/releases")
    assert (looked.status_code, looked.content) == (200, b"")
    assert looked["ETag"] == program().get("/releases")["ETag"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404), ("GET", "/boards/NONE", 404), ("GET", "/boards/%00", 404), ("GET", "/plans/none/public", 404),
        ("GET", "/boards?as_at=2015-02-31", 400), ("GET", "/nation?ambition=900", 400), ("POST", "/releases", 405),
        ("DELETE", "/boards", 405), ("GET", "/rules/bcf-2014-08/files/none", 404), ("GET", "/bodies/board:NONE/meetings", 404),
    ],
)  # fmt: skip
def test_whatever_stops_a_request_is_a_problem(
    program: Programs, method: str, path: str, status: int
) -> None:
    """One form for all: of no such address, of no such thing, of what cannot be used, of another method."""
    found = problem(program("carrowby.lead").send(method, path, ""), status)
    assert found["instance"].startswith("/api/v1/")


def test_another_version_is_not_there(loaded: State) -> None:
    """Only the first version is; of another there is a problem too, and the page explains every kind of it."""
    problem(Client(SERVER_NAME="localhost").get("/api/v2/releases"), 404)
    page = Client(SERVER_NAME="localhost").get("/api").content.decode()
    assert all(f'id="{name}"' in page for name, _, _ in KINDS.values())


def test_a_fault_of_ours_is_a_problem_that_says_nothing_of_it(
    loaded: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says that it is ours, and not what."""

    def breaks(*_: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr(House, "nation", breaks)
    careless = Client(SERVER_NAME="localhost", raise_request_exception=False)
    found = problem(careless.get("/api/v1/nation"), 500)
    assert "inside" not in json.dumps(found)


@pytest.mark.parametrize(
    ("sent", "kind", "status"),
    [
        ("{", "application/json", 400), ('{"content": NaN}', "application/json", 400),
        ('{"content": {"case": "\\u0000"}}', "application/json", 400), ('{"content": {"case": "\\ud800"}}', "application/json", 400),
        ('{"content": 1e400}', "application/json", 400), ("[" * 5000, "application/json", 400), (f'{{"content": {"[" * 40}{"]" * 40}}}', "application/json", 400),
        ("content=1", "application/x-www-form-urlencoded", 415), ('{"content": {}, "more": 1}', "application/json", 422),
        ('{"content": {"none": 1}}', "application/json", 400),
    ],
)  # fmt: skip
def test_what_is_sent_is_json_of_its_form(program: Programs, sent: str, kind: str, status: int) -> None:
    """Neither half a text, nor a number that is none, nor depths without end, nor a form, nor what no one asked for."""
    lead = program("carrowby.lead")
    answer = lead.client.generic(
        "PUT", "/api/v1/plans/carrowby/drafts/vision", sent, kind, headers=lead.headers
    )
    problem(answer, status)


# Acts


def test_a_section_is_drafted_and_saved(program: Programs) -> None:
    """What a lead's program drafts is what the lead's page shows, and is saved as the next version, once."""
    lead, path = program("stonebeck.lead"), "/plans/stonebeck/drafts/vision"
    before = lead.get(path).json()
    assert before["kept_at"] is None
    content = {**before["content"], "case": "Written by a program."}
    kept = lead.send("PUT", path, {"content": content, "base": before["base"]})
    assert (kept.status_code, kept.json()["content"]["case"]) == (200, "Written by a program.")
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(Account.objects.get(handle="stonebeck.lead"))
    assert "Written by a program." in browser.get("/plans/stonebeck/sections/vision").content.decode()
    number = lead.get("/plans/stonebeck").json()["version"]["number"]
    saved, again = (lead.send("POST", "/plans/stonebeck/versions", {}, **{"Idempotency-Key": "save-once"}) for _ in range(2))  # fmt: skip
    assert (saved.status_code, saved.json()) == (
        201,
        {"plan": "stonebeck", "version": number + 1, "again": False},
    )
    assert (again.status_code, again.json()) == (
        201,
        {"plan": "stonebeck", "version": number + 1, "again": True},
    )
    assert lead.get("/plans/stonebeck").json()["version"]["number"] == number + 1


SPENT = {
    "event": "spent", "on": "2015-12-01", "pence": 100, "scheme": "S2", "source": "unstated", "payee": "care-at-home",
}  # fmt: skip


def test_an_entry_arrives_twice_and_is_entered_once(program: Programs, now: House) -> None:
    """The second is answered as the first was; another entry under the same key is refused, and so is one without a key."""
    officer, path, key = (
        program("carrowby.finance"),
        "/pools/carrowby/postings",
        {"Idempotency-Key": "enter-once"},
    )
    before = books_now(now, "carrowby", "2015-16").version
    first = officer.send("POST", path, SPENT, **key)
    assert first.status_code == 201, first.content
    again = officer.send("POST", path, SPENT, **key)
    assert again.json() == {**first.json(), "again": True}
    assert books_now(now, "carrowby", "2015-16").version == before + 1
    assert first.json()["posting"] in [each["posting"] for each in officer.get(f"{path}?event=spent&size=200").json()["items"]]  # fmt: skip
    assert "used before" in problem(officer.send("POST", path, {**SPENT, "pence": 200}, **key), 409)["detail"]
    assert problem(officer.send("POST", path, SPENT), 422)["errors"][0]["field"] == "Idempotency-Key"
    assert books_now(now, "carrowby", "2015-16").version == before + 1


@pytest.mark.parametrize("wrong", [{"pence": -1}, {"pence": "1"}, {"pence": 1.5}, {"pence": 10**14}, {"event": "released"}, {"on": "soon"}, {"also": 1}])  # fmt: skip
def test_an_entry_is_of_its_form(program: Programs, wrong: dict[str, object]) -> None:
    """Whole pence, bounded; an event that is entered so; nothing unknown: else it is refused by its place."""
    answer = program("carrowby.finance").send("POST", "/pools/carrowby/postings", {**SPENT, **wrong}, **{"Idempotency-Key": "enter-once"})  # fmt: skip
    assert problem(answer, 422)["errors"][0]["field"] == next(iter(wrong))


def test_what_the_rules_refuse_is_refused(program: Programs, now: House) -> None:
    """Who may not enter is told who may, and what does not fit the books is told why; nothing is entered by either."""
    before, key = books_now(now, "carrowby", "2015-16").version, {"Idempotency-Key": "enter-once"}
    path = "/pools/carrowby/postings"
    assert "kept by" in problem(program("carrowby.lead").send("POST", path, SPENT, **key), 403)["detail"]
    finance = program("carrowby.finance")
    problem(finance.send("POST", path, {**SPENT, "pence": 10**13}, **key), 409)
    problem(program("nhs.analyst").send("PUT", "/plans/carrowby/drafts/vision", {"content": {}}), 403)
    assert books_now(now, "carrowby", "2015-16").version == before
