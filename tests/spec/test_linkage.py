"""Linking records: the same NHS number and a second demographic first, weights learned from the files for the rest, the doubtful for a person.

``carepool link LEFT RIGHT --out LINKS.csv`` reads CSV or Parquet and writes left_id, right_id, probability and rule.
Held against labelled sets of Febrl and of Splink, to which numbers of the 999 range are attached.
"""

import csv
import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from carepool.basics.refusals import Unusable
from carepool.care.linkage.links import SURE, link_files
from carepool.care.linkage.records import DEMOGRAPHICS, LEFT, NUMBER, RIGHT, connect, mapping_of, read
from carepool.care.linkage.weights import WEIGHED, weigh
from carepool.care.people.nhs_number import check_digit, judge
from carepool.wiring.main import application
from tests.counts import counting

TITLE = "Linkage"
pytestmark = pytest.mark.slow
GOLDEN = Path(__file__).parents[1] / "golden" / "linkage"
FEBRL = "id=rec_id,family_name=surname"
FAKE = "id=unique_id,given_name=first_name,family_name=surname,date_of_birth=dob"
NUMBERS = ("999 000 0018", "9990000026", "999-000-0034", "9990000042")
Pairs = set[tuple[str, str]]


def numbers(start: int = 999_000_000) -> Iterator[str]:
    """Valid numbers of the range for tests, one after another."""
    for nine in range(start, 10**9):
        if (last := check_digit(str(nine))) is not None:
            yield f"{nine}{last}"


def file_of(path: Path, *rows: str, head: str = "id,nhs_number,given_name,family_name,date_of_birth,sex,postcode") -> Path:  # fmt: skip
    path.write_text("\n".join([head, *rows]) + "\n")
    return path


def linked(tmp_path: Path, left: Iterable[str], right: Iterable[str], **more: bool) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:  # fmt: skip
    """The links and the pairs for a person, with the rule of each."""
    one, two = file_of(tmp_path / "left.csv", *left), file_of(tmp_path / "right.csv", *right)
    link_files(one, two, tmp_path / "links.csv", {}, review=tmp_path / "review.csv", **more)
    return rules_in(tmp_path / "links.csv"), rules_in(tmp_path / "review.csv")


def rules_in(path: Path) -> dict[tuple[str, str], str]:
    with path.open() as file:
        return {(row["left_id"], row["right_id"]): row["rule"] for row in csv.DictReader(file)}


def test_the_same_number_links_when_something_else_agrees(tmp_path: Path) -> None:
    """However both are spaced and dated; the rule says what agreed."""
    links, review = linked(
        tmp_path,
        [" a1 , 999 000 0018 ,Anne,Smith,1950-02-03,F,LS1 4AP", "a2,9990000026,Róisín,O'Neill,,F,", "a3,9990000034,Smith,John,1961-01-01,M,", "a4,9990000042,Bo,Li,1970-05-06,F,"],
        ["b1,9990000018,Ann,Jones,03/02/1950,female,", "b2,999-000-0026,ROISIN,Byrne,,,", "b3,9990000034,John,Smith,1990-12-31,1,", "b4,9990000042,Xenia,Popova,1970-05-07,F,"],
    )  # fmt: skip
    assert links == {
        ("a1", "b1"): "nhs_number+date_of_birth", ("a2", "b2"): "nhs_number+given_name",
        ("a3", "b3"): "nhs_number+names changed places", ("a4", "b4"): "nhs_number+date_of_birth nearly",
    }  # fmt: skip
    assert not review


def test_a_number_alone_links_nobody(tmp_path: Path) -> None:
    """A baby's record with its mother's number, name and postcode goes to a person, and so does the number of a stranger."""
    links, review = linked(
        tmp_path,
        ["mother,9990000018,Anne,Smith,1985-02-03,F,LS14AP", "other,9990000026,Bo,Li,1950-01-01,F,"],
        ["baby,9990000018,,Smith,2015-06-07,F,LS14AP", "stranger,9990000026,Xenia,Popova,1990-12-31,F,"],
    )
    assert not links
    assert review == {("mother", "baby"): "nhs_number alone", ("other", "stranger"): "nhs_number alone"}


