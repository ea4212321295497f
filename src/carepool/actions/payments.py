"""A file of plans and outturns, paid under a set of rules: statements where they can be had, findings everywhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from carepool.actions.expecting import people_of
from carepool.actions.house import House
from carepool.actions.nation import INDICATIVE, RESTS_ON_INCOMPLETE, RESTS_ON_UNLIKE, cautions, terms_of
from carepool.actions.regimes import (
    path_of,
    recalled_of_instead,
    recalled_of_tranches,
    shares,
    tranche_terms,
    tranches_of,
)
from carepool.actions.releasing import money_of
from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, in_figures, in_pounds
from carepool.basics.refusals import Unusable
from carepool.basics.workings import Working
from carepool.measures.admissions import Flag
from carepool.payment.aside_file import AsideClaim, parse_asides
from carepool.payment.explaining import explain_any, per_cent
from carepool.payment.file import Claim, parse_claims
from carepool.payment.instead import AsideStatement, Commitment
from carepool.payment.methods import INSTEAD, RELEASES, TRANCHES, AnyStatement
from carepool.payment.rebasing import may_change
from carepool.payment.release import Line, Statement, Terms
from carepool.payment.seen_file import SeenClaim, parse_seen
from carepool.payment.tranches import TrancheStatement
from carepool.rules.paying import Rebasing
from carepool.rules.rulebook import RuleSet
from carepool.rules.scalars import PaymentMethod


@dataclass(frozen=True, slots=True)
class Paid:
    """The answer to a payment file."""

    rules: RuleSet
    statements: tuple[AnyStatement, ...]
    findings: tuple[Finding, ...]
    illustrative: bool = False
    """Whether a fictitious board is among them."""
    doubts: tuple[str, ...] = ()
    """What else must be told: an incomplete return."""
    people: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By what each board's figures are split among its CCGs."""

    @property
    def rests_on(self) -> tuple[str, ...]:
        """What a reader must be told of every figure: the recalled values that it rests on, and what is indicative."""
        indicative = (INDICATIVE,) if any(each.code == "indicative-share" for each in self.findings) else ()
        return (*self.doubts, *rests_on(self.rules), *indicative)

    @property
    def releases(self) -> tuple[Statement, ...]:
        """The statements that pay by quarter."""
        return tuple(each for each in self.statements if isinstance(each, Statement))

    def working(self, statement: AnyStatement, name: str) -> Working:
        """One statement's working; ``name`` is the file that its rows are in."""
        return explain_any(statement, self.rules.name, f"{name}, rows of {statement.board}", self.rests_on)


def rests_on(rules: RuleSet) -> tuple[str, ...]:
    """The recalled values that any payment under a set rests on, and what of it is the asker's own."""
    path = path_of(rules.payment_method)
    said = {"payment/tranches": recalled_of_tranches, "payment/out_of_hospital": recalled_of_instead}
    return said.get(path, cautions)(rules)


@dataclass(frozen=True, slots=True)
class Options:
    """What of a method is asked otherwise than the rules have it; None leaves it as they do."""

    cap: Literal["quarter", "year"] | None = None
    clawback: bool | None = None

    @property
    def asked(self) -> bool:
        """Whether anything is."""
        return self.cap is not None or self.clawback is not None

    def of(self, terms: Terms) -> Terms:
        """What the rules lay down, with these in their place."""
        back = terms.clawback if self.clawback is None else self.clawback
        return replace(terms, cap=self.cap or terms.cap, clawback=back)


AS_RULED = Options()
OTHERWISE = "Options are asked otherwise than the rules have them: hypothetical."


def pay(house: House, rules: str, name: str, content: bytes, options: Options = AS_RULED) -> Paid:
    """Read and pay a file. Unusable when the file, the set of rules or an option cannot be used at all."""
    named = house.rulebook.named(rules)
    if options.asked and path_of(named.payment_method) != "payment/release":
        raise Unusable(f"{rules} does not pay by quarter, so it has no cap and no paying back to choose. Leave --cap and --clawback out.")  # fmt: skip

    def by_quarter(house: House, rules: RuleSet, name: str, content: bytes) -> tuple[list[AnyStatement], list[Finding]]:  # fmt: skip
        return _by_quarter(house, rules, name, content, options)

    pays: Mapping[str, Callable[[House, RuleSet, str, bytes], tuple[list[AnyStatement], list[Finding]]]] = {
        "payment/release": by_quarter, "payment/tranches": _by_tests, "payment/out_of_hospital": _instead,
    }  # fmt: skip
    statements, findings = pays[path_of(named.payment_method)](house, named, name, content)
    fictitious = any(house.areas.of_board(each.board).illustrative for each in statements)
    people = {each.board: people_in(house, each.board) for each in statements}
    doubts = (OTHERWISE,) if options.asked else ()
    return Paid(named, tuple(statements), tuple(findings), fictitious, doubts, people)


