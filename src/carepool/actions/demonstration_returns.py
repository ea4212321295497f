"""Carrowby's returns of April to September 2015: two sent in time, the first corrected from the books afterwards. All of it is invented."""

from datetime import date

from carepool.actions.demonstration_pool_life import Stage
from carepool.actions.returning import (
    keep_part,
    prefill,
    put_forward_of,
    return_of,
    sign_return_of,
    working_of,
)
from carepool.basics.periods import Quarter
from carepool.journal.commands import Done
from carepool.plans.document import as_data
from carepool.plans.parts import Part
from carepool.returns.document import INCOME, Agreement, Narrative, Return

PLAN, LEAD, CHAIR = "carrowby", "carrowby.lead", "carrowby.chair"
FIRST, SECOND = Quarter(2015, 1), Quarter(2015, 2)
TYPED = {INCOME: 598_000_000}
"""Income of the first quarter as it was typed before the books were kept; expenditure is a tenth less."""
ON_THE_WAY = {
    "seven_days": (date(2016, 3, 31), "Discharge at weekends depends on two pharmacists, who start in January."),
    "data_sharing": (date(2015, 12, 31), "The council's system takes the NHS number from December on."),
}  # fmt: skip
MISSED = {SECOND: {"non_elective_admissions": "7,178 from July to September; the target was 7,102."}}
"""What is not on track, by quarter."""
WAITING = {"user_experience": "The survey of the year comes in March."}


def begin(stage: Stage) -> None:
    """Send the first quarter's return, before the books are kept."""
    stage.on(2015, 8, 26)
    _begin(stage, FIRST)
    found = working_of(stage.house, return_of(stage.house, PLAN, FIRST)).content
    _keep(stage, FIRST, "money", _typed_money(found))
    _keep(stage, FIRST, "agreement", Agreement(in_place="yes", since=date(2015, 4, 1)))
    _answer(stage, FIRST, "Reablement takes 40 people more a month than a year ago. The wards of the trust stayed open.")  # fmt: skip
    stage.on(2015, 8, 27)
    _send(stage, FIRST)


def correct_and_go_on(stage: Stage) -> None:
    """Correct it from the books, and send the second quarter's."""
    stage.on(2015, 11, 24)
    found = working_of(stage.house, return_of(stage.house, PLAN, FIRST)).content
    _begin(stage, FIRST)
    for name in ("conditions", "metrics", "measures"):
        _keep(stage, FIRST, name, found.part(name))
    _keep(stage, FIRST, "narrative", found.narrative)
    _send(stage, FIRST, "The figures were those of the partners' own ledgers, which counted the instalment of July; these are the pool's.")  # fmt: skip
    stage.on(2015, 11, 25)
    _begin(stage, SECOND)
    _answer(stage, SECOND, "Reablement costs more than planned, and its action plan is made. Admissions from July to September were above the target.")  # fmt: skip
    stage.on(2015, 11, 26)
    _send(stage, SECOND)


def _begin(stage: Stage, quarter: Quarter) -> None:
    begun = prefill(stage.house, stage.actor(LEAD), PLAN, quarter)
    assert isinstance(begun, Return)  # noqa: S101 (a lead of the plan)


def _typed_money(found: Return) -> Part:
    flows = []
    for each in found.money.flows:
        typed = TYPED[INCOME] if each.way == INCOME else TYPED[INCOME] * 9 // 10
        over = each.quarter <= found.quarter
        flows.append(each.model_copy(update={"forecast": typed, "actual": typed if over else None}))
    return found.money.model_copy(
        update={"flows": tuple(flows), "comment": "From the ledgers of the council and the CCG."}
    )


def _answer(stage: Stage, quarter: Quarter, progress: str) -> None:
    """What nobody but the leads can say."""
    found = working_of(stage.house, return_of(stage.house, PLAN, quarter)).content
    conditions = tuple(
        each.model_copy(
            update={"answer": "in_progress", "by": ON_THE_WAY[each.id][0], "reason": ON_THE_WAY[each.id][1]}
            if each.id in ON_THE_WAY
            else {"answer": "met"}
        )
        for each in found.conditions.conditions
    )
    metrics = tuple(each.model_copy(update=_metric(quarter, each.id)) for each in found.metrics.metrics)
    counts = tuple(each.model_copy(update={"value": 12 + quarter.number}) for each in found.measures.counts)
    _keep(stage, quarter, "conditions", found.conditions.model_copy(update={"conditions": conditions}))
    _keep(stage, quarter, "metrics", found.metrics.model_copy(update={"metrics": metrics}))
    _keep(stage, quarter, "measures", found.measures.model_copy(update={"counts": counts}))
    _keep(stage, quarter, "narrative", Narrative(progress=progress))


def _metric(quarter: Quarter, metric: str) -> dict[str, str]:
    missed = MISSED.get(quarter, {}).get(metric)
    if missed:
        return {"status": "not_on_track", "narrative": missed}
    if metric in WAITING:
        return {"status": "no_data", "no_data": "not_published", "narrative": WAITING[metric]}
    return {"status": "on_track", "narrative": "It goes as planned."}


def _keep(stage: Stage, quarter: Quarter, name: str, part: Part) -> None:
    kept = keep_part(stage.house, stage.actor(LEAD), PLAN, quarter, name, as_data(part), "")
    if not isinstance(kept, Part):
        raise AssertionError(kept)


def _send(stage: Stage, quarter: Quarter, why: str = "") -> None:
    _must(put_forward_of(stage.house, stage.actor(LEAD), PLAN, quarter, why))
    waiting = return_of(stage.house, PLAN, quarter).filed.waiting
    assert waiting is not None  # noqa: S101 (just put forward)
    _must(sign_return_of(stage.house, stage.actor(CHAIR), PLAN, quarter, waiting.digest))


def _must(done: object) -> None:
    """Every step is allowed; one that is not is a bug of ours."""
    if not isinstance(done, Done):
        raise AssertionError(getattr(done, "says", done))
