"""A board's own measures on their page: defined by its lead, checked by a second person, and missing to everybody else."""

from collections.abc import Callable

from carepool.actions.defining import own_of
from carepool.actions.house import House
from tests.web.test_agreement_pages import send
from tests.web.visiting import Person, sound

HERE = "/boards/ZZ1/measures/new"
People = Callable[..., Person]
FALLS = {
    "id": "falls_at_home", "title": "Falls at home", "says": "Falls seen at home.", "numerator": "Falls seen", "denominator": "People of 65 and over",
    "scale": "1000", "unit": "per 1,000 people", "better": "lower", "period": "month", "from": "2026-01-01", "data": "The falls team's list",
}  # fmt: skip


def test_a_measure_is_defined_and_checked_by_a_second_person(someone: People, now: House) -> None:
    lead = someone("merrow.lead")
    assert send(lead, HERE, "define", **FALLS).status_code == 302  # type: ignore[attr-defined]
    assert own_of(now, "ZZ1")["falls_at_home"].waiting
    shown = lead.page(HERE).text
    assert "Waits for a second person" in shown
    assert "Falls seen, of People of 65 and over, times 1,000" in shown
    own = sound(HERE, send(lead, HERE, "check-falls_at_home")).text  # type: ignore[arg-type]
    assert "A second person checks it" in own
    assert send(someone("merrow.chair"), HERE, "check-falls_at_home").status_code == 302  # type: ignore[attr-defined]
    assert own_of(now, "ZZ1")["falls_at_home"].waiting is None


def test_what_is_empty_or_wrong_is_named_and_what_was_typed_is_kept(someone: People) -> None:
    lead = someone("merrow.lead")
    empty = sound(HERE, send(lead, HERE, "define", **(FALLS | {"denominator": ""}))).text  # type: ignore[arg-type]
    assert "“Out of what” is empty" in empty
    assert "Falls seen at home." in empty
    assert "is not a number" in sound(HERE, send(lead, HERE, "define", **(FALLS | {"scale": "many"}))).text  # type: ignore[arg-type]
    assert (
        "a measure of everybody"
        in sound(HERE, send(lead, HERE, "define", **(FALLS | {"id": "delayed_transfers"}))).text
    )  # type: ignore[arg-type]


def test_to_others_the_page_is_missing(someone: People) -> None:
    assert someone("thornmere.clerk").browser.get(HERE).status_code == 404
    assert someone("merrow.lead").browser.get("/boards/ZZ99/measures/new").status_code == 404
