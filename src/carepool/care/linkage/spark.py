"""The same weighing on Spark: by the weights that were learned beside it, over all pairs that agree in a block."""

from os import cpu_count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from carepool.basics.refusals import Unusable
from carepool.care.linkage.records import LEFT, RIGHT

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FOUND = "found_on_spark"
"""The view of the pairs that were found, in the folder that they were written to."""


def predict(connection: "DuckDBPyConnection", settings: Any, least: float, folder: Path) -> str:
    """Weigh the pairs on Spark and write them to a folder; the view by which the connection reads them. Unusable without Spark."""
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        raise Unusable("Linking on Spark needs more than is installed (pyspark is missing). Install it: pip install “carepool[linkage,spark]”, and Java.") from None  # fmt: skip
    from splink import Linker
    from splink.backends.spark import SparkAPI, similarity_jar_location

    parts = cpu_count() or 1
    session = (
        SparkSession.builder.master("local[*]")
        .appName("carepool")
        .config("spark.jars", similarity_jar_location())
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", str(parts))
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .getOrCreate()
    )
    try:
        begun: Any = SparkAPI  # it has no types
        api = begun(
            spark_session=session, break_lineage_method="persist", num_partitions_on_repartition=parts
        )
        tables = []
        for table in (LEFT, RIGHT):
            file = str(folder / f"{table}.parquet")
            connection.execute(f"COPY {table} TO '{file}' (FORMAT parquet)")
            tables.append(api.register(session.read.parquet(file), dataset_display_name=table))
        found = Linker(tables, settings, log_level=None).inference.predict(
            threshold_match_probability=least, warning_mode="never"
        )
        found.as_spark_dataframe().write.parquet(str(folder / "found"))
    finally:
        session.stop()
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {FOUND} AS SELECT * FROM read_parquet('{folder}/found/*.parquet')")  # noqa: S608  (a folder of our own making)  # fmt: skip
    return FOUND


def folder() -> TemporaryDirectory[str]:
    """A folder for what Spark reads and writes, which goes with all that is in it."""
    return TemporaryDirectory(prefix="carepool-spark-")
