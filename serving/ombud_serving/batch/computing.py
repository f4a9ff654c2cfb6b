"""What computes the sentence vectors of a job, and where they are kept between jobs."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ombud.encoding.backends import BACKENDS, REFERENCE, BackendChoice, BackendName
from ombud.errors import UsageError
from ombud_serving.batch.engine import Loader

if TYPE_CHECKING:
    from ombud.views import View
    from ombud_serving.batch.watch import Watch

__all__ = ["chosen_backend", "loader"]


def chosen_backend(
    wanted: BackendChoice, bundle: Path, view: View, out: Path, watch: Watch
) -> BackendName:
    """Return the back end of a job; for `auto` that of the job in `out`, else the best one here.

    Raises:
        UsageError: If there is no such back end.
        BundleError: If the bundle is missing or damaged.
    """
    if wanted != "auto":
        if wanted not in BACKENDS:
            names = ", ".join(("auto", *BACKENDS))
            message = f"expected a back end out of {names}, found {wanted!r}; name one of these"
            raise UsageError(message)
        return wanted
    # A job that was begun goes on as it began.
    if (begun := _begun(out)) is not None:
        return begun
    from ombud.bundle import read_bundle
    from ombud.encoding.choosing import choose_backend

    backend = choose_backend(read_bundle(bundle), [view], watch.tried)
    watch.computing(backend)
    return backend


def _begun(out: Path) -> BackendName | None:
    try:
        job = json.loads((out / "job.json").read_text("utf-8"))["job"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    found = job.get("backend") if isinstance(job, dict) else None
    names = {str(name): name for name in BACKENDS}
    return names.get(str(found), REFERENCE)


@contextlib.contextmanager
def loader(
    load: Loader, bundle: Path, backend: BackendName, cache: Path | None
) -> Iterator[Loader]:
    """Yield what loads the bundle for this back end, with the vectors that `cache` holds.

    Args:
        load: What loads it for torch in float32 without a cache.
        bundle: A folder whose files were checked.
        backend: What computes sentence vectors.
        cache: The file, if there is to be one.

    Raises:
        UsageError: If `cache` is another file.
    """
    with contextlib.ExitStack() as stack:
        others: dict[str, Any] = {}
        if backend != REFERENCE:
            others["backend"] = backend
        if cache is not None:
            from ombud.encoding.cache import VectorCache, encoder_digest

            file = VectorCache.at(cache, encoder_digest(bundle), backend)
            others["file"] = stack.enter_context(file)
        yield functools.partial(load, **others) if others else load
