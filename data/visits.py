"""Visits as the rep works with them: the day's plan, starting, steps, cancelling, submitting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from core.visit import completeness, is_editable, may_move
from data.access import (
    ACTORS,
    Actor,
    note_reached,
    reaches_visit,
    require_distributor,
    require_role,
    require_visit,
)
from data.audit import record_change
from data.errors import InvalidValue, NotAllowed
from data.identifiers import is_id
from data.tables.company import User
from data.tables.distributors import Distributor
from data.tables.records import Entry
from data.tables.visits import Visit
from data.visit_steps import steps_of


@dataclass(frozen=True)
class VisitRow:
    """A visit with the names that every screen shows beside it."""

    id: str
    distributor_id: str
    distributor: str
    distributor_en: str
    short: str
    short_en: str
    rep_id: str
    rep: str
    rep_en: str
    state: str
    is_planned: bool
    planned_on: date
    planned_time: str
    started_at: datetime | None
    submitted_at: datetime | None
    reviewed_at: datetime | None
    last_step: str
    summary: str
    strengths: str
    improve: str
    next_visit_on: date | None
    incomplete_reason: str
    cancel_reason: str
    changed_at: datetime

    @property
    def is_editable(self) -> bool:
        """Whether the rep still enters into it."""
        return is_editable(self.state)


def visit_rows(session: Session, statement: Select[*tuple[Any, ...]]) -> list[VisitRow]:
    """Runs a statement made with `select_visits` and returns its rows."""
    return [VisitRow(*row) for row in session.execute(statement)]


@lru_cache(maxsize=ACTORS)
def select_visits(actor: Actor) -> Select[*tuple[Any, ...]]:
    """The columns of `VisitRow` over the visits that the actor may see, ready for further conditions."""
    return _visit_columns().where(reaches_visit(actor))


@cache
def _visit_columns() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Visit.id,
            Visit.distributor_id,
            Distributor.name,
            Distributor.name_en,
            Distributor.short_name,
            Distributor.short_name_en,
            Visit.rep_id,
            User.name,
            User.name_en,
            Visit.state,
            Visit.is_planned,
            Visit.planned_on,
            Visit.planned_time,
            Visit.started_at,
            Visit.submitted_at,
            Visit.reviewed_at,
            Visit.last_step,
            Visit.summary,
            Visit.strengths,
            Visit.improve,
            Visit.next_visit_on,
            Visit.incomplete_reason,
            Visit.cancel_reason,
            Visit.changed_at,
        )
        .join(Distributor, Distributor.id == Visit.distributor_id)
        .join(User, User.id == Visit.rep_id)
    )


def visits_of_day(session: Session, actor: Actor, on: date) -> list[VisitRow]:
    """The actor's own stops of a day in their order, cancelled ones left out."""
    return visit_rows(
        session,
        select_visits(actor)
        .where(Visit.rep_id == actor.user_id, Visit.planned_on == on, Visit.state != "cancelled")
        .order_by(Visit.planned_time, Visit.stop, Visit.id),
    )


def unfinished_visits(session: Session, actor: Actor, before: date) -> list[VisitRow]:
    """The actor's own visits begun on an earlier day and not yet submitted."""
    return visit_rows(
        session,
        select_visits(actor)
        .where(Visit.rep_id == actor.user_id, Visit.state == "draft", Visit.planned_on < before)
        .order_by(Visit.planned_on, Visit.id),
    )


def overdue_visits(session: Session, actor: Actor, before: date) -> list[VisitRow]:
    """The actor's own planned visits whose day has passed, the oldest first."""
    return visit_rows(
        session,
        select_visits(actor)
        .where(Visit.rep_id == actor.user_id, Visit.state == "planned", Visit.planned_on < before)
        .order_by(Visit.planned_on, Visit.id),
    )


def coming_visits(session: Session, actor: Actor, after: date, limit: int) -> list[VisitRow]:
    """The actor's own next planned visits after a day."""
    return visit_rows(
        session,
        select_visits(actor)
        .where(Visit.rep_id == actor.user_id, Visit.state == "planned", Visit.planned_on > after)
        .order_by(Visit.planned_on, Visit.planned_time, Visit.stop, Visit.id)
        .limit(limit),
    )


def returned_visits(session: Session, actor: Actor) -> list[VisitRow]:
    """The actor's own reports that the manager sent back."""
    return visit_rows(
        session,
        select_visits(actor)
        .where(Visit.rep_id == actor.user_id, Visit.state == "returned")
        .order_by(Visit.reviewed_at, Visit.id),
    )


def visits_to(session: Session, actor: Actor, distributor_id: str, limit: int) -> list[VisitRow]:
    """The last visits to a distributor, the newest first; planned ones left out."""
    return visit_rows(
        session,
        select_visits(actor)
        .where(Visit.distributor_id == distributor_id, Visit.state != "planned")
        .order_by(Visit.planned_on.desc(), Visit.id.desc())
        .limit(limit),
    )


def find_visit(session: Session, actor: Actor, visit_id: str) -> VisitRow | None:
    """One visit, or `None` when there is none of that id among the actor's."""
    found = session.execute(_one_visit(actor), {"of_id": visit_id}).one_or_none()
    if found is None:
        return None
    *row, visit = found
    note_reached(session, actor, visit)
    return VisitRow(*row)


