"""The manager's three lists of his region: one sentence with the worst case, then plain rows."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from data.database import database
from data.engine import reading_anew
from data.region import region_credit, region_prices, region_stock
from language import _, current, mark, n_
from language.calendar import day, near_day
from language.formats import MISSING, amount, days, money, number, percent, quantity
from ui.current_user import CurrentUser
from ui.latest_changes import REMEMBERED_SECONDS, stamp_around
from ui.markup import plain, small
from ui.names import name_of

ROWS_SHOWN = 200
"""The most rows of a list on the screen: those that need attention stand on top."""

_PRICE_STATES = {
    "low": mark("▼ below"),
    "high": mark("▲ above"),
    "normal": mark("● usual spread"),
    "too_few": mark("too few to compare"),
    "unknown": mark("not known"),
}
_STOCK_STATES = {
    "negative": mark("◆ below zero: count again"),
    "out": mark("◆ out of stock"),
    "short": mark("▼ short"),
    "dead": mark("◆ does not sell"),
    "excess": mark("▲ too much"),
    "normal": mark("● normal"),
    "none": mark("none, not sold"),
    "unknown": mark("sales not known"),
}
_CREDIT_STATES = {
    "over": mark("◆ over the limit"),
    "tight": mark("▲ tight"),
    "no_limit": mark("no limit agreed"),
    "ok": mark("● within limit"),
}


_QUERIES = {"prices": region_prices, "stock": region_stock, "credit": region_credit}


def region_rows(user: CurrentUser, view: str) -> pd.DataFrame:
    """The rows of a list; what changes in the region is there within a minute.

    Args:
        user: Who asks.
        view: `prices`, `stock` or `credit`.
    """
    actor = user.actor
    return _rows(actor.user_id, view, actor.today, repr(user.company), stamp_around(actor), user)


@st.cache_data(ttl=REMEMBERED_SECONDS, max_entries=32, show_spinner=False)
def _rows(user_id: str, view: str, on: date, thresholds: str, stamp: str, _user: CurrentUser) -> pd.DataFrame:
    """Asked when something has changed: searching and sorting look at the same rows."""
    with reading_anew(database()) as session:
        return _QUERIES[view](session, _user.actor, _user.company)


def show_prices(table: pd.DataFrame, looked_for: str, user: CurrentUser) -> None:
    """Market prices: the latest of each product at each distributor, beside the market's median."""
    rows = _found(table, looked_for)
    deviating = rows[rows["status"].isin(["low", "high"])]
    count = len(deviating)
    sentence = n_(
        "{count} price deviates from its market", "{count} prices deviate from their markets", count
    )
    worst = ""
    if count:
        first = deviating.iloc[0]
        worst = _("the furthest: {product} at {distributor}, {share}").format(
            product=name_of(str(first["product"]), str(first["product_en"])),
            distributor=name_of(str(first["distributor"]), str(first["distributor_en"])),
            share=percent(first["deviation"], sign=True),
        )
    why = _("Threshold {threshold}; selling price a piece, at most {days} old.").format(
        threshold=percent(user.company.price_threshold, 0), days=days(user.company.market_price_days)
    )
    _say(sentence.format(count=number(count)), worst, why)
    currency = user.company.currency
    shown = pd.DataFrame(
        {
            _("Distributor"): _names(rows, "distributor"),
            _("Product"): _names(rows, "product"),
            _("State"): _words(rows, _PRICE_STATES),
            _("Deviation"): rows["deviation"],
            _("Price"): rows["price"],
            _("Median"): rows["median"],
            _("Age"): rows["age_days"],
            _("Market"): _names(rows, "market"),
        }
    )
    formats = {
        # One under the other, to the same decimal.
        _("Price"): lambda value: amount(value, currency, 2),
        _("Median"): lambda value: amount(value, currency, 2),
        _("Deviation"): lambda value: percent(value, sign=True),
        _("Age"): days,
    }
    _draw(shown, formats, (168, 196, 98, 84, 74, 94, 70, 125), "region_prices")


