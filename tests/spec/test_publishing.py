"""Publishing: an officer sees the audit and publishes in one act; what is published never changes, and anybody can check it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from carepool.actions import demonstration_publishing
from carepool.actions.demonstration import Stage, people
from carepool.actions.house import House
from carepool.actions.nation import RULES
from carepool.actions.published_people import Counted, people_of, too_narrow
from carepool.actions.publishing import (
    Prepared,
    bundle_bytes,
    one_release,
    opened_document,
    prepare,
    publish,
    releases_of,
)
from carepool.actions.publishing_audit import of_people
from carepool.actions.waiving import every_waiver, grant_waiver
from carepool.basics.findings import blocks
from carepool.basics.refusals import NotHere, Refused
from carepool.disclosure.audit import Output
from carepool.disclosure.tables import protect
from carepool.journal.commands import Done
from carepool.journal.verify import verify
from carepool.publication import bundle as checking
from carepool.publication.bundle import check_bundle
from carepool.publication.releases import Published
from carepool.wiring import disk
from carepool.wiring.kinds import KINDS
from tests.property.test_disclosure_properties import rule
from tests.spec.test_money import county

SMALL = rule(1, 4, 1)
SCRIPT = Path(checking.__file__).parent / "verify_release.py"


@pytest.fixture(scope="module")
def built(house: House) -> House:
    """The illustrative county before anything of it was published, built once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demonstration_publishing, "tell", lambda _: None)
        return county(house)


class _Undo(Exception):
    """Takes back what a test wrote."""


@pytest.fixture
def stage(built: House) -> Iterator[Stage]:
    """The county in March 2016; what a test writes is taken back after it."""
    made = Stage(built, people(disk.county_files()))
    made.on(2016, 3, 1)
    made.count = 20_000
    with suppress(_Undo), built.journal.transaction():
        yield made
        raise _Undo


def released(stage: Stage, found: Prepared, handle: str = "carrowby.chief") -> Any:
    """A release's file, as it is downloaded, once it is published."""
    done = publish(stage.house, stage.actor(handle), found, found.audit_digest)
    assert isinstance(done, Done), done
    release = one_release(stage.house, found.plan, int(str(found.content["number"])))
    assert release.digest == done.answer
    return json.loads(bundle_bytes(stage.house, release))


def codes(found: Prepared) -> set[str]:
    return {each.code for each in found.findings}


# One act


@pytest.mark.slow
def test_an_officer_publishes_what_was_signed_off(stage: Stage) -> None:
    """A release lists each document by digest, who agreed, and the checkpoint of the log before it."""
    file = released(stage, prepare(stage.house, "carrowby"))
    release = file["release"]
    assert release["release"] == "carrowby/1"
    assert [each["path"] for each in release["documents"]] == [
        "plan.json",
        "decisions.json",
        "people.json",
        "money.json",
    ]
    assert [each["body"] for each in release["parties"]] == ["council:ZZ6", "ccg:Z6A", "board:ZZ6"]
    assert release["by"] == {"body": "council:ZZ6", "office": "chief_executive"}
    assert release["mark"].startswith("Illustrative county")
    assert file["documents"]["money.json"]["results"]["fund_pence"] > 0
    assert verify(stage.house.journal, kinds=KINDS).clean


@pytest.mark.slow
def test_a_plan_not_signed_off_has_nothing_to_release(stage: Stage) -> None:
    """Drafts, and versions that ministers have not signed off, are never in a release."""
    with pytest.raises(NotHere, match="have not signed off"):
        prepare(stage.house, "wolds")


def test_no_name_of_a_person_is_in_a_release(stage: Stage) -> None:
    """A release never changes, so it names bodies and offices: who held them stands in documents that can be withdrawn."""
    text = json.dumps(released(stage, prepare(stage.house, "carrowby")))
    assert [each.name for each in stage.cast.values() if each.name in text] == []


