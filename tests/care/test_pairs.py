"""Whether two records are of one person: read by somebody, joined or kept apart with a reason, taken back, and never silently."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from carepool.basics.refusals import NotHere
from carepool.care.actions.copying import copy_of
from carepool.care.actions.erasing import erase
from carepool.care.actions.house import CareHouse
from carepool.care.actions.matching import compare, join_by_rule
from carepool.care.actions.opening import access_log
from carepool.care.actions.ports import Identity, Pair
from carepool.care.people.pairs import State, stream_of

COUNCIL, TRUST = "Illustrative County Council", "Illustrative Community NHS Trust"
FIRST = Identity("pone000000000001", "Alma", "Samplewood", date(1934, 5, 6), "female", "ZZ99 1AA", "1 Nowhere Lane", "9990000026", "01", ((COUNCIL, "ICC-90001"),), True)  # fmt: skip
SECOND = replace(FIRST, person="ptwo000000000001", given="Alwina", number=None, number_status="03", local_ids=((TRUST, "T-77"),))  # fmt: skip
PAIR = Pair(
    "pair-1", FIRST.person, SECOND.person, "weight 9.3", 0.62, TRUST, datetime(2026, 11, 1, tzinfo=UTC)
)
WHY = "The same address, and her daughter says so"


@pytest.fixture
def pair(wing: CareHouse) -> Pair:
    """Two records that may be of one person, of which a nurse works with the second."""
    wing.vault.make_many([FIRST.person, SECOND.person])
    wing.people.put(FIRST)
    wing.people.put(SECOND)
    wing.people.take_on("care-2", SECOND.person)
    found = replace(PAIR, since=wing.clock())
    wing.people.put_pairs([found])
    return found


def form(visitor, act: str, why: str = WHY, **more: str) -> dict[str, str]:
    """The form of the pair as somebody has it before them."""
    page = visitor.page("/pairs/pair-1")
    seen = page.html.split('name="seen" value="')[1].split('"')[0]
    return {"key": visitor.key("/pairs/pair-1"), "seen": seen, "act": act, "why": why, "stands": FIRST.person} | more  # fmt: skip


def test_a_pair_is_listed_without_names_and_read_side_by_side(wing: CareHouse, come, pair: Pair):
    social = come("social.worker")
    page = social.page("/pairs")
    assert FIRST.family not in page.text
    assert "of 100 pairs like this about 62 are of one person" in page.text
    side = social.page("/pairs/pair-1")
    table = side.tables["sides"]
    assert table.column("Both") == ["Differs", "Agrees", "Agrees", "Agrees", "Missing in one", "Agrees", "Agrees", ""]  # fmt: skip
    for person in pair.people:
        (look,) = access_log(wing, person)[0].looks
        assert (look.purpose, look.relation) == ("matching", "organisation")
        assert set(look.fields) == {"name", "date_of_birth", "address", "nhs_number"}


def test_a_join_gives_both_records_one_team_and_a_split_takes_it_back(wing: CareHouse, come, pair: Pair):
    social, nurse = come("social.worker"), come("district.nurse")
    assert nurse.status(f"/people/{FIRST.person}") == 403
    sent = form(social, "join")
    for _ in range(2):
        assert social.send("/pairs/pair-1", **sent).status_code == 302
    assert wing.people.records_of(SECOND.person) == (FIRST.person, SECOND.person)
    page = nurse.page(f"/people/{FIRST.person}").text
    assert "Joined to this record" in page
    assert "T-77" in page
    assert "about 62 are of one person. How they were joined" in page
    assert FIRST.name in nurse.page("/day").text
    assert SECOND.name not in nurse.page("/day").text, "it holds no care, and the other stands for it"
    assert "Wanda Workaday joined the two records. “The same address" in nurse.page("/pairs/pair-1").text
    split = form(nurse, "split", "They are sisters: the daughter was asked again")
    assert nurse.send("/pairs/pair-1", **split).status_code == 302
    assert wing.people.records_of(SECOND.person) == (SECOND.person,)
    assert nurse.status(f"/people/{FIRST.person}") == 403
    assert [wing.people.person(each.person) for each in (FIRST, SECOND)] == [FIRST, SECOND], "as before"
    assert len(wing.journal.read(stream_of(FIRST.person))) == 2


def test_of_two_reviewers_at_once_the_second_is_told_what_the_first_did(wing: CareHouse, come, pair: Pair):
    social, nurse = come("social.worker"), come("district.nurse")
    first, second = form(social, "join"), form(nurse, "keep_apart", "Their numbers are of two people")
    assert social.send("/pairs/pair-1", **first).status_code == 302
    refused = nurse.send("/pairs/pair-1", **second)
    assert refused.status_code == 409
    text = refused.content.decode()
    assert "Somebody else decided on this pair while you looked at it" in text
    assert "Wanda Workaday joined the two records" in text
    assert wing.people.pair("pair-1").state is State.JOINED


def test_a_pair_is_passed_on_to_the_governance_lead_who_decides(wing: CareHouse, come, pair: Pair):
    social, lead = come("social.worker"), come("governance.lead")
    assert social.send("/pairs/pair-1", **form(social, "hand_on")).status_code == 302
    assert "This pair waits for the governance lead." in social.page("/pairs/pair-1").text
    sent = {"key": "k", "seen": "1", "act": "join", "why": WHY, "stands": FIRST.person}
    assert social.send("/pairs/pair-1", **sent).status_code == 409
    assert lead.send("/pairs/pair-1", **form(lead, "keep_apart")).status_code == 302
    assert wing.people.pair("pair-1").state is State.APART


@pytest.mark.parametrize(("more", "says"), [({"why": "no"}, "Say why, in 10 to 1,000 characters"), ({"act": "burn"}, "Choose what to do"), ({"stands": "care-1"}, "Choose which of the two"), ({"seen": "x"}, "while you looked at it"), ({"act": "split"}, "nothing to split")])  # fmt: skip
def test_what_a_reviewer_cannot_do_is_said_and_changes_nothing(wing: CareHouse, come, pair: Pair, more: dict[str, str], says: str):  # fmt: skip
    social = come("social.worker")
    answer = social.send("/pairs/pair-1", **(form(social, "join") | more))
    assert answer.status_code == 409
    assert says in answer.content.decode()
    assert wing.people.pair("pair-1").state is State.WAITS


def test_whose_organisation_holds_neither_and_whoever_gives_no_care_sees_no_pair(wing: CareHouse, come, pair: Pair):  # fmt: skip
    ward = come("ward.nurse")
    assert "between records of which your organisation holds neither" in ward.page("/pairs").text
    assert ward.status("/pairs/pair-1") == 403
    assert [each.kind for each in access_log(wing, FIRST.person)[0].looks] == ["RefusedLook"]
    for handle in ("person", "carer", "commissioner"):
        assert come(handle).status("/pairs") == 404
        assert come(handle).status("/pairs/pair-1") == 404
    assert come().browser.get("/pairs")["Location"].startswith("/sign-in")
    assert come("social.worker").status("/pairs/none") == 404


def test_what_a_rule_joined_says_so_and_is_split_like_any(wing: CareHouse, come, pair: Pair):
    with wing.journal.transaction():
        join_by_rule(wing, [replace(pair, rule="nhs_number+date_of_birth", probability=1.0)])
    nurse = come("district.nurse")
    assert "The rule joined the two records." in nurse.page("/pairs/pair-1").text
    assert nurse.send("/pairs/pair-1", **form(nurse, "split", "Their signatures differ")).status_code == 302
    assert wing.people.records_of(SECOND.person) == (SECOND.person,)


def test_a_third_record_joins_the_two_and_a_ring_is_refused(wing: CareHouse, come, pair: Pair):
    third = replace(SECOND, person="pthree0000000001", local_ids=((COUNCIL, "ICC-90003"),))
    wing.vault.make(third.person)
    wing.people.put(third)
    wing.people.put_pairs(
        [replace(pair, id=f"pair-{n}", left=each.person, right=third.person) for n, each in ((2, FIRST), (3, SECOND))]
    )  # fmt: skip
    social = come("social.worker")
    social.send("/pairs/pair-1", **form(social, "join"))
    sent = {"seen": "0", "act": "join", "why": WHY}
    assert social.send("/pairs/pair-3", key="t3", stands=third.person, **sent).status_code == 302
    # The second goes on being the first's, so the third joins the second.
    assert wing.people.records_of(third.person) == (FIRST.person, SECOND.person, third.person)
    answer = social.send("/pairs/pair-2", key="t2", stands=FIRST.person, **sent)
    assert "through a third" in answer.content.decode()


def test_erasing_one_erases_what_was_joined_and_the_reason_goes_with_either(
    wing: CareHouse, come, pair: Pair
):
    social, lead = come("social.worker"), wing.people.role("care-4")
    social.send("/pairs/pair-1", **form(social, "join"))
    whole = copy_of(wing, replace(lead, organisation=COUNCIL), FIRST.person)
    assert [each["name"]["given"] for each in whole.others] == ["Alwina"]
    assert "RecordsJoined" in [each["what"] for each in whole.recorded]
    social.send("/pairs/pair-1", **form(social, "split", "Erased by mistake otherwise"))
    erase(wing, lead, SECOND.person, "unlawful", "e1")
    assert wing.people.person(FIRST.person) == FIRST
    assert wing.people.pair("pair-1") is None
    with pytest.raises(NotHere):
        compare(wing, wing.people.role("care-1"), "pair-1")


def test_erasing_a_person_erases_every_record_that_was_joined(wing: CareHouse, come, pair: Pair):
    social = come("social.worker")
    social.send("/pairs/pair-1", **form(social, "join"))
    erase(wing, wing.people.role("care-4"), SECOND.person, "unlawful", "e2")
    assert wing.vault.holds([FIRST.person, SECOND.person]) == frozenset()
    assert wing.people.persons([FIRST.person, SECOND.person]) == {}


def test_the_demonstration_has_pairs_to_review_and_one_that_a_rule_joined(come, invented: tuple[Identity, ...]):  # fmt: skip
    social = come("social.worker")
    page = social.page("/pairs").text
    assert "nothing else agrees" in page[: page.index("Passed on")]
    assert "the date of birth agrees" in page[page.index("Decided") :]
    found = social.send("/find", number=invented[6].number, born=f"{invented[6].born}").content.decode()
    assert "2 records agree" in found
    assert "joined to another record of the same person" in found
    assert "They may be one person" not in found
