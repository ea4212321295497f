"""Records are linked alike wherever pairs are weighed: the same files come out, to the last byte."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import which

import pandas as pd
import pytest

from benchmarks.linkage import make

SEED = 5
ENGINES = ("duckdb", "spark") if os.environ.get("HYPOTHESIS_PROFILE") == "soak" and which("java") else ("duckdb",)  # fmt: skip
"""Spark takes half a minute to begin and Java, so it is for the soak."""


def ask(folder: Path, engine: str) -> subprocess.CompletedProcess[str]:
    """Link the two files in a process of its own: the engine's sockets and logs are not ours."""
    files = [str(folder / f"{side}.csv") for side in ("left", "right")]
    command = [sys.executable, "-m", "carepool.wiring.main", "link", *files, "--out", str(folder / f"{engine}.csv"), "--review", str(folder / f"{engine}-review.csv"), "--engine", engine]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.slow
def test_every_engine_finds_the_same_links(tmp_path: Path):
    make(tmp_path, 900, 400, 300, SEED)
    for side in ("left", "right"):
        frame = pd.read_parquet(tmp_path / f"{side}.parquet")
        frame[["id", "nhs_number", "given_name", "family_name", "date_of_birth"]].to_csv(tmp_path / f"{side}.csv", index=False)  # fmt: skip
    for engine in ENGINES:
        done = ask(tmp_path, engine)
        assert done.returncode == 0, done.stderr
    truth = pd.read_parquet(tmp_path / "truth.parquet")
    for name in ("{}.csv", "{}-review.csv"):
        files = [(tmp_path / name.format(engine)).read_bytes() for engine in ENGINES]
        assert len(set(files)) == 1
    links = pd.read_csv(tmp_path / "duckdb.csv")
    right = truth.merge(links, left_on=["id_l", "id_r"], right_on=["left_id", "right_id"])
    assert len(right) >= 0.99 * len(links) > 250, f"seed {SEED}"


def test_an_engine_that_is_none_is_refused(tmp_path: Path):
    done = ask(tmp_path, "sparc")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean spark" in done.stderr
