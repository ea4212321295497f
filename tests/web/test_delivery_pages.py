"""The page of delivery asks the journal no oftener for many words than for few."""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from carepool.actions.delivering import set_milestone_of
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.journal.commands import Done
from tests.web.test_plan_pages import county, signed_in  # noqa: F401  (a fixture)

PATH, LEAD = "/plans/carrowby/delivery", "demo-29"
MOST = 30
"""Queries that a page may ask."""


def asked() -> int:
    """How often the page asks the database."""
    browser = signed_in(LEAD)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(PATH).status_code == 200
    return len(queries)


def test_many_words_are_read_together(county: House) -> None:
    """Thirty milestones more are not one query more."""
    before = asked()
    for number in range(30):
        done = set_milestone_of(county, Actor(LEAD, f"key-{number}", "lead"), "carrowby", "S1", f"Step {number}", date(2016, 2, 1))  # fmt: skip
        assert isinstance(done, Done), done
    assert asked() == before <= MOST
