"""What has changed lately around a visit: a stamp that says whether remembered figures still hold."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from data.access import (
    ACTORS,
    Actor,
    reachable_distributors,
    reaches_distributor,
    reaches_visit,
    require_visit,
)
from data.tables.dealings import AccountDifference, AccountLink, Import, LedgerEntry
from data.tables.distributors import Distributor
from data.tables.orders import Order
from data.tables.visits import Visit

LATELY = timedelta(days=2)
"""How far back changes are listed; longer than any figure is remembered, whatever the time zone."""


def latest_changes(session: Session, actor: Actor, visit_id: str) -> str:
    """A stamp that moves when somebody enters, orders or loads what a visit's figures are made of.

    It stands for the visits to the actor's distributors and to all of the same market (every entry notes the time
    at its visit), the distributor's orders, and all loaded files. They are listed one by one: of two that are
    written at once the earlier may be committed last, and a mere latest time would hide it.

    Args:
        session: A reading session.
        actor: Who asks.
        visit_id: A visit of his.

    Returns:
        A text without meaning of its own; equal as long as nothing changed.

    Raises:
        NotReachable: the visit is not the actor's.
    """
    place = require_visit(session, actor, visit_id).distributor_id
    return _stamp(session, _of_market(actor), {"place": place})


def latest_changes_around(session: Session, actor: Actor) -> str:
    """A stamp of everything that figures over all of the actor's distributors are made of.

    It moves as that of `latest_changes` does, for all the actor's distributors and their markets at once, and
    when he is given a distributor or loses one.

    Args:
        session: A reading session.
        actor: Who asks.

    Returns:
        A text without meaning of its own; equal as long as nothing changed.
    """
    return _stamp(session, _of_all(actor), {})


def latest_changes_of_accounts(session: Session, actor: Actor, distributor_id: str) -> str:
    """A stamp that moves with every change of what a distributor's accounts are made of, at once.

    It stands for both books and the loaded files, for links and what was said of differences, for orders, and for
    the distributor's visits.

    Args:
        session: A reading session.
        actor: Who asks.
        distributor_id: A distributor of his.

    Returns:
        A text without meaning of its own; equal as long as nothing changed. Empty where the distributor is not his.
    """
    found = session.execute(_accounts(actor), {"place": distributor_id}).one_or_none()
    return hashlib.sha256(repr(found).encode()).hexdigest() if found else ""


@lru_cache(maxsize=ACTORS)
def _accounts(actor: Actor) -> Select[*tuple[Any, ...]]:
    # Made once, as the other statements below: making one takes longer than answering it.
    place: Any = bindparam("place")
    said, links, visits = AccountDifference, AccountLink, Visit
    asked = (
        select(func.count()).where(LedgerEntry.distributor_id == place),
        select(func.count()).where(said.distributor_id == place),
        select(func.sum(said.version)).where(said.distributor_id == place),
        select(func.count()).where(links.distributor_id == place),
        select(func.count(links.withdrawn_at)).where(links.distributor_id == place),
        select(func.count()).where(Order.distributor_id == place),
        select(func.sum(Order.version)).where(Order.distributor_id == place),
        select(func.max(Order.changed_at)).where(Order.distributor_id == place),
        select(func.count()).where(visits.distributor_id == place, visits.state != "planned"),
        select(func.max(visits.changed_at)).where(visits.distributor_id == place),
        select(func.count()).select_from(Import),
        select(func.max(Import.loaded_at)),
    )
    return select(*(statement.scalar_subquery() for statement in asked)).where(
        Distributor.id == place, reaches_distributor(actor, Distributor.id)
    )


@lru_cache(maxsize=ACTORS)
def _of_market(actor: Actor) -> Sequence[Select[*tuple[Any, ...]]]:
    place: Any = bindparam("place")
    market = select(Distributor.market_id).where(Distributor.id == place)
    return _listed(actor, Distributor.market_id.in_(market), Order.distributor_id == place)


@lru_cache(maxsize=ACTORS)
def _of_all(actor: Actor) -> Sequence[Select[*tuple[Any, ...]]]:
    own = reachable_distributors(actor)
    markets = select(Distributor.market_id).where(Distributor.id.in_(own))
    orders = reaches_distributor(actor, Order.distributor_id)
    return own.order_by(Distributor.id), *_listed(actor, Distributor.market_id.in_(markets), orders)


def _listed(
    actor: Actor, near: ColumnElement[bool], ordered: ColumnElement[bool]
) -> Sequence[Select[*tuple[Any, ...]]]:
    since = datetime.combine(actor.today, time(), UTC) - LATELY
    visits = (
        select(Visit.id, Visit.changed_at)
        .join(Distributor, Distributor.id == Visit.distributor_id)
        .where(or_(near, reaches_visit(actor)), Visit.changed_at >= since)
        .order_by(Visit.id)
    )
    orders = select(Order.id, Order.changed_at).where(ordered, Order.changed_at >= since).order_by(Order.id)
    loads = select(func.count(), func.max(Import.loaded_at)).select_from(Import)
    return visits, orders, loads


def _stamp(session: Session, statements: Sequence[Select[*tuple[Any, ...]]], asked: Mapping[str, str]) -> str:
    found = [session.execute(statement, asked).all() for statement in statements]
    return hashlib.sha256(repr(found).encode()).hexdigest()
