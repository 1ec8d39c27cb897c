"""What the next period will sell, from what the past periods sold: smooth and intermittent demand.

A `series` is one product's sales per period, oldest first, or a table with a row per product and a column per
period. Returns belong netted in their period before; a period in which the product was not on the shelf tells
nothing about demand and is left out with `in_stock`.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core import smoothing
from core.demand_class import classify_demand
from core.errors import InvalidInput
from core.rows import first_that_holds
from core.sales_series import read_constant, read_in_stock, read_series
from core.tables import FloatArray, numbers

__all__ = [
    "classify_demand",
    "croston",
    "exponential_smoothing",
    "forecast",
    "moving_average",
    "per_day",
    "sba",
    "tsb",
]

SMOOTHING = (0.1, 0.3, 0.6, 1.0)
ERRORS_TO_TRUST = 5  # with this many errors, error and mean weigh alike in the sd
FEWEST_OBSERVATIONS = 3

Result = FloatArray | float


def moving_average(series: ArrayLike | pd.DataFrame, window: int) -> Result:
    """The mean of the last `window` periods, as forecast of the next.

    Formula:
        F = (A[n] + A[n−1] + … + A[n−window+1]) / window

    Args:
        series: Sales per period in base units, at least 0; one product, or a row per product.
        window: Number of periods, from 1 to the length of the series.

    Returns:
        Base units per period: a float for one product, an array with an entry a row for several.

    Raises:
        InvalidInput: empty or missing values, a negative or infinite one, or a window that does not fit.

    Source:
        Stevenson, Operations Management, chapter on forecasting.

    Example:
        >>> round(moving_average([42, 40, 43, 40, 41], 3), 2)
        41.33
    """
    values, single = read_series(series)
    if isinstance(window, bool) or not isinstance(window, (int, np.integer)) or window < 1:
        raise InvalidInput("window", "a whole number of at least 1", value=window)
    if window > values.shape[1] and len(values):
        raise InvalidInput("window", f"at most the {values.shape[1]} periods of the series", value=window)
    return _result(values[:, -int(window) :].mean(axis=1) if len(values) else np.empty(0), single)


def exponential_smoothing(series: ArrayLike | pd.DataFrame, alpha: float) -> Result:
    """Simple exponential smoothing, started at the first observation.

    Formula:
        F[1] = A[1]; F[t+1] = F[t] + alpha (A[t] − F[t])

    Args:
        series: Sales per period in base units, at least 0; one product, or a row per product.
        alpha: Smoothing constant, above 0 and at most 1 (1 repeats the last period).

    Returns:
        Base units per period: a float for one product, an array with an entry a row for several.

    Raises:
        InvalidInput: empty or missing values, a negative or infinite one, or alpha out of its range.

    Source:
        Brown (1959), Statistical Forecasting for Inventory Control; Stevenson, Operations Management.

    Example:
        >>> round(exponential_smoothing([42, 40, 43, 40, 41, 39], 0.1), 2)
        41.39
    """
    values, single = read_series(series)
    weight = read_constant("alpha", alpha)
    return _result(smoothing.combined(values, None, [weight])[0], single)


def croston(series: ArrayLike | pd.DataFrame, *, alpha: float = 0.1) -> Result:
    """Demand per period of an intermittent series: smoothed size over smoothed interval.

    Formula:
        at each demand: z ← z + alpha (A − z), p ← p + alpha (q − p), with q the periods since the last one;
        F = z / p. z starts at the first demand, p at the first interval counted from period 1.

    Args:
        series: Sales per period in base units, at least 0; one product, or a row per product.
        alpha: Smoothing constant of size and interval, above 0 and at most 1.

    Returns:
        Base units per period, 0 without any demand: a float for one product, an array for several.

    Raises:
        InvalidInput: empty or missing values, a negative or infinite one, or alpha out of its range.

    Source:
        Croston (1972), Operational Research Quarterly 23(3).

    Example:
        >>> round(croston([0, 0, 6, 0, 4, 0, 0, 0, 8]), 4)
        2.0
    """
    values, single = read_series(series)
    weight = read_constant("alpha", alpha)
    return _result(smoothing.croston(values, weight), single)


def sba(series: ArrayLike | pd.DataFrame, *, alpha: float = 0.1) -> Result:
    """Croston's forecast without its upward bias (the Syntetos-Boylan approximation).

    Formula:
        F = croston (1 − alpha / 2)

    Args:
        series: Sales per period in base units, at least 0; one product, or a row per product.
        alpha: Smoothing constant of size and interval, above 0 and at most 1.

    Returns:
        Base units per period, 0 without any demand: a float for one product, an array for several.

    Raises:
        InvalidInput: empty or missing values, a negative or infinite one, or alpha out of its range.

    Source:
        Syntetos and Boylan (2005), International Journal of Forecasting 21(2).

    Example:
        >>> round(sba([0, 0, 6, 0, 4, 0, 0, 0, 8]), 4)
        1.9
    """
    return croston(series, alpha=alpha) * (1 - alpha / 2)


def tsb(series: ArrayLike | pd.DataFrame, *, alpha_d: float, alpha_p: float) -> Result:
    """Demand per period as probability times size; it falls while a product stops selling.

    Formula:
        every period: p ← p + alpha_p ([A > 0] − p); at each demand: z ← z + alpha_d (A − z); F = p z.
        z starts at the first demand, p at 1 if period 1 has demand, else 0.

    Args:
        series: Sales per period in base units, at least 0; one product, or a row per product.
        alpha_d: Smoothing constant of the demand size, above 0 and at most 1.
        alpha_p: Smoothing constant of the demand probability, above 0 and at most 1.

    Returns:
        Base units per period, 0 without any demand: a float for one product, an array for several.

    Raises:
        InvalidInput: empty or missing values, a negative or infinite one, or a constant out of its range.

    Source:
        Teunter, Syntetos and Babai (2011), European Journal of Operational Research 214(3).

    Example:
        >>> round(tsb([0, 5, 0, 3], alpha_d=0.2, alpha_p=0.2), 4)
        1.5088
    """
    values, single = read_series(series)
    size, probability = read_constant("alpha_d", alpha_d), read_constant("alpha_p", alpha_p)
    return _result(smoothing.tsb(values, size, probability), single)


def forecast(
    series: ArrayLike | pd.DataFrame, *, in_stock: ArrayLike | pd.DataFrame | None = None
) -> pd.DataFrame:
    """The next period's demand of each product, and how wrong such a forecast tends to be.

    Formula:
        mean = the mean of four exponential smoothings, with constants 0.1, 0.3, 0.6 and 1.
        sd = e^(n / (n + 5)) mean^(5 / (n + 5)), with e the root mean square of the n one-step errors: it is
        e after a long history and leans on the mean after a short one, because few errors prove little.
        Fewer than 3 observed periods: mean = the last one, sd = the largest one.

    Args:
        series: Sales per period in base units, at least 0; one product, or a row per product.
        in_stock: Of the same shape, true where the product could be sold; the other periods are left out as
            if they had not been. Without it all periods count.

    Returns:
        A row per product (the index of a given table is kept): `method` (`combination`, `naive` for fewer
        than 3 observed periods, `none` without demand), `mean` and `sd` in base units per period. Without
        demand mean and sd are 0; never in stock they are NaN, because nothing is known.

    Raises:
        InvalidInput: empty or missing values, a negative or infinite one, or `in_stock` of another shape.

    Source:
        Bates and Granger (1969), Operational Research Quarterly 20(4), on combining. The backtest in
        docs/formulas_order.md names what else was tried, and where this does not win.

    Example:
        >>> forecast([[10, 12, 11, 9], [0, 0, 4, 0], [0, 0, 0, 0]]).round(2)
                method  mean    sd
        0  combination  9.80  4.90
        1  combination  0.54  0.97
        2         none  0.00  0.00
    """
    values, single = read_series(series)
    seen = read_in_stock(in_stock, values.shape, single)
    counts = np.full(len(values), values.shape[1]) if seen is None else seen.sum(axis=1)
    demand = values > 0 if seen is None else (values > 0) & seen
    none, few = np.asarray(~demand.any(axis=1)), np.asarray(counts < FEWEST_OBSERVATIONS)
    mean, error, errors = smoothing.combined(values, seen, SMOOTHING)
    trust = errors / (errors + ERRORS_TO_TRUST)
    sd = error**trust * mean ** (1 - trust)
    if few.any():
        mean[few], sd[few] = smoothing.last(values[few], None if seen is None else seen[few])
    unknown = counts == 0
    mean[unknown] = sd[unknown] = np.nan
    return pd.DataFrame(
        {"method": first_that_holds({"none": none, "naive": few}, "combination"), "mean": mean, "sd": sd},
        index=series.index if isinstance(series, pd.DataFrame) else None,
    )


def per_day(forecasts: pd.DataFrame, days: float) -> pd.DataFrame:
    """A forecast per period as the demand per day that an order suggestion asks for.

    Formula:
        demand_mean = mean / days; demand_sd = sd / √days (days that vary independently)

    Args:
        forecasts: The result of `forecast`, or any table with `mean` and `sd` per period.
        days: Days of one period, above 0: 7 for weeks, 365.25 / 12 for months.

    Returns:
        The table with `demand_mean` and `demand_sd` in base units per day added.

    Raises:
        InvalidInput: a missing column, no numbers in it, or days not above 0.

    Source:
        Silver, Pyke and Thomas (2017), Inventory and Production Management in Supply Chains.

    Example:
        >>> per_day(pd.DataFrame({"mean": [70.0], "sd": [26.4575]}), 7)[["demand_mean", "demand_sd"]].round(2)
           demand_mean  demand_sd
        0         10.0       10.0
    """
    if not (np.isfinite(days) and days > 0):
        raise InvalidInput("days", "a number above 0", value=days)
    mean, sd = numbers(forecasts, "mean"), numbers(forecasts, "sd", minimum=0)
    return forecasts.assign(demand_mean=mean / days, demand_sd=sd / np.sqrt(days))


def _result(values: FloatArray, single: bool) -> Result:
    """A float for one product, the array for several."""
    return float(values[0]) if single else values