def test_only_an_office_that_publishes_may(stage: Stage) -> None:
    """The plan's lead, who wrote it, is refused, and so is an officer of no party."""
    found = prepare(stage.house, "carrowby")
    for handle in ("carrowby.lead", "nhs.assurer"):
        refused = publish(stage.house, stage.actor(handle), found, found.audit_digest)
        assert isinstance(refused, Refused)
        assert "Carrowby council" in refused.says
    assert releases_of(stage.house, "carrowby") == ()


def test_nothing_but_what_was_shown_is_published(stage: Stage) -> None:
    """The approver names the audit that they saw; another, or one that was overtaken, is refused and nothing is written."""
    first, second = prepare(stage.house, "carrowby"), prepare(stage.house, "carrowby")
    actor = stage.actor("carrowby.chief")
    assert isinstance(publish(stage.house, actor, first, "0" * 64), Refused)
    released(stage, first)
    late = publish(stage.house, stage.actor("carrowby.chair"), second, second.audit_digest)
    assert isinstance(late, Refused)
    assert "meanwhile" in late.says
    assert len(releases_of(stage.house, "carrowby")) == 1


def test_asking_twice_publishes_once(stage: Stage) -> None:
    """The same request with the same key is answered as before."""
    found, actor = prepare(stage.house, "carrowby"), stage.actor("carrowby.chief")
    first = publish(stage.house, actor, found, found.audit_digest)
    again = publish(stage.house, actor, found, found.audit_digest)
    assert isinstance(first, Done)
    assert isinstance(again, Done)
    assert again.again
    assert again.answer == first.answer
    assert len(releases_of(stage.house, "carrowby")) == 1


# The audit


def test_before_an_election_nothing_is_published(stage: Stage) -> None:
    """From the notice of a poll to its day a release is held, with the day on which it ends."""
    stage.on(2016, 4, 4)
    found = prepare(stage.house, "carrowby")
    held = [each for each in found.findings if each.code == "pre-election"]
    assert [each.remedy for each in held] == ["Publish it after 5 May 2016."]
    refused = publish(stage.house, stage.actor("carrowby.chief"), found, found.audit_digest)
    assert isinstance(refused, Refused)
    assert "5 May 2016" in refused.says
    stage.on(2016, 5, 6)
    assert codes(prepare(stage.house, "carrowby")) == set()


def test_an_exception_lifts_the_hold_and_is_public(stage: Stage) -> None:
    """It names the rule, the body, the reason, who granted it and until when; one for a single party is not enough."""
    stage.on(2016, 4, 4)
    rule_, until = "decision-making/procedure", date(2016, 5, 5)
    by_nobody = grant_waiver(stage.house, stage.actor("carrowby.chief"), RULES, rule_, "council:ZZ6", "We wish to.", until)  # fmt: skip
    assert isinstance(by_nobody, Refused)
    for body in ("council:ZZ6", "board:ZZ6"):
        assert blocks(prepare(stage.house, "carrowby").findings)
        done = grant_waiver(stage.house, stage.actor("minister.office"), RULES, rule_, body, "No one votes in this area.", until)  # fmt: skip
        assert isinstance(done, Done), done
    found = prepare(stage.house, "carrowby")
    assert codes(found) == {"pre-election"}
    assert not blocks(found.findings)
    told = every_waiver(stage.house)[0]
    assert told.as_data() == {
        "number": 2, "rule": rule_, "body": "board:ZZ6", "body_name": "Carrowby Health and Wellbeing Board", "reason": "No one votes in this area.",
        "granted_by": "ministers:ENG", "granted_by_name": told.granter, "office": "ministers office", "from": "2016-04-04", "until": "2016-05-05", "stands": True,
    }  # fmt: skip
    stage.on(2016, 5, 6)
    assert not any(each.stands for each in every_waiver(stage.house))
    with pytest.raises(NotHere):
        grant_waiver(stage.house, stage.actor("minister.office"), RULES, "decision-making/nothing", "council:ZZ6", "Why not.", until)  # fmt: skip


