"""Beds and money of fewer admissions: by trust and by board, from KH03, admissions and delays, each step shown.

``carepool capacity --trust RWE --reduce 3.5 --json`` gives the beds by board, the remainder named, and what is stranded.
"""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from carepool.actions.hospitals import Given, about_board, about_trust, read_flows, trusts_named
from carepool.actions.house import House
from carepool.basics.canonical import Digest
from carepool.basics.money import round_half_up
from carepool.basics.refusals import NotHere, Unusable
from carepool.measures.beds import NAMES, as_written
from carepool.render import capacity_answers as answers
from tests.spec.test_commands import Run, run  # noqa: F401  (a fixture)

TITLE = "Beds of fewer admissions"
CUT = Given(Decimal("3.5"))


def test_beds_are_admissions_times_stay_divided_by_occupancy(house: House) -> None:
    """Leicester's hospitals: each board's beds follow from the figures shown, add to all, and the wards leave a remainder."""
    at = about_trust(house, "RWE", CUT).at
    assert at
    assert [each.board for each in at.parts] == ["E10000018", "E06000016"]
    for each in at.parts:
        by_hand = at.avoided(each) * 5 / 365 / (at.occupancy / 100)
        assert at.freed(each) == round_half_up(by_hand, 2)
    assert sum(at.freed(each) for each in at.parts) == at.all_freed == Decimal("44.33")
    assert (at.wards, at.closing, at.all_freed - at.closing) == (1, 28, Decimal("16.33"))
    # Beds are KH03's mean over the nights of the four quarters.
    rows = {"2013-14Q4": 90, "2014-15Q1": 91, "2014-15Q2": 92, "2014-15Q3": 92}
    assert at.days == sum(rows.values()) == 365


def test_every_working_adds_up(house: House) -> None:
    """The beds in use are emergencies and a named remainder; what is stranded is the price less what goes."""
    found = about_trust(house, "RWE", CUT)
    beds, use, money, balance = answers.workings(found)
    assert beds.steps[-2].value + beds.steps[-1].value == beds.value  # type: ignore[operator]
    assert use.steps[1].value + use.steps[2].value == use.value  # type: ignore[operator]
    assert "remainder" in beds.steps[-1].says.casefold()
    assert "remainder" in use.steps[2].says.casefold()
    assert sum(each.value for each in money.steps) == money.value  # type: ignore[misc]
    assert balance.steps[2].value - balance.steps[1].value == balance.value  # type: ignore[operator]
    assert any("proxy" in each for each in beds.rests_on)


def test_a_board_s_admissions_go_to_its_trusts_and_the_rest_is_named(house: House) -> None:
    """Kent's 5,178.3 avoided are all at trusts with beds but for what rounding leaves; they are worth 1,490 pounds each."""
    found = about_board(house, "E10000016", CUT)
    assert found.avoided == Decimal("5178.3")
    assert sum(each.all_avoided for each in found.trusts) + found.elsewhere == found.avoided
    assert abs(found.elsewhere) < 1
    assert found.payment == 771_566_700
    assert found.trusts[0].beds.trust == "RVV"


def test_flows_that_are_entered_stand_in_the_place_of_the_proxy(house: House) -> None:
    """Of the boards in the file alone; the answer says which, and what is not entered is in the remainder."""
    flows = read_flows(house, "f.csv", b"board,trust,share\nE10000016,RVV,60%\n")
    found = about_board(house, "E10000016", Given(Decimal("3.5"), flows=flows))
    assert [each.beds.trust for each in found.trusts] == ["RVV"]
    assert found.elsewhere == found.avoided - round_half_up(
        found.admissions * Decimal("0.6") * Decimal("0.035"), 1
    )
    assert "Flows of these boards are those entered: E10000016." in found.rests_on


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("E10000016,RVV,60\nE10000016,RWF,50", "come to more than 100 per cent"),
        ("E10000016,RVV,60\nE10000016,RVV,5", "twice"),
        ("E10000016,RVV,lots", "is no share"),
        ("E10000016,XXX,5", "There is no trust"),
        ("E1000016,RVV,5", "Did you mean E10000016?"),
        ("", "has no rows"),
    ],
)
def test_flows_that_cannot_be_used_are_refused(house: House, content: str, says: str) -> None:
    """With the row and what to do."""
    with pytest.raises(Unusable, match=says.replace("?", r"\?")):
        read_flows(house, "f.csv", f"board,trust,share\n{content}\n".encode())


def test_a_trust_that_became_part_of_another_is_counted_in_it(house: House) -> None:
    """Central Manchester (RW3) is answered as Manchester University (R0A), with the beds of both that it was made of."""
    found = about_trust(house, "RW3", CUT)
    assert found.code == "R0A"
    assert found.at == about_trust(house, "r0a", CUT).at


