"""Packs: all 150 as page and JSON, once more when they are whole, and one PDF."""

import tempfile
from pathlib import Path

from benchmarks.measuring import Figure, once
from carepool.actions.packing import gather, pack_of
from carepool.render.pack_figures import sections
from carepool.render.packs import paper
from carepool.wiring.main import application, shipped


def measure() -> list[Figure]:
    """The figures."""
    with tempfile.TemporaryDirectory(prefix="carepool-packs-") as folder:
        ask = ["pack", "--all", "--out", folder, "--no-pdf", "--no-xlsx", "--json"]
        first = once(lambda: application()(ask, standalone_mode=False))
        again = once(lambda: application()(ask, standalone_mode=False))
        assert len(list(Path(folder).glob("*/manifest.json"))) == 150
    every = gather(shipped())
    found = pack_of(every, "E10000016")
    parts = sections(found)
    paper(found, parts)
    return [
        Figure("150 packs, page, JSON and CSV", first, "s", 1, bound=120),
        Figure("150 packs that are whole already", again, "s", 1),
        Figure("the PDF of one pack", once(lambda: paper(found, parts)), "s", 1, bound=4),
    ]
