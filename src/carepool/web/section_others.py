"""What other plans held beside the figures of this one: the plan that it was carried over from, its own last version, and its peers'.

Where no other plan holds a figure, nothing is said.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import islice
from statistics import median

from carepool.actions.expecting import residents
from carepool.actions.house import House
from carepool.actions.planning import PlanView, all_plans, content_of
from carepool.actions.planning import view as view_of
from carepool.basics.money import in_figures, in_pounds
from carepool.basics.refusals import NotHere, Unusable
from carepool.plans.carry_over import year_fields
from carepool.plans.describe import FieldAbout, ListAbout
from carepool.plans.document import EVERY, Part, Plan
from carepool.web.frame import PlanPage
from carepool.web.section_counted import conditions
from carepool.web.section_counted import metrics as counted_metrics
from carepool.web.section_targets import targets

Said = dict[str, dict[str, str]]
"""A sentence by what the row is about, or the section, and the field."""
FIGURES = {"money", "count", "percent"}
MOST_PEERS = 30
"""How many other plans are opened for one page."""
FEWEST_PEERS = 3
"""With fewer, half of them would be one."""


def of_row(row: Part, about: ListAbout) -> str:
    """What a row is about, as the form finds it: what names it, in the order of its fields."""
    return "/".join([about.name, *(str(getattr(row, each.name)) for each in about.fields if each.required and each.kind != "count")])  # fmt: skip


def beside_others(page: PlanPage, section: str, plan: Plan) -> Said:
    """The figures of other plans beside those of a section; ``plan``: as the editor has it."""
    made: Said = {}
    for source in (_carried(page), _version_before(page)):
        if source is not None:
            _add(made, _held(section, *source))
    for peers in PEERS.get(section, ()):
        _add(made, peers(page, plan))
    return made


def _add(made: Said, more: Iterable[tuple[str, str, str]]) -> None:
    for where, field, says in more:
        fields = made.setdefault(where, {})
        fields[field] = f"{fields[field]} {says}" if field in fields else says


# What was


Source = tuple[Plan, dict[str, str], str]
"""A plan's content, the field here for each field there, and how its figures are introduced: a text with a place for the year."""


def _carried(page: PlanPage) -> Source | None:
    """The plan that this one was carried over from: its last year is the year before, in the last field of this one."""
    earlier = page.view.history.carried_from
    if not earlier:
        return None
    try:
        before = view_of(page.house, earlier, page.when.upto, alone=True)
        current = before.history.current
        content = content_of(page.house, current) if current else None
    except (NotHere, Unusable):
        return None
    if content is None:
        return None
    return content, {"year_2": "year_2"}, f"In {year_fields(before.rules)['year_2']}: {{}} (plan “{before.history.title}”)."  # fmt: skip


def _version_before(page: PlanPage) -> Source | None:
    """The version before the current one, where it said something else."""
    versions = page.view.history.versions
    if len(versions) < 2:
        return None
    try:
        content = content_of(page.house, versions[-2])
    except Unusable:
        return None
    return content, {"year_1": "year_1", "year_2": "year_2"}, f"In version {versions[-2].number}: {{}}."


def _held(section: str, content: Plan, years: dict[str, str], says: str) -> Iterator[tuple[str, str, str]]:
    """Each figure of a section of a plan; rows about the same thing are added up."""
    part = content.section(section)
    for each in EVERY[section].fields:
        yield from _figure(section, each, [getattr(part, each.name)], years, says)
    for about in EVERY[section].lists:
        rows: dict[str, list[Part]] = {}
        for row in getattr(part, about.name):
            rows.setdefault(of_row(row, about), []).append(row)
        for where, same in rows.items():
            for each in about.fields:
                yield from _figure(where, each, [getattr(row, each.name) for row in same], years, says)


def _figure(
    where: str, about: FieldAbout, values: list[object], years: dict[str, str], says: str
) -> Iterator[tuple[str, str, str]]:
    held = [Decimal(value) for value in values if isinstance(value, int | Decimal)]
    if about.kind not in FIGURES or not held or (about.name.startswith("year_") and about.name not in years):
        return
    if about.kind == "money" and any(held):
        yield where, years.get(about.name, about.name), says.format(in_pounds(int(sum(held, Decimal(0)))))
    elif about.kind != "money" and len(held) == 1:
        sign = "%" if about.kind == "percent" else ""
        yield where, years.get(about.name, about.name), says.format(f"{in_figures(held[0])}{sign}")


# Peers


