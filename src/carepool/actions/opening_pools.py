"""Pools opened from an agreement, their agreements varied, and what the joint board or the partners let be entered."""

from dataclasses import dataclass, replace
from datetime import date

from carepool.actions.agreements import as_document
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import read_history
from carepool.actions.pools import Keeping, authorities, body_of, books_now, enter_of, host_body, keep
from carepool.actions.releasing import agreed_plan
from carepool.basics.findings import Finding, blocks
from carepool.basics.money import Pence
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.offices.holdings import Permit, holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.partnership.agreement import Agreement
from carepool.partnership.bearing import host_of
from carepool.partnership.charging import Functions, functions_of
from carepool.partnership.instalments import year_before
from carepool.partnership.opening import grants_of, opening_from, scheme_of
from carepool.partnership.reading import read_agreement
from carepool.partnership.regulations import ASPECTS, check
from carepool.pool.accounts import CODE, Event, Heading
from carepool.pool.books import Books, Opening, stream_of
from carepool.pool.events import Asked
from carepool.pool.grounds import not_granted
from carepool.pool.mandates import agree_mandate, mandate_of, record_mandate
from carepool.pool.record_facts import VARY_AGREEMENT, agreement_varied, mandate_used
from carepool.pool.records import InForce, Matter
from carepool.pool.releases import open_pool

_Opened = tuple[Books, Permit | Refused]


def open_from(
    house: House, actor: Actor, pool: str, year: str, content: bytes, plan: str = "", file: str = "agreement"
) -> Done | Refused:
    """The host opens a pool's books of a year from its agreement, which is kept as a document.

    What the year before left is brought forward where its accounts are closed; else ``bring_forward`` enters it later.
    """
    agreement = _lawful(house, file, content, year)
    _check_name(house, pool, year)
    document = as_document(content)
    carried_out = agreed_plan(house, plan) if plan else None
    opening = opening_from(
        agreement,
        year,
        document.digest,
        functions=_functions(house, agreement, year),
        brought=_left_over(books_now(house, pool, year_before(year))),
        plan=plan,
        plan_digest=carried_out.version.digest if carried_out else "",
    )
    if isinstance(opening, Refused):
        return opening
    body = host_body(opening)
    authority = authorities(house).of("open_books")

    def load(reading: Reading) -> _Opened:
        held = holdings(reading.read(office_stream(body)))
        # What the year before leaves is part of what is opened.
        reading.version(stream_of(pool, year_before(year)))
        return house.shelf.now(pool, year, reading.after), may(
            authority, held, actor.account, body, house.today
        )

    def decide(state: _Opened) -> Decision | Refused:
        books, allowed = state
        if isinstance(allowed, Refused):
            return allowed
        decided = open_pool(books, opening, body)
        return (
            Decision(decided.facts, decided.answer, (document,)) if isinstance(decided, Decision) else decided
        )

    request = {"action": "open_books", "pool": pool, "year": year, "agreement": document.digest, "plan": plan}
    return perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=request, clock=house.clock
    )


@dataclass(frozen=True, slots=True)
class Looked:
    """An agreement as a pool's year would open from it, before anything is written."""

    agreement: Agreement | None
    findings: tuple[Finding, ...]
    asked: tuple[tuple[str, str, bool], ...]
    """What the regulations ask of an agreement: the words, the source, and whether this one specifies it."""
    opening: Opening | Refused | None
    """What it would open with; None where the agreement cannot be read."""

    @property
    def stopped(self) -> list[Finding]:
        """What keeps the pool from being opened."""
        return [each for each in self.findings if blocks([each])]


def look_at(house: House, file: str, content: bytes, year: str) -> Looked:
    """What an agreement holds of what the regulations ask, and what a pool of the year would open with. Unusable for no year."""
    try:
        first = Quarter.parse(f"{year}Q1")
    except Unusable:
        raise Unusable(f"“{year}” is no financial year. Write it like 2015-16.") from None
    agreement, lines, findings = read_agreement(file, content)
    if agreement is None:
        return Looked(None, tuple(findings), (), None)
    day = agreement.duration.first if agreement.duration else date.fromisoformat(f"{first.starts:04}-04-01")
    rules, asked = house.rulebook.section_75(day)
    contents = tuple(
        (each.says, each.source, all(ASPECTS[need](agreement) for need in each.needs))
        for each in asked.contents
    )
    findings += check(file, agreement, lines, rules, asked)
    opening = opening_from(
        agreement, year, as_document(content).digest, functions=_functions(house, agreement, year)
    )
    return Looked(agreement, tuple(findings), contents, opening)


