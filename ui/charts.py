"""What the charts share: inks for light and dark, the shape of each state, and specs that are built once.

A chart is a function of a module that takes `Inks` and returns an Altair chart over named tables (`table`).
Building one costs far more than drawing it, so `draw` keeps the spec a theme and language, and only the rows
travel with each run: a `Picture`, which facts that are remembered keep too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, cast

import altair as alt
import pandas as pd
import pyarrow as pa
import streamlit as st

import language
from language.formats import MINUS


@dataclass(frozen=True)
class Inks:
    """The colours of one theme: words, lines, the four states, parts of a whole, and the steps of a waterfall.

    `series` are the four hues that stay apart for colour-blind eyes; no chart uses more.
    """

    text: str
    quiet: str
    line: str
    ground: str
    wrong: str
    low: str
    high: str
    normal: str
    bar: str
    peer: str
    rise: str
    fall: str
    total: str
    series: tuple[str, str, str, str]


LIGHT = Inks(
    text="#10202F",
    quiet="#52606D",
    line="#C3CCD6",
    ground="#FFFFFF",
    wrong="#B3261E",
    low="#C4680A",
    high="#0B5CAD",
    normal="#6B7A89",
    bar="#9FB0BF",
    peer="#7C8996",
    rise="#0B5CAD",
    fall="#D9730D",
    total="#5B6B7A",
    series=("#0B5CAD", "#E08A1E", "#5DA9E0", "#8A97A5"),
)
DARK = Inks(
    text="#EEF3F8",
    quiet="#B7C3CE",
    line="#3C4A58",
    ground="#0F1720",
    wrong="#FF8A80",
    low="#FFB066",
    high="#7DB7F0",
    normal="#A7B4C0",
    bar="#6B7A89",
    peer="#7C8996",
    rise="#6FB1F0",
    fall="#F2A54B",
    total="#A7B4C0",
    series=("#6FB1F0", "#F2A54B", "#2F7FD1", "#B7C3CE"),
)

STATES = ("wrong", "low", "high", "normal")
"""The states that a chart tells apart, worst first; each has a colour and a shape of its own."""
SHAPES = ("diamond", "triangle-down", "triangle-up", "circle")

TEXT_SIZE = 15
"""Pixels of every word in a chart: what can be read in a hand at arm's length."""
ROW = 24
"""Pixels of a row where a chart has one a product."""
BAND_OPACITY = 0.12

SIGNED_PERCENT = (
    f"datum.value == 0 ? '0' : (datum.value > 0 ? '+' : '{MINUS}') + format(abs(datum.value), '.0%')"
)
"""Labels of an axis of deviations: a real minus, a plus, and a bare zero."""

Build = Callable[[Inks], alt.TopLevelMixin]


def inks() -> Inks:
    """The colours of the theme on this screen; light where the browser has not told yet."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def table(name: str) -> alt.NamedData:
    """A table by its name; `draw` is given its rows under that name."""
    return alt.NamedData(name)


def state_colour(colours: Inks, column: str = "state") -> alt.Color:
    """The colour of each row's state, without a legend: words and shapes say it too."""
    range_ = [colours.wrong, colours.low, colours.high, colours.normal]
    return alt.Color(f"{column}:N", scale=alt.Scale(domain=list(STATES), range=range_), legend=None)


def state_shape(column: str = "state") -> alt.Shape:
    """The shape of each row's state."""
    return alt.Shape(f"{column}:N", scale=alt.Scale(domain=list(STATES), range=list(SHAPES)), legend=None)


def words(
    chart: alt.Chart, colours: Inks, *, align: Literal["left", "center", "right"] = "left", **mark: Any
) -> alt.Chart:
    """Text marks in the ink of the theme: left alone, Vega paints them black in the dark."""
    ink = {"color": colours.text, **mark}
    drawn: alt.Chart = chart.mark_text(align=align, baseline="middle", fontSize=TEXT_SIZE, **ink)
    return drawn


@dataclass(frozen=True, eq=False)
class Picture:
    """What a chart shows, as the browser takes it; a page may keep it for its next drawing."""

    tables: Mapping[str, pa.Table]
    alt_text: str
    height: int


def picture(tables: Mapping[str, pd.DataFrame], *, alt_text: str, height: int) -> Picture:
    """What a chart shows.

    Args:
        tables: The rows by the names that the chart uses in `table`.
        alt_text: What a screen reader says instead of the picture, in a sentence.
        height: Pixels of the whole picture.
    """
    written = {name: pa.Table.from_pandas(rows, preserve_index=False) for name, rows in tables.items()}
    return Picture(written, alt_text, height)


def draw(build: Build, shown: Picture, *, key: str) -> None:
    """Draws a chart.

    Args:
        build: A function of a module; it is called once a theme and language.
        shown: Its rows, its height, and what it says in words.
        key: The element's key on the page.
    """
    spec = dict(_spec(build, inks(), language.current()))
    spec["height"] = shown.height
    spec["datasets"] = dict(shown.tables)
    st.vega_lite_chart(spec=cast(Any, spec), theme=None, width="stretch", key=key, alt=shown.alt_text)


@lru_cache(maxsize=64)
def _spec(build: Build, colours: Inks, spoken: str) -> dict[str, Any]:
    with language.speaking(spoken):
        spec: dict[str, Any] = build(colours).to_dict()
    spec["config"] = _config(colours)
    spec["background"] = "transparent"
    spec["autosize"] = {"type": "fit", "contains": "padding"}
    return spec


def _config(colours: Inks) -> dict[str, Any]:
    return {
        "font": st.get_option("theme.font"),
        "view": {"stroke": None},
        "axis": {
            "labelColor": colours.text,
            "labelFontSize": TEXT_SIZE,
            "titleColor": colours.quiet,
            "titleFontSize": TEXT_SIZE,
            "titleFontWeight": "normal",
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "gridColor": colours.line,
            "gridOpacity": 0.6,
        },
        "axisBand": {"grid": False, "labelAlign": "center"},
        "text": {"color": colours.text, "fontSize": TEXT_SIZE},
        "legend": {
            "labelColor": colours.text,
            "labelFontSize": TEXT_SIZE,
            "titleColor": colours.quiet,
            "titleFontSize": TEXT_SIZE,
        },
        "range": {"category": list(colours.series)},
    }
