"""A person is found with a number and without one, and never by a number alone; nothing that was typed stands in an address."""

import pytest

from carepool.basics.refusals import Refused, Unusable
from carepool.care.actions.finding import Wanted, find
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Identity

SOCIAL_WORKER, GOVERNANCE = "care-1", "care-4"


def test_a_number_alone_finds_nobody(wing: CareHouse, invented: tuple[Identity, ...]):
    who = invented[2]
    answer = find(wing, SOCIAL_WORKER, Wanted(number=who.number or ""))
    assert isinstance(answer, Refused)
    assert "date of birth" in answer.says


@pytest.mark.parametrize("more", ["born", "names"])
def test_a_number_and_something_else_finds_the_person(
    wing: CareHouse, invented: tuple[Identity, ...], more: str
):
    who = invented[2]
    number = f" {who.number[:3]} {who.number[3:6]}-{who.number[6:]} "
    wanted = (
        Wanted(number, born=f"{who.born}")
        if more == "born"
        else Wanted(number, who.given.upper(), f" {who.family} ")
    )
    assert find(wing, SOCIAL_WORKER, wanted) == (who,)


def test_what_disagrees_finds_nobody(wing: CareHouse, invented: tuple[Identity, ...]):
    who, other = invented[2], invented[3]
    for wanted in (
        Wanted(who.number, born=f"{other.born}"),
        Wanted(who.number, "Somebody", who.family, f"{who.born}"),
    ):
        assert isinstance(find(wing, SOCIAL_WORKER, wanted), Refused)


def test_a_person_without_a_number_is_found_by_name_and_date_of_birth(
    wing: CareHouse, invented: tuple[Identity, ...]
):
    who = next(each for each in invented if each.number is None)
    assert who in find(wing, SOCIAL_WORKER, Wanted(given=who.given, family=who.family, born=f"{who.born}"))
    assert isinstance(find(wing, SOCIAL_WORKER, Wanted(given=who.given, family=who.family)), Refused)


def test_one_number_on_two_records_finds_both_where_both_agree(
    wing: CareHouse, invented: tuple[Identity, ...]
):
    first, second = invented[0], invented[41]
    assert first.number == second.number
    assert find(wing, SOCIAL_WORKER, Wanted(first.number, born=f"{first.born}")) == (first,)
    wing.people.put(
        type(second)(
            **{
                **{n: getattr(second, n) for n in second.__slots__},
                "born": first.born,
                "given": first.given,
                "family": first.family,
            }
        )
    )
    assert len(find(wing, SOCIAL_WORKER, Wanted(first.number, born=f"{first.born}"))) == 2


@pytest.mark.parametrize("number", ["9434765919", "4010232137"])
def test_a_number_that_could_be_somebodys_is_refused_in_demonstration(wing: CareHouse, number: str):
    with pytest.raises(Unusable, match="999"):
        find(wing, SOCIAL_WORKER, Wanted(number, born="1938-08-17"))


def test_only_practitioners_find_people(wing: CareHouse, invented: tuple[Identity, ...]):
    who = invented[2]
    assert isinstance(find(wing, GOVERNANCE, Wanted(who.number, born=f"{who.born}")), Refused)


def test_what_was_typed_stands_in_no_address(come, invented: tuple[Identity, ...]):
    who, visitor = invented[1], come("social.worker")
    answer = visitor.send("/find", number=who.number, born=f"{who.born}")
    assert answer.status_code == 200
    html = answer.content.decode()
    assert f"/people/{who.person}" in html
    assert not [each for each in html.split('"') if each.startswith("/") and who.number in each]
    # Without a relationship, only what was typed is said back.
    assert who.name not in html
