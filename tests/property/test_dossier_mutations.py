"""Whatever anybody changes, removes or adds in any file of a dossier's JSON, and makes the manifest anew: its script rejects it, but
for words that are listed as proving nothing, in the script's own output and in the page about it.
"""

import copy
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from random import Random
from typing import Any

import pytest

from carepool.actions.areas import MARK
from carepool.actions.carrying import carried_content, carry_plan
from carepool.actions.demonstration import Stage
from carepool.actions.dossiers import dossier_of
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import view
from carepool.actions.recording import confirm_record
from carepool.journal.memory import MemoryJournal
from carepool.plans.document import Plan
from carepool.plans.versions import document_of, save, start
from carepool.render import dossiers
from carepool.render.dossiers import dossier
from carepool.signoff.standing import Outcome, Status
from tests.spec.test_dossier import (
    MINUTE,
    NOT_TYPESET,
    SCRIPT,
    base,
    by_link,
    done,
    opened,
    recorded,
    renewed,
    shown,
    stage,
    zipped,
    zips,
)

__all__ = ["base", "stage", "zips"]

WORDS_ONLY = {
    "dossier.json": ("rules/title", "rules/digest"),
    "plan/plan.json": ("withheld/*/reason", "withheld/*/fields"),
    "checks/findings.json": ("left_out/*",),
    "standing.json": ("parties/*/name", "parties/*/offices"),
}
"""What a mutant may change unseen. The first two and the names are words; of the findings only those that are not here are counted."""
ONLY_WITHHELD = ("checks/findings.json", "plan/plan.json")
"""Where nothing is withheld, every value of these is bound."""
PAGES = {"README.txt", "index.html", "plan/paper.html", "plan/paper.pdf", "verify.py"}
VOCABULARY = (*Outcome, *Status)
At = tuple[str | int, ...]
RUNS = runpy.run_path(str(SCRIPT))


def rejected(files: Mapping[str, bytes]) -> list[str]:
    """What the script finds wrong, as far as the first step that finds anything."""
    found = RUNS["Dossier"](dict(files))
    for step in RUNS["STEPS"]:
        try:
            step(found)
        except Exception as error:
            return [repr(error)]
        if found.wrong:
            return list(found.wrong)
    return []


@pytest.fixture(scope="module")
def county(base: House, zips: dict[str, bytes]) -> dict[str, dict[str, bytes]]:
    """Dossiers of the county: signed off with assurance, approved by two boards, agreed, refused, agreed in part within limits, awaited; and two withheld."""
    held = {"signed off": "carrowby", "approved": "wolds", "agreed": "farrowdale", "refused": "stonebeck", "in part": "thornmere", "awaited": "lindenmouth"}  # fmt: skip
    made = {name: opened(zips[plan]) for name, plan in held.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dossiers, "pdf", lambda _: NOT_TYPESET)
        asked = {"sources": "commercial", "vision": "exempt_12a"}
        made["withheld"] = opened(dossier(dossier_of(base, "thornmere", withheld=asked)).content)
        asked = {"freed/freed/0/provider": "commercial"}
        made["withheld for a field"] = opened(dossier(dossier_of(base, "carrowby", withheld=asked)).content)
    return made


def every(value: Any, at: At = ()) -> Iterator[tuple[At, Any]]:
    """Each value with where it stands, those that hold others too."""
    yield at, value
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from every(each, (*at, key))


def others(value: Any, *, many: bool) -> Iterator[Any]:
    """What may stand in place of a value: another of its kind, and what a careless reader takes for the same."""
    match value:
        case bool():
            yield from (not value, int(value))
        case int():
            yield from (
                (value + 1, -value - 1, str(value), float(value), bool(value)) if many else (value + 1,)
            )
        case str():
            yield f"{value}x" if not value[:1].isdigit() else f"{int(value[0]) ^ 1}{value[1:]}"
            if many:
                yield from (value.swapcase(), f" {value}", "", None, 0, [])
                yield from VOCABULARY if value in VOCABULARY else ()
                yield from ("2014-09-01", "2099-01-01") if value[:2] == "20" else ()
        case None:
            yield from ("x", 0, False, {}) if many else ("x",)
        case dict() | list():
            yield from ({}, [], None)


def put(data: Any, at: At, value: Any) -> Any:
    """The data with another value there."""
    if not at:
        return value
    changed = copy.deepcopy(data)
    inner = changed
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = value
    return changed


