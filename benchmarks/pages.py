"""The pages through Django's test client on SQLite: processor time for each, and their size."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import cycle
from time import process_time

from django.test import Client

from benchmarks.measuring import Figure, seconds
from carepool.actions.nation import RULES, nation
from carepool.actions.stake_questions import field_of, judged_by
from carepool.actions.staking import nation_subject, regimes
from carepool.rules.rulebook import RuleSet
from carepool.wiring.house import current_house

RUNS = 40
LARGEST_PAGE = 150.0
LONGEST = 25.0
WHAT_IF = 150.0
"""Milliseconds that a what-if on the page may take, however much of England it moves."""
OTHERS = ("/rules", "/rules/bcf-2014-08", "/rules/itf-2013-08", "/about")


def measure() -> list[Figure]:
    """The figures."""
    client = Client(SERVER_NAME="localhost")
    house = current_house()
    boards = list(house.england.places.boards)
    every_board = cycle(boards)
    # No two calls ask at the same ambition, so nothing that was worked out before is used again.
    cuts = _cuts()
    rules, allocation = house.rulebook.named(RULES), house.allocation(RULES)

    def get(address: str) -> int:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return len(answer.content)

    def milliseconds(address: Iterator[str]) -> float:
        return 1000 * seconds(lambda: get(next(address)), RUNS, process_time)

    cold_boards = (f"/boards/{code}?ambition={cut}" for code, cut in zip(every_board, cuts, strict=False))
    computing = 1000 * seconds(
        lambda: nation(house.england, rules, allocation, next(cuts)), RUNS, process_time
    )
    others = {address: get(address) / 1000 for address in OTHERS}
    largest_other = max(others, key=lambda address: others[address])
    by_board = {code: get(f"/boards/{code}") / 1000 for code in boards}
    largest = max(boards, key=lambda code: by_board[code])
    return [
        Figure("Nation page: processor time", milliseconds(cycle(["/"])), "ms", RUNS, bound=LONGEST),
        Figure("Nation page: another what-if every time", milliseconds(f"/?ambition={cut}" for cut in cuts), "ms", RUNS, bound=LONGEST),
        Figure("Board page: processor time, one board after the other", milliseconds(f"/boards/{code}" for code in every_board), "ms", RUNS, bound=LONGEST),
        Figure("Board page: another what-if every time", milliseconds(cold_boards), "ms", RUNS, bound=LONGEST),
        *_stakes(milliseconds, cuts),
        Figure("The what-if of the nation alone", computing, "ms", RUNS, note="150 boards, 4 quarters"),
        Figure("Nation page: size", get("/") / 1000, "kB", 1, bound=LARGEST_PAGE),
        Figure("Board page: size of the largest", by_board[largest], "kB", 1, bound=LARGEST_PAGE, note=largest),
        Figure("Other pages: size of the largest", others[largest_other], "kB", 1, bound=LARGEST_PAGE, note=largest_other),
    ]  # fmt: skip


def _stakes(milliseconds: Callable[[Iterator[str]], float], cuts: Iterator[Decimal]) -> list[Figure]:
    """What is at stake, another move every time: England, with all its steps, under each regime; a region; a board."""
    house = current_house()
    nation_alone = milliseconds(f"/?ambition={cut}" for cut in cuts)
    figures = []
    for rules in regimes(house, nation_subject(house)):
        moves = (
            f"/at-stake?rules={rules.name}&cut={cut}&q-2015-16Q1=-1&held=20&value=1490{_tested(rules, cut)}"
            for cut in cuts
        )
        figures.append(Figure(f"At stake, England under {rules.name}", milliseconds(moves), "ms", RUNS, bound=WHAT_IF, peer=nation_alone, note="beside the nation page, which moves nothing"))  # fmt: skip
    for says, at in (("a region", "/regions/E12000008/at-stake"), ("a board", "/boards/E10000016/at-stake")):
        moves = (f"{at}?cut={cut}&q-2015-16Q2=%2B0.5" for cut in cuts)
        figures.append(Figure(f"At stake, {says}", milliseconds(moves), "ms", RUNS, bound=WHAT_IF))
    for says, more in (("", ""), (", admissions standing for all", "&stand_in=yes&operational=1.5")):
        figures.append(Figure(f"The year replayed{says}", milliseconds(f"/replay?ambition={cut}{more}" for cut in cuts), "ms", RUNS, bound=WHAT_IF, peer=nation_alone, note="six regimes"))  # fmt: skip
    return figures


def _tested(rules: RuleSet, cut: Decimal) -> str:
    """Every measure delivered in part, and every condition met."""
    return "".join(f"&{field_of(part.name, test.id)}={100 if test.kind == 'condition' else cut}" for part, test in judged_by(rules))  # fmt: skip


def _cuts() -> Iterator[Decimal]:
    """Cuts in per cent, none twice: 5.00, 5.01, and so on."""
    return (Decimal(hundredths) / 100 for hundredths in range(500, 10_000))