def pay_plan(house: House, plan: str, day: date | None = None) -> Paid:
    """A signed-off plan's statement on the outturns published by a day; today's where none is given."""
    money = money_of(house, plan, day)
    words = {Flag.INCOMPLETE: RESTS_ON_INCOMPLETE, Flag.UNLIKE: RESTS_ON_UNLIKE}
    doubts = tuple(words[flag] for flag in money.flags if flag in words)
    people = {money.statement.board: people_of(money.agreed.area, money.agreed.plan.parties)}
    return Paid(money.agreed.rules, (money.statement,), (), money.agreed.area.illustrative, doubts, people)


def people_in(house: House, board: str) -> dict[str, int]:
    """The weights by which a board's figures are split among its CCGs: the people of each who live in it."""
    return {each.ccg: each.people for each in house.areas.of_board(board).england.places.by_board[board]}


# By quarter


def _by_quarter(
    house: House, rules: RuleSet, name: str, content: bytes, options: Options
) -> tuple[list[AnyStatement], list[Finding]]:
    quarters, rule = rules.release.performance_quarters, rules.cite("payment/release")
    claims, findings = parse_claims(name, content, quarters, house.areas.of_board, rule)
    statements: list[AnyStatement] = []
    for claim in claims:
        wrong = _changes(rules, claim)
        findings += wrong
        if wrong:
            continue
        statement = _statement(house, rules, claim, options)
        statements.append(statement)
        findings += _notes(rules, claim, statement)
    return statements, findings


def _lines(rules: RuleSet, claim: Claim) -> list[Line]:
    return [claim.lines[quarter] for quarter in rules.release.performance_quarters]


def _statement(house: House, rules: RuleSet, claim: Claim, options: Options) -> Statement:
    terms = options.of(terms_of(rules, claim.unit_value))
    pays = RELEASES[rules.release.method]
    return pays(
        claim.board, _lines(rules, claim), terms, people_in(house, claim.board), claim.performance_share
    )


def _changes(rules: RuleSet, claim: Claim) -> list[Finding]:
    """Why a changed target cannot be used, where a file gives one."""
    lines, rebasing = _lines(rules, claim), rules.find("payment/rebasing", Rebasing)
    if not any(line.changed is not None for line in lines):
        return []
    where = f"rows/{claim.first_row}/changed"
    if rebasing is None or rules.release.method is not PaymentMethod.REBASED_RELEASE:
        says = f"{claim.board} gives a changed target, and {rules.name} lets no agreed target be changed."
        return [Finding("target-not-changed", Severity.BLOCKER, where, says, "Take the column changed out, or pay by rules that let it.", rules.cite("payment/release"))]  # fmt: skip
    rule = rules.cite("payment/rebasing")
    if any(line.changed is None for line in lines):
        says = f"{claim.board} changes the target of some quarters and not of others."
        return [Finding("target-not-changed", Severity.BLOCKER, where, says, "Give the changed target of every quarter; write the agreed one where it stays.", rule)]  # fmt: skip
    may = may_change(lines, terms_of(rules, claim.unit_value))
    if may is None:
        says = f"{claim.board} gives a changed target, and not what the CCGs' operational plans have."
        return [Finding("target-not-changed", Severity.BLOCKER, f"rows/{claim.first_row}/operational", says, "Give operational, the admissions of the operational plans, for every quarter.", rule)]  # fmt: skip
    if not may:
        says = f"{claim.board}'s target is within {in_figures(rebasing.points)} percentage points of the operational plans', so no change is expected."
        return [Finding("target-not-changed", Severity.BLOCKER, where, says, "Take the changed target out; the agreed one stands.", rule)]  # fmt: skip
    return []


def _notes(rules: RuleSet, claim: Claim, statement: Statement) -> list[Finding]:
    """What does not stop a payment and yet should be seen."""
    where, findings = f"rows/{claim.first_row}", _of_rebasing(rules, claim, statement)
    national = terms_of(rules).unit_value
    if statement.capped:
        findings.append(
            Finding(
                "fund-capped",
                Severity.WARNING,
                f"{where}/performance_share_pence",
                f"{claim.board}'s planned cut is worth {in_pounds(statement.before_cap)}, more than its share of the "
                f"performance money, {in_pounds(statement.money.fund)}; the fund is limited to the share.",
                "Check the share; if it stands, the cut beyond it earns nothing.",
                rules.cite("payment/release"),
            )
        )
    if statement.terms.unit_value != national:
        findings.append(
            Finding(
                "local-unit-value",
                Severity.NOTE,
                f"{where}/unit_value_pence",
                f"{claim.board} values an admission at {in_pounds(statement.terms.unit_value)}, not at the national "
                f"{in_pounds(national)}.",
                "Keep the local reason with the plan.",
                rules.cite("payment/unit_value"),
            )
        )
    return findings


