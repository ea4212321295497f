"""Official pounds: loaded from a file by stream, commissioner and board, reconciled to the national sums, then what counts."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from carepool.actions.allocations import load_allocations, loaded
from carepool.actions.boards import board_page
from carepool.actions.expecting import expected_contributions, known_for
from carepool.actions.house import House
from carepool.actions.nation import explain_year
from carepool.actions.ports import MemoryDrafts
from carepool.allocation.indicative import held_against, likely_error
from carepool.allocation.official import OfficialPounds, read_official
from carepool.basics.findings import Severity, blocks
from carepool.basics.refusals import Refused, Unusable
from carepool.conditions.money import minimum_is_contributed
from carepool.journal.commands import Done
from carepool.journal.memory import MemoryJournal
from carepool.plans.document import Parties, Plan, Source, Sources
from carepool.render import answers

RULES = "bcf-2014-08"
KENT = "E10000016"


@pytest.fixture
def own(house: House) -> House:
    """A house with a journal of its own."""
    return House(
        house.areas,
        house.rulebook,
        MemoryJournal(),
        MemoryDrafts(),
        lambda: datetime(2026, 11, 25, 12, tzinfo=UTC),
    )


def rows_of(house: House, rules: str = RULES) -> list[list[str]]:
    """The indicative shares as rows of a file of official pounds."""
    return [
        [stream, ccg, board, f"{pence // 100}.{pence % 100:02}"]
        for stream, pairs in house.allocation(rules).streams.items()
        for (ccg, board), pence in pairs.items()
    ]


def written(rows: list[list[str]]) -> bytes:
    """Rows as CSV."""
    return "".join(
        f"{','.join(row)}\n" for row in [["stream", "commissioner", "board", "pounds"], *rows]
    ).encode()


def read(house: House, rows: list[list[str]], rules: str = RULES) -> OfficialPounds:
    """A file as it is read."""
    named = house.rulebook.named(rules)
    return read_official(
        "pounds.csv", written(rows), named, house.areas.real(named.about.places).england.places
    )


def load(house: House, content: bytes, rules: str = RULES) -> tuple[OfficialPounds, Done | Refused | None]:
    """A file loaded into the house's journal."""
    named = house.rulebook.named(rules)
    places = house.areas.real(named.about.places).england.places
    return load_allocations(
        house.journal, named, places, "pounds.csv", content, by="operator", clock=house.clock
    )


@pytest.mark.parametrize("rules", ["itf-2013-08", RULES, "bcf-2016-17", "bcf-2025-26"])
def test_a_file_that_adds_up_is_read_to_the_penny(own: House, rules: str) -> None:
    """Every stream of the file equals its national sum; the parts are what stands in the file."""
    found = read(own, rows_of(own, rules), rules)
    assert found.findings == ()
    assert all(each.difference == 0 for each in found.reconciled)
    assert found.streams == own.allocation(rules).streams


def test_from_then_on_they_are_official(own: House) -> None:
    """Before loading the shares are indicative; after it, the file's pounds are the allocation, and say where they are from."""
    assert own.allocation(RULES).indicative
    rows = rows_of(own)
    rows[0][3], rows[1][3] = f"{float(rows[0][3]) + 1:.2f}", f"{float(rows[1][3]) - 1:.2f}"
    _, done = load(own, written(rows))
    assert isinstance(done, Done)
    found = own.allocation(RULES)
    assert not found.indicative
    assert found.source.startswith("pounds.csv, loaded on 25 November 2026 (document ")
    first = found.streams[rows[0][0]][rows[0][1], rows[0][2]]
    assert f"{first // 100}.{first % 100:02}" == rows[0][3]
    assert found.total == 378_364_100_000
    assert own.allocation("itf-2013-08").indicative


def test_the_county_stays_drawn_from_the_indicative_shares(own: House) -> None:
    """The illustrative county is fictitious: official pounds of real bodies are never shown as its own."""
    before = own.allocation(RULES, own.areas.county).streams
    load(own, written(rows_of(own)))
    assert own.allocation(RULES, own.areas.county).streams == before
    assert own.allocation(RULES, own.areas.county).indicative


