"""Packages of others are renewed within the time that docs/safety/components.md gives, and what is overdue is seen."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.components import DATA, digest, faults, locked, main, not_entered, record, renewed, weaknesses

DAY = date(2026, 6, 1)
LOCK = "a" * 64
WITHIN = {"exploited": 2, "critical": 14, "high": 14, "moderate": 30, "low": 90, "everything": 90}


def told(day: date, version: str = "1.2.3", **weakness: object) -> list[str]:
    """What is said on a day of a lock that was renewed on DAY, with a weakness in 1.2.3 of a package that became known then."""
    of = {
        "number": "CVE-1",
        "package": "Jinja2",
        "versions": ["1.2.3"],
        "severity": "high",
        "known": DAY,
    } | weakness
    found: dict[str, Any] = {"renewed": DAY, "lock": LOCK, "within_days": WITHIN, "weaknesses": [of]}
    return list(faults(found, {"jinja2": version}, LOCK, day))


def test_the_record_is_of_this_lock() -> None:
    """On the day on which it was renewed nothing was overdue; it is changed with the lock, and the page says the same times."""
    found = record()
    assert list(faults(found, locked(), digest(), found["renewed"])) == []
    assert {"django", "jinja2", "cryptography"} <= set(locked())
    assert found["within_days"] == WITHIN
    page = DATA.with_suffix(".md").read_text(encoding="utf-8")
    assert [int(row.split("|")[2]) for row in page.splitlines() if row.startswith("| ") and row.split("|")[2].strip().isdecimal()] == list(WITHIN.values())  # fmt: skip


@pytest.mark.parametrize(("severity", "days"), [(each, days) for each, days in WITHIN.items() if each != "everything"])  # fmt: skip
def test_a_weakness_is_mended_in_its_time(severity: str, days: int) -> None:
    """On the last day it is in time, on the day after it is overdue; a version without it is no matter."""
    last = DAY + timedelta(days=days)
    assert told(last, severity=severity) == []
    [said] = told(last + timedelta(1), severity=severity, known=DAY)[-1:]
    assert said == f"CVE-1: jinja2 1.2.3 was to be renewed by {last} ({severity}). Run: make lock."
    assert told(DAY + timedelta(90), "1.2.4", severity=severity) == []


def test_everything_is_renewed_in_its_time() -> None:
    """Also where nothing became known."""
    assert told(DAY + timedelta(90), "1.2.4") == []
    assert told(DAY + timedelta(91), "1.2.4") == ["All packages were to be renewed by 2026-08-30. Run: make lock."]  # fmt: skip


def test_what_is_written_and_is_not_so() -> None:
    """Mended and still locked, mended too late, or another lock than the one that was looked over."""
    assert told(DAY, mended=DAY) == ["CVE-1: jinja2 1.2.3 is still in the lock, and is said to be mended."]
    late = told(DAY, "1.2.4", mended=DAY + timedelta(15))
    assert late == ["CVE-1: jinja2 was renewed on 2026-06-16, and was to be by 2026-06-15."]
    found = {"renewed": DAY, "lock": "b" * 64, "within_days": WITHIN, "weaknesses": []}
    [said] = faults(found, {}, LOCK, DAY)
    assert "--renewed" in said
    assert f"renewed: {DAY}\nlock: {LOCK}\n" in renewed("# x\nrenewed: 2020-01-01\nlock: none\nrest: 1\n", LOCK, DAY)  # fmt: skip


def advisory(*events: dict[str, str], **more: object) -> dict[str, Any]:
    """An advisory (made up) in the form of OSV on Jinja2, with the events of its range."""
    affected = {
        "package": {"ecosystem": "PyPI", "name": "jinja2"},
        "ranges": [{"type": "ECOSYSTEM", "events": list(events)}],
    }
    made = {"id": "PYSEC-1", "aliases": ["GHSA-1", "CVE-1"], "published": "2026-06-01T08:00:00Z"}
    return made | {"affected": [affected]} | more


@pytest.mark.parametrize(
    ("version", "is_told"),
    [("1.9", False), ("2.0rc1", False), ("2.0", True), ("2.9", True), ("2.10", False), ("3.0", True), ("3.1", True), ("3.1.post1", False), ("3.2", False)],
)  # fmt: skip
def test_an_advisory_concerns_the_versions_of_its_ranges(version: str, is_told: bool) -> None:
    """From what introduced it to what fixed it, or to the last that has it, in the order of versions and not of letters."""
    events = ({"introduced": "3.0"}, {"last_affected": "3.1"}, {"introduced": "2.0"}, {"fixed": "2.10"})
    entry = {
        "number": "CVE-1",
        "package": "Jinja2",
        "versions": [version],
        "severity": "high",
        "known": DAY,
    }
    assert list(weaknesses(advisory(*events), {"Jinja2": version})) == ([entry] if is_told else [])


def test_an_advisory_names_versions_and_how_bad_it_is() -> None:
    """A version that is listed, the advisory's own rating; nothing of one withdrawn, of another registry's package, or of none of ours."""
    listed = {"package": {"ecosystem": "PyPI", "name": "JINJA2"}, "versions": ["1.2.3"]}
    of = advisory(affected=[listed], database_specific={"severity": "MODERATE"}, aliases=[])
    [found] = weaknesses(of, {"jinja2": "1.2.3"})
    assert (found["number"], found["severity"]) == ("PYSEC-1", "moderate")
    assert list(weaknesses(of, {"jinja2": "1.2.4"})) == list(weaknesses(of, {"flask": "1.2.3"})) == []
    assert list(weaknesses(of | {"withdrawn": "2026-06-02T08:00:00Z"}, {"jinja2": "1.2.3"})) == []
    listed["package"] = {"ecosystem": "npm", "name": "jinja2"}
    assert list(weaknesses(advisory(affected=[listed]), {"jinja2": "1.2.3"})) == []


def test_what_advisories_say_and_nobody_has_entered_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two databases number one weakness in their own ways; what is told is a line of components.yaml. Without advisories nothing was looked up."""
    with pytest.raises(ValueError, match="There are no advisories"):
        not_entered(tmp_path, record(), locked())
    assert main(["--advisories", str(tmp_path)]) == 2
    for each in ("PYSEC-1", "GHSA-1"):
        (tmp_path / f"{each}.json").write_text(json.dumps(advisory({"introduced": "0"}, id=each)))
    found: dict[str, Any] = {"weaknesses": []}
    [told] = not_entered(tmp_path, found, {"jinja2": "1.2.3"})
    assert not_entered(tmp_path, {"weaknesses": [told]}, {"jinja2": "1.2.3"}) == []
    capsys.readouterr()
    assert main(["--advisories", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert said.startswith("  - {number: CVE-1, package: jinja2, versions: [")
    assert said.endswith(", severity: high, known: 2026-06-01}\n")
