"""The difference of two sets of rules, entry by entry, and what a plan made under the one needs under the other.

Entries are the same thing when they have the same key, however they are worded. That only a source changed is told
apart from a change of what is laid down.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from carepool.basics.money import Pence
from carepool.rules.consistency import lists_of
from carepool.rules.paying import OutOfHospital, Rebasing, Release, Tranches
from carepool.rules.rulebook import RuleSet
from carepool.rules.scalars import Entry
from carepool.rules.schema import (
    KINDS,
    Composition,
    Condition,
    Decisions,
    Event,
    Metric,
    Parameter,
    Required,
    Section,
    Stage,
    Stream,
)

CITATION = frozenset({"source", "confidence", "checked"})
"""Fields that say where a thing is from, not what it is."""


class What(StrEnum):
    """What happened to an entry; the words are those on the page."""

    GAINED = "Gained"
    LOST = "Lost"
    CHANGED = "Changed"
    RECITED = "Only its source changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an entry that is in both sets."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that differs."""

    path: str
    """The file of the set that it stands in, without ``.yaml``."""
    group: str
    """The list in that file, or empty for the file's own fields."""
    key: str
    title: str
    what: What
    before: Entry | None
    after: Entry | None
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a plan made under the one set needs under the other."""

    says: str
    path: str
    """The file of the later set that asks for it."""
    key: str = ""


@dataclass(frozen=True)
class Difference:
    """Two sets of rules compared; ``before`` and ``after`` are only names for the first and the second asked for."""

    before: RuleSet
    after: RuleSet
    changes: tuple[Change, ...]
    needs: tuple[Need, ...]

    def of(self, *paths: str, group: str | None = None) -> tuple[Change, ...]:
        """The changes in some files, those where what is laid down differs first."""
        found = [c for c in self.changes if c.path in paths and group in {None, c.group}]
        return tuple(sorted(found, key=lambda each: each.what is What.RECITED))

    @property
    def money(self) -> tuple[Pence | None, Pence | None]:
        """The whole fund under each, None where a set has no composition."""
        first, second = (
            found.total if (found := rules.find("composition", Composition)) else None
            for rules in (self.before, self.after)
        )
        return first, second


def difference(before: RuleSet, after: RuleSet) -> Difference:
    """What differs from one set to another, in the order that a reader meets the files."""
    order = [*KINDS, *sorted((before.sections.keys() | after.sections.keys()) - KINDS.keys())]
    changes = tuple(
        change
        for path in order
        for change in _of_file(path, before.sections.get(path), after.sections.get(path))
    )
    return Difference(before, after, changes, tuple(_needs(before, after, changes)))


def title_of(entry: Entry, key: str) -> str:
    """An entry as a reader calls it."""
    return str(getattr(entry, "title", None) or getattr(entry, "says", None) or key.replace("_", " "))


def _of_file(path: str, before: Section | None, after: Section | None) -> Iterator[Change]:
    either = after or before
    if either is None:
        return
    lists = {**(lists_of(before) if before else {}), **(lists_of(after) if after else {})}
    own = _own_fields(either, lists)
    if own and (before is None or after is None or type(before) is not type(after)):
        what = What.GAINED if before is None else What.LOST if after is None else What.CHANGED
        yield Change(path, "", path, title_of(either, path), what, before, after)
    elif own and before is not None and after is not None:
        yield from _changed(path, "", path, before, after, own)
    for group in lists:
        yield from _of_list(path, group, before, after)


def _own_fields(section: Entry, lists: dict[str, tuple[Entry, ...]]) -> tuple[str, ...]:
    """The fields of a section that are not lists of entries; none where it is only a heading over its lists."""
    names = tuple(name for name in type(section).model_fields if name not in lists)
    return () if set(names) <= {"says", "of_which", "stated", "not_known", "calibration"} else names


def _of_list(path: str, group: str, before: Section | None, after: Section | None) -> Iterator[Change]:
    old, new = (
        {str(each.key): each for each in lists_of(section).get(group, ())} if section else {}  # type: ignore[attr-defined]  # entries of a list have keys
        for section in (before, after)
    )
    for key in dict.fromkeys([*old, *new]):
        if key not in new:
            yield Change(path, group, key, title_of(old[key], key), What.LOST, old[key], None)
        elif key not in old:
            yield Change(path, group, key, title_of(new[key], key), What.GAINED, None, new[key])
        else:
            names = tuple(type(new[key]).model_fields)
            yield from _changed(path, group, key, old[key], new[key], names)


def _changed(
    path: str, group: str, key: str, before: Entry, after: Entry, names: tuple[str, ...]
) -> Iterator[Change]:
    fields = tuple(
        FieldChange(name, getattr(before, name), getattr(after, name))
        for name in names
        if getattr(before, name) != getattr(after, name)
    )
    if fields:
        only_cited = all(each.name in CITATION for each in fields)
        what = What.RECITED if only_cited else What.CHANGED
        yield Change(path, group, key, title_of(after, key), what, before, after, fields)


# What a plan made under the one needs under the other


def _needs(before: RuleSet, after: RuleSet, changes: tuple[Change, ...]) -> Iterator[Need]:
    if not changes:
        return
    if before.about.places != after.about.places:
        yield Need(
            "Its parties change: these rules are for other boards, councils and NHS commissioners.",
            "set",
            "places",
        )
    years = [year for year in after.about.years if year not in before.about.years]
    if years:
        yield Need(f"It must cover {' and '.join(years)}, which it does not plan for yet.", "set", "years")
    for change in changes:
        if change.what is not What.RECITED:
            yield from _need(change)
    yield from _of_payment(before, after)
    yield Need(
        "Every party decides again: a decision is on exact content under one set of rules, and does not carry over.",
        "decisions",
    )


def _need(change: Change) -> Iterator[Need]:
    says = ""
    match change.what, change.after or change.before:
        case What.GAINED, Condition(title=title):
            says = f"It must say how it meets a condition that it has not answered: {title}."
        case What.CHANGED, Condition(title=title) if _moved(change, "title", "says"):
            says = f"What it says of “{title}” must be read again: the condition is worded otherwise."
        case What.GAINED, Metric(title=title):
            says = f"It needs a baseline and a target for: {title}."
        case What.CHANGED, Metric(title=title, pays=pays) if _moved(change, "pays"):
            says = f"“{title}” {'now decides' if pays else 'no longer decides'} what is paid."
        case What.GAINED, Stream(says=stream):
            says = f"Its sources must show “{stream}”."
        case What.LOST, Stream(says=stream):
            says = f"“{stream}” is no part of the fund any more: its sources must do without it."
        case What.CHANGED, Stream(says=stream) if _moved(change, "pence"):
            says = (
                f"Its sources of “{stream}” must be held against other shares: the national sum has changed."
            )
        case What.GAINED, Required(says=party):
            says = f"It needs the decision of {party}."
        case What.GAINED, Stage(says=stage):
            says = f"A further step follows agreement: {stage}."
        case What.CHANGED, Decisions() if _moved(change, "contributing"):
            says = "Which NHS commissioners must decide has changed."
        case What.GAINED | What.CHANGED, Event(kind="deadline", says=event, at=moment):
            says = f"By {moment}: {event}"
        case _:
            return
    yield Need(says, change.path, change.key)


def _moved(change: Change, *names: str) -> bool:
    return any(each.name in names for each in change.fields)


def _of_payment(before: RuleSet, after: RuleSet) -> Iterator[Need]:
    old, new = before.find("payment/release", Release), after.find("payment/release", Release)
    if new and not old:
        quarters = ", ".join(map(str, new.performance_quarters))
        yield Need(f"It needs a target for each quarter that is paid: {quarters}.", "payment/release")
    if old and not new:
        yield Need("No money is released by quarters any more; its targets by quarter pay nothing.", "set")
    if old and new and old != new:
        yield Need(
            "What it can earn must be worked out again: the payment is computed otherwise.", "payment/release"
        )
    guideline, earlier = (rules.find("payment/guideline", Parameter) for rules in (after, before))
    least = guideline.values[-1].value if guideline else None
    if least is not None and least != (earlier.values[-1].value if earlier else None):
        yield Need(
            f"Its cut must be {least}% or more, or it must make the case for less.", "payment/guideline"
        )
    tranches = after.find("payment/tranches", Tranches)
    if tranches and before.find("payment/tranches", Tranches) is None:
        yield Need("Its performance money comes in tranches, each with tests of its own.", "payment/tranches")
    elif tranches and not tranches.withheld and _withheld(before):
        yield Need(
            "Nothing is withheld for a missed target; it needs a recovery plan instead.", "payment/tranches"
        )
    if after.find("payment/rebasing", Rebasing) and before.find("payment/rebasing", Rebasing) is None:
        yield Need(
            "Its target may be changed where it is well above the operational plan's; the money is then resized.",
            "payment/rebasing",
        )
    instead = after.find("payment/out_of_hospital", OutOfHospital)
    if instead and before.find("payment/out_of_hospital", OutOfHospital) is None:
        yield Need(
            "It must show what it spends on NHS-commissioned services out of hospital, or holds against a risk.",
            "payment/out_of_hospital",
        )


def _withheld(rules: RuleSet) -> bool:
    found = rules.find("payment/tranches", Tranches)
    return bool(found and found.withheld)
