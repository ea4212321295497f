"""What the answers about rules hold: sets, their files value by value, and what differs between two sets."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from carepool.web.api.shapes.parts import Between, Free, Shape


class RuleSetListed(Shape):
    """A set of rules."""

    rules: str
    title: str
    status: str
    governs: Between | None
    follows: str | None
    digest: str
    pays: str
    values: dict[str, int]


class RuleSet(Shape):
    """A set of rules with every value, its source and how sure it is."""

    rules: str
    digest: str
    pays: str
    no_payment: str | None
    values: dict[str, int]
    files: dict[str, Free]


class Checked(Shape):
    """Who checked it, when, and when again."""

    by: str
    on: date
    again_by: date
    overdue: bool


class Use(Shape):
    """What computes with it."""

    says: str
    kind: str


class FieldChange(Shape):
    """A field that differs."""

    field: str
    before: Any
    after: Any


class Change(Shape):
    """An entry that differs; before or after is null where a set has nothing of it."""

    path: str
    list: str
    key: str
    title: str
    what: str
    before: Any
    after: Any
    fields: Sequence[FieldChange]


class Stood(Shape):
    """Whether a set has the file, and what changed in it from the set before."""

    rules: str
    there: bool
    changes: list[Change]


class RuleFile(Shape):
    """A file of a set of rules, what computes with it, and what stood there before and after."""

    rules: str
    digest: str
    path: str
    file: Free
    checked: Checked
    uses: list[Use]
    history: list[Stood]


class Side(Shape):
    """One of two sets."""

    rules: str
    title: str
    digest: str


class Amount(Shape):
    """An amount in both sets."""

    name: str
    says: str
    before_pence: int | None
    after_pence: int | None
    moved_pence: int


class MoneyMoved(Shape):
    """What differs in money."""

    before_pence: int | None
    after_pence: int | None
    moved_pence: int | None
    streams: list[Amount]
    of_which: list[Amount]
    stated: list[Amount]


class Need(Shape):
    """What a plan made under the first set needs under the second."""

    says: str
    path: str
    key: str


class Difference(Shape):
    """What differs between two sets of rules."""

    before: Side
    after: Side
    same: bool
    says: str
    money: MoneyMoved
    changes: list[Change]
    needs: list[Need]
