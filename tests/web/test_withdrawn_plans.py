"""A plan whose content was withdrawn: its own pages say so, and every list goes on without it."""

from collections.abc import Callable

import pytest

from carepool.actions.house import House
from carepool.actions.planning import read_history
from tests.web.visiting import Person

People = Callable[..., Person]
LISTS = (
    ("nhs.director", "/me"),
    ("nhs.director", "/plans"),
    ("nhs.director", "/calendar"),
    ("nhs.director", "/calendar.ics"),
    ("nhs.director", "/assurance"),
    ("nhs.director", "/assurance/national?area=county"),
    ("nhs.director", "/assurance/national.csv?area=county"),
    ("nhs.director", "/delivery?area=county"),
    ("nhs.director", "/county"),
    ("nhs.director", "/boards/ZZ6"),
    ("carrowby.finance", "/me"),
    ("carrowby.finance", "/pools/new"),
    ("stonebeck.lead", "/plans/stonebeck/check"),
    ("merrow.lead", "/plans/merrow/sections/schemes"),
)


@pytest.mark.parametrize("plan", ["thornmere", "carrowby", "farrowdale"])
@pytest.mark.slow
def test_one_withdrawn_plan_stops_no_list(someone: People, now: House, plan: str) -> None:
    """Whoever looks at what waits for them, at the calendar or at the nation sees all the other plans."""
    for version in read_history(now, plan).versions:
        now.journal.withdraw(version.document)
    answers = {(who, path): someone(who).browser.get(path).status_code for who, path in LISTS}
    assert {each: status for each, status in answers.items() if status != 200} == {}


def test_a_withdrawn_plan_is_named_where_it_is_not_counted(someone: People, now: House) -> None:
    """The list of plans says what became of it, and the nation that its sums are without it."""
    (version,) = read_history(now, "carrowby").versions[-1:]
    now.journal.withdraw(version.document)
    assert "Withdrawn" in someone("nhs.director").page("/plans").text
    nation = someone("nhs.director").page("/assurance/national?area=county").text
    assert "was withdrawn, so it is not counted" in nation
    answer = someone("nhs.director").browser.get("/assurance/national.json?area=county").json()
    assert len(answer["withdrawn"]) == 1
