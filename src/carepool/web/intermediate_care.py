"""The page of intermediate care: a table of places and people, who waits and in what beds, and what more places do.

The question is the address, table and all, so that an answer can be sent, kept and cited.
"""

from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.intermediate_care import CareAnswer, ask_care, headline
from carepool.actions.planning import all_plans
from carepool.actions.reading import readable
from carepool.basics.money import in_figures
from carepool.basics.refusals import Unusable
from carepool.render import intermediate_answers as answers
from carepool.render.figures import Figure
from carepool.web.asking import HouseRequest, csv_answer, json_answer
from carepool.web.frame import account_of
from carepool.web.sliders import Scale, settled
from carepool.web.words import about_page

LONGEST_TABLE = 2_400
"""Characters of a table that an address can carry: some seventy rows."""
LONGEST = 40
FIELDS = ("table", "more", "in_hospital")
HEADING = "pathway,service,month,places,demand,stay_days"
EXAMPLE = (
    f"{HEADING}\n"
    "Home,Reablement,2015-04,60,100,20\nHome,Reablement,2015-05,60,90,20\nHome,Reablement,2015-06,60,95,20\n"
    "Bed,Rehabilitation,2015-04,30,40,30\nBed,Rehabilitation,2015-05,30,31,30\nBed,Rehabilitation,2015-06,30,33,30\n"
)
"""Rows that stand in the form at first, invented."""
MORE = Scale("the places", Decimal(0), Decimal(50), Decimal(1))
IN_HOSPITAL = Scale("the share", Decimal(0), Decimal(100), Decimal(1))
COLUMNS = [("Month", "text"), ("Places", "number"), ("To begin", "number"), ("Can begin", "number"), ("Gap", "number"), ("Waiting", "number"), ("Hospital beds", "number")]  # fmt: skip


@dataclass(frozen=True)
class CareAsked:
    """The question of an address, as far as it could be read, and its answer."""

    typed: dict[str, str]
    found: CareAnswer | None
    errors: list[tuple[str, str]]

    @property
    def query(self) -> dict[str, str]:
        """The question as an address carries it."""
        return {name: self.typed[name] for name in FIELDS if self.typed[name]}

    @property
    def status(self) -> int:
        """The HTTP status of the page."""
        return HTTPStatus.BAD_REQUEST if self.errors else HTTPStatus.OK


def read_asked(request: HouseRequest) -> CareAsked:
    """The question of an address. Nothing raises: what cannot be used is an error beside its field."""
    typed = {name: request.GET.get(name, "")[:LONGEST].strip() for name in FIELDS}
    table = request.GET.get("table", "").replace("\r\n", "\n").strip()
    typed["table"] = table[: LONGEST_TABLE + 1]
    if not table:
        return CareAsked(typed, None, [])
    if len(table) > LONGEST_TABLE:
        typed["table"] = table[:LONGEST_TABLE]
        says = f"The table has more than {LONGEST_TABLE:,} characters, which an address cannot carry. Ask about fewer months, or use “carepool intermediate” with a file."
        return CareAsked(typed, None, [("table", says)])
    if not table.startswith("pathway"):
        table = f"{HEADING}\n{table}"
    for name, more, share in (("more", typed["more"], ""), ("in_hospital", "", typed["in_hospital"])):
        try:
            ask_care(request.house.rulebook, "The table", EXAMPLE.encode(), more=more, in_hospital=share)
        except Unusable as error:
            return CareAsked(typed, None, [(name, str(error))])
    try:
        found = ask_care(request.house.rulebook, "The table", table.encode(), more=typed["more"], in_hospital=typed["in_hospital"])  # fmt: skip
    except Unusable as error:
        return CareAsked(typed, None, [("table", str(error))])
    wrong = [] if found.found else [("table", f"{each.says} {each.remedy}") for each in found.findings]
    return CareAsked(typed, found if found.found else None, wrong)


