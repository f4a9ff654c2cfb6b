"""`ombud label --fit` and `--report`: the label model, and the quality of labels against gold."""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ombud.commands.label_output import Format, write_lines, writing
from ombud.errors import InputError, UsageError

if TYPE_CHECKING:
    from ombud.corpus import GoldCase
    from ombud.labelling.report import LabelReport
    from ombud.metrics import Interval

__all__ = ["Selection", "fit_model", "print_report"]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows of a dataset are read.

    Attributes:
        split: Split file, with `parts`.
        parts: Names of its parts; all rows where there is none.
        seen: File of ids of documents read while the functions were written.
    """

    split: Path | None
    parts: tuple[str, ...]
    seen: Path | None

    def rows(self, dataset: Path, *, unseen: bool) -> list[GoldCase]:
        """Return the rows chosen: of `seen`, the others if `unseen`, else those listed.

        Raises:
            UsageError: If parts are named without a split file or the other way round.
            InputError: If a file cannot be read, or the split is of another dataset.
        """
        from ombud.corpus import digest, read_dataset, read_split

        if bool(self.split) != bool(self.parts):
            given, missing = ("--split", "--part") if self.split else ("--part", "--split")
            message = f"expected {missing} with {given}, found none; name both or neither"
            raise UsageError(message)
        rows = read_dataset(dataset)
        if self.split:
            split = read_split(self.split)
            if split.dataset != digest(rows):
                message = (
                    f"{self.split}: expected a split of {dataset}, found one of another dataset; "
                    "split it again with 'ombud corpus split'"
                )
                raise InputError(message)
            wanted = {row.id for name in self.parts for row in split.part(name, rows)}
            rows = [row for row in rows if row.id in wanted]
        if self.seen:
            listed = read_ids(self.seen)
            rows = [row for row in rows if (row.group in listed or row.id in listed) != unseen]
        return rows


def read_ids(path: Path) -> frozenset[str]:
    """Return the ids of a file, one a line; `#` begins a comment.

    Raises:
        InputError: If the file cannot be read as text.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        found = error.strerror if isinstance(error, OSError) else "bytes that are not UTF-8"
        message = (
            f"{path}: expected a file of ids, one a line, found: "
            f"{(found or str(error)).lower()}; check the path"
        )
        raise InputError(message) from error
    return frozenset(w for line in lines if (w := line.partition("#")[0].strip()))


def fit_model(dataset: Path, selection: Selection, out: Path | None) -> None:
    """Fit the label model to the votes on the rows chosen, and write it to `out`."""
    from ombud.labelling import ballot, fit_label_model, write_label_model

    if out is None:
        message = "expected --out with --fit, found none; name the label model to write"
        raise UsageError(message)
    rows = selection.rows(dataset, unseen=False)
    model = fit_label_model([ballot(row.document("statement")) for row in rows])
    with writing(out):
        write_label_model(model, out)
    voters = sum(map(len, model.functions.values()))
    typer.echo(f"label model of {voters} functions fitted to {len(rows)} documents: {out}")


def print_report(
    dataset: Path, selection: Selection, model: Path | None, format_: Format, out: Path | None
) -> None:
    """Report on functions and labels over the rows chosen."""
    from ombud.labelling import read_label_model
    from ombud.labelling.report import label_report

    rows = selection.rows(dataset, unseen=True)
    report = label_report(rows, None if model is None else read_label_model(model))
    block = _as_json(report) if format_ is Format.JSON else _as_text(report, model is not None)
    if out is None:
        typer.echo(block)
        return
    with writing(out):
        write_lines(out, [block])


def _as_json(report: LabelReport) -> str:
    content = dataclasses.asdict(report)
    content["hurting"] = [f.name for f in report.hurting]
    return json.dumps(_plain(content), indent=1)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 6)
    return value


def _as_text(report: LabelReport, with_model: bool) -> str:
    rule = "the label model's probability is 0.5 or more" if with_model else "any function votes"
    lines = [
        f"{report.documents} documents, {report.groups} complaints; a reason is given where {rule}",
        f"macro precision {report.macro_precision}",
        f"macro recall    {report.macro_recall}",
        f"macro F1        {report.macro_f1}",
        f"micro F1        {report.micro_f1}",
        f"speed           {report.documents_a_minute:,.0f} documents a minute on one core",
        "",
        f"{'reason':<36} {'gold':>5} {'given':>5} {'right':>5}  "
        f"{'precision':<22} {'recall':<22} {'F1':<22}".rstrip(),
    ]
    lines += [
        f"{r.label:<36} {r.gold:>5} {r.given:>5} {r.right:>5}  "
        f"{_interval(r.precision):<22} {_interval(r.recall):<22} {_interval(r.f1):<22}".rstrip()
        for r in report.reasons
    ]
    lines += [
        "",
        (
            f"{'function':<54} {'votes':>5} {'covers':>7} {'overlaps':>8} {'conflicts':>9} "
            f"{'precision':>9} {'recall':>6} {'removal':>8}"
        ),
    ]
    lines += [
        f"{f.name:<54} {f.votes:>5} {f.coverage:>7.1%} {f.overlaps:>8.1%} {f.conflicts:>9.1%} "
        f"{_share(f.precision):>9} {_share(f.recall):>6} {f.removal:>+8.4f}"
        for f in report.functions
    ]
    lines += ["", "functions that hurt (macro F1 rises without them):"]
    lines += [f"  {f.name} {f.removal:+.4f}" for f in report.hurting] or ["  none"]
    return "\n".join(lines)


def _interval(value: Interval | None) -> str:
    return "-" if value is None else str(value)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
