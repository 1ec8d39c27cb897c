"""Order: what the distributor should order and why, what the rep makes of it, and the signature under it."""

import streamlit as st

from language import _
from ui import visit_frame
from ui.order_bar import draw_bar, over_credit
from ui.order_facts import order_facts
from ui.order_live import bounds_of, live_order
from ui.order_rows import FAILED, draw_rows
from ui.order_signing import draw_orders
from ui.order_words import against_objective, between, sentence, title_facts

page = visit_frame.open_page("order")
facts = order_facts(page)
bounds = bounds_of(page)

visit_frame.title(page, _("Order"), title_facts(facts, page.today))
with st.bottom:
    bar = st.container(key="visitbar")


@st.fragment
def order() -> None:
    """Everything that a touched quantity moves; what could not be saved is shown by the page above."""
    if st.session_state.pop(FAILED, False):
        st.rerun()
    live = live_order(page, facts, bounds)
    against = against_objective(live, page.company.currency)
    said = between().join([sentence(facts, live, page.today), against])
    st.markdown(f":material/shopping_cart: {said}")
    if live.is_over and live.is_open and page.is_editable:
        st.markdown(over_credit(page, live))
    draw_orders(page, live)
    draw_rows(page, facts, live)
    with bar:
        draw_bar(page, facts, live)


order()
