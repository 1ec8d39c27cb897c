"""What the stock screen knows in one run: read once, calculated once, one row a product."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

import numpy as np
import pandas as pd
import streamlit as st

from core.inventory import near_expiry
from core.inventory_flow import balance, pace, sold_within
from core.inventory_judged import change_of_stock, judge_stock, ratio_of_sums, share_of_counted
from data.access import Actor
from data.assortment import assortment
from data.company import CompanySettings
from data.database import database
from data.engine import reading_anew
from data.identifiers import new_id
from data.inventory import (
    Delivery,
    counts_of_day,
    deliveries,
    first_sales,
    last_counts,
    next_delivery,
    sales_periods,
)
from data.other_stock import OtherStock, other_stock
from data.price_comparison import purchase_prices, seen_prices
from ui.latest_changes import REMEMBERED_SECONDS, REMEMBERED_VISITS, stamp_of
from ui.visit_frame import VisitPage

PACE_DAYS = 56
"""Eight weeks: long enough for slow products, short enough for the season."""
MONTH_DAYS = 30
OLDEST_DAYS = 240
"""How far back sales are read to bridge the days since the last count."""


@dataclass(frozen=True)
class Past:
    """What counting does not change: products, the last count, what came and went since, and prices."""

    names: pd.DataFrame
    before: pd.DataFrame
    came: pd.DataFrame
    periods: pd.DataFrame
    first_on: pd.Series
    prices: pd.Series
    selling: pd.Series
    delivery: Delivery | None


@dataclass(frozen=True)
class StockFacts:
    """The stock of a visit against what it should be and against what sells.

    Attributes:
        on: The day of the visit.
        counted: Rows of the visit's own count, as `data.inventory.counts_of_day` gives them.
        before: Rows of the last count, as `data.inventory.last_counts` gives them.
        table: By product, in shelf order, what `core.inventory_judged.judge_stock` says; own products first.
        lots: The dated lots on hand with `days_left` and `at_risk`.
        delivery: The next goods to come; `None` when unknown.
        min_days, max_days: Days of supply between which stock is normal.
        ratio, ratio_before: Stock to sales of 30 days, in value at purchase prices, now and at the last count.
        supply: Days that the whole stock lasts, in value; NaN when undefined.
        change: By product in either count `change` (base units), its `worth` (at purchase prices) and its `kind`, as
            `core.inventory.stock_change` says; empty where nothing was counted now or ever before.
        others: The last two sums told of the distributor's other goods, the newest first.
        rivals_share: Our share by counted products, all at the prices at which they are sold here.
        name: Of these facts alone: what is made of them is remembered under it.
    """

    on: date
    counted: pd.DataFrame
    before: pd.DataFrame
    table: pd.DataFrame
    lots: pd.DataFrame
    delivery: Delivery | None
    min_days: int
    max_days: int
    ratio: float
    ratio_before: float
    supply: float
    change: pd.DataFrame
    others: list[OtherStock]
    rivals_share: float
    name: str = field(default_factory=new_id)

    @cached_property
    def is_counted(self) -> bool:
        """Whether anything was counted during the visit."""
        return bool(self.table["counted"].notna().any())

    @cached_property
    def own(self) -> pd.DataFrame:
        """Our products."""
        return self.table[self.table["is_own"]]

    @cached_property
    def judged(self) -> pd.DataFrame:
        """Our products whose stock is known: counted in this visit, or else all of the last count."""
        return self.own[self.own["on_hand"].notna()]

    @cached_property
    def basis_on(self) -> date | None:
        """The day of the count that the figures stand on; `None` where nothing was ever counted."""
        if self.is_counted:
            return self.on
        last = self.own["last_on"].max()
        return None if pd.isna(last) else last.date()


def stock_facts(page: VisitPage) -> StockFacts:
    """Reads and calculates everything for a visit.

    What this visit enters counts at once; what others enter, and the office changes, within a minute.
    """
    visit, actor, on, stamp = page.visit, page.actor, page.visit.planned_on, stamp_of(page)
    past = _past(actor.user_id, visit.id, stamp, on, page.company.tax_basis, actor, visit.distributor_id)
    return _facts(actor.user_id, visit.id, visit.changed_at, stamp, on, past, page)


# Handed to every run as they are, not copied: the screens read these tables and change none of them.
@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=REMEMBERED_VISITS, show_spinner=False)
def _past(
    user_id: str, visit_id: str, stamp: str, on: date, basis: str, _actor: Actor, _distributor_id: str
) -> Past:
    place = _distributor_id
    with reading_anew(database()) as session:
        names = assortment(session, _actor, place, on).set_index("product_id")
        before = last_counts(session, _actor, [place], before=on)
        since = _earliest(before, on)
        came = deliveries(session, _actor, place, after=since.date(), until=on)
        periods = sales_periods(session, _actor, place, start=since.date(), end=on)
        first_on = first_sales(session, _actor, place)
        paid = purchase_prices(session, _actor, on=on, tax_basis=basis).set_index("product_id")["price"]
        seen = seen_prices(session, _actor, place, on=on, tax_basis=basis)
        delivery = next_delivery(session, _actor, place, on)
    selling = seen[(seen["kind"] == "selling") & (seen["newest"] == 1)].set_index("product_id")["price"]
    return Past(names, before, came, periods, first_on, paid, selling, delivery)


def _earliest(before: pd.DataFrame, on: date) -> pd.Timestamp:
    """From when sales are needed: for the pace, and for the month before the last count."""
    day = pd.Timestamp(on)
    pace_from = day - pd.Timedelta(days=PACE_DAYS)
    if before.empty:
        return pace_from
    wanted: pd.Timestamp = before["counted_on"].min() - pd.Timedelta(days=MONTH_DAYS)
    return max(min(wanted, pace_from), day - pd.Timedelta(days=OLDEST_DAYS))


@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=REMEMBERED_VISITS, show_spinner=False)
def _facts(
    user_id: str, visit_id: str, changed_at: datetime, stamp: str, on: date, _past: Past, _page: VisitPage
) -> StockFacts:
    """An entry changes `changed_at` of its visit, others' the stamp: either asks for fresh facts."""
    actor, place = _page.actor, _page.visit.distributor_id
    with reading_anew(database()) as session:
        counted = counts_of_day(session, actor, place, on)
        others = other_stock(session, actor, place, on)
    return replace(calculated(_past, counted, on=on, company=_page.company), others=others)


