"""How near the words of a label are to the words of a field: counted, rare words for more than common ones."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from carepool.plans.describe import FieldAbout

Words = frozenset[str]

_STOP = """
a an and any are as at be been by can code could do does each for from give had has have here how if in into is it its many may more
most no not of on or other our out over please provide set should so such than that the their them there these they this those to
under up was we were what when where which who whom whose why will with would you your name describe detail enter list section state
summary tell
"""
STOP = frozenset(_STOP.split())
"""Words that say nothing of what is asked for, unless there are no others."""
SAME = {"expenditure": "spend", "spending": "spend", "hwb": "board", "ccg": "commissioner", "nea": "admission", "dtoc": "delay", "org": "organisation", "yr": "year", "mitigating": "mitigation", "mitigate": "mitigation"}  # fmt: skip
"""What templates call things that carepool calls otherwise."""
LONGEST = 400
"""Characters of a label that are looked at."""
UNKNOWN = 0.4
"""What a word counts that no field has."""

_PART = re.compile(r"20[0-9]{2}\s*[-–/]\s*(?:20)?[0-9]{2}(?![0-9])|[a-z]+(?:['’][a-z]+)?|[0-9]+|[£%]")
_THOUSANDS = re.compile(r"£\s*['’]?\s*0{3}s?\b|£\s*k\b|\bthousands?\b|\(\s*['’]?000s?\s*\)", re.IGNORECASE)


@lru_cache(4096)
def words_of(text: str) -> Words:
    """The words that count in a text, as they are compared: small, singular, years written alike."""
    found = [_plainly(each) for each in _PART.findall(_THOUSANDS.sub(" £ ", text[:LONGEST].casefold()))]
    told = frozenset(each for each in found if each not in STOP)
    return told or frozenset(found)


def in_thousands(text: str) -> bool:
    """Whether a label says that amounts are in thousands."""
    return bool(_THOUSANDS.search(text[:LONGEST]))


def says_pounds(text: str) -> bool:
    """Whether a label names pounds at all."""
    return "pound" in words_of(text)


def _plainly(part: str) -> str:
    if part in "£%":
        return {"£": "pound", "%": "cent"}[part]
    if part[0].isdigit():
        years = re.findall("[0-9]+", part)
        return f"{years[0]}-{years[-1][-2:]}" if len(years) > 1 else part
    part = re.sub("['’]s?", "", part)
    if len(part) > 4 and part.endswith("ies"):
        part = f"{part[:-3]}y"
    elif len(part) > 3 and part.endswith("s") and not part.endswith(("ss", "us", "is")):
        part = part[:-1]
    return SAME.get(part, part)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: the words of a field, in its title and in its name, and those of its hint."""

    titles: tuple[Words, ...]
    hint: Words = frozenset()


def wanted(about: FieldAbout) -> Wanted:
    """What to look for to find a field."""
    name = words_of(about.name.replace("_", " ")) if about.name not in _NO_NAMES else frozenset()
    return Wanted(tuple(dict.fromkeys(each for each in (words_of(about.title), name) if each)), words_of(about.hint))  # fmt: skip


_NO_NAMES = {"pence", "year_1", "year_2", "id", "by", "to", "what", "plan", "sharing", "primary", "public", "process", "tool", "case", "acute"}  # fmt: skip
"""Names of fields that no template would call so, or that are on every label."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each word counts: the more fields have it, the less."""

    of: Mapping[str, float]

    def sum(self, words: Iterable[str]) -> float:
        """What some words count together."""
        # In their order, because a sum of floats depends on it, and a guess is the same on every day.
        return sum(self.of.get(each, UNKNOWN) for each in sorted(words))

    def nearness(self, looked_for: Wanted, label: Words) -> tuple[float, Words]:
        """How near a label is, from 0 to 1, and the words that they share: the mean of how much of each is in the other."""
        best, shared = 0.0, frozenset[str]()
        for title in looked_for.titles:
            both = title & label
            if not both:
                continue
            told = self.sum(both) / self.sum(title)
            meant = self.sum(label & (title | looked_for.hint)) / self.sum(label)
            near = 2 * told * meant / (told + meant)
            if near > best:
                best, shared = near, both
        return best, shared


def weights(all_wanted: Iterable[Wanted]) -> Weights:
    """The weights of words among some fields."""
    often = Counter(word for each in all_wanted for word in frozenset().union(*each.titles))
    return Weights({word: 1 / sqrt(count) for word, count in often.items()})
