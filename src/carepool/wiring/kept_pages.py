"""Pages of releases as they were rendered, kept by release, path and build, and served before Django; publishing alone ends them."""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import Any, NamedTuple

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

ADDRESS = re.compile(
    r"/releases(?:(?:\.(?:json|csv|atom))|/(?P<release>[A-Za-z0-9-]+/[0-9]+)(?:[./].*)?)?|/open(?:[./].*)?"
)
"""The addresses that are kept: the list in each form, whatever is of one release, and the open book over all of them."""
MOST = 4_000
"""Pages kept; the one rendered first goes first."""
LONGEST = 1_000_000
"""Bytes of a page that is still kept."""
ANEW = 1.0
"""Seconds after which it is asked again whether anything was published, by whichever process."""


class Key(NamedTuple):
    """What a page is kept by."""

    release: str
    path: str
    build: str
    published: str
    """What had been published: a correction is said on the page of what it corrects."""


class Kept(NamedTuple):
    """A page as it was rendered."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    tag: str
    told: Mapping[str, str]
    """What the application wrote into the request for whoever counts it: by which route it answered."""


class KeptPages:
    """Answers for releases from what is kept; everything else, and whoever is signed in, goes on to the application."""

    def __init__(
        self, application: Application, build: str, published: Callable[[], str], clock: Callable[[], float], cookie: str
    ) -> None:  # fmt: skip
        """``published`` says what has been published, in a word that changes with it; ``cookie`` names who is signed in."""
        self._application, self._build, self._published, self._clock = application, build, published, clock
        self._cookie = f"{cookie}="
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = Lock()
        self._asked = (float("-inf"), "")

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        found = ADDRESS.fullmatch(environ.get("PATH_INFO", ""))
        if (
            found is None
            or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}
            or environ.get("QUERY_STRING")
            or self._cookie in environ.get("HTTP_COOKIE", "")
        ):
            return self._application(environ, start_response)
        # By host too: Django answers for the hosts that it knows, and refuses the others.
        path = f"{environ.get('wsgi.url_scheme')}://{environ.get('HTTP_HOST', '')}{environ['PATH_INFO']}"
        key = Key(found["release"] or "", path, self._build, self._now())
        kept = self._pages.get(key)
        if kept is None:
            kept = self._rendered(environ)
            if not kept.tag:
                environ.update(kept.told)
                start_response(kept.status, list(kept.headers))
                return [] if environ["REQUEST_METHOD"] == "HEAD" else [kept.body]
            self._keep(key, kept)
        environ.update(kept.told)
        if environ.get("HTTP_IF_NONE_MATCH", "") == kept.tag:
            start_response("304 Not Modified", [("ETag", kept.tag), ("Cache-Control", "no-cache")])
            return []
        start_response(kept.status, [*kept.headers, ("ETag", kept.tag), ("Cache-Control", "no-cache")])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [kept.body]

    def _now(self) -> str:
        """What has been published, asked anew once a second at most."""
        at, said = self._asked
        now = self._clock()
        if now - at >= ANEW:
            said = self._published()
            self._asked = (now, said)
        return said

    def _rendered(self, environ: dict[str, Any]) -> Kept:
        """The application's answer; without a tag where it is not to be kept."""
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:  # fmt: skip
            begun.append((status, headers))
            return lambda _: None

        # Asked as GET, so that a page is kept whole whoever asks for it first.
        asked = {**environ, "REQUEST_METHOD": "GET"}
        answer = self._application(asked, start)
        try:
            body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close:
                close()
        status, headers = begun[-1]
        to_keep = status.startswith("200") and len(body) <= LONGEST and not any(name.lower() == "set-cookie" for name, _ in headers)  # fmt: skip
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"' if to_keep else ""
        said = tuple((name, value) for name, value in headers if not to_keep or name.lower() not in {"etag", "cache-control"})  # fmt: skip
        told = {name: each for name, each in asked.items() if name not in environ and isinstance(each, str)}
        return Kept(status, said, body, tag, told)

    def _keep(self, key: Key, kept: Kept) -> None:
        with self._lock:
            self._pages[key] = kept
            while len(self._pages) > MOST:
                self._pages.popitem(last=False)
