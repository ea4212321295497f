"""``carepool pool``: a pooled account in the terminal and as data, as at any day."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

Ask = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Asks a command of a home of its own, in which the illustrative county was built."""
    home = tmp_path_factory.mktemp("pools")
    env = {**os.environ, "CAREPOOL_HOME": str(home)}
    env.pop("DJANGO_SETTINGS_MODULE", None)

    def asking(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "carepool.wiring.main", *words],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout or done.stderr

    code, said = asking("demo")
    assert code == 0, said
    return asking


def test_a_pool_at_a_glance(ask: Ask) -> None:
    """``carepool pool POOL --json``: what partners put in, what schemes spend, what is left, and a trial balance of nothing."""
    code, said = ask("pool", "carrowby", "--json")
    data = json.loads(said)
    assert (code, data["year"], data["held_by"], data["trial_balance_pence"]) == (0, "2015-16", "council:ZZ6", 0)
    assert data["funded_pence"] - data["used_pence"] == data["surplus_pence"]
    assert data["funded_pence"] == data["charges_pence"] + sum(
        each["contributed_pence"] + each["released_pence"] for each in data["partners"]
    )
    assert "Section 75 agreement for Carrowby joint plan, 2015-16" in ask("pool", "carrowby")[1]


def test_a_pool_as_at_a_day(ask: Ask) -> None:
    """Before its host opened it there is no such pool; one that never was is refused with what makes one."""
    code, said = ask("pool", "carrowby", "--as-at", "2014-08-18")
    assert code != 0
    assert "There is no pool “carrowby”" in said
    assert "There is no pool “carowby”" in ask("pool", "carowby")[1]
    assert "has no books of 2017-18. It has: 2015-16." in ask("pool", "carrowby", "--year", "2017-18")[1]
