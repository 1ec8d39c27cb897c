"""From what a tablet entered to the tables of each topic: counts, prices and texts.

Everything happens in the transaction that keeps the entry, so that a figure is never in one place only.
"""

import calendar
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.access import Actor
from data.audit import record_change
from data.company import company_settings
from data.entry_fields import COUNT_FIELDS, PRICE_FIELDS, SKIP_FIELDS
from data.identifiers import new_id
from data.rival_moves import note_rival_moves
from data.tables.dealings import AccountDifference, PriceObservation, StockCount
from data.tables.products import Product
from data.tables.records import FieldValue
from data.tables.visits import Objective, Visit
from data.their_book import NOTE

Cell = tuple[str, str, str]
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_VISIT_TEXTS = frozenset({"summary", "strengths", "improve", "incomplete_reason"})
_OBJECTIVE_TEXTS = frozenset({"reason", "next_time", "actual_note", "text"})


def project(session: Session, visit: Visit, cells: Iterable[Cell], actor: Actor, now: datetime) -> None:
    """Brings the topic tables of a visit up to the current values of some cells.

    Args:
        session: The writing session in which the values were set and flushed.
        visit: The visit.
        cells: The (row, lot, field) that moved.
        actor: Who enters, or accepts a correction.
        now: When they arrived.
    """
    cells = list(cells)
    rows = {row for row, _lot, _field in cells}
    found = session.scalars(
        select(FieldValue).where(FieldValue.visit_id == visit.id, FieldValue.row.in_(rows))
    )
    values = {(value.row, value.lot, value.field): value for value in found}
    products = {
        product.id: product for product in session.scalars(select(Product).where(Product.id.in_(rows)))
    }
    _project_counts(session, visit, cells, values, products, actor, now)
    _project_prices(session, visit, cells, values, products, actor, now)
    _project_texts(session, visit, cells, values, actor)


def expiry_of(lot: str) -> date | None:
    """The day until which a lot known by its month keeps: the last of it; `None` for another name.

    Example:
        >>> expiry_of("2027-02"), expiry_of("L-17")
        (datetime.date(2027, 2, 28), None)
    """
    match = _MONTH.fullmatch(lot)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    return date(year, month, calendar.monthrange(year, month)[1])


def _project_counts(
    session: Session,
    visit: Visit,
    cells: list[Cell],
    values: Mapping[Cell, FieldValue],
    products: Mapping[str, Product],
    actor: Actor,
    now: datetime,
) -> None:
    touched = {
        (row, lot)
        for row, lot, field in cells
        if field in COUNT_FIELDS | {"stock_skipped"} and row in products
    }
    if not touched:
        return
    ids = {row for row, _lot in touched}
    earlier = list(
        session.scalars(
            select(StockCount)
            .where(StockCount.distributor_id == visit.distributor_id, StockCount.product_id.in_(ids))
            .order_by(StockCount.counted_on)
        )
    )
    today = {
        (count.product_id, count.lot): count for count in earlier if count.counted_on == visit.planned_on
    }
    expiries = {(count.product_id, count.lot): count.expires_on for count in earlier}
    for product_id, lot in sorted(touched):
        parts = [values.get((product_id, lot, field)) for field in ("cases", "pieces")]
        skipped = values.get((product_id, lot, "stock_skipped"))
        given = [part for part in parts if part is not None and part.value is not None]
        row = today.get((product_id, lot))
        if not given and (skipped is None or skipped.value is None):
            if row is not None and row.visit_id == visit.id:
                session.delete(row)
            continue
        if row is not None and row.visit_id != visit.id:
            _record_taken_over(session, actor, visit, row, "quantity", row.quantity, now)
        pack = products[product_id].pack_size
        cases, pieces = (Decimal(part.value) if part and part.value else Decimal(0) for part in parts)
        if row is None:
            row = StockCount(
                id=new_id(),
                distributor_id=visit.distributor_id,
                product_id=product_id,
                lot=lot,
                expires_on=expiries.get((product_id, lot)) or expiry_of(lot),
                counted_on=visit.planned_on,
            )
            session.add(row)
        row.visit_id = visit.id
        row.quantity = cases * pack + pieces if given else None
        row.pack_size = pack
        row.source = given[-1].source or "counted" if given else "counted"
        last = given[-1] if given else skipped
        row.counted_by, row.counted_at = last.entered_by if last else actor.user_id, now


