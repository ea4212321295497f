"""Pages of releases are rendered once, kept by release, path and build, and ended by publishing alone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application

from carepool.wiring.kept_pages import ANEW, KeptPages
from carepool.wiring.serving import published
from tests.web.conftest import State

PAGE = "/releases/carrowby/1"


class World:
    """A clock that is set, what was published, and an application that counts what it is asked."""

    def __init__(self) -> None:
        self.now, self.said, self.asked = 0.0, "one", 0
        self.status, self.headers = "200 OK", [("Content-Type", "text/html")]
        self.kept = KeptPages(self._application, "build", lambda: self.said, lambda: self.now, "session")

    def _application(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
        self.asked += 1
        start(self.status, list(self.headers))
        return iter([f"{environ['PATH_INFO']}, {self.asked}".encode()])

    def get(self, path: str = PAGE, **more: str) -> tuple[str, dict[str, str], bytes]:
        """What is answered: status, headers and body."""
        return asked(self.kept, path, **more)


def asked(application: Callable[..., Any], path: str, **more: str) -> tuple[str, dict[str, str], bytes]:
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "HTTP_HOST": "localhost", "wsgi.url_scheme": "http", "wsgi.input": None, **more,
    }  # fmt: skip
    body = b"".join(application(environ, lambda status, headers, *_: begun.append((status, headers))))
    return begun[0][0], dict(begun[0][1]), body


@pytest.fixture
def world() -> World:
    return World()


def test_a_page_is_rendered_once(world: World) -> None:
    """The second asker gets the same bytes, and who has them already none."""
    first, again = world.get(), world.get()
    assert first == again
    assert world.asked == 1
    status, _, body = world.get(HTTP_IF_NONE_MATCH=first[1]["ETag"])
    assert (status, body) == ("304 Not Modified", b"")
    assert world.get(REQUEST_METHOD="HEAD")[2] == b""


def test_publishing_ends_it(world: World) -> None:
    """Whatever is published, by whichever process, is seen a second later at most; nothing else makes a page anew."""
    world.get()
    world.now = 1_000_000.0
    world.get()
    assert world.asked == 1
    world.said = "two"
    world.get()
    assert world.asked == 1
    world.now += ANEW
    world.get()
    assert world.asked == 2


@pytest.mark.parametrize("more", [{"HTTP_COOKIE": "a=b; session=x"}, {"QUERY_STRING": "q=carrowby"}, {"REQUEST_METHOD": "POST"}])  # fmt: skip
def test_whoever_is_signed_in_or_asks_or_sends_goes_on(world: World, more: dict[str, str]) -> None:
    """Their answers are never kept, and they never get what was kept."""
    world.get()
    world.get(**more)
    world.get(**more)
    assert world.asked == 3


@pytest.mark.parametrize("path", ["/", "/plans", "/plans/carrowby/releases", "/releases-of-another", "/releases/carrowby", "/opened", "/standard"])  # fmt: skip
def test_nothing_but_releases_is_kept(world: World, path: str) -> None:
    world.get(path)
    world.get(path)
    assert world.asked == 2


def test_what_is_no_page_is_not_kept(world: World) -> None:
    """A refusal, and an answer that sets a cookie."""
    world.status = "404 Not Found"
    world.get()
    world.status, world.headers = "200 OK", [("Set-Cookie", "a=b")]
    world.get()
    world.get()
    assert world.asked == 3


@pytest.mark.parametrize("path", ["/releases", "/releases.atom", PAGE, f"{PAGE}.json", f"{PAGE}.zip", "/releases/carrowby/2/money.csv", "/open", "/open/money.csv", "/open/data.zip"])  # fmt: skip
def test_what_is_kept_of_the_service_is_what_it_renders(loaded: State, path: str) -> None:
    """Byte for byte, and with the headers that keep a page to itself."""
    import io

    application = get_wsgi_application()
    kept = KeptPages(application, "build", published, lambda: 0.0, "session")
    direct = asked(application, path, **{"wsgi.input": io.BytesIO()})  # type: ignore[arg-type]
    first, again = (asked(kept, path, **{"wsgi.input": io.BytesIO()}) for _ in range(2))  # type: ignore[arg-type]
    assert first == again
    assert (first[0], first[2]) == ("200 OK", direct[2])
    assert "Content-Security-Policy" in first[1]


def test_what_is_published_is_every_release_exception_and_statistic(loaded: State) -> None:
    """Each of them ends what is kept, since a page under /open can tell of it."""
    said = published()
    assert all(f"{each}:" in said for each in ("publication/carrowby", "waivers/national", "series/england"))
