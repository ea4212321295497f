"""Pools: which there are, their books now and as at an instant, and what is entered in them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from carepool.actions.agreements import agreement_for, day_within
from carepool.actions.areas import MARK
from carepool.actions.house import House
from carepool.actions.permits import Actor, offices_in
from carepool.actions.planning import no_plan
from carepool.actions.reading import check_may_read
from carepool.basics.money import in_pounds
from carepool.basics.refusals import NotHere, Refused
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.port import Journal
from carepool.journal.recent import perform_by_memory
from carepool.offices.holdings import Holding, Permit, holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.partnership.charging import functions_of, not_charged
from carepool.partnership.counted import TAKES_BACK, judged
from carepool.places.bodies import NATIONAL, BodyKind, body_id
from carepool.pool.accounts import Event, beyond
from carepool.pool.books import Books, Opening, Partner, stream_of
from carepool.pool.entering import close_month, end_year, enter
from carepool.pool.events import Asked
from carepool.pool.facts import books_of
from carepool.pool.mandates import lets, mandate_of
from carepool.pool.record_facts import mandate_used
from carepool.rules.schema import Authorities, Transfer


def books_now(house: House, pool: str, year: str, upto: int | None = None) -> Books:
    """The books of a pool's year; empty before it is opened."""
    if upto is not None:
        return books_of(pool, year, house.journal.read(stream_of(pool, year), upto=upto))
    return house.shelf.now(pool, year, lambda stream, after: house.journal.read(stream, after=after))


def years_of(journal: Journal, pool: str, upto: int | None = None) -> tuple[str, ...]:
    """The financial years that a pool has books for, the earliest first."""
    prefix = f"pool/{pool}/"
    return tuple(each.removeprefix(prefix) for each in journal.streams(prefix, upto=upto))


def pools(journal: Journal, upto: int | None = None) -> tuple[tuple[str, str], ...]:
    """Every pool and year that there are books for."""
    found = []
    for stream in journal.streams("pool/", upto=upto):
        _, pool, year = stream.split("/", 2)
        found.append((pool, year))
    return tuple(found)


def named(house: House, pool: str, year: str = "", upto: int | None = None) -> Books:
    """The books of a pool, of its last year where none is named. NotHere where there is no such pool or year."""
    years = years_of(house.journal, pool, upto)
    if not years:
        # No nearest name: it could be that of a pool that whoever asks may not know of.
        raise NotHere(f"There is no pool “{pool}”. A pool is there once its host has opened it.")
    if year and year not in years:
        raise NotHere(f"The pool {pool} has no books of {year}. It has: {', '.join(years)}.")
    return books_now(house, pool, year or years[-1], upto)


def mark_of(house: House, books: Books) -> str:
    """What stands on every download of a pool of the illustrative county; empty for a real one."""
    fictitious = books.opening is not None and host_body(books.opening) in house.areas.county.bodies
    return MARK if fictitious else ""


def partner_bodies(house: House, pool: str) -> tuple[str, ...]:
    """The body ids of the partners of a pool, in any of its years."""
    openings = (books_now(house, pool, year).opening for year in years_of(house.journal, pool))
    return tuple(dict.fromkeys(partner_body(each) for one in openings if one for each in one.partners))


def check_may_read_pool(house: House, account: str, pool: str, *, then: bool = False) -> None:
    """NotHere, in the words of a plan that does not exist, where an account may not read a pool.

    Whoever may read its plan may, and whoever holds an office in one of its partners or in a national body.
    """
    for plan in {pool, *_plans_of(house, pool)}:
        try:
            return check_may_read(house, account, plan, then=then)
        except NotHere:
            continue
    bodies = partner_bodies(house, pool)
    if not bodies or not any(offices_in(house, account, (*bodies, *(each.id for each in NATIONAL)))):
        raise no_plan(pool, then=then)
    return None


def _plans_of(house: House, pool: str) -> set[str]:
    openings = (books_now(house, pool, year).opening for year in years_of(house.journal, pool))
    return {each.plan for each in openings if each and each.plan}


# What is entered.


