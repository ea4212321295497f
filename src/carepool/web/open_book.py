"""The open book's front page with its search, and its money, schemes and metrics over all releases: promised, spent, achieved."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from carepool.actions import open_book
from carepool.actions.nation import RULES
from carepool.actions.open_book import Book, Row, books, standing
from carepool.actions.searching import MOST, Hit, search
from carepool.actions.staking import regions
from carepool.basics.money import in_pounds
from carepool.render.csvs import write_csv
from carepool.render.figures import Figure
from carepool.render.open_tables import TABLES
from carepool.render.words import count, pounds_short
from carepool.web.asking import HouseRequest, csv_answer, json_answer
from carepool.web.words import about_page

LONGEST = 100
"""Characters of a search."""
FOUND = ("kind", "name", "says", "href", "mark")


# The front page


@require_safe
def page(request: HouseRequest) -> HttpResponse:
    """Where the money went, in a sentence and three figures; what there is; and what a search finds."""
    found, typed = standing(books(request.house)), _typed(request)
    hits = search(request.house, found, typed)
    context = {
        "section": "open",
        "typed": typed,
        "mark": _mark(found),
        "sentence": sentence(found),
        "figures": _figures(found),
        "hits": [((each.name, _href(each)), each.kind, each.says, "Illustrative" if each.mark else "") for each in hits[:MOST]],
        "many": len(hits),
        "most": MOST,
        "regions": [(name, reverse("region", args=[code])) for code, name in regions(request.house).items()],
        "take_away": [
            (f"What is found as {ending.upper()}", reverse(f"open-{ending}", query={"q": typed})) for ending in ("json", "csv")
        ] if typed else [("These figures as JSON", reverse("open-json")), ("Releases as a feed", reverse("releases-atom"))],
        **about_page(request.house),
    }  # fmt: skip
    return render(request, "web/open.jinja", context)


@require_safe
def as_json(request: HouseRequest) -> HttpResponse:
    """The figures, and what a search finds."""
    found, typed = standing(books(request.house)), _typed(request)
    data: dict[str, object] = {
        "says": sentence(found),
        "plans": len(found),
        **{name: _sum(found, name) for name in ("promised_pence", "spent_pence", "depends_on_results_pence", "earned_pence", "released_pence")},
    }  # fmt: skip
    if typed:
        data["found"] = [dict(zip(FOUND, _found(each), strict=True)) for each in search(request.house, found, typed)]  # fmt: skip
    return json_answer(({"mark": mark} if (mark := _mark(found)) else {}) | data)


@require_safe
def as_csv(request: HouseRequest) -> HttpResponse:
    """What a search finds; without one, all that there is a page of the open book of."""
    hits = search(request.house, standing(books(request.house)), _typed(request))
    return csv_answer("open-book.csv", write_csv(FOUND, map(_found, hits)))


def sentence(found: Sequence[Book]) -> str:
    """What was promised, spent and achieved, in plain words."""
    if not found:
        return "Nothing has been published yet. Once ministers have signed a plan off and one of its bodies publishes it, it stands here for ever."
    plans = "One plan has" if len(found) == 1 else f"{len(found)} plans have"
    says = f"{plans} been published. "
    promised, spent = _sum(found, "promised_pence"), _sum(found, "spent_pence")
    if promised:
        says += f"{pounds_short(promised)} of health and social care money was promised to be spent together"
        says += f", and {pounds_short(spent)} had been spent on schemes by the day of publishing. " if spent else ". "  # fmt: skip
    if depends := _sum(found, "depends_on_results_pence"):
        says += f"Results had earned {pounds_short(_sum(found, 'earned_pence') or 0)} of the {pounds_short(depends)} that depends on them."
    return says.strip()


def _sum(found: Iterable[Book], name: str) -> int | None:
    """The sum of what is known; None where nothing is."""
    held = [row[name] for row in open_book.money_in(found) if row[name] is not None]
    return sum(held) if held else None


def _figures(found: Sequence[Book]) -> list[Figure]:
    href, cards = reverse("open-money"), []
    for label, name, note in (
        ("Promised", "promised_pence", "All money in, of the plans published"),
        ("Spent", "spent_pence", "On schemes, when each was published"),
        ("Achieved", "earned_pence", "Earned by results, when each was published"),
    ):
        pence = _sum(found, name)
        if pence is not None:
            cards.append(Figure(label, pounds_short(pence), in_pounds(pence), note, href))
    return cards


def _typed(request: HouseRequest) -> str:
    return request.GET.get("q", "")[:LONGEST].strip()


def _mark(found: Iterable[Book]) -> str:
    """That there is something illustrative among it, where there is."""
    return next((str(each.about["mark"]) for each in found if each.about.get("mark")), "")


def _href(hit: Hit) -> str:
    return reverse(hit.route, args=hit.args)


def _found(hit: Hit) -> tuple[str, ...]:
    return hit.kind, hit.name, hit.says, _href(hit), hit.mark


# Money, schemes and metrics, over all releases


@dataclass(frozen=True, slots=True)
class _Shown:
    """A table of a page."""

    caption: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[object]]
    id: str


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the pages: its words, and its tables."""

    title: str
    says: Callable[[Sequence[Book]], str]
    tables: Callable[[HouseRequest, Sequence[Book]], Iterator[_Shown]]


