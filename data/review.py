"""The manager's side of a visit: queue, comments, sending back, approving, and the region's figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from core.visit import may_move
from data.access import ACTORS, Actor, reaches_distributor, reaches_visit, require_role
from data.entry_words import take_words
from data.errors import InvalidValue, NotAllowed, NotReachable
from data.identifiers import is_id
from data.service import OPEN_STATES
from data.tables.company import Region, User, UserRegion
from data.tables.orders import Order
from data.tables.visits import Comment, Complaint, Objective, Visit
from data.visit_steps import locked_visit
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
    """Counts of a period in the actor's regions, from which `core.performance` makes its figures.

    Attributes:
        region, region_en: The names of the regions.
        planned: Visits planned.
        planned_made: Those of them that were made.
        made: Visits made, unplanned ones included.
        productive: Those of them that brought an order.
        returned: Visits that stand returned.
        objectives: Target and actual of each objective of the visits made; `None` where there is no figure.
        complaints: Complaints that are not yet reported back, of whatever day.
    """

    region: str
    region_en: str
    planned: int
    planned_made: int
    made: int
    productive: int
    returned: int
    objectives: Sequence[tuple[Decimal | None, Decimal | None]]
    complaints: int


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
    found: dict[str, list[CommentRow]] = {}
    for row in session.execute(_comments(actor), {"of_visits": visit_ids}):
        found.setdefault(row[0], []).append(CommentRow(*row[1:]))
    return found


@lru_cache(maxsize=ACTORS)
def _comments(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
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
        .where(Comment.visit_id.in_(bindparam("of_visits", expanding=True)), reaches_visit(actor))
        .order_by(Comment.written_at, Comment.id)
    )


def add_comment(
    session: Session, actor: Actor, visit_id: str, comment_id: str, text: str, now: datetime
) -> None:
    """Appends a comment under an id made by the caller; comments are never edited."""
    require_role(actor, "Commenting", "manager", "rep", "administrator")
    visit = locked_visit(session, actor, visit_id)
    _append(session, actor, visit, comment_id, "comment", text, now)


def approve_visit(
    session: Session, actor: Actor, visit_id: str, comment_id: str, text: str, now: datetime
) -> None:
    """Approves a submitted visit, with a comment where one was written; approving twice is approving once.

    A comment under a new id is kept also where this manager has approved the visit before.
    """
    visit = locked_visit(session, actor, visit_id)
    if (visit.state, visit.reviewed_by) != ("approved", actor.user_id):
        _decide(actor, visit, "approved", now)
    if text.strip():
        _append(session, actor, visit, comment_id, "approve", text, now)


def return_visit(
    session: Session, actor: Actor, visit_id: str, comment_id: str, text: str, now: datetime
) -> None:
    """Sends a submitted visit back with what is missing; returning twice is returning once.

    A comment under a new id is kept also where this manager has returned the visit before.
    """
    visit = locked_visit(session, actor, visit_id)
    if not text.strip():
        raise InvalidValue("comment", text, "what is missing, so that the rep knows")
    if (visit.state, visit.reviewed_by) != ("returned", actor.user_id):
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
    due = (
        reaches_visit(actor),
        Visit.state != "cancelled",
        Visit.planned_on >= start,
        Visit.planned_on < end,
        Visit.planned_on <= actor.today,
    )
    made = Visit.state.in_(("submitted", "returned", "approved"))
    ordered = select(Order.visit_id).where(Order.state.not_in(("draft", "cancelled")))
    visits = session.execute(
        select(
            func.sum(case((Visit.is_planned, 1), else_=0)),
            func.sum(case((made & Visit.is_planned, 1), else_=0)),
            func.sum(case((made, 1), else_=0)),
            func.sum(case((made & Visit.id.in_(ordered), 1), else_=0)),
            func.sum(case((Visit.state == "returned", 1), else_=0)),
        ).where(*due)
    ).one()
    objectives = session.execute(
        select(Objective.target, Objective.actual)
        .join(Visit, Visit.id == Objective.visit_id)
        .where(*due, made)
        .order_by(Objective.id)
    ).all()
    complaints = session.scalar(
        select(func.count())
        .select_from(Complaint)
        .where(reaches_distributor(actor, Complaint.distributor_id), Complaint.state.in_(OPEN_STATES))
    )
    planned, planned_made, count_made, productive, returned = (value or 0 for value in visits)
    return RegionFacts(
        region="、".join(name for name, _ in names),
        region_en=", ".join(english for _, english in names),
        planned=planned,
        planned_made=planned_made,
        made=count_made,
        productive=productive,
        returned=returned,
        objectives=[(target, actual) for target, actual in objectives],
        complaints=complaints or 0,
    )


def _decide(actor: Actor, visit: Visit, to: str, now: datetime) -> None:
    if not may_move(visit.state, to, actor.role):
        raise NotAllowed("Reviewing this visit", f"it is {visit.state} and you are {actor.role}", visit.state)
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
    known = session.get(Comment, comment_id)
    if known is not None and known.visit_id != visit.id:
        raise NotReachable("comment")
    if known is None:
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
        take_words(session, actor, visit.id, "comment", comment_id, text, now)
