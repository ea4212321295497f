"""A trust's page: what all plans together take from it, its own plan beside them, its beds, and what a cut would free."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carepool.actions.areas import MARK
from carepool.actions.hospitals import Given, TrustAnswer, about_trust
from carepool.actions.nation import RULES, guideline
from carepool.actions.trust_plans import OnTrust, on_trust
from carepool.basics.money import in_figures, round_half_up
from carepool.render import capacity_answers as answers
from carepool.render.answers import marked
from carepool.render.figures import Figure
from carepool.render.words import percent
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.frame import account_of
from carepool.web.words import about_page

NOT_SAID = "Not said"


def page(request: HouseRequest, code: str) -> HttpResponse:
    """The page."""
    found, plans = _asked(request, code)
    context = {
        "section": "england",
        "found": found,
        "mark": MARK if found.illustrative else "",
        "sentence": sentence(found, plans),
        "figures": _figures(found, plans),
        "plans": plans,
        "rows": [
            (
                (each.title, reverse("plan" if each.mine else "plan-public", args=[each.plan])),
                ", ".join(found.names.get(board, board) for board in each.boards),
                f"Version {each.version}, {'signed off' if each.signed_off else 'not signed off'}",
                in_figures(each.taken),
                NOT_SAID if each.own is None else in_figures(each.own),
            )
            for each in plans.plans
        ],
        "total": ("All together", "", "", in_figures(plans.taken), _own(plans)),
        "findings": [*plans.findings, *found.findings],
        "boards": _boards(found),
        "cut": found.at.cut if found.at else None,
        "workings": answers.workings(found),
        "rests_on": found.rests_on,
        "ask": reverse("capacity", query={"trust": found.code}),
        "take_away": [("This page as JSON", reverse("trust-json", args=[found.code]))],
        **about_page(request.house, request.house.rulebook.assumptions[0]),
    }  # fmt: skip
    return render(request, "web/trust.jinja", context)


def as_json(request: HouseRequest, code: str) -> HttpResponse:
    """The same as JSON."""
    found, plans = _asked(request, code)
    data = dict(answers.of_trust(found)) | {
        "plans": [
            {"plan": each.plan, "title": each.title, "boards": list(each.boards), "version": each.version, "signed_off": each.signed_off,
             "reduction": each.taken, "trust_plan": each.own}
            for each in plans.plans
        ],
        "planned_reduction": plans.taken,
        "trust_plan": plans.own,
        "findings": [each.as_data() for each in (*plans.findings, *found.findings)],
    }  # fmt: skip
    return json_answer(marked(data, found.illustrative))


def sentence(found: TrustAnswer, plans: OnTrust) -> str:
    """What is so, in one sentence."""
    if not plans.plans:
        return f"No plan that you may read takes admissions from {found.name}."
    many = "One plan takes" if len(plans.plans) == 1 else f"{len(plans.plans)} plans together take"
    says = f"{many} {in_figures(plans.taken)} admissions a year from {found.name}"
    if plans.own is None:
        return f"{says}; what its own plan has is not agreed."
    same = "the same as its own plan" if plans.own == plans.taken else f"and its own plan has {in_figures(plans.own)} fewer"  # fmt: skip
    return f"{says}, {same}."


def _asked(request: HouseRequest, code: str) -> tuple[TrustAnswer, OnTrust]:
    house, account = request.house, account_of(request)
    found = about_trust(house, code, Given(guideline(house.rulebook.named(RULES))))
    return found, on_trust(house, account.id if account else None, found.code)


def _boards(found: TrustAnswer) -> list[tuple[object, ...]]:
    """What the cut would free, board by board."""
    at = found.at
    if at is None:
        return []
    return [
        ((found.names[each.board], reverse("board", args=[each.board])), percent(each.share * 100, 1), in_figures(each.here), in_figures(at.avoided(each)), in_figures(at.freed(each)))
        for each in at.parts
    ]  # fmt: skip


def _own(plans: OnTrust) -> str:
    return " or ".join(in_figures(each) for each in plans.told) or NOT_SAID


def _figures(found: TrustAnswer, plans: OnTrust) -> list[Figure]:
    made = [
        Figure("Planned away by boards", in_figures(plans.taken), note="Admissions a year, of the plans below"),
        Figure("In the trust’s own plan", _own(plans), note="Fewer admissions, as the plans say"),
    ]  # fmt: skip
    if found.at:
        beds = found.at.beds
        note = f"KH03, mean of {found.period}; {in_figures(found.at.beds.occupancy)}% occupied"
        made.append(Figure("Beds open", in_figures(round_half_up(beds.available)), note=note))
        freed = found.at.beds_of(plans.taken)
        made.append(Figure("Beds that the plans free", in_figures(freed), note="At the stay and occupancy assumed"))  # fmt: skip
    return made
