"""The service is killed at any instant while people send its forms, and nothing that it answered is lost or done twice.

It is kill -9 of all processes of ``carepool serve``, over HTTP, from outside; a single writer is killed in ``test_kills``, and
power cuts are simulated in ``test_power_cuts``. 4 kills on each database, since each is a start of the service (a
writer alone is killed 20 times), and 500 under ``make soak``.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from random import Random
from threading import Event
from time import sleep

import pytest

from tests.cluster import Cluster, cluster
from tests.counts import counting
from tests.store.served import Service, Unanswered, Visitor
from tests.store.test_kills import SEED, SOAK

__all__ = ["cluster"]

KILLS = 500 if SOAK else 4
CLIENTS = 4
LONGEST = 0.2
"""Seconds for which is written at most after the first answer."""
FORM = "/pools/carrowby/enter/spent"
SPENT = {
    "act": "spent", "scheme": "S1", "source": "unstated", "payee": "care-at-home", "pence": "0.01",
    "irrecoverable": "", "vat": "", "uses": "", "on": "2016-03-15",
}  # fmt: skip


@pytest.fixture
def sqlite_service(tmp_path: Path) -> Iterator[Service]:
    """The service with its embedded database."""
    service = Service(tmp_path / "var")
    yield service
    service.kill()


@pytest.fixture
def postgres_service(tmp_path: Path, cluster: Cluster) -> Iterator[Service]:
    """The service on PostgreSQL."""
    name = cluster.create()
    service = Service(tmp_path / "var", CAREPOOL_DATABASE=cluster.address(name))
    service.command("prepare")
    yield service
    service.kill()
    cluster.drop(name)


@pytest.fixture(
    params=[
        pytest.param("sqlite_service", id="sqlite"),
        pytest.param("postgres_service", id="postgres", marks=pytest.mark.postgres),
    ]
)
def service(request: pytest.FixtureRequest) -> Service:
    """The service on each database in turn."""
    found: Service = request.getfixturevalue(request.param)
    return found


def title(number: int) -> str:
    """By which a posting is known again."""
    return f"kill {number}"


def send(officer: Visitor, number: int) -> None:
    """Send the form of one posting, with its key. It leads to the posting's page, or nobody answered."""
    status, leads, page = officer.ask("POST", FORM, {**SPENT, "says": title(number), "key": f"{number:032x}"})
    assert status == 302, page[page.find("nhsuk-error-summary") :][:1000]
    assert leads.startswith("/pools/carrowby/postings/"), leads


def written(officer: Visitor) -> Counter[str]:
    """How often each posting of ours is in the books, as the service shows them."""
    rows = csv.DictReader(officer.open("/pools/carrowby/postings.csv").removeprefix("\ufeff").splitlines())
    return Counter(row["says"] for row in rows if row["says"].startswith("kill "))


@pytest.mark.slow
def test_a_kill_of_the_service_loses_and_doubles_nothing(service: Service) -> None:
    """Every posting that was answered is there once; those unanswered, sent again with their keys, are there once too."""
    random, numbers = Random(SEED), count(1)
    officer = Visitor(service.port)
    answered: list[int] = []
    unanswered: list[int] = []
    sent_again = there_already = 0
    service.start()
    officer.sign_in("carrowby.pool")
    officer.open(FORM)

    def write(first: Event) -> None:
        for number in numbers:
            try:
                send(officer, number)
            except Unanswered:
                unanswered.append(number)
                return
            finally:
                first.set()
            answered.append(number)

    with (
        counting(f"Kills of the service on {'PostgreSQL' if 'CAREPOOL_DATABASE' in service.environment else 'SQLite'}") as found,
        ThreadPoolExecutor(CLIENTS) as clients,
    ):  # fmt: skip
        for _ in range(KILLS):
            first = Event()
            writing = [clients.submit(write, first) for _ in range(CLIENTS)]
            assert first.wait(60), "nobody was answered"
            sleep(random.uniform(0, LONGEST))
            service.kill()
            for each in writing:
                each.result()
            service.start()
            there = written(officer)
            assert {title(each): there[title(each)] for each in answered} == {
                title(each): 1 for each in answered
            }
            there_already += sum(there[title(each)] for each in unanswered)
            sent_again += len(unanswered)
            for number in unanswered:
                send(officer, number)
            answered += unanswered
            unanswered.clear()
        assert written(officer) == {title(each): 1 for each in answered}
        service.kill()
        found += [
            f"seed {SEED}", f"{KILLS} kills", f"{len(answered):,} postings", "0 lost", "0 twice",
            f"{sent_again} sent again, {there_already} of them written and not told",
        ]  # fmt: skip
    assert json.loads(service.command("journal", "verify", "--json"))["findings"] == []
