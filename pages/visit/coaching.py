"""Talk and coach: what was told and how it was taken; training given, advice given, problems solved."""

import streamlit as st

from data.checklists import checklist
from data.coaching import coaching_of, news_to_tell
from data.database import database
from data.distributors import contacts_of
from data.engine import reading
from language import _, n_
from ui import visit_frame
from ui.checklists import checklist_rows
from ui.coaching import coaching_rows, contact_rows, news_rows
from ui.entered import note, read_entered
from ui.markup import plain, small

page = visit_frame.open_page("talk")
with reading(database()) as session:
    news = news_to_tell(session, page.actor, page.visit.id)
    coaching = coaching_of(session, page.actor, page.visit.id)
    contacts = contacts_of(session, page.actor, page.visit.distributor_id)
    training = checklist(session, page.actor, page.visit.id, "training")
entered = read_entered(page)

visit_frame.title(page, _("Talk and coach"), plain(page.distributor))
if visit_frame.bar(page).next:
    visit_frame.finish_step(page)

told = sum(row.answer not in (None, "not_told") for row in news)
first = _("**{told} of {all} news told**").format(told=told, all=len(news))
second = n_("{count} piece of coaching recorded.", "{count} pieces of coaching recorded.", len(coaching))
st.markdown(_("; ").join((first, second.format(count=len(coaching)))))

if contacts:
    contact_rows(contacts)
st.subheader(_("News to tell"), anchor=False)
if not news:
    st.markdown(small(_("The office has no news at the moment.")))
news_rows(page, news)
st.subheader(_("Coaching"), anchor=False)
checklist_rows(page, training)
coaching_rows(page, coaching)
note(page, entered, _("What the distributor said"))
