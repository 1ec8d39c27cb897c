"""Stock counted at distributors and what they sold."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from data.access import Actor, reaches_distributor
from data.frames import frame
from data.tables.dealings import SellOut, StockCount
from data.tables.products import Product


def last_counts(
    session: Session, actor: Actor, distributor_ids: Sequence[str], before: date | None = None
) -> pd.DataFrame:
    """The last count of every product and lot at some distributors.

    Args:
        session: A reading session.
        actor: Who asks.
        distributor_ids: The distributors wanted.
        before: Only counts of earlier days; `None` for the very last.

    Returns:
        `distributor_id, product_id, lot, expires_on, counted_on, quantity` (base units), `pack_size, source`;
        a row per lot of each product's last counting day, deliberately uncounted ones left out.
    """
    counted = [
        StockCount.distributor_id.in_(distributor_ids),
        StockCount.quantity.is_not(None),
        reaches_distributor(actor, StockCount.distributor_id),
    ]
    if before is not None:
        counted.append(StockCount.counted_on < before)
    latest = (
        select(StockCount.distributor_id, StockCount.product_id, func.max(StockCount.counted_on).label("on"))
        .where(*counted)
        .group_by(StockCount.distributor_id, StockCount.product_id)
        .subquery()
    )
    return frame(
        session,
        select(
            StockCount.distributor_id,
            StockCount.product_id,
            StockCount.lot,
            StockCount.expires_on,
            StockCount.counted_on,
            StockCount.quantity,
            StockCount.pack_size,
            StockCount.source,
        )
        .join(
            latest,
            and_(
                StockCount.distributor_id == latest.c.distributor_id,
                StockCount.product_id == latest.c.product_id,
                StockCount.counted_on == latest.c.on,
            ),
        )
        .where(*counted)
        .order_by(StockCount.distributor_id, StockCount.product_id, StockCount.lot),
    )


def sold_since(session: Session, actor: Actor, distributor_ids: Sequence[str], days: int) -> pd.DataFrame:
    """What some distributors sold of each product in the last days, netted of returns.

    Returns:
        `distributor_id, product_id, quantity` (base units), `days` (how many days the periods cover),
        `stockout_days`; periods count by the day they begin.
    """
    return frame(
        session,
        select(
            SellOut.distributor_id,
            SellOut.product_id,
            func.sum(SellOut.quantity, type_=SellOut.quantity.type).label("quantity"),
            func.min(SellOut.from_on).label("from_on"),
            func.max(SellOut.to_on).label("to_on"),
            func.sum(SellOut.stockout_days).label("stockout_days"),
        )
        .where(
            SellOut.distributor_id.in_(distributor_ids),
            SellOut.from_on >= actor.today - timedelta(days=days),
            SellOut.from_on <= actor.today,
            reaches_distributor(actor, SellOut.distributor_id),
        )
        .group_by(SellOut.distributor_id, SellOut.product_id),
    )


def product_names(session: Session, actor: Actor) -> pd.DataFrame:
    """Every product with what screens show of it, in shelf order; products are everybody's to see.

    Returns:
        `product_id, code, name, name_en, is_own, maker, unit, pack_size, must_sell, keeps_lots, launched_on,
        discontinued_on, rivals_product_id`.
    """
    return frame(
        session,
        select(
            Product.id.label("product_id"),
            Product.code,
            Product.name,
            Product.name_en,
            Product.is_own,
            Product.maker,
            Product.unit,
            Product.pack_size,
            Product.must_sell,
            Product.keeps_lots,
            Product.launched_on,
            Product.discontinued_on,
            Product.rivals_product_id,
        ).order_by(Product.is_own.desc(), Product.shelf_order, Product.code),
    )
