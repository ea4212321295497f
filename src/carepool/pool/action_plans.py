"""Action plans: a scheme that is off track has one, by an office and a day, and its progress is told.

Pure, on the books as read; what off track is stands in the agreement, and comes in as a value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, in_pounds
from carepool.basics.periods import in_words
from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision
from carepool.pool import record_facts
from carepool.pool.accounts import Event, Heading
from carepool.pool.books import Books, stream_of
from carepool.pool.outturn import Line, outturn
from carepool.pool.releases import not_open


@dataclass(frozen=True, slots=True)
class Track:
    """When a scheme is off track, as the agreement has it."""

    part: Fraction | None
    """Of its budget."""
    pence: Pence | None
    due_in: int
    """Days."""
    progress_every: int | None
    clause: str
    non_recurrent: frozenset[str] | None = None
    """The schemes that what is not spent may go to; None where it may go anywhere."""

    def off(self, line: Line) -> bool:
        """Whether the variance passes all that is written."""
        size = abs(line.variance)
        return size > 0 and size > (self.part or 0) * line.budget and size > (self.pence or 0)


def make_plan(
    books: Books,
    scheme: str,
    document: str,
    due: date,
    office: str,
    *,
    today: date,
    on_behalf_of: str | None = None,
) -> Decision | Refused:
    """Say what is done about a scheme, by when, and which office answers for it. A later plan takes the place of it."""
    if books.opening is None:
        return not_open(books)
    if books.opening.scheme(scheme) is None:
        having = ", ".join(each.id for each in books.opening.schemes) or "none"
        return Refused(f"The pool has no scheme {scheme or 'without an id'}. It has: {having}.")
    if not document or not office:
        return Refused("An action plan is a document, and an office answers for it. Give both.")
    if due < today:
        return Refused(f"{in_words(due)} is over. Give a day by which it can be done.")
    fact = record_facts.action_plan_made(books.pool, books.year, scheme, document, due, office, on_behalf_of)
    return Decision((fact,), {"stream": stream_of(books.pool, books.year), "scheme": scheme, "due": due})


def tell_progress(
    books: Books, scheme: str, document: str, *, done: bool, on_behalf_of: str | None = None
) -> Decision | Refused:
    """Tell how a scheme's action plan gets on, or that it is done."""
    found = books.records.action_plans.get(scheme)
    if found is None or found.done:
        return Refused(f"No action plan is under way for the scheme {scheme or 'without an id'}. Make one first.")  # fmt: skip
    fact = record_facts.progress_told(
        books.pool, books.year, scheme, document, done=done, on_behalf_of=on_behalf_of
    )
    return Decision((fact,), {"stream": stream_of(books.pool, books.year), "scheme": scheme, "done": done})


def off_track(
    books: Books, track: Track | None, today: date, forecasts: Mapping[str, Pence] | None = None
) -> tuple[Finding, ...]:
    """Schemes off track without an action plan, plans that are due or not told of, and what went where it may not."""
    if track is None:
        return ()
    rule = f"clause {track.clause}"
    lines = outturn(books, forecasts).lines
    found = [each for line in lines if (each := _of_scheme(books, track, line, today, rule))]
    if track.non_recurrent is not None:
        found += _recurrent(books, track.non_recurrent, rule)
    return tuple(found)


def _of_scheme(books: Books, track: Track, line: Line, today: date, rule: str) -> Finding | None:
    plan = books.records.action_plans.get(line.scheme)
    where = f"schemes/{line.scheme}"
    if plan is None or (plan.done and track.off(line)):
        if not track.off(line):
            return None
        way = "over" if line.variance > 0 else "under"
        return Finding(
            "pool-off-track", Severity.WARNING, where,
            f"{line.title} is expected to come out {in_pounds(abs(line.variance))} {way} its budget of {in_pounds(line.budget)}.",
            f"Bring an action plan to the next meeting, by {in_words(today + timedelta(days=track.due_in))}.", rule,
        )  # fmt: skip
    if plan.done:
        return None
    if today > plan.due:
        return Finding(
            "pool-plan-overdue", Severity.WARNING, where,
            f"The action plan for {line.title} was to be done by {in_words(plan.due)}.",
            f"Ask the {plan.office.replace('_', ' ')} to tell that it is done, or to make another.", rule,
        )  # fmt: skip
    if track.progress_every and today > plan.last_told + timedelta(days=track.progress_every):
        return Finding(
            "pool-progress-due", Severity.WARNING, where,
            f"Nothing was told of the action plan for {line.title} since {in_words(plan.last_told)}.",
            f"Ask the {plan.office.replace('_', ' ')} how it gets on.", rule,
        )  # fmt: skip
    return None


def _recurrent(books: Books, allowed: frozenset[str], rule: str) -> list[Finding]:
    """Budget that was moved to a scheme that goes on in the next year."""
    return [
        Finding(
            "pool-recurrent-use", Severity.WARNING, f"postings/{each.id}",
            f"Posting {each.id} moved {in_pounds(line.pence)} to {line.debit.party}, which goes on in the next year.",
            "What is not spent goes only to what does not recur: move it back, or record that the partners agree.", rule,
        )
        for each in books.postings
        if each.event is Event.REDEPLOYED and each.id not in books.reversed
        for line in each.lines
        if line.debit.heading is Heading.BUDGET and line.debit.party not in allowed
    ]  # fmt: skip
