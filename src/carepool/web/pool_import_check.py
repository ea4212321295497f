"""An extract of a ledger looked at before it comes in: what it would do is said, and nothing is written until that is asked for.

The extract and its map go along in the form, so that nothing is lost between the look and the import, and none lies about.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from carepool.actions.importing_ledgers import Looked, import_of, look, would_import
from carepool.actions.permits import Actor
from carepool.basics.findings import Severity, blocks
from carepool.basics.refusals import Refused, Unusable, printable
from carepool.journal.commands import Decision, Done
from carepool.pool.actuals import Part
from carepool.pool.importing import beside_last
from carepool.render.words import pence
from carepool.web.acts import Act, Answers, Ask, Wrong, carry_out_act, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.pool_acting import typed_of
from carepool.web.pool_actuals import month_words
from carepool.web.pool_checks import findings_for
from carepool.web.pool_frame import PoolPage
from carepool.web.pool_imports import KINDS, bodies_of, is_late, map_asks, map_given
from carepool.workbooks.ledgers import grid_of, media_type_of

LARGEST = 10_000_000
CARRIED = 1_500_000
"""Bytes of an extract that goes along in the form; a larger one is chosen anew when it is imported."""
MOST = 100
"""Lines in suspense, and findings, that the page shows."""


@dataclass(frozen=True, slots=True)
class Handed:
    """An extract as it was handed in, and what it comes to."""

    content: bytes
    name: str
    saved: str
    """The name of the map that is kept, or empty."""
    map: bytes
    typed: Mapping[str, str]
    looked: Looked

    @property
    def again(self) -> bool:
        """Whether its month came in before, so that this would correct it."""
        extract = self.looked.extract
        return extract is not None and extract.period in self.looked.books.actuals.ledger(extract.body).months


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HouseRequest, pool: str) -> HttpResponse:
    """The form; handed in, what the extract would do; and once that is asked for, it comes in."""
    shown = PoolPage(request, pool)
    bodies = bodies_of(shown)
    answers = typed_of(request) if request.method == "POST" else Answers({}, {})
    sent = answers.text("act")
    handed: Handed | None = None
    problem = None
    if sent:
        try:
            handed = _handed(request, shown, answers)
        except Wrong as wrong:
            problem = (wrong.field, wrong.says)
    if sent and sent not in {"look", "import"}:
        problem = ("form", unknown_act(sent).says)
    if sent == "import" and handed and not problem:
        found = handed

        def do(actor: Actor, _: str, answers: Answers) -> Done | Refused:
            return import_of(
                shown.house, actor, found.looked, found.content, media_type_of(found.content),
                again=answers.text("again") == "yes", why=answers.text("why"), late=is_late(shown),
            )  # fmt: skip

        failed = carry_out_act(request, sent, answers, do, shown.said)
        if failed is None:
            return redirect(shown.href("pool-imports"))
        problem = (failed.field, shown.named(failed.says))
    return _answer(request, shown, bodies, answers, handed, sent, problem)


def _handed(request: HouseRequest, shown: PoolPage, answers: Answers) -> Handed:
    """What the form has. Wrong, at the field, for what cannot be read."""
    content, name = _file(request)
    saved, of_map = answers.text("saved"), answers.files.get("map") or _carried(request, "carried_map", "map")
    by = map_given(shown, saved, of_map or None, "map" if of_map or not saved else "saved")
    try:
        looked = look(
            shown.books, by, grid_of(name, content, by), period=answers.text("period"),
            control=answers.pence("control", needed=False),
        )  # fmt: skip
    except Unusable as error:
        raise Wrong("file", str(error)) from error
    typed = {each: answers.text(each) for each in ("period", "control") if answers.text(each)}
    return Handed(content, name, "" if of_map else saved, of_map, typed, looked)


def _file(request: HouseRequest) -> tuple[bytes, str]:
    """The extract that was chosen now, else the one that came along in the form."""
    sent = request.FILES.get("file")
    if sent is not None:
        if (sent.size or 0) > LARGEST:
            raise Wrong("file", f"The file has {sent.size:,} bytes; an extract of at most {LARGEST:,} is read. Extract the pool’s cost centres only.")  # fmt: skip
        sent.seek(0)
        return sent.read(), printable((sent.name or "extract")[:100])
    content = _carried(request, "carried", "file")
    if not content:
        raise Wrong("file", "Choose the extract, as the ledger gave it.")
    return content, printable(request.POST.get("name", "extract")[:100])


def _carried(request: HouseRequest, name: str, field: str) -> bytes:
    try:
        return base64.b64decode(request.POST.get(name, ""), validate=True)
    except (binascii.Error, ValueError):
        raise Wrong(field, "The file did not come along whole. Choose it again.") from None


def _answer(
    request: HouseRequest, shown: PoolPage, bodies: set[str], answers: Answers, handed: Handed | None, sent: str,
    problem: tuple[str, str] | None,
) -> HttpResponse:  # fmt: skip
    would = _would(shown, handed) if handed and bodies else None
    acts = _acts(shown, bodies, handed, would)
    # What is wrong with a file is put right in the form that asks for it.
    at = sent if sent in {each.id for each in acts} else acts[0].id if acts else sent
    frame = shown.frame("pool-imports")
    errors = frame["errors"]
    assert isinstance(errors, list)  # noqa: S101 (every frame's)
    context = {
        **frame,
        **(_told(shown, handed, would) if handed and bodies else {"handed": None}),
        "acts": acts,
        "typed": answers.typed,
        "sent": at,
        "problem": {"field": problem[0], "says": problem[1], "changes": None} if problem else None,
        "nothing": f"A ledger is handed in by an officer of the body whose it is, or by those who keep the books for {shown.host}.",
        "errors": [*errors, *([(f"{at}-{problem[0]}", problem[1])] if problem else [])],
    }
    wrong = HTTPStatus.CONFLICT if problem and problem[0] == "form" else HTTPStatus.BAD_REQUEST
    status = (
        wrong
        if problem or shown.when.error
        else HTTPStatus.FORBIDDEN
        if sent and not bodies
        else HTTPStatus.OK
    )
    return render(request, "web/pool_import_check.jinja", context, status=status)


def _would(shown: PoolPage, handed: Handed) -> Decision | Refused | None:
    return would_import(shown.house, handed.looked, handed.content, again=handed.again, late=is_late(shown))


def _acts(
    shown: PoolPage, bodies: set[str], handed: Handed | None, would: Decision | Refused | None
) -> list[Act]:
    if not bodies:
        return []
    file = Ask("file", "The extract", "file", "A CSV or XLSX file, as the ledger gives it.")
    month = f"{shown.books.first_day:%Y-%m}"
    looking = (
        file, *map_asks(shown, bodies),
        Ask("period", "Which month it is of", hint=f"Like {month}. Leave it empty where its lines say so."),
        Ask("control", "Control total", "money", "What the ledger says that it comes to. Leave it empty where the file says so."),
    )  # fmt: skip
    acts = [Act("look", "Look at an extract" if handed is None else "Look at another file", "Look what it would do", looking, ("Nothing is entered by looking.",))]  # fmt: skip
    if handed is None or handed.looked.extract is None or not isinstance(would, Decision):
        return acts
    extract = handed.looked.extract
    hidden = [("name", handed.name), ("saved", handed.saved), *handed.typed.items()]
    asks: tuple[Ask, ...] = ()
    if len(handed.content) <= CARRIED:
        hidden.append(("carried", base64.b64encode(handed.content).decode()))
    else:
        asks += (
            Ask(
                "file", "The extract, once more", "file", "It is too large to go along. Choose the same file."
            ),
        )
    if handed.map:
        hidden.append(("carried_map", base64.b64encode(handed.map).decode()))
    if handed.again:
        hidden.append(("again", "yes"))
        asks += (Ask("why", "Why the month is imported again", "words", "Only the difference is entered."),)
    words = f"{month_words(extract.period)} of {shown.party(extract.body)}’s ledger"
    title = f"Correct {words}" if handed.again else f"Import {words}"
    says = ("March is closed, so it comes in as a late adjustment.",) if is_late(shown) else ()
    return [Act("import", title, title, asks, says, tuple(hidden)), *acts]


def _told(shown: PoolPage, handed: Handed, would: Decision | Refused | None) -> dict[str, object]:
    looked = handed.looked
    found = findings_for(shown, looked.findings)
    told: dict[str, object] = {"handed": handed, "findings": found[:MOST], "extract": looked.extract}
    extract = looked.extract
    if extract is None:
        stopped = sum(each.severity is Severity.BLOCKER for each in found)
        return told | {"sentence": f"{handed.name} cannot come in as it is: {stopped} {'thing stops' if stopped == 1 else 'things stop'} it."}  # fmt: skip
    last, beside = beside_last(looked.books, extract)
    spent, suspense = extract.of(Part.SPENT, Part.IRRECOVERABLE), extract.of(Part.SUSPENSE, Part.SUSPENSE_VAT)
    return told | {
        "sentence": f"{handed.name} holds {len(extract.lines):,} lines of {shown.party(extract.body)}’s ledger of {month_words(extract.period)} ({KINDS[extract.kind].lower()}). They come to {pence(extract.control)}, as the control total says.",
        "would": _would_words(shown, would, blocked=blocks(looked.findings)),
        "parts": [
            ("For a scheme, with the VAT that does not come back", pence(spent)),
            ("In suspense, because no rule is for it", pence(suspense)),
            ("Left out, by a rule of the map", pence(extract.ignored)),
            ("VAT that comes back: no cost, and not entered", pence(extract.vat)),
        ],
        "last": month_words(last) if last else "",
        "schemes": [
            (f"{shown.scheme(each.scheme)}: {shown.source(each.source)}", pence(each.pence), *((pence(each.last), pence(each.difference)) if last else ()))
            for each in beside
        ],
        "unmapped": [
            (f"Row {each.row}", each.cost_centre, each.subjective, each.description, pence(each.pence)) for each in extract.unmapped[:MOST]
        ],
        "more": max(0, len(extract.unmapped) - MOST),
    }  # fmt: skip


def _would_words(shown: PoolPage, would: Decision | Refused | None, *, blocked: bool) -> str:
    if isinstance(would, Refused):
        return f"It cannot come in. {shown.named(would.says)}"
    if would is None or blocked or not isinstance(would.answer, dict):
        return "It cannot come in until what blocks is put right."
    posted = int(str(would.answer["posted_pence"]))
    return (
        f"Importing it would enter {pence(posted)} in one posting."
        if would.answer.get("posting")
        else "Importing it would enter nothing: it adds nothing to what is there."
    )
