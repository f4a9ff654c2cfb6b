"""Plots as inline SVG: no script, no font, nothing loaded; colours come from the page.

A page sets the classes `s0`, `s1`, ... (one a series) and `axis`, `band`, `cell`; the defaults in
`STYLE` are readable on light and dark pages and told apart without colour vision.
"""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from typing import Final

from ombud.metrics.bootstrap import Interval
from ombud.svg import SERIES, box, legend, line, svg, text

__all__ = [
    "STYLE",
    "bars",
    "bin_plot",
    "heatmap",
    "histograms",
    "interval_plot",
    "line_plot",
    "standalone",
]

STYLE: Final = """
svg { max-width: 100%; height: auto; font: 12px system-ui, sans-serif; color: inherit; }
svg text { fill: currentColor; }
svg .s0 { fill: #0f766e; stroke: #0f766e; } svg .s1 { fill: #d97706; stroke: #d97706; }
svg .s2 { fill: #6366f1; stroke: #6366f1; } svg .s3 { fill: #be185d; stroke: #be185d; }
svg .axis { stroke: currentColor; stroke-opacity: .25; fill: none; }
svg .band { fill: currentColor; fill-opacity: .14; stroke: none; }
svg .line { fill: none; stroke-width: 2; } svg .cell { fill: #0f766e; stroke: none; }
svg .shade { fill-opacity: .15; stroke: none; } svg .miss { fill: #be185d; stroke: none; }
svg .even { stroke: currentColor; stroke-opacity: .55; stroke-dasharray: 5 4; }
svg .stripe { fill: currentColor; fill-opacity: .035; stroke: none; } svg .small { font-size: 10.5px; }
svg rect.s0, svg rect.s1, svg rect.s2, svg rect.s3 { stroke: none; }
"""

_ROW: Final = 20


def bars(
    title: str,
    rows: Mapping[str, Mapping[str, float]],
    *,
    form: str = "{:g}",
    label_width: int = 250,
    width: int = 820,
    most: float | None = None,
) -> str:
    """Return horizontal stacked bars: each row's values by series.

    Args:
        title: Said to readers who do not see the plot.
        rows: Label to series to value; series in the order of the first row.
        form: How a row's sum is written.
        label_width: Room for labels.
        width: Of the whole.
        most: Value at the right end; by default the largest sum.
    """
    series = list(next(iter(rows.values()), {}))
    top = 24 if len(series) > 1 else 4
    scale = (width - label_width - 60) / (
        most or max((sum(r.values()) for r in rows.values()), default=0) or 1
    )
    parts = legend(series, label_width, 14) if len(series) > 1 else []
    for number, (label, values) in enumerate(rows.items()):
        y = top + number * _ROW
        parts.append(text(label_width - 8, y + 14, label, "end"))
        x = float(label_width)
        for at, name in enumerate(series):
            length = values[name] * scale
            says = f"{label}, {name}: {form.format(values[name])}"
            parts.append(box(x, y + 3, length, _ROW - 5, f"s{at % SERIES}", says))
            x += length
        parts.append(text(x + 6, y + 14, form.format(sum(values.values()))))
    return svg(width, top + len(rows) * _ROW + 6, title, parts)


