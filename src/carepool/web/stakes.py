"""At stake, live: a plan, a board, a region or the nation, its outturn moved by a form whose address is the answer's."""

from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from decimal import Decimal
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carepool.actions.areas import MARK
from carepool.actions.stake_questions import Question, as_query, read_question
from carepool.actions.staking import (
    Stake,
    Subject,
    board_subject,
    first_cut,
    first_rules,
    nation_subject,
    plan_subject,
    quarters_of,
    regimes,
    region_subject,
    regions,
    says_most,
    stake,
)
from carepool.basics.money import Pence, in_pounds
from carepool.basics.refusals import Unusable
from carepool.payment.methods import INSTEAD, RELEASES
from carepool.payment.release import Statement
from carepool.render import stake_answers
from carepool.render.answers import marked
from carepool.render.figures import Figure
from carepool.render.rule_words import how_it_pays
from carepool.render.words import percent, pounds_short
from carepool.rules.rulebook import RuleSet
from carepool.web import stake_form
from carepool.web.asking import HouseRequest, csv_answer, json_answer
from carepool.web.frame import PlanPage
from carepool.web.marks import marked_csv
from carepool.web.rule_links import link_of
from carepool.web.words import about_page, quarter_rows

LONGEST = 60
"""Characters of a field that are read."""


@dataclass(frozen=True)
class Asked:
    """A question as it was typed, and its answer where there is one."""

    subject: Subject
    rules: RuleSet
    question: Question
    typed: dict[str, str]
    errors: list[tuple[str, str]]
    found: Stake | None
    why: str
    """Why there is no answer."""

    @property
    def status(self) -> int:
        """The HTTP status of the page."""
        return HTTPStatus.BAD_REQUEST if self.errors else HTTPStatus.OK


def ask(request: HouseRequest, subject: Subject) -> Asked:
    """The question of an address, answered. What cannot be used is an error at its field, and is left out of the question."""
    house = request.house
    typed = {name: str(value)[:LONGEST].strip() for name, value in request.GET.items() if str(value).strip()}
    sets, errors = {each.name: each for each in regimes(house, subject)}, []
    rules = first_rules(house, subject)
    if typed.get("rules"):
        if typed["rules"] in sets:
            rules = sets[typed["rules"]]
        else:
            errors.append(
                (
                    "rules",
                    f"“{typed['rules']}” is no set of rules that can be asked here. Choose one of the list.",
                )
            )
    counts = subject.kind in {"plan", "board"}
    question, wrong = read_question(
        rules, quarters_of(house), typed, first_cut(house, subject), counts=counts
    )
    found, why = None, ""
    if not sets:
        why = "The rules of these places pay nothing by performance, so nothing is at stake."
    else:
        try:
            found = stake(house, subject, question)
        except Unusable as error:
            why = str(error)
    return Asked(subject, rules, question, typed, errors + wrong, found, why)


# The nation, a region, a board


def nation_page(request: HouseRequest) -> HttpResponse:
    """England's page."""
    return _area_page(request, nation_subject(request.house))


def nation_json(request: HouseRequest) -> HttpResponse:
    """The same as JSON."""
    return _as_json(ask(request, nation_subject(request.house)))


def nation_csv(request: HouseRequest) -> HttpResponse:
    """Every CCG's part as CSV."""
    return _as_csv(ask(request, nation_subject(request.house)))


def region_page(request: HouseRequest, region: str) -> HttpResponse:
    """A region's page."""
    return _area_page(request, region_subject(request.house, region))


def region_json(request: HouseRequest, region: str) -> HttpResponse:
    """The same as JSON."""
    return _as_json(ask(request, region_subject(request.house, region)))


def region_csv(request: HouseRequest, region: str) -> HttpResponse:
    """The part of each of its CCGs as CSV."""
    return _as_csv(ask(request, region_subject(request.house, region)))


def board_page(request: HouseRequest, code: str) -> HttpResponse:
    """A board's page."""
    return _area_page(request, board_subject(request.house, code))


def board_json(request: HouseRequest, code: str) -> HttpResponse:
    """The same as JSON."""
    return _as_json(ask(request, board_subject(request.house, code)))


def board_csv(request: HouseRequest, code: str) -> HttpResponse:
    """The part of each of its CCGs as CSV."""
    return _as_csv(ask(request, board_subject(request.house, code)))


