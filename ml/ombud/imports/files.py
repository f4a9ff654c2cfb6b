"""Which reader a source file goes to, and the rows that come of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from ombud.errors import InputError, OmbudError, UsageError, first_line
from ombud.imports.decisions import document_row, record_rows
from ombud.imports.rows import Found
from ombud.imports.tables import TableOptions, housing_rows, table_rows
from ombud.pull.folder import INDEX, is_pulled
from ombud.pull.reading import pulled_pages
from ombud.readers.files import decode, read_document
from ombud.readers.housing import DATABASE_ENDINGS
from ombud.readers.tables import TABLE_ENDINGS

__all__ = ["FORMATS", "Format", "SourceFile", "file_rows", "find_files"]

Format = Literal["auto", "lgsco", "phso", "housing", "table"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)

_PAGES: Final = (".html", ".htm")
_ENDINGS: Final[dict[Format, tuple[str, ...]]] = {
    "lgsco": (".json", *_PAGES, ".txt", *TABLE_ENDINGS),
    "phso": (".json", *TABLE_ENDINGS),
    "housing": DATABASE_ENDINGS,
    "table": TABLE_ENDINGS,
}
_ENDINGS["auto"] = tuple(dict.fromkeys(e for endings in _ENDINGS.values() for e in endings))
_PULLED: Final = ("auto", "lgsco")
_MAX_JSON: Final = 256 * 2**20
"""Largest JSON file read whole, in bytes; more records belong in a .jsonl file."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to import and the name it is called by: its path below the folder that was named.

    A folder that a pull made is one file here.
    """

    path: Path
    name: str


def find_files(
    sources: Sequence[Path], form: Format, out: Path
) -> tuple[tuple[SourceFile, ...], tuple[str, ...]]:
    """Return the files to import, in order of name, and the names of those passed over.

    A folder stands for every file below it whose ending its format knows; names that begin with
    a dot are passed over without a word, like everywhere, and so is what stands in `out`, the
    dataset that will be replaced.

    Raises:
        InputError: If a source is missing, of an ending that the format does not know, or a
            folder without a file to import.
        UsageError: If the format is unknown.
    """
    if form not in FORMATS:
        message = f"expected a format out of {', '.join(FORMATS)}, found {form!r}"
        raise UsageError(message)
    endings = _ENDINGS[form]
    files: list[SourceFile] = []
    passed: list[str] = []
    for source in sources:
        if form in _PULLED and (source / INDEX).is_file():
            # What a pull brought has an index: it says which pages are still published.
            files.append(SourceFile(source, source.resolve().name))
        elif source.is_dir():
            pulled = _pulled_below(source) if form in _PULLED else []
            files += [SourceFile(folder, str(folder.relative_to(source))) for folder in pulled]
            found = sorted(
                path
                for path in source.rglob("*")
                if path.is_file()
                and not any(part.startswith(".") for part in path.relative_to(source).parts)
                and not any(path.is_relative_to(folder) for folder in pulled)
                and not path.resolve().is_relative_to(out)
            )
            known = [path for path in found if path.suffix.lower() in endings]
            if not known and not pulled:
                message = (
                    f"{source}: expected files ending in {', '.join(endings)}, found "
                    f"{len(found)} file(s) of other kinds; name another folder or --format"
                )
                raise InputError(message)
            files += [SourceFile(path, str(path.relative_to(source))) for path in known]
            taken = set(known)
            passed += [str(p.relative_to(source)) for p in found if p not in taken]
        else:
            _check_file(source, endings, form)
            files.append(SourceFile(source, source.name))
    return tuple(files), tuple(passed)


def _pulled_below(source: Path) -> list[Path]:
    return sorted(index.parent for index in source.rglob(INDEX) if is_pulled(index.parent))


def file_rows(
    file: SourceFile, form: Format, options: TableOptions, workspace: Path
) -> Iterator[Found]:
    """Yield the rows of one file, good and bad.

    Raises:
        InputError: If the file as a whole cannot be read.
    """
    if file.path.is_dir():
        yield from _pulled_rows(file)
        return
    match file.path.suffix.lower():
        case ".json":
            yield from _json_rows(file, "" if form == "auto" else form)
        case ".html" | ".htm" | ".txt":
            yield _document_row(file)
        case ending if ending in DATABASE_ENDINGS:
            yield from housing_rows(file.path, file.name, workspace)
        case _:
            yield from table_rows(file.path, file.name, form, options)


def _pulled_rows(file: SourceFile) -> Iterator[Found]:
    """Yield the rows of the pages that a pull brought, called by their address."""
    for page in pulled_pages(file.path):
        try:
            yield document_row(page.document(), file.name, page.url)
        except OmbudError as error:
            values = {"id": page.facts.reference}
            yield Found(file.name, page.url, values, str(error))


def _document_row(file: SourceFile) -> Found:
    try:
        return document_row(read_document(file.path), file.name)
    except OmbudError as error:
        return Found(file.name, "", {}, str(error))


def _json_rows(file: SourceFile, form: str) -> Iterator[Found]:
    """Yield the rows of one record, or of a list of records; a file that is none is one bad row."""
    try:
        with file.path.open("rb") as content:
            data = content.read(_MAX_JSON + 1)
        if len(data) > _MAX_JSON:
            problem = f"expected at most {_MAX_JSON:,} bytes of JSON, found more; make it .jsonl"
            yield Found(file.name, "", {}, problem)
            return
        records = json.loads(decode(data, file.name))
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        message = f"{file.path}: expected a readable file, found: {found}; check the path"
        raise InputError(message) from error
    except OmbudError as error:
        yield Found(file.name, "", {}, str(error))
        return
    except (ValueError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        found = "one nested too deeply" if deep else first_line(error)
        problem = f"expected a JSON object or a list of them, found: {found}"
        yield Found(file.name, "", {}, problem)
        return
    if isinstance(records, list):
        for number, record in enumerate(records):
            yield from record_rows(record, form, file.name, f"record {number}")
        if not records:
            yield Found(file.name, "", {}, "expected at least one record, found an empty list")
    else:
        yield from record_rows(records, form, file.name, "")


def _check_file(path: Path, endings: Sequence[str], form: Format) -> None:
    try:
        with path.open("rb") as content:
            content.read(1)
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        message = f"{path}: expected a readable file or folder, found: {found}; check the path"
        raise InputError(message) from error
    if path.suffix.lower() not in endings:
        message = (
            f"{path}: expected a file ending in {', '.join(endings)} for the format {form!r}, "
            f"found {path.name!r}; rename it or name its format with --format"
        )
        raise InputError(message)
