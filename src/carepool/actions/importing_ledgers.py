"""A body's ledger comes into a pool's books: extracts, the maps that read them, suspense, forecasts and reasons.

Who may: an officer of the body whose ledger it is, or one of those who keep the books of the pool's host.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.pools import Keeping, authorities, books_now, host_body, keep
from carepool.basics.findings import Finding, blocks
from carepool.basics.money import Pence
from carepool.basics.refusals import NotHere, Refused, Unusable, unknown
from carepool.basics.words import seen
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.journal.port import Journal
from carepool.offices.holdings import Permit, holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.places.bodies import BodyKind, body_id
from carepool.pool.actuals import SavedMap
from carepool.pool.books import Books
from carepool.pool.extracts import Extract, read_extract
from carepool.pool.importing import (
    Importing,
    clear_suspense,
    fits_pool,
    import_extract,
    others,
    perhaps_repeated,
    repeats,
    save_map,
)
from carepool.pool.maps import ReadMap, read_map
from carepool.pool.tabular import Grid
from carepool.pool.variances import explain_variance, make_forecast

ACTION = "import_ledger"
YAML = "application/yaml"
LONGEST_REASONS = 5_000
"""Characters of the words by which something is explained."""


@dataclass(frozen=True)
class Looked:
    """An extract as it was read for a pool, before anything is written."""

    books: Books
    map: ReadMap
    extract: Extract | None
    """None where a finding blocks."""
    findings: tuple[Finding, ...]


def map_document(by: ReadMap) -> Document:
    """A map as it is kept. It names no person, so its digest says the same for ever."""
    return Document("ledger-map", YAML, by.content)


def saved_map(house: House, books: Books, name: str) -> ReadMap:
    """The map that is kept under a name. NotHere for none."""
    found = books.actuals.maps.get(name)
    if found is None:
        where = "Give the file of a map: it is kept under the name that stands in it."
        raise unknown("map", name, books.actuals.maps, where)
    return map_of(house.journal, found)


def map_of(journal: Journal, saved: SavedMap) -> ReadMap:
    """A map that is kept, read again."""
    document = journal.document(saved.digest)
    if not isinstance(document, Document):
        raise NotHere(f"The map {saved.name} was withdrawn. Give the file of a map.")
    by, findings = read_map(f"{saved.name}.yaml", document.content)
    if by is None:
        raise Unusable(" ".join(f"{each.says} {each.remedy}" for each in findings))
    return by


def look(books: Books, by: ReadMap, grid: Grid, *, period: str = "", control: Pence | None = None) -> Looked:
    """What an extract comes to in a pool, with every finding of the map and of the extract."""
    findings = fits_pool(books, by)
    if blocks(findings):
        return Looked(books, by, None, tuple(findings))
    extract, more = read_extract(grid, by, year=books.year, period=period, control=control)
    if extract is not None:
        more += perhaps_repeated(books, extract)
    return Looked(books, by, extract, (*findings, *more))


def _repeated(house: House, books: Books, extract: Extract, content: bytes) -> Refused | None:
    """Why a file is refused that came in before as another month or another body's: its bytes are those that are kept."""
    if not any(extract.totals.values()):
        return None
    for body, month in others(books, extract):
        kept = house.journal.document(month.extract)
        if isinstance(kept, Document) and kept.content == content:
            return repeats(extract, body, month)
    return None


def would_import(
    house: House, looked: Looked, content: bytes, *, again: bool = False, late: bool = False
) -> Decision | Refused | None:
    """What importing would come to, were it done now; None where findings block. Nothing is written."""
    if looked.extract is None:
        return None
    nothing = "0" * 64
    asked = Importing(
        nothing, map_document(looked.map).digest, house.today, again, nothing if again else None, late
    )
    return _repeated(house, looked.books, looked.extract, content) or import_extract(
        looked.books, looked.extract, looked.map, asked
    )


def import_of(
    house: House, actor: Actor, looked: Looked, content: bytes, media_type: str, *, again: bool = False, why: str = "", late: bool = False
) -> Done | Refused:  # fmt: skip
    """Enter an extract: the file itself, the map and the reasons are kept with it.

    Refused where a finding blocks, and then nothing is written.
    """
    extract, by = looked.extract, looked.map
    if extract is None:
        first = next(each for each in looked.findings if blocks([each]))
        return Refused(f"{first.says} {first.remedy}")
    # Lines can name people, so the file is salted and can be forgotten.
    kept, mapped = Document("ledger-extract", media_type, content, house.salt()), map_document(by)
    reasons = _reasons(house, why)
    if isinstance(reasons, Refused):
        return reasons
    documents = tuple(each for each in (kept, mapped, reasons) if each)

    def decide(books: Books, on_behalf_of: str) -> Decision | Refused:
        asked = Importing(
            kept.digest, mapped.digest, house.today, again, reasons.digest if reasons else None, late
        )
        # What the map names is looked up again in the books as they are now.
        wrong = next((each for each in fits_pool(books, by) if blocks([each])), None)
        if wrong:
            return Refused(f"{wrong.says} {wrong.remedy}")
        decided = _repeated(house, books, extract, content) or import_extract(
            books, extract, by, asked, on_behalf_of
        )
        return decided if isinstance(decided, Refused) else Decision(decided.facts, decided.answer, documents)

    request = {
        "extract": Document("ledger-extract", media_type, content).digest, "map": mapped.digest, "period": extract.period,
        "control": extract.control, "again": again, "why": why, "late": late,
    }  # fmt: skip
    return _keep(house, actor, looked.books, by.map.body, decide, request)


