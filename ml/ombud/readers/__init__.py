"""Readers: each turns one source form into documents, text kept exactly as given."""

from ombud.readers.files import read_document, read_documents
from ombud.readers.html import from_html
from ombud.readers.records import from_record
from ombud.readers.tables import Columns, Row, read_rows
from ombud.readers.text import from_text

__all__ = [
    "Columns",
    "Row",
    "from_html",
    "from_record",
    "from_text",
    "read_document",
    "read_documents",
    "read_rows",
]