def _lawful(house: House, file: str, content: bytes, year: str) -> Agreement:
    """An agreement that can be read and holds what the regulations ask. Unusable with the first thing that stops it."""
    looked = look_at(house, file, content, year)
    if looked.agreement is None or looked.stopped:
        raise Unusable(f"{looked.stopped[0].says} {looked.stopped[0].remedy}")
    return looked.agreement


def _functions(house: House, agreement: Agreement, year: str) -> Functions:
    """The functions of the rules that hold when an agreement begins."""
    first = agreement.duration.first if agreement.duration else date(int(year[:4]), 4, 1)
    return functions_of(house.rulebook.section_75(first)[1].functions)


def _check_name(house: House, pool: str, year: str) -> None:
    if not CODE.fullmatch(pool):
        raise Unusable(f"“{pool}” is no address of a pool. Write it with letters, figures and hyphens.")
    if pool.casefold() == "new":
        raise Unusable("“new” is the address of the page that opens pools. Give this one another.")
    try:
        read_history(house, pool)
    except NotHere:
        return
    raise Unusable(
        f"{pool} is the address of a plan, whose pool of {year} is opened from the plan. Give this one another, "
        f"or attach the agreement to that pool: carepool pool agreement {pool} AGREEMENT.yaml."
    )


def _left_over(before: Books) -> dict[str, Pence]:
    """What the year before hands on, by who holds it, once its accounts are closed."""
    if before.ended_at is None:
        return {}
    return {
        account.party: account.amount(balance)
        for account, balance in before.balances.items()
        if account.heading is Heading.FORWARD and balance
    }


def bring_forward(house: House, actor: Actor, pool: str, year: str) -> Done | Refused:
    """Enter what the year before left, where this year was opened before those accounts were closed."""
    before = books_now(house, pool, year_before(year))
    if before.ended_at is None:
        return Refused(
            f"The accounts of {year_before(year)} are not closed. Close them first: until then nobody knows what is left."
        )
    books = books_now(house, pool, year)
    for holder, pence in sorted(_left_over(before).items()):
        rest = pence - books.amount(Heading.BROUGHT, holder)
        if rest > 0:
            day = min(max(house.today, books.first_day), books.last_day)
            says = f"Brought forward from {before.year}"
            return enter_of(house, actor, pool, year, Asked(Event.BROUGHT, day, rest, says, party=holder))
    return Refused(f"All that {before.year} left is brought forward. There is nothing left to do.")


# Which agreement holds.


def attach_agreement(
    house: House,
    actor: Actor,
    pool: str,
    year: str,
    content: bytes,
    first: date | None = None,
    mandate: str = "",
) -> Done | Refused:
    """Say which agreement a pool belongs to, or that another holds from a day: earlier ones stay.

    A pool that has none on file gets one by its host. To put another in its place all partners agree, by a mandate whose
    document is the new agreement.
    """
    document, agreement = as_document(content), _lawful(house, "agreement", content, year)

    def decide(keeping: Keeping) -> Decision | Refused:
        books = keeping.books
        opening = books.opening
        assert opening is not None  # noqa: S101 (kept only where it is open)
        day = first or books.first_day
        grants = grants_of(agreement, year, document.digest)
        refused = (
            _unfit(agreement, books, day)
            or next((each for each in (not_granted(books, one) for one in grants) if each), None)
            or _not_let(books, document.digest, mandate)
        )
        if refused:
            return refused
        known = {each.id.casefold(): each.id for each in opening.schemes}
        functions = _functions(house, agreement, year)
        agreed = [
            (known.get(each.id.casefold(), ""), scheme_of(agreement, each, functions))
            for each in agreement.schemes
        ]
        new = tuple(each for id_, each in agreed if not id_)
        standing = tuple(replace(each, id=id_) for id_, each in agreed if id_)
        held = InForce(document.digest, day)
        facts = [agreement_varied(books.pool, books.year, held, new, standing, host_body(opening), grants)]
        if mandate and books.records.agreements:
            facts.append(mandate_used(books.pool, books.year, mandate, VARY_AGREEMENT, ""))
        answer = {"stream": stream_of(pool, year), "agreement": document.digest, "from": day}
        return Decision(tuple(facts), answer, (document,))

    request = {"agreement": document.digest, "from": first, "mandate": mandate}
    return keep(house, actor, pool, year, "open_books", decide, request)


