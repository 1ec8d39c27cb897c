"""What the price screen knows in one run: read once, compared once, one row a product."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

import numpy as np
import pandas as pd
import streamlit as st

from core.price_comparison import (
    compare_distributors,
    compare_history,
    compare_margin,
    compare_policy,
    compare_rivals,
)
from data.access import Actor
from data.assortment import assortment
from data.company import CompanySettings
from data.database import database
from data.engine import reading, reading_anew
from data.entries import conflicts_of, current_values
from data.entry_fields import PRICE_FIELDS
from data.entry_rows import ConflictRow, ValueRow
from data.identifiers import new_id
from data.price_comparison import market_prices, price_policies, purchase_prices, seen_prices
from ui.latest_changes import REMEMBERED_SECONDS, REMEMBERED_VISITS, stamp_of
from ui.visit_frame import VisitPage

FIELDS = PRICE_FIELDS | {"price_skipped"}
MIN_PEERS = 3
"""Other distributors with a price that a comparison needs."""
THIN_MARGIN = 0.05
"""Margin of the distributor below which a product is named."""


@dataclass(frozen=True)
class PriceFacts:
    """What the prices of a visit are compared with, and how they compare.

    Attributes:
        names: Every product by its id, in shelf order, with what `data.assortment` says.
        seen: The last two prices of every product and kind up to the visit, per piece.
        own: A row an own product that is asked about here and has a known selling price (`compared`).
        rivals: A row a competitor's product with a known price (`core.price_comparison.compare_rivals`).
        peers: `distributor_id, product_id, price` of the other distributors of the market, per piece.
        market: By product `median` of all prices of the market, and `others` that have one.
        has_policy: Whether any price policy holds here.
        name: Of these facts alone: what is made of them is remembered under it.
    """

    names: pd.DataFrame
    seen: pd.DataFrame
    own: pd.DataFrame
    rivals: pd.DataFrame
    peers: pd.DataFrame
    market: pd.DataFrame
    has_policy: bool
    name: str = field(default_factory=new_id)

    @cached_property
    def attention(self) -> pd.DataFrame:
        """The own products that stand out, the worst first."""
        return self.own[self.own["state"] != "normal"]


@dataclass(frozen=True)
class Entered:
    """The visit's own values by (product, field), and pairs of values that wait for the rep's choice.

    `name` is of these values alone: what is made of them is remembered under it.
    """

    values: dict[tuple[str, str], ValueRow]
    conflicts: list[ConflictRow]
    name: str = field(default_factory=new_id)

    def done(self, product_ids: Iterable[str]) -> int:
        """How many of some products have a value or were left out on purpose."""
        given = {row for (row, _field), value in self.values.items() if value.value is not None}
        return len(given.intersection(product_ids))


def pieces_of(products: pd.DataFrame, unit: str) -> pd.Series:
    """How many pieces of each product a unit (`case`, `piece`) holds."""
    pieces: pd.Series = products["pack_size"] if unit == "case" else products["pack_size"] * 0 + 1
    return pieces


def entered_prices(page: VisitPage) -> Entered:
    """What the tablets have entered into this visit."""
    return _entered(page.actor.user_id, page.visit.id, page.visit.changed_at, page.actor)


# Each entry, also one that met another value, changes `changed_at` of its visit.
@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=REMEMBERED_VISITS, show_spinner=False)
def _entered(user_id: str, visit_id: str, changed_at: datetime, _actor: Actor) -> Entered:
    with reading(database()) as session:
        values = current_values(session, _actor, visit_id, FIELDS)
        conflicts = conflicts_of(session, _actor, visit_id)
    return Entered(
        {(v.row, v.field): v for v in values},
        [row for row in conflicts if row.field in PRICE_FIELDS],
    )


def price_facts(page: VisitPage) -> PriceFacts:
    """Reads and compares everything for a visit.

    What this visit enters counts at once; what others enter, and the office changes, within a minute.
    """
    visit, actor = page.visit, page.actor
    on = page.today if page.is_editable else visit.planned_on
    stamp = stamp_of(page)
    return _facts(
        actor.user_id, visit.id, visit.changed_at, stamp, on, actor, visit.distributor_id, page.company
    )


# Handed to every run as they are, not copied: the screens read these tables and change none of them.
@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=REMEMBERED_VISITS, show_spinner=False)
def _facts(
    user_id: str,
    visit_id: str,
    changed_at: datetime,
    stamp: str,
    on: date,
    _actor: Actor,
    _distributor_id: str,
    _company: CompanySettings,
) -> PriceFacts:
    """An entry changes `changed_at` of its visit, others' the stamp: either asks for fresh facts."""
    basis = _company.tax_basis
    with reading_anew(database()) as session:
        names = assortment(session, _actor, _distributor_id, on).set_index("product_id")
        seen = seen_prices(session, _actor, _distributor_id, on=on, tax_basis=basis)
        policies = price_policies(session, _actor, _distributor_id, on=on, tax_basis=basis)
        purchases = purchase_prices(session, _actor, on=on, tax_basis=basis)
    peers = _peers(user_id, _distributor_id, stamp, _company.market_price_days, basis, on, _actor)
    here = seen.loc[seen["visit_id"] == visit_id, "product_id"]
    asked = names[names["is_listed"] | names.index.isin(here)]
    own = compared(asked, seen, peers, policies, purchases, on=on, company=_company)
    market = (
        peers.groupby("product_id")["price"].agg(["median", "size"]).set_axis(["median", "others"], axis=1)
    )
    market["median"] = own["median"].combine_first(market["median"])
    return PriceFacts(asked, seen, own, _rivals(asked, seen, own), peers, market, not policies.empty)


