"""NHS numbers: ten digits, checked by the last, in a range that is issued; shown 3 3 4, and never enough to know somebody by.

``carepool nhs-number FILE --json`` answers a list of input, number, valid and reason, one for each line.
"""

import json
import os
from itertools import pairwise
from pathlib import Path

import nhs_number as others
import numpy as np
import pytest
from typer.testing import CliRunner

from carepool.care.people import nhs_number as rooms
from carepool.care.people.nhs_number import RANGES, check_digit, digits_of, held, judge, range_of, shown
from carepool.wiring.main import application
from tests.counts import counting

TITLE = "NHS numbers"
SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
WHOLE, FIRST = 10_000_000, 9_990_000_000
VALID_OF_THE_RANGE = 909_091


@pytest.mark.parametrize("text", ["9434765919", "943 476 5919", " 943-476-5919\t", "\ufeff943 4765919", "9 4 3 4 7 6 5 9 1 9"])  # fmt: skip
def test_spaces_and_hyphens_are_forgiven(text: str) -> None:
    """A number is the same however it is spaced, and it is shown as three, three and four digits."""
    judged = judge(text)
    assert (judged.number, judged.valid, judged.reason) == ("9434765919", True, None)
    assert shown("9434765919") == "943 476 5919"


@pytest.mark.parametrize("text", ["943476591", "94347659190", "943476591X", "", "  ", "９４３４７６５９１９", "943.476.5919", "+9434765919", "9434765919 9434765919"])  # fmt: skip
def test_anything_but_ten_digits_is_no_number(text: str) -> None:
    """The answer has no number then, and says so; digits of other scripts are none."""
    judged = judge(text)
    assert judged.number is None
    assert not judged.valid
    assert judged.reason == (rooms.NOT_DIGITS if text.strip() else rooms.EMPTY)


def test_the_check_digit_is_by_modulus_11() -> None:
    """943 476 591 is checked by 9; 987 654 321 has check digit 0, never 4; where ten would be needed no number exists (NHS Data Dictionary)."""
    assert check_digit("943476591") == 9
    assert check_digit("987654321") == 0
    assert judge("9876543210").valid
    assert judge("987 654 3214").reason == rooms.WRONG_CHECK
    none = next(f"{n:09}" for n in range(400_000_000, 400_000_100) if check_digit(f"{n:09}") is None)
    assert not any(judge(none + str(last)).valid for last in range(10))


@pytest.mark.parametrize("digit", "0123456789")
def test_one_digit_ten_times_is_refused(digit: str) -> None:
    """Some of them pass the check digit, 999 999 9999 among them."""
    assert check_digit("999999999") == 9
    assert judge(digit * 10).reason == rooms.REPEATED


def test_any_single_digit_and_any_two_neighbours_that_changed_places_are_caught() -> None:
    """Not so two wrong digits: about one pair in ten passes, so a second demographic always has to agree."""
    right = "9434765919"
    for place in range(10):
        for digit in "0123456789":
            assert judge(right[:place] + digit + right[place + 1 :]).valid is (digit == right[place])
    swapped = [
        right[:n] + right[n + 1] + right[n] + right[n + 2 :] for n in range(9) if right[n] != right[n + 1]
    ]
    assert not any(judge(each).valid for each in swapped)
    pairs = [f"{a}{right[1:6]}{b}{right[7:]}" for a in "0123456789" for b in "0123456789" if a != right[0] and b != right[6]]  # fmt: skip
    assert 0.05 < sum(judge(each).valid for each in pairs) / len(pairs) < 0.15


def test_only_what_is_issued_in_england_passes_when_ranges_are_judged() -> None:
    """4, 6 and 7; what Scotland, Northern Ireland or Ireland issue, what nobody does, and 999 are named for what they are."""
    for start, issued in (("001", False), ("010", False), ("312", False), ("330", False), ("400", True), ("499", True), ("500", False), ("600", True), ("799", True), ("800", False), ("870", False), ("900", False), ("999", False)):  # fmt: skip
        number = next(f"{n:09}{check_digit(f'{n:09}')}" for n in range(int(start) * 10**6 + 123_456, 10**9) if check_digit(f"{n:09}") is not None)  # fmt: skip
        assert judge(number).valid
        judged = judge(number, issued_only=True)
        assert judged.valid is issued, number
        assert issued or judged.reason == range_of(number).says


