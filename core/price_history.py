"""A distributor's last price of a product against the one before."""

import numpy as np
import pandas as pd

from core.arguments import divide
from core.rows import at, group_starts, id_codes, order_within, refuse_doubles
from core.tables import FloatArray, IntArray, dates, numbers


def compare_history(prices: pd.DataFrame) -> pd.DataFrame:
    """Sets each distributor's last price of a product against the one before.

    Formula:
        change = price - previous_price; change_rate = change / previous_price

    Args:
        prices: `distributor_id`, `product_id`, `date` (datetime64), `price` (currency units a base unit, 0 or
            more); one price a pair and date. A row without id, price or date counts for nobody.

    Returns:
        A row a pair, sorted by distributor and product: `distributor_id`, `product_id`, `price` and `date`
        (the last), `previous_price`, `previous_date` (the one before), `change` (currency units),
        `change_rate` (fraction; infinite from a previous price of 0), `days_since` (days from the previous
        date to the last), `low`, `high` (over all observations), `observations`. NaN and NaT where there is
        none.

    Raises:
        InvalidInput: a missing column, a price that is not a number, negative or infinite, a `date` that is
            no date, a pair twice on one date.

    Source:
        Own definition, docs/formulas.md.

    Example:
        >>> prices = pd.DataFrame({"distributor_id": "north", "product_id": "tea", "price": [40.0, 38.0],
        ...                        "date": pd.to_datetime(["2026-10-01", "2026-11-01"])})
        >>> compare_history(prices)[["price", "change", "change_rate", "days_since"]].values.tolist()
        [[38.0, -2.0, -0.05, 31.0]]
    """
    price = numbers(prices, "price", minimum=0)
    day = dates(prices, "date")
    distributor, distributors = id_codes(prices, "distributor_id", in_order=True)
    product, products = id_codes(prices, "product_id", in_order=True)
    day_code, _ = id_codes(pd.DataFrame({"date": day}, index=prices.index), "date")
    refuse_doubles(prices, ["distributor_id", "product_id", "date"], distributor, product, day_code)
    width = max(len(products), 1)
    named = (distributor >= 0) & (product >= 0)
    pairs, pair = np.unique((distributor * width + product)[named], return_inverse=True)
    price, day = price[named], day[named]
    counted = np.flatnonzero(~np.isnan(price) & ~np.isnat(day))
    order = counted[order_within(pair[counted], day[counted].astype(np.int64))]
    result = {
        "distributor_id": distributors[pairs // width],
        "product_id": products[pairs % width],
        **_last_two(pair[order], price[order], day[order], len(pairs)),
    }
    return pd.DataFrame(result)


def _last_two(pair: IntArray, price: FloatArray, day: np.ndarray, count: int) -> dict[str, np.ndarray]:
    """Figures of each pair from its observations, sorted by pair and day."""
    starts, sizes = group_starts(pair)
    seen = pair[starts]
    last = np.full(count, -1, dtype=np.int64)
    last[seen] = starts + sizes - 1
    previous = np.full(count, -1, dtype=np.int64)
    previous[seen] = np.where(sizes > 1, starts + sizes - 2, -1)
    low, high = np.full(count, np.nan), np.full(count, np.nan)
    low[seen], high[seen] = np.minimum.reduceat(price, starts), np.maximum.reduceat(price, starts)
    days = np.append(day, np.array(["NaT"], dtype=day.dtype))
    change = at(price, last) - at(price, previous)
    return {
        "price": at(price, last),
        "date": days[last],
        "previous_price": at(price, previous),
        "previous_date": days[previous],
        "change": change,
        "change_rate": np.asarray(divide(change, at(price, previous))),
        "days_since": (days[last] - days[previous]) / np.timedelta64(1, "D"),
        "low": low,
        "high": high,
        "observations": np.bincount(pair, minlength=count),
    }
