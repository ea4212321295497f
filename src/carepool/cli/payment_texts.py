"""Payment statements of every method as text: what was at stake, what was earned and why, and each CCG's part."""

from collections.abc import Sequence

from carepool.actions.areas import MARK
from carepool.actions.payments import Paid
from carepool.actions.replaying import Replay
from carepool.basics.money import in_figures, in_pounds
from carepool.cli.texts import count, findings, money, table, working
from carepool.payment.explaining import per_cent
from carepool.payment.instead import AsideStatement
from carepool.payment.methods import AnyStatement
from carepool.payment.release import Figures, Statement
from carepool.payment.tranches import Judged, PartPaid, TrancheStatement
from carepool.render import rule_words
from carepool.render.payment_answers import COLUMNS


def payment(paid: Paid, name: str, *, with_working: bool) -> str:
    """Statements, then findings."""
    text = f"{MARK}.\n\n" if paid.illustrative else ""
    for each in paid.statements:
        text += _statement(each)
        if with_working:
            text += working(paid.working(each, name))
        text += "\n"
    text += "".join(f"Note: {each}\n" for each in paid.rests_on)
    return text + findings(paid.findings)


def _statement(each: AnyStatement) -> str:
    match each:
        case TrancheStatement():
            return _of_tranches(each)
        case AsideStatement():
            return _of_aside(each)
    return _of_release(each)


def _of_release(each: Statement) -> str:
    rows = [
        [
            str(q.quarter),
            count(q.planned_cumulative),
            count(q.achieved_cumulative),
            in_pounds(q.maximum_payment),
            money(q.payment),
        ]
        for q in each.quarters
    ]
    text = _head(each.board, each.money)
    if each.rebased and each.rebased.changed:
        text += f"The target was changed; before, {in_pounds(each.rebased.before)} was at stake.\n"
    return text + table(["quarter", "planned so far", "achieved so far", "at most", "paid"], rows, (1, 2, 3, 4)) + _of_ccgs(each)  # fmt: skip


def _head(board: str, figures: Figures) -> str:
    return (
        f"{board}: fund {in_pounds(figures.fund)}, paid {in_pounds(figures.paid)}, withheld {in_pounds(figures.withheld)}, "
        f"still at stake {in_pounds(figures.at_stake)}, never released: {money(figures.unreleased)}\n"
    )


def _of_ccgs(each: Statement | TrancheStatement) -> str:
    """Each CCG's own statement, where a board has several."""
    if len(each.by_ccg) < 2:
        return ""
    rows = [
        [ccg, *map(in_pounds, (part.fund, part.paid, part.withheld, part.at_stake)), money(part.unreleased)]
        for ccg, part in each.by_ccg.items()
    ]
    return "\n" + table(
        ["CCG", "fund", "paid", "withheld", "at stake", "never released"], rows, (1, 2, 3, 4, 5)
    )


def _of_tranches(each: TrancheStatement) -> str:
    text = _head(each.board, each.money)
    if each.hypothetical:
        text += "Hypothetical: the measures and weights are your own.\n"
    if each.to_recovery:
        text += f"Of what is withheld {in_pounds(each.to_recovery)} is spent on recovery plans, or on the contingency.\n"
    rows = [_of_test(part, judged) for part in each.parts for judged in part.tests]
    heading = ["part", "test", "worth", "delivered", "came to", "earned"]
    return text + table(heading, rows, (2, 3, 5)) + _of_ccgs(each)


def _of_test(part: PartPaid, each: Judged) -> list[str]:
    done = "" if each.delivered is None else f"{in_figures(round(per_cent(each.delivered), 1))}%"
    earned = "not known yet" if each.amounts.open else in_pounds(each.amounts.earned)
    return [part.part.name, each.test.id, in_pounds(each.worth), done, each.outcome.value, earned]


def _of_aside(each: AsideStatement) -> str:
    text = (
        f"{each.board}: nothing depends on performance. Its part of what is spent out of hospital or held is {in_pounds(each.money.required)}; "
        f"{in_pounds(each.money.short)} is still to be committed.\n"
    )
    heading: Sequence[str] = ["", "part", "out of hospital", "held", "drawn", "back"]
    rows = [
        [who, *map(in_pounds, (part.required, part.spent, part.held)), money(part.drawn), money(part.back)]
        for who, part in [("all", each.money), *each.by_ccg.items()]
    ]
    return text + table(heading, rows, (1, 2, 3, 4, 5))


def replayed(found: Replay) -> str:
    """A year under every regime, with and without the boards that rest on an incomplete return."""
    text = f"{found.year} on its real outturn under each regime, every plan at a cut of {in_figures(found.ambition)}%.\n\n"
    heading = [
        "rules",
        "how it pays",
        "at stake",
        "paid",
        "to recovery",
        "kept",
        "not known",
        "out of hospital",
        "",
    ]
    for says, leave_out in (("All boards", frozenset[str]()), ("Without boards that rest on an incomplete return", found.incomplete)):  # fmt: skip
        rows = [
            [each.rules.name, rule_words.how_it_pays(each.rules), *(in_pounds(each.total(name, leave_out)) for name in COLUMNS), "hypothetical" if each.hypothetical else ""]
            for each in found.regimes
        ]  # fmt: skip
        number = len(found.nation.boards) - len(leave_out)
        text += f"{says} ({number})\n" + table(heading, rows, (2, 3, 4, 5, 6, 7)) + "\n"
    text += "".join(f"{each.rules.name}: {note}\n" for each in found.regimes for note in each.notes)
    return text + "".join(f"Note: {each}\n" for each in found.rests_on)