def without(data: Any, at: At) -> Any:
    changed = copy.deepcopy(data)
    inner = changed
    for key in at[:-1]:
        inner = inner[key]
    del inner[at[-1]]
    return changed


def added(value: Any) -> Iterator[tuple[str | int, Any]]:
    """What may be put into a list or an object that is not there."""
    if isinstance(value, dict):
        yield "added", "Signed off"
    if isinstance(value, list):
        yield len(value), copy.deepcopy(value[-1]) if value else "added"


def mutants(data: Any, *, many: bool) -> Iterator[tuple[str, At, Any]]:
    """Each change, removal and addition, with where it is."""
    for at, value in every(data):
        for other in others(value, many=many):
            if json.dumps(other, sort_keys=True) != json.dumps(value, sort_keys=True):
                yield "changed", at, put(data, at, other)
        if at:
            yield "removed", at, without(data, at)
        for key, more in added(value):
            larger = {**value, key: more} if isinstance(value, dict) else [*value, more]
            yield "added", (*at, key), put(data, at, larger)


def words_only(path: str, at: At, files: Mapping[str, bytes]) -> bool:
    """Whether what stands there is listed as proving nothing."""
    if path in ONLY_WITHHELD and not json.loads(files["plan/plan.json"])["withheld"]:
        return False
    places = ["/".join(map(str, at[:end])) for end in range(1, len(at) + 1)]
    same_depth = lambda one, two: one.count("/") == two.count("/")
    return any(fnmatch(place, each) and same_depth(place, each) for place in places for each in WORDS_ONLY.get(path, ()))  # fmt: skip


KINDS = (
    "signed off",
    "approved",
    "agreed",
    "refused",
    "in part",
    "awaited",
    "withheld",
    "withheld for a field",
)
STATED = ("dossier.json", "standing.json", "checks/findings.json", "checkpoint.json", "documents/index.json")
"""Where something is said that a digest does not cover by itself: every mutation is tried. Elsewhere one of each sort."""


SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
SEED = 20140919
ONE_IN = 1 if SOAK else 5
"""Of so many mutants one is tried, drawn from the seed; every one under ``make soak``."""


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_value_is_bound(county: dict[str, dict[str, bytes]], kind: str) -> None:
    """Each value at each path of each JSON file changed, removed, or one added, and the manifest made anew: rejected, but for the words listed."""
    files, tried, passed, chance = county[kind], 0, [], Random(SEED)
    assert rejected(files) == []
    for path in files:
        if not path.endswith(".json") or path == "manifest.json":
            continue
        for how, at, data in mutants(json.loads(files[path]), many=path in STATED):
            if words_only(path, at, files) or chance.randrange(ONE_IN):
                continue
            tried += 1
            if not rejected(renewed({**files, path: json.dumps(data, ensure_ascii=False).encode()})):
                passed.append((how, path, at))
    assert passed == [], f"of seed {SEED}"
    assert tried > 1_000 / ONE_IN


# Made by somebody who changes several files so that they agree


def change(files: Mapping[str, bytes], **changes: Callable[[Any], object]) -> dict[str, bytes]:
    """The files with several of JSON changed, by the last part of their names, and the manifest made anew."""
    made = dict(files)
    for name, each in changes.items():
        (path,) = [path for path in files if path.rpartition("/")[2] == f"{name}.json"]
        data = json.loads(made[path])
        each(data)
        made[path] = json.dumps(data, ensure_ascii=False).encode()
    return renewed(made)


def signed_off(standing: Any) -> None:
    standing.update(status="Signed off", agreed=True)
    standing["stages"] = [{"stage": "signed_off", "body": "ministers:ENG", "at": "2015-01-30T09:00:00.000000Z", "signed": "0" * 64}]  # fmt: skip


def only_those_who_agreed(standing: Any) -> None:
    standing["parties"] = [each for each in standing["parties"] if each["outcome"] == "Agreed"]
    standing.update(status="Agreed", agreed=True)


def emptied(findings: Any) -> None:
    findings.update(findings=[], digest=None, blocked=False)


def moved_to_left_out(why: str) -> Callable[[Any], object]:
    def moving(index: Any) -> None:
        each = index["documents"].pop(0)
        index["left_out"].append({"digest": each["digest"], "why": why})

    return moving


