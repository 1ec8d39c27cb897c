"""What a distributor's other goods are worth: the sum that it tells, for our share of its stock."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.access import Actor, reaches_distributor, require_distributor
from data.errors import Conflict, InvalidValue
from data.identifiers import new_id
from data.tables.records import Entry, FieldValue
from data.tables.visits import Visit
from data.visit_steps import editable_visit

ROW, FIELD = "stock", "other_value"
LARGEST = Decimal(999_999_999)


@dataclass(frozen=True)
class OtherStock:
    """The sum in currency units at the distributor's own purchase prices, and the visit it was told on."""

    visit_id: str
    told_on: date
    value: Decimal


def other_stock(session: Session, actor: Actor, distributor_id: str, on: date) -> list[OtherStock]:
    """The last two sums told up to a day, the newest first.

    Raises:
        NotReachable: the distributor is not the actor's.
    """
    require_distributor(session, actor, distributor_id)
    statement = (
        select(Visit.id, Visit.planned_on, FieldValue.value)
        .join(FieldValue, FieldValue.visit_id == Visit.id)
        .where(
            Visit.distributor_id == distributor_id,
            Visit.planned_on <= on,
            Visit.state != "cancelled",
            FieldValue.row == ROW,
            FieldValue.field == FIELD,
            FieldValue.value.is_not(None),
            reaches_distributor(actor, Visit.distributor_id),
        )
        .order_by(Visit.planned_on.desc(), Visit.id.desc())
        .limit(2)
    )
    return [
        OtherStock(visit_id, day, Decimal(value))
        for visit_id, day, value in session.execute(statement)
        if value is not None
    ]


def set_other_stock(
    session: Session,
    actor: Actor,
    visit_id: str,
    *,
    seen: Decimal | None,
    value: Decimal | None,
    now: datetime,
) -> None:
    """Keeps the sum in a visit's entries, like everything else that was told there.

    Args:
        session: A writing session.
        actor: The visit's rep.
        visit_id: The visit.
        seen: The sum that stood on the screen.
        value: The sum told, currency units, whole or with up to two decimals; `None` clears it.
        now: When.

    Raises:
        Conflict: somebody gave another sum meanwhile.
        InvalidValue: negative, too large or too fine.
        NotAllowed, NotReachable: not the actor's visit, or no longer worked on.
    """
    visit = editable_visit(session, actor, visit_id)
    if value is not None and not (0 <= value <= LARGEST and value == round(value, 2)):
        raise InvalidValue(FIELD, value, f"an amount from 0 to {LARGEST:,} with at most two decimals")
    held = session.get(FieldValue, (visit.id, ROW, "", FIELD))
    current = None if held is None or held.value is None else Decimal(held.value)
    if current == value:
        return
    if current != seen:
        raise Conflict(FIELD, current, value)
    entry = Entry(
        id=new_id(),
        visit_id=visit.id,
        user_id=actor.user_id,
        row=ROW,
        field=FIELD,
        value=None if value is None else format(value.normalize(), "f"),
        source="told",
        base=None if held is None else held.entry_id,
        outcome="applied",
        tablet_at="",
        saved_at=now,
    )
    session.add(entry)
    session.flush()
    if held is None:
        held = FieldValue(visit_id=visit.id, row=ROW, lot="", field=FIELD)
        session.add(held)
    held.value, held.source, held.entry_id = entry.value, entry.source, entry.id
    held.entered_by, held.saved_at = actor.user_id, now
    visit.changed_at = now
