"""How goods flow between two counts: what came, what went, how fast it goes, what should be there."""

from datetime import date

import pandas as pd

from core.stock_formulas import sales_rate


def sold_within(periods: pd.DataFrame, start: pd.Series, end: pd.Series) -> pd.Series:
    """What was sold of each product between two days of its own, periods cut by the day.

    Formula:
        sum over periods of quantity × days within [start, end) / days of the period

    Args:
        periods: `product_id, from_on, to_on, quantity` (base units); to_on after from_on.
        start: The first day of each product, by product.
        end: The day after the last, by product.

    Returns:
        Base units by product, in the order of `start`; 0 where nothing was told, NaN where a day is missing.

    Source:
        Own definition, docs/formulas.md.

    Example:
        >>> day = pd.Timestamp
        >>> week = pd.DataFrame({"product_id": ["tea"], "from_on": [day("2026-11-02")],
        ...                      "to_on": [day("2026-11-09")], "quantity": [70.0]})
        >>> sold_within(week, pd.Series({"tea": day("2026-11-06")}), pd.Series({"tea": day("2026-11-20")}))
        tea    30.0
        dtype: float64
    """
    within = _days_within(periods, start, end)
    length = (periods["to_on"] - periods["from_on"]).dt.days
    sold = (periods["quantity"] * within / length).groupby(periods["product_id"]).sum()
    return sold.reindex(start.index).fillna(0.0).where(start.notna() & end.notna()).astype("float64")


def _days_within(periods: pd.DataFrame, start: pd.Series, end: pd.Series) -> pd.Series:
    first = pd.to_datetime(periods["product_id"].map(start))
    last = pd.to_datetime(periods["product_id"].map(end))
    return _overlap(periods["from_on"], periods["to_on"], first, last)


def _overlap(from_on: pd.Series, to_on: pd.Series, start: pd.Series, end: pd.Series) -> pd.Series:
    """How many days two ranges share, row by row; 0 where a day is missing."""
    first, last = from_on.where(from_on > start, start), to_on.where(to_on < end, end)
    days: pd.Series = (last - first).dt.days.clip(lower=0).fillna(0)
    return days


def pace(
    products: pd.DataFrame, periods: pd.DataFrame, first_on: pd.Series, on: date, days: int
) -> pd.DataFrame:
    """What each product sold in the last days, over how long, and how long it was out of stock.

    A distributor that told of its sales and not of one of our products sold none of it; of a competitor's
    product silence says nothing. A product that it began to sell within these days has the shorter past.

    Formula:
        sales = sum of the quantities of the periods that begin within `days` before `on`
        days = last day told of - the later of the first day told of and the product's own first day

    Args:
        products: By product id, with `is_own` and `launched_on`.
        periods: `product_id, from_on, to_on, quantity` (base units), `stockout_days` (days without stock).
        first_on: The day from which each product is sold here.
        on: The day of the visit.
        days: How far back a period may begin, days.

    Returns:
        By product `sales` (base units), `days`, `stockout_days`; NaN where nothing is known.

    Source:
        Own definition, docs/formulas.md.

    Example:
        >>> day = pd.Timestamp
        >>> goods = pd.DataFrame({"is_own": [True, True], "launched_on": pd.to_datetime(["2020-01-01"] * 2)},
        ...                      index=["tea", "oil"])
        >>> week = pd.DataFrame({"product_id": ["tea"], "from_on": [day("2026-11-02")],
        ...                      "to_on": [day("2026-11-09")], "quantity": [70.0], "stockout_days": [1]})
        >>> first = pd.Series([], dtype="datetime64[s]")
        >>> pace(goods, week, first, date(2026, 11, 21), 56).values.tolist()
        [[70.0, 7.0, 1.0], [0.0, 7.0, 0.0]]
    """
    recent = periods[periods["from_on"] >= pd.Timestamp(on) - pd.Timedelta(days=days)]
    told = recent.groupby("product_id").agg(
        sales=("quantity", "sum"),
        from_on=("from_on", "min"),
        to_on=("to_on", "max"),
        stockout_days=("stockout_days", "sum"),
    )
    table = told.reindex(products.index)
    own = products["is_own"]
    ours = recent[recent["product_id"].isin(products.index[own])]
    if len(ours):
        began = first_on.reindex(products.index).fillna(products["launched_on"])
        start = began.where(began > ours["from_on"].min(), ours["from_on"].min())
        table.loc[own, "from_on"] = start[own]
        table.loc[own, "to_on"] = ours["to_on"].max()
        table.loc[own, ["sales", "stockout_days"]] = table.loc[own, ["sales", "stockout_days"]].fillna(0.0)
    length = (table["to_on"] - table["from_on"]).dt.days
    table["days"] = length.where(length > 0).astype("float64")
    table["sales"] = table["sales"].where(table["days"].notna()).astype("float64")
    table["stockout_days"] = table["stockout_days"].astype("float64")
    return table[["sales", "days", "stockout_days"]]


