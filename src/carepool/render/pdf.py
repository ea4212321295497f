"""A paper as tagged PDF (PDF/UA-1), which a screen reader can read aloud; nothing is fetched to make it."""

from typing import Any

from carepool.basics.refusals import Unusable
from carepool.render.paper_shape import Paper
from carepool.render.papers import html

NEEDED = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation fontconfig"
"""What WeasyPrint needs of Debian, as tools/setup installs it."""


def pdf(found: Paper) -> bytes:
    """The PDF. Unusable where the machine lacks the libraries that set its type."""
    return bytes(_typeset(found).write_pdf(pdf_variant="pdf/ua-1"))


def pages(found: Paper) -> int:
    """How many pages it takes. Unusable as for ``pdf``."""
    return len(_typeset(found).render(pdf_variant="pdf/ua-1").pages)


def _typeset(found: Paper) -> Any:
    try:
        from weasyprint import HTML
    except OSError:
        raise Unusable(
            "This machine cannot make a PDF: the libraries that set type are missing. Ask an administrator to run "
            f"“apt-get install {NEEDED}”; the page and the DOCX work without."
        ) from None
    return HTML(string=html(found), url_fetcher=_nothing)


def _nothing(url: str) -> object:
    raise ValueError(f"a paper fetches nothing, and this one asks for {url}")