def _of_rebasing(rules: RuleSet, claim: Claim, statement: Statement) -> list[Finding]:
    """What a board may still change, or has changed, where the rules let a target be changed."""
    rebased, rebasing = statement.rebased, rules.find("payment/rebasing", Rebasing)
    if rebasing is None:
        return []
    where, rule = f"rows/{claim.first_row}", rules.cite("payment/rebasing")
    approval = f"Any change needs the approval of {rebasing.approved_by}, with {rebasing.consulted} consulted"
    if rebased is None:
        says = f"{claim.board}'s target is not held against the CCGs' operational plans, which are not given."
        return [Finding("operational-not-given", Severity.NOTE, f"{where}/operational", says, "Give operational, the admissions of the operational plans, for every quarter.", rule)]  # fmt: skip
    if rebased.changed:
        says = f"{claim.board}'s target was changed; its fund is resized from {in_pounds(rebased.before)} to {in_pounds(statement.money.fund)}."
        return [Finding("target-changed", Severity.NOTE, f"{where}/changed", says, f"{approval}: keep it with the plan.", rule)]  # fmt: skip
    if rebased.may_change:
        says = f"{claim.board}'s target is more than {in_figures(rebasing.points)} percentage points above the operational plans', so the board may ask to change it."
        return [Finding("target-may-change", Severity.NOTE, f"{where}/planned", says, f"{approval}. Give the changed target of every quarter in a column changed.", rule)]  # fmt: skip
    return []


# In parts, by tests


def _by_tests(
    house: House, rules: RuleSet, name: str, content: bytes
) -> tuple[list[AnyStatement], list[Finding]]:
    terms, method, rule = tranche_terms(rules), tranches_of(rules).method, rules.cite("payment/tranches")
    own = method is PaymentMethod.OWN_MEASURES
    claims, findings = parse_seen(name, content, terms.parts, house.areas.of_board, rule, own=own)
    statements: list[AnyStatement] = []
    for claim in claims:
        whole = _share(
            house, rules, claim.board, claim.share, "performance_share_pence", claim.first_row, findings
        )
        if whole is None:
            continue
        of_board = replace(terms, parts=claim.own(terms.parts)) if own else terms
        statement = TRANCHES[method](claim.board, of_board, claim.seen, people_in(house, claim.board), whole)
        statements.append(statement)
        findings += _recovery(rules, claim, statement)
    return statements, findings


def _recovery(rules: RuleSet, claim: SeenClaim, statement: TrancheStatement) -> list[Finding]:
    """For each metric that falls short: the recovery plan that may be asked."""
    below, rule = statement.terms.recovery_below, rules.cite("payment/recovery_below")
    found = []
    for part in statement.parts:
        for each in part.tests:
            if each not in statement.short or each.delivered is None or below is None:
                continue
            says = f"{statement.board} delivered {in_figures(round(per_cent(each.delivered), 1))}% of its ambition for {each.test.id}, less than {in_figures(below)}%."
            money = (
                "the money is paid all the same"
                if each.amounts.earned
                else f"{in_pounds(each.worth)} is spent on it, or on the contingency that was agreed"
            )
            row = claim.rows[part.part.name, each.test.id]
            found.append(Finding("recovery-plan", Severity.WARNING, f"rows/{row}/actual", says, f"A recovery plan may be asked, with peer review; {money}.", rule))  # fmt: skip
    return found


def _share(
    house: House,
    rules: RuleSet,
    board: str,
    given: Pence | None,
    column: str,
    row: int,
    findings: list[Finding],
) -> Pence | None:
    """A board's part of the money: what its file gives, or the indicative share with a finding; None where there is none."""
    if given is not None:
        return given
    rule, where = rules.cite("composition"), f"rows/{row}/{column}"
    try:
        held = shares(rules, house.allocation(rules.name, house.areas.of_board(board))).get(board)
    except Unusable:
        held = None
    if held is None:
        says = f"{board} gives no part of the money, and none is held for it."
        findings.append(Finding("no-share", Severity.BLOCKER, where, says, f"Give {column}.", rule))
        return None
    says = (
        f"{board} gives no part of the money; the one that is shared out to it, {in_pounds(held)}, is used."
    )
    findings.append(Finding("indicative-share", Severity.NOTE, where, says, f"Give {column} where you know better.", rule))  # fmt: skip
    return held


# In its place


def _instead(
    house: House, rules: RuleSet, name: str, content: bytes
) -> tuple[list[AnyStatement], list[Finding]]:
    rule = rules.cite("payment/out_of_hospital")
    claims, findings = parse_asides(name, content, house.areas.of_board, rule)
    statements: list[AnyStatement] = []
    for claim in claims:
        required = _share(
            house, rules, claim.board, claim.required, "required_pence", claim.first_row, findings
        )
        if required is None or claim.commitment is None:
            continue
        statement = _aside(house, rules, claim, claim.commitment, required)
        statements.append(statement)
        if statement.money.short:
            says = f"{claim.board} spends out of hospital or holds {in_pounds(statement.money.short)} less than its part, {in_pounds(required)}."
            findings.append(Finding("short-of-part", Severity.WARNING, f"rows/{claim.first_row}/out_of_hospital_pence", says, "Spend the rest out of hospital, or hold it by local agreement.", rule))  # fmt: skip
    return statements, findings


def _aside(
    house: House, rules: RuleSet, claim: AsideClaim, commitment: Commitment, required: Pence
) -> AsideStatement:
    pays = INSTEAD[rules.payment_method]
    return pays(claim.board, commitment, people_in(house, claim.board), required)
