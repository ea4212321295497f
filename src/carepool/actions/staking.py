"""At stake, live: what a plan, a board, a region or the nation has at stake, earns and leaves unearned as its outturn is moved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from carepool.actions.agreements import agreement_for, day_within
from carepool.actions.areas import Area
from carepool.actions.house import House
from carepool.actions.nation import INDICATIVE, RESTS_ON_INCOMPLETE, official_words
from carepool.actions.payments import OTHERWISE, rests_on
from carepool.actions.planning import PlanView
from carepool.actions.pools import books_now
from carepool.actions.replaying import has_method, operated, published_cut
from carepool.actions.stake_cases import (
    Came,
    Case,
    Regime,
    came_of,
    case_of_plan,
    cases_of_boards,
    paid_at,
    regime_of,
    statement_of_case,
)
from carepool.actions.stake_levers import Lever, explain_levers, levers
from carepool.actions.stake_questions import Question, as_query
from carepool.basics.canonical import digest_of
from carepool.basics.money import Pence, in_pounds
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere, Unusable, nearest
from carepool.basics.workings import Step, Working
from carepool.measures.admissions import Flag
from carepool.partnership.agreement import Agreement
from carepool.partnership.bearing import Bearing, Happening, Kind, bear
from carepool.payment.explaining import explain_any
from carepool.payment.instead import AsideStatement
from carepool.payment.methods import AnyStatement
from carepool.payment.release import Statement
from carepool.payment.tranches import TrancheStatement
from carepool.rules.rulebook import RuleSet
from carepool.rules.scalars import PaymentMethod

YEAR = "2015-16"
"""The year whose outturn is moved: the only one in which performance was paid."""
UNIFORM = "A what-if on published statistics: every board plans one uniform cut. It is nobody's plan, and no board's own."
AS_PLANNED = "A quarter that is not published yet is taken to come out as planned, unless you move it."
OTHER_RULES = "The plan is paid by {own}; under {rules} this is hypothetical."
TAKEN = "What is delivered of each measure is what you say, the same for all boards: hypothetical."
UNSAID = "A measure or condition of which you say nothing is not known, and its money stays open."
CCGS = "What is not earned is the CCGs': each keeps its part."
Kinds = Literal["plan", "board", "region", "nation"]
FIGURES = ("fund", "paid", "to_recovery", "kept", "open", "aside")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about, before a question is put."""

    kind: Kinds
    code: str
    says: str
    area: Area
    view: PlanView | None = None
    upto: int | None = None
    """The position that a plan is looked at, where it is not now."""

    @property
    def own_rules(self) -> RuleSet | None:
        """The rules that a plan is made under."""
        return self.view.rules if self.view else None


@dataclass(frozen=True, slots=True)
class ByCcg:
    """One CCG's part, as payer: at stake at first, released, not released."""

    ccg: str
    name: str
    fund: Pence
    paid: Pence
    kept: Pence
    open: Pence


@dataclass(frozen=True, slots=True)
class ByQuarter:
    """A quarter, or a part of the money, of all cases together."""

    says: str
    most: Pence
    paid: Pence
    left: Pence
    """Not earned of what could be, to its end."""
    open: Pence
    planned: Decimal | None = None
    achieved: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Borne:
    """Who bears the pool's shortfall, by the agreement on file; why not where nothing can be said."""

    agreement: Agreement | None
    bearing: Bearing | None
    why: str = ""


