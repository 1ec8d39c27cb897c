"""Market: what competitors do, what hangs in the shops, who may become a distributor."""

import streamlit as st

from data.checklists import checklist
from data.database import database
from data.engine import reading
from data.market import competitors, market_notes, prospects_found
from language import _, n_
from ui import visit_frame
from ui.checklists import checklist_rows
from ui.entered import note, photo_strip, read_entered
from ui.market import note_rows, prospect_rows
from ui.markup import plain

page = visit_frame.open_page("market")
with reading(database()) as session:
    notes = market_notes(session, page.actor, page.visit.id)
    makers = competitors(session, page.actor)
    prospects = prospects_found(session, page.actor, page.visit.id)
    lines = checklist(session, page.actor, page.visit.id, "market")
entered = read_entered(page)

visit_frame.title(page, _("Market"), plain(page.distributor))
if visit_frame.bar(page).next:
    visit_frame.finish_step(page)

today = sum(row.visit_id == page.visit.id for row in notes)
first = n_("**{count} thing learned today**", "**{count} things learned today**", today).format(count=today)
second = n_("{count} prospect found.", "{count} prospects found.", len(prospects)).format(
    count=len(prospects)
)
st.markdown(_("; ").join((first, second)))

st.subheader(_("Competitors and points of sale"), anchor=False)
note_rows(page, notes, makers)
if lines:
    st.subheader(_("Put up and looked at"), anchor=False)
    checklist_rows(page, lines)
st.subheader(_("Prospects"), anchor=False)
prospect_rows(page, prospects)
note(page, entered, _("Note on the market"))
photo_strip(page, entered, "market")
