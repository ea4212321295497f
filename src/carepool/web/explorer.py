"""The explorer: every measure, one of them over boards and periods, and a board's page of it; each address gives it again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carepool.actions.defining import bodies_of
from carepool.actions.exploring import MOST, Chosen, Explored, NotKnownThen, board_named, explore, explore_own
from carepool.actions.house import House
from carepool.actions.measuring import definitions, held
from carepool.actions.packing import Pack, gaps_of, with_outlook
from carepool.actions.permits import offices_in
from carepool.actions.vintages import house_then
from carepool.basics.refusals import NotHere, Unusable
from carepool.engines.forecasting import forecast_of_england, installed
from carepool.measures.charts import chart as chart_of
from carepool.measures.telling import of_trend
from carepool.measures.values import HELD, Value
from carepool.render import charts, csvs, measure_answers, measure_charts, pack_figures
from carepool.render.answers import Data, marked
from carepool.render.words import count
from carepool.web.asking import HouseRequest, csv_answer, json_answer
from carepool.web.frame import When, account_of, read_when
from carepool.web.words import about_page

DOWNLOADS = ("json", "csv")
VALUES = [("Period", "text"), ("Value", "number"), ("Lower limit", "number"), ("Upper limit", "number"), ("Counted", "number"), ("Out of", "number"), ("Status", "text")]  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What an address asks of a measure, as far as it can be used."""

    found: Explored
    boards: tuple[str, ...]
    """As they were typed."""
    errors: tuple[tuple[str, str], ...]
    when: When

    @property
    def query(self) -> list[tuple[str, str]]:
        """The question as an address has it."""
        boards = [("board", each.code) for each in self.found.chosen]
        asked = [*boards, ("from", self.found.first), ("to", self.found.last)] if self.found.every else []
        return [*asked, *self.when.query().items()]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a form that asks for another instant carries along: the boards, and no period, which may not be held then."""
        return [("board", each.code) for each in self.found.chosen]


def _asked(request: HouseRequest, metric: str) -> Asked:
    """The question of an address; what cannot be used is an error beside its field, and is left out."""
    house = request.house
    typed = tuple(each[:80] for each in request.GET.getlist("board") if each.strip())[: MOST + 1]
    span = {name: request.GET.get(name, "").strip()[:20] for name in ("from", "to")}
    errors: list[tuple[str, str]] = []
    boards: list[str] = []
    for number, words in enumerate(typed, 1):
        try:
            boards.append(board_named(house, words))
        except Unusable as error:
            errors.append((f"board-{min(number, MOST)}", str(error)))
    if len(typed) > MOST:
        errors.append((f"board-{MOST}", f"More boards were asked for. Choose {MOST} at most."))
    when = read_when(request)
    errors += [("as_at", when.error)] if when.error else []
    then, known = _known(request, when)
    try:
        found = explore(then, metric, boards[:MOST], span["from"], span["to"], known)
    except NotKnownThen as error:
        errors.append(("as_at", str(error)))
        when = replace(when, day=None, upto=None)
        found = explore(house, metric, boards[:MOST])
    except NotHere as error:
        if not (span["from"] or span["to"]) or error.args[0].startswith("There is no measure"):
            raise
        errors.append(("from", str(error)))
        found = explore(then, metric, boards[:MOST], known=known)
    except Unusable as error:
        errors.append(("from", str(error)))
        found = explore(then, metric, boards[:MOST], known=known)
    return Asked(found, typed, tuple(errors), when)


def _known(request: HouseRequest, when: When) -> tuple[House, date | None]:
    """The house with the figures that were held at the instant asked for; before any were, those published by its day."""
    then = house_then(request.house, when.upto) if when.day else request.house
    return (request.house, when.day) if then is None else (then, None)


def index(request: HouseRequest) -> HttpResponse:
    """Every measure, with what it is for and whether figures are held."""
    house = request.house
    rows = [
        (
            (each.title, reverse("measure", args=[each.id])), each.unit,
            {"month": "Months", "quarter": "Quarters", "year": "Years"}[each.period],
            ", ".join(family.title for family in house.rulebook.definitions.families_of(each.id)),
            each.without or "Held",
        )
        for each in definitions(house)
    ]  # fmt: skip
    context = {"section": "measures", "rows": rows, **about_page(house, house.rulebook.measuring)}
    return render(request, "web/measures.jinja", context)


def index_json(request: HouseRequest) -> HttpResponse:
    """The same as JSON."""
    house = request.house
    found = definitions(house)
    families = [tuple(each.title for each in house.rulebook.definitions.families_of(one.id)) for one in found]
    return json_answer(measure_answers.listed(found, families))


def page(request: HouseRequest, metric: str) -> HttpResponse:
    """One measure: the map and the table of a period, and the chosen boards over time."""
    asked = _asked(request, metric)
    found, house = asked.found, request.house
    context = {
        "section": "measures",
        "asked": asked,
        "errors": asked.errors,
        "found": found,
        "definition": found.definition,
        "sentence": _sentence(found),
        "boards": [*asked.boards[:MOST], *[""] * (MOST - len(asked.boards))],
        "names": [f"{each.name} ({code})" for code, each in house.england.places.boards.items()],
        "map": _map(request, found) if found.period else None,
        "rows": _rows(request, found) if found.period else [],
        "chosen": [_over_time(found, each) for each in found.chosen],
        "values": VALUES,
        "take_away": _take_away("measure", [metric], asked.query),
        "mark": found.mark,
        "when": asked.when,
        **about_page(house, house.rulebook.measuring),
        **({"as_at": asked.when.says} if asked.when.day else {}),
    }
    status = HTTPStatus.BAD_REQUEST if asked.errors else HTTPStatus.OK
    return render(request, "web/measure.jinja", context, status=status)


def as_json(request: HouseRequest, metric: str) -> HttpResponse:
    """The boards asked for, or all, in the periods asked for."""
    asked = _asked(request, metric)
    if asked.errors:
        return _refused(asked)
    found = asked.found
    answer: Data = {
        "measure": found.definition.id, "title": found.definition.title, "unit": found.definition.unit, "better": found.definition.better,
        "from": found.first, "to": found.last,
        "boards": [
            {"board": code, "name": name, "values": [measure_answers.value(each) for each in values]}
            for code, name, values in _series(request, found)
        ],
        "without": found.definition.without or None,
        "sources": [{"file": each.file, "title": each.title, "source": each.source, "as_known": each.as_known} for each in found.sources],
        "vintage": found.vintage,
    }  # fmt: skip
    return json_answer(marked(answer, bool(found.mark)))


def as_csv(request: HouseRequest, metric: str) -> HttpResponse:
    """A row a board and period."""
    asked = _asked(request, metric)
    if asked.errors:
        return _refused(asked)
    found = asked.found
    heading = [
        "board",
        "name",
        "period",
        "value",
        "low",
        "high",
        "numerator",
        "denominator",
        "status",
        "because",
    ]
    rows = [
        [code, name, each.period, each.value, each.low, each.high, each.numerator, each.denominator, str(each.status), " ".join(each.because)]
        for code, name, values in _series(request, found)
        for each in values
    ]  # fmt: skip
    if found.mark:
        heading, rows = [*heading, "mark"], [[*row, found.mark] for row in rows]
    return csv_answer(f"carepool-{found.definition.id}.csv", csvs.write_csv(heading, rows))


def board_page(request: HouseRequest, code: str, metric: str) -> HttpResponse:
    """A board's page of a measure: over time, beside its neighbours, among all."""
    found, one, when, error = _of_board(request, code, metric)
    house = request.house
    own = all(each.id != found.definition.id for each in house.rulebook.definitions.measures)
    context = {
        "section": "measures",
        "found": found,
        "definition": found.definition,
        "board": house.areas.of_board(code).england.places.boards[code],
        "about": pack_figures.about_of(one.part) if one else found.definition.says,
        "figures": [(each, pack_figures.whole_table(each)) for each in (_figures(request, found, one) if one else ())],
        "own": own,
        "when": when,
        "errors": [("as_at", error)] if error else [],
        "above": reverse("own-measures", args=[code]) if own else reverse("measure", args=[found.definition.id]),
        "headings": {"trend": "Over time", "forecast": "Months to come", "neighbours": "Beside its neighbours", "funnel": "Among all boards"},
        "take_away": _take_away("board-measure", [code, metric], list(when.query().items())),
        "mark": found.mark,
        **about_page(house, house.rulebook.measuring),
        **({"as_at": when.says} if when.day and not error else {}),
    }  # fmt: skip
    status = HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK
    return render(request, "web/board_measure.jinja", context, status=status)


