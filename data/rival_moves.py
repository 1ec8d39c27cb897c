"""A competitor's price that moved becomes a message to the manager, without anybody writing it.

It is a market note on prices, one a visit and product, under an id made from the two: saved as often as the
price is corrected, it stays one note, and it goes when the price turns out not to have moved.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.tables.company import Company
from data.tables.dealings import PriceObservation
from data.tables.products import Product
from data.tables.visits import MarketNote, Visit

KINDS = {"selling": "出货价 selling price", "retail": "零售价 retail price"}
"""Kept with the note, which people read in either language."""


@dataclass(frozen=True)
class Seen:
    """A price as it was typed, with what it takes to compare it."""

    on: date
    amount: Decimal
    unit: str
    pack_size: int
    tax_basis: str

    @property
    def pieces(self) -> int:
        """Base units that the amount buys."""
        return self.pack_size if self.unit == "case" else 1


def note_rival_moves(
    session: Session, visit: Visit, products: Collection[Product], noted_by: str, now: datetime
) -> None:
    """Brings the notes of a visit up to the prices of some competitors' products.

    Args:
        session: The writing session in which the prices were set.
        visit: The visit.
        products: The products whose prices were touched; our own are left out.
        noted_by: Who entered them.
        now: When they arrived.
    """
    rivals = {product.id: product for product in products if not product.is_own}
    if not rivals:
        return
    session.flush()
    seen = _last_two(session, visit, rivals)
    ids = {product_id: str(uuid5(NAMESPACE_OID, f"{visit.id}/{product_id}/price")) for product_id in rivals}
    notes = {
        note.id: note for note in session.scalars(select(MarketNote).where(MarketNote.id.in_(ids.values())))
    }
    currency = session.scalar(select(Company.currency)) or ""
    for product_id, product in rivals.items():
        note = notes.get(ids[product_id])
        moves = [
            f"{word}: {_move(seen[product_id, kind], currency)}"
            for kind, word in KINDS.items()
            if _has_moved(visit, seen.get((product_id, kind), []))
        ]
        if not moves:
            if note is not None:
                session.delete(note)
            continue
        if note is None:
            note = MarketNote(
                id=ids[product_id],
                visit_id=visit.id,
                distributor_id=visit.distributor_id,
                topic="price",
                competitor=product.maker,
                noted_by=noted_by,
                noted_at=now,
            )
            session.add(note)
        note.text = f"{_named(product)}. {'; '.join(moves)}"


def _named(product: Product) -> str:
    """Both names, where there are two."""
    is_one = product.name_en in ("", product.name)
    return product.name if is_one else f"{product.name} ({product.name_en})"


def _last_two(
    session: Session, visit: Visit, rivals: Mapping[str, Product]
) -> dict[tuple[str, str], list[Seen]]:
    """By product and kind the last price up to this visit and the one before it on the same tax basis."""
    statement = (
        select(
            PriceObservation.product_id,
            PriceObservation.kind,
            PriceObservation.observed_on,
            PriceObservation.amount,
            PriceObservation.unit,
            PriceObservation.pack_size,
            PriceObservation.tax_basis,
        )
        .where(
            PriceObservation.distributor_id == visit.distributor_id,
            PriceObservation.product_id.in_(rivals),
            PriceObservation.observed_on <= visit.planned_on,
        )
        .order_by(PriceObservation.observed_on.desc())
    )
    found: dict[tuple[str, str], list[Seen]] = {}
    for product_id, kind, on, amount, unit, pack_size, tax_basis in session.execute(statement):
        pair = found.setdefault((product_id, kind), [])
        price = Seen(on, amount, unit, pack_size, tax_basis)
        if not pair or (len(pair) < 2 and price.tax_basis == pair[0].tax_basis):
            pair.append(price)
    return found


def _has_moved(visit: Visit, pair: Sequence[Seen]) -> bool:
    if len(pair) < 2 or pair[0].on != visit.planned_on:
        return False
    now, before = pair
    return now.amount * before.pieces != before.amount * now.pieces


def _move(pair: Sequence[Seen], currency: str) -> str:
    """Both prices in the unit of the new one and the pack that it buys: `45 (2026-11-03) → 42 CNY (1×15)`."""
    now, before = pair
    was = before.amount * now.pieces / before.pieces
    return f"{_figure(was)} ({before.on}) → {_figure(now.amount)} {currency} (1×{now.pieces})"


def _figure(amount: Decimal) -> str:
    return format(round(amount, 2).normalize(), "f")
