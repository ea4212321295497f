"""What two editors both changed, field by field: mine, theirs, who and when, what both began from, and a choice for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from carepool.actions.comparing import who_wrote
from carepool.actions.editing import Met
from carepool.basics.money import in_pounds
from carepool.plans.merging import Conflict
from carepool.web.frame import PlanPage
from carepool.web.people import names_of
from carepool.web.places_in_plan import Wording, field_id
from carepool.web.section_shapes import Content

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Choosing:
    """A field, or a row, of which one of two is to stand."""

    id: str
    name: str
    """The name of the choice in the form."""
    where: str
    href: str
    """Where mine stands in the form; empty for a row that stands there no more."""
    base: str
    mine: str
    theirs: str
    by: str
    at: datetime | None
    chosen: str
    error: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """A draft and what others saved meanwhile, as the page shows them."""

    choosing: tuple[Choosing, ...]
    taken: tuple[tuple[str, str, str], ...]
    """Where, what both began from, and theirs: what only they changed, which is in the form."""
    by: str
    at: datetime | None
    known: bool


def meeting(page: PlanPage, met: Met, words: Wording, typed: QueryDict | None = None) -> Meeting:
    """A draft and what others saved meanwhile. ``typed``: a form that was sent without every choice."""
    section = met.draft.section
    wrote = [who_wrote(page.house, page.view, section, each.place) for each in met.merged.conflicts]
    last = (
        who_wrote(page.house, page.view, section, met.merged.merged[0].place) if met.merged.merged else None
    )
    names = names_of(each.by for each in [*wrote, last] if each)
    choosing = []
    for number, (each, version) in enumerate(zip(met.merged.conflicts, wrote, strict=True)):
        where, chosen = (
            f"{section}/{each.place.where}",
            typed.get(name_of(each, section), "") if typed else "",
        )
        choosing.append(
            Choosing(
                f"choice-{number}", name_of(each, section), words.place(where), f"{section}/{each.place.locator}" if each.place.field else "",
                words.value(where, each.base) if each.base is not None else "nothing",
                _side(words, where, each.mine, each.of_row), _side(words, where, each.theirs, each.of_row),
                names.get(version.by, "") if version else "", version.at if version else None,
                str(chosen), "Choose which is to stand." if typed is not None and chosen not in {MINE, THEIRS} else "",
            )
        )  # fmt: skip
    taken = [
        (words.place(f"{section}/{each.place.where}"), _side(words, f"{section}/{each.place.where}", each.before, each.before is None), _side(words, f"{section}/{each.place.where}", each.after, each.after is None))
        for each in met.merged.merged
    ]  # fmt: skip
    return Meeting(
        tuple(choosing), tuple(taken), names.get(last.by, "") if last else "", last.at if last else None, met.known
    )  # fmt: skip


def _side(words: Wording, where: str, value: object, of_row: bool) -> str:
    if value is None or value == "":
        return "taken out" if of_row else "empty"
    return words.value(where, value)


def name_of(conflict: Conflict, section: str) -> str:
    """The name of the choice in a form: by what it is about, so that it means the same when something else is saved meanwhile."""
    return f"choose {section}/{conflict.place.where}"


def chosen_in(typed: QueryDict, met: Met) -> Mapping[str, str]:
    """What was chosen, by the name of the choice; without those that were not."""
    names = [name_of(each, met.draft.section) for each in met.merged.conflicts]
    return {name: text for name in names if (text := typed.get(name, "")) in {MINE, THEIRS}}


def settle(typed: QueryDict, held: Content, met: Met, chosen: Mapping[str, str]) -> None:
    """Carry each choice of theirs out, in what was sent or, for a row on another page, in what the form was made from.

    Where mine was chosen, what now stands in the form stands.
    """
    section = met.draft.section
    for each in met.merged.conflicts:
        take = chosen.get(name_of(each, section))
        value = each.theirs if take == THEIRS else each.mine
        if take is None or (take == MINE and not each.of_row):
            continue
        id_ = field_id(f"{section}/{each.place.locator}")
        if each.of_row:
            if value is None:
                _take_out(typed, held, each, id_)
        elif id_ in typed:
            typed[id_] = in_pounds(value) if isinstance(value, int) else str(value or "")
        elif each.place.number is not None:
            _row(held, each)[each.place.field] = "" if value is None else value


def _row(held: Content, conflict: Conflict) -> dict[str, object]:
    rows, number = held.get(conflict.place.list), conflict.place.number or 0
    found = rows[number] if isinstance(rows, list) and number < len(rows) else {}
    return found if isinstance(found, dict) else {}


def _take_out(typed: QueryDict, held: Content, conflict: Conflict, id_: str) -> None:
    """A row in which nothing stands is no row."""
    for name in [each for each in typed if each.startswith(f"{id_}-")]:
        typed[name] = ""
    _row(held, conflict).clear()
