"""Intermediate care as answers: one JSON document with its workings, a CSV by service and month, and lines for a terminal."""

from collections.abc import Sequence
from decimal import Decimal

from carepool.actions.intermediate_care import CareAnswer
from carepool.basics.money import in_figures
from carepool.basics.workings import Working
from carepool.capacity.intermediate import All, Month, Service, explain_last
from carepool.render.answers import Data
from carepool.render.answers import working as working_data
from carepool.render.csvs import write_csv

COLUMNS = ("month", "places", "demand", "can_serve", "gap", "waiting", "beds")


def of_care(answer: CareAnswer) -> Data:
    """Every service and all together by month, and the same with more places."""
    data: dict[str, object] = {
        "services": [_service(service, months) for service, months in answer.found.items()],
        "months": [_all(each) for each in answer.months],
        "rests_on": list(answer.rests_on),
        "workings": [working_data(each) for each in workings(answer)],
        "findings": [each.as_data() for each in answer.findings],
    }
    if answer.then:
        months = [each.month for each in answer.months]
        data["with_more"] = {
            "places": answer.more,
            "services": [_service(service, each) for service, each in answer.then.items()],
            "months": [_all(each) for each in answer.months_then],
            "fewer_beds": [{"month": month, "beds": beds} for month, beds in zip(months, answer.fewer_beds, strict=True)],
        }  # fmt: skip
    return data


def workings(answer: CareAnswer) -> tuple[Working, ...]:
    """How each service's last month was reached."""
    return tuple(
        explain_last(service, months, answer.in_hospital) for service, months in answer.found.items()
    )


def _service(service: Service, months: Sequence[Month]) -> Data:
    pathway, name = service
    return {"pathway": pathway, "service": name, "months": [dict(zip(COLUMNS, of_month(each), strict=True)) for each in months]}  # fmt: skip


def of_month(each: Month) -> tuple[str, Decimal, Decimal, Decimal, Decimal, Decimal, Decimal]:
    """A month as a row."""
    need = each.need
    return need.month, need.places, need.demand, each.can_serve, each.gap, each.waiting, each.beds


def _all(each: All) -> Data:
    return {"month": each.month, "demand": each.demand, "can_serve": each.can_serve, "gap": each.gap, "waiting": each.waiting, "beds": each.beds}  # fmt: skip


def csv_of_care(answer: CareAnswer) -> str:
    """A row a service and month, with more places beside it where they are asked about."""
    more = ("waiting_with_more", "beds_with_more") if answer.then else ()
    rows = [
        [*service, *of_month(each), *((answer.then[service][at].waiting, answer.then[service][at].beds) if answer.then else ())]
        for service, months in answer.found.items()
        for at, each in enumerate(months)
    ]  # fmt: skip
    return write_csv(["pathway", "service", *COLUMNS, *more], rows)


def shown_rows(answer: CareAnswer, service: Service) -> list[tuple[str, ...]]:
    """A service's months as people read them, with the beds that more places leave where they are asked about."""
    then = answer.then.get(service, ())
    rows = []
    for at, each in enumerate(answer.found[service]):
        cells = (*of_month(each), *((then[at].beds,) if then else ()))
        rows.append(tuple(one if isinstance(one, str) else in_figures(one) for one in cells))
    return rows
