"""What a visit is to reach, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import BigInteger, ScalarSelect, Select, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from data.access import ACTORS, Actor, reaches_visit, require_visit
from data.errors import InvalidValue, NotReachable
from data.identifiers import is_id
from data.order_records import AGREED_STATES
from data.tables.orders import Order, OrderLine
from data.tables.visits import Objective, Visit
from data.types import Exact
from data.values import change_value
from data.visit_steps import editable_visit

LARGEST_TARGET = 10**12
EDITABLE_FIELDS = frozenset(
    {"text", "kind", "target", "actual", "actual_note", "result", "reason", "next_time"}
)


@dataclass(frozen=True)
class ObjectiveRow:
    """An objective as the screens show it; target and actual in currency units or pieces, by kind.

    `at_least` is what the priced lines of the signed orders make where others have no price, so that the actual
    is not known; `None` where none has a price.
    """

    id: str
    visit_id: str
    kind: str
    text: str
    target: Decimal | None
    actual: Decimal | None
    actual_note: str
    result: str | None
    reason: str
    next_time: str
    carried_from: str | None
    at_least: Decimal | None


def objectives_of(session: Session, actor: Actor, visit_ids: Sequence[str]) -> list[ObjectiveRow]:
    """The objectives of some visits, in their order."""
    found = session.execute(_objectives_of(actor), {"of_visits": visit_ids})
    return [ObjectiveRow(*row) for row in found]


@lru_cache(maxsize=ACTORS)
def _objectives_of(actor: Actor) -> Select[*tuple[Any, ...]]:
    return _select_objectives(actor).where(Objective.visit_id.in_(bindparam("of_visits", expanding=True)))


LOOK_BACK_VISITS = 3
"""How many visits an objective that nobody took over stands in Prepare; afterwards it is history."""


def missed_before(session: Session, actor: Actor, visit_id: str) -> list[ObjectiveRow]:
    """Objectives of the last visits to the same distributor that were not fully reached and not taken over since.

    Those of the last visit come first.

    One taken over into this very visit stays in the list, so that the screen can say so.
    """
    this = require_visit(session, actor, visit_id)
    asked = {"of_id": this.id, "of_distributor": this.distributor_id, "until": this.planned_on}
    visits = list(session.scalars(_visits_before(), asked))
    missed = session.execute(_missed(actor), {"of_visits": visits, "of_id": this.id})
    return sorted((ObjectiveRow(*row) for row in missed), key=lambda row: visits.index(row.visit_id))


@cache
def _visits_before() -> Select[str]:
    return (
        select(Visit.id)
        .where(
            Visit.distributor_id == bindparam("of_distributor"),
            Visit.id != bindparam("of_id"),
            Visit.planned_on <= bindparam("until"),
            Visit.state.in_(("submitted", "approved", "returned")),
        )
        .order_by(Visit.planned_on.desc(), Visit.id.desc())
        .limit(LOOK_BACK_VISITS)
    )


@lru_cache(maxsize=ACTORS)
def _missed(actor: Actor) -> Select[*tuple[Any, ...]]:
    taken = aliased(Objective)
    carried = select(taken.id).where(taken.carried_from == Objective.id, taken.visit_id != bindparam("of_id"))
    return _select_objectives(actor).where(
        Objective.visit_id.in_(bindparam("of_visits", expanding=True)),
        Objective.result.in_(("partly", "missed")),
        ~carried.exists(),
    )


def add_objective(
    session: Session,
    actor: Actor,
    visit_id: str,
    objective_id: str,
    *,
    kind: str,
    text: str,
    target: Decimal | None,
    now: datetime,
    carried_from: str | None = None,
) -> None:
    """Adds an objective under an id made by the caller; adding it twice is adding it once."""
    if not text.strip():
        raise InvalidValue("objective", text, "what is to be reached, in a few words")
    if target is not None and not _is_kept_exactly(target):
        raise InvalidValue(
            "target", target, "a number from 0 to under a trillion with at most four decimal places"
        )
    visit = editable_visit(session, actor, visit_id)
    if not is_id(objective_id):
        raise InvalidValue("objective", objective_id, "an id")
    if session.get(Objective, objective_id) is not None:
        return
    position = session.scalar(
        select(func.coalesce(func.max(Objective.position), -1)).where(Objective.visit_id == visit.id)
    )
    session.add(
        Objective(
            id=objective_id,
            visit_id=visit.id,
            position=(-1 if position is None else position) + 1,
            kind=kind,
            text=text.strip(),
            target=target,
            carried_from=carried_from,
        )
    )


def remove_objective(session: Session, actor: Actor, visit_id: str, objective_id: str) -> None:
    """Takes away an objective that has no result yet."""
    objective = _own(session, actor, visit_id, objective_id)
    if objective.result is not None:
        raise InvalidValue("objective", objective.text, "one without a result")
    session.delete(objective)


def change_objective(
    session: Session, actor: Actor, visit_id: str, objective_id: str, field: str, seen: Any, value: Any
) -> None:
    """Changes one value from what the person saw; `Conflict` when somebody else was faster."""
    if field not in EDITABLE_FIELDS:
        raise InvalidValue("field", field, "a field of an objective")
    change_value(_own(session, actor, visit_id, objective_id), field, seen, value)


def _is_kept_exactly(target: Decimal) -> bool:
    # The column holds four places; what has more or is beyond all sums is a slip of the finger.
    return target.is_finite() and 0 <= target < LARGEST_TARGET and target == round(target, 4)


def _own(session: Session, actor: Actor, visit_id: str, objective_id: str) -> Objective:
    visit = editable_visit(session, actor, visit_id)
    objective = session.get(Objective, objective_id)
    if objective is None or objective.visit_id != visit.id:
        raise NotReachable("objective")
    return objective


def _priced_part() -> ScalarSelect[Decimal]:
    """What the priced lines of a visit's signed orders make, for objectives on them whose actual is not known."""
    scaled = type_coerce(OrderLine.quantity, BigInteger) * type_coerce(OrderLine.unit_price, BigInteger)
    # Exact integers are multiplied: three places of the quantity and four of the price.
    return (
        select(type_coerce(func.sum(scaled), Exact(7)))
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.visit_id == Objective.visit_id,
            Order.state.in_(AGREED_STATES),
            Objective.kind == "order_amount",
            Objective.actual.is_(None),
        )
        .correlate(Objective)
        .scalar_subquery()
    )


@lru_cache(maxsize=ACTORS)
def _select_objectives(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Objective.id,
            Objective.visit_id,
            Objective.kind,
            Objective.text,
            Objective.target,
            Objective.actual,
            Objective.actual_note,
            Objective.result,
            Objective.reason,
            Objective.next_time,
            Objective.carried_from,
            _priced_part(),
        )
        .join(Visit, Visit.id == Objective.visit_id)
        .where(reaches_visit(actor))
        .order_by(Objective.visit_id, Objective.position, Objective.id)
    )
