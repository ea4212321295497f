"""Who bears a pool's year by its agreement: each happening to the penny with its clauses, and the form that enters it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from carepool.actions.agreements import agreement_for, day_within
from carepool.actions.permits import Actor
from carepool.actions.pool_years import Reckoned, enter_bearing, reckoning_of
from carepool.basics.money import Pence
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Done
from carepool.partnership.agreement import Agreement
from carepool.partnership.bearing import Bearing, Kind
from carepool.partnership.reckoning import Given
from carepool.pool.outturn import Basis
from carepool.render.agreement_answers import NOT_COVERED
from carepool.render.agreement_words import COVERS, USES
from carepool.render.words import pence
from carepool.web.acts import Act, Answers, Wrong, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.pool_acting import pool_page
from carepool.web.pool_frame import PoolPage

AMOUNTS = {
    "missed": "Performance money that is expected to be missed",
    "outside": "What there is outside the pool to draw on",
    "new_schemes": "What new joint schemes need",
}
"""What the books do not know, and whoever asks can tell."""
LATEST = "so_far"
BY = (("forecast", "The forecast"), ("so_far", "What is spent and ordered so far"))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, as it was typed and as far as it could be read."""

    given: Given
    typed: Mapping[str, str]
    errors: list[tuple[str, str]] = field(default_factory=list)


def _question(shown: PoolPage, typed: Mapping[str, str], agreement: Agreement | None) -> Question:
    answers, errors = Answers(typed, {}), []
    amounts: dict[str, Pence] = {}
    for name in AMOUNTS:
        try:
            found = answers.pence(name, needed=False)
        except Wrong as wrong:
            errors.append((name, wrong.says))
            continue
        if found is not None:
            amounts[name] = found
    lines = {
        each.id: typed[f"line-{each.id}"]
        for each in shown.opening.schemes
        if typed.get(f"line-{each.id}") in _lines(agreement, each.id)
    }
    given = Given(
        {} if typed.get("by") == LATEST else shown.forecasts,
        amounts.pop("missed", 0), amounts, lines, typed.get("agreed") == "yes", typed.get("ending") == "yes",
    )  # fmt: skip
    return Question(given, typed, errors)


def _lines(agreement: Agreement | None, scheme: str) -> dict[str, str]:
    """The lines of a scheme that bear their variance in their own way."""
    found = agreement.scheme(scheme) if agreement else None
    return {each.id: each.says for each in found.lines} if found else {}


def bears_by_forecast(shown: PoolPage) -> dict[str, Pence] | None:
    """What each partner bears by the agreement if the forecast comes true; None where the agreement cannot say."""
    try:
        return reckoning_of(shown.house, shown.books, Given(shown.forecasts)).reckoning.net
    except (Unusable, NotHere):
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HouseRequest, pool: str) -> HttpResponse:
    """The year worked through the agreement as it is asked, with the form of the host's finance officer."""
    shown = PoolPage(request, pool)
    agreement = _agreement(shown)
    names = ("by", *AMOUNTS, "agreed", "ending", *(f"line-{each.id}" for each in shown.opening.schemes))
    asked = request.POST if request.method == "POST" else request.GET
    question = _question(shown, {name: str(asked.get(name, ""))[:40].strip() for name in names}, agreement)
    found, why = _reckoned(shown, question)

    def do(actor: Actor, act: str, answers: Answers) -> Done | Refused:
        if act != "enter":
            raise unknown_act(act)
        if question.errors:
            raise Wrong("form", question.errors[0][1])
        given = _without_forecast(question.given)
        seen = answers.text("seen")
        return enter_bearing(shown.house, actor, pool, shown.books.year, given, int(seen) if seen.isdecimal() else None)  # fmt: skip

    def context() -> dict[str, object]:
        told: dict[str, object] = {
            "agreed": agreement,
            "why": why,
            "question": question,
            "wrong": dict(question.errors),
            "asked_wrong": question.errors if request.method != "POST" else [],
        }
        if agreement:
            told |= {
                "by": [{"value": code, "text": words, "checked": code == (question.typed["by"] or "forecast")} for code, words in BY],
                "amounts": [(name, words, question.typed[name]) for name, words in AMOUNTS.items()],
                "lines": [
                    (each.title, f"line-{each.id}", [{"value": "", "text": "Not known"}, *({"value": code, "text": words, "selected": code == question.typed[f"line-{each.id}"]} for code, words in found_lines.items())])
                    for each in shown.opening.schemes
                    if (found_lines := _lines(agreement, each.id))
                ],
            }  # fmt: skip
        return told | (_told(found) if found else {"reckoned": None})

    return pool_page(
        request, shown, "pool-bears", "web/pool_bears.jinja", context=context,
        acts=lambda: _acts(shown, found, question), do=do, after=shown.href("pool-bears", {"by": LATEST}),
        nothing=_nothing(shown, found),
    )  # fmt: skip


