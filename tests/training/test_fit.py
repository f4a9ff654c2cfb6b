"""Fitting: a batch can be learnt, the encoder moves only if it may, a seed repeats itself."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import TrainerCallback

from gold import gold_cases
from ombud.corpus import Wording
from ombud.errors import EncoderError
from ombud.model import EncoderSource, collate, sentence_key
from ombud.taxonomy import REASONS
from ombud.vectors import SentenceVectors
from ombud_training.device import Device
from ombud_training.fit import Fitted, fit
from ombud_training.recipe import Recipe
from ombud_training.seeds import SEEDS

CPU = Device("cpu", bf16=False, reason="CPU, in tests")


def weights(fitted: Fitted) -> dict[str, Tensor]:
    return {k: v.clone() for k, v in fitted.model.state_dict().items()}


def encoder_of(fitted: Fitted) -> dict[str, Tensor]:
    return of_encoder(weights(fitted))


def of_encoder(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The encoder's weights; its pooler is never used and comes with no published weights."""
    return {k: v for k, v in state.items() if k.startswith("encoder.") and ".pooler." not in k}


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    assert one.keys() == other.keys()
    return all(torch.equal(one[name], other[name]) for name in one)


@pytest.fixture(scope="module")
def published(tiny_encoder: EncoderSource) -> dict[str, Tensor]:
    state = tiny_encoder.model().state_dict()
    return of_encoder({f"encoder.transformer.{name}": value for name, value in state.items()})


def short(recipe: Recipe, **values: Any) -> Recipe:
    return dataclasses.replace(recipe, **{"epochs": 2, **values})


def test_one_batch_can_be_learnt_with_the_encoder_frozen(
    fitted: Fitted, recipe: Recipe, published: dict[str, Tensor]
) -> None:
    steps, losses = zip(*fitted.losses, strict=True)
    assert list(steps) == list(range(1, recipe.epochs + 1))
    assert losses[-1] < 0.5 * losses[0]
    assert same(encoder_of(fitted), published)
    assert not fitted.model.training


def test_one_batch_can_be_learnt_with_the_encoder_fine_tuned(
    recipe: Recipe, published: dict[str, Tensor], tmp_path: Path
) -> None:
    tuned = fit(
        gold_cases(6),
        dataclasses.replace(recipe, freeze_encoder=False, encoder_learning_rate=1e-3),
        CPU,
        tmp_path,
    )
    losses = [loss for _, loss in tuned.losses]
    assert losses[-1] < 0.5 * losses[0]
    moved = encoder_of(tuned)
    assert moved.keys() == published.keys()
    changed = {name for name in moved if not torch.equal(moved[name], published[name])}
    assert "encoder.transformer.embeddings.word_embeddings.weight" not in changed
    assert "encoder.transformer.encoder.layer.1.output.dense.weight" in changed


def test_an_encoder_rate_of_zero_moves_the_heads_alone(
    recipe: Recipe, published: dict[str, Tensor], tmp_path: Path
) -> None:
    settings = short(recipe, freeze_encoder=False, encoder_learning_rate=0.0, weight_decay=0.0)
    tuned = fit(gold_cases(3), settings, CPU, tmp_path)
    assert same(encoder_of(tuned), published)
    other = fit(gold_cases(3), dataclasses.replace(settings, learning_rate=0.0), CPU, tmp_path)
    assert not torch.equal(tuned.model.predictor.hidden.weight, other.model.predictor.hidden.weight)


def test_the_same_seed_gives_the_same_weights(recipe: Recipe, tmp_path: Path) -> None:
    settings = short(recipe, dropout=0.2, section_dropout=0.3, stray_gates=0.1, batch_size=4)
    first = fit(gold_cases(6), settings, CPU, tmp_path)
    torch.manual_seed(999)
    second = fit(gold_cases(6), settings, CPU, tmp_path)
    assert same(weights(first), weights(second))
    assert first.losses == second.losses
    other = fit(gold_cases(6), dataclasses.replace(settings, seed=14), CPU, tmp_path)
    hidden = [one.model.predictor.hidden.weight for one in (first, other)]
    assert not torch.equal(*hidden)


def test_vectors_may_be_shared_between_trainings(
    recipe: Recipe, tiny_encoder: EncoderSource, tmp_path: Path
) -> None:
    shared = SentenceVectors.pretrained(tiny_encoder, recipe.max_tokens, "cpu")
    alone = fit(gold_cases(3), short(recipe), CPU, tmp_path)
    together = fit(gold_cases(3), short(recipe), CPU, tmp_path, vectors=shared)
    assert same(weights(alone), weights(together))


