"""Signing on the tablet, and what becomes of an order afterwards: sent, confirmed, reopened, cancelled."""

import streamlit as st

from data.attachments import AttachmentRow, attachments_of
from data.database import database
from data.engine import reading
from data.order_lines import keep_offers
from data.order_records import order_id, subject_of
from data.order_split import join_orders
from data.order_states import MOVES, WITH_REASON, OverCredit, set_order_state, sign_order
from data.orders import OrderRow, find_order
from language import _, n_
from language.calendar import day, instant
from language.formats import money, units
from language.words import word
from ui import icons, saving
from ui.elements.signature import signature
from ui.markup import badge, plain, small
from ui.names import name_of
from ui.order_facts import OrderFacts
from ui.order_live import LiveOrder, forget_bounds
from ui.order_papers import draw_files
from ui.order_totals import cases_and_amount, order_amount
from ui.visit_frame import VisitPage

STATE_BADGES = {
    "draft": ("orange", ":material/hourglass_top:"),
    "signed": ("green", ":material/draw:"),
    "sent": ("blue", ":material/send:"),
    "confirmed": ("green", ":material/check_circle:"),
    "amended": ("orange", ":material/edit:"),
    "cancelled": ("gray", ":material/cancel:"),
}


def ask_signature(page: VisitPage, facts: OrderFacts, live: LiveOrder) -> None:
    """Saves what is offered as the draft, and opens the paper to sign on."""
    if live.is_open:
        saved = saving.save(
            keep_offers,
            page.visit.id,
            facts.offers,
            tax_basis=page.company.tax_basis,
            deliver_on=facts.deliver_on,
            visit_id=page.visit.id,
            step="order",
        )
        if not saved:
            st.rerun()
    company = page.company
    text = _("{order}, delivery {day}").format(
        order=cases_and_amount(live.cases, live.ordered, company.currency, company.minor_exponent),
        day=day(facts.deliver_on, page.today),
    )
    _open_paper(page, order_id(page.visit.id), text, live.unexplained)


def _open_paper(page: VisitPage, order: str, text: str, unexplained: int = 0) -> None:
    # The credit may have gone meanwhile: the page behind then offers to split.
    @st.dialog(_("Customer signs"), width="large", on_dismiss="rerun")
    def paper() -> None:
        st.markdown(f"**{text}**")
        if unexplained:
            told = n_(
                "{count} large change has no reason yet.",
                "{count} large changes have no reason yet.",
                unexplained,
            )
            st.markdown(small(told.format(count=unexplained)))
        name = st.text_input(_("Who signs?"), key="order_signed_name", max_chars=100)
        given = _signature(page, order)
        signature(
            _("I order what is listed: {text}").format(text=text),
            visit=page.visit.id,
            user=page.actor.user_id,
            subject=subject_of(order),
            key=f"signature_{order}",
            held=[given.id] if given else [],
            saved_at=page.saved_at,
        )
        done = st.button(
            _("The order stands"),
            key="order_signed",
            type="primary",
            icon=":material/check:",
            disabled=given is None or not name.strip(),
        )
        if done and given is not None:
            forget_bounds()
            saved = saving.save(
                sign_order,
                order,
                signed_name=name,
                signature_id=given.id,
                minor_exponent=page.company.minor_exponent,
                visit_id=page.visit.id,
                step="order",
            )
            if saved:
                st.rerun()
            _say_over_credit(page)
            saving.show_outcome()

    paper()


def _signature(page: VisitPage, order: str) -> AttachmentRow | None:
    """The newest signature given for an order as it stands; one from before its last change does not count."""
    with reading(database()) as session:
        held = attachments_of(session, page.actor, page.visit.id)
        changed_at = find_order(session, page.actor, order).changed_at
    given = [row for row in held if row.kind == "signature" and row.subject == subject_of(order)]
    valid = [row for row in given if row.added_at >= changed_at]
    return valid[-1] if valid else None


def _say_over_credit(page: VisitPage) -> None:
    problem = st.session_state.get("problem")
    if isinstance(problem, OverCredit):
        currency = page.company.currency
        st.session_state["problem"] = _(
            "The order of {amount} is above the credit left of {left}. Split it, or ask your manager."
        ).format(amount=money(problem.amount_minor, currency), left=money(problem.left_minor, currency))


