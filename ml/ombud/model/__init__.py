"""The model: a sentence encoder, a selector with hard gates, a predictor of chosen sentences.

Names are loaded on first use: what serves predictions needs neither transformers nor the model
that is trained with it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
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

_HOMES: Final = {
    "DEFAULT_ENCODER": "ombud.model.encoder",
    "Batch": "ombud.model.features",
    "EncoderSource": "ombud.model.encoder",
    "ModelOutput": "ombud.model.modeling",
    "OmbudConfig": "ombud.model.configuration",
    "OmbudModel": "ombud.model.modeling",
    "collate": "ombud.model.features",
    "count_targets": "ombud.model.loss",
    "resolve_encoder": "ombud.model.encoder",
    "sentence_key": "ombud.model.features",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        message = f"module 'ombud.model' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(_HOMES[name]), name)
