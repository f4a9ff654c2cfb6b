"""The ERASER bench on invented reviews and a tiny encoder."""

from __future__ import annotations

import dataclasses
import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch

from command import Command, one_sentence
from ombud.metrics import AOPC_SHARES, read_eraser_gold, read_eraser_predictions, token_f1
from ombud.model import EncoderSource, collate
from ombud.spans import Span
from ombud_training.device import Device
from ombud_training.eraser.bench import BUDGETS, choose_rule, score
from ombud_training.eraser.fitting import (
    EraserFitted,
    EraserSettings,
    ReviewCollator,
    ReviewDataset,
    fit_reviews,
)
from ombud_training.eraser.kept import digest, keep, take_up
from ombud_training.eraser.passages import split_review
from ombud_training.eraser.predicting import Evidence, Rule, decide, predict, read_evidence
from ombud_training.eraser.selection import choose, passage_scores
from reviews import review, reviews, write_reviews

CPU = Device("cpu", bf16=False, reason="CPU, in tests")
LABELS = ["NEG", "POS"]


@pytest.fixture(scope="module")
def settings(tiny_encoder: EncoderSource) -> EraserSettings:
    return EraserSettings(
        encoder=tiny_encoder.location,
        heads_epochs=30,
        encoder_epochs=0,
        batch_size=8,
        learning_rate=5e-3,
        dropout=0.0,
    )


@pytest.fixture(scope="module")
def fitted(settings: EraserSettings, tmp_path_factory: pytest.TempPathFactory) -> EraserFitted:
    folder = tmp_path_factory.mktemp("fit")
    return fit_reviews(reviews(48), LABELS, settings, CPU, folder)


@pytest.fixture(scope="module")
def evidence(fitted: EraserFitted) -> list[Evidence]:
    return read_evidence(fitted, reviews(12, first=100))


def state(one: EraserFitted) -> dict[str, torch.Tensor]:
    return {k: v.clone() for k, v in one.model.state_dict().items()}


def test_it_learns(fitted: EraserFitted, evidence: list[Evidence]) -> None:
    result = score(fitted, evidence, reviews(12, first=200), "val", 0.2, resamples=20)
    assert result.figures["accuracy"] >= 0.9
    assert result.figures["auprc"] >= 0.6
    (at,) = (one for one in result.at_budgets if one.budget == 0.2)
    assert at.token_f1.value == pytest.approx(result.figures["token_f1"])
    assert at.token_f1.value > at.random_token_f1 + 0.2
    assert at.chosen <= 0.2
    assert [one.budget for one in result.at_budgets] == list(BUDGETS)
    assert list(result.to_json()) == [
        "split",
        "budget",
        "accuracy",
        "token_f1",
        "iou_f1",
        "auprc",
        "comprehensiveness",
        "sufficiency",
        "documents",
    ]


@pytest.mark.parametrize("share", [0.01, 0.2, 0.5])
def test_the_class_follows_from_the_chosen_passages_alone(
    fitted: EraserFitted, evidence: list[Evidence], share: float
) -> None:
    model = fitted.model
    for one in evidence:
        verdict = decide(one, Rule(), share)
        rest = one.passages.keep(verdict.chosen)
        tensors = collate(
            [rest.reading()], fitted.tokenizer, model.config.max_tokens, fitted.vectors
        )
        tensors["gates"] = torch.ones(1, len(verdict.chosen), 3)
        with torch.no_grad():
            alone = model(**tensors).outcome_logits[0]
        assert alone.numpy() == pytest.approx(verdict.logits, abs=1e-5)


def test_predictions_hold_what_the_metrics_need(
    fitted: EraserFitted, evidence: list[Evidence]
) -> None:
    predictions = predict(fitted, evidence, Rule(temperature=2.0), 0.2)
    for one, made in zip(evidence, predictions, strict=True):
        assert sorted(made.by_share) == sorted(AOPC_SHARES)
        assert len(made.token_scores) == len(one.passages.review.tokens)
        # Nothing but the chosen passages counts, so that they alone give the same.
        assert made.rationale.only == pytest.approx(made.probabilities)
        assert made.by_share[0.2] == made.rationale
        assert made.label == max(made.probabilities, key=lambda label: made.probabilities[label])
        assert sum(made.probabilities.values()) == pytest.approx(1)


def test_a_review_of_one_passage_has_no_rest(fitted: EraserFitted) -> None:
    short = split_review(dataclasses.replace(review(1), sentences=(Span(0, 3),)))
    (one,) = predict(fitted, read_evidence(fitted, [short]), Rule(), 0.2)
    assert one.spans == {Span(0, 3)}
    bias = fitted.model.predictor.bias[0, :2].detach().softmax(dim=0)
    assert list(one.rationale.without.values()) == pytest.approx(bias.tolist(), abs=1e-6)


