"""Reads the Monthly Activity Return from the files that ship with carepool, and checks that it adds up."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from carepool.basics.findings import Finding, Severity
from carepool.basics.periods import quarters_between
from carepool.basics.tables import read_table
from carepool.measures.admissions import FIRST, LAST, NATION, NO_AREA, Admissions, Flag, Gap, is_unlike
from carepool.places.england import Places

RULE = "england: Monthly Activity Return"
Months = dict[str, dict[str, Decimal]]


def parse_admissions(files: Mapping[str, bytes], places: Places) -> tuple[Admissions, list[Finding]]:
    """The series from admissions, admissions_published and known_gaps (.csv), and what is wrong or doubtful in it."""
    findings: list[Finding] = []
    months: Months = {}
    known = {*places.ccgs, NATION, NO_AREA}
    for row, cells in read_table(
        "admissions.csv", files["admissions.csv"], ["month", "commissioner", "admissions"]
    ):
        code, month = cells["commissioner"], cells["month"]
        where = f"admissions.csv/{row}"
        try:
            count = Decimal(cells["admissions"])
        except InvalidOperation:
            findings.append(
                _blocker(f"{where}/admissions", f"“{cells['admissions']}” is not a number of admissions")
            )
            continue
        if code not in known:
            findings.append(
                _blocker(f"{where}/commissioner", f"{code} is no commissioner that the register knows")
            )
        elif month in months.setdefault(code, {}):
            findings.append(_blocker(f"{where}/month", f"{code} reports {month} twice"))
        elif not count.is_finite() or count < 0:
            findings.append(_blocker(f"{where}/admissions", f"{count} is below zero or no number"))
        else:
            months[code][month] = count
    findings += _sums(months)
    columns = ["commissioner", "first_month", "last_month", "evidence", "confidence"]
    gaps = tuple(Gap(**cells) for _, cells in read_table("known_gaps.csv", files["known_gaps.csv"], columns))
    published = {
        cells["month"]: date.fromisoformat(cells["published"])
        for _, cells in read_table(
            "admissions_published.csv", files["admissions_published.csv"], ["month", "published", "revised"]
        )
        if cells["published"]
    }
    admissions = Admissions(_joined(months, places), published, gaps, places)
    return admissions, [*findings, *_complete(admissions), *_doubts(admissions)]


def _sums(months: Months) -> list[Finding]:
    """In every month of the commissioners' years, their sum is England's row, exactly."""
    findings = []
    for month, total in months.get(NATION, {}).items():
        if month >= FIRST.months[0]:
            parts = sum(
                (counts.get(month, Decimal(0)) for code, counts in months.items() if code != NATION),
                Decimal(0),
            )
            if parts != total:
                findings.append(
                    _blocker(f"admissions.csv/{month}", f"in {month} the parts are {parts}, England {total}")
                )
    return findings


def _joined(months: Months, places: Places) -> Months:
    """The series with each CCG that became another added to its successor."""
    joined = {code: dict(counts) for code, counts in months.items() if code not in places.successors}
    for code, successor in places.successors.items():
        into = joined.setdefault(successor, {})
        for month, count in months.get(code, {}).items():
            into[month] = into.get(month, Decimal(0)) + count
    return joined


def _complete(admissions: Admissions) -> list[Finding]:
    """Every CCG reports every month held."""
    return [
        _blocker(f"admissions.csv/{ccg}/{quarter}", f"{ccg} has no return for some month of {quarter}")
        for ccg in admissions.ccgs
        for quarter in quarters_between(FIRST, LAST)
        if admissions.of_commissioner(ccg, quarter) is None
    ]


def _doubts(admissions: Admissions) -> list[Finding]:
    """What adds up and yet asks for care: sums to England hold across the hole, so no sum check sees it."""
    findings = []
    for (ccg, quarter), flags in admissions.flagged.items():
        count, before = (admissions.of_commissioner(ccg, each) for each in (quarter, quarter.year_before))
        if Flag.UNLIKE in flags and is_unlike(count, before):
            findings.append(
                Finding(
                    "implausible-change", Severity.WARNING, f"admissions/{ccg}/{quarter}",
                    f"{ccg} has {count:,} admissions in {quarter} and {before:,} a year before: more than 25% apart.",
                    "Ask the commissioner whether its return is complete; until then the figure is shown with its flag.",
                    RULE,
                )
            )  # fmt: skip
    findings += [
        Finding(
            "incomplete-return", Severity.WARNING, f"known_gaps/{gap.commissioner}",
            f"{gap.commissioner}'s published return is incomplete from {gap.first_month} to {gap.last_month}. {gap.evidence}",
            "The published figures are kept; whatever rests on them says so, and totals are given with and without.",
            RULE,
        )
        for gap in admissions.gaps
    ]  # fmt: skip
    return findings


def _blocker(where: str, says: str) -> Finding:
    return Finding(
        "england-admissions", Severity.BLOCKER, where, f"{where}: {says}.",
        "Correct the file at its source; a file that ships with carepool is mended by installing it again.", RULE,
    )  # fmt: skip
