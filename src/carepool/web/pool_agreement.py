"""The agreement that a pool belongs to, in words: its parties, money, schemes, limits and who bears what; earlier ones stay."""

from datetime import date

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from carepool.actions.agreements import agreement_of, day_within
from carepool.actions.opening_pools import attach_agreement
from carepool.actions.permits import Actor
from carepool.basics.refusals import NotHere, Refused
from carepool.journal.commands import Done
from carepool.journal.documents import Document
from carepool.partnership.agreement import Agreement, Clause, Contribution, Grant, Scheme
from carepool.partnership.bearing import host_of
from carepool.partnership.instalments import explain, instalments
from carepool.pool.record_facts import VARY_AGREEMENT
from carepool.pool.records import Mandate
from carepool.render.agreement_words import COMMISSIONED, limits, risk_share, shares_words
from carepool.render.words import day, pence
from carepool.web.acts import Act, Answers, Ask, Wrong, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.pool_acting import pool_page
from carepool.web.pool_frame import PoolPage

KINDS = {"council": "Council", "ccg": "CCG"}
ACCOUNTING = {"gross": "whoever leads shows the whole of it", "net": "each partner shows its own part"}


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HouseRequest, pool: str) -> HttpResponse:
    """The agreement that holds, or the one asked for, and the form by which the host puts one on file."""
    shown = PoolPage(request, pool)
    held = shown.books.records.agreements
    now = shown.books.records.agreement_on(day_within(shown.books, shown.when.day or shown.house.today))
    which = request.GET.get("which", "")[:64] or now
    if which and which not in {each.digest for each in held}:
        raise NotHere(f"There is no such agreement of {pool}. Its page has them all.")
    agreed = agreement_of(shown.house, which) if which else None

    def do(actor: Actor, act: str, answers: Answers) -> Done | Refused:
        if act != "attach":
            raise unknown_act(act)
        mandate = answers.text("mandate")
        content = _content(shown, mandate) if mandate else answers.files.get("file", b"")
        if not content:
            raise Wrong("file", "Choose the file of the agreement.")
        first = answers.day("first", needed=False)
        return attach_agreement(shown.house, actor, pool, shown.books.year, content, first, mandate)

    def context() -> dict[str, object]:
        return {
            "agreed": agreed,
            "versions": [
                (
                    (agreement_of(shown.house, each.digest).title, shown.href("pool-agreement", {"which": each.digest})),
                    day(each.first), each.digest[:12], "Here" if each.digest == which else "",
                )
                for each in held
            ],
            **(_words(shown, agreed) if agreed else {}),
        }  # fmt: skip

    return pool_page(
        request, shown, "pool-agreement", "web/pool_agreement.jinja", context=context, acts=lambda: _acts(shown), do=do,
        after=shown.href("pool-agreement"), nothing=_nothing(shown),
    )  # fmt: skip


def _content(shown: PoolPage, mandate: str) -> bytes:
    """The agreement that a mandate is about, as it is kept with it."""
    found = shown.books.records.mandates.get(mandate)
    document = shown.house.journal.document(found.document) if found else None
    if not isinstance(document, Document):
        raise Wrong("mandate", "Choose one of the mandates that stand there.")
    return document.content


def _words(shown: PoolPage, agreed: Agreement) -> dict[str, object]:
    year = shown.books.year
    host = host_of(agreed, year)
    return {
        "parties": [
            (each.name, KINDS.get(each.kind, each.kind), "Host: holds the pool and keeps its accounts" if each.code == host else "")
            for each in agreed.partners
        ],
        "said": _said(agreed),
        "contributions": [
            (agreed.name(each.partner), each.year, each.source.replace("_", " ") or "Not named", pence(_of(agreed, each)), f"clause {each.clause}")
            for each in agreed.contributions
        ],
        "workings": [explain(agreed, each) for each in agreed.contributions if each.pence is None],
        "instalments": [
            (agreed.name(each.partner), day(each.on), pence(each.pence), f"clause {each.clause}")
            for each in instalments(agreed, year)
        ],
        "schemes": [_scheme(agreed, each) for each in agreed.schemes],
        "grants": [_grant(shown, agreed, each) for each in agreed.grants if each.year == year],
        "limits": limits(agreed),
        "risk": risk_share(agreed),
    }  # fmt: skip


def _of(agreed: Agreement, each: Contribution) -> int | None:
    if each.pence is not None:
        return each.pence
    value = explain(agreed, each).value
    return value if isinstance(value, int) else None


