"""Distributor: everything known of one, on one page."""

import streamlit as st

from data.database import database
from data.distributors import contacts_of, profile_of
from data.engine import reading
from data.promises import promises_of
from data.reconciliation import credit_facts
from data.service import open_complaints
from data.visits import visits_to
from language import _
from language.calendar import day
from language.formats import MISSING, amount
from language.words import word
from ui.alarms import standing_alarms
from ui.badges import badges
from ui.coaching import contact_rows
from ui.current_user import me
from ui.long_list import SHOWN
from ui.markup import plain, small
from ui.names import name_of
from ui.playbook import playbook
from ui.unplanned import choose_distributor
from ui.visit_card import promise_list
from ui.visit_frame import go_to
from ui.visited import remember_visited

user = me()
company, today = user.company, user.actor.today
if "visit" in st.query_params:
    remember_visited(user)
chosen = st.query_params.get("distributor") or st.session_state.get("distributor_id", "")
if not chosen:
    st.query_params["distributor"] = choose_distributor(user)
    st.rerun()
with reading(database()) as session:
    profile = profile_of(session, user.actor, chosen)
    if profile is not None:
        ids = [profile.id]
        contacts = contacts_of(session, user.actor, profile.id)
        credit = credit_facts(session, user.actor, ids, minor_exponent=company.minor_exponent)
        promises = promises_of(session, user.actor, ids)
        complaints = open_complaints(session, user.actor, ids)
        visits = visits_to(session, user.actor, profile.id, 20)
if profile is None:
    st.warning(_("This distributor is not among those you look after."), icon=":material/search_off:")
    st.stop()
st.query_params["distributor"] = profile.id
alarms = standing_alarms(user, ids, credit)[profile.id]

st.subheader(plain(name_of(profile.name, profile.name_en)), anchor=False)
place = [plain(profile.code), plain(profile.address), plain(profile.territory)]
st.markdown(small(" · ".join(filter(None, place))))
if alarms:
    st.markdown(badges(alarms, company, limit=SHOWN))

facts = credit.get(profile.id)
unit = 10**company.minor_exponent
figures = {
    _("Credit limit"): facts.credit_limit_minor if facts else None,
    _("Receivable"): facts.receivable_minor if facts else None,
    _("Overdue"): facts.overdue_minor if facts else None,
    _("Prepaid"): facts.prepaid_minor if facts else None,
}
for cell, (label, minor) in zip(st.columns(4), figures.items(), strict=True):
    cell.metric(label, MISSING if minor is None else amount(minor / unit, company.currency))
if facts and facts.as_of_on:
    st.markdown(small(_("accounts as of {date}").format(date=day(facts.as_of_on, today))))

people, log, owed = st.tabs([_("People"), _("Visits"), _("Promises and complaints")])
with people:
    if contacts:
        contact_rows(contacts)
    else:
        st.markdown(small(_("Nobody is recorded yet.")))
    playbook(profile.behaviour_type)
with log:
    for visit in visits:
        state = word("visit.state", visit.state)
        left, right = st.columns([6, 1.2], vertical_alignment="center")
        who = f"{state} · {plain(name_of(visit.rep, visit.rep_en))}"
        said = plain(visit.summary) or small(_("no summary"))
        left.markdown(f"**{day(visit.planned_on, today)}** &ensp;{small(who)}  \n{said}")
        if right.button(_("Read"), key=f"read_{visit.id}", width="stretch"):
            go_to("submit", visit.id)
with owed:
    promise_list(promises, company)
    for row in complaints:
        facts_line = f"{word('complaint.kind', row.kind)} · {word('complaint.state', row.state)}"
        st.markdown(f":material/report: **{plain(row.text)}**  \n{small(facts_line)}")
    if not promises and not complaints:
        st.markdown(small(_("Nothing is open.")))
