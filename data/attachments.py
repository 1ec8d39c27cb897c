"""Photos and signatures of a visit: kept once by the id that the tablet made, read only by whom they concern."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.visit import is_editable
from data.access import Actor, reaches_distributor, require_visit
from data.audit import record_change
from data.errors import InvalidValue, NotAllowed, NotReachable
from data.identifiers import is_id
from data.pictures import SafePicture
from data.tables.records import Attachment

KINDS = ("photo", "signature")


@dataclass(frozen=True)
class AttachmentRow:
    """An attachment without its bytes."""

    id: str
    kind: str
    subject: str
    media_type: str
    byte_count: int
    added_at: datetime


def add_attachment(
    session: Session,
    actor: Actor,
    attachment_id: str,
    visit_id: str,
    *,
    kind: str,
    subject: str,
    picture: SafePicture,
    now: datetime,
) -> None:
    """Keeps a picture of a visit, already made safe, under the tablet's id; sending it again changes nothing.

    One that arrives after the visit was submitted is kept too: a photo taken on site is never lost. It stands in
    the audit trail, because the manager may have looked before it was there.
    """
    if not is_id(attachment_id):
        raise InvalidValue("picture", attachment_id, "an id")
    if kind not in KINDS or len(subject) > 64:
        raise InvalidValue("picture", kind, " or ".join(KINDS))
    visit = require_visit(session, actor, visit_id)
    if visit.rep_id != actor.user_id:
        raise NotAllowed("Adding a picture to this visit", "it is another rep's")
    known = session.get(Attachment, attachment_id)
    if known is not None:
        if known.added_by != actor.user_id:
            raise NotReachable("picture")
        return
    session.add(
        Attachment(
            id=attachment_id,
            visit_id=visit.id,
            distributor_id=visit.distributor_id,
            kind=kind,
            subject=subject,
            media_type=picture.media_type,
            content=picture.content,
            content_hash=hashlib.sha256(picture.content).hexdigest(),
            byte_count=len(picture.content),
            added_by=actor.user_id,
            added_at=now,
        )
    )
    visit.changed_at = now
    if not is_editable(visit.state):
        record_change(session, actor, visit, kind, None, "added", reason="", now=now, record_id=attachment_id)


def attachments_of(session: Session, actor: Actor, visit_id: str) -> Sequence[AttachmentRow]:
    """The attachments of a visit, without their bytes, the oldest first."""
    require_visit(session, actor, visit_id)
    statement = (
        select(
            Attachment.id,
            Attachment.kind,
            Attachment.subject,
            Attachment.media_type,
            Attachment.byte_count,
            Attachment.added_at,
        )
        .where(Attachment.visit_id == visit_id)
        .order_by(Attachment.added_at, Attachment.id)
    )
    return [AttachmentRow(*row) for row in session.execute(statement)]


def attachment_content(session: Session, actor: Actor, attachment_id: str) -> tuple[bytes, str]:
    """The bytes and media type of an attachment of a distributor of the actor's."""
    row = session.execute(
        select(Attachment.content, Attachment.media_type).where(
            Attachment.id == attachment_id, reaches_distributor(actor, Attachment.distributor_id)
        )
    ).one_or_none()
    if row is None:
        raise NotReachable("picture")
    return row[0], row[1]
