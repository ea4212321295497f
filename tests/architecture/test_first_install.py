"""What the first install holds is enough to start: nothing is imported at the start that only an extra brings."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
START = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

absent = set(sys.argv[1:])
sys.meta_path.insert(0, Absent())
from carepool.wiring.main import application
application()
from carepool.wiring.operations import start_django
start_django()
import carepool.disclosure.audit, carepool.web.urls, carepool.wiring.serving
import scipy.optimize, scipy.sparse  # without which nothing is published
"""


def test_the_service_starts_without_any_extra(tmp_path: Path) -> None:
    """Commands, pages and server are read where each package that is not in run.txt is missing, as after tools/setup run."""
    locked = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    held = {_same(name) for name in re.findall(r"^([\w.-]+)==", locked, re.MULTILINE)} | {"carepool"}
    absent = sorted(
        module
        for module, packages in packages_distributions().items()
        if not held & {_same(each) for each in packages} and module not in sys.stdlib_module_names
    )
    assert {"duckdb", "pandas", "numba"} <= set(absent)
    done = subprocess.run(
        [sys.executable, "-c", START, *absent], capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(ROOT / "src"), "CAREPOOL_HOME": str(tmp_path), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def _same(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
