"""The manager's side of a visit: queue, comments, sending back, approving, and the region's figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from core.visit import may_move
from data.access import Actor, reaches_distributor, reaches_visit, require_role, require_visit
from data.errors import InvalidValue, NotAllowed
from data.identifiers import is_id
from data.tables.company import Region, User, UserRegion
from data.tables.orders import Order
from data.tables.visits import Comment, Complaint, Visit
from data.visits import VisitRow, select_visits, visit_rows


@dataclass(frozen=True)
class CommentRow:
    """A comment as the card shows it."""

    id: str
    kind: str
    text: str
    written_by: str
    written_by_en: str
    written_at: datetime


@dataclass(frozen=True)
class RegionFacts:
    """Counts of a period in the actor's regions, from which `core.performance` makes its figures."""

    region: str
    region_en: str
    planned: int
    planned_made: int
    made: int
    productive: int
    complaints: int
    returned: int


def review_queue(session: Session, actor: Actor) -> list[VisitRow]:
    """Submitted visits of the actor's regions, the newest first."""
    require_role(actor, "Reviewing", "manager", "administrator")
    return visit_rows(
        session,
        select_visits(actor)
        .where(Visit.state == "submitted")
        .order_by(Visit.submitted_at.desc(), Visit.id.desc()),
    )


def last_approved(session: Session, actor: Actor, limit: int) -> list[VisitRow]:
    """The visits approved last, for the empty queue."""
    return visit_rows(
        session,
        select_visits(actor)
        .where(Visit.state == "approved")
        .order_by(Visit.reviewed_at.desc(), Visit.id.desc())
        .limit(limit),
    )


def comments_of(session: Session, actor: Actor, visit_ids: Sequence[str]) -> dict[str, list[CommentRow]]:
    """Comments of some visits, the oldest first, by visit."""
    statement = (
        select(
            Comment.visit_id,
            Comment.id,
            Comment.kind,
            Comment.text,
            User.name,
            User.name_en,
            Comment.written_at,
        )
        .join(Visit, Visit.id == Comment.visit_id)
        .join(User, User.id == Comment.written_by)
        .where(Comment.visit_id.in_(visit_ids), reaches_visit(actor))
        .order_by(Comment.written_at, Comment.id)
    )
    found: dict[str, list[CommentRow]] = {}
    for row in session.execute(statement):
        found.setdefault(row[0], []).append(CommentRow(*row[1:]))
    return found


def add_comment(
    session: Session, actor: Actor, visit_id: str, comment_id: str, text: str, now: datetime
) -> None:
    """Appends a comment under an id made by the caller; comments are never edited."""
    require_role(actor, "Commenting", "manager", "rep", "administrator")
    visit = require_visit(session, actor, visit_id)
    _append(session, actor, visit, comment_id, "comment", text, now)


def approve_visit(
    session: Session, actor: Actor, visit_id: str, comment_id: str, text: str, now: datetime
) -> None:
    """Approves a submitted visit, with a comment where one was written; approving twice is approving once."""
    visit = require_visit(session, actor, visit_id)
    if visit.state == "approved" and visit.reviewed_by == actor.user_id:
        return
    _decide(actor, visit, "approved", now)
    if text.strip():
        _append(session, actor, visit, comment_id, "approve", text, now)


def return_visit(
    session: Session, actor: Actor, visit_id: str, comment_id: str, text: str, now: datetime
) -> None:
    """Sends a submitted visit back with what is missing; returning twice is returning once."""
    visit = require_visit(session, actor, visit_id)
    if not text.strip():
        raise InvalidValue("comment", text, "what is missing, so that the rep knows")
    if visit.state == "returned" and visit.reviewed_by == actor.user_id:
        return
    _decide(actor, visit, "returned", now)
    _append(session, actor, visit, comment_id, "return", text, now)


def region_facts(session: Session, actor: Actor, start: date, end: date) -> RegionFacts | None:
    """Counts of the visits due in [start, end) in the actor's regions; `None` without a region."""
    names = session.execute(
        select(Region.name, Region.name_en)
        .join(UserRegion, UserRegion.region_id == Region.id)
        .where(UserRegion.user_id == actor.user_id)
        .order_by(Region.code)
    ).all()
    if not names:
        return None
    made = Visit.state.in_(("submitted", "returned", "approved"))
    ordered = select(Order.visit_id).where(Order.state.not_in(("draft", "cancelled")))
    visits = session.execute(
        select(
            func.sum(case((Visit.is_planned, 1), else_=0)),
            func.sum(case((made & Visit.is_planned, 1), else_=0)),
            func.sum(case((made, 1), else_=0)),
            func.sum(case((made & Visit.id.in_(ordered), 1), else_=0)),
            func.sum(case((Visit.state == "returned", 1), else_=0)),
        ).where(
            reaches_visit(actor),
            Visit.state != "cancelled",
            Visit.planned_on >= start,
            Visit.planned_on < end,
            Visit.planned_on <= actor.today,
        )
    ).one()
    complaints = session.scalar(
        select(func.count())
        .select_from(Complaint)
        .where(reaches_distributor(actor, Complaint.distributor_id), Complaint.state == "recorded")
    )
    planned, planned_made, count_made, productive, returned = (value or 0 for value in visits)
    return RegionFacts(
        region="、".join(name for name, _ in names),
        region_en=", ".join(english for _, english in names),
        planned=planned,
        planned_made=planned_made,
        made=count_made,
        productive=productive,
        complaints=complaints or 0,
        returned=returned,
    )


def _decide(actor: Actor, visit: Visit, to: str, now: datetime) -> None:
    if not may_move(visit.state, to, actor.role):
        raise NotAllowed("Reviewing this visit", f"it is {visit.state} and you are {actor.role}")
    visit.state = to
    visit.reviewed_by = actor.user_id
    visit.reviewed_at = now
    visit.version += 1
    visit.changed_at = now


def _append(
    session: Session, actor: Actor, visit: Visit, comment_id: str, kind: str, text: str, now: datetime
) -> None:
    if not text.strip():
        raise InvalidValue("comment", text, "some words")
    if not is_id(comment_id):
        raise InvalidValue("comment", comment_id, "an id")
    if session.get(Comment, comment_id) is None:
        session.add(
            Comment(
                id=comment_id,
                visit_id=visit.id,
                written_by=actor.user_id,
                kind=kind,
                text=text.strip(),
                written_at=now,
            )
        )