def peers_of(house: House, found: PlanView, upto: int | None) -> list[Plan]:
    """The current versions of other plans under the same rules in the same area."""
    places = found.area.england.places.boards
    same = (
        each
        for each in all_plans(house, upto)
        if each.id != found.history.id and each.rules == found.rules.name and each.current and set(each.boards) <= places.keys()
    )  # fmt: skip
    plans = []
    for each in islice(same, MOST_PEERS):
        try:
            assert each.current  # noqa: S101  (asked above)
            plans.append(content_of(house, each.current))
        except Unusable:
            continue
    return plans


def _half(values: list[Decimal], write: Callable[[Decimal], str], what: str = "") -> str:
    """What half of the peers have at least; empty where there are too few of them."""
    if len(values) < FEWEST_PEERS:
        return ""
    return f"Half of {len(values)} other plans{what}: at least {write(median(values))}."


def _metrics(page: PlanPage, _: Plan) -> Iterator[tuple[str, str, str]]:
    """The baseline and target of each metric."""
    held: dict[tuple[str, str], list[Decimal]] = {}
    for plan in peers_of(page.house, page.view, page.when.upto):
        for row in plan.metrics.metrics:
            for field in ("baseline", "year_1", "year_2"):
                if (value := getattr(row, field)) is not None:
                    held.setdefault((row.metric, field), []).append(value)
    for (metric, field), values in held.items():
        if says := _half(values, lambda value: in_figures(round(value, 2))):
            yield f"metrics/{metric}", field, says


def _benefits(page: PlanPage, mine: Plan) -> Iterator[tuple[str, str, str]]:
    """What one avoided admission, day or placement is reckoned at for the same kind of benefit."""
    prices: dict[str, list[Decimal]] = {}
    for plan in peers_of(page.house, page.view, page.when.upto):
        for kind, unit in {each.kind: each.unit_price for each in plan.benefits.benefits if each.unit_price}.items():  # fmt: skip
            prices.setdefault(kind, []).append(Decimal(unit))
    about = EVERY["benefits"].lists[0]
    for row in mine.benefits.benefits:
        if says := _half(prices.get(row.kind, []), lambda value: in_pounds(int(value))):
            yield of_row(row, about), "unit_price", says


def _a_person(page: PlanPage, plan: Plan, pence: int) -> Decimal | None:
    """Pence for each person who lives in a plan's boards."""
    people = sum(residents(page.view.area, plan.parties.boards).values())
    return Decimal(pence) / people if people and pence else None


def _pounds_a_person(value: Decimal) -> str:
    return f"£{value / 100:,.2f} a person"


def _protection(page: PlanPage, mine: Plan) -> Iterator[tuple[str, str, str]]:
    """The money for services and the council's budgets, for each person."""
    plans = peers_of(page.house, page.view, page.when.upto)
    for name in ("pence", "budget_before", "budget_after", "care_act"):
        each = [_a_person(page, plan, getattr(plan.protection, name) or 0) for plan in plans]
        if says := _half([value for value in each if value is not None], _pounds_a_person):
            ours = _a_person(page, mine, getattr(mine.protection, name) or 0)
            here = f"That is {_pounds_a_person(ours)} here. " if ours is not None else ""
            yield "protection", name, f"{here}{says}"


def _spend(page: PlanPage, mine: Plan) -> Iterator[tuple[str, str, str]]:
    """What all lines of an area of spend come to, for each person, beside each line of it."""
    about = EVERY["spend"].lists[0]
    areas = next(each.codes for each in about.fields if each.name == "area")
    plans = peers_of(page.house, page.view, page.when.upto)
    said: dict[str, str] = {}
    for area, words in areas.items():
        each = [_a_person(page, plan, _of_area(plan, area)) for plan in plans]
        ours = _a_person(page, mine, _of_area(mine, area))
        half = _half([value for value in each if value is not None], _pounds_a_person)
        if half and ours is not None:
            said[area] = f"All {words.lower()} here: {_pounds_a_person(ours)}. {half}"
    for where, area in {of_row(row, about): row.area for row in mine.spend.spend}.items():
        if area in said:
            yield where, "year_2", said[area]


def _of_area(plan: Plan, area: str) -> int:
    return sum(row.year_2 for row in plan.spend.spend if row.area == area)


PEERS: dict[str, tuple[Callable[[PlanPage, Plan], Iterator[tuple[str, str, str]]], ...]] = {
    "metrics": (_metrics, targets, counted_metrics), "conditions": (conditions,), "benefits": (_benefits,), "protection": (_protection,), "spend": (_spend,),
}  # fmt: skip
"""For each section, what its peers' figures are beside."""
