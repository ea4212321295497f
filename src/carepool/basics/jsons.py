"""Reads JSON that somebody hands in, so that no two programs could read it differently."""

import json

from carepool.basics.refusals import Unusable


def json_of(name: str, content: bytes | str) -> object:
    """What the JSON says. Unusable when it is none, with the line, or when it names something twice; ``name`` is what it is called."""

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in pairs:
            if key in found:
                raise Unusable(f"{name} names something twice: “{key[:80]}”. Programs would read it differently; keep one.")  # fmt: skip
            found[key] = value
        return found

    try:
        return json.loads(content, object_pairs_hook=once)
    except Unusable:
        raise
    except (ValueError, RecursionError) as error:
        where = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Unusable(f"{name}{where} is not JSON. Save it as JSON text in UTF-8.") from None