@require_safe
def part_page(request: HouseRequest, part: str) -> HttpResponse:
    """The money, the schemes or the metrics of every plan that was published, as the last release of each has them."""
    found, made = standing(books(request.house)), PARTS[part]
    context = {
        "section": "open",
        "mark": _mark(found),
        "title": made.title,
        "says": made.says(found) if found else "Nothing has been published yet.",
        "tables": list(made.tables(request, found)),
        "take_away": [(f"This page as {ending.upper()}", reverse(f"open-{part}-{ending}")) for ending in ("json", "csv")]
        + [("All releases ever, with the earlier ones", reverse("open-data"))],
        **about_page(request.house),
    }  # fmt: skip
    return render(request, "web/open_part.jinja", context)


@require_safe
def part_json(request: HouseRequest, part: str) -> HttpResponse:
    """The same as JSON."""
    return json_answer({part: list(TABLES[part].rows(standing(books(request.house))))})


@require_safe
def part_csv(request: HouseRequest, part: str) -> HttpResponse:
    """The same as CSV."""
    return csv_answer(f"{part}.csv", TABLES[part].csv(standing(books(request.house))))


def _money(request: HouseRequest, found: Sequence[Book]) -> Iterator[_Shown]:
    if found:
        rows = [
            (_plan(row, "release-money"), row["year"], *(row[f"{name}_pence"] for name in ("promised", "spent", "depends_on_results", "earned", "released")))
            for row in open_book.money_in(found)
        ]  # fmt: skip
        yield _Shown("Promised, spent and achieved, by plan", [("Plan", "link"), ("Year", "text"), ("Promised", "money"), ("Spent on schemes", "money"), ("Depends on results", "money"), ("Earned", "money"), ("Moved to the pool", "money")], rows, "money-table")  # fmt: skip
    results = [
        (_plan(row, "release-money"), row["quarter"], _number(row["fewer_planned"]), _number(row["fewer_achieved"]), row["earned_pence"])
        for row in open_book.results_in(found)
    ]  # fmt: skip
    if results:
        yield _Shown("Fewer emergency stays in hospital than a year before, added up", [("Plan", "link"), ("Quarter", "text"), ("Promised", "number"), ("Achieved", "number"), ("Earned", "money")], results, "results-table")  # fmt: skip
    yield _Shown("England itself: the national pot by stream, as it was promised", [("Stream", "text"), ("Promised", "money")], _pot(request), "pot-table")  # fmt: skip


def _pot(request: HouseRequest) -> list[tuple[object, ...]]:
    composition = request.house.rulebook.named(RULES).composition
    return [*((each.says, each.pence) for each in composition.streams), ("All streams", composition.total)]


def _schemes(_request: HouseRequest, found: Sequence[Book]) -> Iterator[_Shown]:
    rows = [
        ((row["name"], reverse("release-scheme", args=[*_named(row), row["scheme"]])), _plan(row, "release"), row["what"], row["promised_pence"], row["spent_pence"])
        for row in open_book.schemes_in(found)
    ]  # fmt: skip
    if rows:
        yield _Shown("Schemes", [("Scheme", "link"), ("Plan", "link"), ("What it does", "text"), ("Promised", "money"), ("Spent", "money")], rows, "schemes-table")  # fmt: skip


def _metrics(_request: HouseRequest, found: Sequence[Book]) -> Iterator[_Shown]:
    rows = [
        ((row["metric"].replace("_", " ").capitalize(), reverse("release-metric", args=[*_named(row), row["metric"]])), _plan(row, "release"), row["baseline"], row["year_1"], row["year_2"])
        for row in open_book.metrics_in(found)
    ]  # fmt: skip
    if rows:
        yield _Shown("Metrics", [("Metric", "link"), ("Plan", "link"), ("Baseline", "text"), ("First year", "text"), ("Second year", "text")], rows, "metrics-table")  # fmt: skip


def _named(row: Row) -> tuple[str, int]:
    plan, _, number = str(row["release"]).partition("/")
    return plan, int(number)


def _plan(row: Row, route: str) -> tuple[str, str]:
    """The plan's title, and where its release has more."""
    return str(row["plan"]), reverse(route, args=_named(row))


def _number(value: Decimal | None) -> str | None:
    return None if value is None else count(value, 1 if value % 1 else 0)


def _of_metrics(found: Sequence[Book]) -> str:
    return f"What {'the plan' if len(found) == 1 else 'the plans'} published aim at. What came of it in the published statistics stands on the page of each measure."


PARTS = {
    "money": _Part("Money: promised, spent and achieved", sentence, _money),
    "schemes": _Part("Schemes: what the money does", sentence, _schemes),
    "metrics": _Part("Metrics: what the plans aim at", _of_metrics, _metrics),
}
"""The pages, by the name that stands in their addresses."""
