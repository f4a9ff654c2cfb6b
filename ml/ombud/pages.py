"""Reports as one HTML page that loads nothing: the style they share, tables and figures."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Final

from ombud.charts import STYLE

__all__ = ["CSS", "figure", "head", "table"]

CSS: Final = (
    """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --good: #15803d; --bad: #b91c1c; }
@media (prefers-color-scheme: dark) { :root { --good: #4ade80; --bad: #f87171; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .5rem; }
p.note { opacity: .8; margin: .3rem 0 .8rem; max-width: 46rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { padding: .22rem .6rem; text-align: left; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; } th { background: var(--soft); position: sticky; top: 0; }
.met { color: var(--good); font-weight: 600; } .missed { color: var(--bad); font-weight: 600; }
code { font-size: .9em; overflow-wrap: anywhere; } figure { margin: .8rem 0; overflow-x: auto; }
ul.facts { columns: 2; padding-left: 1.1rem; } @media (max-width: 40rem) { ul.facts { columns: 1; } }
"""
    + STYLE
)
"""Style of a report, its plots included."""


def head(title: str, more_css: str = "") -> str:
    """Return what a page begins with, up to its first words."""
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{CSS}{more_css}</style>"
    )


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    raw: Sequence[int] = (),
    numbers: Sequence[int] = (),
) -> str:
    """Return a table; what stands in its cells is escaped.

    Args:
        heads: Names of the columns.
        rows: Their cells.
        raw: Columns whose cells are HTML already.
        numbers: Columns to set flush right.
    """

    def cell(kind: str, at: int, words: str) -> str:
        align = ' class="n"' if at in numbers else ""
        return f"<{kind}{align}>{words if at in raw else html.escape(words)}</{kind}>"

    first = "".join(cell("th", at, words) for at, words in enumerate(heads))
    body = "".join(
        f"<tr>{''.join(cell('td', at, words) for at, words in enumerate(row))}</tr>" for row in rows
    )
    return f'<div class="scroll"><table><tr>{first}</tr>{body}</table></div>'


def figure(svg: str) -> str:
    """Return a plot as a figure."""
    return f"<figure>{svg}</figure>"
