"""Boards, regions and the nation from one function: outcomes, quality against risk, open conditions, agreement, and savings.

Every sum is the sum of its parts, and what is not known of a plan is counted as not known, never as nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from carepool.assurance.agreement import Agreement, Pair, agreement
from carepool.basics.money import Pence
from carepool.basics.workings import Step, Working


@dataclass(frozen=True, slots=True)
class Assessed:
    """One plan as it goes into a roll-up."""

    plan: str
    title: str
    boards: tuple[str, ...]
    region: str
    version: int
    digest: str
    state: str
    """How far its assurance is."""
    outcome: str
    """The id of its outcome; empty before there is one."""
    quality: str
    risk: str
    pairs: tuple[Pair, ...]
    """Both reviewers' answers, by their places on the scale; none before both are in."""
    open_conditions: int
    overdue: int
    promised: Pence
    credible: Pence | None
    delivered: Pence | None
    avoided: Decimal | None
    """Admissions fewer than in the baseline, in the quarters known; below nought where there were more."""
    stands: str = ""
    """What past changes make of that: plausible, uncertain or implausible; empty while it is not known."""


@dataclass(frozen=True, slots=True)
class Known:
    """A sum over those of whom it is known, how many they are, and what they promise."""

    pence: Pence
    plans: int
    promised: Pence


@dataclass(frozen=True, slots=True)
class RollUp:
    """What some plans come to together."""

    name: str
    plans: tuple[Assessed, ...]
    outcomes: Counter[str]
    """By outcome; those without one under an empty id."""
    matrix: Counter[tuple[str, str]]
    """By quality and risk, of those that are moderated."""
    open_conditions: int
    overdue: int
    agreement: Agreement
    promised: Pence
    credible: Known
    delivered: Known
    stands: Counter[str]
    """By what past changes make of the outturn; those of which that is not known under an empty word."""


def roll_up(name: str, plans: Iterable[Assessed], levels: int) -> RollUp:
    """What some plans come to; ``levels`` is how many answers the scale of the questions has."""
    held = tuple(plans)
    return RollUp(
        name,
        held,
        Counter(each.outcome for each in held),
        Counter((each.quality, each.risk) for each in held if each.quality),
        sum(each.open_conditions for each in held),
        sum(each.overdue for each in held),
        agreement((pair for each in held for pair in each.pairs), levels),
        sum(each.promised for each in held),
        _known((each.credible, each.promised) for each in held),
        _known((each.delivered, each.promised) for each in held),
        Counter(each.stands for each in held),
    )


def by_region(plans: Sequence[Assessed], levels: int) -> tuple[RollUp, ...]:
    """A roll-up for each region, in the order of their names. Together they hold every plan once."""
    names = sorted({each.region for each in plans})
    return tuple(roll_up(name, (each for each in plans if each.region == name), levels) for name in names)


def _known(pairs: Iterable[tuple[Pence | None, Pence]]) -> Known:
    held = [(pence, promised) for pence, promised in pairs if pence is not None]
    return Known(sum(pence for pence, _ in held), len(held), sum(promised for _, promised in held))


def explain(found: RollUp, what: str) -> Working:
    """The working of ``promised``, ``credible`` or ``delivered``: each plan's part, and their sum."""
    steps = []
    for each in found.plans:
        pence: Pence | None = getattr(each, what)
        steps.append(
            Step(each.title, pence, "pence", "" if pence is not None else "not known yet", f"plan {each.plan}, version {each.version}")
        )  # fmt: skip
    sums = {"promised": found.promised, "credible": found.credible.pence, "delivered": found.delivered.pence}
    known = {
        "promised": len(found.plans),
        "credible": found.credible.plans,
        "delivered": found.delivered.plans,
    }
    total = sums[what] if known[what] else None
    how = f"the plans of which it is known, added: {known[what]} of {len(found.plans)}"
    steps.append(Step(found.name, total, "pence", how))
    return Working(f"{what.capitalize()}: {found.name}", total, "pence", tuple(steps))
