"""Whether an extract may be entered in a pool's books now, and what it adds; and suspense cleared by a map that knows more.

Pure, on the books as read. A month of a ledger comes in once; a correction and a year-to-date extract post the difference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, in_pounds
from carepool.basics.periods import in_words
from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision
from carepool.journal.facts import NewFact
from carepool.pool import actual_facts, facts
from carepool.pool.accounts import Account, Event, Heading, Posting, beyond, faulty
from carepool.pool.actuals import Key, Ledger, Month, Move, Part, change, clearing, entries
from carepool.pool.books import Books, Opening, day_of, stream_of
from carepool.pool.entering import first_open, last_of_month, not_now
from carepool.pool.events import Asked
from carepool.pool.extracts import Extract
from carepool.pool.maps import RULE, ReadMap, map_fault
from carepool.pool.releases import not_open


def fits_pool(books: Books, by: ReadMap) -> list[Finding]:
    """What in a map is nothing of this pool: a body that is no partner, a scheme that it does not pay for, a source without budget."""
    opening = books.opening
    if opening is None:
        return []
    found = []
    if opening.partner(by.map.body) is None:
        having = ", ".join(each.code for each in opening.partners)
        says = f"names {by.map.body}, which is no partner of the agreement"
        found.append(map_fault(by.file, by.lines.at(("body",)), says, f"Name one of {having}."))
    if by.map.pool and by.map.pool != books.pool:
        says = f"is for the pool {by.map.pool}, and this is {books.pool}"
        found.append(map_fault(by.file, by.lines.at(("pool",)), says, "Use a map of this pool."))
    ids = ", ".join(each.id for each in opening.schemes) or "none"
    for rule in by.map.rules:
        scheme = opening.scheme(rule.scheme)
        if rule.scheme and scheme is None:
            says = f"names the scheme {rule.scheme}, which the pool does not have"
            found.append(map_fault(by.file, by.line(rule), says, f"Name one of {ids}."))
        elif scheme and not books.balances.get(Account(Heading.BUDGET, scheme.id, rule.source), 0):
            says = f"names {rule.source} for {scheme.title}, which has no budget of it"
            having = ", ".join(sorted(scheme.budgets)) or "none"
            each = map_fault(by.file, by.line(rule), says, f"Its budget is from: {having}.")
            found.append(replace(each, severity=Severity.WARNING))
    for name in by.map.profiles:
        if opening.scheme(name) is None:
            says = f"has a profile of {name}, which is no scheme of the pool"
            found.append(map_fault(by.file, by.lines.at(("profiles", name)), says, f"Name one of {ids}."))
    return found


@dataclass(frozen=True, slots=True)
class Importing:
    """What is asked beside the extract itself."""

    extract: str
    """The digest of the extract as a document, and of the map."""
    map: str
    today: date
    again: bool = False
    """Whether it corrects a month that is there."""
    why: str | None = None
    """The digest of the reasons of a correction."""
    late: bool = False
    """Whether it is a late adjustment, after March is closed."""


def import_extract(
    books: Books, extract: Extract, by: ReadMap, asked: Importing, on_behalf_of: str | None = None
) -> Decision | Refused:
    """Enter what an extract adds to what is there: one posting, and the fact that it came in."""
    opening, ledger = books.opening, books.actuals.ledger(extract.body)
    if opening is None:
        return not_open(books)
    refused = _unfit(books, opening, extract, asked) or _twice(ledger, extract, asked)
    if refused:
        return refused
    added = change(ledger, extract.period, extract.kind, extract.totals)
    lines = entries(extract.body, added)
    if asked.again and not added:
        return Refused(
            f"The extract comes to what was imported of {_named(extract.period)} before. There is nothing to correct."
        )
    on = _dated(books, extract.period, asked)
    refused = not_now(books, Asked(Event.IMPORTED, on, late=asked.late)) or (
        faulty(books.balances, lines) or beyond(books.turned + sum(each.pence for each in lines))
        if lines
        else None
    )
    if refused:
        return refused
    says = f"{extract.body}'s ledger of {_named(extract.period)}{', corrected' if asked.again else ''}"
    cites = (asked.extract, asked.map, *([asked.why] if asked.why else []))
    new: list[NewFact] = list(_saving(books, by, asked.map, on_behalf_of))
    posting = ""
    if lines:
        posting = str(books.version + len(new) + 1)
        entry = Posting(posting, says, on, lines, cites, Event.IMPORTED, late=asked.late)
        new.append(facts.posted(books.pool, books.year, entry, on_behalf_of))
    new.append(
        actual_facts.extract_imported(
            books, extract.body, extract.period, extract.kind, asked.extract, asked.map, extract.totals,
            control=extract.control, lines=len(extract.lines), ignored=extract.ignored, vat=extract.vat, posting=posting,
            again=asked.again, why=asked.why, on_behalf_of=on_behalf_of,
        )
    )  # fmt: skip
    answer = {
        "stream": stream_of(books.pool, books.year), "body": extract.body, "period": extract.period, "posting": posting,
        "posted_pence": sum(added.values()), "control_pence": extract.control,
    }  # fmt: skip
    return Decision(tuple(new), answer)


def save_map(books: Books, by: ReadMap, digest: str, on_behalf_of: str | None = None) -> Decision | Refused:
    """Keep a map under its name; one that is kept already writes nothing."""
    if books.opening is None:
        return not_open(books)
    answer = {"stream": stream_of(books.pool, books.year), "name": by.map.name, "map": digest}
    return Decision(_saving(books, by, digest, on_behalf_of), answer)


def _saving(books: Books, by: ReadMap, digest: str, on_behalf_of: str | None) -> tuple[NewFact, ...]:
    kept = books.actuals.maps.get(by.map.name)
    if kept and kept.digest == digest:
        return ()
    return (actual_facts.map_saved(books, by.map.name, by.map.body, digest, by.map.profiles, on_behalf_of),)


def _unfit(books: Books, opening: Opening, extract: Extract, asked: Importing) -> Refused | None:
    if opening.partner(extract.body) is None:
        return Refused(f"{extract.body} is no partner of the agreement. Import the ledger of a partner.")
    try:
        last = last_of_month(extract.period)
    except ValueError:
        return Refused(f"“{extract.period}” is no month. Write it like {books.first_day:%Y-%m}.")
    if not books.first_day <= last <= books.last_day:
        return Refused(
            f"{_named(extract.period)} is not in {books.year}. Import it into the books of its own year."
        )
    if asked.today <= last:
        return Refused(
            f"{_named(extract.period)} is not over, and its ledger can still change. Import it once the month has ended, "
            f"after {in_words(last)}."
        )
    if asked.again and not asked.why:
        return Refused("Why is the month imported again? Give the reasons.")
    return None


def _twice(ledger: Ledger, extract: Extract, asked: Importing) -> Refused | None:
    before = ledger.months.get(extract.period)
    if before and not asked.again:
        return Refused(
            f"{extract.body}'s ledger of {_named(extract.period)} was imported on {in_words(day_of(before.at))}, with a control "
            f"total of {in_pounds(before.control)}. If this extract corrects it, import it again and say why: only the difference is posted."
        )
    if asked.again and not before:
        return Refused(
            f"{extract.body}'s ledger of {_named(extract.period)} has not been imported. Import it as what it is, the first."
        )
    if extract.period < ledger.last_cumulative:
        return Refused(
            f"The extract of {_named(ledger.last_cumulative)} held the year to date, {_named(extract.period)} with it. "
            f"Correct {_named(ledger.last_cumulative)} instead."
        )
    return None


def _dated(books: Books, period: str, asked: Importing) -> date:
    """The last day of its month; of a correction to a closed month, a day of the first open one."""
    last = last_of_month(period)
    if asked.late:
        return books.last_day
    if asked.again and books.closed_through and last <= books.closed_through < books.last_day:
        first = first_open(books)
        return max(first, min(asked.today, last_of_month(f"{first:%Y-%m}")))
    return last


def _named(period: str) -> str:
    return f"{last_of_month(period):%B %Y}"


# Suspense.


def moves_by(books: Books, by: ReadMap) -> tuple[Move, ...]:
    """What a map knows of what is in suspense of its body: month by month, of codes that do not come to nothing."""
    ledger = books.actuals.ledger(by.map.body)
    left = {key[1:] for key in ledger.unknown()}
    moves = []
    for period, month in sorted(ledger.months.items()):
        for cost_centre, subjective in sorted({key[1:] for key in month.posted} & left):
            net, vat = (
                month.posted.get((part, cost_centre, subjective), 0)
                for part in (Part.SUSPENSE, Part.SUSPENSE_VAT)
            )
            rule = by.rule(cost_centre, subjective)
            if rule and (net or vat):
                moves.append(Move(period, cost_centre, subjective, rule.scheme, rule.source, net, vat))
    return tuple(moves)


def clear_suspense(
    books: Books,
    by: ReadMap,
    digest: str,
    why: str,
    *,
    today: date,
    late: bool = False,
    on_behalf_of: str | None = None,
) -> Decision | Refused:
    """Take out of suspense what a map knows; ``digest`` is the map's and ``why`` that of the reasons."""
    if books.opening is None:
        return not_open(books)
    body, moves = by.map.body, moves_by(books, by)
    if not moves:
        there = in_pounds(sum(books.actuals.ledger(body).unknown().values()))
        return Refused(
            f"{there} of {body}'s ledger is in suspense, and the map has no rule for any of it. Add rules, then clear it."
        )
    lines = clearing(body, moves)
    on = books.last_day if late else _clearing_day(books, moves, today)
    refused = not_now(books, Asked(Event.IMPORTED, on, late=late)) or (
        faulty(books.balances, lines) or beyond(books.turned + sum(each.pence for each in lines))
        if lines
        else None
    )
    if refused:
        return refused
    new = list(_saving(books, by, digest, on_behalf_of))
    posting = ""
    if lines:
        posting = str(books.version + len(new) + 1)
        entry = Posting(
            posting, f"{body}'s suspense cleared", on, lines, (digest, why), Event.IMPORTED, late=late
        )
        new.append(facts.posted(books.pool, books.year, entry, on_behalf_of))
    new.append(actual_facts.suspense_cleared(books, body, digest, why, moves, posting, on_behalf_of))
    cleared = sum(each.pence + each.irrecoverable for each in moves)
    answer = {
        "stream": stream_of(books.pool, books.year),
        "body": body,
        "posting": posting,
        "cleared_pence": cleared,
    }
    return Decision(tuple(new), answer)


