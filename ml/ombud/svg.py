"""The few shapes that plots are drawn of, as inline SVG."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Final

__all__ = ["SERIES", "box", "legend", "line", "svg", "text"]

SERIES: Final = 4
"""Colours of series in the style: classes `s0` to `s3`."""


def svg(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    """Return a drawing with a title for readers who do not see it."""
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" role="img" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{html.escape(title)}</title>'
        f"{''.join(parts)}</svg>"
    )


def text(x: float, y: float, words: str, anchor: str = "start") -> str:
    """Return words at a place."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str = "axis") -> str:
    """Return a line of a class of the style."""
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def box(x: float, y: float, width: float, height: float, kind: str, says: str) -> str:
    """Return a box that says something on pointing."""
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" '
        f'height="{max(0.0, height):.1f}"><title>{html.escape(says)}</title></rect>'
    )


def legend(names: Sequence[str], x: float, y: float) -> list[str]:
    """Return the names of series with their colours, from `x` on."""
    parts = []
    for number, name in enumerate(names):
        parts += [box(x, y - 9, 10, 10, f"s{number % SERIES}", name), text(x + 14, y, name)]
        x += 34 + 6.6 * len(name)
    return parts
