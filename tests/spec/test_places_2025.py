"""Places of 2025: boards, councils and integrated care boards, beside those of 2015 and without touching them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from carepool.actions.england import ICBS, read_england
from carepool.actions.house import House
from carepool.actions.nation import RULES
from carepool.basics.refusals import NotHere, Unusable
from carepool.places.bodies import BodyKind
from carepool.places.england import Places
from carepool.places.icbs import COUNCILS, PEOPLE, parse_icb_places
from carepool.rules.rulebook import RuleSet
from carepool.wiring import disk
from tests.spec.test_commands import Run, run
from tests.spec.test_plans import OPEN

__all__ = ["run"]

RULES_2025 = "bcf-2025-26"
KENT, NORTH_YORKSHIRE, CORNWALL = "E10000016", "E06000065", "HWB_CS"


@pytest.fixture
def places(house: House) -> Places:
    """The places of 2025."""
    return house.areas.real(ICBS).england.places


@pytest.fixture
def rules(house: House) -> RuleSet:
    """The rules of 2025-26."""
    return house.rulebook.named(RULES_2025)


def test_the_register_holds_what_it_is_known_to_hold(places: Places) -> None:
    """152 boards of 153 councils, 42 integrated care boards, and 62,154,644 people in rows that are each rounded."""
    assert (len(places.boards), len(places.council_boards), len(places.ccgs)) == (152, 153, 42)
    assert sum(share.people for share in places.shares) == 62_154_644
    assert {share.ccg for share in places.shares} == set(places.ccgs)
    assert len({board.region for board in places.boards.values()}) == 9


def test_councils_that_began_since_2015_have_the_people_of_their_districts(places: Places) -> None:
    """North Yorkshire is one council with people of three integrated care boards; the county that it replaced is gone."""
    people = {share.ccg: share.people for share in places.by_board[NORTH_YORKSHIRE]}
    assert people == {"QE1": 7_391, "QOQ": 558_115, "QWO": 25_476}
    for begun, ended in {
        "E06000063": "E10000006",
        "E06000064": "E10000006",
        NORTH_YORKSHIRE: "E10000023",
        "E06000066": "E10000027",
    }.items():
        assert begun in places.boards
        with pytest.raises(NotHere):
            places.board(ended)
    somerset = places.by_board["E06000066"][0]
    assert (somerset.ccg, somerset.people) == ("QSL", somerset.of_ccg)


def test_cornwall_and_the_isles_of_scilly_share_a_board(places: Places) -> None:
    """As in 2015; either council's own code is refused with the board's."""
    assert [council.code for council in places.board(CORNWALL).councils] == ["E06000052", "E06000053"]
    with pytest.raises(NotHere, match=f"Use the board's code, {CORNWALL}"):
        places.board("E06000053")


def test_an_unknown_board_is_refused_with_the_nearest_and_the_right_list(house: House) -> None:
    """The refusal names the nearest board of the register that was asked, and where its 152 boards are listed."""
    with pytest.raises(NotHere, match=rf"Did you mean {KENT}\? The page that starts a plan lists all 152"):
        house.areas.of_board("E1000016", ICBS)
    with pytest.raises(NotHere, match=r"carepool boards”, list all 150"):
        house.areas.of_board("E1000016")


def test_commissioners_of_2025_are_icbs(house: House, places: Places) -> None:
    """A body's id and its words name its kind; Kent's council and board have one id in both registers."""
    assert places.commissioner is BodyKind.ICB
    assert (BodyKind.ICB.word, BodyKind.ICB.a_word, BodyKind.ICB.words) == ("ICB", "an ICB", "ICBs")
    assert house.areas.body("icb:QKS").name == "NHS Kent and Medway ICB"
    assert house.areas.body(f"council:{KENT}") in places.bodies
    assert house.areas.body(f"board:{KENT}") in house.england.places.bodies
    assert not [body for body in places.bodies if body.kind is BodyKind.CCG]
    with pytest.raises(NotHere, match="icb:QE1"):
        house.areas.body("icb:QQQ")


def test_the_places_of_2015_are_as_they_were(house: House) -> None:
    """Whoever does not ask for another register is answered from that of 2015."""
    places = house.england.places
    assert (len(places.boards), places.commissioner) == (150, BodyKind.CCG)
    assert house.areas.of_board("E10000006") is house.areas.england
    assert house.areas.of_board("ZZ1") is house.areas.county
    assert not [body for body in places.bodies if body.kind is BodyKind.ICB]


def test_the_area_of_a_plan_follows_from_its_rules_and_its_boards(house: House) -> None:
    """Kent is a board of both registers: the rules say which is meant."""
    assert house.areas.of_boards((KENT,), house.rulebook.named(RULES).about.places) is house.areas.england
    assert house.areas.of_boards((KENT,), house.rulebook.named(RULES_2025).about.places).register == ICBS
    with pytest.raises(Unusable, match="not held here; held are"):
        house.areas.real("england-1948")


def test_the_illustrative_county_is_for_rules_of_2015(house: House) -> None:
    """Its boards under rules for other places are refused in a sentence that says what to do."""
    with pytest.raises(Unusable, match=r"ZZ1 is a board of the illustrative county.* or a real board"):
        house.areas.of_boards(("ZZ1",), ICBS)
    assert [area.illustrative for area in house.areas.of_places(ICBS)] == [False]
    assert [area.illustrative for area in house.areas.of_places("england-2015")] == [True, False]


def test_rules_share_their_pot_in_their_own_places(house: House, rules: RuleSet) -> None:
    """The pot of 2025-26 goes to 152 boards and comes from 42 integrated care boards, to the penny."""
    found = house.allocation(RULES_2025)
    assert len(found.by_board()) == 152
    assert len(found.contributions()) == 42
    assert found.total == rules.composition.total
    assert len(house.allocation(RULES).by_board()) == 150


def test_weighted_people_stand_for_allocation_and_need(house: House) -> None:
    """Each row's weighted people count once for the integrated care board and once for the board that they live in."""
    needs = house.areas.real(ICBS).england.needs
    assert sum(needs.ccg_allocation.values()) == sum(needs.board_need.values()) == 62_154_636
    assert needs.board_need[CORNWALL] == needs.ccg_allocation["QT6"] == 667_341 + 1_979


