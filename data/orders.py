"""Orders agreed during a visit, as the screens and the papers read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from data.access import ACTORS, Actor, reaches_distributor
from data.errors import NotReachable
from data.order_records import EDITABLE_STATES
from data.tables.company import User
from data.tables.distributors import Distributor
from data.tables.orders import Order, OrderLine
from data.tables.products import Product

OPEN_DAYS = 60
MOST_OPEN = 200


@dataclass(frozen=True)
class LineRow:
    """A line of an order with its product's names; quantities in base units."""

    product_id: str
    code: str
    name: str
    name_en: str
    unit: str
    suggested: Decimal | None
    quantity: Decimal
    pack_size: int
    unit_price: Decimal | None
    reason: str

    @property
    def amount(self) -> Decimal | None:
        """Quantity times price in currency units; `None` without a price."""
        return None if self.unit_price is None else self.quantity * self.unit_price


@dataclass(frozen=True)
class OrderRow:
    """An order with its lines in shelf order, those with nothing to deliver included."""

    id: str
    number: str
    visit_id: str | None
    distributor_id: str
    state: str
    state_reason: str
    split_from: str | None
    deliver_on: date | None
    tax_basis: str
    signed_name: str
    signature_id: str | None
    signed_at: datetime | None
    override_by: str
    override_by_en: str
    override_reason: str
    changed_at: datetime
    lines: tuple[LineRow, ...]

    @property
    def is_editable(self) -> bool:
        """Whether its lines may still change."""
        return self.state in EDITABLE_STATES

    @property
    def amount(self) -> Decimal:
        """The sum of the lines that have a price, in currency units."""
        return sum((line.amount or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def cases(self) -> Decimal:
        """How many cases are ordered."""
        return sum((line.quantity / line.pack_size for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class OpenOrder:
    """An order with the distributor's short name."""

    order: OrderRow
    distributor: str
    distributor_en: str


def orders_of_visit(session: Session, actor: Actor, visit_id: str) -> list[OrderRow]:
    """The orders of a visit, the first before the one split from it; at most two queries."""
    found = _orders(session, _orders_of_visit(actor), {"of_visit": visit_id})
    return sorted(found, key=lambda order: order.split_from is not None)


def orders_at_hand(
    session: Session, actor: Actor, distributor_id: str, visit_id: str
) -> tuple[list[OrderRow], list[OrderRow]]:
    """The orders that a visit works on; at most two queries.

    Returns:
        The orders of the visit, and second orders of other visits to the distributor that still wait for
        credit, the oldest first.
    """
    asked = {"of_visit": visit_id, "of_distributor": distributor_id}
    found = _orders(session, _orders_at_hand(actor), asked)
    own = [order for order in found if order.visit_id == visit_id]
    return own, [order for order in found if order.visit_id != visit_id]


def open_orders(session: Session, actor: Actor) -> list[OpenOrder]:
    """Orders of the last weeks that still want something: a manager's word, sending, or confirming.

    Returns:
        Drafts, signed, sent and reopened orders of the actor's distributors, the newest first, at most
        `MOST_OPEN`.
    """
    since = datetime.combine(actor.today - timedelta(days=OPEN_DAYS), time(), UTC)
    wanted = (Order.state.in_(("draft", "signed", "sent", "amended")), Order.changed_at >= since)
    newest = _select_orders(actor).where(*wanted).order_by(Order.changed_at.desc(), Order.id)
    found = _orders(session, newest.limit(MOST_OPEN))
    ids = {order.distributor_id for order in found}
    names = {
        row.id: row
        for row in session.execute(
            select(Distributor.id, Distributor.short_name, Distributor.short_name_en).where(
                Distributor.id.in_(ids)
            )
        )
    }
    return [
        OpenOrder(order, names[order.distributor_id].short_name, names[order.distributor_id].short_name_en)
        for order in found
    ]


def find_order(session: Session, actor: Actor, wanted: str) -> OrderRow:
    """An order of a distributor of the actor's.

    Raises:
        NotReachable: there is none of that id for him.
    """
    found = _orders(session, _one_order(actor), {"of_id": wanted})
    if not found:
        raise NotReachable("order")
    return found[0]


@lru_cache(maxsize=ACTORS)
def _select_orders(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(Order, User.name, User.name_en)
        .outerjoin(User, User.id == Order.override_by)
        .where(reaches_distributor(actor, Order.distributor_id))
    )


def _oldest_first(actor: Actor, condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return _select_orders(actor).where(condition).order_by(Order.created_at, Order.id)


@lru_cache(maxsize=ACTORS)
def _orders_of_visit(actor: Actor) -> Select[*tuple[Any, ...]]:
    return _oldest_first(actor, Order.visit_id == bindparam("of_visit"))


@lru_cache(maxsize=ACTORS)
def _orders_at_hand(actor: Actor) -> Select[*tuple[Any, ...]]:
    waits = and_(
        Order.distributor_id == bindparam("of_distributor"),
        Order.state == "draft",
        Order.split_from.is_not(None),
        Order.visit_id.is_not(None),
    )
    return _oldest_first(actor, or_(Order.visit_id == bindparam("of_visit"), waits))


@lru_cache(maxsize=ACTORS)
def _one_order(actor: Actor) -> Select[*tuple[Any, ...]]:
    return _oldest_first(actor, Order.id == bindparam("of_id"))


def _orders(
    session: Session, statement: Select[*tuple[Any, ...]], asked: Mapping[str, str] | None = None
) -> list[OrderRow]:
    orders = list(session.execute(statement, asked))
    lines: dict[str, list[LineRow]] = {order.id: [] for order, *_ in orders}
    if orders:
        for order, line in _lines(session, list(lines)):
            lines[order].append(line)
    return [
        OrderRow(
            order.id,
            order.number,
            order.visit_id,
            order.distributor_id,
            order.state,
            order.state_reason,
            order.split_from,
            order.deliver_on,
            order.tax_basis,
            order.signed_name,
            order.signature_id,
            order.signed_at,
            name or "",
            english or "",
            order.override_reason,
            order.changed_at,
            tuple(lines[order.id]),
        )
        for order, name, english in orders
    ]


def _lines(session: Session, order_ids: Sequence[str]) -> list[tuple[str, LineRow]]:
    found = session.execute(_select_lines(), {"of_orders": order_ids})
    return [(order, LineRow(*rest)) for order, *rest in found]


@cache
def _select_lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            OrderLine.order_id,
            OrderLine.product_id,
            Product.code,
            Product.name,
            Product.name_en,
            Product.unit,
            OrderLine.suggested,
            OrderLine.quantity,
            OrderLine.pack_size,
            OrderLine.unit_price,
            OrderLine.reason,
        )
        .join(Product, Product.id == OrderLine.product_id)
        .where(OrderLine.order_id.in_(bindparam("of_orders", expanding=True)))
        .order_by(Product.shelf_order, Product.code)
    )