FORGED: dict[str, tuple[str, dict[str, Callable[[Any], object]], str]] = {
    "signed off without the fact": ("refused", {"standing": signed_off}, "it follows that it is “Refused”"),
    "signed off in one word": ("agreed", {"standing": lambda data: data.update(status="Signed off")}, "it follows that it is “Agreed”"),
    "the one who refused is none who must decide": ("refused", {"standing": only_those_who_agreed}, "are not the parties that the plan names"),
    "no findings, and no digest of them": ("signed off", {"findings": emptied}, "checks/findings.json: “digest”"),
    "findings of another version": ("refused", {"findings": lambda data: data.update(plan="0" * 64)}, "“plan” does not follow"),
    "another title": ("signed off", {"dossier": lambda data: data.update(title="Another plan")}, "dossier.json: “title”"),
    "other rules": ("signed off", {"dossier": lambda data: data["rules"].update(name="bcf-2015-03"), "findings": lambda data: data.update(rules="bcf-2015-03")}, "dossier.json: “rules”"),
    "another day": ("signed off", {"dossier": lambda data: data["as_at"].update(day="2016-03-02")}, "checks/findings.json: “day”"),
    "a day before what was decided": ("signed off", {"dossier": lambda data: data["as_at"].update(day="2014-09-01"), "findings": lambda data: data.update(day="2014-09-01")}, "Facts of a later day"),
    "illustrative, and it does not say so": ("signed off", {"dossier": lambda data: data.pop("mark"), "plan": lambda data: data.pop("mark")}, "dossier.json: “mark”"),
    "withheld, and it is there": ("signed off", {"plan": lambda data: data["withheld"].update(vision={"digest": "0" * 64, "reason": "legal"}), "dossier": lambda data: data["withheld"].append("vision")}, "is not withheld as carepool withholds one"),
    "another file, listed": ("signed off", {}, "letter.txt is no file that a dossier has"),
    "a salt that is the document's": ("signed off", {}, "is not described as carepool describes a document"),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGED)
@pytest.mark.slow
def test_what_agrees_with_itself_is_held_against_the_facts(county: dict[str, dict[str, bytes]], forgery: str) -> None:  # fmt: skip
    """Whoever changes several files so that they fit each other is found out by what follows from the facts."""
    kind, changes, says = FORGED[forgery]
    files = change(county[kind], **changes)
    if forgery == "another file, listed":
        files = renewed({**files, "letter.txt": b"We agreed."})
    if forgery == "a salt that is the document's":
        index = json.loads(files["documents/index.json"])
        first = index["documents"][0]
        inside = bytes.fromhex(first["salt"]) + files[first["file"]]
        first.update(kind=first["kind"] + "+salt", salt="")
        files = renewed({**files, first["file"]: inside, "documents/index.json": json.dumps(index).encode()})
        says = "cannot be read"
    found = RUNS["examine"](files)
    assert [each for each in found.wrong if says in each], found.wrong


WHY = (
    "it holds the address that a link was sent to",
    "it is another version of the plan: a dossier holds one",
    "it is told as plan/plan.json",
    "it tells of a section that is withheld",
    "no second person has confirmed what was recorded from it",
    "sections are withheld, and nobody has looked what this upload says of them",
    "sections of it are withheld",
    "the dossier was asked for without uploads",
    "what is told only names it: it is none of what was decided, or whoever asked may not see it",
    "they are shy",
)


@pytest.mark.parametrize("why", WHY)
@pytest.mark.slow
def test_what_was_signed_cannot_be_left_out(county: dict[str, dict[str, bytes]], why: str) -> None:
    """A document that was signed is left out for no reason that the facts do not bear out."""
    for kind in ("signed off", "refused", "in part", "withheld"):
        files = county[kind]
        first = json.loads(files["documents/index.json"])["documents"][0]["file"]
        rest = {path: each for path, each in files.items() if path != first}
        found = RUNS["examine"](change(rest, index=moved_to_left_out(why)))
        assert [each for each in found.wrong if "for a reason that the facts do not bear out" in each]


