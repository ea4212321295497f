"""A dossier is taken away by whoever is signed in, by page and by command, and checked by nobody's leave."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from carepool.actions.planning import read_history
from carepool.wiring.house import current_house
from tests.spec.test_commands import Run, run_at_home
from tests.web.conftest import State
from tests.web.reading import Page
from tests.web.test_pages import statements
from tests.web.visiting import Person

__all__ = ["run_at_home"]

DOSSIER = "/plans/stonebeck/dossier.zip"
HELD = "withhold=spend:commercial&withhold=risks:personal"


@pytest.fixture
def lead(someone: Callable[..., Person]) -> Client:
    """Stonebeck's plan lead."""
    return someone("stonebeck.lead").browser


@pytest.fixture
def chair(someone: Callable[..., Person]) -> Client:
    """The chair of the board, who decides on the plan and does not write it."""
    return someone("stonebeck.chair").browser


def verified(path: Path) -> str:
    """What the script in a zip says of it, by a Python that knows nothing of carepool; it has to verify."""
    with zipfile.ZipFile(path) as archive:
        script = path.with_suffix(".py")
        script.write_bytes(archive.read("verify.py"))
    done = subprocess.run(
        [sys.executable, "-I", str(script), str(path)], capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_whoever_is_signed_in_takes_it_away(chair: Client, tmp_path: Path) -> None:
    """It comes as a file named for plan and version, and verifies; the paper's page leads to it."""
    answer = chair.get(DOSSIER)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Content-Disposition"] == 'attachment; filename="stonebeck-dossier-2.zip"'
    path = tmp_path / "got.zip"
    path.write_bytes(answer.content)
    assert "Stonebeck Health and Wellbeing Board: Refused" in verified(path)
    page = Page("/plans/stonebeck/paper", chair.get("/plans/stonebeck/paper").content.decode())
    assert DOSSIER in {each.get("href", "") for each in page.find("a")}


def test_nobody_else_does(client: Client) -> None:
    """Whoever is not signed in is asked to, and the paper offers them nothing that they cannot have."""
    answer = client.get(DOSSIER)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in?next=")
    assert "dossier.zip" not in client.get("/plans/stonebeck/paper").content.decode()


def test_only_a_lead_withholds(lead: Client, chair: Client, tmp_path: Path) -> None:
    """As with the paper, a plan lead leaves sections out; others are told who can."""
    assert chair.get(f"{DOSSIER}?{HELD}").status_code == 403
    answer = lead.get(f"{DOSSIER}?{HELD}")
    path = tmp_path / "got.zip"
    path.write_bytes(answer.content)
    assert "2 withheld (risks, spend)" in verified(path)


@pytest.mark.parametrize(
    ("query", "status"),
    [("version=1", 200), ("version=3", 404), ("version=x", 400), ("as_at=2014-12-31", 200), ("as_at=never", 400), ("uploads=no", 200), ("withhold=freed", 400)],
)  # fmt: skip
@pytest.mark.slow
def test_what_may_be_asked(lead: Client, query: str, status: int) -> None:
    """An earlier version, an earlier day, without uploads; what is no version or day is refused in words."""
    answer = lead.get(f"{DOSSIER}?{query}")
    assert answer.status_code == status
    if status == 200:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            about = json.loads(archive.read("dossier.json"))
        assert about["version"] == (2 if query == "uploads=no" else 1)


def test_before_the_first_version(lead: Client) -> None:
    """A plan that is not saved yet has none."""
    assert lead.get("/plans/merrow/dossier.zip").status_code == 404


@pytest.mark.slow
def test_to_take_it_away_writes_nothing(chair: Client) -> None:
    """It is a look like any other: the database is asked and told nothing."""
    with statements() as asked:
        assert chair.get(DOSSIER).status_code == 200
    assert asked
    assert [each for each in asked if not each.startswith("SELECT")] == []


@pytest.mark.slow
def test_the_command_writes_the_same(loaded: State, run_at_home: Run, tmp_path: Path) -> None:
    """``carepool dossier`` writes the zip and says by which digest it is named; what it cannot write is refused in a sentence."""
    out = tmp_path / "stonebeck.zip"
    code, text, _ = run_at_home("dossier", "stonebeck", str(out))
    assert (code, text.startswith("Written: ")) == (0, True)
    said = verified(out)
    manifest = text.partition("Digest of the manifest: ")[2].split("\n")[0]
    assert f"its own digest is {manifest}." in said
    code, text, _ = run_at_home("dossier", "stonebeck", str(out), "--version", "1", "--withhold", "freed:commercial", "--json")  # fmt: skip
    data = json.loads(text)
    assert (code, data["version"], data["bytes"]) == (0, 1, out.stat().st_size)
    assert data["digest"] == read_history(current_house(), "stonebeck").versions[0].digest
    assert "1 withheld (freed)" in verified(out)
    code, text, _ = run_at_home("dossier", "stonebeck", str(out), "--as-at", "2014-12-31", "--without-uploads", "--json")  # fmt: skip
    assert json.loads(text)["day"] == "2014-12-31"
    for arguments, says in (
        (("stonebeck", "dossier.tar"), "does not end in .zip"),
        (("stonebeck", str(out), "--withhold", "freed"), "gives no reason"),
        (("nobody", str(out)), "There is no plan “nobody”"),
        (("merrow", str(out)), "there is no dossier of it"),
        (("stonebeck", str(tmp_path / "no" / "dossier.zip")), "The system refused"),
    ):
        code, _, err = run_at_home("dossier", *arguments)
        assert (code, err.count("\n")) == (2, 1)
        assert says in err
