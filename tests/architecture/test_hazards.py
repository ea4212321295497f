"""The hazard log is true: every control and every test that it names is there, and what has none is open."""

from dataclasses import replace

import pytest

from tests.hazards import LOG, Hazard, hazards, main

HAZARDS = hazards(LOG.read_text(encoding="utf-8"))


@pytest.mark.parametrize("hazard", HAZARDS, ids=[each.id for each in HAZARDS])
def test_each_hazard_is_linked_or_open(hazard: Hazard) -> None:
    """With a control that is in the code and a test that runs, or with what is to be built."""
    assert hazard.faults == []


def test_the_log_covers_the_wing_and_the_money() -> None:
    """Each hazard once; both parts have some, and some are open."""
    assert len({each.id for each in HAZARDS}) == len(HAZARDS) >= 20
    controlled = [each for each in HAZARDS if not each.open]
    assert min(sum(each.part == part for each in controlled) for part in ("person wing", "money")) >= 10


def test_the_page_is_made_from_the_log() -> None:
    """`make reference` makes it."""
    assert main(check=True) == 0


@pytest.mark.slow
def test_an_unlinked_hazard_is_found() -> None:
    """Whatever is taken away or misspelt: a control, a name in it, a rule's row, a test, all of them; and an open one that claims a control."""
    linked = next(each for each in HAZARDS if each.id == "identifiable-row-to-money")
    assert linked.faults == []
    for changed in (
        replace(linked, controls=()),
        replace(linked, tests=()),
        replace(linked, controls=("care/sharing/decided.py",)),
        replace(linked, controls=("care/sharing/deciding.py::decided",)),
        replace(linked, controls=("rulebook/information-sharing/sharing.yaml::money_sometimes",)),
        replace(linked, controls=("../../README.md",)),
        replace(linked, tests=("tests/spec/test_sharing.py::test_nothing",)),
        replace(linked, tests=("tests/spec/test_shared.py::test_who_commissions_or_pays_sees_counts",)),
        replace(linked, tests=("tests/spec/test_sharing.py",)),
        replace(linked, open="Something."),
        replace(linked, severity="bad"),
        replace(linked, part="weather"),
        replace(linked, effect="harm"),
    ):
        assert len(changed.faults) == 1
