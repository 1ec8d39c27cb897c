"""What was learned of the market during a visit: competitors' moves, points of sale, credit standing, prospects."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from data.access import ACTORS, Actor, reaches_distributor, require_visit
from data.entry_words import take_words
from data.errors import InvalidValue, NotReachable
from data.identifiers import is_id
from data.tables.distributors import Distributor
from data.tables.products import Product
from data.tables.visits import MarketNote, Prospect
from data.values import change_value
from data.visit_steps import editable_visit

MARKET_TOPICS = (
    "price",
    "promotion",
    "product",
    "channel",
    "advertising",
    "share",
    "people",
    "point_of_sale",
    "credit_standing",
    "other",
)


@dataclass(frozen=True)
class MarketNoteRow:
    """A note of the market."""

    id: str
    visit_id: str | None
    topic: str
    competitor: str
    text: str
    noted_at: datetime


@dataclass(frozen=True)
class ProspectRow:
    """A prospect found during a visit."""

    id: str
    name: str
    contact: str
    stage: str
    next_step: str
    next_step_on: date | None


def market_notes(session: Session, actor: Actor, visit_id: str, limit: int = 20) -> list[MarketNoteRow]:
    """The last notes at the visited distributor, this visit's and earlier ones, the newest first."""
    visit = require_visit(session, actor, visit_id)
    asked = {"of_distributor": visit.distributor_id, "most": limit}
    return [MarketNoteRow(*row) for row in session.execute(_notes(actor), asked)]


@lru_cache(maxsize=ACTORS)
def _notes(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            MarketNote.id,
            MarketNote.visit_id,
            MarketNote.topic,
            MarketNote.competitor,
            MarketNote.text,
            MarketNote.noted_at,
        )
        .where(
            MarketNote.distributor_id == bindparam("of_distributor"),
            reaches_distributor(actor, MarketNote.distributor_id),
        )
        .order_by(MarketNote.noted_at.desc(), MarketNote.id.desc())
        .limit(bindparam("most"))
    )


def competitors(session: Session, actor: Actor) -> list[str]:
    """The makers of competitors' products; everybody may know them."""
    return [maker for maker in session.scalars(_makers()) if maker]


@cache
def _makers() -> Select[str]:
    return select(Product.maker).where(Product.is_own.is_(False)).distinct().order_by(Product.maker)


def save_market_note(
    session: Session,
    actor: Actor,
    visit_id: str,
    note_id: str,
    *,
    topic: str,
    competitor: str,
    text: str | None,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Adds a note under an id made by the caller, or changes that one; saving twice is saving once.

    The text of one that exists is entered by itself (`data.entries`): `None` leaves it as it is. `seen` is the
    competitor of one that exists, as it stood on the screen.
    """
    if topic not in MARKET_TOPICS:
        raise InvalidValue("topic", topic, ", ".join(MARKET_TOPICS))
    if text is not None and not text.strip():
        raise InvalidValue("note", text, "what you learned, in a few words")
    visit = editable_visit(session, actor, visit_id)
    if not is_id(note_id):
        raise InvalidValue("note", note_id, "an id")
    note = session.get(MarketNote, note_id)
    is_new = note is None
    if note is None:
        if text is None:
            raise NotReachable("note")
        note = MarketNote(
            id=note_id,
            visit_id=visit.id,
            distributor_id=visit.distributor_id,
            noted_by=actor.user_id,
            noted_at=now,
        )
        session.add(note)
    elif note.visit_id != visit.id:
        raise NotReachable("note")
    if text is not None:
        note.text = text.strip()
    if not is_new:
        change_value(note, "competitor", seen, competitor.strip())
    note.topic, note.competitor = topic, competitor.strip()
    if is_new and text is not None:
        take_words(session, actor, visit.id, "market_note", note_id, text, now)


def prospects_found(session: Session, actor: Actor, visit_id: str) -> list[ProspectRow]:
    """The prospects recorded during a visit."""
    require_visit(session, actor, visit_id)
    return [ProspectRow(*row) for row in session.execute(_prospects(), {"of_visit": visit_id})]


@cache
def _prospects() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Prospect.id,
            Prospect.name,
            Prospect.contact,
            Prospect.stage,
            Prospect.next_step,
            Prospect.next_step_on,
        )
        .where(Prospect.visit_id == bindparam("of_visit"))
        .order_by(Prospect.recorded_at, Prospect.id)
    )


def add_prospect(
    session: Session,
    actor: Actor,
    visit_id: str,
    prospect_id: str,
    *,
    name: str,
    contact: str,
    next_step: str,
    next_step_on: date,
    now: datetime,
) -> None:
    """Records a prospect under an id made by the caller: without a next step and its day it is none."""
    if not name.strip():
        raise InvalidValue("prospect", name, "a name")
    if not next_step.strip():
        raise InvalidValue("next step", next_step, "what is done next")
    visit = editable_visit(session, actor, visit_id)
    if not is_id(prospect_id):
        raise InvalidValue("prospect", prospect_id, "an id")
    if session.get(Prospect, prospect_id) is None:
        market_id = session.get_one(Distributor, visit.distributor_id).market_id
        session.add(
            Prospect(
                id=prospect_id,
                market_id=market_id,
                rep_id=actor.user_id,
                visit_id=visit.id,
                name=name.strip(),
                contact=contact.strip(),
                stage="contact",
                next_step=next_step.strip(),
                next_step_on=next_step_on,
                recorded_at=now,
            )
        )
