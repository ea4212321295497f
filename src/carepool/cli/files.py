"""Reads the JSON of a file that somebody hands in, so that no two programs could read it differently."""

import json
from pathlib import Path

from carepool.basics.refusals import Unusable
from carepool.cli.commands import read_file


def read_json(path: Path) -> object:
    """A file's JSON. Unusable when it is none, with the line, or when it names something twice."""
    return json_in(path, read_file(path))


def json_in(path: Path, content: bytes) -> object:
    """The same of a file that has been read."""

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for name, value in pairs:
            if name in found:
                raise Unusable(f"{path} names something twice: “{name[:80]}”. Programs would read it differently; keep one.")  # fmt: skip
            found[name] = value
        return found

    try:
        return json.loads(content, object_pairs_hook=once)
    except Unusable:
        raise
    except (ValueError, RecursionError) as error:
        where = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Unusable(f"{path}{where} is not JSON. Save it as JSON text in UTF-8.") from None
