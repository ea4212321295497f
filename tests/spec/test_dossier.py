"""The dossier: one zip of a plan for people who never sign in, which they check by themselves without carepool."""

import ast
import io
import itertools
import json
import os
import random
import runpy
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from carepool.actions import demonstration_assurance as said_of
from carepool.actions.afterwards import call_in, open_dispute, withdraw_decision
from carepool.actions.areas import MARK
from carepool.actions.assurances import assured
from carepool.actions.comparing import NUMBERS, names_in
from carepool.actions.deciding import decide_plan
from carepool.actions.demonstration import Stage, begin, decide, draft_all, people
from carepool.actions.demonstration_assurance import CARROWBY_COUNCILS, CARROWBY_MODERATED, CARROWBY_NHS
from carepool.actions.dossiers import dossier_of
from carepool.actions.editing import save_version
from carepool.actions.house import House
from carepool.actions.planning import all_plans, view
from carepool.actions.ports import MemoryDrafts
from carepool.actions.recording import confirm_record, record_decision, send_link, sign_by_link, token_digest
from carepool.actions.standings import standing_of
from carepool.basics.periods import LONDON
from carepool.basics.refusals import NotHere, Unusable
from carepool.journal.commands import Done
from carepool.journal.memory import MemoryJournal
from carepool.offices.holdings import end
from carepool.offices.holdings import stream_of as office_stream
from carepool.plans.document import EVERY, filled
from carepool.plans.merging import differences
from carepool.plans.redaction import redact
from carepool.plans.redaction import verify as verify_copy
from carepool.publication import dossier as making
from carepool.render import dossiers
from carepool.render.dossiers import dossier, script
from carepool.signoff.ways import How, Meeting
from carepool.wiring import disk
from tests.spec.test_money import county

COUNTY = ("carrowby", "wolds", "farrowdale", "stonebeck", "lindenmouth", "thornmere")
SCRIPT = Path(dossiers.__file__).parents[1] / "publication" / "verify_dossier.py"
MINUTE = b"%PDF-1.7 minute 14/45 of the council"
NOT_TYPESET = b"%PDF-1.7 not typeset here"
OTHER = b"%PDF-1.7 something else that was scanned"
Check = Callable[[Mapping[str, bytes]], tuple[int, str]]


@pytest.fixture(scope="module")
def base(house: House) -> House:
    """The illustrative county, in March 2016."""
    stage = Stage(county(house), people(disk.county_files()))
    stage.on(2016, 3, 1)
    return stage.house


@pytest.fixture(scope="module")
def zips(base: House) -> dict[str, bytes]:
    """The dossier of every plan of the county that has a version; only the first has its PDF typeset, which takes a second."""
    made = {COUNTY[0]: dossier(dossier_of(base, COUNTY[0])).content}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dossiers, "pdf", lambda _: NOT_TYPESET)
        return made | {plan: dossier(dossier_of(base, plan)).content for plan in COUNTY[1:]}


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the PDF is not what a test is about, it is not typeset."""
    monkeypatch.setattr(dossiers, "pdf", lambda _: NOT_TYPESET)


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """Runs the script on files as a zip, in this process: its exit code and what it said."""
    main = runpy.run_path(str(SCRIPT))["main"]

    def checking(files: Mapping[str, bytes]) -> tuple[int, str]:
        path = tmp_path / "checked.zip"
        path.write_bytes(zipped(files))
        code = main([str(path)])
        return code, capsys.readouterr().out

    return checking


def opened(content: bytes) -> dict[str, bytes]:
    """The files of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def forged(files: Mapping[str, bytes], path: str, change: Callable[[Any], object]) -> dict[str, bytes]:
    """The files with one of JSON changed by somebody who makes the manifest anew."""
    data = json.loads(files[path])
    change(data)
    return renewed({**files, path: json.dumps(data).encode()})


def renewed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with a manifest that fits them."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = [
        {"path": path, "sha256": sha256(content).hexdigest(), "bytes": len(content)}
        for path, content in files.items()
        if not path.startswith("manifest.")
    ]  # fmt: skip
    made = json.dumps(manifest).encode()
    return {
        **files,
        "manifest.json": made,
        "manifest.sha256": f"{sha256(made).hexdigest()}  manifest.json\n".encode(),
    }


def facts_of(data: Any, stream: str) -> list[Any]:
    return [each for each in data["facts"] if each["stream"].startswith(stream)]


def pythons() -> list[str]:
    """This Python, and any other that there is on this machine."""
    names = ["python3", *(f"python3.{minor}" for minor in range(8, 20))]
    found = [sys.executable, *(path for name in names if (path := shutil.which(name, path=_elsewhere())))]
    found += [str(each) for each in sorted(Path.home().glob(".pyenv/versions/3.*/bin/python"))]
    return list(dict.fromkeys(found))


def _elsewhere() -> str:
    return os.pathsep.join(
        each for each in os.environ["PATH"].split(os.pathsep) if ".venv" not in each and "shims" not in each
    )


