"""Whether the parts of an agreement fit each other: names of nobody, shares that leave a gap, rules that cannot be followed."""

from collections import Counter
from collections.abc import Iterable

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import in_figures, in_pounds
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable, nearest
from carepool.partnership.agreement import (
    PERFORMANCE,
    POOLED,
    THE_HOST,
    Agreement,
    Grant,
    Line,
    Rule,
    Scheme,
    Shares,
)
from carepool.partnership.instalments import contribution
from carepool.rules.text import Lines, Place

RULE = "docs/adr/0023"
_CODE = "agreement-part"


class _Check:
    """The findings of one reading, and how they are worded."""

    def __init__(self, file: str, agreement: Agreement, lines: Lines) -> None:
        self.file, self.agreement, self.lines = file, agreement, lines
        self.found: list[Finding] = []

    def add(self, place: Place, says: str, remedy: str, severity: Severity = Severity.BLOCKER) -> None:
        line = self.lines.at(place)
        said = f"{self.file}, line {line} {says}."
        self.found.append(Finding(_CODE, severity, f"{self.file}:{line}", said, remedy, RULE))

    def partner(self, place: Place, code: str, *, or_host: bool = False) -> None:
        """That a code is a partner's, or the word for whoever hosts where that may stand."""
        known = [*self.agreement.codes, *([THE_HOST] if or_host else [])]
        if code and code not in known:
            near = nearest(code, known)
            hint = f"Did you mean {near}?" if near else f"Name one of {', '.join(known)}."
            self.add(place, f"names {code}, which is no partner", hint)

    def shares(self, place: Place, shares: Shares | None) -> None:
        """That shares are of partners; shares short of the whole are told, and what is left goes to the next rule."""
        if shares is None:
            return
        for name, given in (("per_cent", shares.per_cent), ("parts", shares.parts)):
            for code in given:
                self.partner((*place, name, code), code)
        total = sum(shares.per_cent.values())
        if shares.per_cent and total < 100:
            self.add(
                place,
                f"shares out {in_figures(total)} per cent, and of {in_figures(100 - total)} it says nothing",
                "Add who bears the rest, or mean it so: it goes to the next rule, and is uncovered after the last.",
                Severity.WARNING,
            )


def fits(file: str, agreement: Agreement, lines: Lines) -> list[Finding]:
    """What does not fit in an agreement, in the order of its parts."""
    check = _Check(file, agreement, lines)
    _twice(check, "partners", [each.code for each in agreement.partners])
    _twice(check, "schemes", [each.id for each in agreement.schemes])
    if agreement.host:
        check.partner(("host", "partner"), agreement.host.partner)
    for number, function in enumerate(agreement.functions):
        check.partner(("functions", number, "of"), function.of)
    for number, provided in enumerate(agreement.provided):
        check.partner(("provided", number, "by"), provided.by)
    _contributions(check)
    _instalments(check)
    for number, scheme in enumerate(agreement.schemes):
        _scheme(check, ("schemes", number), scheme)
    for number, limit in enumerate(agreement.limits):
        if bool(limit.office) == bool(limit.by):
            check.add(
                ("limits", number), "has a limit of two, or of nobody", "Write office: or by:, one of them."
            )
    for number, grant in enumerate(agreement.grants):
        _grant(check, ("grants", number), grant)
    if agreement.off_track and agreement.off_track.per_cent is None and agreement.off_track.pence is None:
        check.add(("off_track",), "does not say how far is off track", "Write per_cent or pounds, or both.")
    if agreement.duration and agreement.duration.last < agreement.duration.first:
        check.add(("duration",), "ends before it begins", "Correct the days.")
    _risk(check)
    return check.found


