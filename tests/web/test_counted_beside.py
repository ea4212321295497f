"""What the person wing counts stands beside the answers of a plan that it is evidence of."""

from collections.abc import Callable

from carepool.actions.care_counts import take_care_counts
from carepool.actions.house import House
from carepool.actions.permits import Actor
from tests.spec.test_care_counts import ROWS, written
from tests.web.conftest import Person


def test_counts_stand_beside_the_conditions_and_the_measure_of_experience(now: House, someone: Callable[..., Person]):  # fmt: skip
    for number, (account, check) in enumerate((("demo-01", False), ("demo-10", True), ("demo-01", False))):
        take_care_counts(now, Actor(account, f"counts-{number}", "Somebody"), written(*ROWS), check=check)
    lead = someone("merrow.lead")
    conditions = lead.page("/plans/merrow/sections/conditions")
    says = "Packages with an accountable professional: 70% in 2014-10, counted by the person wing."
    assert says in conditions.text
    assert "Records with a verified NHS number: hidden in 2014-10, because the counts are small." in conditions.text  # fmt: skip
    assert says not in lead.page("/plans/merrow/sections/metrics").text
    assert "I can plan my care: 75% in 2014-09" in lead.page("/plans/merrow/sections/metrics").text
