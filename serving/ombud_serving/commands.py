"""The subcommands that serving adds to `ombud`: `serve`, `score`, `register`, `bench batch`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ombud.commands.bench import bench_group
from ombud.commands.predict import BUNDLE, BundleOption, ErrorRateOption
from ombud_serving.bench.command import bench_batch
from ombud_serving.score.command import HELP, BackendOption, score

__all__ = ["register"]

# The commands import what they run inside: `ombud --help` would otherwise wait for torch.


def register(app: typer.Typer) -> None:
    """Add `serve`, `score`, `register` and `bench batch` to `app`."""
    app.command("serve")(_serve)
    app.command("score", help=HELP)(score)
    app.command("register")(_register)
    bench_group(app).command("batch")(bench_batch)


def _serve(
    bundle: BundleOption = BUNDLE,
    host: Annotated[str, typer.Option(help="Name or address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")
    ] = 8000,
    error_rate: ErrorRateOption = None,
    backend: BackendOption = "torch-fp32",
) -> None:
    """Serve predictions over HTTP, with a page for people at /."""
    from ombud_serving.serve import serve

    serve(
        bundle,
        host,
        port,
        error_rate=error_rate,
        backend=backend,
        announce=lambda line: typer.echo(f"ombud: {line}", err=True),
    )


def _register(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="Folder of the bundle.")],
    tracking_uri: Annotated[
        str,
        typer.Option(envvar="MLFLOW_TRACKING_URI", help="MLflow store to keep it in."),
    ] = "sqlite:///mlflow.db",
    name: Annotated[str, typer.Option(help="Name of the registered model.")] = "ombud",
) -> None:
    """Register a bundle in MLflow as a function of tables, for pyfunc and spark_udf."""
    from ombud_serving.tracking import register_bundle

    made = register_bundle(bundle, tracking_uri, name)
    typer.echo(f"registered {bundle} as {made.uri} (run {made.run_id}, bundle {made.sha256[:16]})")
