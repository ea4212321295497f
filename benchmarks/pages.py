"""The pages through Django's test client on SQLite: processor time for each, and their size."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import cycle
from time import process_time

from django.test import Client

from benchmarks.measuring import Figure, seconds
from carepool.actions.nation import RULES, nation
from carepool.wiring.house import current_house

RUNS = 40
LARGEST_PAGE = 150.0
LONGEST = 25.0
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
        Figure("The what-if of the nation alone", computing, "ms", RUNS, note="150 boards, 4 quarters"),
        Figure("Nation page: size", get("/") / 1000, "kB", 1, bound=LARGEST_PAGE),
        Figure("Board page: size of the largest", by_board[largest], "kB", 1, bound=LARGEST_PAGE, note=largest),
        Figure("Other pages: size of the largest", others[largest_other], "kB", 1, bound=LARGEST_PAGE, note=largest_other),
    ]  # fmt: skip


def _cuts() -> Iterator[Decimal]:
    """Cuts in per cent, none twice: 5.00, 5.01, and so on."""
    return (Decimal(hundredths) / 100 for hundredths in range(500, 10_000))