def histograms(
    title: str, series: Mapping[str, Sequence[int]], *, bin_width: int, width: int = 820
) -> str:
    """Return one histogram a series, under each other on one axis, as shares of the series."""
    largest = max((max(values, default=0) for values in series.values()), default=0)
    bins = largest // bin_width + 1
    left, height, gap = 40, 70, 26
    step = (width - left - 20) / bins
    parts = []
    for number, (name, values) in enumerate(series.items()):
        base = number * (height + gap) + height + 16
        counts = [0] * bins
        for value in values:
            counts[value // bin_width] += 1
        tallest = max(counts) or 1
        parts.append(text(left, base - height - 2, f"{name} ({len(values)})"))
        for at, count in enumerate(counts):
            tall = height * 0.94 * count / tallest
            says = f"{name}, {at * bin_width} to {(at + 1) * bin_width - 1} words: {count}"
            kind = f"s{number % SERIES}"
            parts.append(box(left + at * step, base - tall, step - 1, tall, kind, says))
        parts.append(line(left, base, width - 20, base))
    bottom = len(series) * (height + gap) + 6
    every = max(1, math.ceil(bins / 10))
    parts += [
        text(left + at * step, bottom + 6, f"{at * bin_width:,}", "middle")
        for at in range(0, bins + 1, every)
    ]
    return svg(width, bottom + 16, title, parts)


def bin_plot(
    title: str,
    edges: Sequence[str],
    series: Mapping[str, Sequence[int]],
    *,
    x_name: str,
    width: int = 560,
    height: int = 240,
) -> str:
    """Return counts by bin as upright stacked bars.

    Args:
        title: Said to readers who do not see the plot.
        edges: What stands at each edge of a bin, one more than there are bins; '' for nothing.
        series: Name to count by bin.
        x_name: What is binned.
        width: Of the whole.
        height: Of the whole.
    """
    left, right, top, bottom = 48, 12, 30, 40
    bins = len(edges) - 1
    sums = [sum(values[at] for values in series.values()) for at in range(bins)]
    wide, tall, most = (width - left - right) / bins, height - top - bottom, max(sums) or 1
    base = height - bottom
    parts = legend(list(series), left, 14) if len(series) > 1 else []
    for share in (0.0, 0.5, 1.0):
        y = base - tall * share
        parts += [
            line(left, y, width - right, y),
            text(left - 6, y + 4, f"{most * share:,.0f}", "end"),
        ]
    for at in range(bins):
        y, x = float(base), left + at * wide
        for number, (name, values) in enumerate(series.items()):
            length = tall * values[at] / most
            y -= length
            says = f"bin {at + 1} of {bins}, {name}: {values[at]:,} of {sums[at]:,}"
            parts.append(box(x + 1, y, wide - 2, length, f"s{number % SERIES}", says))
    parts += [
        text(left + at * wide, base + 16, words, "middle")
        for at, words in enumerate(edges)
        if words
    ]
    parts.append(text(left + (width - left - right) / 2, height - 4, x_name, "middle"))
    return svg(width, height, title, parts)


def heatmap(title: str, labels: Sequence[str], counts: Mapping[tuple[str, str], int]) -> str:
    """Return a symmetric table of counts by shade; the pair and its count show on pointing."""
    size, left = 17, 250
    largest = max(counts.values(), default=1)
    both = {**counts, **{(b, a): n for (a, b), n in counts.items()}}
    parts = []
    for row, first in enumerate(labels):
        y = 4 + row * size
        parts.append(text(left - 6, y + 12, first, "end"))
        for column, second in enumerate(labels[:row]):
            count = both.get((first, second), 0)
            x = left + column * size
            parts.append(f'<rect class="axis" x="{x}" y="{y}" width="{size}" height="{size}"/>')
            if count:
                shade = 0.15 + 0.85 * math.sqrt(count / largest)
                parts.append(
                    f'<rect class="cell" fill-opacity="{shade:.2f}" x="{x + 1}" y="{y + 1}" '
                    f'width="{size - 2}" height="{size - 2}"><title>'
                    f"{html.escape(f'{first} with {second}: {count}')}</title></rect>"
                )
        parts.append(text(left + row * size + 3, y + 12, f"{row + 1}"))
    return svg(left + len(labels) * size + 30, len(labels) * size + 12, title, parts)


def interval_plot(
    title: str, rows: Mapping[str, tuple[Interval, Interval | None]], *, width: int = 880
) -> str:
    """Return figures between 0 and 1 with their intervals, each over the band of chance."""
    left, row_height = 330, 34
    span = width - left - 30
    height = len(rows) * row_height
    parts = []
    for tick in range(11):
        x = left + span * tick / 10
        parts += [line(x, 0, x, height), text(x, height + 14, f"{tick / 10:.1f}", "middle")]
    for number, (label, (value, chance)) in enumerate(rows.items()):
        y = number * row_height + row_height / 2
        parts.append(text(left - 8, y + 4, label, "end"))
        if chance is not None:
            x, wide = left + span * chance.low, span * (chance.high - chance.low)
            parts.append(box(x, y - 12, wide, 24, "band", f"chance: {chance}"))
        low, high, at = (left + span * v for v in (value.low, value.high, value.value))
        parts.append(
            f'<g class="s0" stroke-width="2"><title>{html.escape(f"{label}: {value}")}</title>'
            f'<line x1="{low:.1f}" y1="{y}" x2="{high:.1f}" y2="{y}"/>'
            f'<circle cx="{at:.1f}" cy="{y}" r="4.5"/></g>'
        )
    return svg(width, height + 22, title, parts)


def line_plot(
    title: str,
    series: Mapping[str, Sequence[tuple[float, Interval]]],
    *,
    x_name: str,
    y_name: str,
    width: int = 640,
    height: int = 320,
) -> str:
    """Return figures between 0 and 1 over a logarithmic axis, with intervals, a line a series."""
    left, right, top, bottom = 56, 20, 28, 44
    xs = sorted({x for points in series.values() for x, _ in points})
    low, high = math.log(xs[0]), math.log(xs[-1])
    wide, tall = width - left - right, height - top - bottom

    def across(x: float) -> float:
        return left + wide * ((math.log(x) - low) / (high - low) if high > low else 0.5)

    def up(y: float) -> float:
        return top + tall * (1 - y)

    parts = legend(list(series), left, 14)
    for tick in range(6):
        y = up(tick / 5)
        parts += [
            line(left, y, width - right, y),
            text(left - 6, y + 4, f"{tick / 5:.1f}", "end"),
        ]
    for x in xs:
        parts.append(text(across(x), height - bottom + 18, f"{x:g}", "middle"))
    parts.append(text(left + wide / 2, height - 6, x_name, "middle"))
    parts.append(
        f'<text transform="translate(14 {top + tall / 2:.0f}) rotate(-90)" text-anchor="middle">'
        f"{html.escape(y_name)}</text>"
    )
    for number, (name, points) in enumerate(series.items()):
        shift = 4 * (number - (len(series) - 1) / 2)
        kind = f"s{number % SERIES}"
        path = " ".join(f"{across(x) + shift:.1f},{up(v.value):.1f}" for x, v in points)
        parts.append(f'<polyline class="{kind} line" points="{path}"/>')
        for x, value in points:
            at = across(x) + shift
            says = html.escape(f"{name}, {x:g}: {value}")
            parts.append(
                f'<g class="{kind}" stroke-width="1.5"><title>{says}</title>'
                f'<line x1="{at:.1f}" y1="{up(value.low):.1f}" x2="{at:.1f}" '
                f'y2="{up(value.high):.1f}"/><circle cx="{at:.1f}" cy="{up(value.value):.1f}" '
                'r="3.5"/></g>'
            )
    return svg(width, height, title, parts)


def standalone(plot: str) -> str:
    """Return a plot with its colours inside, for a file of its own."""
    head, _, rest = plot.partition("<title>")
    return f"{head}<style>{STYLE}</style><title>{rest}\n"
