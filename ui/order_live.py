"""The order as it stands now: what was saved, and the suggestion where nobody has changed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from data.database import database
from data.engine import reading
from data.objectives import objectives_of
from data.order_records import SPLIT, in_minor, is_followed, order_id
from data.order_states import credit_left
from data.orders import LineRow, OrderRow, orders_of_visit, waiting_orders
from ui.order_facts import OrderFacts
from ui.visit_frame import VisitPage

LARGE_SHARE = Decimal("0.25")
LARGE_CASES = 5
"""A change of more than this share and at least so many cases is asked for its reason."""


@dataclass(frozen=True)
class LiveLine:
    """A line as it would be signed now; quantities in base units.

    `waiting` stands in the second order; `reason` is the code that was given for a change.
    """

    product_id: str
    suggested: Decimal | None
    quantity: Decimal
    waiting: Decimal
    pack: int
    unit_price: Decimal | None
    reason: str
    is_offered: bool

    @property
    def cases(self) -> int:
        """Cases ordered."""
        return int(self.quantity / self.pack)

    @property
    def change(self) -> int:
        """Cases more or less than suggested, the second order included; a gap not filled is no change."""
        if self.suggested is None or (self.is_offered and not self.quantity):
            return 0
        return int((self.quantity + self.waiting - self.suggested) / self.pack)

    @property
    def asks_why(self) -> bool:
        """Whether the change is large enough to ask for its reason."""
        if self.suggested is None or abs(self.change) < LARGE_CASES:
            return False
        return abs(self.change * self.pack) > LARGE_SHARE * self.suggested


@dataclass(frozen=True)
class Bounds:
    """What an order is held against: credit in minor units, and the visit's objective in currency units."""

    left_minor: int | None
    objective: Decimal | None


@dataclass(frozen=True)
class LiveOrder:
    """The visit's order now, and the second one where the credit did not allow all.

    Attributes:
        first: What is saved of it; `None` while nothing was changed or signed.
        second: The order that waits.
        earlier: Orders that wait since earlier visits.
        lines: Every line by product.
        bounds: Credit and objective that it is held against.
        exponent: Decimal places of the minor unit.
        cover_days: How long stock and order last, in value; NaN when unknown.
    """

    first: OrderRow | None
    second: OrderRow | None
    earlier: Sequence[OrderRow]
    lines: dict[str, LiveLine]
    bounds: Bounds
    exponent: int
    cover_days: float

    @property
    def is_open(self) -> bool:
        """Whether quantities may still change."""
        return self.first is None or self.first.is_editable

    @property
    def is_cancelled(self) -> bool:
        """Whether the order was cancelled."""
        return self.first is not None and self.first.state == "cancelled"

    @property
    def cases(self) -> int:
        """Cases of the first order."""
        return sum(line.cases for line in self.lines.values())

    @property
    def ordered(self) -> Sequence[LiveLine]:
        """The lines with something to deliver."""
        return [line for line in self.lines.values() if line.quantity > 0]

    @property
    def unpriced(self) -> int:
        """Lines ordered without a known price: they are not in the amount."""
        return sum(line.unit_price is None for line in self.ordered)

    @property
    def amount(self) -> Decimal:
        """The first order in currency units."""
        return sum((line.quantity * (line.unit_price or 0) for line in self.ordered), Decimal(0))

    @property
    def left_minor(self) -> int | None:
        """Credit that this order may use, in minor units; `None` where no limit is agreed."""
        return self.bounds.left_minor

    @property
    def left_after_minor(self) -> int | None:
        """Credit left after this order; below zero it does not go through as it is."""
        return None if self.left_minor is None else self.left_minor - in_minor(self.amount, self.exponent)

    @property
    def is_over(self) -> bool:
        """Whether it is above the credit left, and no manager has agreed to that."""
        agreed = self.first is not None and bool(self.first.override_reason)
        return self.left_after_minor is not None and self.left_after_minor < 0 and not agreed

    @property
    def changed(self) -> int:
        """How many lines differ from the suggestion."""
        return sum(line.change != 0 for line in self.lines.values())

    @property
    def unexplained(self) -> int:
        """How many large changes have no reason yet."""
        return sum(line.asks_why and not line.reason for line in self.lines.values())


