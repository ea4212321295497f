"""Any payment statement explained, whichever method it is by: each step with its arithmetic and its source."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from carepool.basics.money import in_figures, in_pounds
from carepool.basics.workings import Step, Working
from carepool.payment.instead import AsideStatement
from carepool.payment.methods import AnyStatement
from carepool.payment.tranches import Judged, Outcome, PartPaid, TrancheStatement
from carepool.payment.working import explain

_BECAUSE = {
    Outcome.PASSED: "it is met",
    Outcome.NOT_MET: "it is not met",
    Outcome.UNKNOWN: "it is not yet known",
}


def explain_any(statement: AnyStatement, rules: str, data: str, rests_on: tuple[str, ...] = ()) -> Working:
    """The working of a statement: ``rules`` names the set of rules, ``data`` the rows that its numbers are from."""
    match statement:
        case TrancheStatement():
            steps = tuple(_of_tranches(statement, rules, data))
            return Working("Performance money released", statement.money.paid, "pence", steps, rests_on)
        case AsideStatement():
            steps = tuple(_of_aside(statement, rules, data))
            return Working("Set aside in the place of performance money", statement.money.required, "pence", steps, rests_on)  # fmt: skip
    return explain(statement, rules, data, rests_on)


def _of_tranches(statement: TrancheStatement, rules: str, data: str) -> Iterator[Step]:
    path = f"{rules}/payment/tranches"
    yield Step("The board's share of the performance money", statement.money.fund, "pence", source=f"{rules}/composition")  # fmt: skip
    whole = sum(part.part.weight for part in statement.parts)
    for part in statement.parts:
        how = f"{in_pounds(statement.money.fund)} × {in_pounds(part.part.weight)} ÷ {in_pounds(whole)}, by largest remainder"
        yield Step(f"{part.part.name}: at most", part.fund, "pence", how, path)
        for each in part.tests:
            yield from _of_test(statement, part, each, path, data)
        yield Step(f"{part.part.name}: paid", part.paid, "pence", "what its tests earn, added", path)
    yield Step("Paid", statement.money.paid, "pence", "the parts, added")
    yield Step("To recovery plans or the contingency", statement.to_recovery, "pence", "what metrics that fall short are worth, where it is not paid", f"{rules}/payment/recovery_below")  # fmt: skip
    yield Step("Withheld", statement.money.withheld, "pence", "what is known and was not earned, that for recovery plans included")  # fmt: skip
    yield Step(
        "Still at stake", statement.money.at_stake, "pence", "what tests that are not yet known are worth"
    )
    yield Step("Not released: stays with the CCGs", statement.money.unreleased, "pence", "the fund, less what was paid, once all is known")  # fmt: skip


def _of_test(
    statement: TrancheStatement, part: PartPaid, each: Judged, path: str, data: str
) -> Iterator[Step]:
    name = f"{part.part.name}, {each.test.id}"
    weights = " + ".join(in_figures(test.weight) for test in part.part.tests)
    how = f"{in_pounds(part.fund)} × {in_figures(each.test.weight)} ÷ ({weights}), by largest remainder"
    yield Step(f"{name}: worth", each.worth, "pence", how, path)
    seen = each.seen
    if None not in {seen.baseline, seen.planned, seen.actual} and each.delivered is not None:
        b, t, a = (in_figures(number or Decimal(0)) for number in (seen.baseline, seen.planned, seen.actual))
        how = f"({b} − {a}) ÷ ({b} − {t}), not below nothing and the whole at most; an outturn as good as the plan is the whole"
        yield Step(f"{name}: delivered", per_cent(each.delivered), "%", how, data)
    known = None if each.amounts.open else each.amounts.earned
    yield Step(f"{name}: earned", known, "pence", _why(statement, part, each), path if each.delivered is None else data)  # fmt: skip


def per_cent(part: Fraction) -> Decimal:
    """A part as per cent, to four decimals: enough to see, and never computed with."""
    return Decimal(round(part * 1_000_000)) / 10_000


def _why(statement: TrancheStatement, part: PartPaid, each: Judged) -> str:
    below = statement.terms.recovery_below
    limit = "" if below is None else f"{in_figures(below)}%"
    if each.test.kind == "condition" or each.outcome is Outcome.UNKNOWN:
        because = _BECAUSE[each.outcome]
    elif each.outcome is Outcome.SHORT:
        because = f"less than {limit} is delivered"
    else:
        because = f"{limit} or more is delivered" if limit else "by the part delivered"
    if each.outcome is not Outcome.PASSED and each.amounts.earned:
        return f"{because}; it is paid all the same"
    if part.part.together:
        return f"{because}; the part is earned only where all are"
    partly = (
        each.outcome is Outcome.PASSED and each.test.kind == "metric" and statement.terms.partly == "share"
    )
    return f"{because}: {in_pounds(each.worth)} × the part delivered, rounded half up" if partly else because


def _of_aside(statement: AsideStatement, rules: str, data: str) -> Iterator[Step]:
    money, commitment, path = statement.money, statement.commitment, f"{rules}/payment/out_of_hospital"
    yield Step("The board's part of what is spent out of hospital or held", money.required, "pence", source=f"{rules}/composition")  # fmt: skip
    yield Step("Spent out of hospital", money.spent, "pence", source=data)
    yield Step("Held against admissions above the plan", money.held, "pence", source=data)
    how = (
        f"{in_pounds(money.required)} − {in_pounds(money.spent)} − {in_pounds(money.held)}, not below nothing"
    )
    yield Step("Still to commit", money.short, "pence", how, path)
    if statement.excess is not None:
        planned, actual = (
            in_figures(commitment.planned or Decimal(0)),
            in_figures(commitment.actual or Decimal(0)),
        )
        yield Step("Admissions above the plan", statement.excess, "admissions", f"{actual} − {planned}, not below nothing", data)  # fmt: skip
    unit = "not given" if commitment.unit_value is None else in_pounds(commitment.unit_value)
    excess = "not known" if statement.excess is None else in_figures(statement.excess)
    how = (
        f"the least of {in_pounds(money.held)} (held) and {unit} × {excess}"
        if money.held
        else "nothing is held"
    )
    yield Step("Drawn for admissions above the plan", money.drawn, "pence", how, data)
    yield Step(
        "Back to be spent out of hospital", money.back, "pence", "what is held, less what is drawn", path
    )
    yield Step("Paid by performance", 0, "pence", "nothing depends on performance", path)
