"""Whether words say anything: reasons, minutes and narratives that nobody can see are none."""

import unicodedata

INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs by their class that show nothing: the fillers of Hangul, and braille without a dot."""
_SEEN = frozenset("LNPS")
"""The classes of characters that show something by themselves: letters, numbers, punctuation and signs."""


def blank(text: str) -> bool:
    """Whether nothing of a text can be seen: it is empty, or white space, joiners, marks on nothing and the like alone."""
    # Nearly every text begins with a letter or a figure that shows, and whole plans are asked this text by text.
    if (first := text[:1]).isascii() and first.isalnum():
        return False
    return not any(unicodedata.category(each)[0] in _SEEN and each not in INVISIBLE for each in text)


def seen(text: str) -> str:
    """A text without the space around it, and nothing at all where nothing of it can be seen."""
    return "" if blank(text) else text.strip()
