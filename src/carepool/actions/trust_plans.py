"""What all plans together take from a trust, beside the trust's own plan: where they disagree, everybody is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from carepool.actions.house import House
from carepool.actions.planning import content_of
from carepool.actions.reading import known_plans
from carepool.actions.releasing import agreed_plan
from carepool.basics.findings import Finding, Severity
from carepool.basics.money import in_figures
from carepool.basics.refusals import NotHere, Unusable
from carepool.conditions.targets import onto_trusts
from carepool.plans.document import Plan
from carepool.plans.versions import PlanHistory

RULE = "conditions acute_impact"
REMEDY = "Agree one number with the trust; the trust's page and each of the plans say this."


@dataclass(frozen=True, slots=True)
class Taken:
    """What one plan takes from a trust."""

    plan: str
    title: str
    boards: tuple[str, ...]
    """Those of the plan whose people it keeps out of the trust."""
    version: int
    signed_off: bool
    taken: Decimal
    own: Decimal | None
    """What it says that the trust's own plan has; None where it does not say."""
    mine: bool


@dataclass(frozen=True)
class OnTrust:
    """All plans that whoever asks may know of, on one trust."""

    trust: str
    plans: tuple[Taken, ...]

    @property
    def taken(self) -> Decimal:
        """What they take together."""
        return sum((each.taken for each in self.plans), Decimal(0))

    @property
    def told(self) -> tuple[Decimal, ...]:
        """What the trust's own plan has, by each of the different numbers that plans give."""
        return tuple(sorted({each.own for each in self.plans if each.own is not None}))

    @property
    def own(self) -> Decimal | None:
        """The trust's own plan, where all that speak of it give one number."""
        return self.told[0] if len(self.told) == 1 else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Where the plans and the trust's own disagree."""
        found = []
        silent = [each.title for each in self.plans if each.taken and each.own is None]
        if len(self.told) > 1:
            numbers = " and ".join(in_figures(each) for each in self.told)
            says = f"The plans give different numbers for the own plan of {self.trust}: {numbers} fewer admissions."
            found.append(_finding("trust-plan-told-differently", Severity.WARNING, self.trust, says, REMEDY))
        if silent:
            says = f"What the own plan of {self.trust} has is not said by {', '.join(silent)}."
            found.append(_finding("trust-plan-unsaid", Severity.WARNING, self.trust, says, "Ask the trust, and write it."))  # fmt: skip
        if self.told and self.taken > self.told[-1]:
            says = f"The plans together take {in_figures(self.taken)} admissions from {self.trust}, whose own plan has {in_figures(self.told[-1])} fewer."
            found.append(_finding("trust-disagrees", Severity.WARNING, self.trust, says, REMEDY))
        elif self.own is not None and self.taken < self.own:
            says = f"The own plan of {self.trust} has {in_figures(self.own)} fewer admissions, and the plans together take only {in_figures(self.taken)}."
            found.append(_finding("trust-expects-more", Severity.WARNING, self.trust, says, REMEDY))
        return tuple(found)


def on_trust(house: House, account: str | None, trust: str) -> OnTrust:
    """What the plans that an account, or nobody, may know of take from a trust.

    A plan of one's own counts as it was last saved; any other as ministers signed it off.
    """
    return on_trusts(house, account, [trust])[trust]


def on_trusts(house: House, account: str | None, trusts: Iterable[str]) -> dict[str, OnTrust]:
    """The same of several trusts, each plan read once."""
    found: dict[str, list[Taken]] = {trust: [] for trust in trusts}
    if not found:
        return {}
    for each in known_plans(house, account):
        read = _read(house, each.history, mine=each.mine)
        if read is None:
            continue
        plan, version, signed_off = read
        for trust, (_, _, taken, own) in onto_trusts(plan).items():
            if trust in found:
                boards = tuple(dict.fromkeys(flow.board for flow in plan.flows.flows if flow.trust == trust))
                found[trust].append(
                    Taken(each.history.id, plan.title or each.history.title, boards, version, signed_off, taken, own, each.mine)
                )  # fmt: skip
    return {trust: OnTrust(trust, tuple(sorted(plans, key=lambda one: -one.taken))) for trust, plans in found.items()}  # fmt: skip


def across_plans(house: House, account: str | None, plan: Plan) -> tuple[Finding, ...]:
    """Where the plans that take from the trusts of one plan, more than one of them, disagree with a trust's own."""
    together = on_trusts(house, account, onto_trusts(plan)).values()
    return tuple(finding for each in together if len(each.plans) > 1 for finding in each.findings)


def _read(house: House, found: PlanHistory, *, mine: bool) -> tuple[Plan, int, bool] | None:
    """A plan's content for whoever asks, its version, and whether that is signed off; None where there is none to read."""
    try:
        agreed = agreed_plan(house, found.id)
    except NotHere:
        agreed = None
    if not mine:
        return (agreed.plan, agreed.version.number, True) if agreed else None
    current = found.current
    if current is None:
        return None
    try:
        content = content_of(house, current)
    except Unusable:  # withdrawn: nobody can tell any more what it took
        return None
    return content, current.number, bool(agreed and agreed.version.digest == current.digest)


def _finding(code: str, severity: Severity, where: str, says: str, remedy: str) -> Finding:
    return Finding(code, severity, where, says, remedy, RULE)
