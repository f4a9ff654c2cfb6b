"""Plots of an evaluation as inline SVG: curves with bands, confusions, figures with intervals."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ombud.metrics.bootstrap import Interval
from ombud.svg import SERIES, box, legend, line, svg, text

__all__ = ["Curve", "Point", "confusion", "curves", "forest"]

_Scale: TypeAlias = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Point:
    """A place on a plot, `low` and `high` the ends of its interval, and what it says."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None
    says: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of one series: joined by a line, or each by itself with a bar for its interval."""

    points: Sequence[Point]
    joined: bool = True
    step: bool = False


def curves(
    title: str,
    series: Mapping[str, Curve],
    *,
    x_name: str,
    y_name: str,
    diagonal: bool = False,
    highest: float = 1.0,
    lowest_x: float = 0.0,
    width: int = 460,
    height: int = 360,
) -> str:
    """Return curves over [lowest_x, 1] by [0, highest], their intervals as bands or bars.

    Args:
        title: Said to readers who do not see the plot.
        series: At most four, by name.
        x_name: What runs to the right.
        y_name: What runs upwards.
        diagonal: Draw where both are equal.
        highest: Value at the top.
        lowest_x: Value at the left.
        width: Of the whole.
        height: Of the whole.
    """
    left, right, top, bottom = 52, 14, 30, 44
    wide, tall = width - left - right, height - top - bottom

    def across(x: float) -> float:
        return left + wide * (x - lowest_x) / (1 - lowest_x)

    def up(y: float) -> float:
        return top + tall * (1 - min(y, highest) / highest)

    parts = legend(list(series), left, 14)
    for tick in range(6):
        y = highest * tick / 5
        parts += [
            line(left, up(y), width - right, up(y)),
            text(left - 6, up(y) + 4, f"{y:.2g}", "end"),
        ]
    steps = round(10 * (1 - lowest_x)) if lowest_x else 5
    for tick in range(steps + 1):
        x = lowest_x + (1 - lowest_x) * tick / steps
        parts += [
            line(across(x), top, across(x), top + tall),
            text(across(x), top + tall + 16, f"{x:.2g}", "middle"),
        ]
    if diagonal:
        start = max(lowest_x, 0.0)
        parts.append(
            f'<line class="even" x1="{across(start):.1f}" y1="{up(start):.1f}" '
            f'x2="{across(min(1.0, highest)):.1f}" y2="{up(min(1.0, highest)):.1f}"/>'
        )
    parts.append(text(left + wide / 2, height - 8, x_name, "middle"))
    parts.append(
        f'<text transform="translate(13 {top + tall / 2:.0f}) rotate(-90)" text-anchor="middle">'
        f"{html.escape(y_name)}</text>"
    )
    for number, curve in enumerate(series.values()):
        kind = f"s{number % SERIES}"
        places = [(across(p.x), up(p.y), p) for p in curve.points]
        if curve.joined:
            parts += _joined(kind, places, up, step=curve.step)
        else:
            parts += [_marked(kind, x, y, p, up) for x, y, p in places]
    return svg(width, height, title, parts)


def _joined(
    kind: str, places: Sequence[tuple[float, float, Point]], up: _Scale, *, step: bool
) -> list[str]:
    parts = []
    banded = [(x, p) for x, _, p in places if p.low is not None and p.high is not None]
    if banded:
        upper = [f"{x:.1f},{up(p.high or 0.0):.1f}" for x, p in banded]
        lower = [f"{x:.1f},{up(p.low or 0.0):.1f}" for x, p in reversed(banded)]
        parts.append(f'<polygon class="{kind} shade" points="{" ".join(upper + lower)}"/>')
    corners: list[str] = []
    for number, (x, y, _) in enumerate(places):
        if step and number:
            corners.append(f"{x:.1f},{places[number - 1][1]:.1f}")
        corners.append(f"{x:.1f},{y:.1f}")
    parts.append(f'<polyline class="{kind} line" points="{" ".join(corners)}"/>')
    return parts


def _marked(kind: str, x: float, y: float, point: Point, up: _Scale) -> str:
    bar = ""
    if point.low is not None and point.high is not None:
        bar = (
            f'<line x1="{x:.1f}" y1="{up(point.low):.1f}" x2="{x:.1f}" y2="{up(point.high):.1f}"/>'
        )
    return (
        f'<g class="{kind}" stroke-width="1.5"><title>{html.escape(point.says)}</title>'
        f'{bar}<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/></g>'
    )


def confusion(title: str, labels: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """Return a table of gold classes (rows) by said ones, shaded by the share of its row."""
    wide, tall, left, top = 104, 52, 96, 56
    parts = [text(left + wide * len(labels) / 2, 14, f"{title}: predicted", "middle")]
    for column, label in enumerate(labels):
        parts.append(text(left + (column + 0.5) * wide, 40, label, "middle"))
    for row, label in enumerate(labels):
        y, total = top + row * tall, sum(counts[row]) or 1
        parts.append(text(left - 8, y + tall / 2 + 4, label, "end"))
        for column, count in enumerate(counts[row]):
            x, share = left + column * wide, count / total
            kind = "cell" if row == column else "miss"
            says = f"{label} predicted as {labels[column]}: {count} of {total}"
            parts.append(
                f'<rect class="{kind}" fill-opacity="{0.06 + 0.6 * share:.2f}" x="{x + 1}" '
                f'y="{y + 1}" width="{wide - 2}" height="{tall - 2}" rx="3">'
                f"<title>{html.escape(says)}</title></rect>"
            )
            parts.append(text(x + wide / 2, y + tall / 2 - 1, str(count), "middle"))
            parts.append(
                f'<text class="small" x="{x + wide / 2:.1f}" y="{y + tall / 2 + 14:.1f}" '
                f'text-anchor="middle">{share:.0%}</text>'
            )
    return svg(left + wide * len(labels) + 6, top + tall * len(labels) + 6, title, parts)


def forest(
    title: str,
    rows: Mapping[str, Mapping[str, Interval]],
    *,
    label_width: int = 300,
    width: int = 900,
) -> str:
    """Return figures between 0 and 1 with their intervals, a row a slice, a colour a system."""
    series = list(dict.fromkeys(name for row in rows.values() for name in row))
    between = 11
    tall = max(22, between * len(series) + 8)
    top, span = 28, width - label_width - 30
    height = top + len(rows) * tall
    parts = legend(series, label_width, 14)
    for tick in range(11):
        x = label_width + span * tick / 10
        parts += [line(x, top, x, height), text(x, height + 15, f"{tick / 10:.1f}", "middle")]
    for number, (label, figures) in enumerate(rows.items()):
        middle = top + number * tall + tall / 2
        parts.append(text(label_width - 10, middle + 4, label, "end"))
        if number % 2:
            parts.append(box(0, top + number * tall, width - 20, tall, "stripe", label))
        for at, name in enumerate(series):
            if name not in figures:
                continue
            found = figures[name]
            y = middle + between * (at - (len(series) - 1) / 2)
            low, high, value = (
                label_width + span * min(1.0, max(0.0, v))
                for v in (found.low, found.high, found.value)
            )
            parts.append(
                f'<g class="s{at % SERIES}" stroke-width="2"><title>'
                f"{html.escape(f'{label}, {name}: {found}')}</title>"
                f'<line x1="{low:.1f}" y1="{y:.1f}" x2="{high:.1f}" y2="{y:.1f}"/>'
                f'<circle cx="{value:.1f}" cy="{y:.1f}" r="4"/></g>'
            )
    return svg(width, height + 22, title, parts)
