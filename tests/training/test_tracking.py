"""Tracking: what an MLflow store holds after a training, and what a broken one says."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gold import gold_cases
from ombud.errors import MissingExtraError, OmbudError
from ombud_training.evaluate import Answers, Evaluation, score
from ombud_training.recipe import Recipe
from ombud_training.tracking import tracked

# MLflow maps its tables with what SQLAlchemy is about to drop, and leaves connections to close.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),
    pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning"),
]

CASES = gold_cases(4)


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all of MLflow's tables: making one takes seconds, copying it none."""
    folder = tmp_path_factory.mktemp("mlflow")
    path = folder / "mlflow.db"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

        SqlAlchemyStore(f"sqlite:///{path}", str(folder / "unused"))
    return path


@pytest.fixture
def store(empty_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """URI of a store of its own, in the working folder of its own."""
    import mlflow

    monkeypatch.chdir(tmp_path)
    shutil.copy(empty_store, tmp_path / "mlflow.db")
    before = mlflow.get_tracking_uri()
    yield f"sqlite:///{tmp_path / 'mlflow.db'}"
    mlflow.set_tracking_uri(before)


def runs(store: str) -> list[Any]:
    """All runs of the store, in order of time."""
    from mlflow import MlflowClient

    client = MlflowClient(store)
    experiment = client.get_experiment_by_name("ombud")
    assert experiment is not None
    return client.search_runs([experiment.experiment_id], order_by=["attribute.start_time ASC"])


def evaluation() -> Evaluation:
    said = [
        Answers("ombud", tuple(c.outcome for c in CASES)),
        Answers("majority", ("upheld",) * 4),
        Answers("all_sentences", rationales=(frozenset(range(5)),) * 4),
    ]
    return score(said, CASES, "statement", "date", resamples=5)


def test_a_run_holds_settings_digests_and_figures(store: str) -> None:
    recipe = Recipe("tiny", epochs=2)
    origin = {"commit": "c0ffee", "data_digest": "d1", "split_digest": "s1", "device": "cpu"}
    with tracked(store, "ombud tiny") as run:
        run.log_config(recipe, origin)
        run.log_losses([(1, 3.0), (2, 1.5)])
        run.log_numbers({"training_seconds": 2.5, "odd: name": 1.0})
        identifier = run.id
    (found,) = runs(store)
    assert found.info.run_id == identifier
    assert found.info.run_name == "ombud tiny"
    assert found.info.status == "FINISHED"
    assert found.data.params == {k: str(v) for k, v in dataclasses.asdict(recipe).items()}
    assert {k: found.data.tags[k] for k in origin} == origin
    assert found.data.metrics == {"loss": 1.5, "training_seconds": 2.5, "odd_ name": 1.0}

    from mlflow import MlflowClient

    history = MlflowClient(store).get_metric_history(identifier, "loss")
    assert [(point.step, point.value) for point in history] == [(1, 3.0), (2, 1.5)]


def test_each_floor_is_a_nested_run(store: str) -> None:
    with tracked(store, "mine") as run:
        run.log_evaluations([evaluation()])
        identifier = run.id
    main, *floors = runs(store)
    assert main.info.run_id == identifier
    assert main.data.metrics["date.statement.outcome_accuracy"] == 1.0
    assert main.data.metrics["date.statement.outcome_accuracy.low"] == 1.0
    assert not any("majority" in name for name in main.data.metrics)
    assert {floor.info.run_name for floor in floors} == {"majority", "all_sentences"}
    for floor in floors:
        assert floor.data.tags["mlflow.parentRunId"] == identifier
        assert floor.data.tags["kind"] == "floor"
        assert floor.info.status == "FINISHED"
    figures = {floor.info.run_name: floor.data.metrics for floor in floors}
    assert figures["majority"]["date.statement.outcome_accuracy"] == 0.5
    assert set(figures["all_sentences"]) == {
        f"date.statement.rationale_{figure}{end}"
        for figure in ("f1", "token_f1", "iou_f1")
        for end in ("", ".low", ".high")
    }


def artifacts(store: str, run_id: str, folder: str | None = None) -> list[str]:
    from mlflow import MlflowClient

    return [found.path for found in MlflowClient(store).list_artifacts(run_id, folder)]


def test_the_bundle_and_the_figures_are_artifacts(
    store: str, tiny_bundle: Path, tmp_path: Path
) -> None:
    from mlflow import MlflowClient

    with tracked(store, "mine") as run:
        run.log_evaluations([evaluation()])
        run.log_bundle(tiny_bundle)
    assert sorted(artifacts(store, run.id)) == ["bundle", "evaluation.json"]
    assert sorted(artifacts(store, run.id, "bundle")) == sorted(
        f"bundle/{path.name}" for path in tiny_bundle.iterdir()
    )
    got = Path(MlflowClient(store).download_artifacts(run.id, "evaluation.json", str(tmp_path)))
    assert json.loads(got.read_text("utf-8")) == json.loads(json.dumps([evaluation().to_json()]))
    bundle = Path(MlflowClient(store).download_artifacts(run.id, "bundle", str(tmp_path)))
    for path in tiny_bundle.iterdir():
        assert (bundle / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("error", [ValueError, OmbudError, KeyboardInterrupt])
def test_a_run_that_breaks_is_marked_failed(error: type[BaseException], store: str) -> None:
    def broken() -> None:
        with tracked(store, "mine") as run:
            run.log_numbers({"before": 1.0})
            raise error("out of hedges")

    with pytest.raises(error, match=r"^out of hedges$"):
        broken()
    (found,) = runs(store)
    assert found.info.status == "FAILED"
    assert found.data.metrics == {"before": 1.0}
    import mlflow

    assert mlflow.active_run() is None


def refusal(uri: str) -> str:
    with pytest.raises(OmbudError) as caught, tracked(uri, "mine"):
        pytest.fail("a store that cannot be used was opened")
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 1
    return str(caught.value)


def test_a_store_that_is_none_is_one_sentence(store: str, tmp_path: Path) -> None:
    (tmp_path / "no.db").write_bytes(b"this is no database at all, but words\n" * 40)
    uri = f"sqlite:///{tmp_path / 'no.db'}"
    assert refusal(uri) == (
        f"expected a tracking store at {uri}, found: (sqlite3.DatabaseError) file is not a "
        "database; check --tracking-uri"
    )


def test_a_uri_of_no_known_kind_is_one_sentence(store: str) -> None:
    message = refusal("carrier-pigeon://loft")
    assert message.startswith("expected a tracking store at carrier-pigeon://loft, found: ")
    assert message.endswith("; check --tracking-uri")


def test_without_mlflow_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(MissingExtraError) as caught, tracked("sqlite:///x.db", "mine"):
        pytest.fail("a run was opened without MLflow")
    assert str(caught.value) == ("expected MLflow, found it not installed; install ombud[training]")
