"""The mark of the illustrative county in what is taken away."""

import csv
import io

from carepool.actions.areas import MARK
from carepool.render.csvs import write_csv


def marked_csv(text: str, illustrative: bool) -> str:
    """A CSV with the mark as a column of its own, so that no row can be parted from it."""
    if not illustrative:
        return text
    heading, *rows = csv.reader(io.StringIO(text))
    return write_csv([*heading, "mark"], ([*row, MARK] for row in rows))