def balance(table: pd.DataFrame, came: pd.DataFrame, periods: pd.DataFrame, on: date) -> pd.DataFrame:
    """What should be there: the last count, plus what came, less what went.

    Formula:
        expected = last + received - returned - sold
        sold = what was told for the days since + the pace × the days not told of

    Args:
        table: By product `last` (base units), `last_on`, `is_own`, and the columns of `pace`.
        came: `product_id, on, quantity` (base units; negative: returned to us); what came on the day of the last
            count was counted.
        periods: As `pace` takes it.
        on: The day of the visit.

    Returns:
        By product `since_days`, `received`, `returned`, `sold`, `expected` (base units; NaN where the last count
        or the sales are unknown, and for a competitor's product, of which nobody tells us what came).

    Source:
        Stock balance; own definition, docs/formulas.md.

    Example:
        >>> day = pd.Timestamp
        >>> tea = pd.DataFrame({"last": [100.0], "last_on": [day("2026-11-05")], "is_own": [True], "sales": [70.0],
        ...                     "days": [7.0], "stockout_days": [0.0]}, index=["tea"])
        >>> came = pd.DataFrame({"product_id": ["tea"], "on": [day("2026-11-07")], "quantity": [50.0]})
        >>> week = pd.DataFrame({"product_id": ["tea"], "from_on": [day("2026-11-02")],
        ...                      "to_on": [day("2026-11-09")], "quantity": [70.0]})
        >>> balance(tea, came, week, date(2026, 11, 11))[["received", "sold", "expected"]].values.tolist()
        [[50.0, 60.0, 90.0]]
    """
    last_on = table["last_on"]
    later = came[came["on"] > came["product_id"].map(last_on)]
    by_product = later["product_id"]
    received = later["quantity"].clip(lower=0).groupby(by_product).sum()
    returned = (-later["quantity"].clip(upper=0)).groupby(by_product).sum()
    result = pd.DataFrame(index=table.index)
    today = pd.Series(pd.Timestamp(on), index=table.index)
    result["since_days"] = (today - last_on).dt.days
    # What a competitor delivers we are not told.
    known = last_on.notna() & table["is_own"]
    for name, moved in {"received": received, "returned": returned}.items():
        result[name] = moved.reindex(table.index).fillna(0.0).where(known).astype("float64")
    told_days = _told_days(table, periods, last_on, today)
    untold = (result["since_days"] - told_days).clip(lower=0)
    rate = sales_rate(table["sales"], table["days"], table["stockout_days"].fillna(0))
    rest = (untold * rate).where(untold > 0, 0.0)
    result["sold"] = sold_within(periods, last_on, today) + rest
    result["expected"] = table["last"] + result["received"] - result["returned"] - result["sold"]
    return result


def _told_days(table: pd.DataFrame, periods: pd.DataFrame, start: pd.Series, end: pd.Series) -> pd.Series:
    """How many days of [start, end) the distributor has told of: ours as a whole, a competitor's by itself."""
    spans = periods.groupby("product_id").agg(from_on=("from_on", "min"), to_on=("to_on", "max"))
    spans = spans.reindex(table.index)
    own = table["is_own"]
    spans.loc[own, "from_on"], spans.loc[own, "to_on"] = (
        spans.loc[own, "from_on"].min(),
        spans.loc[own, "to_on"].max(),
    )
    told = spans["from_on"].notna()
    return _overlap(spans["from_on"], spans["to_on"], start, end).where(told, 0)
