"""Calendar commands: a deadline worked backwards, a calendar file, and one round of telling."""

import json
import sqlite3
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path

import icalendar
import pytest

from tests.asking import carepool


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the illustrative county."""
    home = tmp_path_factory.mktemp("calendar")
    asked(home, "prepare")
    return home


def asked(home: Path, *words: str, **more: str) -> str:
    """What a command says."""
    done = carepool(*words, home=home, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_plans_calendar(made: Path, tmp_path: Path) -> None:
    """``carepool calendar PLAN --json`` gives the deadline, who blocks, each party's steps with their workings, and findings; ``--ics`` writes the file."""
    data = json.loads(asked(made, "calendar", "stonebeck", "--as-at", "2014-12-20", "--json"))
    assert (data["plan"], data["deadline"], data["due_written"]) == (
        "stonebeck",
        "second_conditions",
        "2015-01-09",
    )
    assert [each["name"] for each in data["blocking"]] == [
        "NHS Stone and Linden CCG",
        "Stonebeck Health and Wellbeing Board",
        "Stonebeck council",
    ]
    step = data["parties"][1]["steps"][0]
    assert (step["step"], step["by"], step["passed"]) == ("Delegated decision", "2015-01-09", False)
    assert step["working"]["steps"]
    said = asked(made, "calendar", "merrow", "--as-at", "2015-02-20", "--ics", str(tmp_path / "m.ics"))
    council = asked(made, "calendar", "carrowby", "--as-at", "2014-08-20")
    assert "  2014-08-11  Notice of the key decision (given on 2014-08-01)\n" in council
    assert "Stonebeck council: Agreed, not yet in effect, takes effect on 2014-12-30\n" in asked(
        made, "calendar", "stonebeck", "--as-at", "2014-12-20"
    )
    assert "Merrow council: Awaited\n  2015-02-09  Notice of the key decision (past)\n" in said
    found = icalendar.Calendar.from_ical((tmp_path / "m.ics").read_bytes())
    assert len([each for each in found.walk() if each.name == "VEVENT"]) > 20


@pytest.mark.slow
def test_one_round_of_telling(made: Path) -> None:
    """
    ``carepool notices run`` makes what nobody has been told of, and writes a letter for each account with an address, as a file
    to read; the county's people have addresses that lead nowhere. Again, it makes nothing.
    """
    with closing(sqlite3.connect(made / "carepool.sqlite3")) as link, link:
        link.execute("UPDATE signin_account SET email = '' WHERE handle = 'merrow.lead'")
    first = json.loads(asked(made, "notices", "run", "--json", CAREPOOL_ADDRESS="https://fund.example"))
    assert first["made"] == first["without_address"] + first["sent"] > 40
    assert first["sent"] > 40
    assert first["without_address"] > 0
    letters = [
        message_from_bytes(each.read_bytes(), policy=policy.default)
        for each in (made / "outbox").glob("*.eml")
    ]
    assert len(letters) == first["sent"]
    assert {each["To"].rpartition("@")[2] for each in letters} == {"county.invalid"}
    assert {each["Subject"] for each in letters if each["To"] == "stonebeck.chief@county.invalid"} == {
        "You have an office in Stonebeck council",
        "Stonebeck joint plan: your decision no longer counts",
    }
    assert all("Open https://fund.example/" in each.get_content() for each in letters)
    again = json.loads(asked(made, "notices", "run", "--json"))
    assert again == {"made": 0, "sent": 0, "failed": 0, "without_address": 0}
