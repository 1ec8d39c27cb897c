"""Service: are promotions passed on, is the service done as promised, and what does the distributor complain of."""

from collections.abc import Sequence

import streamlit as st

from data.checklists import checklist
from data.database import database
from data.engine import reading
from data.service import PromotionGoodRow, open_complaints, promotion_goods
from language import _, n_
from ui import visit_frame
from ui.checklists import checklist_rows
from ui.entered import note, photo_strip, read_entered
from ui.markup import plain, small
from ui.service import complaint_rows, promotion_rows

page = visit_frame.open_page("service")
with reading(database()) as session:
    goods = promotion_goods(session, page.actor, page.visit.id)
    complaints = open_complaints(session, page.actor, [page.visit.distributor_id])
    promotion = checklist(session, page.actor, page.visit.id, "promotion")
    service = checklist(session, page.actor, page.visit.id, "service")
entered = read_entered(page)

visit_frame.title(page, _("Service and promotions"), plain(page.distributor))
if visit_frame.bar(page).next:
    visit_frame.finish_step(page)

waiting = sum(row.state == "recorded" for row in complaints)
first = n_("**{count} complaint waits for an answer**", "**{count} complaints wait for an answer**", waiting)
sentence = st.empty()


def count(goods: Sequence[PromotionGoodRow]) -> None:
    checked = sum(row.passed_on is not None for row in goods)
    second = _("promotion goods checked: {checked} of {all}.").format(checked=checked, all=len(goods))
    sentence.markdown(_("; ").join((first.format(count=waiting), second)))


count(goods)

st.subheader(_("Promotion goods"), anchor=False)
if not goods:
    st.markdown(small(_("None were issued to this distributor.")))
promotion_rows(page, goods, count)
if promotion:
    checklist_rows(page, promotion)
st.subheader(_("Service"), anchor=False)
if not service:
    st.markdown(small(_("The office keeps no checklist for this.")))
checklist_rows(page, service)
st.subheader(_("Complaints"), anchor=False)
complaint_rows(page, complaints)
note(page, entered, _("Note on service and promotions"))
photo_strip(page, entered, "service")
