"""Rows that a form shows before anybody adds them: each national condition, each quarter that is paid, each metric."""

from collections.abc import Mapping
from dataclasses import dataclass

from carepool.actions.planning import PlanView
from carepool.render.words import quarter_words
from carepool.rules.schema import Conditions, Metrics

KEYS = {"answers": "condition", "quarters": "quarter", "metrics": "metric"}
"""The field that says which of them a row is, by the name of its list."""


@dataclass(frozen=True, slots=True)
class Given:
    """A row that is there from the start."""

    code: str
    legend: str
    says: tuple[str, ...] = ()
    """Its wording, and what would show it."""


def given(found: PlanView, listed: str) -> tuple[Given, ...]:
    """The rows of a list that the rules name, in their order; none for a list that a plan makes up itself."""
    rules = found.rules
    if listed == "quarters" and rules.pays:
        return tuple(
            Given(str(each), f"{each} ({quarter_words(each)})") for each in rules.release.performance_quarters
        )
    if listed == "answers":
        conditions = rules.find("conditions", Conditions)
        return tuple(
            Given(
                each.id,
                each.title,
                (each.says, f"It could be shown by: {'; '.join(each.evidence)}.") if each.evidence else (each.says,),
            )
            for each in (conditions.conditions if conditions else ())
        )  # fmt: skip
    if listed == "metrics":
        metrics = rules.find("metrics", Metrics)
        return tuple(
            Given(each.id, each.title, (f"{each.says} Unit: {each.unit}.",))
            for each in (metrics.metrics if metrics else ())
            if not each.pays
        )
    return ()


def with_given(
    found: PlanView, listed: str, rows: list[Mapping[str, object]]
) -> tuple[list[Mapping[str, object]], list[int]]:
    """The rows with those that are given and missing after them, and the order in which they are shown."""
    known = given(found, listed)
    if not known:
        return rows, list(range(len(rows)))
    key = KEYS[listed]
    held = {str(row.get(key)) for row in rows}
    rows = [*rows, *({key: each.code} for each in known if each.code not in held)]
    place = {each.code: number for number, each in enumerate(known)}
    order = sorted(range(len(rows)), key=lambda at: place.get(str(rows[at].get(key)), len(place)))
    return rows, order
