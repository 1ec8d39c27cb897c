"""Price cuts and the stock that a distributor held on their day: what the price protection is computed from."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.access import Actor, require_visit
from data.errors import InvalidValue, NotReachable
from data.identifiers import new_id
from data.tables.dealings import SellIn, StockCount
from data.tables.products import Product, PurchasePrice
from data.values import change_value
from data.visit_steps import editable_visit

DAYS = 90
"""A price cut is asked about for so many days."""


@dataclass(frozen=True)
class PriceCutRow:
    """A product whose purchase price went down, and what the distributor had on that day, in base units.

    `quantity` is `None` where nothing was counted that day; `is_counted` says that the count is the warehouse's
    and is changed there.
    """

    product_id: str
    name: str
    name_en: str
    unit: str
    pack_size: int
    from_on: date
    old_price: Decimal
    new_price: Decimal
    quantity: Decimal | None
    is_counted: bool


def price_cuts(session: Session, actor: Actor, visit_id: str, *, days: int = DAYS) -> Sequence[PriceCutRow]:
    """The price cuts before a visit, of products that the distributor has bought, in three queries.

    Args:
        session: A reading session.
        actor: Who asks.
        visit_id: A visit of the actor's.
        days: How many days before the visit a cut is still asked about.

    Returns:
        A row a product, its latest cut only; prices on different tax bases are never compared.
    """
    visit = require_visit(session, actor, visit_id)
    bought = select(SellIn.product_id).where(SellIn.distributor_id == visit.distributor_id)
    prices: dict[str, list[PurchasePrice]] = defaultdict(list)
    for price in session.scalars(
        select(PurchasePrice)
        .where(PurchasePrice.product_id.in_(bought), PurchasePrice.from_on <= visit.planned_on)
        .order_by(PurchasePrice.from_on)
    ):
        prices[price.product_id].append(price)
    since = visit.planned_on - timedelta(days=days)
    cuts = {
        product_id: (rows[-2], rows[-1])
        for product_id, rows in prices.items()
        if len(rows) > 1
        and rows[-1].from_on > since
        and rows[-1].tax_basis == rows[-2].tax_basis
        and rows[-1].price < rows[-2].price
    }
    counts = _counts(session, visit.distributor_id, {key: new.from_on for key, (_old, new) in cuts.items()})
    products = session.scalars(select(Product).where(Product.id.in_(cuts)).order_by(Product.code)).all()
    return [
        PriceCutRow(
            product.id,
            product.name,
            product.name_en,
            product.unit,
            product.pack_size or 1,
            cuts[product.id][1].from_on,
            cuts[product.id][0].price,
            cuts[product.id][1].price,
            *_counted(counts[product.id]),
        )
        for product in products
    ]


def set_count_of_day(
    session: Session,
    actor: Actor,
    visit_id: str,
    product_id: str,
    on: date,
    now: datetime,
    *,
    seen: Decimal | None,
    quantity: Decimal | None,
) -> None:
    """Records what the distributor's own records say that it had on the day of a price cut, in base units.

    The visit's own day is counted in the warehouse, not here.

    Raises:
        Conflict: somebody recorded another quantity since `seen`.
        InvalidValue: a negative quantity, or a day that has not passed.
        NotReachable: no such product.
    """
    visit = editable_visit(session, actor, visit_id)
    product = session.get(Product, product_id)
    if product is None:
        raise NotReachable("product")
    if on >= visit.planned_on or (quantity is not None and quantity < 0):
        raise InvalidValue("number", quantity if on < visit.planned_on else on, "a number of at least 0")
    row = session.scalar(
        select(StockCount).where(
            StockCount.distributor_id == visit.distributor_id,
            StockCount.product_id == product_id,
            StockCount.lot == "",
            StockCount.counted_on == on,
        )
    )
    # It is the last count of what nobody has counted since, and moves the figures of Stock and Order.
    visit.changed_at = now
    if row is not None:
        if change_value(row, "quantity", seen, quantity):
            row.counted_by, row.counted_at, row.source = actor.user_id, now, "read"
    elif quantity is not None:
        session.add(
            StockCount(
                id=new_id(),
                distributor_id=visit.distributor_id,
                product_id=product_id,
                visit_id=visit.id,
                lot="",
                counted_on=on,
                quantity=quantity,
                pack_size=product.pack_size or 1,
                source="read",
                counted_by=actor.user_id,
                counted_at=now,
            )
        )


def _counts(
    session: Session, distributor_id: str, days: dict[str, date]
) -> dict[str, list[tuple[str, Decimal]]]:
    found: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    statement = select(
        StockCount.product_id, StockCount.counted_on, StockCount.source, StockCount.quantity
    ).where(
        StockCount.distributor_id == distributor_id,
        StockCount.product_id.in_(days),
        StockCount.counted_on.in_(set(days.values())),
        StockCount.quantity.is_not(None),
    )
    for product_id, on, source, quantity in session.execute(statement):
        if days[product_id] == on and quantity is not None:
            found[product_id].append((source, quantity))
    return found


def _counted(rows: list[tuple[str, Decimal]]) -> tuple[Decimal | None, bool]:
    if not rows:
        return None, False
    return sum((quantity for _source, quantity in rows), Decimal(0)), any(row[0] != "read" for row in rows)
