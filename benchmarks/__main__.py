"""Runs every measurement once, or those that are named, and prints one table: python -m benchmarks [NAME ...]."""

import os
import platform
import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Measure in a home of its own, which is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="carepool-benchmarks-") as folder:
        os.environ["CAREPOOL_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "carepool.wiring.settings_fund"

        import django

        django.setup()

        # What is measured reads Django's settings when it is imported, so it comes after them.
        from benchmarks import (
            activity,
            books,
            care_pages,
            county_pages,
            england,
            journal,
            linkage,
            load,
            packs,
            pages,
            payment,
            planning,
            pool_pages,
            postings,
            proofs,
            rules,
            service,
            workbooks,
        )
        from benchmarks.measuring import table
        from carepool.wiring.operations import prepare_database

        home = Path(folder)
        measurements = {
            "rules": rules.measure,
            "england": lambda: england.measure(home),
            "service": service.measure,
            "load": load.measure,
            "pages": pages.measure,
            "payment": payment.measure,
            "workbooks": workbooks.measure,
            "planning": planning.measure,
            "activity": activity.measure,
            "linkage": lambda: linkage.measure(home),
            "journal": lambda: journal.measure(home),
            "postings": lambda: postings.measure(home),
            "books": lambda: books.measure(home),
            "proofs": proofs.measure,
            "packs": packs.measure,
            "care_pages": lambda: care_pages.measure(home),
            "county_pages": county_pages.measure,
            "pool_pages": pool_pages.measure,
        }
        chosen = sys.argv[1:] or list(measurements)
        if unknown := [name for name in chosen if name not in measurements]:
            sys.exit(f"carepool: nothing measures {', '.join(unknown)}; there is {', '.join(measurements)}")
        prepare_database()
        figures = []
        for name in chosen:
            print(f"measuring {name}…", file=sys.stderr)
            figures += measurements[name]()
    python = f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}"
    print(
        f"\n{python}. Medians. A ratio is ours to the plainer way: below 1 is quicker, but of what is counted a second above 1.\n"
    )
    print(table(figures))
    over = [each.says for each in figures if each.verdict in {"OVER", "UNDER"}]
    print(f"\nOut of bounds: {'; '.join(over)}." if over else "\nEvery bound is kept.")


if __name__ == "__main__":
    main()
