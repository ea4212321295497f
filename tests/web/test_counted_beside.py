"""What the person wing counts stands beside the answers of a plan that it is evidence of, for who writes it and who judges it."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from carepool.actions.care_counts import take_care_counts
from carepool.actions.house import House
from carepool.actions.own_figures import ask_own
from carepool.actions.permits import Actor
from tests.spec.test_care_counts import ROWS, row, written
from tests.web.conftest import Person

Someone = Callable[..., Person]
SAYS = "Packages with an accountable professional: 70% in 2014-10, counted by the person wing."
HIDDEN = "Records with a verified NHS number: hidden in 2014-10, because the counts are small."


def load(house: House, board: str, lead: str, chair: str) -> None:
    """Defined by one, checked by another, then loaded."""
    file = written(*({**each, "board": board} for each in ROWS), board=board)
    for number, (account, check) in enumerate(((lead, False), (chair, True), (lead, False))):
        take_care_counts(house, Actor(account, f"counts-{number}", "Somebody"), file, check=check)


@pytest.mark.slow
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


@pytest.mark.slow
def test_the_file_is_taken_in_on_the_page_of_a_boards_own_measures(now: House, someone: Someone):
    path = "/boards/ZZ1/measures/new"

    def hand_in(handle: str, content: bytes) -> int:
        who = someone(handle)
        fields = {"key": who.form(path, path)["key"], "act": "counts"}
        file = SimpleUploadedFile("counts.json", content)
        return who.browser.post(path, {**fields, "file": file}).status_code

    assert hand_in("merrow.lead", written(*ROWS)) == 302
    assert "Check “I can plan my care”" in someone("merrow.chair").page(path).text
    take_care_counts(now, Actor("demo-10", "counts-check", "Somebody"), written(*ROWS), check=True)
    assert ask_own(now, "ZZ1", "can_plan_my_care").measured.values == ()
    assert hand_in("merrow.lead", written(*ROWS)) == 302
    assert len(ask_own(now, "ZZ1", "can_plan_my_care").measured.values) == 2
    assert hand_in("merrow.lead", b"{}") == 400
    other = written(*({**each, "board": "ZZ2"} for each in ROWS), board="ZZ2")
    assert hand_in("merrow.lead", other) == 400
    later = written(row("can_plan_my_care", "2014-11", 35, 50))
    assert hand_in("merrow.chair", later) == 409
