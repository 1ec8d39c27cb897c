"""Credit, receivable and its age: what is out against which line, and what is left for the order."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from core.reconciliation import ageing, credit_position
from data.access import Actor
from data.company import CompanySettings
from data.database import database
from data.engine import reading
from data.reconciliation import CreditFacts, credit_facts, open_items
from language import _
from language.calendar import day
from language.formats import currency_symbol, listed, money, percent
from ui import charts
from ui.charts import Inks
from ui.latest_changes import REMEMBERED_SECONDS, REMEMBERED_VISITS
from ui.markup import small
from ui.reconciliation_reading import accounts_stamp
from ui.remembered import Remembered
from ui.visit_frame import VisitPage

BUCKETS = ("not_due", "1-30", "31-60", "61-90", "over_90", "no_due_date")
"""The ageing's parts that are drawn; what is not allocated stands beside them in words."""
BUCKET_SIGNS = {
    "not_due": ":gray[■]",
    "1-30": ":blue[■]",
    "31-60": ":orange[■]",
    "61-90": ":red[■]",
    "over_90": ":red[:material/error:]",
    "no_due_date": ":gray[:material/help:]",
    "unallocated": ":gray[:material/undo:]",
}
BAR_HEIGHT = 26


@dataclass(frozen=True)
class Position(Remembered):
    """Credit, receivable and its age; all money in minor units, `None` where no open items were loaded."""

    credit: CreditFacts | None
    ages: pd.Series
    not_settled: int | None
    not_settled_on: date | None
    exposure: int | None
    available: int | None
    utilisation: float | None


def position_of(page: VisitPage) -> Position:
    """Reads the credit and the open items of the visit's distributor; remembered until something changes."""
    actor, place = page.actor, page.visit.distributor_id
    return _position(
        actor.user_id, place, accounts_stamp(actor, place), page.today, page.company.minor_exponent, actor
    )


@st.cache_resource(ttl=REMEMBERED_SECONDS, max_entries=REMEMBERED_VISITS, show_spinner=False)
def _position(
    user_id: str, distributor_id: str, stamp: str, today: date, exponent: int, _actor: Actor
) -> Position:
    with reading(database()) as session:
        credit = credit_facts(session, _actor, [distributor_id], minor_exponent=exponent)
        items = open_items(session, _actor, distributor_id)
    return position(credit.get(distributor_id), items, today)


def position(credit: CreditFacts | None, items: pd.DataFrame, today: date) -> Position:
    """The position by our ledger, on a day."""
    unsettled = items[items["kind"] == "unapplied_payment"]
    last = unsettled["date"].max()
    loaded = credit if credit is not None and credit.as_of_on is not None else None
    found: Any = None
    if loaded is not None and loaded.credit_limit_minor is not None:
        found = credit_position(
            credit_line_minor=loaded.credit_limit_minor,
            receivable_minor=loaded.receivable_minor,
            prepaid_minor=loaded.prepaid_minor,
            open_orders_minor=loaded.open_orders_minor,
            collateral_minor=loaded.collateral_minor,
        )
    return Position(
        credit=credit,
        ages=ageing(items, today),
        not_settled=None if loaded is None else -int(unsettled["open_minor"].sum()),
        not_settled_on=None if pd.isna(last) else last.date(),
        exposure=None if loaded is None else loaded.exposure_minor,
        available=None if found is None else int(found["available_minor"]),
        utilisation=None if found is None else float(found["utilisation"]),
    )


def bare(minor: int | None, company: CompanySettings, *, sign: bool = False) -> str:
    """Ledger money without the currency's sign, where the whole screen is in one currency."""
    shown = money(minor, company.currency, sign=sign).replace(currency_symbol(company.currency), "")
    return shown.replace("\N{WORD JOINER}", "")


def bucket_word(bucket: str) -> str:
    """The words of a part of the ageing."""
    fixed = {
        "not_due": _("not due"),
        "over_90": _("over 90 days"),
        "no_due_date": _("no due day"),
        "unallocated": _("not allocated"),
    }
    return fixed.get(bucket) or _("{from_to} days").format(from_to=bucket.replace("-", "–"))


def oldest_overdue(ages: pd.Series) -> str:
    """The oldest part of the ageing that holds anything overdue; empty where nothing is."""
    held = [bucket for bucket in BUCKETS[1:5] if ages[bucket]]
    return held[-1] if held else ""


def draw_position(page: VisitPage, position: Position) -> None:
    """The four figures, the second credit line with what is left, and the age of the receivable."""
    company, credit = page.company, position.credit
    if credit is None:
        st.markdown(small(_("No credit is agreed with this distributor, and no open items are loaded.")))
        return
    row = st.container(horizontal=True)
    for label, minor, beside in _figures(page, position, credit):
        row.metric(label, bare(minor, company), delta=beside, delta_color="off", delta_arrow="off")
    st.markdown(_second_line(position, credit, company))
    _draw_ages(position, company)


