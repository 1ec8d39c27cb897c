"""Distributors as the screens list them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from data.access import Actor, reaches_distributor, require_distributor
from data.tables.distributors import Distributor, DistributorContact


@dataclass(frozen=True)
class DistributorRow:
    """A distributor's names."""

    id: str
    code: str
    name: str
    name_en: str
    short: str
    short_en: str


@dataclass(frozen=True)
class ProfileRow:
    """A distributor's master data."""

    id: str
    code: str
    name: str
    name_en: str
    address: str
    territory: str
    behaviour_type: str
    lead_time_days: int | None
    visit_interval_days: int | None


@dataclass(frozen=True)
class ContactRow:
    """A person at a distributor."""

    name: str
    position: str
    buying_role: str
    phone: str
    note: str


def own_distributors(session: Session, actor: Actor) -> list[DistributorRow]:
    """Every distributor that the actor may see and that is not closed, by name."""
    statement = (
        select(
            Distributor.id,
            Distributor.code,
            Distributor.name,
            Distributor.name_en,
            Distributor.short_name,
            Distributor.short_name_en,
        )
        .where(
            reaches_distributor(actor, Distributor.id),
            Distributor.closed_on.is_(None) | (Distributor.closed_on > actor.today),
        )
        .order_by(Distributor.name, Distributor.id)
    )
    return [DistributorRow(*row) for row in session.execute(statement)]


def contacts_of(session: Session, actor: Actor, distributor_id: str) -> Sequence[ContactRow]:
    """The people of a distributor."""
    require_distributor(session, actor, distributor_id)
    return [ContactRow(*row) for row in session.execute(_contacts(), {"of_distributor": distributor_id})]


@cache
def _contacts() -> Select[*tuple[Any, ...]]:
    return (
        select(
            DistributorContact.name,
            DistributorContact.position,
            DistributorContact.buying_role,
            DistributorContact.phone,
            DistributorContact.note,
        )
        .where(DistributorContact.distributor_id == bindparam("of_distributor"))
        .order_by(DistributorContact.id)
    )


def profile_of(session: Session, actor: Actor, distributor_id: str) -> ProfileRow | None:
    """A distributor's master data, or `None` when it is none of the actor's."""
    row = session.execute(
        select(
            Distributor.id,
            Distributor.code,
            Distributor.name,
            Distributor.name_en,
            Distributor.address,
            Distributor.territory,
            Distributor.behaviour_type,
            Distributor.lead_time_days,
            Distributor.visit_interval_days,
        ).where(Distributor.id == distributor_id, reaches_distributor(actor, Distributor.id))
    ).one_or_none()
    return None if row is None else ProfileRow(*row)
