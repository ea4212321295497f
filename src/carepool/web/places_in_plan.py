"""A place in a plan, written with slashes by checks and comparisons: as a field of a form, and as people say it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from carepool.actions.planning import PlanView
from carepool.basics.findings import Finding
from carepool.basics.money import in_figures, in_pounds
from carepool.basics.periods import in_words, parse_date
from carepool.basics.refusals import NotHere, Unusable
from carepool.conditions.known import YEAR_KEYS
from carepool.places.bodies import BodyKind, body_id
from carepool.plans.describe import FieldAbout, ListAbout
from carepool.plans.document import EVERY
from carepool.plans.parts import number_typed
from carepool.render.words import quarter_words
from carepool.rules.schema import Conditions, Metrics

TITLES = {name: about.title for name, about in EVERY.items()}
"""The sections as the pages call them."""

NOUNS = {
    "schemes": "Scheme", "sources": "Source", "spend": "Line of spend", "freed": "Contract", "benefits": "Benefit",
    "quarters": "Quarter", "metrics": "Metric", "local": "Local metric", "flows": "Hospital", "answers": "Condition",
    "services": "Service", "earmarks": "Earmark", "risks": "Risk", "contingencies": "Contingency",
    "commentaries": "Commentary", "uses": "Use",
}  # fmt: skip
"""What a row of each list is called."""

_PARTIES = {"boards": "Boards", "councils": "Councils", "host": "Host"}
_LONGEST = 80


def section_of(where: str) -> str | None:
    """The section that a place is in; None for a place in none."""
    first = where.partition("/")[0]
    return first if first in EVERY else None


def field_id(where: str) -> str:
    """The id of the field at a place: ``sources/3/year_1`` and ``sources/sources/3/year_1`` are both sources-3-year_1."""
    first, *rest = where.split("/")
    return "-".join((first, *rest[rest[:1] == [first] :]))


@dataclass(frozen=True, slots=True)
class Parsed:
    """A place taken apart, as far as it is one of the description."""

    section: str
    list: ListAbout | None
    row: str
    """Its number, or what names it."""
    field: FieldAbout | None
    rest: str


def parsed(where: str) -> Parsed:
    """A place taken apart; the list may be left out where its rows are meant by number."""
    section, *rest = where.split("/")
    about = EVERY.get(section)
    if about is None:
        return Parsed(section, None, "", None, "/".join(rest))
    listed = next((each for each in about.lists if rest and each.name == rest[0]), None)
    if listed is not None:
        rest = rest[1:]
    elif rest and rest[0].isdecimal() and about.lists:
        listed = about.lists[0]
    row = rest.pop(0) if listed is not None and rest else ""
    fields = listed.fields if listed is not None else about.fields
    found = next((each for each in fields if rest and each.name == rest[0]), None)
    return Parsed(section, listed, row, found, "/".join(rest[1:] if found else rest))


@dataclass(frozen=True)
class Wording:
    """How one plan's codes, years and streams are said."""

    codes: Mapping[str, str]
    years: tuple[str, ...]
    commissioners: str

    def place(self, where: str) -> str:
        """A place as people say it: ``Money in, NHS Carrowby CCG, Reablement, 2015-16``."""
        found = parsed(where)
        parts = [TITLES.get(found.section, self._word(found.section))]
        if (
            found.list is not None
            and found.list.name != found.section
            and len(EVERY[found.section].lists) > 1
        ):
            parts.append(NOUNS[found.list.name].lower())
        if found.row:
            parts.append(
                f"row {int(found.row) + 1}" if found.row.isdecimal() else ", ".join(map(self._word, found.row.split(", ")))
            )  # fmt: skip
        if found.field is not None:
            parts.append(self.title(found.field))
        if found.rest:
            parts += [f"number {int(each) + 1}" if each.isdecimal() else self._word(each) for each in found.rest.split("/")]  # fmt: skip
        return ", ".join(parts)

    def title(self, about: FieldAbout) -> str:
        """A field's title without its unit, which stands at its amount."""
        if about.name == "host":
            return _PARTIES["host"]
        return about.titled(self.years).removesuffix(", pounds")

    def _word(self, word: str) -> str:
        if word in _PARTIES or word == "ccgs":
            return _PARTIES.get(word, self.commissioners)
        bare = re.sub(r" \(\d+\)$", "", word)
        try:
            return self.codes.get(bare) or quarter_words(bare)
        except Unusable:
            return word if len(word) <= _LONGEST else f"{word[:_LONGEST]}…"

    def value(self, where: str, value: object) -> str:
        """What stands at a place, in words: money in pounds, a row as its fields."""
        if value is None:
            return "not there"
        if isinstance(value, Mapping):
            place = parsed(where)
            fields = place.list.fields if place.list is not None else EVERY[place.section].fields if place.section in EVERY else ()  # fmt: skip
            held = [(each, value[each.name]) for each in fields if value.get(each.name) not in (None, "")]
            shown = [(each, one) for each, one in held if self._used(each)]
            return "; ".join(f"{self.title(each)}: {self.said_of(each, one)}" for each, one in shown)
        if isinstance(value, list):
            return ", ".join(self._word(str(each)) for each in value) or "empty"
        return self.said_of(parsed(where).field, value)

    def _used(self, about: FieldAbout) -> bool:
        return len(self.years) > 1 or about.name != YEAR_KEYS[0]

    def said_of(self, about: FieldAbout | None, value: object) -> str:
        """What stands in a field, in words; what was typed and cannot be read stands as it was typed."""
        if value is None or value == "":
            return "empty"
        if about is None:
            return self._word(str(value))
        if about.kind == "money" and isinstance(value, int):
            return in_pounds(value)
        try:
            return self._written(about, str(value))
        except (Unusable, ValueError):
            return str(value)

    def _written(self, about: FieldAbout, text: str) -> str:
        if about.kind in {"choice", "yesno"}:
            return about.codes.get(text, self.codes.get(text, text))
        if about.kind == "code" or about.name == "host" or about.of:
            return self.codes.get(text, text)
        if about.kind == "quarter":
            return quarter_words(text)
        if about.kind == "day":
            return in_words(parse_date(text))
        if about.kind in {"count", "percent"}:
            return in_figures(number_typed(text)) + ("%" if about.kind == "percent" else "")
        return text

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
    commissioner = found.known.commissioner
    codes = {stream.name: stream.says for stream in found.rules.composition.streams}
    codes |= {"additional": "Added of its own accord"}
    conditions = found.rules.find("conditions", Conditions)
    metrics = found.rules.find("metrics", Metrics)
    codes |= {each.id: each.title for each in (conditions.conditions if conditions else ())}
    codes |= {each.id: each.title for each in (metrics.metrics if metrics else ())}
    codes |= found.known.trusts
    codes |= {
        body.code: body.name
        for body in found.area.bodies.values()
        if body.kind in {BodyKind.COUNCIL, commissioner}
    }
    return Wording(codes, found.known.years, commissioner.words)


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
