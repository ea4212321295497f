"""Runs every measurement once and prints one table: python -m benchmarks."""

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
            england,
            journal,
            linkage,
            packs,
            pages,
            payment,
            planning,
            pool_pages,
            postings,
            rules,
            service,
            workbooks,
        )
        from benchmarks.measuring import table
        from carepool.wiring.operations import prepare_database

        home = Path(folder)
        prepare_database()
        figures = []
        for says, measure in {
            "the rulebook": rules.measure,
            "loading England": lambda: england.measure(home),
            "whole processes": service.measure,
            "pages": pages.measure,
            "payment": payment.measure,
            "workbooks": workbooks.measure,
            "planning": planning.measure,
            "activity": activity.measure,
            "linkage": lambda: linkage.measure(home),
            "the journal": lambda: journal.measure(home),
            "postings": lambda: postings.measure(home),
            "books": lambda: books.measure(home),
            "packs": packs.measure,
            "the pages of large pools": pool_pages.measure,
        }.items():
            print(f"measuring {says}…", file=sys.stderr)
            figures += measure()
    python = f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}"
    print(
        f"\n{python}. Medians. A ratio is ours to the plainer way: below 1 is quicker, but of what is counted a second above 1.\n"
    )
    print(table(figures))
    over = [each.says for each in figures if each.verdict in {"OVER", "UNDER"}]
    print(f"\nOut of bounds: {'; '.join(over)}." if over else "\nEvery bound is kept.")


if __name__ == "__main__":
    main()
