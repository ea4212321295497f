"""How ledgers, suspense and forecasts are written in a pool's stream, and what they come to; a fact that cannot be is refused."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from carepool.basics.money import Pence
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind as FactKind
from carepool.pool.accounts import Entry
from carepool.pool.actuals import (
    Actuals,
    Forecast,
    Kind,
    Ledger,
    Month,
    Move,
    Part,
    SavedMap,
    Totals,
    change,
    clearing,
    entries,
    total,
)  # fmt: skip
from carepool.pool.books import Books, stream_of

KINDS = (
    FactKind("LedgerMapSaved", cites=("map",)),
    FactKind("ExtractImported", cites=("extract", "map", "why")),
    FactKind("SuspenseCleared", cites=("map", "why")),
    FactKind("ForecastMade"),
    FactKind("VarianceExplained", cites=("reasons",)),
)
Lines = tuple[Entry, ...]
"""What the posting before a fact has entered; none where there is no such posting."""


def map_saved(
    books: Books,
    name: str,
    body: str,
    digest: str,
    profiles: Mapping[str, tuple[int, ...]],
    on_behalf_of: str | None,
) -> NewFact:
    """The fact that a map is kept under a name."""
    told = [{"scheme": scheme, "weights": list(weights)} for scheme, weights in sorted(profiles.items())]
    return _new(
        books, "LedgerMapSaved", {"name": name, "body": body, "map": digest, "profiles": told}, on_behalf_of
    )


def extract_imported(
    books: Books, body: str, period: str, kind: Kind, extract: str, map_digest: str, totals: Totals, *,
    control: Pence, lines: int, ignored: Pence, vat: Pence, posting: str, again: bool, why: str | None, on_behalf_of: str | None,
) -> NewFact:  # fmt: skip
    """The fact that an extract came in, with all that it came to; what it added is in the posting, if anything."""
    content = {
        "body": body, "period": period, "kind": kind, "extract": extract, "map": map_digest, "control": control,
        "lines": lines, "mapped": _rows_of(totals, Part.SPENT, Part.IRRECOVERABLE, "scheme", "source"),
        "suspense": _rows_of(totals, Part.SUSPENSE, Part.SUSPENSE_VAT, "cost_centre", "subjective"),
        "ignored": ignored, "vat": vat, "posting": posting, "again": again, "why": why,
    }  # fmt: skip
    return _new(books, "ExtractImported", content, on_behalf_of)


def _rows_of(totals: Totals, net: Part, vat: Part, first: str, second: str) -> list[dict[str, object]]:
    names = sorted({key[1:] for key in totals if key[0] in {net, vat}})
    return [
        {first: one, second: other, "pence": totals.get((net, one, other), 0), "irrecoverable": totals.get((vat, one, other), 0)}
        for one, other in names
    ]  # fmt: skip


def suspense_cleared(
    books: Books,
    body: str,
    map_digest: str,
    why: str,
    moves: Iterable[Move],
    posting: str,
    on_behalf_of: str | None,
) -> NewFact:
    """The fact that suspense was cleared by a map, with the reasons."""
    told = [
        {
            "period": each.period, "cost_centre": each.cost_centre, "subjective": each.subjective, "scheme": each.scheme,
            "source": each.source, "pence": each.pence, "irrecoverable": each.irrecoverable,
        }
        for each in moves
    ]  # fmt: skip
    content = {"body": body, "map": map_digest, "why": why, "moves": told, "posting": posting}
    return _new(books, "SuspenseCleared", content, on_behalf_of)


def forecast_made(books: Books, forecast: Forecast, on_behalf_of: str | None) -> NewFact:
    """The fact that the year's outturn of a scheme's source is expected to be so much."""
    content = {
        "scheme": forecast.scheme, "source": forecast.source, "pence": forecast.pence, "basis": forecast.basis,
        "on": forecast.on.isoformat(),
    }  # fmt: skip
    return _new(books, "ForecastMade", content, on_behalf_of)


def variance_explained(
    books: Books, scheme: str, source: str, through: str, reasons: str, on_behalf_of: str | None
) -> NewFact:
    """The fact that it was said why a scheme's source is off its budget, up to a month."""
    content = {"scheme": scheme, "source": source, "through": through, "reasons": reasons}
    return _new(books, "VarianceExplained", content, on_behalf_of)


def _new(books: Books, kind: str, body: Mapping[str, object], on_behalf_of: str | None) -> NewFact:
    return NewFact(stream_of(books.pool, books.year), kind, 1, body, on_behalf_of=on_behalf_of)


# The fold. Each raises ValueError with why the fact cannot be.


def _saved(actuals: Actuals, fact: Fact, lines: Lines) -> Actuals:  # noqa: ARG001 (all are asked alike)
    body = fact.body
    profiles = {str(each["scheme"]): tuple(map(int, each["weights"])) for each in _rows(body["profiles"])}
    found = SavedMap(str(body["name"]), str(body["body"]), str(body["map"]), profiles, fact.at)
    return replace(actuals, maps=MappingProxyType({**actuals.maps, found.name: found}))


