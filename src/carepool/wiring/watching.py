"""What watches the service, before Django: whether it lives and may be asked, a number and a line for each request, and what is counted.

None of it says who asked or for what: a request is known by its number and by the name of its route, never by its address.
"""

import hmac
import json
import logging
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
    values,
)

from carepool.wiring.logs import REQUEST, ROUTE

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

HEALTH, READY, METRICS = "/health", "/ready", "/metrics"
NO_ROUTE = "none"
_NUMBER = re.compile(r"[A-Za-z0-9-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
LOG = logging.getLogger("carepool.requests")

_ASKED = Counter("carepool_requests", "Requests answered", ["route", "method", "status"])
_SECONDS = Histogram(
    "carepool_request_seconds", "Seconds from a request to its answer", ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)  # fmt: skip
_AT_WORK = Gauge("carepool_requests_in_progress", "Requests being answered", multiprocess_mode="livesum")


@dataclass(frozen=True, slots=True)
class Watch:
    """What the watching of one service needs."""

    checks: Callable[[], dict[str, bool]]
    """Whether each thing that the service cannot do without is there, by its name."""
    levels: Callable[[], dict[str, float]]
    """What is read from the database when somebody asks for the metrics, by its name."""
    token: str = ""
    """Who asks for the metrics must bear it; without one there are none to be had."""
    trusted: bool = False
    """Whether a proxy of ours stands before the service, and its number of the request is taken on."""
    lines: bool = False
    """Whether each request leaves a line in the log."""


class Watched:
    """The application, watched."""

    def __init__(self, application: Application, watch: Watch) -> None:
        self.application, self.watch = application, watch

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer what is asked of the watching itself, and pass on all else with its number, counted."""
        number = self._number(environ)
        held = REQUEST.set(number)
        try:
            match environ.get("PATH_INFO"):
                case "/health":
                    return _json(start, 200, {"alive": True}, number)
                case "/ready":
                    return self._ready(start, number)
                case "/metrics" if self._bears_token(environ):
                    return self._metrics(start, number)
            return self._counted(environ, start, number)
        finally:
            REQUEST.reset(held)

    def _number(self, environ: Environ) -> str:
        given = str(environ.get("HTTP_X_REQUEST_ID", "")) if self.watch.trusted else ""
        return given if _NUMBER.fullmatch(given) else secrets.token_hex(8)

    def _bears_token(self, environ: Environ) -> bool:
        """Without the token the address is as any that does not exist: Django answers."""
        given = str(environ.get("HTTP_AUTHORIZATION", "")).encode()
        return bool(self.watch.token) and hmac.compare_digest(given, f"Bearer {self.watch.token}".encode())

    def _ready(self, start: Start, number: str) -> Iterable[bytes]:
        checks = self.watch.checks()
        ready = all(checks.values())
        return _json(start, 200 if ready else 503, {"ready": ready, "checks": checks}, number)

    def _metrics(self, start: Start, number: str) -> Iterable[bytes]:
        body = generate_latest(_registry()) + _written(self.watch.levels())
        _begin(start, 200, CONTENT_TYPE_LATEST, body, number)
        return [body]

    def _counted(self, environ: Environ, start: Start, number: str) -> Iterable[bytes]:
        answered = {"status": "500"}

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            answered["status"] = status.partition(" ")[0]
            return start(status, [*headers, ("X-Request-ID", number)], *more)

        before = perf_counter()
        _AT_WORK.inc()
        try:
            answer = self.application(environ, begin)
            return _nothing(answer) if environ.get("REQUEST_METHOD") == "HEAD" else answer
        finally:
            _AT_WORK.dec()
            took = perf_counter() - before
            route = str(environ.get(ROUTE, NO_ROUTE))
            asked = str(environ.get("REQUEST_METHOD", ""))
            method = asked if asked in _METHODS else "other"
            _ASKED.labels(route, method, answered["status"]).inc()
            _SECONDS.labels(route).observe(took)
            if self.watch.lines:
                told = {"route": route, "method": method, "status": int(answered["status"]), "milliseconds": round(took * 1000, 1)}  # fmt: skip
                LOG.info("answered", extra={"told": told})


def _nothing(answer: Iterable[bytes]) -> Iterable[bytes]:
    """The body of an answer to HEAD: Django writes one all the same, and the server would warn of it each time."""
    if close := getattr(answer, "close", None):
        close()
    return []


def _registry() -> CollectorRegistry | Any:
    """What all processes counted; of one that counts for itself, its own."""
    from prometheus_client import REGISTRY

    if values.ValueClass is values.MutexValue:
        return REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the package says no types
    return registry


def _written(levels: dict[str, float]) -> bytes:
    """Levels in the form of the metrics: what is so now, whichever process is asked."""
    registry = CollectorRegistry()
    registry.register(_Levels(levels))
    return generate_latest(registry)


class _Levels:
    """What was read just now, for one answer."""

    def __init__(self, levels: dict[str, float]) -> None:
        self.levels = levels

    def collect(self) -> Iterator[Any]:
        """Each level as a gauge."""
        from prometheus_client.core import GaugeMetricFamily

        for name, value in self.levels.items():
            yield GaugeMetricFamily(
                f"carepool_{name}", name.replace("_", " ").capitalize(), value=float(value)
            )


def _json(start: Start, status: int, says: dict[str, object], number: str) -> Iterable[bytes]:
    body = json.dumps(says).encode() + b"\n"
    _begin(start, status, "application/json", body, number)
    return [body]


_REASONS = {200: "200 OK", 503: "503 Service Unavailable"}


def _begin(start: Start, status: int, kind: str, body: bytes, number: str) -> None:
    start(
        _REASONS[status],
        [
            ("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "default-src 'none'"), ("X-Request-ID", number),
        ],
    )  # fmt: skip
