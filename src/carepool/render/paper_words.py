"""What a plan's codes, fields and places are called in a paper, from the one description of its sections."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from carepool.actions.papers import PaperOf
from carepool.basics.money import in_figures, in_pounds
from carepool.basics.periods import in_words, parse_date
from carepool.places.bodies import BodyKind, body_id
from carepool.plans.comments import Place
from carepool.plans.describe import FieldAbout, SectionAbout
from carepool.plans.document import EVERY
from carepool.plans.withholding import reason_words
from carepool.render.words import quarter_words
from carepool.rules.schema import Metrics

LONGEST = 160
"""Characters of somebody's words that a list of changes repeats."""


def title_of(section: str) -> str:
    """A section's title."""
    return EVERY[section].title


def listed(names: Iterable[str]) -> str:
    """Names in a sentence: a, b and c."""
    known = list(names)
    return " and ".join([", ".join(known[:-1]), known[-1]] if len(known) > 1 else known)


def many(number: int, one: str, several: str = "") -> str:
    """A number with its word: one blocker, 2 blockers, no blockers."""
    return f"{ {0: 'no', 1: 'one'}.get(number, number) } {one if number == 1 else several or f'{one}s'}"


def cut(words: str, longest: int = LONGEST) -> str:
    """The beginning of words that are too long to repeat, on one line."""
    line = " ".join(words.split())
    return line if len(line) <= longest else f"{line[:longest].rsplit(' ', 1)[0]} …"


