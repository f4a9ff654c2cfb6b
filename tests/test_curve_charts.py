"""Plots of an evaluation: where points stand, and that they are whole and escaped."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from ombud.curve_charts import Curve, Point, confusion, curves, forest
from ombud.metrics import Interval

SVG = "{http://www.w3.org/2000/svg}"


def test_points_stand_where_they_should() -> None:
    plot = curves(
        "a < b",
        {"one": Curve([Point(0.0, 0.0), Point(1.0, 0.5)])},
        x_name="x",
        y_name="y & z",
        diagonal=True,
        highest=0.5,
        width=166,
        height=174,
    )
    tree = ET.fromstring(plot)
    # 100 by 100 between the axes: left 52, top 30.
    assert tree.find(f"{SVG}polyline").attrib["points"] == "52.0,130.0 152.0,30.0"  # type: ignore[union-attr]
    assert tree.find(f"{SVG}title").text == "a < b"  # type: ignore[union-attr]
    assert "y & z" in [text.text for text in tree.iter(f"{SVG}text")]


def test_steps_hold_their_height() -> None:
    series = {"one": Curve([Point(0.0, 1.0), Point(1.0, 0.0)], step=True)}
    plot = curves("t", series, x_name="x", y_name="y", width=166, height=174)
    assert 'points="52.0,30.0 152.0,30.0 152.0,130.0"' in plot


def test_bands_and_bars_are_the_intervals() -> None:
    band = Curve([Point(0.0, 0.5, 0.4, 0.6), Point(1.0, 0.5, 0.4, 0.6)])
    bar = Curve([Point(0.5, 0.5, 0.0, 1.0, "half")], joined=False)
    plot = curves("t", {"a": band, "b": bar}, x_name="x", y_name="y", width=166, height=174)
    assert 'points="52.0,70.0 152.0,70.0 152.0,90.0 52.0,90.0"' in plot
    assert '<title>half</title><line x1="102.0" y1="130.0" x2="102.0" y2="30.0"/>' in plot
    assert 'class="s1" stroke-width' in plot


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_confusion_says_counts_and_shares(share: float) -> None:
    right = round(10 * share)
    plot = confusion("m", ["A", "<B>"], [[right, 10 - right], [0, 0]])
    tree = ET.fromstring(plot)
    words = [text.text for text in tree.iter(f"{SVG}text")]
    shown = [word for word in words if word and word[-1] in "0123456789%"]
    assert shown == [
        str(right), f"{share:.0%}", str(10 - right), f"{1 - share:.0%}", "0", "0%", "0", "0%",
    ]  # fmt: skip
    assert words.count("<B>") == 2
    assert f"A predicted as &lt;B&gt;: {10 - right} of 10" in plot


def test_a_forest_has_a_mark_a_figure_and_none_for_what_is_missing() -> None:
    rows = {
        "first (3)": {"a": Interval(0.5, 0.25, 0.75), "b": Interval(1.0, 1.0, 1.2)},
        "second (4)": {"b": Interval(0.0, -0.1, 0.5)},
    }
    plot = forest("t", rows, label_width=100, width=230)
    assert len(re.findall("<circle", plot)) == 3
    assert 'x1="125.0"' in plot
    assert 'x2="175.0"' in plot
    # Nothing is drawn beyond the axis.
    assert 'x2="200.0"' in plot
    assert "first (3), a: 0.500 [0.250, 0.750]" in plot
    ET.fromstring(plot)
