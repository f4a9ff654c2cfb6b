"""One of several processes that train together: writes losses and weights of the first.

torchrun --nproc_per_node 2 shared_training.py ENCODER OUT
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from safetensors.torch import save_model

from gold import gold_cases
from killed_training import CPU, recipe
from ombud_training import processes
from ombud_training.fit import Fitted, fit


def train(encoder: str) -> Fitted:
    """Train with nothing left to chance but what an example's place decides."""
    settings = recipe(encoder, dropout=0.0, stray_gates=0.0, gate_dropout=0.0, batch_size=9)
    with tempfile.TemporaryDirectory() as folder:
        # Ten examples in batches of nine: the last batch leaves a process with nothing to read.
        return fit(gold_cases(5), settings, CPU, Path(folder))


def main() -> None:
    """Train and leave."""
    encoder, out = sys.argv[1:]
    device = processes.agree(CPU) if processes.join() is None else CPU
    trained = train(encoder)
    if processes.is_first():
        Path(out, "losses.json").write_text(json.dumps(trained.losses))
        Path(out, "device.json").write_text(json.dumps([device.name, device.reason]))
        save_model(trained.model, str(Path(out, "model.safetensors")))
    processes.leave()


if __name__ == "__main__":
    main()
