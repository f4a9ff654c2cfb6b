"""Importers: published decisions and tables of texts, checked and joined into one dataset."""

from ombud.imports.dataset import Summary, import_sources, read_imported
from ombud.imports.files import FORMATS, Format
from ombud.imports.rows import ImportedRow, row_document
from ombud.imports.schema import COLUMNS, SCHEMA, columns_markdown
from ombud.imports.tables import TABLE_KINDS, TableOptions

__all__ = [
    "COLUMNS",
    "FORMATS",
    "SCHEMA",
    "TABLE_KINDS",
    "Format",
    "ImportedRow",
    "Summary",
    "TableOptions",
    "columns_markdown",
    "import_sources",
    "read_imported",
    "row_document",
]
