"""Service at a distributor: promotion goods passed on, and complaints from the first word to the report back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session

from data.access import ACTORS, Actor, reaches_distributor, require_visit
from data.entry_words import take_words
from data.errors import InvalidValue, NotReachable
from data.identifiers import is_id, new_id
from data.tables.products import Promotion, PromotionGood
from data.tables.visits import Complaint, PromotionCheck
from data.values import change_value, require_seen
from data.visit_steps import editable_visit

OPEN_STATES = ("recorded", "handled", "rechecked")


@dataclass(frozen=True)
class ComplaintRow:
    """A complaint as the screens show it."""

    id: str
    distributor_id: str
    visit_id: str | None
    kind: str
    text: str
    state: str
    answer: str
    due_on: date | None
    satisfied: bool | None
    recorded_at: datetime


@dataclass(frozen=True)
class PromotionGoodRow:
    """Promotion goods issued to a distributor, and how many this visit found passed on."""

    id: str
    promotion: str
    promotion_en: str
    item: str
    item_en: str
    issued: Decimal
    issued_on: date
    passed_on: Decimal | None


def open_complaints(session: Session, actor: Actor, distributor_ids: Sequence[str]) -> list[ComplaintRow]:
    """Complaints of some distributors that are not yet reported back, the oldest first."""
    found = session.execute(_open_complaints(actor), {"of_distributors": distributor_ids})
    return [ComplaintRow(*row) for row in found]


@lru_cache(maxsize=ACTORS)
def _open_complaints(actor: Actor) -> Select[*tuple[Any, ...]]:
    return _select_complaints(actor).where(
        Complaint.distributor_id.in_(bindparam("of_distributors", expanding=True)),
        Complaint.state.in_(OPEN_STATES),
    )


def add_complaint(
    session: Session,
    actor: Actor,
    visit_id: str,
    complaint_id: str,
    *,
    kind: str,
    text: str,
    due_on: date | None,
    now: datetime,
) -> None:
    """Records a complaint under an id made by the caller; recording it twice is recording it once."""
    if not text.strip():
        raise InvalidValue("complaint", text, "what is wrong, in a few words")
    visit = editable_visit(session, actor, visit_id)
    if not is_id(complaint_id):
        raise InvalidValue("complaint", complaint_id, "an id")
    if session.get(Complaint, complaint_id) is None:
        session.add(
            Complaint(
                id=complaint_id,
                distributor_id=visit.distributor_id,
                visit_id=visit.id,
                kind=kind,
                text=text.strip(),
                state="recorded",
                due_on=due_on,
                recorded_by=actor.user_id,
                recorded_at=now,
            )
        )
        take_words(session, actor, visit.id, "complaint", complaint_id, text, now)


def recheck_complaint(
    session: Session, actor: Actor, visit_id: str, complaint_id: str, satisfied: bool, now: datetime
) -> None:
    """The customer's word during a visit whether a handled complaint is settled to his satisfaction."""
    visit = editable_visit(session, actor, visit_id)
    complaint = session.scalar(
        select(Complaint).where(
            Complaint.id == complaint_id, Complaint.distributor_id == visit.distributor_id
        )
    )
    if complaint is None:
        raise NotReachable("complaint")
    if complaint.state not in ("handled", "rechecked"):
        raise InvalidValue("complaint", complaint.state, "one that was handled")
    complaint.state, complaint.satisfied, complaint.rechecked_at = "rechecked", satisfied, now
    complaint.version += 1


def promotion_goods(session: Session, actor: Actor, visit_id: str) -> list[PromotionGoodRow]:
    """Promotion goods issued to the visited distributor in the last half year, the newest first."""
    visit = require_visit(session, actor, visit_id)
    asked = {"of_visit": visit.id, "of_distributor": visit.distributor_id}
    return [PromotionGoodRow(*row) for row in session.execute(_promotion_goods(actor), asked)]


@lru_cache(maxsize=ACTORS)
def _promotion_goods(actor: Actor) -> Select[*tuple[Any, ...]]:
    checked = and_(
        PromotionCheck.promotion_good_id == PromotionGood.id,
        PromotionCheck.visit_id == bindparam("of_visit"),
    )
    return (
        select(
            PromotionGood.id,
            Promotion.name,
            Promotion.name_en,
            PromotionGood.item,
            PromotionGood.item_en,
            PromotionGood.issued,
            PromotionGood.issued_on,
            PromotionCheck.passed_on,
        )
        .join(Promotion, Promotion.id == PromotionGood.promotion_id)
        .outerjoin(PromotionCheck, checked)
        .where(
            PromotionGood.distributor_id == bindparam("of_distributor"),
            reaches_distributor(actor, PromotionGood.distributor_id),
            PromotionGood.issued_on <= actor.today,
            PromotionGood.issued_on > actor.today - timedelta(days=183),
        )
        .order_by(PromotionGood.issued_on.desc(), PromotionGood.id)
    )


def check_promotion_good(
    session: Session,
    actor: Actor,
    visit_id: str,
    good_id: str,
    seen: Decimal | None,
    passed_on: Decimal | None,
    now: datetime,
) -> None:
    """Saves how many promotion goods were found passed on; `None` takes the figure back."""
    visit = editable_visit(session, actor, visit_id)
    good = session.get(PromotionGood, good_id)
    if good is None or good.distributor_id != visit.distributor_id:
        raise NotReachable("promotion goods")
    if passed_on is not None and not 0 <= passed_on <= good.issued:
        raise InvalidValue("passed on", passed_on, f"a number from 0 to {good.issued}")
    found = session.scalar(
        select(PromotionCheck).where(
            PromotionCheck.visit_id == visit.id, PromotionCheck.promotion_good_id == good_id
        )
    )
    if found is None:
        if passed_on is not None:
            session.add(
                PromotionCheck(
                    id=new_id(),
                    visit_id=visit.id,
                    promotion_good_id=good_id,
                    passed_on=passed_on,
                    checked_by=actor.user_id,
                    checked_at=now,
                )
            )
    elif passed_on is None:
        require_seen(found, "passed_on", seen)
        session.delete(found)
    elif change_value(found, "passed_on", seen, passed_on):
        found.checked_by, found.checked_at = actor.user_id, now


def _select_complaints(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Complaint.id,
            Complaint.distributor_id,
            Complaint.visit_id,
            Complaint.kind,
            Complaint.text,
            Complaint.state,
            Complaint.answer,
            Complaint.due_on,
            Complaint.satisfied,
            Complaint.recorded_at,
        )
        .where(reaches_distributor(actor, Complaint.distributor_id))
        .order_by(Complaint.recorded_at, Complaint.id)
    )
