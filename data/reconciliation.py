"""What a distributor owes us, item by item and in sum, and what credit he has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, BindParameter, Select, bindparam, case, cast, func, select
from sqlalchemy.orm import Session

from core.reconciliation import credit_position
from data.access import ACTORS, Actor, reaches_distributor
from data.frames import frame
from data.tables.dealings import OpenItem
from data.tables.distributors import Collateral, CreditTerm
from data.tables.orders import Order, OrderLine

OPEN_ORDER_STATES = ("signed", "sent", "confirmed", "amended")
PRICE_TIMES_QUANTITY_PLACES = 7
"""A price has four decimal places and a quantity three: their scaled product has seven."""


@dataclass(frozen=True)
class CreditFacts:
    """Credit of a distributor, all in minor units; a line that is not agreed is `None`.

    Without `as_of_on` no open items were ever loaded: receivable and prepayments then are unknown, not 0.
    `exposure_minor` is what is out against the credit, as `core.reconciliation.credit_position` counts it.
    """

    credit_limit_minor: int | None
    base_stock_minor: int | None
    term_days: int | None
    receivable_minor: int
    prepaid_minor: int
    open_orders_minor: int
    consigned_minor: int
    collateral_minor: int
    overdue_minor: int
    as_of_on: date | None
    exposure_minor: int


def credit_facts(
    session: Session, actor: Actor, distributor_ids: Sequence[str], *, minor_exponent: int
) -> dict[str, CreditFacts]:
    """Credit line, receivable, prepayments, open orders and collateral, by distributor.

    Args:
        session: A reading session.
        actor: Who asks; distributors that are not his are absent from the result.
        distributor_ids: The distributors wanted.
        minor_exponent: Decimal places of the currency's minor unit, to value open orders.

    Returns:
        Facts for every reachable distributor that has a credit term or an open item.
    """
    terms = _terms(session, actor, distributor_ids)
    items = _open_items(session, actor, distributor_ids)
    orders = _open_orders(session, actor, distributor_ids, minor_exponent)
    collateral = _collateral(session, actor, distributor_ids)
    known: list[dict[str, Any]] = []
    for distributor_id in terms.keys() | items.keys():
        term = terms.get(distributor_id)
        receivable, prepaid, overdue, as_of = items.get(distributor_id, (0, 0, 0, None))
        consigned, pledged = collateral.get(distributor_id, (0, 0))
        known.append(
            {
                "distributor_id": distributor_id,
                "credit_limit_minor": term.credit_limit_minor if term else None,
                "base_stock_minor": term.base_stock_minor if term else None,
                "term_days": term.term_days if term else None,
                "receivable_minor": receivable,
                "prepaid_minor": prepaid,
                "open_orders_minor": orders.get(distributor_id, 0),
                "consigned_minor": consigned,
                "collateral_minor": pledged,
                "overdue_minor": overdue,
                "as_of_on": as_of,
            }
        )
    exposures = _exposures(known)
    return {
        row.pop("distributor_id"): CreditFacts(**row, exposure_minor=exposure)
        for row, exposure in zip(known, exposures, strict=True)
    }


def _exposures(known: Sequence[dict[str, Any]]) -> list[int]:
    """What is out at each of them: one calculation for all, as each takes as long as a question to the database."""
    if not known:
        return []
    found: Any = credit_position(
        credit_line_minor=[row["credit_limit_minor"] or 0 for row in known],
        **{
            name: [row[name] for row in known]
            for name in ("receivable_minor", "prepaid_minor", "open_orders_minor")
        },
    )
    return [int(exposure) for exposure in found["exposure_minor"]]


def open_items(session: Session, actor: Actor, distributor_id: str) -> pd.DataFrame:
    """What is open of a distributor of the actor's, for the ageing.

    Returns:
        `document, kind, date, due_date, open_minor`, by due day; settled items are left out.
    """
    return frame(
        session,
        select(
            OpenItem.document,
            OpenItem.kind,
            OpenItem.on.label("date"),
            OpenItem.due_on.label("due_date"),
            OpenItem.open_minor,
        )
        .where(
            OpenItem.distributor_id == distributor_id,
            OpenItem.open_minor != 0,
            reaches_distributor(actor, OpenItem.distributor_id),
        )
        .order_by(OpenItem.due_on, OpenItem.document),
    )


# The four statements are kept ready, an actor a day each: making one takes longer than answering it.
def _wanted(ids: Sequence[str]) -> dict[str, Sequence[str]]:
    return {"of_distributors": ids}


def _of_distributors() -> BindParameter[Any]:
    return bindparam("of_distributors", expanding=True)


def _terms(session: Session, actor: Actor, ids: Sequence[str]) -> dict[str, CreditTerm]:
    found = session.scalars(_select_terms(actor), _wanted(ids))
    return {term.distributor_id: term for term in found}


@lru_cache(maxsize=ACTORS)
def _select_terms(actor: Actor) -> Select[CreditTerm]:
    return (
        select(CreditTerm)
        .where(
            CreditTerm.distributor_id.in_(_of_distributors()),
            CreditTerm.from_on <= actor.today,
            reaches_distributor(actor, CreditTerm.distributor_id),
        )
        .order_by(CreditTerm.from_on)
    )


def _open_items(
    session: Session, actor: Actor, ids: Sequence[str]
) -> dict[str, tuple[int, int, int, date | None]]:
    found = session.execute(_select_open_items(actor), _wanted(ids))
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in found}


@lru_cache(maxsize=ACTORS)
def _select_open_items(actor: Actor) -> Select[*tuple[Any, ...]]:
    is_invoice = OpenItem.kind == "invoice"
    overdue = case((is_invoice & (OpenItem.due_on < actor.today), OpenItem.open_minor), else_=0)
    return (
        select(
            OpenItem.distributor_id,
            cast(func.sum(case((is_invoice, OpenItem.open_minor), else_=0)), BigInteger),
            cast(func.sum(case((is_invoice, 0), else_=-OpenItem.open_minor)), BigInteger),
            cast(func.sum(overdue), BigInteger),
            func.max(OpenItem.as_of_on),
        )
        .where(
            OpenItem.distributor_id.in_(_of_distributors()),
            reaches_distributor(actor, OpenItem.distributor_id),
        )
        .group_by(OpenItem.distributor_id)
    )


def _open_orders(session: Session, actor: Actor, ids: Sequence[str], minor_exponent: int) -> dict[str, int]:
    divisor = 10 ** (PRICE_TIMES_QUANTITY_PLACES - minor_exponent)
    return {
        distributor_id: (total + divisor // 2) // divisor
        for distributor_id, total in session.execute(_select_open_orders(actor), _wanted(ids))
        if total is not None
    }


@lru_cache(maxsize=ACTORS)
def _select_open_orders(actor: Actor) -> Select[*tuple[Any, ...]]:
    scaled = cast(OrderLine.quantity, BigInteger) * cast(OrderLine.unit_price, BigInteger)
    return (
        select(Order.distributor_id, cast(func.sum(scaled), BigInteger))
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(
            Order.distributor_id.in_(_of_distributors()),
            Order.state.in_(OPEN_ORDER_STATES),
            # What is delivered stands in the receivable; counting it here too would count it twice.
            Order.deliver_on.is_(None) | (Order.deliver_on > actor.today),
            reaches_distributor(actor, Order.distributor_id),
        )
        .group_by(Order.distributor_id)
    )


def _collateral(session: Session, actor: Actor, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    found = session.execute(_select_collateral(actor), _wanted(ids))
    return {row[0]: (row[1], row[2]) for row in found}


@lru_cache(maxsize=ACTORS)
def _select_collateral(actor: Actor) -> Select[*tuple[Any, ...]]:
    consigned = Collateral.kind == "consigned_goods"
    return (
        select(
            Collateral.distributor_id,
            cast(func.sum(case((consigned, Collateral.value_minor), else_=0)), BigInteger),
            cast(func.sum(case((consigned, 0), else_=Collateral.value_minor)), BigInteger),
        )
        .where(
            Collateral.distributor_id.in_(_of_distributors()),
            (Collateral.released_on.is_(None)) | (Collateral.released_on > actor.today),
            reaches_distributor(actor, Collateral.distributor_id),
        )
        .group_by(Collateral.distributor_id)
    )
