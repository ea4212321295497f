"""The figures: a page, its JSON and its CSV are one answer in three dresses, and a past day shows no later figure."""

import csv
import io
import re
from decimal import Decimal

import pytest

from tests.web.addresses import KENT
from tests.web.reading import Page, Reader

NOT_KNOWN = "not known yet"


def pounds(pence: int | str | None) -> str:
    """The amount as the pages write whole pounds; half a pound goes up."""
    return NOT_KNOWN if pence in {None, ""} else f"£{(int(str(pence)) + 50) // 100:,}"


def exact(pence: int | str | None) -> str:
    """The amount as the pages write it to the penny."""
    if pence in {None, ""}:
        return NOT_KNOWN
    whole, rest = divmod(int(str(pence)), 100)
    return f"£{whole:,}" + (f".{rest:02}" if rest else "")


def number(shown: str) -> object:
    """The number that a cell shows, or None where it is not known yet."""
    return None if shown == NOT_KNOWN else Decimal(shown.replace(",", "").replace("−", "-"))


def given(value: object) -> object:
    """The number in a CSV cell or a JSON value."""
    return None if value in {None, ""} else Decimal(str(value))


def sheet(read: Reader, path: str) -> list[dict[str, str]]:
    """A CSV answer, row by row."""
    answer = read.answer(path)
    assert re.fullmatch(r'attachment; filename="carepool-[\w.-]+\.csv"', answer["Content-Disposition"])
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def headline(page: Page, label: str) -> str:
    """The words that follow a headline figure's label."""
    return page.text[page.text.index(label) : page.text.index(label) + 90]


# The nation


@pytest.mark.parametrize(
    ("query", "fund", "paid"),
    [("", 28_856_621_400, 9_914_504_700), ("?ambition=3.07", 25_311_017_400, None)],
)
def test_the_nation_at_an_ambition(read: Reader, query: str, fund: int, paid: int | None) -> None:
    """At 3.5% £288,566,214 would have been at stake and £99,145,047 released; at 3.07%, £253,110,174 at stake."""
    data = read.answer(f"/nation.json{query}").json()
    assert data["totals"][0]["fund_pence"] == fund
    assert paid in {None, data["totals"][0]["paid_pence"]}
    page = read(f"/{query}")
    assert f"exactly {pounds(fund)}" in headline(page, "At stake at first")
    assert f"exactly {pounds(data['totals'][0]['paid_pence'])}" in headline(page, "Released")
    rows = sheet(read, f"/nation.csv{query}")
    assert sum(int(row["fund_pence"]) for row in rows) == fund


@pytest.mark.parametrize("query", ["", "?ambition=3.07", "?ambition=3.07&as_at=2015-08-10"])
def test_the_nations_table_its_csv_and_its_json_agree(read: Reader, query: str) -> None:
    """All 150 boards, figure by figure, and the totals with and without the flagged ones."""
    shown = list(read(f"/{query}").tables["boards-table"])
    rows = sheet(read, f"/nation.csv{query}")
    data = read.answer(f"/nation.json{query}").json()
    assert len(shown) == len(rows) == len(data["boards"]) == 150
    for row, line, board in zip(shown, rows, data["boards"], strict=True):
        assert row["Board"] == line["name"] == board["name"]
        assert (
            number(row["Baseline"])
            == given(line["baseline_admissions"])
            == given(board["baseline_admissions"])
        )
        for heading, key in (
            ("At stake at first", "fund"),
            ("Released", "paid"),
            ("Not released", "unreleased"),
        ):
            assert row[heading] == pounds(line[f"{key}_pence"]) == pounds(board[f"{key}_pence"])
        assert bool(row["Take care"]) == bool(line["flags"]) == bool(board["flags"])
    for row, total in zip(read(f"/{query}").tables["totals-table"], data["totals"], strict=True):
        assert row["Which boards"] == total["says"]
        assert number(row["Boards"]) == total["boards"]
        assert number(row["Outturn"]) == given(total["outturn_admissions"])
        for heading, key in (
            ("At stake at first", "fund"),
            ("Withheld so far", "withheld"),
            ("Still at stake", "at_stake"),
        ):
            assert row[heading] == pounds(total[f"{key}_pence"])


