"""Stock counted at distributors, and what came in and went out between two counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from data.access import Actor, reaches_distributor, require_distributor
from data.frames import frame
from data.tables.dealings import SellIn, SellOut, StockCount
from data.tables.orders import Order
from data.tables.products import Product

COMING_STATES = ("signed", "sent", "confirmed", "amended")
"""States of an order whose goods are still to come until its delivery day has passed."""


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
    else:
        counted.append(StockCount.counted_on <= actor.today)
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


def counts_of_day(session: Session, actor: Actor, distributor_id: str, on: date) -> pd.DataFrame:
    """What was counted at a distributor on one day, with what was left out on purpose.

    Returns:
        `product_id, lot, expires_on, quantity` (base units; NaN = deliberately not counted), `source`.

    Raises:
        NotReachable: the distributor is not the actor's.
    """
    require_distributor(session, actor, distributor_id)
    return frame(
        session,
        select(
            StockCount.product_id,
            StockCount.lot,
            StockCount.expires_on,
            StockCount.quantity,
            StockCount.source,
        )
        .where(StockCount.distributor_id == distributor_id, StockCount.counted_on == on)
        .order_by(StockCount.product_id, StockCount.lot),
    )


def deliveries(
    session: Session, actor: Actor, distributor_id: str, *, after: date, until: date
) -> pd.DataFrame:
    """What we delivered to a distributor after one day, up to and with another.

    Returns:
        `product_id, on, quantity` (base units; negative = sent back to us).

    Raises:
        NotReachable: the distributor is not the actor's.
    """
    require_distributor(session, actor, distributor_id)
    return frame(
        session,
        select(SellIn.product_id, SellIn.on, SellIn.quantity).where(
            SellIn.distributor_id == distributor_id, SellIn.on > after, SellIn.on <= until
        ),
    )


def sales_periods(
    session: Session, actor: Actor, distributor_id: str, *, start: date, end: date
) -> pd.DataFrame:
    """What a distributor sold, period by period as it was told, where periods touch [start, end).

    Returns:
        `product_id, from_on, to_on, quantity` (base units, returns netted), `stockout_days`.

    Raises:
        NotReachable: the distributor is not the actor's.
    """
    require_distributor(session, actor, distributor_id)
    return frame(
        session,
        select(
            SellOut.product_id, SellOut.from_on, SellOut.to_on, SellOut.quantity, SellOut.stockout_days
        ).where(SellOut.distributor_id == distributor_id, SellOut.from_on < end, SellOut.to_on > start),
    )


def first_sales(session: Session, actor: Actor, distributor_id: str) -> pd.Series:
    """The day from which a distributor has sold each product: a newcomer has a shorter past than the others.

    Returns:
        datetime64 by `product_id`.

    Raises:
        NotReachable: the distributor is not the actor's.
    """
    require_distributor(session, actor, distributor_id)
    found = frame(
        session,
        select(SellOut.product_id, func.min(SellOut.from_on).label("first_on"))
        .where(SellOut.distributor_id == distributor_id)
        .group_by(SellOut.product_id),
    )
    return found.set_index("product_id")["first_on"]


@dataclass(frozen=True)
class Delivery:
    """The next goods to come: the day, and whether they are ordered (else: if ordered that day)."""

    on: date
    is_ordered: bool


def next_delivery(session: Session, actor: Actor, distributor_id: str, on: date) -> Delivery | None:
    """When the next goods reach a distributor: the next order under way, else a lead time from a day on.

    Args:
        session: A reading session.
        actor: Who asks.
        distributor_id: The distributor.
        on: The day looked from.

    Returns:
        The delivery; `None` when nothing is under way and no lead time is known.

    Raises:
        NotReachable: the distributor is not the actor's.
    """
    lead_time = require_distributor(session, actor, distributor_id).lead_time_days
    coming = session.scalar(
        select(func.min(Order.deliver_on)).where(
            Order.distributor_id == distributor_id,
            Order.state.in_(COMING_STATES),
            Order.deliver_on > on,
        )
    )
    if coming is not None:
        return Delivery(coming, is_ordered=True)
    return None if lead_time is None else Delivery(on + timedelta(days=lead_time), is_ordered=False)


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
