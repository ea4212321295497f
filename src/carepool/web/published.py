"""The open book: the list of releases and each release with its schemes, metrics and money, at addresses that stay."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from carepool.actions.house import House
from carepool.actions.open_book import Book, published_of
from carepool.actions.publishing import (
    bundle_bytes,
    every_release,
    one_release,
    releases_of,
)
from carepool.basics.money import in_pounds
from carepool.basics.periods import LONDON
from carepool.basics.refusals import NotHere
from carepool.journal.documents import Document
from carepool.publication import bundle
from carepool.publication.releases import Release, corrected_by
from carepool.render.csvs import write_csv
from carepool.render.feeds import Entry, atom
from carepool.render.figures import Figure
from carepool.render.open_answers import answer_of
from carepool.render.open_tables import zipped
from carepool.render.words import day, pounds_short
from carepool.web.asking import HouseRequest, csv_answer, json_answer
from carepool.web.words import about_page

SCRIPT = Path(bundle.__file__).with_name("verify_release.py")
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Opened:
    """A release as it was published, and what has become of it."""

    release: Release
    about: Mapping[str, Any]
    """The document that lists what is published."""
    documents: Mapping[str, Any]
    corrected: Release | None
    """The release that puts this one right."""

    @property
    def title(self) -> str:
        """The plan's title."""
        return str(self.about["title"])

    @property
    def mark(self) -> str:
        """That it is illustrative, where it is."""
        return str(self.about.get("mark", ""))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a release as a page, a table and data."""

    title: str
    says: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[tuple[object, ...]]
    data: object


def opened(house: House, plan: str, number: int) -> Opened:
    """A release with its documents. NotHere for one that there is not."""
    release = one_release(house, plan, number)
    file = json.loads(bundle_bytes(house, release))
    return Opened(release, file["release"], file["documents"], corrected_by(releases_of(house, plan), release))  # fmt: skip


def released(house: House, boards: Collection[str]) -> list[tuple[str, str]]:
    """What was published of the plans of some boards: each plan's title, and where its last release stands."""
    return [(title, reverse("release", args=[each.plan, each.number])) for title, each in published_of(house, boards)]  # fmt: skip


# The list


@require_safe
def index(request: HouseRequest) -> HttpResponse:
    """Every release, the latest first, or those whose title, body or scheme holds a word."""
    typed = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
    found = listed(request.house, typed)
    context = {
        "section": "open",
        "typed": typed,
        "rows": [
            ((each["title"], each["href"]), each["release"], day(each["on"]), each["corrects"] or "", each["mark"] and "Illustrative")
            for each in found
        ],
        "take_away": [(f"This list as {words}", reverse(name)) for words, name in (("JSON", "releases-json"), ("CSV", "releases-csv"), ("a feed", "releases-atom"))],
        **about_page(request.house),
    }  # fmt: skip
    return render(request, "web/published_list.jinja", context)


@require_safe
def index_json(request: HouseRequest) -> HttpResponse:
    """The list as JSON."""
    return json_answer({"releases": [{**each, "on": each["on"].isoformat()} for each in listed(request.house)]})  # fmt: skip


@require_safe
def index_csv(request: HouseRequest) -> HttpResponse:
    """The list as CSV."""
    heading = ("release", "title", "on", "digest", "corrects", "href", "mark")
    rows = ([each[name] for name in heading] for each in listed(request.house))
    return csv_answer("releases.csv", write_csv(heading, rows))


@require_safe
def feed(request: HouseRequest) -> HttpResponse:
    """The list as an Atom feed."""
    entries = [
        Entry(f"urn:sha256:{each['digest']}", f"{each['title']}, release {each['release']}", each["at"], each["href"], _summary(each))
        for each in listed(request.house)
    ]  # fmt: skip
    text = atom("urn:carepool:releases", "Releases of plans", reverse("releases-atom"), entries)
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