@pytest.mark.parametrize(
    ("path", "table", "heading"),
    [
        ("/", "boards-table", "Baseline"),
        ("/", "totals-table", "Outturn"),
        ("/boards/HWB_BP", "admissions-table", "Admissions"),
        ("/boards/HWB_BP", "quarters-table", "Baseline"),
        (f"/boards/{KENT}", "quarters-table", "Cut so far"),
    ],
)
def test_the_figures_of_a_column_stand_in_line(read: Reader, path: str, table: str, heading: str) -> None:
    """Every figure of a column has as many places as the others."""
    assert len({each.partition(".")[2] != "" for each in read(path).tables[table].column(heading)}) == 1


def test_totals_stand_with_and_without_the_flagged_boards(read: Reader) -> None:
    """150 boards; 147 without the incomplete returns; fewer without any flag; and none is more than the one before."""
    numbers = [int(each) for each in read("/").tables["totals-table"].column("Boards")]
    assert numbers[:2] == [150, 147]
    assert numbers[2] < 147
    flagged = [row for row in read("/").tables["boards-table"] if row["Take care"]]
    assert 150 - len(flagged) == numbers[2]


def test_the_map_and_its_sentence_are_of_the_table(read: Reader) -> None:
    """The map's sentence counts the boards that fell among those whose return is complete; the others have no figure."""
    page = read("/")
    sound = [row for row in page.tables["boards-table"] if "incomplete" not in row["Take care"]]
    fell = sum(row["Change"].startswith("−") for row in sound)
    assert f"Admissions fell in {fell} of the {len(sound)} boards whose return is complete" in page.text
    assert page.html.count(": no figure</title>") == 3
    drawn = re.findall(r'<a href="(/boards/\w+)" tabindex="-1">', page.html)
    assert len(drawn) == 151
    assert len(set(drawn)) == 150


def test_the_parts_of_the_pot_add_to_it(read: Reader) -> None:
    """The streams of the national pot add to the sum that is shown, which is not the sum that was stated."""
    amounts = [int(re.sub(r"\D", "", each)) for each in read("/").tables["pot-table"].column("Amount")]
    assert sum(amounts[:-1]) == amounts[-1] == 3_783_641_000


def test_a_question_is_carried_along(read: Reader) -> None:
    """From the nation to a board, to its files and back, the ambition and the day stay in the address."""
    query = "?ambition=3.07&as_at=2015-08-10"
    boards = [path for path, _ in read(f"/{query}").links if path.startswith("/boards/")]
    assert len(boards) == 150  # the map's and the table's, which lead to the same
    assert {path.partition("?")[2] for path in boards} == {query[1:]}
    board = read(f"/boards/{KENT}{query}")
    for href in (f"/{query}", f"/boards/{KENT}.csv{query}", f"/boards/{KENT}.json{query}"):
        assert board.find("a", href=href), href


def test_the_guideline_needs_no_query(read: Reader) -> None:
    """3.5, 3.50, “3.5%” and nothing at all are one question, whose links carry nothing along."""
    for query in ("", "?ambition=3.5", "?ambition=3.50", "?ambition=+3.5%25", "?ambition="):
        assert read(f"/{query}").find("a", href=f"/boards/{KENT}"), query


# A board