def page(request: HouseRequest) -> HttpResponse:
    """The form, and the answer above it where one was asked; where a slider was sent, the address that says what was meant."""
    if (meant := settled(request.GET, FIELDS)) is not None:
        return redirect(reverse("intermediate-care", query=meant))
    house, asked = request.house, read_asked(request)
    assumed = house.rulebook.assumptions[1].named("waiting_in_hospital")
    context = {
        "section": "england",
        "asked": asked,
        "typed": asked.typed | {"table": asked.typed["table"] or EXAMPLE},
        "errors": asked.errors,
        "wrong": dict(asked.errors),
        "found": asked.found,
        "assumed": assumed,
        "sliders": {
            "more": MORE.shown(asked.typed["more"], Decimal(0)),
            "in_hospital": IN_HOSPITAL.shown(asked.typed["in_hospital"], Decimal(assumed.value)),
        },
        **about_page(house, house.rulebook.assumptions[0]),
    }  # fmt: skip
    if asked.found:
        context |= _answer(request, asked, asked.found)
    return render(request, "web/intermediate_care.jinja", context, status=asked.status)


def as_json(request: HouseRequest) -> HttpResponse:
    """The same as JSON."""
    asked = read_asked(request)
    return _refused(asked) if asked.found is None else json_answer(answers.of_care(asked.found))


def as_csv(request: HouseRequest) -> HttpResponse:
    """A row a service and month."""
    asked = read_asked(request)
    if asked.found is None:
        return _refused(asked)
    return csv_answer("carepool-intermediate-care.csv", answers.csv_of_care(asked.found))


def _refused(asked: CareAsked) -> HttpResponse:
    errors = asked.errors or [("table", f"Give a table: ?table={HEADING} and rows.")]
    problems = [{"field": name, "says": says} for name, says in errors]
    return json_answer({"problems": problems}, status=HTTPStatus.BAD_REQUEST)


def _answer(request: HouseRequest, asked: CareAsked, found: CareAnswer) -> dict[str, object]:
    more = [("With more places", "number")] if found.then else []
    return {
        "sentence": headline(found),
        "figures": _figures(found),
        "months": _months(found),
        "services": [
            (" · ".join(service), f"service-{number}", [*COLUMNS, *more], answers.shown_rows(found, service))
            for number, service in enumerate(found.found, 1)
        ],
        "workings": answers.workings(found),
        "plans": _plans(request, asked),
        "link": reverse("intermediate-care", query=asked.query),
        "take_away": [(f"This answer as {kind.upper()}", reverse(f"intermediate-care-{kind}", query=asked.query)) for kind in ("json", "csv")],
    }  # fmt: skip


def _figures(found: CareAnswer) -> list[Figure]:
    last = found.months[-1]
    made = [
        Figure("Waiting at the end", in_figures(last.waiting), note=f"Of {last.month}, all services"),
        Figure("Hospital beds they wait in", in_figures(last.beds), note=f"On a mean night of {last.month}"),
    ]
    if found.then:
        made.append(Figure("Beds that more places free", in_figures(found.fewer_beds[-1]), note=f"With {in_figures(found.more or 0)} more in each service"))  # fmt: skip
    return made


def _months(found: CareAnswer) -> tuple[list[tuple[str, str]], list[tuple[str, ...]]]:
    """All services together, month by month, with what more places free."""
    columns = [COLUMNS[0], *COLUMNS[2:]]
    rows = [
        (each.month, *(in_figures(one) for one in (each.demand, each.can_serve, each.gap, each.waiting, each.beds)))
        for each in found.months
    ]  # fmt: skip
    if not found.then:
        return columns, rows
    after = [(in_figures(each.waiting), in_figures(beds)) for each, beds in zip(found.months_then, found.fewer_beds, strict=True)]  # fmt: skip
    return (
        [*columns, ("Waiting with more places", "number"), ("Beds freed", "number")],
        [(*row, *more) for row, more in zip(rows, after, strict=True)],
    )


def _plans(request: HouseRequest, asked: CareAsked) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """The plans that whoever asks may read, and where this answer is attached to each."""
    account = account_of(request)
    if account is None:
        return []
    return [
        ((each.title, reverse("plan", args=[each.id])), ("Attach this answer", reverse("plan-scenario", args=[each.id], query=asked.query)))
        for each in readable(request.house, account.id, all_plans(request.house))
    ]  # fmt: skip