def board_json(request: HouseRequest, code: str, metric: str) -> HttpResponse:
    """The same as JSON: each chart's sentence and rows."""
    from carepool.render.packs import figure_data

    found, one, _, error = _of_board(request, code, metric)
    if error:
        return json_answer({"problems": [{"field": "as_at", "says": error}]}, status=HTTPStatus.BAD_REQUEST)
    about = pack_figures.about_of(one.part) if one else found.definition.says
    answer: Data = {
        "board": code, "measure": found.definition.id, "title": found.definition.title, "without": found.definition.without or None,
        "figures": [figure_data(each, about) for each in (_figures(request, found, one) if one else ())], "vintage": found.vintage,
    }  # fmt: skip
    return json_answer(marked(answer, bool(found.mark)))


def board_csv(request: HouseRequest, code: str, metric: str) -> HttpResponse:
    """The board's values by period."""
    found, one, _, error = _of_board(request, code, metric)
    if error:
        return json_answer({"problems": [{"field": "as_at", "says": error}]}, status=HTTPStatus.BAD_REQUEST)
    rows = [list(row) for row in _figures(request, found, one)[0].rows] if one else []
    heading = [label for label, _ in pack_figures.TREND]
    if found.mark:
        heading, rows = [*heading, "mark"], [[*row, found.mark] for row in rows]
    return csv_answer(f"carepool-{code}-{found.definition.id}.csv", csvs.write_csv(heading, rows))


