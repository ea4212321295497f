"""Tracing NHS numbers in batches: a file goes out to the national demographic service, and what comes back is believed where it agrees.

`carepool trace out PEOPLE.csv --out TRACE.csv` writes who is to be traced, `carepool trace in TRACE.csv RESPONSE.csv --out STATUS.csv`
reads the response. Both keep apart what a person must look at.
"""

import csv
import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from carepool.basics.refusals import Unusable
from carepool.care.people import tracing
from carepool.care.people.nhs_number import check_digit
from carepool.care.people.tracing import (
    RETURNED,
    SENT,
    Doubt,
    Out,
    Traced,
    coverage,
    people_of,
    returned,
    sent_of,
)
from carepool.wiring import disk
from carepool.wiring.main import application

TITLE = "Number tracing"
STATUSES = disk.rulebook().number_statuses
NUMBERS = tuple(f"{nine}{check_digit(str(nine))}" for nine in range(999_000_000, 999_000_040) if check_digit(str(nine)) is not None)  # fmt: skip
"""Of the range for demonstration and test alone."""
A, B, C, D = NUMBERS[:4]


def table(heading: tuple[str, ...], *rows: str) -> bytes:
    """A CSV of rows as they are written."""
    return "\n".join([",".join(heading), *rows]).encode()


def people(*rows: str, status: bool = False) -> Out:
    """Who is to be sent of a file of people."""
    return people_of("people.csv", table((*SENT, "status") if status else SENT, *rows), STATUSES, production=False)  # fmt: skip


def answered(held: str, answer: str) -> tuple[Traced, Doubt | None]:
    """What comes of one person, held as the first row says, when the second comes back."""
    out = people(held)
    (traced,), doubts = returned(out.sent, "response.csv", table(RETURNED, answer), production=False)
    return traced, doubts[0] if doubts else None


HELD = f"p1,{A},Farrow,Josephine,1938-02-14,2,ZZ1 1AA"
UNNUMBERED = "p1,,Farrow,Josephine,14/02/1938,2,ZZ1 1AA"


def test_the_statuses_are_the_standards() -> None:
    """Eight codes, as the NHS Data Model and Dictionary names them; recalled, and marked so."""
    assert [(each.code, each.id) for each in STATUSES.statuses] == [
        ("01", "verified"), ("02", "not_traced"), ("03", "trace_required"), ("04", "no_match"), ("05", "conflict"),
        ("06", "in_progress"), ("07", "not_required"), ("08", "postponed"),
    ]  # fmt: skip
    assert {each.confidence.value for each in STATUSES.statuses} == {"recalled"}


def test_who_is_sent() -> None:
    """Whoever is not verified, with a family name and a date of birth: less would find somebody else. A verified number, a baby under six weeks and who needs no number stay at home."""
    out = people(
        f"p1,{A},Farrow,Josephine,1938-02-14,2,ZZ1 1AA,01",
        f"p2,{B},Farrow,Thomas,1938-02-14,1,ZZ1 1AA,02",
        "p3,,Marsh,Ann,1940-12-01,2,,3",
        "p4,,Marsh,,1940-12-01,,,07",
        "p5,,Marsh,Baby,2015-03-01,,,08",
        f"p6,{C},,Ann,1940-12-01,2,,",
        "p7,,Marsh,Ann,,2,,",
        status=True,
    )
    assert [each.local_id for each in out.sent] == ["p2", "p3"]
    assert [(each.local_id, each.code) for each in out.doubts] == [("p6", "too-little"), ("p7", "too-little")]  # fmt: skip
    assert [each.status for each in out.people] == ["verified", "not_traced", "trace_required", "not_required", "postponed", "not_traced", "trace_required"]  # fmt: skip
    covered = coverage(out.people, (), STATUSES)
    assert (covered.people, covered.traced, covered.verified, covered.without_number) == (7, 1, 1, 4)
    assert covered.by_status == {"01": 1, "02": 2, "03": 2, "04": 0, "05": 0, "06": 0, "07": 1, "08": 1}


def test_a_number_that_cannot_be_one_is_not_sent() -> None:
    """Nor one that stands on two records; each is named and its person goes out without it. A date that does not exist keeps its person back."""
    out = people(
        "p1,9990000027,Farrow,Josephine,1938-02-14,2,",
        f"p2,{B},Marsh,Ann,1940-12-01,2,",
        f"p3,{B},Marsh,Anne,1940-12-01,2,",
        "p4,,Marsh,Ann,1940-02-30,2,",
        "p5,943 476 5919,Marsh,Bob,1941-02-28,1,",
    )
    assert [(each.local_id, each.number) for each in out.sent] == [("p1", None), ("p2", None), ("p3", None), ("p5", None)]  # fmt: skip
    assert [(each.local_id, each.code) for each in out.doubts] == [
        ("p1", "number-refused"), ("p4", "date-unreadable"), ("p5", "number-refused"),
        ("p2", "number-on-two-records"), ("p3", "number-on-two-records"), ("p4", "too-little"),
    ]  # fmt: skip
    assert "(p3)" in out.doubts[3].says
    assert "only numbers that begin with 999" in out.doubts[2].says