@dataclass(frozen=True)
class Stake:
    """The answer."""

    subject: Subject
    question: Question
    regime: Regime
    cases: tuple[Case, ...]
    statements: Mapping[str, AnyStatement]
    came: Mapping[str, Came]
    levers: tuple[Lever, ...]
    borne: Borne | None
    digest_of_data: str
    shares: str
    """Where the boards' parts of the money are from."""

    def total(self, name: str, leave_out: frozenset[str] = frozenset()) -> Pence:
        """One of the figures of the cases, added."""
        return sum(getattr(each, name) for code, each in self.came.items() if code not in leave_out)

    @property
    def incomplete(self) -> frozenset[str]:
        """The cases that rest on an incomplete return; those that pay by no admissions rest on none."""
        if self.regime.tranches is not None:
            return frozenset()
        return frozenset(each.code for each in self.cases if each.incomplete)

    @property
    def hypothetical(self) -> bool:
        """Whether more than the outturn is moved: other rules than the plan's, options, measures of one's own."""
        own = self.subject.own_rules
        return bool(
            (own and own.name != self.regime.rules.name)
            or self.question.cap or self.question.clawback is not None
            or self.regime.tranches is not None
        )  # fmt: skip

    @property
    def proposed(self) -> bool:
        """Whether the rules were only ever proposed."""
        return self.regime.rules.about.status == "proposed"

    @cached_property
    def rests_on(self) -> tuple[str, ...]:
        """What a reader must be told of every figure."""
        rules, own = self.regime.rules, self.subject.own_rules
        said = [UNIFORM if own is None else AS_PLANNED]
        if own and own.name != rules.name:
            said.append(OTHER_RULES.format(own=own.name, rules=rules.name))
        if self.question.cap or self.question.clawback is not None:
            said.append(OTHERWISE)
        if self.regime.tranches is not None:
            said += [TAKEN, UNSAID]
        if self.incomplete:
            said.append(RESTS_ON_INCOMPLETE)
        if own is None or self.regime.terms is None:
            said.append(self.shares)
        return tuple(dict.fromkeys([*said, *rests_on(rules)]))

    @property
    def digest(self) -> str:
        """Which question of which data this answers."""
        asked = {
            "of": f"{self.subject.kind}:{self.subject.code}",
            "question": as_query(self.question),
            "rules": self.regime.rules.digest,
            "data": self.digest_of_data,
        }
        return digest_of("stake", 1, asked)

    def working(self, case: Case) -> Working:
        """How one case's payment was reached."""
        data = f"plan {case.code} and the Monthly Activity Return" if self.subject.view else f"Monthly Activity Return, apportioned to {case.code}"  # fmt: skip
        if self.regime.tranches is not None:
            data = "what you say is delivered"
        return explain_any(self.statements[case.code], self.regime.rules.name, data, self.rests_on)

    def working_of(self, name: str, says: str, groups: Iterable[tuple[str, Iterable[str]]]) -> Working:
        """How a figure of several cases was reached: theirs, added; each group is a row with its cases."""
        steps = []
        for words, codes in groups:
            held = list(codes)
            pence = sum(getattr(self.came[code], name) for code in held)
            how = f"{len(held)} boards, added" if len(held) != 1 else ""
            steps.append(Step(words, pence, "pence", how, "" if len(held) != 1 else held[0]))
        return Working(says, self.total(name), "pence", tuple(steps), self.rests_on)

    @property
    def working_of_levers(self) -> Working:
        """How the change of each step was reached."""
        return explain_levers(self.levers, self.total("paid"), self.regime.rules.name)

    @cached_property
    def by_quarter(self) -> tuple[ByQuarter, ...]:
        """All cases by quarter, or by the part that the money comes in."""
        found = list(self.statements.values())
        first = found[0]
        if isinstance(first, Statement):
            return tuple(_quarter([each for each in found if isinstance(each, Statement)], n) for n in range(len(first.quarters)))  # fmt: skip
        if isinstance(first, TrancheStatement):
            return tuple(_part([each for each in found if isinstance(each, TrancheStatement)], n) for n in range(len(first.parts)))  # fmt: skip
        return ()

    @cached_property
    def by_ccg(self) -> tuple[ByCcg, ...]:
        """What each CCG has at stake, releases and keeps, over all the cases that it pays into."""
        sums: dict[str, list[Pence]] = {}
        for statement in self.statements.values():
            for ccg, figures in _of_ccgs(statement):
                held = sums.setdefault(ccg, [0, 0, 0, 0])
                for n, pence in enumerate(figures):
                    held[n] += pence
        names = self.subject.area.england.places.ccgs
        return tuple(ByCcg(ccg, names[ccg].name, *pence) for ccg, pence in sorted(sums.items()))

    def without_gaps(self) -> Pence | None:
        """Of one case: what is released where nothing that rests on an incomplete return counts. None where nothing does.

        From the first such quarter on no outturn counts: what is earned is cumulative.
        """
        case = self.cases[0]
        if len(self.cases) != 1 or not self.incomplete:
            return None
        statement, sure = self.statements[case.code], 0
        if not isinstance(statement, Statement):
            return 0
        for quarter, each in zip(statement.quarters, case.quarters, strict=True):
            if Flag.INCOMPLETE in each.flags:
                break
            sure += quarter.payment or 0
        return sure


