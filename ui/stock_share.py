"""Our share of all that a distributor has in stock: by the sum it tells of the rest, or by what was counted."""

from decimal import Decimal

import pandas as pd
import streamlit as st

from data.other_stock import set_other_stock
from language import _, n_
from language.calendar import day
from language.formats import MISSING, amount, currency_symbol, is_missing
from ui import saving
from ui.markup import plain, small
from ui.stock_facts import StockFacts
from ui.visit_frame import VisitPage


def share_of_stock(page: VisitPage, facts: StockFacts) -> tuple[float, float, Decimal | None]:
    """Our share now and at the last count (fractions, NaN when unknown), and the sum told in this visit.

    By the sum that the distributor tells of its other goods; without one by the products counted.
    """
    mine = [row for row in facts.others if row.visit_id == page.visit.id]
    earlier = [row for row in facts.others if row.visit_id != page.visit.id]
    own = facts.own
    before = float("nan")
    last_on = own["last_on"].max()
    if facts.is_counted and earlier and not pd.isna(last_on) and earlier[0].told_on == last_on.date():
        before = _part(own["value_before"].sum(), earlier[0].value)
    if not mine:
        return facts.rivals_share, before, None
    return _part(own["value"].sum(), mine[0].value), before, mine[0].value


def _part(ours: float, others: Decimal) -> float:
    total = ours + float(others)
    return ours / total if total > 0 else float("nan")


def draw_share(page: VisitPage, facts: StockFacts) -> None:
    st.subheader(_("Our share of the stock"), anchor=False)
    share, _before, told = share_of_stock(page, facts)
    key = f"qty_others_{page.visit.id}"

    def save() -> None:
        given = st.session_state[key]
        value = None if given is None else Decimal(str(given))
        saving.save(
            set_other_stock, page.visit.id, seen=told, value=value, visit_id=page.visit.id, step="stock"
        )

    symbol = currency_symbol(page.company.currency).strip()
    earlier = next((row for row in facts.others if row.visit_id != page.visit.id), None)
    st.number_input(
        _("Worth of the other goods, {currency}, at purchase prices").format(currency=symbol),
        min_value=0.0,
        max_value=999_999_999.0,
        value=None,
        step=1000.0,
        format="%.0f",
        key=saving.shown(key, None if told is None else float(told)),
        on_change=save,
        placeholder=MISSING
        if earlier is None
        else _("last {amount}, {date}").format(
            amount=amount(earlier.value, page.company.currency), date=day(earlier.told_on, page.today)
        ),
        disabled=not page.is_editable,
    )
    ours = amount(facts.own["value"].sum(), page.company.currency)
    if told is not None:
        text = _("Ours {ours} at purchase prices; the others as told.").format(ours=ours)
    elif is_missing(share):
        text = _("Ask for the sum, or count competitors' products.")
    else:
        rivals = int((~facts.table["is_own"] & facts.table["on_hand"].notna()).sum())
        text = n_(
            "Against {count} competitor's product counted, all at the prices at which they are sold here.",
            "Against {count} competitors' products counted, all at the prices at which they are sold here.",
            rivals,
        ).format(count=rivals)
    st.markdown(small(plain(text)))
