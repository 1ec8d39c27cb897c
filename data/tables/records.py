"""What keeps the record straight: the tablet's entries, attachments, corrections and the audit trail."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import At, Base, Key, LongText, refers_to
from data.types import Instant, codes


class FieldValue(Base):
    """The current value of a field that tablets enter: (visit, row, lot, field).

    Its version is the id of the entry that set it. `row` is a product's id or the name of a text; a missing
    value means cleared.
    """

    __tablename__ = "field_value"

    visit_id: Mapped[str] = mapped_column(refers_to("visit"), primary_key=True)
    row: Mapped[str] = mapped_column(String(64), primary_key=True)
    lot: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    field: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str | None] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(String(20), default="")
    source: Mapped[str] = mapped_column(String(20), default="")
    entry_id: Mapped[str] = mapped_column(refers_to("entry"))
    entered_by: Mapped[str] = mapped_column(refers_to("user_account"))
    saved_at: Mapped[At]


class Entry(Base):
    """Every entry a tablet ever sent, once by its id: the log from which nothing is lost.

    `outcome` says what became of it: it moved the value (`applied`), met a newer one (`conflict`, then
    `settled` by a choice), or came after submission (`late`: a proposed correction, `accepted` or `refused`).
    """

    __tablename__ = "entry"
    __table_args__ = (Index("ix_entry_visit_id_outcome", "visit_id", "outcome"),)

    id: Mapped[Key]
    visit_id: Mapped[str] = mapped_column(refers_to("visit"))
    user_id: Mapped[str] = mapped_column(refers_to("user_account"))
    row: Mapped[str] = mapped_column(String(64))
    lot: Mapped[str] = mapped_column(String(40), default="")
    field: Mapped[str] = mapped_column(String(40))
    value: Mapped[str | None] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(String(20), default="")
    source: Mapped[str] = mapped_column(String(20), default="")
    base: Mapped[str | None] = mapped_column(String(36))
    """The entry whose value the person saw when he typed this one."""
    outcome: Mapped[str] = mapped_column(
        codes("outcome", "applied", "conflict", "settled", "late", "accepted", "refused")
    )
    tablet_at: Mapped[str] = mapped_column(String(40))
    """The tablet's clock as it sent it: shown, never used for order."""
    saved_at: Mapped[At]


class Attachment(Base):
    """A photo, signature or file, re-encoded without metadata; in the database so that one backup has all."""

    __tablename__ = "attachment"
    __table_args__ = (CheckConstraint("byte_count > 0", name="not_empty"),)

    id: Mapped[Key]
    visit_id: Mapped[str | None] = mapped_column(refers_to("visit"), index=True)
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"), index=True)
    kind: Mapped[str] = mapped_column(codes("kind", "photo", "signature", "document"))
    subject: Mapped[str] = mapped_column(String(64), default="")
    media_type: Mapped[str] = mapped_column(String(60))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    byte_count: Mapped[int]
    added_by: Mapped[str] = mapped_column(refers_to("user_account"))
    added_at: Mapped[At]


class AuditEntry(Base):
    """A change that must stay visible: who, when, which field, before and after, why."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_record_id", "record_id"),)

    id: Mapped[Key]
    visit_id: Mapped[str | None] = mapped_column(refers_to("visit"), index=True)
    distributor_id: Mapped[str | None] = mapped_column(refers_to("distributor"), index=True)
    record: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[str] = mapped_column(String(64))
    field: Mapped[str] = mapped_column(String(40))
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    changed_by: Mapped[str | None] = mapped_column(refers_to("user_account"), index=True)
    changed_at: Mapped[At]


class Document(Base):
    """A document handed over (letter, order); a change makes a new version, never overwrites."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("number", "version"),)

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(codes("kind", "confirmation_letter", "order"))
    distributor_id: Mapped[str] = mapped_column(refers_to("distributor"), index=True)
    visit_id: Mapped[str | None] = mapped_column(refers_to("visit"), index=True)
    attachment_id: Mapped[str] = mapped_column(refers_to("attachment"), index=True)
    signature_id: Mapped[str | None] = mapped_column(refers_to("attachment"), index=True)
    as_of_on: Mapped[date]
    figures: Mapped[LongText]
    """The figures as canonical JSON, whose hash stands on the paper."""
    figures_hash: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[str] = mapped_column(refers_to("user_account"))
    made_at: Mapped[At]
    signed_at: Mapped[datetime | None] = mapped_column(Instant)
