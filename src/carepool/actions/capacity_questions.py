"""A question of beds as it stands in an address: what is typed is read, and what cannot be used is said at its field."""

from collections.abc import Mapping
from decimal import Decimal

from carepool.actions.hospitals import (
    OPTIONS,
    BoardAnswer,
    Flows,
    Given,
    TrustAnswer,
    about_board,
    about_trust,
    assumed_by,
    read_flows,
    trusts_named,
)
from carepool.actions.house import House
from carepool.actions.nation import RULES, guideline, parse_ambition
from carepool.basics.money import in_figures
from carepool.basics.refusals import NotHere, Unusable, printable
from carepool.capacity.comparing import AS_USUAL, Shape
from carepool.measures.cells import read_cell

FIELDS = ("place", "reduce", "also", *OPTIONS, "law", "cv", "flows")
LAWS = ("lognormal", "gamma", "exponential", "fixed")
"""How stays may lie about their mean, where beds are simulated."""
MOST_CUTS = 4
"""Cuts that are shown beside the first."""
LONGEST_FLOWS = 1_500
"""Characters of flows that an address can carry: some seventy rows."""
FLOWS_HEADING = "board,trust,share"
WIDEST = 10
"""The most that a stay's standard deviation may be of its mean."""
Found = TrustAnswer | BoardAnswer


def read_given(
    house: House, typed: Mapping[str, str]
) -> tuple[Given, tuple[Decimal, ...], list[tuple[str, str]]]:
    """The question of some fields, the other cuts asked, and what cannot be used, each with its field."""
    errors: list[tuple[str, str]] = []
    cut = guideline(house.rulebook.named(RULES))
    if typed.get("reduce"):
        try:
            cut = parse_ambition(typed["reduce"])
        except Unusable as error:
            errors.append(("reduce", str(error)))
    others: list[Decimal] = []
    for each in typed.get("also", "").split():
        try:
            others.append(parse_ambition(each.strip(",;")))
        except Unusable as error:
            errors.append(("also", str(error)))
            break
    if len(others) > MOST_CUTS:
        errors.append(("also", f"{len(others)} cuts stand here. Write at most {MOST_CUTS}."))
        others = others[:MOST_CUTS]
    values: dict[str, Decimal] = {}
    for name in OPTIONS:
        text = typed.get(name, "")
        if not text:
            continue
        read = read_cell(text.removesuffix("%"))
        if read is None or read.number is None:
            errors.append((name, f"“{printable(text)}” is no number. Write it like 5 or 4.5."))
            continue
        try:
            assumed_by(house, Given(cut, {name: read.number}))
        except Unusable as error:
            errors.append((name, str(error)))
        else:
            values[name] = read.number
    return Given(cut, values), tuple(others), errors


def read_shape(typed: Mapping[str, str]) -> tuple[Shape, list[tuple[str, str]]]:
    """How stays lie about their mean, and what of it cannot be used, with its field."""
    law, text = typed.get("law", ""), typed.get("cv", "")
    if law and law not in LAWS:
        return AS_USUAL, [("law", f"“{printable(law[:40])}” is no law of stays. Choose one of the list.")]
    read = read_cell(text) if text else None
    if text and (read is None or read.number is None or not 0 < read.number <= WIDEST):
        return AS_USUAL, [("cv", f"“{printable(text)}” is no spread. Write a number above 0 and at most {WIDEST}, like 0.8.")]  # fmt: skip
    spread = read.number if read and read.number is not None else AS_USUAL.cv
    return Shape(law or AS_USUAL.law, spread), []


def read_own_flows(house: House, text: str) -> tuple[Flows, list[tuple[str, str]]]:
    """Where boards' people go, as somebody wrote it, with or without its heading; and what of it cannot be used."""
    if not text:
        return {}, []
    if len(text) > LONGEST_FLOWS:
        return {}, [("flows", f"The flows have more than {LONGEST_FLOWS:,} characters, which an address cannot carry. Give those of the boards that you ask about, or use “carepool capacity” with a file.")]  # fmt: skip
    table = text if text.casefold().startswith("board") else f"{FLOWS_HEADING}\n{text}"
    try:
        return read_flows(house, "The flows", table.encode()), []
    except Unusable as error:
        return {}, [("flows", str(error))]


def ask_place(house: House, place: str, given: Given) -> Found:
    """A board or a trust by its code. NotHere for what is neither."""
    try:
        return about_board(house, place, given)
    except NotHere:
        try:
            return about_trust(house, place, given)
        except NotHere:
            raise NotHere(f"There is no board and no trust “{printable(place[:40])}”. Choose one of the list.") from None  # fmt: skip


def places_to_ask(house: House) -> list[tuple[str, str]]:
    """Every board and every trust that can be asked about: code and words, the illustrative county first."""
    county, real = house.areas.county.england.places.boards, house.england.places.boards
    boards = [(each.code, f"{each.name} (board)") for each in (*county.values(), *sorted(real.values(), key=lambda one: one.name))]  # fmt: skip
    return [*boards, *trusts_named(house)]


def headline(found: Found) -> str:
    """What is so, in one sentence."""
    if isinstance(found, BoardAnswer):
        many = "one trust" if len(found.trusts) == 1 else f"{len(found.trusts)} trusts"
        return (
            f"{in_figures(found.cut)}% fewer emergency admissions of {found.name} are {in_figures(found.avoided)} avoided; "
            f"they free {in_figures(found.freed)} beds at {many}."
        )
    if found.at is None:
        return f"Nothing can be said of {found.name}: it has no beds to close."
    at = found.at
    return (
        f"{in_figures(at.cut)}% fewer emergency admissions at {found.name} are {in_figures(at.all_avoided)} avoided; "
        f"they free {in_figures(at.all_freed)} beds, {in_figures(at.closing)} of them in whole wards."
    )
