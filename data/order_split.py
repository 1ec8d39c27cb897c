"""An order above the credit left, as two: what goes now, and what waits. Nothing is cut."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from data.access import Actor
from data.errors import InvalidValue, NotReachable
from data.order_records import (
    EDITABLE_STATES,
    SPLIT,
    Offer,
    add_line,
    draft_with,
    forget_override,
    lines_of,
    new_order,
    order_id,
    touch,
)
from data.tables.orders import Order
from data.visit_steps import editable_visit


def split_order(
    session: Session,
    actor: Actor,
    visit_id: str,
    held_back: Mapping[str, Decimal],
    offers: Sequence[Offer],
    *,
    tax_basis: str,
    deliver_on: date | None,
    now: datetime,
) -> None:
    """Moves what the credit does not allow into a second order; nothing is cut.

    Args:
        session: A writing session.
        actor: The visit's rep.
        visit_id: The visit.
        held_back: Base units by product that wait, whole packs, as `core.order_suggestion.fit_to_budget` says.
        offers: Every line as the screen offers it.
        tax_basis: The basis of the prices.
        deliver_on: The day the goods are expected.
        now: When.

    Raises:
        InvalidValue: more held back than ordered, or nothing; or the orders are no drafts.
    """
    visit = editable_visit(session, actor, visit_id)
    first = draft_with(session, actor, visit, offers, tax_basis=tax_basis, deliver_on=deliver_on, now=now)
    second = session.get(Order, order_id(visit_id, 2))
    if second is None:
        second = new_order(visit, 2, tax_basis, deliver_on, actor, now)
        session.add(second)
        session.flush()
    if second.state == "cancelled":
        second.state, second.state_reason = "draft", ""
        for line in lines_of(session, second.id):
            line.quantity = Decimal(0)
    if second.state != "draft":
        raise InvalidValue("order", second.number, "a second order that is not signed")
    held = {product: quantity for product, quantity in held_back.items() if quantity > 0}
    if not held:
        raise InvalidValue("quantity", 0, "something that waits")
    _move(session, first, second, held)
    touch(session, first, now)
    second.changed_at = now


def join_orders(session: Session, actor: Actor, visit_id: str, *, now: datetime) -> None:
    """Takes a split back: what waited goes into the first order again, which is a draft still."""
    editable_visit(session, actor, visit_id)
    first, second = (session.get(Order, order_id(visit_id, part)) for part in (1, 2))
    if first is None or second is None:
        raise NotReachable("order")
    if first.state not in EDITABLE_STATES or second.state != "draft":
        raise InvalidValue("order", first.state, "two orders that are not signed")
    held = {line.product_id: line.quantity for line in lines_of(session, second.id)}
    _move(session, second, first, held, back=True)
    for line in lines_of(session, second.id):
        session.delete(line)
    session.flush()
    session.delete(second)
    touch(session, first, now)


def _move(
    session: Session, source: Order, target: Order, quantities: Mapping[str, Decimal], *, back: bool = False
) -> None:
    """Moves quantities between two orders; the one that gives says that the rest stands elsewhere.

    A manager has agreed to neither as they are now.
    """
    forget_override(source)
    forget_override(target)
    giving = {line.product_id: line for line in lines_of(session, source.id)}
    taking = {line.product_id: line for line in lines_of(session, target.id)}
    for product, quantity in quantities.items():
        line = giving.get(product)
        if line is None or line.quantity < quantity:
            raise InvalidValue("quantity", quantity, "at most what is ordered")
        line.quantity -= quantity
        line.version += 1
        line.reason = line.reason or SPLIT
        other = taking.get(product)
        if other is None:
            add_line(session, target.id, line, quantity, SPLIT)
        else:
            other.quantity += quantity
            other.version += 1
            other.reason = "" if other.reason == SPLIT and back else other.reason
    session.flush()
