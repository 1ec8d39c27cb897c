"""A manager's region in three plain lists: market prices, stock and credit, what needs attention on top.

Each list takes a fixed number of queries, however many distributors and products there are.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.inventory import stock_status
from core.price_comparison import compare_distributors
from core.reconciliation import credit_position
from core.tables import IntArray
from data.access import Actor, reaches_distributor, require_role
from data.company import CompanySettings
from data.frames import frame
from data.inventory import last_counts, product_names, sold_since
from data.price_comparison import market_prices
from data.reconciliation import credit_facts
from data.tables.company import Market, Region
from data.tables.distributors import Distributor

SALES_DAYS = 56
"""Eight weeks: long enough for slow products, short enough for the season."""

PRICE_ATTENTION = (("low", "high"), ("normal",), ("too_few",), ("unknown",))
STOCK_ATTENTION = (
    ("negative",),
    ("out",),
    ("short",),
    ("dead",),
    ("excess",),
    ("normal",),
    ("none",),
    ("unknown",),
)
CREDIT_ATTENTION = (("over",), ("tight",), ("no_limit",), ("ok",))
"""Statuses from the one that needs attention most to the one that needs it least."""

_NAMES = ["product", "product_en", "is_own"]
_PLACES = ["distributor", "distributor_en", "market", "market_en"]


def region_prices(session: Session, actor: Actor, company: CompanySettings) -> pd.DataFrame:
    """The latest selling price of each product at each distributor beside its market's median.

    Args:
        session: A reading session.
        actor: A manager or an administrator.
        company: The oldest price that counts, the tax basis, and the deviation that is called one.

    Returns:
        `distributor, distributor_en, market, market_en, product, product_en, is_own, price` and `median`
        (currency units a piece), `deviation` (fraction; NaN without enough peers), `peers, age_days, status`
        (as `core.price_comparison.compare_distributors`); deviating ones first, the furthest on top.
    """
    places = _places(session, actor)
    prices = market_prices(
        session, actor, list(places.index), days=company.market_price_days, tax_basis=company.tax_basis
    )
    compared = [
        compare_distributors(market, min_deviation=company.price_threshold)
        for _market, market in prices.groupby("market_id")
    ]
    # a market without prices has nothing to compare, and the columns stand all the same
    table = pd.concat(compared) if compared else compare_distributors(prices)
    # ids keep their type where there are none, and can be joined
    table = _named(session, actor, table.astype({"distributor_id": "str"}), places)
    table["deviation"] = table["deviation"].where(table["status"] != "too_few")
    return _by_attention(table, PRICE_ATTENTION, -table["deviation"].abs())[
        [*_PLACES, *_NAMES, "price", "median", "deviation", "peers", "age_days", "status"]
    ]


def region_stock(session: Session, actor: Actor, company: CompanySettings) -> pd.DataFrame:
    """The last count of each product at each distributor, and how long it lasts at the recent pace.

    Args:
        session: A reading session.
        actor: A manager or an administrator.
        company: From how many days of supply on stock is short, and from how many on it is too much.

    Returns:
        `distributor, distributor_en, market, market_en, product, product_en, is_own, on_hand` (base units),
        `pack_size, unit, counted_on, days_of_supply` (days; NaN when undefined) and `status` (as
        `core.inventory.stock_status`). Of a distributor who told of no sales at all in eight weeks the sales
        are unknown, not none.
    """
    places = _places(session, actor)
    ids = list(places.index)
    key = ["distributor_id", "product_id"]
    counts = last_counts(session, actor, ids)
    on_hand = counts.groupby(key, as_index=False).agg(
        on_hand=("quantity", "sum"), counted_on=("counted_on", "max"), pack_size=("pack_size", "last")
    )
    sold = sold_since(session, actor, ids, SALES_DAYS)
    length = (sold["to_on"] - sold["from_on"]).dt.days
    # what cannot be sold for want of stock says nothing of the pace, as in `core.inventory.sales_rate`
    sold["days"] = (length - sold["stockout_days"]).where(sold["stockout_days"] < length, length)
    table = on_hand.merge(
        sold[[*key, "quantity", "days"]].rename(columns={"quantity": "sales"}), on=key, how="left"
    )
    tells = table["distributor_id"].isin(sold["distributor_id"])
    table["sales"] = table["sales"].mask(table["sales"].isna() & tells, 0.0).astype("float64")
    table["days"] = table["days"].mask(table["days"].isna() & tells, SALES_DAYS).astype("float64")
    judged = stock_status(table, min_days=company.short_days, max_days=company.excess_days)
    named = _named(session, actor, judged, places)
    urgency = named["days_of_supply"].where(named["status"] != "excess", -named["days_of_supply"])
    return _by_attention(named, STOCK_ATTENTION, urgency)[
        [*_PLACES, *_NAMES, "on_hand", "pack_size", "unit", "counted_on", "days_of_supply", "status"]
    ]


def region_credit(session: Session, actor: Actor, company: CompanySettings) -> pd.DataFrame:
    """The credit of each distributor: how much of the limit is used, and what is overdue.

    Args:
        session: A reading session.
        actor: A manager or an administrator.
        company: The currency's minor unit.

    Returns:
        `distributor, distributor_en, market, market_en`; `limit_minor, exposure_minor, overdue_minor` (minor
        units; the limit is missing where none is agreed), `utilisation` (fraction; NaN without an agreed
        limit, infinite for use of a limit of 0), `as_of_on`, and `status`: `over`, `tight`, `ok` (as
        `core.reconciliation.credit_position`), `no_limit`.
    """
    places = _places(session, actor)
    facts = credit_facts(session, actor, list(places.index), minor_exponent=company.minor_exponent)
    limit = pd.array([fact.credit_limit_minor for fact in facts.values()], dtype="Int64")
    table = pd.DataFrame(
        {
            "distributor_id": pd.Series(list(facts), dtype="str"),
            "limit_minor": limit,
            "overdue_minor": pd.array([fact.overdue_minor for fact in facts.values()], dtype="Int64"),
            "as_of_on": [fact.as_of_on for fact in facts.values()],
        }
    )
    # without an agreed limit the debt is still to be seen; only what measures it by the limit is not known
    position = credit_position(
        credit_line_minor=np.array(limit.fillna(0), dtype=np.int64),
        receivable_minor=_minor([fact.receivable_minor for fact in facts.values()]),
        prepaid_minor=_minor([fact.prepaid_minor for fact in facts.values()]),
        open_orders_minor=_minor([fact.open_orders_minor for fact in facts.values()]),
    )
    table["exposure_minor"] = position["exposure_minor"]
    table["utilisation"] = position["utilisation"].mask(limit.isna())
    table["status"] = position["status"].mask(limit.isna(), "no_limit")
    table = table.join(places, on="distributor_id")
    return _by_attention(table, CREDIT_ATTENTION, -table["utilisation"])[
        [*_PLACES, "limit_minor", "exposure_minor", "overdue_minor", "utilisation", "as_of_on", "status"]
    ]


def _minor(amounts: Sequence[int]) -> IntArray:
    return np.array(amounts, dtype=np.int64)


def list_regions(session: Session, actor: Actor) -> list[tuple[str, str, str]]:
    """Every region as id, name and English name, by code: for the administrator who assigns them."""
    require_role(actor, "Listing the regions", "administrator", "operator")
    statement = select(Region.id, Region.name, Region.name_en).order_by(Region.code)
    return [(id_, name, name_en) for id_, name, name_en in session.execute(statement)]


def _places(session: Session, actor: Actor) -> pd.DataFrame:
    """The actor's distributors that are not closed, with their market, by id."""
    require_role(actor, "Looking at a region", "manager", "administrator")
    found = frame(
        session,
        select(
            Distributor.id.label("distributor_id"),
            Distributor.short_name.label("distributor"),
            Distributor.short_name_en.label("distributor_en"),
            Market.name.label("market"),
            Market.name_en.label("market_en"),
        )
        .join(Market, Market.id == Distributor.market_id)
        .where(
            reaches_distributor(actor, Distributor.id),
            Distributor.closed_on.is_(None) | (Distributor.closed_on > actor.today),
        ),
    )
    return found.set_index("distributor_id")


def _named(session: Session, actor: Actor, table: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """The rows of the actor's distributors with the names of distributor, market and product."""
    products = product_names(session, actor).set_index("product_id")
    names = products[["name", "name_en", "is_own", "unit"]].rename(
        columns={"name": "product", "name_en": "product_en"}
    )
    return table.join(places, on="distributor_id", how="inner").join(names, on="product_id", how="inner")


def _by_attention(
    table: pd.DataFrame, order: tuple[tuple[str, ...], ...], urgency: pd.Series
) -> pd.DataFrame:
    """Sorted by status, then by urgency (smallest first, unknown last), then by name."""
    ranks = {status: rank for rank, statuses in enumerate(order) for status in statuses}
    rank = table["status"].astype("str").map(ranks)
    sorted_ = table.assign(_rank=rank, _urgency=urgency).sort_values(
        ["_rank", "_urgency", "distributor"], kind="stable"
    )
    return sorted_.reset_index(drop=True)
