"""An engine without a model: predictions made of the text alone, at once and the same each time."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence

from ombud.documents import Document
from ombud.errors import InputError, OmbudError
from ombud.prediction import ModelInfo, Passage, Prediction, ScoredReason
from ombud.predictor import SentenceCounts
from ombud.spans import Span
from ombud.taxonomy import OUTCOMES, REASONS
from ombud.views import View, Warning_

OUTCOME_LABELS = tuple(outcome.label for outcome in OUTCOMES)


class MadeEngine:
    """Gives each text some outcome, reasons and passages; 'unreadable' in it is an error."""

    def __init__(self, sha256: str) -> None:
        self.info = ModelInfo("made", "1", sha256)
        self._read = 0

    @property
    def counts(self) -> SentenceCounts:
        return SentenceCounts(self._read, self._read // 2)

    def predict_each(
        self, documents: Sequence[Document], view: View
    ) -> list[Prediction | OmbudError]:
        return [self._predict(document, view) for document in documents]

    def _predict(self, document: Document, view: View) -> Prediction | OmbudError:
        if "unreadable" in document.text:
            return InputError(f"{document.id}: expected another text")
        self._read += 2
        luck = random.Random(zlib.crc32(document.text.encode()))
        weights = [luck.random() ** 3 + 0.01 for _ in OUTCOMES]
        shares = [weight / sum(weights) for weight in weights]
        best = max(range(len(shares)), key=shares.__getitem__)
        reasons = luck.sample(REASONS, luck.choice((0, 1, 1, 2)))
        said = (OUTCOME_LABELS[best], *(reason.label for reason in reasons))
        return Prediction(
            id=document.id,
            view=view,
            model=self.info,
            outcome=OUTCOME_LABELS[best],
            probabilities=dict(zip(OUTCOME_LABELS, shares, strict=True)),
            prediction_set=OUTCOME_LABELS[: 1 + (shares[best] < 0.8)],
            abstained=shares[best] < 0.6,
            reasons=tuple(
                ScoredReason(r.label, 0.5 + luck.random() / 2, r.ground) for r in reasons
            ),
            rationale=tuple(_passages(document.text, said, luck)),
            warnings=(Warning_("made_up", "of no weight"),) if luck.random() < 0.1 else (),
        )


def _passages(text: str, said: Sequence[str], luck: random.Random) -> list[Passage]:
    """Return every second sentence, as it is between full stops."""
    found = []
    start = 0
    for number, sentence in enumerate(text.split(".")):
        end = start + len(sentence)
        if number % 2 == 0 and sentence.strip():
            supports = tuple((label, luck.uniform(-1, 3)) for label in said)
            found.append(Passage(Span(start, end), text[start:end], "letter", supports))
        start = end + 1
    return found
