"""One plan, or each board of an area, as it stands under a question: its quarters or tests, its money, and its statement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from carepool.actions.areas import Area
from carepool.actions.expecting import people_of
from carepool.actions.house import House
from carepool.actions.nation import terms_of
from carepool.actions.regimes import shares, tranche_terms
from carepool.actions.stake_questions import STILL, Own, Question
from carepool.basics.money import Pence, round_half_up
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable
from carepool.measures.admissions import Flag, whole_target
from carepool.payment.instead import AsideStatement, Commitment
from carepool.payment.methods import INSTEAD, RELEASES, TRANCHES, AnyStatement
from carepool.payment.rebasing import counting, may_change
from carepool.payment.release import Line, Terms, paid_in_all
from carepool.payment.tranches import (
    Criterion,
    Part,
    Reads,
    Seen,
    TrancheStatement,
    TrancheTerms,
    paid_in_part,
)
from carepool.places.england import Board
from carepool.plans.document import Plan
from carepool.rules.rulebook import RuleSet
from carepool.rules.scalars import PaymentMethod

WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Observed:
    """One quarter of a case as it is before anything is moved."""

    quarter: Quarter
    baseline: Decimal
    planned: Decimal | None
    """The plan's own target; None where every board plans the same cut."""
    published: Decimal | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A plan, or a board, with what its statement is made from."""

    code: str
    name: str
    region: str
    quarters: tuple[Observed, ...]
    people: Mapping[str, int]
    """By what its figures are split among its CCGs."""
    share: Pence | None
    """Its part of the money; None where nothing limits what a plan puts at stake."""

    @property
    def incomplete(self) -> bool:
        """Whether a figure rests on an incomplete return."""
        return any(Flag.INCOMPLETE in each.flags for each in self.quarters)


@dataclass(frozen=True, slots=True)
class Regime:
    """A set of rules in the shape that payments are computed with, its options as they were asked."""

    rules: RuleSet
    method: PaymentMethod
    terms: Terms | None
    tranches: TrancheTerms | None


@dataclass(frozen=True, slots=True)
class Came:
    """What one statement comes to, whichever method: paid, to recovery, kept and open add to what was at stake."""

    fund: Pence
    """At stake at first, or held against admissions above the plan."""
    paid: Pence
    """Released, or drawn."""
    to_recovery: Pence
    kept: Pence
    """Not earned: with the CCGs. Of what is held, back to be spent out of hospital."""
    open: Pence
    """Not known yet."""
    aside: Pence
    """Spent out of hospital, whatever the performance."""


def regime_of(rules: RuleSet, question: Question) -> Regime:
    """The rules as a question asks them."""
    method = rules.payment_method
    if method in RELEASES:
        terms = terms_of(rules)
        back = terms.clawback if question.clawback is None else question.clawback
        return Regime(rules, method, replace(terms, cap=question.cap or terms.cap, clawback=back), None)
    if method not in TRANCHES:
        return Regime(rules, method, None, None)
    tranches = tranche_terms(rules)
    if method is PaymentMethod.OWN_MEASURES:
        parts = tuple(replace(part, tests=tuple(_own(each) for each in question.own.get(part.name, ()))) for part in tranches.parts)  # fmt: skip
        tranches = replace(tranches, parts=tuple(_with_unnamed(part) for part in parts))
    return Regime(rules, method, None, tranches)


UNNAMED = "measure not named yet"
"""Stands for the whole of a part for which the asker names no measure: nothing is known of it."""


def _own(measure: Own) -> Criterion:
    return Criterion("metric", measure.name, measure.weight, "lower")


def _with_unnamed(part: Part) -> Part:
    return part if part.tests else replace(part, tests=(Criterion("metric", UNNAMED, Decimal(1), "lower"),))


# The cases


def cases_of_boards(house: House, area: Area, boards: Iterable[Board], rules: RuleSet, paid_by: RuleSet) -> tuple[Case, ...]:  # fmt: skip
    """Boards with what was published of them; ``paid_by`` is the set whose quarters they are looked at in."""
    held = shares(rules, house.allocation(rules.name, area))
    seen = area.england.admissions.by_board
    found = []
    for board in boards:
        quarters = []
        for quarter in paid_by.release.performance_quarters:
            base, actual = seen[board.code, quarter.year_before], seen[board.code, quarter]
            flags: set[Flag] = {flag for flag in base.flags if flag is Flag.INCOMPLETE}
            flags |= set(actual.flags)
            quarters.append(Observed(quarter, base.count, None, actual.count, tuple(flags)))
        people = {each.ccg: each.people for each in area.england.places.by_board[board.code]}
        found.append(
            Case(board.code, board.name, board.region, tuple(quarters), people, held.get(board.code))
        )
    return tuple(found)


def case_of_plan(
    house: House, area: Area, plan: Plan, id_: str, rules: RuleSet, paid_by: RuleSet, day: date
) -> Case:
    """A plan with its own targets and what was published by a day. Unusable while a quarter has no target."""
    boards, admissions = plan.parties.boards, area.england.admissions
    known, rows = admissions.known_by(day), {row.quarter: row for row in plan.target.quarters}
    quarters = []
    for quarter in paid_by.release.performance_quarters:
        row = rows.get(quarter)
        if row is None:
            raise Unusable(
                f"The plan has no target for {quarter}, so nothing is at stake yet. Fill in its target."
            )
        base = [admissions.of_board(board, quarter.year_before) for board in boards]
        actual = [admissions.of_board(board, quarter) for board in boards] if quarter in known else []
        flags: set[Flag] = {flag for each in base for flag in each.flags if flag is Flag.INCOMPLETE}
        flags |= {flag for each in actual for flag in each.flags}
        came = sum((each.count for each in actual), Decimal(0)) if actual else None
        quarters.append(Observed(quarter, row.baseline, row.planned, came, tuple(flags)))
    share = None
    if rules.payment_method not in RELEASES:
        held = shares(rules, house.allocation(rules.name, area))
        share = sum(held.get(board, 0) for board in boards)
    people = people_of(area, plan.parties)
    if not people:
        raise Unusable(
            "The plan names no CCG with people in its boards, so nobody would pay. Fill in its parties."
        )
    return Case(id_, plan.title, "", tuple(quarters), people, share)


# What becomes of them


def lines_of(case: Case, question: Question, regime: Regime) -> list[Line]:
    """A case's quarters with the outturn as it is expected: moved, else published, else as planned."""
    lines = []
    for each in case.quarters:
        planned = _planned(each, question)
        moved = question.outturn.get(each.quarter, STILL)
        expected = moved.count
        if expected is None:
            expected = planned if each.published is None else each.published
            if moved.shift:
                expected = max(Decimal(0), round_half_up(expected + each.baseline * moved.shift / 100, 1))
        lines.append(Line(each.quarter, each.baseline, planned, expected))
    if question.operational is None or regime.method is not PaymentMethod.REBASED_RELEASE:
        return lines
    lines = [replace(line, operational=whole_target(line.baseline, question.operational)) for line in lines]
    assert regime.terms is not None  # noqa: S101 (rules that pay by quarter have them)
    # Where it may, a board changes its target to what the operational plans have.
    return [replace(line, changed=line.operational) for line in lines] if may_change(lines, regime.terms) else lines  # fmt: skip


