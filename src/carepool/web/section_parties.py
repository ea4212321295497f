"""Whose plan it is, as boxes to tick: the bodies of its boards, those that are named, and who holds the account."""

from collections.abc import Mapping

from carepool.actions.planning import PlanView
from carepool.web.places_in_plan import code_named
from carepool.web.section_shapes import Field, Ground, Ticks

_MORE = "By code, several with spaces between. They are added to the boxes above when you press a button."


def party_ticks(ground: Ground, content: Mapping[str, object]) -> list[Ticks]:
    """Councils, commissioners, and which of those that are chosen is the host."""
    found, groups = ground.found, []
    commissioner = found.known.commissioner
    members = [found.known.members.get(board, ((), ())) for board in found.history.boards]
    chosen: list[str] = []
    for at, (name, legend, another) in enumerate(
        (
            ("councils", "Councils", "Another council"),
            ("ccgs", f"{commissioner.words} that contribute", f"Another {commissioner.word}"),
        )
    ):
        held = content.get(name)
        codes = [str(each) for each in held] if isinstance(held, list) else []
        chosen += codes
        others = [code for each in members for code in each[at] if code not in codes]
        choices = [
            (f"parties-{name}-{n}", code, _party(found, code), code in codes)
            for n, code in enumerate((*codes, *dict.fromkeys(others)))
        ]
        more = Field(f"parties-{name}-more", another, "", hint=_MORE)
        groups.append(Ticks(f"parties-{name}", legend, "checkbox", choices, more=more))
    host = str(content.get("host") or "")
    hosts = [*dict.fromkeys(chosen), *([host] if host and host not in chosen else [])]
    options = [
        ("parties-host" if not n else f"parties-host-{n}", code, _party(found, code), code == host)
        for n, code in enumerate(hosts)
    ]
    hint = f"A council or {commissioner.a_word} of the plan; a board cannot."
    groups.append(Ticks("parties-host-group", "Who holds the pooled account?", "radio", options, hint))
    return groups


def _party(found: PlanView, code: str) -> str:
    name = code_named(found, code)
    return f"{name} ({code})" if name != code else f"{code}: no body that carepool knows"
