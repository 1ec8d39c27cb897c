"""The steps of a visit: where each stands, and whether the visit may still be entered into."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from core.visit import STEPS, is_editable
from data.access import Actor, reaches_visit, require_visit
from data.errors import InvalidValue, NotAllowed, NotReachable
from data.tables.visits import Visit, VisitStep


@dataclass(frozen=True)
class StepRow:
    """Where a step stands."""

    state: str
    reason: str
    changed_at: datetime | None


def steps_of(session: Session, actor: Actor, visit_id: str) -> dict[str, StepRow]:
    """Every step of a visit, the untouched ones as open."""
    require_visit(session, actor, visit_id)
    found = {
        row.step: StepRow(row.state, row.reason, row.changed_at)
        for row in session.scalars(_steps(), {"of_visit": visit_id})
    }
    return {step: found.get(step, StepRow("open", "", None)) for step in STEPS}


@cache
def _steps() -> Select[VisitStep]:
    return select(VisitStep).where(VisitStep.visit_id == bindparam("of_visit"))


def steps_settled(session: Session, actor: Actor, visit_ids: Sequence[str]) -> dict[str, int]:
    """How many steps of each visit are done or skipped, by visit; visits without any are absent."""
    statement = (
        select(VisitStep.visit_id, func.count())
        .join(Visit, Visit.id == VisitStep.visit_id)
        .where(reaches_visit(actor), Visit.id.in_(visit_ids), VisitStep.state.in_(("done", "skipped")))
        .group_by(VisitStep.visit_id)
    )
    return dict(session.execute(statement).all())


def steps_skipped(session: Session, actor: Actor, visit_ids: Sequence[str]) -> dict[str, int]:
    """How many steps of each visit were skipped, by visit; visits without any are absent."""
    statement = (
        select(VisitStep.visit_id, func.count())
        .join(Visit, Visit.id == VisitStep.visit_id)
        .where(reaches_visit(actor), Visit.id.in_(visit_ids), VisitStep.state == "skipped")
        .group_by(VisitStep.visit_id)
    )
    return dict(session.execute(statement).all())


def locked_visit(session: Session, actor: Actor, visit_id: str) -> Visit:
    """The visit, locked until the end of the transaction: who comes second sees what the first has written."""
    visit = session.scalar(
        select(Visit).where(Visit.id == visit_id, reaches_visit(actor)).with_for_update(of=Visit)
    )
    if visit is None:
        raise NotReachable("visit")
    return visit


def editable_visit(session: Session, actor: Actor, visit_id: str) -> Visit:
    """The visit, if the actor is its rep and it is still being worked on; otherwise the reason why not."""
    visit = locked_visit(session, actor, visit_id)
    if visit.rep_id != actor.user_id:
        raise NotAllowed("Entering into this visit", "it is another rep's")
    if not is_editable(visit.state):
        raise NotAllowed("Entering into this visit", f"it is {visit.state}", visit.state)
    return visit


def open_step(session: Session, actor: Actor, visit_id: str, step: str) -> None:
    """Remembers where the rep is, so that another device resumes there.

    `changed_at` stays: nothing was entered, and every figure of the visit would be calculated anew.
    """
    editable_visit(session, actor, visit_id).last_step = step


def set_step(
    session: Session, actor: Actor, visit_id: str, step: str, state: str, now: datetime, reason: str = ""
) -> None:
    """Sets where a step stands; skipping needs a reason."""
    visit = editable_visit(session, actor, visit_id)
    if state == "skipped" and not reason.strip():
        raise InvalidValue("reason", reason, "why the step is skipped")
    found = session.get(VisitStep, (visit.id, step))
    if found is None:
        found = VisitStep(visit_id=visit.id, step=step, state=state, reason="", changed_at=now)
        session.add(found)
    found.state = state
    found.reason = reason.strip() if state == "skipped" else ""
    found.changed_at = now


def begin_step(session: Session, actor: Actor, visit_id: str, step: str, now: datetime) -> None:
    """Marks a step begun with its first entry; one that is done stays done."""
    visit = editable_visit(session, actor, visit_id)
    found = session.get(VisitStep, (visit.id, step))
    if found is None or found.state in ("open", "skipped"):
        set_step(session, actor, visit_id, step, "begun", now)
