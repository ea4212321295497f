"""England: what the published files hold, and what is done about what is wrong in them."""

import csv
import hashlib
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from carepool.actions.england import England, read_england
from carepool.actions.house import House
from carepool.actions.nation import RULES, by_code
from carepool.basics.periods import Quarter, quarters_between
from carepool.basics.refusals import NotHere, Unusable
from carepool.measures.admissions import NATION, NO_AREA, Flag
from carepool.measures.returns import parse_admissions

BASELINE = quarters_between(Quarter(2013, 4), Quarter(2014, 3))
AFTER = quarters_between(Quarter(2014, 4), Quarter(2015, 3))
BIRMINGHAM, SOLIHULL, STAFFORDSHIRE = "E08000025", "E08000029", "E10000028"


def with_file(files: dict[str, bytes], name: str, content: bytes) -> dict[str, bytes]:
    """The files with one replaced, and its digest in sources.csv put right: as if it had been shipped so."""
    old = hashlib.sha256(files[name]).hexdigest()
    new = hashlib.sha256(content).hexdigest()
    sources = files["sources.csv"].decode().replace(old, new).encode()
    return {**files, name: content, "sources.csv": sources}


def edited(files: dict[str, bytes], name: str, old: str, new: str) -> dict[str, bytes]:
    """The files with one text in one of them replaced; the text must be there."""
    text = files[name].decode()
    assert old in text
    return with_file(files, name, text.replace(old, new, 1).encode())


def test_boards_and_councils(england: England) -> None:
    """There are 150 boards of 152 councils: Bournemouth with Poole, and Cornwall with Scilly, share one."""
    joint = {
        b.code: [c.code for c in b.councils] for b in england.places.boards.values() if len(b.councils) > 1
    }
    assert len(england.places.boards) == 150
    assert len(england.places.council_boards) == 152
    assert joint == {"HWB_BP": ["E06000028", "E06000029"], "HWB_CS": ["E06000052", "E06000053"]}
    assert sum(len(c.districts) for b in england.places.boards.values() for c in b.councils) == 201


def test_a_council_of_a_joint_board_is_not_a_board(england: England) -> None:
    """The code of a council in a joint board is refused, and the sentence has the board's own code."""
    with pytest.raises(NotHere, match=r"E06000028 is the council of Bournemouth.* HWB_BP\."):
        england.places.board("E06000028")


@pytest.mark.parametrize(
    ("typed", "near"), [("E0600028", "E10000028"), ("Knt", "Kent"), ("HWB-BP", "HWB_BP")]
)
def test_an_unknown_board_names_the_nearest(england: England, typed: str, near: str) -> None:
    """An unknown code or name is refused with the nearest one that exists."""
    with pytest.raises(NotHere, match=f"Did you mean {near}"):
        england.places.board(typed)


def test_three_ccgs_become_one(england: England) -> None:
    """Up to 31 March 2015 there are 211 CCGs, from 1 April 209: 00F, 00G and 00H become 13T."""
    before, after = date(2015, 3, 31), date(2015, 4, 1)
    codes = [{ccg.code for ccg in england.places.ccgs_on(day)} for day in (before, after)]
    assert [len(each) for each in codes] == [211, 209]
    assert codes[0] - codes[1] == {"00F", "00G", "00H"}
    assert codes[1] - codes[0] == {"13T"}


def test_the_registers_own_opening_date_would_cover_an_area_twice(england: England) -> None:
    """The register opens 13T on 26 November 2014, while its predecessors still stand: 1 April 2015 is used."""
    assert "13T" not in {ccg.code for ccg in england.places.ccgs_on(date(2014, 12, 1))}


