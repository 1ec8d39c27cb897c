"""The end of a visit: when the next one is."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.access import Actor
from data.errors import InvalidValue
from data.identifiers import new_id
from data.tables.visits import Visit
from data.values import change_value
from data.visit_steps import editable_visit

LONGEST_PLAN = timedelta(days=366)


def set_next_visit(
    session: Session, actor: Actor, visit_id: str, seen: date | None, on: date | None, now: datetime
) -> None:
    """Sets the day of the next visit and plans it: a planned visit of the same rep moves along."""
    visit = editable_visit(session, actor, visit_id)
    if on is not None and not visit.planned_on < on <= visit.planned_on + LONGEST_PLAN:
        raise InvalidValue("next visit", on, "a day after this visit and within a year")
    if not change_value(visit, "next_visit_on", seen, on):
        return
    visit.changed_at = now
    planned = session.scalar(
        select(Visit)
        .where(
            Visit.distributor_id == visit.distributor_id,
            Visit.rep_id == visit.rep_id,
            Visit.state == "planned",
            Visit.planned_on > visit.planned_on,
        )
        .order_by(Visit.planned_on)
        .limit(1)
    )
    if planned is not None and on is not None:
        planned.planned_on, planned.changed_at = on, now
    elif on is not None:
        session.add(
            Visit(
                id=new_id(),
                distributor_id=visit.distributor_id,
                rep_id=visit.rep_id,
                state="planned",
                planned_on=on,
                changed_at=now,
            )
        )
