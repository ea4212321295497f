"""What was typed into a section's form, as the draft that it becomes: as it was typed, right or wrong."""

from collections.abc import Mapping

from django.http import QueryDict

from carepool.actions.planning import PlanView
from carepool.plans.describe import FieldAbout, ListAbout
from carepool.plans.document import EVERY
from carepool.web.section_given import KEYS, given
from carepool.web.section_shapes import MOST_FIELDS, Content, columns, first_list, list_id, named, rows_in

Pressed = tuple[str, str]
"""A list, and what a button of it says beside: the number of a row."""


def content_typed(
    found: PlanView,
    section: str,
    typed: QueryDict,
    held: Mapping[str, object],
    without: Pressed | None = None,
) -> Content:
    """The draft in a form that was sent. Rows in which nothing stands are left out; empty fields are not there.

    ``held``: what the form was made from: the rows on other pages of a list are taken from it, and what no form shows.
    ``without``: the list and the number of a row to take away.
    """
    content: Content = {}
    if section == "parties":
        content |= {
            "boards": _listed(held.get("boards")),
            "councils": _codes(typed, "parties-councils"),
            "ccgs": _codes(typed, "parties-ccgs"),
        }
    about = EVERY[section]
    for each in about.lists:
        gone = without[1] if without and without[0] == each.name else ""
        content[each.name] = _rows(found, section, each, typed, held, gone)
    for one in about.fields:
        content[one.name] = _text(typed, f"{section}-{one.name}")
    return content


def pressed_on(section: str, pressed: str, word: str) -> Pressed | None:
    """The list that a button is of, and what it says beside: ``remove-2`` and ``remove-contingencies-2``."""
    if pressed != word and not pressed.startswith(f"{word}-"):
        return None
    rest = pressed[len(word) + 1 :]
    for each in EVERY[section].lists:
        if rest == each.name or rest.startswith(f"{each.name}-"):
            return each.name, rest[len(each.name) + 1 :]
    return first_list(section), rest


def _rows(
    found: PlanView,
    section: str,
    about: ListAbout,
    typed: QueryDict,
    held: Mapping[str, object],
    without: str,
) -> list[dict[str, object]]:
    listed = about.name
    before = rows_in(held, listed)
    first = _number(typed.get(named(section, "from", listed)), len(before))
    many = _number(typed.get(named(section, "rows", listed)), MOST_FIELDS)
    id_ = list_id(section, listed)
    shown = columns(found, about)
    hidden = {each.name for each in about.fields} - {each.name for each in shown}
    rows = [dict(each) for each in before[:first] if each]
    for at in range(first, first + many):
        row = row_typed(typed, f"{id_}-{at}", shown)
        if _blank(found, listed, row) or str(at) == without:
            continue
        if at < len(before):
            row |= {name: before[at][name] for name in hidden if name in before[at]}
        rows.append(row)
    return rows + [dict(each) for each in before[first + many :] if each]


def row_typed(typed: QueryDict, prefix: str, fields: tuple[FieldAbout, ...]) -> dict[str, object]:
    """What stands in a row, field by field, without those in which nothing does."""
    row = {each.name: _text(typed, f"{prefix}-{each.name}") for each in fields}
    return {name: text for name, text in row.items() if text.strip()}


def _blank(found: PlanView, listed: str, row: Mapping[str, object]) -> bool:
    """Whether nothing stands in a row but which one it is, for one that is there from the start."""
    if listed in KEYS and set(row) == {KEYS[listed]}:
        return str(row[KEYS[listed]]) in {each.code for each in given(found, listed)}
    return not row


def _number(text: str | None, most: int) -> int:
    written = text or ""
    usable = written.isascii() and written.isdecimal() and len(written) < 6
    return min(int(written), most) if usable else 0


def _text(typed: QueryDict, name: str) -> str:
    # A browser sends the ends of lines as two characters, which would make a change of what nobody changed.
    return (typed.get(name) or "").replace("\r\n", "\n")


def _listed(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else []


def _codes(typed: QueryDict, name: str) -> list[str]:
    more = (typed.get(f"{name}-more") or "").replace(",", " ").split()
    ticked = [code.strip() for code in typed.getlist(name) if code.strip()]
    return list(dict.fromkeys([*ticked, *(code.upper() if len(code) < 12 else code for code in more)]))
