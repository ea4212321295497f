"""The page that chooses schemes: a table pasted or handed in and a budget; what to buy, and what is proven of it.

Nothing is kept. Where an address can carry the table the answer has one, so that it can be sent, cited and attached to a plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.util import find_spec
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.datastructures import MultiValueDictKeyError

from carepool.actions.planning import all_plans
from carepool.actions.reading import readable
from carepool.basics.findings import Finding
from carepool.basics.money import in_pounds, pence_from_pounds
from carepool.basics.refusals import Unusable, printable
from carepool.capacity.candidates import MOST, read_candidates
from carepool.measures.cells import read_cell
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of
from carepool.web.words import about_page

LARGEST = 200_000
"""Bytes of a table: some two thousand schemes."""
MISSING = "Choosing schemes needs more than this service has installed: the extra “planning”."
EXAMPLE = "scheme,cost_pence,benefit\nReablement,30000000,180\nRapid response,45000000,260\nFalls service,12000000,60\n"
FIELDS = ("budget", "social_care", "out_of_hospital", "risk")
WORDS = ("cautious", "counts")
COUNTS = {
    "": "something that is not said", "admissions": "emergency admissions avoided", "delays": "delays in leaving hospital avoided",
    "residential": "admissions to care homes avoided", "reablement": "people at home after reablement", "other": "something else",
}  # fmt: skip
"""What a benefit may count, by the kinds of benefit that plans have."""
LONGEST_ADDRESS = 3_000
"""Characters of a question that an address can carry, commas and ends of rows written out: some sixty schemes."""
LONGEST = 40
MOST_NAMES = 20
"""Schemes that are named one by one in a sentence."""


@dataclass(frozen=True)
class Answer:
    """What the page shows of a choice."""

    sentence: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    frontier: tuple[tuple[str, ...], ...] = ()
    findings: tuple[Finding, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()
    bought: Mapping[str, float] = field(default_factory=dict)
    """The schemes to buy, each with its benefit."""


@dataclass(frozen=True)
class Asked:
    """A question about a table of schemes, as far as it could be read, and its answer."""

    typed: dict[str, str]
    found: Answer | None

    @property
    def errors(self) -> tuple[tuple[str, str], ...]:
        """What cannot be used, each with its field."""
        return self.found.errors if self.found else ()

    @property
    def query(self) -> dict[str, str]:
        """The question as an address carries it; nothing where its table is too long for one."""
        return self._whole if len(urlencode(self._whole)) <= LONGEST_ADDRESS else {}

    @property
    def carried(self) -> dict[str, str]:
        """The question where no address can carry it."""
        return {} if self.query else self._whole

    @property
    def _whole(self) -> dict[str, str]:
        return {name: each for name, each in self.typed.items() if each}

    @property
    def says(self) -> str:
        """The answer with what is bought, for where its table does not stand beside it."""
        if self.found is None or not self.found.sentence:
            return ""
        names = list(self.found.bought)
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        return f"{self.found.sentence} Bought: {', '.join(names[:MOST_NAMES]) or 'none'}{more}."


def read_asked(given: Mapping[str, str], *, content: bytes | None = None, steps: bool = True) -> Asked:
    """The question of a form or an address, and its answer. Nothing raises: what cannot be used is an error at its field."""
    typed = {name: given.get(name, "")[:LONGEST].strip() for name in (*FIELDS, *WORDS)}
    table = given.get("schemes", "") if content is None else content.decode("utf-8-sig", "replace")
    typed["schemes"] = table[:LARGEST].replace("\r\n", "\n").strip()
    if find_spec("highspy") is None or find_spec("scipy") is None:
        return Asked(typed, Answer(errors=(("schemes", MISSING),)))
    return Asked(
        typed, _chosen(typed, typed["schemes"].encode() if content is None else content, steps=steps)
    )


def page(request: HouseRequest) -> HttpResponse:
    """The form, and the choice where one was asked."""
    given = request.POST if request.method == "POST" else request.GET
    if request.method == "POST" or "schemes" in given:
        try:
            asked = read_asked(given, content=_handed(request))
        except Unusable as error:
            asked = Asked(
                {name: given.get(name, "")[:LONGEST] for name in (*FIELDS, *WORDS)} | {"schemes": ""},
                Answer(errors=(("schemes", str(error)),)),
            )
    else:
        asked = Asked(dict.fromkeys(("schemes", *FIELDS, *WORDS), ""), None)
    answered = bool(asked.found and asked.found.sentence)
    query = asked.query if answered else {}
    context = {
        "section": "england", "typed": asked.typed | {"schemes": asked.typed["schemes"] or EXAMPLE}, "found": asked.found,
        "errors": asked.errors, "wrong": dict(asked.errors), "cautious": asked.typed["cautious"] == "yes",
        "counts": [{"value": kind, "text": words.capitalize(), "selected": kind == asked.typed["counts"]} for kind, words in COUNTS.items()],
        "link": reverse("portfolio", query=query) if query else "", "plans": _plans(request, query) if answered else [], "carried": asked.carried if answered else {},
        **about_page(request.house),
    }  # fmt: skip
    status = HTTPStatus.BAD_REQUEST if asked.errors else HTTPStatus.OK
    return render(request, "web/portfolio.jinja", context, status=status)


def _chosen(typed: Mapping[str, str], content: bytes, *, steps: bool) -> Answer:
    from dataclasses import replace

    from carepool.capacity.portfolio import STEPS, Choice, Limits, choose
    from carepool.engines.programmes import solve

    errors: list[tuple[str, str]] = []
    pence = {name: _pounds(name, typed[name], errors, needed=name == "budget") for name in FIELDS[:3]}
    risk = _risk(typed["risk"], errors)
    if typed["counts"] not in COUNTS:
        errors.append(
            ("counts", f"“{printable(typed['counts'])}” is no kind of benefit. Choose one of the list.")
        )
    try:
        candidates = read_candidates("The table", content)
    except Unusable as error:
        errors.append(("schemes", str(error)))
    if errors:
        return Answer(errors=tuple(errors))
    limits = Limits(pence["budget"], {}, pence["social_care"], pence["out_of_hospital"], risk, typed["cautious"] == "yes")  # fmt: skip
    best = choose(candidates, limits, solve)
    if not isinstance(best, Choice):
        return Answer(findings=tuple(best))
    frontier = []
    for step in STEPS if steps else ():
        each = (
            best
            if step == 1
            else choose(candidates, replace(limits, budget=int(limits.budget * step)), solve)
        )
        if isinstance(each, Choice):
            frontier.append((in_pounds(int(limits.budget * step)), in_pounds(each.cost), f"{each.benefit:,.6g}", f"{each.bound:,.6g}"))  # fmt: skip
    chosen = set(best.chosen)
    proof = (
        "Nothing better exists: that is proven."
        if best.proven
        else f"Nothing above {best.bound:,.6g} exists; better than this may."
    )
    counted = f" ({COUNTS[typed['counts']]})" if typed["counts"] else ""
    return Answer(
        f"{len(chosen)} of {len(candidates)} schemes for {in_pounds(best.cost)} of {in_pounds(limits.budget)}, benefit {best.benefit:,.6g}{counted}. {proof} "
        f"Were schemes divisible, one more pound would buy {best.per_more_pound:,.4g}.",
        tuple((each.name, "Yes" if each.name in chosen else "No", in_pounds(each.cost), f"{each.benefit:,.6g}") for each in candidates),
        tuple(frontier),
        bought={each.name: each.low if limits.cautious else each.benefit for each in candidates if each.name in chosen},
    )  # fmt: skip


def _plans(request: HouseRequest, query: Mapping[str, str]) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """The plans that whoever asks may read, and where this answer is attached to each."""
    account = account_of(request)
    if account is None:
        return []
    return [
        ((each.title, reverse("plan", args=[each.id])), ("Attach this answer", reverse("plan-scenario", args=[each.id], query=query or None)))
        for each in readable(request.house, account.id, all_plans(request.house))
    ]  # fmt: skip


def _handed(request: HouseRequest) -> bytes | None:
    """The file that was handed in, None where none was. Unusable when it is far too large."""
    try:
        handed = request.FILES["file"]
    except MultiValueDictKeyError:
        return None
    if isinstance(handed, list) or handed.size is None or handed.size > LARGEST:
        raise Unusable(f"The file has more than {LARGEST:,} bytes. Hand in fewer rows.")
    content: bytes = handed.read()
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
