"""Tracking: the one module that talks to MLflow.

One run a training, each floor a nested run, the bundle as an artifact.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import logging
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ombud.errors import MissingExtraError, OmbudError, first_line
from ombud_training.evaluate import Evaluation
from ombud_training.recipe import Recipe

__all__ = ["DEFAULT_URI", "Run", "tracked"]

DEFAULT_URI: Final = "sqlite:///mlflow.db"
_EXPERIMENT: Final = "ombud"


class Run:
    """An open MLflow run."""

    def __init__(self, mlflow: Any, identifier: str) -> None:
        self._mlflow = mlflow
        self.id = identifier

    def log_config(self, recipe: Recipe, tags: Mapping[str, str]) -> None:
        """Keep every setting of the recipe, and where data and code come from."""
        self._mlflow.log_params(dataclasses.asdict(recipe))
        self.log_tags(tags)

    def log_tags(self, tags: Mapping[str, str]) -> None:
        """Keep words under their names, in the place of earlier ones."""
        self._mlflow.set_tags(dict(tags))

    def log_losses(self, losses: Sequence[tuple[int, float]]) -> None:
        """Keep the loss curve."""
        for step, loss in losses:
            self._mlflow.log_metric("loss", loss, step=step)

    def log_numbers(self, numbers: Mapping[str, float]) -> None:
        """Keep figures under their names."""
        self._mlflow.log_metrics({_key(name): value for name, value in numbers.items()})

    def log_evaluations(self, evaluations: Sequence[Evaluation]) -> None:
        """Keep the model's figures in this run and each floor's in a nested run of its own."""
        model = evaluations[0].scores[0].name
        floors: dict[str, dict[str, float]] = {}
        for evaluation in evaluations:
            for name, value in evaluation.metrics().items():
                split, view, system, figure = name.split(".", 3)
                kept = {f"{split}.{view}.{figure}": value}
                if system == model:
                    self.log_numbers(kept)
                else:
                    floors.setdefault(system, {}).update(kept)
        for system, numbers in floors.items():
            with self._mlflow.start_run(run_name=system, nested=True):
                self._mlflow.set_tag("kind", "floor")
                self._mlflow.log_metrics({_key(n): value for n, value in numbers.items()})
        content = [evaluation.to_json() for evaluation in evaluations]
        self._mlflow.log_text(json.dumps(content, indent=1), "evaluation.json")

    def log_bundle(self, path: Path) -> None:
        """Keep the whole bundle as the artifact `bundle`."""
        self._mlflow.log_artifacts(str(path), "bundle")


@contextlib.contextmanager
def tracked(uri: str, name: str) -> Iterator[Run]:
    """Open a run in the experiment `ombud`; it ends as failed if the block raises.

    Raises:
        MissingExtraError: If MLflow is not installed.
        OmbudError: If the store at `uri` cannot be used.
    """
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    try:
        import mlflow
        from mlflow.exceptions import MlflowException
        from sqlalchemy.exc import SQLAlchemyError
    except ModuleNotFoundError as error:
        message = "expected MLflow, found it not installed; install ombud[training]"
        raise MissingExtraError(message) from error
    for noisy in ("alembic", "mlflow"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    try:
        mlflow.set_tracking_uri(uri)
        mlflow.set_experiment(_EXPERIMENT)
        run = mlflow.start_run(run_name=name)
    except (MlflowException, SQLAlchemyError) as error:
        message = (
            f"expected a tracking store at {uri}, found: {first_line(error)}; check --tracking-uri"
        )
        raise OmbudError(message) from error
    try:
        with run:
            yield Run(mlflow, run.info.run_id)
    except (MlflowException, SQLAlchemyError) as error:
        message = f"expected the run kept at {uri}, found: {first_line(error)}; check the store"
        raise OmbudError(message) from error


def _key(name: str) -> str:
    """Return a name that MLflow accepts."""
    return re.sub(r"[^\w./ -]", "_", name)