def _of_board(request: HouseRequest, code: str, metric: str) -> tuple[Explored, Chosen | None, When, str]:
    """The measure of a board at the instant asked for, and what is wrong with that; then the page shows now."""
    house = request.house
    house.areas.of_board(code)
    when = read_when(request)
    error = when.error
    then, known = _known(request, when)
    own = _own_of(request, code, metric, when.upto)
    try:
        found = own or explore(then, metric, [code], known=known)
    except NotKnownThen as refused:
        error, then, known = str(refused), house, None
        when = replace(when, day=None, upto=None)
        found = explore(house, metric, [code])
    if own or not found.chosen:
        return found, found.chosen[0] if found.chosen else None, when, error
    one = found.chosen[0]
    # What is left out as not published then is still in the series that months to come are forecast from.
    forecaster = forecast_of_england if installed() and known is None else None
    part = with_outlook(one.part, then, held(then), one.drawn, one.name, forecaster)
    return found, replace(one, part=part), when, error


def _own_of(request: HouseRequest, code: str, metric: str, upto: int | None) -> Explored | None:
    """The board's own measure, for whoever holds an office in one of its bodies; to others it does not exist."""
    account, house = account_of(request), request.house
    if account is None or any(each.id == metric for each in house.rulebook.definitions.measures):
        return None
    return explore_own(house, code, metric, upto) if any(offices_in(house, account.id, bodies_of(house, code))) else None  # fmt: skip


def _figures(request: HouseRequest, found: Explored, one: Chosen) -> tuple[pack_figures.Figure, ...]:
    names = {code: each.name for code, each in request.house.england.places.boards.items()}
    pack = Pack(
        one.code, one.name, found.mark, one.drawn, (one.part,), None, (), (), names | {one.drawn: one.name}, request.house.england.digest,
        request.house.rulebook.measuring.digest,
    )  # fmt: skip
    return pack_figures.sections(pack)[0].figures