def version_of(python: str) -> tuple[int, ...]:
    out = subprocess.run(
        [python, "-I", "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True
    )
    return tuple(int(each) for each in out.stdout.split())


# What anybody can check


@pytest.mark.parametrize("plan", COUNTY)
@pytest.mark.slow
def test_it_verifies_where_there_is_no_carepool(zips: dict[str, bytes], plan: str, tmp_path: Path) -> None:
    """Unpacked into an empty folder, ``python3 verify.py`` alone says that the dossier verifies and who has decided."""
    for path, content in opened(zips[plan]).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    other = next((each for each in pythons()[1:] if version_of(each) >= (3, 8)), sys.executable)
    done = subprocess.run(
        [other, "-I", "-W", "error", "verify.py"], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8"
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("This dossier verifies.\n")
    assert f"({plan}), version " in done.stdout
    assert "Health and Wellbeing Board: " in done.stdout


@pytest.mark.slow
def test_any_python_from_3_8_on_will_do(zips: dict[str, bytes], tmp_path: Path) -> None:
    """The script is one short file of the standard library alone, written so that Python 3.8 can read it."""
    tree = ast.parse(script().decode(), feature_version=(3, 8))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names])
    }  # fmt: skip
    assert imported <= set(sys.stdlib_module_names)
    assert not imported & {"socket", "ssl", "urllib", "http", "subprocess"}
    lines = [line.strip() for line in script().decode().splitlines()]
    assert len([line for line in lines if line and not line.startswith(("#", '"""'))]) < 530
    path = tmp_path / "dossier.zip"
    path.write_bytes(zips["thornmere"])
    tried = 0
    for python in pythons():
        if version_of(python) >= (3, 8):
            done = subprocess.run([python, "-I", str(SCRIPT), str(path)], capture_output=True)
            assert done.returncode == 0, (python, done)
            tried += 1
    assert tried


@pytest.mark.slow
def test_it_is_the_same_each_time(base: House, zips: dict[str, bytes], house: House) -> None:
    """The same plan at the same position and day is the same to the byte: in this county, and in one built anew."""
    again = Stage(county(house), people(disk.county_files()))
    again.on(2016, 3, 1)
    assert dossier(dossier_of(base, "carrowby")).content == zips["carrowby"]
    assert dossier(dossier_of(again.house, "carrowby")).content == zips["carrowby"]
    with zipfile.ZipFile(io.BytesIO(zips["carrowby"])) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[:4] == ["manifest.json", "manifest.sha256", "README.txt", "index.html"]


@pytest.mark.slow
def test_it_holds_what_a_reader_needs(base: House, zips: dict[str, bytes]) -> None:
    """Plan, paper, checks, standing, facts, what was signed, rules and every digest; the page fetches nothing."""
    files = opened(zips["carrowby"])
    seen = view(base, "carrowby")
    assert seen.history.current
    digest = seen.history.current.digest
    assert verify_copy(json.loads(files["plan/plan.json"]), digest, (MARK,)).matches
    assert files["plan/paper.pdf"].startswith(b"%PDF-")
    about = json.loads(files["dossier.json"])
    assert about["rules"] == {
        "name": seen.rules.name,
        "title": seen.rules.about.title,
        "digest": seen.rules.digest,
    }
    assert about["mark"].startswith("Illustrative county")
    found = standing_of(base, seen)
    assert json.loads(files["standing.json"])["status"] == found.status == "Signed off"
    assert [each["says"] for each in json.loads(files["checks/findings.json"])["findings"]] == [
        each.says for each in seen.findings
    ]
    page = files["index.html"].decode()
    for words in (digest, seen.rules.digest, about["mark"], "Chief executive", "Signed off", "README.txt"):
        assert words.casefold() in page.casefold(), words
    assert not [each for each in ("http:", "https:", "<script", "<link", "src=", "url(") if each in page]
    assert [line for line in files["README.txt"].decode().splitlines() if len(line) > 125] == []
    listed = json.loads(files["manifest.json"])["files"]
    assert sorted(each["path"] for each in listed) == sorted(
        set(files) - {"manifest.json", "manifest.sha256"}
    )


def test_the_digest_of_the_manifest_names_it(base: House, plain: None) -> None:
    """What the command prints and the script prints is one digest: two dossiers that differ in anything differ in it."""
    made = dossier(dossier_of(base, "wolds"))
    files = opened(made.content)
    assert sha256(files["manifest.json"]).hexdigest() == made.manifest
    assert files["manifest.sha256"] == f"{made.manifest}  manifest.json\n".encode()
    assert dossier(dossier_of(base, "wolds", uploads=False)).manifest == made.manifest  # it has none


# What shows