def bounds_of(page: VisitPage) -> Bounds:
    """The credit that the visit's first order may use, and what the visit is to sell; `None`: none was agreed."""
    visit = page.visit
    with reading(database()) as session:
        left = credit_left(
            session, page.actor, order_id(visit.id), visit.distributor_id, page.company.minor_exponent
        )
        objectives = objectives_of(session, page.actor, [visit.id])
    targets = [row.target for row in objectives if row.kind == "order_amount" and row.target]
    return Bounds(left, sum(targets, Decimal(0)) or None)


def live_order(page: VisitPage, facts: OrderFacts, bounds: Bounds) -> LiveOrder:
    """The order as it stands, in three queries, and one more where there is an order.

    Args:
        page: The visit.
        facts: The suggestion.
        bounds: What `bounds_of` said.
    """
    with reading(database()) as session:
        orders = orders_of_visit(session, page.actor, page.visit.id)
        earlier = waiting_orders(session, page.actor, page.visit.distributor_id, page.visit.id)
    by_id = {order.id: order for order in orders}
    first, second = (by_id.get(order_id(page.visit.id, part)) for part in (1, 2))
    waiting = {line.product_id: line.quantity for line in second.lines} if second else {}
    if second is not None and second.state == "cancelled":
        waiting = {}
    held = {line.product_id: line for line in first.lines} if first else {}
    frozen = first is not None and not first.is_editable
    lines = {}
    for offer in facts.offers():
        id_ = offer.product_id
        line = held.get(id_)
        is_offered = offer.suggested is not None and offer.quantity != offer.suggested
        if frozen:
            lines[id_] = _kept(line, offer.pack_size, waiting.get(id_), is_offered, id_)
            continue
        follows = line is None or is_followed(line.suggested, line.quantity)
        lines[id_] = LiveLine(
            product_id=id_,
            suggested=offer.suggested,
            quantity=offer.quantity if line is None or follows else line.quantity,
            waiting=waiting.get(id_, Decimal(0)),
            pack=offer.pack_size,
            unit_price=offer.unit_price,
            reason=line.reason if line and line.reason != SPLIT else "",
            is_offered=is_offered,
        )
    for id_ in held.keys() - lines.keys():
        lines[id_] = _kept(held[id_], held[id_].pack_size, waiting.get(id_), False, id_)
    cover = _cover(facts, lines)
    return LiveOrder(first, second, earlier, lines, bounds, page.company.minor_exponent, cover)


def _kept(line: LineRow | None, pack: int, waiting: Decimal | None, is_offered: bool, id_: str) -> LiveLine:
    """A line as it was signed; a product that came into the list later was not part of it."""
    return LiveLine(
        product_id=id_,
        suggested=line.suggested if line else None,
        quantity=line.quantity if line else Decimal(0),
        waiting=waiting or Decimal(0),
        pack=line.pack_size if line else pack,
        unit_price=line.unit_price if line else None,
        reason=line.reason if line and line.reason != SPLIT else "",
        is_offered=is_offered,
    )


def _cover(facts: OrderFacts, lines: dict[str, LiveLine]) -> float:
    """Days that stock, goods coming and this order last at today's pace, weighed by purchase price."""
    table = facts.table
    ordered = table.index.map(lambda id_: float(lines[id_].quantity)).to_numpy(dtype=float)
    price = table["unit_price"].to_numpy(dtype=float)
    mean = table["demand_mean"].to_numpy(dtype=float)
    stock = (table["usable"].to_numpy(dtype=float) + ordered) * price
    known = ~np.isnan(stock) & (mean > 0)
    sold = float((mean * price)[known].sum())
    return float(stock[known].sum()) / sold if sold > 0 else float("nan")
