"""Words that several pages share: how a flag reads, where to take figures away, what the foot of a page says."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from importlib.metadata import version

from django.urls import reverse

from carepool.actions.house import House
from carepool.basics.money import in_pounds
from carepool.basics.periods import in_words
from carepool.measures.admissions import Flag
from carepool.payment.release import Statement
from carepool.render.words import count
from carepool.rules.rulebook import RuleSet
from carepool.rules.scalars import Confidence

BUILD = f"carepool {version('carepool')}"

FLAGS = {
    Flag.INCOMPLETE: "rests on an incomplete return",
    Flag.UNLIKE: "more than 25% from a year before",
}

CONFIDENCE = {
    Confidence.PUBLISHED: ("Published", "green"),
    Confidence.RECALLED: ("Recalled", "yellow"),
    Confidence.DERIVED: ("Derived", "blue"),
}
"""How sure we are of a value: the word on its tag, and the tag's colour."""


def in_step(column: Iterable[Decimal | None]) -> list[str | None]:
    """The figures of a column, all to one place when any of them has a fraction, so that they stand in line."""
    numbers = list(column)
    places = int(any(number is not None and number % 1 for number in numbers))
    return [None if number is None else count(number, places) for number in numbers]


def quarter_rows(statement: Statement) -> list[tuple[str | None, ...]]:
    """A statement quarter by quarter: baseline, target, outturn, planned and achieved cut so far, at most, released."""
    lines, quarters = statement.lines, statement.quarters
    return list(
        zip(
            in_step(line.baseline for line in lines),
            in_step(line.planned for line in lines),
            in_step(line.actual for line in lines),
            in_step(each.planned_cumulative for each in quarters),
            in_step(each.achieved_cumulative for each in quarters),
            (in_pounds(each.maximum_payment) for each in quarters),
            (None if each.payment is None else in_pounds(each.payment) for each in quarters),
            strict=True,
        )
    )


def board_link(query: dict[str, str]) -> Callable[[str], str]:
    """The address of a board's page by its code, the question carried along; resolved once for a whole table."""
    before, after = reverse("board", args=["CODE"], query=query or None).split("CODE")
    return lambda code: f"{before}{code}{after}"


def board_links(query: dict[str, str]) -> list[tuple[str, str]]:
    """Where the nation's figures can be taken away."""
    return [
        ("All boards as CSV", reverse("nation-csv", query=query or None)),
        ("This page as JSON", reverse("nation-json", query=query or None)),
    ]


def about_page(house: House, rules: RuleSet | None = None, as_at: date | None = None) -> dict[str, object]:
    """What the foot of a page says of itself."""
    said: dict[str, object] = {"build": f"{BUILD}; data of England {house.england.digest[:12]}"}
    if rules:
        said["rules_version"] = (
            f"{rules.name} ({rules.digest[:12]})",
            reverse("rules-set", args=[rules.name]),
        )
    if as_at:
        said["as_at"] = (
            f"the end of {in_words(as_at)}: outturns first published later are left out. "
            "The figures are the final revisions, shown on the dates of first publication."
        )
    return said
