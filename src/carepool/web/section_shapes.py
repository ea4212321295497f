"""What a section's form is made of, and how its parts are named: the same names when it is shown and when it is sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from carepool.actions.planning import PlanView
from carepool.plans.describe import FieldAbout, ListAbout
from carepool.plans.document import EVERY, Plan
from carepool.web.places_in_plan import Wording, field_id
from carepool.web.section_tables import used

MOST_FIELDS = 700
"""Fields of one list on a page; Django refuses a form of more than a thousand."""
MOST_WEIGHT = 115_000
"""Bytes that the rows of one page may come to, of the 150,000 of a page."""
ROW_WEIGHT, FIELD_WEIGHT, OPTION_WEIGHT = 700, 380, 30
"""About how many bytes a row, a field and a choice of a field are, without their words."""
MOST_ROWS = 1_000
"""Rows of one list beyond which a form adds none. What a workbook brought stays, however many there are."""

Choice = tuple[str, str]
Content = dict[str, object]


@dataclass(frozen=True, slots=True)
class Link:
    """A link beside a field or a row."""

    words: str
    about: str
    """What it is about, for whoever hears it alone."""
    href: str


@dataclass(slots=True)
class Field:
    """A field as the form shows it."""

    id: str
    label: str
    value: str
    kind: str = "text"
    """``text``, ``money``, ``number``, ``long``, ``choice``, ``hidden``."""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    error: str = ""
    beside: str = ""
    """A figure to compare with, and where it is from."""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Sums:
    """What the money of a plan comes to so far."""

    columns: list[tuple[str, str]]
    rows: list[tuple[str, ...]]


@dataclass(slots=True)
class Row:
    """A row of fields: those that fit into a line, and the long ones below."""

    id: str
    legend: str
    fields: list[Field]
    long: list[Field]
    removable: str = ""
    """What the button that takes it away sends."""
    says: tuple[str, ...] = ()
    """What is known of it beforehand."""
    error: str = ""
    links: tuple[Link, ...] = ()


@dataclass(slots=True)
class Listed:
    """A list of rows, or the page of it that is shown."""

    name: str
    id: str
    noun: str
    says: str
    rows: list[Row]
    rows_name: str
    first: int
    """The number of the first row on this page."""
    pages: list[tuple[int, bool]]
    """The numbers of the first, the last and the nearest pages, and whether each is this one; none where all rows stand on one."""
    page_name: str
    adds: str
    """What the button that adds a row sends; empty where none can be added."""
    pastes: str
    """What the button that adds pasted rows sends; empty where none can be pasted."""
    columns: tuple[str, ...]
    """The order of pasted columns."""
    full: str = ""
    """Why no row can be added here, where only their number stands against it."""
    pasted: str = ""
    """What stands in the box for pasted rows."""
    error: str = ""

    @property
    def paste_id(self) -> str:
        """The id of the box for pasted rows."""
        return f"{self.id}-paste"


@dataclass(slots=True)
class Ticks:
    """A group of boxes or of radio buttons."""

    id: str
    legend: str
    kind: str
    """``checkbox`` or ``radio``."""
    choices: list[tuple[str, str, str, bool]]
    """Id, value, label, and whether it is chosen."""
    hint: str = ""
    more: Field | None = None
    """Where what is none of the choices is written."""
    errors: dict[str, str] = field(default_factory=dict)
    """By the id of a choice, or of the group."""


@dataclass(slots=True)
class Form:
    """A section's form."""

    section: str
    ticks: list[Ticks] = field(default_factory=list)
    lists: list[Listed] = field(default_factory=list)
    after: list[Field] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    """Id and words, for the summary."""
    words: str = ""
    """What is said where there is nothing to fill in."""

    @property
    def rows(self) -> Iterable[Row]:
        """Every row that is shown."""
        yield from (row for each in self.lists for row in each.rows)

    @property
    def fields(self) -> Iterable[Field]:
        """Every field, in order."""
        yield from (each.more for each in self.ticks if each.more)
        yield from (each for row in self.rows for each in (*row.fields, *row.long))
        yield from self.after


@dataclass(frozen=True, slots=True)
class Ground:
    """What a form stands on."""

    found: PlanView
    plan: Plan
    """With the editor's drafts, as far as they can be read."""
    wording: Wording
    beside: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Figures to compare with, by what the row is about and the field."""


# Names


def first_list(section: str) -> str:
    """The list whose buttons and counts bear no name of their own."""
    lists = EVERY[section].lists
    return lists[0].name if lists else ""


def named(section: str, word: str, listed: str) -> str:
    """``rows`` for the first list of a section, ``rows-contingencies`` for another."""
    return word if listed == first_list(section) else f"{word}-{listed}"


def list_id(section: str, listed: str) -> str:
    """What the ids of a list's rows begin with."""
    return field_id(f"{section}/{listed}")


def columns(found: PlanView, about: ListAbout) -> tuple[FieldAbout, ...]:
    """The fields of a row that these rules use."""
    return tuple(each for each in about.fields if used(found, each))


def rows_a_page(fields: Sequence[FieldAbout], offered: Mapping[str, Sequence[Choice]], beside: int) -> int:
    """How many rows of a list are shown at once, so that a page stays light: what drop-downs offer is in it at every row.

    ``beside``: how many lists share the page.
    """
    heavy = ROW_WEIGHT + sum(
        FIELD_WEIGHT
        + sum(OPTION_WEIGHT + len(code) + len(words) for code, words in offered.get(each.name, ()))
        for each in fields
    )
    return max(1, min(100, MOST_FIELDS // len(fields) // beside, MOST_WEIGHT // heavy // beside))


def rows_in(content: Mapping[str, object], listed: str) -> list[Mapping[str, object]]:
    """The rows of a list, of whatever was typed."""
    value = content.get(listed)
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
