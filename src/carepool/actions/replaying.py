"""One year's real outturn replayed under each regime of payment: what would have been at stake, and what paid.

Every board makes the same cut in its plan. Only non-elective admissions are held, so what else a regime pays by is not
known; on request admissions stand for it, which is hypothetical.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from carepool.actions.house import House
from carepool.actions.nation import BoardYear, Nation
from carepool.actions.payments import people_in, rests_on
from carepool.actions.regimes import OWN, shares, tranche_terms
from carepool.basics.money import Pence, in_figures
from carepool.basics.refusals import Unusable
from carepool.measures.admissions import Flag, whole_target
from carepool.payment.instead import Commitment
from carepool.payment.methods import INSTEAD, RELEASES, TRANCHES
from carepool.payment.rebasing import may_change
from carepool.payment.release import Line, Statement
from carepool.payment.tranches import Criterion, Part, Reads, Seen, TrancheStatement, TrancheTerms
from carepool.rules.rulebook import RuleSet
from carepool.rules.scalars import PaymentMethod

UNIFORM = "Every board makes the same cut in its plan: this is a what-if on the real outturn, not the boards' own plans."
STANDS_IN = "Non-elective admissions stand for every measure, at equal weights, and every condition is taken as met: hypothetical."
NOT_HELD = "What it pays by is not held for real boards, so nothing of it is known; ask for --stand-in, or give a file of what was seen."
OPEN_MEASURES = "It leaves its measures and weights open, so no payment can be worked out without yours; ask for --stand-in, or give a file."
NO_PLANS = "The CCGs' operational plans are not held, so no target is changed; state a cut of theirs with --operational."
PAID_ANYWAY = (
    "All is paid whatever the performance; which boards may be asked for a recovery plan is not known."
)
MEASURE = "non_elective_admissions"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One board's year under one regime, in pence: paid, to recovery, kept and open add to the fund."""

    fund: Pence
    """The most that can be paid."""
    paid: Pence
    to_recovery: Pence
    kept: Pence
    open: Pence
    """Not known."""
    aside: Pence
    """Spent out of hospital, or held, whatever the performance."""


@dataclass(frozen=True)
class RegimeYear:
    """The year under one regime."""

    rules: RuleSet
    boards: Mapping[str, Replayed]
    hypothetical: bool
    notes: tuple[str, ...]

    def total(self, name: str, leave_out: frozenset[str] = frozenset()) -> Pence:
        """One of the figures of the boards, added."""
        return sum(getattr(each, name) for board, each in self.boards.items() if board not in leave_out)


@dataclass(frozen=True)
class Replay:
    """One year under every regime."""

    year: str
    ambition: Decimal
    operational: Decimal | None
    """The cut that the CCGs' operational plans are taken to make."""
    stand_in: bool
    nation: Nation
    regimes: tuple[RegimeYear, ...]

    @property
    def incomplete(self) -> frozenset[str]:
        """The boards that rest on an incomplete return."""
        return frozenset(each.board.code for each in self.nation.boards if Flag.INCOMPLETE in each.flags)

    @property
    def rests_on(self) -> tuple[str, ...]:
        """What a reader must be told of every figure."""
        said = [UNIFORM, self.nation.shares]
        if self.stand_in:
            said.append(STANDS_IN)
        told = [each for regime in self.regimes for each in rests_on(regime.rules) if each != OWN]
        return tuple(dict.fromkeys([*said, *told]))


def published_cut(rules: RuleSet) -> Decimal:
    """The average cut of the plans that were approved."""
    return rules.value("payment/average_cut", rules.release.performance_quarters[0].first_day).value


def operated(house: House, year: str) -> RuleSet:
    """The first set that pays a year by quarter, whose outturn the others are replayed on. Unusable where there is none."""
    sets = [each for each in house.rulebook.in_order if each.pays]
    for each in sets:
        if _year_of(each) == year:
            return each
    known = ", ".join(sorted({_year_of(each) for each in sets}))
    raise Unusable(f"“{year}” cannot be replayed: no rules pay it by quarter. Ask for {known}.")


def _year_of(rules: RuleSet) -> str:
    """The financial year of the last quarter that a set pays."""
    return str(rules.release.performance_quarters[-1]).partition("Q")[0]


def replay(
    house: House,
    year: str,
    ambition: Decimal | None = None,
    operational: Decimal | None = None,
    *,
    stand_in: bool = False,
) -> Replay:
    """A year under every regime; without an ambition, at the published average cut."""
    first = operated(house, year)
    cut = published_cut(first) if ambition is None else ambition
    nation = house.nation(first.name, cut)
    regimes = [
        regime_year(house, rules, nation, operational, stand_in=stand_in)
        for rules in house.rulebook.in_order
        if has_method(rules) and rules.about.places == first.about.places
    ]
    return Replay(year, cut, operational, stand_in, nation, tuple(regimes))


def has_method(rules: RuleSet) -> bool:
    """Whether a set names a way of paying."""
    try:
        return bool(rules.payment_method)
    except Unusable:
        return False


