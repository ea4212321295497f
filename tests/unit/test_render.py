"""What a page promises: nothing typed becomes markup, nothing unknown becomes a zero, nothing is fetched from outside."""

import re
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import carepool
from carepool.basics.findings import Finding, Severity
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable
from carepool.basics.workings import Step, Working
from carepool.render import words
from carepool.render.charts import (
    Bar,
    Flag,
    HexCell,
    Level,
    Point,
    bar_chart,
    hex_map,
    line_chart,
    stacked_bar,
)
from carepool.render.environment import environment, standalone
from carepool.render.figures import Figure
from carepool.render.tables import columns, rows

STATIC = Path(carepool.__file__).parent / "web" / "static" / "carepool"
HOSTILE = '<script>alert("Barnet")</script> & Sons'
ENVIRONMENT = standalone()


def rendered(macro: str, call: str, **context: object) -> str:
    template, name = macro.split(".")
    source = f'{{% from "render/{template}.jinja" import {name} with context %}}{{{{ {call} }}}}'
    return ENVIRONMENT.from_string(source).render(context)


def board_cells(count: int = 151) -> list[HexCell]:
    return [
        HexCell(
            f"E{n:08}", f"Bath and North East Somerset {n}", n % 13, n // 13, n, f"£{n}m", f"/boards/E{n:08}"
        )
        for n in range(count)
    ]


def quarters(*figures: int | None, flag: str = "") -> list[Point]:
    return [Point(f"Q{n}", figure, f"{figure} admissions", flag) for n, figure in enumerate(figures)]


# Words


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (words.pounds(123_456_789), "£1,234,568"),
        (words.pounds(-50), "−£1"),
        (words.pounds(-49), "£0"),
        (words.pence(123_456_700), "£1,234,567.00"),
        (words.pence(-5), "−£0.05"),
        (words.pounds_short(25_311_200_000), "£253.1m"),
        (words.pounds_short(-379_500_000_000), "−£3.8bn"),
        (words.pounds_short(99_999_999_999), "£1.0bn"),
        (words.pounds_short(99_900_000), "£999,000"),
        (words.count(1_370_251), "1,370,251"),
        (words.count(Decimal("1370.30")), "1,370.30"),
        (words.count(Decimal("-1370.25"), 1), "−1,370.3"),
        (words.percent(Decimal("3.5")), "3.5%"),
        (words.percent(-4, 1), "−4.0%"),
        (words.day(date(2014, 8, 18)), "18 August 2014"),
        (words.day(datetime(2014, 8, 18, 23, 30, tzinfo=UTC)), "19 August 2014"),
        (words.quarter_words(Quarter(2014, 4)), "January to March 2015"),
        (words.quarter_words("2014-15Q1"), "April to June 2014"),
        (words.amount(149_000, "pence per admission"), "£1,490 per admission"),
        (words.amount(Decimal("-149050.5"), "pence"), "−£1,490.505"),
        (words.amount(15_180, "admissions"), "15,180 admissions"),
        (words.amount(Decimal("3.5"), "%"), "3.5%"),
        (words.amount("Approved", ""), "Approved"),
    ],
)
def test_a_value_reads_as_people_write_it(written: str, expected: str) -> None:
    assert written == expected


def test_pounds_show_no_pence_and_round_half_away_from_zero() -> None:
    assert [words.pounds(each) for each in (149, 150, -150)] == ["£1", "£2", "−£2"]


def test_a_quarter_that_is_none_is_refused() -> None:
    with pytest.raises(Unusable, match="2014-16Q1"):
        words.quarter_words("2014-16Q1")


@pytest.mark.parametrize(
    "word",
    ["pounds", "pence", "pounds_short", "count", "percent", "day", "quarter_words", "amount('pence')"],
)
def test_none_is_a_dash_with_words_and_never_a_zero(word: str) -> None:
    shown = ENVIRONMENT.from_string(f"{{{{ none | {word} }}}}").render()
    assert shown == (
        '<span aria-hidden="true">–</span><span class="nhsuk-u-visually-hidden">not known yet</span>'
    )


# Tables

COLUMNS = (("Board", "link"), "Region", ("Admissions", "number"), ("Fund", "money"))