# Subjects


def nation_subject(house: House) -> Subject:
    """England."""
    return Subject("nation", "england", "England", house.areas.england)


def region_subject(house: House, code: str) -> Subject:
    """A region of England. NotHere for an unknown one."""
    names = regions(house)
    if code not in names:
        near = nearest(code, list(names))
        raise NotHere(f"There is no region {code[:40]}. " + (f"Did you mean {near}?" if near else f"Regions are {', '.join(names)}."))  # fmt: skip
    return Subject("region", code, names[code], house.areas.england)


def regions(house: House) -> dict[str, str]:
    """The names of the regions by code, in order of code."""
    boards = house.england.places.boards.values()
    return dict(sorted({each.region: each.region_name for each in boards}.items()))


def board_subject(house: House, code: str) -> Subject:
    """A board, real or of the illustrative county. NotHere for an unknown one."""
    area = house.areas.of_board(code)
    return Subject("board", code, area.england.places.boards[code].name, area)


def plan_subject(view: PlanView, upto: int | None = None) -> Subject:
    """A plan as it is looked at."""
    return Subject("plan", view.history.id, view.history.title, view.area, view, upto)


def regimes(house: House, subject: Subject) -> tuple[RuleSet, ...]:
    """The sets that can be asked of a subject: those with a method, for its places."""
    return tuple(each for each in house.rulebook.in_order if each.about.places == subject.area.register and has_method(each))  # fmt: skip


def first_rules(house: House, subject: Subject) -> RuleSet:
    """The rules that are asked first: a plan's own where they name a method, else those that paid the year."""
    own = subject.own_rules
    return own if own and has_method(own) else operated(house, YEAR)


def quarters_of(house: House) -> tuple[Quarter, ...]:
    """The quarters whose outturn can be moved."""
    return operated(house, YEAR).release.performance_quarters


def first_cut(house: House, subject: Subject) -> Decimal | None:
    """The cut that boards are first taken to plan: the published average. None for a plan, which has its own targets."""
    return None if subject.view else published_cut(operated(house, YEAR))


# The answer


def stake(house: House, subject: Subject, question: Question) -> Stake:
    """What is at stake, earned and left, and what each single step would change. Unusable where nothing can be worked out."""
    rules, paid_by = house.rulebook.named(question.rules), operated(house, YEAR)
    if rules.name not in {each.name for each in regimes(house, subject)}:
        raise Unusable(f"{rules.name} names no way of paying in these places. Choose another set of rules.")
    regime = regime_of(rules, question)
    cases = _cases(house, subject, rules, paid_by)
    statements = {each.code: statement_of_case(each, question, regime) for each in cases}
    came = {code: came_of(each) for code, each in statements.items()}
    now = sum(each.paid for each in came.values())

    found = levers(
        question, regime, cases, now, lambda other: paid_at(cases, other, regime, statements, question)
    )
    allocation = house.allocation(rules.name, subject.area)
    shares = official_words(allocation.source) if allocation.source else INDICATIVE
    kept = sum(each.kept + each.to_recovery for each in came.values())
    borne = _borne(house, subject, kept) if subject.view and regime.method is not PaymentMethod.OUT_OF_HOSPITAL else None  # fmt: skip
    return Stake(subject, question, regime, cases, statements, came, found, borne, _data(subject), shares)