def _area_page(request: HouseRequest, subject: Subject) -> HttpResponse:
    asked = ask(request, subject)
    query = as_query(asked.question)
    trail = [(reverse("nation"), "England")]
    if subject.kind != "nation":
        # A number of admissions is one board's own; what is moved by per cent can be asked of England too.
        of_all = {
            name: text for name, text in query.items() if not name.startswith("q-") or text[:1] in {"+", "-"}
        }
        trail.append((reverse("nation-stake", query=of_all), "At stake in England"))
    if subject.kind == "board":
        trail.append((reverse("board", args=[subject.code]), subject.says))
    context = {
        "section": "england",
        "mark": MARK if subject.area.illustrative else "",
        "trail": trail,
        **_context(request, asked, query, _address(subject)),
        **about_page(request.house, asked.rules),
    }
    return render(request, "web/stake.jinja", context, status=asked.status)


def _address(subject: Subject, name: str = "") -> str:
    route = f"{subject.kind}-stake{name}"
    return reverse(route) if subject.kind == "nation" else reverse(route, args=[subject.code])


def _as_json(asked: Asked) -> HttpResponse:
    if asked.errors or asked.found is None:
        problems = [{"field": name, "says": says} for name, says in [*asked.errors, *([("rules", asked.why)] if asked.why else [])]]  # fmt: skip
        return json_answer({"problems": problems}, status=HTTPStatus.BAD_REQUEST)
    return json_answer(marked(dict(stake_answers.stake(asked.found)), asked.subject.area.illustrative))


def _as_csv(asked: Asked) -> HttpResponse:
    if asked.errors or asked.found is None:
        return _as_json(asked)
    text = marked_csv(stake_answers.by_ccg(asked.found), asked.subject.area.illustrative)
    return csv_answer(f"carepool-at-stake-{asked.subject.code}.csv", text)


# A plan


def plan_page(request: HouseRequest, plan: str) -> HttpResponse:
    """A plan's page."""
    shown = PlanPage(request, plan)
    asked = ask(request, plan_subject(shown.view, shown.when.upto))
    query = as_query(asked.question)
    frame = shown.frame("plan-stake")
    errors = [*frame["errors"], *asked.errors]  # type: ignore[misc]  # a list, as every page's
    carried = query | shown.when.query()
    context = frame | _context(request, asked, carried, shown.request.path) | {"errors": errors}
    context["asking"] = [(name, each) for name, each in query.items()]
    status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    return render(request, "web/plan_stake.jinja", context, status=status)


def plan_json(request: HouseRequest, plan: str) -> HttpResponse:
    """The same as JSON."""
    return _as_json(_of_plan(request, plan))


def plan_csv(request: HouseRequest, plan: str) -> HttpResponse:
    """The part of each of its CCGs as CSV."""
    return _as_csv(_of_plan(request, plan))


def _of_plan(request: HouseRequest, plan: str) -> Asked:
    shown = PlanPage(request, plan)
    asked = ask(request, plan_subject(shown.view, shown.when.upto))
    return replace(asked, errors=[*asked.errors, ("as_at", shown.when.error)]) if shown.when.error else asked


# What the page shows


def _context(request: HouseRequest, asked: Asked, query: dict[str, str], address: str) -> dict[str, object]:
    house, subject, found = request.house, asked.subject, asked.found
    made: dict[str, object] = {
        "asked": asked,
        "errors": asked.errors,
        "subject": subject,
        "address": address,
        "sets": stake_form.rules_items(regimes(house, subject), asked.rules),
        "found": found,
        "wrong": dict(asked.errors),
    }
    if found is None:
        return made | {"groups": [], "hidden": []}
    groups = stake_form.groups(found, asked.typed)
    names = {"rules", "as_at", *stake_form.shown(groups)}
    groups_of = _groups(request, found)
    as_at = {"as_at": query["as_at"]} if "as_at" in query else {}
    return made | {
        "groups": groups,
        "hidden": [(name, each) for name, each in asked.typed.items() if name not in names] + list(as_at.items()),
        "sentence": sentence(found),
        "most": says_most(found),
        "figures": _figures(found),
        "pays": how_it_pays(found.regime.rules),
        "sides": _sides(found),
        "quarters": _quarters(found),
        "tranches": _tranches(found),
        "by_group": _by_group(request, found, query),
        "by_ccg": [] if subject.kind == "nation" else [(each.name, each.ccg, *map(in_pounds, (each.fund, each.paid, each.kept, each.open))) for each in found.by_ccg],
        "kept_words": _words(found)["kept"],
        "words": _words(found),
        "levers": [((f"{each.says}, {each.step}", _lever_link(each.question, address, as_at)), in_pounds(each.paid), _signed(each.change)) for each in found.levers],
        "workings": _workings(found, groups_of),
        "href_of": _href_of(request),
        "bears": _bears(found),
        "link": f"{address}?{_encoded(query | _settled(request, subject, as_at))}",
        "take_away": [
            ("Each CCG’s part as CSV", f"{_address(subject, '-csv')}?{_encoded(query)}"),
            ("This page as JSON", f"{_address(subject, '-json')}?{_encoded(query)}"),
        ],
    }  # fmt: skip