def _agreement(shown: PoolPage) -> Agreement | None:
    return agreement_for(shown.house, shown.books, day_within(shown.books, shown.house.today))


def _reckoned(shown: PoolPage, question: Question) -> tuple[Reckoned | None, str]:
    try:
        return reckoning_of(shown.house, shown.books, question.given), ""
    except (Unusable, NotHere) as error:
        return None, str(error).partition(" Attach it:")[0]


def _without_forecast(given: Given) -> Given:
    return Given({}, 0, given.at_hand, given.lines, given.officers_agreed, given.ending)


def _told(found: Reckoned) -> dict[str, object]:
    reckoning, agreement = found.reckoning, found.agreement
    net = reckoning.net
    return {
        "reckoned": found,
        "sentence": _sentence(found),
        "schemes": [
            (each.title, pence(each.budget), pence(each.cost), pence(each.committed), pence(each.expected), pence(each.variance), pence(each.borne))
            for each in reckoning.outturn.lines
        ],
        "happenings": [_happening(agreement, each) for each in reckoning.bearings],
        "partners": [(agreement.name(code), pence(reckoning.before.borne.get(code, 0)), pence(net.get(code, 0))) for code in agreement.codes],
        "partners_total": ("All partners", pence(sum(reckoning.before.borne.values())), pence(sum(net.values()))),
        "workings": list(reckoning.workings.values()),
    }  # fmt: skip


def _sentence(found: Reckoned) -> str:
    reckoning, agreement = found.reckoning, found.agreement
    by = f"By {reckoning.outturn.basis.value}"
    if not reckoning.bearings:
        return f"{by}, nobody bears or has back anything more."
    said = [f"{agreement.name(code)} {'bears' if each > 0 else 'has back'} {pence(abs(each))}" for code, each in reckoning.net.items() if each]  # fmt: skip
    open_ = f" {pence(reckoning.uncovered)} is covered by no clause." if reckoning.uncovered else ""
    return f"{by}, {' and '.join(said) or 'no partner bears anything more'}.{open_}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A happening as the page shows it: its parts add to the amount."""

    id: str
    title: str
    rows: list[tuple[str, str, str]]
    total: tuple[str, ...]
    bearing: Bearing


def _happening(agreement: Agreement, each: Bearing) -> Shown:
    kind = each.happening.kind
    words = USES if kind is Kind.UNDERSPEND else COVERS
    verb = "has back" if kind is Kind.UNDERSPEND else "bears"
    rows = [(words[part.by], pence(part.pence), f"clause {part.clause}") for part in each.cover if part.pence]
    rows += [(f"{agreement.name(code)} {verb}", pence(amount), "") for code, amount in each.shares.items()]
    if each.carried:
        held_by = agreement.name(each.carried.by)
        rows.append(
            (
                f"Carried forward, held by {held_by}",
                pence(each.carried.pence),
                f"clause {each.carried.clause}",
            )
        )
    rows += [(f"{NOT_COVERED}: {gap.says}", pence(gap.pence), "") for gap in each.uncovered]
    id_ = f"{kind.name.lower()}-{each.happening.scheme or 'pool'}"
    return Shown(id_, each.working.of, rows, ("Together", pence(each.happening.pence), ""), each)


def _acts(shown: PoolPage, found: Reckoned | None, question: Question) -> list[Act]:
    if found is None or not found.reckoning.bearings or shown.books.ended_at or not shown.may("share_risk"):
        return []
    if found.reckoning.outturn.basis is Basis.FORECAST:
        return []
    says = (
        "Each partner’s part is entered as a posting that cites its working; what nobody bears is not entered.",
        "It is entered as this page shows it.",
    )
    hidden = (
        ("seen", str(shown.books.version)),
        *((name, each) for name, each in question.typed.items() if each),
    )
    return [
        Act("enter", "Enter it in the books", "Enter what each partner bears", (), says, hidden, warns=True)
    ]


def _nothing(shown: PoolPage, found: Reckoned | None) -> str:
    if found is not None and not found.reckoning.bearings:
        return "There is nothing to enter."
    if found is not None and found.reckoning.outturn.basis is Basis.FORECAST:
        return "A forecast has not happened, so there is nothing to enter. Ask by what is spent so far, or wait for the outturn."
    return f"A finance officer of {shown.host} enters what each partner bears."
