"""Plots: well-formed, each value there to point at, words never markup."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from ombud.charts import STYLE, bars, bin_plot, heatmap, histograms, interval_plot, line_plot
from ombud.metrics import Interval

SVG = "{http://www.w3.org/2000/svg}"


def titles(svg: str) -> list[str]:
    root = ET.fromstring(svg)
    return [element.text or "" for element in root.iter(f"{SVG}title")]


def test_bars_are_as_long_as_their_values() -> None:
    svg = bars(
        "Fruit & veg", {"<apples>": {"red": 3.0, "green": 1.0}, "pears": {"red": 8.0, "green": 0.0}}
    )
    assert titles(svg) == [
        "Fruit & veg", "red", "green", "<apples>, red: 3", "<apples>, green: 1", "pears, red: 8",
        "pears, green: 0",
    ]  # fmt: skip
    boxes = [b for b in ET.fromstring(svg).iter(f"{SVG}rect") if b.get("width") != "10.0"]
    widths = [float(box.get("width") or 0) for box in boxes]
    assert widths == pytest.approx([510 * 3 / 8, 510 / 8, 510, 0], abs=0.1)
    words = [element.text for element in ET.fromstring(svg).iter(f"{SVG}text")]
    assert words == ["red", "green", "<apples>", "4", "pears", "8"]


def test_histograms_count_every_value_once() -> None:
    svg = histograms("Words", {"long": [0, 9, 10, 25], "short": [3]}, bin_width=10)
    counted = [t for t in titles(svg) if "words:" in t]
    assert counted == [
        "long, 0 to 9 words: 2", "long, 10 to 19 words: 1", "long, 20 to 29 words: 1",
        "short, 0 to 9 words: 1", "short, 10 to 19 words: 0", "short, 20 to 29 words: 0",
    ]  # fmt: skip


def test_bins_are_stacked_as_high_as_their_counts() -> None:
    svg = bin_plot(
        "Sureness", ["0", "", "1"], {"sure": [3, 8], "<unsure>": [1, 0]}, x_name="p", height=170
    )
    assert titles(svg)[3:] == [
        "bin 1 of 2, sure: 3 of 4", "bin 1 of 2, <unsure>: 1 of 4", "bin 2 of 2, sure: 8 of 8",
        "bin 2 of 2, <unsure>: 0 of 8",
    ]  # fmt: skip
    boxes = [b for b in ET.fromstring(svg).iter(f"{SVG}rect") if b.get("width") != "10.0"]
    assert [float(b.get("height") or 0) for b in boxes] == [37.5, 12.5, 100, 0]
    tops = [float(b.get("y") or 0) for b in boxes]
    assert tops == [130 - 37.5, 130 - 50, 30, 30]


def test_a_heatmap_shows_each_pair_once_whatever_its_order() -> None:
    svg = heatmap("Pairs", ["a", "b", "c"], {("a", "b"): 4, ("c", "a"): 1})
    assert titles(svg) == ["Pairs", "b with a: 4", "c with a: 1"]


def test_intervals_lie_over_their_band_of_chance() -> None:
    rows = {
        "guess": (Interval(0.5, 0.4, 0.6), Interval(0.3, 0.2, 0.4)),
        "sure": (Interval(1, 1, 1), None),
    }
    svg = interval_plot("Tests", rows)
    assert titles(svg) == [
        "Tests", "chance: 0.300 [0.200, 0.400]", "guess: 0.500 [0.400, 0.600]",
        "sure: 1.000 [1.000, 1.000]",
    ]  # fmt: skip
    band = next(b for b in ET.fromstring(svg).iter(f"{SVG}rect"))
    assert float(band.get("x") or 0) == pytest.approx(330 + 520 * 0.2)
    assert float(band.get("width") or 0) == pytest.approx(520 * 0.2)


def test_a_line_has_every_point_on_a_logarithmic_axis() -> None:
    points = [(n, Interval(0.5, 0.4, 0.6)) for n in (100, 200, 400)]
    svg = line_plot("Curve", {"view": points}, x_name="statements", y_name="F1")
    line = next(ET.fromstring(svg).iter(f"{SVG}polyline")).get("points") or ""
    first, second, third = (float(pair.split(",")[0]) for pair in line.split())
    assert second - first == pytest.approx(third - second, abs=0.2)
    assert "view, 200: 0.500 [0.400, 0.600]" in titles(svg)
    assert ET.fromstring(line_plot("One", {"v": points[:1]}, x_name="x", y_name="y")) is not None


@pytest.mark.parametrize(
    "svg",
    [
        bars("Nothing", {}),
        bars("Zero", {"a": {"n": 0.0}}),
        histograms("Nothing", {"a": []}, bin_width=10),
        heatmap("Nothing", [], {}),
        bin_plot("Nothing", ["", ""], {"a": [0]}, x_name="x"),
        interval_plot("Nothing", {}),
    ],
)
def test_a_plot_of_nothing_is_still_a_plot(svg: str) -> None:
    assert ET.fromstring(svg).tag == f"{SVG}svg"


def test_the_style_loads_nothing() -> None:
    assert not re.search(r"https?:|@import|url\(", STYLE)
