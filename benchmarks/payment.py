"""Paying a file of boards, beside the bare formula in a loop, and how the cost grows with the rows."""

import csv
import io
from decimal import Decimal

from benchmarks.measuring import Figure, seconds
from carepool.actions.house import House
from carepool.actions.nation import RULES, nation, terms_of
from carepool.actions.payments import pay
from carepool.actions.regimes import shares, tranche_terms
from carepool.actions.replaying import regime_year
from carepool.allocation.indicative import Allocation
from carepool.basics.money import Pence, round_half_up
from carepool.measures.admissions import whole_target
from carepool.payment.file import parse_claims
from carepool.payment.release import release
from carepool.rules.rulebook import RuleSet
from carepool.wiring.house import current_house

RUNS = 7
AMBITION = Decimal("3.07")
NATIONAL = 250
"""Milliseconds that England may take under any regime."""
HEADING = "board,quarter,baseline,planned,actual\n"


def measure() -> list[Figure]:
    """The figures."""
    house = current_house()
    file = _england(house)
    # The plainer way must do the same: a comparison with something else would say nothing.
    assert sum(each.money.paid for each in pay(house, RULES, "england.csv", file).releases) == _bare(file)
    ours = 1000 * seconds(lambda: pay(house, RULES, "england.csv", file), RUNS)
    bare = 1000 * seconds(lambda: _bare(file), RUNS)
    return [
        Figure("Payment: 150 boards, 600 rows", ours, "ms", RUNS, peer=bare, note="the formula in a loop over csv, nothing checked"),
        *_regimes(house),
        *(_grown(house, rows) for rows in (150, 1_500, 15_000)),
    ]  # fmt: skip


def _regimes(house: House) -> list[Figure]:
    """England worked out anew under each regime, nothing kept from before."""
    answer = house.nation(RULES, AMBITION)
    figures = []
    for rules in house.rulebook.in_order:
        if rules.about.places != answer.rules.about.places:
            continue
        allocation = house.allocation(rules.name)

        def anew(rules: RuleSet = rules, allocation: Allocation = allocation) -> object:
            if rules.pays:
                return nation(house.england, rules, allocation, AMBITION)
            return regime_year(house, rules, answer, None, stand_in=True)

        took = 1000 * seconds(anew, RUNS)
        plainly = 1000 * seconds(
            lambda rules=rules, allocation=allocation: _plain(house, rules, allocation), RUNS
        )
        figures.append(Figure(f"England anew under {rules.name}", took, "ms", RUNS, bound=NATIONAL, peer=plainly, note=f"{rules.payment_method}; beside its bare sums"))  # fmt: skip
    return figures


def _plain(house: House, rules: RuleSet, allocation: Allocation) -> int:
    """What a regime pays England, as a bare loop would add it: nothing split, flagged, explained or checked."""
    if rules.pays:
        return _bare_of(house)
    paid = 0
    terms = tranche_terms(rules) if rules.tranches else None
    for part in shares(rules, allocation).values():
        if terms is None:
            paid += part
            continue
        whole = sum(each.weight for each in terms.parts)
        paid += sum(
            part * each.weight // whole // len(each.tests or (None,))
            for each in terms.parts
            for _ in each.tests or (None,)
        )
    return paid


def _bare_of(house: House) -> Pence:
    """The formula of 2014 over England's admissions as they are held."""
    seen, paid = house.england.admissions.by_board, Decimal(0)
    quarters = house.rulebook.named(RULES).release.performance_quarters
    for board in house.england.places.boards:
        plan = achieved = best = Decimal(0)
        for quarter in quarters:
            base = seen[board, quarter.year_before].count
            plan += base - whole_target(base, AMBITION)
            achieved += base - seen[board, quarter].count
            best = max(best, min(plan, achieved))
        paid += best * 149_000
    return int(paid)


def _england(house: House) -> bytes:
    """Every board at a uniform cut of 3.5%, with its real admissions."""
    quarters = house.rulebook.named(RULES).release.performance_quarters
    lines = []
    for board in house.england.places.boards:
        for quarter in quarters:
            baseline = house.england.admissions.of_board(board, quarter.year_before).count
            actual = house.england.admissions.of_board(board, quarter).count
            lines.append(f"{board},{quarter},{baseline},{whole_target(baseline, Decimal('3.5'))},{actual}\n")
    return (HEADING + "".join(lines)).encode()


def _grown(house: House, rows: int) -> Figure:
    """A file of so many rows. England has 150 boards, so these are made up and any code will do."""
    rules = house.rulebook.named(RULES)
    quarters, terms = rules.release.performance_quarters, terms_of(rules)
    lines = [
        f"B{n // len(quarters):05},{quarters[n % len(quarters)]},{9000 + n % 7}.5,8700,{8800 + n % 11}\n"
        for n in range(rows - rows % len(quarters))
    ]
    content = (HEADING + "".join(lines)).encode()

    def work() -> None:
        claims, findings = parse_claims("made-up.csv", content, quarters, lambda code: code, "benchmark")
        assert not findings
        for claim in claims:
            release(claim.board, [claim.lines[quarter] for quarter in quarters], terms, {"A": 2, "B": 1})

    took = 1000 * seconds(work, 3)
    return Figure(f"… a file of {rows:,} rows", took, "ms", 3, note=f"{1000 * took / rows:.0f} µs a row")


def _bare(file: bytes) -> Pence:
    """What is paid in all, as a spreadsheet would reckon it: no board checked, no finding, no split among CCGs."""
    unit = Decimal(149_000)
    by_board: dict[str, list[tuple[Decimal, Decimal, Decimal]]] = {}
    for row in csv.DictReader(io.StringIO(file.decode())):
        numbers = (Decimal(row["baseline"]), Decimal(row["planned"]), Decimal(row["actual"]))
        by_board.setdefault(row["board"], []).append(numbers)
    paid = Decimal(0)
    for lines in by_board.values():
        plan = achieved = before = Decimal(0)
        fund = max(Decimal(0), round_half_up(unit * sum(base - planned for base, planned, _ in lines)))
        for base, planned, actual in lines:
            plan += base - planned
            achieved += base - actual
            earned = min(fund, *(max(Decimal(0), round_half_up(unit * each)) for each in (plan, achieved)))
            before = max(before, earned)
        paid += before
    return int(paid)
