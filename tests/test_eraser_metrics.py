"""ERASER metrics: by hand, what must hold of any, and equal to the benchmark's own scorer."""

from __future__ import annotations

import dataclasses
import gzip
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.errors import InputError
from ombud.metrics import (
    EraserGold,
    EraserPrediction,
    PartialScores,
    eraser_report,
    exact_spans,
    faithfulness,
    iou_f1,
    prediction_to_json,
    read_eraser_gold,
    read_eraser_predictions,
    soft_scores,
    token_f1,
)
from ombud.spans import Span


def spans(*pairs: tuple[int, int]) -> frozenset[Span]:
    return frozenset(Span(start, end) for start, end in pairs)


def probabilities(positive: float) -> dict[str, float]:
    return {"POS": positive, "NEG": 1 - positive}


def partial(without: float, only: float) -> PartialScores:
    return PartialScores(probabilities(without), probabilities(only))


def prediction(number: int = 1, **values: Any) -> EraserPrediction:
    plain: dict[str, Any] = {
        "id": f"d{number}",
        "label": "POS",
        "probabilities": probabilities(0.9),
        "spans": spans((0, 2)),
        "token_scores": [0.9, 0.8, 0.1, 0.2],
        "rationale": partial(0.4, 0.8),
        "by_share": {0.5: partial(0.5, 0.7), 0.1: partial(0.8, 0.6)},
    }
    return EraserPrediction(**{**plain, **values})


def test_tokens_by_hand() -> None:
    # The first shares 2 of 4 chosen and 3 marked tokens; the second chooses nothing.
    micro, macro = token_f1([spans((2, 5)), spans((0, 1))], [spans((0, 4)), spans()])
    assert micro.to_json() == pytest.approx({"p": 2 / 4, "r": 2 / 4, "f1": 0.5})
    assert macro.to_json() == pytest.approx({"p": 0.25, "r": 1 / 3, "f1": (4 / 7) / 2})


def test_a_token_marked_twice_counts_once() -> None:
    micro, _ = token_f1([spans((0, 3), (1, 4))], [spans((0, 4))])
    assert micro.f1 == 1


def test_overlap_by_hand() -> None:
    gold = [spans((0, 4), (10, 12)), spans((0, 1))]
    chosen = [spans((0, 2), (11, 20), (30, 31)), spans((5, 6))]
    micro, macro = iou_f1(gold, chosen)
    # (0, 2) has exactly half of (0, 4); (11, 20) has a tenth of the union with (10, 12).
    assert (micro.precision, micro.recall) == pytest.approx((1 / 4, 1 / 3))
    assert (macro.precision, macro.recall, macro.f1) == pytest.approx((1 / 6, 1 / 4, 0.2))
    lower, _ = iou_f1(gold, chosen, threshold=0.1)
    assert (lower.precision, lower.recall) == pytest.approx((2 / 4, 2 / 3))


def test_exact_spans_by_hand() -> None:
    micro, macro = exact_spans([spans((0, 4), (5, 6))], [spans((0, 4), (5, 7))])
    assert (micro.f1, macro.f1) == pytest.approx((0.5, 0.5))


def test_soft_scores_by_hand() -> None:
    # Ranked: marked, other, marked, other. Steps: 1/2 at precision 1, 1/2 at precision 2/3.
    scores = soft_scores([spans((0, 2))], [[0.9, 0.3, 0.5, 0.1]])
    assert scores.average_precision == pytest.approx((1 + 2 / 3) / 2)
    # Trapezes over (recall, precision) (0, 1), (.5, 1), (.5, .5), (1, 2/3).
    assert scores.auprc == pytest.approx(0.5 + 0.5 * (1 / 2 + 2 / 3) / 2)
    assert scores.roc_auc == pytest.approx(3 / 4)


def test_documents_that_rank_nothing_are_left_out() -> None:
    marked = [spans((0, 1)), spans(), spans((0, 2))]
    scores = soft_scores(marked, [[0.9, 0.1], [0.5, 0.4], [0.2, 0.1]])
    assert (scores.auprc, scores.average_precision, scores.roc_auc) == (1, 1, 1)
    with pytest.raises(
        ValueError, match=r"^expected at least one document with some tokens marked, found none$"
    ):
        soft_scores(marked[1:2], [[0.5, 0.4]])


def test_faithfulness_by_hand() -> None:
    second = prediction(
        2,
        label="NEG",
        probabilities=probabilities(0.2),
        rationale=partial(0.6, 0.1),
        by_share={0.1: partial(0.2, 0.4), 0.5: partial(0.3, 0.2)},
    )
    figures = faithfulness([prediction(), second])
    # The second predicts NEG: .8 falls to .4 without its rationale and rises to .9 with it alone.
    assert figures.comprehensiveness == pytest.approx((0.5 + 0.4) / 2)
    assert figures.sufficiency == pytest.approx((0.1 - 0.1) / 2)
    assert figures.comprehensiveness_points == pytest.approx((0.1 / 2, (0.4 + 0.1) / 2))
    assert figures.sufficiency_points == pytest.approx(((0.3 + 0.2) / 2, 0.2 / 2))
    assert figures.comprehensiveness_aopc == pytest.approx((0.05 + 0.25) / 2)
    assert figures.sufficiency_aopc == pytest.approx((0.25 + 0.1) / 2)


