"""Stock judged against sales: how long it lasts, how fast it turns, what is dead, what changed, whose it is.

`classify_abc` and `classify_xyz` live in `core.stock_classes`, `near_expiry` in `core.near_expiry`, the
formulas in `core.stock_formulas`; all are offered here with the rest of their topic.
"""

import numpy as np
import pandas as pd

from core.arguments import Numbers, argument
from core.errors import InvalidInput
from core.near_expiry import near_expiry
from core.rows import at, first_that_holds, own_part, positions, refuse_doubles, shared_codes, with_columns
from core.stock_classes import classify_abc, classify_xyz
from core.stock_formulas import (
    days_of_supply,
    derived_sales,
    gmroi,
    periods_of_supply,
    sales_rate,
    stock_to_sales_ratio,
    turnover,
)
from core.tables import FloatArray, numbers, require_columns

__all__ = [
    "classify_abc",
    "classify_xyz",
    "days_of_supply",
    "derived_sales",
    "gmroi",
    "near_expiry",
    "own_share",
    "periods_of_supply",
    "sales_rate",
    "stock_change",
    "stock_status",
    "stock_to_sales_ratio",
    "turnover",
]


def stock_status(table: pd.DataFrame, *, min_days: Numbers, max_days: Numbers) -> pd.DataFrame:
    """Says of each product whether its stock is short, normal, too much or dead.

    Formula:
        days_of_supply = on_hand / (sales / days)

    Args:
        table: `product_id`, `on_hand` (base units), `sales` of the period (base units), `days` of the period
            (0 or more).
        min_days: Days of supply below which stock is short; a number, or one a row.
        max_days: Days of supply above which stock is too much; a number, or one a row.

    Returns:
        The rows with `days_of_supply` (days; NaN when undefined) and `status`, the first that holds:
        `unknown` (a needed value missing), `negative` (on_hand < 0), `out` (nothing on hand, sales > 0),
        `none` (nothing on hand, no sales), `dead` (stock, no sales), `short`, `excess`, `normal`. Sales of 0
        or less are no sales.

    Raises:
        InvalidInput: a missing column, not numbers, infinite, negative days, a `min_days` above `max_days`,
            bounds that are neither one number nor one a row.

    Source:
        Own definition, docs/formulas.md.

    Example:
        >>> table = pd.DataFrame({"product_id": ["tea", "oil"], "on_hand": [10, 90], "sales": [30, 0],
        ...                       "days": [30, 30]})
        >>> stock_status(table, min_days=14, max_days=45)["status"].tolist()
        ['short', 'dead']
    """
    require_columns(table, ["product_id"])
    on_hand, sales = numbers(table, "on_hand"), numbers(table, "sales")
    days = numbers(table, "days", minimum=0)
    least, most = _bound(table, "min_days", min_days), _bound(table, "max_days", max_days)
    if (least > most).any():
        raise InvalidInput(
            "min_days", "no more than `max_days`", row=table.index[int(np.argmax(least > most))]
        )
    supply = np.asarray(days_of_supply(on_hand, sales, days))
    judged = (on_hand > 0) & (sales > 0)
    undecided = judged & (np.isnan(supply) | np.isnan(least) | np.isnan(most))
    status = first_that_holds(
        {
            "unknown": np.isnan(on_hand) | np.isnan(sales) | np.isnan(days) | undecided,
            "negative": on_hand < 0,
            "out": (on_hand == 0) & (sales > 0),
            "none": on_hand == 0,
            "dead": ~(sales > 0),
            "short": supply < least,
            "excess": supply > most,
        },
        "normal",
    )
    return with_columns(table, {"days_of_supply": supply, "status": status})


def own_share(table: pd.DataFrame) -> float:
    """Tells how much of the distributor's stock value is ours.

    Formula:
        our value / total value

    Args:
        table: `product_id`, `own` (true for our products), `value` (currency units at one price basis). A row
            that misses `own` or `value` counts for nobody.

    Returns:
        Fraction; 0/0 is NaN, x/0 infinite.

    Raises:
        InvalidInput: a missing column, an `own` that is not true or false, values that are no finite
            numbers.

    Source:
        Own definition, docs/formulas.md.

    Example:
        >>> table = pd.DataFrame({"product_id": ["tea", "oil"], "own": [True, False], "value": [30.0, 90.0]})
        >>> own_share(table)
        0.25
    """
    return own_part(table, "value")


def stock_change(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Shows what changed between two counts.

    Formula:
        change = after - before, where a product that is absent from a count has 0

    Args:
        before: A row a product: `product_id`, `on_hand` (base units) of the earlier count.
        after: The same of the later count.

    Returns:
        A row a product that stands in either, those of `before` first: `product_id`, `before`, `after` (base
        units; NaN when absent), `change` (base units; NaN when a product stands there uncounted) and `kind`:
        `unknown` (stands there uncounted), `new`, `gone`, `up`, `down`, `same`. Counted 0 is `down`, not
        `gone`.

    Raises:
        InvalidInput: a missing column, not numbers, infinite, a missing product or one twice.

    Source:
        Own definition, docs/formulas.md.

    Example:
        >>> before = pd.DataFrame({"product_id": ["tea", "oil"], "on_hand": [10, 4]})
        >>> after = pd.DataFrame({"product_id": ["oil", "rice"], "on_hand": [0, 7]})
        >>> stock_change(before, after)[["change", "kind"]].values.tolist()
        [[-10.0, 'gone'], [-4.0, 'down'], [7.0, 'new']]
    """
    first, second = numbers(before, "on_hand"), numbers(after, "on_hand")
    earlier, later, ids = shared_codes(before, after, "product_id")
    refuse_doubles(before, ["product_id"], earlier)
    refuse_doubles(after, ["product_id"], later)
    products = np.arange(len(ids))
    place_before, place_after = positions(products, earlier, len(ids)), positions(products, later, len(ids))
    old, new = at(first, place_before), at(second, place_after)
    change = np.where(place_after < 0, 0.0, new) - np.where(place_before < 0, 0.0, old)
    kind = first_that_holds(
        {
            "unknown": np.isnan(change),
            "new": place_before < 0,
            "gone": place_after < 0,
            "up": change > 0,
            "down": change < 0,
        },
        "same",
    )
    return pd.DataFrame({"product_id": ids, "before": old, "after": new, "change": change, "kind": kind})


def _bound(table: pd.DataFrame, name: str, bound: Numbers) -> FloatArray:
    given = argument(name, bound)
    if given.ndim and given.shape != (len(table),):
        raise InvalidInput(name, f"one number or one a row ({len(table)})", value=f"shape {given.shape}")
    return np.broadcast_to(given, (len(table),))