def _said(agreed: Agreement) -> list[tuple[str, str, str]]:
    """What it says in single clauses: of what, the words, the clause."""
    found: list[tuple[str, Clause]] = [
        (title, each)
        for title, each in (
            ("Aims", agreed.aims), ("For whom", agreed.persons), ("How contributions vary", agreed.varied),
            ("How the fund is managed", agreed.managed), ("Review", agreed.review), ("Variation", agreed.variation),
            ("Termination", agreed.termination),
        )
        if each
    ]  # fmt: skip
    found[1:1] = [("Outcome", each) for each in agreed.outcomes]
    rows = [(title, each.says, f"clause {each.clause}") for title, each in found]
    rows += [("Service", each.says, f"clause {each.clause}") for each in agreed.services]
    rows += [
        (f"Function of {agreed.name(each.of)}", each.says, f"clause {each.clause}")
        for each in agreed.functions
    ]
    if agreed.pool_manager:
        rows.append(("Pool manager", agreed.pool_manager.office, f"clause {agreed.pool_manager.clause}"))
    if agreed.duration:
        rows.append(("Duration", f"{day(agreed.duration.first)} to {day(agreed.duration.last)}", ""))
    if agreed.off_track:
        rows.append(("A scheme is off track", _off_track(agreed), f"clause {agreed.off_track.clause}"))
    return rows


def _off_track(agreed: Agreement) -> str:
    off = agreed.off_track
    assert off is not None  # noqa: S101 (asked before)
    parts = [f"{off.per_cent.normalize():f}% of its budget"] if off.per_cent is not None else []
    parts += [pence(off.pence)] if off.pence is not None else []
    told = (
        f", and its progress is told every {off.progress_every_days} days" if off.progress_every_days else ""
    )
    return f"When it is more than {' and '.join(parts) or 'a penny'} off; an action plan is due in {off.due_in_days} days{told}"


def _scheme(agreed: Agreement, each: Scheme) -> tuple[str, ...]:
    who = [agreed.name(each.lead)] if each.lead else []
    who += [f"for {agreed.name(each.principal)}"] if each.principal else []
    how = f"{COMMISSIONED[each.commissioning][:1].upper()}{COMMISSIONED[each.commissioning][1:]}"
    shares = f" ({shares_words(agreed, each.commissioned)})" if each.commissioned else ""
    return (each.title, pence(each.pence), f"{how}{': ' if who else ''}{' '.join(who)}{shares}", f"{each.accounting.capitalize()}: {ACCOUNTING[each.accounting]}", each.vat, each.clause)  # fmt: skip


def _grant(shown: PoolPage, agreed: Agreement, each: Grant) -> tuple[str, ...]:
    goes = [f"{pence(due)} to {shown.party(code)}" for code, due in sorted(each.pass_on.items())]
    return (each.determination, each.payer, agreed.name(each.payee), pence(each.pence), each.conditions, " and ".join(goes) or "Nothing", f"clause {each.clause}")  # fmt: skip


def agreed_by_all(shown: PoolPage, each: Mandate) -> bool:
    """Whether a mandate waits for nobody and is not used."""
    return not each.used and not each.awaited(shown.names)


def _acts(shown: PoolPage) -> list[Act]:
    if shown.books.ended_at or not shown.may("open_books"):
        return []
    first = Ask(
        "first", "The first day that it holds on", "day", "Leave it empty for the first day of the year."
    )
    if not shown.books.records.agreements:
        file = Ask("file", "The agreement", "file", "As YAML, like the examples in the documentation.")
        return [Act("attach", "Put the agreement on file", "Put it on file", (file, first))]
    ready = [
        (each.id, f"Mandate {each.id}, of {day(each.decided_on)}")
        for each in shown.books.records.mandates.values()
        if each.matter.word == VARY_AGREEMENT and agreed_by_all(shown, each)
    ]
    if not ready:
        return []
    asks = (
        Ask("mandate", "Which agreement, by the mandate in which all partners agreed to it", "choice", choices=tuple(ready)),
        Ask("first", "The first day that it holds on", "day", f"A later day than {day(_last(shown))}."),
    )  # fmt: skip
    return [Act("attach", "Put another agreement in its place", "Put it in force", asks, warns=True)]


def _last(shown: PoolPage) -> date:
    return shown.books.records.agreements[-1].first


def _nothing(shown: PoolPage) -> str:
    if not shown.books.records.agreements:
        return f"No agreement is on file. A finance officer of {shown.host} puts it there."
    return "Another agreement takes its place once every partner has agreed to it, by a mandate."
