"""Every page stands: sound HTML, links that lead somewhere, nothing fetched from elsewhere, nothing written, no more than 150 kB."""

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import resolve
from hypothesis import settings as chances

from carepool.actions.house import House
from carepool.places.england import Places
from carepool.web.urls import urlpatterns
from carepool.wiring.house import current_house
from tests.web.addresses import (
    ASKS,
    BY_LINK,
    DECISION_FORMS,
    INCOMPLETE,
    KINDS,
    NAMED_BY_WHAT_WAS_SIGNED,
    NOT_THERE,
    NOT_USABLE,
    PLAN_FORMS,
    ROUTES,
    SIGNED_IN,
)
from tests.web.conftest import State
from tests.web.reading import Page, Reader, of_somebody

LIMIT = 150_000
"""Bytes of a page."""
STATEMENTS = 3
"""Questions that a page of England may ask of the database."""
OF_RELEASES = 8
"""Those of a page that says what was published: every release, and the documents of those that it tells of, all at once."""
WHOLE = {"open-zip", "api-openapi-json"}
"""Routes of everything there is, which no page is."""
OF_EVERY_SET = 8
"""Things that a page may ask of the database which looks for the official pounds of each set of rules."""
OF_A_PLAN = 30
"""Those of a page of plans: each plan's facts, its document, its decisions, its books and the offices of its bodies."""
OF_ALL_PLANS = 60
"""Those of a page of all plans: each one's facts, document, reviews and meetings, and every office, by which one may read it."""

ADDRESSES = [(name, path) for name, paths in ROUTES.items() for path in paths]
PAGES = [path for name, path in ADDRESSES if name.rpartition("-")[2] not in KINDS]
REFUSED = [f"{path}?{query}" for path in ("/", "/boards/E10000016") for query in NOT_USABLE]
EVERY = [path for _, path in ADDRESSES] + list(NOT_THERE) + REFUSED

