"""How often one caller may ask in a minute, counted over all processes of a machine, in one small file and no database.

A look writes nothing to the database, and its lock is for work. The file holds a fixed number of places, so that no flood
of callers makes it grow; each place is the digest of a caller, a minute and a count.
"""

import fcntl
import os
import struct
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

PLACES = 8_192
NEAR = 8
"""Places side by side among which a caller has theirs."""
_PLACE = struct.Struct("<QII")
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Pace:
    """How much of the minute's requests a caller has left."""

    limit: int
    left: int
    """Below zero where this one is more than the limit."""
    again: int
    """Seconds until the next minute."""

    @property
    def too_often(self) -> bool:
        """Whether this request is one too many."""
        return self.left < 0


def count(file: Path, caller: str, limit: int, now: datetime) -> Pace:
    """Count a request of a caller. Whoever asked too often is not counted further."""
    minute, second = divmod(int(now.timestamp()), MINUTE)
    name = int.from_bytes(sha256(caller.encode()).digest()[:8], "little") | 1
    at = (name >> 8) % (PLACES // NEAR) * NEAR * _PLACE.size
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        near = os.pread(handle, NEAR * _PLACE.size, at).ljust(NEAR * _PLACE.size, b"\0")
        places = list(_PLACE.iter_unpack(near))
        held = next((number for number, each in enumerate(places) if each[0] == name), None)
        mine = _oldest(places, minute) if held is None else held
        before = places[mine][2] if places[mine][:2] == (name, minute) else 0
        if before < limit:
            os.pwrite(handle, _PLACE.pack(name, minute, before + 1), at + mine * _PLACE.size)
    finally:
        os.close(handle)  # which gives the lock back
    return Pace(limit, limit - before - 1, MINUTE - second)


def _oldest(places: list[tuple[int, ...]], minute: int) -> int:
    """The place to give away: of an earlier minute, or of who has asked least."""
    return min(
        range(len(places)), key=lambda each: (places[each][1] == minute, places[each][2], places[each][1])
    )
