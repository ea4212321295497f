"""A file of plans and outturns, paid under a set of rules: statements where they can be had, findings everywhere."""

from dataclasses import dataclass

from carepool.actions.house import House
from carepool.actions.nation import cautions, terms_of
from carepool.basics.findings import Finding, Severity
from carepool.basics.money import in_pounds
from carepool.basics.workings import Working
from carepool.payment.file import Claim, parse_claims
from carepool.payment.methods import RELEASES
from carepool.payment.release import Statement
from carepool.payment.working import explain
from carepool.rules.rulebook import RuleSet


@dataclass(frozen=True, slots=True)
class Paid:
    """The answer to a payment file."""

    rules: RuleSet
    statements: tuple[Statement, ...]
    findings: tuple[Finding, ...]
    illustrative: bool = False
    """Whether a fictitious board is among them."""

    @property
    def rests_on(self) -> tuple[str, ...]:
        """What a reader must be told of every figure: the recalled values that it rests on."""
        return cautions(self.rules)

    def working(self, statement: Statement, name: str) -> Working:
        """One statement's working; ``name`` is the file that its rows are in."""
        return explain(statement, self.rules.name, f"{name}, rows of {statement.board}", self.rests_on)


def pay(house: House, rules: str, name: str, content: bytes) -> Paid:
    """Read and pay a file. Unusable when the file, or the set of rules, cannot be used at all."""
    named = house.rulebook.named(rules)
    release = named.release
    rule = named.cite("payment/release")
    claims, findings = parse_claims(name, content, release.performance_quarters, house.areas.of_board, rule)
    statements = []
    for claim in claims:
        statement = _statement(house, named, claim)
        statements.append(statement)
        findings += _notes(named, claim, statement)
    fictitious = any(house.areas.of_board(each.board).illustrative for each in statements)
    return Paid(named, tuple(statements), tuple(findings), fictitious)


def _statement(house: House, rules: RuleSet, claim: Claim) -> Statement:
    release = rules.release
    lines = [claim.lines[quarter] for quarter in release.performance_quarters]
    people = {
        each.ccg: each.people
        for each in house.areas.of_board(claim.board).england.places.by_board[claim.board]
    }
    terms = terms_of(rules, claim.unit_value)
    return RELEASES[release.method](claim.board, lines, terms, people, claim.performance_share)


def _notes(rules: RuleSet, claim: Claim, statement: Statement) -> list[Finding]:
    """What does not stop a payment and yet should be seen."""
    where, findings = f"rows/{claim.first_row}", []
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