def _unfit(agreement: Agreement, books: Books, day: date) -> Refused | None:
    """Another agreement is of the same partners and host, and from a later day than the one before."""
    opening = books.opening
    assert opening is not None  # noqa: S101 (kept only where it is open)
    codes = sorted(each.code for each in opening.partners)
    if sorted(agreement.codes) != codes or host_of(agreement, books.year) != opening.host:
        return Refused(
            f"That agreement is of other partners or another host. The pool's are {', '.join(codes)}, hosted by {opening.host}."
        )
    held = books.records.agreements
    if held and day <= held[-1].first:
        return Refused(
            f"The agreement before it holds from {held[-1].first}. Another holds from a later day."
        )
    if not books.first_day <= day <= books.last_day:
        return Refused(f"{day} is not in {books.year}. Name a day of the year.")
    return None


def _not_let(books: Books, digest: str, mandate: str) -> Refused | None:
    """The first agreement on file needs nobody else; each after it all partners."""
    if not books.records.agreements:
        return None
    if not mandate:
        return Refused(
            "An agreement is varied by all its partners. Have each agree to the new one, and name the mandate."
        )
    found = mandate_of(books, mandate)
    if isinstance(found, Refused):
        return found
    codes = [each.code for each in books.opening.partners] if books.opening else []
    if found.matter.word != VARY_AGREEMENT or found.by != "partners" or found.document != digest:
        return Refused(f"Mandate {mandate} is about something else. Name that for this very agreement.")
    if awaited := found.awaited(codes):
        return Refused(f"Mandate {mandate} still waits for {' and '.join(awaited)} to agree.")
    if found.used:
        return Refused(f"Mandate {mandate} was used before. There is nothing left of it.")
    return None


# What is let be entered.


def record_mandate_of(
    house: House, actor: Actor, pool: str, year: str, by: str, matter: Matter, decided_on: date, words: bytes,
    partner: str = "",
) -> Done | Refused:  # fmt: skip
    """An officer of a partner, the host where none is named, records what the joint board decided, with its minute, or asks all partners to agree."""
    varies = matter.word == VARY_AGREEMENT
    document = (
        as_document(words)
        if varies
        else Document("pool-decision", "text/plain; charset=utf-8", words, house.salt())
    )

    def decide(keeping: Keeping) -> Decision | Refused:
        books = keeping.books
        assert books.opening is not None  # noqa: S101 (kept only where it is open)
        body = body_of(books.opening, partner or books.opening.host)
        decided = record_mandate(
            books, by, matter, decided_on, document.digest if words.strip() else "", today=house.today, partner=partner,
            on_behalf_of=body,
        )  # fmt: skip
        if isinstance(decided, Refused):
            return decided
        return Decision(decided.facts, decided.answer, (document,))

    request = {
        "by": by, "of": matter.word, "pence": matter.pence, "party": matter.party, "source": matter.source,
        "scheme": matter.scheme, "to_scheme": matter.to_scheme, "decided_on": decided_on, "words": words.hex(),
    }  # fmt: skip
    if partner:
        request["partner"] = partner
    return keep(house, actor, pool, year, "record_mandate", decide, request, partner)


def agree_mandate_of(
    house: House, actor: Actor, pool: str, year: str, mandate: str, partner: str
) -> Done | Refused:
    """A finance officer of a partner agrees for it, or confirms what the host recorded of the joint board."""
    opening = books_now(house, pool, year).opening
    if opening is not None and opening.partner(partner) is None:
        having = ", ".join(each.code for each in opening.partners)
        return Refused(f"{partner or 'Nobody'} is no partner of the agreement. Name one of {having}.")

    def decide(keeping: Keeping) -> Decision | Refused:
        assert keeping.books.opening is not None  # noqa: S101 (kept only where it is open)
        body = body_of(keeping.books.opening, partner)
        return agree_mandate(keeping.books, mandate, partner, actor.account, body)

    request = {"mandate": mandate, "partner": partner}
    return keep(house, actor, pool, year, "agree_for_partner", decide, request, partner)
