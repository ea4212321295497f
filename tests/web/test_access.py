"""Every route as every office asks for it: what is not theirs looks exactly like what does not exist."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pytest
from django.db import transaction
from django.urls import URLPattern
from hypothesis import settings

from carepool.actions import drafting_rules, permits, pools, reading
from carepool.rules.rulebook import Rulebook
from carepool.web import assurance_nation, audiences, calendar
from carepool.wiring.house import current_house
from tests.web.access import (
    BEGUN,
    OF_DRAFTS,
    PLAN,
    PUBLIC,
    ROUTES,
    WORD,
    Stage,
    User,
    address,
    ask,
    draft_leak,
    leak,
    of_a_plan,
    seen,
    set_up,
    without,
)
from tests.web.conftest import State

OF_A_PLAN = [name for name, each in ROUTES.items() if of_a_plan(each)]
OTHER = [
    name for name, each in ROUTES.items() if not of_a_plan(each) and "which" not in each.pattern.converters
]
SLOW = {
    "plan-ccg-pdf",
    "plan-return-pdf",
    "plan-paper-pdf",
    "plan-paper-docx",
    "plan-workbook-xlsx",
    "plan-dossier",
}
"""What takes long to make is made for one of its readers."""
SOAK = 20_000
CALLS = SOAK if settings.default.max_examples >= 5_000 else 200  # type: ignore[union-attr]
"""Calls of the random walk."""


@pytest.fixture(scope="module")
def everybody(loaded: State, rulebook: Rulebook) -> Iterator[Stage]:
    """Every office of the rules that the plan is under, each in bodies of the plan's and in others."""
    rules = rulebook.named("bcf-2014-08").authorities.offices
    with transaction.atomic():
        yield set_up(current_house(), [(each.name, kind) for each in rules for kind in each.of])
        transaction.set_rollback(True)


@pytest.fixture
def stage(everybody: Stage) -> Iterator[Stage]:
    """The same; what a test's requests do is undone."""
    with transaction.atomic():
        yield everybody
        transaction.set_rollback(True)


def leads(stage: Stage) -> list[User]:
    """One of each relation."""
    return [each for each in stage.users if each.office in {"", "plan_lead"}]


def found(tries: Iterable[str]) -> list[str]:
    """What came to light."""
    return [each for each in tries if each]


# Enumerated


def test_every_office_of_the_rules_is_somebody(everybody: Stage, rulebook: Rulebook) -> None:
    """Each office is tried in each kind of body that has it: the plan's own, a sibling's, one of England, ended, and to come."""
    named = {each.name for each in rulebook.named("bcf-2014-08").authorities.offices}
    assert {each.office for each in everybody.users if each.office} == named
    assert {each.relation for each in everybody.users} == {"nobody", "none", "own", "party", "sibling", "foreign", "ended", "later"}  # fmt: skip
    assert {each.office for each in everybody.users if each.relation == "ended"} == named
    assert len(OF_A_PLAN) > 50


@pytest.mark.slow
@pytest.mark.parametrize("name", OF_A_PLAN)
def test_to_others_the_plan_does_not_exist(stage: Stage, name: str) -> None:
    """Read or sent to, in a sibling or in England, before the term or after it: byte for byte what a missing plan answers."""
    route = ROUTES[name]
    led = {each.says for each in leads(stage)}  # of whom the next test reads and sends
    others = [each for each in stage.users if not each.reads]
    methods = {"sibling": ("GET", "POST"), "ended": ("POST",)}
    tried = [(each, method) for each in others if each.says not in led for method in methods.get(each.relation, ("GET",))]  # fmt: skip
    tried += [(each, method) for each in others if each.says in led for method in ("PUT", "HEAD")]
    assert found(leak(stage, route, user, method) for user, method in tried) == []


@pytest.mark.parametrize("name", OF_A_PLAN)
@pytest.mark.slow
def test_to_whoever_leads_a_plan_another_does_not_exist(stage: Stage, name: str) -> None:
    """The same of a plan lead of each relation, somebody without an office, and nobody: also of a plan without a version."""
    others = [each for each in leads(stage) if not each.reads]
    route, methods = ROUTES[name], ("GET", "POST")
    assert found(leak(stage, route, user, method) for user in others for method in methods) == []
    others.append(next(each for each in stage.of("party") if each.office == "plan_lead"))
    assert found(leak(stage, route, user, method, plan=BEGUN) for user in others for method in methods) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", OF_A_PLAN)
