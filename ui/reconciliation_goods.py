"""Goods and sureties against the record, and the price protection after a price cut."""

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.reconciliation import price_protection
from data.collateral import CollateralRow, check_collateral, collateral_of
from data.database import database
from data.engine import reading
from data.price_protection import PriceCutRow, price_cuts, set_count_of_day
from language import _
from language.calendar import day
from language.formats import money, number, price, quantity
from language.words import word
from ui import saving
from ui.markup import badge, plain, small
from ui.names import name_of
from ui.reconciliation_lists import draw_page
from ui.reconciliation_position import bare
from ui.visit_frame import VisitPage


def draw_goods(page: VisitPage) -> None:
    """What stands against the credit, looked at one by one; then the goods that a price cut devalued."""
    with reading(database()) as session:
        kept = collateral_of(session, page.actor, page.visit.id)
        cuts = price_cuts(session, page.actor, page.visit.id)
    _sentence(page, kept)
    if kept:
        _left, _middle, head = st.columns([3.6, 1.5, 1.4])
        head.markdown(small(_("Found today")))
    with st.container(gap="xxsmall"):
        for row in kept:
            _collateral_row(page, row)
    st.subheader(_("Price protection"), anchor=False)
    if not cuts:
        st.markdown(small(_("No purchase price of theirs went down in the last 90 days.")))
        return
    _protection(page, cuts)


def _sentence(page: VisitPage, kept: Sequence[CollateralRow]) -> None:
    if not kept:
        st.markdown(small(_("Nothing stands against the credit: no collateral, no consigned goods.")))
        return
    checked = [row for row in kept if row.checked is not None]
    short = [row for row in checked if row.checked is not None and row.checked < row.quantity]
    text = _("**{checked} of {all} looked at today.**").format(
        checked=number(len(checked)), all=number(len(kept))
    )
    if short:
        lost = sum(_lost(row) for row in short)
        told = _("Missing at {count}: {amount} by the record.").format(
            count=number(len(short)), amount=money(lost, page.company.currency)
        )
        text += f" :red[:material/error: {told}]"
    st.markdown(text)


def _lost(row: CollateralRow) -> int:
    """The part of the value that is missing, in minor units."""
    if row.checked is None or not row.quantity:
        return 0
    return round(row.value_minor * (1 - row.checked / row.quantity))


def _collateral_row(page: VisitPage, row: CollateralRow) -> None:
    left, middle, right = st.columns([3.6, 1.5, 1.4], vertical_alignment="center")
    facts = [
        plain(row.description),
        _("record {quantity}").format(quantity=_figure(row.quantity)),
        bare(row.value_minor, page.company),
    ]
    left.markdown(f"**{word('collateral.kind', row.kind)}**  \n{small(' · '.join(facts))}")
    middle.markdown(_state(page, row))
    whole = row.quantity == row.quantity.to_integral_value()
    found = None if row.checked is None else int(row.checked) if whole else float(row.checked)
    key = saving.shown(f"qty_collateral_{row.id}", found)
    right.number_input(
        _("Found today"),
        min_value=0 if whole else 0.0,
        step=1 if whole else 0.001,
        key=key,
        label_visibility="collapsed",
        placeholder="—",
        on_change=_save_check,
        args=(page, row, key),
        disabled=not page.is_editable,
    )


def _figure(value: Decimal) -> str:
    return number(value, 0 if value == value.to_integral_value() else 3)


def _state(page: VisitPage, row: CollateralRow) -> str:
    if row.checked is None:
        if row.last is None:
            return small(_("not checked"))
        return small(
            _("{quantity} on {date}").format(quantity=_figure(row.last), date=day(row.last_on, page.today))
        )
    if row.checked < row.quantity:
        count = _figure(row.quantity - row.checked)
        return badge("red", ":material/error:", _("{count} missing").format(count=count))
    if row.checked > row.quantity:
        count = _figure(row.checked - row.quantity)
        return badge("blue", ":material/arrow_upward:", _("{count} more").format(count=count))
    return badge("green", ":material/check:", _("as recorded"))


def _save_check(page: VisitPage, row: CollateralRow, key: str) -> None:
    value = st.session_state[key]
    saving.save(
        check_collateral,
        page.visit.id,
        row.id,
        seen=row.checked,
        quantity=None if value is None else Decimal(str(value)),
        visit_id=page.visit.id,
        step="accounts",
    )


def _protection(page: VisitPage, cuts: Sequence[PriceCutRow]) -> None:
    found = price_protection(
        pd.DataFrame(
            {
                "product_id": [row.product_id for row in cuts],
                "quantity": [float("nan") if row.quantity is None else float(row.quantity) for row in cuts],
                "old_price": [float(row.old_price) for row in cuts],
                "new_price": [float(row.new_price) for row in cuts],
            }
        ),
        exponent=page.company.minor_exponent,
    )
    credits_ = [None if pd.isna(value) else int(value) for value in found["credit_minor"].tolist()]
    known = [value for value in credits_ if value is not None]
    total = money(sum(known) if known else None, page.company.currency)
    text = _("**Credit for the stock of the day of the cut: {amount}.**").format(amount=total)
    if len(known) < len(credits_):
        missing = number(len(credits_) - len(known))
        told = _("{count} not counted on that day.").format(count=missing)
        text += f" :orange[:material/warning: {told}]"
    st.markdown(text)
    _left, head, _right = st.columns([3.3, 1.4, 1.6])
    head.markdown(small(_("Stock that day, pieces")))
    rows = list(zip(cuts, credits_, strict=True))
    draw_page("cuts", rows, lambda pair: _cut_row(page, *pair))


def _cut_row(page: VisitPage, row: PriceCutRow, credit: int | None) -> None:
    left, middle, right = st.columns([3.3, 1.4, 1.6], vertical_alignment="center")
    change = _("from {date}: {old} → {new}").format(
        date=day(row.from_on, page.today), old=price(row.old_price), new=price(row.new_price)
    )
    name = plain(name_of(row.name, row.name_en))
    left.markdown(f"**{name}**  \n{small(change)}")
    if row.is_counted:
        middle.markdown(quantity(row.quantity, row.pack_size, piece=row.unit))
    elif row.from_on >= page.visit.planned_on:
        middle.markdown(small(_("count it on Stock")))
    else:
        had = None if row.quantity is None else int(row.quantity)
        key = saving.shown(f"qty_cut_{row.product_id}", had)
        middle.number_input(
            _("Stock that day, pieces"),
            min_value=0,
            step=1,
            key=key,
            label_visibility="collapsed",
            placeholder="—",
            on_change=_save_count,
            args=(page, row, key),
            disabled=not page.is_editable,
        )
    right.markdown(f"**{bare(credit, page.company)}**", text_alignment="right")


def _save_count(page: VisitPage, row: PriceCutRow, key: str) -> None:
    value = st.session_state[key]
    saving.save(
        set_count_of_day,
        page.visit.id,
        row.product_id,
        row.from_on,
        seen=row.quantity,
        quantity=None if value is None else Decimal(value),
        visit_id=page.visit.id,
        step="accounts",
    )