def test_shares_are_of_people(england: England) -> None:
    """239 pairs of a CCG and a board; each CCG's add to one; 13T is 0.40625 Gateshead's and 0.59375 Newcastle's."""
    shares = england.places.shares
    assert len(shares) == 239
    for ccg in {share.ccg for share in shares}:
        parts = [share for share in shares if share.ccg == ccg]
        assert sum(share.people for share in parts) == parts[0].of_ccg
    newcastle = {s.board: round(Decimal(s.people) / s.of_ccg, 5) for s in shares if s.ccg == "13T"}
    assert newcastle == {"E08000037": Decimal("0.40625"), "E08000021": Decimal("0.59375")}


def test_boards_by_number_of_ccgs(england: England) -> None:
    """114 boards have one CCG; Kent and Surrey have most, seven."""
    number = {board: len(shares) for board, shares in england.places.by_board.items()}
    assert sum(each == 1 for each in number.values()) == 114
    assert {board for board, each in number.items() if each == 7} == {"E10000016", "E10000030"}


@pytest.mark.parametrize(
    ("day", "says"), [(date(2013, 3, 31), "primary care trusts"), (date(2016, 4, 1), "held to 31 March 2016")]
)
def test_days_outside_the_registers_are_refused(england: England, day: date, says: str) -> None:
    """Before 1 April 2013 and after 31 March 2016 there is no map of boards at hand, and the refusal says why."""
    with pytest.raises(Unusable, match=says):
        england.places.ccgs_on(day)


def test_admissions_of_the_baseline_year(england: England) -> None:
    """The CCGs report 5,533,510 non-elective admissions in 2013-14Q4 to 2014-15Q3, and 1.23% more the year after."""
    admissions = england.admissions
    assert [admissions.of_boards(q) for q in BASELINE] == [1_370_251, 1_395_128, 1_354_962, 1_413_169]
    before, after = (sum(admissions.of_boards(q) for q in year) for year in (BASELINE, AFTER))
    assert (before, after) == (5_533_510, 5_601_380)
    assert round((Decimal(after) / before - 1) * 100, 2) == Decimal("1.23")


def test_nhs_england_as_commissioner_has_no_area(england: England) -> None:
    """England's own row is 5,708,333: X24's 174,823 belong to no area and stay out by name. Equal, not nearly."""
    admissions = england.admissions
    whole = sum(admissions.of_commissioner(NATION, q) or 0 for q in BASELINE)
    no_area = sum(admissions.of_commissioner(NO_AREA, q) or 0 for q in BASELINE)
    assert (whole, no_area) == (5_708_333, 174_823)
    assert whole - no_area == sum(admissions.of_boards(q) for q in BASELINE)


def test_apportioning_loses_nobody(england: England) -> None:
    """Before rounding, the boards' admissions are the CCGs' exactly; shown to one decimal, within 150 x 0.05."""
    for quarter in (*BASELINE, *AFTER):
        shown = sum(england.admissions.of_board(board, quarter).count for board in england.places.boards)
        assert abs(shown - england.admissions.of_boards(quarter)) <= Decimal("7.5")


def test_the_hole_in_the_published_series(england: England) -> None:
    """One provider's activity is missing from July 2014 to March 2015: Solihull falls from 2,379 a month to 242."""
    monthly = england.admissions.monthly
    assert [monthly["05P"][month] for month in ("2014-06", "2014-07", "2015-04")] == [2379, 242, 2348]
    assert [monthly["13P"][month] for month in ("2014-06", "2014-07")] == [7163, 2610]


def test_how_much_is_missing(england: England) -> None:
    """Against the same months a year before, some 39,500 admissions are missing from the baseline, 20,900 after."""

    def missing(months: list[str]) -> Decimal:
        return sum(
            (england.admissions.monthly[gap.commissioner][f"{int(m[:4]) - 1}{m[4:]}"] - england.admissions.monthly[gap.commissioner][m]
             for gap in england.admissions.gaps for m in months), Decimal(0),
        )  # fmt: skip

    assert round(missing([f"2014-{m:02}" for m in range(7, 13)]), -2) == 39_500
    assert round(missing(["2015-01", "2015-02", "2015-03"]), -2) == 20_900


