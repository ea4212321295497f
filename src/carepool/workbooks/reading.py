"""Reads workbooks through children that are thrown away: two serve a batch, and one is replaced after any fault."""

import json
import os
import select
import struct
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from queue import SimpleQueue
from time import monotonic
from types import TracebackType
from typing import Self

from carepool.basics.refusals import Unusable
from carepool.workbooks.cells import Cell, Held
from carepool.workbooks.packages import sniff

SECONDS = 10.0
"""On the clock for each workbook."""
CHILDREN = 2
LARGEST_ANSWER = 256 * 1024 * 1024
_LATE = (
    "The workbook took more than 10 seconds to read, so reading it was stopped. Take out what is not needed."
)
_DIED = "The workbook needed more memory or time to read than one may use, so reading it was stopped. Take out what is not needed."


@dataclass(frozen=True)
class BookSheet:
    """A sheet as it was read: every cell that holds something, by row and column."""

    name: str
    visible: bool
    told: Sequence[tuple[int, int, Held, str, bool]]
    """Row, column, kind, text, and whether it is a formula: cells are made of them once they are looked at."""

    @cached_property
    def rows(self) -> Mapping[int, Mapping[int, Cell]]:
        """Every cell by row and column, in their order."""
        rows: dict[int, dict[int, Cell]] = {}
        for each in sorted(self.told):
            rows.setdefault(each[0], {})[each[1]] = Cell(self.name, *each)
        return rows

    @property
    def cells(self) -> Iterator[Cell]:
        """Every cell, by row."""
        return (cell for row in self.rows.values() for cell in row.values())

    @property
    def odd(self) -> Iterator[Cell]:
        """The cells that show an error, or a formula that was never calculated."""
        return (Cell(self.name, *each) for each in self.told if each[2] in {"error", "uncalculated"})

    def text_beginning(self, mark: str) -> str:
        """The first text that begins with something; empty for none."""
        return next((each[3] for each in self.told if each[3].startswith(mark)), "")


@dataclass(frozen=True)
class Book:
    """A workbook as it was read."""

    sheets: tuple[BookSheet, ...]
    from_1904: bool = False
    macros: bool = False
    by_name: Mapping[str, BookSheet] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    """What a template that we filled says of itself."""


def book_of(answer: Mapping[str, object]) -> Book:
    """The workbook in what a child says. Unusable when the child refuses it."""
    if "refused" in answer:
        raise Unusable(str(answer["refused"]))
    sheets = []
    told = answer["sheets"]
    assert isinstance(told, list)  # noqa: S101  (the child is ours; a child taken over is found out here)
    for each in told:
        sheets.append(BookSheet(str(each["name"]), bool(each["visible"]), each["cells"]))
    said = answer["properties"]
    assert isinstance(said, dict)  # noqa: S101  (the same)
    properties = {str(name): str(text) for name, text in said.items()}
    return Book(tuple(sheets), bool(answer["from_1904"]), bool(answer["macros"]), {each.name: each for each in sheets}, properties)  # fmt: skip


class _Child:
    """A process that reads, and is asked one workbook at a time."""

    def __init__(self, *more: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603  (every word of it is ours)
            [sys.executable, "-I", "-X", "utf8", "-m", "carepool.workbooks.child", *more],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, close_fds=True,
        )  # fmt: skip

    def ask(self, content: bytes) -> Mapping[str, object]:
        """What it says of a workbook. Unusable when it dies or is late, and then it must be replaced."""
        assert self._process.stdin and self._process.stdout  # noqa: S101  (both are pipes)
        until = monotonic() + SECONDS
        try:
            self._process.stdin.write(struct.pack(">Q", len(content)) + content)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise Unusable(_DIED) from None
        (length,) = struct.unpack(">Q", self._hear(8, until))
        if length > LARGEST_ANSWER:
            raise Unusable(_DIED)
        found = json.loads(self._hear(length, until))
        if not isinstance(found, dict):
            raise Unusable(_DIED)
        return found

    def _hear(self, length: int, until: float) -> bytes:
        assert self._process.stdout  # noqa: S101  (a pipe)
        pipe, heard = self._process.stdout.fileno(), bytearray()
        while len(heard) < length:
            left = until - monotonic()
            if left <= 0 or not select.select([pipe], [], [], left)[0]:
                raise Unusable(_LATE)
            more = os.read(pipe, min(length - len(heard), 1 << 20))
            if not more:
                raise Unusable(_DIED)
            heard += more
        return bytes(heard)

    def end(self) -> None:
        """Stop it, whatever it is doing."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._process.wait()


class Reader:
    """Reads workbooks; children are started when they are first needed."""

    def __init__(self, children: int = CHILDREN, *more: str) -> None:
        self._children, self._more = children, more
        self._idle: SimpleQueue[_Child | None] = SimpleQueue()
        self.replaced = 0
        """How many children were replaced after a fault."""
        for _ in range(children):
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:  # fmt: skip
        for _ in range(self._children):
            child = self._idle.get()
            if child:
                child.end()

    def read(self, content: bytes) -> Book:
        """A workbook. Unusable, in a plain sentence, for what is none or goes beyond a limit."""
        return book_of(self.answer(content))

    def answer(self, content: bytes) -> Mapping[str, object]:
        """What a child says of a workbook, as JSON has it. Unusable for a child that is late or dies."""
        sniff(content)
        child = self._idle.get()
        keep = False
        try:
            child = child or _Child(*self._more)
            answer = child.ask(content)
            keep = "broken" not in answer
        finally:
            if child and not keep:
                child.end()
                self.replaced += 1
            self._idle.put(child if keep else None)
        return answer

    def read_all(self, contents: Iterable[bytes]) -> Iterator[Book | Unusable]:
        """Many workbooks, in their order, as many at a time as there are children; a refusal costs no other file."""
        with ThreadPoolExecutor(self._children) as pool:
            yield from pool.map(self._read_or_refusal, contents)

    def _read_or_refusal(self, content: bytes) -> Book | Unusable:
        try:
            return self.read(content)
        except Unusable as error:
            return error


def read_workbook(content: bytes) -> Book:
    """One workbook, by a child of its own."""
    with Reader(1) as reader:
        return reader.read(content)