@pytest.mark.slow
def test_any_changed_byte_shows(zips: dict[str, bytes], check: Check) -> None:
    """One bit of any file changed, anywhere in it: the script says which file, and exits with 1."""
    chance = random.Random(20160301)
    files = opened(zips["thornmere"])
    assert check(files)[0] == 0
    for path, content in files.items():
        for _ in range(6):
            at = chance.randrange(len(content))
            changed = bytearray(content)
            changed[at] ^= 1 << chance.randrange(8)
            code, said = check({**files, path: bytes(changed)})
            assert code == 1, (path, at)
            assert "does NOT verify" in said
            assert (path if not path.startswith("manifest.") else "manifest.json") in said or "cannot be read" in said, (path, at, said)  # fmt: skip


@pytest.mark.slow
def test_a_file_too_many_and_one_too_few_show(zips: dict[str, bytes], check: Check) -> None:
    """What the manifest does not list is no part of the dossier, and what it lists has to be there."""
    files = opened(zips["carrowby"])
    assert "letter.txt is not in the manifest" in check({**files, "letter.txt": b"We agreed."})[1]
    for path in files:
        code, said = check({name: each for name, each in files.items() if name != path})
        assert (code, path in said) == (1, True), (path, said)


def agree_instead(data: Any) -> None:
    (fact,) = [each["fact"] for each in facts_of(data, "signoff/") if each["fact"]["kind"] == "PlanRefused"]
    fact["kind"] = "PlanAgreed"


def sealed_again(data: Any) -> None:
    """The refusal made an agreement, with digests that fit all along its stream."""
    runs = runpy.run_path(str(SCRIPT))
    agree_instead(data)
    before = None
    for each in facts_of(data, "signoff/"):
        each["fact"]["previous"] = before
        before = each["digest"] = runs["digest"]("fact", 1, each["fact"])


def drop(stream: str, at: int) -> Callable[[Any], None]:
    def dropping(data: Any) -> None:
        data["facts"].remove(facts_of(data, stream)[at])

    return dropping


def of_another_digest(data: Any) -> None:
    facts_of(data, "signoff/")[0]["fact"]["body"]["plan"] = "0" * 64


FORGERIES: dict[str, tuple[str, Callable[[Any], object], str]] = {
    "a decision changed": ("facts.json", agree_instead, "is not what was written: its digest differs"),
    "a decision changed with every digest of its stream": ("facts.json", sealed_again, "is not shown to be in the log"),
    "a decision on another digest": ("facts.json", of_another_digest, "is about a version that is not here"),
    "a fact dropped from the middle": ("facts.json", drop("signoff/", 1), "a fact is missing"),
    "a tail cut": ("facts.json", drop("signoff/", -1), "its tail was cut"),
    "a version dropped": ("facts.json", drop("plan/", -1), "its tail was cut"),
    "an office dropped": ("facts.json", drop("office/", 0), "No office is here by which"),
    "an office ended before": ("facts.json", lambda data: facts_of(data, "office/")[0]["fact"]["body"].update(last="2014-01-01"), "its digest differs"),
    "facts in another order": ("facts.json", lambda data: data["facts"].reverse(), "a fact is missing"),
    "a proof of another fact": ("facts.json", lambda data: data["facts"][0].update(proof=data["facts"][1]["proof"]), "is not shown to be in the log"),
    "another root": ("checkpoint.json", lambda data: data.update(root="0" * 64), "is not shown to be in the log"),
    "a shorter log": ("checkpoint.json", lambda data: data.update(size=data["size"] - 1), "checkpoint.json: “size” does not follow"),
    "a figure of the plan": ("plan/plan.json", lambda data: data["spend"]["spend"][0].update(year_2=1), "The section “spend” of plan/plan.json is not the one"),
    "the plan's title": ("plan/plan.json", lambda data: data.update(title="Another plan"), "plan/plan.json is not the version that was saved last"),
    "a section taken out": ("plan/plan.json", lambda data: data.pop("risks"), "The section “risks”"),
    "the digest in the dossier": ("dossier.json", lambda data: data.update(digest="0" * 64), "is not the version that was saved last"),
    "the number of the version": ("dossier.json", lambda data: data.update(version=1), "dossier.json: “version” does not follow"),
    "a salt": ("documents/index.json", lambda data: data["documents"][0].update(salt="00" * 32), "its digest differs"),
    "a document said to be left out": ("documents/index.json", lambda data: data["documents"].pop(), "is not here, and nothing says why"),
    "a document of nothing": ("documents/index.json", lambda data: data["left_out"].append({"digest": "0" * 64, "why": ""}), "is cited by no fact"),
    "a finding taken out": ("checks/findings.json", lambda data: data["findings"].pop(), "checks/findings.json: “digest” does not follow"),
    "a party's word": ("standing.json", lambda data: data["parties"][-1].update(outcome="Agreed"), "is said to stand at “Agreed”, and the facts say “Refused”"),
    "a board not asked": ("standing.json", lambda data: data["parties"].pop(next(at for at, each in enumerate(data["parties"]) if each["kind"] == "board")), "Those who must decide are not the parties"),
    "agreed altogether": ("standing.json", lambda data: data.update(agreed=True), "standing.json: “agreed” does not follow"),
    "a stream forgotten": ("dossier.json", lambda data: data["streams"].update({"assurance/nowhere": 1}), "its tail was cut"),
}  # fmt: skip


