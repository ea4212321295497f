"""Reads what ships with carepool, the rulebook and England, from its package."""

from functools import lru_cache
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


def england_files() -> dict[str, bytes]:
    """The files of England as shipped, by name."""
    return _walk(files("carepool").joinpath("england"))


def county_files() -> dict[str, bytes]:
    """The files of the illustrative county, by name."""
    return _walk(files("carepool").joinpath("illustrative"))


def areas(england: England) -> Areas:
    """England, and the illustrative county drawn from it."""
    return Areas(Area(england, False, {}), read_county(county_files(), england))


@lru_cache(maxsize=1)
def rulebook() -> Rulebook:
    """The rulebook as shipped. Unusable when a file of it has been damaged, saying file and line."""
    book, findings = parse(_walk(files("carepool").joinpath("rulebook")))
    for finding in findings:
        if finding.severity is Severity.BLOCKER:
            raise Unusable(f"rulebook/{finding.says} {finding.remedy} If you did not change it: {REMEDY}")
    return book
