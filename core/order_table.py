"""The table that an order suggestion is made of: stock, demand, promotions and rules put beside each product."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from core.demand_history import History, demand, history
from core.near_expiry import near_expiry
from core.order_suggestion import suggest_order
from core.stock_classes import classify_abc

ASSUMED_SERVICE: Final = 0.95
NEW_DAYS: Final = 120
"""How long after its launch a product is offered as new."""
GROUPS: Final = ("suggested", "idle", "gaps", "new", "unknown")
_TEXTS: Final = ("reason", "capped_by", "status", "missing")


@dataclass(frozen=True)
class Past:
    """What is known of a distributor before this visit counts; quantities in base units, days as datetime64.

    Attributes:
        names: Our products by id in shelf order, with `pack_size, minimum_order, shelf_life_days, is_listed,
            must_sell, launched_on, discontinued_on` and whatever else shall stand in the result.
        before: The last counts: `product_id, lot, expires_on, counted_on, quantity`.
        came: What we delivered since: `product_id, on, quantity` (below 0: sent back).
        periods: What was sold, as `core.demand_history.history` reads it.
        first_on: The day from which each product is sold here, by product.
        prices: Purchase price in currency units a base unit, by product.
        rules: By class A, B, C: `policy, service_level, cover_days, max_days`.
        levels: By product: `min_level, max_level`.
        promotions: `product_id` (missing: all), `uplift` (0.2 = +20 %), `from_on, to_on`.
        coming: Ordered and not yet delivered, by product.
    """

    names: pd.DataFrame
    before: pd.DataFrame
    came: pd.DataFrame
    periods: pd.DataFrame
    first_on: pd.Series
    prices: pd.Series
    rules: pd.DataFrame
    levels: pd.DataFrame
    promotions: pd.DataFrame
    coming: pd.Series


def order_table(
    past: Past, counted: pd.DataFrame, on: date, *, lead_days: int, review_days: int
) -> tuple[pd.DataFrame, History]:
    """The suggestion for every product that a visit asks about, with all that it stands on.

    Formula:
        on_hand = this visit's count; else max(last count + delivered since - demand_mean × days since, 0), the
        last count carried forward (one below 0 stays as it was counted)
        promo_uplift = sum over promotions of uplift × days within the next lead + review days / those days
        lasts = max(usable - coming, 0) / demand_mean
        The other columns and the quantity: `core.order_suggestion.suggest_order`.

    Args:
        past: What was read.
        counted: The visit's count: `product_id, lot, expires_on, quantity` (NaN: left out on purpose).
        on: The day of the visit.
        lead_days: Days from the order to the goods.
        review_days: Days from this visit to the next.

    Returns:
        By product in shelf order what `suggest_order` says, with the columns of `names`, `abc`, `last` and
        `counted_on` (the count it stands on), `is_carried_forward`, `coming`, `method`, `periods`,
        `promotion_on`, `lasts` (days; NaN without sales) and `group`, the first that holds: `new` (launched
        within 120 days) or `gaps` (must be sold), neither on the shelf nor ever sold here; `unknown`
        (no quantity), `suggested` (above 0), `idle`. And the series behind the forecast.

    Raises:
        InvalidInput: as `suggest_order`.
    """
    table = _stock(past, counted, on)
    sales = history(table.index, past.periods, past.first_on, on)
    table = table.join(demand(sales))
    table = _carried_forward(table, on)
    table["unusable"] = _unusable(past, counted, table)
    table["unit_price"] = past.prices.reindex(table.index).astype("float64")
    table["lead_time"], table["review_period"] = float(lead_days), float(review_days)
    table = table.join(_promoted(past.promotions, table.index, on, lead_days + review_days))
    table = _ruled(table, past)
    suggested = suggest_order(table.reset_index(), policy=table["policy"].to_numpy()).set_index("product_id")
    for column in _TEXTS:
        suggested[column] = suggested[column].astype(object).where(suggested[column].notna(), "").astype(str)
    suggested["group"] = _groups(suggested, on)
    suggested["lasts"] = np.where(
        suggested["demand_mean"] > 0,
        np.maximum(suggested["usable"] - suggested["coming"], 0) / suggested["demand_mean"],
        np.nan,
    )
    return suggested, sales


def in_order(table: pd.DataFrame) -> dict[str, list[str]]:
    """The products of each group as they are read: what runs out first, and what sells most, stand on top.

    Args:
        table: The result of `order_table`.

    Returns:
        Ids by group: `suggested` by `lasts`; `unknown` by what is sold a day, in money where there is a price;
        the others in shelf order.
    """
    value = table["demand_mean"] * table["unit_price"]
    by_sales = table.assign(value=value).sort_values(["value", "demand_mean"], ascending=False, kind="stable")
    sorted_tables = {"suggested": table.sort_values("lasts", kind="stable"), "unknown": by_sales}
    lines = {group: sorted_tables.get(group, table) for group in GROUPS}
    return {group: [str(id_) for id_ in rows.index[rows["group"] == group]] for group, rows in lines.items()}


def _stock(past: Past, counted: pd.DataFrame, on: date) -> pd.DataFrame:
    """Our products asked about here, with this visit's count and the last one."""
    last = past.before.groupby("product_id").agg(last=("quantity", "sum"), last_on=("counted_on", "max"))
    table = past.names.join(last)
    now = counted.groupby("product_id")["quantity"].sum(min_count=1).reindex(table.index)
    table["on_hand"] = now.fillna(table["last"])
    is_now = now.notna()
    table["counted_on"] = table["last_on"].where(~is_now, pd.Timestamp(on))
    table["previous_on_hand"] = table["last"].where(is_now)
    later = past.came[past.came["on"] > past.came["product_id"].map(table["last_on"])]
    received = later.groupby("product_id")["quantity"].sum().reindex(table.index).fillna(0.0)
    table["received"] = received.where(table["last"].notna())
    table["receipts"] = table["received"].where(is_now)
    table["coming"] = past.coming.reindex(table.index).fillna(0.0).astype("float64")
    table["on_order"] = table["coming"]
    table["is_carried"] = table["on_hand"].gt(0) | past.first_on.reindex(table.index).notna()
    table["discontinued"] = (table["discontinued_on"] <= pd.Timestamp(on)).fillna(False)
    table["pack"] = table["pack_size"].astype("float64")
    table["minimum"] = table["minimum_order"].astype("float64")
    table["shelf_life"] = table["shelf_life_days"].astype("float64")
    return table[table["is_listed"] | table["on_hand"].gt(0)]


