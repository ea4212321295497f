"""Sums that must hold: a saving is activity times price, money freed is money added, and no pound is spent twice."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from carepool.basics.findings import Finding
from carepool.basics.money import Pence, in_figures, in_pounds, round_half_up
from carepool.basics.words import blank
from carepool.conditions.known import Known, blocker, note, warning
from carepool.plans.document import Plan

UNITS = {100_000: "thousand pounds", 100: "pounds"}
"""Pence in the units that people round amounts to: amounts that are all whole ones are taken to be rounded to them."""


def unit_of(amounts: Iterable[Pence]) -> Pence:
    """The unit that amounts were rounded to, told from the amounts themselves: 1 where they are exact to the penny."""
    written = [each for each in amounts if each]
    return next((unit for unit in UNITS if written and all(each % unit == 0 for each in written)), 1)


def rounding(amounts: Iterable[Pence]) -> Pence:
    """How far a sum of these may be off by rounding alone: half a unit for each that is no nought."""
    written = [each for each in amounts if each]
    return unit_of(written) * len(written) // 2 if unit_of(written) > 1 else 0


def rounded_to(*sides: list[Pence]) -> str:
    """How the amounts of some sides were rounded, in words; empty where all are exact to the penny."""
    words = dict.fromkeys(UNITS[unit] for side in sides if (unit := unit_of(side)) in UNITS)
    return f"amounts in whole {' and '.join(words)}" if words else ""


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
        said = (each.activity, each.unit_price, each.saving)
        if None in said:
            if any(one is not None for one in said[1:]):
                gone = [(name, words) for name, words, one in zip(("activity", "unit_price", "saving"), ("change in activity", "price of one", "saving"), said, strict=True) if one is None]  # fmt: skip
                says = f"Row {number + 1} of benefits has no {' and no '.join(words for _, words in gone)}, so nobody can say whether its sum holds."
                findings.append(warning("saving-unsaid", f"{where}/{gone[0][0]}", says, "Write it.", rule))
            continue
        worth = int(round_half_up((each.activity or 0) * Decimal(each.unit_price or 0)))
        saving = each.saving or 0
        if (off := abs(worth - saving)) > 100 and off > rounding([saving]):
            says = (
                f"Row {number + 1} of benefits: {in_figures(each.activity or 0)} × {in_pounds(each.unit_price or 0)} is "
                f"{in_pounds(worth)}, and the saving is {in_pounds(saving)}."
            )
            remedy = "Correct the activity, the price or the saving."
            findings.append(blocker("saving-differs", f"{where}/saving", says, remedy, rule))
    return findings


def benefits_are_counted_once(plan: Plan, known: Known) -> list[Finding]:
    """No benefit stands twice, and the admissions that schemes avoid are no more than the target takes away."""
    rule, findings = "plan document: benefits", []
    rows = plan.benefits.benefits
    names = [(each.scheme, each.kind, each.to.casefold()) for each in rows]
    often, seen = Counter(names), set()
    for number, name in enumerate(names):
        if often[name] > 1 and name in seen:
            says = f"Row {number + 1} of benefits is the same benefit of scheme {name[0]} as another row."
            findings.append(warning("benefit-twice", f"benefits/benefits/{number}", says, "Count it once, or say whom else it benefits.", rule))  # fmt: skip
        seen.add(name)
    avoided = [each.activity for each in rows if each.kind == "admissions" and each.activity is not None]
    cut = sum((row.baseline - row.planned for row in plan.target.quarters), Decimal(0))
    if known.rules.pays and plan.target.quarters and sum(avoided, Decimal(0)) > cut:
        says = f"The schemes together avoid {in_figures(sum(avoided, Decimal(0)))} admissions, and the target is {in_figures(cut)} fewer."
        findings.append(warning("benefits-beyond-target", "benefits/benefits", says, "Raise the target, or count each admission once.", rule))  # fmt: skip
    return findings


def money_freed_is_money_added(plan: Plan, known: Known) -> list[Finding]:
    """What a commissioner frees totals what it adds to the fund from its own allocation."""
    stream = known.rules.composition.inside("performance")
    if stream is None:
        return []
    rule, findings, parties = known.rules.cite("composition"), [], {*plan.parties.ccgs}
    added: dict[str, list[Pence]] = {}
    for row in plan.sources.sources:
        if row.source == stream.within:
            added.setdefault(row.contributor, []).append(row.year_2)
    if not plan.freed.freed:
        whole = sum(sum(amounts) for amounts in added.values())
        says = f"The plan does not say where the {in_pounds(whole)} that its commissioners add is freed from."
        return [warning("freed-unsaid", "freed/freed", says, "Write each contract, how much, and from when.", rule)] if whole else []  # fmt: skip
    freed: dict[str, list[Pence]] = {}
    for number, each in enumerate(plan.freed.freed):
        freed.setdefault(each.ccg, []).append(each.pence or 0)
        if each.pence is None:
            says = f"Row {number + 1} of where money is freed has no amount, and counts as nothing."
            findings.append(warning("freed-without-sum", f"freed/freed/{number}/pence", says, "Write the amount.", rule))  # fmt: skip
        if each.ccg not in parties:
            says = f"Row {number + 1} of where money is freed: {each.ccg} is no {known.commissioner.word} of the plan."
            findings.append(
                blocker(
                    "freed-by-nobody", f"freed/freed/{number}/ccg", says, "Name one of its parties.", rule
                )
            )
        if each.view == "disagrees":
            says = f"{each.provider or 'A provider'} does not agree that {in_pounds(each.pence or 0)} is freed from its contract."
            remedy = "Agree it, or write where the money comes from instead."
            if blank(each.fallback):
                findings.append(
                    warning("provider-disagrees", f"freed/freed/{number}/fallback", says, remedy, rule)
                )
    for ccg, amounts in added.items():
        total, given = sum(amounts), freed.get(ccg, [])
        if abs(sum(given) - total) > rounding(amounts) + rounding(given):
            how = rounded_to(amounts, given)
            says = f"{ccg} adds {in_pounds(total)} and says where {in_pounds(sum(given))} of it is freed from{f', which {how} do not explain' if how else ''}."
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
        put_in: dict[str, list[Pence]] = {}
        paid: dict[str, list[Pence]] = {}
        for source in plan.sources.sources:
            put_in.setdefault(source.source, []).append(int(getattr(source, key)))
        for line in plan.spend.spend:
            if line.source:
                paid.setdefault(line.source, []).append(int(getattr(line, key)))
        for name, amounts in paid.items():
            pence, given = sum(amounts), put_in.get(name, [])
            if pence > sum(given) + rounding(amounts) + rounding(given):
                title = streams[name].says if name in streams else name.replace("_", " ")
                says = f"In {year} “{title}” pays {in_pounds(pence)}, and only {in_pounds(sum(given))} of it is put in."
                findings.append(
                    blocker(
                        "paid-twice",
                        "spend/spend",
                        says,
                        "Pay some of it from other money, or correct the sources.",
                        rule,
                    )
                )
    councils = {*plan.parties.councils}
    findings += _unsourced(plan, rule)
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
        elif line.source in streams and _capital(line.source) and line.commissioner not in councils:
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


def _unsourced(plan: Plan, rule: str) -> list[Finding]:
    """Lines that do not say which money pays them, so that nobody can see whether a pound is in two places."""
    lines = plan.spend.spend
    silent = [number for number, line in enumerate(lines) if not line.source]
    if not silent:
        return []
    says = f"{len(silent)} of {len(lines)} lines of spend do not say which money pays them, so it cannot be told for them that no pound is spent twice."
    write = note if len(silent) == len(lines) else warning
    where = f"spend/spend/{silent[0]}/source"
    return [write("spend-unsourced", where, says, "Name the money that pays each line.", rule)]


NOT_CAPITAL = {"acute", "mental_health", "community_health", "continuing_care", "primary_care"}
"""Areas of spend that a council's capital grants do not pay for."""


