"""Whether the packages of others are renewed in time: python -m tests.components holds the lock against docs/safety/components.yaml."""

import hashlib
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from carepool.wiring.main import now

ROOT = Path(__file__).parent.parent
DATA = ROOT / "docs" / "safety" / "components.yaml"
LOCKS = ("run.txt", "test.txt", "uv.txt")
Record = Mapping[str, Any]


def record() -> Record:
    """What is written of the lock, of the time that there is, and of the weaknesses that became known."""
    found: Record = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return found


def locked() -> dict[str, str]:
    """Every package of the lock, in small letters, with its version."""
    lines = "\n".join((ROOT / "requirements" / each).read_text(encoding="utf-8") for each in LOCKS)
    return {
        name.lower(): version for name, version in re.findall(r"^([\w.-]+)==([\w.+!-]+)", lines, re.MULTILINE)
    }


def digest() -> str:
    """The digest of the lock, by which it is seen when it was renewed."""
    files = (ROOT / "requirements" / each for each in LOCKS)
    return hashlib.sha256(b"".join(each.read_bytes() for each in files)).hexdigest()


def faults(found: Record, versions: Mapping[str, str], lock: str, day: date) -> Iterator[str]:
    """What is overdue on a day, or is not as it is written, a sentence each."""
    within = found["within_days"]
    if found["lock"] != lock:
        yield "The lock was renewed and components.yaml does not say so. Run: python -m tests.components --renewed."
    by = found["renewed"] + timedelta(days=within["everything"])
    if day > by:
        yield f"All packages were to be renewed by {by}. Run: make lock."
    for each in found["weaknesses"]:
        name, number = each["package"].lower(), each["number"]
        by = each["known"] + timedelta(days=within[each["severity"]])
        weak = versions.get(name) in each["versions"]
        if weak and each.get("mended"):
            yield f"{number}: {name} {versions[name]} is still in the lock, and is said to be mended."
        elif weak and day > by:
            yield f"{number}: {name} {versions[name]} was to be renewed by {by} ({each['severity']}). Run: make lock."
        elif each.get("mended") and each["mended"] > by:
            yield f"{number}: {name} was renewed on {each['mended']}, and was to be by {by}."


def renewed(text: str, lock: str, day: date) -> str:
    """The record of a lock that was renewed on a day."""
    text = re.sub(r"^renewed: .*$", f"renewed: {day}", text, flags=re.MULTILINE)
    return re.sub(r"^lock: .*$", f"lock: {lock}", text, flags=re.MULTILINE)


def main(words: list[str]) -> int:
    """Say what is overdue today, or with --renewed write down that the lock was renewed today."""
    today = now().date()
    if words == ["--renewed"]:
        DATA.write_text(renewed(DATA.read_text(encoding="utf-8"), digest(), today), encoding="utf-8")
    told = list(faults(record(), locked(), digest(), today))
    sys.stdout.write(
        "".join(f"{each}\n" for each in told) or "No package is older than components.md allows.\n"
    )
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