def test_what_was_so_before_can_still_be_seen(own: House) -> None:
    """As at a position before the loading the shares are the indicative ones."""
    own.journal.seal()
    load(own, written(rows_of(own)))
    last = own.journal.seal()
    assert own.allocation(RULES, upto=last - 1).indicative
    assert not own.allocation(RULES, upto=last).indicative


def test_a_correction_is_another_file(own: House) -> None:
    """The last file counts, the earlier one stays; the same file again is refused as no change."""
    rows = rows_of(own)
    load(own, written(rows))
    _, again = load(own, written(rows))
    assert isinstance(again, Refused)
    rows[0][3], rows[1][3] = f"{float(rows[0][3]) + 1:.2f}", f"{float(rows[1][3]) - 1:.2f}"
    load(own, written(rows))
    assert len(loaded(own.journal, RULES)) == 2
    _, back = load(
        own, written(rows_of(House(own.areas, own.rulebook, MemoryJournal(), MemoryDrafts(), own.clock)))
    )
    assert isinstance(back, Done)


def test_a_difference_from_the_national_sum_stops_the_file(own: House) -> None:
    """A pound too much in one row: the stream is named with both sums, and nothing is recorded."""
    rows = rows_of(own)
    rows[0][3] = f"{float(rows[0][3]) + 1:.2f}"
    found, done = load(own, written(rows))
    assert done is None
    assert not loaded(own.journal, RULES)
    (finding,) = found.findings
    assert finding.severity is Severity.BLOCKER
    assert (
        "holds £130,000,001 of carers_breaks, and the national sum is £130,000,000: a difference of £1"
        in finding.says
    )


def test_rounding_to_thousands_is_told_and_kept(own: House) -> None:
    """Rows in whole thousands need not add to the pound: a warning says the difference, which is not spread."""
    rows = [[*row[:3], f"{round(float(row[3]), -3):.0f}"] for row in rows_of(own)]
    found = read(own, rows)
    assert found.findings
    assert {each.severity for each in found.findings} == {Severity.WARNING}
    assert all(abs(each.difference) < 15_000_000_00 for each in found.reconciled)


def test_codes_that_merged_are_counted_in_their_successor(own: House) -> None:
    """A file on the codes of before April 2015 is added up in the CCG that took their people."""
    rows = rows_of(own)
    at = next(n for n, row in enumerate(rows) if row[:3] == ["carers_breaks", "13T", "E08000021"])
    pounds = float(rows[at][3])
    rows[at : at + 1] = [["carers_breaks", "00G", "E08000021", "1.00"], ["carers_breaks", "00H", "E08000021", f"{pounds - 1:.2f}"]]  # fmt: skip
    found = read(own, rows)
    assert found.findings == ()
    assert found.streams["carers_breaks"]["13T", "E08000021"] == round(pounds * 100)


@pytest.mark.parametrize(
    ("change", "says", "remedy"),
    [
        (["reablment", "09C", KENT, "1"], "“reablment” is no stream of bcf-2014-08", "Did you mean reablement?"),
        (["reablement", "09C", "E1000016", "1"], "There is no board “E1000016”", "Write the board's code."),
        (["reablement", "09C", "E06000028", "1"], "Use the board's code, HWB_BP", ""),
        (["reablement", "ZZZ", KENT, "1"], "“ZZZ” is no commissioner", ""),
        (["reablement", "", KENT, "1"], "is contributed by a commissioner, and none is given", ""),
        (["disabled_facilities_grant", "09C", KENT, "1"], "is received by councils, so it has no commissioner", "Leave the column empty."),
        (["reablement", "09C", KENT, "-1"], "“-1” is below zero", ""),
        (["reablement", "09C", KENT, "1.234"], "“1.234” is no amount of pounds", ""),
        (["reablement", "09C", KENT, ""], "the amount is empty", ""),
        (["reablement", "09C", KENT, "1e6"], "“1e6” is no amount of pounds", ""),
        (["reablement", "09C", KENT, "9" * 5000], "is no amount of pounds", ""),
        (["reablement", "09C", KENT, "\u0661\u0662"], "is no amount of pounds", ""),
        (["reablement", "09C", KENT, "5"], "stands in row", "Keep one of the rows."),
    ],
)  # fmt: skip
def test_a_faulty_row_is_named(own: House, change: list[str], says: str, remedy: str) -> None:
    """Row, column, what is wrong and what to do; one bad row never stops the reading of the others."""
    found = read(own, [*rows_of(own), change])
    row = len(rows_of(own)) + 2
    assert any(f"row {row}: " in each.says and says in each.says and remedy in each.remedy for each in found.findings), found.findings[-3:]  # fmt: skip
    assert blocks(found.findings)


