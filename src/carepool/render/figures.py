"""A headline figure: what it is, what it comes to, and what a reader needs to believe it."""

from typing import NamedTuple


class Figure(NamedTuple):
    """One of the figures at the top of a page."""

    label: str
    value: str
    """As it is read: ``£253.1m``."""
    exact: str = ""
    """The exact sum, whenever the value is shortened."""
    note: str = ""
    """Its period, source and status, in a few words."""
    href: str = ""
    """Where its working is."""