@pytest.mark.parametrize("query", ["", "?ambition=3.07", "?ambition=3.07&as_at=2015-08-10"])
def test_a_boards_page_its_csv_and_its_json_agree(read: Reader, query: str) -> None:
    """Kent: admissions, quarters, streams and the split among its CCGs, figure by figure."""
    page = read(f"/boards/{KENT}{query}")
    data = read.answer(f"/boards/{KENT}.json{query}").json()
    rows = sheet(read, f"/boards/{KENT}.csv{query}")
    shown = list(page.tables["admissions-table"])
    assert len(shown) == len(rows) == len(data["admissions"])
    for row, line, seen in zip(shown, rows, data["admissions"], strict=True):
        assert row["Quarter"] == line["quarter"] == seen["quarter"]
        assert number(row["Admissions"]) == given(line["admissions"]) == given(seen["count"])
    paid = {line["quarter"]: line for line in rows if line["planned"]}
    for row, quarter in zip(page.tables["quarters-table"], data["statement"]["quarters"], strict=True):
        assert row["Quarter"] == quarter["quarter"]
        assert row["At most"] == exact(quarter["maximum_payment_pence"])
        assert row["Released"] == exact(quarter["payment_pence"])
        assert number(row["Cut so far"]) == given(quarter["achieved_cumulative"])
        if row["Quarter"] in paid:  # a quarter of which nothing had been published has no line of admissions
            line = paid[row["Quarter"]]
            assert number(row["Target"]) == given(line["planned"])
            assert (row["At most"], row["Released"]) == (
                exact(line["maximum_payment_pence"]),
                exact(line["payment_pence"]),
            )
    streams = page.tables["streams-table"].column("Amount")
    assert streams == [exact(each) for each in data["allocation"]["streams"].values()] + [
        exact(data["allocation"]["total_pence"])
    ]
    for row, ccg in zip(page.tables["by-ccg-table"], data["statement"]["ccgs"], strict=True):
        assert row["CCG"] == ccg["ccg"]
        assert row["Released"] == exact(ccg["paid_pence"])


@pytest.mark.parametrize("query", ["", "?ambition=3.07", "?as_at=2015-08-10"])
def test_a_board_has_the_same_figures_in_the_nations_table(read: Reader, query: str) -> None:
    """What the nation's table says of Kent is what Kent's page says."""
    [row] = [each for each in read(f"/{query}").tables["boards-table"] if each["Board"] == "Kent"]
    board = read.answer(f"/boards/{KENT}.json{query}").json()["statement"]
    assert [row["At stake at first"], row["Released"]] == [
        pounds(board["fund_pence"]),
        pounds(board["paid_pence"]),
    ]


def test_the_working_ends_at_the_figure_above(read: Reader) -> None:
    """The steps of the Working lead to the sum that the page shows as released."""
    page = read(f"/boards/{KENT}?ambition=3.07")
    paid = read.answer(f"/boards/{KENT}.json?ambition=3.07").json()["statement"]["paid_pence"]
    assert f"Performance money released: {exact(paid)}" in page.text_of("details")
    assert pounds(paid) in headline(page, "Released")
    assert re.search(r"\d+\. Paid\s*" + re.escape(exact(paid)), page.text_of("details"))


def test_shares_of_a_joint_board(read: Reader) -> None:
    """Bournemouth and Poole is one board of two councils."""
    councils = read("/boards/HWB_BP").tables["councils-table"]
    assert councils.column("Council") == ["Bournemouth", "Poole"]


# A past day


@pytest.mark.parametrize(
    ("day", "last", "known"),
    [
        ("2015-02-13", "2014-15Q3", []),
        ("2015-08-06", "2014-15Q4", ["2014-15Q4"]),
        ("2015-08-07", "2015-16Q1", ["2014-15Q4", "2015-16Q1"]),
        ("2015-08-10", "2015-16Q1", ["2014-15Q4", "2015-16Q1"]),
        ("2016-02-12", "2015-16Q3", ["2014-15Q4", "2015-16Q1", "2015-16Q2", "2015-16Q3"]),
    ],
)
@pytest.mark.slow
def test_a_past_day_shows_what_had_been_published(
    read: Reader, day: str, last: str, known: list[str]
) -> None:
    """On a day the last quarter shown is the last published by its end, and later outturns are not known yet."""
    nation, board = read(f"/?as_at={day}"), read(f"/boards/{KENT}?as_at={day}")
    assert nation.tables["series-table"].column("Quarter")[-1] == last
    assert board.tables["admissions-table"].column("Quarter")[-1] == last
    assert read.answer(f"/nation.json?as_at={day}").json()["quarters_known"] == known
    for row in board.tables["quarters-table"]:
        for heading in ("Outturn", "Cut so far", "Released"):
            assert (row[heading] == NOT_KNOWN) == (row["Quarter"] not in known), row
    unreleased = nation.tables["totals-table"].column("Not released")
    assert (NOT_KNOWN in unreleased) == (len(known) < 4)
    assert nation.html.count(": no figure</title>") == (3 if len(known) == 4 else 151)
    assert "outturns first published later are left out" in nation.text
