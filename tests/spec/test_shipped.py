"""What ships with carepool is what is read: a file that is damaged, missing or added is refused by name."""

import hashlib
from pathlib import Path

import pytest

from carepool.basics.refusals import Unusable
from carepool.wiring import disk

ROOT = Path(disk.__file__).parents[1]


def test_the_manifest_is_of_the_files() -> None:
    """shipped.sha256 has the digest of every file of data; after a change: python tools/ship_england.py."""
    listed = dict(
        reversed(line.split("  ", 1)) for line in (ROOT / "shipped.sha256").read_text().splitlines()
    )
    there = {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("england", "illustrative", "rulebook")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not path.name.startswith((".", "__"))
    }
    assert listed == there


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped data to damage."""
    import shutil

    for name in ("england", "illustrative", "rulebook"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "shipped.sha256", tmp_path)
    monkeypatch.setattr(disk, "files", lambda _package: tmp_path)
    disk._manifest.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    disk._manifest.cache_clear()


UNIT = "rulebook/bcf-2014-08/payment/unit_value.yaml"


@pytest.mark.parametrize("name", [UNIT, "england/sources.csv", "illustrative/accounts.csv"])
def test_one_digit_changed(damaged: Path, name: str) -> None:
    """One changed digit in a rule, a register of sources or the county is refused: what, where, what to do."""
    file = damaged / name
    file.write_text(file.read_text().replace("1", "2", 1))
    folder = name.split("/")[0]
    with pytest.raises(Unusable, match=rf"{name} is damaged: .* Install carepool again"):
        disk.shipped(folder)


def test_a_file_taken_out(damaged: Path) -> None:
    """A rule that is not there any more is missed, although nothing asks for it."""
    (damaged / "rulebook/bcf-2014-08/payment/average_cut.yaml").unlink()
    with pytest.raises(Unusable, match=r"rulebook/bcf-2014-08/payment/average_cut\.yaml is missing"):
        disk.shipped("rulebook")


def test_a_file_put_in(damaged: Path) -> None:
    """A file that did not ship is refused: drafts of rules stand elsewhere."""
    (damaged / "rulebook/bcf-2014-08/payment/bonus.yaml").write_text("says: x\n")
    with pytest.raises(Unusable, match="did not ship with carepool"):
        disk.shipped("rulebook")
