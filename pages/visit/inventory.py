"""Stock: counted on the pad, then held against what sells."""

import streamlit as st

from language import _
from language.calendar import day
from ui import led, visit_frame
from ui.address import choice_in_address, keep_in_address, lead_to_choice, segments_in_address
from ui.stock_count import draw_count, source_asked
from ui.stock_facts import stock_facts
from ui.stock_overview import draw_overview, say_not_counted

page = visit_frame.open_page("stock")
facts = stock_facts(page)

views = {"count": _("Count"), "rivals": _("Rivals"), "overview": _("Stock-to-sales")}
if not page.is_editable:
    views = {"overview": views["overview"]}
view = choice_in_address("stock_view", views, next(iter(views)))
on = day(facts.on, page.today)
if view == "overview":
    told = _("at purchase price")
    if facts.is_counted:
        told = (
            _("counted {date}, {few} of {all}").format(
                date=on, few=int(facts.own["counted"].notna().sum()), all=len(facts.own)
            )
            + f" · {told}"
        )
else:
    told = _("physical count, {date}").format(date=on)


def start_counting() -> None:
    led.forget()
    keep_in_address("stock_view", "count", "count")


# The title takes what the control leaves, so that the step's menu stands beside it at any width.
row = st.container(horizontal=True, vertical_alignment="center", gap="small")
with row.container():
    visit_frame.title(page, views[view], told)
if view == "overview":
    if visit_frame.bar(page).next:
        visit_frame.finish_step(page)
elif visit_frame.bar(page, label=_("See stock-to-sales"), primary=False).next:
    lead_to_choice("stock_view", "overview", "count")

search, source = "", "counted"
with row.container(key="touch_stock_view", width="content", horizontal=True, gap="small"):
    if view != "overview":
        with st.popover("", icon=":material/search:", help=_("Find a product")):
            search = st.text_input(_("Find a product"), key="stock_search")
            if view == "rivals":
                source = source_asked()
    segments_in_address(_("View"), "stock_view", views)

if view == "overview":
    if not facts.is_counted:
        say_not_counted(page, facts, start_counting)
    if facts.basis_on is not None:
        draw_overview(page, facts)
else:
    draw_count(page, facts, own=view == "count", source=source, search=search)
