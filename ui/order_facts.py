"""What the order screen knows in one run: stock, demand, rules and prices read once, one suggestion a product."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.inventory import classify_abc, near_expiry
from core.order_suggestion import suggest_order
from data.access import Actor
from data.assortment import assortment
from data.company import CompanySettings
from data.database import database
from data.engine import reading
from data.inventory import counts_of_day, deliveries, first_sales, last_counts, sales_periods
from data.order_records import Offer
from data.order_suggestion import (
    Rhythm,
    goods_coming,
    order_rules,
    orderable,
    promotions_between,
    rhythm,
    stock_levels,
)
from data.price_comparison import purchase_prices
from ui.order_history import WEEKS, History, demand, history
from ui.visit_frame import VisitPage

ASSUMED_LEAD_DAYS = 7
"""Said on the screen where nobody has said how long a delivery takes."""
ASSUMED_SERVICE = 0.95
NEW_DAYS = 120
"""How long after its launch a product is offered as new."""
PROMOTION_KNOWN_DAYS = 7
"""A promotion that has run for longer is in the sales already."""

GROUPS = ("suggested", "idle", "gaps", "new", "unknown")


@dataclass(frozen=True)
class Past:
    """What counting does not change."""

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
    rhythm: Rhythm


@dataclass(frozen=True)
class OrderFacts:
    """The suggestion of a visit.

    Attributes:
        on: The day of the visit.
        table: By product in shelf order, what `core.order_suggestion.suggest_order` says, with the names, `abc`,
            `counted_on`, `coming`, `method`, `periods`, `promotion_on` and `group` (one of `GROUPS`).
        lead_days: Days until the goods come, assumed where `is_lead_assumed`.
        review_days: Days from this visit to the next.
        count_on: The day of the count that most lines stand on; `None` where nothing was ever counted.
        sales: The series behind the forecast.
    """

    on: date
    table: pd.DataFrame
    lead_days: int
    is_lead_assumed: bool
    review_days: int
    count_on: date | None
    sales: History

    @property
    def deliver_on(self) -> date:
        """The day the goods are expected."""
        return self.on + timedelta(days=self.lead_days)

    @property
    def target_days(self) -> int:
        """How long the stock must last: until the delivery after this one."""
        return self.lead_days + self.review_days

    def of(self, group: str) -> pd.DataFrame:
        """The lines of a group, in shelf order; those that run out first lead the suggested ones."""
        return self.table[self.table["group"] == group]

    def offers(self) -> tuple[Offer, ...]:
        """Every line as it is saved: nothing of the gaps and the new products without a tap."""
        return tuple(_offer(str(id_), row) for id_, row in self.table.to_dict("index").items())


def _offer(product_id: str, row: dict[Any, Any]) -> Offer:
    suggested = None if np.isnan(row["quantity"]) else Decimal(round(row["quantity"]))
    return Offer(
        product_id=product_id,
        suggested=suggested,
        quantity=suggested if suggested and row["group"] == "suggested" else Decimal(0),
        pack_size=int(row["pack"]),
        unit_price=None if np.isnan(row["unit_price"]) else Decimal(str(round(row["unit_price"], 4))),
    )


def order_facts(page: VisitPage) -> OrderFacts:
    """Reads and calculates the suggestion; what this visit counts moves it at once, other news within two minutes."""
    visit, actor, company = page.visit, page.actor, page.company
    past = _past(
        actor.user_id, visit.id, visit.planned_on, visit.next_visit_on, company.tax_basis, actor, page
    )
    with reading(database()) as session:
        counted = counts_of_day(session, actor, visit.distributor_id, visit.planned_on)
    return _facts(actor.user_id, visit.id, visit.planned_on, visit.next_visit_on, counted, past)


@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def _past(
    user_id: str,
    visit_id: str,
    on: date,
    next_visit_on: date | None,
    basis: str,
    _actor: Actor,
    _page: VisitPage,
) -> Past:
    place = _page.visit.distributor_id
    company: CompanySettings = _page.company
    with reading(database()) as session:
        found = rhythm(session, _actor, visit_id, company)
        horizon = on + timedelta(days=_lead(found)[0] + _review(found, on))
        names = assortment(session, _actor, place, on)
        names = names[names["is_own"]].merge(orderable(session, _actor), on="product_id")
        before = last_counts(session, _actor, [place], before=on)
        earliest = before["counted_on"].min()
        since = on if pd.isna(earliest) else earliest.date()
        return Past(
            names=names.set_index("product_id"),
            before=before,
            came=deliveries(session, _actor, place, after=since, until=on),
            periods=sales_periods(session, _actor, place, start=on - timedelta(weeks=WEEKS + 1), end=on),
            first_on=first_sales(session, _actor, place),
            prices=purchase_prices(session, _actor, on=on, tax_basis=basis).set_index("product_id")["price"],
            rules=order_rules(session, _actor).set_index("abc_class"),
            levels=stock_levels(session, _actor, place).set_index("product_id"),
            promotions=promotions_between(
                session, _actor, after=on - timedelta(days=PROMOTION_KNOWN_DAYS), before=horizon
            ),
            coming=goods_coming(session, _actor, visit_id),
            rhythm=found,
        )


# Keyed by what was counted: only a count moves the suggestion within the minutes that the rest is kept.
@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def _facts(
    user_id: str,
    visit_id: str,
    on: date,
    next_visit_on: date | None,
    counted: pd.DataFrame,
    _past: Past,
) -> OrderFacts:
    return calculated(_past, counted, on)


def calculated(past: Past, counted: pd.DataFrame, on: date) -> OrderFacts:
    """The suggestion from what was read.

    Args:
        past: What counting does not change.
        counted: The visit's count, as `data.inventory.counts_of_day` gives it.
        on: The day of the visit.
    """
    (lead, assumed), review = _lead(past.rhythm), _review(past.rhythm, on)
    table = _stock(past, counted, on)
    sales = history(table.index, past.periods, past.first_on, on)
    table = table.join(demand(sales))
    table["unusable"] = _unusable(past, counted, table, on)
    table["unit_price"] = past.prices.reindex(table.index).astype("float64")
    table["lead_time"], table["review_period"] = float(lead), float(review)
    table = table.join(_promoted(past.promotions, table.index, on, lead, review))
    table = _ruled(table, past)
    suggested = suggest_order(table.reset_index(), policy=table["policy"].to_numpy()).set_index("product_id")
    for column in ("reason", "capped_by", "status", "missing"):
        suggested[column] = suggested[column].astype(object).where(suggested[column].notna(), "").astype(str)
    suggested["group"] = _groups(suggested, on)
    suggested["lasts"] = np.where(
        suggested["demand_mean"] > 0,
        np.maximum(suggested["usable"] - suggested["coming"], 0) / suggested["demand_mean"],
        np.nan,
    )
    days = suggested["counted_on"].dropna()
    return OrderFacts(
        on=on,
        table=suggested,
        lead_days=lead,
        is_lead_assumed=assumed,
        review_days=review,
        count_on=None if days.empty else days.mode().max().date(),
        sales=sales,
    )


def _lead(found: Rhythm) -> tuple[int, bool]:
    return (ASSUMED_LEAD_DAYS, True) if found.lead_days is None else (found.lead_days, False)


def _review(found: Rhythm, on: date) -> int:
    if found.next_visit_on is None or found.next_visit_on <= on:
        return found.interval_days
    return (found.next_visit_on - on).days


def _stock(past: Past, counted: pd.DataFrame, on: date) -> pd.DataFrame:
    """Our products asked about here, with the stock of this visit's count, else of the last."""
    last = past.before.groupby("product_id").agg(last=("quantity", "sum"), last_on=("counted_on", "max"))
    table = past.names.join(last)
    now = counted.groupby("product_id")["quantity"].sum(min_count=1).reindex(table.index)
    table["on_hand"] = now.fillna(table["last"])
    is_now = now.notna()
    table["counted_on"] = table["last_on"].where(~is_now, pd.Timestamp(on))
    table["previous_on_hand"] = table["last"].where(is_now)
    later = past.came[past.came["on"] > past.came["product_id"].map(table["last_on"])]
    received = later.groupby("product_id")["quantity"].sum().reindex(table.index).fillna(0.0)
    table["receipts"] = received.where(is_now & table["last"].notna())
    table["coming"] = past.coming.reindex(table.index).fillna(0.0).astype("float64")
    table["on_order"] = table["coming"]
    table["is_carried"] = table["on_hand"].gt(0) | past.first_on.reindex(table.index).notna()
    ended = (table["discontinued_on"] <= pd.Timestamp(on)).fillna(False)
    table["discontinued"] = ended
    table["pack"] = table["pack_size"].astype("float64")
    table["minimum"] = table["minimum_order"].astype("float64")
    table["shelf_life"] = table["shelf_life_days"].astype("float64")
    return table[table["is_listed"] | table["on_hand"].gt(0)]


