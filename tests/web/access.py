"""Who may read what, said once more and on its own, with a plan that nobody else may know of to catch what leaks.

Nothing here asks ``carepool.web.audiences`` or ``carepool.actions.reading``: whoever reads the plan is listed by hand.
"""

import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import CodeType, FunctionType

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse

from carepool.actions.commenting import make_comment
from carepool.actions.editing import keep_draft, save_version, section_base
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import start_plan, view
from carepool.journal.commands import Done
from carepool.offices.holdings import give, stream_of
from carepool.plans.document import EVERY, Plan, as_data, filled
from carepool.pool.books import Contribution, Opening, Partner, Scheme
from carepool.pool.books import stream_of as pool_stream
from carepool.pool.facts import opened
from carepool.signin import tokens
from carepool.signin.models import Account
from carepool.web.urls import urlpatterns

PLAN, BEGUN, MISSING = "quillmark", "quillmar2", "nowhereis"
"""
Two plans of Farrowdale's board that only its people may know of, one with a version and one without; and one that there
is not. Each is as long as the others.
"""
WORD = "quillmar"
"""Stands in every part of those plans, and nowhere else."""
OWN = {
    "council": ("council:ZZ3", "council:ZZ6"),
    "ccg": ("ccg:Z3A", "ccg:Z4A"),
    "board": ("board:ZZ3", "board:ZZ6"),
    "trust": ("trust:ZZT",),
    "nhs_england": ("nhs_england:ENG",),
    "local_government": ("local_government:ENG",),
    "ministers": ("ministers:ENG",),
}
"""The bodies that the plan concerns by kind: first those of its board, then those that it names as parties."""
SIBLING = {"council": "council:ZZ1", "ccg": "ccg:Z2A", "board": "board:ZZ1", "trust": "trust:RXX"}
"""One of the same kind of another plan of the county."""
FOREIGN = {"council": "council:E10000016", "ccg": "ccg:09C", "board": "board:E10000016", "trust": "trust:RVV"}
"""One of the same kind of England."""
RELEASES = {
    f"release{part}{ending}"
    for part in ("", "-money", "-scheme", "-metric")
    for ending in ("", "-json", "-csv")
}
OF_RELEASES = {"", "-plan", "-money", "-schemes", "-schemes-name", "-metrics", "-metrics-name"}
PUBLIC = {
    "plan-public", "public-json", "release-zip", "api-plans-plan-public-json", *RELEASES,
    *(f"api-releases-plan-number{part}-json" for part in OF_RELEASES),
}  # fmt: skip
"""Pages of a plan for everybody, from the day on which it is signed off."""
WHO = "Ash Tester"


@dataclass(frozen=True)
class User:
    """Somebody, what they are to the plan, and a browser in which they are signed in."""

    says: str
    relation: str
    office: str
    browser: Client
    signed_in: bool = True
    token: str = ""
    """What a program of theirs shows."""

    @property
    def reads(self) -> bool:
        """Whether the plan is theirs to read."""
        return self.relation in {"own", "party"}

    def may_read(self, plan: str) -> bool:
        """The same of either plan: that without a version names no parties yet."""
        return self.relation == "own" or (self.relation == "party" and plan == PLAN)


@dataclass
class Stage:
    """The plan, everybody, and what was answered before to who may read nothing."""

    house: House
    users: list[User]
    values: Mapping[str, str]
    draft: str
    """The id of a draft of rules that somebody else owns."""
    kept: dict[tuple[str, str, str], "Answer"] = field(default_factory=dict)

    def of(self, relation: str) -> list[User]:
        """The users of a relation."""
        return [each for each in self.users if each.relation == relation]

    @property
    def none(self) -> User:
        """Signed in without any office."""
        return self.of("none")[0]


@dataclass(frozen=True)
class Answer:
    """An answer as far as somebody outside can tell one from another."""

    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]
    body: str


# The stage


