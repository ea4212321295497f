"""The page that chooses schemes: a table pasted or handed in and a budget; what to buy, and what is proven of it. Nothing is kept."""

from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.util import find_spec

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDictKeyError

from carepool.basics.findings import Finding
from carepool.basics.money import in_pounds, pence_from_pounds
from carepool.basics.refusals import Unusable, printable
from carepool.capacity.candidates import MOST, read_candidates
from carepool.measures.cells import read_cell
from carepool.web.asking import HouseRequest
from carepool.web.words import about_page

LARGEST = 200_000
"""Bytes of a table: some two thousand schemes."""
MISSING = "Choosing schemes needs more than this service has installed: the extra “planning”."
EXAMPLE = "scheme,cost_pence,benefit\nReablement,30000000,180\nRapid response,45000000,260\nFalls service,12000000,60\n"
FIELDS = ("budget", "social_care", "out_of_hospital", "risk")


@dataclass(frozen=True)
class Answer:
    """What the page shows of a choice."""

    sentence: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    frontier: tuple[tuple[str, ...], ...] = ()
    findings: tuple[Finding, ...] = ()
    errors: list[tuple[str, str]] = field(default_factory=list)


def page(request: HouseRequest) -> HttpResponse:
    """The form, and the choice where one was asked."""
    typed = {name: request.POST.get(name, "")[:40].strip() for name in FIELDS}
    typed["schemes"] = request.POST.get("schemes", "")[:LARGEST] or EXAMPLE
    found = _chosen(request, typed) if request.method == "POST" else None
    errors = found.errors if found else []
    context = {
        "section": "england", "typed": typed, "found": found, "errors": errors, "wrong": dict(errors),
        "cautious": request.POST.get("cautious") == "yes", **about_page(request.house),
    }  # fmt: skip
    return render(
        request, "web/portfolio.jinja", context, status=HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    )


def _chosen(request: HouseRequest, typed: dict[str, str]) -> Answer:
    if find_spec("highspy") is None or find_spec("scipy") is None:
        return Answer(errors=[("schemes", MISSING)])
    from dataclasses import replace

    from carepool.capacity.portfolio import STEPS, Choice, Limits, choose
    from carepool.engines.programmes import solve

    errors: list[tuple[str, str]] = []
    pence = {name: _pounds(name, typed[name], errors, needed=name == "budget") for name in FIELDS[:3]}
    risk = _risk(typed["risk"], errors)
    try:
        candidates = read_candidates("The table", _table(request, typed))
    except Unusable as error:
        errors.append(("schemes", str(error)))
    if errors:
        return Answer(errors=errors)
    cautious = request.POST.get("cautious") == "yes"
    limits = Limits(pence["budget"], {}, pence["social_care"], pence["out_of_hospital"], risk, cautious)
    best = choose(candidates, limits, solve)
    if not isinstance(best, Choice):
        return Answer(findings=tuple(best))
    steps = []
    for step in STEPS:
        each = (
            best
            if step == 1
            else choose(candidates, replace(limits, budget=int(limits.budget * step)), solve)
        )
        if isinstance(each, Choice):
            steps.append((in_pounds(int(limits.budget * step)), in_pounds(each.cost), f"{each.benefit:,.6g}", f"{each.bound:,.6g}"))  # fmt: skip
    chosen = set(best.chosen)
    proof = (
        "Nothing better exists: that is proven."
        if best.proven
        else f"Nothing above {best.bound:,.6g} exists; better than this may."
    )
    return Answer(
        f"{len(chosen)} of {len(candidates)} schemes for {in_pounds(best.cost)} of {in_pounds(limits.budget)}, benefit {best.benefit:,.6g}. {proof} "
        f"Were schemes divisible, one more pound would buy {best.per_more_pound:,.4g}.",
        tuple((each.name, "Yes" if each.name in chosen else "No", in_pounds(each.cost), f"{each.benefit:,.6g}") for each in candidates),
        tuple(steps),
    )  # fmt: skip


def _table(request: HouseRequest, typed: dict[str, str]) -> bytes:
    """The file that was handed in, else what was pasted. Unusable when it is far too large."""
    try:
        handed = request.FILES["file"]
    except MultiValueDictKeyError:
        return typed["schemes"].encode()
    if isinstance(handed, list) or handed.size is None or handed.size > LARGEST:
        raise Unusable(f"The file has more than {LARGEST:,} bytes. Hand in fewer rows.")
    content: bytes = handed.read()
    typed["schemes"] = content.decode("utf-8-sig", "replace")
    return content


def _pounds(name: str, text: str, errors: list[tuple[str, str]], *, needed: bool) -> int:
    if not text:
        if needed:
            errors.append((name, "Write how many pounds may be spent."))
        return 0
    read = read_cell(text)
    try:
        if read is None or read.number is None or not 0 <= read.number * 100 <= MOST:
            raise ValueError
        return pence_from_pounds(read.number)
    except ValueError:
        errors.append((name, f"“{printable(text)}” is no amount of pounds. Write it like 30,000."))
        return 0


def _risk(text: str, errors: list[tuple[str, str]]) -> float:
    read = read_cell(text.removesuffix("%")) if text else None
    if not text:
        return 1.0
    if read is None or read.number is None or not 0 <= read.number <= 100:
        errors.append(("risk", f"“{printable(text)}” is no per cent. Write a number from 0 to 100."))
        return 1.0
    return float(read.number) / 100
