"""The orders agreed on the demo's visits: what was then delivered in the following week."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from data.demo.dealings import Dealings, document, line_minor
from data.demo.distributors import owner_of
from data.demo.products import Item, purchase_cents
from data.demo.rows import Rows, at, chance, demo_id
from data.demo.schedule import Appointment

STRIKE_RATE = 0.72
_REASONS = ("", "", "", "promotion", "storage", "money")


@dataclass(frozen=True)
class Agreed:
    """An order: the delivery it became, and its lines."""

    week: int
    deliver_on: date
    lines: tuple[tuple[Item, int], ...]
    minor: int


def agreed(dealings: Dealings, visit: Appointment) -> Agreed | None:
    """The order of a visit: the next delivery after it; `None` where nothing was ordered."""
    if not visit.is_made or chance("order", visit.place.code, visit.day).random() > STRIKE_RATE:
        return None
    for week, lines in sorted(dealings.deliveries[visit.place.code].items()):
        on = dealings.delivered_on(visit.place, week)
        if visit.day < on <= visit.day + timedelta(days=14):
            minor = sum(line_minor(item, quantity, on, dealings.today) for item, quantity in lines)
            return Agreed(week, on, tuple(lines), minor)
    return None


def add_order(rows: Rows, dealings: Dealings, visit: Appointment, order: Agreed) -> None:
    """Adds an order with its lines: suggested, agreed, and why it was changed."""
    order_id = demo_id("distributor_order", visit.place.code, visit.day)
    when = at(visit.day, visit.clock) + timedelta(minutes=35)
    rows.add(
        "distributor_order",
        id=order_id,
        number=f"DD-{visit.day:%y%m%d}-{visit.place.number:02d}",
        visit_id=visit.id,
        distributor_id=visit.place.id,
        state="confirmed" if visit.day < dealings.today else "sent",
        state_reason=f"发货单 {document(visit.place, order.week)}"
        if order.deliver_on < dealings.today
        else "",
        deliver_on=order.deliver_on,
        tax_basis="included",
        signed_name=owner_of(visit.place),
        created_by=visit.rep_id,
        created_at=when,
        changed_at=when,
        signed_at=when,
    )
    for item, quantity in order.lines:
        draw = chance("line", visit.place.code, visit.day, item.code)
        change = draw.choice((0, 0, 0, 0, 1, -1, 2)) * item.pack
        rows.add(
            "order_line",
            id=demo_id("order_line", visit.place.code, visit.day, item.code),
            order_id=order_id,
            product_id=item.id,
            suggested=max(quantity - change, 0),
            quantity=quantity,
            pack_size=item.pack,
            unit_price=Decimal(purchase_cents(item, order.deliver_on, dealings.today)) / 100,
            reason=draw.choice(_REASONS) if change else "",
        )
