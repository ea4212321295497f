"""What is said when something asked or handed in cannot be used: one plain sentence, never a traceback."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class Unusable(ValueError):
    """Input that cannot be used. ``str()`` says what is wrong, where, and what to do; nothing was changed."""


class NotHere(Unusable):
    """A thing that was asked for by name and does not exist."""


def printable(text: str) -> str:
    """The text without line breaks and control characters, which could forge what a terminal or a log shows."""
    return "".join(each if each.isprintable() else " " if each.isspace() else "�" for each in text)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word nearest to the one given, in spelling, or None when none is near."""
    by_folded = {each.casefold(): each for each in known}
    found = get_close_matches(word.strip().casefold(), by_folded, n=1, cutoff=0.55)
    return by_folded[found[0]] if found else None


def unknown(what: str, word: str, known: Iterable[str], where: str) -> NotHere:
    """The refusal of an unknown name, with the nearest known one and where the whole list is."""
    near = nearest(word, known)
    hint = f" Did you mean {near}?" if near else ""
    return NotHere(f"There is no {what} “{word}”.{hint} {where}".rstrip())


@dataclass(frozen=True, slots=True)
class Refused:
    """That an action is not done, as a value: why, and what to do about it, in plain sentences. Nothing was changed."""

    says: str
    ended: bool = False
    """Whether it is because an office has ended, which is what to show before any other refusal."""
