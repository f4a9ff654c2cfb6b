"""Figures of a job as a Prometheus textfile, for the textfile collector of node_exporter."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping
from pathlib import Path

from ombud.atomic import replacing
from ombud.errors import MissingExtraError, OutputError, UsageError
from ombud_serving.batch.job import Summary

__all__ = ["check_metrics_file", "write_metrics"]


def check_metrics_file(path: Path) -> None:
    """Do nothing if metrics can be written to `path`.

    Raises:
        UsageError: If its ending is not `.prom`, which the collector asks for, or there is no
            folder for it.
        MissingExtraError: If prometheus_client is not installed.
    """
    if path.suffix != ".prom":
        message = (
            f"{path}: expected a file ending in .prom, found {path.name!r}; the textfile "
            "collector reads no other"
        )
        raise UsageError(message)
    if not path.parent.is_dir():
        message = f"{path}: expected a folder to write it in, found none; make it first"
        raise UsageError(message)
    try:
        import prometheus_client  # noqa: F401
    except ModuleNotFoundError as error:
        message = (
            "expected prometheus_client for --metrics-file, found it not installed; "
            "install ombud[serving]"
        )
        raise MissingExtraError(message) from error


def write_metrics(
    path: Path, labels: Mapping[str, str], summary: Summary | None, code: int, seconds: float
) -> None:
    """Write the metrics of a run whole or not at all; those of a run that failed are few.

    Args:
        path: The file.
        labels: Put on every metric, to tell jobs apart.
        summary: What the job came to, `None` if it did not end.
        code: Exit code of the run.
        seconds: What the run took.

    Raises:
        OutputError: If it cannot be written.
    """
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()
    names = tuple(labels)

    def put(name: str, what: str, values: Mapping[str, float], label: str = "") -> None:
        gauge = Gauge(
            f"ombud_score_{name}", what, (*names, label) if label else names, registry=registry
        )
        for value_name, value in values.items():
            gauge.labels(*labels.values(), *((value_name,) if label else ())).set(value)

    put("exit_code", "Exit code of the last run.", {"": code})
    put("end_timestamp_seconds", "When the last run ended.", {"": time.time()})
    put("run_seconds", "What the last run took.", {"": seconds})
    if summary is not None:
        rows = {"scored": summary.scored, "rejected": summary.rejected}
        put("rows", "Rows of the input.", rows, "result")
        put("unreadable_files", "Files not read to their end.", {"": summary.unreadable})
        put("abstained_rows", "Scored rows that a person should decide.", {"": summary.abstained})
        put("outcome_share", "Share of an outcome in the scored rows.", summary.shares, "outcome")
        put("reason_share", "Share of a reason in the scored rows.", summary.reasons, "reason")
        computed = summary.sentences - summary.reused
        sentences = {"computed": computed, "reused": summary.reused}
        put("sentences", "Sentences of the scored rows.", sentences, "cache")
        put("scoring_seconds", "What all parts took.", {"": summary.scoring_seconds})
    try:
        with replacing(path) as temporary:
            temporary.write_bytes(generate_latest(registry))
            # The collector runs as another user.
            with contextlib.suppress(OSError):
                os.chmod(temporary, 0o644)
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        message = f"{path}: expected room for metrics, found: {found}; the results are whole"
        raise OutputError(message) from error
