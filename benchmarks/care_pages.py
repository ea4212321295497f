"""Pages of the person wing with 200,000 people in PostgreSQL, asked in a process of the wing."""

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.measuring import Figure
from tests.cluster import running_cluster

PEOPLE = 200_000
RUNS = 15
TITLES = {
    "/day": "a practitioner's day, 16 people on the list",
    "/people": "a person's plan on one page",
    "/log": "a governance lead's log",
    "/pairs": "the pairs that wait",
    "/pair": "one pair side by side",
}


def measure(home: Path) -> list[Figure]:
    """The figures."""
    with running_cluster() as cluster:
        cluster.run("CREATE DATABASE care")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CAREPOOL_")}
        environment |= {
            "CAREPOOL_HOME": str(home / "wing"), "CAREPOOL_CARE_DATABASE": cluster.address("care"),
            "DJANGO_SETTINGS_MODULE": "carepool.wiring.settings_care",
        }  # fmt: skip
        command = [sys.executable, "-m", "benchmarks.care_day", str(PEOPLE), str(RUNS)]
        found = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    taken: dict[str, float] = json.loads(found.stdout)
    return [
        Figure(
            f"care, {PEOPLE:,} people in PostgreSQL: {TITLES[path]}", seconds * 1000, "ms", RUNS, bound=200
        )
        for path, seconds in taken.items()
    ]
