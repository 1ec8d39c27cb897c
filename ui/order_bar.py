"""The bar of the order: cases and saved, amount, credit left, cover after, and the one next step."""

import streamlit as st

from data.order_split import split_order
from language import _
from language.formats import MISSING, amount, days, is_missing, money, units
from language.words import word
from ui import icons, saving
from ui.elements.queue_state import queue_state
from ui.list_row import ICON_WIDTH, list_row
from ui.markup import small
from ui.navigation import VISIT_PAGES
from ui.order_facts import OrderFacts
from ui.order_live import LiveOrder
from ui.order_rows import FAILED
from ui.order_signing import ask_signature
from ui.order_split import held_back
from ui.order_totals import order_amount
from ui.visit_frame import VisitPage, finish_step, go_to

FIGURE_WIDTH, COVER_WIDTH, NEXT_WIDTH = 108, 92, 212
"""In pixels; what is saved takes the rest of the bar."""


def draw_bar(page: VisitPage, facts: OrderFacts, live: LiveOrder) -> None:
    """The totals as they stand, and what can be done next."""
    with list_row():
        if st.button("", key="bar_back", icon=icons.BACK, help=_("Back"), width=ICON_WIDTH):
            steps = list(VISIT_PAGES)
            go_to(steps[steps.index(page.step) - 1], page.visit.id)
        currency = page.company.currency
        cases = units(live.cases, "case")
        st.markdown(f"{small(cases)}  \n**{order_amount(live.ordered, currency)}**", width=FIGURE_WIDTH)
        report = queue_state(user=page.actor.user_id, saved_at=page.saved_at if live.first else None)
        st.session_state["queue_report"] = report
        st.markdown(f"{small(_('Credit left'))}  \n{_left(live, currency)}", width=FIGURE_WIDTH)
        after = MISSING if is_missing(live.cover_days) else days(int(live.cover_days))
        st.markdown(f"{small(_('Cover after'))}  \n**{after}**", width=COVER_WIDTH)
        _next(page, facts, live)


def _left(live: LiveOrder, currency: str) -> str:
    after = live.left_after_minor
    if after is None:
        return f":gray[{_('not agreed')}]"
    shown = amount(after / 10**live.exponent, currency)
    if live.unpriced:
        shown = _("at most {figure}").format(figure=shown)
    return f":red[**{shown}**]" if after < 0 else f"**{shown}**"


def _next(page: VisitPage, facts: OrderFacts, live: LiveOrder) -> None:
    may_act = page.is_editable and page.visit.state != "planned"
    if not may_act or not live.is_open or not live.ordered:
        _onward(page)
    elif live.is_over:
        st.button(
            _("Split into two orders"),
            key="order_split",
            type="primary",
            icon=":material/call_split:",
            width=NEXT_WIDTH,
            on_click=_split,
            args=(page, facts, live),
        )
    elif st.button(
        _("Customer signs"),
        key="order_sign",
        type="primary",
        icon=":material/draw:",
        width=NEXT_WIDTH,
    ):
        ask_signature(page, facts, live)


def _onward(page: VisitPage) -> None:
    steps = list(VISIT_PAGES)
    following = steps[min(steps.index(page.step) + 1, len(steps) - 1)]
    label = _("Next: {step}").format(step=word("visit_step.step", following))
    if st.button(
        label, key="bar_next", type="primary", icon=icons.NEXT, icon_position="right", width=NEXT_WIDTH
    ):
        finish_step(page)


def _split(page: VisitPage, facts: OrderFacts, live: LiveOrder) -> None:
    held = held_back(facts, live)
    saved = saving.save(
        split_order,
        page.visit.id,
        held,
        facts.offers,
        tax_basis=page.company.tax_basis,
        deliver_on=facts.deliver_on,
        visit_id=page.visit.id,
        step="order",
    )
    st.session_state[FAILED] = not saved


def over_credit(page: VisitPage, live: LiveOrder) -> str:
    """How far the order is above the credit left, and what can be done about it."""
    over = money(-(live.left_after_minor or 0), page.company.currency)
    return _(
        ":red[**{amount} above the credit left.**] Split the order: what protects best against running out goes"
        " now, the rest waits. Or ask your manager to agree to it."
    ).format(amount=over)
