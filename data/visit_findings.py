"""What a visit found, topic by topic, for those who read it afterwards: its manager, the log, the paper.

Each function reads one topic of one visit, and nothing of a visit that is not the actor's.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.visit import STEPS
from data.access import Actor, reaches_visit, require_visit
from data.checklists import ChecklistRow
from data.market import ProspectRow, prospects_found
from data.orders import OrderRow, orders_of_visit
from data.tables.products import Promotion, PromotionGood
from data.tables.records import Attachment, FieldValue
from data.tables.visits import (
    ChecklistAnswer,
    ChecklistItem,
    Complaint,
    MarketNote,
    NewsItem,
    PromotionCheck,
    Talk,
    Visit,
)
from data.visit_goods import CountFound, PriceFound, counts_found, prices_found


@dataclass(frozen=True)
class MarketFound:
    """Something learned of the market, written by the rep or made from a competitor's price that moved."""

    topic: str
    competitor: str
    text: str


@dataclass(frozen=True)
class GoodsChecked:
    """Promotion goods issued, and how many of them the visit found passed on; in pieces."""

    promotion: str
    promotion_en: str
    item: str
    item_en: str
    issued: Decimal
    passed_on: Decimal


@dataclass(frozen=True)
class ComplaintFound:
    """A complaint recorded during the visit, with what became of it since."""

    kind: str
    text: str
    state: str
    answer: str
    due_on: date | None


@dataclass(frozen=True)
class TalkFound:
    """News with the distributor's answer, or (without an answer) training, advice, a problem solved."""

    kind: str
    text: str
    text_en: str
    answer: str | None


@dataclass(frozen=True)
class PhotoFound:
    """A photo without its bytes."""

    id: str
    subject: str
    added_at: datetime


@dataclass(frozen=True)
class VisitFindings:
    """Everything that a visit found, topic by topic; `notes` by step, `checklists` by name."""

    prices: list[PriceFound]
    counts: list[CountFound]
    orders: list[OrderRow]
    notes: dict[str, str]
    checklists: dict[str, list[ChecklistRow]]
    market: list[MarketFound]
    prospects: list[ProspectRow]
    goods: list[GoodsChecked]
    complaints: list[ComplaintFound]
    talks: list[TalkFound]
    photos: list[PhotoFound]


def visit_findings(session: Session, actor: Actor, visit_id: str) -> VisitFindings:
    """All topics of a visit, a query or two each.

    Raises:
        NotReachable: there is none of that id among the actor's.
    """
    require_visit(session, actor, visit_id)
    return VisitFindings(
        prices=prices_found(session, actor, visit_id),
        counts=counts_found(session, actor, visit_id),
        orders=orders_of_visit(session, actor, visit_id),
        notes=notes_of_steps(session, actor, visit_id),
        checklists=checklists_answered(session, actor, visit_id),
        market=market_found(session, actor, visit_id),
        prospects=prospects_found(session, actor, visit_id),
        goods=goods_checked(session, actor, visit_id),
        complaints=complaints_found(session, actor, visit_id),
        talks=talks_held(session, actor, visit_id),
        photos=photos_taken(session, actor, visit_id),
    )


def notes_of_steps(session: Session, actor: Actor, visit_id: str) -> dict[str, str]:
    """The notes written in the steps of a visit, by step in their order; steps without one are absent."""
    statement = (
        select(FieldValue.row, FieldValue.value)
        .join(Visit, Visit.id == FieldValue.visit_id)
        .where(
            Visit.id == visit_id,
            FieldValue.field == "note",
            FieldValue.lot == "",
            FieldValue.row.in_(STEPS),
            reaches_visit(actor),
        )
    )
    found = {row: (value or "").strip() for row, value in session.execute(statement)}
    return {step: found[step] for step in STEPS if found.get(step)}


