"""What is at stake as data: the figures of the page, exact, and each CCG's part as CSV."""

from collections.abc import Mapping

from carepool.actions.stake_questions import as_query
from carepool.actions.staking import FIGURES, Stake, says_most
from carepool.render import payment_answers, rule_words
from carepool.render.answers import working
from carepool.render.csvs import write_csv

Data = Mapping[str, object]


def stake(found: Stake) -> Data:
    """The answer with its question: asked again, it has the same digest."""
    return {
        "of": {"kind": found.subject.kind, "code": found.subject.code, "name": found.subject.says},
        "question": as_query(found.question),
        "digest": found.digest,
        "rules": found.regime.rules.name,
        "method": found.regime.method,
        "how": rule_words.how_it_pays(found.regime.rules),
        "proposed": found.proposed,
        "hypothetical": found.hypothetical,
        **{f"{name}_pence": found.total(name) for name in FIGURES},
        "without_incomplete_returns": {
            "left_out": sorted(found.incomplete),
            "sure_pence": found.without_gaps(),
            **{f"{name}_pence": found.total(name, found.incomplete) for name in FIGURES},
        },
        "quarters": [
            {"says": each.says, "most_pence": each.most, "paid_pence": each.paid, "not_earned_so_far_pence": each.left, "open_pence": each.open}
            for each in found.by_quarter
        ],
        "cases": [{"code": each.code, "name": each.name} | {f"{name}_pence": getattr(found.came[each.code], name) for name in FIGURES} for each in found.cases],
        "ccgs": [
            {"ccg": each.ccg, "name": each.name, "fund_pence": each.fund, "paid_pence": each.paid, "not_earned_pence": each.kept, "open_pence": each.open}
            for each in found.by_ccg
        ],
        "steps": [
            {"says": each.says, "step": each.step, "paid_pence": each.paid, "change_pence": each.change, "question": as_query(each.question)}
            for each in found.levers
        ],
        "matters_most": says_most(found),
        "statement": payment_answers.any_statement(found.statements[found.cases[0].code]) if len(found.cases) == 1 else None,
        "working": working(found.working(found.cases[0])) if len(found.cases) == 1 else None,
        "rests_on": found.rests_on,
    }  # fmt: skip


def by_ccg(found: Stake) -> str:
    """Each CCG's part as CSV, in pence."""
    heading = ("ccg", "name", "fund_pence", "paid_pence", "not_earned_pence", "open_pence")
    return write_csv(heading, [(each.ccg, each.name, each.fund, each.paid, each.kept, each.open) for each in found.by_ccg])  # fmt: skip