def _data(subject: Subject) -> str:
    """Which data an answer is from: England's, and of a plan its content too."""
    england = subject.area.england.digest
    if subject.view is None:
        return england
    current = subject.view.history.current
    return f"{england} {current.digest if current else ''} {subject.view.day.isoformat()}"


def _cases(house: House, subject: Subject, rules: RuleSet, paid_by: RuleSet) -> tuple[Case, ...]:
    area, boards = subject.area, subject.area.england.places.boards
    if subject.view is not None:
        view = subject.view
        return (case_of_plan(house, area, view.plan, subject.code, rules, paid_by, view.day),)
    if subject.kind == "board":
        chosen = [boards[subject.code]]
    else:
        chosen = [each for each in boards.values() if subject.kind == "nation" or each.region == subject.code]
    return cases_of_boards(house, area, chosen, rules, paid_by)


def _borne(house: House, subject: Subject, missed: Pence) -> Borne:
    """The shortfall worked through the agreement of the plan's pool, alone: as if nothing else had happened in the year."""
    assert subject.view is not None  # noqa: S101 (asked only of a plan)
    year = subject.view.rules.about.years[-1]
    try:
        books = books_now(house, subject.code, year, subject.upto)
        agreement = agreement_for(house, books, day_within(books, subject.view.day))
    except (NotHere, Unusable) as error:
        return Borne(None, None, str(error))
    if agreement is None:
        return Borne(
            None,
            None,
            "No agreement of the partners is on file, so nobody can say who makes it good in the pool.",
        )
    if not missed:
        return Borne(agreement, None, "Nothing is missed, so there is nothing to bear.")
    try:
        return Borne(agreement, bear(agreement, Happening(Kind.MISSED, missed, year)))
    except Unusable as error:
        return Borne(agreement, None, str(error))


def _quarter(statements: list[Statement], n: int) -> ByQuarter:
    rows = [each.quarters[n] for each in statements]
    most, paid = sum(each.maximum_payment for each in rows), sum(each.payment or 0 for each in rows)
    so_far = [sum((each.quarters[m].maximum_payment - (each.quarters[m].payment or 0)) for m in range(n + 1)) for each in statements]  # fmt: skip
    achieved = sum((each.achieved_cumulative or Decimal(0) for each in rows), Decimal(0))
    planned = sum((each.planned_cumulative for each in rows), Decimal(0))
    return ByQuarter(
        str(rows[0].quarter), most, paid, sum(max(0, each) for each in so_far), 0, planned, achieved
    )


def _part(statements: list[TrancheStatement], n: int) -> ByQuarter:
    parts = [each.parts[n] for each in statements]
    amounts = [test.amounts for part in parts for test in part.tests]
    return ByQuarter(
        parts[0].part.says, sum(each.fund for each in parts), sum(each.paid for each in parts),
        sum(each.kept + each.to_recovery for each in amounts), sum(each.open for each in amounts),
    )  # fmt: skip


def _of_ccgs(statement: AnyStatement) -> Iterable[tuple[str, tuple[Pence, Pence, Pence, Pence]]]:
    if isinstance(statement, AsideStatement):
        for ccg, part in statement.by_ccg.items():
            yield ccg, (part.held, part.drawn or 0, part.back or 0, part.held if part.drawn is None else 0)
        return
    for ccg, figures in statement.by_ccg.items():
        yield ccg, (figures.fund, figures.paid, figures.withheld, figures.at_stake)


def most(found: Stake) -> Lever | None:
    """The step that changes the payment most; None where no step changes anything."""
    return found.levers[0] if found.levers and found.levers[0].change else None


def says_most(found: Stake) -> str:
    """Which single change would matter most, in a sentence."""
    lever = most(found)
    if lever is None:
        return "No single step changes what is paid."
    more = "more" if lever.change > 0 else "less"
    return f"What would matter most: {lever.says[:1].lower()}{lever.says[1:]}, {lever.step}. Then {in_pounds(abs(lever.change))} {more} is paid."