def test_what_was_typed_never_becomes_markup() -> None:
    made = columns(["Board", ("Link", "link"), ("Fund", "money")])
    shown = rows(made, [(HOSTILE, (HOSTILE, f'/"{HOSTILE}'), HOSTILE)])
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") == 4
    shown = rendered("tables.data_table", "data_table(name, [name], [(name,)], id='t')", name=HOSTILE)
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") == 3


def test_a_table_has_a_caption_headings_and_a_region_for_the_keyboard() -> None:
    body = [
        (("Kent", "/boards/E10000016"), "South East", 15_180, 12_345_600),
        (("Leeds", ""), None, "suppressed", None),
    ]
    shown = rendered(
        "tables.data_table",
        "data_table('Boards', columns, rows, id='b', foot=('England', '', 1, 100))",
        columns=COLUMNS,
        rows=body,
    )
    assert 'role="region" aria-labelledby="b-caption" tabindex="0"' in shown
    assert '<caption id="b-caption">Boards</caption>' in shown
    assert '<th scope=row><a href="/boards/E10000016">Kent</a></th>' in shown
    assert "<td class=n>15,180</td><td class=n>£123,456</td>" in shown
    assert "<th scope=row>Leeds</th>" in shown
    assert "<td class=n>suppressed</td>" in shown
    assert shown.count("not known yet") == 2
    assert "<tfoot>\n<tr><th scope=row>England</th>" in shown


def test_a_table_sorted_by_the_server_says_so() -> None:
    shown = rendered(
        "tables.data_table", "data_table('B', [('Fund', 'money', '?sort=fund', 'descending')], [], id='b')"
    )
    assert 'aria-sort="descending"><a href="?sort=fund">Fund</a>' in shown


def test_a_row_of_another_length_and_an_unknown_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        rows(columns(["Board", "Region"]), [("Kent",)])
    with pytest.raises(ValueError, match="pounds"):
        columns([("Fund", "pounds")])


def test_150_rows_of_8_columns_are_small_and_quick() -> None:
    kinds = [("Board", "link"), "Region", "Status", *((f"Figure {n}", "money") for n in range(5))]
    body = [
        (
            (f"Bath and North East Somerset {n}", f"/boards/E{n:08}"),
            "South West",
            "Approved",
            *[n * 1_234_567_00] * 5,
        )
        for n in range(150)
    ]
    call = "data_table('Boards', kinds, body, id='b')"
    shown = rendered("tables.data_table", call, kinds=kinds, body=body)
    best = min(
        _seconds(lambda: rendered("tables.data_table", call, kinds=kinds, body=body)) for _ in range(5)
    )
    assert shown.count("<tr>") == 151
    assert len(shown.encode()) < 60_000
    assert best < 0.008


def _seconds(work: object) -> float:
    started = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - started


# Workings, findings, figures, forms


def test_a_working_shows_its_result_each_step_and_what_it_rests_on() -> None:
    working = Working(
        "Payment for the quarter", 12_345_600, "pence",
        (
            Step("Admissions a year before", 15_180, "admissions", source="activity/E10000016/2014-15Q1"),
            Step("Worth of one", None, "pence", "15,180 × 1,490", HOSTILE),
        ),
        ("The value is recalled, not published.",),
    )  # fmt: skip
    shown = rendered(
        "workings.working_details", "working_details(w, href_of=link)", w=working, link="/rules#{}".format
    )
    assert shown.lstrip().startswith('<details class="nhsuk-details carepool-working">')
    assert '<span class="carepool-result">£123,456</span>' in shown
    assert '1. Admissions a year before</th><td role="cell" class="n">15,180 admissions</td>' in shown
    assert '<a href="/rules#activity/E10000016/2014-15Q1">activity/E10000016/2014-15Q1</a>' in shown
    assert "not known yet" in shown
    assert "<li>The value is recalled, not published.</li>" in shown
    assert "<script" not in shown


def test_findings_say_what_is_wrong_and_what_to_do() -> None:
    found = [Finding("sum", Severity.BLOCKER, "schemes/3", HOSTILE, "Change the scheme.", "plan/schemes")]
    shown = rendered("findings.findings_list", "findings_list(found)", found=found)
    assert ">Blocker</strong>" in shown
    assert "Change the scheme." in shown
    assert "Rule: plan/schemes" in shown
    assert "<script" not in shown
    assert "found nothing" in rendered("findings.findings_list", "findings_list([])")


