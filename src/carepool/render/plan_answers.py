"""The shapes in which plans, their standing and their pools leave as JSON; commands and pages share them."""

from carepool.actions.areas import MARK, Area
from carepool.actions.planning import PlanView
from carepool.actions.releasing import Money
from carepool.basics.canonical import Digest
from carepool.basics.findings import Finding
from carepool.pool.books import Books, Position
from carepool.render.answers import Data, statement
from carepool.signoff.decisions import Party, Standing


def marked(data: Data, area: Area) -> Data:
    """The answer with the mark of the illustrative county on top, where it is of it."""
    return {"illustrative": MARK, **data} if area.illustrative else data


def checked(digest: Digest | None, findings: list[Finding]) -> Data:
    """The answer to a check of a plan's file."""
    return {"plan": digest, "findings": [finding.as_data() for finding in findings]}


def standing(view: PlanView, found: Standing) -> Data:
    """Where a plan stands: who has decided on which digest, who is awaited since when."""
    version = found.version
    return marked(
        {
            "plan": view.history.id,
            "title": view.history.title,
            "boards": view.history.boards,
            "rules": view.history.rules,
            "status": found.status,
            "agreed": found.agreed,
            "version": version.number if version else None,
            "digest": version.digest if version else None,
            "saved_at": version.at if version else None,
            "parties": [_party(each, version.digest if version else None) for each in found.parties],
            "awaited": [{"body": each.body, "since": each.since} for each in found.awaited],
            "stages": [
                {"stage": each.stage, "body": each.body, "by": each.by, "at": each.at}
                for each in found.reached
            ],
            "findings": [finding.as_data() for finding in view.findings],
        },
        view.area,
    )


def _party(party: Party, current: str | None) -> Data:
    decision = party.decision
    return {
        "body": party.body,
        "kind": party.kind,
        "outcome": party.outcome,
        "since": party.since,
        "decided_on": decision.digest if decision else None,
        "decided_on_current": bool(decision and decision.digest == current),
        "by": decision.by if decision else None,
    }


def position(found: Position) -> Data:
    """A party's money in a pool, or everybody's."""
    return {
        "contributed_pence": found.contributed,
        "performance_pence": found.performance,
        "contingent_pence": found.contingent,
        "released_pence": found.released,
        "kept_pence": found.kept,
        "in_pool_pence": found.in_pool,
        "held_pence": found.held,
    }


def pool(money: Money) -> Data:
    """A pool: what each partner has put in, every account and posting, and where each release stands."""
    books = money.books
    opening = books.opening
    return marked(
        {
            "pool": books.pool,
            "year": books.year,
            "held_by": money.agreed.host if opening else None,
            "agreement": opening.agreement if opening else None,
            "plan_digest": opening.plan_digest if opening else None,
            "totals": position(books.totals),
            "partners": [{"party": party, **position(each)} for party, each in books.by_party.items()],
            "trial_balance_pence": books.trial_balance(),
            "accounts": [
                {"account": str(account), "balance_pence": balance}
                for account, balance in books.balances.items()
            ],
            "postings": _postings(books),
            "releases": _releases(books),
            "statement": statement(money.statement),
        },
        money.agreed.area,
    )


def _postings(books: Books) -> list[Data]:
    return [
        {
            "posting": each.id,
            "says": each.says,
            "on": each.on,
            "cites": each.cites,
            "lines": [
                {"debit": str(line.debit), "credit": str(line.credit), "pence": line.pence}
                for line in each.lines
            ],
        }
        for each in books.postings
    ]


def _releases(books: Books) -> list[Data]:
    return [
        {
            "quarter": each.quarter,
            "ccg": each.ccg,
            "pence": each.pence,
            "stage": each.stage,
            "statement": each.statement,
            "proposed_at": each.proposed_at,
            "released_at": each.released_at,
        }
        for _, each in sorted(books.releases.items())
    ]
