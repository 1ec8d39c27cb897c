"""The order as it stands now: what was saved, and the suggestion where nobody has changed it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property

import numpy as np
import streamlit as st

from data.database import database
from data.engine import reading
from data.objectives import objectives_of
from data.order_records import SPLIT, in_minor, is_followed, order_id
from data.order_states import credit_left
from data.orders import LineRow, OrderRow, orders_at_hand
from ui.order_facts import OrderFacts
from ui.order_line import LiveLine
from ui.visit_frame import VisitPage


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
    lines: Mapping[str, LiveLine]
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

    @cached_property
    def cases(self) -> int:
        """Cases of the first order."""
        return sum(line.cases for line in self.ordered)

    @cached_property
    def ordered(self) -> Sequence[LiveLine]:
        """The lines with something to deliver."""
        return [line for line in self.lines.values() if line.quantity > 0]

    @property
    def unpriced(self) -> int:
        """Lines ordered without a known price: they are not in the amount."""
        return sum(line.unit_price is None for line in self.ordered)

    @cached_property
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

    @cached_property
    def changed(self) -> int:
        """How many lines differ from the suggestion."""
        return sum(line.change != 0 for line in self.lines.values())

    @cached_property
    def unexplained(self) -> int:
        """How many large changes have no reason yet."""
        return sum(line.asks_why and not line.reason for line in self.lines.values())


def bounds_of(page: VisitPage) -> Bounds:
    """The credit that the visit's first order may use, and what the visit is to sell; `None`: none was agreed.

    Kept for a minute while nothing is saved here; signing asks the database anew.
    """
    return _bounds(page.actor.user_id, page.visit.id, page.visit.changed_at, page)


@st.cache_resource(ttl=60, max_entries=64, show_spinner=False)
def _bounds(user_id: str, visit_id: str, changed_at: datetime, _page: VisitPage) -> Bounds:
    with reading(database()) as session:
        left = credit_left(
            session,
            _page.actor,
            order_id(visit_id),
            _page.visit.distributor_id,
            _page.company.minor_exponent,
        )
        objectives = objectives_of(session, _page.actor, [visit_id])
    targets = [row.target for row in objectives if row.kind == "order_amount" and row.target]
    return Bounds(left, sum(targets, Decimal(0)) or None)


def forget_bounds() -> None:
    """Asks for the credit anew: an order was signed, moved or cancelled here, maybe one of an earlier visit."""
    _bounds.clear()


def live_order(page: VisitPage, facts: OrderFacts, bounds: Bounds) -> LiveOrder:
    """The order as it stands, in one query, and one more where there is an order.

    Args:
        page: The visit.
        facts: The suggestion.
        bounds: What `bounds_of` said.
    """
    with reading(database()) as session:
        orders, earlier = orders_at_hand(session, page.actor, page.visit.distributor_id, page.visit.id)
    by_id = {order.id: order for order in orders}
    first, second = (by_id.get(order_id(page.visit.id, part)) for part in (1, 2))
    waits = second is not None and second.state != "cancelled"
    waiting = {line.product_id: line.quantity for line in second.lines} if second and waits else {}
    lines = _lines(facts, first)
    for id_, quantity in waiting.items():
        if id_ in lines:
            lines[id_] = replace(lines[id_], waiting=quantity)
    cover = _cover(facts, lines)
    return LiveOrder(first, second, earlier, lines, bounds, page.company.minor_exponent, cover)


def _lines(facts: OrderFacts, first: OrderRow | None) -> dict[str, LiveLine]:
    """What is offered, and what the rep has made of it; or what was signed."""
    if first is not None and not first.is_editable:
        return _as_signed(facts, first)
    lines = dict(facts.offered)
    for row in first.lines if first else ():
        offered, id_ = lines.get(row.product_id), row.product_id
        if offered is None:
            lines[id_] = _kept(row)
        elif not is_followed(row.suggested, row.quantity):
            lines[id_] = replace(offered, quantity=row.quantity, reason=_given(row))
    return lines


def _as_signed(facts: OrderFacts, first: OrderRow) -> dict[str, LiveLine]:
    """What was signed; a product that came into the list later was not part of it."""
    lines = {
        id_: replace(line, suggested=None, quantity=Decimal(0), unit_price=None)
        for id_, line in facts.offered.items()
    }
    for row in first.lines:
        offered = facts.offered.get(row.product_id)
        lines[row.product_id] = _kept(row, offered is not None and offered.is_offered)
    return lines


def _kept(row: LineRow, is_offered: bool = False) -> LiveLine:
    """A line as it is saved."""
    return LiveLine(
        product_id=row.product_id,
        suggested=row.suggested,
        quantity=row.quantity,
        waiting=Decimal(0),
        pack=row.pack_size,
        unit_price=row.unit_price,
        reason=_given(row),
        is_offered=is_offered,
    )


def _given(row: LineRow) -> str:
    return "" if row.reason == SPLIT else row.reason


def _cover(facts: OrderFacts, lines: Mapping[str, LiveLine]) -> float:
    """Days that stock, goods coming and this order last at today's pace, weighed by purchase price."""
    table = facts.table
    ordered = np.array([float(lines[id_].quantity) for id_ in table.index])
    price = table["unit_price"].to_numpy(dtype=float)
    mean = table["demand_mean"].to_numpy(dtype=float)
    stock = (table["usable"].to_numpy(dtype=float) + ordered) * price
    known = ~np.isnan(stock) & (mean > 0)
    sold = float((mean * price)[known].sum())
    return float(stock[known].sum()) / sold if sold > 0 else float("nan")
