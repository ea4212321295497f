"""The house stands on its floors: every import contract holds, and each has been seen to break."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = [
    each["id"]
    for each in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
]

BREAKS = {
    "floors": ("basics/money.py", "import carepool.rules.schema"),
    "store": ("cli/texts.py", "import carepool.store.models"),
    "rings": ("journal/merkle.py", "import carepool.journal.verify"),
    "pure": ("payment/release.py", "import random"),
    "wall": ("care/activity/shapes.py", "import carepool.pool.books"),
    "wing": ("web/words.py", "import carepool.care.activity.shapes"),
    "wings_floors": ("care/activity/shapes.py", "import carepool.care.cli.activity"),
}
"""For each contract, a room and an import in it that breaks it."""


def lint(home: Path) -> subprocess.CompletedProcess[str]:
    """Runs the contracts on a copy of the sources."""
    linter = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [str(linter), "--no-cache", "--config", str(home / "pyproject.toml")],
        cwd=home / "src", capture_output=True, text=True, check=False, env={"PYTHONPATH": str(home / "src"), "PATH": ""},
    )  # fmt: skip


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the sources to break."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "england", "static")
    )
    return tmp_path


def test_every_contract_has_its_break() -> None:
    """A contract that nobody has seen red proves nothing."""
    assert set(BREAKS) == set(CONTRACTS)


@pytest.mark.slow
@pytest.mark.parametrize("contract", CONTRACTS)
def test_each_contract_breaks(copy: Path, contract: str) -> None:
    """One import too many turns its contract red, and only what follows from it."""
    room, line = BREAKS[contract]
    file = copy / "src" / "carepool" / room
    file.write_text(f"{file.read_text()}\n{line}\n")
    answer = lint(copy)
    name = next(
        each["name"]
        for each in tomllib.loads((copy / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
        if each["id"] == contract
    )
    assert answer.returncode == 1, answer.stdout
    assert f"{name} BROKEN" in answer.stdout


@pytest.mark.slow
def test_the_contracts_hold(copy: Path) -> None:
    """The house as it stands keeps every contract."""
    answer = lint(copy)
    assert answer.returncode == 0, answer.stdout
    assert f"{len(CONTRACTS)} kept, 0 broken" in answer.stdout
