"""A paper as tagged PDF (PDF/UA-1), which a screen reader can read aloud; nothing is fetched to make it."""

from collections.abc import Mapping
from typing import Any

from carepool.basics.refusals import Unusable
from carepool.render.paper_shape import Paper
from carepool.render.papers import html

NEEDED = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation fontconfig"
"""What WeasyPrint needs of Debian, as tools/setup installs it."""


def pdf(found: Paper) -> bytes:
    """The PDF. Unusable where the machine lacks the libraries that set its type."""
    return bytes(_typeset(found).write_pdf(pdf_variant="pdf/ua-1"))


def pdf_of(page: str, images: Mapping[str, bytes]) -> bytes:
    """The PDF of a page, whose drawings are SVG handed in by their address. Unusable as for ``pdf``."""
    return bytes(_set(page, images).write_pdf(pdf_variant="pdf/ua-1"))


def pages(found: Paper) -> int:
    """How many pages it takes. Unusable as for ``pdf``."""
    return len(_typeset(found).render(pdf_variant="pdf/ua-1").pages)


def _typeset(found: Paper) -> Any:
    return _set(html(found), {})


def _set(page: str, images: Mapping[str, bytes]) -> Any:
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError:
        raise Unusable(
            "This machine cannot make a PDF: the libraries that set type are missing. Ask an administrator to run "
            f"“apt-get install {NEEDED}”; the page and the DOCX work without."
        ) from None

    class Held(URLFetcher):  # type: ignore[misc]  # the package says no types
        """Gives the drawings that were handed in, and nothing else: a paper fetches nothing."""

        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002  (the shape that it asks for)
            return URLFetcherResponse(url, images[url], {"Content-Type": "image/svg+xml"})

    return HTML(string=page, url_fetcher=Held(fail_on_errors=True))