@lru_cache(maxsize=ACTORS)
def _one_visit(actor: Actor) -> Select[*tuple[Any, ...]]:
    return select_visits(actor).add_columns(Visit).where(Visit.id == bindparam("of_id"))


def changed_at_of(session: Session, actor: Actor, visit_id: str) -> datetime:
    """When something was last entered into a visit."""
    return require_visit(session, actor, visit_id).changed_at


def last_visits(session: Session, actor: Actor, distributor_ids: Sequence[str]) -> dict[str, date]:
    """Day of the last visit made to each distributor (submitted or approved), by distributor."""
    statement = (
        select(Visit.distributor_id, func.max(Visit.planned_on))
        .where(
            reaches_visit(actor),
            Visit.distributor_id.in_(distributor_ids),
            Visit.state.in_(("submitted", "approved")),
        )
        .group_by(Visit.distributor_id)
    )
    return dict(session.execute(statement).all())


def previous_visit(session: Session, actor: Actor, visit_id: str) -> VisitRow | None:
    """The last visit made to the same distributor before this one."""
    this = require_visit(session, actor, visit_id)
    asked = {"of_id": this.id, "of_distributor": this.distributor_id, "until": this.planned_on}
    row = session.execute(_visits_before(actor), asked).first()
    return VisitRow(*row) if row else None


@lru_cache(maxsize=ACTORS)
def _visits_before(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select_visits(actor)
        .where(
            Visit.distributor_id == bindparam("of_distributor"),
            Visit.id != bindparam("of_id"),
            Visit.planned_on <= bindparam("until"),
            Visit.state.in_(("submitted", "approved", "returned")),
        )
        .order_by(Visit.planned_on.desc(), Visit.submitted_at.desc(), Visit.id.desc())
        .limit(1)
    )


def start_visit(session: Session, actor: Actor, visit_id: str, now: datetime) -> None:
    """Makes a planned visit a draft; starting one that is begun changes nothing."""
    visit = require_visit(session, actor, visit_id)
    if visit.state in ("draft", "returned") and visit.rep_id == actor.user_id:
        return
    _move(actor, visit, "draft", now)
    visit.started_at = visit.started_at or now
    visit.planned_on = actor.today


def add_visit(session: Session, actor: Actor, visit_id: str, distributor_id: str, now: datetime) -> None:
    """Adds an unplanned visit of today under an id made by the caller; adding it twice is adding it once."""
    require_role(actor, "Adding a visit", "rep")
    require_distributor(session, actor, distributor_id)
    if not is_id(visit_id):
        raise InvalidValue("visit", visit_id, "an id")
    if session.get(Visit, visit_id) is None:
        session.add(
            Visit(
                id=visit_id,
                distributor_id=distributor_id,
                rep_id=actor.user_id,
                state="planned",
                is_planned=False,
                planned_on=actor.today,
                changed_at=now,
            )
        )


def plan_today(session: Session, actor: Actor, visit_id: str, now: datetime) -> None:
    """Moves an overdue planned visit to today."""
    visit = require_visit(session, actor, visit_id)
    if visit.rep_id != actor.user_id or visit.state != "planned":
        raise NotAllowed("Moving this visit to today", f"it is {visit.state}", visit.state)
    visit.planned_on = actor.today
    visit.planned_time = ""
    visit.changed_at = now


def cancel_visit(session: Session, actor: Actor, visit_id: str, reason: str, now: datetime) -> None:
    """Cancels a mistaken visit; the reason is kept."""
    if not reason.strip():
        raise InvalidValue("reason", reason, "why the visit is cancelled")
    visit = require_visit(session, actor, visit_id)
    before = visit.state
    _move(actor, visit, "cancelled", now)
    visit.cancel_reason = reason.strip()
    record_change(session, actor, visit, "state", before, "cancelled", reason=reason.strip(), now=now)


def submit_visit(
    session: Session, actor: Actor, visit_id: str, now: datetime, incomplete_reason: str = ""
) -> None:
    """Hands a visit to the manager. Missing steps need a reason; submitting twice is submitting once."""
    visit = require_visit(session, actor, visit_id)
    if visit.state == "submitted" and visit.rep_id == actor.user_id:
        return
    steps = steps_of(session, actor, visit_id)
    found = completeness(
        {step: row.state for step, row in steps.items()}, {step: row.reason for step, row in steps.items()}
    )
    waiting = session.scalar(
        select(func.count())
        .select_from(Entry)
        .where(Entry.visit_id == visit.id, Entry.user_id == actor.user_id, Entry.outcome == "conflict")
    )
    if waiting:
        raise InvalidValue("conflict", waiting, "a choice between the two values of each conflict first")
    if not found.is_complete and not incomplete_reason.strip():
        raise InvalidValue("reason", incomplete_reason, f"why {len(found.missing)} steps are missing")
    _move(actor, visit, "submitted", now)
    visit.submitted_at = now
    visit.incomplete_reason = "" if found.is_complete else incomplete_reason.strip()


def _move(actor: Actor, visit: Visit, to: str, now: datetime) -> None:
    if not may_move(visit.state, to, actor.role) or (actor.role == "rep" and visit.rep_id != actor.user_id):
        reason = f"it is {visit.state} and you are {actor.role}"
        raise NotAllowed(f"Moving this visit to {to}", reason, visit.state)
    visit.state = to
    visit.version += 1
    visit.changed_at = now
