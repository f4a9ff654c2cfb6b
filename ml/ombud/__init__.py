"""ombud: predicts how a complaint to the Ombudsman ends, for which reasons, by which passages.

Names are loaded on first use, so that `import ombud` is quick and has no effect.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ombud.documents import Document, Facts, Section
    from ombud.errors import OmbudError
    from ombud.prediction import Prediction
    from ombud.predictor import Predictor, load
    from ombud.readers import from_html, from_record, from_text, read_document
    from ombud.spans import Span
    from ombud.taxonomy import OUTCOMES, REASONS

__all__ = [
    "OUTCOMES",
    "REASONS",
    "Document",
    "Facts",
    "OmbudError",
    "Prediction",
    "Predictor",
    "Section",
    "Span",
    "from_html",
    "from_record",
    "from_text",
    "load",
    "read_document",
]

_HOMES: Final = {
    "OUTCOMES": "ombud.taxonomy",
    "REASONS": "ombud.taxonomy",
    "Document": "ombud.documents",
    "Facts": "ombud.documents",
    "OmbudError": "ombud.errors",
    "Prediction": "ombud.prediction",
    "Predictor": "ombud.predictor",
    "Section": "ombud.documents",
    "Span": "ombud.spans",
    "from_html": "ombud.readers",
    "from_record": "ombud.readers",
    "from_text": "ombud.readers",
    "load": "ombud.predictor",
    "read_document": "ombud.readers",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        message = f"module 'ombud' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(_HOMES[name]), name)