@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=REMEMBERED_VISITS, show_spinner=False)
def _peers(
    user_id: str, distributor_id: str, stamp: str, days: int, basis: str, on: date, _actor: Actor
) -> pd.DataFrame:
    """The others' prices, the heaviest question of the screen: asked once a minute, not at each entry."""
    with reading_anew(database()) as session:
        table = market_prices(session, _actor, [distributor_id], days=days, tax_basis=basis, on=on)
    return table.loc[table["distributor_id"] != distributor_id, ["distributor_id", "product_id", "price"]]


def compared(
    names: pd.DataFrame,
    seen: pd.DataFrame,
    peers: pd.DataFrame,
    policies: pd.DataFrame,
    purchases: pd.DataFrame,
    *,
    on: date,
    company: CompanySettings,
) -> pd.DataFrame:
    """The own products with a known selling price, compared in all four ways, the worst first.

    Args:
        names: Products by id, with `is_own`.
        seen: As `data.price_comparison.seen_prices` gives it.
        peers: `distributor_id, product_id, price` of the others.
        policies: As `data.price_comparison.price_policies` gives it.
        purchases: As `data.price_comparison.purchase_prices` gives it.
        on: The day looked from.
        company: The thresholds.

    Returns:
        By `product_id`: the columns of `names` and of the four comparisons, each under the name it has in
        `core.price_comparison` but for the statuses: `market`, `policy`, `chain`; `observed_on, source, visit_id`
        of the price; `purchase_price`, `purchase_from`, `retail_price`; and two verdicts: `mark` (of the
        market) and `state` (of everything), each `wrong`, `low`, `high` or `normal`.
    """
    selling = _last(seen, "selling")
    selling = selling[selling["product_id"].isin(names.index[names["is_own"]])]
    table = selling[["product_id", "price", "observed_on", "source", "visit_id"]]
    table = table.join(_market(selling, peers, on=on, company=company), on="product_id")
    past = compare_history(
        seen.loc[seen["kind"] == "selling", ["product_id", "observed_on", "price"]]
        .rename(columns={"observed_on": "date"})
        .assign(distributor_id="here")
    ).set_index("product_id")
    table = table.join(past[["previous_price", "previous_date", "change", "change_rate"]], on="product_id")
    corridor = policies[policies["kind"] == "selling"]
    judged = compare_policy(table[["product_id", "price"]], corridor[["product_id", "low", "high"]])
    table["gap"], table["policy"] = judged["gap"], judged["status"].astype(str)
    bounds = corridor.set_index("product_id")[["low", "high"]].add_prefix("policy_")
    table = table.join(bounds, on="product_id")
    chain = compare_margin(_chain(table, seen, purchases), thin=THIN_MARGIN)
    table = table.join(chain.set_index("product_id").drop(columns="selling_price"), on="product_id")
    table = table.rename(columns={"status": "chain"}).join(names, on="product_id").set_index("product_id")
    table["inverted"] = (table["chain"] == "below_cost") | (table["retail_price"] < table["price"])
    low = table["market"] == "low"
    high = table["market"] == "high"
    cheap = low | (table["policy"] == "below") | (table["chain"] == "thin")
    table["mark"] = np.select([table["inverted"], low, high], ["wrong", "low", "high"], "normal")
    table["state"] = np.select(
        [table["inverted"], cheap, high | (table["policy"] == "above")], ["wrong", "low", "high"], "normal"
    )
    return _worst_first(table)


