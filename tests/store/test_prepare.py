"""The whole service's database, prepared on PostgreSQL as an operator would."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster import Cluster


@pytest.mark.postgres
def test_prepare_and_verify_on_postgresql(cluster: Cluster, tmp_path: Path) -> None:
    """``carepool prepare`` makes tables and guards and loads England; again it changes nothing; the journal verifies."""
    name = cluster.create()
    environment = {**os.environ, "CAREPOOL_HOME": str(tmp_path), "CAREPOOL_DATABASE": cluster.address(name)}

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "carepool.wiring.main", *arguments],
            capture_output=True,
            text=True,
            env=environment,
        )

    try:
        first, again, verified = command("prepare"), command("prepare"), command("journal", "verify")
    finally:
        cluster.drop(name)
    assert "28 files" in first.stdout, first.stderr
    assert "0 files" in again.stdout, again.stderr
    assert "Every chain, seal and document verifies." in verified.stdout
