"""What each product sold per period, from periods as they were told: the series that a forecast reads."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from core.demand_forecast import forecast, per_day
from core.tables import FloatArray

WEEKS = 26
"""How far back a forecast looks."""
WEEK = 7
MONTH = 30
LONGEST_WEEK = 10
"""Periods of more days than this are told by the month: cut into weeks they would look steadier than they are."""


@dataclass(frozen=True)
class History:
    """Sales by product (rows) and period (columns, oldest first).

    Attributes:
        sold: Base units sold, returns netted in the periods before; sales of a period that was partly out of
            stock are raised to the whole period.
        in_stock: Whether the product could be sold for at least half of the period.
        days: Days of one period: 7, or 30 where sales are told by the month.
        since: The first day of the first period; `None` where nothing was told.
    """

    sold: pd.DataFrame
    in_stock: pd.DataFrame
    days: int
    since: date | None


def history(products: pd.Index, periods: pd.DataFrame, first_on: pd.Series, on: date) -> History:
    """Cuts what was told into equal periods that end with the last day told of.

    A distributor that told of a period and not of one of our products sold none of it, from the day on which it
    began to sell it; days of which nothing was told count for nothing.

    Formula:
        sold of a period = sum over what was told of quantity × days shared / days told, returns taken from the
        periods before; × days / (days - days out of stock) where it was out for less than half of them.
        Weeks where the median of what was told is at most 10 days long, else periods of 30 days.

    Args:
        products: The ids of our products.
        periods: `product_id, from_on, to_on` (datetime64, [from, to)), `quantity` (base units; below 0:
            returned), `stockout_days`.
        first_on: The day from which each product is sold here, by product.
        on: The day of the visit; periods that end later do not count.

    Returns:
        The series in base units per period, 26 weeks or as many months; empty where nothing was told.

    Example:
        >>> day = pd.Timestamp
        >>> told = pd.DataFrame({"product_id": "tea", "from_on": [day("2026-11-02"), day("2026-11-09")],
        ...                      "to_on": [day("2026-11-09"), day("2026-11-16")], "quantity": [70.0, -10.0],
        ...                      "stockout_days": [0, 0]})
        >>> found = history(pd.Index(["tea"]), told, pd.Series({"tea": day("2026-11-02")}), date(2026, 11, 16))
        >>> found.sold.to_numpy()[found.in_stock.to_numpy()].tolist()
        [60.0, 0.0]
    """
    told = periods[periods["product_id"].isin(products) & (periods["to_on"] <= pd.Timestamp(on))]
    if told.empty:
        nothing = pd.DataFrame(index=products, dtype="float64")
        return History(nothing, nothing.astype(bool), WEEK, None)
    length = (told["to_on"] - told["from_on"]).dt.days
    days = WEEK if length.median() <= LONGEST_WEEK else MONTH
    count = WEEKS * WEEK // days
    end = told["to_on"].max()
    starts = pd.DatetimeIndex([end - pd.Timedelta(days=days * (count - n)) for n in range(count)])
    share = _overlap(told, starts, days) / length.to_numpy()[:, None]
    sold = _by_product(told, share * told["quantity"].to_numpy()[:, None], products)
    out = _by_product(told, share * told["stockout_days"].to_numpy()[:, None], products).clip(0, days)
    known = (_overlap(told, starts, days) > 0).any(axis=0)
    began = first_on.reindex(products).to_numpy(dtype="datetime64[D]")
    ends = (starts + pd.Timedelta(days=days)).to_numpy(dtype="datetime64[D]")
    # A day that is missing is before nothing: a product that was never sold here was never in stock.
    in_stock = np.less(began[:, None], ends[None, :]) & known & (out <= days / 2)
    raised = _netted(sold) * days / np.where(in_stock, days - out, days)
    return History(
        pd.DataFrame(raised, index=products),
        pd.DataFrame(in_stock, index=products),
        days,
        starts[int(np.argmax(known))].date(),
    )


def _overlap(told: pd.DataFrame, starts: pd.DatetimeIndex, days: int) -> FloatArray:
    """Days that each row shares with each period."""
    first = told["from_on"].to_numpy()[:, None]
    last = told["to_on"].to_numpy()[:, None]
    begin = starts.to_numpy()[None, :]
    shared = np.minimum(last, begin + np.timedelta64(days, "D")) - np.maximum(first, begin)
    return np.asarray(np.maximum(shared / np.timedelta64(1, "D"), 0.0))


def _by_product(told: pd.DataFrame, values: FloatArray, products: pd.Index) -> FloatArray:
    table = pd.DataFrame(values, index=told["product_id"].to_numpy()).groupby(level=0).sum()
    return table.reindex(products).fillna(0.0).to_numpy()


def _netted(sold: FloatArray) -> FloatArray:
    """Returns taken from the periods before them, as far back as there were sales."""
    netted = sold.copy()
    for period in range(netted.shape[1] - 1, 0, -1):
        excess = np.minimum(netted[:, period], 0.0)
        netted[:, period] -= excess
        netted[:, period - 1] += excess
    netted[:, 0] = np.maximum(netted[:, 0], 0.0)
    return netted


def demand(sales: History) -> pd.DataFrame:
    """The demand per day of each product, and how it is known.

    Formula:
        `core.demand_forecast.forecast` of the periods in stock, per day by `per_day`.

    Args:
        sales: The series.

    Returns:
        By product `demand_mean`, `demand_sd` (base units per day; NaN where nothing is known), `method`, and
        `periods`: how many periods in stock the forecast stands on.

    Example:
        >>> weeks = pd.DataFrame([[70.0, 70.0, 70.0]], index=["tea"])
        >>> demand(History(weeks, weeks > 0, 7, date(2026, 11, 2)))[["demand_mean", "periods"]]
             demand_mean  periods
        tea         10.0        3
    """
    if sales.since is None:
        unknown = pd.DataFrame(index=sales.sold.index, dtype="float64")
        return unknown.assign(demand_mean=np.nan, demand_sd=np.nan, method="none", periods=0)
    table = per_day(forecast(sales.sold, in_stock=sales.in_stock), sales.days)
    table["method"] = table["method"].astype(str)
    return table[["demand_mean", "demand_sd", "method"]].assign(periods=sales.in_stock.sum(axis=1))
