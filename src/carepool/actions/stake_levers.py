"""Which single change would matter most: each input moved one stated step, and the payment worked out anew."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from carepool.actions.stake_cases import Case, Regime
from carepool.actions.stake_questions import STILL, Moved, Question
from carepool.basics.money import Pence, in_figures, in_pounds
from carepool.basics.periods import Quarter
from carepool.basics.workings import Step, Working
from carepool.payment.tranches import Criterion, Part
from carepool.rules.scalars import PaymentMethod

OF_BASELINE = Decimal(1)
"""Per cent of a quarter's baseline: the step of an outturn."""
OF_CUT = Decimal("0.1")
"""Points: the step of a planned cut, and of what the operational plans make."""
OF_AMBITION = Decimal(10)
"""Points: the step of a measure where the part delivered is paid."""
OF_HELD = Decimal(1)
OF_VALUE: Pence = 10_000


@dataclass(frozen=True, slots=True)
class Move:
    """One input moved one step."""

    says: str
    step: str
    question: Question


@dataclass(frozen=True, slots=True)
class Lever:
    """What one step comes to."""

    says: str
    step: str
    question: Question
    """As it is asked with the step: its address shows all of it."""
    paid: Pence
    change: Pence


def levers(
    question: Question,
    regime: Regime,
    cases: tuple[Case, ...],
    now: Pence,
    paid_at: Callable[[Question], Pence],
) -> tuple[Lever, ...]:
    """Every step and what it changes, the greatest change first; of equal ones the order of the steps."""
    found = []
    for each in steps(question, regime, cases):
        paid = paid_at(each.question)
        found.append(Lever(each.says, each.step, each.question, paid, paid - now))
    return tuple(sorted(found, key=lambda lever: -abs(lever.change)))


def steps(question: Question, regime: Regime, cases: tuple[Case, ...]) -> Iterator[Move]:
    """The steps that a question can take from where it is; none where all is paid whatever the performance."""
    if regime.method is PaymentMethod.NOTHING_WITHHELD:
        return
    if regime.tranches is not None:
        for part in regime.tranches.parts:
            for test in part.tests:
                yield from _of_test(question, regime, part, test)
        return
    for each in cases[0].quarters:
        yield from _of_quarter(question, cases, each.quarter)
    if question.cut is not None:
        yield from _of_number(question, "cut", "planned cut", question.cut, OF_CUT, "by a tenth of a point")
    else:
        step = f"by {in_figures(OF_CUT)} points of the baseline"
        yield Move("A plan that cuts more", step, replace(question, further=question.further + OF_CUT))
        yield Move("A plan that cuts less", step, replace(question, further=question.further - OF_CUT))
    if question.operational is not None:
        yield from _of_number(question, "operational", "cut in the operational plans", question.operational, OF_CUT, "by a tenth of a point")  # fmt: skip
    if regime.terms is None:
        yield from _of_number(question, "held", "part held against admissions", question.held, OF_HELD, "by one point")  # fmt: skip
        if question.unit_value is not None:
            dearer = replace(question, unit_value=question.unit_value + OF_VALUE)
            yield Move("A dearer admission", f"by {in_pounds(OF_VALUE)}", dearer)


def _of_quarter(question: Question, cases: tuple[Case, ...], quarter: Quarter) -> Iterator[Move]:
    moved = question.outturn.get(quarter, STILL)
    for word, by in (("Fewer", -OF_BASELINE), ("More", OF_BASELINE)):
        if moved.count is None:
            to = Moved(shift=moved.shift + by)
        else:
            baseline = next(each.baseline for each in cases[0].quarters if each.quarter == quarter)
            to = Moved(count=max(Decimal(0), round(moved.count + baseline * by / 100, 1)))
        outturn = {**question.outturn, quarter: to}
        yield Move(
            f"{word} admissions in {quarter}",
            "by one per cent of the baseline",
            replace(question, outturn=outturn),
        )


def _of_number(
    question: Question, name: str, says: str, now: Decimal, by: Decimal, step: str
) -> Iterator[Move]:
    if now + by <= 100:
        yield Move(f"A greater {says}", step, replace(question, **{name: now + by}))  # type: ignore[arg-type]  # a number of the question
    if now - by >= 0:
        yield Move(f"A smaller {says}", step, replace(question, **{name: now - by}))  # type: ignore[arg-type]  # a number of the question


def _of_test(question: Question, regime: Regime, part: Part, test: Criterion) -> Iterator[Move]:
    """A condition turns; a measure goes to what is enough, or falls just below it; where the part is paid, by ten points."""
    own = question.own.get(part.name)
    names = [each.name for each in own or ()]
    where, name = (part.name, test.id), _said(part, test)
    if (own is not None and test.id not in names) or (own is None and not _is_ruled(regime, part, test)):
        return
    done = question.delivered.get(where) if own is None else own[names.index(test.id)].delivered

    def at(value: Decimal) -> Question:
        if own is None:
            return replace(question, delivered={**question.delivered, where: value})
        held = tuple(replace(each, delivered=value) if each.name == test.id else each for each in own)
        return replace(question, own={**question.own, part.name: held})

    assert regime.tranches is not None  # noqa: S101 (asked only where the money comes in parts)
    enough = regime.tranches.recovery_below
    if test.kind == "condition":
        if done != 100:
            yield Move(name, "met", at(Decimal(100)))
        if done is None or done == 100:
            yield Move(name, "not met", at(Decimal(0)))
        return
    if enough is not None and (done is None or done < enough):
        yield Move(name, f"{in_figures(enough)}% of its ambition delivered", at(enough))  # fmt: skip
    if enough is not None and (done is None or done >= enough):
        yield Move(name, f"{in_figures(enough - OF_CUT)}% of its ambition delivered", at(enough - OF_CUT))  # fmt: skip
    if regime.tranches.partly == "share" or enough is None:
        more = min(Decimal(100), (done or Decimal(0)) + OF_AMBITION)
        if done is None or more > done:
            yield Move(name, f"{in_figures(more)}% of its ambition delivered", at(more))  # fmt: skip


def _said(part: Part, test: Criterion) -> str:
    """A test with its part, in words."""
    said = f"{part.name} {test.id}".replace("_", " ")
    return f"{said[:1].upper()}{said[1:]}"


def _is_ruled(regime: Regime, part: Part, test: Criterion) -> bool:
    """Whether the rules themselves name the test; a measure that is not named yet cannot be moved."""
    laid_down = regime.rules.tranches
    return laid_down is not None and any(
        each.name == part.name and any(one.id == test.id for one in each.depends_on)
        for each in laid_down.tranches
    )


def explain_levers(found: tuple[Lever, ...], now: Pence, rules: str) -> Working:
    """How each step's change was reached."""
    steps_ = tuple(
        Step(f"{each.says}, {each.step}", each.change, "pence", f"{in_pounds(each.paid)} with the step − {in_pounds(now)} as asked", rules)
        for each in found
    )  # fmt: skip
    return Working(
        "The greatest change that a single step makes",
        found[0].change if found else 0,
        "pence",
        steps_,
        (WHAT_A_STEP_IS,),
    )


WHAT_A_STEP_IS = (
    "Each step changes one input and leaves everything else as asked. Steps of different inputs are not of one kind: "
    "which is easier to make is for those who know the place."
)
