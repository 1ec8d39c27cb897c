"""The waterfall of one order line: what each step changed on the way from the target to the quantity."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from language import _
from language.formats import days, is_missing, listed, number
from ui import charts
from ui.charts import Inks

ROW = 30
NAME_WIDTH = 150
FIGURE_WIDTH = 64


def waterfall(colours: Inks) -> alt.TopLevelMixin:
    """A row a step, top to bottom: a bar from where it begins to where it ends, its signed figure at the right."""
    steps = alt.Chart(charts.table("steps"))
    axis = alt.Axis(title=None, labelLimit=NAME_WIDTH, labelAlign="right")
    y = alt.Y("name:N", sort=None, axis=axis, scale=alt.Scale(paddingInner=0.35, paddingOuter=0.15))
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=["total", "rise", "fall"], range=[colours.total, colours.rise, colours.fall]),
        legend=None,
    )
    bars = steps.mark_bar(cornerRadius=2).encode(
        x=alt.X("low:Q", axis=None, scale=alt.Scale(nice=False)),
        x2="high:Q",
        y=y,
        color=colour,
    )
    figures = charts.words(steps, colours, align="right", fontWeight=600, dx=FIGURE_WIDTH).encode(
        x=alt.value("width"), y=y, text="figure:N"
    )
    return alt.layer(bars, figures)


def steps_of(line: Mapping[Any, Any]) -> pd.DataFrame:
    """The steps of a line in cases; steps that changed nothing are left out, the totals stay.

    Returns:
        `place, name, kind` (total, rise, fall)`, low, high, figure`, top to bottom.
    """
    pack = float(line["pack"])
    usable = line["on_hand"] - line["unusable"] + line["on_order"]
    rows = _target(line)
    rows += _moved(
        line["target"],
        [
            (_("Stock"), -line["on_hand"]),
            (_("Coming"), -line["on_order"]),
            (_("Passing their date"), line["unusable"]),
            (_("More than enough"), line["need"] - (line["target"] - usable)),
        ],
    )
    rows.append((_("Need"), "total", 0.0, line["need"]))
    rows += _moved(
        line["need"],
        [
            (_("Up to the minimum"), line["after_minimum"] - line["need"]),
            (_("Whole cases"), line["after_pack"] - line["after_minimum"]),
            (_("Capped"), line["after_cap"] - line["after_pack"]),
            (_("Discontinued"), line["quantity"] - line["after_cap"]),
        ],
    )
    rows.append((_("Suggested"), "total", 0.0, line["quantity"]))
    return pd.DataFrame(
        [
            {
                "place": place,
                "name": name,
                "kind": kind,
                "low": min(start, end) / pack,
                "high": max(start, end) / pack,
                "figure": _figure((end - start) / pack, sign=kind != "total"),
            }
            for place, (name, kind, start, end) in enumerate(rows)
        ]
    )


def _target(line: Mapping[Any, Any]) -> list[tuple[str, str, float, float]]:
    """What the target is made of where it follows the demand; else the target alone."""
    whole = [(_("Target"), "total", 0.0, line["target"])]
    if line["policy"] != "service_level" or is_missing(line["demand_mean"]):
        return whole
    reach = line["lead_time"] + line["review_period"]
    sold, promoted = line["demand_mean"] * reach, line["demand_mean"] * line["promo_uplift"] * reach
    parts = [
        (_("Sales in {days}").format(days=days(reach)), sold),
        (_("Promotion"), promoted),
        (_("Safety stock"), line["target"] - sold - promoted),
    ]
    return [*_moved(0.0, parts), *whole]


def _moved(level: float, moves: list[tuple[str, float]]) -> list[tuple[str, str, float, float]]:
    rows = []
    for name, change in moves:
        if is_missing(change) or abs(change) < 1e-6:
            continue
        rows.append((name, "rise" if change > 0 else "fall", level, level + change))
        level += change
    return rows


def _figure(cases: float, *, sign: bool) -> str:
    return number(cases, 0 if abs(cases - round(cases)) < 0.05 else 1, sign=sign)


def draw_line(line: Mapping[Any, Any], key: str) -> None:
    """Draws the waterfall of a line that has a suggestion."""
    steps = steps_of(line)
    told = [f"{name} {figure}" for name, figure in zip(steps["name"], steps["figure"], strict=True)]
    alt_text = _("In cases: {steps}").format(steps=listed(told))
    charts.draw(
        waterfall, charts.picture({"steps": steps}, alt_text=alt_text, height=ROW * len(steps)), key=key
    )
