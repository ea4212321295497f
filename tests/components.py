"""
Whether the packages of others are renewed in time: python -m tests.components holds the lock against docs/safety/components.yaml,
and with --advisories FOLDER against a copy of the advisories.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from carepool.wiring.main import now

ROOT = Path(__file__).parent.parent
DATA = ROOT / "docs" / "safety" / "components.yaml"
LOCKS = ("run.txt", "test.txt", "uv.txt")
UNRATED = "high"
"""How bad a weakness counts as long as nobody has rated it."""
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


def weaknesses(advisory: Mapping[str, Any], versions: Mapping[str, str]) -> Iterator[Record]:
    """What an advisory in the form of OSV says of locked versions, as it is entered in components.yaml; nothing of one withdrawn."""
    if advisory.get("withdrawn"):
        return
    numbers = sorted(
        [*advisory.get("aliases", []), advisory["id"]], key=lambda each: not each.startswith("CVE-")
    )
    rated = advisory.get("database_specific", {}).get("severity", UNRATED).lower()
    locked_as = {canonicalize_name(name): (name, version) for name, version in versions.items()}
    for each in advisory.get("affected", []):
        package = each.get("package", {})
        name, version = locked_as.get(canonicalize_name(package.get("name", "")), ("", ""))
        if name and package.get("ecosystem") == "PyPI" and _is_affected(each, version):
            known = date.fromisoformat(advisory["published"][:10])
            yield {
                "number": numbers[0],
                "package": name,
                "versions": [version],
                "severity": rated,
                "known": known,
            }


def not_entered(folder: Path, found: Record, versions: Mapping[str, str]) -> list[Record]:
    """What a folder of advisories says of the lock and components.yaml does not, each once. ValueError where there are none to ask."""
    files = sorted(folder.rglob("*.json"))
    if not files:
        raise ValueError(
            f"There are no advisories in {folder}. Give a folder of OSV's for Python packages, a JSON file each."
        )
    entered = {(each["number"], each["package"].lower()) for each in found["weaknesses"]}
    told = {}
    for file in files:
        for each in weaknesses(json.loads(file.read_text(encoding="utf-8")), versions):
            told.setdefault((each["number"], each["package"]), each)
    return [each for key, each in told.items() if key not in entered]


def _is_affected(affected: Mapping[str, Any], version: str) -> bool:
    """Whether a version is listed, or lies in a range: from what introduced it to what fixed it, or to the last that has it."""
    if version in affected.get("versions", []):
        return True
    ranges = [each["events"] for each in affected.get("ranges", []) if each["type"] == "ECOSYSTEM"]
    return any(_lies_in(events, Version(version)) for events in ranges)


def _lies_in(events: list[Mapping[str, str]], version: Version) -> bool:
    inside = False
    for event in sorted(events, key=_place):
        [(what, at)] = event.items()
        bound = _version(at)
        if what == "introduced" and version >= bound:
            inside = True
        elif (what == "fixed" and version >= bound) or (what == "last_affected" and version > bound):
            inside = False
    return inside


def _place(event: Mapping[str, str]) -> tuple[Version, bool]:
    """Where an event stands among those of its range: of one version, what is introduced comes after what is fixed."""
    [(what, at)] = event.items()
    return _version(at), what == "introduced"


def _version(at: str) -> Version:
    """The version of an event, where one that nobody can order stands before all others: rather told of than not."""
    try:
        return Version(at)
    except InvalidVersion:
        return Version("0.dev0")


def renewed(text: str, lock: str, day: date) -> str:
    """The record of a lock that was renewed on a day."""
    text = re.sub(r"^renewed: .*$", f"renewed: {day}", text, flags=re.MULTILINE)
    return re.sub(r"^lock: .*$", f"lock: {lock}", text, flags=re.MULTILINE)


def main(words: list[str]) -> int:
    """Say what is overdue today; with --renewed write down that the lock was renewed today, with --advisories FOLDER say what is to be entered."""
    today = now().date()
    if words[:1] == ["--advisories"]:
        return _look_up(Path(words[1]))
    if words == ["--renewed"]:
        DATA.write_text(renewed(DATA.read_text(encoding="utf-8"), digest(), today), encoding="utf-8")
    told = list(faults(record(), locked(), digest(), today))
    sys.stdout.write(
        "".join(f"{each}\n" for each in told) or "No package is older than components.md allows.\n"
    )
    return 1 if told else 0


def _look_up(folder: Path) -> int:
    try:
        told = not_entered(folder, record(), locked())
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    lines = [yaml.safe_dump(each, default_flow_style=True, sort_keys=False, width=1000) for each in told]
    sys.stdout.write(
        "".join(f"  - {each}" for each in lines)
        or "The advisories say nothing of the lock that is not entered.\n"
    )
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