def _series(request: HouseRequest, found: Explored) -> list[tuple[str, str, tuple[Value, ...]]]:
    """Code, name and values of the boards asked for, or of all."""
    if found.every is None:
        return []
    if found.chosen:
        return [
            (each.code, each.name, found.within(each.part.trend.measured.values)) for each in found.chosen
        ]
    boards = request.house.england.places.boards
    return [(code, boards[code].name, found.within(measured.values)) for code, measured in found.every.boards.items()]  # fmt: skip


def _sentence(found: Explored) -> str:
    """What is so in the period, in one sentence."""
    if found.period is None:
        return f"No figures are held: {found.definition.without}"
    known = sorted(each.value for each in found.period.values.values() if each.value is not None)
    without = len(found.period.without)
    rest = f"; {without} have none that can be compared" if without else ""
    return (
        f"In {found.last} {len(known)} boards had a value, from {count(known[0], 1)} to {count(known[-1], 1)} {found.definition.unit}{rest}."
    )  # fmt: skip


def _map(request: HouseRequest, found: Explored) -> charts.HexMap:
    names = request.house.england.places.boards
    link = _board_link(request, found)
    values = found.period.values if found.period else {}
    cells = [
        charts.HexCell(
            cell.board, names[cell.board].name, cell.q, cell.r, values[cell.board].value if cell.board in values else None,
            count(values[cell.board].value, 1) if cell.board in values else "", link(cell.board),
        )
        for cell in request.house.england.hexagons
    ]  # fmt: skip
    title = f"{found.definition.title} in {found.last}, {found.definition.unit}"
    here = found.chosen[0].drawn if found.chosen else ""
    return charts.hex_map(cells, id="map", title=title, summary=_sentence(found), here=here)


def _board_link(request: HouseRequest, found: Explored) -> Callable[[str], str]:
    before, after = reverse("board-measure", args=["CODE", found.definition.id]).split("CODE")
    query = urlencode(read_when(request).query())
    return lambda code: f"{before}{code}{after}{'?' if query else ''}{query}"


def _rows(request: HouseRequest, found: Explored) -> list[tuple[object, ...]]:
    """Every board in the period, with its limits and the ranks between which it may lie."""
    link, period = _board_link(request, found), found.period
    if period is None:
        return []
    rows: list[tuple[object, ...]] = []
    for code, board in request.house.england.places.boards.items():
        each, rank = period.values.get(code), period.ranks.get(code)
        place = f"{rank.rank}, from {rank.low} to {rank.high}" if rank else ""
        limits = f"{count(each.low, 1)} to {count(each.high, 1)}" if each and each.low is not None else ""
        value = count(each.value, 1) if each else "No value to compare"
        rows.append(((board.name, link(code)), value, limits, place))
    return rows


def _over_time(found: Explored, one: Chosen) -> dict[str, object]:
    """A chosen board's chart and table of the periods asked for."""
    measured = one.part.trend.measured
    values = found.within(measured.values)
    kept = replace(measured, values=values)
    drawn = chart_of(kept, one.part.trend.chart.rule)
    says = of_trend(drawn, found.definition.title, one.name)
    id_ = f"over-time-{one.code}"
    title = f"{found.definition.title}, {one.name}, {found.definition.unit}"
    return {
        "code": one.code,
        "name": one.name,
        "says": says,
        "drawing": measure_charts.trend(values, drawn, id=id_, title=title, summary=says),
        "title": title,
        "rows": [
            (each.period, *((count(figure, 1) if figure is not None else "") for figure in _five(each)), str(each.status))
            for each in values
        ],
        "gaps": gaps_of(kept),
    }  # fmt: skip


def _five(each: Value) -> tuple[Decimal | None, ...]:
    held = each.status in HELD
    return tuple(figure if held else None for figure in (each.value, each.low, each.high, each.numerator, each.denominator))  # fmt: skip


def _take_away(name: str, parts: list[str], query: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (f"These figures as {kind.upper()}", reverse(f"{name}-{kind}", args=parts, query=query or None))
        for kind in DOWNLOADS
    ]


def _refused(asked: Asked) -> HttpResponse:
    problems = [{"field": field, "says": says} for field, says in asked.errors]
    return json_answer({"problems": problems}, status=HTTPStatus.BAD_REQUEST)
