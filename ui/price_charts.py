"""The two pictures of the price screen: every product against its market, and one product over time."""

import altair as alt
import pandas as pd

from core.price_comparison import price_index
from language import _, n_
from language.formats import is_missing, percent, price
from ui import charts
from ui.charts import Inks
from ui.names import name_of
from ui.price_facts import MIN_PEERS, PriceFacts, pieces_of
from ui.price_words import moved_words

AXIS_HEIGHT = 44
WIDEST = 0.3
"""A deviation beyond this stands at the edge; its figure beside it says how far it really is."""
LEAST = 0.05
"""The axis reaches at least so far, so that a calm market looks calm."""
NAME_WIDTH = 225
FIGURE_WIDTH = 128
TREND_WIDTH = 52
"""Beside the figures: how the price moved since the last one seen here."""


def strip(colours: Inks) -> alt.TopLevelMixin:
    """Each product's deviation from the market's median: others as ticks, this distributor as a shape."""
    own, peers, band = (charts.table(name) for name in ("own", "peers", "band"))
    axis = alt.Axis(
        orient="top",
        title=None,
        grid=False,
        tickCount=alt.ExprRef("max(2, floor(width / 80))"),
        labelExpr=charts.SIGNED_PERCENT,
        labelOverlap="greedy",
        labelSeparation=8,
    )
    x = alt.X(
        "deviation:Q",
        axis=axis,
        scale=alt.Scale(domain=alt.DomainUnionWith(unionWith=[-LEAST, LEAST]), padding=12),
    )
    y = alt.Y("place:O", axis=None)
    products = alt.Chart(own)
    near = alt.Chart(band).mark_rect(color=colours.high, opacity=charts.BAND_OPACITY)
    zero = alt.Chart(band).mark_rule(color=colours.peer)
    told = [alt.Tooltip(f"{name}:N", title=title) for name, title in _tooltips().items()]
    left, right = alt.value(0), alt.value("width")
    names = charts.words(products, colours, align="right", dx=-10, limit=NAME_WIDTH)
    figures = charts.words(products, colours, align="right", dx=FIGURE_WIDTH)
    trends = charts.words(products, colours, align="right", dx=FIGURE_WIDTH + TREND_WIDTH)
    return alt.layer(
        near.encode(x=alt.X("low:Q", axis=axis), x2="high:Q"),
        zero.encode(x=alt.X("zero:Q", axis=axis)),
        alt.Chart(peers).mark_tick(color=colours.peer, thickness=2, size=16, opacity=0.65).encode(x=x, y=y),
        products.mark_point(filled=True, opacity=1, size=150).encode(
            x=x, y=y, color=charts.state_colour(colours), shape=charts.state_shape(), tooltip=told
        ),
        names.encode(x=left, y=y, text="name:N", tooltip=told),
        figures.encode(x=right, y=y, text="figure:N", tooltip=told),
        trends.encode(x=right, y=y, text="moved:N", tooltip=told),
    )


def _tooltips() -> dict[str, str]:
    return {
        "name": _("Product"),
        "price": _("Price here"),
        "previous": _("Last price here"),
        "seen": _("Source"),
        "median": _("Market median"),
        "range": _("Lowest to highest"),
        "others": _("Other distributors"),
    }


def trend(colours: Inks) -> alt.TopLevelMixin:
    """The prices of one product over time, within the corridor of the price policy."""
    prices, band = charts.table("prices"), charts.table("band")
    x = alt.X("on:T", title=None, axis=alt.Axis(format="%Y-%m", tickCount=5, grid=False))
    y = alt.Y("price:Q", title=None, scale=alt.Scale(zero=False, padding=12))
    colour = alt.Color(
        "kind:N",
        sort=None,
        scale=alt.Scale(range=list(colours.series[:2])),
        legend=alt.Legend(orient="top", title=None),
    )
    told = [
        alt.Tooltip("kind:N", title=_("Price")),
        alt.Tooltip("figure:N", title=_("Amount")),
        alt.Tooltip("seen:N", title=_("Source")),
    ]
    corridor = alt.Chart(band).mark_rect(color=colours.high, opacity=charts.BAND_OPACITY)
    line = alt.Chart(prices).mark_line(
        interpolate="step-after", point=alt.OverlayMarkDef(size=60, filled=True)
    )
    return alt.layer(
        corridor.encode(y=alt.Y("low:Q", title=None), y2="high:Q"),
        line.encode(x=x, y=y, color=colour, shape=alt.Shape("kind:N", sort=None, legend=None), tooltip=told),
    )


def draw_strip(facts: PriceFacts, rows: pd.DataFrame, threshold: float, unit: str) -> None:
    """Draws the strip plot for some of the own products, in their order.

    Args:
        facts: What the screen knows.
        rows: The rows of `facts.own` to be drawn, with `seen` and `previous` (source and date, and the price before
            with its date, in words).
        threshold: The deviation that is still normal, a fraction.
        unit: Code of the unit in which prices are shown.
    """
    shown = pd.DataFrame(
        {
            "place": range(len(rows)),
            "deviation": rows["deviation"].clip(-WIDEST, WIDEST).to_numpy(),
            "state": rows["mark"].to_numpy(),
            "name": [name_of(*pair) for pair in zip(rows["name"], rows["name_en"], strict=True)],
            "seen": rows["seen"].to_numpy(),
            "previous": rows["previous"].to_numpy(),
        }
    )
    pieces = pieces_of(rows, unit)
    shown["moved"] = [moved_words(change) for change in rows["change"] * pieces]
    money = {name: [price(v) for v in rows[name] * pieces] for name in ("price", "median", "low", "high")}
    shown["price"], shown["median"] = money["price"], money["median"]
    shown["range"] = [f"{low} – {high}" for low, high in zip(money["low"], money["high"], strict=True)]
    shown["others"] = [0 if is_missing(count) else int(count) for count in rows["peers"]]
    shown["figure"] = [
        f"{amount} {_deviation(deviation, peers)}"
        for amount, deviation, peers in zip(money["price"], rows["deviation"], rows["peers"], strict=True)
    ]
    few = rows["peers"].isna() | (rows["peers"] < MIN_PEERS)
    shown.loc[few.to_numpy(), "deviation"] = float("nan")
    places = pd.Series(range(len(rows)), index=rows.index)
    compared = rows.index[~few]
    peers = facts.peers[facts.peers["product_id"].isin(compared)]
    medians = peers["product_id"].map(rows["median"])
    ticks = pd.DataFrame(
        {
            "place": peers["product_id"].map(places),
            "deviation": (price_index(peers["price"], medians) / 100 - 1).clip(-WIDEST, WIDEST),
        }
    ).dropna()
    band = pd.DataFrame({"low": [-threshold], "high": [threshold], "zero": [0.0]})
    picture = charts.picture(
        {"own": shown, "peers": ticks, "band": band},
        alt_text=n_(
            "The price of {count} product against the market's median",
            "The prices of {count} products against the market's medians",
            len(rows),
        ).format(count=len(rows)),
        height=AXIS_HEIGHT + charts.ROW * max(len(rows), 1),
    )
    charts.draw(strip, picture, key="price_strip")


def _deviation(deviation: float, peers: float) -> str:
    if is_missing(peers):
        return _("too old")
    if peers < MIN_PEERS:
        return _("too few ({count})").format(count=int(peers))
    return percent(deviation, sign=True) if round(deviation, 3) else ""
