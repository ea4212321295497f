"""Packages of others are renewed within the time that docs/safety/components.md gives, and what is overdue is seen."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.components import DATA, digest, faults, locked, record, renewed

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
