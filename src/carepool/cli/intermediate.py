"""The command of intermediate care: places and people by pathway, service and month, and what more places do."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from carepool.basics.findings import Finding, blocks
from carepool.basics.money import in_figures
from carepool.basics.refusals import Unusable, printable
from carepool.capacity.intermediate import MOST, Month, Service, explain_last, read_needs, run_months
from carepool.cli import texts
from carepool.cli.commands import Json, read_file, say
from carepool.measures.cells import read_cell
from carepool.render.answers import working
from carepool.rules.rulebook import Rulebook

Months = Mapping[Service, tuple[Month, ...]]


def add_intermediate(app: typer.Typer, rulebook: Callable[[], Rulebook]) -> None:
    """Add ``carepool intermediate``."""

    @app.command()
    def intermediate(
        file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Columns pathway, service, month, places, demand (people who begin), stay_days.")],
        more: Annotated[str, typer.Option(help="So many more places in each service, to see what they do.")] = "",
        in_hospital: Annotated[str, typer.Option(help="Per cent of those who wait that wait in a hospital bed.")] = "",
        json: Json = False,
    ) -> None:  # fmt: skip
        """Intermediate care: the gap between places and people, who waits, the hospital beds they wait in, and what more does.

        Exit 1 when a month is missing.
        """
        _, assumptions = rulebook().assumptions
        assumed = assumptions.named("waiting_in_hospital")
        share = _number("--in-hospital", in_hospital, assumed.most) if in_hospital else assumed.value
        extra = _number("--more", more, MOST) if more else None
        needs, findings = read_needs(file.name, read_file(file))
        if blocks(findings):
            say({"findings": [each.as_data() for each in findings]} if json else texts.findings(findings))
            raise typer.Exit(1)
        found = {service: run_months(each, share) for service, each in needs.items()}
        then = {service: run_months(each, share, extra) for service, each in needs.items()} if extra is not None else {}  # fmt: skip
        said = f"{assumed.says}: {in_figures(share)} per cent" + (
            "." if in_hospital else f" ({assumed.confidence})."
        )
        say(_data(found, then, share, said, findings) if json else _text(found, then, said, findings))


def _number(option: str, text: str, most: Decimal) -> Decimal:
    read = read_cell(text.removesuffix("%"))
    if read is None or read.number is None or not 0 <= read.number <= most:
        raise Unusable(
            f"{option} “{printable(text[:40])}” cannot be used. Write a number from 0 to {most:,}."
        )
    return read.number


def _data(
    found: Months, then: Months, share: Decimal, said: str, findings: list[Finding]
) -> dict[str, object]:
    data: dict[str, object] = {
        "services": [_service(service, months) for service, months in found.items()],
        "months": _totals(found),
        "rests_on": [said],
        "workings": [working(explain_last(service, months, share)) for service, months in found.items()],
        "findings": [each.as_data() for each in findings],
    }
    if then:
        after = _totals(then)
        data["with_more"] = {
            "services": [_service(service, months) for service, months in then.items()],
            "months": after,
            "fewer_beds": [
                {"month": one["month"], "beds": Decimal(str(one["beds"])) - Decimal(str(other["beds"]))}
                for one, other in zip(_totals(found), after, strict=True)
            ],
        }
    return data


def _service(service: Service, months: tuple[Month, ...]) -> dict[str, object]:
    pathway, name = service
    rows = [
        {"month": each.need.month, "places": each.need.places, "demand": each.need.demand, "can_serve": each.can_serve,
         "gap": each.gap, "waiting": each.waiting, "beds": each.beds}
        for each in months
    ]  # fmt: skip
    return {"pathway": pathway, "service": name, "months": rows}


def _totals(found: Months) -> list[dict[str, object]]:
    """All services together, month by month."""
    by_month: dict[str, list[Month]] = {}
    for months in found.values():
        for each in months:
            by_month.setdefault(each.need.month, []).append(each)
    return [
        {"month": month, "demand": sum(one.need.demand for one in each), "can_serve": sum(one.can_serve for one in each),
         "waiting": sum(one.waiting for one in each), "beds": sum(one.beds for one in each)}
        for month, each in sorted(by_month.items())
    ]  # fmt: skip


def _text(found: Months, then: Months, said: str, findings: list[Finding]) -> str:
    text = texts.findings(findings)
    for service, months in found.items():
        after = then.get(service, ())
        rows = []
        for number, each in enumerate(months):
            row = (
                each.need.month,
                each.need.places,
                each.need.demand,
                each.can_serve,
                each.gap,
                each.waiting,
                each.beds,
            )
            fewer = (after[number].beds,) if after else ()
            rows.append(tuple(one if isinstance(one, str) else in_figures(one) for one in (*row, *fewer)))
        heading = ("Month", "Places", "To begin", "Can begin", "Gap", "Waiting", "Hospital beds")
        more = ("With more places",) if after else ()
        text += f"{' · '.join(service)}\n{texts.table((*heading, *more), rows, tuple(range(1, 8 if after else 7)))}\n"
    return f"{text}{said}\n"