def test_best_passages_within_the_budget() -> None:
    made = reviews(1)[0]
    sizes = [len(span) for span in made.spans]
    scores = np.arange(len(sizes), dtype=np.float64)
    last = len(sizes) - 1
    assert choose(made, scores, 0) == [last]
    assert choose(made, scores, sizes[last] + sizes[last - 1]) == [last - 1, last]
    assert choose(made, scores, sum(sizes)) == list(range(len(sizes)))
    assert choose(made, -scores, sizes[0]) == [0]


def test_scores_lean_on_their_sentence() -> None:
    made = split_review(review(2))
    generator = random.Random(0)
    gates = np.array([generator.random() for _ in made.spans])
    assert passage_scores(made, gates, 0.0) == pytest.approx(gates)
    whole = passage_scores(made, gates, 1.0)
    for number in set(made.sentences):
        own = [n for n, sentence in enumerate(made.sentences) if sentence == number]
        sizes = np.array([len(made.spans[n]) for n in own])
        assert whole[own] == pytest.approx((gates[own] * sizes).sum() / sizes.sum())
    assert passage_scores(made, gates, 0.25) == pytest.approx(0.75 * gates + 0.25 * whole)


def test_one_side_is_chosen_where_that_is_better() -> None:
    made = reviews(8)
    bias = np.zeros(2)

    def of(number: int, gate_any: bool) -> Evidence:
        passages = made[number]
        label = LABELS.index(passages.review.label)
        marked = np.array([share > 0.3 for share in passages.shares])
        gates = np.full((len(marked), 3), -9.0)
        gates[marked, 1 + label] = 3.0
        gates[marked == gate_any, 0] = 3.0
        contributions = np.zeros((len(marked), 2))
        contributions[marked, label] = 2.0
        return Evidence(passages, gates, contributions, bias)

    assert choose_rule([of(n, gate_any=False) for n in range(8)], LABELS, 0.1).one_side
    rule = choose_rule([of(n, gate_any=True) for n in range(8)], LABELS, 0.1)
    assert rule.one_side  # Both are perfect: the first is kept.
    # Every answer is right, so that they cannot be too sure.
    assert rule.temperature < 0.1


def test_the_encoder_moves_only_where_it_may(
    settings: EraserSettings, tiny_encoder: EncoderSource, fitted: EraserFitted, tmp_path: Path
) -> None:
    published = tiny_encoder.model().state_dict()
    name = "encoder.layer.0.attention.self.query.weight"
    words = "embeddings.word_embeddings.weight"
    held = state(fitted)
    assert torch.equal(held[f"encoder.transformer.{name}"], published[name])
    tuned = dataclasses.replace(
        settings, heads_epochs=1, encoder_epochs=1, finish_epochs=1, encoder_batch_size=4
    )
    moved = state(fit_reviews(reviews(8), LABELS, tuned, CPU, tmp_path))
    assert not torch.equal(moved[f"encoder.transformer.{name}"], published[name])
    assert torch.equal(moved[f"encoder.transformer.{words}"], published[words])
    assert tuned.with_frozen_encoder().encoder_epochs == 0
    assert tuned.with_frozen_encoder().heads_epochs == 2


def test_the_same_training_twice(settings: EraserSettings, tmp_path: Path) -> None:
    short = dataclasses.replace(settings, heads_epochs=1, encoder_epochs=1, finish_epochs=1)
    one, other = (
        state(fit_reviews(reviews(8), LABELS, short, CPU, tmp_path / name)) for name in "ab"
    )
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_sentences_with_a_mark_are_never_left_out() -> None:
    made = reviews(4)
    dataset = ReviewDataset(made, 0.9, seed=0)
    seen = []
    for epoch in range(3):
        dataset.set_epoch(epoch)
        seen.append([dataset[n] for n in range(4)])
        for whole, part in zip(made, seen[-1], strict=True):
            assert set(part.spans) <= set(whole.spans)
            assert sum(part.shares) == sum(whole.shares)
            own = {s for s, share in zip(whole.sentences, whole.shares, strict=True) if share}
            kept = [n for n in whole.sentences if n in own]
            assert [n for n in part.sentences if n in own] == kept
    assert seen[0] != seen[1]
    assert seen[0] != made
    dataset.set_epoch(0)
    assert [dataset[n] for n in range(4)] == seen[0]


def test_targets_and_gates(fitted: EraserFitted, settings: EraserSettings) -> None:
    made = reviews(2)
    shown = dataclasses.replace(settings, mark_dropout=0.0, stray_gates=0.0)
    collator = ReviewCollator(fitted.model, fitted.tokenizer, shown, fitted.vectors)
    tensors = collator(made)
    for row, passages in enumerate(made):
        count = len(passages.spans)
        marked = torch.tensor([share >= 0.3 for share in passages.shares])
        label = LABELS.index(passages.review.label)
        assert tensors["outcome_targets"][row].argmax() == label
        own = tensors["gate_targets"][row]
        assert own[count:].isnan().all()
        assert torch.equal(own[:count, 0] == 1, marked)
        assert torch.equal(own[:count, 1 + label] == 1, marked)
        assert not own[:count, 2 - label].any()
        assert torch.equal(tensors["gates"][row, :count, 0] == 1, marked)
    hidden = dataclasses.replace(settings, mark_dropout=0.9999, stray_gates=0.0)
    gates = ReviewCollator(fitted.model, fitted.tokenizer, hidden, fitted.vectors)(made)["gates"]
    assert torch.equal(gates, tensors["gates"])


