"""Spreads connections over the workers: who holds more than its part asks one caller after another to come again."""

from collections.abc import Callable
from multiprocessing.sharedctypes import RawArray
from typing import Any

PLACES = 256
"""Workers that are told apart; numbers of workers begun go round in them."""
PAUSE = 0.05
"""Seconds between two callers that are asked: each costs a connection, and where it goes is not ours to say."""


class Spread:
    """A connection stays with the worker that took it, and one of two workers took 14 to 16 of 16 that came at once.

    The count of each worker's connections stands in memory that is shared, so it is made before they part.
    """

    def __init__(self, workers: int, threads: int, clock: Callable[[], float]) -> None:
        self._workers, self._threads, self._clock = workers, threads, clock
        self._held = RawArray("l", PLACES)
        self._looked = float("-inf")

    def __call__(self, worker: Any, request: Any) -> None:
        """Before each answer: whether its caller is to open another connection for the next."""
        held = worker.nr_conns
        self._held[worker.age % PLACES] = held
        now = self._clock()
        if held <= self._threads or now < self._looked + PAUSE:
            return
        self._looked = now
        if held * self._workers > sum(self._held) + self._workers:
            request.force_close()

    def ended(self, worker: Any) -> None:
        """A worker is gone, and its connections with it."""
        self._held[worker.age % PLACES] = 0