def _record_taken_over(
    session: Session,
    actor: Actor,
    visit: Visit,
    row: StockCount | PriceObservation,
    field: str,
    before: Decimal | None,
    now: datetime,
) -> None:
    # A day has one count and one price of a product: a second visit of the day, or one over an imported figure,
    # replaces it, and the trail says what stood there.
    record_change(
        session,
        actor,
        visit,
        field,
        None if before is None else str(before),
        "replaced",
        reason="entered again on the same day",
        now=now,
        record=type(row).__tablename__,
        record_id=row.id,
    )


def _project_prices(
    session: Session,
    visit: Visit,
    cells: list[Cell],
    values: Mapping[Cell, FieldValue],
    products: Mapping[str, Product],
    actor: Actor,
    now: datetime,
) -> None:
    touched = {(row, field) for row, _lot, field in cells if field in PRICE_FIELDS and row in products}
    if not touched:
        return
    tax_basis = company_settings(session, actor).tax_basis
    found = session.scalars(
        select(PriceObservation).where(
            PriceObservation.distributor_id == visit.distributor_id,
            PriceObservation.observed_on == visit.planned_on,
            PriceObservation.product_id.in_({row for row, _field in touched}),
        )
    )
    today = {(price.product_id, price.kind): price for price in found}
    for product_id, kind in sorted(touched):
        value = values.get((product_id, "", kind))
        row = today.get((product_id, kind))
        if value is None or value.value is None:
            if row is not None and row.visit_id == visit.id:
                session.delete(row)
            continue
        if row is not None and row.visit_id != visit.id:
            _record_taken_over(session, actor, visit, row, "amount", row.amount, now)
        if row is None:
            row = PriceObservation(
                id=new_id(),
                distributor_id=visit.distributor_id,
                product_id=product_id,
                kind=kind,
                observed_on=visit.planned_on,
            )
            session.add(row)
        row.visit_id = visit.id
        row.amount = Decimal(value.value)
        row.unit = value.unit or "piece"
        row.pack_size = products[product_id].pack_size
        row.tax_basis = tax_basis
        row.source = value.source or "read"
        row.observed_by, row.observed_at = value.entered_by, now
    priced = {product_id for product_id, _kind in touched}
    note_rival_moves(session, visit, [products[id_] for id_ in sorted(priced)], visit.rep_id, now)


def _project_texts(
    session: Session, visit: Visit, cells: list[Cell], values: Mapping[Cell, FieldValue], actor: Actor
) -> None:
    for row, lot, field in cells:
        if field in SKIP_FIELDS:
            continue
        value = values.get((row, lot, field))
        text = (value.value or "").strip() if value else ""
        if row == "visit" and field in _VISIT_TEXTS:
            setattr(visit, field, text)
        elif row.startswith("objective:") and field in _OBJECTIVE_TEXTS:
            objective = session.get(Objective, row.removeprefix("objective:"))
            if objective is not None and objective.visit_id == visit.id:
                setattr(objective, field, text)
        elif row.startswith(NOTE) and field == "note":
            _project_note(session, visit, row.removeprefix(NOTE), text, actor)


def _project_note(session: Session, visit: Visit, entries: str, text: str, actor: Actor) -> None:
    """The note of a difference; what was written off meanwhile stays as the manager closed it."""
    difference = session.scalar(
        select(AccountDifference).where(
            AccountDifference.distributor_id == visit.distributor_id,
            AccountDifference.entries_hash.startswith(entries, autoescape=True),
        )
    )
    if difference is not None and difference.state != "written_off" and difference.note != text:
        difference.note, difference.changed_by = text, actor.user_id
        difference.version += 1
