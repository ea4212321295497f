"""What the person wing counts stands beside the answers of a plan that it is evidence of, for who writes it and who judges it."""

from collections.abc import Callable

from carepool.actions.care_counts import take_care_counts
from carepool.actions.house import House
from carepool.actions.permits import Actor
from tests.spec.test_care_counts import ROWS, written
from tests.web.conftest import Person

Someone = Callable[..., Person]
SAYS = "Packages with an accountable professional: 70% in 2014-10, counted by the person wing."
HIDDEN = "Records with a verified NHS number: hidden in 2014-10, because the counts are small."


def load(house: House, board: str, lead: str, chair: str) -> None:
    """Defined by one, checked by another, then loaded."""
    file = written(*({**each, "board": board} for each in ROWS), board=board)
    for number, (account, check) in enumerate(((lead, False), (chair, True), (lead, False))):
        take_care_counts(house, Actor(account, f"counts-{number}", "Somebody"), file, check=check)


def test_counts_stand_beside_the_conditions_and_the_measure_of_experience(now: House, someone: Someone):
    load(now, "ZZ1", "demo-01", "demo-10")
    lead = someone("merrow.lead")
    conditions = lead.page("/plans/merrow/sections/conditions").text
    assert SAYS in conditions
    assert HIDDEN in conditions
    metrics = lead.page("/plans/merrow/sections/metrics").text
    assert SAYS not in metrics
    assert "I can plan my care: 75% in 2014-09" in metrics


def test_who_judges_a_plan_sees_what_is_counted_of_the_condition(now: House, someone: Someone):
    load(now, "ZZ3", "demo-18", "demo-21")
    who, desk = someone("lga.assurer"), "/plans/farrowdale/assurance/review/local_government"
    page = who.page(f"{desk}/answers-accountable").text
    assert "What is counted of people’s care" in page
    assert SAYS in page
    assert HIDDEN in who.page(f"{desk}/answers-data_shared").text
    assert "What is counted" not in who.page(f"{desk}/answers-agreed").text
