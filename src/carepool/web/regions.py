"""A region's page: its boards added up, each with what was at stake and released in the what-if, and what was published of its plans."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carepool.actions.nation import RULES, BoardYear, Totals, guideline, total
from carepool.actions.staking import Subject, region_subject
from carepool.basics.money import in_pounds
from carepool.render import answers, csvs
from carepool.render.figures import Figure
from carepool.render.words import count, pounds_short
from carepool.web.asking import Asked, HouseRequest, csv_answer, json_answer, read_question, refused
from carepool.web.nation import COLUMNS, board_rows, moved
from carepool.web.published import released
from carepool.web.words import about_page


class _Region:
    """One region as an address asks for it."""

    def __init__(self, request: HouseRequest, code: str) -> None:
        self.subject: Subject = region_subject(request.house, code)
        self.asked: Asked = read_question(request)
        found = request.house.nation(RULES, self.asked.ambition, self.asked.as_at)
        self.nation = found.of_region(code)
        self.totals: Totals = total(self.subject.says, self.nation.boards)

    @property
    def boards(self) -> tuple[BoardYear, ...]:
        """Its boards."""
        return self.nation.boards


def page(request: HouseRequest, region: str) -> HttpResponse:
    """The page."""
    found = _Region(request, region)
    rules = request.house.rulebook.named(RULES)
    standard = guideline(rules)
    query = found.asked.query(standard)
    context = {
        "section": "england",
        "asked": found.asked,
        "errors": found.asked.errors,
        "region": found.subject,
        "standard": standard,
        "home": reverse("nation", query=query or None),
        "sentence": sentence(found.totals, str(found.asked.ambition)),
        "figures": _figures(found.totals, str(found.asked.ambition)),
        "columns": COLUMNS,
        "rows": board_rows(found.nation, query),
        "releases": released(request.house, [each.board.code for each in found.boards]),
        "rests_on": found.nation.rests_on,
        "stake": reverse("region-stake", args=[region]),
        "take_away": [
            (f"This page as {ending.upper()}", reverse(f"region-{ending}", args=[region], query=query or None)) for ending in ("json", "csv")
        ],
        **about_page(request.house, rules, found.asked.as_at),
    }  # fmt: skip
    return render(request, "web/region.jinja", context, status=found.asked.status)


def as_json(request: HouseRequest, region: str) -> HttpResponse:
    """The same as JSON."""
    found = _Region(request, region)
    if found.asked.errors:
        return refused(found.asked)
    return json_answer({"region": region, "name": found.subject.says, **answers.nation(found.nation)})


def as_csv(request: HouseRequest, region: str) -> HttpResponse:
    """Its boards as CSV."""
    found = _Region(request, region)
    if found.asked.errors:
        return refused(found.asked)
    return csv_answer(f"carepool-{region}-{found.nation.ambition}.csv", csvs.nation(found.nation))


def sentence(found: Totals, ambition: str) -> str:
    """What is so, in one sentence."""
    says = f"At one uniform cut of {ambition}%, the {found.boards} boards of {found.says} would have had {pounds_short(found.fund)} at stake"
    if found.outturn is None:
        return f"{says}; what is published so far would have released {pounds_short(found.paid)}."
    return (
        f"{says}, and on the admissions that were really counted {pounds_short(found.paid)} would have been released. "
        f"Admissions fell in {found.fell} of them."
    )


def _figures(found: Totals, ambition: str) -> list[Figure]:
    after = "The outturn is not yet all known" if found.outturn is None else f"{count(found.outturn, 0)} the year after, {moved(found.change)}"  # fmt: skip
    return [
        Figure("Admissions, baseline year", count(found.baseline, 0), "", after, "#boards"),
        Figure("At stake at first", pounds_short(found.fund), in_pounds(found.fund), f"A uniform cut of {ambition}%: a what-if", "#boards"),
        Figure("Released", pounds_short(found.paid), in_pounds(found.paid), "On the real outturn. The rest stays with the CCGs", "#boards"),
    ]  # fmt: skip
