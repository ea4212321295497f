"""A FHIR bundle is held whole through the wing's actions, once however often it comes, and goes out again as it came in."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from typer.testing import CliRunner, Result

from carepool.care.actions.caring import care
from carepool.care.actions.demonstration import PLAYERS
from carepool.care.actions.house import CareHouse
from carepool.care.actions.named import identity_from, not_held, person_from
from carepool.care.actions.opening import access_log
from carepool.care.actions.ports import Identity
from carepool.care.actions.receiving import Coming, Received, receive
from carepool.care.actions.sending import Sent, send
from carepool.care.cli.fhir import add_fhir
from carepool.care.fhir.writing import bundle_of, bundle_of_person
from carepool.care.people.person import Person
from carepool.care.planning.plan import PlanFile
from tests.property.plan_files import files, people
from tests.spec.test_fhir import FILE

COUNCIL = "Illustrative County Council"
SOCIAL, NURSE, GUARDIAN = (next(each.role for each in PLAYERS if each.handle == handle) for handle in ("social.worker", "district.nurse", "governance.lead"))  # fmt: skip
Run = Callable[..., Result]


@pytest.fixture
def run(wing: CareHouse) -> Run:
    """“carepool fhir” on the wing of this test."""
    app = typer.Typer()
    add_fhir(app, lambda: False, lambda: wing)
    return lambda *words: CliRunner().invoke(app, ["fhir", *words])


def written(folder: Path, bundle: object) -> str:
    file = folder / "bundle.json"
    file.write_text(json.dumps(bundle))
    return str(file)


def took_in(run: Run, folder: Path, bundle: object, *, by: str = "social.worker") -> dict[str, Any]:
    done = run("import", written(folder, bundle), "--as", by, "--json")
    assert done.exit_code in {0, 1}, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    assert (done.exit_code == 0) == bool(found["stored"])
    return found


def everything(wing: CareHouse) -> tuple[object, ...]:
    """What would show that something was written."""
    return wing.people.count(), {each: wing.journal.version(each) for each in wing.journal.streams("person/")}


def test_a_bundle_is_held_and_goes_out_as_it_came_in(wing: CareHouse, run: Run, tmp_path: Path):
    came = bundle_of(FILE)
    found = took_in(run, tmp_path, came)
    person = found["stored"]["person"]
    assert {each["outcome"] for each in found["entries"]} == {"held"}
    held = wing.people.person(person)
    assert held and (held.name, held.number, held.telephone, held.local_ids) == ("Ada Mary Example", "9990000018", "01632 960001", ((COUNCIL, "7f3a"),))  # fmt: skip
    out = run("export", person, "--as", "social.worker", "--to", COUNCIL)
    assert json.loads(out.stdout) == json.loads(json.dumps(came))
    (_, shared) = access_log(wing, person)[0].looks
    assert (shared.kind, shared.purpose, shared.to, shared.by) == ("Shared", "direct_care", COUNCIL, "care-1")


def test_coming_again_changes_nothing_and_a_later_version_stands_in_place_of_the_first(
    wing: CareHouse, run: Run, tmp_path: Path
):
    first = took_in(run, tmp_path, bundle_of(FILE))["stored"]
    before = everything(wing)
    again = took_in(run, tmp_path, bundle_of(FILE))["stored"]
    assert (again["person"], set(again["did"].values())) == (first["person"], {"unchanged"})
    assert everything(wing) == before
    later = FILE.model_copy(update={"plan": FILE.plan.model_copy(update={"title": "Home for good"})})
    changed = took_in(run, tmp_path, bundle_of(later))["stored"]
    assert changed["did"] == {"person": "unchanged", "plan": "changed", "team": "unchanged"}
    # The first version, once more: it would undo what was changed since.
    stale = took_in(run, tmp_path, bundle_of(FILE))
    assert stale["stored"] is None
    (plan,) = [each for each in stale["entries"] if each["resource"] == "CarePlan"]
    assert "changed here since" in plan["operation_outcome"]["issue"][0]["diagnostics"]
    assert len(care(wing, first["person"]).plans) == 2


def test_what_a_number_alone_would_join_is_refused_and_nothing_is_half_written(
    wing: CareHouse, run: Run, tmp_path: Path, invented: tuple[Identity, ...]
):
    who = invented[2]
    bundle = deepcopy(json.loads(json.dumps(bundle_of(FILE))))
    bundle["entry"][0]["resource"]["identifier"][0]["value"] = who.number
    before = everything(wing)
    found = took_in(run, tmp_path, bundle)
    patient, *others = found["entries"]
    (issue,) = patient["operation_outcome"]["issue"]
    assert (patient["outcome"], issue["expression"]) == ("refused", ["Patient.identifier[0].value"])
    assert "Nothing is joined silently" in issue["diagnostics"]
    assert who.name not in json.dumps(found)
    assert {each["outcome"] for each in others} == {"left out"}
    assert everything(wing) == before


def test_a_person_who_is_here_is_known_by_number_date_of_birth_and_name(
    wing: CareHouse, invented: tuple[Identity, ...]
):
    who = invented[2]
    theirs = person_from(who, "their-own-id")
    assert isinstance(theirs, Person)
    moved = theirs.model_copy(update={"address": ("1 New Row",), "given_names": ("Another",)})
    came = receive(wing, SOCIAL, Coming(moved))
    assert isinstance(came, Received)
    assert (came.person, came.did) == (who.person, {"person": "changed"})
    assert wing.people.person(who.person).address == "1 New Row"
    assert (COUNCIL, "their-own-id") in wing.people.person(who.person).local_ids


def test_who_is_not_in_the_team_takes_in_nothing_and_the_person_reads_that_they_tried(
    wing: CareHouse, invented: tuple[Identity, ...]
):
    who = next(each for at, each in enumerate(invented[:24]) if at % 2 == 0 and at % 3)
    (kept,) = receive(wing, NURSE, Coming(person_from(who, "x1")))
    assert kept.field == "id"
    assert access_log(wing, who.person)[0].looks[-1].by == NURSE.account
    (kept,) = receive(wing, GUARDIAN, Coming(person_from(who, "x1")))
    assert "Only a practitioner" in kept.says


def test_what_is_written_out_of_the_demonstration_comes_back_unchanged(
    wing: CareHouse, run: Run, tmp_path: Path, invented: tuple[Identity, ...]
):
    who = invented[0]
    out = run("export", who.number, "--born", f"{who.born}", "--as", "social.worker")
    assert out.exit_code == 0, out.output
    bundle = json.loads(out.stdout)
    (team,) = [each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == "CareTeam"]
    assert [each["member"]["display"] for each in team["participant"] if "extension" in each] == [
        "Wanda Workaday"
    ]
    assert [each.purpose for each in access_log(wing, who.person)[0].looks] == ["direct_care"]
    came = took_in(run, tmp_path, bundle)["stored"]
    assert came["person"] == who.person
    assert came["did"] == {"person": "unchanged", "plan": "unchanged", "team": "made"}
    assert json.loads(run("export", who.person, "--as", "social.worker").stdout) == bundle


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["NUMBER"], "--as"),
        (["NUMBER", "--as", "social.worker"], "A number alone finds nobody"),
        (["REF", "--as", "nobody"], "Nobody signs in"),
        (["REF", "--as", "social.worker", "--purpose", "curiosity"], "is no purpose"),
        (["REF", "--as", "commissioner"], "cannot"),
        (["REF", "--as", "social.worker", "--purpose", "carers_assessment"], "may not be seen"),
        (["p0", "--as", "social.worker"], "no such person"),
    ],
)
def test_what_may_not_go_out_says_why(run: Run, invented: tuple[Identity, ...], words: list[str], says: str):
    who = invented[0]
    done = run("export", *({"NUMBER": who.number, "REF": who.person}.get(each, each) for each in words))
    assert done.exit_code != 0
    if says != "cannot":
        assert says in str(done.exception)
    assert done.stdout == ""


@settings(max_examples=50)
@given(people())
def test_who_comes_in_goes_out_the_same_or_the_field_is_named(wing_of_nobody: CareHouse, person: Person):
    identity = identity_from(wing_of_nobody, person, "p1", COUNCIL)
    if not not_held(person, identity):
        assert person_from(identity, person.id) == person


@pytest.fixture(scope="module")
def wing_of_nobody(prepared: CareHouse) -> CareHouse:
    """A wing that is asked only whether it is in production."""
    return prepared


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(files())
def test_any_file_that_is_held_goes_out_as_it_came_in(wing: CareHouse, file: PlanFile):
    came = receive(wing, SOCIAL, Coming(file.person, file.plan, file.team))
    if isinstance(came, Received):
        sent = send(wing, SOCIAL, came.person, "direct_care", {}, COUNCIL)
        assert isinstance(sent, Sent)
        assert sent.file == file


def test_a_person_without_a_plan_is_held_and_goes_out(wing: CareHouse, run: Run, tmp_path: Path):
    alone = Person(id="m-1", given_names=("Mary Ann",), family_name="Example", born=date(1931, 5, 2), address=("Flat 2, 1 Row", "Carrowby"))  # fmt: skip
    found = took_in(run, tmp_path, bundle_of_person(alone))["stored"]
    assert found["did"] == {"person": "made"}
    out = run("export", found["person"], "--as", "social.worker", "--to", COUNCIL)
    assert json.loads(out.stdout) == json.loads(json.dumps(bundle_of_person(alone)))
    assert took_in(run, tmp_path, bundle_of_person(alone))["stored"]["did"] == {"person": "unchanged"}
    assert wing.people.person(found["person"]).number_status == "03"


def test_an_account_of_the_wing_is_needed(run: Run, tmp_path: Path):
    judged = run("import", written(tmp_path, bundle_of(FILE)))
    assert judged.exit_code == 0
    assert "can be held" in judged.stdout and "--as" in judged.stdout


def test_two_records_that_were_joined_are_one_person_to_whom_a_bundle_comes(wing: CareHouse, run: Run, tmp_path: Path):  # fmt: skip
    came = bundle_of(FILE)
    first = wing.people.person(took_in(run, tmp_path, came)["stored"]["person"])
    assert first
    again = replace(first, person="pagain0000000001", local_ids=(("Illustrative Hospital NHS Trust", "T-1"),))
    wing.vault.make(again.person)
    wing.people.put(again)
    assert took_in(run, tmp_path, came)["stored"] is None, (
        "two records that agree: whose it is cannot be told"
    )
    wing.people.stand_for(again.person, first.person)
    assert took_in(run, tmp_path, came)["stored"]["person"] == first.person