def test_a_kept_model_is_taken_up_for_the_same_reviews_only(
    fitted: EraserFitted, settings: EraserSettings, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    made = reviews(3)
    trained_on = digest(made, settings)
    assert take_up(folder, settings, trained_on) is None
    keep(folder, fitted, trained_on)
    again = take_up(folder, settings, trained_on)
    assert again is not None
    assert all(torch.equal(value, state(fitted)[name]) for name, value in state(again).items())
    others = (
        digest(reviews(4), settings),
        digest(reviews(3, first=1), settings),
        digest(made, dataclasses.replace(settings, seed=1)),
    )
    assert len({trained_on, *others}) == 4
    for other in others:
        assert take_up(folder, settings, other) is None
    (folder / "model.safetensors").unlink()
    assert take_up(folder, settings, trained_on) is None


def movies(folder: Path) -> Path:
    return write_reviews(
        folder,
        {
            "train": [review(n) for n in range(8)],
            "val": [review(n) for n in range(20, 26)],
            "later": [review(n) for n in range(30, 34)],
        },
    )


def test_the_command(ombud: Command, tiny_encoder: EncoderSource, tmp_path: Path) -> None:
    folder, out = movies(tmp_path / "movies"), tmp_path / "build" / "eraser.json"
    lines, kept = tmp_path / "predictions.jsonl", tmp_path / "model"
    arguments = [
        *("bench", "eraser", folder, "--encoder", tiny_encoder.location, "--device", "cpu"),
        *("--out", out, "--model", kept, "--predictions", lines),
    ]
    ended = ombud(*arguments, "--split", "later", "--budget", "0.25")
    assert ended.code == 0, ended.err
    assert "training on CPU" in ended.err
    for words in ("part later, 4 reviews", "comprehensiveness (AOPC)", "10%", "25%", "50%"):
        assert words in ended.out
    written = json.loads(out.read_text())
    assert (written["split"], written["budget"], written["documents"]) == ("later", 0.25, 4)
    gold = read_eraser_gold(folder / "later.jsonl")
    predictions = {one.id: one for one in read_eraser_predictions(lines)}
    assert written["token_f1"] == pytest.approx(
        token_f1([one.spans for one in gold], [predictions[one.id].spans for one in gold])[1].f1
    )
    again = ombud(*arguments, "--split", "later", "--budget", "0.25")
    assert f"model {kept}, trained before on the same reviews\n" in again.err
    assert json.loads(out.read_text()) == pytest.approx(written)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["--budget", "0"],
            2,
            "expected --budget from 0.01 to 1, found 0; give a share of the tokens",
        ),
        (
            ["--budget", "nan"],
            2,
            "expected --budget from 0.01 to 1, found nan; give a share of the tokens",
        ),
        (
            ["--split", "train"],
            2,
            "expected a part that is not trained on, found --split train; name another",
        ),
        (
            ["--split", "test"],
            1,
            "FOLDER: expected the part test.jsonl, found only later, train, val; name another part",
        ),
        (
            ["--out", "FOLDER/val.jsonl/x.json"],
            1,
            (
                "FOLDER/val.jsonl/x.json: expected a folder that can be written, found that "
                "FOLDER/val.jsonl is none; name another with --out"
            ),
        ),
    ],
)
def test_wrong_use(
    arguments: list[str], code: int, message: str, ombud: Command, tmp_path: Path
) -> None:
    folder = movies(tmp_path / "movies")
    words = [word.replace("FOLDER", str(folder)) for word in arguments]
    said = one_sentence(ombud("bench", "eraser", folder, *words), code)
    assert said == message.replace("FOLDER", str(folder))
    assert not (tmp_path / "build").exists()


def test_classes_that_cannot_be_learnt(ombud: Command, tmp_path: Path) -> None:
    one = tmp_path / "one"
    write_reviews(one, {"train": [review(1, "POS")], "val": [review(2, "POS")]})
    assert one_sentence(ombud("bench", "eraser", one), 1) == (
        f"{one}: expected reviews of two classes or more in train.jsonl, found only POS; "
        "add some of another"
    )
    other = tmp_path / "other"
    write_reviews(other, {"train": [review(1), review(2)], "val": [review(3, "MIXED")]})
    assert one_sentence(ombud("bench", "eraser", other), 1) == (
        f"{other}: expected the classes NEG, POS of train.jsonl in val.jsonl, found MIXED; "
        "correct one of the files"
    )
