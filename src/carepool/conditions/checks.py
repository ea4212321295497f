"""The checks of money, target and joint agreement; each is one function from a plan and what is known to findings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, in_figures, in_pounds, round_half_up, share
from carepool.basics.periods import Quarter
from carepool.measures.admissions import whole_target
from carepool.places.bodies import BodyKind
from carepool.plans.document import Plan
from carepool.rules.rulebook import RuleSet


@dataclass(frozen=True, slots=True)
class Expected:
    """What parties are expected to put in."""

    pence: Mapping[tuple[str, str], Pence]
    """By (stream, contributor)."""
    official: str = ""
    """Where official pounds are from; empty where the figures are indicative, and then nothing may block on them."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a plan is checked against; nothing of it is in the plan."""

    rules: RuleSet
    bodies: Mapping[str, frozenset[str]]
    """The codes of all bodies that could be a party, by kind: ``council``, ``ccg`` or ``icb``, ``board``."""
    members: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    """The councils and the NHS commissioners of each board."""
    minimum: Expected
    """What is expected of each (stream, contributor) in the last year, for the plan's boards."""
    baseline: Mapping[Quarter, Decimal]
    """The published baseline of the plan's boards, by baseline quarter."""
    flagged: frozenset[Quarter]
    """Baseline quarters that rest on an incomplete return."""
    people: Mapping[str, int]
    """The people of each contributing commissioner who live in the plan's boards: what performance money is split by."""
    commissioner: BodyKind = BodyKind.CCG
    """Which kind of NHS commissioner a plan names."""

    @property
    def years(self) -> tuple[str, ...]:
        """The years of a plan, as people call them: one or two."""
        return self.rules.about.years

    @property
    def year_fields(self) -> Mapping[str, str]:
        """The fields of a plan's amounts with the year that each is of; a plan of one year is written in the last field."""
        return dict(zip(YEAR_KEYS[-len(self.years) :], self.years, strict=True))

    @property
    def words_of_years(self) -> tuple[str, ...]:
        """What each field of an amount is called; empty for one that these rules do not use."""
        return tuple(self.year_fields.get(key, "") for key in YEAR_KEYS)


Check = Callable[[Plan, Known], list[Finding]]
YEAR_KEYS = ("year_1", "year_2")


def check(plan: Plan, known: Known) -> list[Finding]:
    """Everything that the checks find, blockers first, each in the order of the plan."""
    found = [finding for each in CHECKS for finding in each(plan, known)]
    order = [Severity.BLOCKER, Severity.WARNING, Severity.NOTE]
    return sorted(found, key=lambda finding: order.index(finding.severity))


def parties_are_known(plan: Plan, known: Known) -> list[Finding]:
    """Every party is a body that exists, of the kind that it is named as, and the host is a partner, never the board."""
    rule = known.rules.cite("decisions")
    findings = []
    one = known.commissioner.a_word
    for name, kind in (
        ("boards", BodyKind.BOARD),
        ("councils", BodyKind.COUNCIL),
        ("ccgs", known.commissioner),
    ):
        for number, code in enumerate(getattr(plan.parties, name)):
            if code not in known.bodies[kind]:
                findings.append(
                    _blocker("unknown-party", f"parties/{name}/{number}", f"{code} is no {kind.word} that carepool knows.", "Write the code of one, or take it out.", rule)
                )  # fmt: skip
    host = plan.parties.host
    if not host:
        findings.append(
            _blocker("no-host", "parties/host", "No partner is named as host of the pooled account.", f"Name a council or {one} of the plan.", rule)
        )  # fmt: skip
    elif host not in (*plan.parties.councils, *plan.parties.ccgs):
        findings.append(
            _blocker("host-not-partner", "parties/host", f"The host {host} is neither a council nor {one} of the plan.", "Name one of them; a board cannot hold a pool.", rule)
        )  # fmt: skip
    return findings


def all_parties_are_there(plan: Plan, known: Known) -> list[Finding]:
    """A plan names a board, every council of its boards, and every commissioner whose people live there and who contributes."""
    rule = known.rules.cite("conditions") + " jointly_agreed"
    findings = []
    if not plan.parties.boards:
        findings.append(
            _blocker(
                "no-board",
                "parties/boards",
                "The plan names no Health and Wellbeing Board.",
                "Add its board.",
                rule,
            )
        )
    for board in plan.parties.boards:
        councils, ccgs = known.members.get(board, ((), ()))
        for council in councils:
            if council not in plan.parties.councils:
                findings.append(
                    _blocker("council-missing", "parties/councils", f"{council} is a council of {board} and not a party.", "Add it: each council agrees the plan.", rule)
                )  # fmt: skip
        for ccg in ccgs:
            if ccg not in plan.parties.ccgs:
                findings.append(
                    Finding(f"{known.commissioner}-missing", Severity.WARNING, "parties/ccgs", f"Some people of {ccg} live in {board}, and it is not a party.", "Add it, or say in the boundary note whose plan it contributes to.", rule)
                )  # fmt: skip
    return findings


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
                _blocker("contributor-not-party", f"{where}/contributor", f"Row {number + 1} of sources: {row.contributor} puts money in and is not a party.", "Add it to the parties, or correct the row.", rule)
            )  # fmt: skip
        elif row.source != "additional" and row.source not in streams:
            findings.append(
                _blocker("unknown-source", f"{where}/source", f"Row {number + 1} of sources: “{row.source}” is no stream of the fund.", f"Write one of {', '.join(streams)}, or additional.", rule)
            )  # fmt: skip
        elif row.source in streams and row.contributor not in known.bodies[streams[row.source]]:
            findings.append(
                _blocker("wrong-contributor", f"{where}/source", f"Row {number + 1} of sources: {row.source.replace('_', ' ')} is received by {BodyKind(streams[row.source]).words}, and {row.contributor} is none.", "Name the body that receives it.", rule)
            )  # fmt: skip
    return findings


