"""Which records of two files are of one person: settled by number, then by weight, and what a person must read before it is joined."""

# ruff: noqa: S608  (what is put into the SQL are tables and columns of ours; every value is a parameter)

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from carepool.basics.refusals import Unusable
from carepool.care.linkage.numbers import SETTLED, link_by_number
from carepool.care.linkage.records import DEMOGRAPHICS, LEFT, NUMBER, RIGHT, Held, Rows, Source, connect, read
from carepool.care.linkage.weights import FEWEST, WEIGHED, Weighing, weigh

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SURE = 0.8
"""How probable a pair must be to be linked without a person; measured on labelled sets, see ADR 0048."""
DOUBTFUL = 0.2
"""How probable a pair must be for a person to read it."""
COLUMNS = ("left_id", "right_id", "probability", "rule")
LEAST_ALIKE = 0.6
"""How alike by Jaro and Winkler two given names are that can be one person's beside a better pair."""
_ENOUGH_BY_NUMBER = 50
_MOST_LIKELY_UNLEARNED = 0.0001
"""The most that is thought of two records at random in files that are too small to learn from."""
_EXACT_RECALL = 0.7
_TOGETHER = "pairs"
_TWINS = f"jaro_winkler_similarity(l.given_name, r.given_name) < {LEAST_ALIKE} AND l.given_name != r.family_name AND l.family_name != r.given_name"
_BETTER = f"""(
    weight < max(weight) OVER (PARTITION BY w.l) OR weight < max(weight) OVER (PARTITION BY w.r)
    OR w.l IN (SELECT l FROM {SETTLED} WHERE NOT doubtful) OR w.r IN (SELECT r FROM {SETTLED} WHERE NOT doubtful))"""
"""Twins share everything but the given name: where names are nothing alike and one of the two has a better pair, a person looks."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What was found: each file, the links by rule, the pairs for a person by rule, and how pairs were weighed."""

    left: Held
    right: Held
    links: Mapping[str, int]
    review: Mapping[str, int]
    weighing: Weighing | None


def link(connection: "DuckDBPyConnection", left: Source, right: Source, columns: Mapping[str, str], *, sure: float = SURE, production: bool = False, spark: bool = False) -> Linked:  # fmt: skip
    """Link two files: same number and another demographic first, then by weights what has no number on one side at least.

    Two records with different numbers are never linked. The pairs wait in the connection for ``write``.
    """
    helds = read(connection, LEFT, left, columns, production=production), read(connection, RIGHT, right, columns, production=production)  # fmt: skip
    fields = [each for each in DEMOGRAPHICS if all(each in held.fields for held in helds)]
    if len(fields) < 2 and not (fields and all(NUMBER in held.fields for held in helds)):
        raise Unusable(f"{left.name} and {right.name} have too little in common to know people by. Both need two of {', '.join(DEMOGRAPHICS)}, or one and {NUMBER}.")  # fmt: skip
    link_by_number(connection)
    weighing = None
    if len(fields) > 1 and any(held.with_number < held.records for held in helds):
        weighing = weigh(
            connection,
            [each for each in (NUMBER, *fields) if all(each in held.fields for held in helds)],
            _prior(connection, helds, fields),
            DOUBTFUL,
            numbers_settled=True,
            spark=spark,
        )
    else:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {WEIGHED} AS SELECT 0::BIGINT AS l, 0::BIGINT AS r, 0.0 AS probability, 0.0 AS weight WHERE false")  # fmt: skip
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {_TOGETHER} AS
        SELECT l, r, CASE WHEN doubtful THEN NULL ELSE 1.0 END AS probability, rule, doubtful, rule AS kind FROM {SETTLED}
        UNION ALL
        SELECT w.l, w.r, probability, 'weight ' || printf('%.1f', weight), probability < ? OR coalesce({_TWINS} AND {_BETTER}, false), 'weight'
        FROM {WEIGHED} w JOIN {LEFT} l ON l.unique_id = w.l JOIN {RIGHT} r ON r.unique_id = w.r""",
        [sure],
    )
    return Linked(*helds, _counts(connection, doubtful=False), _counts(connection, doubtful=True), weighing)


def write(connection: "DuckDBPyConnection", file: Path, *, doubtful: bool = False) -> None:
    """Write the links, or the pairs that a person must read, as CSV in the order of their ids."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_pairs(connection, doubtful))


class Found(NamedTuple):
    """A pair of ids, how probable it is, where that was weighed, by what it was found, and whether a person must read it."""

    left: str
    right: str
    probability: float | None
    rule: str
    doubtful: bool


def link_rows(left: Rows, right: Rows, *, production: bool = False) -> tuple[Found, ...]:
    """The pairs of records that stand in no file: nothing of them is written anywhere."""
    connection = connect(spill=False)
    try:
        link(connection, left, right, {}, production=production)
        return tuple(
            Found(one, other, float(probable) if probable else None, rule, doubtful)
            for doubtful in (False, True)
            for one, other, probable, rule in _pairs(connection, doubtful)
        )
    finally:
        connection.close()


def _pairs(connection: "DuckDBPyConnection", doubtful: bool) -> Iterator[tuple[str, str, str, str]]:
    rows = connection.execute(
        f"""
        SELECT left_.id, right_.id, CASE WHEN probability IS NULL THEN '' ELSE printf('%.6f', probability) END, rule
        FROM {_TOGETHER} JOIN {LEFT} left_ ON left_.unique_id = l JOIN {RIGHT} right_ ON right_.unique_id = r
        WHERE doubtful = ? ORDER BY 1, 2, 4""",
        [doubtful],
    )
    while some := rows.fetchmany(10_000):
        yield from some


def _counts(connection: "DuckDBPyConnection", *, doubtful: bool) -> dict[str, int]:
    return dict(
        connection.execute(f"SELECT kind, count(*) FROM {_TOGETHER} WHERE doubtful = ? GROUP BY kind ORDER BY kind", [doubtful]).fetchall()
    )  # fmt: skip


def _prior(connection: "DuckDBPyConnection", helds: tuple[Held, Held], fields: list[str]) -> float:
    """How likely two records at random are of one person: from the links by number where there are some, else from exact agreement."""
    left, right = helds
    settled = _one(connection, f"SELECT count(*) FROM {SETTLED} WHERE NOT doubtful")
    if settled >= _ENOUGH_BY_NUMBER:
        matches = settled / (left.with_number / left.records) / (right.with_number / right.records)
    else:
        exact = [each for each in ("given_name", "family_name", "date_of_birth") if each in fields] or fields
        matches = _one(connection, f"SELECT count(*) FROM {LEFT} JOIN {RIGHT} USING ({', '.join(exact)})") / _EXACT_RECALL  # fmt: skip
    most = 0.5 if left.records + right.records >= FEWEST else _MOST_LIKELY_UNLEARNED
    return min(most, max(1.0, matches) / (left.records * right.records))


def _one(connection: "DuckDBPyConnection", sql: str) -> int:
    return int(connection.execute(sql).fetchall()[0][0])


def link_files(left: Path, right: Path, out: Path, columns: Mapping[str, str], *, review: Path | None = None, sure: float = SURE, production: bool = False, spark: bool = False) -> Linked:  # fmt: skip
    """Link two files and write the links, and where asked the pairs that a person must read."""
    connection = connect()
    try:
        linked = link(connection, left, right, columns, sure=sure, production=production, spark=spark)
        write(connection, out)
        if review:
            write(connection, review, doubtful=True)
    finally:
        connection.close()
    return linked
