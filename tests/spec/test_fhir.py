"""A person's plan in and out as FHIR R4: ``carepool fhir export PLAN.json`` and ``carepool fhir import BUNDLE.json --json``.

Each entry of a Bundle gets an OperationOutcome. What cannot be held is refused and named by its path, never dropped. Everybody here is fictitious.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from carepool.basics.refusals import Unusable
from carepool.care.fhir.reading import read_bundle
from carepool.care.fhir.writing import bundle_of
from carepool.care.people.person import NumberStatus, Person, Sex
from carepool.care.planning.plan import CarePlan, Consent, Goal, Member, Payer, Payment, PlanFile, Service
from carepool.wiring.main import application

TITLE = "FHIR"
DAY = date(2015, 8, 10)
FILE = PlanFile(
    person=Person(
        id="7f3a", nhs_number="9990000018", status=NumberStatus.VERIFIED, given_names=("Ada", "Mary"), family_name="Example",
        born=date(1931, 5, 2), sex=Sex.FEMALE, address=("1 Garden Row", "Carrowby"), postcode="ZZ99 3VZ", telephone="01632 960001",
    ),
    plan=CarePlan(
        person="7f3a", id="p1", title="Home again", begun_on=DAY, status="active", assessment="0" * 64, matters="My garden.",
        goals=(Goal(id="garden", says="To be in my garden by May.", by=date(2016, 5, 1)),),
        services=(Service(
            id="care", says="Help with meals", goals=("garden",), often="twice a day",
            paid_by=(Payment(payer=Payer.COUNCIL, body="Carrowby", share=Decimal("62.5")), Payment(payer=Payer.NHS, share=Decimal("37.5"))),
        ),),
        integrated=True, contingency="Ring 01632 960002.", review_on=date(2015, 9, 21), consent=Consent(given="yes", on=DAY, by="Ada Example"),
    ),
    team=(Member(id="ann", name="Ann Nurse", role="Community matron", body="Carrow Community (fictitious)", accountable=True),),
)  # fmt: skip
Bundle = dict[str, Any]


def bundle() -> Bundle:
    """The bundle of the file, to be changed."""
    found: Bundle = json.loads(json.dumps(bundle_of(FILE)))
    return found


def resource(of: Bundle, kind: str) -> dict[str, Any]:
    return next(each["resource"] for each in of["entry"] if each["resource"]["resourceType"] == kind)


def named(changed: Bundle, *, production: bool = False) -> list[str]:
    """The paths that are refused; what is held then must be nothing."""
    found = read_bundle(json.dumps(changed).encode(), production=production)
    assert (found.file is None) == (not found.held)
    return [issue.expression for each in found.outcomes for issue in each.issues]


def test_the_nhs_number_stands_as_uk_core_has_it() -> None:
    """By NHS England's system, with the verification status as an extension of the identifier."""
    (identifier,) = resource(bundle(), "Patient")["identifier"]
    assert (identifier["system"], identifier["value"]) == ("https://fhir.nhs.uk/Id/nhs-number", "9990000018")
    (extension,) = identifier["extension"]
    assert (
        extension["url"]
        == "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"
    )
    (coding,) = extension["valueCodeableConcept"]["coding"]
    assert (coding["code"], coding["display"]) == ("01", "Number present and verified")


def test_who_is_accountable_stands_in_the_care_team() -> None:
    """The plan names its CareTeam, and one participant bears the mark."""
    team = resource(bundle(), "CareTeam")
    assert resource(bundle(), "CarePlan")["careTeam"] == [{"reference": f"CareTeam/{team['id']}"}]
    (member,) = team["participant"]
    assert member["member"] == {"display": "Ann Nurse"}
    assert member["extension"] == [{"url": "urn:carepool:accountable", "valueBoolean": True}]


def test_out_and_in_again_is_the_same_file() -> None:
    """And every entry has an outcome of its own."""
    found = read_bundle(json.dumps(bundle()).encode(), production=False)
    assert found.held and found.file == FILE
    assert [each.resource for each in found.outcomes] == [
        "Patient",
        "Goal",
        "CareTeam",
        "Consent",
        "CarePlan",
    ]
    assert found.outcomes[0].as_data()["operation_outcome"] == {
        "resourceType": "OperationOutcome",
        "issue": [
            {"severity": "information", "code": "informational", "diagnostics": "It can be held whole."}
        ],
    }


def set_to(kind: str, path: str, value: object) -> Callable[[Bundle], None]:
    """A change of one element."""

    def change(of: Bundle) -> None:
        place: Any = resource(of, kind)
        *way, last = path.split(".")
        for each in way:
            place = place[int(each)] if each.isdecimal() else place[each]
        place[int(last) if last.isdecimal() else last] = value

    return change