@require_safe
def script(_request: HouseRequest) -> HttpResponse:
    """The script that checks a release without carepool."""
    answer = HttpResponse(SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{SCRIPT.name}"'
    return answer


def listed(house: House, search: str = "") -> list[dict[str, Any]]:
    """Every release, the latest first, or those whose title, body or scheme holds a word."""
    rows, found = [], every_release(house)
    held = house.journal.kept(each.digest for each in found)
    for each in found:
        document = held.get(each.digest)
        if not isinstance(document, Document):
            continue  # withdrawn: its own page says so
        about = json.loads(document.content)
        names = [about["title"], each.name, *(party["name"] for party in about["parties"])]
        if search and not any(search.casefold() in name.casefold() for name in names):
            continue
        corrects = about["corrects"]
        rows.append({
            "release": each.name, "title": about["title"], "on": each.on, "at": each.at, "digest": each.digest,
            "corrects": corrects["release"] if corrects else None, "says": corrects["says"] if corrects else "",
            "href": reverse("release", args=[each.plan, each.number]), "mark": about.get("mark", ""),
        })  # fmt: skip
    return rows


def _summary(each: Mapping[str, Any]) -> str:
    mark = f"{each['mark']}. " if each["mark"] else ""
    return f"{mark}Puts release {each['corrects']} right: {each['says']}" if each["corrects"] else f"{mark}Published on {day(each['on'])}."  # fmt: skip


# One release


@require_safe
def page(request: HouseRequest, plan: str, number: int) -> HttpResponse:
    """A release: what was agreed, by whom, its money, and how to check it."""
    found = opened(request.house, plan, number)
    money, about = found.documents["money.json"], found.about
    context = {
        "section": "open",
        "found": found,
        "about": about,
        "mark": f"{found.mark}." if found.mark else "",
        "sentence": sentence(found),
        "figures": _figures(found),
        "parties": [(each["name"], "Agreed", day(_day(each["at"]))) for each in about["parties"]]
        + [(each["name"], STAGES.get(each["stage"], each["stage"]), day(_day(each["at"]))) for each in about["stages"]],
        "schemes": [
            ((each["name"], reverse("release-scheme", args=[plan, number, each["id"]])), each["what"], each["promised_pence"], each["spent_pence"])
            for each in money.get("schemes", [])
        ],
        "metrics": [
            (_metric_link(found, each["metric"]), each.get("baseline", ""), each.get("year_2", ""))
            for each in metrics(found)
        ],
        "withheld": [(each["where"], each["says"], each["digest"]) for each in about["withheld"]],
        "documents": [(each["path"], each["what"], each["digest"]) for each in about["documents"]],
        "take_away": [
            ("The release with its proofs, as JSON", reverse("release-json", args=[plan, number])),
            ("All of it as the answer to a request for information (zip)", reverse("release-zip", args=[plan, number])),
            ("Its schemes as CSV", reverse("release-csv", args=[plan, number])),
            ("The script that checks it without carepool", reverse("release-py")),
        ],
        **about_page(request.house),
    }  # fmt: skip
    return render(request, "web/published.jinja", context)


STAGES = {"approved": "Approved", "signed_off": "Signed off"}


@require_safe
def as_json(request: HouseRequest, plan: str, number: int) -> HttpResponse:
    """The file of the release: the same bytes for ever."""
    content = bundle_bytes(request.house, one_release(request.house, plan, number))
    return HttpResponse(content, content_type="application/json; charset=utf-8")


@require_safe
def as_zip(request: HouseRequest, plan: str, number: int) -> HttpResponse:
    """All of it as the answer to a request for information: a letter that says what is withheld and why, and every file."""
    found = opened(request.house, plan, number)
    book = Book(found.release, found.about, found.documents)
    files = answer_of(book, bundle_bytes(request.house, found.release), SCRIPT.read_bytes())
    headers = {"Content-Disposition": f'attachment; filename="{plan}-{number}.zip"'}
    return HttpResponse(zipped(files), content_type="application/zip", headers=headers)


@require_safe
def as_csv(request: HouseRequest, plan: str, number: int) -> HttpResponse:
    """The schemes of the release."""
    found = opened(request.house, plan, number)
    heading = ("release", "scheme", "name", "what", "who_for", "promised_pence", "spent_pence", "mark")
    rows = (
        (found.release.name, each["id"], each["name"], each["what"], each["who_for"], each["promised_pence"], each["spent_pence"], found.mark)
        for each in found.documents["money.json"].get("schemes", [])
    )  # fmt: skip
    return csv_answer(f"{plan}-{number}.csv", write_csv(heading, rows))


def sentence(found: Opened) -> str:
    """What was agreed and what came of it, in plain words."""
    money, bodies = found.documents["money.json"], {each["body"] for each in found.about["parties"]}
    says = f"{len(bodies)} bodies agreed this plan, and ministers signed it off."
    if "promised_pence" in money:
        says = f"{len(bodies)} bodies agreed how {pounds_short(money['promised_pence'])} of health and social care money is spent together in {money['year']}."  # fmt: skip
    results = money.get("results")
    if not results or all(each["earned_pence"] is None for each in results["quarters"]):
        return f"{says} No result was known when this was published."
    return (
        f"{says} They promised fewer emergency stays in hospital; when this was published, results had earned "
        f"{pounds_short(results['earned_pence'])} of the {pounds_short(results['fund_pence'])} that depends on it."
    )


def _figures(found: Opened) -> list[Figure]:
    """Promised, spent and achieved."""
    money = found.documents["money.json"]
    cards, href = [], reverse("release-money", args=[found.release.plan, found.release.number])
    if "promised_pence" in money:
        cards.append(Figure("Promised", pounds_short(money["promised_pence"]), in_pounds(money["promised_pence"]), f"All money in, {money['year']}", href))  # fmt: skip
    spent = [each["spent_pence"] for each in money.get("schemes", []) if each["spent_pence"] is not None]
    if spent:
        cards.append(Figure("Spent", pounds_short(sum(spent)), in_pounds(sum(spent)), f"On schemes by {day(found.release.on)}", href))  # fmt: skip
    if results := money.get("results"):
        cards.append(Figure("Earned", pounds_short(results["earned_pence"]), in_pounds(results["earned_pence"]), "By the results known then", href))  # fmt: skip
    return cards


# Its parts


@require_safe
def part_page(request: HouseRequest, plan: str, number: int, part: str, name: str = "") -> HttpResponse:
    """A scheme, a metric or the money of a release."""
    found = opened(request.house, plan, number)
    made, args = part_of(found, part, name), [plan, number, *([name] if name else [])]
    context = {
        "section": "open",
        "found": found,
        "part": made,
        "mark": f"{found.mark}." if found.mark else "",
        "home": reverse("release", args=[plan, number]),
        "take_away": [(f"This page as {ending.upper()}", reverse(f"release-{part}-{ending}", args=args)) for ending in ("json", "csv")],
        **about_page(request.house),
    }  # fmt: skip
    return render(request, "web/published_part.jinja", context)


@require_safe
def part_json(request: HouseRequest, plan: str, number: int, part: str, name: str = "") -> HttpResponse:
    """The same as JSON."""
    found = opened(request.house, plan, number)
    return part_answer(found, part, part_of(found, part, name).data)


def part_answer(found: Opened, part: str, data: object) -> HttpResponse:
    """A part of a release as JSON, and which release it is of."""
    marked = {"mark": found.mark} if found.mark else {}
    return json_answer({**marked, "release": found.release.name, "digest": found.release.digest, part: data})


@require_safe
def part_csv(request: HouseRequest, plan: str, number: int, part: str, name: str = "") -> HttpResponse:
    """The same as CSV."""
    found = opened(request.house, plan, number)
    made = part_of(found, part, name)
    heading = [words.lower().replace(" ", "_") + ("_pence" if kind == "money" else "") for words, kind in made.columns]  # fmt: skip
    text = write_csv((*heading, "mark"), ((*row, found.mark) for row in made.rows))
    return csv_answer(f"{plan}-{number}-{name or part}.csv", text)


def part_of(found: Opened, part: str, name: str) -> Part:
    """A part of a release by its name. NotHere for what there is not, or is withheld."""
    money = found.documents["money.json"]
    if part == "money":
        return _money(money)
    if part == "scheme":
        scheme = _named(money.get("schemes", []), "id", name, f"a scheme “{name}”")
        says = ". ".join(each.strip().rstrip(".") for each in (scheme["what"], scheme["who_for"]) if each.strip())  # fmt: skip
        rows = [("Promised", scheme["promised_pence"]), ("Spent", scheme["spent_pence"])]
        return Part(scheme["name"], f"{says}." if says else "", AMOUNTS, rows, scheme)
    metric = _named(metrics(found), "metric", name, f"a metric “{name}”")
    rows = [(words, metric.get(key, "")) for words, key in (("Baseline", "baseline"), ("First year", "year_1"), ("Second year", "year_2"))]  # fmt: skip
    return Part(name.replace("_", " ").capitalize(), metric.get("how", ""), [("Figure", "text"), ("Value", "number")], rows, metric)  # fmt: skip


AMOUNTS = [("Amount", "text"), ("Sum", "money")]


def _money(money: Mapping[str, Any]) -> Part:
    rows: list[tuple[object, ...]] = [("Promised in all", money["promised_pence"])] if "promised_pence" in money else []  # fmt: skip
    for each in money.get("schemes", []):
        rows += [(f"{each['name']}: promised", each["promised_pence"]), (f"{each['name']}: spent", each["spent_pence"])]  # fmt: skip
    if results := money.get("results"):
        rows += [("Depends on results", results["fund_pence"]), ("Earned", results["earned_pence"]), ("Released", results["released_pence"])]  # fmt: skip
        rows += [(f"Earned in {each['quarter']}", each["earned_pence"]) for each in results["quarters"]]
    left_out = f" What rests on a withheld section is left out: {', '.join(money['left_out'])}." if money["left_out"] else ""  # fmt: skip
    return Part("Money", f"What was promised, spent and achieved in {money['year']}, as it was known when this was published.{left_out}", AMOUNTS, rows, money)  # fmt: skip


def metrics(found: Opened) -> list[Any]:
    """The metrics of a release; none where they are withheld."""
    metrics: list[Any] = found.documents["plan.json"].get("metrics", {}).get("metrics", [])
    return metrics


def _metric_link(found: Opened, metric: str) -> tuple[str, str]:
    return metric.replace("_", " ").capitalize(), reverse("release-metric", args=[found.release.plan, found.release.number, metric])  # fmt: skip


def _named(rows: Sequence[Any], key: str, name: str, what: str) -> Any:
    found = next((each for each in rows if each[key] == name), None)
    if found is None:
        raise NotHere(f"This release has no page of {what}: it is not in the plan, or it is withheld.")
    return found


def _day(at: str) -> date:
    return datetime.fromisoformat(at).astimezone(LONDON).date()
