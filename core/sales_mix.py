"""What the distributor lives on: each product's share, class and role, why sales changed, the display."""

import numpy as np
import pandas as pd

from core.arguments import divide
from core.rows import (
    at,
    first_that_holds,
    id_codes,
    own_part,
    positions,
    refuse_doubles,
    shared_codes,
    truths,
    with_columns,
)
from core.stock_classes import classify_abc
from core.tables import FloatArray, numbers

SLACK = 1e-9


def sales_mix(table: pd.DataFrame, *, popularity: float = 0.70) -> pd.DataFrame:
    """Says which products carry the sales, which the profit, which both and which neither.

    Formula:
        share = revenue / total revenue; margin_share = (revenue - cost) / total margin
        unit_margin = (revenue - cost) / quantity
        over the n products with quantity > 0:
        popular: quantity / total quantity >= popularity / n
        rich: unit_margin >= total margin / total quantity (slack 1e-9 of the price level)

    Args:
        table: A row a product: `product_id`, `quantity` (base units), `revenue`, `cost` of what was sold
            (currency units).
        popularity: Part of an equal share of the quantity that makes a product popular.

    Returns:
        The rows with `share`, `margin_share` (fractions of the known totals; sum 1), `unit_margin` (currency
        units a base unit), `rank` (by revenue, 1 the largest, equals share the lowest), `cumulative_share`
        (share of all with at least this revenue), `abc` (as `classify_abc` of revenue) and `role`, the first
        that holds: `unknown` (no quantity; or sold, and revenue or cost missing: counts for no other's role),
        `none` (no sales), `star` (popular and rich), `plowhorse` (popular only), `puzzle` (rich only), `dog`.
        In the trade's words: main product = popular, profit product = rich, slow product = dog.

    Raises:
        InvalidInput: a missing column, not numbers, infinite, a missing product or one twice.

    Source:
        Kasavana, M. L. and Smith, D. I. (1982), Menu Engineering, Hospitality Publications.

    Example:
        >>> table = pd.DataFrame({"product_id": ["tea", "oil", "rice"], "quantity": [60, 30, 10],
        ...                       "revenue": [600.0, 150.0, 250.0], "cost": [300.0, 120.0, 150.0]})
        >>> sales_mix(table)[["share", "rank", "role"]].values.tolist()
        [[0.6, 1.0, 'star'], [0.15, 3.0, 'plowhorse'], [0.25, 2.0, 'puzzle']]
    """
    product, _ = id_codes(table, "product_id", missing=False)
    refuse_doubles(table, ["product_id"], product)
    quantity, revenue, cost = (numbers(table, column) for column in ("quantity", "revenue", "cost"))
    margin = revenue - cost
    classes = classify_abc(revenue)
    added = {
        "share": divide(revenue, np.nansum(revenue)),
        "margin_share": divide(margin, np.nansum(margin)),
        "unit_margin": divide(margin, quantity),
        **_ranking(revenue),
        "abc": first_that_holds({"A": classes == "A", "B": classes == "B"}, "C"),
        "role": _role(quantity, revenue, cost, popularity),
    }
    return with_columns(table, added)


def _ranking(revenue: FloatArray) -> dict[str, FloatArray]:
    """Rank and cumulated share by revenue; equals have both in common, so row order does not matter."""
    known = np.flatnonzero(~np.isnan(revenue))
    value = revenue[known]
    rising = np.sort(value)
    at_least = len(rising) - np.searchsorted(rising, value, side="left")
    more = len(rising) - np.searchsorted(rising, value, side="right")
    reached = np.cumsum(rising[::-1])
    rank, cumulative = np.full(len(revenue), np.nan), np.full(len(revenue), np.nan)
    rank[known] = more + 1
    if len(known):
        cumulative[known] = divide(reached[at_least - 1], reached[-1])
    return {"rank": rank, "cumulative_share": cumulative}


def _role(
    quantity: FloatArray, revenue: FloatArray, cost: FloatArray, popularity: float
) -> "pd.Categorical[str]":
    sold = quantity > 0
    unknown = np.isnan(quantity) | (sold & (np.isnan(revenue) | np.isnan(cost)))
    sold &= ~unknown
    units, margin = quantity[sold], (revenue - cost)[sold]
    total = units.sum()
    popular, rich = np.zeros(len(quantity), dtype=bool), np.zeros(len(quantity), dtype=bool)
    if len(units):
        popular[sold] = units / total >= popularity / len(units) * (1 - SLACK)
        # The slack is measured by the price level: margins of equal products differ by its rounding error.
        level = (np.abs(revenue[sold]) + np.abs(cost[sold])).sum() / total
        rich[sold] = margin / units >= margin.sum() / total - SLACK * level
    cases = {"unknown": unknown, "none": ~sold, "star": popular & rich, "plowhorse": popular, "puzzle": rich}
    return first_that_holds(cases, "dog")


