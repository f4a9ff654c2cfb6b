"""The ablation in Markdown: the table of designs, the floors under each model, and the differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ombud.metrics import Interval
from ombud_training.ablation.rows import ROWS
from ombud_training.ablation.scoring import OURS, Difference, RowFigures

__all__ = ["TITLES", "ablation_markdown"]

TITLES: Final = {
    **{row.key: row.title for row in ROWS if not row.contextual},
    "d_sentences": "whole texts, integrated gradients afterwards, passages are sentences",
    "d_words": "the same, passages are words",
}
_FIGURES: Final = {
    "outcome_macro_f1": "outcome macro-F1",
    "reasons_macro_f1": "reasons macro-F1",
    "rationale_token_f1": "token F1",
    "rationale_iou_f1": "IOU F1",
    "rationale_auprc": "AUPRC",
    "rationale_comprehensiveness": "comprehensiveness",
    "rationale_sufficiency": "sufficiency",
}
_MEANING: Final = (
    "F1 and AUPRC of passages against gold marks, IOU at 0.5; comprehensiveness (higher is better) "
    "and sufficiency (lower is better) over 1, 5, 10, 20 and 50 % of the words, at least one "
    "passage. Floors are read by our model. The same by each row's own model:"
)
_FLOORS: Final = {
    "random_sentences": "random sentences",
    "word_list": "word list",
    "all_sentences": "all words",
}


def ablation_markdown(
    rows: Sequence[RowFigures], ours_less: Sequence[Difference], said: str
) -> str:
    """Return the tables; `said` is of what documents the figures are."""
    floors = next((row.floors for row in rows if row.name == OURS), rows[0].floors)
    first = [_line(_name(row), row.seeds, row.figures) for row in rows] + [
        _line(f"floor: {title}", (), floors[name]) for name, title in _FLOORS.items()
    ]
    shown = (*_FIGURES.values(),)
    parts = [
        f"{said} Figures of several seeds are of all their answers together.",
        "",
        *_table(("design", "seeds", *shown), first),
        "",
        _MEANING,
        "",
        *_faithfulness(rows),
    ]
    if ours_less:
        lines = [
            (
                f"({OURS}) less {_name_of(one.name)}",
                _seeds(one.seeds),
                _signed(one.outcome_macro_f1),
                _signed(one.token_f1),
            )
            for one in ours_less
        ]
        parts += [
            "",
            "Ours less each other row, drawn in pairs of the same documents and seeds:",
            "",
            *_table(("difference", "seeds", "outcome macro-F1", "token F1"), lines),
        ]
    return "\n".join(parts) + "\n"


def _faithfulness(rows: Sequence[RowFigures]) -> list[str]:
    lines = []
    for figure in ("rationale_comprehensiveness", "rationale_sufficiency"):
        for row in rows:
            floors = (_say(row.floors[name].get(figure)) for name in _FLOORS)
            lines.append((_FIGURES[figure], _name(row), _say(row.figures.get(figure)), *floors))
    return _table(("figure", "model of row", "its own passages", *_FLOORS.values()), lines)


def _line(name: str, seeds: Sequence[int], figures: Mapping[str, Interval]) -> tuple[str, ...]:
    return (name, _seeds(seeds), *(_say(figures.get(figure)) for figure in _FIGURES))


def _name(row: RowFigures) -> str:
    return f"{_name_of(row.name)} {TITLES[row.name]}"


def _name_of(name: str) -> str:
    letter, _, kind = name.partition("_")
    return f"({letter}, {kind})" if kind else f"({letter})"


def _seeds(seeds: Sequence[int]) -> str:
    return ", ".join(map(str, seeds)) or "–"


def _say(interval: Interval | None) -> str:
    if interval is None:
        return "–"
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]"


def _signed(interval: Interval) -> str:
    return f"{interval.value:+.3f} [{interval.low:+.3f}, {interval.high:+.3f}]"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [
        "| " + " | ".join(heads) + " |",
        "|---" * len(heads) + "|",
        *("| " + " | ".join(row) + " |" for row in rows),
    ]