POLICY = (
    "default-src 'none'; object-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

FOLLOWED = 10**9 if chances.default.max_examples >= 5_000 else 3  # type: ignore[union-attr]
"""Links of one form that are followed."""

CLAIMS = re.compile(
    r"\b(plans?|sign(ed|ature|atory|s off|ed off)|approv\w+|assur\w+|rat(ed|ing)s?|agreed|submitted|moderat\w+|"
    r"declar\w+|conditions? (met|failed)|on track|risk of)\b",
    re.IGNORECASE,
)
"""What would claim of a real body that it planned, signed or was rated."""
DENIALS = ("not the board's own plan",)


@pytest.fixture(scope="session")
def places(loaded: State) -> Places:
    """England's places."""
    return current_house().england.places


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that is run meanwhile."""
    seen: list[str] = []

    def note(execute, sql, parameters, many, context):  # type: ignore[no-untyped-def]
        seen.append(sql)
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        yield seen


# Routes


def test_every_route_is_listed_with_its_examples() -> None:
    """A route that is added is added to the list of addresses too, and every address shows the route it is listed under."""
    others = {**DECISION_FORMS, **PLAN_FORMS, **SIGNED_IN, **NAMED_BY_WHAT_WAS_SIGNED, **BY_LINK}
    assert sorted([*ROUTES, *others]) == sorted(each.name for each in urlpatterns)
    for name, path in [*ADDRESSES, *others.items()]:
        assert resolve(path.partition("?")[0]).url_name == name, path


@pytest.mark.parametrize(("name", "path"), ADDRESSES)
def test_it_answers(read: Reader, name: str, path: str) -> None:
    """Every address answers 200 in its own content type, in no more bytes than a page may have."""
    answer = read.answer(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == KINDS.get(name.rpartition("-")[2], "text/html; charset=utf-8")
    assert len(answer.content) <= LIMIT or name in WHOLE


@pytest.mark.parametrize("path", [*PAGES, *NOT_THERE, *REFUSED])
def test_its_html_is_sound(read: Reader, path: str) -> None:
    """One h1, a title, a language, closed elements, labels, ids that are given once; no script, no style, no fetch."""
    assert read(path).problems == []


@pytest.mark.slow
def test_every_board_has_a_sound_page(read: Reader, places: Places) -> None:
    """All 150 boards, each named in its heading, each with the page's HTML in order."""
    assert len(places.boards) == 150
    for code, board in places.boards.items():
        page = read(f"/boards/{code}")
        assert read.answer(page.path).status_code == 200, code
        assert page.text_of("h1") == board.name
        assert page.problems == [], code
        assert len(page.html.encode()) <= LIMIT, code


@pytest.mark.slow
def test_every_link_leads_somewhere(client: Client, read: Reader) -> None:
    """Every address that any page links to is one of ours, answers 200, and has the place in it that the link names.

    Links of one form, such as those of a table to each of 150 boards, lead to one view: of each form some are followed by
    chance, and all of them under ``make soak``.
    """
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    forms: dict[object, set[tuple[str, str]]] = {}
    for page in [*PAGES, *NOT_THERE, *REFUSED]:
        for path, fragment in read(page).links:
            forms.setdefault(form_of(path, fragment), set()).add((path, fragment))
    linked = set().union(*forms.values())
    assert len(linked) > 600  # 150 boards from each of several questions, and the rest
    wanted = {
        each for found in forms.values() for each in chance.sample(sorted(found), min(len(found), FOLLOWED))
    }
    for path, fragment in sorted(wanted):
        if path.startswith("/static/"):
            answer = client.get(path)
            assert answer.status_code == 200, path
            answer.close()
            continue
        if path in ("/sign-out", "/me/read"):
            continue  # where forms are sent that stand on every page of who is signed in
        assert read.answer(path).status_code == (400 if path in REFUSED else 200), f"{path} (seed {seed})"
        if fragment:
            assert fragment in read(path).ids, f"{path}#{fragment} (seed {seed})"


def form_of(path: str, fragment: str) -> tuple[object, ...]:
    """What links to one view in one way have in common: the route, what its query asks for, and of a page the plan or pool that it is of."""
    if path.startswith("/static/"):
        return (path,)
    found, query = resolve(path.partition("?")[0]), parse_qsl(path.partition("?")[2], keep_blank_values=True)
    name = str(found.url_name)
    file = name.rpartition("-")[2] in {*KINDS, "dossier"}
    of = None if file else found.kwargs.get("plan") or found.kwargs.get("pool")
    # Fields of one kind, like those of each test of a year, begin alike.
    asked = tuple(sorted({each.partition("-")[0] for each, _ in query}))
    return name, of, asked, bool(fragment)


def test_the_style_sheet_fetches_nothing(client: Client) -> None:
    """No font, image or sheet is fetched by the style sheet, from us or from outside."""
    answer = client.get("/static/carepool/carepool.css")
    css = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    answer.close()
    assert "carepool-header" in css
    assert not re.findall(r"url\((?!#)|@import|https?://(?!www\.w3\.org)", css)


# What a page may do


@pytest.mark.parametrize("path", EVERY)
def test_its_headers_keep_it_to_itself(read: Reader, path: str) -> None:
    """Nothing runs, nothing is fetched from elsewhere, nobody frames it, and only a page with a form sets its cookie."""
    answer = read.answer(path)
    assert answer["Content-Security-Policy"] == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    asks = b'name="csrfmiddlewaretoken"' in answer.content
    assert set(answer.cookies) <= ({settings.CSRF_COOKIE_NAME} if asks else set())
    if not of_somebody(path) and answer.status_code == 200:
        assert asks is (resolve(path.partition("?")[0]).url_name in ASKS)


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.slow
def test_it_asks_the_database_little(client: Client, insider: Client, path: str) -> None:
    """A page of England asks at most three things of the database, once England has been read; one of a plan some more."""
    client.get("/about")
    with statements() as seen:
        (insider if of_somebody(path) else client).get(path)
    path = path.removeprefix("/api/v1")
    some_more = path.startswith(("/plans", "/pools", "/public", "/county", "/calendar", "/bodies"))
    most = (
        OF_ALL_PLANS
        if path.startswith(("/assurance", "/calendar", "/delivery", "/trusts", "/me"))
        else OF_A_PLAN
        if some_more
        else OF_EVERY_SET
        if path.startswith("/replay")
        else OF_RELEASES
        if path.startswith(("/boards", "/regions", "/open"))
        else STATEMENTS
    )
    assert 1 <= len(seen) <= most, seen


@pytest.mark.slow
def test_nothing_is_written_by_looking(
    client: Client, insider: Client, state: Callable[[], State], loaded: State, places: Places, read: Reader
) -> None:
    """
    Asking for every page, answer and refusal, signed in where that is needed, and for one of each route signed in and for its
    head, leaves the journal at its version and the database at its bytes, as they were before the first page was asked for.
    What another test has read already wrote nothing then.
    """
    assert loaded[0] > 0
    others = [
        *DECISION_FORMS.values(),
        *PLAN_FORMS.values(),
        *SIGNED_IN.values(),
        *NAMED_BY_WHAT_WAS_SIGNED.values(),
    ]
    one_of_each = [*(paths[0] for paths in ROUTES.values()), *NOT_THERE, *others]
    for path in [*EVERY, *others, *(f"/boards/{code}" for code in places.boards)]:
        read.answer(path)
    for path in filter(of_somebody, [*EVERY, *others]):
        client.get(path)
    for path in dict.fromkeys(one_of_each):
        insider.get(path)
    for each in (client, insider):
        for path in one_of_each:
            each.head(path)
    assert state() == loaded


def test_nothing_can_be_sent(loaded: State) -> None:
    """A page that is only read refuses what is posted to it, and the API what comes without a token."""
    careful = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    for path in (paths[0] for paths in ROUTES.values()):
        assert careful.post(path, {"ambition": "3.07"}).status_code in {401, 403, 405}, path


def test_another_host_name_is_refused(loaded: State) -> None:
    """The service answers to its own names only."""
    assert Client(SERVER_NAME="elsewhere.example").get("/").status_code == 400


# Words


@pytest.mark.slow
def test_nothing_is_claimed_of_a_real_body(read: Reader, places: Places) -> None:
    """No board's page, and no board's JSON, speaks of a plan, a signature or a rating, which nobody has entered."""
    for code in places.boards:
        for words in (
            read(f"/boards/{code}").text_of("main"),
            read.answer(f"/boards/{code}.json").content.decode(),
        ):
            for denial in DENIALS:
                assert denial in words, code
                words = words.replace(denial, "")
            assert not CLAIMS.search(words), (code, CLAIMS.search(words))


@pytest.mark.parametrize("code", INCOMPLETE)
def test_an_incomplete_return_is_said_wherever_it_counts(read: Reader, code: str) -> None:
    """Above the fold, beside the quarters, in the Working, in the nation's table and in the JSON."""
    page = read(f"/boards/{code}")
    says = "rests on an incomplete return"
    assert page.text.index(says) < page.text.index("At stake at first")
    assert says in page.text_of("details")
    assert page.tables["admissions-table"].column("Take care").count(says) == 3
    rows = {row["Board"]: row for row in read("/").tables["boards-table"]}
    assert rows[INCOMPLETE[code]]["Take care"] == says
    assert any(says in each for each in read.answer(f"/boards/{code}.json").json()["working"]["rests_on"])


@pytest.mark.slow
def test_a_sound_return_is_not_doubted(read: Reader, places: Places) -> None:
    """Only the three boards are said to rest on an incomplete return."""
    doubted = {code for code in places.boards if "an incomplete return" in read(f"/boards/{code}").text}
    assert doubted == set(INCOMPLETE)
    noted = {row["Board"] for row in read("/").tables["boards-table"] if "incomplete" in row["Take care"]}
    assert noted == set(INCOMPLETE.values())


def test_the_working_cites_rules_that_can_be_opened(read: Reader) -> None:
    """Each rule that a step cites is a link to the place where its value and source stand."""
    page = read("/boards/E10000016")
    cited = {
        href
        for href in (each.get("href", "") for each in page.find("a"))
        if href.startswith("/rules/bcf-2014-08#")
    }
    assert cited == {
        f"/rules/bcf-2014-08#{each}" for each in ("payment-unit_value", "payment-release", "composition")
    }


# A fault of ours


def test_a_fault_of_ours_is_owned(loaded: State, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the service breaks the page says so, keeps its headers and shows nothing of its inside."""

    def breaks(*_: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr(House, "nation", breaks)
    answer = Client(SERVER_NAME="localhost", raise_request_exception=False).get("/")
    page = Page("/", answer.content.decode())
    assert answer.status_code == 500
    assert page.text_of("h1") == "Sorry, there is a problem"
    assert page.problems == []
    assert "inside" not in page.html
    assert answer["Content-Security-Policy"] == POLICY
