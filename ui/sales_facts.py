"""What the sales screen knows in one run: read once, calculated once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.sales_mix import price_volume_mix, sales_mix, share_of_sales
from data.access import Actor
from data.assortment import assortment
from data.database import database
from data.engine import reading_anew
from data.price_comparison import seen_prices
from data.sales_mix import Span, rival_sales, sales_in, told_periods
from data.visits import previous_visit
from ui.latest_changes import REMEMBERED_SECONDS, REMEMBERED_VISITS, stamp_of
from ui.remembered import Remembered
from ui.sales_periods import PERIODS, compared, covered, wanted
from ui.visit_frame import VisitPage

POPULARITY = 0.70
"""Part of an equal share of the quantity that makes a main product (Kasavana and Smith)."""
EFFECTS = ("price", "volume", "mix", "new", "discontinued")


@dataclass(frozen=True)
class Past:
    """What the distributor has told so far, and which period it can be asked about.

    Attributes:
        on: The day looked from: the visit's, or today where it is still to come.
        told: The periods of our sales that were told, oldest first.
        last_visit: The day of the visit before; `None`: this is the first.
    """

    on: date
    told: Sequence[Span]
    last_visit: date | None

    def of(self, period: str) -> Span | None:
        """The days of a period of which sales were told."""
        return covered(wanted(period, self.on, self.last_visit), self.told)

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods that can be asked about: a first visit has none before it."""
        return tuple(p for p in PERIODS if p != "since_visit" or (self.last_visit or self.on) < self.on)

    @property
    def usual(self) -> str:
        """The period shown first: this month, or the last one while nothing of this one is told."""
        return next((period for period in PERIODS[:2] if self.of(period)), PERIODS[0])

    @property
    def told_until(self) -> date | None:
        """The day after the last one told."""
        return max((row.end for row in self.told), default=None)


@dataclass(frozen=True)
class Rival:
    """A competitor's product: what is known of its sales, and whether the rep may say it here.

    Attributes:
        quantity: Base units; `None`: not known.
        days: The days that the known rows cover; `None`: there are none.
    """

    product_id: str
    name: str
    name_en: str
    maker: str
    pack: int
    quantity: Decimal | None
    sources: tuple[str, ...]
    days: Span | None
    is_open: bool


@dataclass(frozen=True)
class SalesFacts(Remembered):
    """The sales of a period and what they are compared with.

    Attributes:
        after: The days of which sales were told; `None`: of none.
        before: The days compared with; `None`: there are none to compare.
        names: By product, what `data.assortment.assortment` says of it.
        own: Our products sold in the period, as `core.sales_mix.sales_mix` judges them, by product: `quantity` in
            cases, `revenue` and `cost` in currency units; with `name, name_en, change`.
        bridge: By product the effects and the change; empty without a comparison.
        totals: Our revenue before and after of the products whose change is known.
        rivals: Sales of competitors' products in the period, by product: `quantity` (cases), `revenue`,
            `is_estimated` (the revenue is the quantity at the price seen here).
        asked_of: The competitors' products that are listed here or known of, in shelf order.
        effects: The five effects over all products, currency units.
        lines: From how many cases a product is a main one, and from which margin a case a profitable one.
        share: Our part of the distributor's sales that are known in money; NaN without a competitor's.
        source: The sources of our figures.
    """

    after: Span | None
    before: Span | None
    names: pd.DataFrame
    own: pd.DataFrame
    bridge: pd.DataFrame
    totals: tuple[float, float]
    rivals: pd.DataFrame
    asked_of: tuple[Rival, ...]
    effects: pd.Series
    lines: tuple[float, float]
    share: float
    source: tuple[str, ...]


def read_past(page: VisitPage) -> Past:
    """What was told, before a period is chosen."""
    visit, actor = page.visit, page.actor
    on = min(visit.planned_on, page.today)
    return _past(actor.user_id, visit.id, on, visit.changed_at, stamp_of(page), actor, visit.distributor_id)


def read_facts(page: VisitPage, past: Past, period: str, against: str) -> SalesFacts:
    """The facts of a period as of the visit's last change."""
    visit, actor = page.visit, page.actor
    return _facts(actor.user_id, visit.id, visit.changed_at, stamp_of(page), past, period, against, page)


# With many products the facts take longer than all the rest of the page, and every tap on the checklist asks for
# them anew. They are the user's own; an entry changes `changed_at` of its visit, and others' the stamp.
# Handed to every run as they are, not copied: the screens read these tables and change none of them.
@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=REMEMBERED_VISITS, show_spinner=False)
def _past(
    user_id: str,
    visit_id: str,
    on: date,
    changed_at: datetime,
    stamp: str,
    _actor: Actor,
    _distributor_id: str,
) -> Past:
    with reading_anew(database()) as session:
        last = previous_visit(session, _actor, visit_id)
        told = told_periods(session, _actor, _distributor_id, on)
    return Past(on, tuple(told), last.planned_on if last else None)


@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=REMEMBERED_VISITS, show_spinner=False)
def _facts(
    user_id: str,
    visit_id: str,
    changed_at: datetime,
    stamp: str,
    _past: Past,
    period: str,
    against: str,
    _page: VisitPage,
) -> SalesFacts:
    return fresh_facts(_page, _past, period, against)


