"""Price comparison: what the distributor asks, against its market, the policy, its past, its costs and rivals."""

import streamlit as st

from data.visit_steps import begin_step
from language import _
from language.formats import currency_symbol
from language.words import word
from ui import saving, visit_frame
from ui.address import choice_in_address, lead_to_choice, segments_in_address
from ui.price_comparison import draw_comparison
from ui.price_entry import draw_pad, unit_shown
from ui.price_facts import entered_prices, price_facts

page = visit_frame.open_page("prices")
facts, entered = price_facts(page), entered_prices(page)
if page.is_editable and entered.values and page.steps["prices"].state == "open":
    saving.save(begin_step, page.visit.id, "prices")
own = facts.names.index[facts.names["is_own"]]
rivals = facts.names.index[~facts.names["is_own"]]
sign = currency_symbol(page.company.currency)

views = {
    "enter": f"{_('Enter')} {entered.done(own)}/{len(own)}",
    "compare": f"{_('Compare')} {len(facts.attention)}",
    "rivals": f"{_('Rivals')} {entered.done(rivals)}/{len(rivals)}",
}
if not page.is_editable:
    views = {"compare": views["compare"]}
view = choice_in_address("view", views, next(iter(views)))
told = word("company.tax_basis", page.company.tax_basis)
if view == "compare":
    told = f"{sign}/{word('price_observation.unit', unit_shown())} · {told}"

# The title takes what the control leaves, so that the step's menu stands beside it at any width.
row = st.container(horizontal=True, vertical_alignment="center", gap="small")
with row.container():
    visit_frame.title(page, _("Prices"), told)
if view == "enter":
    tapped = visit_frame.bar(page, label=_("See the comparison"), primary=False).next
else:
    tapped = visit_frame.bar(page, primary=view == "compare").next
if tapped and view == "enter":
    lead_to_choice("view", "compare", "enter")
elif tapped:
    visit_frame.finish_step(page)

with row.container(key="touch_prices_view", width="content"):
    segments_in_address(_("View"), "view", views)

if view == "compare":
    draw_comparison(page, facts, unit_shown())
else:
    draw_pad(page, facts, entered, "own" if view == "enter" else "rivals", sign)
