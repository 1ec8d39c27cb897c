"""What a visit orders, line by line, saved as it is entered.

An order is a draft until the distributor signs. Its id is made from the visit's, and a line's from the order's
and the product's, so that saving twice is saving once. Lines that nobody changed follow the suggestion until
the order is signed; from then on nothing changes unless the order is reopened with a reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.access import Actor
from data.errors import InvalidValue, NotReachable
from data.orders import AGREED_STATES, EDITABLE_STATES, order_id
from data.tables.orders import Order, OrderLine
from data.tables.visits import Objective, Visit
from data.values import change_value
from data.visit_steps import editable_visit

CHANGE_REASONS = ("customer_wish", "promotion", "storage", "money", "count_doubtful", "other")
"""Why a rep orders much more or less than suggested."""
SPLIT = "split"
"""The reason of a line whose rest stands in the second order."""
LARGEST_CASES = 99_999


@dataclass(frozen=True)
class Offer:
    """A line as the screen offers it: the suggestion (`None`: there is none), pack, and price per base unit.

    `quantity` is what is ordered unless somebody changes it, in base units.
    """

    product_id: str
    suggested: Decimal | None
    quantity: Decimal
    pack_size: int
    unit_price: Decimal | None


def set_quantity(
    session: Session,
    actor: Actor,
    visit_id: str,
    product_id: str,
    quantity: Decimal,
    offers: Sequence[Offer],
    *,
    seen: Decimal,
    tax_basis: str,
    deliver_on: date | None,
    now: datetime,
) -> None:
    """Orders so much of a product; with the first change the whole suggestion becomes the visit's draft order.

    Args:
        session: A writing session.
        actor: The visit's rep.
        visit_id: The visit.
        product_id: One of the products offered.
        quantity: Base units, whole packs.
        offers: Every line as the screen offers it.
        seen: The quantity that stood on the screen.
        tax_basis: The basis of the prices.
        deliver_on: The day the goods are expected.
        now: When.

    Raises:
        Conflict: somebody ordered another quantity meanwhile.
        InvalidValue: no whole packs, or too many.
        NotAllowed, NotReachable: not the actor's visit, no longer worked on, or a product that is not offered.
    """
    order = keep_offers(session, actor, visit_id, offers, tax_basis=tax_basis, deliver_on=deliver_on, now=now)
    line = session.get(OrderLine, _line_id(order.id, product_id))
    if line is None:
        raise NotReachable("product")
    packs = quantity / line.pack_size
    if not 0 <= packs <= LARGEST_CASES or packs != packs.to_integral_value():
        raise InvalidValue("quantity", packs, f"a whole number of cases from 0 to {LARGEST_CASES:,}")
    if change_value(line, "quantity", seen, quantity):
        _forget_override(order)
        if line.quantity == line.suggested or line.reason == SPLIT:
            line.reason = ""
    touch(session, order, now)


def set_reason(
    session: Session, actor: Actor, visit_id: str, product_id: str, *, seen: str, reason: str, now: datetime
) -> None:
    """Keeps why a line differs from the suggestion; an empty reason takes it back."""
    editable_visit(session, actor, visit_id)
    if reason and reason not in CHANGE_REASONS:
        raise InvalidValue("reason", reason, "one of " + ", ".join(CHANGE_REASONS))
    order = _editable(session, order_id(visit_id))
    line = session.get(OrderLine, _line_id(order.id, product_id))
    if line is None:
        raise NotReachable("product")
    change_value(line, "reason", seen, reason)
    order.changed_at = now


def keep_offers(
    session: Session,
    actor: Actor,
    visit_id: str,
    offers: Sequence[Offer],
    *,
    tax_basis: str,
    deliver_on: date | None,
    now: datetime,
) -> Order:
    """Makes or brings up to date the visit's draft: lines that nobody changed follow what is offered now."""
    visit = editable_visit(session, actor, visit_id)
    id_ = order_id(visit.id)
    order = session.get(Order, id_)
    if order is None:
        order = new_order(visit, 1, tax_basis, deliver_on, actor, now)
        session.add(order)
        session.flush()
    order = _editable(session, id_)
    order.tax_basis, order.deliver_on = tax_basis, deliver_on
    held = {line.product_id: line for line in lines_of(session, order.id)}
    for offer in offers:
        line = held.get(offer.product_id)
        if line is None:
            line = add_line(session, order.id, offer, offer.quantity)
        elif is_followed(line.suggested, line.quantity):
            line.quantity = offer.quantity
        line.suggested, line.pack_size = offer.suggested, offer.pack_size
        line.unit_price = offer.unit_price
    if session.new or any(session.is_modified(record) for record in session.dirty):
        touch(session, order, now)
    session.flush()
    return order


