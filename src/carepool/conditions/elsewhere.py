"""The plan beside its neighbours': no board has two plans, no pound is promised twice, and hospitals see all plans together."""

from decimal import Decimal

from carepool.basics.findings import Finding
from carepool.basics.money import Pence, in_figures, in_pounds
from carepool.conditions.identities import rounding
from carepool.conditions.known import Known, blocker, warning
from carepool.conditions.targets import onto_trusts
from carepool.plans.document import Plan


def board_has_one_plan(plan: Plan, known: Known) -> list[Finding]:
    """A board's money for the same years stands in one plan."""
    rule = known.rules.cite("decisions")
    return [
        warning("board-in-two-plans", "parties/boards", f"{board} has another plan for the same years, “{other}”.", "Keep one of the two: the same money cannot be in both.", rule)
        for board, other in known.elsewhere.boards
        if board in plan.parties.boards
    ]  # fmt: skip


def no_pound_is_in_two_plans(plan: Plan, known: Known) -> list[Finding]:
    """What a contributor puts into all plans together is no more than it has of that money."""
    official, year = known.minimum.official, known.years[-1]
    rule = known.rules.cite("composition" if official else "allocation/methods")
    here: dict[tuple[str, str], list[Pence]] = {}
    for row in plan.sources.sources:
        here.setdefault((row.source, row.contributor), []).append(row.year_2)
    findings = []
    for key, amounts in here.items():
        there, names = known.elsewhere.pledged.get(key, (0, ()))
        whole = known.elsewhere.whole.get(key)
        if not there or whole is None or sum(amounts) + there <= whole + rounding([*amounts, there]) + 100:
            continue
        stream, who = key
        says = (
            f"{who} puts {in_pounds(sum(amounts))} of {stream.replace('_', ' ')} into this plan and {in_pounds(there)} into "
            f"{', '.join(names)} for {year}; it has {in_pounds(whole)} in all{'' if official else ' (indicative)'}."
        )
        write = blocker if official else warning
        findings.append(
            write(
                "pledged-twice", "sources/sources", says, "Agree with the other plan how it is divided.", rule
            )
        )
    return findings


def hospitals_see_all_plans(plan: Plan, known: Known) -> list[Finding]:
    """The reductions of all plans on a trust are no more than the trust's own plan holds."""
    rule, findings = f"{known.rules.cite('conditions')} acute_impact", []
    for trust, (number, _, taken, own) in onto_trusts(plan).items():
        there, names = known.elsewhere.onto_trusts.get(trust, (Decimal(0), ()))
        if own is None or not taken or not there or not names:
            continue
        together = taken + there
        if together > own:
            says = (
                f"This plan and {', '.join(names)} together take {in_figures(together)} admissions from {trust}, whose own "
                f"plan has {in_figures(own)} fewer."
            )
            remedy = "Agree one number with the trust and the other plans; everybody concerned sees this."
            findings.append(
                warning("trust-overloaded", f"flows/flows/{number}/trust_plan", says, remedy, rule)
            )
    return findings