def test_every_office_of_the_plan_finds_it(stage: Stage, name: str) -> None:
    """Every office of every body of the plan is let through to it, and its lead and the minister's office read it."""
    route = ROUTES[name]
    own = [each for each in stage.users if each.reads]
    assert found(leak(stage, route, user, "PUT", plan=plan) for user in own for plan in (PLAN, BEGUN)) == []
    first = {each.office: each for each in own if each.relation == "own"}
    readers = list(first.values())[:1] if name in SLOW else [first[each] for each in ("plan_lead", "ministers_office")]  # fmt: skip
    assert found(leak(stage, route, user, "GET") for user in readers) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHER)
def test_no_other_page_names_it(stage: Stage, name: str) -> None:
    """No list, map, total, board, calendar or page of one's own names a plan that is not one's to know of."""
    route = ROUTES[name]
    once = {each.office: each for each in stage.users if not each.reads}
    others = {each.says: each for each in [*once.values(), *leads(stage)] if not each.reads}
    tried = [(each, "GET") for each in others.values()]
    if name not in {"sign-out", "sign-in", "sign-in-code", "forgotten", "my-password", "my-second-factor"}:
        tried += [(each, "POST") for each in leads(stage) if not each.reads and name not in PUBLIC]
    assert found(leak(stage, route, user, method) for user, method in tried) == []


@pytest.mark.parametrize("name", ["plans", "county", "board", "calendar", "calendar-json", "calendar-csv", "calendar-ics", "me", "assurance-national-json", "delivery-national-json"])  # fmt: skip
def test_lists_name_it_to_its_people(stage: Stage, name: str) -> None:
    """The lists that could give it away do name it to whoever may know: so that they were worth looking through."""
    lead = next(each for each in stage.of("own") if each.office == "plan_lead")
    query = "?area=county" if name.startswith(("assurance", "delivery")) else ""
    said = seen(ask(lead, "GET", address(stage, ROUTES[name], query=query)), "\0").body.lower()
    assert WORD in said


@pytest.mark.parametrize("route", OF_DRAFTS, ids=lambda route: str(route.name))
def test_a_draft_of_rules_is_its_owners(stage: Stage, route: URLPattern) -> None:
    """To anybody else, of whatever office, another's draft is a draft that there is not."""
    tried = [(user, "GET") for user in (stage.users if route.name == "draft" else leads(stage))]
    tried += [(user, method) for user in leads(stage) for method in ("POST", "PUT", "HEAD")]
    assert found(draft_leak(stage, route, user, method) for user, method in tried) == []


# At random