@pytest.mark.slow
def test_what_is_said_to_be_withdrawn_is_not_whole(county: dict[str, dict[str, bytes]], tmp_path: Path) -> None:  # fmt: skip
    """No fact says that a document was withdrawn, so whoever says so gets neither a clean verdict nor the exit code of one."""
    files = county["signed off"]
    first = json.loads(files["documents/index.json"])["documents"][0]["file"]
    rest = {path: each for path, each in files.items() if path != first}
    code, said = run(tmp_path, change(rest, index=moved_to_left_out(RUNS["WITHDRAWN"])))
    assert code == 3
    assert "verifies, but not whole: 1 " in said
    assert "This dossier verifies." not in said


@pytest.mark.slow
def test_another_plans_decisions_are_not_taken_for_its_own(county: dict[str, dict[str, bytes]]) -> None:
    """Facts of another plan are in the same log with proofs of their own; here they are no facts."""
    ours, others = (json.loads(county[kind]["facts.json"])["facts"] for kind in ("refused", "signed off"))
    joined = sorted({each["position"]: each for each in [*ours, *others]}.values(), key=lambda each: each["position"])  # fmt: skip
    theirs = {"signoff/carrowby": 5, "plan/carrowby": 2, "assurance/carrowby": 8}
    files = change(
        county["refused"], facts=lambda data: data.update(facts=joined), dossier=lambda data: data["streams"].update(theirs)
    )  # fmt: skip
    assert [each for each in rejected(files) if "is about something else than this plan" in each]