def test_no_sum_sees_the_hole(england: England) -> None:
    """The parts still add to England's row in those months, so only a look at each commissioner finds it."""
    months = england.admissions.monthly
    for month in ("2014-07", "2015-01"):
        parts = sum(counts.get(month, Decimal(0)) for code, counts in months.items() if code != NATION)
        assert parts == months[NATION][month]


def test_what_is_unlike_a_year_before_is_flagged(england: England) -> None:
    """16 commissioner-quarters of the performance year are more than 25% from the same quarter a year before."""
    flagged = [k for k, flags in england.admissions.flagged.items() if Flag.UNLIKE in flags and k[1] in AFTER]
    assert len(flagged) == 16
    assert {"05P", "13P", "05Q", "04X"} <= {ccg for ccg, _ in flagged}


def test_figures_that_rest_on_the_hole_say_so(house: House) -> None:
    """Three boards rest on the incomplete return; Solihull would read as a rise of 45%."""
    found = house.nation(RULES, Decimal("3.5"))
    resting = {year.board.code for year in found.boards if Flag.INCOMPLETE in year.flags}
    assert resting == {BIRMINGHAM, SOLIHULL, STAFFORDSHIRE}
    assert round(by_code(found)[SOLIHULL].change or 0) == 45
    assert [each.boards for each in found.totals] == [150, 147, 144]


def test_what_the_hole_would_have_paid(
    house: House, england_files: dict[str, bytes], england: England
) -> None:
    """At 3.5% the three boards earn 3.9 million pounds more than with June 2014's level in the missing months."""
    rows = list(csv.DictReader(io.StringIO(england_files["admissions.csv"].decode())))
    june = {row["commissioner"]: row["admissions"] for row in rows if row["month"] == "2014-06"}
    holes = {gap.commissioner for gap in england.admissions.gaps}
    text = "month,commissioner,admissions\n" + "".join(
        f"{r['month']},{r['commissioner']},{june[r['commissioner']] if r['commissioner'] in holes and '2014-07' <= r['month'] <= '2015-03' else r['admissions']}\n"
        for r in rows
    )
    filled, _ = parse_admissions({**england_files, "admissions.csv": text.encode()}, england.places)
    areas = replace(
        house.areas, england=replace(house.areas.england, england=replace(england, admissions=filled))
    )
    other = House(areas, house.rulebook, house.journal, house.drafts, house.clock)
    paid = [
        sum(
            by_code(each.nation(RULES, Decimal("3.5")))[b].statement.money.paid
            for b in (BIRMINGHAM, SOLIHULL, STAFFORDSHIRE)
        )
        for each in (house, other)
    ]
    assert round(Decimal(paid[0] - paid[1]) / 10**8, 1) == Decimal("3.9")


def test_quarters_arrive_on_their_publication_dates(england: England) -> None:
    """A quarter is known from the day on which its last month was first published."""
    dates = [england.admissions.published_on(quarter) for quarter in AFTER]
    assert dates == [date(2015, 5, 15), date(2015, 8, 7), date(2015, 11, 13), date(2016, 2, 12)]
    assert AFTER[0] not in england.admissions.known_by(date(2015, 5, 14))
    assert AFTER[0] in england.admissions.known_by(date(2015, 5, 15))


def test_november_2012_is_fractional(england: England) -> None:
    """One trust's month of November 2012 is fractional, so counts are decimals; only England's total is kept of it."""
    assert england.admissions.monthly[NATION]["2012-11"] == Decimal("462003.1")
    assert {code for code, months in england.admissions.monthly.items() if "2012-11" in months} == {NATION}


def test_boards_before_april_2013_are_refused(england: England) -> None:
    """Admissions of a board before there were CCGs are refused, and so are those after the last quarter held."""
    with pytest.raises(Unusable, match=r"primary care trusts.*only England's totals"):
        england.admissions.of_board(SOLIHULL, Quarter(2012, 4))
    with pytest.raises(Unusable, match="held to 2015-16Q4"):
        england.admissions.of_board(SOLIHULL, Quarter(2016, 1))


