"""In a process of the person wing: fill its database with invented people, and time its pages, each the median of so many."""

import json
import sys
from statistics import median
from time import perf_counter

import django


def main(people: int, runs: int) -> None:
    """Print the seconds of each page, by its path."""
    django.setup()
    from django.test import Client

    from carepool.care.actions.demonstration import people as invented
    from carepool.care.store.people import SqlPeople
    from carepool.signin.models import Account
    from carepool.wiring.operations_care import prepare_care

    house = prepare_care()
    more = list(invented(people, seed=2015))
    house.vault.make_many([each.person for each in more])
    SqlPeople().put_many(more)
    assert house.people.count() >= people
    nurse, lead = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    nurse.force_login(Account.objects.get(handle="social.worker"))
    lead.force_login(Account.objects.get(handle="governance.lead"))
    first = next(iter(house.people.caseload("care-1")))
    taken = {}
    for path, browser, asked in (("/day", nurse, "/day"), ("/people", nurse, f"/people/{first}"), ("/log", lead, "/log"), ("/pairs", nurse, "/pairs"), ("/pair", nurse, "/pairs/pair-0002")):  # fmt: skip
        assert browser.get(asked).status_code == 200
        taken[path] = median(_once(browser, asked) for _ in range(runs))
    sys.stdout.write(json.dumps(taken))


def _once(browser: object, path: str) -> float:
    began = perf_counter()
    assert browser.get(path).status_code == 200  # type: ignore[attr-defined]
    return perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
