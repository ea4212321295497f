"""The pages of the illustrative county as those who work on it see them: processor time for each, the best of five."""

from time import process_time

from django.contrib.auth import get_user_model
from django.test import Client

from benchmarks.measuring import Figure
from carepool.plans.document import EVERY
from carepool.wiring.operations import prepare_database

RUNS = 5
USUAL, LONGER = 60.0, 150.0
"""Milliseconds that a page may take, and one that shows a whole plan, its paper or its checks."""
PAGES = {
    "merrow.lead": (
        *("/me", "/plans", "/plans/new?board=ZZ1", "/plans/merrow", "/plans/merrow/versions", "/plans/merrow/compare"),
        *(f"/plans/merrow/sections/{section}" for section in EVERY),
        *(f"/plans/merrow/history/{section}" for section in EVERY),
    ),
    "nhs.assurer": (
        *("/plans/carrowby/decisions", "/plans/stonebeck/decisions", "/plans/carrowby/money", "/pools/carrowby"),
        *("/public/carrowby", "/plans/stonebeck/comments", "/plans/carrowby/from", "/measures", "/measures/delayed_transfers"),
    ),
}  # fmt: skip
WHOLE = {"merrow.lead": ("/plans/merrow/check",), "nhs.assurer": ("/plans/stonebeck/paper", "/capacity?place=ZZT&reduce=5")}  # fmt: skip


def measure() -> list[Figure]:
    """The slowest page of each kind and of each person, named."""
    prepare_database()
    figures = []
    for says, pages, bound in (("pages", PAGES, USUAL), ("whole plans", WHOLE, LONGER)):
        for handle, addresses in pages.items():
            client = Client(SERVER_NAME="localhost")
            client.force_login(get_user_model().objects.get(handle=handle))
            took = {address: _milliseconds(client, address) for address in addresses}
            slowest = max(took, key=lambda address: took[address])
            figures.append(Figure(f"Illustrative county, {says} as {handle} sees them: the slowest of {len(took)}", took[slowest], "ms", RUNS, bound=bound, note=slowest))  # fmt: skip
    return figures


def _milliseconds(client: Client, address: str) -> float:
    spent = []
    for _ in range(RUNS + 1):
        before = process_time()
        answer = client.get(address)
        spent.append(1000 * (process_time() - before))
        assert answer.status_code == 200, (address, answer.status_code)
    return min(spent[1:])
