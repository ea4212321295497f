"""The paid target: whole numbers for every quarter that is paid, at the guideline or with a case, and with its money there."""

from decimal import Decimal

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import in_figures, in_pounds, share
from carepool.conditions.known import Known, blocker
from carepool.measures.admissions import whole_target
from carepool.plans.document import Plan


def target_is_whole(plan: Plan, known: Known) -> list[Finding]:
    """Where rules pay, the target has every quarter that is paid, with the published baseline; one above it is asked about."""
    if not known.rules.pays:
        return []
    release = known.rules.release
    rows = {row.quarter: (number, row) for number, row in enumerate(plan.target.quarters)}
    rule = known.rules.cite("payment/release")
    findings = []
    for quarter in release.performance_quarters:
        if quarter not in rows:
            findings.append(
                blocker(
                    "target-missing",
                    "target/quarters",
                    f"The target has no row for {quarter}.",
                    "Add its baseline and its target.",
                    rule,
                )
            )
            continue
        number, row = rows[quarter]
        where = f"target/quarters/{number}"
        published = known.baseline.get(quarter.year_before)
        if published is not None and row.baseline != published:
            findings.append(
                Finding("baseline-differs", Severity.WARNING, f"{where}/baseline", f"The baseline of {quarter} is {row.baseline:,}; the published figure of {quarter.year_before} is {published:,}.", "Use the published figure, or say in the case where yours is from.", rule)
            )  # fmt: skip
        if quarter.year_before in known.flagged:
            findings.append(
                Finding("baseline-incomplete", Severity.WARNING, f"{where}/baseline", f"The baseline of {quarter} rests on an incomplete return.", "Agree with NHS England which figure to use.", rule)
            )  # fmt: skip
        if row.planned != row.planned.to_integral_value():
            findings.append(
                blocker(
                    "target-not-whole",
                    f"{where}/planned",
                    f"The target of {quarter} is {row.planned}: targets are whole numbers.",
                    "Round it.",
                    rule,
                )
            )
        if row.planned > row.baseline:
            findings.append(
                Finding("plan-above-baseline", Severity.WARNING, f"{where}/planned", f"The target of {quarter}, {row.planned:,}, is above its baseline, {row.baseline:,}.", "Check that the two are not exchanged.", rule)
            )  # fmt: skip
    findings += [
        blocker("quarter-not-paid", f"target/quarters/{number}/quarter", f"{quarter} is not a quarter that these rules pay by.", "Take the row out.", rule)
        for quarter, (number, _) in rows.items()
        if quarter not in release.performance_quarters
    ]  # fmt: skip
    first = {row.quarter: number for number, row in reversed(list(enumerate(plan.target.quarters)))}
    findings += [
        blocker("quarter-twice", f"target/quarters/{number}/quarter", f"{row.quarter} stands twice in the target.", "Keep one of the rows.", rule)
        for number, row in enumerate(plan.target.quarters)
        if first[row.quarter] < number
    ]  # fmt: skip
    return findings


def target_meets_the_guideline(plan: Plan, known: Known) -> list[Finding]:
    """Where rules pay, a cut below the guideline needs its case in words. Targets are whole numbers: those of the guideline itself meet it."""
    baseline = sum((row.baseline for row in plan.target.quarters), Decimal(0))
    if not known.rules.pays or not baseline:
        return []
    planned = sum((row.planned for row in plan.target.quarters), Decimal(0))
    cut = (baseline - planned) / baseline * 100
    guideline = known.rules.value(
        "payment/guideline", known.rules.release.performance_quarters[0].first_day
    ).value
    meets = sum((whole_target(row.baseline, guideline) for row in plan.target.quarters), Decimal(0))
    if planned <= meets or cut >= guideline:
        return []
    severity = Severity.NOTE if plan.target.case.strip() else Severity.BLOCKER
    return [
        Finding(
            "below-guideline", severity, "target/case",
            f"The plan cuts admissions by {round(cut, 2)}%, below the guideline of {guideline}%, which comes to {in_figures(meets)} admissions in all; it plans {in_figures(planned)}.",
            "A case is given; the assurers will read it." if severity is Severity.NOTE else "Raise the target, or write the case for a lower one.",
            known.rules.cite("payment/guideline"),
        )
    ]  # fmt: skip


def performance_money_is_there(plan: Plan, known: Known) -> list[Finding]:
    """Where rules pay, what the cut puts at stake is in each CCG's own contribution, and stays with it until it is earned."""
    if not known.rules.pays:
        return []
    cut = sum((row.baseline - row.planned for row in plan.target.quarters), Decimal(0))
    rule = known.rules.cite("payment/release")
    if not known.people:
        return [
            blocker("no-contributing-ccg", "parties/ccgs", "No CCG of the plan has people who live in its boards, so nobody has performance money.", "Add the CCGs of its boards.", rule)
        ]  # fmt: skip
    if cut <= 0:
        return []
    stream = next(part.within for part in known.rules.composition.of_which if part.name == "performance")
    findings = []
    for ccg, part in share(known.worth(cut), known.people).items():
        given = sum(
            row.year_2 for row in plan.sources.sources if (row.contributor, row.source) == (ccg, stream)
        )
        if part > given:
            findings.append(
                blocker("performance-not-covered", "target/quarters", f"The cut puts {in_pounds(part)} of {ccg} at stake, and {ccg} puts in only {in_pounds(given)} of {stream.replace('_', ' ')}.", "Plan a smaller cut, or raise what the CCG puts in.", rule)
            )  # fmt: skip
    return findings
