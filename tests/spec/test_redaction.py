"""Withholding: a copy of a plan with sections withheld still verifies against its digest, and any changed letter does not."""

import json
from pathlib import Path

import pytest

from carepool.basics.refusals import NotHere, Unusable
from carepool.plans.document import EVERY, Plan, as_data, plan_digest, read_plan, section_digest
from carepool.plans.redaction import REASONS, redact, verify, without
from tests.spec.test_commands import Run, run

__all__ = ["run"]

EXAMPLE = Path(__file__).parents[2] / "docs" / "standard" / "example.json"


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The example of the plan standard, in which every section holds something."""
    found, findings = read_plan(json.loads(EXAMPLE.read_text(encoding="utf-8")))
    assert found is not None, findings
    return found


def copy_of(plan: Plan, *sections: str) -> dict[str, object]:
    """What is handed out when these sections are withheld, as it comes out of a file."""
    found: dict[str, object] = json.loads(
        json.dumps(redact(plan, dict.fromkeys(sections, "commercial")).as_data())
    )
    return found


def test_a_withheld_section_leaves_its_digest_and_the_reason(plan: Plan) -> None:
    """In place of the section stand its digest and the code of the reason; nothing of its content is in the copy."""
    copy = copy_of(plan, "freed")
    assert "freed" not in copy
    assert copy["withheld"] == {
        "freed": {"digest": section_digest("freed", plan.freed), "reason": "commercial"}
    }
    assert "Acute contract" not in json.dumps(copy)


@pytest.mark.parametrize("sections", [(), ("freed",), ("spend", "schemes", "risks"), tuple(EVERY)])
def test_a_redacted_copy_verifies(plan: Plan, sections: tuple[str, ...]) -> None:
    """Whatever is withheld, nothing or everything, the digest comes out; what was seen and what was not is said."""
    found = verify(copy_of(plan, *sections), plan_digest(plan))
    assert found.matches
    assert set(found.copy.withheld) == set(sections)
    assert set(found.copy.seen) == set(EVERY) - set(sections)


def test_a_whole_copy_verifies_however_it_is_written(plan: Plan) -> None:
    """With every field written out, as the content of an answer, or with money in pounds, it is the same plan."""
    digest = plan_digest(plan)
    data = as_data(plan)
    assert verify(data, digest).matches
    assert verify({"content": data}, digest.upper()).matches
    row = data["spend"]["spend"][0]  # type: ignore[index]
    row["year_2"] = f"£{row['year_2'] / 100:,.2f}"
    assert verify(data, digest).matches


def test_a_changed_letter_does_not_verify(plan: Plan) -> None:
    """Another name, another penny, another digest of what is withheld: each comes to another digest."""
    digest = plan_digest(plan)
    for change in ("title", "spend", "withheld"):
        copy = copy_of(plan, "freed")
        if change == "title":
            copy["title"] = str(copy["title"]).replace("joint", "jaint")
        elif change == "spend":
            copy["spend"]["spend"][0]["year_2"] += 1  # type: ignore[index]
        else:
            copy["withheld"]["freed"]["digest"] = "0" * 64  # type: ignore[index]
        found = verify(copy, digest)
        assert not found.matches, change
        assert found.copy.digest != digest


def test_a_redacted_copy_is_letter_for_letter(plan: Plan) -> None:
    """A code put in its words reads as the same plan, but somebody has written in the copy: it does not verify, and the section is named."""
    copy = copy_of(plan, "freed")
    copy["spend"]["spend"][0]["area"] = "Community Health"  # type: ignore[index]
    found = verify(copy, plan_digest(plan))
    assert found.copy.digest == plan_digest(plan)
    assert (found.matches, found.rewritten) == (False, ("spend",))


def test_what_no_digest_proves_is_refused_or_named(plan: Plan) -> None:
    """Anything beside the content is refused, a mark that is none of ours does not verify, and that the reasons are unproved is said."""
    digest = plan_digest(plan)
    with pytest.raises(Unusable, match="“approved”, which no digest proves"):
        verify({"content": copy_of(plan, "freed"), "approved": "by ministers"}, digest)
    for mark, matches in (("Ours.", True), ("Approved by ministers.", False)):
        for copy in (copy_of(plan, "freed"), as_data(plan)):
            found = verify({**copy, "mark": mark}, digest, ("Ours.",))
            assert (found.matches, "mark" in found.rewritten) == (matches, not matches)
            assert "the mark" in found.unproved
    assert verify(copy_of(plan, "freed"), digest).unproved == (
        "the reason for withholding “Where the money is freed”",
    )


def test_an_empty_section_has_nothing_to_withhold(plan: Plan) -> None:
    """A section in which nothing stands has no digest in the tree, so a copy says nothing of it, and verifies."""
    empty = without(plan, ["flows"])
    assert copy_of(empty, "flows", "freed")["withheld"] == copy_of(plan, "freed")["withheld"]
    assert verify(copy_of(empty, "flows", "freed"), plan_digest(empty)).matches


def test_a_section_withheld_for_the_sake_of_a_field(plan: Plan) -> None:
    """A copy proves sections alone: one of which a field is withheld stands by its digest, with which field is meant and why."""
    copy = json.loads(json.dumps(redact(plan, {"risks": "legal"}, {"freed/freed/0/provider": "commercial", "risks/sharing": "personal"}).as_data()))  # fmt: skip
    assert "freed" not in copy
    found = verify(copy, plan_digest(plan))
    assert found.matches
    assert {name: (each.reason, each.fields) for name, each in found.copy.withheld.items()} == {
        "freed": ("commercial", {"freed/freed/0/provider": "commercial"}), "risks": ("legal", {}),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("withheld", "says"),
    [
        ({"fred": "commercial"}, "Did you mean freed?"),
        ({"freed": "comercial"}, "Did you mean commercial?"),
    ],
)
def test_only_what_there_is_is_withheld(plan: Plan, withheld: dict[str, str], says: str) -> None:
    """An unknown section or reason is refused with the nearest."""
    with pytest.raises(NotHere, match=says.replace("?", r"\?")):
        redact(plan, withheld)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"withheld": {"freed": "9"}}, "needs its digest and its reason"),
        ({"withheld": {"freed": {"digest": "9", "reason": "commercial"}}}, "is not the digest of a section"),
        ({"withheld": {"freed": {"digest": "0" * 64, "reason": "because"}}}, "There is no reason"),
        ({"withheld": {"spend": {"digest": "0" * 64, "reason": "personal"}}}, "stands in the copy"),
        (
            {
                "withheld": {
                    "freed": {"digest": "0" * 64, "reason": "legal", "fields": {"spend/total": "legal"}}
                }
            },
            "not written by place",
        ),
        (
            {
                "withheld": {
                    "freed": {"digest": "0" * 64, "reason": "legal", "fields": {"freed/x": "because"}}
                }
            },
            "There is no reason",
        ),
        ({"withheld": []}, "not written by section"),
        ({"extra": 1}, "cannot be read as a plan"),
    ],
)
def test_what_is_no_copy_is_refused(plan: Plan, change: dict[str, object], says: str) -> None:
    """What nobody of ours has handed out is refused in one sentence."""
    with pytest.raises(Unusable, match=says):
        verify({**copy_of(plan, "freed"), **change}, plan_digest(plan))


def test_every_reason_has_its_words() -> None:
    """Commercially confidential, exempt under Schedule 12A, legally privileged, personal: a list of codes."""
    assert set(REASONS) == {"commercial", "exempt_12a", "legal", "personal"}
    assert "Schedule 12A of the Local Government Act 1972" in REASONS["exempt_12a"]


def test_the_command_says_what_it_has_seen(run: Run, plan: Plan, tmp_path: Path) -> None:
    """``carepool plan verify FILE --digest D`` exits with 0 for a copy of that plan, with 1 for another, and names both kinds of section."""
    file, digest = tmp_path / "copy.json", plan_digest(plan)
    file.write_text(json.dumps(copy_of(plan, "freed", "risks")))
    code, out, _ = run("plan", "verify", str(file), "--digest", digest)
    assert code == 0
    assert "This is a copy of the plan with that digest." in out
    assert "Not seen, known by its digest alone: Where the money is freed (commercially confidential)" in out
    code, out, _ = run("plan", "verify", str(file), "--digest", "0" * 64, "--json")
    answer = json.loads(out)
    assert (code, answer["matches"], answer["digest"]) == (1, False, digest)
    assert [each["section"] for each in answer["withheld"]] == ["freed", "risks"]


@pytest.mark.parametrize(
    ("content", "digest", "says"),
    [
        ('{"rules": "a", "rules": "b"}', "0" * 64, "names something twice"),
        ("{", "0" * 64, "is not JSON"),
        ("[]", "0" * 64, "not a JSON object"),
        ("{}", "abc", "is not a digest"),
    ],
)
def test_the_command_refuses_in_a_sentence(
    run: Run, tmp_path: Path, content: str, digest: str, says: str
) -> None:
    """A file that two programs could read differently, or that is none, ends with 2 and one sentence."""
    file = tmp_path / "copy.json"
    file.write_text(content)
    code, out, err = run("plan", "verify", str(file), "--digest", digest)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err
