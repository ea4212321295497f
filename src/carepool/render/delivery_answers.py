"""Delivery in the shapes of JSON, and as lines for a terminal."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from carepool.actions.delivering import Delivery, NationalDelivery, Rolled
from carepool.basics.money import in_figures, in_pounds
from carepool.basics.periods import in_words
from carepool.plans.describe import describe
from carepool.plans.sections import Benefits
from carepool.returns.delivery import Line

Data = dict[str, object]
KINDS: Mapping[str, str] = {
    **next(
        field.codes
        for one in describe("benefits", "Benefits", Benefits).lists
        for field in one.fields
        if field.name == "kind"
    )
}
"""The kinds of benefit in words."""


def kind_words(kind: str) -> str:
    """A kind of benefit as people call it."""
    return KINDS.get(kind, kind.replace("_", " "))


def percent_of(line: Line) -> str:
    """The part of what was planned so far that was delivered; empty where nothing was told."""
    return "" if line.share is None else f"{float(line.share * 100):.1f}%"


def figure(value: Decimal | None) -> str:
    """A number of activity; empty where it is not known."""
    return "" if value is None else in_figures(value)


def whole(found: Delivery, words: Mapping[str, str], today: date) -> Data:
    """A plan's delivery: each promise beside what was told, milestones, what is off track, and recovery plans."""
    return {
        "plan": found.agreed.id,
        "rules": found.agreed.rules.name,
        "off_track_below_percent": str(found.rule.off_track_below),
        "schemes": [
            {
                "scheme": each.promise.scheme, "kind": each.promise.kind, "promised_pence": each.promise.pence,
                "credible_pence": each.promise.credible, "quarters": each.quarters, "planned_pence": each.planned,
                "delivered_pence": each.delivered,
                "planned_activity": None if each.planned_activity is None else str(each.planned_activity),
                "activity": None if each.activity is None else str(each.activity),
                "share": None if each.share is None else f"{each.share.numerator}/{each.share.denominator}",
                "off_track": each.off(found.rule),
            }
            for each in found.lines
        ],
        "told": [
            {
                "quarter": each.quarter, "scheme": each.scheme, "kind": each.kind, "pence": each.pence,
                "activity": None if each.activity is None else str(each.activity), "words": words.get(each.words, ""),
                "at": each.at, "told": each.told,
            }
            for _, each in sorted(found.told.outcomes.items())
        ],
        "milestones": [
            {
                "milestone": each.id, "scheme": each.scheme, "words": words.get(each.words, ""), "due": each.due,
                "stands": each.stands(today),
                "said": [{"done": one.done, "on": one.on, "words": words.get(one.words, ""), "at": one.at} for one in each.said],
            }
            for each in found.told.milestones.values()
        ],
        "off_track": [{"of": of, "why": why} for of, why in found.off.items()],
        "recovery_plans": [
            {
                "of": each.of, "words": words.get(each.words, ""), "due": each.due, "office": each.office, "done": each.done,
                "progress": [{"at": at, "words": words.get(one, ""), "done": done} for at, one, done in each.progress],
            }
            for each in found.told.recoveries.values()
        ],
        "findings": [each.as_data() for each in found.findings],
    }  # fmt: skip


def words_named(found: Delivery) -> tuple[str, ...]:
    """The digests of everything that was said in words."""
    told = found.told
    said = [each.words for each in told.outcomes.values()]
    for each in told.milestones.values():
        said += [each.words, *(one.words for one in each.said)]
    for one in told.recoveries.values():
        said += [one.words, *(words for _, words, _ in one.progress)]
    return tuple(dict.fromkeys(each for each in said if each))


def as_text(found: Delivery, words: Mapping[str, str], today: date) -> str:
    """The same in lines."""
    lines = []
    for each in found.lines:
        name = found.names.get(f"scheme/{each.promise.scheme}", each.promise.scheme)
        so_far = (
            f"{in_pounds(each.delivered)} of {in_pounds(each.planned)} planned so far, {percent_of(each)}"
            if each.quarters
            else "nothing told yet"
        )
        off = "; off track" if each.off(found.rule) else ""
        lines.append(
            f"{name}, {kind_words(each.promise.kind)}: {in_pounds(each.promise.pence)} promised; {so_far}{off}"
        )
    for one in found.told.milestones.values():
        lines.append(
            f"Milestone {one.id}, by {in_words(one.due)}: {words.get(one.words, '')} ({one.stands(today)})"
        )
    for recovery in found.told.recoveries.values():
        state = "done" if recovery.done else f"by {in_words(recovery.due)}"
        lines.append(
            f"Recovery plan, {found.names.get(recovery.of, recovery.of)}: {words.get(recovery.words, '')} ({state})"
        )
    lines += [f"{each.severity.capitalize()}: {each.says} {each.remedy}" for each in found.findings]
    return "\n".join(lines) + "\n"


def rolled(found: Rolled) -> Data:
    """What some schemes come to."""
    return {
        "name": found.name, "schemes": len(found.schemes), "promised_pence": found.promised,
        "credible_pence": found.credible, "credible_not_known": found.not_known, "planned_so_far_pence": found.planned,
        "told_pence": found.told, "off_track": found.off,
    }  # fmt: skip


def national(found: NationalDelivery) -> Data:
    """From the nation to each scheme."""
    return {
        "nation": rolled(found.nation),
        "regions": [rolled(each) for each in found.regions],
        "boards": [rolled(each) for each in found.boards],
        "schemes": [
            {
                "plan": each.plan, "scheme": each.scheme, "name": each.name, "promised_pence": each.promised,
                "credible_pence": each.credible, "planned_so_far_pence": each.planned, "told_pence": each.told, "off_track": each.off,
            }
            for each in found.nation.schemes
        ],
    }  # fmt: skip
