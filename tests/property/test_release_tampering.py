"""A thousand attempts on releases and on the log: whatever is edited, deleted, put in, reordered, cut, rolled back or rewritten shows."""

import json
import random
import runpy
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from carepool.actions.house import House
from carepool.actions.publishing import _Log, bundle_bytes, one_release
from carepool.basics.canonical import Digest
from carepool.basics.refusals import Unusable
from carepool.journal.documents import Document, Withdrawn
from carepool.journal.facts import Last, NewFact, Row, digest_of_row, row_of
from carepool.journal.merkle import consistency_proof
from carepool.journal.port import Sealed
from carepool.journal.verify import Checkpoint, verify
from carepool.publication import bundle as checking
from carepool.publication.bundle import check_bundle
from tests.spec.test_money import county

ON_FILES, ON_LOGS = 500, 500
SEED = 54
File = dict[str, Any]
Script = dict[str, Any]


@pytest.fixture(scope="module")
def script() -> Script:
    return runpy.run_path(str(Path(checking.__file__).parent / "verify_release.py"))


@dataclass(frozen=True)
class Two:
    """Two releases of one plan, one after the other, and the house that they are from."""

    house: House
    first: File
    second: File
    digest: str


@pytest.fixture(scope="module")
def two(house: House) -> Two:
    """The releases of Carrowby, of which the second puts the first right."""
    built = county(house)
    files = [json.loads(bundle_bytes(built, one_release(built, "carrowby", each))) for each in (1, 2)]
    return Two(built, files[0], files[1], one_release(built, "carrowby", 2).digest)


# Attempts on a file


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where every single value of a file stands."""
    if isinstance(value, dict | list) and value:
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(each, (*path, key))
    else:
        yield path


def inside(file: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        file = file[key]
    return file


def other(chance: random.Random, value: object) -> object:
    """Another value of the same kind."""
    match value:
        case bool() | None:
            return 1
        case int():
            return value + chance.choice((-1, 1, 1000))
        case str() if value:
            at = chance.randrange(len(value))
            return value[:at] + ("0" if value[at] != "0" else "1") + value[at + 1 :]
        case _:
            return "put in"


def edit(chance: random.Random, file: File, _two: Two) -> None:
    *path, key = chance.choice(list(places(file)))
    held = inside(file, tuple(path))
    held[key] = other(chance, held[key])


def delete(chance: random.Random, file: File, _two: Two) -> None:
    *path, key = chance.choice(list(places(file)))
    del inside(file, tuple(path))[key]


def insert(chance: random.Random, file: File, _two: Two) -> None:
    log = file["log"]
    entry = deepcopy(chance.choice(log))
    entry["position"] += chance.choice((0, 1))
    log.insert(chance.randrange(len(log) + 1), entry)


def reorder(chance: random.Random, file: File, _two: Two) -> None:
    log = file["log"]
    one, another = chance.sample(range(len(log)), 2)
    log[one], log[another] = log[another], log[one]


def cut(chance: random.Random, file: File, _two: Two) -> None:
    del file["log"][chance.randrange(len(file["log"])) :]


def roll_back(chance: random.Random, file: File, two: Two) -> None:
    """The checkpoint of the earlier release, or less, in the place of this one's."""
    file["release"]["checkpoint"] = deepcopy(two.first["release"]["checkpoint"])
    file["release"]["checkpoint"]["size"] -= chance.choice((0, 1))
    file["earlier"] = []


def rewrite(chance: random.Random, file: File, two: Two) -> None:
    """A fact of the history changed, and every digest, chain, root and proof made anew to fit."""
    entries = list(two.house.journal.sealed(limit=file["release"]["checkpoint"]["size"]))
    at = chance.randrange(two.first["release"]["checkpoint"]["size"])
    made = _Log(_with(two.house, remade(entries, at)), len(entries), tuple(file["release"]["streams"]), [file["release"]["digest"]])  # fmt: skip
    file["log"] = json.loads(json.dumps([each.as_data() for each in made.logged]))
    file["release"]["checkpoint"].update(made.checkpoint.as_data())
    size = two.first["release"]["checkpoint"]["size"]
    root = _Log(_with(two.house, remade(entries, at)[:size]), size, (), []).checkpoint.root
    proof = [each.hex() for each in consistency_proof(made.leaves, size)]
    file["earlier"] = [{"size": size, "root": root, "proof": proof}]


def remade(entries: list[Sealed], at: int) -> list[Sealed]:
    """The log with one fact given another author, and all that follows from it made to fit."""
    last: dict[str, Digest] = {}
    made = []
    for number, entry in enumerate(entries):
        row = entry.row._replace(previous=last.get(entry.row.stream), by="somebody-else" if number == at else entry.row.by)  # fmt: skip
        row = row._replace(digest=digest_of_row(row))
        last[row.stream] = Digest(row.digest)
        made.append(entry._replace(row=row))
    return made


class _Given:
    """A log as it is given."""

    def __init__(self, entries: list[Sealed]) -> None:
        self.entries = entries

    def seal(self) -> int:
        return len(self.entries)

    def sealed(self, after: int = 0, limit: int | None = None) -> Iterator[Sealed]:
        return iter(self.entries[after : None if limit is None else after + limit])

    def strays(self) -> tuple[tuple[str, int], ...]:
        return ()

    def documents(self) -> Iterator[tuple[Digest, Document | Withdrawn | None]]:
        return iter(())


def _with(house: House, entries: list[Sealed]) -> House:
    return replace(house, journal=_Given(entries))  # type: ignore[arg-type]


ATTEMPTS = (edit, delete, insert, reorder, cut, roll_back, rewrite)


