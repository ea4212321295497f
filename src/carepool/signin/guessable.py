"""Passwords that are long enough and guessed all the same: common ones put together, repeated, counted up, or a date."""

import gzip
import re
from datetime import date
from functools import cache
from importlib.resources import files

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

SHORTEST = 4
"""Characters of a common password that counts as a part of another."""
FIGURES = 4
"""Figures that are put before or behind a common password without making it another: a year, or a count."""
DIFFERENT = 5
"""Different characters that a password has at least."""
RUN = 8
"""Characters that follow one another, like 12345678, of which a password is no more than those and a few."""
SOUNDS = str.maketrans("@431057$!", "aaeiostsi")
"""What is written for a letter that it looks like."""
ROWS = ("0123456789012345678901234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp", "zaqxswcdevfrbgtnhymjukilop")  # fmt: skip
"""The order of figures, of letters, and of the keys along and down a keyboard."""
YEARS = range(1900, 2100)

LISTED = "This password is too common: many have it, and it is tried first. Choose three or four words that have nothing to do with each other."
MADE_OF_COMMON = "This password is too common: it is made of passwords that are tried first. Choose three or four words that have nothing to do with each other."
OF_A_PATTERN = "This password follows a pattern, like keys in a row, one thing again and again, or a date. Choose three or four words that have nothing to do with each other."


class Guessable:
    """Refuses what is guessed first among passwords of our length. Any characters will do, figures alone too, where they have no pattern."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002  (Django hands it to every validator)
        """ValidationError where the password is common or made of common ones, or follows a pattern."""
        if of_a_pattern(password):
            raise ValidationError(OF_A_PATTERN, code="password_of_a_pattern")
        if is_listed(password):
            raise ValidationError(LISTED, code="password_too_common")
        if made_of_common(password):
            raise ValidationError(MADE_OF_COMMON, code="password_made_of_common")

    def get_help_text(self) -> str:
        """What Django would say beside a field."""
        return "Your password cannot be made of commonly used ones, nor follow a pattern."


def is_listed(password: str) -> bool:
    """Whether it is one of the commonest passwords of twelve characters or more, as it stands or without the few figures and signs behind it."""
    written = password.casefold()
    return not {written, _bare(written)}.isdisjoint(long_common())


def made_of_common(password: str) -> bool:
    """Whether it is one or two common passwords, with few figures about them, whatever stands between and whatever letters are written as."""
    written = password.casefold()
    tried = {part for each in (written, _bare(written)) for part in (each, each.translate(SOUNDS))}
    return any(_is_common(each) for part in tried for each in _without_figures(_letters(part)))


def of_a_pattern(password: str) -> bool:
    """Whether it has few different characters, is one thing repeated, is no more than keys in a row, or is a date with a few figures."""
    whole = _letters(password.casefold())
    if len(set(password.casefold())) < DIFFERENT or _repeats(whole) or _in_a_row(whole):
        return True
    return whole.isascii() and whole.isdecimal() and _holds_a_date(whole)


def _letters(text: str) -> str:
    """The letters and figures of a text."""
    return "".join(each for each in text if each.isalnum())


def _bare(text: str) -> str:
    """A text without the few figures and the signs behind it, which were put there to be let through."""
    return re.sub(rf"\W*\d{{0,{FIGURES}}}\W*$", "", text)


def _repeats(whole: str) -> bool:
    """Whether it is something of at most a half of it again and again, and at most three more characters."""
    sizes = (size for size in range(1, len(whole) // 2 + 1) if len(whole) % size <= 3)
    return any(whole.startswith(whole[:size] * (len(whole) // size)) for size in sizes)


def _in_a_row(whole: str) -> bool:
    """Whether all of it but a third, at most, is a run of one of the rows, up or down."""
    for row in ROWS:
        for order in (row, row[::-1]):
            for start in range(len(whole)):
                size = 0
                while start + size < len(whole) and whole[start : start + size + 1] in order:
                    size += 1
                if size >= RUN and size * 3 >= len(whole) * 2:
                    return True
    return False


def _holds_a_date(figures: str) -> bool:
    """Whether eight of the figures in a row are a day, written in one of three orders."""
    eights = [figures[at : at + 8] for at in range(len(figures) - 7)]
    orders = [
        (each[at : at + 4], each[m : m + 2], each[d : d + 2])
        for each in eights
        for at, m, d in ((0, 4, 6), (4, 2, 0), (4, 0, 2))
    ]
    return any(int(year) in YEARS and _is_day(int(year), int(month), int(day)) for year, month, day in orders)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _without_figures(whole: str) -> set[str]:
    """It, and it without the few figures before and behind."""
    return {whole, re.sub(rf"^\d{{0,{FIGURES}}}|\d{{0,{FIGURES}}}$", "", whole)}


def _is_common(text: str) -> bool:
    """Whether a text is a common password, or two of them, one behind the other."""
    known = _common()
    if text in known and len(text) >= SHORTEST:
        return True
    cuts = range(SHORTEST, len(text) - SHORTEST + 1)
    return any(text[:at] in known and text[at:] in known for at in cuts)


@cache
def _common() -> frozenset[str]:
    """The 19,640 passwords that Django ships, in small letters."""
    return frozenset(CommonPasswordValidator().passwords)


@cache
def long_common() -> tuple[str, ...]:
    """The 15,542 commonest passwords of twelve characters or more, commonest first, in small letters."""
    packed = files("carepool.signin").joinpath("long-common.txt.gz").read_bytes()
    return tuple(gzip.decompress(packed).decode().splitlines())
