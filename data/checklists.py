"""Checklists that the office keeps, and the answers given to them during a visit."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session

from data.access import Actor, require_visit
from data.errors import NotReachable
from data.identifiers import new_id
from data.tables.visits import ChecklistAnswer, ChecklistItem
from data.values import change_value, require_seen
from data.visit_steps import editable_visit


@dataclass(frozen=True)
class ChecklistRow:
    """A line of a checklist with this visit's answer; no answer is `None`."""

    item_id: str
    text: str
    text_en: str
    weight: Decimal
    answer: str | None
    note: str


def checklist(session: Session, actor: Actor, visit_id: str, name: str) -> list[ChecklistRow]:
    """The lines of a checklist that hold today, or were answered in this visit."""
    require_visit(session, actor, visit_id)
    asked = {"of_visit": visit_id, "of_name": name, "on": actor.today}
    found = session.execute(_lines(), asked)
    return [
        ChecklistRow(item, text, english, weight, answer, note or "")
        for item, text, english, weight, answer, note in found
    ]


@cache
def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ChecklistItem.id,
            ChecklistItem.text,
            ChecklistItem.text_en,
            ChecklistItem.weight,
            ChecklistAnswer.answer,
            ChecklistAnswer.note,
        )
        .outerjoin(
            ChecklistAnswer,
            and_(
                ChecklistAnswer.item_id == ChecklistItem.id, ChecklistAnswer.visit_id == bindparam("of_visit")
            ),
        )
        .where(
            ChecklistItem.checklist == bindparam("of_name"),
            ChecklistItem.retired_on.is_(None)
            | (ChecklistItem.retired_on > bindparam("on"))
            | ChecklistAnswer.id.is_not(None),
        )
        .order_by(ChecklistItem.position, ChecklistItem.code)
    )


def answer_checklist(
    session: Session,
    actor: Actor,
    visit_id: str,
    item_id: str,
    seen: str | None,
    answer: str | None,
    now: datetime,
) -> None:
    """Saves the answer to a line from the one that the person saw; `None` takes an answer back."""
    visit = editable_visit(session, actor, visit_id)
    if session.get(ChecklistItem, item_id) is None:
        raise NotReachable("checklist line")
    found = session.scalar(
        select(ChecklistAnswer).where(
            ChecklistAnswer.visit_id == visit.id, ChecklistAnswer.item_id == item_id
        )
    )
    if found is None:
        if answer is not None:
            session.add(
                ChecklistAnswer(
                    id=new_id(),
                    visit_id=visit.id,
                    item_id=item_id,
                    answer=answer,
                    answered_by=actor.user_id,
                    answered_at=now,
                )
            )
    elif answer is None:
        require_seen(found, "answer", seen)
        session.delete(found)
    elif change_value(found, "answer", seen, answer):
        found.answered_by, found.answered_at = actor.user_id, now