def test_a_field_is_withheld_with_its_reason_and_the_copy_still_verifies(stage: Stage) -> None:
    """What is withheld is not in the file; its section stands by its digest, and money that rests on it is left out."""
    whole = prepare(stage.house, "carrowby")
    provider = whole.documents[0].content["spend"]["spend"][0]["provider"]  # type: ignore[index]
    found = prepare(stage.house, "carrowby", withheld={"spend/0/provider": "commercial", "risks": "personal"})
    assert codes(found) == {"withheld"}
    file = released(stage, found)
    assert {each["section"]: each["says"] for each in file["release"]["withheld"]} == {
        "spend": "Commercially confidential", "risks": "Personal information",
    }  # fmt: skip
    assert "spend" not in file["documents"]["plan.json"]
    assert "schemes" not in file["documents"]["money.json"]
    assert provider not in json.dumps(file["documents"]["money.json"])
    assert check_bundle(file).verifies


def test_what_names_a_person_is_found() -> None:
    """An electronic address is a warning, and what can be an NHS number blocks: a telephone number does not."""
    words = {"a": "Write to jo@example.org", "b": "943 476 5919", "c": "0113 496 0000"}
    found = tuple(of_people([Published("plan.json", words, "")]))
    assert [(each.code, each.where) for each in found] == [
        ("personal-address", "plan.json/a"), ("patient-number", "plan.json/b"),
    ]  # fmt: skip
    assert blocks(found)


# Small numbers


def test_the_bounds_of_hidden_counts_are_shown_to_the_approver(stage: Stage) -> None:
    """Counts of people are hidden and rounded by their rule; for each hidden one the audit says between what it can lie."""
    found = prepare(stage.house, "carrowby")
    counts = next(each.content["counts"] for each in found.documents if each.path == "people.json")
    assert counts
    assert found.audit["evidence"] == [each.as_data() for each in found.evidence]
    assert all(each.narrow == () for each in found.evidence)


def test_a_count_that_could_be_worked_out_is_refused() -> None:
    """Where an earlier release shows what this one hides, the audit blocks, and says which count and how narrow."""
    counts = {("all", "part"): 3, ("all", "rest"): 40}
    cells = protect(SMALL, counts, totals_of_columns=False).cells
    ours = Counted("v", (("returns", Output("this release", "at_home/ZZ6/2015-16/v", counts, cells)),), {"returns": SMALL})  # fmt: skip
    shown = {"value": "40", "status": "shown"}
    row = {"measure": "at_home", "board": "ZZ6", "period": "2015-16", "part": {"value": None}, "rest": shown, "whole": {"value": "43"}}  # fmt: skip
    assert list(too_narrow(people_of(ours, {}).evidence)) == []
    blocked = list(too_narrow(people_of(ours, {"carrowby/1": {"vintage": "v", "counts": [row]}}).evidence))
    assert [(each.code, each.where) for each in blocked] == [
        ("count-disclosed", "people.json/at_home/ZZ6/2015-16")
    ]
    assert "from 3 to 3" in blocked[0].says
    another = people_of(ours, {"carrowby/1": {"vintage": "another", "counts": [row]}})
    assert list(too_narrow(another.evidence)) == []


def test_what_an_earlier_release_hides_is_hidden_again() -> None:
    """A count that was hidden before is not shown now."""
    counts = {("all", "part"): 30, ("all", "rest"): 40}
    cells = protect(SMALL, counts, totals_of_columns=False).cells
    ours = Counted("v", (("returns", Output("this release", "at_home/ZZ6/2015-16/v", counts, cells)),), {"returns": SMALL})  # fmt: skip
    hidden = {"value": None, "status": "hidden"}
    row = {"measure": "at_home", "board": "ZZ6", "period": "2015-16", "part": hidden, "rest": hidden, "whole": {"value": "70"}}  # fmt: skip
    alone, after = (people_of(ours, each).content["counts"] for each in ({}, {"carrowby/1": {"vintage": "v", "counts": [row]}}))  # fmt: skip
    assert isinstance(alone, list)
    assert isinstance(after, list)
    assert [alone[0][each]["value"] for each in ("part", "rest", "whole")] == ["30", "40", "70"]
    assert [after[0][each]["value"] for each in ("part", "rest", "whole")] == [None, None, "70"]


