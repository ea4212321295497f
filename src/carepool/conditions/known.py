"""What the checks share: what a plan is checked against, and how a finding is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, round_half_up
from carepool.basics.periods import Quarter
from carepool.places.bodies import BodyKind
from carepool.plans.document import Plan
from carepool.rules.rulebook import RuleSet
from carepool.signoff.standing import Own

YEAR_KEYS = ("year_1", "year_2")


@dataclass(frozen=True, slots=True)
class Expected:
    """What parties are expected to put in."""

    pence: Mapping[tuple[str, str], Pence]
    """By (stream, contributor)."""
    official: str = ""
    """Where official pounds are from; empty where the figures are indicative, and then nothing may block on them."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What neighbouring plans for the same years hold together; not which of them, since not every reader may know."""

    boards: tuple[str, ...] = ()
    """Boards of this plan that have another plan."""
    pledged: Mapping[tuple[str, str], Pence] = field(default_factory=dict)
    """What other plans show of each (stream, contributor) in the last year."""
    whole: Mapping[tuple[str, str], Pence] = field(default_factory=dict)
    """All that each contributor has of each stream."""
    onto_trusts: Mapping[str, Decimal] = field(default_factory=dict)
    """The admissions that other plans take from each trust."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a plan is checked against; nothing of it is in the plan."""

    rules: RuleSet
    bodies: Mapping[str, frozenset[str]]
    """The codes of all bodies that could be a party, by kind: ``council``, ``ccg`` or ``icb``, ``board``."""
    members: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    """The councils and the NHS commissioners of each board."""
    minimum: Expected
    """What is expected of each (stream, contributor) in the last year, for the plan's boards."""
    baseline: Mapping[Quarter, Decimal]
    """The published baseline of the plan's boards, by baseline quarter."""
    flagged: frozenset[Quarter]
    """Baseline quarters that rest on an incomplete return."""
    people: Mapping[str, int]
    """The people of each contributing commissioner who live in the plan's boards: what performance money is split by."""
    commissioner: BodyKind = BodyKind.CCG
    """Which kind of NHS commissioner a plan names."""
    on: date | None = None
    """The day on which the plan is checked: what a deadline, or the day from which a warning blocks, is compared with."""
    share_of_performance: Pence | None = None
    """The plan's boards' share of the performance money, where the rules have any."""
    trusts: Mapping[str, str] = field(default_factory=dict)
    """Acute trusts that are held, by code, with their names."""
    elsewhere: Elsewhere = Elsewhere()
    """What neighbouring plans hold; nothing where only this plan was looked at."""
    own: Own = Own()  # noqa: RUF009  (frozen and empty)
    """The boards that the plan was started for, and whom they bring; none where a plan is not known to be started."""

    @property
    def years(self) -> tuple[str, ...]:
        """The years of a plan, as people call them: one or two."""
        return self.rules.about.years

    @property
    def year_fields(self) -> Mapping[str, str]:
        """The fields of a plan's amounts with the year that each is of; a plan of one year is written in the last field."""
        return dict(zip(YEAR_KEYS[-len(self.years) :], self.years, strict=True))

    @property
    def words_of_years(self) -> tuple[str, ...]:
        """What each field of an amount is called; empty for one that these rules do not use."""
        return tuple(self.year_fields.get(key, "") for key in YEAR_KEYS)

    def worth(self, cut: Decimal) -> Pence:
        """What a cut in admissions is worth under rules that pay, in pence; nothing for none, or where they do not pay."""
        if not self.rules.pays or cut <= 0:
            return 0
        day = self.rules.release.performance_quarters[0].first_day
        return int(round_half_up(self.rules.value("payment/unit_value", day).value * 100 * cut))

    def worth_of(self, plan: Plan) -> Pence:
        """What a plan's own target puts at stake, before any cap."""
        return self.worth(sum((row.baseline - row.planned for row in plan.target.quarters), Decimal(0)))


Check = Callable[[Plan, Known], list[Finding]]


def blocker(code: str, where: str, says: str, remedy: str, rule: str) -> Finding:
    """A finding that stops the plan from being agreed."""
    return Finding(code, Severity.BLOCKER, where, says, remedy, rule)


def warning(code: str, where: str, says: str, remedy: str, rule: str) -> Finding:
    """A finding that asks for another look."""
    return Finding(code, Severity.WARNING, where, says, remedy, rule)


def note(code: str, where: str, says: str, remedy: str, rule: str) -> Finding:
    """A finding that informs."""
    return Finding(code, Severity.NOTE, where, says, remedy, rule)
