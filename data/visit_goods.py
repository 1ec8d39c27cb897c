"""The prices and the stock that a visit found, each beside what they are judged by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.inventory import near_expiry, sales_rate
from core.price_comparison import compare_distributors
from data.access import Actor, reaches_distributor, reaches_visit, require_visit
from data.company import CompanySettings
from data.frames import frame
from data.price_comparison import market_prices
from data.tables.dealings import PriceObservation, SellOut, StockCount
from data.tables.products import Product
from data.tables.visits import Visit

PACE_DAYS = 56
"""Eight weeks: long enough for slow products, short enough for the season."""


@dataclass(frozen=True)
class PriceFound:
    """A price as it was typed: of our product or a competitor's, for a unit of that day's pack."""

    product_id: str
    name: str
    name_en: str
    is_own: bool
    kind: str
    amount: Decimal
    unit: str
    pack_size: int
    source: str


@dataclass(frozen=True)
class CountFound:
    """A counted lot, quantities in base units.

    Attributes:
        quantity: What is there; `None` where it was deliberately not counted.
        at_risk: What will not sell before its date at the pace of the weeks before; `None` without a date or
            a pace.
    """

    product_id: str
    name: str
    name_en: str
    is_own: bool
    unit: str
    pack_size: int
    lot: str
    expires_on: date | None
    quantity: Decimal | None
    source: str
    at_risk: float | None = None


def prices_found(session: Session, actor: Actor, visit_id: str) -> list[PriceFound]:
    """The prices entered during a visit in shelf order, our own products first."""
    statement = (
        select(
            PriceObservation.product_id,
            Product.name,
            Product.name_en,
            Product.is_own,
            PriceObservation.kind,
            PriceObservation.amount,
            PriceObservation.unit,
            PriceObservation.pack_size,
            PriceObservation.source,
        )
        .join(Visit, Visit.id == PriceObservation.visit_id)
        .join(Product, Product.id == PriceObservation.product_id)
        .where(Visit.id == visit_id, reaches_visit(actor))
        .order_by(Product.is_own.desc(), Product.shelf_order, Product.code, PriceObservation.kind.desc())
    )
    return [PriceFound(*row) for row in session.execute(statement)]


def price_deviations(
    session: Session, actor: Actor, visit_id: str, company: CompanySettings
) -> dict[str, float]:
    """How far the distributor's selling prices were from the market on the day of a visit.

    Returns:
        By product the deviation from the market's median as a fraction; products whose market has too few
        prices are absent, and so is everything where the distributor is no longer the actor's.

    Raises:
        NotReachable: there is no such visit among the actor's.
    """
    visit = require_visit(session, actor, visit_id)
    prices = market_prices(
        session,
        actor,
        [visit.distributor_id],
        days=company.market_price_days,
        tax_basis=company.tax_basis,
        on=visit.planned_on,
    )
    if prices.empty:
        return {}
    compared = compare_distributors(prices, min_deviation=company.price_threshold)
    here = compared[
        (compared["distributor_id"] == visit.distributor_id)
        & compared["status"].isin(["low", "high", "normal"])
    ]
    return {
        str(product): float(share)
        for product, share in zip(here["product_id"], here["deviation"], strict=True)
    }


def counts_found(session: Session, actor: Actor, visit_id: str) -> list[CountFound]:
    """The stock counted during a visit in shelf order, our own products first, lots by their date.

    Raises:
        NotReachable: there is no such visit among the actor's.
    """
    visit = require_visit(session, actor, visit_id)
    statement = (
        select(
            StockCount.product_id,
            Product.name,
            Product.name_en,
            Product.is_own,
            Product.unit,
            StockCount.pack_size,
            StockCount.lot,
            StockCount.expires_on,
            StockCount.quantity,
            StockCount.source,
        )
        .join(Product, Product.id == StockCount.product_id)
        .where(StockCount.visit_id == visit_id, StockCount.counted_on == visit.planned_on)
        .order_by(
            Product.is_own.desc(),
            Product.shelf_order,
            Product.code,
            StockCount.expires_on,
            StockCount.lot,
        )
    )
    rows = [CountFound(*row) for row in session.execute(statement)]
    at_risk = _at_risk(session, actor, visit, rows)
    return [replace(row, at_risk=at_risk.get((row.product_id, row.lot))) for row in rows]


def _at_risk(
    session: Session, actor: Actor, visit: Visit, rows: Sequence[CountFound]
) -> dict[tuple[str, str], float]:
    """By product and lot what outlives its date; one query, and none where no lot has a date."""
    dated = [row for row in rows if row.expires_on is not None and row.quantity is not None]
    if not dated:
        return {}
    sold = frame(
        session,
        select(
            SellOut.product_id,
            func.sum(SellOut.quantity, type_=SellOut.quantity.type).label("quantity"),
            func.min(SellOut.from_on).label("from_on"),
            func.max(SellOut.to_on).label("to_on"),
            func.sum(SellOut.stockout_days).label("stockout_days"),
        )
        .where(
            SellOut.distributor_id == visit.distributor_id,
            SellOut.from_on >= visit.planned_on - timedelta(days=PACE_DAYS),
            SellOut.from_on <= visit.planned_on,
            reaches_distributor(actor, SellOut.distributor_id),
        )
        .group_by(SellOut.product_id),
    )
    sold["rate"] = sales_rate(
        sold["quantity"].to_numpy(),
        (sold["to_on"] - sold["from_on"]).dt.days.to_numpy(),
        sold["stockout_days"].astype("float64").to_numpy(),
    )
    lots = pd.DataFrame(
        {
            "product_id": [row.product_id for row in dated],
            "lot": [row.lot for row in dated],
            "expires_on": pd.to_datetime([str(row.expires_on) for row in dated]),
            "quantity": [float(row.quantity or 0) for row in dated],
        }
    )
    rates = sold.set_index("product_id")["rate"]
    judged = near_expiry(lots, rates, visit.planned_on)
    known = judged.dropna(subset=["at_risk"])
    return dict(zip(zip(known["product_id"], known["lot"], strict=True), known["at_risk"], strict=True))
