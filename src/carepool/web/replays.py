"""The year 2015-16 on its real outturn under each regime: one table, and what each row is made of."""

from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carepool.actions.nation import parse_ambition
from carepool.actions.replaying import RegimeYear, Replay, operated, published_cut, replay
from carepool.actions.staking import YEAR, regions
from carepool.basics.money import Pence, in_pounds
from carepool.basics.refusals import Unusable
from carepool.basics.workings import Step, Working
from carepool.render import payment_answers, rule_words
from carepool.render.words import pounds_short
from carepool.web.asking import HouseRequest, csv_answer, json_answer
from carepool.web.rule_links import link_of, set_link
from carepool.web.words import about_page

COLUMNS = [
    ("Rules", "link"), ("How it pays", "text"), ("At stake", "number"), ("Paid", "number"), ("To recovery", "number"),
    ("Kept", "number"), ("Not known", "number"), ("Out of hospital", "number"), ("Take care", "text"),
]  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A question as it was typed, with its answer."""

    ambition: Decimal
    operational: Decimal | None
    stand_in: bool
    typed: dict[str, str]
    errors: list[tuple[str, str]]
    found: Replay

    @property
    def query(self) -> dict[str, str]:
        """The question as an address has it."""
        query = {"ambition": f"{self.ambition:f}"}
        query |= {"operational": f"{self.operational:f}"} if self.operational is not None else {}
        return query | ({"stand_in": "yes"} if self.stand_in else {})


def _ask(request: HouseRequest) -> Asked:
    typed = {name: request.GET.get(name, "")[:40].strip() for name in ("ambition", "operational", "stand_in")}
    errors: list[tuple[str, str]] = []

    def cut(name: str) -> Decimal | None:
        try:
            return parse_ambition(typed[name]) if typed[name] else None
        except Unusable as error:
            errors.append((name, str(error)))
            return None

    given, operational = cut("ambition"), cut("operational")
    stand_in, house = typed["stand_in"] == "yes", request.house
    ambition = published_cut(operated(house, YEAR)) if given is None else given
    return Asked(ambition, operational, stand_in, typed, errors, replay(house, YEAR, ambition, operational, stand_in=stand_in))  # fmt: skip


def page(request: HouseRequest) -> HttpResponse:
    """The page."""
    asked = _ask(request)
    found = asked.found
    context = {
        "section": "england",
        "asked": asked,
        "errors": asked.errors,
        "wrong": dict(asked.errors),
        "found": found,
        "sentence": sentence(found),
        "pot": _pot(found),
        "columns": COLUMNS,
        "sides": [
            ("all", f"All {len(found.nation.boards)} boards", _rows(found, frozenset())),
            ("sound", f"Without the {len(found.incomplete)} boards that rest on an incomplete return", _rows(found, found.incomplete)),
        ],
        "notes": [(each.rules.name, _on_the_page(note)) for each in found.regimes for note in each.notes],
        "workings": [working_of(request, each) for each in found.regimes],
        "href_of": lambda source: link_of(request.house.rulebook, source),
        "link": reverse("replay", query=asked.query),
        "take_away": [("Every board as CSV", reverse("replay-csv", query=asked.query)), ("This page as JSON", reverse("replay-json", query=asked.query))],
        **about_page(request.house, found.nation.rules),
    }  # fmt: skip
    status = HTTPStatus.BAD_REQUEST if asked.errors else HTTPStatus.OK
    return render(request, "web/replay.jinja", context, status=status)


def as_json(request: HouseRequest) -> HttpResponse:
    """The same as JSON."""
    asked = _ask(request)
    if asked.errors:
        problems = [{"field": name, "says": says} for name, says in asked.errors]
        return json_answer({"problems": problems}, status=HTTPStatus.BAD_REQUEST)
    return json_answer(payment_answers.replayed(asked.found, boards=False))


def as_csv(request: HouseRequest) -> HttpResponse:
    """Every board under every regime as CSV."""
    asked = _ask(request)
    return as_json(request) if asked.errors else csv_answer(f"carepool-{YEAR}-replayed.csv", payment_answers.replayed_csv(asked.found))  # fmt: skip


def sentence(found: Replay) -> str:
    """What is so, in one sentence."""
    operated_ = next(each for each in found.regimes if each.rules.name == found.nation.rules.name)
    at = f"With a cut of {found.ambition}% in every plan, {pounds_short(operated_.total('fund'))} would have been at stake under {operated_.rules.name}"
    return f"{at}, and {pounds_short(operated_.total('paid'))} paid on the real outturn."


def _pot(found: Replay) -> str:
    """The pot that was published, beside what the same average cut comes to."""
    rules = found.nation.rules
    day = rules.about.governs.last
    published = rules.value("payment/national_fund", day)
    computed = next(each for each in found.regimes if each.rules.name == rules.name).total("fund")
    pence = int(published.value * 100)
    return (
        f"The pot that was published is {in_pounds(pence)} ({published.source}): the boards' own plans, {published_cut(rules)}% on average. "
        f"Here it is {in_pounds(computed)}, since every board plans the same cut: {in_pounds(abs(computed - pence))} {'more' if computed >= pence else 'less'}."
    )


def _on_the_page(note: str) -> str:
    """A note with the form's fields in place of the command's options."""
    return note.replace("ask for --stand-in", "let admissions stand for it above").replace("with --operational", "above")  # fmt: skip


def _rows(found: Replay, leave_out: frozenset[str]) -> list[tuple[object, ...]]:
    return [
        (
            (each.rules.name, set_link(each.rules)), rule_words.how_it_pays(each.rules),
            *(in_pounds(each.total(name, leave_out)) for name in payment_answers.COLUMNS), _care(each),
        )
        for each in found.regimes
    ]  # fmt: skip


def _care(each: RegimeYear) -> str:
    said = ["proposed"] if each.rules.about.status == "proposed" else []
    return ", ".join([*said, *(["hypothetical"] if each.hypothetical else [])])


def working_of(request: HouseRequest, each: RegimeYear) -> Working:
    """What is paid under one regime, region by region."""
    places = request.house.england.places.boards
    steps = []
    for code, name in regions(request.house).items():
        boards = [board for board in each.boards if places[board].region == code]
        says = f"{name}, {len(boards)} boards"
        steps += [_step(says, words, sum(getattr(each.boards[board], figure) for board in boards), each) for figure, words in _figures(each)]  # fmt: skip
    figure, words = _figures(each)[-1]
    return Working(
        f"{each.rules.name}: {words}",
        each.total(figure),
        "pence",
        tuple(steps),
        tuple(map(_on_the_page, each.notes)),
    )


def _figures(each: RegimeYear) -> list[tuple[str, str]]:
    aside = each.total("aside") and not each.total("fund")
    return [("aside", "out of hospital")] if aside else [("fund", "at stake"), ("paid", "paid")]


def _step(says: str, words: str, pence: Pence, each: RegimeYear) -> Step:
    return Step(f"{says}: {words}", pence, "pence", "the boards, added", each.rules.name)
