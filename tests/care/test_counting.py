"""What the wing counts for the fund is made of its people's care, holds nobody, and hides what is small."""

import json
import re
from datetime import timedelta

from carepool.care.actions.counting import count
from carepool.care.actions.demonstration import BOARD
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Identity
from carepool.measures.care_counts import read_care_counts
from carepool.measures.monthly import after


def last(wing: CareHouse) -> str:
    return after(f"{wing.today:%Y-%m}", -1)


def test_the_counts_are_those_of_the_wing_and_the_fund_takes_the_file(
    wing: CareHouse, invented: tuple[Identity, ...]
):
    found = count(wing, BOARD, [last(wing)])
    read = read_care_counts(json.dumps(found.document).encode())
    rows = {each.metric: each for each in read.rows}
    # Sixty packages, of which every sixth began this week; of seven, one was never offered and one not answered.
    running = [number for number in range(60) if number % 6 != 1]
    answered = [number for number in running if number % 7 not in {3, 5}]
    assert len(running) == 50
    assert (rows["accountable_professional"].numerator, rows["accountable_professional"].denominator) == (5 * round(len(answered) / 5), 50)  # fmt: skip
    assert rows["traced_numbers"].numerator is None  # seven have no verified number, and seven is small
    text = json.dumps(found.document)
    for who in invented:
        assert who.person not in text
        assert not who.number or who.number not in text
        assert who.family not in text
    assert not re.search(r"\d{10}", text.replace(str(found.document["digest"]), ""))


def test_a_hidden_count_is_null_and_says_so_and_every_shown_one_is_rounded(wing: CareHouse):
    months = [after(last(wing), -each) for each in range(12)]
    found = count(wing, BOARD, months)
    rows = found.document["rows"]
    assert isinstance(rows, list)
    assert found.shown and found.hidden
    for each in rows:
        shown = each["status"] == "shown"
        assert shown == (each["numerator"] is not None) == (each["denominator"] is not None)
        if shown:
            assert each["numerator"] % 5 == each["denominator"] % 5 == 0
            assert each["numerator"] == 0 or each["numerator"] > 7
    assert count(wing, "ZZ9", months).elsewhere == (BOARD,)
    assert found.elsewhere == ()
    assert {each["metric"] for each in rows} == {"can_plan_my_care", "accountable_professional", "joint_plans", "traced_numbers", "weekend_starts"}  # fmt: skip


def test_whose_key_is_gone_is_counted_no_more(wing: CareHouse, invented: tuple[Identity, ...]):
    before = count(wing, BOARD, [last(wing)]).document["rows"]
    for who in invented:
        if who is not invented[0]:
            wing.vault.destroy(who.person, wing.clock() - timedelta(minutes=1))
    rows = count(wing, BOARD, [last(wing)]).document["rows"]
    assert rows != before
    assert all(each["status"] == "suppressed" for each in rows)
