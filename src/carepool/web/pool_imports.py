"""What came in from ledgers: each body's months, what is in suspense, and the forms to look at an extract, keep a map, clear suspense."""

import json
from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from carepool.actions.importing_ledgers import ACTION, clear_suspense_of, save_map_of, saved_map
from carepool.actions.permits import Actor
from carepool.actions.pools import partner_body
from carepool.basics.findings import blocks
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Done
from carepool.pool.actuals import Ledger, Month, Part
from carepool.pool.books import Books
from carepool.pool.importing import findings_of, fits_pool
from carepool.pool.map_rules import with_rule
from carepool.pool.maps import MapRule, ReadMap, read_map
from carepool.render.words import day, pence
from carepool.web.acts import Act, Answers, Ask, Wrong, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.people import names_of
from carepool.web.pool_acting import pool_page
from carepool.web.pool_actuals import month_words
from carepool.web.pool_checks import findings_for
from carepool.web.pool_entering import scheme_choices, source_choices
from carepool.web.pool_frame import PoolPage, posting_words

KINDS = {"monthly": "One month", "cumulative": "The year to date"}
LARGEST_MAP = 200_000


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is in suspense under one code of a body's ledger."""

    body: str
    cost_centre: str
    subjective: str
    pence: int
    vat: int
    months: tuple[str, ...]

    @property
    def code(self) -> str:
        """As a form sends it."""
        return json.dumps([self.body, self.cost_centre, self.subjective])


def unknown_of(books: Books) -> list[Unknown]:
    """Everything in suspense, by body and code."""
    return [each for body, ledger in sorted(books.actuals.ledgers.items()) for each in _unknown(body, ledger)]


def _unknown(body: str, ledger: Ledger) -> list[Unknown]:
    left, parts = ledger.unknown(), (Part.SUSPENSE, Part.SUSPENSE_VAT)
    return [
        Unknown(
            body, one, other, left.get((Part.SUSPENSE, one, other), 0), left.get((Part.SUSPENSE_VAT, one, other), 0),
            tuple(period for period, month in sorted(ledger.months.items()) if {(part, one, other) for part in parts} & month.posted.keys()),
        )
        for one, other in sorted({key[1:] for key in left})
    ]  # fmt: skip


def bodies_of(shown: PoolPage) -> set[str]:
    """The partners whose ledgers who is signed in may hand in: their own, or all for who keeps the books."""
    if shown.books.ended_at:
        return set()
    everybody = shown.may("keep_books")
    return {
        each.code for each in shown.opening.partners if everybody or shown.may(ACTION, partner_body(each))
    }


def map_given(shown: PoolPage, name: str, content: bytes | None, field: str) -> ReadMap:
    """The map in a file, or kept under a name. Wrong where it is none, with everything that is wrong in it."""
    if content is None and not name:
        raise Wrong(field, "Choose a map that is kept, or the file of one.")
    if content is None:
        try:
            return saved_map(shown.house, shown.books, name)
        except (NotHere, Unusable) as error:
            raise Wrong(field, str(error)) from error
    if len(content) > LARGEST_MAP:
        raise Wrong(
            field, f"The map has {len(content):,} bytes, more than {LARGEST_MAP:,}. Is it the right file?"
        )
    by, findings = read_map("map.yaml", content)
    if by is None:
        raise Wrong(field, " ".join(f"{each.says} {each.remedy}" for each in findings[:5]))
    return by


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HouseRequest, pool: str) -> HttpResponse:
    """Imports, suspense, maps, and the forms of who may hand a ledger in."""
    shown = PoolPage(request, pool)

    def do(actor: Actor, act: str, answers: Answers) -> Done | Refused:
        if act == "map":
            by = map_given(shown, "", answers.files.get("map"), "map")
            return save_map_of(shown.house, actor, shown.books, by)
        if act == "clear":
            by = _ruled(shown, answers)
            return clear_suspense_of(
                shown.house, actor, shown.books, by, answers.text("why"), late=is_late(shown)
            )
        if act == "clear-map":
            by = map_given(shown, answers.text("saved"), answers.files.get("map"), "map")
            return clear_suspense_of(
                shown.house, actor, shown.books, by, answers.text("why"), late=is_late(shown)
            )
        raise unknown_act(act)

    return pool_page(
        request, shown, "pool-imports", "web/pool_imports.jinja", context=lambda: _context(shown),
        acts=lambda: _acts(shown), do=do, after=shown.href("pool-imports"),
        nothing=f"A ledger is handed in by an officer of the body whose it is, or by those who keep the books for {shown.host}.",
    )  # fmt: skip


def is_late(shown: PoolPage) -> bool:
    """Whether what comes now is a late adjustment: March is closed and the year is not."""
    closed = shown.books.closed_through
    return closed is not None and closed >= shown.books.last_day


