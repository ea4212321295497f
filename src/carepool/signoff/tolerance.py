"""Agreement within limits that a party writes down: which fields may move, by how much, until when.

A later version is held against the one that was decided on, never against the one before it: small steps do not add
up to a large one unseen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from carepool.basics.money import in_pounds
from carepool.basics.periods import in_words, parse_date
from carepool.basics.refusals import Unusable
from carepool.plans.merging import Difference

Changed = Mapping[str, tuple[Difference, ...]]
"""What differs between two versions, by section; ``title`` stands for the plan's own title."""


class Measure(StrEnum):
    """How the movement of a limit is measured; the words are those on the page."""

    ANY = "any change"
    POUNDS = "pounds in all"
    """The sum of all movements that the limit covers, up or down, in pence."""
    NUMBER = "in all"
    """The same of plain numbers."""
    PER_CENT = "per cent of each figure"


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing that may move."""

    section: str
    field: str
    """Empty for every field of the section."""
    measure: Measure
    up_to: Decimal | None = None
    """Pence, a number or per cent, by the measure; None for any change."""

    def covers(self, section: str, change: Difference) -> bool:
        """Whether a change is of this limit's field."""
        return section == self.section and self.field in {"", change.place.field}

    @property
    def says(self) -> str:
        """What may move, and by how much."""
        what = self.field.replace("_", " ") if self.field else "anything"
        if self.measure is Measure.ANY or self.up_to is None:
            return f"{what} in {self.section}, by any change"
        if self.measure is Measure.POUNDS:
            return f"{what} in {self.section}, by {in_pounds(int(self.up_to))} in all"
        if self.measure is Measure.PER_CENT:
            return f"{what} in {self.section}, each figure by {self.up_to.normalize():f}%"
        return f"{what} in {self.section}, by {self.up_to.normalize():f} in all"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """The limits within which a party agrees to a version that it has not seen."""

    limits: tuple[Limit, ...]
    until: date
    """Versions saved later than this day are outside."""

    def as_data(self) -> dict[str, object]:
        """In the shapes of JSON, for a fact."""
        return {
            "limits": [
                {
                    "section": each.section,
                    "field": each.field,
                    "measure": each.measure.name.lower(),
                    "up_to": None if each.up_to is None else f"{each.up_to:f}",
                }
                for each in self.limits
            ],
            "until": self.until.isoformat(),
        }


def read(data: object) -> Tolerance | None:
    """A tolerance from its shapes of JSON; None for none. Unusable when it is not one."""
    if data is None:
        return None
    try:
        assert isinstance(data, Mapping)  # noqa: S101 (told apart below)
        limits = data["limits"]
        assert isinstance(limits, list)  # noqa: S101  (told apart below)
        return Tolerance(
            tuple(
                Limit(
                    str(each["section"]),
                    str(each["field"]),
                    Measure[str(each["measure"]).upper()],
                    None if each["up_to"] is None else Decimal(str(each["up_to"])),
                )
                for each in limits
            ),
            parse_date(str(data["until"])),
        )
    except (AssertionError, KeyError, TypeError, InvalidOperation) as error:
        raise Unusable(
            "The tolerance of a decision cannot be read: it is not written as tolerances are."
        ) from error


def outside(tolerance: Tolerance, changed: Changed, saved_on: date) -> tuple[str, ...]:
    """Why a version is not within the limits, in sentences; none where it is.

    ``changed`` is what differs from the version that was decided on. A change counts towards the first limit that
    covers it, those of one field before those of a whole section, and any change before a measured one.
    """
    why: list[str] = []
    if saved_on > tolerance.until:
        why.append(f"It was saved after {in_words(tolerance.until)}, to which the limits hold.")
    limits = sorted(tolerance.limits, key=lambda each: (not each.field, each.measure is not Measure.ANY))
    held: dict[Limit, list[Difference]] = {}
    for section, changes in changed.items():
        for change in changes:
            limit = next((each for each in limits if each.covers(section, change)), None)
            if limit is None:
                why.append(f"{section}/{change.place.where} changed, which no limit covers.")
            else:
                held.setdefault(limit, []).append(change)
    for limit, changes_of in held.items():
        why += _beyond(limit, changes_of)
    return tuple(why)


def _beyond(limit: Limit, changes: Iterable[Difference]) -> list[str]:
    """What in these changes goes beyond a limit that covers them."""
    if limit.measure is Measure.ANY or limit.up_to is None:
        return []
    moved, why = Decimal(0), []
    for each in changes:
        where = f"{limit.section}/{each.place.where}"
        before, after = _number(each.before, limit.measure), _number(each.after, limit.measure)
        if before is None or after is None:
            why.append(f"{where} is not a figure on both sides, so it cannot be within “{limit.says}”.")
        elif limit.measure is not Measure.PER_CENT:
            moved += abs(after - before)
        elif abs(after - before) * 100 > limit.up_to * abs(before):
            why.append(f"{where} moved by more than {limit.up_to.normalize():f}%.")
    if moved > limit.up_to and limit.measure is not Measure.PER_CENT:
        total = in_pounds(int(moved)) if limit.measure is Measure.POUNDS else f"{moved.normalize():f}"
        why.append(f"The movements add to {total}, more than “{limit.says}”.")
    return why


def _number(value: object, measure: Measure) -> Decimal | None:
    """A figure of a plan: money is whole pence, any other number a text. None where it is no such figure."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return None if measure is Measure.NUMBER else Decimal(value)
    if isinstance(value, str) and measure is not Measure.POUNDS:
        try:
            found = Decimal(value)
        except InvalidOperation:
            return None
        return found if found.is_finite() else None
    return None
