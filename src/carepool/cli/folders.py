"""Reads a folder of rules that somebody hands in: a set, or several, each file measured before it is opened."""

from pathlib import Path

from carepool.basics.refusals import Unusable
from carepool.rules.parse import MOST_FILES
from carepool.rules.text import LARGEST

MOST_BYTES = 20_000_000


def read_rules(path: Path) -> dict[str, bytes]:
    """The files of a set, or of a folder of sets, named SET/PATH. Unusable when there are none, or far too many.

    Hidden files are passed over, and links out of the folder are not followed.
    """
    if not path.exists():
        raise Unusable(f"There is no folder {path}. Name one that holds a set of rules, with its set.yaml.")
    if not path.is_dir():
        raise Unusable(f"{path} is a file. Name the folder of the set, the one that holds set.yaml.")
    root = path.resolve()
    one = (root / "set.yaml").exists()
    files: dict[str, bytes] = {}
    total = 0
    for found in sorted(root.rglob("*")):
        inside = found.relative_to(root)
        if any(part.startswith(".") for part in inside.parts) or found.is_dir():
            continue
        name = f"{root.name}/{inside.as_posix()}" if one else inside.as_posix()
        files[name] = _content(found, root)
        total += len(files[name])
        if len(files) > MOST_FILES or total > MOST_BYTES:
            raise Unusable(f"{path} holds more than a rulebook can be. Name the folder of one set.")
    if not files:
        raise Unusable(f"{path} holds no files. A set of rules has at least set.yaml.")
    if not one and not any(name.count("/") for name in files):
        raise Unusable(f"{path} holds no set.yaml. Name the folder of a set, or a folder of sets.")
    return files


def _content(found: Path, root: Path) -> bytes:
    if not found.resolve().is_relative_to(root):
        raise Unusable(f"{found} leads out of the folder. Put the file itself there.")
    if not found.is_file():
        raise Unusable(f"{found} is no ordinary file. Take it out.")
    try:
        with found.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise Unusable(f"{found} cannot be read: {error.strerror}.") from None
