"""Prices seen at distributors, and the one window through which a rep sees his market's."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.access import Actor, reachable_distributors
from data.frames import frame
from data.tables.dealings import PriceObservation
from data.tables.distributors import Distributor


def market_prices(
    session: Session, actor: Actor, distributor_ids: Sequence[str], *, days: int, tax_basis: str
) -> pd.DataFrame:
    """The latest selling price per piece of every product in the markets of some distributors.

    The actor's own distributors among `distributor_ids` keep their ids. All others of the market appear under
    ids made fresh at each call, with product, price and age only: enough to compare, too little to know whom.

    Args:
        session: A reading session.
        actor: Who asks; distributors that are not his are left out of `distributor_ids`.
        distributor_ids: The distributors whose markets are wanted.
        days: Oldest observation that still counts, in days before the actor's today.
        tax_basis: Only prices on this basis; different ones are never compared.

    Returns:
        `market_id, distributor_id, product_id, price` (per piece), `age_days`; a row per distributor and
        product.
    """
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
            PriceObservation.observed_on > actor.today - timedelta(days=days),
            PriceObservation.observed_on <= actor.today,
        )
        .subquery()
    )
    table = frame(
        session, select(*[column for column in inner.c if column.key != "newest"]).where(inner.c.newest == 1)
    )
    table["price"] = table["amount"] / table["pack_size"].where(table["unit"] == "case", 1)
    table["age_days"] = (pd.Timestamp(actor.today) - table["observed_on"]).dt.days
    table["distributor_id"] = table["distributor_id"].map(
        {id_: id_ if id_ in own else str(uuid4()) for id_ in table["distributor_id"].unique()}
    )
    return table[["market_id", "distributor_id", "product_id", "price", "age_days"]]
