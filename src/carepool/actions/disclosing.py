"""What a measure may show: its counts as the rules of disclosure let each data set be seen, with rates made from what is shown."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from carepool.actions.house import House
from carepool.basics.money import in_figures, round_half_up
from carepool.basics.refusals import Unusable
from carepool.disclosure.cells import Cell, cell_of, rate_of
from carepool.disclosure.tables import proportion
from carepool.measures.limits import of_count, of_part
from carepool.measures.observing import Measured
from carepool.measures.values import HELD, Status, Value
from carepool.rules.measuring import Definition
from carepool.rules.schema import Disclosure, Suppression

DATA_SETS: Mapping[str, str] = {
    "admissions": "monthly_activity_return",
    "delayed_days": "delayed_transfers",
    "delayed_days_of_social_care": "delayed_transfers",
    "delayed_days_of_the_nhs": "delayed_transfers",
    "delayed_beds": "delayed_transfers",
    "outcomes": "social_care_returns",
}
"""The data set that the counts of a series are from; the others count pounds or beds, and nobody."""


def suppression(house: House, data: str) -> Suppression:
    """How small counts of a data set are hidden. Unusable where the rules do not say: then nothing of it may be shown."""
    found = house.rulebook.measuring.find("disclosure", Disclosure)
    for each in found.suppressions if found else ():
        if each.data == data:
            return each
    raise Unusable(
        f"The rules do not say how counts of {data} are hidden, so none is shown. Add it to disclosure.yaml."
    )


def rule_of(house: House, definition: Definition) -> Suppression | None:
    """How the counts of a measure are hidden; None where it counts no people."""
    data = DATA_SETS.get(definition.series)
    return suppression(house, data) if data else None


def disclosed(measured: Measured, rule: Suppression | None) -> Measured:
    """The measure as others may see it. Where the rule hides and rounds nothing it is the same."""
    if rule is None or (rule.hide_to == 0 and rule.nearest == 1):
        return measured
    return replace(measured, values=tuple(_shown(each, measured.definition, rule) for each in measured.values))  # fmt: skip


def _shown(value: Value, definition: Definition, rule: Suppression) -> Value:
    """A value whose count is small is suppressed; one whose counts are rounded is made from the rounded ones."""
    if value.status not in HELD or value.numerator is None or value.denominator is None:
        return value
    part = round_half_up(value.numerator)
    scale = definition.on(value.first_day).scale
    count, people, rate = _cells(rule, int(part), value.denominator, scale, of_people=definition.interval == "proportion")  # fmt: skip
    if count.value is None or rate.value is None or people is None:
        hides = f"Counts from {in_figures(rule.hide_from)} to {in_figures(rule.hide_to)} are hidden, and what would give them away."
        return Value(value.period, value.first_day, Status.SUPPRESSED, value.version, (*value.because, hides), published=value.published)  # fmt: skip
    if (count.value, people) == (value.numerator, value.denominator):
        return value
    low, high, method = _limits(value.interval, count.value, people, scale)
    rounds = f"Made from counts to the nearest {in_figures(rule.nearest)}."
    return replace(
        value, numerator=count.value, denominator=people, value=rate.value, low=low, high=high, interval=method,
        because=(*value.because, rounds),
    )  # fmt: skip


def _cells(
    rule: Suppression, part: int, whole: Decimal, scale: Decimal, *, of_people: bool
) -> tuple[Cell, Decimal | None, Cell]:
    """The count, what it is out of, and the rate, as they are shown; ``of_people``: whether the rest of the whole are people too."""
    if of_people:
        count, people, rate = proportion(rule, part, int(round_half_up(whole)), scale)
        return count, people.value, rate
    count = cell_of(rule, part)
    return count, whole, rate_of(count, whole, scale)


def _limits(
    method: str, part: Decimal, whole: Decimal, scale: Decimal
) -> tuple[Decimal | None, Decimal | None, str]:
    """The limits of what is shown: those of the whole count would give it back."""
    if not method:
        return None, None, ""
    proportional = method == "Wilson"
    found = of_part(float(part), float(whole)) if proportional else of_count(float(part))
    per = scale if proportional else scale / whole
    low, high = (round_half_up(Decimal(str(each)) * per, 1) for each in (found.low, found.high))
    return low, high, found.method