def test_a_short_figure_stands_by_the_exact_one() -> None:
    shown = rendered(
        "figures.figure_cards",
        "figure_cards([f])",
        f=Figure("Fund", "£5.3bn", "£5,320,412,345", "2015-16", "/fund"),
    )
    assert '<dd class="carepool-figure__value">£5.3bn</dd>\n<dd>exactly £5,320,412,345</dd>' in shown


def test_an_error_says_the_same_words_in_the_summary_and_at_the_field_and_keeps_what_was_typed() -> None:
    says = "“12,x” is not a number."
    summary = rendered("forms.error_summary", "error_summary(errors)", errors=[("cut", says)])
    field = rendered(
        "forms.number_field",
        "number_field('cut', 'Reduction', typed, error=says, suffix='%')",
        typed='12,x"',
        says=says,
    )
    assert '<a href="#cut">' in summary
    assert says in summary
    assert says in field
    assert 'id="cut"' in field
    assert 'aria-describedby="cut-error"' in field
    assert 'value="12,x&#34;"' in field
    assert rendered("forms.error_summary", "error_summary([])").strip() == ""


def test_the_as_at_control_asks_by_get_and_carries_the_rest_along() -> None:
    shown = rendered(
        "forms.as_at_control", "as_at_control('/boards/E1', value='2015-08-10', hidden=[('sort', 'fund')])"
    )
    assert 'method="get" action="/boards/E1"' in shown
    assert '<input type="hidden" name="sort" value="fund">' in shown
    assert 'name="as_at"' in shown
    assert 'value="2015-08-10"' in shown


# Charts


def test_north_is_up_and_odd_rows_stand_half_a_cell_to_the_right() -> None:
    south, north = (
        HexCell("S", "Cornwall", 0, 0, 1, "1", "/s"),
        HexCell("N", "Northumberland", 0, 3, 2, "2", "/n"),
    )
    chart = hex_map([south, north], id="m", title="t", summary="s")
    at = {cell.code: (x, y) for held in chart.classes for x, y, cell in held.cells}
    assert at["N"][1] < at["S"][1]
    assert at["N"][0] - at["S"][0] == pytest.approx(8.7, abs=0.1)


def test_classes_hold_a_fifth_each_run_from_low_to_high_and_keep_equal_figures_together() -> None:
    chart = hex_map(board_cells(100), id="m", title="t", summary="s")
    assert [len(held.cells) for held in chart.classes] == [20] * 5
    assert chart.classes[0].says == "£0m to £19m"
    tied = [cell._replace(value=7, shown="£7m") for cell in board_cells(10)]
    assert [
        (len(held.cells), held.says) for held in hex_map(tied, id="m", title="t", summary="s").classes
    ] == [(10, "£7m")]


def test_bounds_are_the_lowest_figures_of_their_classes() -> None:
    chart = hex_map(board_cells(40), id="m", title="t", summary="s", bounds=(10, 20, 30, 39))
    assert [held.says for held in chart.classes] == [
        "£0m to £9m",
        "£10m to £19m",
        "£20m to £29m",
        "£30m to £38m",
        "£39m",
    ]


def test_an_area_without_a_figure_is_hatched_and_not_among_the_lowest() -> None:
    cells = [*board_cells(5), HexCell("X", "Nowhere", 3, 3, None, "", "/x")]
    chart = hex_map(cells, id="m", title="t", summary="s", here="X")
    shown = rendered("charts.hex_map", "hex_map(chart)", chart=chart)
    assert sum(len(held.cells) for held in chart.classes) == 5
    assert "1 without a figure" in chart.describes
    assert "<title>Nowhere: no figure</title>" in shown
    assert 'fill="url(#m-n)"' in shown


def test_151_hexes_are_small_and_no_tab_stops() -> None:
    shown = rendered(
        "charts.hex_map", "hex_map(chart)", chart=hex_map(board_cells(), id="m", title="t", summary="s")
    )
    assert len(shown.encode()) < 40_000
    assert shown.count('tabindex="-1"') == shown.count("<a href=") == 151
    assert hex_map([], id="m", title="t", summary="s").classes == ()