def test_no_admissions_are_held_on_bodies_of_2025(house: House) -> None:
    """Nothing of 2015 is shown in their name."""
    admissions = house.areas.real(ICBS).england.admissions
    assert admissions.monthly == {}
    assert admissions.known_by(house.today) == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b",E10000016,1675922,", b",E10000099,1675922,", "council E10000099 is not in councils_2025.csv"),
        (b",E10000016,1675922,", b",E10000016,1675922.5,", "are not whole numbers"),
        (b",E10000016,1675922,", b",E10000016,-1,", "are not whole numbers"),
    ],
)
def test_a_row_that_cannot_be_used_is_a_finding(
    england_files: dict[str, bytes], old: bytes, new: bytes, says: str
) -> None:
    """It blocks, with file, row and remedy."""
    assert old in england_files[PEOPLE]
    _, _, findings = parse_icb_places(england_files | {PEOPLE: england_files[PEOPLE].replace(old, new)})
    assert says in findings[0].says
    assert findings[0].where.startswith(f"{PEOPLE}/")


def test_a_vintage_from_before_is_read_as_it_was(england_files: dict[str, bytes]) -> None:
    """A database that was loaded before the register was there answers for 2015, and says what to do for 2025."""
    ours = {PEOPLE, COUNCILS}
    before = {name: content for name, content in england_files.items() if name not in ours}
    for name, drop in (("sources.csv", [each.encode() for each in ours]), ("expected.csv", [b"_2025,"])):
        lines = before[name].splitlines(keepends=True)
        before[name] = b"".join(line for line in lines if not any(each in line for each in drop))
    before["sources.csv"] = _with_digest(before, "expected.csv")
    england = read_england(before)
    assert england.later == {}
    assert len(england.places.boards) == 150
    with pytest.raises(Unusable, match="carepool prepare"):
        replace(disk.areas(england)).real(ICBS)


def _with_digest(files: dict[str, bytes], name: str) -> bytes:
    import csv
    import hashlib
    import io

    rows = list(csv.DictReader(io.StringIO(files["sources.csv"].decode())))
    for row in rows:
        if row["file"] == name:
            row["sha256"] = hashlib.sha256(files[name]).hexdigest()
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def plan_of_kent() -> dict[str, object]:
    """A whole plan of Kent for 2025-26, as JSON."""
    money = {"source": "nhs_minimum", "contributor": "QKS"}
    return {
        "rules": RULES_2025,
        "title": "Kent 2025-26",
        "parties": {"boards": [KENT], "councils": [KENT], "ccgs": ["QKS"], "host": KENT},
        "schemes": {"schemes": [{"id": "S1", "name": "Home first"}]},
        "sources": {"sources": [{**money, "year_2": "£150,000,000"}]},
        "spend": {"spend": [{"scheme": "S1", "commissioner": KENT, "year_2": "150000000"}]},
    }


def test_a_plans_file_is_checked_by_the_command(run: Run, tmp_path: Path) -> None:
    """``carepool plan check FILE`` knows the bodies of 2025: no finding blocks, and none asks for a target."""
    file = tmp_path / "kent.json"
    file.write_text(json.dumps(plan_of_kent()))
    code, out, _ = run("plan", "check", str(file), "--json")
    data = json.loads(out)
    assert code == 0, out
    assert len(data["plan"]) == 64
    assert {finding["code"] for finding in data["findings"]} - OPEN <= {"below-minimum"}


def test_a_plans_file_for_the_county_of_2015_is_refused(run: Run, tmp_path: Path) -> None:
    """A county board under rules of 2025 is a sentence and an exit code, not a traceback."""
    data = plan_of_kent() | {"parties": {"boards": ["ZZ1"]}}
    file = tmp_path / "county.json"
    file.write_text(json.dumps(data))
    code, _, err = run("plan", "check", str(file))
    assert code == 2
    assert "illustrative county" in err