class Wording:
    """How one plan's codes, years and places are said."""

    def __init__(self, found: PaperOf) -> None:
        self.years = found.known.years
        self.year_fields = found.known.year_fields
        self._commissioner = found.known.commissioner
        self._bodies = found.area.bodies
        rules = found.known.rules
        metrics = rules.find("metrics", Metrics)
        self._names = {
            **{stream.name: stream.says for stream in rules.composition.streams},
            **{each.id: each.title for each in rules.conditions.conditions},
            **({each.id: each.title for each in metrics.metrics} if metrics else {}),
            **{each.id: each.title for each in found.plan.metrics.local if each.title},
            **found.known.trusts,
            "additional": "Added of its own accord",
        }
        self._schemes = {each.id: each.name for each in found.plan.schemes.schemes if each.name}

    def named(self, code: str) -> str:
        """A party, stream, condition, metric or trust by name; a code that is none of them as it stands."""
        for kind in (BodyKind.COUNCIL, self._commissioner):
            if (body := self._bodies.get(body_id(kind, code))) is not None:
                return body.name
        return self._names.get(code, code)

    def board(self, code: str) -> str:
        """A board's name."""
        body = self._bodies.get(body_id(BodyKind.BOARD, code))
        return body.name if body else code

    def scheme(self, id_: str) -> str:
        """A scheme's number and name."""
        return f"{id_}, {self._schemes[id_]}" if id_ in self._schemes else id_

    def title(self, field: FieldAbout) -> str:
        """A field's title; its unit stands at each amount."""
        return field.titled(self.years).removesuffix(", pounds")

    def value(self, field: FieldAbout | None, value: object) -> str:
        """What a field holds, in words; empty for what nobody has filled in."""
        if value is None or value == "":
            return ""
        kind = field.kind if field else ""
        if kind == "money" and isinstance(value, int):
            return in_pounds(value)
        if kind == "count":
            return in_figures(Decimal(str(value)))
        if kind == "percent":
            return f"{in_figures(Decimal(str(value)))}%"
        if kind == "day":
            return in_words(parse_date(str(value)))
        if kind == "quarter":
            return quarter_words(str(value))
        if field and field.codes:
            return field.codes.get(str(value), str(value))
        return self._coded(field.of if field else "", str(value))

    def _coded(self, of: str, value: str) -> str:
        if of == "schemes":
            return self.scheme(value)
        return self.board(value) if of == "boards" else self.named(value) if of else value

    def place(self, where: str) -> tuple[str, FieldAbout | None]:
        """Where a change is, as people say it, and the field that it is of where it is one field."""
        first, *rest = where.split("/")
        if first not in EVERY:
            return first.replace("_", " ").capitalize(), None
        about = EVERY[first]
        field = next((each for each in about.fields if [each.name] == rest), None)
        if field is not None:
            return f"{about.title}, {self._small(field)}", field
        return self._in_list(about, rest)

    def _in_list(self, about: SectionAbout, rest: list[str]) -> tuple[str, FieldAbout | None]:
        """A row of a list, or one field of it; a row's name may hold a slash."""
        rows = next((each for each in about.lists if each.name == rest[0]), None)
        last = next((each for each in rows.fields if each.name == rest[-1]), None) if rows else None
        field = last if len(rest) > 2 else None
        named = "/".join(rest[1:-1] if field else rest[1:]).strip()
        said = ", ".join(self._part(part) for part in named.split(", ")) if named else "a row"
        return f"{about.title}, {said}" + (f", {self._small(field)}" if field else ""), field

    def _part(self, part: str) -> str:
        if part in self._schemes:
            return self.scheme(part)
        try:
            return quarter_words(part)
        except ValueError:
            return self.named(part)

    def _small(self, field: FieldAbout) -> str:
        title = self.title(field)
        return title if title[:2].isupper() or title[:1].isdigit() else title[:1].lower() + title[1:]

    def row(
        self,
        fields: Iterable[FieldAbout],
        row: Mapping[str, object],
        withheld: Mapping[str, str] | None = None,
    ) -> str:
        """A row in a line: its filled fields with their titles, and what is said in place of those that are ``withheld``."""
        held = withheld or {}
        said = (
            (self.title(each), held.get(each.name) or self.value(each, row.get(each.name))) for each in fields
        )
        return "; ".join(f"{title}: {cut(words)}" for title, words in said if words and words != "£0")

    def field_at(self, place: Place) -> str:
        """A field of the plan: its section, the number of its row as people count, and its title."""
        title = self.title(place.about) if place.about else place.field
        lists = len(EVERY[place.section].lists) > 1 and place.rows_about
        of = f" of “{place.rows_about.says.rstrip('.')}”" if lists and place.rows_about else ""
        row = "" if place.row is None else f", row {place.row + 1}{of}"
        return f"{title_of(place.section)}{row}, {title[:1].lower()}{title[1:]}"

    def column_at(self, place: Place) -> str:
        """The field of a section, or the column of a list, that a place is in."""
        return f"“{title_of(place.section)}: {self.title(place.about) if place.about else place.field}”"


def withheld_in(found: PaperOf, section: str, name: str = "", row: int | None = None) -> dict[str, str]:
    """What is said in place of each withheld field of a row, or of the single fields of a section."""
    held = found.withheld
    return {
        each.field: held.says(each)
        for each in held.fields
        if (each.section, each.list, each.row) == (section, name, row)
    }


def withheld_says(found: PaperOf, *rests_on: str) -> str:
    """That something cannot be said because sections, or fields of columns like ``spend/spend/year_1``, are withheld.

    With the reason of each; empty where none is.
    """
    held: dict[str, str] = {}
    for each in rests_on:
        section, *inner = each.split("/")
        if section in found.withheld.sections:
            held[f"“{title_of(section)}”"] = reason_words(found.withheld.sections[section])
        elif inner:
            for place in found.withheld.column(section, "/".join(inner[:-1]), inner[-1]):
                title = place.about.titled(found.known.years) if place.about else place.field
                reason = reason_words(found.withheld.fields[place])
                held[f"“{title_of(section)}: {title.removesuffix(', pounds')}”"] = reason
    if not held:
        return ""
    said = listed(f"{what} ({reason})" for what, reason in held.items())
    return f"This rests on {said}, which {'is' if len(held) == 1 else 'are'} withheld from this paper."
