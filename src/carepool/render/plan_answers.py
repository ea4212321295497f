"""The shapes in which plans, their standing and their pools leave as JSON; commands and pages share them."""

from carepool.actions.areas import Area
from carepool.actions.planning import PlanView
from carepool.basics.canonical import Digest
from carepool.basics.findings import Finding
from carepool.basics.periods import in_words
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
        "key_decision": decision.key if decision else None,
        "takes_effect": f"Decided, takes effect on {in_words(party.effective_on)}"
        if party.effective_on
        else None,
        "call_in": decision.call_in.as_data() if decision and decision.call_in else None,
        "urgency": decision.urgency or None if decision else None,
        "within_limits": party.kept,
        "outside_limits": party.outside,
        "to_ratify": bool(decision and decision.to_ratify),
        "late_for": decision.late_for or None if decision else None,
        "signatures_missing": party.missing,
        "recorded_to_confirm": party.record is not None and party.record.way != "link",
        "signed_by_link_to_confirm": party.record is not None and party.record.way == "link",
    }
