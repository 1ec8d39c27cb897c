"""Today: the rep's visits in their order, each with what stands out, and what is overdue."""

import streamlit as st

from data.database import database
from data.engine import reading
from data.reconciliation import credit_facts
from data.review import comments_of
from data.visit_steps import steps_settled
from data.visits import (
    VisitRow,
    coming_visits,
    last_visits,
    overdue_visits,
    plan_today,
    returned_visits,
    unfinished_visits,
    visits_of_day,
)
from language import _, n_
from language.calendar import day, day_and_weekday, instant, time
from ui import clock, icons, saving
from ui.alarms import standing_alarms
from ui.current_user import me
from ui.markup import plain, small
from ui.names import name_of
from ui.today import DayFacts, short, visit_card
from ui.unplanned import offer_unplanned
from ui.visit_frame import go_to

NEXT_STOPS = 5

user = me()
company, today = user.company, user.actor.today
with reading(database()) as session:
    stops = unfinished_visits(session, user.actor, today) + visits_of_day(session, user.actor, today)
    overdue = overdue_visits(session, user.actor, today)
    returned = returned_visits(session, user.actor)
    coming = coming_visits(session, user.actor, today, NEXT_STOPS)
    ids = [visit.distributor_id for visit in [*stops, *overdue]]
    comments = comments_of(session, user.actor, [visit.id for visit in returned])
    credit = credit_facts(session, user.actor, ids, minor_exponent=company.minor_exponent)
    last = last_visits(session, user.actor, ids)
    settled = steps_settled(session, user.actor, [visit.id for visit in stops])
facts = DayFacts(
    company=company,
    today=today,
    last=last,
    settled=settled,
    credit=credit,
    alarms=standing_alarms(user, ids, credit),
)


def returned_row(visit: VisitRow) -> None:
    said = comments.get(visit.id, [])
    text = _("**{distributor}**: the visit report was returned: {comment}. {manager}, {time}").format(
        distributor=short(visit),
        comment=plain(said[-1].text.rstrip("。.")) if said else _("no comment"),
        manager=plain(name_of(said[-1].written_by, said[-1].written_by_en)) if said else "",
        time=instant(visit.reviewed_at, company.time_zone, today),
    )
    left, right = st.columns([3.6, 1], vertical_alignment="center")
    left.warning(text, icon=icons.RETURNED)
    if right.button(_("Mend"), key=f"mend_{visit.id}", width="stretch"):
        go_to(visit.last_step, visit.id)


def add_row(visit: VisitRow, when: str) -> None:
    left, right = st.columns([3.6, 1], vertical_alignment="center")
    left.markdown(f"**{short(visit)}** &ensp;{small(when)}")
    if right.button(_("Add to today"), key=f"add_{visit.id}", icon=icons.ADD, width="stretch"):
        saving.save(plan_today, visit.id)
        st.rerun()


waiting = [visit for visit in stops if visit.state in ("planned", "draft", "returned")]
first_begun = next((visit.id for visit in waiting if visit.state == "draft"), None)
left, right = st.columns([1, 1], vertical_alignment="bottom")
left.title(day_and_weekday(today, today), anchor=False)
count = n_("{count} visit to make", "{count} visits to make", len(waiting)).format(count=len(waiting))
as_of = _("data as of {time}").format(time=time(clock.now(), company.time_zone))
right.markdown(small(f"{count} · {as_of}"), text_alignment="right")
saving.show_outcome()
for visit in returned:
    returned_row(visit)
if not stops:
    st.info(_("Nothing planned today."), icon=":material/event_available:")
with st.container(gap="small"):
    for visit in stops:
        if visit.state != "returned":
            visit_card(visit, facts, is_first_begun=visit.id == first_begun)
if overdue:
    st.subheader(_("Overdue visits {count}").format(count=len(overdue)), anchor=False)
    with st.container(gap="xxsmall"):
        for visit in overdue:
            late = (today - visit.planned_on).days
            when = n_("planned {date}, {days} day ago", "planned {date}, {days} days ago", late)
            add_row(visit, when.format(date=day(visit.planned_on, today), days=late))
if coming:
    st.subheader(_("Next days"), anchor=False)
    with st.container(gap="xxsmall"):
        for visit in coming:
            when = day_and_weekday(visit.planned_on, today)
            if stops:
                st.markdown(f"**{short(visit)}** &ensp;{small(f'{when} {visit.planned_time}')}")
            else:
                add_row(visit, _("planned {date}").format(date=when))
offer_unplanned(user)