def test_a_flagged_point_has_a_shape_of_its_own_and_a_word_in_the_key() -> None:
    points = [
        *quarters(10, 12, None, 14),
        Point("Q4", 13, "13", Flag.FLAGGED),
        Point("Q5", 9, "9", Flag.INCOMPLETE),
    ]
    chart = line_chart(points, id="c", title="t", summary="s", flagged="before the change")
    assert [mark.shape for mark in chart.marks] == ["dot", "dot", "cross", "dot", "diamond", "ring"]
    assert chart.key == (
        ("dot", "figure"), ("diamond", "before the change"), ("ring", "incomplete: may still change"), ("cross", "no figure"),
    )  # fmt: skip
    assert chart.solid.count("M") == 2, "the line breaks at the gap"
    assert chart.dashed.count("M") == 1
    assert "Marked “before the change”: Q4." in chart.describes
    shown = rendered("charts.line_chart", "line_chart(chart)", chart=chart)
    assert "<figcaption>s</figcaption>" in shown
    assert 'role="img" aria-labelledby="c-t c-d"' in shown
    assert "<title>Q2: no figure</title>" in shown


@pytest.mark.parametrize(
    ("figures", "base", "labels"),
    [
        ((100, 400), "The vertical axis starts at zero.", ["0", "100", "200", "300", "400"]),
        (
            (438, 471),
            "The vertical axis starts at 430, not at zero.",
            ["430", "440", "450", "460", "470", "480"],
        ),
        ((-3, 1), "The vertical axis starts at −3, not at zero.", ["−3", "−2", "−1", "0", "1"]),
        ((5, 5), "The vertical axis starts at zero.", ["0.0", "2.5", "5.0", "7.5", "10.0"]),
    ],
)
def test_the_axis_has_round_steps_and_says_where_it_starts(
    figures: tuple[int, ...], base: str, labels: list[str]
) -> None:
    chart = line_chart(quarters(*figures), id="c", title="t", summary="s")
    assert chart.base == base
    assert [tick.label for tick in chart.ticks_y] == labels
    assert all(14 <= mark.y <= chart.bottom for mark in chart.marks)
    assert chart.ticks_y[0].at > chart.ticks_y[-1].at


def test_a_level_widens_the_axis_and_is_named_in_the_key() -> None:
    chart = line_chart(
        quarters(50, 60), id="c", title="t", summary="s", levels=[Level("Target", 90, "90 admissions")]
    )
    assert chart.levels[0][0] > 0
    assert "Target: 90 admissions" in rendered("charts.line_chart", "line_chart(chart)", chart=chart)


def test_a_line_without_a_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="no figure"):
        line_chart(quarters(None), id="c", title="Admissions", summary="s")


def test_bars_start_at_zero_and_negative_ones_go_left_of_it() -> None:
    chart = bar_chart([Bar("Kent", 3, "3%"), Bar(HOSTILE, -1, "−1%")], id="b", title="t", summary="s")
    assert [(span.x, span.width) for span in chart.spans] == [(25, 75), (0, 25)]
    assert "<script" not in rendered("charts.bar_chart", "bar_chart(chart)", chart=chart)


def test_the_parts_of_a_whole_fill_it_and_say_their_share() -> None:
    chart = stacked_bar([Bar("A", 1, "1"), Bar("B", 3, "3")], id="b", title="t", summary="s")
    assert [(span.x, span.width, span.share) for span in chart.spans] == [(0, 25, "25.0%"), (25, 75, "75.0%")]
    assert "B: 3 (75.0%)" in rendered("charts.stacked_bar", "stacked_bar(chart)", chart=chart)
    for parts in ([Bar("A", -1, "")], [], [Bar(str(n), 1, "") for n in range(8)]):
        with pytest.raises(ValueError, match="t"):
            stacked_bar(parts, id="b", title="t", summary="s")


# The whole page

PAGE = """{% extends "render/layout.jinja" %}
{% from "render/charts.jinja" import hex_map, line_chart, bar_chart, stacked_bar %}
{% from "render/forms.jinja" import as_at_control, error_summary, number_field %}
{% from "render/tables.jinja" import data_table %}
{% block title %}{{ name }}{% endblock %}
{% block banner %}{{ banner }}{% endblock %}
{% block content %}{{ error_summary(errors) }}{{ as_at_control() }}{{ number_field("a", "b", prefix="£") }}{{ hex_map(map) }}
{{ line_chart(line) }}{{ bar_chart(bars) }}{{ stacked_bar(bars) }}{{ data_table("t", ["a"], [("b",)], id="t") }}{% endblock %}"""