def set_up(house: House, offices: list[tuple[str, str]]) -> Stage:
    """Write the plan, and let somebody hold each office in each kind of body that is or is not the plan's."""
    lead = Account.objects.get(handle="farrowdale.lead")
    secret_plan(house, Actor(lead.pk, "access", lead.name))
    secret_pool(house)
    values = {
        "signed": decided(house),
        "section": "schemes",
        "which": "0" * 16,
        "side": "nhs",
        "item": "answers-agreed",
    }
    yesterday, tomorrow = house.today - timedelta(1), house.today + timedelta(1)
    users = [User("nobody", "nobody", "", Client(SERVER_NAME="localhost"), signed_in=False)]
    users.append(signed_up(house, "none", "", "", None))
    for office, kind in offices:
        bodies = [("own" if not number else "party", body) for number, body in enumerate(OWN[kind])]
        bodies += [
            (name, of[kind]) for name, of in (("sibling", SIBLING), ("foreign", FOREIGN)) if kind in of
        ]
        users += [signed_up(house, relation, office, body, (house.today, None)) for relation, body in bodies]
        users.append(signed_up(house, "ended", office, OWN[kind][0], (yesterday - timedelta(9), yesterday)))
        users.append(signed_up(house, "later", office, OWN[kind][0], (tomorrow, None)))
    minister = Client(SERVER_NAME="localhost")
    minister.force_login(Account.objects.get(handle="minister.office"))
    made = minister.post(
        "/rules/draft", {"base": "bcf-2014-08", "title": f"The {WORD} rules", "key": "copy-once"}
    )
    return Stage(house, users, values, made["Location"].rpartition("/")[2])


def signed_up(
    house: House, relation: str, office: str, body: str, term: tuple[object, object] | None
) -> User:
    """A new account with an office in a body for a time; all have one name, so that their pages differ in nothing else."""
    name = f"{relation}-{office}-{body}".replace(":", "-")[:38]
    account = Account(id=f"a-{len(name)}-{abs(hash(name)) % 10**9}", handle=name, name=WHO)
    account.set_unusable_password()
    account.save()
    if term:
        fact = give(body, office, account.pk, *term)  # type: ignore[arg-type]
        stream = stream_of(body)
        house.journal.append(
            [fact], expecting={stream: house.journal.version(stream)}, by="carepool", at=house.clock()
        )
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(account)
    made = tokens.make(account, "Access", tokens.DAYS[0], house.clock(), "access", acts=True)
    assert isinstance(made, tokens.Made)
    return User(
        f"{office or 'no office'} ({relation}, {body})", relation, office, browser, token=made.secret or ""
    )


def secret_plan(house: House, actor: Actor) -> None:
    """A plan with a version, a draft and a comment, with the word in each, that names parties of other boards."""
    data = as_data(view(house, "farrowdale").plan)
    data["title"] = f"A {WORD} plan"
    for each in data["schemes"]["schemes"]:
        each["name"] = f"The {WORD} scheme {each['id']}"
    data["parties"]["councils"] += ["ZZ6"]
    data["parties"]["ccgs"] += ["Z4A"]
    data["parties"]["boards"] += ["ZZ6"]
    content = Plan.model_validate(data)
    begin = Actor(actor.account, "access-begin", actor.name)
    assert isinstance(start_plan(house, begin, BEGUN, "bcf-2014-08", ("ZZ3",), f"Another {WORD} plan"), Done)
    assert isinstance(start_plan(house, actor, PLAN, "bcf-2014-08", ("ZZ3",), content.title), Done)
    for section in EVERY:
        if filled(content.section(section)):
            keep(house, actor, section, content)
    assert isinstance(save_version(house, Actor(actor.account, "access-save", actor.name), PLAN), Done)
    data["vision"]["case"] = f"A {WORD} draft"
    keep(house, actor, "vision", Plan.model_validate(data))
    commenting = Actor(actor.account, "access-comment", actor.name)
    assert isinstance(make_comment(house, commenting, PLAN, "vision", f"A {WORD} comment", version=1), Done)


def secret_pool(house: House) -> None:
    """The plan's pool, with the word in its agreement and in a scheme; the plan without a version has none."""
    partners = (
        Partner("ZZ3", "council"),
        Partner("ZZ6", "council"),
        Partner("Z3A", "ccg"),
        Partner("Z4A", "ccg"),
    )
    opening = Opening(
        f"The {WORD} agreement", "ZZ3", partners, PLAN, "0" * 64, (Contribution("ZZ3", "additional", 100),),
        (Scheme("s1", f"The {WORD} scheme", {"additional": 100}),),
    )  # fmt: skip
    stream = pool_stream(PLAN, "2015-16")
    house.journal.append([opened(PLAN, "2015-16", opening)], expecting={stream: 0}, by="carepool", at=house.clock())  # fmt: skip