def test_a_board_left_out_is_named(own: House) -> None:
    """A stream without a row for a board is not taken for nothing."""
    found = read(own, [row for row in rows_of(own) if row[2] != KENT or row[0] != "reablement"])
    assert any(f"holds no reablement for 1 of the boards: {KENT}" in each.says for each in found.findings)


def test_a_check_against_an_indicative_figure_warns_and_an_official_one_blocks(own: House) -> None:
    """The same plan, short by one pound: a warning before the official pounds are loaded, a blocker after."""

    def found() -> list[tuple[str, Severity]]:
        rules = own.rulebook.named(RULES)
        area = own.areas.real(rules.about.places)
        parties = Parties(boards=(KENT,), councils=(KENT,), ccgs=("09C",))
        expected = expected_contributions(own, rules, area, (KENT,)).pence
        rows = tuple(
            Source(
                contributor=who,
                source=stream,
                year_2=pence - (100 if stream == "reablement" and who == "09C" else 0),
            )
            for (stream, who), pence in expected.items()
        )
        plan = Plan(rules=RULES, parties=parties, sources=Sources(sources=rows))
        return [
            (each.code, each.severity)
            for each in minimum_is_contributed(plan, known_for(own, rules, area, parties))
        ]

    assert found() == [("below-minimum", Severity.WARNING)]
    load(own, written(rows_of(own)))
    assert found() == [("below-minimum", Severity.BLOCKER)]


def test_a_withdrawn_file_is_not_replaced_by_a_guess(own: House) -> None:
    """When the document of the official pounds is withdrawn, the question is refused: indicative shares do not slip in."""
    load(own, written(rows_of(own)))
    own.journal.withdraw(loaded(own.journal, RULES)[-1].document)
    with pytest.raises(Unusable, match=r"were withdrawn\. Load them again"):
        House(own.areas, own.rulebook, own.journal, MemoryDrafts(), own.clock).allocation(RULES)


def test_the_likely_error_of_the_indicative_method(own: House) -> None:
    """Held against the published plan of Dorset the method is within 0.6%: 54.594m for 54.565m, 15.934m for 15.843m."""
    held = held_against(own.rulebook.named(RULES), own.allocation(RULES))
    assert [
        (each.published // 100, str(round(each.ours / 10**8, 3)), round(each.error, 2)) for each in held
    ] == [
        (54_565_000, "54.594", Decimal("0.05")),
        (15_843_000, "15.934", Decimal("0.57")),
    ]
    assert "within 0.6%" in likely_error(held)
    assert "not known" in likely_error(())


def test_pages_and_commands_say_what_they_rest_on(own: House) -> None:
    """The nation and a board say indicative before the loading and name the file after it, in words and in workings."""
    page = board_page(own, KENT, RULES, Decimal("3.5"), None)
    assert (page.official, page.nation.official) == ("", "")
    assert "within 0.6%" in page.likely_error
    load(own, written(rows_of(own)))
    page = board_page(own, KENT, RULES, Decimal("3.5"), None)
    assert page.official.startswith("pounds.csv, loaded on")
    assert page.likely_error == ""
    assert "official pounds: pounds.csv" in page.nation.shares
    said = " ".join(explain_year(page.year, page.nation.rules, page.nation.official).rests_on)
    assert "official pounds: pounds.csv" in said
    assert "indicative" not in said
    assert (
        answers.board_page(page, explain_year(page.year, page.nation.rules, page.nation.official))[
            "allocation"
        ]["indicative"]
        is False
    )  # type: ignore[index]