ACTIONS: Mapping[Event, str] = {
    Event.REDEPLOYED: "move_budget", Event.CONTRIBUTED: "vary_contribution", Event.LOWERED: "vary_contribution",
    Event.BUDGETED: "vary_contribution", Event.CUT: "vary_contribution", Event.BORNE: "share_risk",
    Event.GIVEN_BACK: "share_risk", Event.CARRIED: "share_risk", Event.BROUGHT: "share_risk",
}  # fmt: skip
"""The action, by the rulebook's name, that an event is; all others are keeping the books."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What one attempt at a command rests on."""

    books: Books
    permit: Permit | Refused
    today: date
    held: tuple[Holding, ...]
    """Every office ever held in the body."""
    account: str
    """Who asks."""

    @property
    def offices(self) -> tuple[str, ...]:
        """Every office that whoever asks holds in the body today: what limits are for."""
        return tuple(
            each.office for each in self.held if each.account == self.account and each.on(self.today)
        )

    @property
    def holders(self) -> Mapping[str, frozenset[str]]:
        """The accounts that have ever held each office of the body: what one of them has entered counts for all."""
        accounts: dict[str, set[str]] = {}
        for each in self.held:
            accounts.setdefault(each.office, set()).add(each.account)
        return {office: frozenset(found) for office, found in accounts.items()}


def authorities(house: House) -> Authorities:
    """Which offices may do what in a pool's books, today."""
    rules, _ = house.rulebook.section_75(house.today)
    return rules.authorities


def partner_body(partner: Partner) -> str:
    """The body id of a partner."""
    return body_id(BodyKind.CCG if partner.kind == "ccg" else BodyKind.COUNCIL, partner.code)


def host_body(opening: Opening) -> str:
    """The body id of a pool's host."""
    return body_of(opening, opening.host)


def body_of(opening: Opening, code: str) -> str:
    """The body id of a partner."""
    partner = opening.partner(code)
    return body_id(BodyKind.CCG if partner and partner.kind == "ccg" else BodyKind.COUNCIL, code)


def enter_of(
    house: House, actor: Actor, pool: str, year: str, asked: Asked, mandate: str = ""
) -> Done | Refused:
    """An officer of the host enters an event in the pool's books, within the limits of their office, or by a mandate."""
    request: dict[str, object] = {
        "event": asked.event.code, "on": asked.on, "pence": asked.pence, "says": asked.says, "party": asked.party,
        "source": asked.source, "scheme": asked.scheme, "to_scheme": asked.to_scheme, "payee": asked.payee,
        "vat": asked.vat, "irrecoverable": asked.irrecoverable, "of": asked.of, "parts": dict(asked.parts),
        "cites": list(asked.cites), "late": asked.late,
    }  # fmt: skip
    if mandate:
        request["mandate"] = mandate

    def decide(keeping: Keeping) -> Decision | Refused:
        return _no_charge(house, keeping.books, asked) or within_limits(house, keeping, asked, mandate)

    return keep(house, actor, pool, year, _action(house, pool, year, asked), decide, request, at_once=True)


def _action(house: House, pool: str, year: str, asked: Asked) -> str:
    """The action that an event is; to take something back is the action that it was."""
    found = books_now(house, pool, year).posting(asked.of) if asked.event in TAKES_BACK else None
    return ACTIONS.get(found.event if found else asked.event, "keep_books")


def _no_charge(house: House, books: Books, asked: Asked) -> Refused | None:
    """Why nobody may be charged for the scheme by the agreement that holds, and the functions of the rules."""
    if asked.event is not Event.CHARGED:
        return None
    day = day_within(books, asked.on)
    agreement = agreement_for(house, books, day)
    scheme = agreement.scheme(asked.scheme) if agreement else None
    if agreement is None or scheme is None:
        return None
    rules, held = house.rulebook.section_75(day)
    why = not_charged(agreement, scheme, functions_of(held.functions))
    return (
        Refused(
            f"Nobody is charged for {scheme.title}: {why} ({rules.cite('section_75')}). It is no social care that people are charged for, and what the NHS does is free. "
            "Enter the charge under the social care scheme that it is for."
        )
        if why
        else None
    )


