"""Tables as Parquet, where the library that writes it is installed: a small service does without."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

from carepool.basics.refusals import Unusable

EXTRA = "analytics"
"""The extra that brings it."""
PLACES = 6
"""Decimal places of a number."""


def installed() -> bool:
    """Whether Parquet can be written here."""
    return find_spec("pyarrow") is not None


def parquet(columns: Sequence[tuple[str, str]], rows: Iterable[Mapping[str, object]], about: str) -> bytes:
    """Rows as one Parquet file. ``columns`` are names with types as Table Schema has them: string, integer, number, date, datetime.

    Numbers are exact decimals. Unusable where the library is not installed.
    """
    if not installed():
        raise Unusable(f"This service writes no Parquet: that needs the extra “{EXTRA}”. Take the same table as CSV.")  # fmt: skip
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {
        "string": pa.string(), "integer": pa.int64(), "number": pa.decimal128(30, PLACES), "date": pa.date32(),
        "datetime": pa.timestamp("us", tz="UTC"),
    }  # fmt: skip
    held = list(rows)
    arrays = [pa.array([_as(kind, row[name]) for row in held], kinds[kind]) for name, kind in columns]
    schema = pa.schema([(name, kinds[kind]) for name, kind in columns], metadata={"description": about})
    made = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), made, compression="zstd")
    return made.getvalue()


def _as(kind: str, value: object) -> Any:
    """A value in Python's own type for a kind of column."""
    if value is None or value == "":
        return None if kind != "string" else value
    match kind:
        case "date":
            return date.fromisoformat(str(value))
        case "datetime":
            return datetime.fromisoformat(str(value))
        case "number":
            return round(Decimal(str(value)), PLACES)
        case _:
            return value
