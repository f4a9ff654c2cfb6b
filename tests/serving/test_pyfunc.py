"""A registered bundle: MLflow's pyfunc and Spark's `spark_udf` give what the command gives."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from closeness import assert_close
from command import Command, one_sentence
from conftest import LETTER, STATEMENT
from made_engine import MadeEngine
from ombud.documents import Document
from ombud.errors import UsageError
from ombud.predictor import Predictor
from ombud.readers.columns import Columns
from ombud.readers.tables import Row
from ombud_serving.batch.schema import to_columns
from ombud_serving.batch.spark import Cluster, session, settings, spark_schema
from ombud_serving.pyfunc import ANSWERS, answer_frame
from ombud_serving.tracking import Registered, register_bundle
from sparks import require_spark

# MLflow maps its tables with what SQLAlchemy is about to drop, and leaves connections to close.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),
    pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning"),
]
ROWS = [
    {"id": "a", "text": LETTER},
    {"id": "", "text": "It is gone! « Nobody » came.\n😀 I want it back."},
    {"id": "c", "text": "  "},
    {"id": "d", "text": STATEMENT},
]


@pytest.fixture(scope="module")
def registered(
    tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Registered]]:
    """A store with the tiny bundle, registered."""
    import mlflow

    folder = tmp_path_factory.mktemp("store")
    uri = f"sqlite:///{folder / 'mlflow.db'}"
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.chdir(folder)
        found = register_bundle(tiny_bundle, uri, "ombud-tiny")
        before = mlflow.get_tracking_uri()
        mlflow.set_tracking_uri(uri)
        yield uri, found
        mlflow.set_tracking_uri(before)


def expected(predictor: Predictor, view: Any = "complaint") -> list[dict[str, Any]]:
    """Columns of the rows that can be predicted, `error` and all."""
    documents: list[Document] = [
        Row(number, row).document(Columns())
        for number, row in enumerate(ROWS)
        if row["text"].strip()
    ]
    rows = [to_columns("", 0, one) for one in predictor.predict(documents, view)]
    return [{**{k: row[k] for k in ANSWERS.names[:-1]}, "error": ""} for row in rows]


def plain(value: Any) -> Any:
    """What MLflow and Spark give back, as Python has it."""
    if hasattr(value, "asDict"):
        value = value.asDict()
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value


def test_a_loaded_model_answers_with_the_columns_of_a_part(
    registered: tuple[str, Registered], tiny_predictor: Predictor
) -> None:
    import mlflow

    model = mlflow.pyfunc.load_model(registered[1].uri)
    frame = model.predict(pd.DataFrame(ROWS), params={"view": "complaint"})
    assert list(frame.columns) == ANSWERS.names
    # Not null, and of the types that a part has.
    answered = frame[frame["error"] == ""]
    pa.Table.from_pandas(answered, ANSWERS, preserve_index=False).validate(full=True)
    rows = plain(frame.to_dict("records"))
    bad = rows.pop(2)
    assert_close(rows, expected(tiny_predictor))
    assert (
        bad["error"] == "c: expected a text with words, found none; check that the file is the one"
    )
    assert (bad["outcome"], bad["abstained"], bad["reasons"], bad["rationale"]) == (
        "",
        True,
        [],
        [],
    )
    [statement] = plain(model.predict(pd.DataFrame(ROWS[3:])).to_dict("records"))
    assert statement["view"] == "statement"


def test_what_is_kept_is_the_bundle_and_two_lines_and_no_pickle(
    registered: tuple[str, Registered], tiny_bundle: Path
) -> None:
    from mlflow import MlflowClient
    from mlflow.artifacts import download_artifacts

    uri, made = registered
    folder = Path(download_artifacts(made.uri, tracking_uri=uri))
    kept = [path for path in folder.rglob("*") if path.is_file()]
    for path in tiny_bundle.iterdir():
        [same] = [one for one in kept if one.name == path.name]
        assert same.read_bytes() == path.read_bytes()
    assert not [path for path in kept if path.suffix in (".pkl", ".pickle", ".bin", ".pt")]
    code = next(path for path in kept if path.suffix == ".py").read_text()
    assert code.splitlines()[1:] == [
        "from ombud_serving.tracking import set_bundle_model", "", "set_bundle_model()",
    ]  # fmt: skip
    client = MlflowClient(uri)
    version = client.get_model_version("ombud-tiny", made.version)
    assert version.run_id == made.run_id
    signature = __import__("mlflow").models.get_model_info(made.uri).signature
    assert signature.inputs.input_names() == ["text", "id"]
    assert signature.outputs.input_names() == ANSWERS.names
    assert [one.name for one in signature.params.params] == ["view"]


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support:FutureWarning")
def test_spark_udf_gives_the_same_columns(
    registered: tuple[str, Registered], tiny_predictor: Predictor
) -> None:
    require_spark()
    import mlflow

    with session(Cluster(master="local[2]")) as spark, settings(spark):
        answer = mlflow.pyfunc.spark_udf(
            spark,
            registered[1].uri,
            result_type=spark_schema(ANSWERS, nullable=True),
            env_manager="local",
            params={"view": "complaint"},
        )
        frame = spark.createDataFrame(ROWS, "id STRING, text STRING").coalesce(1)
        found = frame.select(answer("text", "id").alias("answer")).select("answer.*").collect()
    rows = plain(list(found))
    bad = rows.pop(2)
    assert_close(rows, expected(tiny_predictor))
    assert bad["error"].startswith("c: expected a text with words")
    assert (bad["rationale"], bad["reasons"], bad["warnings"]) == ([], [], [])


def test_a_frame_keeps_its_order_and_index_whatever_fails() -> None:
    texts = ["Gone.", None, "unreadable", b"bytes", "Back again."]
    frame = pd.DataFrame({"text": pd.Series(texts, dtype=object, index=[9, 7, 5, 3, 1])})
    found = answer_frame(MadeEngine("0" * 64), frame, "complaint")
    assert list(found.index) == [9, 7, 5, 3, 1]
    assert list(found["id"]) == ["0", "", "2", "", "4"]
    assert list(found["error"]) == [
        "",
        "row 1: expected text in 'text', found nothing",
        "2: expected another text",
        "row 3: expected text in 'text', found bytes; decode the column",
        "",
    ]
    assert not found.drop(columns=["probability", *_probabilities()]).isna().any().any()
    assert len(answer_frame(MadeEngine("0" * 64), frame.iloc[:0], "complaint")) == 0


def _probabilities() -> list[str]:
    return [name for name in ANSWERS.names if name.startswith("probability_")]


def test_a_frame_of_another_shape_is_one_sentence() -> None:
    engine = MadeEngine("0" * 64)
    with pytest.raises(UsageError) as caught:
        answer_frame(engine, pd.DataFrame({"words": ["x"]}), "complaint")
    assert str(caught.value) == "expected a column 'text', found 'words'; add it"
    with pytest.raises(UsageError) as caught:
        answer_frame(engine, pd.DataFrame({"text": ["x"]}), "guess")
    assert str(caught.value) == (
        "expected a view out of statement, complaint, found 'guess'; name one of these"
    )


def test_the_command_registers_another_version(
    registered: tuple[str, Registered],
    tiny_bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    ombud = Command(monkeypatch, capsys)
    ended = ombud("register", tiny_bundle, "--tracking-uri", registered[0], "--name", "ombud-tiny")
    assert ended.code == 0, ended.err
    assert ended.out.startswith(f"registered {tiny_bundle} as models:/ombud-tiny/2 (run ")
    said = one_sentence(ombud("register", tmp_path, "--tracking-uri", registered[0]), 1)
    assert said.startswith(f"{tmp_path}: expected a bundle")
    said = one_sentence(ombud("register", tiny_bundle, "--tracking-uri", "carrier://pigeon"), 1)
    assert said.startswith("expected a tracking store at carrier://pigeon, found: ")
    assert said.endswith("; check --tracking-uri")
