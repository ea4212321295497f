"""Money that is meant for something: named once, no more than there is, and what was put in for it."""

from carepool.basics.findings import Finding
from carepool.basics.money import Pence, in_pounds
from carepool.conditions.identities import rounding
from carepool.conditions.known import Known, blocker, warning
from carepool.plans.document import EVERY, Plan

NAMES = next(each for each in EVERY["earmarks"].lists[0].fields if each.name == "name").codes


def earmarks_are_there(plan: Plan, known: Known) -> list[Finding]:
    """Each earmark has its amount once, no more than the plan spends, and as much as the money of its name that is put in."""
    rule, findings = known.rules.cite("composition"), []
    put_in: dict[str, list[Pence]] = {}
    for row in plan.sources.sources:
        put_in.setdefault(row.source, []).append(row.year_2)
    total, year = plan.total("spend", "year_2"), known.years[-1]
    seen: set[str] = set()
    for number, each in enumerate(plan.earmarks.earmarks):
        where, title = f"earmarks/earmarks/{number}", NAMES.get(each.name, each.name)
        if each.name in seen:
            findings.append(blocker("earmark-twice", f"{where}/name", f"“{title}” is named twice.", "Keep one of the rows.", rule))  # fmt: skip
        seen.add(each.name)
        if each.pence is None:
            findings.append(warning("earmark-without-sum", f"{where}/pence", f"The plan does not say how much is meant for “{title}”.", "Write the amount.", rule))  # fmt: skip
            continue
        if total and each.pence > total:
            says = f"{in_pounds(each.pence)} is meant for “{title}”, more than the whole plan spends, {in_pounds(total)}."
            findings.append(warning("earmark-too-much", f"{where}/pence", says, "Correct one of the two.", rule))  # fmt: skip
        said = put_in.get(each.name)
        if each.name == "care_act" and plan.protection.care_act is not None:
            said = [plan.protection.care_act]
        if said is not None and abs(sum(said) - each.pence) > rounding(said) + rounding([each.pence]):
            says = f"{in_pounds(each.pence)} is meant for “{title}”, and elsewhere the plan has {in_pounds(sum(said))} of it in {year}."
            findings.append(warning("earmark-differs", f"{where}/pence", says, "Make the two agree.", rule))
    return findings
