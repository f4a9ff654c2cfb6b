"""Tracking of batch jobs: the one module of serving that talks to MLflow."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ombud.errors import MissingExtraError, OmbudError, first_line

__all__ = ["JobRun", "Tracker"]

_EXPERIMENT: Final = "ombud-score"
_DIGEST_SIZE: Final = 36
"""Longest digest of a dataset that MLflow keeps; the whole one is a parameter."""


@dataclass(frozen=True, slots=True)
class JobRun:
    """What is kept of a job.

    Attributes:
        job: Its digest, which the run is found by again.
        source: The input as it was named.
        input_sha256: Digest of the input.
        params: What the job was, such as bundle and view.
        metrics: What it came to.
        tags: What else is to be known, such as how this run ended.
        failed: Whether it failed.
        seconds: How long it took.
    """

    job: str
    source: str
    input_sha256: str
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    failed: bool
    seconds: float


class Tracker:
    """A tracking store that was found in order before the job began."""

    def __init__(self, uri: str) -> None:
        """Open the store and its experiment `ombud-score`.

        Raises:
            MissingExtraError: If MLflow is not installed.
            OmbudError: If the store at `uri` cannot be used.
        """
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
        try:
            from mlflow import MlflowClient
        except ModuleNotFoundError as error:
            message = "expected MLflow for --track, found it not installed; install ombud[training]"
            raise MissingExtraError(message) from error
        for noisy in ("alembic", "mlflow"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        self._uri = uri
        with self._usable():
            self._client = MlflowClient(tracking_uri=uri)
            found = self._client.get_experiment_by_name(_EXPERIMENT)
            self._experiment = (
                self._client.create_experiment(_EXPERIMENT)
                if found is None
                else found.experiment_id
            )

    def keep(self, job: JobRun) -> str:
        """Keep a job in the run that is its own, made if it has none yet; return the run's id.

        Raises:
            OmbudError: If the store cannot be used.
        """
        with self._usable():
            return self._keep(job)

    def _keep(self, job: JobRun) -> str:
        from mlflow.entities import Dataset, DatasetInput, Metric, Param, RunTag

        now = int(time.time() * 1000)
        runs = self._client.search_runs(
            [self._experiment], filter_string=f"tags.\"ombud.job\" = '{job.job}'", max_results=1
        )
        if runs:
            identifier = runs[0].info.run_id
        else:
            created = self._client.create_run(
                self._experiment,
                start_time=now - int(job.seconds * 1000),
                tags={"ombud.job": job.job},
                run_name=f"score {job.job[:12]}",
            )
            identifier = created.info.run_id
            digest = job.input_sha256[:_DIGEST_SIZE]
            dataset = Dataset("input", digest, "local", json.dumps({"uri": job.source}))
            self._client.log_inputs(identifier, [DatasetInput(dataset)])
        self._client.log_batch(
            identifier,
            metrics=[Metric(_key(k), v, now, 0) for k, v in job.metrics.items()],
            params=[Param(k, v) for k, v in {**job.params, "job": job.job}.items()],
            tags=[RunTag(k, v) for k, v in job.tags.items()],
        )
        self._client.set_terminated(identifier, "FAILED" if job.failed else "FINISHED", now)
        return str(identifier)

    @contextlib.contextmanager
    def _usable(self) -> Iterator[None]:
        from mlflow.exceptions import MlflowException

        errors: list[Any] = [MlflowException]
        with contextlib.suppress(ModuleNotFoundError):
            from sqlalchemy.exc import SQLAlchemyError

            errors.append(SQLAlchemyError)
        try:
            yield
        except tuple(errors) as error:
            message = (
                f"expected a tracking store at {self._uri}, found: {first_line(error)}; "
                "check --track"
            )
            raise OmbudError(message) from error


def _key(name: str) -> str:
    """Return a name that MLflow accepts."""
    return re.sub(r"[^\w./ -]", "_", name)