@pytest.mark.slow
def test_a_scan_is_not_left_out_by_itself(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute that a second person confirmed is in, unless the dossier was asked for without any, which it then says."""
    monkeypatch.setattr(dossiers, "pdf", lambda _: NOT_TYPESET)
    by_link(stage)
    kept = recorded(stage, "aldersea.board.clerk", MINUTE)
    done(confirm_record(stage.house, stage.actor("aldersea.chair"), "thornmere", kept, shown(stage)[0][:8]))
    files = opened(dossier(dossier_of(stage.house, "thornmere")).content)
    assert rejected(files) == []
    (scan,) = [path for path, each in files.items() if each == MINUTE]
    for how, at, data in mutants(json.loads(files["documents/index.json"]), many=True):
        assert rejected(renewed({**files, "documents/index.json": json.dumps(data).encode()})), (how, at)

    def hide(index: Any) -> None:
        (each,) = [each for each in index["documents"] if each["file"] == scan]
        index["documents"].remove(each)
        index["left_out"].append({"digest": each["digest"], "why": RUNS["NO_UPLOADS"]})

    rest = {path: each for path, each in files.items() if path != scan}
    assert rejected(change(rest, index=hide))
    without_any = opened(dossier(dossier_of(stage.house, "thornmere", uploads=False)).content)
    assert rejected(without_any) == []
    assert json.loads(without_any["dossier.json"])["uploads"] is False


# What needs a digest from elsewhere


def run(folder: Path, files: Mapping[str, bytes], *arguments: str) -> tuple[int, str]:
    """The script as anybody runs it: a process of its own, without our packages."""
    path = folder / "dossier.zip"
    path.write_bytes(zipped(files))
    asked = [sys.executable, "-I", str(SCRIPT), str(path), *arguments]
    ran = subprocess.run(asked, capture_output=True, text=True, encoding="utf-8")
    return ran.returncode, ran.stdout


def another_day(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return change(
        files, dossier=lambda data: data["as_at"].update(day="2016-03-02"), findings=lambda data: data.update(day="2016-03-02")
    )  # fmt: skip


def longer(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """A log said to be longer, by as little as no path shows."""
    log, facts = json.loads(files["checkpoint.json"]), json.loads(files["facts.json"])["facts"]
    size = next(
        size
        for size in range(log["size"] + 1, 2 * log["size"])
        if all(RUNS["in_log"](each["digest"], each["position"], each["proof"], size, log["root"]) for each in facts)
    )  # fmt: skip
    return change(
        files, dossier=lambda data: data["as_at"].update(position=size), checkpoint=lambda data: data.update(size=size)
    )  # fmt: skip


def praised(files: Mapping[str, bytes]) -> dict[str, bytes]:
    def none(findings: Any) -> None:
        findings.update(findings=[], digest=RUNS["digest"]("findings", 1, []))

    return change(files, findings=none)


def without_its_end(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The refusal of a board left off, and everything made to fit."""

    def cut(data: Any) -> None:
        data["facts"] = [each for each in data["facts"] if each["digest"] != last["digest"] and each["stream"] != "office/board:ZZ4"]  # fmt: skip

    def unsaid(data: Any) -> None:
        (party,) = [each for each in data["parties"] if each["outcome"] == "Refused"]
        party.update(outcome="Awaited", decision=None, since=json.loads(files["dossier.json"])["saved_at"])
        data.update(status="Awaiting decisions")

    def counted(data: Any) -> None:
        data["streams"]["signoff/stonebeck"] -= 1
        data["offices"] -= 1

    def named(data: Any) -> None:
        data["documents"] = [each for each in data["documents"] if each["digest"] != last["fact"]["body"]["signed"]]  # fmt: skip

    facts = json.loads(files["facts.json"])["facts"]
    last = [each for each in facts if each["stream"] == "signoff/stonebeck"][-1]
    rest = {path: each for path, each in files.items() if last["fact"]["body"]["signed"] not in path}
    return change(rest, facts=cut, standing=unsaid, dossier=counted, index=named)


REMADE: dict[str, tuple[Callable[[Mapping[str, bytes]], dict[str, bytes]], str]] = {
    "another day": (another_day, "the day that it is of"),
    "a longer log": (longer, "how long the log was"),
    "no findings": (praised, "the findings of the checks"),
    "the end of a stream": (without_its_end, "nothing is missing at the end of a stream"),
}
"""What somebody can still change who remakes every file, and the words in which the script says that it is taken as stated."""


@pytest.mark.parametrize("remade", REMADE)
@pytest.mark.slow
def test_what_is_taken_as_stated_needs_a_digest_from_elsewhere(county: dict[str, dict[str, bytes]], remade: str, tmp_path: Path) -> None:  # fmt: skip
    """Without a digest from elsewhere the script passes it and says what it took as stated; with the manifest's it does not."""
    true = county["refused"]
    make, says = REMADE[remade]
    files, manifest = make(true), RUNS["hashlib"].sha256(true["manifest.json"]).hexdigest()
    code, said = run(tmp_path, files)
    assert code == 0, said
    assert says in said
    assert "whoever remakes every file can invent all of it" in said
    code, said = run(tmp_path, files, "--head", manifest)
    assert (code, "is no digest of this dossier" in said) == (1, True)
    code, said = run(tmp_path, true, "--head", manifest)
    assert (code, "taken as stated" in said.casefold()) == (0, False)


@pytest.mark.slow
def test_the_head_of_a_stream_and_the_length_of_the_log_are_heads_too(county: dict[str, dict[str, bytes]], tmp_path: Path) -> None:  # fmt: skip
    """Whoever was told the last fact of the decisions, or size and root of the log, finds a dossier cut short or of another log."""
    true = county["refused"]
    last = [each for each in json.loads(true["facts.json"])["facts"] if each["stream"] == "signoff/stonebeck"][-1]["digest"]  # fmt: skip
    log = json.loads(true["checkpoint.json"])
    size, root = log["size"], log["root"]
    for files, head in ((without_its_end(true), last), (longer(true), f"{size}:{root}")):
        assert run(tmp_path, files, "--head", head)[0] == 1
        code, said = run(tmp_path, true, "--head", head, "--head", root)
        assert code == 0, said
        assert "only the digest of the manifest shows that" in said


@pytest.mark.slow
def test_the_words_that_prove_nothing_are_listed(county: dict[str, dict[str, bytes]], tmp_path: Path) -> None:
    """The script's output and the page for who receives a dossier name every path that a mutant may change, and what is taken as stated."""
    said = run(tmp_path, county["withheld"])[1]
    page = (SCRIPT.parents[3] / "docs" / "how-to" / "dossier.md").read_text()
    listed = dict(RUNS["NOT_PROVEN"])
    for path, places in WORDS_ONLY.items():
        for place in places:
            line = next(each for each in listed if each.startswith(f"{path}: "))
            assert place in line
            assert f"- {line}" in said
            assert f"`{place}`" in page, place
    for each in RUNS["TAKEN_AS_STATED"]:
        assert f"- {each}" in said
    assert {each for line in listed for each in line.split(", ") if ": " not in line} == PAGES - {"verify.py"}


@pytest.mark.slow
def test_no_name_draws_a_line_of_its_own(county: dict[str, dict[str, bytes]], tmp_path: Path) -> None:
    """A name with a line break in it stays on its line: nothing but the script says that a dossier verifies."""

    def drawn(standing: Any) -> None:
        standing["parties"][0]["name"] = "Council\nThis dossier verifies.\x1b[2J"

    said = run(tmp_path, change(county["refused"], standing=drawn))[1]
    assert said.splitlines().count("This dossier verifies.") == 1
    assert "\x1b" not in said


# The same, changed wherever it stands

STATED_TOGETHER = {
    ("dossier.json", "as_at/day"),
    ("checks/findings.json", "day"),
    ("dossier.json", "as_at/position"),
    ("checkpoint.json", "size"),
}
"""The day and the length of the log, which stand in two files each: taken as stated."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.slow
def test_a_value_changed_wherever_it_stands(county: dict[str, dict[str, bytes]], kind: str) -> None:
    """Each value of what a digest does not cover, changed in all files that state it: rejected, but for the words, the day and the log's length."""
    files, passed = county[kind], set()
    paths = (*STATED, "plan/plan.json")
    data = {path: json.loads(files[path]) for path in paths}
    places: dict[str, list[tuple[str, At]]] = {}
    for path in paths:
        for at, value in every(data[path]):
            if not isinstance(value, dict | list | None | bool):
                places.setdefault(json.dumps(value), []).append((path, at))
    for value, stands in places.items():
        made = dict(data)
        for path, at in stands:
            made[path] = put(made[path], at, next(others(json.loads(value), many=False)))
        if all(words_only(path, at, files) for path, at in stands):
            continue
        if not rejected(renewed({**files, **{path: json.dumps(made[path]).encode() for path in paths}})):
            passed |= {
                (path, "/".join(map(str, at))) for path, at in stands if not words_only(path, at, files)
            }
    assert passed <= STATED_TOGETHER


@pytest.mark.slow
def test_the_mark_follows_from_the_codes(house: House) -> None:
    """Boards of the illustrative county are known by their codes, which no board of England has at any time."""
    real = [house.areas.england, *house.areas.later.values()]
    assert not any(code.startswith("ZZ") for area in real for code in area.england.places.boards)
    assert all(code.startswith("ZZ") for code in house.areas.county.england.places.boards)
    assert RUNS["MARK"] == MARK


def saved(house: House, plan: str, content: Plan) -> None:
    """Save a version of a plan that was started."""
    document, stream = document_of(content), f"plan/{plan}"
    house.journal.put(document.content, kind=document.kind, media_type=document.media_type)
    expecting = {stream: house.journal.version(stream)}
    house.journal.append([save(plan, content)], expecting=expecting, by="account-1", at=house.clock())


@pytest.mark.slow
def test_plans_under_other_rules_verify(base: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that was carried on, and one whose commissioners are integrated care boards and whose councils sign twice, come out as they stand."""
    monkeypatch.setattr(dossiers, "pdf", lambda _: NOT_TYPESET)
    plan = Plan.model_validate({"rules": "bcf-2016-17", "parties": {"boards": ["E10000016"], "councils": ["E10000016"], "ccgs": ["09C"], "host": "E10000016"}})  # fmt: skip
    carried = carried_content(base, plan, base.rulebook.named("bcf-2016-17"), "bcf-2025-26", "Kent").plan
    house = replace(base, journal=MemoryJournal())
    house.journal.append([start("kent", "bcf-2025-26", ("E10000016",), "Kent")], expecting={"plan/kent": 0}, by="account-1", at=house.clock())  # fmt: skip
    saved(house, "kent", carried)
    files = opened(dossier(dossier_of(house, "kent")).content)
    assert rejected(files) == []
    standing = json.loads(files["standing.json"])["parties"]
    assert [each["kind"] for each in standing] == ["council", "contributing_icb", "board"]
    assert standing[0]["offices"] == ["chief_executive", "section_151_officer"]
    done(carry_plan(base, Actor("demo-29", "carry-1", "Cleo Dunn"), "carrowby", "bcf-2016-17", "carrowby-2016", "Carrowby 2016-17"))  # fmt: skip
    content = view(base, "carrowby-2016").plan
    saved(base, "carrowby-2016", content)
    files = opened(dossier(dossier_of(base, "carrowby-2016")).content)
    assert rejected(files) == []
    assert b"PlanCarried" in files["facts.json"]
