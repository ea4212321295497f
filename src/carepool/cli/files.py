"""Reads the JSON of a file that somebody hands in."""

from pathlib import Path

from carepool.basics.jsons import json_of
from carepool.cli.commands import read_file


def read_json(path: Path) -> object:
    """A file's JSON. Unusable when it is none, with the line, or when it names something twice."""
    return json_in(path, read_file(path))


def json_in(path: Path, content: bytes) -> object:
    """The same of a file that has been read."""
    return json_of(str(path), content)
