"""Targets that mean something: larger than chance, in step with the operating plan, and falling on trusts that know of it."""

from decimal import Decimal

from carepool.basics.findings import Finding
from carepool.basics.money import in_figures
from carepool.conditions.chance import Z, fell_by, largest_beyond_chance
from carepool.conditions.known import Known, note, warning
from carepool.plans.document import Plan
from carepool.plans.sections import Flow
from carepool.rules.paying import Rebasing


def cut_is_more_than_chance(plan: Plan, known: Known) -> list[Finding]:
    """Two counts of the same people differ by chance; a cut within that cannot be told from none (Poisson, both years equal)."""
    baseline = sum((row.baseline for row in plan.target.quarters), Decimal(0))
    planned = sum((row.planned for row in plan.target.quarters), Decimal(0))
    if baseline <= 0 or planned >= baseline:
        return []
    if fell_by(baseline, planned) >= Z:
        return []
    needed = largest_beyond_chance(baseline)
    says = (
        f"The cut from {in_figures(baseline)} to {in_figures(planned)} admissions could come about by chance; "
        f"{in_figures(needed)} or fewer could hardly."
    )
    remedy = "Aim lower, or know that the outturn will not tell whether the plan worked."
    return [note("within-chance", "target/quarters", says, remedy, "carepool: two Poisson counts, 95%")]


def target_agrees_with_the_operating_plan(plan: Plan, known: Known) -> list[Finding]:
    """A target well below the operating plan's is one that commissioners do not expect to reach; one well above asks less than they plan."""
    rows = [row for row in plan.target.quarters if row.operating_plan is not None]
    if not rows:
        if not (known.rules.pays and plan.target.quarters):
            return []
        says = "No quarter of the target says what the commissioners' operating plan has, so the two cannot be compared."
        return [note("operating-plan-unsaid", "target/quarters/0/operating_plan", says, "Write it beside each quarter.", known.rules.cite("conditions"))]  # fmt: skip
    baseline = sum((row.baseline for row in rows), Decimal(0))
    ours = sum((row.planned for row in rows), Decimal(0))
    theirs = sum((row.operating_plan or Decimal(0) for row in rows), Decimal(0))
    if not baseline:
        return []
    points = (theirs - ours) / baseline * 100
    rebasing = known.rules.find("payment/rebasing", Rebasing)
    allowed = rebasing.points if rebasing else Decimal(0)
    if abs(points) <= allowed:
        return []
    rule = known.rules.cite("payment/rebasing" if rebasing else "conditions")
    says = (
        f"The plan cuts admissions by {round(points, 2)} percentage points more than the operating plan does."
        if points > 0
        else f"The operating plan cuts admissions by {round(-points, 2)} percentage points more than this plan does."
    )
    remedy = (
        f"It may be changed: a difference of more than {allowed} points is one that NHS England may approve a change for."
        if rebasing
        else "Bring the two together: commissioners plan one number of admissions."
    )
    return [warning("operating-plan-differs", "target/quarters", says, remedy, rule)]