def test_who_is_written_out_of_a_version_is_in_its_dossier(base: House, plain: None, check: Check) -> None:
    """A version that names no board is verified with the board that it was started for, and not without it."""
    stage = Stage(replace(base, journal=MemoryJournal(), drafts=MemoryDrafts()), people(disk.county_files()))
    stage.on(2014, 9, 1)
    for handle in stage.cast:
        stage.office(handle)
    plan = begin(stage, "pair", ("ZZ7", "ZZ8"), "Thornmere and Aldersea", "thornmere.lead", "ZZ7", "3.5")
    decide(stage, "pair", "aldersea.chair", agrees=False, reasons="It is too little.", how=How())
    parties = plan.parties.model_copy(update={"boards": ("ZZ7",), "ccgs": ("Z7A", "Z8A")})
    draft_all(stage, "pair", "thornmere.lead", plan.with_section("parties", parties))
    assert isinstance(save_version(stage.house, stage.actor("thornmere.lead"), "pair"), Done)
    files = opened(dossier(dossier_of(stage.house, "pair")).content)
    code, said = check(files)
    assert code == 0, said
    assert "Aldersea Health and Wellbeing Board: Awaited" in said
    assert "ccg:Z8B: not named by this version" in said

    def left_out(body: str) -> Callable[[Any], None]:
        return lambda data: data.update(parties=[each for each in data["parties"] if each["body"] != body])

    code, said = check(forged(files, "standing.json", left_out("board:ZZ8")))
    assert (code, "A board that the plan was started for is not among" in said) == (1, True)
    assert "Somebody has decided, and is not among" in said


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_a_forger_changes_shows(zips: dict[str, bytes], check: Check, forgery: str) -> None:
    """Whoever changes what a file says and makes the manifest anew is found out by the digests, the chain or the log."""
    path, change, says = FORGERIES[forgery]
    code, said = check(forged(opened(zips["stonebeck"]), path, change))
    assert code == 1
    assert says in said, said


def test_a_document_swapped_for_another_shows(zips: dict[str, bytes], check: Check) -> None:
    """What one body signed cannot stand for what another did, under either name."""
    files = opened(zips["stonebeck"])
    one, two, *_ = [
        path for path in files if path.startswith("documents/") and path != "documents/index.json"
    ]
    code, said = check(renewed({**files, one: files[two], two: files[one]}))
    assert (code, said.count("is not the document that a fact cites")) == (1, 2)

    def swap(data: Any) -> None:
        first, second, *_ = data["documents"]
        first["file"], second["file"] = second["file"], first["file"]

    assert check(forged(files, "documents/index.json", swap))[0] == 1


def test_what_is_no_dossier_is_said_to_be_none(check: Check, tmp_path: Path, capsys: Any) -> None:
    """Another zip, a file that is none, a folder of nothing: one sentence each, and exit 1."""
    main = runpy.run_path(str(SCRIPT))["main"]
    (tmp_path / "text.zip").write_text("no zip")
    for where in (tmp_path / "text.zip", tmp_path, tmp_path / "nowhere"):
        assert main([str(where)]) == 1
        assert "cannot be read" in capsys.readouterr().out
    assert check({"letter.txt": b"We agreed."})[0] == 1


# What is in it, and what is not


@pytest.fixture
def stage(house: House) -> Stage:
    """A plan of two councils, three CCGs and two boards, saved once; everybody of the county in office."""
    made = Stage(replace(house, journal=MemoryJournal()), people(disk.county_files()))
    made.on(2014, 9, 1)
    for handle in made.cast:
        made.office(handle)
    made.plan = begin(
        made, "thornmere", ("ZZ7", "ZZ8"), "Thornmere and Aldersea", "thornmere.lead", "ZZ7", "3.5"
    )  # type: ignore[attr-defined]
    return made


def shown(stage: Stage) -> tuple[str, str]:
    seen = view(stage.house, "thornmere")
    assert seen.history.current
    return seen.history.current.digest, seen.findings_digest


def files_of(stage: Stage, **asked: Any) -> dict[str, bytes]:
    return opened(dossier(dossier_of(stage.house, "thornmere", **asked)).content)


def done(answer: object) -> Done:
    assert isinstance(answer, Done), answer
    return answer


def recorded(stage: Stage, handle: str, paper: bytes) -> str:
    """Record a body's agreement from a document, and say by what the record is named."""
    how = How("meeting", Meeting(date(2014, 9, 1), "Cabinet", True, "none", "14/45"), key=False)
    answer = record_decision(
        stage.house, stage.actor(handle), "thornmere", stage.cast[handle].body, *shown(stage), paper, agrees=True, how=how,
    )  # fmt: skip
    return str(done(answer).facts[0].body["signed"])


