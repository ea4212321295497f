"""Targets of the metrics: each one of the rules has a baseline and a target that is better, and what the board measures itself is defined."""

from collections import Counter
from decimal import Decimal

from carepool.basics.findings import Finding
from carepool.basics.money import in_figures
from carepool.basics.refusals import nearest
from carepool.conditions.known import Known, blocker, note, warning
from carepool.plans.document import Plan
from carepool.rules.schema import Metric, Metrics

CHOSEN = "as in the measure chosen"
"""What the rules give as the unit of a metric that each area chooses for itself."""


def metrics_have_targets(plan: Plan, known: Known) -> list[Finding]:
    """Every metric of the rules that is not paid has one row, with its baseline and a target that is no worse."""
    found = known.rules.find("metrics", Metrics)
    if found is None:
        return []
    asked, rule = {each.id: each for each in found.metrics}, known.rules.cite("metrics")
    own = {each.id: each for each in plan.metrics.local}
    rows = plan.metrics.metrics
    missing = [each.title for each in found.metrics if not each.pays and each.id not in {row.metric for row in rows}]  # fmt: skip
    findings = []
    if missing:
        says = f"The plan sets no target for {', '.join(f'“{each}”' for each in missing)}."
        findings.append(warning("metric-missing", "metrics/metrics", says, "Write its baseline and its target.", rule))  # fmt: skip
    seen: set[str] = set()
    for number, row in enumerate(rows):
        where = f"metrics/metrics/{number}"
        if row.metric not in asked and row.metric not in own:
            near = nearest(row.metric, [*asked, *own])
            says = f"“{row.metric}” is no metric of these rules, and the plan does not define it."
            findings.append(blocker("unknown-metric", f"{where}/metric", says, f"Did you mean {near}?" if near else "Name one of the rules, or define it as a local metric.", rule))  # fmt: skip
            continue
        title = asked[row.metric].title if row.metric in asked else own[row.metric].title or row.metric
        if row.metric in seen:
            findings.append(blocker("metric-twice", f"{where}/metric", f"“{title}” has two rows.", "Keep one of them.", rule))  # fmt: skip
        seen.add(row.metric)
        for name, what in (("baseline", "baseline"), ("year_2", f"target for {known.years[-1]}")):
            if getattr(row, name) is None:
                findings.append(warning("metric-without-figure", f"{where}/{name}", f"“{title}” has no {what}.", "Write it.", rule))  # fmt: skip
        better = own[row.metric].better if row.metric in own else _better(asked[row.metric])
        if row.baseline is not None and row.year_2 is not None and _worse(row.baseline, row.year_2, better):
            says = f"The target of “{title}”, {in_figures(row.year_2)}, is worse than its baseline, {in_figures(row.baseline)}: {better} is better."
            findings.append(warning("metric-worse", f"{where}/year_2", says, "Check that the two are not exchanged, or say why.", rule))  # fmt: skip
    return findings


def _better(metric: Metric) -> str:
    """Which way is better; nothing is known of what an area chooses for itself."""
    return "" if metric.unit == CHOSEN else metric.better


def _worse(baseline: Decimal, target: Decimal, better: str) -> bool:
    return target > baseline if better == "lower" else target < baseline if better == "higher" else False


def local_metrics_are_defined(plan: Plan, known: Known) -> list[Finding]:
    """What the board measures itself is defined once, with what is counted, out of what, in which unit, and which way is better."""
    found = known.rules.find("metrics", Metrics)
    if found is None:
        return []
    rule, findings = known.rules.cite("metrics"), []
    chosen = {each.id: each.title for each in found.metrics if each.unit == CHOSEN}
    rows = {row.metric for row in plan.metrics.metrics}
    undefined = [title for id_, title in chosen.items() if id_ in rows]
    if undefined and not plan.metrics.local:
        says = f"The plan has a target for {', '.join(f'“{each}”' for each in undefined)}, and defines no local metric."
        findings.append(warning("local-metric-undefined", "metrics/local", says, "Define what is measured.", rule))  # fmt: skip
    often = Counter(each.id for each in plan.metrics.local)
    seen: set[str] = set()
    for number, each in enumerate(plan.metrics.local):
        where = f"metrics/local/{number}"
        if often[each.id] > 1 and each.id in seen:
            findings.append(blocker("local-metric-twice", f"{where}/id", f"The local metric “{each.id}” is defined twice.", "Keep one definition.", rule))  # fmt: skip
        seen.add(each.id)
        gone = [words for name, words in (("title", "what is measured"), ("numerator", "what is counted"), ("unit", "its unit"), ("better", "which way is better")) if not getattr(each, name).strip()]  # fmt: skip
        if gone:
            says = f"The local metric “{each.title or each.id}” does not say {', nor '.join(gone)}."
            findings.append(warning("local-metric-open", where, says, "Write it, so that others can count the same.", rule))  # fmt: skip
        if each.id not in rows:
            says = f"The local metric “{each.title or each.id}” has no target."
            findings.append(note("local-metric-without-target", f"{where}/id", says, "Give it a row among the metrics.", rule))  # fmt: skip
    return findings
