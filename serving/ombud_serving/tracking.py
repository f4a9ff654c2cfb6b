"""Batch jobs and registered bundles: the one module of serving that talks to MLflow."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from ombud.errors import MissingExtraError, OmbudError, first_line

__all__ = ["JobRun", "Registered", "Tracker", "register_bundle", "set_bundle_model"]

_EXPERIMENT: Final = "ombud-score"
_BUNDLES: Final = "ombud"
_ARTIFACT: Final = "bundle"
_CODE: Final = """# What MLflow runs to load the bundle beside it: code by name, no pickle.
from ombud_serving.tracking import set_bundle_model

set_bundle_model()
"""
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
        _prepare("--track")
        from mlflow import MlflowClient

        self._uri = uri
        with _usable(self._uri, "--track"):
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
        with _usable(self._uri, "--track"):
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


@dataclass(frozen=True, slots=True)
class Registered:
    """A bundle in MLflow's registry.

    Attributes:
        name: Of the registered model.
        version: Its version there.
        run_id: Run that holds it.
        sha256: Of the bundle.
    """

    name: str
    version: str
    run_id: str
    sha256: str

    @property
    def uri(self) -> str:
        """What MLflow loads it by."""
        return f"models:/{self.name}/{self.version}"


def register_bundle(bundle: Path, uri: str, name: str) -> Registered:
    """Keep a bundle as a pyfunc in the store at `uri`, as a new version of the model `name`.

    Args:
        bundle: Its folder.
        uri: The store.
        name: The registered model, made if there is none yet.

    Raises:
        BundleError: If the bundle is missing or damaged.
        MissingExtraError: If MLflow is not installed.
        OmbudError: If the store cannot be used.
    """
    from ombud.bundle import verify_bundle

    manifest, sha256 = verify_bundle(bundle)
    _prepare("ombud register")
    import mlflow

    before = mlflow.get_tracking_uri()
    with tempfile.TemporaryDirectory() as folder, _usable(uri, "--tracking-uri"):
        code = Path(folder, "bundle_model.py")
        code.write_text(_CODE, encoding="utf-8")
        mlflow.set_tracking_uri(uri)
        try:
            mlflow.set_experiment(_BUNDLES)
            with mlflow.start_run(run_name=f"{manifest.name} {manifest.version}") as run:
                logged = mlflow.pyfunc.log_model(
                    name="model",
                    python_model=str(code),
                    artifacts={_ARTIFACT: str(bundle.resolve())},
                    signature=_signature(),
                    pip_requirements=[f"ombud=={version('ombud')}"],
                    registered_model_name=name,
                    tags={"ombud.sha256": sha256, "ombud.run_id": manifest.run_id},
                )
        finally:
            mlflow.set_tracking_uri(before)
    return Registered(name, str(logged.registered_model_version), run.info.run_id, sha256)


def set_bundle_model() -> None:
    """Tell MLflow what to load a kept bundle as; called by the code that is kept with it."""
    import mlflow
    import pandas as pd

    def load_context(model: Any, context: Any) -> None:
        from ombud_serving.batch.engine import load

        model.engine = load(Path(context.artifacts[_ARTIFACT]))

    def answer(model: Any, frame: Any, params: Mapping[str, Any] | None) -> Any:
        from ombud_serving.pyfunc import answer_frame

        return answer_frame(model.engine, frame, (params or {}).get("view", "statement"))

    # MLflow goes by the names of the arguments.
    def predict(self: Any, context: Any, model_input: Any, params: Any = None) -> Any:  # noqa: ARG001
        return answer(self, model_input, params)

    # The one hint that MLflow makes no signature of its own of, nor asks for others.
    predict.__annotations__ = {"model_input": pd.DataFrame}
    base: Any = mlflow.pyfunc.PythonModel
    methods = {"load_context": load_context, "predict": predict}
    mlflow.models.set_model(type("BundleModel", (base,), methods)())


def _signature() -> Any:
    """Return columns in and out; MLflow knows no required fields of what lists hold."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema

    from ombud_serving.pyfunc import ANSWERS

    ins: list[Any] = [ColSpec("string", "text"), ColSpec("string", "id", required=False)]
    outs: list[Any] = [ColSpec(_mlflow_type(field.type), field.name) for field in ANSWERS]
    params = ParamSchema([ParamSpec("view", "string", "statement")])
    return ModelSignature(inputs=Schema(ins), outputs=Schema(outs), params=params)


def _mlflow_type(kind: pa.DataType) -> Any:
    from mlflow.types import DataType
    from mlflow.types.schema import Array, Object, Property

    plain = {
        pa.string(): DataType.string,
        pa.float64(): DataType.double,
        pa.int64(): DataType.long,
        pa.bool_(): DataType.boolean,
    }
    if pa.types.is_list(kind):
        return Array(_mlflow_type(kind.value_type))
    if pa.types.is_struct(kind):
        fields = [kind.field(number) for number in range(kind.num_fields)]
        return Object([Property(field.name, _mlflow_type(field.type)) for field in fields])
    return plain[kind]


def _prepare(wanted: str) -> None:
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    try:
        import mlflow  # noqa: F401
    except ModuleNotFoundError as error:
        message = f"expected MLflow for {wanted}, found it not installed; install ombud[training]"
        raise MissingExtraError(message) from error
    for noisy in ("alembic", "mlflow"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


@contextlib.contextmanager
def _usable(uri: str, option: str) -> Iterator[None]:
    from mlflow.exceptions import MlflowException

    errors: list[Any] = [MlflowException]
    with contextlib.suppress(ModuleNotFoundError):
        from sqlalchemy.exc import SQLAlchemyError

        errors.append(SQLAlchemyError)
    try:
        yield
    except tuple(errors) as error:
        message = f"expected a tracking store at {uri}, found: {first_line(error)}; check {option}"
        raise OmbudError(message) from error


def _key(name: str) -> str:
    """Return a name that MLflow accepts."""
    return re.sub(r"[^\w./ -]", "_", name)