def save_map_of(house: House, actor: Actor, books: Books, by: ReadMap) -> Done | Refused:
    """Keep a map under its name, so that the next month needs no file."""
    wrong = next((each for each in fits_pool(books, by) if blocks([each])), None)
    if wrong:
        return Refused(f"{wrong.says} {wrong.remedy}")
    document = map_document(by)

    def decide(now: Books, on_behalf_of: str) -> Decision | Refused:
        decided = save_map(now, by, document.digest, on_behalf_of)
        return (
            decided if isinstance(decided, Refused) else Decision(decided.facts, decided.answer, (document,))
        )

    return _keep(house, actor, books, by.map.body, decide, {"save_map": document.digest})


def clear_suspense_of(
    house: House, actor: Actor, books: Books, by: ReadMap, why: str, *, late: bool = False
) -> Done | Refused:
    """Take out of suspense what a map knows, with the reasons."""
    wrong = next((each for each in fits_pool(books, by) if blocks([each])), None)
    if wrong:
        return Refused(f"{wrong.says} {wrong.remedy}")
    document, reasons = map_document(by), _reasons(house, why)
    if reasons is None:
        return Refused("Why do these lines belong there? Give the reasons.")
    if isinstance(reasons, Refused):
        return reasons

    def decide(now: Books, on_behalf_of: str) -> Decision | Refused:
        decided = clear_suspense(
            now, by, document.digest, reasons.digest, today=house.today, late=late, on_behalf_of=on_behalf_of
        )
        return (
            decided
            if isinstance(decided, Refused)
            else Decision(decided.facts, decided.answer, (document, reasons))
        )

    request = {"clear_suspense": document.digest, "why": why, "late": late}
    return _keep(house, actor, books, by.map.body, decide, request)


def forecast_of_officer(
    house: House, actor: Actor, pool: str, year: str, scheme: str, source: str, pence: Pence | None
) -> Done | Refused:
    """An officer of the host enters a forecast; the straight line of today where no amount is given."""

    def decide(keeping: Keeping) -> Decision | Refused:
        return make_forecast(
            keeping.books, scheme, source, pence, today=house.today, on_behalf_of=_host(keeping)
        )

    return keep(
        house,
        actor,
        pool,
        year,
        "keep_books",
        decide,
        {"forecast": pence, "scheme": scheme, "source": source},
    )


def explain_variance_of(
    house: House, actor: Actor, pool: str, year: str, scheme: str, source: str, through: str, why: str
) -> Done | Refused:
    """An officer of the host says why a scheme's source is off its budget up to a month."""
    reasons = _reasons(house, why)
    if reasons is None:
        return Refused("Why is it off its budget? Give the reasons.")
    if isinstance(reasons, Refused):
        return reasons

    def decide(keeping: Keeping) -> Decision | Refused:
        decided = explain_variance(
            keeping.books, scheme, source, through, reasons.digest, on_behalf_of=_host(keeping)
        )
        return (
            decided if isinstance(decided, Refused) else Decision(decided.facts, decided.answer, (reasons,))
        )

    request = {"explain": why, "scheme": scheme, "source": source, "through": through}
    return keep(house, actor, pool, year, "keep_books", decide, request)


def reasons_in_words(house: House, digest: str) -> str:
    """The words of reasons that were given; what is said where they were withdrawn."""
    document = house.journal.document(digest)
    return document.content.decode() if isinstance(document, Document) else "withdrawn"


def _host(keeping: Keeping) -> str | None:
    return host_body(keeping.books.opening) if keeping.books.opening else None


def _reasons(house: House, why: str) -> Document | Refused | None:
    """Reasons as they are kept: salted words that can be withdrawn; None where there are none."""
    why = seen(why)
    if len(why) > LONGEST_REASONS:
        return Refused(
            f"Give the reasons in at most {LONGEST_REASONS:,} characters; these have {len(why):,}."
        )
    return Document("reasons", "text/plain; charset=utf-8", why.encode(), house.salt()) if why else None


@dataclass(frozen=True, slots=True)
class _State:
    """What one attempt rests on."""

    books: Books
    permit: Permit | Refused
    body: str


def _keep(
    house: House, actor: Actor, first: Books, partner: str, decide: Callable[[Books, str], Decision | Refused],
    request: Mapping[str, object],
) -> Done | Refused:  # fmt: skip
    """What all that comes from a body's ledger has in common: the authority, read with the books.

    First that of an office in the body itself; else that of those who keep the books of the host.
    """
    pool, year, rules = first.pool, first.year, authorities(house)
    opening = books_now(house, pool, year).opening
    if opening is None:
        raise NotHere(f"There is no pool {pool} of {year}. A pool is there once its host has opened it.")
    found = opening.partner(partner)
    if found is None:
        return Refused(f"{partner} is no partner of the agreement. Import the ledger of a partner.")
    own = body_id(BodyKind.CCG if found.kind == "ccg" else BodyKind.COUNCIL, partner)
    ways = dict.fromkeys(((own, ACTION), (host_body(opening), "keep_books")))

    def load(reading: Reading) -> _State:
        permits = []
        for body, action in ways:
            held = holdings(reading.read(office_stream(body)))
            permits.append((body, may(rules.of(action), held, actor.account, body, house.today)))
        body, permit = next((each for each in permits if isinstance(each[1], Permit)), permits[0])
        return _State(house.shelf.now(pool, year, reading.after), permit, body)

    def allowed(state: _State) -> Decision | Refused:
        return state.permit if isinstance(state.permit, Refused) else decide(state.books, state.body)

    asked = {"action": ACTION, "pool": pool, "year": year, "body": partner, **request}
    return perform(
        house.journal, allowed, load=load, by=actor.account, key=actor.key, request=asked, clock=house.clock
    )
