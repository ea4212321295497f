"""What happens in a pool is entered here: one event a page, asking only for what it needs; the accounts follow from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from carepool.actions.agreements import agreement_for, day_within
from carepool.actions.permits import Actor, offices_in
from carepool.actions.pools import enter_of, host_body, not_transferred
from carepool.basics.refusals import NotHere, Refused
from carepool.journal.commands import Done
from carepool.partnership.limits import WORDS, ceiling, word_of
from carepool.pool.accounts import Event, Heading
from carepool.pool.events import CLIENTS, Asked
from carepool.pool.mandates import TAKING_BACK
from carepool.render.words import day, pence
from carepool.web.acts import Act, Answers, Ask, Kind, act_page
from carepool.web.asking import HouseRequest
from carepool.web.pool_frame import PoolPage, posting_words, source_words

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What an event's page says and asks for."""

    title: str
    hint: str
    fields: tuple[str, ...]


GROUPS: Mapping[str, Mapping[Event, Form]] = {
    "Money in": {
        Event.INVOICED: Form("Invoice a partner", "An invoice for what a partner has agreed to put in.", ("party", "source", "pence")),
        Event.RECEIVED: Form("Money received", "What a partner has paid in: first what was invoiced, then what was promised.", ("party", "source", "pence")),
        Event.CHARGED: Form("Charge people", "Client contributions: the council's income for chargeable social care.", ("council", "scheme", "pence")),
        Event.RECLAIMED: Form("VAT had back", "VAT that the tax office has paid back.", ("pence",)),
    },
    "Money out": {
        Event.COMMITTED: Form("Commit", "An order or a contract: money set aside until it is spent.", ("scheme", "source", "pence")),
        Event.UNCOMMITTED: Form("Release a commitment", "What is over of a commitment is free again.", ("commitment", "rest")),
        Event.SPENT: Form("Spend", "An invoice to the pool: net, with its VAT apart.", ("scheme", "source", "payee", "pence", "irrecoverable", "vat", "uses")),
        Event.ACCRUED: Form("Accrue", "Had by the end of the month, and not invoiced yet.", ("scheme", "source", "payee", "pence", "uses")),
        Event.UNACCRUED: Form("Reverse an accrual", "The invoice has come, or will not.", ("accrual", "rest")),
        Event.SETTLED: Form("Pay what is owed", "The pool pays a body what it owes it.", ("payee", "pence")),
        Event.OFFSET: Form("Set off", "A partner that spent for the pool pays that much less in.", ("party", "source", "pence")),
        Event.REFUNDED: Form("Refund a partner", "Paid back to a partner from what it put in.", ("party", "source", "pence")),
        Event.PASSED_ON: Form("Pass a grant on", "A capital grant goes on to a district.", ("district", "grant", "pence")),
    },
    "What the partners agree": {
        Event.REDEPLOYED: Form("Move budget", "Budget goes from one scheme to another, within its source.", ("scheme", "to_scheme", "source", "pence")),
        Event.CONTRIBUTED: Form("Raise a contribution", "A partner puts in more, as the partners have agreed.", ("party", "source", "pence")),
        Event.LOWERED: Form("Lower a contribution", "A partner puts in less, as the partners have agreed.", ("party", "source", "pence")),
        Event.BUDGETED: Form("Raise a budget", "A scheme may spend more of a source.", ("scheme", "source", "pence")),
        Event.CUT: Form("Cut a budget", "A scheme may spend less of a source.", ("scheme", "source", "pence")),
    },
    "Put right, and apart": {
        Event.REVERSED: Form("Reverse a posting", "A mistake is taken back by a posting of its own; both stay.", ("of",)),
        Event.TRANSFERRED: Form("Section 256 transfer", "The transfer of 2014-15 from the NHS to the council: no part of the pool.", ("council", "payer", "pence")),
        Event.APPLIED: Form("Use the transfer", "What the council has used of the section 256 transfer.", ("council", "use", "pence")),
    },
}  # fmt: skip
FORMS: Mapping[Event, Form] = {event: form for group in GROUPS.values() for event, form in group.items()}


@require_safe
def choose(request: HouseRequest, pool: str) -> HttpResponse:
    """Which event? Only those that who asks may enter."""
    shown = PoolPage(request, pool)
    groups = [
        (title, [(form.title, shown.href("pool-enter-event", event=event.code), form.hint) for event, form in group.items() if shown.may_enter(event) and _fits(shown, event)])
        for title, group in GROUPS.items()
    ]  # fmt: skip
    context = {
        **shown.frame("pool-enter"),
        "groups": [(title, events) for title, events in groups if events],
        "nothing": _nothing(shown),
    }
    return render(request, "web/pool_enter.jinja", context)