def _settled(request: HouseRequest, subject: Subject, as_at: dict[str, str]) -> dict[str, str]:
    """For a plan, whose content goes on: the instant until which everything counts that is counted now."""
    if subject.kind != "plan" or as_at:
        return {}
    return {"as_at": f"{(request.house.clock() + timedelta(seconds=1)).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}


def _encoded(query: dict[str, str]) -> str:
    return reverse("nation", query=query).partition("?")[2]


def _lever_link(question: Question, address: str, as_at: dict[str, str]) -> str:
    return f"{address}?{_encoded(as_query(question) | as_at)}"


def _words(found: Stake) -> dict[str, str]:
    """What the figures are called where performance pays, and where it does not."""
    if found.regime.method in INSTEAD:
        return {"fund": "Held against admissions", "paid": "Drawn for admissions", "kept": "Back, to be spent out of hospital", "open": "Not known yet"}  # fmt: skip
    return {"fund": "At stake at first", "paid": "Released", "kept": "Not earned", "open": "Not known yet"}


def sentence(found: Stake) -> str:
    """What is so, in one sentence."""
    name, fund, paid, kept = found.subject.says, found.total("fund"), found.total("paid"), found.total("kept")
    recovery, still = found.total("to_recovery"), found.total("open")
    if found.regime.method in INSTEAD:
        return (
            f"Nothing depends on performance: in {name} {pounds_short(found.total('aside'))} is spent out of hospital and {pounds_short(fund)} held, "
            f"of which {pounds_short(paid)} pays for admissions above the plan."
        )
    plans = f" at a cut of {found.question.cut:f}%" if found.question.cut is not None and found.regime.method in RELEASES else ""  # fmt: skip
    says = f"{name} has {pounds_short(fund)} at stake{plans}; {pounds_short(paid)} is released and {pounds_short(kept + recovery)} is not earned"
    return f"{says}, and {pounds_short(still)} is not known yet." if still else f"{says}."


def _figures(found: Stake) -> list[Figure]:
    words = _words(found)
    kept = found.total("kept") + found.total("to_recovery")
    notes = {"fund": found.regime.rules.name, "paid": "As the outturn is moved here", "kept": "The CCGs keep it" if found.regime.method not in INSTEAD else ""}  # fmt: skip
    figures = [
        Figure(words[name], pounds_short(pence), in_pounds(pence), notes[name], f"#working-{name}")
        for name, pence in (("fund", found.total("fund")), ("paid", found.total("paid")), ("kept", kept))
    ]
    if found.total("open"):
        figures.append(Figure(words["open"], pounds_short(found.total("open")), in_pounds(found.total("open")), "", "#working-open"))  # fmt: skip
    elif found.total("to_recovery"):
        figures.append(Figure("Of it to recovery plans", pounds_short(found.total("to_recovery")), in_pounds(found.total("to_recovery")), "Or to the contingency", "#working-to_recovery"))  # fmt: skip
    return figures


def _sides(found: Stake) -> list[tuple[object, ...]]:
    """With and without what rests on an incomplete return."""
    names = ("fund", "paid", "to_recovery", "kept", "open", "aside")
    rows: list[tuple[object, ...]] = [
        ("As asked", len(found.cases), *(in_pounds(found.total(name)) for name in names))
    ]
    out = found.incomplete
    if out and len(found.cases) > 1:
        rows.append(("Without those that rest on an incomplete return", len(found.cases) - len(out), *(in_pounds(found.total(name, out)) for name in names)))  # fmt: skip
    sure = found.without_gaps()
    if sure is not None:
        rest = found.total("fund") - sure if found.regime.method in RELEASES else found.total("fund")
        rows.append(("Only what rests on no incomplete return", 1, in_pounds(found.total("fund")), in_pounds(sure), in_pounds(0), in_pounds(0), in_pounds(rest), in_pounds(found.total("aside"))))  # fmt: skip
    return rows


def _quarters(found: Stake) -> list[tuple[object, ...]]:
    if found.regime.method not in RELEASES:
        return []
    first = next(iter(found.statements.values()))
    if len(found.cases) == 1 and isinstance(first, Statement):
        rows = quarter_rows(first)
        return [(str(line.quarter), *row, in_pounds(each.left)) for line, row, each in zip(first.lines, rows, found.by_quarter, strict=True)]  # fmt: skip
    return [
        (each.says, None, None, None, _count(each.planned), _count(each.achieved), in_pounds(each.most), in_pounds(each.paid), in_pounds(each.left))
        for each in found.by_quarter
    ]  # fmt: skip


def _count(number: object) -> str:
    return f"{number:,.1f}".replace("-", "−")


def _tranches(found: Stake) -> list[tuple[object, ...]]:
    if found.regime.tranches is None:
        return []
    return [(each.says, in_pounds(each.most), in_pounds(each.paid), in_pounds(each.left), in_pounds(each.open)) for each in found.by_quarter]  # fmt: skip


Groups = list[tuple[str, str, list[str]]]


def _groups(request: HouseRequest, found: Stake) -> Groups:
    """Of the nation its regions, of a region its boards: name, address without a question, and the codes of the cases."""
    if found.subject.kind == "nation":
        return [
            (
                name,
                reverse("region-stake", args=[code]),
                [each.code for each in found.cases if each.region == code],
            )
            for code, name in regions(request.house).items()
        ]
    if found.subject.kind == "region":
        return [(each.name, reverse("board-stake", args=[each.code]), [each.code]) for each in found.cases]
    return []


def _by_group(request: HouseRequest, found: Stake, query: dict[str, str]) -> list[tuple[object, ...]]:
    encoded = _encoded({name: each for name, each in query.items() if name != "as_at"})
    rows: list[tuple[object, ...]] = []
    for name, href, codes in _groups(request, found):
        sums = {each: sum(getattr(found.came[code], each) for code in codes) for each in ("fund", "paid", "kept", "to_recovery", "open")}  # fmt: skip
        out = "rests on an incomplete return" if set(codes) <= found.incomplete else f"{len(set(codes) & found.incomplete)} on an incomplete return" if set(codes) & found.incomplete else ""  # fmt: skip
        rows.append(((name, f"{href}?{encoded}"), in_pounds(sums["fund"]), in_pounds(sums["paid"]), _part(sums["paid"], sums["fund"]), in_pounds(sums["kept"] + sums["to_recovery"]), in_pounds(sums["open"]), out))  # fmt: skip
    return rows


def _part(paid: Pence, fund: Pence) -> str:
    return percent(Decimal(paid) * 100 / fund if fund else 0, 1)


def _workings(found: Stake, groups: Groups) -> list[tuple[str, object]]:
    """The working of each headline figure: the statement's own of one case, else what was added."""
    if len(found.cases) == 1:
        return [("statement", found.working(found.cases[0]))]
    says = _words(found)
    made = [(name, says[name]) for name in ("fund", "paid")] + [("kept", f"{says['kept']}, with the CCGs")]
    made += [("to_recovery", "To recovery plans or the contingency")] if found.total("to_recovery") else []
    made += [("open", says["open"])] if found.total("open") else []
    added = [(name, codes) for name, _, codes in groups]
    return [(name, found.working_of(name, words, added)) for name, words in made]


def _href_of(request: HouseRequest) -> object:
    places = request.house.england.places.boards

    def href(source: str) -> str | None:
        if source in places:
            return reverse("board-stake", args=[source])
        return link_of(request.house.rulebook, source)

    return href


def _bears(found: Stake) -> dict[str, object] | None:
    """Who makes the shortfall good in the pool, by the agreement; None for an area, of whose agreements none is held."""
    borne = found.borne
    if borne is None:
        return None
    if borne.agreement is None or borne.bearing is None:
        return {"why": borne.why, "rows": [], "working": None}
    agreement, bearing = borne.agreement, borne.bearing
    rows = [(f"{agreement.name(code)} bears", in_pounds(pence), "") for code, pence in bearing.shares.items()]
    rows += [(f"Drawn on: {each.by.replace('_', ' ')}", in_pounds(each.pence), f"clause {each.clause}") for each in bearing.cover if each.pence]  # fmt: skip
    rows += [("Covered by no clause", in_pounds(each.pence), each.says) for each in bearing.uncovered]
    return {"why": "", "rows": rows, "working": bearing.working, "total": ("Together", in_pounds(bearing.happening.pence), "")}  # fmt: skip


def _signed(pence: Pence) -> str:
    return f"+{in_pounds(pence)}" if pence > 0 else in_pounds(pence)
