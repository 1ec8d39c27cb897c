"""The audit trail: changes that must stay visible, with who, when, before, after and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.access import Actor, require_visit
from data.identifiers import new_id
from data.tables.company import User
from data.tables.records import AuditEntry
from data.tables.visits import Visit


@dataclass(frozen=True)
class AuditRow:
    """A change as the visit log shows it."""

    record: str
    field: str
    before: str | None
    after: str | None
    reason: str
    changed_by: str
    changed_by_en: str
    changed_at: datetime


def record_change(
    session: Session,
    actor: Actor,
    visit: Visit,
    field: str,
    before: str | None,
    after: str | None,
    *,
    reason: str,
    now: datetime,
    record: str = "visit",
    record_id: str | None = None,
) -> None:
    """Adds a line to the trail of a visit."""
    session.add(
        AuditEntry(
            id=new_id(),
            visit_id=visit.id,
            distributor_id=visit.distributor_id,
            record=record,
            record_id=record_id or visit.id,
            field=field,
            before=before,
            after=after,
            reason=reason,
            changed_by=actor.user_id or None,
            changed_at=now,
        )
    )


def audit_of_visit(session: Session, actor: Actor, visit_id: str) -> Sequence[AuditRow]:
    """The trail of a visit, the oldest first."""
    require_visit(session, actor, visit_id)
    statement = (
        select(
            AuditEntry.record,
            AuditEntry.field,
            AuditEntry.before,
            AuditEntry.after,
            AuditEntry.reason,
            User.name,
            User.name_en,
            AuditEntry.changed_at,
        )
        .outerjoin(User, User.id == AuditEntry.changed_by)
        .where(AuditEntry.visit_id == visit_id)
        .order_by(AuditEntry.changed_at, AuditEntry.id)
    )
    return [AuditRow(*row) for row in session.execute(statement)]
