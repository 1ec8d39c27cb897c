"""What enters a distributor's own book: a file, lines typed by hand, or the closing balance alone.

A line's id is made from its distributor and code, and its code from its content: a line that leaves and comes
back is the same line, and what people said of it holds again.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.reconciliation import normalise_reference
from core.reconciliation.books import LARGEST_AMOUNT
from data.access import Actor, reaches_distributor
from data.audit import record_change
from data.book_checks import BookChange, check_book
from data.book_files import LONGEST_REFERENCE, LONGEST_TEXT, BookFile, BookLine, BookRefused
from data.company import company_settings
from data.errors import InvalidValue, NotReachable
from data.identifiers import new_id
from data.ledgers import CLOSING, LedgerLine, books_of
from data.tables.dealings import Import, LedgerEntry
from data.tables.distributors import Distributor
from data.tables.visits import Visit
from data.their_book import line_codes
from data.values import change_value, require_seen
from data.visit_steps import editable_visit

ENOUGH_EVIDENCE = 3
"""So many lines that fit another distributor, and none that fits this one, make a file the other's."""
SLACK_DAYS = 15


def preview_book(
    session: Session,
    actor: Actor,
    distributor_id: str,
    file: BookFile,
    content: bytes,
    *,
    replace: bool = False,
) -> BookChange:
    """What loading a file would change.

    Raises:
        BookRefused: the file of another distributor, one that was loaded before, or lines that do not go on
            with the book; the code says which.
        NotReachable: the distributor is not the actor's.
    """
    books = books_of(session, actor, distributor_id)
    before = session.execute(
        select(Import.distributor_id, Import.loaded_at, Distributor.short_name, Distributor.short_name_en)
        .join(Distributor, Distributor.id == Import.distributor_id)
        .where(
            Import.content_hash == hashlib.sha256(content).hexdigest(),
            reaches_distributor(actor, Distributor.id),
        )
        .order_by(Import.loaded_at.desc())
    ).all()
    for owner_id, loaded_at, name, name_en in before:
        if owner_id != distributor_id:
            raise BookRefused("other_distributor", name=name, name_en=name_en)
        if not replace:
            time_zone = company_settings(session, actor).time_zone
            raise BookRefused("same_file", on=loaded_at.astimezone(time_zone).date())
    if file.distributors:
        _require_named(session, distributor_id, file.distributors)
    _require_own(session, actor, distributor_id, books.ours, file.lines)
    return check_book(books.theirs, file.lines, replace=replace)


def load_book(
    session: Session,
    actor: Actor,
    visit_id: str,
    file: BookFile,
    content: bytes,
    file_name: str,
    now: datetime,
    *,
    replace: bool = False,
) -> None:
    """Adds the new lines of a file to the book, and notes the file; all of it or nothing.

    Raises:
        BookRefused: as `preview_book`.
    """
    visit = editable_visit(session, actor, visit_id)
    change = preview_book(session, actor, visit.distributor_id, file, content, replace=replace)
    loaded = Import(
        id=new_id(),
        file_name=file_name[-255:],
        content_hash=hashlib.sha256(content).hexdigest(),
        distributor_id=visit.distributor_id,
        as_of_on=max(line.on for line in file.lines),
        rows=len(file.lines),
        loaded_by=actor.user_id,
        loaded_at=now,
    )
    session.add(loaded)
    session.flush()
    for line in change.gone:
        _remove(session, actor, visit, line, file_name, now)
    session.add_all(_entry(visit, code, line, loaded.id) for code, line in change.new)


def add_line(
    session: Session,
    actor: Actor,
    visit_id: str,
    line: BookLine,
    now: datetime,
    *,
    again: bool = False,
) -> None:
    """Adds a typed line, written from our side.

    Args:
        session: A writing session.
        actor: The visit's rep.
        visit_id: The visit in which the book was shown.
        line: The line.
        now: When it was typed.
        again: Whether the book really has this line twice.

    Raises:
        BookRefused: the book has this line already (`known_line`), or the line does not go on with it.
        InvalidValue: no amount, a day to come, a text too long.
    """
    visit = editable_visit(session, actor, visit_id)
    if not line.amount_minor or abs(line.amount_minor) > LARGEST_AMOUNT:
        raise InvalidValue("amount", line.amount_minor, "an amount other than 0")
    if line.on > actor.today:
        raise InvalidValue("day", line.on, "a day that has come")
    if len(line.reference) > LONGEST_REFERENCE or len(line.text) > LONGEST_TEXT:
        raise InvalidValue("text", line.text, "a shorter text")
    kept = books_of(session, actor, visit.distributor_id).theirs
    change = check_book([each for each in kept if each.on != line.on], [line])
    code = line_codes([(line.on, line.reference, line.amount_minor, line.text)])[0]
    digest = code.rpartition("-")[0]
    equal = sum(each.code.startswith(f"{digest}-") for each in kept)
    if equal and not again:
        raise BookRefused("known_line", on=line.on, reference=line.reference)
    if change.new:
        session.add(_entry(visit, f"{digest}-{equal + 1}", line, None))
        visit.changed_at = now


