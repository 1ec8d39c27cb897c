"""Charts: built once a theme and language, readable in the dark, apart for colour-blind eyes."""

import altair as alt
import pytest
from streamlit.testing.v1 import AppTest

import language
from language import _
from ui import charts

built: list[str] = []


def bars(colours: charts.Inks) -> alt.Chart:
    built.append(colours.text)
    mark = alt.Chart(charts.table("rows"))
    return charts.words(mark, colours).encode(
        x=alt.X("days:Q", title=_("Stock")), color=charts.state_colour(colours), shape=charts.state_shape()
    )


def test_a_chart_is_built_once_a_theme_and_language():
    built.clear()
    charts._spec.cache_clear()
    for spoken in ("zh", "en", "zh", "en"):
        for colours in (charts.LIGHT, charts.DARK):
            charts._spec(bars, colours, spoken)
    assert len(built) == 4


def test_a_chart_speaks_the_language_it_was_asked_for():
    with language.speaking("en"):
        titles = [
            charts._spec(bars, charts.LIGHT, spoken)["encoding"]["x"]["title"] for spoken in ("zh", "en")
        ]
    assert titles == ["库存", "Stock"]


@pytest.mark.parametrize("colours", [charts.LIGHT, charts.DARK])
def test_words_and_labels_stand_in_the_ink_of_the_theme(colours: charts.Inks):
    spec = charts._spec(bars, colours, "zh")
    assert spec["mark"]["color"] == spec["config"]["axis"]["labelColor"] == colours.text


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [charts.LIGHT, charts.DARK])
@pytest.mark.parametrize("name", ["wrong", "low", "high", "normal", "peer"])
def test_every_mark_has_a_contrast_of_three_to_its_ground(colours: charts.Inks, name: str):
    bright, dark = sorted([luminance(getattr(colours, name)), luminance(colours.ground)], reverse=True)
    assert (bright + 0.05) / (dark + 0.05) >= 3


def test_a_chart_carries_its_rows_beside_the_spec():
    def page() -> None:
        import pandas as pd

        from tests.ui.test_charts import bars
        from ui import charts

        rows = pd.DataFrame({"days": [3.0, 9.0], "state": ["low", "normal"]})
        shown = charts.picture({"rows": rows}, alt_text="Two products", height=80)
        charts.draw(bars, shown, key="bars")

    test = AppTest.from_function(page).run()
    assert not test.exception
    (chart,) = test.get("vega_lite_chart")
    assert [dataset.name for dataset in chart.proto.datasets] == ["rows"]