def test_ranges_leave_no_gap() -> None:
    """Every ten digits are in exactly one."""
    assert RANGES[0].first == 0
    assert RANGES[-1].last == 10**10 - 1
    assert all(one.last + 1 == two.first for one, two in pairwise(RANGES))


def test_demonstration_keeps_only_999_and_production_refuses_it() -> None:
    """So no number that could be somebody's is in a demonstration, and no invented one in a service."""
    assert held("999 000 0026", production=False).valid
    assert held("999 000 0026", production=True).reason == rooms.TEST_RANGE
    assert held("401 023 2137", production=True).valid
    assert "could be somebody's" in (held("401 023 2137", production=False).reason or "")
    assert not held("943 476 5919", production=True).valid
    assert not held("943 476 5918", production=False).valid


@pytest.mark.slow
def test_of_the_whole_999_range_909_091_numbers_have_the_right_check_digit() -> None:
    """Of 10,000,000, counted by arithmetic on all of them at once; and one by one with ours on 100,000, in the soak on all, the same."""
    with counting("the 999 range") as found:
        numbers = np.arange(WHOLE, dtype=np.int64) + FIRST
        sums = sum((numbers // 10 ** (10 - place) % 10) * (11 - place) for place in range(1, 11))
        right = sums % 11 == 0  # weighing the check digit itself by one
        assert int(right.sum()) == VALID_OF_THE_RANGE
        step = 1 if SOAK else WHOLE // 100_000
        chosen = range(37 % step, WHOLE, step)
        for n in chosen:
            number = str(FIRST + n)
            assert (check_digit(number[:9]) == int(number[9])) is bool(right[n]), number
        found.append(f"{len(chosen):,} by our own check digit beside {WHOLE:,} by arithmetic")


def test_the_check_digit_is_the_one_that_others_compute() -> None:
    """Those of the package nhs-number, on numbers of every range; its own 10 for “none” is our None."""
    for nine in range(0, 10**9, 9_999_991):
        assert check_digit(f"{nine:09}") == {10: None}.get(
            theirs := others.calculate_checksum(f"{nine:09}"), theirs
        )


def test_the_command_answers_every_line_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty line between others too, so that line 7 is the seventh answer. In production 999 is refused."""
    file = tmp_path / "numbers.txt"
    file.write_bytes("\ufeff943 476 5919\r\n\r\n9990000026\r\n999 000 0027\r\n".encode())
    answer = CliRunner().invoke(application(), ["nhs-number", str(file), "--json"])
    assert answer.exit_code == 0
    found = json.loads(answer.stdout)
    assert [list(each) for each in found] == [["input", "number", "valid", "reason"]] * 4
    assert [each["valid"] for each in found] == [True, False, True, False]
    assert found[0] == {"input": "943 476 5919", "number": "9434765919", "valid": True, "reason": None}
    assert CliRunner().invoke(application(), ["nhs-number", str(file)]).stdout.startswith("943 476 5919  valid\n(nothing)  There is no")  # fmt: skip
    monkeypatch.setenv("CAREPOOL_PRODUCTION", "yes")
    found = json.loads(CliRunner().invoke(application(), ["nhs-number", str(file), "--json"]).stdout)
    assert found[2]["reason"] == rooms.TEST_RANGE


def test_what_the_command_cannot_read_it_refuses(tmp_path: Path) -> None:
    """In one sentence, with what to do."""
    (tmp_path / "odd").write_bytes(b"\xff\xfe9\x00")
    for name, says in (("none", "There is no file"), ("odd", "not text in UTF-8")):
        answer = CliRunner().invoke(application(), ["nhs-number", str(tmp_path / name)])
        assert answer.exit_code != 0
        assert says in str(answer.exception)


def test_only_digits_count() -> None:
    """What is kept of a text is its ten digits, or nothing."""
    assert digits_of("999 000 0026") == "9990000026"
    assert digits_of("999 000 00Z6") is None