def _imported(actuals: Actuals, fact: Fact, lines: Lines) -> Actuals:
    told = fact.body
    body, period = str(told["body"]), str(told["period"])
    kind: Kind = "cumulative" if told["kind"] == "cumulative" else "monthly"
    ledger, totals = actuals.ledger(body), _totals(told)
    before = ledger.months.get(period)
    if (before is not None) != bool(told["again"]):
        raise ValueError("a month of a ledger comes in once, and again only as a correction")
    if period < ledger.last_cumulative:
        raise ValueError("a later extract holds its month already")
    net = (pence for key, pence in totals.items() if key[0] in {Part.SPENT, Part.SUSPENSE})
    if sum(net) + _pence(told["ignored"]) != told["control"]:
        raise ValueError("it is not what the control total says")
    added = change(ledger, period, kind, totals)
    posting = str(told["posting"])
    if lines != entries(body, added):
        raise ValueError("its posting is not what it comes to")
    month = Month(
        period, kind, str(told["extract"]), str(told["map"]), _pence(told["control"]), _pence(told["lines"]),
        _pence(told["ignored"]), total((before.posted, added)) if before else added,
        (*(before.postings if before else ()), *([posting] if posting else [])), fact.by, fact.at,
        before.times + 1 if before else 1,
    )  # fmt: skip
    return _with_month(actuals, body, month)


def _totals(told: Mapping[str, object]) -> Totals:
    found = {}
    for rows, net, vat, first, second in (
        ("mapped", Part.SPENT, Part.IRRECOVERABLE, "scheme", "source"),
        ("suspense", Part.SUSPENSE, Part.SUSPENSE_VAT, "cost_centre", "subjective"),
    ):
        for each in _rows(told[rows]):
            names = str(each[first]), str(each[second])
            found[net, *names] = _pence(each["pence"])
            found[vat, *names] = _pence(each["irrecoverable"])
    return found


def _with_month(actuals: Actuals, body: str, month: Month) -> Actuals:
    months = {**actuals.ledger(body).months, month.period: month}
    ledger = Ledger(MappingProxyType(months))
    return replace(actuals, ledgers=MappingProxyType({**actuals.ledgers, body: ledger}))


def _cleared(actuals: Actuals, fact: Fact, lines: Lines) -> Actuals:
    body, posting = str(fact.body["body"]), str(fact.body["posting"])
    moves = [
        Move(
            str(each["period"]), str(each["cost_centre"]), str(each["subjective"]), str(each["scheme"]), str(each["source"]),
            _pence(each["pence"]), _pence(each["irrecoverable"]),
        )
        for each in _rows(fact.body["moves"])
    ]  # fmt: skip
    if lines != clearing(body, moves):
        raise ValueError("its posting is not what it comes to")
    for move in moves:
        month = actuals.ledger(body).months.get(move.period)
        if month is None or any(month.posted.get(key, 0) != -pence for key, pence in move.added.items() if key[0] in {Part.SUSPENSE, Part.SUSPENSE_VAT}):  # fmt: skip
            raise ValueError("it takes out of suspense what is not in it")
        postings = month.postings if posting in {"", *month.postings} else (*month.postings, posting)
        actuals = _with_month(
            actuals, body, replace(month, posted=total((month.posted, move.added)), postings=postings)
        )
    return actuals


def _forecast(actuals: Actuals, fact: Fact, lines: Lines) -> Actuals:  # noqa: ARG001 (all are asked alike)
    told = fact.body
    found = Forecast(
        str(told["scheme"]), str(told["source"]), _pence(told["pence"]),
        "straight_line" if told["basis"] == "straight_line" else "entered", date.fromisoformat(str(told["on"])), fact.by,
    )  # fmt: skip
    line = found.scheme, found.source
    made = (*actuals.forecasts.get(line, ()), found)
    return replace(actuals, forecasts=MappingProxyType({**actuals.forecasts, line: made}))


def _explained(actuals: Actuals, fact: Fact, lines: Lines) -> Actuals:  # noqa: ARG001 (all are asked alike)
    told = fact.body
    key = str(told["scheme"]), str(told["source"]), str(told["through"])
    return replace(actuals, reasons=MappingProxyType({**actuals.reasons, key: str(told["reasons"])}))


APPLY: Mapping[str, Callable[[Actuals, Fact, Lines], Actuals]] = {
    "LedgerMapSaved": _saved, "ExtractImported": _imported, "SuspenseCleared": _cleared, "ForecastMade": _forecast,
    "VarianceExplained": _explained,
}  # fmt: skip


def _rows(value: object) -> list[Any]:
    assert isinstance(value, list)  # noqa: S101 (written so above)
    return value


def _pence(value: object) -> Pence:
    assert isinstance(value, int)  # noqa: S101 (written so above)
    return value