def keep(house: House, actor: Actor, section: str, content: Plan) -> None:
    """Keep a section as the lead's draft."""
    base = section_base(view(house, PLAN), section)
    assert keep_draft(house, actor, PLAN, section, as_data(content.section(section)), base) is None


def decided(house: House) -> str:
    """The digest of a decision that the plan's council has signed, with the word in its reasons."""
    chief = Client(SERVER_NAME="localhost")
    chief.force_login(Account.objects.get(handle="farrowdale.chief"))
    html = chief.get(f"/plans/{PLAN}/decisions").content.decode()
    [form] = re.findall(rf'<form[^>]*action="/plans/{PLAN}/decide".*?</form>', html, re.DOTALL)
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    sent |= {"agrees": "no", "reasons": f"A {WORD} reason"}
    assert chief.post(f"/plans/{PLAN}/decide", sent).status_code == 302
    fact = house.journal.read(f"signoff/{PLAN}")[-1]
    return str(fact.body["signed"])


# Asking


FORM = "key=00000000000000000000000000000000&words=What+I+typed&do=keep&agrees=yes"
"""What is sent to every route that takes a form."""


def parts_of(route: URLPattern) -> set[str]:
    """What a route's address needs."""
    return set(route.pattern.converters)


def of_a_plan(route: URLPattern) -> bool:
    """Whether a route is of one plan or of its pool, and not for everybody."""
    return bool({"plan", "pool"} & parts_of(route)) and route.name not in PUBLIC


EXAMPLES: dict[str, dict[str, str]] = {
    "board": {"code": "ZZ3"}, "board-json": {"code": "ZZ3"}, "board-csv": {"code": "ZZ3"},
    "rules-set": {"which": "bcf-2014-08"}, "rules-json": {"which": "bcf-2014-08"},
    "own-measures": {"code": "ZZ3"}, "trust": {"code": "ZZT"}, "trust-json": {"code": "ZZT"},
    "rules-value": {"which": "bcf-2014-08", "path": "payment/unit_value"},
    "rules-value-json": {"which": "bcf-2014-08", "path": "payment/unit_value"},
    "api-rules-which-json": {"which": "bcf-2014-08"}, "api-trusts-code-json": {"code": "ZZT"},
    "api-rules-which-files-path-json": {"which": "bcf-2014-08", "path": "payment/unit_value"},
}  # fmt: skip
OTHERS = {
    "before": "bcf-2013-12",
    "after": "bcf-2014-08",
    "body": "board:ZZ3",
    "provider": "nobody",
    "token": "0" * 40,
    "posting": "pool/opened",
    "account": "contributed/ZZ3/additional",
    "event": "received",
    "entry": "1",
    "period": "2015-06",
    "partner": "ZZ6",
    "scheme": "s1",
    "source": "additional",
    "mandate": "1",
    "quarter": "2015-16Q1",
    "part": "conditions",
    "code": "ZZ3",
    "region": "E12000008",
    "metric": "reablement_91_days",
    "ccg": "Z3A",
    "number": "1",
    "name": "s1",
}


def address(stage: Stage, route: URLPattern, plan: str = PLAN, query: str = "") -> str:
    """An address of a route."""
    known = {**OTHERS, **stage.values, "plan": plan, "pool": plan, **EXAMPLES.get(str(route.name), {})}
    path = reverse(str(route.name), kwargs={each: known[each] for each in parts_of(route)})
    return f"{path}{query}"


def ask(user: User, method: str, path: str) -> HttpResponse:
    """What the service answers to somebody; a program of theirs at the API, whose token was made at their page."""
    if path.startswith("/api/v1/") and user.signed_in and method not in {"GET", "HEAD"}:
        return user.browser.generic(
            method, path, "{}", "application/json", headers={"Authorization": f"Bearer {user.token}"}
        )
    if method == "POST":  # as a form without files is sent
        return user.browser.post(path, FORM, "application/x-www-form-urlencoded")
    return user.browser.generic(method, path)