def is_followed(suggested: Decimal | None, quantity: Decimal) -> bool:
    """Whether a line stands as it was suggested, so that it goes along when the suggestion moves."""
    return quantity == (suggested or 0)


def new_order(
    visit: Visit, part: int, tax_basis: str, deliver_on: date | None, actor: Actor, now: datetime
) -> Order:
    """A draft of a visit under its own id and number."""
    mark = order_id(visit.id)[:6].upper()
    return Order(
        id=order_id(visit.id, part),
        number=f"{visit.planned_on:%y%m%d}-{mark}-{part}",
        visit_id=visit.id,
        distributor_id=visit.distributor_id,
        state="draft",
        split_from=order_id(visit.id) if part > 1 else None,
        deliver_on=deliver_on,
        tax_basis=tax_basis,
        created_by=actor.user_id,
        created_at=now,
        changed_at=now,
    )


def add_line(
    session: Session, order: str, offer: Offer | OrderLine, quantity: Decimal, reason: str = ""
) -> OrderLine:
    """A line of an order, as offered or as it stands in another order."""
    line = OrderLine(
        id=_line_id(order, offer.product_id),
        order_id=order,
        product_id=offer.product_id,
        suggested=offer.suggested,
        quantity=quantity,
        pack_size=offer.pack_size,
        unit_price=offer.unit_price,
        reason=reason,
    )
    session.add(line)
    return line


def fill_objectives(session: Session, visit_id: str, minor_exponent: int) -> None:
    """Sets the actual of the visit's order-amount objectives to what the distributor has signed."""
    session.flush()
    objectives = session.scalars(
        select(Objective).where(Objective.visit_id == visit_id, Objective.kind == "order_amount")
    ).all()
    if not objectives:
        return
    orders = session.scalars(select(Order).where(Order.visit_id == visit_id, Order.state.in_(AGREED_STATES)))
    ids = [order.id for order in orders]
    lines = session.scalars(select(OrderLine).where(OrderLine.order_id.in_(ids))).all()
    total = sum((line.quantity * (line.unit_price or 0) for line in lines), Decimal(0))
    actual = total.quantize(Decimal(1).scaleb(-minor_exponent), ROUND_HALF_UP) if ids else None
    for objective in objectives:
        change_value(objective, "actual", objective.actual, actual)


def lines_of(session: Session, order: str) -> Sequence[OrderLine]:
    """The lines of an order as records to change."""
    return session.scalars(select(OrderLine).where(OrderLine.order_id == order)).all()


def _editable(session: Session, wanted: str) -> Order:
    order = session.get(Order, wanted)
    if order is None:
        raise NotReachable("order")
    if order.state not in EDITABLE_STATES:
        raise InvalidValue("order", order.state, "one that is not signed; reopen it first")
    return order


def _forget_override(order: Order) -> None:
    # A manager agrees to an amount, not to whatever it becomes.
    order.override_by, order.override_reason = None, ""


def touch(session: Session, order: Order, now: datetime) -> None:
    """Says that an order changed, and its visit with it."""
    order.version += 1
    order.changed_at = now
    if order.visit_id is not None:
        session.get_one(Visit, order.visit_id).changed_at = now


def _line_id(order: str, product_id: str) -> str:
    return str(uuid5(NAMESPACE_OID, f"fieldvisit/order/{order}/{product_id}"))
