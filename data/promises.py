"""Promises between the company and its distributors: made, kept, broken, and never forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from data.access import ACTORS, Actor, reaches_distributor
from data.entry_words import take_words
from data.errors import Conflict, InvalidValue, NotReachable
from data.identifiers import is_id
from data.tables.visits import Promise
from data.values import change_value
from data.visit_steps import editable_visit


@dataclass(frozen=True)
class PromiseRow:
    """A promise as the screens show it."""

    id: str
    distributor_id: str
    visit_id: str | None
    made_by: str
    text: str
    owner: str
    due_on: date | None
    state: str
    closed_note: str
    made_at: datetime

    @property
    def who_and_when(self) -> str:
        """Who keeps it and until when, in one text."""
        return _who_and_when(self.owner, self.due_on)


def promises_of(
    session: Session, actor: Actor, distributor_ids: Sequence[str], closed_in_visit: str = ""
) -> list[PromiseRow]:
    """Promises not yet closed, and those closed in one visit, so that a mistaken tap can be taken back.

    Those due first stand on top, those without a date last.
    """
    asked = {"of_distributors": distributor_ids, "closed_in": closed_in_visit}
    rows = [PromiseRow(*row) for row in session.execute(_standing(actor), asked)]
    return sorted(rows, key=lambda row: (row.due_on is None, row.due_on or date.max, row.id))


@lru_cache(maxsize=ACTORS)
def _standing(actor: Actor) -> Select[*tuple[Any, ...]]:
    return _select_promises(actor).where(
        Promise.distributor_id.in_(bindparam("of_distributors", expanding=True)),
        (Promise.state == "open") | (Promise.closed_visit_id == bindparam("closed_in")),
    )


def promises_made(session: Session, actor: Actor, visit_id: str) -> list[PromiseRow]:
    """Promises made during a visit, in the order in which they were made."""
    statement = _select_promises(actor).where(Promise.visit_id == visit_id).order_by(Promise.id)
    return [PromiseRow(*row) for row in session.execute(statement)]


def save_promise(
    session: Session,
    actor: Actor,
    visit_id: str,
    promise_id: str,
    *,
    made_by: str,
    text: str | None,
    owner: str,
    due_on: date | None,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Adds a promise under an id made by the caller, or changes that one; saving twice is saving once.

    The text of one that exists is entered by itself (`data.entries`): `None` leaves it as it is.

    Args:
        session: A writing session.
        actor: The rep of the visit.
        visit_id: The visit.
        promise_id: The promise; of a new one the id of the entry that holds its words.
        made_by: `company` or `distributor`.
        text: What is promised; of one that exists `None`.
        owner: Who does it.
        due_on: Until when.
        now: When it happens.
        seen: `who_and_when` of one that exists, as it stood on the screen.
    """
    if text is not None and not text.strip():
        raise InvalidValue("promise", text, "what is promised, in a few words")
    if not owner.strip():
        raise InvalidValue("owner", owner, "who does it")
    visit = editable_visit(session, actor, visit_id)
    if not is_id(promise_id):
        raise InvalidValue("promise", promise_id, "an id")
    promise = session.get(Promise, promise_id)
    is_new = promise is None
    if promise is None:
        if text is None:
            raise NotReachable("promise")
        promise = Promise(
            id=promise_id,
            distributor_id=visit.distributor_id,
            visit_id=visit.id,
            rep_id=actor.user_id,
            state="open",
            made_at=now,
        )
        session.add(promise)
    elif promise.visit_id != visit.id:
        raise NotReachable("promise")
    if text is not None:
        promise.text = text.strip()
    mine = _who_and_when(owner.strip(), due_on)
    theirs = mine if is_new else _who_and_when(promise.owner, promise.due_on)
    if theirs not in (mine, seen):
        raise Conflict("promise", theirs, mine)
    promise.made_by, promise.owner, promise.due_on = made_by, owner.strip(), due_on
    if is_new and text is not None:
        take_words(session, actor, visit.id, "promise", promise_id, text, now)


def close_promise(
    session: Session, actor: Actor, visit_id: str, promise_id: str, seen: str, state: str, now: datetime
) -> None:
    """Says during a visit that a promise was kept, broken or withdrawn, or opens it again."""
    visit = editable_visit(session, actor, visit_id)
    promise = session.scalar(
        select(Promise).where(Promise.id == promise_id, Promise.distributor_id == visit.distributor_id)
    )
    if promise is None:
        raise NotReachable("promise")
    if change_value(promise, "state", seen, state):
        is_open = state == "open"
        promise.closed_visit_id = None if is_open else visit.id
        promise.closed_at = None if is_open else now


@lru_cache(maxsize=ACTORS)
def _select_promises(actor: Actor) -> Select[*tuple[Any, ...]]:
    return select(
        Promise.id,
        Promise.distributor_id,
        Promise.visit_id,
        Promise.made_by,
        Promise.text,
        Promise.owner,
        Promise.due_on,
        Promise.state,
        Promise.closed_note,
        Promise.made_at,
    ).where(reaches_distributor(actor, Promise.distributor_id))


def _who_and_when(owner: str, due_on: date | None) -> str:
    return f"{owner} · {due_on}" if due_on else owner
