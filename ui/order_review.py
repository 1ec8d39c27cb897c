"""Orders as a manager follows them: his word above the credit, and what the office says of them."""

from collections.abc import Mapping, Sequence

import streamlit as st

from data.order_records import EDITABLE_STATES, in_minor
from data.order_states import override_credit, set_order_state
from data.orders import OpenOrder
from language import _, n_
from language.calendar import day
from language.formats import money, units
from ui import icons, saving
from ui.current_user import CurrentUser
from ui.markup import plain, small
from ui.names import name_of
from ui.order_signing import state_badge
from ui.order_totals import order_amount

Left = Mapping[str, int | None]
"""Credit that each order may use, in minor units."""


def over_minor(user: CurrentUser, row: OpenOrder, left: Left) -> int:
    """How far an order that is not signed is above the credit, in minor units; 0 where it is not."""
    credit = left[row.order.id]
    if credit is None or row.order.state not in EDITABLE_STATES or row.order.override_reason:
        return 0
    return max(in_minor(row.order.amount, user.company.minor_exponent) - credit, 0)


def orders_sentence(user: CurrentUser, rows: Sequence[OpenOrder], left: Left) -> str:
    """How many wait for a manager's word, and by how much."""
    over = [found for row in rows if (found := over_minor(user, row, left))]
    if not over:
        return _("**No order waits for your word.**")
    text = n_(
        "**{count} order is above the credit left**, by {amount}.",
        "**{count} orders are above the credit left**, by {amount} in all.",
        len(over),
    )
    return text.format(count=len(over), amount=money(sum(over), user.company.currency))


def draw_open_orders(user: CurrentUser, rows: Sequence[OpenOrder], left: Left) -> None:
    """A row an order, those above the credit first."""
    for row in sorted(rows, key=lambda row: -over_minor(user, row, left)):
        text, act = st.columns([5, 2], vertical_alignment="center")
        over = over_minor(user, row, left)
        text.markdown(_told(user, row, over))
        with act.container(horizontal=True, horizontal_alignment="right"):
            if over:
                _ask_word(user, row, over)
            else:
                _moves(user, row)


def _told(user: CurrentUser, row: OpenOrder, over: int) -> str:
    order = row.order
    facts = [
        plain(order.number),
        units(order.cases, "case"),
        order_amount(order.lines, user.company.currency, user.company.minor_exponent),
    ]
    if order.deliver_on:
        facts.append(_("delivery {day}").format(day=day(order.deliver_on, user.actor.today)))
    if order.override_reason:
        facts.append(_("you agreed: {reason}").format(reason=plain(order.override_reason)))
    name = plain(name_of(row.distributor, row.distributor_en))
    told = f"**{name}** {state_badge(order)}  \n{small(' · '.join(facts))}"
    if over:
        above = _("{amount} above the credit left").format(amount=money(over, user.company.currency))
        told += f"  \n:red[:material/error: :small[{above}]]"
    return told


def _ask_word(user: CurrentUser, row: OpenOrder, over: int) -> None:
    if not st.button(_("Let it pass"), key=f"agree_{row.order.id}", icon=":material/check:"):
        return

    @st.dialog(_("Let it pass above the credit"))
    def ask() -> None:
        st.markdown(
            _("{name}: {amount} above the credit left. Your word holds for these quantities alone.").format(
                name=plain(name_of(row.distributor, row.distributor_en)),
                amount=money(over, user.company.currency),
            )
        )
        reason = st.text_input(_("Why?"), key="agree_reason", max_chars=300)
        if st.button(_("Let it pass"), key="agree_given", type="primary", disabled=not reason.strip()):
            saving.save_and_close(override_credit, row.order.id, reason=reason)

    ask()


def _moves(user: CurrentUser, row: OpenOrder) -> None:
    words = {"signed": {"sent": _("It was sent")}, "sent": {"confirmed": _("It was confirmed")}}
    moves = words.get(row.order.state)
    if moves is None:
        return
    chosen = st.menu_button(
        "",
        list(moves),
        key=f"order_menu_{row.order.id}",
        icon=icons.MORE,
        type="tertiary",
        format_func=lambda code: moves[code],
    )
    if chosen:
        saving.save(set_order_state, row.order.id, chosen, minor_exponent=user.company.minor_exponent)
        st.rerun()
