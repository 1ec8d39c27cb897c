"""A shelf judged as a whole: each product's stock against its sales, what all of it lasts, what changed, whose it is.

The formulas of one product are in `core.inventory`; here they meet in the one table that a count makes.
"""

import numpy as np
import pandas as pd

from core.inventory import classify_abc, derived_sales, own_share, sales_rate, stock_change, stock_status


def judge_stock(table: pd.DataFrame, *, min_days: int, max_days: int, month_days: int) -> pd.DataFrame:
    """Adds to a count what it says of the sales, and what stock and sales say of each other.

    Formula:
        derived = last + received - returned - counted, where nobody told of the sales since
        rate = sales / (days - stockout_days), of `derived` where nothing was told
        value = base units × purchase price

    Args:
        table: By product `is_own`, `pack_size`, `price` (purchase, currency units a base unit), `last`, `counted`,
            `received`, `returned` (base units), `since_days`, `days`, `stockout_days` (days), `sales`, `month`,
            `month_before` (base units sold of the last days, of `month_days`, and of as many before the last count).
        min_days: Days of supply below which stock is short.
        max_days: Days of supply above which stock is too much.
        month_days: The days of `month`.

    Returns:
        The table with `derived`, `is_estimated` (the pace is `derived`), `rate` (base units a day), `on_hand` (what
        was counted; where nothing was counted at all, what was there last time), `days_of_supply` (days), `status`
        (`core.inventory.stock_status`), `value`, `value_before`, `month_value`, `month_value_before` (currency
        units), `abc` (by value sold; empty for competitors' products) and `is_fast` (makes 80 % of the cases
        sold). NaN where a needed figure is missing.

    Raises:
        InvalidInput: not numbers, infinite, `min_days` above `max_days`.

    Source:
        Own definition, docs/formulas.md.

    Example:
        >>> tea = {"is_own": True, "pack_size": 10, "price": 2.0, "last": 300.0, "counted": 120.0, "received": 0.0,
        ...        "returned": 0.0, "since_days": 14, "days": 56.0, "stockout_days": 0.0, "sales": 560.0,
        ...        "month": 300.0, "month_before": 300.0}
        >>> judged = judge_stock(pd.DataFrame([tea]), min_days=7, max_days=45, month_days=30)
        >>> judged[["days_of_supply", "status", "value"]].values.tolist()
        [[12.0, 'normal', 240.0]]
    """
    table = _with_pace(table, month_days)
    table["on_hand"] = table["counted" if table["counted"].notna().any() else "last"]
    without = table["stockout_days"].fillna(0)
    in_stock = table["days"] - without.where(without < table["days"], 0)
    judged = stock_status(
        pd.DataFrame(
            {
                "product_id": table.index,
                "on_hand": table["on_hand"].to_numpy(),
                "sales": table["sales"].to_numpy(),
                "days": in_stock.to_numpy(),
            }
        ),
        min_days=min_days,
        max_days=max_days,
    )
    table["days_of_supply"] = judged["days_of_supply"].to_numpy()
    table["status"] = judged["status"].astype(str).to_numpy()
    for value, pieces in {
        "value": "on_hand",
        "value_before": "last",
        "month_value": "month",
        "month_value_before": "month_before",
    }.items():
        table[value] = table[pieces] * table["price"]
    own = table["is_own"]
    table["abc"] = ""
    table.loc[own, "abc"] = classify_abc(table.loc[own, "rate"] * table.loc[own, "price"])
    table["is_fast"] = False
    cases = table.loc[own, "rate"] / table.loc[own, "pack_size"]
    table.loc[own, "is_fast"] = classify_abc(cases) == "A"
    return table


def _with_pace(table: pd.DataFrame, month_days: int) -> pd.DataFrame:
    derived = derived_sales(table["last"], table["received"], table["returned"], table["counted"])
    unknown = table["sales"].isna()
    table = table.assign(derived=np.where(unknown & (table["since_days"] > 0), derived, np.nan))
    table["is_estimated"] = table["derived"] >= 0
    table["sales"] = table["sales"].where(~table["is_estimated"], table["derived"])
    table["days"] = table["days"].where(~table["is_estimated"], table["since_days"])
    table["rate"] = sales_rate(table["sales"], table["days"], table["stockout_days"].fillna(0))
    table["month"] = table["month"].where(~table["is_estimated"], table["rate"] * month_days)
    return table


def ratio_of_sums(values: pd.Series, against: pd.Series) -> float:
    """A ratio of two totals: stock to sales of a whole shelf, or the days that all of it lasts.

    Formula:
        sum(values) / sum(against)

    Args:
        values: What is on hand, currency units.
        against: What is sold of the same products, currency units (in a month, or a day).

    Returns:
        The ratio (times, or days); NaN where nothing is sold.

    Source:
        Own definition, docs/formulas.md.

    Example:
        >>> ratio_of_sums(pd.Series([300.0, 100.0]), pd.Series([100.0, 100.0]))
        2.0
    """
    total = float(against.sum())
    return float(values.sum()) / total if total > 0 else float("nan")


def change_of_stock(own: pd.DataFrame) -> pd.DataFrame:
    """What changed of our products since the last count, and what that is worth.

    Formula:
        worth = change × purchase price

    Args:
        own: By product `last`, `counted` (base units; NaN: not counted), `price` (currency units a base unit),
            `is_listed`. What is no longer listed and was counted as 0 is gone, not merely down.

    Returns:
        By product in either count `change` (base units), `kind` (`core.inventory.stock_change`) and `worth` (currency
        units); empty where nothing was counted now or ever before.

    Raises:
        InvalidInput: not numbers or infinite.

    Source:
        Own definition, docs/formulas.md.

    Example:
        >>> tea = {"last": 20.0, "counted": 12.0, "price": 2.0, "is_listed": True}
        >>> own = pd.DataFrame([tea], index=["tea"])
        >>> change_of_stock(own).values.tolist()
        [[-8.0, 'down', -16.0]]
    """
    is_comparable = bool(own["counted"].notna().any() and own["last"].notna().any())
    earlier = own.loc[own["last"].notna() & is_comparable, "last"]
    later = own.loc[(own["is_listed"] | ~(own["counted"] == 0)) & is_comparable, "counted"]
    before, now = (
        count.rename("on_hand").rename_axis("product_id").reset_index() for count in (earlier, later)
    )
    changed = stock_change(before, now).set_index("product_id")[["change", "kind"]].astype({"kind": "str"})
    return changed.assign(worth=changed["change"] * own["price"].reindex(changed.index))


def share_of_counted(table: pd.DataFrame) -> float:
    """Our share of what was counted, all at the prices at which the distributor sells.

    Formula:
        sum of ours on_hand × selling / sum of all on_hand × selling

    Args:
        table: By product `is_own`, `on_hand` (base units), `selling` (currency units a base unit); without one of
            the two a product is in neither sum.

    Returns:
        A fraction; NaN without a competitor's product.

    Source:
        Own definition, docs/formulas.md.

    Example:
        >>> table = pd.DataFrame({"is_own": [True, False], "on_hand": [30.0, 10.0], "selling": [2.0, 6.0]})
        >>> share_of_counted(table)
        0.5
    """
    known = table[(table["on_hand"] * table["selling"]).notna()]
    if known["is_own"].all():
        return float("nan")
    value = (known["on_hand"] * known["selling"]).to_numpy()
    return own_share(
        pd.DataFrame({"product_id": known.index, "own": known["is_own"].to_numpy(), "value": value})
    )
