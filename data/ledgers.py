"""The two books of a distributor as they are compared: our ledger, its own book, and what people said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from data.access import Actor, reaches_distributor, require_distributor
from data.tables.company import User
from data.tables.dealings import AccountLink, Import, LedgerEntry
from data.tables.distributors import Distributor

CLOSING = "closing-"
"""An entry code of the distributor's book that begins so is a closing balance, told without its lines."""


@dataclass(frozen=True)
class LedgerLine:
    """A line of either book, written from our side: positive is owed to us.

    `distributor` and `distributor_en` are filled for a line of another distributor only.
    """

    id: str
    side: str
    code: str
    on: date
    reference: str
    kind: str
    amount_minor: int
    text: str
    distributor_id: str
    distributor: str = ""
    distributor_en: str = ""


@dataclass(frozen=True)
class LinkRow:
    """What a person said of entries: they belong together (`confirmed`) or do not (`refused`)."""

    id: str
    our_ids: tuple[str, ...]
    their_ids: tuple[str, ...]
    verdict: str
    reason: str
    linked_by: str
    linked_by_en: str
    linked_at: datetime


@dataclass(frozen=True)
class BookSource:
    """The last file of a distributor's book: its name, as of when, loaded when and by whom."""

    file_name: str
    as_of_on: date | None
    rows: int
    loaded_at: datetime
    loaded_by: str
    loaded_by_en: str


@dataclass(frozen=True)
class Books:
    """Both books of a distributor.

    Attributes:
        ours: Our ledger, by day.
        theirs: The lines of the distributor's book, by day; without a closing balance.
        closing: The closing balance that was told last; it stands for the book where there are no lines.
        strangers: Lines of our ledger of the actor's other distributors, of an amount that the distributor's
            book has too.
        links: What people said and did not take back.
        source: The last file of the distributor's book; `None` when none was loaded.
    """

    ours: Sequence[LedgerLine]
    theirs: Sequence[LedgerLine]
    closing: LedgerLine | None
    strangers: Sequence[LedgerLine]
    links: Sequence[LinkRow]
    source: BookSource | None

    @property
    def is_shown(self) -> bool:
        """Whether the distributor has shown anything of its book."""
        return bool(self.theirs) or self.closing is not None

    @property
    def their_as_of(self) -> date | None:
        """The day to which the distributor's book goes."""
        days = [line.on for line in self.theirs]
        if self.closing is not None:
            days.append(self.closing.on)
        if self.source is not None and self.source.as_of_on is not None:
            days.append(self.source.as_of_on)
        return max(days, default=None)

    @property
    def our_as_of(self) -> date | None:
        """The day of the newest line of our ledger."""
        return max((line.on for line in self.ours), default=None)


def books_of(session: Session, actor: Actor, distributor_id: str) -> Books:
    """Both books of a distributor of the actor's, in four queries."""
    require_distributor(session, actor, distributor_id)
    lines = _lines(session, distributor_id)
    told = [line for line in lines if line.side == "theirs" and line.code.startswith(CLOSING)]
    return Books(
        ours=[line for line in lines if line.side == "ours"],
        theirs=[line for line in lines if line.side == "theirs" and not line.code.startswith(CLOSING)],
        closing=told[-1] if told else None,
        strangers=_strangers(session, actor, distributor_id),
        links=_links(session, distributor_id),
        source=_source(session, distributor_id),
    )


def _lines(session: Session, distributor_id: str) -> list[LedgerLine]:
    statement = (
        select(
            LedgerEntry.id,
            LedgerEntry.side,
            LedgerEntry.entry_code,
            LedgerEntry.on,
            LedgerEntry.reference,
            LedgerEntry.kind,
            LedgerEntry.amount_minor,
            LedgerEntry.text,
            LedgerEntry.distributor_id,
        )
        .where(LedgerEntry.distributor_id == distributor_id)
        .order_by(LedgerEntry.on, LedgerEntry.entry_code, LedgerEntry.id)
    )
    return [LedgerLine(*row) for row in session.execute(statement)]


def _strangers(session: Session, actor: Actor, distributor_id: str) -> list[LedgerLine]:
    """Only lines whose amount stands in the book too: what could have been entered in the wrong one."""
    theirs = aliased(LedgerEntry)
    # Gathered once; asked anew for every line of the region it took a quarter of a second.
    amounts = select(theirs.amount_minor).where(
        theirs.distributor_id == distributor_id, theirs.side == "theirs", theirs.reference != ""
    )
    statement = (
        select(
            LedgerEntry.id,
            LedgerEntry.side,
            LedgerEntry.entry_code,
            LedgerEntry.on,
            LedgerEntry.reference,
            LedgerEntry.kind,
            LedgerEntry.amount_minor,
            LedgerEntry.text,
            LedgerEntry.distributor_id,
            Distributor.short_name,
            Distributor.short_name_en,
        )
        .join(Distributor, Distributor.id == LedgerEntry.distributor_id)
        .where(
            LedgerEntry.side == "ours",
            LedgerEntry.distributor_id != distributor_id,
            LedgerEntry.reference != "",
            reaches_distributor(actor, LedgerEntry.distributor_id),
            LedgerEntry.amount_minor.in_(amounts),
        )
        .order_by(LedgerEntry.id)
    )
    return [LedgerLine(*row) for row in session.execute(statement)]


def _links(session: Session, distributor_id: str) -> list[LinkRow]:
    statement = (
        select(
            AccountLink.id,
            AccountLink.our_entries,
            AccountLink.their_entries,
            AccountLink.verdict,
            AccountLink.reason,
            User.name,
            User.name_en,
            AccountLink.linked_at,
        )
        .join(User, User.id == AccountLink.linked_by)
        .where(AccountLink.distributor_id == distributor_id, AccountLink.withdrawn_at.is_(None))
        .order_by(AccountLink.linked_at, AccountLink.id)
    )
    return [
        LinkRow(row[0], tuple(row[1].split()), tuple(row[2].split()), *row[3:])
        for row in session.execute(statement)
    ]


def _source(session: Session, distributor_id: str) -> BookSource | None:
    statement = (
        select(
            Import.file_name,
            Import.as_of_on,
            Import.rows,
            Import.loaded_at,
            func.coalesce(User.name, ""),
            func.coalesce(User.name_en, ""),
        )
        .outerjoin(User, User.id == Import.loaded_by)
        .where(Import.distributor_id == distributor_id)
        .order_by(Import.loaded_at.desc(), Import.id.desc())
        .limit(1)
    )
    row = session.execute(statement).one_or_none()
    return None if row is None else BookSource(*row)
