"""The pool's log: however many entries it has, their words are read together."""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

from django.db import connection
from django.test.utils import CaptureQueriesContext

from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.pool_log import change_in_log, enter_in_log
from carepool.journal.commands import Done
from tests.web.test_plan_pages import county, signed_in  # noqa: F401  (a fixture)

PATH, BODY = "/pools/carrowby/log", "council:ZZ6"
MOST = 30
"""Queries that a page may ask."""


def test_words_are_read_together(county: House) -> None:
    """Entries more are not one query more, nor are changes of an entry on its own page."""
    browser, account = signed_in("demo-31"), "demo-31"

    def asked() -> list[int]:
        counts = []
        for path in (PATH, f"{PATH}/1"):
            browser.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(path).status_code == 200
            counts.append(len(queries))
        return counts

    def enter(number: int) -> None:
        done = enter_in_log(county, Actor(account, f"log-{number}", ""), "carrowby", BODY, "risk", f"Risk {number}.", BODY, likelihood=2, impact=2)  # fmt: skip
        assert isinstance(done, Done), done
        done = change_in_log(county, Actor(account, f"change-{number}", ""), "carrowby", BODY, "1", f"Change {number}.", likelihood=2, impact=2)  # fmt: skip
        assert isinstance(done, Done), done

    enter(0)
    before = asked()
    for number in range(1, 8):
        enter(number)
    assert asked() == before
    assert max(before) <= MOST
    page = browser.get(PATH).content.decode()
    assert all(f"Risk {number}." in page for number in range(8))