def sources_and_spend_agree(plan: Plan, known: Known) -> list[Finding]:
    """What is spent in a year of the rules is what is put in, for the whole plan."""
    rule = "plan document: money"
    findings = []
    for key, year in known.year_fields.items():
        money_in, money_out = plan.total("sources", key), plan.total("spend", key)
        if money_in != money_out:
            more = "more" if money_out > money_in else "less"
            findings.append(
                _blocker(
                    "sources-and-spend-differ", f"spend/{year}",
                    f"In {year} the plan spends {in_pounds(money_out)}, {in_pounds(abs(money_out - money_in))} {more} than its sources, which add to {in_pounds(money_in)}.",
                    "Change the spend or the sources so that they agree.", rule,
                )
            )  # fmt: skip
    return findings


def spend_belongs_to_a_scheme(plan: Plan, known: Known) -> list[Finding]:
    """Every line of spend is of a scheme of the plan, by a commissioner who is a party; no scheme has its id twice."""
    ids = [scheme.id for scheme in plan.schemes.schemes]
    parties = {*plan.parties.councils, *plan.parties.ccgs}
    rule = "plan document: schemes"
    findings = [
        _blocker("scheme-twice", f"schemes/{number}/id", f"Scheme {number + 1} has the number {id_}, which another has.", "Give each scheme its own.", rule)
        for number, id_ in enumerate(ids)
        if id_ in ids[:number]
    ]  # fmt: skip
    for number, line in enumerate(plan.spend.spend):
        if line.scheme not in ids:
            findings.append(
                _blocker("spend-without-scheme", f"spend/{number}/scheme", f"Row {number + 1} of spend is of scheme {line.scheme}, which the plan does not have.", "Name one of the plan's schemes.", rule)
            )  # fmt: skip
        if line.commissioner not in parties:
            findings.append(
                _blocker("commissioner-not-party", f"spend/{number}/commissioner", f"Row {number + 1} of spend: {line.commissioner} commissions and is not a party.", f"Name a council or {known.commissioner.a_word} of the plan.", rule)
            )  # fmt: skip
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
                _blocker(
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
                _blocker(
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
        _blocker("quarter-not-paid", f"target/quarters/{number}/quarter", f"{quarter} is not a quarter that these rules pay by.", "Take the row out.", rule)
        for quarter, (number, _) in rows.items()
        if quarter not in release.performance_quarters
    ]  # fmt: skip
    twice = [row.quarter for row in plan.target.quarters]
    findings += [
        _blocker("quarter-twice", f"target/quarters/{number}/quarter", f"{quarter} stands twice in the target.", "Keep one of the rows.", rule)
        for number, quarter in enumerate(twice)
        if quarter in twice[:number]
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
            _blocker("no-contributing-ccg", "parties/ccgs", "No CCG of the plan has people who live in its boards, so nobody has performance money.", "Add the CCGs of its boards.", rule)
        ]  # fmt: skip
    if cut <= 0:
        return []
    day = known.rules.release.performance_quarters[0].first_day
    worth = int(round_half_up(known.rules.value("payment/unit_value", day).value * 100 * cut))
    stream = next(part.within for part in known.rules.composition.of_which if part.name == "performance")
    findings = []
    for ccg, part in share(worth, known.people).items():
        given = sum(
            row.year_2 for row in plan.sources.sources if (row.contributor, row.source) == (ccg, stream)
        )
        if part > given:
            findings.append(
                _blocker("performance-not-covered", "target/quarters", f"The cut puts {in_pounds(part)} of {ccg} at stake, and {ccg} puts in only {in_pounds(given)} of {stream.replace('_', ' ')}.", "Plan a smaller cut, or raise what the CCG puts in.", rule)
            )  # fmt: skip
    return findings


CHECKS: tuple[Check, ...] = (
    parties_are_known,
    all_parties_are_there,
    contributors_are_parties,
    spend_belongs_to_a_scheme,
    sources_and_spend_agree,
    minimum_is_contributed,
    target_is_whole,
    performance_money_is_there,
    target_meets_the_guideline,
)


def _blocker(code: str, where: str, says: str, remedy: str, rule: str) -> Finding:
    return Finding(code, Severity.BLOCKER, where, says, remedy, rule)
