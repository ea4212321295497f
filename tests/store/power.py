"""A disk that loses power: what was written and not synced survives in part, sector by sector, or not at all.

It is a file system in memory for apsw's SQLite. Python's own sqlite3 cannot be given one, so the store's SQL is recorded
there and run again here.
"""

# ruff: noqa: N802  (apsw's names)

from dataclasses import dataclass, field
from random import Random

import apsw

SECTOR = 512
_POWERSAFE_OVERWRITE = 0x1000
"""What SQLite takes for granted of a disk on Unix: bytes beside those that were being written stay."""


@dataclass
class _File:
    """A file: as programs see it, as it is on the platter, and what is between."""

    seen: bytearray
    durable: bytearray
    pending: list[tuple[int, bytes] | int] = field(default_factory=list)
    """Since it was synced, in order: bytes written where, or a length that it was cut to."""


class Disk(apsw.VFS):
    """Files in memory, by name. After ``cut_at`` writes, cuts and syncs the power is gone and ``left`` is what survived."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.files: dict[str, _File] = {}
        self.turn_on({}, Random(0))
        super().__init__(name, "")

    def turn_on(self, files: dict[str, bytes], random: Random, cut_at: int | None = None) -> None:
        """Start with these files."""
        self.files = {name: _File(bytearray(held), bytearray(held)) for name, held in files.items()}
        self.random, self.cut_at = random, cut_at
        self.done = 0
        self.left: dict[str, bytes] | None = None

    @property
    def dead(self) -> bool:
        """Whether the power is gone."""
        return self.left is not None

    def count(self) -> None:
        """One more thing is asked of the disk: perhaps the last."""
        self.done += 1
        if self.done == self.cut_at:
            self.left = {name: self._survives(file) for name, file in self.files.items()}

    def _survives(self, file: _File) -> bytes:
        """A disk writes what it was given in any order, and any part of it."""
        held, share = bytearray(file.durable), self.random.choice((0.0, 0.5, 0.9, 1.0))
        for each in file.pending:
            if isinstance(each, int):
                if self.random.random() < share:
                    _resize(held, each)
                continue
            where, content = each
            for start in range(0, len(content), SECTOR):
                if self.random.random() < share:
                    _put(held, where + start, content[start : start + SECTOR])
        return bytes(held)

    # What SQLite asks of a file system.

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> "Handle":
        """See SQLite's documentation of its VFS."""
        called = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        flags[1] = flags[0]
        return Handle(self, self.files.setdefault(called, _File(bytearray(), bytearray())))

    def xAccess(self, name: str, flags: int) -> bool:
        """See SQLite's documentation of its VFS."""
        return name in self.files

    def xDelete(self, name: str, sync: bool) -> None:
        """See SQLite's documentation of its VFS."""
        self.files.pop(name, None)

    def xFullPathname(self, name: str) -> str:
        """See SQLite's documentation of its VFS."""
        return name


class Handle:
    """An open file. Only one connection uses the disk, so locks are always given."""

    def __init__(self, disk: Disk, file: _File) -> None:
        self.disk, self.file = disk, file

    def xRead(self, amount: int, offset: int) -> bytes:
        """See SQLite's documentation of its VFS."""
        return bytes(self.file.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        """See SQLite's documentation of its VFS."""
        content = bytes(data)
        _put(self.file.seen, offset, content)
        self.file.pending.append((offset, content))
        self.disk.count()

    def xTruncate(self, newsize: int) -> None:
        """See SQLite's documentation of its VFS."""
        _resize(self.file.seen, newsize)
        self.file.pending.append(newsize)
        self.disk.count()

    def xSync(self, flags: int) -> None:
        """See SQLite's documentation of its VFS."""
        self.disk.count()
        for each in self.file.pending:
            if isinstance(each, int):
                _resize(self.file.durable, each)
            else:
                _put(self.file.durable, *each)
        self.file.pending.clear()

    def xFileSize(self) -> int:
        """See SQLite's documentation of its VFS."""
        return len(self.file.seen)

    def xSectorSize(self) -> int:
        """See SQLite's documentation of its VFS."""
        return SECTOR

    def xDeviceCharacteristics(self) -> int:
        """See SQLite's documentation of its VFS."""
        return _POWERSAFE_OVERWRITE

    def xCheckReservedLock(self) -> bool:
        """See SQLite's documentation of its VFS."""
        return False

    def xFileControl(self, op: int, pointer: int) -> bool:
        """See SQLite's documentation of its VFS."""
        return False

    def xLock(self, level: int) -> None:
        """See SQLite's documentation of its VFS."""

    def xUnlock(self, level: int) -> None:
        """See SQLite's documentation of its VFS."""

    def xClose(self) -> None:
        """See SQLite's documentation of its VFS."""


def _put(held: bytearray, where: int, content: bytes) -> None:
    if len(held) < where:
        held.extend(bytes(where - len(held)))
    held[where : where + len(content)] = content


def _resize(held: bytearray, length: int) -> None:
    del held[length:]
    held.extend(bytes(length - len(held)))