def draw_orders(page: VisitPage, live: LiveOrder) -> None:
    """The orders that are more than a draft, with their state, papers and what can be done with them."""
    for order in (live.first, live.second, *live.earlier):
        if order is not None and (order.state != "draft" or order.split_from or order.override_reason):
            _order(page, live, order)


def _order(page: VisitPage, live: LiveOrder, order: OrderRow) -> None:
    with st.container(border=True, gap="xsmall"):
        left, right = st.columns([5, 2.4], vertical_alignment="center")
        left.markdown(f"{state_badge(order)} **{plain(order.number)}**  \n{small(_facts(page, order))}")
        with right.container(horizontal=True, horizontal_alignment="right", gap="small"):
            if order.state not in ("draft", "amended"):
                draw_files(page.user, order)
            _moves(page, live, order)


def state_badge(order: OrderRow) -> str:
    """The state of an order as a badge."""
    colour, icon = STATE_BADGES[order.state]
    told = word("distributor_order.state", order.state)
    if order.state == "draft" and order.split_from:
        told = _("Second order, waits for credit")
    return badge(colour, icon, told)


def _facts(page: VisitPage, order: OrderRow) -> str:
    told = [_("of an earlier visit")] if order.visit_id != page.visit.id else []
    told += [
        units(order.cases, "case"),
        order_amount(order.lines, page.company.currency, page.company.minor_exponent),
    ]
    if order.signed_at:
        told.append(
            _("signed by {name}, {time}").format(
                name=plain(order.signed_name),
                time=instant(order.signed_at, page.company.time_zone, page.today),
            )
        )
    if order.override_reason:
        told.append(
            _("{name} agreed to pass the credit: {reason}").format(
                name=plain(name_of(order.override_by, order.override_by_en)),
                reason=plain(order.override_reason),
            )
        )
    if order.state_reason:
        told.append(plain(order.state_reason))
    return " · ".join(told)


def _moves(page: VisitPage, live: LiveOrder, order: OrderRow) -> None:
    words = {
        "sent": _("It was sent"),
        "confirmed": _("It was confirmed"),
        "amended": _("Reopen for changes"),
        "cancelled": _("Cancel the order"),
    }
    moves = {state: text for state, text in words.items() if state in MOVES[order.state]}
    may_change = page.is_editable and page.visit.state != "planned"
    if not may_change:
        moves.pop("amended", None)
    if may_change and order.split_from and order.state == "draft":
        moves = {"sign": _("Customer signs"), **moves}
        if live.is_open and order.visit_id == page.visit.id:
            moves["join"] = _("Back into one order")
    if not moves or page.visit.rep_id != page.actor.user_id:
        return
    chosen = st.menu_button(
        "",
        list(moves),
        key=f"order_menu_{order.id}",
        icon=icons.MORE,
        type="tertiary",
        format_func=lambda code: moves[code],
    )
    if chosen:
        _move(page, order, chosen, moves[chosen])


def _move(page: VisitPage, order: OrderRow, chosen: str, label: str) -> None:
    if chosen == "sign":
        company = page.company
        text = _("{order}, when credit allows").format(
            order=cases_and_amount(order.cases, order.lines, company.currency, company.minor_exponent)
        )
        _open_paper(page, order.id, text)
    elif chosen in WITH_REASON:
        _ask_reason(page, order, chosen, label)
    else:
        forget_bounds()
        if chosen == "join":
            saving.save(join_orders, page.visit.id)
        else:
            saving.save(set_order_state, order.id, chosen, minor_exponent=page.company.minor_exponent)
        st.rerun()


def _ask_reason(page: VisitPage, order: OrderRow, state: str, label: str) -> None:
    @st.dialog(label)
    def ask() -> None:
        if state == "amended":
            st.markdown(_("The customer signs anew, and the credit is checked again."))
        reason = st.text_input(_("Why?"), key="order_reason", max_chars=300)
        if st.button(label, key="order_reason_given", type="primary", disabled=not reason.strip()):
            forget_bounds()
            exponent = page.company.minor_exponent
            saving.save_and_close(set_order_state, order.id, state, reason=reason, minor_exponent=exponent)

    ask()