def _clearing_day(books: Books, moves: tuple[Move, ...], today: date) -> date:
    """The last day of the last month that it is of, or where that is closed a day of the first open one."""
    last, first = last_of_month(max(each.period for each in moves)), first_open(books)
    return last if last >= first else max(first, min(today, last_of_month(f"{first:%Y-%m}")))


# The same lines twice.


def others(books: Books, extract: Extract) -> Iterator[tuple[str, Month]]:
    """Every import but that of its own body and month, whose pounds it could repeat.

    What a body's ledger holds for the year to date may be what it held the month before: that enters no pound again.
    """
    for body, ledger in sorted(books.actuals.ledgers.items()):
        for period, month in sorted(ledger.months.items()):
            own = body == extract.body
            if (own and period == extract.period) or (own and extract.kind == month.kind == "cumulative"):
                continue
            yield body, month


def repeats(extract: Extract, body: str, month: Month) -> Refused:
    """That a file is one that came in before, as another month or another body's."""
    return Refused(
        f"This very file came in as {body}'s ledger of {_named(month.period)} on {in_words(day_of(month.at))}, and its pounds would "
        f"be there twice as {extract.body}'s of {_named(extract.period)}. Hand in the extract of that month and body; if the other "
        "import was the wrong one, correct that first."
    )