def test_a_match_that_agrees_is_verified() -> None:
    """The date of birth is the same, and the given name or the beginning of it, or the family name where one has no given name; no number was held, or this one."""
    for held, name in product((HELD, UNNUMBERED), ("FARROW,JO", "Marsh,Josephine Ann", "farrow,")):
        traced, doubt = answered(held, f"p1,matched,{A},{name},1938-02-14,")
        assert (traced.number, traced.status, doubt) == (A, "verified", None)


@pytest.mark.parametrize(
    ("held", "answer", "number", "code"),
    [
        (HELD, f"p1,matched,{B},Farrow,Josephine,1938-02-14,", A, "number-differs"),
        (UNNUMBERED, f"p1,matched,{A},Farrow,Josephine,1938-02-15,", None, "date-of-birth-differs"),
        (HELD, f"p1,matched,{A},Farrow,Josephine,,", A, "date-of-birth-differs"),
        (UNNUMBERED, f"p1,matched,{A},Farrow,Catherine,1938-02-14,", None, "name-differs"),
        (UNNUMBERED, f"p1,matched,{A},Marsh,,1938-02-14,", None, "name-differs"),
    ],
)  # fmt: skip
def test_a_match_that_does_not_agree_waits_for_a_person(held: str, answer: str, number: str, code: str) -> None:  # fmt: skip
    """Another number than the one held, another birthday, or a twin: nothing is taken over, and the status is that of a conflict."""
    traced, doubt = answered(held, answer)
    assert (traced.number, traced.status) == (number, "conflict")
    assert doubt
    assert doubt.code == code


def test_nobody_or_more_than_one_was_found() -> None:
    """What is held stays, with the status that says so; who is not in the response at all is still in progress."""
    for outcome in ("not_matched", "multiple"):
        traced, doubt = answered(HELD, f"p1,{outcome},,,,,")
        assert (traced.number, traced.status) == (A, "no_match")
        assert doubt
        assert doubt.code == outcome.replace("_", "-")
    (traced,), (doubt,) = returned(people(HELD).sent, "response.csv", table(RETURNED), production=False)
    assert (traced.status, traced.outcome, doubt.code) == ("in_progress", None, "unanswered")


def test_a_number_that_was_replaced() -> None:
    """The new one stands and the old is kept beside it; whoever was told the old one is to be told."""
    traced, doubt = answered(HELD, f"p1,superseded,{B},Farrow,Josephine,1938-02-14,")
    assert (traced.number, traced.former, traced.status) == (B, A, "verified")
    assert doubt
    assert doubt.says == tracing.SUPERSEDED


def test_somebody_who_has_died() -> None:
    """The number is verified, and before anything is sent to the home somebody looks."""
    traced, doubt = answered(HELD, f"p1,deceased,{A},Farrow,Josephine,1938-02-14,2015-01-06")
    assert (traced.status, str(traced.died)) == ("verified", "2015-01-06")
    assert doubt
    assert doubt.code == "deceased"


