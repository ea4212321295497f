"""The shapes in which plans, their standing and their pools leave as JSON; commands and pages share them."""

from datetime import date

from carepool.actions.areas import Area
from carepool.actions.planning import PlanView
from carepool.actions.releasing import Pool
from carepool.basics.canonical import Digest
from carepool.basics.findings import Finding
from carepool.journal.facts import Fact
from carepool.places.bodies import body_id
from carepool.pool.accounts import Posting
from carepool.pool.books import Position, Release
from carepool.render.answers import Data, marked
from carepool.signoff.standing import Party, Standing


def checked(digest: Digest | None, findings: list[Finding], area: Area | None) -> Data:
    """The answer to a check of a plan's file."""
    data: Data = {"plan": digest, "findings": [finding.as_data() for finding in findings]}
    return marked(data, bool(area and area.illustrative))


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
            "disputes": [{"body": each.body, "since": each.at} for each in found.disputes],
            "deadlines_passed": [
                {"deadline": each.event, "awaited": each.awaited, "recorded": each.at}
                for each in found.said.passed
            ],
            "redeployed": [
                {
                    "pence": each.pence,
                    "contingency": each.contingency,
                    "direction": each.direction,
                    "body": each.body,
                    "at": each.at,
                }
                for each in found.said.redeployed
            ],
            "findings": [finding.as_data() for finding in view.findings],
        },
        view.area.illustrative,
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
        "way": decision.way if decision else None,
        "effective_on": decision.effective_on if decision else None,
        "within_limits": party.kept,
        "outside_limits": party.outside,
        "to_ratify": bool(decision and decision.to_ratify),
        "late_for": decision.late_for or None if decision else None,
        "signatures_missing": party.missing,
        "recorded_to_confirm": party.record is not None and party.record.way != "link",
        "signed_by_link_to_confirm": party.record is not None and party.record.way == "link",
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


def pool(plan: str, found: Pool | None, illustrative: bool, as_at: date | None = None) -> Data:
    """A pool: what each partner has put in, every account and posting, and where each release stands."""
    opening = found.books.opening if found else None
    data: Data = {"pool": plan, "as_at": as_at, "open": opening is not None}
    if found and opening:
        books = found.books
        data |= {
            "year": books.year,
            "held_by": found.agreed.host,
            "agreement": opening.agreement,
            "plan_digest": opening.plan_digest,
            "totals": position(books.totals) | {"in_pool_pence": books.in_pool()},
            "partners": [
                {"partner": body_id(each.kind, each.code), **position(books.position(each.code))}
                for each in opening.partners
            ],
            "accounts": [
                {
                    "account": str(account),
                    "book": account.book,
                    "debit_pence": max(balance, 0),
                    "credit_pence": max(-balance, 0),
                }
                for account, balance in sorted(books.balances.items())
            ],
            "trial_balance_pence": books.trial_balance(),
            "postings": [_posting(each, found.wrote[each.id]) for each in books.postings],
            "releases": [_release(each) for _, each in sorted(books.releases.items())],
            "closed_at": books.kept_at,
        }
    return marked(data, illustrative)


def _posting(posting: Posting, fact: Fact) -> Data:
    return {
        "posting": posting.id,
        "on": posting.on,
        "says": posting.says,
        "by": fact.by,
        "fact": fact.digest,
        "cites": posting.cites,
        "lines": [
            {"debit": str(line.debit), "credit": str(line.credit), "amount_pence": line.pence}
            for line in posting.lines
        ],
    }


def _release(release: Release) -> Data:
    return {
        "quarter": release.quarter,
        "ccg": release.ccg,
        "amount_pence": release.pence,
        "stage": release.stage,
        "statement": release.statement,
        "proposed_at": release.proposed_at,
        "approved": {side.code: approval.at for side, approval in release.approvals.items()},
        "released_at": release.released_at,
    }
