"""What people say of a difference between the two books: reason, owner, due day and state, until it is closed.

The books are compared anew each time; a difference is known again by the entries that it consists of.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.access import Actor, require_distributor, require_role
from data.company import company_settings
from data.errors import InvalidValue, NotAllowed, NotReachable
from data.identifiers import new_id
from data.tables.dealings import AccountDifference
from data.tables.records import AuditEntry
from data.tables.visits import Visit
from data.values import change_value
from data.visit_steps import editable_visit

REASONS = (
    "timing",
    "not_booked",
    "damage",
    "price",
    "claim_pending",
    "rebate",
    "posted_twice",
    "wrong_amount",
    "other_distributor",
    "legacy",
    "other",
)
"""Why the books differ, in a person's view; the kind of a difference is what the comparison found."""

OPEN_STATES = ("open", "explained")
REP_STATES = ("open", "explained", "settled")
FIELDS = ("reason", "owner", "due_on", "state")
"""What is said in a field of the screen; the note goes through the tablet's queue (`their_book.note_row`)."""
LONGEST_OWNER = 100


@dataclass(frozen=True)
class DifferenceRow:
    """What people said of a difference.

    `visits` is the number of visits to the distributor since, this one included, in which it stood.
    """

    id: str
    entries_hash: str
    kind: str
    amount_minor: int
    state: str
    reason: str
    note: str
    owner: str
    due_on: date | None
    visits: int
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class FoundDifference:
    """A difference as the comparison found it: what it is known by, its kind and its amount."""

    entries_hash: str
    kind: str
    amount_minor: int


def differences_said(session: Session, actor: Actor, distributor_id: str) -> dict[str, DifferenceRow]:
    """What was said of the differences of a distributor, by what they are known by; closed ones too."""
    require_distributor(session, actor, distributor_id)
    rows = session.scalars(
        select(AccountDifference).where(AccountDifference.distributor_id == distributor_id)
    ).all()
    time_zone = company_settings(session, actor).time_zone
    made = session.scalars(
        select(Visit.planned_on).where(
            Visit.distributor_id == distributor_id, Visit.state.not_in(("planned", "cancelled"))
        )
    ).all()
    return {
        row.entries_hash: DifferenceRow(
            row.id,
            row.entries_hash,
            row.kind,
            row.amount_minor,
            row.state,
            row.reason,
            row.note,
            row.owner,
            row.due_on,
            sum(on >= row.opened_at.astimezone(time_zone).date() for on in made),
            row.opened_at,
            row.closed_at,
        )
        for row in rows
    }


def take_up_difference(
    session: Session, actor: Actor, visit_id: str, found: FoundDifference, now: datetime
) -> None:
    """Begins the record of a difference, so that a note typed without a connection has a place to arrive at."""
    visit = editable_visit(session, actor, visit_id)
    if _row(session, visit.distributor_id, found.entries_hash) is None:
        session.add(_opened(visit, actor, found, now))


def say_of_difference(
    session: Session,
    actor: Actor,
    visit_id: str,
    found: FoundDifference,
    field: str,
    now: datetime,
    *,
    seen: Any,
    value: Any,
) -> None:
    """Sets one thing that a person says of a difference; its record is made with the first word.

    The first reason makes an open difference explained; taking the reason away opens it again.

    Args:
        session: A writing session.
        actor: The visit's rep.
        visit_id: The visit in which it was said.
        found: The difference.
        field: One of `FIELDS`.
        now: When it was said.
        seen: The value that stood on the screen.
        value: The new value.

    Raises:
        Conflict: somebody changed the field meanwhile.
        InvalidValue: no such field or reason, explained or settled without a reason, a text too long.
        NotAllowed: it was written off, or is to be: only a manager does that.
    """
    visit = editable_visit(session, actor, visit_id)
    _check(field, value)
    row = _row(session, visit.distributor_id, found.entries_hash)
    if row is None:
        row = _opened(visit, actor, found, now)
        session.add(row)
    elif row.state == "written_off":
        raise NotAllowed("Changing this difference", "it was written off")
    before, state = getattr(row, field), row.state
    if not change_value(row, field, seen, value):
        return
    if field == "reason":
        row.state = "explained" if value and state == "open" else "open" if not value else state
    if row.state != "open" and not row.reason:
        raise InvalidValue("difference reason", "", "a reason")
    row.kind, row.amount_minor, row.changed_by = found.kind, found.amount_minor, actor.user_id
    row.closed_at = None if row.state in OPEN_STATES else now
    _trail(session, actor, row, field, before, now, visit_id=visit.id, reason=row.note)
    if field != "state" and row.state != state:
        _trail(session, actor, row, "state", state, now, visit_id=visit.id, reason=row.note)