def remove_line(session: Session, actor: Actor, visit_id: str, entry_id: str, now: datetime) -> None:
    """Takes a line out of the distributor's book; the trail keeps what it said. Removing it twice is once."""
    visit = editable_visit(session, actor, visit_id)
    entry = session.get(LedgerEntry, entry_id)
    if entry is None:
        return
    if entry.distributor_id != visit.distributor_id or entry.side != "theirs":
        raise NotReachable("entry")
    line = LedgerLine(
        entry.id,
        entry.side,
        entry.entry_code,
        entry.on,
        entry.reference,
        entry.kind,
        entry.amount_minor,
        entry.text,
        entry.distributor_id,
    )
    _remove(session, actor, visit, line, "", now)


def set_closing(
    session: Session,
    actor: Actor,
    visit_id: str,
    on: date,
    now: datetime,
    *,
    seen: int | None,
    amount_minor: int | None,
) -> None:
    """Records the closing balance of a day, written from our side; `None` takes it back.

    Raises:
        Conflict: another balance was told for the day since `seen`.
        InvalidValue: a day to come, an amount beyond the range.
    """
    visit = editable_visit(session, actor, visit_id)
    if on > actor.today or (amount_minor is not None and abs(amount_minor) > LARGEST_AMOUNT):
        raise InvalidValue("day", on, "a day that has come")
    code = f"{CLOSING}{on.isoformat()}"
    entry = session.scalar(
        select(LedgerEntry).where(
            LedgerEntry.distributor_id == visit.distributor_id,
            LedgerEntry.side == "theirs",
            LedgerEntry.entry_code == code,
        )
    )
    if entry is None and amount_minor is not None:
        session.add(_entry(visit, code, BookLine(on, "", amount_minor, "", "other"), None))
    elif entry is not None and amount_minor is None:
        require_seen(entry, "amount_minor", seen)
        session.delete(entry)
    elif entry is not None:
        change_value(entry, "amount_minor", seen, amount_minor)
    visit.changed_at = now


def _entry(visit: Visit, code: str, line: BookLine, import_id: str | None) -> LedgerEntry:
    return LedgerEntry(
        id=_entry_id(visit.distributor_id, code),
        distributor_id=visit.distributor_id,
        side="theirs",
        entry_code=code,
        on=line.on,
        reference=line.reference,
        kind=line.kind,
        amount_minor=line.amount_minor,
        text=line.text,
        import_id=import_id,
    )


def _entry_id(distributor_id: str, code: str) -> str:
    """The id of a line of a distributor's book (a UUIDv8), the same whenever it is loaded."""
    h = hashlib.sha256(f"{distributor_id}|theirs|{code}".encode()).hexdigest()
    return f"{h[:8]}-{h[8:12]}-8{h[13:16]}-8{h[17:20]}-{h[20:32]}"


def _remove(
    session: Session, actor: Actor, visit: Visit, line: LedgerLine, reason: str, now: datetime
) -> None:
    content = f"{line.on.isoformat()} {line.reference} {line.amount_minor} {line.text}".strip()
    record_change(
        session,
        actor,
        visit,
        "line",
        content,
        None,
        reason=reason,
        now=now,
        record="ledger_entry",
        record_id=line.id,
    )
    session.execute(delete(LedgerEntry).where(LedgerEntry.id == line.id))
    visit.changed_at = now


def _require_named(session: Session, distributor_id: str, named: Collection[str]) -> None:
    """The codes or names that the file gives must be this distributor's."""
    own = session.get_one(Distributor, distributor_id)
    names = {own.code, own.name, own.name_en, own.short_name, own.short_name_en}
    other = sorted(set(named) - names)
    if other:
        raise BookRefused("other_distributor", name=other[0], name_en=other[0])


def _require_own(
    session: Session, actor: Actor, distributor_id: str, ours: Sequence[LedgerLine], lines: Sequence[BookLine]
) -> None:
    """A file whose documents are all another distributor's, of those that the actor reaches, is the other's."""

    def keys(found: Sequence[LedgerLine | BookLine]) -> set[tuple[str, int]]:
        references = ((normalise_reference(line.reference), line.amount_minor) for line in found)
        return {key for key in references if key[0]}

    wanted = keys(lines)
    if not wanted or wanted & keys(ours):
        return
    statement = select(
        LedgerEntry.distributor_id,
        LedgerEntry.reference,
        LedgerEntry.amount_minor,
        Distributor.short_name,
        Distributor.short_name_en,
    ).join(Distributor, Distributor.id == LedgerEntry.distributor_id)
    rows = session.execute(
        statement.where(
            LedgerEntry.side == "ours",
            LedgerEntry.distributor_id != distributor_id,
            LedgerEntry.on >= min(line.on for line in lines) - timedelta(days=SLACK_DAYS),
            reaches_distributor(actor, LedgerEntry.distributor_id),
        )
    )
    found: dict[tuple[str, str], set[tuple[str, int]]] = {}
    for _owner, reference, amount_minor, name, name_en in rows:
        key = (str(normalise_reference(reference)), amount_minor)
        if key in wanted:
            found.setdefault((name, name_en), set()).add(key)
    for (name, name_en), documents in sorted(found.items(), key=lambda item: -len(item[1])):
        if len(documents) >= ENOUGH_EVIDENCE:
            raise BookRefused("other_distributor", name=name, name_en=name_en, count=len(documents))
