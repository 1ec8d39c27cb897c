"""Prices compared: with the market, with the price policy, with earlier prices, along the chain, with rivals.

All prices of one call are per base unit and on one tax basis; bringing them there is the caller's work.
The comparison with the market lives in `core.market_prices`, that with earlier prices in
`core.price_history`; both are offered here with the rest of their topic.
"""

import numpy as np
import pandas as pd

from core.arguments import Numbers, Result, argument, divide
from core.errors import InvalidInput
from core.market_prices import compare_distributors
from core.price_history import compare_history
from core.rows import at, first_that_holds, positions, refuse_doubles, shared_codes, with_columns
from core.tables import IntArray, first_row, numbers, require_columns

__all__ = [
    "compare_distributors",
    "compare_history",
    "compare_margin",
    "compare_policy",
    "compare_rivals",
    "gross_margin",
    "markup",
    "price_index",
]


def gross_margin(purchase: Numbers, selling: Numbers) -> Result:
    """Tells which share of the selling price stays with the seller.

    Formula:
        (selling - purchase) / selling

    Args:
        purchase: Purchase price, currency units a base unit, 0 or more.
        selling: Selling price, same units and tax basis.

    Returns:
        Fraction of the selling price; 0/0 is NaN, sold for nothing is minus infinity, missing is NaN.

    Raises:
        InvalidInput: not numbers, negative or infinite.

    Source:
        Farris, P. W. et al. (2010), Marketing Metrics, 2nd ed., Pearson, chapter 3 (margin on selling price).

    Example:
        >>> float(gross_margin(8.0, 10.0))
        0.2
    """
    bought, sold = argument("purchase", purchase, minimum=0), argument("selling", selling, minimum=0)
    return divide(sold - bought, sold)


def markup(purchase: Numbers, selling: Numbers) -> Result:
    """Tells how much the seller adds on top of the purchase price.

    Formula:
        (selling - purchase) / purchase

    Args:
        purchase: Purchase price, currency units a base unit, 0 or more.
        selling: Selling price, same units and tax basis.

    Returns:
        Fraction of the purchase price; 0/0 is NaN, bought for nothing is infinity, missing is NaN.

    Raises:
        InvalidInput: not numbers, negative or infinite.

    Source:
        Farris, P. W. et al. (2010), Marketing Metrics, 2nd ed., Pearson, chapter 3 (mark-up on cost).

    Example:
        >>> float(markup(8.0, 10.0))
        0.25
    """
    bought, sold = argument("purchase", purchase, minimum=0), argument("selling", selling, minimum=0)
    return divide(sold - bought, bought)


def price_index(own: Numbers, rival: Numbers) -> Result:
    """Sets our price against a rival's, whose price is 100.

    Formula:
        own / rival x 100

    Args:
        own: Our price, currency units a base unit, 0 or more.
        rival: The rival's price, same units and tax basis.

    Returns:
        Index points: above 100 we are dearer; 0/0 is NaN, x/0 is infinity, missing is NaN.

    Raises:
        InvalidInput: not numbers, negative or infinite.

    Source:
        Farris, P. W. et al. (2010), Marketing Metrics, 2nd ed., Pearson, chapter 7 (price premium).

    Example:
        >>> float(price_index(9.0, 10.0))
        90.0
    """
    ours, theirs = argument("own", own, minimum=0), argument("rival", rival, minimum=0)
    return divide(ours, theirs) * 100


def compare_policy(prices: pd.DataFrame, policy: pd.DataFrame) -> pd.DataFrame:
    """Says how far each price lies outside the bounds of the price policy.

    Formula:
        gap = price - low below it, price - high above it, else 0

    Args:
        prices: `product_id`, `price` (currency units a base unit, 0 or more, NaN = not known).
        policy: A row a product: `product_id`, `low`, `high` (same units, NaN = open on that side).

    Returns:
        The price rows with `gap` (currency units, negative below; 0 where no bound is broken; NaN without a
        price) and `status`, the first that holds: `unknown` (no price or no product), `no_policy`, `below`,
        `above`, `within`.

    Raises:
        InvalidInput: a missing column, a price that is not a number, negative or infinite, a product twice in
            the policy, a `low` above its `high`.

    Source:
        Own definition, docs/formulas.md.

    Example:
        >>> prices = pd.DataFrame({"product_id": ["tea", "oil"], "price": [9.5, 60.0]})
        >>> policy = pd.DataFrame({"product_id": ["tea"], "low": [10.0], "high": [None]})
        >>> result = compare_policy(prices, policy)
        >>> result["gap"].tolist(), result["status"].tolist()
        ([-0.5, 0.0], ['below', 'no_policy'])
    """
    price = numbers(prices, "price", minimum=0)
    low, high = numbers(policy, "low", minimum=0), numbers(policy, "high", minimum=0)
    if (low > high).any():
        raise InvalidInput("low", "a bound no higher than `high`", row=first_row(policy, low > high))
    place = _only_row(prices, policy)
    low, high = at(low, place), at(high, place)
    below, above = price < low, price > high
    unknown = np.isnan(price) | prices["product_id"].isna().to_numpy(dtype=bool)
    gap = np.where(below, price - low, np.where(above, price - high, 0.0))
    gap[unknown] = np.nan
    status = first_that_holds(
        {"unknown": unknown, "no_policy": place < 0, "below": below, "above": above}, "within"
    )
    return with_columns(prices, {"gap": gap, "status": status})


