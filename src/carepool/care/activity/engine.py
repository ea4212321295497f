"""Where expressions are run: DuckDB, or PySpark when told; both give the same counts."""

from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

from carepool.basics.refusals import Unusable

if TYPE_CHECKING:
    from ibis import ir

ENGINES = ("duckdb", "spark")
MEMORY = "1GB"
"""What DuckDB may hold before it writes to disk: an analyst's machine has other work."""


def connect(engine: str = "duckdb", *, memory: str = MEMORY, threads: int = 0) -> Any:
    """A connection. Unusable for an unknown engine, or one that is not installed."""
    if engine not in ENGINES:
        raise Unusable(f"“{engine}” is no engine here. Name one of {', '.join(ENGINES)}.")
    try:
        import ibis
    except ModuleNotFoundError as error:
        raise _missing(error, "analytics") from None
    if engine == "duckdb":
        backend = ibis.duckdb.connect()
        backend.raw_sql(f"SET memory_limit = '{memory}'")
        backend.raw_sql(f"SET temp_directory = '{gettempdir()}'")
        backend.raw_sql("SET preserve_insertion_order = false")
        if threads:
            backend.raw_sql(f"SET threads = {int(threads)}")
        return backend
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError as error:
        raise _missing(error, "spark") from None
    session = (
        SparkSession.builder.master(f"local[{threads or '*'}]")
        .appName("carepool")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    return ibis.pyspark.connect(session)


def table(connection: Any, folder: Path, name: str, months: tuple[str, ...]) -> "ir.Table":
    """Some months of a table as one."""
    import ibis

    paths = [str(folder / name / f"{month}.parquet") for month in months]
    if connection.name == "duckdb":
        return connection.read_parquet(paths)
    return ibis.union(*(connection.read_parquet(path) for path in paths)) if len(paths) > 1 else connection.read_parquet(paths[0])  # fmt: skip


def _missing(error: ModuleNotFoundError, extra: str) -> Unusable:
    return Unusable(f"Patient-level activity needs more than the first install holds ({error.name} is missing). Install it: pip install “carepool[{extra}]”.")  # fmt: skip
