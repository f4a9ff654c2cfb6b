"""What every trainer of ours is told alike, and products in bfloat16 for those that ask for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import Trainer, TrainingArguments

__all__ = ["Bfloat16Trainer", "training_arguments"]


def training_arguments(
    folder: Path, *, epochs: int, batch_size: int, seed: int, cpu: bool, **others: Any
) -> TrainingArguments:
    """Return the arguments of a trainer that writes, reports and shows nothing by itself.

    Args:
        folder: For the trainer's own files.
        epochs: Passes over the examples.
        batch_size: Examples a step.
        seed: Of everything random.
        cpu: Whether to train on the CPU, whatever else is there.
        others: Further arguments of `TrainingArguments`, these win over ours.
    """
    settings: dict[str, Any] = {
        "output_dir": str(folder),
        "num_train_epochs": epochs,
        "per_device_train_batch_size": batch_size,
        "max_grad_norm": 1.0,
        "seed": seed,
        "use_cpu": cpu,
        "save_strategy": "no",
        "eval_strategy": "no",
        "logging_strategy": "epoch",
        "report_to": [],
        "remove_unused_columns": False,
        "disable_tqdm": True,
        "dataloader_pin_memory": not cpu,
    }
    return TrainingArguments(**{**settings, **others})


class Bfloat16Trainer(Trainer):
    """A trainer whose products are in bfloat16 if asked.

    The setting of `TrainingArguments` is kept by the process's first trainer, for all after it.
    """

    def __init__(self, *, bf16: bool, **kwargs: Any) -> None:
        self._bf16 = bf16
        super().__init__(**kwargs)

    def compute_loss(self, model: Any, inputs: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Return the loss of a batch."""
        with torch.autocast(self.args.device.type, torch.bfloat16, enabled=self._bf16):
            return super().compute_loss(model, inputs, *args, **kwargs)