# Corrections


def test_a_correction_is_another_release(stage: Stage) -> None:
    """It names what it corrects and says what changed; the release before it stays as it was, to the byte."""
    released(stage, prepare(stage.house, "carrowby", withheld={"risks": "personal"}))
    before = bundle_bytes(stage.house, one_release(stage.house, "carrowby", 1))
    assert "published-already" in codes(prepare(stage.house, "carrowby"))
    assert "correction-unsaid" in codes(prepare(stage.house, "carrowby", correct=1))
    second = released(
        stage, prepare(stage.house, "carrowby", correct=1, says="The risks name nobody, and are shown.")
    )
    assert second["release"]["corrects"] == {
        "release": "carrowby/1", "number": 1, "digest": one_release(stage.house, "carrowby", 1).digest,
        "says": "The risks name nobody, and are shown.", "changed": ["plan.json"], "sections": ["risks"],
    }  # fmt: skip
    assert bundle_bytes(stage.house, one_release(stage.house, "carrowby", 1)) == before
    with pytest.raises(NotHere):
        prepare(stage.house, "carrowby", correct=3, says="There is none.")


def test_the_audit_that_the_approver_saw_is_kept(stage: Stage) -> None:
    """It is a document that the fact cites, with everything that was found."""
    found = prepare(stage.house, "carrowby", withheld={"risks": "personal"})
    released(stage, found)
    kept = json.loads(opened_document(stage.house, one_release(stage.house, "carrowby", 1).audit))
    assert [each["code"] for each in kept["findings"]] == ["withheld"]
    assert date.fromisoformat(kept["day"]) == date(2016, 3, 1)


# Proof


@pytest.mark.slow
def test_the_script_checks_it_where_there_is_no_carepool(stage: Stage, tmp_path: Path) -> None:
    """Under 120 lines of the standard library say who signed, and that the log goes on from that of the earlier release."""
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) < 120
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    first.write_text(
        json.dumps(released(stage, prepare(stage.house, "carrowby", withheld={"risks": "personal"})))
    )
    second.write_text(json.dumps(released(stage, prepare(stage.house, "carrowby", correct=1, says="Shown."))))
    for files, code, said in (
        ([first], 0, "Carrowby council"), ([second, first], 0, "NHS Carrowby CCG"), ([first, second], 1, "history was cut"),
        ([second, first, "--digest", one_release(stage.house, "carrowby", 2).digest], 0, "Health and Wellbeing Board"),
        ([second, "--digest", one_release(stage.house, "carrowby", 1).digest], 1, "another release"),
    ):  # fmt: skip
        done = subprocess.run([sys.executable, "-I", "-W", "error", str(SCRIPT), *map(str, files)], capture_output=True, text=True)  # fmt: skip
        assert done.returncode == code, done
        assert said in done.stdout + done.stderr


def test_a_release_of_another_plan_extends_the_last_one_published(stage: Stage) -> None:
    """The log is one: a file holds the proof from the release that was published last, of whichever plan."""
    first = released(stage, prepare(stage.house, "carrowby"))
    second = released(stage, prepare(stage.house, "carrowby", correct=1, says="Nothing but the day."))
    assert [each["size"] for each in second["earlier"]] == [first["release"]["checkpoint"]["size"]]
    assert check_bundle(second, first).extends == first["release"]["checkpoint"]["size"]
    assert check_bundle(first, second).findings[0].code == "history-cut"
