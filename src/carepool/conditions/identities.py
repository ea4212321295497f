"""Sums that must hold: a saving is activity times price, money freed is money added, and no pound is spent twice."""

from decimal import Decimal

from carepool.basics.findings import Finding
from carepool.basics.money import Pence, in_figures, in_pounds, round_half_up
from carepool.conditions.known import Known, blocker, warning
from carepool.plans.document import Plan

UNIT = 100_000
"""Pence in a thousand pounds: amounts that are all whole thousands are taken to be rounded to them."""


def rounding(amounts: list[Pence]) -> Pence:
    """How far a sum of these may be off by rounding alone: half a unit for each, where all are whole thousands."""
    return UNIT // 2 * len(amounts) if amounts and all(each % UNIT == 0 for each in amounts) else 0


def savings_are_activity_times_price(plan: Plan, known: Known) -> list[Finding]:
    """A saving equals the change in activity times the price of one, within the rounding of how it is written."""
    rule, findings = "plan document: benefits", []
    schemes = {each.id for each in plan.schemes.schemes}
    for number, each in enumerate(plan.benefits.benefits):
        where = f"benefits/benefits/{number}"
        if each.scheme not in schemes:
            says = f"Row {number + 1} of benefits is of scheme {each.scheme}, which the plan does not have."
            findings.append(
                blocker(
                    "benefit-without-scheme", f"{where}/scheme", says, "Name one of the plan's schemes.", rule
                )
            )
        if each.activity is None or each.unit_price is None or each.saving is None:
            continue
        worth = int(round_half_up(each.activity * each.unit_price))
        if abs(worth - each.saving) > max(rounding([each.saving]), 100):
            says = (
                f"Row {number + 1} of benefits: {in_figures(each.activity)} × {in_pounds(each.unit_price)} is "
                f"{in_pounds(worth)}, and the saving is {in_pounds(each.saving)}."
            )
            remedy = "Correct the activity, the price or the saving."
            findings.append(blocker("saving-differs", f"{where}/saving", says, remedy, rule))
    return findings


def money_freed_is_money_added(plan: Plan, known: Known) -> list[Finding]:
    """What a commissioner frees totals what it adds to the fund from its own allocation."""
    stream = known.rules.composition.inside("performance")
    if stream is None or not plan.freed.freed:
        return []
    rule, findings = known.rules.cite("composition"), []
    added: dict[str, list[Pence]] = {}
    for row in plan.sources.sources:
        if row.source == stream.within:
            added.setdefault(row.contributor, []).append(row.year_2)
    freed: dict[str, list[Pence]] = {}
    for number, each in enumerate(plan.freed.freed):
        freed.setdefault(each.ccg, []).append(each.pence or 0)
        if each.ccg not in plan.parties.ccgs:
            says = f"Row {number + 1} of where money is freed: {each.ccg} is no {known.commissioner.word} of the plan."
            findings.append(
                blocker(
                    "freed-by-nobody", f"freed/freed/{number}/ccg", says, "Name one of its parties.", rule
                )
            )
        if each.view == "disagrees":
            says = f"{each.provider or 'A provider'} does not agree that {in_pounds(each.pence or 0)} is freed from its contract."
            remedy = "Agree it, or write where the money comes from instead."
            if not each.fallback.strip():
                findings.append(
                    warning("provider-disagrees", f"freed/freed/{number}/fallback", says, remedy, rule)
                )
    for ccg, amounts in added.items():
        total, given = sum(amounts), freed.get(ccg, [])
        if abs(sum(given) - total) > rounding([*amounts, *given]):
            says = (
                f"{ccg} adds {in_pounds(total)} and says where {in_pounds(sum(given))} of it is freed from."
            )
            findings.append(
                blocker(
                    "freed-differs",
                    "freed/freed",
                    says,
                    "Make the two agree: the money must come from somewhere.",
                    rule,
                )
            )
    return findings


def no_pound_is_spent_twice(plan: Plan, known: Known) -> list[Finding]:
    """Where lines of spend say which money pays them, no stream pays more than was put in; capital pays no running cost of the NHS."""
    rule, findings = known.rules.cite("composition"), []
    streams = {each.name: each for each in known.rules.composition.streams}
    for key, year in known.year_fields.items():
        put_in: dict[str, Pence] = {}
        paid: dict[str, Pence] = {}
        for source in plan.sources.sources:
            put_in[source.source] = put_in.get(source.source, 0) + int(getattr(source, key))
        for line in plan.spend.spend:
            if line.source:
                paid[line.source] = paid.get(line.source, 0) + int(getattr(line, key))
        for name, pence in paid.items():
            if pence > put_in.get(name, 0):
                title = streams[name].says if name in streams else name.replace("_", " ")
                says = f"In {year} “{title}” pays {in_pounds(pence)}, and only {in_pounds(put_in.get(name, 0))} of it is put in."
                findings.append(
                    blocker(
                        "paid-twice",
                        "spend/spend",
                        says,
                        "Pay some of it from other money, or correct the sources.",
                        rule,
                    )
                )
    for number, line in enumerate(plan.spend.spend):
        where = f"spend/spend/{number}"
        if line.source and line.source not in streams and line.source != "additional":
            says = f"Row {number + 1} of spend is paid from “{line.source}”, which is no stream of the fund."
            findings.append(
                blocker(
                    "unknown-source",
                    f"{where}/source",
                    says,
                    f"Write one of {', '.join(streams)}, or additional.",
                    rule,
                )
            )
        elif (
            line.source in streams
            and _capital(line.source)
            and line.commissioner not in plan.parties.councils
        ):
            says = f"Row {number + 1} of spend is paid from a capital grant, and {line.commissioner} is no council."
            findings.append(
                blocker(
                    "capital-elsewhere",
                    f"{where}/commissioner",
                    says,
                    "Capital grants are a council's: name it, or other money.",
                    rule,
                )
            )
    return findings


def _capital(stream: str) -> bool:
    return "capital" in stream or stream.endswith("_grant")


def out_of_hospital_is_protected(plan: Plan, known: Known) -> list[Finding]:
    """What is left of the performance money after the plan's own fund is spent on NHS-commissioned services out of hospital."""
    share = known.share_of_performance
    if share is None or not any(line.area for line in plan.spend.spend):
        return []
    cut = sum((row.baseline - row.planned for row in plan.target.quarters), Decimal(0))
    fund = min(share, known.worth(cut))
    needed = share - fund
    spent = sum(
        line.year_2
        for line in plan.spend.spend
        if line.commissioner in plan.parties.ccgs and line.area not in {"", "acute"}
    )
    if spent >= needed:
        return []
    official = bool(known.minimum.official)
    says = (
        f"The plan spends {in_pounds(spent)} on NHS-commissioned services out of hospital; {in_pounds(needed)} is asked: "
        f"its share of the performance money, {in_pounds(share)}, less the {in_pounds(fund)} that its target puts at stake"
        f"{'' if official else ' (indicative)'}."
    )
    write = blocker if official else warning
    return [
        write("out-of-hospital-short", "spend/spend", says, "Commission more out of hospital, or raise the target.", known.rules.cite("composition"))
    ]  # fmt: skip