def test_two_different_numbers_are_never_linked(tmp_path: Path) -> None:
    """Not even with the same names and date of birth: a person looks which number is wrong."""
    links, review = linked(
        tmp_path,
        ["a,9990000018,Anne,Smith,1950-02-03,F,LS14AP"],
        ["b,9990000026,Anne,Smith,1950-02-03,F,LS14AP"],
    )
    assert not links
    assert review == {("a", "b"): "nhs_number differs"}


@pytest.mark.parametrize("number", ["999 000 0019", "999999999", "9999999999", "0000000000", "unknown"])
def test_what_cannot_be_a_number_counts_as_none(tmp_path: Path, number: str) -> None:
    """As it is judged elsewhere; in production that is true of the whole range for tests."""
    links, review = linked(
        tmp_path, [f"a,{number},Anne,Smith,1950-02-03,F,LS14AP"], [f"b,{number},Xenia,Popova,1950-02-03,F,"]
    )
    assert not links
    assert "nhs_number" not in " ".join(review.values())
    links, _ = linked(tmp_path, [f"a,{NUMBERS[0]},Anne,Smith,1950-02-03,F,LS14AP"], [f"b,{NUMBERS[0]},Anne,Smith,1950-02-03,F,"], production=True)  # fmt: skip
    assert "nhs_number" not in " ".join(links.values())


def test_the_database_judges_numbers_as_the_rule_does(tmp_path: Path) -> None:
    """On random digits, repeated ones, and every shape of nearly ten digits."""
    chance = random.Random(7)
    texts = [str(chance.randrange(10**9, 10**10)) for _ in range(3_000)] + [
        str(d) * n for d in range(10) for n in (9, 10, 11)
    ]
    texts += [each[:3] + " " + each[3:6] + "-" + each[6:] for each in texts[:200]] + [
        "999000001X",
        "9 9",
        "9990000018 ",
    ]
    path = tmp_path / "numbers.csv"
    pd.DataFrame({"id": range(len(texts)), "nhs_number": texts}).to_csv(path, index=False)
    for production in (False, True):
        connection = connect()
        read(connection, LEFT, path, {}, production=production)
        found = dict(connection.execute(f"SELECT id, {NUMBER} FROM {LEFT}").fetchall())
        for n, text in enumerate(texts):
            judged = judge(text, production=production)
            assert found[str(n)] == (judged.number if judged.valid else None), text


def test_a_few_records_are_weighed_by_starting_weights(tmp_path: Path) -> None:
    """Nothing can be learned from them; a sure pair is linked with its weight, one with another date of birth is not."""
    links, review = linked(
        tmp_path,
        ["a,,Anne,Featherstone,1950-02-03,F,LS14AP", "c,,John,Smith,1950-02-03,M,LS14AP"],
        ["b,,Ann,Featherstone,1950-02-03,F,LS14AP", "d,,John,Smith,1985-11-30,M,"],
    )
    assert set(links) == {("a", "b")}
    assert links["a", "b"].startswith("weight ")
    assert ("c", "d") not in review


def test_a_twin_is_not_linked_beside_the_twin(tmp_path: Path) -> None:
    """Everything but the given name is the same; the one whose name agrees is linked, the other is left to a person."""
    same = "Featherstone,1950-02-03,F,LS14AP"
    for number in ("", "9990000018"):
        links, review = linked(
            tmp_path, [f"anne,{number},Anne,{same}", f"olga,,Olga,{same}"], [f"a,{number},Anne,{same}"]
        )
        assert set(links) == {("anne", "a")}
        assert {"olga"} >= {left for left, _ in review}


