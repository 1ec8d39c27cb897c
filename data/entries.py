"""What tablets enter: every entry is kept once by its id, and moves the current value only from its base.

The order of the tablet's clock counts for nothing. An entry whose base is not the current value is a conflict:
both values stay until the person chooses. One that comes after the visit was submitted is kept as a proposed
correction. Of all this the tablet learns which ids are held; only those leave its queue.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from core.visit import is_editable
from data.access import Actor, reaches_visit, require_visit
from data.audit import record_change
from data.entry_fields import CANCEL_REASON, WORDS, TabletEntry, read_entry
from data.entry_projections import project
from data.entry_rows import ConflictRow, CorrectionRow, Receipt, ValueRow
from data.entry_words import change_records, is_said_of_visit, may_enter, record_from_words
from data.errors import InvalidValue, NotAllowed, NotReachable
from data.tables.company import User
from data.tables.records import Entry, FieldValue
from data.tables.visits import Visit
from data.visit_steps import locked_visit

ANOTHER_USERS = "entry of another user"


def save_entries(
    session: Session, actor: Actor, entries: Sequence[Mapping[str, object]], now: datetime
) -> Receipt:
    """Keeps entries of the actor's tablet; sending one again changes nothing and is held again.

    Args:
        session: A writing session.
        actor: Who is signed in; entries of another user are refused.
        entries: As the tablet sends them (`data.entry_fields.TabletEntry`).
        now: When they arrived.
    """
    receipt = Receipt()
    by_visit: dict[str, list[TabletEntry]] = {}
    for raw in entries:
        try:
            entry = read_entry(raw)
            if entry.user != actor.user_id:
                raise NotReachable(ANOTHER_USERS)
            if not may_enter(entry, actor.role):
                raise NotReachable("visit")
            by_visit.setdefault(entry.visit, []).append(entry)
        except (InvalidValue, NotReachable) as error:
            receipt.rejected.append((str(raw.get("id", ""))[:36], error))
    # In a fixed order, so that two batches never wait for each other's visits.
    for visit_id in sorted(by_visit):
        _save_for_visit(session, actor, visit_id, by_visit[visit_id], now, receipt)
    return receipt


def current_values(
    session: Session, actor: Actor, visit_id: str, fields: Collection[str] | None = None
) -> list[ValueRow]:
    """Every current value of a visit; of the words that are being composed the actor's own.

    Args:
        session: A session.
        actor: Who asks.
        visit_id: A visit of his.
        fields: Only these; `None`: all.
    """
    require_visit(session, actor, visit_id)
    kept = FieldValue
    is_open = or_(kept.field != WORDS, kept.lot == actor.user_id)
    # Columns, no records: a long shelf has a thousand values, and most screens read them at every touch.
    statement = select(
        kept.row, kept.lot, kept.field, kept.value, kept.unit, kept.source, kept.entry_id, kept.saved_at
    ).where(kept.visit_id == visit_id, is_open)
    if fields is not None:
        statement = statement.where(kept.field.in_(fields))
    return [ValueRow(*row) for row in session.execute(statement)]


def conflicts_of(session: Session, actor: Actor, visit_id: str) -> list[ConflictRow]:
    """Conflicts of a visit that wait for the choice of the actor: his last proposal for each field."""
    require_visit(session, actor, visit_id)
    found = session.execute(_waiting_conflicts(), {"of_visit": visit_id, "of_user": actor.user_id})
    last = {row[1:4]: ConflictRow(*row) for row in found}
    return list(last.values())


@cache
def _waiting_conflicts() -> Select[*tuple[Any, ...]]:
    """Made once: making it takes longer than answering it, and every step asks at every touch."""
    theirs, mine = aliased(User), aliased(User)
    return (
        select(
            Entry.visit_id,
            Entry.row,
            Entry.lot,
            Entry.field,
            FieldValue.value,
            FieldValue.entry_id,
            theirs.name,
            theirs.name_en,
            Entry.value,
            mine.name,
            mine.name_en,
        )
        .join(
            FieldValue,
            (FieldValue.visit_id == Entry.visit_id)
            & (FieldValue.row == Entry.row)
            & (FieldValue.lot == Entry.lot)
            & (FieldValue.field == Entry.field),
        )
        .join(theirs, theirs.id == FieldValue.entered_by)
        .join(mine, mine.id == Entry.user_id)
        .where(
            Entry.visit_id == bindparam("of_visit"),
            Entry.outcome == "conflict",
            Entry.user_id == bindparam("of_user"),
        )
        .order_by(Entry.saved_at, Entry.id)
    )


def proposed_corrections(session: Session, actor: Actor, visit_id: str) -> list[CorrectionRow]:
    """Entries of a visit that came after it was submitted and wait for a decision."""
    statement = (
        select(
            Entry.id,
            Entry.row,
            Entry.lot,
            Entry.field,
            FieldValue.value,
            Entry.value,
            User.name,
            User.name_en,
            Entry.saved_at,
        )
        .join(Visit, Visit.id == Entry.visit_id)
        .join(User, User.id == Entry.user_id)
        .outerjoin(
            FieldValue,
            (FieldValue.visit_id == Entry.visit_id)
            & (FieldValue.row == Entry.row)
            & (FieldValue.lot == Entry.lot)
            & (FieldValue.field == Entry.field),
        )
        .where(Entry.visit_id == visit_id, Entry.outcome == "late", reaches_visit(actor))
        .order_by(Entry.saved_at, Entry.id)
    )
    return [CorrectionRow(*row) for row in session.execute(statement)]


def decide_correction(
    session: Session, actor: Actor, entry_id: str, accept: bool, reason: str, now: datetime
) -> None:
    """The manager's word on a late entry; accepted, it moves the value and stands in the audit trail."""
    if actor.role != "manager":
        raise NotAllowed("Deciding on a correction", f"your role ({actor.role}) does not do it")
    entry = session.scalar(
        select(Entry)
        .join(Visit, Visit.id == Entry.visit_id)
        .where(Entry.id == entry_id, Entry.outcome == "late", reaches_visit(actor))
    )
    if entry is None:
        raise NotReachable("correction")
    visit = locked_visit(session, actor, entry.visit_id)
    values = _values(session, visit.id)
    current = values.get((entry.row, entry.lot, entry.field))
    entry.outcome = "accepted" if accept else "refused"
    record_change(
        session,
        actor,
        visit,
        entry.field,
        current.value if current else None,
        entry.value if accept else (current.value if current else None),
        reason=reason.strip() or ("correction accepted" if accept else "correction refused"),
        now=now,
        record="entry",
        record_id=entry.id,
    )
    if accept and entry.field == WORDS:
        record_from_words(session, visit, entry, now)
    elif accept:
        _set_value(session, values, entry, now)
        session.flush()
        _bring_up_to_date(session, visit, {(entry.row, entry.lot, entry.field)}, actor, now)


