"""What the plans of the illustrative county say beside their sums: invented, from ``illustrative/narrative.json``, fitted to each plan."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from carepool.actions.planning import PlanView
from carepool.basics.money import Pence, share
from carepool.places.bodies import BodyKind, body_id
from carepool.plans.document import Plan, as_data, sections_asked

Narrative = Mapping[str, Any]
"""The words by section, in the shapes of JSON."""

UNIT = 149_000
"""Pence that the demonstration's benefits reckon an admission at: what the rules of 2014 pay for one."""
SHARES = {"S1": 65, "S2": 10, "S3": 25}
"""How the reduction in admissions is expected to come about, scheme by scheme."""


def read_narrative(files: Mapping[str, bytes]) -> Narrative:
    """The words that ship with the county."""
    found: Narrative = json.loads(files["narrative.json"])
    return found


def told(plan: Plan, seen: PlanView, words: Narrative) -> Plan:
    """The plan with every section filled in that its rules ask for."""
    boards = [seen.area.england.places.boards[code].name for code in plan.parties.boards]
    decider = seen.area.bodies[body_id(BodyKind.BOARD, plan.parties.boards[0])].name
    cut = sum((row.baseline - row.planned for row in plan.target.quarters), Decimal(0))
    data: dict[str, Any] = as_data(plan)
    for name in ("vision", "action", "protection", "sharing", "assessment", "alignment", "engagement"):
        data[name] = {key: text.replace("{place}", " and ".join(boards)) for key, text in words[name].items()}
    data["parties"] |= words["parties"]
    for scheme in data["schemes"]["schemes"]:
        scheme |= words["schemes"].get(scheme["id"], {})
    for line in data["spend"]["spend"]:
        line["area"] = {"S1": "community_health", "S2": "social_care", "S3": "primary_care"}[line["scheme"]]
    data["conditions"] = {"answers": _conditions(seen, words)}
    data["seven_days"] = _seven_days(words)
    data["risks"] = _risks(words, seen.known.worth(cut), decider)
    data["protection"] |= _protected(plan)
    data["earmarks"] = {"earmarks": _earmarks(plan)}
    data["benefits"] = {"benefits": _benefits(cut)}
    data["flows"], data["commentaries"] = _hospitals(plan, seen, cut, words)
    data["freed"] = {"freed": _freed(plan, seen)}
    data["metrics"] = _metrics(seen, words)
    data["transfer"] = {"uses": _transfer(plan, words)}
    asked = {*sections_asked(seen.rules), "rules", "title"}
    return Plan.model_validate({name: content for name, content in data.items() if name in asked})


def _conditions(seen: PlanView, words: Narrative) -> list[dict[str, str]]:
    answers = []
    for condition in seen.rules.conditions.conditions:
        met, how, evidence = words["conditions"][condition.id]
        by = "2015-10-01" if met == "in_progress" else ""
        answers.append({"condition": condition.id, "met": met, "by": by, "how": how, "evidence": evidence})
    return answers


def _seven_days(words: Narrative) -> dict[str, Any]:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    keys = ("name", "provider", *days, "since")
    services = [dict(zip(keys, row, strict=True)) for row in words["seven_days"]["services"]]
    return {"services": services, "plan": words["seven_days"]["plan"]}


def _risks(words: Narrative, at_stake: Pence, decider: str) -> dict[str, Any]:
    """The risks and the contingency, which names the plan's board as who decides: its chair can declare it."""
    keys = ("what", "likelihood", "impact", "owner", "mitigation")
    trigger, named, destination = words["risks"]["contingency"]
    contingency = {
        "trigger": trigger,
        "decider": named.replace("{board}", decider),
        "pence": at_stake,
        "destination": destination,
    }
    return {
        "risks": [dict(zip(keys, row, strict=True)) for row in words["risks"]["risks"]],
        "contingencies": [contingency],
        "sharing": words["risks"]["sharing"],
    }


def _of_stream(plan: Plan, stream: str, year: str = "year_2") -> Pence:
    return sum(int(getattr(row, year)) for row in plan.sources.sources if row.source == stream)


def _protected(plan: Plan) -> dict[str, Pence]:
    money = _of_stream(plan, "social_care_transfer")
    return {"pence": money, "budget_before": money * 9, "budget_after": money * 9, "care_act": money // 20}


def _earmarks(plan: Plan) -> list[dict[str, Any]]:
    spent = {"carers_breaks": "Breaks for carers", "reablement": "Reablement at home"}
    return [
        {"name": name, "pence": _of_stream(plan, name), "spent_on": words} for name, words in spent.items()
    ]


def _benefits(cut: Decimal) -> list[dict[str, Any]]:
    parts = share(int(cut), SHARES)
    return [
        {
            "scheme": scheme, "kind": "admissions", "to": "The CCGs", "activity": str(number), "unit_price": UNIT,
            "saving": number * UNIT, "how": "Admissions avoided, at what one is worth to the performance fund",
            "monitored": "Emergency admissions each month, against the same month a year before",
        }
        for scheme, number in parts.items()
        if number
    ]  # fmt: skip


def _hospitals(
    plan: Plan, seen: PlanView, cut: Decimal, words: Narrative
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The trust that the reduction falls on, where the county has one for these boards, and what it says."""
    trust = next((each for each in seen.area.trusts if set(plan.parties.boards) <= set(each.boards)), None)
    if trust is None:
        return {"flows": []}, {"commentaries": []}
    flow = {
        "board": plan.parties.boards[0],
        "trust": trust.code,
        "reduction": str(cut),
        "trust_plan": str(cut),
    }
    return {"flows": [flow]}, {"commentaries": [{"provider": trust.code, **words["commentary"]}]}


def _freed(plan: Plan, seen: PlanView) -> list[dict[str, Any]]:
    money = seen.rules.composition.inside("performance")
    added: dict[str, Pence] = {}
    for row in plan.sources.sources:
        if money and row.source == money.within:
            added[row.contributor] = added.get(row.contributor, 0) + row.year_2
    return [
        {
            "ccg": ccg, "contract": "Acute contract, emergency care", "provider": "The hospital trust", "pence": pence,
            "start": "2015-04-01", "view": "partly", "why": "The trust asks that beds close after admissions fall",
            "double_running": pence // 50, "fallback": "The CCG's reserve for the year",
        }
        for ccg, pence in added.items()
    ]  # fmt: skip


def _metrics(seen: PlanView, words: Narrative) -> dict[str, Any]:
    keys = ("baseline", "baseline_period", "year_1", "year_2", "how")
    rules = seen.rules
    held = {each.id for each in rules.metrics.metrics} if "metrics" in rules.sections else set()
    rows = [
        {"metric": metric, **dict(zip(keys, row, strict=True))}
        for metric, row in words["metrics"].items()
        if metric in held
    ]
    return {"metrics": rows, "local": [each for each in words["local"] if each["id"] in held]}


def _transfer(plan: Plan, words: Narrative) -> list[dict[str, Any]]:
    whole = plan.total("sources", "year_1") // 5
    parts = share(whole, {str(number): weight for number, (_, weight, _) in enumerate(words["transfer"])})
    return [
        {"purpose": purpose, "pence": parts[str(number)], "outcome": outcome}
        for number, (purpose, _, outcome) in enumerate(words["transfer"])
    ]
