"""What was told during a visit and what the distributor said; training given, advice given, problems solved."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from data.access import Actor, require_visit
from data.entry_words import take_words
from data.errors import InvalidValue, NotReachable
from data.identifiers import is_id, new_id
from data.tables.visits import NewsItem, Talk
from data.values import change_value, require_seen
from data.visit_steps import editable_visit

ANSWERS = ("welcomed", "neutral", "objected", "not_told")
COACHING_KINDS = ("training", "advice", "solved")


@dataclass(frozen=True)
class NewsRow:
    """News to tell, with what the distributor said to it in this visit."""

    id: str
    kind: str
    text: str
    text_en: str
    from_on: date
    answer: str | None


@dataclass(frozen=True)
class CoachingRow:
    """Training, advice or a problem solved."""

    id: str
    kind: str
    text: str


def news_to_tell(session: Session, actor: Actor, visit_id: str) -> list[NewsRow]:
    """News that holds today, and what was told in this visit."""
    visit = require_visit(session, actor, visit_id)
    asked = {"of_visit": visit.id, "today": actor.today}
    return [NewsRow(*row) for row in session.execute(_news(), asked)]


@cache
def _news() -> Select[*tuple[Any, ...]]:
    today: Any = bindparam("today")
    return (
        select(NewsItem.id, NewsItem.kind, NewsItem.text, NewsItem.text_en, NewsItem.from_on, Talk.answer)
        .outerjoin(Talk, and_(Talk.news_item_id == NewsItem.id, Talk.visit_id == bindparam("of_visit")))
        .where(or_(and_(NewsItem.from_on <= today, NewsItem.to_on > today), Talk.id.is_not(None)))
        .order_by(NewsItem.kind, NewsItem.from_on.desc(), NewsItem.id)
    )


def answer_news(
    session: Session,
    actor: Actor,
    visit_id: str,
    news_id: str,
    seen: str | None,
    answer: str | None,
    now: datetime,
) -> None:
    """Saves what the distributor said to a piece of news; `None` takes it back."""
    visit = editable_visit(session, actor, visit_id)
    if answer is not None and answer not in ANSWERS:
        raise InvalidValue("answer", answer, ", ".join(ANSWERS))
    if session.get(NewsItem, news_id) is None:
        raise NotReachable("news")
    found = session.scalar(select(Talk).where(Talk.visit_id == visit.id, Talk.news_item_id == news_id))
    if found is None:
        if answer is not None:
            session.add(
                Talk(
                    id=new_id(),
                    visit_id=visit.id,
                    kind="news",
                    news_item_id=news_id,
                    answer=answer,
                    noted_at=now,
                )
            )
    elif answer is None:
        require_seen(found, "answer", seen)
        session.delete(found)
    elif change_value(found, "answer", seen, answer):
        found.noted_at = now


def coaching_of(session: Session, actor: Actor, visit_id: str) -> list[CoachingRow]:
    """Training, advice and problems solved during a visit."""
    require_visit(session, actor, visit_id)
    return [CoachingRow(*row) for row in session.execute(_coaching(), {"of_visit": visit_id})]


@cache
def _coaching() -> Select[*tuple[Any, ...]]:
    return (
        select(Talk.id, Talk.kind, Talk.text)
        .where(Talk.visit_id == bindparam("of_visit"), Talk.kind.in_(COACHING_KINDS))
        .order_by(Talk.noted_at, Talk.id)
    )


def save_coaching(
    session: Session,
    actor: Actor,
    visit_id: str,
    talk_id: str,
    *,
    kind: str,
    text: str | None,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Adds a piece of coaching under an id made by the caller, or changes that one.

    The text of one that exists is entered by itself (`data.entries`): `None` leaves it as it is. `seen` is the
    kind of one that exists, as it stood on the screen.
    """
    if kind not in COACHING_KINDS:
        raise InvalidValue("kind", kind, ", ".join(COACHING_KINDS))
    if text is not None and not text.strip():
        raise InvalidValue("note", text, "what was taught, advised or solved, in a few words")
    visit = editable_visit(session, actor, visit_id)
    if not is_id(talk_id):
        raise InvalidValue("note", talk_id, "an id")
    talk = session.get(Talk, talk_id)
    is_new = talk is None
    if talk is None:
        if text is None:
            raise NotReachable("note")
        talk = Talk(id=talk_id, visit_id=visit.id, noted_at=now)
        session.add(talk)
    elif talk.visit_id != visit.id:
        raise NotReachable("note")
    if text is not None:
        talk.text = text.strip()
    if not is_new:
        change_value(talk, "kind", seen, kind)
    talk.kind = kind
    if is_new and text is not None:
        take_words(session, actor, visit.id, "coaching", talk_id, text, now)
