"""What came in from ledgers as data and in words: an import, suspense, and actual beside budget and forecast."""

from collections.abc import Callable, Sequence

from carepool.basics.findings import Finding
from carepool.basics.money import in_pounds
from carepool.pool.actuals import Ledger, Part
from carepool.pool.books import Books
from carepool.pool.extracts import Extract
from carepool.pool.importing import beside_last, findings_of
from carepool.pool.variances import Variance, explain_budget, explain_forecast, last_known, variances
from carepool.render.answers import working

Data = dict[str, object]
Words = Callable[[str], str]
"""Gives the words of a digest."""


def imported(
    books: Books, extract: Extract | None, findings: Sequence[Finding], answer: object, refused: str
) -> Data:
    """An import, or a check of one: what the extract comes to, what was entered, and every finding.

    ``books`` are those before it, so that it stands beside the last import.
    """
    told: Data = {"pool": books.pool, "year": books.year, "refused": refused or None, "entered": answer}
    if extract:
        last, lines = beside_last(books, extract)
        told |= {
            "file": extract.file,
            "body": extract.body,
            "period": extract.period,
            "kind": extract.kind,
            "lines": len(extract.lines),
            "control_pence": extract.control,
            "mapped_pence": extract.of(Part.SPENT),
            "irrecoverable_vat_pence": extract.of(Part.IRRECOVERABLE, Part.SUSPENSE_VAT),
            "recoverable_vat_pence": extract.vat,
            "suspense_pence": extract.of(Part.SUSPENSE),
            "ignored_pence": extract.ignored,
            "last_import": last or None,
            "schemes": [
                {
                    "scheme": each.scheme,
                    "source": each.source,
                    "pence": each.pence,
                    "last_import_pence": each.last,
                    "difference_pence": each.difference,
                }
                for each in lines
            ],
        }
    return told | {"findings": [each.as_data() for each in findings]}


def imported_text(books: Books, extract: Extract | None, answer: object, refused: str) -> str:
    """The same for a terminal, its findings apart."""
    lines = []
    if extract:
        lines.append(
            f"{extract.file}: {len(extract.lines):,} lines of {extract.body}'s ledger, {extract.period}, come to {in_pounds(extract.control)}, as the control total says."
        )
        lines.append(
            f"Mapped {in_pounds(extract.of(Part.SPENT))}, in suspense {in_pounds(extract.of(Part.SUSPENSE))}, ignored {in_pounds(extract.ignored)}; "
            f"VAT that is a cost {in_pounds(extract.of(Part.IRRECOVERABLE, Part.SUSPENSE_VAT))}."
        )
        last, beside = beside_last(books, extract)
        for each in beside:
            more = f", {in_pounds(each.difference)} beside the import of {last}" if last else ""
            lines.append(f"  {each.scheme}, {each.source}: {in_pounds(each.pence)}{more}")
    if refused:
        lines.append(f"Nothing was entered. {refused}")
    elif isinstance(answer, dict):
        what = (
            f"posting {answer['posting']}, {in_pounds(int(str(answer['posted_pence'])))}"
            if answer.get("posting")
            else "nothing to post"
        )
        lines.append(f"Entered: {what}.")
    elif extract:
        lines.append("Nothing was entered: this was a check.")
    return "\n".join([*lines, ""]) if lines else ""


def suspense(books: Books) -> Data:
    """What is in suspense, by body and code."""
    return {
        "pool": books.pool,
        "year": books.year,
        "suspense_pence": sum(sum(each.unknown().values()) for each in books.actuals.ledgers.values()),
        "lines": [
            each for body, ledger in sorted(books.actuals.ledgers.items()) for each in _unknown(body, ledger)
        ],
        "maps": [
            {"name": each.name, "body": each.body, "map": each.digest}
            for _, each in sorted(books.actuals.maps.items())
        ],
        "findings": [each.as_data() for each in findings_of(books)],
    }


def _unknown(body: str, ledger: Ledger) -> list[Data]:
    codes = sorted({key[1:] for key in ledger.unknown()})
    return [
        {
            "body": body,
            "cost_centre": one,
            "subjective": other,
            "pence": ledger.unknown().get((Part.SUSPENSE, one, other), 0),
            "irrecoverable_vat_pence": ledger.unknown().get((Part.SUSPENSE_VAT, one, other), 0),
            "periods": [period for period, month in sorted(ledger.months.items()) if {(part, one, other) for part in (Part.SUSPENSE, Part.SUSPENSE_VAT)} & month.posted.keys()],
        }
        for one, other in codes
    ]  # fmt: skip


def suspense_text(books: Books) -> str:
    """The same for a terminal."""
    rows = [
        f"{each['body']} {each['cost_centre']} {each['subjective']}: {in_pounds(int(str(each['pence'])))}"
        for body, ledger in sorted(books.actuals.ledgers.items())
        for each in _unknown(body, ledger)
    ]
    return "\n".join([*(rows or ["Nothing is in suspense."]), ""])


def actuals(books: Books, through: str, words: Words) -> Data:
    """Actual beside budget to date and forecast, scheme by scheme and source by source, each computed figure with its working."""
    through = through or last_known(books)
    return {
        "pool": books.pool,
        "year": books.year,
        "through": through,
        "schemes": [_variance(books, each, through, words) for each in variances(books, through)],
        "imports": [
            {
                "body": body,
                "period": month.period,
                "kind": month.kind,
                "control_pence": month.control,
                "posted_pence": sum(month.posted.values()),
                "lines": month.lines,
                "times": month.times,
                "extract": month.extract,
                "map": month.map,
                "postings": list(month.postings),
                "by": month.by,
                "at": month.at,
            }
            for body, ledger in sorted(books.actuals.ledgers.items())
            for _, month in sorted(ledger.months.items())
        ],
        "findings": [each.as_data() for each in findings_of(books)],
    }


def _variance(books: Books, each: Variance, through: str, words: Words) -> Data:
    return {
        "scheme": each.scheme,
        "title": each.title,
        "source": each.source,
        "this_month_pence": each.this_month,
        "last_month_pence": each.last_month,
        "since_last_pence": each.since_last,
        "to_date_pence": each.to_date,
        "by_hand_pence": each.by_hand,
        "budget_pence": each.budget,
        "budget_to_date_pence": each.budget_to_date,
        "variance_pence": each.variance,
        "forecast_pence": each.forecast,
        "forecast_basis": each.basis,
        "forecast_variance_pence": each.expected,
        "reasons": words(each.reasons) if each.reasons else None,
        "workings": [
            working(explain_budget(books, each.scheme, each.source, through)),
            working(explain_forecast(books, each.scheme, each.source, through)),
        ],
    }


def actuals_text(books: Books, through: str, words: Words) -> str:
    """The same for a terminal."""
    through = through or last_known(books)
    lines = [f"{books.pool}, {books.year}, up to {through}"]
    for each in variances(books, through):
        lines.append(
            f"{each.title}, {each.source}: {in_pounds(each.this_month)} in the month ({in_pounds(each.last_month)} in the one before), "
            f"{in_pounds(each.to_date)} to date against {in_pounds(each.budget_to_date)}, so {in_pounds(each.variance)}; "
            f"forecast {in_pounds(each.forecast)} ({each.basis.replace('_', ' ')}) of {in_pounds(each.budget)}"
        )
        if each.reasons:
            lines.append(f"  {words(each.reasons)}")
    return "\n".join([*lines, ""])
