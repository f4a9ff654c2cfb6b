"""A trained model as it is served: heads and the encoder's weights, read without transformers.

Importing transformers takes longer than everything else that one prediction needs; the classes
that training builds on are made of the same file when they are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import safetensors
import torch
from torch import Tensor

from ombud.model.heads import Heads
from ombud.views import VIEWS

if TYPE_CHECKING:
    from ombud.model.modeling import OmbudModel

__all__ = [
    "ENCODER",
    "EncoderWeights",
    "ServedConfig",
    "ServedModel",
    "UnknownWeightsError",
    "read_weights",
]

ENCODER: Final = "encoder.transformer."
"""How the names of the encoder's weights begin in `model.safetensors`."""
_HEADS: Final = ("selector.", "predictor.")


class UnknownWeightsError(ValueError):
    """Raised when a file of weights holds others than those of its model."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"{len(names)} missing or unknown, such as {names[0]}")


@dataclass(frozen=True, slots=True)
class ServedConfig:
    """Of a model's `config.json`, what serving it needs; as in `OmbudConfig`."""

    encoder: Mapping[str, Any]
    outcomes: tuple[str, ...]
    reasons: tuple[str, ...]
    selector_size: int
    predictor_size: int
    dropout: float
    max_passages: int
    max_tokens: int
    gate_threshold: float
    complaint_gate_threshold: float
    selection: bool

    @classmethod
    def from_json(cls, text: str) -> ServedConfig:
        """Return the configuration that `config.json` holds.

        Raises:
            ValueError, TypeError: If it is no JSON, or a value is of another kind.
            KeyError: If one is missing.
        """
        content = json.loads(text)
        if not isinstance(content, dict):
            message = f"a config.json that holds {type(content).__name__}, not settings"
            raise TypeError(message)
        return cls.of(content)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> ServedConfig:
        """Return the part of all settings that serving needs.

        Raises:
            ValueError, TypeError: If a value is of another kind.
            KeyError: If one is missing.
        """
        if not isinstance(content["encoder"], Mapping):
            message = f"an encoder configuration that is {type(content['encoder']).__name__}"
            raise TypeError(message)
        return cls(
            encoder=content["encoder"],
            outcomes=tuple(map(str, content["outcomes"])),
            reasons=tuple(map(str, content["reasons"])),
            selector_size=int(content["selector_size"]),
            predictor_size=int(content["predictor_size"]),
            dropout=float(content["dropout"]),
            max_passages=int(content["max_passages"]),
            max_tokens=int(content["max_tokens"]),
            gate_threshold=float(content["gate_threshold"]),
            # Until views had thresholds of their own one was enough.
            complaint_gate_threshold=float(
                content.get("complaint_gate_threshold", content["gate_threshold"])
            ),
            # Bundles made before there were models without selection do not say.
            selection=bool(content.get("selection", True)),
        )

    @property
    def hidden_size(self) -> int:
        """Length of a sentence vector."""
        return int(self.encoder["hidden_size"])


@dataclass(frozen=True, slots=True)
class EncoderWeights:
    """An encoder's configuration and its weights by their names in transformers."""

    config: Mapping[str, Any]
    tensors: Mapping[str, Tensor]


@dataclass(frozen=True, slots=True)
class ServedModel:
    """Heads to predict with, and the weights that a back end computes sentence vectors with."""

    config: ServedConfig
    heads: Heads
    encoder: EncoderWeights

    @classmethod
    def read(cls, folder: Path) -> ServedModel:
        """Return the model in `folder`: `config.json` and `model.safetensors`.

        Raises:
            UnknownWeightsError: If the weights are not those of the configuration.
            OSError: If a file cannot be read.
            ValueError, TypeError: If one does not hold what it should.
            KeyError: If the configuration lacks a setting.
            safetensors.SafetensorError: If the weights are damaged.
        """
        config = ServedConfig.from_json((folder / "config.json").read_text("utf-8"))
        heads = Heads.empty(config, config.hidden_size)
        tensors = {name: tensor.float() for name, tensor in read_weights(folder).items()}
        own = {name: t for name, t in tensors.items() if name.startswith(_HEADS)}
        encoder = {
            name.removeprefix(ENCODER): tensor
            for name, tensor in tensors.items()
            if name.startswith(ENCODER)
        }
        expected = {name: tensor.shape for name, tensor in heads.state_dict().items()}
        expected |= {f"{ENCODER}{name}": shape for name, shape in _shapes(config.encoder).items()}
        wrong = expected.keys() ^ tensors.keys() or {
            name for name, shape in expected.items() if tensors[name].shape != shape
        }
        # Weights that are not in the file would be random ones.
        if wrong:
            raise UnknownWeightsError(sorted(wrong))
        heads.load_state_dict(own, assign=True)
        return cls(config, heads, EncoderWeights(config.encoder, encoder))

    @classmethod
    def of(cls, model: OmbudModel) -> ServedModel:
        """Return a model that was trained, with the weights it has, not copies of them."""
        config = ServedConfig.of(model.config.to_dict())
        heads = Heads(config, model.selector, model.predictor)
        tensors = {name: t.detach() for name, t in model.encoder.transformer.state_dict().items()}
        return cls(config, heads, EncoderWeights(config.encoder, tensors))


def read_weights(folder: Path) -> dict[str, Tensor]:
    """Return the weights in `model.safetensors` by the names they have today.

    Raises:
        OSError: If the file cannot be read.
        safetensors.SafetensorError: If it is damaged.
    """
    with safetensors.safe_open(folder / "model.safetensors", framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    # At first both views shared the weights by which the selector reads a vector directly.
    if (shared := tensors.pop("selector.direct.weight", None)) is not None:
        tensors |= {f"selector.direct.{view}.weight": shared.clone() for view in range(len(VIEWS))}
    return tensors


def _shapes(config: Mapping[str, Any]) -> dict[str, torch.Size]:
    """Return the shapes of an encoder's weights by name."""
    if config.get("model_type") == "bert":
        return _bert_shapes(config)
    from transformers import AutoConfig, AutoModel

    settings = dict(config)
    with torch.device("meta"):
        model = AutoModel.from_config(AutoConfig.for_model(settings.pop("model_type"), **settings))
    return {name: tensor.shape for name, tensor in model.state_dict().items()}


def _bert_shapes(config: Mapping[str, Any]) -> dict[str, torch.Size]:
    """Return what `_shapes` does for a `BertModel`, without importing it."""
    hidden, wide = int(config["hidden_size"]), int(config["intermediate_size"])
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (int(config["vocab_size"]), hidden),
        "embeddings.position_embeddings.weight": (int(config["max_position_embeddings"]), hidden),
        "embeddings.token_type_embeddings.weight": (int(config["type_vocab_size"]), hidden),
    }

    def add(name: str, *shape: int) -> None:
        shapes[f"{name}.weight"] = shape
        shapes[f"{name}.bias"] = shape[:1]

    add("embeddings.LayerNorm", hidden)
    for layer in (f"encoder.layer.{n}" for n in range(int(config["num_hidden_layers"]))):
        for part in ("query", "key", "value"):
            add(f"{layer}.attention.self.{part}", hidden, hidden)
        add(f"{layer}.attention.output.dense", hidden, hidden)
        add(f"{layer}.attention.output.LayerNorm", hidden)
        add(f"{layer}.intermediate.dense", wide, hidden)
        add(f"{layer}.output.dense", hidden, wide)
        add(f"{layer}.output.LayerNorm", hidden)
    add("pooler.dense", hidden, hidden)
    return {name: torch.Size(shape) for name, shape in shapes.items()}