def sign(stage: Stage, handle: str, how: How | None = None) -> str:
    """Agree for a body, and say by what the decision is named."""
    body = stage.cast[handle].body
    answer = decide_plan(
        stage.house,
        stage.actor(handle),
        "thornmere",
        body,
        *shown(stage),
        agrees=True,
        how=how or How(key=False),
    )
    return str(done(answer).facts[0].body["signed"])


def by_link(stage: Stage) -> None:
    """Thornmere's chief executive, who will not enrol, signs by a link that the clerk sent."""
    digest, findings = shown(stage)
    done(
        send_link(
            stage.house, stage.actor("thornmere.clerk"), "thornmere", "council:ZZ7", "chief_executive", "Sol Tarn",
            "sol@thornmere.example", token_digest("a secret"), digest, findings, date(2014, 9, 10),
        )
    )  # fmt: skip
    done(sign_by_link(stage.house, "a secret", "Sol Tarn", findings, "once", agrees=True, key_decision=False))


def confirm(stage: Stage) -> None:
    """The council's finance officer confirms that its chief executive signed."""
    (waiting,) = standing_of(stage.house, view(stage.house, "thornmere")).said.records
    actor = stage.actor("thornmere.finance")
    done(confirm_record(stage.house, actor, "thornmere", waiting, "", reasons="I asked the chief executive."))


def test_every_way_of_deciding_is_checked(stage: Stage, plain: None, check: Check) -> None:
    """By link, on paper, called in, withdrawn, in dispute: the script comes to the standing that carepool shows."""
    house, actor = stage.house, stage.actor
    by_link(stage)
    confirm(stage)
    decide(stage, "thornmere", "aldersea.officer", "thornmere.officer")
    taken_back = sign(stage, "sands.officer")
    done(withdraw_decision(house, actor("sands.officer"), "thornmere", taken_back, "Too soon."))
    sign(stage, "aldersea.chief", How(key=True, effective_on=date(2014, 9, 9)))
    kept = recorded(stage, "aldersea.board.clerk", MINUTE)
    done(confirm_record(house, actor("aldersea.chair"), "thornmere", kept, shown(stage)[0][:8]))
    recorded(stage, "thornmere.board.clerk", OTHER)
    done(open_dispute(house, actor("thornmere.officer"), "thornmere", "ccg:Z7A", "The split."))
    code, said = check(files_of(stage))
    assert code == 0, said
    for words in (
        "Thornmere council: Agreed", "Aldersea council: Agreed, not yet in effect", "NHS Aldersea Sands CCG: Awaited",
        "Thornmere Health and Wellbeing Board: Recorded, to be confirmed",
        "Aldersea Health and Wellbeing Board: Agreed", "disputes open: 1",
    ):  # fmt: skip
        assert words in said, words


def test_what_was_signed_by_a_link_and_not_confirmed_is_checked(
    stage: Stage, plain: None, check: Check
) -> None:
    """Nobody has confirmed that the officer signed: the script says that it waits, and does not count it."""
    by_link(stage)
    code, said = check(files_of(stage))
    assert (code, "Thornmere council: Signed by link, awaiting confirmation" in said) == (0, True), said


def test_a_decision_that_is_called_in_is_checked(stage: Stage, plain: None, check: Check) -> None:
    """Called in, a council's decision does not count; the script says so too."""
    name = sign(stage, "thornmere.chief", How(key=True, effective_on=date(2014, 9, 9)))
    done(call_in(stage.house, stage.actor("thornmere.clerk"), "thornmere", name, "Five members."))
    code, said = check(files_of(stage))
    assert (code, "Thornmere council: Called in" in said) == (0, True), said


def flipped(files: dict[str, bytes], body: str, **stated: object) -> dict[str, bytes]:
    """The dossier with something else said of a party, and the manifest made anew."""
    data = json.loads(files["standing.json"])
    next(each for each in data["parties"] if each["body"] == body).update(stated)
    return renewed({**files, "standing.json": json.dumps(data, ensure_ascii=False).encode()})


def test_limits_kept_and_broken_are_worked_out_again(zips: dict[str, bytes], check: Check) -> None:
    """
    Of a version that a party agreed to within limits it holds what changed since, and nothing more, by the digests of its
    sections: the script works out whether the limits are kept, and rejects “Agreed” for “Lapsed” and the other way round.
    """
    files = opened(zips["thornmere"])
    code, said = check(files)
    assert code == 0, said
    assert "not recomputed" not in said.partition("These words are not proven")[0]
    parties = {each["body"]: each for each in json.loads(files["standing.json"])["parties"]}
    (kept,) = [body for body, each in parties.items() if each["within_limits"]]
    lapsed = [body for body, each in parties.items() if each["outcome"] == "Lapsed"]
    assert lapsed
    code, said = check(flipped(files, kept, outcome="Lapsed", within_limits=False))
    assert (code, "said to stand at “Lapsed”, and the facts say “Agreed”" in said) == (1, True)
    for body in lapsed:
        code, said = check(flipped(files, body, outcome="Agreed", within_limits=True))
        assert (code, "said to stand at “Agreed”, and the facts say “Lapsed”" in said) == (1, True)
    earlier = json.loads(files["plan/earlier.json"])
    (first,) = earlier["versions"]
    assert set(first["sections"]) == {"spend"}
    first["sections"]["spend"]["spend"][0]["year_1"] = 1
    forged = {**files, "plan/earlier.json": json.dumps(earlier, ensure_ascii=False).encode()}
    assert "is not the one that was saved" in check(renewed(forged))[1]


