"""A place in a plan, written with slashes by checks and comparisons: as a field of a form, and as people say it."""

from collections.abc import Mapping
from dataclasses import dataclass

from carepool.actions.planning import PlanView
from carepool.basics.findings import Finding
from carepool.basics.money import in_pounds
from carepool.basics.refusals import NotHere, Unusable
from carepool.conditions.known import YEAR_KEYS
from carepool.places.bodies import BodyKind, body_id
from carepool.plans.document import SECTIONS
from carepool.render.words import quarter_words

TITLES = {
    "parties": "Parties",
    "schemes": "Schemes",
    "sources": "Sources",
    "spend": "Spend",
    "target": "Admissions target",
}
"""The sections as the pages call them."""

_WORDS = {
    "boards": "Boards", "councils": "Councils", "host": "Host", "quarters": "Quarters",
    "id": "Number", "name": "Name", "what": "What it does", "who_for": "Who it is for",
    "contributor": "Contributor", "source": "Stream", "scheme": "Scheme", "commissioner": "Commissioner",
    "provider": "Provider", "quarter": "Quarter", "baseline": "Baseline", "planned": "Target",
    "case": "Case for a lower target", "title": "Title", "rules": "Rules",
}  # fmt: skip


def section_of(where: str) -> str | None:
    """The section that a place is in; None for a place in none."""
    first = where.partition("/")[0]
    return first if first in SECTIONS else None


def field_id(where: str) -> str:
    """The id of the field at a place: ``sources/3/year_1`` and ``sources/sources/3/year_1`` are both sources-3-year_1."""
    first, *rest = where.split("/")
    return "-".join((first, *rest[rest[:1] == [first] :]))


@dataclass(frozen=True)
class Wording:
    """How one plan's codes, years and streams are said."""

    words: Mapping[str, str]

    def place(self, where: str) -> str:
        """A place as people say it: ``Sources, NHS Carrowby CCG, Reablement, 2015-16``."""
        first, *rest = where.split("/")
        parts = [TITLES.get(first, self.words.get(first, first))]
        for part in rest[rest[:1] == [first] :]:
            parts.append(
                f"row {int(part) + 1}" if part.isdecimal() else ", ".join(map(self._word, part.split(", ")))
            )
        return ", ".join(parts)

    def _word(self, word: str) -> str:
        try:
            return self.words.get(word) or quarter_words(word)
        except Unusable:
            return word

    def value(self, where: str, value: object) -> str:
        """What stands at a place, in words: money in pounds, a row as its fields."""
        if value is None:
            return "not there"
        if isinstance(value, Mapping):
            return "; ".join(
                f"{self._word(str(key))}: {self.value(str(key), each)}"
                for key, each in value.items()
                if key not in YEAR_KEYS or key in self.words
            )
        if where.rpartition("/")[2] in YEAR_KEYS and isinstance(value, int):
            return in_pounds(value)
        return self.words.get(str(value), str(value)) or "empty"

    def finding(self, finding: Finding) -> str:
        """A finding's two sentences, with the years as people call them."""
        return f"{self.said(finding)} {finding.remedy}".strip()

    def said(self, finding: Finding) -> str:
        """A finding's first sentence, with the years as people call them."""
        says = finding.says
        if finding.code == "plan-shape":
            spoken = ", ".join(
                f"row {int(part) + 1}" if part.isdecimal() else part.replace("_", " ")
                for part in dict.fromkeys(finding.where.split("/"))
            )
            fault = says[len(spoken) :] if says.casefold().startswith(spoken) else f": {says}"
            fault = f":{fault}" if fault.startswith(" “") else fault
            says = self.place(finding.where) + fault
        return says


def wording(found: PlanView) -> Wording:
    """How this plan's codes, years and streams are said."""
    words = dict(_WORDS)
    commissioner = found.known.commissioner
    words |= found.known.year_fields
    words |= {"ccgs": commissioner.words}
    words |= {stream.name: stream.says for stream in found.rules.composition.streams}
    words |= {"additional": "Added of its own accord"}
    words |= {
        body.code: body.name
        for body in found.area.bodies.values()
        if body.kind in {BodyKind.COUNCIL, commissioner}
    }
    return Wording(words)


def code_named(found: PlanView, code: str) -> str:
    """A council's or NHS commissioner's name by its code; the code where it is none that we know."""
    for kind in (BodyKind.COUNCIL, found.known.commissioner):
        body = found.area.bodies.get(body_id(kind, code))
        if body:
            return body.name
    return code


def board_named(found: PlanView, code: str) -> str:
    """A board's name by its code."""
    try:
        return found.area.england.places.board(code).name
    except NotHere:
        return code
