"""The visit log: every visit that the actor may see, found by filters, a page at a time by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from data.access import Actor, reaches_distributor, reaches_visit
from data.audit import AuditRow, audit_of_visit
from data.entries import proposed_corrections
from data.entry_rows import CorrectionRow
from data.errors import NotReachable
from data.objectives import ObjectiveRow, objectives_of
from data.promises import PromiseRow, promises_made
from data.review import CommentRow, comments_of
from data.tables.company import Market, Region, User
from data.tables.distributors import Distributor
from data.tables.visits import Comment, Objective, Promise, Visit
from data.visit_steps import StepRow, steps_of
from data.visits import VisitRow, select_visits

PAGE_SIZE = 50
EXPORT_LIMIT = 10_000
"""The most rows of one export; who needs more narrows the filter."""

_COLUMNS_BESIDE = 6
"""What `_select_log` adds to the columns of a visit."""


@dataclass(frozen=True)
class LogFilter:
    """Which visits are wanted; what is empty does not filter. `end` is the first day no longer wanted."""

    region_id: str = ""
    rep_id: str = ""
    state: str = ""
    distributor: str = ""
    text: str = ""
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Place:
    """A place in the log, between two visits: its day and id are the key that pages go by."""

    on: date
    visit_id: str


@dataclass(frozen=True)
class LogRow:
    """A visit with where it was and who reviewed it."""

    visit: VisitRow
    code: str
    region: str
    region_en: str
    time_zone: str
    reviewer: str
    reviewer_en: str


@dataclass(frozen=True)
class LogPage:
    """A page of the log, the newest visit first, and the keys of its neighbours where there are any."""

    rows: list[LogRow]
    newer: Place | None
    older: Place | None


@dataclass(frozen=True)
class Choice:
    """Something to filter by."""

    id: str
    name: str
    name_en: str


@dataclass(frozen=True)
class VisitRecord:
    """One visit with everything that is kept of it."""

    row: LogRow
    objectives: list[ObjectiveRow]
    steps: dict[str, StepRow]
    promises: list[PromiseRow]
    comments: list[CommentRow]
    changes: Sequence[AuditRow]
    corrections: list[CorrectionRow]


def log_page(
    session: Session,
    actor: Actor,
    wanted: LogFilter,
    *,
    older_than: Place | None = None,
    newer_than: Place | None = None,
    size: int = PAGE_SIZE,
) -> LogPage:
    """A page of the log, found by its key: as quick at the end of the log as at its beginning.

    Args:
        session: A reading session.
        actor: Who asks.
        wanted: The filters.
        older_than: The page begins after this place; the newest page where neither is given.
        newer_than: The page ends before this place.
        size: Rows of a page.
    """
    key = tuple_(Visit.planned_on, Visit.id)
    statement = _select_log(actor, wanted).limit(size + 1)
    if newer_than is not None:
        towards = statement.where(key > tuple_(newer_than.on, newer_than.visit_id))
        rows = _rows(session, towards.order_by(Visit.planned_on, Visit.id))
        if len(rows) > size:
            rows = rows[size - 1 :: -1]
            return LogPage(rows, newer=_place(rows[0]), older=_place(rows[-1]))
        # too few are left for a page: it is the newest one, and shown whole
    elif older_than is not None:
        statement = statement.where(key < tuple_(older_than.on, older_than.visit_id))
    rows = _rows(session, _newest_first(statement))
    kept = rows[:size]
    return LogPage(
        kept,
        newer=_place(kept[0]) if kept and older_than is not None else None,
        older=_place(kept[-1]) if len(rows) > size else None,
    )


def log_rows(session: Session, actor: Actor, wanted: LogFilter, limit: int = EXPORT_LIMIT) -> list[LogRow]:
    """The newest visits that the filters let through, for an export."""
    return _rows(session, _newest_first(_select_log(actor, wanted)).limit(limit))


def log_count(session: Session, actor: Actor, wanted: LogFilter) -> int:
    """How many visits the filters let through; counted to one more than an export takes."""
    found = _select_log(actor, wanted).with_only_columns(Visit.id).limit(EXPORT_LIMIT + 1).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def log_regions(session: Session, actor: Actor) -> list[Choice]:
    """The regions of the distributors that the actor may see, by code."""
    seen = (
        select(Market.region_id)
        .join(Distributor, Distributor.market_id == Market.id)
        .where(reaches_distributor(actor, Distributor.id))
    )
    statement = select(Region.id, Region.name, Region.name_en).where(Region.id.in_(seen))
    return [Choice(*row) for row in session.execute(statement.order_by(Region.code))]


def log_reps(session: Session, actor: Actor) -> list[Choice]:
    """Those who made or plan a visit that the actor may see, by name."""
    seen = select(Visit.rep_id).where(reaches_visit(actor))
    statement = select(User.id, User.name, User.name_en).where(User.id.in_(seen))
    return [Choice(*row) for row in session.execute(statement.order_by(User.name, User.id))]


def visit_record(session: Session, actor: Actor, visit_id: str) -> VisitRecord:
    """A visit with objectives, steps, promises, comments, changes and proposed corrections.

    Raises:
        NotReachable: there is none of that id among the actor's.
    """
    rows = _rows(session, _select_log(actor, LogFilter()).where(Visit.id == visit_id))
    if not rows:
        raise NotReachable("visit")
    return VisitRecord(
        row=rows[0],
        objectives=objectives_of(session, actor, [visit_id]),
        steps=steps_of(session, actor, visit_id),
        promises=promises_made(session, actor, visit_id),
        comments=comments_of(session, actor, [visit_id]).get(visit_id, []),
        changes=audit_of_visit(session, actor, visit_id),
        corrections=proposed_corrections(session, actor, visit_id),
    )


def _select_log(actor: Actor, wanted: LogFilter) -> Select[*tuple[Any, ...]]:
    reviewer = aliased(User)
    return (
        select_visits(actor)
        .join(Market, Market.id == Distributor.market_id)
        .join(Region, Region.id == Market.region_id)
        .outerjoin(reviewer, reviewer.id == Visit.reviewed_by)
        .add_columns(
            Distributor.code,
            Region.name,
            Region.name_en,
            Distributor.time_zone,
            func.coalesce(reviewer.name, ""),
            func.coalesce(reviewer.name_en, ""),
        )
        .where(*_conditions(wanted))
    )


def _conditions(wanted: LogFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.region_id:
        conditions.append(Market.region_id == wanted.region_id)
    if wanted.rep_id:
        conditions.append(Visit.rep_id == wanted.rep_id)
    if wanted.state:
        conditions.append(Visit.state == wanted.state)
    if wanted.start is not None:
        conditions.append(Visit.planned_on >= wanted.start)
    if wanted.end is not None:
        conditions.append(Visit.planned_on < wanted.end)
    if wanted.distributor.strip():
        named = (
            Distributor.code,
            Distributor.name,
            Distributor.name_en,
            Distributor.short_name,
            Distributor.short_name_en,
        )
        conditions.append(or_(*(_holds(column, wanted.distributor) for column in named)))
    if wanted.text.strip():
        conditions.append(_says(wanted.text))
    return conditions


def _says(text: str) -> ColumnElement[bool]:
    """The condition that a text stands in a visit: its report, objectives, promises or comments."""
    written = (Visit.summary, Visit.strengths, Visit.improve, Visit.cancel_reason, Visit.incomplete_reason)
    return or_(
        *(_holds(column, text) for column in written),
        exists().where(
            Objective.visit_id == Visit.id, _holds(Objective.text, text) | _holds(Objective.reason, text)
        ),
        exists().where(Promise.visit_id == Visit.id, _holds(Promise.text, text)),
        exists().where(Comment.visit_id == Visit.id, _holds(Comment.text, text)),
    )


def _holds(column: Any, text: str) -> ColumnElement[bool]:
    # % and _ are what people may look for, not patterns
    found: ColumnElement[bool] = column.icontains(text.strip(), autoescape=True)
    return found


def _newest_first(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return statement.order_by(Visit.planned_on.desc(), Visit.id.desc())


def _rows(session: Session, statement: Select[*tuple[Any, ...]]) -> list[LogRow]:
    return [
        LogRow(VisitRow(*row[:-_COLUMNS_BESIDE]), *row[-_COLUMNS_BESIDE:])
        for row in session.execute(statement)
    ]


def _place(row: LogRow) -> Place:
    return Place(row.visit.planned_on, row.visit.id)
