"""The NHS number: ten digits, the last of which checks the others, in ranges that some nation issues or nobody does.

The check digit is by modulus 11 (NHS Data Model and Dictionary, NHS NUMBER). It lets through numbers of one repeated digit, and one
pair of wrong digits in ten: a valid number alone identifies nobody, and a second demographic must agree.
"""

import re
from dataclasses import dataclass

LENGTH = 10
WEIGHTS = range(10, 1, -1)
_SPACES = re.compile(r"[\s\-‐-–]+")
_DIGITS = re.compile(r"[0-9]{10}")

NOT_DIGITS = "It is not ten digits, with or without spaces between them. Look at the source again."
EMPTY = "There is no number on this line."
WRONG_CHECK = "Its check digit is wrong: one of the ten digits is not as it was issued, or two have changed places. Ask for it again, or trace the person."
REPEATED = "It is one digit ten times, which is typed in where there is no number. Trace the person."
TEST_RANGE = "It is in the range for demonstration and test (999), which is issued to nobody and refused in production."


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers between two, both included, and who has them."""

    first: int
    last: int
    says: str
    issued: bool = False
    """Whether they are NHS numbers of England, Wales and the Isle of Man."""


# The ranges as the package nhs-number 2.2.0 collates them from published sources; the dictionary's own table is not at hand.
RANGES = (
    Range(0, 99_999_999, "It is below every number in use. Trace the person."),
    Range(100_000_000, 3_112_999_999, "It is in the range of Scotland's CHI numbers, which are no NHS numbers. Trace the person."),
    Range(3_113_000_000, 3_199_999_999, "It is in a range that nobody issues (3113 to 3199). Trace the person."),
    Range(3_200_000_000, 3_999_999_999, "It is in the range of Northern Ireland's Health and Care numbers, which are no NHS numbers. Trace the person."),
    Range(4_000_000_000, 4_999_999_999, "England, Wales and the Isle of Man", issued=True),
    Range(5_000_000_000, 5_999_999_999, "It is in a range that was never issued (5). Trace the person."),
    Range(6_000_000_000, 7_999_999_999, "England, Wales and the Isle of Man", issued=True),
    Range(8_000_000_000, 8_599_999_999, "It is in the range of Ireland's health identifiers, which are no NHS numbers. Trace the person."),
    Range(8_600_000_000, 8_999_999_999, "It is in a range that nobody issues (86 to 89). Trace the person."),
    Range(9_000_000_000, 9_989_999_999, "It is in a range that was never issued (9). Trace the person."),
    Range(9_990_000_000, 9_999_999_999, TEST_RANGE),
)  # fmt: skip
TEST = RANGES[-1]


@dataclass(frozen=True, slots=True)
class Judged:
    """What was handed in, the ten digits in it, and whether they can be an NHS number; the reason says why not."""

    input: str
    number: str | None
    valid: bool
    reason: str | None = None


def judge(text: str, *, issued_only: bool = False, production: bool = False) -> Judged:
    """Whether a text is an NHS number by its form and check digit; ``issued_only`` refuses what England does not issue.

    ``production`` refuses the range for demonstration and test. Nothing is said of whose number it is.
    """
    number = digits_of(text)
    if number is None:
        return Judged(text, None, False, NOT_DIGITS if text.strip() else EMPTY)
    return Judged(text, number, (reason := _wrong(number, issued_only, production)) is None, reason)


def held(text: str, *, production: bool) -> Judged:
    """Whether a number may be kept of a person: in production one that was issued, elsewhere one for demonstration and test alone."""
    judged = judge(text, issued_only=production, production=production)
    if judged.valid and not production and range_of(judged.number or "") is not TEST:
        return Judged(text, judged.number, False, "It could be somebody's. In demonstration and test only numbers that begin with 999 are kept.")  # fmt: skip
    return judged


def digits_of(text: str) -> str | None:
    """The ten digits of a text, however they are spaced, or None."""
    bare = _SPACES.sub("", text.removeprefix("\ufeff"))
    return bare if _DIGITS.fullmatch(bare) else None


def check_digit(nine: str) -> int | None:
    """The digit that checks nine others, or None where they can have none."""
    left = -sum(weight * int(digit) for weight, digit in zip(WEIGHTS, nine, strict=True)) % 11
    return None if left == 10 else left


def shown(number: str) -> str:
    """Ten digits as people read them: three, three and four."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def range_of(number: str) -> Range:
    """The range that ten digits are in."""
    value = int(number)
    return next(each for each in RANGES if value <= each.last)


def _wrong(number: str, issued_only: bool, production: bool) -> str | None:
    if number == number[0] * LENGTH:
        return REPEATED
    if check_digit(number[:-1]) != int(number[-1]):
        return WRONG_CHECK
    where = range_of(number)
    if production and where is TEST:
        return TEST_RANGE
    return where.says if issued_only and not where.issued else None
