"""Prices seen at distributors, what they should be and cost, and the one window onto the market's prices.

Every price that leaves here is per base unit, and on one tax basis: different ones are never compared.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4

import pandas as pd
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from data.access import Actor, reachable_distributors, require_distributor
from data.frames import frame
from data.tables.dealings import PriceObservation
from data.tables.distributors import Distributor
from data.tables.products import PricePolicy, PurchasePrice

HISTORY_DAYS = 400
"""How far back an earlier price is still looked for: a year, and the weeks around its end."""


def market_prices(
    session: Session,
    actor: Actor,
    distributor_ids: Sequence[str],
    *,
    days: int,
    tax_basis: str,
    on: date | None = None,
) -> pd.DataFrame:
    """The latest selling price per piece of every product in the markets of some distributors.

    The actor's own distributors among `distributor_ids` keep their ids. All others of the market appear under
    ids made fresh at each call, with product, price and age only: enough to compare, too little to know whom.

    Args:
        session: A reading session.
        actor: Who asks; distributors that are not his are left out of `distributor_ids`.
        distributor_ids: The distributors whose markets are wanted.
        days: Oldest observation that still counts, in days before `on`.
        tax_basis: Only prices on this basis; different ones are never compared.
        on: The day looked from, never after the actor's today; `None`: today. A visit that is read again later
            is compared with the market that its rep saw.

    Returns:
        `market_id, distributor_id, product_id, price` (per piece), `age_days`; a row per distributor and
        product.
    """
    last = min(on or actor.today, actor.today)
    own = set(session.scalars(reachable_distributors(actor).where(Distributor.id.in_(distributor_ids))))
    markets = select(Distributor.market_id).where(Distributor.id.in_(own))
    newest = (
        func.row_number()
        .over(
            partition_by=(PriceObservation.distributor_id, PriceObservation.product_id),
            order_by=(PriceObservation.observed_on.desc(), PriceObservation.id.desc()),
        )
        .label("newest")
    )
    inner = (
        select(
            Distributor.market_id,
            PriceObservation.distributor_id,
            PriceObservation.product_id,
            PriceObservation.amount,
            PriceObservation.unit,
            PriceObservation.pack_size,
            PriceObservation.observed_on,
            newest,
        )
        .join(Distributor, Distributor.id == PriceObservation.distributor_id)
        .where(
            Distributor.market_id.in_(markets),
            PriceObservation.kind == "selling",
            PriceObservation.tax_basis == tax_basis,
            PriceObservation.observed_on > last - timedelta(days=days),
            PriceObservation.observed_on <= last,
        )
        .subquery()
    )
    table = frame(
        session, select(*[column for column in inner.c if column.key != "newest"]).where(inner.c.newest == 1)
    )
    table["price"] = _per_piece(table)
    table["age_days"] = (pd.Timestamp(last) - table["observed_on"]).dt.days
    table["distributor_id"] = table["distributor_id"].map(
        {id_: id_ if id_ in own else str(uuid4()) for id_ in table["distributor_id"].unique()}
    )
    shown = table[["market_id", "distributor_id", "product_id", "price", "age_days"]]
    # The database's own order follows the true ids: it would name a distributor as well as an id does.
    return shown.sort_values(["market_id", "product_id", "price", "distributor_id"], ignore_index=True)


def seen_prices(
    session: Session, actor: Actor, distributor_id: str, *, on: date, tax_basis: str
) -> pd.DataFrame:
    """The last two prices of every product and kind seen at a distributor up to a day.

    Args:
        session: A reading session.
        actor: Who asks.
        distributor_id: The distributor.
        on: The last day that counts, such as that of a visit.
        tax_basis: Only prices on this basis.

    Returns:
        `product_id, kind` (selling, retail, purchase)`, observed_on, amount` (as typed)`, unit, pack_size,
        source, visit_id, price` (per piece), `newest` (1 the last, 2 the one before).

    Raises:
        NotReachable: the distributor is not the actor's.
    """
    require_distributor(session, actor, distributor_id)
    newest = (
        func.row_number()
        .over(
            partition_by=(PriceObservation.product_id, PriceObservation.kind),
            order_by=PriceObservation.observed_on.desc(),
        )
        .label("newest")
    )
    inner = (
        select(
            PriceObservation.product_id,
            PriceObservation.kind,
            PriceObservation.observed_on,
            PriceObservation.amount,
            PriceObservation.unit,
            PriceObservation.pack_size,
            PriceObservation.source,
            PriceObservation.visit_id,
            newest,
        )
        .where(*_seen_at(distributor_id, on, tax_basis))
        .subquery()
    )
    table = frame(session, select(*inner.c).where(inner.c.newest <= 2))
    table["price"] = _per_piece(table)
    return table


def price_history(
    session: Session, actor: Actor, distributor_id: str, product_id: str, *, on: date, tax_basis: str
) -> pd.DataFrame:
    """All prices of one product seen at a distributor within `HISTORY_DAYS` up to a day, oldest first.

    Returns:
        `kind, observed_on, price` (per piece)`, source`.

    Raises:
        NotReachable: the distributor is not the actor's.
    """
    require_distributor(session, actor, distributor_id)
    table = frame(
        session,
        select(
            PriceObservation.kind,
            PriceObservation.observed_on,
            PriceObservation.amount,
            PriceObservation.unit,
            PriceObservation.pack_size,
            PriceObservation.source,
        )
        .where(*_seen_at(distributor_id, on, tax_basis), PriceObservation.product_id == product_id)
        .order_by(PriceObservation.observed_on),
    )
    table["price"] = _per_piece(table)
    return table[["kind", "observed_on", "price", "source"]]


def price_policies(
    session: Session, actor: Actor, distributor_id: str, *, on: date, tax_basis: str
) -> pd.DataFrame:
    """The price policy that holds for a distributor on a day: its market's before the one for all markets.

    Returns:
        `product_id, kind` (selling, retail)`, low, high` (per piece, NaN = open)`, from_on`; one row a product
        and kind.

    Raises:
        NotReachable: the distributor is not the actor's.
    """
    market_id = require_distributor(session, actor, distributor_id).market_id
    table = frame(
        session,
        select(
            PricePolicy.product_id,
            PricePolicy.market_id,
            PricePolicy.kind,
            PricePolicy.low,
            PricePolicy.high,
            PricePolicy.from_on,
        )
        .where(
            or_(PricePolicy.market_id == market_id, PricePolicy.market_id.is_(None)),
            PricePolicy.tax_basis == tax_basis,
            PricePolicy.from_on <= on,
            or_(PricePolicy.to_on.is_(None), PricePolicy.to_on > on),
        )
        .order_by(PricePolicy.from_on, PricePolicy.id),
    )
    table["of_market"] = table["market_id"].notna()
    last = table.sort_values("of_market", kind="stable").drop_duplicates(["product_id", "kind"], keep="last")
    return last[["product_id", "kind", "low", "high", "from_on"]].reset_index(drop=True)


def purchase_prices(session: Session, actor: Actor, *, on: date, tax_basis: str) -> pd.DataFrame:
    """What distributors pay us for each product on a day; the price list is no secret among our people.

    Returns:
        `product_id, price` (per piece)`, from_on`.
    """
    table = frame(
        session,
        select(PurchasePrice.product_id, PurchasePrice.price, PurchasePrice.from_on)
        .where(PurchasePrice.from_on <= on, PurchasePrice.tax_basis == tax_basis)
        .order_by(PurchasePrice.from_on),
    )
    return table.drop_duplicates("product_id", keep="last").reset_index(drop=True)


def _seen_at(distributor_id: str, on: date, tax_basis: str) -> tuple[ColumnElement[bool], ...]:
    return (
        PriceObservation.distributor_id == distributor_id,
        PriceObservation.tax_basis == tax_basis,
        PriceObservation.observed_on > on - timedelta(days=HISTORY_DAYS),
        PriceObservation.observed_on <= on,
    )


def _per_piece(table: pd.DataFrame) -> pd.Series:
    """Prices as typed, brought to one base unit by the pack of their day."""
    return table["amount"] / table["pack_size"].where(table["unit"] == "case", 1)
