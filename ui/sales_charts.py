"""The pictures of the sales mix: what sells much and earns much, why sales changed, and plain shares."""

from functools import lru_cache
from itertools import pairwise
from typing import Literal

import altair as alt
import numpy as np
import pandas as pd

from language import _, n_
from language.formats import amount, currency_symbol, listed, number, percent, units
from ui import charts
from ui.charts import Build, Inks
from ui.names import name_of
from ui.sales_facts import EFFECTS, SalesFacts
from ui.sales_labels import LEAST_AREA, MOST_AREA, place_labels
from ui.sales_words import role_word

ROLES = ("star", "plowhorse", "puzzle", "dog")
SHAPES = ("circle", "square", "diamond", "triangle-down")
LEFT: Literal["left"] = "left"
RIGHT: Literal["right"] = "right"
QUADRANT_HEIGHT = 380
BRIDGE_HEIGHT = 300
MOST_BARS = 20
"""Products in the bars of shares; the rest stands in the table."""
FLAT = 0.5
"""Where all steps together reach less than this part of the highest level, the axis starts above 0."""
NAME_WIDTH = 220


@lru_cache
def quadrant(sign: str) -> Build:
    """Margin a case over cases sold, sized by revenue; the four corners say what stands there.

    Args:
        sign: The currency's sign, for the axis.
    """

    def build(colours: Inks) -> alt.TopLevelMixin:
        products, frame, lines, labels = map(charts.table, ("products", "frame", "lines", "labels"))
        roles = list(ROLES)
        inks = [colours.series[0], colours.series[2], colours.series[1], colours.series[3]]
        flat = alt.Scale(zero=False, nice=False)
        x = alt.X("cases:Q", title=_("Quantity (cases)"), scale=flat, axis=alt.Axis(grid=False, tickCount=6))
        y = alt.Y(
            "margin:Q",
            title=_("Margin ({unit}/case)").format(unit=sign),
            scale=flat,
            axis=alt.Axis(grid=False, tickCount=5),
        )
        told = [alt.Tooltip(f"{name}:N", title=title) for name, title in _tooltips().items()]
        line = alt.Chart(lines)
        points = alt.Chart(products).mark_point(filled=True, opacity=0.9)
        return alt.layer(
            alt.Chart(frame).mark_point(opacity=0).encode(x=x, y=y),
            line.mark_rule(color=colours.peer, strokeDash=[4, 4]).encode(x=alt.X("cases:Q", scale=flat)),
            line.mark_rule(color=colours.peer, strokeDash=[4, 4]).encode(y=alt.Y("margin:Q", scale=flat)),
            points.encode(
                x=x,
                y=y,
                size=alt.Size(
                    "revenue:Q", scale=alt.Scale(range=[LEAST_AREA, MOST_AREA], zero=True), legend=None
                ),
                color=alt.Color("role:N", scale=alt.Scale(domain=roles, range=inks), legend=None),
                shape=alt.Shape("role:N", scale=alt.Scale(domain=roles, range=list(SHAPES)), legend=None),
                order=alt.Order("revenue:Q", sort="descending"),
                tooltip=told,
            ),
            *(
                charts.words(
                    alt.Chart(labels).transform_filter(f"datum.side == '{side}'"), colours, align=side
                ).encode(x=alt.X("cases:Q", scale=flat), y=alt.Y("margin:Q", scale=flat), text="name:N")
                for side in (LEFT, RIGHT)
            ),
            *_corners(colours),
        )

    return build


def _corners(colours: Inks) -> list[alt.Chart]:
    """The words in the corners, which are the legend."""
    return [
        charts.words(
            alt.Chart(charts.table("lines")), colours, align=side, fontWeight=600, dx=inward, dy=dy
        ).encode(x=alt.value(across), y=alt.value(down), text=alt.value(role_word(role)))
        for role, side, across, inward, down, dy in (
            ("puzzle", LEFT, 0, 6, 0, 10),
            ("star", RIGHT, "width", 0, 0, 10),
            ("dog", LEFT, 0, 6, "height", -10),
            ("plowhorse", RIGHT, "width", 0, "height", -10),
        )
    ]


