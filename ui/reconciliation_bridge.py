"""The way from our balance to theirs, a bar a reason."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd
import streamlit as st

from data.company import CompanySettings
from language import _
from language.formats import currency_symbol, listed, money, number
from ui import charts
from ui.charts import Inks
from ui.markup import small
from ui.reconciliation_facts import Accounts, Difference
from ui.reconciliation_words import kind_word, reason_word

MOST_BARS = 6
"""Bars between the two balances; what is smaller goes into one."""
HEIGHT = 250
HEADROOM = 0.12
NAME_LETTERS = 12
"""Letters of a bar's name in a line: what fits under a bar on a tablet held upright."""
LEAST_SHARE = 0.5
"""The axis starts above zero only where every bar stays above this share of the highest."""


@dataclass(frozen=True)
class Step:
    """A bar between the balances: what it is called and by how much it moves, in minor units."""

    name: str
    minor: int


def steps(differences: Sequence[Difference]) -> list[Step]:
    """The differences by reason where one is set, else by kind, the largest first; they sum to the whole.

    Args:
        differences: All differences, the explained and the closed ones too.

    Returns:
        At most `MOST_BARS` steps from our balance to theirs: a difference of +5 is a step of −5.
    """
    sums: dict[tuple[str, str], int] = {}
    for each in differences:
        sums[each.group] = sums.get(each.group, 0) - each.amount_minor
    ordered = sorted(sums.items(), key=lambda item: (-abs(item[1]), item[0]))
    named = [
        Step(reason_word(code) if what == "reason" else kind_word(code), minor)
        for (what, code), minor in ordered
    ]
    if len(named) <= MOST_BARS:
        return named
    rest = sum(step.minor for step in named[MOST_BARS - 1 :])
    return [*named[: MOST_BARS - 1], Step(_("the rest"), rest)]


def draw_bridge(accounts: Accounts, company: CompanySettings) -> None:
    """Draws the way from our balance to theirs, where they differ."""
    if accounts.our_balance is None or not accounts.differences:
        return
    heading, shown = accounts.once(_way, accounts.our_balance, company)
    st.markdown(heading)
    charts.draw(waterfall, shown, key="bridge")


def _way(accounts: Accounts, our_balance: int, company: CompanySettings) -> tuple[str, charts.Picture]:
    """The heading with the unit, and the bars."""
    moves = steps(accounts.differences)
    places = [our_balance]
    for move in moves:
        places.append(places[-1] + move.minor)
    unit, unit_word = _unit(places, company)
    start = axis_start([place / unit for place in places])
    beside = unit_word
    if start > 0:
        beside = _("{unit}; axis starts at {start}").format(unit=unit_word, start=number(start))
    rows = _bars(accounts, moves, places, unit, start)
    told = listed([f"{move.name} {money(move.minor, company.currency, sign=True)}" for move in moves])
    shown = charts.picture(
        {"bars": rows, "lines": _lines(rows)},
        alt_text=_("From our balance {ours} to theirs {theirs}: {steps}.").format(
            ours=money(our_balance, company.currency),
            theirs=money(accounts.their_balance, company.currency),
            steps=told,
        ),
        height=HEIGHT,
    )
    return f"**{_('From our balance to theirs')}** &ensp; {small(beside)}", shown


def axis_start(places: Sequence[float]) -> float:
    """Where the axis begins: at zero, or near the lowest place where all are high above it.

    Example:
        >>> axis_start([68.1, 63.8]), axis_start([68.1, 20.0]), axis_start([5.0, -3.0])
        (61.0, 0.0, 0.0)
    """
    low, high = min(places), max(places)
    if low <= LEAST_SHARE * high:
        return 0.0
    spread = high - low or high
    step: float = 10.0 ** math.floor(math.log10(spread))
    return max(0.0, math.floor((low - spread / 2) / step) * step)


def _unit(places: Sequence[int], company: CompanySettings) -> tuple[int, str]:
    minor: int = 10**company.minor_exponent
    sign = currency_symbol(company.currency).strip()
    if max(map(abs, places)) >= 10_000 * minor:
        return 1000 * minor, _("thousand {currency}").format(currency=sign)
    return minor, sign


def _bars(
    accounts: Accounts, moves: Sequence[Step], places: Sequence[int], unit: int, start: float
) -> pd.DataFrame:
    first, last = places[0] / unit, places[-1] / unit
    rows = [(_("Ours"), start, first, first, number(first, 1), "total")]
    for move, before, after in zip(moves, places, places[1:], strict=False):
        low, high = sorted((before / unit, after / unit))
        sort = "rise" if move.minor > 0 else "fall"
        rows.append((move.name, low, high, after / unit, number(move.minor / unit, 1, sign=True), sort))
    rows.append((_("Theirs"), start, last, last, number(last, 1), "total"))
    table = pd.DataFrame(rows, columns=["name", "low", "high", "end", "label", "sort"])
    table["told"] = table["name"]
    table["name"] = [_in_lines(name) for name in table["name"]]
    table["top"] = table[["low", "high"]].max(axis=1)
    # Room above the highest bar for its figure; the bars themselves stand on the axis.
    table["room"] = table["top"].max() + HEADROOM * (table["top"].max() - table["low"].min())
    return table.assign(place=range(len(table)))


def _in_lines(name: str) -> str:
    r"""A bar's name in lines as wide as a bar; a longer word stays whole.

    Example:
        >>> _in_lines("not in theirs"), _in_lines("Other distributor's")
        ('not in\ntheirs', "Other\ndistributor's")
    """
    return "\n".join(textwrap.wrap(name, NAME_LETTERS, break_long_words=False, break_on_hyphens=False))


def _lines(bars: pd.DataFrame) -> pd.DataFrame:
    names = bars["name"].tolist()
    return pd.DataFrame({"name": names[:-1], "next": names[1:], "end": bars["end"].tolist()[:-1]})


def waterfall(colours: Inks) -> alt.TopLevelMixin:
    """Bars from balance to balance, joined by thin lines; the signed figure above each."""
    bars, lines = charts.table("bars"), charts.table("lines")
    axis = alt.Axis(title=None, labelAngle=0, labelExpr=r"split(datum.label, '\n')", labelAlign="center")
    x = alt.X("name:N", sort=alt.SortField("place"), axis=axis, scale=alt.Scale(paddingInner=0.45))
    scale = alt.Scale(zero=False, nice=False)
    kinds = alt.Scale(domain=["total", "rise", "fall"], range=[colours.total, colours.rise, colours.fall])
    chart = alt.Chart(bars)
    told = [alt.Tooltip("told:N", title=_("Reason")), alt.Tooltip("label:N", title=_("Amount"))]
    return alt.layer(
        alt.Chart(lines)
        .mark_rule(color=colours.quiet, strokeDash=[2, 3])
        .encode(
            x=alt.X("name:N", sort=None, axis=axis), x2="next:N", y=alt.Y("end:Q", axis=None, scale=scale)
        ),
        chart.mark_bar(cornerRadius=2).encode(
            x=x,
            y=alt.Y("low:Q", axis=None, scale=scale),
            y2="high:Q",
            color=alt.Color("sort:N", scale=kinds, legend=None),
            tooltip=told,
        ),
        chart.mark_point(opacity=0).encode(x=x, y=alt.Y("room:Q", axis=None, scale=scale)),
        charts.words(chart, colours, align="center", dy=-12, fontWeight=600).encode(
            x=x, y=alt.Y("top:Q", axis=None, scale=scale), text="label:N"
        ),
    )