def test_at_one_cut_59_boards_truly_fell(house: House) -> None:
    """Whatever the ambition, 59 boards had fewer admissions in the performance year than in the baseline."""
    assert house.nation(RULES, Decimal("3.07")).totals[0].fell == 59


def test_the_published_pot_of_253_million(house: House) -> None:
    """3.07% of 5,533,510 at 1,490 pounds is 253.1 million; the published pot was 253 million."""
    fund = house.nation(RULES, Decimal("3.07")).totals[0].fund
    assert round(Decimal(fund) / 10**8, 1) == Decimal("253.1")
    assert round(Decimal("0.0307") * 5_533_510 * 1490 / 10**6, 1) == Decimal("253.1")


def test_the_map_has_every_board(england: England) -> None:
    """151 hexagons of 2019 stand for the 150 boards; only Cornwall with Scilly has two."""
    boards = [hexagon.board for hexagon in england.hexagons]
    assert len(boards) == 151
    assert set(boards) == set(england.places.boards)
    assert [board for board in set(boards) if boards.count(board) == 2] == ["HWB_CS"]


@pytest.mark.parametrize("name", ["councils.csv", "admissions.csv", "known_gaps.csv", "hexmap.hexjson"])
def test_a_damaged_file_is_named(england_files: dict[str, bytes], name: str) -> None:
    """A file that differs by one byte from the one shipped is refused by name, with what to do; so is a missing one."""
    damaged = {**england_files, name: england_files[name][:-2] + b"9\n"}
    with pytest.raises(Unusable, match=rf"england/{name} is damaged: .* Install carepool again"):
        read_england(damaged)
    with pytest.raises(Unusable, match=f"england/{name} is missing"):
        read_england({file: content for file, content in england_files.items() if file != name})


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("admissions.csv", "2014-06,05P,2379", "2014-06,05P,2380", "in 2014-06 the parts are"),
        ("admissions.csv", "2014-06,05P,2379", "2014-06,05P,-2379", "below zero"),
        ("admissions.csv", "2014-06,05P,2379", "2014-06,05P,n/a", "is not a number"),
        ("admissions.csv", "2014-06,05P,2379", "2014-07,05P,2379", "reports 2014-07 twice"),
        ("admissions.csv", "2014-06,05P,2379", "2014-06,05Z,2379", "no commissioner that the register knows"),
        (
            "councils.csv",
            "E06000029,Poole,HWB_BP",
            "E06000029,Poole,E06000029",
            "150 are known|stands for no board|shares",
        ),
        (
            "ccg_people.csv",
            "09C,NHS Ashford CCG,E10000016,127527",
            "09C,NHS Ashford CCG,E99999999,127527",
            "is in no board",
        ),
        (
            "expected.csv",
            "admissions_baseline,5533510",
            "admissions_baseline,5533511",
            "where 5533511 are known",
        ),
        ("ccg_allocations.csv", "00C,2015-16,", "00C,2015-16,x", "no whole number"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(
    england_files: dict[str, bytes], name: str, old: str, new: str, says: str
) -> None:
    """Even with a digest put right, figures that do not add up or codes that do not fit stop the loading."""
    with pytest.raises(Unusable, match=says):
        read_england(edited(england_files, name, old, new))


def test_every_file_has_a_source_and_licence(england: England, england_files: dict[str, bytes]) -> None:
    """Each shipped file says where it is from, under which licence, and how many rows it has."""
    assert {source.file for source in england.sources} == set(england_files) - {
        "sources.csv",
        "HEXMAP-LICENCE.txt",
        "TRUST-PEOPLE-LICENCE.txt",
    }
    for source in england.sources:
        assert source.source
        assert source.licence in {"Open Government Licence v3.0", "MIT"}
        if source.file.endswith(".csv"):
            assert source.rows == len(england_files[source.file].splitlines()) - 1
