"""The records that are linked: read from CSV or Parquet, and written in one way so that they can be compared."""

# ruff: noqa: S608  (what is put into the SQL are names of ours and quoted columns; every value is a parameter)

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

from carepool.basics.refusals import Unusable, printable, unknown
from carepool.care.people.nhs_number import LENGTH, TEST

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

LEFT, RIGHT = "people_left", "people_right"
"""The two tables; Splink puts the first in the alphabet on the left of a pair."""
NUMBER = "nhs_number"
DEMOGRAPHICS = ("given_name", "family_name", "date_of_birth", "sex", "postcode")
FIELDS = ("id", NUMBER, *DEMOGRAPHICS)
MEMORY = "1500MB"
_NO_BIRTHDAY = "('19000101', '19010101', '18000101', '99991231')"
"""Days that stand where nobody knew one."""

_DIGITS = r"regexp_replace({0}, '[\s\-]+', '', 'g')"
_SUM = " + ".join(f"{LENGTH - place} * substr({{0}}, {place + 1}, 1)::INT" for place in range(LENGTH - 1))
_PLAIN = r"nullif(regexp_replace(strip_accents(upper({0})), '[^\p{{L}}]', '', 'g'), '')"
_CLEAN = {
    "given_name": _PLAIN,
    "family_name": _PLAIN,
    "sex": "CASE WHEN upper({0}) IN ('M', 'MALE', '1') THEN 'M' WHEN upper({0}) IN ('F', 'FEMALE', '2') THEN 'F' END",
    "postcode": "nullif(regexp_replace(upper({0}), '[^A-Z0-9]', '', 'g'), '')",
    "date_of_birth": r"""
        CASE WHEN regexp_full_match({0}, '\d{{4}}[-/. ]?\d{{2}}[-/. ]?\d{{2}}([T ].*)?') THEN left(regexp_replace({0}, '\D', '', 'g'), 8)
             WHEN regexp_full_match({0}, '\d{{1,2}}[-/. ]\d{{1,2}}[-/. ]\d{{4}}([T ].*)?')
             THEN regexp_extract({0}, '(\d{{4}})', 1) || lpad(regexp_extract({0}, '^\d+\D(\d+)', 1), 2, '0') || lpad(regexp_extract({0}, '^(\d+)', 1), 2, '0')
        END""",
}  # fmt: skip
"""Each demographic as it is compared: a name in plain capitals, a date as eight digits whether or not it exists, the day first where the year is last."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a file holds: how many records, which fields, how many with a number that can be one, and how many whose number cannot."""

    records: int
    fields: tuple[str, ...]
    with_number: int
    refused_numbers: int
    shared_numbers: int
    """Numbers that stand on more than one record."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Records that stand in no file, in the order of ``FIELDS``, under a name that messages use."""

    name: str
    rows: Sequence[tuple[str | None, ...]]

    def __str__(self) -> str:
        return self.name


Source = Path | Rows


def connect(*, spill: bool = True) -> "DuckDBPyConnection":
    """A connection that holds little, and without ``spill`` writes nothing to the disk. Unusable where linkage is not installed."""
    try:
        import duckdb
        import splink  # noqa: F401  (asked whether it is there)
    except ModuleNotFoundError as error:
        raise Unusable(f"Linking records needs more than the first install holds ({error.name} is missing). Install it: pip install “carepool[linkage]”.") from None  # fmt: skip
    connection = duckdb.connect()
    connection.execute(f"SET memory_limit = '{MEMORY}'; SET temp_directory = '{gettempdir() if spill else ''}'; SET preserve_insertion_order = false")  # fmt: skip
    return connection


def mapping_of(text: str) -> dict[str, str]:
    """The columns that fields stand in, as ``id=rec_id,family_name=surname`` says. Unusable for what is no field."""
    found: dict[str, str] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        field, _, column = (each.strip() for each in part.partition("="))
        if field not in FIELDS:
            raise unknown("field", field, FIELDS, f"Name one of {', '.join(FIELDS)}.")
        if not column or field in found:
            raise Unusable(f"“{printable(part)}” names no column, or {field} stands twice. Write it like id=rec_id,family_name=surname.")  # fmt: skip
        found[field] = column
    return found


