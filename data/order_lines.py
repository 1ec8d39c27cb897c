"""What a visit orders, line by line, saved as it is entered.

An order is a draft until the distributor signs. Lines that nobody changed follow the suggestion until
the order is signed; from then on nothing changes unless the order is reopened with a reason.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from data.access import Actor
from data.errors import InvalidValue, NotReachable
from data.order_records import (
    CHANGE_REASONS,
    LARGEST_CASES,
    SPLIT,
    Offer,
    draft_with,
    editable_order,
    forget_override,
    line_id,
    order_id,
    touch,
)
from data.tables.orders import OrderLine
from data.values import change_value
from data.visit_steps import editable_visit


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
    visit = editable_visit(session, actor, visit_id)
    order = draft_with(session, actor, visit, offers, tax_basis=tax_basis, deliver_on=deliver_on, now=now)
    line = session.get(OrderLine, line_id(order.id, product_id))
    if line is None:
        raise NotReachable("product")
    packs = quantity / line.pack_size
    if not 0 <= packs <= LARGEST_CASES or packs != packs.to_integral_value():
        raise InvalidValue("quantity", packs, f"a whole number of cases from 0 to {LARGEST_CASES:,}")
    if change_value(line, "quantity", seen, quantity):
        forget_override(order)
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
    order = editable_order(session, order_id(visit_id))
    line = session.get(OrderLine, line_id(order.id, product_id))
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
) -> None:
    """Saves what is offered as the visit's draft; lines that somebody changed stay as they are."""
    visit = editable_visit(session, actor, visit_id)
    draft_with(session, actor, visit, offers, tax_basis=tax_basis, deliver_on=deliver_on, now=now)