def test_a_new_model_starts_from_the_seed_sentences(
    recipe: Recipe, tiny_encoder: EncoderSource, tmp_path: Path
) -> None:
    settings = short(recipe, epochs=1, learning_rate=0.0, seed_strength=6.0)
    made = fit(gold_cases(3), settings, CPU, tmp_path).model
    vectors = SentenceVectors.pretrained(tiny_encoder, recipe.max_tokens, "cpu")
    means = torch.stack(
        [vectors([sentence_key(s) for s in SEEDS[r.label]]).mean(dim=0) for r in REASONS]
    )
    directions = torch.nn.functional.normalize(means - means.mean(dim=0), dim=-1)
    plain = fit(gold_cases(3), short(settings, epochs=1, seed_strength=0.0), CPU, tmp_path).model
    for view in range(2):
        weights = made.selector.direct[view].weight[1:].detach()
        torch.testing.assert_close(weights * 32**0.5, 6.0 * directions)
        torch.testing.assert_close(made.predictor.direct[view].weight[3:], weights)
        assert not torch.allclose(plain.selector.direct[view].weight[1:], weights)


def test_the_vectors_of_a_fitted_model_are_its_own(
    recipe: Recipe, tiny_encoder: EncoderSource, tmp_path: Path
) -> None:
    settings = short(recipe, freeze_encoder=False, encoder_learning_rate=1e-3)
    tuned = fit(gold_cases(3), settings, CPU, tmp_path)
    sentence = sentence_key("Nobody came.")
    fresh = SentenceVectors(tuned.model.encoder, tuned.tokenizer, recipe.max_tokens)
    torch.testing.assert_close(tuned.vectors([sentence]), fresh([sentence]))
    published = SentenceVectors.pretrained(tiny_encoder, recipe.max_tokens, "cpu")
    assert not torch.allclose(tuned.vectors([sentence]), published([sentence]))


def test_the_encoder_is_trained_in_the_precision_of_the_device(
    recipe: Recipe, tmp_path: Path
) -> None:
    settings = short(recipe, epochs=1, encoder_epochs=1, finish_epochs=1, freeze_encoder=False)
    for bf16, dtype in ((True, torch.bfloat16), (False, torch.float32)):
        seen: set[torch.dtype] = set()

        def note(
            module: torch.nn.Module, args: Any, out: Any, seen: set[torch.dtype] = seen
        ) -> None:
            wide = isinstance(module, torch.nn.Linear) and module.out_features == 64
            if wide and module.in_features == 32 and out.requires_grad:
                seen.add(out.dtype)

        hook = torch.nn.modules.module.register_module_forward_hook(note)
        try:
            fit(gold_cases(3), settings, dataclasses.replace(CPU, bf16=bf16), tmp_path)
        finally:
            hook.remove()
        assert seen == {dtype}


def test_wordings_teach_a_reason_that_no_case_has(recipe: Recipe, tmp_path: Path) -> None:
    wordings = [
        Wording(f"The tender of {name} was refused.", "assessment", ("commercial_matter",))
        for name in [f"{title} {letter}" for title in ("Mr", "Ms") for letter in "ABCDEFGHJKLM"]
    ]
    case = gold_cases(1)[0]
    column = [r.label for r in REASONS].index("commercial_matter")
    reading = dataclasses.replace(case, text="My assessment\nThe tender was refused. He left.\n")
    said = []
    for own in ((), wordings):
        fitted = fit(gold_cases(6), recipe, CPU, tmp_path, wordings=own)
        batch = collate([reading.reading("statement")], fitted.tokenizer, 32, fitted.vectors)
        said.append(fitted.model(**batch).reason_logits[0, column].item())
    assert said[1] > said[0] + 0.5


def test_one_view_alone_can_be_trained(recipe: Recipe, tmp_path: Path) -> None:
    seen: list[int] = []

    class Watch(TrainerCallback):
        def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            seen.append(state.max_steps)

    settings = short(recipe, batch_size=3)
    fit(gold_cases(6), settings, CPU, tmp_path, views=["statement"], callbacks=[Watch()])
    fit(gold_cases(6), settings, CPU, tmp_path, callbacks=[Watch()])
    assert seen == [2 * 2, 2 * 4]


def test_every_reason_has_seed_sentences() -> None:
    assert list(SEEDS) == [reason.label for reason in REASONS]
    every = [sentence for own in SEEDS.values() for sentence in own]
    assert len(every) == len(set(every))
    assert all(len(own) >= 3 for own in SEEDS.values())


def test_a_missing_encoder_folder(recipe: Recipe, tmp_path: Path) -> None:
    missing = tmp_path / "none"
    with pytest.raises(EncoderError) as caught:
        fit(gold_cases(3), dataclasses.replace(recipe, encoder=str(missing)), CPU, tmp_path)
    assert str(caught.value) == (
        f"expected an encoder folder, found nothing at {missing}; check --encoder"
    )