def test_one_number_for_two_records_is_taken_over_for_neither() -> None:
    """Both wait for a person: they can be one and the same."""
    out = people(UNNUMBERED, "p2,,Farrow,Jo,1938-02-14,2,")
    found, doubts = returned(out.sent, "response.csv", table(RETURNED, *(f"p{n},matched,{A},Farrow,Jo,1938-02-14," for n in (1, 2))), production=False)  # fmt: skip
    assert [each.status for each in found] == ["conflict", "conflict"]
    assert [each.code for each in doubts] == ["number-on-two-records"] * 2
    assert coverage(out.people, found, STATUSES).verified == 0


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("p9,not_matched,,,,,", "row 3 answers for “p9”, who was not sent"),
        ("p1,not_matched,,,,,", "row 3 is the second one of “p1”"),
        ("p2,matched,,Marsh,Ann,1940-12-01,", "row 3 is matched and has no number"),
        (f"p2,multiple,{B},Marsh,Ann,1940-12-01,", "row 3 is multiple and has a number"),
        ("p2,mached,,,,,", "row 3 has an outcome “mached” that is not known. Did you mean matched?"),
        ("p2,matched,9990000027,Marsh,Ann,1940-12-01,", "row 3 has a number that cannot be one. Its check digit is wrong"),
        ("p2,matched,9434765919,Marsh,Ann,1940-12-01,", "row 3 has a number that cannot be one. It could be somebody's"),
        (f"p2,superseded,{B},Marsh,Ann,1940-12-01,", "row 3 says that the number sent was replaced, and no other number was sent"),
        (f"p2,deceased,{B},Marsh,Ann,1940-12-01,", "row 3 is deceased and its date of death does not go with that"),
        (f"p2,matched,{B},Marsh,Ann,1940-12-01,2015-01-01", "row 3 is matched and its date of death"),
        (f"p2,deceased,{B},Marsh,Ann,1940-12-01,1940-11-30", "row 3 is deceased and its date of death"),
        (f"p2,matched,{B},Marsh,Ann,1940-13-01,", "row 3 has a date that is no day"),
        (f"p2,matched,{B},Marsh,Ann,1940-12,", "row 3 has a date that is no day"),
        (",matched,,,,,", "row 3 has no local id"),
        ("=p2,not_matched,,,,,", "row 3 has no local id"),
        ('p2,"not_matched', "cannot be read as CSV"),
    ],
)  # fmt: skip
def test_a_response_with_one_wrong_row_is_refused_whole(row: str, says: str) -> None:
    """With file and row, and without a name or number in the sentence."""
    out = people(UNNUMBERED, "p2,,Marsh,Ann,1940-12-01,2,")
    with pytest.raises(Unusable) as refused:
        returned(out.sent, "response.csv", table(RETURNED, f"p1,matched,{A},Farrow,Jo,1938-02-14,", row), production=False)  # fmt: skip
    assert says in str(refused.value)
    assert "response.csv" in str(refused.value)
    for private in (A, B, "Farrow", "Marsh", "9434765919"):
        assert private not in str(refused.value)


def test_a_file_of_people_that_is_none_is_refused() -> None:
    """Ids that are missing or there twice, a status that nobody knows, a column that is not there."""
    for rows, says in (
        ((HELD, HELD), "row 3 is the second one of “p1”"),
        ((",,Farrow,Jo,1938-02-14,2,",), "row 2 has no local id"),
        ((f"{HELD},09",), "row 2 has a status “09” that is not known"),
    ):
        with pytest.raises(Unusable, match=says):
            people(*rows, status=says.endswith("known"))
    with pytest.raises(Unusable, match="no column “family_name”"):
        people_of("people.csv", b"local_id,nhs_number,given_name,date_of_birth,sex,postcode\n", STATUSES, production=False)  # fmt: skip
    with pytest.raises(Unusable, match="row 2 has a number that was never sent"):
        sent_of("trace.csv", table(SENT, "p1,9990000027,Farrow,Jo,1938-02-14,2,"), production=False)


def test_in_production_the_range_for_demonstration_is_refused() -> None:
    """A number that begins with 999 is neither sent nor taken over; elsewhere nothing else is."""
    out = people_of("people.csv", table(SENT, HELD), STATUSES, production=True)
    assert out.sent[0].number is None
    assert "refused in production" in out.doubts[0].says
    with pytest.raises(Unusable, match="refused in production"):
        returned(out.sent, "response.csv", table(RETURNED, f"p1,matched,{A},Farrow,Jo,1938-02-14,"), production=True)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from([*NUMBERS[:6], ""]), st.sampled_from(["matched", "not_matched", "multiple", "superseded", "deceased", ""]), st.sampled_from([*NUMBERS[:6]]), st.booleans()), max_size=12))  # fmt: skip
def test_whatever_comes_back_nothing_is_verified_twice(rows: list[tuple[str, str, str, bool]]) -> None:
    """Any caseload and any response that is accepted: statuses add up, no verified number stands twice, and whoever is not verified and was sent waits for a person."""
    out = people(*(f"p{n},{number},Farrow,Jo,1938-02-14,2," for n, (number, *_) in enumerate(rows)))
    answers = []
    for n, (_, outcome, number, agrees) in enumerate(rows):
        sent = out.sent[n].number
        if outcome == "superseded" and sent in {None, number}:
            continue
        if outcome:
            back = number if outcome in tracing.FOUND else ""
            answers.append(f"p{n},{outcome},{back},Farrow,Jo,{'1938-02-14' if agrees else '1939-02-14'},{'2015-01-01' if outcome == 'deceased' else ''}")  # fmt: skip
    found, doubts = returned(out.sent, "response.csv", table(RETURNED, *answers), production=False)
    covered = coverage(out.people, found, STATUSES)
    assert sum(covered.by_status.values()) == covered.people == len(rows)
    verified = [each.number for each in found if each.status == "verified"]
    assert len(set(verified)) == len(verified) == covered.verified
    assert {each.local_id for each in found if each.status != "verified"} <= {each.local_id for each in doubts}  # fmt: skip