def test_columns_have_names_of_their_own_and_stray_spaces(tmp_path: Path) -> None:
    """One map does for two files: a column that has our name already is found by it."""
    one = file_of(tmp_path / "left.csv", " rec-1 , 9990000018 , smith , 19500203", head="rec_id, nhs_number, surname, dob ")  # fmt: skip
    two = tmp_path / "right.parquet"
    pd.DataFrame({"id": [7], "nhs_number": [9990000018], "family_name": ["Smith"], "date_of_birth": pd.to_datetime(["1950-02-03"]).date}).to_parquet(two)  # fmt: skip
    found = link_files(one, two, tmp_path / "links.csv", mapping_of(" id=rec_id , family_name=surname,date_of_birth=dob"))  # fmt: skip
    assert rules_in(tmp_path / "links.csv") == {("rec-1", "7"): "nhs_number+date_of_birth"}
    assert found.links == {"nhs_number+date_of_birth": 1}


def test_what_cannot_be_linked_is_refused(tmp_path: Path) -> None:
    """A file without ids or with one twice, nothing in common, an unknown field: in a sentence, before anything is written."""
    good = file_of(tmp_path / "good.csv", "a,9990000018,Anne,Smith,1950-02-03,F,")
    for rows, head, says in (
        (("x",), "name", "no column for id"), (("a,A", "a,B"), "id,given_name", "more than one record"),
        ((",A",), "id,given_name", "without an id"), ((), "id,given_name", "no record"), (("a,A",), "id,given_name", "too little in common"),
    ):  # fmt: skip
        with pytest.raises(Unusable, match=says):
            link_files(good, file_of(tmp_path / "bad.csv", *rows, head=head), tmp_path / "links.csv", {})
    for text in ("id", "id=", "id=a,id=b"):
        with pytest.raises(Unusable, match="Write it like"):
            mapping_of(text)
    with pytest.raises(Unusable, match="Did you mean family_name"):
        mapping_of("familyname=surname")
    assert not (tmp_path / "links.csv").exists()


def test_the_command_says_how_each_pair_was_linked(tmp_path: Path) -> None:
    """Counts by rule, numbers refused or on several records, and the weights; a file to link is never written over."""
    left = file_of(tmp_path / "left.csv", "a,9990000018,Anne,Smith,1950-02-03,F,", "c,9990000018,Anne,Smith,1950-02-03,F,", "e,123,Bo,Li,1970-05-06,F,")  # fmt: skip
    right = file_of(tmp_path / "right.csv", "b,9990000018,Anne,Smith,1950-02-03,F,")
    out = tmp_path / "links.csv"
    answer = CliRunner().invoke(application(), ["link", str(left), str(right), "--out", str(out), "--json"])
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert (found["links"], found["review"], found["by_rule"]) == (2, 0, {"nhs_number+date_of_birth": 2})
    assert (found["left"]["with_number"], found["left"]["refused_numbers"], found["left"]["shared_numbers"]) == (2, 1, 1)  # fmt: skip
    assert out.read_text().splitlines() == ["left_id,right_id,probability,rule", "a,b,1.000000,nhs_number+date_of_birth", "c,b,1.000000,nhs_number+date_of_birth"]  # fmt: skip
    answer = CliRunner().invoke(application(), ["link", str(left), str(right), "--out", str(left)])
    assert isinstance(answer.exception, Unusable)
    assert "e,123" in left.read_text()


