"""The nation's page: what is so in four figures and a sentence, then the what-if, the map and the table."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render

from carepool.actions.nation import RULES, BoardYear, Nation, Totals, guideline
from carepool.basics.money import in_pounds
from carepool.basics.periods import Quarter, in_words, quarters_between
from carepool.measures.admissions import Admissions, Flag
from carepool.render import answers, charts, csvs
from carepool.render.figures import Figure
from carepool.render.words import count, percent, pounds, pounds_short
from carepool.web.asking import Asked, HouseRequest, csv_answer, json_answer, read_question, refused
from carepool.web.words import FLAGS, about_page, board_link, board_links, in_step

FIRST, LAST = Quarter(2013, 1), Quarter(2015, 4)


def page(request: HouseRequest) -> HttpResponse:
    """The page."""
    asked = read_question(request)
    house = request.house
    rules = house.rulebook.named(RULES)
    found = house.nation(RULES, asked.ambition, asked.as_at)
    standard = guideline(rules)
    query = asked.query(standard)
    context = {
        "section": "england",
        "asked": asked,
        "errors": asked.errors,
        "found": found,
        "standard": standard,
        "sentence": sentence(found),
        "figures": _figures(found),
        "pot": _pot(request),
        "map": _map(request, found, query),
        "columns": COLUMNS,
        "rows": board_rows(found, query),
        "totals": _total_rows(found.totals),
        "series": _series(request, asked),
        "take_away": board_links(query),
        "indicative": found.shares,
        **about_page(house, rules, asked.as_at),
    }
    return render(request, "web/nation.jinja", context, status=asked.status)


def as_json(request: HouseRequest) -> HttpResponse:
    """The same as JSON."""
    asked = read_question(request)
    if asked.errors:
        return refused(asked)
    return json_answer(answers.nation(request.house.nation(RULES, asked.ambition, asked.as_at)))


def as_csv(request: HouseRequest) -> HttpResponse:
    """The boards as CSV."""
    asked = read_question(request)
    if asked.errors:
        return refused(asked)
    found = request.house.nation(RULES, asked.ambition, asked.as_at)
    return csv_answer(f"carepool-boards-{found.ambition}.csv", csvs.nation(found))


def sentence(found: Nation) -> str:
    """What is so, in one sentence."""
    everyone = found.totals[0]
    at_stake = (
        f"At one uniform cut of {found.ambition}%, {pounds_short(everyone.fund)} would have been at stake"
    )
    if not found.known:
        return f"{at_stake}; no outturn had been published."
    if everyone.unreleased is None:
        last = found.known[-1]
        return (
            f"{at_stake}; on the admissions published to {last} {pounds_short(everyone.paid)} would have been "
            f"released so far."
        )
    sound = found.totals[1]
    return (
        f"{at_stake}, and on the admissions that were really counted {pounds_short(everyone.paid)} of it "
        f"would have been released: {pounds_short(sound.paid)} without the {everyone.boards - sound.boards} boards "
        "whose return is incomplete."
    )


def _figures(found: Nation) -> list[Figure]:
    everyone = found.totals[0]
    composition = found.rules.composition
    stated = next(each for each in composition.stated if each.name == "fund")
    outturn = (
        "The outturn is not yet all known"
        if everyone.outturn is None
        else f"{count(everyone.outturn, 0)} the year after, {moved(everyone.change)}"
    )
    return [
        Figure("The national pot, 2015-16", pounds_short(composition.total), pounds(composition.total), f"Stated as {pounds_short(stated.pence)}; the parts are added", "#pot"),
        Figure("Admissions, baseline year", count(everyone.baseline, 0), "", outturn, "#admissions"),
        Figure("At stake at first", pounds_short(everyone.fund), pounds(everyone.fund), f"A uniform cut of {found.ambition}%: a what-if", "#totals"),
        Figure("Released", pounds_short(everyone.paid), pounds(everyone.paid), "On the real outturn. The rest stays with the CCGs", "#totals"),
    ]  # fmt: skip


def moved(change: Decimal | None) -> str:
    """A change in words; none is none."""
    change = change or Decimal(0)
    return f"{percent(abs(change), 2)} {'fewer' if change < 0 else 'more'}"


def _pot(request: HouseRequest) -> dict[str, object]:
    rules = request.house.rulebook.named(RULES)
    composition = rules.composition
    parts = [charts.Bar(each.says, each.pence, in_pounds(each.pence)) for each in composition.streams]
    largest = max(composition.streams, key=lambda each: each.pence)
    summary = f"{largest.says} is the largest part, {percent(Decimal(largest.pence) * 100 / composition.total, 0)} of the whole."
    return {
        "chart": charts.stacked_bar(
            parts, id="pot-chart", title="The fund of 2015-16 by stream", summary=summary
        ),
        "rows": [
            (each.says, {"ccg": "CCGs", "council": "Councils"}[each.received_by], each.pence)
            for each in composition.streams
        ],
        "total": ("All streams", "", composition.total),
        "of_which": composition.of_which,
    }


def _map(request: HouseRequest, found: Nation, query: dict[str, str]) -> charts.HexMap:
    years = {year.board.code: year for year in found.boards}
    whole = found.totals[0].outturn is not None
    cells, link_to = [], board_link(query)
    for cell in request.house.england.hexagons:
        year = years[cell.board]
        value = year.change if whole else None
        # Where the baseline is incomplete the change is no figure: it would colour the map with an artefact.
        value = None if Flag.INCOMPLETE in year.flags else value
        shown = "rests on an incomplete return" if value is None else _signed(value)
        href = link_to(cell.board)
        cells.append(charts.HexCell(cell.board, year.board.name, cell.q, cell.r, value, shown, href))
    # The sentence counts the boards that the map colours, and no others.
    sound = found.totals[1]
    summary = (
        "The outturn of the year is not yet all known, so no area has a figure."
        if sound.fell is None
        else f"Admissions fell in {sound.fell} of the {sound.boards} boards whose return is complete, "
        "and rose or stayed level in the others."
    )
    return charts.hex_map(
        cells,
        id="map",
        title="Change in admissions, calendar 2014 to 2015, per cent",
        summary=summary,
        bounds=(-2, 0, 2, 4),
    )


COLUMNS = [
    ("Board", "link"), ("Baseline", "number"), ("Change", "number"), ("At stake at first", "money"),
    ("Released", "money"), ("Not released", "money"), ("Take care", "text"),
]  # fmt: skip


def board_rows(found: Nation, query: dict[str, str]) -> list[tuple[object, ...]]:
    """A row a board, under ``COLUMNS``."""
    baselines = in_step(year.baseline for year in found.boards)
    link_to = board_link(query)
    return [_row(year, baseline, link_to) for year, baseline in zip(found.boards, baselines, strict=True)]


def _row(year: BoardYear, baseline: str | None, link_to: Callable[[str], str]) -> tuple[object, ...]:
    money = year.statement.money
    change = None if year.change is None else _signed(year.change)
    link = (year.board.name, link_to(year.board.code))
    note = FLAGS[year.flags[0]] if year.flags else ""
    return link, baseline, change, money.fund, money.paid, money.unreleased, note


def _signed(change: Decimal) -> str:
    return f"{change:+.1f}%".replace("-", "−")


def _total_rows(totals: Sequence[Totals]) -> list[tuple[object, ...]]:
    baselines, outturns = in_step(each.baseline for each in totals), in_step(each.outturn for each in totals)
    return [
        (
            each.says, each.boards, baseline, outturn, each.fund, each.paid, each.withheld, each.at_stake,
            each.unreleased,
        )
        for each, baseline, outturn in zip(totals, baselines, outturns, strict=True)
    ]  # fmt: skip


def _series(request: HouseRequest, asked: Asked) -> dict[str, object]:
    """England's admissions by quarter, as the sum of all CCGs."""
    admissions: Admissions = request.house.england.admissions
    known = admissions.known_by(asked.as_at) if asked.as_at else quarters_between(FIRST, LAST)
    points, rows = [], []
    for quarter in known:
        value = admissions.of_boards(quarter)
        gap = any(item.touches(quarter) for item in admissions.gaps)
        note = "some returns are incomplete" if gap else ""
        points.append(
            charts.Point(
                str(quarter), value, count(value), charts.Flag.INCOMPLETE if gap else charts.Flag.PLAIN
            )
        )
        published = admissions.published_on(quarter)
        rows.append((str(quarter), value, in_words(published) if published else "not recorded", note))
    chart = charts.line_chart(
        points,
        id="series",
        title="Non-elective admissions of all CCGs by quarter",
        summary=f"From {points[0].shown} in {points[0].label} to {points[-1].shown} in {points[-1].label}.",
        incomplete="some returns are incomplete (July 2014 to March 2015)",
    )
    return {"chart": chart, "rows": rows}
