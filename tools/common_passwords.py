"""
Make src/carepool/signin/long-common.txt.gz: python tools/common_passwords.py LIST, where LIST is the million commonest passwords, a line
each, commonest first. COMMON-PASSWORDS-LICENCE.txt beside it says where that list is from.
"""

import gzip
import sys
from pathlib import Path

MADE = Path(__file__).parent.parent / "src" / "carepool" / "signin" / "long-common.txt.gz"
MORE_THAN_ONCE = 755_995
"""Passwords of the list that occurred more than once. Behind them the order says nothing, and one may be only somebody's own."""
SHORTEST = 12


def main(words: list[str]) -> None:
    """Keep the passwords of our length, in small letters and in the list's order, each once."""
    lines = Path(words[0]).read_text(encoding="utf-8", errors="replace").splitlines()[:MORE_THAN_ONCE]
    kept = dict.fromkeys(each.casefold() for each in lines if len(each) >= SHORTEST)
    MADE.write_bytes(gzip.compress("".join(f"{each}\n" for each in kept).encode(), 9, mtime=0))
    sys.stdout.write(f"{len(kept):,} passwords of {SHORTEST} characters or more\n")


if __name__ == "__main__":
    main(sys.argv[1:])
