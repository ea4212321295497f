"""The service and the command as whole processes, with everything that starting Python brings."""

import subprocess
import sys
from collections.abc import Sequence
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from statistics import median
from time import perf_counter, sleep

from benchmarks.measuring import Figure, once, seconds

COMMAND = Path(sys.executable).with_name("carepool")
RUNS = 5
PATIENCE = 60.0


def measure() -> list[Figure]:
    """The figures. The home that ``CAREPOOL_HOME`` names has been prepared."""
    return [
        Figure("carepool serve: second start, until the first page is answered", median(_start() for _ in range(RUNS)), "s", RUNS, bound=4),
        Figure("carepool national: the whole process", seconds(lambda: _run("national", "--json"), RUNS), "s", RUNS, bound=1.5),
        Figure("carepool boards: the whole process", seconds(lambda: _run("boards", "--json"), RUNS), "s", RUNS),
        Figure("carepool rules list: the whole process", seconds(lambda: _run("rules", "list"), RUNS), "s", RUNS),
    ]  # fmt: skip


def _run(*words: str) -> None:
    subprocess.run([COMMAND, *words], check=True, stdout=subprocess.DEVNULL)


def _start() -> float:
    """Seconds from the start of the process to its first page."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command: Sequence[str | Path] = [COMMAND, "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            return once(lambda: _wait(port, process))
        finally:
            process.terminate()
            process.wait()


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    give_up = perf_counter() + PATIENCE
    while perf_counter() < give_up and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", "/")
            assert connection.getresponse().status == 200
        except ConnectionError:
            sleep(0.01)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError("the service did not answer")