def seen(answer: HttpResponse, name: str) -> Answer:
    """An answer with the plan's id, and what is another at every request, taken out."""
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    body = re.sub(r'(name="(?:csrfmiddlewaretoken|key)" value=")[^"]*', r"\1", raw.decode("utf-8", "replace"))
    # How much of the minute is left is another at every request.
    headers = (
        (key, value.replace(name, "…"))
        for key, value in answer.items()
        if key != "Set-Cookie" and not key.startswith("RateLimit-")
    )
    return Answer(
        answer.status_code, tuple(sorted(headers)), tuple(sorted(answer.cookies)), body.replace(name, "…")
    )


def missing(stage: Stage, route: URLPattern, method: str, query: str, *, signed_in: bool) -> Answer:
    """What is answered for a plan that there is not; the same to all who are signed in, and asked once."""
    who = stage.none if signed_in else stage.of("nobody")[0]
    key = f"{route.name} {signed_in}", method, query
    if key not in stage.kept:
        stage.kept[key] = seen(ask(who, method, address(stage, route, MISSING, query)), MISSING)
    return stage.kept[key]


def leak(stage: Stage, route: URLPattern, user: User, method: str, query: str = "", plan: str = PLAN) -> str:
    """What somebody was told that they may not know, or what was kept from them that is theirs; empty if neither."""
    here = f"{method} {route.name}{query} as {user.says}"
    if of_a_plan(route):
        answer = seen(ask(user, method, address(stage, route, plan, query)), plan)
        none = missing(stage, route, method, query, signed_in=user.signed_in)
        if user.may_read(plan):
            # What is only looked for has no words to tell one refusal from another.
            return f"{here} is kept out" if answer == none and method != "HEAD" else ""
        return "" if answer == none else f"{here} tells: {answer.status}"
    if route.name in PUBLIC:
        answer = seen(ask(user, method, address(stage, route, plan, query)), plan)
        none = seen(ask(user, method, address(stage, route, MISSING, query)), MISSING)
        return "" if answer == none else f"{here} tells of what is not signed off"
    if user.reads:
        return ""
    answer = seen(ask(user, method, address(stage, route, query=query)), "\0")
    return f"{here} names the plan" if WORD in answer.body.lower() else ""


def draft_leak(stage: Stage, route: URLPattern, user: User, method: str) -> str:
    """The same for a draft of rules, which is its owner's alone."""
    answers = []
    for which in (stage.draft, "f" * 16):
        path = reverse(str(route.name), kwargs={"which": which})
        answers.append(seen(ask(user, method, path), which))
    return "" if answers[0] == answers[1] else f"{method} {route.name} of another's draft as {user.says}"


ROUTES: dict[str, URLPattern] = {str(each.name): each for each in urlpatterns}
OF_DRAFTS = [each for name, each in ROUTES.items() if name.startswith("draft") and "which" in parts_of(each)]


# Taking a filter out


def without(
    monkeypatch: pytest.MonkeyPatch, function: Callable[..., object], clause: str, instead: str
) -> None:
    """A function as if a clause of its source were another, wherever it is held. AssertionError where the clause is not there."""
    assert isinstance(function, FunctionType)
    source = textwrap.dedent(inspect.getsource(function))
    assert clause in source, f"{function.__qualname__} has no “{clause}” any more"
    changed: dict[str, object] = {}
    exec(
        compile(source.replace(clause, instead), function.__code__.co_filename, "exec"),
        function.__globals__,
        changed,
    )
    made = changed[function.__name__]
    made = inspect.unwrap(made)  # type: ignore[arg-type]
    assert isinstance(made, FunctionType)
    for held in _held(function):
        code = (
            made.__code__ if held.__code__.co_name == made.__code__.co_name else _inner(made.__code__, held)
        )
        monkeypatch.setattr(held, "__code__", code)


def _held(function: FunctionType) -> Iterator[FunctionType]:
    """The function, or where it makes wrappers of routes, each of those that were made when the service began."""
    wrappers = [
        each.callback
        for each in urlpatterns
        if isinstance(each.callback, FunctionType)
        and each.callback.__code__.co_qualname.startswith(f"{function.__name__}.<locals>")
    ]
    yield from wrappers or [inspect.unwrap(function)]


def _inner(made: CodeType, held: FunctionType) -> CodeType:
    """The code of the wrapper within the code of what makes it."""
    [code] = [
        each
        for each in made.co_consts
        if isinstance(each, CodeType) and each.co_name == held.__code__.co_name
    ]
    return code