def _fits(shown: PoolPage, event: Event) -> bool:
    """Whether the event can be of this year: the rules date the transfer under section 256, and what there is to use of it."""
    if event is Event.TRANSFERRED:
        return not_transferred(shown.house, shown.books.year) is None
    return event is not Event.APPLIED or bool(shown.books.amount(Heading.TRANSFER))


def _nothing(shown: PoolPage) -> str:
    if shown.when.day:
        return "This page is shown as at another day, where nothing can be entered."
    if shown.books.ended_at:
        return "The year's accounts are closed. What comes now is entered in the year after."
    return f"The books are kept by {shown.host}: its pool manager and finance officers enter what happens."


@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HouseRequest, pool: str, event: str) -> HttpResponse:
    """One event's form; sent, it is entered, or it says what does not fit, with all that was typed."""
    shown = PoolPage(request, pool)
    found = next((each for each in FORMS if each.code == event), None)
    if found is None:
        raise NotHere(f"“{event}” is nothing that is entered here. The page before lists what is.")
    form = FORMS[found]
    ready = _mandates(shown, found)
    by = Ask(
        "mandate",
        "By which mandate",
        "choice",
        "Where it is more than you may enter alone.",
        (("", "None"), *ready),
    )
    asks = (
        *(_ask(shown, each) for each in form.fields),
        Ask("on", "Date", "day", f"When it happened, for example {shown.house.today.isoformat()}.", value=shown.house.today.isoformat()),
        Ask("says", "Short title", hint="As it stands in the list of postings. It can stay empty."),
        *((by,) if ready else ()),
    )  # fmt: skip
    acts = [Act(event, form.title, form.title, asks)] if shown.may_enter(found) else []
    entered: list[str] = []

    def do(actor: Actor, _: str, answers: Answers) -> Done | Refused:
        asked = _asked(found, form, answers)
        done = enter_of(shown.house, actor, pool, shown.books.year, asked, answers.text("mandate"))
        if isinstance(done, Done) and isinstance(done.answer, Mapping):
            entered.append(str(done.answer["posting"]))
        return done

    def after() -> HttpResponse:
        return redirect(shown.href("pool-posting", posting=entered[0]))

    return act_page(
        request, shown, form.title, [form.hint, *_limit(shown, found)], acts, do, after, nothing=_nothing(shown), here="pool-enter",
        template="web/pool_act.jinja",
    )  # fmt: skip


def _limit(shown: PoolPage, event: Event) -> list[str]:
    """What whoever asks may enter alone, where the agreement limits it, and who may more."""
    if shown.account is None or not shown.may_enter(event):
        return []
    agreement = agreement_for(shown.house, shown.books, day_within(shown.books, shown.house.today))
    most = ceiling(agreement, event, [each.office for each in offices_in(shown.house, shown.account.id, [host_body(shown.opening)])]) if agreement else None  # fmt: skip
    if most is None or most.own is None:
        return []
    return [
        f"By the agreement your office may enter up to {pence(most.own)}, and what it has entered before counts with it. {most.who(most.own + 1)} "
        "What the joint board or the partners decide is recorded under Agreement and risk, Mandates."
    ]


def _mandates(shown: PoolPage, event: Event) -> Choices:
    """The mandates that such an event can be entered by."""
    agreement = agreement_for(shown.house, shown.books, day_within(shown.books, shown.house.today))
    word = word_of(agreement, event) if agreement else WORDS.get(event)
    reversal = event.code in TAKING_BACK
    return tuple(
        (each.id, f"Mandate {each.id}: up to {pence(each.matter.pence)}, of {day(each.decided_on)}")
        for each in shown.books.records.mandates.values()
        if (each.matter.word == word or (reversal and not each.used))
        and not each.awaited(shown.names)
        and event.code not in each.used
    )