def calculated(past: Past, counted: pd.DataFrame, *, on: date, company: CompanySettings) -> StockFacts:
    """The facts of a visit from what was read.

    Args:
        past: What counting does not change.
        counted: The visit's count, as `data.inventory.counts_of_day` gives it.
        on: The day of the visit.
        company: The thresholds.
    """
    wait = (past.delivery.on - on).days if past.delivery else 0
    min_days = max(company.short_days, wait)
    max_days = max(company.excess_days, min_days)
    flow = _flow(past, counted, on)
    table = judge_stock(flow, min_days=min_days, max_days=max_days, month_days=MONTH_DAYS)
    is_counted = bool(table["counted"].notna().any())
    lots = _lots(counted if is_counted else past.before, table, on)
    table["at_risk"] = lots.groupby("product_id")["at_risk"].sum(min_count=1).reindex(table.index)
    own = table[table["is_own"]]
    both = own[own["value"].notna() & own["month_value"].notna()]
    earlier = (
        both[both["value_before"].notna() & both["month_value_before"].notna()] if is_counted else both[:0]
    )
    return StockFacts(
        on=on,
        counted=counted,
        before=past.before,
        # Column by column made, its rows would be picked column by column each time; a copy holds them in blocks.
        table=table.copy(),
        lots=lots,
        delivery=past.delivery,
        min_days=min_days,
        max_days=max_days,
        ratio=ratio_of_sums(both["value"], both["month_value"]),
        ratio_before=ratio_of_sums(earlier["value_before"], earlier["month_value_before"]),
        supply=ratio_of_sums(both["value"], both["rate"] * both["price"]),
        change=change_of_stock(own),
        others=[],
        rivals_share=share_of_counted(table),
    )


def _flow(past: Past, counted: pd.DataFrame, on: date) -> pd.DataFrame:
    """Products with the last count, what came and went since, what was counted now, and the pace of sales."""
    last = past.before.groupby("product_id").agg(last=("quantity", "sum"), last_on=("counted_on", "max"))
    table = past.names.join(last)
    now = counted.groupby("product_id")["quantity"]
    table["counted"] = now.sum(min_count=1).reindex(table.index)
    table["is_skipped"] = table.index.isin(counted["product_id"]) & table["counted"].isna()
    asked = table["is_listed"] | (table["last"] > 0) | table.index.isin(counted["product_id"])
    table = table[asked].sort_values("is_own", ascending=False, kind="stable")
    table = table.join(pace(table, past.periods, past.first_on, on, PACE_DAYS))
    table = table.join(balance(table, past.came, past.periods, on))
    table["price"] = past.prices.reindex(table.index)
    table["selling"] = past.selling.reindex(table.index)
    month = pd.Timedelta(days=MONTH_DAYS)
    told_from, told_until = past.periods["from_on"].min(), past.periods["to_on"].max()
    ends = pd.Series(pd.Timestamp(on), index=table.index)
    ends = ends.where(ends < told_until, told_until)
    table["month"] = sold_within(past.periods, ends - month, ends).where(table["sales"].notna())
    then = table["last_on"].where(table["last_on"] < told_until, told_until)
    table["month_before"] = sold_within(past.periods, then - month, then).where(then - month >= told_from)
    return table


def _lots(counts: pd.DataFrame, table: pd.DataFrame, on: date) -> pd.DataFrame:
    """Our dated lots on hand with `days_left` and `at_risk`, what expires first on top."""
    own = table.index[table["is_own"]]
    kept = counts[counts["expires_on"].notna() & (counts["quantity"] > 0) & counts["product_id"].isin(own)]
    rates = table["rate"].where(np.isfinite(table["rate"]))
    judged = near_expiry(kept[["product_id", "lot", "expires_on", "quantity"]], rates, pd.Timestamp(on))
    return judged.sort_values(["expires_on", "product_id"], ignore_index=True)