def price_volume_mix(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Explains a change of revenue by price, volume, mix, new and discontinued products.

    Formula:
        over the products with quantity > 0 in both (q, p = revenue / quantity; Q = their total quantity;
        0 before, 1 after):
        price = (p1 - p0) q1; volume = p0 q0 (Q1 / Q0 - 1); mix = p0 (q1 - q0 Q1 / Q0)
        for the others the whole change is `new` when the earlier quantity is 0 or less or missing, otherwise
        `discontinued`

    Args:
        before: A row a product: `product_id`, `quantity` (base units), `revenue` (currency units).
        after: The same of the later period.

    Returns:
        A row a product that stands in either, those of `before` first: `product_id`, `price`, `volume`,
        `mix`, `new`, `discontinued`, `change` (all currency units). The five sum to `change`, row by row; a
        product absent from a period has revenue 0 there; a missing revenue makes the row's effects and change
        NaN.

    Raises:
        InvalidInput: a missing column, not numbers, infinite, a missing product or one twice.

    Source:
        Price-volume-mix (sales variance) analysis: Horngren, C. T., Datar, S. M. and Rajan, M. V. (2015),
        Cost Accounting, 15th ed., Pearson, chapter 14; the treatment of new and lost products is our own.

    Example:
        >>> before = pd.DataFrame({"product_id": ["tea", "oil"], "quantity": [10, 10], "revenue": [100, 50]})
        >>> after = pd.DataFrame({"product_id": ["tea", "oil"], "quantity": [20, 10], "revenue": [180, 50]})
        >>> price_volume_mix(before, after)[["price", "volume", "mix", "change"]].values.tolist()
        [[-20.0, 50.0, 50.0, 80.0], [0.0, 25.0, -25.0, 0.0]]
    """
    quantities = numbers(before, "quantity"), numbers(after, "quantity")
    revenues = numbers(before, "revenue"), numbers(after, "revenue")
    earlier, later, ids = shared_codes(before, after, "product_id")
    refuse_doubles(before, ["product_id"], earlier)
    refuse_doubles(after, ["product_id"], later)
    products = np.arange(len(ids))
    places = positions(products, earlier, len(ids)), positions(products, later, len(ids))
    q0, q1 = (at(quantity, place) for quantity, place in zip(quantities, places, strict=True))
    r0, r1 = (
        np.where(place < 0, 0.0, at(revenue, place)) for revenue, place in zip(revenues, places, strict=True)
    )
    return pd.DataFrame({"product_id": ids, **_effects(q0, q1, r0, r1)})


def _effects(q0: FloatArray, q1: FloatArray, r0: FloatArray, r1: FloatArray) -> dict[str, FloatArray]:
    change = r1 - r0
    stays = (q0 > 0) & (q1 > 0)
    price, volume, mix = (np.zeros(len(change)) for _ in range(3))
    if stays.any():
        growth = q1[stays].sum() / q0[stays].sum()
        # With the change in front a missing revenue on either side leaves none of the three half-explained.
        missing = change[stays] * 0
        at_old_price = r0[stays] / q0[stays] * q1[stays] + missing
        price[stays] = r1[stays] - at_old_price
        volume[stays] = r0[stays] * (growth - 1) + missing
        mix[stays] = at_old_price - r0[stays] * growth
    came = ~stays & ~(q0 > 0)
    return {
        "price": price,
        "volume": volume,
        "mix": mix,
        "new": np.where(came, change, 0.0),
        "discontinued": np.where(~stays & ~came, change, 0.0),
        "change": change,
    }


def share_of_sales(table: pd.DataFrame) -> float:
    """Tells how much of the distributor's sales is ours.

    Formula:
        our revenue / total revenue

    Args:
        table: `product_id`, `own` (true for our products), `revenue` (currency units). A row that misses
            `own` or `revenue` counts for nobody.

    Returns:
        Fraction; 0/0 is NaN, x/0 infinite.

    Raises:
        InvalidInput: a missing column, an `own` that is not true or false, revenue that is no finite
            number.

    Source:
        Own definition, docs/formulas.md.

    Example:
        >>> table = pd.DataFrame({"product_id": ["tea", "oil"], "own": [True, False], "revenue": [60., 40.]})
        >>> share_of_sales(table)
        0.6
    """
    return own_part(table, "revenue")


def display_score(answers: pd.DataFrame) -> float:
    """Scores the display checklist by the weights of what was answered.

    Formula:
        weight of what passed / weight of what was answered

    Args:
        answers: A row an item: `item`, `weight` (0 or more), `passed` (true, false, or missing where the item
            does not apply). A row without a weight counts for nothing.

    Returns:
        Fraction, 0 to 1; NaN when nothing was answered.

    Raises:
        InvalidInput: a missing column, a negative or infinite weight, a `passed` that is not true, false or
            missing, an item twice.

    Source:
        Own definition, docs/formulas.md.

    Example:
        >>> answers = pd.DataFrame({"item": ["shelf", "price tag", "fridge"], "weight": [3, 1, 5],
        ...                         "passed": [True, False, None]})
        >>> display_score(answers)
        0.75
    """
    item, _ = id_codes(answers, "item")
    refuse_doubles(answers, ["item"], item)
    weight = numbers(answers, "weight", minimum=0)
    passed, answered = truths(answers, "passed")
    total = float(np.nansum(weight[answered]))
    return float(np.nansum(weight[passed])) / total if total else float("nan")