def test_entropy_and_divergence_by_hand() -> None:
    figures = faithfulness(
        [prediction(probabilities=probabilities(0.5), rationale=partial(0.5, 0.25))]
    )
    assert figures.entropies[0] == pytest.approx(0)
    quarter = -0.25 * math.log(0.25) - 0.75 * math.log(0.75)
    assert figures.entropies[1] == pytest.approx(math.log(2) - quarter)
    assert figures.divergences == pytest.approx((0, math.log(2) - quarter))


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), min_size=1, max_size=5),
        min_size=1,
        max_size=4,
    )
)
def test_a_perfect_choice_is_perfect_and_an_empty_one_worthless(
    documents: list[list[tuple[int, int]]],
) -> None:
    gold = [spans(*((start, start + size) for start, size in own)) for own in documents]
    for metric in (token_f1, iou_f1, exact_spans):
        assert [one.f1 for one in metric(gold, gold)] == pytest.approx([1, 1])
        assert [one.f1 for one in metric(gold, [spans()] * len(gold))] == [0, 0]


def test_counts_that_differ() -> None:
    message = "expected at least one document and a prediction for each, found 1 and 0"
    for metric in (token_f1, iou_f1, exact_spans):
        with pytest.raises(ValueError, match=f"^{message}$"):
            metric([spans((0, 1))], [])


def test_shares_that_differ() -> None:
    other = prediction(2, by_share={0.2: partial(0.5, 0.5)})
    message = "expected the shares [0.1, 0.5] in every prediction, found others in one"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        faithfulness([prediction(), other])
    with pytest.raises(ValueError, match=r"^expected at least one prediction, found none$"):
        faithfulness([])


def test_report_of_other_documents() -> None:
    gold = [EraserGold("d1", "POS", spans((0, 1)))]
    with pytest.raises(
        ValueError, match=r"^expected one prediction for each document, found other ids$"
    ):
        eraser_report(gold, [prediction(2)])


def test_report_does_not_depend_on_order() -> None:
    gold = [EraserGold("d1", "POS", spans((0, 1))), EraserGold("d2", "NEG", spans((1, 4)))]
    predictions = [prediction(1), prediction(2, spans=spans((2, 4)))]
    report = eraser_report(gold, predictions)
    assert report == eraser_report(gold, predictions[::-1])
    assert report["classification_scores"]["accuracy"] == 0.5
    assert report["token_prf"]["instance_macro"]["f1"] == pytest.approx((2 / 3 + 0.8) / 2)


def test_a_prediction_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "predictions.jsonl.gz"
    one = dataclasses.replace(prediction(), token_scores=[0.25, 0.5])
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(json.dumps(prediction_to_json(one)) + "\n\n")
    assert read_eraser_predictions(path) == [one]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('{"annotation_id": "d1"}', "no 'evidences'"),
        ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (
            '{"annotation_id": "d1", "classification": "POS", "evidences": [[SPAN]]}',
            "expected 0 <= start < end, found start=3 end=3",
        ),
    ],
)
def test_lines_of_another_form(line: str, found: str, tmp_path: Path) -> None:
    path = tmp_path / "val.jsonl"
    path.write_text(line.replace("SPAN", '{"start_token": 3, "end_token": 3}') + "\n")
    message = (
        f"{path}, line 1: expected one object of ERASER's form, found {found}; correct that line"
    )
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        read_eraser_gold(path)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "val.jsonl"
    message = (
        f"{path}: expected a readable file of JSON lines, found: no such file or directory; "
        "check the path"
    )
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        read_eraser_gold(path)
    path.write_text("\n")
    message = f"{path}: expected one JSON object a line, found none; name another file"
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        read_eraser_gold(path)


def figures(nested: Any, name: str = "") -> dict[str, float]:
    """Every number of nested dictionaries and lists, by its path."""
    if isinstance(nested, dict):
        parts = nested.items()
    elif isinstance(nested, list):
        parts = ((str(place), value) for place, value in enumerate(nested))
    else:
        return {name: nested}
    return {path: n for key, value in parts for path, n in figures(value, f"{name}/{key}").items()}


@pytest.mark.real
def test_equal_to_the_benchmarks_own_scorer(real_folder: Path) -> None:
    movies = real_folder / "eraser_movies"
    oracle = movies / "metric_oracle"
    if not oracle.is_dir():
        pytest.skip(f"the benchmark's figures are not at {oracle}")
    gold = read_eraser_gold(movies / "val.jsonl")
    expected = figures(json.loads((oracle / "expected_metrics.json").read_text()))
    found = figures(eraser_report(gold, read_eraser_predictions(oracle / "predictions.jsonl.gz")))
    # The scorer lists thresholds from the lowest; so do we.
    assert found == pytest.approx(expected, rel=0, abs=1e-6)
    assert len(expected) > 50