def labelled(name: str, folder: Path, cover: float) -> tuple[Path, Path, Pairs, str]:
    """A labelled set in two files, numbers on a part of each side's records, and the true pairs."""
    chance = random.Random(5)
    if name == "febrl":
        both = [pd.read_csv(GOLDEN / f"febrl_4{side}.csv", dtype=str, keep_default_na=False) for side in "ab"]
        for side in both:
            side["person"] = side.rec_id.str.extract(r"rec-(\d+)", expand=False)
    else:
        whole = pd.read_csv(GOLDEN / "splink_fake_1000.csv", dtype=str, keep_default_na=False)
        whole["person"] = whole.cluster
        even = whole.unique_id.astype(int) % 2 == 0
        both = [whole[even].copy(), whole[~even].copy()]
    people = sorted({person for side in both for person in side.person})
    number = dict(zip(people, numbers(), strict=False))
    key = both[0].columns[0]
    files = folder / "left.csv", folder / "right.csv"
    for side, file in zip(both, files, strict=True):
        side["nhs_number"] = [number[person] if chance.random() < cover else "" for person in side.person]
        side.drop(columns=["person", "cluster"], errors="ignore").to_csv(file, index=False)
    pairs = both[0][[key, "person"]].merge(both[1][[key, "person"]], on="person")
    return (
        *files,
        set(zip(pairs[f"{key}_x"], pairs[f"{key}_y"], strict=True)),
        FEBRL if name == "febrl" else FAKE,
    )


def marks(found: Pairs, truth: Pairs) -> tuple[float, float]:
    """Precision and F1."""
    right = len(found & truth)
    return right / len(found), 2 * right / (len(found) + len(truth))


def by_splink_alone(left: Path, right: Path, columns: str, among: Iterable[str] = DEMOGRAPHICS) -> Pairs:
    """Splink with the same comparisons on all pairs."""
    connection = connect()
    helds = [
        read(connection, table, path, mapping_of(columns)) for table, path in ((LEFT, left), (RIGHT, right))
    ]
    fields = [each for each in among if all(each in held.fields for held in helds)]
    weigh(connection, fields, 0.8 / max(held.records for held in helds), SURE, numbers_settled=False)
    return set(connection.execute(f"SELECT a.id, b.id FROM {WEIGHED} JOIN {LEFT} a ON a.unique_id = l JOIN {RIGHT} b ON b.unique_id = r").fetchall())  # fmt: skip


@pytest.mark.parametrize("cover", [0.8, 0.4])
@pytest.mark.parametrize("name", ["febrl", "splink"])
def test_on_labelled_sets_number_first_is_as_good_as_splink_alone(
    tmp_path: Path, name: str, cover: float
) -> None:
    """Precision is at least 0.995 and F1 at least that of Splink on names, date of birth and postcode of the same files.

    Splink with the number as one more field finds some more where nothing but a family name and a postcode agrees beside it, which is
    also what a baby's record with its mother's number looks like. Those wait for a person here; with what a person confirms ours finds as many.
    """
    left, right, truth, columns = labelled(name, tmp_path, cover)
    with counting(f"linking {name}, numbers on {cover:.0%}") as said:
        link_files(left, right, tmp_path / "links.csv", mapping_of(columns), review=tmp_path / "review.csv")
        links, review = set(rules_in(tmp_path / "links.csv")), set(rules_in(tmp_path / "review.csv"))
        ours, confirmed = marks(links, truth), marks(links | (review & truth), truth)
        alone = marks(by_splink_alone(left, right, columns), truth)
        numbered = marks(by_splink_alone(left, right, columns, (NUMBER, *DEMOGRAPHICS)), truth)
        said.append(f"precision {ours[0]:.4f}, F1 {ours[1]:.4f}; Splink alone F1 {alone[1]:.4f}, with the number {numbered[1]:.4f}; ours with a person's {confirmed[1]:.4f}")  # fmt: skip
    assert ours[0] >= 0.995
    assert ours[1] >= alone[1]
    assert confirmed[1] >= numbered[1]


def test_without_numbers_weights_alone_are_precise(tmp_path: Path) -> None:
    """Files that have no number at all are linked by weights that are learned by expectation and maximisation."""
    left, right, truth, columns = labelled("febrl", tmp_path, 0)
    found = link_files(left, right, tmp_path / "links.csv", mapping_of(columns))
    precision, f1 = marks(set(rules_in(tmp_path / "links.csv")), truth)
    assert precision >= 0.995
    assert f1 >= 0.98
    assert found.weighing
    assert found.weighing.learned
