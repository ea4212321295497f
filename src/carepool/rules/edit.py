"""Changes one value in a rule file and nothing else: the comments, the order and the layout stay as they were written."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from carepool.basics.refusals import Unusable
from carepool.rules.consistency import lists_of
from carepool.rules.difference import title_of
from carepool.rules.paying import OutOfHospital, Rebasing, Release
from carepool.rules.rulebook import RuleSet
from carepool.rules.scalars import Entry
from carepool.rules.schema import KINDS, Decisions, Parameter
from carepool.rules.text import Place

NOT_OURS = {"stated", "calibration"}
"""Lists of what others published: a draft changes the rules, not what was said of them."""
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.%-]*")


@dataclass(frozen=True, slots=True)
class Editable:
    """A value of a set that can be changed by itself."""

    path: str
    place: Place
    group: str
    """The heading of its file, in the reader's words."""
    says: str
    text: str
    """The value as people type it."""
    unit: str
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its address in a form: the file and the place in it."""
        return ".".join([self.path, *map(str, self.place)])


def editables(rules: RuleSet) -> tuple[Editable, ...]:
    """The sums, dated values and options of a set, in the order that a reader meets them."""
    order = [*KINDS, *sorted(rules.sections.keys() - KINDS.keys())]
    return tuple(each for path in order if path in rules.sections for each in _of(path, rules.sections[path]))


def _of(path: str, section: Entry) -> Iterator[Editable]:
    group = title_of(section, path)
    for name, entries in lists_of(section).items():
        for number, entry in enumerate(entries):
            if (pence := getattr(entry, "pence", None)) is not None and name not in NOT_OURS:
                text = f"{pence // 100:,}.{pence % 100:02}" if pence % 100 else f"{pence // 100:,}"
                yield Editable(path, (name, number, "pounds"), group, title_of(entry, name), text, "pounds")
    match section:
        case Parameter():
            for number, value in enumerate(section.values):
                says = f"{section.says}, from {value.since}"
                yield Editable(path, ("values", number, "value"), group, says, str(value.value), section.unit)
        case Release():
            cap, clawback = (
                "Earnings are capped by",
                "Money once paid is paid back when a quarter falls behind",
            )
            yield Editable(path, ("cap",), group, cap, section.cap, "", ("quarter", "year"))
            yield Editable(path, ("clawback",), group, clawback, "yes" if section.clawback else "no", "", ("yes", "no"))  # fmt: skip
        case Rebasing():
            says = "A target within so many points of the operational plan's is not changed"
            yield Editable(path, ("points",), group, says, str(section.points), "percentage points")
        case Decisions():
            says = "The smallest share of the people with which an NHS commissioner must decide"
            place = ("contributing", "smallest_share")
            yield Editable(path, place, group, says, str(section.contributing.smallest_share), "per cent")
        case OutOfHospital():
            yield Editable(path, ("pounds",), group, section.says, f"{section.pence // 100:,}", "pounds")
        case _:
            pass


def with_values(content: bytes, values: Mapping[Place, str]) -> bytes:
    """The file with other values at some places. Unusable when there is no single value at one of them, or it is no YAML."""
    source = content.decode()
    written = []
    root = _root(source)
    for place, text in values.items():
        node = root
        for part in place:
            node = _inside(node, part)
        if not isinstance(node, yaml.ScalarNode):
            raise Unusable(f"There is no single value at {'.'.join(map(str, place))}. Edit the file as text.")
        new = text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
        end = "\n" if node.style in {"|", ">"} else ""
        written.append((node.start_mark.index, node.end_mark.index, new + end))
    for first, last, new in sorted(written, reverse=True):
        source = source[:first] + new + source[last:]
    return source.encode()


def with_value(content: bytes, place: Place, text: str) -> bytes:
    """The file with another value at one place."""
    return with_values(content, {place: text})


def value_at(content: bytes, place: Place) -> str | None:
    """The single value that stands at a place, or None."""
    try:
        node = _root(content.decode())
    except Unusable:
        return None
    for part in place:
        node = _inside(node, part)
    return str(node.value) if isinstance(node, yaml.ScalarNode) else None


def _root(source: str) -> yaml.Node | None:
    try:
        return yaml.compose(source, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        raise Unusable("The file is not YAML as it stands. Edit it as text.") from None


def _inside(node: yaml.Node | None, part: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and 0 <= part < len(node.value):
        found: yaml.Node = node.value[part]
        return found
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    return None
