"""What a joint board should look at in a statement: what is late, over, under, unexplained or not yet certain."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, in_pounds, round_half_up
from carepool.basics.periods import in_words
from carepool.pool.cash import Cash, Paid
from carepool.pool.outlook import Progress
from carepool.pool.periods import Period

RULE = "SI 2000/617, regulation 7(5)"
AGREEMENT = "the section 75 agreement"
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at."""

    period: Period
    known_on: date
    closed: bool
    schemes: tuple[Progress, ...]
    instalments: tuple[Paid, ...]
    cash: Cash
    suspense: Pence
    entered_late: tuple[str, ...]
    since_given: tuple[str, ...]
    after_the_year: tuple[str, ...]
    threshold: Decimal
    names: Mapping[str, str]
    """What parties are called; by its code who is not in it."""


def look(found: Look) -> tuple[Finding, ...]:
    """Every finding, what needs a look before what informs."""
    every = [
        *_certain(found), *_instalments(found.instalments, found.names), *_schemes(found.schemes, found.threshold), *_cash(found.cash),
        *_suspense(found.suspense), *_changes(found),
    ]  # fmt: skip
    order = list(Severity)
    return tuple(sorted(every, key=lambda each: order.index(each.severity)))


def _certain(found: Look) -> Iterator[Finding]:
    title = found.period.title
    if found.known_on <= found.period.last:
        yield _note(
            "period-not-over", "period", f"{title} is not over: this is what was known on {in_words(found.known_on)}.",
            f"Make it again after {in_words(found.period.last)}.",
        )  # fmt: skip
    elif not found.closed:
        yield _note(
            "period-open", "period", f"{title} is not closed, so more can still be entered in it.",
            "Close its months, then give the statement.",
        )  # fmt: skip
    if found.after_the_year:
        yield _note(
            "after-the-year", "period",
            f"{_count(found.after_the_year)} dated after the year's last day, and in no statement of it: {_named(found.after_the_year)}.",
            "Say what they are for where they are shown.",
        )  # fmt: skip


def _instalments(paid: Iterable[Paid], names: Mapping[str, str]) -> Iterator[Finding]:
    for each in paid:
        if each.late:
            due = each.instalment
            name = names.get(due.partner, due.partner)
            clause = f", clause {due.clause}" if due.clause else ""
            yield _warning(
                "instalment-late", f"instalments/{due.partner}/{due.on}",
                f"{name} was to pay {in_pounds(due.pence)} on {in_words(due.on)}; {in_pounds(each.short)} of it is not in.",
                f"Ask {name} when it comes.", f"{AGREEMENT}{clause}",
            )  # fmt: skip


def _schemes(lines: tuple[Progress, ...], threshold: Decimal) -> Iterator[Finding]:
    """A scheme from all its sources together: one source of it can pay for what another was to."""
    for scheme in dict.fromkeys(each.scheme for each in lines):
        of = [each for each in lines if each.scheme == scheme]
        budget, forecast = sum(each.budget for each in of), sum(each.forecast for each in of)
        over = forecast - budget
        if not over or abs(over) * HUNDRED < threshold * budget:
            continue
        part = f", {round_half_up(abs(over) * HUNDRED / budget, 1)}% of its budget" if budget else ""
        more = over > 0
        says = f"{of[0].title} is forecast to come to {in_pounds(abs(over))} {'more' if more else 'less'} than its {in_pounds(budget)}{part}."
        remedy = (
            "Bring an action plan to the next meeting." if more else "Decide what becomes of what is over."
        )
        make = _warning if more else _note
        yield make("scheme-over" if more else "scheme-under", f"schemes/{scheme}", says, remedy, AGREEMENT)


def _cash(found: Cash) -> Iterator[Finding]:
    short = next((each for each in found.months if each.balance < 0), None)
    if short:
        yield _warning(
            "cash-short", f"cash/{short.month}",
            f"The account is expected to be {in_pounds(-short.balance)} short at the end of {short.month}.",
            "Have contributions paid in sooner, or pay later.",
        )  # fmt: skip


def _suspense(pence: Pence) -> Iterator[Finding]:
    if pence:
        yield _warning(
            "suspense", "suspense", f"{in_pounds(pence)} from ledgers is for no scheme that is known.",
            "Say which scheme and source each of its lines is for.",
        )  # fmt: skip


def _changes(found: Look) -> Iterator[Finding]:
    if found.since_given:
        yield _note(
            "given-before", "period",
            f"A statement of {found.period.title} was given before. {_count(found.since_given)} entered since: {_named(found.since_given)}.",
            "Tell whoever had it what has changed.",
        )  # fmt: skip
    if found.entered_late:
        yield _note(
            "entered-late", "period",
            f"{_count(found.entered_late)} entered late, of a time before: {_named(found.entered_late)}.",
            "They count in the months that they are dated in.",
        )  # fmt: skip
    moved = [
        (abs(each.forecast - each.forecast_before), each)
        for each in found.schemes
        if each.forecast_before is not None and each.forecast != each.forecast_before
    ]
    if moved:
        by, each = max(moved, key=lambda one: one[0])
        yield _note(
            "forecast-changed", f"schemes/{each.scheme}",
            f"The forecast of {each.title} from {each.source} has moved by {in_pounds(by)} since the statement given last.",
            "Have it explained.",
        )  # fmt: skip


def _count(names: tuple[str, ...]) -> str:
    return "1 posting was" if len(names) == 1 else f"{len(names):,} postings were"


def _named(names: tuple[str, ...], most: int = 6) -> str:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def _note(code: str, where: str, says: str, remedy: str, rule: str = RULE) -> Finding:
    return Finding(code, Severity.NOTE, where, says, remedy, rule)


def _warning(code: str, where: str, says: str, remedy: str, rule: str = RULE) -> Finding:
    return Finding(code, Severity.WARNING, where, says, remedy, rule)
