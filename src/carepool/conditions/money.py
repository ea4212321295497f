"""The plan's money: it comes from parties, goes to schemes, agrees by year, and is no less than what is asked."""

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, in_pounds
from carepool.basics.words import blank
from carepool.conditions.identities import rounded_to, rounding
from carepool.conditions.known import Known, blocker, note, warning
from carepool.places.bodies import BodyKind
from carepool.plans.document import Plan

TOLD = (("name", "its name"), ("what", "what it does"), ("who_for", "whom it is for"), ("buys", "what the money buys"))  # fmt: skip
"""What a scheme is told by: one without any of it is but a number."""


def contributors_are_parties(plan: Plan, known: Known) -> list[Finding]:
    """Money comes from a party, and from a stream of the fund or of its own accord."""
    parties = {*plan.parties.councils, *plan.parties.ccgs}
    streams = {stream.name: stream.received_by for stream in known.rules.composition.streams}
    rule = known.rules.cite("composition")
    findings = []
    for number, row in enumerate(plan.sources.sources):
        where = f"sources/{number}"
        if row.contributor not in parties:
            findings.append(
                blocker("contributor-not-party", f"{where}/contributor", f"Row {number + 1} of sources: {row.contributor} puts money in and is not a party.", "Add it to the parties, or correct the row.", rule)
            )  # fmt: skip
        elif row.source != "additional" and row.source not in streams:
            findings.append(
                blocker("unknown-source", f"{where}/source", f"Row {number + 1} of sources: “{row.source}” is no stream of the fund.", f"Write one of {', '.join(streams)}, or additional.", rule)
            )  # fmt: skip
        elif row.source in streams and row.contributor not in known.bodies[streams[row.source]]:
            findings.append(
                blocker("wrong-contributor", f"{where}/source", f"Row {number + 1} of sources: {row.source.replace('_', ' ')} is received by {BodyKind(streams[row.source]).words}, and {row.contributor} is none.", "Name the body that receives it.", rule)
            )  # fmt: skip
    return findings


def sources_and_spend_agree(plan: Plan, known: Known) -> list[Finding]:
    """What is spent in a year of the rules is what is put in, for the whole plan, within the rounding of the plan's own amounts."""
    rule = "plan document: money"
    findings = []
    for key, year in known.year_fields.items():
        put_in = [int(getattr(row, key)) for row in plan.sources.sources]
        spent = [int(getattr(row, key)) for row in plan.spend.spend]
        money_in, money_out = sum(put_in), sum(spent)
        if money_in == money_out:
            continue
        more = "more" if money_out > money_in else "less"
        says = f"In {year} the plan spends {in_pounds(money_out)}, {in_pounds(abs(money_out - money_in))} {more} than its sources, which add to {in_pounds(money_in)}"
        allowed, how = rounding(put_in) + rounding(spent), rounded_to(put_in, spent)
        if abs(money_out - money_in) < allowed:
            many = sum(1 for each in (*put_in, *spent) if each)
            says = f"{says}. Rounding explains it: {many} {how} may be off by up to {in_pounds(allowed)} together."
            findings.append(note("sources-and-spend-rounded", f"spend/{year}", says, "Nothing need be done.", rule))  # fmt: skip
        else:
            says = f"{says}; rounding to {how.removeprefix('amounts in ')} explains less than {in_pounds(allowed)}." if how else f"{says}."  # fmt: skip
            findings.append(blocker("sources-and-spend-differ", f"spend/{year}", says, "Change the spend or the sources so that they agree.", rule))  # fmt: skip
    return findings


def spend_belongs_to_a_scheme(plan: Plan, known: Known) -> list[Finding]:
    """Every line of spend is of a scheme of the plan, by a commissioner who is a party; no scheme has its id twice."""
    ids = {scheme.id: number for number, scheme in reversed(list(enumerate(plan.schemes.schemes)))}
    parties = {*plan.parties.councils, *plan.parties.ccgs}
    rule = "plan document: schemes"
    findings = [
        blocker("scheme-twice", f"schemes/{number}/id", f"Scheme {number + 1} has the number {scheme.id}, which another has.", "Give each scheme its own.", rule)
        for number, scheme in enumerate(plan.schemes.schemes)
        if ids[scheme.id] < number
    ]  # fmt: skip
    for number, line in enumerate(plan.spend.spend):
        if line.scheme not in ids:
            findings.append(
                blocker("spend-without-scheme", f"spend/{number}/scheme", f"Row {number + 1} of spend is of scheme {line.scheme}, which the plan does not have.", "Name one of the plan's schemes.", rule)
            )  # fmt: skip
        if line.commissioner not in parties:
            findings.append(
                blocker("commissioner-not-party", f"spend/{number}/commissioner", f"Row {number + 1} of spend: {line.commissioner} commissions and is not a party.", f"Name a council or {known.commissioner.a_word} of the plan.", rule)
            )  # fmt: skip
    for number, scheme in enumerate(plan.schemes.schemes):
        open_ = [words for name, words in TOLD if not getattr(scheme, name).strip()]
        if blank(scheme.name) or len(open_) == len(TOLD):
            says = f"Scheme {scheme.id} does not say {', nor '.join(open_)}."
            findings.append(warning("scheme-open", f"schemes/{number}/name", says, "Write what it is.", rule))
    spent = {line.scheme for line in plan.spend.spend}
    findings += [
        Finding("scheme-without-spend", Severity.WARNING, f"schemes/{number}", f"Scheme {scheme.id}, {scheme.name or 'without a name'}, has no spend.", "Add what it costs, or take it out.", rule)
        for number, scheme in enumerate(plan.schemes.schemes)
        if scheme.id not in spent
    ]  # fmt: skip
    return findings


def minimum_is_contributed(plan: Plan, known: Known) -> list[Finding]:
    """Each party puts in at least what is expected of it: below an official sum blocks, below an indicative one warns."""
    given: dict[tuple[str, str], Pence] = {}
    for row in plan.sources.sources:
        key = (row.source, row.contributor)
        given[key] = given.get(key, 0) + row.year_2
    year, official = known.rules.about.years[-1], known.minimum.official
    findings = []
    for stream in known.rules.composition.streams:
        asked = {who: pence for (name, who), pence in known.minimum.pence.items() if name == stream.name}
        if official and not stream.of_the_nhs and asked:
            # An official sum is for the board; how a joint board's councils divide it is theirs to agree.
            whole = {"The councils together": sum(asked.values())}
            put_in = {"The councils together": sum(given.get((stream.name, who), 0) for who in asked)}
            asked = whole
        else:
            put_in = {who: given.get((stream.name, who), 0) for who in asked}
        for who, expected in sorted(asked.items()):
            if put_in[who] < expected:
                verb = "put" if len(asked) == 1 and who.startswith("The councils") else "puts"
                says = f"{who} {verb} in {in_pounds(put_in[who])} of “{stream.says}” in {year}; {in_pounds(expected)} is"
                findings.append(_below_minimum(says, official, known))
    return findings


def _below_minimum(says: str, official: str, known: Known) -> Finding:
    if official:
        remedy = f"Raise it to the official sum ({official})."
        return Finding("below-minimum", Severity.BLOCKER, "sources", f"{says} the official sum.", remedy, known.rules.cite("composition"))  # fmt: skip
    remedy = "Compare with the official allocation, which carepool does not have."
    return Finding("below-minimum", Severity.WARNING, "sources", f"{says} expected (indicative).", remedy, known.rules.cite("allocation/methods"))  # fmt: skip
