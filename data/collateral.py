"""Goods and sureties against the record: what stands against the credit, and whether it is still there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.access import Actor, require_visit
from data.errors import InvalidValue, NotReachable
from data.identifiers import new_id
from data.tables.distributors import Collateral, CollateralCheck
from data.tables.visits import Visit
from data.values import change_value, require_seen
from data.visit_steps import editable_visit


@dataclass(frozen=True)
class CollateralRow:
    """A collateral, what was found of it in this visit, and in the last visit that looked."""

    id: str
    kind: str
    description: str
    quantity: Decimal
    value_minor: int
    recorded_on: date
    checked: Decimal | None
    last: Decimal | None
    last_on: date | None


def collateral_of(session: Session, actor: Actor, visit_id: str) -> Sequence[CollateralRow]:
    """What stands against the distributor's credit on the visit's day, with the checks, in two queries."""
    visit = require_visit(session, actor, visit_id)
    kept = session.scalars(
        select(Collateral)
        .where(
            Collateral.distributor_id == visit.distributor_id,
            Collateral.recorded_on <= actor.today,
            Collateral.released_on.is_(None) | (Collateral.released_on > actor.today),
        )
        .order_by(Collateral.kind, Collateral.recorded_on, Collateral.id)
    ).all()
    checks = session.execute(
        select(
            CollateralCheck.collateral_id,
            CollateralCheck.visit_id,
            Visit.planned_on,
            CollateralCheck.quantity,
        )
        .join(Visit, Visit.id == CollateralCheck.visit_id)
        .where(CollateralCheck.collateral_id.in_([row.id for row in kept]))
        .order_by(Visit.planned_on, CollateralCheck.checked_at)
    ).all()
    now = {row[0]: row[3] for row in checks if row[1] == visit.id}
    before = {row[0]: (row[3], row[2]) for row in checks if row[1] != visit.id and row[2] <= visit.planned_on}
    return [
        CollateralRow(
            row.id,
            row.kind,
            row.description,
            row.quantity,
            row.value_minor,
            row.recorded_on,
            now.get(row.id),
            *before.get(row.id, (None, None)),
        )
        for row in kept
    ]


def check_collateral(
    session: Session,
    actor: Actor,
    visit_id: str,
    collateral_id: str,
    now: datetime,
    *,
    seen: Decimal | None,
    quantity: Decimal | None,
) -> None:
    """Records how much of a collateral was found; `None` takes the look back.

    Raises:
        Conflict: another check was saved since `seen`.
        InvalidValue: a negative quantity.
        NotReachable: it belongs to another distributor.
    """
    visit = editable_visit(session, actor, visit_id)
    if quantity is not None and quantity < 0:
        raise InvalidValue("quantity", quantity, "a number of at least 0")
    kept = session.scalar(
        select(Collateral).where(
            Collateral.id == collateral_id, Collateral.distributor_id == visit.distributor_id
        )
    )
    if kept is None:
        raise NotReachable("collateral")
    row = session.scalar(
        select(CollateralCheck).where(
            CollateralCheck.visit_id == visit.id, CollateralCheck.collateral_id == collateral_id
        )
    )
    if row is None and quantity is not None:
        session.add(
            CollateralCheck(
                id=new_id(),
                visit_id=visit.id,
                collateral_id=collateral_id,
                quantity=quantity,
                note="",
                version=1,
                checked_by=actor.user_id,
                checked_at=now,
            )
        )
    elif row is not None and quantity is None:
        require_seen(row, "quantity", seen)
        session.delete(row)
    elif row is not None and change_value(row, "quantity", seen, quantity):
        row.checked_by, row.checked_at = actor.user_id, now