@pytest.mark.slow
def test_a_trust_has_the_name_that_its_return_gives(house: House) -> None:
    """KH03's names, read as people write them; in a vintage without them a trust is its code and the board it mostly serves."""
    assert about_trust(house, "RWE", CUT).name == "University Hospitals of Leicester NHS Trust"
    assert about_board(house, "E10000016", CUT).names["RJZ"] == "King's College Hospital NHS Foundation Trust"
    assert (
        as_written("WRIGHTINGTON, WIGAN AND LEIGH NHS FOUNDATION TRUST")
        == "Wrightington, Wigan and Leigh NHS Foundation Trust"
    )
    assert (
        as_written("Royal Surrey County NHS Foundation Trust") == "Royal Surrey County NHS Foundation Trust"
    )
    named = dict(trusts_named(house))
    assert named["RWE"] == "University Hospitals of Leicester NHS Trust (RWE)"
    assert not [each for each in named.values() if each.startswith("Trust ")]
    england = house.areas.england.england
    before = replace(england, digest=Digest("0" * 64), series={name: each for name, each in england.series.items() if name != NAMES})  # fmt: skip
    older = replace(house, areas=replace(house.areas, england=replace(house.areas.england, england=before)))
    assert about_trust(older, "RWE", CUT).name == "Trust RWE (mostly Leicester)"


def test_the_illustrative_county_says_that_it_is(house: House) -> None:
    """Its trust serves its three boards wholly, with the beds of real trusts."""
    found = about_trust(house, "ZZT", CUT)
    assert found.illustrative
    assert found.at
    assert sorted(each.board for each in found.at.parts) == ["ZZ1", "ZZ2", "ZZ3"]
    assert any("Illustrative county" in each for each in found.rests_on)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"price": "999999999"}, "999,999,999 pounds cannot be meant"),
        ({"price": "0"}, "cannot be meant"),
        ({"price": "10.001"}, "no whole number of pence"),
        ({"stay": "0"}, "0 days cannot be meant"),
        ({"stay": "1000"}, "cannot be meant"),
        ({"occupancy": "0"}, "Write one above 0"),
        ({"occupancy": "100.1"}, "at most 100"),
        ({"marginal_rate": "-1"}, "cannot be meant"),
        ({"ward_beds": "0"}, "cannot be meant"),
    ],
)
def test_what_cannot_be_meant_is_refused(house: House, values: dict[str, str], says: str) -> None:
    """Absurd cost, a stay of zero: one sentence each."""
    with pytest.raises(Unusable, match=says):
        about_trust(house, "RWE", Given(CUT.cut, {name: Decimal(each) for name, each in values.items()}))


def test_doubtful_questions_are_findings(house: House) -> None:
    """A trust without beds, parts of a cost above the whole, emergencies that would not fit: one finding each."""
    none = about_trust(house, "RWE", Given(CUT.cut, beds=(Decimal(0), Decimal(0))))
    assert none.at is None
    assert [each.code for each in none.findings] == ["no-beds"]
    high = {"variable_share": Decimal(60), "ward_share": Decimal(60)}
    assert [each.code for each in about_trust(house, "RWE", Given(CUT.cut, high)).findings] == [
        "parts-above-whole"
    ]
    long = about_trust(house, "RWE", Given(CUT.cut, {"stay": Decimal(10)}))
    assert [each.code for each in long.findings] == ["more-than-occupied"]
    with pytest.raises(NotHere, match="There is no trust “RWQQ”"):
        about_trust(house, "RWQQ", CUT)


def test_nothing_avoided_frees_nothing(house: House) -> None:
    """A cut of zero is an answer, and so is one of all."""
    nothing = about_trust(house, "RWE", Given(Decimal(0))).at
    assert nothing
    assert (nothing.all_freed, nothing.full_price, nothing.stranded) == (0, 0, 0)
    everything = about_trust(house, "RWE", Given(Decimal(100))).at
    assert everything
    assert everything.all_avoided == everything.admissions


@pytest.mark.slow
def test_the_command_answers_by_trust_or_by_board(run: Run) -> None:
    """As text and as JSON; exit 1 for no beds, 2 for what cannot be used."""
    code, out, _ = run("capacity", "--trust", "RWE", "--reduce", "3.5", "--json")
    assert code == 0
    data = json.loads(out)
    assert (data["trust"], data["beds"], data["remainder_beds"]) == ("RWE", 44.33, 16.33)
    assert sum(each["beds"] for each in data["boards"]) == pytest.approx(data["beds"])
    money = data["money"]
    assert (
        money["full_price_pence"]
        == money["gone_with_patients_pence"] + money["gone_with_wards_pence"] + money["stranded_pence"]
    )
    _, text, _ = run("capacity", "--board", "E10000016", "--reduce", "3.5")
    assert "Performance payment, where the cut is delivered in full: £7,715,667" in text
    assert "The remainder" in text
    code, out, _ = run(
        "capacity", "--trust", "RWE", "--reduce", "3.5", "--beds", "0", "--occupied", "0", "--json"
    )
    assert code == 1
    assert json.loads(out)["findings"][0]["code"] == "no-beds"
    for words in (
        ("--trust", "XXX", "--reduce", "3.5"), ("--trust", "RWE", "--reduce", "101"), ("--trust", "RWE", "--reduce", "-1"),
        ("--trust", "RWE", "--board", "ZZ1", "--reduce", "1"), ("--reduce", "1"), ("--trust", "RWE", "--reduce", "1", "--stay", "long"),
        ("--trust", "RWE", "--reduce", "1", "--beds", "10"), ("--trust", "RWE", "--reduce", "1", "--beds", "10", "--occupied", "20"),
    ):  # fmt: skip
        code, _, err = run("capacity", *words)
        assert code == 2, words
        assert err.count("\n") == 1, err
