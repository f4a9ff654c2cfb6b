"""Requests and answers of the HTTP service, field by field, as its OpenAPI page shows them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from ombud.documents import MAX_CHARACTERS
from ombud.taxonomy import Family
from ombud.views import View

__all__ = [
    "Caution",
    "ErrorAnswer",
    "ErrorDetail",
    "Live",
    "Model",
    "Outcome",
    "OutcomeEntry",
    "Passage",
    "PredictRequest",
    "PredictionAnswer",
    "Ready",
    "ReasonEntry",
    "ScoredReason",
    "Support",
    "TaxonomyAnswer",
]


class _Strict(BaseModel):
    # Strict: the text "no" for a switch is an error to report, not a value to guess.
    model_config = ConfigDict(extra="forbid", strict=True)


class PredictRequest(_Strict):
    """One text to predict."""

    text: str = Field(
        description=f"The text exactly as it stands, at most {MAX_CHARACTERS:,} characters."
    )
    view: View = Field(
        description="`statement`: a decision statement, its outcome field left out. "
        "`complaint`: what is known before a decision, such as the complainant's letter."
    )
    id: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Given back in the answer; without it the reference at the head of the text, "
        "else `text`.",
    )
    all_reasons: bool = Field(
        default=False, description="Give every reason, not only those over their threshold."
    )

    @field_validator("id")
    @classmethod
    def _printable(cls, value: str | None) -> str | None:
        # An id stands in messages: a line break or a lone surrogate would spoil the answer.
        if value is not None and not value.isprintable():
            kind, message = "not_printable", "Value should be of printable characters"
            raise PydanticCustomError(kind, message)
        return value


class Model(_Strict):
    """The model that made a prediction."""

    name: str = Field(description="The bundle's name.")
    version: str = Field(description="The bundle's version.")
    sha256: str = Field(description="SHA-256 of the bundle's manifest.")


class Outcome(_Strict):
    """How the case is predicted to end."""

    label: str = Field(description="The most probable outcome.")
    probability: float = Field(description="Its calibrated probability, 0 to 1.")
    probabilities: dict[str, float] = Field(
        description="The calibrated probability of each outcome; they add up to 1."
    )
    prediction_set: list[str] = Field(
        description="The outcomes that cannot be ruled out, most probable first (split-conformal)."
    )
    abstained: bool = Field(description="True where the model is not sure: ask a person.")


class ScoredReason(_Strict):
    """A reason and how probable it is."""

    label: str = Field(description="The reason's label; its title is at `/v1/taxonomy`.")
    probability: float = Field(description="Its calibrated probability, 0 to 1.")
    ground: str = Field(description="Its ground in the Local Government Act 1974.")


class Support(_Strict):
    """What a passage adds to one label."""

    label: str = Field(description="An outcome or a reason.")
    contribution: float = Field(description="What the passage adds to the label's logit.")


class Passage(_Strict):
    """A sentence that the prediction was computed from."""

    start: int = Field(description="First character, counted in Unicode code points from 0.")
    end: int = Field(description="One past the last character, in Unicode code points.")
    text: str = Field(description="Exactly `text[start:end]`.")
    section: str = Field(description="The kind of section it stands in.")
    supports: list[Support] = Field(description="The labels it carries, strongest first.")


class Caution(_Strict):
    """Something the reader of a prediction should know."""

    code: str = Field(description="A fixed name for this kind of warning.")
    message: str = Field(description="One sentence.")


class PredictionAnswer(_Strict):
    """One prediction, the same on every surface."""

    id: str = Field(description="The document's id.")
    view: str = Field(description="The view it was read in.")
    model: Model
    outcome: Outcome
    reasons: list[ScoredReason] = Field(description="Most probable first.")
    rationale: list[Passage] = Field(description="In text order.")
    warnings: list[Caution]


class ErrorDetail(_Strict):
    """What went wrong."""

    code: str = Field(description="A fixed name for this kind of error.")
    message: str = Field(description="One sentence: what was expected, what was found, what to do.")


class ErrorAnswer(_Strict):
    """The body of every error, on every path."""

    error: ErrorDetail


class Live(_Strict):
    """The service is running."""

    status: str = Field(description="Always `live`.")


class Ready(_Strict):
    """The service can predict."""

    status: str = Field(description="Always `ready`.")
    model: Model


class OutcomeEntry(_Strict):
    """An outcome of the taxonomy."""

    label: str
    title: str = Field(description="Its name for people.")
    description: str = Field(description="What it means, in plain words.")


class ReasonEntry(_Strict):
    """A reason of the taxonomy."""

    label: str
    family: Family
    ground: str = Field(description="Its ground in the Local Government Act 1974.")
    title: str = Field(description="Its name for people.")
    description: str = Field(description="What it means, in plain words.")


class TaxonomyAnswer(_Strict):
    """Every outcome and reason, with names for people."""

    version: str
    outcomes: list[OutcomeEntry]
    reasons: list[ReasonEntry]
