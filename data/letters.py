"""Confirmation letters: each version kept with the figures on it and their hash, never overwritten."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.access import Actor, reaches_distributor, require_visit
from data.errors import InvalidValue, NotAllowed, NotReachable
from data.identifiers import new_id
from data.tables.distributors import Distributor
from data.tables.records import Attachment, Document
from data.tables.visits import Visit
from data.visit_steps import editable_visit

KIND = "confirmation_letter"


@dataclass(frozen=True)
class LetterRow:
    """A version of a letter; `signature_id` is the picture that was signed on the tablet."""

    id: str
    number: str
    version: int
    language: str
    as_of_on: date
    figures_hash: str
    made_at: datetime
    signature_id: str | None
    signed_at: datetime | None


@dataclass(frozen=True)
class Letter:
    """A letter to be kept: what stands on it, its file, and the signature printed on it."""

    number: str
    version: int
    language: str
    as_of_on: date
    figures: Mapping[str, object]
    content: bytes
    signature_id: str | None = None


def canonical(figures: Mapping[str, object]) -> tuple[str, str]:
    """Figures as one text that is the same for the same figures, and its hash.

    Example:
        >>> canonical({"b": 1, "a": None})[0]
        '{"a":null,"b":1}'
        >>> canonical({"b": 1, "a": 2}) == canonical({"a": 2, "b": 1})
        True
    """
    text = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text, hashlib.sha256(text.encode()).hexdigest()


def letters_of(session: Session, actor: Actor, visit_id: str) -> Sequence[LetterRow]:
    """The letters made in a visit of the actor's, the newest first."""
    require_visit(session, actor, visit_id)
    statement = (
        select(
            Document.id,
            Document.number,
            Document.version,
            Attachment.subject,
            Document.as_of_on,
            Document.figures_hash,
            Document.made_at,
            Document.signature_id,
            Document.signed_at,
        )
        .join(Attachment, Attachment.id == Document.attachment_id)
        .where(Document.visit_id == visit_id, Document.kind == KIND)
        .order_by(Document.made_at.desc(), Document.version.desc())
    )
    return [
        LetterRow(row[0], row[1], row[2], row[3].rpartition(":")[2], row[4], row[5], row[6], row[7], row[8])
        for row in session.execute(statement)
    ]


def next_letter(session: Session, actor: Actor, visit_id: str, as_of_on: date) -> tuple[str, int]:
    """The number of the visit's letter as of a day, and the version that it would be now."""
    visit = require_visit(session, actor, visit_id)
    code = session.get_one(Distributor, visit.distributor_id).code
    number = f"AC-{code[:40]}-{as_of_on:%Y%m%d}"
    last = session.scalar(select(func.max(Document.version)).where(Document.number == number))
    return number, (last or 0) + 1


def keep_letter(session: Session, actor: Actor, visit_id: str, letter: Letter, now: datetime) -> None:
    """Keeps a version of a letter with the visit; keeping the same one twice is keeping it once.

    Raises:
        InvalidValue: an empty file.
        NotAllowed: another version took the number meanwhile.
        NotReachable: the signature is not one of this visit.
    """
    visit = editable_visit(session, actor, visit_id)
    if not letter.content:
        raise InvalidValue("letter", "", "a printed letter")
    if letter.signature_id is not None:
        _require_signature(session, visit, letter.signature_id)
    text, digest = canonical(letter.figures)
    known = session.scalar(
        select(Document).where(Document.number == letter.number, Document.version == letter.version)
    )
    if known is not None:
        if (known.visit_id, known.figures_hash, known.signature_id) != (
            visit.id,
            digest,
            letter.signature_id,
        ):
            raise NotAllowed("Keeping this letter", "another version was made meanwhile")
        return
    paper = Attachment(
        id=new_id(),
        visit_id=visit.id,
        distributor_id=visit.distributor_id,
        kind="document",
        subject=f"letter:{letter.version}:{letter.language}",
        media_type="application/pdf",
        content=letter.content,
        content_hash=hashlib.sha256(letter.content).hexdigest(),
        byte_count=len(letter.content),
        added_by=actor.user_id,
        added_at=now,
    )
    session.add(paper)
    session.flush()
    session.add(
        Document(
            id=new_id(),
            number=letter.number,
            version=letter.version,
            kind=KIND,
            distributor_id=visit.distributor_id,
            visit_id=visit.id,
            attachment_id=paper.id,
            signature_id=letter.signature_id,
            as_of_on=letter.as_of_on,
            figures=text,
            figures_hash=digest,
            made_by=actor.user_id,
            made_at=now,
            signed_at=now if letter.signature_id else None,
        )
    )
    visit.changed_at = now


def letter_content(session: Session, actor: Actor, document_id: str) -> bytes:
    """The file of a letter to a distributor of the actor's."""
    content = session.scalar(
        select(Attachment.content)
        .join(Document, Document.attachment_id == Attachment.id)
        .where(
            Document.id == document_id,
            Document.kind == KIND,
            reaches_distributor(actor, Document.distributor_id),
        )
    )
    if content is None:
        raise NotReachable("letter")
    return content


def _require_signature(session: Session, visit: Visit, signature_id: str) -> None:
    found = session.scalar(
        select(Attachment.id).where(
            Attachment.id == signature_id, Attachment.visit_id == visit.id, Attachment.kind == "signature"
        )
    )
    if found is None:
        raise NotReachable("signature")
