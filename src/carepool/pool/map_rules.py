"""A rule added to a map of a ledger as its file stands, so that what is known of a code need not be written by hand."""

import json

from carepool.basics.refusals import Unusable
from carepool.pool.maps import MapRule, ReadMap, read_map


def with_rule(by: ReadMap, rule: MapRule) -> ReadMap:
    """The map with a rule for one code, all else in its file as it was. The map itself where it has that rule.

    Unusable where the file is written so that a line cannot be added to it, or where another rule is for the same code.
    """
    if rule in by.map.rules:
        return by
    lines = by.content.decode("utf-8").split("\n")
    at = by.lines.at(("rules", 0)) - 1
    first = lines[at]
    indent = first[: len(first) - len(first.lstrip())]
    if not first.lstrip().startswith("- "):
        raise Unusable(
            "The map is written so that no rule can be added to it here. Add it to the file, and hand that in."
        )
    told = {name: value for name, value in rule.model_dump().items() if value}
    written = ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in told.items())
    lines.insert(at, f"{indent}- {{{written}}}")
    found, findings = read_map(by.file, "\n".join(lines).encode())
    if found is None:
        raise Unusable(" ".join(f"{each.says} {each.remedy}" for each in findings[:3]))
    if found.map.rules != (rule, *by.map.rules):
        raise Unusable(
            "The map is written so that no rule can be added to it here. Add it to the file, and hand that in."
        )
    return found