def _asked(event: Event, form: Form, answers: Answers) -> Asked:
    text = answers.text
    on = answers.day("on")
    assert on is not None  # noqa: S101 (needed)
    party = text("party") or text("council") or text("district")
    source = text("source") or text("grant")
    money = {"pence", "rest"} & set(form.fields)
    return Asked(
        event,
        on,
        pence=(answers.pence("pence", needed="pence" in form.fields) or 0) if money else 0,
        says=text("says"),
        party=party,
        source=source,
        scheme=text("scheme") or text("use"),
        to_scheme=text("to_scheme"),
        payee=text("payee") or text("payer"),
        vat=(answers.pence("vat", needed=False) or 0) if "vat" in form.fields else 0,
        irrecoverable=(answers.pence("irrecoverable", needed=False) or 0) if "irrecoverable" in form.fields else 0,
        of=text("of") or text("uses") or text("commitment") or text("accrual"),
    )  # fmt: skip


def _ask(shown: PoolPage, field: str) -> Ask:
    name, label, kind, hint = FIELDS[field]
    return Ask(name, label, kind, hint, CHOICES[field](shown) if field in CHOICES else ())


FIELDS: Mapping[str, tuple[str, str, Kind, str]] = {
    "party": ("party", "Partner", "choice", ""),
    "council": ("council", "Council", "choice", ""),
    "source": ("source", "Which money", "choice", ""),
    "scheme": ("scheme", "Scheme", "choice", ""),
    "to_scheme": ("to_scheme", "To which scheme", "choice", ""),
    "payee": ("payee", "Who is to be paid", "line", "The code of the body, or a short code of a provider, for example care-at-home."),
    "payer": ("payer", "From whom", "line", "A short code, for example nhs_england."),
    "use": ("use", "For what", "line", "A short code, for example protecting-services."),
    "district": ("district", "District", "choice", ""),
    "grant": ("grant", "Grant", "choice", ""),
    "pence": ("pence", "Amount", "money", "Pounds and pence; for spending without VAT."),
    "rest": ("pence", "Amount", "money", "Leave it empty for all that is left."),
    "vat": ("vat", "VAT that comes back", "money", "Leave it empty where there is none."),
    "irrecoverable": ("irrecoverable", "VAT that does not come back", "money", "It is a cost of the scheme."),
    "of": ("of", "Posting", "line", "Its number, as its page says."),
    "commitment": ("commitment", "Commitment", "choice", ""),
    "accrual": ("accrual", "Accrual", "choice", ""),
    "uses": ("uses", "Which commitment it uses", "choice", ""),
}  # fmt: skip
"""Each field of a form: its name, its label, how it is asked, and a hint."""


def partner_choices(shown: PoolPage) -> Choices:
    """The partners, to choose one."""
    return tuple((each.code, shown.names[each.code]) for each in shown.opening.partners)


def _councils(shown: PoolPage) -> Choices:
    councils = {each.code for each in shown.opening.partners if each.kind == "council"}
    return tuple(each for each in partner_choices(shown) if each[0] in councils)


def scheme_choices(shown: PoolPage) -> Choices:
    """The schemes, to choose one."""
    return tuple((each.id, each.title) for each in shown.opening.schemes)


def _districts(shown: PoolPage) -> Choices:
    codes = [each for grant in shown.opening.grants for each in sorted(grant.pass_on)]
    return tuple((each, shown.party(each)) for each in dict.fromkeys(codes))


def source_choices(shown: PoolPage) -> Choices:
    """The sources that anybody puts into or that a scheme may spend, to choose one."""
    opening = shown.opening
    codes = [each.source for each in opening.contributions]
    codes += [source for each in opening.schemes for source in each.budgets]
    if any(each.social_care for each in opening.schemes):
        codes.append(CLIENTS)
    return tuple((code, source_words(code, shown.sources)) for code in dict.fromkeys((*codes, "additional")))


def _open(shown: PoolPage, event: Event) -> Choices:
    found = (shown.books.posting(each) for each in shown.books.open)
    return tuple(
        (each.id, f"{posting_words(each.id)}: {each.says}, {pence(shown.books.open[each.id])} left")
        for each in found
        if each and each.event is event
    )


CHOICES: Mapping[str, Callable[[PoolPage], Choices]] = {
    "party": partner_choices, "council": _councils, "source": source_choices, "scheme": scheme_choices, "to_scheme": scheme_choices,
    "district": _districts,
    "grant": lambda shown: tuple((each.id, each.determination) for each in shown.opening.grants),
    "commitment": lambda shown: _open(shown, Event.COMMITTED),
    "accrual": lambda shown: _open(shown, Event.ACCRUED),
    "uses": lambda shown: (("", "None"), *_open(shown, Event.COMMITTED)),
}  # fmt: skip
"""What can be chosen for each field that is a choice."""