def _unusable(past: Past, counted: pd.DataFrame, table: pd.DataFrame, on: date) -> pd.Series:
    """What of each product's stock will pass its date unsold, by the lots of the count that it stands on."""
    fresh = counted.loc[counted["quantity"].notna(), "product_id"]
    lots = pd.concat([counted, past.before[~past.before["product_id"].isin(fresh)]])
    kept = lots[lots["expires_on"].notna() & lots["quantity"].gt(0) & lots["product_id"].isin(table.index)]
    rates = table["demand_mean"].where(np.isfinite(table["demand_mean"]))
    judged = near_expiry(
        kept[["product_id", "lot", "expires_on", "quantity"]].reset_index(drop=True), rates, pd.Timestamp(on)
    )
    return judged.groupby("product_id")["at_risk"].sum().reindex(table.index).fillna(0.0)


def _promoted(promotions: pd.DataFrame, products: pd.Index, on: date, lead: int, review: int) -> pd.DataFrame:
    """The uplift of promotions about to begin, by the share of the days until the next delivery that they hold."""
    start, end = pd.Timestamp(on), pd.Timestamp(on) + pd.Timedelta(days=lead + review)
    uplift = pd.Series(0.0, index=products)
    begins = pd.Series(pd.NaT, index=products, dtype="datetime64[ns]")
    for row in promotions.to_dict("records"):
        days = (min(end, row["to_on"]) - max(start, row["from_on"])).days
        for_all = pd.isna(row["product_id"])
        hit = pd.Series(for_all or products == row["product_id"], index=products)
        uplift[hit] += float(row["uplift"]) * max(days, 0) / max(lead + review, 1)
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