def _figures(page: VisitPage, position: Position, credit: CreditFacts) -> list[tuple[str, int | None, str]]:
    """The four figures: name, amount, and what stands below it."""
    company, is_loaded = page.company, credit.as_of_on is not None
    collateral, share, overdue, paid = (
        _("no collateral"),
        _("no limit agreed"),
        _("not loaded"),
        _("not loaded"),
    )
    if credit.collateral_minor:
        collateral = _("collateral {amount}").format(amount=bare(credit.collateral_minor, company))
    if credit.credit_limit_minor is not None:
        share = _("{share} of the limit").format(share=percent(position.utilisation, 0))
    if is_loaded:
        overdue = _("overdue {amount}").format(amount=bare(credit.overdue_minor, company))
        paid = _("none")
    if position.not_settled_on:
        paid = _("paid {date}").format(date=day(position.not_settled_on, page.today))
    return [
        (_("Credit limit"), credit.credit_limit_minor, collateral),
        (_("In use"), position.exposure, share),
        (_("Receivable"), credit.receivable_minor if is_loaded else None, overdue),
        (_("Paid, not settled"), position.not_settled, paid),
    ]


def _second_line(position: Position, credit: CreditFacts, company: CompanySettings) -> str:
    left = position.available
    order = _("Left for the order **{amount}**").format(amount=bare(left, company))
    if left is not None and left < 0:
        order = f":red[:material/error: {order}]"
    parts = [order]
    if credit.base_stock_minor or credit.consigned_minor:
        text = _("Base-stock credit {line}, goods out {used}").format(
            line=bare(credit.base_stock_minor, company), used=bare(credit.consigned_minor, company)
        )
        over = credit.base_stock_minor is not None and credit.consigned_minor > credit.base_stock_minor
        parts.append(f":red[:material/error: {text}]" if over else text)
    prepaid = credit.prepaid_minor - (position.not_settled or 0)
    if prepaid:
        parts.append(_("Prepaid {amount}").format(amount=bare(prepaid, company)))
    if credit.open_orders_minor:
        parts.append(_("Open orders {amount}").format(amount=bare(credit.open_orders_minor, company)))
    return f":small[{' · '.join(parts)}]"


def _draw_ages(position: Position, company: CompanySettings) -> None:
    found = position.once(_ages, company)
    if found is None:
        return
    shown, legend = found
    with st.container(gap="xxsmall"):
        charts.draw(age_bar, shown, key="ageing")
        st.markdown(legend)


def _ages(position: Position, company: CompanySettings) -> tuple[charts.Picture, str] | None:
    """The bar and its legend; `None` where nothing is out."""
    ages = position.ages
    held = {bucket: int(ages[bucket]) for bucket in BUCKETS if ages[bucket] > 0}
    if not held:
        return None
    rows = pd.DataFrame(
        {
            "bucket": list(held),
            "place": [BUCKETS.index(bucket) for bucket in held],
            "minor": list(held.values()),
            "word": [bucket_word(bucket) for bucket in held],
            "figure": [bare(minor, company) for minor in held.values()],
        }
    )
    told = [f"{bucket_word(bucket)} {bare(minor, company)}" for bucket, minor in held.items()]
    signs = [
        f"{BUCKET_SIGNS[bucket]} {bucket_word(bucket)} {bare(minor, company)}"
        for bucket, minor in zip(BUCKET_SIGNS, ages[list(BUCKET_SIGNS)].tolist(), strict=True)
        if minor
    ]
    told_in_full = _("Age of the receivable: {parts}.").format(parts=listed(told))
    shown = charts.picture({"rows": rows}, alt_text=told_in_full, height=BAR_HEIGHT)
    return shown, f":small[{' &ensp; '.join(signs)}]"


def age_bar(colours: Inks) -> alt.TopLevelMixin:
    """One bar: the receivable by age, the oldest at the right."""
    inks = [colours.normal, colours.high, colours.low, colours.wrong, colours.wrong, colours.bar]
    chart: alt.Chart = (
        alt.Chart(charts.table("rows"))
        .mark_bar(size=18, stroke=colours.ground, strokeWidth=2)
        .encode(
            x=alt.X("minor:Q", stack="zero", axis=None, scale=alt.Scale(nice=False)),
            order=alt.Order("place:Q"),
            color=alt.Color("bucket:N", scale=alt.Scale(domain=list(BUCKETS), range=inks), legend=None),
            tooltip=[alt.Tooltip("word:N", title=_("Age")), alt.Tooltip("figure:N", title=_("Amount"))],
        )
    )
    return chart
