"""The results of a job as one HTML page that loads nothing: `ombud score --report`."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ombud.atomic import replacing
from ombud.errors import MissingExtraError, OutputError, UsageError
from ombud.taxonomy import OUTCOMES, REASONS
from ombud_serving.batch.figures import BINS, OTHERS, UNKNOWN, Counts, Figures, count_parts
from ombud_serving.batch.kept import kept_name
from ombud_serving.batch.results import committed, errors_of
from ombud_serving.batch.sample import Sampled, read_sample

if TYPE_CHECKING:
    from ombud_serving.batch.job import Summary

__all__ = ["Page", "PageColumns"]

_SAMPLE: Final = 200
_KINDS: Final = 30
"""Categories shown; the others are added up."""
_MONTHS: Final = 48
"""Months shown; beyond, years."""
_REJECTED: Final = 50
_SUPPORTS: Final = 4
"""Labels shown of one passage."""
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
"""Control characters: some turn the order of the words that follow them."""
_TITLES: Final = {o.label: o.title for o in OUTCOMES} | {r.label: r.title for r in REASONS}


@dataclass(frozen=True, slots=True)
class PageColumns:
    """Kept columns that a page shows results by, by the names of the input; '' for none."""

    category: str = ""
    date: str = ""
    text: str = ""

    @classmethod
    def of(
        cls, keep: Sequence[str], text: str, category: str | None, date: str | None
    ) -> PageColumns:
        """Return which of the kept columns are shown, `category` and `decision_date` unless named.

        Raises:
            UsageError: If one is named that is not kept.
        """
        for option, name in (("--category-column", category), ("--date-column", date)):
            if name is not None and name not in keep:
                kept = ", ".join(map(repr, keep)) or "none"
                message = (
                    f"{option}: expected a column that is carried through, found {name!r} where "
                    f"those are {kept}; add --keep {name}"
                )
                raise UsageError(message)
        shown = (category or "category", date or "decision_date", text)
        return cls(*(kept_name(name) if name in keep else "" for name in shown))


class Page:
    """Where the page goes, looked at before the job begins."""

    def __init__(self, path: Path, out: Path, columns: PageColumns) -> None:
        """Look whether the page can be written.

        Raises:
            UsageError: If its ending is not `.html`, or there is no folder for it.
            MissingExtraError: If jinja2 is not installed.
        """
        if path.suffix != ".html":
            message = (
                f"{path}: expected a file ending in .html, found {path.name!r}; "
                "browsers open no other by themselves"
            )
            raise UsageError(message)
        if not path.parent.is_dir() and path.parent != out:
            message = f"{path}: expected a folder to write it in, found none; make it first"
            raise UsageError(message)
        try:
            import jinja2  # noqa: F401
        except ModuleNotFoundError as error:
            message = "expected jinja2 for --report, found it not installed; install ombud[serving]"
            raise MissingExtraError(message) from error
        self._path = path
        self._out = out
        self._columns = columns

    def write(self, summary: Summary) -> None:
        """Write the page of a finished job whole or not at all, from what it committed.

        Raises:
            OutputError: If a result cannot be read, or the page not written.
        """
        try:
            content = self._content(summary)
        except (OSError, pa.ArrowException, ValueError, KeyError) as error:
            message = (
                f"{self._out}: expected the results as they were committed, found: "
                f"{str(error).splitlines()[0]}; put them back and run the same command again"
            )
            raise OutputError(message) from error
        try:
            with replacing(self._path) as temporary:
                temporary.write_text(content, encoding="utf-8")
        except OSError as error:
            found = (error.strerror or str(error)).lower()
            message = (
                f"{self._path}: expected room for the report, found: {found}; the results are whole"
            )
            raise OutputError(message) from error

    def _content(self, summary: Summary) -> str:
        job, paths = committed(self._out)
        columns = self._columns
        figures = count_parts(paths, category=columns.category, date=columns.date, sample=_SAMPLE)
        sample = read_sample(paths, figures.sample, columns.text)
        # In the order of the input, whatever the parts are.
        sample.sort(key=lambda one: (one.columns["file"], one.columns["row"]))
        return _rendered(summary, job, figures, sample, list(_errors(self._out)), columns)


def _errors(out: Path) -> Iterator[dict[str, Any]]:
    """Yield the first rejected rows, one more than are shown."""
    rows = (
        row
        for path in errors_of(out)
        for batch in pq.ParquetFile(path).iter_batches(batch_size=_REJECTED)
        for row in batch.to_pylist()
    )
    return itertools.islice(rows, _REJECTED)


def _rendered(
    summary: Summary,
    job: Mapping[str, Any],
    figures: Figures,
    sample: Sequence[Sampled],
    rejected: Sequence[Mapping[str, Any]],
    columns: PageColumns,
) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    from ombud.charts import bin_plot
    from ombud.pages import CSS

    script, style = _part("report.js"), _part("report.css")
    environment = Environment(
        loader=PackageLoader("ombud_serving.score"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_seen,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    bins = figures.bins
    series = {
        "answered": [counts.rows - counts.abstained for counts in bins],
        "left to a person": [counts.abstained for counts in bins],
    }
    edges = [f"{at / BINS:.0%}" if at % 4 == 0 else "" for at in range(BINS + 1)]
    plot = bin_plot(
        "Rows by the probability of the outcome that was said", edges, series, x_name="probability"
    )
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    # What is marked as safe is our own, or escapes its words itself.
    return environment.get_template("report.html").render(
        style=Markup(CSS + style),
        script=Markup(script),
        script_digest=digest,
        summary=summary,
        source=job["source"],
        name=Path(job["source"]).name or job["source"],
        view=job["job"]["view"],
        bundle=job["job"]["bundle_sha256"],
        model=sample[0].columns if sample else None,
        figures=figures,
        titles=_TITLES,
        outcomes=[outcome.label for outcome in OUTCOMES],
        reasons=sorted(figures.reasons.items(), key=lambda item: (-item[1].rows, item[0])),
        confidence=Markup(plot),
        categories=None if figures.categories is None else _most(figures.categories),
        months=None if figures.months is None else _periods(figures.months),
        category=columns.category,
        date=columns.date,
        rejected=rejected,
        sample=sample,
        supports=_SUPPORTS,
    )


def _seen(value: Any) -> Any:
    """Return what a page shows for a value: no character that is not seen, nothing turned round."""
    from markupsafe import Markup

    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return _UNSEEN.sub("\ufffd", value)


def _part(name: str) -> str:
    return (files("ombud_serving.score") / "templates" / name).read_text("utf-8")


def _most(kinds: Mapping[str, Counts]) -> list[tuple[str, Counts]]:
    """Return the most frequent kinds, then the sum of the others, then those without."""
    named = [item for item in kinds.items() if item[0] not in (OTHERS, UNKNOWN)]
    named.sort(key=lambda item: (-item[1].rows, item[0]))
    rest = [counts for _, counts in named[_KINDS:]]
    if OTHERS in kinds:
        rest.append(kinds[OTHERS])
    found = named[:_KINDS]
    if rest:
        found.append((OTHERS, _sum(rest)))
    if UNKNOWN in kinds:
        found.append((UNKNOWN, kinds[UNKNOWN]))
    return found


def _periods(months: Mapping[str, Counts]) -> list[tuple[str, Counts]]:
    """Return months in order, or years where there are many, then what has none."""
    named = sorted(item for item in months.items() if item[0] not in (OTHERS, UNKNOWN))
    if len(named) > _MONTHS:
        named = [
            (year, _sum([counts for _, counts in own]))
            for year, own in itertools.groupby(named, key=lambda item: item[0][:4])
        ]
    return [*named, *((name, months[name]) for name in (OTHERS, UNKNOWN) if name in months)]


def _sum(several: Sequence[Counts]) -> Counts:
    total = Counts()
    for counts in several:
        total.rows += counts.rows
        total.abstained += counts.abstained
        total.probability += counts.probability
        total.outcomes.update(counts.outcomes)
    return total