def perhaps_repeated(books: Books, extract: Extract) -> list[Finding]:
    """Imports that came to the very same, line for line as far as the books know: perhaps the file was only saved anew."""
    return [
        Finding(
            "extract-repeated", Severity.WARNING, f"ledgers/{extract.body}/{extract.period}",
            f"{extract.file} comes to what {body}'s ledger of {_named(month.period)} came to: {len(extract.lines):,} lines, "
            f"{in_pounds(extract.control)}, and the same by scheme and source.",
            "Make sure that it is not the same extract handed in again.", RULE,
        )
        for body, month in others(books, extract)
        if (month.control, month.lines) == (extract.control, len(extract.lines))
        and extract.control
        and {key: pence for key, pence in month.posted.items() if pence}
        == {key: pence for key, pence in extract.totals.items() if pence}
    ]  # fmt: skip


# What is to be looked at.


def findings_of(books: Books) -> list[Finding]:
    """What the books say of ledgers that somebody should look at: suspense, months that are missing, pounds that may be there twice."""
    found: list[Finding] = []
    for body, ledger in sorted(books.actuals.ledgers.items()):
        found += _suspense(body, ledger) + _missing(books, body, ledger) + _by_hand(books, body, ledger)
    return found


def _finding(code: str, where: str, says: str, remedy: str) -> Finding:
    return Finding(code, Severity.WARNING, where, says, remedy, RULE)


