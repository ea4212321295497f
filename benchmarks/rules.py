"""The rulebook: reading and checking every set, comparing two, and a draft's effect on 150 boards."""

import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from benchmarks.measuring import Figure, seconds
from carepool.actions.house import House
from carepool.actions.simulating import simulate
from carepool.rules.difference import difference
from carepool.rules.parse import parse
from carepool.wiring import disk
from carepool.wiring.main import shipped

RUNS = 9


def measure() -> list[Figure]:
    """The figures."""
    files = disk.shipped("rulebook")
    house: House = shipped()
    book = house.rulebook
    before, after = book.named("itf-2013-08"), book.named("bcf-2014-08")
    return [
        Figure(f"Rules: parse and check all {len(book.sets)} sets ({len(files)} files)", seconds(lambda: parse(files), RUNS), "s", RUNS, bound=0.5),
        Figure("Rules: the difference of two sets", seconds(lambda: difference(before, after), RUNS), "s", RUNS),
        Figure("Rules: simulate a set over 150 boards", seconds(lambda: simulate(house, after, before, Decimal("3.5")), RUNS), "s", RUNS),
        Figure("Rules: “carepool simulate” with a draft in a folder, whole process", seconds(_whole, 5), "s", 5, bound=2),
    ]  # fmt: skip


def _whole() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "draft"
        for name, content in disk.shipped("rulebook").items():
            where, _, path = name.partition("/")
            if where == "bcf-2014-08":
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(content.replace(b"value: 1490", b"value: 1700"))
        command = [sys.executable, "-m", "carepool.wiring.main", "simulate", str(root), "--json"]
        subprocess.run(command, check=True, capture_output=True)
