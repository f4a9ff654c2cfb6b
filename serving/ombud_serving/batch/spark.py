"""Spark itself: sessions, types and files. The one module that imports pyspark."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from ombud.errors import MissingExtraError, OmbudError, first_line
from ombud_serving.batch.shipping import pack

__all__ = [
    "Cluster",
    "UnreadError",
    "arrow_types",
    "failing",
    "load",
    "load_any",
    "reading",
    "session",
    "settings",
    "ship",
    "shipped",
    "spark_schema",
    "unfinished",
    "with_columns",
]

_UNREAD: Final = re.compile(r"\[FAILED_READ_FILE\b[^\]]*\][^\n]*? reading file (\S+?)\.?(?:\s|$)")
_SETTINGS: Final = {
    # Few rows at a time in a worker: each may hold a long text.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "256",
    # Files are cut into blocks twice, to count and to read: the same ones, however many cores.
    "spark.sql.files.minPartitionNum": "64",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.ansi.enabled": "true",
    # `Text` is another column than `text`.
    "spark.sql.caseSensitive": "true",
    # One column of times in nanoseconds, as pandas writes them, would make a file unreadable.
    "spark.sql.legacy.parquet.nanosAsLong": "true",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where and how Spark works.

    Attributes:
        master: Its master, `None` as Spark's own settings say, else all cores of this machine.
        conf: Settings of the session.
        input_format: Spark's name of the input's format, by default as its ending says.
        input_options: Of the reader.
        output_format: Spark's name of the format of the predictions.
        output_options: Of the writer.
    """

    master: str | None = None
    conf: Mapping[str, str] = field(default_factory=dict)
    input_format: str | None = None
    input_options: Mapping[str, str] = field(default_factory=dict)
    output_format: str = "parquet"
    output_options: Mapping[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def session(cluster: Cluster) -> Iterator[Any]:
    """Yield the Spark session that there is, or one that ends with the block.

    Raises:
        MissingExtraError: If pyspark is not installed, or there is no Java.
        OmbudError: If there is no Spark at the master.
    """
    try:
        with _quiet():
            from pyspark.sql import SparkSession
    except ModuleNotFoundError as error:
        message = (
            "expected pyspark for --engine spark, found it not installed; install ombud[spark]"
        )
        raise MissingExtraError(message) from error
    found = SparkSession.getActiveSession()
    if found is not None:
        yield found
        return
    # Workers start Python by its name: without this it would be another one than ours.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder: Any = SparkSession.builder.appName("ombud score")
    settings = {"spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
    if cluster.master is None or cluster.master.startswith("local"):
        settings |= {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
        settings |= {"spark.ui.enabled": "false"}
    for key, value in {**settings, **cluster.conf}.items():
        builder = builder.config(key, value)
    try:
        with _quiet():
            made = (builder.master(cluster.master) if cluster.master else builder).getOrCreate()
    except _errors() as error:
        raise _unstarted(cluster, error) from error
    try:
        yield made
    finally:
        made.stop()


def _errors() -> tuple[type[Exception], ...]:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    return (PySparkException, Py4JError)


def _unstarted(cluster: Cluster, error: Exception) -> OmbudError:
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=f"{home}/bin" if home else None) is None:
        message = (
            "expected Java 17 or newer for --engine spark, found none; install one or set JAVA_HOME"
        )
        return MissingExtraError(message)
    found = _cause(error)
    if "JAVA_GATEWAY_EXITED" in str(error):
        found = "it ended while it started, for what it says above"
    return OmbudError(
        f"expected Spark at {cluster.master or 'its default master'}, found: {found}; "
        "check --master and --spark-conf"
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Leave out what pyspark says of every pandas from 3 on: that not all of it was tried."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support", FutureWarning)
        yield


@contextlib.contextmanager
def settings(spark: Any) -> Iterator[None]:
    """Give the session what the job needs, and back what it had."""
    before = {key: spark.conf.get(key, None) for key in _SETTINGS}
    for key, value in _SETTINGS.items():
        spark.conf.set(key, value)
    try:
        with _quiet():
            yield
    finally:
        for key, value in before.items():
            if value is None:
                spark.conf.unset(key)
            else:
                spark.conf.set(key, value)


@contextlib.contextmanager
def failing() -> Iterator[None]:
    """Say in one sentence what Spark says of a job that it could not finish.

    Raises:
        OmbudError: What an executor or the driver failed of.
    """
    try:
        yield
    except _errors() as error:
        raise unfinished(_cause(error)) from error


def unfinished(cause: str) -> OmbudError:
    """Return the error of a job that Spark could not finish."""
    return OmbudError(
        f"expected Spark to finish the job, found: {cause}; what it had committed is "
        "whole, put this right and run the same command again"
    )


class UnreadError(Exception):
    """Spark could not read a file.

    Attributes:
        file: The file as Spark calls it, '' if it could not even tell what columns there are.
        reason: What it says of it.
    """

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file = file
        self.reason = reason


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Tell a file that Spark cannot read from everything else that a job may fail of.

    Raises:
        UnreadError: If that is what it says.
    """
    from pyspark.errors import AnalysisException

    try:
        yield
    except _errors() as error:
        named = _UNREAD.search(str(error))
        if named is None and not isinstance(error, AnalysisException):
            raise
        raise UnreadError(named[1] if named else "", _cause(error)) from error


def load(reader: Any, paths: Sequence[str]) -> Any:
    """Return what a reader makes of some paths, or of none if its options say where the rows are."""
    return reader.load(list(paths)) if paths else reader.load()


def load_any(reader: Any, paths: Sequence[str]) -> Any:
    """Return what a reader makes of Parquet or ORC files, with the columns of those it can read.

    By itself Spark takes the columns from one file, and gives up where that one is damaged.
    """
    try:
        return load(reader, paths)
    except _errors():
        return load(reader.options(mergeSchema="true", ignoreCorruptFiles="true"), paths)


def with_columns(reader: Any, columns: str) -> Any:
    """Return a reader that reads columns written as JSON, and looks for none itself."""
    from pyspark.sql.types import StructType

    return reader.schema(StructType.fromJson(json.loads(columns)))


def _cause(error: Exception) -> str:
    """Return the sentence that matters in what Spark says, which is mostly a stack."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    for line in reversed(lines):
        name, colon, words = line.partition(": ")
        if colon and name.startswith("ombud.errors."):
            return words
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    # Py4J says which method failed, and Java's own words behind a colon on the next line.
    own = [line.removeprefix(": ") for line in lines if "error occurred while calling" not in line]
    said = [*causes[-1:], *own, first_line(error)][0]
    return said.rstrip(".")


def ship(spark: Any, bundle: Path, sha256: str) -> str:
    """Send a bundle to every executor, once each; return what its archive is called there."""
    from pyspark import SparkFiles

    # Not by an ending that Spark knows: it would unpack the archive where it fetched it.
    name = f"ombud-{sha256[:16]}.bundle"
    archive = Path(SparkFiles.getRootDirectory()) / "shipped" / name
    if not archive.exists():
        pack(bundle, archive)
        spark.sparkContext.addFile(str(archive))
    return name


def shipped(name: str) -> Path:
    """Return where an archive that was sent lies on this machine."""
    from pyspark import SparkFiles

    return Path(SparkFiles.get(name))


def spark_schema(columns: pa.Schema, *, nullable: bool) -> Any:
    """Return the schema of the same columns, all of which may be null or as they say."""
    from pyspark.sql.pandas.types import from_arrow_schema
    from pyspark.sql.types import StructField, StructType

    made = from_arrow_schema(columns)
    if not nullable:
        return made
    return StructType([StructField(one.name, one.dataType) for one in made])


def arrow_types(frame: Any) -> dict[str, pa.DataType]:
    """Return the types of a data frame's columns; text for those that Arrow has none for."""
    from pyspark.errors import PySparkException
    from pyspark.sql.pandas.types import to_arrow_type

    found = {}
    for one in frame.schema:
        try:
            found[one.name] = to_arrow_type(one.dataType)
        except PySparkException:
            found[one.name] = pa.string()
    return found
