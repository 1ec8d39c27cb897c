"""Words that somebody composes before they become a record: a comment, a directive, a promise, a complaint.

They lie in one field a visit, a kind and a person (`field_value`, field "words"), kept like any other text with
every pause of typing, so that a reload or another device shows them again. The record that they become carries
the id of the entry that holds them, which the tablet made: a tap repeated after a lost reply makes one record.
Afterwards the text of a promise, a market note or a piece of coaching is changed by entries of its own.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from data.access import Actor
from data.entry_fields import WORDS, TabletEntry
from data.identifiers import new_id
from data.tables.base import Base
from data.tables.company import User
from data.tables.records import Entry, FieldValue
from data.tables.visits import Complaint, MarketNote, Promise, Talk, Visit

SAID_OF_VISITS = {
    "comment": ("manager", "rep", "administrator"),
    "directive": ("manager",),
    "correction": ("manager",),
}
"""What is said of a visit rather than during it, whatever its state, and by whom."""
CHANGEABLE: dict[str, type[Promise | MarketNote | Talk]] = {
    "promise": Promise,
    "market_note": MarketNote,
    "coaching": Talk,
}


def is_said_of_visit(entry: TabletEntry) -> bool:
    """Whether the words are about a visit, and so come never too late for it."""
    return entry.field == WORDS and _kind(entry.row) in SAID_OF_VISITS


def may_enter(entry: TabletEntry, role: str) -> bool:
    """Whether somebody of this role enters such a thing: during a visit the rep alone."""
    return role in (SAID_OF_VISITS[_kind(entry.row)] if is_said_of_visit(entry) else ("rep",))


def take_words(
    session: Session, actor: Actor, visit_id: str, kind: str, entry_id: str, text: str, now: datetime
) -> None:
    """Empties the field whose words have just become a record under the id of their entry.

    Args:
        session: The session that adds the record, with the visit locked.
        actor: Whose words they are.
        visit_id: The visit.
        kind: What they became: the row under which they were composed.
        entry_id: The entry that holds them, which is the record's id too.
        text: The words.
        now: When it happens.
    """
    is_known = session.get(Entry, entry_id) is not None
    if not is_known:
        # The tap was faster than the tablet's delivery, which will find its entry here.
        _log(session, actor, visit_id, kind, entry_id, text, None, now)
    value = session.get(FieldValue, (visit_id, kind, actor.user_id, WORDS))
    if value is not None and is_known and value.entry_id != entry_id:
        # Other words are being composed since: they stay.
        return
    emptied = new_id()
    _log(session, actor, visit_id, kind, emptied, None, entry_id, now)
    if value is None:
        value = FieldValue(visit_id=visit_id, row=kind, lot=actor.user_id, field=WORDS)
        session.add(value)
    value.value, value.entry_id, value.entered_by, value.saved_at = None, emptied, actor.user_id, now


def change_records(session: Session, visit: Visit, cells: Iterable[tuple[str, str, str]]) -> None:
    """Brings the text of records up to what was entered into it; an emptied text leaves the last words."""
    for row, lot, field in cells:
        model = CHANGEABLE.get(_kind(row))
        if model is None or field != "text":
            continue
        record: Any = session.get(model, row.partition(":")[2])
        value = session.get(FieldValue, (visit.id, row, lot, field))
        words = (value.value or "").strip() if value else ""
        if record is not None and record.visit_id == visit.id and words and record.text != words:
            record.text = words
            record.version += 1


def record_from_words(session: Session, visit: Visit, entry: Entry, now: datetime) -> None:
    """Makes the record that late words were meant for, once a manager has accepted them; the rest is open.

    Who promised and until when, what a note is about and what a complaint concerns was never delivered.
    """
    make = _MAKERS.get(_kind(entry.row))
    words = (entry.value or "").strip()
    if make is not None and words:
        session.add(make(session, visit, entry.id, words, now))


def _promise(session: Session, visit: Visit, id_: str, words: str, now: datetime) -> Base:
    return Promise(
        id=id_,
        distributor_id=visit.distributor_id,
        visit_id=visit.id,
        rep_id=visit.rep_id,
        made_by="company",
        text=words,
        owner=session.get_one(User, visit.rep_id).name,
        state="open",
        made_at=now,
    )


def _market_note(_session: Session, visit: Visit, id_: str, words: str, now: datetime) -> Base:
    return MarketNote(
        id=id_,
        visit_id=visit.id,
        distributor_id=visit.distributor_id,
        topic="other",
        text=words,
        noted_by=visit.rep_id,
        noted_at=now,
    )


def _coaching(_session: Session, visit: Visit, id_: str, words: str, now: datetime) -> Base:
    return Talk(id=id_, visit_id=visit.id, kind="advice", text=words, noted_at=now)


def _complaint(_session: Session, visit: Visit, id_: str, words: str, now: datetime) -> Base:
    return Complaint(
        id=id_,
        distributor_id=visit.distributor_id,
        visit_id=visit.id,
        kind="other",
        text=words,
        state="recorded",
        recorded_by=visit.rep_id,
        recorded_at=now,
    )


_MAKERS: dict[str, Callable[[Session, Visit, str, str, datetime], Base]] = {
    "promise": _promise,
    "market_note": _market_note,
    "coaching": _coaching,
    "complaint": _complaint,
}


def _log(
    session: Session,
    actor: Actor,
    visit_id: str,
    kind: str,
    entry_id: str,
    text: str | None,
    base: str | None,
    now: datetime,
) -> None:
    session.add(
        Entry(
            id=entry_id,
            visit_id=visit_id,
            user_id=actor.user_id,
            row=kind,
            lot=actor.user_id,
            field=WORDS,
            value=text,
            source="told",
            base=base,
            outcome="applied",
            tablet_at="",
            saved_at=now,
        )
    )
    session.flush()


def _kind(row: str) -> str:
    return row.partition(":")[0]
