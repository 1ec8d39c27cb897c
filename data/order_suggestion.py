"""What an order suggestion stands on beside stock and sales: products, rules, levels, promotions, goods coming."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from data.access import Actor, require_distributor
from data.company import CompanySettings
from data.frames import frame
from data.inventory import COMING_STATES, deliveries
from data.tables.orders import Order, OrderLine
from data.tables.products import OrderRule, Product, Promotion, StockLevel
from data.tables.visits import Visit

UNDER_WAY_DAYS = 60
"""How far ahead a delivery that is already booked counts as under way."""


@dataclass(frozen=True)
class Rhythm:
    """When goods ordered on a day arrive, and until when they must last.

    Attributes:
        lead_days: Days from the order to the goods; `None` when nobody has said.
        next_visit_on: The next visit agreed or planned; `None` when there is none yet.
        interval_days: The usual days between two visits.
    """

    lead_days: int | None
    next_visit_on: date | None
    interval_days: int


def rhythm(session: Session, actor: Actor, visit_id: str, company: CompanySettings) -> Rhythm:
    """Lead time and visit rhythm as seen from a visit.

    Raises:
        NotReachable: the visit's distributor is not the actor's.
    """
    visit = session.get_one(Visit, visit_id)
    distributor = require_distributor(session, actor, visit.distributor_id)
    planned = session.scalar(
        select(func.min(Visit.planned_on)).where(
            Visit.distributor_id == distributor.id,
            Visit.state == "planned",
            Visit.planned_on > visit.planned_on,
        )
    )
    return Rhythm(
        distributor.lead_time_days,
        visit.next_visit_on or planned,
        distributor.visit_interval_days or company.visit_interval_days,
    )


def orderable(session: Session, actor: Actor) -> pd.DataFrame:
    """What our products ask of an order; products are everybody's to see.

    Returns:
        `product_id, minimum_order` (base units), `shelf_life_days`.
    """
    return frame(
        session,
        select(Product.id.label("product_id"), Product.minimum_order, Product.shelf_life_days).where(
            Product.is_own
        ),
    )


def order_rules(session: Session, actor: Actor) -> pd.DataFrame:
    """How products of each ABC class are replenished, the same for all distributors.

    Returns:
        `abc_class, policy, service_level, cover_days, max_days`.
    """
    return frame(
        session,
        select(
            OrderRule.abc_class,
            OrderRule.policy,
            OrderRule.service_level,
            OrderRule.cover_days,
            OrderRule.max_days,
        ),
    )


def stock_levels(session: Session, actor: Actor, distributor_id: str) -> pd.DataFrame:
    """The least and the most stock agreed with a distributor.

    Returns:
        `product_id, min_level, max_level` (base units).

    Raises:
        NotReachable: the distributor is not the actor's.
    """
    require_distributor(session, actor, distributor_id)
    return frame(
        session,
        select(StockLevel.product_id, StockLevel.min_level, StockLevel.max_level).where(
            StockLevel.distributor_id == distributor_id
        ),
    )


def promotions_between(session: Session, actor: Actor, *, after: date, before: date) -> pd.DataFrame:
    """Promotions that begin after one day and before another; they hold for all distributors.

    Returns:
        `product_id` (missing: all products), `uplift` (0.2 = +20 %), `from_on, to_on`.
    """
    return frame(
        session,
        select(Promotion.product_id, Promotion.uplift, Promotion.from_on, Promotion.to_on)
        .where(Promotion.from_on > after, Promotion.from_on < before)
        .order_by(Promotion.from_on, Promotion.code),
    )


def goods_coming(session: Session, actor: Actor, visit_id: str) -> pd.Series:
    """What is ordered and not yet delivered, as seen from a visit, without the visit's own orders.

    Returns:
        Base units by `product_id`: lines of open orders, and deliveries already booked for a later day.

    Raises:
        NotReachable: the distributor is not the actor's.
    """
    visit = session.get_one(Visit, visit_id)
    on = visit.planned_on
    until = on + timedelta(days=UNDER_WAY_DAYS)
    booked = deliveries(session, actor, visit.distributor_id, after=on, until=until)
    ordered = frame(
        session,
        select(OrderLine.product_id, OrderLine.quantity)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.distributor_id == visit.distributor_id,
            Order.state.in_(COMING_STATES),
            or_(Order.deliver_on.is_(None), Order.deliver_on > on),
            or_(Order.visit_id.is_(None), Order.visit_id != visit_id),
        ),
    )
    both = pd.concat([booked.loc[booked["quantity"] > 0, ["product_id", "quantity"]], ordered])
    coming: pd.Series = both.groupby("product_id")["quantity"].sum()
    return coming
