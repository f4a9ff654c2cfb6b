"""Scoring with another back end, and with vectors kept in a file between jobs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conftest import LETTER, STATEMENT
from ombud.errors import UsageError
from ombud.readers import Columns
from ombud_serving.batch.job import Summary
from ombud_serving.batch.local import Options, score
from ombud_serving.batch.plan import plan
from ombud_serving.score.report import said_summary
from score_tables import parts, write

ROWS = [{"id": f"r{number}", "text": STATEMENT + "x" * number} for number in range(5)]
ROWS.append({"id": "l", "text": LETTER})


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write(tmp_path / "in.csv", ROWS)


def run(source: Path, out: Path, bundle: Path, **others: Any) -> Summary:
    return score(source, out, options=Options(bundle, "statement", Columns(), **others))


def answers(out: Path) -> list[tuple[str, list[str]]]:
    return [(row["outcome"], [r["label"] for r in row["reasons"]]) for row in parts(out)]


def test_a_back_end_is_part_of_the_job(source: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    exact = run(source, tmp_path / "a", tiny_bundle)
    near = run(source, tmp_path / "b", tiny_bundle, backend="torch-bf16")
    assert answers(tmp_path / "a") == answers(tmp_path / "b")
    assert near.job != exact.job
    jobs = [json.loads((tmp_path / name / "job.json").read_text())["job"] for name in "ab"]
    assert [job["backend"] for job in jobs] == [None, "torch-bf16"]
    with pytest.raises(UsageError) as caught:
        run(source, tmp_path / "a", tiny_bundle, backend="torch-bf16")
    assert str(caught.value) == (
        f"{tmp_path / 'a'}: expected results of the same job, found those of one with another "
        "back end; name another folder"
    )


@pytest.mark.parametrize("begun", ["torch-fp32", "torch-bf16"])
def test_auto_goes_on_as_the_job_began(
    source: Path, tiny_bundle: Path, tmp_path: Path, begun: Any
) -> None:
    first = run(source, tmp_path / "out", tiny_bundle, backend=begun)
    again = run(source, tmp_path / "out", tiny_bundle, backend="auto")
    assert (again.state, again.job) == ("already_scored", first.job)


def test_auto_without_texts_to_compare_on_is_exact(
    source: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    exact = run(source, tmp_path / "a", tiny_bundle)
    assert run(source, tmp_path / "b", tiny_bundle, backend="auto").job == exact.job


def test_an_unknown_back_end(source: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        run(source, tmp_path / "out", tiny_bundle, backend="abacus")
    assert str(caught.value) == (
        "expected a back end out of auto, torch-fp32, torch-bf16, onnx-fp32, onnx-int8, found "
        "'abacus'; name one of these"
    )
    assert not (tmp_path / "out").exists()


def test_a_plan_uses_the_back_end(source: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    options = Options(tiny_bundle, "statement", Columns(), backend="torch-bf16")
    found = plan(source, tmp_path / "out", options)
    assert (found.rows, found.out) == (6, "new")
    assert found.rows_per_second > 0


def test_vectors_are_kept_between_jobs(source: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    cache = tmp_path / "vectors.sqlite"
    plain = run(source, tmp_path / "plain", tiny_bundle)
    first = run(source, tmp_path / "a", tiny_bundle, cache=cache)
    second = run(source, tmp_path / "b", tiny_bundle, cache=cache)
    assert parts(tmp_path / "a") == parts(tmp_path / "b")
    assert answers(tmp_path / "a") == answers(tmp_path / "plain")
    # Where vectors come from is no part of the job.
    assert first.job == second.job == plain.job
    computed = plain.sentences - plain.reused
    assert (plain.filed, first.filed, second.filed) == (0, 0, computed)
    assert second.reused == second.sentences
    assert first.reused == plain.reused
    lines = said_summary(second, tmp_path / "b").splitlines()
    share = computed / second.sentences
    assert (
        f"  sentences: {second.sentences:,}, 100.0% not computed again, {share:.1%} from the cache"
        in lines
    )


def test_a_cache_that_is_something_else(source: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        run(source, tmp_path / "out", tiny_bundle, cache=source)
    assert str(caught.value).startswith(
        f"{source}: expected a cache of sentence vectors or no file, found: "
    )
    assert not (tmp_path / "out").exists()
