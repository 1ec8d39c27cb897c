"""Who may reach what: every query of `data` begins with one of these conditions.

A rep reaches the distributors assigned to him today, those of visits he has begun and not finished, and the
visits he made; a manager and a clerk those of
their regions; an administrator all. The operator at the machine's own command line reaches all and is no
account. Nothing else in the program decides this.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from data.engine import REACHED
from data.errors import NotAllowed, NotReachable
from data.tables.company import Market, UserRegion
from data.tables.distributors import Distributor, DistributorAssignment
from data.tables.visits import Visit

Role = Literal["rep", "manager", "clerk", "administrator", "operator"]


@dataclass(frozen=True)
class Actor:
    """Who asks, in which role, and which day it is for him (assignments change from a date on)."""

    user_id: str
    role: Role
    today: date


OPERATOR_ID = ""
"""The operator at the command line has no account."""

ACTORS = 512
"""Conditions kept ready, an actor a day each: making one takes longer than the database needs to answer it."""


@lru_cache(maxsize=ACTORS)
def reachable_distributors(actor: Actor) -> Select[str]:
    """The ids of the distributors that the actor may see, as a subquery."""
    ids = select(Distributor.id)
    if actor.role in ("administrator", "operator"):
        return ids
    if actor.role == "rep":
        assigned = select(DistributorAssignment.distributor_id).where(
            DistributorAssignment.rep_id == actor.user_id, assigned_on(actor.today)
        )
        # A visit begun before a handover is finished by whoever began it, with all its figures.
        begun = select(Visit.distributor_id).where(
            Visit.rep_id == actor.user_id, Visit.state.in_(("draft", "returned"))
        )
        # Two lists asked once: asked of each distributor anew, SQLite would walk all of a rep's assignments
        # for each of them, in every query of a page.
        return ids.where(or_(Distributor.id.in_(assigned), Distributor.id.in_(begun)))
    return ids.join(Market, Market.id == Distributor.market_id).where(
        exists().where(UserRegion.region_id == Market.region_id, UserRegion.user_id == actor.user_id)
    )


def assigned_on(day: date) -> ColumnElement[bool]:
    """The condition that a distributor's assignment holds on a day."""
    return and_(
        DistributorAssignment.from_on <= day,
        or_(DistributorAssignment.to_on.is_(None), DistributorAssignment.to_on > day),
    )


def reaches_distributor(
    actor: Actor, distributor_id: InstrumentedAttribute[str] | ColumnElement[str]
) -> ColumnElement[bool]:
    """The condition that a row's distributor is the actor's."""
    if actor.role in ("administrator", "operator"):
        return true()
    return distributor_id.in_(reachable_distributors(actor))


@lru_cache(maxsize=ACTORS)
def reaches_visit(actor: Actor) -> ColumnElement[bool]:
    """The condition that a visit is the actor's: of a distributor of his, or made by himself."""
    reached = reaches_distributor(actor, Visit.distributor_id)
    return or_(reached, Visit.rep_id == actor.user_id) if actor.role == "rep" else reached


def require_role(actor: Actor, action: str, *roles: Role) -> None:
    """Raises `NotAllowed` unless the actor has one of the roles."""
    if actor.role not in roles:
        raise NotAllowed(action, f"your role ({actor.role}) does not do it")


def require_distributor(session: Session, actor: Actor, distributor_id: str) -> Distributor:
    """The distributor, or `NotReachable`."""
    found = session.scalar(_one_distributor(actor), {"of_id": distributor_id})
    if found is None:
        raise NotReachable("distributor")
    return found


# Statements that every page asks are kept, an actor a day each, like the conditions in them: making one takes
# longer than the database needs to answer it.
@lru_cache(maxsize=ACTORS)
def _one_distributor(actor: Actor) -> Select[Distributor]:
    return select(Distributor).where(
        Distributor.id == bindparam("of_id"), reaches_distributor(actor, Distributor.id)
    )


def require_visit(session: Session, actor: Actor, visit_id: str) -> Visit:
    """The visit, or `NotReachable`; asked once in a reading session, which sees one state from first to last."""
    reached: dict[tuple[Actor, str], Visit] = session.info.get(REACHED, {})
    found = reached.get((actor, visit_id))
    if found is None:
        found = session.scalar(_one_visit(actor), {"of_id": visit_id})
        if found is None:
            raise NotReachable("visit")
        reached[actor, visit_id] = found
    return found


def note_reached(session: Session, actor: Actor, visit: Visit) -> None:
    """Keeps a visit that the actor reaches for `require_visit`, which asks once in a reading session.

    Only for a row that this session asked for under `reaches_visit(actor)`.
    """
    session.info.get(REACHED, {})[actor, visit.id] = visit


@lru_cache(maxsize=ACTORS)
def _one_visit(actor: Actor) -> Select[Visit]:
    return select(Visit).where(Visit.id == bindparam("of_id"), reaches_visit(actor))