def trusts_see_what_the_plan_cuts(plan: Plan, known: Known) -> list[Finding]:
    """The reductions by trust add to the plan's, and each trust's own plan holds as much as all boards take from it together.

    A trust that several rows give one and the same plan of has that plan once; parts that differ add up.
    """
    flows, rule = plan.flows.flows, f"{known.rules.cite('conditions')} acute_impact"
    if not flows:
        return []
    findings = []
    cut = sum((row.baseline - row.planned for row in plan.target.quarters), Decimal(0))
    onto = sum((each.reduction or Decimal(0) for each in flows), Decimal(0))
    if onto != cut:
        says = f"The plan cuts {in_figures(cut)} admissions, and {in_figures(onto)} of them are shown by hospital."
        findings.append(
            warning("flows-differ", "flows/flows", says, "Show on which hospitals the others fall.", rule)
        )
    boards = {*plan.parties.boards}
    for number, each in enumerate(flows):
        where = f"flows/flows/{number}"
        if known.trusts and each.trust not in known.trusts:
            says = f"Row {number + 1} of hospitals: {each.trust} is no trust that carepool knows."
            findings.append(warning("unknown-trust", f"{where}/trust", says, f"Write one of {', '.join(known.trusts)}.", rule))  # fmt: skip
        if each.reduction and each.trust_plan is None:
            says = f"Row {number + 1} of hospitals does not say what the own plan of {each.trust} has."
            findings.append(warning("trust-plan-unsaid", f"{where}/trust_plan", says, "Ask the trust, and write it.", rule))  # fmt: skip
        if each.board not in boards:
            says = f"Row {number + 1} of hospitals: {each.board} is no board of the plan."
            findings.append(
                warning("flow-of-another-board", f"{where}/board", says, "Name one of its boards.", rule)
            )
        if each.trust_plan is not None and each.reduction is not None and each.trust_plan < each.reduction:
            says = (
                f"The plan takes {in_figures(each.reduction)} admissions from {each.trust}, whose own plan has "
                f"{in_figures(each.trust_plan)} fewer."
            )
            remedy = "Agree one number with the trust; everybody concerned sees this."
            findings.append(warning("trust-disagrees", f"{where}/trust_plan", says, remedy, rule))
    for trust, (number, many, taken, own) in onto_trusts(plan).items():
        if many > 1 and own is not None and taken > own:
            says = f"The boards of the plan together take {in_figures(taken)} admissions from {trust}, whose own plan has {in_figures(own)} fewer."
            remedy = "Agree one number with the trust; everybody concerned sees this."
            findings.append(
                warning("trust-disagrees", f"flows/flows/{number}/trust_plan", says, remedy, rule)
            )
    return findings


def onto_trusts(plan: Plan) -> dict[str, tuple[int, int, Decimal, Decimal | None]]:
    """For each trust: its first row, how many it has, what they take together, and what its own plan has, where that is said."""
    rows: dict[str, list[tuple[int, Flow]]] = {}
    for number, each in enumerate(plan.flows.flows):
        rows.setdefault(each.trust, []).append((number, each))
    made = {}
    for trust, found in rows.items():
        taken = sum((each.reduction or Decimal(0) for _, each in found), Decimal(0))
        plans = [each.trust_plan for _, each in found if each.trust_plan is not None]
        own = (plans[0] if len(set(plans)) == 1 else sum(plans, Decimal(0))) if plans else None
        made[trust] = (found[0][0], len(found), taken, own)
    return made


def providers_have_spoken(plan: Plan, known: Known) -> list[Finding]:
    """Each hospital that loses admissions has said whether it agrees; one that does not is heard."""
    rule, findings = f"{known.rules.cite('conditions')} acute_impact", []
    spoken = {each.provider.casefold() for each in plan.commentaries.commentaries}
    for number, flow in enumerate(plan.flows.flows):
        if flow.reduction and flow.trust.casefold() not in spoken:
            says = f"{flow.trust} is to have {in_figures(flow.reduction)} fewer admissions and has not commented."
            findings.append(
                warning(
                    "provider-silent", f"flows/flows/{number}/trust", says, "Ask it for its commentary.", rule
                )
            )
    for number, each in enumerate(plan.commentaries.commentaries):
        if each.agrees in {"no", "partly"}:
            verb = (
                "does not agree with the plan" if each.agrees == "no" else "agrees with the plan only in part"
            )
            why = f": {each.why.strip()}" if each.why.strip() else ", and no reason is given"
            says = f"{each.provider} {verb}{why}"
            says = says if says.endswith((".", "!", "?")) else f"{says}."
            findings.append(
                warning("provider-doubts", f"commentaries/commentaries/{number}/agrees", says, "Answer it in the plan; assurers will ask.", rule)
            )  # fmt: skip
    return findings