def _tooltips() -> dict[str, str]:
    return {
        "name": _("Product"),
        "role_word": _("Role"),
        "quantity": _("Quantity"),
        "money": _("Revenue"),
        "part": _("Share of ours"),
        "earned": _("Margin a case"),
    }


def draw_quadrant(facts: SalesFacts, currency: str) -> None:
    """Draws the quadrant chart of the products whose margin is known."""
    shown = facts.once(_quadrant_picture, currency)
    charts.draw(quadrant(currency_symbol(currency)), shown, key="sales_quadrant")


def _quadrant_picture(facts: SalesFacts, currency: str) -> charts.Picture:
    own = facts.own[facts.own["role"].isin(ROLES)]
    cases, margin = own["quantity"].to_numpy(), own["unit_margin"].to_numpy()
    line_cases, line_margin = facts.lines
    rows = pd.DataFrame(
        {
            "cases": cases,
            "margin": margin,
            "revenue": own["revenue"].to_numpy(),
            "role": own["role"].to_numpy(),
            "name": [name_of(*pair) for pair in zip(own["name"], own["name_en"], strict=True)],
            "role_word": [role_word(role) for role in own["role"]],
            "quantity": [units(value, "case") for value in cases],
            "money": [amount(value, currency) for value in own["revenue"]],
            "part": [percent(value) for value in own["share"]],
            "earned": [amount(value, currency, 2) for value in margin],
        }
    )
    rows["change"] = own["change"].to_numpy()
    right = max(cases.max(), line_cases) * 1.06
    low, high = min(margin.min(), line_margin), max(margin.max(), line_margin)
    room = (high - low or abs(high) or 1) * 0.16
    frame = pd.DataFrame({"cases": [0.0, right], "margin": [low - room, high + room]})
    return charts.picture(
        {
            "products": rows,
            "frame": frame,
            "lines": pd.DataFrame({"cases": [line_cases], "margin": [line_margin]}),
            "labels": place_labels(rows, frame),
        },
        alt_text=n_(
            "{count} product by quantity and margin", "{count} products by quantity and margin", len(rows)
        ).format(count=len(rows)),
        height=QUADRANT_HEIGHT,
    )


def waterfall(colours: Inks) -> alt.TopLevelMixin:
    """The earlier revenue, what moved it, and the later one; every bar with its signed figure."""
    steps = alt.Chart(charts.table("steps"))
    flat = alt.Scale(zero=False, nice=False)
    x = alt.X("place:O", axis=None, scale=alt.Scale(paddingInner=0.4, paddingOuter=0.2))
    low, high = (alt.Y(f"{end}:Q", scale=flat, axis=None) for end in ("low", "high"))
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=["total", "rise", "fall"], range=[colours.total, colours.rise, colours.fall]),
        legend=None,
    )
    told = [alt.Tooltip("name:N", title=_("Step")), alt.Tooltip("told:N", title=_("Amount"))]
    joins = alt.Chart(charts.table("joins")).mark_rule(color=colours.peer, strokeDash=[2, 2])
    return alt.layer(
        alt.Chart(charts.table("frame"))
        .mark_point(opacity=0)
        .encode(y=alt.Y("level:Q", scale=flat, axis=None)),
        joins.encode(x=x, x2="next:O", y=alt.Y("level:Q", scale=flat, axis=None)),
        steps.mark_bar(cornerRadius=2).encode(x=x, y=low, y2="high:Q", color=colour, tooltip=told),
        charts.words(steps, colours, align="center", dy=-11, fontWeight=600).encode(
            x=x, y=high, text="figure:N", tooltip=told
        ),
        charts.words(steps, colours, align="center", dy=14).encode(
            x=x, y=alt.value("height"), text="name:N", tooltip=told
        ),
    )


def axis_start(facts: SalesFacts) -> float:
    """Where the bridge's axis starts, currency units: at 0 unless its steps would be too small to see."""
    levels = _levels(facts)
    low, most = min(levels), max(levels)
    if low <= 0 or most - low >= FLAT * most:
        return 0.0
    unit = 10.0 ** np.floor(np.log10(max(most - low, 1.0)))
    return float(max(np.floor((low - (most - low) * 0.6) / unit) * unit, 0.0))


