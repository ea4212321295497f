"""A board's page: its bodies and shares, its part of the pot, its admissions, and its what-if year with the working."""

from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carepool.actions.areas import MARK
from carepool.actions.boards import BoardPage, board_page
from carepool.actions.measuring import definitions
from carepool.actions.nation import (
    RESTS_ON_INCOMPLETE,
    RESTS_ON_UNLIKE,
    RULES,
    explain_year,
    guideline,
)
from carepool.actions.planning import all_plans
from carepool.actions.reading import listed
from carepool.basics.money import in_pounds
from carepool.basics.periods import Quarter
from carepool.measures.admissions import Flag
from carepool.render import answers, charts, csvs
from carepool.render.figures import Figure
from carepool.render.words import count, percent, pounds, pounds_short
from carepool.web.asking import HouseRequest, csv_answer, json_answer, read_question, refused
from carepool.web.frame import account_of
from carepool.web.marks import marked_csv
from carepool.web.published import released
from carepool.web.words import FLAGS, about_page, in_step, quarter_rows

_POINTS = {Flag.INCOMPLETE: charts.Flag.INCOMPLETE, Flag.UNLIKE: charts.Flag.FLAGGED, None: charts.Flag.PLAIN}


def page(request: HouseRequest, code: str) -> HttpResponse:
    """The page."""
    asked = read_question(request)
    house = request.house
    rules = house.rulebook.named(RULES)
    found = board_page(house, code, RULES, asked.ambition, asked.as_at)
    standard = guideline(rules)
    query = asked.query(standard)
    context = {
        "section": "england",
        "asked": asked,
        "errors": asked.errors,
        "found": found,
        "standard": standard,
        "board": found.members.board,
        "sentence": sentence(found),
        "caution": _caution(found),
        "figures": _figures(found),
        "home": reverse("nation", query=query or None),
        "councils": [
            (council.name, council.code, council.kind, council.people)
            for council in found.members.board.councils
        ],
        "ccgs": [
            (
                ccg.name,
                ccg.code,
                percent(Decimal(share.people) * 100 / share.of_ccg, 1),
                share.people,
                found.contributions.get(ccg.code, 0),
            )
            for ccg, share in found.members.ccgs
        ],
        "streams": _streams(found),
        "admissions": _admissions(found),
        "quarters": _quarters(found),
        "by_ccg": [
            (ccg, *(None if pence is None else in_pounds(pence) for pence in (part.fund, part.paid, part.withheld, part.at_stake, part.unreleased)))
            for ccg, part in found.year.statement.by_ccg.items()
        ],
        "working": explain_year(found.year, rules, found.nation.official),
        "href_of": _href_of,
        "take_away": [
            ("Admissions and payments as CSV", reverse("board-csv", args=[code], query=query or None)),
            ("This page as JSON", reverse("board-json", args=[code], query=query or None)),
        ],
        "official": found.official,
        "likely_error": found.likely_error,
        "measures": [(each.id, each.title) for each in definitions(house) if each.series != "none"],
        "mark": MARK if found.illustrative else "",
        "releases": released(house, [found.members.board.code]),
        "region": (found.members.board.region_name, reverse("region", args=[found.members.board.region])) if not found.illustrative else None,
        "plans": _plans(request, found) if found.illustrative else [],
        **about_page(house, rules, asked.as_at),
    }  # fmt: skip
    return render(request, "web/board.jinja", context, status=asked.status)


def as_json(request: HouseRequest, code: str) -> HttpResponse:
    """The same as JSON."""
    asked = read_question(request)
    if asked.errors:
        return refused(asked)
    found = board_page(request.house, code, RULES, asked.ambition, asked.as_at)
    answer = answers.board_page(found, explain_year(found.year, found.nation.rules, found.nation.official))
    return json_answer(answers.marked(answer, found.illustrative))


def as_csv(request: HouseRequest, code: str) -> HttpResponse:
    """Admissions and payments by quarter as CSV."""
    asked = read_question(request)
    if asked.errors:
        return refused(asked)
    found = board_page(request.house, code, RULES, asked.ambition, asked.as_at)
    text = marked_csv(csvs.board(found), found.illustrative)
    return csv_answer(f"carepool-{found.members.board.code}.csv", text)


def _plans(request: HouseRequest, found: BoardPage) -> list[tuple[str, str, str]]:
    """The plans of a fictitious board that whoever asks may know of: title, address to read it at, and public page.

    Of a real board carepool claims nothing, so its page names no plan.
    """
    house, account, code = request.house, account_of(request), found.members.board.code
    plans = tuple(each for each in all_plans(house) if code in each.boards)
    return [
        (
            each.title,
            reverse("plan", args=[each.id]) if mine else "",
            reverse("plan-public", args=[each.id]) if public else "",
        )
        for each, mine, public in listed(house, account.id if account else None, plans)
    ]