def _save_for_visit(
    session: Session,
    actor: Actor,
    visit_id: str,
    entries: Sequence[TabletEntry],
    now: datetime,
    receipt: Receipt,
) -> None:
    try:
        visit = locked_visit(session, actor, visit_id)
    except NotReachable as error:
        receipt.rejected += [(entry.id, error) for entry in entries]
        return
    is_there = any(entry.field not in (WORDS, CANCEL_REASON) for entry in entries)
    if visit.state == "planned" and visit.rep_id == actor.user_id and is_there:
        # Whoever enters is there: the figures belong to today, not to the day of the plan.
        visit.state, visit.started_at, visit.planned_on = "draft", now, actor.today
    known = set(session.scalars(select(Entry.id).where(Entry.id.in_([entry.id for entry in entries]))))
    values = _values(session, visit_id)
    is_closed = visit.rep_id != actor.user_id or not is_editable(visit.state)
    moved = set()
    for entry in entries:
        receipt.held.append(entry.id)
        if entry.id in known:
            continue
        known.add(entry.id)
        current = values.get(entry.cell)
        # Why a visit is cancelled may arrive after the tap that cancelled it, and corrects nothing.
        is_late = is_closed and not is_said_of_visit(entry) and entry.field != CANCEL_REASON
        kept = _kept(entry, "late" if is_late else _outcome(entry, current), now)
        session.add(kept)
        if is_late:
            _replace_proposal(session, kept)
        if kept.outcome == "applied":
            _settle_conflicts(session, kept)
            _set_value(session, values, kept, now)
            moved.add(entry.cell)
        elif kept.outcome == "conflict":
            # What is remembered of the visit has no choice for the rep in it.
            visit.changed_at = now
    if moved:
        session.flush()
        _bring_up_to_date(session, visit, moved, actor, now)


def _bring_up_to_date(
    session: Session, visit: Visit, moved: Iterable[tuple[str, str, str]], actor: Actor, now: datetime
) -> None:
    project(session, visit, moved, actor, now)
    change_records(session, visit, moved)
    visit.changed_at = now


def _values(session: Session, visit_id: str) -> dict[tuple[str, str, str], FieldValue]:
    found = session.scalars(select(FieldValue).where(FieldValue.visit_id == visit_id))
    return {(value.row, value.lot, value.field): value for value in found}


def _outcome(entry: TabletEntry, current: FieldValue | None) -> str:
    seen = current.entry_id if current else None
    same = current is not None and (current.value, current.unit) == (entry.value, entry.unit)
    return "applied" if entry.base == seen or same else "conflict"


def _kept(entry: TabletEntry, outcome: str, now: datetime) -> Entry:
    return Entry(
        id=entry.id,
        visit_id=entry.visit,
        user_id=entry.user,
        row=entry.row,
        lot=entry.lot,
        field=entry.field,
        value=entry.value,
        unit=entry.unit,
        source=entry.source,
        base=entry.base,
        outcome=outcome,
        tablet_at=entry.at,
        saved_at=now,
    )


def _replace_proposal(session: Session, entry: Entry) -> None:
    """Who types on in a proposal has not made a second one."""
    earlier = session.scalar(
        select(Entry).where(
            Entry.id == entry.base,
            Entry.user_id == entry.user_id,
            Entry.visit_id == entry.visit_id,
            Entry.row == entry.row,
            Entry.lot == entry.lot,
            Entry.field == entry.field,
            Entry.outcome == "late",
        )
    )
    if earlier is not None:
        earlier.outcome = "settled"


def _settle_conflicts(session: Session, entry: Entry) -> None:
    """Whoever gives a value after a conflict has chosen."""
    with session.no_autoflush:
        waiting: Iterable[Entry] = session.scalars(
            select(Entry).where(
                Entry.visit_id == entry.visit_id,
                Entry.row == entry.row,
                Entry.lot == entry.lot,
                Entry.field == entry.field,
                Entry.user_id == entry.user_id,
                Entry.outcome == "conflict",
            )
        )
        for other in waiting:
            other.outcome = "settled"


def _set_value(
    session: Session, values: dict[tuple[str, str, str], FieldValue], entry: Entry, now: datetime
) -> None:
    cell = (entry.row, entry.lot, entry.field)
    value = values.get(cell)
    if value is None:
        value = FieldValue(visit_id=entry.visit_id, row=entry.row, lot=entry.lot, field=entry.field)
        session.add(value)
        values[cell] = value
    value.value, value.unit, value.source = entry.value, entry.unit, entry.source
    value.entry_id, value.entered_by, value.saved_at = entry.id, entry.user_id, now
