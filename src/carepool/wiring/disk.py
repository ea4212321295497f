"""Reads what ships with carepool, the rulebook and England, from its package."""

import hashlib
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

from carepool.actions.areas import Area, Areas, read_county
from carepool.actions.england import REMEDY, England
from carepool.basics.findings import Severity
from carepool.basics.refusals import Unusable
from carepool.rules.parse import parse
from carepool.rules.rulebook import Rulebook


def _walk(folder: Traversable, prefix: str = "") -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for entry in folder.iterdir():
        if entry.is_dir():
            found |= _walk(entry, f"{prefix}{entry.name}/")
        elif not entry.name.startswith((".", "__")):
            found[prefix + entry.name] = entry.read_bytes()
    return found


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    text = files("carepool").joinpath("shipped.sha256").read_text(encoding="utf-8")
    return {path: digest for digest, _, path in (line.partition("  ") for line in text.splitlines())}


def shipped(folder: str) -> dict[str, bytes]:
    """The files of one folder of data, by name. Unusable when one is missing, damaged, or was not shipped."""
    found = _walk(files("carepool").joinpath(folder))
    expected = {
        path.removeprefix(f"{folder}/"): digest
        for path, digest in _manifest().items()
        if path.startswith(f"{folder}/")
    }
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            raise Unusable(f"{folder}/{name} is missing. {REMEDY}")
        if name not in expected:
            raise Unusable(
                f"{folder}/{name} did not ship with carepool. Take it out; drafts of rules stand elsewhere."
            )
        if hashlib.sha256(found[name]).hexdigest() != expected[name]:
            raise Unusable(
                f"{folder}/{name} is damaged: its SHA-256 is not the one that was shipped. {REMEDY}"
            )
    return found


def build() -> str:
    """The digest of this build: its version, and every file of data that shipped with it."""
    manifest = files("carepool").joinpath("shipped.sha256").read_bytes()
    return hashlib.sha256(f"{version('carepool')}\n".encode() + manifest).hexdigest()


def england_files() -> dict[str, bytes]:
    """The files of England as shipped, by name."""
    return shipped("england")


def county_files() -> dict[str, bytes]:
    """The files of the illustrative county, by name."""
    return shipped("illustrative")


def areas(england: England) -> Areas:
    """England in each of its registers, and the illustrative county drawn from it."""
    later = {name: Area(each, False, {}, register=name) for name, each in england.later.items()}
    return Areas(Area(england, False, {}), read_county(county_files(), england), later)


@lru_cache(maxsize=1)
def rulebook() -> Rulebook:
    """The rulebook as shipped. Unusable when a file of it has been damaged, saying file and line."""
    book, findings = parse(shipped("rulebook"))
    for finding in findings:
        if finding.severity is Severity.BLOCKER:
            raise Unusable(f"rulebook/{finding.says} {finding.remedy} If you did not change it: {REMEDY}")
    return book
