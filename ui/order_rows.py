"""The lines of the order: stock and reason, suggestion, quantity in cases, and why so many."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.order_lines import set_quantity, set_reason
from data.order_records import LARGEST_CASES
from language import _, n_
from language.formats import MISSING, is_missing, number, units
from ui import saving
from ui.address import choice_in_address, segments_in_address
from ui.list_row import list_row
from ui.markup import plain, small
from ui.names import name_of
from ui.order_chart import draw_line
from ui.order_facts import Line, OrderFacts
from ui.order_line import LiveLine
from ui.order_line_words import origin, reason_words, stock_badge
from ui.order_live import LiveOrder
from ui.order_words import change_reasons
from ui.visit_frame import VisitPage

PER_PAGE = 10
SUGGESTED_WIDTH, ENTRY_WIDTH, WHY_WIDTH, GAP = 92, 168, 68, 18
"""In pixels; the name takes the rest."""
FAILED = "order_failed"
"""Set where a touch could not be saved: the page is drawn anew to show why."""


def draw_rows(page: VisitPage, facts: OrderFacts, live: LiveOrder) -> None:
    """The views and the lines of the chosen one, at most `PER_PAGE` at a time."""
    group = _view(facts)
    products = facts.groups[group]
    if not products:
        st.markdown(small(_empty(facts)))
        return
    pages = ceil(len(products) / PER_PAGE)
    key = f"order_page_{group}"
    chosen = min(st.session_state.get(key, 1), pages)
    head = list_row()
    head.markdown(small(_("Product · stock and cover · why")), width="stretch")
    head.markdown(small(_("Suggested")), width=SUGGESTED_WIDTH)
    head.markdown(small(_("Order, cases")), width=ENTRY_WIDTH + WHY_WIDTH + GAP)
    can_enter = page.is_editable and page.visit.state != "planned" and live.is_open
    with st.container(gap="xxsmall"):
        for line in facts.lines(products[(chosen - 1) * PER_PAGE : chosen * PER_PAGE]):
            _row(page, facts, line, live.lines[line["id"]], can_enter)
    if pages > 1:
        with st.container(key=f"touch_{key}", horizontal_alignment="right"):
            st.pagination(pages, key=key)


def _view(facts: OrderFacts) -> str:
    counts = {group: len(products) for group, products in facts.groups.items()}
    words = {
        "suggested": _("Suggested"),
        "idle": _("Not needed"),
        "gaps": _("Must-sell gaps"),
        "new": _("New products"),
        "unknown": _("No suggestion"),
    }
    views = {group: f"{text} {counts[group]}" for group, text in words.items() if counts[group]} or {
        "suggested": words["suggested"]
    }
    otherwise = "suggested" if "suggested" in views else max(views, key=lambda group: counts[group])
    chosen = choice_in_address("lines", views, otherwise)
    views = {otherwise: views[otherwise], **views}
    with st.container(key="touch_order_view"):
        return segments_in_address(_("Lines"), "lines", views) or chosen


def _empty(facts: OrderFacts) -> str:
    if facts.table.empty:
        return _("This distributor deals in none of our products yet.")
    return _("The stock lasts until the delivery after this one.")


def _row(page: VisitPage, facts: OrderFacts, line: Line, live: LiveLine, can_enter: bool) -> None:
    row = list_row()
    told = facts.once(_told, line["id"], page.today)
    if live.waiting:
        waits = units(live.waiting / live.pack, "case")
        told += f" :blue[:small[{_('{cases} in the second order').format(cases=waits)}]]"
    row.markdown(told, width="stretch")
    row.markdown(_suggested(live), width=SUGGESTED_WIDTH)
    if can_enter and not line["discontinued"]:
        _entry(row, page, facts, live, name_of(line["name"], line["name_en"]))
    else:
        row.markdown(f"**{number(live.cases)}**", width=ENTRY_WIDTH)
    body = row.popover(
        "",
        icon=":material/waterfall_chart:",
        key=f"why_{line['id']}",
        on_change="rerun",
        width=WHY_WIDTH,
    )
    if body.open:
        with body:
            _why(page, facts, line)
    if can_enter:
        _below_minimum(line, live)
        if live.asks_why:
            _ask_why(page, live)


def _told(facts: OrderFacts, product_id: str, today: date) -> str:
    """A line's name, stock and reason: what no tap moves."""
    (line,) = facts.lines([product_id])
    name, reason = name_of(line["name"], line["name_en"]), reason_words(line, facts, today)
    return f"**{plain(name)}** {stock_badge(line, facts)}  \n{small(plain(reason))}"


