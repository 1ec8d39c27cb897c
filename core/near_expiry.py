"""Which lots will not sell before their date."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from core.errors import InvalidInput
from core.rows import at, id_codes, order_within, positions, refuse_doubles, shared_codes, with_columns
from core.tables import FloatArray, IntArray, dates, numbers, require_columns


def near_expiry(
    lots: pd.DataFrame, sales_per_day: Mapping[Any, float] | pd.Series, as_of: date | str | np.datetime64
) -> pd.DataFrame:
    """Finds the quantity of each lot that cannot be sold before its date, first expired first out.

    Formula:
        lots of a product by (expires_on, lot), k = 1, 2, …; d = days left, 0 if expired
        sellable up to k = min(sellable up to k - 1 + quantity of k, rate x d of k)
        at_risk of k = quantity of k - (sellable up to k - sellable up to k - 1)

    Args:
        lots: A row a lot: `product_id`, `lot`, `expires_on` (datetime64, NaT = keeps), `quantity` (base
            units).
        sales_per_day: Base units a day of each product in stock; a mapping or Series by product. A rate below
            0 counts as 0.
        as_of: The day of the count.

    Returns:
        The rows with `days_left` (days, negative once expired; NaN without a date) and `at_risk` (base units,
        0 to the quantity; 0 without a date; NaN for a dated lot without a rate or without a quantity, which
        counts for none of the others). A negative quantity counts as 0.

    Raises:
        InvalidInput: a missing column, quantities or rates that are not finite numbers, `expires_on` that is
            no date, a lot of a product twice, an `as_of` that is no day.

    Source:
        First-expired-first-out (FEFO) issuing; own derivation in docs/formulas.md.

    Example:
        >>> lots = pd.DataFrame({"product_id": "milk", "lot": ["a", "b"], "quantity": [10.0, 10.0],
        ...                      "expires_on": pd.to_datetime(["2026-11-23", "2026-12-06"])})
        >>> near_expiry(lots, {"milk": 1.0}, "2026-11-21")["at_risk"].tolist()
        [8.0, 0.0]
    """
    require_columns(lots, ["product_id", "lot"])
    quantity = numbers(lots, "quantity")
    expires_on = dates(lots, "expires_on")
    product, _ = id_codes(lots, "product_id")
    lot, _ = id_codes(lots, "lot")
    refuse_doubles(lots, ["product_id", "lot"], product, lot + 1)
    days_left = (expires_on - _day(as_of)) / np.timedelta64(1, "D")
    rate = _rates(lots, sales_per_day)
    dated = ~np.isnan(days_left)
    at_risk = np.where(dated, np.nan, 0.0)
    counted = np.flatnonzero(dated & ~np.isnan(quantity) & ~np.isnan(rate))
    order = counted[_first_expired_first(product[counted], days_left[counted], lots["lot"].iloc[counted])]
    sellable = np.maximum(rate, 0) * np.maximum(days_left, 0)
    at_risk[order] = _unsold(product[order], np.maximum(quantity[order], 0), sellable[order])
    return with_columns(lots, {"days_left": days_left, "at_risk": at_risk})


def _first_expired_first(product: IntArray, days_left: FloatArray, lot: pd.Series) -> IntArray:
    order = order_within(product, days_left)
    same = np.zeros(len(order), dtype=bool)
    same[1:] = (np.diff(product[order]) == 0) & (np.diff(days_left[order]) == 0)
    if same.any():
        # Only lots of one product and one date need their names in order; sorting text is the slow part.
        tied = np.sort(order[same | np.append(same[1:], False)])
        name, _ = id_codes(lot.iloc[tied].to_frame(), str(lot.name), in_order=True)
        rank = np.zeros(len(order), dtype=np.int64)
        rank[tied] = name
        order = np.lexsort((rank, days_left, product))
    return order


def _unsold(product: IntArray, quantity: FloatArray, sellable: FloatArray) -> FloatArray:
    """What is left of each lot; `sellable` is what the rate alone would sell up to the lot's date."""
    # Summed and compared within a product, by pandas: sums over the whole table would carry one product's
    # rounding into the next. What is unsold up to a lot never shrinks with a later one: a running maximum.
    kept = pd.Series(quantity).groupby(product, sort=False).cumsum() - sellable
    upto = kept.clip(lower=0).groupby(product, sort=False).cummax().to_numpy()
    unsold = upto.copy()
    unsold[1:] -= np.where(product[1:] == product[:-1], upto[:-1], 0)
    return np.minimum(unsold, quantity)


def _rates(lots: pd.DataFrame, sales_per_day: Mapping[Any, float] | pd.Series) -> FloatArray:
    if not isinstance(sales_per_day, (Mapping, pd.Series)):
        raise InvalidInput("sales_per_day", "a rate by product", value=type(sales_per_day).__name__)
    rates = pd.Series(sales_per_day)
    given = pd.DataFrame({"product_id": rates.index, "sales_per_day": rates.to_numpy()}, index=rates.index)
    rate = numbers(given, "sales_per_day")
    wanted, offered, ids = shared_codes(lots, given, "product_id", left_missing=True)
    refuse_doubles(given, ["product_id"], offered)
    return at(rate, positions(wanted, offered, len(ids)))


def _day(as_of: date | str | np.datetime64) -> np.datetime64:
    try:
        day = pd.Timestamp(as_of)
    except (TypeError, ValueError) as error:
        raise InvalidInput("as_of", "a day", value=repr(as_of)) from error
    if pd.isna(day) or day.tzinfo is not None:
        raise InvalidInput("as_of", "a day without time zone", value=repr(as_of))
    return day.to_datetime64()
