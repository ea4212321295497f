"""What every test shares: a home of its own, Django set up once, and what could not run named at the end."""

# ruff: noqa: E402  (settings are read at import, so the environment comes first)

import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from math import isqrt
from pathlib import Path

_HOME = tempfile.TemporaryDirectory(prefix="carepool-tests-")
os.environ["CAREPOOL_HOME"] = _HOME.name
# A process is one service. The person wing's is tested by a process that is asked for tests/care and nothing else.
_ASKED = [each for each in sys.argv[1:] if each.startswith("tests")]
OF_CARE = bool(_ASKED) and all(each.startswith("tests/care") for each in _ASKED)
os.environ["DJANGO_SETTINGS_MODULE"] = f"carepool.wiring.settings_{'care' if OF_CARE else 'fund'}"
# All tests ask from one address.
os.environ["CAREPOOL_API_PER_ADDRESS"] = os.environ["CAREPOOL_API_PER_TOKEN"] = "1000000"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the thread of the tests

import django
import pytest
from hypothesis import HealthCheck, settings

from carepool.actions.england import England, read_england
from carepool.actions.house import House
from carepool.actions.ports import MemoryDrafts
from carepool.journal.memory import MemoryJournal
from carepool.rules.rulebook import Rulebook
from carepool.wiring import disk
from carepool.wiring.main import now
from tests.counts import counted

django.setup()
# What was imported stays to the end: it is not looked through for garbage each time.
gc.freeze()

# A failing example is printed with the line that repeats it; deadlines would be timing in tests.
_COMMON = {"deadline": None, "print_blob": True, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("quick", max_examples=60, **_COMMON)  # type: ignore[arg-type]
settings.register_profile("check", max_examples=15, **_COMMON)  # type: ignore[arg-type]
settings.register_profile("soak", max_examples=5_000, **_COMMON)  # type: ignore[arg-type]
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def home() -> Path:
    """The folder that stands for ``var`` while the tests run."""
    return Path(_HOME.name)


@pytest.fixture(scope="session")
def england_files() -> dict[str, bytes]:
    """The files of England as shipped."""
    return disk.england_files()


@pytest.fixture(scope="session")
def rule_files() -> dict[str, bytes]:
    """The files of the rulebook as shipped."""
    root = Path(str(files("carepool").joinpath("rulebook")))
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.yaml")}


@pytest.fixture(scope="session")
def england(england_files: dict[str, bytes]) -> England:
    """England as shipped."""
    return read_england(england_files)


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The rulebook as shipped."""
    return disk.rulebook()


@pytest.fixture(scope="session")
def house(england: England, rulebook: Rulebook) -> House:
    """The house that answers from the shipped files."""
    return House(disk.areas(england), rulebook, MemoryJournal(), MemoryDrafts(), now)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test with many cases the quick part takes as many as their square root, spread over all; everything takes each."""
    tests: dict[str, list[pytest.Item]] = {}
    for each in items:
        if not {"slow", "postgres", "browser"} & {mark.name for mark in each.iter_markers()}:
            tests.setdefault(each.nodeid.partition("[")[0], []).append(each)
    for cases in tests.values():
        taken = isqrt(len(cases) - 1) + 1
        quick = {number * len(cases) // taken for number in range(taken)}
        for number, each in enumerate(cases):
            if number not in quick:
                each.add_marker(pytest.mark.slow)


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Name every suite that could not run, with its reason, and what was counted, where the eye ends up."""
    yield
    for line in counted():
        terminalreporter.write_line(f"carepool: {line}")
    reasons = {
        str(report.longrepr[2]).removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and "suite could not run" in str(report.longrepr[2])
    }
    for reason in sorted(reasons):
        terminalreporter.write_line(f"carepool: {reason}", yellow=True)