def _entry(row: DeltaGenerator, page: VisitPage, facts: OrderFacts, live: LiveLine, name: str) -> None:
    key = _field(live)
    row.number_input(
        _("{product}, cases").format(product=name),
        min_value=0,
        max_value=LARGEST_CASES,
        step=1,
        key=key,
        label_visibility="collapsed",
        width=ENTRY_WIDTH,
        on_change=_save_quantity,
        args=(page, facts, live.product_id, live.pack),
    )


@dataclass
class Field:
    """The field of a quantity: which one it is of its product's, and the base units that it stands on."""

    number: int
    seen: Decimal

    def key(self, product_id: str) -> str:
        """The key of its widget."""
        return f"qty_{product_id}_{self.number}"


def _field(live: LiveLine) -> str:
    """The key of a quantity's field, which shows what the database has.

    Where that was moved elsewhere (split, refused, saved on another tablet) it is another field: a message that is
    still under way holds the old quantity, and would be taken for the rep's typing.
    """
    fields: dict[str, Field] = st.session_state.setdefault("order_fields", {})
    field = fields.setdefault(live.product_id, Field(0, live.quantity))
    field.seen = live.quantity
    key = field.key(live.product_id)
    if key in st.session_state:
        if st.session_state[key] == live.cases:
            return key
        field.number += 1
    return saving.shown(field.key(live.product_id), live.cases)


def _suggested(live: LiveLine) -> str:
    if live.suggested is None:
        return f":gray[{MISSING}]"
    cases = number(live.suggested / live.pack)
    if not live.change:
        return cases
    return f":gray[{cases}] :orange[:small[{number(live.change, sign=True)}]]"


def _below_minimum(line: Line, live: LiveLine) -> None:
    if 0 < live.quantity < Decimal(str(line["minimum"])):
        least = ceil(line["minimum"] / line["pack"])
        told = n_("At least {count} case is delivered.", "At least {count} cases are delivered.", least)
        st.markdown(f":orange[:material/warning: :small[{told.format(count=least)}]]")


def _ask_why(page: VisitPage, live: LiveLine) -> None:
    key = f"why_changed_{live.product_id}"
    st.session_state[key] = live.reason or None
    with st.container(key=f"touch_{key}"):
        st.segmented_control(
            _("Why otherwise than suggested?"),
            list(change_reasons()),
            key=key,
            format_func=lambda code: change_reasons()[code],
            on_change=_save_reason,
            args=(page, live),
        )


def _why(page: VisitPage, facts: OrderFacts, line: Line) -> None:
    st.markdown(f"**{plain(name_of(line['name'], line['name_en']))}**")
    if is_missing(line["quantity"]):
        st.markdown(small(plain(reason_words(line, facts, page.today))))
    else:
        draw_line(line, f"steps_{line['id']}")
    st.markdown(small(plain(origin(line, facts, page.today))))


def _save_quantity(page: VisitPage, facts: OrderFacts, product_id: str, pack: int) -> None:
    field: Field = st.session_state["order_fields"][product_id]
    quantity = Decimal(st.session_state[field.key(product_id)] or 0) * pack
    saved = saving.save(
        set_quantity,
        page.visit.id,
        product_id,
        quantity,
        facts.offers,
        seen=field.seen,
        tax_basis=page.company.tax_basis,
        deliver_on=facts.deliver_on,
        visit_id=page.visit.id,
        step="order",
    )
    if saved:
        # A second tap may come before the first one's answer is drawn.
        field.seen = quantity
    st.session_state[FAILED] = not saved


def _save_reason(page: VisitPage, live: LiveLine) -> None:
    chosen = st.session_state[f"why_changed_{live.product_id}"] or ""
    saved = saving.save(set_reason, page.visit.id, live.product_id, seen=live.reason, reason=chosen)
    st.session_state[FAILED] = not saved