@pytest.mark.slow
def test_every_attempt_on_a_file_is_caught(two: Two, script: Script) -> None:
    """By carepool and by the script alike, given the earlier release; what it changes of the file alone, given its digest."""
    chance = random.Random(SEED)
    assert check_bundle(two.second, two.first, two.digest).verifies
    for number in range(ON_FILES):
        attempt = ATTEMPTS[number % len(ATTEMPTS)]
        file = deepcopy(two.second)
        attempt(chance, file, two)
        if file == two.second:
            continue
        # Who rewrites history makes the release anew and gives a new digest: the earlier release alone shows it.
        digest = "" if attempt in (rewrite, roll_back) else two.digest
        said = f"seed {SEED}, attempt {number}: {attempt.__name__}"
        try:
            found = check_bundle(file, two.first, digest)
            assert not found.verifies, said
            assert found.findings[0].where, said
        except Unusable:
            pass
        with pytest.raises((script["Wrong"], KeyError, TypeError, ValueError, AttributeError, IndexError)):
            script["check"](file, two.first, digest)
            pytest.fail(said)


@pytest.mark.slow
def test_history_that_is_rewritten_names_the_first_entry_that_is_another(two: Two) -> None:
    """Where the facts about the plan are rewritten, the finding names the first of them that differs."""
    positions = [each["position"] for each in two.first["log"]]

    class _At(random.Random):
        def randrange(self, *_: Any) -> int:  # type: ignore[override]
            return positions[2] - 1

    file = deepcopy(two.second)
    rewrite(_At(), file, two)
    found = check_bundle(file, two.first)
    assert [(each.code, each.where) for each in found.findings] == [
        ("history-rewritten", f"log/{positions[2]}")
    ]


# Attempts on the log itself


def log_of(chance: random.Random, facts: int = 40) -> list[Sealed]:
    """A small log of some streams."""
    last: dict[str, Last] = {}
    entries: list[Sealed] = []
    for number in range(facts):
        stream = f"plan/{chance.choice('abcd')}"
        at = datetime(2015, 1, 1, 9, number, tzinfo=UTC)
        new = NewFact(stream, "PlanSaved", 1, {"number": number})
        row = row_of(
            new, new.content(), last.get(stream), "officer", at.isoformat(timespec="microseconds")[:26] + "Z"
        )
        last[stream] = Last(row.version, row.at, row.digest)
        entries.append(Sealed(number + 1, at, row))
    return entries


def placed(rows: list[tuple[datetime, Row]]) -> list[Sealed]:
    """Rows at positions without a gap, as who wrote to the database would leave them."""
    return [Sealed(number, recorded, row) for number, (recorded, row) in enumerate(rows, start=1)]


def rows_of(log: list[Sealed]) -> list[tuple[datetime, Row]]:
    return [(each.recorded, each.row) for each in log]


Broken = tuple[list[Sealed], set[int]]
"""A log that was tampered with, and the positions of which one is to be named."""


def log_edit(chance: random.Random, log: list[Sealed]) -> Broken:
    at = chance.randrange(len(log))
    field, value = chance.choice((("body", '{"number":-1}'), ("by", "other"), ("kind", "PlanDropped"), ("previous", "f" * 64), ("digest", "0" * 64)))  # fmt: skip
    made = log[at]._replace(row=log[at].row._replace(**{field: value}))
    return [*log[:at], made, *log[at + 1 :]], {at + 1}


def log_delete(chance: random.Random, log: list[Sealed]) -> Broken:
    at = chance.randrange(len(log) - 1)
    return [*log[:at], *log[at + 1 :]], {at + 1}


def log_insert(chance: random.Random, log: list[Sealed]) -> Broken:
    """A fact of a stream put in a second time."""
    rows, at = rows_of(log), chance.randrange(1, len(log))
    rows.insert(at, rows[chance.randrange(at)])
    return placed(rows), {at + 1}


def log_reorder(chance: random.Random, log: list[Sealed]) -> Broken:
    rows, (one, another) = rows_of(log), sorted(chance.sample(range(len(log)), 2))
    rows[one], rows[another] = rows[another], rows[one]
    return placed(rows), set(range(one + 1, another + 2))


def log_cut(chance: random.Random, log: list[Sealed]) -> Broken:
    at = chance.randrange(len(log))
    return log[:at], {at + 1}


def log_roll_back(chance: random.Random, log: list[Sealed]) -> Broken:
    """The end cut off, and other facts written after it."""
    at = chance.randrange(1, len(log))
    return remade(log, at), {len(log)}


def log_rewrite(chance: random.Random, log: list[Sealed]) -> Broken:
    return remade(log, chance.randrange(len(log))), {len(log)}


ON_THE_LOG: tuple[Callable[[random.Random, list[Sealed]], Broken], ...] = (
    log_edit, log_delete, log_insert, log_reorder, log_cut, log_roll_back, log_rewrite,
)  # fmt: skip


def test_every_attempt_on_the_log_is_caught_and_named() -> None:
    """The first entry that is not as it was is named; where everything was made to fit, the checkpoint that shows it."""
    chance = random.Random(SEED)
    for number in range(ON_LOGS):
        attempt = ON_THE_LOG[number % len(ON_THE_LOG)]
        log = log_of(chance)
        checkpoint = _checkpoint(log)
        assert verify(_Given(log), checkpoint=checkpoint).clean  # type: ignore[arg-type]
        broken, bad = attempt(chance, log)
        found = verify(_Given(broken), checkpoint=checkpoint)  # type: ignore[arg-type]
        said = f"seed {SEED}, attempt {number}: {attempt.__name__}, {found.findings}"
        assert found.findings, said
        assert int(found.findings[0].where.partition("/")[2]) in bad, said


def _checkpoint(log: list[Sealed]) -> Checkpoint:
    return verify(_Given(log)).head  # type: ignore[arg-type]
