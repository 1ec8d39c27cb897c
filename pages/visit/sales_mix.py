"""Sales mix: what the distributor lives on, what changed and why, our share, and how our goods are shown."""

import streamlit as st

from data.checklists import checklist
from data.database import database
from data.engine import reading
from language import _
from ui import visit_frame
from ui.address import choice_in_address, segments_in_address
from ui.entered import note, photo_strip, read_entered
from ui.sales_facts import read_facts, read_past
from ui.sales_mix import draw_display, draw_roles, draw_table, draw_why
from ui.sales_rivals import draw_rivals
from ui.sales_words import against_words, facts_words, period_words

page = visit_frame.open_page("sales")
past = read_past(page)
periods = period_words(past)
period = choice_in_address("period", periods, past.usual)
against = choice_in_address("against", against_words(), "before")
facts = read_facts(page, past, period, against)

visit_frame.title(page, _("Sales mix"), facts_words(facts, page.today))
if visit_frame.bar(page).next:
    visit_frame.finish_step(page)

with st.container(key="touch_sales_period", horizontal=True, gap="small"):
    segments_in_address(_("Period"), "period", {past.usual: periods[past.usual], **periods})
    segments_in_address(_("Compared with"), "against", against_words())

sentence = st.empty()
if not facts.own.empty:
    draw_roles(page, facts)
    draw_why(page, facts)
    draw_table(page, facts)
draw_rivals(page, past, period, against, facts, sentence)

with reading(database()) as session:
    display = checklist(session, page.actor, page.visit.id, "display")
entered = read_entered(page)
draw_display(page, display)
photo_strip(page, entered, "display")
note(page, entered, _("Note on sales and display"))