def read(connection: "DuckDBPyConnection", table: str, path: Source, columns: Mapping[str, str], *, production: bool = False) -> Held:  # fmt: skip
    """Read a file into a table in which everything can be compared. Unusable for a file without ids, or with one twice."""
    raw = _raw(connection, path)
    names = {name.strip().strip("\ufeff").casefold(): name for name in raw.columns}
    found = {field: names[at] for field in FIELDS if (at := _at(field, columns, names)) is not None}
    if "id" not in found:
        raise Unusable(f"{path} has no column for id. Say which it is: --map id=COLUMN.")
    texts = {field: _text(column) for field, column in found.items()}
    compared = [
        f"{_CLEAN[field].format(texts[field]) if field in texts else 'NULL::VARCHAR'} AS {field}"
        for field in DEMOGRAPHICS
    ]
    number = _DIGITS.format(texts[NUMBER]) if NUMBER in texts else "NULL::VARCHAR"
    raw.create_view("raw_people", replace=True)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        WITH plain AS (SELECT {texts["id"]} AS id, {number} AS given_number, {", ".join(compared)} FROM raw_people)
        SELECT row_number() OVER () AS unique_id, id, {_valid("given_number", production)} AS {NUMBER},
               given_number IS NOT NULL AND {NUMBER} IS NULL AS refused,
               given_name, family_name, CASE WHEN date_of_birth NOT IN {_NO_BIRTHDAY} THEN date_of_birth END AS date_of_birth, sex, postcode
        FROM plain"""
    )
    connection.execute("DROP VIEW raw_people")
    return _held(connection, table, path, tuple(found))


def _raw(connection: "DuckDBPyConnection", path: Source) -> "DuckDBPyRelation":
    import duckdb

    if isinstance(path, Rows):
        import pandas as pd

        return connection.from_df(pd.DataFrame(path.rows, columns=list(FIELDS), dtype="string"))
    if not path.is_file():
        raise Unusable(f"There is no file {path}. Check the name and the folder.")
    if any(each in str(path) for each in "*?["):
        raise Unusable(f"{path} has a star, question mark or bracket in its name. Rename it.")
    try:
        if path.suffix.lower() in {".parquet", ".pq"}:
            return connection.read_parquet(str(path))
        return connection.read_csv(
            str(path), header=True, all_varchar=True, sep=",", quotechar='"', escapechar='"'
        )
    except duckdb.Error as error:
        raise Unusable(f"{path} cannot be read as {'Parquet' if path.suffix != '.csv' else 'CSV with commas'}: {printable(str(error)).split('  ')[0][:200]}.") from None  # fmt: skip


def _at(field: str, columns: Mapping[str, str], names: Mapping[str, str]) -> str | None:
    """Where a field stands: in the column named for it, else in one with its own name, so that one map does for two files."""
    return next((each for each in (columns.get(field, field).casefold(), field) if each in names), None)


def _text(column: str) -> str:
    quoted = column.replace('"', '""')
    return f"""nullif(trim("{quoted}"::VARCHAR, ' \t\r\n\ufeff\u00a0'), '')"""


def _valid(number: str, production: bool) -> str:
    """The number where it can be one, as ``people.nhs_number`` judges it, else null."""
    wanted = [
        f"regexp_full_match({number}, '[0-9]{{{LENGTH}}}')",
        f"replace({number}, left({number}, 1), '') != ''",
        f"({_SUM.format(number)} + substr({number}, {LENGTH}, 1)::INT) % 11 = 0",
    ]
    if production:
        wanted.append(f"{number} < '{TEST.first}'")
    # The later conditions read digits, which only the first makes sure of: a CASE is worked out in order.
    return f"CASE WHEN {wanted[0]} THEN CASE WHEN {' AND '.join(wanted[1:])} THEN {number} END END"


def _held(connection: "DuckDBPyConnection", table: str, path: Source, fields: tuple[str, ...]) -> Held:
    counts = connection.execute(
        f"SELECT count(*), count(id), count(DISTINCT id), count({NUMBER}), count(*) FILTER (refused) FROM {table}"
    ).fetchall()
    records, with_id, ids, with_number, refused = counts[0]
    if not records:
        raise Unusable(f"{path} holds no record. Name another file.")
    if with_id < records:
        raise Unusable(f"{path} has {records - with_id:,} records without an id. Give each its own.")
    if ids < records:
        raise Unusable(f"{path} has ids that stand on more than one record. Give each its own, so that a link says which it means.")  # fmt: skip
    shared = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {NUMBER} IS NOT NULL GROUP BY {NUMBER} HAVING count(*) > 1)"
    ).fetchall()
    return Held(records, fields, with_number, refused, shared[0][0])
