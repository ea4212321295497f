"""The page of beds: pick a trust or a board, write numbers, and see beds, money and payment beside what plans aim at.

The question is the address, so that an answer can be sent, kept and cited.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.areas import MARK
from carepool.actions.capacity_questions import (
    FIELDS,
    LAWS,
    LONGEST_FLOWS,
    Found,
    ask_place,
    headline,
    places_to_ask,
    read_given,
    read_own_flows,
    read_shape,
)
from carepool.actions.hospitals import BoardAnswer, Given, TrustAnswer
from carepool.actions.planning import all_plans, view
from carepool.actions.reading import readable
from carepool.basics.money import in_figures, in_pounds, round_half_up
from carepool.basics.refusals import NotHere, Unusable
from carepool.capacity.arithmetic import AtTrust
from carepool.capacity.comparing import AS_USUAL, Shape
from carepool.render import capacity_answers as answers
from carepool.render.answers import Data, marked
from carepool.render.figures import Figure
from carepool.render.words import pounds_short
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.frame import account_of
from carepool.web.simulated import Shown, simulated
from carepool.web.sliders import Scale, settled
from carepool.web.words import about_page

LONGEST = 60
"""Characters of a field that are read."""
LABELS = {
    "stay": ("Mean stay of an avoided admission", "days", "stay_days"),
    "occupancy": ("Occupancy at which beds are used", "%", ""),
    "price": ("Full price of one admission", "pounds", "price"),
    "marginal_rate": ("Of the price, paid for each admission", "%", "marginal_rate"),
    "variable_share": ("Of its cost, goes with the patient", "%", "variable_share"),
    "ward_share": ("Of its cost, goes when a whole ward closes", "%", "ward_share"),
    "ward_beds": ("Beds of a ward", "beds", "ward_beds"),
}
CUT = Scale("the cut", Decimal(0), Decimal(15), Decimal("0.1"))
SCALES = {
    "stay": Scale("the days", Decimal("0.5"), Decimal(20), Decimal("0.1")),
    "occupancy": Scale("how full", Decimal(70), Decimal(100), Decimal("0.5")),
    "price": Scale("the pounds", Decimal(500), Decimal(5000), Decimal(10)),
    "marginal_rate": Scale("what is paid", Decimal(0), Decimal(100), Decimal(1)),
    "variable_share": Scale("what goes at once", Decimal(0), Decimal(100), Decimal(1)),
    "ward_share": Scale("what goes later", Decimal(0), Decimal(100), Decimal(1)),
    "ward_beds": Scale("the size", Decimal(4), Decimal(60), Decimal(1)),
}
USUALLY_FULL = Decimal(85)
"""Where the slider of occupancy stands before a trust is chosen."""


@dataclass(frozen=True)
class Asked:
    """The question of an address, as far as it could be read, and its answer."""

    typed: dict[str, str]
    given: Given
    found: Found | None
    others: tuple[Found, ...]
    errors: list[tuple[str, str]]
    simulate: bool
    shape: Shape = AS_USUAL
    """How stays lie about their mean, where they are simulated."""

    @property
    def query(self) -> dict[str, str]:
        """The question as an address carries it."""
        return {name: self.typed[name] for name in FIELDS if self.typed.get(name)}

    @property
    def status(self) -> int:
        """The HTTP status of the page."""
        return HTTPStatus.BAD_REQUEST if self.errors else HTTPStatus.OK


def read_asked(request: HouseRequest) -> Asked:
    """The question of an address. Nothing raises: what cannot be used is an error beside its field."""
    typed = {name: request.GET.get(name, "")[:LONGEST].strip() for name in FIELDS}
    typed["place"] = typed["place"] or request.GET.get("trust", "")[:LONGEST].strip() or request.GET.get("board", "")[:LONGEST].strip()  # fmt: skip
    given, cuts, errors = read_given(request.house, typed)
    typed["flows"] = request.GET.get("flows", "").replace("\r\n", "\n").strip()[: LONGEST_FLOWS + 1]
    flows, wrong = read_own_flows(request.house, typed["flows"])
    given = replace(given, flows=flows)
    shape, unlike = read_shape(typed)
    errors += wrong + unlike
    found: Found | None = None
    others: tuple[Found, ...] = ()
    if typed["place"]:
        try:
            found = ask_place(request.house, typed["place"], given)
            others = tuple(ask_place(request.house, typed["place"], replace(given, cut=cut)) for cut in cuts)
        except NotHere as error:
            errors.append(("place", str(error)))
        except Unusable as error:
            errors.append(("reduce", str(error)))
    return Asked(typed, given, found, others, errors, request.GET.get("simulate") == "yes", shape)


def page(request: HouseRequest) -> HttpResponse:
    """The page; where a slider was sent, the address that says what was meant."""
    if (meant := settled(request.GET, FIELDS)) is not None:
        return redirect(reverse("capacity", query=meant))
    house, asked = request.house, read_asked(request)
    context = {
        "section": "england",
        "asked": asked,
        "errors": asked.errors,
        "wrong": dict(asked.errors),
        "places": [{"value": code, "text": words, "selected": code == asked.typed["place"]} for code, words in [("", "Choose one"), *places_to_ask(house)]],
        "cut": CUT.shown(asked.typed["reduce"], asked.given.cut),
        "fields": _fields(request, asked),
        "laws": [{"value": "" if each == AS_USUAL.law else each, "text": each.capitalize(), "selected": each == asked.shape.law} for each in LAWS],
        "stays_href": reverse("stays", query=asked.query or None),
        "found": asked.found,
        "mark": MARK if asked.found and asked.found.illustrative else "",
        **about_page(house, house.rulebook.assumptions[0]),
    }  # fmt: skip
    if asked.found:
        context |= _answer(request, asked, asked.found)
    return render(request, "web/capacity.jinja", context, status=asked.status)


def as_json(request: HouseRequest) -> HttpResponse:
    """The same as JSON."""
    asked = read_asked(request)
    errors = asked.errors or ([] if asked.found else [("place", "Name a board or a trust: ?place=RWE.")])
    if errors or asked.found is None:
        problems = [{"field": name, "says": says} for name, says in errors]
        return json_answer({"problems": problems}, status=HTTPStatus.BAD_REQUEST)
    return json_answer(marked(dict(_data(asked.found)), asked.found.illustrative))


def _data(found: Found) -> Data:
    return answers.of_board(found) if isinstance(found, BoardAnswer) else answers.of_trust(found)


def _fields(request: HouseRequest, asked: Asked) -> list[tuple[str, str, str, str, str, dict[str, str]]]:
    """Name, label, value, unit, hint and slider of each number that may be given."""
    _, assumptions = request.house.rulebook.assumptions
    at = asked.found.at if isinstance(asked.found, TrustAnswer) else None
    made = []
    for name, (label, unit, rule) in LABELS.items():
        hint, usual = "The trust’s own where it is left empty", at.beds.occupancy if at else USUALLY_FULL
        if rule:
            each = assumptions.named(rule)
            hint, usual = (
                f"{in_figures(each.value)} where it is left empty ({each.confidence})",
                Decimal(each.value),
            )
        typed = asked.typed[name]
        made.append((name, label, typed, unit, hint, SCALES[name].shown(typed, usual)))
    return made


def _answer(request: HouseRequest, asked: Asked, found: Found) -> dict[str, object]:
    workings = answers.workings(found) if isinstance(found, TrustAnswer) else (answers.board_working(found), answers.payment_working(found))  # fmt: skip
    at = found.at if isinstance(found, TrustAnswer) else None
    return {
        "sentence": headline(found),
        "figures": _figures(found),
        "findings": found.findings,
        "compared": [_row(each) for each in (found, *asked.others)] if asked.others else [],
        "workings": workings,
        "rests_on": found.rests_on if not workings else (),
        "plans": _plans(request, asked, found),
        "page_of": (found.name, reverse("trust" if isinstance(found, TrustAnswer) else "board", args=[found.code])),
        "simulated": _simulated(request, at, asked.shape) if at and asked.simulate else None,
        "simulate_href": reverse("capacity", query=asked.query | {"simulate": "yes"}) if at else "",
        "link": reverse("capacity", query=asked.query),
        "take_away": [("This answer as JSON", reverse("capacity-json", query=asked.query))],
    }  # fmt: skip


def _simulated(request: HouseRequest, at: AtTrust, shape: Shape) -> Shown:
    """The scenarios, for whoever is signed in: they take the machine a second."""
    return (
        simulated(at, shape)
        if account_of(request)
        else Shown("Sign in to simulate this: it takes the machine a second.")
    )


def _figures(found: Found) -> list[Figure]:
    if isinstance(found, BoardAnswer):
        return [
            Figure("Admissions avoided", in_figures(found.avoided), note=f"Of {in_figures(found.admissions)}, {found.period}"),
            Figure("Beds freed", in_figures(found.freed), note="At all of its trusts"),
            Figure("Commissioners save", pounds_short(found.saved), in_pounds(found.saved), "At the marginal rate of the price"),
            Figure("Stranded at its trusts", pounds_short(found.stranded), in_pounds(found.stranded), "Cost that stays, of this board’s cut alone"),
            Figure("Performance payment", pounds_short(found.payment), in_pounds(found.payment), "Where the cut is delivered in full"),
        ]  # fmt: skip
    if found.at is None:
        return []
    at = found.at
    return [
        Figure("Beds freed", in_figures(at.all_freed), note=f"Of {in_figures(round_half_up(at.beds.available))} open; {in_figures(at.closing)} in whole wards"),
        Figure("Commissioners save", pounds_short(at.saved), in_pounds(at.saved), f"At {in_figures(at.assumed.marginal_rate)}% of the price"),
        Figure("Stranded at the trust", pounds_short(at.stranded), in_pounds(at.stranded), "Cost that stays"),
        Figure("Performance payment", pounds_short(_payment(found)), in_pounds(_payment(found)), "To all boards, where the cut is delivered in full"),
    ]  # fmt: skip


def _payment(found: TrustAnswer) -> int:
    return int(round_half_up(found.at.all_avoided * found.unit_value)) if found.at else 0


def _row(found: Found) -> tuple[str, ...]:
    """One cut beside others: avoided, beds, stranded, payment."""
    if isinstance(found, BoardAnswer):
        return f"{in_figures(found.cut)}%", in_figures(found.avoided), in_figures(found.freed), in_pounds(found.stranded), in_pounds(found.payment)  # fmt: skip
    if found.at is None:
        return "", "", "", "", ""
    at = found.at
    return f"{in_figures(at.cut)}%", in_figures(at.all_avoided), in_figures(at.all_freed), in_pounds(at.stranded), in_pounds(_payment(found))  # fmt: skip


def _plans(request: HouseRequest, asked: Asked, found: Found) -> list[tuple[object, ...]]:
    """The targets of the plans that whoever asks may read, for the same boards, and where an answer is attached to each."""
    account = account_of(request)
    if account is None:
        return []
    boards = {found.code} if isinstance(found, BoardAnswer) else set(found.names)
    made: list[tuple[object, ...]] = []
    for each in readable(request.house, account.id, all_plans(request.house)):
        if not boards & set(each.boards):
            continue
        seen = view(request.house, each.id)
        rows = seen.plan.target.quarters
        base = sum(row.baseline for row in rows)
        cut = sum(row.baseline - row.planned for row in rows)
        per_cent = f"{in_figures(round_half_up(cut * 100 / base, 2))}%" if base else "No target yet"
        attach = reverse("plan-scenario", args=[each.id], query=asked.query)
        made.append(((each.title, reverse("plan", args=[each.id])), per_cent, in_figures(cut), ("Attach this answer", attach)))  # fmt: skip
    return made
