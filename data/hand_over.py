"""Handing distributors from one rep to another, with the visits planned and the promises open."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from data.access import Actor, require_role
from data.errors import InvalidValue, NotReachable
from data.identifiers import new_id
from data.tables.company import User
from data.tables.distributors import Distributor, DistributorAssignment
from data.tables.records import AuditEntry
from data.tables.visits import Promise, Visit


def hand_over(
    session: Session,
    actor: Actor,
    *,
    distributor_ids: Iterable[str],
    to_rep_id: str,
    from_on: date,
    now: datetime,
) -> None:
    """Hands distributors to a rep from a day on: visits planned from that day and open promises go along.

    Whatever was arranged for later gives way. Visits already begun stay with whoever makes them. Handing over
    what is the rep's already changes nothing, so that saving twice is saving once.

    Args:
        session: Within `writing`.
        actor: An administrator, or the operator.
        distributor_ids: The distributors, of one rep or of several.
        to_rep_id: The rep who takes over.
        from_on: His first day; today of the actor or later, as what was stays on record.
        now: The instant.

    Raises:
        InvalidValue: a day that is past, or somebody who is not a rep at work.
        NotReachable: an unknown distributor or user.
    """
    require_role(actor, "Handing distributors over", "administrator", "operator")
    if from_on < actor.today:
        raise InvalidValue("from_on", from_on.isoformat(), "today or a later day")
    rep = session.get(User, to_rep_id)
    if rep is None:
        raise NotReachable("user")
    if rep.role != "rep" or rep.retired_at is not None:
        raise InvalidValue("rep", rep.account, "a rep who is not retired")
    wanted = set(distributor_ids)
    known = set(session.scalars(select(Distributor.id).where(Distributor.id.in_(wanted))))
    if known != wanted:
        raise NotReachable("distributor")
    for distributor_id in sorted(wanted):
        _hand_over_one(session, actor, distributor_id, rep.id, from_on, now)


def _hand_over_one(
    session: Session, actor: Actor, distributor_id: str, rep_id: str, from_on: date, now: datetime
) -> None:
    before = _assign(session, distributor_id, rep_id, from_on)
    _move_visits(session, actor, distributor_id, rep_id, from_on, now)
    session.execute(
        update(Promise)
        .where(Promise.distributor_id == distributor_id, Promise.state == "open")
        .where(Promise.rep_id != rep_id)
        .values(rep_id=rep_id, version=Promise.version + 1)
    )
    if before is not None:
        session.add(
            AuditEntry(
                id=new_id(),
                distributor_id=distributor_id,
                record="distributor",
                record_id=distributor_id,
                field="rep",
                before=before,
                after=f"{rep_id} {from_on}",
                changed_by=actor.user_id or None,
                changed_at=now,
            )
        )


def _assign(session: Session, distributor_id: str, rep_id: str, from_on: date) -> str | None:
    """Makes the rep the only one from a day on; says who it would have been, `None` when nothing changed."""
    held = list(
        session.scalars(
            select(DistributorAssignment)
            .where(DistributorAssignment.distributor_id == distributor_id)
            .where(or_(DistributorAssignment.to_on.is_(None), DistributorAssignment.to_on > from_on))
            .order_by(DistributorAssignment.from_on)
        )
    )
    starts_by_then = len(held) == 1 and held[0].from_on <= from_on and held[0].to_on is None
    if starts_by_then and held[0].rep_id == rep_id:
        return None
    for assignment in held:
        if assignment.from_on < from_on:
            assignment.to_on = from_on
        else:
            session.delete(assignment)
    session.flush()
    session.add(
        DistributorAssignment(id=new_id(), distributor_id=distributor_id, rep_id=rep_id, from_on=from_on)
    )
    return ", ".join(f"{assignment.rep_id} {assignment.from_on}" for assignment in held)


def _move_visits(
    session: Session, actor: Actor, distributor_id: str, rep_id: str, from_on: date, now: datetime
) -> None:
    statement = (
        update(Visit)
        .where(Visit.distributor_id == distributor_id, Visit.state == "planned", Visit.rep_id != rep_id)
        .values(rep_id=rep_id, version=Visit.version + 1, changed_at=now)
    )
    # What is overdue goes along on the day itself: the old rep reaches the distributor no longer.
    session.execute(statement if from_on == actor.today else statement.where(Visit.planned_on >= from_on))
