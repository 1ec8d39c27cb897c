"""What an administrator sees before distributors change hands: whose they are, and what would move along."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.access import Actor, assigned_on, require_role
from data.distributors import DistributorRow
from data.tables.distributors import Distributor, DistributorAssignment
from data.tables.visits import Promise, Visit


@dataclass(frozen=True)
class Moves:
    """How much goes along with distributors that are handed over."""

    visits: int
    promises: int


def distributors_held(session: Session, actor: Actor, *, rep_id: str) -> list[DistributorRow]:
    """The distributors that are a rep's on the actor's day, by name; a retired rep's too."""
    require_role(actor, "Listing a rep's distributors", "administrator", "operator")
    statement = (
        select(
            Distributor.id,
            Distributor.code,
            Distributor.name,
            Distributor.name_en,
            Distributor.short_name,
            Distributor.short_name_en,
        )
        .join(DistributorAssignment, DistributorAssignment.distributor_id == Distributor.id)
        .where(DistributorAssignment.rep_id == rep_id, assigned_on(actor.today))
        .order_by(Distributor.name, Distributor.id)
    )
    return [DistributorRow(*row) for row in session.execute(statement)]


def what_moves(
    session: Session, actor: Actor, *, distributor_ids: Iterable[str], to_rep_id: str, from_on: date
) -> Moves:
    """How many planned visits and open promises `data.hand_over.hand_over` would give to the rep."""
    require_role(actor, "Handing distributors over", "administrator", "operator")
    wanted = list(distributor_ids)
    planned = (
        select(func.count())
        .select_from(Visit)
        .where(Visit.distributor_id.in_(wanted), Visit.rep_id != to_rep_id, Visit.state == "planned")
    )
    # What is overdue moves along on the day itself, as in the hand-over.
    visits = session.scalar(planned if from_on == actor.today else planned.where(Visit.planned_on >= from_on))
    promises = session.scalar(
        select(func.count())
        .select_from(Promise)
        .where(Promise.distributor_id.in_(wanted), Promise.rep_id != to_rep_id, Promise.state == "open")
    )
    return Moves(visits or 0, promises or 0)
