"""Intermediate care: places and people by pathway, service and month, the gap, who waits, and what more places do.

``carepool intermediate FILE.csv --more 5 --json`` reads ``pathway,service,month,places,demand,stay_days``.
"""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

import json
from decimal import Decimal
from pathlib import Path

import pytest

from carepool.basics.refusals import Unusable
from carepool.capacity.intermediate import explain_last, read_needs, run_months
from tests.spec.test_commands import Run, run  # noqa: F401  (a fixture)

TITLE = "Intermediate care"
HEAD = "pathway,service,month,places,demand,stay_days\n"
ROWS = "Home,Reablement,2015-04,60,100,20\nHome,Reablement,2015-05,60,90,20\nBed,Rehabilitation,2015-04,30,40,30\nBed,Rehabilitation,2015-05,30,31,30\n"


def test_who_cannot_begin_waits_into_the_next_month() -> None:
    """60 places for 30 days at 20 days are 90 people; ten wait, and of 90 more in May 93 can begin: seven are left."""
    needs, findings = read_needs("f.csv", (HEAD + ROWS).encode())
    assert findings == []
    april, may = run_months(needs["Home", "Reablement"], Decimal(100))
    assert (april.can_serve, april.gap, april.waiting, april.beds) == (90, 10, 10, 5)
    assert (may.can_serve, may.gap, may.waiting, may.beds) == (93, -3, 7, Decimal("8.5"))
    working = explain_last(("Home", "Reablement"), (april, may), Decimal(100))
    assert sum(each.value for each in working.steps[:3]) == working.steps[3].value == 7  # type: ignore[misc]


def test_more_places_end_the_wait() -> None:
    """Seven more places serve 10.5 more people in April, so nobody waits, and no beds are taken by waiting."""
    needs, _ = read_needs("f.csv", (HEAD + ROWS).encode())
    more = run_months(needs["Home", "Reablement"], Decimal(100), Decimal(7))
    assert [each.waiting for each in more] == [0, 0]
    assert [each.beds for each in more] == [0, 0]
    half = run_months(needs["Home", "Reablement"], Decimal(50))
    assert half[0].beds == Decimal("2.5")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("Home,R,2015-13,1,1,1", "is no month"),
        ("Home,R,2015-04,lots,1,1", "places “lots” cannot be used"),
        ("Home,R,2015-04,-1,1,1", "cannot be used"),
        ("Home,R,2015-04,1,1,0", "a stay of zero days"),
        ("Home,R,2015-04,1,,1", "demand “” cannot be used"),
        (",R,2015-04,1,1,1", "no pathway or no service"),
        ("Home,R,2015-04,1,1,1\nHome,R,2015-04,1,1,1", "twice"),
        ("", "has no rows"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused(rows: str, says: str) -> None:
    """With its number and what to do."""
    with pytest.raises(Unusable, match=says):
        read_needs("f.csv", (HEAD + rows + "\n").encode())


def test_a_missing_month_is_never_one_without_demand() -> None:
    """It blocks; a service without places is told of."""
    _, findings = read_needs("f.csv", f"{HEAD}Home,R,2015-04,0,5,20\nHome,R,2015-06,0,5,20\n".encode())
    assert [(each.code, str(each.severity)) for each in findings] == [
        ("month-missing", "blocker"),
        ("no-places", "warning"),
    ]
    assert findings[0].says == "Home · R lacks 2015-05."


@pytest.mark.slow
def test_the_command_shows_the_gap_and_what_more_does(run: Run, tmp_path: Path) -> None:
    """As text and as JSON; exit 1 for a missing month, 2 for what cannot be used."""
    file = tmp_path / "f.csv"
    file.write_text(HEAD + ROWS)
    code, out, _ = run("intermediate", str(file), "--more", "7", "--json")
    data = json.loads(out)
    assert code == 0
    assert [each["waiting"] for each in data["months"]] == [20, 17]
    # By hand: in May 8.5 and 10 beds without, and 1.5 of the rehabilitation's with seven more.
    assert [each["beds"] for each in data["with_more"]["fewer_beds"]] == [8.5, 17]
    _, text, _ = run("intermediate", str(file), "--more", "7")
    assert "With more places" in text
    assert "100 per cent (derived)." in text
    file.write_text(f"{HEAD}Home,R,2015-04,1,5,20\nHome,R,2015-06,1,5,20\n")
    code, out, _ = run("intermediate", str(file), "--json")
    assert code == 1
    assert json.loads(out)["findings"][0]["code"] == "month-missing"
    for words in (("--more", "-1"), ("--more", "lots"), ("--in-hospital", "101")):
        code, _, err = run("intermediate", str(file), *words)
        assert code == 2
        assert err.count("\n") == 1
