"""What leaves the wing of activity: counts by board and month, through the rules for small numbers, and nothing else."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from carepool.basics.refusals import Unusable, printable, unknown
from carepool.disclosure.cells import Shown
from carepool.disclosure.reach import Key
from carepool.disclosure.tables import protect, shares
from carepool.rules.schema import Suppression


def leaving(cells: Path, metric: str, rule: Suppression) -> tuple[str, int, int]:
    """A metric's counts by board and month as CSV, and how many are shown and hidden. Unusable when there are none.

    A share leaves as its two counts. Where either is hidden both are, and so is the numerator's complement: who is shown
    the rest could work it out.
    """
    counts, of = _counts(cells, metric)
    if of:
        found = shares(rule, {key: counts.get(key, 0) for key in of}, of)
    else:
        alone = protect(rule, counts, totals_of_rows=False, totals_of_columns=False).cells
        found = {key: (alone[key], alone[key]) for key in counts}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["board", "month", "numerator", *(["denominator"] if of else []), "status"])
    for key, (part, whole) in sorted(found.items()):
        writer.writerow([*key, *([part, whole] if of else [part]), part.shown])
    hidden = sum(part.shown is Shown.HIDDEN for part, _ in found.values())
    return out.getvalue(), len(found) - hidden, hidden


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
