"""The child that reads has little memory, little time, no network and no other program, and cannot get them back."""

import subprocess
import sys
import time

import pytest

from carepool.basics.refusals import Unusable
from carepool.workbooks import reading
from carepool.workbooks.reading import Reader


def confined(code: str) -> subprocess.CompletedProcess[str]:
    """What some code comes to in a process that is confined as the child is."""
    return subprocess.run(
        [sys.executable, "-c", f"from carepool.workbooks.child import confine; confine()\n{code}"],
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
    ],
)
def test_no_network_and_no_other_program(code: str) -> None:
    """A socket, an address, another program: each is refused."""
    done = confined(code)
    assert done.returncode != 0
    assert "is not for whoever reads workbooks" in done.stderr


def test_little_memory() -> None:
    """More than 512 MB cannot be had."""
    assert "MemoryError" in confined("x = bytearray(600 * 1024 * 1024)").stderr


def test_no_file_can_be_written(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """A file cannot grow."""
    done = confined(f"open({str(tmp_path / 'x')!r}, 'w').write('x' * 100000)")
    assert done.returncode != 0
    assert (tmp_path / "x").stat().st_size == 0


def test_a_child_that_is_late_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that does not answer in its time is ended and replaced, with a sentence."""
    monkeypatch.setattr(reading, "SECONDS", 0.0)
    before = time.monotonic()
    with Reader(1) as reader, pytest.raises(Unusable, match="took more than 10 seconds"):
        reader.read(b"PK\x03\x04" + b"x" * 100)
    assert time.monotonic() - before < 5
    assert reader.replaced == 1
