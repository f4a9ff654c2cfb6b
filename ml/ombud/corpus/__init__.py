"""The corpus: case files compiled to one dataset, reported on, and split by date."""

from ombud.corpus.authored import Case, read_case, read_cases
from ombud.corpus.dataset import (
    GoldCase,
    GoldReason,
    compile_cases,
    digest,
    read_dataset,
    write_dataset,
)
from ombud.corpus.readings import read_readings, read_settlements
from ombud.corpus.report import CorpusReport, corpus_report
from ombud.corpus.split import (
    FoldsBy,
    Split,
    date_split,
    duplicate_groups,
    folds,
    near_duplicate_rows,
    read_split,
    write_split,
)
from ombud.corpus.wordings import Wording, read_wordings, wordings_digest

__all__ = [
    "Case",
    "CorpusReport",
    "FoldsBy",
    "GoldCase",
    "GoldReason",
    "Split",
    "Wording",
    "compile_cases",
    "corpus_report",
    "date_split",
    "digest",
    "duplicate_groups",
    "folds",
    "near_duplicate_rows",
    "read_case",
    "read_cases",
    "read_dataset",
    "read_readings",
    "read_settlements",
    "read_split",
    "read_wordings",
    "wordings_digest",
    "write_dataset",
    "write_split",
]
