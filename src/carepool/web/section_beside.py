"""Figures that stand beside the inputs of a plan, each with where it is from: what is expected, what was, and what is usual."""

from decimal import Decimal
from statistics import median

from carepool.actions.planning import PlanView, content_of
from carepool.actions.planning import view as view_of
from carepool.basics.money import in_figures, in_pounds
from carepool.basics.refusals import NotHere, Unusable
from carepool.measures.admissions import whole_target
from carepool.places.england import Places
from carepool.plans.carry_over import year_fields
from carepool.plans.document import Plan
from carepool.web.frame import PlanPage
from carepool.web.section_others import beside_others

OTHERS = ("spend", "freed", "benefits", "risks", "metrics", "protection", "earmarks", "flows", "conditions")
"""Sections with figures beside which stand those of other plans, of the year before, the version before, and peers, or what is counted."""
Beside = dict[str, dict[str, str]]
"""A sentence by what the row is about and the field."""


def beside(page: PlanPage, section: str, plan: Plan) -> Beside:
    """The figures beside a section's fields, as far as carepool holds them; ``plan``: as the editor has it."""
    if section == "sources":
        return _sources(page)
    if section == "target" and page.view.rules.pays:
        return _target(page.view)
    return beside_others(page, section, plan) if section in OTHERS else {}


# Money in


def _sources(page: PlanPage) -> Beside:
    """What is expected of each contributor of each stream, and what the plan before this one put in."""
    expected, before = page.view.known.minimum, _last_plan(page)
    how = "official" if expected.official else "indicative"
    made: Beside = {}
    for key in dict.fromkeys([*expected.pence, *before]):
        said = [f"Expected: {in_pounds(expected.pence[key])} ({how})."] if key in expected.pence else []
        made[f"sources/{key[1]}/{key[0]}"] = {"year_2": " ".join([*said, *([before[key]] if key in before else [])])}  # fmt: skip
    return made


def peers(page: PlanPage) -> list[tuple[str, str, str]]:
    """For each stream: its name, pounds a person expected here, and the median of all boards of real England.

    The median is of what the rules share out, or of official pounds where those were loaded: of nobody's plan.
    """
    house, found = page.house, page.view
    people = _people(found.area.england.places)
    boards = _people(house.areas.real(found.rules.about.places).england.places)
    here = sum(people.get(code, 0) for code in found.history.boards)
    rows = []
    for stream in found.rules.composition.streams:
        ours = sum(pence for (name, _), pence in found.known.minimum.pence.items() if name == stream.name)
        each: dict[str, int] = {}
        for (_, board), pence in house.allocation(found.rules.name).streams[stream.name].items():
            each[board] = each.get(board, 0) + pence
        shares = [Decimal(pence) / boards[code] for code, pence in each.items() if boards.get(code)]
        if shares and here:
            rows.append((stream.says, _pounds(Decimal(ours) / here), _pounds(median(shares))))
    return rows


def _people(places: Places) -> dict[str, int]:
    return {code: sum(each.people for each in places.by_board[code]) for code in places.boards}


def _pounds(pence: Decimal) -> str:
    return f"£{pence / 100:,.2f}"


def _last_plan(page: PlanPage) -> dict[tuple[str, str], str]:
    """What the plan that this one was carried over from put in, of its last year."""
    earlier = page.view.history.carried_from
    if not earlier:
        return {}
    try:
        before = view_of(page.house, earlier, page.when.upto, alone=True)
        current = before.history.current
        content: Plan | None = content_of(page.house, current) if current else None
    except (NotHere, Unusable):
        return {}
    year = year_fields(before.rules)["year_2"]
    given: dict[tuple[str, str], int] = {}
    for row in content.sources.sources if content else ():
        given[row.source, row.contributor] = given.get((row.source, row.contributor), 0) + row.year_2
    return {key: f"In {year}: {in_pounds(pence)} (plan “{before.history.title}”)." for key, pence in given.items()}  # fmt: skip


# The target


def _target(found: PlanView) -> Beside:
    rules, made = found.rules, {}
    for quarter in rules.release.performance_quarters:
        published = found.known.baseline.get(quarter.year_before)
        if published is None:
            continue
        flagged = " It rests on an incomplete return." if quarter.year_before in found.known.flagged else ""
        guideline = rules.value("payment/guideline", quarter.first_day).value
        made[f"quarters/{quarter}"] = {
            "baseline": f"Published for {quarter.year_before}: {in_figures(published)}.{flagged}",
            "planned": f"The guideline of {guideline}% would be {in_figures(whole_target(published, guideline))}.",
        }
    return made
