"""Social care services are protected, not the spending on them: what people can get, this year and next, with and without the money."""

from carepool.basics.findings import Finding
from carepool.basics.money import in_pounds
from carepool.conditions.known import Known, note, warning
from carepool.plans.document import Plan, holds_anything


def services_are_protected(plan: Plan, known: Known) -> list[Finding]:
    """The plan says what eligibility and access are with and without the money, and how much protects them."""
    said, rule = plan.protection, f"{known.rules.cite('conditions')} protect_services"
    if not holds_anything(said):
        return []
    findings = []
    for name, says in (
        ("definition", "what protecting services means here"),
        ("eligibility_now", "who is eligible this year"),
        ("eligibility_next", "who is eligible next year"),
        ("with_money", "what people can get with the money"),
        ("without_money", "what people could get without it"),
    ):
        if not str(getattr(said, name)).strip():
            findings.append(
                warning("protection-unsaid", f"protection/{name}", f"The plan does not say {says}.", "Write it: a sum alone protects no service.", rule)
            )  # fmt: skip
    if said.pence is None:
        findings.append(
            warning("protection-without-sum", "protection/pence", "The plan does not say how much of the fund protects services.", "Write the amount.", rule)
        )  # fmt: skip
    elif (total := plan.total("spend", "year_2")) and said.pence > total:
        says = f"{in_pounds(said.pence)} is to protect services, more than the whole plan spends, {in_pounds(total)}."
        findings.append(
            warning("protection-too-much", "protection/pence", says, "Correct one of the two.", rule)
        )
    if said.budget_before and said.budget_after is not None and said.budget_after < said.budget_before:
        fall = said.budget_before - said.budget_after
        says = f"The council's own net budget falls by {in_pounds(fall)}, to {in_pounds(said.budget_after)}."
        remedy = "It may: services are protected, not spending. Say how people still get what they got."
        findings.append(note("budget-falls", "protection/budget_after", says, remedy, rule))
    return findings
