"""The page of stays: rows pasted or handed in, the law that is fitted to them, and the way with it to the page of beds. Nothing is kept."""

from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.datastructures import MultiValueDictKeyError

from carepool.actions.capacity_questions import FIELDS
from carepool.basics.findings import Finding
from carepool.basics.money import round_half_up
from carepool.basics.refusals import Unusable
from carepool.capacity.stays import EXAMPLE, Fitted, read_stays
from carepool.web.asking import HouseRequest
from carepool.web.words import about_page

LARGEST = 500_000
"""Bytes of a table: some fifty thousand stays."""
LONGEST = 60
OF_STAY = ("stay", "law", "cv")
"""What the fit gives to the page of beds."""


@dataclass(frozen=True)
class Answer:
    """What the page shows of a fit, or why there is none."""

    fitted: Fitted | None = None
    error: str = ""


def page(request: HouseRequest) -> HttpResponse:
    """The form, and the fit where one was asked."""
    typed = request.POST.get("stays", "").replace("\r\n", "\n")[:LARGEST] or EXAMPLE
    carried = {name: request.GET[name][:LONGEST] for name in FIELDS if name in request.GET and name not in OF_STAY}  # fmt: skip
    answer = Answer()
    if request.method == "POST":
        try:
            content = _handed(request) or typed.encode()
            typed = content[:LARGEST].decode("utf-8-sig", "replace")
            answer = _fit(content)
        except Unusable as error:
            answer = Answer(error=str(error))
    found = answer.fitted
    context = {
        "section": "england", "typed": typed, "errors": [("stays", answer.error)] if answer.error else [], "error": answer.error,
        "found": found, "findings": _findings(found), "rows": _rows(found), "to": reverse("stays", query=carried or None),
        "beds": reverse("capacity", query=carried | _asked(found)) if found else "", **about_page(request.house),
    }  # fmt: skip
    status = HTTPStatus.BAD_REQUEST if answer.error else HTTPStatus.OK
    return render(request, "web/stays.jinja", context, status=status)


def _handed(request: HouseRequest) -> bytes:
    """The file that was handed in; nothing where none was. Unusable when it is far too large."""
    try:
        handed = request.FILES["file"]
    except MultiValueDictKeyError:
        return b""
    if isinstance(handed, list) or handed.size is None or handed.size > LARGEST:
        raise Unusable(f"The file has more than {LARGEST:,} bytes. Hand in counts by length, or use “carepool stay” with it.")  # fmt: skip
    content: bytes = handed.read()
    if not content.strip():
        raise Unusable("The file is empty. Hand in one with a column of days or hours.")
    return content


def _fit(content: bytes) -> Answer:
    from carepool.engines.fitting import fit

    return Answer(fit(read_stays("the table", content)))


def _findings(found: Fitted | None) -> tuple[Finding, ...]:
    return found.stays.findings if found else ()


def _rows(found: Fitted | None) -> list[tuple[str, ...]]:
    """Each law that was tried, the best first."""
    if found is None:
        return []
    return [
        (each.law.capitalize(), f"{each.mean_days:.4g}", f"{each.cv:.3g}", f"{each.gap * 100:.2g}", f"{each.aic:,.1f}")
        for each in found.fits
    ]  # fmt: skip


def _asked(found: Fitted) -> dict[str, str]:
    """The fit as the page of beds asks about it."""
    best = found.best
    asked = {"stay": f"{round_half_up(Decimal(str(best.mean_days)), 2):f}", "law": str(best.law)}
    return asked if best.law == "exponential" else asked | {"cv": f"{round_half_up(Decimal(str(best.cv)), 2):f}"}  # fmt: skip