def _carried_forward(table: pd.DataFrame, on: date) -> pd.DataFrame:
    """Stock that this visit did not count, as it should be today; without a rate the count stands as it was."""
    age = (pd.Timestamp(on) - table["counted_on"]).dt.days
    moves = (age > 0) & (table["last"] >= 0) & table["demand_mean"].notna()
    expected = table["last"] + table["received"] - table["demand_mean"] * age
    return table.assign(
        on_hand=table["on_hand"].where(~moves, expected.clip(lower=0)), is_carried_forward=moves
    )


def _unusable(past: Past, counted: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """What of each product's stock passes its date unsold, by the lots and from the day of the count."""
    fresh = counted.loc[counted["quantity"].notna(), "product_id"]
    lots = pd.concat([counted, past.before[~past.before["product_id"].isin(fresh)]])
    kept = lots[lots["expires_on"].notna() & lots["quantity"].gt(0) & lots["product_id"].isin(table.index)]
    rates = table["demand_mean"].where(np.isfinite(table["demand_mean"]))
    columns = ["product_id", "lot", "expires_on", "quantity"]
    unsold = pd.Series(0.0, index=table.index)
    for day, same in kept.groupby(kept["product_id"].map(table["counted_on"])):
        judged = near_expiry(same[columns].reset_index(drop=True), rates, pd.Timestamp(day))
        unsold = unsold.add(judged.groupby("product_id")["at_risk"].sum(), fill_value=0.0)
    # What has gone since the count cannot pass its date any more.
    return unsold.reindex(table.index).clip(upper=table["on_hand"].clip(lower=0)).fillna(0.0)


def _promoted(promotions: pd.DataFrame, products: pd.Index, on: date, days: int) -> pd.DataFrame:
    """The uplift of promotions about to begin, by the share of the days until the next delivery that they hold."""
    start, end = pd.Timestamp(on), pd.Timestamp(on) + pd.Timedelta(days=days)
    uplift = pd.Series(0.0, index=products)
    begins = pd.Series(pd.NaT, index=products, dtype="datetime64[ns]")
    for row in promotions.to_dict("records"):
        held = (min(end, row["to_on"]) - max(start, row["from_on"])).days
        for_all = pd.isna(row["product_id"])
        hit = pd.Series(for_all or products == row["product_id"], index=products)
        uplift[hit] += float(row["uplift"]) * max(held, 0) / max(days, 1)
        begins[hit] = begins[hit].fillna(row["from_on"])
    return pd.DataFrame({"promo_uplift": uplift, "promotion_on": begins})


def _ruled(table: pd.DataFrame, past: Past) -> pd.DataFrame:
    """The company's rule for each product's class; what never sold here counts as C."""
    table["abc"] = classify_abc((table["demand_mean"] * table["unit_price"]).clip(lower=0))
    rules = past.rules.reindex(table["abc"])
    table["policy"] = rules["policy"].fillna("service_level").to_numpy()
    table["service_level"] = rules["service_level"].fillna(ASSUMED_SERVICE).to_numpy()
    for column in ("cover_days", "max_days"):
        table[column] = rules[column].astype("float64").to_numpy()
    return table.join(past.levels)


def _groups(table: pd.DataFrame, on: date) -> pd.Series:
    launched = table["launched_on"] > pd.Timestamp(on) - pd.Timedelta(days=NEW_DAYS)
    absent = ~table["is_carried"] & ~table["discontinued"]
    conditions = [absent & launched, absent & table["must_sell"], table["quantity"].isna()]
    named = np.select(
        [*conditions, table["quantity"] > 0], ["new", "gaps", "unknown", "suggested"], default="idle"
    )
    return pd.Series(named, index=table.index)