def test_where_what_changed_is_withheld_limits_are_not_worked_out_again(
    base: House, plain: None, check: Check
) -> None:
    """The earlier content of a withheld section is not told either, so the script says what it takes as stated."""
    withheld = dict.fromkeys(("spend", "sources", "schemes"), "commercial")
    files = opened(dossier(dossier_of(base, "thornmere", withheld=withheld)).content)
    assert json.loads(files["plan/earlier.json"]) == {"versions": []}
    code, said = check(files)
    assert (code, "Thornmere council: Agreed (within limits: not recomputed)" in said) == (0, True), said


def test_the_script_knows_what_names_a_row() -> None:
    """The lists of a plan, and by which fields a changed row of each is found again, are those of the plan's own sections."""
    ours = {
        f"{name}/{each.name}": [field.name for field in each.fields if field.required and field.kind not in NUMBERS]
        for name, about in EVERY.items() for each in about.lists
    }  # fmt: skip
    assert runpy.run_path(str(SCRIPT))["NAMED_BY"] == ours


def test_the_script_finds_the_same_differences(base: House) -> None:
    """Between any two sections of the county's plans, turned about and thinned out, as carepool finds them; and London's day."""
    script, chance = runpy.run_path(str(SCRIPT)), random.Random(20140919)
    plans = [filled(view(base, each.id).plan) for each in all_plans(base)]
    tried = 0
    for name in EVERY:
        contents = [each[name] for each in plans if each.get(name)]
        for before, after in itertools.product(contents, repeat=2):
            thinned = {
                key: chance.sample(value, chance.randint(0, len(value))) if isinstance(value, list) else value
                for key, value in after.items()
            }
            wanted = [
                (each.place.field, each.before, each.after)
                for each in differences(before, thinned, names_in(name))
            ]
            assert script["differences"](name, before, thinned) == wanted
            tried += bool(wanted)
    assert tried > 100
    for at in ("2014-03-30T00:59:59", "2014-03-30T01:00:00", "2014-10-26T00:59:59", "2014-10-26T01:00:00", "2014-07-31T23:30:00", "2021-12-31T23:30:00"):  # fmt: skip
        there = datetime.fromisoformat(at).replace(tzinfo=UTC).astimezone(LONDON).date()
        assert script["in_london"](f"{at}.000000Z") == str(there)


def test_it_holds_of_nobody_more_than_they_signed(stage: Stage, plain: None) -> None:
    """No address that a link went to, no scan that nobody confirmed, no office of anybody who did not sign, nothing of later."""
    by_link(stage)
    recorded(stage, "thornmere.board.clerk", OTHER)
    chief, finance = stage.cast["aldersea.chief"], stage.cast["thornmere.finance"]
    sign(stage, "aldersea.chief")
    stream, journal = office_stream(chief.body), stage.house.journal
    ended = end(chief.body, chief.office, chief.account, date(2014, 9, 30))
    journal.append([ended], expecting={stream: journal.version(stream)}, by="carepool", at=stage.now)
    files = files_of(stage)
    everything = b"".join(files.values())
    assert b"sol@thornmere.example" not in everything
    assert OTHER not in everything
    assert finance.account.encode() not in everything
    offices = [each["fact"] for each in facts_of(json.loads(files["facts.json"]), "office/")]
    assert [(each["kind"], each["body"]["account"]) for each in offices if each["stream"] == stream] == [("OfficeGiven", chief.account)]  # fmt: skip
    left = {each["why"] for each in json.loads(files["documents/index.json"])["left_out"]}
    assert "it holds the address that a link was sent to" in left
    assert "no second person has confirmed what was recorded from it" in left


def test_a_delegation_is_shown_with_both_offices(zips: dict[str, bytes], check: Check) -> None:
    """Where somebody was let decide, the dossier holds the delegation, its words, and the office of either; without them it does not verify."""
    files = opened(zips["thornmere"])
    data = json.loads(files["facts.json"])
    (let,) = [each["fact"] for each in facts_of(data, "office/") if each["fact"]["kind"] == "DelegationGiven"]
    assert f"documents/{let['body']['signed']}.json" in files
    giver = [each for each in facts_of(data, "office/") if each["fact"]["body"].get("account") == let["by"]]
    assert len(giver) == 1

    def without(data: Any) -> None:
        data["facts"] = [each for each in data["facts"] if each["digest"] != giver[0]["digest"]]

    code, said = check(forged(files, "facts.json", without))
    assert (code, "No office is here by which" in said) == (1, True)


