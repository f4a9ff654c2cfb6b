"""The README of an imported dataset: for people, and for `datasets.load_dataset`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from ombud.imports.schema import REJECT_COLUMNS, columns_markdown

__all__ = ["dataset_card"]

_TERMS: Final[Mapping[str, str]] = {
    "lgsco": (
        "Decisions of the Local Government and Social Care Ombudsman: free re-use with the source "
        "and its copyright named, reproduced accurately and without amendment, not mainly to "
        "advertise a product"
    ),
    "phso": (
        "Decisions of the Parliamentary and Health Service Ombudsman: Open Government Licence v3.0"
    ),
    "housing": (
        "Findings of the Housing Ombudsman, compiled by guyclarkemarshall/HousingOmbudsmanData: "
        "Open Government Licence v3.0"
    ),
    "letter": "Letters from a table of your own: its terms are yours to know",
    "table": "Texts from a table of your own: its terms are yours to know",
}


def dataset_card(summary: Mapping[str, Any]) -> str:
    """Return the README of a dataset whose import came to `summary`."""
    header = {
        "configs": [
            {
                "config_name": "default",
                "data_files": [{"split": "train", "path": "data/*.parquet"}],
            }
        ],
        "language": ["en"],
    }
    sources = [f"- {_TERMS[source]}." for source in summary["sources"]]
    counts = [
        f"| {source} | {outcome or 'not known'} | {count:,} |"
        for source, outcomes in summary["sources"].items()
        for outcome, count in outcomes.items()
    ]
    counted = (
        f"{summary['read']:,} rows read, {summary['written']:,} written, "
        f"{summary['rejected']:,} rejected. Digest `{summary['digest']}`."
    )
    loading = (
        '`datasets.load_dataset(FOLDER, split="train")` reads it. `train` is only the name that '
        "library gives to data that is not split: split by date, whole groups together, before "
        "anything is trained."
    )
    rejects = [f"- `{name}`: {meaning}" for name, meaning in REJECT_COLUMNS]
    return "\n".join(
        [
            "---",
            # JSON is YAML too.
            *(f"{key}: {json.dumps(value)}" for key, value in header.items()),
            "---",
            "# Complaints and decisions, imported by ombud",
            "",
            counted,
            "",
            loading,
            "",
            "| Source | Outcome | Rows |",
            "|---|---|---|",
            *counts,
            "",
            "## Columns",
            f"Schema version {summary['schema_version']}.",
            "",
            columns_markdown(),
            "## Rejected rows",
            "`rejects.jsonl` has one line a row that is not in the dataset:",
            "",
            *rejects,
            "",
            "## Terms",
            *sources,
            "",
        ]
    )