def capital_stays_with_councils(plan: Plan, known: Known) -> list[Finding]:
    """Where lines do not say what pays them, what councils commission of their own kind is at least the capital grants put in."""
    rule, findings, councils = known.rules.cite("composition"), [], {*plan.parties.councils}
    for key, year in known.year_fields.items():
        grants = [int(getattr(row, key)) for row in plan.sources.sources if _capital(row.source)]
        could = [
            int(getattr(line, key))
            for line in plan.spend.spend
            if line.commissioner in councils
            and (_capital(line.source) or (not line.source and line.area not in NOT_CAPITAL))
        ]
        if sum(grants) > sum(could) + rounding(grants) + rounding(could) and plan.spend.spend:
            says = f"In {year} capital grants of {in_pounds(sum(grants))} are put in, and councils commission only {in_pounds(sum(could))} that they could pay for."
            findings.append(blocker("capital-short", "spend/spend", says, "Capital grants pay for a council's capital: name its lines.", rule))  # fmt: skip
    return findings


def _capital(stream: str) -> bool:
    return "capital" in stream or stream.endswith("_grant")


def out_of_hospital_is_protected(plan: Plan, known: Known) -> list[Finding]:
    """What is left of the performance money after the plan's own fund is spent on NHS-commissioned services out of hospital."""
    share = known.share_of_performance
    if share is None or not plan.spend.spend:
        return []
    silent = [number for number, line in enumerate(plan.spend.spend) if not line.area and line.year_2]
    if silent:
        says = f"{len(silent)} of {len(plan.spend.spend)} lines of spend do not say their area, so they do not count as out of hospital."
        unsaid = [warning("area-unsaid", f"spend/spend/{silent[0]}/area", says, "Choose the area of spend of each line.", known.rules.cite("composition"))]  # fmt: skip
    else:
        unsaid = []
    if not any(line.area for line in plan.spend.spend):
        return unsaid
    cut = sum((row.baseline - row.planned for row in plan.target.quarters), Decimal(0))
    fund = min(share, known.worth(cut))
    needed = share - fund
    ccgs = {*plan.parties.ccgs}
    spent = sum(
        line.year_2
        for line in plan.spend.spend
        if line.commissioner in ccgs and line.area not in {"", "acute"}
    )
    if spent >= needed:
        return unsaid
    official = bool(known.minimum.official)
    says = (
        f"The plan spends {in_pounds(spent)} on NHS-commissioned services out of hospital; {in_pounds(needed)} is asked: "
        f"its share of the performance money, {in_pounds(share)}, less the {in_pounds(fund)} that its target puts at stake"
        f"{'' if official else ' (indicative)'}."
    )
    write = blocker if official else warning
    return [
        *unsaid,
        write("out-of-hospital-short", "spend/spend", says, "Commission more out of hospital, or raise the target.", known.rules.cite("composition"))
    ]  # fmt: skip
