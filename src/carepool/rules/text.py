"""YAML as plain text with line numbers: no types guessed, no anchors, no tags, no key twice."""

from dataclasses import dataclass, field

import yaml

from carepool.basics.findings import Finding, Severity

LARGEST = 200_000
"""Bytes beyond which a rule file is refused; ours have a few thousand."""
MOST_NODES = 12_000
"""Keys, values and lists beyond which a rule file is refused; ours have a few hundred."""
DEEPEST = 12
"""Levels of nesting beyond which a rule file is refused."""

Place = tuple[str | int, ...]
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass
class Lines:
    """The line of every key and item of a file."""

    of: dict[Place, int] = field(default_factory=dict)

    def at(self, place: Place) -> int:
        """The line of a place, or of the nearest thing around it that exists."""
        while place and place not in self.of:
            place = place[:-1]
        return self.of.get(place, 1)


def fault(file: str, line: int, says: str, remedy: str) -> Finding:
    """A blocking finding in a rule file."""
    return Finding(
        "rule-file",
        Severity.BLOCKER,
        f"{file}:{line}",
        f"{file}, line {line} {says}.",
        remedy,
        "docs/adr/0006",
    )


def compose(file: str, content: bytes) -> tuple[object, Lines, list[Finding]]:
    """The file as text, lists and mappings; its lines; and what is wrong with it as YAML of ours."""
    lines = Lines()
    if len(content) > LARGEST:
        return (
            None,
            lines,
            [
                fault(
                    file,
                    1,
                    f"has {len(content):,} bytes, more than {LARGEST:,}",
                    "Split it: one idea a file.",
                )
            ],
        )
    try:
        text = content.decode()
        # Aliases are seen as events before anything is built, so a bomb of them is never unfolded.
        for number, event in enumerate(yaml.parse(text, Loader=_Loader)):
            if number > MOST_NODES:
                says = f"holds more than {MOST_NODES:,} values"
                return None, lines, [fault(file, 1, says, "Split it: one idea a file.")]
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                return (
                    None,
                    lines,
                    [fault(file, line, "uses an anchor or alias", "Write the value out where it is used.")],
                )
            if tag := getattr(event, "tag", None):
                return (
                    None,
                    lines,
                    [fault(file, line, f"uses the tag {tag}", "Remove it: types come from the key.")],
                )
        node = yaml.compose(text, Loader=_Loader)
    except UnicodeDecodeError:
        return None, lines, [fault(file, 1, "is not UTF-8 text", "Save it as UTF-8.")]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return (
            None,
            lines,
            [
                fault(
                    file,
                    line,
                    f"is not YAML: {error.problem}",
                    "Look at the line for a colon, quote or indent.",
                )
            ],
        )
    except (yaml.YAMLError, RecursionError) as error:
        return (
            None,
            lines,
            [
                fault(
                    file, 1, f"is not YAML: {type(error).__name__}", "Look for a character that is not text."
                )
            ],
        )
    if node is None:
        return None, lines, [fault(file, 1, "is empty", "Fill or remove it.")]
    findings: list[Finding] = []
    data = _plain(file, node, (), lines, findings)
    return data, lines, findings


def _plain(file: str, node: yaml.Node, place: Place, lines: Lines, findings: list[Finding]) -> object:
    line = node.start_mark.line + 1
    lines.of.setdefault(place, line)
    if len(place) > DEEPEST:
        findings.append(fault(file, line, f"is nested more than {DEEPEST} deep", "Flatten it."))
        return None
    match node:
        case yaml.ScalarNode():
            return node.value
        case yaml.SequenceNode():
            return [
                _plain(file, each, (*place, number), lines, findings)
                for number, each in enumerate(node.value)
            ]
        case yaml.MappingNode():
            found: dict[str, object] = {}
            for key, value in node.value:
                here = key.start_mark.line + 1
                if not isinstance(key, yaml.ScalarNode):
                    findings.append(fault(file, here, "has a key that is not a word", "Write a plain key."))
                    continue
                if key.value in found:
                    findings.append(fault(file, here, f"has the key “{key.value}” twice", "Remove one."))
                lines.of[(*place, key.value)] = here
                found[key.value] = _plain(file, value, (*place, key.value), lines, findings)
            return found
        case _:
            raise AssertionError(f"YAML has no {type(node).__name__}")