def _market(
    selling: pd.DataFrame, peers: pd.DataFrame, *, on: date, company: CompanySettings
) -> pd.DataFrame:
    """The market's figures by product; a price too old for the market's window is not compared."""
    since = pd.Timestamp(on) - pd.Timedelta(days=company.market_price_days)
    recent = selling.loc[selling["observed_on"] > since, ["product_id", "price"]]
    market = pd.concat([recent.assign(distributor_id="here"), peers], ignore_index=True)
    found = compare_distributors(market, min_peers=MIN_PEERS, min_deviation=company.price_threshold)
    here = found[found["distributor_id"] == "here"].set_index("product_id")
    columns = ["peers", "median", "low", "high", "deviation", "percent_rank", "status"]
    return here[columns].rename(columns={"status": "market"}).astype({"market": str})


def _last(seen: pd.DataFrame, kind: str) -> pd.DataFrame:
    return seen[(seen["kind"] == kind) & (seen["newest"] == 1)]


def _chain(table: pd.DataFrame, seen: pd.DataFrame, purchases: pd.DataFrame) -> pd.DataFrame:
    """Purchase, selling and retail price of each product; what was seen here stands before the price list."""
    listed = purchases.set_index("product_id").rename(columns={"price": "listed"})
    paid = _last(seen, "purchase").set_index("product_id")[["price", "observed_on"]]
    chain = table[["product_id", "price"]].rename(columns={"price": "selling_price"})
    chain = chain.join(listed, on="product_id")
    chain = chain.join(paid.rename(columns={"price": "paid", "observed_on": "paid_on"}), on="product_id")
    seen_later = chain["paid"].notna() & ~(chain["paid_on"] < chain["from_on"])
    chain["purchase_price"] = chain["paid"].where(seen_later, chain["listed"])
    chain["purchase_from"] = chain["paid_on"].where(seen_later, chain["from_on"])
    retail = _last(seen, "retail").set_index("product_id")["price"].rename("retail_price")
    kept = ["product_id", "selling_price", "purchase_price", "purchase_from"]
    return chain[kept].join(retail, on="product_id")


def _worst_first(table: pd.DataFrame) -> pd.DataFrame:
    """By state, then by deviation; what cannot be compared stands last, in shelf order."""
    rank = table["state"].map({"wrong": 0, "low": 1, "high": 2, "normal": 3})
    size = table["deviation"].abs().where(table["peers"] >= MIN_PEERS)
    order = pd.DataFrame({"rank": rank, "size": -size}).sort_values(["rank", "size"], kind="stable")
    # Column by column made, its rows would be picked column by column each time; a copy holds them in blocks.
    return table.loc[order.index].copy()


def _rivals(names: pd.DataFrame, seen: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Competitors' products with a known selling price, what moved the most first."""
    rows = seen[(seen["kind"] == "selling") & seen["product_id"].isin(names.index[~names["is_own"]])]
    last = rows[rows["newest"] == 1].set_index("product_id")
    before = rows[rows["newest"] == 2].set_index("product_id")
    table = last[["price", "observed_on", "source", "visit_id"]].join(
        before[["price", "observed_on"]].add_prefix("previous_"), how="left"
    )
    table = table.join(names[["name", "name_en", "maker", "pack_size", "rivals_product_id"]])
    found = compare_rivals(
        own["price"].rename_axis("product_id").reset_index(),
        table.reset_index(names="rival").rename(columns={"rivals_product_id": "product_id"}),
    )
    return found.sort_values("moved", key=lambda moved: -moved.abs().fillna(0), kind="stable")