def rows_of(file: Path) -> list[dict[str, str]]:
    """A CSV as it was written."""
    with file.open(newline="") as text:
        return list(csv.DictReader(text))


def test_the_commands_work_on_files_alone(tmp_path: Path) -> None:
    """Out and in again; what went out is what the response is held against; coverage is of all people where their file is handed in too."""
    given_people, sent, back, status, exceptions = (tmp_path / name for name in ("people.csv", "trace.csv", "response.csv", "status.csv", "exceptions.csv"))  # fmt: skip
    given_people.write_bytes(table((*SENT, "status"), f"{HELD},01", f"p2,{B[:3]} {B[3:6]} {B[6:]},Marsh,Ann,1940-12-01,2,,", "p3,,Marsh,Bob,1941-01-01,1,,", "p4,,Marsh,,,,,"))  # fmt: skip
    run = CliRunner()
    answer = run.invoke(application(), ["trace", "out", str(given_people), "--out", str(sent), "--exceptions", str(exceptions), "--json"])  # fmt: skip
    assert answer.exit_code == 0, answer.output
    data = json.loads(answer.stdout)
    assert (data["sent"], data["exceptions"], data["coverage"]["verified"]) == (2, {"too-little": 1}, 1)
    assert [tuple(each.values()) for each in rows_of(sent)] == [("p2", B, "Marsh", "Ann", "1940-12-01", "2", ""), ("p3", "", "Marsh", "Bob", "1941-01-01", "1", "")]  # fmt: skip
    assert rows_of(exceptions) == [{"local_id": "p4", "code": "too-little", "says": tracing.TOO_LITTLE}]
    back.write_bytes(table(RETURNED, f"p2,matched,{B},Marsh,Ann,1940-12-01,", f"p3,superseded,{C},Marsh,Bob,1941-01-01,"))  # fmt: skip
    asked = ["trace", "in", str(sent), str(back), "--people", str(given_people), "--out", str(status), "--exceptions", str(exceptions)]  # fmt: skip
    wrong = run.invoke(application(), asked)
    assert "response.csv, row 3 says that the number sent was replaced" in str(wrong.exception)
    assert not status.exists()
    back.write_bytes(table(RETURNED, f"p2,matched,{B},Marsh,Ann,1940-12-01,", "p3,not_matched,,,,,"))
    answer = run.invoke(application(), [*asked, "--json"])
    assert answer.exit_code == 0, answer.output
    data = json.loads(answer.stdout)
    assert data["by_outcome"] == {"matched": 1, "not_matched": 1}
    assert data["coverage"] == {"people": 4, "traced": 2, "verified": 2, "without_number": 2, "by_status": {"01": 2, "02": 0, "03": 1, "04": 1, "05": 0, "06": 0, "07": 0, "08": 0}}  # fmt: skip
    assert rows_of(status)[0] == {"local_id": "p2", "nhs_number": B, "status": "01", "says": "Number present and verified", "outcome": "matched", "former_number": "", "date_of_death": ""}  # fmt: skip
    spoken = run.invoke(application(), asked).stdout
    assert spoken.startswith("2 of 4 people have a verified number; 2 have none. Each of the 2 who were sent")
    assert B not in spoken


@pytest.mark.slow
def test_files_are_not_written_over_each_other(tmp_path: Path) -> None:
    """A file that is handed in is never written to, nor are two answers written to one; a file of others is refused."""
    file, other = tmp_path / "people.csv", tmp_path / "trace.csv"
    file.write_bytes(table(SENT, HELD))
    for words, says in (
        (["out", str(file), "--out", str(file)], "is another file of this command"),
        (
            ["out", str(file), "--out", str(other), "--exceptions", str(other)],
            "is another file of this command",
        ),
        (["out", str(file), "--out", str(tmp_path / "none" / "x.csv")], "or its folder does not exist"),
        (["out", str(tmp_path / "none.csv"), "--out", str(other)], "There is no file"),
    ):
        answer = CliRunner().invoke(application(), ["trace", *words])
        assert says in str(answer.exception)
    other.write_bytes(table(SENT, UNNUMBERED.replace("p1", "p9")))
    (tmp_path / "response.csv").write_bytes(table(RETURNED))
    answer = CliRunner().invoke(application(), ["trace", "in", str(other), str(tmp_path / "response.csv"), "--people", str(file), "--out", str(tmp_path / "s.csv")])  # fmt: skip
    assert "“p9” of" in str(answer.exception)