def show_stock(table: pd.DataFrame, looked_for: str, user: CurrentUser) -> None:
    """Stock: the last count of each product at each distributor, and how long it lasts."""
    rows = _found(table, looked_for)
    counts = rows["status"].value_counts()
    out, short = (int(counts.get(status, 0)) for status in ("out", "short"))
    excess = int(counts.get("excess", 0)) + int(counts.get("dead", 0))
    head = n_("{count} product is out of stock", "{count} products are out of stock", out)
    rest = _("{short} short, {excess} too much or not selling").format(
        short=number(short), excess=number(excess)
    )
    why = _("Short below {short}, too much above {excess}, at the pace of eight weeks.").format(
        short=days(user.company.short_days), excess=days(user.company.excess_days)
    )
    _say(head.format(count=number(out)), rest, why)
    today = user.actor.today
    shown = pd.DataFrame(
        {
            _("Distributor"): _names(rows, "distributor"),
            _("Product"): _names(rows, "product"),
            _("State"): _words(rows, _STOCK_STATES),
            _("Stock"): [
                quantity(pieces, int(pack), piece=unit)
                for pieces, pack, unit in zip(rows["on_hand"], rows["pack_size"], rows["unit"], strict=True)
            ],
            _("Lasts"): rows["days_of_supply"],
            _("Counted"): [near_day(on.date(), today) for on in rows["counted_on"]],
            _("Market"): _names(rows, "market"),
        }
    )
    _draw(shown, {_("Lasts"): days}, (180, 205, 155, 130, 85, 95, 125), "region_stock")


def show_credit(table: pd.DataFrame, looked_for: str, user: CurrentUser) -> None:
    """Credit: the limit of each distributor, what is used of it, and what is overdue."""
    rows = _found(table, looked_for)
    over = rows[rows["status"] == "over"]
    currency = user.company.currency
    sentence = n_(
        "{count} distributor is over its limit", "{count} distributors are over their limits", len(over)
    )
    overdue = _("{amount} overdue in all").format(amount=money(int(rows["overdue_minor"].sum()), currency))
    stand = max((on for on in rows["as_of_on"] if on is not None), default=None)
    why = _("Receivable less prepaid plus open orders, our ledger as of {date}; tight from 90%.").format(
        date=day(stand, user.actor.today)
    )
    _say(sentence.format(count=number(len(over))), overdue, why)
    shown = pd.DataFrame(
        {
            _("Distributor"): _names(rows, "distributor"),
            _("Limit"): rows["limit_minor"].astype("Float64"),
            _("Used"): rows["exposure_minor"].astype("Float64"),
            _("Share used"): rows["utilisation"],
            _("Overdue"): rows["overdue_minor"].astype("Float64"),
            _("State"): _words(rows, _CREDIT_STATES),
            _("Market"): _names(rows, "market"),
        }
    )
    formats: dict[str, Callable[[Any], str]] = {
        _("Share used"): lambda value: percent(value, 0),
        **{name: lambda value: _minor(value, currency) for name in (_("Limit"), _("Used"), _("Overdue"))},
    }
    _draw(shown, formats, (190, 115, 115, 95, 115, 135, 125), "region_credit")


def _say(head: str, rest: str, why: str) -> None:
    sentence = f"**{plain(head)}**" + (f" · {plain(rest)}" if rest else "")
    st.markdown(f"{sentence}  \n{small(plain(why))}")


def _draw(
    table: pd.DataFrame, formats: Mapping[str, Callable[[Any], str]], widths: tuple[int, ...], key: str
) -> None:
    """The rows; figures stay figures underneath, so that a column sorts by size."""
    if table.empty:
        st.info(_("Nothing to show: no record, or none with these words."), icon=":material/search_off:")
        return
    shown = table.head(ROWS_SHOWN)
    st.dataframe(
        shown.style.format(dict[Any, Any](formats), na_rep=MISSING),
        key=key,
        hide_index=True,
        row_height=46,
        height=min(560, 46 * (len(shown) + 1) + 2),
        column_config={
            name: st.column_config.Column(name, width=width)
            for name, width in zip(table.columns, widths, strict=True)
        },
    )
    if len(table) > ROWS_SHOWN:
        text = _("The first {shown} of {count} rows; search to see others.")
        st.markdown(small(text.format(shown=number(ROWS_SHOWN), count=number(len(table)))))


def _found(table: pd.DataFrame, looked_for: str) -> pd.DataFrame:
    """The rows whose distributor or product has the words in either language."""
    words = looked_for.strip()
    if not words:
        return table
    names = [name for name in ("distributor", "distributor_en", "product", "product_en") if name in table]
    hits = pd.concat(
        [table[name].str.contains(words, case=False, regex=False, na=False) for name in names], axis=1
    )
    return table[hits.any(axis=1)]


def _names(table: pd.DataFrame, column: str) -> "pd.Series[str]":
    first, second = (f"{column}_en", column) if current() == "en" else (column, f"{column}_en")
    return table[first].where(table[first] != "", table[second])


def _words(table: pd.DataFrame, states: Mapping[str, str]) -> list[str]:
    return [_(states[str(status)]) for status in table["status"]]


def _minor(value: float, currency: str) -> str:
    return MISSING if pd.isna(value) else money(int(value), currency)
