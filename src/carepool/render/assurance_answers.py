"""Assurance as JSON and CSV: where a plan stands, a decision replayed, and the roll-up of savings."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from carepool.actions.assurance_rollup import Followed, National
from carepool.assurance.agreement import Agreement
from carepool.assurance.replay import Replayed
from carepool.assurance.rollup import RollUp
from carepool.assurance.savings import Saving
from carepool.render.answers import marked
from carepool.render.csvs import write_csv

Data = dict[str, object]


def agreed(found: Agreement) -> Data:
    """How far two reviewers agree."""
    return {"answers": found.answers, "same": found.same, "same_percent": _text(found.raw), "weighted_kappa": _text(found.kappa)}  # fmt: skip


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")


def shown(followed: Followed, agreement: Agreement, day: date) -> Data:
    """Where a plan's assurance stands. Nothing of a review is in it: only what both together became."""
    found, record = followed.found, followed.found.record
    decided = record.decided_on(followed.version.digest)
    data: Data = {
        "plan": found.plan.history.id,
        "version": followed.version.number,
        "digest": followed.version.digest,
        "rules": found.rules.name,
        "state": followed.row.state,
        "reviews_in": sorted(record.on(followed.version.digest)),
        "outcome": decided.outcome if decided else None,
        "decided_at": decided.at if decided else None,
        "quality": followed.row.quality or None,
        "risk": followed.row.risk or None,
        "answers": _answers(followed),
        "agreement": agreed(agreement),
        "conditions": [
            {"condition": each.id, "due": each.due, "state": each.state, "overdue": each.overdue(day)}
            for each in record.conditions
        ],
        "resubmission_due": record.again.due if record.again else None,
        "escalation_step": record.rung or None,
        "directions": [
            {"number": each.number, "power": each.power, "body": each.body, "amount_pence": each.pence,
             "destination": each.destination or None, "at": each.at}
            for each in record.active_directions
        ],
        "savings": [_saving(each) for each in followed.savings],
        **_sums(followed),
    }  # fmt: skip
    return marked(data, found.plan.area.illustrative)


def _answers(followed: Followed) -> Mapping[str, str] | None:
    if followed.moderated is None:
        return None
    return {
        key.removeprefix("answers/"): each.level
        for key, each in followed.moderated.items.items()
        if key.startswith("answers/")
    }


def _sums(followed: Followed) -> Data:
    row = followed.row
    return {
        "promised_pence": row.promised,
        "credible_pence": row.credible,
        "delivered_pence": row.delivered,
        "stands": row.stands or None,
    }


def _saving(each: Saving) -> Data:
    return {
        "saving": each.number + 1,
        "scheme": each.scheme,
        "kind": each.kind,
        "promised_pence": each.promised,
        "evidence": each.grade.id if each.grade else None,
        "confidence": each.confidence.id if each.confidence else None,
        "plausibility": each.plausible.id,
        "credible_pence": each.credible,
    }


def replayed(plan: str, found: Iterable[Replayed], illustrative: bool) -> Data:
    """Every decision of a plan made again."""
    return marked({"plan": plan, "decisions": [_replayed(each) for each in found]}, illustrative)


def _replayed(each: Replayed) -> Data:
    return {
        "digest": each.plan,
        "at": each.at,
        "outcome": each.outcome,
        "replayed": each.replayed,
        "same": each.same,
        "suggested": each.suggested.outcome,
        "decided_otherwise": each.otherwise,
        "same_rules": each.rules_same,
        "agreement": agreed(each.agreement),
        "would_change": [one.as_data() for one in each.changes],
        "differs": list(each.differs),
    }


def national(found: National) -> Data:
    """The roll-up."""
    data: Data = {
        "nation": rolled(found.nation),
        "regions": [rolled(each) for each in found.regions],
        "boards": [rolled(each) for each in found.boards],
        "plans": [
            {"plan": each.row.plan, "version": each.version.number, "region": each.row.region, "boards": list(each.row.boards),
             "state": each.row.state, "outcome": each.row.outcome or None, **_sums(each)}
            for each in found.followed
        ],
        "withdrawn": list(found.withdrawn),
    }  # fmt: skip
    return marked(data, found.illustrative)


def rolled(found: RollUp) -> Data:
    """One row of the roll-up."""
    return {
        "name": found.name,
        "plans": len(found.plans),
        "outcomes": {outcome or "none": number for outcome, number in sorted(found.outcomes.items())},
        "quality_and_risk": [
            {"quality": quality, "risk": risk, "plans": number}
            for (quality, risk), number in sorted(found.matrix.items())
        ],
        "open_conditions": found.open_conditions,
        "overdue_conditions": found.overdue,
        "agreement": agreed(found.agreement),
        "promised_pence": found.promised,
        "credible_pence": found.credible.pence,
        "credible_of_plans": found.credible.plans,
        "delivered_pence": found.delivered.pence,
        "delivered_of_plans": found.delivered.plans,
        "stands": {word or "not known": number for word, number in sorted(found.stands.items())},
    }


def national_csv(found: National) -> str:
    """A row a plan."""
    heading = [
        "plan", "title", "region", "boards", "version", "state", "outcome", "quality", "risk", "open_conditions", "overdue",
        "promised_pence", "credible_pence", "delivered_pence", "admissions_avoided", "stands",
    ]  # fmt: skip
    rows = [
        (
            row.plan, row.title, row.region, " ".join(row.boards), row.version, row.state, row.outcome, row.quality, row.risk,
            row.open_conditions, row.overdue, row.promised, row.credible, row.delivered, row.avoided, row.stands,
        )
        for row in (each.row for each in found.followed)
    ]  # fmt: skip
    return write_csv(heading, rows)