def test_sections_are_withheld_and_it_still_verifies(base: House, plain: None, check: Check) -> None:
    """A withheld section is in no file of the dossier; its digest and the reason are, and the plan's digest comes out the same."""
    found = dossier_of(base, "thornmere", withheld={"sources": "commercial", "vision": "exempt_12a"})
    files = opened(dossier(found).content)
    code, said = check(files)
    assert code == 0, said
    assert "2 withheld (sources, vision)" in said
    whole = view(base, "thornmere").plan
    everything = b"".join(files.values()).decode(errors="replace")
    assert whole.vision.case[:40] not in everything
    figures = {str(row.year_2) for row in whole.sources.sources if row.year_2}
    said_elsewhere = {
        each for each in figures if each in str(filled(redact(whole, {"sources": "legal"}).plan))
    }
    assert figures - said_elsewhere
    assert [each for each in figures - said_elsewhere if each in everything] == []
    copy = json.loads(files["plan/plan.json"])
    assert copy["withheld"]["sources"]["reason"] == "commercial"
    assert "Exempt under Schedule 12A" in files["index.html"].decode() or "exempt under Schedule 12A" in files["index.html"].decode()  # fmt: skip
    lets = [each for each in found.told.left_out if each.why == "it tells of a section that is withheld"]
    assert len(lets) == 1, "a delegation says what the body puts in"
    with pytest.raises(Unusable, match="cannot be withheld"):
        dossier_of(base, "thornmere", withheld={"parties": "personal"})


def test_no_upload_goes_along_where_a_section_is_withheld(stage: Stage, plain: None, check: Check) -> None:
    """Nobody has looked what a scanned minute says of a withheld section, so it stays out; whoever asks can leave uploads out too."""
    kept = recorded(stage, "aldersea.board.clerk", MINUTE)
    done(confirm_record(stage.house, stage.actor("aldersea.chair"), "thornmere", kept, shown(stage)[0][:8]))
    assert MINUTE in files_of(stage).values()
    for asked in ({"withheld": {"spend": "legal"}}, {"uploads": False}):
        files = files_of(stage, **asked)
        assert MINUTE not in files.values()
        assert check(files)[0] == 0


def test_a_version_is_told_as_it_stood_when_the_next_was_saved(
    base: House, plain: None, check: Check
) -> None:
    """Version 1 of two is told with what was decided on it while it stood; what came later is not in its dossier."""
    found = dossier_of(base, "stonebeck", version=1)
    assert (found.told.version, found.told.day) == (1, date(2015, 1, 7))
    code, said = check(opened(dossier(found).content))
    assert (code, "Stonebeck council: Agreed" in said) == (0, True)
    assert dossier_of(base, "stonebeck", version=2).told == dossier_of(base, "stonebeck").told
    for number in (0, 3):
        with pytest.raises(NotHere, match="Choose one of 1 to 2"):
            dossier_of(base, "stonebeck", version=number)


def test_it_is_as_it_was(base: House, plain: None, check: Check) -> None:
    """As at a day it is what a dossier of that day was: later facts of anybody change nothing in it."""
    asked = (date(2014, 12, 31), datetime(2014, 12, 31, 23, 59, tzinfo=UTC))
    found = dossier_of(base, "stonebeck", as_at=asked)
    assert found.told.version == 1
    assert found.told.checkpoint.size < base.journal.seal()
    assert check(opened(dossier(found).content))[0] == 0


def test_what_was_withdrawn_is_said(stage: Stage, plain: None, check: Check) -> None:
    """A document whose bytes were withdrawn leaves its digest and a sentence; the rest verifies, and the dossier is not whole."""
    name = sign(stage, "thornmere.chief")
    stage.house.journal.withdraw(name)
    files = files_of(stage)
    code, said = check(files)
    assert (code, "This dossier verifies, but not whole: 1 " in said) == (3, True)
    left = json.loads(files["documents/index.json"])["left_out"]
    assert [each["why"] for each in left if each["digest"] == name] == ["it was withdrawn: its bytes and its salt are deleted"]  # fmt: skip


NHS_WORDS = CARROWBY_NHS["answers/can_be_done"][1].encode()
COUNCILS_WORDS = CARROWBY_COUNCILS[said_of.RISK][1].encode()
MODERATED_WORDS = CARROWBY_MODERATED["answers/evidence"][1].encode()