def page(**context: object) -> str:
    return ENVIRONMENT.from_string(PAGE).render(
        map=hex_map(
            [HexCell("A", HOSTILE, 0, 0, 1, HOSTILE, "/a")], id="m", title=HOSTILE, summary=HOSTILE, here="A"
        ),
        line=line_chart([Point(HOSTILE, 1, HOSTILE)], id="l", title=HOSTILE, summary=HOSTILE),
        bars=bar_chart([Bar(HOSTILE, 1, HOSTILE, "/a")], id="b", title=HOSTILE, summary=HOSTILE),
        name=HOSTILE,
        **context,
    )


def test_a_page_has_no_script_no_inline_style_and_fetches_nothing_from_outside() -> None:
    shown = page(errors=[("a", "Wrong.")], as_at="now", build="1", rules_version=("bcf", "/rules/bcf"))
    assert "<script" not in shown
    assert "style=" not in shown
    assert "<style" not in shown
    assert not re.search(r"\son\w+=", shown)
    assert not re.search(r"https?://", shown.replace('xmlns="http://www.w3.org/2000/svg"', ""))
    assert "nhsuk-logo" not in shown


def test_the_title_begins_with_error_only_when_there_is_one() -> None:
    assert "<title>Error: &lt;script&gt;" in page(errors=[("a", "Wrong.")])
    assert "<title>&lt;script&gt;" in page(errors=[])


def test_the_frame_says_where_one_is_as_at_when_by_which_rules_and_under_which_licence() -> None:
    shown = page(
        section="rules",
        as_at="18 August 2014",
        rules_version=("bcf-2014-08", "/rules/bcf-2014-08"),
        build="0.1",
    )
    assert '<html lang="en-GB">' in shown
    assert '<a class="nhsuk-skip-link" href="#maincontent">' in shown
    assert '<main class="nhsuk-main-wrapper" id="maincontent">' in shown
    assert '<a href="/rules" aria-current="true">Rules</a>' in shown
    assert "<dt>As at</dt><dd>18 August 2014</dd>" in shown
    assert '<a href="/rules/bcf-2014-08">bcf-2014-08</a>' in shown
    assert "Open Government Licence v3.0" in shown
    assert "carepool-banner" not in shown
    assert "illustrative" in page(banner="This county is illustrative.")


def test_djangos_addresses_are_used_when_django_asks_for_the_environment() -> None:
    made = environment(autoescape=False, auto_reload=False)
    assert made.autoescape is True
    assert (
        made.from_string("{{ static('carepool/carepool.css') }}").render() == "/static/carepool/carepool.css"
    )


def test_a_missing_name_is_empty_and_the_design_systems_macros_are_found() -> None:
    source = (
        '{% from "nhsuk/components/tag/macro.jinja" import tag %}{{ nobody.gave.this }}{{ tag({"text": x}) }}'
    )
    assert "nhsuk-tag" in ENVIRONMENT.from_string(source).render(x="In progress")


# The style sheet


def test_the_style_sheet_is_small_and_fetches_nothing() -> None:
    css = (STATIC / "carepool.css").read_text()
    assert len(css.encode()) < 124_000
    assert not re.search(r"https?:|url\(|@import|@font-face|frutiger", css, re.IGNORECASE)
    assert "arial" in css


@pytest.mark.parametrize(
    "selector",
    [".nhsuk-skip-link:not(:active):not(:focus)", ".nhsuk-error-summary", ".nhsuk-button--secondary", ".nhsuk-details",
     ".nhsuk-tag", ".carepool-scroll:focus-visible", ".carepool-chart", "@page", "@media print"],
)  # fmt: skip
def test_the_style_sheet_has_what_the_pages_use(selector: str) -> None:
    assert selector in (STATIC / "carepool.css").read_text()


def test_the_licence_of_the_design_system_is_beside_it() -> None:
    licence = (STATIC / "NHSUK-FRONTEND-LICENCE.txt").read_text()
    assert "nhsuk-frontend 10.6.1" in licence
    assert "MIT License" in licence
