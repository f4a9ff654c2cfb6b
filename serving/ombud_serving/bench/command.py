"""`ombud bench batch`: scoring against `transformers.pipeline` with the same encoder."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ombud.bundle import Bundle
    from ombud.documents import Document
    from ombud.encoding.backends import BackendName
    from ombud_serving.bench.batch import BackendSpeed, Corpus
    from ombud_serving.bench.pipeline import PipelineSpeed

__all__ = ["bench_batch"]

_BUNDLE: Final = Path("models/current")
_ALONE: Final = 15
_STARTS: Final = 3


def bench_batch(
    corpus: Annotated[
        Path,
        typer.Argument(metavar="TABLE", help="Table of statements, such as the authored ones."),
    ] = Path("data/derived/authored.parquet"),
    real: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of statements to read as well.")
    ] = None,
    bundle: Annotated[
        Path, typer.Option("--bundle", envvar="OMBUD_BUNDLE", help="Folder of the bundle.")
    ] = _BUNDLE,
    limit: Annotated[int, typer.Option(min=32, help="Most documents of the table to read.")] = 256,
    rows: Annotated[
        list[int] | None,
        typer.Option(
            metavar="N",
            min=1000,
            help="Also score N short rows; several times for several jobs, such as 10000 and "
            "1000000.",
        ),
    ] = None,
    rows_backend: Annotated[
        Literal["torch-fp32", "torch-bf16", "onnx-fp32", "onnx-int8"],
        typer.Option(help="Back end of --rows."),
    ] = "torch-fp32",
    out: Annotated[Path, typer.Option(help="Write the figures here (JSON).")] = Path(
        "build/batch.json"
    ),
) -> None:
    """Measure tokens, documents and rows a second of every back end in one run."""
    import os

    from ombud.bundle import read_bundle
    from ombud.commands.corpus_report import write_text
    from ombud.model.encoder import resolve_encoder
    from ombud_serving.bench.batch import measure_backends
    from ombud_serving.bench.peak import matrix_peaks
    from ombud_serving.bench.pipeline import measure_pipeline
    from ombud_serving.bench.tables import print_bench

    loaded = read_bundle(bundle)
    read = _corpus(loaded, corpus, real, limit)
    texts = [document.text for document in read.documents]
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    _say("matrix products")
    peaks = matrix_peaks()
    _say("transformers.pipeline")
    pipeline = measure_pipeline(
        resolve_encoder(loaded.manifest.encoder).location, texts, texts[:_ALONE]
    )
    _say("back ends")
    speeds = measure_backends(loaded, read, "statement", peaks, _ALONE)
    _say("cold start")
    starts = _cold_starts(bundle, texts[0])
    result: dict[str, Any] = {
        "documents": len(texts),
        "tokens": read.tokens,
        "threads": _threads(),
        "load_before": load,
        "peaks": peaks,
        "pipeline": {
            **asdict(pipeline),
            "tokens_per_second": pipeline.tokens_per_second,
            "documents_per_second": pipeline.documents_per_second,
        },
        "backends": [{**asdict(speed), **_ratios(speed, pipeline)} for speed in speeds],
        "cold_start_seconds": starts,
        "rows": _rows(bundle, rows or (), rows_backend),
    }
    write_text(out, json.dumps(result, indent=2) + "\n")
    print_bench(result)
    typer.echo(f"figures in {out}")


def _corpus(bundle: Bundle, table: Path, real: Path | None, limit: int) -> Corpus:
    from itertools import islice

    from ombud.errors import InputError, OmbudError
    from ombud.model.features import sentence_key
    from ombud.readers import read_documents
    from ombud.readers.columns import Columns
    from ombud.readers.tables import read_rows
    from ombud.views import read
    from ombud_serving.bench.batch import Corpus

    columns = Columns()
    documents: list[Document] = [
        row.document(columns) for row in islice(read_rows(table, columns), limit)
    ]
    if real is not None:
        found = list(read_documents(sorted(real.iterdir())))
        documents += [one for one in found if not isinstance(one, OmbudError)]
    if not documents:
        message = f"{table}: expected statements to read, found none; name another table"
        raise InputError(message)
    keys = [
        sentence_key(sentence.span.of(document.text))
        for document in documents
        for sentence in read(document, "statement").sentences
    ]
    return Corpus(documents, bundle.tokens(keys))


def _ratios(speed: BackendSpeed, pipeline: PipelineSpeed) -> dict[str, float]:
    tokens, documents = pipeline.tokens_per_second, pipeline.documents_per_second
    return {
        "off_ratio": speed.off / tokens,
        "shared_ratio": speed.shared / tokens,
        "filed_ratio": speed.filed / tokens,
        "documents_ratio": speed.off_documents / documents,
        "latency_ratio": speed.latency / pipeline.latency,
    }


def _cold_starts(bundle: Path, text: str) -> list[float]:
    """Return the seconds from start to answer of `ombud predict`, some times."""
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "statement.txt"
        file.write_text(text, encoding="utf-8")
        code = "from ombud.cli import main; main()"
        command = [sys.executable, "-c", code, "predict", str(file), "--format", "json"]
        for _ in range(_STARTS):
            started = time.perf_counter()
            subprocess.run(
                [*command, "--bundle", str(bundle)], check=True, stdout=subprocess.DEVNULL
            )
            seconds.append(time.perf_counter() - started)
    return seconds


def _rows(bundle: Path, counts: Sequence[int], backend: BackendName) -> list[dict[str, Any]]:
    from ombud_serving.bench.rows import measure_rows

    found = []
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            _say(f"{count:,} short rows")
            found.append(asdict(measure_rows(bundle, backend, count, Path(folder))))
    return found


def _threads() -> int:
    import torch

    return torch.get_num_threads()


def _say(what: str) -> None:
    typer.echo(f"ombud: measuring {what}", err=True)
