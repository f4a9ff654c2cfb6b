"""What `ombud score --engine spark` takes, checked before anything is started."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ombud.errors import UsageError

if TYPE_CHECKING:
    from ombud_serving.batch.job import Summary
    from ombud_serving.batch.local import Options
    from ombud_serving.batch.spark import Cluster
    from ombud_serving.batch.watch import Watch

__all__ = ["check_computing", "check_dry_run", "check_report", "cluster_of", "score_on"]


def cluster_of(
    engine: Literal["local", "spark"],
    *,
    master: str | None,
    conf: Sequence[str],
    input_format: str | None,
    input_options: Sequence[str],
    output_format: str | None,
    output_options: Sequence[str],
) -> Cluster | None:
    """Return how Spark is to work, `None` for the local engine.

    Raises:
        UsageError: If an option is none of the engine's, or is not KEY=VALUE.
    """
    given = {
        "--master": master,
        "--spark-conf": conf,
        "--input-format": input_format,
        "--input-option": input_options,
        "--output-format": output_format,
        "--output-option": output_options,
    }
    if engine == "local":
        for option, value in given.items():
            if value:
                message = (
                    f"{option}: expected it with --engine spark, found the local engine; "
                    "add --engine spark or leave it out"
                )
                raise UsageError(message)
        return None
    from ombud_serving.batch.spark import Cluster

    return Cluster(
        master=master,
        conf=_pairs("--spark-conf", conf),
        input_format=input_format,
        input_options=_pairs("--input-option", input_options),
        output_format=output_format or "parquet",
        output_options=_pairs("--output-option", output_options),
    )


def _pairs(option: str, words: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for one in words:
        key, equals, value = one.partition("=")
        if not key or not equals:
            message = f"{option}: expected KEY=VALUE, found {one!r}; write it so"
            raise UsageError(message)
        pairs[key] = value
    return pairs


def check_computing(backend: str, cache: Path | None) -> None:
    """Do nothing if executors can compute as asked: by torch in float32, without a file.

    Raises:
        UsageError: If another back end or a cache is asked for.
    """
    for option, given in (("--backend", backend != "torch-fp32"), ("--cache", cache is not None)):
        if given:
            message = (
                f"{option}: expected it with the local engine, found --engine spark; "
                "leave one of them out"
            )
            raise UsageError(message)


def check_dry_run(source: str, out: str) -> None:
    """Do nothing if a dry run can say how long a job on Spark takes.

    Raises:
        UsageError: If the source is not on a path, or there are results already.
    """
    from ombud_serving.batch.spark_source import is_remote

    if source == "-" or is_remote(source):
        message = (
            f"--dry-run: expected a path to measure on, found {source!r}; give it some of the "
            "rows in a file"
        )
        raise UsageError(message)
    if Path(out, "job.json").exists():
        message = f"--dry-run: expected a new folder, found results in {out}; name another folder"
        raise UsageError(message)


def check_report(cluster: Cluster, out: str) -> None:
    """Do nothing if a report can be made of results that Spark writes.

    Raises:
        UsageError: If they are not Parquet on a path.
    """
    from ombud_serving.batch.spark_source import is_remote

    if is_remote(out) or cluster.output_format != "parquet":
        found = out if is_remote(out) else cluster.output_format
        message = (
            f"--report: expected Parquet results on a path, found {found!r}; leave --report out "
            "or write them so"
        )
        raise UsageError(message)


def score_on(cluster: Cluster, source: str, out: str, options: Options, watch: Watch) -> Summary:
    """Score on Spark, in the session that there is or one of our own."""
    from ombud_serving.batch.spark import session
    from ombud_serving.batch.spark_job import score

    with session(cluster) as spark:
        return score(spark, source, out, options=options, cluster=cluster, watch=watch)
