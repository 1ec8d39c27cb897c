"""Orders as records: made, filled and summed within commands that have let the actor through.

An order's id is made from its visit's, and a line's from the order's and the product's, so that saving twice is
saving once.
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
from data.tables.orders import Order, OrderLine
from data.tables.visits import Objective, Visit
from data.values import change_value

EDITABLE_STATES = ("draft", "amended")
AGREED_STATES = ("signed", "sent", "confirmed")
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


def order_id(visit_id: str, part: int = 1) -> str:
    """The id of a visit's order (part 1) and of the second order split from it (part 2)."""
    return str(uuid5(NAMESPACE_OID, f"fieldvisit/order/{visit_id}/{part}"))


def subject_of(order: str) -> str:
    """Under which subject an order's signature is kept."""
    return f"order:{order}"


def in_minor(amount: Decimal, exponent: int) -> int:
    """An amount in currency units as whole minor units, half up."""
    return int(amount.scaleb(exponent).to_integral_value(ROUND_HALF_UP))


def draft_with(
    session: Session,
    actor: Actor,
    visit: Visit,
    offers: Sequence[Offer],
    *,
    tax_basis: str,
    deliver_on: date | None,
    now: datetime,
) -> Order:
    """The visit's draft with all that is offered: lines that nobody changed follow what is offered now.

    A manager's word ends where this moves the amount.
    """
    id_ = order_id(visit.id)
    order = session.get(Order, id_)
    if order is None:
        order = new_order(visit, 1, tax_basis, deliver_on, actor, now)
        session.add(order)
        session.flush()
    order = editable_order(session, id_)
    order.tax_basis, order.deliver_on = tax_basis, deliver_on
    is_changed = _keep_lines(session, order, offers)
    if is_changed or session.is_modified(order):
        touch(session, order, now)
    session.flush()
    return order


def _keep_lines(session: Session, order: Order, offers: Sequence[Offer]) -> bool:
    """Sets the lines that are not what is offered; says whether there were any.

    Hundreds of lines are compared with each touch, and hardly ever does one differ: they are read as values.
    """
    columns = (
        OrderLine.product_id, OrderLine.suggested, OrderLine.quantity, OrderLine.pack_size, OrderLine.unit_price,
    )  # fmt: skip
    found = session.execute(select(*columns).where(OrderLine.order_id == order.id))
    held: dict[str, Values] = {
        product: (suggested, quantity, pack, price) for product, suggested, quantity, pack, price in found
    }
    wanted = {offer.product_id: _kept(offer, held.get(offer.product_id)) for offer in offers}
    other = {product: values for product, values in wanted.items() if held.get(product) != values}
    if not other:
        return False
    if any(_costs(values) != _costs(held.get(product)) for product, values in other.items()):
        forget_override(order)
    records = {line.product_id: line for line in lines_of(session, order.id)}
    for offer in offers:
        if offer.product_id not in other:
            continue
        line = records.get(offer.product_id) or add_line(session, order.id, offer, offer.quantity)
        line.suggested, line.quantity, line.pack_size, line.unit_price = other[offer.product_id]
    return True


Values = tuple[Decimal | None, Decimal, int, Decimal | None]
"""What a line suggests, orders, packs and costs."""


def _kept(offer: Offer, held: Values | None) -> Values:
    """The line as it stands with an offer: the rep's own quantity stays."""
    follows = held is None or is_followed(held[0], held[1])
    quantity = offer.quantity if held is None or follows else held[1]
    return offer.suggested, quantity, offer.pack_size, offer.unit_price


def _costs(values: Values | None) -> tuple[Decimal, Decimal | None] | None:
    """Quantity and price of what is ordered; `None` where nothing is."""
    return None if values is None or not values[1] else (values[1], values[3])


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
        id=line_id(order, offer.product_id),
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
    """Sets the actual of the visit's order-amount objectives to what the distributor has signed.

    It stays unknown where something signed has no price: the sum of the rest is less than was sold.
    """
    session.flush()
    objectives = session.scalars(
        select(Objective).where(Objective.visit_id == visit_id, Objective.kind == "order_amount")
    ).all()
    if not objectives:
        return
    orders = session.scalars(select(Order).where(Order.visit_id == visit_id, Order.state.in_(AGREED_STATES)))
    ids = [order.id for order in orders]
    ordered = select(OrderLine).where(OrderLine.order_id.in_(ids), OrderLine.quantity > 0)
    lines = session.scalars(ordered).all()
    costs = [line.quantity * line.unit_price for line in lines if line.unit_price is not None]
    is_known = bool(ids) and len(costs) == len(lines)
    total = sum(costs, Decimal(0)).quantize(Decimal(1).scaleb(-minor_exponent), ROUND_HALF_UP)
    actual = total if is_known else None
    for objective in objectives:
        change_value(objective, "actual", objective.actual, actual)


def lines_of(session: Session, order: str) -> Sequence[OrderLine]:
    """The lines of an order as records to change."""
    return session.scalars(select(OrderLine).where(OrderLine.order_id == order)).all()


def editable_order(session: Session, wanted: str) -> Order:
    """An order whose lines may still change, or the reason why not."""
    order = session.get(Order, wanted)
    if order is None:
        raise NotReachable("order")
    if order.state not in EDITABLE_STATES:
        raise InvalidValue("order", order.state, "one that is not signed; reopen it first")
    return order


def forget_override(order: Order) -> None:
    """Takes back a manager's word: he agreed to an amount, not to whatever it becomes."""
    order.override_by, order.override_reason = None, ""


def touch(session: Session, order: Order, now: datetime) -> None:
    """Says that an order changed, and its visit with it."""
    order.version += 1
    order.changed_at = now
    if order.visit_id is not None:
        session.get_one(Visit, order.visit_id).changed_at = now


def line_id(order: str, product_id: str) -> str:
    """The id of an order's line."""
    return str(uuid5(NAMESPACE_OID, f"fieldvisit/order/{order}/{product_id}"))
