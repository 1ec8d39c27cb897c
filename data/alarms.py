"""What stands out at some distributors: facts gathered a query a topic, judged by `core.alarms`."""

from collections.abc import Mapping, Sequence

import pandas as pd
from sqlalchemy.orm import Session

from core.alarms import (
    Alarm,
    complaint_alarm,
    credit_alarms,
    expiry_alarm,
    price_alarms,
    promise_alarms,
    stock_alarms,
    worst_first,
)
from core.inventory import near_expiry, sales_rate
from core.price_comparison import compare_distributors
from data.access import Actor, reachable_distributors
from data.company import CompanySettings
from data.inventory import last_counts, product_names, sold_since
from data.price_comparison import market_prices
from data.promises import promises_of
from data.reconciliation import CreditFacts
from data.service import open_complaints
from data.tables.distributors import Distributor

SALES_DAYS = 56
"""Eight weeks: long enough for slow products, short enough for the season."""


def goods_alarms(
    session: Session, actor: Actor, distributor_ids: Sequence[str], company: CompanySettings
) -> dict[str, list[Alarm]]:
    """The alarms of prices and stock alone: they take long to find and change slowly, so screens remember them.

    Args:
        session: A reading session.
        actor: Who asks.
        distributor_ids: The distributors wanted; a handful at a time.
        company: The thresholds.
    """
    own = _reached(session, actor, distributor_ids)
    found: dict[str, list[Alarm]] = {id_: [] for id_ in own}
    for id_, alarms in _price_alarms(session, actor, own, company).items():
        found[id_] += alarms
    for id_, alarms in _stock_alarms(session, actor, own).items():
        found[id_] += alarms
    return found


def alarms_of(
    session: Session,
    actor: Actor,
    distributor_ids: Sequence[str],
    company: CompanySettings,
    credit: dict[str, CreditFacts],
    goods: Mapping[str, Sequence[Alarm]] | None = None,
) -> dict[str, list[Alarm]]:
    """The alarms of some distributors, worst first; a distributor without any has an empty list.

    Args:
        session: A reading session.
        actor: Who asks.
        distributor_ids: The distributors wanted; a handful at a time.
        company: The thresholds.
        credit: Their credit, from `data.reconciliation.credit_facts`.
        goods: Their alarms of prices and stock, where they are known already.
    """
    distributor_ids = _reached(session, actor, distributor_ids)
    if goods is None:
        goods = goods_alarms(session, actor, distributor_ids, company)
    found: dict[str, list[Alarm]] = {id_: list(goods.get(id_, ())) for id_ in distributor_ids}
    for id_ in credit.keys() & found.keys():
        facts = credit[id_]
        found[id_] += credit_alarms(
            exposure_minor=facts.exposure_minor,
            credit_limit_minor=facts.credit_limit_minor,
            consigned_minor=facts.consigned_minor,
            base_stock_minor=facts.base_stock_minor,
        )
    promises = promises_of(session, actor, distributor_ids)
    complaints = open_complaints(session, actor, distributor_ids)
    for id_ in distributor_ids:
        found[id_] += promise_alarms(
            [(row.text, row.due_on) for row in promises if row.distributor_id == id_], actor.today
        )
        found[id_] += complaint_alarm(
            [
                row.recorded_at.astimezone(company.time_zone).date()
                for row in complaints
                if row.distributor_id == id_ and row.state == "recorded"
            ],
            actor.today,
        )
    return {id_: worst_first(alarms) for id_, alarms in found.items()}


def _reached(session: Session, actor: Actor, distributor_ids: Sequence[str]) -> list[str]:
    return list(session.scalars(reachable_distributors(actor).where(Distributor.id.in_(distributor_ids))))


def _price_alarms(
    session: Session, actor: Actor, ids: Sequence[str], company: CompanySettings
) -> dict[str, list[Alarm]]:
    prices = market_prices(session, actor, ids, days=company.market_price_days, tax_basis=company.tax_basis)
    if prices.empty:
        return {}
    names = product_names(session, actor).set_index("product_id")
    compared = pd.concat(
        compare_distributors(market, min_deviation=company.price_threshold)
        for _, market in prices.groupby("market_id")
    )
    deviating = compared[compared["distributor_id"].isin(ids) & compared["status"].isin(["low", "high"])]
    named = deviating.join(names.loc[names["is_own"], ["name", "name_en"]], on="product_id", how="inner")
    return {
        str(id_): price_alarms(
            list(
                zip(rows["name"], rows["name_en"], rows["deviation"], rows["status"].astype(str), strict=True)
            ),
            company.price_threshold,
        )
        for id_, rows in named.groupby("distributor_id")
    }


def _stock_alarms(session: Session, actor: Actor, ids: Sequence[str]) -> dict[str, list[Alarm]]:
    counts = last_counts(session, actor, ids)
    if counts.empty:
        return {}
    names = product_names(session, actor).set_index("product_id")
    sold = sold_since(session, actor, ids, SALES_DAYS)
    sold["rate"] = sales_rate(
        sold["quantity"].to_numpy(),
        (sold["to_on"] - sold["from_on"]).dt.days.to_numpy(),
        sold["stockout_days"].to_numpy(),
    )
    found = {}
    for id_, rows in counts.groupby("distributor_id"):
        rates = sold.loc[sold["distributor_id"] == id_].set_index("product_id")["rate"]
        total = rows.groupby("product_id")["quantity"].sum()
        selling = rates.index[rates > 0]
        out = [product for product in total.index[total <= 0] if product in selling]
        kept = names.loc[[p for p in out if names.at[p, "is_own"]]]
        alarms = stock_alarms(
            list(zip(kept["name"], kept["name_en"], strict=True)), rows["counted_on"].max().date()
        )
        lots = rows.loc[rows["expires_on"].notna() & (rows["quantity"] > 0)]
        judged = near_expiry(
            lots[["product_id", "lot", "expires_on", "quantity"]],
            rates.to_dict(),
            pd.Timestamp(actor.today),
        )
        at_risk = judged["at_risk"].fillna(0)
        alarms += expiry_alarm(int((at_risk > 0).sum()), float(at_risk.sum()))
        found[str(id_)] = alarms
    return found