def within_limits(house: House, keeping: Keeping, asked: Asked, mandate: str = "") -> Decision | Refused:
    """Enter what the agreement lets these offices enter, or what the joint board or all partners let be entered."""
    books = keeping.books
    if asked.event is Event.TRANSFERRED and (refused := not_transferred(house, books.year)):
        return refused
    agreement = agreement_for(house, books, day_within(books, asked.on))
    limited = judged(agreement, books, asked, keeping.offices, keeping.holders) if agreement else None
    if limited is None:
        return enter(books, asked, today=keeping.today, on_behalf_of=_host(keeping))
    if not mandate:
        decided = enter(books, asked, today=keeping.today, on_behalf_of=_host(keeping))
        return decided if isinstance(decided, Refused) else limited.beyond(keeping.offices) or decided
    found = mandate_of(books, mandate)
    if isinstance(found, Refused):
        return found
    if refused := lets(books, found, limited.ceiling.word, limited.taken_back or asked, keeping.account):
        return refused
    if not limited.lets(found.by):
        return Refused(
            f"{in_pounds(limited.counted.pence)} is beyond what the joint board may decide, with what it has let be entered before. {limited.who}"
        )
    decided = enter(
        books, replace(asked, cites=(*asked.cites, found.document)), today=keeping.today, on_behalf_of=_host(keeping)
    )  # fmt: skip
    if isinstance(decided, Refused):
        return decided
    used = mandate_used(books.pool, books.year, mandate, asked.event.code, str(books.version + 1))
    return Decision((*decided.facts, used), decided.answer, decided.documents)


def not_transferred(house: House, year: str) -> Refused | None:
    """Why no transfer under section 256 is entered in a year: the rules of the fund date it to another. None where they date it so."""
    dated = [each.find("transfer", Transfer) for each in house.rulebook.in_order]
    known = {each.year: each for each in dated if each}
    if year in known:
        return None
    if not known:
        return Refused(
            "No set of rules knows of a transfer under section 256. Enter the money as a contribution."
        )
    years = " and ".join(sorted(known))
    source = known[max(known)].source
    return Refused(
        f"The transfer under section 256 is of {years} ({source}), and these books are of {year}. "
        "Enter it in the books of its own year; what the NHS gives the pool now is a contribution."
    )


def close_month_of(house: House, actor: Actor, pool: str, year: str, month: str) -> Done | Refused:
    """A finance officer of the host closes a month of the books."""

    def decide(keeping: Keeping) -> Decision | Refused:
        return close_month(keeping.books, month, today=house.today, on_behalf_of=_host(keeping))

    return keep(house, actor, pool, year, "close_books", decide, {"month": month})


def end_year_of(house: House, actor: Actor, pool: str, year: str) -> Done | Refused:
    """A finance officer of the host closes the year's accounts."""

    def decide(keeping: Keeping) -> Decision | Refused:
        return end_year(keeping.books, on_behalf_of=_host(keeping))

    return keep(house, actor, pool, year, "close_books", decide, {"end": True})


def _host(keeping: Keeping) -> str | None:
    return host_body(keeping.books.opening) if keeping.books.opening else None


def _inexact(asked: Iterable[object]) -> Refused | None:
    """Why a request names an amount that could not even be written down exactly; None where it does not."""
    for each in asked:
        if isinstance(each, dict) and (refused := _inexact(each.values())):
            return refused
        if isinstance(each, int) and (refused := beyond(each)):
            return refused
    return None


def keep(
    house: House, actor: Actor, pool: str, year: str, action: str,
    decide: Callable[[Keeping], Decision | Refused], request: Mapping[str, object], partner: str = "", *,
    at_once: bool = False,
) -> Done | Refused:  # fmt: skip
    """What all that is entered in a pool's books has in common.

    The authority is that of an office in the host, or in the partner named, read with the books, so an office that ends counts at once.
    ``decide`` is asked only where the office reaches. ``at_once`` lets it be asked first by what is remembered of the two streams,
    for a ``decide`` that rests on nothing else that can change.
    """
    if refused := _inexact(request.values()):
        return refused
    authority = authorities(house).of(action)
    # Who is host or partner never changes in a year, so what is kept of it will do to find the body.
    first = (house.shelf.kept(pool, year) or books_now(house, pool, year)).opening
    if first is None:
        raise NotHere(f"There is no pool {pool} of {year}. A pool is there once its host has opened it.")
    body = body_of(first, partner) if partner else host_body(first)

    def load(reading: Reading) -> Keeping:
        held, today = holdings(reading.read(office_stream(body))), house.today
        books = house.shelf.now(pool, year, reading.after)
        return Keeping(books, may(authority, held, actor.account, body, today), today, held, actor.account)

    def allowed(keeping: Keeping) -> Decision | Refused:
        return keeping.permit if isinstance(keeping.permit, Refused) else decide(keeping)

    asked = {"action": action, "pool": pool, "year": year, **request}
    if at_once:
        return perform_by_memory(
            house.journal, allowed, recent=house.recent, load=load, by=actor.account, key=actor.key, request=asked,
            clock=house.clock,
        )  # fmt: skip
    return perform(
        house.journal, allowed, load=load, by=actor.account, key=actor.key, request=asked, clock=house.clock
    )
