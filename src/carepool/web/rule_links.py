"""Where the rules stand on the site: the address of a set, a file, an entry in it, or of the difference of two sets."""

from collections.abc import Iterable, Mapping

from django.urls import reverse

from carepool.rules.consistency import lists_of
from carepool.rules.rulebook import Rulebook, RuleSet
from carepool.rules.scalars import Entry

Place = tuple[str, str]
"""The list in a file, and the key in it; a field of the file's own has no list."""


def anchors(section: Entry) -> Mapping[Place, str]:
    """The id of every entry and every field of a file on its page: its key, and with its list where that is taken."""
    found: dict[Place, str] = {}
    taken: set[str] = set()
    lists = lists_of(section)
    places = [(group, str(each.key)) for group, entries in lists.items() for each in entries]  # type: ignore[attr-defined]  # entries of a list have keys
    places += [("", name) for name in type(section).model_fields if name not in lists]
    for group, key in places:
        wanted = key if key not in taken else f"{group or 'field'}-{key}"
        found[group, key] = wanted
        taken.add(wanted)
    return found


def set_link(rules: RuleSet, path: str = "") -> str:
    """The page of a set, at one of its files."""
    return reverse("rules-set", args=[rules.name]) + (f"#{path.replace('/', '-')}" if path else "")


def file_link(rules: RuleSet, path: str, key: str = "", group: str | None = None) -> str:
    """The page of a file of a set, at an entry where it has that."""
    section = rules.sections.get(path)
    if section is None:
        return set_link(rules)
    at = next((id_ for (g, k), id_ in anchors(section).items() if k == key and group in {None, g}), "")
    return reverse("rules-value", args=[rules.name, path]) + (f"#{at}" if at else "")


def link_of(rulebook: Rulebook, cited: str) -> str | None:
    """The page of what a working or a finding cites, ``SET/PATH`` or ``SET/PATH KEY``; None for what is no rule."""
    where, _, key = cited.partition(" ")
    name, _, path = where.partition("/")
    rules = rulebook.sets.get(name)
    return file_link(rules, path, key) if rules and path in rules.sections else None


def needed_link(rules: Iterable[RuleSet], path: str, key: str) -> str:
    """Where what a plan needs is asked for: in the first of some sets that has it, at its entry."""
    sets = tuple(rules)
    has = [each for each in sets if path in each.sections]
    exact = (each for each in has if not key or any(key == k for _, k in anchors(each.sections[path])))
    found = next(exact, None) or next(iter(has), None)
    return file_link(found, path, key) if found else set_link(sets[0])


def difference_link(before: RuleSet, after: RuleSet, part: str = "") -> str:
    """The page of what differs from one set to another, at a part of it."""
    return reverse("rules-difference", args=[before.name, after.name]) + (f"#{part}" if part else "")