def _levels(facts: SalesFacts) -> list[float]:
    return [facts.totals[0], *(facts.totals[0] + facts.effects.cumsum())]


def draw_bridge(facts: SalesFacts, names: tuple[str, str], currency: str) -> None:
    """Draws the waterfall.

    Args:
        facts: With a comparison.
        names: What the earlier and the later total are called.
        currency: Code of the currency.
    """
    charts.draw(waterfall, facts.once(_bridge_picture, names, currency), key="sales_bridge")


def _bridge_picture(facts: SalesFacts, names: tuple[str, str], currency: str) -> charts.Picture:
    levels, start = _levels(facts), axis_start(facts)
    effects = facts.effects.to_list()
    ends = [(start, levels[0]), *pairwise(levels), (start, levels[-1])]
    kinds = ["total", *("rise" if effect >= 0 else "fall" for effect in effects), "total"]
    figures = [levels[0], *effects, levels[-1]]
    steps = pd.DataFrame(
        {
            "place": range(len(ends)),
            "name": [names[0], *(effect_words()[name] for name in EFFECTS), names[1]],
            "low": [min(pair) for pair in ends],
            "high": [max(pair) for pair in ends],
            "kind": kinds,
            "figure": [number(f, sign=kind != "total") for f, kind in zip(figures, kinds, strict=True)],
            "told": [
                amount(f, currency, sign=kind != "total") for f, kind in zip(figures, kinds, strict=True)
            ],
        }
    )
    joins = pd.DataFrame({"place": range(len(levels)), "next": range(1, len(levels) + 1), "level": levels})
    room = (max(levels) - min(start, *levels)) * 0.08
    frame = pd.DataFrame({"level": [min(start, *levels), max(levels) + room]})
    return charts.picture(
        {"steps": steps, "joins": joins, "frame": frame},
        alt_text=_("From {before} to {after}: {steps}").format(
            before=amount(levels[0], currency),
            after=amount(levels[-1], currency),
            steps=listed(
                [
                    f"{name} {figure}"
                    for name, figure in zip(steps["name"][1:-1], steps["figure"][1:-1], strict=True)
                ]
            ),
        ),
        height=BRIDGE_HEIGHT,
    )


def effect_words() -> dict[str, str]:
    """The steps of the bridge by the name of their effect."""
    return {
        "price": _("Price"),
        "volume": _("Volume"),
        "mix": _("Mix"),
        "new": _("New products"),
        "discontinued": _("Gone"),
    }


def share_bars(colours: Inks) -> alt.TopLevelMixin:
    """Each product's share as a bar, the largest first."""
    products = alt.Chart(charts.table("products"))
    y = alt.Y("place:O", axis=None)
    told = [alt.Tooltip("name:N", title=_("Product")), alt.Tooltip("figure:N", title=_("Share of ours"))]
    x = alt.X("share:Q", axis=None)
    return alt.layer(
        products.mark_bar(color=colours.bar, cornerRadius=2, height=14).encode(x=x, y=y, tooltip=told),
        charts.words(products, colours, align="right", dx=-10, limit=NAME_WIDTH).encode(
            x=alt.value(0), y=y, text="name:N"
        ),
        charts.words(products, colours, dx=6).encode(x=x, y=y, text="figure:N"),
    )


def draw_shares(facts: SalesFacts) -> None:
    """Draws the shares of our products: of the revenue, or of the cases where that is not told."""
    charts.draw(share_bars, facts.once(_shares_picture), key="sales_shares")


def _shares_picture(facts: SalesFacts) -> charts.Picture:
    own = facts.own
    value = own["revenue"] if own["revenue"].notna().any() else own["quantity"]
    share = (value / value.sum()).dropna().sort_values(ascending=False).head(MOST_BARS)
    names = own.loc[share.index]
    rows = pd.DataFrame(
        {
            "place": range(len(share)),
            "share": share.to_numpy(),
            "name": [name_of(*pair) for pair in zip(names["name"], names["name_en"], strict=True)],
            "figure": [percent(part) for part in share],
        }
    )
    return charts.picture(
        {"products": rows},
        alt_text=n_("The share of {count} product", "The shares of {count} products", len(rows)).format(
            count=len(rows)
        ),
        height=max(charts.ROW * len(rows), charts.ROW),
    )
