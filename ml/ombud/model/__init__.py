"""The model: a sentence encoder, a selector with hard gates, a predictor of chosen sentences."""

from ombud.model.configuration import OmbudConfig
from ombud.model.encoder import DEFAULT_ENCODER, EncoderSource, resolve_encoder
from ombud.model.features import Batch, collate, sentence_key
from ombud.model.loss import count_targets
from ombud.model.modeling import ModelOutput, OmbudModel

__all__ = [
    "DEFAULT_ENCODER",
    "Batch",
    "EncoderSource",
    "ModelOutput",
    "OmbudConfig",
    "OmbudModel",
    "collate",
    "count_targets",
    "resolve_encoder",
    "sentence_key",
]