def sentence(found: BoardPage) -> str:
    """What is so, in one sentence."""
    year, money = found.year, found.year.statement.money
    name = found.members.board.name
    at_stake = (
        f"At a cut of {found.nation.ambition}%, {name} would have had {pounds_short(money.fund)} at stake"
    )
    if not found.nation.known:
        return f"{at_stake}; no outturn had been published."
    if year.outturn is None:
        return f"{at_stake}; {pounds_short(money.paid)} would have been released to {found.nation.known[-1]}."
    change = year.change or Decimal(0)
    moved = "rose" if change > 0 else "fell"
    return (
        f"{at_stake} and {pounds_short(money.paid)} released: its admissions {moved} by {percent(abs(change), 1)} "
        "in calendar 2015."
    )


def _caution(found: BoardPage) -> str:
    if Flag.INCOMPLETE in found.year.flags:
        return RESTS_ON_INCOMPLETE
    return RESTS_ON_UNLIKE if found.year.flags else ""


def _figures(found: BoardPage) -> list[Figure]:
    year, money = found.year, found.year.statement.money
    total = sum(found.streams.values())
    outturn = (
        "The outturn is not yet all known"
        if year.outturn is None
        else f"{count(year.outturn)} in calendar 2015"
    )
    return [
        Figure(
            "Part of the pot" if found.official else "Part of the pot, indicative", pounds_short(total), in_pounds(total),
            f"2015-16, all streams; {'official' if found.official else 'not an official allocation'}", "#pot",
        ),
        Figure("Admissions, baseline year", count(year.baseline), "", outturn, "#admissions"),
        Figure("At stake at first", pounds_short(money.fund), in_pounds(money.fund), f"A cut of {found.nation.ambition}%: a what-if", "#working"),
        Figure("Released", pounds_short(money.paid), in_pounds(money.paid), "On the real outturn. The rest stays with the CCGs", "#working"),
    ]  # fmt: skip


def _streams(found: BoardPage) -> dict[str, object]:
    composition = found.nation.rules.composition
    bars = [
        charts.Bar(each.says, found.streams[each.name], pounds(found.streams[each.name]))
        for each in composition.streams
    ]
    total = sum(found.streams.values())
    largest = max(bars, key=lambda bar: bar.value)
    summary = f"{largest.label} is the largest part: {largest.shown} of {pounds(total)}."
    return {
        "chart": charts.bar_chart(
            bars,
            id="streams",
            title=f"The board's part of each stream, 2015-16{'' if found.official else ', indicative'}",
            summary=summary,
        ),
        "rows": [
            (
                each.says,
                {"ccg": "CCGs", "council": "Councils"}[each.received_by],
                in_pounds(found.streams[each.name]),
            )
            for each in composition.streams
        ],
        "total": ("All streams", "", in_pounds(total)),
    }


def _quarters(found: BoardPage) -> list[tuple[object, ...]]:
    statement = found.year.statement
    return [
        (str(line.quarter), *row, _care(found, line.quarter))
        for line, row in zip(statement.lines, quarter_rows(statement), strict=True)
    ]


def _care(found: BoardPage, quarter: Quarter) -> str:
    """What to be told of a quarter that is compared with the same quarter a year before: either may be incomplete."""
    seen = {each.quarter: each.flags for each in found.observations}
    if any(Flag.INCOMPLETE in seen.get(each, ()) for each in (quarter, quarter.year_before)):
        return FLAGS[Flag.INCOMPLETE]
    return FLAGS[Flag.UNLIKE] if Flag.UNLIKE in seen.get(quarter, ()) else ""


def _admissions(found: BoardPage) -> dict[str, object]:
    points = [
        charts.Point(str(each.quarter), each.count, count(each.count), _POINTS[each.flag])
        for each in found.observations
    ]
    first, last = points[0], points[-1]
    return {
        "chart": charts.line_chart(
            points,
            id="series",
            title="Non-elective admissions by quarter",
            summary=f"From {first.shown} in {first.label} to {last.shown} in {last.label}.",
            flagged=FLAGS[Flag.UNLIKE],
            incomplete=FLAGS[Flag.INCOMPLETE],
        ),
        "rows": [
            (str(each.quarter), number, FLAGS[each.flag] if each.flag else "", ", ".join(each.because))
            for each, number in zip(
                found.observations, in_step(each.count for each in found.observations), strict=True
            )
        ],
    }


def _href_of(source: str) -> str | None:
    """The page of a rule that a step cites."""
    rules, _, path = source.partition("/")
    return f"{reverse('rules-set', args=[rules])}#{path.replace('/', '-')}" if path else None
