"""The plan beside its neighbours: no board has two plans, no pound is promised twice, and no trust is overloaded.

Who reads this plan may not read the others, so nothing is said of those but that together it is too much: no title, no
sum, no number. Whoever may read both finds them in the list of plans.
"""

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
        warning("board-in-two-plans", "parties/boards", f"{board} has another plan for the same years.", "Keep one of the two: the same money cannot be in both. The board's bodies find it in the list of plans.", rule)
        for board in known.elsewhere.boards
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
        there = known.elsewhere.pledged.get(key, 0)
        whole = known.elsewhere.whole.get(key)
        if not there or whole is None or sum(amounts) + there <= whole + rounding([*amounts, there]) + 100:
            continue
        stream, who = key
        says = (
            f"{who} puts {in_pounds(sum(amounts))} of {stream.replace('_', ' ')} into this plan for {year}. With what it puts "
            f"into other plans that is more than the {in_pounds(whole)} that it has in all{'' if official else ' (indicative)'}."
        )
        remedy = f"Ask {who}, which sees every plan that it puts money into, to agree how it is divided."
        write = blocker if official else warning
        findings.append(write("pledged-twice", "sources/sources", says, remedy, rule))
    return findings


def hospitals_see_all_plans(plan: Plan, known: Known) -> list[Finding]:
    """The reductions of all plans on a trust are no more than the trust's own plan holds."""
    rule, findings = f"{known.rules.cite('conditions')} acute_impact", []
    for trust, (number, _, taken, own) in onto_trusts(plan).items():
        there = known.elsewhere.onto_trusts.get(trust, Decimal(0))
        if own is None or not taken or not there:
            continue
        if taken + there > own:
            says = (
                f"This plan takes {in_figures(taken)} admissions from {trust}. With what other plans take from it "
                f"that is more than the {in_figures(own)} fewer of its own plan."
            )
            remedy = "Agree one number with the trust, which sees all of these plans; each of them says this."
            findings.append(
                warning("trust-overloaded", f"flows/flows/{number}/trust_plan", says, remedy, rule)
            )
    return findings