def _suspense(body: str, ledger: Ledger) -> list[Finding]:
    unknown = ledger.unknown()
    codes: dict[tuple[str, str], Pence] = {}
    for (_, cost_centre, subjective), pence in unknown.items():
        codes[cost_centre, subjective] = codes.get((cost_centre, subjective), 0) + pence
    return [
        _finding(
            "suspense", f"suspense/{body}/{cost_centre}/{subjective}".rstrip("/"),
            f"{in_pounds(pence)} of {body}'s ledger is in suspense: no rule is for {f'{cost_centre} {subjective}'.strip()}.",
            "Add a rule for it to the map, and clear the suspense by it.",
        )
        for (cost_centre, subjective), pence in sorted(codes.items())
    ]  # fmt: skip


def _missing(books: Books, body: str, ledger: Ledger) -> list[Finding]:
    """Months before the last that no extract holds."""
    found, month = [], books.first_day
    while f"{month:%Y-%m}" < ledger.last:
        if not ledger.covers(f"{month:%Y-%m}"):
            found.append(
                _finding(
                    "month-missing", f"ledgers/{body}/{month:%Y-%m}", f"{body}'s ledger of {month:%B %Y} has not been imported, and a later month has.",
                    "Import it, or import the year to date.",
                )
            )  # fmt: skip
        month = date.fromordinal(last_of_month(f"{month:%Y-%m}").toordinal() + 1)
    return found


def _by_hand(books: Books, body: str, ledger: Ledger) -> list[Finding]:
    """What was entered by hand as spent or accrued of a body and a month whose ledger has come in: it may be in both."""
    schemes = {key[1] for key in ledger.posted() if key[0] in {Part.SPENT, Part.IRRECOVERABLE}}
    anything = bool(ledger.unknown())
    others = {each.code for each in books.opening.partners} - {body} if books.opening else set()
    hosts = bool(books.opening and books.opening.host == body)
    found = []
    for posting in books.postings:
        if posting.event not in {Event.SPENT, Event.ACCRUED} or not ledger.covers(f"{posting.on:%Y-%m}"):
            continue
        line = next(each for each in posting.lines if each.credit.heading in {Heading.OWED, Heading.ACCRUED})
        payee = line.credit.party
        # The host's ledger holds whatever it pays for the pool; another's only what it spends itself.
        its_own = payee not in others if hosts else payee == body
        scheme = line.debit.party if line.debit.heading is not Heading.VAT else ""
        left = 0 if posting.id in books.reversed else _left(books, posting)
        if its_own and left and (scheme in schemes or anything):
            found.append(
                _finding(
                    "hand-and-ledger", f"postings/{posting.id}",
                    f"{in_pounds(left)} for {scheme or payee} was entered by hand in {posting.on:%B %Y} (posting {posting.id}), and {body}'s ledger of that month "
                    "has come in: the pound may be there twice.",
                    "Reverse what the ledger holds too; leave only what it does not hold.",
                )
            )  # fmt: skip
    return found


def _left(books: Books, posting: Posting) -> Pence:
    if posting.event is Event.ACCRUED:
        return books.open.get(posting.id, 0)
    return sum(
        each.pence for each in posting.lines if each.debit.heading in {Heading.SPENT, Heading.IRRECOVERABLE}
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What an extract holds for a scheme and a source, beside the last import of that ledger."""

    scheme: str
    source: str
    pence: Pence
    """VAT that cannot be had back among it."""
    last: Pence
    """Of the last month imported up to its own; of an extract of the year to date, of all of them."""

    @property
    def difference(self) -> Pence:
        """How much more it is."""
        return self.pence - self.last


def beside_last(books: Books, extract: Extract) -> tuple[str, tuple[Beside, ...]]:
    """The last month imported of a ledger, empty for none, and every scheme and source of the extract or of it beside each other."""
    ledger = books.actuals.ledger(extract.body)
    before = max((each for each in ledger.months if each <= extract.period), default="")
    there: Mapping[Key, Pence] = {}
    if before:
        there = ledger.posted(before) if extract.kind == "cumulative" else ledger.months[before].posted
    now, last = by_scheme(extract.totals), by_scheme(there)
    return before, tuple(
        Beside(*line, now.get(line, 0), last.get(line, 0)) for line in sorted(now.keys() | last.keys())
    )


def by_scheme(totals: Mapping[Key, Pence]) -> dict[tuple[str, str], Pence]:
    """What is mapped, by scheme and source, VAT that cannot be had back among it."""
    found: dict[tuple[str, str], Pence] = {}
    for (part, scheme, source), pence in totals.items():
        if part in {Part.SPENT, Part.IRRECOVERABLE}:
            found[scheme, source] = found.get((scheme, source), 0) + pence
    return found
