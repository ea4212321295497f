"""The service under load, as processes of its own: what one core answers of pages that are kept, and how long others take at once."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from socket import socket
from time import sleep

from benchmarks.measuring import Figure

COMMAND = Path(sys.executable).with_name("carepool")
PATIENCE = 120.0
SECONDS, CONNECTIONS = 5.0, 16
A_SECOND, SLOWEST, LARGEST = 2_000.0, 400.0, 150.0
KEPT = (
    "/releases", "/releases.json", "/releases/carrowby/1", "/releases/carrowby/2", "/releases/carrowby/2/money", "/releases/carrowby/2/schemes/S1",
    "/open", "/open/money", "/open/schemes", "/open/money.json",
)  # fmt: skip
SEED = 2015


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a load."""

    seconds: float
    milliseconds: Sequence[float]
    """Of each answer, in order."""

    def at(self, percent: int) -> float:
        """Within how long so many per cent were answered."""
        return self.milliseconds[min(len(self.milliseconds) * percent // 100, len(self.milliseconds) - 1)]


def measure() -> list[Figure]:
    """The figures. The home that ``CAREPOOL_HOME`` names has been prepared."""
    busy = os.getloadavg()[0]
    note = f"beside others: load {busy:.1f}" if busy > 1 else ""
    # The service has the first core to itself, as far as others let it, and the readers the last.
    with _serving(1, {0}) as (port, service):
        _load(port, KEPT, 1, 1.0)
        sizes = [_size(port, each) for each in KEPT]
        spent = _spent(service)
        found = _load(port, KEPT, CONNECTIONS, SECONDS)
        spent = _spent(service) - spent
    answers = len(found.milliseconds)
    figures = [
        Figure("Load: kept public pages, 16 readers, one core", answers / found.seconds, "a second", 1, least=A_SECOND, note=note),
        Figure("… by the processor time that the service took", answers / spent, "a second", 1, least=A_SECOND, note=f"{1e6 * spent / answers:.0f} microseconds each"),
        Figure("… the slowest in a hundred", found.at(99), "ms", answers),
        Figure("… size of the largest", max(sizes) / 1000, "kB", len(sizes), bound=LARGEST),
    ]  # fmt: skip
    with _serving(os.cpu_count() or 1, None) as (port, service):
        addresses = _uncached(Random(SEED))
        # Each worker forecasts once first, which loads a compiler, and renders each kind of page once.
        _load(port, [each for each in addresses if each.endswith("delayed_transfers")], CONNECTIONS, 3.0)
        _load(port, addresses, CONNECTIONS, 3.0)
        spent = _spent(service)
        found = _load(port, addresses, CONNECTIONS, 2 * SECONDS)
        spent = _spent(service) - spent
    answers = len(found.milliseconds)
    return [
        *figures,
        Figure("Load: pages that are not kept, 16 readers: slowest in a hundred", found.at(99), "ms", answers, bound=SLOWEST, note=note),
        Figure("… processor time of each", 1000 * spent / answers, "ms", answers),
        Figure("… half of them within", found.at(50), "ms", answers),
        Figure("… answered", answers / found.seconds, "a second", 1, note=f"{os.cpu_count()} workers"),
    ]  # fmt: skip


def _uncached(chance: Random) -> list[str]:
    """Read pages of every kind, each with another question, so that no answer is a kept one."""
    from carepool.wiring.house import current_house

    house = current_house()
    boards, regions = list(house.england.places.boards), [f"E1200000{n}" for n in range(1, 10)]
    found = []
    for number in range(3_000):
        cut = f"{number % 9_000 / 100 + 1:.2f}"
        found.append(chance.choice([
            f"/?ambition={cut}", f"/boards/{chance.choice(boards)}?ambition={cut}", f"/boards/{chance.choice(boards)}", f"/regions/{chance.choice(regions)}?ambition={cut}",
            f"/open?q=north{number}", "/measures", f"/boards/{chance.choice(boards)}/measures/delayed_transfers", "/public/carrowby", "/rules/bcf-2014-08", f"/releases?q=n{number}", "/about",
        ]))  # fmt: skip
    return found


def _load(port: int, addresses: Sequence[str], connections: int, seconds: float) -> Loaded:
    """The readers, on the last core alone. AssertionError where any answer is not 200."""
    asked = [sys.executable, "-m", "benchmarks.load_client", str(port), str(connections), str(seconds)]
    readers = subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    os.sched_setaffinity(readers.pid, {(os.cpu_count() or 1) - 1})
    said, _ = readers.communicate("\n".join(addresses))
    found = json.loads(said)
    assert not found["wrong"], found["wrong"]
    return Loaded(found["seconds"], found["milliseconds"])


def _size(port: int, address: str) -> int:
    link = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    link.request("GET", address)
    return len(link.getresponse().read())


@contextmanager
def _serving(workers: int, cores: set[int] | None) -> Iterator[tuple[int, int]]:
    """The service as a user runs it, on some cores alone; its port, and the process that its workers come from."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    orders = [COMMAND, "serve", "--port", str(port), "--workers", str(workers), "--no-notices"]
    service = subprocess.Popen(orders, stdout=subprocess.DEVNULL)
    if cores:
        os.sched_setaffinity(service.pid, cores)  # before it parts: its workers stay there
    try:
        for _ in range(int(PATIENCE / 0.1)):
            try:
                _size(port, "/about")
                break
            except OSError:
                sleep(0.1)
        else:
            raise RuntimeError("the service did not answer")
        yield port, service.pid
    finally:
        service.terminate()
        service.wait()


def _spent(pid: int) -> float:
    """The processor seconds of a process's children so far."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ticks = 0
    for child in children:
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