def regime_year(
    house: House, rules: RuleSet, nation: Nation, operational: Decimal | None, *, stand_in: bool
) -> RegimeYear:
    """The same plans and outturn under one set of rules; ``nation`` holds them, board by board."""
    method = rules.payment_method
    held = shares(rules, house.allocation(rules.name))
    if method in RELEASES:
        return _by_quarter(house, rules, nation, held, operational)
    if method in TRANCHES:
        return _by_tests(house, rules, nation, held, stand_in=stand_in)
    return _instead(house, rules, held)


def _by_quarter(house: House, rules: RuleSet, nation: Nation, held: Mapping[str, Pence], operational: Decimal | None) -> RegimeYear:  # fmt: skip
    years = house.nation(rules.name, nation.ambition).boards
    rebases = rules.release.method is PaymentMethod.REBASED_RELEASE
    notes: tuple[str, ...] = ()
    if rebases and operational is not None:
        statements = [_rebased(house, rules, year, operational, held[year.board.code]) for year in years]
        changed = sum(bool(each.rebased and each.rebased.changed) for each in statements)
        notes = (f"The CCGs' operational plans are taken to cut {in_figures(operational)}%; {changed} boards change their target to that.",)  # fmt: skip
    else:
        statements = [year.statement for year in years]
        notes = (NO_PLANS,) if rebases else ()
    return RegimeYear(rules, {each.board: _released(each, held[each.board]) for each in statements}, bool(operational is not None and rebases), notes)  # fmt: skip


def _rebased(house: House, rules: RuleSet, year: BoardYear, operational: Decimal, share: Pence) -> Statement:
    """A board's statement where the operational plans make one cut too; where it may, it changes its target to theirs."""
    agreed = [replace(line, operational=whole_target(line.baseline, operational), changed=None) for line in year.statement.lines]  # fmt: skip
    lines: list[Line] = agreed
    if may_change(agreed, year.statement.terms):
        lines = [replace(line, changed=line.operational) for line in agreed]
    people = people_in(house, year.board.code)
    return RELEASES[rules.release.method](year.board.code, lines, year.statement.terms, people, share)


def _released(statement: Statement, share: Pence) -> Replayed:
    money = statement.money
    return Replayed(money.fund, money.paid, 0, money.withheld, money.at_stake, share - money.fund)


def _by_tests(
    house: House, rules: RuleSet, nation: Nation, held: Mapping[str, Pence], *, stand_in: bool
) -> RegimeYear:
    terms, method = tranche_terms(rules), rules.payment_method
    open_measures = method is PaymentMethod.OWN_MEASURES
    if open_measures:
        terms = replace(terms, parts=tuple(_with_own(part) for part in terms.parts))
    statements = [
        TRANCHES[method](
            year.board.code, terms, _stands_in(terms, year) if stand_in else {},
            people_in(house, year.board.code), held[year.board.code],
        )
        for year in nation.boards
    ]  # fmt: skip
    found = {each.board: _tested(each) for each in statements}
    hypothetical = open_measures or (stand_in and method is PaymentMethod.PASSED_TESTS)
    return RegimeYear(
        rules, found, hypothetical, _notes_of_tests(terms, method, statements, stand_in=stand_in)
    )


def _notes_of_tests(terms: TrancheTerms, method: PaymentMethod, statements: Sequence[TrancheStatement], *, stand_in: bool) -> tuple[str, ...]:  # fmt: skip
    if not stand_in:
        return ({PaymentMethod.OWN_MEASURES: OPEN_MEASURES, PaymentMethod.NOTHING_WITHHELD: PAID_ANYWAY}.get(method, NOT_HELD),)  # fmt: skip
    if terms.recovery_below is None:
        return ()
    asked = sum(bool(each.short) for each in statements)
    return (f"{asked} boards deliver less than {in_figures(terms.recovery_below)}% and may be asked for a recovery plan, with peer review.",)  # fmt: skip


def _with_own(part: Part) -> Part:
    return replace(part, tests=(Criterion("metric", MEASURE, Decimal(1), "lower"),))


def _stands_in(terms: TrancheTerms, year: BoardYear) -> Reads:
    admissions = Seen(None, year.baseline, year.planned, year.outturn, "lower")
    return {
        (part.name, test.id): admissions if test.kind == "metric" else Seen(met=True)
        for part in terms.parts
        for test in part.tests
    }


def _tested(statement: TrancheStatement) -> Replayed:
    money = statement.money
    return Replayed(money.fund, money.paid, statement.to_recovery, money.withheld - statement.to_recovery, money.at_stake, 0)  # fmt: skip


def _instead(house: House, rules: RuleSet, held: Mapping[str, Pence]) -> RegimeYear:
    pays = INSTEAD[rules.payment_method]
    found = {}
    for board, pence in held.items():
        # Nothing is held against a risk: what a board agreed of it is its own, and none of it is known.
        money = pays(board, Commitment(pence, 0), people_in(house, board), pence).money
        found[board] = Replayed(0, 0, 0, 0, 0, money.required)
    return RegimeYear(rules, found, hypothetical=False, notes=())