@pytest.mark.slow
def test_no_review_and_no_moderation_before_an_outcome(house: House, plain: None, check: Check) -> None:
    """Reviews are blind: neither their words nor a fact of them is in, and of the moderation nothing until the outcome is decided."""
    stage = Stage(county(house), people(disk.county_files()))
    stage.on(2016, 3, 1)
    stage.count = 30_000

    def told() -> bytes:
        files = opened(dossier(dossier_of(stage.house, "farrowdale")).content)
        code, said = check(files)
        assert code == 0, said
        return b"".join(files.values())

    assert b'"kind": "ReviewSubmitted"' not in told()
    for side in said_of.REVIEWERS:
        if side not in assured(stage.house, "farrowdale").record.on(
            assured(stage.house, "farrowdale").digest
        ):
            said_of.review(stage, "farrowdale", side, CARROWBY_NHS)
    found = assured(stage.house, "farrowdale")
    settled = {each.key: (each.scale[0].id, "Settled between the two.") for each in found.items}
    said_of.settle(stage, "farrowdale", settled)
    everything = told()
    assert not [
        each for each in (NHS_WORDS, b"Settled between", b'"kind": "ReviewModerated"') if each in everything
    ]
    said_of.outcome(stage, "farrowdale", "nhs.assurer", found.rules.assurance.outcomes[0].id)
    everything = told()
    assert b"Settled between" in everything
    assert NHS_WORDS not in everything


def test_what_of_assurance_may_be_seen_is_for_the_asker_to_say(
    base: House, plain: None, check: Check
) -> None:
    """By default no single review is ever in, as no page shows one to everybody; whoever knows better says so, fact by fact."""
    default = opened(dossier(dossier_of(base, "carrowby")).content)
    everything = b"".join(default.values())
    assert MODERATED_WORDS in everything
    assert not [each for each in (NHS_WORDS, COUNCILS_WORDS, b"ReviewSubmitted") if each in everything]
    left = [each for each in json.loads(default["facts.json"])["facts"] if "left_out" in each]
    assert {each["stream"] for each in left} == {"assurance/carrowby"}
    seen = opened(dossier(dossier_of(base, "carrowby", may_include=lambda _: True)).content)
    assert NHS_WORDS in b"".join(seen.values())
    assert COUNCILS_WORDS in b"".join(seen.values())
    none = dossier_of(base, "carrowby", may_include=lambda _: False)
    assert not [each for each in none.facts if each.stream.startswith("assurance/")]
    assert [each for each in none.facts if each.kind == "PlanAgreed"], "what was decided is always told whole"
    for files in (default, seen, opened(dossier(none).content)):
        assert check(files)[0] == 0


def test_what_judges_all_of_the_plan_goes_with_any_section(base: House, plain: None) -> None:
    """With a section withheld the moderation is left out too: it was written of the whole plan."""
    files = opened(dossier(dossier_of(base, "carrowby", withheld={"freed": "commercial"})).content)
    assert MODERATED_WORDS not in b"".join(files.values())


def test_a_field_takes_its_section_with_it(base: House, plain: None, check: Check) -> None:
    """A paper shows the rest of a section; a dossier, which holds the section's digest, does not: it would confirm a guess."""
    seen = view(base, "carrowby").plan
    files = opened(
        dossier(dossier_of(base, "carrowby", withheld={"freed/freed/0/provider": "commercial"})).content
    )
    copy = json.loads(files["plan/plan.json"])
    assert ("freed" in copy, copy["withheld"]["freed"]["reason"]) == (False, "commercial")
    assert seen.freed.freed[0].why[:30] not in b"".join(files.values()).decode(errors="replace")
    assert check(files)[0] == 0


def test_a_decision_cannot_be_hidden(zips: dict[str, bytes], check: Check) -> None:
    """A fact of the plan or its decisions that is there by its digest alone is not passed: a withdrawal would hide so."""

    def hide(data: Any) -> None:
        fact = facts_of(data, "signoff/")[-1]
        del fact["fact"]
        fact["left_out"] = "it may not be seen yet"

    code, said = check(forged(opened(zips["carrowby"]), "facts.json", hide))
    assert (code, "has to be here" in said) == (1, True)


# What is refused


def test_a_plan_without_a_version_has_no_dossier(base: House) -> None:
    """Before the first version there is nothing to hand on; nor is there of a plan that does not exist."""
    with pytest.raises(NotHere, match="no dossier of it"):
        dossier_of(base, "merrow")
    with pytest.raises(NotHere, match="There is no plan"):
        dossier_of(base, "nowhere")


def test_it_is_bounded(base: House, plain: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dossier that would be too large is refused with what to do about it."""
    monkeypatch.setattr(making, "LARGEST", 50_000)
    with pytest.raises(Unusable, match=r"are the most\. Ask for it without uploads"):
        dossier(dossier_of(base, "carrowby"))


def test_none_is_made_of_a_journal_that_does_not_verify(stage: Stage) -> None:
    """A fact changed by other means is not handed on as evidence."""
    sign(stage, "thornmere.chief")
    journal = stage.house.journal
    assert isinstance(journal, MemoryJournal)
    journal.seal()
    for rows in (journal._streams["signoff/thornmere"], journal._log):
        (at,) = [number for number, row in enumerate(rows) if row.stream == "signoff/thornmere"]
        rows[at] = rows[at]._replace(by="somebody else")
    with pytest.raises(Unusable, match="is not as it was written"):
        dossier_of(stage.house, "thornmere")
