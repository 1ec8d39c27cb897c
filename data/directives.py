"""A manager's instructions for a distributor: they stand in every Prepare until the rep reports them done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from data.access import ACTORS, Actor, reaches_distributor, require_role
from data.entry_words import take_words
from data.errors import InvalidValue, NotReachable
from data.identifiers import is_id
from data.tables.company import User
from data.tables.visits import Directive
from data.visit_steps import editable_visit, locked_visit


@dataclass(frozen=True)
class DirectiveRow:
    """A directive as the screens show it."""

    id: str
    distributor_id: str
    text: str
    given_by: str
    given_by_en: str
    due_on: date | None
    given_at: datetime
    done_at: datetime | None
    done_visit_id: str | None


def open_directives(
    session: Session, actor: Actor, distributor_ids: Sequence[str], done_in_visit: str = ""
) -> list[DirectiveRow]:
    """Directives not yet done, and those reported done in one visit, so that the report can be taken back."""
    asked = {"of_distributors": distributor_ids, "done_in": done_in_visit}
    return [DirectiveRow(*row) for row in session.execute(_standing(actor), asked)]


@lru_cache(maxsize=ACTORS)
def _standing(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Directive.id,
            Directive.distributor_id,
            Directive.text,
            User.name,
            User.name_en,
            Directive.due_on,
            Directive.given_at,
            Directive.done_at,
            Directive.done_visit_id,
        )
        .join(User, User.id == Directive.given_by)
        .where(
            Directive.distributor_id.in_(bindparam("of_distributors", expanding=True)),
            Directive.done_at.is_(None) | (Directive.done_visit_id == bindparam("done_in")),
            reaches_distributor(actor, Directive.distributor_id),
        )
        .order_by(Directive.given_at, Directive.id)
    )


def give_directive(
    session: Session,
    actor: Actor,
    directive_id: str,
    visit_id: str,
    text: str,
    due_on: date | None,
    now: datetime,
) -> None:
    """A manager's instruction after a visit, under an id made by the caller; twice is once."""
    require_role(actor, "Giving a directive", "manager")
    visit = locked_visit(session, actor, visit_id)
    if not text.strip():
        raise InvalidValue("directive", text, "what is to be done, in a few words")
    if not is_id(directive_id):
        raise InvalidValue("directive", directive_id, "an id")
    if session.get(Directive, directive_id) is None:
        session.add(
            Directive(
                id=directive_id,
                distributor_id=visit.distributor_id,
                visit_id=visit.id,
                given_by=actor.user_id,
                text=text.strip(),
                due_on=due_on,
                given_at=now,
            )
        )
        take_words(session, actor, visit.id, "directive", directive_id, text, now)


def report_directive(
    session: Session, actor: Actor, visit_id: str, directive_id: str, is_done: bool, now: datetime
) -> None:
    """The rep's word during a visit that a directive is done, or not yet."""
    visit = editable_visit(session, actor, visit_id)
    directive = session.scalar(
        select(Directive).where(
            Directive.id == directive_id, Directive.distributor_id == visit.distributor_id
        )
    )
    if directive is None:
        raise NotReachable("directive")
    directive.done_at = now if is_done else None
    directive.done_visit_id = visit.id if is_done else None
    directive.version += 1
