"""A file of a set as its pages show it: what is laid down, entry by entry, each with its source and how sure it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from carepool.basics.money import in_pounds
from carepool.render.rule_words import (
    LISTS,
    field_words,
    file_words,
    first_capital,
    gist,
    names_in,
    rows,
    title_of,
    value_words,
)
from carepool.rules.consistency import lists_of
from carepool.rules.paying import DependsOn, Tranche
from carepool.rules.rulebook import RuleSet
from carepool.rules.scalars import Checked, Cited, Confidence, Entry
from carepool.rules.schema import Calibration, Composition, Condition, Section, Stated, Transfer
from carepool.web.rule_links import anchors, file_link


@dataclass(frozen=True, slots=True)
class Citation:
    """A source, and how sure it makes us."""

    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One entry of a file."""

    anchor: str
    href: str
    title: str
    says: str
    points: tuple[str, ...]
    """What belongs to it one by one: the evidence for a condition, what a tranche depends on."""
    points_are: str
    source: str
    confidence: Confidence | None
    also: tuple[Citation, ...] = ()
    """What its points rest on, each source once."""


@dataclass(frozen=True, slots=True)
class ListShown:
    """The entries of one list."""

    words: str
    entries: tuple[EntryShown, ...]
    foot: str = ""


@dataclass(frozen=True, slots=True)
class FileShown:
    """One file of a set."""

    path: str
    anchor: str
    """Its id on the page of the set."""
    href: str
    title: str
    says: str
    facts: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Its own fields: id, words, and the value, sentence by sentence where it has several."""
    lists: tuple[ListShown, ...]
    source: str
    confidence: Confidence | None
    checked: Checked | None


@lru_cache(maxsize=512)
def show(rules: RuleSet, path: str) -> FileShown:
    """A file of a set; it is worked out once."""
    section = rules.sections[path]
    ids, lists = anchors(section), lists_of(section)
    cited = section if isinstance(section, Cited) else None
    nested = {name for name in type(section).model_fields if isinstance(getattr(section, name), Cited)}
    left = {*lists, *nested, "says", "title"}
    names = names_in(rules)
    facts = tuple(
        (ids["", name], field_words(name), _fact(section, name, names))
        for name in type(section).model_fields
        if name not in left | {"source", "confidence", "checked"}
        and getattr(section, name) not in (None, "", ())
    )
    shown = [
        ListShown(
            LISTS[name], tuple(_entry(rules, path, name, each) for each in entries), _foot(section, name)
        )
        for name, entries in lists.items()
    ]
    shown += [_alone(rules, path, name, getattr(section, name)) for name in sorted(nested)]
    title = file_words(path, section)
    return FileShown(
        path,
        path.replace("/", "-"),
        file_link(rules, path),
        title,
        "" if title == section.says else section.says,
        facts,
        tuple(shown),
        cited.source if cited else "",
        cited.confidence if cited else None,
        getattr(section, "checked", None),
    )


def _fact(section: Section, name: str, names: Mapping[str, str]) -> tuple[str, ...]:
    value = getattr(section, name)
    if name in {"notes", "conditions", "uses", "not_known"} and isinstance(value, tuple):
        return tuple(value_words(name, each, names) for each in value)
    said = value_words(name, value, names)
    if name == "known_until":
        return (f"{said}; asking past that is refused",)
    return (said if name == "follows" else first_capital(said),)


def _entry(rules: RuleSet, path: str, group: str, entry: Entry) -> EntryShown:
    key = str(entry.key)  # type: ignore[attr-defined]  # whatever stands in a list has one
    ids = anchors(rules.sections[path])
    points, points_are = _points(rules, entry)
    return EntryShown(
        ids[group, key],
        file_link(rules, path, key, group),
        title_of(rules, path, group, key, entry),
        gist(rules, path, entry),
        points,
        points_are,
        getattr(entry, "source", ""),
        getattr(entry, "confidence", None),
        _also(entry),
    )


def _alone(rules: RuleSet, path: str, name: str, entry: Cited) -> ListShown:
    """An entry that stands by itself, in no list: who contributes and must decide."""
    says = getattr(entry, "says", field_words(name))
    points = tuple(f"{words}: {said}" for words, said in rows(entry, leave=("says",)))
    at = anchors(rules.sections[path])["", name]
    href = file_link(rules, path, name, "")
    shown = EntryShown(at, href, first_capital(says), "", points, "", entry.source, entry.confidence)
    return ListShown(field_words(name), (shown,))


def _points(rules: RuleSet, entry: Entry) -> tuple[tuple[str, ...], str]:
    match entry:
        case Condition():
            return entry.evidence, "What would show it"
        case Tranche():
            return tuple(_depends(rules, each) for each in entry.depends_on), "It depends on"
        case Calibration():
            return tuple(value_words("streams", each, names_in(rules)) for each in entry.streams), "Streams"
        case Stated() if entry.of:
            return tuple(value_words("of", each, names_in(rules)) for each in entry.of), "Parts"
    return (), ""


def _depends(rules: RuleSet, on: DependsOn) -> str:
    name = names_in(rules).get(on.id, on.id.replace("_", " "))
    window = f"looked at: {on.window}; " if on.window else ""
    return f"{name} ({window}weight {value_words('weight', on.weight)})"


def _also(entry: Entry) -> tuple[Citation, ...]:
    depends = entry.depends_on if isinstance(entry, Tranche) else ()
    return tuple(dict.fromkeys(Citation(each.source, each.confidence) for each in depends))


def _foot(section: Section, group: str) -> str:
    """The sum of a list of amounts."""
    if (isinstance(section, Composition) and group == "streams") or (
        isinstance(section, Transfer) and group == "parts"
    ):
        return f"The parts, added: {in_pounds(section.total)}"
    return ""