def _planned(each: Observed, question: Question) -> Decimal:
    if each.planned is None:
        return whole_target(each.baseline, question.cut or Decimal(0))
    if not question.further:
        return each.planned
    return max(Decimal(0), round_half_up(each.planned - each.baseline * question.further / 100, 1))


def statement_of_case(
    case: Case, question: Question, regime: Regime, people: Mapping[str, int] | None = None
) -> AnyStatement:
    """The statement of a case; ``people`` in place of its own, where the split among CCGs does not matter."""
    by = case.people if people is None else people
    if regime.terms is not None:
        return RELEASES[regime.method](
            case.code, lines_of(case, question, regime), regime.terms, by, case.share
        )
    if regime.tranches is not None:
        return TRANCHES[regime.method](
            case.code, regime.tranches, seen_of(question, regime.tranches), by, case.share or 0
        )
    lines, required = lines_of(case, question, regime), case.share or 0
    held = int(round_half_up(required * question.held / 100))
    planned, actual = (
        sum((getattr(line, name) for line in lines), Decimal(0)) for name in ("planned", "actual")
    )
    given = Commitment(required - held, held, planned, actual, question.unit_value)
    return INSTEAD[regime.method](case.code, given, by, required)


def paid_at(
    cases: Iterable[Case],
    question: Question,
    regime: Regime,
    now: Mapping[str, AnyStatement],
    asked: Question,
) -> Pence:
    """What all cases are paid by another question than ``asked``, whose statements are ``now``; its rules are the same.

    Only what the other question moves is worked out, since a dozen such steps are asked at once.
    """
    if regime.terms is not None:
        quick = ((counting(lines_of(each, question, regime), regime.terms), each.share) for each in cases)
        return sum(paid_in_all(lines, regime.terms, share) for lines, share in quick)
    if regime.tranches is None:
        return sum(came_of(statement_of_case(each, question, regime, {"": 1})).paid for each in cases)
    paid, before, seen = 0, seen_of(asked, regime.tranches), seen_of(question, regime.tranches)
    for n, part in enumerate(regime.tranches.parts):
        held = [each.parts[n] for each in now.values() if isinstance(each, TrancheStatement)]
        if all(before.get((part.name, test.id)) == seen.get((part.name, test.id)) for test in part.tests):
            paid += sum(each.paid for each in held)
            continue
        worths = ([test.worth for test in each.tests] for each in held)
        paid += paid_in_part(regime.tranches, part, seen, worths)
    return paid


def seen_of(question: Question, terms: TrancheTerms) -> Reads:
    """What is taken to be seen of each test: a metric's ambition is a hundred, of which so much is delivered."""
    given = {
        **question.delivered,
        **{(part, each.name): each.delivered for part, own in question.own.items() for each in own if each.delivered is not None},
    }  # fmt: skip
    return {
        (part.name, test.id): _seen(test, given[part.name, test.id])
        for part in terms.parts
        for test in part.tests
        if (part.name, test.id) in given
    }


def _seen(test: Criterion, delivered: Decimal) -> Seen:
    if test.kind == "condition":
        return Seen(met=delivered == WHOLE)
    return Seen(None, WHOLE, Decimal(0), WHOLE - delivered, "lower")


def came_of(statement: AnyStatement) -> Came:
    """What a statement comes to."""
    if isinstance(statement, AsideStatement):
        held, drawn = statement.money, statement.money.drawn
        return Came(held.held, drawn or 0, 0, held.back or 0, held.held if drawn is None else 0, held.spent)
    money = statement.money
    if isinstance(statement, TrancheStatement):
        kept = money.withheld - statement.to_recovery
        return Came(money.fund, money.paid, statement.to_recovery, kept, money.at_stake, 0)
    # Of a share of the performance money what no plan puts at stake is spent out of hospital from the start.
    whole = statement.share_of_performance
    return Came(money.fund, money.paid, 0, money.withheld, money.at_stake, 0 if whole is None else whole - money.fund)  # fmt: skip
