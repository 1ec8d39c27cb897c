"""What the order screen knows in one run: read and calculated once, and kept until a count moves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.demand_history import WEEKS
from core.order_table import Past, in_order, order_table
from data.access import Actor
from data.assortment import assortment
from data.company import CompanySettings
from data.database import database
from data.engine import reading_anew
from data.inventory import counts_of_day, deliveries, first_sales, last_counts, sales_periods
from data.order_records import Offer
from data.order_suggestion import (
    Rhythm,
    goods_coming,
    order_rules,
    orderable,
    promotions_between,
    rhythm,
    stock_levels,
)
from data.price_comparison import purchase_prices
from ui.latest_changes import REMEMBERED_SECONDS, REMEMBERED_VISITS, stamp_of
from ui.order_line import LiveLine
from ui.remembered import Remembered
from ui.visit_frame import VisitPage

ASSUMED_LEAD_DAYS = 7
"""Said on the screen where nobody has said how long a delivery takes."""
PROMOTION_KNOWN_DAYS = 7
"""A promotion that has run for longer is in the sales already."""

Line = Mapping[Any, Any]
"""A row of `OrderFacts.table`, with its `id`."""


@dataclass(frozen=True)
class OrderFacts(Remembered):
    """The suggestion of a visit. It is shared by all runs of a screen: nobody changes it.

    Attributes:
        on: The day of the visit.
        table: What `core.order_table.order_table` says, with the names.
        lead_days: Days until the goods come, assumed where `is_lead_assumed`.
        review_days: Days from this visit to the next.
        period_days: Days of one period of the series behind the forecast.
        told_since: The first day of that series; `None` where nothing was told.
    """

    on: date
    table: pd.DataFrame
    lead_days: int
    is_lead_assumed: bool
    review_days: int
    period_days: int
    told_since: date | None
    _drawn: dict[str, Line] = field(default_factory=dict)

    @property
    def deliver_on(self) -> date:
        """The day the goods are expected."""
        return self.on + timedelta(days=self.lead_days)

    @property
    def target_days(self) -> int:
        """How long the stock must last: until the delivery after this one."""
        return self.lead_days + self.review_days

    @cached_property
    def count_on(self) -> date | None:
        """The day of the count that most lines stand on; `None` where nothing was ever counted."""
        days = self.table["counted_on"].dropna()
        return None if days.empty else days.mode().max().date()

    @cached_property
    def has_prices(self) -> bool:
        """Whether any line has a price."""
        return bool(self.table["unit_price"].notna().any())

    @cached_property
    def counts(self) -> "Counts":
        """How many lines stand on which count."""
        counted = self.table["counted_on"]
        before = counted[counted < pd.Timestamp(self.on)]
        latest = None if before.empty else before.max().date()
        return Counts(int((counted == pd.Timestamp(self.on)).sum()), int(counted.notna().sum()), latest)

    @cached_property
    def groups(self) -> Mapping[str, Sequence[str]]:
        """The products of each group as they are read, top to bottom."""
        return in_order(self.table)

    @cached_property
    def urgency(self) -> "Urgency":
        """How much is suggested, and what cannot wait."""
        lines = self.table[self.table["group"] == "suggested"]
        late = (lines["on_hand"] > 0) & (lines["lasts"] < self.lead_days)
        cases = int((lines["quantity"] / lines["pack"]).sum())
        return Urgency(cases, int((lines["on_hand"] <= 0).sum()), int(late.sum()))

    @cached_property
    def offers(self) -> Sequence[Offer]:
        """Every line as it is saved: nothing of the gaps and the new products without a tap."""
        table = self.table
        columns = (table[name].to_list() for name in ("quantity", "group", "pack", "unit_price"))
        return tuple(map(_offer, table.index.to_list(), *columns))

    @cached_property
    def offered(self) -> Mapping[str, LiveLine]:
        """Every line as it would be signed while nobody has changed it."""
        return {
            offer.product_id: LiveLine(
                product_id=offer.product_id,
                suggested=offer.suggested,
                quantity=offer.quantity,
                waiting=Decimal(0),
                pack=offer.pack_size,
                unit_price=offer.unit_price,
                reason="",
                is_offered=offer.suggested is not None and offer.quantity != offer.suggested,
            )
            for offer in self.offers
        }

    def lines(self, products: Sequence[str]) -> Sequence[Line]:
        """Rows of the table; each is made once, when it is first drawn."""
        new = [id_ for id_ in products if id_ not in self._drawn]
        if new:
            rows = self.table.loc[new].reset_index(names="id").to_dict("records")
            self._drawn.update(zip(new, rows, strict=True))
        return [self._drawn[id_] for id_ in products]


@dataclass(frozen=True)
class Counts:
    """How many lines were counted on this visit, how many at all, and the last day before this visit."""

    now: int
    known: int
    latest_before: date | None


@dataclass(frozen=True)
class Urgency:
    """Cases suggested, lines that are out, and lines that end before the goods come."""

    cases: int
    out: int
    late: int


def _offer(product_id: str, quantity: float, group: str, pack: float, price: float) -> Offer:
    suggested = None if np.isnan(quantity) else Decimal(round(quantity))
    return Offer(
        product_id=product_id,
        suggested=suggested,
        quantity=suggested if suggested and group == "suggested" else Decimal(0),
        pack_size=int(pack),
        unit_price=None if np.isnan(price) else Decimal(str(round(price, 4))),
    )


def order_facts(page: VisitPage) -> OrderFacts:
    """Reads and calculates the suggestion; what this visit counts moves it at once, other news within a minute."""
    visit, stamp = page.visit, stamp_of(page)
    return _facts(
        page.actor.user_id, visit.id, visit.changed_at, stamp, visit.planned_on, visit.next_visit_on, page
    )


# An entry changes `changed_at` of its visit, others' the stamp: either asks for fresh facts.
@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=REMEMBERED_VISITS, show_spinner=False)
def _facts(
    user_id: str,
    visit_id: str,
    changed_at: datetime,
    stamp: str,
    on: date,
    next_visit_on: date | None,
    _page: VisitPage,
) -> OrderFacts:
    basis = _page.company.tax_basis
    past, found = _past(user_id, visit_id, stamp, on, next_visit_on, basis, _page.actor, _page)
    with reading_anew(database()) as session:
        counted = counts_of_day(session, _page.actor, _page.visit.distributor_id, on)
    return calculated(past, counted, on, found)


def calculated(past: Past, counted: pd.DataFrame, on: date, found: Rhythm) -> OrderFacts:
    """The suggestion from what was read.

    Args:
        past: What counting does not change.
        counted: The visit's count, as `data.inventory.counts_of_day` gives it.
        on: The day of the visit.
        found: When goods arrive and until when they must last.
    """
    (lead, assumed), review = _lead(found), _review(found, on)
    table, sales = order_table(past, counted, on, lead_days=lead, review_days=review)
    return OrderFacts(on, table, lead, assumed, review, sales.days, sales.since)


# Not copied for every run: `core` reads these tables and changes none of them.
@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=REMEMBERED_VISITS, show_spinner=False)
def _past(
    user_id: str,
    visit_id: str,
    stamp: str,
    on: date,
    next_visit_on: date | None,
    basis: str,
    _actor: Actor,
    _page: VisitPage,
) -> tuple[Past, Rhythm]:
    place = _page.visit.distributor_id
    company: CompanySettings = _page.company
    with reading_anew(database()) as session:
        found = rhythm(session, _actor, visit_id, company)
        horizon = on + timedelta(days=_lead(found)[0] + _review(found, on))
        names = assortment(session, _actor, place, on)
        names = names[names["is_own"]].merge(orderable(session, _actor), on="product_id")
        before = last_counts(session, _actor, [place], before=on)
        earliest = before["counted_on"].min()
        since = on if pd.isna(earliest) else earliest.date()
        past = Past(
            names=names.set_index("product_id"),
            before=before,
            came=deliveries(session, _actor, place, after=since, until=on),
            periods=sales_periods(session, _actor, place, start=on - timedelta(weeks=WEEKS + 1), end=on),
            first_on=first_sales(session, _actor, place),
            prices=purchase_prices(session, _actor, on=on, tax_basis=basis).set_index("product_id")["price"],
            rules=order_rules(session, _actor).set_index("abc_class"),
            levels=stock_levels(session, _actor, place).set_index("product_id"),
            promotions=promotions_between(
                session, _actor, after=on - timedelta(days=PROMOTION_KNOWN_DAYS), before=horizon
            ),
            coming=goods_coming(session, _actor, visit_id),
        )
    return past, found


def _lead(found: Rhythm) -> tuple[int, bool]:
    return (ASSUMED_LEAD_DAYS, True) if found.lead_days is None else (found.lead_days, False)


def _review(found: Rhythm, on: date) -> int:
    if found.next_visit_on is None or found.next_visit_on <= on:
        return found.interval_days
    return (found.next_visit_on - on).days
