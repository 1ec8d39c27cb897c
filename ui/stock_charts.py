"""The picture of the stock screen: how many days each product lasts."""

import altair as alt
import numpy as np
import pandas as pd

from language import _, n_
from language.calendar import day
from language.formats import quantity
from ui import charts
from ui.charts import Inks
from ui.names import name_of
from ui.stock_facts import StockFacts
from ui.stock_words import days_short, lasts_word

AXIS_HEIGHT = 44
LONGEST = 2.5
"""Bars end at so many times the most that is normal; the figure beside says how long it really is."""
NAME_WIDTH = 225
FIGURE_WIDTH = 150
STATES = {
    "negative": "wrong",
    "out": "wrong",
    "short": "low",
    "excess": "high",
    "dead": "high",
    "normal": "normal",
    "unknown": "normal",
}


def bars(colours: Inks) -> alt.TopLevelMixin:
    """Days of supply as bars, the normal band, and the next delivery as a dashed line."""
    rows, band, delivery = (charts.table(name) for name in ("rows", "band", "delivery"))
    axis = alt.Axis(orient="top", title=None, grid=False, tickCount=6)
    scale = alt.Scale(zero=True, nice=False)
    y = alt.Y("place:O", axis=None, scale=alt.Scale(paddingInner=0.35, paddingOuter=0.2))
    products = alt.Chart(rows)
    told = [alt.Tooltip(f"{name}:N", title=title) for name, title in _tooltips().items()]
    normal = alt.Chart(band).mark_rect(color=colours.high, opacity=charts.BAND_OPACITY)
    line = alt.Chart(delivery).mark_rule(color=colours.quiet, strokeDash=[5, 4], strokeWidth=1.5)
    inks = alt.Scale(
        domain=list(charts.STATES), range=[colours.wrong, colours.low, colours.high, colours.bar]
    )
    bar = products.mark_bar(cornerRadiusEnd=2).encode(
        x=alt.X("shown:Q", axis=axis, scale=scale),
        y=y,
        color=alt.Color("state:N", scale=inks, legend=None),
        tooltip=told,
    )
    left, right = alt.value(0), alt.value("width")
    names = charts.words(products, colours, align="right", dx=-10, limit=NAME_WIDTH)
    figures = charts.words(products, colours, align="right", dx=FIGURE_WIDTH)
    return alt.layer(
        normal.encode(x=alt.X("low:Q", axis=axis, scale=scale), x2="high:Q"),
        bar,
        line.encode(x=alt.X("days:Q", axis=axis, scale=scale)),
        names.encode(x=left, y=y, text="name:N", tooltip=told),
        figures.encode(x=right, y=y, text="figure:N", tooltip=told),
    )


def _tooltips() -> dict[str, str]:
    return {
        "name": _("Product"),
        "stock": _("Stock"),
        "week": _("Sold a week"),
        "figure": _("Days of supply"),
    }


def draw_bars(facts: StockFacts, rows: pd.DataFrame) -> None:
    """Draws some of the products, in their order.

    Args:
        facts: What the screen knows.
        rows: The rows of `facts.judged` to be drawn.
    """
    longest = facts.max_days * LONGEST
    packs = list(zip(rows["pack_size"], rows["unit"], strict=True))
    shown = pd.DataFrame(
        {
            "place": range(len(rows)),
            "shown": rows["days_of_supply"].clip(0, longest).to_numpy(),
            "state": rows["status"].map(STATES).to_numpy(),
            "name": [name_of(*pair) for pair in zip(rows["name"], rows["name_en"], strict=True)],
            "figure": [
                " · ".join(filter(None, (days_short(days), lasts_word(status))))
                for days, status in zip(rows["days_of_supply"], rows["status"], strict=True)
            ],
            "stock": [
                quantity(pieces, pack, piece=unit)
                for pieces, (pack, unit) in zip(rows["on_hand"], packs, strict=True)
            ],
            "week": [
                quantity(pieces, pack, piece=unit)
                for pieces, (pack, unit) in zip(rows["rate"] * 7, packs, strict=True)
            ],
        }
    )
    until = [] if facts.delivery is None else [(facts.delivery.on - facts.on).days]
    picture = charts.picture(
        {
            "rows": shown.replace({np.nan: None}),
            "band": pd.DataFrame({"low": [facts.min_days], "high": [facts.max_days]}),
            "delivery": pd.DataFrame({"days": until}, dtype="float64"),
        },
        alt_text=n_(
            "How many days the stock of {count} product lasts",
            "How many days the stock of {count} products lasts",
            len(rows),
        ).format(count=len(rows)),
        height=AXIS_HEIGHT + charts.ROW * max(len(rows), 1),
    )
    charts.draw(bars, picture, key="stock_bars")


def legend(facts: StockFacts) -> str:
    """What the marks of the picture mean, in words."""
    text = _("pace of 8 weeks, days in stock; band: normal {low}–{high}").format(
        low=facts.min_days, high=facts.max_days
    )
    if facts.delivery is None:
        return text
    when = day(facts.delivery.on, facts.on)
    if facts.delivery.is_ordered:
        return text + _("; dashed: delivery {date}").format(date=when)
    return text + _("; dashed: delivery {date} if ordered today").format(date=when)