def fresh_facts(page: VisitPage, past: Past, period: str, against: str) -> SalesFacts:
    """The facts of a period as they are now, from a fixed number of queries whatever the number of products."""
    visit, actor, company = page.visit, page.actor, page.company
    after = past.of(period)
    before = compared(period, after, against, past.told) if after else None
    # All that begins in the period, not only in the days told of ours: competitors' sales may be known for more.
    spans = {"after": wanted(period, past.on, past.last_visit)}
    if before is not None:
        spans["before"] = before
    with reading_anew(database()) as session:
        names = assortment(session, actor, visit.distributor_id, past.on).set_index("product_id")
        sold = sales_in(
            session, actor, visit.distributor_id, spans, minor_exponent=company.minor_exponent
        ).set_index("product_id")
        prices = seen_prices(session, actor, visit.distributor_id, on=past.on, tax_basis=company.tax_basis)
        asked = asked_period(past, period)
        known = rival_sales(session, actor, visit.distributor_id, asked)
    sold["quantity"] = sold["quantity"] / names["pack_size"].reindex(sold.index)
    is_own = names["is_own"].reindex(sold.index).astype(bool)
    own, now = sold[is_own], sold["span"] == "after"
    bridge, totals = _bridge(own, is_compared=before is not None)
    judged = _judged(own[own["span"] == "after"], bridge, names)
    rivals = _valued(sold[now & ~is_own], prices, names)
    return SalesFacts(
        after=after,
        before=before,
        names=names,
        own=judged,
        bridge=bridge,
        totals=totals,
        rivals=rivals,
        asked_of=tuple(_asked_of(names, known, asked)),
        effects=bridge[list(EFFECTS)].sum(),
        lines=_lines(judged),
        share=_share(judged, rivals),
        source=tuple(sorted({*own["source"], *own["other_source"]})),
    )


def asked_period(past: Past, period: str) -> Span:
    """The days for which competitors' sales are asked: those told of ours, so that the two compare."""
    return past.of(period) or wanted(period, past.on, past.last_visit)


def _asked_of(names: pd.DataFrame, known: pd.DataFrame, asked: Span) -> Iterator[Rival]:
    rows: dict[str, list[dict[Any, Any]]] = {}
    for row in known.to_dict("records"):
        rows.setdefault(str(row["product_id"]), []).append(row)
    is_asked_for = ~names["is_own"] & (names["is_listed"] | names.index.isin(list(rows)))
    columns = names.loc[is_asked_for, ["name", "name_en", "maker", "pack_size"]]
    for id_, name, name_en, maker, pack in columns.itertuples(name=None):
        yield _rival(id_, name, name_en, maker, pack, rows.get(id_, []), asked)


def _rival(
    product_id: str, name: str, name_en: str, maker: str, pack: int, rows: list[dict[Any, Any]], asked: Span
) -> Rival:
    # What began before the asked days counts to an earlier period, and stands in the way of a new word.
    counted = [row for row in rows if row["from_on"].date() >= asked.start]
    is_told_here = len(rows) == len(counted) == 1 and bool(counted[0]["visit_id"])
    return Rival(
        product_id=product_id,
        name=name,
        name_en=name_en,
        maker=maker,
        pack=pack,
        quantity=sum((Decimal(str(row["quantity"])) for row in counted), Decimal(0)) if counted else None,
        sources=tuple(sorted({str(row["source"]) for row in counted})),
        days=Span(min(row["from_on"] for row in counted).date(), max(row["to_on"] for row in counted).date())
        if counted
        else None,
        is_open=not rows or (is_told_here and counted[0]["from_on"].date() == asked.start),
    )


def _judged(own: pd.DataFrame, bridge: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    judged = sales_mix(own.reset_index(), popularity=POPULARITY).set_index("product_id")
    judged["role"] = judged["role"].astype(str)
    judged = judged.join(names[["name", "name_en", "pack_size"]])
    judged["change"] = bridge["change"] if len(bridge) else np.nan
    return judged.sort_values("revenue", ascending=False, kind="stable")


def _lines(own: pd.DataFrame) -> tuple[float, float]:
    judged = own[own["role"].isin(["star", "plowhorse", "puzzle", "dog"])]
    cases = judged["quantity"].sum()
    if judged.empty:
        return float("nan"), float("nan")
    return POPULARITY * cases / len(judged), (judged["revenue"] - judged["cost"]).sum() / cases


def _share(own: pd.DataFrame, rivals: pd.DataFrame) -> float:
    if not rivals["revenue"].notna().any():
        return float("nan")
    both = pd.concat([own[["revenue"]].assign(own=True), rivals[["revenue"]].assign(own=False)])
    return share_of_sales(both.rename_axis("product_id").reset_index())


def _bridge(own: pd.DataFrame, *, is_compared: bool) -> tuple[pd.DataFrame, tuple[float, float]]:
    columns = ["product_id", "quantity", "revenue"]
    earlier, later = (own.loc[own["span"] == span].reset_index()[columns] for span in ("before", "after"))
    bridge = price_volume_mix(earlier, later).set_index("product_id")
    if not is_compared:
        bridge = bridge.iloc[:0]
    bridge = bridge[bridge["change"].notna()]
    totals = [
        float(table.loc[table["product_id"].isin(bridge.index), "revenue"].sum())
        for table in (earlier, later)
    ]
    return bridge, (totals[0], totals[1])


def _valued(rivals: pd.DataFrame, prices: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Competitors' sales in money: as told, else the quantity at the last price seen here."""
    last = prices[(prices["kind"] == "selling") & (prices["newest"] == 1)].set_index("product_id")["price"]
    pack = names["pack_size"].reindex(rivals.index)
    guessed = rivals["quantity"] * pack * last.reindex(rivals.index)
    is_estimated = rivals["revenue"].isna() & guessed.notna()
    return rivals.assign(revenue=rivals["revenue"].where(~is_estimated, guessed), is_estimated=is_estimated)[
        ["quantity", "revenue", "is_estimated"]
    ]
