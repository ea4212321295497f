"""Taking in an organisation's records: a rule joins what has the number and something else, and the rest waits for a reviewer."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from carepool.basics.refusals import Unusable
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Identity
from carepool.care.actions.taking_in import Match, take_in
from carepool.care.people.pairs import State
from carepool.care.people.tracing import Local
from carepool.wiring.main import application

TRUST = "Illustrative Hospital NHS Trust"


def record(local_id: str, who: Identity) -> Local:
    """Somebody as the trust has them."""
    return Local(local_id, who.number, who.family, who.given, who.born, who.sex, who.postcode, "not_traced")


def found(wing: CareHouse, local_id: str) -> str:
    """The record of what the trust calls so."""
    return wing.people.by_local_ids(TRUST, [local_id])[local_id]


def test_one_rule_joins_one_record_to_one_person_and_all_else_waits(wing: CareHouse, invented: tuple[Identity, ...]):  # fmt: skip
    batch = [record(f"T{n}", who) for n, who in enumerate(invented[10:15])]
    rule = "nhs_number+date_of_birth"
    matches = [
        Match(invented[10].person, "T0", 1.0, rule, False),
        # Somebody of the same household is read beside, and keeps nothing from being joined.
        Match(invented[9].person, "T0", 0.4, "weight 8.1", True),
        # Two records that are one person's by the same rule: somebody reads both.
        Match(invented[11].person, "T1", 1.0, rule, False),
        Match(invented[11].person, "T2", 1.0, rule, False),
        Match(invented[13].person, "T3", 0.9999, "weight 24.0", False),
        Match(invented[14].person, "T4", None, "nhs_number alone", True),
    ]
    before = wing.people.count()
    taken = take_in(wing, TRUST, batch, matches)
    assert (taken.records, taken.known, taken.joined, taken.queued) == (5, 0, 1, 5)
    assert wing.people.count() == before + 5
    assert wing.people.records_of(found(wing, "T0")) == (invented[10].person, found(wing, "T0"))
    for each in ("T1", "T2", "T3", "T4"):
        assert wing.people.records_of(found(wing, each)) == (found(wing, each),)
    assert len(wing.people.pairs([State.WAITS], 50)) == 2 + 5
    again = take_in(wing, TRUST, batch, matches)
    assert (again.records, again.known, again.joined, again.queued) == (0, 5, 0, 0)


def test_the_command_links_a_batch_and_says_what_came_of_it(wing: CareHouse, invented: tuple[Identity, ...], tmp_path: Path, come):  # fmt: skip
    same, spelled, refused = invented[10], invented[12], invented[14]
    rows = [
        ("T1", same.number, same.family, same.given, same.born, same.sex, same.postcode),
        ("T2", "", f"{spelled.family[:-1]}x", spelled.given, spelled.born, spelled.sex, spelled.postcode),
        ("T3", "", "Neverseen", "Nobody", "1961-02-03", "M", "ZZ98 1AA"),
        ("T4", "9990000027", refused.family, "Else", "1930-01-01", refused.sex, ""),
    ]
    file = tmp_path / "batch.csv"
    lines = ["local_id,nhs_number,family_name,given_name,date_of_birth,sex,postcode"]
    file.write_text("\n".join(lines + [",".join(map(str, each)) for each in rows]))
    ask = ["care", "take-in", str(file), "--organisation", TRUST, "--json"]
    ran = CliRunner().invoke(application(), ask, catch_exceptions=False)
    answer = json.loads(ran.stdout)
    assert answer == {"records": 4, "known": 0, "joined": 1, "queued": 1, "exceptions": {"number-refused": 1}}
    assert wing.people.person(found(wing, "T1")).into == same.person
    assert wing.people.person(found(wing, "T4")).number is None
    text = come("ward.nurse").page("/pairs").text
    assert "nearly all are of one person" in text[: text.index("Passed on")]


def test_an_organisation_of_which_nobody_has_an_account_is_refused(wing: CareHouse, tmp_path: Path):
    file = tmp_path / "batch.csv"
    file.write_text("local_id\n")
    ask = ["care", "take-in", str(file), "--organisation", "Illustrativ Hospital NHS Trust"]
    with pytest.raises(Unusable, match="Did you mean Illustrative Hospital NHS Trust"):
        CliRunner().invoke(application(), ask, catch_exceptions=False)


def test_in_production_nobody_invented_is_taken_in(wing: CareHouse, invented: tuple[Identity, ...]):
    taken = take_in(replace(wing, production=True), TRUST, [record("T9", invented[1])], [])
    assert taken.records == 1
    assert not wing.people.person(found(wing, "T9")).demonstration
