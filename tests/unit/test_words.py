"""Whether words say anything: what nobody can see is no reason."""

import pytest

from carepool.basics.words import blank, seen
from carepool.plans.parts import _or_none, _stripped
from carepool.web.acts import Answers

NOTHING = (
    "", "  \n\t", "\u200b", "\u200c\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e\u202c", "\u00a0\u3000", "\u180e", "\u034f", "\ufe0f",
    "\u0301", "\u3164", "\u115f\u1160", "\uffa0", "\u2800", "\U000e0041", "\x00\x7f", " \u200b \u200b ",
)  # fmt: skip
"""White space, joiners, marks of direction, tags, accents on nothing, fillers and controls."""


@pytest.mark.parametrize("text", NOTHING, ids=ascii)
def test_what_cannot_be_seen_says_nothing(text: str) -> None:
    """Wherever words are asked for: by a form, by a plan's or a return's field, by the log."""
    assert blank(text)
    assert seen(text) == ""
    assert Answers({"words": text}, {}).text("words") == ""
    assert _or_none(text) is None
    assert _stripped(text) == ""


@pytest.mark.parametrize("text", ["No.", "-", "£", "é", "عربي", "नमस्ते", "日本", "1", "\u200bNo\u200b", "👍\ufe0f"], ids=ascii)  # fmt: skip
def test_what_can_be_seen_is_kept_as_it_was_written(text: str) -> None:
    """In any script, with the joiners that it needs; only the space around it goes."""
    assert not blank(text)
    assert seen(f"  {text}\n") == text
