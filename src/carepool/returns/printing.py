"""A return as lines of text: what is kept when it is closed, so that it is printed the same for ever."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from textwrap import fill

from carepool.basics.money import in_figures, in_pounds
from carepool.basics.periods import LONDON, Quarter, in_words
from carepool.plans.describe import FieldAbout
from carepool.plans.parts import Part
from carepool.returns.asking import Asking
from carepool.returns.document import PARTS, Return
from carepool.returns.facts import Sent

WIDTH = 100
NOTHING = "-"
NAMED = ("id", "way", "quarter")
"""The fields that say what a row is about."""


def printed(
    asking: Asking, found: Return, sent: Sequence[Sent], title: str, signed_for: str, mark: str = ""
) -> bytes:
    """A return as text. ``sent``: all that was sent of it, of which ``found`` is the last; ``signed_for``: the board's name."""
    first, last = (in_words(each.at.astimezone(LONDON).date()) for each in (sent[0], sent[-1]))
    late = ", late" if sent[0].late else ""
    corrected = f"; corrected on {last}" if len(sent) > 1 else ""
    head = [
        *([mark, ""] if mark else []),
        f"{title}: return of {found.quarter}",
        f"Under the rules {found.rules}; due at {asking.due.at}; sent on {first}{late}{corrected}.",
        f"Signed for {signed_for}. Digest {sent[-1].digest}.",
    ]
    return ("\n".join([*head, *_parts(asking, found)]) + "\n").encode()


def _parts(asking: Asking, found: Return) -> Iterator[str]:
    for each in asking.parts:
        yield from ("", each.title, "=" * len(each.title))
        part, about = found.part(each.id), PARTS[each.id]
        for field in about.fields:
            yield from _line(asking, field, getattr(part, field.name))
        for one in about.lists:
            for row in getattr(part, one.name):
                yield from ("", row_title(asking, each.id, row))
                for field in one.fields:
                    if field.name not in NAMED:
                        yield from _line(asking, field, getattr(row, field.name), "  ")


def _line(asking: Asking, field: FieldAbout, value: object, indent: str = "") -> Iterator[str]:
    said = worded(asking, field, value)
    for number, line in enumerate(said.splitlines() or [NOTHING]):
        label = field.title if field.title.endswith("?") else f"{field.title}:"
        start = f"{indent}{label} " if number == 0 else f"{indent}  "
        yield fill(line, WIDTH, initial_indent=start, subsequent_indent=f"{indent}  ", break_long_words=False) or start.rstrip()  # fmt: skip


def row_title(asking: Asking, part: str, row: Part) -> str:
    """What a row is about, in words."""
    way, quarter = getattr(row, "way", ""), getattr(row, "quarter", "")
    if quarter:
        about = next(each for each in PARTS[part].lists if isinstance(row, each.row))
        field = next((each for each in about.fields if each.name == "way"), None)
        return f"{field.codes.get(way, way)}, {quarter}" if field else str(quarter)
    return asking.titled(part, str(getattr(row, "id", "")))


def worded(asking: Asking, field: FieldAbout, value: object) -> str:
    """A value as people read it; empty for none."""
    match value:
        case None | "":
            return ""
        case int() if field.kind == "money":
            return in_pounds(value)
        case Decimal():
            return in_figures(value)
        case date():
            return in_words(value)
        case Quarter():
            return str(value)
    text = str(value)
    return asking.uses.get(text, text) if field.of == "uses" else field.codes.get(text, text)