def _twice(check: _Check, name: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for number, key in enumerate(keys):
        if key in seen:
            check.add((name, number), f"has {key} twice", "Remove one.")
        seen.add(key)


def _contributions(check: _Check) -> None:
    agreement = check.agreement
    counted = Counter((each.partner, each.year, each.source) for each in agreement.contributions)
    for number, each in enumerate(agreement.contributions):
        place: Place = ("contributions", number)
        check.partner((*place, "partner"), each.partner)
        try:
            Quarter.parse(f"{each.year}Q1")
        except Unusable:
            check.add((*place, "year"), f"has the year {each.year}, whose two parts do not follow", "Write it like 2015-16.")  # fmt: skip
            continue
        if counted[each.partner, each.year, each.source] > 1:
            says = f"is one of several contributions of {each.partner} for {each.year} from the same source"
            check.add(place, says, "Keep one, or name the source of each.")
            continue
        changes = bool(each.recurrent or each.inflation or each.planned or each.efficiency)
        if each.pence is not None and changes:
            check.add(place, "has both a sum and changes to last year's", "Write the sum, or the changes.")
        pence = contribution(agreement, each.partner, each.year)
        if pence is None and each.pence is None:
            says = f"changes last year's contribution of {each.partner}, and the year before {each.year} has none"
            check.add(place, says, "Add last year's, or write pounds.")
        elif pence is not None and pence < 0:
            check.add(place, f"takes the contribution of {each.partner} below zero", "Correct the changes.")


def _instalments(check: _Check) -> None:
    _twice(check, "instalments", [each.partner for each in check.agreement.instalments])
    for number, each in enumerate(check.agreement.instalments):
        place: Place = ("instalments", number)
        check.partner((*place, "partner"), each.partner)
        if len(set(each.on)) < len(each.on):
            check.add((*place, "on"), "has a day of payment twice", "Remove one.")


def _scheme(check: _Check, place: Place, scheme: Scheme) -> None:
    check.partner((*place, "lead"), scheme.lead)
    check.partner((*place, "principal"), scheme.principal)
    check.shares((*place, "commissioned"), scheme.commissioned)
    if scheme.commissioning != "joint" and not scheme.lead:
        says = f"has the scheme {scheme.id} under {scheme.commissioning} commissioning, and nobody who commissions it"
        check.add(place, says, "Add lead: with a partner's code.")
    if (scheme.commissioning == "agent") != bool(scheme.principal) or (
        scheme.principal and scheme.principal == scheme.lead
    ):
        says = f"does not say of the scheme {scheme.id} who commissions as agent for whom"
        check.add(place, says, "An agent has a lead and another principal; no other scheme has a principal.")
    if scheme.uncommitted + scheme.tied > scheme.pence:
        says = f"has more of the scheme {scheme.id} uncommitted and tied than it comes to"
        check.add(place, says, "Correct the pounds.")
    _pays_from(check, place, scheme)
    for number, line in enumerate(scheme.lines):
        _line(check, (*place, "lines", number), line)
        if line.id in [each.id for each in scheme.lines[:number]]:
            check.add((*place, "lines", number), f"has the line {line.id} twice", "Remove one.")


def _grant(check: _Check, place: Place, grant: Grant) -> None:
    """A grant is in what its payee contributes, and no more of it goes on than there is."""
    check.partner((*place, "payee"), grant.payee)
    if sum(grant.pass_on.values()) > grant.pence:
        check.add(
            (*place, "pass_on"), f"passes on more of {grant.id} than it comes to", "Correct the pounds."
        )
    put_in = {(each.partner, each.source, each.year): each.pence for each in check.agreement.contributions}
    if (put_in.get((grant.payee, grant.id, grant.year)) or 0) < grant.pence:
        says = f"has the grant {grant.id}, which is not in what {grant.payee} contributes for {grant.year}"
        check.add(place, says, f"Add a contribution with source: {grant.id} and pounds.")


def _pays_from(check: _Check, place: Place, scheme: Scheme) -> None:
    """By source a scheme comes to what it comes to, and each source is something that somebody puts in."""
    if not scheme.pays_from:
        return
    if sum(scheme.pays_from.values()) != scheme.pence:
        says = f"pays the scheme {scheme.id} from sources that do not come to its pounds"
        check.add((*place, "pays_from"), says, f"Make them come to {in_pounds(scheme.pence)}.")
    risk = check.agreement.risk_share
    known = {each.source or POOLED for each in check.agreement.contributions}
    known |= {PERFORMANCE} if risk and risk.missed else set()
    for source in scheme.pays_from:
        if source not in known:
            says = f"pays the scheme {scheme.id} from {source}, which nobody contributes"
            check.add(
                (*place, "pays_from", source), says, f"Name one of {', '.join(sorted(known)) or 'none'}."
            )


def _line(check: _Check, place: Place, line: Line) -> None:
    check.partner((*place, "held_by"), line.held_by, or_host=True)
    check.shares((*place, "shares"), line.shares)
    fixed = line.kind == "fixed"
    if fixed != bool(line.held_by) or fixed == bool(line.shares):
        wanted = "held_by, and no shares" if fixed else "shares, and no held_by"
        check.add(place, f"has the {line.kind} line {line.id} without what such a line has", f"Write {wanted}.")  # fmt: skip


def _risk(check: _Check) -> None:
    risk = check.agreement.risk_share
    if risk is None:
        return
    for name, over in (("overspend", risk.overspend), ("missed", risk.missed)):
        if over is None:
            continue
        place: Place = ("risk_share", name)
        _once(check, (*place, "cover"), [each.by for each in over.cover])
        _rules(check, (*place, "bears"), over.bears)
        if over.cap:
            for code in over.cap.sums:
                check.partner((*place, "cap", "sums", code), code)
            if (over.cap.at == "sums") != bool(over.cap.sums):
                check.add((*place, "cap"), "caps at sums and gives none, or gives sums and caps otherwise", "Write at: sums with sums, or at: contribution.")  # fmt: skip
    if risk.missed:
        check.partner(("risk_share", "missed", "of"), risk.missed.of)
    if under := risk.underspend:
        place = ("risk_share", "underspend")
        _once(check, (*place, "uses"), [each.to for each in under.uses])
        _rules(check, (*place, "bears"), under.bears)
        _rules(check, (*place, "on_ending"), under.on_ending)
        if under.carry_forward:
            held = (*place, "carry_forward", "held_by")
            check.partner(held, under.carry_forward.held_by, or_host=True)


def _once(check: _Check, place: Place, words: Iterable[str]) -> None:
    seen: set[str] = set()
    for number, word in enumerate(words):
        if word in seen:
            check.add((*place, number), f"draws on {word.replace('_', ' ')} twice", "Keep the first.")
        seen.add(word)


def _rules(check: _Check, place: Place, rules: Iterable[Rule]) -> None:
    ids = [each.id for each in check.agreement.schemes]
    for number, rule in enumerate(rules):
        here: Place = (*place, number)
        check.shares((*here, "shares"), rule.shares)
        if (rule.by == "fixed") != (rule.shares is not None):
            says = f"shares by {rule.by.replace('_', ' ')}, and {'gives no shares' if rule.by == 'fixed' else 'gives shares'}"
            check.add(here, says, "Shares belong to by: fixed, and to no other.")
        for scheme in rule.schemes:
            if scheme not in ids:
                near = nearest(scheme, ids)
                hint = f"Did you mean {near}?" if near else "Name a scheme of the agreement."
                check.add((*here, "schemes"), f"names {scheme}, which is no scheme", hint)
