"""What leaves the wing of activity: counts by board and month, through the rules for small numbers, and nothing else."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from carepool.basics.refusals import Unusable, printable, unknown
from carepool.disclosure.cells import Shown
from carepool.disclosure.reach import TOTAL, Key
from carepool.disclosure.tables import Protected, protect
from carepool.rules.schema import Suppression


def leaving(cells: Path, metric: str, rule: Suppression) -> tuple[str, int, int]:
    """A metric's counts by board and month as CSV, and how many are shown and hidden. Unusable when there are none.

    A share leaves as its two counts. Where either is hidden both are, and so is the numerator's complement: who is shown
    the rest could work it out.
    """
    counts, of = _counts(cells, metric)
    shown = protect(rule, counts, totals_of_rows=False, totals_of_columns=False)
    tables = [shown]
    if of:
        tables.append(protect(rule, of, totals_of_rows=False, totals_of_columns=False))
        others = {key: of[key] - counts.get(key, 0) for key in of}
        tables.append(protect(rule, others, totals_of_rows=False, totals_of_columns=False))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["board", "month", "numerator", *(["denominator"] if of else []), "status"])
    hidden = 0
    keys = sorted(key for key in (of or counts) if TOTAL not in key)
    for key in keys:
        hides = any(_hides(table, key) for table in tables)
        hidden += hides
        values = ["*" if hides else str(table.cells[key]) for table in tables[: 2 if of else 1]]
        writer.writerow([*key, *values, str(Shown.HIDDEN if hides else Shown.SHOWN)])
    return out.getvalue(), len(keys) - hidden, hidden


def _hides(table: Protected, key: Key) -> bool:
    return table.cells[key].shown is Shown.HIDDEN


def _counts(cells: Path, metric: str) -> tuple[Mapping[Key, int], Mapping[Key, int]]:
    """The numerators and, of a share, the denominators by board and month."""
    files = sorted(cells.glob("*.csv"))
    if not files:
        raise Unusable(
            f"{cells} holds no cells. Write them first: carepool activity cells FOLDER --out {cells}."
        )
    counts: dict[Key, int] = defaultdict(int)
    of: dict[Key, int] = defaultdict(int)
    metrics = set()
    for file in files:
        with file.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines), 2):
                try:
                    metrics.add(row["metric"])
                    if row["metric"] != metric:
                        continue
                    key = row["board"], row["month"]
                    counts[key] += int(row["numerator"])
                    if row["denominator"]:
                        of[key] += int(row["denominator"])
                except (KeyError, TypeError, ValueError):
                    raise Unusable(f"{printable(str(file))}, row {number} is no cell. Write the cells again: carepool activity cells.") from None  # fmt: skip
    if metric not in metrics:
        raise unknown("metric", metric, metrics, f"Counted are {', '.join(sorted(metrics))}.")
    return dict(counts), dict(of)