def _ruled(shown: PoolPage, answers: Answers) -> ReadMap:
    """The map of a body with the rule that a form gives for one code."""
    try:
        body, cost_centre, subjective = json.loads(answers.text("code"))
    except ValueError:
        raise Wrong("code", "Choose which line of the suspense it is.") from None
    mine = [each.name for each in shown.books.actuals.maps.values() if each.body == body]
    name = answers.text("saved") or (mine[0] if len(mine) == 1 else "")
    if name not in mine:
        raise Wrong("saved", f"Choose the map of {shown.party(body)}’s ledger to which the rule is added.")
    scheme, source, ignore = answers.text("scheme"), answers.text("source"), answers.text("ignore")
    if bool(ignore) == bool(scheme or source):
        raise Wrong("scheme", "Choose a scheme and its money, or say why it is no spending of the pool.")
    if not ignore and not (scheme and source):
        raise Wrong(
            "source" if scheme else "scheme", "A pound is spent for a scheme, out of a source. Choose both."
        )
    rule = MapRule(
        cost_centre=cost_centre, subjective=subjective, scheme=scheme, source=source, ignore=ignore
    )
    by = with_rule(map_given(shown, name, None, "saved"), rule)
    wrong = next((each for each in fits_pool(shown.books, by) if blocks([each])), None)
    if wrong:
        raise Wrong("scheme", f"{wrong.says} {wrong.remedy}")
    return by


def _context(shown: PoolPage) -> dict[str, object]:
    books = shown.books
    months = [(body, month) for body, ledger in sorted(books.actuals.ledgers.items()) for _, month in sorted(ledger.months.items(), reverse=True)]  # fmt: skip
    names = names_of(each.by for _, each in months if each.by)
    unknown = unknown_of(books)
    return {
        "sentence": _sentence([each for _, each in months], unknown),
        "imports": [_month(shown, body, each, names.get(each.by, "")) for body, each in months],
        "suspense": [
            (f"{shown.party(each.body)}: {each.cost_centre} {each.subjective}".rstrip(), pence(each.pence), pence(each.vat), ", ".join(map(month_words, each.months)))
            for each in unknown
        ],
        "suspense_total": ("Together", pence(sum(each.pence for each in unknown)), pence(sum(each.vat for each in unknown)), ""),
        "findings": findings_for(shown, findings_of(books)),
        "maps": [(name, shown.party(each.body), day(each.at), each.digest[:12]) for name, each in sorted(books.actuals.maps.items())],
    }  # fmt: skip


def _sentence(months: list[Month], unknown: list[Unknown]) -> str:
    if not months:
        return (
            "No ledger has come in yet. A month of one is handed in as a CSV or XLSX file, and read by a map."
        )
    total = sum(each.pence + each.vat for each in unknown)
    rest = f"{pence(total)} of it is in suspense, because no scheme is known for it" if total else "nothing of it is in suspense"  # fmt: skip
    return f"{len(months)} {'month of a ledger has' if len(months) == 1 else 'months of ledgers have'} come in, and {rest}."


def _month(shown: PoolPage, body: str, each: Month, name: str) -> tuple[object, ...]:
    spent = sum(amount for key, amount in each.posted.items() if key[0] in {Part.SPENT, Part.IRRECOVERABLE})
    rest = sum(amount for key, amount in each.posted.items() if key[0] in {Part.SUSPENSE, Part.SUSPENSE_VAT})
    last = each.postings[-1] if each.postings else ""
    posting = (posting_words(last), shown.href("pool-posting", posting=last)) if last else ("None", "")
    corrected = f", {each.times} times" if each.times > 1 else ""
    return (
        posting, shown.party(body), f"{month_words(each.period)}{corrected}", KINDS[each.kind], pence(each.control), pence(spent),
        pence(rest), pence(each.ignored), f"{each.lines:,}", day(each.at), name,
    )  # fmt: skip


def map_asks(shown: PoolPage, bodies: set[str]) -> tuple[Ask, ...]:
    """The fields by which a map is given: one that is kept, or a file."""
    saved = tuple((name, f"{name}: {shown.party(each.body)}’s ledger") for name, each in sorted(shown.books.actuals.maps.items()) if each.body in bodies)  # fmt: skip
    file = Ask("map", "The file of a map" if not saved else "Or the file of a map", "file", "As YAML. It is kept under the name that stands in it.")  # fmt: skip
    return (Ask("saved", "By which map", "choice", choices=saved), file) if saved else (file,)


def _acts(shown: PoolPage) -> list[Act]:
    bodies = bodies_of(shown)
    if not bodies:
        return []
    why = Ask("why", "Why it belongs there", "words", "Kept with what is entered.")
    acts = [Act("map", "Keep a map", "Keep the map", (Ask("map", "The file of the map", "file", "As YAML. One that is kept under the same name gives way to it."),))]  # fmt: skip
    unknown = [each for each in unknown_of(shown.books) if each.body in bodies]
    if not unknown:
        return acts
    codes = tuple((each.code, f"{shown.party(each.body)}: {each.cost_centre} {each.subjective}".rstrip() + f", {pence(each.pence + each.vat)}") for each in unknown)  # fmt: skip
    several = len({name for name, each in shown.books.actuals.maps.items() if each.body in bodies}) > 1
    saved = map_asks(shown, bodies)[:1] if several else ()
    clear = (
        Ask("code", "Which line of the suspense", "choice", choices=codes),
        Ask("scheme", "For which scheme", "choice", choices=scheme_choices(shown)),
        Ask("source", "Which money", "choice", choices=source_choices(shown)),
        Ask("ignore", "Or why it is no spending of the pool", hint="Leave it empty where a scheme is chosen."),
        *saved, why,
    )  # fmt: skip
    says = (
        "The rule is added to the map of that ledger and kept, so that next month nobody is asked again.",
    )
    return [
        Act("clear", "Say what a line in suspense is", "Clear it", clear, says),
        Act(
            "clear-map",
            "Clear suspense by a whole map",
            "Clear what the map knows",
            (*map_asks(shown, bodies), why),
        ),
        *acts,
    ]
