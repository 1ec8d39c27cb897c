"""What a distributor sold of our products and of competitors' in two periods, and what a rep was told of rivals.

A row of sales counts to the period in which it begins: rows are whole weeks or months, and cutting one by days
would invent sales that nobody told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import pandas as pd
from sqlalchemy import BigInteger, and_, case, cast, func, literal, select
from sqlalchemy.orm import Session

from data.access import Actor, require_distributor
from data.errors import Conflict, InvalidValue, NotReachable
from data.frames import frame
from data.identifiers import new_id
from data.tables.dealings import SellOut
from data.tables.distributors import Distributor
from data.tables.products import Product
from data.tables.records import Entry, FieldValue
from data.tables.visits import Visit
from data.visit_steps import editable_visit

HISTORY_DAYS = 800
"""Two years and the weeks around them: a year ago, and the year before that."""
TOLD_SOURCES = ("told", "estimated")
LARGEST = Decimal(9_999_999)


@dataclass(frozen=True, order=True)
class Span:
    """The days [start, end)."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.end - self.start).days


def told_periods(session: Session, actor: Actor, distributor_id: str, on: date) -> list[Span]:
    """The periods for which a distributor told its sales of our products, begun up to a day, oldest first.

    Raises:
        NotReachable: the distributor is not the actor's.
    """
    require_distributor(session, actor, distributor_id)
    statement = (
        select(SellOut.from_on, SellOut.to_on)
        .join(Product, Product.id == SellOut.product_id)
        .where(
            SellOut.distributor_id == distributor_id,
            SellOut.from_on > on - timedelta(days=HISTORY_DAYS),
            SellOut.from_on <= on,
            Product.is_own,
        )
        .distinct()
        .order_by(SellOut.from_on, SellOut.to_on)
    )
    return [Span(start, end) for start, end in session.execute(statement)]


def sales_in(
    session: Session, actor: Actor, distributor_id: str, spans: Mapping[str, Span], *, minor_exponent: int
) -> pd.DataFrame:
    """What a distributor sold of every product in some periods that do not overlap.

    Args:
        session: A reading session.
        actor: Who asks.
        distributor_id: The distributor.
        spans: The periods by name.
        minor_exponent: Decimals of the currency.

    Returns:
        `product_id, span` (its name), `quantity` (base units, returns netted), `revenue`, `cost` (currency
        units; NaN unless told for every row of the period), `from_on, to_on` (to_on after the last day),
        `source, other_source` (two of its sources; the same where there is one).

    Raises:
        NotReachable: the distributor is not the actor's.
    """
    require_distributor(session, actor, distributor_id)
    within = {name: and_(SellOut.from_on >= s.start, SellOut.from_on < s.end) for name, s in spans.items()}
    rows = (
        select(
            SellOut.product_id,
            case(*((begun, literal(name)) for name, begun in within.items()), else_="").label("span"),
            SellOut.quantity,
            SellOut.revenue_minor,
            SellOut.cost_minor,
            SellOut.from_on,
            SellOut.to_on,
            SellOut.source,
        )
        .where(
            SellOut.distributor_id == distributor_id,
            SellOut.from_on >= min(span.start for span in spans.values()),
            SellOut.from_on < max(span.end for span in spans.values()),
        )
        .subquery()
    )
    columns = rows.c
    complete = {
        name: case((func.count(minor) == func.count(), cast(func.sum(minor), BigInteger)))
        for name, minor in (("revenue", columns.revenue_minor), ("cost", columns.cost_minor))
    }
    table = frame(
        session,
        select(
            columns.product_id,
            columns.span,
            func.sum(columns.quantity, type_=SellOut.quantity.type).label("quantity"),
            *(total.label(name) for name, total in complete.items()),
            func.min(columns.from_on).label("from_on"),
            func.max(columns.to_on).label("to_on"),
            func.min(columns.source).label("source"),
            func.max(columns.source).label("other_source"),
        )
        .where(columns.span != "")
        .group_by(columns.product_id, columns.span)
        .order_by(columns.product_id, columns.span),
    )
    for name in complete:
        table[name] = table[name].astype("float64") / 10**minor_exponent
    return table


def rival_sales(session: Session, actor: Actor, distributor_id: str, span: Span) -> pd.DataFrame:
    """What is known of a distributor's sales of competitors' products, row by row, where rows touch a period.

    Returns:
        `product_id, from_on, to_on, quantity` (base units), `revenue_minor` (NA where not told), `source,
        visit_id` (the visit at which it was told; missing where it was loaded).

    Raises:
        NotReachable: the distributor is not the actor's.
    """
    require_distributor(session, actor, distributor_id)
    return frame(
        session,
        select(
            SellOut.product_id,
            SellOut.from_on,
            SellOut.to_on,
            SellOut.quantity,
            SellOut.revenue_minor,
            SellOut.source,
            SellOut.visit_id,
        )
        .join(Product, Product.id == SellOut.product_id)
        .where(
            SellOut.distributor_id == distributor_id,
            SellOut.from_on < span.end,
            SellOut.to_on > span.start,
            Product.is_own.is_(False),
        )
        .order_by(SellOut.product_id, SellOut.from_on),
    )