def compare_margin(prices: pd.DataFrame, *, thin: float = 0.05) -> pd.DataFrame:
    """Follows the price from purchase over selling to retail and calls out price inversion.

    Formula:
        margin = (selling - purchase) / selling; markup = (selling - purchase) / purchase
        retail_margin = (retail - selling) / retail

    Args:
        prices: `product_id`, `purchase_price`, `selling_price`, `retail_price` (currency units a base unit,
            on one tax basis, 0 or more, NaN = not known).
        thin: Margin (fraction) below which it is called thin.

    Returns:
        The rows with `margin` (the distributor's, fraction), `markup` (fraction), `retail_margin` (the
        retailer's, fraction) and `status`, the first that holds: `unknown` (purchase or selling price
        missing), `below_cost` (selling below purchase), `thin`, `normal`. 0/0 is NaN, x/0 infinite.

    Raises:
        InvalidInput: a missing column, a price that is not a number, negative or infinite.

    Source:
        Farris, P. W. et al. (2010), Marketing Metrics, 2nd ed., Pearson, chapter 3 (channel margins).

    Example:
        >>> prices = pd.DataFrame({"product_id": ["tea"], "purchase_price": [8.0], "selling_price": [10.0],
        ...                        "retail_price": [12.5]})
        >>> compare_margin(prices)[["margin", "markup", "retail_margin"]].values.tolist()
        [[0.2, 0.25, 0.2]]
    """
    require_columns(prices, ["product_id"])
    purchase = numbers(prices, "purchase_price", minimum=0)
    selling = numbers(prices, "selling_price", minimum=0)
    retail = numbers(prices, "retail_price", minimum=0)
    margin = np.asarray(gross_margin(purchase, selling))
    status = first_that_holds(
        {
            "unknown": np.isnan(purchase) | np.isnan(selling),
            "below_cost": selling < purchase,
            "thin": margin < thin,
        },
        "normal",
    )
    added = {
        "margin": margin,
        "markup": markup(purchase, selling),
        "retail_margin": gross_margin(selling, retail),
        "status": status,
    }
    return with_columns(prices, added)


def compare_rivals(own: pd.DataFrame, rivals: pd.DataFrame) -> pd.DataFrame:
    """Sets each rival's price against ours and shows what moved since last time.

    Formula:
        price_index = own / rival x 100; gap = own price - rival's price; moved = price - previous_price

    Args:
        own: A row a product: `product_id`, `price` (currency units a base unit, 0 or more).
        rivals: `product_id` (ours, that the rival's competes with), `rival`, `price`, `previous_price` (same
            units).

    Returns:
        The rival rows with `own_price` (currency units), `price_index` (above 100 we are dearer), `gap`
        (currency units, positive when we are dearer), `moved` (currency units); NaN where a price is missing
        or we have no such product.

    Raises:
        InvalidInput: a missing column, a price that is not a number, negative or infinite, a product twice in
            `own`.

    Source:
        Farris, P. W. et al. (2010), Marketing Metrics, 2nd ed., Pearson, chapter 7 (price premium).

    Example:
        >>> own = pd.DataFrame({"product_id": ["tea"], "price": [9.0]})
        >>> rivals = pd.DataFrame({"product_id": ["tea"], "rival": ["Bo"], "price": [10.0],
        ...                        "previous_price": [11.0]})
        >>> compare_rivals(own, rivals)[["own_price", "price_index", "gap", "moved"]].values.tolist()
        [[9.0, 90.0, -1.0, -1.0]]
    """
    require_columns(rivals, ["rival"])
    ours = numbers(own, "price", minimum=0)
    price, previous = numbers(rivals, "price", minimum=0), numbers(rivals, "previous_price", minimum=0)
    own_price = at(ours, _only_row(rivals, own))
    added = {
        "own_price": own_price,
        "price_index": price_index(own_price, price),
        "gap": own_price - price,
        "moved": price - previous,
    }
    return with_columns(rivals, added)


def _only_row(table: pd.DataFrame, by_product: pd.DataFrame) -> IntArray:
    """For each row of `table` the row of its product in `by_product`, which has each once; -1 for none."""
    wanted, offered, ids = shared_codes(table, by_product, "product_id", left_missing=True)
    refuse_doubles(by_product, ["product_id"], offered)
    return positions(wanted, offered, len(ids))
