"""The shapes in which payment statements of every method leave as JSON."""

from carepool.actions.payments import Paid
from carepool.actions.replaying import Replay, Replayed
from carepool.payment.instead import Aside, AsideStatement
from carepool.payment.methods import AnyStatement
from carepool.payment.release import Rebased, Statement
from carepool.payment.tranches import Judged, TrancheStatement
from carepool.render import rule_words
from carepool.render.answers import Data, figures, marked, statement, working
from carepool.render.csvs import write_csv


def payment(paid: Paid, name: str, with_working: bool) -> Data:
    """The answer to a payment file."""
    boards = []
    for each in paid.statements:
        of_board = any_statement(each)
        if with_working:
            of_board["working"] = working(paid.working(each, name))
        boards.append(of_board)
    data: Data = {
        "rules": paid.rules.name,
        "method": paid.rules.payment_method,
        "rests_on": paid.rests_on,
        "boards": boards,
        "findings": [finding.as_data() for finding in paid.findings],
    }
    return marked(data, paid.illustrative)


def any_statement(found: AnyStatement) -> Data:
    """A board's statement, in the shape of its method."""
    match found:
        case TrancheStatement():
            return _of_tranches(found)
        case AsideStatement():
            return _of_aside(found)
    return statement(found) | _rebased(found)


def _rebased(found: Statement) -> Data:
    rebased: Rebased | None = found.rebased
    if rebased is None:
        return {}
    return {
        "rebased": {
            "cut_percent": round(rebased.cut, 4),
            "operational_cut_percent": round(rebased.operational, 4),
            "may_change": rebased.may_change,
            "changed": rebased.changed,
            "fund_before_pence": rebased.before,
        }
    }


def _of_tranches(found: TrancheStatement) -> Data:
    return {
        "board": found.board,
        "hypothetical": found.hypothetical,
        **figures(found.money),
        "to_recovery_pence": found.to_recovery,
        "tranches": [
            {
                "tranche": part.part.name,
                "says": part.part.says,
                "fund_pence": part.fund,
                "paid_pence": part.paid,
                "tests": [_of_test(each) for each in part.tests],
            }
            for part in found.parts
        ],
        "ccgs": [{"ccg": ccg, **figures(part)} for ccg, part in found.by_ccg.items()],
    }


def _of_test(each: Judged) -> Data:
    return {
        "test": each.test.id,
        "kind": each.test.kind,
        "weight": each.test.weight,
        "window": each.test.window,
        "worth_pence": each.worth,
        "outcome": each.outcome,
        "delivered_percent": None if each.delivered is None else float(round(each.delivered * 100, 4)),
        "earned_pence": each.amounts.earned,
        "to_recovery_pence": each.amounts.to_recovery,
        "kept_pence": each.amounts.kept,
        "at_stake_pence": each.amounts.open,
    }


def _of_aside(found: AsideStatement) -> Data:
    return {
        "board": found.board,
        "paid_pence": 0,
        **_aside(found.money),
        "admissions_above_plan": found.excess,
        "ccgs": [{"ccg": ccg, **_aside(part)} for ccg, part in found.by_ccg.items()],
    }


def _aside(money: Aside) -> Data:
    return {
        "required_pence": money.required,
        "out_of_hospital_pence": money.spent,
        "risk_share_pence": money.held,
        "short_pence": money.short,
        "drawn_pence": money.drawn,
        "back_pence": money.back,
    }


COLUMNS = ("fund", "paid", "to_recovery", "kept", "open", "aside")
"""What a regime comes to, in the order that it is read."""


def replayed(found: Replay, *, boards: bool = True) -> Data:
    """A year under every regime, nation and boards; on request the nation alone."""
    return {
        "year": found.year,
        "ambition_percent": found.ambition,
        "operational_percent": found.operational,
        "stand_in": found.stand_in,
        "left_out": sorted(found.incomplete),
        "regimes": [
            {
                "rules": each.rules.name,
                "title": each.rules.about.title,
                "method": each.rules.payment_method,
                "how": rule_words.how_it_pays(each.rules),
                "hypothetical": each.hypothetical,
                **{f"{name}_pence": each.total(name) for name in COLUMNS},
                "without_incomplete_returns": {
                    f"{name}_pence": each.total(name, found.incomplete) for name in COLUMNS
                },
                "notes": each.notes,
                **(
                    {"boards": [_board(board, money) for board, money in each.boards.items()]}
                    if boards
                    else {}
                ),
            }
            for each in found.regimes
        ],
        "rests_on": found.rests_on,
    }


def _board(board: str, money: Replayed) -> Data:
    return {"board": board} | {f"{name}_pence": getattr(money, name) for name in COLUMNS}


def replayed_csv(found: Replay) -> str:
    """Every board under every regime as CSV, in pence."""
    rows = [
        (each.rules.name, board, *(getattr(money, name) for name in COLUMNS), "yes" if board in found.incomplete else "")
        for each in found.regimes
        for board, money in each.boards.items()
    ]  # fmt: skip
    return write_csv(("rules", "board", *(f"{name}_pence" for name in COLUMNS), "incomplete_return"), rows)
