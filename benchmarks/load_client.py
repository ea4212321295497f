"""A closed loop of readers, as a process of its own: each asks, waits for the whole answer, and asks for the next page.

python -m benchmarks.load_client PORT CONNECTIONS SECONDS, with the addresses on standard input, one a line. It answers with one
JSON object: how many answers came, in which time, and the milliseconds of each, in order.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from itertools import cycle
from time import perf_counter


async def _reader(
    port: int, addresses: Iterator[str], until: float, took: list[float], wrong: list[str]
) -> None:
    """One connection that stays open, as a browser's or a proxy's does; opened again where the service has closed it."""
    link = None
    while perf_counter() < until:
        address = next(addresses)
        if link is None:
            link = await asyncio.open_connection("127.0.0.1", port)
        answers, asks = link
        before = perf_counter()
        asks.write(f"GET {address} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: text/html\r\n\r\n".encode())
        head = (await answers.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        await answers.readexactly(length)
        took.append(1000 * (perf_counter() - before))
        if not head.startswith(b"http/1.1 200"):
            wrong.append(f"{address}: {head[:40].decode()}")
        if b"connection: close" in head:
            asks.close()
            link = None


async def _all(port: int, connections: int, seconds: float, addresses: list[str]) -> dict[str, object]:
    took: list[float] = []
    wrong: list[str] = []
    every, before = cycle(addresses), perf_counter()
    await asyncio.gather(*(_reader(port, every, before + seconds, took, wrong) for _ in range(connections)))
    return {"seconds": perf_counter() - before, "milliseconds": sorted(took), "wrong": wrong[:5]}


if __name__ == "__main__":
    _port, _connections, _seconds = sys.argv[1:4]
    _addresses = sys.stdin.read().split()
    print(json.dumps(asyncio.run(_all(int(_port), int(_connections), float(_seconds), _addresses))))
