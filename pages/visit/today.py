"""Today: the rep's visits in their order, each with what stands out, and what is overdue."""

import streamlit as st

from core.alarms import Alarm
from core.visit import STEPS
from data.alarms import alarms_of
from data.database import database
from data.engine import reading
from data.reconciliation import CreditFacts, credit_facts
from data.review import comments_of
from data.visit_steps import steps_settled
from data.visits import (
    VisitRow,
    coming_visits,
    last_visits,
    overdue_visits,
    plan_today,
    returned_visits,
    start_visit,
    unfinished_visits,
    visits_of_day,
)
from language import _, n_
from language.calendar import day, day_and_weekday, instant, time
from language.formats import amount, number
from language.words import word
from ui import clock, icons, saving
from ui.badges import badges
from ui.current_user import me
from ui.markup import plain, small
from ui.names import name_of
from ui.unplanned import offer_unplanned
from ui.visit_frame import go_to

user = me()
company, today = user.company, user.actor.today
with reading(database()) as session:
    stops = unfinished_visits(session, user.actor, today) + visits_of_day(session, user.actor, today)
    overdue = overdue_visits(session, user.actor, today)
    returned = returned_visits(session, user.actor)
    coming = [] if stops else coming_visits(session, user.actor, today, 2)
    ids = [visit.distributor_id for visit in [*stops, *overdue, *coming]]
    last = last_visits(session, user.actor, ids)
    settled = steps_settled(session, user.actor, [visit.id for visit in stops])
    comments = comments_of(session, user.actor, [visit.id for visit in returned])
    credit = credit_facts(session, user.actor, ids, minor_exponent=company.minor_exponent)
    alarms = alarms_of(session, user.actor, ids, company, credit)


def short(visit: VisitRow) -> str:
    return plain(name_of(visit.short, visit.short_en))


def credit_line(facts: CreditFacts | None) -> str:
    if facts is None or facts.credit_limit_minor is None:
        return _("No credit line agreed")
    unit = 10**company.minor_exponent
    used = (facts.receivable_minor - facts.prepaid_minor + facts.open_orders_minor) / unit
    return _("Credit used {used} / {line}").format(
        used=amount(used, company.currency), line=number(facts.credit_limit_minor / unit)
    )


def last_line(visit: VisitRow) -> str:
    on = last.get(visit.distributor_id)
    if on is None:
        return _("first visit")
    return n_("last {date} ({days} day ago)", "last {date} ({days} days ago)", (today - on).days).format(
        date=day(on, today), days=(today - on).days
    )


def state_line(visit: VisitRow) -> str:
    if visit.state == "draft":
        where = _("{done}/{all} steps, {time} paused at {step}").format(
            done=settled.get(visit.id, 0),
            all=len(STEPS),
            time=time(visit.changed_at, company.time_zone),
            step=word("visit_step.step", visit.last_step),
        )
        return f":blue[**{where}**] · "
    if visit.state in ("submitted", "approved"):
        sent = _("Submitted {time}").format(time=time(visit.submitted_at, company.time_zone))
        return f":green[{sent}] · "
    return ""


def card(visit: VisitRow) -> None:
    found = alarms.get(visit.distributor_id, [])
    if visit.distributor_id not in last:
        found = [Alarm("first_visit", "note"), *found]
    when = f"{visit.planned_time} &ensp;" if visit.planned_time else ""
    with st.container(border=True):
        left, right = st.columns([3.6, 1], vertical_alignment="center")
        left.markdown(
            f"**{when}{short(visit)}** &ensp;{small(last_line(visit))}  \n"
            f"{badges(found, company)}  \n"
            f"{small(state_line(visit) + credit_line(credit.get(visit.distributor_id)))}"
        )
        if visit.state in ("submitted", "approved"):
            if right.button(_("Read"), key=f"read_{visit.id}", width="stretch"):
                go_to("submit", visit.id)
        elif right.button(
            _("Resume") if visit.state != "planned" else _("Start"),
            key=f"start_{visit.id}",
            type="primary" if visit.id == first_begun else "secondary",
            width="stretch",
        ) and saving.save(start_visit, visit.id):
            go_to(visit.last_step, visit.id)


waiting = [visit for visit in stops if visit.state in ("planned", "draft", "returned")]
first_begun = next((visit.id for visit in waiting if visit.state != "planned"), None)
left, right = st.columns([1, 1], vertical_alignment="bottom")
left.title(day_and_weekday(today, today), anchor=False)
right.markdown(
    small(
        _("{visits} · data as of {time}").format(
            visits=n_("{count} visit to make", "{count} visits to make", len(waiting)).format(
                count=len(waiting)
            ),
            time=time(clock.now(), company.time_zone),
        )
    ),
    text_alignment="right",
)
saving.show_outcome()
for visit in returned:
    said = comments.get(visit.id, [])
    text = _("{distributor}: the visit report was returned: {comment}. {manager}, {time}").format(
        distributor=f"**{short(visit)}**",
        comment=plain(said[-1].text.rstrip("。.")) if said else _("no comment"),
        manager=plain(name_of(said[-1].written_by, said[-1].written_by_en)) if said else "",
        time=instant(visit.reviewed_at, company.time_zone, today),
    )
    left, right = st.columns([3.6, 1], vertical_alignment="center")
    left.warning(text, icon=icons.RETURNED)
    if right.button(_("Mend"), key=f"mend_{visit.id}", width="stretch"):
        go_to(visit.last_step, visit.id)
if not stops:
    st.info(_("Nothing planned today."), icon=":material/event_available:")
with st.container(gap="small"):
    for visit in stops:
        if visit.state != "returned":
            card(visit)


def add_row(visit: VisitRow, facts: str) -> None:
    left, right = st.columns([3.6, 1], vertical_alignment="center")
    left.markdown(f"**{short(visit)}** &ensp;{small(facts)}")
    if right.button(_("Add to today"), key=f"add_{visit.id}", icon=icons.ADD, width="stretch"):
        saving.save(plan_today, visit.id)
        st.rerun()


if overdue:
    st.subheader(_("Overdue visits {count}").format(count=len(overdue)), anchor=False)
    with st.container(gap="xxsmall"):
        for visit in overdue:
            late = (today - visit.planned_on).days
            add_row(
                visit,
                n_("planned {date}, {days} day ago", "planned {date}, {days} days ago", late).format(
                    date=day(visit.planned_on, today), days=late
                ),
            )
if coming:
    st.subheader(_("Next visits"), anchor=False)
    with st.container(gap="xxsmall"):
        for visit in coming:
            add_row(visit, _("planned {date}").format(date=day(visit.planned_on, today)))
offer_unplanned(user)
