"""The region in three plain lists: market prices, stock and credit, what needs attention on top."""

import streamlit as st

from language import _
from ui.address import segments_in_address
from ui.current_user import me
from ui.region import region_rows, show_credit, show_prices, show_stock

user = me()
title, views, search = st.columns([0.9, 1.4, 1.6], vertical_alignment="center")
title.subheader(_("My region"), anchor=False)
with views.container(key="touch_region"):
    view = segments_in_address(
        _("View"), "list", {"prices": _("Prices"), "stock": _("Stock"), "credit": _("Credit")}
    )
looked_for = search.text_input(
    _("Distributor or product"),
    key="find",
    max_chars=100,
    icon=":material/search:",
    placeholder=_("Distributor or product"),
    label_visibility="collapsed",
    bind="query-params",
)
show = {"prices": show_prices, "stock": show_stock, "credit": show_credit}[view]
show(region_rows(user, view), looked_for or "", user)