def set_rival_sales(
    session: Session,
    actor: Actor,
    visit_id: str,
    product_id: str,
    *,
    span: Span,
    seen: Decimal | None,
    quantity: Decimal | None,
    source: str,
    now: datetime,
) -> None:
    """Keeps what a rep was told, or estimates, that a distributor sold of a competitor's product in a period.

    The visit's log keeps who said what and when; the sales themselves are one row a product and first day, so
    telling it again corrects it. Sales that were loaded, or told for other days that overlap, stay as they are.

    Args:
        session: A writing session.
        actor: The visit's rep.
        visit_id: The visit.
        product_id: The competitor's product.
        span: The period that was asked about.
        seen: The quantity that stood on the screen, base units.
        quantity: What was told, base units; `None` takes it back.
        source: `told` or `estimated`.
        now: When.

    Raises:
        Conflict: somebody told another quantity meanwhile.
        InvalidValue: a quantity out of range or too fine, another source, days still to come, or days of which
            the sales are known already.
        NotAllowed, NotReachable: not the actor's visit, no longer worked on, or no product of a competitor.
    """
    visit = editable_visit(session, actor, visit_id)
    _check(visit, actor, span, quantity, source)
    product = session.get(Product, product_id)
    if product is None or product.is_own:
        raise NotReachable("competitor's product")
    # Two visits to one distributor must not both find that nothing was told yet.
    session.execute(select(Distributor.id).where(Distributor.id == visit.distributor_id).with_for_update())
    held = _held(session, visit.distributor_id, product_id, span)
    if held is not None and (held.quantity, held.source, held.to_on) == (quantity, source, span.end):
        return
    current = None if held is None else held.quantity
    if current not in (seen, quantity):
        raise Conflict("sold", current, quantity)
    _log(session, visit, actor, product_id, span, quantity, source, now)
    if quantity is None:
        if held is not None:
            session.delete(held)
        return
    if held is None:
        held = SellOut(
            id=new_id(), distributor_id=visit.distributor_id, product_id=product_id, from_on=span.start
        )
        session.add(held)
    held.to_on, held.quantity, held.source, held.visit_id = span.end, quantity, source, visit.id
    held.revenue_minor = held.cost_minor = None


def _check(visit: Visit, actor: Actor, span: Span, quantity: Decimal | None, source: str) -> None:
    if source not in TOLD_SOURCES:
        raise InvalidValue("source", source, " or ".join(TOLD_SOURCES))
    if quantity is not None and not (0 <= quantity <= LARGEST and quantity == round(quantity, 3)):
        raise InvalidValue("number", quantity, f"a number from 0 to {LARGEST:,} with at most three decimals")
    if not span.start < span.end <= max(visit.planned_on, actor.today) + timedelta(days=1):
        raise InvalidValue("period", span.end, "a period that has passed")


def _held(session: Session, distributor_id: str, product_id: str, span: Span) -> SellOut | None:
    """The row that this period's word is kept in; known sales of other days within it are in the way."""
    overlapping = session.scalars(
        select(SellOut).where(
            SellOut.distributor_id == distributor_id,
            SellOut.product_id == product_id,
            SellOut.from_on < span.end,
            SellOut.to_on > span.start,
        )
    ).all()
    held = next((row for row in overlapping if row.from_on == span.start and row.visit_id), None)
    if any(row is not held for row in overlapping):
        raise InvalidValue("period", span.start, "days of which the sales are not known yet")
    return held


def _log(
    session: Session,
    visit: Visit,
    actor: Actor,
    product_id: str,
    span: Span,
    quantity: Decimal | None,
    source: str,
    now: datetime,
) -> None:
    field = f"sold:{span.start}"
    value = session.get(FieldValue, (visit.id, product_id, "", field))
    entry = Entry(
        id=new_id(),
        visit_id=visit.id,
        user_id=actor.user_id,
        row=product_id,
        field=field,
        value=None if quantity is None else format(quantity.normalize(), "f"),
        unit="piece",
        source=source,
        base=None if value is None else value.entry_id,
        outcome="applied",
        tablet_at="",
        saved_at=now,
    )
    session.add(entry)
    session.flush()
    if value is None:
        value = FieldValue(visit_id=visit.id, row=product_id, lot="", field=field)
        session.add(value)
    value.value, value.unit, value.source, value.entry_id = entry.value, entry.unit, entry.source, entry.id
    value.entered_by, value.saved_at = actor.user_id, now
    visit.changed_at = now