def checklists_answered(session: Session, actor: Actor, visit_id: str) -> dict[str, list[ChecklistRow]]:
    """The lines answered during a visit in their order, by checklist."""
    statement = (
        select(
            ChecklistItem.checklist,
            ChecklistItem.id,
            ChecklistItem.text,
            ChecklistItem.text_en,
            ChecklistItem.weight,
            ChecklistAnswer.answer,
            ChecklistAnswer.note,
        )
        .join(ChecklistAnswer, ChecklistAnswer.item_id == ChecklistItem.id)
        .join(Visit, Visit.id == ChecklistAnswer.visit_id)
        .where(Visit.id == visit_id, reaches_visit(actor))
        .order_by(ChecklistItem.checklist, ChecklistItem.position, ChecklistItem.code)
    )
    found: dict[str, list[ChecklistRow]] = {}
    for row in session.execute(statement):
        found.setdefault(row[0], []).append(ChecklistRow(*row[1:]))
    return found


def market_found(session: Session, actor: Actor, visit_id: str) -> list[MarketFound]:
    """What was learned of the market during a visit, the oldest first."""
    statement = (
        select(MarketNote.topic, MarketNote.competitor, MarketNote.text)
        .join(Visit, Visit.id == MarketNote.visit_id)
        .where(Visit.id == visit_id, reaches_visit(actor))
        .order_by(MarketNote.noted_at, MarketNote.id)
    )
    return [MarketFound(*row) for row in session.execute(statement)]


def goods_checked(session: Session, actor: Actor, visit_id: str) -> list[GoodsChecked]:
    """Promotion goods that were checked during a visit, those issued first at the top."""
    statement = (
        select(
            Promotion.name,
            Promotion.name_en,
            PromotionGood.item,
            PromotionGood.item_en,
            PromotionGood.issued,
            PromotionCheck.passed_on,
        )
        .join(PromotionGood, PromotionGood.id == PromotionCheck.promotion_good_id)
        .join(Promotion, Promotion.id == PromotionGood.promotion_id)
        .join(Visit, Visit.id == PromotionCheck.visit_id)
        .where(Visit.id == visit_id, reaches_visit(actor))
        .order_by(PromotionGood.issued_on, PromotionGood.id)
    )
    return [GoodsChecked(*row) for row in session.execute(statement)]


def complaints_found(session: Session, actor: Actor, visit_id: str) -> list[ComplaintFound]:
    """Complaints recorded during a visit, the oldest first."""
    statement = (
        select(Complaint.kind, Complaint.text, Complaint.state, Complaint.answer, Complaint.due_on)
        .join(Visit, Visit.id == Complaint.visit_id)
        .where(Visit.id == visit_id, reaches_visit(actor))
        .order_by(Complaint.recorded_at, Complaint.id)
    )
    return [ComplaintFound(*row) for row in session.execute(statement)]


def talks_held(session: Session, actor: Actor, visit_id: str) -> list[TalkFound]:
    """News told with the distributor's answers, then coaching, each in the order of the visit."""
    statement = (
        select(Talk.kind, Talk.text, NewsItem.text, NewsItem.text_en, Talk.answer)
        .outerjoin(NewsItem, NewsItem.id == Talk.news_item_id)
        .join(Visit, Visit.id == Talk.visit_id)
        .where(Visit.id == visit_id, reaches_visit(actor))
        .order_by(Talk.news_item_id.is_(None), Talk.noted_at, Talk.id)
    )
    return [
        TalkFound(kind, news or text, english or text, answer)
        for kind, text, news, english, answer in session.execute(statement)
    ]


def photos_taken(session: Session, actor: Actor, visit_id: str) -> list[PhotoFound]:
    """The photos of a visit without their bytes, the oldest first."""
    statement = (
        select(Attachment.id, Attachment.subject, Attachment.added_at)
        .join(Visit, Visit.id == Attachment.visit_id)
        .where(Visit.id == visit_id, Attachment.kind == "photo", reaches_visit(actor))
        .order_by(Attachment.added_at, Attachment.id)
    )
    return [PhotoFound(*row) for row in session.execute(statement)]


def photo_contents(session: Session, actor: Actor, visit_id: str) -> dict[str, bytes]:
    """The bytes of a visit's photos by id; many megabytes, so only for those who look at them."""
    statement = (
        select(Attachment.id, Attachment.content)
        .join(Visit, Visit.id == Attachment.visit_id)
        .where(Visit.id == visit_id, Attachment.kind == "photo", reaches_visit(actor))
    )
    return dict(session.execute(statement).all())
