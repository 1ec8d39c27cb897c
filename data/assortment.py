"""Which products are asked about at a distributor: those that it deals in, and those that it must."""

from datetime import date, timedelta

import pandas as pd
from sqlalchemy import select, union
from sqlalchemy.orm import Session

from data.access import Actor, require_distributor
from data.inventory import product_names
from data.tables.dealings import SellIn, SellOut

DEALT_DAYS = 183
"""Half a year: a product that neither came nor went for so long is no longer carried."""


def assortment(session: Session, actor: Actor, distributor_id: str, on: date) -> pd.DataFrame:
    """Every product in shelf order, with whether it is asked about at a distributor on a day.

    Listed are our active products that the distributor bought or sold within `DEALT_DAYS` and those it must
    sell; all active ones where nothing is known of it yet. A competitor's is listed while it competes with a
    listed one of ours, or with none in particular.

    Args:
        session: A reading session.
        actor: Who asks.
        distributor_id: The distributor.
        on: The day, such as that of a visit.

    Returns:
        The columns of `data.inventory.product_names` and `is_listed`.

    Raises:
        NotReachable: the distributor is not the actor's.
    """
    require_distributor(session, actor, distributor_id)
    since = on - timedelta(days=DEALT_DAYS)
    bought = select(SellIn.product_id).where(
        SellIn.distributor_id == distributor_id, SellIn.on > since, SellIn.on <= on
    )
    sold = select(SellOut.product_id).where(
        SellOut.distributor_id == distributor_id, SellOut.from_on > since, SellOut.from_on <= on
    )
    dealt = set(session.scalars(union(bought, sold)))
    names = product_names(session, actor)
    day = pd.Timestamp(on)
    launched = names["launched_on"].isna() | (names["launched_on"] <= day)
    ended = names["discontinued_on"] <= day
    active = launched & ~ended
    asked = names["product_id"].isin(dealt) | names["must_sell"] if dealt else True
    own = names["is_own"] & active & asked
    rivalled = names["rivals_product_id"]
    rivals = ~names["is_own"] & active & (rivalled.isna() | rivalled.isin(names.loc[own, "product_id"]))
    names["is_listed"] = own | rivals
    return names