CHANGES = [
    ("Patient", "text", {"status": "generated", "div": "<div/>"}, "Patient.text"),
    ("Patient", "name.0.prefix", ["Mrs"], "Patient.name[0].prefix"),
    ("Patient", "birth_date", "1931-05-02", "Patient.birth_date"),
    ("Patient", "birthDate", "1931", "Patient.birthDate"),
    ("Patient", "birthDate", "1931-02-30", "Patient.birthDate"),
    ("Patient", "identifier.0.value", "9990000019", "Patient.identifier[0].value"),
    ("Patient", "identifier.0.value", "999 000 0018", "Patient.identifier[0].value"),
    ("Patient", "identifier.0.value", "4010232137", "Patient.identifier[0].value"),
    ("Patient", "identifier.0.use", "official", "Patient.identifier[0].use"),
    ("Patient", "gender", "f", "Patient.gender"),
    ("Patient", "deceasedBoolean", False, "Patient.deceasedBoolean"),
    ("Goal", "lifecycleStatus", "rejected", "Goal.lifecycleStatus"),
    ("Goal", "subject.reference", "Patient/another", "Goal.subject.reference"),
    ("CarePlan", "status", "entered-in-error", "CarePlan.status"),
    ("CarePlan", "careTeam", [{"reference": "CareTeam/other"}], "CarePlan.careTeam"),
    ("CarePlan", "goal", [], "CarePlan.goal"),
    ("CarePlan", "activity.0.detail.status", "completed", "CarePlan.activity[0].detail.status"),
    ("CarePlan", "activity.0.detail.extension.0.extension.0.valueCode", "NOBODY", "CarePlan.activity[0].detail.extension[0]"),
    ("CarePlan", "extension.0", {"url": "urn:other", "valueString": "x"}, "CarePlan.extension[0]"),
    ("CareTeam", "participant.0.member", {"reference": "Practitioner/1"}, "CareTeam.participant[0].member.reference"),
    ("Consent", "provision.period", {"start": "2015-01-01"}, "Consent.provision.period"),
    ("Consent", "status", "rejected", "Consent.provision.type"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "path", "value", "wanted"), CHANGES, ids=[f"{each[3]}={each[2]}" for each in CHANGES]
)
def test_what_cannot_be_held_is_named_by_its_path(kind: str, path: str, value: object, wanted: str) -> None:
    """Elements that there is no place for, codes of R4 that are not held, half a date, a number that is none, another's plan."""
    changed = bundle()
    set_to(kind, path, value)(changed)
    assert wanted in named(changed)


def test_an_entry_of_another_kind_is_refused_and_the_others_are_judged() -> None:
    """Each has its outcome, and nothing of the bundle is held in part."""
    changed = bundle()
    changed["entry"].insert(1, {"resource": {"resourceType": "Observation", "id": "o1", "status": "final"}})
    found = read_bundle(json.dumps(changed).encode(), production=False)
    assert [each.held for each in found.outcomes] == [True, False, True, True, True, True]
    assert (found.person, found.file) == (None, None)
    assert found.outcomes[1].issues[0].expression == "Bundle.entry[1].resource"


def test_the_bundle_itself_is_held_whole_or_not_at_all() -> None:
    """A time, a transaction, an address that says something else, nobody in it or two people."""
    assert named(bundle() | {"timestamp": "2015-08-10T09:00:00Z"}) == ["Bundle.timestamp"]
    assert named(bundle() | {"type": "transaction"}) == ["Bundle.type"]
    changed = bundle()
    changed["entry"][0]["fullUrl"] = "https://example.org/fhir/Patient/7f3a"
    assert named(changed) == []
    changed["entry"][0]["fullUrl"] = "urn:uuid:1"
    assert named(changed) == ["Bundle.entry[0].fullUrl"]
    twice = bundle()
    twice["entry"].append(deepcopy(twice["entry"][0]))
    assert named(twice) == ["Patient"]
    nobody = bundle()
    del nobody["entry"][0]
    assert named(nobody) == ["Goal"]
    assert named({"resourceType": "Bundle", "type": "collection", "entry": []}) == ["Bundle.entry"]


def test_numbers_of_the_test_range_are_refused_in_production() -> None:
    """As everywhere in the wing; outside production only they are held."""
    assert named(bundle(), production=True) == ["Patient.identifier[0].value"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "The file is no JSON"),
        (b"[1]", "holds no FHIR resource"),
        (b"\xff\xfe{}", "not text in UTF-8"),
        (b'{"resourceType": "Patient", "id": "a", "id": "b"}', "stands twice in one object"),
        (b'{"resourceType": "Patient", "id": NaN}', "NaN is no number"),
        (b'{"resourceType": "Bundle", "entry": ' + b"[" * 100_000, "nested deeper|no JSON"),
        (b'{"resourceType": "Bundle", "type": "collection", "entry": [' + b"{}," * 2_000 + b"{}]}", "at most 2,000"),
    ],
    ids=["broken", "list", "utf-16", "twice", "nan", "deep", "many"],
)  # fmt: skip
def test_what_is_no_fhir_json_is_refused_in_a_sentence(content: bytes, says: str) -> None:
    """Never a traceback."""
    with pytest.raises(Unusable, match=says):
        read_bundle(content, production=False)


def test_the_commands_judge_and_write(tmp_path: Path) -> None:
    """Export, import, and the file that import writes is the one that was exported."""
    plan, out, again = tmp_path / "plan.json", tmp_path / "bundle.json", tmp_path / "again.json"
    plan.write_text(FILE.model_dump_json())
    run = CliRunner()
    app = application()
    assert run.invoke(app, ["fhir", "export", str(plan), "--out", str(out)]).exit_code == 0
    answer = run.invoke(app, ["fhir", "import", str(out), "--json", "--out", str(again)])
    assert answer.exit_code == 0
    data = json.loads(answer.stdout)
    assert (data["held"], data["refused"]) == (5, 0)
    assert PlanFile.model_validate_json(again.read_text()) == FILE == PlanFile.model_validate(data["file"])
    changed = bundle()
    resource(changed, "Patient")["photo"] = []
    out.write_text(json.dumps(changed))
    answer = run.invoke(app, ["fhir", "import", str(out)])
    assert answer.exit_code == 1
    assert "entry 0, Patient: refused\n  Patient.photo: There is no place to hold this" in answer.stdout
    answer = run.invoke(app, ["fhir", "export", str(out)])
    assert isinstance(answer.exception, Unusable) and "is no plan's file" in str(answer.exception)