def close_vanished(
    session: Session, actor: Actor, visit_id: str, present: Collection[str], now: datetime
) -> int:
    """Settles the open differences that the comparison no longer finds: what came has settled them.

    Args:
        session: A writing session.
        actor: The visit's rep.
        visit_id: The visit in which the books were compared.
        present: What the differences found now are known by.
        now: When they were compared.

    Returns:
        How many were closed.
    """
    visit = editable_visit(session, actor, visit_id)
    rows = session.scalars(
        select(AccountDifference).where(
            AccountDifference.distributor_id == visit.distributor_id,
            AccountDifference.state.in_(OPEN_STATES),
        )
    )
    gone = [row for row in rows if row.entries_hash not in present]
    for row in gone:
        before, row.state = row.state, "settled"
        row.closed_at, row.changed_by = now, actor.user_id
        row.version += 1
        _trail(
            session,
            actor,
            row,
            "state",
            before,
            now,
            visit_id=visit.id,
            reason="the entries agree or are gone",
        )
    return len(gone)


def write_off(session: Session, actor: Actor, difference_id: str, reason: str, now: datetime) -> None:
    """Writes a difference off: a manager's word, with a reason. The books keep differing by its amount."""
    require_role(actor, "Writing off a difference", "manager")
    row = session.get(AccountDifference, difference_id)
    if row is None:
        raise NotReachable("difference")
    require_distributor(session, actor, row.distributor_id)
    if not reason.strip():
        raise InvalidValue("reason", reason, "why it is written off")
    if row.state == "written_off":
        return
    before, row.state = row.state, "written_off"
    row.closed_at, row.changed_by = now, actor.user_id
    row.version += 1
    _trail(session, actor, row, "state", before, now, visit_id=None, reason=reason.strip())


def _row(session: Session, distributor_id: str, entries_hash: str) -> AccountDifference | None:
    return session.scalar(
        select(AccountDifference).where(
            AccountDifference.distributor_id == distributor_id,
            AccountDifference.entries_hash == entries_hash,
        )
    )


def _opened(visit: Visit, actor: Actor, found: FoundDifference, now: datetime) -> AccountDifference:
    return AccountDifference(
        id=new_id(),
        distributor_id=visit.distributor_id,
        entries_hash=found.entries_hash,
        kind=found.kind,
        amount_minor=found.amount_minor,
        state="open",
        reason="",
        note="",
        owner="",
        first_visit_id=visit.id,
        version=1,
        opened_at=now,
        changed_by=actor.user_id,
    )


def _check(field: str, value: Any) -> None:
    if field not in FIELDS:
        raise InvalidValue("difference", field, "one of " + ", ".join(FIELDS))
    if field == "reason" and value not in ("", *REASONS):
        raise InvalidValue("difference reason", value, "one of " + ", ".join(REASONS))
    if field == "state" and value not in REP_STATES:
        raise NotAllowed("Giving a difference this state", "only a manager writes off")
    if field == "owner" and len(value) > LONGEST_OWNER:
        raise InvalidValue(field, value, f"at most {LONGEST_OWNER} characters")


def _trail(
    session: Session,
    actor: Actor,
    row: AccountDifference,
    field: str,
    before: Any,
    now: datetime,
    *,
    visit_id: str | None,
    reason: str,
) -> None:
    after = getattr(row, field)
    session.add(
        AuditEntry(
            id=new_id(),
            visit_id=visit_id,
            distributor_id=row.distributor_id,
            record="account_difference",
            record_id=row.id,
            field=field,
            before=None if before in (None, "") else str(before),
            after=None if after in (None, "") else str(after),
            reason=reason,
            changed_by=actor.user_id or None,
            changed_at=now,
        )
    )
