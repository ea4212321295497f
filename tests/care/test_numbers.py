"""How far an organisation's records are traced stands on a page, with what tracing left; a response is taken over whole or not at all."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from carepool.basics.refusals import Unusable
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Identity
from carepool.care.actions.recording import unlocked
from carepool.care.actions.standing import stream_of
from carepool.wiring.main import application

COUNCIL = "Illustrative County Council"
SENT = "local_id,nhs_number,family_name,given_name,date_of_birth,sex,postcode"
RETURNED = "local_id,outcome,nhs_number,family_name,given_name,date_of_birth,date_of_death"


def hand_in(tmp_path: Path, sent: list[str], response: list[str]) -> dict[str, object]:
    """Take over a response, and have what the command says."""
    for name, lines in (("sent.csv", [SENT, *sent]), ("response.csv", [RETURNED, *response])):
        (tmp_path / name).write_text("\n".join(lines))
    ask = ["care", "trace-in", str(tmp_path / "sent.csv"), str(tmp_path / "response.csv"), "--organisation", COUNCIL, "--json"]  # fmt: skip
    return json.loads(CliRunner().invoke(application(), ask, catch_exceptions=False).stdout)


def cells(who: Identity, local_id: str, number: str = "") -> str:
    """A row of the file that was sent."""
    return f"{local_id},{number},{who.family},{who.given},{who.born},{who.sex},{who.postcode}"


def test_a_response_verifies_what_agrees_and_leaves_the_rest_to_somebody(wing: CareHouse, come, invented: tuple[Identity, ...], tmp_path: Path):  # fmt: skip
    one, two = invented[8], invented[20]
    ids = [next(value for _, value in each.local_ids) for each in (one, two)]
    answer = hand_in(
        tmp_path, [cells(one, ids[0]), cells(two, ids[1])],
        [f"{ids[0]},matched,9990000018,{one.family},{one.given},{one.born},", f"{ids[1]},not_matched,,,,,"],
    )  # fmt: skip
    assert answer == {"records": 2, "changed": 2, "verified": 1, "waits": 1, "exceptions": {"not-matched": 1}}
    found = wing.people.person(one.person)
    assert (found.number, found.number_status) == ("9990000018", "01")
    (fact,) = unlocked(wing, one.person, wing.journal.read(stream_of(one.person))).facts
    assert (fact.kind, fact.body) == ("IdentityCorrected", {"fields": ["number"]})
    assert wing.people.person(two.person).number == two.number, "what is held is not taken away"
    page = come("social.worker").page("/numbers")
    assert "29 of 30 records have a verified number, 97%" in page.text
    rows = dict(zip(page.tables["statuses"].column("Code"), page.tables["statuses"].column("Records"), strict=True))  # fmt: skip
    assert (rows["01"], rows["04"]) == ("29", "1")
    assert page.tables["waits"].column("Record") == [ids[1]]
    assert "Nobody was found" in page.text
    assert two.family not in page.text
    assert come("governance.lead").page("/numbers").text.count(ids[1]) == 1
    assert ids[1] not in come("ward.nurse").page("/numbers").text
    # The next response has nothing to say of them, and nothing waits any more.
    hand_in(tmp_path, [cells(two, ids[1])], [f"{ids[1]},matched,9990000026,{two.family},{two.given},{two.born},"])  # fmt: skip
    assert "Nothing." in come("social.worker").page("/numbers").text


def test_a_response_about_records_that_were_never_taken_in_changes_nothing(wing: CareHouse, invented: tuple[Identity, ...], tmp_path: Path):  # fmt: skip
    one = invented[8]
    local_id = one.local_ids[0][1]
    with pytest.raises(Unusable, match=r"never taken in from Illustrative County Council, the first is X-1"):
        hand_in(
            tmp_path, [cells(one, local_id), cells(one, "X-1")],
            [f"{local_id},matched,9990000018,{one.family},{one.given},{one.born},"],
        )  # fmt: skip
    assert wing.people.person(one.person) == one


def test_nobody_else_has_the_page(come):
    for handle in ("person", "carer", "commissioner"):
        assert come(handle).status("/numbers") == 404
    assert "No record here is known" in come("ward.nurse").page("/numbers").text


def test_a_number_that_comes_to_stand_on_two_records_makes_a_pair_for_a_reviewer(wing: CareHouse, come, invented: tuple[Identity, ...], tmp_path: Path):  # fmt: skip
    one, two = invented[8], invented[20]
    local_id = one.local_ids[0][1]
    hand_in(tmp_path, [cells(one, local_id)], [f"{local_id},matched,{two.number},{one.family},{one.given},{one.born},"])  # fmt: skip
    (pair,) = wing.people.pairs_of(two.person)
    assert (set(pair.people), pair.rule, pair.state.value) == ({one.person, two.person}, "nhs_number alone", "waits")  # fmt: skip
    social, typed = come("social.worker"), invented[2]
    fields = {"given": typed.given, "family": typed.family, "born": f"{typed.born}", "sex": typed.sex, "address": typed.address, "postcode": typed.postcode}  # fmt: skip
    path = f"/people/{typed.person}/details"
    assert social.send(path, key="n1", act="correct", **fields, number=two.number).status_code == 302
    assert len(wing.people.pairs_of(two.person)) == 2
