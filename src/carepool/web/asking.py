"""What an address asks: the ambition and the day, with what was typed kept when it cannot be used."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import HttpRequest, HttpResponse

from carepool.actions.house import House
from carepool.actions.nation import RULES, guideline, nation_known, parse_ambition
from carepool.basics.periods import parse_date
from carepool.basics.refusals import Unusable
from carepool.render.answers import to_json


class HouseRequest(HttpRequest):
    """A request, with the house that it is answered from (set by the wiring's middleware)."""

    house: House


@dataclass(frozen=True, slots=True)
class Asked:
    """A what-if question, as far as it could be read."""

    ambition: Decimal
    as_at: date | None
    typed: dict[str, str]
    errors: tuple[tuple[str, str], ...]
    """Field and sentence for each part that could not be used; the page is then shown as if it was not asked."""

    @property
    def status(self) -> int:
        """The HTTP status of the page."""
        return 400 if self.errors else 200

    def query(self, standard: Decimal) -> dict[str, str]:
        """What to carry along in links: nothing where the standard question is asked."""
        carried = {}
        if self.ambition != standard:
            carried["ambition"] = str(self.ambition)
        if self.as_at:
            carried["as_at"] = self.as_at.isoformat()
        return carried


def read_question(request: HouseRequest) -> Asked:
    """The question in an address. Nothing raises: what cannot be used is an error beside its field."""
    house = request.house
    typed = {name: request.GET.get(name, "")[:40] for name in ("ambition", "as_at")}
    errors: list[tuple[str, str]] = []
    ambition = guideline(house.rulebook.named(RULES))
    as_at: date | None = None
    if typed["ambition"].strip():
        try:
            ambition = parse_ambition(typed["ambition"])
        except Unusable as error:
            errors.append(("ambition", str(error)))
    if typed["as_at"].strip():
        try:
            day = parse_date(typed["as_at"])
            nation_known(house.england, house.rulebook.named(RULES), day)
            as_at = day
        except Unusable as error:
            errors.append(("as_at", str(error)))
    return Asked(ambition, as_at, typed, tuple(errors))


def json_answer(data: object, status: int = 200) -> HttpResponse:
    """A JSON answer."""
    return HttpResponse(to_json(data), content_type="application/json; charset=utf-8", status=status)


def csv_answer(name: str, text: str) -> HttpResponse:
    """A CSV answer to save under a name."""
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def refused(asked: Asked) -> HttpResponse:
    """The JSON answer to a question that cannot be used: every reason at once."""
    problems = [{"field": field, "says": says} for field, says in asked.errors]
    return json_answer({"problems": problems}, status=400)