def test_random_calls_tell_nothing(stage: Stage) -> None:
    """Anybody asks for anything in any way, with any query: 20,000 times under ``make soak``."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    asked = ("", "", "?as_at=2015-06-01", "?as_at=2030-01-01", "?as_at=soon", "?at=vision", "?since=1", "?version=1",
             "?withhold=spend:commercial", "?a=1&b=1", "?area=county", "?rules=bcf-2016-17", "?show=mine", "?done=made",
             "?deadline=section_75", "?uploads=no", "?board=ZZ3", "?%00=%ff")  # fmt: skip
    methods = ("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
    names = [each for each in (*OF_A_PLAN, *OTHER) if each not in {"sign-out", *SLOW}]
    for number in range(CALLS):
        route, user, query = ROUTES[chance.choice(names)], chance.choice(stage.users), chance.choice(asked)
        if user.reads and number % 20:  # who may read it waits for its pages, so they come less often
            user = stage.none
        method = chance.choice(methods) if of_a_plan(route) else "GET"
        plan = chance.choice((PLAN, BEGUN))
        with transaction.atomic():
            says = leak(stage, route, user, method, query, plan)
            transaction.set_rollback(True)
        # As at an instant before it was begun there is no plan for its own people either.
        assert not says or (user.reads and "as_at" in query), f"{says} (call {number} of seed {seed})"
        stage.kept.clear()


# Each filter taken out in turn

FOR_ALL = {"plan-json", "plan-versions", "pool-json"}
PROBES = (
    "plan-json",
    "plan-versions",
    "pool-json",
    "plans",
    "county",
    "board",
    "calendar-json",
    "me",
    "assurance-national-json",
)
FILTERS: dict[str, tuple[Callable[..., object], str, str]] = {
    "the route of a plan asks who reads": (audiences._to_readers, "check_may_read(", "(lambda *_, **__: None)("),
    "the route of a plan asks who is signed in": (audiences._to_readers, "if account is None:", "if False:"),
    "the route of a pool asks who reads": (audiences._to_partners, "check_may_read_pool(", "(lambda *_, **__: None)("),
    "the route of a pool asks who is signed in": (audiences._to_partners, "if account is None:", "if False:"),
    "a pool is read by whoever holds an office in a partner": (pools.check_may_read_pool, "or not any(", "or False and not any("),
    "the route of a person asks who is signed in": (audiences._to_the_signed_in, "if account_of(request)", "if True"),
    "a plan is read by whoever holds an office in it": (reading.may_read, "return any(", "return True or any("),
    "what may not be read is not there": (reading.check_may_read, "if not mine:", "if False:"),
    "what is not there is said in the same words": (reading.check_may_read, "mine = False", "raise"),
    "an office is one's own": (permits.offices_in, "each.account == account and ", ""),
    "an office has a term": (permits.offices_in, " and each.on(house.today)", ""),
    "an office has a term in lists": (permits.offices_of, " and each.on(house.today)", ""),
    "an office in lists is one's own": (permits.offices_of, "each.account == account and ", ""),
    "councils are the plan's": (permits.partners, "for b in history.boards for c in places.boards[b]", "for b in places.boards for c in places.boards[b]"),
    "commissioners are the plan's": (permits.partners, "for b in history.boards for each in places.by_board[b]", "for b in places.boards for each in places.by_board[b]"),
    "boards are the plan's": (reading.bodies_concerned, "for code in found.boards)", "for code in area.england.places.boards)"),
    "trusts are the plan's": (reading.bodies_concerned, "each.id for each in NATIONAL", "each for each in ('trust:RXX', *(n.id for n in NATIONAL))"),
    "lists name what one may know": (reading.listed, "if each.mine or each.public", ""),
    "lists of one's own are one's own": (reading.concerning, "if bodies and any(one in bodies for one in bodies_concerned(house, each))", ""),
    "nobody has plans": (reading.readable, "if account else ()", "if account else plans"),
    "the nation is of plans that one may know": (assurance_nation._found, "among=_known(request, asked),", ""),
    "the calendar is of one's own plans": (calendar._found, ", reader_of(request).id", ""),
    "a draft of rules is its owner's": (drafting_rules.read_draft, " or found.owner != owner", ""),
}  # fmt: skip
"""What keeps a plan, or a draft, from others, each with what to put in its place."""

ENTRANCES: dict[str, tuple[str, str]] = {
    "national bodies": ("yield from (each.id for each in NATIONAL)", "yield from ()"),
    "boards": ("yield from (body_id(BodyKind.BOARD, code) for code in found.boards)", "yield from ()"),
    "councils and commissioners": ("yield from (each.id for each in partners(found, area))", "yield from ()"),
    "trusts": ("if set(found.boards) & set(each.boards)", "if False"),
    "boards that it names": ("yield from (body_id(BodyKind.BOARD, code) for code in parties.boards)", "yield from ()"),
    "parties that it names": ("yield from (each.id for each in partners(found, area, parties))", "yield from ()"),
}  # fmt: skip


def first_leak(stage: Stage) -> str:
    """The first that the enumeration finds, over routes of every kind."""
    return next(_leaks(replace(stage, kept={})), "")


def _leaks(stage: Stage) -> Iterator[str]:
    yield from found(draft_leak(stage, route, stage.none, "GET") for route in OF_DRAFTS)
    for name in PROBES:
        query = "?area=county" if name.startswith("assurance") else ""
        for user in stage.users if name in FOR_ALL else leads(stage):
            for plan in (PLAN, BEGUN):
                # Whether somebody is let in shows as well in what is not made for them.
                reads = user.may_read(plan)
                asked = "?as_at=2015-06-01" if name == "plan-versions" and not reads else query
                yield from found([leak(stage, ROUTES[name], user, "PUT" if reads else "GET", asked, plan)])


@pytest.mark.slow
def test_with_every_filter_in_place_there_is_none(stage: Stage) -> None:
    """What the tests below look through finds nothing as things are."""
    assert first_leak(stage) == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_taken_out_is_caught(stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Somebody is told what they may not know, and the enumeration says who, of which route."""
    without(monkeypatch, *FILTERS[name])
    try:
        assert first_leak(stage)
    except (
        AttributeError,
        AssertionError,
        TypeError,
    ) as error:  # a page for who is signed in, asked for by nobody
        assert "signed in" in name, error


@pytest.mark.slow
@pytest.mark.parametrize("name", ENTRANCES)
def test_each_body_that_the_plan_concerns_is_missed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Where a kind of body is left out, its people are kept from their own plan, and the enumeration says so."""
    without(monkeypatch, reading.bodies_concerned, *ENTRANCES[name])
    assert "is kept out" in first_leak(stage)
