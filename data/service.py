"""Complaints of distributors, from the first word to the report back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.access import Actor, reaches_distributor
from data.tables.visits import Complaint


@dataclass(frozen=True)
class ComplaintRow:
    """A complaint as the screens show it."""

    id: str
    distributor_id: str
    kind: str
    text: str
    state: str
    answer: str
    due_on: date | None
    recorded_at: datetime


def open_complaints(session: Session, actor: Actor, distributor_ids: Sequence[str]) -> list[ComplaintRow]:
    """Complaints of some distributors that are not yet reported back, the oldest first."""
    statement = (
        select(
            Complaint.id,
            Complaint.distributor_id,
            Complaint.kind,
            Complaint.text,
            Complaint.state,
            Complaint.answer,
            Complaint.due_on,
            Complaint.recorded_at,
        )
        .where(
            Complaint.distributor_id.in_(distributor_ids),
            Complaint.state.in_(("recorded", "handled", "rechecked")),
            reaches_distributor(actor, Complaint.distributor_id),
        )
        .order_by(Complaint.recorded_at, Complaint.id)
    )
    return [ComplaintRow(*row) for row in session.execute(statement)]
