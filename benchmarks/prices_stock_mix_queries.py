"""What `prices_stock_mix` measures itself against: the same answers as SQL for DuckDB and in plain pandas."""

import numpy as np
import pandas as pd

AS_OF = pd.Timestamp("2026-11-21")

COMPARE = """
with market as (select product_id, median(price) as median, min(price) as low, max(price) as high,
                       count(*) as n from prices group by product_id),
     apart as (select prices.*, median, low, high, n, abs(price - median) as distance
               from prices join market using (product_id)),
     spread as (select product_id, median(distance) as mad, avg(distance) as mean from apart group by product_id)
select distributor_id, product_id, price, n - 1 as peers, median, low, high, price / median - 1 as deviation,
       (rank() over (partition by product_id order by price) - 1) / nullif(n - 1.0, 0) as percent_rank,
       case when mad > 0 then 0.6745 * (price - median) / mad
            when mean > 0 then (price - median) / (1.253314 * mean) else 0 end as robust_z,
       case when n - 1 < 3 then 'too_few'
            when abs(price / median - 1) >= 0.03 and (mad = 0 or abs(0.6745 * (price - median) / mad) > 3.5)
            then case when price < median then 'low' else 'high' end
            else 'normal' end as status
from apart join spread using (product_id)
"""
ABC = """
select id, case when value <= 0 then 'C' when before < 0.8 - 1e-12 then 'A'
                when before < 0.95 - 1e-12 then 'B' else 'C' end as class
from (select id, value, coalesce(sum(value) over (order by value desc
             range between unbounded preceding and current row exclude group), 0)
             / sum(value) over () as before
      from (select id, greatest(value, 0) as value from revenue))
"""
BRIDGE = """
with both_periods as (select coalesce(b.product_id, a.product_id) as product_id, b.quantity as q0,
                             a.quantity as q1, coalesce(b.revenue, 0) as r0, coalesce(a.revenue, 0) as r1,
                             coalesce(b.quantity > 0 and a.quantity > 0, false) as stays
                      from before b full join after a using (product_id)),
     total as (select sum(q1) / sum(q0) as growth from both_periods where stays)
select product_id, case when stays then r1 - r0 / q0 * q1 else 0 end as price,
       case when stays then r0 * (growth - 1) else 0 end as volume,
       case when stays then r0 / q0 * q1 - r0 * growth else 0 end as mix,
       case when not stays and not coalesce(q0 > 0, false) then r1 - r0 else 0 end as new,
       case when not stays and coalesce(q0 > 0, false) then r1 - r0 else 0 end as discontinued, r1 - r0 as change
from both_periods, total
"""
EXPIRY = """
with kept as (select product_id, lot, expires_on, quantity, date_diff('day', $as_of::timestamp, expires_on)
                     as days_left, greatest(0, sum(quantity) over (partition by product_id order by expires_on,
                     lot rows unbounded preceding) - rate * greatest(0, days_left)) as unsold
              from lots join rates using (product_id)),
     upto as (select *, max(unsold) over (partition by product_id order by expires_on, lot
                     rows unbounded preceding) as most from kept)
select product_id, lot, expires_on, quantity, days_left, most - coalesce(lag(most) over
       (partition by product_id order by expires_on, lot), 0) as at_risk from upto
"""


def pandas_comparison(prices: pd.DataFrame) -> pd.DataFrame:
    by_product = prices.groupby("product_id")["price"]
    result = prices.assign(
        peers=by_product.transform("count") - 1,
        median=by_product.transform("median"),
        low=by_product.transform("min"),
        high=by_product.transform("max"),
    )
    result["deviation"] = result["price"] / result["median"] - 1
    result["percent_rank"] = (by_product.rank(method="min") - 1) / result["peers"].replace(0, np.nan)
    distance = (result["price"] - result["median"]).abs()
    by_distance = distance.groupby(result["product_id"])
    mad, mean = by_distance.transform("median"), by_distance.transform("mean")
    over = result["price"] - result["median"]
    result["robust_z"] = (0.6745 * over / mad).where(mad > 0, (over / (1.253314 * mean)).where(mean > 0, 0))
    far = (result["deviation"].abs() >= 0.03) & ((mad == 0) | (result["robust_z"].abs() > 3.5))
    result["status"] = np.select(
        [result["peers"] < 3, far & (over < 0), far], ["too_few", "low", "high"], "normal"
    )
    return result


def pandas_abc(revenue: pd.Series) -> pd.Series:
    falling = revenue.clip(lower=0).sort_values(ascending=False)
    before = ((falling.cumsum() - falling) / falling.sum()).groupby(falling).transform("min")
    classes = np.select([falling <= 0, before < 0.8 - 1e-12, before < 0.95 - 1e-12], ["C", "A", "B"], "C")
    return pd.Series(classes, index=falling.index).sort_index()


def pandas_bridge(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    joined = before.merge(after, on="product_id", how="outer", suffixes=("_0", "_1"))
    q0, q1 = joined["quantity_0"], joined["quantity_1"]
    r0, r1 = joined["revenue_0"].fillna(0), joined["revenue_1"].fillna(0)
    stays = (q0 > 0) & (q1 > 0)
    rate = q1[stays].sum() / q0[stays].sum()
    change = r1 - r0
    return pd.DataFrame(
        {
            "product_id": joined["product_id"],
            "price": (r1 - r0 / q0 * q1).where(stays, 0),
            "volume": (r0 * (rate - 1)).where(stays, 0),
            "mix": (r0 / q0 * q1 - r0 * rate).where(stays, 0),
            "new": change.where(~stays & ~(q0 > 0), 0),
            "discontinued": change.where(~stays & (q0 > 0), 0),
            "change": change,
        }
    )


def pandas_expiry(lots: pd.DataFrame, rates: dict[str, float]) -> pd.DataFrame:
    first = lots.sort_values(["product_id", "expires_on", "lot"])
    days_left = (first["expires_on"] - AS_OF).dt.days
    sellable = first["product_id"].map(rates) * days_left.clip(lower=0)
    unsold = (first.groupby("product_id")["quantity"].cumsum() - sellable).clip(lower=0)
    most = unsold.groupby(first["product_id"]).cummax()
    at_risk = most - most.groupby(first["product_id"]).shift(fill_value=0)
    return first.assign(days_left=days_left, at_risk=at_risk).sort_index()
