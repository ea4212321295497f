"""What the tests of workbooks share: the illustrative county, and children that read for all of them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from carepool.actions.demonstration import Stage, build, people
from carepool.actions.house import House
from carepool.actions.planning import view
from carepool.actions.ports import MemoryDrafts
from carepool.journal.memory import MemoryJournal
from carepool.plans.document import Plan
from carepool.wiring import disk
from tests.workbooks import making
from tests.workbooks.making import SEED


@pytest.fixture(scope="session", autouse=True)
def children() -> Iterator[None]:
    """Two children for all tests, ended with them."""
    print(f"seed of the random workbooks: {SEED} (CAREPOOL_SEED chooses another)")  # noqa: T201  (a failing seed must be seen)
    with making.READER:
        yield


@pytest.fixture(scope="session")
def county(house: House) -> House:
    """The illustrative county, for tests that change nothing."""
    empty = replace(house, journal=MemoryJournal(), drafts=MemoryDrafts())
    build(empty, disk.county_files())
    return empty


@pytest.fixture
def stage(house: House) -> Stage:
    """A county of one's own, with its people to act; it is the first of June 2015."""
    return a_stage(house)


@pytest.fixture(scope="module")
def shared(house: House) -> Stage:
    """A county for all tests of a module, which leave no drafts behind."""
    return a_stage(house)


def a_stage(house: House) -> Stage:
    """The county with its people, on a day after its plans were made."""
    empty = replace(house, journal=MemoryJournal(), drafts=MemoryDrafts())
    build(empty, disk.county_files())
    made = Stage(empty, people(disk.county_files()))
    made.on(2015, 6, 1)
    made.count = 50_000
    return made


@pytest.fixture(scope="session")
def carrowby(county: House) -> Plan:
    """Carrowby's plan as it stands."""
    return view(county, "carrowby").plan


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workbooks are made and read by the hundred here; the quick check keeps to those of the layouts."""
    for item in items:
        if "tests/workbooks" in str(item.path) and item.path.name != "test_layouts.py":
            item.add_marker(pytest.mark.slow)
